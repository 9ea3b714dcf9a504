"""A coordinator calls one case up: its office explains by a day, and is on the meeting's page until it has."""

from __future__ import annotations

from http import HTTPStatus

import pytest
import time_machine
from django.core import mail

from complaints.models import Complaint
from complaints.notifications import delivery
from complaints.transitions import Incomplete, NotAllowed
from routing import call_ups, dispatch
from routing.models import CallUp
from routing.tasks import what_the_date_brings
from tests.filing import SARI, days, filed
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _later() -> object:
    with time_machine.travel(days(20), tick=False) as moved:  # Thursday 18 June 2026
        yield moved


def date(day: int, month: int = 6) -> dict[str, str]:
    return {"due_on_day": str(day), "due_on_month": str(month), "due_on_year": "2026"}


def called_up() -> list[str]:
    return [case.number for case, _day in call_ups.standing(Complaint.objects.open())]


def test_it_is_asked_for_told_and_stands_until_the_office_explains(world: World) -> None:
    case = filed(world)
    client = client_of(world.wati)
    listed = f"/pengawasan/{world.dinas_pu.pk}/laporan/"
    assert f"/meja/{case.number}/penjelasan/" in client.get(listed).content.decode()
    page = client.get(f"/meja/{case.number}/penjelasan/")
    assert "Minta penjelasan kantor pemegang" in page.content.decode()
    form = {"reason": "Mengapa belum dijawab?", "version": case.version, "next": listed, **date(22)}
    answer = client.post(f"/meja/{case.number}/penjelasan/", form)
    assert answer.status_code == HTTPStatus.FOUND, answer.content.decode()[:2000]
    assert answer.url == listed  # type: ignore[attr-defined]
    event = case.events.get(verb="summon")
    assert (event.particulars["due_on"], event.audience) == ("2026-06-22", "OFFICERS")
    mail.outbox.clear()
    delivery.send_due(now=days(20.1))
    told = next(one for one in mail.outbox if one.to == [world.joko.user.email])  # type: ignore[union-attr]
    assert told.subject == f"Jelaskan keadaan laporan {case.shown_number}"
    assert "Senin, 22 Juni 2026" in told.body
    assert "Mengapa belum dijawab?" in told.body
    assert called_up() == [case.number]
    history = client_of(world.joko).get(f"/meja/{case.number}/").content.decode()
    assert "Kantor diminta menjelaskan" in history
    case.note("Menunggu aspal.", by=world.wati, now=days(20.2))
    assert called_up() == [case.number], "a note of who asked is no account"
    case.note("Besok dikerjakan.", by=world.joko, now=days(20.3))
    assert called_up() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": "", **date(22)}, "Tulis alasannya"),
        ({"reason": "Mengapa?", **date(17)}, "Pilih tanggal dari hari ini sampai 60 hari lagi."),
        ({"reason": "Mengapa?"}, "Isi tanggalnya"),
    ],
)
def test_what_lacks_is_said_at_its_field(world: World, fields: dict[str, str], said: str) -> None:
    case = filed(world)
    answer = client_of(world.wati).post(f"/meja/{case.number}/penjelasan/", {"version": case.version, **fields})
    assert said in answer.content.decode()
    assert not case.events.filter(verb="summon").exists()


def test_neither_the_office_itself_nor_a_neighbour_may(world: World) -> None:
    case = filed(world)
    for by in (world.joko, world.hana, world.tono, world.bayu):
        with pytest.raises(NotAllowed):
            case.summon(by=by, reason="Mengapa?", due_on=days(22).date(), now=days(20))
    with pytest.raises(Incomplete):
        case.summon(by=world.wati, reason=" ", due_on=days(22).date(), now=days(20))


def test_of_a_secret_case_the_letter_says_only_that_it_is_asked(world: World) -> None:
    case = filed(world, "Uang pungutan diminta.", title="Pungutan", secret=True)
    case.summon(by=world.wati, reason="Soal pungutan loket dua.", due_on=days(22).date(), now=days(20))
    mail.outbox.clear()
    delivery.send_due(now=days(20.1))
    for letter in mail.outbox:
        assert "ungutan" not in f"{letter.subject}{letter.body}"


