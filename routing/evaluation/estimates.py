"""How sure a number is. Every value here is from 0 to 100 and comes with the range it may lie in.

Shares: Wilson's interval, which stays inside 0 to 100 and is right for few cases. Medians: the order statistics
between which the true middle lies, whatever the days are spread like. Weighted sums: from the ranges of their parts,
taken as independent (MOVER: Zou and Donner, Statistics in Medicine 27, 2008), so that a range need not be symmetric.
All at 95 per cent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

Z: Final = 1.959964


@dataclass(frozen=True)
class Estimate:
    """`n`: cases it rests on."""

    value: float
    low: float
    high: float
    n: int

    def kept(self) -> dict[str, Any]:
        """As it is written down: the same on every machine."""
        return {"value": _round(self.value), "low": _round(self.low), "high": _round(self.high), "n": self.n}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Estimate:
        return cls(kept["value"], kept["low"], kept["high"], kept["n"])


def _round(value: float) -> float:
    return round(value, 2) + 0.0


def share(part: float, whole: int) -> Estimate | None:
    """Part of a whole in per cent; None: there is no whole."""
    if whole <= 0:
        return None
    p = min(max(part / whole, 0.0), 1.0)
    middle = (p + Z * Z / (2 * whole)) / (1 + Z * Z / whole)
    half = Z * math.sqrt(p * (1 - p) / whole + Z * Z / (4 * whole * whole)) / (1 + Z * Z / whole)
    # At both ends the formula says exactly 0 or 1, and the machine almost.
    low = 0.0 if p == 0 else max(0.0, middle - half)
    high = 1.0 if p == 1 else min(1.0, middle + half)
    return Estimate(100 * p, 100 * low, 100 * high, whole)


def rating(total: float, n: int) -> Estimate | None:
    """A mean of 1 to 5 as 0 to 100. A mean between bounds is never less sure than a share of the same height, so the
    share's range holds it."""
    return share((total - n) / 4, n) if n else None


@dataclass(frozen=True)
class Middle:
    """Median of working days and its range. Infinite: more than half were never done."""

    days: float
    low: float
    high: float
    n: int


def middle(spread: Mapping[int, int], never: int = 0) -> Middle | None:
    """`never`: how many took longer than all others, because it was never done. None: nothing to count."""
    n = sum(spread.values()) + never
    if n <= 0:
        return None
    ordered = sorted(spread.items())

    def nth(place: int) -> float:
        """From 1 on."""
        for days, count in ordered:
            place -= count
            if place <= 0:
                return days
        return math.inf

    half = Z * math.sqrt(n) / 2
    low, high = max(1, math.floor(n / 2 - half)), min(n, math.ceil(n / 2 + half) + 1)
    return Middle((nth((n + 1) // 2) + nth(n // 2 + 1)) / 2, nth(low), nth(high), n)


def points_for(days: float, anchors: Iterable[tuple[float, float]]) -> float:
    """Points for so many days: straight lines between the anchors (days, points), level outside of them."""
    listed = sorted(anchors)
    if days <= listed[0][0]:
        return listed[0][1]
    for (left, more), (right, less) in pairwise(listed):
        if days <= right:
            return more + (less - more) * (days - left) / (right - left)
    return listed[-1][1]


def together(parts: Iterable[tuple[float, Estimate]]) -> Estimate | None:
    """The weighted mean of (weight, estimate); None: there is none. `n` is the least any part rests on."""
    listed = [(weight, one) for weight, one in parts if weight > 0]
    whole = sum(weight for weight, _one in listed)
    if not whole:
        return None
    value = sum(weight * one.value for weight, one in listed) / whole
    below = math.sqrt(sum((weight * (one.value - one.low) / whole) ** 2 for weight, one in listed))
    above = math.sqrt(sum((weight * (one.high - one.value) / whole) ** 2 for weight, one in listed))
    return Estimate(value, max(0.0, value - below), min(100.0, value + above), min(one.n for _weight, one in listed))
