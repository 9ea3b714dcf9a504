"""Plans of reorganisation from the side of the cases: what would go where, and carrying one out on its day.

Before the day only numbers are shown, and only of cases whoever asks may open. On the day each step is a transaction of
its own, and so is each case that follows (docs/keputusan/0030); what one run leaves, the next takes up.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from agencies import bidang, division, reorganising, succession
from agencies.actor import Actor
from agencies.models import ApiClient, Membership, Prefix, Reorganisation, Role, Step
from agencies.models.agency import OFFICERS, PEMDA
from complaints.models import Complaint
from complaints.notifications import send
from complaints.notifications.to_officers import CARRIED_OUT
from complaints.transitions import Status
from routing import ground
from routing.models import Rule
from routing.overdue import Deadline, attempt

# Of more open cases in one office the rest is not shared out in the preview: it goes with the default.
MOST_CASES = 20_000


def carry_out(now: datetime.datetime, today: datetime.date, deadline: Deadline) -> int:
    """Steps of plans whose day has come. How many were taken; a second run takes none."""
    taken = 0
    for plan in Reorganisation.objects.due_on(today).select_related("node").order_by("day", "pk"):
        for step in reorganising.steps_of(plan):
            if deadline.is_over():
                return taken
            taken += attempt("step", step.pk, lambda step=step: reorganising.take(step.pk, day=today))  # type: ignore[misc]
        if reorganising.finish(plan):
            _tell(plan, now, today)
    return taken


def succeed(now: datetime.datetime, today: datetime.date, deadline: Deadline) -> int:
    """Offices that ended by their date: their things and their cases go to the heir. How many offices."""
    handed_on = 0
    for office in succession.due(today):
        if deadline.is_over():
            break
        if attempt("succeed", office.pk, lambda office=office: succession.carry_out(office, by=_SYSTEM, day=today)):  # type: ignore[misc]
            handed_on += 1
            attempt("clear", office.pk, lambda office=office: ground.clear(office, now, deadline))  # type: ignore[misc]
    return handed_on


_SYSTEM = Actor.system("succession")


def _tell(plan: Reorganisation, now: datetime.datetime, today: datetime.date) -> None:
    role = Role.NATIONAL if plan.node.parent_id is None else Role.COORDINATOR
    found = Membership.objects.current(today).filter(agency=plan.node, role=role).select_related("user")
    for membership in send.without_absent(found):
        send.tell_member(membership, f"{CARRIED_OUT}:{plan.pk}", now)


# --- What would go where ---


@dataclass
class Going:
    """What goes from an office that ends to one heir."""

    heir: str
    cases: Counter[str] = field(default_factory=Counter)
    late: int = 0

    @property
    def total(self) -> int:
        return sum(self.cases.values())

    @property
    def by_status(self) -> list[tuple[str, int]]:
        return [(str(Status(status).label), count) for status, count in sorted(self.cases.items())]


@dataclass
class Ending:
    """An office that ends, and what happens to all it has."""

    step: Step
    going: list[Going]
    rules: int
    fields: list[tuple[str, str]]
    prefixes: list[str]
    officers: list[str]
    clients: list[str]
    left_below: list[str]


@dataclass
class Foresight:
    """`faults`: of which step and why; `gaps`: what would be without an office or officers; `endings`: by office."""

    steps: list[Step]
    faults: dict[int, str]
    endings: list[Ending]
    nobodys: list[str]
    disputed: list[tuple[str, list[str]]]
    unmanned: list[str]
    other_plans: list[Reorganisation]

    @property
    def total(self) -> int:
        return sum(going.total for ending in self.endings for going in ending.going)

    @property
    def clear(self) -> bool:
        return not (self.faults or self.nobodys or self.disputed or self.unmanned or self.other_plans)


def foresee(plan: Reorganisation, *, by: Actor, today: datetime.date) -> Foresight:
    """What the plan would do as things are now. A fixed number of statements for each office that ends."""
    steps = reorganising.steps_of(plan)
    left = reorganising.left_behind(steps)
    faults = reorganising.faults(plan, steps)
    waiting = [step for step in steps if step.state == Step.State.WAITING]
    nobodys, disputed = _division_after(plan, waiting, today)
    return Foresight(
        steps=steps,
        faults=faults,
        endings=[_ending(step, waiting, left.get(step.pk, []), by, today) for step in waiting if _ends(step)],
        nobodys=nobodys,
        disputed=disputed,
        unmanned=_unmanned(waiting, today),
        other_plans=_others(plan, waiting),
    )


def _ends(step: Step) -> bool:
    return step.kind == Step.Kind.END and step.office is not None


def _shares(step: Step, steps: Iterable[Step]) -> list[Step]:
    return [one for one in steps if one.kind == Step.Kind.GIVE and one.office_id == step.office_id]


def _heir(shares: Iterable[Step], default: str, code: str, places: Iterable[str]) -> str:
    """As `succession.heir_of` will say it."""
    around = set(places)
    best, name = (-1, False), default
    for share in shares:
        for field_code in share.bidang or [""]:
            for place in share.places or [""]:
                if field_code in ("", code) and (not place or place in around):
                    rank = (len(place), bool(field_code))
                    if rank > best:
                        best, name = rank, reorganising.receiver(share)
    return name


def _ending(step: Step, steps: list[Step], left: list[str], by: Actor, today: datetime.date) -> Ending:
    office = step.office
    assert office is not None
    shares, default = _shares(step, steps), reorganising.receiver(step)
    going: dict[str, Going] = {}
    rows = (
        Complaint.objects.open()
        .visible_to(by)
        .filter(handler=office)
        .order_by("pk")
        .values_list("category__bidang", "category__parent__bidang", "place_id", "status", "due_on")[:MOST_CASES]
    )
    for own, above, place, status, due_on in rows:
        heir = _heir(shares, default, own or above or "", _around(place))
        one = going.setdefault(heir, Going(heir))
        one.cases[status] += 1
        one.late += due_on is not None and due_on < today
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    names = bidang.names()
    return Ending(
        step=step,
        going=sorted(going.values(), key=lambda one: -one.total),
        rules=Rule.objects.filter(lasting).filter(Q(owner=office) | Q(target=office) | Q(named=office)).count(),
        fields=[(names.get(code, code), _heir(shares, default, code, ())) for code in office.bidang],
        prefixes=list(Prefix.objects.active_on(today).filter(agency=office).values_list("text", flat=True)),
        officers=[
            str(one.user)
            for one in Membership.objects.current(today).appointed().filter(agency=office).select_related("user")
        ],
        clients=[one.name for one in ApiClient.objects.active_on(today).filter(agency=office)],
        left_below=left,
    )


def _around(code: str | None) -> list[str]:
    parts = code.split(".") if code else []
    return [".".join(parts[: n + 1]) for n in range(len(parts))]


def _division_after(
    plan: Reorganisation, steps: list[Step], today: datetime.date
) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Fields carried now that nobody would carry, and those that several would (with their names), at the pemda or the
    centre that divides them. Fields that are so already are not this plan's."""
    node = plan.node
    if node.parent_id is not None and node.kind not in PEMDA:
        return [], []
    nobodys, disputed = [], []
    gone = reorganising.ending(steps)
    for row in division.table(node, today):
        if not row.offices:
            continue
        after: dict[str, bool] = {}
        by_place = False
        for office in row.offices:
            shares = [one for one in steps if one.kind == Step.Kind.GIVE and one.office_id == office.pk]
            mine = [one for one in shares if not one.bidang or row.code in one.bidang]
            by_place = by_place or any(one.places for one in mine)
            for one in mine:
                after[reorganising.receiver(one)] = _carries(one)
            given = any(not one.places for one in mine)
            if office.pk not in gone and not given:
                after[office.name] = True
            elif office.pk in gone and not given:
                end = next(one for one in steps if one.kind == Step.Kind.END and one.office_id == office.pk)
                after[reorganising.receiver(end)] = _carries(end)
        names = sorted(name for name, carries in after.items() if carries)
        if not names:
            nobodys.append(row.name)
        elif len(names) > 1 and row.decided and not by_place and not row.by_place:
            disputed.append((row.name, names))
    return nobodys, disputed


