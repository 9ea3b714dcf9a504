"""National holidays and cuti bersama (SKB 3 Menteri), and those of a region."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Holiday, Region
from agencies.signals import calendar_changed

from . import DATA, Outcome, Refused

SHIPPED = DATA / "holidays" / "holidays_2024_2027.csv"
KINDS = {"libur_nasional": Holiday.Kind.LIBUR, "libur": Holiday.Kind.LIBUR, "cuti_bersama": Holiday.Kind.CUTI_BERSAMA}


def load_holidays(file: Path | Iterable[str] = SHIPPED, region: Region | None = None) -> Outcome:
    """Columns date, name, kind, estimated (optional). Announces each change of the calendar once.

    For the years the file names it is the whole list: a day of those years that it lacks is taken out again.
    """
    if isinstance(file, Path):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return _load(csv.DictReader(opened), region)
    return _load(csv.DictReader(file), region)


def _load(rows: csv.DictReader[str], region: Region | None) -> Outcome:
    outcome = Outcome()
    wanted: dict[datetime.date, Holiday] = {}
    for line, row in enumerate(rows, start=2):
        try:
            date = datetime.date.fromisoformat((row.get("date") or "").strip())
        except ValueError:
            outcome.refused.append(Refused(line, "date", _("bukan tanggal seperti 2026-06-01")))
            continue
        kind = KINDS.get((row.get("kind") or "").strip().lower())
        name = (row.get("name") or "").strip()[:120]
        if kind is None:
            outcome.refused.append(Refused(line, "kind", _("bukan libur_nasional atau cuti_bersama")))
        elif not name:
            outcome.refused.append(Refused(line, "name", _("kosong")))
        else:
            estimated = (row.get("estimated") or "").strip() == "1"
            # Two holidays on one day are one day off; the first names it.
            wanted.setdefault(date, Holiday(date=date, name=name, kind=kind, region=region, estimated=estimated))
    with transaction.atomic():
        years = {date.year for date in wanted}
        known = {
            holiday.date: holiday
            for holiday in Holiday.objects.select_for_update().filter(region=region, date__year__in=years)
        }
        touched: set[int] = set()
        for date, new in wanted.items():
            old = known.pop(date, None)
            if old is None:
                new.save()
                outcome.added.append(str(new))
                touched.add(date.year)
            elif (old.name, old.kind, old.estimated) != (new.name, new.kind, new.estimated):
                # A day that is no longer a guess makes promises firm: that too is a change of the calendar.
                old.name, old.kind, old.estimated = new.name, new.kind, new.estimated
                old.save()
                outcome.changed.append(str(old))
                touched.add(date.year)
            else:
                outcome.unchanged += 1
        for old in known.values():
            outcome.ended.append(str(old))
            touched.add(old.date.year)
            old.delete()
        if touched:
            calendar_changed.send(sender=Holiday, years=touched, region=region)
    return outcome
