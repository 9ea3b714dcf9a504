"""What these pages have in common: their answer, their table, what is behind a number, and the map."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import outlines
from agencies.acting import OfficerRequest
from agencies.models.agency import PEMDA
from lapor.kit import wording
from routing import centre
from routing.standing import Load
from routing.views import frame, sheets

PAGE = 50


def page(request: OfficerRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = frame.page(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response


def tabled(rows: list[centre.Row], what: str, *, told: bool) -> tuple[list[str], list[list[str]]]:
    """`told`: with what was received by month, kept in time and handed back."""
    head = [what, *sheets.load_head()]
    if told:
        months = [str(MONTHS_3[month.month]) for month in centre.months_of(timezone.localdate())]
        head += [_("Diterima, 6 bulan"), *months, _("Tepat waktu"), _("Dikembalikan")]
    cells = []
    for row in rows:
        line = [row.name, *sheets.load(row.load, row.oldest)]
        if told:
            line += [sheets.number(row.received or 0)]
            line += [sheets.number(n) for n in row.months or [0] * centre.MONTHS]
            line += [sheets.percent(row.in_time), sheets.percent(row.bounced)]
        cells.append(line)
    return head, cells


def is_unmanned(top: centre.Top, manned: set[int]) -> bool:
    return top.kind in PEMDA and top.pk not in manned


def behind(row: centre.Row, *, units: bool = True) -> dict[str, str]:
    """The open cases of an office, `units`: with all below it; and which of these are silent."""
    cases = reverse("routing:oversight_cases", args=[row.key])
    more = "unit=ya&" if units else ""
    urls = {
        "open": f"{cases}?{more}".rstrip("?&"),
        "near": f"{cases}?{more}hampir=ya",
        "late": f"{cases}?{more}lewat=ya",
    }
    if units:
        urls["silent"] = f"{reverse('routing:oversight_of', args=[row.key])}?hanya=diam"
    return urls


def legend() -> list[tuple[str, str]]:
    labels = [_("0–1"), _("2–3"), _("4–5"), _("6–10"), _("11–30"), _("lebih dari 30")]
    return [(f"a{n}", label) for n, label in enumerate(labels, start=1)]


def finding(rows: list[centre.Row]) -> str:
    """The map in words."""
    late = [row for row in rows if row.load.late]
    none = sum(not row.load.open for row in rows)
    said = []
    if late:
        most = max(late, key=lambda row: (row.load.late, row.name))
        said.append(
            _("%(n)s dari %(all)s daerah punya laporan terlambat, paling banyak %(name)s (%(late)s).")
            % {
                "n": wording.number(len(late)),
                "all": wording.number(len(rows)),
                "name": most.name,
                "late": wording.number(most.load.late),
            }
        )
    else:
        said.append(_("Tidak ada daerah yang punya laporan terlambat."))
    if none:
        said.append(
            ngettext("%(n)s daerah tidak punya laporan terbuka.", "%(n)s daerah tidak punya laporan terbuka.", none)
            % {"n": wording.number(none)}
        )
    return " ".join(said)


# Upper ends of the shares of what is late, per cent, and the tone of each; nothing open, nothing late before them.
TONES = ((25, "m2"), (50, "m3"), (100, "m4"))


def _tone(load: Load) -> str:
    if not load.open:
        return "m0"
    share = load.late_share or 0
    return next(tone for most, tone in TONES if share <= most) if load.late else "m1"


def map_of(drawn: outlines.Outlines, rows: list[centre.Row]) -> dict[str, Any] | None:
    """None where nothing of it can be drawn."""
    if not any(row.key in drawn.paths for row in rows):
        return None
    return {
        "width": drawn.width,
        "height": drawn.height,
        "places": [
            {"id": f"d{row.key.replace('.', '-')}", "path": drawn.paths[row.key], "tone": _tone(row.load), "row": row}
            for row in rows
            if row.key in drawn.paths
        ],
        "legend": [
            ("m0", _("tidak ada yang terbuka")),
            ("m1", _("tidak ada yang terlambat")),
            ("m2", _("terlambat sampai seperempat")),
            ("m3", _("sampai separuh")),
            ("m4", _("lebih dari separuh")),
        ],
    }
