"""A ministry, lembaga, BUMN: its directorates, branches and vertical bodies."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import OfficerRequest
from agencies.models import Agency
from agencies.permissions import Capability, agencies_for, membership_may
from lapor.kit import wording
from routing import centre, oversight, standing
from routing.measures import paper
from routing.measures.reading import Reader
from routing.models import Rise
from routing.standing import Load
from routing.views import offices, sheets
from routing.views.centre.asked import ONLY, labels_of_only, labels_of_orders
from routing.views.centre.parts import behind, legend, page, tabled
from routing.views.centre.rows import draw


def of_units(request: OfficerRequest, node: Agency) -> HttpResponseBase:
    """Its directorates, branches and vertical bodies, each with all below it."""
    membership, now = request.acting, timezone.now()
    today = oversight.today_at(node, now)
    reader, made, days = Reader.of(membership), standing.counted(now), centre.Days(today)
    rows = centre.units(node, reader, today)
    centre.draw(rows, days)
    order = request.GET.get("urut", "")
    order = order if order in centre.ORDERS else centre.ORDERS[0]
    which = request.GET.get("hanya", "") if request.GET.get("hanya", "") in ONLY[:3] else ""
    shown = centre.sort(centre.only(rows, which), order)
    whole = Load()
    for row in rows:
        whole.add(row.load)
        row.url = (
            reverse("routing:oversight_of", args=[row.key])
            if row.agencies
            else reverse("routing:oversight_cases", args=[row.key])
        )
        row.urls = behind(row, units=bool(row.agencies))
    here = reverse("routing:oversight_of", args=[node.pk])

    def address(**more: str) -> str:
        said = {"urut": order if order != centre.ORDERS[0] else "", "hanya": which} | more
        asked = urlencode({key: value for key, value in said.items() if value})
        return f"{here}{'?' if asked else ''}{asked}#instansi"

    may_oversee = membership_may(membership, Capability.OVERSEE, node)
    above = node.parent if node.parent_id and node.pk != membership.agency_id else None
    context = {
        "node": node,
        "title": _("Pengawasan %(office)s") % {"office": node.shown_name},
        "made": made,
        "whole": whole,
        "rows": shown,
        "late_offices": sum(bool(row.load.late) for row in rows),
        "oldest": days.since(whole.oldest_on),
        "legend": legend(),
        "tabs": [
            (label, address(hanya=code), code == which)
            for code, label in labels_of_only().items()
            if code in ("", *ONLY[:3])
        ],
        "orders": [
            (label, address(urut=code if code != centre.ORDERS[0] else ""), code == order)
            for code, label in labels_of_orders().items()
        ],
        "numbers": reverse("routing:measures", args=[node.pk]),
        "download": reverse("routing:download", args=[node.pk]) if may_oversee else "",
        "rises": Rise.objects.at_or_under(node).waiting().count() if may_oversee else None,
        "called": offices.called_up(membership, node, today),
        "back": _above(request, above) if above is not None else "",
        "files": sheets.links(request, "hanya", "urut"),
    }
    if kind := sheets.kind_of(request):
        return sheets.answer(kind, _sheet_of_units(request, context), f"pengawasan-{node.shown_name}")
    draw(shown, ages=True)
    return page(request, "routing/units.html", context)


def _sheet_of_units(request: OfficerRequest, context: dict[str, Any]) -> paper.Sheet:
    about = sheets.about(
        request,
        (_("Kantor"), context["node"].name),
        (_("Dihitung"), wording.moment(context["made"].made_at)),
        (_("Saringan"), next(label for label, _url, current in context["tabs"] if current)),
    )
    head, cells = tabled(context["rows"], _("Kantor"), told=False)
    head += [_("Kantor di bawahnya"), _("Petugas"), _("Petugas aktif"), _("Tepat waktu")]
    for row, line in zip(context["rows"], cells, strict=True):
        officers, active, _valid = row.members or (0, 0, 0)
        line += [sheets.number(n) for n in (row.agencies, officers, active)]
        line.append(sheets.percent(row.in_time))
    cells.append([_("Semua"), *sheets.load(context["whole"], context["oldest"])])
    return paper.Sheet(context["title"], about, (), [paper.Table(context["title"], head, cells)])


def _above(request: OfficerRequest, above: Agency) -> str:
    if above.parent_id is None or above.pk == request.acting.agency_id:
        return reverse("routing:oversight")
    if not agencies_for(request.user, Capability.SEE_NUMBERS).filter(pk=above.pk).exists():
        return reverse("routing:oversight")
    return reverse("routing:oversight_of", args=[above.pk])
