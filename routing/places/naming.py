"""Places a text names → where it speaks of, how surely, and the words that spoke for it.

No single name decides. "Sukamaju" is 66 villages, "Semarang" a kota and a kabupaten, "Kuningan" a kabupaten and a
street in Jakarta: each mention speaks for every kabupaten/kota that has such a place, by how plainly it was written,
and what they say together is weighed (naive Bayes over 514 kabupaten/kota and the chance that none is meant). The same
then among the kecamatan of the one that was found. Pure: text in, `Named` out, under a millisecond for most texts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from math import sqrt
from pathlib import Path

from .gazetteer import SHORT, Gazetteer, Word, shipped, words


class Width(IntEnum):
    """By the length of a code: 12, 12.34, 12.34.56, 12.34.56.7890."""

    PROVINCE = 2
    REGENCY = 5
    DISTRICT = 8
    VILLAGE = 13


@dataclass(frozen=True)
class Span:
    """Words of the text, by their first letter and the one after their last."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Mention:
    """One name in a text. `odds`: how many times likelier it is to be read here when a place of that name is meant."""

    span: Span
    name: str
    codes: tuple[str, ...]
    odds: float
    announced: bool = False


@dataclass(frozen=True)
class Named:
    """What a text speaks of. `code`: kabupaten/kota, or a provinsi where nothing narrower was said; `certainty` 0 to 1.

    `narrow`: the kecamatan or village inside it, "" when none was named plainly; `narrow_certainty` counts both.
    `others`: the next likely kabupaten/kota, at most two.
    """

    code: str
    certainty: float
    spans: tuple[Span, ...]
    narrow: str = ""
    narrow_certainty: float = 0.0
    others: tuple[str, ...] = ()


# --- What stands around a name (words.toml) ---

_LISTS = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
_P, _K, _C, _V = Width
_KOTA, _KABUPATEN = frozenset(_LISTS["kota"]), frozenset(_LISTS["kabupaten"])
_ANNOUNCES: dict[str, Width] = (
    dict.fromkeys(_LISTS["provinsi"], _P)
    | dict.fromkeys((*_KOTA, *_KABUPATEN, *_LISTS["pemda"]), _K)
    | dict.fromkeys(_LISTS["kecamatan"], _C)
    | dict.fromkeys(_LISTS["village"], _V)
)
# What follows these is a name of something else, however much it looks like a place.
_STREETS, _STREET_KINDS, _BRANDS = (frozenset(_LISTS[name]) for name in ("street", "street_kind", "brand"))
_LESS, _WHERE = frozenset(_LISTS["less"]), frozenset(_LISTS["where"])
_EVERYDAY, _NO_NAME = frozenset(_LISTS["everyday"].split()), frozenset(_LISTS["no_name"].split())
# Written small and short, and still a place.
_UNMISTAKABLE = frozenset(("smg", "sby", "dki", "diy", "ntb", "ntt", "bdg", "jkt"))

# --- How plainly it is said ---

# By width and whether a word announced it: how many times likelier this mention is when such a place is meant. Set by
# hand and held against the reports of 2017 (bench/places.py). A bare "Makassar" alone stays just below what a worker
# acts on by itself (`routing.whereabouts.SURE`): who is there for a while asks about home.
_ANNOUNCED = {_P: 40.0, _K: 120.0, _C: 60.0, _V: 25.0}
_BARE = {_P: 8.0, _K: 25.0, _C: 7.0, _V: 1.6}
# Of a name that a kota and a kabupaten share, said without either word, the town is meant thrice as often.
_TOWN = 0.75
# The weight of "none of them", against which every kabupaten/kota has to prove itself.
_NOWHERE = 3.0
# How much of what speaks for a provinsi speaks for each of its kabupaten/kota that was named too.
_IN_PROVINCE = 0.5
# What a place that is known beforehand adds to what lies in it.
_KNOWN = 12.0
_SOMEWHERE_INSIDE = 1.0
# Letters between two names that are one address.
_SIDE_BY_SIDE = 3
# Surer than this nobody can be of words.
MOST = 0.99
# Below it a place inside the kabupaten/kota is not worth telling.
WORTH = 0.5


