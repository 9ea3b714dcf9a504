"""What everybody may be told of what reports are about: category by channel of one finished quarter of an agency
directly below the root, where nothing under five can be found (`crosstab`), and no secret case is counted.

Quarters do not overlap and agencies do not either; a year and a province are told as the sum of what is told of their
parts, and the rest as one number. So every number outside is a sum of numbers that may be told, and no period or
parent minus another gives what may not. Told once a quarter is over, for a category that is put right every week of
the quarter after it, and again where reports came in later (a table of the past).

With a category that is told of an agency's quarter goes what became of those cases (`OfCategory`): never of others, so
that it too is a sum of what may be told.
"""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from agencies.models import Agency
from routing.measures import counting, piles, sums
from routing.measures.crosstab import told_table
from routing.measures.reading import Piled, Scope
from routing.models import Headline, Split

# Another telling changes the name of what was told, and all of it is told anew.
MARK: Final = f"r{counting.WORDS}"
# In the mark's figures while it is being told: of how many, since when, the last agency that is.
GOING: Final = "going"
_WEEK, _SETTLED = datetime.timedelta(days=7), datetime.timedelta(days=92)

Key = tuple[int, str]


def quarter_of(day: datetime.date) -> datetime.date:
    """Its first day."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def after(quarter: datetime.date) -> datetime.date:
    return quarter_of(quarter + datetime.timedelta(days=100))


def quarters(first: datetime.date, last: datetime.date, today: datetime.date) -> list[datetime.date]:
    """The quarters that are over and lie wholly in the period."""
    found, quarter = [], quarter_of(first)
    if quarter < first:
        quarter = after(quarter)
    while after(quarter) <= min(today, last + datetime.timedelta(days=1)):
        found.append(quarter)
        quarter = after(quarter)
    return found


# --- Telling ---


def _never() -> bool:
    return False


def tell_what_is_over(now: datetime.datetime | None = None, is_over: Callable[[], bool] = _never) -> int:
    """Every finished quarter that is to be told, or anew; how many were, to their end. For whoever is alone at it."""
    now = now or timezone.now()
    told = 0
    for quarter, received in _waiting(now):
        if is_over() or not tell(quarter, received, now, is_over):
            break
        told += 1
    return told


def _waiting(now: datetime.datetime) -> Iterator[tuple[datetime.date, int]]:
    """Two statements."""
    this = quarter_of(timezone.localdate(now))
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT date_trunc('quarter', day)::date, sum(counts[1])::int FROM routing_monthtally
            WHERE node_id = %s AND cube = 0 AND NOT secret AND day < %s GROUP BY 1 ORDER BY 1 DESC""",
            [Agency.objects.root().pk, this],
        )
        received: dict[datetime.date, int] = dict(cursor.fetchall())
    marks = {row.name: row for row in Headline.objects.filter(name__startswith=f"{MARK}:")}
    for quarter, count in received.items():
        mark = marks.get(f"{MARK}:{quarter}")
        if (
            mark is None
            or mark.figures.get("received") != count
            or GOING in mark.figures
            or _is_old(mark, quarter, now)
        ):
            yield quarter, count


def _is_old(mark: Headline, quarter: datetime.date, now: datetime.datetime) -> bool:
    """Told a week ago or more, when categories were still being put right."""
    return timezone.localdate(mark.made_at) < after(quarter) + _SETTLED and now - mark.made_at > _WEEK


