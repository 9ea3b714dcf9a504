"""The cast stands as the other tests expect it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Agency, Role
from tests.world import World, build

pytestmark = pytest.mark.django_db


def test_the_cast_is_where_the_papers_say(world: World) -> None:
    assert world.joko.agency == world.hana.agency == world.dinas_pu
    assert (world.joko.role, world.hana.role) == (Role.LIAISON, Role.HEAD)
    assert world.wati.agency == world.pemkab
    assert world.pemkab.coordinators_at == world.kominfo
    assert world.ratna.agency == world.seno.agency == world.bayu.agency == world.root
    assert set(Agency.objects.under(world.dinas_pu)) == {world.dinas_pu, world.bidang_jalan}
    assert world.pemprov.parent == world.pemkab.parent == world.root


def test_what_is_staffed_and_what_is_a_desk(world: World) -> None:
    today = timezone.localdate()
    staffed = set(Agency.objects.staffed_on(today).filter(name__startswith="Dinas"))
    assert staffed == {world.dinas_pu, world.dinas_kesehatan, world.dinas_pu_tetangga}
    assert {world.root, world.pemkab} <= set(Agency.objects.desks_on(today))
    assert world.dinas_pu not in Agency.objects.desks_on(today)


def test_the_world_is_built_in_few_statements() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        build()
    assert len(queries) <= 25
