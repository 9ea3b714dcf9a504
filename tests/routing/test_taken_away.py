"""Whatever a page of oversight tells in numbers can be taken away: with what was asked, when, and by whom."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import Agency, Role
from complaints.models import Tag
from routing import dispatch, standing
from routing.measures import ledger
from routing.models import SignalCount
from tests.filing import answered, days, filed, missed
from tests.scenes import once
from tests.taken import lines_of, missing_from
from tests.world import World, client_of, programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


@once(at=days(20))
def busy(world: World) -> World:
    """Dinas PU: one late and tagged, one answered, one handed back; an office called as a formula would be."""
    case = missed(filed(world), at=14)
    answered(filed(world), world.joko, at=3)
    Tag.objects.create(complaint=case, programme=programme("jalan"), placed_at=days(15))
    back = filed(world, at=16)
    dispatch.hand_back(
        back, by=world.joko, ground="NOT_OURS", proposed=world.dinas_kesehatan, reason="Bukan jalan kami.", now=days(17)
    )
    Agency.objects.filter(pk=world.dinas_kesehatan.pk).update(name="=cmd|' /C calc'!A0")
    SignalCount.objects.create(
        agency=world.pemkab, year=2026, code="answered_fast", peers="KABUPATEN", count=9, base=20, counted_at=days(19)
    )
    ledger.keep_up()
    standing.refresh()
    return world


def addresses(world: World) -> dict[str, tuple[Actor, str]]:
    observer = world.officer("Pak Provinsi", world.pemprov, Role.OBSERVER)
    return {
        "district": (world.wati, "/pengawasan/"),
        "sifted": (world.wati, "/pengawasan/?hanya=terlambat&urut=nama"),
        "country": (world.ratna, "/pengawasan/"),
        "agencies": (world.ratna, "/pengawasan/?semua=ya"),
        "province": (observer, f"/pengawasan/{world.pemprov.pk}/daerah/"),
        "ministry": (world.ratna, f"/pengawasan/{world.ministry.pk}/"),
        "programmes": (world.wati, "/pengawasan/program/"),
        "programme": (world.wati, "/pengawasan/program/jalan/"),
        "bounces": (world.wati, "/pengawasan/pengembalian/"),
        "signal": (world.ratna, f"/pengawasan/tanda/{world.pemkab.pk}/?tahun=2026"),
    }


@pytest.mark.slow
def test_every_number_of_a_page_is_in_its_file(busy: World) -> None:
    for name, (who, path) in addresses(busy).items():
        client = client_of(who)
        page = client.get(path)
        assert page.status_code == HTTPStatus.OK, name
        given = dict(page.context["files"])["CSV"]
        assert f'href="{given.replace("&", "&amp;")}"' in page.content.decode(), f"{name}: led to from the page"
        with CaptureQueriesContext(connection) as statements:
            taken = client.get(path.partition("?")[0] + given)
        assert len(statements) <= 20, name
        assert missing_from(taken, page.content.decode()) == [], name


def test_a_file_says_what_was_asked_when_and_by_whom_and_runs_no_formula(busy: World) -> None:
    for who, path in addresses(busy).values():
        lines = lines_of(client_of(who).get(path + ("&" if "?" in path else "?") + "bentuk=csv"))
        about = {line[0]: line[1] for line in lines if len(line) > 1}
        assert "18 Juni 2026" in about["Diunduh"]
        assert about["Oleh"].startswith(who.user.name)  # type: ignore[union-attr]
        assert len({len(line) for line in lines}) == 1, "every line as wide as the others"
        assert not [cell for line in lines for cell in line if cell.startswith("=")]
    lines = lines_of(client_of(busy.wati).get("/pengawasan/?bentuk=csv&hanya=terlambat"))
    assert ["Saringan", "Yang ada terlambatnya"] in [line[:2] for line in lines]


def test_xlsx_and_pdf_and_no_other_form(busy: World) -> None:
    client = client_of(busy.wati)
    xlsx = client.get("/pengawasan/?bentuk=xlsx")
    assert b"".join(xlsx.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    made = client.get("/pengawasan/?bentuk=pdf").content
    assert made[:5] == b"%PDF-"
    assert b"/StructTreeRoot" in made
    assert "Pengawasan SKPD" in client.get("/pengawasan/?bentuk=doc").content.decode(), "as if not asked"


def test_a_file_is_for_who_may_see_the_page(busy: World) -> None:
    assert client_of(busy.tono).get(f"/pengawasan/{busy.pemkab.pk}/?bentuk=csv").status_code == HTTPStatus.NOT_FOUND
    assert client_of(busy.joko).get("/pengawasan/?bentuk=csv").status_code == HTTPStatus.FORBIDDEN
