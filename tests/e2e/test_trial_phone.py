"""The phone in the browser, by a newcomer with a real one in hand: typed, sent, answered, opened."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Page, expect

from agencies import prefixes
from agencies.models import Prefix
from complaints.models import Complaint
from tests.browser import faults_of, width_of
from tests.portal import RunningPortal


@pytest.fixture
def prefixed(portal: RunningPortal) -> RunningPortal:
    assert portal.world is not None
    if not Prefix.objects.filter(normal="maju").exists():
        prefixes.add(portal.world.pemkab, "MAJU", by=portal.world.wati)
    return portal


def fresh_number() -> str:
    """What lies on a phone outlives a run."""
    return f"0812{random.randrange(10**8):08}"


def test_a_newcomer_files_by_sms_and_opens_what_came_of_it(prefixed: RunningPortal, phone: Page) -> None:
    phone.goto(f"{prefixed.url}/coba/sms/")
    assert faults_of(phone) == []
    phone.get_by_label("Nomor telepon Anda").fill(fresh_number())
    phone.get_by_role("button", name="Ambil ponsel ini").click()
    assert faults_of(phone) == []
    counter = phone.locator("#hitung")
    expect(counter).to_have_text("160 huruf lagi, 1 pesan")
    phone.get_by_label("Pesan").fill("MAJO Lampu jalan di depan pasar mati € ")
    expect(counter).to_have_text("120 huruf lagi, 1 pesan")
    phone.get_by_label("Pesan").fill("MAJO Lampu jalan mati 🕳")
    expect(counter).to_have_text("46 huruf lagi, 1 pesan (ada huruf di luar abjad SMS)")
    phone.get_by_role("button", name="Kirim").click()
    # It comes by itself.
    reply = phone.locator(".sms .say").nth(1)
    expect(reply).to_contain_text("MAJO kami baca MAJU.", timeout=60_000)
    case = Complaint.objects.get(body="Lampu jalan mati 🕳")
    expect(reply).to_contain_text(case.shown_number)
    assert width_of(phone) <= 360
    assert faults_of(phone) == []
    reply.get_by_role("link").click()
    expect(phone).to_have_url(f"{prefixed.url}/laporan/{case.number}/")


def test_without_a_script_a_link_brings_what_is_new(prefixed: RunningPortal, phone: Page) -> None:
    plain = phone.context.browser
    assert plain is not None
    page = plain.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False).new_page()
    page.goto(f"{prefixed.url}/coba/sms/?nomor={fresh_number()}")
    page.get_by_role("link", name="BANTU", exact=True).click()
    page.get_by_role("button", name="Kirim").click()
    for _n in range(40):
        page.get_by_role("link", name="Lihat balasan baru").click()
        if page.locator(".sms .say").count() > 1:
            break
        page.wait_for_timeout(250)
    expect(page.locator(".sms .say").nth(1)).to_contain_text("ketik awalan daerah")
    page.context.close()
