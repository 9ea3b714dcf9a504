"""Cursors of keyset pages: where the last page ended, as one word in the address.

A cursor is no secret and carries no right; whatever is not one of ours (forged, cut, of an older order) reads as None,
and the list begins at its beginning.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

LIMIT = 200


def write(*parts: object) -> str:
    """One word for an address, from values whose text has no "~" in it."""
    text = "~".join(str(part) for part in parts)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(word: str, *readers: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The values again, each through its reader; None unless there are exactly as many and all are readable."""
    if not word or len(word) > LIMIT:
        return None
    try:
        text = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True).decode()
        parts = text.split("~")
        if len(parts) != len(readers):
            return None
        return tuple(reader(part) for reader, part in zip(readers, parts, strict=True))
    except (binascii.Error, ValueError, OverflowError):
        return None


def key(text: str) -> int:
    """A row's id: positive, and small enough for the column."""
    number = int(text)
    if not 0 < number < 2**63:
        raise ValueError(text)
    return number
