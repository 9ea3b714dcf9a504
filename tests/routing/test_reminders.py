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


def swept(*days: int) -> None:
    """At night, twice in office hours, and in the evening."""
    for day in days:
        for hour in (2, 9, 15, 20):
            sweep(at(day, hour=hour))


def test_the_office_one_working_day_before(world: World) -> None:
    case = at_office(world)
    swept(1, 4, 5, 8)
    assert reminded(case) == [("RESPOND", 1, 5)], "due Monday the 8th: on Friday, once, in office hours"


def test_before_the_holiday_and_not_on_it(world: World) -> None:
    case = at_office(world)
    case.answer("Kami periksa.", by=world.joko, now=at(2))
    swept(18, 19, 22)
    assert reminded(case) == [("RESOLVE", 1, 19)]


@pytest.mark.slow
def test_two_promises_of_one_day_are_one_reminder(world: World) -> None:
    case = at_office(world, kind="ASPIRASI")
    swept(4, 5, 8)
    assert len(reminded(case)) == 1


@pytest.mark.slow
def test_the_reporter_five_and_one_working_days_before(world: World) -> None:
    case = confirmed(at_office(world))
    case.ask("Di mana?", by=world.joko, now=at(2))  # due on the 17th; the 16th is a holiday
    swept(3, 8, 9, 10, 15, 17)
    assert reminded(case) == [("REPORTER", 5, 9), ("REPORTER", 1, 15)]


@pytest.mark.slow
def test_who_has_answered_is_not_reminded(world: World) -> None:
    case = confirmed(at_office(world))
    case.ask("Di mana?", by=world.joko, now=at(2))
    fresh(case).complete("Dekat sekolah.", by=SARI, now=at(3))
    swept(8, 9, 15, 16)
    assert [kind for kind, *_ in reminded(case)] == ["RESPOND"]


def test_an_answered_or_paused_promise_is_not_due_soon(world: World) -> None:
    answered, paused = at_office(world), at_office(world)
    answered.answer("Kami periksa.", by=world.joko, now=at(4))
    paused.ask("Di mana?", by=world.joko, now=at(4))
    swept(5, 8)
    assert reminded(answered) == reminded(paused) == []


def test_history_is_not_reminded_at_its_office(world: World) -> None:
    case = at_office(world, silent=True)
    swept(5, 8)
    assert reminded(case) == []
