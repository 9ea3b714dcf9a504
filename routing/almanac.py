"""Holidays, read once for a whole run over many cases and places."""

from __future__ import annotations

import datetime
from collections import defaultdict
from zoneinfo import ZoneInfo

from django.utils import timezone

from agencies.models import Agency, Holiday, Region

JAKARTA = "Asia/Jakarta"
# Where the day ends up to two hours earlier.
EAST = ("Asia/Makassar", "Asia/Jayapura")
# Hours in which officers are told of what they let lie (case.md section 4).
OPENS, SHUTS = 8, 16


class Almanac:
    """`days_of(region)`: the holidays there from `first` on, as `agencies.calendar` wants them. One statement."""

    def __init__(self, first: datetime.date) -> None:
        self._rows: dict[str, set[datetime.date]] = defaultdict(set)
        for date, region in Holiday.objects.filter(date__gte=first).values_list("date", "region_id"):
            self._rows[region or ""].add(date)
        self._known: dict[tuple[str, ...], frozenset[datetime.date]] = {}

    def days_of(self, region: Region | None) -> frozenset[datetime.date]:
        return self.days_of_code(region.code if region else "")

    def days_of_code(self, code: str) -> frozenset[datetime.date]:
        """By the code of a region; "": national holidays only."""
        parts = code.split(".") if code else []
        around = [".".join(parts[: n + 1]) for n in range(len(parts))]
        key = ("", *(one for one in around if one in self._rows))
        if key not in self._known:
            self._known[key] = frozenset().union(*(self._rows[one] for one in key))
        return self._known[key]

    @property
    def all_days(self) -> frozenset[datetime.date]:
        """Every holiday of any place: counting past all of them gives the latest date anywhere."""
        return frozenset().union(*self._rows.values())


def zone_of(office: Agency) -> str:
    """IANA zone of an office; the centre's is Jakarta's."""
    return office.region.zone if office.region else JAKARTA


def date_in(zone: str, now: datetime.datetime) -> datetime.date:
    return timezone.localtime(now, ZoneInfo(zone)).date()


def is_office_hour(zone: str, now: datetime.datetime) -> bool:
    return OPENS <= timezone.localtime(now, ZoneInfo(zone)).hour < SHUTS
