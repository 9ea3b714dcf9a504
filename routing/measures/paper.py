"""The page of numbers as a table to take away: rows for CSV and XLSX, a tagged PDF (PDF/UA-1) by the typesetter, which
never enters the web process (`complaints.poster.press`)."""

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
class Sheet:
    """`about`: what was asked, when, by whom."""

    title: str
    about: Sequence[tuple[str, str]]
    groups: Sequence[tuple[str, Sequence[Line]]]

    @property
    def head(self) -> list[str]:
        return [_("Ukuran"), _("Periode ini"), _("Dari"), _("Pembanding"), _("Dari"), _("Rumus")]

    def rows(self) -> Iterator[list[str]]:
        yield [self.title, "", "", "", "", ""]
        for name, value in self.about:
            yield [name, value, "", "", "", ""]
        yield [""] * 6
        yield self.head
        for title, lines in self.groups:
            yield [title, "", "", "", "", ""]
            for line in lines:
                yield [line.label, line.now, line.now_n, line.before, line.before_n, line.formula]

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
            }
            (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
            return press.typeset(folder)
