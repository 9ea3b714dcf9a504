"""Take the pictures of the guides (static/panduan): every page that a step speaks of, with invented reports only.

    .venv/bin/python docs/panduan/gambar.py

Starts a portal of its own with the demo reports (as docs/gambar/ambil.py does) and walks through it as a citizen, at
the counter, and as officers. `--di http://…` walks through one that runs already and has the demo reports; what it
sends there stays there. Names after it take only those pictures. Needs Chromium. Look at what it took.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "static" / "panduan"
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "gambar")]
from ambil import last_year, manage, portal, press, sign_in, text  # noqa: E402

from tests.browser import QUIET, chromium  # noqa: E402

# Width, height and pixels to a pixel: as a phone shows it, and as an office's screen does.
PHONE: Final = (400, 640, 1.75)
SCREEN: Final = (1040, 660, 1.25)
WIDE: Final = (1280, 800, 1.0)
# A page has few colours: with a palette even a lossless picture is small, on paper too.
COLOURS: Final = 64
NAME: Final = "(warga|loket|opd|pimpinan|kominfo|pusat)-[a-z-]+"
STORY = "Tiga lampu jalan di depan pasar padam sejak pekan lalu. Pedagang sayur pulang subuh dalam gelap."


class Walk:
    """One browser over one portal; `only`: the pictures to take, all if empty."""

    def __init__(self, browser: Browser, url: str, only: set[str]) -> None:
        self.browser, self.url, self.only = browser, url, only

    def page(self, size: tuple[int, int, float], user: str = "") -> Page:
        width, height, scale = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=scale, locale="id-ID"
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        if user:
            sign_in(page, self.url, user)
        return page

    def open(self, page: Page, path: str) -> Page:
        page.goto(self.url + path)
        return page

    def take(self, page: Page, name: str, to: str = "") -> None:
        """What the screen shows, with the first element of `to` at its top."""
        if to:
            page.locator(to).first.evaluate("(one) => scrollTo(0, scrollY + one.getBoundingClientRect().top - 8)")
        if not self.only or name in self.only:
            taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            taken.quantize(COLOURS, kmeans=2).convert("RGB").save(SHOTS / f"{name}.webp", lossless=True, method=6)
            print(name, taken.size, (SHOTS / f"{name}.webp").stat().st_size)


def as_citizen(walk: Walk) -> None:
    page = walk.open(walk.page(PHONE), "/lapor/")
    page.get_by_label("Kelurahan, desa, atau kecamatan").fill("Pangkalan Kasai, Seberida")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    walk.open(page, "/lapor/masalah/")
    page.get_by_label("Ada masalah").check()
    page.get_by_label("Judul singkat").fill("Lampu jalan di depan pasar padam")
    page.get_by_label("Ceritanya").fill(STORY)
    page.get_by_label("Kemarin").check()
    walk.take(page, "warga-masalah", "body")
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    page.wait_for_url("**/lapor/periksa/")
    page.get_by_label("Saya simpan sendiri nomor dan kuncinya").check()
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_url("**/lapor/selesai/")
    walk.take(page, "warga-selesai", "body")
    page.get_by_role("link", name="Buka laporan saya").click()
    page.wait_for_url("**/laporan/*/")
    walk.take(page, "warga-laporan", "p.num, h1")
    walk.take(walk.open(page, "/statistik/tidak-ditanggapi/"), "warga-belum-dijawab", "h1")
    # A phone that was never used: its talk begins with this message.
    text(page, walk.url, f"08120000{int(time.time()) % 10_000:04d}", "INHU Lampu jalan di depan pasar mati sejak Senin")
    # Its answer comes from the worker.
    page.locator("#percakapan").get_by_text("Lihat:").last.wait_for(timeout=60_000)
    walk.take(page, "warga-sms", "h1")


def at_the_counter(walk: Walk) -> None:
    page = walk.open(walk.page(SCREEN, "joko"), "/meja/loket/")
    page.get_by_label("Ceritanya").fill(
        "Selokan di samping puskesmas tersumbat, airnya masuk ke halaman sejak hujan Sabtu."
    )
    page.get_by_label("Di mana?").fill("Pangkalan Kasai, Seberida")
    page.get_by_label("Kemarin").check()
    page.get_by_label("Nama", exact=False).first.fill("Mak Ijah")
    page.get_by_label("Sudah saya bacakan").check()
    walk.take(page, "loket-formulir", "h1")
    page.get_by_role("button", name="Simpan").last.click()
    page.wait_for_url("**/tanda-terima/")
    walk.take(page, "loket-tanda-terima", "body")


def of_an_office(walk: Walk) -> None:
    page = walk.open(walk.page(SCREEN, "joko"), "/meja/")
    walk.take(page, "opd-meja")
    walk.open(page, "/meja/?q=status:proses")
    page.locator("table.queue th a").first.click()
    page.wait_for_url("**/meja/*/**")
    case = page.url.partition("?")[0]
    walk.take(page, "opd-laporan", ".page > :not(details):not(.back)")
    page.goto(case + "jawaban-akhir/")
    page.locator("main form textarea").first.wait_for()
    walk.take(page, "opd-jawaban-akhir", "h1")
    page.goto(case + "pengembalian/")
    walk.take(page, "opd-bukan-wewenang", "h1")
    walk.take(walk.open(page, "/akun/cuti/"), "opd-cuti", "h1")


def of_a_head(walk: Walk) -> None:
    """An answer has to wait for the head: the coordinator says that the office's answers do."""
    kominfo = walk.open(walk.page(SCREEN, "wati"), "/pengawasan/")
    name = "Dinas Pekerjaan Umum dan Penataan Ruang"
    kominfo.get_by_role("link", name=name).first.click()
    kominfo.wait_for_url("**/pengawasan/*/**")
    office = kominfo.url.split("/pengawasan/")[1].split("/")[0]
    walk.open(kominfo, f"/instansi/{office}/ubah/")
    kominfo.get_by_label("Jawaban menunggu persetujuan pimpinan").check()
    press(kominfo, "Simpan")
    joko = walk.open(walk.page(SCREEN, "joko"), "/meja/?q=status:proses")
    joko.locator("table.queue th a").last.click()
    joko.wait_for_url("**/meja/*/**")
    case = joko.url.partition("?")[0]
    joko.goto(case + "tanggapan/")
    joko.locator("main form textarea").first.fill(
        "Petugas kami sudah melihat tempatnya hari ini. Bahannya dipesan, dan pekerjaan mulai Senin depan."
    )
    joko.locator("main form .acts button.btn").last.click()
    joko.wait_for_load_state()
    head = walk.open(walk.page(SCREEN, "hana"), "/pengawasan/")
    walk.take(head, "pimpinan-pengawasan", "h1, .say")
    head.goto(case)
    walk.take(head, "pimpinan-setujui", ".page > :not(details):not(.back)")
    walk.open(kominfo, "/pengawasan/")
    kominfo.get_by_role("link", name="Rapat mingguan").click()
    kominfo.wait_for_url("**/rapat/**")
    kominfo.get_by_role("link", name=name).first.click()
    kominfo.wait_for_url("**/rapat/*/**")
    walk.take(kominfo, "pimpinan-rapat", ".meet")
    walk.open(kominfo, f"/instansi/{office}/ubah/")
    kominfo.get_by_label("Jawaban menunggu persetujuan pimpinan").uncheck()
    press(kominfo, "Simpan")


