"""/pengawasan/program/: how the cases of the priority programmes go, and those of one, for whoever may see numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies.acting import OfficerRequest
from agencies.models import Membership
from agencies.permissions import Capability, membership_may
from routing import programmes, queue
from routing.views.frame import for_officers, page
from routing.views.oversight import titled

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
    today = queue.Desk.of(membership, oversees=False).today
    context = {
        "lines": programmes.by_programme(membership, today),
        "keeps": membership_may(membership, Capability.MANAGE_PROGRAMMES, membership.agency),
        "office": membership.agency,
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
    provinces = programmes.by_province(membership, found, here.today)
    known = {line.code: line for line in provinces if line.code}
    chosen = known.get(request.GET.get("provinsi", ""))
    listed = request.GET.get("daftar", "")
    listed = listed if listed in LISTS else ""
    within = programmes.gathered(membership, found, chosen.code if chosen else "")
    desk = replace(here, looks_below=True, everywhere=True, within=within)
    cases = queue.page(desk, queue.read(LISTS[listed]), request.GET.get("setelah", ""))
    context = {
        "programme": found,
        "over": not found.is_active_on(here.today),
        "provinces": [(line, _address(found.code, listed, line.code)) for line in provinces],
        "total": programmes.total(provinces),
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
        "back": reverse("routing:programmes"),
    }
    return page(request, "routing/programme.html", context)


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
