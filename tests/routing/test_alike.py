"""The same trouble twice, on the desk: candidates, two side by side, the group, a proposal and the press to accept."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import AuditEntry, Role
from complaints.models import Complaint
from complaints.transitions import Status
from routing import groups
from tests.complaints.cases import NOW, later
from tests.routing.desk import forwarded, started
from tests.world import World, client_of

pytestmark = pytest.mark.usefixtures("nudges")
TEXT = "Lubang yang sama sudah dilaporkan."


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    cache.clear()
    with time_machine.travel(later(hours=3), tick=False):
        yield


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def page(by: Any, *parts: Any, **query: Any) -> Any:
    return client_of(by).get("/".join(["/meja", *(getattr(one, "number", one) for one in parts), ""]), query)


def press(by: Any, case: Complaint, other: Complaint, **said: Any) -> Any:
    """What the comparison's form sends."""
    first, second = fresh(case), fresh(other)
    fields = {"version": first.version, "other_version": second.version, "lead": other.number, "text": TEXT, **said}
    return client_of(by).post(f"/meja/{case.number}/serupa/{other.number}/", fields)


# --- Which are like it ---


def test_the_case_page_leads_to_what_is_like_it(world: World) -> None:
    case, other = forwarded(world, NOW), forwarded(world, NOW, title="Lubang di jalan pasar")
    body = page(world.joko, case).content.decode()
    assert f'hx-get="/meja/{case.number}/serupa/?ringkas=1"' in body
    brief = page(world.joko, case, "serupa", ringkas="1").content.decode()
    assert "Mungkin sama dengan" in brief
    assert "Kemiripan" in brief
    assert f"/meja/{case.number}/serupa/{other.number}/" in brief
    whole = page(world.joko, case, "serupa").content.decode()
    assert "Lubang di jalan pasar" in whole
    assert "Gabungkan yang dicentang" not in whole, "a liaison merges nothing"
    assert "Gabungkan yang dicentang" in page(world.wati, case, "serupa").content.decode()


def test_a_number_typed_leads_to_the_comparison(world: World) -> None:
    case, other = forwarded(world, NOW), forwarded(world, NOW)
    far = forwarded(world, NOW, world.dinas_pu_tetangga)
    found = page(world.wati, case, "serupa", dengan=other.shown_number.lower())
    assert found.headers["Location"] == f"/meja/{case.number}/serupa/{other.number}/"
    for wrong in (far.number, case.number, "bukan nomor", "\x00"):
        assert "tidak ditemukan di meja Anda" in page(world.wati, case, "serupa", dengan=wrong).content.decode()


def test_as_many_statements_for_one_as_for_many(world: World) -> None:
    case = forwarded(world, NOW)
    forwarded(world, NOW)
    browser = client_of(world.wati)
    browser.get(f"/meja/{case.number}/serupa/")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"/meja/{case.number}/serupa/")
    for _ in range(5):
        forwarded(world, NOW)
    with CaptureQueriesContext(connection) as many:
        browser.get(f"/meja/{case.number}/serupa/")
    assert len(many) == len(few) <= 22


def test_who_does_not_work_on_it_asks_nothing(world: World) -> None:
    case, other = forwarded(world, NOW), forwarded(world, NOW)
    paths: list[tuple[Any, ...]] = [("serupa",), ("serupa", other), ("kelompok",)]
    regent = world.officer("Bupati", world.pemkab, Role.HEAD)
    for parts in paths:
        for by in (world.bayu, regent):
            assert page(by, case, *parts).status_code == 403, parts
        for by in (world.dewi, world.tono, world.lina):
            assert page(by, case, *parts).status_code == 404, parts
        assert Client().get("/".join(["/meja", case.number, parts[0], ""])).status_code == 302
    strangers: list[Any] = [world.bayu, regent, world.dewi, world.sari]
    for by in strangers:
        assert press(by, case, other).status_code in (403, 404)
    assert fresh(case).status == Status.FORWARDED


