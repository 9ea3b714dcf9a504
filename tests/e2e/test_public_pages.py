"""The public pages and Kominfo's, in a real browser: axe finds nothing, nothing scrolls sideways on a phone."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from complaints.models import Complaint, Publication
from lapor.kit.alone import alone
from routing import figures, unanswered
from routing.measures import ledger
from routing.models import CallUp
from tests.browser import clean, faults_of, signed_in, width_of
from tests.filing import NOON, answered, filed, missed, published, resolved
from tests.portal import RunningPortal

# Besides each page as it opens: tests/e2e/every_page.py.
PUBLIC = (
    "/",
    "/laporan/?q=jalan&urut=cocok",
    "/laporan/?urut=terlambat",
    "/laporan/?wilayah=negeri+khayal",
    "/statistik/?instansi=dinas",
    "/statistik/tidak-ditanggapi/?instansi=dinas",
    "/statistik/tidak-ditanggapi/?keadaan=dijawab&provinsi=99",
)


@pytest.fixture
def told(portal: RunningPortal) -> RunningPortal:
    """Cases in every state, once a run."""
    world = portal.world
    assert world is not None
    if not Publication.objects.filter(title="Jalan berlubang untuk semua").exists():
        today = (timezone.now() - NOON) / datetime.timedelta(days=1)
        resolved(
            answered(published(world, "Jalan berlubang untuk semua", at=today - 6), world.joko, at=today - 4),
            world.joko,
            at=today - 2,
        )
        missed(published(world, "Lampu mati di tikungan", at=today - 40), at=today)
        filed(world, at=today - 40)
        filed(world, at=today - 40, secret=True)
    unanswered.refresh()
    figures.refresh_home()
    figures.refresh_months()
    return portal


def late_case() -> Complaint:
    return Publication.objects.select_related("complaint").get(title="Lampu mati di tikungan").complaint


def test_the_public_pages_have_no_fault_on_a_desktop_and_fit_a_phone(told: RunningPortal, phone: Page) -> None:
    for path in (*PUBLIC, f"/laporan/{late_case().shown_number}/"):
        phone.goto(told.url + path)
        clean(phone, path)


def test_a_stranger_finds_a_case_from_the_home_page_without_a_script(told: RunningPortal, phone: Page) -> None:
    phone.goto(told.url)
    phone.get_by_role("link", name="Lihat semua laporan").click()
    phone.get_by_role("textbox", name="Cari laporan").fill("lampu mati")
    phone.get_by_role("button", name="Cari").click()
    phone.get_by_role("link", name="Lampu mati di tikungan").click()
    assert "belum menjawab" in phone.locator("main").inner_text()


def test_kominfos_page_has_no_fault_and_reminds_an_office(told: RunningPortal, page: Page) -> None:
    assert told.world is not None
    signed_in(page, told, told.world.wati, "/pengawasan/")
    assert faults_of(page) == []
    for width in (1024, 992):
        page.set_viewport_size({"width": width, "height": 768})
        assert width_of(page) <= width
    page.set_viewport_size({"width": 1280, "height": 900})
    row = page.get_by_role("row").filter(has_text="Dinas Pekerjaan Umum dan Penataan Ruang")
    row.locator("summary").click()
    assert faults_of(page) == []
    row.get_by_role("link", name="Ingatkan kantor").click()
    page.get_by_role("button", name="Ingatkan kantor ini").click()
    assert faults_of(page) == []
    page.get_by_label("Alasan").fill("Sudah lewat batas waktu sejak lama.")
    page.get_by_role("button", name="Ingatkan kantor ini").click()
    assert "diingatkan tentang" in page.locator("main").inner_text()


def test_the_numbers_of_a_district_have_no_fault_and_lead_to_their_cases(told: RunningPortal, page: Page) -> None:
    assert told.world is not None
    # The portal's own worker may be at it.
    for _try in range(50):
        with alone(ledger.ALONE) as free:
            if free:
                ledger.keep_up()
                break
        page.wait_for_timeout(200)
    here = f"/pengawasan/{told.world.pemkab.pk}/angka/"
    signed_in(page, told, told.world.wati, here)
    clean(page)
    for asked in ("?dari=01-01-2020&sampai=31-12-2020", "?dari=besok", "laporan/?apa=expired"):
        page.goto(told.url + here + asked)
        clean(page, asked, widths=(1280, 360))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(told.url + here)
    page.locator("#received summary").click()
    assert "menurut hari di tempat laporannya" in page.locator("#received").inner_text()
    page.locator("#received td a").first.click()
    assert page.locator("h1").inner_text() == "Diterima"
    assert faults_of(page) == []


def test_kominfos_pages_fit_a_phone_and_a_desktop(told: RunningPortal, phone: Page) -> None:
    assert told.world is not None
    here, pu = f"/pengawasan/{told.world.pemkab.pk}", told.world.dinas_pu.pk
    case = late_case()
    case.summon(by=told.world.wati, reason="Mengapa gelap terus?", due_on=case.today())
    CallUp.objects.filter(complaint=case).update(due_on=case.today() - datetime.timedelta(days=1))
    paths = (
        "/pengawasan/",
        "/meja/?q=kantor:semua+penjelasan:lewat",
        f"/meja/{case.number}/",
        "/pengawasan/?urut=tertua&hanya=terlambat&peta=terlambat",
        "/pengawasan/?cari=tidak+ada+yang+begini",
        f"/pengawasan/{pu}/",
        f"/pengawasan/{pu}/laporan/",
        f"/meja/{late_case().number}/penjelasan/",
        f"{here}/rapat/",
        f"{here}/rapat/{pu}/",
        f"{here}/rapat/{told.world.inspektorat.pk}/",
    )
    for path in paths:
        if path == paths[0]:
            signed_in(phone, told, told.world.wati, path)
        else:
            phone.goto(told.url + path)
        clean(phone, path)


def test_the_meeting_goes_on_with_a_key_and_writes_down_what_was_agreed(told: RunningPortal, page: Page) -> None:
    assert told.world is not None
    signed_in(page, told, told.world.wati, f"/pengawasan/{told.world.pemkab.pk}/rapat/")
    page.get_by_role("link", name="Mulai dari kantor pertama").click()
    first = page.locator("h1").inner_text()
    page.get_by_text("Catat kesepakatan", exact=True).click()
    page.get_by_role("button", name="Catat", exact=True).click()
    assert "Tulis apa yang disepakati." in page.locator("#galat").inner_text()
    assert faults_of(page) == []
    page.get_by_label("Disepakati").fill("Tim turun ke pasar.")
    page.get_by_role("button", name="Catat", exact=True).click()
    assert "Tim turun ke pasar." in page.locator("#sepakat").inner_text()
    page.locator("body").press("ArrowRight")
    page.wait_for_function("name => document.querySelector('h1').innerText !== name", arg=first)


def test_a_heads_page_fits_a_phone_and_a_desktop(told: RunningPortal, phone: Page) -> None:
    assert told.world is not None
    signed_in(phone, told, told.world.hana, "/pengawasan/")
    clean(phone)
