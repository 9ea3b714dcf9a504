"""Kominfo's page, and the same for the centre, a head, an observer: offices, one office's cases, a reminder."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from agencies import leaves
from agencies.acting import OfficerRequest, officers_only
from agencies.actor import Actor
from agencies.models import Agency, Membership, Programme, Role
from agencies.models.agency import Kind
from agencies.permissions import Capability, agencies_for, membership_may
from complaints.models import Publication
from complaints.transitions import Refusal
from lapor.kit import wording
from routing import bulk, oversight, programmes, queue
from routing.models import Rise
from routing.views import frame

# How many offices of the last group are shown before the rest folds away.
SHOWN = 5


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Dibaca petugas kantor itu, dan tercatat."),
        error_messages={"required": gettext_lazy("Tulis alasan mengingatkan kantor ini.")},
    )


@officers_only
def overview(request: OfficerRequest, pk: int | None = None) -> HttpResponse:
    """The offices of the acting office's subtree, or of one node below it."""
    membership = request.acting
    if pk is None and not membership_may(membership, Capability.SEE_NUMBERS, membership.agency):
        raise PermissionDenied
    node = office_of(request, pk) if pk is not None else membership.agency
    if oversight.is_outside(membership, node):
        return redirect("routing:oversight_cases", pk=node.pk)
    now = timezone.now()
    view = oversight.overview(membership, node, agencies_for(request.user, Capability.SEE_NUMBERS), now)
    kind = request.GET.get("jenis", "")
    rows = [row for row in view.rows if _is_of(row, kind)]
    tabs = _tabs(view, kind)
    silent = [row for row in rows if row.silent or row.silent_below]
    late = [row for row in rows if row.late and row not in silent]
    rest = [row for row in rows if row not in silent and row not in late]

    def line_of(row: oversight.Row) -> dict[str, Any]:
        return _line(
            row,
            view,
            own=row.agency.pk == membership.agency_id
            and membership_may(membership, Capability.WORK, membership.agency),
        )

    may_oversee = membership_may(membership, Capability.OVERSEE, node)
    context = {
        "node": node,
        "is_own": node.pk == membership.agency_id,
        "title": _title(node),
        "now": now,
        "zone": node.region.zone if node.region else None,
        "view": view,
        "tabs": tabs,
        "whole": len(rows) == len(view.rows),
        "groups": [
            (_("Diam"), _("meja belum dibuka lebih dari 5 hari kerja"), [line_of(row) for row in silent], True),
            (_("Ada yang terlambat"), _offices(len(late)), [line_of(row) for row in late], False),
            (_("Tidak ada yang terlambat"), _offices(len(rest)), [line_of(row) for row in rest[:SHOWN]], False),
        ],
        "folded": [line_of(row) for row in rest[SHOWN:]],
        "may_nudge": may_oversee,
        "download": reverse("routing:download", args=[node.pk]) if may_oversee else "",
        "away": leaves.unmanned(leaves.below(Agency.objects.under(node), view.today), view.today)
        if may_oversee
        else [],
        "numbers": reverse("routing:measures", args=[node.pk]) if membership.programme_id is None else "",
        "alarm": oversight.calendar_alarm(view.today) if may_oversee else None,
        "rises": Rise.objects.at_or_under(node).waiting().count() if may_oversee else None,
        "officers": oversight.officers(node, membership, view.today)
        if not view.grouped and _shows_officers(membership, node)
        else [],
        "legend": _legend(),
    }
    return oversight_page(request, "routing/oversight.html", context)


def _shows_officers(membership: Membership, node: Agency) -> bool:
    """A head's own office, and a single office that somebody above looks at; a whole district's are on their page."""
    if not membership_may(membership, Capability.SEE_OFFICERS, node):
        return False
    return node.kind in (Kind.OPD, Kind.UNIT) or not membership_may(membership, Capability.OVERSEE, node)


def office_of(request: OfficerRequest, pk: int) -> Agency:
    """An office whose numbers this officer may see; any other does not exist to them."""
    return get_object_or_404(
        agencies_for(request.user, Capability.SEE_NUMBERS).select_related("parent", "region"), pk=pk
    )


