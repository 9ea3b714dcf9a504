"""The sweep: what a lost nudge missed, and what comes true because a day has passed. Twice is once."""

from __future__ import annotations

import datetime

import pytest
from django.db.models import Model

from agencies.models import Agency, Membership
from complaints.models import Clock, ClockKind, Complaint, Event, Notification
from complaints.models.lifecycle.answers import DONE
from complaints.transitions import Status
from lapor.kit.alone import alone
from routing import dispatch, tasks
from routing.models import Delivery, Disposition, Escalation, Missed, Outcome
from routing.overdue import Deadline
from tests.routing.turns import NOON, SARI, at, at_office, clock, confirmed, events, filed, fresh, sweep
from tests.world import World

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


# --- each minute ---


def test_a_lost_nudge_is_found_and_nothing_is_forwarded_twice(world: World) -> None:
    cases = [filed(world, category=world.cat_road) for _ in range(3)]
    assert tasks.weigh_what_was_lost(NOON + MINUTE, Deadline(50)) == 3
    assert tasks.weigh_what_was_lost(NOON + MINUTE, Deadline(50)) == 0
    for case in cases:
        assert fresh(case).handler == world.dinas_pu
        assert len(events(case, "forward")) == 1


def test_a_nudge_on_its_way_is_left_alone(world: World) -> None:
    filed(world)
    assert tasks.weigh_what_was_lost(NOON + datetime.timedelta(seconds=2), Deadline(50)) == 0


def test_one_that_fails_does_not_hold_up_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = filed(world, category=world.cat_road), filed(world, category=world.cat_road)
    really = dispatch.forward_by_itself

    def failing(pk: int) -> object:
        if pk == first.pk:
            raise RuntimeError("the disk is full")
        return really(pk)

    monkeypatch.setattr(dispatch, "forward_by_itself", failing)
    tasks.weigh_what_was_lost(NOON + MINUTE, Deadline(50))
    assert fresh(first).handler == world.root
    assert fresh(second).handler == world.dinas_pu


def test_only_one_sweep_at_a_time(world: World) -> None:
    with alone("somebody") as first, alone("somebody") as again:
        # The lock is the session's: the same one may take it again, another may not (tests/flows/test_faults.py).
        assert first
        assert again


# --- promises missed (I5) ---


def test_late_only_from_the_next_day_and_dated_the_end_of_the_due_day(world: World) -> None:
    case = at_office(world)
    assert sweep(at(8, hour=23, minute=59))["overdue"] == 0
    assert sweep(at(9, hour=0))["overdue"] == 1
    (event,) = events(case, "overdue")
    assert event.at == datetime.datetime(2026, 6, 8, 17, 0, tzinfo=datetime.UTC), "midnight in Jakarta"
    assert event.recorded_at == at(9, hour=0)
    assert event.particulars["missed_by"] == world.dinas_pu.pk
    assert fresh(case).status == Status.FORWARDED, "overdue is never a status"


def test_noted_once_however_often_it_runs(world: World) -> None:
    case = at_office(world)
    assert sweep(at(9))["overdue"] == 1
    assert sweep(at(9))["overdue"] == 0
    assert sweep(at(10))["overdue"] == 0
    assert len(events(case, "overdue")) == 1


def test_after_an_outage_it_is_dated_the_day_it_became_true(world: World) -> None:
    case = at_office(world)
    sweep(at(20, month=7))
    assert [event.at.date() for event in events(case, "overdue")] == [
        datetime.date(2026, 6, 8),
        datetime.date(2026, 6, 22),
    ]


def test_missed_by_is_who_had_it_at_the_end_of_the_due_day(world: World) -> None:
    case = at_office(world)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Salah kantor.", now=at(9, hour=8, minute=0))
    sweep(at(9))
    assert clock(case, "RESPOND").missed_by == world.dinas_pu
    sweep(at(23))
    assert clock(case, "RESOLVE").missed_by == world.dinas_kesehatan


def test_a_day_ends_earlier_in_the_east(world: World) -> None:
    half_past_midnight = datetime.datetime(2026, 5, 29, 15, 30, tzinfo=datetime.UTC)  # 00.30 WIT, Saturday 30 May
    case = filed(world, place=world.karang_pagi, now=half_past_midnight)
    dispatch.forward_by_itself(case.pk, now=half_past_midnight)
    verify = clock(case, "VERIFY")
    assert (verify.started_on, verify.due_on) == (datetime.date(2026, 5, 30), datetime.date(2026, 6, 4))
    before = datetime.datetime(2026, 6, 4, 14, 55, tzinfo=datetime.UTC)  # 23.55 WIT, 21.55 WIB
    assert sweep(before)["overdue"] == 0
    assert sweep(before + datetime.timedelta(minutes=10))["overdue"] == 1
    assert events(case, "overdue")[0].at == datetime.datetime(2026, 6, 4, 15, 0, tzinfo=datetime.UTC)


