"""The numbers of one district or office in one year, as they are kept: sums of `routing.measures.counting` and spreads
of working days. They add up, so that a district's are its offices' together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from routing.evaluation.estimates import Estimate
from routing.measures import counting


def _no_spreads() -> dict[str, dict[int, int]]:
    return {name: defaultdict(int) for name in counting.SPREADS}


@dataclass
class Counted:
    """`sums`: each of `counting.CODES`; `spreads`: working days → how many."""

    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(counting.CODES, 0))
    spreads: dict[str, dict[int, int]] = field(default_factory=_no_spreads)

    @property
    def cases(self) -> int:
        """What is judged: received, without what was brought along from elsewhere."""
        return self.sums["received"] - self.sums["told"]

    @property
    def settled(self) -> int:
        """With a final answer, whether in time or late."""
        return self.sums["settled_in_time"] + self.sums["settled_late"]

    @property
    def closed(self) -> int:
        """By the reporter's own word or by the system."""
        return self.sums["accepted"] + self.sums["lapsed"]

    def add(self, other: Counted) -> None:
        for code, n in other.sums.items():
            self.sums[code] += n
        for name, spread in other.spreads.items():
            for days, n in spread.items():
                self.spreads[name][days] += n

    def kept(self) -> dict[str, Any]:
        """For JSON; the same whatever order it was counted in, without what is nought."""
        return {
            "sums": {code: n for code, n in sorted(self.sums.items()) if n},
            "spreads": {
                name: {str(days): n for days, n in sorted(spread.items()) if n}
                for name, spread in sorted(self.spreads.items())
                if spread
            },
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Counted:
        made = cls()
        made.sums.update(kept.get("sums", {}))
        for name, spread in kept.get("spreads", {}).items():
            made.spreads[name].update({int(days): n for days, n in spread.items()})
        return made


def together(parts: Iterable[Counted]) -> Counted:
    whole = Counted()
    for one in parts:
        whole.add(one)
    return whole


@dataclass(frozen=True)
class Year:
    """All an indicator may read: what was counted, who works there, points of the evidence by kind (None: not given),
    quality of the answers as the readers of the sample found it, and the anchors of the method."""

    counted: Counted
    people: Mapping[str, int] = field(default_factory=dict)
    points: Mapping[str, int | None] = field(default_factory=dict)
    quality: Estimate | None = None
    days: tuple[tuple[float, float], ...] = ((1, 100), (20, 0))
