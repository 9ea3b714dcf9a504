"""The pen: the centre reads what no machine could place and says what becomes of it; nobody else knows it is there."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import AuditEntry
from complaints import arrivals
from complaints.channels.contract import Channel, Hold
from complaints.channels.registry import CHANNELS
from complaints.intake import keep
from complaints.models import Arrival, Complaint, Notification
from lapor.kit.sealing import seal
from tests.complaints.cases import NOW, at, later, report
from tests.conftest import Nudges
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
PEN = "/meja/tertahan/"
PHONE = "+6281200007700"


@pytest.fixture(autouse=True)
def pen(monkeypatch: pytest.MonkeyPatch, nudges: Nudges, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    monkeypatch.setitem(CHANNELS, "drum", Channel("drum", "kentongan", read=lambda a: read(a), medium="DRUM"))


def read(arrival: Arrival) -> Hold:
    words = arrival.raw().decode()
    number, _space, rest = words.partition(" ")
    case = Complaint.objects.filter(number=number).first()
    return Hold(Arrival.Hold.WHOSE, rest if case else words, complaint=case)


def message(words: str, nr: int = 1) -> Arrival:
    arrival, _new = keep("drum", words.encode(), external_id=f"m-{nr}", sender=PHONE, now=later(minutes=nr))
    assert arrivals.understand(arrival.pk, now=later(minutes=nr))
    return Arrival.objects.get(pk=arrival.pk)


def test_the_longest_waiting_stands_first_and_names_and_numbers_are_masked(world: World) -> None:
    message("Jembatan putus, hubungi Sari Wulandari 0812-0000-7700", 2)
    message("Lampu mati di depan balai desa", 1)
    page = client_of(world.ratna).get(PEN).content.decode()

    assert page.index("Lampu mati") < page.index("Jembatan putus")
    assert "0812-0000-7700" not in page
    assert "kentongan" in page
    assert "tidak jelas untuk laporan yang mana" in page


def test_an_empty_pen_says_so(world: World) -> None:
    assert "Tidak ada pesan yang tertahan" in client_of(world.ratna).get(PEN).content.decode()


def test_reading_one_is_written_down_and_its_sender_stays_masked(world: World) -> None:
    held = message("Lampu mati di depan balai desa")
    page = client_of(world.ratna).get(f"{PEN}{held.pk}/").content.decode()

    assert "Lampu mati di depan balai desa" in page
    assert "+62•••7700" in page
    assert PHONE not in page
    entry = AuditEntry.objects.get(what="arrival_read")
    assert (entry.who, entry.subject_id) == (world.ratna.user, held.pk)


def test_it_becomes_a_report_for_the_office_somebody_searched_for(world: World) -> None:
    held = message("Lampu mati di depan balai desa")
    client = client_of(world.ratna)
    found = client.post(f"{PEN}{held.pk}/laporan/", {"cari": "pekerjaan umum", "cari_kantor": "1"}).content.decode()
    assert world.dinas_pu.name in found
    answer = client.post(f"{PEN}{held.pk}/laporan/", {"agency": world.dinas_pu.pk}, follow=True)

    case = Complaint.objects.get()
    assert case.shown_number in answer.content.decode()
    assert (case.body, case.addressed_to) == ("Lampu mati di depan balai desa", world.dinas_pu)


def test_without_an_office_the_worker_decides(world: World) -> None:
    held = message("Lampu mati di depan balai desa")
    client_of(world.ratna).post(f"{PEN}{held.pk}/laporan/", {"agency": "0"})
    assert Complaint.objects.get().addressed_to is None


def test_what_no_machine_could_read_is_typed_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(arrival: Arrival) -> Hold:
        return Hold(Arrival.Hold.UNREADABLE, "")

    monkeypatch.setitem(CHANNELS, "drum", Channel("drum", "kentongan", read=fail, medium="DRUM"))
    held = message("LaMpU mAtI")
    client = client_of(world.ratna)
    page = client.post(f"{PEN}{held.pk}/laporan/", {"agency": "0"}).content.decode()
    assert "Ketik ulang isi pesannya" in page
    assert "LaMpU mAtI" in page, "the raw message stands beside it"
    client.post(f"{PEN}{held.pk}/laporan/", {"agency": "0", "body": "Lampu mati"})
    assert Complaint.objects.get().body == "Lampu mati"


def test_the_message_as_it_came_names_its_sender_and_is_shown_to_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose number it is NATIONAL reads with a reason, of an anonymous one with a second person's word."""
    readable = message(f"from={PHONE} ANONIM Lampu mati")
    Arrival.objects.filter(pk=readable.pk).update(text_sealed=seal("ANONIM Lampu mati"))
    page = client_of(world.ratna).get(f"{PEN}{readable.pk}/").content.decode()
    assert PHONE not in page
    assert "Pesan mentah" not in page

    monkeypatch.setitem(
        CHANNELS, "drum", Channel("drum", "kentongan", read=lambda arrival: Hold(Arrival.Hold.UNREADABLE, ""))
    )
    broken = message(f"from=%2B{PHONE[1:]}&text=%FF%FE to=<sari@contoh.test>", 2)
    page = client_of(world.ratna).get(f"{PEN}{broken.pk}/").content.decode()
    assert "text=%FF%FE" in page
    assert PHONE[1:] not in page
    assert "sari@contoh.test" not in page


