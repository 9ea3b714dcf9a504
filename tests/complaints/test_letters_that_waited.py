"""A letter that waited in the outbox is read against the case as it is when it goes out, not as it was when it was
written down: who may not see the case any more learns nothing of it, not even that there is one (case.md section 6)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from agencies.models import Role
from complaints.models import Complaint, Device, Notification
from complaints.notifications import delivery, send
from routing import dispatch
from tests.complaints.cases import NOW, at, later, report
from tests.world import World

pytestmark = pytest.mark.django_db

MORNING = later(days=1)


@pytest.fixture(autouse=True)
def office_hours(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def moved_to_the_dinas(world: World, **fields: Any) -> Complaint:
    """Moved there by the coordinator; the letter to Joko and Hana waits for the morning."""
    case = at(report(world, **fields), world.dinas_kesehatan)
    dispatch.move(case, world.dinas_pu, by=world.wati, reason="Jalan kabupaten.", now=NOW)
    return case


def letters_at(now: datetime.datetime, *addresses: str) -> list[str]:
    """What these people get, as text."""
    mail.outbox.clear()
    delivery.send_due(now=now)
    return [f"{one.subject}\n{one.body}" for one in mail.outbox if set(one.to) & set(addresses)]


def test_who_still_has_the_case_gets_the_mornings_letter(world: World) -> None:
    case = moved_to_the_dinas(world)
    letters = letters_at(MORNING, "joko@contoh.test", "hana@contoh.test")
    assert len(letters) == 2
    assert all(case.shown_number in letter for letter in letters)


def test_an_office_the_case_is_kept_from_meanwhile_gets_none(world: World) -> None:
    case = moved_to_the_dinas(world)
    case.exclude(world.dinas_pu, by=world.wati, now=later(hours=1))
    letters = letters_at(MORNING, "joko@contoh.test", "hana@contoh.test")
    assert letters == []
    waiting = Notification.objects.filter(event__complaint=case, user__in=[world.joko.user, world.hana.user])
    assert set(waiting.values_list("state", flat=True)) == {"SILENCED"}


def test_a_former_office_learns_nothing_of_one_that_became_secret(world: World) -> None:
    case = moved_to_the_dinas(world)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Keliru.", now=later(hours=1))
    case.tighten(by=world.wati, secret=True, now=later(hours=2))
    assert letters_at(MORNING, "joko@contoh.test", "hana@contoh.test") == []


@pytest.mark.slow
def test_an_officer_the_case_names_meanwhile_gets_none_of_those_gathered(world: World) -> None:
    kept, other = moved_to_the_dinas(world), moved_to_the_dinas(world, title="Lampu jalan mati")
    assert world.joko.user is not None
    kept.exclude(officers=[world.joko.user], by=world.wati, now=later(hours=1))
    (letter,) = letters_at(MORNING, "joko@contoh.test")
    assert other.shown_number in letter
    assert kept.shown_number not in letter


def test_an_officer_whose_task_ended_meanwhile_gets_none(world: World) -> None:
    moved_to_the_dinas(world)
    assert world.joko.membership is not None
    world.joko.membership.ends_on = NOW.date()
    world.joko.membership.save()
    assert letters_at(MORNING, "joko@contoh.test") == []
    assert "hana@contoh.test" in {address for one in mail.outbox for address in one.to}


def test_who_also_sits_where_the_case_is_kept_from_gets_none(world: World) -> None:
    """One person coordinates the district and heads the office the case is about."""
    assert world.hana.user is not None
    world.membership(world.hana.user, world.pemkab, Role.COORDINATOR)
    case = report(world, not_for=world.dinas_pu)
    dispatch.place(case, world.pemkab, by=world.ratna, reason="Desanya di sana.", now=NOW)
    case.ask("Kapan?", by=world.wati, now=NOW)
    send.notify_officers(case.events.get(verb="ask"), send.officers_of(case), "officer_nudged")
    assert letters_at(MORNING, "hana@contoh.test") == []
    assert "wati@contoh.test" in {address for one in mail.outbox for address in one.to}


def test_nor_is_a_device_called(world: World) -> None:
    assert world.joko.user is not None
    subscription = {"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": "a", "auth": "b"}}
    Device.take(subscription, topics=["new"], language="id", user=world.joko.user)
    case = moved_to_the_dinas(world)
    row = Notification.objects.get(medium="PUSH", user=world.joko.user)
    case.exclude(world.dinas_pu, by=world.wati, now=later(hours=1))
    assert delivery.send_one(row.pk, now=timezone.now()) is False
    row.refresh_from_db()
    assert row.state == "SILENCED"
