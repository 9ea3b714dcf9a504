"""The weekly meeting of a pemda: one page an office, to be thrown on a wall or printed.

What came, what is late and with whom, the three oldest by number and masked title, what was promised, what was agreed
last week. Never who reported, and of a secret case nothing but that it counts: a wall is read by everybody in the room.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, Membership
from agencies.permissions import Capability, membership_may
from complaints.models import Complaint, Message
from complaints.notifications.to_officers import title_of
from complaints.transitions import OFFICES_TURN, Incomplete, NotAllowed
from routing import call_ups
from routing.district import District, Office, below
from routing.models import Agreement, AgreementEnd, Disposition
from routing.oversight import readable

# Cases that are named, officers, promises and agreements on one page.
CASES, OFFICERS, PROMISES, AGREEMENTS = 3, 6, 4, 6
# Ended agreements are shown for so long.
SHOWN_FOR = datetime.timedelta(days=10)
# Dates and agreements that are read at most, of all offices together.
MOST = 2000
WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Late:
    """`name`: of the officer who holds them; blank: nobody does."""

    name: str
    count: int


@dataclass(frozen=True)
class Case:
    number: str
    shown_number: str
    title: str
    due_on: datetime.date | None
    officer: str
    late: bool


@dataclass(frozen=True)
class Promise:
    """A date somebody outside was given: of a scheduled answer, or of an account that was asked for (`asked`)."""

    number: str
    shown_number: str
    day: datetime.date
    asked: bool
    passed: bool


@dataclass(frozen=True)
class Page:
    office: Office
    came: int
    came_before: int
    answered: int
    late_with: Sequence[Late]
    oldest: Sequence[Case]
    promises: Sequence[Promise]
    agreements: Sequence[Agreement]


def agenda(district: District) -> list[Office]:
    """The offices in the order of the meeting: silent and late ones first, those without any case last."""
    return sorted(district.offices, key=lambda one: not (one.open or one.turns))


def of_office(membership: Membership, view: District, office: Office, now: datetime.datetime) -> Page:
    return of_offices(membership, view, [office], now)[0]


def of_offices(membership: Membership, view: District, offices: Sequence[Office], now: datetime.datetime) -> list[Page]:
    """One page each, in this order. Seven statements, however many offices there are."""
    node, today = view.node, view.today
    known = {one.agency.pk for one in offices}
    # The node's own desk alone; any other office with its units.
    here, turns = Q(handler__path__startswith=node.path), Q(agency__path__startswith=node.path)
    if len(known) == 1:
        agency = offices[0].agency
        own = agency.pk == node.pk
        here = Q(handler=agency) if own else Q(handler__path__startswith=agency.path)
        turns = Q(agency=agency) if own else Q(agency__path__startswith=agency.path)
    may = readable(membership)
    open_ones = Complaint.objects.open().filter(may, here)
    theirs = open_ones.filter(status__in=OFFICES_TURN)
    came = _came(node, turns, may, today, now)
    late, oldest = _late_with(node, theirs, today), _oldest(node, theirs, today)
    promises, agreed = _promises(node, open_ones, today), _standing(node, known, now)
    return [
        Page(
            one,
            *came[one.agency.pk],
            late_with=late[one.agency.pk],
            oldest=oldest[one.agency.pk],
            promises=promises[one.agency.pk],
            agreements=agreed[one.agency.pk],
        )
        for one in offices
    ]


def _came(
    node: Agency, turns: Q, may: Q, today: datetime.date, now: datetime.datetime
) -> dict[int, tuple[int, int, int]]:
    """By office: what came this week and the week before, what was answered this week. One statement."""
    stints = Disposition.objects.filter(turns, complaint__in=Complaint.objects.filter(may))
    lately = stints.filter(Q(received_on__gt=today - 2 * WEEK) | Q(first_answer_at__gt=now - WEEK))
    fresh = ~Q(verb="contest")
    counts = (
        lately.order_by()
        .values_list("agency__path")
        .annotate(
            now=Count("pk", filter=Q(received_on__gt=today - WEEK) & fresh),
            before=Count("pk", filter=Q(received_on__gt=today - 2 * WEEK, received_on__lte=today - WEEK) & fresh),
            answered=Count("pk", filter=Q(first_answer_at__gt=now - WEEK)),
        )
    )
    found: dict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for path, *more in counts:
        pk = below(path, node)
        first, second, third = (a + b for a, b in zip(found[pk], more, strict=True))
        found[pk] = (first, second, third)
    return found


def _late_with(node: Agency, theirs: Any, today: datetime.date) -> dict[int, list[Late]]:
    """By office: with whom what is late lies, most first. One statement."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    rows = theirs.filter(due_on__lt=today, dispositions__ended_at__isnull=True)
    for path, name, n in (
        rows.order_by().values_list("handler__path", "dispositions__officer__name").annotate(Count("pk"))
    ):
        counts[below(path, node)][name or ""] += n
    found: dict[int, list[Late]] = defaultdict(list)
    for pk, names in counts.items():
        found[pk] = [Late(name, n) for name, n in names.most_common()]
    return found


