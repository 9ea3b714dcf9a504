"""Several offices on one case: who may be asked, who reads what of it, what becomes of a task when the ground moves.

One office leads: it has the case, its promises run on, it answers the citizen. The others have a task and a date of
their own (`Contribution`), with a ladder of their own beside the lead's; neither hides the other.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from agencies import calendar, succession
from agencies.actor import Actor
from agencies.models import Agency, Membership, Role
from complaints.models import Attachment, Complaint, Contribution, Event
from complaints.models.visibility import not_kept_from
from complaints.notifications.send import notify_officers, officers_of
from complaints.number import read_number
from complaints.seats import Seated
from complaints.transitions import HELPERS, OPEN, TERMINAL, Incomplete, NotAllowed
from lapor.kit.compiled import Blank, Compiled
from routing import destination, dispatch, escalation
from routing.almanac import Almanac, date_in, is_office_hour, zone_of

Told = Contribution.Told
PAGE = 200
# Verbs after which a task may have lost its sense.
CHANGES = frozenset(
    {"accept", "lapse", "expire", "archive", "merge", "withdraw", "tighten", "exclude", "move", "hand_back", "pass_on"}
)
ASKED, CAME, ENDED, DUE = "officer_help_asked", "officer_help_came", "officer_help_ended", "officer_help_due"
FILES = "officer_help_files"
# Working days after the date of a task, and the step that is due then; highest first.
STEPS = ((2, Told.COORDINATOR), (1, Told.LATE))


def invite(
    complaint: Complaint,
    agency: Agency,
    task: str,
    *,
    by: Actor,
    days: int,
    shown: str = "",
    files: Iterable[Attachment] = (),
    now: datetime.datetime | None = None,
) -> Event | None:
    """Ask another office for help: one that exists, is staffed, and is neither the centre nor the lead itself."""
    if agency.parent_id is None:
        raise Incomplete("agency", _("Pusat tidak bisa diminta membantu. Pilih kantor yang mengerjakannya."))
    dispatch.require_able(complaint, agency, now)
    return complaint.invite(agency, task, by=by, days=days, shown=shown, files=files, now=now)


# --- What follows from an event ---


def follow(event: Event, complaint: Complaint) -> None:
    """Tell whom a task concerns; call off what the event made senseless. In the event's transaction."""
    if event.verb in CHANGES:
        for task in complaint.contributions.open().select_related("agency"):
            with translation.override(settings.LANGUAGE_CODE):  # kept, and read by others than whoever acts
                why, cause = _senseless(task, complaint)
            if cause:
                complaint.uninvite(task.agency, by=dispatch.SYSTEM, reason=why, cause=cause, now=event.at)
    elif (office := event.particulars.get("helper")) is not None:
        _tell(event, complaint, office)


def _senseless(task: Contribution, complaint: Complaint) -> tuple[str, str]:
    if complaint.status in TERMINAL:
        return _("Laporan ini sudah ditutup."), "CLOSED"
    if complaint.is_guarded:
        return _("Laporan ini tidak lagi bisa dibagi."), "GUARDED"
    if task.agency_id == complaint.handler_id:
        return _("Kantor ini sekarang memegang laporannya sendiri."), "HANDLER"
    return "", ""


def _tell(event: Event, complaint: Complaint, office: int) -> None:
    helpers = _officers(office, complaint)
    lead = [one for one in officers_of(complaint) if one.user_id != event.actor_id]
    match event.verb:
        case "invite" | "reinvite":
            notify_officers(event, helpers, ASKED)
        case "share":
            notify_officers(event, helpers, FILES)
        case "contribute" | "decline":
            notify_officers(event, lead, CAME)
        case "uninvite":
            # Whoever may not know of the case any more is not told that it is guarded now; the lead has it whole.
            if event.particulars.get("cause") == "UNSTAFFED":
                notify_officers(event, lead, CAME)
            elif event.particulars.get("cause") not in ("GUARDED", "HANDLER"):
                notify_officers(event, helpers, ENDED)


def _officers(office: int, complaint: Complaint) -> list[Membership]:
    members = Membership.objects.current(complaint.today()).filter(agency_id=office, role__in=HELPERS)
    return list(members.select_related("user").order_by("pk"))


# --- Who reads what ---