def find(text: str, known: Sequence[str] = (), gazetteer: Gazetteer | None = None) -> Named | None:
    """`known`: codes of where the report is likely from (the chosen place, the addressed office's, the channel's own).

    None: the text names no place that could be told.
    """
    gazetteer = gazetteer or shipped()
    said = list(mentions(text, gazetteer))
    found = _strongest(said)
    if not found:
        return None
    odds = _odds(found, [*known, *_nested(said)])
    total = sum(odds.values()) + _NOWHERE
    ranked = sorted((code for code in odds if len(code) == Width.REGENCY), key=lambda code: (-odds[code], code))
    top, certainty = (ranked[0], odds[ranked[0]] / total) if ranked else ("", 0.0)
    province, around = _province(odds, total)
    if province and certainty < min(WORTH, around):
        return Named(province, min(MOST, around), _spans(found, province), others=tuple(ranked[:2]))
    if not top:
        return None
    narrow, inside = _narrow(found, top)
    certainty = min(MOST, certainty)
    return Named(top, certainty, _spans(found, top), narrow, certainty * inside, tuple(ranked[1:3]))


def _nested(said: list[Mention]) -> set[str]:
    """Kabupaten/kota named right behind a place in them: "Pare, Kediri" is the Kediri that has a Pare."""
    pairs = [(one, other) for one, other in pairwise(said) if other.span.start - one.span.end <= _SIDE_BY_SIDE]
    return {
        wide
        for one, other in pairs
        for wide in other.codes
        if len(wide) == Width.REGENCY and any(narrow.startswith(f"{wide}.") for narrow in one.codes)
    }


def _spans(found: list[Mention], code: str) -> tuple[Span, ...]:
    """What spoke for this place, or for its provinsi."""
    return tuple(one.span for one in found if any(_within(its, code) or _within(code, its) for its in one.codes))


@dataclass(frozen=True)
class _Text:
    """A text and its words. `shouts`: capitals mean nothing in it, most words have one."""

    text: str
    said: list[Word]
    shouts: bool

    @classmethod
    def of(cls, text: str) -> _Text:
        said = words(text)
        long = [word for word in said if len(word.said) > 3]
        return cls(text, said, sum(text[word.start].isupper() for word in long) * 2 > len(long))

    def has_capital(self, at: int) -> bool:
        """A capital that tells a name: not of a shouted text, nor of a sentence's first word."""
        if self.shouts or not self.text[self.said[at].start].isupper() or at == 0:
            return False
        gap = self.text[self.said[at - 1].end : self.said[at].start]
        return "." not in gap and "\n" not in gap

    def gap(self, at: int) -> str:
        """What stands between a word and the one before it."""
        return self.text[self.said[at - 1].end : self.said[at].start]


