"""Whose numbers are asked for, of which months, and how the address says both."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import subsites
from agencies.models import Agency, Level, Region
from complaints.models import Category
from routing import public
from routing.figures import first_of
from routing.measures import splits
from routing.measures.reading import Scope
from routing.open_data import JAKARTA
from routing.public import Body

# Years that can be chosen, the running one among them; months of the period without a choice.
YEARS, USUAL = 10, 12
DAY = datetime.timedelta(days=1)
_MONTH = re.compile("(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """Whose numbers, of which months; `about`: of one category alone. `kept`: the period as it stands in the address;
    empty where none was chosen."""

    body: Body
    scope: Scope
    today: datetime.date
    kept: dict[str, str]
    about: Category | None = None

    def page(self, where: tuple[str, str] | None, **more: str) -> str:
        """The page of this place, office or category (None: the country), of the same months."""
        asked = {**self.kept, **more}
        return address_of(where) + (f"?{urlencode(asked)}" if asked else "")

    @property
    def whose(self) -> tuple[str, str] | None:
        return ("kategori", str(self.about.pk)) if self.about else whose(self.body)

    def file(self, what: str) -> str:
        where = {self.whose[0]: self.whose[1]} if self.whose else {}
        query = urlencode({**where, "dari": f"{self.scope.first:%Y-%m}", "sampai": f"{self.scope.last:%Y-%m}"})
        return f"{reverse('routing:statistics_file', args=[what])}?{query}"


def whose(body: Body) -> tuple[str, str] | None:
    if body.is_country:
        return None
    return ("daerah", body.region.code) if body.region else ("instansi", str(body.agency.pk))


def address_of(where: tuple[str, str] | None) -> str:
    match where:
        case None:
            return reverse("routing:statistics")
        case ("daerah", code):
            return reverse("routing:statistics_place", args=[code])
        case ("kategori", pk):
            return reverse("routing:statistics_category", args=[int(pk)])
        case (_word, pk):
            return reverse("routing:statistics_office", args=[int(pk)])


def asked_of(request: HttpRequest, body: Body, about: Category | None = None) -> Asked:
    """The months of the address; what can't be read is as not said."""
    today = timezone.localdate(timezone.now(), JAKARTA)
    first, last = _month(request.GET.get("dari", "")), _month(request.GET.get("sampai", ""))
    kept = {}
    if first or last:
        first = first or last or today
        last = last or first
        first, last = min(first, last), max(first, last)
        kept = {"dari": f"{first:%Y-%m}", "sampai": f"{last:%Y-%m}"}
    else:
        first, last = first_of(today, USUAL - 1), first_of(today)
    earliest = datetime.date(today.year - YEARS + 1, 1, 1)
    first, last = max(first, earliest), max(min(last, first_of(today)), earliest)
    first = min(first, last)
    return Asked(body, body.scope(first, _end_of(last)), today, kept, about)


def _month(written: str) -> datetime.date | None:
    found = _MONTH.fullmatch(written)
    return datetime.date(int(found[1]), int(found[2]), 1) if found else None


def _end_of(month: datetime.date) -> datetime.date:
    return (month + 32 * DAY).replace(day=1) - DAY


def body_of_region(code: str) -> Body:
    region = get_object_or_404(Region, pk=code, level__in=(Level.PROVINSI, Level.KABUPATEN, Level.KOTA))
    return public.of_region(region)


def body_of_office(pk: int) -> Body:
    office = get_object_or_404(Agency.objects.select_related("region"), pk=pk)
    return public.of_agency(office)


def here(request: HttpRequest, body: Body) -> Body:
    """On a district's own site its own numbers, whatever else is asked for."""
    site = subsites.of(request)
    if site is None or (site.agency_id in body.tops and not body.is_province):
        return body
    return body if body.is_office and body.agency.is_under(site.agency) else public.of_agency(site.agency)


def name_of(body: Body) -> str:
    if body.is_country:
        return _("Seluruh Indonesia")
    return body.region.name if body.region else body.agency.name


def filter_of(body: Body) -> dict[str, str]:
    if body.is_country:
        return {}
    if body.is_province and body.region:
        return {"wilayah": body.region.code}
    if body.region and not body.tops:
        return {"wilayah": body.region.code}
    return {"instansi": str(body.agency.pk)}


def period_words(scope: Scope) -> str:
    first, last = date_format(scope.first, "F Y"), date_format(scope.last, "F Y")
    return first if first == last else _("%(first)s sampai %(last)s") % {"first": first, "last": last}


def presets(asked: Asked) -> list[tuple[str, str, bool]]:
    this = first_of(asked.today)
    quarter = splits.quarter_of(this)
    spans = [
        (_("12 bulan"), first_of(asked.today, USUAL - 1), this),
        (_("Bulan ini"), this, this),
        (_("Bulan lalu"), first_of(asked.today, 1), first_of(asked.today, 1)),
        (_("Triwulan ini"), quarter, this),
        (_("Triwulan lalu"), first_of(quarter, 3), first_of(quarter, 1)),
        (_("Tahun ini"), this.replace(month=1), this),
        (_("Tahun lalu"), datetime.date(this.year - 1, 1, 1), datetime.date(this.year - 1, 12, 1)),
    ]
    here = address_of(asked.whose)
    now = (asked.scope.first, asked.scope.last.replace(day=1))
    found, seen = [], False
    for label, first, last in spans:
        is_now = (first, last) == now and not seen
        seen = seen or is_now
        found.append((label, f"{here}?{urlencode({'dari': f'{first:%Y-%m}', 'sampai': f'{last:%Y-%m}'})}", is_now))
    return found


def choices(asked: Asked) -> list[tuple[int, list[tuple[str, str]]]]:
    """Every month that can be chosen, by year, the newest first. One statement."""
    first = public.earliest() or asked.today
    first = max(first, datetime.date(asked.today.year - YEARS + 1, 1, 1))
    first = min(first, asked.scope.first)
    years = []
    for year in range(asked.today.year, first.year - 1, -1):
        months = [datetime.date(year, month, 1) for month in range(12, 0, -1)]
        offered = [one for one in months if first.replace(day=1) <= one <= asked.today]
        years.append((year, [(f"{one:%Y-%m}", date_format(one, "F Y")) for one in offered]))
    return years
