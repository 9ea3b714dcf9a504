"""SMS by the real Kannel: a handset's message becomes a report, the answer comes back to it, the receipt to us."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.utils import timezone

from agencies import prefixes
from complaints import arrivals
from complaints.models import Arrival, Complaint, Notification
from complaints.notifications import delivery
from lapor.embedded.process import free_port, own_port
from lapor.embedded.state import ROOT
from lapor.kit import gsm
from tests import kannel
from tests.conftest import Nudges
from tests.kannel import Network
from tests.portal import eventually
from tests.world import World, build

pytestmark = [pytest.mark.peers, pytest.mark.xdist_group("kannel"), pytest.mark.usefixtures("own_database")]
TOKEN = "rahasia-gerbang-untuk-uji-saja"
HANDSET = "+6281200007700"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        return


def _listening(port: int) -> _Server:
    """Kannel already knows this port: whoever else had it for a moment is waited for."""
    for _attempt in range(50):
        try:
            return _Server(("127.0.0.1", port), _Silent)
        except OSError:
            time.sleep(0.2)
    return _Server(("127.0.0.1", port), _Silent)


@contextmanager
def portal(port: int) -> Iterator[None]:
    """Our pages on loopback, on the database of this test."""
    handler = WSGIHandler()

    def served(environ: Any, start: Any) -> Any:
        try:
            yield from handler(environ, start)
        finally:
            connections.close_all()

    server = _listening(port)
    server.set_app(served)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture(scope="module")
def world_there(own_database: str) -> World:
    world = build()
    prefixes.add(world.pemkab, "MAJU", by=world.wati)
    return world


@pytest.fixture
def port(settings: Any) -> int:
    """Where the portal shall listen; Kannel is told so, and we where Kannel does."""
    port = free_port(own_port(24000, ROOT))
    settings.SITE_URL = f"http://127.0.0.1:{port}"
    settings.SMS_GATEWAY, settings.SMS_SECRET = "kannel", TOKEN
    settings.SMS_USER, settings.SMS_PASSWORD = "lapor", kannel.PASSWORD
    return port


@contextmanager
def connected(tmp_path: Path, settings: Any, port: int, *, combine: bool = True) -> Iterator[Network]:
    with kannel.running(tmp_path / "kannel", settings.SITE_URL, TOKEN, combine=combine) as network:
        settings.SMS_SEND_URL = network.send_url
        with portal(port):
            yield network


def came(since: int, count: int = 1) -> list[Arrival]:
    """The messages of gateways after the first `since`."""
    found = eventually(lambda: list(Arrival.objects.filter(channel="sms").order_by("pk")[since:])[:count] or None)
    assert isinstance(found, list)
    if len(found) < count:
        found = eventually(lambda: len(rows := list(Arrival.objects.order_by("pk")[since:])) >= count and rows)
    return list(found)


def work(nudges: Nudges) -> None:
    nudges.run()
    arrivals.understand_waiting()
    nudges.run()
    delivery.send_due()


def tomorrow_morning() -> datetime.datetime:
    """Ten in Jakarta, later than all that is in the database."""
    here = timezone.localtime(timezone=ZoneInfo("Asia/Jakarta")) + datetime.timedelta(days=1)
    return here.replace(hour=10, minute=0, second=0, microsecond=0)


def test_a_message_becomes_a_report_its_answer_reaches_the_handset_and_the_receipt_us(
    world_there: World, nudges: Nudges, settings: Any, tmp_path: Path, port: int
) -> None:
    # By day, whenever the test runs: our clock is moved, Kannel's and the database's are not.
    day = tomorrow_morning()
    with time_machine.travel(day) as clock, connected(tmp_path, settings, port) as network:
        before = Arrival.objects.count()
        network.say(f"{HANDSET} 1708 text MAJU Café di trotoar & 100% menutup jalan +2 kursi roda")
        (arrival,) = came(before)
        work(nudges)
        arrival.refresh_from_db()
        assert arrival.outcome == "OPENED"
        case = arrival.complaint
        assert case is not None
        assert case.body == "Café di trotoar & 100% menutup jalan +2 kursi roda"
        assert (case.addressed_to, case.handler) == (world_there.pemkab, world_there.pemkab)

        (reply,) = eventually(network.received)
        assert reply.startswith(f"1708 {HANDSET} text Laporan {case.shown_number} diperiksa Pemerintah Kabupaten")
        assert f"Lihat: {settings.SITE_URL}/s/" in reply
        letter = Notification.objects.get(event__complaint=case, medium="SMS")
        assert letter.state == "SENT"
        eventually(lambda: Notification.objects.get(pk=letter.pk).delivered_at)

        # And on: a question of the office, and its answer with the number.
        def hears(words: str) -> bool:
            return any(words in said for said in network.received())

        case.forward(world_there.dinas_pu, by=world_there.wati, reason="Trotoar.")
        case.ask("Di depan toko apa?", by=world_there.joko)
        work(nudges)
        eventually(lambda: hears("Di depan toko apa?"))
        network.say(f"{HANDSET} 1708 text balas {case.shown_number.lower()} Toko Maju")
        came(before + 1)
        work(nudges)
        assert case.messages.filter(body="Toko Maju").exists()

        # What is asked at night rings in the morning.
        clock.move_to(day.replace(hour=22))
        case.ask("Sebelah mana pintunya?", by=world_there.joko)
        work(nudges)
        waiting = Notification.objects.get(event__complaint=case, medium="SMS", state="PENDING")
        assert waiting.next_try == day.replace(hour=6) + datetime.timedelta(days=1)
        assert not hears("Sebelah mana pintunya?")
        clock.move_to(waiting.next_try)
        work(nudges)
        eventually(lambda: hears("Sebelah mana pintunya?"))


def test_kannel_puts_parts_together_or_we_do(
    world_there: World, nudges: Nudges, settings: Any, tmp_path: Path, port: int
) -> None:
    parts = [
        "%05%00%03%2A%02%02 ambulans+memutar+dua+jam.",
        "%05%00%03%2A%02%01 MAJU+Jalan+puskesmas+longsor,+",
    ]
    for combine, messages in ((True, 1), (False, 2)):
        with connected(tmp_path / str(combine), settings, port, combine=combine) as network:
            before = Arrival.objects.count()
            for n, part in enumerate(parts):
                network.say(f"+628130000880{int(combine)} 1708 udh {part}")
                if not combine:
                    came(before + n)
                else:
                    # The first half lies in the bearerbox until the other comes.
                    eventually(lambda: "sent message 1" in _words(network))
            found = came(before, messages)
            work(nudges)
            assert len(found) == messages
            case = Complaint.objects.filter(arrivals__in=found).distinct().get()
            assert case.body == "Jalan puskesmas longsor, ambulans memutar dua jam."
            (reply,) = eventually(network.received)
            assert case.shown_number in reply


def _words(network: Network) -> str:
    handset = network.handset
    return handset.log.read_text(errors="replace") if handset is not None and handset.log.exists() else ""


def test_a_long_answer_of_a_person_goes_out_in_parts(
    world_there: World, nudges: Nudges, settings: Any, tmp_path: Path, port: int
) -> None:
    with connected(tmp_path, settings, port) as network:
        before = Arrival.objects.count()
        network.say("+6285700009900 1708 text BALAS 0000-0000-000 Beli pulsa murah di sini")
        (arrival,) = came(before)
        work(nudges)
        assert Arrival.objects.get(pk=arrival.pk).outcome == "HELD"
        assert world_there.ratna.membership is not None
        words = "Pesan Anda iklan, bukan laporan. Nomor ini untuk pengaduan kepada pemerintah. " * 3
        arrivals.decide_refuse(arrival, by=world_there.ratna.membership, reason="Iklan.", reply=words)
        work(nudges)
        got = eventually(lambda: len(said := network.received()) >= 3 and said)
        parts = [said.partition(" data ")[2].replace("+", " ").replace("%2C", ",") for said in got[-2:]]
        assert "".join(parts).split() == gsm.plain(words).split()
        assert all("%05%00%03" in said for said in got[-2:])


def test_emoji_and_a_portal_that_was_away_for_a_moment(
    world_there: World, nudges: Nudges, settings: Any, tmp_path: Path, port: int
) -> None:
    with kannel.running(tmp_path / "kannel", settings.SITE_URL, TOKEN) as network:
        settings.SMS_SEND_URL = network.send_url
        before = Arrival.objects.count()
        text = "".join(f"%{byte:02X}" for byte in "MAJU Lubang 🕳 dalam".encode("utf-16-be"))
        network.say(f"+6281300001122 1708 ucs2 {text}")
        eventually(lambda: "sent message 1" in _words(network))
        # Nobody listens yet: Kannel keeps it and asks again.
        assert not Arrival.objects.all()[before:].exists()
        with portal(port):
            (arrival,) = came(before)
            work(nudges)
            arrival.refresh_from_db()
            assert arrival.complaint is not None
            assert arrival.complaint.body == "Lubang 🕳 dalam"
            assert eventually(network.received)
