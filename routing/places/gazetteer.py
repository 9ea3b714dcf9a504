"""Names of places as people write them → their codes: 38 provinsi, 514 kabupaten/kota, 7,285 kecamatan, 83,762 desa.

Built from the shipped lists of wilayah, once in the life of a process and only when asked: half a second, some 20 MB.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agencies.loading import DATA

FOLDER = DATA / "wilayah"
_OF_LEVEL = ("provinces.csv", "regencies.csv", "districts.csv", "villages.csv")
# What stands before the name of a kabupaten or kota in the list and before none of the others.
_BEFORE = ("kabupaten administrasi ", "kota administrasi ", "kabupaten ", "kota ")
_WORD = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*")
_APOSTROPHES = str.maketrans("", "", "'’`")

# A word of a name for short → as the list has it.
SHORT = {
    "utr": "utara",
    "ut": "utara",
    "slt": "selatan",
    "sltn": "selatan",
    "sel": "selatan",
    "tmr": "timur",
    "tim": "timur",
    "brt": "barat",
    "bar": "barat",
    "tgh": "tengah",
    "teng": "tengah",
    "pst": "pusat",
    "kep": "kepulauan",
    "tj": "tanjung",
    "tjg": "tanjung",
    "tg": "tanjung",
    "gn": "gunung",
    "sei": "sungai",
    "bkl": "bengkulu",
    "smg": "semarang",
    "smrg": "semarang",
    "smrng": "semarang",
    "smrang": "semarang",
    "bdg": "bandung",
    "jkt": "jakarta",
    "jak": "jakarta",
    "bks": "bekasi",
    "bgr": "bogor",
    "mks": "makassar",
    "mksr": "makassar",
    "makasar": "makassar",
    "plg": "palembang",
    "pku": "pekanbaru",
    "bjm": "banjarmasin",
    "bjb": "banjarbaru",
    "dps": "denpasar",
    "mlg": "malang",
    "sda": "sidoarjo",
    "sidoardjo": "sidoarjo",
    "bjn": "bojonegoro",
    "jogyakarta": "yogyakarta",
    "i": "satu",
    "ii": "dua",
}


@dataclass(frozen=True)
class Word:
    """One word of a text, `said` as it is looked up; `start` and `end` are its letters in the text."""

    said: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """Small letters without accents and apostrophes; a hyphen or a slash parts two words."""
    return [Word(_plain(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]


def _plain(word: str) -> str:
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return word.translate(_APOSTROPHES).lower()


class Gazetteer:
    """Which codes a name has, at all levels. A code's own depth tells its level."""

    def __init__(self, names: Iterable[tuple[str, str]], also: Iterable[tuple[str, str]] = ()) -> None:
        """`names`: (code, name) of the list, a wider place before those in it; `also`: other names of a code."""
        codes: dict[str, list[str]] = {}
        self._named: dict[str, str] = {}
        for code, name in names:
            said = _spoken(code, name)
            self._put(codes, said, code)
            if len(code) <= 8:
                self._named[code] = said
                # "Tebingtinggi", "Batang Hari": together as often as apart; "Gn. Bintang": for short in the list.
                if " " in said:
                    self._put(codes, said.replace(" ", ""), code)
                    self._put(codes, " ".join(SHORT.get(word, word) for word in said.split(" ")), code)
        for said, code in also:
            self._put(codes, said, code)
        self._codes = {name: tuple(found) for name, found in codes.items() if name}
        self._longest: dict[str, int] = {}
        for name in self._codes:
            first, count = name.split(" ", 1)[0], name.count(" ") + 1
            self._longest[first] = max(count, self._longest.get(first, 1))

    @staticmethod
    def _put(codes: dict[str, list[str]], said: str, code: str) -> None:
        found = codes.setdefault(said, [])
        if code not in found:
            found.append(code)

    def codes(self, name: str) -> tuple[str, ...]:
        return self._codes.get(name, ())

    def longest(self, first: str) -> int:
        """Of how many words the longest name is that begins with this one; 0: none begins so."""
        return self._longest.get(first, 0)

    def name(self, code: str) -> str:
        """As it is looked up: "sukamaju", without "kabupaten". Only of kecamatan and wider."""
        return self._named.get(code, "")


def _spoken(code: str, name: str) -> str:
    said = " ".join(_WORD.findall(_plain(name)))
    if len(code) == 5:
        for before in _BEFORE:
            if said.startswith(before):
                return said.removeprefix(before)
    return said


@cache
def shipped(folder: Path = FOLDER) -> Gazetteer:
    with (folder / "sebutan.csv").open(encoding="utf-8", newline="") as file:
        also = [(row["said"], row["code"]) for row in csv.DictReader(file)]
    return Gazetteer(_rows(folder), also)


def _rows(folder: Path) -> Iterable[tuple[str, str]]:
    for name in _OF_LEVEL:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["code"], row["name"]
