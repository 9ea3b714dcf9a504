"""Words of emergency: a report that tells of danger now is taken like any other, and its sender told whom to call.

Nobody reads a report in minutes. `read` looks for danger in a text, in any channel, and says which number helps and
which words spoke for it; it never refuses or holds anything. The words and numbers are `data/emergency.toml`.

How it reads: a text is cut into sentences and those into clauses. A cue ("sesak napas", "rumah … terbakar") counts as
danger *now* unless its sentence, or the one before it, tells of what is over ("tahun lalu"), what might be ("kalau"),
what is not ("bukan") or what keeps happening ("sering"). A faint cue ("kecelakaan", "banjir"), told in a hundred
reports of holes in the road, needs a word of now or a call for help beside it. Words that mean something else together
("lampu darurat", "pemadam kebakaran", "kereta api") are no cue at all. Pure: no database, no clock.
"""

from __future__ import annotations

import datetime
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

_DATA: Final = Path(__file__).parent / "data" / "emergency.toml"
# "*" in a phrase stands for at most so many words.
_GAP: Final = 3
# Shorter words are too near to each other for a slip of the finger to be told from another word.
_SLIP_LENGTH: Final = 7
# What hangs on a word in everyday speech: rumahnya, omahe, tolonglah.
_HANGERS: Final = ("nya", "lah", "kah", "ku", "mu", "ne", "pun", "e")
_CLAUSE: Final = re.compile(r"[,;:()\"“”–—]| - |\b(?:tapi|tetapi|namun|padahal|sedangkan|sementara)\b")
_SENTENCE: Final = re.compile(r"[.!?\n]+")
_WORD: Final = re.compile(r"\w+")


class Service(StrEnum):
    """Who comes. GENERAL is the one number for everything."""

    GENERAL = "GENERAL"
    FIRE = "FIRE"
    MEDICAL = "MEDICAL"
    POLICE = "POLICE"

    @property
    def number(self) -> str:
        return _lexicon().numbers[self]

    @property
    def shown(self) -> str | Promise:
        return {
            Service.GENERAL: _("Panggilan darurat"),
            Service.FIRE: _("Pemadam kebakaran"),
            Service.MEDICAL: _("Ambulans"),
            Service.POLICE: _("Polisi"),
        }[self]


@dataclass(frozen=True)
class Alarm:
    """What a text says of danger. `urgent`: now, say it aloud; else it is only near the subject, say it softly.

    `services` holds GENERAL first and then those the words call for; empty, and the alarm false: no danger in it.
    `words` are as they stand in the text, in its order, each once.
    """

    urgent: bool = False
    services: tuple[Service, ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.services)

    def dated(self, happened_on: datetime.date | None, today: datetime.date) -> Alarm:
        """The same of something told to have happened on a day: before yesterday it is no longer now."""
        over = happened_on is not None and today - happened_on > datetime.timedelta(days=1)
        return replace(self, urgent=False) if over else self


def read(*texts: str) -> Alarm:
    """Danger in a text, or in a title and its story."""
    found = [cue for text in texts for cue in _cues(text)]
    urgent = any(cue.urgent for cue in found)
    told = [cue for cue in found if cue.urgent == urgent]
    if not told:
        return Alarm()
    called = {cue.service for cue in told} | {Service.GENERAL}
    words = dict.fromkeys(cue.said for cue in told)
    return Alarm(urgent, tuple(service for service in Service if service in called), tuple(words))


def short(language: str) -> str:
    """For the end of an SMS: at most 60 characters, all of GSM 03.38's basic alphabet."""
    with override(language):
        return gettext("Darurat? Telepon 112 (polisi 110, api 113, medis 119).")


def notice(alarm: Alarm, language: str) -> str:
    """One line of plain text for letters and machines; "" for what is not urgent."""
    if not alarm.urgent:
        return ""
    with override(language):
        others = ", ".join(f"{service.shown} {service.number}" for service in alarm.services[1:])
        if not others:
            return gettext(
                "Ada bahaya sekarang? Telepon 112, gratis. Laporan ini tetap kami terima, tetapi tidak dibaca seketika."
            )
        return gettext(
            "Ada bahaya sekarang? Telepon 112, gratis (%(others)s). "
            "Laporan ini tetap kami terima, tetapi tidak dibaca seketika."
        ) % {"others": others}


def patterns() -> dict[str, str]:
    """For a page that has nobody to ask: what is danger by itself, as a regular expression for each service. It reads
    small words with one space between, and knows neither "tahun lalu" nor "kalau": it finds what is said softly."""
    return {service: phrases.pattern() for service, phrases in _lexicon().clear.items()}


# --- reading ---


@dataclass(frozen=True)
class _Cue:
    service: Service
    said: str
    urgent: bool


