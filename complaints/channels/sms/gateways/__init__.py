"""The gateways SMS may come and go by. One is in use: LAPOR_SMS_GATEWAY names it; without it the channel is off."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from complaints.channels.sms.gateways.base import Gateway
from complaints.channels.sms.gateways.kannel import Kannel
from complaints.channels.sms.gateways.signed import Signed
from complaints.channels.sms.gateways.trial import Trial

GATEWAYS: dict[str, Callable[[], Gateway]] = {"kannel": Kannel, "json": Signed, "coba": Trial}


def current() -> Gateway | None:
    """The one in use; None: the channel is off."""
    return GATEWAYS[settings.SMS_GATEWAY]() if settings.SMS_GATEWAY in GATEWAYS else None


def find(code: str) -> Gateway | None:
    """The one in use if that is its code and nothing is missing: nobody else may hand us anything."""
    gateway = current()
    return gateway if gateway is not None and gateway.code == code and not gateway.missing() else None


def of_raw(raw: bytes) -> tuple[Gateway, bytes]:
    """Which gateway a kept message came by, and the message as it came. Raises ValueError."""
    code, _line, payload = raw.partition(b"\n")
    name = code.decode("ascii", "replace")
    if name not in GATEWAYS:
        raise ValueError("kept by a gateway nobody knows")
    return GATEWAYS[name](), payload


def missing() -> list[str]:
    gateway = current()
    return ["LAPOR_SMS_GATEWAY"] if gateway is None else gateway.missing()
