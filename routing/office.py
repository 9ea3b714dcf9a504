"""One office for whoever heads it: itself against its own past, and against the middle of the offices beside it.

Read from the turns in the figures: what came, what was answered in time, how long it took, what was handed back. The
offices beside it are told as their median alone, from five of them on, and without what is secret.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from agencies.models import Agency, Membership
from agencies.permissions import Capability, membership_may
from complaints.models import Complaint, Message
from complaints.notifications.to_officers import title_of
from routing.measures.counting import TURNS, condition
from routing.measures.reading import Reader
from routing.measures.secrecy import LEAST
from routing.oversight import readable

WEEKS: Final = 4
# Answers that are listed before the page says "and more".
WAITING: Final = 10


@dataclass(frozen=True)
class Turns:
    """Of one office or period. Shares are per cent; None where there is nothing to be a share of."""

    turns: int = 0
    in_time: int | None = None
    median: float | None = None
    handed_back: int | None = None


@dataclass(frozen=True)
class Past:
    """The last four weeks, the four before them, the same four a year ago (364 days: the same days of the week), and
    the middle of the offices beside this one. `beside`: of how many offices; None: too few to tell."""

    now: Turns
    before: Turns
    year: Turns
    beside: Turns | None
    offices: int
    first: datetime.date
    last: datetime.date


def periods(today: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """The last whole four weeks, ending today."""
    span = datetime.timedelta(weeks=WEEKS)
    last = today
    first = today - span + datetime.timedelta(days=1)
    year = datetime.timedelta(days=364)
    return [(first, last), (first - span, last - span), (first - year, last - year)]


_NUMBERS = f"""count(*)::int, count(*) FILTER (WHERE {condition(TURNS["turns_in_time"])})::int,
    count(*) FILTER (WHERE {condition(TURNS["turns_late"])})::int,
    count(*) FILTER (WHERE {condition(TURNS["turns_not_ours"])})::int,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY f.days)"""


def past(office: Agency, membership: Membership, today: datetime.date) -> Past:
    """Three statements."""
    spans = periods(today)
    below = list(Agency.objects.under(office).order_by().values_list("pk", flat=True))
    reader = Reader.of(membership)
    secrecy = "TRUE" if reader.all_secrets else "(NOT f.secret OR f.agency_id = %(own)s)"
    params: dict[str, Any] = {"offices": below, "own": reader.secrets_of or 0}
    values = []
    for n, (first, last) in enumerate(spans):
        params |= {f"first{n}": first, f"last{n}": last}
        values.append(f"({n}, %(first{n})s::date, %(last{n})s::date)")
    spans_sql = ", ".join(values)
    sql = f"""SELECT p.n, {_NUMBERS} FROM (VALUES {spans_sql}) p (n, first, last)
        JOIN routing_turnfigure f ON f.day BETWEEN p.first AND p.last
        WHERE f.agency_id = ANY(%(offices)s) AND NOT f.withheld AND {secrecy} GROUP BY 1"""  # noqa: S608 (constants)
    own = _read(sql, params)
    beside = _beside(office, spans[0])
    return Past(
        now=own.get(0, Turns()),
        before=own.get(1, Turns()),
        year=own.get(2, Turns()),
        beside=_middle(beside) if len(beside) >= LEAST else None,
        offices=len(beside),
        first=spans[0][0],
        last=spans[0][1],
    )


def _beside(office: Agency, span: tuple[datetime.date, datetime.date]) -> list[Turns]:
    """Each office directly below the same pemda that had a turn then, with its units; without what is secret."""
    steps = [int(step) for step in office.path.strip("/").split("/")]
    if len(steps) < 3:
        return []
    sql = f"""SELECT split_part(a.path, '/', 4)::bigint, {_NUMBERS} FROM routing_turnfigure f
        JOIN agencies_agency a ON a.id = f.agency_id
        WHERE f.top_id = %(top)s AND f.day BETWEEN %(first)s AND %(last)s AND NOT f.withheld AND NOT f.secret
        AND split_part(a.path, '/', 4) <> '' GROUP BY 1"""  # noqa: S608 (constants)
    return list(_read(sql, {"top": steps[1], "first": span[0], "last": span[1]}).values())


def _read(sql: str, params: Mapping[str, Any]) -> dict[int, Turns]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {pk: _turns(*numbers) for pk, *numbers in cursor.fetchall()}


def _turns(turns: int, in_time: int, late: int, not_ours: int, middle: float | None) -> Turns:
    judged = in_time + late
    return Turns(
        turns,
        round(100 * in_time / judged) if judged else None,
        int(middle) if middle is not None and middle == int(middle) else middle,
        round(100 * not_ours / turns) if turns else None,
    )


def _middle(found: Sequence[Turns]) -> Turns:
    def of(name: str) -> Any:
        values = [getattr(one, name) for one in found if getattr(one, name) is not None]
        middle = median(values) if values else None
        return int(middle) if middle is not None and middle == int(middle) else middle

    return Turns(round(of("turns") or 0), of("in_time"), of("median"), of("handed_back"))


# --- What waits for the head ---


@dataclass(frozen=True)
class Waiting:
    number: str
    shown_number: str
    title: str
    author: str
    written_at: datetime.datetime
    final: bool


def waiting(office: Agency, membership: Membership) -> list[Waiting] | None:
    """Answers of the office that wait for its head's word, oldest first; None: it is not this reader's to give. One
    statement."""
    if not membership_may(membership, Capability.APPROVE, office):
        return None
    mine = Complaint.objects.open().filter(readable(membership), Q(handler=office))
    rows = Message.objects.filter(agency=office, state=Message.State.PENDING, complaint__in=mine)
    return [
        Waiting(
            one.complaint.number,
            one.complaint.shown_number,
            title_of(one.complaint),
            one.author.name if one.author else "",
            one.written_at,
            one.verb == "resolve",
        )
        for one in rows.select_related("complaint__reporter", "author").order_by("written_at")[: WAITING + 1]
    ]
