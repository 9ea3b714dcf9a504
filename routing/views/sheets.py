"""A page of oversight as a file: the numbers it shows, with what was asked, when and by whom. In the address
`?bentuk=csv`, `xlsx` or `pdf` beside whatever else the page is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agencies.acting import OfficerRequest
from lapor.kit import tables, wording
from routing.measures import paper
from routing.standing import Load
from routing.views.offices import age_labels


def kind_of(request: OfficerRequest) -> str:
    """The form that is asked for; empty: the page itself, also where it is no form we know."""
    kind = request.GET.get("bentuk", "").lower()
    return kind if kind.upper() in paper.KINDS else ""


def links(request: OfficerRequest, *names: str) -> list[tuple[str, str]]:
    """The same page as each kind of file; `names`: what of its address the page understands."""
    asked = {name: request.GET[name] for name in names if request.GET.get(name)}
    return [(kind, f"?{urlencode(asked | {'bentuk': kind.lower()})}") for kind in paper.KINDS]


def about(request: OfficerRequest, *asked: tuple[str, str]) -> list[tuple[str, str]]:
    """What was asked, then when it was taken and by whom."""
    membership = request.acting
    user = membership.user
    return [
        *asked,
        (_("Diunduh"), wording.moment(timezone.now())),
        (_("Oleh"), f"{user.name or user.email}, {membership.shown_role}, {membership.agency.name}"),
    ]


def answer(kind: str, sheet: paper.Sheet, stem: str) -> HttpResponseBase:
    """The file, for nobody to keep but who asked."""
    name = f"{slugify(stem)}-{timezone.localdate():%Y%m%d}.{kind}"
    response: HttpResponseBase
    if kind == "xlsx":
        made = tables.xlsx_file(sheet.rows(), _("Angka"))
        response = FileResponse(made, as_attachment=True, filename=name, content_type=tables.XLSX_TYPE)
    else:
        if kind == "csv":
            response = StreamingHttpResponse(tables.csv_lines(sheet.rows()), content_type=tables.CSV_TYPE)
        else:
            response = HttpResponse(sheet.pdf(), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


# --- Cells that several tables share ---


def number(value: Any, decimals: int | None = None) -> str:
    return wording.number(value, decimals if value is not None else None)


def percent(value: float | None) -> str:
    return "–" if value is None else f"{wording.number(value)} %"


def ages_head() -> list[str]:
    return [_("Umur %(days)s hari kerja") % {"days": label} for label in age_labels()]


def ages(counts: Iterable[int]) -> list[str]:
    return [wording.number(n) for n in counts]


def load_head() -> list[str]:
    return [
        _("Terbuka"),
        *ages_head(),
        _("Hampir"),
        _("Terlambat"),
        _("Bagian terlambat"),
        _("Naik"),
        _("Tertua, hari kerja"),
        _("Kantor diam"),
    ]


def load(of: Load, oldest: int | None) -> list[str]:
    """What is open, as the tables of the country, a province and a ministry tell it."""
    return [
        wording.number(of.open),
        *ages(of.ages),
        wording.number(of.near),
        wording.number(of.late),
        percent(of.late_share),
        wording.number(of.climbed),
        wording.number(oldest),
        wording.number(of.silent),
    ]
