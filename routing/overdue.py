"""What passed while nobody acted: promises missed, reporters who stayed silent (case.md sections 3 and 4).

Missed promises are noted together (`routing.misses`). Every other row is claimed by itself, in its own short
transaction and by a conditional UPDATE: whoever comes second finds nothing to do. A row that fails is logged and does
not keep the others waiting.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from django.db import models, transaction

from agencies import calendar
from agencies.models import Agency
from complaints.because import because
from complaints.models import Clock, ClockKind, Event, Notification
from complaints.models.lifecycle.oversight import AlreadyNoted
from complaints.models.lifecycle.promises import end_of
from complaints.transitions import Refusal, Status
from routing import dispatch, misses, reminders
from routing.almanac import EAST, JAKARTA, Almanac, date_in
from routing.models import Disposition

log = logging.getLogger(__name__)

PAGE = 500
Row = TypeVar("Row", bound=models.Model)


class Deadline:
    """When a run must end so that its task is not killed; the next one goes on from there."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def is_over(self) -> bool:
        return time.monotonic() > self._end


def attempt(what: str, pk: int, act: Callable[[], object]) -> bool:
    """Do one row. False: it failed and is in the log; the next run tries again."""
    try:
        return bool(act())
    except (AlreadyNoted, Refusal):
        return False
    except Exception:
        log.exception("%s %s", what, pk)
        return False


def pages(rows: models.QuerySet[Row], deadline: Deadline) -> Iterator[list[Row]]:
    """Pages of at most 500, by id: what one page changes is not read again."""
    last = 0
    while not deadline.is_over():
        page = list(rows.filter(pk__gt=last).order_by("pk")[:PAGE])
        if page:
            yield page
        if len(page) < PAGE:
            return
        last = page[-1].pk


# --- Promises missed ---


def note_missed(now: datetime.datetime, deadline: Deadline) -> int:
    """Note every promise of the state whose day has passed, once, dated the end of that day. How many were noted.

    First together, a page at once (`routing.misses`); then, one by one, what that left: what somebody was writing in,
    what a miss moves elsewhere, and what failed among others.
    """
    return misses.note(now, deadline.is_over) + note_one_by_one(now, deadline)


def note_one_by_one(now: datetime.datetime, deadline: Deadline) -> int:
    """Noted rows leave the index that is read, so the first page is always what is left; what failed is passed over."""
    noted, failed = 0, set[int]()
    today = date_in(JAKARTA, now)
    while not deadline.is_over() and len(failed) < PAGE:
        page = list(_to_note().filter(due_on__lt=today).exclude(pk__in=failed).order_by("due_on", "pk")[:PAGE])
        done = _note_page(page, now)
        noted += len(done)
        failed |= {clock.pk for clock in page} - done
        if len(page) < PAGE:
            break
    # East of Jakarta the day ends up to two hours earlier.
    ahead = [zone for zone in EAST if date_in(zone, now) > today]
    if ahead:
        for page in pages(_to_note().filter(due_on=today, complaint__place__zone__in=ahead), deadline):
            noted += len(_note_page(page, now))
    return noted


def _to_note() -> models.QuerySet[Clock]:
    return Clock.objects.to_note().select_related("complaint__place", "complaint__handler")


def _note_page(page: list[Clock], now: datetime.datetime) -> set[int]:
    """Ids of the clocks noted. One statement for the page: who had each case at the end of its due day."""
    holders = _holders(page)
    return {
        clock.pk
        for clock in page
        if attempt("overdue", clock.pk, lambda clock=clock: _note(clock, holders[clock.pk], now))  # type: ignore[misc]
    }


def _holders(page: Iterable[Clock]) -> dict[int, Agency]:
    stints = defaultdict(list)
    cases = {clock.complaint_id for clock in page}
    rows = Disposition.objects.filter(complaint__in=cases).select_related("agency").order_by("received_at", "pk")
    for stint in rows:
        stints[stint.complaint_id].append(stint)
    found = {}
    for clock in page:
        assert clock.due_on is not None
        end = end_of(clock.due_on, clock.complaint.zone)
        had = [stint.agency for stint in stints[clock.complaint_id] if stint.received_at < end]
        found[clock.pk] = had[-1] if had else clock.complaint.handler
    return found


