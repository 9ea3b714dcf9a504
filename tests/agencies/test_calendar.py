"""Working days: the whole table of case.md section 4, pauses, and what holds for any calendar."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies import calendar
from agencies.calendar import Why
from tests.world import holiday_rows, holiday_set

D = datetime.date
HOLIDAYS = holiday_set()
YEARS = {day.year for day in HOLIDAYS}
ESTIMATED = {D.fromisoformat(row["date"]) for row in holiday_rows() if row["estimated"] == "1"}

TABLE = [
    (D(2026, 3, 13), [D(2026, 3, 25), D(2026, 3, 27), D(2026, 4, 6), D(2026, 4, 10)]),
    (D(2026, 5, 29), [D(2026, 6, 4), D(2026, 6, 8), D(2026, 6, 15), D(2026, 6, 22)]),
    (D(2026, 5, 31), [D(2026, 6, 4), D(2026, 6, 8), D(2026, 6, 15), D(2026, 6, 22)]),
    (D(2026, 6, 1), [D(2026, 6, 4), D(2026, 6, 8), D(2026, 6, 15), D(2026, 6, 22)]),
    (D(2026, 12, 22), [D(2026, 12, 29), D(2026, 12, 31), D(2027, 1, 11), D(2027, 1, 15)]),
    (D(2027, 12, 27), [D(2027, 12, 30), D(2028, 1, 3), D(2028, 1, 10), D(2028, 1, 14)]),
]


@pytest.mark.parametrize(("received", "due"), TABLE)
def test_the_table_of_the_paper(received: D, due: list[D]) -> None:
    assert [calendar.due_on(received, budget, HOLIDAYS) for budget in (3, 5, 10, 14)] == due


@pytest.mark.parametrize(("budget", "provisional"), [(3, False), (5, True), (10, True), (14, True)])
def test_a_promise_into_a_year_without_holidays_is_provisional(budget: int, provisional: bool) -> None:
    received = D(2027, 12, 27)
    due = calendar.due_on(received, budget, HOLIDAYS)
    assert calendar.is_provisional(received, due, YEARS, set()) is provisional


def test_a_promise_over_an_estimated_holiday_is_provisional_one_beside_it_is_not() -> None:
    guessed = {D(2026, 6, 17)}
    assert calendar.is_provisional(D(2026, 6, 12), D(2026, 6, 18), {2026}, guessed)
    assert calendar.is_provisional(D(2026, 6, 12), D(2026, 6, 17), {2026}, guessed)
    assert not calendar.is_provisional(D(2026, 6, 17), D(2026, 6, 22), {2026}, guessed)
    assert not calendar.is_provisional(D(2026, 6, 12), D(2026, 6, 16), {2026}, guessed)


def test_received_on_the_last_day_of_a_known_year_counts_only_the_next() -> None:
    assert calendar.is_provisional(D(2027, 12, 31), D(2028, 1, 5), YEARS, ESTIMATED)
    assert not calendar.is_provisional(D(2023, 12, 31), D(2024, 1, 5), YEARS, set())


def test_half_past_midnight_in_papua_is_still_yesterday_in_jakarta_but_counts_there() -> None:
    instant = datetime.datetime(2026, 6, 1, 15, 30, tzinfo=datetime.UTC)  # 00.30 WIT, 22.30 WIB
    at_the_place = instant.astimezone(ZoneInfo("Asia/Jayapura")).date()
    in_jakarta = instant.astimezone(ZoneInfo("Asia/Jakarta")).date()
    assert (at_the_place, in_jakarta) == (D(2026, 6, 2), D(2026, 6, 1))
    assert calendar.due_on(at_the_place, 3, HOLIDAYS) == D(2026, 6, 5)
    assert calendar.due_on(in_jakarta, 3, HOLIDAYS) == D(2026, 6, 4)


def test_a_pause_lasts_from_the_day_of_pausing_to_the_day_before_resuming() -> None:
    monday = D(2026, 7, 6)
    assert calendar.due_on(monday, 5, HOLIDAYS) == D(2026, 7, 13)
    # Asked on Wednesday, answered on Friday: Wednesday and Thursday do not count.
    assert calendar.due_on(monday, 5, HOLIDAYS, [(D(2026, 7, 8), D(2026, 7, 10))]) == D(2026, 7, 15)


def test_a_pause_that_ends_on_the_day_it_began_moves_nothing() -> None:
    day = D(2026, 7, 8)
    assert calendar.due_on(D(2026, 7, 6), 5, HOLIDAYS, [(day, day)]) == D(2026, 7, 13)


def test_an_open_pause_moves_nothing_yet() -> None:
    assert calendar.due_on(D(2026, 7, 6), 5, HOLIDAYS, [(D(2026, 7, 8), None)]) == D(2026, 7, 13)


def test_one_overdue_when_paused_resumes_overdue_with_its_old_date() -> None:
    due = calendar.due_on(D(2026, 7, 6), 5, HOLIDAYS)
    later = (due + datetime.timedelta(days=2), due + datetime.timedelta(days=9))
    assert calendar.due_on(D(2026, 7, 6), 5, HOLIDAYS, [later]) == due


def test_a_holiday_inside_a_pause_moves_nothing() -> None:
    pause = (D(2026, 7, 8), D(2026, 7, 15))
    before = calendar.due_on(D(2026, 7, 6), 5, HOLIDAYS, [pause])
    assert calendar.due_on(D(2026, 7, 6), 5, HOLIDAYS | {D(2026, 7, 9)}, [pause]) == before


def test_the_promise_as_a_calendar_says_why_each_day_does_not_count() -> None:
    days = calendar.counted_days(D(2026, 5, 29), 5, HOLIDAYS)
    assert [(day.date.day, day.why) for day in days] == [
        (30, Why.WEEKEND),
        (31, Why.WEEKEND),
        (1, Why.HOLIDAY),
        (2, Why.COUNTED),
        (3, Why.COUNTED),
        (4, Why.COUNTED),
        (5, Why.COUNTED),
        (6, Why.WEEKEND),
        (7, Why.WEEKEND),
        (8, Why.COUNTED),
    ]


def test_a_weekend_in_a_pause_stays_a_weekend_and_a_working_day_says_pause() -> None:
    days = calendar.counted_days(D(2026, 7, 9), 2, set(), [(D(2026, 7, 10), D(2026, 7, 14))])
    assert [day.why for day in days] == [
        Why.PAUSE,
        Why.WEEKEND,
        Why.WEEKEND,
        Why.PAUSE,
        Why.COUNTED,
        Why.COUNTED,
    ]


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (D(2026, 7, 6), 5),
        (D(2026, 7, 10), 1),
        (D(2026, 7, 11), 1),  # Saturday before
        (D(2026, 7, 13), 0),  # the day itself
        (D(2026, 7, 14), -1),
        (D(2026, 7, 17), -4),
        (D(2026, 7, 20), -5),
    ],
)
def test_days_left_and_days_late(today: D, left: int) -> None:
    assert calendar.working_days_left(today, D(2026, 7, 13), HOLIDAYS) == left


def test_what_was_due_on_friday_is_late_on_saturday() -> None:
    assert calendar.working_days_left(D(2026, 7, 11), D(2026, 7, 10), HOLIDAYS) == -1
    assert calendar.working_days_left(D(2026, 7, 13), D(2026, 7, 10), HOLIDAYS) == -1


def test_a_promise_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        calendar.due_on(D(2026, 7, 6), 0, HOLIDAYS)


def test_a_calendar_without_a_working_day_is_an_error_and_not_a_loop() -> None:
    everything = {D(2026, 7, 6) + datetime.timedelta(days=n) for n in range(4000)}
    with pytest.raises(ValueError, match="ten years"):
        calendar.due_on(D(2026, 7, 6), 1, everything)


# --- What holds for any calendar ---

days = st.dates(D(2025, 1, 1), D(2027, 12, 31))
calendars = st.frozensets(days, max_size=60)
budgets = st.integers(1, 60)


@st.composite
def pauses(draw: st.DrawFn) -> tuple[D, D]:
    first = draw(days)
    return first, first + datetime.timedelta(days=draw(st.integers(0, 40)))


@given(days, days, calendars)
def test_working_days_between_are_those_met_day_by_day(first: D, last: D, holidays: frozenset[D]) -> None:
    after = [first + datetime.timedelta(days=n + 1) for n in range((last - first).days)]
    met = sum(calendar.is_working_day(day, holidays) for day in after)
    assert calendar.working_days_between(first, last, holidays) == met


@given(days, budgets, calendars)
def test_the_due_date_is_a_working_day_and_the_budget_lies_between(
    start: D, budget: int, holidays: frozenset[D]
) -> None:
    due = calendar.due_on(start, budget, holidays)
    assert calendar.is_working_day(due, holidays)
    assert calendar.working_days_between(start, due, holidays) == budget
    assert calendar.working_days_left(start, due, holidays) == budget
    assert calendar.add_working_days(start, budget, holidays) == due


@given(days, budgets, calendars, days)
def test_one_more_holiday_never_brings_a_date_forward(start: D, budget: int, holidays: frozenset[D], extra: D) -> None:
    assert calendar.due_on(start, budget, holidays | {extra}) >= calendar.due_on(start, budget, holidays)


@given(days, budgets, calendars, st.lists(pauses(), max_size=3), pauses())
def test_one_more_pause_never_brings_a_date_forward_and_no_date_lies_in_a_pause(
    start: D, budget: int, holidays: frozenset[D], some: list[tuple[D, D]], extra: tuple[D, D]
) -> None:
    due = calendar.due_on(start, budget, holidays, [*some, extra])
    assert due >= calendar.due_on(start, budget, holidays, some)
    assert not calendar.is_paused(due, [*some, extra])


@given(days, budgets, calendars, pauses(), st.data())
def test_no_holiday_inside_a_pause_moves_anything(
    start: D, budget: int, holidays: frozenset[D], pause: tuple[D, D], data: st.DataObject
) -> None:
    length = (pause[1] - pause[0]).days
    inside = {pause[0] + datetime.timedelta(days=n) for n in data.draw(st.sets(st.integers(0, max(0, length - 1))))}
    if not length:
        inside = set()
    assert calendar.due_on(start, budget, holidays | inside, [pause]) == calendar.due_on(
        start, budget, holidays, [pause]
    )


@given(days, budgets, calendars, pauses())
def test_a_pause_after_the_due_date_changes_nothing(
    start: D, budget: int, holidays: frozenset[D], pause: tuple[D, D]
) -> None:
    due = calendar.due_on(start, budget, holidays)
    if pause[0] > due:
        assert calendar.due_on(start, budget, holidays, [pause]) == due


@given(days, days, calendars)
def test_late_is_negative_and_only_after_the_day(today: D, due: D, holidays: frozenset[D]) -> None:
    assert (calendar.working_days_left(today, due, holidays) < 0) == (today > due)
