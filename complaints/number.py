"""The public number of a case and the key to its private view.

Both use Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O, U; what is typed with them is read
as meant. A number is 50 random bits and one check character (the value modulo 37); a key is 80 random bits.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# The five last stand only at the check place. They must survive a link and being read aloud: "*~$=U" do not, so a
# number whose check would be one of them is drawn again.
_CHECKS = ALPHABET + "*~$=U"
CODE_LENGTH = 13
_MEANT = str.maketrans("OIL", "011")


def new_number() -> str:
    """11 characters without hyphens, the last one the check, and at least one digit among them: without any it could be
    words, and a message by telephone or a search would not take it for a number."""
    while True:
        value = secrets.randbits(50)
        number = _encode(value, 10) + _CHECKS[value % 37]
        if number[-1] in ALPHABET and any(ch.isdigit() for ch in number):
            return number


def read_number(typed: str) -> str | None:
    """What somebody typed as a number, in stored form; None when it can't be one (length, letters, check)."""
    text = "".join(ch for ch in typed.upper() if ch.isalnum()).translate(_MEANT)
    if len(text) != 11 or any(ch not in ALPHABET for ch in text):
        return None
    value = 0
    for ch in text[:10]:
        value = value * 32 + ALPHABET.index(ch)
    return text if _CHECKS[value % 37] == text[10] else None


def shown_number(number: str) -> str:
    """As it is printed and read aloud: 7K4M-9QXD-2TB."""
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"


def new_key() -> str:
    """16 characters, shown once as ABCD-EFGH-JKMN-PQRS."""
    return _encode(secrets.randbits(80), 16)


def shown_key(key: str) -> str:
    return "-".join(key[n : n + 4] for n in range(0, 16, 4))


def hash_key(typed: str) -> str:
    """Keyed hash (HMAC-SHA-256, hex) of a key as typed; what is stored, and compared in constant time."""
    key = "".join(ch for ch in typed.upper() if ch.isalnum()).translate(_MEANT)
    return hmac.new(settings.LAPOR_PEPPER.encode(), b"key:" + key.encode(), hashlib.sha256).hexdigest()


def new_code() -> str:
    """13 characters, 65 random bits: what stands in a short link."""
    return _encode(secrets.randbits(5 * CODE_LENGTH), CODE_LENGTH)


def hash_code(typed: str) -> str:
    """Keyed hash (HMAC-SHA-256, hex) of such a code, however it was typed."""
    code = "".join(ch for ch in typed.upper() if ch.isalnum()).translate(_MEANT)
    return hmac.new(settings.LAPOR_PEPPER.encode(), b"code:" + code.encode("utf-8", "replace"), "sha256").hexdigest()


def _encode(value: int, length: int) -> str:
    return "".join(ALPHABET[(value >> (5 * place)) & 31] for place in reversed(range(length)))
