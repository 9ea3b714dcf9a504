"""/instansi/…/bidang/: who does what in a district, one field at a time or as another district does it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import bidang, division
from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.division_forms import CarrierForm, SourceForm
from agencies.members import Refused
from agencies.models import Agency
from agencies.permissions import Capability, may
from agencies.views.members import page


def _mine(request: OfficerRequest, pk: int) -> Agency:
    """An office I may change; every office is public, so others are told 403 and not 404."""
    agency = get_object_or_404(Agency.objects.select_related("parent", "region"), pk=pk)
    if not may(request.user, Capability.MANAGE_OFFICES, agency):
        raise PermissionDenied
    return agency


@officers_only
def table(request: OfficerRequest, pk: int) -> HttpResponse:
    """Every field and who carries it; what several carry first, what nobody carries last."""
    office = _mine(request, pk)
    rows = division.table(office, timezone.localdate())
    context = {
        "office": office,
        "undecided": [row for row in rows if row.offices and not row.decided],
        "decided": [row for row in rows if row.decided],
        "nobodys": [row for row in rows if not row.offices],
    }
    return page(request, "agencies/division.html", context)


@officers_only
def field(request: OfficerRequest, pk: int, code: str) -> HttpResponse:
    """Give one field to one office, or to nobody."""
    office, today = _mine(request, pk), timezone.localdate()
    row = next((row for row in division.table(office, today) if row.code == code), None)
    if row is None:
        raise Http404
    form = CarrierForm(division.choices(office, today), row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            division.assign(office, code, form.cleaned_data["office"], by=actor_of(request), day=today)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Pembagian bidang disimpan. Berlaku untuk laporan berikutnya."))
            return redirect("agencies:division", pk=pk)
    context = {"office": office, "row": row, "form": form}
    return page(request, "agencies/division_field.html", context, status=400 if form.errors else 200)


@officers_only
def copy(request: OfficerRequest, pk: int) -> HttpResponse:
    """As in another district (`?dari=`): first what would change, then the lines that were ticked."""
    office, today = _mine(request, pk), timezone.localdate()
    form = SourceForm(office, today, request.GET if "dari" in request.GET else None)
    source = form.cleaned_data["dari"] if form.is_bound and form.is_valid() else None
    lines = division.plan(source, office, today) if source is not None else []
    if request.method == "POST" and source is not None:
        changed = division.copy(source, office, request.POST.getlist("bidang"), by=actor_of(request), day=today)
        if changed:
            messages.success(
                request, _("%(count)d bidang disalin dari %(source)s.") % {"count": changed, "source": source}
            )
            return redirect("agencies:division", pk=pk)
        messages.error(request, _("Pilih paling sedikit satu bidang."))
    context = {"office": office, "form": form, "source": source, "lines": lines, "names": bidang.names()}
    return page(request, "agencies/division_copy.html", context)
