"""Who can hold a case: the nearest staffed office and the nearest desk, each in one query."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Role
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


def test_a_staffed_office_holds_its_own(
    world: World, today: datetime.date, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert Agency.objects.staffed_at_or_above(world.dinas_pu, today) == world.dinas_pu


def test_an_unstaffed_office_is_stood_in_for_by_the_next_above(world: World, today: datetime.date) -> None:
    assert Agency.objects.staffed_at_or_above(world.bidang_jalan, today) == world.dinas_pu
    assert Agency.objects.staffed_at_or_above(world.dinas_sosial, today) == world.pemkab
    assert Agency.objects.staffed_at_or_above(world.ministry, today) == world.root


def test_an_observer_staffs_nothing(world: World, today: datetime.date) -> None:
    world.membership(world.rudi, world.dinas_sosial, Role.OBSERVER)
    assert not world.dinas_sosial.is_staffed(today)


def test_a_desk_needs_a_coordinator(
    world: World, today: datetime.date, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert Agency.objects.desk_at_or_above(world.dinas_pu, today) == world.pemkab
    assert Agency.objects.desk_above(world.pemkab, today) == world.root
    assert Agency.objects.staffed_above(world.dinas_pu, today) == world.pemkab
    assert world.pemkab.is_desk(today)
    assert not world.dinas_pu.is_desk(today)
    assert world.root.is_desk(today)


def test_the_subtree_a_case_must_not_reach_is_stepped_over(world: World, today: datetime.date) -> None:
    assert Agency.objects.staffed_at_or_above(world.bidang_jalan, today, not_for=world.dinas_pu) == world.pemkab
    assert Agency.objects.desk_at_or_above(world.dinas_pu, today, not_for=world.pemkab) == world.root


def test_an_office_whose_only_officers_are_named_in_the_case_is_not_staffed_for_it(
    world: World, today: datetime.date
) -> None:
    joko, hana = world.joko.user, world.hana.user
    assert joko is not None
    assert hana is not None
    assert world.dinas_pu.is_staffed(today, [joko])
    assert not world.dinas_pu.is_staffed(today, [joko, hana])
    found = Agency.objects.staffed_at_or_above(world.dinas_pu, today, excluding_users=[joko, hana])
    assert found == world.pemkab


def test_an_ended_office_handles_nothing(world: World, today: datetime.date) -> None:
    world.dinas_pu.ends_on = today
    world.dinas_pu.save()
    assert not world.dinas_pu.is_staffed(today)
    assert Agency.objects.staffed_at_or_above(world.dinas_pu, today) == world.pemkab
