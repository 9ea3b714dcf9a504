"""What became public, in an order that no late commit disturbs.

A number given while a transaction is open may be seen after a higher one. So whoever publishes writes a row without
one, and a single process at a time numbers the rows it can see: a reader who has come to number n has seen all below.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from complaints.models import Appearance, Complaint, Event, Publication

# Longer than anybody's week, and than any standstill of the workers that is survived without a person.
KEPT = datetime.timedelta(days=60)
_ANSWERS = ("answer", "resolve")

_NUMBER = """
UPDATE complaints_appearance AS one SET number = given.number
FROM (SELECT id, nextval('complaints_appearance_number') AS number
      FROM (SELECT id FROM complaints_appearance WHERE number IS NULL ORDER BY id) waiting) given
WHERE one.id = given.id
"""


def note(
    complaint: Complaint, conversation: list[dict[str, Any]], before: set[int] | None, at: datetime.datetime
) -> None:
    """Write down what this copy shows that was not public until now. `before`: the messages that were; None: there was
    no copy. Imported history is silent."""
    if complaint.silent:
        return
    rows = [Appearance(complaint=complaint, at=at)] if before is None else []
    said = [
        one["message"]
        for one in conversation
        if one["side"] == "AGENCY" and one["verb"] in _ANSWERS and one["message"] not in (before or ())
    ]
    if said:
        # One letter tells of a case once, by what was said last.
        rows.append(Appearance(complaint=complaint, message_id=said[-1], at=at))
    if rows:
        Appearance.objects.bulk_create(rows)


def note_move(copy: Publication, event: Event) -> None:
    """Write down that a case that was public came to an office below which it was at no time since: news for whoever
    follows that office, or one above it that did not have it either, and only this once however often it comes back.
    Two statements, where it moved."""
    moved = event.handler_to_id is not None and event.handler_from_id not in (None, event.handler_to_id)
    if not moved or copy.complaint.silent or event.recorded_at <= copy.published_at:
        return
    left = Event.objects.filter(complaint=copy.complaint_id, recorded_at__gt=copy.published_at)
    left = left.exclude(handler_from=F("handler_to")).filter(handler_from__isnull=False)
    had = {step for path in left.values_list("handler_from__path", flat=True) for step in _steps(path)}
    assert event.handler_to is not None
    if new := sorted(_steps(event.handler_to.path) - had):
        Appearance.objects.create(complaint=copy.complaint, offices=new, at=event.recorded_at)


def _steps(path: str) -> set[int]:
    return {int(step) for step in path.strip("/").split("/")}


@transaction.atomic
def number_all() -> int:
    """Number what was committed since; the last number there is. Up to it nothing will appear any more."""
    with connection.cursor() as cursor:
        # Held to the end of the transaction: whoever comes next sees all these numbers.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('complaints.appearances'))")
        cursor.execute(_NUMBER)
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM complaints_appearance_number")
        return int(cursor.fetchone()[0])


def forget(now: datetime.datetime) -> int:
    return Appearance.objects.filter(number__isnull=False, at__lt=now - KEPT).delete()[0]
