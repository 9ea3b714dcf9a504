"""/statistik/: how reports are answered, for everybody: the country, a province, a district, any office. Whole months,
no secret case, and each table to take away. Ranking is not a measure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from agencies import finding, subsites
from agencies.models import Agency, Level, Region
from complaints import search
from complaints.channels import registry
from complaints.models import Category
from complaints.notifications.letters import absolute
from complaints.views.browse import keep_briefly
from lapor.kit import bars, tables, wording
from routing import public
from routing.figures import first_of
from routing.measures import catalogue, splits
from routing.measures.catalogue import Count, Days, Value
from routing.measures.reading import Scope
from routing.models import Counted
from routing.open_data import JAKARTA, LICENCE_URL
from routing.public import ENOUGH, Body, Month, Row

# Years that can be chosen, the running one among them; months of the period without a choice.
YEARS, USUAL = 10, 12
_MONTH = re.compile("(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
_DAY = datetime.timedelta(days=1)
LICENCE = f"CC BY 4.0, {LICENCE_URL}"
# Rows of a table before the rest folds away; columns of the table by channel.
SHOWN, CHANNELS = 40, 5


# --- What is asked ---


@dataclass(frozen=True)
class Asked:
    """Whose numbers, of which months. `kept`: the period as it stands in the address; empty where none was chosen."""

    body: Body
    scope: Scope
    today: datetime.date
    kept: dict[str, str]

    def page(self, where: tuple[str, str] | None, **more: str) -> str:
        """The page of this place or office (None: the country), of the same months."""
        asked = {**self.kept, **more}
        return _address(where) + (f"?{urlencode(asked)}" if asked else "")

    @property
    def whose(self) -> tuple[str, str] | None:
        return whose(self.body)

    def file(self, what: str) -> str:
        where = {self.whose[0]: self.whose[1]} if self.whose else {}
        query = urlencode({**where, "dari": f"{self.scope.first:%Y-%m}", "sampai": f"{self.scope.last:%Y-%m}"})
        return f"{reverse('routing:statistics_file', args=[what])}?{query}"


def whose(body: Body) -> tuple[str, str] | None:
    if body.is_country:
        return None
    return ("daerah", body.region.code) if body.region else ("instansi", str(body.agency.pk))


def _address(where: tuple[str, str] | None) -> str:
    match where:
        case None:
            return reverse("routing:statistics")
        case ("daerah", code):
            return reverse("routing:statistics_place", args=[code])
        case (_word, pk):
            return reverse("routing:statistics_office", args=[int(pk)])


def _asked(request: HttpRequest, body: Body) -> Asked:
    """The months of the address; what can't be read is as not said."""
    today = timezone.localdate(timezone.now(), JAKARTA)
    first, last = _month(request.GET.get("dari", "")), _month(request.GET.get("sampai", ""))
    kept = {}
    if first or last:
        first = first or last or today
        last = last or first
        first, last = min(first, last), max(first, last)
        kept = {"dari": f"{first:%Y-%m}", "sampai": f"{last:%Y-%m}"}
    else:
        first, last = first_of(today, USUAL - 1), first_of(today)
    earliest = datetime.date(today.year - YEARS + 1, 1, 1)
    first, last = max(first, earliest), max(min(last, first_of(today)), earliest)
    first = min(first, last)
    return Asked(body, body.scope(first, _end_of(last)), today, kept)


def _month(written: str) -> datetime.date | None:
    found = _MONTH.fullmatch(written)
    return datetime.date(int(found[1]), int(found[2]), 1) if found else None


def _end_of(month: datetime.date) -> datetime.date:
    return (month + 32 * _DAY).replace(day=1) - _DAY


def _body_of_region(code: str) -> Body:
    region = get_object_or_404(Region, pk=code, level__in=(Level.PROVINSI, Level.KABUPATEN, Level.KOTA))
    return public.of_region(region)


def _body_of_office(pk: int) -> Body:
    office = get_object_or_404(Agency.objects.select_related("region"), pk=pk)
    return public.of_agency(office)


