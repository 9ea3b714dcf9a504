"""A table of reports: columns by header, refused rows named, a second run adds nothing."""

from __future__ import annotations

import csv
import datetime
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import Agency, Role
from complaints.channels.counter import told as words
from complaints.channels.counter.offices import Offices, said
from complaints.channels.counter.table import BadTable, parse_date, read_table
from complaints.models import Arrival, Clock, Complaint, Notification, Reporter
from complaints.models.lifecycle.inheriting import ENDS
from complaints.notifications import delivery
from complaints.transitions import NotAllowed, Status
from routing.models import Disposition, Outcome
from tests.world import ROOT, World, client_of

pytestmark = pytest.mark.django_db
DEV = ROOT.parent / "shared" / "data" / "complaints_lapor2017_dev" / "complaints.csv"


def run(folder: Path, content: str | bytes, *options: str, name: str = "laporan.csv") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = StringIO()
    call_command("import_complaints", path, "--refused", folder / "ditolak.csv", *options, stdout=out)
    return out.getvalue()


def refused(folder: Path) -> list[tuple[str, str, str]]:
    with (folder / "ditolak.csv").open(encoding="utf-8") as file:
        return [(row["baris"], row["kolom"], row["alasan"]) for row in csv.DictReader(file)]


def test_only_text_is_required(world: World, tmp_path: Path) -> None:
    out = run(tmp_path, "text\nLampu jalan mati di depan pasar.\n")
    assert "1 laporan masuk, 0 sudah ada, 0 ditolak." in out
    case = Complaint.objects.get()
    assert (case.body, case.handler) == ("Lampu jalan mati di depan pasar.", world.root)
    assert Disposition.objects.open().get(complaint=case).weighed_at is not None
    assert Clock.objects.unstopped().filter(complaint=case).exists()


def test_every_column(world: World, tmp_path: Path) -> None:
    run(
        tmp_path,
        "Text;ID;kind;title;date;agency;place;category;channel;reporter_name;reporter_contact;status;warna\n"
        "Jembatan putus.;7;Pengaduan;Jembatan;29/05/2026;;Sukasari, Mekarsari;Jalan Berlubang;sms;Sari;sari@contoh.test"
        ";Selesai;biru\n",
    )
    case = Complaint.objects.get()
    assert (case.title, case.happened_on) == ("Jembatan", datetime.date(2026, 5, 29))
    assert (case.place, case.category, case.handler) == (world.sukasari, world.cat_road, world.dinas_pu)
    assert case.reporter.email_fingerprint
    assert Arrival.objects.get().external_id == "laporan.csv#7"
    assert "jembatan" not in Arrival.objects.get().raw_sealed.lower()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_with_and_without_bom_comma_and_semicolon(world: World, tmp_path: Path, encoding: str, separator: str) -> None:
    run(tmp_path, separator.join(["id", "text"]).encode(encoding) + separator.join(["\n1", "Air keruh."]).encode())
    assert Complaint.objects.get().body == "Air keruh."


def test_a_second_run_adds_nothing_a_longer_file_adds_the_rest(world: World, tmp_path: Path) -> None:
    run(tmp_path, "id,text\n1,Air keruh.\n2,Lampu mati.\n")
    out = run(tmp_path, "id,text\n1,Air keruh.\n2,Lampu mati.\n3,Sampah.\n")
    assert "1 laporan masuk, 2 sudah ada, 0 ditolak." in out
    assert Complaint.objects.count() == 3


def test_a_dry_run_writes_nothing_and_names_what_it_would_refuse(world: World, tmp_path: Path) -> None:
    out = run(tmp_path, "id,text,date\n1,Air keruh.,\n2,,\n", "--dry-run")
    assert "1 baris bisa masuk, 0 sudah ada, 1 ditolak" in out
    assert not Arrival.objects.exists()
    assert refused(tmp_path) == [("3", "text", "kosong")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("1,,,", "text"),
        (f"1,{'a' * 10_001},,", "text"),
        ("1,Air keruh.,kemarin,", "date"),
        ("1,Air keruh.,31/02/2026,", "date"),
        ("1,Air keruh.,01/01/2090,", "date"),
        ("1,Air keruh.,,KELUHAN", "kind"),
        ("1,Air keruh.,,,lebih", ""),
    ],
)
@pytest.mark.sampled
def test_a_refused_row_names_its_column_and_the_others_go_in(
    world: World, tmp_path: Path, row: str, column: str
) -> None:
    run(tmp_path, f"id,text,date,kind\n{row}\n2,Lampu mati.,,\n")
    assert [(line, name) for line, name, _ in refused(tmp_path)] == [("2", column)]
    assert Complaint.objects.get().body == "Lampu mati."


