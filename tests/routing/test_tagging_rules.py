"""Rules that tag: written beside or instead of an office, tried on a text, and what the worker does by them."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from agencies.models import Programme
from complaints.models import Complaint, Event, Tag
from routing import dispatch, rulebook
from routing.models import Rule
from tests.complaints.cases import NOW, report
from tests.world import World, client_of, programme

pytestmark = pytest.mark.usefixtures("nudges")
TODAY = NOW.date()
PAGE = "/meja/aturan/"


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def roads() -> Programme:
    return programme("jalan-daerah", name="Jalan Daerah")


def rule(world: World, of: Programme, **more: Any) -> Rule:
    """The district's, unless another owner is named."""
    owner = more.pop("owner", world.pemkab)
    return rulebook.add(owner, by=world.ratna, **{"words": ["lubang"], "programme": of, "starts_on": TODAY, **more})


def weighed(world: World, **fields: Any) -> Complaint:
    case = report(world, **fields)
    dispatch.forward_by_itself(case.pk, now=NOW)
    return Complaint.objects.get(pk=case.pk)


def form(**more: Any) -> dict[str, Any]:
    day = {"starts_on_day": "25", "starts_on_month": "5", "starts_on_year": "2026"}
    return {"words": "lubang", "agency": "tidak", **day, **more}


# --- What the worker does ---


def test_a_rule_that_only_tags_leaves_the_way_to_the_others(world: World, roads: Programme) -> None:
    rule(world, roads)
    case = weighed(world, category=world.cat_road)
    assert case.handler == world.dinas_pu, "found by field and place"
    event = Event.objects.get(complaint=case, verb="tag")
    assert (event.side, event.particulars["part"], event.particulars["programme"]) == ("SYSTEM", "worker", roads.pk)
    assert event.particulars["reason"] == (
        "Aturan Pemkab Sukamaju: laporan dengan kata “lubang” masuk program Jalan Daerah."
    )
    page = client_of(world.joko).get(f"/meja/{case.number}/").content.decode()
    assert "Program Jalan Daerah" in page


def test_a_rule_may_send_and_tag(world: World, roads: Programme) -> None:
    made = rule(world, roads, target=world.dinas_kesehatan)
    assert rulebook.sentence(made) == (
        "Kalau ada kata “lubang”, teruskan ke Dinas Kesehatan dan tandai program Jalan Daerah."
    )
    case = weighed(world)
    assert case.handler == world.dinas_kesehatan
    assert Tag.objects.current().get().complaint == case


def test_it_tags_also_where_the_reporter_named_the_office(world: World, roads: Programme) -> None:
    rule(world, roads)
    case = weighed(world, addressed_to=world.dinas_kesehatan)
    assert case.handler == world.dinas_kesehatan
    assert Tag.objects.current().filter(complaint=case).exists()


def test_the_centres_rule_reaches_every_case_and_a_districts_only_its_own(world: World, roads: Programme) -> None:
    rule(world, roads, owner=world.root)
    rule(world, programme("gizi"), owner=world.pemkab_tetangga)
    for case in (weighed(world), weighed(world, place=world.batu_belah), weighed(world, place=None)):
        assert Tag.objects.current().filter(complaint=case, programme=roads).exists()
    neighbours = Tag.objects.get(programme__code="gizi").complaint
    assert neighbours.handler.is_under(world.pemkab_tetangga)


def test_every_rule_that_tags_counts_and_each_programme_once(world: World, roads: Programme) -> None:
    rule(world, roads)
    rule(world, roads, words=["pasar"])
    rule(world, programme("pasar"), words=["pasar"], owner=world.root)
    rule(world, programme("gizi"), words=["makan"])
    case = weighed(world)
    assert sorted(tag.programme.code for tag in Tag.objects.filter(complaint=case)) == ["jalan-daerah", "pasar"]
    assert dispatch.forward_by_itself(case.pk, now=NOW) is None
    assert Tag.objects.count() == 2, "a case is weighed once"


def test_what_does_not_fit_is_not_tagged(world: World, roads: Programme) -> None:
    rule(world, roads, category=world.cat_health)
    rule(world, roads, region=world.cibuni)
    rule(world, roads, words=["jembatan"])
    weighed(world, category=world.cat_road)
    assert not Tag.objects.exists()


def test_nothing_is_tagged_with_what_has_ended_nor_by_a_rule_that_has(world: World, roads: Programme) -> None:
    rule(world, programme("lama", ends_on=TODAY))
    rulebook.end(rule(world, roads), TODAY, by=world.wati)
    weighed(world)
    assert not Tag.objects.exists()


def test_a_secret_case_waits_for_a_person(world: World, roads: Programme) -> None:
    rule(world, roads, owner=world.root)
    case = weighed(world, secret=True)
    assert not Tag.objects.filter(complaint=case).exists()


# --- The page ---


def test_a_rule_that_only_tags_is_written_and_changed(world: World, roads: Programme) -> None:
    wati = client_of(world.wati)
    page = wati.get(f"{PAGE}baru/").content.decode()
    assert "Tidak meneruskan" in page
    assert "Jalan Daerah" in page
    assert wati.post(f"{PAGE}baru/", form(programme=roads.pk)).status_code == 302
    made = Rule.objects.get()
    assert (made.target, made.programme) == (None, roads)
    assert "Kalau ada kata “lubang”, tandai program Jalan Daerah." in wati.get(PAGE).content.decode()
    again = wati.get(f"{PAGE}{made.pk}/").content.decode()
    assert f'<option value="{roads.pk}" selected>' in again
    assert wati.post(f"{PAGE}{made.pk}/", form(agency=world.dinas_pu.pk)).status_code == 302
    changed = Rule.objects.get()
    assert (changed.target, changed.programme) == (world.dinas_pu, None)


def test_it_must_do_one_of_the_two(world: World, roads: Programme) -> None:
    page = client_of(world.wati).post(f"{PAGE}baru/", form()).content.decode()
    assert "Pilih programnya, atau kantor tujuannya." in page
    over = programme("lama", ends_on=TODAY)
    page = client_of(world.wati).post(f"{PAGE}baru/", form(programme=over.pk)).content.decode()
    assert "Pilih program yang masih berlaku." in page
    assert not Rule.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.create(owner=world.pemkab, starts_on=TODAY)


def test_without_a_programme_in_force_an_office_is_asked_for(world: World) -> None:
    page = client_of(world.wati).get(f"{PAGE}baru/").content.decode()
    assert "Tidak meneruskan" not in page
    page = client_of(world.wati).post(f"{PAGE}baru/", form()).content.decode()
    assert "Kantor ini tidak bisa dipilih di sini" in page


def test_the_trial_names_the_programmes_too(world: World, roads: Programme) -> None:
    rule(world, roads)
    page = client_of(world.wati).get(PAGE, {"text": "Ada lubang di jalan"}).content.decode()
    assert "laporan dengan kata “lubang” masuk program Jalan Daerah." in page
    assert not Tag.objects.exists()
