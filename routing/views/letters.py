"""Letters: those that were given up and may be sent again, those that wait too long, and what a month of them cost."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.models import AuditEntry
from agencies.permissions import Capability, membership_may
from complaints import privacy
from complaints.channels.registry import medium_name
from complaints.models import Complaint, DeliveryAttempt, Notification, Peer, Tariff
from complaints.notifications import delivery
from complaints.notifications.log import TOLD, sent_about
from lapor.kit import wording
from lapor.kit.text import row_id
from routing import postage
from routing.forms.letters import TariffForm
from routing.views.frame import find_case, for_officers, page

LAST = datetime.timedelta(days=30)
SHOWN = 50
# Sent again by one press.
AT_ONCE = 500
# A letter that has waited so long has a server that does not answer.
PATIENCE = datetime.timedelta(hours=1)
State = Notification.State


def _national(request: OfficerRequest) -> None:
    if not membership_may(request.acting, Capability.SEE_CHANNELS, request.acting.agency):
        raise PermissionDenied


@require_GET
@for_officers
def letters(request: OfficerRequest) -> HttpResponseBase:
    """Numbers of cases and what the peer said; of an address what its owner would recognise, of an anonymous or secret
    report not even that."""
    _national(request)
    now = timezone.now()
    last_words = DeliveryAttempt.objects.filter(notification=OuterRef("pk")).order_by("-at").values("answer")[:1]
    given_up = list(
        _given_up(now)
        .select_related("event__complaint__reporter", "arrival__complaint", "reporter__complaint")
        .annotate(answer=Subquery(last_words))
        .order_by("-created_at", "-pk")[:SHOWN]
    )
    waiting = Notification.objects.filter(state=State.PENDING, next_try__lte=now).aggregate(
        all=Count("pk"), long=Count("pk", filter=Q(created_at__lt=now - PATIENCE)), oldest=Min("created_at")
    )
    cases = [row.event.complaint_id for row in given_up if row.event is not None]
    seen = Complaint.objects.visible_to(Actor.officer(request.acting), on_request=True).filter(pk__in=cases)
    may_open = set(seen.values_list("pk", flat=True))
    by_medium = _given_up(now).values("medium").annotate(count=Count("pk")).order_by("medium")
    context = {
        "given_up": [
            {
                "row": row,
                "medium": medium_name(row.medium),
                "told": TOLD.get(row.letter.partition(":")[0], ""),
                "address": privacy.masked_address(row),
            }
            for row in given_up
            # A case kept from this officer is not found by its letters either; they are sent again with the others.
            if row.event is None or row.event.complaint_id in may_open
        ],
        "waiting": waiting,
        "shown": SHOWN,
        "resting": [
            {"medium": medium_name(peer.medium), "peer": peer}
            for peer in Peer.objects.filter(rests_until__gt=now).order_by("medium")
        ],
        "media": [
            {"code": row["medium"], "name": medium_name(row["medium"]), "count": row["count"]} for row in by_medium
        ],
    }
    return page(request, "routing/letters.html", context)


def _given_up(now: datetime.datetime) -> Any:
    return Notification.objects.filter(state=State.FAILED, created_at__gte=now - LAST)


@require_POST
@for_officers
def again(request: OfficerRequest) -> HttpResponse:
    """One letter that was given up, or all of one medium: from the beginning, written down."""
    _national(request)
    now = timezone.now()
    chosen, medium = row_id(request.POST.get("surat", "")), request.POST.get("cara", "")
    rows = _given_up(now).filter(pk=chosen) if chosen else _given_up(now).filter(medium=medium)
    with transaction.atomic():
        count = delivery.send_again(list(rows.order_by("pk")[:AT_ONCE]), now=now)
        if count:
            AuditEntry.objects.create(
                at=now,
                who=request.acting.user,
                acting_as=request.acting.agency,
                what="letters_again",
                subject_kind="notification",
                subject_id=chosen or None,
                after={"count": count, "medium": medium},
            )
    if count:
        sentence = ngettext("%(count)s surat dikirim ulang.", "%(count)s surat dikirim ulang.", count)
        messages.success(request, sentence % {"count": wording.number(count)})
    else:
        messages.info(request, _("Tidak ada surat gagal yang bisa dikirim ulang."))
    return redirect("routing:letters")


@require_http_methods(["GET", "POST"])
@for_officers
def costs(request: OfficerRequest) -> HttpResponseBase:
    """What went out in a month, by medium and by the agency whose case it was, times the tariff of its day."""
    _national(request)
    form = TariffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            tariff, _new = Tariff.objects.update_or_create(
                medium=form.cleaned_data["medium"],
                starts_on=form.cleaned_data["starts_on"],
                defaults={"rupiah": form.cleaned_data["rupiah"]},
            )
            AuditEntry.objects.create(
                who=request.acting.user,
                acting_as=request.acting.agency,
                what="tariff",
                subject_kind="tariff",
                subject_id=tariff.pk,
                after={"medium": tariff.medium, "rupiah": str(tariff.rupiah), "starts_on": str(tariff.starts_on)},
            )
        messages.success(request, _("Tarif disimpan."))
        return redirect("routing:letter_costs")
    today = timezone.localdate()
    month = postage.month_of(request.GET.get("bulan", ""), today)
    context = {
        "form": form,
        "bill": postage.bill(month),
        "month": month,
        "months": postage.months_until(today),
        "tariffs": [
            {"name": medium_name(tariff.medium), "tariff": tariff} for tariff in Tariff.objects.order_by("-starts_on")
        ],
    }
    return page(request, "routing/letter_costs.html", context)


@require_GET
@for_officers
def told(request: OfficerRequest, number: str) -> HttpResponseBase:
    """What the reporter of one case was told; for whoever reads the whole case."""
    by = Actor.officer(request.acting)
    found = find_case(number, by)
    if found is None or privacy.text_for(found, by) is not privacy.Text.FULL:
        raise Http404
    return page(request, "routing/told.html", {"case": found, "sent": sent_about(found), "zone": found.zone})
