"""Other offices that help: asked, done, refused, called off. The office that has the case answers the citizen alone."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _

from agencies import calendar
from agencies.actor import Actor
from agencies.models import Agency, Holiday
from complaints.models.contribution import Contribution
from complaints.models.event import Audience, Event
from complaints.models.message import Attachment
from complaints.transitions import Incomplete, NotAllowed

from .acting import Change, clean_text
from .promises import Promises

# Offices that help one case at a time, and the working days each may be given.
MOST, LONGEST = 5, 60
TASK_LIMIT, SHOWN_LIMIT = 2000, 120
State = Contribution.State


class Helping(Promises):
    """None of these moves a promise: what was promised to the citizen runs on whoever helps, and however late."""

    def invite(
        self,
        agency: Agency,
        task: str,
        *,
        by: Actor,
        days: int,
        shown: str = "",
        files: Iterable[Attachment] = (),
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Ask another office for something, due `days` working days from now. `shown`: the task in a few words for
        the reporter and everybody; "": they read nothing of it. `files`: of those that came with the report the ones
        it may see. Whether the office can take it is asked above."""
        case = self._case
        with self.acting("invite", by=by, now=now, bumps=False) as change:
            if case.is_guarded:
                raise NotAllowed(_("Laporan rahasia, atau tentang perilaku petugas, tidak dibagi dengan kantor lain."))
            words, told = clean_text(task), " ".join(clean_text(shown).split())
            if not words:
                raise Incomplete("task", _("Tulis apa yang diminta dari kantor itu."))
            if len(words) > TASK_LIMIT:
                raise Incomplete("task", _("Tugasnya terlalu panjang. Paling banyak 2.000 huruf."))
            if len(told) > SHOWN_LIMIT:
                raise Incomplete("shown", _("Terlalu panjang. Paling banyak 120 huruf."))
            if not 1 <= days <= LONGEST:
                raise Incomplete("days", _("Beri waktu 1 sampai 60 hari kerja."))
            if agency.pk == case.handler_id:
                raise Incomplete("agency", _("Kantor ini sendiri yang memegang laporannya."))
            asked = set(case.contributions.open().values_list("agency_id", flat=True))
            if agency.pk in asked:
                raise Incomplete("agency", _("Kantor itu sudah diminta membantu, dan belum selesai."))
            if len(asked) >= MOST:
                raise Incomplete("agency", _("Paling banyak lima kantor membantu bersamaan."))
            shared = {file.pk for file in files}
            self._must_be_the_reports(shared)
            today = self.today(change.now)
            row = Contribution.objects.create(
                complaint=case,
                agency=agency,
                task=words,
                shown=told,
                asked_by=by.user,
                asked_from=case.handler,
                asked_at=change.now,
                asked_on=today,
                budget=days,
                due_on=calendar.add_working_days(today, days, self._days_off(today)),
            )
            row.files.set(shared)
            self._tell_of(change, row)
        return change.event

    def share(
        self, agency: Agency, files: Iterable[Attachment], *, by: Actor, now: datetime.datetime | None = None
    ) -> Event | None:
        """An office that helps sees more of the files that came with the report; its task and its date stay."""
        case = self._case
        with self.acting("share", by=by, now=now, bumps=False) as change:
            if case.is_guarded:
                raise NotAllowed(_("Laporan rahasia, atau tentang perilaku petugas, tidak dibagi dengan kantor lain."))
            row = self._task_of(agency)
            if row is None:
                raise Incomplete("agency", _("Kantor itu tidak sedang diminta membantu."))
            shared = {file.pk for file in files}
            if not shared:
                raise Incomplete("shared", _("Pilih berkasnya."))
            self._must_be_the_reports(shared)
            row.files.add(*shared)
            self._tell_of(change, row)
            change.audience = Audience.OFFICERS
            change.particulars["files"] = sorted(shared)
        return change.event

    def contribute(
        self, body: str, *, by: Actor, files: list[Attachment] | None = None, now: datetime.datetime | None = None
    ) -> Event | None:
        """The office asked gives what it was asked for: to the office that has the case, never to the citizen."""
        with self.acting("contribute", by=by, now=now, bumps=False) as change:
            row = self._own_task(by)
            row.message = self._say(change, body, audience=Audience.OFFICERS, files=files)
            # The event may be told to everybody: it does not lead to the words.
            change.particulars.pop("message", None)
            self._end(change, row, State.DONE)
        return change.event

    def decline(self, reason: str, *, by: Actor, now: datetime.datetime | None = None) -> Event | None:
        """The office asked can't help, and says why."""
        with self.acting("decline", by=by, now=now, bumps=False) as change:
            row = self._own_task(by)
            self._end(change, row, State.REFUSED, reason, wanting=_("Tulis mengapa kantor Anda tidak bisa membantu."))
        return change.event

    def uninvite(
        self,
        agency: Agency,
        *,
        by: Actor,
        reason: str,
        cause: str = "",
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Not needed any more. `cause` says why the system calls it off: CLOSED, GUARDED, HANDLER, UNSTAFFED; "" for a
        person."""
        with self.acting("uninvite", by=by, now=now, bumps=False) as change:
            row = self._task_of(agency)
            if row is None:
                raise Incomplete("agency", _("Kantor itu tidak sedang diminta membantu."))
            change.particulars["cause"] = cause
            self._end(change, row, State.WITHDRAWN, reason, wanting=_("Tulis mengapa bantuan tidak diperlukan lagi."))
        return change.event

    def reinvite(
        self, agency: Agency, to: Agency, *, by: Actor, reason: str, now: datetime.datetime | None = None
    ) -> Event | None:
        """The office asked can't keep the task (it ended, or nobody is there): it goes to another, its date stays."""
        with self.acting("reinvite", by=by, now=now, bumps=False) as change:
            row = self._task_of(agency)
            if row is None:
                raise Incomplete("agency", _("Kantor itu tidak sedang diminta membantu."))
            row.agency, row.told = to, Contribution.Told.NOBODY
            row.save(update_fields=["agency", "told"])
            self._tell_of(change, row)
            change.particulars |= {"reason": clean_text(reason), "helped_before": agency.pk}
        return change.event

    def note_help_due(
        self, row: Contribution, *, by: Actor, step: int, now: datetime.datetime | None = None
    ) -> Event | None:
        """One step of the ladder of a task; nothing, where somebody was faster or the task is over."""
        with self.acting("help_due", by=by, now=now, bumps=False) as change:
            claimed = Contribution.objects.open().filter(pk=row.pk, told__lt=step, due_on=row.due_on)
            if not claimed.update(told=step):
                raise NotAllowed(_("Sudah diberitahukan."))
            self._tell_of(change, row)
            change.audience = Audience.OFFICERS
            change.particulars["step"] = step
        return change.event

    # --- small things ---

    def _must_be_the_reports(self, files: set[int]) -> None:
        own = Attachment.objects.filter(complaint=self._case, message=None).exclude(state=Attachment.State.REFUSED)
        if files - set(own.values_list("pk", flat=True)):
            raise Incomplete("shared", _("Pilih dari berkas yang dikirim bersama laporan ini."))

    def _days_off(self, first: datetime.date) -> frozenset[datetime.date]:
        return Holiday.objects.kept_in(self._case.place).filter(date__gte=first).days()

    def _task_of(self, agency: Agency | None) -> Contribution | None:
        return self._case.contributions.open().select_related("agency").filter(agency=agency).first()

    def _own_task(self, by: Actor) -> Contribution:
        row = self._task_of(by.agency)
        if row is None:
            raise NotAllowed(_("Kantor Anda tidak sedang diminta membantu laporan ini."))
        return row

    def _end(self, change: Change, row: Contribution, state: str, reason: str = "", *, wanting: str = "") -> None:
        row.reason = clean_text(reason)
        if wanting and not row.reason:
            raise Incomplete("reason", wanting)
        row.state, row.ended_at = state, change.now
        row.save(update_fields=["state", "ended_at", "reason", "message"])
        self._tell_of(change, row)
        if state != State.DONE:
            change.audience = Audience.OFFICERS
            change.particulars["reason"] = row.reason

    def _tell_of(self, change: Change, row: Contribution) -> None:
        """Offices by name and nothing anybody wrote: the event of a task that is shown is read by all."""
        change.audience = Audience.PUBLIC if row.shown else Audience.OFFICERS
        change.particulars |= {
            "contribution": row.pk,
            "helper": row.agency_id,
            "helper_name": row.agency.shown_name,
            "due_on": row.due_on.isoformat(),
            "shown": bool(row.shown),
        }
