"""Being called by a gateway: its whole body, and what is kept of a call that is turned away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, UnreadablePostError

from complaints.intake import keep_refused
from complaints.limits import TURNED_AWAY
from lapor.kit.ratelimit import address

# A messenger gathers up to a thousand messages in a call (WhatsApp: 3 MB); the portal's own limit is for forms.
LONGEST = 4_000_000
# As much as is kept of a call that was turned away.
SHOWN = 4000


class TooLong(Exception):
    """Nobody we know sends that much; `beginning` is what was read of it."""

    def __init__(self, beginning: bytes) -> None:
        super().__init__()
        self.beginning = beginning


def body_of(request: HttpRequest, longest: int = LONGEST) -> bytes:
    """The whole body, b"" of one that broke off: then no signature fits. Raises TooLong."""
    try:
        body = bytes(request.read(longest + 1))
    except UnreadablePostError:
        return b""
    if len(body) > longest:
        raise TooLong(body[:SHOWN])
    return body


def turn_away(request: HttpRequest, channel: str, raw: bytes, why: str, status: int) -> HttpResponse:
    """Answered with the reason, and kept with it as far as nobody fills the disk with it."""
    note_refused(request, channel, raw, why)
    return HttpResponse(why, status=status, content_type="text/plain; charset=utf-8")


def note_refused(request: HttpRequest, channel: str, raw: bytes, why: str) -> None:
    if TURNED_AWAY.take(address(request)):
        keep_refused(channel, raw[:SHOWN], why)
