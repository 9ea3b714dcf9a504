"""Reminders and steps of the ladder taken a page at once are what they would be one by one: rows, events, letters."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.models import Clock, Complaint, Device, Event, Notification
from routing import escalation, overdue, reminders, steps
from routing.almanac import Almanac
from routing.models import Escalation
from routing.overdue import Deadline
from tests.routing.test_sweep_together import called, of_all_sorts, told_by
from tests.routing.turns import at, at_office, confirmed, events, fresh, sweep
from tests.world import World

pytestmark = pytest.mark.django_db

# The office is reminded; the night in between; the three rungs; reporters five and one working days before the end.
DAYS = [at(5), at(9, hour=0, minute=10), at(9), at(10), at(10, hour=10), at(15), at(16)]


def waiting_for_their_reporters(world: World) -> None:
    """Asked or answered, told by email, telephone, device or not at all."""
    kinds: tuple[dict[str, Any], ...] = ({}, {"door": ("SMS", "081234567890")}, {"email": ""}, {"anonymous": True})
    for number, more in enumerate(kinds):
        case = confirmed(at_office(world, **more))
        if number % 2:
            fresh(case).resolve("Belum bisa.", by=world.joko, outcome="REFUSED", now=at(2))
        else:
            fresh(case).ask("Di jembatan yang mana?", by=world.joko, now=at(2))
        called(case, 30 + number, ["dates", "turn"])
    # An officer who is called about dates; a case about conduct, which no page takes.
    Device.objects.create(user=world.joko.user, fingerprint="gawai joko", topics=["dates"])
    at_office(world, about_conduct=True)


@pytest.mark.slow
def test_together_is_what_it_is_one_by_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting_for_their_reporters(world)
    of_all_sorts(world)
    for case in Complaint.objects.open():
        # Where the scene has moved a clock by hand.
        dates = [clock.due_on for clock in case.clocks.running() if clock.due_on is not None]
        Complaint.objects.filter(pk=case.pk).update(due_on=min(dates, default=None))
    really, alone = escalation._climb, []

    def climb(clock: Clock, *given: Any) -> bool:
        alone.append(clock.complaint.about_conduct)
        return really(clock, *given)

    monkeypatch.setattr(escalation, "_climb", climb)
    counts, together = told_by(DAYS)
    assert len(alone) < sum(one["climbed"] for one in counts) / 2, "most were taken by pages"
    assert any(alone)
    monkeypatch.setattr(steps, "take", lambda clocks: {})
    counts_one_by_one, one_by_one = told_by(DAYS)
    assert counts == counts_one_by_one
    for table, rows in one_by_one.items():
        assert set(together[table]) ^ set(rows) == set(), table
        assert together[table] == rows, table
    for what in ("reminded", "due_soon", "climbed"):
        assert sum(one[what] for one in counts) >= 4, what
    for letter in ("reminder", "officer_due_soon", "officer_late", "ombudsman"):
        for medium in ("EMAIL", "PUSH"):
            assert any(
                f"'letter': '{letter}'" in row and f"'medium': '{medium}'" in row for row in together["Notification"]
            ), (letter, medium)


def test_a_page_takes_as_many_statements_for_two_as_for_many(world: World) -> None:
    def cost(count: int, since: Any) -> int:
        cases = [at_office(world).pk for _n in range(count)]
        overdue.note_missed(at(9, hour=0, minute=10), Deadline(60))
        page = list(escalation.late_clocks().filter(complaint__in=cases).order_by("pk"))
        almanac = Almanac(at(1).date())
        with CaptureQueriesContext(connection) as said:
            assert escalation.climb(page, since, almanac) == count
        return len(said)

    few = cost(2, at(9))
    assert cost(6, at(9)) == few <= 16


def test_reminders_of_a_page_take_as_many_statements_for_two_as_for_many(world: World) -> None:
    def cost(count: int) -> int:
        cases = [at_office(world).pk for _n in range(count)]
        almanac = Almanac(at(1).date())
        page = list(reminders.of_officers(at(5).date(), almanac).filter(complaint__in=cases).order_by("pk"))
        with CaptureQueriesContext(connection) as said:
            assert reminders.remind_officers(page, at(5), almanac) == count
        return len(said)

    few = cost(2)
    assert cost(6) == few <= 16


def test_of_the_ombudsman_a_reporter_hears_once_though_two_promises_climb_at_once(world: World) -> None:
    case = at_office(world)
    at_office(world)
    case.clocks.filter(kind="RESOLVE").update(due_on=at(8).date())
    sweep(at(15))
    assert [event.particulars["level"] for event in events(case, "escalate")] == [3, 3]
    assert Notification.objects.filter(event__complaint=case, letter="ombudsman", medium="EMAIL").count() == 1
    assert Escalation.objects.filter(clock__complaint=case).count() == 2


def test_one_that_cannot_climb_keeps_no_other_waiting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [at_office(world) for _n in range(3)]
    really = escalation.audience

    def breaks(complaint: Any, level: int, today: Any) -> Any:
        if complaint.pk == cases[0].pk:
            raise ValueError("rusak")
        return really(complaint, level, today)

    monkeypatch.setattr(escalation, "audience", breaks)
    assert sweep(at(9))["climbed"] == 2
    monkeypatch.undo()
    assert sweep(at(9, hour=10))["climbed"] == 1
    assert Event.objects.filter(verb="escalate").count() == 3
