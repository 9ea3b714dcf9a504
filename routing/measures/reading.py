"""What a measure is taken of: the subtree of an office, a period, a filter. Read once, in one statement and one for
the working days, whatever is asked of it.

Sums kept ready are added (`sums`, `piles`), so that a page costs the same however much was filed: months as months.
What is left of a month, and what a filter leaves of an office, is counted in the ledger by an index on it.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from agencies.models import Agency, Membership, Role
from routing.measures import counting, piles
from routing.measures import sums as kept


@dataclass(frozen=True)
class Filter:
    """Blank: all of them."""

    kind: str = ""
    channel: str = ""
    category: int | None = None

    @property
    def cube(self) -> int:
        return (
            (kept.KIND if self.kind else 0)
            | (kept.CHANNEL if self.channel else 0)
            | (kept.CATEGORY if self.category else 0)
        )


@dataclass(frozen=True)
class Reader:
    """Whose secret cases may be counted: everybody's, those of one office, nobody's (the default). What is kept from an
    office or an officer is counted for nobody."""

    secrets_of: int | None = None
    all_secrets: bool = False

    @classmethod
    def of(cls, membership: Membership) -> Reader:
        """As `routing.oversight.readable` judges rows."""
        match membership.role:
            case Role.COORDINATOR | Role.NATIONAL:
                return cls(all_secrets=True)
            case Role.HEAD:
                return cls(secrets_of=membership.agency_id)
        return cls()


@dataclass
class Piled:
    """What rows of `routing.measures.piles` tell together."""

    sums: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(counting.CODES, 0))
    days: Mapping[str, int] = field(default_factory=dict)
    split: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def spreads(self) -> Mapping[str, Mapping[int, int]]:
        """Of each of `counting.SPREADS` working days → how many."""
        found: dict[str, dict[int, int]] = {name: {} for name in counting.SPREADS}
        for part, count in self.days.items():
            what, days = part.split(":")
            found[counting.SPREADS[int(what)]][int(days)] = count
        return found

    @classmethod
    def together(cls, parts: Iterable[Piled]) -> Piled:
        sums: Counter[str] = Counter(dict.fromkeys(counting.CODES, 0))
        days: Counter[str] = Counter()
        split: Counter[str] = Counter()
        for one in parts:
            sums.update(one.sums)
            days.update(one.days)
            split.update(one.split)
        return cls(sums, days, split)


@dataclass
class Scope:
    """What is asked. `sums`: each number of `counting.CODES`; `spreads`: working days → how many cases."""

    node: Agency
    first: datetime.date
    last: datetime.date
    narrowed: Filter = field(default_factory=Filter)
    reader: Reader = field(default_factory=Reader)
    # Between the periods that are asked of one scope (`over`): which they are, and what is read for all at once.
    shared: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def over(self, first: datetime.date, last: datetime.date) -> Scope:
        """The same of another period."""
        self.shared.setdefault("spans", {(self.first, self.last)}).add((first, last))
        return replace(self, first=first, last=last)

    @cached_property
    def sums(self) -> Mapping[str, int]:
        if self._from_sums:
            rows = _rows(
                f"SELECT {_added(counting.CODES)} FROM {_TALLIES} WHERE t.node_id = %(node)s AND t.cube = %(cube)s "
                f"AND {self._sums_where()}",
                self._params | {"cube": self.narrowed.cube},
            )
            return dict(zip(counting.CODES, rows[0], strict=True))
        return self._whole.sums

    @cached_property
    def spreads(self) -> Mapping[str, Mapping[int, int]]:
        if not self._from_sums:
            return self._whole.spreads
        found: dict[str, dict[int, int]] = {name: {} for name in counting.SPREADS}
        sql = f"""SELECT t.what, t.days, sum(t.count)::int FROM {_SPREADS}
            WHERE t.cube = %(cube)s AND {self._sums_where()} GROUP BY 1, 2"""
        for what, days, count in _rows(sql, self._params | {"cube": self.narrowed.cube}):
            found[counting.SPREADS[what]][days] = count
        return found

    def by(self, dimension: str) -> list[tuple[Any, int]]:
        """Received cases by "kind", "channel" or "category_id", most first. Of the country with a filter: None of the
        cubes has it, so nothing but by what is filtered."""
        return self._by[dimension]

    @cached_property
    def _by(self) -> Mapping[str, list[tuple[Any, int]]]:
        names = {"kind": kept.KIND, "channel": kept.CHANNEL, "category_id": kept.CATEGORY}
        found: dict[str, list[tuple[Any, int]]] = {name: [] for name in names}
        if self._from_sums:
            wanted = {name: bit | self.narrowed.cube for name, bit in names.items()}
            parts = [
                f"SELECT '{name}', {name}::text, sum(t.counts[1])::int FROM {_TALLIES} "
                f"WHERE t.node_id = %(node)s AND t.cube = {cube} AND {self._sums_where()} "
                f"GROUP BY 2 HAVING sum(t.counts[1]) > 0"
                for name, cube in wanted.items()
                if cube in kept.CUBES
            ]
            rows: Iterable[tuple[Any, ...]] = _rows(" UNION ALL ".join(parts), self._params)
        else:
            rows = [(*part.split(":", 1), count) for part, count in self._whole.split.items()]
        for name, value, count in rows:
            found[name].append((int(value) if name == "category_id" and value else value or None, count))
        for some in found.values():
            some.sort(key=lambda row: (-row[1], str(row[0])))
        return found

    @property
    def has_offices(self) -> bool:
        """Sums by the offices below can be told: of the country only of all cases."""
        return self.node.parent_id is not None or not self.narrowed.cube

    @cached_property
    def below(self) -> Mapping[int, Mapping[str, int]]:
        """The numbers of each office directly below, with all that lies under it; the own office's under its own id. In
        two statements at most."""
        if self._is_country:
            return self.some_below(*counting.CODES)
        return {office: one.sums for office, one in self._parts.items()}

    def some_below(self, *codes: str) -> Mapping[int, Mapping[str, int]]:
        """The same of a few numbers, which is cheaper."""
        found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(counting.CODES, 0))
        if self._is_country:
            if not self.has_offices:
                return {}
            for office, *numbers in _rows(
                f"SELECT t.node_id, {_added(codes)} FROM agencies_agency a JOIN {_TALLIES} ON t.node_id = a.id "
                f"AND t.cube = 0 WHERE a.parent_id = %(node)s AND {self._sums_where()} GROUP BY 1",
                self._params,
            ):
                found[office] = dict(zip(codes, numbers, strict=True))
            rest = {code: self.sums[code] - sum(one[code] for one in found.values()) for code in codes}
            if any(rest.values()):
                found[self.node.pk] = rest
            return found
        if "_parts" in self.__dict__:
            return {office: {code: sums[code] for code in codes} for office, sums in self.below.items()}
        for office, *numbers in _rows(self._few(codes), self._params):
            found[office] = dict(zip(codes, numbers, strict=True))
        return found

    @cached_property
    def days_below(self) -> Mapping[int, Mapping[int, int]]:
        """Working days of the turns of each office directly below: days → how many. Nothing for the country."""
        if self._is_country:
            return {}
        if "_parts" in self.__dict__:
            return {office: one.spreads["days"] for office, one in self._parts.items() if one.spreads["days"]}
        found: dict[int, dict[int, int]] = defaultdict(dict)
        for office, days, count in _rows(self._days_of_turns, self._params):
            found[office][days] = count
        return found

    # --- what is kept in piles ---

    @cached_property
    def _whole(self) -> Piled:
        """All of it. One statement, none where it was read by offices."""
        if "_parts" in self.__dict__ or not self._has_whole or not self._is_kept:
            return Piled.together(self._parts.values())
        return self._read(piles.added(self._piled(self._whole_months, "0 AS office"), ["office"])).get(0) or Piled()

    @property
    def _is_kept(self) -> bool:
        """Not while the piles are filled for the first time, or with other numbers: until then all is counted. One
        statement for all periods."""
        if "kept" not in self.shared:
            words = [row[0] for row in _rows("SELECT words FROM routing_counted", {})]
            self.shared["kept"] = not words or words[0] in ("", counting.WORDS)
        return bool(self.shared["kept"])

    @property
    def _has_months(self) -> bool:
        """Sums of offices by month tell what is asked."""
        return not self.narrowed.cube and self._is_kept

    @property
    def _rest(self) -> list[str]:
        """Which days are counted in the ledger of an agency: those outside of whole months, or all."""
        if not self._has_months:
            return [_ALL_DAYS]
        begin, end = whole_months(self.first, self.last)
        return [days for days, some in zip(_REST, (self.first < begin, end <= self.last), strict=True) if some]

    @property
    def _is_country(self) -> bool:
        return self.node.parent_id is None

    @property
    def _has_whole(self) -> bool:
        """A row stands for the whole of it: of the country for each filter, of an agency directly below the root for
        who counts all its secret cases or none."""
        if self._is_country:
            return True
        return self.node.path_length == _TOP and not self.narrowed.cube and not self.reader.secrets_of

    @cached_property
    def _parts(self) -> Mapping[int, Piled]:
        """By each office directly below, the own under its own id. One statement."""
        office = f"{self._office_below} AS office"
        if not self._has_months:
            return self._read(self._counted(office, *self._rest))
        months = f"""SELECT {office}, counts, days, split FROM routing_officesum f
            JOIN agencies_agency a ON a.id = f.agency_id WHERE {self._within} AND {MONTHS}"""
        return self._read(piles.added(self._piled(months, office), ["office"]))

    @property
    def _whole_months(self) -> str:
        if not self._is_country:
            return f"SELECT 0 AS office, counts, days, split FROM routing_topsum f WHERE {self._within} AND {MONTHS}"
        asked = [f"f.{name} = %({name})s" for name in ("category", "kind", "channel") if getattr(self.narrowed, name)]
        secret = [] if self.reader.all_secrets else ["NOT f.secret"]
        split = ", ".join(
            f"'{column}:' || {value}, counts[1]"
            for column, value in (
                ("kind", "kind"),
                ("channel", "channel"),
                ("category_id", "COALESCE(NULLIF(category, 0)::text, '')"),
            )
        )
        return " UNION ALL ".join(
            f"SELECT 0 AS office, counts, days, jsonb_build_object({split}) AS split FROM routing_{table} f "
            f"WHERE {' AND '.join([*asked, *secret, when])}"
            for table, when in (("monthcell", MONTHS), *(("cell", rest) for rest in _REST))
        )

    def _piled(self, months: str, office: str) -> str:
        """SQL of rows (office, counts, days, split): whole months as they are kept, what is left of others counted."""
        rest = [] if self._is_country else self._rest
        return " UNION ALL ".join([f"({months})", *([f"({self._counted(office, *rest)})"] if rest else [])])

    def _counted(self, office: str, *days: str) -> str:
        """The same from the ledger, of these days."""

        def rows(source: str) -> str:
            return " UNION ALL ".join(
                f"SELECT {office}, f.* FROM routing_{source} f JOIN agencies_agency a ON a.id = f.agency_id "
                f"WHERE NOT f.withheld AND {self._within} AND {when}"
                for when in days
            )

        told = ", ".join(f"{source} AS MATERIALIZED ({rows(source)})" for source in piles.SOURCES)
        return (
            f"WITH {told} {piles.counted({one: one for one in piles.SOURCES}, ['office'], is_split=True, inner=True)}"
        )

    def _few(self, codes: Sequence[str]) -> str:
        """SQL of these numbers alone of each office directly below."""
        places = ", ".join(f"f.counts[{counting.CODES.index(code) + 1}]" for code in codes)
        months = f"SELECT f.agency_id, {places} FROM routing_officesum f WHERE {self._within} AND {MONTHS}"
        parts = [months] if self._has_months else []
        for source in piles.SOURCES:
            numbers = counting.numbers_of(source)
            told = ", ".join(numbers.get(code, "0") for code in codes)
            if numbers.keys() & codes:
                parts += [f"SELECT f.agency_id, {told} FROM {rows} GROUP BY 1" for rows in self._ledger(source)]
        return self._summed(parts, [], [f"n{n}" for n in range(len(codes))])

    @property
    def _days_of_turns(self) -> str:
        """SQL of how many turns of each office directly below took so many working days."""
        mine, parts = f"{counting.SPREADS.index('days')}:", []
        if self._has_months:
            parts = [
                f"""SELECT f.agency_id, substr(part, {len(mine) + 1})::int, n::int FROM routing_officesum f
                CROSS JOIN jsonb_each_text(f.days) e(part, n)
                WHERE starts_with(part, '{mine}') AND {self._within} AND {MONTHS}"""
            ]
        parts += [
            f"SELECT f.agency_id, f.days, count(*) FROM {rows} AND f.days IS NOT NULL GROUP BY 1, 2"
            for rows in self._ledger("turnfigure")
        ]
        return self._summed(parts, ["days"], ["n"])

    def _summed(self, parts: Sequence[str], keys: Sequence[str], numbers: Sequence[str]) -> str:
        """SQL of rows (agency_id, keys, numbers) added up by the office directly below and by keys."""
        told = [*(f"f.{key}" for key in keys), *(f"sum(f.{one})::int" for one in numbers)]
        groups = ", ".join(str(n) for n in range(1, len(keys) + 2))
        return f"""SELECT {self._office_below}, {", ".join(told)}
            FROM ({" UNION ALL ".join(parts)}) f ({", ".join(["agency_id", *keys, *numbers])})
            JOIN agencies_agency a ON a.id = f.agency_id GROUP BY {groups}"""

    def _ledger(self, source: str) -> list[str]:
        """Of the days that are in no month that is kept: what stands after FROM."""
        return [f"routing_{source} f WHERE NOT f.withheld AND {self._within} AND {days}" for days in self._rest]

    def _read(self, sql: str) -> dict[int, Piled]:
        return {
            office: Piled(dict(zip(counting.CODES, counts, strict=True)), json.loads(days), json.loads(split))
            for office, counts, days, split in _rows(sql, self._params)
        }

    @property
    def _office_below(self) -> str:
        """SQL of the office directly below the node that the agency a lies under; the node itself for its own."""
        return f"COALESCE(NULLIF(split_part(a.path, '/', {self.node.path_length + 2}), '')::bigint, %(node)s)"

    # --- where ---

    @property
    def _from_sums(self) -> bool:
        return self.node.parent_id is None and not self.narrowed.cube & kept.CATEGORY

    @cached_property
    def offices(self) -> list[int]:
        """Everything at or below the node."""
        return list(Agency.objects.under(self.node).order_by().values_list("pk", flat=True))

    @cached_property
    def _params(self) -> dict[str, Any]:
        wide = self.node.parent_id is None or self.node.path_length == _TOP
        begin, end = whole_months(self.first, self.last)
        return {
            "node": self.node.pk,
            "first": self.first,
            "last": self.last,
            "begin": begin,
            "end": end,
            "kind": self.narrowed.kind,
            "channel": self.narrowed.channel,
            "category": self.narrowed.category,
            "own": self.reader.secrets_of,
            "offices": [] if wide else self.offices,
        }

    @property
    def _within(self) -> str:
        """Of a row of an office or of an agency directly below the root, called f, of any day."""
        asked = []
        if self.node.parent_id is not None:
            top = self.node.path_length == _TOP
            asked.append("f.top_id = %(node)s" if top else "f.agency_id = ANY(%(offices)s)")
        if not self.reader.all_secrets:
            asked.append("(NOT f.secret OR f.agency_id = %(own)s)" if self.reader.secrets_of else "NOT f.secret")
        asked += [f"f.{name} = %({name})s" for name in ("kind", "channel") if getattr(self.narrowed, name)]
        if self.narrowed.category:
            asked.append("f.category_id = %(category)s")
        return " AND ".join(asked) or "TRUE"

    def _sums_where(self) -> str:
        asked = [f"t.{name} = %({name})s" for name in ("kind", "channel") if getattr(self.narrowed, name)]
        return " AND ".join([*asked, "TRUE" if self.reader.all_secrets else "NOT t.secret"])

    def cases(self, prefix: str, *, turns: bool = False) -> Q:
        """The same as a filter of whatever has the ledger's row behind `prefix`."""
        asked: dict[str, Any] = {"withheld": False, "day__range": (self.first, self.last)}
        if self.node.parent_id is not None:
            if self.node.path_length == _TOP:
                asked["top_id"] = self.node.pk
            else:
                asked["agency_id__in"] = self.offices
        if self.narrowed.kind:
            asked["kind"] = self.narrowed.kind
        if self.narrowed.channel:
            asked["channel"] = self.narrowed.channel
        if self.narrowed.category:
            asked["category_id"] = self.narrowed.category
        found = Q(**{f"{prefix}{name}": value for name, value in asked.items()})
        if self.reader.all_secrets:
            return found
        own = Q(**{f"{prefix}agency_id": self.reader.secrets_of}) if self.reader.secrets_of else Q()
        openly = Q(**{f"{prefix}secret": False})
        return found & (openly | own if self.reader.secrets_of else openly)


