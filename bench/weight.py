"""What a web worker weighs after it has served every kind of page, and what the pages weigh on the wire.

    python bench/weight.py

Starts a portal of its own in var/bench-web. Promises: a worker ≤ 120 MB; a citizen's first visit ≤ 15,360 bytes with
brotli, everything included (the page, its style sheets, its icons).
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import brotli
import httpx

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / "var" / "bench-web"
PAGES = (
    "/",
    "/lapor/",
    "/lacak/",
    "/laporan/",
    "/instansi/",
    "/statistik/",
    "/statistik/tidak-ditanggapi/",
    "/cara-kerja/",
    "/data-pribadi/",
    "/akun/masuk/",
    "/tidak-ada/",
)
LINKED = re.compile(r'(?:href|src)="(/(?:static|gaya)/[^"]+)"')


def main() -> None:
    environment = os.environ | {"LAPOR_STATE_DIR": str(STATE)}
    portal = subprocess.Popen([ROOT / "bin" / "run"], stdout=subprocess.PIPE, text=True, env=environment)
    assert portal.stdout is not None
    try:
        url = next(found[1] for line in portal.stdout if (found := re.match(r"Siap: (http://\S+?)/?$", line)))
        with httpx.Client(base_url=url, headers={"Accept-Encoding": "br"}) as client:
            for page in PAGES:
                print(f"{page:32} {weight(client, page):6} bita")
            for _ in range(300):
                for page in PAGES:
                    client.get(page)
        for pid, megabytes in workers(portal.pid):
            print(f"pekerja web {pid}: {megabytes:.0f} MB (batas 120)")
    finally:
        portal.send_signal(signal.SIGINT)
        portal.wait(30)


def weight(client: httpx.Client, page: str) -> int:
    """Bytes of a first visit: bodies with brotli, each once."""
    answer = client.get(page)
    total = wire(answer)
    for linked in sorted(set(LINKED.findall(answer.text))):
        total += wire(client.get(linked))
    return total


def wire(answer: httpx.Response) -> int:
    """The body as sent with brotli; what the server did not compress itself the proxy does."""
    if answer.headers.get("content-encoding") == "br":
        return int(answer.headers.get("content-length") or len(brotli.compress(answer.content)))
    return len(brotli.compress(answer.content, quality=5))


def workers(parent: int) -> list[tuple[int, float]]:
    """(pid, resident megabytes) of the web workers below the supervisor."""
    below: dict[int, list[int]] = {}
    names: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "status").read_text()
                names[int(entry.name)] = (entry / "cmdline").read_text()
            except OSError:
                continue
            below.setdefault(int(re.search(r"PPid:\s+(\d+)", status)[1]), []).append(int(entry.name))  # type: ignore[index]
    found, queue = [], [parent]
    while queue:
        for child in below.get(queue.pop(), []):
            queue.append(child)
            if "granian" in names.get(child, "") and child not in below:
                resident = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{child}/status").read_text())
                found.append((child, int(resident[1]) / 1024 if resident else 0.0))
    return found


if __name__ == "__main__":
    sys.exit(main())