def test_a_paused_promise_is_not_missed_and_an_answered_one_neither(world: World) -> None:
    asked, answered = at_office(world), at_office(world)
    asked.ask("Di jembatan yang mana?", by=world.joko, now=at(4))
    answered.answer("Petugas kami datang besok.", by=world.joko, now=at(4))
    assert sweep(at(10))["overdue"] == 0


def test_the_reporters_own_days_are_no_miss_of_an_office(world: World) -> None:
    case = confirmed(at_office(world))
    case.ask("Di jembatan yang mana?", by=world.joko, now=at(4))
    sweep(at(30))
    assert events(case, "overdue") == []


@pytest.mark.slow
def test_a_page_costs_as_many_statements_for_one_as_for_five(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(count: int) -> int:
        for _ in range(count):
            at_office(world)
        with CaptureQueriesContext(connection) as queries:
            assert sweep(at(9, hour=1))["overdue"] == count
        return len(queries)

    one, five = cost(1), cost(5)
    assert one == five, "they are noted together"
    assert one <= 15 + 12, "the page's own statements and those of the other steps"


# --- DECIDE and verify first ---


def refused_twice(world: World) -> Complaint:
    case = at_office(world)
    dispatch.hand_back(case, by=world.joko, ground="NOT_OURS", reason="Bukan kami.", now=at(2))
    dispatch.move(case, world.dinas_kesehatan, by=world.ratna, reason="Coba Dinkes.", now=at(3))
    dispatch.hand_back(case, by=world.dewi, ground="NOT_OURS", reason="Bukan kami.", now=at(4))
    return fresh(case)


def test_a_decision_nobody_took_goes_to_the_centre_at_once(world: World) -> None:
    case = refused_twice(world)
    assert (case.handler, clock(case, "DECIDE").due_on) == (world.pemkab, datetime.date(2026, 6, 5))
    sweep(at(5, hour=23))
    assert fresh(case).handler == world.pemkab
    sweep(at(6, hour=0))
    case = fresh(case)
    assert case.handler == world.root
    assert clock(case, "DECIDE").missed_by == world.pemkab, "it runs on, overdue"
    assert Disposition.objects.open().get(complaint=case).bound
    assert events(case, "move")[-1].particulars["cause"] == "DECIDE_MISSED"
    sweep(at(8))
    assert len(events(case, "move")) == 2


def test_verify_first_missed_the_worker_forwards_where_it_was_sure(world: World) -> None:
    Agency.objects.filter(pk=world.pemkab.pk).update(verify_first=True)
    sure = at_office(world, addressed_to=None, category=world.cat_road)
    unsure = at_office(world, addressed_to=None)
    assert (sure.handler, unsure.handler) == (world.pemkab, world.pemkab)
    sweep(at(5, hour=0))
    assert (fresh(sure).status, fresh(sure).handler) == (Status.FORWARDED, world.dinas_pu)
    assert (fresh(unsure).status, fresh(unsure).handler) == (Status.SUBMITTED, world.root)
    assert set(Missed.objects.values_list("complaint", "missed_by")) == {
        (one.pk, world.pemkab.pk) for one in (sure, unsure)
    }
    assert Missed.objects.open().get().complaint == unsure, "what was passed on after all is no longer unanswered"
    assert "Batas waktu memeriksa lewat" in Disposition.objects.open().get(complaint=sure).reason
    dispatch.place(fresh(unsure), world.pemkab, by=world.ratna, reason="Periksa sendiri.", now=at(5))
    sweep(at(8))
    assert fresh(unsure).handler == world.pemkab, "it does so once"


def test_verify_first_that_waited_for_its_reporter_is_found_when_it_is_back(world: World) -> None:
    Agency.objects.filter(pk=world.pemkab.pk).update(verify_first=True)
    case = at_office(world, addressed_to=None, category=world.cat_road)
    Clock.objects.filter(complaint=case).update(overdue_noted_at=at(5))
    assert sweep(at(5))["unverified"] == 1
    assert fresh(case).handler == world.dinas_pu


# --- lapse and expire ---


def waiting(world: World) -> Complaint:
    case = confirmed(at_office(world))
    case.ask("Di jembatan yang mana?", by=world.joko, now=at(2))
    return fresh(case)


def run_daily(first: int, last: int, month: int = 6) -> None:
    for day in range(first, last + 1):
        sweep(at(day, month))


@pytest.mark.slow
def test_a_silent_reporter_is_warned_twice_before_the_case_expires(world: World) -> None:
    case = waiting(world)
    due = clock(case, "REPORTER").due_on
    assert due == datetime.date(2026, 6, 17)  # 16 June is a holiday
    run_daily(3, 17)
    assert [
        event.particulars["steps"] for event in events(case, "remind") if event.particulars["kind"] == "REPORTER"
    ] == [
        [5],
        [1],
    ]
    assert fresh(case).status == Status.WAITING
    from complaints.models import Notification

    Notification.objects.filter(letter="reminder").update(state="SENT", sent_at=at(15), tries=1)
    sweep(at(18))
    case = fresh(case)
    assert case.status == Status.ARCHIVED
    assert Disposition.objects.get(complaint=case, ended_at__isnull=False, outcome=Outcome.EXPIRED)
    assert not Clock.objects.unstopped().filter(complaint=case).exists()


@pytest.mark.slow
def test_an_answered_case_lapses_and_is_told_apart_from_accepted(world: World) -> None:
    case = at_office(world, email="")
    case.resolve("Sudah kami perbaiki.", by=world.joko, outcome="REFUSED", now=at(2))
    assert clock(case, "REPORTER").budget == 30
    for month, first, last in ((7, 1, 31),):
        run_daily(first, last, month)
    case = fresh(case)
    assert case.status == Status.CLOSED
    assert [event.verb for event in case.events.all()][-1] == "lapse"


@pytest.mark.slow
def test_a_letter_that_was_never_tried_keeps_the_case_open(world: World) -> None:
    from complaints.models import Notification

    case = waiting(world)
    run_daily(3, 17)
    event = [event for event in events(case, "remind") if event.particulars["kind"] == "REPORTER"][-1]
    row, _ = Notification.objects.get_or_create(event=event, user=None, letter="reminder")
    Notification.objects.filter(pk=row.pk).update(state="PENDING", tries=0)
    sweep(at(18))
    assert fresh(case).status == Status.WAITING
    Notification.objects.filter(letter="reminder").update(tries=1)
    sweep(at(19))
    assert fresh(case).status == Status.ARCHIVED, "tried is enough"


def test_after_an_outage_the_warning_comes_first_and_the_end_a_working_day_later(world: World) -> None:
    from complaints.models import Notification

    case = waiting(world)
    sweep(at(10, month=7))  # a Friday
    assert [
        event.particulars["steps"] for event in events(case, "remind") if event.particulars["kind"] == "REPORTER"
    ] == [[5, 1]]
    Notification.objects.filter(letter="reminder").update(state="SENT", sent_at=at(10, month=7), tries=1)
    sweep(at(11, month=7))
    sweep(at(12, month=7))
    assert fresh(case).status == Status.WAITING
    sweep(at(13, month=7))
    assert fresh(case).status == Status.ARCHIVED


@pytest.mark.slow
def test_who_answers_in_time_is_not_ended(world: World) -> None:
    case = waiting(world)
    run_daily(3, 12)
    case.complete("Jembatan dekat sekolah.", by=SARI, now=at(12, hour=10))
    run_daily(13, 30)
    assert fresh(case).status == Status.FORWARDED


# --- the map moves ---


def test_the_last_officer_leaves_by_date_and_the_cases_go_up(world: World) -> None:
    case = at_office(world)
    Membership.objects.filter(agency=world.dinas_pu).update(ends_on=datetime.date(2026, 6, 3))
    sweep(at(2))
    assert fresh(case).handler == world.dinas_pu
    assert sweep(at(3))["moved"] == 1
    case = fresh(case)
    assert (case.handler, case.status) == (world.pemkab, Status.FORWARDED)
    assert events(case, "move")[-1].particulars["cause"] == "UNSTAFFED"
    assert clock(case, "RESPOND").due_on == datetime.date(2026, 6, 8), "the promise runs on (I3)"


def test_a_desk_that_lost_its_coordinator_keeps_no_submitted_case(world: World) -> None:
    world.officer("Kepala Daerah", world.pemkab, "HEAD")  # type: ignore[arg-type]
    unsent = at_office(world, addressed_to=None)
    sent = at_office(world)
    dispatch.move(sent, world.pemkab, by=world.wati, reason="Kami kelola.", now=at(2))
    Membership.objects.filter(agency=world.pemkab, role="COORDINATOR").update(ends_on=datetime.date(2026, 6, 3))
    sweep(at(3))
    assert fresh(unsent).handler == world.root
    assert fresh(sent).handler == world.pemkab, "its head still staffs it"


def in_state(world: World, status: Status) -> Complaint:
    """At the desk of the pemda, and as far as `status`."""
    case = at_office(world, addressed_to=None)
    if status in {Status.SUBMITTED, Status.WAITING}:
        if status == Status.WAITING:
            case.ask("Di mana?", by=world.wati, now=at(1))
        return fresh(case)
    case.forward(world.pemkab, by=world.wati, reason="Kami kelola.", now=at(1))
    if status != Status.FORWARDED:
        case.start(by=world.wati, now=at(1))
    if status == Status.ANSWERED:
        case.resolve(
            "Sudah ditambal.", by=world.wati, outcome=DONE, done_on=at(1).date(), unit="Bidang Jalan", now=at(1)
        )
    return fresh(case)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.SUBMITTED, Status.SUBMITTED),
        (Status.WAITING, Status.WAITING),
        (Status.FORWARDED, Status.FORWARDED),
        (Status.IN_PROGRESS, Status.FORWARDED),
        (Status.ANSWERED, Status.ANSWERED),
    ],
)
def test_in_every_open_state_a_case_leaves_an_office_nobody_is_left_at(
    world: World, before: Status, after: Status
) -> None:
    case = in_state(world, before)
    assert (case.handler, case.status) == (world.pemkab, before)
    promised = {(one.kind, one.due_on) for one in case.clocks.filter(stopped_at=None)}
    Membership.objects.filter(agency=world.pemkab).update(ends_on=datetime.date(2026, 6, 3))
    sweep(at(3))
    case = fresh(case)
    assert (case.handler, case.status) == (world.root, after)
    assert {(one.kind, one.due_on) for one in case.clocks.filter(stopped_at=None)} == promised, "promises run on (I3)"
    assert Disposition.objects.open().get(complaint=case).agency == world.root


