"""Bidang: the fields of work by which categories and offices are matched. A closed list, kept as data."""

from __future__ import annotations

import csv
from functools import cache

from agencies.loading import DATA


@cache
def names() -> dict[str, str]:
    """Code → name for people."""
    return {row["code"]: row["name"] for row in _rows()}


@cache
def central_offices() -> dict[str, list[str]]:
    """Name of a ministry or lembaga → the fields for which the centre means it. One office a field."""
    offices: dict[str, list[str]] = {}
    for row in _rows():
        if row["central"]:
            offices.setdefault(row["central"], []).append(row["code"])
    return offices


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (DATA / "agencies" / "bidang.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