def test_the_same_id_twice_in_a_file_is_refused_by_its_line(world: World, tmp_path: Path) -> None:
    run(tmp_path, "id,text\n1,Air keruh.\n1,Lampu mati.\n")
    assert refused(tmp_path) == [("3", "id", "id ini sudah ada di baris 2")]


def test_nul_and_unpaired_surrogates_are_left_out(world: World, tmp_path: Path) -> None:
    run(tmp_path, b"id,title,text,agency\n1,Ju\x00dul,Air \xed\xa0\x80keruh\x00.,Di\x00nas\xed\xb0\x80\n")
    case = Complaint.objects.get()
    assert (case.title, case.body, case.addressed_text) == ("Judul", "Air keruh.", "Dinas")


@pytest.mark.parametrize("content", [b"", b"id,judul\n1,x\n", b"id,text\n1,\xff\xfe\n", b"text,text\na,b\n"])
def test_what_is_no_table_is_refused_whole(world: World, tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CommandError):
        run(tmp_path, content)
    with pytest.raises(BadTable):
        read_table(content)


def test_a_file_that_is_not_there(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("import_complaints", tmp_path / "tidak-ada.csv")


# --- whose it is ---


@pytest.mark.parametrize(
    "written",
    [
        "Dinas Kesehatan",
        "DINKES",
        "dinas  kesehatan kab. sukamaju",
        "Dinkes Kabupaten Sukamaju",
        "Dinas Kesehatan Sukamaju",
    ],
)
def test_a_name_that_one_staffed_office_has(world: World, written: str) -> None:
    found = Offices(datetime.date(2026, 5, 29)).named(written)
    assert (found == world.dinas_kesehatan) is (written != "Dinas Kesehatan Sukamaju")


def test_an_alias_counts(world: World) -> None:
    world.officer("Pak Menteri", world.ministry, Role.LIAISON)
    assert Offices(datetime.date(2026, 5, 29)).named("kementerian jembatan") == world.ministry


@pytest.mark.parametrize("written", ["Dinas PU", "Dinas Sosial", "Kantor Bulan", "", "Pemerintah Pusat"])
def test_two_of_that_name_or_nobody_there_is_text_for_the_desk(world: World, tmp_path: Path, written: str) -> None:
    run(tmp_path, f"text,agency\nAir keruh.,{written}\n")
    case = Complaint.objects.get()
    assert (case.addressed_to, case.addressed_text, case.handler) == (None, written, world.root)


def test_a_named_office_gets_it(world: World, tmp_path: Path) -> None:
    out = run(tmp_path, "text,agency\nAir keruh.,Dinas Kesehatan Kabupaten Sukamaju\nLampu mati.,Kantor Bulan\n")
    assert Complaint.objects.get(addressed_to__isnull=False).handler == world.dinas_kesehatan
    assert "50.0%  pekerja meneruskan: pelapor menyebut kantor ini" in out
    assert "50.0%  meja nasional: Kantor yang ditulis pelapor tidak dikenali" in out


# --- history ---


def test_history_keeps_its_dates_and_is_silent(world: World, tmp_path: Path) -> None:
    world.membership(world.sari, world.dinas_kesehatan, Role.HEAD)
    run(
        tmp_path,
        "id,text,date,place,reporter_contact\n1,Air keruh.,2026-05-29,99.01.01.2001,sari@contoh.test\n",
        "--history",
    )
    case = Complaint.objects.get()
    assert case.silent
    assert case.received_at.date() == datetime.date(2026, 5, 29)
    assert Clock.objects.get(complaint=case, kind="VERIFY").due_on == datetime.date(2026, 6, 4)
    assert not Notification.objects.exists()


def told(folder: Path, status: str, *, agency: str = "Dinas Kesehatan Kab. Sukamaju", channel: str = "") -> Complaint:
    """One report of the past with this status."""
    row = f"id,text,date,agency,status,channel\n1,Air keruh.,2024-05-27,{agency},{status},{channel}\n"
    run(folder, row, "--history")
    return Complaint.objects.get()


@pytest.mark.parametrize(
    ("status", "became", "verb", "outcome"),
    [
        ("Ditutup oleh Pelapor", Status.CLOSED, "accept", Outcome.ANSWERED),
        ("Ditutup oleh Sistem", Status.CLOSED, "lapse", Outcome.LAPSED),
        ("Ditutup oleh Admin", Status.CLOSED, "lapse", Outcome.LAPSED),
        ("SELESAI", Status.CLOSED, "lapse", Outcome.LAPSED),
        ("closed", Status.CLOSED, "lapse", Outcome.LAPSED),
        ("Diarsipkan oleh Admin", Status.ARCHIVED, "archive", Outcome.ARCHIVED),
        ("Diarsipkan", Status.ARCHIVED, "archive", Outcome.ARCHIVED),
        ("Diarsipkan oleh Sistem", Status.ARCHIVED, "expire", Outcome.EXPIRED),
        ("Diarsipkan oleh Pelapor", Status.ARCHIVED, "withdraw", Outcome.WITHDRAWN),
    ],
)
def test_a_report_that_was_over_comes_in_over(
    world: World, tmp_path: Path, status: str, became: str, verb: str, outcome: str
) -> None:
    case = told(tmp_path, status)
    assert (case.status, case.handler, case.silent) == (became, world.dinas_kesehatan, True)
    last = case.events.latest("pk")
    assert (last.verb, last.status_to, last.particulars["told_as"]) == (verb, became, status)
    assert last.at == case.received_at == case.closed_at
    assert case.received_at.date() == datetime.date(2024, 5, 27)
    assert last.recorded_at.year > 2024, "written now, not then"
    assert not Clock.objects.unstopped().exists()
    assert case.due_on is None
    assert Disposition.objects.latest("pk").outcome == outcome
    assert not Disposition.objects.open().exists()
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("status", "became", "verb"),
    [
        ("Belum Ditindaklanjuti", Status.FORWARDED, "forward"),
        ("Sudah Terverifikasi", Status.FORWARDED, "forward"),
        ("Dalam Proses", Status.IN_PROGRESS, "start"),
        ("Ditindaklanjuti oleh Instansi", Status.IN_PROGRESS, "start"),
        ("Menunggu Kelengkapan Informasi", Status.WAITING, "ask"),
        ("Tertunda", Status.WAITING, "ask"),
        ("Selesai otomatis dalam 10 hari", Status.ANSWERED, "resolve"),
        ("", Status.FORWARDED, "forward"),
    ],
)
def test_a_report_that_was_open_goes_on_where_it_stood(
    world: World, tmp_path: Path, status: str, became: str, verb: str
) -> None:
    case = told(tmp_path, status)
    assert (case.status, case.handler) == (became, world.dinas_kesehatan)
    assert case.events.latest("pk").verb == verb
    running = set(Clock.objects.running().values_list("kind", flat=True))
    assert running == ({"REPORTER"} if became in (Status.WAITING, Status.ANSWERED) else {"RESPOND", "RESOLVE"})
    assert Disposition.objects.open().get().first_answer_at is None, "when it was answered nobody knows"
    assert not Notification.objects.exists()


