"""The pack of one district: everything of its year to take away, as a tagged PDF (PDF/UA-1) and as a workbook."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.poster import press
from lapor.kit import wording
from routing.evaluation import story
from routing.evaluation.indicators import INDICATORS
from routing.evaluation.method import Body
from routing.evaluation.numbers import Counted
from routing.measures import catalogue
from routing.models import Cycle, Evaluation, Evidence

KINDS: Final = ("PDF", "XLSX")
_HERE: Final = Path(__file__).parent
Stage = Cycle.Stage


@dataclass(frozen=True)
class Part:
    """A table with its title and, before it, a sentence. `widths`: of its columns, to each other."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    words: str = ""


@dataclass(frozen=True)
class Pack:
    title: str
    about: Sequence[tuple[str, str]]
    conclusion: str
    foot: str
    parts: Sequence[Part]

    def sheets(self) -> Iterator[tuple[str, Iterator[Sequence[str]]]]:
        """(name, rows) for a workbook: what it is about first, then a sheet for each part."""

        def first() -> Iterator[Sequence[str]]:
            yield [self.title, ""]
            yield from self.about
            if self.conclusion:
                yield [self.conclusion, ""]

        yield _("Ringkasan"), first()
        for part in self.parts:
            yield part.title, iter([part.head, *part.rows, *([[part.words]] if part.words else [])])

    def pdf(self) -> bytes:
        """Raises press.NotPrinted."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "sheet.typ").write_bytes((_HERE / "pack.typ").read_bytes())
            words = {
                "language": (get_language() or "id")[:2],
                "title": self.title,
                "about": list(self.about),
                "conclusion": self.conclusion,
                "foot": self.foot,
                "parts": [asdict(part) for part in self.parts],
            }
            (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
            return press.typeset(folder)


def of(row: Evaluation, *, by: str) -> Pack:
    """What its readers see on the page at this moment. At most 14 statements."""
    cycle, body = row.cycle, Body.of(row.cycle.method.body)
    told = cycle.stage in (Stage.OBJECT, Stage.DECIDE, Stage.FREEZE, Stage.PUBLISHED)
    result, before = story.result_of(row, body), story.before(row)
    peers = story.peers(row) if told else {}
    blocks = story.blocks(result, body, before=before.result if before else None, peers=peers)
    method = _("versi %(n)s, %(basis)s") % {"n": cycle.method.number, "basis": cycle.method.legal_basis}
    about = [
        (_("Daerah"), row.name),
        (_("Tahun"), str(cycle.year)),
        (_("Edisi"), _edition(cycle)),
        (_("Tahap"), cycle.get_stage_display()),
        (_("Angka ditutup"), wording.moment(cycle.cut_at)),
        (_("Cara menghitung"), method),
        (_("Kelompok"), story.size_words(body, row.size)),
        (_("Tanda tangan pimpinan daerah"), _signed(row)),
        (_("Diunduh"), _("%(at)s oleh %(name)s") % {"at": wording.moment(timezone.now()), "name": by}),
    ]
    if cycle.digest:
        about.append((_("Sidik jari terbitan"), cycle.digest))
    parts = [
        Part(
            _("Angka"),
            [_("Ukuran"), _("Jumlah"), _("Dari")],
            [[label, value, base] for label, value, base, _code in story.figures(Counted.read(row.numbers))],
            [4, 2, 4],
        ),
        Part(
            _("Indikator"),
            [
                _("Indikator"),
                _("Bobot"),
                _("Nilai"),
                _("Rentang 95 %"),
                "n",
                _("Tahun lalu"),
                _("Tengah kelompok"),
            ],
            [line for block in blocks for line in _block(block)],
            [6, 2, 2, 4, 2, 2, 3],
            _("Nilai 0 sampai 100. Yang tanpa nilai menyerahkan bobotnya ke indikator lain dalam dimensinya."),
        ),
        Part(
            _("Perangkat daerah dan kecamatan"),
            [_("Kantor"), _("Diterima"), _("Giliran"), _("Dalam waktunya"), _("Median hari"), _("Nilai")],
            [_office(line) for line in story.offices(row, body)],
            [6, 2, 2, 2, 2, 3],
            _("Menurut giliran kantor itu sendiri; nilai hanya dari %(n)s giliran ke atas.") % {"n": body.least},
        ),
        Part(
            _("Bukti"),
            [_("Macam"), _("Bukti"), _("Tanggal"), _("Nilai"), _("Alasan")],
            [line for one in story.criteria(row) for line in _criterion(one, told)],
            [3, 5, 2, 1, 4],
        ),
    ]
    past = story.past(row) if told else []
    if past:
        parts.append(
            Part(
                _("Dari tahun ke tahun"),
                [_("Tahun"), _("Indeks"), _("Laporan")],
                [[str(year), story.shown(value), wording.number(cases)] for year, value, cases in past],
                [2, 2, 2],
                _("Yang terbit, menurut edisi terakhir setiap tahun. Tanpa indeks: laporannya terlalu sedikit."),
            )
        )
    if row.comment:
        parts.append(Part(_("Komentar daerah"), [], [], [1], row.comment))
    objections = list(row.objections.all())
    if objections:
        parts.append(
            Part(
                _("Keberatan"),
                [_("Tentang"), _("Keberatan"), _("Keputusan"), _("Alasan")],
                [[_about(one.about), one.reason, one.get_decision_display(), one.decided_why] for one in objections],
                [2, 4, 2, 4],
            )
        )
    parts.append(
        Part(
            _("Rumus"),
            [_("Indikator"), _("Rumus")],
            [[one.name, one.formula] for code, one in INDICATORS.items() if body.indicators.get(code)],
            [2, 6],
        )
    )
    title = _("Evaluasi %(year)s: %(district)s") % {"year": cycle.year, "district": row.name}
    foot = _("LAPOR!, evaluasi %(year)s edisi %(edition)s, cara menghitung versi %(method)s") % {
        "year": cycle.year,
        "edition": cycle.edition,
        "method": cycle.method.number,
    }
    return Pack(title, about, story.conclusion(row, body) if told else "", foot, parts)


def _signed(row: Evaluation) -> str:
    if row.signed_at is None:
        return _("belum ditandatangani")
    if row.signed_by is None:
        return wording.moment(row.signed_at)
    return _("%(name)s, %(at)s") % {"name": row.signed_by.name, "at": wording.moment(row.signed_at)}


def _edition(cycle: Cycle) -> str:
    if cycle.corrects is None:
        return str(cycle.edition)
    return _("%(edition)s, memperbaiki edisi %(old)s: %(reason)s") % {
        "edition": cycle.edition,
        "old": cycle.corrects.edition,
        "reason": cycle.reason,
    }


def _block(block: story.Block) -> Iterator[list[str]]:
    for line in (block.line, *block.lines):
        name = line.name.upper() if line is block.line else line.name
        n = wording.number(line.n) if line.value is not None and line is not block.line else ""
        was, others = story.shown(line.before), story.shown(line.peers)
        yield [name, f"{line.weight:g}", story.shown(line.value), line.range, n, was, others]


def _office(line: story.OfficeLine) -> list[str]:
    return [
        line.name,
        wording.number(line.received),
        wording.number(line.turns),
        f"{line.in_time} %" if line.in_time is not None else "–",
        wording.number(line.median),
        story.shown(line.score.value) if line.score else _("belum cukup"),
    ]


def _criterion(one: story.Criterion, told: bool) -> Iterator[list[str]]:
    points = str(one.points.points) if one.points and told else "–"
    why = one.points.why if one.points and told else ""
    if not one.given:
        yield [one.name, _("tidak disampaikan"), "", points, why]
    for n, evidence in enumerate(one.given):
        day = wording.plain_day(evidence.day)
        yield [one.name if n == 0 else "", evidence.title, day, points if n == 0 else "", why if n == 0 else ""]


def _about(code: str) -> str:
    if code in INDICATORS:
        return INDICATORS[code].name
    if code in Evidence.Kind.values:
        return str(Evidence.Kind(code).label)
    return catalogue.MEASURES[code].name if code in catalogue.MEASURES else _("Hal lain")
