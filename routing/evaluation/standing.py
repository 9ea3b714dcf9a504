"""What of other parts an evaluation reads of each district and year, beside what is counted from events."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from agencies.models import Agency
from routing.evaluation.estimates import Estimate
from routing.measures import people, quality
from routing.models import Cycle
from routing.models.quality import SampledAnswer


def people_of(today: datetime.date) -> Mapping[int, dict[str, int]]:
    """Officers of each district, by its id, on this day: how many, lately at the desk, with a valid decree. One
    statement."""
    found = people.by_office(Agency.objects.root(), today)
    return {
        pk: {"officers": officers, "active": active, "valid": valid} for pk, (officers, active, valid) in found.items()
    }


@dataclass(frozen=True)
class Read:
    """Of the answers drawn from this year: read to the end by its closing, after it, and not yet."""

    by_closing: int
    after: int
    unread: int

    @property
    def drawn(self) -> int:
        return self.by_closing + self.after + self.unread


def readings_of(cycle: Cycle) -> Read:
    """Of all districts and other agencies. One statement."""
    drawn = SampledAnswer.objects.filter(sample__first__gte=cycle.first, sample__last__lte=cycle.last)
    counts = drawn.aggregate(
        by_closing=Count("pk", filter=Q(score__scored_at__lt=cycle.cut_at)),
        after=Count("pk", filter=Q(score__scored_at__gte=cycle.cut_at)),
        unread=Count("pk", filter=Q(score__isnull=True)),
    )
    return Read(**counts)


def quality_of(cycle: Cycle) -> Mapping[int, Estimate]:
    """By district: how good its answers of that year are, where a sample of them was read by the year's closing: what
    is read later changes neither a recount nor a correction with the same closing. One statement."""
    found = quality.by_agency(cycle.first, cycle.last, until=cycle.cut_at)
    return {pk: Estimate(one.score, one.low, one.high, one.n) for pk, one in found.items()}
