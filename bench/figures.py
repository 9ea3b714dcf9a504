"""Numbers of oversight at many cases over 552 pemda: made anew from events, kept up with, read (issue 5, section 1).

    bench/figures.py [cases]        default 100000; by hand also 1000000

Each case has its four or five events. Prints how long all figures take to be made from the events, how many events a
second are counted as they come, and p50 and p95 of the pages as views ask for them, with their statements; of the
country's page the plans.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import ground, report, timed

PEMDA, OFFICES = 552, 20


def plant() -> None:
    """552 pemda with twenty offices each, over one region: nothing here is looked up by place."""
    from agencies.models import Agency, Kind

    root = Agency.objects.root()
    districts = [Agency(name=f"Pemerintah Kabupaten {n}", kind=Kind.KABUPATEN, parent=root) for n in range(PEMDA)]
    Agency.objects.plant(districts)
    Agency.objects.plant(
        [Agency(name=f"Dinas {n}", kind=Kind.OPD, parent=one) for one in districts for n in range(OFFICES)]
    )


def tell(count: int) -> None:
    """Cases of a year and their events, straight into the tables: received, forwarded the same day, answered after n
    days, settled, accepted or closed by the system; one in eight stays open, one in twenty is late."""
    from django.db import connection

    from bench.ground import give_defaults

    give_defaults("complaints_complaint", "complaints_event")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO complaints_complaint (number, key_hash, kind, supervised, title, body, landmark, addressed_text,
                channel, anonymous, secret, about_conduct, status, handler_id, returns_to, round, version, changed_at,
                received_at, rating_reason, silent, archive_ground, addressed_by, former_number, category_id)
            SELECT 'F' || lpad(n::text, 10, '0'), md5(n::text),
                (ARRAY['PENGADUAN','PENGADUAN','PENGADUAN','ASPIRASI','PERMINTAAN_INFORMASI'])[1 + n %% 5], false,
                'Jalan rusak', 'Jalan rusak di depan pasar.', '', '',
                (ARRAY['web','web','whatsapp','sms','email','api'])[1 + n %% 6], n %% 11 = 0, n %% 13 = 0, false,
                CASE WHEN n %% 8 = 0 THEN 'in_progress' ELSE 'closed' END, o[1 + (n * 7919) %% array_length(o, 1)],
                '', 1, 5, at, at, '', false, '', '', '', k[1 + (n * n) %% array_length(k, 1)]
            FROM generate_series(1, %(count)s::bigint) n
            CROSS JOIN LATERAL (SELECT now() - (n::float8 / %(count)s) * interval '365 days' AS at) t,
                (SELECT array_agg(id ORDER BY id) AS o FROM agencies_agency WHERE kind = 'OPD') offices,
                (SELECT array_agg(id ORDER BY id) AS k FROM complaints_category) categories
            """,
            {"count": count},
        )
        cursor.execute(
            """
            INSERT INTO complaints_event (complaint_id, verb, side, at, recorded_at, round, status_from, status_to,
                handler_from_id, handler_to_id, audience, acting_role, particulars)
            SELECT c.id, s.verb, s.side, c.received_at + s.after, c.received_at + s.after, 1, s.before, s.status,
                CASE WHEN s.verb = 'submit' THEN NULL ELSE c.handler_id END, c.handler_id, 'PARTIES', '',
                CASE s.verb
                    WHEN 'submit' THEN jsonb_build_object('channel', c.channel, 'clocks',
                        jsonb_build_object('VERIFY', (c.received_at + interval '5 days')::date))
                    WHEN 'forward' THEN jsonb_build_object('reason', 'Sesuai bidangnya.', 'clocks', jsonb_build_object(
                        'RESPOND', (c.received_at + interval '7 days')::date,
                        'RESOLVE', (c.received_at + interval '20 days')::date))
                    ELSE '{}' END
            FROM complaints_complaint c
            CROSS JOIN LATERAL (VALUES
                (1, 'submit', 'REPORTER', interval '0', '', 'submitted'),
                (2, 'forward', 'SYSTEM', interval '1 minute', 'submitted', 'forwarded'),
                (3, 'answer', 'OFFICER', (1 + c.id %% 9) * interval '1 day', 'forwarded', 'in_progress'),
                (4, 'resolve', 'OFFICER', (3 + c.id %% 21) * interval '1 day', 'in_progress', 'answered'),
                (5, CASE WHEN c.id %% 3 = 0 THEN 'accept' ELSE 'lapse' END, 'SYSTEM', interval '40 days',
                 'answered', 'closed')) AS s(n, verb, side, after, before, status)
            WHERE c.number LIKE 'F%%' AND (s.n <= 3 OR c.status = 'closed')
            ORDER BY c.id, s.n
            """,
            [],
        )
        cursor.execute("VACUUM ANALYZE complaints_complaint")
        cursor.execute("VACUUM ANALYZE complaints_event")


