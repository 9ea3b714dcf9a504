"""/pengawasan/…/pengembalian/: who hands reports back most, and between whom they go to and fro."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import OfficerRequest, officers_only
from agencies.models import Agency, Role
from agencies.permissions import Capability, membership_may
from lapor.kit import wording
from lapor.kit.text import row_id
from routing import bounces, oversight
from routing.measures import paper
from routing.views import sheets
from routing.views.offices import office_of, oversight_page


@officers_only
def overview(request: OfficerRequest, pk: int | None = None) -> HttpResponseBase:
    """The acting office's subtree, or that of one node in reach; the cases behind one number where they may be read."""
    membership = request.acting
    if pk is None and not membership_may(membership, Capability.SEE_NUMBERS, membership.agency):
        raise PermissionDenied
    node = office_of(request, pk) if pk is not None else membership.agency
    days = _days(request.GET.get("hari", ""))
    view = bounces.read(membership, node, oversight.today_at(node, timezone.now()), days)
    if kind := sheets.kind_of(request):
        return sheets.answer(kind, _sheet(request, node, view, days), f"pengembalian-{node.shown_name}")
    # An observer, a province beside its districts: totals. Whoever else reads here opens what the table gives them.
    lists = membership.role != Role.OBSERVER
    office = _chosen(view, row_id(request.GET.get("kantor", ""))) if lists else None
    other = _chosen(view, row_id(request.GET.get("dengan", ""))) if office else None
    here = request.path
    context: dict[str, Any] = {
        "node": node,
        "is_own": node.pk == membership.agency_id,
        "country": node.parent_id is None,
        "view": view,
        "periods": [(_period(one), f"{here}?hari={one}", one == days) for one in bounces.PERIODS],
        "offices": [(one, _address(here, days, one.agency) if lists else "") for one in view.offices],
        "pairs": [
            (one, _address(here, days, one.first, one.second) if lists and one.both else "") for one in view.pairs
        ],
        "office": office,
        "other": other,
        "cases": bounces.cases(membership, node, view.since, office.pk, other.pk if other else None) if office else [],
        "most": bounces.CASES,
        "back": reverse("routing:oversight_of", args=[node.pk])
        if pk is not None and not oversight.is_outside(membership, node)
        else reverse("routing:oversight"),
        "every": f"{here}?hari={days}",
        "files": sheets.links(request, "hari"),
    }
    return oversight_page(request, "routing/bounces.html", context)


def _sheet(request: OfficerRequest, node: Agency, view: bounces.Bounces, days: int) -> paper.Sheet:
    title = _("Laporan yang dikembalikan")
    about = sheets.about(
        request,
        (_("Kantor"), node.name),
        (_("Masa"), _period(days)),
        (_("Sejak"), wording.plain_day(view.since)),
        (_("Saringan"), _("tanpa laporan rahasia")),
        (title, sheets.number(view.refused)),
    )
    handed = [
        [
            one.agency.shown_name,
            one.agency.parent.shown_name if one.agency.parent and one.agency.parent.parent_id else "",
            sheets.number(one.refused),
            sheets.number(one.received),
            sheets.percent(one.share),
            ", ".join(f"{other.shown_name} {sheets.number(times)}" for other, times in one.named) or "–",
        ]
        for one in view.offices
    ]
    pairs = [
        [
            _("%(one)s dan %(other)s") % {"one": pair.first.shown_name, "other": pair.second.shown_name},
            *(sheets.number(n) for n in (pair.both, pair.first_named, pair.second_named)),
        ]
        for pair in view.pairs
    ]
    head = [_("Kantor"), _("Di bawah"), _("Dikembalikan"), _("Diterima"), _("Bagian"), _("Paling sering menyebut")]
    between = [_("Kantor"), _("Ditolak keduanya"), _("Yang pertama menyebut"), _("Yang kedua menyebut")]
    return paper.Sheet(
        title,
        about,
        (),
        [
            paper.Table(_("Kantor yang paling sering mengembalikan"), head, handed),
            paper.Table(_("Pasangan yang saling menolak"), between, pairs),
        ],
    )


def _days(typed: str) -> int:
    return int(typed) if typed in {str(one) for one in bounces.PERIODS} else bounces.PERIODS[0]


def _period(days: int) -> str:
    return {30: _("30 hari"), 90: _("90 hari"), 365: _("Setahun")}[days]


def _chosen(view: bounces.Bounces, pk: int) -> Agency | None:
    """One of those on the page; any other is as none."""
    shown = [one.agency for one in view.offices] + [one for pair in view.pairs for one in (pair.first, pair.second)]
    return next((one for one in shown if one.pk == pk), None)


def _address(here: str, days: int, office: Agency, other: Agency | None = None) -> str:
    asked = {"hari": days, "kantor": office.pk, **({"dengan": other.pk} if other else {})}
    return f"{here}?{urlencode(asked)}#laporan"
