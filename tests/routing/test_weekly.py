"""The weekly letter: whose Monday it is, once a week and seat, nobody doubly, nobody who wants none."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from agencies import leaves
from agencies.models import Role
from complaints.models import Notification
from complaints.notifications import delivery
from routing import weekly
from routing.models import WeeklyRound
from tests.filing import answered, filed
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
# Monday 15 June 2026, seventeen days after `filing.NOON`.
MONDAY = datetime.date(2026, 6, 15)
SEVEN = datetime.datetime(2026, 6, 15, 7, 5, tzinfo=JAKARTA)
LETTER = "officer_week:20260615"


@pytest.fixture(autouse=True)
def _on_monday() -> Any:
    with time_machine.travel(SEVEN, tick=False):
        yield


def letters(at: datetime.datetime = SEVEN + datetime.timedelta(hours=1)) -> list[mail.EmailMultiAlternatives]:
    """What goes out in that hour."""
    mail.outbox.clear()
    delivery.send_due(now=at)
    return mail.outbox  # type: ignore[return-value]


def rows() -> Any:
    return Notification.objects.filter(letter__startswith="officer_week")


@pytest.mark.parametrize(
    ("at", "week"),
    [
        (datetime.datetime(2026, 6, 15, 6, 59, tzinfo=JAKARTA), None),
        (datetime.datetime(2026, 6, 15, 7, 0, tzinfo=JAKARTA), MONDAY),
        (datetime.datetime(2026, 6, 17, 23, 0, tzinfo=JAKARTA), MONDAY),  # after an outage
        (datetime.datetime(2026, 6, 18, 8, 0, tzinfo=JAKARTA), None),
        (datetime.datetime(2026, 6, 14, 23, 0, tzinfo=JAKARTA), None),
    ],
)
def test_whose_monday_it_is(at: datetime.datetime, week: datetime.date | None) -> None:
    assert weekly.week_of("Asia/Jakarta", at) == week


def test_each_zone_has_its_own_morning(world: World) -> None:
    world.officer("Kepala Timur", world.pemkab_timur, Role.HEAD)
    early = datetime.datetime(2026, 6, 15, 7, 5, tzinfo=JAYAPURA)
    assert weekly.put_out(early) == 1
    assert weekly.put_out(SEVEN) == 1
    assert {row.user.name for row in rows()} == {"Kepala Timur", world.hana.user.name}  # type: ignore[union-attr]


def test_twice_is_once_also_after_a_run_that_broke_off(world: World) -> None:
    assert weekly.put_out(SEVEN) == 1
    assert weekly.put_out(SEVEN) == 0
    WeeklyRound.objects.all().delete()
    weekly.put_out(SEVEN)
    assert rows().count() == 1
    filed(world, at=16)
    assert world.hana.user is not None
    assert [letter.to for letter in letters()] == [[world.hana.user.email]]
    assert letters() == []
    assert weekly.put_out(SEVEN + datetime.timedelta(days=7)) == 1


def test_heads_and_sekretaris_get_one_liaisons_none(world: World) -> None:
    world.officer("Sekretaris Dinas", world.dinas_pu, Role.HEAD, title="Sekretaris")
    weekly.put_out(SEVEN)
    assert {row.user for row in rows()} == {
        world.hana.user,
        *(one.user for one in world.dinas_pu.memberships.filter(title="Sekretaris")),
    }


def test_who_does_not_want_it_gets_none_even_when_it_was_on_its_way(world: World) -> None:
    filed(world, at=16)
    client = client_of(world.hana)
    assert "Surat setiap Senin pagi" in client.get("/akun/").content.decode()
    assert "Surat setiap Senin pagi" not in client_of(world.joko).get("/akun/").content.decode()
    weekly.put_out(SEVEN)
    client.post("/akun/", {"name": "Hana", "letters": "morning"})
    assert letters() == []
    assert rows().get().state == Notification.State.SILENCED
    assert weekly.put_out(SEVEN + datetime.timedelta(days=7)) == 0
    client.post("/akun/", {"name": "Hana", "letters": "morning", "weekly": "on"})
    assert weekly.put_out(SEVEN + datetime.timedelta(days=14)) == 1


def test_a_deputy_gets_it_in_place_of_who_is_away(world: World) -> None:
    assert world.hana.membership is not None
    leaves.enter(
        world.hana.membership, by=world.hana, starts_on=MONDAY, last_day=MONDAY, deputy=world.joko.user, today=MONDAY
    )
    weekly.put_out(SEVEN)
    assert [row.user for row in rows()] == [world.joko.user]


@pytest.mark.slow
def test_an_empty_letter_comes_once_in_four_weeks(world: World) -> None:
    sent = []
    world.membership(world.rudi, world.dinas_kesehatan, Role.HEAD)
    for week in range(5):
        at = SEVEN + datetime.timedelta(weeks=week)
        with time_machine.travel(at, tick=False):
            client_of(world.dewi).get("/meja/")  # nobody here is silent
            client_of(world.rudi).get("/meja/")
            weekly.put_out(at)
            found = letters(at + datetime.timedelta(hours=1))
            sent.append([letter.subject for letter in found if letter.to == [world.rudi.email]])
    assert [len(one) for one in sent] == [1, 0, 0, 0, 1]
    assert sent[0] == ["Minggu ini di Dinkes: tidak ada yang menunggu Anda"]


def test_what_is_no_longer_theirs_is_not_told(world: World) -> None:
    answered(filed(world, at=16), world.joko, at=16.5)
    weekly.put_out(SEVEN)
    assert world.hana.membership is not None
    world.hana.membership.ends_on = MONDAY
    world.hana.membership.save()
    assert letters() == []