def happen(count: int) -> None:
    """So many events more, on cases of all ages."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO complaints_event (complaint_id, verb, side, at, recorded_at, round, status_from, status_to,
                handler_from_id, handler_to_id, audience, acting_role, particulars)
            SELECT c.id, 'answer', 'OFFICER', now(), now(), 1, c.status, c.status, c.handler_id, c.handler_id,
                'PUBLIC', '', '{}'
            FROM complaints_complaint c WHERE c.status = 'in_progress' ORDER BY random() LIMIT %s
            """,
            [count],
        )


def main(count: int) -> None:
    with ground(durable=False) as world:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from agencies.models import Agency
        from routing.measures import checking, ledger
        from routing.models import CaseFigure, Spread, Tally, TurnFigure
        from tests.world import client_of

        plant()
        began = time.monotonic()
        tell(count)
        print(f"{count:,} laporan dan kejadiannya dibuat dalam {time.monotonic() - began:.0f} detik", flush=True)
        began = time.monotonic()
        ledger.keep_up()
        print(f"semua angka dari kejadian: {time.monotonic() - began:.1f} detik", flush=True)
        with connection.cursor() as cursor:
            for model in (CaseFigure, TurnFigure, Tally, Spread):
                table = model._meta.db_table
                cursor.execute(f"VACUUM ANALYZE {table}")
                cursor.execute("SELECT pg_size_pretty(pg_total_relation_size(%s))", [table])
                print(f"  {table}: {model.objects.count():,} baris, {cursor.fetchone()[0]}", flush=True)
        for n in (3_000, 3_000):
            happen(n)
            began = time.monotonic()
            ledger.keep_up()
            took = time.monotonic() - began
            print(f"{n:,} kejadian baru dihitung dalam {took:.1f} detik: {n / took:.0f} per detik", flush=True)
        began = time.monotonic()
        print(f"pemeriksaan malam: {checking.check() or 'sama'}, {time.monotonic() - began:.1f} detik", flush=True)

        district = Agency.objects.filter(kind="KABUPATEN", name__startswith="Pemerintah Kabupaten ").latest("pk")
        office = Agency.objects.filter(parent=district).latest("pk")
        category = CaseFigure.objects.filter(top=district).values_list("category", flat=True)[0]
        national = client_of(world.ratna)
        pages: dict[str, tuple[Any, str]] = {
            "negara": (national, f"/pengawasan/{world.root.pk}/angka/"),
            "negara, sebulan": (national, f"/pengawasan/{world.root.pk}/angka/?dari=01-03-2026&sampai=31-03-2026"),
            "negara, satu jenis": (national, f"/pengawasan/{world.root.pk}/angka/?jenis=PENGADUAN"),
            "negara, jenis dan saluran": (
                national,
                f"/pengawasan/{world.root.pk}/angka/?jenis=PENGADUAN&saluran=web",
            ),
            "negara, satu kategori": (national, f"/pengawasan/{world.root.pk}/angka/?kategori={category}"),
            "daerah": (national, f"/pengawasan/{district.pk}/angka/"),
            "kantor": (national, f"/pengawasan/{office.pk}/angka/"),
            "daftar negara": (national, f"/pengawasan/{world.root.pk}/angka/laporan/?apa=answered_late"),
            "daftar negara, yang jarang": (national, f"/pengawasan/{world.root.pk}/angka/laporan/?apa=reopened"),
            "daftar daerah": (national, f"/pengawasan/{district.pk}/angka/laporan/?apa=accepted"),
        }
        for name, (client, address) in pages.items():
            with CaptureQueriesContext(connection) as said:
                answer = client.get(address)
            assert answer.status_code == 200, (name, answer.status_code)
            taken = timed(lambda client=client, address=address: client.get(address), 20)
            report(f"{name} ({len(said)} pernyataan)", taken, 300)
            slow = sorted(said.captured_queries, key=lambda one: -float(one["time"]))[:2]
            for one in slow:
                if float(one["time"]) > 0.05:
                    print(f"    {one['time']} detik: {one['sql'][:300]}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
