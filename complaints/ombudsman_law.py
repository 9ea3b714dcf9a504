"""What the law says of going to the Ombudsman, as data with its sources: `data/ombudsman.toml`."""

from __future__ import annotations

import datetime
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from agencies import calendar
from agencies.models import Holiday

_DATA: Final = Path(__file__).parent / "data" / "ombudsman.toml"
FIRST_WORD, HEED = "first_word", "heed"


@cache
def _law() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def days(name: str, since: datetime.date) -> int:
    """The count of working days in force on the day it begins."""
    rows = [row for row in _law()["limit"] if row["name"] == name and row["starts_on"] <= since]
    return int(max(rows, key=lambda row: row["starts_on"])["working_days"])


def due_on(name: str, since: datetime.date) -> datetime.date:
    """The last day, in working days of the whole country."""
    return calendar.due_on(since, days(name, since), Holiday.objects.kept_in(None).filter(date__gte=since).days())


def basis(name: str) -> str:
    """The article a sentence or a count rests on."""
    return str(next(row["basis"] for row in [*_law()["right"], *_law()["limit"]] if row["name"] == name))
