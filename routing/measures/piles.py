"""Sums that carry their spreads of working days and what was received by kind, channel and category: of each office and
each agency directly below the root by month, and of the country by day and month for every filter there is. A page
reads a few of them whatever has been filed; what is left of a month it counts in the ledger, in the same words.

As `routing.measures.sums`: what happens moves them by the difference, made anew they are counted from the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from routing.measures import counting

SOURCES: Final = ("casefigure", "turnfigure")
SPLITS: Final = ("kind", "channel", "category_id")
Name = Callable[[str], str]

_MONTH: Final = "date_trunc('month', day)::date"
_PLACES: Final = range(1, len(counting.CODES) + 1)
_NOTHING: Final = f"array_fill(0, ARRAY[{len(counting.CODES)}])"
_CATEGORY: Final = "COALESCE(category_id, 0) AS category"


@dataclass(frozen=True)
class Pile:
    """`by`: the columns of a row, beside day and secret. `source`: the pile it is added up from; none: the ledger."""

    table: str
    by: tuple[str, ...]
    date: str
    is_split: bool
    source: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return (*self.by, "day", "secret")

    @property
    def columns(self) -> str:
        return ", ".join((*self.key, "counts", "days", "split"))


_ALIKE: Final = ("category", "kind", "channel")
PILES: Final = (
    Pile("officesum", ("agency_id", "top_id"), _MONTH, is_split=True),
    Pile("topsum", ("top_id",), _MONTH, is_split=True, source="officesum"),
    Pile("cell", _ALIKE, "day", is_split=False),
    Pile("monthcell", _ALIKE, _MONTH, is_split=False, source="cell"),
)


# --- From the ledger ---


def counted(rows: Mapping[str, str], by: Sequence[str], *, is_split: bool, sign: str = "", inner: bool = False) -> str:
    """SQL of one row for each `by`, with counts, days and split, of `rows` (of each source what stands in FROM).
    `sign`: a column by which a row counts, +1 or -1. `inner`: to follow other CTEs."""
    keys, n = ", ".join(by), f"sum({sign})" if sign else "count(*)"
    counts = " UNION ALL ".join(
        f"SELECT {keys}, {numbers(source, sign)} AS counts FROM {some} GROUP BY {keys}" for source, some in rows.items()
    )
    parts = " UNION ALL ".join(_parts(source, some, keys, n, is_split=is_split) for source, some in rows.items())
    return f"""{"," if inner else "WITH"} numbered AS (
            SELECT {keys}, {_summed()} AS counts FROM ({counts}) x GROUP BY {keys}),
        parted AS (
            SELECT {keys}, jsonb_object_agg(part, n) FILTER (WHERE what < {len(counting.SPREADS)}) AS days,
                jsonb_object_agg(part, n) FILTER (WHERE what >= {len(counting.SPREADS)}) AS split
            FROM ({parts}) x WHERE part IS NOT NULL AND n <> 0 GROUP BY {keys})
        SELECT {keys}, counts, COALESCE(days, '{{}}') AS days, COALESCE(split, '{{}}') AS split
        FROM numbered LEFT JOIN parted USING ({keys})"""


def numbers(source: str, sign: str = "") -> str:
    """Each number of `counting.CODES` of rows of this source."""
    no_cases = ["0"] * len((*counting.CASES, *counting.SUMS))
    no_turns = ["0"] * len(counting.TURNS)
    if source == "casefigure":
        return f"ARRAY[{', '.join([*counting.case_numbers(sign), *no_turns])}]::int[]"
    return f"ARRAY[{', '.join([*no_cases, *counting.turn_numbers(sign)])}]::int[]"


def _summed() -> str:
    return f"ARRAY[{', '.join(f'sum(counts[{n}])' for n in _PLACES)}]::int[]"


def _parts(source: str, some: str, keys: str, n: str, *, is_split: bool) -> str:
    """Rows (by, what, part, n), in one reading of the source; of each part one, in whichever source it is."""
    words = {
        column: f"'{what}:' || {column}"
        for what, column in enumerate(counting.SPREADS)
        if (column in counting.CASE_SPREADS) == (source == "casefigure")
    }
    places = {column: what for what, column in enumerate(counting.SPREADS)}
    if is_split and source == "casefigure":
        words |= {column: f"'{column}:' || COALESCE({column}::text, '')" for column in SPLITS}
        places |= {column: len(counting.SPREADS) + n for n, column in enumerate(SPLITS)}
    part = " ".join(f"WHEN GROUPING({column}) = 0 THEN {word}" for column, word in words.items())
    what = " ".join(f"WHEN GROUPING({column}) = 0 THEN {places[column]}" for column in words)
    sets = ", ".join(f"({keys}, {column})" for column in words)
    return (
        f"SELECT {keys}, CASE {what} END AS what, CASE {part} END AS part, {n} AS n FROM {some} "
        f"GROUP BY GROUPING SETS ({sets})"
    )


def added(rows: str, by: Sequence[str]) -> str:
    """SQL of `rows` of piles added up, one row for each `by`."""
    keys = ", ".join(by)

    def merged(column: str) -> str:
        return f"""SELECT {keys}, jsonb_object_agg(part, n) AS {column} FROM (
            SELECT {keys}, part, sum(n::int)::int AS n
            FROM piled CROSS JOIN LATERAL jsonb_each_text({column}) e(part, n)
            GROUP BY {keys}, part HAVING sum(n::int) <> 0) x GROUP BY {keys}"""

    return f"""WITH piled AS MATERIALIZED ({rows}),
        numbered AS (SELECT {keys}, {_summed()} AS counts FROM piled GROUP BY {keys}),
        dayed AS ({merged("days")}), split_up AS ({merged("split")})
        SELECT {keys}, counts, COALESCE(days, '{{}}') AS days, COALESCE(split, '{{}}') AS split
        FROM numbered LEFT JOIN dayed USING ({keys}) LEFT JOIN split_up USING ({keys})"""


# --- Kept ---


def _put(pile: Pile, rows: str) -> str:
    def both(column: str) -> str:
        return f"""(SELECT COALESCE(jsonb_object_agg(part, n), '{{}}') FROM (
            SELECT part, sum(n::int)::int AS n FROM (
                SELECT * FROM jsonb_each_text(t.{column}) UNION ALL SELECT * FROM jsonb_each_text(EXCLUDED.{column})
            ) e(part, n) GROUP BY part HAVING sum(n::int) <> 0) x)"""

    counts = ", ".join(f"t.counts[{n}] + EXCLUDED.counts[{n}]" for n in _PLACES)
    return f"""WITH put AS (
        INSERT INTO routing_{pile.table} AS t ({pile.columns})
        SELECT {pile.columns} FROM ({rows}) x WHERE counts <> {_NOTHING} OR days <> '{{}}' OR split <> '{{}}'
        ON CONFLICT ({", ".join(pile.key)}) DO UPDATE SET counts = ARRAY[{counts}], days = {both("days")},
            split = {both("split")}
        RETURNING id, counts)
        SELECT id FROM put WHERE counts = {_NOTHING}"""


def move(now: Mapping[str, str], params: Mapping[str, Any], ledger_columns: Callable[[str], str]) -> None:
    """Add the difference between `was_<source>` and what the ledger says now of those rows (`now`: a condition on f for
    each source). `ledger_columns`: what is counted of a source, and under what. Sums that come to nothing go."""
    with connection.cursor() as cursor:
        for pile in PILES:
            rows = {
                source: f"""(SELECT s, {pile.date} AS day, secret, agency_id, top_id, {_CATEGORY}, kind, channel,
                    category_id, {ledger_columns(source)} FROM (
                    SELECT -1 AS s, * FROM was_{source} f UNION ALL
                    SELECT 1 AS s, * FROM routing_{source} f WHERE {which}) f WHERE NOT withheld) f"""
                for source, which in now.items()
            }
            cursor.execute(_put(pile, counted(rows, pile.key, is_split=pile.is_split, sign="s")), params)
            gone = [pk for (pk,) in cursor.fetchall()]
            if gone:
                cursor.execute(f"DELETE FROM routing_{pile.table} WHERE id = ANY(%s)", [gone])


def of_ledger(pile: Pile, name: Name, when: str) -> str:
    """SQL of a pile's rows, from the ledger; `when`: a condition on it."""
    rows = {
        source: f"(SELECT *, {_CATEGORY} FROM (SELECT *, {pile.date} AS date FROM {name(f'routing_{source}')} "
        f"WHERE NOT withheld AND {when}) f) f"
        for source in SOURCES
    }
    by = ["date" if column == "day" else column for column in pile.key]
    return _dated(counted(rows, by, is_split=pile.is_split))


