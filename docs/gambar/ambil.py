"""Take the pictures in this folder: every kind of page, at 360 and 1280 px, of a portal with invented reports.

    .venv/bin/python docs/gambar/ambil.py

Starts a portal of its own (its data in var/gambar, nothing else is touched), fills in the demo reports and a published
evaluation, walks through the pages as a citizen, as a phone without a signal and as officers from the counter to the
centre, looks into a training portal, and stops them again. Names after it take only those pictures. `--di http://…`
walks through a portal that runs already and was filled so. Needs Chromium. Look at what it took.
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
from typing import Final
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
STATE, TRAINING = ROOT / "var" / "gambar", ROOT / "var" / "gambar-latihan"
# As letters and messages name the portal; this one is asked by the address it says itself.
SITE = "https://lapor.go.id"
PASSWORD = "coba-lapor-2026"
WIDTHS = (360, 1280)
TALLEST = 2000
# A page has few colours: with a palette even a lossless picture is small.
COLOURS: Final = 96
BORROWED, OTHER = "081200007700", "081300008800"
# Two letters that did not arrive: no server refuses anything here, so the outbox is told that one did.
REFUSED = """
from complaints.models import DeliveryAttempt, Notification
rows = Notification.objects.filter(user__isnull=True, event__isnull=False).order_by("pk")[:2]
for row, said in zip(rows, ("550 5.1.1 <…>: mailbox unavailable", "552 5.2.2 mailbox full")):
    Notification.objects.filter(pk=row.pk).update(state="FAILED", tries=4)
    DeliveryAttempt.objects.get_or_create(notification=row, succeeded=False, answer=said)
"""
# The register of the unanswered as a page shows it: its sums are made every few minutes, and not yet of these reports.
SUMMED = "from routing import unanswered; unanswered.refresh()"

# Last year's evaluation, published: what takes weeks is told in a minute, the worker counts.
JUDGED = """
import datetime, time
from django.utils import timezone
from agencies.actor import Actor
from agencies.models import Membership
from routing.evaluation import cycle
from routing.evaluation.method import Body
from routing.models import Cycle, Method
by = Actor.officer(Membership.objects.current().get(user__email="ratna@contoh.id"))
now = timezone.now()
year, today = now.year - 1, timezone.localdate(now, cycle.JAKARTA)
def after(stage):
    for _second in range(300):
        found = Cycle.objects.get(year=year)
        if found.stage != stage:
            return found
        time.sleep(1)
if not Cycle.objects.filter(year=year).exists():
    dates = cycle.Dates.usual(year, Body.of(Method.objects.of_year(year).body), today)
    cycle.prepare(year, dates, by=by)
    made = cycle.open_for_districts(after(Cycle.Stage.COLLECT), by=by)
    late = now + datetime.timedelta(days=90)
    made = cycle.announce(cycle.close_checking(made, by=by, now=late), by=by, now=late)
    Cycle.objects.filter(pk=made.pk).update(stage=Cycle.Stage.DECIDE)
    cycle.publish(made, by=by, now=late)
    after(Cycle.Stage.FREEZE)
"""
# One report whose promise was missed, put before the Ombudsman by its reporter, who named nobody.
REFERRED = """
from agencies.actor import Actor
from complaints.models import Clock, Referral
from complaints.models.lifecycle.promises import STATE
missed = Clock.objects.filter(kind__in=STATE, overdue_noted_at__isnull=False, complaint__secret=False)
case = missed.order_by("-overdue_noted_at").first().complaint
if not Referral.objects.exists():
    case.refer(by=Actor.reporter(), consent=True, note="Sudah dua kali saya tanyakan, belum ada yang datang melihat.")