# Steps of the path of an agency directly below the root.
_TOP = 2
_DAY = datetime.timedelta(days=1)
# Days of a row called f: whole months, what lies before and after them, all.
MONTHS: Final = "f.day >= %(begin)s AND f.day < %(end)s"
_REST: Final = ("f.day >= %(first)s AND f.day < %(begin)s", "f.day >= %(end)s AND f.day <= %(last)s")
_ALL_DAYS: Final = "f.day BETWEEN %(first)s AND %(last)s"


def _added(codes: Sequence[str]) -> str:
    return ", ".join(f"COALESCE(sum(t.counts[{counting.CODES.index(code) + 1}]), 0)::int" for code in codes)


def _kept(name: str, columns: str) -> str:
    """The sums of the period, called t: whole months as months, what is left of others as days."""
    columns = f"cube, day, secret, kind, channel, {columns}"
    return f"""(SELECT {columns} FROM routing_month{name} WHERE day >= %(begin)s AND day < %(end)s
        UNION ALL SELECT {columns} FROM routing_{name} WHERE day >= %(first)s AND day < %(begin)s
        UNION ALL SELECT {columns} FROM routing_{name} WHERE day >= %(end)s AND day <= %(last)s) t"""


_TALLIES = _kept("tally", "node_id, category_id, counts")
_SPREADS = _kept("spread", "what, days, count")


