"""What is spelt once reads and writes the same rows as what is spelt each time."""

import datetime

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.forms.models import model_to_dict

from agencies.models import Agency, Holiday
from complaints.models import Clock, Draft
from lapor.kit.compiled import Among, Blank, Compiled
from lapor.kit.rows import write
from tests.world import World

pytestmark = pytest.mark.django_db


def test_it_finds_what_the_queryset_finds_for_each_value(world: World) -> None:
    by_parent: Compiled[Agency] = Compiled(
        lambda: Agency.objects.filter(parent_id=Blank("parent", models.BigIntegerField())).select_related("region")
    )
    for parent in (world.root, world.pemkab, world.dinas_pu):
        found = by_parent(parent=parent.pk)
        assert found == list(Agency.objects.filter(parent=parent))
        assert [one.region for one in found] == [one.region for one in Agency.objects.filter(parent=parent)]
        assert [one.bidang for one in found] == [one.bidang for one in Agency.objects.filter(parent=parent)]


def test_a_list_may_be_long_short_or_empty_and_holds_no_sql(world: World) -> None:
    among: Compiled[tuple[str]] = Compiled(
        lambda: Agency.objects.filter(Q(Among("name", "names"))).order_by("pk").values_list("name")
    )
    names = [world.dinas_pu.name, world.pemkab.name]
    assert sorted(name for (name,) in among(names=names)) == sorted(names)
    assert among(names=[]) == []
    assert among(names=["x') OR true --", '{"', "%s"]) == []


def test_the_statement_is_spelt_once(world: World) -> None:
    spelt = []

    def spell() -> models.QuerySet[Holiday, tuple[datetime.date]]:
        spelt.append(1)
        return Holiday.objects.filter(date__gte=Blank("first", models.DateField())).values_list("date")

    since: Compiled[tuple[datetime.date]] = Compiled(spell)
    for year in (2024, 2026, 2100):
        first = datetime.date(year, 1, 1)
        assert [day for (day,) in since(first=first)] == list(
            Holiday.objects.filter(date__gte=first).values_list("date", flat=True)
        )
    assert len(spelt) == 1


def test_a_written_row_is_the_row_that_save_makes() -> None:
    first, second = Draft.begin(), Draft.begin()
    second.created_at, second.saved_at, second.expires_at = first.created_at, first.saved_at, first.expires_at
    write(first)
    second.save(force_insert=True)
    assert not first._state.adding
    assert first.pk != second.pk
    kept = [model_to_dict(Draft.objects.get(pk=one.pk), exclude=["id", "token"]) for one in (first, second)]
    assert kept[0] == kept[1]
    with pytest.raises(IntegrityError), transaction.atomic():
        write(Draft(token=first.token, expires_at=first.expires_at))


def test_a_row_of_somebody_unsaved_is_refused_as_save_refuses_it(world: World) -> None:
    from complaints.models import Complaint

    clock = Clock(complaint=Complaint(), kind="VERIFY", budget=3, started_on=datetime.date(2026, 1, 5))
    with pytest.raises(ValueError, match="unsaved related object"):
        write(clock)
