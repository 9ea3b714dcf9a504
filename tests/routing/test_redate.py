"""The calendar changes: unstopped promises are dated anew, never earlier than shown; a miss that was none is undone."""

from __future__ import annotations

import datetime
import random

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import calendar
from agencies.loading.holidays import load_holidays
from agencies.models import Holiday, Region
from agencies.signals import calendar_changed
from complaints.models import Clock, Complaint, Event, ProgrammePromise
from complaints.models.lifecycle import redating
from routing import dispatch
from routing.models import Disposition, Missed, Rule
from routing.redate import catch_up, redate
from tests.routing.turns import NOON, SARI, at, at_office, clock, confirmed, events, fresh, sweep
from tests.world import LONG_AGO, World, programme

pytestmark = pytest.mark.django_db
FIFTH = datetime.date(2026, 6, 5)


def new_holiday(day: datetime.date, region: Region | None = None, **more: object) -> None:
    Holiday.objects.create(date=day, name="Hari tambahan", region=region, **more)


def test_a_new_holiday_moves_every_running_promise_and_the_stint(world: World) -> None:
    case = at_office(world)
    new_holiday(FIFTH)
    assert redate({2026}, None, now=at(2)) == 1
    assert clock(case, "RESPOND").due_on == datetime.date(2026, 6, 9)
    assert clock(case, "RESOLVE").due_on == datetime.date(2026, 6, 23)
    assert fresh(case).due_on == datetime.date(2026, 6, 9)
    assert Disposition.objects.open().get(complaint=case).due_on == datetime.date(2026, 6, 9)
    (event,) = events(case, "recompute")
    assert event.particulars["moved"]["RESPOND"] == ["2026-06-08", "2026-06-09"]
    assert fresh(case).version == case.version, "an officer's open form stays fresh"


def test_the_announcement_of_the_map_is_enough(world: World) -> None:
    case = at_office(world)
    new_holiday(FIFTH)
    calendar_changed.send(sender=Holiday, years={2026}, region=None)
    assert clock(case, "RESPOND").due_on == datetime.date(2026, 6, 9)


def test_a_second_time_does_nothing(world: World) -> None:
    case = at_office(world)
    new_holiday(FIFTH)
    redate({2026}, None, now=at(2))
    assert redate({2026}, None, now=at(2)) == 0
    assert len(events(case, "recompute")) == 1


def test_what_was_filed_while_the_calendar_changed_is_caught_by_the_night(world: World) -> None:
    """The holiday is there, and its announcement did not see the case."""
    settled, case, paused = at_office(world), at_office(world), confirmed(at_office(world))
    paused.ask("Di jembatan yang mana?", by=world.joko, now=at(2))
    assert catch_up(at(2)) == 0, "what the verbs count is what the statement counts"
    new_holiday(FIFTH)
    redate({2026}, None, now=at(2))
    Clock.objects.filter(complaint=case, kind="RESPOND").update(due_on=datetime.date(2026, 6, 8))
    Disposition.objects.filter(complaint=case).update(due_on=datetime.date(2026, 6, 8))
    assert catch_up(at(3)) == 1
    assert clock(case, "RESPOND").due_on == fresh(case).due_on == datetime.date(2026, 6, 9)
    assert Disposition.objects.open().get(complaint=case).due_on == datetime.date(2026, 6, 9)
    assert len(events(case, "recompute")) == 2
    assert len(events(settled, "recompute")) == 1
    with CaptureQueriesContext(connection) as said:
        assert catch_up(at(3)) == 0
    assert not any("FOR UPDATE" in one["sql"] for one in said), "nobody waits for a night in which nothing is to do"


def test_a_date_already_shown_is_never_brought_forward(world: World) -> None:
    case = at_office(world)
    Holiday.objects.filter(date=datetime.date(2026, 6, 1)).delete()
    assert redate({2026}, None, now=at(2)) == 0
    assert clock(case, "RESPOND").due_on == datetime.date(2026, 6, 8)


def test_a_holiday_elsewhere_or_in_another_year_or_after_the_date_moves_nothing(world: World) -> None:
    case = at_office(world)
    new_holiday(FIFTH, region=world.tetangga)
    new_holiday(datetime.date(2026, 6, 30))
    assert redate({2026}, None, now=at(2)) == 0
    assert redate({2027}, None, now=at(2)) == 0
    assert clock(case, "RESPOND").due_on == datetime.date(2026, 6, 8)


def test_a_holiday_of_the_province_counts_in_its_villages(world: World) -> None:
    here, there = at_office(world), at_office(world, place=world.karang_pagi, addressed_to=world.bumn)
    new_holiday(FIFTH, region=world.province)
    assert redate({2026}, world.province, now=at(2)) == 1
    assert clock(here, "RESPOND").due_on == datetime.date(2026, 6, 9)
    assert clock(there, "RESPOND").due_on == datetime.date(2026, 6, 8)


