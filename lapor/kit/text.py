"""Words of any text: cut at words, shorten, mask what must not be shown whole."""

from __future__ import annotations

import re

# A mail address; and nine digits or more, as a phone has them and a status code or a date has not.
_CONTACT = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}|\+?\d(?:-?\d){8,}")
# The beginning of the message itself, which a delivery receipt of SMPP carries last (3.4, appendix B).
_QUOTED = re.compile(r"\btext:.*", re.IGNORECASE | re.DOTALL)


def first_words(text: str, count: int, limit: int) -> str:
    """The first `count` words on one line, at most `limit` characters, with "…" where something was left out."""
    words = text.split()
    line = " ".join(words[:count])
    if len(words) <= count and len(line) <= limit:
        return line
    return shorten(line, limit - 1).rstrip("….,;:") + "…"


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word where there is one, with "…" for what was left out."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip() + "…"


def masked_email(address: str) -> str:
    """ "sari.dewi@contoh.id" → "s•••@contoh.id": enough to recognise one's own."""
    name, _, host = address.partition("@")
    return f"{name[:1]}•••@{host}" if host else "•••"


def masked_contact(address: str) -> str:
    """ "+6281200007700" → "+62•••7700", a mail address as `masked_email`, any other account by its first sign."""
    if "@" in address.strip("@"):
        return masked_email(address)
    if address.removeprefix("+").isdigit() and len(address) > 7:
        return f"{address[:3]}•••{address[-4:]}"
    return f"{address[:2]}•••" if address else ""


def without_contacts(text: str) -> str:
    """What a peer said of a letter, without the address, the number and the words that it likes to repeat."""
    return _CONTACT.sub("…", _QUOTED.sub("text:…", text))


def row_id(typed: str) -> int:
    """The id of a row as an address or a form carries it; 0, which no row has, for anything else.

    "²" is a digit that int() refuses, and so are more digits than Python reads or a column holds.
    """
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
