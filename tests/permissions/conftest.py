"""Wide matrices: the quick tests try a third of their cells, `bin/test --all` and a file by its name all of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Some = Callable[[Iterable[Any], str], list[Any]]


@pytest.fixture
def some(request: pytest.FixtureRequest) -> Some:
    """`some(columns, row)`: the cells of this row to be tried, in quick tests every third, from another one on in each
    row. So every row and every column is tried, on each run the same."""
    quick = "not slow" in (request.config.getoption("markexpr") or "")

    def chosen(columns: Iterable[Any], row: str) -> list[Any]:
        first = zlib.crc32(row.encode())
        return [column for n, column in enumerate(columns) if not quick or (n + first) % 3 == 0]

    return chosen
