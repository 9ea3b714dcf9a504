"""The page of the country, of a province, a district or an office."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import finding, subsites
from agencies.models import Agency, Region
from complaints import search
from complaints.views.browse import keep_briefly
from lapor.kit import wording
from routing import public
from routing.measures.reading import Scope
from routing.models import Counted
from routing.public import ENOUGH, Body
from routing.views.statistics.asked import (
    Asked,
    address_of,
    asked_of,
    body_of_office,
    body_of_region,
    choices,
    filter_of,
    here,
    name_of,
    period_words,
    presets,
)
from routing.views.statistics.category import top_categories
from routing.views.statistics.contents import split
from routing.views.statistics.months import trend
from routing.views.statistics.parts import parts_of
from routing.views.statistics.places import places_of
from routing.views.statistics.whole import answers, ended, lines_of, say


@require_safe
def country(request: HttpRequest) -> HttpResponse:
    """The country, or the office that is named. At most 20 statements, as the others."""
    office, offices, typed = search.find_office(search.clean(request.GET.get("instansi", "")))
    body = public.of_agency(office) if office is not None else public.country()
    return _page(
        request,
        asked_of(request, here(request, body)),
        offices=[(address_of(("instansi", str(one.pk))), finding.office_line(one)) for one in offices],
        office_typed=typed,
    )


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """A province, or a kabupaten or kota."""
    return _page(request, asked_of(request, here(request, body_of_region(code))))


@require_safe
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """Any office with all below it."""
    return _page(request, asked_of(request, here(request, body_of_office(pk))))


def _page(request: HttpRequest, asked: Asked, **more: Any) -> HttpResponse:
    body, scope = asked.body, asked.scope
    counted = Counted.objects.first()
    rows = public.parts(body, scope, asked.today)
    months = public.trend(scope, asked.today)
    context: dict[str, Any] = {
        "body": body,
        "name": name_of(body),
        "title": _title(body),
        "crumbs": _crumbs(asked, national=subsites.of(request) is None),
        "period": period_words(scope),
        "presets": presets(asked),
        "choices": choices(asked),
        "first": f"{scope.first:%Y-%m}",
        "last": f"{scope.last:%Y-%m}",
        "counted_at": counted.counted_at if counted else None,
        "received": scope.sums["received"],
        "say": say(body, scope),
        "lines": lines_of(body, scope),
        "ended": ended(scope),
        "trend": trend(months),
        "has_trend": any(month.received for month in months),
        "parts": parts_of(asked, rows),
        "beside": _beside(body, scope),
        "split": split(asked),
        "places": places_of(asked),
        "categories": top_categories(asked.today) if body.is_country else [],
        "secret": _secret(body, scope),
        "links": _links(asked),
        "feed": _feed(asked.body),
        "file": asked.file("angka"),
        "file_of_months": asked.file("bulan"),
        "enough": ENOUGH,
        **more,
    }
    return keep_briefly(request, render(request, "routing/statistics.html", context))


def _title(body: Body) -> str:
    if body.is_country:
        return _("Seberapa cepat laporan dijawab?")
    if body.is_province:
        return _("Seberapa cepat laporan dijawab di %(place)s?") % {"place": name_of(body)}
    if body.region and not body.tops:
        return name_of(body)
    return _("Seberapa cepat %(office)s menjawab?") % {"office": body.agency.shown_name}


def _crumbs(asked: Asked, *, national: bool) -> list[tuple[str, str]]:
    """The way down, from the country or on a district's own site from the district. Two statements at most."""
    body, crumbs, region = asked.body, [], asked.body.region
    if body.is_office:
        above = list(
            Agency.objects.filter(pk__in=body.agency.ids_above, parent__isnull=False)
            .select_related("region")
            .order_by("path_length")
        )
        region = public.of_agency(above[0]).region if above else None
        crumbs = [
            (one.shown_name, asked.page(("daerah", region.code) if region and not n else ("instansi", str(one.pk))))
            for n, one in enumerate(above)
        ]
    if body.is_country or not national:
        return crumbs
    return [(_("Indonesia"), asked.page(None)), *_province(asked, None if body.is_province else region), *crumbs]


def _province(asked: Asked, region: Region | None) -> list[tuple[str, str]]:
    if region is None or region.parent_id is None:
        return []
    name = Region.objects.filter(pk=region.parent_id).values_list("name", flat=True).first()
    return [(name or region.parent_id, asked.page(("daerah", region.parent_id)))]


def _secret(body: Body, scope: Scope) -> str:
    """Of a whole year that is over, and of the country alone."""
    year = scope.first.year
    is_year = (scope.first, scope.last) == (datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    if not body.is_country or not is_year or scope.last >= timezone.localdate():
        return ""
    count = public.secret_of(year)
    if count is None:
        return ""
    words = {"n": wording.number(count), "year": year}
    return _("Di seluruh Indonesia masih ada %(n)s laporan rahasia dalam tahun %(year)s.") % words


def _beside(body: Body, scope: Scope) -> dict[str, Any] | None:
    if not body.is_office or not scope.sums["turns"]:
        return None
    found = public.beside(body.agency, scope)
    if found is None:
        return {"offices": 0}
    days, kept = answers(body, scope)
    own = days.median if days.n >= ENOUGH else None
    share = kept.share if (kept.whole or 0) >= ENOUGH else None
    return {
        "offices": found.offices,
        "median": wording.number(found.median),
        "in_time": wording.number(found.in_time) if found.in_time is not None else "",
        "own_median": wording.number(own) if own is not None else "",
        "own_in_time": wording.number(round(share)) if share is not None else "",
        "faster": own is not None and own < found.median,
        "slower": own is not None and own > found.median,
    }


def _feed(body: Body) -> str:
    """What is newly published there, for feed readers."""
    asked_for = filter_of(body)
    return reverse("complaints:feed") + (f"?{urlencode(asked_for)}" if asked_for else "")


def _links(asked: Asked) -> list[tuple[str, str]]:
    body = asked.body
    asked_for = filter_of(body)
    query = f"?{urlencode(asked_for)}" if asked_for else ""
    register = {"provinsi": body.region.code} if body.is_province and body.region else asked_for
    links = [
        (_("Baca laporannya"), reverse("complaints:list") + query),
        (_("Yang belum dijawab"), reverse("routing:register") + (f"?{urlencode(register)}" if register else "")),
        (_("Laporan baru di pembaca kabar (Atom)"), _feed(body)),
        (_("Kabari saya lewat email"), reverse("complaints:alerts") + query),
        (_("Data terbuka per bulan"), reverse("routing:open_data") + (query if "instansi" in asked_for else "")),
    ]
    if (body.tops and not body.is_province) or body.is_office:
        links.insert(0, (_("Halaman kantor ini"), reverse("agencies:office", args=[body.agency.pk])))
    if body.region and not body.is_province and not body.tops:
        links.pop(1)
    return links