def _oldest(node: Agency, theirs: Any, today: datetime.date) -> dict[int, list[Case]]:
    """By office: the three whose date is the nearest or longest past. Two statements."""
    plain = theirs.filter(secret=False, about_conduct=False, due_on__isnull=False)
    nth = Window(RowNumber(), partition_by="handler_id", order_by=[F("due_on").asc(), F("pk").asc()])
    rows = plain.annotate(nth=nth).filter(nth__lte=CASES).select_related("reporter", "handler").order_by("due_on", "pk")
    taken: dict[int, list[Complaint]] = defaultdict(list)
    for case in rows:
        cases = taken[below(case.handler.path, node)]
        if len(cases) < CASES:
            cases.append(case)
    holders = dict(
        Disposition.objects.open()
        .filter(complaint__in=[case.pk for cases in taken.values() for case in cases], officer__isnull=False)
        .values_list("complaint_id", "officer__name")
    )
    found: dict[int, list[Case]] = defaultdict(list)
    for pk, cases in taken.items():
        found[pk] = [
            Case(
                case.number,
                case.shown_number,
                title_of(case),
                case.due_on,
                holders.get(case.pk, ""),
                case.due_on is not None and case.due_on < today,
            )
            for case in cases
        ]
    return found


def _promises(node: Agency, open_ones: Any, today: datetime.date) -> dict[int, list[Promise]]:
    """By office: dates of scheduled answers that come within two weeks or have passed, and accounts not given yet,
    nearest first. Two statements."""
    plain = open_ones.filter(secret=False, about_conduct=False)
    until = today + 2 * WEEK
    said = Message.objects.filter(
        complaint__in=plain,
        verb="resolve",
        state=Message.State.SENT,
        facts__outcome="SCHEDULED",
        facts__promised_on__lte=until.isoformat(),
    ).select_related("complaint__handler")
    dates = [
        (message.complaint, datetime.date.fromisoformat(message.facts["promised_on"]), False)
        for message in said.order_by("-pk")[:MOST]
    ]
    dates += [(case, day, True) for case, day in call_ups.standing(plain)]
    promises: dict[int, dict[tuple[int, bool], Promise]] = defaultdict(dict)
    for case, day, asked in dates:
        one = Promise(case.number, case.shown_number, day, asked, day < today)
        promises[below(case.handler.path, node)][case.pk, asked] = one
    found: dict[int, list[Promise]] = defaultdict(list)
    for pk, theirs in promises.items():
        found[pk] = sorted(theirs.values(), key=lambda one: (one.day, one.number))
    return found


# --- Agreements ---


def standing(node: Agency, office: Agency, now: datetime.datetime) -> list[Agreement]:
    """Those that stand, and those that ended lately, nearest date first. One statement."""
    return _standing(node, {office.pk}, now)[office.pk]


def _standing(node: Agency, offices: Iterable[int], now: datetime.datetime) -> dict[int, list[Agreement]]:
    lately = Q(ending__isnull=True) | Q(ending__at__gt=now - SHOWN_FOR)
    rows = Agreement.objects.filter(lately, node=node, office__in=list(offices)).select_related("ending", "by")
    found: dict[int, list[Agreement]] = defaultdict(list)
    for one in sorted(rows[:MOST], key=lambda one: (hasattr(one, "ending"), one.due_on, one.pk)):
        found[one.office_id].append(one)
    return found


def agree(
    node: Agency, office: Agency, *, by: Actor, body: str, due_on: datetime.date, now: datetime.datetime | None = None
) -> Agreement:
    """Write down what the office agreed to. Raises NotAllowed, Incomplete("body" or "due_on")."""
    _require(by, node, office)
    now = now or timezone.now()
    words = " ".join(body.split())
    if not words:
        raise Incomplete("body", _("Tulis apa yang disepakati."))
    if due_on < timezone.localdate(now):
        raise Incomplete("due_on", _("Tanggalnya hari ini atau sesudahnya."))
    assert by.user is not None
    return Agreement.objects.create(node=node, office=office, body=words[:300], due_on=due_on, by=by.user, made_at=now)


@transaction.atomic
def end(agreement: Agreement, *, by: Actor, kept: bool, now: datetime.datetime | None = None) -> AgreementEnd:
    """Say what became of it; the first word stands. Raises NotAllowed."""
    _require(by, agreement.node, agreement.office)
    assert by.user is not None
    return AgreementEnd.objects.get_or_create(
        agreement=agreement, defaults={"kept": kept, "by": by.user, "at": now or timezone.now()}
    )[0]


def _require(by: Actor, node: Agency, office: Agency) -> None:
    if (
        by.membership is None
        or not membership_may(by.membership, Capability.OVERSEE, node)
        or not office.is_under(node)
    ):
        raise NotAllowed(_("Anda tidak berwenang mencatat kesepakatan kantor ini."))
