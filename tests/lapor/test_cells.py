"""Cells drawn in Python: whatever an office is called, its name stays a name."""

from __future__ import annotations

from django.utils.html import format_html

from lapor.kit.cells import cell
from tests.lapor.markup import Page

ODD = "Dinas \"A\" & 'B' <script>alert(1)</script> \u202egnp.exe\u200b"


def test_a_name_breaks_out_of_no_part_of_a_cell() -> None:
    drawn = cell(ODD, ODD, url=f"/meja/?q={ODD}", words=ODD, link="late", more=ODD)
    td, a, span = Page(f"<table><tr>{drawn}</tr></table>").elements[2:]
    assert [one.tag for one in (td, a, span)] == ["td", "a", "span"]
    assert td.attributes == {"class": "n", "data-l": ODD}
    assert a.attributes == {"class": "late", "href": f"/meja/?q={ODD}"}


def test_what_was_marked_as_safe_elsewhere_is_a_link_no_more_than_a_name() -> None:
    """`url`, `words` and the label are text, even where somebody made them as markup."""
    markup = format_html("<b>{}</b>", "A")
    drawn = cell(markup, "1", url=markup, words=markup)
    assert drawn.count("<b>") == 0
    assert "<b>A</b>" in cell("Terbuka", markup)
