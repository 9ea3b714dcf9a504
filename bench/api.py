"""How many reports the API takes in a second, one process, through the whole request; and against `receive` alone.

    python bench/api.py [COUNT] [--show]        default 400

A request goes through every middleware, the key, the limits, the checks, the idempotency row and the sealed answer, and
commits durably. The ratio to bench/filing.py's own figure, measured in the same run, is what the API itself costs.
Then the queue of an office: how long one page of a hundred takes, and an empty one.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import ground, p, report

STORY = "Jembatan di desa kami putus sejak kemarin pagi. " * 8


def main(count: int) -> None:
    with ground() as world:
        from django.conf import settings
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        from agencies import clients
        from complaints.intake import Submission, receive
        from routing import dispatch

        settings.ALLOWED_HOSTS = ["*"]
        _machine, key = clients.register(
            by=world.ratna,
            agency=world.dinas_pu,
            name="Aplikasi tolok ukur",
            permissions=["file", "queue", "act"],
            hourly_limit=clients.MOST_HOURLY,
        )
        program = Client(headers={"Authorization": f"Bearer {key}"})
        filed: list[str] = []

        def file_one() -> None:
            body = {
                "body": STORY,
                "title": "Jembatan putus",
                "place": world.sukasari.pk,
                "category": world.cat_road.pk,
                "reporter": {"name": "Sari Wulandari", "email": "sari@contoh.test"},
            }
            once = {"Idempotency-Key": str(uuid.uuid4())}
            answer = program.post("/api/v1/laporan/", json.dumps(body), content_type="application/json", headers=once)
            assert answer.status_code == 201, answer.content
            filed.append(answer.json()["number"])

        def bare() -> None:
            receive(
                Submission(
                    channel="api",
                    external_id=uuid.uuid4().hex,
                    title="Jembatan putus",
                    body=STORY,
                    name="Sari Wulandari",
                    email="sari@contoh.test",
                    place=world.sukasari,
                    category=world.cat_road,
                    addressed_to=world.dinas_pu,
                )
            )

        for _ in range(20):
            file_one()
            bare()
        with CaptureQueriesContext(connection) as queries:
            file_one()
        if "--show" in sys.argv:
            print(*(f"{n:3} {query['sql'][:150]}" for n, query in enumerate(queries, start=1)), sep="\n")
        print(f"pernyataan per laporan lewat API: {len(queries)}")
        before = time.process_time()
        taken = timed_each(file_one, count)
        print(f"Python saja: {(time.process_time() - before) * 1000 / count:.1f} ms waktu prosesor per laporan")
        report("satu laporan lewat API", taken)
        alone = timed_each(bare, count)
        report("satu laporan, receive saja", alone)
        print(f"laporan per detik, satu proses: {len(taken) * 1000 / sum(taken):.1f}")
        print(f"tanpa API: {len(alone) * 1000 / sum(alone):.1f}; lewat API {p(taken, 50) / p(alone, 50):.2f} kalinya")

        def ask(since: str) -> dict[str, object]:
            told: dict[str, object] = program.get(f"/api/v1/antrean/{since}").json()
            return told

        first = ask("")
        from complaints.models import Complaint

        for pk in Complaint.objects.order_by("pk").values_list("pk", flat=True)[:150]:
            dispatch.forward_by_itself(pk)
        report("satu halaman antrean", timed_each(lambda: ask(f"?sejak={first['cursor']}"), 50))
        cursor = first["cursor"]
        while True:
            told = ask(f"?sejak={cursor}")
            cursor = told["cursor"]
            if not told["more"]:
                break
        report("antrean tanpa yang baru", timed_each(lambda: ask(f"?sejak={cursor}"), 100))


def timed_each(work: object, times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()  # type: ignore[operator]
        taken.append((time.perf_counter() - began) * 1000)
    return taken


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else 400)
