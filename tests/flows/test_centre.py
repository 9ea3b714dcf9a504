"""The centre's pages about how words are read, in a real browser: empty, with a choice, refused, and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from routing import thresholds
from tests.browser import clean
from tests.flows.test_desk import cast
from tests.flows.test_programmes import enter
from tests.portal import RunningPortal

pytestmark = pytest.mark.e2e
PAGE = "/kelola/model/"


def test_a_threshold_is_looked_at_moved_and_brought_back(portal: RunningPortal, page: Page) -> None:
    cast(portal)
    enter(page, portal, "ratna@contoh.test", PAGE)
    expect(page.locator("main")).to_contain_text("Semua ambang masih yang dipilih bobotnya sendiri")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    clean(page, "how words are read")
    page.get_by_role("link", name="Kementerian dan lembaga", exact=True).click()
    clean(page, "a threshold")
    page.get_by_label("Diteruskan sendiri mulai (persen)").fill("60")
    page.get_by_role("button", name="Lihat dulu akibatnya").click()
    expect(page.locator("#akibat")).to_contain_text("padahal dijanjikan 95%")
    clean(page, "what a threshold below the promise would do")
    page.get_by_role("button", name="Simpan ambang").click()
    expect(page.locator("#galat")).to_be_focused()
    clean(page, "a threshold with errors")
    page.get_by_label("Diteruskan sendiri mulai (persen)").fill("95")
    page.get_by_label("Alasan").first.fill("Banyak koreksi minggu ini.")
    page.get_by_role("button", name="Simpan ambang").click()
    expect(page.locator(".msg")).to_contain_text("mulai laporan berikutnya")
    clean(page, "how words are read, with a threshold that was moved")
    assert thresholds.level("pusat").now.percent == 95
    page.goto(f"{portal.url}{PAGE}ambang/pusat/")
    page.get_by_label("Alasan").last.fill("Sudah tenang.")
    page.get_by_role("button", name="Kembalikan").click()
    expect(page.locator(".msg")).to_contain_text("Ambang sebelumnya dipakai lagi")
    assert thresholds.level("pusat").now.percent == thresholds.level("pusat").own.percent


def test_a_threshold_moves_without_script(portal: RunningPortal, page: Page, browser: Browser) -> None:
    cast(portal)
    enter(page, portal, "ratna@contoh.test", PAGE)
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(f"{portal.url}{PAGE}ambang/kabkota/?persen=80")
    expect(plain.locator("#akibat")).to_contain_text("Tingkat ini tetap dilihat petugas")
    context.close()