def of_pile(pile: Pile, name: Name, when: str = "TRUE") -> str:
    """SQL of a pile's rows, from the one it is added up from."""
    keys = ", ".join(pile.by)
    rows = (
        f"SELECT {keys}, {pile.date} AS date, secret, counts, days, split FROM {name(f'routing_{pile.source}')} "
        f"WHERE {when}"
    )
    return _dated(added(rows, ["date" if column == "day" else column for column in pile.key]))


def _dated(sql: str) -> str:
    return f"SELECT *, date AS day FROM ({sql}) dated"


def filling(name: Name, when: str) -> dict[str, str]:
    """By table, SQL that fills those that are counted from the ledger with what is of the days `when` says."""
    return {
        f"routing_{pile.table}": _filling(pile, of_ledger(pile, name, when), name) for pile in PILES if not pile.source
    }


def filling_added(name: Name) -> dict[str, str]:
    """By table, SQL that fills those that are added up from others."""
    return {pile.table: _filling(pile, of_pile(pile, name), name) for pile in PILES if pile.source}


def _filling(pile: Pile, sql: str, name: Name) -> str:
    return f"INSERT INTO {name(f'routing_{pile.table}')} ({pile.columns}) SELECT {pile.columns} FROM ({sql}) x"


def checks() -> list[tuple[Pile, str, str]]:
    """Of each pile SQL of what it should hold, and the condition on what it holds, of `some` days, the `months` they
    lie in, and of offices and agencies below the root some of these (`tops`) alone."""
    whole = f"{_MONTH} = ANY(%(months)s)"
    found = []
    for pile in PILES:
        of_tops = "top_id" in pile.by
        tops = " AND top_id = ANY(%(tops)s)" if of_tops else ""
        held = f"day = ANY(%({'some' if pile.date == 'day' else 'months'})s)" + tops
        told = of_pile(pile, str, whole + tops) if pile.source else ""
        if not told:
            told = of_ledger(pile, str, (whole if of_tops else "day = ANY(%(some)s)") + tops)
        found.append((pile, told, held))
    return found