def whole_months(first: datetime.date, last: datetime.date) -> tuple[datetime.date, datetime.date]:
    """From the first day of the first month that lies in the period until before that of the first that does not; of a
    period without a whole month the day after it, twice."""
    after = last + _DAY
    begin = first if first.day == 1 else (first.replace(day=1) + 32 * _DAY).replace(day=1)
    end = after.replace(day=1)
    return (begin, end) if begin < end else (after, after)


def _rows(sql: str, params: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


# --- For everybody: without secret cases ---


def of_tops(nodes: Sequence[int], first: datetime.date, last: datetime.date, *codes: str) -> dict[int, dict[str, int]]:
    """Numbers (all, where none are named) of agencies directly below the root with all that lies under each; those
    with nothing are left out. One statement, none for none."""
    if not nodes:
        return {}
    codes = codes or counting.CODES
    begin, end = whole_months(first, last)
    return {
        node: dict(zip(codes, numbers, strict=True))
        for node, *numbers in _rows(
            f"SELECT t.node_id, {_added(codes)} FROM unnest(%(nodes)s::bigint[]) n(id) JOIN {_TALLIES} "
            "ON t.node_id = n.id AND t.cube = 0 AND NOT t.secret GROUP BY 1",
            {"nodes": list(nodes), "first": first, "last": last, "begin": begin, "end": end},
        )
    }


def of_months(nodes: Sequence[int], since: datetime.date, *codes: str) -> dict[datetime.date, dict[str, int]]:
    """The same summed over these agencies, or of the root, for each month from the one of `since` on."""
    if not nodes:
        return {}
    return {
        month: dict(zip(codes, numbers, strict=True))
        for month, *numbers in _rows(
            f"SELECT t.day, {_added(codes)} FROM routing_monthtally t WHERE t.node_id = ANY(%(nodes)s) "
            "AND t.cube = 0 AND NOT t.secret AND t.day >= %(since)s GROUP BY 1",
            {"nodes": list(nodes), "since": since.replace(day=1)},
        )
    }


def office_months(offices: Sequence[int], since: datetime.date, *codes: str) -> dict[datetime.date, dict[str, int]]:
    """The same of offices, each alone."""
    return {
        month: dict(zip(codes, numbers, strict=True))
        for month, *numbers in _rows(
            f"SELECT t.day, {_added(codes)} FROM routing_officesum t WHERE t.agency_id = ANY(%(offices)s) "
            "AND NOT t.secret AND t.day >= %(since)s GROUP BY 1",
            {"offices": list(offices), "since": since.replace(day=1)},
        )
    }
