"""/pengawasan/ of one office: what waits for its head, what is late and with whom, itself against its own past and the
middle of the offices beside it, who was at the desk."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import calendar
from agencies.acting import OfficerRequest
from agencies.models import Agency, Role
from agencies.permissions import Capability, agencies_for, membership_may
from lapor.kit import wording
from routing import district, office, oversight, queue
from routing.district import District
from routing.office import Past, Turns
from routing.views import offices
from routing.views.district import heads
from routing.views.office_rows import Rows

# Late cases that are shown before "see all".
SHOWN = 5


def page(request: OfficerRequest, node: Agency, now: datetime.datetime) -> HttpResponse:
    membership = request.acting
    view = district.look(membership, node, agencies_for(request.user, Capability.SEE_NUMBERS), now, figures=False)
    cases = reverse("routing:oversight_cases", args=[node.pk])
    may_oversee = membership_may(membership, Capability.OVERSEE, node)
    shows = offices.shows_officers(membership, node)
    waiting = (office.waiting(node, membership) if membership.role != Role.NATIONAL else None) or []
    below = Rows(view, membership, may_oversee=may_oversee)
    context = {
        "node": node,
        "is_own": node.pk == membership.agency_id,
        "title": _("Pengawasan %(office)s") % {"office": node.shown_name},
        "now": now,
        "zone": node.region.zone if node.region else None,
        "view": view,
        "heads": heads(view, {}, sorts=False),
        "groups": [(_("Semua"), _offices(len(view.offices)), [below.line(one) for one in view.offices])],
        "folded": [],
        "cases": cases,
        "waiting": waiting[: office.WAITING],
        "waits_for_more": len(waiting) > office.WAITING,
        "late": _late(request, node, view) if view.late else [],
        "rows": _compared(office.past(node, membership, view.today)) if membership.programme_id is None else [],
        "officers": oversight.officers(node, membership, view.today) if shows else [],
        "numbers": reverse("routing:measures", args=[node.pk]) if membership.programme_id is None else "",
        "may_nudge": may_oversee,
        "legend": offices.legend(),
        "download": "",
        "alarm": None,
        "rises": None,
    }
    return offices.oversight_page(request, "routing/oversight_office.html", context)


def _offices(count: int) -> str:
    return ngettext("%(n)s kantor", "%(n)s kantor", count) % {"n": wording.number(count)}


def _late(request: OfficerRequest, node: Agency, view: District) -> list[dict[str, Any]]:
    """The late cases that have waited longest, with who holds them, as far as this reader may list them."""
    membership = request.acting
    desk = queue.Desk(
        membership,
        node,
        oversees=False,
        looks_below=True,
        today=view.today,
        tomorrow=calendar.add_working_days(view.today, 1, view.holidays),
        holidays=view.holidays,
        within=oversight.listed(membership, node),
    )
    found = queue.page(desk, queue.read("lewat:ya"), most=SHOWN)
    return offices.titled(found.rows, membership)


def _compared(found: Past) -> list[dict[str, Any]]:
    """Lines of the table: measure, now, before, a year ago, the middle beside."""
    columns: list[Turns | None] = [found.now, found.before, found.year, found.beside]

    def line(label: str, name: str, unit: str = "") -> dict[str, Any]:
        values = [getattr(one, name) if one is not None else None for one in columns]
        shown = [wording.number(value) + (unit if value is not None else "") for value in values]
        return {"label": label, "values": shown}

    return [
        line(_("Giliran yang masuk"), "turns"),
        line(_("Dijawab dalam waktunya"), "in_time", " %"),
        line(_("Median jawab, hari kerja"), "median"),
        line(_("Dikembalikan sebagai bukan wewenang"), "handed_back", " %"),
    ]
