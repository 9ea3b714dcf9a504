"""Tables of two dimensions with their totals: no hidden cell can be found by solving what is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from routing.measures.crosstab import Told, told_table
from routing.measures.secrecy import LEAST

Grid = list[list[int]]


def tell(grid: Grid) -> Told[int, int]:
    rows, columns = range(len(grid)), range(len(grid[0]))
    return told_table(rows, columns, {(i, j): grid[i][j] for i in rows for j in columns})


def spans(told: Told[int, int], height: int, width: int) -> list[tuple[float, float]]:
    """How small and how large each hidden number can be for whoever knows that nothing is told as nothing."""
    size, hidden = height * width, []
    bounds: list[tuple[float, float | None]] = []
    for i in range(height):
        for j in range(width):
            value = told.cells[i, j]
            bounds.append((1, None) if value is None else (value, value))
    lines: list[tuple[list[int], int | None]] = [
        *(([i * width + j for j in range(width)], told.rows[i]) for i in range(height)),
        *(([i * width + j for i in range(height)], told.columns[j]) for j in range(width)),
        (list(range(size)), told.whole),
    ]
    equal = [(line, value) for line, value in lines if value is not None]
    a = np.array([[1.0 if n in line else 0.0 for n in range(size)] for line, _value in equal]) if equal else None
    b = [value for _line, value in equal] or None
    wanted = [[n] for n in range(size) if bounds[n] == (1, None)]
    wanted += [line for line, value in lines[:-1] if value is None]
    for line in wanted:
        aim = np.array([1.0 if n in line else 0.0 for n in range(size)])
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * aim, A_eq=a, b_eq=b, bounds=bounds)
            ends.append(float("inf") if solved.status == 3 else sign * solved.fun)
        hidden.append((ends[0], ends[1]))
    return hidden


grids = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 17, 40]), min_size=width, max_size=width),
        min_size=1,
        max_size=4,
    )
)


@given(grids)
@settings(max_examples=15, deadline=None)
def test_no_hidden_number_can_be_found(grid: Grid) -> None:
    told = tell(grid)
    for (i, j), value in told.cells.items():
        assert value is None or (value == grid[i][j] and not 0 < value < LEAST)
        assert grid[i][j] or value == 0, "nothing is told as nothing"
    for i, row in enumerate(grid):
        assert told.rows[i] in (None, sum(row))
        assert told.rows[i] is None or not 0 < sum(row) < LEAST
    if told.whole is None:
        return
    for low, high in spans(told, len(grid), len(grid[0])):
        assert high - low >= LEAST, (grid, told)


@pytest.mark.parametrize(
    ("grid", "cells", "rows"),
    [
        ([[9, 7], [8, 6]], [[9, 7], [8, 6]], [16, 14]),
        ([[2, 30, 40], [50, 60, 70], [80, 90, 10]], [[None, 30, None], [50, 60, 70], [None, 90, None]], [72, 180, 180]),
    ],
)
def test_as_little_is_hidden_as_will_do(grid: Grid, cells: list[list[int | None]], rows: list[int | None]) -> None:
    told = tell(grid)
    assert [[told.cells[i, j] for j in range(len(grid[0]))] for i in range(len(grid))] == cells
    assert list(told.rows.values()) == rows


def test_of_so_few_nothing_is_told() -> None:
    told = tell([[1, 2], [0, 1]])
    assert told.whole is None
    assert {value for value in told.cells.values() if value} == set()
