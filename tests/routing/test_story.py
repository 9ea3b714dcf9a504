"""The life of a case without a page, from filing to acceptance; every stint and promise with it."""

from __future__ import annotations

import datetime

import pytest
import time_machine

from agencies.actor import Actor
from complaints.intake import Submission, receive
from complaints.models import Clock, Complaint, Event
from complaints.number import hash_key, read_number
from complaints.transitions import Incomplete, NotAllowed, Stale, Status, WrongStatus
from complaints.views import telling
from routing import dispatch
from routing.models import Disposition, Ground, Outcome
from tests.world import World

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 5, 29, 5, 0, tzinfo=datetime.UTC)  # Friday 29 May 2026, noon in Jakarta
SARI = Actor.reporter()


def days(count: int) -> datetime.datetime:
    return NOON + datetime.timedelta(days=count)


def filed(world: World, **more: object) -> Complaint:
    values: dict[str, object] = {
        "channel": "web",
        "external_id": f"draf-{Complaint.objects.count()}",
        "body": "Jembatan di desa kami putus sejak kemarin pagi.",
        "place": world.sukasari,
        "addressed_to": world.dinas_pu,
    }
    return receive(Submission(**{**values, **more}), now=NOON).complaint  # type: ignore[arg-type]


def test_what_is_filed_has_a_number_a_promise_and_a_stint(world: World) -> None:
    receipt = receive(Submission(channel="web", external_id="a", body="Lampu jalan mati di depan pasar."), now=NOON)
    case = receipt.complaint
    assert receipt.created
    assert read_number(case.shown_number.lower()) == case.number
    assert case.key_hash == hash_key(receipt.key)
    assert case.title == "Lampu jalan mati di depan pasar."
    assert case.due_on == datetime.date(2026, 6, 4)
    stint = Disposition.objects.get(complaint=case)
    assert (stint.agency, stint.weighed_at, stint.due_on) == (world.root, None, case.due_on)
    assert [event.verb for event in case.events.all()] == ["submit"]


def test_the_same_arrival_twice_is_one_case(world: World) -> None:
    first = receive(Submission(channel="web", external_id="a", body="Air keruh."), now=NOON)
    again = receive(Submission(channel="web", external_id="a", body="Air keruh."), now=NOON)
    assert not again.created
    assert again.complaint == first.complaint
    assert again.key == ""
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("body", {"body": " \x00 "}),
        ("body", {"body": "a" * 10_001}),
        ("title", {"title": "j" * 161}),
        ("kind", {"kind": "KELUHAN"}),
    ],
)
def test_a_bad_submission_names_its_field_and_writes_nothing(world: World, field: str, wrong: dict[str, str]) -> None:
    with pytest.raises(Incomplete) as raised:
        receive(Submission(**{"channel": "web", "external_id": "a", "body": "Air keruh.", **wrong}), now=NOON)  # type: ignore[arg-type]
    assert raised.value.field == field
    assert not Complaint.objects.exists()


