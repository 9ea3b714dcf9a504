"""What a mail provider's webhook brought, put back into the form of a letter (django-anymail's inbound signal)."""

from __future__ import annotations

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
    top = b""
    for _name, address in addresses([str(message.envelope_recipient or "")]):
        top += f"X-Original-To: <{address}>\r\n".encode()
    try:
        return top + bytes(message.as_bytes())
    except (UnicodeError, LookupError, KeyError):
        # Headers no charset holds: as text, which never fails.
        return top + str(message).encode("utf-8", "replace")
