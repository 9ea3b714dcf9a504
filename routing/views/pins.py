"""The desk as a map: the same cases as the list, in the same order, with a table that needs no script."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies.acting import OfficerRequest
from agencies.permissions import Capability, membership_may
from routing import pins, queue
from routing.views.desk import badge
from routing.views.frame import for_officers, page


@require_GET
@for_officers
def desk_map(request: OfficerRequest) -> HttpResponseBase:
    """Open cases by where they lie, filtered like the list (`?q=`)."""
    office = request.acting.agency
    if not membership_may(request.acting, Capability.WORK, office):
        raise PermissionDenied
    query = queue.read(request.GET.get("q", ""))
    oversees = membership_may(request.acting, Capability.OVERSEE, office)
    here = queue.Desk.of(request.acting, oversees=oversees, below=query.spans_offices)
    found = pins.page(here, query, request.GET.get("sesudah", ""))
    desk_url = reverse("routing:desk")
    context = {
        "query": query,
        "pins": [(pin, badge(pin.row), f"{desk_url}{pin.row.number}/") for pin in found.pins],
        "unplaced": [(row, badge(row), f"{desk_url}{row.number}/") for row in found.unplaced],
        "borders": " ".join(found.regencies),
        "next": _url(query.text, found.next_cursor) if found.next_cursor else "",
        "first": "" if found.is_first else _url(query.text),
        "partial": found.is_partial,
        "most": pins.MOST,
        "back": {"url": _list(query.text), "label": _("Meja")},
    }
    return page(request, "routing/map.html", context)


def _list(query: str) -> str:
    return f"{reverse('routing:desk')}?{urlencode({'q': query})}" if query else reverse("routing:desk")


def _url(query: str, cursor: str = "") -> str:
    values = {key: value for key, value in (("q", query), ("sesudah", cursor)) if value}
    return f"{reverse('routing:map')}?{urlencode(values)}" if values else reverse("routing:map")
