"""What everybody may read of agencies directly below the root taken together: a district, a province with its
kabupaten, kota and own offices. Without secret cases, and from the sums kept ready wherever there are any."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from routing.measures import reading
from routing.measures.reading import Scope


@dataclass
class Territory(Scope):
    """A scope that is no single node: `tops` instead of it. `node` stands for what is above them."""

    tops: tuple[int, ...] = ()

    @property
    def _from_sums(self) -> bool:
        return False

    @property
    def _is_country(self) -> bool:
        return False

    @property
    def _has_whole(self) -> bool:
        return True

    @cached_property
    def _params(self) -> dict[str, Any]:
        return super()._params | {"tops": list(self.tops)}

    @property
    def _within(self) -> str:
        return "NOT f.secret AND f.top_id = ANY(%(tops)s)"


def by_month(scope: Scope, since: datetime.date, *codes: str) -> dict[datetime.date, dict[str, int]]:
    """Numbers of cases of each month from `since` on, of the country, a territory or an office with all below it. One
    statement, for an office one more."""
    if isinstance(scope, Territory):
        return reading.of_months(scope.tops, since, *codes)
    if scope.node.parent_id is None:
        return reading.of_months([scope.node.pk], since, *codes)
    return reading.office_months(scope.offices, since, *codes)
