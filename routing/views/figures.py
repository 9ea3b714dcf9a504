"""Public statistics: twelve months of the country or of one office, in findings. Ranking is not a measure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import finding, subsites
from agencies.models import Agency
from agencies.models.agency import Kind
from complaints import search
from complaints.views.browse import keep_briefly
from lapor.kit import bars
from routing import figures
from routing.figures import ENOUGH, Measure


def statistics(request: HttpRequest) -> HttpResponse:
    """At most 8 statements; none touches a case."""
    today = timezone.localdate()
    office, offices, typed = search.find_office(search.clean(request.GET.get("instansi", "")))
    office = subsites.within(request, office)
    year = figures.year(office, today)
    limit = figures.days_in_force(today).get("respond_days", 5)
    told = _medians(year, office)
    context: dict[str, Any] = {
        "office": office,
        "above": list(Agency.objects.filter(pk__in=office.ids_above[1:]).order_by("path_length")) if office else [],
        "office_typed": typed,
        "offices": [(f"?instansi={one.pk}", finding.office_line(one)) for one in offices],
        "year": year,
        "all": year.all,
        "from_month": date_format(year.months[0][0], "F Y"),
        "to_month": date_format(year.months[-1][0], "F Y"),
        "share": round(100 * year.all.in_time / year.all.n) if year.all.n >= 100 else None,
        "columns": bars.columns(
            [
                (str(_("Dijawab tepat waktu")), "t1"),
                (str(_("Dijawab terlambat")), "t4"),
                (str(_("Lewat batas, belum dijawab")), "t5"),
            ],
            [(str(MONTHS_3[month.month]).capitalize(), (m.in_time, m.late, m.overdue)) for month, m in year.months],
        ),
        "medians": told,
        "medians_top": max([limit * 1.5, *(row["value"] for row in told)]),
        "limit": limit,
        "slow": sum(1 for row in told if row["value"] > limit and not row.get("me")),
        "enough": ENOUGH,
        "closed": bars.stack(
            [
                (str(_("Diterima pelapor")), year.all.accepted, "t1"),
                (str(_("Ditutup sistem")), year.all.lapsed, "t3"),
            ]
        ),
    }
    return keep_briefly(request, render(request, "routing/statistics.html", context))


def _medians(year: figures.Year, office: Agency | None) -> list[dict[str, Any]]:
    """Rows for parts/bars.html: kinds of office for the country, the offices below for one; alphabetical, and only
    where the answers are enough. The whole stands among them, bold."""
    named: list[tuple[str, Measure, str]] = []
    offices = Agency.objects.in_bulk(list(year.below))
    if office is None:
        by_kind: dict[str, Measure] = defaultdict(Measure)
        for pk, measure in year.below.items():
            by_kind[offices[pk].kind].add(measure)
        named = [(str(Kind(kind).label).capitalize(), measure, "") for kind, measure in by_kind.items()]
        whole = _("Seluruh Indonesia")
    else:
        named = [(offices[pk].shown_name, measure, f"?instansi={pk}") for pk, measure in year.below.items()]
        whole = _("Semua kantor di sini")
    rows = [
        {"label": label, "value": measure.told_median, "url": url, "tone": "t2"}
        for label, measure, url in sorted(named, key=lambda one: one[0])
        if measure.told_median is not None
    ]
    if year.all.told_median is not None and rows:
        rows.insert(0, {"label": whole, "value": year.all.told_median, "me": True, "tone": "t1"})
    return rows
