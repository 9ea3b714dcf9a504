"""Oversight: which office has how much, how late, how old, and which has not opened its desk (case.md section 6).

The number of statements does not depend on the number of offices. Whoever reads here is judged by the same table as
everywhere: a head learns nothing of the secret cases below, an observer of none, a province sees the districts of its
region code as totals.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import calendar
from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Holiday, Membership, Role
from agencies.models.agency import AgencyQuerySet, Kind
from agencies.ombudsman import reads_country
from agencies.permissions import Capability, membership_may
from complaints.models import Complaint
from complaints.models.visibility import not_kept_from, tagged_with
from complaints.transitions import OFFICES_TURN, REPORTERS_TURN, Incomplete, NotAllowed, Refusal
from lapor.kit import bars
from routing.models import DeskVisit, Disposition, Escalation

# Working days without an authenticated desk page, with a case waiting that long, that make an office silent.
SILENT_AFTER = 5
# Upper ends of the age groups, in working days since the office got the case; the last has none.
AGES = (1, 3, 5, 10, 30)
# Cases one reminder names; the office's officers get a letter for each.
NAMED = 5
# Month and day from which a missing next year raises the alarm (the joint decree comes in October).
ALARM_FROM = (10, 1)


@dataclass
class Row:
    """One office, or one district with everything below it. Days are working days."""

    agency: Agency
    open: int = 0
    late: int = 0
    near: int = 0
    # Of the open ones those that lay here four weeks ago.
    lasting: int = 0
    ages: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    oldest_on: datetime.date | None = None
    oldest: int | None = None
    median: float | None = None
    visited_on: datetime.date | None = None
    silent: bool = False
    # Of a district: offices below it that are silent.
    silent_below: int = 0
    parts: list[bars.Part] = field(default_factory=list)

    @property
    def has_more_below(self) -> bool:
        return self.agency.kind not in (Kind.OPD, Kind.UNIT)


def readable(membership: Membership) -> Q:
    """Of the open cases in reach those this reader may count and list, as a filter of Complaint."""
    office, by = membership.agency, Actor.officer(membership)
    openly = not_kept_from(by) & Q(secret=False)
    match membership.role:
        case Role.COORDINATOR | Role.NATIONAL:
            return not_kept_from(by)
        case Role.HEAD:
            return not_kept_from(by) & (Q(handler_id=office.pk) | Q(secret=False))
        case Role.OBSERVER if membership.programme_id is not None:
            return openly & tagged_with(membership.programme_id)
    return openly


def listed(membership: Membership, office: Agency) -> Q:
    """Of an office's open cases those whose rows this reader may see: titles, as far as the table allows."""
    found = readable(membership)
    if membership.role == Role.NATIONAL and office.parent_id is not None:
        # What is secret elsewhere asks for a reason first; no list shows it.
        found &= Q(secret=False)
    if is_outside(membership, office):
        climbed = Escalation.objects.filter(
            clock__complaint_id=OuterRef("pk"), clock__stopped_at__isnull=True, level__gte=Escalation.Level.COORDINATOR
        )
        found &= Q(Exists(climbed))
    return found


def today_at(agency: Agency, now: datetime.datetime) -> datetime.date:
    return timezone.localtime(now, ZoneInfo(agency.region.zone if agency.region else "Asia/Jakarta")).date()


def is_grouped(membership: Membership, node: Agency) -> bool:
    """One row stands for a whole pemda, ministry or lembaga: for the country, and where a province looks at its
    districts."""
    return node.parent_id is None or (
        membership.role == Role.OBSERVER and node.kind == Kind.PROVINSI and node.pk == membership.agency_id
    )


@dataclass(frozen=True)
class Offices:
    """Every office by its id, each alone."""

    rows: dict[int, Row]
    today: datetime.date
    holidays: frozenset[datetime.date]


