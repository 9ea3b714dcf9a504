"""Reports filed a second, as citizens file them: over HTTP into a whole portal of its own (data in var/bench-web).

    python bench/filing_http.py [COUNT] [CONNECTIONS]        default 1000 reports over 8 connections

`bin/run` starts everything: two web processes, broker, workers that forward each report meanwhile, a database that
commits durably. Measured is the one POST that makes the case, with its CSRF token and its draft; the drafts are written
ahead. Promise on two cores: 100 a second. Whatever else runs on the machine slows the clock, hence the processor's time
of one report by who spent it, and what two cores could take if they had nothing else to do.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import ROOT, bare_sql, ratio, report

STATE = ROOT / "var" / "bench-web"
LIMIT = 100
STATEMENTS = 20
STORY = "Jembatan di desa kami putus sejak kemarin pagi, anak-anak memutar dua kilometer ke sekolah. " * 4
CONTACT = {"who": "officers", "read": "open", "tell": "email", "name": "Sari Wulandari", "email": "sari@contoh.test"}
TOKEN = "b" * 32
# Whose processor time it is, by a word of the command line.
SPENDERS = {"lapor.web": "web", "celery": "pekerja", "postgres": "PostgreSQL", "valkey": "Valkey"}


def main(count: int, connections: int) -> None:
    with portal() as (pid, host, port):
        prepare()
        said = statements()
        print(f"pernyataan per laporan: {len(said)} (batas {STATEMENTS})")
        # One at a time: what a citizen waits for when nobody else files.
        warm = [wire(draft, host, port) for draft in drafts(100)]
        asyncio.run(file_all(warm[:50], host, port, 2))
        _, alone, _ = asyncio.run(file_all(warm[50:], host, port, 1))
        report("satu demi satu", alone)
        shots = [wire(draft, host, port) for draft in drafts(count)]
        before, mine = spent(pid), own()
        took, waited, answers = asyncio.run(file_all(shots, host, port, connections))
        after, mine = spent(pid), own() - mine
        print(f"{count} laporan lewat {connections} sambungan: {count / took:.1f} per detik (batas {LIMIT})")
        report("satu laporan", waited)
        assert answers == {302: count}, answers
        each = {who: (after[who] - before[who]) * 1000 / count for who in after} | {"penguji": mine * 1000 / count}
        print("prosesor per laporan: " + ", ".join(f"{who} {ms:.1f} ms" for who, ms in each.items()))
        needed = each["web"] + each["PostgreSQL"] + each["Valkey"]
        print(f"dua inti yang hanya menerima laporan: {2000 / needed:.0f} per detik")
        bare = bare_sql(said, 200)
        report("SQL saja", bare)
        ratio("lewat HTTP, satu demi satu", bare, alone)
        print(f"sampai di meja setelah yang terakhir diterima: {forwarded():.1f} detik")


@contextmanager
def portal() -> Iterator[tuple[int, str, int]]:
    """Process id of the supervisor and the address of a portal that answers."""
    running = subprocess.Popen(
        [ROOT / "bin" / "run"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"LAPOR_STATE_DIR": str(STATE)},
    )
    assert running.stdout is not None
    try:
        found = next(found for line in running.stdout if (found := re.match(r"Siap: http://([\d.]+):(\d+)/", line)))
        yield running.pid, found[1], int(found[2])
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(30)


def prepare(state: Path = STATE) -> None:
    """Django in this process speaks to the portal's own database and signs with its key."""
    os.environ.update(json.loads((state / "run" / "portal.json").read_text())["environment"])
    os.environ |= {"DJANGO_SETTINGS_MODULE": "lapor.settings", "LAPOR_DATABASE_POOL": "0", "LAPOR_HOSTS": "testserver"}
    import django

    django.setup()


def drafts(count: int) -> list[str]:
    """Signed tokens of that many drafts with nothing left to do but to send them."""
    from agencies.models import Level, Region
    from complaints.models import Category, Draft
    from complaints.views.holding import sign_draft
    from lapor.kit.sealing import seal

    places = list(Region.objects.filter(level=Level.DESA, pk__startswith="14.02.").values_list("pk", flat=True)[:50])
    category = Category.objects.get(name="Jalan Berlubang")
    made = []
    for number in range(count):
        draft = Draft.begin()
        draft.step = "periksa"
        typed = {
            "lokasi": {"place": places[number % len(places)], "landmark": "dekat pasar"},
            "masalah": {
                "kind": "PENGADUAN",
                "title": "Jembatan putus",
                "story": STORY,
                "category": str(category.pk),
                "office": "",
                "whole": True,
            },
        }
        draft.fields_sealed = seal(json.dumps(typed))
        made.append(draft)
    Draft.objects.bulk_create(made)
    return [sign_draft(draft) for draft in made]


def wire(draft: str, host: str, port: int) -> bytes:
    """The POST that makes the case, ready to be written into an open connection."""
    body = urlencode(CONTACT | {"draft": draft, "csrfmiddlewaretoken": TOKEN}).encode()
    lines = [
        "POST /lapor/periksa/ HTTP/1.1",
        f"Host: {host}:{port}",
        f"Origin: http://{host}:{port}",
        f"Cookie: csrftoken={TOKEN}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: keep-alive",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def file_all(
    shots: list[bytes], host: str, port: int, connections: int
) -> tuple[float, list[float], Counter[int]]:
    """Seconds all took, milliseconds each waited for its answer, and the answers by status."""
    waited: list[float] = []
    answers: Counter[int] = Counter()
    left = iter(shots)

    async def citizen() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        for shot in left:
            began = time.perf_counter()
            writer.write(shot)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            waited.append((time.perf_counter() - began) * 1000)
            answers[int(head.split(b" ", 2)[1])] += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*[citizen() for _ in range(connections)])
    return time.perf_counter() - began, waited, answers


def statements() -> list[str]:
    """What the same POST asks the database, without the begin and the end of the transaction."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    for draft in drafts(2):
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post("/lapor/periksa/", CONTACT | {"draft": draft})
        assert answer.status_code == 302, answer.status_code
    return [query["sql"] for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT"))]


def forwarded() -> float:
    """Seconds until no report waits for the worker."""
    from routing.models import Disposition

    began = time.perf_counter()
    while Disposition.objects.unweighed().exists() and time.perf_counter() - began < 600:
        time.sleep(0.2)
    return time.perf_counter() - began


def own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def spent(parent: int) -> dict[str, float]:
    """Seconds of processor time by spender, of every process below the supervisor."""
    tick = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    facts: dict[int, tuple[str, float]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_text()
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            # Its own time and that of children which have left: a worker replaced, a connection closed.
            facts[int(entry.name)] = (command, sum(map(int, fields[11:15])) / tick)
    total = dict.fromkeys(SPENDERS.values(), 0.0)
    for pid, (command, seconds) in facts.items():
        above = pid
        while above in parents and above != parent:
            above = parents[above]
        who = next((who for word, who in SPENDERS.items() if word in command), "")
        if above == parent and who:
            total[who] += seconds
    return total


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(given[0] if given else 1000, given[1] if len(given) > 1 else 8)