def test_a_secret_case_is_nowhere_for_whoever_may_not_read_it(world: World) -> None:
    case, secret = forwarded(world, NOW), forwarded(world, NOW, secret=True, title="Pungli di loket")
    named = forwarded(world, NOW, world.inspektorat, not_for=world.dinas_pu, about_conduct=True)
    for by, hidden in ((world.ratna, secret), (world.joko, named), (world.hana, named)):
        assert page(by, case, "serupa", hidden).status_code == 404
        assert page(by, hidden, "serupa", case).status_code == 404
        listed = page(by, case, "serupa").content.decode()
        assert hidden.number not in listed
        assert hidden.shown_number not in listed
    both = page(world.wati, case, "serupa", secret).content.decode()
    assert "Yang satu rahasia" in both
    looks = AuditEntry.objects.filter(subject_kind="complaint", subject_id=secret.pk)
    assert [entry.after for entry in looks] == [{"looks": ["secret"]}], "what is read beside is read, and logged"


# --- Two side by side ---


def test_both_stand_side_by_side_and_the_oldest_leads(world: World) -> None:
    old = forwarded(world, NOW, title="Lubang lama", landmark="Depan toko emas")
    new = forwarded(world, later(hours=1), title="Lubang baru", anonymous=True)
    body = page(world.wati, new, "serupa", old).content.decode()
    for text in (
        "Lubang lama",
        "Lubang baru",
        "Depan toko emas",
        "Diterima",
        "Batas waktu",
        "sisa harinya tidak hilang",
    ):
        assert text in body, text
    assert re.search(rf'value="{old.number}"[^>]*checked', body)
    answer = press(world.wati, new, old)
    assert answer.headers["Location"] == f"/meja/{old.number}/"
    assert (fresh(new).duplicate_of, fresh(new).status) == (old, Status.ARCHIVED)
    assert new.messages.get(verb="archive").body == TEXT


def test_the_other_may_lead_as_well(world: World) -> None:
    old, new = forwarded(world, NOW), forwarded(world, later(hours=1))
    press(world.wati, new, old, lead=new.number)
    assert fresh(old).duplicate_of == new


def test_what_was_written_stays_when_somebody_was_faster(world: World) -> None:
    old, new = forwarded(world, NOW), forwarded(world, later(hours=1))
    read_at = new.version
    new.start(by=world.joko)
    answer = press(world.wati, new, old, version=read_at)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert TEXT in body
    assert "Baru saja diubah orang lain" in body
    assert f'name="version" value="{fresh(new).version}"' in body
    assert fresh(new).status == Status.IN_PROGRESS
    fresh(old).withdraw(by=_reporter())
    gone = press(world.wati, new, old, text="Tulisan yang jangan sampai hilang.")
    assert gone.status_code == 409
    assert "Tulisan yang jangan sampai hilang." in gone.content.decode()


def test_what_is_missing_is_said_at_its_field(world: World) -> None:
    old, new = forwarded(world, NOW), forwarded(world, later(hours=1))
    answer = press(world.wati, new, old, lead="", text=" ")
    assert answer.status_code == 422
    assert "Pilih laporan utamanya" in answer.content.decode()
    assert "Tulis penjelasan untuk pelapor" in answer.content.decode()
    assert press(world.wati, new, old, lead="7K4M9QXD2TB").status_code == 422


def _reporter() -> Any:
    from agencies.actor import Actor

    return Actor.reporter()


# --- Proposed from below ---


def test_a_liaison_proposes_and_the_coordinator_accepts_by_one_press(world: World) -> None:
    old, new = forwarded(world, NOW, title="Lubang lama"), forwarded(world, later(hours=1))
    body = page(world.joko, new, "serupa", old).content.decode()
    assert "Usulkan digabung" in body
    assert 'name="lead"' not in body
    answer = press(world.joko, new, old)
    assert answer.headers["Location"] == f"/meja/{old.number}/"
    assert fresh(new).handler == world.pemkab
    desk = page(world.wati, new).content.decode()
    assert "Terima dan gabungkan" in desk
    assert "Lubang lama" in desk
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', desk.split('id="usul"')[1]))
    accepted = client_of(world.wati).post(f"/meja/{new.number}/serupa/{old.number}/", hidden)
    assert accepted.headers["Location"] == f"/meja/{old.number}/"
    assert fresh(new).duplicate_of == old
    assert "sedang ditangani" in new.messages.get(verb="archive").body


