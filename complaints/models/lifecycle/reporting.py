"""What the reporter does: complete, contest, accept, reply, withdraw."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor
from agencies.models import Agency
from complaints.models.arrival import Arrival
from complaints.models.clock import ClockKind
from complaints.models.event import Audience, Event
from complaints.models.message import Attachment
from complaints.models.reference import Kind
from complaints.models.reporter import Reporter
from complaints.transitions import SUBMIT, Incomplete, Status, WrongStatus
from lapor.kit.rows import write

from .acting import Change, clean_text
from .promises import Promises


class Reporting(Promises):
    def submit(
        self,
        reporter: Reporter,
        arrival: Arrival,
        *,
        by: Actor,
        now: datetime.datetime,
        more: Mapping[str, Any] | None = None,
    ) -> Event | None:
        """Begin: the case, who is behind it, how it came, the first promise and the first event. Called by `intake`
        alone. The key of the arrival decides who was first: whoever comes second raises IntegrityError.

        It begins at the root; the listener above opens the first stint, and the worker brings it further down.
        `by` is the reporter, or the officer who typed it in for them; `more` goes into the event.
        """
        case = self._case
        case.handler = Agency.objects.root()
        self._unstopped = {}
        change = Change("submit", by, now, SUBMIT, status_from="", handler_from=None, at=case.received_at)
        # A district that promises to look sooner does so of what is filed on its own site.
        district = case.subsite.agency if case.subsite else None
        clock = self._promise(change, ClockKind.VERIFY, first_day=self.today(case.received_at), agency=district)
        case.due_on, case.changed_at = self._nearest_due(), now
        write(case)
        arrival.complaint = reporter.complaint = clock.complaint = case
        if arrival.pk:
            # Kept before it was understood.
            arrival.save(update_fields=["complaint"])
        else:
            write(arrival)
        write(reporter)
        write(clock)
        change.particulars |= {**(more or {}), "channel": case.channel}
        return self._announce(change)

    def complete(
        self,
        body: str,
        *,
        by: Actor,
        files: list[Attachment] | None = None,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Answer the office's question; the case goes back to where it was and the promises run again."""
        with self.acting("complete", by=by, version=version, now=now) as change:
            self._say(change, body, files=files)
            self._enter(change)
            self._stop(change, ClockKind.REPORTER)
            self._resume(change)
        return change.event

    def contest(
        self,
        body: str,
        *,
        by: Actor,
        files: list[Attachment] | None = None,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Not done yet: a new round begins. Of an aspirasi or a permintaan informasi one may ask once more."""
        case = self._case
        with self.acting("contest", by=by, version=version, now=now) as change:
            if case.kind != Kind.PENGADUAN and case.events.filter(verb="contest").exists():
                raise WrongStatus(_("Anda sudah bertanya lagi satu kali. Pesan Anda tetap bisa ditulis di bawah."))
            self._say(change, body, files=files)
            self._enter(change)
            case.round += 1
            change.fields.add("round")
            self._stop(change, ClockKind.REPORTER)
            self._resume(change)
            self._new_round_of(change, ClockKind.RESOLVE)
            self._start(change, ClockKind.RESPOND)
        return change.event

    def accept(
        self,
        *,
        by: Actor,
        rating_answer: int | None = None,
        rating_result: int | None = None,
        reason: str = "",
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Done, says the reporter; two ratings from 1 to 5 if they like."""
        case = self._case
        for name, value in (("rating_answer", rating_answer), ("rating_result", rating_result)):
            if value is not None and not 1 <= value <= 5:
                raise Incomplete(name, _("Nilai antara 1 dan 5."))
        with self.acting("accept", by=by, version=version, now=now) as change:
            case.rating_answer, case.rating_result = rating_answer, rating_result
            case.rating_reason = clean_text(reason)
            change.fields |= {"rating_answer", "rating_result", "rating_reason"}
            change.particulars |= {"rating_answer": rating_answer, "rating_result": rating_result}
            self._enter(change)
            self._stop(change)
            self._end_pause(change)
        return change.event

    def reply(
        self,
        body: str,
        *,
        by: Actor,
        files: list[Attachment] | None = None,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """A message that is no act of the table: kept in every status, also after the end. While the case waits for
        the reporter it completes it."""
        case = self._case
        if case.status == Status.WAITING:
            return self.complete(body, by=by, files=files, version=version, now=now)
        with self.acting("reply", by=by, version=version, now=now) as change:
            self._say(change, body, files=files)
        return change.event

    def withdraw(
        self, *, by: Actor, reason: str = "", version: int | None = None, now: datetime.datetime | None = None
    ) -> Event | None:
        """The report is its reporter's: they may take it back as long as it is open."""
        with self.acting("withdraw", by=by, version=version, now=now) as change:
            change.particulars["told"] = bool(clean_text(reason))
            if clean_text(reason):
                self._say(change, reason, audience=Audience.PARTIES)
            self._withdraw_pending(change)
            self._enter(change)
            self._stop(change)
            self._end_pause(change)
        return change.event

    def _new_round_of(self, change: Change, kind: str) -> None:
        """A promise that runs on belongs to the round that now begins."""
        clock = self._clocks().get(kind)
        if clock is not None:
            clock.round = self._case.round
            clock.save(update_fields=["round"])
