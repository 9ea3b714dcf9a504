"""Every page of oversight over 552 pemda with 55 offices each and a ministry of as many: the country, a province, a
district and its weekly meeting, a head, a ministry, a programme, the Ombudsman, the readers of answers, the yearly
evaluation, the register (issue 5, sections 2 to 4).

    bench/oversight.py [cases]        default 100000; by hand also 1000000

One case in eight is open. Prints how long counting them takes, and p50 and p95 of each page by the clock and in
processor time with its statements. Ends with an error where a page asks more than MOST.
"""

from __future__ import annotations

import datetime
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.figures import said, whole
from bench.ground import give_defaults, ground, report, timed

OFFICES = 55
# Of the sum, the kabupaten and kota; the others are provinces.
DISTRICTS, PROVINCES = 514, 38
# Statements of a page.
MOST = 20


def plant(ministry: Any) -> None:
    """38 provinces with 13 or 14 districts each, every one with 55 offices, as many as this ministry has."""
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
            # Of the ministry too they are such as cases are spread over.
            for one in (*tops, ministry)
            for n in range(OFFICES)
        ]
    )


def tell(count: int) -> None:
    """Cases of a year: one in eight open with its stint and clocks, one in twenty of these late and on the ladder."""
    from django.db import connection

    from bench.figures import tell as cases

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


def gather(programme: Any, every: int) -> None:
    """One case in so many belongs to it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO complaints_tag (complaint_id, programme_id, placed_at) "
            "SELECT id, %s, received_at FROM complaints_complaint WHERE id %% %s = 0",
            [programme.pk, every],
        )
        cursor.execute("VACUUM ANALYZE complaints_tag")


def miss() -> None:
    """What is late stands in the register."""
    from django.db import connection

    from routing import unanswered

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO routing_missed (complaint_id, clock_id, kind, round, due_on, missed_by_id, noted_at)
            SELECT k.complaint_id, k.id, k.kind, 1, k.due_on, c.handler_id, now()
            FROM complaints_clock k JOIN complaints_complaint c ON c.id = k.complaint_id
            WHERE k.kind = 'RESPOND' AND k.due_on < current_date
            """
        )
        cursor.execute("VACUUM ANALYZE routing_missed")
    unanswered.refresh()


def refer(ombudsman: Any) -> None:
    """One late case in three is before the Ombudsman."""
    from django.db import connection

    give_defaults("complaints_referral")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO complaints_referral (complaint_id, agency_id, state, made_at, due_on)
            SELECT id, %s, 'RECEIVED', now(), current_date + 5
            FROM complaints_complaint WHERE status = 'in_progress' AND due_on < current_date AND id %% 3 = 0
            """,
            [ombudsman.pk],
        )
        cursor.execute("VACUUM ANALYZE complaints_referral")


def settle() -> None:
    """What was closed has its final answer."""
    from django.db import connection

    give_defaults("complaints_message")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO complaints_message (complaint_id, side, verb, body, facts, audience, state, agency_id,
                written_at)
            SELECT id, 'AGENCY', 'resolve', 'Jalan di depan pasar sudah kami tambal pada hari ke ' || id || '.',
                '{"outcome": "DONE"}', 'PUBLIC', 'SENT', handler_id, received_at + interval '9 days'
            FROM complaints_complaint WHERE number LIKE 'F%' AND status = 'closed'
            """
        )
        cursor.execute("VACUUM ANALYZE complaints_message")


def evaluate(by: Any) -> Any:
    """Last year's evaluation as far as the districts check it; its cycle."""
    from django.utils import timezone

    from routing.evaluation import cycle as cycles
    from routing.evaluation.cycle import Dates
    from routing.evaluation.method import Body
    from routing.models import Cycle, Method

    year = timezone.localdate().year - 1
    usual = Dates.usual(year, Body.of(Method.objects.of_year(year).body), timezone.localdate())
    made = cycles.prepare(year, usual, by=by, now=timezone.now())
    cycles.go_on(timezone.now())
    cycles.open_for_districts(Cycle.objects.get(pk=made.pk), by=by)
    return made


def main(count: int) -> None:
    with ground(durable=False) as world:
        measure(lay(world, count))


Pages = dict[str, tuple[Any, str]]


