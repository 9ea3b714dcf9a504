"""How long a full answer of Open311 takes: 1,000 published requests among many, in both formats, and their updates.

    python bench/open311.py [CASES …]        default 10000 100000

Promise: at 100,000 published cases a full page of JSON in 500 ms (p50), and at most 1.5 times what it takes at 10,000.
Most of it is making 1,000 records and writing them down ("prosesor": this process alone, whatever else the machine
does); the bare figure is the one statement that finds them.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import ground, p, report, timed

LIMIT = 500.0
RATIO = 1.5


def main(sizes: list[int]) -> None:
    medians = []
    for cases in sizes:
        with ground(cases=cases, publications=True) as world:
            medians.append(measure(world, cases))
    if len(medians) > 1:
        print(f"{sizes[-1]:,} dibanding {sizes[0]:,}: {medians[-1] / medians[0]:.2f} kali (batas {RATIO})")


def measure(world: object, cases: int) -> float:
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from complaints.channels.open311 import records
    from complaints.models import Publication

    print(f"— {cases:,} laporan, {Publication.objects.count():,} terbit")
    spread(world)
    client = Client()
    # From the second page on the database has to step over what came before.
    calls = {
        "1.000 laporan, JSON": "requests.json",
        "1.000 laporan, XML": "requests.xml",
        "halaman ke-10": "requests.json?page=10",
        "satu layanan": f"requests.json?service_code={world.cat_road.pk}",  # type: ignore[attr-defined]
        "satu daerah, yang tertutup": "requests.json?jurisdiction_id=99.01&status=closed",
        "20 laporan": "requests.json?page_size=20",
        "1.000 kabar": "servicerequestupdates.json",
    }
    median = 0.0
    for name, call in calls.items():
        said: list[str] = []

        def count(execute, sql, params, many, context, told=said):  # type: ignore[no-untyped-def]
            told.append(sql)
            return execute(sql, params, many, context)

        url = f"/open311/v2/{call}"
        with connection.execute_wrapper(count):
            answer = client.get(url)
        assert answer.status_code == 200, (url, answer.content[:200])
        rows = answer.content.count(b"service_request_id") // (2 if "xml" in call else 1)
        taken = timed(lambda url=url: client.get(url), 15)  # type: ignore[misc]
        began = time.process_time()
        for _ in range(5):
            client.get(url)
        used = (time.process_time() - began) * 200
        facts = f"{name} ({rows} baris, {len(said)} kueri, {len(answer.content) // 1024} kB, prosesor {used:.0f} ms)"
        report(facts, taken, LIMIT if not median else None)
        median = median or p(taken, 50)
    now = timezone.now()
    wanted = records.Wanted(now - records.SPAN, now, 1, records.MOST)
    bare = p(timed(lambda: list(records.found(wanted)[: records.MOST].values_list("pk")), 15), 50)
    print(f"satu kueri yang mencarinya: p50 {bare:.1f} ms; jawaban JSON {median / bare:.1f} kalinya")
    return median


def spread(world: object) -> None:
    """All received within the 90 days; a category for each; an event, a promise and an answer of the office."""
    from django.db import connection

    categories = [world.cat_road.pk, world.cat_works.pk, world.cat_health.pk]  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE complaints_complaint SET received_at = now() - (id %% 129600) * interval '1 minute',
                category_id = (%(ids)s::bigint[])[1 + id %% 3],
                closed_at = CASE WHEN status IN ('closed', 'archived') THEN now() - interval '1 hour' END
            """,
            {"ids": categories},
        )
        cursor.execute(
            """
            UPDATE complaints_publication p SET category_id = c.category_id, published_at = c.received_at
            FROM complaints_complaint c WHERE c.id = p.complaint_id
            """
        )
        cursor.execute(
            """
            INSERT INTO complaints_event (complaint_id, verb, side, acting_role, at, recorded_at, round, status_from,
                status_to, handler_from_id, handler_to_id, audience, particulars)
            SELECT c.id, v, 'SYSTEM', '', c.received_at, c.received_at + interval '1 hour', 1, '', c.status,
                c.handler_id, c.handler_id, 'PARTIES', '{}'
            FROM complaints_complaint c, unnest(ARRAY['forward', 'start', 'note', 'answer']) v
            """
        )
        cursor.execute(
            """
            INSERT INTO complaints_clock (complaint_id, kind, round, budget, started_on, due_on, provisional)
            SELECT id, 'RESOLVE', 1, 14, received_at::date, received_at::date + 20, false FROM complaints_complaint
            ON CONFLICT DO NOTHING
            """
        )
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
