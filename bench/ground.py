"""The ground every benchmark stands on: servers of its own in var/bench, the cast, and as many cases as wanted.

    with ground(cases=100_000) as world: …

The cases are invented by SQL in one statement each table: one in eight is open, spread over the offices that have
officers, with running clocks, an open stint and a publication; texts are made of 200 invented words.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


@contextmanager
def ground(cases: int = 0, *, publications: bool = False, durable: bool = True) -> Iterator[Any]:
    """Yields the cast (tests.world.World) in a fresh database; everything is gone afterwards."""
    from lapor.embedded.services import Services
    from lapor.embedded.state import State

    state = State.open(ROOT / "var" / "bench")
    state.lock(wait=True)
    state.end_leftovers()
    services = Services(state, durable=durable, connections=100, given={})
    services.start()
    os.environ.update(services.environment())
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "lapor.settings",
        "LAPOR_DATABASE_POOL": "0",
        "LAPOR_HOSTS": "testserver",
    }
    try:
        import django

        django.setup()
        # As with the pool of the real portal: a request finds an open connection and leaves it open.
        from django.core import signals
        from django.db import close_old_connections

        signals.request_started.disconnect(close_old_connections)
        signals.request_finished.disconnect(close_old_connections)
        from tests import databases
        from tests.world import build

        with databases.copy("bench") as name, databases.pointed_at(name):
            world = build()
            if cases:
                fill(cases, publications=publications)
            yield world
    finally:
        services.stop()


WORDS = """
ARRAY['jalan','lampu','air','sekolah','pasar','jembatan','puskesmas','sampah','banjir','parkir','kartu','antrean',
'loket','pupuk','irigasi','trotoar','saluran','pohon','listrik','gelap','rusak','berlubang','mati','keruh','bau','lama',
'tutup','roboh','bocor','macet','licin','bising','kotor','dekat','depan','belakang','sejak','kemarin','minggu','bulan']
"""


def fill(cases: int, *, publications: bool = False) -> None:
    """Insert `cases` cases straight into the tables, then ANALYZE."""
    from django.db import connection

    give_defaults("complaints_complaint", "complaints_clock", "complaints_publication", "routing_disposition")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO complaints_complaint (number, key_hash, kind, supervised, title, body, landmark,
                addressed_text, channel, anonymous, secret, about_conduct, status, handler_id, returns_to, round,
                version, due_on, changed_at, received_at, rating_reason, silent, archive_ground, addressed_by,
                former_number, place_id)
            SELECT 'X' || lpad(to_hex(n), 10, '0'), md5(n::text), 'PENGADUAN', false,
                initcap(w[1 + n %% 40]) || ' ' || w[1 + (n / 40) %% 40] || ' ' || w[1 + (n / 1600) %% 40],
                array_to_string(ARRAY(SELECT w[1 + (n * k + k * k) %% 40] FROM generate_series(1, 30) k), ' '),
                '', '', 'web', n %% 11 = 0, n %% 13 = 0, false,
                CASE WHEN n %% 8 = 0 THEN (ARRAY['forwarded','in_progress'])[1 + (n / 8) %% 2]
                     WHEN n %% 9 = 0 THEN 'archived' ELSE 'closed' END,
                o[1 + (n / 8) %% array_length(o, 1)], '', 1, 1,
                CASE WHEN n %% 8 = 0 THEN current_date + (n / 8 %% 20)::int - 6 END,
                now() - n * interval '1 minute', now() - n * interval '1 minute', '', false, '', '', '',
                p[1 + n %% array_length(p, 1)]
            FROM generate_series(1, %s::bigint) n,
                (SELECT {WORDS} AS w) words,
                (SELECT array_agg(DISTINCT agency_id) AS o FROM agencies_membership WHERE role = 'LIAISON') offices,
                (SELECT array_agg(code) AS p FROM agencies_region WHERE level IN ('DESA', 'KELURAHAN')) places
            """,
            [cases],
        )
        cursor.execute(
            """
            INSERT INTO complaints_clock (complaint_id, kind, round, budget, started_on, due_on, provisional)
            SELECT id, 'RESPOND', 1, 5, due_on - 7, due_on, false FROM complaints_complaint WHERE due_on IS NOT NULL
            """
        )
        cursor.execute(
            """
            INSERT INTO routing_disposition (complaint_id, agency_id, verb, reason, round, received_at, received_on,
                due_on, paused_days, bound, weighed_at, outcome, ground)
            SELECT id, handler_id, 'forward', '', 1, received_at, received_at::date,
                due_on, 0, false, received_at, '', ''
            FROM complaints_complaint WHERE due_on IS NOT NULL
            """
        )
        if publications:
            cursor.execute(
                """
                INSERT INTO complaints_publication (complaint_id, title, body, conversation, place_id, kind, search,
                    published_at)
                SELECT id, title, body, '[]', place_id, kind,
                    setweight(to_tsvector('indonesian', title), 'A')
                        || setweight(to_tsvector('indonesian', body), 'B'), received_at
                FROM complaints_complaint WHERE NOT secret
                """
            )
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def planting(*tables: str) -> Iterator[None]:
    """Rows by the million into these tables: without the checks of each row, and without the indexes, which are made
    anew afterwards as they were. What is planted keeps the rules by itself; then VACUUM ANALYZE."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(
            """
            SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indrelid = ANY(%s::regclass[])
                AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
            """,
            [list(tables)],
        )
        indexes = cursor.fetchall()
        for name, _sql in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _name, sql in indexes:
            cursor.execute(sql)
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("RESET session_replication_role")
        cursor.execute("RESET maintenance_work_mem")


def give_defaults(*tables: str) -> None:
    """Columns an INSERT here does not name are filled as the models would: Django keeps its defaults to itself."""
    from django.db import connection

    empty = {
        "character varying": "''",
        "text": "''",
        "boolean": "false",
        "jsonb": "'{}'",
        "smallint": "0",
        "integer": "0",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name, column_name, data_type FROM information_schema.columns
            WHERE table_name = ANY(%s) AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
            """,
            [list(tables)],
        )
        for table, column, kind in cursor.fetchall():
            if kind in empty:
                cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET DEFAULT {empty[kind]}')


