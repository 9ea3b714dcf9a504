"""Take the pictures in this folder: every kind of page, at 360 and 1280 px, of a portal with invented reports.

    .venv/bin/python docs/gambar/ambil.py

Starts a portal of its own (its data in var/gambar, nothing else is touched), fills in the demo reports, walks through
the pages as a citizen, as a phone without a signal and as three officers, and stops it again. Needs Chromium. Look at
what it took.
"""

from __future__ import annotations

import datetime
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
STATE = ROOT / "var" / "gambar"
# As letters and messages name the portal; this one is asked by the address it says itself.
SITE = "https://lapor.go.id"
PASSWORD = "coba-lapor-2026"
WIDTHS = (360, 1280)
TALLEST = 2200
BORROWED, OTHER = "081200007700", "081300008800"
# Two letters that did not arrive: no server refuses anything here, so the outbox is told that one did.
REFUSED = """
from complaints.models import DeliveryAttempt, Notification
rows = Notification.objects.filter(user__isnull=True, event__isnull=False).order_by("pk")[:2]
for row, said in zip(rows, ("550 5.1.1 <…>: mailbox unavailable", "552 5.2.2 mailbox full")):
    Notification.objects.filter(pk=row.pk).update(state="FAILED", tries=4)
    DeliveryAttempt.objects.get_or_create(notification=row, succeeded=False, answer=said)
"""

sys.path.insert(0, str(ROOT))
from tests.browser import QUIET, chromium  # noqa: E402