def of_a_district(walk: Walk) -> None:
    page = walk.open(walk.page(SCREEN, "wati"), "/kelola/")
    walk.take(page, "kominfo-kelola", "h1")
    page.get_by_role("link", name="Bahan sosialisasi").click()
    page.wait_for_url("**/sosialisasi/")
    walk.take(page, "kominfo-sosialisasi", "h1")
    walk.open(page, "/meja/?q=status:verifikasi")
    first = page.locator("table.queue th a").first
    if first.count():
        first.click()
        page.wait_for_url("**/meja/*/**")
        page.goto(page.url.partition("?")[0] + "disposisi/")
        walk.take(page, "kominfo-teruskan", "h1")
    page = walk.open(walk.page(WIDE, "wati"), "/pengawasan/")
    walk.take(page, "kominfo-pengawasan", ".head, h1")
    page = walk.open(walk.page(SCREEN, "wati"), "/pengawasan/")
    page.get_by_role("link", name="Angka", exact=True).first.click()
    page.wait_for_url("**/angka/**")
    walk.take(page, "kominfo-angka", "h1")


def of_the_centre(walk: Walk) -> None:
    page = walk.open(walk.page(SCREEN, "ratna"), "/pengawasan/")
    walk.take(page, "pusat-pengawasan", ".head, h1")
    walk.take(walk.open(page, "/kelola/"), "pusat-kelola", "h1")
    walk.open(page, "/evaluasi/kelola/")
    if page.get_by_role("button", name="Siapkan").count() and not page.locator("main table a").count():
        press(page, "Siapkan")
    walk.open(page, "/evaluasi/kelola/")
    page.locator("main table th a").first.click()
    page.wait_for_url("**/evaluasi/kelola/*/**")
    for _try in range(40):  # its figures are gathered by the worker
        if not page.get_by_text("Sedang dihitung dari kejadian").count():
            break
        page.wait_for_timeout(5_000)
        page.reload()
    if page.get_by_role("button", name="Buka untuk daerah").count():
        press(page, "Buka untuk daerah")
    walk.take(page, "pusat-evaluasi", "h1")
    walk.take(walk.open(page, "/evaluasi/mutu/"), "pusat-mutu", "h1")
    page = walk.open(walk.page(SCREEN, "wati"), "/evaluasi/")
    first = page.locator("main table th a").first
    if first.count():
        first.click()
        page.wait_for_url("**/evaluasi/*/**")
    walk.take(page, "kominfo-evaluasi", "h1")


WALKS: tuple[Callable[[Walk], None], ...] = (
    as_citizen,
    at_the_counter,
    of_an_office,
    of_a_head,
    of_a_district,
    of_the_centre,
)


# Which pictures a walk takes: the others are spared where a few are wanted.
TAKES: dict[str, tuple[str, ...]] = {
    walk.__name__: tuple(name for name in walk.__code__.co_consts if isinstance(name, str) and re.fullmatch(NAME, name))
    for walk in WALKS
}


@contextlib.contextmanager
def running(address: str) -> Iterator[str]:
    yield address.rstrip("/")


def main(arguments: list[str]) -> None:
    path = chromium()
    if path is None:
        raise SystemExit("Chromium tidak ada (apt install chromium).")
    there = arguments[1] if arguments[:1] == ["--di"] else ""
    only = set(arguments[2:] if there else arguments)
    SHOTS.mkdir(exist_ok=True)
    with running(there) if there else portal() as url, sync_playwright() as playwright:
        if not there:
            manage("draw_samples", last_year())
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET), chromium_sandbox=os.geteuid() != 0)
        for walk in WALKS:
            if not only or only & set(TAKES[walk.__name__]):
                walk(Walk(browser, url, only))
        browser.close()
    print(sum(one.stat().st_size for one in SHOTS.glob("*.webp")), "bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
