"""The register of the unanswered: how rows come into it and are completed, what is read of it, what it sums up to.

A row is written in the transaction that noted the miss. It leaves the open part by an answer and by nothing else: what
was promised to be passed on, by being forwarded to the office that is to answer, and not by being archived; a first
answer completes RESPOND, a final one RESPOND and RESOLVE, the desk's decision DECIDE. The answer to a report is the
answer to those that were merged into it. ADR 0041.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from agencies import calendar
from agencies.models import Agency, Holiday
from agencies.models.agency import PEMDA
from complaints.models import Clock, Complaint, Event
from complaints.models.clock import ClockKind
from lapor.kit.rows import spelt
from routing.models import Escalation, Missed, MissedSum
from routing.models.missed import KINDS, MissedQuerySet

_DAY = datetime.timedelta(days=1)
# Limits of the age groups, in working days: 1-5, 6-30, more.
AGES = (5, 30)
# An answer says more than that it was passed on: what was merged into a report that was forwarded before has no other.
_KEEPS = {
    "forward": (ClockKind.VERIFY,),
    "answer": (ClockKind.VERIFY, ClockKind.RESPOND),
    "resolve": (ClockKind.VERIFY, ClockKind.RESPOND, ClockKind.RESOLVE),
}


# --- Written ---


def follow(event: Event, complaint: Complaint) -> None:
    """What this event does to the register, in its transaction. No statement for most events, one for the others."""
    facts = event.particulars
    if event.verb == "overdue":
        if facts.get("kind") in KINDS:
            _note(
                event, facts["clock"], facts["kind"], datetime.date.fromisoformat(facts["due_on"]), facts["missed_by"]
            )
    elif event.verb == "overdue_withdrawn":
        Missed.objects.filter(clock_id=facts["clock"], corrected_at__isnull=True).update(corrected_at=event.recorded_at)
    elif event.verb == "contest":
        _contested(event, complaint)
    else:
        kept = [*_KEEPS.get(event.verb, ()), *([ClockKind.DECIDE] if facts.get("decided") else [])]
        if kept:
            _answered(event, complaint, kept)


_NOTE = """
    INSERT INTO routing_missed (complaint_id, clock_id, kind, round, due_on, missed_by_id, noted_at)
    SELECT e.complaint_id, (e.particulars ->> 'clock')::bigint, e.particulars ->> 'kind', e.round,
        (e.particulars ->> 'due_on')::date, (e.particulars ->> 'missed_by')::bigint, e.recorded_at
    FROM complaints_event e WHERE e.id = ANY(%(events)s::bigint[]) AND e.particulars ->> 'kind' = ANY(%(kinds)s)
    ORDER BY e.id
"""


def note_together(events: Sequence[int]) -> None:
    """The rows of many promises that were missed; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"events": spelt(events), "kinds": [str(kind) for kind in KINDS]})


def _note(event: Event, clock: int, kind: str, due_on: datetime.date, missed_by: int) -> None:
    Missed.objects.create(
        complaint_id=event.complaint_id,
        clock_id=clock,
        kind=kind,
        round=event.round,
        due_on=due_on,
        missed_by_id=missed_by,
        noted_at=event.recorded_at,
    )


def _answered(event: Event, complaint: Complaint, kinds: Sequence[str]) -> None:
    group = Complaint.objects.filter(Q(pk=complaint.pk) | Q(duplicate_of=complaint.pk))
    rows = Missed.objects.open().filter(complaint__in=group.values("pk"), kind__in=kinds)
    rows.update(answered_at=event.recorded_at, answer=event)


def _contested(event: Event, complaint: Complaint) -> None:
    """The final answer that came too late was none: the promise stands broken again, in the round that begins."""
    late = Clock.objects.past_due(complaint.today(event.at)).filter(
        complaint=complaint, kind=ClockKind.RESOLVE, overdue_noted_at__isnull=False
    )
    for clock in late:
        assert clock.due_on is not None
        _note(event, clock.pk, clock.kind, clock.due_on, complaint.handler_id)


# --- Read ---


class State:
    """What of the register is asked for."""

    OPEN, ANSWERED, CORRECTED = "belum", "dijawab", "dikoreksi"


@dataclass(frozen=True)
class Wanted:
    """A part of the register: of an office and all below it, of the offices of one province, of one kind of promise."""

    state: str = State.OPEN
    office: Agency | None = None
    province: str = ""
    kind: str = ""

    def rows(self) -> MissedQuerySet:
        """Those that everybody may read, in no order. One statement where an office or a province is named."""
        rows = Missed.objects.listed()
        match self.state:
            case State.ANSWERED:
                rows = rows.filter(answered_at__isnull=False, corrected_at__isnull=True)
            case State.CORRECTED:
                rows = rows.filter(corrected_at__isnull=False)
            case _:
                rows = rows.open()
        if self.kind:
            rows = rows.filter(kind=self.kind)
        return self.of_its_offices(rows)

    def of_its_offices(self, rows: MissedQuerySet) -> MissedQuerySet:
        if self.office is not None and self.office.parent_id is not None:
            # Their ids first: the planner knows how many rows these have, and not how many a prefix has.
            rows = rows.filter(missed_by__in=list(Agency.objects.under(self.office).values_list("pk", flat=True)))
        if self.province:
            rows = rows.filter(missed_by__in=_offices_in(self.province))
        return rows