def test_from_filing_to_acceptance(world: World) -> None:
    case = filed(world)
    dispatch.forward_by_itself(case.pk, now=NOON)
    dispatch.forward_by_itself(case.pk, now=NOON)
    case.refresh_from_db()
    assert (case.status, case.handler) == (Status.FORWARDED, world.dinas_pu)
    assert {c.kind: c.due_on for c in Clock.objects.unstopped().filter(complaint=case)} == {
        "RESPOND": datetime.date(2026, 6, 8),
        "RESOLVE": datetime.date(2026, 6, 22),
    }
    case.start(by=world.joko, version=case.version, now=days(3))
    case.answer("Petugas kami periksa besok.", by=world.joko, now=days(4))
    assert case.status == Status.IN_PROGRESS
    case.resolve(
        "Jembatan sudah kami perbaiki.",
        by=world.joko,
        outcome="DONE",
        done_on=days(5).date(),
        unit="Bidang Jalan",
        now=days(6),
    )
    assert case.status == Status.ANSWERED
    resolve = Clock.objects.get(complaint=case, kind="RESOLVE")
    assert resolve.due_on is None
    assert resolve.days_left == 11
    case.contest("Papan lantainya masih lepas.", by=SARI, now=days(7))
    assert (case.status, case.round) == (Status.IN_PROGRESS, 2)
    resolve.refresh_from_db()
    assert resolve.due_on == datetime.date(2026, 6, 23), "one working day of waiting is not counted"
    case.resolve(
        "Papan sudah diganti.",
        by=world.hana,
        outcome="DONE",
        done_on=days(10).date(),
        unit="Bidang Jalan",
        now=days(10),
    )
    case.accept(by=SARI, rating_answer=4, rating_result=5, now=days(11))
    assert case.status == Status.CLOSED
    assert case.due_on is None
    assert not Clock.objects.unstopped().filter(complaint=case).exists()
    outcomes = list(Disposition.objects.filter(complaint=case).order_by("pk").values_list("outcome", flat=True))
    assert outcomes == [Outcome.FORWARDED, Outcome.CONTESTED, Outcome.ANSWERED]


def test_a_question_makes_every_promise_stand_still(world: World) -> None:
    case = filed(world)
    dispatch.forward_by_itself(case.pk, now=NOON)
    case.refresh_from_db()
    case.ask("Di jembatan yang mana?", by=world.joko, now=days(4))
    assert case.status == Status.WAITING
    stint = Disposition.objects.open().get(complaint=case)
    assert stint.due_on is None
    case.complete("Jembatan dekat sekolah.", by=SARI, now=days(7))
    stint.refresh_from_db()
    assert case.status == Status.FORWARDED
    assert stint.due_on == datetime.date(2026, 6, 11)
    assert stint.paused_days == 3
    assert Clock.objects.get(complaint=case, kind="RESPOND").due_on == datetime.date(2026, 6, 11)


def test_two_officers_at_once_one_wins(world: World) -> None:
    case = filed(world)
    dispatch.forward_by_itself(case.pk, now=NOON)
    case.refresh_from_db()
    seen = case.version
    case.start(by=world.joko, version=seen, now=NOON)
    with pytest.raises(Stale):
        Complaint.objects.get(pk=case.pk).answer("Kami periksa.", by=world.hana, version=seen, now=NOON)
    assert not case.messages.exists()


def test_strangers_and_wrong_moments_are_refused(world: World) -> None:
    case = filed(world)
    dispatch.forward_by_itself(case.pk, now=NOON)
    case.refresh_from_db()
    with pytest.raises(NotAllowed):
        case.answer("Bukan urusan saya.", by=world.dewi, now=NOON)
    with pytest.raises(NotAllowed):
        case.answer("Saya hanya melihat.", by=world.bayu, now=NOON)
    with pytest.raises(WrongStatus):
        case.accept(by=SARI, now=NOON)


def test_the_second_refusal_must_be_decided(world: World) -> None:
    case = filed(world)
    dispatch.forward_by_itself(case.pk, now=NOON)
    case.refresh_from_db()
    dispatch.hand_back(case, by=world.joko, ground=Ground.NOT_OURS, reason="Jalan provinsi.", now=days(3))
    # The worker had sent it, so no office did: the coordinator's desk is the nearest above.
    assert case.handler == world.pemkab
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Coba sini.", now=days(3))
    dispatch.hand_back(case, by=world.dewi, ground=Ground.NOT_OURS, reason="Bukan kesehatan.", now=days(4))
    assert case.handler == world.pemkab, "the lowest staffed desk above both"
    decide = Clock.objects.unstopped().get(complaint=case, kind="DECIDE")
    assert decide.due_on == datetime.date(2026, 6, 3)
    stint = Disposition.objects.open().get(complaint=case)
    assert stint.bound
    with pytest.raises(NotAllowed):
        dispatch.hand_back(case, by=world.wati, ground=Ground.NOT_OURS, reason="Tidak.", now=days(4))
    dispatch.move(case, world.dinas_pu, by=world.wati, reason="Memang tugas Anda.", now=days(4))
    assert not Clock.objects.unstopped().filter(complaint=case, kind="DECIDE").exists()
    with pytest.raises(NotAllowed):
        dispatch.hand_back(case, by=world.joko, ground=Ground.NOT_OURS, reason="Tetap bukan.", now=days(5))
    assert Clock.objects.get(complaint=case, kind="RESPOND").due_on == datetime.date(2026, 6, 8), "I3"


