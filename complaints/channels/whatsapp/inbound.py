"""A message of WhatsApp becomes a turn of the talk.

Cloud API, Webhooks, messages object: type text, interactive (button_reply, list_reply), button, location, image,
document; whatever else (sticker, audio, contacts …) is answered with what we can take.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from complaints.channels.calling import body_of, call, download
from complaints.channels.chat import Said, reading_of
from complaints.channels.contract import Converse, Hold, Incoming, Reading
from complaints.channels.whatsapp import MEDIUM
from complaints.models import Arrival, Talk
from complaints.models.lifecycle.acting import clean_text


def read(arrival: Arrival) -> Reading:
    try:
        message = json.loads(arrival.raw())
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict) or not arrival.sender_fingerprint:
        return Hold(Arrival.Hold.UNREADABLE, "")
    said = said_in(message)
    if said is None:
        words = _("Kami bisa membaca tulisan, foto, dan lokasi. Tulis saja ceritanya.")
        state = Talk.objects.state_of(arrival.channel, arrival.sender_fingerprint, arrival.received_at)
        return Converse(words, state=state)
    return reading_of(arrival, said, medium=MEDIUM, phone=arrival.sender, fetch=fetch)


def said_in(message: dict[str, Any]) -> Said | None:
    """What was said; None for a kind that we can't read."""
    kind = str(message.get("type", ""))
    part = message.get(kind) if isinstance(message.get(kind), dict) else {}
    assert isinstance(part, dict)
    match kind:
        case "text":
            return Said(text=clean_text(str(part.get("body", ""))))
        case "button":
            return Said(pressed=str(part.get("payload", ""))[:100])
        case "interactive":
            reply = part.get("button_reply") or part.get("list_reply")
            return Said(pressed=str(reply.get("id", ""))[:100]) if isinstance(reply, dict) else None
        case "location":
            return _point(part)
        case "image" | "document":
            return Said(text=clean_text(str(part.get("caption") or "")), photos=[str(part.get("id", ""))[:100]])
    return None


def _point(part: dict[str, Any]) -> Said | None:
    try:
        latitude, longitude = float(part["latitude"]), float(part["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return Said(text=clean_text(str(part.get("name") or part.get("address") or ""))[:200], point=(latitude, longitude))


def fetch(ids: Sequence[str]) -> list[Incoming]:
    """The photos by their ids at WhatsApp: first where each lies, then its bytes. Raises DoorSilent."""
    headers = {"Authorization": f"Bearer {settings.WHATSAPP_TOKEN}"}
    found = []
    for nr, name in enumerate(ids, start=1):
        where = body_of(call("GET", f"{settings.WHATSAPP_URL}/{name}", headers=headers)).get("url", "")
        content = download(str(where), headers=headers) if where else b""
        if content:
            found.append(Incoming(f"whatsapp-{nr}", content))
    return found
