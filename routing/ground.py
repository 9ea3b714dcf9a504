"""When the map moves under the cases: offices that ended, officers who left, found by date (case.md section 5, I11).

The acts that end an agency or a membership announce it; what ends by its date is found here, by the sweep.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from agencies import succession
from agencies.models import Agency, Membership
from complaints.models import Complaint, Contribution
from complaints.transitions import Status
from routing import destination, dispatch, helping
from routing.overdue import Deadline

PAGE = 200
# A coordinator's end is looked for this far back: as long as a portal may have been down.
LOOK_BACK = datetime.timedelta(days=30)


def offices_without_ground(today: datetime.date) -> list[Agency]:
    """Offices that have open cases, or tasks for those of others, and can't keep them: ended, or without officers;
    desks that lost their last coordinator lately are among them. One statement over the agencies, each asking an
    index."""
    open_cases = Complaint.objects.open().filter(handler=OuterRef("pk"))
    staffed = Agency.objects.filter(pk=OuterRef("pk")).active_on(today).staffed_on(today)
    tasks = Contribution.objects.open().filter(agency=OuterRef("pk"))
    unstaffed = Agency.objects.filter(Exists(open_cases) | Exists(tasks)).filter(~Exists(staffed))
    lately = Membership.objects.filter(role="COORDINATOR", ends_on__range=(today - LOOK_BACK, today))
    no_desk = (
        Agency.objects.filter(pk__in=lately.values("agency"))
        .filter(Exists(open_cases))
        .exclude(pk__in=Agency.objects.desks_on(today).values("pk"))
    )
    return list((unstaffed | no_desk).distinct().order_by("-path_length"))


def clear(office: Agency, now: datetime.datetime, deadline: Deadline | None = None) -> int:
    """Move out of this office what can't stay there, cases and tasks, each in its own transaction. How many went;
    what is left at the deadline is the next run's."""
    today = dispatch.today_at(office, now)
    ended = not office.is_active_on(today)
    reason = (_("%(office)s berakhir.") if ended else _("Belum ada petugas: %(office)s.")) % {"office": office.name}
    moved = 0
    for complaint in _held(office, today):
        if deadline is not None and deadline.is_over():
            return moved
        moved += (
            dispatch.move_out(complaint, cause="SUCCEEDED" if ended else "UNSTAFFED", reason=reason, now=now)
            is not None
        )
    if ended:
        follow_succession(office, now)
    return moved + helping.rehome(office, now)


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


def _held(office: Agency, today: datetime.date) -> Iterator[Complaint]:
    """Open cases of the office that may have to go, in pages. A staffed desk keeps all but those whose officers are
    named in them; a staffed office that is no desk keeps what was forwarded."""
    rows = Complaint.objects.open().filter(handler=office)
    if office.is_desk(today):
        rows = rows.filter(not_seen_by__isnull=False).distinct()
    elif office.is_staffed(today):
        unsent = Q(status=Status.SUBMITTED) | Q(status=Status.WAITING, returns_to=Status.SUBMITTED)
        rows = rows.filter(unsent | Q(not_seen_by__isnull=False)).distinct()
    last = 0
    while True:
        page = list(rows.filter(pk__gt=last).order_by("pk")[:PAGE])
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].pk
