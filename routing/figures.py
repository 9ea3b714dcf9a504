"""Figures of many cases, counted by the worker and read by pages: the week, the unanswered, an office's year.

Nothing here is counted anew for a reader, so that a page costs the same with a thousand cases and with a million.
National figures count secret cases; whatever is told of one office, kind of office or district leaves them out
(case.md, I7), and a median of fewer than `ENOUGH` answers is not told.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from agencies import calendar
from agencies.models import Agency, Holiday, Membership, Role
from complaints.models import Kind, ServiceStandard
from complaints.models.clock import ClockKind
from complaints.models.reference import PROMISED
from routing import unanswered as register
from routing.models import Headline, OfficeMonth
from routing.models.figures import LONGEST
from routing.unanswered import Unanswered

ENOUGH = 30
MONTHS = 12
HOME = "beranda"
_DAY = datetime.timedelta(days=1)
_NUMBERED = "numbered AS (SELECT * FROM unnest(%(days)s::date[], %(numbers)s::int[]) AS t(day, n))"


def holidays_since(day: datetime.date) -> frozenset[datetime.date]:
    """National holidays from this day on: one calendar for figures of the whole country."""
    return Holiday.objects.kept_in(None).filter(date__gte=day).days()


def _numbers(first: datetime.date, last: datetime.date) -> dict[str, list[Any]]:
    """Each day with how many working days have passed: the difference of two is the working days between them."""
    holidays, days, numbers, passed = holidays_since(first), [], [], 0
    for offset in range((last - first).days + 1):
        day = first + _DAY * offset
        passed += calendar.is_working_day(day, holidays)
        days.append(day)
        numbers.append(passed)
    return {"days": days, "numbers": numbers}


def _rows(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


# --- The home page ---


def unanswered(today: datetime.date, agency: Agency | None = None) -> Unanswered:
    """The register's summary as the worker summed it; of a subtree: without secret cases. Three statements."""
    return register.sentence(register.summed(agency), today)


@dataclass(frozen=True)
class Home:
    """Figures of the home page as they were at `made_at`. `median` None: nothing was answered."""

    made_at: datetime.datetime
    received: int
    answered: int
    median: int | None
    late: int
    ended: int
    connected: int
    unanswered: Unanswered
    # Received, and answered with another case: that answer is counted once.
    merged: int = 0

    @property
    def in_time(self) -> int:
        """Of the week's cases those that still have time."""
        return max(0, self.received - self.answered - self.late - self.ended - self.merged)


def home() -> Home:
    """One row; counted here only where the worker never ran."""
    row = Headline.objects.filter(name=HOME).first() or refresh_home()
    figures = dict(row.figures)
    late = figures.pop("unanswered")
    return Home(made_at=row.made_at, unanswered=Unanswered(**late | {"ages": tuple(late["ages"])}), **figures)


