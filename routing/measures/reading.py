"""What a measure is taken of: the subtree of an office, a period, a filter. Read once, in one statement and one for
the working days, whatever is asked of it.

The cases of a subtree are counted in the ledger by an index on it; of the country, where they are too many for a
reader to wait, sums of a day are added.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q

from agencies.models import Agency, Membership, Role
from routing.measures import counting, ledger


@dataclass(frozen=True)
class Filter:
    """Blank: all of them."""

    kind: str = ""
    channel: str = ""
    category: int | None = None

    @property
    def cube(self) -> int:
        return (
            (ledger.KIND if self.kind else 0)
            | (ledger.CHANNEL if self.channel else 0)
            | (ledger.CATEGORY if self.category else 0)
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
class Scope:
    """What is asked. `sums`: each number of `counting.CODES`; `spreads`: working days → how many cases."""

    node: Agency
    first: datetime.date
    last: datetime.date
    narrowed: Filter = field(default_factory=Filter)
    reader: Reader = field(default_factory=Reader)

    def over(self, first: datetime.date, last: datetime.date) -> Scope:
        """The same of another period."""
        return replace(self, first=first, last=last)

    @cached_property
    def sums(self) -> Mapping[str, int]:
        if self._from_sums:
            rows = _rows(
                f"SELECT {_added()} FROM routing_tally t WHERE t.node_id = %(node)s AND t.cube = %(cube)s "
                f"AND t.day BETWEEN %(first)s AND %(last)s AND {self._sums_where()}",
                self._params | {"cube": self.narrowed.cube},
            )
            return dict(zip(counting.CODES, rows[0], strict=True))
        rows = _rows(
            f"SELECT c.*, t.* FROM (SELECT {', '.join(counting.case_numbers())} FROM routing_casefigure f "
            f"WHERE {self.where}) c, (SELECT {', '.join(counting.turn_numbers())} FROM routing_turnfigure f "
            f"WHERE {self.where}) t",
            self._params,
        )
        return dict(zip(counting.CODES, rows[0], strict=True))

    @cached_property
    def spreads(self) -> Mapping[str, Mapping[int, int]]:
        found: dict[str, dict[int, int]] = {name: {} for name in counting.SPREADS}
        if self._from_sums:
            sql = f"""SELECT t.what, t.days, sum(t.count)::int FROM routing_spread t
                WHERE t.cube = %(cube)s AND t.day BETWEEN %(first)s AND %(last)s AND {self._sums_where()}
                GROUP BY 1, 2"""
        else:
            parts = [
                f"SELECT {what}, {column}, count(*)::int FROM routing_{_table(column)} f "
                f"WHERE {self.where} AND {column} IS NOT NULL GROUP BY 2"
                for what, column in enumerate(counting.SPREADS)
            ]
            sql = " UNION ALL ".join(parts)
        for what, days, count in _rows(sql, self._params | {"cube": self.narrowed.cube}):
            found[counting.SPREADS[what]][days] = count
        return found

    def by(self, dimension: str) -> list[tuple[Any, int]]:
        """Received cases by "kind", "channel" or "category_id", most first. Of the country with a filter: None of the
        cubes has it, so nothing but by what is filtered."""
        return self._by[dimension]

    @cached_property
    def _by(self) -> Mapping[str, list[tuple[Any, int]]]:
        names = {"kind": ledger.KIND, "channel": ledger.CHANNEL, "category_id": ledger.CATEGORY}
        found: dict[str, list[tuple[Any, int]]] = {name: [] for name in names}
        if self._from_sums:
            wanted = {name: bit | self.narrowed.cube for name, bit in names.items()}
            parts = [
                f"SELECT '{name}', {name}::text, sum(t.counts[1])::int FROM routing_tally t "
                f"WHERE t.node_id = %(node)s AND t.cube = {cube} AND t.day BETWEEN %(first)s AND %(last)s "
                f"AND {self._sums_where()} GROUP BY 2 HAVING sum(t.counts[1]) > 0"
                for name, cube in wanted.items()
                if cube in ledger.CUBES
            ]
        else:
            parts = [
                f"SELECT '{name}', {name}::text, count(*)::int FROM routing_casefigure f WHERE {self.where} GROUP BY 2"
                for name in names
            ]
        for name, value, count in _rows(" UNION ALL ".join(parts), self._params):
            found[name].append((int(value) if name == "category_id" and value else value, count))
        for rows in found.values():
            rows.sort(key=lambda row: (-row[1], str(row[0])))
        return found

    @property
    def has_offices(self) -> bool:
        """Sums by the offices below can be told: of the country only of all cases."""
        return self.node.parent_id is not None or not self.narrowed.cube

    @cached_property
    def below(self) -> Mapping[int, Mapping[str, int]]:
        """The numbers of each office directly below, with all that lies under it; the own office's under its own id. In
        two statements at most."""
        found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(counting.CODES, 0))
        if self.node.parent_id is None:
            if not self.has_offices:
                return {}
            for office, *numbers in _rows(
                f"SELECT t.node_id, {_added()} FROM agencies_agency a JOIN routing_tally t ON t.node_id = a.id "
                "AND t.cube = 0 AND t.day BETWEEN %(first)s AND %(last)s "
                f"WHERE a.parent_id = %(node)s AND {self._sums_where()} GROUP BY 1",
                self._params,
            ):
                found[office] = dict(zip(counting.CODES, numbers, strict=True))
            rest = {code: self.sums[code] - sum(one[code] for one in found.values()) for code in counting.CODES}
            if any(rest.values()):
                found[self.node.pk] = rest
            return found
        for table, codes, numbers in (
            ("casefigure", (*counting.CASES, *counting.SUMS), counting.case_numbers()),
            ("turnfigure", tuple(counting.TURNS), counting.turn_numbers()),
        ):
            for pk, *counts in _rows(
                f"SELECT {self._office_below}, {', '.join(numbers)} FROM routing_{table} f "
                f"JOIN agencies_agency a ON a.id = f.agency_id WHERE {self.where} GROUP BY 1",
                self._params,
            ):
                found[pk].update(zip(codes, counts, strict=True))
        return found

    @cached_property
    def days_below(self) -> Mapping[int, Mapping[int, int]]:
        """Working days of the turns of each office directly below: days → how many. Nothing for the country."""
        found: dict[int, dict[int, int]] = defaultdict(dict)
        if self.node.parent_id is not None:
            for office, days, count in _rows(
                f"SELECT {self._office_below}, f.days, count(*)::int FROM routing_turnfigure f "
                f"JOIN agencies_agency a ON a.id = f.agency_id WHERE {self.where} AND f.days IS NOT NULL GROUP BY 1, 2",
                self._params,
            ):
                found[office][days] = count
        return found

    @property
    def _office_below(self) -> str:
        """SQL of the office directly below the node that the agency a lies under; the node itself for its own."""
        return f"COALESCE(NULLIF(split_part(a.path, '/', {self.node.path_length + 2}), '')::bigint, %(node)s)"

    # --- where ---

    @property
    def _from_sums(self) -> bool:
        return self.node.parent_id is None and not self.narrowed.cube & ledger.CATEGORY

    @cached_property
    def offices(self) -> list[int]:
        """Everything at or below the node."""
        return list(Agency.objects.under(self.node).order_by().values_list("pk", flat=True))

    @cached_property
    def _params(self) -> dict[str, Any]:
        wide = self.node.parent_id is None or self.node.path_length == _TOP
        return {
            "node": self.node.pk,
            "first": self.first,
            "last": self.last,
            "kind": self.narrowed.kind,
            "channel": self.narrowed.channel,
            "category": self.narrowed.category,
            "own": self.reader.secrets_of,
            "offices": [] if wide else self.offices,
        }

    @property
    def where(self) -> str:
        """Of a row of the ledger, called f."""
        asked = ["NOT f.withheld", "f.day BETWEEN %(first)s AND %(last)s"]
        if self.node.parent_id is not None:
            top = self.node.path_length == _TOP
            asked.append("f.top_id = %(node)s" if top else "f.agency_id = ANY(%(offices)s)")
        if not self.reader.all_secrets:
            asked.append("(NOT f.secret OR f.agency_id = %(own)s)" if self.reader.secrets_of else "NOT f.secret")
        asked += [f"f.{name} = %({name})s" for name in ("kind", "channel") if getattr(self.narrowed, name)]
        if self.narrowed.category:
            asked.append("f.category_id = %(category)s")
        return " AND ".join(asked)

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


def _table(column: str) -> str:
    return "casefigure" if column in counting.CASE_SPREADS else "turnfigure"


def _added() -> str:
    return ", ".join(f"COALESCE(sum(t.counts[{n}]), 0)::int" for n in range(1, len(counting.CODES) + 1))


def _rows(sql: str, params: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
