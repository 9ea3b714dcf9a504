"""From what a gateway hands over to text and telephone numbers. Nothing that comes in raises.

Gateways say in which charset they send and are often wrong: what is declared is believed as far as the bytes agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lapor.kit import gsm

_WIDE: Final = frozenset({"utf16", "utf16be", "utf16le", "ucs2", "ucs2be", "iso10646ucs2"})
_GSM: Final = frozenset({"gsm", "gsm7", "gsm0338", "gsm7bit", "7bit"})
_NARROW: Final = frozenset({"iso88591", "latin1", "windows1252", "cp1252"})
# GSM 03.38 in its order, and the extension table by what follows the escape.
_ALPHABET: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = {
    10: "\f", 20: "^", 40: "{", 41: "}", 47: "\\", 60: "[", 61: "~", 62: "]", 64: "|", 101: "€",
}  # fmt: skip
# A number of the network itself, or a name a business sends under: nobody there reads an answer.
_DIGITS: Final = re.compile(r"\+[1-9]\d{7,14}")


@dataclass(frozen=True)
class Part:
    """Which piece of a long message this is (3GPP TS 23.040, 9.2.3.24.1); `number` from 1."""

    reference: int
    number: int
    total: int


def decode(data: bytes, charset: str = "", coding: str = "") -> str:
    """The text of these bytes; may hold half a surrogate pair (`mend`), never raises."""
    declared = re.sub(r"[^a-z0-9]", "", charset.lower())
    if declared in _GSM:
        return decode_gsm(data)
    if declared in _WIDE or coding == "2":
        return _wide(data, little=declared == "utf16le") if _may_be_wide(data) else _narrow(data)
    if _is_wide(data):
        return _wide(data)
    if declared in _NARROW:
        return _narrow(data)
    return _utf8(data)


def decode_gsm(data: bytes) -> str:
    """Septets, one a byte, as a modem gives them unpacked."""
    found: list[str] = []
    escaped = False
    for byte in data:
        if escaped:
            found.append(_EXTENSION.get(byte, _ALPHABET[byte & 0x7F]))
            escaped = False
        elif byte == 0x1B:
            escaped = True
        else:
            found.append(_ALPHABET[byte & 0x7F])
    return "".join(found)


def encode_gsm(text: str) -> bytes:
    """A plain text (lapor.kit.gsm) as septets, one a byte."""
    escaped = {character: byte for byte, character in _EXTENSION.items()}
    found = bytearray()
    for character in gsm.plain(text):
        found += bytes([0x1B, escaped[character]]) if character in escaped else bytes([_ALPHABET.index(character)])
    return bytes(found)


def mend(text: str) -> str:
    """Without control characters; the halves of a surrogate pair put together, or "�" for one that is alone."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    whole = whole.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return "".join(ch for ch in whole if ch in "\n\t" or (ch >= " " and not "\x7f" <= ch <= "\x9f")).strip()


def concatenation(udh: bytes) -> Part | None:
    """What a user data header says of the message's parts; None: it is whole, or the header makes no sense."""
    # With its length before it, or without.
    rest = udh[1:] if udh and udh[0] == len(udh) - 1 else udh
    while len(rest) >= 2:
        kind, length = rest[0], rest[1]
        said, rest = rest[2 : 2 + length], rest[2 + length :]
        if (kind, len(said)) == (0x00, 3):
            return part(said[0], said[2], said[1])
        if (kind, len(said)) == (0x08, 4):
            return part(said[0] << 8 | said[1], said[3], said[2])
    return None


def part(reference: int, number: int, total: int) -> Part | None:
    return Part(reference, number, total) if 1 <= number <= total <= 255 and total > 1 else None


def phone(typed: str) -> str:
    """+62…: "0812-0000 7700", "62812…" and " 62812…" (a "+" nobody escaped) are one number; "" for nothing at all.

    What is no telephone number, a short code or a business's name, stays as it is, shortened.
    """
    shown = "".join(ch for ch in typed.strip() if ch.isascii() and ch.isprintable())[:30]
    digits = re.sub(r"[ ().\-]", "", shown)
    plus = digits.startswith("+") or typed.startswith(" ")
    digits = digits.removeprefix("+")
    if not digits.isdigit():
        return shown
    if plus or digits.startswith("62"):
        number = f"+{digits}"
    elif digits.startswith("00"):
        number = f"+{digits[2:]}"
    elif digits.startswith("0"):
        number = f"+62{digits[1:]}"
    else:
        number = f"+62{digits}" if digits.startswith("8") and len(digits) > 8 else digits
    return number if is_phone(number) else digits


def is_phone(number: str) -> bool:
    """Somebody can be answered there."""
    return _DIGITS.fullmatch(number) is not None


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _windows(data)


def _narrow(data: bytes) -> str:
    """Declared Latin-1, and often UTF-8 all the same: five bytes of that are hardly anything else."""
    return _utf8(data)


def _windows(data: bytes) -> str:
    return "".join(bytes([byte]).decode("cp1252", "replace") if byte > 0x7F else chr(byte) for byte in data)


def _wide(data: bytes, *, little: bool = False) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        little, data = data[:2] == b"\xff\xfe", data[2:]
    data = data[: len(data) // 2 * 2]
    return data.decode("utf-16-le" if little else "utf-16-be", "surrogatepass")


def _may_be_wide(data: bytes) -> bool:
    """Not a line of plain letters that somebody called wide."""
    return len(data) % 2 == 0 and not all(0x20 <= byte < 0x7F or byte in b"\r\n\t" for byte in data)


def _is_wide(data: bytes) -> bool:
    """Wide though nobody said so: every second byte of Latin letters is nothing."""
    if len(data) < 4 or len(data) % 2:
        return False
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[::2].count(0) * 3 > len(data)