def mentions(text: str, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Names of places in a text, from left to right, the longest that begins at each word."""
    whole = _Text.of(text)
    said, at, last = whole.said, 0, -_SIDE_BY_SIDE - 1
    while at < len(said):
        reading = _read(whole, at, gazetteer, said[at].start - last <= _SIDE_BY_SIDE)
        if reading is None:
            at += 1
            continue
        mention, count = reading
        if mention is not None:
            last = mention.span.end
            yield mention
        at += count


@dataclass
class _Before:
    """What the words before a name make of it."""

    width: Width | None = None
    kota: bool | None = None
    factor: float = 1.0
    start: int = -1
    is_where: bool = False
    follows: bool = False


def _read(whole: _Text, at: int, gazetteer: Gazetteer, follows: bool) -> tuple[Mention | None, int] | None:
    """The mention that begins here and how many words it takes; (None, count): a name of something else. `follows`:
    another mention ends right before it."""
    said, text = whole.said, whole.text
    candidates = _candidates(whole, at, gazetteer)
    before = _before(whole, at) if candidates else _Before()
    if not candidates or (before.width is None and _announces_more(whole, at, candidates[0][0], gazetteer)):
        return None
    before.follows = follows
    before.is_where |= follows
    for count, codes in candidates:
        if before.factor == 0.0:
            return None, count
        chosen = _of_width(codes, before)
        odds = _plainness(whole, at, count, chosen, before) if chosen else 1.0
        if odds <= 1.0:
            continue
        start = before.start if before.width is not None else said[at].start
        end = said[at + count - 1].end
        name = " ".join(word.said for word in said[at : at + count])
        return Mention(Span(start, end, text[start:end]), name, chosen, odds, before.width is not None), count
    return None


def _candidates(whole: _Text, at: int, gazetteer: Gazetteer) -> list[tuple[int, tuple[str, ...]]]:
    """Names that begin at this word, the longest first: of how many words, and whose they are."""
    said = whole.said
    first = said[at].said
    longest = max(gazetteer.longest(first), gazetteer.longest(SHORT.get(first, "")))
    if longest == 0 and not (at + 1 < len(said) and gazetteer.codes(first + said[at + 1].said)):
        return []
    found = []
    reach = 1
    while reach < min(max(longest, 2), len(said) - at) and _is_one_name(whole, at + reach):
        reach += 1
    for count in range(reach, 0, -1):
        if codes := _codes([word.said for word in said[at : at + count]], gazetteer):
            found.append((count, codes))
    return found


def _announces_more(whole: _Text, at: int, count: int, gazetteer: Gazetteer) -> bool:
    """The word announces the next rather than begins a name: "Kota Padang Panjang" is no Kota Padang, "Kota Batu" is
    the kota. `count`: of how many words the name would be that begins with it."""
    said = whole.said
    if said[at].said not in _KOTA or at + 1 == len(said) or not _is_one_name(whole, at + 1):
        return False
    return any(
        more + 1 >= count and any(len(code) == Width.REGENCY and _is_kota(code) for code in codes)
        for more, codes in _candidates(whole, at + 1, gazetteer)
    )


def _is_one_name(whole: _Text, at: int) -> bool:
    """Whether this word may go on the name of the one before it: no comma, full stop or line between them, so that
    "Kota Lama, Barat" is not Lama Barat; but "Gn. Bintang" is one name."""
    gap = whole.gap(at)
    if gap == ". ":
        return len(whole.said[at - 1].said) <= 3
    return gap == "." or (gap.strip(" \t-'’/") == "" and "\n" not in gap)


def _codes(name: list[str], gazetteer: Gazetteer) -> tuple[str, ...]:
    codes = gazetteer.codes(" ".join(name))
    if not codes:
        codes = gazetteer.codes(" ".join(SHORT.get(word, word) for word in name))
    if len(name) == 2:
        # "Bau Bau", "Batang Hari": a kabupaten or kota that the list writes together.
        joined = gazetteer.codes("".join(name))
        codes = (*(code for code in joined if len(code) == Width.REGENCY and code not in codes), *codes)
    return codes


def _before(whole: _Text, at: int) -> _Before:
    """One or two words back: what they announce, or that the name is of a street, a shop, a person."""
    if at == 0:
        return _Before()
    said = whole.said
    last, gap = said[at - 1], whole.gap(at)
    if gap.strip(" \t.:-") or "\n" in gap:
        return _Before()
    before_last = said[at - 2] if at > 1 else last
    for word, start in ((f"{before_last.said} {last.said}", before_last.start), (last.said, last.start)):
        if word in _ANNOUNCES:
            kota = True if word in _KOTA else False if word in _KABUPATEN else None
            return _Before(_ANNOUNCES[word], kota, 1.0, start)
    word = last.said
    # A full stop ends a sentence, but not after "Jl.".
    if word in _STREETS or (word in _STREET_KINDS and before_last.said in _STREETS):
        return _Before(factor=0.0)
    if "." in gap:
        return _Before()
    if word in _BRANDS:
        return _Before(factor=0.0)
    if word in _LESS or (word.isdigit() and before_last.said in _LESS):
        return _Before(factor=0.35)
    return _Before(is_where=word in _WHERE)


def _of_width(codes: tuple[str, ...], before: _Before) -> tuple[str, ...]:
    """Those that were announced; else the widest level the name has, since the wider place is the better known."""
    if before.width is None:
        if any(len(code) == Width.REGENCY for code in codes):
            return tuple(code for code in codes if len(code) in (Width.REGENCY, Width.DISTRICT))
        width = min(len(code) for code in codes)
        return tuple(code for code in codes if len(code) == width)
    fitting = tuple(code for code in codes if len(code) == before.width)
    if before.kota is not None and fitting:
        fitting = tuple(code for code in fitting if _is_kota(code) == before.kota) or fitting
    if not fitting and before.width == Width.VILLAGE:
        # "Desa Mekarsari" where Mekarsari is the kecamatan by now.
        fitting = tuple(code for code in codes if len(code) == Width.DISTRICT)
    if not fitting and before.width in (Width.REGENCY, Width.DISTRICT):
        fitting = tuple(code for code in codes if len(code) in (Width.REGENCY, Width.DISTRICT, Width.PROVINCE))
    return fitting


def _is_kota(code: str) -> bool:
    """The list numbers kota from 71 on."""
    return code[3:5] >= "71"


def _plainness(whole: _Text, at: int, count: int, codes: tuple[str, ...], before: _Before) -> float:
    """The odds of this mention; 1: it is none."""
    width = Width(min(len(code) for code in codes))
    name = [word.said for word in whole.said[at : at + count]]
    capital = whole.has_capital(at)
    if all(word in _NO_NAME for word in name):
        return 1.0
    everyday = all(word in _EVERYDAY or word in SHORT or word.isdigit() for word in name)
    if before.width is not None:
        # "desa suka …": a word of everyday after all, perhaps.
        unsure = everyday and count == 1 and not capital and width > Width.REGENCY
        return 1 + (_ANNOUNCED[width] - 1) * (0.2 if unsure else 1.0)
    if count == 1 and len(name[0]) < 4 and name[0] not in _UNMISTAKABLE:
        span = whole.text[whole.said[at].start : whole.said[at].end]
        if len(name[0]) < 3 or whole.shouts or not span.isupper():
            return 1.0
    odds = _BARE[width]
    if everyday:
        # "di Malang", "di Batu": a place after all, though not plainly.
        if not (before.is_where and (capital or before.follows)) or width > Width.REGENCY:
            return 1.0
        odds = 1 + (odds - 1) * 0.25
    elif width == Width.VILLAGE and not (capital or before.is_where):
        return 1.0
    elif width == Width.DISTRICT and not (capital or before.is_where):
        odds = 1 + (odds - 1) * 0.5
    return 1 + (odds - 1) * before.factor


def _strongest(found: list[Mention]) -> list[Mention]:
    """Of each name its plainest mention: saying it twice does not make it truer, and where it was announced once
    ("Kel. Tambakrejo") that is what it means everywhere."""
    announced = {one.name for one in found if one.announced}
    best: dict[tuple[str, tuple[str, ...]], Mention] = {}
    for one in found:
        key = one.name, one.codes
        if (one.announced or one.name not in announced) and (key not in best or best[key].odds < one.odds):
            best[key] = one
    return list(best.values())


def _within(code: str, around: str) -> bool:
    return code == around or code.startswith(f"{around}.")


def _odds(found: list[Mention], known: Sequence[str]) -> dict[str, float]:
    """How much speaks for each kabupaten/kota and provinsi that anything speaks for, 1: nothing."""
    odds: dict[str, float] = {}
    for one in found:
        regencies = {code[:5]: len(code) for code in reversed(one.codes) if len(code) > Width.PROVINCE}
        towns = [code for code in one.codes if len(code) == Width.REGENCY]
        # Every second kabupaten has a Sukamaju: the commoner a name, the less it tells, and the likelier it is of a
        # place that no list has.
        plain = 1 + (one.odds - 1) / sqrt(len(regencies) or 1) if not towns else one.odds
        for regency, width in regencies.items():
            by = plain
            if len(towns) > 1 and width == Width.REGENCY:
                by = max(1.0, by * (_TOWN if _is_kota(regency) else (1 - _TOWN)))
            elif towns and width > Width.REGENCY:
                # The regent's seat of the same name, or a kecamatan elsewhere that shares it.
                by = max(1.0, by * 0.1)
            odds[regency] = odds.get(regency, 1.0) * by
    provinces = {code: one.odds for one in found for code in one.codes if len(code) == Width.PROVINCE}
    for regency in odds:
        if regency[:2] in provinces:
            odds[regency] *= 1 + (provinces[regency[:2]] - 1) * _IN_PROVINCE
        if any(_within(regency, code) or _within(code, regency) for code in known):
            odds[regency] *= _KNOWN
    return odds | provinces


def _province(odds: dict[str, float], total: float) -> tuple[str, float]:
    """The likeliest provinsi that was named, and how surely it is meant or something in it; "": none was named."""
    around = {
        code: sum(its for other, its in odds.items() if _within(other, code))
        for code in odds
        if len(code) == Width.PROVINCE
    }
    best = max(around, key=lambda code: (around[code], code), default="")
    return best, around.get(best, 0.0) / total


def _narrow(found: list[Mention], regency: str) -> tuple[str, float]:
    """The kecamatan of this kabupaten/kota that was named, or the village in it, and how surely given the former."""
    odds: dict[str, float] = {}
    for one in found:
        if regency in one.codes:
            # "Kuningan" is the kabupaten, not the kecamatan of its seat.
            continue
        for district in {code[:8] for code in one.codes if len(code) > Width.REGENCY and _within(code, regency)}:
            odds[district] = odds.get(district, 1.0) * one.odds
    if not odds:
        return "", 0.0
    best = max(odds, key=lambda code: (odds[code], code))
    certainty = odds[best] / (sum(odds.values()) + _SOMEWHERE_INSIDE)
    villages = {code for one in found for code in one.codes if len(code) == Width.VILLAGE and _within(code, best)}
    return (villages.pop() if len(villages) == 1 else best), certainty
