"""The directory, the pages of whoever keeps the map, and the verbs behind them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agencies import alarms, holidays, hooks, offices
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, Holiday, Kind, Membership, Role
from agencies.signals import agency_ended, calendar_changed
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


def listen_to(signal: Any) -> tuple[list[dict[str, Any]], Any]:
    heard: list[dict[str, Any]] = []

    def listen(**said: Any) -> None:
        heard.append(said)

    signal.connect(listen)
    return heard, listen


# --- The directory ---


def test_the_directory_counts_what_is_connected_and_never_claims(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    with django_assert_max_num_queries(8):
        answer = client.get("/instansi/")
    page = answer.content.decode()
    groups = {group["code"]: (group["connected"], group["all"]) for group in answer.context["groups"]}
    assert groups["kabupaten"] == (2, 3)
    assert groups["kementerian"] == (0, 1)
    assert groups["bumn"] == (1, 1)
    assert "3 kementerian, lembaga, BUMN, dan pemerintah daerah" in page
    assert world.ministry.name not in page
    assert world.ministry.name in client.get("/instansi/?jenis=kementerian").content.decode()


def test_somebody_searches_an_office_by_a_part_of_its_name_or_an_alias(world: World) -> None:
    client = Client()
    assert client.get("/instansi/?q=sosial").context["rows"][0]["office"] == world.dinas_sosial
    assert client.get("/instansi/?q=Kementerian Jembatan").context["rows"][0]["office"] == world.ministry
    page = client.get("/instansi/?q=tidakadaini").content.decode()
    assert "Tidak ada kantor yang cocok" in page
    assert "kantor cocok." not in page, "it is said once"


@pytest.mark.parametrize("query", ["q=%00", "hal=-3", "hal=x", "jenis=tidak-ada", "q=%25%27", "hal=99999999999999"])
def test_odd_addresses_get_a_page_all_the_same(world: World, query: str) -> None:
    assert Client().get(f"/instansi/?{query}").status_code == 200


def test_an_office_says_who_stands_in_for_it(world: World) -> None:
    client = Client()
    assert "punya petugas yang menjawab" in client.get(f"/instansi/{world.dinas_pu.pk}/").content.decode()
    page = client.get(f"/instansi/{world.dinas_sosial.pk}/").content.decode()
    assert "Laporan untuknya sampai ke Pemerintah Kabupaten Sukamaju" in page
    assert "Angkat petugas" not in page
    assert client.get("/instansi/999999/").status_code == 404


def test_a_pemda_with_many_offices_costs_no_more(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    offices.add(by=world.wati, parent=world.pemkab, kind=Kind.OPD, name="Dinas Kebudayaan")
    with django_assert_max_num_queries(6):
        assert "Dinas Kebudayaan" in Client().get(f"/instansi/{world.pemkab.pk}/").content.decode()


def test_figures_come_from_whoever_knows_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "office_figures", [lambda some: {some[0].pk: [("Terbuka", "12")]}])
    page = Client().get(f"/instansi/{world.dinas_pu.pk}/").content.decode()
    assert "Terbuka" in page
    assert "12" in page


# --- Changing offices ---


def test_the_coordinator_adds_an_office_and_the_centre_an_agency(world: World) -> None:
    client = client_of(world.wati)
    form = {"kind": "OPD", "name": "Dinas  Perhubungan", "bidang": ["perhubungan"], "aliases": "Dishub\nDishub\n"}
    client.post(f"/instansi/{world.pemkab.pk}/kantor-baru/", form)
    office = Agency.objects.get(name="Dinas Perhubungan")
    assert (office.parent, office.region, office.bidang) == (world.pemkab, world.sukamaju, ["perhubungan"])
    assert office.aliases == ["Dishub"]
    assert "Sudah ada kantor" in client.post(f"/instansi/{world.pemkab.pk}/kantor-baru/", form).content.decode()
    national = client_of(world.ratna)
    national.post(f"/instansi/{world.root.pk}/kantor-baru/", {"kind": "LEMBAGA", "name": "Badan Baru"})
    assert Agency.objects.get(name="Badan Baru").parent == world.root


@pytest.mark.parametrize("act", ["ubah", "kantor-baru", "akhir"])
@pytest.mark.parametrize("who", ["sari", "joko", "hana", "tono", "bayu"])
def test_others_change_nothing(world: World, who: str, act: str) -> None:
    assert client_of(getattr(world, who)).get(f"/instansi/{world.dinas_sosial.pk}/{act}/").status_code == 403


def test_a_renamed_office_is_still_known_by_its_old_name(world: World) -> None:
    offices.change(world.dinas_sosial, by=world.wati, name="Dinas Sosial dan Pemberdayaan")
    world.dinas_sosial.refresh_from_db()
    assert "Dinas Sosial" in world.dinas_sosial.aliases
    entry = AuditEntry.objects.get(what="change_agency")
    assert entry.before is not None
    assert entry.before["name"] == "Dinas Sosial"


def test_a_name_is_one_line_whatever_was_posted(world: World) -> None:
    """It stands in the subjects of letters (django.core.mail refuses a header of two lines)."""
    said = {"name": "Dinas\r\nPekerjaan Umum", "short_name": "Dinas\r\nPU", "aliases": ""}
    answer = client_of(world.wati).post(f"/instansi/{world.dinas_pu.pk}/ubah/", said)
    assert answer.status_code == 302
    world.dinas_pu.refresh_from_db()
    assert (world.dinas_pu.name, world.dinas_pu.short_name) == ("Dinas Pekerjaan Umum", "Dinas PU")


def test_an_office_ends_with_a_successor_and_its_officers_act_no_more(world: World) -> None:
    heard, listen = listen_to(agency_ended)
    try:
        offices.end(world.dinas_kesehatan, by=world.wati, successor=world.dinas_sosial, reason="Digabung")
    finally:
        agency_ended.disconnect(listen)
    assert heard[0]["agency"].succeeded_by == world.dinas_sosial
    assert not Membership.objects.current().filter(agency=world.dinas_kesehatan).exists()
    page = Client().get(f"/instansi/{world.dinas_kesehatan.pk}/").content.decode()
    assert "Kantor ini berakhir" in page


def test_what_cannot_end_does_not(world: World) -> None:
    with pytest.raises(Refused, match="di bawahnya"):
        offices.end(world.dinas_pu, by=world.wati, successor=world.dinas_sosial, reason="x")
    with pytest.raises(Refused):
        offices.end(world.dinas_pu, by=world.wati, successor=world.bidang_jalan, reason="x")
    with pytest.raises(NotAllowed):
        offices.end(world.pemkab, by=world.wati, successor=world.pemkab_tetangga, reason="x")
    with pytest.raises(NotAllowed):
        offices.end(world.root, by=world.ratna, successor=world.pemkab, reason="x")


def test_a_kind_that_does_not_belong_there_is_refused(world: World) -> None:
    with pytest.raises(Refused):
        offices.add(by=world.ratna, parent=world.root, kind=Kind.KABUPATEN, name="Pemerintah Kabupaten Baru")
    with pytest.raises(Refused):
        offices.add(by=world.wati, parent=world.pemkab, kind=Kind.KEMENTERIAN, name="Kementerian Daerah")


def test_the_coordinator_lays_the_starter_set_with_one_button(world: World) -> None:
    client = client_of(world.tono)
    path = f"/instansi/{world.pemkab_tetangga.pk}/kantor-lazim/"
    assert client.get(path).status_code == 405
    client.post(path)
    assert Agency.objects.under(world.pemkab_tetangga).count() > 40
    assert client_of(world.wati).post(path).status_code == 403
    assert client.post(f"/instansi/{world.dinas_pu_tetangga.pk}/kantor-lazim/").status_code == 404


def test_a_district_that_begins_is_led_to_its_offices_and_then_to_their_officers(world: World) -> None:
    """The desk, and the page of officers, where nobody can be appointed yet."""
    begins = client_of(world.officer("Siti Timur", world.pemkab_timur, Role.COORDINATOR))
    there = f'href="/instansi/{world.pemkab_timur.pk}/#kelola"'
    assert all(there in begins.get(path).content.decode() for path in ("/meja/", "/petugas/"))
    begins.post(f"/instansi/{world.pemkab_timur.pk}/kantor-lazim/")
    assert not any(there in begins.get(path).content.decode() for path in ("/meja/", "/petugas/"))
    assert begins.get("/petugas/").content.decode().count("?kantor=") > 40


# --- Import ---


def csv(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("instansi.csv", text.encode())


def test_the_centre_sees_what_an_import_would_do_before_it_is_done(world: World) -> None:
    client = client_of(world.ratna)
    text = "kind,name\nLEMBAGA,Lembaga Satu\nTOKO,Toko Dua\n"
    answer = client.post("/kelola/impor/", {"table": csv(text)})
    page = answer.content.decode()
    assert "Lembaga Satu" in page
    assert "jenis instansi tidak dikenal: TOKO. Yang dikenal: KEMENTERIAN, LEMBAGA, " in page
    assert not Agency.objects.filter(name="Lembaga Satu").exists()
    client.post("/kelola/impor/", {"text": answer.context["text"]})
    assert Agency.objects.filter(name="Lembaga Satu").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "kosong"), (b"\xff\xfe\x00", "bukan teks UTF-8"), (b"nama\nx\n", "kind dan name")],
)
def test_a_file_that_is_no_table_says_so(world: World, content: bytes, sentence: str) -> None:
    answer = client_of(world.ratna).post("/kelola/impor/", {"table": SimpleUploadedFile("a.csv", content)})
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("path", ["/kelola/impor/", "/kelola/hari-libur/"])
def test_the_pages_of_the_centre_are_the_centres(world: World, path: str) -> None:
    assert client_of(world.ratna).get(path).status_code == 200
    for who in (world.wati, world.joko, world.bayu, world.sari):
        assert client_of(who).get(path).status_code == 403


# --- Holidays ---


def test_a_holiday_is_added_and_taken_out_and_each_is_announced(world: World) -> None:
    heard, listen = listen_to(calendar_changed)
    client = client_of(world.ratna)
    form = {
        "date_day": "15",
        "date_month": "7",
        "date_year": "2026",
        "name": "Hari jadi",
        "kind": "LIBUR",
        "region": "99.01",
    }
    try:
        client.post("/kelola/hari-libur/", form)
        holiday = Holiday.objects.get(name="Hari jadi")
        assert holiday.region == world.sukamaju
        assert "sudah tercatat" in client.post("/kelola/hari-libur/", form).content.decode()
        client.post(f"/kelola/hari-libur/{holiday.pk}/hapus/")
    finally:
        calendar_changed.disconnect(listen)
    assert [(said["years"], said["region"]) for said in heard] == [({2026}, world.sukamaju)] * 2
    assert not Holiday.objects.filter(name="Hari jadi").exists()
    assert AuditEntry.objects.filter(what__in=("add_holiday", "remove_holiday")).count() == 2


def test_a_year_is_loaded_from_a_table(world: World) -> None:
    rows = "date,name,kind\n2028-01-03,Libur,libur_nasional\n2028-13-01,Salah,libur\n"
    table = SimpleUploadedFile("2028.csv", rows.encode())
    answer = client_of(world.ratna).post("/kelola/hari-libur/", {"banyak": "1", "table": table}, follow=True)
    assert Holiday.objects.filter(date__year=2028).count() == 1
    assert "Baris 3" in answer.content.decode()


def test_the_calendar_is_not_a_coordinators(world: World) -> None:
    with pytest.raises(NotAllowed):
        holidays.add(by=world.wati, date=datetime.date(2026, 7, 15), name="Libur", kind="LIBUR")


@pytest.mark.parametrize(
    ("day", "year"),
    [("2026-09-30", None), ("2026-10-01", None), ("2027-09-30", None), ("2027-10-01", 2028), ("2028-02-01", 2028)],
)
def test_from_october_a_missing_next_year_is_an_alarm(day: str, year: int | None) -> None:
    assert alarms.missing_holidays(datetime.date.fromisoformat(day)) == year


def test_the_alarm_is_on_the_coordinators_pages_and_in_check(world: World) -> None:
    with time_machine.travel("2027-10-02 03:00:00Z", tick=False):
        assert "Hari libur 2028 belum dimuat" in client_of(world.wati).get("/petugas/").content.decode()
        assert "Hari libur 2028 belum dimuat" in client_of(world.ratna).get("/kelola/").content.decode()
        assert "belum dimuat" not in client_of(world.hana).get("/petugas/").content.decode()
        found = [message.id for message in run_checks(databases=["default"])]
        assert "agencies.W001" in found
    assert timezone.localdate().year
