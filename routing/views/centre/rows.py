"""The cells of an agency's or group's row after its name, in the tables of the country, a province and a ministry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lapor.kit.cells import age_bar, cell, columns
from lapor.kit.wording import number
from routing.centre import Row


def draw(rows: Iterable[Row], *, ages: bool = False, told: bool = False, climbs: bool = False) -> None:
    """Into each row its cells. `ages`: with a bar by age, and what is nearly late; `told`: with what was received by
    month, kept in time and handed back; `climbs`: the row's address is that of what climbed there."""
    cells = _Cells(ages=ages)
    for row in rows:
        found = [*cells.open(row, row.url if climbs else ""), *(cells.told(row) if told else ())]
        row.cells = mark_safe("".join(found))


class _Cells:
    def __init__(self, *, ages: bool) -> None:
        self.ages = ages
        self.climbed, self.none = _("laporan yang naik di %(name)s"), _("tidak ada")
        # What a phone's card calls each.
        self.labels = {
            "open": _("Terbuka"),
            "near": _("Hampir"),
            "late": _("Terlambat"),
            "climbed": _("Naik"),
            "oldest": _("Tertua"),
            "silent": _("Kantor diam"),
            "received": _("Diterima"),
            "in_time": _("Tepat waktu"),
            "bounced": _("Dikembalikan"),
        }

    def _number(
        self, row: Row, code: str, count: int, *, late: bool = False, url: str = "", words: str = "", more: str = ""
    ) -> SafeString:
        """One of the open ones: muted where nothing is open, red where it tells of something late; a link where it is
        not nothing."""
        label, classes = self.labels[code], "n"
        if late and count:
            classes += " late"
        if not row.load.open and code != "silent":
            classes += " none"
        words = words or f"{label} {row.name}"
        link = "late" if late else ""
        return cell(label, number(count), classes, url=url if count else "", words=words, link=link, more=more)

    def open(self, row: Row, climbed_url: str) -> Iterator[SafeString]:
        load, urls = row.load, row.urls
        if self.ages:
            bar = age_bar(row.parts) if load.open else ""
            yield format_html('<td class="wide-bar">{}</td>', bar)
        if load.open:
            yield self._number(row, "open", load.open, url=urls.get("open", ""))
        else:
            yield cell(self.labels["open"], format_html('<span class="mute">{}</span>', self.none))
        if self.ages:
            yield self._number(row, "near", load.near, url=urls.get("near", ""))
        share = format_html(" <small>({} %)</small>", number(load.late_share)) if load.late else ""
        yield self._number(row, "late", load.late, late=True, url=urls.get("late", ""), more=share)
        climbed = self.climbed % {"name": row.name}
        yield self._number(row, "climbed", load.climbed, url=climbed_url, words=climbed)
        yield cell(self.labels["oldest"], number(row.oldest), "n" if load.open else "n none")
        yield self._number(row, "silent", load.silent, late=True, url=urls.get("silent", ""))

    def told(self, row: Row) -> Iterator[SafeString]:
        received = self.none
        if row.received:
            received = format_html('{}<span class="vh"> ({})</span>', number(row.received), row.months_words)
        months = columns(row.steps) if row.steps else ""
        yield cell(self.labels["received"], format_html('{}<span class="place">{}</span>', months, received), "")
        for code, share in (("in_time", row.in_time), ("bounced", row.bounced)):
            told = share is not None
            yield cell(self.labels[code], f"{number(share)} %" if told else "–", "n" if told else "n none")
