"""How letters get there: a real SMTP server that takes, refuses, dawdles or is not there; time is passed in."""

from __future__ import annotations

import asyncio
import email
import socket
import time
from collections.abc import Iterator
from email.message import Message as Mail
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import connection

from complaints import privacy
from complaints.models import Complaint, DeliveryAttempt, Notification, Reporter
from complaints.notifications import delivery, peers, to_reporter
from complaints.notifications.delivery import GIVE_UP_AFTER, LEASE, wait_after
from tests.complaints.cases import NOW, SARI, at, later, report
from tests.world import World

pytestmark = pytest.mark.django_db


class Office:
    """A mail server's behaviour; `refuse` is address → answer, `data` answers every letter's content."""

    def __init__(self) -> None:
        self.got: list[Mail] = []
        self.to: list[str] = []
        self.refuse: dict[str, str] = {}
        self.data = ""
        self.slow = 0.0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        await asyncio.sleep(self.slow)
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data:
            return self.data
        self.got.append(email.message_from_bytes(envelope.content))
        self.to += envelope.rcpt_tos
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def office(settings: Any) -> Iterator[Office]:
    behaviour = Office()
    controller = Controller(behaviour, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_TIMEOUT = 1
    try:
        yield behaviour
    finally:
        controller.stop()


@pytest.fixture
def no_office(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 1


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Notification.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_a_letter_goes_out_once_however_often_it_is_asked_for(world: World, office: Office) -> None:
    report(world)
    row = Notification.objects.get()
    assert delivery.send_one(row.pk, now=NOW)
    assert not delivery.send_one(row.pk, now=NOW)
    assert delivery.send_due(now=later(hours=1)) == 0
    assert office.to == [SARI]
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.tries) == ("SENT", NOW, 1)
    assert office.got[0]["Message-ID"] == row.message_id
    assert row.attempts.get().succeeded


def test_one_refused_address_stops_nobody_else_s_letter(world: World, office: Office) -> None:
    report(world)
    report(world, email="rudi@contoh.test", user=world.rudi)
    report(world, email="lain@contoh.test", user=None)
    office.refuse[SARI] = "550 5.1.1 <sari@contoh.test>: no such user here"
    assert delivery.send_due(now=NOW) == 2
    assert sorted(office.to) == ["lain@contoh.test", "rudi@contoh.test"]


def test_a_lasting_refusal_ends_at_once_and_is_known_at_the_desk(world: World, office: Office) -> None:
    case = report(world)
    office.refuse[SARI] = "550 5.1.1 <sari@contoh.test>: no such user here"
    delivery.send_due(now=NOW)
    assert states() == {"FAILED": 1}
    attempt = DeliveryAttempt.objects.get()
    assert attempt.answer.startswith("550 5.1.1")
    assert "sari" not in attempt.answer
    event = case.events.get(verb="undeliverable")
    assert event.audience == "OFFICERS"
    assert SARI not in str(event.particulars)
    reporter = Reporter.objects.get()
    assert reporter.unreachable_since == NOW
    # From now on nothing is even written for that address.
    at(Complaint.objects.get(), world.dinas_pu)
    assert Notification.objects.count() == 1


def test_a_passing_refusal_waits_and_then_goes_out_with_the_same_id(world: World, office: Office) -> None:
    report(world)
    office.refuse[SARI] = "451 4.7.1 greylisted, try again"
    assert delivery.send_due(now=NOW) == 0
    row = Notification.objects.get()
    first_id = row.message_id
    assert row.state == "PENDING"
    assert later(seconds=48) <= row.next_try <= later(seconds=72)
    assert Reporter.objects.get().unreachable_since is None
    office.refuse.clear()
    assert delivery.send_due(now=later(seconds=40)) == 0
    assert delivery.send_due(now=later(minutes=2)) == 1
    assert office.got[0]["Message-ID"] == first_id
    assert [attempt.succeeded for attempt in DeliveryAttempt.objects.all()] == [False, True]


def test_a_refused_content_counts_like_a_refused_address(world: World, office: Office) -> None:
    report(world)
    office.data = "554 5.6.0 content rejected"
    delivery.send_due(now=NOW)
    assert states() == {"FAILED": 1}


def test_a_server_that_is_down_stops_the_run_and_keeps_the_letters(world: World, no_office: None) -> None:
    for _n in range(10):
        report(world)
    began = time.monotonic()
    assert delivery.send_due(now=NOW) == 0
    assert time.monotonic() - began < 5
    assert states() == {"PENDING": 10}
    assert DeliveryAttempt.objects.count() == peers.SILENCES
    assert Notification.objects.filter(tries=0).count() == 10 - peers.SILENCES


@pytest.mark.slow
def test_a_day_without_a_server_loses_nothing(world: World, no_office: None, settings: Any) -> None:
    report(world)
    at_hour = 0
    while at_hour < 24:
        delivery.send_due(now=later(hours=at_hour))
        at_hour += 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert delivery.send_due(now=later(hours=25)) == 1
    assert states() == {"SENT": 1}


@pytest.mark.slow
def test_a_slow_server_costs_its_timeout_and_no_more(world: World, office: Office) -> None:
    report(world)
    office.slow = 5
    began = time.monotonic()
    assert delivery.send_due(now=NOW) == 0
    assert time.monotonic() - began < 4
    assert states() == {"PENDING": 1}
    assert "imeout" in DeliveryAttempt.objects.get().answer or "imed out" in DeliveryAttempt.objects.get().answer


def test_after_72_hours_it_is_given_up_loudly(world: World, no_office: None, caplog: Any) -> None:
    case = report(world)
    delivery.send_due(now=NOW)
    delivery.send_due(now=NOW + GIVE_UP_AFTER)
    assert states() == {"FAILED": 1}
    assert case.events.filter(verb="undeliverable").count() == 1
    assert any("was given up" in record.message for record in caplog.records)
    assert SARI not in caplog.text
    # The server was silent, not the address: later letters may be tried.
    assert Reporter.objects.get().unreachable_since is None


def test_waiting_grows_from_a_minute_to_an_hour_and_is_spread() -> None:
    for tries, minutes in ((1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (50, 60)):
        waits = {wait_after(tries).total_seconds() / 60 for _n in range(50)}
        assert len(waits) > 1
        assert minutes * 0.8 <= min(waits) <= max(waits) <= minutes * 1.2


def test_a_letter_in_another_s_hands_is_left_alone_until_the_lease_ends(world: World, office: Office) -> None:
    report(world)
    row = delivery.take(NOW)
    assert row is not None
    assert delivery.take(NOW) is None
    assert delivery.send_due(now=later(minutes=4)) == 0
    # Its sender died: it comes back by itself, with the same id.
    assert delivery.send_due(now=NOW + LEASE) == 1
    assert office.got[0]["Message-ID"] == row.message_id


def test_a_letter_that_can_t_be_written_waits_and_blocks_nobody(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(world)
    report(world, email="rudi@contoh.test", user=world.rudi)
    whole = to_reporter.write

    def fail_for_sari(letter: str, event: Any, reporter: Reporter, **more: Any) -> Any:
        if privacy.address_of(reporter, privacy.EMAIL) == SARI:
            raise KeyError(letter)
        return whole(letter, event, reporter, **more)

    monkeypatch.setattr(to_reporter, "write", fail_for_sari)
    assert delivery.send_due(now=NOW) == 1
    assert states() == {"PENDING": 1, "SENT": 1}


@pytest.mark.parametrize("address", ["sari@contoh.test\nBcc: rudi@contoh.test", "sari@contoh.test\rX: y"])
def test_an_address_no_mail_can_be_written_to_ends_at_once(world: World, office: Office, address: str) -> None:
    report(world, email=address)
    delivery.send_due(now=NOW)
    assert states() == {"FAILED": 1}
    assert office.to == []


# --- Unconfirmed addresses ---


def test_an_unconfirmed_address_gets_one_letter_without_a_word_of_the_report(world: World, office: Office) -> None:
    case = report(world, confirmed=False)
    at(case, world.dinas_pu)
    case.answer("Lubang kami tambal besok.", by=world.joko, now=NOW)
    delivery.send_due(now=NOW)
    assert len(office.got) == 1
    letter = office.got[0]
    assert "Benarkah" in str(email.header.make_header(email.header.decode_header(letter["Subject"])))
    whole = "".join(
        bytes(part.get_payload(decode=True)).decode() for part in letter.walk() if not part.is_multipart()
    ).lower()
    for word in ("lubang", "pasar", "sari", "dinas", case.number.lower(), case.shown_number.lower()):
        assert word not in whole
    assert states() == {"SENT": 1, "SILENCED": 2}


@pytest.mark.parametrize(
    ("proved", "verified", "subject"),
    [
        (SARI, True, "Laporan Anda sudah kami terima"),
        ("SARI@Contoh.test", True, "Laporan Anda sudah kami terima"),
        (SARI, False, "Benarkah ini alamat Anda?"),
        ("lain@contoh.test", True, "Benarkah ini alamat Anda?"),
    ],
)
def test_an_address_the_account_has_proved_needs_no_second_proof(
    world: World, office: Office, proved: str, verified: bool, subject: str
) -> None:
    EmailAddress.objects.create(user=world.sari, email=proved, verified=verified)
    report(world, confirmed=False)
    delivery.send_due(now=NOW)
    assert str(email.header.make_header(email.header.decode_header(office.got[0]["Subject"]))) == subject


def test_one_address_is_asked_three_times_a_day_at_most(world: World, office: Office) -> None:
    for n in range(5):
        report(world, confirmed=False, email="Sari@contoh.test" if n % 2 else SARI)
    delivery.send_due(now=NOW)
    assert len(office.got) == 3
    assert states() == {"SENT": 3, "SILENCED": 2}
    report(world, confirmed=False, now=later(hours=25))
    delivery.send_due(now=later(hours=25))
    assert len(office.got) == 4


def test_somebody_else_s_address_is_counted_apart(world: World, office: Office) -> None:
    for address in ("a@contoh.test", "b@contoh.test", "c@contoh.test", "d@contoh.test"):
        report(world, confirmed=False, email=address)
    assert delivery.send_due(now=NOW) == 4


def test_who_confirms_before_the_second_try_gets_the_letter_with_words(world: World, office: Office) -> None:
    case = report(world, confirmed=False)
    office.refuse[SARI] = "451 later"
    delivery.send_due(now=NOW)
    privacy.confirm_email(case.reporter, NOW)
    office.refuse.clear()
    delivery.send_due(now=later(minutes=2))
    assert "terima" in str(email.header.make_header(email.header.decode_header(office.got[0]["Subject"])))


def test_an_erased_reporter_gets_nothing_more(world: World, office: Office) -> None:
    case = report(world)
    privacy.erase(case.reporter, NOW)
    delivery.send_due(now=NOW)
    assert states() == {"SILENCED": 1}
    assert office.to == []


def test_no_address_stands_in_the_outbox(world: World, office: Office) -> None:
    report(world)
    office.refuse[SARI] = "451 <sari@contoh.test> busy"
    delivery.send_due(now=NOW)
    with connection.cursor() as cursor:
        for table in ("complaints_notification", "complaints_deliveryattempt", "complaints_event"):
            cursor.execute(f"SELECT string_agg({table}::text, ' ') FROM {table}")
            assert "sari@" not in str(cursor.fetchone()[0])


def test_links_in_letters_hold_no_address(world: World, office: Office) -> None:
    report(world)
    delivery.send_due(now=NOW)
    text = bytes(office.got[0].get_payload(0).get_payload(decode=True)).decode()  # type: ignore[union-attr]
    assert "/kabar/" in text
    assert "sari" not in "".join(part for part in text.split() if "/kabar/" in part)
    assert signing.b64_encode(SARI.encode()).decode() not in text
