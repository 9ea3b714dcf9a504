"""Random walks: random acts by random people over the small country, while officers leave and offices end.

Each act goes through the same door as a page (`routing.dispatch`, the verbs of the case); what the table refuses is
refused and changes nothing. After every step the invariants of case.md section 2 are asked (`invariants.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

import time_machine
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agencies import leaves, offices, reorganising
from agencies.actor import Actor
from agencies.members import Refused
from agencies.models import Agency, Holiday, Kind, Leave, Membership, Region, Reorganisation, Role, Step, User
from agencies.models.agency import OFFICERS as STAFF
from agencies.signals import calendar_changed, membership_ended
from complaints.intake import Submission, receive
from complaints.models import Complaint, Event
from complaints.transitions import Refusal, Stale
from routing import dispatch, groups, helping, rulebook, tasks
from routing.models import Rule
from tests.world import World, build, programme

JAKARTA = datetime.timezone(datetime.timedelta(hours=7))
REPORTER = Actor.reporter()
OFFICERS = ("joko", "hana", "wati", "dewi", "agus", "tono", "yanto", "lina", "ratna", "seno", "bayu")
OFFICES = (
    "root", "pemprov", "pemkab", "dinas_pu", "bidang_jalan", "dinas_kesehatan", "dinas_sosial", "inspektorat",
    "kominfo", "kecamatan", "pemkab_tetangga", "dinas_pu_tetangga", "ministry", "bumn",
)  # fmt: skip
ENDABLE = ("dinas_pu", "bidang_jalan", "dinas_kesehatan", "inspektorat", "kecamatan", "bumn")
# Of the pemda that is reorganised; "new": the office it founded last.
BELOW = ("dinas_pu", "bidang_jalan", "dinas_kesehatan", "dinas_sosial", "inspektorat", "kominfo", "kecamatan", "new")
MACHINERY = Actor.system("walk")

Act = Callable[[Complaint, Actor, Agency, Complaint], Any]

ACTS: dict[str, Act] = {
    "place": lambda case, by, to, other: dispatch.place(case, to, by=by, reason="Titip."),
    "forward": lambda case, by, to, other: dispatch.forward(case, to, by=by, reason="Tugas Anda."),
    "forward as aspirasi": lambda case, by, to, other: dispatch.forward(
        case, to, by=by, reason="Usul.", kind="ASPIRASI"
    ),
    "move": lambda case, by, to, other: dispatch.move(case, to, by=by, reason="Salah kantor."),
    "pass_on": lambda case, by, to, other: dispatch.pass_on(case, to, by=by),
    "not ours": lambda case, by, to, other: dispatch.hand_back(case, by=by, ground="NOT_OURS", reason="Bukan kami."),
    "propose archive": lambda case, by, to, other: dispatch.hand_back(
        case, by=by, ground="PROPOSE_ARCHIVE", reason="Bukan layanan."
    ),
    "start": lambda case, by, to, other: case.start(by=by),
    "ask": lambda case, by, to, other: case.ask("Di mana?", by=by),
    "unask": lambda case, by, to, other: case.unask(by=by),
    "complete": lambda case, by, to, other: case.complete("Di pasar.", by=by),
    "answer": lambda case, by, to, other: case.answer("Kami periksa.", by=by),
    "resolve": lambda case, by, to, other: case.resolve("Tidak bisa, karena …", by=by, outcome="REFUSED"),
    "resolve later": lambda case, by, to, other: case.resolve(
        "Bulan depan.", by=by, outcome="SCHEDULED", promised_on=case.today() + datetime.timedelta(days=30)
    ),
    "approve": lambda case, by, to, other: case.approve(by=by),
    "return": lambda case, by, to, other: case.return_answer("Kurang jelas.", by=by),
    "contest": lambda case, by, to, other: case.contest("Belum beres.", by=by),
    "accept": lambda case, by, to, other: case.accept(by=by, rating_answer=3),
    "archive": lambda case, by, to, other: case.archive(by=by, ground="UNCLEAR", text="Tidak jelas."),
    "merge": lambda case, by, to, other: groups.merge(case, other, by=by, text="Sama dengan yang lain."),
    "propose merge": lambda case, by, to, other: groups.propose(case, other, by=by, reason="Sama dengan itu."),
    "unmerge": lambda case, by, to, other: case.unmerge(by=by, reason="Masalah lain."),
    "withdraw": lambda case, by, to, other: case.withdraw(by=by),
    "reopen": lambda case, by, to, other: case.reopen(by=by, reason="Belum selesai."),
    "note": lambda case, by, to, other: case.note("Sudah saya telepon.", by=by),
    "reply": lambda case, by, to, other: case.reply("Ada kabar?", by=by),
    "nudge": lambda case, by, to, other: case.nudge(by=by, reason="Sudah lama."),
    "summon": lambda case, by, to, other: case.summon(by=by, reason="Sudah lama.", due_on=case.today()),
    "tag": lambda case, by, to, other: case.tag(programme("bersama"), by=by, reason="Soal jalan."),
    "untag": lambda case, by, to, other: case.untag(programme("bersama"), by=by, reason="Bukan jalan."),
    "invite": lambda case, by, to, other: helping.invite(case, to, "Periksa tiangnya.", by=by, days=3, shown="tiang"),
    "contribute": lambda case, by, to, other: case.contribute("Tiangnya sudah pindah.", by=by),
    "decline": lambda case, by, to, other: case.decline("Bukan tiang kami.", by=by),
    "uninvite": lambda case, by, to, other: case.uninvite(_helper(case, to), by=by, reason="Sudah beres."),
    "reclassify": lambda case, by, to, other: case.reclassify(by=by, reason="Berkadar.", supervised=True),
    "locate": lambda case, by, to, other: case.locate(Region.objects.get(name="Mekarsari"), by=by),
    "tighten": lambda case, by, to, other: case.tighten(by=by, secret=True),
    "loosen": lambda case, by, to, other: case.loosen(by=by, secret=True),
    "exclude": lambda case, by, to, other: dispatch.exclude(case, to, by=by),
    "name an officer": lambda case, by, to, other: dispatch.exclude(case, None, by=by, officers=_sitting(to)),
    "offer_lane": lambda case, by, to, other: case.offer_lane(by=by),
    "lapse": lambda case, by, to, other: case.lapse(by=by),
    "expire": lambda case, by, to, other: case.expire(by=by),
}  # fmt: skip


class Walk(RuleBasedStateMachine):
    """`check` is asked after each step with this machine; set by the test of one invariant."""

    check: ClassVar[Callable[[Walk], None]]
    world: World
    now: datetime.datetime

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        self._traveller = time_machine.travel(datetime.datetime(2026, 5, 25, 9, tzinfo=JAKARTA), tick=False)
        self._clock = self._traveller.start()
        self.world = build()
        self.filed = 0
        # What the last step did: the case, and its clocks before.
        self.touched: Complaint | None = None
        self.clocks_before: dict[str, Any] = {}
        self.events_before = 0

    def teardown(self) -> None:
        self._traveller.stop()
        transaction.set_rollback(True)
        self._atomic.__exit__(None, None, None)

    # --- what may happen ---

    @initialize()
    def begin(self) -> None:
        self.file_one("sukasari", "road", "none")
        self.file_one("sukasari", "other", "dinas_pu")

    @rule(
        place=st.sampled_from(["sukasari", "batu_belah", "karang_pagi", "none"]),
        category=st.sampled_from(["road", "health", "other", "none"]),
        about=st.sampled_from(["none", "none", "dinas_pu", "kominfo", "pemkab", "inspektorat"]),
    )
    def file_one(self, place: str, category: str, about: str) -> None:
        """`about`: on the conduct of whoever works there."""
        self.filed += 1
        receipt = receive(
            Submission(
                channel="web",
                external_id=str(self.filed),
                body="Jembatan putus.",
                email="sari@contoh.test" if self.filed % 2 else "",
                place=None if place == "none" else getattr(self.world, place),
                category=None if category == "none" else getattr(self.world, f"cat_{category}"),
                about_conduct=about != "none",
                not_for=None if about == "none" else getattr(self.world, about),
            )
        )
        dispatch.forward_by_itself(receipt.complaint.pk)

    @rule(
        verb=st.sampled_from(sorted(ACTS)),
        who=st.sampled_from(["reporter", "handler", "handler", "coordinator", "helper", *OFFICERS]),
        office=st.sampled_from((*OFFICES, "new")),
        which=st.integers(0, 5),
        other=st.integers(0, 5),
    )
    def act(self, verb: str, who: str, office: str, which: int, other: int) -> None:
        case, lead = self._case(which), self._case(other)
        by, to = self._actor(who, case), self._office(office)
        self._remember(case)
        try:
            with transaction.atomic():
                ACTS[verb](case, by, to, lead)
        except Refusal:
            assert self._as_stored(case) == self._stored, f"{verb} was refused and changed something"

    @rule(verb=st.sampled_from(["start", "ask", "answer", "withdraw", "archive", "tighten"]), which=st.integers(0, 5))
    def act_on_a_stale_page(self, verb: str, which: int) -> None:
        case = self._case(which)
        self._remember(case)
        acts: dict[str, Callable[[int], Any]] = {
            "start": lambda version: case.start(by=self._actor("handler", case), version=version),
            "ask": lambda version: case.ask("Di mana?", by=self._actor("handler", case), version=version),
            "answer": lambda version: case.answer("Ya.", by=self._actor("handler", case), version=version),
            "withdraw": lambda version: case.withdraw(by=REPORTER, version=version),
            "archive": lambda version: case.archive(
                by=self._actor("ratna", case), ground="UNCLEAR", text="Tidak jelas.", version=version
            ),
            "tighten": lambda version: case.tighten(by=REPORTER, secret=True, version=version),
        }
        try:
            acts[verb](case.version + 1)
            raise AssertionError("a page that was never shown was believed")
        except Stale:
            pass
        assert self._as_stored(case) == self._stored, "I14"

    @rule(days=st.sampled_from([0, 1, 1, 2, 3, 7, 15]))
    def time_passes(self, days: int) -> None:
        self._forget()
        self._clock.shift(datetime.timedelta(days=days))
        tasks.what_the_date_brings(datetime.datetime.now(JAKARTA))

    @rule(office=st.sampled_from((*OFFICES[1:], "new")), role=st.sampled_from([Role.LIAISON, Role.COORDINATOR]))
    def somebody_comes(self, office: str, role: Role) -> None:
        self._forget()
        self.filed += 1
        agency = self._office(office)
        if agency.is_active_on(self.today):
            self.world.officer(f"Petugas {self.filed}", agency, role)

    @rule(which=st.integers(0, 20))
    def somebody_leaves(self, which: int) -> None:
        self._forget()
        members = list(Membership.objects.current(self.today).exclude(role__in=["NATIONAL", "OBSERVER"]).order_by("pk"))
        if members:
            gone = members[which % len(members)]
            gone.ends_on = self.today
            gone.save()
            leaves.follow_end(gone, self.today, by=MACHINERY)
            membership_ended.send(sender=Membership, membership=gone, by=REPORTER, day=self.today)

    @rule(which=st.integers(0, 20), whose=st.integers(0, 20), days=st.integers(0, 9))
    def somebody_goes_on_leave(self, which: int, whose: int, days: int) -> None:
        self._forget()
        members = list(Membership.objects.current(self.today).appointed().filter(role__in=STAFF).order_by("pk"))
        if not members:
            return
        away, deputy = members[which % len(members)], members[whose % len(members)].user
        last = self.today + datetime.timedelta(days=days)
        with suppress(Refused):
            leaves.enter(
                away, by=Actor.system("walk"), starts_on=self.today, last_day=last, deputy=deputy, today=self.today
            )

    @rule(which=st.integers(0, 5), whose=st.integers(0, 20), what=st.sampled_from(["name", "agree", "back"]))
    def a_leave_changes(self, which: int, whose: int, what: str) -> None:
        """Another deputy, somebody above agrees with the one who was named, or back before its last day."""
        self._forget()
        running = list(Leave.objects.from_on(self.today).order_by("pk"))
        users = list(User.objects.filter(memberships__role__in=STAFF).distinct().order_by("pk"))
        if not running or not users:
            return
        leave = running[which % len(running)]
        with suppress(Refused):
            if what == "name":
                leaves.name_deputy(leave, users[whose % len(users)], by=MACHINERY, today=self.today)
            elif what == "agree":
                leaves.approve(leave, by=self.world.ratna, today=self.today)
            else:
                leaves.cut_short(leave, by=MACHINERY, today=self.today)

    @rule(
        office=st.sampled_from(ENDABLE), heir=st.sampled_from((*ENDABLE, "new")), days=st.sampled_from([0, 0, 0, 1, 3])
    )
    def an_office_ends(self, office: str, heir: str, days: int) -> None:
        """By hand, today or on a day to come, with all that lies below it."""
        self._forget()
        agency, successor = self._office(office), self._office(heir)
        day = self.today + datetime.timedelta(days=days)
        with suppress(Refused):
            for one in Agency.objects.under(agency).filter(ends_on__isnull=True).order_by("-path_length"):
                offices.end(one, by=MACHINERY, successor=successor, reason="Digabung.", day=day)

    @rule(
        kinds=st.lists(
            st.sampled_from([*Step.Kind.values, "END", "END into the new one", "GIVE to the new one"]),
            min_size=1,
            max_size=4,
        ),
        named=st.lists(st.sampled_from(BELOW), min_size=8, max_size=8),
        days=st.integers(1, 3),
    )
    def a_reorganisation_is_planned(self, kinds: list[str], named: list[str], days: int) -> None:
        """Carried out on its day by the hourly sweep. What makes no sense together is refused as it is written, or on
        the day, with its reason."""
        self._forget()
        self.filed += 1
        day, by = self.today + datetime.timedelta(days=days), self.world.ratna
        name = f"Penataan {self.filed}"
        plan = reorganising.add(by=by, node=self.world.pemkab, name=name, day=day, legal_basis="Perda 3/2026")
        founded: Step | None = None
        for n, kind in enumerate(kinds):
            office, to = (self._office(name) for name in named[2 * n : 2 * n + 2])
            kind, _sep, into = kind.partition(" ")
            more: dict[str, Any] = {"office": office, "to": to}
            if kind == Step.Kind.FOUND:
                name = f"Dinas Baru {self.filed}-{n}"
                more = {"to": self.world.pemkab, "name": name, "office_kind": Kind.OPD}
            elif kind == Step.Kind.RENAME:
                more = {"office": office, "name": f"Nama Baru {self.filed}-{n}"}
            elif kind == Step.Kind.GIVE:
                more |= {"bidang": office.bidang[:1], "places": ["99.01.01"] if n % 2 else []}
            if into and founded is not None:
                more |= {"to": None, "to_new": founded}
            with suppress(Refused):
                step = reorganising.add_step(plan, by=by, kind=kind, **more)
                founded = step if kind == Step.Kind.FOUND else founded

    @rule(which=st.integers(0, 3))
    def a_plan_is_called_off(self, which: int) -> None:
        self._forget()
        waiting = list(Reorganisation.objects.filter(state=Reorganisation.State.PLANNED).order_by("pk"))
        if waiting:
            reorganising.cancel(waiting[which % len(waiting)], by=self.world.ratna)

    @rule(
        owner=st.sampled_from(["root", "pemkab", "pemkab_tetangga"]),
        office=st.sampled_from(OFFICES),
        word=st.sampled_from(["jembatan", "putus", "pasar"]),
        day=st.sampled_from([0, 0, 3]),
    )
    def a_rule_is_written(self, owner: str, office: str, word: str, day: int) -> None:
        """Also one that sends where nobody sits, or to an office that will have ended by then."""
        self._forget()
        above, target = self._office(owner), self._office(office)
        by = self.world.ratna if owner == "root" else self.world.wati if owner == "pemkab" else self.world.tono
        if target.is_under(above):
            starts_on = self.today + datetime.timedelta(days=day)
            rulebook.add(above, by=by, words=[word], target=target, starts_on=starts_on)

    @rule(which=st.integers(0, 9))
    def a_rule_ends(self, which: int) -> None:
        self._forget()
        living = list(Rule.objects.in_force(self.today).select_related("owner").order_by("pk"))
        if living:
            rulebook.end(living[which % len(living)], self.today, by=self.world.ratna)

    @rule(first=st.booleans())
    def verify_first(self, first: bool) -> None:
        self._forget()
        Agency.objects.filter(pk=self.world.pemkab.pk).update(verify_first=first)

    @rule(wants=st.booleans())
    def the_head_approves(self, wants: bool) -> None:
        self._forget()
        Agency.objects.filter(pk=self.world.dinas_pu.pk).update(approves_answers=wants)

    @rule(days=st.integers(-4, 12))
    def a_holiday_is_decreed(self, days: int) -> None:
        self._forget()
        day = self.today + datetime.timedelta(days=days)
        if not Holiday.objects.filter(date=day).exists():
            Holiday.objects.create(date=day, name="Hari tambahan")
            calendar_changed.send(sender=Holiday, years={day.year}, region=None)

    @invariant()
    def holds(self) -> None:
        type(self).check(self)

    # --- small things ---

    @property
    def today(self) -> datetime.date:
        return datetime.datetime.now(JAKARTA).date()

    def _case(self, which: int) -> Complaint:
        cases = list(Complaint.objects.order_by("pk").values_list("pk", flat=True))
        return Complaint.objects.get(pk=cases[which % len(cases)])

    def _office(self, name: str) -> Agency:
        """As it is now; "new": what was founded last, else the pemda."""
        if name == "new":
            return Agency.objects.filter(name__startswith="Dinas Baru").order_by("-pk").first() or self.world.pemkab
        return Agency.objects.get(pk=getattr(self.world, name).pk)

    def _actor(self, who: str, case: Complaint) -> Actor:
        """ "handler": somebody of the office that has it; "coordinator": one above it; "helper": of an office that
        helps. Who has left may not act."""
        if who == "reporter":
            return REPORTER
        members = Membership.objects.current(self.today).select_related("agency", "user")
        if who == "handler":
            found = members.filter(agency=case.handler).exclude(role=Role.OBSERVER).first()
        elif who == "helper":
            found = members.filter(agency=_helper(case, case.handler)).exclude(role=Role.OBSERVER).first()
        elif who == "coordinator":
            found = members.filter(agency__in=[*case.handler.ids_above, case.handler.pk], role=Role.COORDINATOR).first()
        else:
            membership = getattr(self.world, who).membership
            found = members.filter(pk=membership.pk).first()
        return Actor.officer(found) if found else REPORTER

    def _remember(self, case: Complaint) -> None:
        self.touched = case
        self.clocks_before = _clocks(case)
        self.events_before = Event.objects.filter(complaint=case).count()
        self._stored = self._as_stored(case)

    def _forget(self) -> None:
        self.touched = None

    def _as_stored(self, case: Complaint) -> Any:
        return (
            Complaint.objects.filter(pk=case.pk).values().get(),
            list(case.clocks.order_by("pk").values()),
            list(case.events.order_by("pk").values_list("pk", flat=True)),
            list(case.dispositions.order_by("pk").values()),
            list(case.messages.order_by("pk").values()),
            list(case.contributions.order_by("pk").values()),
        )


def _sitting(office: Agency) -> list[User]:
    """Somebody who works there, to be named in a report."""
    return list(User.objects.filter(memberships__agency=office).order_by("pk")[:1])


def _helper(case: Complaint, else_: Agency) -> Agency:
    """An office that helps with the case now."""
    task = case.contributions.open().select_related("agency").first()
    return task.agency if task is not None else else_


def _clocks(case: Complaint) -> dict[str, Any]:
    """The unstopped promises to the citizen, without DECIDE, which is between offices."""
    rows = case.clocks.filter(stopped_at__isnull=True).exclude(kind="DECIDE")
    return {row.kind: (row.pk, row.started_on, row.budget, row.due_on, row.paused_on) for row in rows}
