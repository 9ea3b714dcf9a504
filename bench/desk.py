"""The officer's list of 50 and one case's page, through the whole stack but the socket.

    python bench/desk.py [cases …]        default 10000 100000; by hand also 1000000

Promises: list p50 ≤ 20 ms at 100 k cases in at most 9 statements, and the same at every size; a case's page in at most
15. Beside the clock stands the processor's time, which other programs on the machine disturb less.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import Taken, compare, ground, report, timed


def main(sizes: list[int]) -> None:
    measured = {}
    for cases in sizes:
        with ground(cases, durable=False) as world:
            print(f"— {cases:,} laporan")
            measured[cases] = measure(world)
    compare(measured)


def measure(world: object) -> dict[str, Taken]:
    from django.db import connection

    from complaints.models import Complaint
    from complaints.number import new_number
    from tests.world import client_of

    joko, wati, ratna = (client_of(getattr(world, name)) for name in ("joko", "wati", "ratna"))
    case = Complaint.objects.filter(handler=world.dinas_pu, status="forwarded", secret=False)[0]  # type: ignore[attr-defined]
    case.number = new_number()
    case.save(update_fields=["number"])
    pages = {
        "meja kantor": (joko, "/meja/", 20.0),
        "meja kantor, terlambat": (joko, "/meja/?q=lewat:ya", 20.0),
        "meja koordinator, semua kantor": (wati, "/meja/?q=kantor:semua", None),
        "meja pusat, seluruh negeri": (ratna, "/meja/?q=kantor:semua", None),
        "meja pusat, kata yang tidak ada": (ratna, "/meja/?q=zebra status:selesai kantor:semua", None),
        "meja pusat, jenis yang tidak ada": (ratna, "/meja/?q=jenis:aspirasi status:selesai kantor:semua", None),
        "halaman laporan": (joko, f"/meja/{case.number}/", 40.0),
    }
    measured = {}
    for name, (client, url, limit) in pages.items():
        client.get(url)  # the first look of a minute is noted
        queries: list[str] = []

        def count(execute, sql, params, many, context, told=queries):  # type: ignore[no-untyped-def]
            told.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            answer = client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        measured[name] = timed(lambda client=client, url=url: client.get(url), 60)  # type: ignore[misc]
        report(f"{name} ({len(queries)} kueri, {len(answer.content) // 1024} kB)", measured[name], limit)
    return measured


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
