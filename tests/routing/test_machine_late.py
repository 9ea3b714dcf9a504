"""Transactions side by side: an event that commits late is told late, one report filed twice at once is one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from complaints.models import Complaint
from routing import dispatch
from routing.models import Delivery
from tests.complaints.api import Program, problem
from tests.routing.machines import case_at, connected
from tests.routing.test_machine_queue import drained
from tests.world import World, build

pytestmark = pytest.mark.usefixtures("own_database")

ONCE = "0d2f2c52-6f0e-4a53-9a54-6f6e5b1c7f11"


@pytest.fixture(scope="module")
def cast(own_database: str, django_db_blocker: Any) -> World:
    with django_db_blocker.unblock():
        return build()


@pytest.fixture
def unblocked(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@contextmanager
def on_its_way(act: Callable[[], object]) -> Iterator[None]:
    """While the block runs, somebody else has acted and not committed yet."""
    acted, release = threading.Event(), threading.Event()

    def dawdle() -> None:
        try:
            with transaction.atomic():
                act()
                acted.set()
                release.wait(30)
        finally:
            acted.set()
            connection.close()

    thread = threading.Thread(target=dawdle)
    thread.start()
    assert acted.wait(30)
    try:
        yield
    finally:
        release.set()
        thread.join(60)
        assert not thread.is_alive()


def test_an_event_that_commits_late_is_told_late_and_not_skipped(cast: World, unblocked: None) -> None:
    _client, program = connected(cast)
    slow, quick = case_at(cast), case_at(cast)
    _items, cursor = drained(program)
    with on_its_way(lambda: Complaint.objects.get(pk=slow.pk).start(by=cast.joko)):
        Complaint.objects.get(pk=quick.pk).start(by=cast.joko)
        told, cursor = drained(program, cursor)
        assert [item["number"] for item in told] == [quick.shown_number]
    told, cursor = drained(program, cursor)
    assert [item["number"] for item in told] == [slow.shown_number]
    starts = Delivery.objects.filter(event__verb="start")
    assert starts.get(complaint=slow).event_id < starts.get(complaint=quick).event_id, "the late one was begun first"


@pytest.mark.slow
def test_a_queue_opened_while_a_case_is_on_its_way_waits_for_it(cast: World, unblocked: None) -> None:
    _client, program = connected(cast, cast.dinas_kesehatan)
    case = case_at(cast)

    def move() -> None:
        dispatch.move(Complaint.objects.get(pk=case.pk), cast.dinas_kesehatan, by=cast.wati, reason="salah kantor")

    with on_its_way(move):
        answer = program.get("antrean/")
        problem(answer, 503, "sedang-tidak-bisa")
        assert answer["Retry-After"] == "2"
    assert [item["number"] for item in drained(program)[0]] == [case.shown_number]


def test_one_report_sent_by_two_at_once_is_one_case_and_both_hear_of_it(cast: World, unblocked: None) -> None:
    before = Complaint.objects.count()
    answers: list[Any] = []
    gate = threading.Barrier(4)

    def send() -> None:
        gate.wait(30)
        try:
            answers.append(Program().file(once=ONCE))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1
    assert Complaint.objects.count() == before + 1
