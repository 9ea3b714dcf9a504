"""Telegram, the channel that proves the recipe of docs/kanal.md: the same talk, another messenger."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from complaints.channels.telegram.channel import CHANNEL
from complaints.models import Arrival, Complaint, Notification
from complaints.notifications import delivery
from tests.complaints.cases import later
from tests.complaints.channels.stand_in import Answer, TelegramPeer
from tests.complaints.files import photo
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db
HOOK = "/kanal/telegram/"
CHAT = 42_000_001
STORY = "Jembatan kayu di dusun kami lapuk dan hampir putus."
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def peer(settings: Any, nudges: Nudges) -> Iterator[TelegramPeer]:
    with TelegramPeer().running() as found:
        assert isinstance(found, TelegramPeer)
        settings.TELEGRAM_URL, settings.TELEGRAM_TOKEN = found.url, found.token
        settings.TELEGRAM_SECRET = "rahasia-webhook"
        yield found


def call(update: dict[str, Any] | bytes, secret: str = "rahasia-webhook") -> Any:
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    return Client().post(
        HOOK, body, content_type="application/json", headers={"X-Telegram-Bot-Api-Secret-Token": secret}
    )


class Phone:
    def __init__(self, peer: TelegramPeer, nudges: Nudges) -> None:
        self.peer, self.nudges, self.count = peer, nudges, 100

    def send(self, **part: Any) -> str:
        return self._update(message={"message_id": self.count, "chat": {"id": CHAT, "type": "private"}, **part})

    def press(self, code: str) -> str:
        message = {"message_id": 1, "chat": {"id": CHAT, "type": "private"}}
        return self._update(callback_query={"id": "cb", "data": code, "message": message})

    def _update(self, **part: Any) -> str:
        self.count += 1
        assert call({"update_id": self.count, **part}).status_code == 200
        before = len(self.peer.sent)
        self.nudges.run()
        return "\n".join(str(one["text"]) for one in self.peer.sent[before:])


@pytest.fixture
def sari(peer: TelegramPeer, nudges: Nudges) -> Phone:
    return Phone(peer, nudges)


def test_from_start_to_number(world: World, peer: TelegramPeer, sari: Phone) -> None:
    peer.files["AgAC-large"] = photo()
    assert "Ceritakan masalahnya" in sari.send(text="/start")
    assert "Di kelurahan" in sari.send(text=STORY)
    assert "Ada foto?" in sari.send(location={"latitude": -0.5, "longitude": 102.4})
    assert "Foto diterima" in sari.send(photo=[{"file_id": "AgAC-small"}, {"file_id": "AgAC-large"}])
    assert STORY in sari.press("done")
    said = sari.press("send")

    case = Complaint.objects.get()
    assert case.shown_number in said
    assert (case.channel, case.body, case.latitude) == ("telegram", STORY, -0.5)
    assert case.attachments.count() == 1
    assert case.reporter.phone_sealed == "", "a chat's id is no number to call"


def test_a_group_is_nobody_s_report(world: World, peer: TelegramPeer, nudges: Nudges) -> None:
    call({"update_id": 1, "message": {"message_id": 1, "chat": {"id": -5, "type": "group"}, "text": STORY}})
    nudges.run()
    assert Arrival.objects.get().outcome == "REFUSED"
    assert not peer.sent


@pytest.mark.parametrize(
    "update", [b"", b"{", b"[]", b'{"update_id": "x"}', b'{"update_id": 1, "message": 7}', b"\xff"]
)
def test_an_update_without_shape_is_kept_and_answered(peer: TelegramPeer, nudges: Nudges, update: bytes) -> None:
    assert call(update).status_code == 200
    nudges.run()
    assert Arrival.objects.get().outcome in ("HELD", "REFUSED")


@pytest.mark.parametrize("secret", ["", "salah", "é"])
def test_a_forged_update_is_refused(peer: TelegramPeer, secret: str) -> None:
    assert call({"update_id": 1}, secret).status_code == 403
    assert [one.outcome for one in Arrival.objects.all()] == ["REFUSED"]


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"9" * 5000, b"NaN", b'"\\ud800"', b"true"])
def test_a_number_that_is_none_breaks_nothing(peer: TelegramPeer, nudges: Nudges, number: bytes) -> None:
    update = b'{"update_id": %s, "message": {"chat": {"id": %s, "type": "private"}, "text": "lampu"}}' % (
        number,
        number,
    )
    assert call(update).status_code == 200
    assert Arrival.objects.get().raw() == update


def test_a_call_longer_than_any_is_refused_and_its_beginning_kept(peer: TelegramPeer) -> None:
    assert call(b"x" * 4_000_001).status_code == 413
    arrival = Arrival.objects.get()
    assert (arrival.outcome, arrival.reason, arrival.raw()) == ("REFUSED", "terlalu panjang", b"x" * 4000)


def test_who_blocked_the_bot_is_not_written_to_again(world: World, peer: TelegramPeer, sari: Phone) -> None:
    for said in (STORY, "lewati", "tidak ada"):
        sari.send(text=said)
    peer.blocked.add(str(CHAT))
    sari.press("send")
    delivery.send_due(medium="TELEGRAM", now=later(days=3650))

    assert Notification.objects.filter(medium="TELEGRAM", letter="submitted").get().state == "FAILED"
    assert Complaint.objects.get().reporter.door_closed_at is not None


def test_a_limit_is_waited_for(world: World, peer: TelegramPeer, sari: Phone, nudges: Nudges) -> None:
    peer.faults = [
        Answer(429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 7}}, {"Retry-After": "7"})
    ]
    sari.send(text=STORY)
    assert Notification.objects.get().state == "PENDING"
    delivery.send_due(medium="TELEGRAM", now=later(days=3650))
    assert Notification.objects.get().state == "SENT"


def test_without_its_secrets_the_channel_is_off(settings: Any) -> None:
    settings.TELEGRAM_TOKEN = settings.TELEGRAM_SECRET = ""
    assert list(CHANNEL.missing()) == ["LAPOR_TELEGRAM_TOKEN", "LAPOR_TELEGRAM_SECRET"]
    assert call({"update_id": 1}).status_code == 404


def test_nothing_else_in_the_house_knows_its_name() -> None:
    """The recipe: a channel is its folder, a line of the registry, and its settings."""
    listed = subprocess.run(
        ["git", "grep", "-il", "telegram", "--", "*.py", "*.html", "*.toml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    allowed = ("complaints/channels/telegram/", "tests/", "bench/")
    known = {"complaints/channels/registry.py", "lapor/settings.py", "lapor/variables.py", "pyproject.toml"}
    assert [name for name in listed if not name.startswith(allowed) and name not in known] == []