def test_a_case_about_conduct_goes_to_the_inspectorate(world: World) -> None:
    case = filed(world, about_conduct=True, not_for=world.dinas_pu, body="Kepala dinas minta uang.")
    dispatch.forward_by_itself(case.pk, now=NOON)
    case.refresh_from_db()
    assert case.handler == world.inspektorat
    with pytest.raises(NotAllowed):
        case.note("Saya baca?", by=world.joko, now=NOON)
    with pytest.raises(Incomplete):
        dispatch.move(case, world.dinas_pu, by=world.wati, reason="Kembali.", now=NOON)


def test_a_lead_that_is_withdrawn_hands_its_group_to_the_oldest(world: World) -> None:
    lead, second, third = filed(world), filed(world), filed(world)
    for case in (lead, second, third):
        dispatch.forward_by_itself(case.pk, now=NOON)
        case.refresh_from_db()
    from routing import groups

    for case in (second, third):
        groups.merge(case, lead, by=world.wati, text="Sama dengan laporan lain.", now=days(3))
        assert case.status == Status.ARCHIVED
    lead.withdraw(by=SARI, now=days(4))
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.status, second.duplicate_of, second.handler) == (Status.FORWARDED, None, world.dinas_pu)
    assert third.duplicate_of == second
    assert Clock.objects.unstopped().get(complaint=second, kind="RESPOND").started_on == NOON.date()


def test_an_office_that_wants_it_approves_first(world: World) -> None:
    world.dinas_pu.approves_answers = True
    world.dinas_pu.save()
    case = filed(world)
    dispatch.forward_by_itself(case.pk, now=NOON)
    case = Complaint.objects.get(pk=case.pk)
    case.answer("Sudah kami cek.", by=world.joko, now=NOON)
    assert case.status == Status.FORWARDED
    assert case.messages.get().state == "PENDING"
    with pytest.raises(NotAllowed):
        case.approve(by=world.joko, now=NOON)
    with pytest.raises(NotAllowed):
        case.approve(by=world.wati, now=NOON)
    case.approve(by=world.hana, now=days(3))
    assert case.status == Status.IN_PROGRESS
    assert case.messages.get().state == "SENT"
    assert Event.objects.filter(complaint=case).latest("pk").verb == "answer"
    assert Disposition.objects.open().get(complaint=case).first_answer_at == days(3)


def test_the_reporter_is_told_that_the_office_must_be_decided(world: World) -> None:
    case = filed(world)
    dispatch.forward_by_itself(case.pk, now=NOON)
    case.refresh_from_db()
    dispatch.hand_back(case, by=world.joko, ground=Ground.NOT_OURS, reason="Jalan provinsi.", now=days(3))
    dispatch.hand_back(case, by=world.wati, ground=Ground.NOT_OURS, reason="Bukan kabupaten.", now=days(3))
    with time_machine.travel(days(3), tick=False):
        clocks = list(case.clocks.select_related("standard"))
        promised = telling.Days.of(case.place, case.today(NOON))
        turn = telling.turn(case, clocks, promised)
        steps = telling.journey(case, list(case.events.all()), clocks, promised)
    assert turn is not None
    assert "memutuskan kantor yang menjawab" in turn.title
    assert "memutuskan kantor yang menjawab" in next(str(s["title"]) for s in steps if s["state"] == "now")
