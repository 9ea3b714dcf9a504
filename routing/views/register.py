"""The register of the unanswered: every promise of the state that has passed, for everybody, in the whole country.

A row leaves it when the promise is kept or ends, never because the case was handed on. Secret cases, cases kept from
an office and those of anonymous reporters are counted and not listed.
"""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import calendar, finding, subsites
from agencies.models import Agency
from complaints import cards, search
from complaints.models import Clock, Event
from complaints.models.clock import ClockKind
from complaints.transitions import Status
from complaints.views.browse import keep_briefly
from lapor.kit import paging, wording
from routing import figures

PAGE = 25
# How long a miss that was none is still told, in days, and how many at most.
TOLD_FOR = 90
CORRECTED = 20


def register(request: HttpRequest) -> HttpResponse:
    """Oldest first. At most 14 statements."""
    now = timezone.now()
    today = timezone.localdate(now)
    office, offices, typed = search.find_office(search.clean(request.GET.get("instansi", "")))
    office = subsites.within(request, office)
    rows, cursor, is_first = _page(_listed(today, office), request.GET.get("setelah", ""))
    summary = figures.unanswered(today, office)
    address = f"?instansi={office.pk}" if office else "?"
    spread = figures.late_offices(today, office) if is_first else []
    context = {
        "office": office,
        "office_typed": typed,
        "offices": [(f"?instansi={one.pk}", finding.office_line(one)) for one in offices],
        "summary": summary,
        "ages": age_rows(summary),
        "ages_top": max(summary.ages),
        "spread": [
            {"label": one.shown_name, "value": count, "tone": "t5", "url": f"?instansi={one.pk}"}
            for one, count in spread
            if office is None or one.pk != office.pk or len(spread) > 1
        ],
        "spread_top": max((count for _one, count in spread), default=0),
        "rows": _shown(rows, now),
        "older": f"{address}&setelah={cursor}" if cursor else "",
        "first": "" if is_first else address,
        "corrected": _corrected(now, office) if is_first else [],
        "now": now,
    }
    return keep_briefly(request, render(request, "routing/register.html", context))


def age_rows(summary: figures.Unanswered) -> list[dict[str, Any]]:
    """For routing/_ages.html."""
    young, middle, old = summary.ages
    return [
        {"label": _("1–5 hari kerja"), "value": young},
        {"label": _("6–30 hari kerja"), "value": middle},
        {"label": _("Lebih lama"), "value": old},
    ]


def _open_to_all(rows: QuerySet[Clock], office: Agency | None) -> QuerySet[Clock]:
    rows = rows.filter(complaint__secret=False, complaint__anonymous=False, complaint__not_for__isnull=True)
    if office is not None:
        rows = rows.filter(
            Q(missed_by__path__startswith=office.path)
            | Q(missed_by__isnull=True, complaint__handler__path__startswith=office.path)
        )
    return rows.select_related("complaint__handler__parent", "complaint__publication", "missed_by__parent").only(
        "kind", "due_on", "corrected_at", "calendar_region_id", "complaint__number", "complaint__status",
        "complaint__publication__title", "complaint__publication__place_id", "complaint__handler__name",
        "complaint__handler__short_name", "complaint__handler__parent__name", "complaint__handler__parent__short_name",
        "complaint__handler__parent__parent_id", "missed_by__name", "missed_by__short_name", "missed_by__parent__name",
        "missed_by__parent__short_name", "missed_by__parent__parent_id",
    )  # fmt: skip


def _listed(today: datetime.date, office: Agency | None) -> QuerySet[Clock]:
    return _open_to_all(Clock.objects.unanswered(today), office).order_by("due_on", "pk")


def _page(rows: QuerySet[Clock], cursor: str) -> tuple[list[Clock], str, bool]:
    at = paging.read(cursor, datetime.date.fromisoformat, paging.key)
    if at is not None:
        rows = rows.filter(due_on__gte=at[0]).filter(Q(due_on__gt=at[0]) | Q(pk__gt=at[1]))
    taken = list(rows[: PAGE + 1])
    more = paging.write(taken[PAGE - 1].due_on, taken[PAGE - 1].pk) if len(taken) > PAGE else ""
    return taken[:PAGE], more, at is None


def _broken(kind: str) -> str:
    if kind == ClockKind.RESPOND:
        return _("Jawaban pertama seharusnya paling lambat %(day)s")
    if kind == ClockKind.RESOLVE:
        return _("Jawaban akhir seharusnya paling lambat %(day)s")
    return _("Keputusan tentang kantor yang berwenang seharusnya paling lambat %(day)s")


def _shown(rows: list[Clock], now: datetime.datetime) -> list[dict[str, Any]]:
    """Two statements: places and holidays."""
    if not rows:
        return []
    places = cards.places_of([_place(clock) for clock in rows])
    days = cards.Calendar.since(min(clock.due_on for clock in rows if clock.due_on))
    shown = []
    for clock in rows:
        case, due = clock.complaint, clock.due_on
        assert due is not None
        place = places.get(_place(clock) or "")
        today = timezone.localtime(now, ZoneInfo(place.zone if place else "Asia/Jakarta")).date()
        office = clock.missed_by or case.handler
        copy = getattr(case, "publication", None)
        shown.append(
            {
                "title": copy.title if copy else "",
                "url": reverse("complaints:case", args=[case.shown_number]) if copy else "",
                "number": case.shown_number,
                "place": cards.place_line(copy.place_id, places) if copy else "",
                "office": finding.office_line(office),
                "now_at": case.handler.shown_name if case.handler_id != office.pk else "",
                "broken": _broken(clock.kind) % {"day": wording.long_day(due)},
                "status": Status(case.status).label,
                "days": -calendar.working_days_left(today, due, days.of(clock.calendar_region_id))
                if today > due
                else 1,
            }
        )
    return shown


def _place(clock: Clock) -> str | None:
    copy = getattr(clock.complaint, "publication", None)
    return copy.place_id if copy else None


def _corrected(now: datetime.datetime, office: Agency | None) -> list[dict[str, Any]]:
    """Misses that a change of the calendar undid: the row does not vanish without a word."""
    since = now - datetime.timedelta(days=TOLD_FOR)
    rows = _open_to_all(Clock.objects.filter(corrected_at__gte=since, missed_by__isnull=True), None)
    clocks = list(rows.order_by("-corrected_at")[:CORRECTED])
    if not clocks:
        return []
    missed = {
        event.particulars.get("clock"): event
        for event in Event.objects.filter(
            complaint_id__in=[clock.complaint_id for clock in clocks], verb="overdue"
        ).order_by("pk")
    }
    ids = {event.particulars.get("missed_by") for event in missed.values()}
    offices = Agency.objects.select_related("parent").in_bulk([pk for pk in ids if pk])
    told = []
    for clock in clocks:
        event = missed.get(clock.pk)
        blamed = offices.get(event.particulars.get("missed_by")) if event else None
        blamed = blamed or clock.complaint.handler
        if office is not None and not blamed.path.startswith(office.path):
            continue
        told.append(
            {
                "number": clock.complaint.shown_number,
                "office": finding.office_line(blamed),
                "was": wording.plain_day(datetime.date.fromisoformat(event.particulars["due_on"])) if event else "",
                "due": wording.plain_day(clock.due_on),
                "on": wording.plain_day(clock.corrected_at),
            }
        )
    return told
