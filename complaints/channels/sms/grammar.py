"""What an SMS says, read from its words alone. Pure; never raises; of every text exactly one thing is said.

A command is one only where it cannot be the beginning of a story: "STATUS 7K4M-9QXD-2TB" is a command, "Status tanah
kami belum jelas" a report. Whatever is no command is a report, with the prefix of an office and the words ANONIM and
RAHASIA before it in any order. The table below is the one in docs/sms.md (tests/complaints/channels/sms).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.prefix_book import Match, one_slip
from complaints.number import read_number


class Verb(StrEnum):
    REPORT = "report"
    STATUS = "status"
    REPLY = "reply"
    DONE = "done"
    NOT_DONE = "not_done"
    NEW = "new"
    HELP = "help"
    STOP = "stop"
    START = "start"
    THANKS = "thanks"
    EMPTY = "empty"


class Takes(StrEnum):
    """What makes a first word a command."""

    NUMBER = "number"  # a number behind it, or nothing
    ANYTHING = "anything"  # whatever is behind it
    ALONE = "alone"  # nothing behind it


@dataclass(frozen=True)
class Command:
    """`words`: Indonesian ones, the first of them printed; `english` the same for who writes English."""

    verb: Verb
    takes: Takes
    words: tuple[str, ...]
    english: tuple[str, ...]
    form: str
    example: str
    meaning: str | Promise


# A number that could be one, for examples.
NUMBER: Final = "7K4M-9QXD-2TT"

COMMANDS: Final = (
    Command(
        Verb.STATUS,
        Takes.NUMBER,
        ("status", "cek", "lacak"),
        ("track",),
        "STATUS nomor",
        f"STATUS {NUMBER}",
        _("Keadaan laporan itu; hanya untuk telepon yang mengirimnya."),
    ),
    Command(
        Verb.REPLY,
        Takes.ANYTHING,
        ("balas", "jawab"),
        ("reply",),
        "BALAS nomor isi",
        f"BALAS {NUMBER} Di depan rumah nomor 7.",
        _("Menjawab kantor atau menambah keterangan. Tanpa isi: pesan yang tadi ditanyakan untuk laporan mana."),
    ),
    Command(
        Verb.DONE,
        Takes.NUMBER,
        ("selesai", "beres"),
        ("done",),
        "SELESAI nomor",
        f"SELESAI {NUMBER}",
        _("Jawaban akhir diterima; laporan ditutup."),
    ),
    Command(
        Verb.NOT_DONE,
        Takes.NUMBER,
        ("belum",),
        ("notdone",),
        "BELUM nomor [isi]",
        f"BELUM {NUMBER} Masih berlubang.",
        _("Belum beres: laporan dikerjakan lagi. Yang sudah ditutup dibuka lagi, satu kali dalam 30 hari kerja."),
    ),
    Command(
        Verb.NEW,
        Takes.ANYTHING,
        ("baru",),
        ("new",),
        "BARU",
        "BARU",
        _("Pesan yang tadi ditanyakan adalah laporan baru."),
    ),
    Command(
        Verb.HELP,
        Takes.ALONE,
        ("bantu", "bantuan", "menu"),
        ("help", "info"),
        "BANTU",
        "BANTU",
        _("Cara menulis."),
    ),
    Command(
        Verb.STOP,
        Takes.ALONE,
        ("stop", "berhenti"),
        (),
        "STOP",
        "STOP",
        _("Tidak ada kabar lagi ke telepon ini; laporannya tetap berjalan."),
    ),
    Command(
        Verb.START,
        Takes.ALONE,
        ("mulai",),
        ("start",),
        "MULAI",
        "MULAI",
        _("Kabar dikirim lagi."),
    ),
)
# Words before a report: they close it, or are only said because the channel is called so.
ANONYMOUS: Final = ("anonim",), ("anonymous",)
SECRET: Final = ("rahasia",), ("secret",)
CALLED: Final = ("lapor", "laporan", "aduan"), ("report",)
REPORTS: Final = (
    ("AWALAN isi", "INHU Lampu jalan di depan pasar mati", _("Laporan untuk kantor yang punya awalan itu.")),
    ("isi", "Lampu jalan di depan pasar mati", _("Laporan tanpa awalan: meja nasional yang mencarikan kantornya.")),
    (
        "ANONIM AWALAN isi",
        "ANONIM INHU Ada pungutan di loket",
        _("Nama dan nomor telepon tidak dilihat kantor mana pun."),
    ),
    ("RAHASIA AWALAN isi", "INHU RAHASIA Ada pungutan di loket", _("Isinya hanya untuk petugas yang menangani.")),
)

_WORD: Final = re.compile(r"[^\W_]+")
_BETWEEN: Final = " \t\n.,:;#/|_<>()[]{}\"'*!-–—"
# "nomor 7K4M…", "laporan no. 7K4M…"
_NUMBER_IS: Final = re.compile(r"(?:(?:laporan|nomor|nomer|nmr|no|number|report)\b[\s.:#]*)+", re.IGNORECASE)
_TIGHT: Final = re.compile(r"([0-9a-z]{11}|[0-9a-z]{4}[-. _/]{1,2}[0-9a-z]{4}[-. _/]{1,2}[0-9a-z]{3})(?![^\W_])", re.I)
_LOOSE: Final = re.compile(r"([0-9a-z](?:[-. _/]{0,2}[0-9a-z]){10})(?![^\W_])", re.I)
# What was meant as a number and is none: a character wrong or missing.
_NEARLY: Final = re.compile(r"(?=\S*\d)(?=\S*[a-z]|\S{8})[0-9a-z][0-9a-z\-._/]{3,19}(?![^\W_])", re.I)
_COURTESY: Final = frozenset(
    [
        "terimakasih",
        "makasih",
        "makasi",
        "trimakasih",
        "trims",
        "tks",
        "thx",
        "thanks",
        "thankyou",
        "suwun",
        "hatur",
        "nuhun",
        "matursuwun",
        "ok",
        "oke",
        "okey",
        "okay",
        "baik",
        "siap",
        "sip",
        "mantap",
        "ya",
        "iya",
        "yes",
        "y",
        "yoi",
        "noted",
        "terima",
        "kasih",
        "banyak",
        "pak",
        "bu",
        "bapak",
        "ibu",
        "min",
        "admin",
        "kak",
        "matur",
        "alhamdulillah",
        "amin",
        "sama",
        "samasama",
        "sudah",
        "atas",
        "bantuannya",
        "infonya",
        "informasinya",
        "tq",
        "ty",
        "you",
        "thank",
    ]
)
_ENGLISH_ONLY: Final = frozenset(
    word for group in (ANONYMOUS, SECRET, CALLED, *((c.words, c.english) for c in COMMANDS)) for word in group[1]
)


@dataclass(frozen=True)
class Said:
    """`number`: stored form, "" for none; `misread`: something stood there that is no number. `body` is what is said
    besides, `text` the whole message."""

    verb: Verb
    text: str = ""
    body: str = ""
    number: str = ""
    misread: bool = False
    prefix: Match | None = None
    anonymous: bool = False
    secret: bool = False
    language: str = "id"

    @property
    def is_explicit(self) -> bool:
        """A report that nobody could take for an answer to something else."""
        return self.verb is Verb.REPORT and (self.prefix is not None or self.anonymous or self.secret)


def parse(text: str, find: Callable[[str], Match | None]) -> Said:
    """What it says; `find` reads the prefix of an office at the beginning of a text."""
    text = text.strip()
    if not _WORD.search(text):
        return Said(Verb.EMPTY, text)
    if said := _command(text):
        return said
    return _report(text, find)


# --- Commands ---


def _command(text: str) -> Said | None:
    number, rest, _misread = _number(text)
    if number and not _names_one(text):
        return Said(Verb.REPLY if rest else Verb.STATUS, text, rest, number)
    words = _words(text)
    if len(words) <= 12 and all(word in _COURTESY for word in words):
        return Said(Verb.THANKS, text, text)
    word, rest = _first(text)
    if word == "not" and _first(rest)[0] == "done":
        word, rest = "notdone", _first(rest)[1]
    for command in COMMANDS:
        language = "en" if word in command.english else "id"
        if word in command.words or word in command.english:
            return _behind(command, text, rest, language)
        if any(len(known) > 4 and one_slip(known, word) for known in (*command.words, *command.english)):
            # Misspelt, it is a command only where a number follows.
            number, more, _misread = _number(rest)
            if number and command.takes is not Takes.ALONE:
                return Said(command.verb, text, more, number, language=language)
    return None


def _names_one(text: str) -> bool:
    """A command with its number. SELESAI 38G4-JWKZ-KAM: seven letters and the first four can pass for eleven."""
    word, rest = _first(text)
    return word in _COMMAND_WORDS and bool(_number(rest)[0])


def _behind(command: Command, text: str, rest: str, language: str) -> Said | None:
    said = Said(command.verb, text, language=language)
    if not rest:
        return said
    if command.takes is Takes.ALONE:
        # "BANTU STATUS" asks how to; "Bantu kami, pak" asks for help.
        known = command.verb is Verb.HELP and len(_words(rest)) == 1 and _first(rest)[0] in _COMMAND_WORDS
        return said if known or (_first(rest)[0] in CALLED[0] and len(_words(rest)) == 1) else None
    if command.verb is Verb.NEW:
        return replace(said, body=rest)
    number, more, misread = _number(rest)
    # "Status KTP2023 saya di kecamatan …" is a story: behind what only looks like a number little may follow.
    if number or (misread and (command.verb is not Verb.STATUS or len(_words(more)) <= 2)):
        return replace(said, number=number, body=more, misread=misread)
    if command.takes is Takes.ANYTHING:
        return replace(said, body=rest)
    if command.verb in (Verb.DONE, Verb.NOT_DONE) and all(word in _COURTESY for word in _words(rest)):
        return replace(said, body=rest)
    return None


_COMMAND_WORDS: Final = frozenset(word for command in COMMANDS for word in (*command.words, *command.english))


def _number(text: str) -> tuple[str, str, bool]:
    """The number at the beginning of a text, what follows it, and whether something there only looked like one."""
    start = text.lstrip(_BETWEEN)
    if named := _NUMBER_IS.match(start):
        start = start[named.end() :].lstrip(_BETWEEN)
    for pattern in (_TIGHT, _LOOSE):
        found = pattern.match(start)
        # Eleven letters in a row that pass the check are a number; spread over words they need a digit among them.
        if found and (pattern is _TIGHT or any(ch.isdigit() for ch in found[1])):
            number = read_number(found[1])
            if number:
                return number, start[found.end() :].lstrip(_BETWEEN), False
    tight = _TIGHT.match(start)
    nearly = tight if tight and any(ch.isdigit() for ch in tight[1]) else _NEARLY.match(start)
    if nearly:
        return "", start[nearly.end() :].lstrip(_BETWEEN), True
    return "", text, False


# --- Reports ---


@dataclass
class _Front:
    """What stands before a story, taken off bit by bit."""

    rest: str
    prefix: Match | None = None
    anonymous: bool = False
    secret: bool = False
    language: str = "id"
    taken: list[str] = field(default_factory=list)


def _report(text: str, find: Callable[[str], Match | None]) -> Said:
    front = _Front(text)
    while _take(front, find):
        pass
    if not front.taken:
        return Said(Verb.REPORT, text, text, language=front.language)
    # "RAHASIA STATUS 7K4M-9QXD-2TB": what is asked for is the state, and a report has no number yet.
    said = _command(front.rest)
    if said is not None and said.number and front.prefix is None:
        return replace(said, text=text)
    return Said(
        Verb.REPORT,
        text,
        front.rest,
        prefix=front.prefix,
        anonymous=front.anonymous,
        secret=front.secret,
        language=front.language,
    )


def _take(front: _Front, find: Callable[[str], Match | None]) -> bool:
    """One word or prefix more off the front; False: the story begins."""
    word, after = _first(front.rest)
    if word in _ENGLISH_ONLY and not front.taken:
        front.language = "en"
    for words, name in ((ANONYMOUS, "anonymous"), (SECRET, "secret")):
        if word in (*words[0], *words[1]) and not getattr(front, name):
            setattr(front, name, True)
            front.rest = after
            front.taken.append(name)
            return True
    if front.prefix is None and (match := find(front.rest)):
        front.prefix, front.rest = match, match.rest
        front.taken.append("prefix")
        return True
    if not front.taken and word in (*CALLED[0], *CALLED[1]) and after:
        # "Lapor pak, jalan rusak" stays whole; "LAPOR INHU jalan rusak" begins with its prefix.
        ahead = _Front(after)
        if _take(ahead, find):
            front.rest = after
            return True
    return False


# --- Words ---


def _first(text: str) -> tuple[str, str]:
    """The first word in small letters, and what follows it."""
    found = _WORD.search(text)
    if found is None:
        return "", text
    return found[0].casefold(), text[found.end() :].lstrip(_BETWEEN)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def reserved() -> Iterator[str]:
    """Every word that means something here: no prefix of an office may be read as one."""
    yield from _COMMAND_WORDS
    for words in (ANONYMOUS, SECRET, CALLED):
        yield from (*words[0], *words[1])


def table() -> list[str]:
    """The rows of docs/sms.md."""
    rows = [*REPORTS, *((command.form, command.example, command.meaning) for command in COMMANDS)]
    return [f"| `{form}` | {example} | {meaning} |" for form, example, meaning in rows]
