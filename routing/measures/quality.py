"""Answer quality of an office in a period: what readers gave a random sample of its final answers (ADR 0043).

    quality.of(agency, first, last)  →  Quality(score 0-100, n, low, high), or None with fewer than ENOUGH answers

Samples count that lie in the period as a whole. Of the country, or of whatever stands above several samples, each
sample weighs as many answers as it stands for. The interval is Wilson's at 95 per cent, for as many readings as the
spread of the marks is worth and with what a sample of few answers already covers; it is never of width zero while
answers are unread.
"""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from agencies.models import Agency
from routing.measures.reading import Scope
from routing.models.quality import AnswerScore, SampledAnswer

# Fewer read answers than these are no score.
ENOUGH: Final = 10
Z: Final = 1.959964
# An answer of four questions says at most so much more than one of yes or no.
_WORTH: Final = 4.0
# The spread to be expected before anybody has read, in points: what a size is judged by.
USUAL_SPREAD: Final = 25.0


@dataclass(frozen=True)
class Quality:
    """`n`: answers that were read to the end; `whole`: as many they stand for."""

    score: float
    n: int
    low: float
    high: float
    whole: int

    @property
    def shown(self) -> tuple[int, int, int]:
        """Score, low and high as they are told: whole points."""
        return round_half_up(self.score), round_half_up(self.low), round_half_up(self.high)


def round_half_up(points: float) -> int:
    return math.floor(points + 0.5)


@dataclass(frozen=True)
class Part:
    """What one sample says: how many answers it stands for, how many were read, the sum of their points and of the
    squares of them."""

    whole: int
    n: int
    total: float
    squares: float


# A sample's period, how many answers it stands for here, how many were read, the sum of their points, of the squares.
Row = tuple[datetime.date, datetime.date, "Part"]
Span = tuple[datetime.date, datetime.date]


def of(agency: Agency, first: datetime.date, last: datetime.date, *, kind: str = "") -> Quality | None:
    """Two statements at most."""
    return estimate(_within(read(agency, {(first, last)}, kind), first, last))


def of_scope(scope: Scope) -> Quality | None:
    """The same of what a page of measures asks: one statement for all its periods."""
    rows = scope.shared.get("quality")
    if rows is None:
        spans = scope.shared.get("spans", {(scope.first, scope.last)})
        rows = scope.shared["quality"] = read(scope.node, spans, scope.narrowed.kind)
    return estimate(_within(rows, scope.first, scope.last))


def by_agency(
    first: datetime.date, last: datetime.date, *, until: datetime.datetime | None = None
) -> dict[int, Quality]:
    """Of each pemda, ministry or other agency that was sampled in the period and has enough read; `until`: by then. One
    statement."""
    scores = AnswerScore.objects.filter(sample__first__gte=first, sample__last__lte=last)
    if until is not None:
        scores = scores.filter(scored_at__lt=until)
    rows = (
        scores.values_list("sample__agency", "sample", "sample__frame_count")
        .annotate(n=Count("pk"), total=Sum("points"), squares=Sum(F("points") * F("points")))
        .order_by("sample")
    )
    parts: dict[int, list[Part]] = defaultdict(list)
    for agency, _sample, frame, *sums in rows:
        parts[agency].append(Part(frame, *sums))
    found = {agency: estimate(theirs) for agency, theirs in parts.items()}
    return {agency: one for agency, one in found.items() if one is not None}


def _within(rows: Iterable[Row], first: datetime.date, last: datetime.date) -> list[Part]:
    return [part for begins, ends, part in rows if first <= begins and ends <= last]


def read(agency: Agency, spans: Iterable[Span], kind: str = "") -> list[Row]:
    """Every sample of the agency that lies in one of these periods, as far as it is about it. One statement, and one
    for the offices below where it is no pemda or ministry itself."""
    scores, offices = _scores(agency, spans, kind)
    columns = ["sample__first", "sample__last", "sample__frame_count"]
    if offices is not None or kind:
        columns.append("sample__strata")
    rows = (
        scores.values_list("sample", *columns)
        .annotate(n=Count("pk"), total=Sum("points"), squares=Sum(F("points") * F("points")))
        .order_by()
    )
    return [
        (first, last, Part(whole_of(rest[0], offices, kind) if len(rest) > _SUMS else frame, *rest[-_SUMS:]))
        for _sample, first, last, frame, *rest in rows
    ]


