"""The installed app in a real Chromium: with no connection or a dying one, on a shared phone, through an update."""

from __future__ import annotations

import base64
import datetime
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Max, QuerySet
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from complaints.models import Answer, Attachment, CategoryQuestion, Complaint, Device, Notification
from complaints.number import hash_key, read_number
from tests.browser import IN_JAKARTA, PATIENCE, clean
from tests.complaints.files import PLACE_OF_A_HOME, photo
from tests.line import Line, line_to
from tests.portal import PASSWORD, RunningPortal, eventually
from tests.push_service import push_service

pytestmark = pytest.mark.e2e
SENDING = "/lapor/kiriman/"
STORY = "Tali jembatan gantung sebelah kiri putus kemarin sore. Anak sekolah tetap menyeberang."


@pytest.fixture
def line(portal: RunningPortal) -> Iterator[Line]:
    with line_to(portal.url) as line:
        yield line


@contextmanager
def phone_of(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, **IN_JAKARTA)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A small phone that keeps a worker, without one open page."""
    with phone_of(browser) as phone:
        yield phone


@pytest.fixture
def waking(whole_browser: Browser) -> Iterator[BrowserContext]:
    """One whose browser wakes the worker by itself, and may call its owner."""
    with phone_of(whole_browser) as phone:
        yield phone


class Heard(list[str]):
    """What a page said against our own policy, or threw."""

    def listen(self, page: Page) -> Page:
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on(
            "console",
            lambda said: self.append(said.text) if said.type == "error" and "ERR_" not in said.text else None,
        )
        return page


# `ready` alone is waited for without end when the worker's installation failed.
WORKER_READY = """Promise.race([
    navigator.serviceWorker.ready,
    new Promise((_, fail) => setTimeout(() => fail(new Error("no worker within 60 s")), 60_000)),
])"""


def with_worker(phone: BrowserContext, line: Line, path: str = "/") -> Page:
    """A first page, seen until its worker has everything it keeps."""
    page = phone.new_page()
    page.goto(line.url + path)
    page.evaluate(f"{WORKER_READY}.then(() => true)")
    return page


def sign_in(page: Page, line: Line, email: str) -> None:
    page.goto(line.url + "/akun/masuk/?next=/meja/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button").last.click()
    expect(page).to_have_url(line.url + "/meja/")


def write(page: Page, line: Line, title: str, **more: str) -> str:
    """A whole draft, not yet sent; its id."""
    page.goto(line.url + "/luring/tulis/")
    page.locator("form[data-ready]").wait_for()
    page.get_by_label("Ada masalah").check()
    page.get_by_label("Judul singkat").fill(title)
    page.get_by_label("Ceritanya").fill(more.get("story", STORY))
    page.get_by_label("Kemarin").check()
    page.get_by_label("Kabupaten atau kota").fill(more.get("regency", "Kabupaten Sukamaju"))
    page.get_by_label("Kelurahan, desa, atau kecamatan").fill("Pasar Lama")
    page.get_by_label("Saya simpan sendiri nomor dan kuncinya").check()
    expect(page.locator("#saved")).to_contain_text("Tersimpan di HP ini")
    draft = str(page.evaluate("location.hash.slice(1)"))
    eventually(lambda: stored(page, draft)["fields"].get("tell") == "keep")
    return draft


def choose_place(page: Page, line: Line) -> None:
    page.goto(line.url + "/lapor/")
    page.get_by_label("Kelurahan, desa, atau kecamatan").fill("Pasar Lama, Mekarsari")
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.get_by_role("heading", name="Ceritakan masalahnya")).to_be_visible()


def press_send(page: Page) -> None:
    page.locator("form#draft button[data-off]").click()


def queued(page: Page, line: Line, title: str, **more: str) -> str:
    draft = write(page, line, title, **more)
    press_send(page)
    page.wait_for_url("**/luring/")
    return draft


# The newest case when a test began: tried a second time, it finds nothing of the first.
_newest = [0]


@pytest.fixture(autouse=True)
def _begins(portal: RunningPortal) -> None:
    with portal.seen_from_here():
        _newest[0] = Complaint.objects.aggregate(last=Max("pk"))["last"] or 0


def cases_of(title: str) -> QuerySet[Complaint]:
    return Complaint.objects.filter(title=title, pk__gt=_newest[0])


def case_of(portal: RunningPortal, title: str) -> Complaint | None:
    with portal.seen_from_here():
        return cases_of(title).first()


def arrived(portal: RunningPortal, title: str) -> Complaint:
    """The one case of this title, once it is there."""
    case = eventually(lambda: case_of(portal, title))
    with portal.seen_from_here():
        assert cases_of(title).count() == 1
    assert isinstance(case, Complaint)
    return case


def stored(page: Page, draft: str) -> dict[str, Any]:
    found = page.evaluate("(id) => Drafts.get(id)", draft)
    return dict(found) if found else {}


def test_chromium_finds_nothing_that_keeps_it_from_installing_either_app(
    portal: RunningPortal, line: Line, waking: BrowserContext
) -> None:
    assert portal.world is not None
    joko = portal.world.joko.user
    assert joko is not None
    page = with_worker(waking, line)
    asking = waking.new_cdp_session(page)

    def told() -> tuple[str, list[str], list[str]]:
        manifest = asking.send("Page.getAppManifest")
        faults = asking.send("Page.getInstallabilityErrors")["installabilityErrors"]
        # A test's window is a private one, which installs nothing whatever the page.
        names = [fault["errorId"] for fault in faults if fault["errorId"] != "in-incognito"]
        return manifest["url"], [error["message"] for error in manifest["errors"]], names

    page.goto(line.url + "/")
    assert told() == (line.url + "/manifest.webmanifest", [], [])
    sign_in(page, line, joko.email)
    assert told() == (line.url + "/meja.webmanifest", [], [])


# --- Without a connection ---


def test_written_without_a_signal_and_sent_when_it_is_back(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    heard = Heard()
    page = heard.listen(with_worker(phone, line))
    phone.set_offline(True)
    page.goto(line.url + "/laporan/")
    expect(page.get_by_text("Tidak ada sinyal")).to_be_visible()
    expect(page.get_by_role("link", name="Coba buka lagi")).to_have_attribute("href", line.url + "/laporan/")
    clean(page, widths=(1280, 360))
    page.get_by_role("link", name="Tulis laporan").click()
    page.locator("form[data-ready]").wait_for()
    clean(page, widths=(1280, 360))
    press_send(page)
    expect(page.locator("#galat")).to_be_focused()
    page.get_by_role("link", name="Tulis judul singkat").click()
    expect(page.get_by_label("Judul singkat")).to_be_focused()
    clean(page, widths=(1280, 360))
    draft = write(page, line, "Jembatan gantung putus setali")
    page.locator("#id_photo").set_input_files(
        [
            FilePayload(name="tegak.jpg", mimeType="image/jpeg", buffer=photo(3000, 2000, orientation=6)),
            FilePayload(name="rusak.jpg", mimeType="image/jpeg", buffer=b"bukan foto"),
        ]
    )
    expect(page.get_by_text("Foto ini tidak bisa dibaca di HP ini").first).to_be_visible()
    expect(page.locator("#thumbs canvas")).to_have_count(1)
    clean(page, widths=(1280, 360))
    press_send(page)
    page.wait_for_url("**/luring/")
    expect(page.get_by_text("Menunggu sinyal")).to_be_visible()
    expect(page.get_by_text("Foto: 1.")).to_be_visible()
    clean(page, widths=(1280, 360))
    assert case_of(portal, "Jembatan gantung putus setali") is None
    page.close()

    phone.set_offline(False)
    later = heard.listen(phone.new_page())
    later.goto(line.url + "/cara-kerja/")  # any page of ours wakes the worker
    case = arrived(portal, "Jembatan gantung putus setali")
    expect(later.get_by_text("Laporan yang Anda tulis tanpa sinyal sudah terkirim.")).to_be_visible(timeout=60_000)
    clean(later, widths=(1280, 360))
    later.get_by_role("button", name="Lihat nomornya").click()
    later.wait_for_url("**/luring/")
    expect(later.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()
    clean(later, widths=(1280, 360))
    assert read_number(later.locator(".number").inner_text()) == case.number
    assert hash_key(later.locator(".key").inner_text()) == case.key_hash
    with portal.seen_from_here():
        assert case.place is not None
        assert case.place.name == "Pasar Lama"
        assert case.happened_on == timezone.localdate() - datetime.timedelta(days=1)
        assert case.reporter.language == "id"
    assert "fields" not in stored(later, draft), "of what was sent only number and key are left here"
    later.get_by_role("button", name="Buka laporan saya").click()
    expect(later.get_by_role("heading", name="Jembatan gantung putus setali")).to_be_visible()
    assert case.key_hash[:8] not in later.url
    assert heard == []


def test_a_photo_is_made_small_upright_and_nameless_on_the_phone(
    portal: RunningPortal, line: Line, phone: BrowserContext, tmp_path: Path
) -> None:
    """Left red, right blue, lying on its side: upright it is red above blue. A noisy one of 16 megapixels shrinks."""
    page = with_worker(phone, line)
    draft = write(page, line, "Foto kecil tegak tanpa nama")
    # By their names: what is handed over as bytes goes through two programs as text.
    (tmp_path / "tegak.jpg").write_bytes(photo(3000, 2000, orientation=6))
    Image.effect_noise((4000, 4000), 120).convert("RGB").save(tmp_path / "ramai.jpg", quality=95)
    (tmp_path / "bening.png").write_bytes(photo(640, 480, format="PNG"))
    chosen = [tmp_path / name for name in ("tegak.jpg", "ramai.jpg", "bening.png")]
    page.locator("#id_photo").set_input_files(chosen)
    expect(page.locator("#thumbs canvas")).to_have_count(3, timeout=60_000)
    kept = page.evaluate(
        """async (id) => {
          const photos = (await Drafts.photosOf(id)).sort((a, b) => a.at - b.at);
          const text = (bytes) => Array.from(new Uint8Array(bytes), (b) => String.fromCharCode(b)).join("");
          return Promise.all(photos.map(async (one) => [one.name, btoa(text(await one.blob.arrayBuffer()))]));
        }""",
        draft,
    )
    assert [name for name, _ in kept] == ["tegak.jpg", "ramai.jpg", "bening.jpg"]
    for name, content in kept:
        raw = base64.b64decode(content)
        picture = Image.open(io.BytesIO(raw))
        assert len(raw) <= 400_000, name
        assert max(picture.size) <= 1600, name
        assert PLACE_OF_A_HOME not in raw, name
        assert not picture.getexif(), name
    upright = Image.open(io.BytesIO(base64.b64decode(kept[0][1]))).convert("RGB")
    assert upright.size == (1067, 1600)
    above, below = upright.getpixel((500, 300)), upright.getpixel((500, 1300))
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[0] > 200 > 60 > above[2]
    assert below[2] > 200 > 60 > below[0]
    press_send(page)
    case = arrived(portal, "Foto kecil tegak tanpa nama")
    with portal.seen_from_here():
        assert Attachment.objects.filter(complaint=case).count() == 3


def test_an_open_page_sends_by_itself_the_moment_the_signal_is_back(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    """By the browser's `online` alone: no page is opened or pressed, neither of ours nor of the drafts."""
    page = with_worker(phone, line)
    phone.set_offline(True)
    queued(page, line, "Terkirim begitu sinyal kembali")
    other = phone.new_page()
    other.goto(line.url + "/luring/tulis/")
    page.close()
    assert case_of(portal, "Terkirim begitu sinyal kembali") is None
    phone.set_offline(False)
    arrived(portal, "Terkirim begitu sinyal kembali")
    expect(other.locator("form[data-ready]")).to_be_visible()


