"""Statistics: what was promised, what was kept, always with n; small numbers and secret cases are not told apart."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine

from routing import figures, groups, overdue, unanswered
from routing.measures import ledger
from routing.measures.reading import Reader, Scope
from routing.models import OfficeMonth
from tests.filing import SARI, answered, days, filed, resolved
from tests.scenes import once
from tests.world import World

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 6, 18)


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):
        yield


@once(at=days(20))
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
    return {**figures_, "made_at": now, "unanswered": unanswered.Unanswered()}


def test_counting_twice_changes_nothing(some: World) -> None:
    before = sorted(OfficeMonth.objects.values_list("agency", "month", "secret", "in_time", "overdue", "days"))
    figures.refresh_months()
    figures.refresh_months(months=0)
    assert sorted(OfficeMonth.objects.values_list("agency", "month", "secret", "in_time", "overdue", "days")) == before


def test_the_year_of_a_page_and_the_book_of_figures_say_the_same(some: World) -> None:
    """Two ways of counting the same promises: neither may tell another story than the other."""
    overdue.note_missed(days(20), overdue.Deadline(60))
    figures.refresh_months()
    ledger.keep_up(days(20))
    for node, whole, reader in (
        (some.root, figures.year(None, TODAY).all, Reader(all_secrets=True)),
        (some.pemkab, figures.year(some.pemkab, TODAY).all, Reader()),
    ):
        sums = Scope(node, datetime.date(2026, 1, 1), TODAY, reader=reader).sums
        told = [sums[code] for code in ("answered_in_time", "answered_late", "answered_missed", "accepted", "lapsed")]
        assert told == [whole.in_time, whole.late, whole.overdue, whole.accepted, whole.lapsed], node


def test_a_case_that_ended_unanswered_is_neither_kept_nor_late(world: World) -> None:
    filed(world).withdraw(by=SARI, now=days(1))
    figures.refresh_months()
    assert figures.year(None, TODAY).all.n == 0


@pytest.mark.parametrize(
    ("days_taken", "middle"), [([], None), ([0, 3], 1), ([1, 1], 0.5), ([2, 0, 0, 1], 0), ([0, 1, 1, 1], 2)]
)
def test_the_middle_of_a_histogram(days_taken: list[int], middle: float | None) -> None:
    assert figures.median(days_taken) == middle
