"""The frame of every verb: lock the case, ask the table, change, write one event, announce it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor, Side
from agencies.models import Agency
from complaints.models.event import Audience, Event
from complaints.models.message import Attachment, Message
from complaints.signals import event_recorded
from complaints.transitions import (
    FIRST_UNSENT,
    OPEN,
    RETURN,
    SAME,
    TERMINAL,
    Incomplete,
    Stale,
    Status,
    Transition,
    ask_table,
)
from lapor.kit.compiled import Blank, Compiled
from lapor.kit.rows import write

if TYPE_CHECKING:
    from complaints.models import Complaint

BODY_LIMIT = 10_000


@dataclass
class Change:
    """What one act does to the case, collected while the verb runs and written when it ends."""

    verb: str
    by: Actor
    now: datetime.datetime
    row: Transition
    status_from: str
    # None: it did not exist before.
    handler_from: Agency | None
    audience: str = Audience.PARTIES
    # When it was true, where that is not now (an overdue noted after an outage).
    at: datetime.datetime | None = None
    particulars: dict[str, Any] = field(default_factory=dict)
    # A note of a colleague or a letter of the sweep does not make an officer's open form stale.
    bumps: bool = True
    # A date that passed by itself is no activity: the row of the case stays as it is.
    stirs: bool = True
    fields: set[str] = field(default_factory=set)
    event: Event | None = None


@dataclass(frozen=True)
class PublicText:
    """What the officer read and let out: masked by the machine, corrected by a person."""

    title: str
    body: str


class Acting:
    """Mixed into Complaint. `self` is the case throughout; the cast tells the type checker so."""

    # Set by an act with a page, read by the receiver that publishes; never stored in an event.
    public_text: PublicText | None = None
    _is_fresh = False

    def take_as_read(self) -> None:
        """The row was read under lock in this very transaction: the next act need not do it again."""
        self._is_fresh = True

    def today(self, now: datetime.datetime | None = None) -> datetime.date:
        """The calendar date at the place of the report (case.md section 4)."""
        return timezone.localtime(now or timezone.now(), ZoneInfo(self._case.zone)).date()

    @property
    def _case(self) -> Complaint:
        return cast("Complaint", self)

    def _lock(self) -> None:
        """Take the row for this transaction and read it anew.

        In two statements: in one, a row whose handler changed while we waited would no longer fit the join with the
        office read before, and Postgres would say that there is no such case.
        """
        case = self._case
        if self._is_fresh:
            self._is_fresh = False
            return
        if not _LOCKED(case=case.pk):
            raise type(case).DoesNotExist
        spelt = cast("models.QuerySet[Complaint]", _Anew())
        case.refresh_from_db(from_queryset=_to_act_on() if case.get_deferred_fields() else spelt)

    @contextmanager
    def acting(
        self,
        verb: str,
        *,
        by: Actor,
        version: int | None = None,
        now: datetime.datetime | None = None,
        audience: str = Audience.PARTIES,
        bumps: bool = True,
        stirs: bool = True,
        asks: tuple[str, ...] = (),
    ) -> Iterator[Change]:
        """Run one act. `asks` names further rows the table must grant as well.

        Raises Stale (somebody was faster), NotAllowed, WrongStatus; whatever the verb raises undoes everything.
        """
        case = self._case
        with transaction.atomic():
            self._lock()
            if version is not None and version != case.version:
                raise Stale(_("Laporan ini baru saja diubah orang lain."))
            row = ask_table(verb, case, by)
            for other in asks:
                ask_table(other, case, by)
            change = Change(
                verb=verb,
                by=by,
                now=now or timezone.now(),
                row=row,
                status_from=case.status,
                handler_from=case.handler,
                audience=audience,
                bumps=bumps,
                stirs=stirs,
            )
            yield change
            self._record(change)

    def _enter(self, change: Change, target: str | None = None) -> None:
        """Take the status the row leads to (or `target`, where the act leads elsewhere)."""
        case = self._case
        wanted = target or change.row.target
        if wanted == SAME:
            return
        if wanted == RETURN:
            wanted = case.returns_to
        elif wanted == FIRST_UNSENT:
            wanted = self._sent_or_not(change)
        case.status = wanted
        if wanted != Status.WAITING:
            case.returns_to = ""
        if wanted in TERMINAL:
            case.closed_at = change.now
        elif change.status_from in TERMINAL:
            case.closed_at = None
        change.fields |= {"status", "returns_to", "closed_at"}

    def _sent_or_not(self, change: Change) -> str:
        """`submitted` for a case never forwarded, else `forwarded`."""
        if change.status_from == Status.SUBMITTED:
            return Status.SUBMITTED
        if change.status_from in OPEN:
            return Status.FORWARDED
        sent = self._case.events.filter(verb="forward").exists()
        return Status.FORWARDED if sent else Status.SUBMITTED

    def _hand_to(self, change: Change, agency: Agency) -> None:
        self._case.handler = agency
        change.fields.add("handler")

    def _say(
        self,
        change: Change,
        body: str,
        *,
        audience: str = Audience.PARTIES,
        state: str = Message.State.SENT,
        verb: str = "",
        facts: dict[str, Any] | None = None,
        files: list[Attachment] | None = None,
        field_name: str = "body",
    ) -> Message:
        """Keep what was said; the event names the message by its id."""
        case, by = self._case, change.by
        text = clean_text(body)
        if not text:
            raise Incomplete(field_name, _("Tulis pesannya dulu."))
        if len(text) > BODY_LIMIT:
            raise Incomplete(field_name, _("Pesannya terlalu panjang. Paling banyak 10.000 huruf."))
        side = Message.Side.REPORTER if by.side is Side.REPORTER else Message.Side.AGENCY
        message = Message.objects.create(
            complaint=case,
            side=side,
            verb=verb or change.verb,
            body=text,
            facts=facts or {},
            audience=audience,
            state=state,
            author=by.user,
            agency=by.agency,
            written_at=change.now,
        )
        if files:
            Attachment.objects.filter(pk__in=[f.pk for f in files], complaint__isnull=True).update(
                complaint=case, message=message
            )
        change.particulars["message"] = message.pk
        return message

    def _record(self, change: Change) -> Event:
        """Write the case and its one event, then let the upper apps follow in the same transaction."""
        case = self._case
        if not change.stirs:
            return self._announce(change)
        case.due_on = self._nearest_due()
        case.changed_at = change.now
        change.fields |= {"due_on", "changed_at"}
        if change.bumps:
            case.version += 1
            change.fields.add("version")
        case.save(update_fields=sorted(change.fields))
        return self._announce(change)

    def _announce(self, change: Change) -> Event:
        """The event of a case that is written."""
        case = self._case
        change.event = Event(
            complaint=case,
            verb=change.verb,
            side=change.by.side.value,
            actor=change.by.user,
            client=change.by.client,
            acting_agency=change.by.agency,
            acting_role=change.by.role or "",
            at=change.at or change.now,
            # History is written down long after it was true.
            recorded_at=max(change.now, timezone.now()) if case.silent else change.now,
            round=case.round,
            status_from=change.status_from,
            status_to=case.status,
            handler_from=change.handler_from,
            handler_to=case.handler,
            audience=change.audience,
            particulars={**change.particulars, **_for_whom(change.by)},
        )
        write(change.event)
        event_recorded.send(sender=Event, event=change.event, complaint=case, by=change.by)
        return change.event

    def _offer_publication(self, change: Change, public: PublicText | None, hold: str) -> None:
        """Say in the event whether this act publishes; the text itself travels beside it, never inside."""
        self.public_text = public
        change.particulars["publish"] = public is not None and not hold
        if hold:
            change.particulars["hold"] = clean_text(hold)

    def _withdraw_pending(self, change: Change) -> None:
        """An answer that waits for approval goes with the act that overtakes it."""
        gone = list(self._case.messages.filter(state="PENDING").values_list("pk", flat=True))
        if gone:
            self._case.messages.filter(pk__in=gone).update(state="WITHDRAWN")
            change.particulars["withdrawn_messages"] = gone

    def _nearest_due(self) -> datetime.date | None:
        raise NotImplementedError


def _to_act_on() -> models.QuerySet[Complaint]:
    from complaints.models import Complaint

    return Complaint.objects.select_related("handler", "place", "not_for", "addressed_to", "category")


_CASE = Blank("case", models.BigIntegerField())
_LOCKED: Compiled[Any] = Compiled(
    lambda: _to_act_on().select_related(None).select_for_update().filter(pk=_CASE).values_list("pk")
)
_READ: Compiled[Complaint] = Compiled(lambda: _to_act_on().filter(pk=_CASE))


class _Anew:
    """What `refresh_from_db` asks of a queryset, answered by a statement that is spelt already."""

    def filter(self, pk: int) -> _Anew:
        self._case = pk
        return self

    def get(self) -> Complaint:
        [case] = _READ(case=self._case)
        return case


def _for_whom(by: Actor) -> dict[str, Any]:
    """Which part of the system it was; in whose place a deputy acted."""
    if by.membership is not None and by.membership.acting_for is not None:
        return {"acting_for": by.membership.acting_for.user_id}
    return {"part": by.name} if by.name else {}


def clean_text(text: str) -> str:
    """Without NUL and unpaired surrogates, which Postgres refuses, and without blanks around it."""
    kept = text.replace("\x00", "").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return kept.replace("�", "").replace("\r\n", "\n").strip()
