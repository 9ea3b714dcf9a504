"""The ledger: what events tell of a case and of each office's turn; counted as they come, the same when made anew."""

from __future__ import annotations

import datetime
from itertools import chain, repeat
from typing import Any

import pytest
import time_machine
from django.db import connection

from agencies.actor import Actor
from complaints.loaders import load_standards
from complaints.models import ClockKind, Complaint, Event, ServiceStandard
from complaints.standards import set_standard
from routing import dispatch, groups
from routing.measures import checking, counting, ledger
from routing.measures.reading import Reader, Scope
from routing.models import (
    CaseFigure,
    Cell,
    Counted,
    Kept,
    MonthCell,
    MonthSpread,
    MonthTally,
    OfficeSum,
    Spread,
    Tally,
    TopSum,
    TurnFigure,
)
from tests.filing import SARI, answered, days, filed, missed, resolved
from tests.routing.test_invariants import walk_and
from tests.routing.walks import Walk
from tests.world import World

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("sweep")


def figure(case: Complaint) -> CaseFigure:
    ledger.keep_up()
    return CaseFigure.objects.get(pk=case.pk)


def turns(case: Complaint) -> list[tuple[str, int, int | None, str]]:
    ledger.keep_up()
    rows = TurnFigure.objects.filter(complaint=case).order_by("number").select_related("agency")
    return [(row.agency.shown_name, row.kept, row.days, row.gone) for row in rows]


def everything() -> dict[str, Any]:
    """All that is kept, without ids."""
    kept: dict[str, Any] = {}
    for model in (CaseFigure, TurnFigure, Tally, Spread, MonthTally, MonthSpread, OfficeSum, TopSum, Cell, MonthCell):
        rows = [tuple(sorted(row.items())) for row in model.objects.values()]
        kept[model.__name__] = sorted(str([pair for pair in row if pair[0] != "id"]) for row in rows)
    return kept


def test_kept_promises_are_in_time_and_their_working_days_counted(world: World) -> None:
    case = filed(world)  # Friday 29 May; 1 June is a holiday
    answered(case, world.joko, at=4)  # Tuesday
    resolved(case, world.joko, at=7)  # Friday
    case.accept(by=SARI, rating_answer=4, rating_result=2, now=days(8))
    told = figure(case)
    assert (told.verify, told.verify_days) == (Kept.IN_TIME, 0)
    assert (told.answer, told.answer_days) == (Kept.IN_TIME, 1)
    assert (told.settle, told.settle_days) == (Kept.IN_TIME, 4)
    assert (told.ended, told.rating_answer, told.rating_result) == ("accept", 4, 2)
    assert (told.agency, told.top, told.day) == (world.dinas_pu, world.pemkab, datetime.date(2026, 5, 29))
    assert turns(case) == [("Dinas PU", Kept.IN_TIME, 1, "")]


def test_a_miss_stays_a_miss_however_the_case_ends(world: World) -> None:
    late, never, archived = filed(world), filed(world), filed(world)
    for case in (late, never, archived):
        missed(case, at=14)
    answered(late, world.joko, at=14)
    archived.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas.", now=days(15))
    assert [figure(case).answer for case in (late, never, archived)] == [Kept.LATE, Kept.MISSED, Kept.MISSED]
    assert [figure(case).past_due for case in (late, never, archived)] == [False, True, False]
    assert (figure(archived).ended, figure(archived).ground) == ("archive", "UNCLEAR")


def test_an_answer_on_the_saturday_after_the_last_day_is_late(world: World) -> None:
    due, after = filed(world, at=7), filed(world, at=7)
    last = due.clocks.get(kind="RESPOND").due_on
    assert last is not None
    assert last.weekday() == 4, "a Friday"
    offset = (last - datetime.date(2026, 5, 29)).days
    answered(due, world.joko, at=offset)
    answered(after, world.joko, at=offset + 1)
    assert [figure(case).answer for case in (due, after)] == [Kept.IN_TIME, Kept.LATE]
    assert [turns(case)[0][1] for case in (due, after)] == [Kept.IN_TIME, Kept.LATE]


