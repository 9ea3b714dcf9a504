"""Promises missed, noted a page at once: what `overdue.note_missed` does one by one, in a dozen statements a page.

A page takes its cases without waiting (SKIP LOCKED): one that somebody is just writing in is left for the end, when it
is waited for alone. So is what a miss moves elsewhere: a case whose decision is due, a report not verified at a *verify
first* desk. A page is one transaction: cut off, it never was, and the next run finds its promises as they were.

Where there is more than a page, two do it at once, each on its own connection and with cases of its own: nobody waits
for the other, and the promises of one case are noted in their order.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Any, Final, TypeAlias

from django.db import connection, models, transaction
from django.db.models import F, Q

from agencies.models import Agency
from complaints.models import Clock, ClockKind
from complaints.models.lifecycle.missing import END_OF_DAY, VERB, note_overdue_together
from complaints.transitions import TABLE, Status
from lapor.kit.rows import spelt
from routing import dispatch
from routing.almanac import EAST, JAKARTA, date_in
from routing.measures import beside

log = logging.getLogger(__name__)

Page: TypeAlias = list[tuple[int, int]]
PAGE = 2_000
# How many do it at once where there is more than that. They take turns by so many cases that neither writes where the
# other does.
HANDS: Final = 2
TURN: Final = 1_024

# From here on a page reads its own rows by their keys, and never a whole table, however few rows that seems to have.
_TAKE = """
    SELECT c.id
    FROM (SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)) by_keys,
        complaints_complaint c
    WHERE c.id = ANY(%(cases)s::bigint[]) AND c.status = ANY(%(open)s)
    ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
"""

# Read once more, now that the cases are ours: who had each at the end of its due day.
_HOLDERS = f"""
    SELECT k.id, COALESCE((
        SELECT d.agency_id FROM routing_disposition d
        WHERE d.complaint_id = c.id AND d.received_at < {END_OF_DAY.format(clock="k")}
        ORDER BY d.received_at DESC, d.id DESC LIMIT 1), c.handler_id)
    FROM complaints_clock k JOIN complaints_complaint c ON c.id = k.complaint_id
    LEFT JOIN agencies_region r ON r.code = c.place_id
    WHERE k.id = ANY(%(clocks)s::bigint[]) AND k.complaint_id = ANY(%(taken)s::bigint[])
      AND k.stopped_at IS NULL AND k.overdue_noted_at IS NULL
      AND k.due_on < (%(now)s AT TIME ZONE COALESCE(r.zone, 'Asia/Jakarta'))::date
      AND NOT EXISTS (
        SELECT FROM complaints_clock x WHERE x.complaint_id = c.id AND x.kind = '{ClockKind.DECIDE}'
          AND x.stopped_at IS NULL AND x.overdue_noted_at IS NULL)
      AND NOT (k.kind = '{ClockKind.VERIFY}' AND c.status = '{Status.SUBMITTED}' AND c.handler_id = ANY(%(first)s))
    ORDER BY k.due_on, k.id
"""  # noqa: S608 (constants)


def note(now: datetime.datetime, is_over: Callable[[], bool]) -> int:
    """Note what can be noted together, oldest first. How many; what is left is for whoever notes one by one."""
    first, noted = _verify_first(), list[int]()

    def note_all(pages: Iterable[Page]) -> None:
        for page in pages:
            try:
                noted.append(_note(page, first, now))
            except Exception:
                log.exception("overdue, %s of them", len(page))

    whole = _pages(now, is_over)
    begun = list(islice(whole, 1))
    if begun and len(begun[0]) == PAGE:
        with beside.hands(HANDS) as at_once:
            at_once([partial(note_all, _pages(now, is_over, turn)) for turn in range(HANDS)])
    else:
        note_all(chain(begun, whole))
    return sum(noted)


def _note(page: Page, first: list[int], now: datetime.datetime) -> int:
    given: dict[str, Any] = {
        "clocks": spelt(clock for clock, _case in page),
        "cases": spelt({case for _clock, case in page}),
        "open": list(TABLE[VERB].sources),
        "first": first,
        "now": now,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, given)
        taken = spelt(pk for (pk,) in cursor.fetchall())
        cursor.execute(_HOLDERS, given | {"taken": taken})
        return len(note_overdue_together(dict(cursor.fetchall()), by=dispatch.SYSTEM, now=now))


def _pages(now: datetime.datetime, is_over: Callable[[], bool], turn: int | None = None) -> Iterator[Page]:
    """(clock, its case), by a key: what one page leaves is not read again. `turn`: one hand's share of cases."""
    today, mine = date_in(JAKARTA, now), Clock.objects.to_note()
    if turn is not None:
        mine = mine.alias(hand=F("complaint_id") / TURN % HANDS).filter(hand=turn)
    yield from _by_key(mine.filter(due_on__lt=today), is_over)
    # East of Jakarta the day ends up to two hours earlier.
    ahead = [zone for zone in EAST if date_in(zone, now) > today]
    if ahead:
        yield from _by_key(mine.filter(due_on=today, complaint__place__zone__in=ahead), is_over)


def _by_key(rows: models.QuerySet[Clock], is_over: Callable[[], bool]) -> Iterator[Page]:
    rows, at = rows.order_by("due_on", "pk"), None
    while not is_over():
        after = rows if at is None else rows.filter(due_on__gte=at[0]).filter(Q(due_on__gt=at[0]) | Q(pk__gt=at[1]))
        page = list(after.values_list("pk", "complaint_id", "due_on")[:PAGE])
        if page:
            yield [(clock, case) for clock, case, _due in page]
        if len(page) < PAGE:
            return
        at = page[-1][2], page[-1][0]


def _verify_first() -> list[int]:
    """Desks where somebody looks at every report first, and whatever lies below them. One statement, mostly."""
    desks = {str(pk) for pk in Agency.objects.filter(verify_first=True).values_list("pk", flat=True)}
    if not desks:
        return []
    return [
        pk for pk, path in Agency.objects.order_by().values_list("pk", "path") if not desks.isdisjoint(path.split("/"))
    ]
