"""Pages that everybody or a coordinator opens, and the tasks that keep their figures ready.

    bench/public.py [cases …]        default 10000 100000

A page must cost the same however many cases were ever filed; a task may cost what is open or what a month holds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import Taken, compare, ground, report, timed


def main(sizes: list[int]) -> None:
    compare({cases: measure(cases) for cases in sizes})


def measure(count: int) -> dict[str, Taken]:
    with ground(cases=count, publications=True, durable=False) as world:
        from django.test import Client

        from routing import figures
        from tests.world import client_of

        print(f"— {count:,} laporan")
        measured: dict[str, Taken] = {}

        def tell(name: str, work: Callable[[], object], times: int) -> None:
            measured[name] = timed(work, times)
            report(name, measured[name])

        tell("tugas: angka beranda", figures.refresh_home, 5)
        tell("tugas: dua bulan", lambda: figures.refresh_months(months=1), 3)
        tell("tugas: setahun", figures.refresh_months, 2)
        guest = Client()
        wati, ratna = client_of(world.wati), client_of(world.ratna)
        pages = {
            "beranda": (guest, "/"),
            "daftar": (guest, "/laporan/"),
            "tidak ditanggapi": (guest, "/statistik/tidak-ditanggapi/"),
            "tidak ditanggapi, satu daerah": (guest, f"/statistik/tidak-ditanggapi/?instansi={world.pemkab.pk}"),
            "statistik": (guest, "/statistik/"),
            "statistik, satu daerah": (guest, f"/statistik/?instansi={world.pemkab.pk}"),
            "pengawasan, daerah": (wati, "/pengawasan/"),
            "pengawasan, pusat": (ratna, "/pengawasan/"),
            "pengawasan, satu kantor": (wati, f"/pengawasan/{world.dinas_pu.pk}/laporan/"),
        }
        for name, (client, path) in pages.items():
            assert client.get(path).status_code == 200, path
            tell(name, lambda client=client, path=path: client.get(path), 30)  # type: ignore[misc]
        return measured


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [10_000, 100_000])
