"""Kominfo's page: what each office has open, how late, who is silent; its cases; a reminder with a reason."""

from __future__ import annotations

import datetime
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import AuditEntry, Holiday, Role
from complaints.models import Event
from routing.models import DeskVisit, Escalation
from routing.views import district as views
from tests.filing import answered, days, filed, missed, published
from tests.scenes import once
from tests.world import World, client_of, opd

pytestmark = pytest.mark.django_db
HERE = "/pengawasan/"


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


def visit(by: Actor, at: float) -> None:
    DeskVisit.objects.update_or_create(membership=by.membership, defaults={"last_at": days(at)})


def rows(client: Client, address: str = HERE) -> dict[str, Any]:
    context = client.get(address).context
    lines = [line for _label, _words, lines in context["groups"] for line in lines] + context["folded"]
    return {line["row"].agency.shown_name: line["row"] for line in lines}


def groups(client: Client, address: str = HERE) -> dict[str, list[str]]:
    context = client.get(address).context
    return {str(label): [line["row"].agency.shown_name for line in lines] for label, _words, lines in context["groups"]}


@once(at=days(20))
def busy(world: World) -> World:
    """Dinas PU: two late, silent. Dinkes: one in time, visited today."""
    published(world)
    filed(world)
    filed(world, addressed_to=world.dinas_kesehatan, at=19)
    answered(filed(world, at=2), world.joko, at=4)
    visit(world.joko, 4)
    visit(world.dewi, 20)
    return world


def test_a_coordinator_sees_every_office_of_the_subtree(busy: World) -> None:
    found = rows(client_of(busy.wati))
    assert (found["Dinas PU"].open, found["Dinas PU"].late, found["Dinas PU"].oldest) == (3, 2, 12)
    assert found["Dinas PU"].ages == [0, 0, 0, 0, 3, 0]
    assert (found["Dinkes"].open, found["Dinkes"].late, found["Dinkes"].silent) == (1, 0, False)
    assert found["Inspektorat"].open == 0
    assert "Pemkab Tetangga" not in found


def test_silent_offices_stand_first_and_have_the_button(busy: World) -> None:
    client = client_of(busy.wati)
    found = groups(client)
    assert found["Diam"] == ["Dinas PU"]
    assert found["Ada yang terlambat"] == []
    page = client.get(HERE).content.decode()
    assert "Ada <b>4 laporan</b> terbuka." in page
    assert '<b class="late">2 terlambat</b>, di 1 kantor.' in page
    assert '<b class="late">1 kantor</b> belum membuka mejanya' in page
    client.cookies["bahasa"] = "en"
    page = client.get(HERE).content.decode()
    assert '<b class="late">2 late</b>, at 1 office.' in page
    assert '<b class="late">1 office</b> has not opened its desk' in page


def test_an_office_that_was_here_yesterday_is_late_and_not_silent(busy: World) -> None:
    visit(busy.joko, 19)
    assert groups(client_of(busy.wati))["Ada yang terlambat"] == ["Dinas PU"]


def test_a_new_case_at_a_desk_nobody_needed_yet_is_no_silence(world: World) -> None:
    filed(world, at=19)
    assert not rows(client_of(world.wati))["Dinas PU"].silent


def test_a_quiet_subtree_says_so(world: World) -> None:
    assert "Tidak ada laporan terbuka." in client_of(world.wati).get(HERE).content.decode()


@pytest.mark.slow
def test_the_number_of_statements_does_not_grow_with_the_offices(busy: World) -> None:
    client = client_of(busy.wati)
    client.get(HERE)
    with CaptureQueriesContext(connection) as few:
        client.get(HERE)
    for n in range(30):
        opd(busy.pemkab, f"Dinas {n}", "", "", urusan="dinas").save()
    with CaptureQueriesContext(connection) as many:
        client.get(HERE)
    assert len(many) == len(few) <= 20