def _note(clock: Clock, missed_by: Agency, now: datetime.datetime) -> bool:
    complaint = clock.complaint
    with transaction.atomic():
        complaint.note_overdue(clock, by=dispatch.SYSTEM, missed_by=missed_by, now=now)
        if clock.kind == ClockKind.DECIDE:
            dispatch.move_out(
                complaint,
                cause="DECIDE_MISSED",
                why=because("decide_missed", desk=complaint.handler.name),
                to=Agency.objects.root(),
                now=now,
            )
        elif clock.kind == ClockKind.VERIFY:
            dispatch.forward_unverified(complaint, now=now)
    return True


def forward_unverified(now: datetime.datetime, deadline: Deadline) -> int:
    """Cases that waited for their reporter when VERIFY passed at a *verify first* desk, and are back there."""
    rows = (
        Clock.objects.unstopped()
        .filter(
            kind=ClockKind.VERIFY,
            overdue_noted_at__isnull=False,
            complaint__status=Status.SUBMITTED,
            complaint__handler__verify_first=True,
        )
        .select_related("complaint__place", "complaint__handler")
    )
    return sum(
        attempt("verify", clock.pk, lambda clock=clock: dispatch.forward_unverified(clock.complaint, now=now))  # type: ignore[misc]
        for page in pages(rows, deadline)
        for clock in page
    )


# --- Reporters who stayed silent ---


def run_out(now: datetime.datetime, deadline: Deadline) -> int:
    """Lapse and expire: REPORTER past due, and both reminders delivered, tried or impossible, the last of them a
    working day ago or more. How many cases ended."""
    today = date_in(JAKARTA, now)
    rows = (
        Clock.objects.unstopped()
        .filter(kind=ClockKind.REPORTER, due_on__lt=today)
        .filter(complaint__status__in=[Status.WAITING, Status.ANSWERED])
        .select_related("complaint__place", "complaint__handler")
    )
    ended = 0
    almanac = Almanac(today - datetime.timedelta(days=60))
    for page in pages(rows, deadline):
        warned = last_warnings(page)
        for clock in page:
            last = warned.get(clock.pk)
            if last is None:
                continue
            complaint = clock.complaint
            since = calendar.working_days_between(
                complaint.today(last), complaint.today(now), almanac.days_of_code(clock.calendar_region_id or "")
            )
            if since >= 1:
                end = complaint.lapse if complaint.status == Status.ANSWERED else complaint.expire
                ended += attempt("run out", clock.pk, lambda end=end: end(by=dispatch.SYSTEM, now=now))  # type: ignore[misc]
    return ended


def last_warnings(page: Iterable[Clock]) -> dict[int, datetime.datetime]:
    """When the last reminder of each clock went out; clocks whose reminders are not both behind them are missing.

    A reminder without a letter was impossible for want of a contact and counts from when it was due. Two statements.
    """
    clocks = {clock.pk: clock for clock in page}
    reminders_of = defaultdict(list)
    cases = {clock.complaint_id for clock in clocks.values()}
    for event in Event.objects.filter(complaint__in=cases, verb="remind"):
        reminders_of[event.particulars.get("clock")].append(event)
    letters = defaultdict(list)
    events = [event.pk for found in reminders_of.values() for event in found]
    for letter in Notification.objects.filter(event__in=events, user__isnull=True, supporter__isnull=True):
        letters[letter.event_id].append(letter)
    found = {}
    for pk in clocks:
        steps = {step for event in reminders_of[pk] for step in event.particulars.get("steps", [])}
        sent = [letter for event in reminders_of[pk] for letter in letters[event.pk]]
        waits = any(letter.state == Notification.State.PENDING and not letter.tries for letter in sent)
        if not set(reminders.TO_REPORTER) <= steps or waits:
            continue
        found[pk] = max(
            [event.at for event in reminders_of[pk]] + [letter.sent_at for letter in sent if letter.sent_at is not None]
        )
    return found
