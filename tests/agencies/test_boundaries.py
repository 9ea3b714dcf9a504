"""Which place a point lies in: surely, or only as far as both sides of a border agree."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from agencies.loading.boundaries import load_boundaries
from agencies.loading.wilayah import load_wilayah
from agencies.models import Boundary, Region
from tests.world import World

pytestmark = pytest.mark.django_db


def square(region: Region, west: float, south: float, east: float, north: float, *, hole: bool = False) -> None:
    ring = f"(({west},{south}),({east},{south}),({east},{north}),({west},{north}))"
    Boundary.objects.create(region=region, ring=ring, hole=hole)


@pytest.fixture
def land(world: World) -> World:
    """Mekarsari from 100 to 101 east, Cibuni from 101 to 102, both of Sukamaju; Tetangga Barat lies around 100.5."""
    barat = Region.objects.get(pk="99.02.01")
    square(world.mekarsari, 100, 0, 101, 1)
    square(world.mekarsari, 100.4, 0.4, 100.6, 0.6, hole=True)
    square(barat, 100.4, 0.4, 100.6, 0.6)
    square(world.cibuni, 101, 0, 102, 1)
    return world


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (0.1, 100.1, "99.01.01"),
        (0.1, 101.9, "99.01.02"),
        # An enclave is not what lies around it.
        (0.5, 100.5, "99.02.01"),
        # On a border: what both sides have in common.
        (0.5, 101.0, "99.01"),
        (0.5, 101.0015, "99.01"),
        (0.5, 100.4, "99"),
        # The sea, another country, the far side of the world.
        (1.5, 100.5, None),
        (37.765, -122.421, None),
        (-90, 180, None),
    ],
)
def test_a_point_lies_in_its_kecamatan_where_that_is_sure(
    land: World, latitude: float, longitude: float, code: str | None
) -> None:
    found = Region.objects.at(latitude, longitude)
    assert (found.pk if found else None) == code


def test_a_region_that_ended_is_no_place_any_more(land: World) -> None:
    Region.objects.filter(pk="99.01.02").update(ended_on=datetime.date(2026, 1, 1))
    assert Region.objects.at(0.1, 101.9) is None


@pytest.mark.slow
def test_the_shipped_borders_know_where_towns_lie(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load_wilayah(datetime.date(2026, 5, 29))
    rings, points = load_boundaries()
    assert rings > 26_000
    assert points > 7_700
    towns = {
        (-0.3713, 102.5439): "14.02",  # Rengat
        (-2.4177, 115.2494): "63.08",  # Amuntai
        (-6.9757, 108.4838): "32.08",  # Kuningan
        (-3.9675, 122.5947): "74.71",  # Kendari
        (-2.5337, 140.7181): "91.71",  # Jayapura
    }
    for (latitude, longitude), code in towns.items():
        with django_assert_num_queries(2):
            found = Region.objects.at(latitude, longitude)
        assert found is not None
        assert found.pk.startswith(code), (found, code)
    seberida = Region.objects.get(pk="14.02.03")
    assert seberida.latitude is not None
    # Loaded again, it is the same.
    assert load_boundaries() == (rings, 0)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT 1 FROM agencies_boundary WHERE ring && '((1,1),(1,2),(2,2))'::polygon")
        assert "boundary_ring" in " ".join(line for (line,) in cursor.fetchall())