def _offices_in(province: str) -> list[int]:
    """The provincial government's, and those of every kabupaten and kota in it."""
    there = Q(region=province) | Q(region__code__startswith=f"{province}.")
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.id FROM agencies_agency p JOIN agencies_agency o ON o.path LIKE p.path || '%%'
               WHERE p.id = ANY(%s)""",
            [list(Agency.objects.filter(there, kind__in=PEMDA).values_list("pk", flat=True))],
        )
        return [pk for (pk,) in cursor.fetchall()]


def with_all(rows: MissedQuerySet) -> MissedQuerySet:
    """With what a line of the register tells, and nothing more of the case."""
    return rows.select_related(
        "complaint__handler__parent", "complaint__publication", "missed_by__parent", "clock"
    ).only(
        "kind", "round", "due_on", "noted_at", "answered_at", "corrected_at", "clock__calendar_region_id",
        "clock__due_on", "complaint__number", "complaint__status", "complaint__duplicate_of_id",
        "complaint__publication__title", "complaint__publication__place_id", "complaint__handler__name",
        "complaint__handler__short_name", "complaint__handler__parent__name",
        "complaint__handler__parent__short_name", "complaint__handler__parent__parent_id", "missed_by__name",
        "missed_by__short_name", "missed_by__path", "missed_by__region_id", "missed_by__parent__name",
        "missed_by__parent__short_name", "missed_by__parent__parent_id", "missed_by__parent__region_id",
    )  # fmt: skip


def reminders_of(rows: Sequence[Missed]) -> dict[int, int]:
    """How often the office was reminded of each: the steps of the ladder and the nudges of a coordinator, from the miss
    to the answer. Two statements."""
    told: dict[tuple[str, int], list[datetime.datetime]] = defaultdict(list)
    for clock, at in Escalation.objects.filter(clock__in=[row.clock_id for row in rows]).values_list("clock_id", "at"):
        told["clock", clock].append(at)
    nudges = Event.objects.filter(complaint__in=[row.complaint_id for row in rows], verb="nudge")
    for case, at in nudges.values_list("complaint_id", "at"):
        told["case", case].append(at)
    return {
        row.pk: sum(
            row.noted_at <= at and (row.answered_at is None or at <= row.answered_at)
            for at in (*told["clock", row.clock_id], *told["case", row.complaint_id])
        )
        for row in rows
    }


class WorkingDays:
    """Working days between two dates, of many rows: counted once a region, then two look-ups a row."""

    def __init__(self, first: datetime.date, last: datetime.date) -> None:
        self._first, self._last = first, max(first, last)
        self._holidays: dict[str, set[datetime.date]] = defaultdict(set)
        for day, region in Holiday.objects.filter(date__gte=first).values_list("date", "region_id"):
            self._holidays[region or ""].add(day)
        self._passed: dict[tuple[str, ...], list[int]] = {}

    def late(self, due: datetime.date, until: datetime.date, region: str | None) -> int:
        """By how many working days the date had passed: 1 from the next day on (agencies.calendar)."""
        passed = self._of(region)
        last = len(passed) - 1
        ends = [min(max((day - self._first).days, 0), last) for day in (due, until)]
        return max(1, passed[ends[1]] - passed[ends[0]])

    def _of(self, region: str | None) -> list[int]:
        parts = (region or "").split(".")
        around = tuple(code for n in range(len(parts)) if (code := ".".join(parts[: n + 1])) in self._holidays)
        if around not in self._passed:
            holidays = self._holidays[""].union(*(self._holidays[code] for code in around))
            count, passed = 0, []
            for offset in range((self._last - self._first).days + 1):
                count += calendar.is_working_day(self._first + _DAY * offset, holidays)
                passed.append(count)
            self._passed[around] = passed
        return self._passed[around]


def in_pages(wanted: Wanted, size: int = 1000) -> Iterator[list[Missed]]:
    """The whole part, oldest first, page by page: no transaction stays open as long as somebody downloads."""
    rows, at = with_all(wanted.rows()).order_by("due_on", "pk"), None
    while True:
        after = rows if at is None else rows.filter(due_on__gte=at[0]).filter(Q(due_on__gt=at[0]) | Q(pk__gt=at[1]))
        page = list(after[:size])
        if page:
            yield page
        if len(page) < size:
            return
        at = (page[-1].due_on, page[-1].pk)


# --- Summed ---


@dataclass(frozen=True)
class Unanswered:
    """The register in one sentence. `ages`: cases 1-5, 6-30 and more working days late, by their oldest promise."""

    cases: int = 0
    promises: int = 0
    offices: int = 0
    oldest_days: int = 0
    ages: tuple[int, int, int] = (0, 0, 0)
    # Counted, not listed: secret, kept from an office, or of an anonymous reporter.
    unlisted: int = 0


# Each row looks its case up by the key: a join would read all cases that were ever filed (OFFSET 0 keeps the planner
# from making one of it).
_SUMS = """
    WITH late AS MATERIALIZED (
        SELECT m.complaint_id, m.due_on, m.missed_by_id, c.secret OR c.not_for_id IS NOT NULL AS kept,
               c.secret OR c.anonymous OR c.not_for_id IS NOT NULL AS hidden
        FROM routing_missed m CROSS JOIN LATERAL (
            SELECT secret, anonymous, not_for_id FROM complaints_complaint WHERE id = m.complaint_id OFFSET 0) c
        WHERE m.answered_at IS NULL AND m.corrected_at IS NULL),
    reach AS (
        SELECT 0::bigint AS agency, * FROM late
        UNION ALL
        SELECT up.id::bigint, late.* FROM late JOIN agencies_agency a ON a.id = late.missed_by_id
        CROSS JOIN LATERAL unnest(string_to_array(trim(both '/' from a.path), '/')) AS up(id) WHERE NOT late.kept),
    cases AS (
        SELECT agency, complaint_id, min(due_on) AS due_on, bool_or(hidden) AS hidden, count(*) AS promises,
               bool_or(missed_by_id = agency) AS own
        FROM reach GROUP BY 1, 2),
    offices AS (SELECT agency, count(DISTINCT missed_by_id) AS offices FROM reach GROUP BY 1)
    INSERT INTO routing_missedsum
        (agency_id, made_at, cases, promises, offices, oldest_on, young, middle, old, unlisted, own)
    SELECT NULLIF(agency, 0), %(now)s, count(*), sum(promises), max(o.offices), min(due_on),
           count(*) FILTER (WHERE due_on >= %(near)s),
           count(*) FILTER (WHERE due_on < %(near)s AND due_on >= %(far)s),
           count(*) FILTER (WHERE due_on < %(far)s), count(*) FILTER (WHERE hidden), count(*) FILTER (WHERE own)
    FROM cases JOIN offices o USING (agency) GROUP BY agency
