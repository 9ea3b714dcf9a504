"""Random walks through the lane of disclosures: whatever reporters, members, those who appoint and the calendar do.

Each open one has one team and a date, nobody it is about reads it, and one person alone changes no team.
"""

from __future__ import annotations

import datetime
import pickle
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from agencies import members, teams
from agencies.actor import Actor
from agencies.models import Holiday, Membership, Role, TeamMember
from complaints import disclosures
from complaints.models import Complaint, Disclosure, IdentityLook, KeptFrom
from complaints.transitions import Refusal
from tests.disclosing import Teams, decree_of, staffed, told
from tests.scenes import once
from tests.world import World

pytestmark = pytest.mark.xdist_group("walks")
JAKARTA = datetime.timezone(datetime.timedelta(hours=7))
MORNING = datetime.datetime(2026, 5, 25, 9, tzinfo=JAKARTA)
ACTS = ("write", "ask", "reply", "finish", "withdraw", "hand_up", "keep_from", "ask_identity", "approve", "identity")


@dataclass
class People:
    world: World
    team: Teams
    head: Actor


@once(at=MORNING)
def people(world: World) -> People:
    return People(world, staffed(world), world.officer("Kepala Inspektorat", world.inspektorat, Role.HEAD))


class Lane(RuleBasedStateMachine):
    # Pickled: each walk begins with the same people, as they were.
    people_of_all: ClassVar[bytes]

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self._traveller = time_machine.travel(MORNING, tick=False)
        self._clock = self._traveller.start()
        found: People = pickle.loads(self.people_of_all)
        self.world, head = found.world, found.head
        self.people = [*vars(found.team).values(), self.world.ratna, self.world.seno, head, self.world.agus]
        self.promised: dict[int, tuple[datetime.date, datetime.date]] = {}
        self.undone = False
        self.tells("dinas_pu")

    def teardown(self) -> None:
        self._traveller.stop()
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    @property
    def now(self) -> datetime.datetime:
        return datetime.datetime.now(JAKARTA)

    @rule(about=st.sampled_from(["dinas_pu", "inspektorat", "pemkab", "bumn"]))
    def tells(self, about: str) -> None:
        told(self.world, "Setoran dicatat di buku biru.", accused=getattr(self.world, about), now=self.now)

    @rule(act=st.sampled_from(ACTS), who=st.integers(0, 7), which=st.integers(0, 3), whom=st.integers(0, 7))
    def acts(self, act: str, who: int, which: int, whom: int) -> None:
        cases = list(Disclosure.objects.order_by("pk"))
        case, by, other = cases[which % len(cases)], self.people[who], self.people[whom].user
        before = Disclosure.objects.filter(pk=case.pk).values().get()
        # Who was asked to stay away, or sits elsewhere, is refused and changes nothing.
        reads = Disclosure.objects.readable_by(by).filter(pk=case.pk).exists()
        try:
            with transaction.atomic():
                self._do(act, case, by, other)
        except Refusal:
            assert Disclosure.objects.filter(pk=case.pk).values().get() == before
            self.undone = True
        else:
            assert reads or act in ("reply", "withdraw")

    def _do(self, act: str, case: Disclosure, by: Actor, other: Any) -> None:
        match act:
            case "write" | "ask":
                disclosures.write(case, "Kami periksa.", by=by, asks=act == "ask", now=self.now)
            case "reply":
                self.promised.pop(case.pk, None) if not case.is_open else None
                disclosures.reply(case, "Ada lagi.", now=self.now)
            case "finish":
                disclosures.finish(case, "Terbukti.", finding="PROVEN", by=by, now=self.now)
            case "withdraw":
                disclosures.withdraw(case, now=self.now)
            case "hand_up":
                disclosures.hand_up(case, by=by, now=self.now)
            case "keep_from":
                disclosures.keep_from(case, other, by=by, now=self.now)
            case "ask_identity":
                disclosures.ask_identity(case, by=by, reason="Harus ditemui.", now=self.now)
            case "approve":
                look = disclosures.waiting_look(case, self.now)
                disclosures.approve_identity(case, by=by, look=look.pk if look else 0, now=self.now)
            case _:
                disclosures.identity(case, by=by, now=self.now)
                assert disclosures.granted_look(case, by, self.now) is not None

    @rule(
        what=st.sampled_from(["appoint", "end", "approve", "call off"]), who=st.integers(0, 7), whom=st.integers(0, 7)
    )
    def the_team_is_to_change(self, what: str, who: int, whom: int) -> None:
        by, seats = self.people[who], list(TeamMember.objects.select_related("user", "agency").order_by("pk"))
        with suppress(members.Refused):
            if what == "appoint":
                user, office = self.people[whom].user, self.people[whom].agency
                assert user is not None
                assert office is not None
                teams.appoint(by=by, agency=office, user=user, decree=decree_of(office), now=self.now)
            elif what == "end":
                teams.end(seats[whom % len(seats)], by=by, reason="Diganti.", now=self.now)
            elif what == "approve":
                asker = seats[whom % len(seats)].asked_by_id
                done = teams.approve(seats[whom % len(seats)], by=by, now=self.now)
                assert by.user is not None
                assert by.user.pk not in (asker, done.user_id)
            else:
                teams.call_off(seats[whom % len(seats)], by=by, now=self.now)

    @rule(which=st.integers(0, 9))
    def somebody_leaves(self, which: int) -> None:
        sitting = list(Membership.objects.current(self.now.date()).filter(agency=self.world.inspektorat).order_by("pk"))
        if sitting:
            Membership.objects.filter(pk=sitting[which % len(sitting)].pk).update(ends_on=self.now.date())

    @rule(days=st.sampled_from([1, 3, 8, 30]))
    def time_passes(self, days: int) -> None:
        self._clock.shift(datetime.timedelta(days=days))
        disclosures.watch(self.now)

    @rule(days=st.integers(1, 40), gone=st.booleans())
    def the_calendar_changes(self, days: int, gone: bool) -> None:
        day = self.now.date() + datetime.timedelta(days=days)
        if gone:
            Holiday.objects.filter(date=day).delete()
        elif not Holiday.objects.filter(date=day).exists():
            Holiday.objects.create(date=day, name="Hari tambahan")
        disclosures.redate(self.now)

    @invariant()
    def holds(self) -> None:
        if self.undone:
            # What was refused left the database as it was asked about after the step before.
            self.undone = False
            return
        assert not Complaint.objects.exists()
        cases = {case.pk: case for case in Disclosure.objects.select_related("team", "not_for")}
        for case in cases.values():
            if case.is_open:
                assert case.due_on is not None, "nobody's turn is without a date"
                known = self.promised.get(case.pk)
                now = (case.first_due_on, case.end_due_on)
                assert known is None or (now[0] >= known[0] and now[1] >= known[1]), "a date came nearer"
                self.promised[case.pk] = now
            assert not case.team.is_under(case.not_for), "never with those it is about"
        assert all(teams.is_team_office(office) for office in {case.team for case in cases.values()})
        kept = set(KeptFrom.objects.values_list("disclosure_id", "user_id"))
        sitting = set(TeamMember.objects.current().values_list("user_id", "agency_id"))
        for by in self.people:
            assert by.user is not None
            for pk in Disclosure.objects.readable_by(by).values_list("pk", flat=True):
                assert (pk, by.user.pk) not in kept
                assert (by.user.pk, cases[pk].team_id) in sitting
        for look in IdentityLook.objects.filter(approved_by__isnull=False):
            assert look.approved_by_id != look.asked_by_id
        for office in (self.world.inspektorat, self.world.root):
            living = TeamMember.objects.current(self.now.date()).filter(agency=office)
            assert living.count() <= teams.MOST


@pytest.mark.django_db
def test_whatever_happens_the_lane_keeps_what_it_promises(
    request: pytest.FixtureRequest, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lane, "people_of_all", pickle.dumps(people), raising=False)
    quick = "not slow" in (request.config.getoption("markexpr") or "")
    run_state_machine_as_test(
        Lane,
        settings=settings(
            max_examples=1 if quick else 5,
            stateful_step_count=20 if quick else 40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
