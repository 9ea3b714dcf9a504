"""WhatsApp, against a stand-in that keeps the Cloud API's contract: a talk becomes a report, letters go back, the
window of 24 hours, receipts, forged calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from complaints.channels.whatsapp.channel import CHANNEL
from complaints.models import Arrival, Complaint, Notification, Talk
from complaints.notifications import delivery
from tests.complaints.cases import NOW, at, later
from tests.complaints.channels.stand_in import Answer, WhatsAppPeer
from tests.complaints.files import photo
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db
HOOK = "/kanal/whatsapp/"
SARI = "6281200007700"
STORY = "Lampu jalan di depan balai desa padam sejak Senin."


@pytest.fixture
def peer(settings: Any, nudges: Nudges) -> Iterator[WhatsAppPeer]:
    with WhatsAppPeer().running() as found:
        assert isinstance(found, WhatsAppPeer)
        settings.WHATSAPP_URL, settings.WHATSAPP_TOKEN = found.url, found.token
        settings.WHATSAPP_PHONE_ID, settings.WHATSAPP_APP_SECRET = found.phone_id, found.secret
        settings.WHATSAPP_VERIFY_TOKEN, settings.WHATSAPP_TEMPLATE = "kata-sandi-webhook", "kabar_laporan"
        found.window.add(SARI)
        yield found


def call(peer: WhatsAppPeer, value: dict[str, Any] | bytes, *, signature: str | None = None) -> Any:
    body = (
        value
        if isinstance(value, bytes)
        else json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}).encode()
    )
    signed = peer.signed(body) if signature is None else signature
    return Client().post(HOOK, body, content_type="application/json", headers={"X-Hub-Signature-256": signed})


class Phone:
    """Sari's WhatsApp: what she sends is understood and answered before she sends more."""

    def __init__(self, peer: WhatsAppPeer, nudges: Nudges) -> None:
        self.peer, self.nudges, self.count = peer, nudges, 0

    def send(self, **part: Any) -> str:
        self.count += 1
        kind = next(iter(part))
        message = {"from": SARI, "id": f"wamid.IN{self.count:03}", "timestamp": "1779700000", "type": kind, **part}
        assert call(self.peer, {"messages": [message]}).status_code == 200
        before = len(self.peer.sent)
        self.nudges.run()
        return "\n".join(_words(one) for one in self.peer.sent[before:])

    def write(self, words: str) -> str:
        return self.send(text={"body": words})

    def press(self, code: str) -> str:
        return self.send(interactive={"type": "button_reply", "button_reply": {"id": code, "title": "…"}})


def _words(message: dict[str, Any]) -> str:
    if message["type"] == "interactive":
        return str(message["interactive"]["body"]["text"])
    if message["type"] == "template":
        return str(message["template"]["components"][0]["parameters"][0]["text"])
    return str(message["text"]["body"])


@pytest.fixture
def sari(peer: WhatsAppPeer, nudges: Nudges) -> Phone:
    return Phone(peer, nudges)


def filed(sari: Phone, *, words: tuple[str, ...] = ()) -> Complaint:
    sari.write(STORY)
    sari.press("skip")
    sari.press("done")
    for word in words:
        sari.write(word)
    sari.press("send")
    return Complaint.objects.latest("pk")


# --- Being heard ---


def test_a_talk_with_place_and_photo_becomes_a_report_and_its_number_comes_back(
    world: World, peer: WhatsAppPeer, sari: Phone
) -> None:
    peer.media["77"] = photo()
    assert "Di kelurahan" in sari.write(STORY)
    assert "Ada foto?" in sari.write("Sukasari, Mekarsari")
    assert "Foto diterima" in sari.send(image={"id": "77", "caption": ""})
    assert STORY in sari.press("done")
    said = sari.press("send")

    case = Complaint.objects.get()
    assert (case.channel, case.body, case.place) == ("whatsapp", STORY, world.sukasari)
    assert [file.sniffed_type for file in case.attachments.all()] == ["image/jpeg"]
    assert case.shown_number in said
    assert case.reporter.door == "WHATSAPP"
    assert not Talk.objects.exists()
    assert not Arrival.objects.filter(outcome="").exists()


def test_a_location_message_gives_the_point(world: World, sari: Phone) -> None:
    sari.write(STORY)
    assert "Ada foto?" in sari.send(location={"latitude": -0.42, "longitude": 102.53, "name": "Balai desa"})
    sari.press("done")
    sari.press("send")
    assert (Complaint.objects.get().latitude, Complaint.objects.get().longitude) == (-0.42, 102.53)


