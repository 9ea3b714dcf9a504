"""Published cases as service requests. From Publication alone, as every public page (case.md section 6).

The order is newest received first. A page of a thousand costs as many statements as a page of one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import calendar
from agencies.models import Agency, ApiClient, Region
from complaints import cards, publishing
from complaints.channels.open311 import services
from complaints.channels.open311.asking import Asked
from complaints.channels.open311.formats import said, without_html
from complaints.channels.open311.refusals import Missing, Wrong
from complaints.models import Attachment, Category, Clock, Complaint, Event, Publication
from complaints.models.clock import ClockKind
from complaints.models.event import Audience
from complaints.models.lifecycle.endings import ArchiveGround
from complaints.number import read_number
from complaints.transitions import OPEN, TERMINAL, Status
from lapor.kit.text import shorten

SPAN = datetime.timedelta(days=90)
MOST = 1000
FURTHEST_PAGE = 100_000
DESCRIPTION_LIMIT = 4000
STATUSES = {"open": OPEN, "closed": TERMINAL}
# What a record shows; nothing else of the case is read.
_SHOWN = (
    "title", "body", "place_id", "category", "complaint__number", "complaint__status", "complaint__received_at",
    "complaint__closed_at", "complaint__archive_ground", "complaint__handler__name",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a GET asks for. `numbers` overrides all the rest."""

    start: datetime.datetime
    end: datetime.datetime
    page: int
    size: int
    numbers: list[str] | None = None
    categories: list[int] | None = None
    uncategorised: bool = False
    statuses: list[str] | None = None
    jurisdiction: Agency | None = None


def read(asked: Asked, jurisdiction: Agency | None, now: datetime.datetime) -> Wanted:
    """Raises Wrong, Missing. At most two statements."""
    page, size = asked.number("page", 1, FURTHEST_PAGE), asked.number("page_size", MOST, MOST)
    if ids := asked.many("service_request_id"):
        numbers = [number for number in map(read_number, ids) if number]
        return Wanted(now - SPAN, now, page, size, numbers=numbers)
    start, end = span(asked, now)
    statuses = [status.lower() for status in asked.many("status")]
    if unknown := [status for status in statuses if status not in STATUSES]:
        raise Wrong(_("status “%(status)s” tidak dikenal. Yang ada: open, closed.") % {"status": unknown[0][:40]})
    categories, uncategorised = _categories(asked.many("service_code"), timezone.localdate(now))
    return Wanted(
        start,
        end,
        page,
        size,
        categories=categories,
        uncategorised=uncategorised,
        statuses=[one for status in statuses for one in STATUSES[status]] or None,
        jurisdiction=jurisdiction,
    )


def span(asked: Asked, now: datetime.datetime) -> tuple[datetime.datetime, datetime.datetime]:
    """From when until when: at most 90 days, and the most recent ones where nothing is said. Raises Wrong."""
    start, end = asked.moment("start_date"), asked.moment("end_date", end=True)
    if start is None and end is None:
        return now - SPAN, now
    try:
        start = start if start is not None else (end or now) - SPAN
        end = end if end is not None else start + SPAN
    except OverflowError:
        raise Wrong(_("start_date dan end_date: tanggalnya terlalu jauh.")) from None
    if start > end:
        raise Wrong(_("start_date sesudah end_date."))
    if end - start > SPAN:
        raise Wrong(_("start_date sampai end_date paling banyak 90 hari."))
    return start, end


def _categories(codes: list[str], today: datetime.date) -> tuple[list[int] | None, bool]:
    """Ids of the services asked for, and whether what has no category is among them. Raises Missing."""
    if not codes:
        return None, False
    known = {str(pk): (pk, bidang) for pk, bidang in Category.objects.values_list("pk", "bidang")}
    for code in codes:
        if code not in known:
            raise Missing(_("service_code “%(code)s” tidak dikenal.") % {"code": code[:60]})
    otherwise = services.anything_else(today)
    chosen = [known[code][0] for code in codes]
    return chosen, otherwise is not None and otherwise.pk in chosen


