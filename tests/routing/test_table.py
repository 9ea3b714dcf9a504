"""Every act from every status by every role: what the table gives is done with one event, all else changes nothing."""

from __future__ import annotations

import datetime

import pytest
from django.db import transaction

from agencies.actor import Actor
from complaints.models import Complaint, Event
from complaints.transitions import HELPED, OPEN, TABLE, TERMINAL, Refusal, Status, Who, standing
from routing import dispatch, helping
from tests.routing.turns import NOON, SARI, at, at_office, filed
from tests.routing.walks import ACTS
from tests.world import World

pytestmark = pytest.mark.django_db

# How each of the cast stands to a case at the Dinas PU of Sukamaju.
STANDING = {
    "sari": {Who.REPORTER},
    "joko": {Who.HANDLER},
    "hana": {Who.HANDLER, Who.HEAD},
    "wati": {Who.COORDINATOR},
    "ratna": {Who.COORDINATOR, Who.NATIONAL},
    "dewi": set(),
    "agus": set(),
    "tono": set(),
    "yanto": set(),
    "lina": set(),
    "bayu": set(),
    "worker": {Who.WORKER, Who.SYSTEM},
    "sweep": {Who.SYSTEM},
}
# Nobody of these may anything: each act from each status is tried by one of them, in turn.
QUIET = ("dewi", "agus", "tono", "yanto", "bayu")
# The act's name in `walks.ACTS` where it is not the verb's.
VERB = {
    "forward as aspirasi": "forward",
    "not ours": "hand_back",
    "propose archive": "hand_back",
    "resolve later": "resolve",
    "merge": "archive",
    "name an officer": "exclude",
    "propose merge": "hand_back",
}
# What was done may be told by another verb: an answer let out, a message that completes.
TOLD_AS = {"approve": {"answer", "resolve"}, "reply": {"reply", "complete"}}


def actor(world: World, name: str) -> Actor:
    if name == "sari":
        return SARI
    if name in ("worker", "sweep"):
        return Actor.system(name)
    officer: Actor = getattr(world, name)
    return officer


def case_in(world: World, status: str) -> Complaint:
    """A case in this status whose handler is the Dinas PU (submitted: it lies there by force, for the roles' sake)."""
    if status == Status.SUBMITTED:
        case = filed(world)
        case.place_at(world.dinas_pu, by=dispatch.WORKER, reason="Uji.", now=NOON)
        return Complaint.objects.get(pk=case.pk)
    case = at_office(world)
    if status in (Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED):
        case.start(by=world.joko, now=at(2))
    if status in HELPED:
        helping.invite(case, world.bumn, "Pindahkan tiangnya.", by=world.joko, days=5, now=at(2))
    if status == Status.WAITING:
        case.ask("Di mana?", by=world.joko, now=at(2))
    if status in (Status.ANSWERED, Status.CLOSED):
        case.resolve("Tidak bisa, karena …", by=world.joko, outcome="REFUSED", now=at(2))
    if status == Status.CLOSED:
        case.accept(by=SARI, now=at(3))
    if status == Status.ARCHIVED:
        case.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas.", now=at(3))
    case = Complaint.objects.get(pk=case.pk)
    assert case.status == status
    return case


@pytest.mark.parametrize("name", STANDING)
def test_how_each_stands_to_the_case(world: World, name: str) -> None:
    assert standing(at_office(world), actor(world, name)) == STANDING[name]


# The quick run tries one status, the whole run all of them.
@pytest.mark.parametrize(
    "status", [pytest.param(one, marks=[] if one == Status.FORWARDED else [pytest.mark.slow]) for one in Status.values]
)
def test_every_act_by_everybody(world: World, status: str) -> None:
    case, other = case_in(world, status), at_office(world)
    before = Complaint.objects.filter(pk=case.pk).values().get()
    last = Event.objects.filter(complaint=case).latest("pk").pk
    done: set[tuple[str, str]] = set()
    tries = [(name, act) for name in STANDING if name not in QUIET for act in ACTS]
    tries += [(QUIET[n % len(QUIET)], act) for n, act in enumerate(ACTS, Status.values.index(status))]
    for name, act in tries:
        row = TABLE[VERB.get(act, act)]
        # The BUMN was asked for help, as long as there is something to help with.
        helps = {Who.CONTRIBUTOR} if name == "lina" and status in HELPED else set()
        granted = case.status in row.sources and bool((STANDING[name] | helps) & set(row.who))
        try:
            with transaction.atomic():
                ACTS[act](Complaint.objects.get(pk=case.pk), actor(world, name), world.dinas_kesehatan, other)
                new = list(Event.objects.filter(complaint=case, pk__gt=last).order_by("pk"))
                transaction.set_rollback(True)
        except Refusal:
            continue
        # A reply while waiting is the reporter's `complete`; nothing else may go round the table.
        assert granted, f"{name} did {act} from {status}"
        assert new[0].verb in TOLD_AS.get(act, {row.verb})
        done.add((name, act))
    assert Event.objects.filter(complaint=case).latest("pk").pk == last, "what was refused wrote nothing"
    assert Complaint.objects.filter(pk=case.pk).values().get() == before
    assert MUST[Status(status)] <= done, MUST[Status(status)] - done


# What must be possible there, so that a table that refuses everything does not pass.
# "who act" by status.
MUST = {
    status: {tuple(line.strip().split(" ", 1)) for line in lines.split(",")}
    for status, lines in {
        Status.SUBMITTED: "wati forward, ratna forward, worker forward, joko not ours, sari withdraw, wati archive",
        Status.WAITING: "sari complete, joko unask, wati unask, wati move, sari withdraw, sari reply",
        Status.FORWARDED: "joko start, joko answer, hana resolve, joko not ours, joko propose archive, wati move, "
        "ratna move, wati merge, joko ask, wati tag, ratna tag, worker tag, joko invite, wati invite, lina contribute, "
        "lina decline, joko uninvite",
        Status.IN_PROGRESS: "joko answer, joko resolve later, wati move, joko not ours, ratna archive",
        Status.ANSWERED: "sari accept, sari contest, wati move, sari withdraw, lina contribute",
        Status.CLOSED: "wati reopen, ratna reopen, sari reply, joko note",
        Status.ARCHIVED: "wati reopen, sari reply, joko note, sari tighten",
    }.items()
}


def test_every_act_of_the_table_is_tried_here_or_said_why_not() -> None:
    tried = {VERB.get(act, act) for act in ACTS}
    elsewhere = {
        "redact", "publish",  # need the text for the public: test_publishing.py
        "propose",  # what `answer` becomes where the head approves: test_invariants.py
        "reveal",  # test_privacy.py
        "inherit",  # of a table of the past: test_import.py
        "regroup", "remind", "overdue", "overdue_withdrawn", "recompute", "escalate", "undeliverable",  # the system's
        "reinvite", "help_due", "share",  # test_helping.py, test_helping_pages.py
        "account_due",  # test_summon.py
        "refer", "unrefer", "examine", "recommend", "heed", "weigh",  # test_referral.py
    }  # fmt: skip
    assert set(TABLE) - tried <= elsewhere | {"merge"}
    assert set(OPEN) | set(TERMINAL) == set(Status.values)
    assert datetime.date(2026, 5, 29) == NOON.date()