def test_what_is_about_a_case_kept_from_the_officer_is_not_there(world: World) -> None:
    """A national admin whom the case names, or who has a task below what it is kept from (case.md section 6)."""
    assert world.ratna.user is not None
    case = at(report(world), world.dinas_pu)
    case.exclude(officers=[world.ratna.user], by=world.wati, now=NOW)
    held = message(f"{case.number} Bu Ratna meminta uang lagi.")
    free = message("Lampu mati di depan balai desa", 2)
    ratna, seno = client_of(world.ratna), client_of(world.seno)
    page = ratna.get(PEN).content.decode()
    assert "Lampu mati" in page
    assert f"{PEN}{held.pk}/" not in page
    assert "meminta uang" not in page
    assert ratna.get(f"{PEN}{held.pk}/").status_code == 404
    acts = (("laporan", {"agency": "0"}), ("tambahan", {"number": case.number}), ("penolakan", {"reason": "x"}))
    for noun, data in acts:
        assert ratna.post(f"{PEN}{held.pk}/{noun}/", data).status_code == 404
    # Nor does a number tell that there is such a case.
    answer = ratna.post(f"{PEN}{free.pk}/tambahan/", {"number": case.number}).content.decode()
    assert "Laporan dengan nomor ini tidak ada" in answer
    assert not case.messages.exists()
    assert "meminta uang" in seno.get(f"{PEN}{held.pk}/").content.decode()


@pytest.mark.parametrize("words", ["RAHASIA INHU Loket meminta uang", "Anonim, rahasia: loket meminta uang"])
def test_what_is_to_be_secret_is_read_on_its_own_page_alone(world: World, words: str) -> None:
    held = message(words)
    client = client_of(world.ratna)
    assert "meminta uang" not in client.get(PEN).content.decode()
    assert not AuditEntry.objects.filter(what="arrival_read").exists()
    assert "meminta uang" in client.get(f"{PEN}{held.pk}/").content.decode()
    assert AuditEntry.objects.filter(what="arrival_read").exists()


def test_so_is_what_may_be_about_a_secret_report(world: World) -> None:
    case = at(report(world, secret=True), world.dinas_pu)
    message(f"{case.number} Petugasnya menelepon saya.")
    page = client_of(world.ratna).get(PEN).content.decode()
    assert "menelepon saya" not in page
    assert "tidak jelas untuk laporan yang mana" in page


