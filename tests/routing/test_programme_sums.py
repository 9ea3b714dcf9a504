"""What the worker counts of the priority programmes is what the tables hold, after any history; secret and withheld
cases are in no count; a large portal reads what was counted, a small one counts."""

from __future__ import annotations

import datetime
from collections import defaultdict
from contextlib import suppress
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import Agency, Programme, Role
from complaints.models import Complaint, Tag
from complaints.transitions import OFFICES_TURN, OPEN, Refusal
from lapor.kit import wording
from routing import dispatch, programme_sums, tasks
from routing.models import Headline, ProgrammeSum
from routing.programme_sums import Row, day_begins, mondays
from tests.filing import SARI, days, filed
from tests.routing.walks import ACTS
from tests.scenes import once
from tests.world import World, client_of, programme

pytestmark = pytest.mark.django_db
HERE = "/pengawasan/program/"
WORKER = Actor.system("worker")


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


@once(at=days(20))
def roads() -> Programme:
    return programme("jalan-daerah", name="Jalan Daerah")


def gathered(case: Complaint, of: Programme) -> Complaint:
    case.tag(of, by=WORKER, reason="Soal jalan.")
    return case


def counted(node: Agency, *programmes: Programme, slow: bool = True, today: datetime.date | None = None) -> list[Row]:
    """As a page reads them: what was kept, or counted for it where that is quick."""
    Headline.objects.filter(name=programme_sums.NAME).update(figures={"cases": programme_sums.FEW + slow})
    found = programme_sums.read(node, [one.pk for one in programmes], today or days(20).date())
    assert (found.made_at is not None) == (slow and node.path_length <= 2)
    return sorted(found.rows, key=lambda row: (row.programme, row.province))


# --- Equal to the tables ---


def told(node: Agency, *programmes: Programme, today: datetime.date) -> list[Row]:
    """The same, looking at one case after the other."""
    standing: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0] * len(programme_sums.STANDING))
    weeks: dict[tuple[int, str], list[list[int]]] = defaultdict(lambda: [[0] * 4 for _ in mondays(today)])
    tags = Tag.objects.filter(programme__in=programmes, removed_at=None)
    for tag in tags.select_related("complaint__handler__region", "complaint__place"):
        case = tag.complaint
        if case.secret or case.not_for_id or case.not_seen_by.exists() or not case.handler.is_under(node):
            continue
        where = case.place_id or case.handler.region_id or ""
        key = tag.programme_id, where[:2]
        late = case.status in OFFICES_TURN and case.due_on is not None and case.due_on < today
        states = (case.status in OPEN, late, *(case.status == one for one in ("answered", "closed", "archived")))
        standing[key] = [n + bool(more) for n, more in zip(standing[key], states, strict=True)]
        missed = [
            clock.due_on + _DAY
            for clock in case.clocks.exclude(kind="REPORTER")
            if clock.due_on is not None
            and (clock.stopped_at is None or clock.stopped_at.astimezone(_JAKARTA).date() > clock.due_on)
        ]
        for n, first in enumerate(mondays(today)):
            start, end, ended = day_begins(first), day_begins(first + 7 * _DAY), case.closed_at
            counts = (
                start <= tag.placed_at < end,
                ended is not None and start <= ended < end,
                sum(first <= day < first + 7 * _DAY and day <= today for day in missed),
                tag.placed_at < end and (ended is None or ended >= end),
            )
            weeks[key][n] = [n + int(more) for n, more in zip(weeks[key][n], counts, strict=True)]
    return [Row(*key, tuple(standing[key]), tuple(map(tuple, weeks[key]))) for key in sorted(standing)]


_DAY, _JAKARTA = datetime.timedelta(days=1), ZoneInfo("Asia/Jakarta")
# What changes a count.
VERBS = (
    *("tag", "tag", "untag", "move", "forward", "start", "answer", *["resolve"] * 4, "accept", "contest", "archive"),
    *("reopen", "tighten", "loosen", "exclude", "name an officer", "locate", "ask", "complete", "not ours"),
)


