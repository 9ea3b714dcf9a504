"""A priority programme from its record to its observer, in a real browser: axe, a phone, empty and error states."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from agencies.models import Programme, Role, User
from complaints.models import Complaint, Tag
from tests.browser import clean, signed_in
from tests.flows.test_desk import cast, started
from tests.portal import RunningPortal
from tests.world import World

pytestmark = pytest.mark.e2e


def enter(page: Page, portal: RunningPortal, email: str, start: str) -> None:
    """`signed_in`, by their address."""
    signed_in(page, portal, User.objects.get(email=email), start)
    expect(page).to_have_url(portal.url + start)


def recorded(page: Page, portal: RunningPortal) -> Programme:
    """The centre writes it down, after forgetting its code."""
    enter(page, portal, "ratna@contoh.test", "/kelola/program/")
    clean(page, "no programme yet")
    page.get_by_label("Nama", exact=True).fill("Inpres Jalan Daerah")
    page.get_by_role("button", name="Tambah program").click()
    expect(page.locator("#galat")).to_contain_text("Tulis kodenya.")
    clean(page, "a programme without a code")
    page.get_by_label("Kode", exact=True).fill("jalan-daerah")
    page.get_by_role("button", name="Tambah program").click()
    expect(page.locator("h1")).to_have_text("Inpres Jalan Daerah")
    clean(page, "one programme of the centre")
    page.goto(portal.url + "/kelola/program/")
    clean(page, "the programmes of the centre")
    return Programme.objects.get(code="jalan-daerah")


def tagged(page: Page, portal: RunningPortal, case: Complaint, programme: Programme) -> None:
    """The coordinator finds it among the other acts, and the desk asks for it."""
    enter(page, portal, "wati@contoh.test", f"/meja/{case.number}/")
    page.get_by_text("Tindakan lain").click()
    page.get_by_role("link", name="Tandai program").click()
    clean(page, "the act that tags")
    page.get_by_label(programme.name).check()  # other tests wrote down some of their own
    page.get_by_role("button", name="Tandai laporan").click()
    expect(page.locator("#galat")).to_contain_text("Tulis alasannya")
    page.get_by_label("Alasan").fill("Jalan penghubung antardesa.")
    page.get_by_role("button", name="Tandai laporan").click()
    expect(page.locator(".tags")).to_contain_text("Program Inpres Jalan Daerah")
    clean(page, "a case with its programme")
    assert Tag.objects.current().filter(complaint=case, programme=programme).exists()
    for address in (
        f"/meja/{case.number}/pelepasan/",
        "/meja/?q=program:jalan-daerah%20kantor:semua",
        "/meja/aturan/baru/",
        "/pengawasan/program/",
        f"/pengawasan/{case.handler_id}/laporan/?program=jalan-daerah",
    ):
        page.goto(portal.url + address)
        clean(page, address)


def read(page: Page, portal: RunningPortal, case: Complaint, world: World, programme: Programme) -> None:
    """Its observer begins there, reads it masked, and sees that it left."""
    laksmi = world.officer("Laksmi Hapsari", world.root, Role.OBSERVER, programme=programme)
    signed_in(page, portal, laksmi, "/pengawasan/program/")
    clean(page, "the observer's programmes")
    page.get_by_role("link", name="Inpres Jalan Daerah", exact=True).click()
    clean(page, "one programme")
    here = page.url
    page.get_by_role("link", name="Selesai").click()
    expect(page.locator(".empty")).to_contain_text("Tidak ada laporan di daftar ini")
    clean(page, "an empty list of a programme")
    page.goto(f"{portal.url}/meja/{case.number}/")
    expect(page.locator("main")).to_contain_text("Anda membaca teks yang disamarkan")
    case.untag(programme, by=world.wati, reason="Bukan jalan.")
    page.reload()
    expect(page.locator("h1")).to_contain_text("sudah lepas dari program Anda")
    clean(page, "a case that left the programme")
    page.goto(here)
    expect(page.locator("main")).to_contain_text("Belum ada laporan yang ditandai program ini.")
    clean(page, "a programme without a case")


def test_a_programme_from_its_record_to_its_observer(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    case, programme = started(world), recorded(page, portal)
    tagged(page, portal, case, programme)
    read(page, portal, case, world, programme)
