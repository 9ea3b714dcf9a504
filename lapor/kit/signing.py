"""Signed, expiring links: what a letter may carry instead of a key.

A token names its purpose by the salt, so that one for confirming opens nothing. It is not encrypted: put ids in it,
never a name or a contact.
"""

from __future__ import annotations

import datetime

from django.core import signing

_TIDY = "lapor.link."


def sign(purpose: str, *parts: object) -> str:
    """A token for a link; `parts` are written with ":" between them, so none may hold one."""
    value = ":".join(str(part) for part in parts)
    return signing.TimestampSigner(salt=_TIDY + purpose, sep="~").sign(value)


def read(purpose: str, token: str, lasts: datetime.timedelta) -> list[str] | None:
    """The parts, or None when the token is forged, for another purpose, or older than `lasts`."""
    try:
        value = signing.TimestampSigner(salt=_TIDY + purpose, sep="~").unsign(token, max_age=lasts)
    except signing.BadSignature:
        return None
    return value.split(":")
