"""A report without a chosen place: what its point and its words tell, and how far the worker goes on that."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from agencies.models import Agency, Region
from complaints.models import Complaint
from complaints.transitions import Status
from routing import destination, dispatch, whereabouts
from routing.models import Rule, Suggestion
from routing.places import gazetteer, naming, points
from tests.routing.test_destination import NOON, filed, reason_of, weighed
from tests.world import LONG_AGO, REGIONS, World

pytestmark = pytest.mark.django_db

# Mekarsari from 100 to 101 east, Cibuni from 101 to 102; Tetangga Barat north of both.
RINGS = (
    ("99.01.01", "((100,0),(101,0),(101,1),(100,1))"),
    ("99.01.02", "((101,0),(102,0),(102,1),(101,1))"),
    ("99.02.01", "((100,1),(102,1),(102,2),(100,2))"),
)


@pytest.fixture(autouse=True)
def small_country(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The names and borders of the world of tests, in place of the shipped ones."""
    file = tmp_path / "batas.csv.gz"
    with gzip.open(file, "wt", encoding="utf-8") as rows:
        rows.write("code,hole,ring\n" + "".join(f'{code},f,"{ring}"\n' for code, ring in RINGS))
    borders = points.read(file)
    names = gazetteer.Gazetteer([(code, name) for code, name, _, _ in REGIONS])
    monkeypatch.setattr(points, "shipped", lambda: borders)
    monkeypatch.setattr(naming, "shipped", lambda: names)


# --- sure ---


def test_a_point_alone_with_a_category_is_forwarded(world: World) -> None:
    case, event = weighed(latitude=0.5, longitude=100.5, category=world.cat_road)
    assert (case.status, case.handler) == (Status.FORWARDED, world.dinas_pu)
    assert reason_of(case) == (
        "Kategori “Jalan Berlubang” di Pemerintah Kabupaten Sukamaju ditangani Dinas Pekerjaan Umum dan Penataan "
        "Ruang. Titik yang dikirim pelapor terletak di Kabupaten Sukamaju."
    )
    assert event is not None
    assert event.particulars["source"] == "PLACE"
    assert case.place is None  # the reporter chose none, and none is put into their mouth


def test_words_alone_with_a_category_are_forwarded(world: World) -> None:
    case, _ = weighed(body="Jalan di Desa Sukasari, Kec. Mekarsari berlubang parah.", category=world.cat_road)
    assert case.handler == world.dinas_pu
    assert reason_of(case).endswith("Tulisan pelapor menyebut tempat di Kabupaten Sukamaju.")
    row = Suggestion.objects.get(complaint=case, rank=1)
    assert (row.source, row.verdict) == (Suggestion.Source.PLACE, Suggestion.Verdict.DONE)
    assert row.words == ["Desa Sukasari", "Kec. Mekarsari"]
    assert whereabouts.SURE <= row.score < 1
    assert case.place is None


def test_without_a_category_the_districts_desk_gets_it(world: World) -> None:
    case, event = weighed(body="Tolong pak, di kabupaten sukamaju lampu mati semua.")
    assert event is not None
    assert (event.verb, case.status, case.handler) == ("place", Status.SUBMITTED, world.pemkab)
    assert "Tulisan pelapor menyebut tempat di Kabupaten Sukamaju." in reason_of(case)


def test_the_landmark_is_read_too(world: World) -> None:
    assert weighed(landmark="depan kantor Kec. Tetangga Barat")[0].handler == world.pemkab_tetangga


def test_the_kecamatan_that_was_read_chooses_its_office(world: World) -> None:
    world.officer("Camat Mekarsari", world.kecamatan)
    world.cat_other.bidang = "kecamatan_kelurahan"
    world.cat_other.save()
    assert weighed(latitude=0.5, longitude=100.5, category=world.cat_other)[0].handler == world.kecamatan


def test_a_rule_for_a_place_hears_of_a_point(world: World) -> None:
    Rule.objects.create(
        owner=world.pemkab, target=world.dinas_kesehatan, starts_on=LONG_AGO, region=world.cibuni, words=["nyamuk"]
    )
    case, _ = weighed(latitude=0.5, longitude=101.5, body="Banyak nyamuk sejak banjir.")
    assert case.handler == world.dinas_kesehatan
    assert reason_of(case).endswith("Titik yang dikirim pelapor terletak di Kabupaten Sukamaju.")
    assert weighed(latitude=0.5, longitude=100.5, body="Banyak nyamuk sejak banjir.")[0].handler == world.pemkab


def test_a_provinsi_that_was_chosen_is_narrowed_inside_itself(world: World) -> None:
    case, _ = weighed(place=world.province, body="Di Kec. Mekarsari jalannya putus.", category=world.cat_road)
    assert case.handler == world.dinas_pu
    assert case.place == world.province
    elsewhere, _ = weighed(place=world.province, body="Di Kec. Teluk Pagi putus.", category=world.cat_road)
    assert elsewhere.handler == world.root


def test_verify_first_holds_for_places_that_were_read(world: World) -> None:
    Agency.objects.filter(pk=world.pemkab.pk).update(verify_first=True)
    case, event = weighed(latitude=0.5, longitude=100.5, category=world.cat_road)
    assert event is not None
    assert (event.verb, case.handler) == ("place", world.pemkab)


# --- what the reporter said goes first ---


def test_a_place_that_was_chosen_is_not_doubted(world: World) -> None:
    case, _ = weighed(place=world.batu_belah, latitude=0.5, longitude=100.5, body="Di kabupaten sukamaju lebih baik.")
    assert case.handler == world.pemkab_tetangga


