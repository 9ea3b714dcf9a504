"""case.md section 2, one test each, numbered as there: asked after every step of the same random walks (`walks.py`).

I6 and I7 are tested with the pages and letters (tests/complaints), I8 in tests/flows/test_faults.py, I9 with the
evaluation, I10 in test_sweep.py.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from agencies import succession
from agencies.actor import Actor
from agencies.models import Agency, Leave, Membership, Reorganisation, Step
from complaints.models import Clock, Complaint, Contribution, Event, Pause
from complaints.models.lifecycle.promises import end_of
from complaints.transitions import FIRST_UNSENT, OPEN, RETURN, SAME, TABLE, Status, standing
from routing import history
from routing.models import Disposition, Ground, Outcome, Suggestion
from tests.routing.walks import Walk, _clocks

pytestmark = pytest.mark.xdist_group("walks")

# Two walks in the quick tests, five in the whole run. Longer by hand:
# pytest tests/routing/test_invariants.py --hypothesis-profile=long
WALKS = settings(
    max_examples=5,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    # A walk that fails is printed as it was: making it shorter costs minutes of database.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

# Acts that put a case on another desk say why; a unit's office says it by its name.
SAYS_WHY = ("place", "forward", "move", "hand_back")
# What a sentence with a hole in it shows.
HOLES = re.compile(r"%\(|%[sd]|\{\w*\}|\bNone\b|  ")


INVARIANTS: dict[str, Callable[[Walk], None]] = {}


def asked(invariant: Callable[[Walk], None]) -> Callable[[Walk], None]:
    INVARIANTS[invariant.__name__] = invariant
    return invariant


def walk_and(check: Callable[[Walk], None], request: pytest.FixtureRequest) -> None:
    machine = type("Walk", (Walk,), {"check": staticmethod(check)})
    quick = "not slow" in (request.config.getoption("markexpr") or "")
    walks = settings(WALKS, max_examples=2) if quick else WALKS
    profile = settings.get_current_profile_name()
    run_state_machine_as_test(machine, settings=settings.get_profile("long") if profile == "long" else walks)


@asked
def i1_status_changes_only_along_the_table(walk: Walk) -> None:
    events = defaultdict(list)
    for event in Event.objects.order_by("pk"):
        events[event.complaint_id].append(event)
    for case in Complaint.objects.all():
        status, handler = "", None
        for event in events[case.pk]:
            assert (event.status_from, event.handler_from_id) == (status, handler), "each event knows what was"
            status, handler = event.status_to, event.handler_to_id
            if event.verb != "submit":
                row = TABLE[event.verb]
                assert event.status_from in row.sources
                leads: dict[str, set[str]] = {
                    SAME: {event.status_from},
                    RETURN: {Status.SUBMITTED, Status.FORWARDED, Status.IN_PROGRESS},
                    FIRST_UNSENT: {Status.SUBMITTED, Status.FORWARDED},
                }
                targets = leads.get(row.target, {row.target})
                if event.verb == "move" and event.status_from == Status.IN_PROGRESS:
                    targets = {Status.FORWARDED}
                assert event.status_to in targets
        assert (case.status, case.handler_id) == (status, handler)


@asked
def i2_an_open_case_has_one_handler_and_one_open_stint(walk: Walk) -> None:
    stints = defaultdict(list)
    for complaint, agency in Disposition.objects.open().values_list("complaint_id", "agency_id"):
        stints[complaint].append(agency)
    for case in Complaint.objects.all():
        assert stints[case.pk] == ([case.handler_id] if case.is_open else [])


@asked
def i3_moving_never_resets_a_promise(walk: Walk) -> None:
    if walk.touched is None:
        return
    new = list(Event.objects.filter(complaint=walk.touched).order_by("pk")[walk.events_before :])
    if new and {event.verb for event in new} <= {"place", "move", "hand_back", "pass_on"}:
        assert _clocks(walk.touched) == walk.clocks_before


@asked
def i4_an_open_case_has_a_running_clock_a_terminal_one_none(walk: Walk) -> None:
    dates: dict[int, list[datetime.date]] = defaultdict(list)
    for complaint, due_on in Clock.objects.running().values_list("complaint_id", "due_on"):
        dates[complaint] += [due_on] if due_on else []
    unstopped = set(Clock.objects.unstopped().values_list("complaint_id", flat=True))
    paused = set(Pause.objects.filter(ended_on__isnull=True).values_list("complaint_id", flat=True))
    for case in Complaint.objects.all():
        if case.is_open:
            assert dates[case.pk], "a promise with a date runs"
            assert case.due_on == min(dates[case.pk]), "the case carries the nearest"
        else:
            assert case.pk not in unstopped | paused


@asked
def i5_overdue_is_a_date_that_passed_noted_once_and_dated_that_day(walk: Walk) -> None:
    noted: dict[tuple[int, str], int] = defaultdict(int)
    for event in Event.objects.filter(verb="overdue").select_related("complaint__place"):
        facts = event.particulars
        noted[facts["clock"], facts["due_on"]] += 1
        assert event.status_from == event.status_to
        assert event.at == end_of(datetime.date.fromisoformat(facts["due_on"]), event.complaint.zone)
        assert event.at <= event.recorded_at
    assert set(noted.values()) <= {1}
    for clock in Clock.objects.filter(overdue_noted_at__isnull=False, stopped_at__isnull=True):
        assert clock.due_on is not None
        assert clock.due_on < walk.today
        assert clock.missed_by is not None


@asked
def i11_no_open_case_lies_at_an_unstaffed_office(walk: Walk) -> None:
    today = walk.today
    standing_ones = Agency.objects.active_on(today)
    staffed = set(standing_ones.staffed_on(today).values_list("pk", flat=True))
    desks = set(standing_ones.desks_on(today).values_list("pk", flat=True))
    for case in Complaint.objects.filter(status__in=OPEN).select_related("handler"):
        assert case.handler_id in staffed, f"{case.status} at {case.handler}"
        if case.status == Status.SUBMITTED or case.returns_to == Status.SUBMITTED:
            assert case.handler_id in desks, f"{case.status} at {case.handler}, which is no desk"


@asked
def i12_a_case_is_refused_at_most_twice_a_round(walk: Walk) -> None:
    refused: dict[tuple[int, int], int] = defaultdict(int)
    for stint in Disposition.objects.filter(outcome=Outcome.HANDED_BACK, ground=Ground.NOT_OURS):
        if stint.verb != "pass_on":
            refused[stint.complaint_id, stint.round] += 1
    assert all(count <= 2 for count in refused.values())
    for stint in Disposition.objects.open().select_related("complaint"):
        if refused[stint.complaint_id, stint.round] == 2:
            assert stint.bound, "whoever holds it"


@asked
def i13_never_readable_where_it_is_not_for(walk: Walk) -> None:
    about = list(Complaint.objects.filter(not_for__isnull=False).select_related("not_for", "handler"))
    for case in about:
        assert case.not_for is not None
        assert case.not_for.parent_id is not None
        if case.is_open:
            assert not case.handler.is_under(case.not_for)
    for membership in Membership.objects.select_related("agency", "user"):
        hidden = [case for case in about if case.not_for is not None and membership.agency.is_under(case.not_for)]
        if hidden:
            by = Actor.officer(membership)
            assert all(standing(case, by) == frozenset() for case in hidden)
            assert not Complaint.objects.visible_to(by).filter(pk__in=[case.pk for case in hidden]).exists()
    assert not Agency.objects.root().complaints.filter(not_for__parent__isnull=True).exclude(not_for=None).exists()


@asked
def whoever_is_asked_to_help_can_and_may_and_is_not_the_lead(walk: Walk) -> None:
    for task in Contribution.objects.open().select_related("complaint__handler", "complaint__not_for", "agency"):
        case = task.complaint
        assert case.is_open, f"{case.status}: nothing is left to help with"
        assert not case.is_guarded, "what is guarded is shared with nobody"
        assert task.agency_id != case.handler_id
        assert task.agency.is_staffed(walk.today), f"nobody is at {task.agency}"
        assert task.agency.parent_id is not None
    for task in Contribution.objects.exclude(state="OPEN"):
        assert task.reason or task.message_id, "every task that is over says why"


@asked
def whoever_stands_in_does_so_for_the_days_of_the_leave(walk: Walk) -> None:
    for leave in Leave.objects.filter(lent__isnull=False).select_related("lent", "membership"):
        lent, own = leave.lent, leave.membership
        assert lent is not None
        assert (lent.acting_for_id, lent.agency_id, lent.role) == (own.pk, own.agency_id, own.role)
        assert lent.user_id != own.user_id
        assert lent.starts_on >= leave.starts_on
        assert lent.ends_on is not None, "nobody stands in for ever"
        assert lent.ends_on <= max(leave.ends_on, lent.starts_on)
    for deputy in Membership.objects.current(walk.today).filter(acting_for__isnull=False).select_related("acting_for"):
        assert deputy.acting_for is not None
        assert deputy.acting_for.is_current_on(walk.today), "for somebody who left nobody stands in"


@asked
def a_plan_whose_day_has_come_is_over_and_every_step_says_what_it_did(walk: Walk) -> None:
    assert not Reorganisation.objects.due_on(walk.today).exists()
    for step in Step.objects.exclude(state=Step.State.WAITING):
        assert step.said, f"{step.kind} {step.state} says nothing"
        assert not HOLES.search(step.said), step.said
    for agency in Agency.objects.filter(ends_on__lte=walk.today, succeeded_by__isnull=False):
        heir = succession.heir_of(agency, walk.today)
        assert heir is None or agency.handed_on_at is not None, f"{agency} kept what it had"


@asked
def i14_a_stale_version_changes_nothing(walk: Walk) -> None:
    """Asked inside the walk (`act_on_a_stale_page`), as is that a refused act changes nothing."""


@asked
def every_case_says_why_it_lies_where_it_lies(walk: Walk) -> None:
    """Issue 4: with I2, I4, I11 and I12 what holds after any mix of rules, refusals, moves, merges, leaves and
    reorganisations. Only what the last step touched is read again: what was written before is never changed."""
    cases = [walk.touched] if walk.touched is not None else list(Complaint.objects.all())
    for case in cases:
        events = case.events.select_related("actor", "client", "acting_agency", "handler_from", "handler_to")
        for line in history.lines(case, events.order_by("pk")):
            assert line.title
            assert not HOLES.search(f"{line.title} {line.when} {line.detail}"), line
            if line.event.verb in SAYS_WHY:
                assert len(line.event.particulars.get("reason", "").split()) > 1, f"{line.event.verb} says nothing"
    said = Suggestion.objects.filter(complaint__in=cases)
    for reason in said.values_list("reason", flat=True):
        assert re.search(r"\w.*[.!?]$", reason), reason
        assert not HOLES.search(reason), reason
    weighed = Event.objects.filter(complaint__in=cases, actor=None, verb__in=("place", "forward"))
    assert {event.complaint_id for event in weighed} <= set(said.values_list("complaint", flat=True))


@pytest.fixture(scope="module")
def broken(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> dict[str, AssertionError]:
    """What did not hold, by its name: one walk for all, on which everything is asked after each step."""
    found: dict[str, AssertionError] = {}

    def ask(walk: Walk) -> None:
        for name, holds in INVARIANTS.items():
            try:
                holds(walk)
            except AssertionError as error:
                found.setdefault(name, error)

    with django_db_blocker.unblock():
        walk_and(ask, request)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("name", INVARIANTS)
def test_it_holds(request: pytest.FixtureRequest, broken: dict[str, AssertionError], name: str) -> None:
    if name in broken:
        # Walked again for it alone: then every step up to there is printed.
        walk_and(INVARIANTS[name], request)
        raise broken[name]
