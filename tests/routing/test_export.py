"""Data that is taken home: the columns of an SP4N-LAPOR! export, what they hide, and the way back in without a loss."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from agencies.actor import Actor
from agencies.models import AuditEntry
from complaints import privacy
from complaints.channels.counter import sp4n
from complaints.channels.counter.export import Export
from complaints.models import Complaint, Publication
from complaints.models.lifecycle.acting import PublicText
from lapor.kit import tables
from routing import dispatch
from tests.complaints.cases import NOW, at, later, report
from tests.world import ROOT, World, client_of

pytestmark = pytest.mark.django_db
VOCABULARY = ROOT.parent / "shared" / "data" / "agencies" / "sp4n_vocabulary.json"


def rows(by: Actor, **more: Any) -> list[dict[str, str]]:
    export = Export(by, more.pop("office", None) or by.agency, **more)  # type: ignore[arg-type]
    content = b"".join(tables.csv_lines(export.rows())).decode("utf-8-sig")
    return [
        {name: tables.unguarded(cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(content))
    ]


def one(by: Actor, **more: Any) -> dict[str, str]:
    [row] = rows(by, **more)
    return row


def import_table(folder: Path, content: bytes) -> str:
    path = folder / "ekspor.csv"
    path.write_bytes(content)
    out = StringIO()
    call_command("import_complaints", path, "--refused", folder / "ditolak.csv", stdout=out)
    return out.getvalue()


def address(world: World, office: str = "pemkab") -> str:
    return f"/pengawasan/{getattr(world, office).pk}/unduhan/"


# --- the columns ---


def test_exactly_the_columns_in_their_order() -> None:
    import json

    if not VOCABULARY.exists():
        pytest.skip("../shared/data/agencies/sp4n_vocabulary.json is not here")
    vocabulary = json.loads(VOCABULARY.read_text())
    assert list(sp4n.COLUMNS) == vocabulary["export_columns"]
    from complaints.channels.counter import told

    assert all(told.read(words) for words in vocabulary["status"])
    assert all(sp4n.kind_of(words) for words in vocabulary["classification"])
    assert all(sp4n.type_of(words) for words in vocabulary["report_type"])


def test_a_plain_row(world: World) -> None:
    case = at(report(world, category=world.cat_road), world.dinas_pu)
    assert one(world.wati) == {
        "Tracking ID": case.shown_number,
        "Tanggal Laporan Masuk": "2026-05-25",
        "Waktu Laporan Masuk": "08:12:00",
        "Nama Pelapor": "",
        "Klasifikasi Laporan": "Pengaduan Tidak Berkadar Pengawasan",
        "ID Kategori": str(world.cat_road.pk),
        "Kategori": world.cat_road.name,
        "Judul Laporan": case.title,
        "Isi Laporan Awal": case.body,
        "Isi Laporan Akhir": case.body,
        "Tipe Laporan (Anonim/Rahasia)": "",
        "Sumber Laporan": "situs web",
        "Instansi Induk": world.pemkab.name,
        "ID Instansi Terdisposisi": str(world.dinas_pu.pk),
        "Instansi Terdisposisi": world.dinas_pu.name,
        "Status Laporan": "Belum Ditindaklanjuti",
        "Alasan Tunda/Arsip": "",
        "Provinsi": "Sukaraya",
        "Kota/Kabupaten": "Kabupaten Sukamaju",
        "Kecamatan": "Mekarsari",
        "Kelurahan": "Sukasari",
    }


# --- what they hide ---


def test_a_secret_report_is_a_row_without_a_word(world: World) -> None:
    at(report(world, title="Pungli di loket", body="Diminta amplop.", secret=True), world.dinas_pu)
    row = one(world.wati, names=True, reason="uji")
    assert "loket" not in str(row)
    assert "amplop" not in str(row)
    assert row["Tipe Laporan (Anonim/Rahasia)"] == "Rahasia"
    assert row["Isi Laporan Awal"] == row["Judul Laporan"] == "[rahasia]"


def test_an_anonymous_name_is_never_told_and_others_only_when_asked_for(world: World) -> None:
    at(report(world, anonymous=True), world.dinas_pu)
    named = at(report(world, name="Sari Wulandari"), world.dinas_pu)
    assert [row["Nama Pelapor"] for row in rows(world.wati)] == ["", ""]
    assert not AuditEntry.objects.filter(what="look").exists()
    asked = rows(world.wati, names=True, reason="Rekap tahunan")
    assert [row["Nama Pelapor"] for row in asked] == ["", "Sari Wulandari"]
    [entry] = AuditEntry.objects.filter(what="look")
    assert (entry.subject_id, entry.who, entry.reason) == (named.pk, world.wati.user, "Rekap tahunan")
    [look] = privacy.who_looked(named)
    assert look.reason == "Rekap tahunan"


def test_the_centre_opens_no_names_by_the_thousand(world: World) -> None:
    at(report(world), world.dinas_pu)
    assert one(world.ratna, names=True, reason="uji")["Nama Pelapor"] == ""


def test_what_is_kept_from_a_reader_has_no_row(world: World) -> None:
    at(report(world, not_for=world.dinas_pu), world.inspektorat)
    case = at(report(world), world.dinas_pu)
    dispatch.exclude(case, officers=[world.wati.user], by=world.ratna)  # type: ignore[list-item]
    assert len(rows(world.wati)) == 1
    assert len(rows(world.tono)) == 0
    at(report(world, secret=True), world.dinas_pu)
    assert len(rows(world.ratna)) == 2, "what asks for a reason first stands in no list of the centre"


def test_one_year(world: World) -> None:
    at(report(world, now=NOW), world.dinas_pu)
    at(report(world, now=NOW - datetime.timedelta(days=365)), world.dinas_pu)
    assert len(rows(world.wati)) == 2
    assert one(world.wati, year=2025)["Tanggal Laporan Masuk"].startswith("2025")


# --- there and back ---


def every_state(world: World) -> None:
    """Reports in every state, of every kind and secrecy, at offices, desks and units, in two zones."""
    wati, joko, sari = world.wati, world.joko, Actor.reporter()
    at(report(world, kind="ASPIRASI", place=world.pasar_lama, category=world.cat_works), world.dinas_pu)
    at(report(world, anonymous=True, secret=True), world.dinas_kesehatan)
    at(report(world, place=None, kind="PERMINTAAN_INFORMASI"), world.pemkab)
    waiting = at(report(world, title="=1+1"), world.dinas_pu)
    waiting.ask("Di RT berapa?\nDi depan rumah siapa?", by=joko, now=later(hours=1))
    started = at(report(world, anonymous=True, body='-5 derajat, kata "orang"; titik, koma.'), world.dinas_pu)
    started.start(by=joko, public=PublicText("Judul umum", "Isi yang sudah disamarkan."), now=later(hours=1))
    started.reclassify(by=wati, reason="Perlu pemeriksaan.", supervised=True, now=later(hours=2))
    answered = at(report(world), world.dinas_pu)
    answered.resolve("Ditambal.", by=joko, outcome="REFUSED", now=later(hours=1))
    accepted = at(report(world), world.dinas_pu)
    accepted.resolve("Ditambal.", by=joko, outcome="REFUSED", now=later(hours=1))
    accepted.accept(by=sari, now=later(hours=2))
    lapsed = at(report(world), world.dinas_pu)
    lapsed.resolve("Ditambal.", by=joko, outcome="REFUSED", now=later(hours=1))
    lapsed.lapse(by=dispatch.SYSTEM, now=later(days=90))
    expired = at(report(world), world.dinas_pu)
    expired.ask("Di mana?", by=joko, now=later(hours=1))
    expired.expire(by=dispatch.SYSTEM, now=later(days=90))
    archived = at(report(world, secret=True), world.dinas_pu)
    archived.archive(by=wati, ground="UNCLEAR", text="Tempatnya tidak disebut.", now=later(hours=1))
    plain = at(report(world), world.dinas_pu)
    plain.archive(by=wati, ground="NOT_PUBLIC_SERVICE", text="Sengketa: dua tetangga.", now=later(hours=1))
    withdrawn = at(report(world), world.dinas_pu)
    withdrawn.withdraw(by=sari, reason="Sudah beres sendiri.", now=later(hours=1))
    unsent = report(world)
    unsent.place_at(world.pemkab, by=dispatch.WORKER, reason="uji", now=NOW)
    unit = at(report(world), world.dinas_pu)
    unit.pass_on(world.bidang_jalan, by=joko, now=later(hours=1))
    unit.archive(by=wati, ground="ABUSE", text="Iklan.", now=later(hours=2))
    east = report(world, place=world.karang_pagi)
    at(east, world.dinas_pu)


def table(by: Actor) -> bytes:
    assert by.agency is not None
    return b"".join(tables.csv_lines(Export(by, by.agency, names=True, reason="Pindah").rows()))


@pytest.mark.slow
def test_export_into_an_empty_district_and_out_again_is_the_same(world: World, tmp_path: Path) -> None:
    with transaction.atomic():
        every_state(world)
        before = table(world.wati)
        assert Publication.objects.exists()
        transaction.set_rollback(True)
    assert not Complaint.objects.exists()
    out = import_table(tmp_path, before)
    refused = tmp_path / "ditolak.csv"
    assert "15 laporan masuk, 0 sudah ada, 0 ditolak" in out, refused.read_text() if refused.exists() else out
    assert "dimasukkan sebagai riwayat" in out
    after = table(world.wati)
    assert after.decode().splitlines() == before.decode().splitlines()
    assert all(case.silent for case in Complaint.objects.all())
    assert import_table(tmp_path, before).startswith("Tabel SP4N-LAPOR!")
    assert Complaint.objects.count() == 15, "a tracking id is one report in whatever file it stands"


@pytest.mark.slow
def test_a_table_of_this_very_portal_adds_nothing(world: World, tmp_path: Path) -> None:
    every_state(world)
    count = Complaint.objects.count()
    out = import_table(tmp_path, table(world.wati))
    assert f"0 laporan masuk, {count} sudah ada, 0 ditolak" in out
    assert Complaint.objects.count() == count


THEIRS = (
    "Tracking ID,Tanggal Laporan Masuk,Waktu Laporan Masuk,Nama Pelapor,Klasifikasi Laporan,ID Kategori,Kategori,"
    "Judul Laporan,Isi Laporan Awal,Isi Laporan Akhir,Tipe Laporan (Anonim/Rahasia),Sumber Laporan,Instansi Induk,"
    "ID Instansi Terdisposisi,Instansi Terdisposisi,Status Laporan,Alasan Tunda/Arsip,Provinsi,Kota/Kabupaten,"
    "Kecamatan,Kelurahan\n"
)


def theirs(**cells: str) -> bytes:
    """A table of theirs with one row."""
    values = {
        "Tracking ID": "7654321",
        "Tanggal Laporan Masuk": "27/05/2024",
        "Waktu Laporan Masuk": "08.30",
        "Klasifikasi Laporan": "Pengaduan Berkadar Pengawasan",
        "ID Kategori": "4711",
        "Kategori": "Jalan Berlubang",
        "Judul Laporan": "Jalan berlubang",
        "Isi Laporan Awal": "jln brlubang dpn pasar",
        "Isi Laporan Akhir": "Jalan berlubang di depan pasar.",
        "Tipe Laporan (Anonim/Rahasia)": "Anonim",
        "Sumber Laporan": "Android",
        "Instansi Induk": "Pemerintah Kabupaten Sukamaju",
        "ID Instansi Terdisposisi": "90210",
        "Instansi Terdisposisi": "Dinas Kesehatan",
        "Status Laporan": "Ditutup oleh Admin",
        "Provinsi": "Sukaraya",
        "Kota/Kabupaten": "Kabupaten Sukamaju",
        "Kecamatan": "Mekarsari",
        "Kelurahan": "Sukasari",
        **cells,
    }
    out = io.StringIO()
    csv.writer(out).writerow([values.get(name, "") for name in sp4n.COLUMNS])
    return (THEIRS + out.getvalue()).encode()


def test_a_row_of_theirs_is_understood_whole(world: World, tmp_path: Path) -> None:
    import_table(tmp_path, theirs(**{"Nama Pelapor": "Sari Wulandari"}))
    case = Complaint.objects.get()
    assert (case.former_number, case.supervised, case.anonymous, case.secret) == ("7654321", True, True, False)
    assert (case.handler, case.status, case.channel) == (world.dinas_kesehatan, "closed", "Android")
    assert (case.place, case.category, case.happened_on) == (world.sukasari, world.cat_road, None)
    jakarta = datetime.timezone(datetime.timedelta(hours=7))
    assert case.received_at == datetime.datetime(2024, 5, 27, 8, 30, tzinfo=jakarta)
    row = one(world.wati)
    assert row["Isi Laporan Akhir"] == "Jalan berlubang di depan pasar."
    assert (row["Status Laporan"], row["Sumber Laporan"], row["Tracking ID"]) == (
        "Ditutup oleh Admin",
        "Android",
        "7654321",
    )
    notes = client_of(world.dewi).get(f"/meja/{case.number}/").content.decode()
    assert "Jalan berlubang di depan pasar." in notes
    found = client_of(world.wati).get("/meja/", {"q": "7654321"})
    assert found.headers["Location"] == f"/meja/{case.number}/"
    assert client_of(world.tono).get("/meja/", {"q": "7654321"}).status_code == 200, "not to a stranger"


def test_an_office_without_officers_keeps_what_is_over(world: World, tmp_path: Path) -> None:
    import_table(tmp_path, theirs(**{"Instansi Terdisposisi": "Dinas Sosial"}))
    assert Complaint.objects.get().handler == world.dinas_sosial
    import_table(
        tmp_path,
        theirs(**{"Tracking ID": "2", "Instansi Terdisposisi": "Dinas Sosial", "Status Laporan": "Dalam Proses"}),
    )
    case = Complaint.objects.get(former_number="2")
    assert case.handler == world.pemkab, "an open one needs somebody"


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Isi Laporan Awal", ""),
        ("Status Laporan", "Hilang"),
        ("Tipe Laporan (Anonim/Rahasia)", "Gaib"),
        ("Waktu Laporan Masuk", "pagi"),
        ("Tanggal Laporan Masuk", "kemarin"),
        ("Klasifikasi Laporan", "Gosip"),
    ],
)
def test_a_refused_row_names_the_column_as_the_table_does(world: World, tmp_path: Path, column: str, cell: str) -> None:
    import_table(tmp_path, theirs(**{column: cell}))
    with (tmp_path / "ditolak.csv").open(encoding="utf-8") as file:
        assert [row["kolom"] for row in csv.DictReader(file)] == [column]
    assert not Complaint.objects.exists()


# --- safe to open ---


@given(st.text(max_size=40))
def test_a_cell_is_never_run_and_comes_back_as_it_was(cell: str) -> None:
    guarded = tables.guarded(cell)
    assert guarded[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "|", "%"}
    assert tables.unguarded(guarded) == cell
    # As a spreadsheet reads it that parts rows at semicolons.
    assert not any(part.startswith(("=", "+", "-", "@", "\t")) for part in re.split(r"[;\r\n]", guarded))


@given(st.text(alphabet="a'=-;\n\r\t", max_size=12))
def test_what_is_made_of_signs_comes_back_as_it_was(cell: str) -> None:
    assert tables.unguarded(tables.guarded(cell)) == cell


def test_what_follows_a_semicolon_is_no_cell_that_runs() -> None:
    [page] = tables.csv_lines([["7K4M9QXD2TB", "Jalan rusak;=1+cmd|' /C calc'!A0;tolong", "ada:\n- lubang"]])
    assert ";=" not in page.decode()
    assert ";'=1+cmd" in page.decode()
    assert "\n'- lubang" in page.decode()


@pytest.mark.parametrize("cell", ["=1+1", "+62812", "-5", "@SUM(A1)", "\t=1", "'=1", "''=1", "\uff1d1"])
def test_what_spreadsheets_run_is_text(cell: str) -> None:
    assert tables.guarded(cell) == f"'{cell}"


def test_a_workbook_holds_formulas_as_text(world: World) -> None:
    at(report(world, title='=HYPERLINK("http://x.test")'), world.dinas_pu)
    book = zipfile.ZipFile(tables.xlsx_file(Export(world.wati, world.pemkab).rows(), "Laporan"))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "HYPERLINK(" in sheet
    assert "Tracking ID" in sheet


# --- the page ---


def test_the_coordinator_downloads_and_it_is_logged(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    wati = client_of(world.wati)
    assert address(world) in wati.get("/pengawasan/").content.decode()
    assert "Isi Laporan Akhir" in wati.get(address(world)).content.decode()
    answer = wati.post(address(world), {"form": "csv", "year": ""})
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert case.shown_number in content
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.get(what="export")
    assert (entry.who, entry.acting_as, entry.subject_id) == (world.wati.user, world.pemkab, world.pemkab.pk)
    assert entry.after == {"cases": 1, "year": None, "names": False, "form": "csv"}
    book = wati.post(address(world, "dinas_pu"), {"form": "xlsx", "year": "2026"})
    assert zipfile.is_zipfile(io.BytesIO(b"".join(book.streaming_content)))  # type: ignore[attr-defined]
    assert AuditEntry.objects.filter(what="export").count() == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"form": "pdf"}, "Pilih XLSX atau CSV."),
        ({}, "Pilih XLSX atau CSV."),
        ({"form": "csv", "year": "1945"}, "Pilih tahun yang ada di daftar."),
        ({"form": "csv", "names": "on"}, "Tulis mengapa nama pelapor diperlukan."),
        ({"form": "csv", "names": "on", "reason": "x" * 301}, "Alasan paling panjang 300 huruf."),
    ],
)
def test_a_choice_that_makes_no_file(world: World, said: dict[str, str], sentence: str) -> None:
    answer = client_of(world.wati).post(address(world), said)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not AuditEntry.objects.filter(what="export").exists()


@pytest.mark.parametrize("who", ["joko", "hana", "tono", "bayu", "dewi"])
def test_who_does_not_oversee_takes_nothing(world: World, who: str) -> None:
    at(report(world), world.dinas_pu)
    client = client_of(getattr(world, who))
    for answer in (client.get(address(world)), client.post(address(world), {"form": "csv"})):
        assert answer.status_code in (403, 404)
    assert not AuditEntry.objects.filter(what="export").exists()
    assert address(world) not in client.get("/pengawasan/").content.decode()
    assert Client().get(address(world)).status_code == 302


# --- the command ---


def test_the_command_writes_what_its_officer_may_see(world: World, tmp_path: Path) -> None:
    at(report(world, secret=True, body="Diminta uang."), world.dinas_pu)
    out = tmp_path / "rumah.csv"
    assert world.wati.user is not None
    call_command("export_complaints", str(world.pemkab.pk), out=out, email=world.wati.user.email, stdout=StringIO())
    assert "Diminta" not in out.read_text(encoding="utf-8-sig")
    assert AuditEntry.objects.get(what="export").who == world.wati.user
    for office, email in (
        ("Kantor Bulan", world.wati.user.email),
        (str(world.pemkab.pk), world.joko.user.email),  # type: ignore[union-attr]
        (str(world.pemkab_tetangga.pk), world.wati.user.email),
    ):
        with pytest.raises(CommandError):
            call_command("export_complaints", office, out=out, email=email, stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("export_complaints", str(world.pemkab.pk), out=tmp_path / "x.pdf", email="a@b.test")
