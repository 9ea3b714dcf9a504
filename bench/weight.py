"""What a web worker weighs after it has served every kind of page, and what the pages weigh on the wire.

    python bench/weight.py

Starts a portal of its own in var/bench-web, and goes through it as citizen (a whole report, with a photo), officer and
machine: what a page loads when it is first asked for stays. Promises: a worker ≤ 120 MB; a citizen's first visit ≤
15,360 bytes with brotli, everything included (the page, its style sheets, its icons).
"""

from __future__ import annotations

import base64
import logging
import re
import sys
from pathlib import Path

import brotli
import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.filing_http import portal, prepare

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
# What a coordinator opens; the poster of the office they sit at besides.
DESK = (
    "/meja/",
    "/meja/?q=kantor:semua",
    "/pengawasan/",
    "/pengawasan/aturan/",
    "/petugas/",
    "/loket/",
    "/statistik/tidak-ditanggapi/",
)
MACHINES = ("/api/v1/", "/api/v1/schema/", "/open311/v2/services.json", "/open311/v2/discovery.xml")
# The smallest photo there is.
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LINKED = re.compile(r'(?:href|src)="(/(?:static|gaya)/[^"]+)"')


def main() -> None:
    with portal() as (supervisor, host, port):
        prepare()
        logging.getLogger("httpx").setLevel(logging.WARNING)
        url = f"http://{host}:{port}"
        with httpx.Client(base_url=url, headers={"Accept-Encoding": "br"}) as client:
            for page in PAGES:
                print(f"{page:32} {weight(client, page):6} bita")
            for _ in range(300):
                for page in PAGES:
                    client.get(page)
        report("sesudah halaman umum", supervisor)
        for number in range(40):
            files(httpx.Client(base_url=url, headers={"Origin": url}), number)
        report("sesudah 40 laporan berfoto", supervisor)
        officer, office = coordinator(url)
        for _ in range(20):
            for page in (*DESK, *MACHINES):
                assert officer.get(page).status_code in (200, 404), page
        for _ in range(4):
            assert officer.get(f"/instansi/{office}/poster/a4-id.pdf").content.startswith(b"%PDF")
        report("sesudah meja, API, dan poster", supervisor)


def report(when: str, supervisor: int) -> None:
    for pid, resident, share in workers(supervisor):
        print(f"pekerja web {pid} {when}: {resident:.0f} MB (batas 120), bagiannya {share:.0f} MB", flush=True)


def files(citizen: httpx.Client, number: int) -> None:
    """One report over the four screens, as a browser without script sends them."""
    from agencies.models import Level, Region

    def post(path: str, files: dict[str, tuple[str, bytes]] | None = None, **fields: str) -> httpx.Response:
        page = citizen.get(path).text
        hidden = dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|draft)" value="([^"]*)"', page))
        return citizen.post(path, data=hidden | fields, files=files)

    place = Region.objects.filter(pk__startswith="14.02.", level=Level.DESA)[number].pk
    went = post("/lapor/", place=place, landmark="depan pasar").headers.get("Location")
    assert went == "/lapor/masalah/", went
    story = "Jembatan di desa kami putus sejak kemarin pagi, anak-anak memutar dua kilometer. " * 5
    told = {"kind": "PENGADUAN", "title": f"Jembatan putus {number}", "story": story, "happened_on_pick": "today"}
    went = post("/lapor/masalah/", files={"file": ("foto.png", PHOTO)}, **told).headers.get("Location")
    assert went == "/lapor/periksa/", went
    sent = post("/lapor/periksa/", who="officers", read="open", tell="email", name="Sari", email="sari@contoh.test")
    assert sent.headers.get("Location") == "/lapor/selesai/", sent.text
    assert citizen.get("/lapor/selesai/").status_code == 200


def coordinator(url: str) -> tuple[httpx.Client, int]:
    """A browser of a coordinator of the demonstration, and the office they sit at."""
    from django.utils import timezone

    from agencies.models import Membership, Role
    from tests.world import client_of

    seat = Membership.objects.current(timezone.localdate()).filter(role=Role.COORDINATOR).select_related("user")[0]
    cookies = {name: cookie.value for name, cookie in client_of(seat.user).cookies.items()}
    return httpx.Client(base_url=url, cookies=cookies, timeout=30), seat.agency_id


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


def workers(parent: int) -> list[tuple[int, float, float]]:
    """(pid, resident megabytes, its share of them) of the web workers below the supervisor. The share (PSS) counts a
    page that several processes hold, as of a library, only in part; promised is the whole."""
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
            if "lapor.web" in names.get(child, "") and child not in below:
                said = Path(f"/proc/{child}/smaps_rollup").read_text()
                resident, share = (int(re.search(rf"^{word}:\s+(\d+)", said, re.M)[1]) for word in ("Rss", "Pss"))  # type: ignore[index]
                found.append((child, resident / 1024, share / 1024))
    return found


if __name__ == "__main__":
    main()
