"""What must fit a phone whatever is in it: a word without an end, a table in a fold, the heading of a narrow column."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import width_of

pytestmark = pytest.mark.e2e
STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
ENDLESS = "x" * 400


def show(page: Page, body: str, *parts: str) -> None:
    style = "".join((STYLES / f"{part}.css").read_text() for part in ("core", *parts))
    page.set_content(
        f'<!doctype html><html lang="id"><head><title>Uji</title><style>{style}</style></head>'
        f'<body><main class="page"><h1>Uji</h1>{body}</main></body></html>'
    )


@pytest.mark.parametrize(
    "body",
    [
        f'<p class="err"><svg class="i" viewBox="0 0 24 24"></svg>“{ENDLESS}” belum kami temukan</p>',
        f'<p class="where"><svg class="i" viewBox="0 0 24 24"></svg><span>{ENDLESS}, Kec. Mekarsari</span></p>',
    ],
    ids=["mistake", "place"],
)
def test_a_word_without_an_end_is_broken(phone: Page, body: str) -> None:
    show(phone, body, "form", "submit")
    assert width_of(phone) <= 360


def test_a_table_in_a_fold_is_as_wide_as_the_page(phone: Page) -> None:
    show(
        phone,
        '<details class="fold" open><summary>42 kantor lain</summary>'
        '<table style="width: 100%"><tr><th>Badan Perencanaan</th><td>0</td></tr></table></details>',
    )
    assert width_of(phone) <= 360


def test_a_table_of_many_columns_stays_within_its_own(phone: Page) -> None:
    heads = (
        "Kantor", "Diterima", "Masih terbuka", "Lewat batas", "Tepat waktu", "Ditindaklanjuti", "Median", "9 dari 10",
        "Dikembalikan", "Nilai", "Petugas aktif", "SK berlaku",
    )  # fmt: skip
    row = (
        '<tr><th scope="row">Dinas Pekerjaan Umum dan Penataan Ruang</th>' + '<td class="n">12.240</td>' * 11 + "</tr>"
    )
    head = "".join(f'<th class="n">{head}</th>' for head in heads)
    table = f'<table class="grid many"><thead><tr>{head}</tr></thead><tbody>{row}</tbody></table>'
    side = '<div class="side"><p>Periode lain</p></div>'
    show(phone, f'<div class="page"><div class="work"><div>{table}</div>{side}</div></div>', "form", "figure", "desk")
    for width in (360, 1000, 1200, 1280, 1440):
        phone.set_viewport_size({"width": width, "height": 800})
        assert phone.locator("table").evaluate("one => one.offsetWidth - one.parentElement.clientWidth") <= 0, width


def test_the_bar_of_what_is_ticked_hides_no_row_where_there_is_little_room(phone: Page) -> None:
    rows = "".join(f'<p><input class="pick" type="checkbox" aria-label="Pilih {n}"></p>' for n in range(40))
    bar = '<form class="bulk"><button class="btn line">Mulai kerjakan</button></form>'
    show(phone, f'<div class="page"><div>{rows}</div>{bar}</div>', "form", "desk")
    boxes = phone.locator(".pick")
    phone.emulate_media(reduced_motion="reduce")  # it need not be waited for
    boxes.first.check()
    expect(phone.locator(".bulk")).to_have_css("position", "static")
    phone.set_viewport_size({"width": 1280, "height": 720})
    expect(phone.locator(".bulk")).to_have_css("position", "sticky")
    top = phone.locator(".bulk").evaluate("bar => bar.getBoundingClientRect().top")
    for n in range(1, 30):
        phone.keyboard.press("Tab")
        assert boxes.nth(n).evaluate("box => box.getBoundingClientRect().bottom") <= top, n


def test_the_headings_of_narrow_columns_are_not_broken_within_a_word(phone: Page) -> None:
    months = "".join(f"<tr><th>{name} 2026</th>" + "<td>16</td>" * 4 + "</tr>" for name in ("September", "November"))
    heads = ("Bulan", "Diterima", "Tepat waktu", "Terlambat", "Tidak dijawab")
    show(
        phone,
        '<figure class="fig"><details class="fold" open><summary>Tabel</summary><table class="data"><thead><tr>'
        + "".join(f"<th>{head}</th>" for head in heads)
        + f"</tr></thead><tbody>{months}</tbody></table></details></figure>",
        "figure",
        "open",
    )
    assert width_of(phone) <= 360
    broken = phone.evaluate(
        r"""[...document.querySelectorAll("th")].flatMap((cell) => {
          const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
          return [...text.data.matchAll(/\S+/g)].filter((word) => {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            return range.getClientRects().length > 1;
          }).map((word) => word[0]);
        })"""
    )
    assert broken == []