@dataclass(frozen=True)
class _Word:
    """One word of a text as the lexicon knows it, and where it stands."""

    known: str
    start: int
    end: int
    clause: int


# First and one past the last word of what a phrase matched.
_Span = tuple[int, int]


def _cues(text: str) -> Iterator[_Cue]:
    lexicon = _lexicon()
    before: list[_Word] = []
    for sentence in _sentences(text, lexicon):
        yield from _cues_of(sentence, before, text, lexicon)
        before = sentence


def _cues_of(words: list[_Word], before: list[_Word], text: str, lexicon: _Lexicon) -> Iterator[_Cue]:
    found = [
        (span, service, clear)
        for by_service, clear in ((lexicon.clear, True), (lexicon.faint, False))
        for service, phrases in by_service.items()
        for span in phrases.spans(words)
    ]
    if not found:
        return
    around = _Around.of(words, before, lexicon)
    told: list[tuple[_Span, Service, bool]] = []
    for span, service, clear in sorted(found, key=lambda cue: (cue[0], not cue[2])):
        urgent = around.weigh(span, clear)
        # "rumah tetangga terbakar" is one cue, though it holds "tetangga terbakar" too.
        if urgent is None or any(_meet(span, at) and service == by and already >= urgent for at, by, already in told):
            continue
        told.append((span, service, urgent))
        yield _Cue(service, " ".join(text[words[span[0]].start : words[span[1] - 1].end].split()), urgent)


@dataclass(frozen=True)
class _Around:
    """What a sentence holds beside its cues. `over_before`: the sentence before told of what is over."""

    words: list[_Word]
    over_before: bool
    other: list[_Span]
    past: list[_Span]
    perhaps: list[_Span]
    habit: list[_Span]
    now: list[_Span]
    plea: list[_Span]

    @classmethod
    def of(cls, words: list[_Word], before: list[_Word], lexicon: _Lexicon) -> _Around:
        kinds = (lexicon.other, lexicon.past, lexicon.perhaps, lexicon.habit, lexicon.now, lexicon.plea)
        over_before = next(lexicon.past.spans(before), None) is not None
        around = cls(words, over_before, *(list(phrases.spans(words)) for phrases in kinds))
        # "Tolong!! Maling di rumah": a cry counts for the next sentence too.
        around.plea.extend([*_cries(words, lexicon), *_cries(before, lexicon)])
        return around

    def weigh(self, cue: _Span, clear: bool) -> bool | None:
        """True: danger now; False: near the subject; None: over, or something else altogether."""
        if any(_meet(cue, covered) for covered in self.other):
            return None
        # "bisa jatuh", "rumah … hampir ambruk": it comes before the last word of the cue.
        if any(span[0] < cue[1] - 1 for span in self._beside(cue, self.perhaps)):
            return False
        if self._beside(cue, self.now) and not self._beside(cue, self.past):
            return True
        if self.past or self.over_before:
            return None
        return not self.habit and (clear or bool(self.now or self.plea))

    def _beside(self, cue: _Span, spans: list[_Span]) -> list[_Span]:
        """Those in the clause of the cue."""
        return [span for span in spans if self.words[span[0]].clause == self.words[cue[0]].clause]


def _cries(words: list[_Word], lexicon: _Lexicon) -> Iterator[_Span]:
    """Words that fill a clause by themselves and are a call for help there."""
    for _clause, inside in groupby(range(len(words)), key=lambda place: words[place].clause):
        places = list(inside)
        if all(words[place].known in lexicon.cries for place in places):
            yield places[0], places[-1] + 1


