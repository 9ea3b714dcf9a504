"""The numbers beside the saved views: what the lists hold, in one statement that stops early."""

from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import Agency, Role
from routing import counting, queue
from routing.models import Disposition
from tests.complaints.cases import NOW, later
from tests.routing.desk import LONG, forwarded, started, submitted
from tests.world import World, client_of

pytestmark = pytest.mark.usefixtures("nudges")


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def desk_of(who: Actor, *, below: bool = False) -> queue.Desk:
    """As a request sees it: the middleware has read all offices of its user."""
    assert who.membership is not None
    who.membership.user.held = who.membership.user.seats()
    return queue.Desk.of(who.membership, oversees=below, below=below)


def listed(desk: queue.Desk, view: queue.View) -> int:
    """Cases on all pages of the list that the view stands for."""
    query = queue.read(f"{view.query} kantor:semua" if desk.looks_below else view.query)
    found, cursor = 0, ""
    while True:
        page = queue.page(desk, query, cursor)
        found += len(page.rows)
        if not page.next_cursor:
            return found
        cursor = page.next_cursor


def every_kind(world: World) -> None:
    """New, opened, begun, near, late, asked, answered, proposed, secret, kept from an office and from an officer."""
    forwarded(world, NOW)
    forwarded(world, later(days=-20))
    forwarded(world, later(days=-6), secret=True)
    Disposition.objects.filter(complaint=forwarded(world, NOW)).update(opened_at=NOW)
    started(world, NOW)
    started(world, later(days=-20), by=world.hana)
    started(world, NOW).ask("Di sebelah mana?", by=world.joko, now=NOW)
    started(world, NOW).resolve(LONG, by=world.joko, outcome="DONE", done_on=NOW.date(), unit="Bidang Jalan", now=NOW)
    proposed = started(world, NOW)
    Agency.objects.filter(pk=world.dinas_pu.pk).update(approves_answers=True)
    proposed.refresh_from_db()
    proposed.answer(LONG, by=world.joko, now=NOW)
    assert world.joko.user is not None
    forwarded(world, NOW).exclude(officers=[world.joko.user], by=world.wati, now=NOW)
    forwarded(world, NOW, world.inspektorat).exclude(world.dinas_pu, by=world.wati, now=NOW)
    forwarded(world, NOW, world.dinas_pu_tetangga, secret=True)
    submitted(world, NOW)


def test_each_count_is_what_its_list_holds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    every_kind(world)
    seen = set()
    for who, below in [
        (world.joko, False), (world.hana, False), (world.agus, False), (world.wati, False), (world.wati, True),
        (world.tono, True), (world.ratna, False), (world.ratna, True),
    ]:  # fmt: skip
        desk = desk_of(who, below=below)
        found = counting.counts(desk, queue.VIEWS)
        assert found == {view.code: listed(desk, view) for view in queue.VIEWS}, (who, below)
        seen |= {code for code, count in found.items() if count}
    assert seen == {view.code for view in queue.VIEWS}, "each view had something to count"


def test_each_view_counts_in_one_statement(world: World) -> None:
    forwarded(world, NOW, title="Baru")
    old = started(world, later(days=-20), title="Lama")
    Disposition.objects.filter(complaint=old).update(opened_at=NOW)
    asked = started(world, NOW, title="Ditanya")
    asked.ask("Di sebelah mana?", by=world.joko, now=NOW)
    assert world.joko.membership is not None
    desk = queue.Desk.of(world.joko.membership, oversees=False)
    # As the middleware does: a request knows all its user's offices.
    desk.membership.user.held = desk.membership.user.seats()
    with CaptureQueriesContext(connection) as seen:
        counts = counting.counts(desk, queue.VIEWS)
    assert len(seen) == 1
    assert counts == {"semua": 3, "baru": 2, "saya": 2, "hampir": 0, "terlambat": 1, "pelapor": 1, "setuju": 0}


def test_counts_are_capped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "CAP", 1)
    for n in range(3):
        forwarded(world, NOW, title=f"Lubang {n}")
    assert ">1+</span>" in client_of(world.joko).get("/meja/").content.decode()


def test_the_compiled_count_is_filled_in_for_each_office_anew(world: World) -> None:
    """One statement serves every office of the same depth; each must get its own numbers."""
    forwarded(world, NOW)
    forwarded(world, NOW, world.dinas_kesehatan)
    forwarded(world, NOW, world.dinas_kesehatan)
    found = []
    for who, below in ((world.joko, False), (world.dewi, False), (world.wati, True), (world.tono, True)):
        assert who.membership is not None
        desk = queue.Desk.of(who.membership, oversees=below, below=below)
        found.append(counting.counts(desk, queue.VIEWS)["baru"])
    assert found == [1, 2, 3, 0]


def test_a_case_kept_from_an_office_is_not_counted_there(world: World) -> None:
    case = forwarded(world, NOW, world.inspektorat)
    case.exclude(world.dinas_pu, by=world.wati, now=NOW)
    assert world.wati.membership is not None
    assert world.agus.user is not None
    world.membership(world.agus.user, world.dinas_pu, Role.LIAISON)
    assert world.agus.membership is not None
    assert counting.counts(queue.Desk.of(world.wati.membership, oversees=True, below=True), queue.VIEWS)["semua"] == 1
    assert counting.counts(queue.Desk.of(world.agus.membership, oversees=False), queue.VIEWS)["semua"] == 0


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize(
    ("code", "index"),
    [
        ("semua", "complaint_desk"),
        ("baru", "disposition_unopened"),
        ("saya", "disposition_held"),
        ("hampir", "complaint_offices_turn"),
        ("terlambat", "complaint_offices_turn"),
        ("pelapor", "complaint_reporters_turn"),
        ("setuju", "message_pending"),
    ],
)
def test_each_count_walks_an_index_made_for_it(world: World, below: bool, code: str, index: str) -> None:
    """In its order: what is sorted or gathered first must be read whole, however early the count stops."""
    desk = desk_of(world.wati, below=below)
    query = next(view.query for view in queue.VIEWS if view.code == code)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        # On a table of no rows, or whose figures another test left behind, every index costs the same: only the one
        # that was made for it, and those that hold a rule, stay.
        cursor.execute(
            """
            SELECT other.indexrelid::regclass::text
            FROM pg_index made JOIN pg_index other ON other.indrelid = made.indrelid
            WHERE made.indexrelid = %s::regclass AND other.indexrelid <> made.indexrelid
              AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = other.indexrelid)
            """,
            [index],
        )
        for (other,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {other}")
        # Nor do the figures of other tests make joining by reading the whole look cheap.
        cursor.execute(
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_material = off"
        )
    plan = counting.walk(desk, queue.read(query))[: counting.CAP].explain()
    assert f"using {index} on" in plan
    assert "Sort" not in plan
