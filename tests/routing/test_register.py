"""The register of the unanswered: everything late stands in it, at the office that let it lie; nothing secret does."""

from __future__ import annotations

import datetime
from http import HTTPStatus
from typing import Any

import brotli
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import Holiday
from complaints.models import Clock
from lapor.kit import paging
from routing import dispatch
from tests.filing import answered, days, filed, missed, published
from tests.world import World

pytestmark = pytest.mark.django_db
REGISTER = "/statistik/tidak-ditanggapi/"


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):
        yield


def test_an_empty_register_says_what_that_does_not_mean(client: Client, world: World) -> None:
    page = client.get(REGISTER).content.decode()
    assert "Tidak ada laporan yang lewat batas waktu hari ini" in page
    assert "tidak berarti tidak ada masalah" in page


def test_a_late_answer_stands_in_it_with_office_and_date(client: Client, world: World) -> None:
    case = missed(published(world), at=20)
    page = client.get(REGISTER).content.decode()
    assert "1 laporan</b> sudah lewat batas waktu." in page
    assert "Dinas Pekerjaan Umum dan Penataan Ruang" in page
    assert "Jawaban pertama seharusnya paling lambat Senin, 8 Juni 2026." in page
    assert "Terlambat 7 hari kerja" in page
    assert f'href="/laporan/{case.shown_number}/"' in page


def test_an_unpublished_case_is_listed_without_its_text(client: Client, world: World) -> None:
    case = filed(world, "Lurah meminta imbalan untuk surat.")
    page = client.get(REGISTER).content.decode()
    assert case.shown_number in page
    assert "Isinya belum diterbitkan." in page
    assert "imbalan" not in page
    assert f"/laporan/{case.shown_number}/" not in page


def test_secret_and_anonymous_cases_are_counted_and_not_listed(client: Client, world: World) -> None:
    hidden = [
        filed(world, secret=True),
        filed(world, anonymous=True),
        filed(world, not_for=world.dinas_pu, about_conduct=True),
    ]
    response = client.get(REGISTER)
    page = response.content.decode()
    assert "3 laporan</b> sudah lewat batas waktu." in page
    assert "3 di antaranya dihitung tanpa ditampilkan" in page
    assert not any(case.shown_number in page for case in hidden)
    assert response.context["rows"] == []


def test_moving_a_late_case_does_not_take_it_away_from_who_let_it_lie(client: Client, world: World) -> None:
    case = missed(filed(world), at=20)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Sebenarnya tugas Dinkes.", now=days(20))
    page = client.get(REGISTER).content.decode()
    assert "Dinas Pekerjaan Umum dan Penataan Ruang, Pemkab Sukamaju · sekarang di Dinkes" in page
    assert len(client.get(f"{REGISTER}?instansi={world.dinas_pu.pk}").context["rows"]) == 1
    assert len(client.get(f"{REGISTER}?instansi={world.dinas_kesehatan.pk}").context["rows"]) == 0


def test_what_is_answered_leaves_it(client: Client, world: World) -> None:
    answered(filed(world), world.joko, at=19)
    assert client.get(REGISTER).context["rows"] == []


def test_it_can_be_read_for_one_pemda(client: Client, world: World) -> None:
    filed(world)
    filed(world, addressed_to=world.dinas_pu_tetangga, place=world.batu_belah)
    assert len(client.get(REGISTER).context["rows"]) == 2
    for asked in (str(world.pemkab.pk), "pemkab sukamaju", "Pemerintah Kabupaten Sukamaju"):
        response = client.get(REGISTER, {"instansi": asked})
        assert [row["office"] for row in response.context["rows"]] == [
            "Dinas Pekerjaan Umum dan Penataan Ruang, Pemkab Sukamaju"
        ], asked
    assert "tidak kami temukan" in client.get(REGISTER, {"instansi": "kantor khayal"}).content.decode()


def test_a_miss_that_a_holiday_undid_is_told_as_corrected(client: Client, world: World) -> None:
    case = filed(world)
    with time_machine.travel(days(11), tick=False):  # Tuesday 9 June, one day late
        missed(case, at=11)
        for day in (5, 8, 9):
            Holiday.objects.create(date=datetime.date(2026, 6, day), name="Libur susulan")
        case.recompute(by=Actor.system("sweep"), now=days(11))
        clock = Clock.objects.get(complaint=case, kind="RESPOND")
        assert clock.corrected_at is not None
        response = client.get(REGISTER)
    page = response.content.decode()
    assert response.context["rows"] == []
    assert "Dikoreksi" in page
    assert "Batas waktu 8 Juni 2026 menjadi 11 Juni 2026." in page


def test_pages_follow_one_another_and_a_forged_cursor_is_the_first(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routing.views.register.PAGE", 2)
    for n in range(5):
        filed(world, at=n / 100)
    seen, url = [], REGISTER
    while url:
        response = client.get(url)
        seen += [row["number"] for row in response.context["rows"]]
        url = response.context["older"] and REGISTER + response.context["older"]
    assert len(seen) == len(set(seen)) == 5
    for cursor in ("x", paging.write("besok", 1), paging.write("2026-01-01", 2**70)):
        response = client.get(REGISTER, {"setelah": cursor})
        assert response.status_code == HTTPStatus.OK
        assert len(response.context["rows"]) == 2


def test_it_costs_the_same_with_one_row_and_with_a_full_page(client: Client, world: World) -> None:
    published(world)
    with CaptureQueriesContext(connection) as few:
        client.get(REGISTER)
    for n in range(24):
        published(world, f"Jalan rusak {n}", at=n / 100)
    with CaptureQueriesContext(connection) as many:
        page = client.get(REGISTER).content
    assert len(many) == len(few) <= 12
    assert len(brotli.compress(page, quality=5)) <= 15_360
