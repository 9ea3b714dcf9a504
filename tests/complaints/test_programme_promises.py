"""What a programme promises: tighter or nothing, dated, with its law; told to the citizen and the officer; never later
than what was promised, and never on another day than the first."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine

from agencies.members import NotAllowed, Refused
from agencies.models import AuditEntry, Programme
from complaints.models import Complaint, ProgrammePromise
from complaints.programme_promises import set_promise
from complaints.views import telling
from routing.measures import ledger
from routing.models import CaseFigure, Rule
from tests.filing import SARI, days, filed, resolved
from tests.world import LONG_AGO, World, client_of, programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _that_day() -> Any:
    with time_machine.travel(days(0), tick=False):  # Friday 29 May 2026
        yield


@pytest.fixture
def roads(world: World) -> Programme:
    """Two working days for the first answer instead of five, seven for the last one instead of fourteen."""
    made = programme("jalan-daerah", name="Jalan Daerah")
    for clock, working_days in (("RESPOND", 2), ("RESOLVE", 7)):
        ProgrammePromise.objects.create(
            programme=made, clock=clock, working_days=working_days, starts_on=LONG_AGO, legal_basis="Inpres 3/2023"
        )
    return made


def due(case: Complaint) -> dict[str, datetime.date | None]:
    return dict(case.clocks.filter(stopped_at__isnull=True).values_list("kind", "due_on"))


DAY = datetime.date
NORMAL = {"RESPOND": DAY(2026, 6, 8), "RESOLVE": DAY(2026, 6, 22)}
TIGHT = {"RESPOND": DAY(2026, 6, 3), "RESOLVE": DAY(2026, 6, 10)}


def test_a_rules_tag_tightens_the_promises_that_begin_that_day(world: World, roads: Programme) -> None:
    Rule.objects.create(owner=world.pemkab, words=["jalan"], programme=roads, starts_on=LONG_AGO, order=1)
    case = filed(world)
    assert due(case) == TIGHT
    assert case.due_on == TIGHT["RESPOND"], "the desk sorts by it"
    assert due(filed(world, "Lampu mati.", title="Lampu")) == NORMAL


def test_from_the_next_day_on_what_was_promised_stays(world: World, roads: Programme) -> None:
    case = filed(world)
    case.tag(roads, by=world.wati, reason="Jalan penghubung.", now=days(3))
    assert due(case) == NORMAL
    resolved(case, world.joko, at=4).contest("Masih berlubang.", by=SARI, now=days(5))  # Wednesday 3 June
    assert due(case)["RESPOND"] == DAY(2026, 6, 5), "the next round's first answer is the programme's"


def test_a_looser_one_changes_nothing_and_leaving_the_programme_does_not_lengthen(
    world: World, roads: Programme
) -> None:
    ProgrammePromise.objects.update(working_days=30)
    case = filed(world)
    case.tag(roads, by=world.wati, reason="Jalan.", now=days(0))
    assert due(case) == NORMAL
    ProgrammePromise.objects.update(working_days=2)
    other = filed(world, "Jalan lain putus.")
    other.tag(roads, by=world.wati, reason="Jalan.", now=days(0))
    other.untag(roads, by=world.wati, reason="Keliru.", now=days(1))
    assert due(other)["RESPOND"] == TIGHT["RESPOND"]


def test_the_tightest_of_several_programmes_counts_and_one_that_ended_its_promise_not(
    world: World, roads: Programme
) -> None:
    other = programme("gizi", name="Gizi")
    ProgrammePromise.objects.create(
        programme=other, clock="RESPOND", working_days=1, starts_on=LONG_AGO, legal_basis="Perpres"
    )
    case = filed(world)
    for one in (roads, other):
        case.tag(one, by=world.wati, reason="Keduanya.", now=days(0))
    assert due(case)["RESPOND"] == DAY(2026, 6, 2)
    ProgrammePromise.objects.create(
        programme=other, clock="RESPOND", working_days=0, starts_on=DAY(2026, 5, 1), legal_basis="Perpres"
    )
    again = filed(world, "Jalan ketiga putus.")
    for one in (other, roads):
        again.tag(one, by=world.wati, reason="Keduanya.", now=days(0))
    assert due(again)["RESPOND"] == TIGHT["RESPOND"]


def test_citizen_and_officer_read_whose_promise_it_is(world: World, roads: Programme) -> None:
    case = filed(world)
    case.tag(roads, by=world.wati, reason="Jalan.", now=days(0))
    clock = case.clocks.get(kind="RESPOND", stopped_at__isnull=True)
    assert telling.basis(clock) == "Inpres 3/2023 (janji program Jalan Daerah)"
    page = client_of(world.joko).get(f"/meja/{case.number}/").content.decode()
    assert "Janji program Jalan Daerah (Inpres 3/2023)." in page


def test_reclassifying_keeps_the_programmes_days(world: World, roads: Programme) -> None:
    case = filed(world)
    case.tag(roads, by=world.wati, reason="Jalan.", now=days(0))
    case.reclassify(by=world.wati, reason="Berkadar pengawasan.", supervised=True, now=days(0))
    assert due(case)["RESOLVE"] == TIGHT["RESOLVE"]


def test_the_figures_judge_by_the_day_that_was_promised(world: World, roads: Programme) -> None:
    case = filed(world)
    case.tag(roads, by=world.wati, reason="Jalan.", now=days(0))
    case.answer("Tim kami memeriksa tempatnya hari ini.", by=world.joko, now=days(6))  # Thursday 4 June
    with time_machine.travel(days(7), tick=False):
        ledger.keep_up()
    assert CaseFigure.objects.get(complaint=case).answer == 2, "late: promised for 3 June"


# --- Setting it ---


def test_the_centre_sets_it_with_a_date_and_a_law(world: World, roads: Programme) -> None:
    address = f"/kelola/program/{roads.pk}/janji/"
    client = client_of(world.ratna)
    assert "Inpres 3/2023" in client.get(address).content.decode()
    day = {"starts_on_day": "29", "starts_on_month": "5", "starts_on_year": "2026"}
    given = {"clock": "RESPOND", "working_days": "1", "legal_basis": "Inpres 3/2023", **day}
    assert client.post(address, given).status_code == 302
    assert ProgrammePromise.objects.filter(programme=roads, clock="RESPOND", working_days=1).exists()
    assert AuditEntry.objects.filter(what="programme_promise", subject_id=roads.pk).exists()
    assert client_of(world.wati).get(address).status_code == 403
    assert client.post(address, {"clock": ""}).status_code == 400


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"working_days": 5}, "working_days"),
        ({"starts_on": DAY(2026, 5, 28)}, "starts_on"),
        ({"clock": "RESOLVE", "working_days": 14}, "working_days"),
    ],
)
def test_what_is_not_tighter_or_lies_in_the_past_is_refused(
    world: World, roads: Programme, more: dict[str, Any], field: str
) -> None:
    given: dict[str, Any] = {
        "clock": "RESPOND",
        "working_days": 1,
        "starts_on": DAY(2026, 6, 1),
        "legal_basis": "Inpres",
    } | more
    with pytest.raises(Refused) as refused:
        set_promise(roads, by=world.ratna, **given)
    assert refused.value.field == field
    with pytest.raises(NotAllowed):
        set_promise(roads, by=world.wati, **given)
