"""What a mail provider's webhook brought, put back into the form of a letter (django-anymail's inbound signal)."""

from __future__ import annotations

import json
import re
from email import encoders
from typing import Any

from anymail.inbound import AnymailInboundMessage
from anymail.signals import inbound

from complaints.channels.email.collect import keep_letter
from complaints.channels.email.mime import addresses


def listen() -> None:
    """Idempotent. Called before anything can be announced."""
    inbound.connect(take, dispatch_uid="complaints.email")


def take(sender: object, event: Any, esp_name: str, **more: Any) -> None:
    """Keep the letter. Whatever is raised makes the provider call again: a fault of ours is no malformed call."""
    message: AnymailInboundMessage = event.message
    raw = as_bytes(message)
    try:
        keep_letter(raw, arrived_at=event.timestamp)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise RuntimeError("a letter could not be kept") from error


def as_bytes(message: AnymailInboundMessage) -> bytes:
    """As a mail server would have delivered it, with the envelope's recipient on top: that one was meant."""
    for part in message.walk():
        _as_base64(part)
    top = b""
    for _name, address in addresses([str(message.envelope_recipient or "")]):
        top += f"X-Original-To: <{address}>\r\n".encode()
    try:
        return top + bytes(message.as_bytes())
    except (UnicodeError, LookupError, KeyError):
        # Headers no charset holds: as text, which never fails.
        return top + str(message).encode("utf-8", "replace")


def _as_base64(part: Any) -> None:
    """A file goes in base 64: written as it is, its line ends would be taken for the letter's."""
    if part.is_multipart() or part.get_content_maintype() == "text":
        return
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        return
    content = part.get_payload(decode=True) or b""
    del part["Content-Transfer-Encoding"]
    part.set_payload(content)
    encoders.encode_base64(part)


# Where a letter's own lines stand; everywhere else a line break is somebody's trick.
_LONG = re.compile(r"body|text|html|content|raw|mime|email$", re.I)


def cleaned(body: bytes) -> bytes:
    """A provider's JSON without what no letter may hold: unpaired surrogates, NUL, line breaks in a header."""
    try:
        return json.dumps(_clean(json.loads(body.decode("utf-8", "replace")), "")).encode()
    except (ValueError, RecursionError):
        return body


def _clean(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _clean(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner, name) for inner in value]
    if isinstance(value, str):
        text = value.replace("\x00", "").encode("utf-8", "replace").decode()
        return text if _LONG.search(name) else re.sub(r"[\r\n]+", " ", text)
    return value
