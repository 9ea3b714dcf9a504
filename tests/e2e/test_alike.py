"""Somebody writes what others reported: sees it while typing, follows it instead; at 360 and 1280 px, with axe."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.models import Publication, Supporter
from complaints.notifications import letters
from tests.browser import clean
from tests.filing import NOON, published
from tests.portal import RunningPortal

pytestmark = pytest.mark.e2e

TITLE = "Jembatan bambu ke pasar putus"
TOLD = "Papan jembatan bambu ke pasar lepas, anak sekolah memutar jauh."


def test_what_others_reported_is_followed_instead(portal: RunningPortal, phone: Page) -> None:
    world = portal.world
    assert world is not None
    if not Publication.objects.filter(title=TITLE).exists():
        today = (timezone.now() - NOON) / datetime.timedelta(days=1)
        published(world, TITLE, body=TOLD, place=world.pasar_lama, at=today - 1)
    case = Publication.objects.get(title=TITLE).complaint

    phone.goto(portal.url + "/lapor/")
    phone.get_by_label("Kelurahan, desa, atau kecamatan").fill("Pasar Lama")
    phone.get_by_role("button", name="Simpan dan lanjut").click()
    phone.get_by_label("Ceritanya").press_sequentially("Papan jembatan bambu lepas, anak sekolah memutar.")
    fold = phone.locator("[data-alike] summary")
    expect(fold).to_contain_text("laporan serupa")
    fold.click()
    expect(phone.locator("[data-alike]")).to_contain_text(TITLE)
    clean(phone, "what is alike, while writing", widths=(1280, 360))
    # About an officer's conduct nothing is compared, and what was shown goes.
    phone.get_by_text("Saya tahu kantornya").click()
    phone.locator("[name=conduct]").check()
    expect(fold).to_be_hidden()
    phone.locator("[name=conduct]").uncheck()

    phone.get_by_label("Judul").fill("Jembatan putus")
    phone.get_by_text("Ada masalah").click()
    phone.get_by_text("Hari ini", exact=True).click()
    phone.get_by_role("button", name="Simpan dan lanjut").last.click()
    expect(phone).to_have_url(portal.url + "/lapor/periksa/")
    phone.locator(".alike summary").click()
    clean(phone, "what is alike, before sending", widths=(1280, 360))
    phone.locator("[name=read][value=secret]").check()
    expect(phone.locator(".alike")).to_be_hidden()

    phone.goto(f"{portal.url}/laporan/{case.shown_number}/")
    phone.get_by_role("link", name="Saya juga mengalami").click()
    clean(phone, "following", widths=(1280, 360))
    phone.get_by_role("button", name="Saya juga mengalami").click()
    expect(phone.locator("#galat")).to_contain_text("Tulis alamat email Anda")
    clean(phone, "following without an address", widths=(1280, 360))
    phone.get_by_label("Alamat email").fill("rudi.pasar@contoh.test")
    phone.get_by_role("button", name="Saya juga mengalami").click()
    expect(phone.locator("main")).to_contain_text("Tinggal satu langkah")
    row = Supporter.objects.get(complaint=case)
    # Signed as the portal signs them.
    with override_settings(SECRET_KEY=portal.children["web"].environment["LAPOR_SECRET_KEY"]):
        links = [letters.support_url(row), letters.support_stop_url(row)]
    join, stop = (portal.url + urlsplit(link).path for link in links)
    phone.goto(join)
    clean(phone, "is this your address", widths=(1280, 360))
    phone.get_by_role("button", name="Ya, ini alamat saya").click()
    expect(phone.locator("#dukungan")).to_contain_text("1 orang juga mengalami")
    clean(phone, "a public case with its number", widths=(1280, 360))
    phone.goto(stop)
    clean(phone, "no more letters", widths=(1280, 360))
    phone.get_by_role("button", name="Cabut dukungan saya").click()
    expect(phone.locator("h1")).to_have_text("Dukungan Anda sudah dicabut")
    assert not Supporter.objects.counted().filter(complaint=case).exists()
