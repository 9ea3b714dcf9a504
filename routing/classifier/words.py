"""A text as what a classifier counts: words, pairs of words, parts of words, and known words of a bidang.

Features are numbers (a checksum of the word with its kind before it), so what is kept of a text can't be read back.
Spelling is brought together first (complaints/data), names of provinces, kabupaten and kota become one sign, so that
what was learnt in one city holds in the next; common names of persons, and labels of what was masked, are left out.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from zlib import crc32

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SPELLINGS = (ROOT / "complaints/data/slang_id.csv", ROOT / "complaints/data/ejaan.csv")
STOP_WORDS = ROOT / "complaints/data/kata_henti.txt"
NAMES = ROOT / "complaints/data/nama_lazim.txt"
WILAYAH = ROOT / "agencies/data/wilayah"
LEXICON = HERE / "data" / "kosakata.csv"

# Longer texts say nothing new; reading stays within milliseconds.
LONGEST = 4_000
SHORTEST_STEM = 4
# Parts of words from so many to so many letters, the blank before and after a word among them.
PARTS = (3, 4, 5)
LONGEST_PHRASE = 4
# Shorter names of places ("Kota", "Batu") are words first.
SHORTEST_PLACE = 5
TITLE = 1.5
# What stands for the name of a kabupaten or kota, and of a province; codes that begin so are Jakarta's.
DISTRICT, PROVINCE, JAKARTA = "⌂", "⌂⌂", "31"

_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_MASKED = re.compile(r"\[[A-Z_]{2,20}\]|\[[^\[\]\n]{2,40} disamarkan\]")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_ELECTRONIC = re.compile(r"\be[ -](?=ktp|klaim|id\b|warong|filing|budgeting|billing)")
_AGAIN = re.compile(r"(.)\1{2,}")
_PREFIXES = (
    ("meny", "s"),
    ("peny", "s"),
    ("menge", ""),
    ("meng", ""),
    ("peng", ""),
    ("mem", ""),
    ("pem", ""),
    ("men", ""),
    ("pen", ""),
    ("ber", ""),
    ("per", ""),
    ("ter", ""),
    ("di", ""),
    ("ke", ""),
    ("se", ""),
    ("me", ""),
    ("pe", ""),
)
_PARTICLES = ("nya", "lah", "kah", "pun", "ku", "mu")
_SUFFIXES = ("kan", "an", "i")

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """One report as features. `words` and `parts`: number of the feature → how often; `known`: bidang (or level) →
    how much the known words speak for it; `phrases`: those words, as the text has them."""

    words: Mapping[int, float]
    parts: Mapping[int, float]
    known: Mapping[str, float]
    phrases: Mapping[str, tuple[str, ...]]
    length: int


def read(title: str, body: str) -> Text:
    head, story = words_of(title), words_of(body[:LONGEST])
    counted: Counter[int] = Counter()
    for words in (head, story):
        counted.update(_features(words))
    counted.update(number("t", stem(word)) for word in set(head) if word not in stop_words())
    parts: Counter[int] = Counter()
    for word in (*head, *head, *story):
        parts.update(parts_of(word))
    known, phrases = _known(head, story)
    return Text(counted, parts, known, phrases, len(head) + len(story))


def _features(words: list[str]) -> Iterator[int]:
    for word in words:
        if word not in stop_words():
            yield number("w", word)
            yield number("s", stem(word))
    for one, other in pairwise(words):
        yield number("b", f"{stem(one)} {stem(other)}")


def number(kind: str, word: str) -> int:
    """The feature's number: 32 bits, from which no word can be read."""
    return crc32(f"{kind}:{word}".encode())


@lru_cache(maxsize=20_000)
def parts_of(word: str) -> tuple[int, ...]:
    framed = f" {word} "
    return tuple(number("c", framed[start : start + size]) for size in PARTS for start in range(len(framed) - size + 1))


# --- Words ---


def words_of(text: str) -> list[str]:
    """ "Jln. rusaaak bgt di Kab. Nganjuk, Pak Budi!!" → ["jalan", "rusak", "banget", "di", "kabupaten", "⌂", "pak"]."""
    return [word for word in _without_places(plain_words(text)) if word not in names_of_persons()]


