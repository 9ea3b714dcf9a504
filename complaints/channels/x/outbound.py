"""Replies on X (API v2, POST /2/tweets), under the post the report came by. Everybody reads them: number and link, no
word of the case."""

from __future__ import annotations

import datetime

from django.conf import settings

from complaints.channels.calling import body_of, call
from complaints.channels.contract import DoorRefused, DoorSilent, Parcel

LONGEST = 280


class X:
    def send(self, parcel: Parcel) -> str:
        """Under the post that `answers` names. Raises DoorSilent, DoorRefused."""
        if not parcel.answers:
            raise DoorRefused("no post to reply to", lasting=False)
        answer = call(
            "POST",
            f"{settings.X_URL}/2/tweets",
            headers={"Authorization": f"Bearer {settings.X_USER_TOKEN}"},
            json={"text": _words(parcel), "reply": {"in_reply_to_tweet_id": parcel.answers}},
        )
        said = body_of(answer)
        if answer.status_code == 201:
            return str((said.get("data") or {}).get("id", ""))
        words = f"{answer.status_code} {str(said.get('detail') or said.get('title') or '')[:200]}"
        if answer.status_code == 401:
            raise DoorSilent(words, after=datetime.timedelta(minutes=15))
        if answer.status_code == 403 and "duplicate" in words.lower():
            # The same words stand there already, for no letter says what the office wrote: whoever follows it knows.
            return ""
        # 403: the post is gone, or its author blocked us.
        raise DoorRefused(words, lasting=answer.status_code in (403, 404))

    def close(self) -> None:
        return


def _words(parcel: Parcel) -> str:
    """Its few words, and where a number is followed; before them whom to call, where the post told of danger."""
    alert = f"{parcel.alert} " if parcel.alert else ""
    where = "" if "://" in parcel.short else f" {settings.SITE_URL}/lacak/"
    return alert + parcel.short[: LONGEST - len(alert) - len(where)] + where
