"""What the hourly sweep costs for each promise it notes as missed, among 1,000, 100,000 or 1,000,000 clocks.

    python bench/sweep.py [SIZE …]        default 1000 100000 250000; by hand also 1000000

Each size holds that many unstopped clocks of which CLAIMED are past due, TIMES after one another. A promise must cost
the same whatever lies around it (ratio between sizes at most 1.5, by the clock and in processor time). At last LATE of
the largest size pass at once, each with a reporter who is told by email: how many seconds until all are noted by as
many connections as the portal uses (`misses.HANDS`), what one of them alone takes, how that compares with the same rows
written by plain SQL, and the processor time of all the database's processes. Overlap is processor time by the clock's:
as many processors were at work.
"""

from __future__ import annotations

import datetime
import sys
import time
import uuid
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import Taken, backend_time, cluster_time, give_defaults, ground, p

CLAIMED, TIMES, LATE, PROMISED, RATIO = 150, 5, 100_000, 5, 1.5

# Copies of one case filed through the real door: complaint, reporter, event, clocks and stint, all forwarded.
_COPY = """
    WITH pattern AS (SELECT * FROM complaints_complaint WHERE id = %(pattern)s),
    cases AS (
        INSERT INTO complaints_complaint (number, key_hash, kind, supervised, title, body, landmark, addressed_text,
            channel, anonymous, secret, about_conduct, status, returns_to, round, version, due_on, changed_at,
            received_at, archive_ground, rating_reason, silent, handler_id, place_id, category_id, forwarded_at)
        SELECT lpad(n::text, 11, '0'), '', p.kind, p.supervised, p.title, p.body, p.landmark, p.addressed_text,
            p.channel, p.anonymous, p.secret, p.about_conduct, p.status, p.returns_to, p.round, p.version, p.due_on,
            p.changed_at, p.received_at, p.archive_ground, p.rating_reason, p.silent, p.handler_id, p.place_id,
            p.category_id, p.forwarded_at
        FROM pattern p, generate_series(%(first)s, %(last)s) n RETURNING id),
    clocks AS (
        INSERT INTO complaints_clock (complaint_id, kind, round, budget, started_on, due_on, provisional,
            calendar_region_id, standard_id)
        SELECT cases.id, c.kind, c.round, c.budget, c.started_on, c.due_on, c.provisional, c.calendar_region_id,
            c.standard_id
        FROM cases, complaints_clock c WHERE c.complaint_id = %(pattern)s AND c.kind = 'RESOLVE'
            AND c.stopped_at IS NULL),
    reporters AS (
        INSERT INTO complaints_reporter (complaint_id, email_sealed, email_fingerprint, news, language)
        SELECT id, md5(id::text), md5(id::text), 'ALL', 'id' FROM cases)
    INSERT INTO routing_disposition (complaint_id, agency_id, verb, reason, round, received_at, received_on, due_on,
        paused_days, bound, weighed_at, outcome, ground)
    SELECT cases.id, d.agency_id, d.verb, d.reason, d.round, d.received_at, d.received_on, d.due_on, d.paused_days,
        d.bound, d.weighed_at, d.outcome, d.ground
    FROM cases, routing_disposition d WHERE d.complaint_id = %(pattern)s AND d.ended_at IS NULL
"""


