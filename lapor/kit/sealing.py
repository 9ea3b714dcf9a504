"""Encryption at rest of what could name somebody: Fernet tokens under rotating keys, and keyed fingerprints.

Keys come from LAPOR_FIELD_KEYS, newest first: all of them open, the first one seals.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "fingerprint", "seal", "seal_bytes", "unseal", "unseal_bytes"]


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """A token that only our keys open; "" stays ""."""
    return _fernet(tuple(settings.LAPOR_FIELD_KEYS)).encrypt(text.encode()).decode() if text else ""


def unseal(token: str) -> str:
    """What was sealed. Raises InvalidToken when no key opens it."""
    return _fernet(tuple(settings.LAPOR_FIELD_KEYS)).decrypt(token.encode()).decode() if token else ""


def seal_bytes(content: bytes) -> str:
    """The same for what is not text, or not known to be: a message as it came."""
    return _fernet(tuple(settings.LAPOR_FIELD_KEYS)).encrypt(content).decode() if content else ""


def unseal_bytes(token: str) -> bytes:
    """What was sealed. Raises InvalidToken when no key opens it."""
    return _fernet(tuple(settings.LAPOR_FIELD_KEYS)).decrypt(token.encode()) if token else b""


def fingerprint(text: str, of: str = "contact") -> str:
    """Keyed hash (HMAC-SHA-256, hex), to find equal ones without opening any; "" stays "". `of` keeps sorts apart: the
    same text as a "contact" and as an "account" has two."""
    if not text:
        return ""
    return hmac.new(settings.LAPOR_PEPPER.encode(), f"{of}:{text}".encode(), hashlib.sha256).hexdigest()
