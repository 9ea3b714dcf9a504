"""A sample as its page tells it: how far it is read, how its readers agree, what comes out for each office."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from agencies.models import Agency
from complaints.models import Kind
from lapor.kit import wording
from routing.measures import quality
from routing.models import ReadingTurn, Sample, SampledAnswer


def period_name(first: datetime.date, last: datetime.date) -> str:
    if (first.month, first.day, last.month, last.day, first.year) == (1, 1, 12, 31, last.year):
        return _("Tahun %(year)s") % {"year": first.year}
    quarter = {(1, 3): 1, (4, 6): 2, (7, 9): 3, (10, 12): 4}.get((first.month, last.month))
    if quarter is not None and first.year == last.year:
        return _("Triwulan %(quarter)s %(year)s") % {"quarter": quarter, "year": first.year}
    return f"{wording.plain_day(first)} – {wording.plain_day(last)}"


def outcome_name(outcome: str) -> str:
    return {"DONE": _("selesai"), "SCHEDULED": _("dijadwalkan"), "REFUSED": _("tidak bisa")}.get(outcome, "–")


@dataclass(frozen=True)
class Progress:
    """`waiting`: no reader could be found yet, for want of people; `void`: may not be read any more."""

    sample: Sample
    drawn: int
    scored: int
    readings: int
    open: int
    quality: quality.Quality | None

    @property
    def name(self) -> str:
        return period_name(self.sample.first, self.sample.last)

    @property
    def share(self) -> int:
        return round(100 * self.scored / self.drawn) if self.drawn else 0


def progress(samples: list[Sample]) -> list[Progress]:
    """Of these samples, in three statements."""
    drawn: Mapping[int, Any] = {
        row["sample"]: row
        for row in SampledAnswer.objects.filter(sample__in=samples)
        .values("sample")
        .annotate(drawn=Count("pk"), scored=Count("score"))
        .order_by()
    }
    read = dict(
        SampledAnswer.objects.filter(sample__in=samples).values_list("sample").annotate(n=Count("readings")).order_by()
    )
    turns = dict(
        ReadingTurn.objects.open()
        .filter(answer__sample__in=samples)
        .values_list("answer__sample")
        .annotate(n=Count("pk"))
        .order_by()
    )
    parts = quality.by_sample([one.pk for one in samples])
    found = []
    for one in samples:
        row = drawn.get(one.pk, {"drawn": 0, "scored": 0})
        n, total, squares = parts.get(one.pk, (0, 0.0, 0.0))
        found.append(
            Progress(
                one,
                row["drawn"],
                row["scored"],
                read.get(one.pk, 0),
                turns.get(one.pk, 0),
                quality.estimate([quality.Part(one.frame_count, n, total, squares)]),
            )
        )
    return found


@dataclass(frozen=True)
class OfficeResult:
    office: Agency
    frame: int
    drawn: int
    n: int
    quality: quality.Quality | None


def by_office(sample: Sample) -> list[OfficeResult]:
    """Two statements."""
    frame: dict[int, int] = {}
    for office, _kind, _outcome, count in sample.strata:
        frame[office] = frame.get(office, 0) + count
    rows = quality.by_office(sample.pk)
    offices = Agency.objects.in_bulk(list(frame))
    found = []
    for pk, whole in frame.items():
        drawn, n, total, squares = rows.get(pk, (0, 0, 0.0, 0.0))
        estimated = quality.estimate([quality.Part(whole, n, total, squares)])
        found.append(OfficeResult(offices[pk], whole, drawn, n, estimated))
    return sorted(found, key=lambda one: (-one.frame, one.office.name))


def rows(sample: Sample) -> list[dict[str, Any]]:
    """The drawn answers without a word of them: marks only where all readers are done, so that none learns another's.
    Three statements."""
    answers = sample.answers.select_related("office", "score").prefetch_related("readings").order_by("number")
    found = []
    for one in answers:
        done = list(one.readings.all())
        score = getattr(one, "score", None)
        found.append(
            {
                "number": one.number,
                "office": one.office.shown_name,
                "kind": str(Kind(one.kind).label) if one.kind in Kind.values else one.kind,
                "outcome": outcome_name(one.outcome),
                "seen": seen_words(one.seen),
                "readings": len(done),
                "points": quality.round_half_up(score.points) if score is not None else None,
                "marks": [" ".join(str(mark) for mark in reading.marks) for reading in done] if score else [],
                "notes": [reading.note for reading in done if reading.note] if score else [],
            }
        )
    return found


def seen_words(seen: Mapping[str, Any]) -> list[str]:
    """What a machine noticed, in words."""
    found = []
    if copies := seen.get("copies"):
        found.append(_("hampir sama dengan %(n)s jawaban lain kantor ini") % {"n": wording.number(copies)})
    if seen.get("no_date"):
        found.append(_("menjanjikan tindak lanjut tanpa tanggal"))
    if (minutes := seen.get("minutes")) is not None:
        found.append(
            _("dijawab tuntas kurang dari semenit sesudah dipegang")
            if minutes < 1
            else _("dijawab tuntas %(n)s menit sesudah dipegang") % {"n": minutes}
        )
    return found
