"""Three of the six flows of house.md section 1 from the first act to the last, each act on its page, with the real
worker, broker and mail server: a report is filed and answered, it is moved to another office in between, and a promise
runs out. The other three: test_kannel.py (SMS), test_desk.py (the office), test_evaluation.py (a year of a district).
"""

from __future__ import annotations

import datetime
import random
import re
import string
from email.message import EmailMessage

import pytest
import redis
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.actor import Actor
from complaints.models import Complaint, Event
from complaints.number import read_number
from lapor.kit.nudge import message, queue_of
from routing.models import Disposition
from tests.browser import clean, signed_in
from tests.complaints.cases import landed, public
from tests.flows.test_citizen import choose_place, tell_story
from tests.flows.test_desk import cast
from tests.flows.test_letters_arrive import text_of
from tests.portal import RunningPortal, eventually

pytestmark = pytest.mark.e2e
ANSWER = "Papan yang lepas sudah kami ganti pagi ini, dan kedua pagarnya kami kencangkan."


def some_word() -> str:
    """Of letters alone, and another one for each try."""
    return "".join(random.choices(string.ascii_lowercase, k=9))


def letter(portal: RunningPortal, address: str, words: str) -> EmailMessage:
    """The one to this address with these words in its subject, once it is there."""

    def found() -> EmailMessage | None:
        return next((one for one in portal.mailbox.to(address) if words in str(one["Subject"])), None)

    arrived: EmailMessage = eventually(found)
    return arrived


def link_in(one: EmailMessage, leads_to: str) -> str:
    """The first of its links into the case that ends so; each letter also has one that ends the mailing."""
    found = re.search(rf"http://\S+/kabar/[^/\s]+/{leads_to}(?=\s|$)", text_of(one))
    assert found is not None, text_of(one)
    return found[0]


def files(page: Page, portal: RunningPortal, title: str, email: str) -> str:
    """In four screens, for the Dinas PU; the number as it is stored."""
    choose_place(page, portal)
    page.get_by_text("Saya tahu kantornya, atau ini tentang petugasnya").click()
    page.get_by_label("Kantor mana?").fill("Dinas PU")
    tell_story(page, title)
    page.get_by_label("Kirimi saya email").check()
    page.get_by_label("Alamat email").fill(email)
    page.get_by_role("button", name="Kirim laporan").click()
    page.wait_for_url("**/lapor/selesai/")
    number = read_number(page.locator(".tick2 .no .big").inner_text())
    assert number is not None
    return number


def moves(page: Page, portal: RunningPortal, number: str) -> None:
    """Kominfo's operator, to the Dinas Kesehatan."""
    signed_in(page, portal, cast(portal).wati, f"/meja/{number}/pindahan/")
    page.get_by_label("Cari kantor lain").press_sequentially("kesehatan", delay=20)
    page.get_by_text("Dinas Kesehatan", exact=True).click()
    page.get_by_label("Mengapa dipindahkan?").fill("Jembatan itu milik puskesmas.")
    page.get_by_role("button", name="Pindahkan laporan").click()
    expect(page.locator(".msg")).to_contain_text("Dipindahkan ke Dinkes")


def begins(page: Page, portal: RunningPortal, number: str, officer: Actor) -> None:
    """The office reads what everybody will read, and takes it on."""
    signed_in(page, portal, officer, f"/meja/{number}/penanganan/")
    page.get_by_role("button", name="Mulai kerjakan").click()
    expect(page.locator(".msg")).to_contain_text("Anda memegang laporan ini")


def answers(page: Page, portal: RunningPortal, number: str, officer: Actor) -> None:
    signed_in(page, portal, officer, f"/meja/{number}/")
    page.get_by_text("Sudah dikerjakan", exact=True).click()
    page.locator("#jawaban-akhir-body").fill(ANSWER)
    page.locator("details[open]").get_by_text("Hari ini", exact=True).click()
    page.get_by_label("Dikerjakan oleh").fill("Regu jembatan")
    page.get_by_role("button", name="Kirim jawaban akhir").click()
    expect(page.locator(".msg")).to_contain_text("Sekarang giliran pelapor menilai")


