"""Progress of the priority programmes, by programme and province; their cases in pages; secret ones nowhere."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import Programme, Role
from complaints.models import Complaint
from routing import programmes, queue
from tests.filing import SARI, days, filed, published, resolved
from tests.scenes import once
from tests.world import World, client_of, programme

pytestmark = pytest.mark.django_db
HERE = "/pengawasan/program/"


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


@once(at=days(20))
def roads() -> Programme:
    return programme("jalan-daerah", name="Jalan Daerah", legal_basis="Inpres 3/2023")


def observer(world: World, of: Programme) -> Actor:
    return world.officer(f"Pengawas {of.code}", world.root, Role.OBSERVER, programme=of)


def gathered(case: Complaint, of: Programme, world: World) -> Complaint:
    case.tag(of, by=world.seno if not case.secret else Actor.system("worker"), reason="Soal jalan.")
    return case


@once(at=days(20))
def country(world: World, roads: Programme) -> World:
    """Sukaraya: one late and published, one in time, one answered, one closed, one secret. Fajar Timur: one late."""
    gathered(published(world), roads, world)
    gathered(filed(world, at=19, title="Baru kemarin"), roads, world)
    gathered(resolved(filed(world, at=18), world.joko, at=19), roads, world)
    done = gathered(resolved(filed(world, at=1), world.joko, at=2), roads, world)
    done.accept(by=SARI, now=days(3))
    gathered(filed(world, secret=True, title="Pungutan rahasia"), roads, world)
    gathered(filed(world, place=world.karang_pagi, addressed_to=world.ministry, title="Di timur"), roads, world)
    filed(world, title="Tanpa program")
    return world


def counts(client: Client, address: str) -> dict[str, tuple[int, int, int, int]]:
    context = client.get(address).context
    lines = [line for line, *_cells in context["lines" if "lines" in context else "provinces"]]
    return {line.name: (line.counts.open, line.counts.late, line.counts.answered, line.counts.closed) for line in lines}


def titles(client: Client, address: str) -> list[str]:
    return [str(one["title"]) for one in client.get(address).context["rows"]]


# --- The list of programmes ---


def test_nothing_recorded_says_who_records_it(world: World) -> None:
    assert "Admin nasional yang mencatat program" in client_of(world.wati).get(HERE).content.decode()
    assert "/kelola/program/" in client_of(world.ratna).get(HERE).content.decode()


def test_each_programme_with_its_counts_in_the_readers_reach(country: World, roads: Programme) -> None:
    programme("gizi", name="Makan Bergizi")
    assert counts(client_of(country.ratna), HERE) == {"Jalan Daerah": (4, 2, 1, 1), "Makan Bergizi": (0, 0, 0, 0)}
    assert counts(client_of(country.wati), HERE) == {"Jalan Daerah": (3, 1, 1, 1), "Makan Bergizi": (0, 0, 0, 0)}
    assert counts(client_of(country.tono), HERE)["Jalan Daerah"] == (0, 0, 0, 0)


def test_its_observer_knows_of_that_programme_alone(country: World, roads: Programme) -> None:
    programme("gizi", name="Makan Bergizi")
    laksmi = client_of(observer(country, roads))
    assert counts(laksmi, HERE) == {"Jalan Daerah": (4, 2, 1, 1)}
    assert laksmi.get(f"{HERE}gizi/").status_code == 404
    assert laksmi.get(f"{HERE}tidak-ada/").status_code == 404
    assert laksmi.get("/pengawasan/").headers["Location"] == HERE


def test_one_that_ended_is_shown_as_long_as_it_has_cases(country: World, roads: Programme) -> None:
    programme("lama", name="Program Lama", ends_on=days(1).date())
    Programme.objects.filter(pk=roads.pk).update(ends_on=days(10).date(), closing="Dilanjutkan daerah.")
    assert set(counts(client_of(country.ratna), HERE)) == {"Jalan Daerah"}
    page = client_of(country.ratna).get(f"{HERE}jalan-daerah/").content.decode()
    assert "Program ini berakhir 8 Juni 2026" in page
    assert "Dilanjutkan daerah." in page


# --- One programme ---


def test_progress_by_province(country: World, roads: Programme) -> None:
    assert counts(client_of(country.ratna), f"{HERE}jalan-daerah/") == {
        "Sukaraya": (3, 1, 1, 1),
        "Fajar Timur": (1, 1, 0, 0),
    }


@pytest.mark.parametrize("few", [True, False])
def test_a_case_without_a_place_counts_where_its_office_is(
    world: World, roads: Programme, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programmes, "FEW", 0)
    monkeypatch.setattr(programmes, "SHORT", programmes.SHORT if few else -1)
    gathered(filed(world, place=None), roads, world)
    gathered(filed(world, place=None, addressed_to=world.bumn), roads, world)
    filed(world, place=None, title="Tanpa program")
    found = client_of(world.ratna)
    assert set(counts(found, f"{HERE}jalan-daerah/")) == {"Sukaraya", "Tanpa tempat"}
    assert len(titles(found, f"{HERE}jalan-daerah/?provinsi=99")) == 1


@pytest.mark.parametrize("few", [True, False])
def test_the_lists_of_one_programme(
    country: World, roads: Programme, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programmes, "FEW", programmes.FEW if few else 0)
    ratna, here = client_of(country.ratna), f"{HERE}jalan-daerah/"
    assert len(titles(ratna, here)) == 4
    assert "Tanpa program" not in titles(ratna, here)
    assert len(titles(ratna, f"{here}?daftar=terlambat")) == 2
    assert len(titles(ratna, f"{here}?daftar=dijawab")) == 1
    assert len(titles(ratna, f"{here}?daftar=selesai")) == 1
    assert titles(ratna, f"{here}?provinsi=98") == ["Di timur"]
    assert titles(ratna, f"{here}?provinsi=98&daftar=selesai") == []
    assert "Tidak ada laporan di daftar ini" in ratna.get(f"{here}?provinsi=98&daftar=selesai").content.decode()


def test_every_number_leads_to_its_cases_where_there_are_any(country: World, roads: Programme) -> None:
    ratna, here = client_of(country.ratna), f"{HERE}jalan-daerah/"
    context = ratna.get(here).context
    cells = [*context["whole"], *(cell for _line, _url, own in context["provinces"] for cell in own)]
    assert [cell.n for cell in cells] == [4, 2, 1, 1, 3, 1, 1, 1, 1, 1, 0, 0]
    for cell in cells:
        assert bool(cell.url) == bool(cell.n)
        assert not cell.n or len(titles(ratna, cell.url)) == cell.n, cell.url
    page = ratna.get(HERE).content.decode()
    assert f'<a href="{here}?daftar=terlambat#laporan">2<span class="vh"> Terlambat Jalan Daerah</span></a>' in page


def test_what_has_no_place_has_numbers_without_a_list(world: World, roads: Programme) -> None:
    gathered(filed(world, place=None, addressed_to=world.bumn), roads, world)
    [(line, _url, cells)] = client_of(world.ratna).get(f"{HERE}jalan-daerah/").context["provinces"]
    assert (line.code, cells[0].n, cells[0].url) == ("", 1, "")


@pytest.mark.parametrize("asked", ["provinsi=77", "provinsi=%00", "daftar=entah", "setelah=~x", "setelah=2026-01-01~9"])
@pytest.mark.sampled
def test_what_is_not_understood_is_left_out(country: World, roads: Programme, asked: str) -> None:
    assert client_of(country.ratna).get(f"{HERE}jalan-daerah/?{asked}").status_code == 200
    assert client_of(country.ratna).get(f"{HERE}%00/").status_code == 404


def test_its_observer_reads_titles_of_public_copies_alone(country: World, roads: Programme) -> None:
    laksmi = client_of(observer(country, roads))
    page = laksmi.get(f"{HERE}jalan-daerah/")
    found = [str(one["title"]) for one in page.context["rows"]]
    assert sorted(found) == ["Belum diterbitkan"] * 3 + ["Jalan berlubang di depan pasar"]
    for row in page.context["rows"]:
        assert laksmi.get(row["url"]).status_code == 200


def test_a_secret_case_is_in_no_count_and_no_list_for_nobody(world: World, roads: Programme) -> None:
    case = gathered(filed(world, secret=True, title="Pungutan rahasia"), roads, world)
    regent = world.officer("Bupati", world.pemkab, Role.HEAD)
    for reader in (world.ratna, world.wati, world.hana, regent, world.bayu, observer(world, roads)):
        client = client_of(reader)
        for address in (HERE, f"{HERE}jalan-daerah/", f"{HERE}jalan-daerah/?provinsi=99"):
            page = client.get(address)
            assert page.status_code == 200
            assert case.shown_number not in page.content.decode()
            assert "Pungutan" not in page.content.decode()
        assert counts(client, HERE) == {"Jalan Daerah": (0, 0, 0, 0)}
        assert counts(client, f"{HERE}jalan-daerah/") == {}


def test_made_secret_later_it_is_gone_from_the_counts(world: World, roads: Programme) -> None:
    case, laksmi = gathered(filed(world), roads, world), client_of(observer(world, roads))
    assert counts(laksmi, HERE)["Jalan Daerah"][0] == 1
    case.tighten(secret=True, by=SARI)
    assert counts(laksmi, HERE)["Jalan Daerah"][0] == 0
    assert titles(laksmi, f"{HERE}jalan-daerah/") == []


def test_pages_of_fifty(world: World, roads: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue.page, "__defaults__", ("", 3))
    made = [gathered(filed(world, at=n), roads, world).number for n in range(7)]
    laksmi, address, seen = client_of(observer(world, roads)), f"{HERE}jalan-daerah/", []
    while address:
        context = laksmi.get(address).context
        seen += [one["row"].number for one in context["rows"]]
        address = context["next"]
    assert sorted(seen) == sorted(made)
    assert len(seen) == 7


def test_what_is_closed_comes_in_pages_of_fifty_too(
    world: World, roads: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For who reads the country received last first, for a district changed last first."""
    monkeypatch.setattr(queue.page, "__defaults__", ("", 2))
    made = [resolved(gathered(filed(world, at=n), roads, world), world.joko, at=5) for n in range(3)]
    for n, case in enumerate(reversed(made)):
        case.accept(by=SARI, now=days(6 + n))
    for who, wanted in ((world.ratna, made[::-1]), (observer(world, roads), made[::-1]), (world.wati, made)):
        client, address, seen = client_of(who), f"{HERE}jalan-daerah/?daftar=selesai", []
        while address:
            context = client.get(address).context
            seen += [one["row"].number for one in context["rows"]]
            address = context["next"]
        assert seen == [case.number for case in wanted]