def _here(request: HttpRequest, body: Body) -> Body:
    """On a district's own site its own numbers, whatever else is asked for."""
    site = subsites.of(request)
    if site is None or (site.agency_id in body.tops and not body.is_province):
        return body
    return body if body.is_office and body.agency.is_under(site.agency) else public.of_agency(site.agency)


# --- The pages ---


@require_safe
def country(request: HttpRequest) -> HttpResponse:
    """The country, or the office that is named. At most 20 statements, as the others."""
    office, offices, typed = search.find_office(search.clean(request.GET.get("instansi", "")))
    body = public.of_agency(office) if office is not None else public.country()
    return _page(
        request,
        _asked(request, _here(request, body)),
        offices=[(_address(("instansi", str(one.pk))), finding.office_line(one)) for one in offices],
        office_typed=typed,
    )


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """A province, or a kabupaten or kota."""
    return _page(request, _asked(request, _here(request, _body_of_region(code))))


@require_safe
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """Any office with all below it."""
    return _page(request, _asked(request, _here(request, _body_of_office(pk))))


def _page(request: HttpRequest, asked: Asked, **more: Any) -> HttpResponse:
    body, scope = asked.body, asked.scope
    counted = Counted.objects.first()
    rows = public.parts(body, scope, asked.today)
    months = public.trend(scope, asked.today)
    context: dict[str, Any] = {
        "body": body,
        "name": _name(body),
        "title": _title(body),
        "crumbs": _crumbs(asked, national=subsites.of(request) is None),
        "period": period_words(scope),
        "presets": _presets(asked),
        "choices": _choices(asked),
        "first": f"{scope.first:%Y-%m}",
        "last": f"{scope.last:%Y-%m}",
        "counted_at": counted.counted_at if counted else None,
        "received": scope.sums["received"],
        "say": _say(body, scope),
        "lines": _lines(body, scope),
        "ended": _ended(scope),
        "trend": _trend(months),
        "has_trend": any(month.received for month in months),
        "parts": _parts(asked, rows),
        "beside": _beside(body, scope),
        "split": _split(asked),
        "places": _places(asked),
        "secret": _secret(body, scope),
        "links": _links(asked),
        "feed": _feed(asked.body),
        "file": asked.file("angka"),
        "file_of_months": asked.file("bulan"),
        "enough": ENOUGH,
        **more,
    }
    return keep_briefly(request, render(request, "routing/statistics.html", context))


def _name(body: Body) -> str:
    if body.is_country:
        return _("Seluruh Indonesia")
    return body.region.name if body.region else body.agency.name


def _title(body: Body) -> str:
    if body.is_country:
        return _("Seberapa cepat laporan dijawab?")
    if body.is_province:
        return _("Seberapa cepat laporan dijawab di %(place)s?") % {"place": _name(body)}
    if body.region and not body.tops:
        return _name(body)
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


def period_words(scope: Scope) -> str:
    first, last = date_format(scope.first, "F Y"), date_format(scope.last, "F Y")
    return first if first == last else _("%(first)s sampai %(last)s") % {"first": first, "last": last}


def _presets(asked: Asked) -> list[tuple[str, str, bool]]:
    this = first_of(asked.today)
    quarter = splits.quarter_of(this)
    spans = [
        (_("12 bulan"), first_of(asked.today, USUAL - 1), this),
        (_("Bulan ini"), this, this),
        (_("Bulan lalu"), first_of(asked.today, 1), first_of(asked.today, 1)),
        (_("Triwulan ini"), quarter, this),
        (_("Triwulan lalu"), first_of(quarter, 3), first_of(quarter, 1)),
        (_("Tahun ini"), this.replace(month=1), this),
        (_("Tahun lalu"), datetime.date(this.year - 1, 1, 1), datetime.date(this.year - 1, 12, 1)),
    ]
    here = _address(asked.whose)
    now = (asked.scope.first, asked.scope.last.replace(day=1))
    found, seen = [], False
    for label, first, last in spans:
        is_now = (first, last) == now and not seen
        seen = seen or is_now
        found.append((label, f"{here}?{urlencode({'dari': f'{first:%Y-%m}', 'sampai': f'{last:%Y-%m}'})}", is_now))
    return found


