"""Numbers of oversight at many cases over 552 pemda: made anew from events, kept up with, read (issue 5, section 1).

    bench/figures.py [CASES …]        default 100000; by hand also 1000000

Each case has its four or five events. Prints how long all figures take to be made from the events, what that is for a
case and against the size before, how many events a second are counted as they come, and p50 and p95 of the pages as
views ask for them, with their statements; of the country's page the plans.
"""

from __future__ import annotations

import datetime
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import Taken, cluster_time, compare, ground, report, timed

PEMDA, OFFICES, LARGEST = 552, 20, 38


def plant() -> None:
    """552 pemda with twenty offices each; of them as many as its largest province has lie in one."""
    from agencies.models import Agency, Kind, Level, Region

    root = Agency.objects.root()
    province = Region.objects.create(code="35", name="Provinsi", search_name="provinsi", level=Level.PROVINSI)
    places = [
        Region(code=f"35.{n:02d}", name=f"Kabupaten {n}", search_name=str(n), level=Level.KABUPATEN, parent=province)
        for n in range(1, LARGEST + 1)
    ]
    Region.objects.bulk_create(places)
    districts = [
        Agency(
            name=f"Pemerintah Kabupaten {n}",
            kind=Kind.KABUPATEN,
            parent=root,
            region=places[n - PEMDA + LARGEST] if n >= PEMDA - LARGEST else None,
        )
        for n in range(PEMDA)
    ]
    Agency.objects.plant(districts)
    Agency.objects.plant(
        [Agency(name=f"Dinas {n}", kind=Kind.OPD, parent=one) for one in districts for n in range(OFFICES)]
    )


PLANTED = ("complaints_complaint", "complaints_event", "complaints_clock", "routing_disposition")


def tell(count: int, until: datetime.datetime | None = None) -> None:
    """Cases of the year before `until` (now) and their events, straight into the tables: received, forwarded the same
    day, answered after n days, settled, accepted or closed by the system; one in eight stays open, one in twenty is
    late."""
    from django.db import connection

    from bench.ground import give_defaults, planting

    give_defaults(*PLANTED)
    with planting(*PLANTED), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO complaints_complaint (number, key_hash, kind, supervised, title, body, landmark, addressed_text,
                channel, anonymous, secret, about_conduct, status, handler_id, returns_to, round, version, changed_at,
                received_at, rating_reason, silent, archive_ground, addressed_by, former_number, category_id, due_on)
            SELECT 'F' || lpad(n::text, 10, '0'), md5(n::text),
                (ARRAY['PENGADUAN','PENGADUAN','PENGADUAN','ASPIRASI','PERMINTAAN_INFORMASI'])[1 + n %% 5], false,
                'Jalan rusak', 'Jalan rusak di depan pasar.', '', '',
                (ARRAY['web','web','whatsapp','sms','email','api'])[1 + n %% 6], n %% 11 = 0, n %% 13 = 0, false,
                CASE WHEN n %% 8 = 0 THEN 'in_progress' ELSE 'closed' END, o[1 + (n * 7919) %% array_length(o, 1)],
                '', 1, 5, at, at, '', false, '', '', '', k[1 + (n * n) %% array_length(k, 1)],
                CASE WHEN n %% 8 = 0 THEN current_date + (n / 8 %% 20)::int - 1 END
            FROM generate_series(1, %(count)s::bigint) n
            CROSS JOIN LATERAL (SELECT %(until)s::timestamptz - (n::float8 / %(count)s) * interval '365 days' AS at) t,
                (SELECT array_agg(id ORDER BY id) AS o FROM agencies_agency WHERE kind = 'OPD') offices,
                (SELECT array_agg(id ORDER BY id) AS k FROM complaints_category) categories
            """,
            {"count": count, "until": until or datetime.datetime.now(datetime.UTC)},
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
            """,
            [],
        )
        # What is open lies at its office, under a promise of which one in twenty has passed.
        cursor.execute(
            """
            INSERT INTO complaints_clock (complaint_id, kind, round, budget, started_on, due_on, provisional)
            SELECT id, 'RESOLVE', 1, 14, due_on - 20, due_on, false
            FROM complaints_complaint WHERE number LIKE 'F%' AND due_on IS NOT NULL
            """
        )
        cursor.execute(
            """
            INSERT INTO routing_disposition (complaint_id, agency_id, verb, reason, round, received_at, received_on,
                due_on, paused_days, bound, weighed_at, outcome, ground)
            SELECT id, handler_id, 'forward', '', 1, received_at, received_at::date, due_on, 0, false, received_at,
                '', ''
            FROM complaints_complaint WHERE number LIKE 'F%' AND due_on IS NOT NULL
            """
        )


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


def main(sizes: list[int]) -> None:
    measured = {size: of_size(size) for size in sorted(sizes)}
    if len(measured) > 1:
        compare(measured)