def found(wanted: Wanted) -> QuerySet[Publication]:
    rows = Publication.objects.select_related("complaint__handler", "category").only(*_SHOWN)
    if wanted.numbers is not None:
        rows = rows.filter(complaint__number__in=wanted.numbers)
    else:
        rows = rows.filter(complaint__received_at__gte=wanted.start, complaint__received_at__lte=wanted.end)
        if wanted.statuses is not None:
            rows = rows.filter(complaint__status__in=wanted.statuses)
        if wanted.categories is not None:
            chosen = Q(category_id__in=wanted.categories)
            rows = rows.filter(chosen | Q(category__isnull=True) if wanted.uncategorised else chosen)
        if wanted.jurisdiction is not None:
            rows = rows.filter(inside(wanted.jurisdiction))
    return rows.order_by("-complaint__received_at", "-complaint_id")


def inside(jurisdiction: Agency, publication: str = "") -> Q:
    """Published cases of a district: those whose place lies in it. `publication` is the way to it, "__" at its end."""
    # Each part of a code has its own fixed length: a prefix holds the place and all inside it, and no neighbour.
    return Q(**{f"{publication}place__code__startswith": jurisdiction.region_id})


def page(wanted: Wanted) -> tuple[list[Publication], bool]:
    """The rows of the page asked for, and whether there are more."""
    first = (wanted.page - 1) * wanted.size
    rows = list(found(wanted)[first : first + wanted.size + 1])
    return rows[: wanted.size], len(rows) > wanted.size


def one(number: str, jurisdiction: Agency | None, client: ApiClient | None) -> Publication:
    """Raises Missing, alike for what is secret, not published yet and never was."""
    stored = read_number(number)
    rows = Publication.objects.select_related("complaint__handler", "category").only(*_SHOWN)
    if jurisdiction is not None:
        rows = rows.filter(inside(jurisdiction))
    row = rows.filter(complaint__number=stored).first() if stored else None
    if row is None and client is not None and stored:
        row = next(iter(brought([stored], client)), None)
    if row is None:
        raise Missing(_("service_request_id “%(number)s” tidak ada.") % {"number": number[:40]})
    return row


def brought(numbers: list[str], client: ApiClient) -> list[Publication]:
    """Reports this client filed that are not published yet, as they would be: it may follow what it brought. Never one
    that is secret or kept from an office. Nothing is written."""
    cases = Complaint.objects.filter(
        Exists(Event.objects.filter(complaint=OuterRef("pk"), verb="submit", client=client)),
        number__in=numbers[:MOST],
        publication__isnull=True,
        secret=False,
        not_for__isnull=True,
    ).select_related("handler", "category", "place")
    return [publishing.draft_of(case) for case in cases.order_by("-received_at", "-pk")]


# --- Records ---


def records(rows: Sequence[Publication], now: datetime.datetime) -> list[dict[str, Any]]:
    """Six statements, whatever the number of rows; none where there are none."""
    if not rows:
        return []
    ids = [row.complaint_id for row in rows]
    places = cards.places_of(row.place_id for row in rows)
    lines = {code: cards.place_line(code, places, down_from=1) for code in {row.place_id for row in rows}}
    otherwise = services.anything_else(timezone.localdate(now))
    promises = _Promises.of(rows)
    changed = last_changes(ids)
    pictures = public_pictures(ids)
    stands = {(row.complaint.status, row.complaint.archive_ground) for row in rows}
    notes = {pair: status_notes(*pair) for pair in stands}
    return [
        _record(
            row,
            places,
            lines[row.place_id],
            notes[row.complaint.status, row.complaint.archive_ground],
            otherwise,
            promises,
            changed.get(row.complaint_id),
            pictures.get(row.complaint_id),
        )
        for row in rows
    ]


def _record(
    row: Publication,
    places: dict[str, Region],
    line: str,
    notes: str,
    otherwise: Category | None,
    promises: _Promises,
    changed: datetime.datetime | None,
    picture: str | None,
) -> dict[str, Any]:
    case, category = row.complaint, row.category or otherwise
    place = places.get(row.place_id or "")
    zone = ZoneInfo(place.zone if place else "Asia/Jakarta")
    point = point_of(row.place_id, places)
    closed = case.status in TERMINAL
    updated = case.closed_at if closed else changed
    return {
        "service_request_id": case.number,
        "status": "closed" if closed else "open",
        "status_notes": notes,
        "service_name": said(category.name) if category else None,
        "service_code": services.code_of(category),
        "description": description(row),
        "agency_responsible": said(case.handler.name),
        "service_notice": said(category.notice) if category else None,
        "requested_datetime": w3c(case.received_at, zone),
        "updated_datetime": w3c(updated or case.received_at, zone),
        "expected_datetime": promises.expected(row, zone),
        "address": said(line),
        "address_id": row.place_id,
        "zipcode": None,
        "lat": point[0],
        "long": point[1],
        "media_url": picture,
    }