def test_days_on_which_the_reporter_was_waited_for_do_not_count(world: World) -> None:
    case = filed(world)
    case.ask("Di mana tepatnya?", by=world.joko, now=days(0))
    case.complete("Di depan pasar.", by=SARI, now=days(20))
    answered(case, world.joko, at=24)
    waited = figure(case)
    assert (waited.answer, waited.answer_days) == (Kept.IN_TIME, 3)
    assert turns(case) == [("Dinas PU", Kept.IN_TIME, 3, "")]
    assert case.clocks.get(kind="RESPOND").due_on is not None


def test_each_office_is_measured_by_its_own_turn(world: World) -> None:
    case = filed(world)
    dispatch.hand_back(case, by=world.joko, ground="NOT_OURS", reason="Bukan kami.", now=days(20))
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Soal puskesmas.", now=days(20))
    missed(case, at=20)
    answered(case, world.dewi, at=21)
    assert figure(case).answer == Kept.LATE, "to the citizen"
    assert turns(case) == [
        ("Dinas PU", Kept.LATE, None, "NOT_OURS"),
        ("Pemkab Sukamaju", Kept.OPEN, None, "MOVED"),
        ("Dinkes", Kept.IN_TIME, 1, ""),
    ]
    assert figure(case).bounced
    assert figure(case).agency == world.dinas_kesehatan


def test_a_merged_case_was_received_but_neither_answered_nor_settled(world: World) -> None:
    lead, other = filed(world), filed(world)
    answered(other, world.joko, at=1)
    groups.merge(other, lead, by=world.wati, text="Sama.", now=days(2))
    assert (figure(other).merged, figure(other).answer, figure(other).followed) == (True, Kept.OPEN, False)


def test_the_time_it_was_merged_does_not_count(world: World) -> None:
    lead, other = filed(world), filed(world)
    groups.merge(other, lead, by=world.wati, text="Sama.", now=days(4))  # Tuesday 2 June
    other.unmerge(by=world.wati, reason="Lubang yang lain.", now=days(20))  # Thursday 18 June
    told = figure(other)
    assert (told.merged, told.ended, told.answer) == (False, "", Kept.OPEN)
    answered(other, world.joko, at=21)
    told = figure(other)
    assert (told.answer, told.answer_days) == (Kept.IN_TIME, 2)
    assert [turn[1:3] for turn in turns(other)] == [(Kept.OPEN, None), (Kept.IN_TIME, 1)]


def test_what_is_kept_from_an_office_is_in_no_sum(world: World) -> None:
    case = filed(world, not_for=world.kominfo, about_conduct=True)
    ledger.keep_up()
    assert figure(case).withheld
    assert not Tally.objects.exists()


def test_closed_by_the_system_contested_and_opened_again(world: World) -> None:
    case = resolved(filed(world), world.joko, at=1)
    case.contest("Belum.", by=SARI, now=days(4))
    resolved(case, world.joko, at=5)
    case.lapse(by=SYSTEM, now=days(60))
    told = figure(case)
    assert (told.ended, told.contested, told.reopened) == ("lapse", True, False)
    case.reopen(by=world.wati, reason="Keliru.", now=days(61))
    told = figure(case)
    assert (told.ended, told.reopened, told.settle) == ("", True, Kept.IN_TIME)


def test_a_run_made_twice_changes_nothing_and_the_cursor_goes_on(world: World) -> None:
    case = answered(filed(world), world.joko, at=1)
    ledger.keep_up()
    before, upto = everything(), Counted.objects.get().upto
    assert not ledger.advance()
    assert everything() == before
    resolved(case, world.joko, at=2)
    ledger.advance()
    assert everything() != before
    assert (Counted.objects.get().upto or 0) >= (upto or 0)


@pytest.mark.slow
def test_few_cases_at_a_time_lead_to_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.keep_up()
    monkeypatch.setattr(ledger, "BATCH", 2)
    for n in range(5):
        answered(filed(world, at=n), world.joko, at=n + 1)
    ledger.advance()
    counted = everything()
    ledger.remake(batch=2)
    assert everything() == counted


@pytest.mark.slow
def test_made_anew_in_many_runs_it_is_what_one_makes(world: World) -> None:
    for n in range(4):
        resolved(answered(filed(world, at=n), world.joko, at=n + 1), world.joko, at=n + 30)
    ledger.keep_up()
    made, runs = everything(), 1
    ledger.make_anew()
    # Each is cut off a little later than the one before.
    while not ledger.remake(batch=2, is_over=chain(repeat(False, runs), repeat(True)).__next__):
        runs += 1
    assert everything() == made
    assert runs > 5


