"""Every page of training in a real browser, at both widths, with axe: also empty, refused and half done.

The pages are answered in this process (`answered_here`): a third portal would cost more than all of this.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from lapor.training import lessons, people
from lapor.training.models import Certificate, Done, Letter, Participant
from tests import training
from tests.browser import HERE, answered_here, clean
from tests.training import CODE, play

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("latihan")]
latihan = training.latihan


@pytest.fixture
def room(page: Page, client: Client) -> Page:
    answered_here(page, client)
    return page


def band(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Latihan", exact=True)


def seen(page: Page, path: str, *words: str) -> None:
    """The page says these words, carries the band, and is clean at both widths."""
    page.goto(HERE + path)
    for said in words:
        expect(page.get_by_role("main").get_by_text(said).first).to_be_visible()
    expect(band(page)).to_contain_text("Ini bukan portal sungguhan")
    clean(page)


def learning(client: Client, slug: str) -> lessons.Learner:
    client.post(f"/latihan/pelajaran/{slug}/", {"act": "mulai"})
    participant = Participant.objects.last()
    assert participant is not None
    return lessons.Learner(participant, people.BY_SLUG[slug])


def test_the_room_and_a_desk_below_the_band(room: Page, client: Client) -> None:
    seen(room, "/latihan/", "Pilih peran", "Tidak ada surat yang belum dibaca")
    room.get_by_role("button", name="Main sebagai Admin OPD").click()
    expect(band(room)).to_contain_text("Peran: Admin OPD.")
    clean(room, "the desk below the band")
    room.get_by_role("link", name="Ruang latihan").click()
    expect(room.get_by_role("button", name="Berhenti bermain")).to_be_visible()


def test_the_lessons_and_a_name_that_is_missing(room: Page, client: Client) -> None:
    seen(room, "/latihan/pelajaran/warga/", "Mulai pelajaran")
    seen(room, "/latihan/pelajaran/", "0 dari 5 langkah selesai")
    room.get_by_role("button", name="Simpan nama").click()
    expect(room.get_by_text("Tulis nama Anda").first).to_be_visible()
    clean(room, "without a name")
    room.get_by_label("Nama Anda").fill("Bu Sri")
    room.get_by_role("button", name="Simpan nama").click()
    expect(room.get_by_text("Nama tersimpan.")).to_be_visible()


@pytest.mark.parametrize("slug", list(people.BY_SLUG))
def test_a_lesson_in_the_middle_and_checked(room: Page, client: Client, slug: str) -> None:
    room.goto(f"{HERE}/latihan/pelajaran/{slug}/")
    room.get_by_role("button", name="Mulai pelajaran").click()
    expect(room.get_by_role("button", name="Periksa pekerjaan saya")).to_be_visible()
    participant = Participant.objects.get()
    first = lessons.LESSONS[slug].steps[0]
    Done.objects.create(participant=participant, lesson=slug, step=first.code)
    room.get_by_role("button", name="Periksa pekerjaan saya").click()
    expect(room.get_by_text("Yang kurang:").first).to_be_visible()
    expect(room.get_by_text("Sudah", exact=True)).to_have_count(1)
    clean(room, slug)


def test_letters_none_some_and_one(room: Page, client: Client) -> None:
    seen(room, "/latihan/surat/", "Belum ada surat")
    participant = play(client, "warga")
    to = people.address_of(participant, people.BY_SLUG["warga"])
    text = "Laporan Anda kami terima.\n\nBuka http://testserver/laporan/" + "A1" * 60 + "/ untuk mengikutinya."
    made = [Letter(to=to, subject=f"[LATIHAN] Kabar {n}", text=text, at=timezone.now()) for n in range(31)]
    letters = Letter.objects.bulk_create(made)
    seen(room, "/latihan/surat/", "[LATIHAN] Kabar 30", "Alamat Anda", "Yang lebih lama")
    seen(room, f"/latihan/surat/{letters[0].pk}/", "Laporan Anda kami terima.")
    client.post("/latihan/pelatih/", {"code": CODE})
    seen(room, "/latihan/surat/?alamat=tidak-ada", "Tidak ada surat untuk alamat itu")


def test_the_trainer_s_code_the_clock_and_the_way_back(room: Page, client: Client) -> None:
    seen(room, "/latihan/pelatih/", "Kode pelatih")
    room.get_by_label("Kode pelatih").fill("bukan")
    room.get_by_role("button", name="Masuk sebagai pelatih").click()
    expect(room.get_by_text("Kode ini tidak cocok").first).to_be_visible()
    clean(room, "a wrong code")
    room.get_by_label("Kode pelatih").fill(CODE)
    room.get_by_role("button", name="Masuk sebagai pelatih").click()
    expect(room.get_by_text("Belum ada. Peserta muncul di sini")).to_be_visible()
    clean(room, "nobody yet")
    play(client)
    Letter.objects.create(door="webhook", to="https://contoh.go.id/" + "kait" * 30, text="{}")
    seen(room, "/latihan/pelatih/", "Majukan jam", "Webhook yang tertahan")
    # As a page of yesterday would send it.
    room.locator("button[name=leap]").first.evaluate("(one) => one.value = 'mundur'")
    room.locator("button[name=leap]").first.click()
    expect(room.get_by_text("Jamnya tidak berubah.")).to_be_visible()
    clean(room, "a leap there is not")
    seen(room, "/latihan/ulang/", "Yang hilang", "Yang tetap")
    room.get_by_role("link", name="Tidak, kembali").click()
    expect(room.get_by_role("heading", name="Majukan jam")).to_be_visible()


def test_a_certificate_too_early_asked_for_and_made(room: Page, client: Client) -> None:
    learner = learning(client, "warga")
    path = "/latihan/pelajaran/warga/sertifikat/"
    seen(room, path, "Sertifikat belum bisa dibuat", "5 langkah belum selesai")
    for step in lessons.WARGA.steps:
        Done.objects.create(participant=learner.participant, lesson="warga", step=step.code)
    seen(room, "/latihan/pelajaran/warga/", "Pelajaran ini selesai.")
    room.get_by_role("link", name="Sertifikat", exact=True).click()
    room.get_by_role("button", name="Buat sertifikat").click()
    expect(room.get_by_text("Tulis kantor Anda").first).to_be_visible()
    clean(room, "without an office")
    room.get_by_label("Nama Anda").fill("Sri Wahyuni, S.Sos.")
    room.get_by_label("Kantor Anda").fill("Dinas Sosial Kabupaten Sukamaju")
    room.get_by_role("button", name="Buat sertifikat").click()
    expect(room.get_by_role("link", name="Unduh sertifikat (PDF)")).to_be_visible()
    clean(room, "a certificate")
    made = Certificate.objects.get()
    seen(room, "/latihan/sertifikat/?nomor=", "Tulis nomor yang tercetak")
    seen(room, "/latihan/sertifikat/?nomor=7K4M-9QXD-2TBH", "Tidak ada sertifikat bernomor itu")
    seen(room, f"/latihan/sertifikat/?nomor={made.number}", "Sertifikat ini benar", "Sri Wahyuni, S.Sos.")


def test_the_clock_on_its_way(room: Page, client: Client) -> None:
    client.post("/latihan/pelatih/", {"code": CODE})
    client.post("/latihan/jam/", {"leap": "10"})
    seen(room, "/latihan/pelatih/", "Sedang dimajukan sampai")


@pytest.mark.parametrize("path", ["/", "/tidak-ada/"])
def test_pages_of_the_portal_below_the_band(room: Page, path: str) -> None:
    seen(room, path)
