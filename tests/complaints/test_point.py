"""A point in the Lokasi step: typed, shared from a map application, tapped; and the borders the map is drawn from."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from agencies.models import Boundary, Region
from complaints.models import Complaint, Draft
from complaints.point import read_point, shown_point
from tests.complaints.test_submit import CHECK, STORY
from tests.world import World

RENGAT = (-0.3713, 102.5439)


@pytest.mark.parametrize(
    "typed",
    [
        "-0.3713, 102.5439",
        "-0,3713, 102,5439",
        "-0,3713; 102,5439",
        " −0.3713 102.5439 ",
        "102.5439,-0.3713",
        "0.3713 LS, 102.5439 BT",
        "0°22'16.7\"S 102°32'38\"E",
        "0° 22’ 16,7” LS, 102° 32’ 38” BT",
        "geo:-0.3713,102.5439?z=15",
        "https://www.google.com/maps/@-0.3713,102.5439,15z",
        "https://maps.google.com/?q=-0.3713,102.5439",
        "https://www.openstreetmap.org/#map=15/-0.3713/102.5439",
    ],
)
def test_a_point_is_read_as_people_write_it(typed: str) -> None:
    assert read_point(typed) == pytest.approx(RENGAT, abs=0.0001)


@pytest.mark.parametrize("typed", ["depan pasar", "1", "1 2 3", "https://maps.app.goo.gl/abc123", "0°22'S", "∞, ∞", ""])
def test_what_is_no_point_is_none(typed: str) -> None:
    assert read_point(typed) is None


@given(st.text(max_size=80))
def test_nothing_typed_breaks_the_reading(typed: str) -> None:
    found = read_point(typed)
    assert found is None or all(isinstance(value, float) for value in found)


@given(st.floats(-11, 6), st.floats(95, 141))
def test_a_point_that_is_shown_is_read_the_same(latitude: float, longitude: float) -> None:
    assert read_point(shown_point(latitude, longitude)) == pytest.approx((latitude, longitude), abs=1e-6)


# --- the Lokasi step ---


@pytest.fixture
def land(world: World) -> World:
    """Mekarsari from 100 to 101 east with a hole, Cibuni from 101 to 102; Tetangga Barat lies in the hole."""
    cache.clear()
    barat = Region.objects.get(pk="99.02.01")
    for region, ring, hole in (
        (world.mekarsari, "((100,0),(101,0),(101,1),(100,1))", False),
        (world.mekarsari, "((100.4,0.4),(100.6,0.4),(100.6,0.6),(100.4,0.6))", True),
        (barat, "((100.4,0.4),(100.6,0.4),(100.6,0.6),(100.4,0.6))", False),
        (world.cibuni, "((101,0),(102,0),(102,1),(101,1))", False),
    ):
        Boundary.objects.create(region=region, ring=ring, hole=hole)
    return world


def kept() -> dict[str, Any]:
    return Draft.objects.get().step_fields("lokasi")


@pytest.mark.django_db
def test_a_typed_point_goes_with_the_report(world: World, client: Client) -> None:
    answer = client.post("/lapor/", {"place": world.pasar_lama.pk, "point": "0,25; 100,25"})
    assert answer.headers["Location"] == "/lapor/masalah/"
    client.post("/lapor/masalah/", STORY)
    client.post("/lapor/periksa/", CHECK)
    case = Complaint.objects.get()
    assert (case.latitude, case.longitude, case.place) == (0.25, 100.25, world.pasar_lama)


@pytest.mark.django_db
def test_a_point_can_be_taken_away_again(world: World, client: Client) -> None:
    client.post("/lapor/", {"place": world.pasar_lama.pk, "point": "0.25, 100.25"})
    assert 'value="0.25, 100.25"' in client.get("/lapor/").content.decode()
    client.post("/lapor/", {"place": world.pasar_lama.pk, "point": ""})
    assert kept()["latitude"] is None
    assert 'id="titik" ' in client.get("/lapor/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("depan pasar", "tidak terbaca"),
        ("51.5, 0.1", "di luar Indonesia"),
        ("x" * 301, "Terlalu panjang untuk sebuah koordinat"),
    ],
)
def test_a_point_that_is_none_is_asked_about_and_kept_on_the_screen(
    world: World, client: Client, typed: str, sentence: str
) -> None:
    page = client.post("/lapor/", {"place": world.pasar_lama.pk, "point": typed}).content.decode()
    assert sentence in page
    assert typed in page
    assert 'href="#id_point"' in page


@pytest.mark.django_db
def test_a_point_alone_finds_the_place_and_the_reporter_confirms_it(land: World, client: Client) -> None:
    page = client.post("/lapor/", {"point": "0.2, 101.5"}).content.decode()
    assert "Menurut titiknya di sini." in page
    assert f'value="{land.cibuni.pk}" checked' in page
    answer = client.post("/lapor/", {"point": "0.2, 101.5", "place": land.cibuni.pk})
    assert answer.headers["Location"] == "/lapor/masalah/"
    assert kept()["place"] == land.cibuni.pk


@pytest.mark.django_db
def test_a_point_on_the_sea_finds_none_and_the_place_is_asked_for(land: World, client: Client) -> None:
    page = client.post("/lapor/", {"point": "-5.0, 100.5"}).content.decode()
    assert "Pilih tempatnya dulu" in page
    assert "Menurut titiknya" not in page


@pytest.mark.django_db
def test_words_go_before_the_point(land: World, client: Client) -> None:
    answer = client.post("/lapor/", {"point": "0.2, 101.5", "query": "Pasar Lama"})
    assert answer.headers["Location"] == "/lapor/masalah/"
    assert kept()["place"] == land.pasar_lama.pk


@pytest.mark.django_db
def test_no_map_is_fetched_before_somebody_opens_it(world: World, client: Client) -> None:
    page = client.get("/lapor/").content.decode()
    assert "peta/leaflet" in page
    assert 'src="/static/peta' not in page
    assert 'src="/static/js/map' not in page
    assert "data-tiles" not in page


@pytest.mark.django_db
def test_tiles_are_named_only_where_they_are_set(world: World, client: Client, settings: Any) -> None:
    settings.PETA_UBIN, settings.PETA_SUMBER = "https://ubin.contoh.go.id/{z}/{x}/{y}.png", "© <b>BIG</b>"
    page = client.get("/lapor/").content.decode()
    assert 'data-tiles="https://ubin.contoh.go.id/{z}/{x}/{y}.png"' in page
    assert "© &lt;b&gt;BIG&lt;/b&gt;" in page
    assert "data-archive" not in page
    settings.PETA_UBIN, settings.PETA_ARSIP = "/static/peta.pmtiles", True
    page = client.get("/lapor/").content.decode()
    assert 'data-tiles="/static/peta.pmtiles"' in page
    assert "peta/pmtiles" in page


# --- borders ---


@pytest.mark.django_db
def test_the_borders_of_a_kabupaten_are_geojson_that_anybody_may_keep(
    land: World, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer = client.get("/wilayah/99.01/batas.json")
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    features = {one["properties"]["code"]: one for one in answer.json()["features"]}
    assert {code: one["properties"]["name"] for code, one in features.items()} == {
        "99.01.01": "Mekarsari",
        "99.01.02": "Cibuni",
    }
    shape = features["99.01.01"]["geometry"]
    assert shape["type"] == "MultiPolygon"
    [[outer, hole]] = shape["coordinates"]
    assert outer == [[100, 0], [101, 0], [101, 1], [100, 1], [100, 0]]
    assert hole[0] == hole[-1] == [100.4, 0.4]
    with django_assert_num_queries(0):  # the second time it is kept
        assert client.get("/wilayah/99.01/batas.json").json() == answer.json()


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["99", "99.01.01", "12.34", "x", "99.01%00", "..", "99.01' OR 1=1"])
def test_of_anything_else_there_are_no_borders(land: World, client: Client, code: str) -> None:
    assert client.get(f"/wilayah/{code}/batas.json").status_code == 404


@pytest.mark.django_db
def test_a_kabupaten_that_ended_has_none(land: World, client: Client) -> None:
    Region.objects.filter(pk="99.01").update(ended_on=datetime.date(2026, 1, 1))
    assert client.get("/wilayah/99.01/batas.json").status_code == 404
