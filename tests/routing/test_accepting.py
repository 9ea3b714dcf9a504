"""Accepting a suggestion: one press, the next case of the list, and nothing that the full form would refuse."""

from __future__ import annotations

import datetime
import re
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from agencies.actor import Actor
from agencies.models import Agency
from complaints.models import Complaint, Publication
from routing import dispatch
from routing.models import Suggestion
from tests.complaints.cases import NOW
from tests.routing.desk import submitted
from tests.scenes import once
from tests.world import World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]
ROADS, HEALTH = "Bidang jalan di Sukamaju.", "Laporan menyebut “puskesmas”."


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def waiting(world: World, minute: int = 0, *offices: Agency, **fields: Any) -> Complaint:
    """At the desk of Sukamaju, with offices suggested."""
    case = submitted(world, NOW + datetime.timedelta(minutes=minute), **fields)
    case.place_at(world.pemkab, by=world.ratna, reason="Sukamaju", now=NOW)
    for rank, (office, reason) in enumerate(zip(offices, (ROADS, HEALTH), strict=False), start=1):
        Suggestion.objects.create(complaint=case, agency=office, source="PLACE", score=0.4, reason=reason, rank=rank)
    return case


@once(at=NOW)
def cases(world: World) -> list[Complaint]:
    """Three wait at the desk; the second is secret."""
    both = (world.dinas_pu, world.dinas_kesehatan)
    return [waiting(world, 0, *both), waiting(world, 1, *both, secret=True), waiting(world, 2, *both)]


def press(by: Actor, case: Complaint, key: str, browser: Client | None = None, query: str = "") -> HttpResponse:
    """The page is read, then the key pressed: what its form carries is sent."""
    browser = browser or client_of(by)
    page = browser.get(f"/meja/{case.number}/{query}").content.decode()
    return browser.post(*form_of(page, key))  # type: ignore[return-value]


def form_of(page: str, key: str) -> tuple[str, dict[str, str]]:
    forms = [form for form in page.split("<form ")[1:] if f'aria-keyshortcuts="{key}"' in form]
    assert len(forms) == 1, f"no key {key}"
    address = re.search(r'action="([^"]+)"', forms[0])
    assert address is not None
    said = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', forms[0]))
    words = re.search(r'<textarea[^>]*name="reason"[^>]*>([^<]*)</textarea>', forms[0])
    assert words is not None
    return address[1], {name: unescape(value) for name, value in said.items()} | {"reason": unescape(words[1])}


def now_of(case: Complaint) -> Complaint:
    return Complaint.objects.select_related("handler").get(pk=case.pk)


def test_a_key_forwards_what_nobody_will_read_and_leads_on(world: World, cases: list[Complaint]) -> None:
    browser = client_of(world.wati)
    answer = press(world.wati, cases[1], "2", browser)
    assert answer.status_code == 302
    assert answer["Location"] == f"/meja/{cases[2].number}/"
    case = now_of(cases[1])
    assert (case.status, case.handler) == ("forwarded", world.dinas_kesehatan)
    assert case.events.get(verb="forward").particulars["reason"] == HEALTH
    assert not Publication.objects.filter(complaint=case).exists()
    verdicts = dict(Suggestion.objects.filter(complaint=case).values_list("agency", "verdict"))
    assert verdicts[world.dinas_kesehatan.pk] == "ACCEPTED"
    page = browser.get(answer["Location"]).content.decode()
    assert f"Diteruskan ke {world.dinas_kesehatan.shown_name}." in page
    assert f'Keliru? <a href="/meja/{case.number}/pindahan/">' in page


def test_what_everybody_will_read_is_looked_at_first(world: World, cases: list[Complaint]) -> None:
    first = cases[0]
    page = press(world.wati, first, "1", query="?dari=pemegang:belum").content.decode()
    assert now_of(first).status == "submitted"
    masked = page.split('id="teks-warga"')[1].split("</div>")[0]
    assert "lubang besar" in masked
    assert "Sari Wulandari" not in masked
    assert '<button class="btn" autofocus' in page
    assert ROADS in page
    # The one press that is left sends what the form holds.
    form = page.split('<form method="post" action="/meja/')[1].split("</form>")[0]
    said = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    said |= {"agency": str(world.dinas_pu.pk), "kind": "PENGADUAN", "reason": ROADS}
    said |= {"public_title": "Lubang", "public_body": "Lubang besar di depan pasar."}
    answer = client_of(world.wati).post(f"/meja/{first.number}/disposisi/", said)
    assert answer["Location"] == f"/meja/{cases[1].number}/?dari=pemegang%3Abelum"
    assert now_of(first).handler == world.dinas_pu
    assert Publication.objects.get(complaint=first).body == "Lubang besar di depan pasar."