def test_a_holiday_inside_a_pause_moves_nothing(world: World) -> None:
    case = at_office(world)
    case.ask("Di mana?", by=world.joko, now=at(4))
    case.complete("Dekat sekolah.", by=SARI, now=at(9))
    before = clock(case, "RESPOND").due_on
    new_holiday(FIFTH)
    redate({2026}, None, now=at(10))
    assert clock(case, "RESPOND").due_on == before


def test_a_paused_promise_is_dated_when_it_resumes_a_stopped_one_never(world: World) -> None:
    paused, stopped = at_office(world), at_office(world)
    paused.ask("Di mana?", by=world.joko, now=at(4))
    stopped.withdraw(by=SARI, now=at(4))
    new_holiday(FIFTH)
    redate({2026}, None, now=at(4))
    assert clock(paused, "RESPOND").due_on is None
    paused.complete("Dekat sekolah.", by=SARI, now=at(5))
    assert clock(paused, "RESPOND").due_on == datetime.date(2026, 6, 10)
    assert events(stopped, "recompute") == []


# --- a noted miss that is none any more ---


def test_a_miss_that_was_none_is_taken_back_once(world: World) -> None:
    case = at_office(world)
    sweep(at(9))
    new_holiday(FIFTH)
    redate({2026}, None, now=at(9, hour=10))
    redate({2026}, None, now=at(9, hour=11))
    respond = clock(case, "RESPOND")
    assert respond.due_on == datetime.date(2026, 6, 9)
    assert (respond.overdue_noted_at, respond.missed_by) == (None, None)
    assert respond.corrected_at is not None, "the register says dikoreksi"
    assert len(events(case, "overdue_withdrawn")) == 1
    assert events(case, "recompute")[0].particulars["undone"] == [respond.pk]


def test_a_table_of_holidays_loaded_twice_takes_a_miss_back_once(world: World) -> None:
    case = at_office(world)
    sweep(at(9))
    kept = Holiday.objects.filter(date__year=2026, region=None).values_list("date", "name")
    table = ["date,name,kind", *(f"{day},{name.replace(',', ' ')},libur" for day, name in (*kept, (FIFTH, "Tambahan")))]
    for hour in (10, 11):
        with time_machine.travel(at(9, hour=hour), tick=False):
            assert load_holidays(table).refused == []
    assert len(events(case, "overdue_withdrawn")) == 1
    missed = Missed.objects.get(complaint=case)
    assert missed.corrected_at == at(9, hour=10)


def test_a_miss_that_stays_one_stays_noted(world: World) -> None:
    case = at_office(world)
    sweep(at(11))
    new_holiday(FIFTH)
    redate({2026}, None, now=at(11))
    respond = clock(case, "RESPOND")
    assert respond.due_on == datetime.date(2026, 6, 9)
    assert respond.overdue_noted_at is not None
    assert respond.missed_by == world.dinas_pu
    assert events(case, "overdue_withdrawn") == []


def test_what_was_taken_back_can_be_missed_after_all(world: World) -> None:
    case = at_office(world)
    sweep(at(9))
    new_holiday(FIFTH)
    redate({2026}, None, now=at(9))
    sweep(at(10))
    assert clock(case, "RESPOND").corrected_at is None
    assert len(events(case, "overdue")) == 2


def test_overdue_when_paused_but_not_by_the_new_calendar(world: World) -> None:
    case = at_office(world)
    sweep(at(9))
    case.ask("Di mana?", by=world.joko, now=at(9, hour=10))
    new_holiday(FIFTH)
    redate({2026}, None, now=at(9, hour=11))
    respond = clock(case, "RESPOND")
    assert (respond.due_on, respond.days_left) == (None, 0)
    assert respond.corrected_at is not None
    case.complete("Dekat sekolah.", by=SARI, now=at(11))
    assert clock(case, "RESPOND").due_on == datetime.date(2026, 6, 11)


# --- provisional ---


def test_a_provisional_promise_becomes_firm(world: World) -> None:
    case = at_office(world, now=datetime.datetime(2027, 12, 27, 5, 0, tzinfo=datetime.UTC))
    respond = clock(case, "RESPOND")
    assert (respond.due_on, respond.provisional) == (datetime.date(2028, 1, 3), True)
    new_holiday(datetime.date(2028, 8, 17))
    assert redate({2028}, None, now=NOON) == 1
    respond.refresh_from_db()
    assert (respond.due_on, respond.provisional) == (datetime.date(2028, 1, 3), False)
    assert events(case, "recompute")[0].particulars["moved"] == {}


