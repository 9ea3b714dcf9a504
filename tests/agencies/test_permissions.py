"""Who may do what where: the table, its scopes, and that only a current membership gives a right."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import Agency, Role, User
from agencies.permissions import TABLE, Capability, Scope, agencies_for, capability_to_manage, may, require
from tests.world import World

pytestmark = pytest.mark.django_db
C = Capability


def user_of(actor: Actor) -> User:
    assert actor.user is not None
    return actor.user


def test_every_capability_has_a_row_and_only_known_roles() -> None:
    assert set(TABLE) == set(Capability)
    for row in TABLE.values():
        assert row
        assert set(row) <= set(Role)
        assert set(row.values()) <= set(Scope)


def test_the_whole_table_at_own_subtree_sibling_and_stranger(world: World) -> None:
    world.membership(world.sari, world.pemprov, Role.OBSERVER)
    people: dict[Role, tuple[User, Agency]] = {
        Role.LIAISON: (user_of(world.joko), world.dinas_pu),
        Role.HEAD: (user_of(world.hana), world.dinas_pu),
        Role.COORDINATOR: (user_of(world.wati), world.pemkab),
        Role.NATIONAL: (user_of(world.ratna), world.root),
        Role.OBSERVER: (world.sari, world.pemprov),
    }
    everywhere = list(Agency.objects.filter(ends_on=None))
    for role, (user, office) in people.items():
        user.acting = user.memberships.select_related("agency").get()
        for capability, row in TABLE.items():
            scope = row.get(role)
            listed = set(agencies_for(user, capability))
            for agency in everywhere:
                expected = {
                    None: False,
                    Scope.OWN: agency == office,
                    Scope.SUBTREE: agency.path.startswith(office.path),
                    Scope.BELOW: agency.path.startswith(office.path) and agency != office,
                    Scope.TERRITORY: agency.path.startswith(office.path)
                    or (office == world.pemprov and agency in (world.pemkab, world.pemkab_tetangga)),
                }[scope]
                assert may(user, capability, agency) is expected, (role, capability, agency)
                assert (agency in listed) is expected


def test_citizens_and_guests_may_nothing(world: World) -> None:
    for capability in Capability:
        assert not may(world.rudi, capability, world.root)
        assert not may(AnonymousUser(), capability, world.dinas_pu)
        assert not agencies_for(world.rudi, capability).exists()


def test_a_coordinator_reaches_no_sibling_district(world: World) -> None:
    assert may(user_of(world.wati), C.MOVE, world.bidang_jalan)
    assert not may(user_of(world.wati), C.MOVE, world.dinas_pu_tetangga)
    assert not may(user_of(world.wati), C.MOVE, world.root)


def test_a_right_ends_on_the_day_its_membership_does(world: World) -> None:
    today = timezone.localdate()
    membership = world.joko.membership
    assert membership is not None
    membership.ends_on = today
    membership.save()
    assert not may(user_of(world.joko), C.WORK, world.dinas_pu)
    assert may(user_of(world.joko), C.WORK, world.dinas_pu, day=today - datetime.timedelta(days=1))


def test_a_right_has_not_begun_before_its_day(world: World) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    world.membership(world.rudi, world.dinas_pu, Role.LIAISON, starts_on=tomorrow)
    assert not may(world.rudi, C.WORK, world.dinas_pu)


def test_whoever_may_no_longer_sign_in_may_nothing(world: World) -> None:
    user = user_of(world.joko)
    user.is_active = False
    user.save()
    assert not may(user, C.WORK, world.dinas_pu)
    assert not world.dinas_pu.is_staffed(timezone.localdate(), [user_of(world.hana)])


def test_only_the_acting_membership_counts_when_one_is_chosen(world: World) -> None:
    user = user_of(world.joko)
    second = world.membership(user, world.dinas_kesehatan, Role.LIAISON)
    assert may(user, C.WORK, world.dinas_pu)
    user.acting = second
    assert not may(user, C.WORK, world.dinas_pu)
    assert may(user, C.WORK, world.dinas_kesehatan)
    with pytest.raises(PermissionDenied):
        require(user, C.WORK, world.dinas_pu)


def test_a_coordinator_is_appointed_only_from_above(world: World) -> None:
    assert capability_to_manage(Role.LIAISON) is capability_to_manage(Role.HEAD) is C.MANAGE_OFFICERS
    assert capability_to_manage(Role.COORDINATOR) is C.MANAGE_COORDINATORS
    assert not may(user_of(world.wati), C.MANAGE_COORDINATORS, world.pemkab)
    assert may(user_of(world.wati), C.MANAGE_COORDINATORS, world.dinas_pu)
    assert may(user_of(world.ratna), C.MANAGE_COORDINATORS, world.pemkab)