"""
# The pictures asked for; empty: all.
ONLY: set[str] = set()

sys.path.insert(0, str(ROOT))
from tests.browser import QUIET, chromium  # noqa: E402


@contextmanager
def portal() -> Iterator[str]:
    """The address of a running portal with the demo reports in it."""
    with running(STATE) as url:
        manage("seed_demo_cases")
        manage("shell", "-v0", "-c", REFUSED)
        manage("shell", "-v0", "-c", SUMMED)
        yield url


@contextmanager
def running(state: Path, *training: str) -> Iterator[str]:
    process = subprocess.Popen([ROOT / "bin" / "run", *training], stdout=subprocess.PIPE, text=True, env=of(state))
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.match(r"Siap: (http://\S+?)/?$", line):
                break
        else:
            raise SystemExit("Portal tidak dimulai.")
        yield found[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def of(state: Path) -> dict[str, str]:
    return os.environ | {"LAPOR_STATE_DIR": str(state), "LAPOR_SITE_URL": SITE}


def manage(*command: str) -> None:
    subprocess.run([ROOT / "bin" / "manage", *command], env=of(STATE), check=True)


def fill() -> None:
    """What the demo reports have not: something at the Ombudsman, a year that was evaluated, answers to be read."""
    manage("shell", "-v0", "-c", REFERRED)
    manage("shell", "-v0", "-c", JUDGED)
    manage("draw_samples", last_year())


def last_year() -> str:
    return str(datetime.datetime.now(ZoneInfo("Asia/Jakarta")).year - 1)


def take(page: Page, name: str, *, whole: bool = True) -> None:
    """The page as far as it goes, or what one screen shows of it."""
    if ONLY and name not in ONLY:
        return
    width = page.viewport_size["width"] if page.viewport_size else 0
    # Pictures inside the page load when they are looked at, and the poster's is drawn only then.
    for picture in page.locator("main img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("(one) => one.complete", arg=picture.element_handle())
    page.evaluate("scrollTo(0, 0)")
    taken = Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    # No more than three screens high: pictures that go with the code stay small.
    taken = taken.crop((0, 0, taken.width, min(taken.height, TALLEST)))
    taken.quantize(COLOURS, kmeans=2).convert("RGB").save(HERE / f"{name}-{width}.webp", lossless=True, method=6)


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
        page.locator("[name=regency]").fill("Kabupaten Indragiri Hulu")
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


def in_the_open(page: Page, url: str) -> None:
    """Statistics from the country to one office, the evaluation, and who heeds the Ombudsman."""
    page.goto(url + "/statistik/daerah/14.02/?masa=12")
    take(page, "statistik-daerah")
    page.locator("#bagian table th a").first.click()
    page.wait_for_url("**/statistik/instansi/**")
    take(page, "statistik-kantor")
    page.goto(url + "/statistik/evaluasi/")
    page.locator("main ul.list a").first.click()
    page.wait_for_url("**/statistik/evaluasi/*/")
    take(page, "evaluasi-umum")
    page.locator("table.bars th a").first.click()
    page.wait_for_url("**/statistik/evaluasi/*/*/**")
    take(page, "evaluasi-daerah")


def figures(page: Page) -> None:
    """The measures of the pemda, two years side by side, with one formula open."""
    page.get_by_role("link", name="Angka", exact=True).first.click()
    page.wait_for_url("**/angka/**")
    page.locator("tr details summary").first.click()
    take(page, "angka")


def meeting(page: Page) -> None:
    page.get_by_role("link", name="Rapat mingguan").click()
    page.wait_for_url("**/rapat/**")
    take(page, "rapat")
    page.get_by_role("link", name="Mulai dari kantor pertama").click()
    page.wait_for_url("**/rapat/*/**")
    take(page, "rapat-kantor")


def foresee(page: Page, url: str) -> None:
    """What a rule would have moved, before it is kept."""
    page.goto(url + "/meja/aturan/baru/")
    page.locator("[name=words]").fill("jalan, jembatan")
    page.locator("[name=cari]").fill("Dinas Perhubungan")
    press(page, "Cari")
    page.get_by_label("Dinas Perhubungan").first.check()
    press(page, "Lihat dulu akibatnya")
    take(page, "aturan-akibat")


def suggested(page: Page, url: str) -> None:
    """A report that waits to be forwarded, with three offices to choose from by a key."""
    page.goto(url + "/meja/?q=status:verifikasi")
    page.locator("table.queue th a").last.click()
    page.wait_for_url("**/meja/*/**")
    take(page, "usulan")


def who_oversee(browser: Browser, url: str, width: int) -> None:
    """From an office's head to the centre, and those who watch it."""

    def start(name: str, path: str, shown: str) -> Page:
        page = browser.new_context(viewport={"width": width, "height": 800}, locale="id-ID").new_page()
        sign_in(page, url, name)
        page.goto(url + path)
        take(page, shown)
        return page

    wati = start("wati", "/evaluasi/", "evaluasi-tahun")
    wati.goto(url + "/pengawasan/")
    figures(wati)
    wati.goto(url + "/pengawasan/")
    meeting(wati)
    foresee(wati, url)
    start("hana", "/pengawasan/", "pimpinan")
    laode = start("laode", "/pengawasan/", "pengawasan-provinsi")
    laode.get_by_role("link", name="Kabupaten dan kota").click()
    laode.wait_for_url("**/daerah/**")
    take(laode, "provinsi")
    start("maya", "/pengawasan/", "kementerian")
    ratna = start("ratna", "/pengawasan/", "negara")
    suggested(ratna, url)
    ratna.goto(url + "/evaluasi/kelola/")
    ratna.locator("main table th a").first.click()
    ratna.wait_for_url("**/evaluasi/kelola/*/**")
    take(ratna, "evaluasi-pusat")
    ratna.goto(url + "/evaluasi/mutu/")
    take(ratna, "mutu")
    laksmi = start("laksmi", "/pengawasan/program/", "program")
    laksmi.locator("main table th a").first.click()
    laksmi.wait_for_url("**/pengawasan/program/*/**")
    take(laksmi, "program-satu")
    intan = start("intan", "/pengawasan/ombudsman/", "ombudsman")
    intan.locator("main table th a").first.click()
    intan.wait_for_url("**/pengawasan/ombudsman/*/**")
    take(intan, "ombudsman-laporan")
    for page in (wati, laode, ratna, laksmi, intan):
        page.context.close()


