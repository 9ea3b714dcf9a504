"""The home page: live figures that cost the same however many cases there are, and a first day that says so."""

from __future__ import annotations

from http import HTTPStatus

import brotli
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.models import ServiceStandard
from routing import figures, tasks
from routing.models import Headline
from tests.filing import answered, days, filed, missed, published, resolved
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_first_day_says_what_is_so_and_the_next_act(client: Client, world: World) -> None:
    response = client.get("/")
    page = response.content.decode()
    assert response.status_code == HTTPStatus.OK
    assert "Belum ada laporan masuk tujuh hari terakhir." in page
    assert "Belum ada laporan yang diterbitkan" in page
    assert "Tidak ada laporan yang lewat batas waktu hari ini." in page
    assert 'href="/lapor/"' in page


def test_it_works_before_anything_was_loaded(client: Client, db: None) -> None:
    ServiceStandard.objects.all().delete()
    assert client.get("/").status_code == HTTPStatus.OK


def test_the_days_of_the_steps_are_those_in_force(client: Client, world: World) -> None:
    ServiceStandard.objects.filter(clock="RESPOND", kind="PENGADUAN").update(working_days=7)
    assert "Paling lama 7 hari kerja" in client.get("/").content.decode()


def test_the_week_is_told_in_one_sentence(client: Client, world: World) -> None:
    with time_machine.travel(days(13), tick=False):
        for n in range(3):
            filed(world, at=7 + n / 100)
        answered(published(world, at=7), world.joko, at=10)
        filed(world, at=7, secret=True)
        filed(world, at=-30)
        figures.refresh_home()
        page = client.get("/").content.decode()
    assert "5 laporan</a> masuk" in page
    assert "<b>1</b> sudah dijawab." in page, "half of one says nothing"
    assert "Tersambung: 8 kantor" in page
    assert "Dihitung 11 Juni, 12.00 WIB." in page


def test_from_five_answers_on_it_says_how_fast(client: Client, world: World) -> None:
    with time_machine.travel(days(13), tick=False):
        for n in range(5):
            answered(filed(world, at=7 + n / 100), world.joko, at=10)
        figures.refresh_home()
        page = client.get("/").content.decode()
    assert "<b>5</b> sudah dijawab, separuhnya dalam <b>1 hari kerja</b>." in page


def test_what_is_late_is_told_with_its_age(client: Client, world: World) -> None:
    with time_machine.travel(days(20), tick=False):
        missed(published(world), at=20)
        figures.refresh_home()
        page = client.get("/").content.decode()
    assert "laporan sudah lewat batas waktu di 1 kantor. Yang tertua terlambat 7 hari kerja." in page
    assert "Terlambat 7 hari kerja" in page


def test_the_figures_are_read_from_one_row_and_written_by_the_worker(client: Client, world: World) -> None:
    client.get("/")
    for n in range(6):
        published(world, f"Jalan rusak {n}", at=n / 100)
    assert Headline.objects.get(name="beranda").figures["received"] == 0
    with CaptureQueriesContext(connection) as statements:
        client.get("/")
    assert len(statements) <= 8
    tasks.refresh_home()
    tasks.refresh_home()
    assert Headline.objects.count() == 1


def test_the_whole_first_visit_weighs_less_than_fifteen_kilobytes(client: Client, world: World) -> None:
    with time_machine.travel(days(3), tick=False):
        for n in range(6):
            published(world, f"Jalan berlubang di depan pasar kecamatan {n}", at=n / 100)
        resolved(answered(published(world), world.joko, at=1), world.joko, at=2)
        figures.refresh_home()
        page = client.get("/").content
    icon = client.get("/static/icons/mark.svg")
    assert len(brotli.compress(page, quality=5)) + len(getattr(icon, "content", b"")) <= 15_360