class Taken(list[float]):
    """Milliseconds of each run by the clock; beside them those of processor time, here and in the database's process
    of this connection. The clock says what somebody waits, the processor what it costs while others compute too."""

    def __init__(self) -> None:
        super().__init__()
        self.python: list[float] = []
        self.postgres: list[float] = []


def timed(work: Callable[[], object], times: int) -> Taken:
    """Each run's milliseconds, after one that warms up. What there is before is not looked through by the collector, as
    in a web process (lapor.wsgi): of what the ground was made with it would take a quarter of a second."""
    work()
    gc.collect()
    gc.freeze()
    spent = backend_time()
    taken = Taken()
    for _ in range(times):
        here, there, began = time.process_time(), spent(), time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
        taken.python.append((time.process_time() - here) * 1000)
        taken.postgres.append(spent() - there)
    return taken


def backend_time() -> Callable[[], float]:
    """Milliseconds of processor time the database's process of our connection has used; 0 where /proc does not say."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: int(told.read_text().split()[0]) / 1e6 if told.exists() else 0.0


def cluster_time() -> Callable[[], float]:
    """Seconds of processor time all the database's processes have used, those that are over as well."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mother = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()[1]

    def spent() -> float:
        ticks = 0
        for told in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = told.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if told.parent.name == mother:
                # Its own, and that of those it has buried.
                ticks += sum(map(int, fields[11:15]))
            elif fields[1] == mother:
                ticks += sum(map(int, fields[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    return spent


def bare_sql(said: list[str], times: int) -> Taken:
    """The recorded statements of an act with the same commits through psycopg alone: what PostgreSQL and the wire would
    take. Its inserts write the same bytes into a table of notes, for the same row can't be written twice."""
    from django.db import connection

    with connection.cursor() as cursor:
        raw = cursor.connection.cursor()
    raw.execute("CREATE TABLE IF NOT EXISTS bench_note (id bigserial PRIMARY KEY, note text)")

    def replay() -> None:
        raw.execute("BEGIN")
        for sql in said:
            if sql.startswith("SELECT"):
                raw.execute(sql)
            else:
                raw.execute("INSERT INTO bench_note (note) VALUES (%s)", [sql])
        raw.execute("COMMIT")

    return timed(replay, times)


def p(taken: list[float], percent: int) -> float:
    """Percentile in the unit given."""
    return statistics.quantiles(taken, n=100)[percent - 1] if len(taken) > 1 else taken[0]


def report(name: str, taken: list[float], limit: float | None = None) -> None:
    said = f"{name}: p50 {p(taken, 50):.1f} ms, p95 {p(taken, 95):.1f} ms"
    if isinstance(taken, Taken):
        whole = [sum(both) for both in zip(taken.python, taken.postgres, strict=True)]
        said += f", prosesor {p(taken.python, 50):.1f} ms Python dan {p(taken.postgres, 50):.1f} ms PostgreSQL"
        said += f", bersama p95 {p(whole, 95):.1f} ms"
    print(said + (f" (batas {limit:.0f} ms)" if limit else ""), flush=True)


def ratio(name: str, before: list[float], after: list[float], limit: float | None = None) -> None:
    """How much dearer `after` is than `before`: by the clock, and in processor time where both know it."""
    said = f"{name}: {p(after, 50) / p(before, 50):.2f} kali"
    if isinstance(before, Taken) and isinstance(after, Taken):
        cost = [sum(p(part, 50) for part in (taken.python, taken.postgres)) for taken in (before, after)]
        said += f", prosesor {cost[1] / cost[0]:.2f} kali"
    print(said + (f" (batas {limit:.1f})" if limit else ""), flush=True)


def compare(measured: Mapping[int, Mapping[str, Taken]]) -> None:
    """What is named in each size, against the size before: near 1 where it costs the same however much there is."""
    for small, large in pairwise(measured):
        print(f"— {small:,} → {large:,}")
        for name, before in measured[small].items():
            ratio(name, before, measured[large][name])
