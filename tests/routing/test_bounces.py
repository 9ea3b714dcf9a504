"""Who hands reports back most, between whom they go to and fro: counted and opened as far as one may."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import Agency, Role
from complaints.models import Complaint
from routing import bounces, dispatch
from routing.models import Disposition
from tests.filing import SARI, days, filed
from tests.scenes import once
from tests.world import World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]
HERE = "/pengawasan/pengembalian/"


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


def refused(world: World, *, named: Agency | None = None, at: float = 1, **more: Any) -> Complaint:
    """The Dinas PU says that it is not theirs."""
    case = filed(world, at=at, **more)
    dispatch.hand_back(case, by=world.joko, ground="NOT_OURS", reason="Bukan kami.", proposed=named, now=days(at + 0.1))
    return Complaint.objects.get(pk=case.pk)


def to_and_fro(world: World, *, at: float = 1, **more: Any) -> Complaint:
    """Refused by the Dinas PU, sent to the Dinkes it named, refused there with the Dinas PU named."""
    case = refused(world, named=world.dinas_kesehatan, at=at, **more)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Coba di sana.", now=days(at + 0.2))
    dispatch.hand_back(
        case, by=world.dewi, ground="NOT_OURS", reason="Bukan.", proposed=world.dinas_pu, now=days(at + 0.3)
    )
    return Complaint.objects.get(pk=case.pk)


@once(at=days(20))
def busy(world: World) -> World:
    """The Dinas PU received four and refused three, one of them to and fro; one secret, one long ago."""
    to_and_fro(world, title="Air keruh di jalan")
    refused(world)
    refused(world, named=world.dinas_kesehatan)
    filed(world)
    refused(world, secret=True, title="Rahasia sekali")
    refused(world, at=-200)
    return world


@pytest.mark.slow
def test_shares_are_of_what_the_office_received(busy: World) -> None:
    view = client_of(busy.wati).get(HERE).context["view"]
    assert [(one.agency, one.refused, one.received, one.share) for one in view.offices] == [
        (busy.dinas_pu, 3, 4, 75),
        (busy.dinas_kesehatan, 1, 1, 100),
    ]
    assert view.offices[0].named == [(busy.dinas_kesehatan, 2)]
    assert view.refused == 4
    a_year = client_of(busy.wati).get(f"{HERE}?hari=365").context["view"]
    assert a_year.offices[0].refused == 4


def test_a_pair_refused_the_same_report_or_named_each_other(busy: World) -> None:
    [pair] = client_of(busy.wati).get(HERE).context["view"].pairs
    assert {pair.first, pair.second} == {busy.dinas_pu, busy.dinas_kesehatan}
    assert pair.both == 1
    assert sorted([pair.first_named, pair.second_named]) == [1, 2]


def test_a_unit_that_gives_back_refuses_nobody_and_no_proposal_is_a_refusal(world: World) -> None:
    world.officer("Pak Unit", world.bidang_jalan)
    case = filed(world, at=1)
    dispatch.pass_on(case, world.bidang_jalan, by=world.joko, now=days(2))
    unit = world.bidang_jalan.memberships.get()
    dispatch.hand_back(case, by=Actor.officer(unit), ground="NOT_OURS", reason="Bukan unit kami.", now=days(3))
    dispatch.hand_back(case, by=world.joko, ground="PROPOSE_ARCHIVE", reason="Bukan layanan.", now=days(3))
    assert "Tidak ada yang dikembalikan" in client_of(world.wati).get(HERE).content.decode()


def test_the_cases_behind_a_number_are_those_one_may_open(busy: World) -> None:
    client = client_of(busy.wati)
    page = client.get(f"{HERE}?kantor={busy.dinas_pu.pk}")
    assert len(page.context["cases"]) == 3
    assert "Rahasia sekali" not in page.content.decode()
    both = client.get(f"{HERE}?kantor={busy.dinas_pu.pk}&dengan={busy.dinas_kesehatan.pk}")
    assert [one.title for one in both.context["cases"]] == ["Air keruh di jalan"]
    assert client.get(f"{HERE}?kantor=abc&dengan=²&hari=7").status_code == 200


def test_an_observer_and_a_neighbour_read_totals_and_nothing_of_others(busy: World) -> None:
    totals = client_of(busy.bayu).get(f"{HERE}?kantor={busy.dinas_pu.pk}")
    assert totals.context["view"].offices[0].refused == 3
    assert totals.context["cases"] == []
    assert "kantor=" not in totals.content.decode()
    assert client_of(busy.tono).get(HERE).context["view"].offices == []
    assert client_of(busy.tono).get(f"/pengawasan/{busy.pemkab.pk}/pengembalian/").status_code == 404
    province = busy.officer("Pengawas Provinsi", busy.pemprov, Role.OBSERVER)
    beside = client_of(province).get(f"/pengawasan/{busy.pemkab.pk}/pengembalian/")
    assert beside.context["view"].offices[0].refused == 3


def test_a_case_that_became_secret_is_counted_no_more(world: World) -> None:
    case = refused(world)
    assert client_of(world.ratna).get(HERE).context["view"].refused == 1
    case.tighten(secret=True, by=SARI, now=days(2))
    assert client_of(world.ratna).get(HERE).context["view"].refused == 0


@pytest.mark.slow
def test_statements_do_not_grow_with_what_was_refused(busy: World) -> None:
    client = client_of(busy.wati)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(HERE)
        return len(queries)

    client.get(HERE)
    few = cost()
    to_and_fro(busy)
    to_and_fro(busy, addressed_to=busy.dinas_pu)
    assert cost() == few <= 12


@pytest.mark.parametrize("index", ["disposition_refused", "disposition_received"])
def test_the_refusals_alone_are_read_and_what_one_office_received(world: World, index: str) -> None:
    since = days(-70).date()
    rows = {
        "disposition_refused": Disposition.objects.filter(bounces.REFUSED, received_on__gte=since),
        "disposition_received": Disposition.objects.filter(agency__in=[world.dinas_pu.pk], received_on__gte=since),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        # On a table of no rows every index costs the same: only the one that was made for it stays.
        cursor.execute(
            """
            SELECT other.indexrelid::regclass::text
            FROM pg_index made JOIN pg_index other ON other.indrelid = made.indrelid
            WHERE made.indexrelid = %s::regclass AND other.indexrelid <> made.indexrelid
              AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = other.indexrelid)
            """,
            [index],
        )
        for (other,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {other}")
    assert index in rows[index].order_by().explain()
