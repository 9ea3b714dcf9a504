"""The index of each district: its indicators weighted into dimensions, the dimensions into one number with its range;
compared only inside a size group, and only where the range lets it. Whose range overlaps with another's may stand
anywhere between the two: the place is then told as from and to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from routing.evaluation import estimates
from routing.evaluation.estimates import Estimate
from routing.evaluation.indicators import DIMENSIONS, INDICATORS
from routing.evaluation.method import Body
from routing.evaluation.numbers import Counted, Year
from routing.evaluation.recount import Office


@dataclass(frozen=True)
class Judged:
    """What one district comes to. `index` None: too few cases to be compared, its indicators are told to itself."""

    indicators: Mapping[str, Estimate | None]
    dimensions: Mapping[str, Estimate | None]
    index: Estimate | None

    def kept(self) -> dict[str, Any]:
        def one(value: Estimate | None) -> dict[str, Any] | None:
            return value.kept() if value is not None else None

        return {
            "indicators": {code: one(value) for code, value in self.indicators.items()},
            "dimensions": {code: one(value) for code, value in self.dimensions.items()},
            "index": one(self.index),
        }


def judge(year: Year, body: Body) -> Judged:
    """Pure: the same numbers and the same method give the same."""
    taken = {code: INDICATORS[code].take(year) for code, weight in body.indicators.items() if weight}
    dimensions = {
        name: estimates.together(
            (body.indicators[code], value)
            for code, value in taken.items()
            if value is not None and INDICATORS[code].dimension == name
        )
        for name in DIMENSIONS
    }
    index = None
    if body.size_of(year.counted.cases):
        index = estimates.together(
            (body.dimensions[name], value) for name, value in dimensions.items() if value is not None
        )
    return Judged(taken, dimensions, index)


def judge_office(office: Office, body: Body) -> Estimate | None:
    """Of one office by its own turns; None: fewer turns than the method asks for."""
    if office.all.sums["turns"] < body.least:
        return None
    return score_of(office.all, body)


def score_of(counted: Counted, body: Body) -> Estimate | None:
    year = Year(counted, days=tuple(body.days))
    taken = ((weight, INDICATORS[code].take(year)) for code, weight in body.office.items())
    return estimates.together((weight, value) for weight, value in taken if value is not None)


@dataclass(frozen=True)
class Place:
    """`best` and `worst`: between which it may stand, of so many."""

    place: int
    best: int
    worst: int
    of: int

    @property
    def is_sure(self) -> bool:
        return self.best == self.worst


def places(indices: Mapping[int, Estimate], names: Mapping[int, str]) -> dict[int, Place]:
    """Of one size group, by id."""
    ordered = sorted(indices, key=lambda pk: (-indices[pk].value, names.get(pk, ""), pk))
    found = {}
    for place, pk in enumerate(ordered, start=1):
        mine = indices[pk]
        others = [indices[other] for other in ordered if other != pk]
        surely_better = sum(one.low > mine.high for one in others)
        surely_worse = sum(one.high < mine.low for one in others)
        found[pk] = Place(place, 1 + surely_better, len(ordered) - surely_worse, len(ordered))
    return found


def middle_of(values: Sequence[float]) -> float | None:
    """The peers' median."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def by_size(rows: Iterable[tuple[int, str, Estimate]]) -> dict[str, dict[int, Estimate]]:
    """(id, size group, index) → the indices of each group."""
    found: dict[str, dict[int, Estimate]] = defaultdict(dict)
    for pk, size, index in rows:
        found[size][pk] = index
    return found
