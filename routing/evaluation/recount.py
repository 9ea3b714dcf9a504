"""A year counted from the events recorded before its closing, by the law of that closing: so that it can be counted
again at any time and gives the same (case.md, I9). What is kept ready for oversight is only read to know which cases
to look at; nothing of it is changed.

Cases are told in batches by two hands, each into tables of its own connection that hold only what is counted; each
takes the next batch as soon as it is free, and adds up the sums of many batches together, while the other goes on. A
run that is cut off goes on where it was. What changed about a case since (that it became secret, or is
kept from an office) is looked at: the first moves it among what may be told of few and changes no total, the second
counts only if it was so by the closing.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any, Final

from django.db import connection, transaction

from agencies.models import Agency
from agencies.models.agency import PEMDA
from routing.evaluation.numbers import Counted, together
from routing.measures import beside, counting, ledger

# Told by one statement; and of how many batches a hand fetches the sums together: an office has few cases in one, and
# each row of sums costs Python about as much as a case. More would take too long behind the end of a task's time.
BATCH: Final = 20_000
SUMMED: Final = 100
# Rows of sums that are added up before the other hand has its turn.
ROWS: Final = 10_000
_WHICH: Final = "c.id > %(after)s AND c.id <= %(end)s"
# Of these alone, not of all there are: both are read by their keys. Asked of each case, not joined: that cases follow
# each other by id as by day PostgreSQL does not know, would expect a handful to be found by both, and go through the
# whole batch for each of them: minutes instead of a second.
_IN_THE_YEAR: Final = f"""(EXISTS (
        SELECT FROM routing_casefigure f WHERE f.complaint_id = c.id
        AND {_WHICH.replace("c.id", "f.complaint_id")} AND f.day BETWEEN %(first)s AND %(last)s)
    OR EXISTS (
        SELECT FROM routing_turnfigure t WHERE t.complaint_id = c.id
        AND {_WHICH.replace("c.id", "t.complaint_id")} AND t.day BETWEEN %(first)s AND %(last)s))"""
_OF_THE_YEAR: Final = "NOT withheld AND day BETWEEN %(first)s AND %(last)s"
# By table: the numbers, as SQL, and the columns of working days.
_TABLES: Final = (
    ("casefigure", (*counting.CASES, *counting.SUMS), counting.case_numbers(), counting.CASE_SPREADS),
    ("turnfigure", tuple(counting.TURNS), counting.turn_numbers(), counting.TURN_SPREADS),
)
# What is kept of each case and turn until it is added up.
_COLUMNS: Final = {
    "casefigure": ("agency_id", "secret", *counting.CASE_COLUMNS),
    "turnfigure": ("agency_id", "secret", *counting.TURN_COLUMNS),
}


@dataclass
class Offices:
    """By the id of an agency: all of it, and without secret cases."""

    all: dict[int, Counted] = field(default_factory=lambda: defaultdict(Counted))
    open: dict[int, Counted] = field(default_factory=lambda: defaultdict(Counted))

    def kept(self) -> dict[str, Any]:
        return {
            name: {str(pk): one.kept() for pk, one in sorted(offices.items())}
            for name, offices in (("all", self.all), ("open", self.open))
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Offices:
        made = cls()
        for name, offices in (("all", made.all), ("open", made.open)):
            for pk, one in kept.get(name, {}).items():
                offices[int(pk)] = Counted.read(one)
        return made

    def at(self, agency: int, *, secret: bool) -> Iterable[Counted]:
        return (self.all[agency],) if secret else (self.all[agency], self.open[agency])


def _never() -> bool:
    return False


def run(
    offices: Offices,
    *,
    first: datetime.date,
    last: datetime.date,
    until: datetime.datetime,
    law: ledger.Law,
    after: int = 0,
    is_over: Callable[[], bool] = _never,
    batch: int = BATCH,
) -> int | None:
    """Add the cases behind `after`. Returns the last one that is counted where the time is over; None: it is done."""
    asked = {"first": first, "last": last, "until": until}
    before, most = _span(first, last)
    way = _Way(max(after, before), most, batch, is_over)
    with beside.hands(ledger.WORKERS) as at_once:
        at_once([partial(_count, offices, way, law, asked)] * ledger.WORKERS)
    return way.after if way.after < most else None


@dataclass
class _Way:
    """The cases behind `after`, a batch for whoever is free. What was handed out is counted: who is over ends what is
    begun."""

    after: int
    most: int
    batch: int
    is_over: Callable[[], bool]
    # Whoever holds it alone moves `after`, or adds to what is counted.
    alone: Lock = field(default_factory=Lock)

    def batches(self) -> Iterator[tuple[int, int]]:
        while True:
            with self.alone:
                if self.after >= self.most or self.is_over():
                    self.end()
                    return
                start, self.after = self.after, min(self.after + self.batch, self.most)
                end = self.after
            yield start, end

    def end(self) -> None:
        self.most = self.after


def _count(offices: Offices, way: _Way, law: ledger.Law, asked: Mapping[str, Any]) -> None:
    """What one hand does. Each batch is a transaction: one that lasted would hold up whoever counts the events."""
    try:
        _lay()
        for n, (after, end) in enumerate(way.batches(), start=1):
            with transaction.atomic():
                beside.with_room()
                ledger.tell_into(
                    "year", _WHICH, law, also=_IN_THE_YEAR, only=_OF_THE_YEAR, columns=_COLUMNS, **asked,
                    after=after, end=end,
                )  # fmt: skip
            if n % SUMMED == 0:
                _add(offices, way.alone)
        _add(offices, way.alone)
    except BaseException:
        way.end()
        raise
    finally:
        # The connection may be another's next.
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS year_casefigure, year_turnfigure")


def _lay() -> None:
    with connection.cursor() as cursor:
        for table, columns in _COLUMNS.items():
            cursor.execute(f"DROP TABLE IF EXISTS year_{table}")
            cursor.execute(
                f"CREATE TEMPORARY TABLE year_{table} AS SELECT {', '.join(columns)} FROM routing_{table} WITH NO DATA"
            )


def _add(offices: Offices, alone: Lock) -> None:
    """Add what this hand told to what is counted, and forget it."""
    with transaction.atomic(), connection.cursor() as cursor:
        beside.with_room()
        for table, codes, numbers, spreads in _TABLES:
            cursor.execute(f"SELECT agency_id, secret, {', '.join(numbers)} FROM year_{table} GROUP BY 1, 2")
            while rows := cursor.fetchmany(ROWS):
                with alone:
                    for agency, secret, *counts in rows:
                        for one in offices.at(agency, secret=secret):
                            for code, n in zip(codes, counts, strict=True):
                                if n:
                                    one.sums[code] += n
            which = " ".join(f"WHEN GROUPING({name}) = 0 THEN '{name}'" for name in spreads)
            sets = ", ".join(f"(agency_id, secret, {name})" for name in spreads)
            days = f"COALESCE({', '.join(spreads)})"
            # A row of each office, not of each number of days.
            cursor.execute(
                f"""SELECT name, agency_id, secret, array_agg(days), array_agg(n) FROM (
                    SELECT CASE {which} END AS name, agency_id, secret, {days}::int AS days, count(*)::int AS n
                    FROM year_{table} GROUP BY GROUPING SETS ({sets}) HAVING {days} IS NOT NULL) spread
                GROUP BY 1, 2, 3"""
            )
            while rows := cursor.fetchmany(ROWS):
                with alone:
                    for name, agency, secret, days_of, counts in rows:
                        for one in offices.at(agency, secret=secret):
                            spread = one.spreads[name]
                            for day, n in zip(days_of, counts, strict=True):
                                spread[day] += n
            cursor.execute(f"TRUNCATE year_{table}")


def _span(first: datetime.date, last: datetime.date) -> tuple[int, int]:
    """Below which id no case of the year lies, and the last one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT COALESCE(min(least) - 1, 0), COALESCE(max(most), 0) FROM (
                SELECT min(complaint_id) AS least, max(complaint_id) AS most FROM routing_casefigure
                WHERE day BETWEEN %(first)s AND %(last)s
                UNION ALL SELECT min(complaint_id), max(complaint_id) FROM routing_turnfigure
                WHERE day BETWEEN %(first)s AND %(last)s) both_tables""",
            {"first": first, "last": last},
        )
        before, most = cursor.fetchone()
        return before, most


# --- By district ---


@dataclass(frozen=True)
class Office:
    """An office directly below a district with all that lies under it; the district's own desk under its own id."""

    pk: int
    name: str
    all: Counted
    open: Counted

    def kept(self) -> dict[str, Any]:
        return {"pk": self.pk, "name": self.name, "all": self.all.kept(), "open": self.open.kept()}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Office:
        return cls(kept["pk"], kept["name"], Counted.read(kept["all"]), Counted.read(kept["open"]))


