"""Promises noted a page at once are what they would be one by one: rows, events, letters, what machines are told."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies import leaves
from agencies.models import Agency
from complaints.models import Clock, Complaint, Device, Event, Notification
from routing import dispatch, groups, misses, overdue
from routing.delivery import outbox
from routing.models import Delivery, Disposition, Endpoint, Escalation, Missed
from routing.overdue import Deadline
from tests.routing.machines import connected
from tests.routing.turns import NOON, SARI, at, at_office, confirmed, filed, fresh, sweep
from tests.world import World

pytestmark = pytest.mark.django_db

# Midnight has passed in the east alone; in the quiet hours, when telephones do not ring; when the ladder is climbed.
EVENING, NIGHT, DAY = at(8, hour=22, minute=30), at(9, hour=0, minute=10), at(10, hour=10)


def of_all_sorts(world: World) -> None:
    """One case of each kind the two ways could disagree about."""
    for kind, url in (("FEED", ""), ("WEBHOOK", "https://sistem.contoh.test/kabar")):
        Endpoint.objects.create(client=connected(world)[0], kind=kind, url=url)
    confirmed(at_office(world))
    at_office(world)
    at_office(world, email="")
    hidden: tuple[dict[str, Any], ...] = ({}, {"anonymous": True}, {"secret": True})
    for more in hidden:
        for door in ("SMS", "X"):
            at_office(world, door=(door, "081234567890"), **more)
    for facts in (
        {"news": "IMPORTANT"},
        {"news": "NONE"},
        {"erased_at": NOON},
        {"unreachable_since": NOON},
        {"door": "SMS", "door_closed_at": NOON},
    ):
        reporter = at_office(world).reporter
        for name, value in facts.items():
            setattr(reporter, name, value)
        reporter.save()
    for number, topics in enumerate((["dates"], ["turn"], ["dates", "turn"])):
        called(at_office(world), number, topics, ended_at=NOON if number == 2 else None)
    at_office(world, not_for=world.dinas_pu, addressed_to=None)
    Complaint.objects.filter(pk=at_office(world).pk).update(silent=True)
    # One that leads three more; of one of these the reporter was never sure.
    lead, *others = (at_office(world) for _n in range(4))
    for case in others:
        groups.merge(case, lead, by=world.wati, text="Sama dengan laporan lain.", now=at(2))
    for number, case in enumerate(others[1:]):
        called(confirmed(case), 10 + number, ["dates"])
    Complaint.objects.filter(pk=others[2].pk).update(silent=True)
    # Paused before its date, after it, and moved after it.
    at_office(world).ask("Di jembatan yang mana?", by=world.joko, now=at(4))
    at_office(world).ask("Di jembatan yang mana?", by=world.joko, now=at(9, hour=0, minute=5))
    moved = at_office(world)
    dispatch.move(moved, world.dinas_kesehatan, by=world.wati, reason="Salah kantor.", now=at(9, hour=0, minute=6))
    # Two promises of one case, not on the same day; a second round.
    Clock.objects.filter(complaint=at_office(world), kind="RESOLVE").update(due_on=at(5).date())
    again = at_office(world)
    again.resolve("Belum bisa.", by=world.joko, outcome="REFUSED", now=at(2))
    fresh(again).contest("Belum beres.", by=SARI, now=at(3))
    # Never verified: at the centre, at a desk that looks first, and a decision nobody took.
    filed(world, addressed_to=None, place=None)
    Agency.objects.filter(pk=world.pemkab.pk).update(verify_first=True)
    at_office(world, addressed_to=None, category=world.cat_road)
    Agency.objects.filter(pk=world.pemkab.pk).update(verify_first=False)
    refused = at_office(world)
    dispatch.hand_back(refused, by=world.joko, ground="NOT_OURS", reason="Bukan kami.", now=at(2))
    dispatch.move(refused, world.dinas_kesehatan, by=world.ratna, reason="Coba Dinkes.", now=at(3))
    dispatch.hand_back(refused, by=world.dewi, ground="NOT_OURS", reason="Bukan kami.", now=at(4))
    # Where the day ends two hours earlier.
    east = filed(world, place=world.karang_pagi)
    Clock.objects.filter(complaint=east).update(due_on=at(8).date())
    joko = world.joko.membership
    assert joko is not None
    leaves.enter(
        joko, by=world.joko, starts_on=at(9).date(), last_day=at(12).date(), deputy=world.hana.user, today=at(8).date()
    )
    Agency.objects.filter(pk=world.pemkab.pk).update(verify_first=True)


def called(case: Complaint, number: int, topics: list[str], **more: Any) -> None:
    Device.objects.create(reporter=case.reporter, fingerprint=f"gawai {number}", topics=topics, **more)


def all_of_it() -> dict[str, list[Any]]:
    """Every table the noting writes to, without the ids it gave."""
    clock = {
        pk: (case, kind, turn) for pk, case, kind, turn in Clock.objects.values_list("pk", "complaint", "kind", "round")
    }
    event: dict[int, str] = {}
    found: dict[str, list[Any]] = {}
    models: tuple[Any, ...] = (Event, Clock, Complaint, Missed, Notification, Delivery, Disposition, Escalation)
    for model in models:
        rows = []
        for row in model.objects.values():
            pk = row.pop("id")
            if model is Event:
                if "clock" in row["particulars"]:
                    row["particulars"]["clock"] = clock[row["particulars"]["clock"]]
                event[pk] = repr(row)
            if model is Clock:
                row["clock"] = clock[pk]
            if model is Complaint:
                row["pk"] = pk
            if "clock_id" in row:
                row["clock_id"] = clock[row["clock_id"]]
            for name in ("event_id", "answer_id"):
                if name in row:
                    row[name] = event.get(row[name])
            row.pop("message_id", None)
            rows.append(repr(dict(sorted(row.items()))))
        found[model.__name__] = sorted(rows)
    return found


class Undone(Exception):
    pass


def told_by(ways: list[datetime.datetime]) -> tuple[list[dict[str, int]], dict[str, list[Any]]]:
    """What a sweep at each of these instants says and leaves; then all of it is undone."""
    counts, left = [], {}
    try:
        with transaction.atomic():
            for now in ways:
                with time_machine.travel(now, tick=False):
                    counts.append(sweep(now))
            left = all_of_it()
            raise Undone
    except Undone:
        return counts, left


@pytest.mark.slow
def test_together_is_what_it_is_one_by_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    of_all_sorts(world)
    really, left_over = overdue.note_one_by_one, []

    def count(now: datetime.datetime, deadline: Deadline) -> int:
        left_over.append(really(now, deadline))
        return left_over[-1]

    monkeypatch.setattr(overdue, "note_one_by_one", count)
    # In pages of three everything lies at some border.
    monkeypatch.setattr(misses, "PAGE", 3)
    counts, together = told_by([EVENING, NIGHT, DAY, DAY])
    assert left_over == [2, 0, 0, 0], "a decision nobody took, and what a desk that looks first did not see"
    monkeypatch.setattr(misses, "note", lambda now, is_over: 0)
    counts_one_by_one, one_by_one = told_by([EVENING, NIGHT, DAY, DAY])
    assert counts == counts_one_by_one
    for table, rows in one_by_one.items():
        assert together[table] == rows, table
    noted = [one["overdue"] for one in counts]
    assert (sum(noted[:2]), noted[2:]) == (29, [0, 0]), "noted once, however often it runs"
    for medium in ("EMAIL", "SMS", "X", "PUSH"):
        assert any(f"'medium': '{medium}'" in row and "'letter': 'late'" in row for row in together["Notification"])
    for state in ("LISTED", "PENDING"):
        assert any(f"'state': '{state}'" in row for row in together["Delivery"])


def test_a_page_takes_as_many_statements_for_one_as_for_many(world: World) -> None:
    def cost(count: int) -> int:
        for _n in range(count):
            at_office(world)
        with CaptureQueriesContext(connection) as said:
            assert misses.note(at(9), lambda: False) == count
        return len(said)

    assert cost(1) == cost(6) <= 15


def test_cut_off_between_two_pages_it_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [at_office(world).pk for _n in range(5)]
    monkeypatch.setattr(misses, "PAGE", 2)
    really, done = outbox.fill_together, 0

    def dies(events: list[int]) -> int:
        nonlocal done
        done += 1
        if done == 2:
            raise KeyboardInterrupt
        return really(events)

    monkeypatch.setattr(outbox, "fill_together", dies)
    with pytest.raises(KeyboardInterrupt):
        misses.note(at(9), lambda: False)
    assert Missed.objects.count() == Event.objects.filter(verb="overdue").count() == 2, "of the second page nothing"
    assert overdue.note_missed(at(9), Deadline(60)) == 3
    assert sorted(Event.objects.filter(verb="overdue").values_list("complaint", flat=True)) == cases
    assert Missed.objects.count() == Notification.objects.filter(letter="late", medium="EMAIL").count() == 5


def test_one_that_cannot_be_noted_keeps_no_other_waiting(world: World) -> None:
    cases = [at_office(world) for _n in range(3)]
    clock = Clock.objects.get(complaint=cases[1], kind="RESPOND")
    assert clock.due_on is not None
    # It stands in the register already, which takes nothing twice.
    Missed.objects.create(
        complaint=cases[1], clock=clock, kind="RESPOND", due_on=clock.due_on, missed_by=world.dinas_pu, noted_at=NOON
    )
    assert overdue.note_missed(at(9), Deadline(60)) == 2
    assert Clock.objects.to_note().filter(kind="RESPOND").get() == clock


def test_when_the_time_is_over_the_next_run_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _n in range(5):
        at_office(world)
    monkeypatch.setattr(misses, "PAGE", 2)
    monkeypatch.setattr(misses, "HANDS", 1)
    answers = iter([False, False, True])
    assert misses.note(at(9), lambda: next(answers)) == 2
    assert misses.note(at(9), lambda: False) == 3
