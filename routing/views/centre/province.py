"""A province and its districts: totals, and the cases that climbed."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies import outlines
from agencies.acting import OfficerRequest
from agencies.models import Agency, Membership, Role
from agencies.models.agency import Kind
from agencies.permissions import Capability, agencies_for, membership_may
from complaints.models import Complaint, Publication
from lapor.kit import paging, wording
from routing import centre, oversight, queue, standing
from routing.measures import paper
from routing.measures.reading import Reader
from routing.standing import Load
from routing.views import frame, sheets
from routing.views.centre.parts import PAGE, finding, map_of, page, tabled
from routing.views.centre.rows import draw


def territory_link(membership: Membership, node: Agency) -> str:
    """Where the districts of a province stand, for who may see them; empty for all others."""
    if node.kind != Kind.PROVINSI or not membership_may(membership, Capability.SEE_TERRITORY, node):
        return ""
    return reverse("routing:territory", args=[node.pk])


@require_GET
@frame.for_officers
def territory(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The kabupaten and kota of a province, for whoever oversees, heads or observes it, and for the centre."""
    node = get_object_or_404(
        agencies_for(request.user, Capability.SEE_TERRITORY).select_related("region"), pk=pk, kind=Kind.PROVINSI
    )
    if request.acting.programme_id is not None:
        # Whoever observes a programme reads the numbers of that programme alone, which stand elsewhere.
        return redirect("routing:programmes")
    return of_province(request, node)


def of_province(request: OfficerRequest, node: Agency) -> HttpResponseBase:
    """Totals, and the cases that climbed. At most 20 statements, however many districts there are."""
    membership, now = request.acting, timezone.now()
    today = oversight.today_at(node, now)
    # From beside nobody knows of secret cases, whatever they are at home.
    reader, made = Reader(), standing.counted(now)
    loads, manned, days = standing.by_top(reader), centre.coordinated(today), centre.Days(today)
    places = centre.districts(node, today)
    here = reverse("routing:territory", args=[node.pk])
    chosen = request.GET.get("daerah", "")
    rows: list[centre.Row] = []
    for place, top in places:
        row = centre.Row(place.code, place.name, loads.get(top.pk, Load()) if top else Load())
        row.url = f"{here}?{urlencode({'daerah': place.code})}#naik" if row.load.climbed else ""
        row.unmanned = top is None or top.pk not in manned
        rows.append(row)
    told = {top.pk: row for (_place, top), row in zip(places, rows, strict=True) if top is not None}
    centre.tell(told, today, reader)
    centre.draw(rows, days)
    names = {row.key: row.name for row in rows}
    chosen = chosen if chosen in names else ""
    whole = Load()
    for row in rows:
        whole.add(row.load)
    within = [top.pk for place, top in places if top is not None and (not chosen or place.code == chosen)]
    cases, following = _climbed(membership, node, within, request.GET.get("setelah", ""))
    order = request.GET.get("urut", "")
    ordered = centre.sort(rows, order) if order in centre.ORDERS else rows

    def address(**more: str) -> str:
        said = {"daerah": chosen, "urut": order if order in centre.ORDERS else ""} | more
        return f"{here}?{urlencode({key: value for key, value in said.items() if value})}"

    context = {
        "node": node,
        "title": _("Kabupaten dan kota di %(province)s") % {"province": node.region.name if node.region else node.name},
        "made": made,
        "whole": whole,
        "rows": ordered,
        "none": [row for row in rows if not row.load.open],
        "nothing": [row for row in rows if not row.load.open and not row.received],
        "late": [row for row in rows if row.load.late],
        "silent": [row for row in rows if row.load.silent],
        "unmanned": sum(row.unmanned for row in rows),
        "oldest": days.since(whole.oldest_on),
        "map": map_of(outlines.drawn(node.region_id), rows) if node.region_id else None,
        "finding": finding(rows),
        "months": centre.months_words(today),
        "orders": [
            (label, f"{address(urut=code)}#daerah", code == order) for code, label in _orders_of_districts().items()
        ],
        "cases": cases,
        "chosen": names.get(chosen, ""),
        "every": f"{address(daerah='')}#naik",
        "next": f"{address(setelah=following)}#naik" if following else "",
        "first": f"{address()}#naik" if request.GET.get("setelah") else "",
        "files": sheets.links(request, "urut"),
        "own": reverse("routing:oversight") if membership.role != Role.OBSERVER else "",
        "is_own": node.pk == membership.agency_id,
        "numbers": reverse("routing:measures", args=[node.pk])
        if membership_may(membership, Capability.SEE_NUMBERS, node)
        else "",
    }
    if kind := sheets.kind_of(request):
        about = sheets.about(
            request,
            (_("Provinsi"), node.name),
            (_("Dihitung"), wording.moment(made.made_at)),
            (_("Saringan"), _("tanpa laporan rahasia")),
        )
        head, cells = tabled(ordered, _("Kabupaten/kota"), told=True)
        cells.append([_("Semua"), *sheets.load(whole, days.since(whole.oldest_on))])
        title = str(context["title"])
        table = paper.Table(title, head, cells)
        return sheets.answer(kind, paper.Sheet(title, about, (), [table]), f"daerah-{node.shown_name}")
    draw(ordered, told=True, climbs=True)
    return page(request, "routing/province.html", context)


def _orders_of_districts() -> dict[str, str]:
    return {
        "": _("Kode wilayah"),
        "nama": _("Nama"),
        "terlambat": _("Terlambat"),
        "terbuka": _("Terbuka"),
        "tertua": _("Paling lama"),
        "diam": _("Kantor diam"),
    }


def _climbed(
    membership: Membership, node: Agency, districts: list[int], cursor: str
) -> tuple[list[dict[str, Any]], str]:
    """One page of cases that climbed, nearest promise first, and the cursor of the next: titles of the public copies,
    for nobody beside a district reads its files. Four statements."""
    if not districts:
        return [], ""
    at = paging.read(cursor, datetime.date.fromisoformat, paging.key)
    found = Complaint.objects.open().filter(centre.climbed_in(membership, districts), due_on__isnull=False)
    if at is not None:
        found = found.filter(due_on__gte=at[0]).filter(Q(due_on__gt=at[0]) | Q(pk__gt=at[1]))
    taken = list(found.order_by("due_on", "pk").values_list("pk", "due_on")[: PAGE + 1])
    more = paging.write(taken[PAGE - 1][1], taken[PAGE - 1][0]) if len(taken) > PAGE else ""
    ids = [pk for pk, _day in taken[:PAGE]]
    if not ids:
        return [], ""
    rows = _rows_of(membership, node, ids)
    copies = dict(Publication.objects.filter(complaint__in=ids).values_list("complaint__number", "title"))
    return [
        {
            "row": row,
            "title": copies.get(row.number, _("Belum diterbitkan")),
            "url": reverse("complaints:case", args=[row.shown_number]) if row.number in copies else "",
        }
        for row in rows
    ], more


def _rows_of(membership: Membership, node: Agency, ids: list[int]) -> list[queue.Row]:
    desk = replace(
        queue.Desk.of(membership, oversees=False),
        office=node,
        looks_below=True,
        everywhere=True,
        within=Q(pk__in=ids),
    )
    return queue.page(desk, queue.read("")).rows
