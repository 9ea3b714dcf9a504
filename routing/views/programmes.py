"""/pengawasan/program/: how the cases of the priority programmes go, and those of one, for whoever may see numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies.acting import OfficerRequest
from agencies.models import Agency, Membership, Programme
from agencies.ombudsman import reads_country
from agencies.permissions import Capability, membership_may
from lapor.kit import bars, wording
from routing import programmes, queue
from routing.measures import paper
from routing.programme_sums import Sums
from routing.views import sheets
from routing.views.frame import for_officers, page
from routing.views.offices import titled

# Which of its cases, by the word in the address, as the desk's query says it.
LISTS = {"": "", "terlambat": "lewat:ya", "dijawab": "status:dijawab", "selesai": "status:selesai"}


def _reader(request: OfficerRequest) -> Membership:
    if not membership_may(request.acting, Capability.SEE_NUMBERS, request.acting.agency):
        raise PermissionDenied
    return request.acting


@require_GET
@for_officers
def listing(request: OfficerRequest) -> HttpResponseBase:
    """Every programme with what it has open, late, answered and closed in the reader's reach."""
    membership = _reader(request)
    known = list(programmes.readable(membership))
    sums = programmes.sums(membership, known, queue.Desk.of(membership, oversees=False).today)
    lines = programmes.by_programme(sums, known)
    office = Agency.objects.root() if reads_country(membership) else membership.agency
    if kind := sheets.kind_of(request):
        table = paper.Table(_("Program prioritas"), [_("Program"), *_head()], [_cells(line) for line in lines])
        about = sheets.about(request, (_("Kantor"), office.name), *_told(sums))
        return sheets.answer(kind, paper.Sheet(_("Program prioritas"), about, (), [table]), "program-prioritas")
    context = {
        "lines": [(line, _leading(line.code, line.counts)) for line in lines],
        "keeps": membership_may(membership, Capability.MANAGE_PROGRAMMES, membership.agency),
        "office": office,
        "made_at": sums.made_at,
        "files": sheets.links(request),
    }
    return page(request, "routing/programmes.html", context)


@require_GET
@for_officers
def programme(request: OfficerRequest, code: str) -> HttpResponseBase:
    """One programme: its provinces, and its cases, nearest promise first. To who may not know of it it is not there."""
    membership = _reader(request)
    found = programmes.readable(membership).filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise Http404
    here = queue.Desk.of(membership, oversees=False)
    sums = programmes.sums(membership, [found], here.today)
    provinces = programmes.by_province(sums)
    known = {line.code: line for line in provinces if line.code}
    chosen = known.get(request.GET.get("provinsi", ""))
    weeks = programmes.by_week(sums, chosen.code if chosen else "")
    if kind := sheets.kind_of(request):
        sheet = _sheet(request, found, provinces, chosen, weeks, _told(sums))
        return sheets.answer(kind, sheet, f"program-{found.code}")
    listed = request.GET.get("daftar", "")
    listed = listed if listed in LISTS else ""
    total, country = programmes.total(provinces), programmes.node_of(membership).parent_id is None
    few = country and (
        total.all <= programmes.FEW or bool(chosen and _lengths(chosen.counts)[listed] <= programmes.SHORT)
    )
    within = programmes.gathered(membership, found, chosen.code if chosen else "", few=few)
    desk = replace(here, looks_below=True, everywhere=country, within=within)
    cases = queue.page(desk, queue.read(LISTS[listed]), request.GET.get("setelah", ""))
    context = {
        "programme": found,
        "made_at": sums.made_at,
        "over": not found.is_active_on(here.today),
        "provinces": [
            (
                line,
                _address(found.code, listed, line.code),
                # What has no place is listed by no province.
                _leading(found.code if line.code else "", line.counts, line.code),
            )
            for line in provinces
        ],
        "total": total,
        "whole": _leading(found.code, total),
        "chosen": chosen,
        "everywhere": _address(found.code, listed, ""),
        "tabs": [
            (label, _address(found.code, name, chosen.code if chosen else ""), name == listed)
            for name, label in _labels().items()
        ],
        "rows": titled(cases.rows, membership),
        "next": _address(found.code, listed, chosen.code if chosen else "", cases.next_cursor)
        if cases.next_cursor
        else "",
        "first": "" if cases.is_first else _address(found.code, listed, chosen.code if chosen else ""),
        "weeks": weeks,
        "trend": _trend(weeks),
        "columns": bars.columns(
            [(str(_("Terbuka di akhir minggu")), "t2")],
            [(date_format(week.first, "j M"), (week.open,)) for week in weeks],
        ),
        "promises": programmes.promises(found, here.today),
        "promise_url": reverse("complaints:programme_promises", args=[found.pk])
        if membership_may(membership, Capability.MANAGE_PROGRAMMES, membership.agency)
        else "",
        "back": reverse("routing:programmes"),
        "files": sheets.links(request, "provinsi"),
    }
    return page(request, "routing/programme.html", context)


