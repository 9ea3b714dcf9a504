"""/instansi/…/awalan/: the words before an SMS that stand for an office, kept by its coordinator."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import prefixes
from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.members import Refused
from agencies.models import Agency, AuditEntry, Prefix
from agencies.permissions import Capability, may
from agencies.prefix_forms import PrefixForm
from agencies.views.members import page


def _mine(request: OfficerRequest, pk: int) -> Agency:
    """An office I may change; every office is public, so others are told 403 and not 404."""
    agency = get_object_or_404(Agency.objects.select_related("parent"), pk=pk)
    if not may(request.user, Capability.MANAGE_OFFICES, agency):
        raise PermissionDenied
    return agency


@officers_only
def listing(request: OfficerRequest, pk: int) -> HttpResponse:
    """Those in force and those that ended; by POST one more."""
    agency = _mine(request, pk)
    form = PrefixForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            prefix = prefixes.add(agency, form.cleaned_data["text"], by=actor_of(request))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            said = {"text": prefix.text, "office": agency.name}
            messages.success(request, _("SMS yang dimulai dengan %(text)s sekarang sampai ke %(office)s.") % said)
            return redirect("agencies:prefixes", pk=pk)
    context = {
        "office": agency,
        "form": form,
        "active": agency.prefixes.active_on(timezone.localdate()),
        "sms_number": settings.SMS_NUMBER,
        "history": AuditEntry.objects.filter(
            subject_kind="agency", subject_id=agency.pk, what__in=["add_prefix", "end_prefix"]
        ).select_related("who")[:20],
    }
    return page(request, "agencies/prefixes.html", context, status=400 if form.errors else 200)


@officers_only
@require_POST
def end(request: OfficerRequest, pk: int, prefix: int) -> HttpResponse:
    agency = _mine(request, pk)
    row = get_object_or_404(Prefix, pk=prefix, agency=agency)
    try:
        prefixes.end(row, by=actor_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(text)s tidak lagi menjadi awalan kantor ini.") % {"text": row.text})
    return redirect("agencies:prefixes", pk=pk)