def test_a_promise_within_december_is_firm(world: World) -> None:
    case = at_office(world, addressed_to=None, place=None, now=datetime.datetime(2027, 12, 27, 5, tzinfo=datetime.UTC))
    assert clock(case, "VERIFY").due_on == datetime.date(2027, 12, 30)
    assert not clock(case, "VERIFY").provisional


def test_an_estimated_day_makes_it_provisional_until_it_is_fixed(world: World) -> None:
    new_holiday(FIFTH, estimated=True)
    case = at_office(world)
    assert clock(case, "RESPOND").provisional
    Holiday.objects.filter(date=FIFTH).update(estimated=False)
    redate({2026}, None, now=at(2))
    assert not clock(case, "RESPOND").provisional


# --- the statement and the arithmetic agree ---


@pytest.mark.slow
def test_the_statement_counts_as_the_calendar_does(world: World) -> None:
    chance = random.Random(20260529)
    cases = []
    for _ in range(12):
        day = NOON + datetime.timedelta(days=chance.randrange(60))
        case = confirmed(at_office(world, now=day, place=chance.choice([world.sukasari, world.batu_belah, None])))
        for _ in range(chance.randrange(3)):
            day += datetime.timedelta(days=chance.randrange(3))
            case.ask("Di mana?", by=world.joko, now=day)
            day += datetime.timedelta(days=chance.randrange(6))
            case.complete("Dekat sekolah.", by=SARI, now=day)
        cases.append(case)
    shown = {row.pk: row.due_on for row in Clock.objects.unstopped()}
    for _ in range(15):
        region = chance.choice([None, world.province, world.sukamaju, world.tetangga])
        day_off = datetime.date(2026, 6, 1) + datetime.timedelta(days=chance.randrange(90))
        Holiday.objects.get_or_create(date=day_off, region=region, defaults={"name": "x"})
    redate({2026}, None, now=NOON)
    for row in Clock.objects.unstopped().select_related("complaint", "calendar_region"):
        holidays = Holiday.objects.kept_in(row.calendar_region).days()
        pauses = list(row.complaint.pauses.values_list("started_on", "ended_on"))
        before = shown[row.pk]
        assert before is not None
        assert row.due_on == max(before, calendar.due_on(row.started_on, row.budget, holidays, pauses))
    for stint in Disposition.objects.open().select_related("complaint__place", "agency"):
        from routing import stints

        fresh_due = stints.due_of(stint.complaint, stint)
        assert fresh_due is not None
        assert stint.due_on == fresh_due


@pytest.mark.parametrize("tagged_first", [True, False])
def test_a_programmes_promise_is_dated_by_its_own_days_and_the_turn_by_the_offices(
    world: World, tagged_first: bool
) -> None:
    roads = programme("jalan-daerah")
    ProgrammePromise.objects.create(
        programme=roads, clock="RESPOND", working_days=2, starts_on=LONG_AGO, legal_basis="Inpres 3/2023"
    )
    if tagged_first:
        Rule.objects.create(owner=world.pemkab, words=["jembatan"], programme=roads, starts_on=LONG_AGO, order=1)
    case = at_office(world)
    if not tagged_first:
        case.tag(roads, by=world.wati, reason="Jembatan penghubung.", now=NOON)
    turn = Disposition.objects.open().get(complaint=case)
    assert (clock(case, "RESPOND").due_on, turn.due_on) == (datetime.date(2026, 6, 3), datetime.date(2026, 6, 8))
    new_holiday(datetime.date(2026, 6, 3))
    redate({2026}, None, now=at(30, month=5))
    turn.refresh_from_db()
    assert (clock(case, "RESPOND").due_on, turn.due_on) == (datetime.date(2026, 6, 4), datetime.date(2026, 6, 9))


def test_its_cost_does_not_grow_with_the_cases(world: World) -> None:
    def cost(count: int, day: int) -> int:
        for _ in range(count):
            at_office(world)
        new_holiday(datetime.date(2026, 6, day))
        with CaptureQueriesContext(connection) as queries:
            redating.redate_clocks({2026}, None, at(2))
        return len(queries)

    assert cost(1, 3) == cost(6, 4) <= 12
    assert Event.objects.filter(verb="recompute").count() == 1 + 7
    assert Complaint.objects.count() == 7


def test_a_bound_case_is_dated_too(world: World) -> None:
    case = at_office(world)
    dispatch.hand_back(case, by=world.joko, ground="NOT_OURS", reason="Bukan kami.", now=at(2))
    new_holiday(FIFTH)
    redate({2026}, None, now=at(3))
    assert Disposition.objects.open().get(complaint=case).due_on == datetime.date(2026, 6, 10)
