"""Offices that hand reports back as not theirs, and pairs between which reports go to and fro.

Counted are cases by the day they came, so that a share is of what the office received then. A secret case is never
counted here, for nobody: a small number would tell that it exists. What a reading costs grows with what was refused
and with the offices shown, not with the country (`disposition_refused`, `disposition_received`).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from agencies.actor import Actor
from agencies.models import Agency, Membership
from complaints.models import Complaint
from routing import oversight
from routing.models import Disposition, Ground, Outcome

# Days looked back over, the first unless another is asked for.
PERIODS = (90, 30, 365)
OFFICES, PAIRS, CASES = 20, 20, 50
# What the partial index knows; the unit that gives back what it was passed on refuses nobody.
REFUSED = Q(outcome=Outcome.HANDED_BACK, ground=Ground.NOT_OURS) & ~Q(verb="pass_on")


@dataclass
class Office:
    """`named`: the offices it says it is instead, most often first."""

    agency: Agency
    refused: int
    received: int = 0
    named: list[tuple[Agency, int]] = field(default_factory=list)

    @property
    def share(self) -> int:
        """Of a hundred received."""
        return round(100 * self.refused / self.received) if self.received else 0


@dataclass
class Pair:
    """`both`: cases that one refused and then the other; `first_named`, `second_named`: how often each named the
    other."""

    first: Agency
    second: Agency
    both: int = 0
    first_named: int = 0
    second_named: int = 0

    @property
    def weight(self) -> tuple[int, int]:
        return self.both, self.first_named + self.second_named


@dataclass(frozen=True)
class Bounces:
    offices: list[Office]
    pairs: list[Pair]
    refused: int
    since: datetime.date


def read(membership: Membership, node: Agency, today: datetime.date, days: int) -> Bounces:
    """Who refused most in the node's subtree in the last `days` days. Five statements, however many there are."""
    since = today - datetime.timedelta(days=days)
    rows = refusals(membership, node, since)
    counted = dict(rows.values_list("agency_id").annotate(cases=Count("complaint", distinct=True)).order_by())
    top = sorted(counted, key=lambda pk: (-counted[pk], pk))[:OFFICES]
    named: dict[tuple[int, int], int] = {
        (one, other): count
        for one, other, count in rows.filter(proposed__isnull=False)
        .values_list("agency_id", "proposed_id")
        .annotate(cases=Count("pk"))
        .order_by()
    }
    both = _both(membership, node, since)
    pairs = _pairs(both, named)
    received = dict(
        Disposition.objects.filter(agency__in=top, received_on__gte=since)
        .exclude(verb="pass_on")
        .filter(_counted(membership))
        .values_list("agency_id")
        .annotate(cases=Count("complaint", distinct=True))
        .order_by()
    )
    wanted = {*top, *(pk for pair in pairs for pk in pair[:2]), *(other for one, other in named if one in top)}
    known = {one.pk: one for one in Agency.objects.filter(pk__in=wanted).select_related("parent")}
    offices = [Office(known[pk], counted[pk], received.get(pk, 0), _named_by(pk, named, known)) for pk in top]
    return Bounces(
        offices=offices,
        pairs=[Pair(known[one], known[other], *counts) for one, other, *counts in pairs],
        refused=sum(counted.values()),
        since=since,
    )


def refusals(membership: Membership, node: Agency, since: datetime.date) -> QuerySet[Disposition]:
    """Stints of the subtree that came since then and were refused, as far as this reader may count them."""
    found = Disposition.objects.filter(REFUSED, received_on__gte=since).filter(_counted(membership))
    return found if node.parent_id is None else found.filter(agency__path__startswith=node.path)


def _counted(membership: Membership) -> Q:
    seen = Complaint.objects.filter(oversight.readable(membership), secret=False)
    return Q(complaint__in=seen)


def _both(membership: Membership, node: Agency, since: datetime.date) -> dict[tuple[int, int], int]:
    """By (who refused first, who refused then): cases. A round has at most two refusals."""
    before = (
        Disposition.objects.filter(REFUSED, complaint=OuterRef("complaint"), round=OuterRef("round"))
        .filter(pk__lt=OuterRef("pk"))
        .order_by("-pk")
    )
    found = Disposition.objects.filter(REFUSED, received_on__gte=since).filter(_counted(membership))
    rows: QuerySet[Any, Any] = (
        found.annotate(other=Subquery(before.values("agency_id")[:1]), path=Subquery(before.values("agency__path")[:1]))
        .filter(other__isnull=False)
        .order_by()
    )
    if node.parent_id is not None:
        rows = rows.filter(Q(agency__path__startswith=node.path) | Q(path__startswith=node.path))
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for one, other in rows.values_list("other", "agency_id"):
        counts[one, other] += 1
    return counts


def _pairs(both: dict[tuple[int, int], int], named: dict[tuple[int, int], int]) -> list[tuple[int, int, int, int, int]]:
    """(one, other, cases both refused, one named other, other named one): those that refused the same case, or named
    each other, most first. An office that came back to itself is no pair."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    for (one, other), count in both.items():
        found[min(one, other), max(one, other)] += count
    for one, other in named:
        if (other, one) in named:
            found[min(one, other), max(one, other)] += 0
    rows = [
        (one, other, count, named.get((one, other), 0), named.get((other, one), 0))
        for (one, other), count in found.items()
        if one != other
    ]
    return sorted(rows, key=lambda row: (-row[2], -(row[3] + row[4]), row[0], row[1]))[:PAIRS]


def _named_by(
    pk: int, named: dict[tuple[int, int], int], known: dict[int, Agency], most: int = 2
) -> list[tuple[Agency, int]]:
    counts = sorted(((other, count) for (one, other), count in named.items() if one == pk), key=lambda one: -one[1])
    return [(known[other], count) for other, count in counts[:most]]


# --- The cases behind a number ---


@dataclass(frozen=True)
class Case:
    number: str
    shown_number: str
    title: str
    office: str
    refused_on: datetime.datetime
    named: str
    now_at: str


def cases(
    membership: Membership, node: Agency, since: datetime.date, office: int, other: int | None = None
) -> list[Case]:
    """The newest cases an office refused, those the reader may open; with `other`: which that one refused too. One
    statement, after one for the reader's offices."""
    by = Actor.officer(membership)
    rows = refusals(membership, node, since) if other is None else _of_pair(membership, since, other)
    seen = Complaint.objects.visible_to(by).filter(secret=False)
    rows = rows.filter(agency=office, complaint__in=seen)
    found = rows.select_related("complaint__handler", "agency", "proposed").order_by("-pk")[:CASES]
    return [
        Case(
            number=stint.complaint.number,
            shown_number=stint.complaint.shown_number,
            title=stint.complaint.title,
            office=stint.agency.shown_name,
            refused_on=stint.ended_at or stint.received_at,
            named=stint.proposed.shown_name if stint.proposed else "",
            now_at=stint.complaint.handler.shown_name,
        )
        for stint in found
    ]


def _of_pair(membership: Membership, since: datetime.date, other: int) -> QuerySet[Disposition]:
    theirs = Disposition.objects.filter(REFUSED, complaint=OuterRef("complaint"), round=OuterRef("round"), agency=other)
    found = Disposition.objects.filter(REFUSED, received_on__gte=since).filter(_counted(membership))
    return found.filter(pk__in=found.filter(Q(complaint__in=theirs.values("complaint"))).values("pk"))
