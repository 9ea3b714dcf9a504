"""Our statuses in LAPOR!'s own words, for systems that learned those (domain/lapor.md section 2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from complaints.models.lifecycle.endings import ArchiveGround
from complaints.transitions import OPEN, Status

# What an integration of LAPOR! calls each; said to machines, so in no language but LAPOR!'s.
LAPOR = {
    Status.SUBMITTED: "Belum Terverifikasi",
    Status.WAITING: "Tertunda",
    Status.FORWARDED: "Terverifikasi",
    Status.IN_PROGRESS: "Dalam Proses",
    Status.ANSWERED: "Dalam Proses",
    Status.CLOSED: "Selesai",
    Status.ARCHIVED: "Diarsipkan",
}
# Archived because it was no report for anybody: LAPOR! calls that refused.
REFUSED = "Ditolak"
REFUSED_GROUNDS = (ArchiveGround.NOT_PUBLIC_SERVICE, ArchiveGround.ABUSE)


@dataclass(frozen=True)
class Row:
    """One line of the map; `ground` "": whatever the ground."""

    code: str
    name: str
    lapor: str
    ground: str
    open: bool


def lapor_word(status: str, ground: str = "") -> str:
    return REFUSED if status == Status.ARCHIVED and ground in REFUSED_GROUNDS else LAPOR[Status(status)]


def table() -> list[Row]:
    rows = [Row(code.value, str(code.label), LAPOR[code], "", code in OPEN) for code in Status]
    archived = Status.ARCHIVED
    return rows + [Row(archived.value, str(archived.label), REFUSED, ground.value, False) for ground in REFUSED_GROUNDS]
