"""Working days, pure: a set of holidays in, dates out.

UU 25/2009 and Perpres 76/2013 count in working days (hari kerja): Monday to Friday without national holidays, cuti
bersama (SKB 3 Menteri of each year) and the holidays of the place. Day zero is the calendar date at the place of the
report: a promise of n days is due at the end of the n-th working day *after* it, and late from the day after that
(case.md section 4).

A pause runs from the day of pausing to the day before resuming: (first day, day of resuming). Its days do not count.
A pause without an end is none yet: as long as it lasts nothing is re-dated.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

Pause = tuple[datetime.date, datetime.date | None]

_DAY = datetime.timedelta(days=1)
# Ten years: no budget of the law comes near, so a calendar without a working day is an error and not a loop.
_HORIZON = 3660


class Why(StrEnum):
    """Why a day does not count, or that it does."""

    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSE = "pause"


@dataclass(frozen=True)
class Day:
    date: datetime.date
    why: Why


def is_weekend(day: datetime.date) -> bool:
    return day.weekday() >= 5


def is_working_day(day: datetime.date, holidays: Set[datetime.date]) -> bool:
    return not is_weekend(day) and day not in holidays


def is_paused(day: datetime.date, pauses: Sequence[Pause]) -> bool:
    """Lies in a pause that has ended."""
    return any(first <= day < resumed for first, resumed in pauses if resumed is not None)


def _days_after(start: datetime.date, holidays: Set[datetime.date], pauses: Sequence[Pause]) -> Iterator[Day]:
    """Every day after `start`, with what it counts for. A weekend or holiday inside a pause is what it always was."""
    day = start
    for _ in range(_HORIZON):
        day += _DAY
        if is_weekend(day):
            yield Day(day, Why.WEEKEND)
        elif day in holidays:
            yield Day(day, Why.HOLIDAY)
        elif is_paused(day, pauses):
            yield Day(day, Why.PAUSE)
        else:
            yield Day(day, Why.COUNTED)
    raise ValueError("no working day within ten years")


def due_on(
    start: datetime.date, budget: int, holidays: Set[datetime.date], pauses: Sequence[Pause] = ()
) -> datetime.date:
    """The `budget`-th working day after `start` that lies in no pause.

    Raises ValueError for a budget below 1.
    """
    return counted_days(start, budget, holidays, pauses)[-1].date


def counted_days(
    start: datetime.date, budget: int, holidays: Set[datetime.date], pauses: Sequence[Pause] = ()
) -> list[Day]:
    """Every day from the one after `start` to the due date, counted or not and why: the promise as a calendar shows it.

    Raises ValueError for a budget below 1.
    """
    if budget < 1:
        raise ValueError("a promise has at least one working day")
    days: list[Day] = []
    left = budget
    for day in _days_after(start, holidays, pauses):
        days.append(day)
        left -= day.why is Why.COUNTED
        if left == 0:
            break
    return days


def working_days_between(first: datetime.date, last: datetime.date, holidays: Set[datetime.date]) -> int:
    """Working days after `first` up to and including `last`; 0 if `last` is not later."""
    # Whole weeks are not walked through: a table asks this of each office's oldest case.
    weeks, days = divmod(max(0, (last - first).days), 7)
    weekdays = 5 * weeks + sum(not is_weekend(last - _DAY * n) for n in range(days))
    return weekdays - sum(first < day <= last and not is_weekend(day) for day in holidays)


def working_days_left(today: datetime.date, due: datetime.date, holidays: Set[datetime.date]) -> int:
    """Working days after today up to the due date: 0 when none remains, negative: working days late.

    Late by one from the first working day after the due date; a due date that passed at a weekend is late by one on
    the Saturday already, for it is late from the next day.
    """
    if today <= due:
        return working_days_between(today, due, holidays)
    return -max(1, working_days_between(due, today, holidays))


def add_working_days(day: datetime.date, count: int, holidays: Set[datetime.date]) -> datetime.date:
    """The count-th working day after `day`; before it, if negative; `day` itself for 0."""
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    for _ in range(_HORIZON):
        if left == 0:
            return day
        day += step
        left -= is_working_day(day, holidays)
    raise ValueError("no working day within ten years")


def is_provisional(
    start: datetime.date, due: datetime.date, years_with_rows: Set[int], estimated: Set[datetime.date]
) -> bool:
    """The span from the day after `start` to `due` touches a year without holidays or a holiday still estimated."""
    if any(year not in years_with_rows for year in range((start + _DAY).year, due.year + 1)):
        return True
    return any(start < day <= due for day in estimated)
