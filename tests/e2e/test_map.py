"""The map of the Lokasi step and of the desk, in a real browser: with a finger, with keys, with neither."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from agencies.models import Boundary, Region
from complaints.models import Complaint
from tests.browser import clean, faults_of, signed_in, width_of
from tests.portal import RunningPortal
from tests.world import ROOT

pytestmark = pytest.mark.e2e


@pytest.fixture
def land(portal: RunningPortal) -> Iterator[RunningPortal]:
    """Mekarsari and Cibuni side by side."""
    world = portal.world
    assert world is not None
    for region, west in ((world.mekarsari, 100), (world.cibuni, 101)):
        ring = f"(({west},0),({west + 1},0),({west + 1},1),({west},1))"
        Boundary.objects.create(region=region, ring=ring)
        Region.objects.filter(pk=region.pk).update(latitude=0.5, longitude=west + 0.5)
    yield portal
    Boundary.objects.filter(region__in=[world.mekarsari, world.cibuni]).delete()


def choose_place(page: Page, url: str) -> None:
    page.goto(f"{url}/lapor/")
    page.locator("[name=query]").fill("Mekarsari")
    page.locator("button[value=cari]").click()
    expect(page.locator("[name=place]:checked")).to_have_count(1)


def test_a_pin_is_set_by_tap_by_arrows_and_by_numbers(land: RunningPortal, phone: Page) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    choose_place(phone, land.url)
    assert not [url for url in asked if "leaflet" in url or "batas.json" in url]
    phone.get_by_text("Tunjuk titiknya di peta").click()
    box, field = phone.locator(".map[data-ready]"), phone.get_by_label("Koordinat")
    expect(box).to_be_visible()
    assert all(url.startswith(land.url) for url in asked)  # nobody else learns of it
    expect(phone.locator(".map .name span", has_text="Mekarsari")).to_be_visible()
    assert faults_of(phone) == []
    assert width_of(phone) <= 360
    box.click(position={"x": 160, "y": 160})
    expect(phone.get_by_text("Pin di Kec. Mekarsari.")).to_be_visible()
    tapped = field.input_value()
    assert 100 < float(tapped.split(",")[1]) < 101
    box.focus()
    phone.keyboard.press("ArrowRight")
    moved = field.input_value()
    assert float(moved.split(",")[1]) > float(tapped.split(",")[1])
    assert float(moved.split(",")[0]) == pytest.approx(float(tapped.split(",")[0]), abs=0.0001)
    field.fill("0.5, 101.5")
    field.press("Tab")
    expect(phone.get_by_text("Pin di Kec. Cibuni.")).to_be_visible()
    assert faults_of(phone) == []
    phone.get_by_role("button", name="Simpan dan lanjut").click()
    expect(phone).to_have_url(f"{land.url}/lapor/masalah/")


def test_without_script_the_numbers_are_typed(land: RunningPortal, page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    plain = context.new_page()
    choose_place(plain, land.url)
    plain.get_by_text("Tunjuk titiknya di peta").click()
    plain.get_by_label("Koordinat").fill("0,25; 100,25")
    plain.get_by_role("button", name="Simpan dan lanjut").click()
    expect(plain).to_have_url(f"{land.url}/lapor/masalah/")
    plain.goto(f"{land.url}/lapor/")
    expect(plain.get_by_label("Koordinat")).to_have_value("0.25, 100.25")
    context.close()


def test_where_no_place_is_chosen_the_map_says_so(land: RunningPortal, phone: Page) -> None:
    phone.goto(f"{land.url}/lapor/")
    phone.get_by_text("Tunjuk titiknya di peta").click()
    expect(phone.get_by_text("Cari dan pilih tempatnya dulu.")).to_be_visible()
    assert faults_of(phone) == []


def test_the_desks_map_and_its_table_show_each_other(land: RunningPortal, page: Page) -> None:
    world = land.world
    assert world is not None
    case = Complaint.objects.open().filter(handler=world.dinas_pu, secret=False).first()
    if case is None:
        from tests.complaints.cases import landed

        case = landed(world, world.dinas_pu, place=world.mekarsari)
    Complaint.objects.filter(pk=case.pk).update(latitude=0.4, longitude=100.4)
    signed_in(page, land, world.joko, "/meja/peta/")
    expect(page.locator(".map[data-ready]")).to_be_visible()
    clean(page, widths=(1280, 360))
    row = page.locator("tr[data-at='0.400000 100.400000'] th a").first
    row.focus()
    expect(page.locator(".map path.here")).to_have_count(1)
    page.locator(".map path.here").dispatch_event("click")
    expect(row).to_be_focused()


def archive_of(picture: bytes) -> bytes:
    """A PMTiles archive (version 3) of one picture, the same for every tile down to zoom 6."""
    every = sum(4**zoom for zoom in range(7))

    def number(value: int) -> bytes:
        said = b""
        while value > 127:
            said, value = said + bytes([value & 127 | 128]), value >> 7
        return said + bytes([value])

    # One entry: the first tile, how often it is repeated, its length, where it lies.
    folder = b"".join(map(number, (1, 0, every, len(picture), 1)))
    facts = b"{}"
    at = [127, len(folder), 127 + len(folder), len(facts), 0, 0, 127 + len(folder) + len(facts), len(picture)]
    counts = [every, 1, 1]
    head = b"PMTiles\x03" + struct.pack("<11Q", *at, *counts) + bytes([1, 1, 1, 2, 0, 6])
    head += struct.pack("<4i", 950000000, -110000000, 1410000000, 60000000) + bytes([4]) + struct.pack("<2i", 0, 0)
    return head + folder + facts + picture


def test_tiles_come_piece_by_piece_out_of_one_file(land: RunningPortal, phone: Page) -> None:
    """As with LAPOR_PETA_UBIN=/static/peta.pmtiles, whose policy tests/lapor/test_settings.py reads."""
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), "#bcd").save(picture, "PNG")
    archive, asked = archive_of(picture.getvalue()), []

    def with_the_setting(route: Route) -> None:
        answer = route.fetch()
        policy = answer.headers["content-security-policy"].replace("img-src 'self'", "img-src 'self' blob:")
        tiles = 'data-archive="/static/peta/pmtiles.js" data-tiles="/static/peta.pmtiles" data-credit="© BIG"'
        body = answer.text().replace("data-leaflet=", f"{tiles} data-leaflet=")
        route.fulfill(response=answer, body=body, headers={**answer.headers, "content-security-policy": policy})

    def a_piece(route: Route) -> None:
        first, last = (int(end) for end in route.request.headers["range"].removeprefix("bytes=").split("-"))
        asked.append((first, last))
        piece = archive[first : last + 1]
        said = {"content-range": f"bytes {first}-{first + len(piece) - 1}/{len(archive)}"}
        route.fulfill(status=206, body=piece, headers=said, content_type="application/octet-stream")

    phone.route(re.compile(r"/lapor/(\?.*)?$"), with_the_setting)
    phone.route(f"{land.url}/static/peta.pmtiles", a_piece)
    # Collected files carry a hash in their name.
    phone.route(f"{land.url}/static/peta/pmtiles.js", lambda route: route.fulfill(path=ROOT / "static/peta/pmtiles.js"))
    choose_place(phone, land.url)
    assert asked == []
    phone.get_by_text("Tunjuk titiknya di peta").click()
    expect(phone.locator(".map img.leaflet-tile, .map .leaflet-tile-pane img").first).to_be_visible()
    expect(phone.locator(".map .name span", has_text="Mekarsari")).to_be_visible()
    assert asked
    assert faults_of(phone) == []
