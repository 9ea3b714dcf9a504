"""Letters by Telegram (Bot API, sendMessage)."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings

from complaints.channels.calling import body_of, call
from complaints.channels.contract import DoorRefused, DoorSilent, Parcel

LONGEST = 4096


class Telegram:
    def send(self, parcel: Parcel) -> str:
        """Raises DoorSilent, DoorRefused."""
        words = parcel.words if parcel.choices or not parcel.guarded else parcel.short
        body: dict[str, Any] = {"chat_id": parcel.address, "text": words[:LONGEST], "disable_web_page_preview": True}
        rows = [[{"text": label, "callback_data": code}] for code, label in parcel.choices]
        if not parcel.guarded:
            rows += [[{"text": label, "url": url}] for label, url in parcel.buttons if url.startswith("https://")]
            plain = [f"{label}: {url}" for label, url in parcel.buttons if not url.startswith("https://")]
            body["text"] = "\n\n".join([words, *plain])[:LONGEST]
        if rows:
            body["reply_markup"] = {"inline_keyboard": rows}
        answer = body_of(call("POST", f"{settings.TELEGRAM_URL}/bot{settings.TELEGRAM_TOKEN}/sendMessage", json=body))
        if answer.get("ok") is True:
            result = answer.get("result")
            return str(result.get("message_id", "")) if isinstance(result, dict) else ""
        code, said = answer.get("error_code"), str(answer.get("description", ""))[:200]
        if code in (401, 404):
            # The token is wrong: somebody at our side has to act.
            raise DoorSilent(f"{code} {said}")
        if code == 429:
            wait = (answer.get("parameters") or {}).get("retry_after", 30)
            raise DoorSilent("429", after=datetime.timedelta(seconds=int(wait)))
        gone = code == 403 or "chat not found" in said
        raise DoorRefused(f"{code} {said}", lasting=gone)

    def close(self) -> None:
        return
