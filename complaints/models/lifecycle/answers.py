"""What the office says: ask, answer, resolve, and the approval some heads want to give first."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor
from agencies.models import Role
from complaints.models.clock import ClockKind
from complaints.models.event import Audience, Event
from complaints.models.message import Attachment, Message
from complaints.transitions import TABLE, Incomplete, NotAllowed, Who, standing

from .acting import Change, PublicText, clean_text
from .promises import Promises

# How an answer ends a case (case.md section 3, resolve).
DONE, SCHEDULED, REFUSED = "DONE", "SCHEDULED", "REFUSED"
ASKS_BEFORE_COORDINATOR = 2
ROUNDS_BEFORE_COORDINATOR = 2
SCHEDULE_LIMIT = datetime.timedelta(days=366)


class Answers(Promises):
    def ask(
        self,
        question: str,
        *,
        by: Actor,
        files: list[Attachment] | None = None,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Ask the reporter; the state's promises stand still until they answer. The third in a round needs the
        coordinator."""
        case = self._case
        with self.acting("ask", by=by, version=version, now=now) as change:
            asked = case.events.filter(verb="ask", round=case.round).count()
            if asked >= ASKS_BEFORE_COORDINATOR and Who.COORDINATOR not in standing(case, by):
                raise NotAllowed(_("Sudah dua kali bertanya. Pertanyaan ketiga perlu koordinator Anda."))
            self._withdraw_pending(change)
            self._say(change, question, files=files, field_name="question")
            case.returns_to = change.status_from
            change.fields.add("returns_to")
            self._enter(change)
            self._pause(change)
            self._start(change, ClockKind.REPORTER)
        return change.event

    def unask(self, *, by: Actor, version: int | None = None, now: datetime.datetime | None = None) -> Event | None:
        """The question is not needed any more."""
        with self.acting("unask", by=by, version=version, now=now) as change:
            self._enter(change)
            self._stop(change, ClockKind.REPORTER)
            self._resume(change)
        return change.event

    def answer(
        self,
        body: str,
        *,
        by: Actor,
        files: list[Attachment] | None = None,
        public: PublicText | None = None,
        hold: str = "",
        audience: str = Audience.PUBLIC,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """An answer on the way: keeps the first promise, does not end the case."""
        if self._needs_approval(by):
            return self._propose("answer", body, {}, by=by, files=files, audience=audience, version=version, now=now)
        with self.acting("answer", by=by, version=version, now=now) as change:
            self._withdraw_pending(change)
            self._say(change, body, audience=audience, files=files)
            self._take_answer(change, public, hold)
        return change.event

    def resolve(
        self,
        body: str,
        *,
        by: Actor,
        outcome: str,
        done_on: datetime.date | None = None,
        unit: str = "",
        promised_on: datetime.date | None = None,
        files: list[Attachment] | None = None,
        public: PublicText | None = None,
        hold: str = "",
        audience: str = Audience.PUBLIC,
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """The final answer: what was done, when, by which unit (DONE); by when it will be (SCHEDULED, within 12
        months); or honestly why not (REFUSED). Then it is the reporter's turn."""
        facts = self._facts(outcome, done_on, unit, promised_on, now)
        if self._needs_approval(by):
            return self._propose(
                "resolve", body, facts, by=by, files=files, audience=audience, version=version, now=now
            )
        with self.acting("resolve", by=by, version=version, now=now) as change:
            self._may_resolve(by)
            self._withdraw_pending(change)
            self._say(change, body, audience=audience, files=files, facts=facts)
            self._take_resolution(change, facts, public, hold)
        return change.event

    def approve(
        self,
        *,
        by: Actor,
        public: PublicText | None = None,
        hold: str = "",
        version: int | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Let the waiting answer out: it *is* that act, asked of the table anew, in its writer's words."""
        case = self._case
        with self.acting("approve", by=by, version=version, now=now) as change:
            message = self._pending()
            self._approves(by)
            change.verb = message.verb
            change.row = TABLE[message.verb]
            Message.objects.filter(pk=message.pk).update(state=Message.State.SENT, written_at=change.now)
            change.particulars |= {"message": message.pk, "approved": True, "written_by": message.author_id}
            if message.verb == "resolve":
                if case.round > ROUNDS_BEFORE_COORDINATOR:
                    self._may_resolve(by)
                self._take_resolution(change, message.facts, public, hold)
            else:
                self._take_answer(change, public, hold)
        return change.event

    def return_answer(
        self, reason: str, *, by: Actor, version: int | None = None, now: datetime.datetime | None = None
    ) -> Event | None:
        """Back to its writer, with what is missing."""
        with self.acting("return", by=by, version=version, now=now, audience=Audience.OFFICERS) as change:
            message = self._pending()
            self._approves(by)
            text = clean_text(reason)
            if not text:
                raise Incomplete("reason", _("Tulis apa yang perlu diperbaiki."))
            Message.objects.filter(pk=message.pk).update(state=Message.State.WITHDRAWN)
            change.particulars |= {"message": message.pk, "reason": text}
        return change.event

    def _take_answer(self, change: Change, public: PublicText | None, hold: str) -> None:
        self._enter(change)
        self._stop(change, ClockKind.RESPOND)
        self._decided(change)
        self._offer_publication(change, public, hold)

    def _take_resolution(self, change: Change, facts: dict[str, Any], public: PublicText | None, hold: str) -> None:
        """RESPOND stops, RESOLVE stands still, the reporter's days begin: at once, or on the promised date."""
        self._enter(change)
        self._stop(change, ClockKind.RESPOND)
        self._decided(change)
        self._pause(change)
        promised = facts.get("promised_on")
        self._start(change, ClockKind.REPORTER, first_day=datetime.date.fromisoformat(promised) if promised else None)
        change.particulars["outcome"] = facts["outcome"]
        self._offer_publication(change, public, hold)

    def _propose(
        self,
        verb: str,
        body: str,
        facts: dict[str, Any],
        *,
        by: Actor,
        files: list[Attachment] | None,
        audience: str,
        version: int | None,
        now: datetime.datetime | None,
    ) -> Event | None:
        """Write the answer so that the head may let it out; until then nobody else sees it and clocks run on."""
        with self.acting(
            "propose", by=by, version=version, now=now, audience=Audience.OFFICERS, asks=(verb,)
        ) as change:
            if verb == "resolve":
                self._may_resolve(by)
            self._withdraw_pending(change)
            self._say(change, body, verb=verb, audience=audience, files=files, facts=facts, state=Message.State.PENDING)
        return change.event

    def _needs_approval(self, by: Actor) -> bool:
        case = self._case
        return case.handler.approves_answers and by.role == Role.LIAISON

    def _pending(self) -> Message:
        message = self._case.messages.filter(state=Message.State.PENDING).first()
        if message is None:
            raise Incomplete("message", _("Tidak ada jawaban yang menunggu persetujuan."))
        return message

    def _approves(self, by: Actor) -> None:
        """The head; the coordinator only where the office has none."""
        case = self._case
        stands = standing(case, by)
        if Who.HEAD in stands:
            return
        has_head = case.handler.memberships.filter(role=Role.HEAD).current().exists()
        if has_head:
            raise NotAllowed(_("Jawaban ini menunggu persetujuan pimpinan kantornya."))

    def _may_resolve(self, by: Actor) -> None:
        case = self._case
        if case.round > ROUNDS_BEFORE_COORDINATOR and Who.COORDINATOR not in standing(case, by):
            raise NotAllowed(_("Laporan ini sudah dua kali belum beres. Jawaban akhir berikutnya dari koordinator."))

    def _facts(
        self,
        outcome: str,
        done_on: datetime.date | None,
        unit: str,
        promised_on: datetime.date | None,
        now: datetime.datetime | None,
    ) -> dict[str, Any]:
        """Checked and ready to store. Raises Incomplete with the field that lacks."""
        today = self.today(now)
        facts: dict[str, Any] = {"outcome": outcome, "unit": clean_text(unit)[:120]}
        if outcome == DONE:
            if done_on is None:
                raise Incomplete("done_on", _("Isi tanggal pekerjaan selesai."))
            if done_on > today:
                raise Incomplete("done_on", _("Tanggal selesai tidak bisa di masa depan."))
            if not facts["unit"]:
                raise Incomplete("unit", _("Sebut unit yang mengerjakan."))
            facts["done_on"] = done_on.isoformat()
        elif outcome == SCHEDULED:
            if promised_on is None:
                raise Incomplete("promised_on", _("Isi tanggal yang dijanjikan."))
            if not today < promised_on <= today + SCHEDULE_LIMIT:
                raise Incomplete("promised_on", _("Tanggal yang dijanjikan paling lama 12 bulan dari sekarang."))
            facts["promised_on"] = promised_on.isoformat()
        elif outcome != REFUSED:
            raise Incomplete("outcome", _("Pilih bagaimana laporan ini diselesaikan."))
        return facts