def tell(quarter: datetime.date, received: int, now: datetime.datetime, is_over: Callable[[], bool] = _never) -> bool:
    """Of every agency, in place of what was told of its quarter before. Whether all of them are told: judging takes its
    time, so each is written by itself with how far it is, and whoever was stopped goes on there. Nobody reads a quarter
    that was never told to its end."""
    mark, _new = Headline.objects.get_or_create(name=f"{MARK}:{quarter}", defaults={"made_at": now})
    going = mark.figures.setdefault(GOING, {"received": received, "since": now.isoformat(), "after": 0})
    counted, became = _counted(quarter), _became(quarter)
    had = Split.objects.filter(quarter=quarter).order_by().values_list("node_id", flat=True).distinct()
    for node in sorted({*counted, *had}):
        if node <= going["after"]:
            continue
        if is_over():
            return False
        rows = []
        for by, category, channel, count in _told(counted[node]) if node in counted else ():
            row = Split(node_id=node, quarter=quarter, by=by, category=category, channel=channel, count=count)
            if by == sums.CATEGORY and became.get((node, category), ([0], {}))[0][0] == count:
                row.counts, row.days = became[node, category]
            rows.append(row)
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Two at once would both delete and both insert: the second waits.
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('routing.splits.tell'))")
            Split.objects.filter(quarter=quarter, node=node).delete()
            Split.objects.bulk_create(rows)
            going["after"] = node
            mark.save()
    # As it was when it began: what came or was put right since has it told anew.
    mark.made_at, mark.figures = datetime.datetime.fromisoformat(going["since"]), {"received": going["received"]}
    mark.save()
    return True