def test_who_is_waited_for_has_their_days_from_today(world: World, tmp_path: Path) -> None:
    case = told(tmp_path, "Menunggu Kelengkapan Informasi")
    clock = Clock.objects.running().get(complaint=case)
    assert clock.started_on == case.today()
    assert clock.due_on is not None
    assert clock.due_on > case.today()
    case.complete("Di belakang pasar.", by=Actor.reporter())
    assert Complaint.objects.get().status == Status.FORWARDED


def test_a_report_nobody_verified_waits_at_the_desk_above_its_office(world: World, tmp_path: Path) -> None:
    case = told(tmp_path, "Belum Terverifikasi")
    assert (case.status, case.handler) == (Status.SUBMITTED, world.pemkab)
    assert Disposition.objects.open().get().weighed_at is not None


@pytest.mark.parametrize("status", ["Dalam Proses", "Belum Ditindaklanjuti", "Menunggu Tanggapan Pelapor"])
def test_an_open_report_of_an_unknown_office_is_left_to_a_desk(world: World, tmp_path: Path, status: str) -> None:
    case = told(tmp_path, status, agency="Kantor Bulan")
    assert (case.status, case.handler) == (Status.SUBMITTED, world.root)


def test_a_report_of_an_unknown_office_that_was_over_stays_over(world: World, tmp_path: Path) -> None:
    case = told(tmp_path, "Ditutup oleh Sistem", agency="Kantor Bulan")
    assert (case.status, case.addressed_text) == (Status.CLOSED, "Kantor Bulan")


