"""What is printed: the receipt, the own case, the public case, an officer's. Nothing to press stands on paper, and all
that one needs does. Answered in this process (`answered_here`)."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from time_machine import TimeMachineFixture

from tests.browser import HERE, answered_here
from tests.complaints.test_submit import CHECK, STORY
from tests.filing import NOON, answered, days, missed, published
from tests.world import World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]
TO_PRESS = "nav, .top, .foot, form, button, input, .btn, .acts, .back, .skip"


def on_paper(page: Page) -> str:
    """What a printer is given, as text; nothing of it can be pressed."""
    page.emulate_media(media="print")
    pressed = page.locator(TO_PRESS).all()
    assert [one.evaluate("one => one.outerHTML.slice(0, 90)") for one in pressed if one.is_visible()] == []
    return page.locator("body").inner_text()


def pages(page: Page) -> int:
    """Of the PDF a browser makes of it; every font in it can be read as letters again."""
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as pdf:
        fonts = [font for one in pdf.pages for font in one.Resources.get("/Font", {}).values()]
        assert fonts
        assert all("/ToUnicode" in font for font in fonts)
        return len(pdf.pages)


def test_the_receipt_has_number_key_and_dates_and_nothing_to_press(
    page: Page, client: Client, world: World, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON, tick=False)
    answered_here(page, client)
    client.post("/lapor/", {"place": world.pasar_lama.pk, "landmark": "depan pasar"})
    client.post("/lapor/masalah/", STORY)
    client.post("/lapor/periksa/", CHECK)
    page.goto(f"{HERE}/lapor/selesai/")
    number, key = (page.locator(f".tick2 .{part} .big").inner_text() for part in ("no", "key2"))
    said = on_paper(page)
    assert said.count(number) == said.count(key) == 1
    assert STORY["title"] in said
    assert "29 Mei 2026" in said
    assert re.search(r"Diteruskan paling lambat\s+\w+, \d+ Juni 2026", said), said
    expect(page.locator(".receipt .qr svg")).to_be_visible()
    assert STORY["story"] not in said
    assert pages(page) == 1
    # Seen again the key is gone, and the paper says nothing of one.
    page.goto(f"{HERE}/lapor/selesai/")
    again = on_paper(page)
    assert number in again
    assert key not in again
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Buka laporan saya").click()
    page.wait_for_url(f"{HERE}/laporan/**")
    own = on_paper(page)
    for said in (number, STORY["title"], STORY["story"], "29 Mei", "Perjalanan laporan"):
        assert said in own
    pages(page)


@pytest.mark.parametrize("late", [False, True])
def test_the_public_case_has_number_dates_and_its_journey(
    page: Page, client: Client, world: World, time_machine: TimeMachineFixture, late: bool
) -> None:
    time_machine.move_to(days(20), tick=False)
    case = published(world)
    if late:
        missed(case, at=20)
    else:
        answered(case, world.joko, at=1)
    answered_here(page, client)
    page.goto(f"{HERE}/laporan/{case.number}/")
    said = on_paper(page)
    for words in (case.shown_number, case.title, "29 Mei", "Perjalanan laporan", "Dinas PU", "Percakapan"):
        assert words in said
    assert "Ini laporan Anda?" not in said
    assert "Tidak perlu melapor lagi" not in said
    if late:
        # Black on white, whether the printer knows grounds or not.
        badge = page.locator(".prm-late").first
        expect(badge).to_have_css("color", "rgb(0, 0, 0)")
        expect(badge).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    pages(page)


def test_an_officers_case_has_nothing_to_write_or_press(page: Page, world: World) -> None:
    case = answered(published(world, "Lampu jalan padam"), world.joko, at=1)
    answered_here(page, client_of(world.joko))
    page.goto(f"{HERE}/meja/{case.number}/")
    said = on_paper(page)
    assert "Lampu jalan padam" in said
    assert "Jawaban akhir paling lambat" in said
    for word in ("Catatan internal", "Dilihat warga", "Tindakan"):
        assert word not in said
