"""A gateway over real HTTP that is slow, fails, hangs up after taking a message, and reports each one twice.

Nothing is lost, every second try carries the first one's reference, and letters by other media go out meanwhile.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from complaints.channels.sms.gateways import signed
from complaints.models import DeliveryAttempt, Notification, Peer
from complaints.notifications import delivery
from tests.complaints.cases import later, report
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db
PATIENCE = 0.3


@dataclass
class Gateway:
    """`moods` are had one after the other: "slow" and "cut" take the message and say so too late or not at all, "500"
    takes nothing. After them it is well. `taken`: what it would put on the air, by reference."""

    url: str = ""
    moods: list[str] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def gateway(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    found = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            mood = found.moods.pop(0) if found.moods else "well"
            if mood != "500":
                found.taken.append(body)
            if mood == "slow":
                time.sleep(PATIENCE * 2)
            if mood in ("slow", "cut"):
                self.connection.close()
                return
            words = b'{"id": "agg-%d"}' % len(found.taken)
            self.send_response(500 if mood == "500" else 200)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def handle(self) -> None:
            # Whoever hung up hears no more; that is no fault of the test.
            try:
                super().handle()
            except OSError:
                return

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                return

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setattr(signed, "TIMEOUT", PATIENCE)
    found.url = f"http://127.0.0.1:{server.server_port}/kirim"
    settings.SMS_GATEWAY, settings.SMS_SEND_URL, settings.SMS_SECRET = "json", found.url, "rahasia gerbang uji"
    yield found
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_slow_failing_and_cut_off_it_delays_loses_nothing_and_holds_up_no_other(
    world: World, nudges: Nudges, gateway: Gateway
) -> None:
    for number in range(6):
        report(world, email="", door=("SMS", f"+62812000077{number:02}"))
        report(world, email=f"sari{number}@contoh.test")
    gateway.moods = ["slow", "500", "cut", "500", "slow"]
    by_sms, by_email = (Notification.objects.filter(medium=medium) for medium in ("SMS", "EMAIL"))

    began = time.monotonic()
    delivery.send_due(now=later(minutes=2))
    assert time.monotonic() - began < 10
    assert by_email.filter(state="SENT").count() == 6, "letters went out while it was in trouble"
    assert not by_sms.filter(state="FAILED").exists()
    assert Peer.objects.get(medium="SMS").rests_until is not None

    for minutes in range(4, 200, 4):
        delivery.send_due(now=later(minutes=minutes))
    assert set(by_sms.values_list("state", flat=True)) == {"SENT"}
    assert DeliveryAttempt.objects.filter(notification__medium="SMS", succeeded=False).count() == 5
    references = Counter(body["reference"] for body in gateway.taken)
    assert len(references) == 6
    assert sum(references.values()) == 9, "what it took and did not say came once more, under the same reference"
    for reference in references:
        # Its link is made anew at each try.
        said = {(one["to"], one["text"].partition("http")[0]) for one in gateway.taken if one["reference"] == reference}
        assert len(said) == 1


def test_what_it_reports_twice_counts_once(world: World, nudges: Nudges, gateway: Gateway) -> None:
    report(world, email="", door=("SMS", "+6281200007700"))
    delivery.send_due(now=later(minutes=2))
    row = Notification.objects.get(medium="SMS")
    for minutes in (3, 9):
        told = delivery.take_receipt("SMS", row.peer_id, delivered=True, answer="", now=later(minutes=minutes))
        assert told
    late = delivery.take_receipt("SMS", row.message_id, delivered=False, answer="expired", now=later(minutes=10))
    row.refresh_from_db()
    assert late
    assert (row.state, row.delivered_at, row.attempts.count()) == ("SENT", later(minutes=3), 1)