def test_nothing_is_read_for_a_named_office(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "shipped", lambda: pytest.fail("borders were read"))
    monkeypatch.setattr(naming, "shipped", lambda: pytest.fail("names were read"))
    assert weighed(addressed_to=world.bumn, latitude=0.5, longitude=100.5)[0].handler == world.bumn


def test_a_named_pemda_stays_the_pemda_whatever_else_is_said(world: World) -> None:
    case, _ = weighed(addressed_to=world.pemkab, body="Seperti di kabupaten tetangga.", category=world.cat_health)
    assert case.handler == world.dinas_kesehatan


# --- not sure ---


def test_a_point_and_words_that_disagree_are_left_to_a_person(world: World) -> None:
    case, event = weighed(
        latitude=0.5, longitude=100.5, body="Jalan di Kabupaten Tetangga berlubang.", category=world.cat_road
    )
    assert event is None
    assert case.handler == world.root
    offered = {row.agency: row.reason for row in Suggestion.objects.filter(complaint=case, rank__lte=3)}
    assert offered[world.pemkab] == ("Titik yang dikirim pelapor mungkin di wilayah Pemerintah Kabupaten Sukamaju.")
    assert offered[world.pemkab_tetangga] == (
        "Laporan menyebut “Kabupaten Tetangga”; mungkin itu wilayah Pemerintah Kabupaten Tetangga."
    )


def test_a_point_on_the_sea_is_a_guess(world: World) -> None:
    case, event = weighed(latitude=-0.1, longitude=100.5, category=world.cat_road)
    assert event is None
    assert Suggestion.objects.get(complaint=case, rank=1).agency == world.pemkab


def test_a_point_abroad_and_words_without_a_place_say_nothing(world: World) -> None:
    case, event = weighed(latitude=51.5, longitude=0.0, category=world.cat_road)
    assert (event, case.handler) == (None, world.root)
    assert not Suggestion.objects.filter(complaint=case, rank=1, source="PLACE", agency=world.pemkab).exists()


def test_on_the_border_of_two_districts_only_the_province_is_sure(world: World) -> None:
    case, event = weighed(latitude=1.0, longitude=100.5, category=world.cat_road)
    assert (event, case.handler) == (None, world.root)


def test_a_street_does_not_move_a_report(world: World) -> None:
    assert weighed(body="Jl. Sukamaju macet.", category=world.cat_road)[0].handler == world.root


def test_a_region_that_ended_is_no_place_any_more(world: World) -> None:
    Region.objects.filter(pk__startswith="99.01").update(ended_on=LONG_AGO)
    assert weighed(latitude=0.5, longitude=100.5, category=world.cat_road)[0].handler == world.root


# --- privacy, and where it runs ---


def test_the_reason_on_the_timeline_names_no_village(world: World) -> None:
    case, _ = weighed(body="Rumah saya di Desa Sukasari, Kec. Mekarsari.", category=world.cat_road, secret=True)
    assert "Sukasari" not in reason_of(case)
    assert "Mekarsari" not in reason_of(case)
    assert not hasattr(Complaint.objects.get(pk=case.pk), "publication")


def test_a_case_about_conduct_is_read_like_any_other_and_kept_from_the_office(world: World) -> None:
    case, _ = weighed(body="Di kabupaten sukamaju.", not_for=world.dinas_pu, about_conduct=True)
    assert case.handler == world.inspektorat


def test_the_counter_leaves_the_reading_to_the_worker(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case: Any = filed(body="Di kabupaten sukamaju lampu mati.")
    assert destination.must_read(case)
    assert destination.must_read(filed(place=world.sukasari))
    assert not destination.must_read(filed(place=world.sukasari, category=world.cat_road))
    assert not destination.must_read(filed(addressed_to=world.bumn))
    monkeypatch.setattr(dispatch, "forward_by_itself", lambda pk: pytest.fail("weighed in the web process"))
    from routing.views import counter

    counter._bring_on(case)


def test_reading_changes_nothing_in_the_case(world: World) -> None:
    case = filed(latitude=0.5, longitude=100.5, category=world.cat_road)
    before = Complaint.objects.filter(pk=case.pk).values().get()
    destination.find(Complaint.objects.get(pk=case.pk), NOON.date())
    assert Complaint.objects.filter(pk=case.pk).values().get() == before


# --- a body of the centre with branches ---


def test_of_a_named_body_the_place_is_read_to_find_its_branch(world: World) -> None:
    branch = Agency(name="Cabang Sukamaju", kind="UNIT", parent=world.bumn, region=world.sukamaju)
    branch.save()
    plain, _ = weighed(addressed_to=world.bumn, body="Listrik padam di Kabupaten Sukamaju.")
    assert plain.handler == world.bumn, "nobody works at the branch"
    world.officer("Petugas Cabang", branch)
    case, _event = weighed(addressed_to=world.bumn, body="Listrik padam di Kabupaten Sukamaju.")
    assert case.handler == branch
    assert case.place is None, "the place of a report is the reporter's to say"
    assert "Tulisan pelapor menyebut tempat di Kabupaten Sukamaju." in reason_of(case)
    done = Suggestion.objects.get(complaint=case)
    assert (done.source, done.verdict) == (Suggestion.Source.ADDRESS, Suggestion.Verdict.DONE)
    assert done.score < 1
    for words in ("Listrik padam lagi.", "Listrik padam di Kabupaten Tetangga."):
        elsewhere, _ = weighed(addressed_to=world.bumn, body=words)
        assert elsewhere.handler == world.bumn
    case = Complaint.objects.get(pk=filed(addressed_to=world.bumn).pk)
    assert destination.must_read(case), "only a worker has names and borders"
    assert not destination.must_read(filed(addressed_to=world.bumn, place=world.sukasari))
