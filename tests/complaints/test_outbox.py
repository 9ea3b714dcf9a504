"""Who hears of what: rows are written with the event, and the worker is woken after the commit."""

from __future__ import annotations

import pytest
from django.db import transaction

from agencies.actor import Actor
from agencies.models import Role
from complaints import privacy
from complaints.models import Clock, Complaint, Event, Notification, Reveal
from complaints.notifications import send, to_officers, to_reporter
from complaints.transitions import TABLE
from tests.complaints.cases import NOW, SWEEP, at, later, report
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db


def letters(case: Complaint, verb: str) -> dict[str, set[str]]:
    """Letter → who gets it, for the last event of this verb."""
    event = case.events.filter(verb=verb).last()
    found: dict[str, set[str]] = {}
    for row in Notification.objects.filter(event=event).select_related("user"):
        found.setdefault(row.letter, set()).add(row.user.name if row.user else "pelapor")
    return found


def test_every_letter_that_can_be_sent_has_its_words() -> None:
    assert set(send.TO_REPORTER.values()) == set(to_reporter.LETTERS)
    from_above = {"officer_late", "officer_new", "officer_reveal", "officer_account_due", send.DECIDE}
    from_above |= {f"officer_help_{what}" for what in ("asked", "came", "ended", "due", "files")}
    assert set(send.TO_OFFICE.values()) | from_above == set(to_officers.LETTERS)
    assert (send.TO_REPORTER.keys() | send.TO_OFFICE.keys()) <= TABLE.keys() | {"submit"}


def test_filing_tells_the_reporter_once_and_nudges_the_worker(world: World, nudges: Nudges) -> None:
    case = report(world)
    assert letters(case, "submit") == {"submitted": {"pelapor"}}
    row = Notification.objects.get()
    assert nudges.named("complaints.tasks.send_notification") == [(row.pk, "EMAIL")]
    assert row.next_try == NOW


def test_a_reporter_without_an_address_gets_no_row(world: World) -> None:
    report(world, email="", phone="")
    assert not Notification.objects.exists()


def test_imported_history_is_silent(world: World) -> None:
    case = at(report(world, silent=True), world.dinas_pu)
    case.ask("Di mana?", by=world.joko, now=NOW)
    case.complete("Di depan pasar.", by=Actor.reporter(world.sari), now=NOW)
    send.notify_officers(case.events.get(verb="ask"), send.officers_of(case), "officer_late")
    assert not Notification.objects.exists()