@dataclass(frozen=True)
class District:
    agency: Agency
    whole: Counted
    offices: list[Office]


def districts(offices: Offices, first: datetime.date, last: datetime.date) -> list[District]:
    """Every pemda that existed in the year, those without a case too. Two statements."""
    tops = {
        one.pk: one
        for one in Agency.objects.filter(kind__in=PEMDA, parent__parent__isnull=True)
        if (one.starts_on is None or one.starts_on <= last) and (one.ends_on is None or one.ends_on > first)
    }
    names: dict[int, str] = {}
    below: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    counted = set(offices.all)
    for pk, path, name in Agency.objects.order_by().values_list("pk", "path", "name"):
        steps = [int(step) for step in path.strip("/").split("/")]
        if len(steps) <= 3:
            names[pk] = name
        if len(steps) > 1 and steps[1] in tops and (pk in counted or len(steps) == 3):
            below[steps[1]][steps[2] if len(steps) > 2 else steps[1]].append(pk)
    found = []
    for pk, agency in sorted(tops.items(), key=lambda one: (one[1].name, one[0])):
        rows = [
            Office(
                office,
                names[office],
                together(offices.all[one] for one in parts if one in offices.all),
                together(offices.open[one] for one in parts if one in offices.open),
            )
            for office, parts in below[pk].items()
        ]
        rows.sort(key=lambda one: (one.name, one.pk))
        found.append(District(agency, together(one.all for one in rows), rows))
    return found
