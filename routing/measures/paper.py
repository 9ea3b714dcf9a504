"""Numbers as a table to take away: rows for CSV and XLSX, a tagged PDF (PDF/UA-1) by the typesetter, which never enters
the web process (`complaints.poster.press`)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.poster import press

KINDS: Final = ("CSV", "XLSX", "PDF")
_HERE: Final = Path(__file__).parent
# With more columns than these the page lies on its side.
_UPRIGHT: Final = 7


@dataclass(frozen=True)
class Line:
    """One measure: its value, how many it rests on, the same of the other period, its formula."""

    label: str
    now: str
    now_n: str = ""
    before: str = ""
    before_n: str = ""
    formula: str = ""


@dataclass(frozen=True)
class Table:
    """As a page shows it: a name in the first column, numbers in the others."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Sheet:
    """`about`: what was asked, when, by whom."""

    title: str
    about: Sequence[tuple[str, str]]
    groups: Sequence[tuple[str, Sequence[Line]]] = ()
    tables: Sequence[Table] = ()

    @property
    def head(self) -> list[str]:
        return [_("Ukuran"), _("Periode ini"), _("Dari"), _("Pembanding"), _("Dari"), _("Rumus")]

    def rows(self) -> Iterator[list[str]]:
        """All equally wide."""
        wide = max([2, len(self.head) if self.groups else 0, *(len(table.head) for table in self.tables)])
        for row in self._rows():
            yield [*row, *[""] * (wide - len(row))]

    def _rows(self) -> Iterator[list[str]]:
        yield [self.title]
        for name, value in self.about:
            yield [name, value]
        yield []
        if self.groups:
            yield self.head
        for title, lines in self.groups:
            yield [title]
            for line in lines:
                yield [line.label, line.now, line.now_n, line.before, line.before_n, line.formula]
        for number, table in enumerate(self.tables):
            if number or self.groups:
                yield []
            yield [table.title]
            yield list(table.head)
            for row in table.rows:
                yield list(row)

    def pdf(self) -> bytes:
        """Raises press.NotPrinted."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "sheet.typ").write_bytes((_HERE / "paper.typ").read_bytes())
            words = {
                "language": (get_language() or "id")[:2],
                "title": self.title,
                "about": self.about,
                "head": self.head,
                "groups": [{"title": title, "lines": [asdict(line) for line in lines]} for title, lines in self.groups],
                "tables": [asdict(table) for table in self.tables],
                "flipped": any(len(table.head) > _UPRIGHT for table in self.tables),
            }
            (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
            return press.typeset(folder)