def test_the_suggested_case_takes_it_with_one_click(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    held = message(f"{case.number} Sekarang ada dua lubang.")
    client = client_of(world.ratna)
    assert f"Tambahkan ke {case.shown_number}" in client.get(f"{PEN}{held.pk}/").content.decode()
    client.post(f"{PEN}{held.pk}/tambahan/", {"number": case.shown_number})

    assert case.messages.get().body == "Sekarang ada dua lubang."
    held.refresh_from_db()
    assert (held.outcome, held.complaint) == ("APPENDED", case)


@pytest.mark.parametrize("typed", ["", "tidak ada", "0000-0000-000"])
def test_a_wrong_number_is_said_beside_the_field_and_nothing_happens(world: World, typed: str) -> None:
    held = message("Sekarang ada dua lubang.")
    page = client_of(world.ratna).post(f"{PEN}{held.pk}/tambahan/", {"number": typed}).content.decode()

    assert "Tulis nomor laporannya" in page or "Laporan dengan nomor ini tidak ada" in page
    assert '<li><a href="#add-number">' in page, "the list of mistakes leads there"
    assert "<title>Ada yang perlu diperbaiki:" in page
    assert Arrival.objects.held().exists()


def test_it_is_refused_with_a_reason_and_its_sender_told(world: World) -> None:
    held = message("Jual pulsa murah")
    client = client_of(world.ratna)
    assert "Tulis alasannya" in client.post(f"{PEN}{held.pk}/penolakan/", {"reason": " "}).content.decode()
    client.post(f"{PEN}{held.pk}/penolakan/", {"reason": "Iklan.", "reply": "Pesan Anda bukan laporan."})

    held.refresh_from_db()
    assert (held.outcome, held.reason) == ("REFUSED", "Iklan.")
    assert Notification.objects.get(arrival=held).letter == "decision"


def test_who_comes_second_changes_nothing(world: World) -> None:
    held = message("Lampu mati di depan balai desa")
    client_of(world.seno).post(f"{PEN}{held.pk}/laporan/", {"agency": "0"})
    assert client_of(world.ratna).post(f"{PEN}{held.pk}/penolakan/", {"reason": "Iklan."}).status_code == 404
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("who", ["joko", "hana", "wati", "bayu"])
def test_nobody_below_the_centre_comes_near(world: World, who: str) -> None:
    held = message("Lampu mati di depan balai desa")
    client = client_of(getattr(world, who))
    assert client.get(PEN).status_code == 403
    assert client.get(f"{PEN}{held.pk}/").status_code == 403
    for noun, data in (("laporan", {"agency": "0"}), ("tambahan", {"number": "x"}), ("penolakan", {"reason": "x"})):
        assert client.post(f"{PEN}{held.pk}/{noun}/", data).status_code == 403
    assert Arrival.objects.held().exists()


@pytest.mark.slow
def test_the_list_costs_the_same_however_many_wait(world: World) -> None:
    client = client_of(world.ratna)
    message("Satu", 1)
    client.get(PEN)
    with CaptureQueriesContext(connection) as few:
        client.get(PEN)
    for nr in range(2, 60):
        message(f"Pesan nomor {nr}", nr)
    with CaptureQueriesContext(connection) as many:
        first = client.get(PEN).content.decode()
    assert len(many) == len(few)
    assert "Pesan nomor 50" in first
    assert "Pesan nomor 51" not in first
    following = first.partition('href="?mulai=')[2].partition('"')[0]
    second = client.get(f"{PEN}?mulai={following}").content.decode()
    assert "Pesan nomor 51" in second
    assert "Pesan nomor 50" not in second


@pytest.mark.parametrize("cursor", ["x", "~", "MTIz", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "%00"])
def test_a_forged_cursor_is_the_first_page(world: World, cursor: str) -> None:
    message("Lampu mati")
    assert "Lampu mati" in client_of(world.ratna).get(f"{PEN}?mulai={cursor}").content.decode()


def test_the_state_of_every_channel_is_shown_and_a_missing_setting_named(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHANNELS, "smoke", Channel("smoke", "asap", missing=lambda: ["LAPOR_SMOKE_KEY"]))
    message("Lampu mati")
    page = client_of(world.ratna).get("/meja/saluran/").content.decode()

    assert "LAPOR_SMOKE_KEY" in page
    assert "kentongan" in page
    assert client_of(world.wati).get("/meja/saluran/").status_code == 403
