"""The pages for other eyes and ears: forced colours, letters twice as large, 200 % zoom, browsers without `:has()`, and
what a screen reader is told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from complaints.models import Complaint
from tests.browser import IN_JAKARTA, faults_of, signed_in, width_of
from tests.complaints.cases import landed, public
from tests.flows.test_citizen import STORY, choose_place, send, tell_story
from tests.portal import RunningPortal

pytestmark = pytest.mark.e2e

PHONE = {"viewport": {"width": 360, "height": 740}, "service_workers": "block", **IN_JAKARTA}
OPEN_TO_ALL = (
    "/",
    "/komponen/",
    "/komponen/meja/",
    "/laporan/",
    "/lacak/",
    "/statistik/",
    "/statistik/tidak-ditanggapi/",
)


def opened(browser: Browser, **how: Any) -> Iterator[Page]:
    context = browser.new_context(**{**PHONE, **how})
    yield context.new_page()
    context.close()


@pytest.fixture
def zoomed(browser: Browser) -> Iterator[Page]:
    """A window of 1280 px at 200 %."""
    yield from opened(browser, viewport={"width": 640, "height": 400}, device_scale_factor=2)


FORGET_HAS = """addEventListener("DOMContentLoaded", () => {
  const forget = (rules) => {
    for (let n = rules.cssRules.length; n--;) {
      const rule = rules.cssRules[n];
      if (`${rule.selectorText} ${rule instanceof CSSSupportsRule ? rule.conditionText : ""}`.includes(":has(")) {
        rules.deleteRule(n);
      } else if (rule.cssRules && !rule.selectorText) forget(rule);
    }
  };
  [...document.styleSheets].forEach(forget);
});"""


@pytest.fixture
def older(browser: Browser) -> Iterator[Page]:
    """A browser that has never heard of `:has()`: rules that name it are not there."""
    for page in opened(browser):
        page.add_init_script(FORGET_HAS)
        yield page


def handled(portal: RunningPortal) -> Complaint:
    """On Pak Joko's desk, in work."""
    assert portal.world is not None
    case = landed(portal.world, portal.world.dinas_pu, now=timezone.now())
    case.start(by=portal.world.joko, public=public(case), now=timezone.now())
    return case


def four_screens(page: Page, portal: RunningPortal) -> Iterator[str]:
    """Each of them and the two lists of mistakes, then the report's own page; named for what a failure says."""
    page.goto(portal.url + "/lapor/")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.locator("#galat")).to_be_visible()
    yield "lokasi"
    choose_place(page, portal)
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    expect(page.locator("#galat")).to_be_visible()
    yield "masalah"
    tell_story(page, "Jembatan bagi mata yang lain")
    yield "periksa"
    send(page)
    yield "selesai"
    page.get_by_role("link", name="Buka laporan saya").click()
    page.wait_for_url("**/laporan/*/")
    yield "laporan saya"


def pages_of(page: Page, portal: RunningPortal) -> Iterator[str]:
    assert portal.world is not None
    yield from four_screens(page, portal)
    for address in OPEN_TO_ALL:
        page.goto(portal.url + address)
        yield address
    case = handled(portal)
    signed_in(page, portal, portal.world.joko, "/meja/")
    yield "/meja/"
    page.goto(f"{portal.url}/meja/{case.number}/")
    yield "/meja/<number>/"
    page.goto(f"{portal.url}/meja/{case.number}/jawaban-akhir/")
    yield "/meja/<number>/jawaban-akhir/"


TOO_FAINT = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0.5) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.checkVisibility() && !e.closest("svg")
      && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .map((e) => {
      const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), e.className + " " + e.textContent.trim().slice(0, 30)];
    })
    .filter(([contrast]) => contrast < 4.5);
}"""
"""Texts whose contrast is below 4.5. (Axe reads a colour that Chromium does not force.)"""


# The colours of the reader's system instead of ours: black on white, or white on black.
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def test_with_forced_colours_everything_can_be_read_and_headings_follow_each_other(
    portal: RunningPortal, phone: Page
) -> None:
    """What keeps colours of its own may not stand on the system's with ours; each page has one title."""
    phone.emulate_media(forced_colors="active", color_scheme="light")
    for name in pages_of(phone, portal):
        levels = phone.evaluate(
            """[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
            .filter(h => h.checkVisibility() && !h.closest('#galat')).map(h => Number(h.tagName[1]))"""
        )
        if not name.startswith("/komponen/"):
            assert levels.count(1) == 1, name
            assert all(after <= before + 1 for before, after in pairwise(levels)), (name, levels)
        phone.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
        for scheme in SCHEMES:
            phone.emulate_media(forced_colors="active", color_scheme=scheme)
            assert phone.evaluate(TOO_FAINT) == [], (name, scheme)


def test_with_forced_colours_one_sees_where_one_is(portal: RunningPortal, phone: Page) -> None:
    """A border that is transparent is drawn too: only the page one is on has a line below."""
    phone.goto(portal.url + "/laporan/")
    for scheme in SCHEMES:
        phone.emulate_media(forced_colors="active", color_scheme=scheme)
        lines = phone.evaluate(
            """[...document.querySelectorAll('.nav a')].filter(a => a.offsetParent).map(a => [
                a.hasAttribute('aria-current'),
                getComputedStyle(a).borderBottomColor !== getComputedStyle(document.body).backgroundColor])"""
        )
        assert sum(current for current, _ in lines) == 1
        assert all(current == drawn for current, drawn in lines)