def offices(membership: Membership, node: Agency, reach: AgencyQuerySet, now: datetime.datetime) -> Offices:
    """What each office below the node has open, and whether it is silent. Four statements."""
    today = today_at(node, now)
    holidays = Holiday.objects.kept_in(node.region).filter(date__gte=today - datetime.timedelta(days=1200)).days()
    grouped = is_grouped(membership, node)
    below = _territory(reach) if grouped and node.parent_id is not None else reach if grouped else reach.under(node)
    counts = list(_counts(readable(membership), None if grouped else node, today, holidays))
    if grouped:
        # Of ten thousand offices those that have something open, and the districts their sums stand under.
        below = below.filter(Q(parent__parent__isnull=True) | Q(pk__in=[one["handler_id"] for one in counts]))
    rows = {one.pk: Row(one) for one in below.active_on(today).select_related("parent")}
    _count(rows, counts)
    _visits(rows, None if grouped else node)
    for row in rows.values():
        row.silent = _is_silent(row, today, holidays)
    return Offices(rows, today, holidays)


def silent(membership: Membership, node: Agency, now: datetime.datetime) -> list[Agency]:
    """The silent offices at or below the node, by name."""
    found = offices(membership, node, Agency.objects.under(node), now).rows.values()
    return sorted((row.agency for row in found if row.silent), key=lambda one: one.name)


def is_outside(membership: Membership, office: Agency) -> bool:
    """A province looks at a district: it stands beside it, not above it."""
    if reads_country(membership):
        return False
    return membership.role == Role.OBSERVER and not office.is_under(membership.agency)


def _territory(reach: AgencyQuerySet) -> AgencyQuerySet:
    """Everything at or below the agencies in reach: totals of a district hold its offices."""
    found = Q(pk__in=[])
    for path in reach.filter(parent__parent__isnull=True).values_list("path", flat=True):
        found |= Q(path__startswith=path)
    return Agency.objects.filter(found)


def _counts(
    may_count: Q, node: Agency | None, today: datetime.date, holidays: frozenset[datetime.date]
) -> Iterable[Mapping[str, Any]]:
    """Open cases by office, in one statement over the open ones alone."""
    found = Complaint.objects.open().filter(may_count, dispositions__ended_at__isnull=True)
    if node is not None:
        found = found.filter(handler__path__startswith=node.path)
    tomorrow = calendar.add_working_days(today, 1, holidays)
    theirs = Q(status__in=OFFICES_TURN)
    # The first day of each age group: what came on it or later is at most so many working days old.
    since = [calendar.add_working_days(today, -days, holidays) for days in AGES]
    groups = {"age0": Count("pk", filter=Q(dispositions__received_on__gte=since[0]))}
    for n in range(1, len(AGES)):
        groups[f"age{n}"] = Count(
            "pk", filter=Q(dispositions__received_on__lt=since[n - 1], dispositions__received_on__gte=since[n])
        )
    groups[f"age{len(AGES)}"] = Count("pk", filter=Q(dispositions__received_on__lt=since[-1]))
    counts: Iterable[Mapping[str, Any]] = found.values("handler_id").annotate(
        cases=Count("pk"),
        late=Count("pk", filter=theirs & Q(due_on__lt=today)),
        near=Count("pk", filter=theirs & Q(due_on__gte=today, due_on__lte=tomorrow)),
        lasting=Count("pk", filter=Q(dispositions__received_on__lte=today - datetime.timedelta(weeks=4))),
        oldest_on=Min("dispositions__received_on"),
        **groups,
    )
    return counts


def _count(rows: dict[int, Row], counts: Iterable[Mapping[str, Any]]) -> None:
    for one in counts:
        row = rows.get(one["handler_id"])
        if row is not None:
            row.open, row.late, row.near, row.oldest_on = one["cases"], one["late"], one["near"], one["oldest_on"]
            row.lasting = one["lasting"]
            row.ages = [one[f"age{n}"] for n in range(len(AGES) + 1)]


def _visits(rows: dict[int, Row], node: Agency | None) -> None:
    """The last desk page that an officer of the office opened, in one statement."""
    visits = DeskVisit.objects.all()
    if node is not None:
        visits = visits.filter(membership__agency__path__startswith=node.path)
    for agency, last in visits.values_list("membership__agency").annotate(Max("last_at")):
        if agency in rows:
            rows[agency].visited_on = timezone.localtime(last).date()


