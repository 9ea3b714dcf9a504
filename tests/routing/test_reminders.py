"""Before time runs out: the reporter 5 and 1 working days, the office 1 working day before."""

from __future__ import annotations

import pytest

from complaints.models import Complaint
from tests.routing.turns import SARI, at, at_office, confirmed, events, fresh, sweep
from tests.world import World

pytestmark = pytest.mark.django_db


def reminded(case: Complaint) -> list[tuple[str, int, int]]:
    """(kind, days, day of the month) of each reminder."""
    return [
        (event.particulars["kind"], event.particulars["days"], event.recorded_at.day)
        for event in events(case, "remind")
    ]


def every_hour(first: int, last: int) -> None:
    for day in range(first, last + 1):
        for hour in (2, 9, 15, 20):
            sweep(at(day, hour=hour))


def test_the_office_one_working_day_before(world: World) -> None:
    case = at_office(world)
    every_hour(1, 8)
    assert reminded(case) == [("RESPOND", 1, 5)], "due Monday the 8th: on Friday, once, in office hours"


def test_before_the_holiday_and_not_on_it(world: World) -> None:
    case = at_office(world)
    case.answer("Kami periksa.", by=world.joko, now=at(2))
    every_hour(15, 22)
    assert reminded(case) == [("RESOLVE", 1, 19)]


def test_two_promises_of_one_day_are_one_reminder(world: World) -> None:
    case = at_office(world, kind="ASPIRASI")
    every_hour(4, 8)
    assert len(reminded(case)) == 1


def test_the_reporter_five_and_one_working_days_before(world: World) -> None:
    case = confirmed(at_office(world))
    case.ask("Di mana?", by=world.joko, now=at(2))  # due on the 17th; the 16th is a holiday
    every_hour(3, 17)
    assert reminded(case) == [("REPORTER", 5, 9), ("REPORTER", 1, 15)]


def test_who_has_answered_is_not_reminded(world: World) -> None:
    case = confirmed(at_office(world))
    case.ask("Di mana?", by=world.joko, now=at(2))
    fresh(case).complete("Dekat sekolah.", by=SARI, now=at(3))
    every_hour(8, 16)
    assert [kind for kind, *_ in reminded(case)] == ["RESPOND"]


def test_an_answered_or_paused_promise_is_not_due_soon(world: World) -> None:
    answered, paused = at_office(world), at_office(world)
    answered.answer("Kami periksa.", by=world.joko, now=at(4))
    paused.ask("Di mana?", by=world.joko, now=at(4))
    every_hour(5, 8)
    assert reminded(answered) == reminded(paused) == []


def test_history_is_not_reminded_at_its_office(world: World) -> None:
    case = at_office(world, silent=True)
    every_hour(5, 8)
    assert reminded(case) == []
