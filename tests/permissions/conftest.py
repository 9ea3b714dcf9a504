"""Wide matrices: the quick tests try a sixth of their cells, `bin/test --all` and a file by its name all of them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any, Protocol

import pytest

from complaints.models import Complaint
from tests.permissions import cast
from tests.scenes import once
from tests.world import World


class Some(Protocol):
    def __call__(self, columns: Iterable[Any], row: str, of: int = 6) -> list[Any]: ...


@pytest.fixture
def some(request: pytest.FixtureRequest) -> Some:
    """`some(columns, row)`: the cells of this row to be tried, in quick tests every sixth (or one `of` so many), from
    another one on in each row. So every row is tried and, where there are many, every column; on each run the same."""
    quick = "not slow" in (request.config.getoption("markexpr") or "")

    def chosen(columns: Iterable[Any], row: str, of: int = 6) -> list[Any]:
        first = zlib.crc32(row.encode())
        return [column for n, column in enumerate(columns) if not quick or (n + first) % of == 0]

    return chosen


def in_turn(columns: Iterable[Any], row: str) -> list[Any]:
    """All of them, beginning with another one in each row: where the first is tried alone, every row tries another."""
    listed = list(columns)
    first = zlib.crc32(f"{row} in turn".encode()) % max(1, len(listed))
    return [*listed[first:], *listed[:first]]


@once()
def made(world: World) -> dict[str, Complaint]:
    """`cast.cases`"""
    return cast.cases(world)


@once()
def viewers(world: World) -> dict[str, cast.Viewer]:
    """`cast.viewers`"""
    return cast.viewers(world)
