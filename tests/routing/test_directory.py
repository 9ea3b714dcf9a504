"""What the public directory says of an office: kept promises of the last twelve months, secret cases left out."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from routing import figures
from routing.directory import figures_of
from routing.models import OfficeMonth
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_node_answers_for_everything_below_it_and_secret_cases_are_not_told(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    month = figures.first_of(timezone.localdate())
    OfficeMonth.objects.create(agency=world.dinas_pu, month=month, secret=False, in_time=8, late=1, overdue=2)
    OfficeMonth.objects.create(agency=world.dinas_pu, month=month, secret=True, in_time=5, overdue=1)
    OfficeMonth.objects.create(agency=world.dinas_kesehatan, month=month, secret=False, in_time=4)
    OfficeMonth.objects.create(agency=world.bumn, month=figures.first_of(month, 13), secret=False, in_time=4)
    with django_assert_num_queries(1):
        found = figures_of([world.pemkab, world.dinas_pu, world.dinas_sosial, world.bumn])
    assert found[world.pemkab.pk][0][1] == "12 dari 15"
    assert [value for _label, value in found[world.dinas_pu.pk]] == ["8 dari 11", "2"]
    assert world.dinas_sosial.pk not in found
    assert world.bumn.pk not in found
