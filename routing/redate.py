"""The calendar changed: promises and stints are dated anew, and everybody concerned hears of it."""

from __future__ import annotations

import datetime

from django.db import connection, transaction
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import Region
from complaints.models import Complaint, Event
from complaints.models.lifecycle import redating
from complaints.signals import event_recorded

CALENDAR = Actor.system(redating.PART)

# A stint is due as `stints.due_of` says: while submitted with VERIFY, else the RESPOND budget of its office from its
# own first day. Reads the table of working days that the clocks were counted with.
_STINTS = """
    WITH fresh AS (
        SELECT d.id, CASE WHEN x.status = 'submitted' THEN verify.due_on ELSE counted.day END AS due
        FROM routing_disposition d
        JOIN complaints_complaint x ON x.id = d.complaint_id
        JOIN agencies_agency a ON a.id = d.agency_id
        LEFT JOIN complaints_clock verify
            ON verify.complaint_id = x.id AND verify.kind = 'VERIFY' AND verify.stopped_at IS NULL
        CROSS JOIN LATERAL (
            SELECT s.working_days FROM complaints_servicestandard s LEFT JOIN agencies_agency o ON o.id = s.agency_id
            WHERE s.kind = x.kind AND s.supervised = x.supervised AND s.clock = 'RESPOND'
              AND s.starts_on <= d.received_on AND (s.agency_id IS NULL OR a.path LIKE o.path || '%%')
            ORDER BY o.path_length DESC NULLS LAST, s.starts_on DESC LIMIT 1
        ) budget
        CROSS JOIN LATERAL (
            SELECT w.day FROM redate_day w
            WHERE w.region = coalesce((
                    SELECT h.region_id FROM agencies_holiday h
                    WHERE h.region_id = x.place_id OR x.place_id LIKE h.region_id || '.%%'
                    ORDER BY length(h.region_id) DESC LIMIT 1), '')
              AND w.day > d.received_on
              AND NOT EXISTS (
                SELECT FROM complaints_pause p
                WHERE p.complaint_id = x.id AND w.day >= p.started_on AND w.day < p.ended_on)
            ORDER BY w.day OFFSET budget.working_days - 1 LIMIT 1
        ) counted
        WHERE d.ended_at IS NULL AND d.due_on >= %(first)s AND d.received_on <= %(last)s
          AND (%(region)s = '' OR x.place_id = %(region)s OR x.place_id LIKE %(region)s || '.%%')
          AND (%(cases)s::bigint[] IS NULL OR x.id = ANY(%(cases)s))
    )
    UPDATE routing_disposition d SET due_on = fresh.due FROM fresh WHERE d.id = fresh.id AND fresh.due > d.due_on
"""


def redate(years: set[int], region: Region | None, *, now: datetime.datetime | None = None) -> int:
    """Date anew what spans these years in this region (None: everywhere). How many cases changed; a second time: 0.

    Set-wise, in the transaction of the change: nobody ever reads a date that the calendar contradicts.
    """
    if not years:
        return 0
    now = now or timezone.now()
    with transaction.atomic():
        return _write(years, region, redating.redate_clocks(years, region, now), None)


def catch_up(now: datetime.datetime | None = None) -> int:
    """What began in the very moment in which a change of the calendar was written, and was dated by the one before it.
    Each night; where nothing is out of date nothing is locked. How many cases changed; a second time: 0."""
    now = now or timezone.now()
    this = now.astimezone(datetime.UTC).year
    years = {this - 1, this, this + 1}
    with transaction.atomic():
        written = redating.redate_clocks(years, None, now, look_first=True)
        return _write(years, None, written, sorted({case.pk for case, _event in written})) if written else 0


def _write(
    years: set[int], region: Region | None, written: list[tuple[Complaint, Event]], cases: list[int] | None
) -> int:
    """Their stints (`cases` None: all of these years and places), and who is told."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                _STINTS,
                {
                    "first": datetime.date(min(years), 1, 1),
                    "last": datetime.date(max(years), 12, 31),
                    "region": region.code if region else "",
                    "cases": cases,
                },
            )
        for complaint, event in written:
            event_recorded.send(sender=Event, event=event, complaint=complaint, by=CALENDAR)
    return len({complaint.pk for complaint, _event in written})
