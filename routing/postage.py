"""What the letters of a month were and cost: by medium, and by the agency directly under the root whose cases they
were about. Units (letters, parts of an SMS) times the tariff in force on the day they went out."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _

from agencies.models import Agency
from complaints.channels.registry import medium_name
from complaints.models import Notification, Tariff

JAKARTA = ZoneInfo("Asia/Jakarta")
MONTHS = 13
# Whose letter it was: who held the case when it happened; of a reply, who holds it now; of an appointment, its office.
OFFICE = Coalesce("event__handler_to", "arrival__complaint__handler", "membership__agency")


@dataclass(frozen=True)
class Item:
    """`rupiah` is None where no tariff was in force for some of it."""

    name: str
    letters: int
    units: int
    rupiah: Decimal | None


@dataclass(frozen=True)
class Bill:
    by_medium: Sequence[Item]
    by_agency: Sequence[Item]


def bill(month: datetime.date) -> Bill:
    """The bill of the month that begins on this day, in Jakarta's days. Three statements."""
    begin = datetime.datetime.combine(month, datetime.time(), JAKARTA)
    end = datetime.datetime.combine(_next(month), datetime.time(), JAKARTA)
    rows = (
        Notification.objects.filter(state=Notification.State.SENT, sent_at__gte=begin, sent_at__lt=end)
        .values("medium", office=OFFICE, day=TruncDate("sent_at", tzinfo=JAKARTA))
        .annotate(letters=Count("pk"), total=Sum("units"))
        .order_by()
    )
    tariffs: dict[str, list[tuple[datetime.date, Decimal]]] = defaultdict(list)
    for tariff in Tariff.objects.order_by("starts_on"):
        tariffs[tariff.medium].append((tariff.starts_on, tariff.rupiah))
    found = list(rows)
    tops = _tops({row["office"] for row in found if row["office"]})
    by_medium: dict[str, list[tuple[int, int, Decimal | None]]] = defaultdict(list)
    by_agency: dict[str, list[tuple[int, int, Decimal | None]]] = defaultdict(list)
    for row in found:
        price = _price(tariffs[row["medium"]], row["day"])
        part = (row["letters"], row["total"], None if price is None else price * row["total"])
        by_medium[medium_name(row["medium"])].append(part)
        by_agency[tops.get(row["office"]) or _("balasan tanpa laporan")].append(part)
    return Bill(_items(by_medium), _items(by_agency))


def month_of(written: str, today: datetime.date) -> datetime.date:
    """The first day of a month written as 2026-11; anything else, or a month to come, is this one."""
    this = today.replace(day=1)
    try:
        month = datetime.date.fromisoformat(f"{written}-01")
    except ValueError:
        return this
    return min(month, this)


def months_until(today: datetime.date) -> list[datetime.date]:
    """The first days of this month and the twelve before it, newest first."""
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - datetime.timedelta(days=1)).replace(day=1))
    return months


def _next(month: datetime.date) -> datetime.date:
    return (month + datetime.timedelta(days=32)).replace(day=1)


def _price(tariffs: Sequence[tuple[datetime.date, Decimal]], day: datetime.date) -> Decimal | None:
    in_force = [rupiah for starts_on, rupiah in tariffs if starts_on <= day]
    return in_force[-1] if in_force else None


def _tops(handlers: set[int]) -> dict[int, str]:
    """By office: the name of the agency directly under the root above it; the root's own."""
    offices = {agency.pk: agency.ids_above for agency in Agency.objects.filter(pk__in=handlers)}
    top_of = {pk: (above[1] if len(above) > 1 else pk) for pk, above in offices.items()}
    names = dict(Agency.objects.filter(pk__in=set(top_of.values())).values_list("pk", "name"))
    return {pk: names[top] for pk, top in top_of.items()}


def _items(parts: dict[str, list[tuple[int, int, Decimal | None]]]) -> list[Item]:
    items = []
    for name, found in parts.items():
        sums = [rupiah for _letters, _units, rupiah in found]
        items.append(
            Item(
                name=name,
                letters=sum(letters for letters, _units, _rupiah in found),
                units=sum(units for _letters, units, _rupiah in found),
                rupiah=None if None in sums else sum((one for one in sums if one is not None), Decimal(0)),
            )
        )
    return sorted(items, key=lambda item: (-item.units, item.name))
