"""While promises are noted a page at once, somebody answers: nobody waits, and nothing is noted that was kept."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from complaints.models import Clock, Event
from routing import misses, overdue
from routing.overdue import Deadline
from tests.routing.turns import at, at_office, fresh
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


def noted() -> list[int]:
    return sorted(Event.objects.filter(verb="overdue").values_list("complaint", flat=True))


@pytest.mark.slow
def test_an_answer_on_its_way_is_left_and_counts(cast: World) -> None:
    answered, *silent = (at_office(cast) for _n in range(3))
    written, go_on = threading.Event(), threading.Event()

    def answer() -> None:
        try:
            with transaction.atomic():
                fresh(answered).answer("Besok kami datang.", by=cast.joko, now=at(8, hour=23))
                written.set()
                assert go_on.wait(30)
        finally:
            connection.close()

    officer = threading.Thread(target=answer)
    officer.start()
    assert written.wait(30)
    # Does not wait for the officer.
    assert misses.note(at(9), lambda: False) == 2
    assert noted() == [case.pk for case in silent]
    go_on.set()
    officer.join(30)
    assert overdue.note_missed(at(9), Deadline(60)) == 0
    assert noted() == [case.pk for case in silent], "the promise was kept"
    assert not Clock.objects.unstopped().filter(complaint=answered, kind="RESPOND").exists()


@pytest.mark.slow
def test_two_at_once_note_each_promise_once(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(noted())
    cases = [at_office(cast).pk for _n in range(8)]
    monkeypatch.setattr(misses, "PAGE", 3)
    gate, counts = threading.Barrier(2, timeout=30), []

    def run() -> None:
        try:
            gate.wait()
            counts.append(overdue.note_missed(at(9), Deadline(60)))
        finally:
            connection.close()

    runs = [threading.Thread(target=run) for _n in range(2)]
    for one in runs:
        one.start()
    for one in runs:
        one.join(60)
    assert sum(counts) == 8
    assert noted()[before:] == cases
