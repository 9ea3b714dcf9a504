"""Places that an office serves beyond its own: written in its form or by a table, and what a report does by them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from agencies import areas, offices
from agencies.loading.offices import load_agencies, read_table
from agencies.members import Refused
from agencies.models import Agency, Area, AuditEntry, Kind
from complaints.models import Complaint
from routing import destination, dispatch
from tests.complaints.cases import report
from tests.world import World, client_of, opd

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
TODAY = datetime.date(2026, 11, 18)  # a Wednesday
BRANCH = "Listrik Sukaraya Cabang Sukamaju"


def branch(world: World, name: str, *places: object, above: Agency | None = None) -> Agency:
    return offices.add(
        by=world.ratna,
        parent=above or world.bumn,
        kind=Kind.UNIT,
        name=name,
        areas=list(places),  # type: ignore[arg-type]
    )


def named(world: World, **more: Any) -> destination.Decision:
    case: Complaint = report(world, addressed_to=world.bumn, **more)
    return destination.find(case, TODAY)


# --- where reports go ---


def test_a_body_that_was_named_passes_to_the_narrowest_branch_whose_area_holds_the_place(world: World) -> None:
    wide = branch(world, "Wilayah Sukaraya", world.province)
    near = branch(world, BRANCH, world.sukamaju, world.tetangga, above=wide)
    for office in (wide, near):
        world.officer(f"Petugas {office.name}", office)
    found = named(world)
    assert found.office == near
    assert (
        found.because.sentence == f"Pelapor menyebut {world.bumn.name}. Tempat kejadiannya wilayah kerja {near.name}."
    )
    assert named(world, place=world.batu_belah).office == near
    assert named(world, place=world.province).office == wide
    assert named(world, place=world.karang_pagi).office == world.bumn


def test_a_branch_without_officers_leaves_it_to_the_body_and_says_so(world: World) -> None:
    near = branch(world, BRANCH, world.sukamaju)
    found = named(world)
    assert found.office == world.bumn
    assert f"{near.name} belum punya petugas, jadi Listrik Sukaraya sendiri yang menerima." in found.because.sentence
    world.officer("Petugas", branch(world, "Wilayah", world.province))
    assert named(world).office == Agency.objects.get(name="Wilayah"), "a wider branch that can answer"


def test_two_branches_of_one_place_are_told_apart_by_the_body(world: World) -> None:
    for name in ("Cabang Satu", "Cabang Dua"):
        world.officer(name, branch(world, name, world.sukamaju))
    found = named(world)
    assert found.office == world.bumn
    assert "Ada 2 cabangnya untuk tempat itu" in found.because.sentence


def test_a_category_of_the_centre_finds_the_branch_too_and_the_suggestion_says_why(world: World) -> None:
    near = branch(world, BRANCH, world.sukamaju)
    world.officer("Petugas", near)
    case = report(world, category=world.cat_power)
    dispatch.forward_by_itself(case.pk)
    case.refresh_from_db()
    assert case.handler == near
    assert case.suggestions.get(rank=1).reason.endswith(f"Tempat kejadiannya wilayah kerja {near.name}.")


def test_without_a_place_or_after_the_area_ended_the_body_itself_receives(world: World) -> None:
    near = branch(world, BRANCH, world.sukamaju)
    world.officer("Petugas", near)
    assert named(world, place=None).office == world.bumn
    offices.change(near, by=world.ratna, areas=[])
    assert named(world).office == world.bumn
    assert Area.objects.get(agency=near).ends_on == TODAY, "what it served stays written"


def test_units_of_a_district_with_areas_of_their_own_share_a_field_by_place(world: World) -> None:
    both = []
    for name, place in (("UPT Utara", world.mekarsari), ("UPT Selatan", world.cibuni)):
        office = opd(world.pemkab, name, "", "sosial")
        office.save()
        Area.objects.create(agency=office, region=place, starts_on=TODAY)
        both.append(office)
    world.dinas_sosial.bidang = []
    world.dinas_sosial.save()
    assert destination.find(report(world, category=world.cat_social), TODAY).office == both[0]
    assert destination.find(report(world, category=world.cat_social, place=world.cibuni), TODAY).office == both[1]


# --- the form ---


def test_the_form_reads_codes_and_names_and_keeps_what_was_typed(world: World) -> None:
    near = branch(world, BRANCH, world.sukamaju)
    client, url = client_of(world.ratna), f"/instansi/{near.pk}/ubah/"
    assert "99.01 Kabupaten Sukamaju" in client.get(url).content.decode()
    form = {"name": near.name, "short_name": "", "aliases": ""}
    assert client.post(url, form | {"areas": "99.02\nkabupaten ujung timur"}).status_code == 302
    assert [one.pk for one in areas.of(near, TODAY)] == ["98.01", "99.02"]
    change: Any = AuditEntry.objects.filter(what="change_agency", subject_id=near.pk).latest("pk")
    assert (change.before["areas"], change.after["areas"]) == (["99.01"], ["98.01", "99.02"])
    page = client.post(url, form | {"areas": "99.02\nNegeri Antah"}).content.decode()
    assert "“Negeri Antah” tidak dikenali" in page
    assert "99.02" in page
    assert (
        "Wilayah kerja: Kabupaten Ujung Timur, Kabupaten Tetangga."
        in client.get(f"/instansi/{near.pk}/").content.decode()
    )


def test_an_overlap_is_said_and_a_foreign_place_is_refused(world: World) -> None:
    branch(world, "Cabang Satu", world.sukamaju)
    client = client_of(world.ratna)
    form = {"kind": "UNIT", "name": "Cabang Dua", "areas": "99.01"}
    page = client.post(f"/instansi/{world.bumn.pk}/kantor-baru/", form, follow=True).content.decode()
    assert "Sebagian wilayah kerjanya juga milik Cabang Satu" in page
    wati, url = client_of(world.wati), f"/instansi/{world.kecamatan.pk}/ubah/"
    page = wati.post(url, {"name": world.kecamatan.name, "areas": "99.02"}).content.decode()
    assert "Kabupaten Tetangga di luar Kabupaten Sukamaju" in page
    assert 'name="areas"' not in wati.get(f"/instansi/{world.pemkab.pk}/ubah/").content.decode()
    with pytest.raises(Refused):
        areas.read(["99.01"] * 201, None)


# --- the table ---


def test_a_table_brings_areas_and_refuses_strange_ones(world: World) -> None:
    text = (
        "kind,name,parent,areas\n"
        f"UNIT,{BRANCH},{world.bumn.name},99.01;99.02\n"
        f"UNIT,Cabang Salah,{world.bumn.name},77.77\n"
        f"OPD,UPT Jauh,{world.pemkab.name},99.02\n"
    )
    rows, _refused = read_table(text)
    outcome = load_agencies(rows, world.ratna)
    assert outcome.added == [BRANCH]
    assert [(one.line, one.column) for one in outcome.refused] == [(3, "areas"), (4, "areas")]
    assert [one.pk for one in areas.of(Agency.objects.get(name=BRANCH), TODAY)] == ["99.01", "99.02"]
    again = load_agencies(rows[:1], world.ratna)
    assert (again.changed, again.unchanged) == ([], 1)


def test_an_area_to_come_serves_nobody_yet(world: World) -> None:
    near = branch(world, BRANCH)
    world.officer("Petugas", near)
    Area.objects.create(agency=near, region=world.sukamaju, starts_on=TODAY + datetime.timedelta(days=1))
    assert named(world).office == world.bumn
