"""Two senders at once: every letter goes out once, and one address is asked three times a day at most."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection, connections

from complaints.models import Notification
from complaints.notifications import delivery
from tests.complaints.cases import NOW, report
from tests.world import World, build

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(scope="module")
def cast(own_database: str, django_db_blocker: Any) -> World:
    with django_db_blocker.unblock():
        return build()


@pytest.fixture(autouse=True)
def open_door(django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


def at_once(work: Callable[[], object], count: int = 4) -> None:
    ready = threading.Barrier(count, timeout=30)

    def run() -> None:
        try:
            ready.wait()
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


@pytest.mark.slow
def test_every_letter_goes_out_once(cast: World) -> None:
    for _n in range(12):
        report(cast, email="rudi@contoh.test", user=cast.rudi)
    mail.outbox.clear()
    at_once(lambda: delivery.send_due(now=NOW))
    assert len(mail.outbox) == 12
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 12
    assert set(Notification.objects.values_list("state", "tries")) == {("SENT", 1)}


@pytest.mark.slow
def test_one_letter_asked_for_four_times_goes_out_once(cast: World) -> None:
    row = Notification.objects.get(event__complaint=report(cast))
    mail.outbox.clear()
    at_once(lambda: delivery.send_one(row.pk, now=NOW))
    assert len(mail.outbox) == 1


def test_one_address_is_asked_three_times_whoever_counts(cast: World) -> None:
    for _n in range(8):
        report(cast, email="baru@contoh.test", confirmed=False, user=None)
    mail.outbox.clear()
    at_once(lambda: delivery.send_due(now=NOW))
    assert len(mail.outbox) == 3
    connection.close()
