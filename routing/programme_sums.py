"""How many cases each priority programme has, by province and week: counted by the worker every few minutes for each
agency directly below the root, so that a page costs the same with a hundred cases and with a million (ADR 0057).

Where there are few, and for an office deeper in the tree, a page counts by itself, with the same statement. A
secret case, and one that is kept from an office or an officer, is counted for nobody.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from agencies.models import Agency
from complaints.transitions import OFFICES_TURN, OPEN, Status
from routing.models import Headline
from routing.oversight import today_at

NAME = "program"
# Cases of all programmes that a page counts by itself, in some twenty milliseconds.
FEW = 2_000
# Whole weeks that are counted before the running one.
WEEKS = 8
# What a row counts, now and of each week.
STANDING = ("open", "late", "answered", "closed", "archived")
WEEKLY = ("gathered", "closed", "missed", "open")
# The root, and what lies directly below it.
_KEPT_DEPTH = 2
_WEEK, _DAY = datetime.timedelta(days=7), datetime.timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One programme in one province. `standing`: as STANDING; `weeks`: as WEEKLY each, oldest first."""

    programme: int
    province: str
    standing: tuple[int, ...]
    weeks: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Sums:
    """`made_at`: when they were counted; None: for this page."""

    rows: list[Row]
    today: datetime.date
    made_at: datetime.datetime | None = None


def mondays(today: datetime.date) -> list[datetime.date]:
    """Of the weeks that are counted, oldest first, the running one last."""
    monday = today - datetime.timedelta(days=today.weekday())
    return [monday - _WEEK * (WEEKS - n) for n in range(WEEKS + 1)]


def day_begins(day: datetime.date) -> datetime.datetime:
    """Its beginning at the centre."""
    return datetime.datetime.combine(day, datetime.time(), tzinfo=ZoneInfo("Asia/Jakarta"))


# A case without a place counts where its office is; where that has none either, nowhere. What was missed follows as
# rows of its own. `narrowed` says of which programmes and offices.
_TAGGED = """
WITH tagged AS (
    SELECT t.programme_id, t.placed_at, c.id, c.status, c.due_on, c.closed_at,
        COALESCE(NULLIF(split_part(a.path, '/', 3), ''), split_part(a.path, '/', 2))::bigint AS top_id,
        COALESCE(left(c.place_id, 2), left(a.region_id, 2), '') AS province
    FROM complaints_tag t
    JOIN complaints_complaint c ON c.id = t.complaint_id
    JOIN agencies_agency a ON a.id = c.handler_id
    WHERE t.removed_at IS NULL AND NOT c.secret AND c.not_for_id IS NULL
        AND NOT EXISTS (SELECT FROM complaints_complaint_not_seen_by w WHERE w.complaint_id = c.id) {narrowed}),
told AS (
    SELECT programme_id, top_id, province, status, due_on, placed_at, closed_at, NULL::date AS missed_on FROM tagged
    UNION ALL
    SELECT programme_id, top_id, province, NULL, NULL, NULL, NULL, k.due_on
    FROM tagged JOIN complaints_clock k ON k.complaint_id = tagged.id
    WHERE k.kind <> 'REPORTER' AND k.due_on >= %(due0)s AND k.due_on < %(end{weeks})s
        AND (k.stopped_at IS NULL OR (k.stopped_at AT TIME ZONE 'Asia/Jakarta')::date > k.due_on))
"""
_STANDING = (
    "status = ANY(%(open)s)",
    "status = ANY(%(turn)s) AND due_on < %(today)s",
    "status = %(answered)s",
    "status = %(closed)s",
    "status = %(archived)s",
)
_WEEKLY = (
    "placed_at >= %(from{n})s AND placed_at < %(until{n})s",
    "closed_at >= %(from{n})s AND closed_at < %(until{n})s",
    "missed_on >= %(due{n})s AND missed_on < %(end{n})s",
    "placed_at < %(until{n})s AND (closed_at IS NULL OR closed_at >= %(until{n})s)",
)
_COUNTED = [*_STANDING, *(one.format(n=n) for n in range(WEEKS + 1) for one in _WEEKLY)]
_COUNTS = "ARRAY[" + ", ".join(f"count(*) FILTER (WHERE {one})" for one in _COUNTED) + "]::int[]"
_WHOLE = "ARRAY[" + ", ".join(f"sum(counts[{n}])" for n in range(1, len(_COUNTED) + 1)) + "]::int[]"