def test_an_office_that_ended_by_date_is_succeeded(world: World) -> None:
    case = at_office(world)
    in_all_states = at_office(world)
    in_all_states.ask("Di mana?", by=world.joko, now=at(2))
    Agency.objects.filter(pk=world.dinas_pu.pk).update(
        ends_on=datetime.date(2026, 6, 3), succeeded_by=world.dinas_kesehatan
    )
    sweep(at(3))
    assert fresh(case).handler == world.dinas_kesehatan
    assert (fresh(in_all_states).handler, fresh(in_all_states).status) == (world.dinas_kesehatan, Status.WAITING)
    ended = Disposition.objects.filter(complaint=case, agency=world.dinas_pu).get()
    assert ended.outcome == Outcome.SUCCEEDED


def test_not_for_follows_succession(world: World) -> None:
    case = at_office(world, not_for=world.dinas_pu, addressed_to=None)
    assert case.handler == world.inspektorat
    Agency.objects.filter(pk=world.dinas_pu.pk).update(
        ends_on=datetime.date(2026, 6, 3), succeeded_by=world.inspektorat
    )
    dispatched = Agency.objects.get(pk=world.dinas_pu.pk)
    from agencies.actor import Actor
    from agencies.signals import agency_ended

    agency_ended.send(sender=Agency, agency=dispatched, by=Actor.system("x"), day=datetime.date(2026, 6, 3))
    assert fresh(case).not_for == world.inspektorat
    assert fresh(case).handler == world.pemkab