@contextmanager
def portal() -> Iterator[str]:
    """The address of a running portal with the demo reports in it."""
    environment = os.environ | {"LAPOR_STATE_DIR": str(STATE), "LAPOR_SITE_URL": SITE}
    process = subprocess.Popen([ROOT / "bin" / "run"], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.match(r"Siap: (http://\S+?)/?$", line):
                break
        else:
            raise SystemExit("Portal tidak dimulai.")
        subprocess.run([ROOT / "bin" / "manage", "seed_demo_cases"], env=environment, check=True)
        subprocess.run([ROOT / "bin" / "manage", "shell", "-v0", "-c", REFUSED], env=environment, check=True)
        yield found[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def take(page: Page, name: str) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    # Pictures inside the page load when they are looked at, and the poster's is drawn only then.
    for picture in page.locator("main img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("(one) => one.complete", arg=picture.element_handle())
    page.evaluate("scrollTo(0, 0)")
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


def text(page: Page, url: str, number: str, words: str) -> None:
    """An SMS from the phone in the browser."""
    page.goto(f"{url}/coba/sms/?nomor={number}")
    page.get_by_label("Pesan").fill(words)
    press(page, "Kirim")


def fill_day(page: Page, day: datetime.date) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"[name=starts_on_{part}]").fill(str(getattr(day, part)))


def press(page: Page, name: str) -> None:
    """A button that sends its form, and the page that comes of it."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).last.click()


def prepare(browser: Browser, url: str) -> str:
    """What the pictures show and the demo reports have not: messages that are held, a district's own door and promise,
    what a message costs. The path of the district's office."""
    page = browser.new_context(locale="id-ID").new_page()
    for words in ("INHU Lampu jalan di depan pasar mati sejak Senin", "STATUS"):
        text(page, url, BORROWED, words)
    for words in ("Jembatan kampung kami patah satu sisi, anak sekolah memutar jauh", "mohon dibantu pak"):
        text(page, url, OTHER, words)
    sign_in(page, url, "wati")
    page.goto(url + "/kelola/")
    office = str(page.get_by_role("link", name="Kantor", exact=True).get_attribute("href"))
    page.goto(f"{url}{office}situs/")
    for name, words in (
        ("name", "Lapor Inhu"),
        ("slug", "inhu"),
        ("greeting", "Indragiri Hulu mendengar, dan menjawab."),
        ("colour", "#7a1f4b"),
        ("accent", "#f2b84b"),
        ("phones", "Loket Diskominfo: 0769 123456\nPSC kabupaten: 119"),
    ):
        page.locator(f"[name={name}]").fill(words)
    page.get_by_label("Situs ini boleh dikunjungi warga").check()
    press(page, "Simpan")
    page.goto(f"{url}{office}janji/")
    day = datetime.datetime.now(ZoneInfo("Asia/Jakarta")).date()
    page.get_by_label("Pengaduan", exact=True).check()
    page.locator("[name=clock]").select_option("RESPOND")
    page.locator("[name=working_days]").fill("2")
    fill_day(page, day)
    page.locator("[name=legal_basis]").fill("Perbup contoh 7/2026, pasal 4")
    press(page, "Catat")
    page.context.close()
    page = browser.new_context(locale="id-ID").new_page()
    sign_in(page, url, "ratna")
    for medium, rupiah in (("SMS", "250"), ("EMAIL", "5")):
        page.goto(url + "/meja/surat/biaya/")
        page.locator("[name=medium]").select_option(medium)
        page.locator("[name=rupiah]").fill(rupiah)
        fill_day(page, day.replace(day=1))
        press(page, "Simpan tarif")
    page.context.close()
    return office


def by_other_doors(page: Page, url: str, office: str) -> None:
    """A district's own site, the phone in the browser, and what a program reads first."""
    page.goto(url + "/d/inhu/")
    take(page, "situs-daerah")
    page.goto(f"{url}/coba/sms/?nomor={BORROWED}")
    take(page, "ponsel-sms")
    page.goto(url + "/api/v1/")
    take(page, "api")
    page.goto(f"{url}{office}")
    take(page, "kantor")


def without_signal(page: Page, url: str) -> None:
    """A draft that is written, one that waits, and the page that opens in place of another."""
    page.goto(url + "/luring/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    for title, sent in (("Tali jembatan gantung putus satu", True), ("Pompa air dusun tidak jalan", False)):
        page.goto(url + "/luring/tulis/")
        page.locator("form[data-ready]").wait_for()
        page.get_by_label("Ada masalah").check()
        page.get_by_label("Judul singkat").fill(title)
        page.get_by_label("Ceritanya").fill("Sejak Selasa. Anak sekolah dan orang tua tetap harus lewat di sana.")
        page.get_by_label("Kemarin").check()
        page.get_by_label("Kabupaten atau kota").fill("Kabupaten Indragiri Hulu")
        page.get_by_label("Saya simpan sendiri nomor dan kuncinya").check()
        if sent:
            page.get_by_role("button", name="Kirim begitu ada sinyal").click()
            page.wait_for_url("**/luring/")
        else:
            page.get_by_label("Tentang apa?").select_option(label="Jalan Berlubang")
            page.get_by_text("Sebesar ban motor").click()
            page.wait_for_timeout(800)
            take(page, "luring-tulis")
    page.goto(url + "/laporan/")
    page.locator(".draft").first.wait_for()
    take(page, "luring")
    page.context.set_offline(False)


def at_the_counter(page: Page, url: str) -> None:
    page.goto(url + "/meja/loket/")
    page.get_by_label("Ceritanya").fill(
        "Selokan di samping puskesmas tersumbat, airnya masuk ke halaman sejak hujan Sabtu."
    )
    page.get_by_label("Di mana?").fill("Pangkalan Kasai, Seberida")
    page.get_by_label("Kemarin").check()
    page.get_by_label("Nama", exact=False).first.fill("Mak Ijah")
    page.get_by_label("Sudah saya bacakan").check()
    take(page, "loket")
    page.get_by_role("button", name="Simpan").last.click()
    page.wait_for_url("**/tanda-terima/")
    take(page, "tanda-terima")


def as_officers(browser: Browser, url: str, width: int, office: str) -> None:
    for name, pages in (
        ("joko", {"meja": "/meja/", "gawai": "/akun/gawai/"}),
        (
            "wati",
            {
                "pengawasan": "/pengawasan/",
                "petugas": "/petugas/",
                "aturan": "/meja/aturan/",
                "situs": f"{office}situs/",
                "janji": f"{office}janji/",
                "poster": f"{office}poster/",
            },
        ),
        (
            "ratna",
            {
                "kelola": "/kelola/",
                "tertahan": "/meja/tertahan/",
                "saluran": "/meja/saluran/",
                "surat": "/meja/surat/",
                "biaya": "/meja/surat/biaya/",
            },
        ),
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
                at_the_counter(page, url)
            if shown == "tertahan":
                page.locator("main a[href^='/meja/tertahan/']").first.click()
                take(page, "tertahan-pesan")
        page.context.close()


def main() -> None:
    path = chromium()
    if path is None:
        raise SystemExit("Chromium tidak ada (apt install chromium).")
    with portal() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET), chromium_sandbox=os.geteuid() != 0)
        office = prepare(browser, url)
        for width in WIDTHS:
            context = browser.new_context(viewport={"width": width, "height": 800}, locale="id-ID")
            as_citizen(context.new_page(), url)
            context.close()
            context = browser.new_context(viewport={"width": width, "height": 800}, locale="id-ID")
            by_other_doors(context.new_page(), url, office)
            without_signal(context.new_page(), url)
            context.close()
            as_officers(browser, url, width, office)
        browser.close()


if __name__ == "__main__":
    main()