def _is_silent(row: Row, today: datetime.date, holidays: frozenset[datetime.date]) -> bool:
    """Nobody opened the desk for SILENT_AFTER working days while a case lay there; a case that came yesterday to a
    desk nobody needed before is no silence."""
    if row.oldest_on is None:
        return False
    since = max(row.oldest_on, row.visited_on) if row.visited_on else row.oldest_on
    return calendar.working_days_between(since, today, holidays) >= SILENT_AFTER


def calendar_alarm(today: datetime.date) -> int | None:
    """The year without holidays that begins within three months; None: the calendar is there."""
    if (today.month, today.day) < ALARM_FROM:
        return None
    there = Holiday.objects.filter(date__year=today.year + 1, region__isnull=True).exists()
    return None if there else today.year + 1


# --- The officers of one office ---


@dataclass(frozen=True)
class Officer:
    name: str
    role: str
    open: int
    late: int
    visited_at: datetime.datetime | None


def officers(office: Agency, membership: Membership, today: datetime.date) -> list[Officer]:
    """Who works here, what each has taken on, when each was last at the desk. Two statements."""
    held = {
        officer: (cases, late)
        for officer, cases, late in Disposition.objects.open()
        .filter(agency=office, officer__isnull=False, complaint__in=Complaint.objects.filter(readable(membership)))
        .values_list("officer")
        .annotate(
            Count("pk"), late=Count("pk", filter=Q(complaint__status__in=OFFICES_TURN, complaint__due_on__lt=today))
        )
    }
    members = Membership.objects.current(today).filter(agency=office).exclude(role=Role.OBSERVER)
    return [
        Officer(
            one.user.name or one.user.email,
            one.shown_role,
            *held.get(one.user_id, (0, 0)),
            one.desk_visit.last_at if hasattr(one, "desk_visit") else None,
        )
        for one in members.select_related("user", "desk_visit").order_by("user__name", "pk")
    ]


# --- Reminding an office ---


class AlreadyReminded(Refusal):
    """Once a day is enough."""


def last_nudge(office: Agency) -> AuditEntry | None:
    return (
        AuditEntry.objects.filter(subject_kind="agency", subject_id=office.pk, what="nudge")
        .select_related("who")
        .first()
    )


@transaction.atomic
def nudge(office: Agency, *, by: Actor, reason: str, now: datetime.datetime | None = None) -> int:
    """Remind an office of its late cases, the oldest first, or of its oldest one where none is late. Logged.

    Returns how many cases it was reminded of. Raises NotAllowed, Incomplete("reason"), AlreadyReminded.
    """
    now = now or timezone.now()
    if by.membership is None or not membership_may(by.membership, Capability.OVERSEE, office):
        raise NotAllowed(_("Anda tidak berwenang mengingatkan kantor ini."))
    if not reason.strip():
        raise Incomplete("reason", _("Tulis alasan mengingatkan kantor ini."))
    Agency.objects.select_for_update(of=("self",)).get(pk=office.pk)
    today = today_at(office, now)
    before = last_nudge(office)
    if before is not None and timezone.localtime(before.at).date() >= today:
        raise AlreadyReminded(_("Kantor ini sudah diingatkan hari ini. Beri waktu sampai besok."))
    found = Complaint.objects.open().filter(readable(by.membership), handler=office).exclude(status__in=REPORTERS_TURN)
    cases = list(found.filter(due_on__lt=today).order_by("due_on", "pk")[:NAMED]) or list(found.order_by("pk")[:1])
    for case in cases:
        case.nudge(by=by, reason=reason, now=now)
    AuditEntry.objects.create(
        at=now,
        who=by.user,
        acting_as=by.agency,
        what="nudge",
        subject_kind="agency",
        subject_id=office.pk,
        reason=reason.strip(),
        after={"cases": [case.pk for case in cases]},
    )
    return len(cases)