def test_the_office_hears_of_a_contest_and_of_words_from_the_reporter(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    sari = Actor.reporter(world.sari)
    case.ask("Di mana?", by=world.joko, now=NOW)
    assert letters(case, "ask") == {"asked": {"pelapor"}}
    case.complete("Di depan pasar.", by=sari, now=NOW)
    case.resolve("Sudah ditambal.", by=world.joko, outcome="DONE", done_on=NOW.date(), unit="Bina Marga", now=NOW)
    case.contest("Masih berlubang.", by=sari, now=NOW)
    case.reply("Fotonya menyusul.", by=sari, now=NOW)
    office = {"Joko Prasetyo", "Hana Permata"}
    assert letters(case, "complete") == {"officer_replied": office}
    assert letters(case, "contest") == {"officer_contested": office}
    assert letters(case, "reply") == {"officer_replied": office}


def test_whoever_approves_hears_of_an_answer_that_waits_and_its_writer_that_it_came_back(world: World) -> None:
    world.dinas_pu.approves_answers = True
    world.dinas_pu.save(update_fields=["approves_answers"])
    case = at(report(world), world.dinas_pu)
    case.answer("Kami tambal besok.", by=world.joko, now=NOW)
    assert letters(case, "propose") == {"officer_proposed": {"Hana Permata"}}
    world.officer("Rekan Joko", world.dinas_pu)
    case.return_answer("Sebut jamnya.", by=world.hana, now=NOW)
    assert letters(case, "return") == {"officer_returned": {"Joko Prasetyo"}}
    assert world.joko.user is not None
    written = to_officers.write("officer_returned", case.events.get(verb="return"), world.joko.user)
    assert written is not None
    assert "Alasannya: Sebut jamnya." in str(written)


def test_a_move_tells_the_reporter_and_the_new_office_but_not_who_moved_it(world: World) -> None:
    case = at(report(world), world.dinas_kesehatan)
    case.move(world.dinas_pu, by=world.wati, reason="Ini soal jalan.", now=NOW)
    assert letters(case, "move") == {"moved": {"pelapor"}, "officer_moved": {"Joko Prasetyo", "Hana Permata"}}
    case.move(world.pemkab, by=world.wati, reason="Saya kelola.", now=NOW)
    assert letters(case, "move") == {"moved": {"pelapor"}}


def test_at_the_root_the_national_admins_hear(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.move(world.root, by=world.ratna, reason="Saya kelola.", now=NOW)
    assert letters(case, "move")["officer_moved"] == {"Seno Aji"}


def test_an_officer_the_case_names_gets_no_letter(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    assert world.joko.user is not None
    case.exclude(by=world.wati, officers=[world.joko.user], now=NOW)
    case.reply("Tolong dipercepat.", by=Actor.reporter(world.sari), now=NOW)
    assert letters(case, "reply") == {"officer_replied": {"Hana Permata"}}


def test_an_officer_whose_membership_ended_gets_none(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    world.officer("Bu Lama", world.dinas_pu, Role.LIAISON, ends_on=NOW.date())
    case.reply("Halo.", by=Actor.reporter(world.sari), now=NOW)
    assert "Bu Lama" not in letters(case, "reply")["officer_replied"]


def test_a_reminder_goes_to_whose_turn_it_is(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.remind(case.clocks.get(kind="RESPOND"), by=SWEEP, days=1, now=NOW)
    assert letters(case, "remind") == {"officer_due_soon": {"Joko Prasetyo", "Hana Permata"}}
    case.ask("Di mana?", by=world.joko, now=NOW)
    case.remind(case.clocks.get(kind="REPORTER"), by=SWEEP, days=5, now=NOW)
    assert letters(case, "remind") == {"reminder": {"pelapor"}}


def test_a_missed_promise_is_told_and_the_last_rung_names_the_ombudsman(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    clock = case.clocks.get(kind="RESPOND")
    case.note_overdue(clock, by=SWEEP, missed_by=world.dinas_pu, now=later(days=20))
    assert letters(case, "overdue") == {"late": {"pelapor"}}
    case.note_escalation(clock, by=SWEEP, level=2, now=later(days=22))
    assert letters(case, "escalate") == {}
    case.note_escalation(clock, by=SWEEP, level=3, now=later(days=25))
    assert letters(case, "escalate") == {"ombudsman": {"pelapor"}}


def test_notes_and_what_waits_for_approval_are_told_to_nobody(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.note("Hubungi kelurahan.", by=world.joko, now=NOW)
    world.dinas_pu.approves_answers = True
    world.dinas_pu.save()
    case.answer("Kami periksa.", by=world.joko, now=NOW)
    assert letters(case, "note") == letters(case, "propose") == {}


def test_the_reporter_s_own_act_is_not_told_back(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.tighten(by=Actor.reporter(world.sari), secret=True, now=NOW)
    case.withdraw(by=Actor.reporter(world.sari), now=NOW)
    assert letters(case, "withdraw") == letters(case, "tighten") == {}


def test_asking_for_an_anonymous_name_tells_the_other_national_admins_and_opening_it_the_reporter(world: World) -> None:
    case = at(report(world, anonymous=True), world.dinas_pu)
    privacy.reveal(case, by=world.ratna, reason="Ancaman.", now=NOW)
    assert letters(case, "reveal") == {"officer_reveal": {"Seno Aji"}}
    privacy.approve_reveal(Reveal.objects.get(), by=world.seno, now=NOW)
    assert letters(case, "reveal") == {"revealed": {"pelapor"}}


def test_the_ladder_writes_each_officer_once(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    event = case.note_overdue(
        Clock.objects.get(complaint=case, kind="RESPOND"), by=SWEEP, missed_by=world.dinas_pu, now=later(days=20)
    )
    assert isinstance(event, Event)
    told = send.officers_of(case)
    assert len(send.notify_officers(event, told, "officer_late")) == 2
    assert send.notify_officers(event, told, "officer_late") == []


def test_an_event_that_is_rolled_back_leaves_no_row(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    before = Notification.objects.count()

    def ask_and_fail() -> None:
        with transaction.atomic():
            case.ask("Di mana?", by=world.joko, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_fail()
    assert Notification.objects.count() == before
