"""All figures made anew, and a year counted again, by two connections at once: the same as by one."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import transaction

from routing.evaluation import recount
from routing.evaluation.recount import Offices
from routing.measures import ledger
from routing.models import CaseFigure, OfficeSum
from tests.world import World, build
from tests.years import Tale, pemda, tell

pytestmark = pytest.mark.usefixtures("own_database")
YEAR: dict[str, Any] = {"first": datetime.date(2025, 1, 1), "last": datetime.date(2025, 12, 31)}
UNTIL = datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def cast(own_database: str, django_db_blocker: Any) -> World:
    with django_db_blocker.unblock():
        return build()


@pytest.fixture(autouse=True)
def open_door(django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def a_year_of_21(cast: World, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        _district, offices = pemda(cast.root, "Pemerintah Kabupaten Dua Tangan", offices=3)
        tell(2025, [Tale(6, one, answered=2 + n, secret=n == 2, rating=4) for n, one in enumerate(offices)])
        tell(2025, [Tale(3, offices[0], answered=None, ended="", day=(20, 12), over=20)])
        ledger.remake(batch=4)


@pytest.mark.slow
def test_two_at_once_count_what_one_counts(a_year_of_21: None, monkeypatch: pytest.MonkeyPatch) -> None:
    law = ledger.Law.read(UNTIL.date())
    assert CaseFigure.objects.count() == sum(row.counts[0] for row in OfficeSum.objects.all()) == 21

    def counted(**more: Any) -> tuple[int | None, Offices]:
        found = more.pop("into", None) or Offices()
        return recount.run(found, **YEAR, until=UNTIL, law=law, batch=4, **more), found

    with transaction.atomic():
        done, alone = counted()
    assert done is None
    assert sum(one.cases for one in alone.all.values()) == 21
    assert counted()[1].kept() == alone.kept()
    # Cut off after what two did at once, and gone on with.
    monkeypatch.setattr(recount, "SUMMED", 1)
    assert counted()[1].kept() == alone.kept()
    rounds = iter([False, True])
    after, begun = counted(is_over=lambda: next(rounds))
    assert after is not None
    done, gone_on = counted(into=Offices.read(begun.kept()), after=after)
    assert done is None
    assert gone_on.kept() == alone.kept()


def test_what_fails_in_one_of_them_is_told(a_year_of_21: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: Any, **more: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(ledger, "tell_into", fail)
    with pytest.raises(ZeroDivisionError):
        recount.run(Offices(), **YEAR, until=UNTIL, law=ledger.Law.read(UNTIL.date()), batch=4)
