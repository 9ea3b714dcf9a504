"""The look in a real browser: what axe, a keyboard, a finger and one press too many meet on /komponen/."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import clean, faults_of, width_of
from tests.portal import RunningPortal

pytestmark = pytest.mark.e2e

SHOWN = [
    *("/komponen/", "/komponen/meja/", "/komponen/galat/404/", "/komponen/galat/503/", "/akun/masuk/"),
    *("/panduan/", "/panduan/kominfo/"),
]


@pytest.mark.parametrize("address", SHOWN)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(portal: RunningPortal, phone: Page, address: str) -> None:
    phone.goto(portal.url + address)
    clean(phone)
    phone.set_viewport_size({"width": 320, "height": 640})
    assert width_of(phone) <= 320


def test_after_a_mistake_focus_is_on_the_summary_and_each_link_leads_to_its_field(
    portal: RunningPortal, phone: Page
) -> None:
    phone.goto(portal.url + "/komponen/")
    phone.get_by_role("button", name="Kirim laporan").click()
    expect(phone.locator("#galat")).to_be_focused()
    assert faults_of(phone) == []
    for link in phone.locator("#galat a").all():
        target = (link.get_attribute("href") or "").removeprefix("#")
        link.click()
        expect(phone.locator(f"[id='{target}']")).to_be_focused()
        expect(phone.locator(f"[id='{target}']")).to_be_in_viewport()


def test_what_is_pressed_is_at_least_44_pixels_high_and_never_under_24(portal: RunningPortal, phone: Page) -> None:
    phone.goto(portal.url + "/komponen/")
    low = phone.evaluate(
        """[...document.querySelectorAll('.btn, .nav a, .tick, .card, .rate label, summary, .att, .back')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert low == []
    small = phone.evaluate(
        """[...document.querySelectorAll('input[type=radio], input[type=checkbox]')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().width < 20).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_the_first_tab_offers_to_skip_to_the_content(portal: RunningPortal, page: Page) -> None:
    page.goto(portal.url + "/komponen/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Langsung ke isi")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#isi")).to_be_focused()


def test_other_dates_open_three_boxes(portal: RunningPortal, page: Page) -> None:
    page.goto(portal.url + "/komponen/")
    expect(page.get_by_label("Bulan")).to_be_hidden()
    page.get_by_label("Tanggal lain").check()
    expect(page.get_by_label("Bulan")).to_be_visible()


def test_the_counter_counts_down_and_says_when_it_is_too_much(portal: RunningPortal, page: Page) -> None:
    page.goto(portal.url + "/komponen/")
    story, count = page.get_by_label("Ceritanya"), page.locator(".count")
    expect(count).to_have_text("Paling banyak 10.000 huruf")
    story.fill("a" * 8_800)
    expect(count).to_have_text("Tinggal 1.200 huruf")
    story.fill("a" * 10_003)
    expect(count).to_have_text("Kelebihan 3 huruf")


def test_a_second_press_sends_nothing_and_the_button_keeps_its_width(portal: RunningPortal, page: Page) -> None:
    page.goto(portal.url + "/komponen/")
    sent = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.url)
            route.fulfill(status=204)  # the page stays, as a slow network leaves it
        else:
            route.continue_()

    page.route("**/komponen/", hold)
    button = page.locator("form button[name=kirim]")
    before = button.bounding_box()
    assert before is not None
    button.click(no_wait_after=True)
    expect(button).to_have_text("Mengirim…")
    after = button.bounding_box()
    assert after is not None
    assert after["width"] >= before["width"]
    button.click(no_wait_after=True)
    page.wait_for_timeout(200)
    assert len(sent) == 1


def test_a_page_without_script_shows_its_errors_too(portal: RunningPortal, page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    plain = context.new_page()
    plain.goto(portal.url + "/komponen/")
    plain.get_by_role("button", name="Kirim laporan").click()
    expect(plain.get_by_role("heading", name="Ada 5 hal yang perlu diperbaiki")).to_be_in_viewport()
    context.close()


def test_j_and_k_walk_over_the_rows_of_the_desk(portal: RunningPortal, page: Page) -> None:
    page.goto(portal.url + "/komponen/meja/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Izin belum keluar")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Cari")).to_be_focused()
    page.keyboard.type("jalan")
    expect(page.get_by_role("textbox", name="Cari")).to_have_value("jalan")