def _choices(asked: Asked) -> list[tuple[int, list[tuple[str, str]]]]:
    """Every month that can be chosen, by year, the newest first. One statement."""
    first = public.earliest() or asked.today
    first = max(first, datetime.date(asked.today.year - YEARS + 1, 1, 1))
    first = min(first, asked.scope.first)
    years = []
    for year in range(asked.today.year, first.year - 1, -1):
        months = [datetime.date(year, month, 1) for month in range(12, 0, -1)]
        offered = [one for one in months if first.replace(day=1) <= one <= asked.today]
        years.append((year, [(f"{one:%Y-%m}", date_format(one, "F Y")) for one in offered]))
    return years


# --- The whole ---


def _answers(body: Body, scope: Scope) -> tuple[Days, Count]:
    """Working days to the first answer, and the share in time: of an office from its own first day."""
    codes = ("turn_days", "turns_in_time") if body.is_office else ("answer_days", "answered_in_time")
    days, kept = (catalogue.MEASURES[code].take(scope) for code in codes)
    assert isinstance(days, Days)
    assert isinstance(kept, Count)
    return days, kept


def _say(body: Body, scope: Scope) -> dict[str, Any]:
    days, kept = _answers(body, scope)
    return {
        "median": wording.number(days.median) if days.n >= ENOUGH else "",
        "same_day": days.n >= ENOUGH and days.median == 0,
        "answered": days.n,
        "in_time": kept.n,
        "judged": kept.whole or 0,
        "share": round(kept.share) if kept.share is not None and (kept.whole or 0) >= ENOUGH else None,
    }


CODES = (
    "received", "followed", "answered_in_time", "answered_missed", "answer_days", "settled_in_time", "settle_days",
    "accepted", "lapsed", "open", "past_due",
)  # fmt: skip
CODES_OF_OFFICE = (
    "received", "turns", "turns_in_time", "turn_days", "settled_in_time", "settle_days", "accepted", "lapsed",
    "open", "past_due",
)  # fmt: skip


def _lines(body: Body, scope: Scope) -> list[dict[str, Any]]:
    found = []
    for code in CODES_OF_OFFICE if body.is_office else CODES:
        one = catalogue.MEASURES[code]
        value = one.take(scope)
        found.append({"code": code, "label": one.name, "formula": one.formula, "value": said(value), "of": base(value)})
    return found


def said(value: Value) -> str:
    """A measure's value; of too few no share and no median."""
    match value:
        case Count(of=()):
            return wording.number(value.n)
        case Count(whole=whole) if not whole:
            return "–"
        case Count(whole=whole) if whole is not None and whole < ENOUGH:
            return _("%(n)s dari %(whole)s") % {"n": wording.number(value.n), "whole": wording.number(whole)}
        case Count():
            return f"{wording.number(round(value.share or 0))} %"
        case Days() if not value.n:
            return "–"
        case Days() if value.n < ENOUGH:
            return _("data belum cukup")
        case Days():
            return _("median %(median)s hari kerja") % {"median": wording.number(value.median)}
        case _:
            return "–"


def base(value: Value) -> str:
    match value:
        case Count(of=()):
            return ""
        case Count(whole=whole) if whole is not None and whole >= ENOUGH:
            return _("%(n)s dari %(whole)s") % {"n": wording.number(value.n), "whole": wording.number(whole)}
        case Days() if value.n >= ENOUGH:
            return _("dari %(n)s; 9 dari 10 paling lama %(p90)s hari") % {
                "n": wording.number(value.n),
                "p90": wording.number(value.p90),
            }
        case Days() if value.n:
            return _("dari %(whole)s") % {"whole": wording.number(value.n)}
        case _:
            return ""


