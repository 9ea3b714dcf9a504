"""What an SMS can carry: the default alphabet of GSM 03.38 (3GPP TS 23.038, 6.2.1), its parts, and texts made to fit.

A message of that alphabet holds 160 septets, or 153 in each part of a longer one (3GPP TS 23.040, 9.2.3.24.1); the ten
characters of the extension table take two. One character beyond it turns the whole message into UCS-2 with 70 or 67.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Behind an escape: two septets each.
EXTENSION: Final = frozenset("\f^{}\\[~]|€")
ONE, EACH = 160, 153
ONE_WIDE, EACH_WIDE = 70, 67

# What has a counterpart that stripping its marks does not find.
_INSTEAD: Final = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛`´′ʻʼ", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("•·▪●", "-"),
        **dict.fromkeys("\t\v\f\u2028\u2029", " "),
        "\r": "\n",
        "…": "...",
        "×": "x",
        "÷": ":",
        "⁄": "/",
        "→": "->",
        "≤": "<=",
        "≥": ">=",
        "°": " ",
        "Ð": "D",
        "đ": "d",
        "Đ": "D",
        "ł": "l",
        "Ł": "L",
        "œ": "oe",
        "Œ": "OE",
        "ı": "i",
        "™": "",
        "®": "",
        "©": "",
    }
)
# Nothing anybody misses: signs that only form others, pictures, and what has no shape at all.
_UNSEEN: Final = frozenset({"Mn", "Me", "Cf", "Cc", "So", "Sk", "Cs", "Co", "Cn"})


def is_plain(text: str) -> bool:
    """Every character is of the alphabet or its extension."""
    return all(ch in BASIC or ch in EXTENSION for ch in text)


def septets(text: str) -> int:
    """The length of a plain text as a phone counts it."""
    return sum(2 if ch in EXTENSION else 1 for ch in text)


def parts(text: str) -> int:
    """How many messages a network makes of it; 1 for an empty one."""
    if is_plain(text):
        return _pieces([2 if ch in EXTENSION else 1 for ch in text], ONE, EACH)
    return _pieces([2 if ord(ch) > 0xFFFF else 1 for ch in text], ONE_WIDE, EACH_WIDE)


def _pieces(widths: Sequence[int], one: int, each: int) -> int:
    """No character is cut in two: one that does not fit begins the next part."""
    if sum(widths) <= one:
        return 1
    count, room = 1, each
    for width in widths:
        if width > room:
            count, room = count + 1, each
        room -= width
    return count


def plain(text: str) -> str:
    """The same in the alphabet: accents that it lacks are left out, pictures too; a word in another script is "?"."""
    found: list[str] = []
    for ch in unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(_INSTEAD):
        written = _written(ch)
        if not (written == "?" and found and found[-1] == "?" and ch != "?"):
            found.append(written)
    return "".join(found)


def _written(ch: str) -> str:
    if ch in BASIC or ch in EXTENSION:
        return ch
    if unicodedata.category(ch) in _UNSEEN:
        return ""
    if unicodedata.category(ch).startswith("Z"):
        return " "
    folded = "".join(
        part for part in unicodedata.normalize("NFKD", ch).translate(_INSTEAD) if part in BASIC or part in EXTENSION
    )
    return folded or "?"


def cut(text: str, limit: int = ONE) -> str:
    """A plain text of at most so many septets, ended at a word with "..." where something was left out."""
    if septets(text) <= limit:
        return text
    room, width, kept = limit - 3, 0, 0
    for ch in text:
        width += 2 if ch in EXTENSION else 1
        if width > room:
            break
        kept += 1
    short = text[:kept]
    space = short.rfind(" ")
    if text[kept : kept + 1] != " " and space > kept // 2:
        short = short[:space]
    return short.rstrip(" ,.;:-") + "..."


def first_fitting(texts: Iterable[str], limit: int = ONE) -> str:
    """The first that fits, made plain and its spaces single; where none does, the last, cut."""
    short = ""
    for text in texts:
        short = " ".join(plain(text).split())
        if septets(short) <= limit:
            return short
    return cut(short, limit)


def split(text: str) -> list[str]:
    """A plain text in the parts a network makes of it."""
    if septets(text) <= ONE:
        return [text]
    found: list[str] = []
    while text:
        room = EACH

        def fits(ch: str) -> bool:
            nonlocal room
            room -= 2 if ch in EXTENSION else 1
            return room >= 0

        part = "".join(takewhile(fits, text))
        found.append(part)
        text = text[len(part) :]
    return found