def test_a_head_sees_the_own_office_and_its_officers(busy: World) -> None:
    client = client_of(busy.hana)
    assert set(rows(client)) == {"Dinas PU", "Bidang Jalan dan Jembatan"}
    page = client.get(HERE).content.decode()
    assert "Petugas kantor ini" in page
    assert "Joko Prasetyo" in page
    assert "Ingatkan" not in page


def test_the_regent_sees_the_district_and_the_people_of_the_own_office(busy: World) -> None:
    page = client_of(busy.officer("Bupati Sukamaju", busy.pemkab, Role.HEAD)).get(HERE).content.decode()
    assert "Dinas Kesehatan" in page
    assert "Wati Lestari" in page
    assert "Joko Prasetyo" not in page


def test_a_filter_shows_no_sum_of_what_it_hides(busy: World) -> None:
    client = client_of(busy.wati)
    assert "<tfoot>" in client.get(HERE).content.decode()
    page = client.get(f"{HERE}?jenis=kecamatan").content.decode()
    assert "Kecamatan Mekarsari" in page
    assert "<tfoot>" not in page


@pytest.mark.parametrize(
    ("who", "status"), [("joko", 403), ("dewi", 403), ("wati", 200), ("hana", 200), ("ratna", 200), ("bayu", 200)]
)
def test_who_may_come_here(busy: World, who: str, status: int) -> None:
    assert client_of(getattr(busy, who)).get(HERE).status_code == status


def test_guests_sign_in_and_citizens_are_refused(busy: World) -> None:
    assert Client().get(HERE).status_code == HTTPStatus.FOUND
    assert client_of(busy.sari).get(HERE).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("path", ["", "laporan/", "ingatan/"])
def test_an_office_elsewhere_does_not_exist(busy: World, path: str) -> None:
    address = f"{HERE}{busy.dinas_pu.pk}/{path}"
    client = client_of(busy.tono)
    answer = client.post(address, {"reason": "Tolong."}) if path == "ingatan/" else client.get(address)
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_drilling_down_shows_the_cases_and_a_secret_one_without_its_words(busy: World) -> None:
    filed(busy, "Mandor menahan upah.", title="Upah ditahan mandor", secret=True)
    page = client_of(busy.wati).get(f"{HERE}{busy.dinas_pu.pk}/laporan/").content.decode()
    assert "Jalan berlubang di depan pasar" in page
    assert "Laporan rahasia" in page
    assert "Upah" not in page


@pytest.mark.parametrize("who", ["ratna", "hana", "bayu"])
def test_who_is_not_named_for_a_secret_case_finds_none(busy: World, who: str) -> None:
    """NATIONAL asks with a reason first, a head above the handler and an observer never see it in a list."""
    filed(busy, secret=True, addressed_to=busy.bidang_jalan)
    busy.officer("Tuti", busy.bidang_jalan)
    secret = filed(busy, "Uang pungutan diminta.", secret=True, addressed_to=busy.bidang_jalan)
    assert secret.handler == busy.bidang_jalan
    page = client_of(getattr(busy, who)).get(f"{HERE}{busy.bidang_jalan.pk}/laporan/").content.decode()
    assert "Laporan rahasia" not in page
    assert secret.shown_number not in page


def test_an_observer_reads_the_public_copy_and_never_the_text(busy: World) -> None:
    filed(busy, title="Nama lengkap di judul")
    page = client_of(busy.bayu).get(f"{HERE}{busy.dinas_pu.pk}/laporan/").content.decode()
    assert "Jalan berlubang di depan pasar" in page
    assert "Nama lengkap" not in page
    assert "Belum diterbitkan" in page