def point_of(code: str | None, places: dict[str, Region]) -> tuple[float | None, float | None]:
    """A point inside the published place, or inside the nearest region around it that has one: where on the map it
    belongs, never where the reporter stood."""
    parts = (code or "").split(".")
    for depth in range(len(parts), 0, -1):
        region = places.get(".".join(parts[:depth]))
        if region is not None and region.latitude is not None and region.longitude is not None:
            return region.latitude, region.longitude
    return None, None


def w3c(at: datetime.datetime, zone: ZoneInfo) -> str:
    """To the second, with the offset of the place."""
    return at.astimezone(zone).isoformat(timespec="seconds")


def status_notes(status: str, ground: str) -> str:
    """Our own word for where it stands, richer than open and closed."""
    label = str(Status(status).label)
    if status == Status.ARCHIVED and ground in ArchiveGround.values:
        return _("%(status)s: %(why)s") % {"status": label, "why": ArchiveGround(ground).label}
    return label


def description(row: Publication) -> str | None:
    """Title and story; a title that only repeats how the story begins is left out."""
    title, body = row.title.strip(), row.body.strip()
    begins = " ".join(body[: len(title) + 40].split()).startswith(title.rstrip("…").rstrip())
    text = body if begins else f"{title}\n\n{body}".strip()
    return said(shorten(without_html(text), DESCRIPTION_LIMIT))


def last_changes(ids: Iterable[int]) -> dict[int, datetime.datetime]:
    """By case: when something last happened that its reporter or everybody may know. One statement."""
    known = Event.objects.filter(complaint_id__in=list(ids)).exclude(audience=Audience.OFFICERS)
    return dict(known.order_by().values_list("complaint_id").annotate(Max("recorded_at")))


def public_pictures(ids: Iterable[int]) -> dict[int, str]:
    """By case: the address of the first picture an office showed everybody. What a reporter sent is never shown to
    all (`views.media`). One statement."""
    rows = Attachment.objects.filter(
        complaint_id__in=list(ids),
        message__side="AGENCY",
        message__audience=Audience.PUBLIC,
        message__state="SENT",
        state=Attachment.State.CLEAN,
        sniffed_type__startswith="image/",
    )
    shown: dict[int, str] = {}
    for case, pk in rows.order_by("pk").values_list("complaint_id", "pk"):
        shown.setdefault(case or 0, address_of(pk))
    return shown


def address_of(attachment: int) -> str:
    return f"{settings.SITE_URL}{reverse('complaints:media', args=[attachment])}"


@dataclass(frozen=True)
class _Promises:
    """By when each of these cases shall be solved. Two statements."""

    clocks: dict[int, dict[str, Clock]]
    days: cards.Calendar

    @classmethod
    def of(cls, rows: Sequence[Publication]) -> _Promises:
        clocks: dict[int, dict[str, Clock]] = {}
        kinds = (ClockKind.RESOLVE, ClockKind.REPORTER)
        for clock in Clock.objects.filter(complaint_id__in=[row.complaint_id for row in rows], kind__in=kinds).order_by(
            "pk"
        ):
            clocks.setdefault(clock.complaint_id, {})[clock.kind] = clock
        begun = [clock.started_on for kept in clocks.values() for clock in kept.values()]
        return cls(clocks, cards.Calendar.since(min(begun)) if begun else cards.Calendar({}))

    def expected(self, row: Publication, zone: ZoneInfo) -> str | None:
        """The end of the day promised; None while the reporter is waited for and the promise stands still."""
        day = self._day(row)
        if day is None:
            return None
        return w3c(datetime.datetime.combine(day, datetime.time(23, 59, 59), tzinfo=zone), zone)

    def _day(self, row: Publication) -> datetime.date | None:
        kept = self.clocks.get(row.complaint_id, {})
        resolve, reporter = kept.get(ClockKind.RESOLVE), kept.get(ClockKind.REPORTER)
        if resolve is None:
            return None
        if resolve.due_on is not None or row.complaint.status == Status.WAITING:
            return resolve.due_on
        if reporter is not None and resolve.paused_on and reporter.started_on > resolve.paused_on:
            # Answered with a date: from then on the reporter judges.
            return reporter.started_on
        if resolve.paused_on is None or resolve.days_left is None:
            return None
        # Answered before its day: the day it would have been.
        return calendar.add_working_days(resolve.paused_on, resolve.days_left, self.days.of(row.place_id))
