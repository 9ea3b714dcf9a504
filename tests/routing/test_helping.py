"""Several offices on one case: one leads and answers, the others have a task and a date of their own."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from agencies.actor import Actor
from agencies.models import Agency, Holiday, Role
from agencies.signals import agency_ended, calendar_changed
from complaints.models import Complaint, Contribution, Event, Message
from complaints.notifications import to_officers
from complaints.transitions import Incomplete, NotAllowed, WrongStatus, allowed
from routing import answered_by_letter, dispatch, helping
from tests.routing.turns import SARI, at, at_office, clock, events, fresh, letters, sweep
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]
State = Contribution.State


def asked(world: World, *, of: Agency | None = None, days: int = 3, shown: str = "", **more: Any) -> Complaint:
    """At the Dinas PU, begun; asked of the Dinkes on Tuesday 2 June 2026, due Friday 5 June."""
    case = at_office(world, **more)
    case.start(by=world.joko, now=at(2))
    helping.invite(
        case, of or world.dinas_kesehatan, "Periksa air sumur.", by=world.joko, days=days, shown=shown, now=at(2)
    )
    return fresh(case)


def task(case: Complaint) -> Contribution:
    return Contribution.objects.filter(complaint=case).latest("pk")


def test_another_office_is_asked_with_a_date_of_its_own(world: World) -> None:
    case = asked(world)
    row = task(case)
    assert (row.agency, row.asked_from, row.state) == (world.dinas_kesehatan, world.dinas_pu, State.OPEN)
    assert (row.asked_on, row.due_on) == (datetime.date(2026, 6, 2), datetime.date(2026, 6, 5))
    assert case.handler == world.dinas_pu
    [event] = events(case, "invite")
    assert event.audience == "OFFICERS"
    assert "Periksa" not in str(event.particulars), "what anybody wrote stays out of the event"
    assert [row.user for row in letters(case, "officer_help_asked")] == [world.dewi.user]


def test_the_promises_of_the_lead_run_on(world: World) -> None:
    alone, helped = at_office(world), asked(world)
    assert [clock(helped, kind).due_on for kind in ("RESPOND", "RESOLVE")] == [
        clock(alone, kind).due_on for kind in ("RESPOND", "RESOLVE")
    ]
    sweep(at(9))
    assert events(helped, "overdue"), "a task that is late hides no lead that is late"
    assert {event.particulars["step"] for event in events(helped, "help_due")} == {3}


def test_what_came_is_for_the_lead_and_never_for_the_citizen(world: World) -> None:
    case = asked(world, shown="memeriksa air sumur")
    case.contribute("Airnya layak minum, diperiksa 3 Juni.", by=world.dewi, now=at(4))
    row = task(case)
    assert (row.state, row.ended_at) == (State.DONE, at(4))
    assert row.message is not None
    assert (row.message.audience, row.message.agency) == ("OFFICERS", world.dinas_kesehatan)
    [event] = events(case, "contribute")
    assert event.audience == "PUBLIC"
    assert "message" not in event.particulars, "an event everybody reads does not lead to the words"
    assert [row.user for row in letters(case, "officer_help_came")] == [world.hana.user, world.joko.user]
    assert fresh(case).status == "in_progress"
    with pytest.raises(NotAllowed):
        case.contribute("Sekali lagi.", by=world.dewi, now=at(4))


def test_a_letter_answered_by_who_helps_is_for_the_lead(world: World) -> None:
    case = asked(world)
    assert world.dewi.membership is not None
    answered_by_letter.answer(
        case, world.dewi.membership, version=case.version, body="Airnya layak.", files=[], now=at(3)
    )
    row = task(case)
    assert row.message is not None
    assert (row.state, row.message.audience) == (State.DONE, "OFFICERS")


def test_who_cannot_help_says_why(world: World) -> None:
    case = asked(world, shown="memeriksa air sumur")
    with pytest.raises(Incomplete):
        case.decline(" ", by=world.dewi, now=at(3))
    case.decline("Laboratorium kami rusak.", by=world.dewi, now=at(3))
    assert task(case).state == State.REFUSED
    assert events(case, "decline")[0].audience == "OFFICERS"
    assert len(letters(case, "officer_help_came")) == 2


def test_one_called_off_is_told_and_may_be_asked_again(world: World) -> None:
    case = asked(world)
    with pytest.raises(Incomplete):
        helping.invite(case, world.dinas_kesehatan, "Lagi.", by=world.joko, days=3, now=at(2))
    case.uninvite(world.dinas_kesehatan, by=world.joko, reason="Sudah beres.", now=at(3))
    assert [row.user for row in letters(case, "officer_help_ended")] == [world.dewi.user]
    with pytest.raises(Incomplete):
        case.uninvite(world.dinas_kesehatan, by=world.joko, reason="Lagi.", now=at(3))
    helping.invite(case, world.dinas_kesehatan, "Lagi.", by=world.joko, days=3, now=at(3))
    assert case.contributions.open().count() == 1


def test_whom_one_may_ask(world: World) -> None:
    case = at_office(world)
    for office in (world.root, world.dinas_pu, world.dinas_sosial):  # the centre, the lead itself, one without officers
        with pytest.raises(Incomplete):
            helping.invite(case, office, "Bantu.", by=world.joko, days=3, now=at(2))
    for days in (0, 61):
        with pytest.raises(Incomplete):
            helping.invite(case, world.bumn, "Bantu.", by=world.joko, days=days, now=at(2))
    with pytest.raises(Incomplete):
        helping.invite(case, world.bumn, "  ", by=world.joko, days=3, now=at(2))
    for stranger in (world.dewi, world.tono, world.bayu, SARI):
        with pytest.raises(NotAllowed):
            helping.invite(case, world.bumn, "Bantu.", by=stranger, days=3, now=at(2))
    helping.invite(case, world.bumn, "Pindahkan tiangnya.", by=world.wati, days=3, now=at(2))
    assert task(case).agency == world.bumn
    assert not Contribution.objects.exclude(agency=world.bumn).exists()


@pytest.mark.parametrize("how", ["secret", "not_for", "about_conduct"])
def test_a_guarded_case_is_shared_with_nobody(world: World, how: str) -> None:
    """Neither one that is guarded from the start, nor one that becomes so."""
    case = asked(world)
    if how == "secret":
        case.tighten(secret=True, by=SARI, now=at(3))
    elif how == "not_for":
        dispatch.exclude(case, world.dinas_kesehatan, by=world.wati, now=at(3))
    else:
        assert world.hana.user is not None
        case.exclude(officers=[world.hana.user], by=world.wati, now=at(3))
    case = fresh(case)
    assert task(case).state == State.WITHDRAWN
    assert letters(case, "officer_help_ended") == [], "nobody is told that there is something to hide"
    assert helping.find(case.number, world.dewi) is None
    assert not helping.ended_of(world.dinas_kesehatan).exists()
    member = case.handler.memberships.exclude(role=Role.HEAD).first()
    assert member is not None
    lead = Actor.officer(member)
    with pytest.raises(NotAllowed):
        helping.invite(case, world.bumn, "Bantu.", by=lead, days=3, now=at(3))


def test_who_helps_may_help_and_nothing_else(world: World) -> None:
    case = asked(world)
    assert {row.verb for row in allowed(case, world.dewi)} == {"contribute", "decline"}
    assert not Complaint.objects.visible_to(world.dewi).filter(pk=case.pk).exists()
    found = helping.find(case.number, world.dewi)
    assert found is not None
    assert found.reads
    for stranger in (world.yanto, world.lina, world.tono, world.bayu):
        assert helping.find(case.number, stranger) is None
    case.contribute("Sudah.", by=world.dewi, now=at(3))
    assert allowed(fresh(case), world.dewi) == []
    found = helping.find(case.number, world.dewi)
    assert found is not None
    assert not found.reads, "the story is read as long as one is asked"


def test_every_letter_about_a_task_can_be_written(world: World) -> None:
    case = asked(world)
    sweep(at(4))
    sweep(at(8))
    asked_, soon, late = events(case, "invite")[0], *events(case, "help_due")
    assert world.dewi.user is not None
    for letter, event in (("officer_help_asked", asked_), ("officer_help_due", soon), ("officer_help_due", late)):
        written = to_officers.write(letter, event, world.dewi.user)
        assert written is not None
        text = f"{written.heading} {' '.join(line.text for line in written.lines)}"
        assert "Periksa air sumur." in text
        assert "Jumat, 5 Juni 2026" in text
        assert "%(" not in text
    case.decline("Laboratorium kami rusak.", by=world.dewi, now=at(8))
    assert to_officers.write("officer_help_asked", asked_, world.dewi.user) is None, "what is over is not asked for"
    refused = to_officers.write("officer_help_came", events(case, "decline")[0], world.dewi.user)
    assert refused is not None
    assert "Laboratorium kami rusak." in " ".join(line.text for line in refused.lines)


# --- What becomes of a task when something else happens ---


def test_it_goes_with_the_case_to_another_lead(world: World) -> None:
    case = asked(world, of=world.bumn)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Soal air.", now=at(3))
    assert task(case).state == State.OPEN
    case.contribute("Tiangnya sudah pindah.", by=world.lina, now=at(4))
    assert [row.user for row in letters(case, "officer_help_came")] == [world.dewi.user]


def test_who_gets_the_case_itself_needs_no_task(world: World) -> None:
    case = asked(world)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Soal air.", now=at(3))
    assert task(case).state == State.WITHDRAWN
    assert letters(case, "officer_help_ended") == []


@pytest.mark.parametrize("end", ["accept", "archive", "withdraw"])
def test_it_ends_with_the_case_and_not_with_the_answer(world: World, end: str) -> None:
    case = asked(world)
    if end == "accept":
        case.resolve("Tidak bisa, karena …", by=world.joko, outcome="REFUSED", now=at(3))
        assert task(case).state == State.OPEN
        case.accept(by=SARI, now=at(4))
    elif end == "archive":
        case.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas.", now=at(4))
    else:
        case.withdraw(by=SARI, now=at(4))
    assert task(case).state == State.WITHDRAWN
    assert events(case, "uninvite")[0].particulars["cause"] == "CLOSED"
    with pytest.raises((NotAllowed, WrongStatus)):
        helping.invite(fresh(case), world.bumn, "Bantu.", by=world.joko, days=3, now=at(5))


def test_an_office_that_ends_passes_its_task_on(world: World) -> None:
    case = asked(world, shown="memeriksa air sumur")
    world.dinas_kesehatan.ends_on, world.dinas_kesehatan.succeeded_by = at(3).date(), world.inspektorat
    world.dinas_kesehatan.save()
    agency_ended.send(sender=Agency, agency=world.dinas_kesehatan, by=world.wati, day=at(3).date())
    sweep(at(3))
    row = task(case)
    assert (row.agency, row.state, row.due_on) == (world.inspektorat, State.OPEN, datetime.date(2026, 6, 5))
    assert events(case, "reinvite")[0].particulars["helper_name"] == "Inspektorat"
    assert [one.user for one in letters(case, "officer_help_asked")] == [world.agus.user, world.dewi.user]


def test_without_officers_it_goes_up_and_from_the_centre_back_to_the_lead(world: World) -> None:
    near, far = asked(world), asked(world, of=world.bumn)
    for who in (world.dewi, world.lina):
        assert who.membership is not None
        who.membership.ends_on = at(3).date()
        who.membership.save()
    sweep(at(3))
    assert (task(near).agency, task(near).state) == (world.pemkab, State.OPEN)
    assert (task(far).agency, task(far).state) == (world.bumn, State.WITHDRAWN)
    assert "Belum ada petugas" in task(far).reason
    assert len(letters(far, "officer_help_came")) == 2
    assert sweep(at(3))["moved"] == 0


# --- Time ---


def test_a_task_has_a_ladder_of_its_own(world: World) -> None:
    case = asked(world)  # due Friday 5 June
    for day, hour, told in (
        (4, 7, []),  # before office hours
        (4, 9, ["Dewi Anggraini"]),
        (5, 9, []),
        (8, 9, ["Dewi Anggraini", "Hana Permata", "Joko Prasetyo"]),
        (9, 9, ["Wati Lestari"]),
        (10, 9, []),
    ):
        before = len(letters(case, "officer_help_due"))
        sweep(at(day, hour=hour))
        rows = letters(case, "officer_help_due")
        new = [row for row in rows if row.event is not None and row.event.at == at(day, hour=hour)]
        assert sorted(row.user.name for row in new if row.user) == told, day
        assert len(rows) == before + len(told)
    assert sweep(at(10))["helpers"] == 0


def test_after_an_outage_the_highest_step_alone_is_sent(world: World) -> None:
    case = asked(world)
    sweep(at(12))
    assert [event.particulars["step"] for event in events(case, "help_due")] == [3]


def test_a_holiday_moves_the_date_and_never_nearer(world: World) -> None:
    case = asked(world)
    Holiday.objects.create(date=datetime.date(2026, 6, 4), name="Hari tambahan")
    calendar_changed.send(sender=Holiday, years={2026}, region=None)
    assert task(case).due_on == datetime.date(2026, 6, 8)
    Holiday.objects.filter(date=datetime.date(2026, 6, 4)).delete()
    calendar_changed.send(sender=Holiday, years={2026}, region=None)
    assert task(case).due_on == datetime.date(2026, 6, 8)


def test_a_coordinator_above_reads_the_task_and_no_story(world: World) -> None:
    case = asked(world, of=world.dinas_pu_tetangga)
    found = helping.find(case.number, world.tono)
    assert found is not None
    assert (found.task.agency, found.reads) == (world.dinas_pu_tetangga, False)
    assert Event.objects.filter(complaint=case, verb="invite").exists()
    assert not Message.objects.filter(complaint=case, verb="contribute").exists()
    assert world.tono.role == Role.COORDINATOR