"""


@transaction.atomic
def refresh(now: datetime.datetime | None = None) -> int:
    """Sum the open part anew; may run twice. How many sums stand."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    near, far = (calendar.add_working_days(today, -days, _holidays(today)) for days in AGES)
    with connection.cursor() as cursor:
        # Two at once would both delete and both insert: the second waits.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('missed sums'))")
        MissedSum.objects.all().delete()
        cursor.execute(_SUMS, {"now": now, "near": near, "far": far})
        made = int(cursor.rowcount)
    if not MissedSum.objects.filter(agency__isnull=True).exists():
        MissedSum.objects.create(made_at=now)
    return made


def _holidays(today: datetime.date) -> frozenset[datetime.date]:
    return Holiday.objects.kept_in(None).filter(date__gte=today - datetime.timedelta(days=3 * 365)).days()


def summed(office: Agency | None) -> MissedSum:
    """The sum of an office (None: the country); made here only where the worker never ran. Two statements at most."""
    pk = office.pk if office is not None else None
    found = {row.agency_id: row for row in MissedSum.objects.filter(Q(agency=pk) | Q(agency__isnull=True))}
    if not found:
        refresh()
        return summed(office)
    return found.get(pk) or MissedSum(agency=office, made_at=found[None].made_at)


def sentence(total: MissedSum, today: datetime.date) -> Unanswered:
    """The same for a page: one statement, for the holidays."""
    late = -calendar.working_days_left(today, total.oldest_on, _holidays(today)) if total.oldest_on else 0
    ages = (total.young, total.middle, total.old)
    return Unanswered(total.cases, total.promises, total.offices, late, ages, total.unlisted)


def late_offices(office: Agency | None, *, most: int = 12) -> list[tuple[Agency, int]]:
    """Where the open part lies: offices directly below (None: the root), most cases first, and the office itself;
    without secret ones. One statement, or two for the root."""
    at = office or Agency.objects.root()
    rows = MissedSum.objects.filter(Q(agency__parent=at, cases__gt=0) | Q(agency=at, own__gt=0)).select_related(
        "agency"
    )
    counts = [(row.agency, row.own if row.agency_id == at.pk else row.cases) for row in rows]
    counts.sort(key=lambda one: (-one[1], one[0].name if one[0] else ""))
    return [(one, count) for one, count in counts[:most] if one is not None]


def provinces(rows: Iterable[Missed]) -> dict[int, str]:
    """The code of the province of each office that missed, by the office's id; those of the centre are left out."""
    rows = list(rows)
    above = {pk for row in rows for pk in (*row.missed_by.ids_above, row.missed_by_id)}
    of = dict(Agency.objects.filter(pk__in=above, kind__in=PEMDA).values_list("pk", "region_id"))
    found = {}
    for row in rows:
        for pk in (*row.missed_by.ids_above, row.missed_by_id):
            if code := of.get(pk):
                found[row.missed_by_id] = code.split(".")[0]
    return found
