"""What the national admins see of letters that did not arrive: the case, the reason, never an address."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from complaints.models import DeliveryAttempt, Notification
from tests.complaints.cases import NOW, SARI, at, later, report
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
PAGE = "/meja/surat/"


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(later(minutes=10), tick=False)


def given_up(world: World) -> Notification:
    at(report(world), world.dinas_pu)
    row = Notification.objects.get(letter="submitted")
    Notification.objects.filter(pk=row.pk).update(state="FAILED", tries=1)
    Notification.objects.exclude(pk=row.pk).update(state="SENT")
    DeliveryAttempt.objects.create(notification=row, succeeded=False, answer="550 5.1.1 <…>: no such user", at=NOW)
    return row


def test_a_letter_that_was_given_up_is_listed_with_what_the_server_said(world: World) -> None:
    row = given_up(world)
    assert row.event is not None
    page = client_of(world.ratna).get(PAGE).content.decode()
    assert row.event.complaint.shown_number in page
    assert "550 5.1.1 &lt;…&gt;: no such user" in page
    assert "pelapor" in page
    assert SARI not in page
    assert "Sari" not in page


def test_letters_that_wait_too_long_are_counted(world: World, time_machine: Any) -> None:
    report(world)
    assert "1 surat sedang dikirim" in client_of(world.ratna).get(PAGE).content.decode()
    time_machine.move_to(later(hours=2), tick=False)
    assert "1 surat menunggu lebih dari satu jam" in client_of(world.ratna).get(PAGE).content.decode()


def test_where_all_arrived_it_says_so(world: World) -> None:
    page = client_of(world.ratna).get(PAGE).content.decode()
    assert "Tidak ada surat yang menunggu." in page
    assert "Tidak ada surat yang gagal dalam 30 hari" in page


def test_after_thirty_days_it_is_forgotten_here(world: World, time_machine: Any) -> None:
    given_up(world)
    time_machine.move_to(NOW + datetime.timedelta(days=31), tick=False)
    assert "550" not in client_of(world.ratna).get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["joko", "hana", "wati", "bayu"])
def test_it_is_for_the_centre_alone(world: World, who: str) -> None:
    assert client_of(getattr(world, who)).get(PAGE).status_code == 403


def test_fifty_are_listed_in_as_many_statements_as_one(world: World, django_assert_max_num_queries: Any) -> None:
    row = given_up(world)
    Notification.objects.bulk_create(
        Notification(event=row.event, letter=f"x{n}", state="FAILED", created_at=NOW) for n in range(60)
    )
    client = client_of(world.ratna)
    with django_assert_max_num_queries(12):
        page = client.get(PAGE).content.decode()
    assert page.count('<th scope="row">') == 50
