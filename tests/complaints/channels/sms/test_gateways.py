"""Handing messages to a gateway: what a stand-in that knows the protocol accepts, and what its answers mean."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from complaints.channels.contract import DoorRefused, DoorSilent, Parcel
from complaints.channels.registry import CHANNELS
from complaints.channels.sms import outbound
from complaints.channels.sms.gateways import find, missing, signed
from complaints.channels.sms.gateways.kannel import Kannel
from complaints.channels.sms.gateways.signed import Signed, headers_for, signature_of
from complaints.models import Arrival
from tests.complaints.channels.sms.phones import ME, SECRET

pytestmark = pytest.mark.django_db
KANNEL_OK = (202, "0: Accepted for delivery")


@dataclass
class Peer:
    """A gateway: `answers` are given one after the other, the last for ever; `heard` is what was asked of it."""

    url: str
    answers: list[tuple[int, str]] = field(default_factory=lambda: [KANNEL_OK])
    heard: list[dict[str, Any]] = field(default_factory=list)

    def answer(self) -> tuple[int, str]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def peer(settings: Any) -> Iterator[Peer]:
    """Listens on loopback; refuses what is not signed as docs/sms.md says."""
    found = Peer("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = dict(parse_qsl(urlsplit(self.path).query))
            found.heard.append({"path": urlsplit(self.path).path, **asked})
            if (asked.get("username"), asked.get("password")) != ("lapor", "sandi"):
                return self.say(403, "Authorization failed for sendsms")
            return self.say(*found.answer())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            stamp, nonce = self.headers["X-Lapor-Timestamp"], self.headers["X-Lapor-Nonce"]
            if signature_of(SECRET, stamp, nonce, "POST", self.path, body) != self.headers["X-Lapor-Signature"]:
                return self.say(401, '{"error": "signature"}')
            found.heard.append(json.loads(body))
            return self.say(*found.answer())

        def say(self, status: int, words: str) -> None:
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "90")
            self.send_header("Content-Length", str(len(words.encode())))
            self.end_headers()
            self.wfile.write(words.encode())

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    settings.SMS_SECRET, settings.SMS_USER, settings.SMS_PASSWORD = SECRET, "lapor", "sandi"
    settings.SMS_SEND_URL, settings.SMS_GATEWAY = f"{found.url}/cgi-bin/sendsms", "kannel"
    yield found
    server.shutdown()
    server.server_close()


def test_kannel_is_asked_for_a_receipt_that_names_the_letter(peer: Peer) -> None:
    Kannel().send(ME, "Laporan 7K4M: 50% selesai & “baik” +1", "<abc@lapor>")
    (asked,) = peer.heard
    assert asked["path"] == "/cgi-bin/sendsms"
    assert (asked["to"], asked["from"], asked["text"]) == (ME, "1708", "Laporan 7K4M: 50% selesai & “baik” +1")
    assert (asked["charset"], asked["dlr-mask"]) == ("UTF-8", "19")
    back = dict(parse_qsl(urlsplit(asked["dlr-url"]).query))
    assert urlsplit(asked["dlr-url"]).path == "/kanal/sms/kannel/kabar/"
    assert back == {"token": SECRET, "ref": "<abc@lapor>", "status": "%d", "answer": "%A"}


def test_a_signed_gateway_is_sent_a_signed_call_and_gives_its_own_id(peer: Peer, settings: Any) -> None:
    settings.SMS_SEND_URL = f"{peer.url}/kirim"
    peer.answers = [(200, '{"id": "agg-7"}')]
    assert Signed().send(ME, "Laporan diterima", "<abc@lapor>") == "agg-7"
    assert peer.heard == [{"to": ME, "from": "1708", "text": "Laporan diterima", "reference": "<abc@lapor>"}]


@pytest.mark.parametrize(
    ("answer", "fault", "lasting"),
    [
        ((400, "Missing receiver number, rejected"), DoorRefused, True),
        ((400, "Empty text not allowed"), DoorSilent, None),
        ((403, "Authorization failed for sendsms"), DoorSilent, None),
        ((503, "Temporal failure, try again later."), DoorSilent, None),
    ],
)
def test_what_kannel_answers_is_the_numbers_fault_or_nobodys(
    peer: Peer, answer: tuple[int, str], fault: type[Exception], lasting: bool | None
) -> None:
    peer.answers = [answer]
    with pytest.raises(fault) as raised:
        Kannel().send(ME, "x", "<a@b>")
    assert getattr(raised.value, "lasting", None) == lasting
    assert "sandi" not in str(raised.value)


@pytest.mark.parametrize(
    ("status", "fault"), [(422, DoorRefused), (404, DoorRefused), (500, DoorSilent), (401, DoorSilent)]
)
def test_what_a_signed_gateway_answers(peer: Peer, settings: Any, status: int, fault: type[Exception]) -> None:
    peer.answers = [(status, '{"error": "x"}')]
    with pytest.raises(fault):
        Signed().send(ME, "x", "<a@b>")


def test_a_gateway_that_asks_to_wait_is_given_time(peer: Peer) -> None:
    peer.answers = [(429, "slow down")]
    with pytest.raises(DoorSilent) as raised:
        Signed().send(ME, "x", "<a@b>")
    assert raised.value.after is not None
    assert raised.value.after.total_seconds() == 90


@pytest.mark.parametrize("gateway", [Kannel, Signed])
def test_nobody_there_is_silence_that_names_no_password_and_no_number(peer: Peer, settings: Any, gateway: Any) -> None:
    settings.SMS_SEND_URL = "http://127.0.0.1:9/cgi-bin/sendsms"
    door = gateway()
    with pytest.raises(DoorSilent) as raised:
        door.send(ME, "x", "<a@b>")
    assert str(raised.value) == "ConnectError"
    assert raised.value.__cause__ is None
    door.close()
    door.close()


# --- The door ---


def test_a_long_answer_of_a_person_takes_up_to_three_messages_and_ours_one() -> None:
    words = "Pesan ini iklan, bukan laporan. " * 40
    assert outbound.units(Parcel(ME, "", "", short=words, letter="decision")) == 3
    assert outbound.units(Parcel(ME, "", "", short=words, letter="reply")) == 1


def test_whom_to_call_goes_behind_the_letter_or_before_it() -> None:
    alert = "Darurat? Telepon 112 (polisi 110, api 113, medis 119)."
    assert outbound.messages(Parcel(ME, "", "", short="Diterima.", alert=alert)) == [f"Diterima. {alert}"]
    long = "Laporan 7K4M-9QXD-2TT diteruskan ke Dinas Pekerjaan Umum dan Penataan Ruang. Dijawab paling lambat 4 Juni."
    assert outbound.messages(Parcel(ME, "", "", short=long, alert=alert)) == [alert, long]
    assert outbound.units(Parcel(ME, "", "", short=long, alert=alert)) == 2


def test_an_empty_letter_still_says_something() -> None:
    assert outbound.messages(Parcel(ME, "Laporan Anda", "", short="🕳")) == ["Laporan Anda"]
    assert outbound.messages(Parcel(ME, "Laporan Anda", "")) == ["Laporan Anda"]


# --- On, off, and who may call ---


def test_without_its_settings_the_channel_is_off_and_says_which(settings: Any) -> None:
    settings.SMS_GATEWAY = ""
    assert missing() == ["LAPOR_SMS_GATEWAY"]
    assert not CHANNELS["sms"].is_on
    settings.SMS_GATEWAY, settings.SMS_SECRET, settings.SMS_SEND_URL = "json", "", ""
    assert missing() == ["LAPOR_SMS_SECRET", "LAPOR_SMS_SEND_URL"]
    settings.SMS_GATEWAY = "kannel"
    settings.SMS_USER = settings.SMS_PASSWORD = ""
    assert missing() == ["LAPOR_SMS_SECRET", "LAPOR_SMS_SEND_URL", "LAPOR_SMS_USER", "LAPOR_SMS_PASSWORD"]
    assert find("kannel") is None
    settings.SMS_GATEWAY, settings.PRODUCTION = "coba", True
    assert missing() == ["LAPOR_MODE"]


@pytest.mark.parametrize(
    "path", ["/kanal/sms/kannel/", "/kanal/sms/coba/", "/kanal/sms/entah/", "/kanal/sms/json/kabar/"]
)
def test_a_gateway_that_is_not_in_use_does_not_exist(peer: Peer, settings: Any, path: str) -> None:
    settings.SMS_GATEWAY = "json" if "json" not in path else "kannel"
    assert Client().get(path).status_code == 404
    assert not Arrival.objects.exists()


@pytest.mark.parametrize(
    ("allowed", "caller", "status"),
    [
        ([], "203.0.113.9", 200),
        (["127.0.0.1"], "127.0.0.1", 200),
        (["10.0.0.0/24"], "10.0.0.7", 200),
        (["10.0.0.0/24"], "10.0.1.7", 403),
        (["2001:db8::/32"], "2001:db8::1", 200),
        (["2001:db8::/32"], "10.0.0.7", 403),
    ],
)
def test_only_allowed_addresses_may_call(
    peer: Peer, settings: Any, allowed: list[str], caller: str, status: int
) -> None:
    settings.SMS_FROM = allowed
    query = f"from=%2B6281200007700&text=MAJU+x&id=1&token={SECRET}"
    assert Client(REMOTE_ADDR=caller).get("/kanal/sms/kannel/", QUERY_STRING=query).status_code == status


def test_the_secret_of_the_gateway_is_not_kept_with_the_message(peer: Peer) -> None:
    Client().get("/kanal/sms/kannel/", QUERY_STRING=f"token={SECRET}&from=0812&text=x&Token=y&password=z")
    assert Arrival.objects.get().raw() == b"kannel\nfrom=0812&text=x"


def test_a_call_too_large_is_refused_and_its_beginning_kept(
    peer: Peer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signed, "KEPT", 500)
    settings.SMS_GATEWAY, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = "json", 1000
    body = json.dumps({"id": "x", "from": ME, "text": "x" * 5000}).encode()
    headers = headers_for(SECRET, "POST", "/kanal/sms/json/", body)
    answer = Client().post("/kanal/sms/json/", body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.content.decode()) == (413, "pesannya terlalu panjang")
    arrival = Arrival.objects.get()
    assert arrival.raw().startswith(b'json\n{"id": "x"')


def test_a_flood_of_forgeries_fills_no_disk(peer: Peer) -> None:
    for _n in range(80):
        # From an address of its own: what is counted is counted over all tests.
        answer = Client(REMOTE_ADDR="198.51.100.7").get("/kanal/sms/kannel/", QUERY_STRING="token=x&text=y")
        assert answer.status_code == 403
    assert 0 < Arrival.objects.filter(outcome="REFUSED").count() <= 61


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"reference": "<a@b>", "status": "delivered"}, 204),
        ({"id": "agg-7", "status": "failed", "answer": "no such subscriber"}, 204),
        ({"reference": "<a@b>", "status": "sent"}, 204),
        ({"reference": "<a@b>", "status": "entah"}, 400),
        ({"status": "delivered"}, 400),
        ([], 400),
    ],
)
def test_receipts_of_a_signed_gateway(peer: Peer, settings: Any, body: Any, status: int) -> None:
    settings.SMS_GATEWAY = "json"
    said = json.dumps(body).encode()
    path = "/kanal/sms/json/kabar/"
    headers = headers_for(SECRET, "POST", path, said)
    assert Client().post(path, said, content_type="application/json", headers=headers).status_code == status
    # A signature for one address is none for another.
    headers = headers_for(SECRET, "POST", "/kanal/sms/json/", said)
    assert Client().post(path, said, content_type="application/json", headers=headers).status_code == 401


@pytest.mark.parametrize("query", ["", "ref=%00&status=1", "ref=x&status=1e9", "ref=x", "status=1", "ref=x&status=²"])
def test_receipts_that_make_no_sense_are_refused(peer: Peer, query: str) -> None:
    answer = Client().get("/kanal/sms/kannel/kabar/", QUERY_STRING=f"{query}&token={SECRET}".encode().decode("latin-1"))
    assert answer.status_code in (204, 400)
    assert answer.status_code == 400 or "ref=x" in query
