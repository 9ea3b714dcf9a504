"""What every gateway does: let in what is really its own, keep it, read it later, send, and tell what became of it."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from complaints.channels.sms.codec import Part
from complaints.models import Arrival
from lapor.kit.ratelimit import address

TIMEOUT = 10.0


@dataclass(frozen=True)
class Envelope:
    """What is kept of a call: the bytes as they came without what only proves who sent them, and who wrote it."""

    raw: bytes
    external_id: str
    sender: str


@dataclass(frozen=True)
class Piece:
    """One SMS as it was sent; may hold half a surrogate pair. `part`: which piece of a long one."""

    sender: str
    text: str
    part: Part | None = None


@dataclass(frozen=True)
class Receipt:
    """What became of a message we handed over. `delivered` None: it is still on its way."""

    reference: str
    delivered: bool | None
    answer: str = ""


class Turned(Exception):
    """Not from our gateway, or not a second time: answered with this HTTP code, kept with the reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Gateway(Protocol):
    code: str

    def missing(self) -> list[str]:
        """The settings without which it can't work."""

    def admit(self, request: HttpRequest, now: datetime.datetime) -> None:
        """Raises Turned."""

    def envelope(self, request: HttpRequest) -> Envelope:
        """Never raises: what makes no sense is kept too."""

    def read(self, raw: bytes) -> Piece:
        """Raises ValueError for what is no message."""

    def accepted(self, arrival: Arrival) -> HttpResponse: ...

    def receipt(self, request: HttpRequest) -> Receipt:
        """Raises ValueError."""

    def send(self, number: str, text: str, reference: str) -> str:
        """Hand over a plain text; returns the gateway's own id of it or "". Raises DoorSilent, DoorRefused."""

    def close(self) -> None: ...


def from_an_allowed_address(request: HttpRequest) -> bool:
    """Where addresses are given the caller has one of them; without any every address will do."""
    allowed = [ipaddress.ip_network(one, strict=False) for one in settings.SMS_FROM]
    if not allowed:
        return True
    try:
        caller = ipaddress.ip_network(address(request), strict=False)
    except ValueError:
        return False
    return any(caller.version == one.version and caller.subnet_of(one) for one in allowed)  # type: ignore[arg-type]
