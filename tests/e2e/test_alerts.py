"""Kabar lewat email in a browser: asked for from the list, confirmed, changed, ended; at 360 and 1280 px, with axe."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints import appearances
from complaints.models import Alert, Appearance, Notification, Subscriber
from complaints.models.alert import mark_of
from complaints.notifications import letters, to_subscriber
from complaints.notifications.letters import parcel_of
from tests import browser
from tests.browser import width_of
from tests.filing import NOON, published
from tests.portal import RunningPortal

pytestmark = pytest.mark.e2e

EMAIL = "rudi.kabar@contoh.test"


def clean(page: Page, what: str) -> None:
    """On a desktop too; on a phone it goes on."""
    browser.clean(page, what, widths=(1280, 360))


def test_news_is_asked_for_confirmed_changed_and_ended(portal: RunningPortal, phone: Page) -> None:
    world = portal.world
    assert world is not None
    phone.goto(f"{portal.url}/laporan/?wilayah={world.sukasari.pk}&q=lampu")
    phone.get_by_role("link", name="Kabari saya lewat email tentang yang disaring ini").click()
    expect(phone.locator("h1")).to_have_text("Kabar lewat email")
    expect(phone.locator("main")).to_contain_text("“lampu”")
    clean(phone, "asking")
    phone.get_by_role("button", name="Kabari saya").click()
    expect(phone.locator("#galat")).to_contain_text("Tulis alamat email Anda")
    clean(phone, "asking without an address")
    phone.get_by_label("Alamat email").fill(EMAIL)
    phone.get_by_text("Setiap pagi").click()
    phone.get_by_role("button", name="Kabari saya").click()
    expect(phone.locator("main")).to_contain_text("Tinggal satu langkah")
    clean(phone, "asked")
    subscriber = Subscriber.objects.get(fingerprint=mark_of(EMAIL))
    alert = Alert.objects.get(subscriber=subscriber)
    # Signed as the portal signs them.
    with override_settings(SECRET_KEY=portal.children["web"].environment["LAPOR_SECRET_KEY"]):
        links = [letters.alert_url(alert), letters.alert_stop_url(alert, subscriber)]
    begin, stop = (portal.url + urlsplit(link).path for link in links)
    phone.goto(begin)
    clean(phone, "is this your wish")
    phone.get_by_role("button", name="Ya, kabari saya").click()
    expect(phone.locator("h1")).to_have_text("Kabar lewat email Anda")
    clean(phone, "what a mailbox has")
    phone.get_by_text("Jawaban kantor saja").click()
    phone.get_by_role("button", name="Simpan").click()
    expect(phone.locator("main")).to_contain_text("Perubahan disimpan")
    alert.refresh_from_db()
    assert (alert.reports, alert.rhythm) == (False, "DAILY")
    phone.goto(stop)
    clean(phone, "stop?")
    phone.get_by_role("button", name="Berhenti dikabari").click()
    expect(phone.locator("h1")).to_have_text("Anda tidak kami kabari lagi")
    clean(phone, "stopped")
    assert not Subscriber.objects.filter(pk=subscriber.pk).exists()
    phone.goto(stop)
    expect(phone.locator("h1")).to_have_text("Tautan ini tidak berlaku lagi")
    clean(phone, "gone")
    phone.get_by_role("link", name="Minta tautan baru").click()
    clean(phone, "asking for the link")
    phone.goto(f"{portal.url}/langganan/?q=yang")
    expect(phone.locator("main")).to_contain_text("terlalu umum")
    clean(phone, "nothing to look for")


def test_the_letter_itself_is_legible(portal: RunningPortal, phone: Page) -> None:
    """As a mail program shows it: HTML alone."""
    world = portal.world
    assert world is not None
    today = (timezone.now() - NOON).total_seconds() / 86400
    case = published(world, "Lampu jembatan padam", place=world.sukasari, at=today - 1)
    case.answer("Besok malam kami ganti.", by=world.joko, now=timezone.now())
    alert = Alert(place=world.sukasari)
    mailbox = Subscriber(pk=1, fingerprint="0" * 64, email_sealed="")
    alert.pk = 1
    letter = to_subscriber.news(alert, mailbox, 0, appearances.number_all())
    assert letter is not None
    assert Appearance.objects.filter(complaint=case).count() == 2
    parcel = parcel_of(letter, Notification(letter="alert:0.1"), EMAIL)
    for width in (360, 1280):
        phone.set_viewport_size({"width": width, "height": 800})
        phone.set_content(parcel.html)
        expect(phone.locator("li").first).to_be_visible()
        assert width_of(phone) <= width
    expect(phone.locator("body")).to_contain_text("Besok malam kami ganti.")
