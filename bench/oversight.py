"""The pages of the country, of a province and of a programme over 552 pemda with 55 offices each (issue 5, section 2).

    bench/oversight.py [cases]        default 100000; by hand also 1000000

One case in eight is open. Prints how long counting them takes, and p50 and p95 of each page with its statements.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import ground, report, timed

OFFICES = 55
# Of the sum, the kabupaten and kota; the others are provinces.
DISTRICTS, PROVINCES = 514, 38


def plant() -> None:
    """38 provinces with 13 or 14 districts each, every one with 55 offices and a coordinator."""
    from agencies.models import Agency, Kind, Level, Region

    root = Agency.objects.root()
    provinces = [
        Region(code=str(n), name=f"Provinsi {n}", search_name=f"provinsi {n}", level=Level.PROVINSI)
        for n in range(11, 11 + PROVINCES)
    ]
    districts = [
        Region(
            code=f"{provinces[n % PROVINCES].code}.{n // PROVINCES + 1:02d}",
            name=f"Kabupaten {n}",
            search_name=str(n),
            level=Level.KABUPATEN,
            parent_id=provinces[n % PROVINCES].code,
        )
        for n in range(DISTRICTS)
    ]
    Region.objects.bulk_create([*provinces, *districts])
    tops = [
        Agency(
            name=f"Pemerintah {place.name}",
            kind=Kind.PROVINSI if place.level == Level.PROVINSI else Kind.KABUPATEN,
            parent=root,
            region=place,
        )
        for place in (*provinces, *districts)
    ]
    Agency.objects.plant(tops)
    Agency.objects.plant(
        [
            Agency(name=f"Dinas {n}", kind=Kind.OPD, parent=one, region=one.region)
            for one in tops
            for n in range(OFFICES)
        ]
    )


def tell(count: int) -> None:
    """Cases of a year: one in eight open with its stint and clocks, one in twenty of these late and on the ladder."""
    from django.db import connection

    from bench.figures import tell as cases
    from bench.ground import give_defaults

    cases(count)
    give_defaults("complaints_clock", "routing_escalation", "complaints_tag")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO complaints_clock (complaint_id, kind, round, budget, started_on, due_on, provisional)
            SELECT id, 'RESPOND', 1, 5, received_at::date, received_at::date + 7, false
            FROM complaints_complaint WHERE status = 'in_progress'
            """
        )
        cursor.execute(
            """
            UPDATE complaints_complaint
            SET due_on = CASE WHEN id % 20 = 0 THEN current_date - 5 ELSE current_date + 5 END
            WHERE status = 'in_progress'
            """
        )
        cursor.execute(
            """
            UPDATE complaints_clock k SET due_on = c.due_on FROM complaints_complaint c WHERE c.id = k.complaint_id
            """
        )
        cursor.execute(
            """
            INSERT INTO routing_escalation (clock_id, level, at)
            SELECT id, 2, now() FROM complaints_clock WHERE due_on < current_date
            """
        )
        for table in ("complaints_complaint", "complaints_clock", "routing_escalation"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def gather(programme: Any) -> None:
    """One case in ten belongs to it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO complaints_tag (complaint_id, programme_id, placed_at) "
            "SELECT id, %s, received_at FROM complaints_complaint WHERE id %% 10 = 0",
            [programme.pk],
        )
        cursor.execute("VACUUM ANALYZE complaints_tag")


def main(count: int) -> None:
    with ground(durable=False) as world:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from agencies.models import Agency, Kind, Role
        from routing import standing
        from routing.measures import ledger
        from routing.models import Headline
        from tests.world import client_of
        from tests.world import programme as programme_of

        plant()
        tell(count)
        ledger.keep_up()
        programme = programme_of("jalan-daerah")
        gather(programme)
        for _turn in range(2):
            began = time.monotonic()
            standing.refresh()
            print(f"{count:,} laporan: yang terbuka dihitung dalam {time.monotonic() - began:.2f} detik", flush=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE routing_standing")
            cursor.execute("VACUUM ANALYZE routing_tally")
        # The pages read what the worker counted.
        Headline.objects.filter(name=standing.NAME).update(figures={"took": 60.0})
        province = Agency.objects.filter(kind=Kind.PROVINSI, region="11").get()
        national = client_of(world.ratna)
        beside = client_of(world.officer("Pengawas provinsi", province, Role.OBSERVER))
        observer = client_of(world.officer("KSP", world.root, Role.OBSERVER, programme=programme))
        pages: dict[str, tuple[Any, str]] = {
            "negara": (national, "/pengawasan/"),
            "negara, semua instansi": (national, "/pengawasan/?semua=ya"),
            "negara, satu provinsi": (national, "/pengawasan/?kelompok=11"),
            "negara, yang terlambat": (national, "/pengawasan/?hanya=terlambat&urut=bagian"),
            "provinsi": (beside, "/pengawasan/"),
            "program": (observer, "/pengawasan/program/"),
            "program, satu": (observer, "/pengawasan/program/jalan-daerah/"),
            "program, satu provinsi": (observer, "/pengawasan/program/jalan-daerah/?provinsi=11"),
        }
        for name, (client, address) in pages.items():
            with CaptureQueriesContext(connection) as said:
                answer = client.get(address)
            assert answer.status_code == 200, (name, answer.status_code)
            taken = timed(lambda client=client, address=address: client.get(address), 20)
            report(f"{name} ({len(said)} pernyataan)", taken, 300)
            for one in sorted(said.captured_queries, key=lambda one: -float(one["time"]))[:2]:
                if float(one["time"]) > 0.05:
                    print(f"    {one['time']} detik: {one['sql'][:300]}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