def test_an_account_that_was_shut_staffs_nothing(world: World) -> None:
    case = at_office(world)
    for officer in (world.joko, world.hana):
        assert officer.user is not None
        officer.user.is_active = False
        officer.user.save()
    sweep(at(3))
    assert fresh(case).handler == world.pemkab


def test_the_whole_sweep_twice_changes_nothing_more(world: World) -> None:
    refused_twice(world)
    waiting(world)
    at_office(world)
    sweep(at(10))
    before = list(Complaint.objects.order_by("pk").values())
    assert not any(sweep(at(10)).values())
    assert list(Complaint.objects.order_by("pk").values()) == before


def test_kinds_that_are_noted(world: World) -> None:
    assert set(ClockKind.values) - {"REPORTER"} == {"VERIFY", "RESPOND", "RESOLVE", "DECIDE"}


@pytest.mark.parametrize("model", [Clock, Event, Notification, Missed, Delivery, Escalation])
def test_what_the_sweep_writes_has_no_index_nobody_chose(model: type[Model]) -> None:
    """Django makes one for each foreign key; here each says whether anybody looks for it (ADR 0053)."""
    by_itself = [
        field.name for field in model._meta.local_fields if getattr(field, "db_index", False) and not field.unique
    ]
    assert by_itself == [], "db_index=False, and an index by name where a page needs it"
