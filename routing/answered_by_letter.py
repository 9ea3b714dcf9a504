"""An officer's answer that came as a letter: the same act as on the desk, with less to say about it.

It publishes nothing, because nobody saw the masked text (case.md section 5): the reporter alone reads it. Whatever
stands in its way comes back to the officer in words, and of a case that is not theirs to see any more not one.
"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Membership
from complaints import privacy
from complaints.models import Attachment, Complaint, Event
from complaints.models.event import Audience
from complaints.transitions import NotAllowed, Refusal, Stale, Status, WrongStatus
from lapor.kit import wording
from routing import dispatch, history

# What happened since is told in so many lines.
LINES = 5


def answer(
    complaint: Complaint,
    membership: Membership,
    *,
    version: int,
    body: str,
    files: list[Attachment],
    now: datetime.datetime,
) -> Event | None:
    """Answer for the office; where its head wants to see answers first, it waits for that as from the desk. Raises
    Refusal with everything the officer should know, and nothing more."""
    complaint.refresh_from_db()
    by = Actor.officer(membership)
    today = timezone.localtime(now, ZoneInfo(complaint.zone)).date()
    if not membership.user.is_active or not membership.is_current_on(today):
        raise NotAllowed(_("Tugas Anda di kantor itu sudah berakhir."))
    if complaint.secret:
        raise NotAllowed(_("Laporan ini hanya bisa dijawab di meja: %(url)s") % {"url": _desk()})
    if by.agency is not None and by.agency.pk != complaint.handler_id and complaint.is_helped_by(by.agency):
        # It was asked to help: what it writes is for the office that answers, never for the citizen.
        return complaint.contribute(body, by=by, files=files, now=now)
    if privacy.text_for(complaint, by) is not privacy.Text.FULL or by.agency is None:
        raise NotAllowed(_("Laporan ini tidak lagi di kantor Anda."))
    try:
        event = complaint.answer(body, by=by, files=files, audience=Audience.PARTIES.value, version=version, now=now)
    except (Stale, WrongStatus) as late:
        raise _told(complaint, by, version, late) from late
    dispatch.look_at(complaint, by, now=now)
    return event


def _told(complaint: Complaint, by: Actor, version: int, late: Refusal) -> Refusal:
    """What happened on top since the letter was written, newest last."""
    rows = complaint.events.exclude(verb="remind").order_by("-pk")[:LINES]
    events = list(rows.select_related("actor", "client", "acting_agency", "handler_from", "handler_to"))
    lines = [
        _("- %(what)s, %(when)s") % {"what": history.heading(event), "when": wording.moment(event.at, complaint.zone)}
        for event in reversed(events)
    ]
    why = (
        _("Laporan ini berubah sesudah surat yang Anda balas. Yang terakhir terjadi:")
        if isinstance(late, Stale)
        else _("Laporan ini sekarang “%(status)s”. Yang terakhir terjadi:") % {"status": Status(complaint.status).label}
    )
    where = _("Baca dulu yang baru, lalu jawab di meja: %(url)s") % {"url": _desk(complaint)}
    return Refusal("\n\n".join([why, "\n".join(lines), where]))


def _desk(complaint: Complaint | None = None) -> str:
    return f"{settings.SITE_URL}/meja/" + (f"{complaint.number}/" if complaint is not None else "")
