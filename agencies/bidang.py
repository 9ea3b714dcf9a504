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


def usual_office(code: str, level: str) -> str:
    """Who usually answers for this field at this level ("pusat", "provinsi", "kabkota"): a ministry by its name, or the
    kind of office that a district begins with (PP 18/2016). "" where no kind of office has it, as with companies."""
    return _usual_offices().get((code, level), "")


@cache
def _usual_offices() -> dict[tuple[str, str], str]:
    usual = {(code, "pusat"): office for office, codes in central_offices().items() for code in codes}
    with (DATA / "agencies" / "starter_set.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for level in ("provinsi", "kabkota") if row["level"] == "both" else (row["level"],):
                if row["bidang"]:
                    usual.setdefault((row["bidang"], level), row["name"])
    return usual


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (DATA / "agencies" / "bidang.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
