"""Selesai: the number, the key once, what happens next with dates and why; and the receipt on paper."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.actor import Actor
from complaints import emergency, privacy
from complaints.models import Complaint
from complaints.number import shown_key
from complaints.views import receipt, telling
from complaints.views.case import phone_of
from complaints.views.holding import draft_of, hold, is_reporter
from lapor.kit.text import masked_email


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    draft = draft_of(request)
    if draft is None or not draft.complaint_id:
        return redirect("complaints:place")
    complaint = Complaint.objects.select_related("handler", "place", "reporter").get(pk=draft.complaint_id)
    if not is_reporter(request, complaint) and not draft.keeps_a_key:
        # Forgotten in this browser (a shared computer), or its cookie has run out: the way in is number and key. Who
        # has seen neither, because the line broke while it was sent, sees them now.
        return redirect("complaints:track")
    key = draft.show_key() if request.method == "GET" else ""
    clocks = list(complaint.clocks.select_related("standard", "programme_promise__programme"))
    events = list(complaint.events.select_related("handler_to", "handler_from", "acting_agency"))
    days = telling.Days.of(complaint.place, complaint.today(complaint.received_at))
    promise = receipt.promise_of(clocks)
    response = render(
        request,
        "complaints/submit_done.html",
        {
            "complaint": complaint,
            "number": complaint.shown_number,
            "key": shown_key(key) if key else "",
            "qr": receipt.qr(complaint),
            "hidden": complaint.secret or complaint.not_for_id is not None,
            "received": telling.now_at(complaint),
            "place_now": telling.where_now(complaint),
            "email": _told_at(complaint),
            "phone": phone_of(complaint),
            "confirmed": complaint.reporter_is_reachable,
            "whose": complaint.handler.name if complaint.handler.parent_id else "",
            "receipt": receipt.rows(complaint, promise),
            "site": settings.SITE_URL.partition("//")[2],
            "steps": telling.journey(complaint, events, clocks, days),
            "why": telling.why(promise, days),
            "alarm": emergency.read(complaint.title, complaint.body).dated(
                complaint.happened_on, complaint.today(complaint.received_at)
            ),
            "url": reverse("complaints:case", args=[complaint.number]),
        },
    )
    if key:
        hold(request, response, complaint)
    return response


def _told_at(complaint: Complaint) -> str:
    """Where letters go, enough to recognise one's own; "" when none will."""
    identity = privacy.view_of(complaint, Actor.reporter()).identity
    return masked_email(identity.email) if identity and identity.email else ""
