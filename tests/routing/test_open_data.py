"""Published cases to take away: what the public pages say, a line a case, and nothing of what is not public."""

from __future__ import annotations

import csv
import io
import json

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.models import Publication
from routing import open_data
from tests.filing import answered, days, filed, published
from tests.world import World

pytestmark = pytest.mark.django_db
MONTH = f"{days(0):%Y-%m}"


def taken(client: Client, form: str = "csv", asked: str = "") -> str:
    answer = client.get(f"/statistik/data/laporan-{MONTH}.{form}{asked}")
    assert answer.status_code == 200
    return answer.getvalue().decode("utf-8-sig")


def lines(client: Client, asked: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(taken(client, asked=asked))))


def test_a_month_holds_what_was_published_in_it(client: Client, world: World) -> None:
    case = answered(published(world, "Lampu jalan mati", place=world.cibuni), world.joko, at=0.02)
    published(world, "=CMD(1)", at=0.01)
    filed(world, title="Hanya untuk petugas", secret=True)
    first, second = lines(client)
    assert list(first) == list(open_data.COLUMNS)
    assert (first["nomor"], first["judul"]) == (case.shown_number, "Lampu jalan mati")
    assert first["kode_wilayah"] == world.cibuni.code
    assert first["id_instansi"] == str(case.handler_id)
    assert first["jawaban_pertama"]
    assert not first["berakhir"]
    assert second["judul"] == "'=CMD(1)"


def test_the_same_as_json_names_its_licence(client: Client, world: World) -> None:
    published(world, "Pipa bocor")
    told = json.loads(taken(client, "json"))
    assert told["lisensi"] == "CC-BY-4.0"
    assert [row["judul"] for row in told["laporan"]] == ["Pipa bocor"]
    Publication.objects.all().delete()
    assert json.loads(taken(client, "json"))["laporan"] == []


def test_one_office_has_its_own_and_nobody_elses(client: Client, world: World) -> None:
    published(world, "Pipa bocor")
    published(world, "Antrean puskesmas", addressed_to=world.dinas_kesehatan, by=world.dewi)
    asked = f"?instansi={world.dinas_kesehatan.pk}"
    assert [row["judul"] for row in lines(client, asked)] == ["Antrean puskesmas"]
    assert f"{MONTH}.csv{asked}" in client.get(f"/statistik/data/{asked}").content.decode()


@pytest.mark.parametrize("month", ["2026-13", "1999-01", "2999-01"])
def test_a_month_that_is_none_is_not_found(client: Client, world: World, month: str) -> None:
    assert client.get(f"/statistik/data/laporan-{month}.csv").status_code == 404


def test_an_office_nobody_has_is_said_and_no_file_of_everything(client: Client, world: World) -> None:
    answer = client.get(f"/statistik/data/laporan-{MONTH}.csv?instansi=antah")
    assert answer.status_code == 400
    assert "tidak kami kenal" in answer.content.decode()
    assert "tidak kami temukan" in client.get("/statistik/data/?instansi=antah").content.decode()


def test_without_anything_published_the_page_says_so(client: Client, world: World) -> None:
    assert "Belum ada laporan yang diterbitkan" in client.get("/statistik/data/").content.decode()


def test_months_go_back_to_the_first(client: Client, world: World) -> None:
    published(world, "Pipa bocor")
    with time_machine.travel(days(70), tick=False):
        page = client.get("/statistik/data/").content.decode()
    assert page.count(".csv") == len(open_data.months(days(70))) >= 3


def test_pages_of_cases_are_read_in_four_statements(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        published(world, f"Pipa bocor {n}", at=n / 100)
    monkeypatch.setattr(open_data, "PAGE", 2)
    with CaptureQueriesContext(connection) as said:
        assert [row["judul"] for row in lines(client)] == ["Pipa bocor 0", "Pipa bocor 1", "Pipa bocor 2"]
    assert len(said) <= 8
