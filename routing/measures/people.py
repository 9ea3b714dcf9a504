"""Who works at the offices of a subtree: how many officers, who was at the desk lately, whose decree is valid, which
office that has cases never opened its desk. Of today, whatever the period."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from agencies.members import on_valid_decree
from agencies.models import Agency, Membership, Role
from agencies.models.people import MembershipQuerySet
from complaints.models import Complaint
from routing.measures.reading import Scope
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
    found = _members(node, today).aggregate(**_counts())
    visited = Exists(DeskVisit.objects.filter(membership__agency=OuterRef("pk")))
    case = Exists(Complaint.objects.open().filter(handler=OuterRef("pk"), secret=False, not_for__isnull=True))
    offices = (
        Agency.objects.under(node)
        .active_on(today)
        .order_by()
        .aggregate(offices=Count("pk"), never=Count("pk", filter=Q(case) & ~Q(visited)))
    )
    return People(**found, **offices)


def of_scope(scope: Scope) -> People:
    """The same of what a page of measures asks, read once for all its periods."""
    found = scope.shared.get("people")
    if found is None:
        zone = scope.node.region.zone if scope.node.region else "Asia/Jakarta"
        found = scope.shared["people"] = of(scope.node, timezone.localtime(timezone.now(), ZoneInfo(zone)).date())
    assert isinstance(found, People)
    return found


def by_office(node: Agency, today: datetime.date) -> dict[int, tuple[int, int, int]]:
    """Officers, active ones and those with a valid decree, of each office directly below with what lies under it. One
    statement."""
    found: dict[int, tuple[int, int, int]] = {}
    rows = (
        _members(node, today)
        .order_by()
        .values("agency__path")
        .annotate(**_counts())
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


def _counts() -> dict[str, Count]:
    return {
        "officers": Count("pk"),
        "active": Count("pk", filter=at_desk_lately()),
        "valid": Count("pk", filter=on_valid_decree()),
    }


def at_desk_lately() -> Q:
    """As a filter of memberships."""
    return Q(desk_visit__last_at__gte=timezone.now() - datetime.timedelta(days=LATELY))
