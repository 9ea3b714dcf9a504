"""The public pages and Kominfo's, in a real browser: axe finds nothing, nothing scrolls sideways on a phone."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from agencies.actor import Actor
from complaints.models import Complaint, Publication
from lapor.kit.alone import alone
from routing import figures
from routing.measures import ledger
from tests.browser import faults_of
from tests.filing import NOON, answered, filed, missed, published, resolved
from tests.portal import PASSWORD, RunningPortal

PUBLIC = (
    "/",
    "/laporan/",
    "/laporan/?q=jalan&urut=cocok",
    "/laporan/?urut=terlambat",
    "/laporan/?q=tidakadakataini",
    "/laporan/?wilayah=negeri+khayal",
    "/statistik/",
    "/statistik/?instansi=dinas",
    "/statistik/tidak-ditanggapi/",
    "/statistik/tidak-ditanggapi/?instansi=dinas",
    "/cara-kerja/",
    "/data-pribadi/",
    "/pengungkapan/",
    "/pengungkapan/buka/",
    "/api/v1/",
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
    figures.refresh_home()
    figures.refresh_months()
    return portal


def late_case() -> Complaint:
    return Publication.objects.select_related("complaint").get(title="Lampu mati di tikungan").complaint


def sign_in(page: Page, portal: RunningPortal, who: Actor) -> None:
    assert who.user is not None
    page.goto(f"{portal.url}/akun/masuk/?next=/pengawasan/")
    page.locator("input[name=login]").fill(who.user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button").last.click()
    page.wait_for_url("**/pengawasan/")


def test_the_public_pages_have_no_fault_on_a_desktop(told: RunningPortal, page: Page) -> None:
    for path in (*PUBLIC, f"/laporan/{late_case().shown_number}/"):
        page.goto(told.url + path)
        assert faults_of(page) == [], path


def test_the_public_pages_fit_a_phone(told: RunningPortal, phone: Page) -> None:
    for path in (*PUBLIC, f"/laporan/{late_case().shown_number}/"):
        phone.goto(told.url + path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert faults_of(phone) == [], path


def test_a_stranger_finds_a_case_from_the_home_page_without_a_script(told: RunningPortal, phone: Page) -> None:
    phone.goto(told.url)
    phone.get_by_role("link", name="Lihat semua laporan").click()
    phone.get_by_role("textbox", name="Cari laporan").fill("lampu mati")
    phone.get_by_role("button", name="Cari").click()
    phone.get_by_role("link", name="Lampu mati di tikungan").click()
    assert "belum menjawab" in phone.locator("main").inner_text()


def test_kominfos_page_has_no_fault_and_reminds_an_office(told: RunningPortal, page: Page) -> None:
    assert told.world is not None
    sign_in(page, told, told.world.wati)
    page.goto(f"{told.url}/pengawasan/")
    assert faults_of(page) == []
    page.get_by_role("link", name="Ingatkan Dinas Pekerjaan Umum dan Penataan Ruang").click()
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
    sign_in(page, told, told.world.wati)
    here = f"{told.url}/pengawasan/{told.world.pemkab.pk}/angka/"
    lists = (here, f"{here}?dari=01-01-2020&sampai=31-12-2020", f"{here}?dari=besok", f"{here}laporan/?apa=expired")
    for width, height in ((1280, 900), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        for address in lists:
            page.goto(address)
            assert faults_of(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto(here)
    page.locator("#received summary").click()
    assert "menurut hari di tempat laporannya" in page.locator("#received").inner_text()
    page.locator("#received td a").first.click()
    assert page.locator("h1").inner_text() == "Diterima"
    assert faults_of(page) == []


def test_kominfos_page_fits_a_phone(told: RunningPortal, phone: Page) -> None:
    assert told.world is not None
    sign_in(phone, told, told.world.wati)
    for path in ("/pengawasan/", f"/pengawasan/{told.world.dinas_pu.pk}/laporan/"):
        phone.goto(told.url + path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert faults_of(phone) == [], path