def test_made_anew_postgresql_knows_what_the_tables_hold(world: World) -> None:
    """A page or a count that reads them a moment later is planned by what they hold, not as if they were empty."""
    filed(world)
    ledger.remake()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND reltuples < 0", [list(ledger.TABLES)])
        assert cursor.fetchall() == []


def test_each_event_carries_its_transaction(world: World) -> None:
    filed(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM complaints_event WHERE xact = pg_current_xact_id_if_assigned()")
        assert cursor.fetchone()[0] == Event.objects.count()


def test_what_is_counted_has_the_same_name_in_every_process() -> None:
    """Else each worker that starts would make all figures anew."""
    assert " at 0x" not in repr(counting.CASES)


@pytest.mark.slow
def test_a_changed_calendar_makes_the_figures_anew(world: World) -> None:
    filed(world)
    ledger.keep_up()
    ledger.make_anew()
    assert Counted.objects.get().words == ""
    ledger.keep_up()
    assert Counted.objects.get().words == counting.WORDS


def test_a_promise_holds_until_the_next_one_for_the_same() -> None:
    old, new, never = datetime.date(2020, 1, 1), datetime.date(2026, 3, 1), datetime.date.max
    given = ledger.Given(
        old,
        new,
        {},
        [("PENGADUAN", False, "", 8, new), ("PENGADUAN", False, "", 5, old), ("PENGADUAN", False, "1/2/", 3, old)],
    )
    law = given.law().params
    found = zip(law["paths"], law["budgets"], law["since"], law["replaced"], strict=True)
    assert sorted(found) == [("", 5, old, new), ("", 8, new, never), ("1/2/", 3, old, never)]


def test_a_tighter_promise_is_what_turns_are_judged_by_from_its_day_on(world: World) -> None:
    case = answered(filed(world), world.joko, at=6)  # three working days after Friday
    assert turns(case) == [("Dinas PU", Kept.IN_TIME, 3, "")]
    promise: dict[str, Any] = {
        "by": world.ratna,
        "kind": "PENGADUAN",
        "supervised": False,
        "clock": "RESPOND",
        "legal_basis": "Perbup",
    }
    with time_machine.travel(days(0), tick=False):
        set_standard(agency=world.pemkab, working_days=2, starts_on=days(0).date(), **promise)
        assert TurnFigure.objects.get().kept == Kept.LATE, "told at once"
        counted = everything()
        set_standard(agency=world.pemkab, working_days=1, starts_on=days(2).date(), **promise)
        assert Counted.objects.get().words, "what begins later changes nothing"
        set_standard(working_days=5, starts_on=days(-30).date(), **promise)
        assert Counted.objects.get().words == "", "what reaches back makes all anew"
    ledger.keep_up()
    assert everything() == counted


def test_a_law_that_came_with_the_portal_is_judged_by_too(world: World) -> None:
    ledger.keep_up()
    ServiceStandard.objects.filter(agency=None, clock=ClockKind.RESPOND).delete()
    assert load_standards().added
    assert Counted.objects.get().words == "", "all figures are made anew"
    ledger.keep_up()
    assert not load_standards().added
    assert Counted.objects.get().words, "loaded again it changes nothing"


def test_a_figure_that_differs_from_its_events_is_an_alarm(world: World) -> None:
    case = answered(filed(world), world.joko, at=1)
    ledger.keep_up()
    assert checking.check() == {}
    CaseFigure.objects.update(followed=False)
    assert checking.check()["cases"] == [case.pk]
    assert not CaseFigure.objects.get().followed, "left as it is"
    assert [one.id for one in checking.check_figures(databases=["default"])] == ["routing.W001"]
    ledger.make_anew()
    ledger.keep_up()
    assert checking.check() == {}
    CaseFigure.objects.all().delete()
    Counted.objects.update(upto=2**60)
    assert checking.check()["missing"] == 1
    ledger.make_anew()
    ledger.keep_up()
    Tally.objects.update(secret=True)
    assert checking.check()["days"] == ["2026-05-01", "2026-05-29"], "the day and its month"
    assert checking.check_figures(databases=["default"])


@pytest.mark.slow
def test_after_any_history_what_was_counted_is_what_the_events_say(request: pytest.FixtureRequest) -> None:
    """Sums over kinds, channels, categories and districts are the country's, too."""

    def check(walk: Walk) -> None:
        ledger.keep_up()
        walk.steps = getattr(walk, "steps", 0) + 1  # type: ignore[attr-defined]
        if walk.steps % 10:  # type: ignore[attr-defined]
            return
        counted = everything()
        ledger.make_anew()
        ledger.keep_up()
        assert everything() == counted
        _sums_agree(walk.world)
        for told in CaseFigure.objects.select_related("complaint"):
            case = told.complaint
            assert (told.agency_id, not told.ended) == (case.handler_id, case.is_open)

    walk_and(check, request)


def _sums_agree(world: World) -> None:
    def summed(**where: Any) -> list[int]:
        rows = list(Tally.objects.filter(**where).values_list("counts", flat=True))
        return [sum(column) for column in zip(*rows, strict=True)]

    whole = summed(node=world.root, cube=0)
    for cube in (1, 2, 3, 4):
        assert summed(node=world.root, cube=cube) == whole
    assert CaseFigure.objects.filter(withheld=False).count() == (whole[0] if whole else 0)
    if not whole:
        return
    _districts_agree(world, whole)
    _months_agree()
    for node in (world.root, world.pemkab):
        _scope_agrees(Scope(node, *_span(), reader=Reader(all_secrets=True)))


def _days() -> list[datetime.date]:
    """Those on which anything came or a turn began."""
    return sorted(
        {*CaseFigure.objects.values_list("day", flat=True), *TurnFigure.objects.values_list("day", flat=True)}
    )


def _span() -> tuple[datetime.date, datetime.date]:
    found = _days()
    return found[0], found[-1]


def _districts_agree(world: World, whole: list[int]) -> None:
    """The agencies directly below the root, and what the root has at its own desk, are the country."""
    tops = {row.node_id for row in Tally.objects.exclude(node=world.root)}
    below = Scope(world.root, *_span(), reader=Reader(all_secrets=True)).below
    assert set(below) - {world.root.pk} == tops
    own = {"agency": world.root, "withheld": False}
    at_root = [CaseFigure.objects.filter(**own).count(), TurnFigure.objects.filter(**own).count()]
    rows = list(Tally.objects.filter(node__in=tops, cube=0).values_list("counts", flat=True))
    for code, own_count in zip(("received", "turns"), at_root, strict=True):
        place = counting.CODES.index(code)
        assert sum(counts[place] for counts in rows) + own_count == whole[place], code
        assert below.get(world.root.pk, {}).get(code, 0) == own_count, code
    for place, code in enumerate(counting.CODES):
        assert sum(one[code] for one in below.values()) == whole[place], code


def _months_agree() -> None:
    """Whatever is summed of a month is the sum of its days: by node, cube, secrecy, kind, channel, category."""
    for days_of, months_of, value in ((Tally, MonthTally, "counts"), (Spread, MonthSpread, "count")):
        keys = [one.name for one in days_of._meta.concrete_fields if one.name not in ("id", "day", value)]
        added: dict[Any, list[int]] = {}
        for row in days_of.objects.values("day", value, *keys):
            key = (row["day"].replace(day=1), *(row[name] for name in keys))
            counts = row[value] if value == "counts" else [row[value]]
            added[key] = [a + b for a, b in zip(added.get(key, [0] * len(counts)), counts, strict=True)]
        kept = {
            (row["day"], *(row[name] for name in keys)): row[value] if value == "counts" else [row[value]]
            for row in months_of.objects.values("day", value, *keys)
        }
        assert kept == {key: counts for key, counts in added.items() if any(counts)}


def _scope_agrees(scope: Scope) -> None:
    """Its children and its own desk, each way it is split, and its days: all come to the whole."""
    whole = dict(scope.sums)
    for code in counting.CODES:
        assert sum(one[code] for one in scope.below.values()) == whole[code], code
    for dimension in ("kind", "channel", "category_id"):
        assert sum(count for _value, count in scope.by(dimension)) == whole["received"], dimension
    if scope.node.parent_id is not None:
        return
    added = dict.fromkeys(counting.CODES, 0)
    for day in _days():
        for code, count in scope.over(day, day).sums.items():
            added[code] += count
    assert added == whole
