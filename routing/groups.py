"""Merged cases: one matter, one answer; and what happens to the group when its lead is gone (case.md section 5)."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from agencies.actor import Actor
from complaints.models import Clock, ClockKind, Complaint, Event
from complaints.models.lifecycle.endings import ArchiveGround
from complaints.transitions import ARCHIVE_LIKE, Incomplete, Who, standing
from routing import dispatch

SYSTEM = Actor.system("sweep")

# Verbs after which a lead may be no lead any more: its end without an answer, or another visibility.
LEAD_GONE = (*ARCHIVE_LIKE, "tighten", "loosen", "exclude")


def merge(
    complaint: Complaint,
    lead: Complaint,
    *,
    by: Actor,
    text: str,
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Event | None:
    """Archive as a duplicate of an open case that the officer may see as well."""
    if not standing(lead, by) & {Who.HANDLER, Who.COORDINATOR, Who.NATIONAL}:
        raise Incomplete("duplicate_of", _("Nomor laporan utama tidak ditemukan."))
    return complaint.archive(
        by=by, ground=ArchiveGround.DUPLICATE, text=text, duplicate_of=lead, version=version, now=now
    )


def follow_lead(lead: Complaint, event: Event) -> None:
    """The oldest merged case becomes the lead, at the old lead's handler, its clocks counted from the earliest first
    day of the group; the rest follow it. Nothing to do for a case that leads nobody."""
    group = list(Complaint.objects.filter(duplicate_of=lead).order_by("received_at", "pk"))
    if not group:
        return
    heir, rest = group[0], group[1:]
    first_day = (
        Clock.objects.filter(
            complaint__in=[lead, *group], kind__in=[ClockKind.VERIFY, ClockKind.RESPOND, ClockKind.RESOLVE]
        )
        .order_by("started_on")
        .values_list("started_on", flat=True)
        .first()
    )
    heir.reopen(
        by=SYSTEM,
        reason=_("Laporan yang digabung dengan ini sudah tidak terbuka."),
        cause="LEAD_GONE",
        first_day=first_day,
        now=event.at,
    )
    if heir.handler_id != lead.handler_id:
        _bring_to(heir, lead, event.at)
    for follower in rest:
        follower.regroup(heir, by=SYSTEM, now=event.at)


def _bring_to(heir: Complaint, lead: Complaint, now: datetime.datetime) -> None:
    dispatch.move_out(
        heir,
        cause="LEAD_GONE",
        reason=_("Laporan utama sebelumnya ditangani kantor ini."),
        to=lead.handler,
        now=now,
    )
