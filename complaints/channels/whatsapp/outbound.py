"""Letters by WhatsApp: free text while the person wrote within a day, the approved template otherwise.

Cloud API, Messages. Its error codes (error.code of the body) decide who is at fault.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings

from complaints.channels.calling import body_of, call
from complaints.channels.contract import DoorRefused, DoorSilent, Parcel

# More than 24 hours since the person last wrote: only a template may be sent.
RE_ENGAGEMENT = 131047
# Not on WhatsApp, or has blocked or left us.
GONE = frozenset({131026, 131049, 131050})
# Too many, of ours or to this person.
TOO_MANY = frozenset({4, 80007, 130429, 131048, 131056})
# Our token or our number: somebody at our side has to act, the letter is not to blame.
OUR_FAULT = frozenset({0, 3, 10, 190, 131005, 131031, 131042, 131057, 133010, 200})
LONGEST = 4096


class WhatsApp:
    def send(self, parcel: Parcel) -> str:
        """Raises DoorSilent, DoorRefused."""
        answer, code = self._post(_text(parcel), parcel)
        if code == RE_ENGAGEMENT and settings.WHATSAPP_TEMPLATE:
            answer, code = self._post(_template(parcel), parcel)
        if not code:
            messages = answer.get("messages") or [{}]
            return str(messages[0].get("id", ""))
        said = str(code)
        if code in TOO_MANY:
            raise DoorSilent(said, after=datetime.timedelta(minutes=1))
        if code in OUR_FAULT:
            raise DoorSilent(said)
        raise DoorRefused(said, lasting=code in GONE)

    def _post(self, message: dict[str, Any], parcel: Parcel) -> tuple[dict[str, Any], int]:
        """The answer's body and its error code, 0 for none."""
        body = {"messaging_product": "whatsapp", "to": parcel.address.removeprefix("+"), **message}
        if parcel.reference:
            body["biz_opaque_callback_data"] = parcel.reference[:512]
        answer = body_of(
            call(
                "POST",
                f"{settings.WHATSAPP_URL}/{settings.WHATSAPP_PHONE_ID}/messages",
                headers={"Authorization": f"Bearer {settings.WHATSAPP_TOKEN}"},
                json=body,
            )
        )
        error = answer.get("error")
        if isinstance(error, dict):
            return answer, int(error.get("code") or 100)
        return answer, 0 if answer.get("messages") else 100

    def close(self) -> None:
        return


def _text(parcel: Parcel) -> dict[str, Any]:
    words = words_of(parcel)[:LONGEST]
    message: dict[str, Any] = {"type": "text", "text": {"preview_url": False, "body": words}}
    if parcel.choices:
        buttons = [{"type": "reply", "reply": {"id": code, "title": label[:20]}} for code, label in parcel.choices[:3]]
        interactive = {"type": "button", "body": {"text": words[:1024]}, "action": {"buttons": buttons}}
        message = {"type": "interactive", "interactive": interactive}
    if parcel.answers:
        message["context"] = {"message_id": parcel.answers}
    return message


def _template(parcel: Parcel) -> dict[str, Any]:
    """One approved template with one place for words; line breaks are not allowed in it."""
    words = " ".join(parcel.short.split())
    return {
        "type": "template",
        "template": {
            "name": settings.WHATSAPP_TEMPLATE,
            "language": {"code": parcel.language},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": words}]}],
        },
    }


def words_of(parcel: Parcel) -> str:
    """The whole letter with its links as text; of a guarded case its few words alone, for a phone is often shared."""
    if parcel.guarded:
        return parcel.short
    return "\n\n".join([parcel.words, *(f"{label}: {url}" for label, url in parcel.buttons)])
