"""The desk in a real browser: axe on every page and error state, a phone, a keyboard, and no script at all."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from agencies import leaves, reorganising
from agencies.actor import Actor
from agencies.models import Leave, Reorganisation, Step
from agencies.reorganisation_forms import NOUNS
from complaints.models import Attachment, Complaint
from routing import dispatch, groups, helping, rulebook
from routing.models import Suggestion
from tests.browser import clean as clean
from tests.browser import faults_of, signed_in
from tests.complaints.cases import landed, public, report
from tests.portal import PASSWORD, RunningPortal
from tests.world import World

pytestmark = pytest.mark.e2e


def sign_in(page: Page, portal: RunningPortal, who: Actor) -> None:
    """By the form."""
    assert who.user is not None
    page.goto(portal.url + "/akun/masuk/?next=/meja/")
    page.locator("input[name=login]").fill(who.user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button").last.click()
    expect(page).to_have_url(portal.url + "/meja/")


def cast(portal: RunningPortal) -> World:
    assert portal.world is not None
    return portal.world


def started(world: World) -> Complaint:
    case = landed(world, world.dinas_pu, now=timezone.now())
    case.start(by=world.joko, public=public(case), now=timezone.now())
    return case


def test_axe_finds_nothing_on_the_pages_of_an_office(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    case, fresh = started(world), landed(world, world.dinas_pu, now=timezone.now())
    case.note("Warga sudah saya telepon.", by=world.joko)
    signed_in(page, portal, world.joko, "/meja/")
    helping.invite(
        case, world.bumn, "Pindahkan tiang di depan pasar.", by=world.joko, days=3, shown="memindahkan tiang"
    )
    Attachment.objects.create(complaint=case, name="foto.jpg", sniffed_type="image/jpeg", state="CLEAN", size=9)
    # Each act's page as it opens: tests/e2e/every_page.py.
    for address in (
        "/meja/",
        "/meja/?q=stats:proses",
        f"/meja/{case.number}/",
        f"/meja/{case.number}/?pelapor=tampil",
        f"/meja/{fresh.number}/",
        f"/meja/{case.number}/pembatalan/",
    ):
        page.goto(portal.url + address)
        clean(page, address)
    page.get_by_text("Bantuan halaman ini").click()
    expect(page.get_by_role("link", name="Buka panduan lengkap")).to_be_visible()
    clean(page, "help, open")
    for noun in ("tanggapan", "jawaban-akhir", "pengembalian", "rahasia", "bantuan", "berkas-bantuan"):
        page.goto(f"{portal.url}/meja/{case.number}/{noun}/")
        page.locator("main form .acts button.btn").last.click()
        expect(page.locator("#galat")).to_be_focused()
        clean(page, f"{noun} with errors")


def planned(world: World) -> tuple[Leave, Reorganisation]:
    """Somebody away without a deputy, and a merger of two offices."""
    today = timezone.localdate()
    assert world.dewi.membership is not None
    leave = leaves.enter(world.dewi.membership, by=world.dewi, starts_on=today, last_day=today)
    day = today + datetime.timedelta(days=30)
    plan = reorganising.add(by=world.wati, node=world.pemkab, name="Penataan", day=day, legal_basis="Perda 3/2026")
    reorganising.add_step(plan, by=world.wati, kind=Step.Kind.END, office=world.dinas_pu, to=world.dinas_sosial)
    return leave, plan


def test_axe_finds_nothing_on_the_pages_of_an_office_that_helps(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    case, over = started(world), started(world)
    for one in (case, over):
        helping.invite(
            one, world.bumn, "Pindahkan tiang di depan pasar.", by=world.joko, days=3, shown="memindahkan tiang"
        )
    over.decline("Bukan tiang kami.", by=world.lina)
    signed_in(page, portal, world.lina, "/meja/")
    for address in (
        "/meja/",
        f"/meja/{over.number}/",
        f"/laporan/{case.number}/",
        f"/meja/{case.number}/",
        f"/meja/{case.number}/penolakan-bantuan/",
    ):
        page.goto(portal.url + address)
        clean(page, address)
    page.goto(f"{portal.url}/meja/{case.number}/")
    page.get_by_label("Hasilnya").fill("Tiangnya sudah kami pindahkan tadi pagi.")
    page.get_by_role("button", name="Kirim hasilnya").click()
    expect(page.locator(".msg")).to_contain_text("Hasilnya dikirim ke Dinas PU")


def test_axe_finds_nothing_where_a_report_was_handed_back(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    case = started(world)
    dispatch.hand_back(case, by=world.joko, ground="NOT_OURS", reason="Air minum.", proposed=world.dinas_kesehatan)
    signed_in(page, portal, world.wati, f"/meja/{case.number}/")
    clean(page, "handed back")
    page.get_by_role("button", name="Setuju, pindahkan ke Dinkes").click()
    expect(page.locator(".msg")).to_contain_text("Dipindahkan ke Dinkes")
    page.goto(portal.url + "/pengawasan/pengembalian/")
    clean(page, "who hands back")
    page.get_by_role("link", name="Dinas PU").first.click()
    clean(page, "what was handed back")


def test_axe_finds_nothing_on_the_pages_of_a_coordinator(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    case, new = started(world), report(world, now=timezone.now(), body="Jalan rusak.")
    new.place_at(world.pemkab, by=world.ratna, reason="Di Sukamaju.")
    signed_in(page, portal, world.wati, "/meja/aturan/baru/")
    page.get_by_label("Kata").fill("lubang, aspal")
    page.locator("label.card").first.click()
    page.get_by_role("button", name="Lihat dulu akibatnya").click()
    expect(page.locator("#akibat")).to_be_focused()
    clean(page, "what a rule would do")
    page.get_by_role("button", name="Simpan aturan").click()
    fields = f"/instansi/{world.pemkab.pk}/bidang/"
    rulebook.add(world.pemkab, by=world.wati, words=["got"], target=world.dinas_pu, starts_on=case.today())
    leave, plan = planned(world)
    for address in (
        "/meja/?q=kantor:semua",
        "/meja/?q=pendukung:ya",
        f"{fields}salin/?dari={world.pemkab_tetangga.pk}",
        f"/petugas/{leave.membership_id}/cuti/",
        f"/kelola/penataan/{plan.pk}/",
        f"/kelola/penataan/{plan.pk}/ubah/",
        *(f"/kelola/penataan/{plan.pk}/langkah/{noun}/" for noun in NOUNS),
        "/meja/aturan/?text=lubang",
        f"/meja/{new.number}/",
        f"/meja/{new.number}/titipan/",
        f"/meja/{case.number}/pindahan/?cari=dinas",
    ):
        page.goto(portal.url + address)
        clean(page, address)
    other = started(world)
    again = landed(world, world.dinas_pu, now=timezone.now())
    groups.merge(again, case, by=world.wati, text="Sama.")
    page.goto(f"{portal.url}/meja/{case.number}/")
    expect(page.locator("#serupa")).to_contain_text("Bandingkan")
    clean(page, "a lead, with what is like it")
    for address in (
        f"/meja/{case.number}/serupa/",
        f"/meja/{case.number}/serupa/?dengan=0000",
        f"/meja/{case.number}/serupa/{other.number}/",
        f"/meja/{case.number}/kelompok/",
        *(
            f"/meja/sekaligus/?tindakan={act}&laporan={case.number}&laporan={other.number}"
            for act in ("gabungan", "tanggapan", "jawaban-akhir")
        ),
    ):
        page.goto(portal.url + address)
        clean(page, address)
    page.goto(f"{portal.url}/meja/{case.number}/serupa/{other.number}/")
    page.get_by_label("Penjelasan untuk pelapor").fill("")
    page.get_by_role("button", name="Gabungkan laporan").click()
    expect(page.locator("#galat")).to_be_focused()
    clean(page, "merging with errors")
    page.goto(f"{portal.url}/meja/{new.number}/disposisi/")
    page.get_by_role("button", name="Teruskan laporan").click()
    clean(page, "disposisi with errors")


def test_from_the_list_to_the_final_answer_with_the_keyboard(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    case = started(world)
    signed_in(page, portal, world.joko, "/meja/?q=pemegang:saya")
    page.keyboard.press("j")
    first = page.locator(".queue tbody th a").first
    expect(first).to_be_focused()
    # Whose it is depends on what the tests before left on his desk.
    title = first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(title)
    page.goto(f"{portal.url}/meja/{case.number}/")
    page.get_by_text("Sudah dikerjakan", exact=True).click()
    page.locator("#jawaban-akhir-body").fill("Lubang sudah kami tambal dan kami ratakan pagi ini.")
    page.locator("details[open]").get_by_text("Hari ini", exact=True).click()
    page.get_by_label("Dikerjakan oleh").fill("Bidang Bina Marga")
    page.get_by_role("button", name="Kirim jawaban akhir").click()
    expect(page.locator(".msg")).to_contain_text("Sekarang giliran pelapor menilai")
    case.refresh_from_db()
    assert case.status == "answered"


def test_offices_are_found_while_one_types(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    case = started(world)
    signed_in(page, portal, world.wati, f"/meja/{case.number}/pindahan/")
    page.get_by_label("Cari kantor lain").press_sequentially("kesehatan", delay=20)
    page.get_by_text("Dinas Kesehatan", exact=True).click()
    page.get_by_label("Mengapa dipindahkan?").fill("Soal puskesmas.")
    page.get_by_role("button", name="Pindahkan laporan").click()
    expect(page.locator(".msg")).to_contain_text("Dipindahkan ke Dinkes")


def test_everything_works_without_script(portal: RunningPortal, browser: Browser) -> None:
    world = cast(portal)
    case = started(world)
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, portal, world.wati)
    page.goto(f"{portal.url}/meja/{case.number}/pindahan/")
    page.get_by_label("Mengapa dipindahkan?").fill("Soal puskesmas.")
    page.get_by_label("Cari kantor lain").fill("kesehatan")
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_label("Mengapa dipindahkan?")).to_have_value("Soal puskesmas.")
    page.get_by_text("Dinas Kesehatan", exact=True).click()
    page.get_by_role("button", name="Pindahkan laporan").click()
    expect(page.locator(".msg")).to_contain_text("Dipindahkan ke Dinkes")
    context.close()


def test_two_officers_at_once(portal: RunningPortal, browser: Browser) -> None:
    world = cast(portal)
    case = started(world)
    pages = [browser.new_context().new_page() for _ in range(2)]
    for page, who in zip(pages, (world.joko, world.hana), strict=True):
        signed_in(page, portal, who, f"/meja/{case.number}/tanggapan/")
        page.get_by_label("Tanggapan").fill(f"Jawaban dari {who.user.name if who.user else ''}.")
    expect(pages[1].locator("h1")).to_have_text("Tanggapan")
    for page in pages:
        page.get_by_role("button", name="Kirim tanggapan").click()
    expect(pages[0].locator(".msg")).to_contain_text("Tanggapan dikirim")
    expect(pages[1].locator(".changed")).to_contain_text("Joko Prasetyo")
    expect(pages[1].get_by_label("Tanggapan")).to_have_value("Jawaban dari Hana Permata.")
    assert faults_of(pages[1]) == []
    pages[1].get_by_role("button", name="Kirim tanggapan").click()
    expect(pages[1].locator(".msg")).to_contain_text("Tanggapan dikirim")
    for page in pages:
        page.context.close()


def offered(world: World, **fields: Any) -> Complaint:
    """At the desk of Sukamaju, with two offices suggested."""
    with transaction.atomic():
        case = report(world, now=timezone.now(), **fields)
        case.place_at(world.pemkab, by=world.ratna, reason="Sukamaju")
        for rank, office in enumerate((world.dinas_pu, world.dinas_kesehatan), start=1):
            reason = f"Mungkin urusan {office.name}."
            guess = Suggestion(complaint=case, agency=office, source="PLACE", score=0.4, reason=reason, rank=rank)
            guess.made_at = case.received_at
            guess.save()
    return case


def test_a_coordinator_goes_through_the_list_with_one_key_a_case(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    first, second = (offered(world, title=f"Kerbau lepas di jalan, kandang {name}") for name in ("satu", "dua"))
    hidden = offered(world, secret=True)
    signed_in(page, portal, world.wati, "/meja/?q=kerbau")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Tombol pintas")
    expect(keys).to_be_visible()
    clean(page, "keys")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("kandang satu")
    clean(page, "suggestions")
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="Teruskan laporan")).to_be_focused()
    clean(page, "what everybody will read")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("kandang dua")
    expect(page.locator(".msg")).to_contain_text("Diteruskan ke Dinas PU.")
    page.locator("#saran summary").last.click()
    page.locator("#alasan-2").fill("")
    page.locator("#alasan-2").press_sequentially("Sakit: 1 ekor.")
    expect(page.locator("h1")).to_contain_text("kandang dua")
    page.get_by_role("heading", name="Saran kantor").click()
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Teruskan laporan")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".msg").last).to_contain_text("tidak ada lagi yang berikutnya")
    page.goto(f"{portal.url}/meja/{hidden.number}/")
    page.keyboard.press("1")
    expect(page.locator(".msg").first).to_contain_text("Diteruskan ke Dinas PU.")
    at = [Complaint.objects.get(pk=case.pk).handler for case in (first, second, hidden)]
    assert at == [world.dinas_pu, world.dinas_kesehatan, world.dinas_pu]
