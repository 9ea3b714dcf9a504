"""What nobody at a desk does: notes, nudges, overdue noted, dates re-counted, letters that did not arrive."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor
from agencies.models import Agency
from complaints.models.clock import Clock
from complaints.models.event import Audience, Event
from complaints.transitions import Incomplete

from .acting import clean_text
from .promises import Promises, date_clock, end_of

# An account that is asked for later than that is no account of how it stands now.
SUMMONED_WITHIN = datetime.timedelta(days=60)


class Oversight(Promises):
    def note(self, body: str, *, by: Actor, now: datetime.datetime | None = None) -> Event | None:
        """An internal note: officers who see the case read it, nobody else ever does."""
        with self.acting("note", by=by, now=now, audience=Audience.OFFICERS, bumps=False) as change:
            self._say(change, body, audience=Audience.OFFICERS)
        return change.event

    def nudge(self, *, by: Actor, reason: str, now: datetime.datetime | None = None) -> Event | None:
        """A coordinator reminds the office that has it."""
        with self.acting("nudge", by=by, now=now, audience=Audience.OFFICERS, bumps=False) as change:
            text = clean_text(reason)
            if not text:
                raise Incomplete("reason", _("Tulis alasan mengingatkan kantor ini."))
            change.particulars["reason"] = text
        return change.event

    def summon(
        self, *, by: Actor, reason: str, due_on: datetime.date, now: datetime.datetime | None = None
    ) -> Event | None:
        """A coordinator calls this case up: the office that has it says by this day how it stands."""
        with self.acting("summon", by=by, now=now, audience=Audience.OFFICERS, bumps=False) as change:
            text = clean_text(reason)
            if not text:
                raise Incomplete("reason", _("Tulis apa yang perlu dijelaskan kantor ini."))
            today = self.today(change.now)
            if not today <= due_on <= today + SUMMONED_WITHIN:
                raise Incomplete("due_on", _("Pilih tanggal dari hari ini sampai 60 hari lagi."))
            change.particulars |= {"reason": text, "due_on": due_on.isoformat()}
        return change.event

    def note_account_due(
        self, asked: int, due_on: datetime.date, *, by: Actor, now: datetime.datetime | None = None
    ) -> Event | None:
        """The day passed on which an office was to say how this case stands. `asked`: the id of that event."""
        with self.acting("account_due", by=by, now=now, audience=Audience.OFFICERS, bumps=False) as change:
            change.particulars |= {"asked": asked, "due_on": due_on.isoformat()}
        return change.event

    def remind(
        self,
        clock: Clock,
        *,
        by: Actor,
        days: int,
        steps: Sequence[int] | None = None,
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """`days` working days before a clock's date. Who hears of it is read from the clock's kind. `steps`: the
        reminders this one stands for; None: just that of `days`."""
        with self.acting("remind", by=by, now=now, bumps=False) as change:
            change.particulars |= reminded(clock, days, steps or [days])
        return change.event

    def note_overdue(
        self, clock: Clock, *, by: Actor, missed_by: Agency, now: datetime.datetime | None = None
    ) -> Event | None:
        """Note a missed promise once, dated the end of the due day (I5). Does nothing when somebody else noted it."""
        with self.acting("overdue", by=by, now=now, audience=Audience.PUBLIC, bumps=False, stirs=False) as change:
            today = self.today(change.now)
            # Of the date that was read: one that moved meanwhile is another promise, for the next run.
            claimed = Clock.objects.filter(
                pk=clock.pk, stopped_at__isnull=True, overdue_noted_at__isnull=True, due_on=clock.due_on
            ).update(overdue_noted_at=change.now, missed_by=missed_by, corrected_at=None)
            if not claimed or clock.due_on is None or clock.due_on >= today:
                raise AlreadyNoted
            clock.overdue_noted_at, clock.missed_by, clock.corrected_at = change.now, missed_by, None
            change.at = end_of(clock.due_on, self._case.zone)
            change.particulars |= {
                "clock": clock.pk,
                "kind": clock.kind,
                "due_on": clock.due_on.isoformat(),
                "missed_by": missed_by.pk,
            }
        return change.event

    def recompute(
        self, *, by: Actor, now: datetime.datetime | None = None, more: dict[str, Any] | None = None
    ) -> Event | None:
        """The calendar changed: date the running clocks anew, never earlier than already shown; a noted miss that is
        none any more is taken back (`overdue_withdrawn` in the particulars, with its own event by the caller)."""
        case = self._case
        with self.acting("recompute", by=by, now=now, bumps=False) as change:
            today = self.today(change.now)
            pauses = list(case.pauses.values_list("started_on", "ended_on"))
            moved: dict[str, list[str]] = {}
            undone: list[int] = []
            for clock in self._clocks().values():
                if clock.due_on is None:
                    continue
                shown = clock.due_on
                date_clock(clock, pauses=pauses)
                assert clock.due_on is not None
                clock.due_on = max(clock.due_on, shown)
                if clock.due_on == shown:
                    continue
                moved[clock.kind] = [shown.isoformat(), clock.due_on.isoformat()]
                if clock.overdue_noted_at is not None and clock.due_on >= today:
                    clock.overdue_noted_at, clock.missed_by, clock.corrected_at = None, None, change.now
                    undone.append(clock.pk)
                clock.save(update_fields=["due_on", "provisional", "overdue_noted_at", "missed_by", "corrected_at"])
            change.particulars |= {"moved": moved, "undone": undone, **(more or {})}
        return change.event

    def note_overdue_withdrawn(self, clock: Clock, *, by: Actor, now: datetime.datetime | None = None) -> Event | None:
        """The miss noted earlier was none: the register says *dikoreksi*, one letter corrects the earlier one."""
        with self.acting("overdue_withdrawn", by=by, now=now, audience=Audience.PUBLIC, bumps=False) as change:
            change.particulars |= {"clock": clock.pk, "kind": clock.kind}
        return change.event

    def note_escalation(
        self, clock: Clock, *, by: Actor, level: int, now: datetime.datetime | None = None
    ) -> Event | None:
        """One step up the ladder was climbed."""
        with self.acting("escalate", by=by, now=now, bumps=False) as change:
            change.particulars |= {"clock": clock.pk, "kind": clock.kind, "level": level}
        return change.event

    def note_undeliverable(self, letter: str, *, by: Actor, now: datetime.datetime | None = None) -> Event | None:
        """A letter was given up; the desk sees that the reporter can't be reached this way."""
        with self.acting("undeliverable", by=by, now=now, audience=Audience.OFFICERS, bumps=False) as change:
            change.particulars["letter"] = letter
        return change.event


def reminded(clock: Clock, days: int, steps: Sequence[int]) -> dict[str, Any]:
    """What an event tells of a reminder."""
    return {
        "clock": clock.pk,
        "kind": clock.kind,
        "days": days,
        "steps": list(steps),
        "due_on": clock.due_on.isoformat() if clock.due_on else None,
    }


class AlreadyNoted(Exception):
    """Another sweep was faster; nothing has changed."""