# The next attempt of this page is under way until `fail()`; those after it go out.
HOLDS = """() => {
  const out = fetch;
  fetch = (...asked) => { fetch = out; return new Promise((_, fail) => { window.fail = fail; }); };
  Drafts.sendAll();
}"""


def test_an_attempt_under_way_when_the_signal_comes_back_is_made_again(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    """It was begun without one; and no browser says twice that there is a signal."""
    page = with_worker(phone, line)
    phone.set_offline(True)
    draft = queued(page, line, "Sinyal kembali di tengah percobaan")
    eventually(lambda: stored(page, draft).get("said") == "network")
    page.evaluate(HOLDS)
    page.wait_for_function("'fail' in window")
    phone.set_offline(False)
    page.wait_for_function("navigator.onLine")
    page.evaluate("fail(new TypeError('no line'))")
    arrived(portal, "Sinyal kembali di tengah percobaan")


def test_the_server_dies_and_comes_back(portal: RunningPortal, line: Line, phone: BrowserContext) -> None:
    page = with_worker(phone, line)
    portal.kill("web")
    try:
        page.goto(line.url + "/lacak/")
        expect(page.get_by_text("LAPOR! belum terjangkau")).to_be_visible()
        clean(page, widths=(1280, 360))
        draft = queued(page, line, "Ditulis waktu server mati")
        eventually(lambda: stored(page, draft).get("said") == "network")
    finally:
        portal.start("web")
    page.reload()
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()
    arrived(portal, "Ditulis waktu server mati")


def waker(phone: BrowserContext, page: Page, line: Line) -> Callable[[], None]:
    """Wakes the worker as the browser does once there is a line again. Again and again: an attempt of the browser's own
    may still hold the draft."""
    asking = phone.new_cdp_session(page)
    versions: list[dict[str, Any]] = []
    asking.on("ServiceWorker.workerRegistrationUpdated", lambda told: versions.extend(told["registrations"]))
    asking.send("ServiceWorker.enable")
    registration = eventually(
        lambda: page.evaluate("true") and [one for one in versions if one["scopeURL"].startswith(line.url)]
    )[-1]
    told = {"origin": line.url, "registrationId": registration["registrationId"], "tag": "kirim", "lastChance": False}

    def wake() -> None:
        asking.send("ServiceWorker.dispatchSyncEvent", told)
        page.wait_for_timeout(1000)

    return wake


def test_the_browser_sends_by_itself_after_every_page_was_closed(
    portal: RunningPortal, line: Line, waking: BrowserContext
) -> None:
    """Background Sync, where there is one: the browser wakes the worker without a page of ours."""
    page = with_worker(waking, line)
    line.dead = True
    draft = queued(page, line, "Dikirim peramban sendiri")
    eventually(lambda: stored(page, draft).get("said") == "network")
    assert page.evaluate(f"{WORKER_READY}.then((one) => one.sync.getTags())") == ["kirim"]
    wake = waker(waking, page, line)
    page.goto("about:blank")
    assert case_of(portal, "Dikirim peramban sendiri") is None
    line.dead = False
    eventually(lambda: wake() or case_of(portal, "Dikirim peramban sendiri"))
    arrived(portal, "Dikirim peramban sendiri")


def test_a_page_that_is_open_tells_of_what_the_browser_sent_by_itself(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    other = with_worker(phone, line)
    other.goto(line.url + "/cara-kerja/")
    page = phone.new_page()
    line.dead = True
    draft = queued(page, line, "Diceritakan halaman yang terbuka")
    eventually(lambda: stored(page, draft).get("said") == "network")
    page.close()
    wake = waker(phone, other, line)
    line.dead = False
    eventually(lambda: wake() or case_of(portal, "Diceritakan halaman yang terbuka"))
    expect(other.get_by_text("Laporan yang Anda tulis tanpa sinyal sudah terkirim.")).to_be_visible()


# --- Never twice ---


def test_an_answer_lost_on_the_way_makes_no_second_case_and_no_lost_key(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    line.swallow = 1
    draft = queued(page, line, "Jawaban hilang di jalan")
    case = arrived(portal, "Jawaban hilang di jalan")
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()
    assert line.posts(SENDING) == [201, 200]
    assert hash_key(page.locator(".key").inner_text()) == case.key_hash
    eventually(lambda: ("DELETE", SENDING, 204) in line.seen)
    assert (
        page.evaluate(
            """async (id) => (await (await fetch("/lapor/kiriman/", {method: "POST", body: new FormData(),
        headers: {"X-Lapor-Draf": id}})).json()).key""",
            draft,
        )
        == ""
    ), "once the phone has the key nobody else gets it"


def test_what_was_changed_after_it_had_arrived_is_told_and_not_lost(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    line.swallow = 1
    draft = write(page, line, "Diubah sesudah sampai")
    # Its answer gets lost; before the next try its writer goes on writing.
    page.evaluate("(id) => Drafts.queue(id).then(() => Drafts.send(id))", draft)
    arrived(portal, "Diubah sesudah sampai")
    page.get_by_label("Ceritanya").fill("Tali kanan sekarang putus juga.")
    press_send(page)
    page.wait_for_url("**/luring/")
    expect(page.get_by_text("Perubahan terakhir belum ikut.")).to_be_visible()
    expect(page.get_by_text("Tali kanan sekarang putus juga.")).to_be_visible()
    clean(page, widths=(1280, 360))
    arrived(portal, "Diubah sesudah sampai")


def test_two_tabs_and_the_worker_at_once_send_one(portal: RunningPortal, line: Line, phone: BrowserContext) -> None:
    page = with_worker(phone, line)
    line.dead = True
    draft = queued(page, line, "Dua tab berebut")
    eventually(lambda: stored(page, draft).get("said") == "network")
    other = phone.new_page()
    other.goto(line.url + "/luring/")
    other.locator("#cards .draft").wait_for()
    line.dead = False
    for tab in (page, other):
        tab.evaluate(
            """(id) => {
              for (let n = 0; n < 5; n++) Drafts.send(id);
              navigator.serviceWorker.controller.postMessage("kirim");
            }""",
            draft,
        )
    arrived(portal, "Dua tab berebut")
    for tab in (page, other):
        expect(tab.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()
    assert line.posts(SENDING) == [201]


def test_a_hotspots_own_page_is_not_taken_for_an_answer(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    draft = write(page, line, "Hotspot minta sandi")
    page.evaluate(
        """() => { window.fetch = async () => new Response("<h1>Masuk ke Wi-Fi</h1>",
        {status: 200, headers: {"Content-Type": "text/html"}}); }"""
    )
    page.evaluate("(id) => Drafts.queue(id).then(() => Drafts.send(id))", draft)
    assert stored(page, draft)["state"] == "queued"
    assert stored(page, draft)["fields"]["title"] == "Hotspot minta sandi"
    assert case_of(portal, "Hotspot minta sandi") is None


# --- A form that is sent when the line has just died ---


def test_what_was_typed_into_a_form_comes_back_when_the_line_dies(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    queued(page, line, "Sambungan putus waktu membalas")
    page.get_by_role("button", name="Buka laporan saya").click()
    expect(page.get_by_role("heading", name="Sambungan putus waktu membalas")).to_be_visible()
    said = "Sekarang tali kanan juga putus.\nAnak-anak sudah dilarang lewat."
    page.get_by_label("Pesan Anda").fill(said)
    line.dead = True
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.get_by_role("heading", name="Belum terkirim")).to_be_visible()
    expect(page.get_by_label("Tulisan Anda")).to_have_value(said)
    expect(page.get_by_role("button", name="Simpan sebagai draf")).to_be_hidden()
    clean(page, widths=(1280, 360))
    line.dead = False
    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.get_by_text("Pesan Anda sudah terkirim.")).to_be_visible()
    case = arrived(portal, "Sambungan putus waktu membalas")
    with portal.seen_from_here():
        assert [message.body for message in case.messages.all()] == [said]


def test_a_report_that_is_being_written_goes_on_as_a_draft_when_the_line_dies(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    choose_place(page, line)
    # While the line lives the worker stands by: a photo of some megabytes passes through it whole.
    noise = io.BytesIO()
    Image.effect_noise((2400, 2400), 90).save(noise, "JPEG", quality=95)
    big = FilePayload(name="besar.jpg", mimeType="image/jpeg", buffer=noise.getvalue())
    page.locator("#id_file").set_input_files(big)
    expect(page.locator(".files")).to_contain_text("besar.jpg", timeout=60_000)
    page.get_by_label("Ada masalah").check()
    page.get_by_label("Judul singkat").fill("Lampu padam di tikungan")
    page.get_by_label("Ceritanya").fill(STORY)
    page.get_by_label("Kemarin").check()
    line.dead = True
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    expect(page.get_by_label("Tulisan Anda")).to_have_value(STORY)
    clean(page, widths=(1280, 360))
    page.get_by_role("button", name="Simpan sebagai draf di HP ini").click()
    page.locator("form[data-ready]").wait_for()
    expect(page.get_by_label("Judul singkat")).to_have_value("Lampu padam di tikungan")
    expect(page.get_by_label("Ceritanya")).to_have_value(STORY)
    page.get_by_label("Kabupaten atau kota").fill("Kabupaten Sukamaju")
    page.get_by_label("Saya simpan sendiri nomor dan kuncinya").check()
    line.dead = False
    press_send(page)
    page.wait_for_url("**/luring/")
    arrived(portal, "Lampu padam di tikungan")


def test_a_password_is_held_by_nobody(portal: RunningPortal, line: Line, phone: BrowserContext) -> None:
    page = with_worker(phone, line, "/akun/masuk/")
    page.locator("input[name=login]").fill("sari@contoh.test")
    page.locator("input[name=password]").fill("sandi yang sangat panjang sekali supaya tampil di kotak tulisan Anda")
    line.dead = True
    page.locator("form:has(input[name=password]) button").last.click()
    expect(page.get_by_text("LAPOR! belum terjangkau")).to_be_visible()
    assert "sandi yang sangat" not in page.content()


# --- Refused ---


def test_what_the_server_refuses_stays_with_its_sentence_beside_the_field(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    draft = write(page, line, "Tempatnya salah tulis", regency="Kabupaten Antah Berantah")
    press_send(page)
    sentence = "Kabupaten atau kota ini tidak ada di daftar. Ketik lagi, lalu pilih"
    expect(page.locator("#galat")).to_be_focused()
    expect(page.locator(".field.bad .words")).to_have_text(sentence)
    clean(page, widths=(1280, 360))
    page.goto(line.url + "/luring/")
    expect(page.locator(".draft .err")).to_have_text(sentence)
    clean(page, widths=(1280, 360))
    page.get_by_role("link", name="Lanjutkan").click()
    expect(page.locator(".field.bad .words")).to_have_text(sentence)
    page.get_by_label("Kabupaten atau kota").fill("Kabupaten Sukamaju")
    press_send(page)
    page.wait_for_url("**/luring/")
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_be_visible()
    arrived(portal, "Tempatnya salah tulis")
    assert stored(page, draft)["state"] == "sent"


def test_a_report_about_conduct_asks_which_office_before_it_is_sent(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    assert portal.world is not None
    page = with_worker(phone, line)
    write(page, line, "Petugas minta uang rokok")
    page.get_by_text("Saya tahu kantornya, atau ini tentang petugasnya").click()
    page.get_by_label("Kantor mana?").fill("dinas")
    page.get_by_label("Ini tentang perilaku petugas").check()
    press_send(page)
    expect(page.get_by_text("Yang mana?")).to_be_visible()
    clean(page, widths=(1280, 360))
    page.locator("#offices").get_by_text(re.compile("Pekerjaan Umum dan Penataan Ruang")).click()
    press_send(page)
    page.wait_for_url("**/luring/")
    case = arrived(portal, "Petugas minta uang rokok")
    with portal.seen_from_here():
        assert case.not_for == portal.world.dinas_pu


# --- A phone that is shared, a phone that is full ---


def test_on_a_shared_phone_what_is_secret_is_unnamed_and_gone_at_one_press(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    draft = write(page, line, "Hanya untuk petugas")
    page.get_by_label("Hanya saya dan petugas yang menangani.").check()
    page.locator("#id_photo").set_input_files(
        FilePayload(name="bukti.jpg", mimeType="image/jpeg", buffer=photo(200, 100))
    )
    expect(page.locator("#thumbs canvas")).to_have_count(1)
    clean(page, widths=(1280, 360))
    page.get_by_role("link", name="Simpan dan tutup").click()
    page.wait_for_url("**/luring/")
    expect(page.get_by_role("heading", name="Laporan rahasia")).to_be_visible()
    assert "Hanya untuk petugas" not in page.content()
    page.get_by_role("button", name="Hapus sekarang juga").click()
    expect(page.get_by_text("Belum ada draf di HP ini")).to_be_visible()
    assert stored(page, draft) == {}
    assert page.evaluate("(id) => Drafts.photosOf(id)", draft) == []
    # An ordinary one asks once more.
    write(page, line, "Boleh dibaca semua orang")
    page.goto(line.url + "/luring/")
    page.get_by_role("button", name="Hapus", exact=True).click()
    expect(page.get_by_role("heading", name="Boleh dibaca semua orang")).to_be_visible()
    page.get_by_role("button", name="Tekan lagi untuk menghapus").click()
    expect(page.get_by_text("Belum ada draf di HP ini")).to_be_visible()


# Sends a draft from this page as often as `times`, each attempt before the one before it was answered; then does
# `between`, and answers them by these keys, the last attempt first. Gives what the phone holds then.
ANSWERED = """async ([times, between, keys]) => {
  const out = fetch, answers = [], sent = [], id = Drafts.newId();
  fetch = (at, more) => (more.method === "POST" ? new Promise((done) => { answers.push(done); }) : out(at, more));
  await Drafts.save(id, { title: "Uji", story: "Uji." }, "id");
  await Drafts.queue(id);
  for (let n = 1; n <= times; n++) {
    await Drafts.change(id, (draft) => ({ ...draft, lease: 0 }));
    sent.push(Drafts.send(id));
    while (answers.length < n) await new Promise((done) => { setTimeout(done, 20); });
  }
  if (between) await Drafts[between]();
  for (const key of keys) {
    const said = JSON.stringify({ number: "7K4M-9QXD-2TB", key, created: false });
    answers.pop()(new Response(said, { headers: { "Content-Type": "application/json" } }));
    await sent.pop();
  }
  fetch = out;
  return (await Drafts.all()).map((draft) => draft.key);
}"""


def test_what_was_wiped_while_it_was_sent_does_not_come_back(line: Line, phone: BrowserContext) -> None:
    """The next person to hold the phone would find number and key."""
    page = with_worker(phone, line, "/luring/")
    assert page.evaluate(ANSWERED, [1, "forgetAll", ["KUNCI"]]) == []


def test_the_key_of_one_attempt_outlives_the_answer_to_another(line: Line, phone: BrowserContext) -> None:
    """As soon as the phone has it the portal forgets it: an attempt that took longer is answered without."""
    page = with_worker(phone, line, "/luring/")
    assert page.evaluate(ANSWERED, [2, "", ["KUNCI", ""]]) == ["KUNCI"]


def test_number_and_key_stay_only_if_somebody_says_so(portal: RunningPortal, line: Line, phone: BrowserContext) -> None:
    page = with_worker(phone, line)
    kept, left = queued(page, line, "Nomornya disimpan"), queued(page, line, "Nomornya tidak disimpan")
    cards = page.locator(".draft")
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_have_count(2)
    cards.filter(has_text="Nomornya disimpan").get_by_role("button", name="Simpan di HP ini").click()
    expect(page.get_by_text("Disimpan di HP ini. Siapa pun")).to_be_visible()
    clean(page, widths=(1280, 360))
    for draft in (kept, left):
        page.evaluate("(id) => Drafts.change(id, (one) => ({...one, shown_at: Date.now() - 601e3}))", draft)
    page.reload()
    expect(page.get_by_role("heading", name="Laporan Anda sudah kami terima")).to_have_count(1)
    assert stored(page, left) == {}
    page.get_by_role("button", name="Sudah saya catat, hapus dari HP").click()
    expect(page.get_by_text("Belum ada draf di HP ini")).to_be_visible()
    write(page, line, "Yang terakhir")
    page.goto(line.url + "/luring/")
    page.get_by_text("Hapus semua draf").click()
    page.get_by_role("button", name="Ya, hapus semuanya").click()
    expect(page.get_by_text("Belum ada draf di HP ini")).to_be_visible()


FULL = """(() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === window.full) throw new DOMException("penuh", "QuotaExceededError");
    return put.apply(this, given);
  };
})()"""


def test_a_full_phone_keeps_the_text_and_says_what_it_could_not_keep(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    page.add_init_script(FULL)
    draft = write(page, line, "HP hampir penuh")
    page.evaluate("window.full = 'photos'")
    page.locator("#id_photo").set_input_files(FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=photo(200, 100)))
    expect(page.locator(".field.bad .words")).to_contain_text("Foto ini tidak tersimpan; tulisannya tetap")
    clean(page, widths=(1280, 360))
    assert stored(page, draft)["fields"]["title"] == "HP hampir penuh"
    page.evaluate("window.full = 'drafts'")
    page.get_by_label("Judul singkat").fill("HP penuh sekali")
    expect(page.locator("#saved")).to_contain_text("tulisan terakhir belum tersimpan")
    page.evaluate("window.full = ''")
    page.get_by_label("Judul singkat").press("End")
    page.keyboard.type(" lagi")
    eventually(lambda: stored(page, draft)["fields"]["title"] == "HP penuh sekali lagi")


def test_danger_is_heard_without_a_signal_and_again_when_it_is_sent(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    phone.set_offline(True)
    draft = write(page, line, "Gudang di samping rumah")
    expect(page.locator("#bahaya")).to_be_hidden()
    page.get_by_label("Ceritanya").fill("Tolong, gudangnya KEBAKARAN! Bapak saya pingsan.")
    expect(page.locator("#bahaya a:visible")).to_have_text(
        ["Panggilan darurat 112", "Pemadam kebakaran 113", "Ambulans 119"]
    )
    clean(page, widths=(1280, 360))
    page.get_by_label("Hari ini").check()
    eventually(lambda: "KEBAKARAN" in stored(page, draft)["fields"]["story"])
    press_send(page)
    page.wait_for_url("**/luring/")
    # The page hears of the signal by itself; a reload would cut off the answer it waits for.
    phone.set_offline(False)
    arrived(portal, "Gudang di samping rumah")
    danger = page.locator(".draft .danger")
    expect(danger).to_contain_text("Telepon 112, gratis (Pemadam kebakaran 113, Ambulans 119).", timeout=60_000)
    clean(page, widths=(1280, 360))


# --- What a category asks beside ---


@pytest.fixture
def asked(portal: RunningPortal) -> Iterator[list[CategoryQuestion]]:
    assert portal.world is not None
    road = portal.world.cat_road
    parts = [{"key": key, "name": key.capitalize()} for key in ("tepi", "tengah")]
    made = [
        CategoryQuestion(
            category=road, order=1, code="letak", datatype="multivaluelist", description="Di bagian mana?", values=parts
        ),
        CategoryQuestion(
            category=road, order=2, code="lebar", datatype="number", description="Berapa meter?", required=True
        ),
    ]
    with portal.seen_from_here():
        for question in made:
            question.save()
    yield made
    with portal.seen_from_here():
        Answer.objects.filter(question__category=road).delete()
        CategoryQuestion.objects.filter(category=road).delete()


def test_what_a_category_asks_is_answered_without_a_signal(
    portal: RunningPortal, line: Line, phone: BrowserContext, asked: list[CategoryQuestion]
) -> None:
    assert portal.world is not None
    page = with_worker(phone, line)
    phone.set_offline(True)
    draft = write(page, line, "Lubang di tikungan pasar")
    expect(page.get_by_text("Di bagian mana?")).to_be_hidden()
    page.get_by_label("Tentang apa?").select_option(str(portal.world.cat_road.pk))
    expect(page.get_by_text("Di bagian mana?")).to_be_visible()
    clean(page, widths=(1280, 360))
    page.get_by_label("Tepi").check()
    page.get_by_label("Tengah").check()
    press_send(page)
    expect(page.locator(".field.bad .words")).to_have_text("“Berapa meter?” perlu dijawab")
    clean(page, widths=(1280, 360))
    page.get_by_label("Berapa meter?").fill("1,5")
    eventually(lambda: stored(page, draft)["fields"].get(f"q{asked[1].pk}") == "1,5")
    # What was answered is there again when the draft is opened again.
    page.reload()
    page.locator("form[data-ready]").wait_for()
    expect(page.get_by_label("Tengah")).to_be_checked()
    expect(page.get_by_label("Berapa meter?")).to_have_value("1,5")
    press_send(page)
    page.wait_for_url("**/luring/")
    phone.set_offline(False)
    page.reload()
    case = arrived(portal, "Lubang di tikungan pasar")
    with portal.seen_from_here():
        answers = {one.question.code: one.values for one in case.answers.all()}
    assert answers == {"letak": ["tepi", "tengah"], "lebar": ["1.5"]}


# --- A photo from the gallery ---


def test_a_photo_is_shared_to_the_app_without_a_connection(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    page.goto(line.url + "/luring/")
    phone.set_offline(True)
    page.evaluate(
        """(content) => {
          const form = document.createElement("form");
          Object.assign(form, { method: "post", enctype: "multipart/form-data", action: "/luring/bagikan/" });
          const title = Object.assign(document.createElement("input"), { name: "title", value: "Dari galeri" });
          const file = Object.assign(document.createElement("input"), { type: "file", name: "photo", multiple: true });
          const bag = new DataTransfer();
          const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
          bag.items.add(new File([bytes], "galeri.jpg", { type: "image/jpeg" }));
          file.files = bag.files;
          form.append(title, file);
          document.body.append(form);
          form.submit();
        }""",
        base64.b64encode(photo(2400, 1600, orientation=6)).decode(),
    )
    page.wait_for_url(re.compile(r"/luring/tulis/#[0-9a-f-]{36}$"))
    expect(page.get_by_label("Judul singkat")).to_have_value("Dari galeri")
    expect(page.locator("#thumbs canvas")).to_have_count(1)
    draft = page.evaluate("location.hash.slice(1)")
    size, head = page.evaluate(
        """async (id) => { const [one] = await Drafts.photosOf(id); const bitmap = await createImageBitmap(one.blob);
        return [[bitmap.width, bitmap.height], one.name]; }""",
        draft,
    )
    assert (size, head) == ([1067, 1600], "galeri.jpg")


# --- A new version ---


def test_a_new_version_waits_until_it_is_asked_for_and_loses_no_draft(
    portal: RunningPortal, line: Line, phone: BrowserContext
) -> None:
    page = with_worker(phone, line)
    draft = write(page, line, "Ditulis sebelum versi baru")
    line.says["/sw.js"] = ('const VERSION = "', 'const VERSION = "besok')
    # A look for a new version that is already under way answers for this one too: ask until it is there.
    offered = f"{WORKER_READY}.then((one) => one.update()).then((one) => Boolean(one.waiting))"
    eventually(lambda: page.evaluate(offered))
    expect(page.get_by_text("Versi baru siap.")).to_be_visible()
    clean(page, widths=(1280, 360))
    names = "caches.keys().then((names) => names.filter((name) => name.includes('besok')).length + '/' + names.length)"
    assert page.evaluate(names) == "1/2", "the old version is whole until then"
    page.get_by_label("Judul singkat").fill("Ditulis tepat sebelum muat ulang")
    with page.expect_navigation():
        page.get_by_role("button", name="Muat ulang").click()
    expect(page.get_by_label("Judul singkat")).to_have_value("Ditulis tepat sebelum muat ulang")
    eventually(lambda: page.evaluate(names) == "1/1")
    expect(page.get_by_text("Versi baru siap.")).to_have_count(0)
    assert stored(page, draft)["fields"]["story"] == STORY
    phone.set_offline(True)
    page.goto(line.url + "/luring/")
    expect(page.get_by_role("heading", name="Ditulis tepat sebelum muat ulang")).to_be_visible()


# --- What the worker never keeps ---


def test_no_page_of_one_person_is_ever_kept(portal: RunningPortal, line: Line, phone: BrowserContext) -> None:
    assert portal.world is not None
    joko = portal.world.joko.user
    assert joko is not None
    page = with_worker(phone, line)
    sign_in(page, line, joko.email)
    for path in ("/meja/", "/meja/?q=status:baru", "/akun/", "/laporan/", "/lapor/"):
        page.goto(line.url + path)
    kept = page.evaluate(
        """async () => { const all = []; for (const name of await caches.keys())
        for (const one of await (await caches.open(name)).keys()) all.push(new URL(one.url).pathname);
        return all.sort(); }"""
    )
    assert [one for one in kept if not one.startswith(("/static/", "/gaya/"))] == [
        "/luring/",
        "/luring/meja/",
        "/luring/tertahan/",
        "/luring/tulis/",
    ]
    phone.set_offline(True)
    page.goto(line.url + "/meja/")
    expect(page.get_by_role("heading", name="Meja perlu sinyal")).to_be_visible()
    clean(page, widths=(1280, 360))
    assert joko.name not in page.content()


def test_the_citizens_forms_need_no_worker_and_no_script(portal: RunningPortal, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    for path in ("/luring/", "/luring/tulis/"):
        page.goto(portal.url + path)
        expect(page.locator("#plain")).to_be_visible()
        expect(page.locator("form#draft")).to_have_count(0 if path == "/luring/" else 1)
        expect(page.locator("form#draft")).to_be_hidden()
    page.locator("main").get_by_role("link", name="Lapor masalah").click()
    expect(page.get_by_role("heading", name="Di mana tempatnya?")).to_be_visible()
    context.close()


# --- Being called ---

# What the browser's own push service would hand out; ours stands in for it, with keys that it can open.
HANDS_OUT = """(subscription) => {
  PushManager.prototype.subscribe = async function (wish) {
    window.wished = Array.from(new Uint8Array(wish.applicationServerKey));
    return window.given = { ...subscription, toJSON: () => subscription };
  };
  PushManager.prototype.getSubscription = async () => window.given || null;
}"""


def registration_of(page: Page, phone: BrowserContext, line: Line) -> tuple[Any, str]:
    """A way to speak for the browser to our worker: the session and the registration's id."""
    seen: list[dict[str, Any]] = []
    asking = phone.new_cdp_session(page)
    asking.on("ServiceWorker.workerRegistrationUpdated", lambda told: seen.extend(told["registrations"]))
    asking.send("ServiceWorker.enable")
    found = eventually(lambda: page.evaluate("true") and [one for one in seen if one["scopeURL"].startswith(line.url)])
    return asking, found[-1]["registrationId"]


def test_a_reporter_is_called_without_account_and_email(
    portal: RunningPortal, line: Line, waking: BrowserContext
) -> None:
    assert portal.world is not None
    waking.grant_permissions(["notifications"], origin=line.url)
    page = with_worker(waking, line)
    queued(page, line, "Kabari saya di HP ini")
    page.get_by_role("button", name="Buka laporan saya").click()
    expect(page.get_by_role("heading", name="Kabari saya di HP ini")).to_be_visible()
    page.get_by_role("link", name="Atur kabar").click()
    clean(page, widths=(1280, 360))
    with push_service() as service:
        page.get_by_role("link", name="Atur kabar di gawai ini").click()
        expect(page.locator("form#device")).to_be_visible()
        clean(page, widths=(1280, 360))
        key = page.locator("form#device").get_attribute("data-key") or ""
        browser = service.subscribe(key)
        page.evaluate(HANDS_OUT, browser.subscription())
        for box in page.locator("form#device [name=topics]").all()[1:]:
            box.uncheck()
        page.get_by_role("button", name="Kabari saya di gawai ini").click()
        expect(page.get_by_text("Gawai ini akan berbunyi kalau ada kabar")).to_be_visible()
        expect(page.get_by_text("1 gawai.")).to_be_visible()
        clean(page, widths=(1280, 360))

        case = arrived(portal, "Kabari saya di HP ini")
        with portal.seen_from_here():
            at_desk = Complaint.objects.filter(pk=case.pk, handler=portal.world.pemkab)
            case = eventually(at_desk.first)
            case.ask("Tali yang mana?", by=portal.world.wati)
            # Nobody is called at night: whatever the hour of this test, it is morning for this row.
            Notification.objects.filter(event__complaint=case, medium="PUSH").update(next_try=timezone.now())
        send_now = "from complaints.notifications import delivery; delivery.send_due(medium='PUSH')"
        assert portal.manage("shell", "-v0", "-c", send_now) == 0
        eventually(lambda: browser.closed)
        assert service.refused == []
        [said] = browser.read()
        assert set(said) == {"tag", "at"}

    asking, registration = registration_of(page, waking, line)
    call = {"origin": line.url, "registrationId": registration, "data": json.dumps(said)}
    for _twice in range(2):
        asking.send("ServiceWorker.deliverPushMessage", call)
    shown = eventually(
        lambda: page.evaluate(
            """navigator.serviceWorker.ready.then((one) => one.getNotifications())
            .then((all) => all.map((one) => [one.title, one.body, one.tag]))"""
        )
    )
    assert shown == [["LAPOR!", "Ada kabar. Ketuk untuk membacanya.", said["tag"]]]

    page.goto(f"{line.url}/panggilan/{said['at']}/")
    expect(page.get_by_role("heading", name="bertanya kepada Anda").first).to_be_visible()
    stranger = waking.browser.new_page() if waking.browser else None
    assert stranger is not None
    stranger.goto(f"{line.url}/panggilan/{said['at']}/")
    expect(stranger.get_by_text("Buka laporan Anda dengan nomor dan kuncinya.")).to_be_visible()
    stranger.close()


# As a browser tells its worker; only its own events may be waited for, so this one says when it is done.
CHANGES = """(given) => {
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async (wish) => {
    self.wished = wish.applicationServerKey.length;
    return { toJSON: () => given };
  };
  const event = new ExtendableEvent("pushsubscriptionchange");
  return new Promise((done, fail) => {
    Object.defineProperty(event, "waitUntil", { value: (work) => work.then(() => done(self.wished), fail) });
    self.dispatchEvent(event);
  });
}"""


def test_a_browser_with_a_new_address_says_so_by_itself_long_after_the_session(
    portal: RunningPortal, line: Line, waking: BrowserContext
) -> None:
    waking.grant_permissions(["notifications"], origin=line.url)
    page = with_worker(waking, line)
    queued(page, line, "Alamat peramban berganti")
    page.get_by_role("button", name="Buka laporan saya").click()
    page.get_by_role("link", name="Atur kabar").click()
    with push_service() as service:
        page.get_by_role("link", name="Atur kabar di gawai ini").click()
        key = page.locator("form#device").get_attribute("data-key") or ""
        page.evaluate(HANDS_OUT, service.subscribe(key).subscription())
        page.get_by_role("button", name="Kabari saya di gawai ini").click()
        expect(page.get_by_text("1 gawai.")).to_be_visible()
        page.close()
        for cookie in ("laporan", "sessionid"):
            waking.clear_cookies(name=cookie)

        new = service.subscribe(key)
        (worker,) = waking.service_workers
        assert worker.evaluate(CHANGES, new.subscription()) == 65, "it asked with our public key, a point of P-256"
        assert ("POST", "/gawai/alamat/", 204) in line.seen
        case = arrived(portal, "Alamat peramban berganti")
        with portal.seen_from_here():
            [device] = Device.objects.awake().filter(reporter=case.reporter)
            assert device.subscription()["endpoint"] == new.endpoint


def test_an_officers_computer_is_called_until_they_sign_out(
    portal: RunningPortal, line: Line, waking: BrowserContext
) -> None:
    assert portal.world is not None
    wati = portal.world.wati.user
    assert wati is not None
    waking.grant_permissions(["notifications"], origin=line.url)
    page = with_worker(waking, line)
    sign_in(page, line, wati.email)
    page.goto(line.url + "/akun/")
    page.get_by_role("link", name="Kabar di gawai ini").click()
    expect(page.get_by_label("Laporan baru di meja saya")).to_be_checked()
    clean(page, widths=(1280, 360))
    with push_service() as service:
        browser = service.subscribe(page.locator("form#device").get_attribute("data-key") or "")
        page.evaluate(HANDS_OUT, browser.subscription())
        page.get_by_role("button", name="Kabari saya di gawai ini").click()
        expect(page.get_by_text("Gawai ini akan berbunyi kalau ada kabar")).to_be_visible()
        with portal.seen_from_here():
            assert Device.objects.awake().filter(user=wati).count() == 1
        page.goto(line.url + "/akun/")
        page.get_by_role("button", name="Keluar").click()
        page.wait_for_url(line.url + "/")
        with portal.seen_from_here():
            assert not Device.objects.awake().filter(user=wati).exists()
