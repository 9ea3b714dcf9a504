"""A disclosure (WBS) and a sudden rise in a real browser: axe at both widths, error states, every page of the lane."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.actor import Actor
from agencies.models import Role
from complaints.models import Disclosure
from routing.models import Rise
from tests.browser import clean
from tests.disclosing import seat
from tests.flows.citizen import Citizen
from tests.flows.test_desk import cast
from tests.flows.test_programmes import enter
from tests.portal import RunningPortal
from tests.world import World

pytestmark = pytest.mark.e2e


def member(world: World, name: str) -> Actor:
    """Somebody of the centre's team."""
    who = world.officer(name, world.root, Role.OBSERVER)
    seat(who)
    return who


def filed(page: Page, portal: RunningPortal, world: World) -> tuple[str, str]:
    """From the check of a report about conduct to number and key."""
    citizen = Citizen(portal, "Setoran tiap bulan")
    citizen.says_where()
    office = {"office": str(world.dinas_pu.pk), "conduct": "on", "happened_on_pick": "today"}
    citizen.post("/lapor/masalah/", kind="PENGADUAN", title=citizen.title, story="Dicatat di buku biru.", **office)
    page.context.add_cookies(
        [{"name": one.name, "value": one.value or "", "url": portal.url} for one in citizen.client.cookies.jar]
    )
    page.goto(portal.url + "/lapor/periksa/")
    clean(page, "check, with the choice")
    page.get_by_role("link", name="Laporkan sebagai pengungkapan").click()
    clean(page, "the last step")
    page.get_by_role("button", name="Kirim ke tim pengungkapan").click()
    expect(page.locator("#galat")).to_contain_text("Centang dulu")
    clean(page, "the last step with an error")
    page.get_by_label("Nama Anda").fill("Wulan")
    page.get_by_label("Saya mengerti").check()
    page.get_by_role("button", name="Kirim ke tim pengungkapan").click()
    expect(page.locator("h1")).to_have_text("Pengungkapan Anda sudah kami terima")
    clean(page, "number and key")
    number, key = page.locator("strong.big").all_inner_texts()
    return number.strip(), key.strip()


def test_a_disclosure_from_the_form_to_its_result(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    gita, made = member(world, "Gita Savitri"), member(world, "Made Wirawan")
    number, key = filed(page, portal, world)
    page.get_by_role("link", name="Buka percakapan").click()
    clean(page, "the talk")
    page.context.clear_cookies()
    page.goto(portal.url + "/pengungkapan/buka/")
    page.get_by_label("Nomor").fill(number)
    page.get_by_label("Kunci").fill(key)
    page.get_by_role("button", name="Buka").last.click()
    expect(page.locator("h1")).to_have_text("Setoran tiap bulan")
    case = Disclosure.objects.get()
    home = f"/meja/wbs/{case.number}/"
    assert gita.user is not None
    assert made.user is not None
    enter(page, portal, gita.user.email, "/meja/wbs/")
    clean(page, "the lane")
    page.goto(portal.url + home)
    clean(page, "one disclosure")
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.locator("#galat")).to_contain_text("Tulis pesannya dulu")
    clean(page, "one disclosure with an error")
    page.get_by_label("Pesan untuk pelapor").fill("Kami mulai memeriksa.")
    page.get_by_role("button", name="Kirim pesan").click()
    expect(page.locator("main")).to_contain_text("Kami mulai memeriksa.")
    page.get_by_label("Alasan membuka nama").fill("Harus ditemui.")
    page.get_by_role("button", name="Minta membuka nama").click()
    expect(page.locator("main")).to_contain_text("Permintaan Anda sendiri")
    enter(page, portal, made.user.email, home)
    clean(page, "a request that waits")
    page.get_by_role("button", name="Setujui").click()
    enter(page, portal, gita.user.email, home)
    page.get_by_role("button", name="Tampilkan nama").click()
    expect(page.locator("main")).to_contain_text("Wulan")
    clean(page, "a name that two opened")
    enter(page, portal, "ratna@contoh.test", "/meja/wbs/tim/")
    clean(page, "the teams")
    page.get_by_role("button", name="Tunjuk").click()
    clean(page, "the teams with an error")
    page.goto(portal.url + home)
    expect(page.locator("main")).not_to_contain_text("Setoran")


def test_a_sudden_rise_on_the_coordinators_pages(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    enter(page, portal, "wati@contoh.test", "/pengawasan/lonjakan/")
    clean(page, "no rises")
    topic = world.cat_road.parent
    assert topic is not None
    rise = Rise.objects.create(
        topic=topic,
        place=world.mekarsari,
        day=timezone.localdate(),
        agency=world.pemkab,
        count=7,
        usual=0.5,
        weeks=8,
        chance=0.0001,
    )
    page.goto(portal.url + "/pengawasan/lonjakan/")
    clean(page, "rises")
    page.goto(f"{portal.url}/pengawasan/lonjakan/{rise.pk}/")
    clean(page, "one rise")
    page.get_by_role("button", name="Catat").click()
    expect(page.locator("#galat")).to_contain_text("Pilih apa yang Anda lakukan")
    clean(page, "one rise with errors")
    page.get_by_label("Saya tangani").check()
    page.get_by_label("Catatan").fill("Tim jalan ke sana.")
    page.get_by_role("button", name="Catat").click()
    expect(page.locator("main")).to_contain_text("Tim jalan ke sana.")
    clean(page, "a rise that was judged")
