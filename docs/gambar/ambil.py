"""Take the pictures in this folder: every kind of page, at 360 and 1280 px, of a portal with invented reports.

    .venv/bin/python docs/gambar/ambil.py

Starts a portal of its own (its data in var/gambar, nothing else is touched), fills in the demo reports, walks through
the pages as a citizen and as three officers, and stops it again. Needs Chromium. Look at what it took.
"""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
STATE = ROOT / "var" / "gambar"
PASSWORD = "coba-lapor-2026"
WIDTHS = (360, 1280)
TALLEST = 2200

sys.path.insert(0, str(ROOT))
from tests.browser import QUIET, chromium  # noqa: E402


@contextmanager
def portal() -> Iterator[str]:
    """The address of a running portal with the demo reports in it."""
    environment = os.environ | {"LAPOR_STATE_DIR": str(STATE)}
    process = subprocess.Popen([ROOT / "bin" / "run"], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.match(r"Siap: (http://\S+?)/?$", line):
                break
        else:
            raise SystemExit("Portal tidak dimulai.")
        subprocess.run([ROOT / "bin" / "manage", "seed_demo_cases"], env=environment, check=True)
        yield found[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def take(page: Page, name: str) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    taken = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    # A palette and no more than three screens high: pictures that go with the code stay small.
    taken = taken.crop((0, 0, taken.width, min(taken.height, TALLEST)))
    taken.quantize(200, kmeans=3).save(HERE / f"{name}-{width}.png", optimize=True)


def as_citizen(page: Page, url: str) -> None:
    """From the home page to a sent report, and the pages anybody can read."""
    page.goto(url + "/")
    take(page, "beranda")
    page.goto(url + "/lapor/")
    take(page, "lokasi")
    page.get_by_label("Kelurahan, desa, atau kecamatan").fill("Pangkalan Kasai, Seberida")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    take(page, "masalah-galat")
    page.goto(url + "/lapor/masalah/")
    page.get_by_label("Ada masalah").check()
    page.get_by_label("Judul singkat").fill("Lampu jalan di depan pasar padam")
    page.get_by_label("Ceritanya").fill(
        "Tiga lampu jalan di depan pasar padam sejak pekan lalu. Pedagang sayur pulang subuh dalam gelap."
    )
    page.get_by_label("Kemarin").check()
    take(page, "masalah")
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    take(page, "periksa")
    page.get_by_label("Saya simpan sendiri nomor dan kuncinya").check()
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_url("**/lapor/selesai/")
    take(page, "selesai")
    page.get_by_role("link", name="Buka laporan saya").click()
    take(page, "laporan-saya")
    for name, path in (
        ("laporan", "/laporan/"),
        ("belum-dijawab", "/statistik/tidak-ditanggapi/"),
        ("statistik", "/statistik/"),
        ("instansi", "/instansi/"),
        ("tidak-ada", "/laporan/7K4M9QXD2TB/"),
    ):
        page.goto(url + path)
        take(page, name)
    page.goto(url + "/laporan/")
    first = page.locator("main a[href^='/laporan/']").first
    if first.count():
        first.click()
        take(page, "laporan-umum")


def sign_in(page: Page, url: str, name: str) -> None:
    page.goto(url + "/akun/masuk/")
    page.locator("input[name=login]").fill(f"{name}@contoh.id")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state()


def as_officers(browser: Browser, url: str, width: int) -> None:
    for name, pages in (
        ("joko", {"meja": "/meja/"}),
        ("wati", {"pengawasan": "/pengawasan/", "petugas": "/petugas/", "aturan": "/meja/aturan/"}),
        ("ratna", {"kelola": "/kelola/"}),
    ):
        page = browser.new_context(viewport={"width": width, "height": 800}, locale="id-ID").new_page()
        sign_in(page, url, name)
        for shown, path in pages.items():
            page.goto(url + path)
            take(page, shown)
            if shown == "meja":
                page.goto(url + "/meja/?q=status:proses")
                case = page.locator("table.queue th a").first
                if case.count():
                    case.click()
                    take(page, "meja-laporan")
        page.context.close()


def main() -> None:
    path = chromium()
    if path is None:
        raise SystemExit("Chromium tidak ada (apt install chromium).")
    with portal() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET), chromium_sandbox=os.geteuid() != 0)
        for width in WIDTHS:
            context = browser.new_context(viewport={"width": width, "height": 800}, locale="id-ID")
            as_citizen(context.new_page(), url)
            context.close()
            as_officers(browser, url, width)
        browser.close()


if __name__ == "__main__":
    main()