def learning(page: Page, url: str) -> None:
    page.goto(url + "/latihan/")
    # A frame is drawn round the screen: it would cross the whole page.
    take(page, "latihan", whole=False)
    page.goto(url + "/latihan/pelajaran/admin-opd/")
    press(page, "Mulai pelajaran")
    take(page, "pelajaran", whole=False)


@contextmanager
def there(address: str) -> Iterator[str]:
    yield address.rstrip("/")


def main(arguments: list[str]) -> None:
    path = chromium()
    if path is None:
        raise SystemExit("Chromium tidak ada (apt install chromium).")
    address = arguments[1] if arguments[:1] == ["--di"] else ""
    ONLY.update(arguments[2:] if address else arguments)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET), chromium_sandbox=os.geteuid() != 0)
        with there(address) if address else portal() as url:
            if not address:
                fill()
            office = prepare(browser, url)
            for width in WIDTHS:
                walk(browser, url, width, office)
        with running(TRAINING, "latihan") as url:
            for width in WIDTHS:
                context = browser.new_context(viewport={"width": width, "height": 800}, locale="id-ID")
                learning(context.new_page(), url)
                context.close()
        browser.close()


def walk(browser: Browser, url: str, width: int, office: str) -> None:
    def fresh() -> Page:
        return browser.new_context(viewport={"width": width, "height": 800}, locale="id-ID").new_page()

    as_citizen(fresh(), url)
    page = fresh()
    by_other_doors(page, url, office)
    without_signal(page, url)
    in_the_open(fresh(), url)
    as_officers(browser, url, width, office)
    who_oversee(browser, url, width)


if __name__ == "__main__":
    main(sys.argv[1:])
