"""How a case ends without the reporter's word, and how it is opened again: archive, lapse, expire, merge, reopen."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies import calendar
from agencies.actor import Actor, Side
from agencies.models import Holiday
from complaints.models.clock import Clock, ClockKind
from complaints.models.event import Audience, Event
from complaints.transitions import Incomplete, NotAllowed, Status

from .acting import Change, clean_text
from .promises import STATE, Promises

if TYPE_CHECKING:
    from complaints.models import Complaint

REOPEN_DAYS = 30


def may_lead(lead: Complaint, case: Complaint) -> bool:
    """`case` may be merged into it: it is open, no duplicate itself, equally secret, and either without `not_for` or
    with the same."""
    return (
        lead.pk != case.pk
        and lead.is_open
        and lead.duplicate_of_id is None
        and lead.secret == case.secret
        and lead.not_for_id in (None, case.not_for_id)
    )


class ArchiveGround(models.TextChoices):
    DUPLICATE = "DUPLICATE", _("sama dengan laporan lain")
    NOT_PUBLIC_SERVICE = "NOT_PUBLIC_SERVICE", _("bukan layanan publik")
    UNCLEAR = "UNCLEAR", _("tidak jelas dan tidak bisa ditanyakan")
    IN_COURT = "IN_COURT", _("sedang diperiksa pengadilan")
    ABUSE = "ABUSE", _("penghinaan, iklan, atau bukan laporan")


class Endings(Promises):
    def archive(
        self,
        *,
        by: Actor,
        ground: str,
        text: str,
        duplicate_of: Complaint | None = None,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Not to be answered here. The reporter reads `text`; DUPLICATE names the lead (merge)."""
        case = self._case
        if ground not in ArchiveGround.values:
            raise Incomplete("ground", _("Pilih alasan mengarsipkan."))
        if ground == ArchiveGround.DUPLICATE and duplicate_of is None:
            raise Incomplete("duplicate_of", _("Sebut nomor laporan yang sama."))
        with self.acting("archive", by=by, version=version, now=now) as change:
            if not clean_text(text):
                raise Incomplete("text", _("Tulis penjelasan untuk pelapor."))
            message = self._say(change, text, field_name="text")
            change.particulars |= {"ground": ground, "message": message.pk}
            if ground == ArchiveGround.DUPLICATE and duplicate_of is not None:
                self._join(change, duplicate_of)
            self._withdraw_pending(change)
            self._enter(change)
            self._stop(change)
            self._end_pause(change)
            case.archive_ground = ground
            change.fields.add("archive_ground")
        return change.event

    def lapse(self, *, by: Actor, now: datetime.datetime | None = None) -> Event | None:
        """The reporter was silent past the date. When it may happen is asked above, by the sweep."""
        return self._run_out("lapse", by, now)

    def expire(self, *, by: Actor, now: datetime.datetime | None = None) -> Event | None:
        """What was asked for never came."""
        return self._run_out("expire", by, now)

    def _run_out(self, verb: str, by: Actor, now: datetime.datetime | None) -> Event | None:
        with self.acting(verb, by=by, now=now) as change:
            reporter = self._clocks().get(ClockKind.REPORTER)
            if reporter is None or not reporter.is_late_on(self.today(change.now)):
                raise NotAllowed(_("Batas waktu pelapor belum lewat."))
            self._withdraw_pending(change)
            self._enter(change)
            self._stop(change)
            self._end_pause(change)
        return change.event

    def reopen(
        self,
        *,
        by: Actor,
        reason: str,
        cause: str = "",
        first_day: datetime.date | None = None,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """A new round. The reporter once within 30 working days, a coordinator any time, the system when the lead is
        gone or a message had come in time. `first_day` lets a merged case keep the earliest of its group."""
        case = self._case
        with self.acting("reopen", by=by, version=version, now=now) as change:
            if not clean_text(reason):
                raise Incomplete("reason", _("Tulis mengapa laporan ini perlu dibuka lagi."))
            if by.side is Side.REPORTER:
                self._reporter_may_reopen(change)
            elif self._withdrawn():
                raise NotAllowed(_("Laporan yang dicabut hanya dibuka lagi oleh pelapornya."))
            change.particulars |= {"cause": cause} | (
                {} if by.side is Side.REPORTER else {"reason": clean_text(reason)}
            )
            if by.side is Side.REPORTER:
                self._say(change, reason, field_name="reason")
            case.round += 1
            case.duplicate_of = None
            case.archive_ground = ""
            change.fields |= {"round", "duplicate_of", "archive_ground"}
            self._enter(change)
            self._start_anew(change, first_day)
        return change.event

    def _start_anew(self, change: Change, first_day: datetime.date | None = None) -> None:
        if self._case.status == Status.SUBMITTED:
            self._start(change, ClockKind.VERIFY, first_day=first_day)
        else:
            self._start(change, ClockKind.RESPOND, first_day=first_day)
            self._start(change, ClockKind.RESOLVE, first_day=first_day)

    def unmerge(
        self, *, by: Actor, reason: str, version: int | None = None, now: datetime.datetime | None = None
    ) -> Event | None:
        """It was another matter after all: open again, with the working days its promises had left. The time it was
        merged counts like a wait for the reporter: no promise begins anew, and none was broken meanwhile."""
        case = self._case
        with self.acting("unmerge", by=by, version=version, now=now) as change:
            if case.duplicate_of_id is None:
                raise Incomplete("lead", _("Laporan ini tidak digabung dengan laporan lain."))
            if not clean_text(reason):
                raise Incomplete("reason", _("Tulis mengapa laporan ini dipisahkan."))
            change.particulars |= {"lead": case.duplicate_of_id, "reason": clean_text(reason)}
            case.duplicate_of = None
            case.archive_ground = ""
            change.fields |= {"duplicate_of", "archive_ground"}
            self._enter(change)
            merged = case.events.filter(verb="archive").order_by("-pk").first()
            assert merged is not None
            self._go_on(change, self._stopped_by(merged), since=self.today(merged.at))
            if not self._clocks():
                # What came merged from a table of the past had no promise here.
                self._start_anew(change)
        return change.event

    def _stopped_by(self, merged: Event) -> list[Clock]:
        """The state's promises that ran when it was merged; the question to the reporter is not asked again."""
        clocks = self._case.clocks.filter(kind__in=STATE).select_related("calendar_region").order_by("pk")
        if "stopped" in merged.particulars:
            return list(clocks.filter(pk__in=merged.particulars["stopped"]))
        sent = self._case.status != Status.SUBMITTED
        return [clock for clock in clocks.filter(stopped_at=merged.at) if (clock.kind != ClockKind.VERIFY) is sent]

    def regroup(self, lead: Complaint, *, by: Actor, now: datetime.datetime | None = None) -> Event | None:
        """Follow another lead: the old one became a duplicate itself, or is gone."""
        case = self._case
        with self.acting("regroup", by=by, now=now, audience=Audience.OFFICERS, bumps=False) as change:
            change.particulars |= {"lead": lead.pk, "lead_before": case.duplicate_of_id}
            case.duplicate_of = lead
            change.fields.add("duplicate_of")
        return change.event

    def can_be_reopened_by_reporter(self, now: datetime.datetime | None = None) -> bool:
        """Once, and within 30 working days of the end."""
        case = self._case
        if case.closed_at is None:
            return False
        if self.was_reopened_by_reporter():
            return False
        closed_on = self.today(case.closed_at)
        holidays = Holiday.objects.kept_in(case.place).filter(date__gte=closed_on).days()
        return self.today(now) <= calendar.due_on(closed_on, REOPEN_DAYS, holidays, [])

    def was_reopened_by_reporter(self) -> bool:
        """What they may do once is done."""
        return self._case.events.filter(verb="reopen", side=Side.REPORTER.value).exists()

    def _reporter_may_reopen(self, change: Change) -> None:
        if not self.can_be_reopened_by_reporter(change.now):
            raise NotAllowed(
                _("Laporan bisa dibuka lagi satu kali, dalam 30 hari kerja sesudah ditutup. Silakan buat laporan baru.")
            )

    def _withdrawn(self) -> bool:
        last = self._case.events.filter(status_to=Status.ARCHIVED).order_by("-pk").first()
        return last is not None and last.verb == "withdraw"

    def _join(self, change: Change, lead: Complaint) -> None:
        """Point to the lead, and remember what stops, so that it can go on where it stopped (unmerge). The group of
        this case comes along."""
        from complaints.models import Complaint

        case = self._case
        lead = Complaint.objects.select_for_update(of=("self",)).get(pk=lead.pk)
        if not may_lead(lead, case):
            raise Incomplete(
                "duplicate_of",
                _("Laporan itu tidak bisa menjadi laporan utama. Pilih yang masih terbuka dan sama rahasianya."),
            )
        case.duplicate_of = lead
        change.fields.add("duplicate_of")
        change.particulars["lead"] = lead.pk
        change.particulars["stopped"] = sorted(c.pk for c in self._clocks().values() if c.kind in STATE)
        group = Complaint.objects.select_for_update(of=("self",)).filter(duplicate_of=case)
        for follower in group.order_by("pk"):
            follower.regroup(lead, by=Actor.system("sweep"), now=change.now)