def cases(scope: Scope) -> Q:
    """The cases of the answers that were read, as a filter of Complaint."""
    if scope.narrowed.channel or scope.narrowed.category:
        return Q(pk__in=[])
    scores, _offices = _scores(scope.node, {(scope.first, scope.last)}, scope.narrowed.kind)
    return Q(pk__in=scores.order_by().values("answer__message__complaint"))


def _scores(agency: Agency, spans: Iterable[Span], kind: str) -> tuple[QuerySet[AnswerScore], set[int] | None]:
    """What readers gave, and of which offices; None: of all that was sampled."""
    asked = Q(pk__in=[])
    for first, last in spans:
        asked |= Q(sample__first__gte=first, sample__last__lte=last)
    scores = AnswerScore.objects.filter(asked)
    offices: set[int] | None = None
    if agency.parent_id is not None:
        scores = scores.filter(sample__agency=int(agency.path.split("/")[_TOP]))
        if agency.path_length > _TOP:
            offices = set(Agency.objects.under(agency).order_by().values_list("pk", flat=True))
            scores = scores.filter(answer__office__in=offices)
    return (scores.filter(answer__kind=kind) if kind else scores), offices


_TOP: Final = 2
_SUMS: Final = 3


def whole_of(strata: Iterable[tuple[int, str, str, int]], offices: set[int] | None, kind: str) -> int:
    """How many answers of a frame these offices gave, of this kind; None and "": all."""
    return sum(
        count
        for office, of_kind, _outcome, count in strata
        if (offices is None or office in offices) and kind in ("", of_kind)
    )


def estimate(parts: Iterable[Part]) -> Quality | None:
    """The mean over samples, each with its weight; None where too few answers were read."""
    known = [one for one in parts if one.n]
    n, whole = sum(one.n for one in known), sum(max(one.whole, one.n) for one in known)
    if n < ENOUGH:
        return None
    weights = [max(one.whole, one.n) / whole for one in known]
    mean = sum(weight * one.total / one.n for weight, one in zip(weights, known, strict=True))
    # The spread within samples, shared by all: a sample of one answer has none of its own.
    within = sum(max(0.0, one.squares - one.total**2 / one.n) for one in known)
    spread = within / max(1, n - len(known))
    variance = sum(
        weight**2 * spread / one.n * (1 - one.n / max(one.whole, one.n))
        for weight, one in zip(weights, known, strict=True)
    )
    low, high = _wilson(mean / 100, _worth(mean / 100, variance / 10_000, n, 1 - n / whole))
    return Quality(mean, n, 100 * low, 100 * high, whole)


def _worth(p: float, variance: float, n: int, unread: float) -> float:
    """How many answers of yes or no the readings are worth; infinite: every answer was read."""
    if unread <= 0:
        return math.inf
    most = _WORTH * n / unread
    return max(n / unread, min(p * (1 - p) / variance, most)) if variance > 0 and 0 < p < 1 else n / unread


def _wilson(p: float, n: float) -> tuple[float, float]:
    if math.isinf(n):
        return p, p
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def margin(size: int, count: int) -> float:
    """About how many points to either side a score will be uncertain by, from so many of so many answers."""
    if size <= 0 or size >= count:
        return 0.0
    return Z * USUAL_SPREAD / math.sqrt(size) * math.sqrt(1 - size / count)


def by_sample(samples: Iterable[int]) -> dict[int, tuple[int, float, float]]:
    """By sample: how many were read, the sum of their points, of the squares. One statement."""
    rows = (
        AnswerScore.objects.filter(sample__in=list(samples))
        .values_list("sample")
        .annotate(n=Count("pk"), total=Sum("points"), squares=Sum(F("points") * F("points")))
        .order_by()
    )
    return {pk: (n, total, squares) for pk, n, total, squares in rows}


def by_office(sample: int) -> dict[int, tuple[int, int, float, float]]:
    """By office: how many were drawn, how many read, the sum of their points, of the squares. One statement."""
    rows = (
        SampledAnswer.objects.filter(sample=sample)
        .values_list("office")
        .annotate(
            drawn=Count("pk"),
            n=Count("score"),
            total=Coalesce(Sum("score__points"), 0.0),
            squares=Coalesce(Sum(F("score__points") * F("score__points")), 0.0),
        )
        .order_by()
    )
    return {pk: (drawn, n, total, squares) for pk, drawn, n, total, squares in rows}
