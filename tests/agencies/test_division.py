"""Who does what in a district: read as a table, given away one field at a time, or as another district does it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from agencies import division
from agencies.members import NotAllowed
from agencies.models import Agency, AuditEntry, Kind
from complaints.models import Complaint
from routing import destination
from tests.complaints.cases import report
from tests.world import World, client_of

pytestmark = pytest.mark.usefixtures("at_noon")
TODAY = datetime.date(2026, 11, 18)  # a Wednesday


def url(world: World, rest: str = "") -> str:
    return f"/instansi/{world.pemkab.pk}/bidang/{rest}"


def carriers(pemda: Agency, code: str) -> list[Agency]:
    return next(row.offices for row in division.table(pemda, TODAY) if row.code == code)


def test_the_table_says_what_is_decided_and_what_is_not(world: World) -> None:
    Agency.objects.filter(pk=world.dinas_sosial.pk).update(bidang=["sosial", "kesehatan"])
    page = client_of(world.wati).get(url(world)).content.decode()
    undecided, rest = page.split("Sudah satu kantor")
    decided, nobodys = rest.split("Tanpa kantor di sini")
    assert "2 kantor" in undecided
    assert world.dinas_pu.name in decided
    assert "Perhubungan" in nobodys


def test_offices_with_a_territory_each_are_told_apart_by_the_place(world: World) -> None:
    other = Agency.objects.create(parent=world.pemkab, name="Kecamatan Cibuni", kind=Kind.OPD, region=world.cibuni)
    Agency.objects.filter(pk=other.pk).update(bidang=["kecamatan_kelurahan"])
    row = next(row for row in division.table(world.pemkab, TODAY) if row.code == "kecamatan_kelurahan")
    assert (len(row.offices), row.decided) == (2, True)
    assert "2 kantor, menurut tempat laporannya" in client_of(world.wati).get(url(world)).content.decode()


def test_a_unit_below_its_office_is_not_a_second_one(world: World) -> None:
    Agency.objects.filter(pk=world.bidang_jalan.pk).update(bidang=["pekerjaan_umum"])
    assert carriers(world.pemkab, "pekerjaan_umum") == [world.dinas_pu]


def test_giving_a_field_away_leads_reports_there(world: World) -> None:
    case: Complaint = report(world, category=world.cat_road)
    assert destination.find(case, TODAY).office == world.dinas_pu
    client_of(world.wati).post(url(world, "pekerjaan_umum/"), {"office": world.dinas_sosial.pk})
    assert carriers(world.pemkab, "pekerjaan_umum") == [world.dinas_sosial]
    assert destination.find(case, TODAY).office == world.dinas_sosial
    assert AuditEntry.objects.filter(what="change_agency").count() == 2


def test_giving_it_to_nobody_leaves_it_to_the_coordinator(world: World) -> None:
    client_of(world.wati).post(url(world, "pekerjaan_umum/"), {"office": "-"})
    assert carriers(world.pemkab, "pekerjaan_umum") == []
    assert destination.find(report(world, category=world.cat_road), TODAY).office is None


@pytest.mark.parametrize(("typed", "words"), [("", "Pilih satu kantor"), ("99999999", "tidak ada di daftar")])
def test_what_is_wrong_is_said(world: World, typed: str, words: str) -> None:
    answer = client_of(world.wati).post(url(world, "pekerjaan_umum/"), {"office": typed})
    assert (answer.status_code, words in answer.content.decode()) == (400, True)
    assert carriers(world.pemkab, "pekerjaan_umum") == [world.dinas_pu]


def test_an_office_of_another_district_can_not_be_chosen(world: World) -> None:
    answer = client_of(world.wati).post(url(world, "pekerjaan_umum/"), {"office": world.dinas_pu_tetangga.pk})
    assert "tidak ada di daftar" in answer.content.decode()


@pytest.mark.parametrize("code", ["lainnya", "tidak-ada"])
def test_there_is_no_such_field(world: World, code: str) -> None:
    assert client_of(world.wati).get(url(world, f"{code}/")).status_code == 404


@pytest.mark.parametrize("who", ["joko", "hana", "tono", "bayu", "sari"])
def test_it_is_the_coordinators(world: World, who: str) -> None:
    browser = client_of(getattr(world, who))
    for rest in ("", "salin/", "pekerjaan_umum/"):
        assert browser.get(url(world, rest)).status_code in (302, 403)
    assert browser.post(url(world, "pekerjaan_umum/"), {"office": "-"}).status_code in (302, 403)
    with pytest.raises(NotAllowed):
        division.assign(world.pemkab, "pekerjaan_umum", None, by=world.joko, day=TODAY)
    assert carriers(world.pemkab, "pekerjaan_umum") == [world.dinas_pu]


def neighbour_with(world: World, name: str, **fields: Any) -> Agency:
    return Agency.objects.create(
        parent=world.pemkab_tetangga, name=name, kind=Kind.OPD, region=world.tetangga, **fields
    )


def test_copying_shows_first_and_changes_only_what_is_ticked(world: World) -> None:
    neighbour_with(world, "Dinas Sosial", bidang=["sosial", "dukcapil"])
    neighbour_with(world, "Inspektorat Kabupaten Tetangga", urusan="inspektorat", bidang=["kesehatan"])
    neighbour_with(world, "Dinas Antariksa", bidang=["pariwisata_olahraga"])
    browser = client_of(world.wati)
    page = browser.get(url(world, "salin/"), {"dari": world.pemkab_tetangga.pk}).content.decode()
    lines = {line.code: line.then for line in division.plan(world.pemkab_tetangga, world.pemkab, TODAY)}
    assert lines == {"dukcapil": world.dinas_sosial, "kesehatan": world.inspektorat}
    assert "2 bidang akan berubah" in page
    assert carriers(world.pemkab, "kesehatan") == [world.dinas_kesehatan]

    address = f"{url(world, 'salin/')}?dari={world.pemkab_tetangga.pk}"
    assert "Pilih paling sedikit satu bidang" in browser.post(address, {}).content.decode()
    browser.post(address, {"bidang": ["dukcapil", "pariwisata_olahraga", "palsu"]})
    assert carriers(world.pemkab, "dukcapil") == [world.dinas_sosial]
    assert carriers(world.pemkab, "kesehatan") == [world.dinas_kesehatan]


def test_nothing_to_copy_says_so(world: World) -> None:
    page = client_of(world.wati).get(url(world, "salin/"), {"dari": world.pemkab_tetangga.pk}).content.decode()
    assert "Tidak ada yang berubah" in page
    page = client_of(world.wati).get(url(world, "salin/"), {"dari": world.ministry.pk}).content.decode()
    assert "belum punya kantor" in page


def test_statements_do_not_grow_with_the_offices(world: World, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        division.plan(world.pemkab_tetangga, world.pemkab, TODAY)
        division.table(world.pemkab, TODAY)
