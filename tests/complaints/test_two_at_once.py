"""Two people act on one case in the same second: the second waits, and then sees what the first one did."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from complaints.models import Complaint
from complaints.transitions import Refusal
from tests.complaints.cases import WORKER, report
from tests.world import World, build

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(scope="module")
def cast(own_database: str, django_db_blocker: Any) -> World:
    with django_db_blocker.unblock():
        return build()


@pytest.fixture
def unblocked(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def test_an_answer_to_a_case_that_moves_at_that_moment_is_refused_and_not_lost_in_an_error(
    cast: World, unblocked: None
) -> None:
    case = report(cast)
    case.forward(cast.dinas_pu, by=WORKER, reason="aturan")
    moved, told = threading.Event(), []

    def move() -> None:
        with transaction.atomic():
            Complaint.objects.get(pk=case.pk).move(cast.dinas_kesehatan, by=cast.wati, reason="Salah kantor.")
            moved.set()
            # Long enough for the other to stand at the lock.
            threading.Event().wait(0.5)
        connection.close()

    thread = threading.Thread(target=move)
    thread.start()
    assert moved.wait(5)
    try:
        Complaint.objects.get(pk=case.pk).answer("Sudah kami lihat.", by=cast.joko)
    except Refusal as refusal:
        told.append(str(refusal))
    thread.join(30)
    assert not thread.is_alive()
    assert told == ["Anda tidak berwenang melakukan ini pada laporan ini."]