def _counted(quarter: datetime.date) -> dict[int, dict[Key, int]]:
    found: dict[int, dict[Key, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT f.top_id, COALESCE(c.parent_id, c.id, 0)::int, f.channel, count(*)::int
            FROM routing_casefigure f LEFT JOIN complaints_category c ON c.id = f.category_id
            WHERE f.day >= %s AND f.day < %s AND NOT f.secret AND NOT f.withheld GROUP BY 1, 2, 3""",
            [quarter, after(quarter)],
        )
        for node, category, channel, count in cursor.fetchall():
            found[node][category, channel] = count
    return found


def _became(quarter: datetime.date) -> dict[tuple[int, int], tuple[list[int], dict[str, int]]]:
    """By agency and category: every number of those cases, and their working days."""
    rows = """(SELECT f.*, COALESCE(c.parent_id, c.id, 0)::int AS category
        FROM routing_casefigure f LEFT JOIN complaints_category c ON c.id = f.category_id
        WHERE f.day >= %s AND f.day < %s AND NOT f.secret AND NOT f.withheld) f"""
    sql = piles.counted({"casefigure": rows}, ["top_id", "category"], is_split=False)
    # The rows stand in it twice.
    with connection.cursor() as cursor:
        cursor.execute(sql, [quarter, after(quarter)] * sql.count(rows))
        return {
            (node, category): (counts, json.loads(days)) for node, category, counts, days, _split in cursor.fetchall()
        }


def _told(counts: Mapping[Key, int]) -> Iterator[tuple[int, int, str, int]]:
    categories = sorted({category for category, _channel in counts})
    channels = sorted({channel for _category, channel in counts})
    told = told_table(categories, channels, counts)
    if told.whole is None:
        return
    yield 0, 0, "", told.whole
    for category, count in told.rows.items():
        if count:
            yield sums.CATEGORY, category, "", count
    for channel, count in told.columns.items():
        if count:
            yield sums.CHANNEL, 0, channel, count
    for (category, channel), count in told.cells.items():
        if count:
            yield sums.CATEGORY | sums.CHANNEL, category, channel, count


# --- Reading ---


@dataclass
class Told:
    """Of some agencies over some quarters. `whole`: what is in the tables; what it is more than the sum of the
    categories, or of the channels, is not told apart."""

    quarters: Sequence[datetime.date]
    whole: int = 0
    categories: dict[int, int] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    cells: dict[Key, int] = field(default_factory=dict)

    @property
    def rest_of_categories(self) -> int:
        return self.whole - sum(self.categories.values())

    @property
    def rest_of_channels(self) -> int:
        return self.whole - sum(self.channels.values())


# Of quarters that were told to their end.
_WHOLE: Final = """quarter = ANY(ARRAY(SELECT right(name, 10)::date FROM routing_headline
    WHERE name = ANY(%(marks)s) AND figures ? 'received'))"""


def _marks(quarters: Iterable[datetime.date]) -> list[str]:
    return [f"{MARK}:{quarter}" for quarter in quarters]


def of(nodes: Sequence[int] | None, wanted: Sequence[datetime.date]) -> Told:
    """Of these agencies directly below the root; None: of all, the root with them. Of quarters that were told to their
    end. One statement, most first."""
    found = Told(wanted)
    summed: dict[tuple[int, int, str], int] = defaultdict(int)
    if wanted and (nodes is None or nodes):
        with connection.cursor() as cursor:
            among = "" if nodes is None else "AND node_id = ANY(%(nodes)s)"
            cursor.execute(
                'SELECT "by", category, channel, sum("count")::int FROM routing_split '
                f"WHERE {_WHOLE} {among} GROUP BY 1, 2, 3",
                {"marks": _marks(wanted), "nodes": list(nodes or ())},
            )
            for by, category, channel, count in cursor.fetchall():
                summed[by, category, channel] = count
    for (by, category, channel), count in sorted(summed.items(), key=lambda one: (-one[1], one[0])):
        match by:
            case 0:
                found.whole = count
            case sums.CATEGORY:
                found.categories[category] = count
            case sums.CHANNEL:
                found.channels[channel] = count
            case _:
                found.cells[category, channel] = count
    return found


# --- One category ---


@dataclass
class CategoryScope(Scope):
    """What is told of a category, as measures ask for it."""

    told: Piled = field(default_factory=Piled)

    @cached_property
    def sums(self) -> Mapping[str, int]:
        return self.told.sums

    @cached_property
    def spreads(self) -> Mapping[str, Mapping[int, int]]:
        return self.told.spreads


@dataclass
class OfCategory:
    """What is told of one category: of all its agencies together by quarter, and over some quarters of each agency,
    those with most first, and of all."""

    quarters: Mapping[datetime.date, Mapping[str, int]]
    agencies: Mapping[int, Mapping[str, int]]
    whole: Piled


def of_category(
    category: int, nodes: Sequence[int] | None, wanted: Sequence[datetime.date], beside: Sequence[datetime.date] = ()
) -> OfCategory:
    """Of these agencies (None: of all) over the wanted quarters; `beside`: quarters told by themselves as well. Three
    statements."""
    if nodes is not None and not nodes:
        return OfCategory({}, {}, Piled())
    numbers = ", ".join(f"COALESCE(sum(counts[{n + 1}]), 0)::int" for n in range(len(counting.CODES)))
    among = "" if nodes is None else "AND node_id = ANY(%(nodes)s)"
    where = f'category = %(category)s AND "by" = {sums.CATEGORY} {among} AND {_WHOLE}'
    asked: dict[str, Any] = {"category": category, "nodes": list(nodes or ()), "marks": _marks({*wanted, *beside})}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT quarter, {numbers} FROM routing_split WHERE {where} GROUP BY 1", asked)
        quarters = {quarter: dict(zip(counting.CODES, counts, strict=True)) for quarter, *counts in cursor.fetchall()}
        asked["marks"] = _marks(wanted)
        cursor.execute(
            f"SELECT node_id, {numbers} FROM routing_split WHERE {where} GROUP BY 1 ORDER BY sum(count) DESC, 1", asked
        )
        agencies = {node: dict(zip(counting.CODES, counts, strict=True)) for node, *counts in cursor.fetchall()}
        cursor.execute(
            "SELECT part, sum(n::int)::int FROM routing_split CROSS JOIN LATERAL jsonb_each_text(days) AS d(part, n) "
            f"WHERE {where} GROUP BY 1",
            asked,
        )
        days: dict[str, int] = dict(cursor.fetchall())
    whole = {code: sum(one[code] for one in agencies.values()) for code in counting.CODES}
    return OfCategory(quarters, agencies, Piled(whole, days))
