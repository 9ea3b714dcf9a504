"""Letters that were given up, and those that wait too long: what the national admins look at each morning."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.acting import OfficerRequest
from agencies.permissions import Capability, membership_may
from complaints.models import DeliveryAttempt, Notification
from routing.views.frame import for_officers, page

LAST = datetime.timedelta(days=30)
SHOWN = 50
# A letter that has waited so long has a server that does not answer.
PATIENCE = datetime.timedelta(hours=1)
State = Notification.State


@require_GET
@for_officers
def letters(request: OfficerRequest) -> HttpResponseBase:
    """Numbers of cases and what the mail server said; never an address."""
    if not membership_may(request.acting, Capability.MANAGE_NATIONALS, request.acting.agency):
        raise PermissionDenied
    now = timezone.now()
    last_words = DeliveryAttempt.objects.filter(notification=OuterRef("pk")).order_by("-at").values("answer")[:1]
    given_up = (
        Notification.objects.filter(state=State.FAILED, created_at__gte=now - LAST)
        .select_related("event__complaint")
        .annotate(answer=Subquery(last_words))
        .order_by("-created_at", "-pk")[:SHOWN]
    )
    waiting = Notification.objects.filter(state=State.PENDING).aggregate(
        all=Count("pk"), long=Count("pk", filter=Q(created_at__lt=now - PATIENCE)), oldest=Min("created_at")
    )
    context = {"given_up": given_up, "waiting": waiting, "shown": SHOWN}
    return page(request, "routing/letters.html", context)
