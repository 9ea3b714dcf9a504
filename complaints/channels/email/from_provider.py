"""What a mail provider's webhooks brought, by django-anymail's signals: a letter, put back into the form of one, or
what became of a letter of ours."""

from __future__ import annotations

import json
import re
from email import encoders
from typing import TYPE_CHECKING, Any

from anymail.signals import EventType, RejectReason, inbound, tracking
from django.utils import timezone

from complaints.channels.email import MEDIUM
from complaints.channels.email.collect import keep_letter
from complaints.channels.email.mime import addresses
from complaints.signals import letter_receipt

if TYPE_CHECKING:
    from anymail.inbound import AnymailInboundMessage

# What a provider says last of a letter. Opening and clicking are not asked for, and nobody is watched.
ARRIVED = frozenset({EventType.DELIVERED})
LOST = frozenset({EventType.BOUNCED, EventType.REJECTED, EventType.FAILED})
UNWANTED = frozenset({EventType.COMPLAINED, EventType.UNSUBSCRIBED})
# Why an address takes nothing more; a full mailbox or a template that broke is no such reason.
FOR_GOOD = frozenset({RejectReason.INVALID, RejectReason.BOUNCED, RejectReason.BLOCKED, RejectReason.UNSUBSCRIBED})


def listen() -> None:
    """Idempotent. Called before anything can be announced."""
    inbound.connect(take, dispatch_uid="complaints.email")
    tracking.connect(hear, dispatch_uid="complaints.email.receipt")


def take(sender: object, event: Any, esp_name: str, **more: Any) -> None:
    """Keep the letter. Whatever is raised makes the provider call again: a fault of ours is no malformed call."""
    message: AnymailInboundMessage = event.message
    raw = as_bytes(message)
    try:
        keep_letter(raw, arrived_at=event.timestamp)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise RuntimeError("a letter could not be kept") from error


def hear(sender: object, event: Any, esp_name: str, **more: Any) -> None:
    """The provider's word on a letter it had taken; a fault of ours makes it say so again."""
    kind = event.event_type
    if kind not in ARRIVED | LOST | UNWANTED or not event.message_id:
        return
    lasting = kind in UNWANTED or (kind in LOST and event.reject_reason in FOR_GOOD and not _passes(event))
    said = " ".join(str(part) for part in (kind, event.mta_response or event.description) if part)
    try:
        letter_receipt.send(
            sender=hear,
            medium=MEDIUM,
            reference=str(_clean(str(event.message_id), ""))[:200],
            delivered=kind in ARRIVED,
            lasting=lasting,
            answer=_clean(said, "")[:300],
            at=timezone.now(),
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise RuntimeError("a receipt could not be noted") from error


def _passes(event: Any) -> bool:
    """A bounce by its name that the mail server calls passing: 4.2.2, a full mailbox (RFC 3463)."""
    answer = f"{event.mta_response or ''} {event.description or ''}"
    soft = isinstance(event.esp_event, dict) and event.esp_event.get("Type") == "SoftBounce"
    return soft or re.search(r"(?<![\d.])4\.\d{1,3}\.\d{1,3}(?![\d.])", answer) is not None


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
