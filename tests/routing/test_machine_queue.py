"""The queue since a cursor: everything once it is committed, nothing twice, nothing of another office."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from complaints.models import Complaint
from routing import dispatch
from routing.delivery import feed
from routing.models import Delivery, Endpoint
from tests.complaints.api import Program, pointers, problem
from tests.routing.machines import case_at, connected
from tests.world import World

pytestmark = pytest.mark.django_db


def ask(program: Program, since: str = "") -> Any:
    answer = program.get(f"antrean/?sejak={since}" if since else "antrean/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def drained(program: Program, since: str = "") -> tuple[list[dict[str, Any]], str]:
    """Everything until there is nothing more, and the cursor then."""
    items: list[dict[str, Any]] = []
    while True:
        said = ask(program, since)
        items += said["items"]
        since = said["cursor"]
        if not said["more"]:
            return items, since


def test_first_the_whole_desk_then_only_what_is_new(world: World) -> None:
    _client, program = connected(world)
    first, second = case_at(world), case_at(world)
    items, cursor = drained(program)
    assert [item["number"] for item in items] == [first.shown_number, second.shown_number]
    assert all(item["held"] and item["event"] is None for item in items)
    assert items[0]["case"]["title"] == first.title
    assert ask(program, cursor)["items"] == []
    first.start(by=world.joko)
    (item,) = ask(program, cursor)["items"]
    assert (item["number"], item["verb"], item["case"]["version"]) == (first.shown_number, "start", first.version)


def test_what_arrives_and_what_leaves_is_told(world: World) -> None:
    _client, program = connected(world)
    _items, cursor = drained(program)
    case = case_at(world)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="salah kantor")
    told, cursor = drained(program, cursor)
    assert [(item["verb"], item["held"]) for item in told] == [("forward", False), ("move", False)]
    assert told[-1]["case"] is None
    case.answer("Kami tangani.", by=world.dewi)
    assert drained(program, cursor)[0] == [], "what another office does is none of ours"


def test_a_secret_case_shows_no_title_and_once_it_left_it_never_was(world: World) -> None:
    _client, program = connected(world)
    _items, cursor = drained(program)
    case = case_at(world, secret=True, title="Pungli di loket")
    told, after = drained(program, cursor)
    assert told[0]["case"]["title"] == "Laporan rahasia"
    assert "Pungli" not in str(told)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="salah kantor")
    assert drained(program, after)[0] == []
    assert drained(program, cursor)[0] == [], "also when the old page is asked for again"


def test_a_case_kept_from_the_office_is_not_even_told_to_have_left(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world)
    items, cursor = drained(program)
    assert len(items) == 1
    dispatch.exclude(case, world.dinas_pu, by=world.wati)
    assert Complaint.objects.get(pk=case.pk).handler == world.inspektorat
    assert drained(program, cursor)[0] == []
    assert not Delivery.objects.filter(complaint=case).exists()


@pytest.mark.slow
def test_long_queues_come_in_pages_without_gap_or_repetition(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _client, program = connected(world)
    made = [case_at(world).shown_number for _ in range(5)]
    monkeypatch.setattr(feed, "PAGE", 2)
    items, cursor = drained(program)
    assert [item["number"] for item in items] == made
    for number in made:
        Complaint.objects.get(number=number.replace("-", "")).start(by=world.joko)
    told, _cursor = drained(program, cursor)
    assert [item["number"] for item in told] == made


def test_what_happens_while_the_first_list_is_read_is_not_missed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _client, program = connected(world)
    first, *_rest = [case_at(world) for _ in range(3)]
    monkeypatch.setattr(feed, "PAGE", 2)
    page = ask(program)
    first.start(by=world.joko)
    late = case_at(world)
    told, _cursor = drained(program, page["cursor"])
    verbs = [(item["number"], item["verb"]) for item in told if item["verb"]]
    assert (first.shown_number, "start") in verbs
    assert (late.shown_number, "forward") in verbs


@pytest.mark.parametrize("cursor", ["palsu", "%00", "c34x", "a" * 500, "ZX4tMQ"])
def test_what_is_no_cursor_is_refused(world: World, cursor: str) -> None:
    _client, program = connected(world)
    assert pointers(problem(program.get(f"antrean/?sejak={cursor}"), 400, "isian-salah")) == {"sejak"}


def test_a_cursor_of_the_future_or_of_what_was_forgotten_begins_anew(world: World) -> None:
    from lapor.kit import paging

    client, program = connected(world)
    _items, old = drained(program)
    problem(program.get(f"antrean/?sejak={paging.write('e', 10**9)}"), 410, "kursor-lama")
    case = case_at(world)
    later = timezone.now() + datetime.timedelta(days=61)
    assert feed.forget(later) > 0
    assert Endpoint.objects.get(client=client).forgotten > 0
    problem(program.get(f"antrean/?sejak={old}"), 410, "kursor-lama")
    items, _cursor = drained(program)
    assert [item["number"] for item in items] == [case.shown_number]


def test_one_clients_reading_is_not_anothers(world: World) -> None:
    _one, first = connected(world)
    _two, second = connected(world)
    case_at(world)
    _items, cursor = drained(first)
    assert len(drained(second)[0]) == 1
    assert drained(first, cursor)[0] == []


def test_imported_history_floods_no_system(world: World) -> None:
    _client, program = connected(world)
    _items, cursor = drained(program)
    case_at(world, silent=True)
    assert drained(program, cursor)[0] == []


def test_an_office_without_a_system_costs_one_statement_and_leaves_no_row(world: World) -> None:
    case_at(world)
    assert not Delivery.objects.exists()
