"""The counter with a keyboard, the district's door and the poster in a real browser: axe, a phone, no script."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from playwright.sync_api import Browser, Page, expect

from agencies import subsites
from agencies.models import SubSite
from complaints.models import Complaint
from complaints.poster import code
from tests.browser import clean, signed_in
from tests.flows.test_desk import cast
from tests.portal import RunningPortal

pytestmark = pytest.mark.e2e


def door_of(portal: RunningPortal) -> SubSite:
    world = cast(portal)
    return subsites.set_subsite(
        world.pemkab,
        by=world.wati,
        slug="sukamaju",
        name="Lapor Sukamaju",
        colour="#7a1f4b",
        accent="#f2b84b",
        phones=[["Loket", "0769 123456"]],
        active=True,
    )


def test_a_report_is_typed_in_with_the_keyboard_alone(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    signed_in(page, portal, world.joko, "/meja/loket/")
    clean(page, "/meja/loket/")
    page.locator("[name=came]").first.focus()
    # Each Enter goes on: how they came, what it is, the story (whose own Enter is a new line).
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("Pompa air desa meledak dan rumah di sebelahnya terbakar.")
    expect(page.locator("#bahaya a[href='tel:113']")).to_be_visible()
    clean(page, "loket, bahaya")
    page.keyboard.press("Tab")
    page.keyboard.type("Sukasari")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.locator("[name=read_out]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(portal.url + "/meja/loket/tanda-terima/")
    clean(page, "tanda terima")
    case = Complaint.objects.latest("pk")
    assert (case.channel, case.place) == ("counter", world.sukasari)
    assert case.happened_on == case.today()
    expect(page.locator(".key2 .big")).to_have_text(re.compile(r"^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$"))
    page.reload()
    assert page.locator(".key2").count() == 0
    clean(page, "tanda terima, lagi")


def test_what_is_missing_at_the_counter_is_said_and_kept(portal: RunningPortal, page: Page) -> None:
    signed_in(page, portal, cast(portal).joko, "/meja/loket/")
    page.locator("[name=story]").fill("Ceritanya sudah ada.")
    page.locator("[name=came][value=SURAT]").check()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#galat")).to_be_focused()
    expect(page.locator("[name=story]")).to_have_value("Ceritanya sudah ada.")
    clean(page, "loket dengan galat")


def test_the_receipt_is_one_page_of_the_paper_that_was_chosen(portal: RunningPortal, page: Page) -> None:
    signed_in(page, portal, cast(portal).joko, "/meja/loket/")
    page.locator("[name=story]").fill("Selokan di samping puskesmas tersumbat.")
    page.locator("[name=where]").fill("Sukasari")
    page.locator("[name=happened_on_pick][value=today]").check()
    page.locator("[name=read_out]").check()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(portal.url + "/meja/loket/tanda-terima/")
    for paper, width in (("a5", 148), ("a6", 105)):
        page.locator(f"[name=kertas][value={paper}]").check()
        with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as pdf:
            assert len(pdf.pages) == 1
            assert float(pdf.pages[0].MediaBox[2]) == pytest.approx(width / 25.4 * 72, abs=2)


def test_axe_finds_nothing_behind_a_district_s_door(portal: RunningPortal, page: Page) -> None:
    site, world = door_of(portal), cast(portal)
    for path in ("", "lapor/", "laporan/", "lacak/", "statistik/", "statistik/tidak-ditanggapi/", "entah/"):
        page.goto(f"{portal.url}{site.path}{path}")
        clean(page, path)
    page.goto(f"{portal.url}/k/{code.of(world.dinas_pu.pk)}/")
    expect(page).to_have_url(f"{portal.url}/d/sukamaju/lapor/?kantor={world.dinas_pu.pk}")
    clean(page, "formulir dari poster")


def test_a_report_behind_the_door_needs_no_script(portal: RunningPortal, browser: Browser) -> None:
    site, world = door_of(portal), cast(portal)
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal.url}{site.path}")
    page.get_by_role("link", name="Lapor masalah").first.click()
    page.get_by_label("Kelurahan, desa, atau kecamatan").fill("Pasar Lama")
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    page.get_by_label("Ada masalah").check()
    page.get_by_label("Judul singkat").fill("Selokan pasar tersumbat")
    page.get_by_label("Ceritanya").fill("Air meluap ke kios sejak Senin.")
    page.get_by_label("Kemarin").check()
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    page.get_by_label("Saya simpan sendiri nomor dan kuncinya").check()
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page).to_have_url(f"{portal.url}{site.path}lapor/selesai/")
    case = Complaint.objects.latest("pk")
    assert (case.subsite, case.place) == (site, world.pasar_lama)
    context.close()


def test_axe_finds_nothing_where_the_site_is_written_and_the_poster_printed(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    door_of(portal)
    signed_in(page, portal, world.wati, "/")
    for address in (
        f"/instansi/{world.pemkab.pk}/situs/",
        f"/instansi/{world.pemkab.pk}/janji/",
        f"/instansi/{world.pemkab_tetangga.pk}/",
        f"/instansi/{world.dinas_pu.pk}/",
        f"/instansi/{world.dinas_pu.pk}/poster/",
        f"/instansi/{world.pemkab.pk}/sosialisasi/",
    ):
        page.goto(portal.url + address)
        clean(page, address)
    page.goto(f"{portal.url}/instansi/{world.pemkab.pk}/situs/")
    page.get_by_label("Nama situs").fill("")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("#galat")).to_be_focused()
    clean(page, "situs dengan galat")
