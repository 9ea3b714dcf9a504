"""/kelola/sistem/: the machines that sign in for the offices of my subtree, and their keys."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clients, hooks
from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.client_forms import ClientForm, EndClientForm, NewClientForm, RotateForm
from agencies.members import Refused
from agencies.models import AgencyQuerySet, ApiClient, AuditEntry
from agencies.permissions import Capability, agencies_for, may
from agencies.views.members import page
from lapor.kit.text import row_id

PER_PAGE = 50


def _offices(request: OfficerRequest) -> AgencyQuerySet:
    """Offices whose machines I keep; raises PermissionDenied where that is none."""
    if not may(request.user, Capability.MANAGE_CLIENTS, request.acting.agency):
        raise PermissionDenied
    return agencies_for(request.user, Capability.MANAGE_CLIENTS)


def _client(request: OfficerRequest, pk: int) -> ApiClient:
    """A machine I keep; everybody else's does not exist."""
    kept = ApiClient.objects.filter(agency__in=_offices(request))
    return get_object_or_404(kept.select_related("agency__parent", "created_by"), pk=pk)


@officers_only
def listing(request: OfficerRequest) -> HttpResponse:
    kept = ApiClient.objects.filter(agency__in=_offices(request)).select_related("agency__parent")
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=timezone.localdate())
    ended = "berakhir" in request.GET
    found = kept.exclude(lasting) if ended else kept.filter(lasting)
    rows = found.annotate(used_at=Max("keys__last_used_at")).order_by("agency__name", "name", "pk")
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    return page(
        request,
        "agencies/clients.html",
        {"shown": shown, "ended": ended, "any_ended": kept.exclude(lasting).exists()},
    )


@officers_only
def add(request: OfficerRequest) -> HttpResponse:
    """Register a machine. The answer to the sending shows its first key, and nothing else ever does."""
    offices = _offices(request).active_on(timezone.localdate())
    wanted = request.GET.get("kantor")
    fixed = offices.filter(pk=row_id(wanted)).first() if wanted else None
    if wanted and fixed is None:
        raise Http404
    if fixed is None and request.acting.agency.parent_id is None:
        # The centre chooses the office in the directory first: a list of thousands helps nobody.
        return page(request, "agencies/client_add.html", {"choose": True})
    form = NewClientForm(request.POST or None, offices=offices.order_by("path_length", "name"), agency=fixed)
    if request.method == "POST" and form.is_valid():
        try:
            client, key = clients.register(by=actor_of(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return _show_key(request, client, key)
    return page(request, "agencies/client_add.html", {"form": form, "office": fixed})


@officers_only
def client(request: OfficerRequest, pk: int) -> HttpResponse:
    """One machine, its keys and what it may; by POST what it may is changed."""
    found = _client(request, pk)
    form = ClientForm.of(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            clients.change(found, by=actor_of(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Perubahan disimpan."))
            return redirect("agencies:client", pk=pk)
    return _page(request, found, form=form)


@officers_only
@require_POST
def rotate(request: OfficerRequest, pk: int) -> HttpResponse:
    found = _client(request, pk)
    form = RotateForm(request.POST)
    if form.is_valid():
        newest = found.keys.first()
        if (newest.prefix if newest else "") != form.cleaned_data["newest"]:
            form.add_error(None, _("Kuncinya sudah diganti sebelum ini. Periksa daftar kunci."))
        else:
            try:
                key = clients.rotate(found, by=actor_of(request), overlap=form.cleaned_data["overlap"])
            except Refused as refused:
                form.add_error(refused.field, str(refused))
            else:
                return _show_key(request, found, key)
    return _page(request, found, rotating=form)


@officers_only
@require_POST
def end_key(request: OfficerRequest, pk: int, key: int) -> HttpResponse:
    found = _client(request, pk)
    row = get_object_or_404(found.keys, pk=key)
    try:
        clients.end_key(row, by=actor_of(request), reason=_("diakhiri dari daftar kunci"))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Kunci %(key)s berakhir sekarang.") % {"key": row})
    return redirect("agencies:client", pk=pk)


@officers_only
@require_POST
def end(request: OfficerRequest, pk: int) -> HttpResponse:
    found = _client(request, pk)
    form = EndClientForm(request.POST)
    if form.is_valid():
        try:
            clients.end(found, by=actor_of(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s tidak bisa masuk lagi.") % {"name": found.name})
            return redirect("agencies:clients")
    return _page(request, found, ending=form)


def _page(request: OfficerRequest, found: ApiClient, **forms: Any) -> HttpResponse:
    now = timezone.now()
    keys = list(found.keys.select_related("created_by"))
    failed = [form for form in forms.values() if form.is_bound]
    newest = keys[0].prefix if keys else ""
    context = {
        "client": found,
        "active": found.is_active_on(timezone.localdate(now)),
        "keys": [(key, key.is_alive_at(now)) for key in keys[:10]],
        "form": ClientForm.of(found),
        "rotating": RotateForm(initial={"newest": newest}),
        "ending": EndClientForm(),
        "failed": failed[0] if failed else None,
        "links": hooks.links_of_client(found),
        "history": AuditEntry.objects.filter(subject_kind="api_client", subject_id=found.pk).select_related("who")[:20],
    }
    return page(request, "agencies/client.html", context | forms, status=400 if failed else 200)


def _show_key(request: OfficerRequest, found: ApiClient, key: str) -> HttpResponse:
    answer = page(request, "agencies/client_key.html", {"client": found, "key": key})
    answer["Cache-Control"] = "private, no-store"
    return answer
