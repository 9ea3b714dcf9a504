"""Laporan saya: what was filed signed in, or confirmed by its own link while signed in. Never by an equal address."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import finding
from agencies.acting import SignedInRequest
from agencies.actor import Actor
from complaints.models import Clock, Complaint
from complaints.views import telling
from complaints.views.case import status_words

PAGE = 100


@never_cache
@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    found = list(
        Complaint.objects.visible_to(Actor.reporter(request.user))
        .select_related("handler", "place")
        .order_by("-changed_at", "-pk")[: PAGE + 1]
    )
    cases = found[:PAGE]
    clocks: dict[int, list[Clock]] = {}
    for clock in Clock.objects.unstopped().filter(complaint__in=cases):
        clocks.setdefault(clock.complaint_id, []).append(clock)
    paths = finding.paths({c.place.pk: c.place for c in cases if c.place}.values())
    days = telling.Days.of(None, min((c.received_at.date() for c in cases), default=timezone.localdate()))
    rows = []
    for case in cases:
        own = clocks.get(case.pk, [])
        promise = telling.nearest(own) or (own[0] if own else None)
        rows.append(
            {
                "url": reverse("complaints:case", args=[case.number]),
                "title": case.title,
                "place": paths[case.place.pk] if case.place else "",
                "office": case.handler.shown_name,
                "status": status_words(case),
                "promise": telling.badge(promise, case.today(), days) if promise else None,
            }
        )
    return render(request, "complaints/mine.html", {"cases": rows, "more": len(found) > PAGE})
