"""An update of Telegram becomes a turn of the talk. Only private chats: a group is nobody's report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from complaints.channels.calling import body_of, call, download
from complaints.channels.chat import Said, reading_of
from complaints.channels.contract import Converse, Hold, Incoming, Reading, Refuse
from complaints.channels.telegram import MEDIUM
from complaints.models import Arrival, Talk
from complaints.models.lifecycle.acting import clean_text


def read(arrival: Arrival) -> Reading:
    try:
        update = json.loads(arrival.raw())
    except (ValueError, RecursionError):
        update = None
    if not isinstance(update, dict):
        return Hold(Arrival.Hold.UNREADABLE, "")
    pressed = update.get("callback_query")
    message = pressed.get("message") if isinstance(pressed, dict) else update.get("message")
    if not isinstance(message, dict):
        return Refuse("pembaruan tanpa pesan")
    chat = message.get("chat")
    if not isinstance(chat, dict) or chat.get("type") != "private":
        return Refuse("bukan percakapan pribadi")
    said = Said(pressed=str(pressed.get("data", ""))[:100]) if isinstance(pressed, dict) else said_in(message)
    if said is None:
        words = _("Kami bisa membaca tulisan, foto, dan lokasi. Tulis saja ceritanya.")
        state = Talk.objects.state_of(arrival.channel, arrival.sender_fingerprint, arrival.received_at)
        return Converse(words, state=state)
    return reading_of(arrival, said, medium=MEDIUM, fetch=fetch)


def said_in(message: dict[str, Any]) -> Said | None:
    """What was said; None for a kind that we can't read. "/start" is the greeting of whoever opens the bot."""
    text = clean_text(str(message.get("text") or message.get("caption") or ""))
    location, photos, document = (message.get(name) for name in ("location", "photo", "document"))
    if isinstance(location, dict):
        try:
            return Said(point=(float(location["latitude"]), float(location["longitude"])))
        except (KeyError, TypeError, ValueError):
            return None
    if isinstance(photos, list) and photos and isinstance(photos[-1], dict):
        # The last is the largest.
        return Said(text=text, photos=[str(photos[-1].get("file_id", ""))[:200]])
    if isinstance(document, dict):
        return Said(text=text, photos=[str(document.get("file_id", ""))[:200]])
    if text.startswith("/start"):
        return Said(text=text.removeprefix("/start").strip())
    return Said(text=text.removeprefix("/")) if text else None


def fetch(ids: Sequence[str]) -> list[Incoming]:
    """The photos by their ids at Telegram (getFile, then the file itself). Raises DoorSilent."""
    found = []
    for nr, name in enumerate(ids, start=1):
        answer = body_of(
            call("GET", f"{settings.TELEGRAM_URL}/bot{settings.TELEGRAM_TOKEN}/getFile", params={"file_id": name})
        )
        result = answer.get("result")
        where = str(result.get("file_path", "")) if isinstance(result, dict) else ""
        content = download(f"{settings.TELEGRAM_URL}/file/bot{settings.TELEGRAM_TOKEN}/{where}") if where else b""
        if content:
            found.append(Incoming(f"telegram-{nr}", content))
    return found