@pytest.mark.parametrize("options", [["--history"], ["--history", "--dry-run"]])
def test_an_unknown_status_is_refused_with_its_column(world: World, tmp_path: Path, options: list[str]) -> None:
    run(tmp_path, "id,text,status\n1,Air keruh.,Dikirim ke bulan\n2,Lampu mati.,Selesai\n", *options)
    assert refused(tmp_path) == [("2", "status", "status “Dikirim ke bulan” tidak dikenal")]
    assert Complaint.objects.count() == (0 if "--dry-run" in options else 1)


def test_a_second_run_of_a_history_ends_nothing_twice(world: World, tmp_path: Path) -> None:
    case = told(tmp_path, "Ditutup oleh Sistem")
    events = case.events.count()
    told(tmp_path, "Ditutup oleh Sistem")
    assert Complaint.objects.get().events.count() == events


@pytest.mark.parametrize(
    ("written", "kept", "shown"),
    [
        ("Website", "web", "lewat situs"),
        ("web", "web", "lewat situs"),
        ("situs web", "web", "lewat situs"),
        ("Surel", "email", "lewat email"),
        ("Android", "Android", "lewat Android"),
        ("Kotak saran  kecamatan", "Kotak saran kecamatan", "lewat Kotak saran kecamatan"),
        ("", "counter", "lewat loket"),
    ],
)
@pytest.mark.sampled
def test_the_channel_it_came_by_is_kept(world: World, tmp_path: Path, written: str, kept: str, shown: str) -> None:
    case = told(tmp_path, "Dalam Proses", channel=written)
    assert case.channel == kept
    assert Arrival.objects.get().channel == "counter"
    page = client_of(world.dewi).get(f"/meja/{case.number}/").content.decode()
    assert shown in page


def test_officer_and_reporter_read_that_it_is_told(world: World, tmp_path: Path) -> None:
    case = told(tmp_path, "Ditutup oleh Admin")
    desk = client_of(world.dewi).get(f"/meja/{case.number}/").content.decode()
    assert "Menurut data lama: “Ditutup oleh Admin”. Tanggalnya tidak disebut di sana." in desk
    Reporter.objects.update(account_fingerprint=world.sari.fingerprint)
    page = client_of(world.sari).get(f"/laporan/{case.number}/").content.decode()
    assert "Menurut data lama: “Ditutup oleh Admin”." in page


def test_nobody_but_the_table_brings_a_past(world: World, tmp_path: Path) -> None:
    run(tmp_path, "id,text\n1,Air keruh.\n")
    case = Complaint.objects.get()
    with pytest.raises(NotAllowed):
        case.inherit("accept", by=Actor.system("sweep"), words="Selesai")
    case.silent = True
    case.save()
    for by in (world.wati, world.ratna, Actor.reporter()):
        with pytest.raises(NotAllowed):
            case.inherit("accept", by=by, words="Selesai")


def test_without_history_status_and_channel_count_for_nothing_and_that_is_said(world: World, tmp_path: Path) -> None:
    out = run(tmp_path, "id,text,status,channel\n1,Air keruh.,Selesai,Android\n")
    assert "hanya dipakai dengan --history" in out
    assert Complaint.objects.get().is_open


