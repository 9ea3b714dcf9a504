"""Selesai: the number, the key once, what happens next with dates and why; and the receipt on paper."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import finding
from agencies.actor import Actor
from complaints import emergency, privacy
from complaints.models import Clock, Complaint
from complaints.models.clock import ClockKind
from complaints.number import shown_key
from complaints.views import telling
from complaints.views.holding import draft_of, hold, is_reporter
from lapor.kit.text import masked_email
from lapor.kit.wording import long_day


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
    clocks = list(complaint.clocks.select_related("standard"))
    events = list(complaint.events.select_related("handler_to", "handler_from", "acting_agency"))
    days = telling.Days.of(complaint.place, complaint.today(complaint.received_at))
    running = {clock.kind: clock for clock in clocks if clock.stopped_at is None}
    promise = running.get(ClockKind.RESPOND) or running.get(ClockKind.VERIFY) or telling.nearest(clocks)
    response = render(
        request,
        "complaints/submit_done.html",
        {
            "complaint": complaint,
            "number": complaint.shown_number,
            "key": shown_key(key) if key else "",
            "qr": _qr(complaint),
            "hidden": complaint.secret or complaint.not_for_id is not None,
            "received": telling.now_at(complaint),
            "place_now": telling.where_now(complaint),
            "email": _told_at(complaint),
            "confirmed": complaint.reporter_is_reachable,
            "whose": complaint.handler.name if complaint.handler.parent_id else "",
            "receipt": _receipt(complaint, promise),
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


def _receipt(complaint: Complaint, promise: Clock | None) -> list[tuple[str, Any]]:
    """What the printed receipt says; never the text of the report."""
    rows: list[tuple[str, Any]] = [(_("Diterima"), telling.now_at(complaint))]
    if complaint.place is not None:
        rows.append((_("Tempat"), finding.path(complaint.place)))
    rows.append((_("Judul"), complaint.title))
    if complaint.handler.parent_id:
        rows.append((_("Ada di"), complaint.handler.name))
    if promise is not None and promise.due_on is not None:
        label = _("Dijawab paling lambat") if promise.kind == ClockKind.RESPOND else _("Diteruskan paling lambat")
        rows.append((label, format_html("<b>{}</b>", long_day(promise.due_on))))
    return rows


def _qr(complaint: Complaint) -> str:
    """The case's public page as an inline SVG; it holds the number alone."""
    target = f"{settings.SITE_URL}{reverse('complaints:case', args=[complaint.number])}"
    code = segno.make(target, error="m", micro=False)
    title = _("Kode QR ke halaman laporan ini")
    return mark_safe(code.svg_inline(border=0, omitsize=True, svgclass="", lineclass="", title=title))
