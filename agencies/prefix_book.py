"""Which office the first words of a message stand for. Pure: prefixes in, a match out; no database, no clock.

Letters count, and nothing between them: "KAB. NGANJUK", "kab nganjuk" and "Kab.Nganjuk:" are one prefix. The longest
one that stands at the beginning wins. Of at least four letters one may be wrong, missing, too many or swapped with its
neighbour, if only one prefix is that near and the word is not an everyday one; whoever answers says how it was read.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LONGEST = 40
# Shorter ones are too near to each other and to everything else.
TYPO_FROM = 4

_WORD: Final = re.compile(r"[^\W_]+")
# How people spell the kind of a government before its name.
_KINDS: Final = {
    "kabupaten": "kab",
    "kabupatan": "kab",
    "kabup": "kab",
    "propinsi": "prov",
    "provinsi": "prov",
    "prop": "prov",
    "kementrian": "kementerian",
}
_KINDS_SHORT: Final = frozenset({"kab", "kota", "prov"})
# What stands between a prefix and the story.
_BETWEEN: Final = " \t\r\n.,:;#/|_>)]}\"'*-–—"

_WORDS: Final = tomllib.loads((Path(__file__).parent / "data" / "sms_words.toml").read_text(encoding="utf-8"))
# Words of the channel itself: no office may own them.
RESERVED: Final = frozenset(_WORDS["reserved"].split())
# Words with which stories begin: never taken for a misspelt prefix, nor given away as one.
EVERYDAY: Final = frozenset(_WORDS["everyday"].split())


@dataclass(frozen=True)
class Entry:
    """A prefix as it is shown, and the office it stands for."""

    text: str
    agency_id: int


@dataclass(frozen=True)
class Match:
    """`typed`: what stood there; `rest`: what follows it. `typo`: it was not quite the prefix."""

    entry: Entry
    typed: str
    rest: str
    typo: bool = False


class Book:
    """All prefixes in force, by their normal form."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_normal = {normal(entry.text): entry for entry in entries}
        self._longest = max(map(len, self._by_normal), default=0)

    def find(self, text: str) -> Match | None:
        """The prefix at the beginning of a text, read exactly or with one slip; None: none, or more than one."""
        heads = [head for head in beginnings(text) if len(head.normal) <= self._longest + 1]
        for head in reversed(heads):
            if entry := self._by_normal.get(head.normal):
                return _match(entry, head, text, typo=False)
        near = {normal: head for head in reversed(heads) for normal in self._near(head)}
        if len(near) != 1:
            return None
        ((found, head),) = near.items()
        return _match(self._by_normal[found], head, text, typo=True)

    def near(self, text: str) -> list[Entry]:
        """Every prefix that may have been meant at the beginning of a text: what to suggest where `find` is not
        sure."""
        found = (normal for head in beginnings(text) for normal in self._near(head))
        return [self._by_normal[normal] for normal in dict.fromkeys(found)]

    def within(self, text: str) -> list[Entry]:
        """Prefixes of two words and more that stand anywhere in a text, as they are: "… di Kab. Nganjuk"."""
        found: dict[str, Entry] = {}
        for start in [match.start() for match in _WORD.finditer(text[:2000])]:
            for head in beginnings(text[start : start + 2 * LONGEST]):
                entry = self._by_normal.get(head.normal)
                if entry is not None and len(head.words) > 1:
                    found[head.normal] = entry
        # "Kab. Bandung Barat" is not said to be "Kab. Bandung" too.
        return [entry for key, entry in found.items() if not any(key != other and key in other for other in found)]

    def _near(self, head: Head) -> Iterator[str]:
        if len(head.normal) < TYPO_FROM - 1 or _is_everyday(head.words):
            return
        for known in self._by_normal:
            if len(known) >= TYPO_FROM and abs(len(known) - len(head.normal)) < 2 and one_slip(known, head.normal):
                yield known


@dataclass(frozen=True)
class Head:
    """The first words of a text, joined as they are compared, and where they end."""

    normal: str
    words: tuple[str, ...]
    start: int
    end: int


def _is_everyday(words: tuple[str, ...]) -> bool:
    """Words a story may well begin with: "kota baru kami …" is not Kota Batu misspelt."""
    if words[0] in _KINDS or words[0] in _KINDS_SHORT:
        return all(word in EVERYDAY for word in words[1:])
    return words[0] in EVERYDAY or words[0] in RESERVED


def beginnings(text: str) -> list[Head]:
    """Its first word, its first two, and so on, as long as a prefix may be."""
    found: list[Head] = []
    words: list[str] = []
    start = 0
    for match in _WORD.finditer(text[: 4 * LONGEST]):
        if not words:
            start = match.start()
        words.append(_plain(match[0]))
        joined = _joined(words)
        if len(joined) > LONGEST + 1:
            break
        if joined:
            found.append(Head(joined, tuple(words), start, match.end()))
    return found


def normal(text: str) -> str:
    """Small letters and digits alone, the kind of a government in short: "KAB. NGANJUK" → "kabnganjuk"."""
    return _joined([_plain(word) for word in _WORD.findall(text)])


def _joined(words: list[str]) -> str:
    return "".join([_KINDS.get(words[0], words[0]), *words[1:]]) if words else ""


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word).casefold()
    return "".join(ch for ch in folded if ch.isalnum() and not unicodedata.combining(ch))


def _match(entry: Entry, head: Head, text: str, *, typo: bool) -> Match:
    return Match(entry, text[head.start : head.end], text[head.end :].lstrip(_BETWEEN), typo)


def one_slip(one: str, other: str) -> bool:
    """One letter left out, put in, changed, or changed places with its neighbour."""
    if len(one) != len(other):
        longer, less = (one, other) if len(one) > len(other) else (other, one)
        return len(longer) - len(less) == 1 and any(longer[:n] + longer[n + 1 :] == less for n in range(len(longer)))
    wrong = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        first, second = wrong
        return one[first] == other[second] and one[second] == other[first]
    return len(wrong) == 1