def _ended(scope: Scope) -> dict[str, Any]:
    accepted, lapsed = scope.sums["accepted"], scope.sums["lapsed"]
    return {
        "n": accepted + lapsed,
        "accepted": accepted,
        "lapsed": lapsed,
        "bar": bars.stack([(_("Diterima pelapor"), accepted, "t1"), (_("Ditutup sistem"), lapsed, "t3")]),
    }


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


# --- Over time ---


def _short(month: datetime.date) -> str:
    return f"{str(MONTHS_3[month.month]).capitalize()} {month.year}"


def _trend(months: Sequence[Month]) -> dict[str, Any]:
    top = max((month.received for month in months), default=0) or 1
    drawn: list[list[tuple[str, str, str]]] = []
    for month in months:
        ground, blocks = 100.0, []
        for value, tone in ((month.in_time, "t1"), (month.late, "t4"), (month.missed, "t5"), (month.other, "t3")):
            if value:
                height = value * 100 / top
                ground -= height
                blocks.append((tone, f"{ground:.1f}", f"{height:.1f}"))
        drawn.append(blocks)
    return {
        "finding": _finding(months),
        "bars": list(enumerate(drawn)),
        "width": len(months) * 10,
        "top": max(months, key=lambda month: month.received),
        "ends": [_short(months[n].first) for n in (0, len(months) // 2, -1)],
        "legend": [
            ("t1", _("Dijawab tepat waktu")),
            ("t4", _("Dijawab terlambat")),
            ("t5", _("Lewat batas, tidak dijawab")),
            ("t3", _("Belum dinilai")),
        ],
        "rows": [(date_format(month.first, "F Y"), month) for month in reversed(months)],
    }


def _finding(months: Sequence[Month]) -> str:
    """The last whole quarter of a year against the same months a year before, where both are enough; else the sum."""
    now, before = months[-4:-1], months[-16:-13]
    shares = []
    for span in (now, before):
        judged = sum(month.judged for month in span)
        shares.append(round(100 * sum(month.in_time for month in span) / judged) if judged >= ENOUGH else None)
    if shares[0] is not None and shares[1] is not None:
        words = {"first": _short(now[0].first), "last": _short(now[-1].first), "now": shares[0], "before": shares[1]}
        if shares[0] > shares[1]:
            return (
                _(
                    "%(first)s sampai %(last)s: %(now)s dari 100 dijawab tepat waktu, naik dari %(before)s setahun "
                    "sebelumnya."
                )
                % words
            )
        if shares[0] < shares[1]:
            return (
                _(
                    "%(first)s sampai %(last)s: %(now)s dari 100 dijawab tepat waktu, turun dari %(before)s setahun "
                    "sebelumnya."
                )
                % words
            )
        return (
            _("%(first)s sampai %(last)s: %(now)s dari 100 dijawab tepat waktu, sama dengan setahun sebelumnya.")
            % words
        )
    whole, most = sum(month.received for month in months), max(months, key=lambda month: month.received)
    return _("Dalam 24 bulan %(n)s laporan diterima, paling banyak dalam %(month)s: %(most)s.") % {
        "n": wording.number(whole),
        "month": date_format(most.first, "F Y"),
        "most": wording.number(most.received),
    }


# --- The parts, as a map and a table ---

# Lower ends of the shares in time, per cent, and the tone of each. Before them: none, and too few.
TONES = ((90, "m1"), (75, "m2"), (50, "m3"), (0, "m4"))


def _tone(row: Row) -> str:
    if not row.received:
        return "m0"
    share = row.in_time
    return "m5" if share is None else next(tone for least, tone in TONES if share >= least)


def _legend() -> list[tuple[str, str]]:
    return [
        ("m1", _("tepat waktu 90 % ke atas")),
        ("m2", _("75 sampai 89 %")),
        ("m3", _("50 sampai 74 %")),
        ("m4", _("di bawah 50 %")),
        ("m5", _("data belum cukup")),
        ("m0", _("tidak ada laporan")),
    ]


def _parts(asked: Asked, rows: list[Row]) -> dict[str, Any] | None:
    body = asked.body
    if not rows:
        return None
    if body.is_country:
        title, head = _("Menurut provinsi"), _("Provinsi")
    elif body.is_province:
        title, head = _("Menurut kabupaten dan kota"), _("Kabupaten/kota")
    else:
        title, head = _("Menurut kantor"), _("Kantor")
    shown = [(row, asked.page(row.url) if row.url else "") for row in rows]
    most = SHOWN
    if not (body.is_country or body.is_province):
        # A district's quiet offices are said, behind those that have something to tell.
        shown.sort(key=lambda one: not (one[0].received or one[0].judged))
        most = min(SHOWN, sum(bool(row.received or row.judged) for row in rows)) or SHOWN
    found: dict[str, Any] = {
        "title": title,
        "head": head,
        "rows": shown[:most],
        "more": shown[most:],
        "has_median": not (body.is_country or body.is_province),
        "finding": _compared(rows),
        "file": asked.file("bagian"),
        "none": [row.name for row in rows if not row.received and not row.is_own],
        "map": None,
    }
    if body.is_country or body.is_province:
        outline = public.outline(body)
        drawn = [(row, outline.paths[row.code], _tone(row)) for row in rows if row.code in outline.paths]
        if drawn:
            found["map"] = {"width": outline.width, "height": outline.height, "places": drawn, "legend": _legend()}
    return found


def _compared(rows: list[Row]) -> str:
    """The table in words."""
    said, told = [], public.told_first(rows)
    if len(told) > 1:
        least, most = told[0], told[-1]
        if least.in_time == most.in_time:
            words = {"n": wording.number(len(told)), "share": most.in_time}
            said.append(_("Di %(n)s yang datanya cukup, %(share)s dari 100 dijawab tepat waktu.") % words)
        else:
            said.append(
                _("Dijawab tepat waktu: dari %(least)s dari 100 (%(low)s) sampai %(most)s dari 100 (%(high)s).")
                % {"least": least.in_time, "low": least.name, "most": most.in_time, "high": most.name}
            )
    elif any(row.received for row in rows):
        said.append(_("Data belum cukup untuk membandingkan."))
    none = sum(not row.received and not row.is_own for row in rows)
    if none:
        said.append(
            ngettext("%(n)s tidak menerima laporan.", "%(n)s tidak menerima laporan.", none)
            % {"n": wording.number(none)}
        )
    return " ".join(said)


def _beside(body: Body, scope: Scope) -> dict[str, Any] | None:
    if not body.is_office or not scope.sums["turns"]:
        return None
    found = public.beside(body.agency, scope)
    if found is None:
        return {"offices": 0}
    days, kept = _answers(body, scope)
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


# --- What they are about ---


def _split(asked: Asked) -> dict[str, Any] | None:
    """By category and channel, of the quarters that are over; of agencies and what they make together, not of an
    office. Two statements."""
    body = asked.body
    if body.is_office:
        return None
    wanted = splits.quarters(asked.scope.first, asked.scope.last, asked.today)
    told = splits.of(None if body.is_country else body.tops, wanted)
    names = dict(Category.objects.filter(pk__in=told.categories).values_list("pk", "name"))
    channels = list(told.channels)[:CHANNELS]
    top = max(told.categories.values(), default=1)
    named = next(((names[pk], count) for pk, count in told.categories.items() if pk in names), None)
    return {
        "told": told,
        "most": named,
        "words": _quarters_words(wanted),
        "channels": [(registry.name(code), told.channels[code]) for code in told.channels],
        "columns": [registry.name(code) for code in channels],
        "rows": [
            {
                "name": names.get(category, _("Tanpa kategori")) if category else _("Tanpa kategori"),
                "count": count,
                "width": bars.stack([("", count, "t2")], top=top)[0].width,
                "cells": [told.cells.get((category, code)) for code in channels],
                "url": _list_of(body, category),
            }
            for category, count in told.categories.items()
        ],
        "rest": told.rest_of_categories,
        "rest_of_channels": told.rest_of_channels,
        "file": asked.file("kategori"),
    }


def _quarters_words(quarters: Sequence[datetime.date]) -> str:
    if not quarters:
        return ""
    last = splits.after(quarters[-1]) - _DAY
    first, until = date_format(quarters[0], "F Y"), date_format(last, "F Y")
    return _("%(first)s sampai %(last)s") % {"first": first, "last": until}


def _list_of(body: Body, category: int) -> str:
    """The public list of what is published of it."""
    asked = _filter_of(body) | ({"kategori": str(category)} if category else {})
    return f"{reverse('complaints:list')}?{urlencode(asked)}" if category else ""


def _filter_of(body: Body) -> dict[str, str]:
    if body.is_country:
        return {}
    if body.is_province and body.region:
        return {"wilayah": body.region.code}
    if body.region and not body.tops:
        return {"wilayah": body.region.code}
    return {"instansi": str(body.agency.pk)}


# --- The kecamatan of a district ---


def _places(asked: Asked) -> dict[str, Any] | None:
    body = asked.body
    if body.is_country or body.is_province or body.region is None:
        return None
    rows = _published(asked)
    if not any(one.count for one in rows):
        return {"rows": [], "map": None}
    top = rows[0].count
    steps = min(top, 5)
    outline = public.outline(body)
    drawn = [
        (one, outline.paths[one.code], f"k{-(-one.count * steps // top)}") for one in rows if one.code in outline.paths
    ]
    words = {"name": rows[0].name, "n": wording.number(top), "all": wording.number(sum(one.count for one in rows))}
    return {
        "rows": [(one, f"{reverse('complaints:list')}?{urlencode({'wilayah': one.code})}") for one in rows],
        "finding": _("Paling banyak di Kecamatan %(name)s: %(n)s dari %(all)s laporan yang terbit.") % words,
        "map": {"width": outline.width, "height": outline.height, "places": drawn} if drawn else None,
        "legend": [(f"k{n}", wording.number(top * n // steps) if n else "0") for n in range(steps + 1)],
        "file": asked.file("kecamatan"),
    }


def _published(asked: Asked) -> list[public.Place]:
    begin = datetime.datetime.combine(asked.scope.first, datetime.time(), JAKARTA)
    after = datetime.datetime.combine(asked.scope.last + _DAY, datetime.time(), JAKARTA)
    return public.kecamatan(asked.body, begin, after)


# --- Where it goes on ---


def _feed(body: Body) -> str:
    """What is newly published there, for feed readers."""
    asked_for = _filter_of(body)
    return reverse("complaints:feed") + (f"?{urlencode(asked_for)}" if asked_for else "")


def _links(asked: Asked) -> list[tuple[str, str]]:
    body = asked.body
    asked_for = _filter_of(body)
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


# --- To take away ---


@require_safe
def file(request: HttpRequest, what: str) -> HttpResponseBase:
    """One table of a page as CSV, or as JSON (`bentuk`), with place, months, time and author in it. The address names
    place or office; one nobody has is 404."""
    asked = _asked(request, _here(request, _named(request)))
    table = TABLES.get(what)
    lines = table(asked) if table else None
    if lines is None:
        raise Http404
    title, rows = lines
    form = "json" if request.GET.get("bentuk") == "json" else "csv"
    name = f"{what}-{slugify(_name(asked.body))[:60]}-{asked.scope.first:%Y%m}-{asked.scope.last:%Y%m}.{form}"
    head = [
        [f"{title}: {_name(asked.body)}"],
        [_("Masa"), period_words(asked.scope)],
        [_("Diunduh"), wording.moment(timezone.now())],
        [_("Oleh"), _("LAPOR!, %(address)s") % {"address": absolute(asked.page(asked.whose))}],
        [_("Lisensi"), LICENCE],
        [_("Tidak termuat"), _("laporan rahasia dan yang dijauhkan dari sebuah kantor")],
        [],
    ]
    if form == "json":
        names = ("judul", "masa", "diunduh", "oleh", "lisensi", "tidak_termuat")
        about = {name: line[-1] for name, line in zip(names, head, strict=False)}
        answer = StreamingHttpResponse(tables.json_lines(about, rows), content_type=tables.JSON_TYPE)
    else:
        answer = StreamingHttpResponse(tables.csv_lines([*head, *rows]), content_type=tables.CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _named(request: HttpRequest) -> Body:
    code, pk = request.GET.get("daerah", ""), request.GET.get("instansi", "")
    if code:
        if not re.fullmatch(r"[0-9]{2}(\.[0-9]{2})?", code, re.ASCII):
            raise Http404
        return _body_of_region(code)
    if pk:
        if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
            raise Http404
        return _body_of_office(int(pk))
    return public.country()


Lines = tuple[str, Iterator[list[str]]]


def _numbers_file(asked: Asked) -> Lines:
    def rows() -> Iterator[list[str]]:
        yield [_("Ukuran"), _("Nilai"), _("Dari"), _("Rumus")]
        for line in _lines(asked.body, asked.scope):
            yield [line["label"], line["value"], line["of"], line["formula"]]

    return _("Angka"), rows()


def _months_file(asked: Asked) -> Lines:
    def rows() -> Iterator[list[str]]:
        yield [_("Bulan"), _("Diterima"), *(label for _tone, label in _trend(months)["legend"])]
        for month in months:
            counts = (month.received, month.in_time, month.late, month.missed, month.other)
            yield [f"{month.first:%Y-%m}", *(str(count) for count in counts)]

    months = public.trend(asked.scope, asked.today)
    return _("24 bulan"), rows()


def _parts_file(asked: Asked) -> Lines | None:
    found = public.parts(asked.body, asked.scope, asked.today)
    if not found:
        return None

    def rows() -> Iterator[list[str]]:
        yield [
            _("Kode"), _("Nama"), _("Diterima"), _("Masih terbuka"), _("Terbuka dan lewat batas"),
            _("Dijawab tepat waktu"), _("Dijawab terlambat"), _("Lewat batas, tidak dijawab"),
            _("Jawaban akhir tepat waktu"), _("Diterima pelapor"), _("Ditutup sistem"), _("Median hari kerja"),
        ]  # fmt: skip
        for row in found:
            counts = [row.sums[code] for code in (
                "received", "open", "past_due", *public.JUDGED, "settled_in_time", "accepted", "lapsed",
            )]  # fmt: skip
            yield [row.code, row.name, *map(str, counts), "" if row.median is None else str(row.median)]

    return _("Bagian-bagiannya"), rows()


def _split_file(asked: Asked) -> Lines | None:
    found = _split(asked)
    if found is None:
        return None
    told: splits.Told = found["told"]
    names = dict(Category.objects.filter(pk__in=told.categories).values_list("pk", "name"))

    def rows() -> Iterator[list[str]]:
        yield [_("Triwulan yang sudah lengkap"), found["words"] or "–"]
        yield [_("Kosong: kurang dari lima, atau tidak boleh dirinci")]
        yield [_("Kategori"), _("Diterima"), *(registry.name(code) for code in told.channels)]
        for category, count in told.categories.items():
            cells = (told.cells.get((category, code)) for code in told.channels)
            name = names.get(category, "") or _("Tanpa kategori")
            yield [name, str(count), *("" if cell is None else str(cell) for cell in cells)]
        yield [_("Tidak dirinci"), str(told.rest_of_categories)]
        yield [_("Semua"), str(told.whole), *(str(count) for count in told.channels.values())]

    return _("Kategori dan saluran"), rows()


def _places_file(asked: Asked) -> Lines | None:
    if asked.body.is_country or asked.body.is_province or asked.body.region is None:
        return None

    def rows() -> Iterator[list[str]]:
        yield [_("Kode"), _("Kecamatan"), _("Laporan yang terbit")]
        for one in _published(asked):
            yield [one.code, one.name, str(one.count)]

    return _("Menurut kecamatan"), rows()


TABLES = {
    "angka": _numbers_file,
    "bulan": _months_file,
    "bagian": _parts_file,
    "kategori": _split_file,
    "kecamatan": _places_file,
}