@pytest.mark.slow
@pytest.mark.parametrize("who", ["centre", "coordinator", "observer"])
@pytest.mark.sampled
def test_the_number_of_statements_does_not_grow(world: World, roads: Programme, who: str) -> None:
    by = {"centre": world.ratna, "coordinator": world.wati}.get(who) or observer(world, roads)
    client = client_of(by)
    gathered(filed(world), roads, world)
    for address, most in ((HERE, 8), (f"{HERE}jalan-daerah/", 15)):
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for n in range(4):
            gathered(filed(world, at=n), roads, world)
        programme(f"lain-{len(address)}-{who}")
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) == len(few) <= most, [query["sql"][:90] for query in many.captured_queries]


# --- From the table of offices ---


def test_the_drill_down_asks_for_one_programme(country: World, roads: Programme) -> None:
    wati, office = client_of(country.wati), f"/pengawasan/{country.dinas_pu.pk}/laporan/"
    assert len(titles(wati, office)) == 5
    assert len(titles(wati, f"{office}?program=jalan-daerah")) == 3
    assert len(titles(wati, f"{office}?program=jalan-daerah&lewat=ya")) == 1
    page = wati.get(f"{office}?program=jalan-daerah").content.decode()
    assert "Hanya program Jalan Daerah." in page
    assert len(titles(wati, f"{office}?program=tidak-ada")) == 5
    assert len(titles(wati, f"{office}?program=%00")) == 5


def test_the_table_of_offices_counts_what_its_observer_may_read(country: World, roads: Programme) -> None:
    laksmi = client_of(observer(country, roads))
    district = f"/pengawasan/{country.pemkab.pk}/"
    view = laksmi.get(district).context["view"]
    assert (view.open, view.late) == (3, 1)
    assert client_of(observer(country, programme("gizi"))).get(district).context["view"].open == 0
    office = f"/pengawasan/{country.dinas_pu.pk}/laporan/"
    assert len(titles(laksmi, office)) == 3


@pytest.mark.parametrize("who", ["joko", "dewi", "lina"])
def test_who_may_not_see_numbers_sees_no_programme(country: World, who: str) -> None:
    client = client_of(getattr(country, who))
    for address in (HERE, f"{HERE}jalan-daerah/", f"{HERE}tidak-ada/"):
        assert client.get(address).status_code == 403
    assert Client().get(HERE).status_code == 302
    assert client_of(country.sari).get(f"{HERE}jalan-daerah/").status_code == 403