@pytest.mark.slow
def test_the_sums_are_what_the_tables_hold_after_any_history(world: World) -> None:
    random, now, seen = Random(57), days(0), set()
    both = programme("bersama"), programme("jalan-daerah")
    places = (world.sukasari, world.karang_pagi, None)
    offices = (world.dinas_pu, world.dinas_kesehatan, world.dinas_pu_tetangga, world.bumn, world.pemkab)
    with time_machine.travel(now, tick=False) as clock:
        for step in range(60):
            if step % 6 == 0:
                gathered(filed(world, place=places[step % 4 % 3], addressed_to=random.choice(offices)), both[step % 2])
            case = random.choice(list(Complaint.objects.order_by("pk")))
            holder = case.handler.memberships.exclude(role=Role.OBSERVER).first()
            by = Actor.officer(holder) if holder and random.random() < 0.7 else random.choice([world.ratna, SARI])
            with suppress(Refusal), transaction.atomic():
                ACTS[random.choice(VERBS)](case, by, random.choice(offices), case)
            if step % 4 == 0:
                now += datetime.timedelta(days=random.choice([0, 1, 1, 4]))
                clock.move_to(now)
            if step % 20 == 19:
                seen |= _agree(world, both, now)
    assert seen >= {"open", "late", "answered", "closed", "missed"}, "the walk tells something"


def _agree(world: World, both: tuple[Programme, Programme], now: datetime.datetime) -> set[str]:
    """What is kept, what a page counts, and the tables; which of the counts were not all 0."""
    programme_sums.refresh(now)
    today, seen = now.astimezone(_JAKARTA).date(), set[str]()
    for node in (world.root, world.pemkab, world.pemkab_tetangga, world.bumn, world.dinas_pu):
        expected = told(node, *both, today=today)
        assert counted(node, *both, today=today) == expected
        assert counted(node, *both, slow=False, today=today) == expected
        for row in expected:
            seen |= {name for name, n in zip(programme_sums.STANDING, row.standing, strict=True) if n}
            seen |= {name for week in row.weeks for name, n in zip(programme_sums.WEEKLY, week, strict=True) if n}
    return seen


# --- What is in no count ---


def test_what_is_secret_or_kept_from_somebody_is_counted_for_nobody(world: World, roads: Programme) -> None:
    gathered(filed(world), roads)
    hidden = gathered(filed(world), roads)
    hidden.tighten(secret=True, by=SARI)
    dispatch.exclude(gathered(filed(world), roads), world.dinas_kesehatan, by=world.ratna)
    assert world.dewi.user is not None
    dispatch.exclude(gathered(filed(world), roads), None, by=world.ratna, officers=[world.dewi.user])
    assert programme_sums.refresh().figures["cases"] == 1
    assert Tag.objects.current().filter(programme=roads).count() == 4
    for slow in (True, False):
        assert [row.standing[0] for row in counted(world.root, roads, slow=slow)] == [1]
    assert ProgrammeSum.objects.get(programme=roads).counts[0] == 1


# --- Who counts ---


def test_a_large_portal_reads_what_the_worker_counted_and_says_when(world: World, roads: Programme) -> None:
    ratna, wati = client_of(world.ratna), client_of(world.wati)
    gathered(filed(world), roads)
    tasks.refresh_standing()
    Headline.objects.filter(name=programme_sums.NAME).update(
        made_at=days(19.99), figures={"cases": programme_sums.FEW + 1}
    )
    gathered(filed(world), roads)
    for client in (ratna, wati):
        for address in (HERE, f"{HERE}jalan-daerah/"):
            page = client.get(address)
            assert open_in(page) == 1
            assert wording.moment(days(19.99)) in page.content.decode()
    hana = client_of(world.hana).get(f"{HERE}jalan-daerah/")
    assert open_in(hana) == 2, "of one office a page counts by itself"
    assert hana.context["made_at"] is None
    tasks.refresh_standing()
    Headline.objects.filter(name=programme_sums.NAME).update(figures={"cases": programme_sums.FEW + 1})
    assert open_in(ratna.get(HERE)) == 2


def test_a_small_portal_counts_for_each_page(world: World, roads: Programme) -> None:
    ratna = client_of(world.ratna)
    assert open_in(ratna.get(HERE)) == 0
    tasks.refresh_standing()
    gathered(filed(world), roads)
    assert open_in(ratna.get(HERE)) == 1


def open_in(page: Any) -> int:
    context = page.context
    lines = [line for line, *_cells in context["lines" if "lines" in context else "provinces"]]
    return sum(line.counts.open for line in lines)


@pytest.mark.slow
def test_reading_costs_the_same_however_many_there_are(world: World, roads: Programme) -> None:
    observer = client_of(world.officer("Pengawas", world.root, Role.OBSERVER, programme=roads))
    gathered(filed(world), roads)
    for slow in (True, False):
        programme_sums.refresh()
        counted(world.root, roads, slow=slow)
        for address, most in ((HERE, 8), (f"{HERE}jalan-daerah/", 14)):
            observer.get(address)
            with CaptureQueriesContext(connection) as few:
                observer.get(address)
            gathered(filed(world), roads)
            with CaptureQueriesContext(connection) as many:
                observer.get(address)
            assert len(many) == len(few) <= most, [query["sql"][:90] for query in many.captured_queries]
