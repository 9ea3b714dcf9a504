"""The real reference data: counted, loaded twice, changed, broken."""

from __future__ import annotations

import csv
import datetime
import io
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agencies import bidang, demo
from agencies.actor import Actor
from agencies.loading import DATA
from agencies.loading.holidays import load_holidays
from agencies.loading.offices import BadTable, load_agencies, read_table
from agencies.loading.shipped import shipped_rows
from agencies.loading.starter_set import NotAPemda, lay_starter_set
from agencies.loading.wilayah import TooManyVanished, load_wilayah
from agencies.models import Agency, AuditEntry, Decree, Holiday, Kind, Level, Membership, Region, Role, User
from agencies.signals import agency_ended, calendar_changed
from complaints.loaders import load_categories, load_standards
from complaints.models import Category, ServiceStandard
from tests.world import World

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 7, 6)
SYSTEM = Actor.system("test")


@pytest.fixture
def few_places(tmp_path: Path) -> Path:
    """Two provinces with what lies in them, small enough to load often."""
    for name in ("provinces.csv", "regencies.csv", "districts.csv", "villages.csv"):
        with (DATA / "wilayah" / name).open(encoding="utf-8") as file:
            header, *lines = file.readlines()
        kept = [line for line in lines if line.startswith(("14", "75"))]
        (tmp_path / name).write_text("".join([header, *kept]), encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_all_places_are_loaded_and_the_second_time_nothing_changes() -> None:
    load_wilayah(TODAY)
    levels = Counter(Region.objects.values_list("level", flat=True))
    assert levels[Level.PROVINSI] == 38
    assert (levels[Level.KABUPATEN], levels[Level.KOTA]) == (416, 98)
    assert levels[Level.KECAMATAN] == 7_285
    assert levels[Level.KELURAHAN] + levels[Level.DESA] == 83_762
    zones = {code: Region.objects.get(pk=code).zone for code in ("14.02", "61", "62", "63", "64", "51", "81", "94")}
    assert zones == {
        "14.02": "Asia/Jakarta",
        "61": "Asia/Jakarta",
        "62": "Asia/Jakarta",
        "63": "Asia/Makassar",
        "64": "Asia/Makassar",
        "51": "Asia/Makassar",
        "81": "Asia/Jayapura",
        "94": "Asia/Jayapura",
    }
    assert Region.objects.get(pk="32.73").search_name == "bandung"
    again = load_wilayah(TODAY)
    assert (again.added, again.changed, again.ended) == ([], [], [])

    outcome = load_agencies(shipped_rows(), SYSTEM)
    assert not outcome.refused
    current = Counter(Agency.objects.filter(ends_on=None).values_list("kind", flat=True))
    assert current[Kind.KEMENTERIAN] == 49
    assert current[Kind.LEMBAGA] == 67
    assert current[Kind.BUMN] == 47
    assert current[Kind.PROVINSI] + current[Kind.KABUPATEN] + current[Kind.KOTA] == 552
    assert not Agency.objects.exclude(kind=Kind.PUSAT).exclude(parent__parent=None).exists()
    gone = Agency.objects.filter(ends_on__isnull=False)
    assert gone.count() == 11
    assert not gone.filter(succeeded_by=None).exists()
    assert load_agencies(shipped_rows(), SYSTEM).unchanged == len(shipped_rows())

    demo.seed()
    assert demo.seed() == 0
    decree = Decree.objects.get(number="KPTS 324/VII/2021")
    assert decree.amends is not None
    assert decree.amends.number == "KPTS 42/I/2017"
    liaisons = Membership.objects.current().filter(role=Role.LIAISON, decree=decree)
    assert liaisons.count() == liaisons.values("agency").distinct().count() == 55
    coordinators = Membership.objects.current().filter(role=Role.COORDINATOR, agency__region__isnull=False)
    assert coordinators.count() == 5
    emails = {email for _, email, _ in demo.accounts()}
    assert User.objects.filter(email__in=emails).count() == len(emails)


def test_a_code_that_vanished_ends_and_goes_on_when_it_comes_back(few_places: Path) -> None:
    load_wilayah(TODAY, few_places)
    again = load_wilayah(TODAY, few_places)
    assert (again.added, again.changed, again.ended) == ([], [], []), "the second time nothing changes"
    shutil.copy(few_places / "villages.csv", few_places / "all.csv")
    lines = (few_places / "villages.csv").read_text().splitlines(keepends=True)
    (few_places / "villages.csv").write_text("".join(line for line in lines if not line.startswith("14.02.01.2")))
    outcome = load_wilayah(TODAY, few_places)
    assert outcome.ended
    assert all(code.startswith("14.02.01.2") for code in outcome.ended)
    ended = Region.objects.get(pk=outcome.ended[0])
    assert ended.ended_by(TODAY)
    shutil.copy(few_places / "all.csv", few_places / "villages.csv")
    assert set(load_wilayah(TODAY, few_places).changed) == set(outcome.ended)
    ended.refresh_from_db()
    assert ended.ended_on is None


def test_a_list_cut_in_half_is_refused(few_places: Path) -> None:
    load_wilayah(TODAY, few_places)
    (few_places / "villages.csv").write_text("code,district_code,name\n")
    with pytest.raises(TooManyVanished):
        load_wilayah(TODAY, few_places)
    assert not Region.objects.filter(ended_on__isnull=False).exists()


# --- Offices from a table ---


def test_the_centre_imports_a_table_and_a_dry_run_changes_nothing(world: World) -> None:
    text = (
        "\ufeffkind;name;short_name;aliases;parent;region;bidang\n"
        "UNIT;Bidang Irigasi;Irigasi;;Dinas Baru;;\n"
        "OPD;Dinas Baru;Dinbar;Dinas Anyar;Pemerintah Kabupaten Tetangga;;pertanian_kelautan\n"
    )
    rows, refused = read_table(text)
    assert not refused
    dry = load_agencies(rows, world.ratna, dry_run=True)
    assert sorted(dry.added) == ["Bidang Irigasi", "Dinas Baru"]
    assert not Agency.objects.filter(name="Dinas Baru").exists()
    load_agencies(rows, world.ratna)
    office = Agency.objects.get(name="Dinas Baru")
    assert office.parent == world.pemkab_tetangga
    assert office.region == world.tetangga
    assert office.aliases == ["Dinas Anyar"]
    assert Agency.objects.get(name="Bidang Irigasi").is_strictly_under(office)
    entry = AuditEntry.objects.get(what="load_agencies")
    assert entry.who == world.ratna.user


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("KANTOR,Apa Saja,,,", "kind"),
        ("PUSAT,Pusat Kedua,,,", "kind"),
        ("LEMBAGA,,,,", "name"),
        (f"LEMBAGA,{'x' * 201},,,", "name"),
        ("OPD,Dinas Tanpa Induk,,,", "parent"),
        ("OPD,Dinas Salah Induk,Tidak Ada,,", "parent"),
        ("KOTA,Pemerintah Kota X,,77.77,", "region"),
        ("LEMBAGA,Lembaga X,,,bukan_bidang", "bidang"),
        ("LEMBAGA,Lembaga X,,,,2026-13-01", "starts_on"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_column(world: World, row: str, column: str) -> None:
    rows, refused = read_table(f"kind,name,parent,region,bidang,starts_on\nLEMBAGA,Lembaga Baik,,,\n{row}\n")
    outcome = load_agencies(rows, world.ratna)
    assert [(one.line, one.column) for one in [*refused, *outcome.refused]] == [(3, column)]
    assert outcome.added == ["Lembaga Baik"]


def test_the_same_office_twice_in_a_file_is_taken_once(world: World) -> None:
    rows, _ = read_table("kind,name\nLEMBAGA,Lembaga Kembar\nLEMBAGA,lembaga kembar\n")
    outcome = load_agencies(rows, world.ratna)
    assert (outcome.added, [one.line for one in outcome.refused]) == (["Lembaga Kembar"], [3])


@pytest.mark.parametrize("text", ["", "nama,jenis\nX,LEMBAGA\n", "\x00\x01"])
def test_what_is_no_table_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(BadTable):
        read_table(text)


def test_an_office_ended_by_import_is_announced_with_its_successor(world: World) -> None:
    heard: list[Agency] = []

    def listen(agency: Agency, **kwargs: object) -> None:
        heard.append(agency)

    agency_ended.connect(listen)
    try:
        rows, _ = read_table(
            "kind,name,ends_on,succeeded_by\n"
            f"KEMENTERIAN,{world.ministry.name},2026-01-01,Kementerian Baru\nKEMENTERIAN,Kementerian Baru,,\n"
        )
        load_agencies(rows, world.ratna)
    finally:
        agency_ended.disconnect(listen)
    assert [agency.pk for agency in heard] == [world.ministry.pk]
    assert heard[0].succeeded_by == Agency.objects.get(name="Kementerian Baru")


def test_the_command_names_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="tidak-ada"):
        call_command("load_agencies", "tidak-ada.csv")


def test_the_command_shows_what_it_would_do_and_then_does_it(world: World, tmp_path: Path) -> None:
    file = tmp_path / "kantor.csv"
    file.write_text("kind,name,parent\nLEMBAGA,Lembaga Baik,\nOPD,Dinas Tanpa Induk,\n", encoding="utf-8-sig")
    told, wrong = io.StringIO(), io.StringIO()
    call_command("load_agencies", str(file), "--dry-run", stdout=told, stderr=wrong)
    assert "+ Lembaga Baik" in told.getvalue()
    assert "tidak disimpan" in told.getvalue()
    assert "baris 3, kolom parent" in wrong.getvalue()
    assert not Agency.objects.filter(name="Lembaga Baik").exists()
    call_command("load_agencies", str(file), stdout=told, stderr=wrong)
    assert Agency.objects.filter(name="Lembaga Baik").exists()


# --- The starter set ---


def test_the_command_lays_it_under_the_pemda_of_a_code(world: World) -> None:
    told = io.StringIO()
    call_command("lay_starter_set", "99.02", stdout=told)
    laid = Agency.objects.under(world.pemkab_tetangga).count()
    assert told.getvalue().startswith(f"{world.pemkab_tetangga.name}: ")
    assert laid > 45
    with pytest.raises(CommandError, match=r"77\.77"):
        call_command("lay_starter_set", "77.77")


def test_each_field_of_work_points_to_exactly_one_office_of_the_set(world: World) -> None:
    planted = lay_starter_set(world.pemkab_tetangga, world.tono)
    under = Agency.objects.under(world.pemkab_tetangga)
    fields = Counter(code for office in under for code in office.bidang if code != "kecamatan_kelurahan")
    assert set(fields.values()) == {1}
    assert len(planted) > 45
    # Its own Dinas Pekerjaan Umum stays the one for its field.
    assert under.get(bidang__contains=["pekerjaan_umum"]) == world.dinas_pu_tetangga
    world.pemkab_tetangga.refresh_from_db()
    assert world.pemkab_tetangga.coordinators_at == under.get(urusan="komunikasi dan informatika")
    assert under.get(urusan="kecamatan").region == Region.objects.get(pk="99.02.01")
    assert AuditEntry.objects.get(what="lay_starter_set").who == world.tono.user


def test_laying_it_again_adds_nothing_and_brings_nothing_back(world: World) -> None:
    lay_starter_set(world.pemkab_tetangga, world.tono)
    ended = Agency.objects.get(parent=world.pemkab_tetangga, name="Dinas Kebudayaan")
    ended.ends_on = TODAY
    ended.save()
    renamed = Agency.objects.get(parent=world.pemkab_tetangga, name="Dinas Pariwisata")
    renamed.name = "Dinas Pariwisata dan Kebudayaan"
    renamed.save()
    assert lay_starter_set(world.pemkab_tetangga, world.tono) == []


def test_it_is_laid_under_a_pemda_only(world: World) -> None:
    with pytest.raises(NotAPemda):
        lay_starter_set(world.dinas_pu, world.wati)


# --- Holidays, categories, standards ---


def test_the_calendar_is_announced_once_and_only_when_it_changed() -> None:
    heard: list[set[int]] = []

    def listen(years: set[int], **kwargs: object) -> None:
        heard.append(years)

    calendar_changed.connect(listen)
    try:
        load_holidays()
        assert heard == []
        table = [
            "date,name,kind",
            "2028-01-03,Libur baru,libur_nasional",
            "2028-02-31,Salah,libur",
            "2028-03-01,,libur",
        ]
        outcome = load_holidays(table)
        assert heard == [{2028}]
        assert [(one.line, one.column) for one in outcome.refused] == [(3, "date"), (4, "name")]
        load_holidays(table)
        assert len(heard) == 1
        load_holidays(["date,name,kind", "2028-01-04,Libur digeser,libur"])
    finally:
        calendar_changed.disconnect(listen)
    assert heard == [{2028}, {2028}]
    assert [day.date.day for day in Holiday.objects.filter(date__year=2028)] == [4]


def test_a_region_keeps_its_own_holidays_beside_the_national_ones(world: World) -> None:
    load_holidays(["date,name,kind", "2026-07-15,Hari jadi Sukamaju,libur"], world.sukamaju)
    day = datetime.date(2026, 7, 15)
    assert day in Holiday.objects.kept_in(world.sukasari).days()
    assert day not in Holiday.objects.kept_in(world.batu_belah).days()
    assert day not in Holiday.objects.kept_in(None).days()


def test_categories_are_the_38_of_the_listing_each_with_one_known_field() -> None:
    today = datetime.date(2026, 7, 6)
    assert Category.objects.on(today).top().count() == 38
    assert not Category.objects.exclude(bidang__in=bidang.names()).exists()
    again = load_categories(today)
    assert (again.added, again.changed, again.ended) == ([], [], [])


def test_a_category_that_left_the_table_ends_and_is_never_deleted() -> None:
    extra = Category.objects.create(
        name="Kategori lama", shipped_as="|Kategori lama", bidang="sosial", starts_on=datetime.date(2020, 1, 1)
    )
    load_categories(TODAY)
    extra.refresh_from_db()
    assert extra.ends_on == TODAY


def test_the_fields_of_work_are_the_known_ones() -> None:
    with (DATA / "agencies" / "opd_types.csv").open(encoding="utf-8") as file:
        types = {row["bidang"] for row in csv.DictReader(file)}
    assert types <= set(bidang.names())
    assert len(bidang.names()) == 32


def test_the_standards_say_what_the_paper_says() -> None:
    load_standards()
    budget = {
        (one.kind, one.supervised, one.clock): one.working_days for one in ServiceStandard.objects.filter(agency=None)
    }
    assert budget["PENGADUAN", False, "VERIFY"] == 3
    assert budget["PENGADUAN", False, "RESPOND"] == 5
    assert budget["PENGADUAN", False, "RESOLVE"] == 14
    assert budget["PENGADUAN", True, "RESOLVE"] == 60
    assert budget["ASPIRASI", False, "RESOLVE"] == budget["PERMINTAAN_INFORMASI", False, "RESOLVE"] == 5
    assert budget["PENGADUAN", False, "REPORTER"] == 10
    assert budget["PENGADUAN", False, "UNREACHED"] == 30
    assert budget["PENGADUAN", False, "DECIDE"] == 1
    assert not ServiceStandard.objects.filter(legal_basis="").exists()


def test_demo_accounts_are_refused_in_produksi(settings: object) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="produksi"):
        call_command("seed_demo")
