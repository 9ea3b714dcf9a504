"""Answers read for their quality and signs of gaming, in a real browser: empty, drawn, read with a mistake, noted."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from agencies.actor import Actor
from complaints.models import Complaint
from routing import readings, sampling, signals
from routing.models import ReadingTurn
from tests import counted
from tests.browser import clean
from tests.complaints.cases import landed
from tests.flows.test_desk import cast
from tests.flows.test_programmes import enter
from tests.portal import RunningPortal
from tests.world import World

pytestmark = pytest.mark.e2e
PAGE = "/evaluasi/mutu/"


def answered(world: World, count: int = 10) -> list[Complaint]:
    """In the newest quarter that is over."""
    [(_first, last), *_rest] = [one for one in sampling.periods(timezone.localdate()) if (one[1] - one[0]).days < 100]
    then = datetime.datetime.combine(last - datetime.timedelta(days=9), datetime.time(9), datetime.UTC)
    made = []
    for _n in range(count):
        case = landed(world, world.dinas_pu, now=then, confirmed=False)
        case.resolve(
            "Terima kasih, laporan Bapak Ibu akan segera kami tindaklanjuti bersama dinas terkait.",
            by=world.joko,
            outcome="REFUSED",
            now=then + datetime.timedelta(minutes=5),
        )
        made.append(case)
    return made


def test_an_answer_is_drawn_read_and_counted(portal: RunningPortal, page: Page, browser: Browser) -> None:
    world = cast(portal)
    answered(world)
    enter(page, portal, "ratna@contoh.test", PAGE)
    expect(page.locator("main")).to_contain_text("Belum ada contoh yang ditarik")
    clean(page, "no sample yet")
    page.get_by_role("link", name="Tarik contoh").click()
    clean(page, "a draw")
    page.get_by_role("button", name="Tarik contoh").click()
    expect(page.locator("#galat")).to_be_focused()
    clean(page, "a draw with errors")
    [(first, last), *_rest] = [one for one in sampling.periods(timezone.localdate()) if (one[1] - one[0]).days < 100]
    page.get_by_label("Masa").select_option(f"{first}_{last}")
    page.get_by_label("Instansi").select_option(str(world.pemkab.pk))
    page.get_by_role("button", name="Lihat dulu berapa jawabannya").click()
    expect(page.locator("#akibat")).to_contain_text("10 jawaban akhir")
    page.get_by_role("button", name="Tarik contoh").click()
    expect(page.locator("h1")).to_have_text("Pemerintah Kabupaten Sukamaju")
    clean(page, "a sample nobody has read")
    page.goto(portal.url + PAGE)
    clean(page, "my readings")
    page.get_by_role("link", name="Baca yang berikutnya").click()
    expect(page.locator("main")).to_contain_text("menjanjikan tindak lanjut tanpa tanggal")
    page.get_by_text("Serahkan ke pembaca lain", exact=True).click()
    clean(page, "one answer")
    page.get_by_label("Catatan").fill("Kalimat baku.")
    page.get_by_role("button", name="Simpan dan baca berikutnya").click()
    expect(page.locator("#galat")).to_be_focused()
    expect(page.get_by_label("Catatan")).to_have_value("Kalimat baku.")
    clean(page, "one answer with errors")
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(page.url)
    for question in readings.RUBRIC:
        plain.locator(f"input[name={question.code}][value='1']").check()
    plain.get_by_role("button", name="Simpan dan baca berikutnya").click()
    expect(plain.locator(".msg")).to_contain_text("Tercatat")
    context.close()
    # Whoever may read got some: other tests gave the centre more seats.
    seats = readings.readers(timezone.localdate())
    for turn in ReadingTurn.objects.open().filter(answer__sample__agency=world.pemkab):
        readings.read(turn, (1, 1, 1, 2), by=Actor.officer(seats[turn.reader_id]), note="Baku.")
    page.goto(portal.url + PAGE)
    page.get_by_role("link", name="Pemerintah Kabupaten Sukamaju").click()
    expect(page.locator(".say")).to_contain_text("Nilai 62 dari 100")
    clean(page, "a sample that was read")


def test_a_sign_is_looked_at_and_noted(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    if not Complaint.objects.filter(handler=world.dinas_pu).exists():
        answered(world)
    year = answered(world, 1)[0].received_at.year
    enter(page, portal, "ratna@contoh.test", "/pengawasan/tanda/")
    clean(page, "no sign yet")
    page.goto(f"{portal.url}/pengawasan/tanda/?tahun={year}&q=sukamaju")
    page.get_by_role("link", name="Pemerintah Kabupaten Sukamaju").click()
    clean(page, "an agency that was not counted")
    counted.count()
    page.get_by_role("button", name="Hitung ulang").click()
    expect(page.locator(".msg")).to_contain_text("Dihitung ulang")
    fast = page.locator("#answered_fast")
    expect(fast).to_contain_text(re.compile(r"\d,\d % \(1\d+ dari 1\d+\)"))
    fast.locator("summary").last.click()
    fast.locator("summary").first.click()
    clean(page, "the signs of an agency")
    fast.get_by_role("button", name="Catat").click()
    expect(page.locator("#galat")).to_be_focused()
    clean(page, "a note with errors")
    fast.get_by_label("Mengurangi nilai bukti").check()
    fast.get_by_label("Catatan").fill("Sepuluh jawaban dibuka, semuanya kalimat baku.")
    fast.get_by_role("button", name="Catat").click()
    expect(page.locator("#answered_fast")).to_contain_text("semuanya kalimat baku")
    assert signals.counting_against(world.pemkab, year)
    clean(page, "the signs of an agency with a note")
