"""Reference data in: places, offices, holidays. Every loader may run twice; the second run changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class Refused:
    """One row that was not taken: its line in the file (the header is 1), the column, and why."""

    line: int
    column: str
    reason: str


@dataclass
class Outcome:
    """What a loader did, or would do in a dry run."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(self.added)} baru, {len(self.changed)} berubah, {len(self.ended)} berakhir, "
            f"{self.unchanged} tetap, {len(self.refused)} ditolak"
        )
