"""The officer's list of 50 and one case's page, through the whole stack but the socket.

    python bench/desk.py [cases …]        default 10000 100000

Promise: list p50 ≤ 20 ms at 100 k cases, the same at every size. Statements are counted; an EXPLAIN of the list shows
that it walks the partial index.
"""

from __future__ import annotations

import sys

from ground import ground, p, report, timed


def main(sizes: list[int]) -> None:
    medians = []
    for cases in sizes:
        with ground(cases, durable=False) as world:
            medians.append(measure(world, cases))
    if len(medians) > 1:
        print(f"daftar: {medians[-1] / medians[0]:.2f} kali {sizes[0]:,} → {sizes[-1]:,} laporan")


def measure(world: object, cases: int) -> float:
    from django.db import connection

    from complaints.models import Complaint
    from complaints.number import new_number
    from tests.world import client_of

    print(f"— {cases:,} laporan")
    joko, wati = client_of(world.joko), client_of(world.wati)  # type: ignore[attr-defined]
    case = Complaint.objects.filter(handler=world.dinas_pu, status="forwarded", secret=False)[0]  # type: ignore[attr-defined]
    case.number = new_number()
    case.save(update_fields=["number"])
    pages = {
        "meja kantor": (joko, "/meja/", 20.0),
        "meja kantor, terlambat": (joko, "/meja/?q=lewat:ya", 20.0),
        "meja koordinator, semua kantor": (wati, "/meja/?q=kantor:semua", None),
        "halaman laporan": (joko, f"/meja/{case.number}/", None),
    }
    median = 0.0
    for name, (client, url, limit) in pages.items():
        queries: list[str] = []

        def count(execute, sql, params, many, context, told=queries):  # type: ignore[no-untyped-def]
            told.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            answer = client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        taken = timed(lambda client=client, url=url: client.get(url), 60)  # type: ignore[misc]
        report(f"{name} ({len(queries)} kueri, {len(answer.content) // 1024} kB)", taken, limit)
        median = median or p(taken, 50)
    return median


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
