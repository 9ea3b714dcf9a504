"""Places and offices as people type them."""

from __future__ import annotations

import datetime

import pytest

from agencies import finding
from tests.world import World

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 5, 25)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("pasar lama", ["99.01.01.1001"]),
        ("PASAR  LAMA", ["99.01.01.1001"]),
        ("kel. pasar lama", ["99.01.01.1001"]),
        ("desa pasar lama", []),
        ("kec mekarsari", ["99.01.01"]),
        ("Kabupaten Sukamaju", ["99.01"]),
        ("kab sukamaju", ["99.01"]),
        ("prov. sukaraya", ["99"]),
        ("suka", ["99", "99.01", "99.01.01.2001"]),
        ("sukasari mekarsari", ["99.01.01.2001"]),
        ("Sukasari, Kec. Mekarsari, Kab. Sukamaju", ["99.01.01.2001"]),
        ("sukasari, tetangga", []),
        ("hilir", ["99.01.02.2001"]),
        ("hilir, cibuni", ["99.01.02.2001"]),
        ("", []),
        ("!?%_", []),
        ("x" * 500, []),
        ("kec.", []),
    ],
)
def test_places(world: World, typed: str, found: list[str]) -> None:
    assert [region.pk for region in finding.find_places(typed)] == found


def test_a_place_that_ended_is_not_found(world: World) -> None:
    world.pasar_lama.ended_on = TODAY
    world.pasar_lama.save()
    assert finding.find_places("pasar lama") == []


@pytest.mark.parametrize(
    ("region", "path"),
    [
        ("pasar_lama", "Kel. Pasar Lama, Kec. Mekarsari, Kab. Sukamaju"),
        ("mekarsari", "Kec. Mekarsari, Kab. Sukamaju"),
        ("sukamaju", "Kab. Sukamaju, Prov. Sukaraya"),
        ("province", "Prov. Sukaraya"),
    ],
)
def test_the_whole_path_is_told(world: World, region: str, path: str) -> None:
    assert finding.path(getattr(world, region)) == path


def test_offices_of_the_place_come_before_those_of_its_neighbour(world: World) -> None:
    here = finding.find_offices("dinas pu", world.pasar_lama, TODAY)
    assert here == [world.dinas_pu]
    there = finding.find_offices("dinas pu", world.batu_belah, TODAY)
    assert there == [world.dinas_pu_tetangga]


def test_an_office_is_found_by_alias_short_name_and_part(world: World) -> None:
    for typed in ("Kementerian Jembatan", "kemenjembatan", "jembatan nasional"):
        assert world.ministry in finding.find_offices(typed, world.pasar_lama, TODAY)


def test_a_word_counts_from_its_beginning(world: World) -> None:
    assert finding.find_offices("ekerjaan", world.pasar_lama, TODAY) == []
    assert finding.find_offices("(.*", world.pasar_lama, TODAY) == []


def test_the_centre_is_nobodys_office(world: World) -> None:
    assert world.root not in finding.find_offices(world.root.name, None, TODAY)


def test_an_ended_office_is_not_found(world: World) -> None:
    world.dinas_pu.ends_on = TODAY
    world.dinas_pu.save()
    assert finding.find_offices("Dinas PU", world.pasar_lama, TODAY) != [world.dinas_pu]
