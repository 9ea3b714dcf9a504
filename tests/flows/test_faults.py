"""Many at once, with real processes: nothing that was filed is lost, late or done twice (I8, I10).

What falls one by one: test_broken_on_purpose.py.
"""

from __future__ import annotations

import datetime
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from complaints.intake import Receipt, Submission, receive
from complaints.models import Arrival, Clock, Complaint, Event
from lapor.kit import nudge
from lapor.kit.alone import alone
from routing import tasks
from routing.models import Disposition
from tests.flows.citizen import Citizen
from tests.portal import RunningPortal, eventually
from tests.world import World

# The sweep of lost nudges runs each minute.
A_MINUTE = 90


def file_one(world: World, name: str | None = None) -> Receipt:
    return receive(
        Submission(
            channel="web",
            external_id=name or uuid.uuid4().hex,
            body="Jembatan di desa kami putus.",
            place=world.sukasari,
            category=world.cat_road,
        )
    )


def unweighed() -> int:
    return Disposition.objects.unweighed().count()


def in_threads(count: int, act: Callable[[int], Any]) -> list[Any]:
    """All at once, each on a connection of its own."""
    gate = threading.Barrier(count, timeout=30)

    def one(number: int) -> Any:
        try:
            gate.wait()
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.fixture
def world(portal: RunningPortal, monkeypatch: pytest.MonkeyPatch) -> World:
    """The portal's cast; nudges of this process go to the portal's broker."""
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", portal.services.environment()["LAPOR_REDIS_URL"])
    nudge._broker.cache_clear()
    monkeypatch.setattr(nudge, "_silent_until", 0.0)
    eventually(lambda: unweighed() == 0, A_MINUTE)
    assert portal.world is not None
    return portal.world


def forwarded_once(cases: list[Complaint]) -> bool:
    pks = [case.pk for case in cases]
    return Event.objects.filter(complaint__in=pks, verb="forward").count() == len(pks)


def test_the_broker_is_down_while_a_hundred_are_filed(portal: RunningPortal, world: World) -> None:
    portal.kill("valkey")
    try:
        # Some by the screens, in the portal's own processes.
        citizens = [Citizen(portal, f"Jembatan putus nomor {number}").up_to_check() for number in range(8)]
        with ThreadPoolExecutor(4) as pool:
            assert max(pool.map(sending, citizens)) < 3
        took: list[float] = []
        cases: list[Complaint] = []
        while len(cases) < 92:
            began = time.monotonic()
            cases.append(file_one(world).complaint)
            took.append(time.monotonic() - began)
        assert len({case.number for case in (*cases, *(citizen.case for citizen in citizens))}) == 100
        # The first one may wait 0.2 s for a connection that is refused; after it no nudge is tried for 5 s.
        assert sorted(took)[-5] < 1.0
    finally:
        portal.start("valkey")
    eventually(lambda: forwarded_once(cases) and unweighed() == 0, A_MINUTE * 2)


def sending(citizen: Citizen) -> float:
    """Seconds until a citizen at the last screen knew that the report has arrived."""
    began = time.monotonic()
    assert citizen.sends().headers.get("Location") == "/lapor/selesai/"
    return time.monotonic() - began


def test_the_worker_is_killed_in_the_middle(portal: RunningPortal, world: World) -> None:
    cases = [file_one(world).complaint for _ in range(30)]
    portal.kill("worker")
    cases += [file_one(world).complaint for _ in range(5)]
    portal.start("worker")
    eventually(lambda: forwarded_once(cases), A_MINUTE * 2)
    assert Disposition.objects.open().filter(complaint__in=[case.pk for case in cases]).count() == 35


def test_the_same_report_twenty_times_at_once_is_one_case(portal: RunningPortal, world: World) -> None:
    name = uuid.uuid4().hex
    receipts = in_threads(20, lambda number: file_one(world, name))
    assert len({receipt.complaint.pk for receipt in receipts}) == 1
    assert sum(receipt.created for receipt in receipts) == 1
    assert sum(bool(receipt.key) for receipt in receipts) == 1, "the key is shown to one"
    assert Arrival.objects.filter(external_id=name).count() == 1


def test_two_sweeps_at_once_have_one_effect(portal: RunningPortal, world: World) -> None:
    cases = [file_one(world).complaint for _ in range(20)]
    eventually(lambda: forwarded_once(cases), A_MINUTE)
    # Only these are late: the database is shared with the tests that come after.
    last_week = timezone.localdate() - datetime.timedelta(days=7)
    Clock.objects.filter(complaint__in=[case.pk for case in cases]).update(due_on=last_week)
    in_threads(4, lambda number: tasks.what_the_date_brings(timezone.now()))
    for case in cases:
        for kind in ("RESPOND", "RESOLVE"):
            clock = Clock.objects.get(complaint=case, kind=kind)
            noted = Event.objects.filter(complaint=case, verb="overdue", particulars__clock=clock.pk).count()
            assert noted == (clock.overdue_noted_at is not None)
        assert case.clocks.get(kind="RESPOND").overdue_noted_at is not None


def test_a_second_process_finds_the_sweep_taken(portal: RunningPortal, world: World) -> None:
    with alone("routing.sweep_dates") as free:
        assert free

        def other(number: int) -> bool:
            with alone("routing.sweep_dates") as also_free:
                return also_free

        assert in_threads(1, other) == [False]
    assert in_threads(1, other) == [True]


def test_weighed_by_many_at_once_it_is_forwarded_once(portal: RunningPortal, world: World) -> None:
    from routing import dispatch

    case = file_one(world).complaint
    in_threads(8, lambda number: dispatch.forward_by_itself(case.pk))
    assert forwarded_once([case])
