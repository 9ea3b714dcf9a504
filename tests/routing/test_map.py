"""The desk as a map: which cases have a pin, where, for whom; and that a table holds all of it."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Region
from routing import pins
from tests.complaints.cases import NOW, later
from tests.routing.desk import forwarded
from tests.world import World, client_of

pytestmark = pytest.mark.usefixtures("nudges")


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def land(world: World) -> World:
    Region.objects.filter(pk=world.mekarsari.pk).update(latitude=0.5, longitude=100.5)
    Region.objects.filter(pk=world.sukamaju.pk).update(latitude=0.7, longitude=100.7)
    return world


def shown(html: str) -> dict[str, tuple[str, bool]]:
    """Title → where its pin is, and whether only about there."""
    rows = re.findall(r'<tr data-at="([^"]*)" data-state="\w+"( data-around)?>.*?<a [^>]*>([^<]*)</a>', html, re.DOTALL)
    return {title: (at, bool(around)) for at, around, title in rows}


def test_a_pin_lies_where_the_reporter_set_it_or_about_the_place(land: World) -> None:
    forwarded(land, NOW, title="Titik", latitude=0.25, longitude=100.25)
    forwarded(land, NOW, title="Kelurahan", place=land.pasar_lama)
    forwarded(land, NOW, title="Kabupaten", place=land.sukamaju)
    forwarded(land, NOW, title="Tanpa tempat", place=None)
    page = client_of(land.joko).get("/meja/peta/").content.decode()
    assert shown(page) == {
        "Titik": ("0.250000 100.250000", False),
        "Kelurahan": ("0.500000 100.500000", True),  # of villages none is known: its kecamatan
        "Kabupaten": ("0.700000 100.700000", True),
    }
    assert "Belum diketahui letaknya" in page
    assert "Tanpa tempat" in page
    assert f'data-borders="{land.sukamaju.pk}"' in page


def test_a_secret_case_has_no_pin_for_anybody(land: World) -> None:
    forwarded(land, NOW, title="Sangat rahasia", latitude=0.25, longitude=100.25, secret=True)
    for officer in (land.joko, land.hana, land.wati, land.ratna, land.yanto):
        for query in ("", "?q=kantor:semua"):
            page = client_of(officer).get(f"/meja/peta/{query}").content.decode()
            assert shown(page) == {}
            assert "Sangat rahasia" not in page
            assert "0.25" not in page


def test_a_case_elsewhere_or_kept_from_somebody_is_not_on_their_map(land: World) -> None:
    forwarded(land, NOW, land.dinas_kesehatan, title="Antre puskesmas", latitude=0.25, longitude=100.25)
    named = forwarded(land, NOW, title="Tentang Pak Joko", latitude=0.25, longitude=100.25, about_conduct=True)
    assert land.joko.user is not None
    named.not_seen_by.add(land.joko.user)
    assert shown(client_of(land.joko).get("/meja/peta/?q=kantor:semua").content.decode()) == {}
    assert "Antre puskesmas" in shown(client_of(land.wati).get("/meja/peta/?q=kantor:semua").content.decode())
    assert shown(client_of(land.yanto).get("/meja/peta/").content.decode()) == {}


def test_it_is_filtered_like_the_list_and_linked_from_it(land: World) -> None:
    forwarded(land, NOW, title="Pipa bocor", latitude=0.25, longitude=100.25)
    forwarded(land, NOW, title="Jalan amblas", latitude=0.35, longitude=100.25)
    browser = client_of(land.joko)
    assert set(shown(browser.get("/meja/peta/?q=pipa").content.decode())) == {"Pipa bocor"}
    assert 'href="/meja/peta/?q=status%3Aterbuka"' in browser.get("/meja/?q=status:terbuka").content.decode()
    assert "tidak dikenal dan diabaikan" in browser.get("/meja/peta/?q=warna:merah").content.decode()
    empty = browser.get("/meja/peta/?q=zzz").content.decode()
    assert "Tidak ada laporan yang bisa digambar." in empty
    assert "js/pins.js" not in empty


def test_pages_follow_each_other_and_cost_the_same(land: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins.page, "__defaults__", ("", 2))
    browser = client_of(land.joko)
    forwarded(land, later(days=-1), title="Satu", latitude=0.1, longitude=100.1)
    browser.get("/meja/peta/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/meja/peta/")
    forwarded(land, NOW, title="Dua", latitude=0.2, longitude=100.2)
    forwarded(land, NOW, title="Tiga", latitude=0.3, longitude=100.3)
    with CaptureQueriesContext(connection) as many:
        first = browser.get("/meja/peta/").content.decode()
    # What is found for one place is found for all; a second page needs no more than the first.
    assert len(many) <= len(few) + 1 <= 10, [query["sql"][:90] for query in many.captured_queries]
    assert set(shown(first)) == {"Satu", "Dua"}
    following = re.search(r'href="(/meja/peta/\?sesudah=[^"]*)"', first)
    assert following is not None
    second = browser.get(following[1].replace("&amp;", "&")).content.decode()
    assert set(shown(second)) == {"Tiga"}


def test_the_case_says_the_point_to_whoever_reads_it_whole(land: World) -> None:
    case = forwarded(land, NOW, latitude=0.25, longitude=100.25)
    assert "0.25, 100.25" in client_of(land.joko).get(f"/meja/{case.number}/").content.decode()
    masked = client_of(land.bayu).get(f"/meja/{case.number}/")
    assert masked.status_code == 200
    assert "100.25" not in masked.content.decode()


def test_citizens_and_observers_have_no_desk_and_no_map(world: World) -> None:
    assert client_of(world.sari).get("/meja/peta/").status_code == 403
    assert client_of(world.bayu).get("/meja/peta/").status_code == 403
    assert client_of(world.joko).post("/meja/peta/").status_code == 405
