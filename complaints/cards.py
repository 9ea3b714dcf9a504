"""A published case as a list shows it: title, place, office, status and promise, for parts/case_row.html."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from agencies import calendar, finding
from agencies.models import Holiday, Region
from complaints.models import Clock, Complaint, Publication, Supporter
from complaints.models.clock import ClockKind
from complaints.transitions import Status

# Working days within which a promise is nearly due.
NEAR = 1


@dataclass(frozen=True)
class Calendar:
    """Holidays of many places, read once: by region code, "" for the whole country."""

    rows: dict[str, frozenset[datetime.date]]

    @classmethod
    def since(cls, day: datetime.date) -> Calendar:
        rows: dict[str, set[datetime.date]] = {}
        for date, region in Holiday.objects.filter(date__gte=day).values_list("date", "region_id"):
            rows.setdefault(region or "", set()).add(date)
        return cls({code: frozenset(days) for code, days in rows.items()})

    def of(self, place: str | None) -> frozenset[datetime.date]:
        """Of the country, the place and every region around it."""
        parts = (place or "").split(".")
        codes = ["", *(".".join(parts[: n + 1]) for n in range(len(parts)))]
        return frozenset().union(*(self.rows[code] for code in codes if code in self.rows))


def promise_of(
    status: str,
    due_on: datetime.date | None,
    clocks: Iterable[Clock],
    today: datetime.date,
    holidays: frozenset[datetime.date],
    zone: str = "Asia/Jakarta",
) -> dict[str, Any] | None:
    """State and working days for parts/promise.html; None where nothing is promised now and nothing was.

    `due_on` is the case's own; `clocks` its RESPOND and RESOLVE, stopped ones too.
    """
    if status in (Status.SUBMITTED, Status.FORWARDED, Status.IN_PROGRESS):
        if due_on is None:
            return None
        left = calendar.working_days_left(today, due_on, holidays)
        if left < 0:
            return {"state": "late", "days": -left}
        return {"state": "near" if left <= NEAR else "on_time", "days": left}
    own = list(clocks)
    if status == Status.WAITING:
        passed = [c.due_on for c in own if c.stopped_at is None and c.due_on is not None and c.due_on < today]
        if passed:
            return {"state": "late", "days": -calendar.working_days_left(today, min(passed), holidays)}
        left_over = [c.days_left for c in own if c.stopped_at is None and c.days_left is not None]
        return {"state": "paused", "days": min(left_over)} if left_over else None
    if status in (Status.ANSWERED, Status.CLOSED):
        answered = [c for c in own if c.kind == ClockKind.RESPOND and c.stopped_at and c.due_on]
        if answered:
            last = max(answered, key=lambda clock: clock.pk)
            assert last.stopped_at is not None
            assert last.due_on is not None
            on = timezone.localtime(last.stopped_at, ZoneInfo(zone)).date()
            left = calendar.working_days_left(on, last.due_on, holidays)
            return {"state": "answered_late", "days": -left} if left < 0 else {"state": "kept", "days": left}
    return None


def cards(rows: Sequence[Publication], now: datetime.datetime | None = None) -> list[dict[str, Any]]:
    """The rows ready to show. Five statements, whatever their number (their cases and handlers must be joined)."""
    if not rows:
        return []
    now = now or timezone.now()
    places = places_of(row.place_id for row in rows)
    clocks: dict[int, list[Clock]] = {}
    for clock in Clock.objects.filter(
        complaint_id__in=[row.complaint_id for row in rows], kind__in=[ClockKind.RESPOND, ClockKind.RESOLVE]
    ):
        clocks.setdefault(clock.complaint_id, []).append(clock)
    same = dict(
        Complaint.objects.filter(
            duplicate_of__in=[row.complaint_id for row in rows], secret=False, not_for__isnull=True
        )
        .values_list("duplicate_of")
        .annotate(Count("pk"))
    )
    supporters = Supporter.objects.count_by_case([row.complaint_id for row in rows])
    dates = [day for row in rows if (day := row.complaint.due_on)]
    dates += [day for listed in clocks.values() for clock in listed for day in (clock.due_on, clock.started_on) if day]
    days = Calendar.since(min([*dates, now.date()]) - datetime.timedelta(days=1))
    found = []
    for row in rows:
        case, place = row.complaint, places.get(row.place_id or "")
        zone = place.zone if place else "Asia/Jakarta"
        today = timezone.localtime(now, ZoneInfo(zone)).date()
        found.append(
            {
                "url": reverse("complaints:case", args=[case.shown_number]),
                "title": row.title,
                "place": place_line(row.place_id, places),
                "office": case.handler.shown_name,
                "same": same.get(case.pk, 0) + supporters.get(case.pk, 0),
                "status": Status(case.status).label,
                "promise": promise_of(
                    case.status, case.due_on, clocks.get(case.pk, ()), today, days.of(row.place_id), zone
                ),
            }
        )
    return found


def places_of(codes: Iterable[str | None]) -> dict[str, Region]:
    """These regions and every one around them, by code. One statement."""
    wanted = {
        ".".join(parts[: n + 1]) for code in codes if code for parts in [code.split(".")] for n in range(len(parts))
    }
    return {region.pk: region for region in Region.objects.filter(pk__in=wanted)} if wanted else {}


def place_line(code: str | None, places: dict[str, Region], *, down_from: int = 2) -> str:
    """ "Desa Kelesa, Kec. Seberida, Kab. Indragiri Hulu": as narrow as is known, out to `down_from` (2: kabupaten)."""
    parts = (code or "").split(".")
    line = [
        finding.short_name(places[".".join(parts[:depth])])
        for depth in range(len(parts), 0, -1)
        if ".".join(parts[:depth]) in places and (depth >= down_from or len(parts) < down_from)
    ]
    return ", ".join(line)