def oversight_page(
    request: OfficerRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = render(
        request, template, {"acting": request.acting, "nav": frame.nav(request.acting)} | context, status=status
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _title(node: Agency) -> str:
    if node.parent_id is None:
        return _("Pengawasan seluruh Indonesia")
    if node.kind in (Kind.PROVINSI, Kind.KABUPATEN, Kind.KOTA):
        return _("Pengawasan SKPD dan kecamatan")
    return _("Pengawasan %(office)s") % {"office": node.shown_name}


def _offices(count: int) -> str:
    return ngettext("%(n)s kantor", "%(n)s kantor", count) % {"n": wording.number(count)}


def _is_of(row: oversight.Row, kind: str) -> bool:
    is_kecamatan = row.agency.urusan == "kecamatan"
    return {"kecamatan": is_kecamatan, "dinas": not is_kecamatan}.get(kind, True)


def _tabs(view: oversight.Overview, kind: str) -> list[dict[str, Any]]:
    counts = {code: sum(_is_of(row, code) for row in view.rows) for code in ("", "dinas", "kecamatan")}
    if not counts["kecamatan"] or view.grouped:
        return []
    labels = {"": _("Semua"), "dinas": _("Dinas dan badan"), "kecamatan": _("Kecamatan")}
    return [
        {"label": labels[code], "count": count, "url": f"?jenis={code}" if code else "?", "current": code == kind}
        for code, count in counts.items()
    ]


def _line(row: oversight.Row, view: oversight.Overview, *, own: bool) -> dict[str, Any]:
    deeper = view.grouped and row.has_more_below and row.agency.parent_id is not None
    name = "routing:oversight_of" if deeper else "routing:oversight_cases"
    return {
        "row": row,
        "name": row.agency.name,
        "parent": row.agency.parent.shown_name
        if row.agency.parent and row.agency.kind == Kind.UNIT and not view.grouped
        else "",
        "url": reverse(name, args=[row.agency.pk]),
        "nudge_url": f"{reverse('routing:oversight_cases', args=[row.agency.pk])}#ingatkan"
        if not deeper and not own
        else "",
        "own": own,
        "visited": _visited(row.visited_on, view.today),
        "never": row.visited_on is None,
        "ages": _ages(row),
    }


def _visited(day: datetime.date | None, today: datetime.date) -> str:
    if day is None:
        return _("tidak pernah").replace(" ", "\N{NO-BREAK SPACE}")
    if day >= today:
        return _("hari ini")
    if day == today - datetime.timedelta(days=1):
        return _("kemarin")
    return wording.short_day(day) if day.year == today.year else wording.plain_day(day)


def _labels() -> list[str]:
    return [_("0–1"), _("2–3"), _("4–5"), _("6–10"), _("11–30"), _("lebih dari 30")]


def _ages(row: oversight.Row) -> str:
    """The bar in words, for those who do not see it."""
    return ", ".join(
        _("%(count)s berumur %(days)s hari kerja") % {"count": count, "days": label}
        for label, count in zip(_labels(), row.ages, strict=True)
        if count
    )


def _legend() -> list[tuple[str, str]]:
    return [(f"a{n}", label) for n, label in enumerate(_labels(), start=1)]


# --- One office ---


@officers_only
def cases(request: OfficerRequest, pk: int) -> HttpResponse:
    """The open cases of one office, nearest promise first, and the way to remind it."""
    return _cases(request, pk, None)


def _cases(request: OfficerRequest, pk: int, form: ReasonForm | None) -> HttpResponse:
    membership, office = request.acting, office_of(request, pk)
    outside = oversight.is_outside(membership, office)
    desk = replace(
        queue.Desk.of(membership, oversees=False),
        office=office,
        looks_below=outside,
        within=oversight.listed(membership, office),
    )
    late_only = request.GET.get("lewat") == "ya"
    programme = _programme(request)
    asked = {"lewat": "ya" if late_only else "", "program": programme.code if programme else ""}
    query = " ".join(f"{key}:{value}" for key, value in asked.items() if value)
    page = queue.page(desk, queue.read(query), request.GET.get("setelah", ""))
    rows = titled(page.rows, membership, outside=outside)
    may_nudge = membership_may(membership, Capability.OVERSEE, office)
    here = reverse("routing:oversight_cases", args=[office.pk])

    def address(**more: str) -> str:
        return f"{here}?{urlencode({key: value for key, value in {**asked, **more}.items() if value})}"

    context = {
        "office": office,
        "title": office.name,
        "back": _way_back(request, office),
        "rows": rows,
        "late_only": late_only,
        "programme": programme,
        "all_url": address(lewat=""),
        "late_url": address(lewat="ya"),
        "any_url": address(program=""),
        "next": address(setelah=page.next_cursor) if page.next_cursor else "",
        "first": "" if page.is_first else address(),
        "may_nudge": may_nudge and office.pk != membership.agency_id,
        "acts": [act for act in bulk.offered(membership) if act.code != "penanganan"] if may_nudge else [],
        "whole": request.get_full_path(),
        "form": form or ReasonForm(),
        "nudged": oversight.last_nudge(office) if may_nudge else None,
    }
    return oversight_page(request, "routing/oversight_cases.html", context, status=400 if form is not None else 200)


def _programme(request: OfficerRequest) -> Programme | None:
    """The one whose cases alone are asked for; None: all, also for one that is not there."""
    code = request.GET.get("program", "").replace("\x00", "")[:40]
    return programmes.readable(request.acting).filter(code=code).first() if code else None


def titled(rows: list[queue.Row], membership: Membership, *, outside: bool = False) -> list[dict[str, Any]]:
    """Rows with the title and the address this reader may have: an observer's is the public copy's, if there is one.
    One statement at most."""
    copies = {}
    reads_copies = membership.role == Role.OBSERVER
    if reads_copies:
        copies = dict(
            Publication.objects.filter(complaint__number__in=[row.number for row in rows]).values_list(
                "complaint__number", "title"
            )
        )
    return [
        {
            "row": row,
            "title": copies.get(row.number, _("Belum diterbitkan")) if reads_copies else row.title,
            "url": _case_url(row, outside, copies),
        }
        for row in rows
    ]


def _way_back(request: OfficerRequest, office: Agency) -> str:
    """The table the office stood in: that of the office above, where this reader may see it and it is not their own."""
    above = office.parent
    if above is None or above.parent_id is None or above.pk == request.acting.agency_id:
        return reverse("routing:oversight")
    if not agencies_for(request.user, Capability.SEE_NUMBERS).filter(pk=above.pk).exists():
        return reverse("routing:oversight")
    return reverse("routing:oversight_of", args=[above.pk])


def _case_url(row: queue.Row, outside: bool, copies: dict[str, str]) -> str:
    """The case on the desk; whoever looks from beside reads what everybody reads, if anything."""
    if not outside:
        return reverse("routing:case", args=[row.number])
    return reverse("complaints:case", args=[row.shown_number]) if row.number in copies else ""


@require_POST
@officers_only
def nudge(request: OfficerRequest, pk: int) -> HttpResponse:
    """Remind one office, with a reason that is logged."""
    office = office_of(request, pk)
    if not membership_may(request.acting, Capability.OVERSEE, office):
        raise PermissionDenied
    if office.pk == request.acting.agency_id:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _cases(request, pk, form)
    try:
        count = oversight.nudge(office, by=Actor.officer(request.acting), reason=form.cleaned_data["reason"])
    except Refusal as refused:
        form.add_error("reason", str(refused.message))
        return _cases(request, pk, form)
    if count:
        said = ngettext(
            "%(office)s diingatkan tentang %(n)s laporan.", "%(office)s diingatkan tentang %(n)s laporan.", count
        )
    else:
        said = _("Pengingat untuk %(office)s tercatat.")
    messages.success(request, said % {"office": office.name, "n": count})
    return redirect("routing:oversight_cases", pk=office.pk)
