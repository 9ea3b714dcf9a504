"""The sums kept ready of the ledger: of the country by kind, channel, both and category, and of each agency directly
below it; of each day and of each month. Those that carry their days and splits with them are `routing.measures.piles`.

What happens moves them by the difference between what the ledger said and what it says (`move`); made anew they are
counted from it (`fill`). Both come to the same, which the nightly check asks.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.db import connection, transaction

from agencies.models import Agency
from routing.measures import beside, counting, piles

KIND, CHANNEL, CATEGORY = 1, 2, 4
ALL = 0
# Which sums are kept of the country; of what lies directly below it the first alone.
CUBES = (ALL, KIND, CHANNEL, KIND | CHANNEL, CATEGORY)
SPREAD_CUBES = (ALL, KIND, CHANNEL, KIND | CHANNEL)
SOURCES: Final = piles.SOURCES
Name = Callable[[str], str]

_COLUMNS = {KIND: "kind", CHANNEL: "channel", CATEGORY: "category_id"}
_KEY = "node_id, cube, day, secret, kind, channel, category_id"
_SPREAD_KEY = "cube, day, secret, kind, channel, what, days"
_PLACES = range(1, len(counting.CODES) + 1)
_NOTHING = f"array_fill(0, ARRAY[{len(counting.CODES)}])"
_PUT = (
    f"ON CONFLICT ({_KEY}) DO UPDATE SET counts = ARRAY["
    + ", ".join(f"t.counts[{n}] + EXCLUDED.counts[{n}]" for n in _PLACES)
    + "]"
)
_PUT_SPREAD = f"ON CONFLICT ({_SPREAD_KEY}) DO UPDATE SET count = t.count + EXCLUDED.count"
# Of a day, and of the month that holds it: table of sums, of spreads, SQL of the date they stand under.
_MONTH = "date_trunc('month', day)::date"
_WITHIN = "day >= %(first)s AND day < %(after)s"
_SPANS = (("tally", "spread", "day"), ("monthtally", "monthspread", _MONTH))


def _sets(cubes: Iterable[int], *always: str, also: str = "") -> str:
    sets = [", ".join([*always, *(name for bit, name in _COLUMNS.items() if cube & bit)]) for cube in cubes]
    return "GROUPING SETS (" + ", ".join(f"({one})" for one in [*sets, *([also] if also else [])]) + ")"


# GROUPING gives 1 for what is summed over, first column highest.
_CUBE = "(7 - (GROUPING(kind) + 2 * GROUPING(channel) + 4 * GROUPING(category_id)))"


def _summed(source: str, rows: str, sign: str = "") -> str:
    """Sums over `rows` (day, secret, kind, channel, category_id, top_id and the ledger's columns), as rows of a table
    of sums."""
    return f"""
        SELECT CASE WHEN GROUPING(top_id) = 0 THEN top_id ELSE %(root)s END AS node_id,
            CASE WHEN GROUPING(top_id) = 0 THEN 0 ELSE {_CUBE} END AS cube, day, secret, COALESCE(kind, '') AS kind,
            COALESCE(channel, '') AS channel, category_id, {piles.numbers(source, sign)} AS counts
        FROM {rows} GROUP BY {_sets(CUBES, "day", "secret", also="day, secret, top_id")}
        HAVING GROUPING(top_id) = 1 OR top_id <> %(root)s"""


def _spread(source: str, rows: str, count: str = "count(*)") -> str:
    cube = "(3 - (GROUPING(kind) + 2 * GROUPING(channel)))"
    parts = [
        f"""SELECT {cube} AS cube, day, secret, COALESCE(kind, '') AS kind, COALESCE(channel, '') AS channel,
            {what} AS what, {column} AS days, {count}::int AS count
        FROM {rows} WHERE {column} IS NOT NULL GROUP BY {_sets(SPREAD_CUBES, "day", "secret", column)}"""
        for what, column in enumerate(counting.SPREADS)
        if (column in counting.CASE_SPREADS) == (source == "casefigure")
    ]
    return " UNION ALL ".join(parts)


# --- What happened ---


def move(now: Mapping[str, str], params: Mapping[str, Any]) -> None:
    """Add the difference between `was_<source>` and what the ledger says now of those rows (`now`: a condition on f for
    each source). Sums that come to nothing go."""
    params = {**params, "root": Agency.objects.root().pk}
    with connection.cursor() as cursor:
        for source, which in now.items():
            for table, spread, date in _SPANS:
                rows = f"""(SELECT s, {_shared(source, date)} FROM (
                    SELECT -1 AS s, * FROM was_{source} f UNION ALL
                    SELECT 1 AS s, * FROM routing_{source} f WHERE {which}) f WHERE NOT withheld) f"""
                cursor.execute(
                    f"""WITH put AS (
                        INSERT INTO routing_{table} AS t ({_KEY}, counts)
                        SELECT {_KEY}, counts FROM ({_summed(source, rows, "s")}) x WHERE counts <> {_NOTHING}
                        {_PUT} RETURNING id, counts)
                    SELECT id FROM put WHERE counts = {_NOTHING}""",
                    params,
                )
                _forget(cursor, table)
                cursor.execute(
                    f"""WITH put AS (
                        INSERT INTO routing_{spread} AS t ({_SPREAD_KEY}, count)
                        SELECT {_SPREAD_KEY}, count FROM ({_spread(source, rows, "sum(s)")}) x WHERE count <> 0
                        {_PUT_SPREAD} RETURNING id, count)
                    SELECT id FROM put WHERE count = 0""",
                    params,
                )
                _forget(cursor, spread)
    piles.move(now, params, _counted)


def _shared(source: str, date: str) -> str:
    """The ledger's columns under which and of which there are sums."""
    return ", ".join([f"{date} AS day", "secret", "kind", "channel", "category_id", "top_id", _counted(source)])


def _counted(source: str) -> str:
    given = counting.CASES if source == "casefigure" else counting.TURNS
    counted = {column for condition in given.values() for column in condition}
    if source == "casefigure":
        counted |= {*counting.SUMS.values(), *counting.CASE_SPREADS}
    else:
        counted.add("days")
    return ", ".join(sorted(counted))


def _forget(cursor: Any, table: str) -> None:
    gone = [pk for (pk,) in cursor.fetchall()]
    if gone:
        cursor.execute(f"DELETE FROM routing_{table} WHERE id = ANY(%s)", [gone])


# --- From the ledger ---


def filling(name: Name) -> list[Callable[[], None]]:
    """Of days: what fills each table with the sums of each month the ledger has, in any order; months a table has stay
    as they are."""
    told = {
        f"routing_{table}": f"INSERT INTO {name(f'routing_{table}')} ({_columns_of(table)}) {sql}"
        for table, sql in counted(name, _WITHIN).items()
    } | piles.filling(name, _WITHIN)
    found: list[Callable[[], None]] = []
    with connection.cursor() as cursor:
        for table, sql in told.items():
            cursor.execute(f"SELECT DISTINCT {_MONTH} FROM {name(table)}")
            done = {month for (month,) in cursor.fetchall()}
            found += [partial(_fill, sql, first, after) for first, after in _months(cursor, name) if first not in done]
    return found


def _months(cursor: Any, name: Name) -> list[tuple[datetime.date, datetime.date]]:
    """The first day of each month the ledger has, and that of the next."""
    ends = " UNION ALL ".join(
        f"SELECT min(day) AS first, max(day) AS last FROM {name(f'routing_{source}')}" for source in SOURCES
    )
    cursor.execute(f"SELECT min(first), max(last) FROM ({ends}) e")
    first, last = cursor.fetchone()
    found = []
    month = first.replace(day=1) if first else None
    while month and month <= last:
        after = (month + datetime.timedelta(days=32)).replace(day=1)
        found.append((month, after))
        month = after
    return found


def _fill(sql: str, first: datetime.date, after: datetime.date) -> None:
    params: dict[str, Any] = {"root": Agency.objects.root().pk, "first": first, "after": after}
    with transaction.atomic(), connection.cursor() as cursor:
        beside.with_room()
        cursor.execute(sql, params)


def counted(name: Name, when: str) -> dict[str, str]:
    """SQL of the rows of each table of sums of days, from the ledger; `when`: a condition on the day."""
    rows = {
        source: f"(SELECT * FROM {name(f'routing_{source}')} WHERE NOT withheld AND {when}) f" for source in SOURCES
    }
    return {
        "tally": _added(" UNION ALL ".join(_summed(source, some) for source, some in rows.items())),
        "spread": " UNION ALL ".join(_spread(source, some) for source, some in rows.items()),
    }


def _columns_of(table: str) -> str:
    return f"{_KEY}, counts" if table.endswith("tally") else f"{_SPREAD_KEY}, count"


def _added(rows: str) -> str:
    counts = ", ".join(f"sum(counts[{n}])" for n in _PLACES)
    return f"SELECT {_KEY}, ARRAY[{counts}]::int[] AS counts FROM ({rows}) x GROUP BY {_KEY}"


def months_filling(name: Name) -> list[Callable[[], None]]:
    """Those of months, from those of days: what fills each table, in any order; one that is filled stays as it is."""
    told = {
        table: f"INSERT INTO {name(f'routing_{table}')} ({_columns_of(table)}) {sql}"
        for table, sql in of_months(name).items()
    } | piles.filling_added(name)
    return [partial(_fill_once, name(f"routing_{table}"), sql) for table, sql in told.items()]


def _fill_once(table: str, sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        beside.with_room()
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
        if not cursor.fetchone()[0]:
            cursor.execute(sql)


def of_months(name: Name, when: str = "TRUE") -> dict[str, str]:
    """SQL of the rows of each table of sums of months, from those of days."""
    month = f"{_MONTH} AS day"
    tally = f"SELECT {_KEY.replace('day', month)}, counts FROM {name('routing_tally')} WHERE {when}"
    spread = f"SELECT {_SPREAD_KEY.replace('day,', f'{month},', 1)}, count FROM {name('routing_spread')} WHERE {when}"
    return {
        "monthtally": _added(tally),
        "monthspread": f"SELECT {_SPREAD_KEY}, sum(count)::int AS count FROM ({spread}) s GROUP BY {_SPREAD_KEY}",
    }


def differing(days: Sequence[datetime.date], tops: Sequence[int] = ()) -> set[datetime.date]:
    """Of these days, and of the months they lie in, those whose sums are not what the ledger counts; of sums of offices
    those below some of the agencies directly below the root."""
    params: dict[str, Any] = {
        "root": Agency.objects.root().pk,
        "some": list(days),
        "tops": list(tops),
        "months": sorted({day.replace(day=1) for day in days}),
    }
    whole = f"{_MONTH} = ANY(%(months)s)"
    asked = [
        (table, _columns_of(table), sql, "day = ANY(%(some)s)")
        for table, sql in counted(str, "day = ANY(%(some)s)").items()
    ]
    asked += [(table, _columns_of(table), sql, "day = ANY(%(months)s)") for table, sql in of_months(str, whole).items()]
    asked += [(pile.table, pile.columns, sql, held) for pile, sql, held in piles.checks()]
    found: set[datetime.date] = set()
    with connection.cursor() as cursor:
        for table, columns, sql, when in asked:
            held = f"SELECT {columns} FROM routing_{table} WHERE {when}"
            cursor.execute(
                f"WITH held AS ({held}), told AS (SELECT {columns} FROM ({sql}) t) "
                "SELECT day FROM (TABLE held EXCEPT ALL TABLE told) a "
                "UNION SELECT day FROM (TABLE told EXCEPT ALL TABLE held) b",
                params,
            )
            found |= {day for (day,) in cursor.fetchall()}
    return found
