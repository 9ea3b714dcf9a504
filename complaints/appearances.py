"""What became public, in an order that no late commit disturbs.

A number given while a transaction is open may be seen after a higher one. So whoever publishes writes a row without
one, and a single process at a time numbers the rows it can see: a reader who has come to number n has seen all below.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection, transaction

from complaints.models import Appearance, Complaint

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