def refresh_home(now: datetime.datetime | None = None) -> Headline:
    """Count the week, the register and who is connected; may run twice."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    since = now - 7 * _DAY
    sql = f"""
        WITH {_NUMBERED}, week AS (
            SELECT c.status, c.due_on, (c.received_at AT TIME ZONE 'Asia/Jakarta')::date AS came_on,
                   c.duplicate_of_id IS NOT NULL AS merged,
                   (SELECT min(d.first_answer_at) FROM routing_disposition d WHERE d.complaint_id = c.id) AS answered_at
            FROM complaints_complaint c WHERE c.received_at >= %(since)s AND c.received_at <= %(now)s)
        SELECT count(*), count(answered_at) FILTER (WHERE NOT merged),
               percentile_disc(0.5) WITHIN GROUP (ORDER BY ended.n - begun.n) FILTER (WHERE NOT merged),
               count(*) FILTER (WHERE answered_at IS NULL AND status IN ('submitted', 'forwarded', 'in_progress')
                                AND due_on < %(today)s),
               count(*) FILTER (WHERE answered_at IS NULL AND NOT merged AND status IN ('closed', 'archived')),
               count(*) FILTER (WHERE merged)
        FROM week LEFT JOIN numbered begun ON begun.day = came_on
        LEFT JOIN numbered ended ON ended.day = (answered_at AT TIME ZONE 'Asia/Jakarta')::date"""  # noqa: S608
    params = {"since": since, "now": now, "today": today, **_numbers(today - 8 * _DAY, today + _DAY)}
    received, answered, median, late, ended, merged = _rows(sql, params)[0]
    figures = {
        "received": received,
        "answered": answered,
        "median": median,
        "late": late,
        "ended": ended,
        "merged": merged,
        "connected": connected(today),
        "unanswered": unanswered(today).__dict__,
    }
    return Headline.objects.update_or_create(name=HOME, defaults={"made_at": now, "figures": figures})[0]


def days_in_force(today: datetime.date) -> dict[str, int]:
    """`verify_days` and `respond_days` of an ordinary report by the national standard; empty before it is loaded."""
    days = standards_in_force(today).get(Kind.PENGADUAN, {})
    if "verify" not in days or "respond" not in days:
        return {}
    return {"verify_days": days["verify"], "respond_days": days["respond"]}


def days_of(agency: Agency, today: datetime.date) -> dict[str, int]:
    """The same of one district, which may promise less than the country; empty before the standards are loaded."""
    found = ServiceStandard.objects.all_in_force(Kind.PENGADUAN, False, agency, today)
    if ClockKind.VERIFY not in found or ClockKind.RESPOND not in found:
        return {}
    return {
        "verify_days": found[ClockKind.VERIFY].working_days,
        "respond_days": found[ClockKind.RESPOND].working_days,
    }


def standards_in_force(today: datetime.date) -> dict[str, Any]:
    """National working days of unsupervised reports: kind → {"verify", "respond", "resolve"}, and "basis", the law."""
    rows = ServiceStandard.objects.filter(
        supervised=False,
        agency__isnull=True,
        clock__in=[ClockKind.VERIFY, ClockKind.RESPOND, ClockKind.RESOLVE],
        starts_on__lte=today,
    )
    found: dict[str, Any] = {}
    for kind, clock, days, basis in rows.order_by("starts_on").values_list(
        "kind", "clock", "working_days", "legal_basis"
    ):
        found.setdefault(kind, {})[clock.lower()] = days
        found["basis"] = basis
    return found


def standards_of(agency: Agency, today: datetime.date) -> dict[str, Any]:
    """The same of one district, its own where they are tighter. One statement a kind."""
    found: dict[str, Any] = {}
    bases: dict[str, None] = {}
    for kind in Kind.values:
        rows = ServiceStandard.objects.all_in_force(kind, False, agency, today)
        if set(PROMISED) <= rows.keys():
            found[kind] = {clock.lower(): rows[clock].working_days for clock in PROMISED}
            bases |= dict.fromkeys(rows[clock].legal_basis for clock in PROMISED)
    return found | {"basis": "; ".join(bases)}


def connected(today: datetime.date) -> int:
    """Offices at which somebody may answer today: counted, never claimed."""
    return (
        Agency.objects.active_on(today)
        .filter(
            pk__in=Membership.objects.current(today)
            .filter(role__in=[Role.LIAISON, Role.HEAD, Role.COORDINATOR, Role.NATIONAL])
            .values("agency")
        )
        .count()
    )


# --- Months ---


def first_of(day: datetime.date, months: int = 0) -> datetime.date:
    """The first day of the month that lies `months` before the day's own."""
    count = day.year * 12 + day.month - 1 - months
    return datetime.date(count // 12, count % 12 + 1, 1)


_ANSWERS = f"""
    WITH {_NUMBERED}, promised AS (
        SELECT k.complaint_id, k.started_on, k.due_on, k.stopped_at, c.secret OR c.not_for_id IS NOT NULL AS secret,
               c.status, COALESCE(a.agency_id, k.missed_by_id, c.handler_id) AS agency_id,
               (a.first_answer_at AT TIME ZONE 'Asia/Jakarta')::date AS answered_on
        FROM complaints_clock k JOIN complaints_complaint c ON c.id = k.complaint_id
        LEFT JOIN LATERAL (
            SELECT d.agency_id, d.first_answer_at FROM routing_disposition d
            WHERE d.complaint_id = k.complaint_id AND d.round = 1 AND d.first_answer_at IS NOT NULL
            ORDER BY d.id LIMIT 1) a ON TRUE
        WHERE k.kind = 'RESPOND' AND k.round = 1 AND k.started_on >= %(since)s AND c.duplicate_of_id IS NULL)
    SELECT agency_id, date_trunc('month', started_on)::date, secret,
           CASE WHEN answered_on <= due_on THEN 'in_time' WHEN answered_on IS NOT NULL THEN 'late'
                WHEN stopped_at IS NOT NULL THEN '' WHEN due_on < %(today)s THEN 'overdue' ELSE 'pending' END,
           GREATEST(0, ended.n - begun.n - COALESCE((
               SELECT sum(p2.n - p1.n) FROM complaints_pause p
               JOIN numbered p1 ON p1.day = p.started_on - 1 JOIN numbered p2 ON p2.day = p.ended_on - 1
               WHERE p.complaint_id = promised.complaint_id AND p.ended_on <= answered_on), 0))::int,
           count(*)
    FROM promised LEFT JOIN numbered begun ON begun.day = started_on
    LEFT JOIN numbered ended ON ended.day = answered_on
    GROUP BY 1, 2, 3, 4, 5"""  # noqa: S608 (constants)
# What is merged now ended as such when its last stint did; an end before that was one of its own.
_ENDS = """
    SELECT d.agency_id, date_trunc('month', d.ended_at AT TIME ZONE 'Asia/Jakarta')::date,
           c.secret OR c.not_for_id IS NOT NULL,
           CASE WHEN c.duplicate_of_id IS NOT NULL AND d.outcome = 'ARCHIVED' AND d.ended_at = c.closed_at
                THEN 'MERGED' ELSE d.outcome END, count(*),
           count(c.rating_answer), COALESCE(sum(c.rating_answer), 0), COALESCE(sum(c.rating_result), 0)
    FROM routing_disposition d JOIN complaints_complaint c ON c.id = d.complaint_id
    WHERE d.outcome IN ('ANSWERED', 'LAPSED', 'ARCHIVED', 'WITHDRAWN', 'EXPIRED') AND d.ended_at >= %(since)s
    GROUP BY 1, 2, 3, 4"""
_ENDED = {
    "ANSWERED": "accepted",
    "LAPSED": "lapsed",
    "ARCHIVED": "archived",
    "MERGED": "merged",
    "WITHDRAWN": "withdrawn",
    "EXPIRED": "expired",
}


@transaction.atomic
def refresh_months(now: datetime.datetime | None = None, *, months: int = MONTHS) -> int:
    """Count this month and the `months` before it anew, replacing what stood there; the number of rows written."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    since = first_of(today, months)
    params = {"since": since, "today": today, **_numbers(since - 31 * _DAY, today + _DAY)}
    found: dict[tuple[int, datetime.date, bool], OfficeMonth] = {}

    def row(agency: int, month: datetime.date, secret: bool) -> OfficeMonth:
        return found.setdefault((agency, month, secret), OfficeMonth(agency_id=agency, month=month, secret=secret))

    for agency, month, secret, state, took, count in _rows(_ANSWERS, params):
        if not state:
            continue
        one = row(agency, month, secret)
        setattr(one, state, getattr(one, state) + count)
        if took is not None and state in ("in_time", "late"):
            _add(one.days, min(took, LONGEST), count)
    for agency, month, secret, outcome, count, rated, answer, result in _rows(_ENDS, params):
        one = row(agency, month, secret)
        setattr(one, _ENDED[outcome], count)
        if outcome == "ANSWERED":
            one.rated, one.rating_answer, one.rating_result = rated, answer, result
    with connection.cursor() as cursor:
        # Two at once would both delete and both insert: the second waits.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('office months'))")
    OfficeMonth.objects.filter(month__gte=since).delete()
    OfficeMonth.objects.bulk_create(found.values(), batch_size=2000)
    Headline.objects.update_or_create(name="bulan", defaults={"made_at": now, "figures": {"since": since.isoformat()}})
    return len(found)


def _add(buckets: list[int], place: int, count: int) -> None:
    buckets.extend([0] * (place + 1 - len(buckets)))
    buckets[place] += count


@dataclass
class Measure:
    """Sums of some offices over some months. `n`: promises that are answered or late, the base of every share."""

    in_time: int = 0
    late: int = 0
    overdue: int = 0
    pending: int = 0
    accepted: int = 0
    lapsed: int = 0
    archived: int = 0
    merged: int = 0
    withdrawn: int = 0
    expired: int = 0
    rated: int = 0
    rating_answer: int = 0
    rating_result: int = 0
    days: list[int] = field(default_factory=list)

    def add(self, other: Measure) -> None:
        """Take the other's sums and days in."""
        for name in SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for place, count in enumerate(other.days):
            _add(self.days, place, count)

    @property
    def n(self) -> int:
        return self.in_time + self.late + self.overdue

    @property
    def answered(self) -> int:
        return self.in_time + self.late

    @property
    def closed(self) -> int:
        return self.accepted + self.lapsed

    @property
    def median(self) -> float | None:
        """Half was answered within so many working days; None: nothing was answered."""
        return median(self.days)

    @property
    def told_median(self) -> float | None:
        """The median where it rests on enough answers to be told of one office."""
        return self.median if self.answered >= ENOUGH else None

    @property
    def mean_answer(self) -> float | None:
        return self.rating_answer / self.rated if self.rated else None

    @property
    def mean_result(self) -> float | None:
        return self.rating_result / self.rated if self.rated else None


SUMS = (
    "in_time", "late", "overdue", "pending", "accepted", "lapsed", "archived", "merged", "withdrawn", "expired",
    "rated", "rating_answer", "rating_result",
)  # fmt: skip


def median(days: Sequence[int]) -> float | None:
    """The middle of a histogram; between two when they differ."""
    total = sum(days)
    if not total:
        return None
    low, high = _nth(days, (total - 1) // 2), _nth(days, total // 2)
    return (low + high) / 2 if (low + high) % 2 else (low + high) // 2


def _nth(days: Sequence[int], place: int) -> int:
    for value, count in enumerate(days):
        place -= count
        if place < 0:
            return value
    return len(days) - 1


@dataclass(frozen=True)
class Year:
    """Twelve months of an office with everything below it (None: the country), the newest last.

    `below`: the same for each office directly below, by its id (the office itself under its own id).
    """

    made_at: datetime.datetime | None
    months: list[tuple[datetime.date, Measure]]
    all: Measure
    below: dict[int, Measure]


def year(agency: Agency | None, today: datetime.date) -> Year:
    """Three statements, over rows kept per office and month."""
    since = first_of(today, MONTHS - 1)
    made = Headline.objects.filter(name="bulan").first()
    if made is None:
        refresh_months()
        made = Headline.objects.filter(name="bulan").first()
    depth = (agency.path_length if agency else 1) + 2
    own = agency.pk if agency else Agency.objects.root().pk
    within = "NOT m.secret AND a.path LIKE %(path)s" if agency else "TRUE"
    source = f"""FROM routing_officemonth m JOIN agencies_agency a ON a.id = m.agency_id
        WHERE m.month >= %(since)s AND {within}"""
    below = f"COALESCE(NULLIF(split_part(a.path, '/', {depth}), '')::bigint, {own})"
    params = {"since": since, "path": f"{agency.path}%" if agency else ""}
    sums = ", ".join(f"sum(m.{name})::int" for name in SUMS)
    by_month: dict[datetime.date, Measure] = {first_of(today, MONTHS - 1 - n): Measure() for n in range(MONTHS)}
    by_office: dict[int, Measure] = {}
    whole = Measure()
    for month, office, *values in _rows(f"SELECT m.month, {below}, {sums} {source} GROUP BY 1, 2", params):
        for one in (by_month.setdefault(month, Measure()), by_office.setdefault(office, Measure()), whole):
            for name, value in zip(SUMS, values, strict=True):
                setattr(one, name, getattr(one, name) + value)
    days = f"""SELECT {below}, d.place::int - 1, sum(d.count)::int
        {source.replace("WHERE", "CROSS JOIN LATERAL unnest(m.days) WITH ORDINALITY AS d(count, place) WHERE")}
        GROUP BY 1, 2"""
    for office, place, count in _rows(days, params):
        _add(whole.days, place, count)
        _add(by_office.setdefault(office, Measure()).days, place, count)
    return Year(made.made_at if made else None, sorted(by_month.items()), whole, by_office)


def of_offices(ids: Iterable[int], today: datetime.date, *, months: int = 3) -> dict[int, Measure]:
    """Each of these offices alone, over this month and those before it; without secret cases. Two statements."""
    params = {"since": first_of(today, months), "ids": list(ids)}
    source = "FROM routing_officemonth m WHERE NOT m.secret AND m.month >= %(since)s AND m.agency_id = ANY(%(ids)s)"
    sums = ", ".join(f"sum(m.{name})::int" for name in SUMS)
    found: dict[int, Measure] = {}
    for office, *values in _rows(f"SELECT m.agency_id, {sums} {source} GROUP BY 1", params):
        found[office] = Measure(**dict(zip(SUMS, values, strict=True)))
    days = "CROSS JOIN LATERAL unnest(m.days) WITH ORDINALITY AS d(count, place) WHERE"
    sql = f"SELECT m.agency_id, d.place::int - 1, sum(d.count)::int {source.replace('WHERE', days, 1)} GROUP BY 1, 2"
    for office, place, count in _rows(sql, params):
        _add(found[office].days, place, count)
    return found
