"""Moving the clock forward: day by day, so that on the way everything happens that would have happened."""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies import calendar
from complaints.models import Clock, Complaint
from complaints.notifications import delivery
from lapor.kit.nudge import nudge
from lapor.training.models import Exercise, State
from routing import escalation, overdue, tasks, weekly
from routing.almanac import Almanac

log = logging.getLogger(__name__)

JAKARTA: Final = ZoneInfo("Asia/Jakarta")
# When the day's stop is made: misses are noted, and the hours of the ladder and of the letters have begun everywhere.
STOP, MORNING = datetime.time(9, 30), datetime.time(8, 0)
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Leap:
    code: str
    name: str | Promise


LEAPS: Final = (
    Leap("jam", _("1 jam")),
    Leap("pagi", _("Ke pagi hari kerja berikutnya")),
    Leap("3", _("3 hari kerja")),
    Leap("5", _("5 hari kerja")),
    Leap("10", _("10 hari kerja")),
    Leap("janji", _("Sampai sesudah batas waktu berikutnya")),
)
CODES: Final = frozenset(leap.code for leap in LEAPS)


def target(code: str, now: datetime.datetime) -> datetime.datetime:
    """Where a leap leads from now."""
    if code == "jam":
        return now + datetime.timedelta(hours=1)
    local = now.astimezone(JAKARTA)
    off = Almanac(local.date()).days_of(None)
    if code == "pagi":
        today = local.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)
        if now < today and calendar.is_working_day(today.date(), off):
            return today
        return _at(calendar.add_working_days(local.date(), 1, off), MORNING)
    if code == "janji":
        return _at(_next_promise(local.date()) + _DAY, STOP)
    return max(_at(calendar.add_working_days(local.date(), int(code), off), STOP), now)


def _next_promise(today: datetime.date) -> datetime.date:
    """Of what participants work on; without any, of any case. Tomorrow when nothing has a date."""
    waiting = Clock.objects.running().filter(due_on__gte=today).order_by("due_on")
    own = waiting.filter(complaint__in=Complaint.objects.filter(number__in=Exercise.objects.values("number")))
    days = own.values_list("due_on", flat=True).first() or waiting.values_list("due_on", flat=True).first()
    return days or today


def _at(day: datetime.date, hour: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, hour, JAKARTA)


def depart(code: str) -> bool:
    """Set out; the worker goes. False: it is on its way already."""
    with transaction.atomic():
        state = State.objects.select_for_update().get_or_create(pk=1)[0]
        if state.heading_for is not None:
            # Once more, should the first word have been lost; who goes already goes alone.
            nudge("latihan.travel")
            return False
        state.heading_for = target(code, timezone.now())
        state.save(update_fields=["heading_for"])
        nudge("latihan.travel")
    return True


def travel() -> int:
    """To where the state says, with a stop on every working day between. How many stops."""
    state, stops = State.read(), 0
    while state.heading_for is not None:
        now = timezone.now()
        if now >= state.heading_for:
            State.objects.filter(pk=1).update(heading_for=None)
            break
        stop = min(state.heading_for, _next_stop(now))
        state.shift += stop - now
        State.objects.filter(pk=1).update(shift=state.shift)
        state = State.read()
        happen(timezone.now())
        stops += 1
    if stops:
        _count()
    return stops


def _next_stop(now: datetime.datetime) -> datetime.datetime:
    local = now.astimezone(JAKARTA)
    off = Almanac(local.date()).days_of(None)
    today = _at(local.date(), STOP)
    if now < today and calendar.is_working_day(local.date(), off):
        return today
    return _at(calendar.add_working_days(local.date(), 1, off), STOP)


def happen(now: datetime.datetime) -> None:
    """What the hours until now bring: promises missed, reminders, the ladder, cases that end, and the letters of it."""
    for name, act in (
        ("dates", lambda: tasks.what_the_date_brings(now)),
        ("heads", lambda: escalation.tell_heads(now)),
        ("week", lambda: weekly.put_out(now)),
        ("letters", lambda: delivery.send_due(now=now)),
    ):
        overdue.attempt(name, 0, lambda act=act: bool(act()) or True)  # type: ignore[misc]


def _count() -> None:
    """The figures of every page follow at once."""
    tasks.count_events()
    tasks.refresh_register()
    tasks.refresh_standing()
    tasks.refresh_home()
    tasks.refresh_months()
