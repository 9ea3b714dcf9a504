"""Clocks: what was promised to the citizen, by when (case.md section 4)."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies import calendar
from agencies.models import Agency, Holiday, Region
from complaints.models.clock import Clock, ClockKind, Pause
from complaints.models.programme_promise import CLOCKS, ProgrammePromise
from complaints.models.reference import ServiceStandard
from lapor.kit.compiled import Among, Blank, Compiled
from lapor.kit.rows import write

from .acting import Acting, Change

# Clocks of the state: all but the reporter's own wait while the reporter is waited for.
STATE = (ClockKind.VERIFY, ClockKind.RESPOND, ClockKind.RESOLVE, ClockKind.DECIDE)


class Promises(Acting):
    """Start, stop, pause and re-date the clocks of a case. Only verbs call these."""

    _unstopped: dict[str, Clock] | None = None
    # What one act reads of the law and the calendar, once.
    _standards: dict[tuple[str, bool, int | None, datetime.date], dict[str, ServiceStandard]] | None = None
    _almanacs: dict[tuple[str | None, int], Almanac] | None = None

    def _clocks(self) -> dict[str, Clock]:
        """The unstopped clocks by kind, read once an act."""
        if self._unstopped is None:
            case = self._case
            self._unstopped = {}
            for clock in _UNSTOPPED(case=case.pk) if case.pk else ():
                clock.complaint = case
                self._unstopped[clock.kind] = clock
        return self._unstopped

    def _lock(self) -> None:
        super()._lock()
        self._unstopped = self._standards = self._almanacs = None

    def _budget(self, kind: str, agency: Agency | None, day: datetime.date) -> ServiceStandard:
        case = self._case
        name: str = kind
        if kind == ClockKind.REPORTER and not case.reporter_is_reachable:
            name = "UNREACHED"
        if self._standards is None:
            self._standards = {}
        pair = (case.kind, case.supervised, agency.pk if agency else None, day)
        if pair not in self._standards:
            self._standards[pair] = ServiceStandard.objects.all_in_force(case.kind, case.supervised, agency, day)
        if name not in self._standards[pair]:
            raise ServiceStandard.DoesNotExist(f"{case.kind} {name} {day}")
        return self._standards[pair][name]

    def _of_programme(self, kind: str, day: datetime.date, days: int) -> ProgrammePromise | None:
        """What a programme that the case carries promises in fewer days than these; None: nothing. One statement, none
        for a case that begins."""
        case = self._case
        if not case.pk or kind not in dict(CLOCKS):
            return None
        own = ProgrammePromise.objects.tightest(case.pk, kind, day)
        return own if own is not None and own.working_days < days else None

    def is_tightened(self, kind: str) -> bool:
        """Whether this promise runs, and is a programme's instead of the office's own."""
        clock = self._clocks().get(kind)
        return clock is not None and clock.programme_promise_id is not None

    def _tighten_for_programmes(self, change: Change) -> None:
        """On its first day, which no promise counts, a promise may become the programme's; from the next day on it
        stays as it was made. Never later than it was said to be."""
        today = self.today(change.now)
        for kind in dict(CLOCKS):
            clock = self._clocks().get(kind)
            if clock is None or clock.started_on != today or clock.paused_on is not None or clock.due_on is None:
                continue
            own = self._of_programme(kind, today, clock.budget)
            if own is None:
                continue
            clock.budget, clock.programme_promise = own.working_days, own
            self._date(clock, list(self._case.pauses.values_list("started_on", "ended_on")))
            clock.save(update_fields=["budget", "programme_promise", "due_on", "provisional"])
            change.particulars.setdefault("clocks", {})[kind] = clock.due_on.isoformat() if clock.due_on else None

    def _date(self, clock: Clock, pauses: list[tuple[datetime.date, datetime.date | None]]) -> None:
        """`date_clock` with the calendar read once an act."""
        if self._almanacs is None:
            self._almanacs = {}
        of = (clock.calendar_region_id, clock.started_on.year)
        if of not in self._almanacs:
            self._almanacs[of] = almanac_for(clock)
        date_clock(clock, pauses=pauses, almanac=self._almanacs[of])

    def _start(
        self, change: Change, kind: str, *, first_day: datetime.date | None = None, agency: Agency | None = None
    ) -> Clock:
        """Start one promise. `first_day` is day zero; None: today at the place of the report."""
        clock = self._promise(change, kind, first_day=first_day, agency=agency)
        write(clock)
        return clock

    def _promise(
        self, change: Change, kind: str, *, first_day: datetime.date | None = None, agency: Agency | None = None
    ) -> Clock:
        """The same, dated and not yet saved: a case that begins has no row it could belong to."""
        case = self._case
        started_on = first_day or self.today(change.now)
        standard = self._budget(kind, agency or case.handler, started_on)
        own = self._of_programme(kind, started_on, standard.working_days)
        clock = Clock(
            complaint=case,
            kind=kind,
            round=case.round,
            budget=own.working_days if own else standard.working_days,
            standard=standard,
            programme_promise=own,
            calendar_region=calendar_region(case.place),
            started_on=started_on,
        )
        self._date(clock, [])
        self._clocks()[kind] = clock
        change.particulars.setdefault("clocks", {})[kind] = clock.due_on.isoformat() if clock.due_on else None
        return clock

    def _stop(self, change: Change, *kinds: str) -> None:
        """Stop these promises; none named: all of them."""
        stopped = [clock for kind, clock in self._clocks().items() if not kinds or kind in kinds]
        if not stopped:
            return
        Clock.objects.filter(pk__in=[clock.pk for clock in stopped]).update(stopped_at=change.now)
        for clock in stopped:
            del self._clocks()[clock.kind]

    def _pause(self, change: Change) -> None:
        """The citizen is waited for: what the state promised stands still from today."""
        case, today = self._case, self.today(change.now)
        Pause.objects.create(complaint=case, started_on=today)
        for clock in self._clocks().values():
            if clock.kind in STATE and clock.paused_on is None:
                clock.paused_on = today
                if clock.due_on is not None and clock.due_on >= today:
                    holidays = holidays_for(clock)
                    clock.days_left = calendar.working_days_left(today, clock.due_on, holidays)
                    clock.due_on = None
                clock.save(update_fields=["paused_on", "days_left", "due_on"])

    def _resume(self, change: Change) -> None:
        """The wait is over: dates are counted anew from their own first day, without the days of any pause."""
        case, today = self._case, self.today(change.now)
        case.pauses.filter(ended_on__isnull=True).update(ended_on=today)
        pauses = list(case.pauses.values_list("started_on", "ended_on"))
        for clock in self._clocks().values():
            if clock.paused_on is not None:
                clock.paused_on = None
                clock.days_left = None
                if clock.due_on is None:
                    self._date(clock, pauses)
                clock.save(update_fields=["paused_on", "days_left", "due_on", "provisional"])
                change.particulars.setdefault("clocks", {})[clock.kind] = (
                    clock.due_on.isoformat() if clock.due_on else None
                )

    def _go_on(self, change: Change, clocks: list[Clock], *, since: datetime.date) -> None:
        """Promises that stopped on the day `since` run again with the days they had left: what lies between counts as
        a pause. One that was overdue by then stays so, with its old date."""
        case, today = self._case, self.today(change.now)
        if since < today:
            Pause.objects.create(complaint=case, started_on=since, ended_on=today)
        pauses = list(case.pauses.values_list("started_on", "ended_on"))
        for clock in clocks:
            clock.stopped_at = clock.paused_on = clock.days_left = None
            if clock.due_on is None or clock.due_on >= since:
                self._date(clock, pauses)
            clock.save(update_fields=["stopped_at", "paused_on", "days_left", "due_on", "provisional"])
            self._clocks()[clock.kind] = clock
            change.particulars.setdefault("clocks", {})[clock.kind] = clock.due_on.isoformat() if clock.due_on else None

    def _end_pause(self, change: Change) -> None:
        """The case ends while it waits."""
        self._case.pauses.filter(ended_on__isnull=True).update(ended_on=self.today(change.now))

    def _nearest_due(self) -> datetime.date | None:
        dates = [c.due_on for c in self._clocks().values() if c.paused_on is None and c.due_on is not None]
        return min(dates, default=None)

    def _decided(self, change: Change) -> None:
        """The desk decided whose it is: DECIDE stops, unless the system only moved the case."""
        if not change.by.is_system and ClockKind.DECIDE in self._clocks():
            self._stop(change, ClockKind.DECIDE)
            change.particulars["decided"] = True


def calendar_region(place: Region | None) -> Region | None:
    """Whose holidays count for a place: the place itself, so that those of every region around it do."""
    return place


def holidays_for(clock: Clock) -> frozenset[datetime.date]:
    """Holidays that may matter to the clock: of its region, from its first day on."""
    rows = Holiday.objects.kept_in(clock.calendar_region).filter(date__gte=clock.started_on)
    return rows.days()


Almanac = list[tuple[datetime.date, bool]]
"""Holidays of a region from the first of January of a year on, each with whether it is still estimated."""


def almanac_for(clock: Clock) -> Almanac:
    """From the first of January on: that a year has rows must be seen on its last days, too."""
    around = clock.calendar_region.codes_above if clock.calendar_region else []
    return _HOLIDAYS(regions=around, first=clock.started_on.replace(month=1, day=1))


_UNSTOPPED: Compiled[Clock] = Compiled(
    lambda: Clock.objects.unstopped().filter(complaint_id=Blank("case", models.BigIntegerField()))
)
# As `Holiday.objects.kept_in(region)`.
_HOLIDAYS: Compiled[tuple[datetime.date, bool]] = Compiled(
    lambda: Holiday.objects.filter(
        Q(region__isnull=True) | Q(Among("region_id", "regions")),
        date__gte=Blank("first", models.DateField()),
    ).values_list("date", "estimated")
)


def date_clock(
    clock: Clock,
    *,
    pauses: list[tuple[datetime.date, datetime.date | None]],
    almanac: Almanac | None = None,
) -> None:
    """Set `due_on` and `provisional` from the clock's own first day, budget and calendar (None: read it)."""
    rows = almanac_for(clock) if almanac is None else almanac
    clock.due_on = calendar.due_on(clock.started_on, clock.budget, {day for day, _ in rows}, pauses)
    clock.provisional = calendar.is_provisional(
        clock.started_on,
        clock.due_on,
        {day.year for day, _ in rows},
        {day for day, estimated in rows if estimated},
    )


def end_of(day: datetime.date, zone: str) -> datetime.datetime:
    """The instant at which `day` ends at a place: midnight of the next."""
    from zoneinfo import ZoneInfo

    midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), tzinfo=ZoneInfo(zone))
    return midnight.astimezone(timezone.get_default_timezone())