def asked_of(agency: Agency) -> models.QuerySet[Contribution]:
    """What an office is asked for now, nearest date first."""
    return (
        Contribution.objects.open()
        .filter(_unguarded("complaint__"), agency=agency)
        .select_related("complaint__handler", "complaint__place__parent", "complaint__reporter", "asked_from")
        .order_by("due_on", "pk")
    )


def below(by: Actor) -> models.QuerySet[Contribution]:
    """Open tasks in the reach of whoever oversees: asked of an office there, or by one; nearest date first."""
    office = by.agency
    assert office is not None
    here = Q(agency__path__startswith=office.path) | Q(complaint__handler__path__startswith=office.path)
    return (
        Contribution.objects.open()
        .filter(here, _unguarded("complaint__"))
        .filter(complaint__in=Complaint.objects.filter(not_kept_from(by)))
        .select_related("complaint__handler", "complaint__place", "agency")
        .order_by("due_on", "pk")
    )


def ended_of(agency: Agency) -> models.QuerySet[Contribution]:
    """What it was asked for once, newest first; of a case that is guarded now nothing."""
    return (
        Contribution.objects.exclude(state=Contribution.State.OPEN)
        .filter(_unguarded("complaint__"), agency=agency)
        .select_related("complaint__handler", "asked_from")
        .order_by("-ended_at")
    )


def _unguarded(prefix: str = "") -> Q:
    return Q(**{f"{prefix}secret": False, f"{prefix}about_conduct": False, f"{prefix}not_for__isnull": True})


@dataclass(frozen=True)
class Help:
    """A case as an office sees it that helps, helped, or stands over one that does. `task`: its own, the newest;
    `reads`: the story too, masked."""

    complaint: Complaint
    task: Contribution
    reads: bool


def find(number: str, by: Actor) -> Help | None:
    """What this officer may see of a case that is not theirs because help was asked; None: nothing, not even that it
    exists. Heads and coordinators above an office see its task and no story."""
    stored, office = read_number(number), by.agency
    if stored is None or office is None or by.role not in HELPERS:
        return None
    rows = _TASKS(by, number=stored)
    if not rows:
        return None
    *_rank, newest = max((at == office.pk, state == Contribution.State.OPEN, pk) for at, state, pk in rows)
    [task] = _TASK(pk=newest)
    reads = task.is_open and task.agency_id == office.pk and task.complaint.status in OPEN
    return Help(task.complaint, task, reads)


def _tasks_of(by: Actor) -> models.QuerySet[Contribution, Any]:
    office = by.agency
    assert office is not None
    here = Q(agency=office)
    if by.role in (Role.HEAD, Role.COORDINATOR):
        here |= Q(agency__path__startswith=office.path)
    number = Blank("number", models.CharField())
    return (
        Contribution.objects.filter(here, _unguarded("complaint__"), complaint__number=number)
        .filter(complaint__in=Complaint.objects.filter(not_kept_from(by)))
        .values_list("agency_id", "state", "pk")
    )


# Nearly all who ask of a number were asked nothing: whether they were is found out before anything is read.
_TASKS: Seated[Any] = Seated(_tasks_of)
_TASK: Compiled[Contribution] = Compiled(
    lambda: (
        Contribution.objects.filter(pk=Blank("pk", models.BigIntegerField()))
        .select_related("complaint__handler", "complaint__place__parent", "complaint__category", "agency", "asked_from")
        .select_related("message__author", "asked_by")
    )
)


# --- When the ground moves ---


def rehome(office: Agency, now: datetime.datetime) -> int:
    """What an office that ended or has nobody was asked for goes to its successor, or the nearest staffed office above;
    where that is the lead, one that helps already, or the centre, the lead hears that nobody is there. How many."""
    today = dispatch.today_at(office, now)
    if office.is_staffed(today):
        return 0
    ended = not office.is_active_on(today)
    with translation.override(settings.LANGUAGE_CODE):  # kept, and read by others than whoever ended it
        reason = (_("%(office)s berakhir.") if ended else _("Belum ada petugas: %(office)s.")) % {"office": office.name}
    moved = 0
    for task in _pages(Contribution.objects.open().filter(agency=office)):
        complaint = Complaint.objects.get(pk=task.complaint_id)
        with transaction.atomic():
            complaint._lock()
            helps = {task.agency_id for task in complaint.contributions.open()}
            if office.pk not in helps:
                continue
            heir = succession.heir_of(office, today, **destination.what_it_is_about(complaint)) or office
            to = Agency.objects.staffed_at_or_above(heir, today)
            if to.parent_id is None or to.pk == complaint.handler_id or to.pk in helps:
                complaint.uninvite(office, by=dispatch.SYSTEM, reason=reason, cause="UNSTAFFED", now=now)
            else:
                complaint.reinvite(office, to, by=dispatch.SYSTEM, reason=reason, now=now)
            moved += 1
    return moved


