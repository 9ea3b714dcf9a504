"""Statistics: what was promised, what was kept, always with n; small numbers and secret cases are not told apart."""

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

from routing import figures, groups
from routing.models import Headline, OfficeMonth
from tests.filing import SARI, answered, days, filed, resolved
from tests.world import World

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 6, 18)


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):
        yield


@pytest.fixture
def some(world: World) -> World:
    answered(filed(world), world.joko, at=3)  # one working day: Monday 1 June is a holiday, so 3 days on is 0
    answered(filed(world), world.joko, at=4)
    answered(filed(world), world.joko, at=14)  # late: due 8 June
    filed(world)  # late and unanswered
    filed(world, at=19)  # still has time
    filed(world, secret=True)  # late, told only of the country
    done = resolved(filed(world), world.joko, at=6)
    done.accept(by=SARI, rating_answer=4, rating_result=2, now=days(7))
    figures.refresh_months()
    return world


def test_the_country_counts_every_case_once(some: World) -> None:
    whole = figures.year(None, TODAY).all
    assert (whole.in_time, whole.late, whole.overdue, whole.pending) == (3, 1, 2, 1)
    assert whole.n == 6
    assert (whole.accepted, whole.lapsed, whole.rated, whole.mean_answer) == (1, 0, 1, 4)
    # 29 May to 1 June 0, to 2 June 1, to 4 June 3, to 12 June 9 working days.
    assert [n for n, count in enumerate(whole.days) for _ in range(count)] == [0, 1, 3, 9]
    assert whole.median == 2


def test_one_district_is_told_without_its_secret_cases(some: World) -> None:
    whole = figures.year(some.pemkab, TODAY).all
    assert whole.n == 5
    assert list(figures.year(some.pemkab, TODAY).below) == [some.dinas_pu.pk]
    assert figures.of_offices([some.dinas_pu.pk], TODAY)[some.dinas_pu.pk].overdue == 1


def test_what_was_merged_is_received_and_answered_once(world: World) -> None:
    lead, case, late = filed(world), answered(filed(world), world.joko, at=3), filed(world)
    for one in (case, late):
        groups.merge(one, lead, by=world.wati, text="Sama.", now=days(5))
    answered(lead, world.joko, at=6)
    figures.refresh_months()
    whole = figures.year(world.pemkab, TODAY).all
    assert (whole.in_time, whole.late, whole.overdue, whole.archived, whole.merged) == (1, 0, 0, 0, 2)
    week = figures.Home(**_week(days(6)))
    assert (week.received, week.answered, week.ended, week.merged) == (3, 1, 0, 2)
    case.refresh_from_db()
    case.unmerge(by=world.wati, reason="Masalah lain.", now=days(7))
    figures.refresh_months()
    whole = figures.year(world.pemkab, TODAY).all
    assert (whole.in_time, whole.merged) == (2, 1), "its own answer counts again"


def _week(now: datetime.datetime) -> dict[str, Any]:
    figures_ = dict(figures.refresh_home(now).figures)
    return {**figures_, "made_at": now, "unanswered": figures.Unanswered()}


def test_counting_twice_changes_nothing(some: World) -> None:
    before = sorted(OfficeMonth.objects.values_list("agency", "month", "secret", "in_time", "overdue", "days"))
    figures.refresh_months()
    figures.refresh_months(months=0)
    assert sorted(OfficeMonth.objects.values_list("agency", "month", "secret", "in_time", "overdue", "days")) == before


def test_a_case_that_ended_unanswered_is_neither_kept_nor_late(world: World) -> None:
    filed(world).withdraw(by=SARI, now=days(1))
    figures.refresh_months()
    assert figures.year(None, TODAY).all.n == 0


def test_the_question_is_answered_in_a_sentence(client: Client, some: World) -> None:
    page = client.get("/statistik/").content.decode()
    assert "<b>3 dari 6</b> laporan dijawab tepat waktu." in page
    assert "n = 6" in page
    assert "1 diterima pelapor dan 0 ditutup sistem" in page
    assert "Sedikit laporan tidak berarti tidak ada masalah" in page
    assert "Baru 4 laporan dijawab." in page, "a median of four answers is not told"


def test_enough_answers_give_a_median_for_the_office(client: Client, world: World) -> None:
    for agency, took in ((world.dinas_pu, 2), (world.dinas_kesehatan, 6)):
        OfficeMonth.objects.create(
            agency=agency, month=datetime.date(2026, 5, 1), secret=False, in_time=30, days=[0] * took + [30]
        )
    Headline.objects.create(name="bulan", made_at=days(20))
    page = client.get(f"/statistik/?instansi={world.pemkab.pk}").content.decode()
    assert "Separuh laporan dijawab dalam 4 hari kerja." in page
    assert "Dinkes" in page
    assert "Seberapa cepat Pemkab Sukamaju menjawab?" in page


def test_the_page_says_how_many_were_merged(client: Client, world: World) -> None:
    answered(filed(world), world.joko, at=3)
    OfficeMonth.objects.all().delete()
    figures.refresh_months()
    assert "digabung dengan laporan lain" not in client.get("/statistik/").content.decode()
    OfficeMonth.objects.update(merged=7)
    assert "7 laporan digabung dengan laporan lain" in client.get("/statistik/?lagi=1").content.decode()


def test_an_empty_year_says_so(client: Client, world: World) -> None:
    assert "Belum ada yang bisa dihitung" in client.get("/statistik/").content.decode()


@pytest.mark.parametrize("asked", ["dinas", "tidak ada kantor ini", "\x00", "99999999999999"])
def test_a_name_that_fits_none_or_several_is_asked_back(client: Client, world: World, asked: str) -> None:
    assert client.get("/statistik/", {"instansi": asked}).status_code == HTTPStatus.OK


def test_the_page_reads_sums_and_no_case(client: Client, some: World) -> None:
    with CaptureQueriesContext(connection) as statements:
        page = client.get(f"/statistik/?instansi={some.pemkab.pk}").content
    assert len(statements) <= 9
    assert not any("complaints_complaint" in one["sql"] for one in statements)
    assert len(brotli.compress(page, quality=5)) <= 15_360


@pytest.mark.parametrize(
    ("days_taken", "middle"), [([], None), ([0, 3], 1), ([1, 1], 0.5), ([2, 0, 0, 1], 0), ([0, 1, 1, 1], 2)]
)
def test_the_middle_of_a_histogram(days_taken: list[int], middle: float | None) -> None:
    assert figures.median(days_taken) == middle