def test_what_we_cannot_read_is_answered_and_the_talk_goes_on(world: World, sari: Phone) -> None:
    sari.write(STORY)
    assert "tulisan, foto, dan lokasi" in sari.send(audio={"id": "9"})
    assert "Ada foto?" in sari.press("skip")


def test_the_same_call_twice_is_one_message(world: World, peer: WhatsAppPeer, nudges: Nudges) -> None:
    message = {"from": SARI, "id": "wamid.SAME", "type": "text", "text": {"body": STORY}}
    for _again in range(2):
        call(peer, {"messages": [message]})
    assert Arrival.objects.count() == 1


def test_two_messages_of_one_call_are_read_in_their_order(world: World, peer: WhatsAppPeer, nudges: Nudges) -> None:
    texts = [STORY, "lewati"]
    call(
        peer,
        {
            "messages": [
                {"from": SARI, "id": f"wamid.{nr}", "type": "text", "text": {"body": text}}
                for nr, text in enumerate(texts)
            ]
        },
    )
    nudges.run()
    assert ["Di kelurahan" in _words(one) or "Ada foto" in _words(one) for one in peer.sent] == [True, True]
    assert "Ada foto?" in _words(peer.sent[-1])


def test_an_addition_finds_its_report(world: World, sari: Phone) -> None:
    case = filed(sari)
    assert "tambahan untuk laporan Anda" in sari.write("Sekarang tiangnya miring.")
    assert "Sudah kami tambahkan" in sari.press(case.number)
    assert case.messages.get().body == "Sekarang tiangnya miring."


def test_a_secret_report_is_not_spoken_of_on_a_phone_that_may_be_shared(world: World, sari: Phone) -> None:
    case = filed(sari, words=("rahasia",))
    assert case.secret
    said = sari.write("Apa kabar laporan saya tentang lampu jalan itu?")
    assert case.shown_number[:9] not in said
    assert "tambahan" not in said
    assert "tidak ditemukan" in sari.write(f"STATUS {case.shown_number}")


def test_stop_closes_the_door(world: World, peer: WhatsAppPeer, sari: Phone) -> None:
    case = filed(sari)
    assert "hentikan" in sari.write("STOP")
    case.reporter.refresh_from_db()
    assert case.reporter.door_closed_at is not None
    sent = len(peer.sent)
    at(case, world.dinas_pu)
    delivery.send_due()
    assert len(peer.sent) == sent


# --- Telling ---


def test_after_a_day_only_the_template_goes(world: World, peer: WhatsAppPeer, sari: Phone) -> None:
    case = filed(sari)
    peer.window.clear()
    case.refresh_from_db()
    case.forward(world.dinas_pu, by=world.ratna, reason="Jalan.")
    delivery.send_due(medium="WHATSAPP", now=later(days=3650))

    assert peer.sent[-1]["type"] == "template"
    assert case.shown_number in _words(peer.sent[-1]) or "Dinas PU" in _words(peer.sent[-1])


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Answer(429, {}, {"Retry-After": "120"}), "PENDING"),
        (Answer(503, b"<html>busy</html>"), "PENDING"),
        (Answer(401, {"error": {"code": 190, "message": "expired"}}), "PENDING"),
        (Answer(400, {"error": {"code": 131026, "message": "gone"}}), "FAILED"),
        (Answer(200, b"not json"), "PENDING"),
    ],
)
@pytest.mark.sampled
def test_a_fault_of_the_peer_waits_and_a_number_that_is_not_there_is_given_up(
    world: World, peer: WhatsAppPeer, sari: Phone, nudges: Nudges, fault: Answer, state: str
) -> None:
    sari.write(STORY)
    sari.press("skip")
    sari.press("done")
    message = {"from": SARI, "id": "wamid.LAST", "type": "text", "text": {"body": "kirim"}}
    call(peer, {"messages": [message]})
    peer.faults = [fault]
    nudges.run()

    letter = Notification.objects.get(letter="submitted", medium="WHATSAPP")
    delivery.send_one(letter.pk, now=later(days=3650))
    letter.refresh_from_db()
    assert letter.state in (state, "SENT") if state == "PENDING" else letter.state == state


def test_a_receipt_is_written_on_its_letter(world: World, peer: WhatsAppPeer, sari: Phone) -> None:
    filed(sari)
    delivery.send_due(medium="WHATSAPP", now=later(days=3650))
    letter = Notification.objects.get(letter="submitted", medium="WHATSAPP")
    assert letter.peer_id.startswith("wamid.")
    call(peer, {"statuses": [{"id": letter.peer_id, "status": "sent", "recipient_id": SARI}]})
    call(peer, {"statuses": [{"id": letter.peer_id, "status": "delivered", "recipient_id": SARI}]})
    letter.refresh_from_db()
    assert letter.delivered_at is not None


