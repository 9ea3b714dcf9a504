"""What is spelt once for all who sit alike finds for each of them what is spelt for them alone."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Any

import pytest
from django.db import models

from agencies.actor import Actor
from agencies.models import ApiClient, Kind, Role
from agencies.ombudsman import CODE
from complaints.models import Complaint, Contribution
from complaints.models.visibility import not_kept_from
from complaints.seats import Seat, Seated, filling
from lapor.kit.compiled import Blank
from routing import dispatch
from tests.permissions import cast
from tests.permissions.conftest import Some
from tests.scenes import once
from tests.world import World, programme

pytestmark = pytest.mark.django_db

NUMBER = Blank("number", models.CharField())


@once()
def made(world: World) -> dict[str, Complaint]:
    made = cast.cases(world)
    # So that some offices, and a programme, had a case once.
    for flavour in ("open", "secret"):
        dispatch.move(made[flavour], world.dinas_kesehatan, by=world.wati, reason="Uji.")
    made["anonymous"].untag(programme("bersama"), by=world.wati, reason="Uji.")
    return made


def everybody(world: World) -> list[Actor]:
    """All who act for an office, one of two seats, the Ombudsman's observer and an agency's own system."""
    found = [viewer.who for viewer in cast.viewers(world).values() if isinstance(viewer.who, Actor)]
    two = world.officer("Dua kursi", world.dinas_kesehatan)
    assert two.user is not None
    world.membership(two.user, world.bidang_jalan, Role.LIAISON)
    world.bumn.code, world.bumn.kind = CODE, Kind.LEMBAGA
    world.bumn.save()
    system = ApiClient.objects.create(agency=world.dinas_kesehatan, name="Sistem", starts_on="2026-01-01")
    return [*found, two, world.officer("Pemeriksa", world.bumn, Role.OBSERVER), Actor.machine(system)]


def numbered(spell: Any, by: Actor) -> models.QuerySet[Complaint]:
    found: models.QuerySet[Complaint] = spell(by)
    return found.filter(number=NUMBER)


def test_each_finds_the_same_cases(world: World, some: Some, made: dict[str, Complaint]) -> None:
    spellings: dict[str, Any] = {
        "seen": lambda by: Complaint.objects.visible_to(by),
        "seen on request": lambda by: Complaint.objects.visible_to(by, on_request=True).select_related("handler"),
        "left": lambda by: Complaint.objects.left_by(by),
        "not kept": lambda by: Complaint.objects.filter(not_kept_from(by)),
    }
    found, people = dict.fromkeys(spellings, 0), everybody(world)
    for what, spell in spellings.items():
        seated, one = Seated[Complaint](spell), Seated[Complaint](partial(numbered, spell))
        for by in some(people, what, of=3):
            wanted = set(spell(by))
            assert set(seated(by)) == wanted, (what, by)
            for case in islice(made.values(), 2):
                assert one(by, number=case.number) == [case] * (case in wanted), (what, by)
            assert one(by, number="7K4M9QXD2TB") == []
            found[what] += len(wanted)
    assert all(found.values()), found


def test_who_sits_alike_shares_a_statement(world: World) -> None:
    spelt = []

    def spell(by: Actor) -> models.QuerySet[Contribution]:
        spelt.append(by)
        return Contribution.objects.filter(agency=by.agency)

    seated: Seated[Contribution] = Seated(spell)
    for by in (world.joko, world.dewi, world.yanto, world.joko):
        assert seated(by) == list(Contribution.objects.filter(agency=by.agency))
    assert len(spelt) == 1
    assert Seat.of(world.joko) != Seat.of(world.hana), "another role"
    assert Seat.of(world.joko) != Seat.of(world.lina), "fewer offices above"
    assert set(filling(world.joko)) == set(filling(world.dewi))


def test_nobody_but_officers_finds_anything(world: World, made: dict[str, Complaint]) -> None:
    seated: Seated[Complaint] = Seated(lambda by: Complaint.objects.visible_to(by))
    assert seated(Actor.reporter(world.sari)) == []
    assert seated(Actor.system("sweep")) == []