def test_proposed_once_a_round(world: World) -> None:
    old, new = forwarded(world, NOW), forwarded(world, later(hours=1))
    press(world.joko, new, old)
    new.move(world.dinas_pu, by=world.wati, reason="Bukan sama.")
    again = press(world.joko, new, old)
    assert again.status_code == 403
    assert "satu kali" in again.content.decode()
    assert TEXT in again.content.decode()


# --- A lead's group ---


def test_the_lead_shows_its_group_and_each_can_be_parted(world: World) -> None:
    lead = started(world, NOW)
    for hour in (1, 2):
        groups.merge(forwarded(world, later(hours=hour)), lead, by=world.wati, text=TEXT)
    kept = forwarded(world, NOW, world.inspektorat, not_for=world.dinas_pu)
    groups.merge(kept, lead, by=world.wati, text=TEXT)
    assert "3 laporan lain" in page(world.wati, lead).content.decode()
    assert "2 laporan lain" in page(world.joko, lead).content.decode()
    listed = page(world.wati, lead, "kelompok").content.decode()
    assert listed.count("Pisahkan<") == 3
    theirs = page(world.joko, lead, "kelompok").content.decode()
    assert "Pisahkan<" not in theirs
    assert kept.shown_number not in theirs
    public = Client().get(f"/laporan/{lead.number}/").content.decode()
    assert "2 laporan lain tentang hal yang sama" in public, "what is kept from an office is not counted either"
    body = page(world.joko, kept)
    assert body.status_code == 404
    first = groups.gathered(lead, world.joko)[0]
    assert lead.shown_number in page(world.joko, first).content.decode()


def test_a_group_goes_on_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.views.alike.PAGE", 2)
    lead = forwarded(world, NOW)
    made = [forwarded(world, later(minutes=n)) for n in (1, 2, 2)]
    for case in made:
        groups.merge(case, lead, by=world.wati, text=TEXT)
    first = page(world.wati, lead, "kelompok").content.decode()
    cursor = re.search(r"\?sesudah=([\w-]+)", first)
    assert cursor is not None
    second = page(world.wati, lead, "kelompok", sesudah=cursor[1]).content.decode()
    assert [case.shown_number in first for case in made] == [True, True, False]
    assert [case.shown_number in second for case in made] == [False, False, True]
    for forged in ("x", "~", "MjAyNi0wNS0yNQ"):
        assert page(world.wati, lead, "kelompok", sesudah=forged).content.decode().count("Pisahkan<") == 2


def test_the_number_of_a_lead_is_told_to_whoever_may_open_it(world: World) -> None:
    lead, case = forwarded(world, NOW, world.dinas_kesehatan), forwarded(world, NOW)
    groups.merge(case, lead, by=world.wati, text=TEXT)
    body = page(world.joko, case).content.decode()
    assert lead.shown_number not in body
    assert "Digabung ke laporan lain" in body
    assert lead.shown_number in page(world.wati, case).content.decode()


# --- The same reporter ---


def test_the_same_reporter_is_said_without_accusing_and_never_of_an_anonymous_case(world: World) -> None:
    case, again = forwarded(world, NOW), forwarded(world, NOW)
    other = forwarded(world, NOW, user=world.rudi, email="rudi@contoh.test", phone="")
    hidden, secret = forwarded(world, NOW, anonymous=True), forwarded(world, NOW, secret=True)

    def linked(by: Any, one: Complaint, two: Complaint) -> bool:
        return "orang yang sama" in page(by, one, "serupa", two).content.decode()

    assert linked(world.joko, case, again)
    assert linked(world.wati, again, case)
    assert not linked(world.joko, case, other)
    for one, two in ((case, hidden), (hidden, case), (case, secret), (secret, case)):
        assert not linked(world.joko, one, two)
    assert not linked(world.ratna, case, again), "who needs a reason to see a name is told nothing of it"
    brief = page(world.joko, case, "serupa", ringkas="1").content.decode()
    said = brief.split("mungkin sudah melapor hal serupa:")[1].split("</p>")[0]
    assert again.shown_number in said
    assert hidden.shown_number not in said
    assert other.shown_number not in said


def test_an_address_that_was_only_typed_links_nothing(world: World) -> None:
    case = forwarded(world, NOW, user=None)
    typed = forwarded(world, NOW, user=None, confirmed=False)
    assert "orang yang sama" not in page(world.joko, case, "serupa", typed).content.decode()
