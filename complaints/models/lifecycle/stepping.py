"""What the hours bring to many cases at once and leaves each where it is: reminders, steps of the ladder.

It writes what `remind` and `note_escalation` do for one (tests/routing/test_steps_together.py holds them against each
other); whoever listens is told of the events together, and follows in as few statements.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from agencies.actor import Actor
from complaints.models.event import Event
from complaints.signals import steps_noted
from complaints.transitions import TABLE

if TYPE_CHECKING:
    from complaints.models import Complaint


@transaction.atomic
def note_together(
    verb: str, steps: Sequence[tuple[Complaint, dict[str, Any]]], *, by: Actor, now: datetime.datetime
) -> list[Event]:
    """One event of this verb for each (case, what it is about), in that order. The caller holds the cases (FOR UPDATE)
    and has read since that each is in a state the table knows; `by` is the system."""
    assert all(case.status in TABLE[verb].sources and not case.silent for case, _facts in steps)
    if not steps:
        return []
    cases = {case.pk: case for case, _facts in steps}
    for case in cases.values():
        case.changed_at = now
    type(steps[0][0]).objects.filter(pk__in=cases).update(changed_at=now)
    events = Event.objects.bulk_create(
        Event(
            complaint=case,
            verb=verb,
            side=by.side.value,
            at=now,
            recorded_at=now,
            round=case.round,
            status_from=case.status,
            status_to=case.status,
            handler_from=case.handler,
            handler_to=case.handler,
            particulars={**facts, "part": by.name},
        )
        for case, facts in steps
    )
    steps_noted.send(sender=Event, events=events, now=now)
    return events