def main(sizes: list[int]) -> None:
    costs: dict[int, Taken] = {}
    with ground() as world:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext
        from django.utils import timezone

        from complaints.intake import Submission, receive
        from complaints.models import Clock, Complaint
        from routing import dispatch
        from routing.overdue import Deadline, note_missed

        pattern = receive(
            Submission(
                channel="web",
                external_id=uuid.uuid4().hex,
                body="Jembatan putus.",
                place=world.sukasari,
                category=world.cat_road,
            )
        ).complaint
        dispatch.forward_by_itself(pattern.pk)
        give_defaults("complaints_complaint", "complaints_clock", "complaints_reporter", "routing_disposition")
        have, filling = 0, time.perf_counter()
        for size in sorted(sizes):
            with connection.cursor() as cursor:
                while have < size:
                    step = min(10_000, size - have)
                    cursor.execute(_COPY, {"pattern": pattern.pk, "first": have + 1, "last": have + step})
                    have += step
                cursor.execute("VACUUM ANALYZE complaints_complaint, complaints_clock, routing_disposition")
            print(f"{size:9,} jam disiapkan dalam {time.perf_counter() - filling:.0f} detik", flush=True)
            costs[size] = _one_by_size()
            print(f"{size:9,} jam: {_said(costs[size])} sebuah janji", flush=True)
        _make_late(10)
        with CaptureQueriesContext(connection) as ten:
            note_missed(timezone.now(), Deadline(600))
        _make_late(20)
        with CaptureQueriesContext(connection) as twenty:
            note_missed(timezone.now(), Deadline(600))
        print(f"pernyataan: {(len(twenty) - len(ten)) / 10:.1f} per baris, {len(ten)} per halaman (batas 15)")
        assert Clock.objects.unstopped().filter(due_on__gt=timezone.localdate() - datetime.timedelta(1)).exists()
        assert Complaint.objects.count() == have + 1
        # Twice as many, and a fifth.
        _all_at_once(min(LATE, Clock.objects.to_note().count() * 4 // 9))
    if len(costs) > 1:
        small, large = costs[min(costs)], costs[max(costs)]
        clock = p(large, 50) / p(small, 50)
        busy = _processor(large) / _processor(small)
        print(f"perbandingan terbesar / terkecil: {clock:.2f}, prosesor {busy:.2f} (batas {RATIO})")


def _one_by_size() -> Taken:
    """Milliseconds a promise, of CLAIMED that are late at once: one page, on our own connection."""
    from django.utils import timezone

    from routing.overdue import Deadline, note_missed

    spent, taken = backend_time(), Taken()
    for run in range(TIMES + 1):
        _make_late(CLAIMED)
        here, there, began = time.process_time(), spent(), time.perf_counter()
        noted = note_missed(timezone.now(), Deadline(600))
        if run:  # the first one warms up
            taken.append((time.perf_counter() - began) * 1000 / noted)
            taken.python.append((time.process_time() - here) * 1000 / noted)
            taken.postgres.append((spent() - there) / noted)
    return taken


def _processor(taken: Taken) -> float:
    return p(taken.python, 50) + p(taken.postgres, 50)


def _said(taken: Taken) -> str:
    clock, python, postgres = (1000 * p(part, 50) for part in (taken, taken.python, taken.postgres))
    return f"{clock:.0f} mikrodetik, prosesor {python:.0f} Python dan {postgres:.0f} PostgreSQL"


# The same rows for every clock that is late, with nothing around them.
_PLAIN = (
    """
    CREATE TEMPORARY TABLE plain ON COMMIT DROP AS
    SELECT k.id AS clock, k.kind, k.due_on, c.id AS complaint, c.round, c.status, c.handler_id, r.zone
    FROM complaints_clock k JOIN complaints_complaint c ON c.id = k.complaint_id
    JOIN agencies_region r ON r.code = c.place_id
    WHERE k.stopped_at IS NULL AND k.overdue_noted_at IS NULL AND k.kind <> 'REPORTER' AND k.due_on < current_date
    """,
    """
    UPDATE complaints_clock k SET overdue_noted_at = now(), missed_by_id = p.handler_id
    FROM plain p WHERE k.id = p.clock
    """,
    """
    CREATE TEMPORARY TABLE told ON COMMIT DROP AS
    WITH e AS (
        INSERT INTO complaints_event (complaint_id, verb, side, acting_role, at, recorded_at, round, status_from,
            status_to, handler_from_id, handler_to_id, audience, particulars)
        SELECT complaint, 'overdue', 'SYSTEM', '', (due_on + 1)::timestamp AT TIME ZONE zone, now(), round, status,
            status, handler_id, handler_id, 'PUBLIC', jsonb_build_object('clock', clock, 'kind', kind, 'due_on', due_on,
            'missed_by', handler_id, 'part', 'sweep')
        FROM plain ORDER BY due_on, clock RETURNING id, complaint_id, round)
    TABLE e
    """,
    """
    INSERT INTO routing_missed (complaint_id, clock_id, kind, round, due_on, missed_by_id, noted_at)
    SELECT complaint, clock, kind, round, due_on, handler_id, now() FROM plain
    """,
    """
    INSERT INTO complaints_notification (event_id, medium, letter, state, tries, next_try, created_at, words_sealed,
        message_id, peer_id, units)
    SELECT id, 'EMAIL', 'late', 'PENDING', 0, now(), now(), '', '', '', 1 FROM told
    """,
)


def _all_at_once(count: int) -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from complaints.models import Event
    from routing import misses
    from routing.models import Missed
    from routing.overdue import Deadline, note_missed

    def written() -> list[int]:
        return [model.objects.count() for model in (Event, Missed)]

    spent = cluster_time()
    took: dict[str, float] = {}
    for work, hands, many in (("SQL saja", 1, count), ("satu", 1, count // 5), ("penyapu", misses.HANDS, count)):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE complaints_clock, complaints_event, routing_missed, complaints_notification")
            cursor.execute("CHECKPOINT")
        _make_late(many)
        before, here, there, began = written(), time.process_time(), spent(), time.perf_counter()
        if work == "SQL saja":
            with transaction.atomic(), connection.cursor() as cursor:
                for sql in _PLAIN:
                    cursor.execute(sql)
        else:
            with patch.object(misses, "HANDS", hands):
                note_missed(timezone.now(), Deadline(600))
        clock, python, postgres = time.perf_counter() - began, time.process_time() - here, spent() - there
        assert written() == [had + many for had in before], (before, written())
        took[work] = clock / many
        print(
            f"{many:,} janji lewat sekaligus, {work} ({hands} sambungan): {clock:.2f} detik, {clock / many * 1e6:.0f} "
            f"mikrodetik satu, prosesor {python / many * 1e6:.0f} Python dan {postgres / many * 1e6:.0f} PostgreSQL, "
            f"bertindih {(python + postgres) / clock:.2f}",
            flush=True,
        )
    print(
        f"{count:,} janji: {took['penyapu'] * count:.2f} detik (dijanjikan {PROMISED}), "
        f"{took['penyapu'] / took['SQL saja']:.2f} kali SQL saja, "
        f"{took['penyapu'] / took['satu']:.2f} kali satu sambungan"
    )


def _make_late(count: int) -> None:
    from django.utils import timezone

    from complaints.models import Clock, Complaint

    # Not of the one the others are copies of.
    copies = Clock.objects.exclude(complaint=Complaint.objects.earliest("pk")).unstopped()
    chosen = copies.filter(overdue_noted_at__isnull=True).order_by("?").values("pk")[:count]
    Clock.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).update(
        due_on=timezone.localdate() - datetime.timedelta(days=3)
    )


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1_000, 100_000, 250_000])
