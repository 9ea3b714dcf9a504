"""How many cases one worker process decides a minute, and what a decision is spent on.

    python bench/decisions.py [CASES] [--explain]        default 1500

One Celery process of one child takes prefilled cases from its queue, as in production. A third chose category and
place, a third only wrote (place and subject are read from the words), a third sent a point. The whole map is loaded:
every region, ministry, company and pemda, and the starter set of one kabupaten. Promise: 1,000 a minute.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import ROOT, Taken, ground, report, timed

LIMIT = 1000
# What is loaded with the first texts (borders, names, weights) is not a decision's.
WARM = 60
PARTS = {
    "tempat dari titik dan kata": ("routing.whereabouts", "read"),
    "bidang dari kata": ("routing.subject", "of"),
    "nama kantor dalam teks": ("routing.destination", "_suggestions"),
    "aturan": ("routing.rules", "in_order"),
}


def main(count: int) -> None:
    with ground(durable=True) as world:
        fill_map()
        for n in range(count):
            file_one(world, n)
        print(f"{count} laporan menunggu; diteruskan: {rate(count):.0f} per menit, satu proses (batas {LIMIT})")
        split(world)


def fill_map() -> None:
    from django.core.management import call_command
    from django.db import connection

    for name in ("load_wilayah", "load_agencies", "seed_demo"):
        call_command(name, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def file_one(world: Any, n: int) -> int:
    """Told with the words of the demo's invented tales, each a little different."""
    from agencies.models import Region
    from complaints.intake import Submission, receive
    from complaints.models import Category
    from routing.demo import TALES

    tale = TALES[n % len(TALES)]
    more: dict[str, Any] = {}
    if n % 3 == 0:
        more = {
            "place": Region.objects.filter(pk__startswith=f"{tale.where or '14.02'}.").order_by("pk")[n % 50],
            "category": Category.objects.filter(name=tale.category or "Jalan Berlubang").first(),
        }
    elif n % 3 == 1:
        more = {"latitude": -6.9 - n % 40 / 100, "longitude": 108.4 + n % 30 / 100}
    body = f"{tale.body} Sudah {n % 20 + 2} hari. Kejadiannya dekat kantor desa, kec. Rengat, Inhu, nomor {n}."
    return receive(
        Submission(channel="web", external_id=uuid.uuid4().hex, title=tale.title, body=body, **more)
    ).complaint.pk


def rate(count: int) -> float:
    """Decisions a minute from the WARMth to the last, by the instants the worker took them up."""
    from django.conf import settings
    from django.db import connection

    from routing.models import Disposition

    base, _, _ = os.environ["LAPOR_DATABASE_URL"].rpartition("/")
    options = ["--without-gossip", "--without-mingle", "-Q", "forward", "--concurrency", "1"]
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "lapor", "worker", *options],
        cwd=ROOT,
        env=os.environ
        | {
            "LAPOR_DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
            "LAPOR_REDIS_URL": settings.REDIS_URL,
            "LAPOR_DATABASE_POOL": "4",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60 + count / 2
        while (left := Disposition.objects.unweighed().count()) and time.monotonic() < end:
            time.sleep(0.5)
    finally:
        worker.terminate()
        worker.wait(15)
    if left:
        print(f"{left} laporan tidak sempat ditimbang")
    told = Disposition.objects.filter(verb="submit").order_by("weighed_at").values_list("weighed_at", flat=True)
    at = [moment for moment in told if moment is not None]
    between = [(later - sooner).total_seconds() * 1000 for sooner, later in pairwise(at[WARM:])]
    report("satu putusan", between)
    longest = max((later - sooner).total_seconds() for sooner, later in pairwise(at[: WARM + 1]))
    print(f"yang terlama di awal, selagi batas, nama, dan bobot dimuat: {longest:.1f} detik")
    return 60 * (len(at) - WARM - 1) / (at[-1] - at[WARM]).total_seconds()


def split(world: Any) -> None:
    """The same in this process: what each part takes, and which statements."""
    from django.db import connection

    from routing import dispatch

    fresh = iter([file_one(world, n) for n in range(400)])
    spent: defaultdict[str, float] = defaultdict(float)
    asked: Counter[str] = Counter()
    statements: defaultdict[str, float] = defaultdict(float)

    def listen(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - began
            spent["SQL"] += took
            asked[sql] += 1
            statements[sql] += took

    for _ in range(50):
        dispatch.forward_by_itself(next(fresh))
    with listening(spent), connection.execute_wrapper(listen):
        taken: Taken = timed(lambda: dispatch.forward_by_itself(next(fresh)), 300)
    report("satu putusan, dalam proses ini", taken)
    print(f"  pernyataan: {sum(asked.values()) / 301:.1f}")
    for name, seconds in sorted(spent.items(), key=lambda one: -one[1]):
        print(f"  {name}: {seconds * 1000 / 301:.2f} ms" + (" (termasuk SQL-nya)" if name != "SQL" else ""))
    if "--explain" in sys.argv:
        for sql, seconds in sorted(statements.items(), key=lambda one: -one[1])[:6]:
            print(f"  {seconds * 1000 / 301:6.2f} ms sebuah putusan, {asked[sql]} kali: {sql[:400]}")


@contextmanager
def listening(spent: dict[str, float]) -> Iterator[None]:
    """Adds up the seconds each of PARTS takes."""
    import importlib

    kept = []

    def timing(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed_work(*args: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*args, **more)
            finally:
                spent[name] += time.perf_counter() - began

        return timed_work

    for name, (module, function) in PARTS.items():
        where = importlib.import_module(module)
        kept.append((where, function, getattr(where, function)))
        setattr(where, function, timing(name, getattr(where, function)))
    try:
        yield
    finally:
        for where, function, work in kept:
            setattr(where, function, work)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(given[0] if given else 1500)
