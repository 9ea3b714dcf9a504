"""A year's evaluation of all districts: collected, compared with the events again, published (issue 5, section 4).

    bench/evaluation.py [cases …]        default 50000 200000, over 552 pemda with twenty offices each

Counting reads every event of the year once and grows with the cases; judging and freezing are the same for any number
of them. Prints how long collecting, counting and publishing take to their end, what a case costs, against the size
before, and how much memory the process had at most.
"""

from __future__ import annotations

import datetime
import resource
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.figures import plant, said, tell, whole
from bench.ground import Taken, compare, ground, report, timed

PROMISED = 300


def main(sizes: list[int]) -> None:
    measured = {size: {"menghitung, sebuah laporan": of_size(size)} for size in sorted(sizes)}
    if len(measured) > 1:
        compare(measured)


def of_size(count: int) -> Taken:
    with ground(durable=False) as world:
        from django.db import connection
        from django.db.models import F
        from django.test.utils import CaptureQueriesContext
        from django.utils import timezone

        from agencies.models import Agency
        from routing.evaluation import cycle as cycles
        from routing.evaluation.cycle import Dates
        from routing.evaluation.method import Body
        from routing.evaluation.recount import Offices
        from routing.measures import ledger
        from routing.models import Cycle, Method
        from tests.world import client_of

        plant()
        # All within the last calendar year.
        year = timezone.localdate().year - 1
        tell(count, until=datetime.datetime(year + 1, 1, 1, tzinfo=datetime.UTC))
        print(f"semua angka dari kejadian: {said(whole(ledger.keep_up, count))}", flush=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE routing_casefigure, routing_turnfigure")
        print(f"{count:,} laporan di {Agency.objects.count():,} kantor", flush=True)

        now = timezone.now()
        usual = Dates.usual(year, Body.of(Method.objects.of_year(year).body), timezone.localdate())
        made = cycles.prepare(year, usual, by=world.ratna, now=now)
        began = time.monotonic()
        cycles.go_on(now + cycles.SETTLES)
        print(f"dikumpulkan: {time.monotonic() - began:.1f} detik", flush=True)
        cycles.open_for_districts(made, by=world.ratna)
        began = time.monotonic()
        cycles.tend(now)
        print(f"surat ke daerah: {time.monotonic() - began:.1f} detik", flush=True)
        Cycle.objects.filter(pk=made.pk).update(stage=Cycle.Stage.SCORE)
        began = time.monotonic()
        cycles.announce(made, by=world.ratna)
        print(f"nilai diumumkan: {time.monotonic() - began:.1f} detik", flush=True)
        Cycle.objects.filter(pk=made.pk).update(stage=Cycle.Stage.DECIDE)
        cycles.publish(made, by=world.ratna)
        counted = whole(lambda: cycles.count(Cycle.objects.get(pk=made.pk), Offices()), count)
        each = counted.python[0] + counted.postgres[0]
        began = time.monotonic()
        cycles.go_on(timezone.now() + cycles.SETTLES)
        took = time.monotonic() - began
        found = Cycle.objects.get(pk=made.pk)
        assert found.published_at is not None, found.differs[:5]
        alone = counted[0] * count / 1000
        rest = took - alone
        print(
            f"menghitung: {alone:.1f} detik, {said(counted)}\n"
            f"terbit: {took:.1f} detik sampai selesai (dijanjikan {PROMISED}), selain menghitung {rest:.1f}; 10 juta "
            f"dengan dua prosesor: {rest + each * 1e4 / 2:.0f} detik\n"
            f"ingatan proses ini paling banyak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
            flush=True,
        )
        # Few cases give no district an index; its pages are there all the same.
        district = found.evaluations.order_by(F("index").asc(nulls_last=True), "-pk")[0]
        national, guest = client_of(world.ratna), client_of(world.sari)
        for name, client, address in (
            ("daerah, umum", guest, f"/statistik/evaluasi/{year}/{district.agency_id}/"),
            ("peringkat, umum", guest, f"/statistik/evaluasi/{year}/"),
            ("satu edisi", national, f"/evaluasi/kelola/{found.pk}/"),
            ("satu daerah, evaluator", national, f"/evaluasi/kelola/{found.pk}/{district.agency_id}/"),
        ):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            assert answer.status_code == 200, (name, answer.status_code)
            # Each further request clears what was captured.
            statements = len(asked)
            report(f"{name} ({statements} pernyataan)", timed(partial(client.get, address), 20), 300)
        return counted


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [50_000, 200_000])
