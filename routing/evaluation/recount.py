"""A year counted from the events recorded before its closing, by the law of that closing: so that it can be counted
again at any time and gives the same (case.md, I9). What is kept ready for oversight is only read to know which cases
to look at; nothing of it is changed.

Cases are told in batches, two at once, into tables that end with the transaction; of some batches together the sums
are added up. A run that is cut off goes on where it was. What changed about a case since (that it became secret, or is
kept from an office) is looked at: the first moves it among what may be told of few and changes no total, the second
counts only if it was so by the closing.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from agencies.models import Agency
from agencies.models.agency import PEMDA
from routing.evaluation.numbers import Counted, together
from routing.measures import beside, counting, ledger

# Told by one statement, by each of those who count at once; and of how many batches together the sums are fetched: an
# office has few cases in one, and each row of sums costs as much as telling a case.
BATCH: Final = 20_000
SUMMED: Final = 10
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
    asked = {"first": first, "last": last}
    before, most = _span(first, last)
    after = max(after, before)
    with beside.hands(ledger.WORKERS) as at_once:
        while after < most:
            if is_over():
                return after
            share = min(batch * SUMMED, -(-(most - after) // ledger.WORKERS))
            starts = range(after, most, share)[: ledger.WORKERS]
            found: list[list[_Rows]] = [[] for _start in starts]
            ends = [min(start + share, most) for start in starts]
            at_once(
                [
                    partial(_tell, rows, law, {**asked, "until": until}, range(start, end, batch), end)
                    for rows, start, end in zip(found, starts, ends, strict=True)
                ]
            )
            for rows in found:
                _add(offices, rows)
            after = ends[-1]
    return None


class _Rows(NamedTuple):
    """What was counted of some cases: (agency, secret, a number for each of `codes`), or with a name of
    `counting.SPREADS` (agency, secret, days, how many)."""

    codes: tuple[str, ...]
    spread: str
    rows: list[tuple[Any, ...]]


def _tell(found: list[_Rows], law: ledger.Law, asked: Mapping[str, Any], starts: range, last: int) -> None:
    """Cases behind each of `starts`, up to the `last`."""
    with transaction.atomic(), connection.cursor() as cursor:
        beside.with_room()
        for table in ("casefigure", "turnfigure"):
            cursor.execute(
                f"CREATE TEMPORARY TABLE IF NOT EXISTS year_{table} ON COMMIT DROP AS "
                f"SELECT * FROM routing_{table} WITH NO DATA"
            )
            cursor.execute(f"DELETE FROM year_{table}")
        for start in starts:
            end = min(start + starts.step, last)
            ledger.tell_into("year", _WHICH, law, also=_IN_THE_YEAR, **asked, after=start, end=end)
        for table, codes, numbers in (
            ("casefigure", (*counting.CASES, *counting.SUMS), counting.case_numbers()),
            ("turnfigure", tuple(counting.TURNS), counting.turn_numbers()),
        ):
            cursor.execute(
                f"SELECT agency_id, secret, {', '.join(numbers)} FROM year_{table} WHERE {_OF_THE_YEAR} "
                "GROUP BY agency_id, secret",
                asked,
            )
            found.append(_Rows(codes, "", cursor.fetchall()))
        for table, names in (("casefigure", counting.CASE_SPREADS), ("turnfigure", ("days",))):
            which = " ".join(f"WHEN GROUPING({name}) = 0 THEN '{name}'" for name in names)
            sets = ", ".join(f"(agency_id, secret, {name})" for name in names)
            cursor.execute(
                f"SELECT CASE {which} END, agency_id, secret, COALESCE({', '.join(names)}) AS days, count(*) "
                f"FROM year_{table} WHERE {_OF_THE_YEAR} GROUP BY GROUPING SETS ({sets}) "
                f"HAVING COALESCE({', '.join(names)}) IS NOT NULL",
                asked,
            )
            rows = cursor.fetchall()
            found += [_Rows((), name, [row[1:] for row in rows if row[0] == name]) for name in names]


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


def _add(offices: Offices, found: Iterable[_Rows]) -> None:
    for codes, name, rows in found:
        for agency, secret, *counts in rows:
            for one in offices.at(agency, secret=secret):
                if name:
                    one.spreads[name][counts[0]] += counts[1]
                    continue
                for code, n in zip(codes, counts, strict=True):
                    if n:
                        one.sums[code] += n


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
