"""Whether every way in and out works: what came by each channel, what waits, and which settings one lacks."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.acting import OfficerRequest
from agencies.permissions import Capability, membership_may
from complaints.channels.registry import CHANNELS
from complaints.models import Arrival, Notification
from routing.views.frame import for_officers, page

DAY = datetime.timedelta(days=1)
State = Notification.State


@require_GET
@for_officers
def channels(request: OfficerRequest) -> HttpResponseBase:
    """Figures of the last 24 hours; the settings are named, never their values."""
    if not membership_may(request.acting, Capability.SEE_CHANNELS, request.acting.agency):
        raise PermissionDenied
    since = timezone.now() - DAY
    came: Counter[tuple[str, str]] = Counter()
    last: dict[str, datetime.datetime] = {}
    lately = Arrival.objects.filter(received_at__gte=since).values("channel", "outcome")
    for row in lately.annotate(count=Count("pk"), last=Max("received_at")):
        came[row["channel"], row["outcome"]] += row["count"]
        last[row["channel"]] = max(last.get(row["channel"], row["last"]), row["last"])
    held = _by(Arrival.objects.held(), "channel")
    unread = _by(Arrival.objects.waiting(), "channel")
    waiting = _by(Notification.objects.filter(state=State.PENDING), "medium")
    failed = _by(Notification.objects.filter(state=State.FAILED, created_at__gte=since), "medium")
    lines = [
        {
            "name": channel.name,
            "missing": list(channel.missing()),
            "unheard": list(channel.unheard()),
            "came": sum(count for (code, _outcome), count in came.items() if code == channel.code),
            "opened": came[channel.code, Arrival.Outcome.OPENED.value],
            "refused": came[channel.code, Arrival.Outcome.REFUSED.value],
            "last": last.get(channel.code),
            "held": held[channel.code],
            "unread": unread[channel.code],
            "waiting": waiting[channel.medium] if channel.medium else None,
            "failed": failed[channel.medium] if channel.medium else None,
        }
        for channel in CHANNELS.values()
    ]
    return page(request, "routing/channels.html", {"lines": lines})


def _by(rows: Any, column: str) -> Counter[str]:
    return Counter({row[column]: row["count"] for row in rows.values(column).annotate(count=Count("pk")).order_by()})
