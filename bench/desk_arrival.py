"""From filing to the office's desk: how long, while RATE reports a second are filed.

    python bench/desk_arrival.py [SECONDS] [RATE] [--threads]        default 20 seconds, 20 a second

A real worker forwards. Promise: p95 below 2 s.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import ROOT, ground, report

LIMIT = 2000.0
# As the portal starts it (lapor/embedded/portal.py): two processes; --threads: four threads of one.
POOL = ["--pool", "threads", "-c", "4"] if "--threads" in sys.argv else ["-c", "2"]
OPTIONS = ["--without-gossip", "--without-mingle", "-Q", "arrivals,forward,notify", *POOL]


def main(seconds: int, rate: int) -> None:
    with ground() as world:
        from django.conf import settings
        from django.db import connection

        from complaints.intake import Submission, receive
        from complaints.models import Event

        base, _, _ = os.environ["LAPOR_DATABASE_URL"].rpartition("/")
        here = f"{base}/{connection.settings_dict['NAME']}"
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "lapor", "worker", *OPTIONS],
            cwd=ROOT,
            # The pool of the real portal: without it every task would connect anew.
            env=os.environ
            | {"LAPOR_DATABASE_URL": here, "LAPOR_REDIS_URL": settings.REDIS_URL, "LAPOR_DATABASE_POOL": "4"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            late = 0

            def file_one() -> int:
                return receive(
                    Submission(
                        channel="web",
                        external_id=uuid.uuid4().hex,
                        body="Jembatan putus.",
                        place=world.sukasari,
                        category=world.cat_road,
                    )
                ).complaint.pk

            first = file_one()
            while not Event.objects.filter(complaint=first, verb="forward").exists():
                time.sleep(0.1)
            began = time.perf_counter()
            filed = []
            for number in range(seconds * rate):
                wait = began + number / rate - time.perf_counter()
                if wait > 0:
                    time.sleep(wait)
                else:
                    late += wait < -1
                filed.append(file_one())
            took = time.perf_counter() - began
            forwarded = Event.objects.filter(complaint__in=filed, verb="forward")
            end = time.monotonic() + 60
            while forwarded.count() < len(filed) and time.monotonic() < end:
                time.sleep(0.2)
            waited = [
                (event.recorded_at - event.complaint.changed_at_filing).total_seconds() * 1000
                for event in _with_filing(forwarded)
            ]
            print(f"{len(filed)} laporan dalam {took:.1f} detik ({len(filed) / took:.1f} per detik)")
            print(f"sampai di meja kantor: {len(waited)} dari {len(filed)}")
            report("dari kirim sampai meja", waited, LIMIT)
        finally:
            worker.terminate()
            worker.wait(15)


def _with_filing(forwarded: Any) -> list[Any]:
    from complaints.models import Event

    events = list(forwarded.select_related("complaint"))
    filed = dict(
        Event.objects.filter(complaint__in=[event.complaint_id for event in events], verb="submit").values_list(
            "complaint_id", "recorded_at"
        )
    )
    for event in events:
        event.complaint.changed_at_filing = filed[event.complaint_id]
    return events


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(given[0] if given else 20, given[1] if len(given) > 1 else 20)