def test_the_reason_may_be_written_anew(world: World, cases: list[Complaint]) -> None:
    browser = client_of(world.wati)
    where, said = form_of(browser.get(f"/meja/{cases[1].number}/").content.decode(), "1")
    browser.post(where, said | {"reason": "Jalannya milik kabupaten."})
    assert now_of(cases[1]).events.get(verb="forward").particulars["reason"] == "Jalannya milik kabupaten."


def test_a_key_pressed_twice_accepts_once(world: World, cases: list[Complaint]) -> None:
    browser = client_of(world.wati)
    where, said = form_of(browser.get(f"/meja/{cases[1].number}/").content.decode(), "1")
    answers = [browser.post(where, said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert cases[1].events.filter(verb="forward").count() == 1


@pytest.mark.parametrize("which", [0, 1])
def test_whoever_is_overtaken_changes_nothing_and_reads_why(world: World, cases: list[Complaint], which: int) -> None:
    case, browser = cases[which], client_of(world.wati)
    where, said = form_of(browser.get(f"/meja/{case.number}/").content.decode(), "1")
    now_of(case).note("Sudah saya telepon pelapornya.", by=world.ratna, now=NOW)
    now_of(case).reclassify(by=world.ratna, reason="Jelas.", kind="ASPIRASI", category=None, supervised=False, now=NOW)
    answer = browser.post(where, said)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "laporan ini berubah" in page
    assert ROADS in page
    assert now_of(case).status == "submitted"


def test_what_somebody_else_sent_elsewhere_stays_there(world: World, cases: list[Complaint]) -> None:
    browser = client_of(world.wati)
    where, said = form_of(browser.get(f"/meja/{cases[1].number}/").content.decode(), "1")
    said_so: dict[str, Any] = {"kind": "PENGADUAN", "reason": HEALTH, "now": NOW}
    dispatch.forward(now_of(cases[1]), world.dinas_kesehatan, by=world.wati, **said_so)
    answer = browser.post(where, said)
    assert answer.status_code == 409
    assert now_of(cases[1]).handler == world.dinas_kesehatan


def test_the_last_of_the_list_leads_back_to_it(world: World, cases: list[Complaint]) -> None:
    browser = client_of(world.wati)
    where, said = form_of(browser.get(f"/meja/{cases[1].number}/?dari=status:verifikasi").content.decode(), "1")
    Complaint.objects.filter(pk=cases[2].pk).update(handler=world.root)
    answer = browser.post(where, said)
    assert answer["Location"] == "/meja/?q=status%3Averifikasi"
    assert "tidak ada lagi yang berikutnya" in browser.get(answer["Location"]).content.decode()


def test_only_who_may_forward_has_keys(world: World, cases: list[Complaint]) -> None:
    where, said = form_of(client_of(world.wati).get(f"/meja/{cases[1].number}/").content.decode(), "1")
    assert client_of(world.joko).post(where, said | {"acting": ""}).status_code == 404
    assert client_of(world.rudi).post(where, said | {"acting": ""}).status_code in (302, 403, 404)
    assert now_of(cases[1]).status == "submitted"
    # A secret case is read by the centre with a reason alone: no office, no reason, no key before that.
    closed = client_of(world.ratna).get(f"/meja/{cases[1].number}/").content.decode()
    assert "aria-keyshortcuts" not in closed
    assert ROADS not in closed


def test_nobody_sends_beyond_their_reach_or_to_nobody(world: World) -> None:
    case = waiting(world, 0, world.dinas_pu_tetangga, world.dinas_sosial, secret=True)
    page = client_of(world.wati).get(f"/meja/{case.number}/").content.decode()
    assert "aria-keyshortcuts" not in page
    assert "Di luar" in page
    assert "Belum ada petugas" in page
    said = {"saran": "1", "agency": world.dinas_pu_tetangga.pk, "reason": "x", "kind": "PENGADUAN", "version": 2}
    answer = client_of(world.wati).post(f"/meja/{case.number}/disposisi/", said)
    assert "Kantor ini tidak bisa dipilih" in answer.content.decode()
    assert now_of(case).status == "submitted"


def test_what_came_back_to_the_desk_is_moved_by_a_key(world: World, cases: list[Complaint]) -> None:
    press(world.wati, cases[1], "1")
    case = now_of(cases[1])
    # At the office it is nobody's to take by one press, and the desk has it back only when it says so.
    assert "aria-keyshortcuts" not in client_of(world.wati).get(f"/meja/{case.number}/").content.decode()
    case.hand_back(world.pemkab, by=world.joko, ground="NOT_OURS", reason="Jalan provinsi.", now=NOW)
    answer = press(world.wati, now_of(case), "1")
    assert answer.status_code == 302
    assert now_of(case).handler == world.dinas_kesehatan


def test_a_suggestion_fills_the_form_of_every_other_way(world: World, cases: list[Complaint]) -> None:
    address = f"/meja/{cases[0].number}/disposisi/?kantor={world.dinas_pu.pk}"
    assert ROADS in client_of(world.wati).get(address).content.decode().split('name="reason"')[1]