def test_a_province_opens_a_districts_page_as_what_climbed_there(busy: World) -> None:
    """Its own page: tests/routing/test_territory.py."""
    client = client_of(busy.officer("Pak Provinsi", busy.pemprov, Role.OBSERVER))
    case = missed(filed(busy), at=20)
    address = f"{HERE}{busy.pemkab.pk}/laporan/"
    assert client.get(f"{HERE}{busy.pemkab.pk}/").url == address  # type: ignore[attr-defined]
    assert "Belum diterbitkan" not in client.get(address).content.decode()
    Escalation.objects.create(clock=case.clocks.get(kind="RESPOND"), level=Escalation.Level.COORDINATOR, at=days(20))
    page = client.get(address).content.decode()
    assert "Belum diterbitkan" in page
    assert "Ingatkan" not in page
    assert client.get(f"{HERE}{busy.dinas_pu.pk}/laporan/").status_code == HTTPStatus.NOT_FOUND


def test_a_reminder_has_a_reason_goes_to_the_late_cases_and_is_logged(busy: World) -> None:
    client = client_of(busy.wati)
    address = f"{HERE}{busy.dinas_pu.pk}/ingatan/"
    answer = client.post(address, {"reason": "Dua laporan lewat tenggat. Kapan dijawab?"}, follow=True)
    assert "diingatkan tentang 2 laporan." in answer.content.decode()
    assert Event.objects.filter(verb="nudge").count() == 2
    entry = AuditEntry.objects.get(what="nudge")
    assert (entry.who, entry.acting_as, entry.subject_id) == (busy.wati.user, busy.pemkab, busy.dinas_pu.pk)
    assert entry.reason == "Dua laporan lewat tenggat. Kapan dijawab?"
    again = client.post(address, {"reason": "Sekali lagi."})
    assert again.status_code == HTTPStatus.BAD_REQUEST
    assert "sudah diingatkan hari ini" in again.content.decode()
    assert "Sekali lagi." in again.content.decode(), "what was typed is kept"


def test_an_office_without_late_cases_is_reminded_of_its_oldest(busy: World) -> None:
    client_of(busy.wati).post(f"{HERE}{busy.dinas_kesehatan.pk}/ingatan/", {"reason": "Sudah dibaca?"})
    assert Event.objects.filter(verb="nudge").count() == 1


def test_a_reminder_needs_a_reason(busy: World) -> None:
    answer = client_of(busy.wati).post(f"{HERE}{busy.dinas_pu.pk}/ingatan/", {"reason": "  "})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "Tulis alasan mengingatkan kantor ini." in answer.content.decode()
    assert not Event.objects.filter(verb="nudge").exists()


@pytest.mark.parametrize(("who", "office"), [("hana", "dinas_pu"), ("bayu", "dinas_pu")])
def test_who_only_reads_may_not_remind(busy: World, who: str, office: str) -> None:
    address = f"{HERE}{getattr(busy, office).pk}/ingatan/"
    assert client_of(getattr(busy, who)).post(address, {"reason": "Tolong."}).status_code == HTTPStatus.FORBIDDEN


def test_from_october_a_missing_calendar_raises_the_alarm(world: World) -> None:
    client = client_of(world.wati)
    said = "Hari libur 2027 belum dimuat."
    assert said not in client.get(HERE).content.decode()
    with time_machine.travel(datetime.datetime(2026, 10, 5, 3, tzinfo=datetime.UTC), tick=False):
        client = client_of(world.wati)
        assert said not in client.get(HERE).content.decode()
        Holiday.objects.filter(date__year=2027).delete()
        assert said in client.get(HERE).content.decode()


def test_many_offices_in_time_fold_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "SHOWN", 2)
    context = client_of(world.wati).get(HERE).context
    assert len(context["groups"][2][2]) == 2
    assert len(context["folded"]) == 5


def test_a_cursor_or_filter_that_is_nonsense_is_no_error(busy: World) -> None:
    client = client_of(busy.wati)
    assert client.get(f"{HERE}{busy.dinas_pu.pk}/laporan/?setelah=%00&lewat=x").status_code == HTTPStatus.OK
    assert client.get(f"{HERE}?jenis=%00").status_code == HTTPStatus.OK