def plain_words(text: str) -> list[str]:
    """Lower case, standard spelling, without links, masks and doubled letters; long numbers are all the same."""
    text = _LINK.sub(" ", _MASKED.sub(" ", unicodedata.normalize("NFKC", text)).casefold())
    found: list[str] = []
    for word in _WORD.findall(_ELECTRONIC.sub("e", text)):
        short = _AGAIN.sub(r"\1", word)
        for standard in spellings().get(short, short).split():
            found += ["#" if part.isdigit() and len(part) > 2 else part for part in standard.split("-") if part]
    return found


def _without_places(words: list[str]) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(words):
        name = next((name for size in (3, 2, 1) if (name := tuple(words[at : at + size])) in places()), ())
        found.append(places()[name] if name else words[at])
        at += len(name) or 1
    return found


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Without particle, one prefix and one suffix, never shorter than four letters: "pengaspalan" → "aspal".

    No dictionary stands behind it; what it cuts too much it cuts alike everywhere.
    """
    if len(word) <= SHORTEST_STEM or not word.isalpha():
        return word
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= SHORTEST_STEM:
            word = word.removesuffix(particle)
            break
    for prefix, instead in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST_STEM:
            word = instead + word.removeprefix(prefix)
            break
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            return word.removesuffix(suffix)
    return word


# --- Known words ---


def _known(head: list[str], story: list[str]) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
    """What the lexicon says. A word of several bidang speaks a little for each; a phrase more than a word."""
    hits: Counter[Phrase] = Counter()
    for words, weight in ((head, TITLE), (story, 1.0)):
        for size in range(1, LONGEST_PHRASE + 1):
            for start in range(len(words) - size + 1):
                phrase = tuple(words[start : start + size])
                if phrase in lexicon():
                    hits[phrase] += weight  # type: ignore[assignment]  # typeshed: counts of a Counter are int
    known: Counter[str] = Counter()
    phrases: dict[str, list[str]] = {}
    for phrase, count in hits.items():
        fields = lexicon()[phrase]
        for name in fields:
            known[name] += damped(count) * (1 + (len(phrase) - 1) / 2) / len(fields)  # type: ignore[assignment]
            phrases.setdefault(name, []).append(" ".join(phrase))
    return dict(known), {name: tuple(sorted(said, key=len, reverse=True)) for name, said in phrases.items()}


def damped(count: float) -> float:
    """The tenth time a word is said adds little to the ninth."""
    return 1 + math.log(count) if count >= 1 else count


# --- Tables, read once by the process that reads texts ---


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def spellings() -> dict[str, str]:
    return {row["ragam"].casefold(): row["baku"].casefold() for path in SPELLINGS for row in rows(path)}


@cache
def stop_words() -> frozenset[str]:
    return frozenset(STOP_WORDS.read_text(encoding="utf-8").split())


@cache
def names_of_persons() -> frozenset[str]:
    """Without those that are words too, which the list marks."""
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    return frozenset(
        name for line in lines if not line.startswith("#") for name in line.split() if not name.startswith("?")
    ) - {"ferry"}


@cache
def places() -> dict[Phrase, str]:
    """Names of provinces, kabupaten and kota, without what they are → the sign that stands for them.

    Jakarta's kota have no government of their own: they are their province.
    """
    kind = re.compile(
        r"^(?:kabupaten|kota|provinsi|daerah istimewa|dki|daerah khusus ibukota)(?: administrasi| adm\.?)? "
    )
    found: dict[Phrase, str] = {}
    for table, sign in (("regencies", DISTRICT), ("provinces", PROVINCE)):
        for row in rows(WILAYAH / f"{table}.csv"):
            name = tuple(plain_words(kind.sub("", row["name"].casefold())))
            if len(name) > 1 or (name and len(name[0]) >= SHORTEST_PLACE):
                found[name] = PROVINCE if row["code"].startswith(JAKARTA) else sign
    return found


@cache
def lexicon() -> dict[Phrase, tuple[str, ...]]:
    """Phrase → the bidang (or "level:…", "kind:…") it speaks for."""
    found: dict[Phrase, set[str]] = {}
    for row in rows(LEXICON):
        for phrase in split(row["words"]):
            found.setdefault(tuple(words_of(phrase)), set()).add(row["speaks_for"])
    return {phrase: tuple(sorted(fields)) for phrase, fields in found.items() if phrase}


def split(words: str) -> Iterable[str]:
    return (word.strip() for word in words.split(",") if word.strip())
