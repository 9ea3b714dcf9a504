"""A head's own office: what waits for approval, what is late and with whom, itself against its past and the middle."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Role
from complaints.models import Message
from routing import office
from routing.measures import ledger
from tests.filing import answered, days, filed
from tests.routing.test_oversight import HERE, visit
from tests.world import World, client_of, opd

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _later() -> Any:
    with time_machine.travel(days(41), tick=False):  # Thursday 9 July 2026
        yield


def counted() -> None:
    while ledger.keep_up():
        pass


def test_late_with_whom_and_who_was_at_the_desk(world: World) -> None:
    case = answered(filed(world, title="Jembatan goyang"), world.joko, at=4)
    visit(world.joko, 30)
    page = client_of(world.hana).get(HERE).content.decode()
    assert "Terlambat, dan pada siapa" in page
    assert "Jembatan goyang" in page
    assert f"/meja/{case.number}/" in page
    assert "Joko Prasetyo" in page
    assert f"{HERE}{world.dinas_pu.pk}/laporan/?lewat=ya" in page
    assert "Ingatkan" not in page


def test_an_answer_that_waits_is_one_press_away(world: World) -> None:
    world.dinas_pu.approves_answers = True
    world.dinas_pu.save()
    case = answered(filed(world, at=38), world.joko, at=39)
    assert Message.objects.filter(state="PENDING").count() == 1
    page = client_of(world.hana).get(HERE).content.decode()
    assert "Menunggu persetujuan Anda" in page
    assert f'/meja/{case.number}/persetujuan/?next=/pengawasan/"' in page.replace("%2F", "/")
    seen = client_of(world.ratna).get(f"{HERE}{world.dinas_pu.pk}/").content.decode()
    assert "Menunggu persetujuan Anda" not in seen
    other = client_of(world.officer("Kepala Dinkes", world.dinas_kesehatan, Role.HEAD)).get(HERE).content.decode()
    assert case.number not in other


@pytest.mark.slow
def test_the_own_past_and_the_middle_of_five_offices_beside(world: World) -> None:
    """Last four weeks two turns, one in time; four weeks before one, answered after nothing but holidays."""
    answered(filed(world, at=-30), world.joko, at=-30)
    answered(filed(world, at=20), world.joko, at=21)
    filed(world, at=25)
    filed(world, secret=True, at=25)
    for n in range(3):
        dinas = opd(world.pemkab, f"Dinas {n}", "", "", urusan="dinas")
        dinas.save()
        world.officer(f"Petugas {n}", dinas)
        filed(world, addressed_to=dinas, at=30)
    filed(world, addressed_to=world.dinas_kesehatan, at=30)
    counted()
    assert world.hana.membership is not None
    found = office.past(world.dinas_pu, world.hana.membership, days(41).date())
    assert (found.now.turns, found.before.turns, found.year.turns) == (3, 0, 0)
    assert found.now.median == 1
    assert found.offices == 5
    assert found.beside is not None
    assert found.beside.turns == 1, "one each, two at the Dinas PU without the secret one"
    page = client_of(world.hana).get(HERE).content.decode()
    assert "Median kantor di daerah" in page


def test_of_fewer_than_five_offices_no_middle_is_told(world: World) -> None:
    filed(world, at=30)
    filed(world, addressed_to=world.dinas_kesehatan, at=30)
    counted()
    assert world.hana.membership is not None
    assert office.past(world.dinas_pu, world.hana.membership, days(41).date()).beside is None


def test_a_head_above_learns_nothing_of_a_secret_case_below(world: World) -> None:
    filed(world, secret=True, at=30)
    counted()
    regent = world.officer("Bupati Sukamaju", world.pemkab, Role.HEAD)
    answer = client_of(regent).get(f"{HERE}{world.dinas_pu.pk}/")
    assert "Tidak ada laporan terbuka." in answer.content.decode()
    assert answer.context["rows"][0]["values"][0] == "0"
    assert client_of(world.hana).get(HERE).context["rows"][0]["values"][0] == "1"


def test_an_empty_office_says_so(world: World) -> None:
    page = client_of(world.hana).get(HERE).content.decode()
    assert "Tidak ada laporan terbuka." in page
    assert "Terlambat, dan pada siapa" not in page


def test_at_most_twenty_statements(world: World) -> None:
    world.dinas_pu.approves_answers = True
    world.dinas_pu.save()
    for n in range(4):
        answered(filed(world, at=n), world.joko, at=n + 1)
    client = client_of(world.hana)
    client.get(HERE)
    with CaptureQueriesContext(connection) as few:
        client.get(HERE)
    assert len(few) <= 20, [query["sql"][:90] for query in few]