def _pages(rows: models.QuerySet[Contribution]) -> Iterator[Contribution]:
    last = 0
    while True:
        page = list(rows.filter(pk__gt=last).order_by("pk")[:PAGE])
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].pk


# --- The ladder of a task ---


def coming_due(today: datetime.date, almanac: Almanac) -> models.QuerySet[Contribution]:
    """Tasks whose next step may have come somewhere."""
    latest = calendar.add_working_days(today, 2, almanac.all_days)
    return (
        Contribution.objects.open()
        .filter(due_on__lte=latest, told__lt=Told.COORDINATOR, complaint__silent=False)
        .select_related("agency__region", "complaint__place")
    )


def tell_what_is_due(tasks: Iterable[Contribution], now: datetime.datetime, almanac: Almanac) -> int:
    """Take the step that is due for each of these. How many were taken."""
    return sum(_step(task, now, almanac) for task in tasks)


def step_due(task: Contribution, now: datetime.datetime, almanac: Almanac) -> Told | None:
    """The highest step whose day has come, in an office hour of a working day of the office that helps."""
    zone = zone_of(task.agency)
    today = date_in(zone, now)
    if not is_office_hour(zone, now) or not calendar.is_working_day(today, almanac.days_of(task.agency.region)):
        return None
    holidays = almanac.days_of(task.complaint.place)
    if today <= task.due_on:
        return Told.SOON if calendar.working_days_left(today, task.due_on, holidays) <= 1 else None
    late = calendar.working_days_between(task.due_on, today, holidays)
    return next((step for days, step in STEPS if late >= days), None)


def _step(task: Contribution, now: datetime.datetime, almanac: Almanac) -> bool:
    step = step_due(task, now, almanac)
    if step is None or step <= task.told:
        return False
    complaint = task.complaint
    try:
        with transaction.atomic():
            event = complaint.note_help_due(task, by=dispatch.SYSTEM, step=step, now=now)
            assert event is not None
            notify_officers(event, audience(task, complaint, step), DUE)
    except NotAllowed:
        return False
    return True


def audience(task: Contribution, complaint: Complaint, step: int) -> list[Membership]:
    """Who is told: before the date the office itself, after it the lead too, at last its coordinator."""
    today = complaint.today()
    if step == Told.COORDINATOR:
        desk = Agency.objects.desk_at_or_above(task.agency, today)
        role = Role.NATIONAL if desk.parent_id is None else Role.COORDINATOR
        return escalation.officers_at(desk, (role,), complaint, today)
    found = escalation.officers_at(task.agency, (Role.LIAISON, Role.HEAD), complaint, today)
    found = found or escalation.officers_at(task.agency, (Role.COORDINATOR,), complaint, today)
    return [*found, *officers_of(complaint)] if step == Told.LATE else found


# --- The calendar changed ---


def redate(years: set[int]) -> int:
    """Dates of open tasks counted anew where these years matter; one that was told never comes nearer. How many."""
    first, last = datetime.date(min(years), 1, 1), datetime.date(max(years), 12, 31)
    almanac = Almanac(first - datetime.timedelta(days=400))
    later = []
    for task in _pages(
        Contribution.objects.open().filter(due_on__gte=first, asked_on__lte=last).select_related("complaint__place")
    ):
        due = calendar.add_working_days(task.asked_on, task.budget, almanac.days_of(task.complaint.place))
        if due > task.due_on:
            task.due_on = due
            later.append(task)
    Contribution.objects.bulk_update(later, ["due_on"], batch_size=PAGE)
    return len(later)


def days_left(task: Contribution, today: datetime.date, holidays: frozenset[datetime.date]) -> tuple[str, int]:
    """State and working days of its badge (parts/promise.html)."""
    if not task.is_open:
        return "none", 0
    days = calendar.working_days_left(today, task.due_on, holidays)
    if today > task.due_on:
        return "late", -days
    return ("near" if days <= 1 else "on_time"), days
