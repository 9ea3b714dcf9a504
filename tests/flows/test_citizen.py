"""A citizen in a real browser: writes a report, follows it, answers, judges; with and without script, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from complaints.models import Complaint
from complaints.models.lifecycle.answers import DONE
from complaints.number import read_number
from tests.browser import clean
from tests.complaints.test_submit import PNG
from tests.portal import RunningPortal, eventually

pytestmark = pytest.mark.e2e
STORY = "Papan jembatan lepas sejak Senin. Anak-anak memutar dua kilometer."


def choose_place(page: Page, portal: RunningPortal) -> None:
    page.goto(portal.url + "/lapor/")
    name_place(page)


def name_place(page: Page, name: str = "Pasar Lama, Mekarsari") -> None:
    page.get_by_label("Kelurahan, desa, atau kecamatan").fill(name)
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.get_by_role("heading", name="Ceritakan masalahnya")).to_be_visible()


def tell_story(page: Page, title: str) -> None:
    page.get_by_label("Ada masalah").check()
    page.get_by_label("Judul singkat").fill(title)
    page.get_by_label("Ceritanya").fill(STORY)
    page.get_by_label("Kemarin").check()
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    expect(page.get_by_role("heading", name="Periksa sebelum dikirim")).to_be_visible()


def send(page: Page) -> tuple[str, str]:
    """Number and key as shown."""
    page.get_by_label("Saya simpan sendiri nomor dan kuncinya").check()
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_url("**/lapor/selesai/")
    return page.locator(".tick2 .no .big").inner_text(), page.locator(".tick2 .key2 .big").inner_text()


def test_every_step_and_every_error_state_is_clean(portal: RunningPortal, page: Page) -> None:
    page.goto(portal.url + "/lapor/")
    clean(page)
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.locator("#galat")).to_be_focused()
    clean(page)
    page.get_by_label("Kelurahan, desa, atau kecamatan").fill("Suka")
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_text("Yang mana?")).to_be_visible()
    clean(page)
    page.get_by_text("Pilih dari daftar saja").click()
    page.get_by_label("Provinsi").select_option("99")
    page.get_by_role("button", name="Pilih", exact=True).click()
    expect(page.get_by_text("Di Prov. Sukaraya, lebih tepatnya")).to_be_visible()
    clean(page)
    name_place(page)
    clean(page)
    # A form that found no place yet is not offered to be sent again.
    page.go_back()
    expect(page.get_by_role("heading", name="Di mana tempatnya?")).to_be_visible()
    page.go_forward()
    page.get_by_role("button", name="Simpan dan lanjut").last.click()
    expect(page.locator("#galat")).to_be_focused()
    clean(page)
    bad = FilePayload(name="program.exe", mimeType="application/octet-stream", buffer=b"MZ")
    page.locator("#id_file").set_input_files(bad)
    expect(page.get_by_text("bukan JPG, PNG, WebP, atau PDF").first).to_be_visible()
    clean(page)
    page.locator("#id_file").set_input_files(FilePayload(name="jembatan.png", mimeType="image/png", buffer=PNG))
    expect(page.locator(".files")).to_contain_text("jembatan.png")
    page.get_by_role("button", name="Hapus jembatan.png").click()
    expect(page.locator(".files")).to_have_count(0)
    page.get_by_text("Saya tahu kantornya, atau ini tentang petugasnya").click()
    page.get_by_label("Kantor mana?").fill("dinas")
    page.locator("button[value=kantor]").click()
    expect(page.get_by_text("Bukan ini. Carikan saja.")).to_be_visible()
    clean(page)
    page.get_by_label("Bukan ini. Carikan saja.").check()
    tell_story(page, "Jembatan ke pasar putus")
    clean(page)
    page.get_by_label("Hanya saya dan petugas yang menangani.").check()
    expect(page.locator(".seen .r .alt")).to_be_visible()
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.locator("#galat")).to_be_focused()
    clean(page)
    number, key = send(page)
    clean(page)
    page.get_by_role("link", name="Buka laporan saya").click()
    clean(page)
    page.get_by_role("link", name="Ubah siapa yang melihat").click()
    clean(page)
    page.get_by_role("link", name="Tidak jadi").click()
    page.get_by_role("link", name="Cabut laporan").click()
    clean(page)
    page.goto(portal.url + "/lacak/")
    clean(page)
    page.get_by_label("Nomor laporan").fill(number)
    page.get_by_label("Kunci").fill(key[::-1])
    page.get_by_role("button", name="Buka laporan").click()
    expect(page.get_by_text("tidak cocok")).to_be_visible()
    clean(page)


def test_from_the_first_screen_to_two_ratings(portal: RunningPortal, phone: Page, browser: Browser) -> None:
    assert portal.world is not None
    choose_place(phone, portal)
    phone.get_by_text("Saya tahu kantornya, atau ini tentang petugasnya").click()
    phone.get_by_label("Kantor mana?").fill("Dinas PU")
    tell_story(phone, "Jembatan ke pasar putus satu sisi")
    expect(phone.get_by_text("Karena Anda memilihnya").first).to_be_visible()
    number, key = send(phone)
    stored = read_number(number)

    with portal.seen_from_here():
        case = eventually(lambda: Complaint.objects.filter(number=stored, status="forwarded").first())
        assert case.handler == portal.world.dinas_pu
        case.ask("Papan yang mana?", by=portal.world.joko)

    other = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    other.goto(portal.url + "/lacak/")
    other.get_by_label("Nomor laporan").fill(number)
    other.get_by_label("Kunci").fill(key.lower())
    other.get_by_role("button", name="Buka laporan").click()
    expect(other.get_by_role("heading", name="Dinas PU bertanya kepada Anda").first).to_be_visible()
    clean(other)
    other.get_by_label("Pesan Anda").fill("Yang dekat pasar.")
    other.get_by_role("button", name="Kirim jawaban").click()
    expect(other.get_by_text("Pesan Anda sudah terkirim.")).to_be_visible()

    with portal.seen_from_here():
        case.refresh_from_db()
        case.resolve("Papan sudah dipasang.", by=portal.world.joko, outcome=DONE, done_on=case.today(), unit="UPTD")
    other.reload()
    expect(other.get_by_role("heading", name="Apakah masalahnya sudah beres?")).to_be_visible()
    clean(other)
    other.get_by_role("button", name="Kirim penilaian").click()
    expect(other.locator("#galat")).to_be_focused()
    clean(other)
    other.get_by_label("Sudah beres").check()
    other.locator("[name=rating_answer][value='5']").check()
    other.locator("[name=rating_result][value='4']").check()
    other.get_by_role("button", name="Kirim penilaian").click()
    expect(other.get_by_text("Laporan ini selesai")).to_be_visible()
    clean(other)
    other.close()


def test_everything_works_without_script(portal: RunningPortal, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    choose_place(page, portal)
    page.locator("#id_file").set_input_files(FilePayload(name="a.png", mimeType="image/png", buffer=PNG))
    page.get_by_role("button", name="Tambah berkas").click()
    expect(page.locator(".files")).to_contain_text("a.png")
    tell_story(page, "Tanpa skrip pun bisa")
    number, _key = send(page)
    page.get_by_role("link", name="Buka laporan saya").click()
    page.get_by_label("Pesan Anda").fill("Terkirim tanpa skrip.")
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.get_by_text("Terkirim tanpa skrip.")).to_be_visible()
    assert number in page.content()
    context.close()
