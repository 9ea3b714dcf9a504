"""Merged cases: one matter, one answer. Proposing it, doing it, who sees the group, and what happens to the group when
its lead is gone (case.md section 5)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from agencies.actor import Actor
from complaints.because import because
from complaints.models import Clock, ClockKind, Complaint, Event
from complaints.models.complaint import ComplaintQuerySet
from complaints.models.lifecycle.endings import ArchiveGround, may_lead
from complaints.transitions import ARCHIVE_LIKE, TABLE, Incomplete, Status, Who, standing
from routing import dispatch
from routing.models import Ground

SYSTEM = Actor.system("sweep")
# Who works on a case, and so may ask which others are like it; and who may end it as the same.
WORKS = frozenset({Who.HANDLER, Who.COORDINATOR, Who.NATIONAL})
MERGES = frozenset(TABLE["merge"].who)

# Verbs after which a lead may be no lead any more: its end without an answer, or another visibility.
LEAD_GONE = (*ARCHIVE_LIKE, "tighten", "loosen", "exclude")


# --- Merging ---


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
    if standing(lead, by).isdisjoint(WORKS) or not _is_seen(lead, by):
        raise Incomplete("duplicate_of", _("Nomor laporan utama tidak ditemukan."))
    with transaction.atomic():
        # Both in one order: two officers who merge them crosswise wait for each other, and the second is refused.
        _lock_in_order(complaint, lead)
        return complaint.archive(
            by=by, ground=ArchiveGround.DUPLICATE, text=text, duplicate_of=lead, version=version, now=now
        )


def propose(
    complaint: Complaint,
    lead: Complaint,
    *,
    by: Actor,
    reason: str,
    version: int | None = None,
    now: datetime.datetime | None = None,
) -> Event | None:
    """An office that may not archive hands the case to the desk above and names the lead; the desk accepts by one
    act."""
    if not _is_seen(lead, by):
        raise Incomplete("duplicate_of", _("Nomor laporan utama tidak ditemukan."))
    if not may_lead(lead, complaint):
        raise Incomplete("duplicate_of", why_not(complaint, lead))
    return dispatch.hand_back(
        complaint, by=by, ground=Ground.PROPOSE_ARCHIVE, reason=reason, lead=lead, version=version, now=now
    )


def proposed(complaint: Complaint, events: Sequence[Event], by: Actor) -> Complaint | None:
    """The lead that the office below named when it handed the case here, as long as this officer may decide on it and
    sees it, and it still could lead. No statement where nobody proposed."""
    came = next((event for event in reversed(events) if event.handler_from_id != event.handler_to_id), None)
    named = came.particulars.get("lead") if came is not None and came.verb == "hand_back" else None
    if named is None or complaint.status not in TABLE["merge"].sources or standing(complaint, by).isdisjoint(MERGES):
        return None
    lead = Complaint.objects.visible_to(by).select_related("handler", "not_for").filter(pk=named).first()
    return lead if lead is not None and may_lead(lead, complaint) else None


def why_not(complaint: Complaint, lead: Complaint) -> str:
    """Why `complaint` can't be merged into `lead`, to somebody who sees both; "" that it can."""
    if lead.pk == complaint.pk:
        return _("Pilih dua laporan yang berbeda.")
    if not lead.is_open or lead.duplicate_of_id is not None:
        return _("Laporan utama harus masih terbuka dan belum digabung ke laporan lain.")
    if complaint.status not in TABLE["merge"].sources:
        return _("Statusnya “%(status)s”.") % {"status": Status(complaint.status).label}
    if lead.secret != complaint.secret:
        return _("Yang satu rahasia, yang lain tidak.")
    return "" if may_lead(lead, complaint) else _("Laporan utamanya dijauhkan dari sebuah kantor, yang ini tidak.")


def oldest_open(cases: Iterable[Complaint]) -> Complaint | None:
    """Which of these leads unless somebody says otherwise."""
    able = [case for case in cases if case.is_open and case.duplicate_of_id is None]
    return min(able, key=lambda case: (case.received_at, case.pk), default=None)


def _is_seen(case: Complaint, by: Actor) -> bool:
    return Complaint.objects.visible_to(by).filter(pk=case.pk).exists()


def _lock_in_order(*cases: Complaint) -> None:
    rows = Complaint.objects.select_for_update(of=("self",)).filter(pk__in=[case.pk for case in cases])
    list(rows.order_by("pk").values_list("pk"))


# --- Reading ---


def lead_of(complaint: Complaint, by: Actor) -> Complaint | None:
    """What it was merged into, where this officer may open that. No statement for a case that is not merged."""
    if complaint.duplicate_of_id is None:
        return None
    return Complaint.objects.visible_to(by).filter(pk=complaint.duplicate_of_id).first()


def gathered(lead: Complaint, by: Actor) -> ComplaintQuerySet:
    """The cases merged into this one, as far as this officer may list them: what is hidden is not counted either."""
    return Complaint.objects.visible_to(by).filter(duplicate_of=lead)


# --- When the lead is gone ---


def follow_lead(lead: Complaint, event: Event) -> None:
    """The oldest merged case becomes the lead, at the old lead's handler, its clocks counted from the earliest first
    day of the group; the rest follow it. Nothing to do for a case that leads nobody, or whose name alone was hidden."""
    if event.verb in ("tighten", "loosen") and "secret" not in event.particulars.get("what", []):
        return
    found = Complaint.objects.select_for_update(of=("self",)).filter(duplicate_of=lead)
    group = sorted(found.order_by("pk"), key=lambda case: (case.received_at, case.pk))
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
    # Kept, and read by others than whoever ended the lead.
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Laporan yang digabung dengan ini sudah tidak terbuka.")
    heir.reopen(
        by=SYSTEM,
        reason=reason,
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
        why=because("lead_there"),
        to=lead.handler,
        now=now,
    )