def test_a_failed_receipt_gives_the_letter_up(world: World, peer: WhatsAppPeer, sari: Phone) -> None:
    filed(sari)
    delivery.send_due(medium="WHATSAPP", now=later(days=3650))
    letter = Notification.objects.get(letter="submitted", medium="WHATSAPP")
    failed = {"id": letter.peer_id, "status": "failed", "errors": [{"code": 131026, "title": "Message undeliverable"}]}
    call(peer, {"statuses": [failed]})
    letter.refresh_from_db()
    assert letter.state == "FAILED"


# --- The hook ---


def test_it_proves_itself_when_the_hook_is_registered(peer: WhatsAppPeer) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "kata-sandi-webhook", "hub.challenge": "1158201444"}
    assert Client().get(HOOK, asked).content == b"1158201444"
    assert Client().get(HOOK, asked | {"hub.verify_token": "salah"}).status_code == 403
    assert Client().get(HOOK).status_code == 403


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "é"])
def test_a_forged_call_is_refused_and_kept_as_that(peer: WhatsAppPeer, signature: str) -> None:
    message = {"from": SARI, "id": "wamid.F", "type": "text", "text": {"body": STORY}}
    assert call(peer, {"messages": [message]}, signature=signature).status_code == 403
    assert [one.outcome for one in Arrival.objects.all()] == ["REFUSED"]


@pytest.mark.slow
def test_three_megabytes_of_messages_in_one_call_are_all_kept(peer: WhatsAppPeer) -> None:
    """WhatsApp gathers what it could not deliver: up to a thousand messages, up to 3 MB."""
    messages = [{"from": SARI, "id": f"wamid.{n}", "type": "text", "text": {"body": "x" * 10_000}} for n in range(300)]
    assert call(peer, {"messages": messages}).status_code == 200
    assert Arrival.objects.filter(outcome="").count() == 300


def test_a_call_longer_than_any_is_refused_and_its_beginning_kept(peer: WhatsAppPeer) -> None:
    assert call(peer, b"x" * 4_000_001).status_code == 413
    arrival = Arrival.objects.get()
    assert (arrival.outcome, arrival.reason, arrival.raw()) == ("REFUSED", "terlalu panjang", b"x" * 4000)


@pytest.mark.parametrize("name", ["\x00", "\ud800", "x" * 5000, 7, None])
def test_a_receipt_of_a_letter_nobody_knows_is_no_fault(peer: WhatsAppPeer, name: object) -> None:
    assert call(peer, {"statuses": [{"id": name, "status": "failed", "errors": [{"code": "\x00"}]}]}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"entry": 7}',
        b'{"entry": [{"changes": [{"value": {"messages": [{}]}}]}]}',
        b"\x00\xff",
        b"[" * 5000,
    ],
)
def test_a_signed_call_without_shape_is_kept_for_a_person(peer: WhatsAppPeer, nudges: Nudges, body: bytes) -> None:
    assert call(peer, body).status_code == 200
    nudges.run()
    arrival = Arrival.objects.get()
    assert (arrival.outcome, arrival.hold, arrival.raw()) == ("HELD", "UNREADABLE", body)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "text", "text": {"body": "\x00\ud800 lampu mati"}},
        {"type": "text", "text": {"body": "x" * 60_000}},
        {"type": "text", "text": None},
        {"type": "text"},
        {"type": "location", "location": {"latitude": "utara", "longitude": 999}},
        {"type": "location", "location": {"latitude": 91, "longitude": 0}},
        {"type": "interactive", "interactive": {"button_reply": {"id": "'; DROP TABLE"}}},
        {"type": "interactive", "interactive": []},
        {"type": "image", "image": {"id": "tidak-ada", "caption": "Foto jalan rusak di depan rumah saya"}},
        {"type": "unknown"},
        {},
    ],
)
@pytest.mark.sampled
def test_nothing_a_phone_sends_breaks_the_talk(
    world: World, peer: WhatsAppPeer, nudges: Nudges, message: dict[str, Any]
) -> None:
    call(peer, {"messages": [{"from": SARI, "id": "wamid.ODD", **message}]})
    nudges.run()
    assert Arrival.objects.get().outcome == "ANSWERED"
    assert peer.sent


def test_without_its_secrets_the_channel_is_off_and_names_them(settings: Any) -> None:
    settings.WHATSAPP_TOKEN = ""
    assert "LAPOR_WHATSAPP_TOKEN" in CHANNEL.missing()
    assert Client().get(HOOK).status_code == 404
    assert NOW
