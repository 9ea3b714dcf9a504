"""Who works at the offices of a subtree: how many officers, who was at the desk lately, whose decree is valid, which
office that has cases never opened its desk. Of today, whatever the period."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from agencies.models import Agency, Decree, Membership, Role
from agencies.models.people import MembershipQuerySet
from complaints.models import Complaint
from routing.models import DeskVisit

_COUNTED = ("officers", "active", "valid")
# At the desk within so many days: active.
LATELY = 30


@dataclass(frozen=True)
class People:
    """`valid`: rests on a decree that no later one amends, or was confirmed since."""

    officers: int
    active: int
    valid: int
    offices: int
    # Offices with an open case at which nobody ever opened the desk.
    never: int


def of(node: Agency, today: datetime.date) -> People:
    """Two statements."""
    found = _members(node, today).aggregate(**_counts(today))
    visited = Exists(DeskVisit.objects.filter(membership__agency=OuterRef("pk")))
    case = Exists(Complaint.objects.open().filter(handler=OuterRef("pk"), secret=False, not_for__isnull=True))
    offices = (
        Agency.objects.under(node)
        .active_on(today)
        .order_by()
        .aggregate(offices=Count("pk"), never=Count("pk", filter=Q(case) & ~Q(visited)))
    )
    return People(**found, **offices)


def by_office(node: Agency, today: datetime.date) -> dict[int, tuple[int, int, int]]:
    """Officers, active ones and those with a valid decree, of each office directly below with what lies under it. One
    statement."""
    found: dict[int, tuple[int, int, int]] = {}
    rows = (
        _members(node, today)
        .order_by()
        .values("agency__path")
        .annotate(**_counts(today))
        .values_list("agency__path", *_COUNTED)
    )
    for path, officers, active, valid in rows:
        steps = [int(step) for step in path.strip("/").split("/")]
        office = steps[node.path_length] if len(steps) > node.path_length else node.pk
        before = found.get(office, (0, 0, 0))
        found[office] = (before[0] + officers, before[1] + active, before[2] + valid)
    return found


def _members(node: Agency, today: datetime.date) -> MembershipQuerySet:
    return Membership.objects.current(today).exclude(role=Role.OBSERVER).filter(agency__path__startswith=node.path)


def _counts(today: datetime.date) -> dict[str, Count]:
    amended = Exists(Decree.objects.filter(amends=OuterRef("decree")))
    newer = Exists(Decree.objects.filter(amends=OuterRef("decree"), decided_on__gt=OuterRef("confirmed_on")))
    since = timezone.now() - datetime.timedelta(days=LATELY)
    return {
        "officers": Count("pk"),
        "active": Count("pk", filter=Q(desk_visit__last_at__gte=since)),
        "valid": Count(
            "pk", filter=Q(decree__isnull=False) & (~Q(amended) | Q(confirmed_on__isnull=False) & ~Q(newer))
        ),
    }
