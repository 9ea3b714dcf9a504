"""What a table of the past says became of a report: SP4N-LAPOR!'s words for a status, and ours.

The words of an export (2024) and of the public cards, the recaps and the integration interface before it; each names
the act that leads there, because a report its reporter closed is counted apart from one the system closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import override

from complaints.models.lifecycle.endings import ArchiveGround
from complaints.transitions import TERMINAL, Status

S = Status
# Verb ("": none, it only lies there) → status, and the words, the one we write ourselves first.
_WORDS: tuple[tuple[str, Status, tuple[str, ...]], ...] = (
    ("", S.SUBMITTED, ("Belum Terverifikasi", "Belum diverifikasi")),
    (
        "forward",
        S.FORWARDED,
        (
            "Belum Ditindaklanjuti", "Terverifikasi", "Sudah Terverifikasi", "Terverifikasi (belum ditindaklanjuti)",
            "Terdisposisi", "Belum diproses", "Belum",
        ),
    ),
    (
        "start",
        S.IN_PROGRESS,
        (
            "Dalam Proses", "Proses", "Diproses", "Ditindaklanjuti", "Ditindaklanjuti oleh Instansi",
            "Ditanggapi oleh Pelapor",
        ),
    ),
    ("ask", S.WAITING, ("Menunggu Kelengkapan Informasi", "Tertunda", "Ditunda", "Ditahan")),
    ("resolve", S.ANSWERED, ("Menunggu Tanggapan Pelapor", "Selesai otomatis dalam 10 hari")),
    ("accept", S.CLOSED, ("Ditutup oleh Pelapor",)),
    # By whom is not said: it must not count as accepted.
    ("lapse", S.CLOSED, ("Ditutup oleh Sistem", "Ditutup oleh Admin", "Selesai", "Selesai otomatis", "Ditutup")),
    ("archive", S.ARCHIVED, ("Diarsipkan oleh Admin", "Diarsipkan", "Ditolak", "Arsip")),
    ("expire", S.ARCHIVED, ("Diarsipkan oleh Sistem",)),
    ("withdraw", S.ARCHIVED, ("Diarsipkan oleh Pelapor", "Dicabut")),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """`verb` is the act that led to `status`; `words` are the table's own, `reason` what it says of a delay or the
    archive, `ground` one of ArchiveGround or "" where the reason names none of ours."""

    status: Status
    verb: str
    words: str
    reason: str = ""
    ground: str = ""

    @property
    def is_over(self) -> bool:
        return self.status in TERMINAL


def read(words: str, reason: str = "") -> Told | None:
    """What a cell means; None: these words are nobody's."""
    found = _known().get(_plain(words))
    if found is None:
        return None
    verb, status = found
    ground, said = _ground(reason) if verb == "archive" else ("", reason)
    return Told(status, verb, " ".join(words.split()), said, ground)


def words_of(status: str, verb: str) -> str:
    """How a table of ours says it; `verb` is the act that brought the report there."""
    for known, target, words in _WORDS:
        if target == status and (known == verb or target not in TERMINAL):
            return words[0]
    return str(Status(status).label)


def ground_words(ground: str, text: str) -> str:
    """Ground and explanation in the one cell a table has for both; `read` takes them apart again."""
    if ground not in ArchiveGround.values:
        return text
    with override("id"):
        return f"{str(ArchiveGround(ground).label).capitalize()}: {text}"


def _ground(reason: str) -> tuple[str, str]:
    before, colon, after = reason.partition(": ")
    with override("id"):
        grounds = {_plain(str(ground.label)): ground.value for ground in ArchiveGround}
    ground = grounds.get(_plain(before), "") if colon else ""
    return (ground, after) if ground else ("", reason)


def _known() -> dict[str, tuple[str, Status]]:
    with override("id"):
        # Our own names of the statuses; what is over was ended by nobody in particular.
        ours = {_plain(str(status.label)): status for status in Status} | {_plain(s.value): s for s in Status}
    known = {words: (_VERBS[status], status) for words, status in ours.items()}
    return known | {_plain(one): (verb, status) for verb, status, words in _WORDS for one in words}


_VERBS = {
    S.SUBMITTED: "",
    S.FORWARDED: "forward",
    S.IN_PROGRESS: "start",
    S.WAITING: "ask",
    S.ANSWERED: "resolve",
    S.CLOSED: "lapse",
    S.ARCHIVED: "archive",
}


def _plain(words: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", words.lower()).split())