def _meet(one: _Span, other: _Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _sentences(text: str, lexicon: _Lexicon) -> Iterator[list[_Word]]:
    """Words of each sentence. Marks are folded away letter by letter, so that places in the text stay true."""
    plain = "".join(_plain(letter) for letter in text)
    clauses = [match.end() for match in _CLAUSE.finditer(plain)]
    edges = [0, *(match.end() for match in _SENTENCE.finditer(plain)), len(plain)]
    for start, end in pairwise(edges):
        words = [
            _Word(lexicon.known(match[0]), match.start(), match.end(), sum(1 for at in clauses if at <= match.start()))
            for match in _WORD.finditer(plain, start, end)
        ]
        if words:
            yield words


def _plain(letter: str) -> str:
    folded = unicodedata.normalize("NFKD", letter)[:1].lower()
    return folded if len(folded) == 1 else letter


# --- the lexicon ---


class _Phrases:
    """Phrases by their first words. `but`: phrases inside which none of these counts."""

    def __init__(self, written: list[str], but: list[str] | None = None) -> None:
        self._by_first: dict[str, list[tuple[frozenset[str] | None, ...]]] = defaultdict(list)
        for phrase in written:
            parts = tuple(None if part == "*" else frozenset(part.split("|")) for part in phrase.split())
            for first in parts[0] or ():
                self._by_first[first].append(parts)
        self._but = _Phrases(but) if but else None

    def pattern(self) -> str:
        """As one regular expression that ECMAScript and Python read alike."""
        phrases = {phrase for known in self._by_first.values() for phrase in known}
        written = sorted("".join(_as_pattern(part) for part in phrase).strip() for phrase in phrases)
        return f"(?:^| )(?:{'|'.join(written)})(?:{'|'.join(_HANGERS)})?(?= |$)"

    def words(self) -> Iterator[str]:
        for phrases in self._by_first.values():
            for phrase in phrases:
                for part in phrase:
                    yield from part or ()
        if self._but:
            yield from self._but.words()

    def spans(self, words: list[_Word]) -> Iterator[_Span]:
        but = list(self._but.spans(words)) if self._but else []
        for start, word in enumerate(words):
            for phrase in self._by_first.get(word.known, ()):
                end = _matched(phrase, words, start)
                if end and not any(_meet((start, end), covered) for covered in but):
                    yield start, end


def _as_pattern(part: frozenset[str] | None) -> str:
    """One part of a phrase, with the space after it."""
    if part is None:
        return rf"(?:\S+ ){{0,{_GAP}}}?"
    return f"{'|'.join(part)} " if len(part) == 1 else f"(?:{'|'.join(sorted(part))}) "


def _matched(phrase: tuple[frozenset[str] | None, ...], words: list[_Word], at: int) -> int:
    """One past the last word the phrase takes from `at`; 0: it does not stand there."""
    for place, part in enumerate(phrase):
        if part is None:
            rest = phrase[place + 1 :]
            return next((end for skip in range(_GAP + 1) if (end := _matched(rest, words, at + skip))), 0)
        if at >= len(words) or words[at].known not in part:
            return 0
        at += 1
    return at


class _Lexicon:
    def __init__(self, data: Mapping[str, Mapping[str, list[str]]], short: Mapping[str, str]) -> None:
        self.numbers = {service: str(data["numbers"][service]) for service in Service}
        self.clear = {Service(name): _Phrases(phrases) for name, phrases in data["clear"].items()}
        self.faint = {Service(name): _Phrases(phrases) for name, phrases in data["faint"].items()}
        self.other, self.past, self.perhaps, self.habit, self.now, self.plea = (
            _Phrases(data[name]["phrases"], data[name].get("not"))
            for name in ("other", "past", "perhaps", "habit", "now", "plea")
        )
        cues = {word for phrases in (*self.clear.values(), *self.faint.values()) for word in phrases.words()}
        around = (self.other, self.past, self.perhaps, self.habit, self.now, self.plea)
        self._words = cues | {word for phrases in around for word in phrases.words()}
        self.cries = frozenset(data["plea"]["alone"])
        self._words |= self.cries
        self._short = short
        self._look_alike = frozenset(data["look_alike"]["words"])
        self._slips: dict[str, set[str]] = defaultdict(set)
        for word in cues:
            if len(word) >= _SLIP_LENGTH:
                for without in _with_one_left_out(word):
                    self._slips[without].add(word)

    def known(self, written: str) -> str:
        """The lexicon's word for one as written: short forms, dragged letters, hangers, one slip; else as it is."""
        for word in dict.fromkeys((written, re.sub(r"(\w)\1{2,}", r"\1", written), re.sub(r"(\w)\1+", r"\1", written))):
            word = self._short.get(word, word)
            if word in self._words:
                return word
            for hanger in _HANGERS:
                stem = word.removesuffix(hanger)
                stem = self._short.get(stem, stem)
                if len(stem) > 3 and stem in self._words:
                    return stem
        return self._slipped(written)

    def _slipped(self, written: str) -> str:
        if len(written) < _SLIP_LENGTH - 1 or written in self._look_alike:
            return written
        near = {word for without in _with_one_left_out(written) for word in self._slips.get(without, ())}
        return min((word for word in near if word[0] == written[0] and _one_slip(written, word)), default=written)


def _with_one_left_out(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _one_slip(one: str, other: str) -> bool:
    """A letter left out, put in, changed, or changed places with its neighbour."""
    if len(one) != len(other):
        longer, less = (one, other) if len(one) > len(other) else (other, one)
        return len(longer) - len(less) == 1 and any(longer[:n] + longer[n + 1 :] == less for n in range(len(longer)))
    wrong = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        first, second = wrong
        return one[first] == other[second] and one[second] == other[first]
    return len(wrong) <= 1


@cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return _Lexicon(data, data["short"])
