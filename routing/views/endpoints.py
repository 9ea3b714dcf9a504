"""/kelola/webhook/: where agencies' systems are told, what waits there, and the dead letters with their replay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.models import ApiClient
from agencies.permissions import Capability, agencies_for, may
from complaints.models import Complaint
from lapor.kit import wording
from lapor.kit.text import row_id
from routing import endpoints
from routing.models import Delivery, DeliveryTry, Endpoint
from routing.views.frame import page

PER_PAGE = 50
SHOWN = 50
State = Delivery.State


class AddressForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Alamat yang diberi tahu"),
        max_length=endpoints.LONGEST,
        help_text=gettext_lazy("Contoh: https://sistem.contoh.go.id/lapor. Isinya nomor dan tautan saja."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Tulis alamatnya."),
            "max_length": gettext_lazy("Alamatnya terlalu panjang. Paling banyak 500 huruf."),
        },
    )


def _clients(request: OfficerRequest) -> QuerySet[ApiClient]:
    """Machines I keep; raises PermissionDenied where I keep none."""
    if not may(request.user, Capability.MANAGE_CLIENTS, request.acting.agency):
        raise PermissionDenied
    return ApiClient.objects.filter(agency__in=agencies_for(request.user, Capability.MANAGE_CLIENTS))


def _endpoint(request: OfficerRequest, pk: int) -> Endpoint:
    """A webhook of a machine I keep; every other does not exist."""
    mine = Endpoint.objects.webhooks().filter(client__in=_clients(request))
    return get_object_or_404(mine.select_related("client__agency"), pk=pk)


@officers_only
def listing(request: OfficerRequest) -> HttpResponse:
    """Every webhook of my subtree; those with dead letters first, for they wait for somebody."""
    mine = Endpoint.objects.webhooks().filter(client__in=_clients(request), ended_at__isnull=True)
    rows = mine.select_related("client__agency").annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=State.PENDING)),
        dead=Count("deliveries", filter=Q(deliveries__state=State.FAILED)),
    )
    shown = Paginator(rows.order_by("-dead", "-waiting", "client__agency__name", "pk"), PER_PAGE)
    context = {"shown": shown.get_page(request.GET.get("hal")), "now": timezone.now()}
    return page(request, "routing/webhooks.html", context)


@officers_only
def add(request: OfficerRequest, client: int) -> HttpResponse:
    """A new address of one machine. The answer to the sending shows its secret, and nothing else ever does."""
    found = get_object_or_404(_clients(request).select_related("agency"), pk=client)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = endpoints.register(found, by=actor_of(request), url=form.cleaned_data["url"])
        except endpoints.Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return _show_secret(request, endpoint, secret)
    return page(request, "routing/webhook_add.html", {"form": form, "client": found})


@officers_only
def endpoint(request: OfficerRequest, pk: int) -> HttpResponse:
    found = _endpoint(request, pk)
    now = timezone.now()
    last = DeliveryTry.objects.filter(delivery=OuterRef("pk")).order_by("-at")
    seen = Complaint.objects.visible_to(actor_of(request), on_request=True)
    rows = (
        # What became secret, or is kept from here, since it was written down is not found here either.
        Delivery.objects.filter(Q(complaint__secret=False, complaint__not_for=None) | Q(complaint__in=seen))
        .filter(endpoint=found)
        .select_related("complaint", "event")
        .annotate(answer=Subquery(last.values("answer")[:1]), status=Subquery(last.values("status")[:1]))
    )
    counts = rows.aggregate(
        dead=Count("pk", filter=Q(state=State.FAILED)), waiting=Count("pk", filter=Q(state=State.PENDING))
    )
    context: dict[str, Any] = {
        "endpoint": found,
        "resting": found.rests_until if found.rests_until and found.rests_until > now else None,
        "old_until": found.old_secret_until if found.old_secret_until and found.old_secret_until > now else None,
        **counts,
        "given_up": list(rows.filter(state=State.FAILED).order_by("-created_at", "-pk")[:SHOWN]),
        "pending": list(rows.filter(state=State.PENDING).order_by("next_try", "pk")[:20]),
        "shown": SHOWN,
    }
    return page(request, "routing/webhook.html", context)


@officers_only
@require_POST
def secret(request: OfficerRequest, pk: int) -> HttpResponse:
    found = _endpoint(request, pk)
    try:
        made = endpoints.change_secret(found, by=actor_of(request))
    except endpoints.Refused as refused:
        messages.error(request, str(refused))
        return redirect("routing:webhook", pk=pk)
    return _show_secret(request, found, made)


@officers_only
@require_POST
def again(request: OfficerRequest, pk: int) -> HttpResponse:
    """One dead letter, or all of this address."""
    found = _endpoint(request, pk)
    chosen = row_id(request.POST.get("kiriman", ""))
    try:
        count = endpoints.send_again(found, by=actor_of(request), delivery=chosen or None)
    except endpoints.Refused as refused:
        messages.error(request, str(refused))
        return redirect("routing:webhook", pk=pk)
    if count:
        sentence = ngettext("%(count)s kiriman dikirim ulang.", "%(count)s kiriman dikirim ulang.", count)
        messages.success(request, sentence % {"count": wording.number(count)})
    else:
        messages.info(request, _("Tidak ada kiriman gagal yang bisa dikirim ulang."))
    return redirect("routing:webhook", pk=pk)


@officers_only
@require_POST
def resume(request: OfficerRequest, pk: int) -> HttpResponse:
    found = _endpoint(request, pk)
    try:
        endpoints.resume(found, by=actor_of(request))
    except endpoints.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Yang menunggu dicoba lagi sekarang."))
    return redirect("routing:webhook", pk=pk)


@officers_only
@require_POST
def end(request: OfficerRequest, pk: int) -> HttpResponse:
    found = _endpoint(request, pk)
    try:
        endpoints.end(found, by=actor_of(request))
    except endpoints.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Alamat itu tidak diberi tahu lagi."))
    return redirect("routing:webhooks")


def _show_secret(request: OfficerRequest, found: Endpoint, made: str) -> HttpResponse:
    answer = page(request, "routing/webhook_secret.html", {"endpoint": found, "secret": made})
    answer["Cache-Control"] = "private, no-store"
    return answer
