"""A table of two dimensions with its totals, told so that no small cell can be found by subtraction.

Rows, columns and the whole add up, so whoever reads the table may solve it like a riddle: a hidden cell is at least
what the rest leaves, and at most. A cell is safe when the table leaves it `LEAST` or more to lie between; cells are
hidden until each hidden one is. What can move without anything told changing are the cycles of the table; how far, is
a flow (the cells are the arcs of a network between rows and columns, the totals arcs of the last row and column).
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from routing.measures.secrecy import LEAST

R = TypeVar("R", bound=Hashable)
C = TypeVar("C", bound=Hashable)
Cell = tuple[int, int]
_ENDLESS: Final = 10**12


@dataclass(frozen=True)
class Told(Generic[R, C]):
    """What may be told: None where it may not. The whole is told unless it is small itself."""

    cells: Mapping[tuple[R, C], int | None]
    rows: Mapping[R, int | None]
    columns: Mapping[C, int | None]
    whole: int | None


def told_table(rows: Sequence[R], columns: Sequence[C], counts: Mapping[tuple[R, C], int]) -> Told[R, C]:
    """Nothing is told as nothing; what is from one to four is hidden, and as much beside it as keeps it hidden."""
    table = _Table([[counts.get((row, column), 0) for column in columns] for row in rows])
    table.hide()
    height, width = len(rows), len(columns)
    return Told(
        {(row, column): table.shown(i, j) for i, row in enumerate(rows) for j, column in enumerate(columns)},
        {row: table.shown(i, width) for i, row in enumerate(rows)},
        {column: table.shown(height, j) for j, column in enumerate(columns)},
        table.shown(height, width),
    )


class _Table:
    """Its last row and column are totals, held as negative, so that every line sums to nothing."""

    def __init__(self, inner: list[list[int]]) -> None:
        self.height, self.width = len(inner), len(inner[0]) if inner else 0
        sums = [sum(line) for line in inner]
        below = [sum(line[j] for line in inner) for j in range(self.width)]
        self.values = [[*line, total] for line, total in zip(inner, sums, strict=True)] + [[*below, sum(sums)]]
        self.hidden: set[Cell] = set()

    def shown(self, i: int, j: int) -> int | None:
        return None if (i, j) in self.hidden else self.values[i][j]

    def is_total(self, i: int, j: int) -> bool:
        return (i == self.height) != (j == self.width)

    def all_cells(self) -> list[Cell]:
        return [(i, j) for i in range(self.height + 1) for j in range(self.width + 1)]

    def hide(self) -> None:
        self.hidden = {(i, j) for i, j in self.all_cells() if 0 < self.values[i][j] < LEAST}
        if (self.height, self.width) in self.hidden:
            # So few in all that nothing can be said of them.
            self.hidden = {(i, j) for i, j in self.all_cells() if self.values[i][j]}
            return
        # Whatever is hidden beside a cell has to be safe too.
        while unsafe := [cell for cell in sorted(self.hidden) if self.room(cell) < LEAST]:
            for cell in unsafe:
                if not self.guard(cell):
                    # Nothing in this table can hide it: all of it goes, but for the whole.
                    whole = (self.height, self.width)
                    self.hidden = {(i, j) for i, j in self.all_cells() if self.values[i][j] and (i, j) != whole}
                    if any(self.room(one) < LEAST for one in self.hidden):
                        self.hidden.add(whole)
                    return

    # --- how far a cell may move ---

    def room(self, cell: Cell) -> int:
        """How many more than its least a cell may be, for all that is told; up to LEAST is counted."""
        up = self._flow(cell, up=True, most=LEAST)
        return up + (self._flow(cell, up=False, most=LEAST - up) if up < LEAST else 0)

    def guard(self, cell: Cell) -> bool:
        """Hide the cheapest others that let this one be larger by LEAST; False: there are none."""
        flow: dict[Cell, int] = {}
        lacking = LEAST
        while lacking > 0:
            found = self._way(cell, flow, up=True, hidden_only=False)
            if found is None:
                return False
            steps, can = found
            take = min(can, lacking)
            for (i, j), way in steps:
                self.hidden.add((i, j))
                flow[i, j] = flow.get((i, j), 0) + way * take
            lacking -= take
        return True

    def _flow(self, cell: Cell, *, up: bool, most: int) -> int:
        flow: dict[Cell, int] = {}
        reached = 0
        own = self._can(cell, {}, self._sign(cell) * (1 if up else -1))
        while reached < min(most, own):
            found = self._way(cell, flow, up=up, hidden_only=True)
            if found is None:
                break
            steps, can = found
            take = min(can, most - reached, own - reached)
            for one, way in steps:
                flow[one] = flow.get(one, 0) + way * take
            reached += take
        return reached

    def _sign(self, cell: Cell) -> int:
        return -1 if self.is_total(*cell) else 1

    def _can(self, cell: Cell, flow: Mapping[Cell, int], way: int) -> int:
        """How far the cell's signed value may go this way: no count falls below one, for nothing is told as nothing."""
        i, j = cell
        count = self.values[i][j] + self._sign(cell) * flow.get(cell, 0)
        if not self.values[i][j]:
            return 0
        return _ENDLESS if way * self._sign(cell) > 0 else max(0, count - 1)

    def _way(
        self, cell: Cell, flow: Mapping[Cell, int], *, up: bool, hidden_only: bool
    ) -> tuple[list[tuple[Cell, int]], int] | None:
        """The cheapest cycle through the cell along which the others give way, and how far it goes. Rows are nodes 0 …
        height, columns the following; a signed cell grows along row → column and shrinks along column → row."""
        start_row, start_column = cell[0], self.height + 1 + cell[1]
        signed_up = (1 if up else -1) * self._sign(cell) > 0
        begin, end = (start_column, start_row) if signed_up else (start_row, start_column)
        best: dict[int, int] = {begin: 0}
        came: dict[int, tuple[int, Cell, int]] = {}
        heap = [(0, begin)]
        while heap:
            cost, node = heapq.heappop(heap)
            if node == end:
                break
            if cost > best[node]:
                continue
            is_row = node <= self.height
            for other in range(self.width + 1) if is_row else range(self.height + 1):
                one = (node, other) if is_row else (other, node - self.height - 1)
                if one == cell or (hidden_only and one not in self.hidden):
                    continue
                if one == (self.height, self.width):
                    continue
                way = 1 if is_row else -1
                if self._can(one, flow, way) <= 0:
                    continue
                price = 0 if one in self.hidden else 1 + self.values[one[0]][one[1]] * (3 if self.is_total(*one) else 1)
                target = self.height + 1 + other if is_row else other
                if cost + price < best.get(target, _ENDLESS):
                    best[target] = cost + price
                    came[target] = (node, one, way)
                    heapq.heappush(heap, (cost + price, target))
        if end not in came:
            return None
        steps: list[tuple[Cell, int]] = []
        node = end
        while node != begin:
            node, one, way = came[node]
            steps.append((one, way))
        return steps, min(self._can(one, flow, way) for one, way in steps)