def _carries(step: Step) -> bool:
    """A pemda and the centre take over the cases, and no field."""
    return step.to is None or (step.to.parent_id is not None and step.to.kind not in PEMDA)


def _unmanned(steps: list[Step], today: datetime.date) -> list[str]:
    """Who takes over and has no officers: new offices, and old ones nobody was appointed to."""
    taking = [step for step in steps if step.kind in (Step.Kind.GIVE, Step.Kind.END)]
    there = {step.to_id: step.to.name for step in taking if step.to is not None and step.to.parent_id is not None}
    manned = set(
        Membership.objects.current(today).filter(agency__in=there, role__in=OFFICERS).values_list("agency", flat=True)
    )
    names = {name for pk, name in there.items() if pk not in manned}
    names |= {step.name for step in steps if step.kind == Step.Kind.FOUND}
    return sorted(names)


def _others(plan: Reorganisation, steps: list[Step]) -> list[Reorganisation]:
    """Other plans about the same offices."""
    offices = {pk for step in steps for pk in (step.office_id, step.to_id if step.kind != Step.Kind.FOUND else None)}
    offices.discard(None)
    about = Step.objects.filter(Q(office__in=offices) | Q(to__in=offices) & ~Q(kind=Step.Kind.FOUND))
    waiting = Reorganisation.objects.filter(state=Reorganisation.State.PLANNED, steps__in=about)
    return list(waiting.exclude(pk=plan.pk).distinct().select_related("node"))


def cases_left(plan: Reorganisation) -> int:
    """Open cases that still lie at offices this plan ended: the sweep takes them along."""
    ended = [step.office_id for step in plan.steps.filter(kind=Step.Kind.END, state=Step.State.DONE)]
    return Complaint.objects.open().filter(handler__in=ended).count() if ended else 0
