"""What a peer says later of a letter it had taken: that it arrived, or that it did not."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.channels.contract import Channel, DoorRefused
from complaints.channels.registry import CHANNELS
from complaints.models import Arrival, Complaint, DeliveryAttempt, Notification
from complaints.notifications import delivery
from complaints.signals import letter_receipt
from tests.complaints.cases import NOW, at, later
from tests.complaints.test_arrivals import Drum
from tests.complaints.test_short_letters import told
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def drum(monkeypatch: pytest.MonkeyPatch) -> None:
    Drum.heard, Drum.fault = [], None
    monkeypatch.setitem(CHANNELS, "drum", Channel("drum", "kentongan", medium="DRUM", door=Drum, narrow=True))


def sent(world: World, nudges: Nudges, letters: int = 1) -> Complaint:
    case = at(told(world), world.dinas_pu)
    for n in range(letters - 1):
        case.answer(f"Kabar {n}.", by=world.joko, now=later(minutes=n + 1))
    delivery.send_due(now=later(hours=1))
    return case


def receipt(reference: str, delivered: bool, **more: Any) -> None:
    said = {"medium": "DRUM", "answer": "", "at": later(hours=2), **more}
    letter_receipt.send(sender=Notification, reference=reference, delivered=delivered, **said)


def test_a_letter_that_arrived_is_marked_by_the_peers_name_or_ours(world: World, nudges: Nudges) -> None:
    sent(world, nudges, letters=2)
    first, second = Notification.objects.filter(medium="DRUM").order_by("pk")
    receipt(first.peer_id, True)
    receipt(second.message_id, True)
    for row in (first, second):
        row.refresh_from_db()
        assert (row.state, row.delivered_at) == ("SENT", later(hours=2))


def test_a_letter_that_did_not_is_given_up_loudly(world: World, nudges: Nudges) -> None:
    case = sent(world, nudges)
    row = Notification.objects.get(medium="DRUM")
    receipt(row.message_id, False, answer="16 unknown subscriber")
    row.refresh_from_db()
    assert row.state == "FAILED"
    assert row.attempts.get(succeeded=False).answer == "16 unknown subscriber"
    assert case.events.filter(verb="undeliverable").count() == 1
    # Twice told, once noted; and what arrived before stays arrived.
    receipt(row.message_id, False)
    assert case.events.filter(verb="undeliverable").count() == 1


@pytest.mark.parametrize(
    "answer",
    [
        "2 unknown subscriber 6281200007700",
        "550 5.1.1 <sari@contoh.test>: no such user",
        "0812-0000-7700 is not reachable",
        "id:7 sub:001 dlvrd:000 stat:UNDELIV err:001 text:Laporan 7K4M-9QXD-2TB sudah",
    ],
)
def test_whom_it_was_for_stands_in_no_row_and_in_no_log(
    world: World, nudges: Nudges, caplog: pytest.LogCaptureFixture, answer: str
) -> None:
    """A gateway repeats the number, and SMPP the beginning of the message; of an anonymous reporter, too."""
    sent(world, nudges)
    row = Notification.objects.get(medium="DRUM")
    receipt(row.message_id, False, answer=answer)
    kept = row.attempts.get(succeeded=False).answer
    for said in (kept, caplog.text):
        assert not any(part in said for part in ("7700", "sari", "7K4M"))
    assert kept.startswith((answer[:2], "…"))


def test_nor_what_a_gateway_says_at_once(world: World, nudges: Nudges, caplog: pytest.LogCaptureFixture) -> None:
    at(told(world), world.dinas_pu)
    Drum.fault = DoorRefused("400 bad receiver 62812-0000-7700", lasting=True)
    delivery.send_due(now=later(hours=1))
    assert {attempt.answer for attempt in DeliveryAttempt.objects.filter(succeeded=False)} == {"400 bad receiver …"}
    assert "7700" not in caplog.text


def test_a_late_failure_does_not_undo_an_arrival(world: World, nudges: Nudges) -> None:
    sent(world, nudges)
    row = Notification.objects.get(medium="DRUM")
    receipt(row.message_id, True)
    receipt(row.message_id, False)
    row.refresh_from_db()
    assert row.state == "SENT"


def test_three_in_a_row_close_the_door_and_one_that_arrives_between_does_not(world: World, nudges: Nudges) -> None:
    case = sent(world, nudges, letters=4)
    rows = list(Notification.objects.filter(medium="DRUM").order_by("pk"))
    assert len(rows) == 4
    receipt(rows[0].message_id, False)
    receipt(rows[1].message_id, True)
    receipt(rows[2].message_id, False)
    receipt(rows[3].message_id, False)
    assert Complaint.objects.get().reporter.door_closed_at is None
    case.answer("Sekali lagi.", by=world.joko, now=later(hours=3))
    delivery.send_due(now=later(hours=4))
    receipt(Notification.objects.filter(medium="DRUM").latest("pk").message_id, False, at=later(hours=5))
    reporter = Complaint.objects.get().reporter
    assert reporter.door_closed_at == later(hours=5)
    assert not reporter.is_reachable


@pytest.mark.parametrize("reference", ["", "entah", "\x00", "x" * 500])
def test_a_receipt_of_nothing_we_sent_changes_nothing(world: World, nudges: Nudges, reference: str) -> None:
    sent(world, nudges)
    receipt(reference.replace("\x00", ""), False)
    assert not Notification.objects.filter(state="FAILED").exists()


def test_another_medium_is_not_meant(world: World, nudges: Nudges) -> None:
    sent(world, nudges)
    row = Notification.objects.get(medium="DRUM")
    receipt(row.message_id, False, medium="SMS")
    row.refresh_from_db()
    assert row.state == "SENT"


def test_a_reply_without_a_case_can_fail_too(world: World, nudges: Nudges) -> None:
    arrival = Arrival.objects.create(channel="drum", external_id="x", outcome="ANSWERED", received_at=NOW)
    row = Notification.objects.create(arrival=arrival, medium="DRUM", letter="reply", state="SENT", peer_id="drum-9")
    receipt("drum-9", False, answer="2")
    row.refresh_from_db()
    assert row.state == "FAILED"