def page_of(who: object, address: str) -> str:
    return client_of(who).get(address).content.decode()  # type: ignore[arg-type]


def test_it_is_marked_on_the_case_and_on_the_list_and_has_a_view_of_its_own(world: World) -> None:
    case = filed(world)
    assert "Diminta menjelaskan" not in page_of(world.joko, "/meja/")
    case.summon(by=world.wati, reason="Mengapa belum dijawab?", due_on=days(22).date(), now=days(20))
    page = page_of(world.joko, f"/meja/{case.number}/")
    assert 'id="penjelasan"' in page
    assert "Mengapa belum dijawab?" in page
    assert "penjelasan diminta sampai 20 Juni 2026" in page_of(world.joko, "/meja/")
    assert case.number in page_of(world.joko, "/meja/?q=penjelasan:diminta")
    assert "Diminta menjelaskan" in page_of(world.wati, "/meja/?q=kantor:semua")
    assert case.number not in page_of(world.wati, "/meja/?q=kantor:semua+penjelasan:lewat")
    case.note("Besok dikerjakan.", by=world.joko, now=days(20.3))
    assert 'id="penjelasan"' not in page_of(world.joko, f"/meja/{case.number}/")
    assert "penjelasan diminta" not in page_of(world.joko, "/meja/")


@pytest.mark.slow
def test_after_its_day_the_office_is_reminded_once_and_the_coordinator_sees_it(world: World) -> None:
    case = filed(world)
    case.summon(by=world.wati, reason="Mengapa belum dijawab?", due_on=days(20).date(), now=days(20))
    assert what_the_date_brings(days(20.1))["accounts"] == 0, "its day is not over"
    assert "Penjelasan yang belum datang" not in page_of(world.wati, "/pengawasan/")
    with time_machine.travel(days(21), tick=False):
        mail.outbox.clear()
        assert [what_the_date_brings(days(21))["accounts"] for _again in range(2)] == [1, 0]
        delivery.send_due(now=days(21.01))
        told = [one for one in mail.outbox if "Penjelasan belum ada" in one.subject]
        assert {one.to[0] for one in told} >= {world.joko.user.email}  # type: ignore[union-attr]
        assert "Mengapa belum dijawab?" not in told[0].body
        page = page_of(world.wati, "/pengawasan/")
        assert "Penjelasan yang belum datang" in page
        assert case.title in page
        assert "Penjelasan yang belum datang" not in page_of(world.hana, "/pengawasan/")
        assert "Penjelasan tidak datang" in page_of(world.joko, f"/meja/{case.number}/")
        case.note("Besok dikerjakan.", by=world.joko, now=days(21.1))
        assert "Penjelasan yang belum datang" not in page_of(world.wati, "/pengawasan/")


def test_it_goes_along_to_a_unit_and_ends_where_the_case_is_moved_or_ends(world: World) -> None:
    case, moved = filed(world), filed(world)
    for one in (case, moved):
        one.summon(by=world.wati, reason="Mengapa?", due_on=days(22).date(), now=days(20))
    again = case.summon(by=world.wati, reason="Dan kapan?", due_on=days(23).date(), now=days(20.1))
    assert CallUp.objects.open().get(complaint=case).asked == again
    dispatch.move(moved, world.dinas_kesehatan, by=world.wati, reason="Salah kantor.", now=days(20.2))
    assert called_up() == [case.number]
    case.withdraw(by=SARI, now=days(20.3))
    assert called_up() == []


def test_of_a_secret_case_the_coordinators_page_has_no_title(world: World) -> None:
    case = filed(world, "Uang pungutan diminta.", title="Pungutan", secret=True)
    case.summon(by=world.wati, reason="Soal pungutan.", due_on=days(20).date(), now=days(20))
    with time_machine.travel(days(21), tick=False):
        page = page_of(world.wati, "/pengawasan/")
        assert "Penjelasan yang belum datang" in page
        assert "ungutan" not in page
        assert "Penjelasan yang belum datang" not in page_of(world.ratna, f"/pengawasan/{world.pemkab.pk}/")
