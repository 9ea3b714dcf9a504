"""The country: its groups, and the agencies of one of them."""

from __future__ import annotations

import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import outlines
from agencies.acting import OfficerRequest
from agencies.models import Agency
from agencies.permissions import Capability, membership_may
from lapor.kit import paging, wording
from routing import centre, oversight, standing
from routing.measures import paper
from routing.measures.reading import Reader
from routing.standing import Load
from routing.views import sheets
from routing.views.centre.asked import Asked, labels_of_only, labels_of_orders
from routing.views.centre.parts import PAGE, behind, finding, is_unmanned, legend, map_of, page, tabled
from routing.views.centre.rows import draw
from routing.views.centre.waiting import alarms, waiting


def national(request: OfficerRequest, node: Agency) -> HttpResponseBase:
    """At most 20 statements; only the rows that are shown are told in full."""
    membership, now = request.acting, timezone.now()
    today = oversight.today_at(node, now)
    reader, made = Reader.of(membership), standing.counted(now)
    loads, found, manned = standing.by_top(reader), centre.tops(today), centre.coordinated(today)
    days, asked = centre.Days(today), Asked(request)
    whole = Load()
    for load in loads.values():
        whole.add(load)
    groups = centre.groups(found, loads, manned)
    named = {row.key: row.name for row in groups}
    if asked.group not in named:
        asked.group = ""
        asked.listed = bool(asked.words or asked.which or request.GET.get("semua") == "ya")
    context: dict[str, Any] = {
        "node": node,
        "title": _("Pengawasan seluruh Indonesia"),
        "made": made,
        "whole": whole,
        "late_agencies": sum(bool(load.late) for pk, load in loads.items() if pk in found),
        "oldest": days.since(whole.oldest_on),
        "months": centre.months_words(today),
        "legend": legend(),
        "group_name": named.get(asked.group, ""),
        "asked": asked,
        "is_listed": asked.listed,
        "numbers": reverse("routing:measures", args=[node.pk]),
        "quiet": sum(row.quiet for row in groups),
        "agencies": len(found),
    }
    may_oversee = membership_may(membership, Capability.OVERSEE, node)
    if may_oversee:
        context["alarms"] = alarms(made, today, len([pk for pk, top in found.items() if is_unmanned(top, manned)]))
        context["waiting"] = waiting(loads.get(node.pk, Load()), days, now)
        context["download"] = reverse("routing:download", args=[node.pk])
    kind = sheets.kind_of(request)
    if asked.listed:
        context |= _agencies(asked, found, loads, manned, today, reader, most=None if kind else PAGE)
    else:
        context["rows"] = _groups(groups, asked)
        provinces = [row for row in groups if row.key.isdigit()]
        context["map"] = map_of(outlines.drawn(outlines.COUNTRY), provinces)
        context["finding"] = finding(provinces)
        context["total"] = len(groups)
        context["has_quiet"] = any(not row.load.open for row in context["rows"])
    centre.draw(context["rows"], days)
    context["files"] = sheets.links(request, "kelompok", "cari", "hanya", "urut", "semua")
    if kind:
        return sheets.answer(kind, _sheet_of_country(request, context), "pengawasan-indonesia")
    draw(context["rows"], ages=True, told=asked.listed)
    return page(request, "routing/nation.html", context)


def _sheet_of_country(request: OfficerRequest, context: dict[str, Any]) -> paper.Sheet:
    """All agencies that are asked for, not one page of them; or the groups, with what waits at the centre."""
    asked: Asked = context["asked"]
    which = [context["group_name"], asked.words, labels_of_only()[asked.which] if asked.which else ""]
    about = sheets.about(
        request,
        (_("Dihitung"), wording.moment(context["made"].made_at)),
        (_("Saringan"), " · ".join(one for one in which if one) or _("tidak ada")),
        (_("Urutan"), labels_of_orders()[asked.order]),
    )
    listed, found = context["is_listed"], []
    if "waiting" in context:
        rows = [[one["what"], sheets.number(one["n"]), one["more"]] for one in context["waiting"]]
        found.append(paper.Table(_("Yang menunggu di pusat"), [_("Apa"), _("Jumlah"), _("Lamanya")], rows))
    head, rows = tabled(context["rows"], _("Instansi"), told=listed)
    if not listed:
        head += [_("Instansi"), _("Tanpa laporan")]
        for row, cells in zip(context["rows"], rows, strict=True):
            cells += [sheets.number(row.agencies), sheets.number(row.quiet)]
        rows.append([_("Semua, dengan meja nasional"), *sheets.load(context["whole"], context["oldest"])])
        rows[-1] += [sheets.number(context["agencies"]), sheets.number(context["quiet"])]
    found.append(paper.Table(context["group_name"] or context["title"], head, rows))
    return paper.Sheet(context["title"], about, (), found)


def _groups(groups: list[centre.Row], asked: Asked) -> list[centre.Row]:
    for row in groups:
        row.url = asked.address(kelompok=row.key, semua="")
        row.urls = {
            "open": asked.address(kelompok=row.key, semua="", urut="terbuka"),
            "late": asked.address(kelompok=row.key, semua="", hanya="terlambat"),
            "silent": asked.address(kelompok=row.key, semua="", hanya="diam"),
        }
        row.place = ngettext("%(n)s instansi", "%(n)s instansi", row.agencies) % {"n": wording.number(row.agencies)}
    return groups if asked.order == centre.ORDERS[0] and not asked.listed else centre.sort(groups, asked.order)


def _agencies(
    asked: Asked,
    found: dict[int, centre.Top],
    loads: dict[int, Load],
    manned: set[int],
    today: datetime.date,
    reader: Reader,
    *,
    most: int | None = PAGE,
) -> dict[str, Any]:
    """One page of agencies; `most` None: all of them. They are in hand as plain sums; names, months and shares are
    fetched for those that are shown."""
    rows = [
        centre.Row(str(pk), top.name, loads.get(pk, Load()), unmanned=is_unmanned(top, manned))
        for pk, top in found.items()
        if (not asked.group or top.group == asked.group) and _is_called(top, asked.words)
    ]
    total = len(rows)
    rows = centre.sort(centre.only(rows, asked.which), asked.order)
    after = paging.read(asked.cursor, paging.key) if most else None
    start = next((n + 1 for n, row in enumerate(rows) if after and row.key == str(after[0])), 0)
    shown = rows[start : start + most] if most else rows
    for row in shown:
        row.url = _down(found[int(row.key)])
        row.urls = behind(row)
    centre.tell({int(row.key): row for row in shown}, today, reader)
    return {
        "rows": shown,
        "total": total,
        "counted": len(rows),
        "tabs": [
            (label, asked.address(hanya=code, semua="" if code else "ya"), code == asked.which)
            for code, label in labels_of_only().items()
        ],
        "orders": [(code, label, code == asked.order) for code, label in labels_of_orders().items()],
        "next": asked.address(setelah=paging.write(shown[-1].key)) if start + len(shown) < len(rows) else "",
        "first": asked.address() if start else "",
        "every": reverse("routing:oversight"),
    }


def _is_called(top: centre.Top, words: str) -> bool:
    name = f"{top.name} {top.short}".casefold()
    return all(word in name for word in words.casefold().split())


def _down(top: centre.Top) -> str:
    return reverse("routing:oversight_of", args=[top.pk])
