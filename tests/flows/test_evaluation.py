"""A year's evaluation in a real browser: empty, as the centre runs it, as a district answers it, as all read it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from lapor.kit.alone import alone
from routing.evaluation import cycle as cycles
from routing.evaluation import hearing
from routing.evaluation.cycle import JAKARTA
from routing.evaluation.method import Body
from routing.models import Cycle, Method
from tests import counted
from tests.browser import clean
from tests.flows.test_desk import cast
from tests.flows.test_programmes import enter
from tests.portal import RunningPortal, eventually
from tests.years import Tale, pemda, tell

pytestmark = pytest.mark.e2e
KELOLA = "/evaluasi/kelola/"


def see(page: Page, portal: RunningPortal, address: str, what: str) -> None:
    page.goto(portal.url + address)
    for one in page.locator("main details").all():
        one.evaluate("one => one.open = true")
    clean(page, what)


def nothing_evaluated() -> None:
    """As on the first day, whatever an earlier try left; what is published no row lets go."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("TRUNCATE routing_cycle CASCADE")


def worked() -> None:
    """The years are counted, here or by the portal's own worker, and it is at none any more."""

    def is_alone() -> bool:
        with alone("routing.evaluation") as free:
            if free:
                cycles.go_on()
            return free

    eventually(is_alone)


def test_a_year_from_preparing_to_publishing(portal: RunningPortal, page: Page) -> None:
    world, year = cast(portal), timezone.localdate().year - 1
    nothing_evaluated()
    for address in ("/statistik/evaluasi/", "/statistik/evaluasi/metode/"):
        see(page, portal, address, f"{address} with nothing published")
    enter(page, portal, "wati@contoh.test", "/evaluasi/")
    expect(page.locator("main")).to_contain_text("Belum ada tahun yang dibuka")
    clean(page, "a district's years, none")

    tell(year, [Tale(40, world.dinas_pu, rating=4), Tale(9, world.dinas_kesehatan, answered=8, ended="lapse")])
    for name, n in (("Buton", 45), ("Kolaka", 29), ("Konawe Kepulauan", 0)):
        _district, (dinas,) = pemda(world.root, f"Pemerintah Kabupaten {name} {timezone.now():%H.%M.%S}")
        tell(year, [Tale(n, dinas, answered=4, ended="lapse")])
    counted.count()
    enter(page, portal, "ratna@contoh.test", KELOLA)
    expect(page.locator("main")).to_contain_text("Belum ada tahun yang dievaluasi")
    clean(page, "the centre's years, none")
    page.get_by_label("Keberatan sampai").fill("kemarin")
    page.get_by_role("button", name="Siapkan").click()
    expect(page.locator("#galat")).to_be_focused()
    clean(page, "a year refused")
    body = Body.of(Method.objects.of_year(year).body)
    today = timezone.localdate(timezone.now(), JAKARTA)
    cycle = cycles.prepare(year, cycles.Dates.usual(year, body, today), by=world.ratna)
    # It closed at midnight, and that may have been a minute ago.
    Cycle.objects.filter(pk=cycle.pk).update(cut_at=cycle.cut_at - cycles.SETTLES)
    worked()
    see(page, portal, f"{KELOLA}{cycle.pk}/", "collected")
    page.get_by_role("button", name="Buka untuk daerah").click()
    expect(page.locator(".msg").first).to_contain_text("Tercatat.")
    clean(page, "open")
    see(page, portal, f"{KELOLA}metode/", "versions of the method")
    see(page, portal, f"{KELOLA}{cycle.pk}/pengumpulan/", "collect again")

    mine = f"/evaluasi/{year}/"
    enter(page, portal, "wati@contoh.test", mine)
    expect(page.locator("main")).to_contain_text("Periksa angkanya")
    clean(page, "a district's year, to be checked")
    page.get_by_role("link", name="Sampaikan bukti").click()
    clean(page, "evidence, empty")
    page.get_by_role("button", name="Simpan").click()
    clean(page, "evidence, with errors")
    page.get_by_label("Nama bukti").fill("Siaran radio")
    page.get_by_label("Macam bukti").select_option("SOSIALISASI")
    page.get_by_label("Tanggal ditandatangani").fill(f"10-06-{year}")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_label("Komentar daerah").fill("Banjir di bulan Maret.")
    page.get_by_role("button", name="Angkanya sudah kami periksa").click()
    see(page, portal, mine, "a district's year, checked")

    Cycle.objects.filter(pk=cycle.pk).update(stage=Cycle.Stage.SCORE)
    row = cycle.evaluations.get(agency=world.pemkab)
    hearing.score(row, by=world.ratna, kind="SOSIALISASI", points=1, why="Satu kali saja.")
    cycles.announce(cycle, by=world.ratna)
    see(page, portal, mine, "a district's year, scored")
    page.get_by_role("link", name="Sampaikan keberatan").click()
    page.get_by_label("Apa yang keliru").fill("Siarannya dua belas kali.")
    page.get_by_role("button", name="Simpan").click()
    clean(page, "objected")
    district = f"{KELOLA}{cycle.pk}/{world.pemkab.pk}/"
    enter(page, portal, "ratna@contoh.test", district)
    clean(page, "a district for the evaluator")
    see(page, portal, f"{district}nilai/sosialisasi/", "points")
    page.goto(portal.url + district)
    page.get_by_role("link", name="Putuskan").click()
    page.get_by_label("ditolak").check()
    page.get_by_label("Alasan").fill("Buktinya satu siaran.")
    clean(page, "an objection")
    page.get_by_role("button", name="Simpan").click()
    Cycle.objects.filter(pk=cycle.pk).update(stage=Cycle.Stage.DECIDE)
    cycles.publish(cycle, by=world.ratna)
    worked()
    assert Cycle.objects.get(pk=cycle.pk).published_at
    see(page, portal, f"{KELOLA}{cycle.pk}/edisi/", "another edition")
    page.context.clear_cookies()
    see(page, portal, "/statistik/evaluasi/", "published years")
    see(page, portal, f"/statistik/evaluasi/{year}/", "districts by size group")
    see(page, portal, f"/statistik/evaluasi/{year}/{world.pemkab.pk}/", "a district for everybody")
