"""How numbers, dates and hours are written on screens and in letters, in the active language.

Indonesian: 1.240 · 2,4 · Kamis, 4 Juni 2026 · 08.12 WIB. Hours are always told in the zone of the place
they concern, with its name; instants come in aware, dates are already dates at that place.
"""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language

JAKARTA: Final = ZoneInfo("Asia/Jakarta")
ZONE_NAMES: Final = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def zone_of(place_zone: str | tzinfo | None) -> tzinfo:
    """The zone named by an IANA name or given as such; unknown is Jakarta (case.md section 4)."""
    if isinstance(place_zone, tzinfo):
        return place_zone
    return ZoneInfo(place_zone) if place_zone else JAKARTA


def zone_name(place_zone: str | tzinfo | None) -> str:
    """WIB, WITA or WIT; a zone outside Indonesia keeps its own abbreviation."""
    zone = zone_of(place_zone)
    return ZONE_NAMES.get(str(zone)) or timezone.now().astimezone(zone).strftime("%Z")


def number(value: float | Decimal | str | None, decimals: int | None = None) -> str:
    """1240 → 1.240, 2.4 → 2,4; None is an en dash, because nothing is not zero."""
    if value is None or value == "":
        return "–"
    if type(value) is int and decimals is None:
        return _whole(value, get_language())
    if decimals is not None and not isinstance(value, str):
        # Django cuts off what it does not show: 69.75 would be 69,7.
        value = round(Decimal(value), decimals)
    return formats.number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)


@lru_cache(maxsize=4096)
def _whole(value: int, language: str | None) -> str:
    """A table tells the same few numbers over and over: each is written once."""
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def day(value: date | datetime | None, zone: str | tzinfo | None = None) -> date | None:
    """The calendar date of an instant at the place; a date stays what it is."""
    if isinstance(value, datetime):
        return value.astimezone(zone_of(zone)).date() if timezone.is_aware(value) else value.date()
    return value


@lru_cache(maxsize=2048)
def _date(on: date, pattern: str, language: str | None) -> str:
    """A list names the same few days over and over: each is put into words once."""
    return format_date(on, pattern)


def long_day(value: date | datetime | None, zone: str | tzinfo | None = None) -> str:
    """Kamis, 4 Juni 2026."""
    on = day(value, zone)
    return _date(on, "l, j F Y", get_language()) if on else ""


def plain_day(value: date | datetime | None, zone: str | tzinfo | None = None) -> str:
    """4 Juni 2026."""
    on = day(value, zone)
    return _date(on, "j F Y", get_language()) if on else ""


def short_day(value: date | datetime | None, zone: str | tzinfo | None = None) -> str:
    """4 Juni: where the year goes without saying."""
    on = day(value, zone)
    return _date(on, "j F", get_language()) if on else ""


def week_day(value: date | datetime | None, zone: str | tzinfo | None = None) -> str:
    """Kamis, 4 Juni."""
    on = day(value, zone)
    return _date(on, "l, j F", get_language()) if on else ""


def hour(at: datetime | None, zone: str | tzinfo | None = None) -> str:
    """08.12 WIB."""
    if at is None:
        return ""
    clock = "H:i" if (get_language() or "id").startswith("en") else "H.i"
    return f"{format_date(at.astimezone(zone_of(zone)), clock)} {zone_name(zone)}"


def moment(at: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Senin, 25 Mei 2026, 08.12 WIB."""
    return f"{long_day(at, zone)}, {hour(at, zone)}" if at else ""


def short_moment(at: datetime | None, zone: str | tzinfo | None = None) -> str:
    """25 Mei, 08.12 WIB."""
    return f"{short_day(at, zone)}, {hour(at, zone)}" if at else ""


def file_size(size: int | None) -> str:
    """Bytes as 340 KB or 2,4 MB (1 KB = 1,000 bytes, as phones show it)."""
    if size is None:
        return ""
    if size < 1_000_000:
        return f"{number(max(1, round(size / 1000)))} KB"
    return f"{number(round(size / 1_000_000, 1))} MB"