def of_size(count: int) -> dict[str, Taken]:
    with ground(durable=False) as world:
        from django.db import connection

        from routing.measures import checking, ledger
        from routing.models import CaseFigure, Cell, MonthCell, OfficeSum, Spread, Tally, TopSum, TurnFigure

        plant()
        began = time.monotonic()
        tell(count)
        print(f"{count:,} laporan dan kejadiannya dibuat dalam {time.monotonic() - began:.0f} detik", flush=True)
        made = whole(ledger.keep_up, count)
        each = made.python[0] + made.postgres[0]
        print(
            f"semua angka dari kejadian: {said(made)}; 10 juta dengan dua prosesor: {each * 1e4 / 2 / 60:.1f} menit "
            "(batas 10)",
            flush=True,
        )
        spent = cluster_time()
        with connection.cursor() as cursor:
            for model in (CaseFigure, TurnFigure, Tally, Spread, OfficeSum, TopSum, Cell, MonthCell):
                table = model._meta.db_table
                cursor.execute(f"VACUUM ANALYZE {table}")
                cursor.execute("SELECT pg_size_pretty(pg_total_relation_size(%s))", [table])
                print(f"  {table}: {model.objects.count():,} baris, {cursor.fetchone()[0]}", flush=True)
        for n in (3_000, 3_000):
            happen(n)
            began, cost = time.monotonic(), spent()
            ledger.keep_up()
            took, cost = time.monotonic() - began, spent() - cost
            print(
                f"{n:,} kejadian baru dihitung dalam {took:.1f} detik: {n / took:.0f} per detik (batas 50), "
                f"prosesor {cost:.1f} detik",
                flush=True,
            )
        began = time.monotonic()
        print(f"pemeriksaan malam: {checking.check() or 'sama'}, {time.monotonic() - began:.1f} detik", flush=True)
        return {"semua angka, sebuah laporan": made} | read(world)


def whole(work: Callable[[], object], count: int) -> Taken:
    """Milliseconds a case of something done once for all of them; processor time of all the database's processes."""
    spent, taken = cluster_time(), Taken()
    here, there, began = time.process_time(), spent(), time.monotonic()
    work()
    taken.append((time.monotonic() - began) * 1000 / count)
    taken.python.append((time.process_time() - here) * 1000 / count)
    taken.postgres.append((spent() - there) * 1000 / count)
    return taken


def said(taken: Taken) -> str:
    clock, python, postgres = (1000 * part[0] for part in (taken, taken.python, taken.postgres))
    return (
        f"{clock:.1f} mikrodetik sebuah laporan, prosesor {python:.1f} Python dan {postgres:.1f} PostgreSQL, bertindih "
        f"{(python + postgres) / clock:.2f}"
    )


def read(world: Any) -> dict[str, Taken]:
    """Each page of oversight and of what everybody reads of the figures."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from agencies.models import Agency
    from complaints.models import Category
    from routing import figures
    from routing.measures import splits
    from routing.models import CaseFigure
    from tests.world import client_of

    figures.refresh_home()
    figures.refresh_months()
    district = Agency.objects.filter(kind="KABUPATEN", name__startswith="Pemerintah Kabupaten ").latest("pk")
    office = Agency.objects.filter(parent=district).latest("pk")
    splits.tell_what_is_over()
    category = CaseFigure.objects.filter(top=district).values_list("category", flat=True)[0]
    subject = Category.objects.get(pk=category)
    national, everybody = client_of(world.ratna), Client()
    country, here = f"/pengawasan/{world.root.pk}/", f"/pengawasan/{district.pk}/"
    pages: dict[str, tuple[Any, str]] = {
        "negara": (national, f"{country}angka/"),
        "negara, semua kantor": (national, f"{country}angka/?kantor=semua"),
        "negara, sebulan": (national, f"{country}angka/?dari=01-03-2026&sampai=31-03-2026"),
        "negara, dua tahun": (national, f"{country}angka/?dari=17-01-2025&sampai=20-11-2026"),
        "negara, satu jenis": (national, f"{country}angka/?jenis=PENGADUAN"),
        "negara, jenis dan saluran": (national, f"{country}angka/?jenis=PENGADUAN&saluran=web"),
        "negara, satu kategori": (national, f"{country}angka/?kategori={category}"),
        "daerah": (national, f"{here}angka/"),
        "kantor": (national, f"/pengawasan/{office.pk}/angka/"),
        "daftar negara": (national, f"{country}angka/laporan/?apa=answered_late"),
        "daftar negara, yang jarang": (national, f"{country}angka/laporan/?apa=reopened"),
        "daftar daerah": (national, f"{here}angka/laporan/?apa=accepted"),
        "pengawasan negara": (national, "/pengawasan/"),
        "pengawasan daerah": (national, here),
        "laporan sebuah kantor": (national, f"/pengawasan/{office.pk}/laporan/"),
        "lonjakan": (national, "/pengawasan/lonjakan/"),
        "pengembalian": (national, "/pengawasan/pengembalian/"),
        "program": (national, "/pengawasan/program/"),
        "beranda": (everybody, "/"),
        "statistik": (everybody, "/statistik/"),
        "statistik, dua tahun": (everybody, "/statistik/?dari=2025-01&sampai=2026-11"),
        "statistik, provinsi": (everybody, "/statistik/daerah/35/"),
        "statistik, daerah": (everybody, f"/statistik/instansi/{district.pk}/"),
        "statistik, kategori": (everybody, f"/statistik/kategori/{subject.parent_id or subject.pk}/"),
        "statistik, kantor": (everybody, f"/statistik/instansi/{office.pk}/"),
        "tidak ditanggapi": (everybody, "/statistik/tidak-ditanggapi/"),
        "direktori": (everybody, "/instansi/"),
        "sebuah daerah": (everybody, f"/instansi/{district.pk}/"),
    }
    found: dict[str, Taken] = {}
    for name, (client, address) in pages.items():
        client.get(address)
        with CaptureQueriesContext(connection) as said:
            answer = client.get(address)
        # Each further request clears what was captured.
        statements = [dict(one) for one in said.captured_queries]
        if answer.status_code != 200:
            print(f"{name}: {answer.status_code}")
            continue
        found[name] = timed(lambda client=client, address=address: client.get(address), 20)  # type: ignore[misc]
        report(f"{name} ({len(statements)} pernyataan, batas 20)", found[name], 300)
        for one in sorted(statements, key=lambda one: -float(one["time"]))[:2]:
            if float(one["time"]) > 0.05:
                print(f"    {one['time']} detik: {one['sql'][:300]}")
    return found


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [100_000])