def lay(world: Any, count: int) -> Pages:
    """The country with its cases; by name each page: who opens it, and its address."""
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from agencies import ombudsman as before
    from agencies.models import Agency, Kind, Role
    from routing import programme_sums, readings, sampling, standing
    from routing.measures import ledger
    from routing.models import Headline
    from tests.world import client_of
    from tests.world import programme as programme_of

    plant(world.ministry)
    tell(count)
    print(f"semua angka dari kejadian: {said(whole(ledger.keep_up, count))}", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE routing_casefigure, routing_turnfigure")
    programme = programme_of("jalan-daerah")
    gather(programme, 10)
    gather(programme_of("kecil"), 10_000)
    ombudsman = Agency.objects.create(
        name="Ombudsman Republik Indonesia", code=before.CODE, kind=Kind.LEMBAGA, parent=world.root
    )
    miss()
    refer(ombudsman)
    settle()
    cycle = evaluate(world.ratna)
    for _turn in range(2):
        began = time.monotonic()
        standing.refresh()
        print(f"{count:,} laporan: yang terbuka dihitung dalam {time.monotonic() - began:.2f} detik", flush=True)
    for _turn in range(2):
        began = time.monotonic()
        programme_sums.refresh()
        print(f"{count:,} laporan: program dihitung dalam {time.monotonic() - began:.2f} detik", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE routing_standing")
        cursor.execute("VACUUM ANALYZE routing_programmesum")
        cursor.execute("VACUUM ANALYZE routing_tally")
    # The pages read what the worker counted.
    row = Headline.objects.get(name=standing.NAME)
    Headline.objects.filter(name=standing.NAME).update(figures={**row.figures, "took": 60.0})
    # The ministry gives many answers, so its are drawn.
    today = timezone.localdate()
    first, last = today - datetime.timedelta(days=360), today - datetime.timedelta(days=1)
    sample = sampling.take(world.ministry, first, last, sampling.SMALLEST, by=world.ratna)
    readings.hand_out()
    turn = readings.mine(world.ratna.user).first()
    district = Agency.objects.filter(kind=Kind.KABUPATEN, name__startswith="Pemerintah Kabupaten ").latest("pk")
    office = Agency.objects.filter(parent=district).earliest("pk")
    province = Agency.objects.filter(kind=Kind.PROVINSI, region="11").get()
    national = client_of(world.ratna)
    beside = client_of(world.officer("Pengawas provinsi", province, Role.OBSERVER))
    coordinator = client_of(world.officer("Kominfo daerah", district, Role.COORDINATOR))
    head = client_of(world.officer("Kepala dinas", office, Role.HEAD))
    minister = client_of(world.officer("Pengelola kementerian", world.ministry, Role.COORDINATOR))
    examiner = client_of(world.officer("Asisten Ombudsman", ombudsman, Role.OBSERVER))
    everybody = Client()
    here, drawn = f"/pengawasan/{district.pk}/", f"/evaluasi/mutu/{sample.pk}/"
    unanswered = "/statistik/tidak-ditanggapi/"
    observer = client_of(world.officer("KSP", world.root, Role.OBSERVER, programme=programme))
    pages: Pages = {
        "negara": (national, "/pengawasan/"),
        "negara, semua instansi": (national, "/pengawasan/?semua=ya"),
        "negara, satu provinsi": (national, "/pengawasan/?kelompok=11"),
        "negara, yang terlambat": (national, "/pengawasan/?hanya=terlambat&urut=bagian"),
        "provinsi": (beside, "/pengawasan/"),
        "program": (observer, "/pengawasan/program/"),
        "program, satu": (observer, "/pengawasan/program/jalan-daerah/"),
        "program, satu provinsi": (observer, "/pengawasan/program/jalan-daerah/?provinsi=11"),
        "program, yang selesai": (observer, "/pengawasan/program/jalan-daerah/?daftar=selesai"),
        "program kecil": (national, "/pengawasan/program/kecil/"),
        "program kecil, yang selesai": (national, "/pengawasan/program/kecil/?daftar=selesai"),
        "program, di daerah": (coordinator, "/pengawasan/program/jalan-daerah/"),
        "program, di sebuah kantor": (head, "/pengawasan/program/jalan-daerah/"),
        "daerah": (coordinator, "/pengawasan/"),
        "daerah, yang terlambat": (coordinator, "/pengawasan/?hanya=terlambat"),
        "rapat": (coordinator, f"{here}rapat/"),
        "rapat, satu kantor": (coordinator, f"{here}rapat/{office.pk}/"),
        "pimpinan": (head, "/pengawasan/"),
        "kementerian": (minister, "/pengawasan/"),
        "kementerian, angka": (minister, f"/pengawasan/{world.ministry.pk}/angka/"),
        "Ombudsman": (examiner, "/pengawasan/ombudsman/"),
        "Ombudsman, negara": (examiner, "/pengawasan/"),
        "mutu": (national, "/evaluasi/mutu/"),
        "mutu, satu contoh": (national, drawn),
        "evaluasi, semua tahun": (national, "/evaluasi/kelola/"),
        "evaluasi, satu edisi": (national, f"/evaluasi/kelola/{cycle.pk}/"),
        "evaluasi, satu daerah": (national, f"/evaluasi/kelola/{cycle.pk}/{district.pk}/"),
        "evaluasi, daerah sendiri": (coordinator, f"/evaluasi/{cycle.year}/"),
        "tidak ditanggapi": (everybody, unanswered),
        "tidak ditanggapi, daerah": (everybody, f"{unanswered}?instansi={district.pk}"),
    }
    if turn is not None:
        pages["mutu, satu jawaban"] = (national, f"/evaluasi/mutu/giliran/{turn.pk}/")
    return pages


def measure(pages: Pages) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    heavy = []
    for name, (client, address) in pages.items():
        client.get(address)
        with CaptureQueriesContext(connection) as said:
            answer = client.get(address)
        # Each further request clears what was captured.
        statements = [dict(one) for one in said.captured_queries]
        assert answer.status_code == 200, (name, answer.status_code)
        taken = timed(partial(client.get, address), 20)
        report(f"{name} ({len(statements)} pernyataan, batas {MOST})", taken, 300)
        heavy += [name] if len(statements) > MOST else []
        for one in sorted(statements, key=lambda one: -float(one["time"]))[:2]:
            if float(one["time"]) > 0.05:
                print(f"    {one['time']} detik: {one['sql'][:300]}")
    assert not heavy, heavy


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
