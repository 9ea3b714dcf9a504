"""When the map moves under the cases: offices that ended, officers who left, found by date (case.md section 5, I11).

The acts that end an agency or a membership announce it; what ends by its date is found here, by the sweep.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet

from agencies import succession
from agencies.models import Agency, Membership
from complaints.because import Because, because
from complaints.models import Complaint, Contribution
from complaints.transitions import OPEN, Status
from lapor.kit.compiled import Blank, Compiled
from lapor.kit.nudge import nudge
from routing import destination, dispatch, helping
from routing.overdue import Deadline, attempt

PAGE = 200
# So many cases go in the request that ended an office or took its last officer; the rest by the worker.
AT_ONCE = 20
# A coordinator's end is looked for this far back: as long as a portal may have been down.
LOOK_BACK = datetime.timedelta(days=30)


def offices_without_ground(today: datetime.date) -> list[Agency]:
    """Offices that have open cases, or tasks for those of others, and can't keep them: ended, or without officers;
    desks that lost their last coordinator lately are among them. One statement over the agencies, each asking an
    index."""
    return _WITHOUT_GROUND(day=today, since=today - LOOK_BACK)


def _without_ground() -> QuerySet[Agency]:
    today, since = Blank("day", DateField()), Blank("since", DateField())
    open_cases = Complaint.objects.open().filter(handler=OuterRef("pk"))
    staffed = Agency.objects.filter(pk=OuterRef("pk")).active_on(today).staffed_on(today)
    tasks = Contribution.objects.open().filter(agency=OuterRef("pk"))
    unstaffed = Agency.objects.filter(Exists(open_cases) | Exists(tasks)).filter(~Exists(staffed))
    lately = Membership.objects.filter(role="COORDINATOR", ends_on__range=(since, today))
    no_desk = (
        Agency.objects.filter(pk__in=lately.values("agency"))
        .filter(Exists(open_cases))
        .exclude(pk__in=Agency.objects.desks_on(today).values("pk"))
    )
    return (unstaffed | no_desk).distinct().order_by("-path_length")


# Asked at every sweep.
_WITHOUT_GROUND: Compiled[Agency] = Compiled(_without_ground)


def begin_to_clear(office: Agency, now: datetime.datetime) -> int:
    """In the transaction of the act after which it can't keep its cases: the first few go at once, so that a small
    office is empty with it; of more the rest follows by the worker. How many went."""
    moved = clear(office, now, most=AT_ONCE)
    if next(_held(office, dispatch.today_at(office, now)), None) is not None:
        nudge("routing.tasks.clear_office", office.pk)
    return moved


def clear(office: Agency, now: datetime.datetime, deadline: Deadline | None = None, *, most: int | None = None) -> int:
    """Move out of this office what can't stay there, cases and tasks, each in its own transaction. How many went;
    what is left at the deadline, or beyond the first `most` cases, is the next run's. One that fails keeps no other."""
    today = dispatch.today_at(office, now)
    ended = not office.is_active_on(today)
    why = because("ended" if ended else "unstaffed", office=office.name)
    cause = "SUCCEEDED" if ended else "UNSTAFFED"
    moved = 0
    if ended:
        # Before the first case goes: nobody reads on at the heir what is kept from the office that ended.
        follow_succession(office, now)
    for tried, pk in enumerate(_held(office, today)):
        if (deadline is not None and deadline.is_over()) or tried == most:
            break
        moved += attempt("move out", pk, partial(_move_out, pk, office, cause, why, now))
    return moved + helping.rehome(office, now)


def _move_out(pk: int, office: Agency, cause: str, why: Because, now: datetime.datetime) -> bool:
    """One case, if it still lies here: whoever was faster has put it elsewhere, or ended it."""
    with transaction.atomic():
        case = Complaint.objects.get(pk=pk)
        case._lock()
        if case.handler_id != office.pk or case.status not in OPEN:
            return False
        case.take_as_read()
        return dispatch.move_out(case, cause=cause, why=why, now=now) is not None


def follow_succession(ended: Agency, now: datetime.datetime | None = None) -> int:
    """`not_for` follows succession (case.md section 5): whoever took over the accused office may not read it either."""
    today = dispatch.today_at(ended, now)
    followed = 0
    for case in (
        Complaint.objects.open().filter(not_for=ended).select_related("category__parent", "place").order_by("pk")
    ):
        heir = succession.heir_of(ended, today, **destination.what_it_is_about(case))
        if heir is not None and heir.pk != ended.pk and heir.parent_id is not None:
            followed += dispatch.exclude(case, heir, by=dispatch.SYSTEM, now=now) is not None
    return followed


def follow_move(moved: Agency, now: datetime.datetime) -> int:
    """An office hangs below another now: what it may not read from there any more goes (I13)."""
    cases = Complaint.objects.open().filter(handler__path__startswith=moved.path, not_for__isnull=False)
    kept = cases.filter(handler__path__startswith=F("not_for__path")).order_by("pk")
    return sum(dispatch.follow_exclusion(case, now=now) is not None for case in kept)


def _held(office: Agency, today: datetime.date) -> Iterator[int]:
    """Ids of the open cases of the office that may have to go, in pages. A staffed desk keeps all but those whose
    officers are named in them; a staffed office that is no desk keeps what was forwarded."""
    rows = Complaint.objects.open().filter(handler=office)
    if office.is_desk(today):
        rows = rows.filter(not_seen_by__isnull=False).distinct()
    elif office.is_staffed(today):
        unsent = Q(status=Status.SUBMITTED) | Q(status=Status.WAITING, returns_to=Status.SUBMITTED)
        rows = rows.filter(unsent | Q(not_seen_by__isnull=False)).distinct()
    last = 0
    while True:
        page = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PAGE])
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]
