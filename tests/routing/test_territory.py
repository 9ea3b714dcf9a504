"""A province and its districts: every one of them, those with none too; what climbed; never a file."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import outlines
from agencies.actor import Actor
from agencies.models import Boundary, Kind, Level, Region, Role
from complaints.models import Complaint
from routing import standing
from routing.measures import ledger
from routing.models import Escalation
from tests.filing import days, filed, missed, published
from tests.world import World, client_of, programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


def climbed(case: Complaint) -> Complaint:
    missed(case, at=20)
    clock = case.clocks.filter(stopped_at__isnull=True).order_by("due_on")[0]
    Escalation.objects.create(clock=clock, level=Escalation.Level.COORDINATOR, at=days(20))
    return case


@pytest.fixture
def busy(world: World) -> World:
    """Sukamaju: one published that climbed, one unpublished that climbed, one secret that climbed, one in time.
    Tetangga: nothing. Kota Baru: no pemda yet."""
    Region.objects.create(code="99.71", name="Kota Baru", search_name="baru", level=Level.KOTA, parent_id="99")
    climbed(published(world))
    climbed(filed(world, title="Nama lengkap di judul"))
    climbed(filed(world, "Uang pungutan diminta.", secret=True, title="Pungutan"))
    filed(world, at=19)
    ledger.keep_up()
    standing.refresh()
    return world


@pytest.fixture
def observer(busy: World) -> Actor:
    return busy.officer("Pak Provinsi", busy.pemprov, Role.OBSERVER)


def counts(who: Actor, address: str) -> dict[str, tuple[int, int, int]]:
    shown = client_of(who).get(address).context["rows"]
    return {row.name: (row.load.open, row.load.late, row.load.climbed) for row in shown}


def test_every_district_stands_there_and_one_with_none_as_none(busy: World, observer: Actor) -> None:
    assert counts(observer, "/pengawasan/") == {
        "Kabupaten Sukamaju": (3, 2, 2),
        "Kabupaten Tetangga": (0, 0, 0),
        "Kota Baru": (0, 0, 0),
    }, "without what is secret"
    page = client_of(observer).get("/pengawasan/").content.decode()
    assert "2 daerah tidak menerima satu laporan pun dalam 6 bulan: Kabupaten Tetangga, Kota Baru." in page
    assert "1 dari 3 daerah punya laporan terlambat, paling banyak Kabupaten Sukamaju (2)." in page
    assert "1 daerah</b> punya kantor yang diam: Kabupaten Sukamaju (1)." in page
    assert "Ujung Timur" not in page


def test_what_climbed_is_listed_by_its_public_copy_and_nothing_else(busy: World, observer: Actor) -> None:
    page = client_of(observer).get("/pengawasan/").content.decode()
    assert "Jalan berlubang di depan pasar" in page
    assert page.count("Belum diterbitkan") == 1
    assert "Nama lengkap" not in page
    assert "Pungutan" not in page
    assert "/meja/" not in page.replace('href="/meja/"', ""), "no way into a file"
    context = client_of(observer).get("/pengawasan/?daerah=99.02").context
    assert context is None or not context.get("cases")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.HEAD])
def test_the_provinces_own_people_reach_the_same_page_and_no_more(busy: World, role: Role) -> None:
    """At home a coordinator knows of secret cases; of a district's nobody at the province does."""
    who = busy.officer("Orang provinsi", busy.pemprov, role)
    address = f"/pengawasan/{busy.pemprov.pk}/daerah/"
    client = client_of(who)
    home = client.get("/pengawasan/").content.decode()
    assert f'href="{address}"' in home
    assert "dan kecamatan</h1>" not in home, "a province has none"
    assert counts(who, address)["Kabupaten Sukamaju"] == (3, 2, 2)
    page = client.get(address).content.decode()
    assert "Belum diterbitkan" in page
    assert "Nama lengkap" not in page
    assert client.get(f"/pengawasan/{busy.pemkab.pk}/laporan/").status_code == 404


def test_only_the_province_and_the_centre_find_the_page(busy: World, observer: Actor) -> None:
    address = f"/pengawasan/{busy.pemprov.pk}/daerah/"
    assert client_of(observer).get(address).status_code == 200
    assert client_of(busy.ratna).get(address).status_code == 200
    assert client_of(busy.bayu).get(address).status_code == 200
    for who in (busy.wati, busy.tono, busy.hana, busy.joko):
        assert client_of(who).get(address).status_code == 404, who
    assert client_of(busy.ratna).get(f"/pengawasan/{busy.pemkab.pk}/daerah/").status_code == 404
    ksp = busy.officer("KSP", busy.root, Role.OBSERVER, programme=programme("gizi"))
    assert client_of(ksp).get(address).status_code == 302
    assert client_of(busy.rudi).get(address).status_code == 403


def test_an_address_of_nonsense_is_no_error(busy: World, observer: Actor) -> None:
    for asked in ("daerah=%00&urut=%00&setelah=%00", "daerah=98.01", "urut=terlambat&daerah=99.02", "setelah=abc"):
        assert client_of(observer).get(f"/pengawasan/?{asked}").status_code == 200


def test_the_list_narrows_to_one_district(busy: World, observer: Actor) -> None:
    address = f"/pengawasan/{busy.pemprov.pk}/daerah/"
    assert len(client_of(observer).get(f"{address}?daerah=99.01").context["cases"]) == 2
    page = client_of(observer).get(f"{address}?daerah=99.02")
    assert page.context["cases"] == []
    assert "Tidak ada laporan yang naik." in page.content.decode()


@pytest.mark.slow
def test_the_number_of_statements_does_not_grow_with_the_districts(busy: World, observer: Actor) -> None:
    client = client_of(observer)
    client.get("/pengawasan/")
    with CaptureQueriesContext(connection) as few:
        client.get("/pengawasan/")
    for n in range(10, 30):
        place = Region.objects.create(
            code=f"99.{n}", name=f"Kabupaten {n}", search_name=str(n), level=Level.KABUPATEN, parent_id="99"
        )
        busy.root.children.create(name=f"Pemkab {n}", kind=Kind.KABUPATEN, region=place)
    with CaptureQueriesContext(connection) as many:
        client.get("/pengawasan/")
    assert len(few) == len(many) <= 20, "\n".join(one["sql"][:90] for one in many.captured_queries)


# --- The map ---


def square(region: str, x: float, y: float, side: float = 0.5) -> None:
    corners = ((x, y), (x + side, y), (x + side, y + side), (x, y + side))
    Boundary.objects.create(region_id=region, ring="(" + ",".join(f"({a},{b})" for a, b in corners) + ")")


@pytest.mark.slow
def test_the_map_draws_each_district_from_its_kecamatan(busy: World, observer: Actor) -> None:
    assert client_of(observer).get("/pengawasan/").context["map"] is None, "no borders, no map; the table stands"
    square("99.01.01", 120.0, -4.0)
    square("99.01.02", 120.5, -4.0)
    square("99.02.01", 120.0, -4.5)
    square("99.02.01", 121.9, -4.5, side=0.0001)
    drawn = outlines.draw("99")
    assert set(drawn.paths) == {"99.01", "99.02"}
    assert drawn.paths["99.01"].count("M") == 2
    assert drawn.paths["99.02"].count("M") == 1, "nothing of what is smaller than a pixel"
    assert set(outlines.draw("99.01").paths) == {"99.01.01", "99.01.02"}
    context = client_of(observer).get("/pengawasan/").context
    assert {one["row"].name: one["tone"] for one in context["map"]["places"]} == {
        "Kabupaten Sukamaju": "m4",
        "Kabupaten Tetangga": "m0",
    }
