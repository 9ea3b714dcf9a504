"""Pages that everybody or a coordinator opens, and the tasks that keep their figures ready.

    bench/public.py [cases, default 100000]

A page must cost the same however many cases were ever filed; a task may cost what is open or what a month holds.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import ground, report, timed


def main(count: int) -> None:
    with ground(cases=count, publications=True, durable=False) as world:
        from django.test import Client

        from routing import figures
        from tests.world import client_of

        print(f"{count} cases")
        report("task: home's figures", timed(figures.refresh_home, times=5))
        report("task: two months", timed(lambda: figures.refresh_months(months=1), times=3))
        report("task: a year", timed(figures.refresh_months, times=2))
        guest = Client()
        for name, path in (
            ("home", "/"),
            ("list", "/laporan/"),
            ("register", "/statistik/tidak-ditanggapi/"),
            ("register of a district", f"/statistik/tidak-ditanggapi/?instansi={world.pemkab.pk}"),
            ("statistics", "/statistik/"),
            ("statistics of a district", f"/statistik/?instansi={world.pemkab.pk}"),
        ):
            assert guest.get(path).status_code == 200, path
            report(name, timed(lambda path=path: guest.get(path), times=30))  # type: ignore[misc]
        for who, path in (
            ("wati", "/pengawasan/"),
            ("ratna", "/pengawasan/"),
            ("wati", f"/pengawasan/{world.dinas_pu.pk}/laporan/"),
        ):
            client = client_of(getattr(world, who))
            assert client.get(path).status_code == 200, path
            report(f"{who} {path}", timed(lambda client=client, path=path: client.get(path), times=20))  # type: ignore[misc]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