def beat_comes_round(portal: RunningPortal, task: str) -> None:
    """What beat sends once an hour, sent now."""
    assert portal.services.valkey
    redis.Redis.from_url(portal.services.valkey.url()).lpush(queue_of(task), message(task, ()))


@pytest.mark.parametrize("moved", [False, True])
def test_a_report_is_confirmed_forwarded_answered_and_accepted(
    portal: RunningPortal, phone: Page, page: Page, moved: bool
) -> None:
    world, word = cast(portal), some_word()
    title, email = f"Papan jembatan {word} lepas", f"{word}@contoh.test"
    number = files(phone, portal, title, email)
    asks = letter(portal, email, "Benarkah ini alamat Anda?")
    assert title not in text_of(asks)
    phone.goto(link_in(asks, "alamat/"))
    clean(phone, "an address to be confirmed", widths=(360,))
    phone.get_by_role("button", name="Ya, ini alamat saya").click()
    expect(phone.locator(".msg")).to_contain_text("Alamat Anda sudah dipastikan")
    eventually(lambda: Complaint.objects.filter(number=number, status="forwarded", handler=world.dinas_pu).exists())

    office, officer = ("Dinkes", world.dewi) if moved else ("Dinas PU", world.joko)
    if moved:
        moves(page, portal, number)
        said = text_of(letter(portal, email, "Laporan Anda sekarang di Dinkes"))
        assert "Jembatan itu milik puskesmas." in said
        assert "tidak dihitung ulang" in said
    begins(page, portal, number, officer)
    answers(page, portal, number, officer)
    told = letter(portal, email, f"{office} sudah menjawab")
    assert ANSWER in " ".join(text_of(told).split())

    # On another device than the one it was filed with: the letter is all one has.
    phone.context.clear_cookies()
    phone.goto(link_in(told, r"(?:\?ke=\w+)?"))
    phone.get_by_label("Sudah beres").check()
    phone.locator("[name=rating_answer][value='5']").check()
    phone.locator("[name=rating_result][value='4']").check()
    phone.get_by_role("button", name="Kirim penilaian").click()
    expect(phone.get_by_text("Laporan ini selesai")).to_be_visible()
    phone.context.clear_cookies()
    phone.goto(f"{portal.url}/laporan/{number}/")
    expect(phone.locator("main")).to_contain_text(ANSWER)
    expect(phone.locator("main")).not_to_contain_text(email)
    case = Complaint.objects.get(number=number)
    accepted = Event.objects.get(complaint=case, verb="accept")
    assert (accepted.particulars["rating_answer"], accepted.particulars["rating_result"]) == (5, 4)
    had = Disposition.objects.filter(complaint=case).order_by("pk").values_list("agency__short_name", flat=True)
    assert [name for name in had if name != world.root.short_name] == (["Dinas PU", "Dinkes"] if moved else [office])


def test_a_promise_runs_out_is_told_and_stands_in_the_register_until_it_is_answered(
    portal: RunningPortal, page: Page
) -> None:
    world, word, then = cast(portal), some_word(), timezone.now() - datetime.timedelta(days=40)
    title, email = f"Lampu dermaga {word} mati", f"{word}@contoh.test"
    case = landed(world, world.dinas_pu, now=then, title=title, email=email, user=None)
    case.start(by=world.joko, public=public(case), now=then + datetime.timedelta(hours=1))
    beat_comes_round(portal, "routing.tasks.sweep_dates")
    told = letter(portal, email, "terlambat menjawab laporan Anda")
    assert "Siapa yang belum menjawab?" in " ".join(text_of(told).split())
    page.goto(portal.url + "/statistik/tidak-ditanggapi/")
    row = page.locator(".cases .case", has_text=title).first
    expect(row).to_contain_text("Jawaban pertama seharusnya paling lambat")
    expect(row).to_contain_text(world.dinas_pu.name)
    clean(page, "the register with a late report")
    row.get_by_role("link", name=title).click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).to_contain_text("Terlambat")

    answers(page, portal, case.number, world.joko)
    page.goto(portal.url + "/statistik/tidak-ditanggapi/")
    expect(page.locator("main")).not_to_contain_text(title)
    page.goto(portal.url + "/statistik/tidak-ditanggapi/?keadaan=dijawab")
    expect(page.locator(".cases .case", has_text=title).first).to_contain_text("Dijawab")
