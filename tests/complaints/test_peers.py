"""The breaker: a silent peer rests and loses nothing, a slow one has one sender, and neither holds up another."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from complaints import tasks
from complaints.channels.contract import Channel, DoorRefused, DoorSilent, Parcel
from complaints.channels.registry import CHANNELS
from complaints.models import DeliveryAttempt, Notification, Peer
from complaints.notifications import delivery, peers
from tests.complaints.cases import NOW, later, report
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db


class Gate:
    """A peer whose answer the test chooses: it raises what `answer` raises."""

    answer: Callable[[Parcel], str] = staticmethod(lambda parcel: "ok")
    got: list[Parcel] = []

    def send(self, parcel: Parcel) -> str:
        said = Gate.answer(parcel)
        Gate.got.append(parcel)
        return said

    def close(self) -> None:
        return


def silent(parcel: Parcel) -> str:
    raise DoorSilent("503 try later")


@pytest.fixture(autouse=True)
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    Gate.got = []
    monkeypatch.setattr(Gate, "answer", staticmethod(lambda parcel: "ok"))
    monkeypatch.setitem(CHANNELS, "gate", Channel("gate", "gerbang", medium="GATE", door=Gate))


def twelve(world: World) -> None:
    for nr in range(12):
        report(world, email="" if nr % 2 else "sari@contoh.test", door=("GATE", f"+62812000077{nr:02}"))


def test_a_silent_peer_is_tried_three_times_and_then_rests(
    world: World, nudges: Nudges, monkeypatch: pytest.MonkeyPatch
) -> None:
    twelve(world)
    monkeypatch.setattr(Gate, "answer", staticmethod(silent))
    delivery.send_due(now=NOW)

    tried = DeliveryAttempt.objects.filter(notification__medium="GATE")
    assert tried.count() == peers.SILENCES
    assert not Notification.objects.filter(medium="EMAIL", state="PENDING").exists(), "mails went out meanwhile"
    assert Peer.objects.get().answer == "503 try later"
    waiting = Notification.objects.filter(medium="GATE", tries=0).first()
    assert waiting is not None
    assert not delivery.send_one(waiting.pk, now=later(seconds=5)), "whoever is nudged leaves it alone"
    assert tried.count() == peers.SILENCES


@pytest.mark.slow
def test_after_its_rest_one_letter_is_tried_and_its_answer_decides(
    world: World, nudges: Nudges, monkeypatch: pytest.MonkeyPatch
) -> None:
    twelve(world)
    monkeypatch.setattr(Gate, "answer", staticmethod(silent))
    delivery.send_due(now=NOW)
    delivery.send_due(now=later(seconds=50))
    assert DeliveryAttempt.objects.filter(notification__medium="GATE").count() == peers.SILENCES + 1

    monkeypatch.setattr(Gate, "answer", staticmethod(lambda parcel: "ok"))
    delivery.send_due(now=later(minutes=15))
    assert Notification.objects.filter(medium="GATE", state="SENT").count() == 12
    assert peers.resting(later(minutes=15)) == []
    assert Peer.objects.get().silences == 0


@pytest.mark.slow
def test_a_day_without_the_gate_delays_and_loses_nothing_and_the_tries_stay_few(
    world: World, nudges: Nudges, monkeypatch: pytest.MonkeyPatch
) -> None:
    twelve(world)
    monkeypatch.setattr(Gate, "answer", staticmethod(silent))
    for minute in range(0, 24 * 60, 30):
        delivery.send_due(now=later(minutes=minute))
    tries = DeliveryAttempt.objects.filter(notification__medium="GATE").count()
    monkeypatch.setattr(Gate, "answer", staticmethod(lambda parcel: "ok"))
    for hour in range(24, 27):
        delivery.send_due(now=later(hours=hour))

    assert Notification.objects.filter(medium="GATE", state="SENT").count() == 12
    assert tries <= 24 * 2 + peers.SILENCES, "one a rest, not twelve"
    assert len({parcel.reference for parcel in Gate.got}) == len(Gate.got) == 12


def test_a_refusal_is_an_answer(world: World, nudges: Nudges, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(parcel: Parcel) -> str:
        raise DoorRefused("unknown number", lasting=False)

    twelve(world)
    monkeypatch.setattr(Gate, "answer", staticmethod(refuse))
    delivery.send_due(now=NOW)

    assert DeliveryAttempt.objects.filter(notification__medium="GATE").count() == 12
    assert peers.resting(NOW) == []


def test_an_acknowledgement_that_comes_twice_is_one_letter(
    world: World, nudges: Nudges, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The peer took it and the line broke before it said so: the second try carries the same reference."""
    report(world, email="", door=("GATE", "+6281200007700"))
    seen: list[str] = []

    def cut(parcel: Parcel) -> str:
        seen.append(parcel.reference)
        if len(seen) == 1:
            raise DoorSilent("connection reset")
        return "ok"

    monkeypatch.setattr(Gate, "answer", staticmethod(cut))
    delivery.send_due(now=NOW)
    delivery.send_due(now=later(minutes=5))
    assert len(seen) == 2
    assert len(set(seen)) == 1


def test_to_a_slow_peer_there_is_one_sender(world: World, nudges: Nudges, monkeypatch: pytest.MonkeyPatch) -> None:
    twelve(world)
    peers.has_answered("GATE", peers.SLOW + 1, NOW)
    assert peers.is_slow("GATE")
    alone_asked: list[str] = []
    monkeypatch.setattr(tasks, "send_due_by", alone_asked.append)
    row = Notification.objects.filter(medium="GATE").first()
    assert row is not None
    tasks.send_notification(row.pk, "GATE")
    assert alone_asked == ["GATE"]

    peers.has_answered("GATE", 0.2, NOW)
    assert not peers.is_slow("GATE")


def test_each_medium_has_a_task_of_its_own(world: World, nudges: Nudges, time_machine: object) -> None:
    twelve(world)
    nudges.sent.clear()
    tasks.send_due()
    assert sorted(nudges.named("send_due_by")) == [("EMAIL",), ("GATE",)]


@pytest.mark.parametrize("silences", [0, 1, 2])
def test_a_hiccup_is_no_silence(silences: int) -> None:
    assert peers.rest_after(silences) == datetime.timedelta(0)


def test_rests_grow_and_end_at_ten_minutes() -> None:
    assert datetime.timedelta(seconds=24) <= peers.rest_after(3) <= datetime.timedelta(seconds=36)
    assert datetime.timedelta(minutes=8) <= peers.rest_after(50) <= datetime.timedelta(minutes=12)
