"""The register of the unanswered at many rows over 552 pemda (issue 5, section 3).

    bench/register.py [rows]        default 100000; by hand also 1000000

A third of the rows is open, one case in eleven anonymous, one in thirteen secret. Prints how long all sums take, how
long an answer takes to complete its row, p50 and p95 of the page, the feed and the first thousand lines of the table,
with their statements, and the plans behind the page.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.figures import plant
from bench.ground import give_defaults, ground, report, timed


def tell(count: int) -> None:
    """Cases of three years with a promise each that was missed; the older, the more often it was answered since."""
    from django.db import connection

    give_defaults("complaints_complaint", "complaints_event", "complaints_clock")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO complaints_complaint (number, key_hash, kind, supervised, title, body, landmark, addressed_text,
                channel, anonymous, secret, about_conduct, status, handler_id, returns_to, round, version, changed_at,
                received_at, rating_reason, silent, archive_ground, addressed_by, former_number)
            SELECT 'R' || lpad(n::text, 10, '0'), md5(n::text), 'PENGADUAN', false, 'Jalan rusak', 'Jalan rusak.', '',
                '', 'web', n %% 11 = 0, n %% 13 = 0, false,
                CASE WHEN n %% 7 = 0 THEN 'archived' ELSE 'in_progress' END, o[1 + (n * 7919) %% array_length(o, 1)],
                '', 1, 5, at, at, '', false, '', '', ''
            FROM generate_series(1, %(count)s::bigint) n
            CROSS JOIN LATERAL (SELECT now() - (n::float8 / %(count)s) * interval '1095 days' AS at) t,
                (SELECT array_agg(id ORDER BY id) AS o FROM agencies_agency WHERE kind = 'OPD') offices
            """,
            {"count": count},
        )
        cursor.execute(
            """
            INSERT INTO complaints_clock (complaint_id, kind, round, budget, started_on, due_on, provisional,
                overdue_noted_at, missed_by_id)
            SELECT id, CASE WHEN id %% 50 = 0 THEN 'DECIDE' WHEN id %% 3 = 0 THEN 'RESOLVE' ELSE 'RESPOND' END, 1, 5,
                received_at::date, received_at::date - 7, false, received_at, handler_id
            FROM complaints_complaint WHERE number LIKE 'R%'
            """.replace("%'", "%%'"),
            [],
        )
        cursor.execute(
            """
            INSERT INTO complaints_event (complaint_id, verb, side, at, recorded_at, round, status_from, status_to,
                handler_from_id, handler_to_id, audience, acting_role, particulars)
            SELECT id, 'answer', 'OFFICER', now(), now(), 1, status, status, handler_id, handler_id, 'PUBLIC', '', '{}'
            FROM complaints_complaint WHERE number LIKE 'R%%' AND id %% 3 <> 0
            """,
            [],
        )
        cursor.execute(
            """
            INSERT INTO routing_missed (complaint_id, clock_id, kind, round, due_on, missed_by_id, noted_at,
                answered_at, answer_id)
            SELECT k.complaint_id, k.id, k.kind, 1, k.due_on, k.missed_by_id, k.overdue_noted_at, e.recorded_at, e.id
            FROM complaints_clock k LEFT JOIN complaints_event e ON e.complaint_id = k.complaint_id
            WHERE k.missed_by_id IS NOT NULL
            """
        )
        for table in ("complaints_complaint", "complaints_clock", "complaints_event", "routing_missed"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def main(count: int) -> None:
    with ground(durable=False):
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        from agencies.models import Agency
        from routing import unanswered
        from routing.models import Missed

        plant()
        tell(count)
        begun = time.perf_counter()
        made = unanswered.refresh()
        took = time.perf_counter() - begun
        print(f"{count} rows, {Missed.objects.open().count()} open; {made} sums in {took:.1f} s")
        district = Agency.objects.filter(kind="KABUPATEN").order_by("pk")[300]
        office = Agency.objects.filter(parent=district).first()
        assert office is not None
        client = Client()
        addresses = {
            "country": "",
            "deep page": "?setelah=" + _cursor(count),
            "district": f"?instansi={district.pk}",
            "office": f"?instansi={office.pk}",
            "DECIDE": "?janji=DECIDE",
            "answered": "?keadaan=dijawab",
            "answered, district": f"?keadaan=dijawab&instansi={district.pk}",
            "corrected": "?keadaan=dikoreksi",
            "feed": "umpan/",
            "feed, district": f"umpan/?instansi={district.pk}",
        }
        for name, address in addresses.items():
            target = f"/statistik/tidak-ditanggapi/{address}"
            with CaptureQueriesContext(connection) as said:
                client.get(target)
            # Each further request clears what was captured.
            statements = [dict(one) for one in said.captured_queries]
            taken = timed(lambda target=target: client.get(target), 20)  # type: ignore[misc]
            report(f"{name}, {len(statements)} statements", taken, 300)
            slowest = max(statements, key=lambda one: float(one["time"]))
            if "EXPLAIN" in sys.argv:
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN ANALYZE {slowest['sql']}".replace("%", "%%"), [])
                    print("\n".join(line for (line,) in cursor.fetchall()))

        def lines() -> Any:
            return next(unanswered.in_pages(unanswered.Wanted()))

        report("1000 rows of the table", timed(lines, 20))


def _cursor(count: int) -> str:
    from lapor.kit import paging
    from routing.models import Missed

    rows = Missed.objects.open().order_by("due_on", "pk")
    row = rows[count // 6]
    return paging.write(row.due_on, row.pk)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
