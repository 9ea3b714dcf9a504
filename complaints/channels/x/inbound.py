"""Mentions of us become reports: asked for by polling, newer than the last one had, and read by a worker.

X API v2, GET /2/users/:id/mentions (since_id, pagination_token, expansions author_id and attachments.media_keys).
A post is public already; what it says of a person is not made more public by us: one that names somebody or a number
is kept closed, and its author invited to the private form.
"""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import emergency, masking
from complaints.channels.calling import body_of, call, download
from complaints.channels.contract import Add, DoorSilent, Incoming, Open, Reading, Refuse
from complaints.channels.x import CODE, MEDIUM
from complaints.intake import Submission, keep
from complaints.models import Arrival, PullCursor
from complaints.models.lifecycle.acting import clean_text

TAG = re.compile(r"(?i)(?<![\w#])#lapor\b!?")
PAGE = 100
# Pages of one run; what is left over is the next run's.
PAGES = 10
FIRST_REST = datetime.timedelta(minutes=1)


def pull(now: datetime.datetime | None = None) -> int:
    """Ask X for mentions newer than the last one kept; how many came. Asked to wait, nobody asks again before that."""
    now = now or timezone.now()
    cursor, _new = PullCursor.objects.get_or_create(channel=CODE)
    if cursor.rests_until is not None and cursor.rests_until > now:
        return 0
    came = 0
    newest = cursor.position
    try:
        token = ""
        for _page in range(PAGES):
            page = _mentions(cursor.position, token)
            for post in page.get("data") or []:
                came += _keep(post, page.get("includes") or {}, now)
                newest = max(newest, str(post["id"]), key=_as_number)
            token = str((page.get("meta") or {}).get("next_token", ""))
            if not token:
                break
    except DoorSilent as silent:
        rest = silent.after or FIRST_REST
        PullCursor.objects.filter(pk=CODE).update(rests_until=now + rest, changed_at=now)
        # What came before it fell silent is kept; the position moves only past whole runs, so nothing is skipped.
        return came
    PullCursor.objects.filter(pk=CODE).update(position=newest, rests_until=None, changed_at=now)
    return came


def _mentions(since: str, token: str) -> dict[str, Any]:
    """One page. Raises DoorSilent, for a refusal as well: then our tokens are wrong, and a person has to act."""
    params = {
        "max_results": str(PAGE),
        "expansions": "author_id,attachments.media_keys",
        "tweet.fields": "created_at,conversation_id,referenced_tweets,author_id",
        "user.fields": "username",
        "media.fields": "url,type",
    }
    params |= {"since_id": since} if since else {}
    params |= {"pagination_token": token} if token else {}
    answer = call(
        "GET",
        f"{settings.X_URL}/2/users/{settings.X_USER_ID}/mentions",
        params=params,
        headers={"Authorization": f"Bearer {settings.X_TOKEN}"},
    )
    if answer.status_code != 200:
        raise DoorSilent(str(answer.status_code), after=datetime.timedelta(minutes=15))
    return body_of(answer)


def _keep(post: dict[str, Any], includes: dict[str, Any], now: datetime.datetime) -> int:
    """One post with what belongs to it, as it came."""
    author = str(post.get("author_id", ""))
    keys = (post.get("attachments") or {}).get("media_keys") or []
    whole = {
        "post": post,
        "author": next((user for user in includes.get("users") or [] if user.get("id") == author), {}),
        "media": [one for one in includes.get("media") or [] if one.get("media_key") in keys],
    }
    raw = json.dumps(whole).encode("utf-8", "surrogatepass")
    _arrival, new = keep(CODE, raw, external_id=str(post["id"]), sender=author, now=now)
    return int(new)


def _as_number(name: str) -> int:
    return int(name) if name.isdecimal() else 0


def read(arrival: Arrival) -> Reading:
    try:
        whole = json.loads(arrival.raw())
        post = whole["post"]
        author, words = str(post["author_id"]), clean_text(str(post["text"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Refuse("bukan kiriman")
    if author == settings.X_USER_ID:
        return Refuse("kiriman kami sendiri")
    if any(one.get("type") == "retweeted" for one in post.get("referenced_tweets") or ()):
        return Refuse("kiriman ulang")
    earlier = _case_of(str(post.get("conversation_id", "")), author)
    story = story_of(words)
    alert = f"{emergency.short('id')} " if emergency.read(story).urgent else ""
    files = _photos(whole.get("media") or [])
    if earlier is not None and story:
        added = _("Sudah kami tambahkan ke laporan Anda.")
        return Add(earlier, story, files=files, reply=f"{alert}{added}")
    if not TAG.search(words):
        return Refuse("tanpa #LAPOR")
    names_somebody = bool(masking.spans(story))
    submission = Submission(
        channel=CODE,
        external_id=arrival.external_id,
        body=story or _("(tanpa kata-kata)"),
        # The account is public; their name is nobody's but X's to show.
        secret=names_somebody,
        door=(MEDIUM, arrival.sender),
    )
    reply = ""
    if names_somebody:
        reply = _(
            "Laporan kami terima. Karena menyebut orang atau nomor, isinya tidak kami tampilkan. Lengkapi di %(url)s"
        )
        reply = alert + reply % {"url": f"{settings.SITE_URL}/lapor/"}
    return Open(submission, files, reply=reply)


def story_of(words: str) -> str:
    """A post without the tag and the names it is addressed to."""
    plain = re.sub(r"(?:(?<=\s)|^)@\w{1,20}", "", TAG.sub("", words))
    return " ".join(plain.split())


def _case_of(conversation: str, author: str) -> Any:
    """The report that the same author began this conversation with; None: there is none, or it takes no additions in
    the open."""
    first = (
        Arrival.objects.filter(channel=CODE, external_id=conversation, complaint__isnull=False)
        .select_related("complaint")
        .first()
    )
    if first is None or first.complaint is None or first.sender != author:
        return None
    return None if first.complaint.secret else first.complaint


def _photos(media: list[dict[str, Any]]) -> list[Incoming]:
    found = []
    for nr, one in enumerate(media[:5], start=1):
        url = str(one.get("url", ""))
        if one.get("type") == "photo" and url.startswith(("https://", settings.X_URL)):
            content = download(url)
            if content:
                found.append(Incoming(f"x-{nr}", content))
    return found