def _given(today: datetime.date) -> dict[str, Any]:
    given: dict[str, Any] = {
        "today": today,
        "open": list(OPEN),
        "turn": list(OFFICES_TURN),
        "answered": Status.ANSWERED.value,
        "closed": Status.CLOSED.value,
        "archived": Status.ARCHIVED.value,
    }
    for n, first in enumerate(mondays(today)):
        # Late from the day after the due day on, and not before today.
        given |= {f"due{n}": first - _DAY, f"end{n}": min(first + _WEEK, today + _DAY) - _DAY}
        given |= {f"from{n}": day_begins(first), f"until{n}": day_begins(first + _WEEK)}
    return given


@transaction.atomic
def refresh(now: datetime.datetime | None = None) -> Headline:
    """Count all programmes anew, replacing what stood there. May run twice; a second at once waits for the first."""
    now = now or timezone.now()
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('routing.programme_sums'))")
        cursor.execute("DELETE FROM routing_programmesum")
        cursor.execute(
            f"INSERT INTO routing_programmesum (programme_id, top_id, province, counts) "  # noqa: S608
            f"{_TAGGED.format(narrowed='', weeks=WEEKS)} "
            f"SELECT programme_id, top_id, province, {_COUNTS} FROM told GROUP BY 1, 2, 3",
            _given(today_at(Agency.objects.root(), now)),
        )
        cursor.execute("SELECT COALESCE(sum(counts[1] + counts[4] + counts[5]), 0)::int FROM routing_programmesum")
        figures = {"cases": cursor.fetchone()[0], "took": time.monotonic() - began}
    return Headline.objects.update_or_create(name=NAME, defaults={"made_at": now, "figures": figures})[0]


def read(node: Agency, programmes: Iterable[int], today: datetime.date) -> Sums:
    """Of these programmes what lies at or below the node. Two statements, however many cases there are."""
    given: dict[str, Any] = {"programmes": list(programmes), "top": node.pk, "path": f"{node.path}%"}
    made = Headline.objects.filter(name=NAME).first() if node.path_length <= _KEPT_DEPTH else None
    if made is None or made.figures["cases"] <= FEW:
        narrowed = "AND t.programme_id = ANY(%(programmes)s)" + (" AND a.path LIKE %(path)s" if node.parent_id else "")
        tagged = _TAGGED.format(narrowed=narrowed, weeks=WEEKS)
        sql = f"{tagged} SELECT programme_id, province, {_COUNTS} FROM told GROUP BY 1, 2"  # noqa: S608
        return Sums(_rows(sql, _given(today) | given), today)
    here = "programme_id = ANY(%(programmes)s)" + (" AND top_id = %(top)s" if node.parent_id else "")
    sql = f"SELECT programme_id, province, {_WHOLE} FROM routing_programmesum WHERE {here} GROUP BY 1, 2"  # noqa: S608
    return Sums(_rows(sql, given), today_at(Agency.objects.root(), made.made_at), made.made_at)


def _rows(sql: str, given: dict[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [_row(*one) for one in cursor.fetchall()]


def _row(programme: int, province: str, counts: list[int]) -> Row:
    weekly = counts[len(STANDING) :]
    weeks = (tuple(weekly[n : n + len(WEEKLY)]) for n in range(0, len(weekly), len(WEEKLY)))
    return Row(programme, province, tuple(counts[: len(STANDING)]), tuple(weeks))