def _told(sums: Sums) -> list[tuple[str, str]]:
    """For the head of a sheet: what is left out, and when the worker counted, if it did."""
    left_out = (_("Saringan"), _("tanpa yang rahasia dan yang dijauhkan dari sebuah kantor"))
    return [left_out, (_("Dihitung"), wording.moment(sums.made_at))] if sums.made_at else [left_out]


def _head() -> list[str]:
    return [_("Terbuka"), _("Terlambat"), _("Dijawab"), _("Selesai")]


def _counts(of: programmes.Counts) -> list[str]:
    return [sheets.number(n) for n in (of.open, of.late, of.answered, of.closed)]


@dataclass(frozen=True)
class Cell:
    """One number of a table. `url`: the list of its cases; "": there are none, or no such list."""

    label: str
    n: int
    url: str
    is_late: bool


def _leading(code: str, counts: programmes.Counts, province: str = "") -> list[Cell]:
    """Its four numbers, each with its list; `code` "": there is none."""
    lengths = _lengths(counts)
    return [
        Cell(
            label,
            lengths[listed],
            f"{_address(code, listed, province)}#laporan" if code and lengths[listed] else "",
            listed == "terlambat" and bool(lengths[listed]),
        )
        for listed, label in zip(LISTS, _head(), strict=True)
    ]


def _cells(line: programmes.Line) -> list[str]:
    return [line.name, *_counts(line.counts)]


def _sheet(
    request: OfficerRequest,
    programme: Programme,
    provinces: list[programmes.Line],
    chosen: programmes.Line | None,
    weeks: list[programmes.Week],
    told: list[tuple[str, str]],
) -> paper.Sheet:
    about = sheets.about(
        request,
        (_("Kantor"), request.acting.agency.name),
        (_("Minggu demi minggu"), chosen.name if chosen else _("semua provinsi")),
        *told,
    )
    rows = [_cells(line) for line in provinces]
    if len(provinces) > 1:
        rows.append([_("Semua"), *_counts(programmes.total(provinces))])
    by_week = [
        [
            wording.plain_day(week.first),
            *(sheets.number(n) for n in (week.gathered, week.closed, week.missed, week.open)),
        ]
        for week in weeks
    ]
    head = [_("Minggu mulai"), _("Ditandai"), _("Ditutup"), _("Janji lewat"), _("Terbuka")]
    return paper.Sheet(
        programme.name,
        about,
        (),
        [
            paper.Table(_("Menurut provinsi"), [_("Provinsi"), *_head()], rows),
            paper.Table(_("Minggu demi minggu"), head, by_week),
        ],
    )


def _trend(weeks: list[programmes.Week]) -> str:
    """Now beside four weeks ago, in a sentence."""
    then, now = weeks[-5].open, weeks[-1].open
    if then == now:
        return _("Yang terbuka sama banyak dengan empat minggu lalu.")
    words = {"then": wording.number(then), "now": wording.number(now)}
    if now > then:
        return _("Yang terbuka bertambah dalam empat minggu: dari %(then)s menjadi %(now)s.") % words
    return _("Yang terbuka berkurang dalam empat minggu: dari %(then)s menjadi %(now)s.") % words


def _lengths(counts: programmes.Counts) -> dict[str, int]:
    """How many cases each list has."""
    return {"": counts.open, "terlambat": counts.late, "dijawab": counts.answered, "selesai": counts.closed}


def _labels() -> dict[str, str]:
    return {
        "": _("Semua yang terbuka"),
        "terlambat": _("Terlambat"),
        "dijawab": _("Dijawab"),
        "selesai": _("Selesai"),
    }


def _address(code: str, listed: str, province: str, cursor: str = "") -> str:
    given: dict[str, Any] = {"daftar": listed, "provinsi": province, "setelah": cursor}
    asked = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('routing:programme', args=[code])}{'?' if asked else ''}{asked}"
