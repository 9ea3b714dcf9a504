"""Longer exchanges by SMS: from the first report to its end, on one's own phone and on a shared one."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints import arrivals, intake
from complaints.channels.contract import DoorRefused
from complaints.channels.sms import grammar, inbound, replies
from complaints.channels.sms.grammar import Verb
from complaints.channels.sms.inbound import Heard, Sender, decide
from complaints.models import Arrival, Complaint, Notification
from complaints.models.lifecycle.acting import BODY_LIMIT
from complaints.transitions import Status
from lapor.kit import gsm
from tests.complaints.cases import NOW, report
from tests.complaints.channels.sms.phones import FIRST, ME, OTHER, SECOND, Network, by_phone, network
from tests.world import World, client_of

__all__ = ["network"]

pytestmark = pytest.mark.django_db
SHOWN = "7K4M-9QXD-2TT"


def case_of(arrival: Arrival) -> Complaint:
    assert arrival.complaint is not None
    return arrival.complaint


# --- One's own phone ---


def test_a_report_from_the_first_word_to_the_last(network: Network, world: World) -> None:
    case = case_of(network.text("KEMENJEMBATAN Tiang jembatan gantung terkikis arus"))
    assert case.handler == world.root, "the ministry has nobody yet"
    case = case_of(network.text("MAJU Lubang sedalam lutut di depan pasar", sender=OTHER))
    assert case.handler == world.pemkab
    number = case.shown_number
    (first,) = network.told(OTHER)
    assert re.fullmatch(
        rf"Laporan {number} diperiksa Pemerintah Kabupaten Sukamaju, diteruskan paling lambat 2 Juni\. "
        r"Lihat: http://127\.0\.0\.1:8000/s/[0-9A-Z]{13}",
        first,
    )
    case.forward(world.dinas_pu, by=world.wati, reason="Jalan kabupaten.", now=NOW)
    case.ask("Di depan kios siapa?", by=world.joko, now=NOW)
    network.work()
    assert network.told(OTHER)[-1].endswith(f"Di depan kios siapa? Jawab: BALAS {number} isi jawaban")

    network.text(f"balas {number} kios Bu Siti", sender=OTHER)
    case.refresh_from_db()
    assert case.status == Status.FORWARDED
    assert network.told(OTHER)[-1] == f"Sudah ditambahkan ke laporan {number}. Terima kasih."

    network.wait(hours=3)
    case.resolve("Ditambal.", by=world.joko, outcome="DONE", done_on=NOW.date(), unit="UPT", now=network.now)
    network.work()
    assert f"Ketik SELESAI {number} atau BELUM {number}" in network.told(OTHER)[-1]
    network.text(f"BELUM {number} pecah lagi", sender=OTHER)
    case.refresh_from_db()
    assert (case.status, case.round) == (Status.IN_PROGRESS, 2)

    case.resolve("Dicor.", by=world.joko, outcome="DONE", done_on=NOW.date(), unit="UPT", now=network.now)
    network.text(f"SELESAI {number} terima kasih", sender=OTHER)
    case.refresh_from_db()
    assert case.status == Status.CLOSED
    assert network.told(OTHER)[-1] == f"Terima kasih. Laporan {number} selesai."
    assert all(gsm.is_plain(text) and gsm.septets(text) <= 160 for _n, text, _r in network.out)


def test_the_link_opens_the_report_and_nobody_elses(network: Network, client: Client) -> None:
    case = case_of(network.text("MAJU Lubang sedalam lutut di depan pasar"))
    link = network.told()[0].rpartition(" ")[2]
    answer = client.get(link.removeprefix("http://127.0.0.1:8000"))
    assert answer["Location"] == f"/laporan/{case.number}/"
    assert "Lubang sedalam lutut" in client.get(answer["Location"]).content.decode()


def test_who_is_asked_answers_with_the_number_alone(network: Network, world: World) -> None:
    case = case_of(network.text("MAJU Lubang di depan pasar"))
    held = network.text("Sekarang sudah dua")
    assert (held.outcome, held.hold) == ("HELD", "WHOSE")
    assert network.told()[-1].startswith(f"Ini untuk laporan {case.shown_number}?")
    told = len(network.told())
    network.text("dan makin dalam")
    assert len(network.told()) == told, "one question for all that is pending"

    network.text(f"BALAS {case.shown_number}")
    assert case.messages.get().body == "Sekarang sudah dua\ndan makin dalam"
    held.refresh_from_db()
    assert (held.outcome, held.complaint, held.decided_by) == ("APPENDED", case, None)
    assert not Arrival.objects.held().exists()


def test_who_is_asked_may_send_the_whole_again(network: Network) -> None:
    case = case_of(network.text("MAJU Lubang di depan pasar"))
    network.text("Sekarang sudah dua")
    network.text(f"BALAS {case.shown_number} sekarang  sudah DUA")
    assert case.messages.count() == 1
    assert not Arrival.objects.held().exists()


def test_another_report_is_named_so(network: Network) -> None:
    first = case_of(network.text("MAJU Lubang di depan pasar"))
    network.text("Lampu di gang kami mati")
    new = case_of(network.text("baru"))
    assert new != first
    assert new.body == "Lampu di gang kami mati"
    assert new.addressed_to is None
    other = case_of(network.text("BARU MAJU got meluap"))
    assert (other.body, other.addressed_to) == ("got meluap", network.world.pemkab)
    third = case_of(network.text("Baru kemarin diaspal sudah pecah lagi"))
    assert third.body == "Baru kemarin diaspal sudah pecah lagi"


def test_a_person_may_be_quicker_than_the_answer(network: Network, world: World) -> None:
    first = case_of(network.text("MAJU Lubang di depan pasar"))
    held = network.text("RW 3 juga berlubang")
    assert world.ratna.membership is not None
    arrivals.decide_add(held, first, by=world.ratna.membership, now=network.now)
    said = network.text("BARU")
    assert said.outcome == "ANSWERED"
    assert network.told()[-1].startswith("Tulis isinya sesudah BARU")
    assert Complaint.objects.count() == 1


@pytest.mark.slow
def test_a_report_the_pen_opens_is_as_secret_as_its_sender_wanted(network: Network, world: World) -> None:
    for n in range(arrivals.HOURLY):
        network.text(f"MAJU laporan nomor {n} tentang jalan")
    held = network.text("RAHASIA MAJU Kepala gudang menjual pupuk")
    assert (held.outcome, held.hold) == ("HELD", "FLOOD")
    assert world.ratna.membership is not None
    case = arrivals.decide_open(held, by=world.ratna.membership, now=network.now)
    assert (case.secret, case.anonymous, case.body) == (True, False, "Kepala gudang menjual pupuk")
    assert case.addressed_to == world.pemkab
    assert case.reporter.door == "SMS"


def test_stop_and_start(network: Network, world: World) -> None:
    case = case_of(network.text("MAJU Lubang di depan pasar"))
    network.text("stop")
    assert "ketik MULAI" in network.told()[-1]
    told = len(network.told())
    case.forward(world.dinas_pu, by=world.wati, reason="Jalan kabupaten.", now=NOW)
    case.answer("Kami datang besok.", by=world.joko, now=NOW)
    network.work()
    assert len(network.told()) == told
    # Asked, it answers all the same, and says how to hear again.
    network.text(f"status {case.shown_number}")
    assert "sedang dikerjakan" in network.told()[-1]
    network.text("mulai")
    case.answer("Sudah mulai.", by=world.joko, now=NOW)
    network.work()
    assert "menjawab laporan" in network.told()[-1]


def test_a_question_without_its_number_is_answered_where_only_one_is_meant(network: Network) -> None:
    network.text("STATUS")
    assert "ketik awalan" in network.told()[-1]
    by_phone(network.world)
    network.text("STATUS")
    assert f"Laporan {SHOWN}" in network.told()[-1]
    by_phone(network.world, SECOND)
    network.text("STATUS")
    assert network.told()[-1].startswith("Tulis nomor laporannya juga.")


@pytest.mark.slow
def test_two_machines_that_answer_each_other_stop(network: Network) -> None:
    for _n in range(inbound.ANSWERS_AN_HOUR + 5):
        network.text("BANTU")
    assert len(network.told()) == inbound.ANSWERS_AN_HOUR
    assert Arrival.objects.filter(outcome="REFUSED", reason__contains="terlalu banyak").count() == 5
    network.wait(minutes=61)
    network.text("BANTU")
    assert len(network.told()) == inbound.ANSWERS_AN_HOUR + 1


def test_words_of_danger_in_an_answer_too(network: Network) -> None:
    case = case_of(network.text("MAJU Kabel listrik menjuntai di gang kami"))
    network.text(f"BALAS {case.shown_number} Sekarang terbakar! Tolong cepat, rumah kebakaran!")
    assert network.told()[-1].endswith("Darurat? Telepon 112 (polisi 110, api 113, medis 119).")
    assert f"laporan {case.shown_number}" in network.told()[-1]


# --- A shared phone ---


@pytest.mark.parametrize("word", ["ANONIM", "RAHASIA", "ANONIM RAHASIA"])
def test_of_a_guarded_report_a_phone_shows_its_number_its_state_and_a_date(
    network: Network, world: World, word: str
) -> None:
    case = case_of(network.text(f"{word} MAJU Kepala gudang menjual pupuk bantuan"))
    case.forward(world.dinas_pu, by=world.wati, reason="Pupuk.", now=NOW)
    case.ask("Gudang yang mana?", by=world.joko, now=NOW)
    network.work()
    network.text(f"STATUS {case.shown_number}")
    network.text("Gudang di pasar")
    network.text(f"BALAS {case.shown_number} Gudang di pasar lama")
    case.answer("Kami periksa gudangnya.", by=world.joko, now=NOW)
    case.resolve("Sudah ditindak.", by=world.joko, outcome="DONE", done_on=NOW.date(), unit="UPT", now=NOW)
    network.work()
    network.text(f"SELESAI {case.shown_number}")
    case.refresh_from_db()
    assert case.status == Status.CLOSED
    assert len(network.told()) >= 7
    for text in network.told():
        assert case.shown_number in text
        for secret in ("http", "/s/", "Sukamaju", "Dinas", "gudang", "pupuk", "pasar", "periksa"):
            assert secret not in text.replace("sedang diperiksa", ""), text
    number = case.shown_number
    assert network.told()[2] == (
        f"Laporan {number}: petugas perlu keterangan lebih rinci tentang tempat, waktu, dan kejadiannya. "
        f"Ketik BALAS {number} isi jawaban"
    )


def test_nothing_is_added_without_its_number_to_a_secret_report_or_one_of_several(network: Network) -> None:
    secret = by_phone(network.world, secret=True)
    assert network.text("Ada kabar baru dari gudang").outcome in ("HELD", "OPENED")
    assert network.text("BALAS ada kabar baru dari gudang").hold == "WHOSE"
    by_phone(network.world, SECOND)
    assert network.text("BALAS lagi-lagi begitu").hold == "WHOSE"
    assert not secret.messages.exists()


def test_a_number_that_never_was_a_secret_one_and_a_strangers_look_alike(network: Network) -> None:
    by_phone(network.world)
    by_phone(network.world, SECOND, secret=True)
    for number in (SHOWN, SECOND, "ZZZZ-ZZZZ-ZZ5", "7K4M-9QXD-2T9"):
        network.text(f"STATUS {number}", sender=OTHER)
    for number in (SHOWN, SECOND):
        network.text(f"SELESAI {number}", sender=OTHER)
    assert len(set(network.told(OTHER))) == 1
    network.out.clear()
    for number in (SHOWN, SECOND, "ZZZZ-ZZZZ-ZZ5"):
        network.text(f"BALAS {number} saya tahu", sender=OTHER)
    assert len(set(network.told(OTHER))) == 1
    assert not Complaint.objects.filter(messages__isnull=False).exists()
    assert Arrival.objects.held().count() == 3


def test_no_report_shows_in_an_account_because_of_a_phone(network: Network, world: World) -> None:
    report(world, phone=ME, title="Yang dari situs")
    case = case_of(network.text("MAJU Lubang di depan pasar"))
    page = client_of(world.sari).get("/laporan-saya/").content.decode()
    assert "Yang dari situs" in page
    assert case.number not in page
    assert client_of(world.sari).get(f"/laporan/{case.number}/").status_code == 404


def test_an_anonymous_senders_number_is_seen_by_no_office(network: Network, world: World) -> None:
    case = case_of(network.text("ANONIM MAJU Petugas loket meminta uang"))
    case.forward(world.dinas_pu, by=world.wati, reason="Loket.", now=NOW)
    for who in (world.joko, world.hana, world.wati):
        for page in (f"/meja/{case.number}/", f"/meja/{case.number}/?pelapor=tampil"):
            assert "81200007700" not in client_of(who).get(page).content.decode()


# --- When the gateway is away ---


def test_a_number_that_is_refused_closes_the_door_and_a_silent_gateway_only_delays(network: Network) -> None:
    case = case_of(network.text("MAJU Lubang di depan pasar"))
    network.fault = DoorRefused("400 Receiver number invalid", lasting=True)
    case.forward(network.world.dinas_pu, by=network.world.wati, reason="Jalan.", now=NOW)
    network.work()
    case.reporter.refresh_from_db()
    assert case.reporter.door_closed_at is not None


def test_receipts_reach_the_letter_they_speak_of(network: Network) -> None:
    network.text("MAJU Lubang di depan pasar")
    (number, _text, reference) = network.out[-1]
    assert number == ME
    for status, delivered in (("8", False), ("1", True)):
        query = f"token=rahasia-gerbang-untuk-uji-saja&ref={reference}&status={status}&answer="
        answer = Client().get("/kanal/sms/kannel/kabar/", QUERY_STRING=query)
        assert answer.status_code == 204
        assert (Notification.objects.get(medium="SMS").delivered_at is not None) == delivered


# --- Every text has one reading ---


def senders() -> list[Sender]:
    """Phones in every situation, without a database."""
    states = [Status.FORWARDED, Status.WAITING, Status.ANSWERED]
    cases = []
    for n, status in enumerate(states):
        case = Complaint(number=FIRST if not n else SECOND, status=status, received_at=NOW, changed_at=NOW)
        case.pk = n + 1
        cases.append(case)
    guarded = Complaint(number=FIRST, status=Status.FORWARDED, secret=True, received_at=NOW, changed_at=NOW)
    held = Arrival(channel="sms", outcome="HELD", hold="WHOSE")
    sets: list[list[Complaint]] = [[], [cases[0]], [cases[1]], [cases[2]], cases[:2], [guarded]]
    return [
        Sender(ME, found, [held] if pending else [], bool(lately))
        for found in sets
        for pending in (0, 1)
        for lately in (0, 1)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "", "?", "P", "ok", "BANTU", "STOP", "MULAI", "BARU", "BARU MAJU x", "BALAS", "BALAS halo", "SELESAI", "BELUM",
        f"BALAS {SHOWN}", f"BALAS {SHOWN} halo", "Jalan rusak di desa", "MAJU", "RAHASIA", "ANONIM Ada pungutan",
        "MAJU Jalan rusak", "STATUS 7K4M-9QXD-2T9", "BALAS 7K4M-9QXD-2T9 halo", "x" * (BODY_LIMIT + 5), "🕳",
    ],
)  # fmt: skip
@pytest.mark.sampled
def test_every_text_gives_one_reading_in_every_situation(network: Network, text: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(replies, "status", lambda case, hushed=False: "Keadaan.")
    day = datetime.date(2026, 5, 25)
    for sender in senders():
        said = grammar.parse(text, lambda words: inbound.find_prefix(words, day))
        for heard in (Heard(text), Heard(text, missing=True)):
            reading = decide(said, sender, heard)
            assert type(reading).__name__ in ("Open", "Add", "Hold", "Tell", "Refuse", "Hush")
            spoken = getattr(reading, "reply", "")
            assert gsm.is_plain(spoken.replace("{", "").replace("}", ""))
            assert gsm.septets(spoken) <= 160
            kept = getattr(reading, "body", "") or getattr(reading, "text", "")
            if said.verb in (Verb.REPORT, Verb.REPLY) and sum(ch.isalpha() for ch in said.body) > 3:
                assert said.body in kept, "what was said is kept"


def test_nothing_is_decided_twice(network: Network) -> None:
    arrival = network.text("MAJU Lubang di depan pasar")
    assert not arrivals.understand(arrival.pk, now=network.now)
    assert intake.keep("sms", arrival.raw(), external_id=arrival.external_id)[1] is False


@pytest.mark.parametrize(("fields", "unread"), [({"secret": True}, True), ({"anonymous": True}, True), ({}, False)])
def test_who_asks_about_a_guarded_report_knows_that_it_is_not_read(
    network: Network, world: World, fields: dict[str, Any], unread: bool
) -> None:
    case = by_phone(world, **fields)
    page = client_of(world.joko).get(reverse("routing:ask", args=[case.number])).content.decode()
    assert ("pertanyaan Anda tidak dikirim ke telepon itu" in page) == unread
