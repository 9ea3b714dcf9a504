"""Offices at which nobody will be: told before, to whoever goes away and to whoever appoints there."""

from __future__ import annotations

import datetime

from agencies import leaves
from agencies.models import Agency, Leave, Membership, Role
from complaints.notifications import send
from complaints.notifications.to_officers import AWAY


def warn(now: datetime.datetime, today: datetime.date) -> int:
    """Letters about leaves that begin soon and leave an office without anybody. How many leaves; each is told once."""
    told = 0
    for leave in leaves.to_warn(today):
        if Leave.objects.filter(pk=leave.pk, warned_at__isnull=True).update(warned_at=now):
            for membership in [leave.membership, *appointing(leave, today)]:
                send.tell_member(membership, f"{AWAY}:{leave.pk}", now)
            told += 1
    return told


def appointing(leave: Leave, today: datetime.date) -> list[Membership]:
    """The coordinators who can name a deputy there: of the desk at or above the office, for a coordinator above it."""
    absent = leave.membership
    if absent.role == Role.COORDINATOR and absent.agency.parent_id is not None:
        desk = Agency.objects.desk_above(absent.agency, today)
    else:
        desk = Agency.objects.desk_at_or_above(absent.agency, today)
    role = Role.NATIONAL if desk.parent_id is None else Role.COORDINATOR
    found = Membership.objects.current(today).filter(agency=desk, role=role).exclude(user=absent.user_id)
    return send.without_absent(found.select_related("user", "agency"))
