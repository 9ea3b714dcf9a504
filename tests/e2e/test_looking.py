"""How pages are looked at (tests/browser.py): each make once, at the second width what the first did not show."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import clean, faults_of

pytestmark = pytest.mark.e2e
WIDE = "@media (min-width: 700px)"


def show(page: Page, body: str, style: str = "") -> None:
    page.set_content(
        f'<!doctype html><html lang="id"><head><title>Uji</title><style>{style}</style></head>'
        f"<body><main><h1>Uji</h1>{body}</main></body></html>"
    )


def test_what_only_a_wide_window_shows_is_looked_at(page: Page) -> None:
    show(page, '<button class="wide"></button>', f".wide {{ display: none }} {WIDE} {{ .wide {{ display: block }} }}")
    with pytest.raises(AssertionError, match="at 1280"):
        clean(page)
    assert [fault.partition(":")[0] for fault in faults_of(page)] == ["button-name"]


def test_what_is_paler_in_a_wide_window_is_looked_at(page: Page) -> None:
    show(page, "<p>Pucat</p>", f"p {{ color: #000 }} {WIDE} {{ p {{ color: #ddd }} }}")
    with pytest.raises(AssertionError, match="at 1280"):
        clean(page)
    assert [fault.partition(":")[0] for fault in faults_of(page)] == ["color-contrast"]


def test_the_ground_that_only_a_wide_window_has_is_looked_at(page: Page) -> None:
    wide = f"{WIDE} {{ body {{ background: #111 }} h1 {{ color: #fff }} }}"
    for body in ("<p>Gelap</p>", "<p>Gelap</p><p>Lagi</p>"):
        show(page, body, f"p {{ color: #000 }} {wide}")
        with pytest.raises(AssertionError, match="at 1280"):
            clean(page)


def test_a_page_made_alike_is_not_looked_at_again_one_made_otherwise_is(page: Page) -> None:
    show(page, '<p id="satu">Baik</p><ul><li>Satu</li></ul>')
    assert faults_of(page) == []
    show(page, '<p id="dua">Kata lain</p><ul><li>Satu</li></ul>')
    page.evaluate("window.axe = {run: () => { throw new Error('looked again') }}")
    assert faults_of(page) == []
    page.evaluate("delete window.axe")
    for wrong in ('<p>Baik</p><ul><li>Satu</li><p role="salah">x</p></ul>', '<p>Baik</p><a href="/"></a>', "<img>"):
        show(page, wrong)
        assert faults_of(page) != [], wrong


def test_words_known_to_be_read_are_looked_at_again_on_another_ground(page: Page) -> None:
    show(page, "<section><p>Gelap</p></section>")
    assert faults_of(page) == []
    page.evaluate("() => { const {run} = axe; axe.run = (what, how) => { window.how = how; return run(what, how); }; }")
    page.evaluate("document.querySelector('section').append(document.querySelector('p').cloneNode(true))")
    assert faults_of(page) == []
    assert not page.evaluate("how.rules['color-contrast'].enabled"), "the same words on the same ground"
    for ground in ("background: #222", "opacity: .2", "background: linear-gradient(#222, #222)"):
        show(page, f'<section style="{ground}"><p>Gelap</p></section>')
        faults = faults_of(page)
        if "gradient" not in ground:  # of which axe says that it cannot tell
            assert [fault.partition(":")[0] for fault in faults] == ["color-contrast"], ground


def test_what_a_script_changed_is_looked_at(page: Page) -> None:
    show(page, "<button>Buka</button>")
    clean(page)
    page.evaluate("document.querySelector('button').textContent = ''")
    assert faults_of(page) != []
