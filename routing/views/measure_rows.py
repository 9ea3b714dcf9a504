"""The rows of the offices below, in the table of the page of measures, as HTML (why: `lapor.kit.cells`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lapor.kit.cells import cell
from lapor.kit.wording import number


def draw(rows: Iterable[dict[str, Any]], *, days: bool, people: bool) -> None:
    """Into each row of `views.measures._offices` how it is drawn (`drawn`). `days`: with how long a turn took;
    `people`: with the officers."""
    labels = {
        "received": _("Diterima"),
        "open": _("Masih terbuka"),
        "past_due": _("Lewat batas"),
        "in_time": _("Tepat waktu"),
        "followed": _("Ditindaklanjuti"),
        "days": _("Median"),
        "most": _("9 dari 10"),
        "turns_not_ours": _("Dikembalikan"),
        "rating": _("Nilai"),
        "aktif": _("Petugas aktif"),
        "sk": _("SK berlaku"),
    }
    own = format_html(' <span class="place">{}</span>', _("kantor ini sendiri"))
    for row in rows:
        cells = [*_numbers(row, labels, days=days), *(_people(row, labels) if people else ())]
        name = format_html('<a href="{}">{}</a>', row["url"], row["name"]) if row["url"] else row["name"]
        row["drawn"] = format_html(
            '<tr><th scope="row">{}{}</th>{}</tr>', name, own if row["own"] else "", mark_safe("".join(cells))
        )


def _numbers(row: Mapping[str, Any], labels: Mapping[str, str], *, days: bool) -> Iterator[SafeString]:
    sums, taken = row["sums"], row["days"]

    def told(code: str, shown: str, count: int, *, behind: str = "", late: bool = False) -> SafeString:
        """A link where it is of something; `behind`: to what is behind another column."""
        url, words = row["urls"].get(behind or code, "") if count else "", f"{labels[code]} {row['name']}"
        return cell(labels[code], shown, "n late" if late and count else "n", url=url, words=words)

    yield told("received", number(sums["received"]), sums["received"])
    yield told("open", number(sums["open"]), sums["open"])
    yield told("past_due", number(sums["past_due"]), sums["past_due"], late=True)
    yield told("in_time", _percent(row["in_time"]), sums["answered_in_time"])
    yield told("followed", _percent(row["followed"]), sums["followed"])
    if days:
        yield told("days", number(taken.median), taken.n)
        yield told("most", number(taken.p90), taken.n, behind="days")
    yield told("turns_not_ours", number(sums["turns_not_ours"]), sums["turns_not_ours"])
    yield told("rating", number(row["rating"], 1), row["rating"] is not None)


def _people(row: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[SafeString]:
    if not row["members"]:
        yield mark_safe("<td></td><td></td>")
        return
    officers, active, valid = row["members"]
    shown = _("%(n)s dari %(whole)s") % {"n": number(active), "whole": number(officers)}
    for code, said, count in (("aktif", shown, active), ("sk", number(valid), valid)):
        url = f"{row['people_url']}&hanya={code}" if row["people_url"] and count else ""
        yield cell(labels[code], said, url=url, words=f"{labels[code]} {row['name']}")


def _percent(share: int | None) -> str:
    return number(share) if share is None else f"{number(share)} %"
