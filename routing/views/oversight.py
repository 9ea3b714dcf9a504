"""Kominfo's page, and the same for the centre, a head, an observer: offices, one office's cases, a reminder."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from agencies.acting import OfficerRequest, officers_only
from agencies.actor import Actor
from agencies.models import Agency, Programme, Role
from agencies.models.agency import Kind
from agencies.ombudsman import reads_country
from agencies.permissions import Capability, agencies_for, membership_may
from complaints.transitions import Refusal
from routing import bulk, oversight, programmes, queue
from routing.views import centre, district, office
from routing.views.offices import office_of, oversight_page, titled


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Dibaca petugas kantor itu, dan tercatat."),
        error_messages={"required": gettext_lazy("Tulis alasan mengingatkan kantor ini.")},
    )


@officers_only
def overview(request: OfficerRequest, pk: int | None = None) -> HttpResponseBase:
    """The offices of the acting office's subtree, or of one node below it."""
    membership = request.acting
    if pk is None and not membership_may(membership, Capability.SEE_NUMBERS, membership.agency):
        raise PermissionDenied
    if pk is not None:
        node = office_of(request, pk)
    else:
        # The Ombudsman's observers begin at the country: their own body is one of its agencies.
        node = Agency.objects.root() if reads_country(membership) else membership.agency
    if oversight.is_outside(membership, node):
        return redirect("routing:oversight_cases", pk=node.pk)
    if (page := centre.page_of(request, node)) is not None:
        return page
    if node.kind in (Kind.OPD, Kind.UNIT):
        return office.page(request, node, timezone.now())
    return district.page(request, node, timezone.now())


# --- One office ---


@officers_only
def cases(request: OfficerRequest, pk: int) -> HttpResponse:
    """The open cases of one office, nearest promise first, and the way to remind it."""
    return _cases(request, pk, None)


def _cases(request: OfficerRequest, pk: int, form: ReasonForm | None) -> HttpResponse:
    membership, office = request.acting, office_of(request, pk)
    outside = oversight.is_outside(membership, office)
    # With the cases of all that lies below, as the tables above count them.
    with_units = request.GET.get("unit") == "ya" and membership_may(membership, Capability.SEE_NUMBERS, office)
    desk = replace(
        queue.Desk.of(membership, oversees=False),
        office=office,
        looks_below=outside or with_units,
        within=oversight.listed(membership, office),
    )
    late_only = request.GET.get("lewat") == "ya"
    near_only = not late_only and request.GET.get("hampir") == "ya"
    programme = _programme(request)
    asked = {"lewat": "ya" if late_only else "", "program": programme.code if programme else ""}
    query = " ".join(f"{key}:{value}" for key, value in asked.items() if value)
    if near_only:
        query += " tenggat:hampir"
    asked |= {"hampir": "ya" if near_only else "", "unit": "ya" if with_units else ""}
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
        "near_only": near_only,
        "with_units": with_units,
        # Counted in the tables; read one by one, each for a reason.
        "hides_secrets": membership.role == Role.NATIONAL and office.parent_id is not None,
        "near_url": address(lewat="", hampir="ya"),
        "programme": programme,
        "all_url": address(lewat="", hampir=""),
        "late_url": address(lewat="ya", hampir=""),
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


def _way_back(request: OfficerRequest, office: Agency) -> str:
    """The table the office stood in: that of the office above, where this reader may see it and it is not their own."""
    above = office.parent
    if above is None or above.parent_id is None or above.pk == request.acting.agency_id:
        return reverse("routing:oversight")
    if not agencies_for(request.user, Capability.SEE_NUMBERS).filter(pk=above.pk).exists():
        return reverse("routing:oversight")
    return reverse("routing:oversight_of", args=[above.pk])


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
