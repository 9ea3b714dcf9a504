"""An office's short code: what a QR on its door carries. It follows from the office's id and never changes.

Nothing is secret in it, so nothing is signed; the last letter is a check, so that a slip of whoever types it from the
poster leads nowhere rather than elsewhere.
"""

from __future__ import annotations

from complaints.number import ALPHABET

_LENGTH = 4
# A prime below 32 to which 32 is a primitive root's power: letters that changed places are found too.
_MODULUS = 29
_MEANT = str.maketrans("OIL", "011")


def of(pk: int) -> str:
    """ "01A3K": four letters and a check, more for ids above a million."""
    letters = ""
    rest = pk
    while rest or len(letters) < _LENGTH:
        rest, place = divmod(rest, 32)
        letters = ALPHABET[place] + letters
    return letters + ALPHABET[pk % _MODULUS]


def read(typed: str) -> int | None:
    """The id of a code as typed or scanned; None: it is none."""
    text = typed.upper().translate(_MEANT)
    if not _LENGTH < len(text) <= 12 or any(letter not in ALPHABET for letter in text):
        return None
    pk = 0
    for letter in text[:-1]:
        pk = pk * 32 + ALPHABET.index(letter)
    return pk if ALPHABET[pk % _MODULUS] == text[-1] else None
