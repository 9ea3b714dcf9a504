"""The weeks of a promise as a seven-column table: days counted, days skipped, the day it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

# Monday first; Indonesian calendars print two letters.
SHORT = [_("Sn"), _("Sl"), _("Rb"), _("Km"), _("Jm"), _("Sb"), _("Mg")]


@dataclass(frozen=True)
class Cell:
    day: int | None
    kind: str  # from, on, off, due, or empty


@dataclass(frozen=True)
class Weeks:
    rows: list[list[Cell]]
    names: list[tuple[int, str]]
    heads: list[tuple[str, str]]


def weeks(from_on: date, due_on: date, holidays: Mapping[date, str]) -> Weeks:
    """Rows from the Monday before `from_on` to `due_on`; `holidays` names the skipped days that are no weekend.

    `from_on` is day zero and never counted, even on a working day. A due day before it gives an empty table.
    """
    first = from_on - timedelta(days=from_on.weekday())
    last = due_on + timedelta(days=6 - due_on.weekday())
    rows: list[list[Cell]] = []
    for start in range(0, (last - first).days + 1, 7):
        days = [first + timedelta(days=start + offset) for offset in range(7)]
        rows.append(
            [Cell(on.day, kind) if (kind := _kind(on, from_on, due_on, holidays)) else Cell(None, "") for on in days]
        )
    names = [(on.day, name) for on, name in sorted(holidays.items()) if from_on < on < due_on]
    heads = [(str(SHORT[n]), str(WEEKDAYS[n])) for n in range(7)]
    return Weeks(rows, names, heads)


def _kind(on: date, from_on: date, due_on: date, holidays: Mapping[date, str]) -> str:
    if on < from_on or on > due_on:
        return ""
    if on == from_on:
        return "from"
    if on == due_on:
        return "due"
    return "off" if on.weekday() >= 5 or on in holidays else "on"