def test_at_twice_the_zoom_and_with_letters_twice_as_large_nothing_scrolls_sideways(
    portal: RunningPortal, zoomed: Page
) -> None:
    """In a window of 1280 px at 200 %; and on a phone whose owner set letters to 32 px where others have 16."""
    letters = zoomed.context.new_cdp_session(zoomed)
    for name in pages_of(zoomed, portal):
        assert width_of(zoomed) <= 640, name
        assert faults_of(zoomed) == [], name
        letters.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
        zoomed.set_viewport_size({"width": 360, "height": 740})
        assert zoomed.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        assert width_of(zoomed) <= 360, name
        # A box to type in keeps room for a few letters.
        narrow = zoomed.evaluate(
            """[...document.querySelectorAll('main input')]
            .filter(e => ['text', 'search', 'email'].includes(e.type) && e.offsetParent && !e.closest('.day'))
            .filter(e => e.getBoundingClientRect().width < 160)
            .map(e => e.name)"""
        )
        assert narrow == [], name
        letters.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        zoomed.set_viewport_size({"width": 640, "height": 400})


def test_a_browser_without_has_files_a_report_and_shows_what_was_chosen(portal: RunningPortal, older: Page) -> None:
    for name in four_screens(older, portal):
        if name == "masalah":
            expect(older.locator(".when .day")).to_be_visible()
            expect(older.locator(".ppid")).to_be_visible()
        if name == "periksa":
            expect(older.locator("#id_email")).to_be_visible()
            expect(older.locator(".seen")).to_be_hidden()
    assert STORY in older.locator("main").inner_text()
    older.goto(portal.url + "/komponen/")
    mark = older.locator(".rate input").nth(3)
    mark.check()
    assert mark.evaluate("e => getComputedStyle(e).opacity") == "1"


def test_a_fresh_form_tells_a_screen_reader_of_no_mistake(portal: RunningPortal, phone: Page) -> None:
    choose_place(phone, portal)
    assert wrong(phone) == []
    phone.get_by_role("button", name="Simpan dan lanjut").last.click()
    expect(phone.locator("#galat")).to_be_focused()
    assert {name.split(" ")[0] for name in wrong(phone)} >= {"Ada", "Judul", "Ceritanya"}


def wrong(page: Page) -> list[str]:
    """Names of the fields that Chromium tells assistive technology are invalid."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [
        node["name"]["value"]
        for node in tree
        for told in node.get("properties", [])
        if told["name"] == "invalid" and told["value"]["value"] == "true"
    ]


def test_what_changes_while_one_types_is_said(portal: RunningPortal, page: Page) -> None:
    """The letters left once typing rests, and how many offices were found."""
    assert portal.world is not None
    page.goto(portal.url + "/komponen/")
    page.get_by_label("Ceritanya").fill("a" * 8_800)
    expect(page.locator(".count + [role=status]")).to_have_text("Tinggal 1.200 huruf")
    case = handled(portal)
    signed_in(page, portal, portal.world.wati, f"/meja/{case.number}/pindahan/")
    page.get_by_label("Cari kantor lain").press_sequentially("kesehatan", delay=20)
    expect(page.locator("#kantor-hasil")).to_contain_text("kantor bisa dipilih")
    page.get_by_label("Cari kantor lain").fill("zzzz")
    expect(page.locator("#kantor-hasil")).to_contain_text("Tidak ada kantor yang cocok")


def reach(page: Page, wanted: Locator) -> None:
    """Tab until it has the focus, as far as one page goes."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            return
    pytest.fail(f"no way to {wanted} with the Tab key")


def test_a_report_is_filed_and_followed_with_the_keyboard_alone(portal: RunningPortal, page: Page) -> None:
    page.goto(portal.url)
    reach(page, page.locator("main").get_by_role("link", name="Lapor masalah"))
    page.keyboard.press("Enter")
    reach(page, page.locator("#id_query"))
    page.keyboard.type("Pasar Lama, Mekarsari")
    reach(page, page.get_by_role("button", name="Simpan dan lanjut"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/lapor/masalah/")
    reach(page, page.get_by_label("Ada masalah"))
    page.keyboard.press("Space")
    reach(page, page.get_by_label("Judul singkat"))
    page.keyboard.type("Hanya dengan papan ketik")
    reach(page, page.get_by_label("Ceritanya"))
    page.keyboard.type(STORY)
    reach(page, page.get_by_label("Hari ini"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Kemarin")).to_be_checked()
    reach(page, page.get_by_role("button", name="Simpan dan lanjut").last)
    page.keyboard.press("Enter")
    page.wait_for_url("**/lapor/periksa/")
    reach(page, page.get_by_label("Kirimi saya email."))
    page.keyboard.press("ArrowUp")  # from the first to the last
    expect(page.get_by_label("Saya simpan sendiri nomor dan kuncinya")).to_be_checked()
    reach(page, page.get_by_role("button", name="Kirim laporan"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()
    reach(page, page.get_by_role("link", name="Buka laporan saya"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_label("Pesan Anda"))
    page.keyboard.type("Masih putus pagi ini.")
    reach(page, page.get_by_role("button", name="Kirim pesan"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Pesan Anda sudah terkirim.")).to_be_focused()
    expect(page.get_by_text("Masih putus pagi ini.")).to_be_visible()