@pytest.mark.parametrize(
    ("status", "verb"),
    [(one.value, verb) for one in Status for verb in ENDS.get(one, ("forward",))],
)
def test_our_own_words_lead_back_to_where_they_came_from(status: str, verb: str) -> None:
    found = words.read(words.words_of(status, verb))
    assert found is not None
    assert found.status == status
    assert found.verb == (verb if status != Status.SUBMITTED else "")


def test_ground_and_text_share_a_cell_and_part_again() -> None:
    both = words.ground_words("UNCLEAR", "Nomor tiang: tidak disebut.")
    found = words.read("Diarsipkan oleh Admin", both)
    assert found is not None
    assert (found.ground, found.reason) == ("UNCLEAR", "Nomor tiang: tidak disebut.")
    theirs = words.read("Diarsipkan oleh Admin", "Laporan ini diarsipkan karena tidak jelas.")
    assert theirs is not None
    assert (theirs.ground, theirs.reason) == ("", "Laporan ini diarsipkan karena tidak jelas.")


def test_without_history_the_promise_begins_today(world: World, tmp_path: Path) -> None:
    run(tmp_path, "id,text,date\n1,Air keruh.,2020-05-29\n")
    case = Complaint.objects.get()
    assert case.received_at.date() != datetime.date(2020, 5, 29)
    assert not case.silent


# --- small things ---


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-12-31", datetime.date(2025, 12, 31)),
        ("2025-12-31T23:59:00", datetime.date(2025, 12, 31)),
        ("31/12/2025", datetime.date(2025, 12, 31)),
        ("1-2-2025", datetime.date(2025, 2, 1)),
        ("17 Agustus 2025", datetime.date(2025, 8, 17)),
        ("3 Des 2025", datetime.date(2025, 12, 3)),
        ("31/31/2025", None),
        ("besok", None),
    ],
)
def test_dates_as_people_write_them(written: str, read: datetime.date | None) -> None:
    assert parse_date(written) == read


def test_how_names_are_compared() -> None:
    assert said("  DINAS P.U. Kab. Suka-Maju ") == "dinas p u kabupaten suka maju"


SHARE = re.compile(r" *(\d+) +([\d.]+)%  ([^:]+): .+")


@pytest.mark.slow
def test_the_public_set_of_2017(world: World, tmp_path: Path) -> None:
    """795 of 795 in, each at exactly one staffed desk with a running clock, weighed."""
    if not DEV.exists():
        pytest.skip("../shared/data/complaints_lapor2017_dev/complaints.csv is not here")
    out = StringIO()
    options: dict[str, Any] = {"stdout": out}
    call_command("import_complaints", DEV, "--refused", tmp_path / "ditolak.csv", **options)
    assert Complaint.objects.count() == 795
    assert not (tmp_path / "ditolak.csv").exists()
    shares = [SHARE.fullmatch(line) for line in out.getvalue().splitlines()]
    told = [(int(share[1]), float(share[2]), share[3]) for share in shares if share is not None]
    assert sum(count for count, _percent, _who in told) == 795
    assert all(percent == round(count / 7.95, 1) for count, percent, _who in told)
    assert {who for _count, _percent, who in told} == {"pekerja meneruskan", "meja nasional"}
    today = datetime.date.today()  # noqa: DTZ011
    staffed = Agency.objects.active_on(today).staffed_on(today)
    assert Complaint.objects.filter(handler__in=staffed).count() == 795
    open_stints = Disposition.objects.open().filter(weighed_at__isnull=False)
    assert open_stints.values("complaint").distinct().count() == open_stints.count() == 795
    running = Clock.objects.running().filter(due_on__isnull=False)
    assert Complaint.objects.filter(pk__in=running.values("complaint")).count() == 795
    assert set(Complaint.objects.values_list("status", flat=True)) <= {Status.SUBMITTED, Status.FORWARDED}
    now = timezone.now()
    for medium in delivery.media_due(now):
        delivery.send_due(medium=medium)
    assert not Notification.objects.filter(state=Notification.State.PENDING, next_try__lte=now).exists()
    call_command("import_complaints", DEV, **options)
    assert Complaint.objects.count() == 795
