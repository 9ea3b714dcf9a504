"""An office that ends: cases, rules, fields, names, prefixes go on at its heir; officers and systems do not."""

from __future__ import annotations

import datetime

import pytest

from agencies import clients, offices, prefixes, succession
from agencies.actor import Actor
from agencies.members import Refused
from agencies.models import Agency, AuditEntry, Membership, Permission, Prefix, Role, Share, SubSite
from agencies.signals import agency_moved
from complaints.models import Complaint
from routing import destination, dispatch, ground, rulebook, tasks
from routing.models import Disposition, Outcome, Rule
from tests.conftest import Nudges
from tests.routing.turns import SARI, at, at_office, events, filed, fresh, sweep
from tests.world import LONG_AGO, World, opd

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 6, 3)
SYSTEM = Actor.system("succession")


def ends(agency: Agency, heir: Agency, day: datetime.date = DAY) -> Agency:
    """By its date, as a table or an act some time ago said."""
    Agency.objects.filter(pk=agency.pk).update(ends_on=day, succeeded_by=heir)
    return Agency.objects.get(pk=agency.pk)


def again(agency: Agency) -> Agency:
    return Agency.objects.get(pk=agency.pk)


def test_on_its_day_everything_on_the_map_is_at_the_heir_with_an_audit_row_each(world: World) -> None:
    prefixes.add(world.dinas_pu, "PUSUKA", by=world.wati)
    Prefix.objects.update(starts_on=LONG_AGO)
    Agency.objects.filter(pk=world.pemkab.pk).update(coordinators_at=world.dinas_pu)
    client, _key = clients.register(
        by=world.wati, agency=world.dinas_pu, name="SIPJalan", permissions=[Permission.QUEUE]
    )
    ends(world.dinas_pu, world.dinas_sosial)
    assert sweep(at(2))["succeeded"] == 0
    assert sweep(at(3))["succeeded"] == 1
    assert sweep(at(3))["succeeded"] == 0
    heir = again(world.dinas_sosial)
    assert set(heir.bidang) == {"sosial", "pekerjaan_umum"}
    assert {"Dinas PU", world.dinas_pu.name} <= set(heir.aliases)
    assert prefixes.of(heir, DAY) == ["PUSUKA"]
    assert prefixes.of(world.dinas_pu, DAY) == []
    assert again(world.pemkab).coordinators_at == heir
    assert not Membership.objects.current(DAY).filter(agency=world.dinas_pu).exists()
    client.refresh_from_db()
    assert client.ends_on is not None
    said = set(AuditEntry.objects.values_list("what", flat=True))
    assert {"succeed_agency", "take_over", "take_over_prefix", "move_seat", "end_client", "end_membership"} <= said
    assert (AuditEntry.objects.get(what="succeed_agency").after or {})["to"] == heir.pk
    case = filed(world, category=world.cat_road)
    assert destination.find(case, DAY).office == heir


def test_an_act_today_does_the_same_at_once(world: World) -> None:
    case = at_office(world, addressed_to=world.dinas_kesehatan)
    offices.end(world.dinas_kesehatan, by=world.wati, successor=world.dinas_pu, reason="Digabung")
    assert fresh(case).handler == world.dinas_pu
    assert "kesehatan" in again(world.dinas_pu).bidang
    assert again(world.dinas_kesehatan).handed_on_at is not None


@pytest.mark.slow
def test_of_many_cases_the_worker_moves_the_rest_one_by_one_and_none_twice(
    world: World, nudges: Nudges, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ground, "AT_ONCE", 2)
    cases = [at_office(world, addressed_to=world.dinas_kesehatan) for _ in range(6)]
    offices.end(world.dinas_kesehatan, by=world.wati, successor=world.dinas_pu, reason="Digabung")
    assert [fresh(case).handler == world.dinas_pu for case in cases] == [True, True, False, False, False, False]
    for case in cases:
        assert Disposition.objects.open().get(complaint=case).agency == fresh(case).handler
    assert nudges.named("clear_office") == [(world.dinas_kesehatan.pk,)]
    # Meanwhile a coordinator was faster with one, and another was withdrawn.
    dispatch.move(cases[4], world.inspektorat, by=world.wati, reason="Soal pungutan.")
    cases[5].withdraw(by=SARI)
    nudges.run()
    tasks.clear_office(world.dinas_kesehatan.pk)
    assert [fresh(case).handler for case in cases[:5]] == [*[world.dinas_pu] * 4, world.inspektorat]
    assert [len(events(case, "move")) for case in cases] == [1, 1, 1, 1, 1, 0]
    assert fresh(cases[5]).status == "archived"


def test_one_case_that_fails_keeps_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (at_office(world, addressed_to=world.dinas_kesehatan) for _ in range(2))
    real = dispatch.move_out

    def breaks(case: Complaint, **more: object) -> object:
        if case.pk == first.pk:
            raise RuntimeError
        return real(case, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(dispatch, "move_out", breaks)
    offices.end(world.dinas_kesehatan, by=world.wati, successor=world.dinas_pu, reason="Digabung")
    assert (fresh(first).handler, fresh(second).handler) == (world.dinas_kesehatan, world.dinas_pu)
    monkeypatch.undo()
    tasks.clear_office(world.dinas_kesehatan.pk)
    assert fresh(first).handler == world.dinas_pu


def test_rules_send_to_the_heir_and_those_nobody_can_follow_end(world: World) -> None:
    def rule(**said: object) -> Rule:
        return Rule.objects.create(owner=world.pemkab, starts_on=LONG_AGO, **said)

    kept = rule(target=world.dinas_pu, words=["jembatan"], order=1)
    lost = rule(target=world.dinas_pu, named=world.dinas_pu, order=2)
    own = Rule.objects.create(owner=world.dinas_pu, target=world.dinas_pu, starts_on=LONG_AGO, words=["got"])
    ends(world.dinas_pu, world.dinas_kesehatan)
    sweep(at(3))
    for one in (kept, lost, own):
        one.refresh_from_db()
    assert (kept.target, kept.ends_on) == (world.dinas_kesehatan, None)
    assert lost.ends_on == DAY
    assert (own.owner, own.target) == (world.dinas_kesehatan, world.dinas_kesehatan)
    said = list(AuditEntry.objects.filter(subject_kind="rule").values_list("what", flat=True))
    assert sorted(said) == ["rule_ended", "rule_succeeded", "rule_succeeded"]
    assert rulebook.succeed(again(world.dinas_pu), by=SYSTEM, day=DAY) == 0


def test_a_chain_ends_at_the_last_who_lives(world: World) -> None:
    case = at_office(world)
    ends(world.dinas_kesehatan, world.dinas_sosial, datetime.date(2026, 6, 2))
    world.officer("Budi", world.dinas_sosial)
    ends(world.dinas_pu, world.dinas_kesehatan)
    sweep(at(3))
    assert fresh(case).handler == world.dinas_sosial
    assert {"kesehatan", "pekerjaan_umum"} <= set(again(world.dinas_sosial).bidang)
    assert Disposition.objects.get(complaint=case, agency=world.dinas_pu).outcome == Outcome.SUCCEEDED


def test_an_heir_without_officers_leaves_the_cases_to_who_is_above(world: World) -> None:
    case = at_office(world)
    ends(world.dinas_pu, world.dinas_sosial)
    sweep(at(3))
    assert fresh(case).handler == world.pemkab
    assert "pekerjaan_umum" in again(world.dinas_sosial).bidang


def test_a_ring_or_a_dead_end_takes_nothing_and_loses_nothing(world: World) -> None:
    case = at_office(world)
    ends(world.dinas_kesehatan, world.dinas_pu)
    ended = ends(world.dinas_pu, world.dinas_kesehatan)
    assert succession.heir_of(ended, DAY) is None
    assert sweep(at(3))["succeeded"] == 0
    assert fresh(case).handler == world.pemkab
    assert again(world.dinas_pu).handed_on_at is None


def test_what_was_shared_out_goes_by_field_and_place_also_when_it_comes_back_later(world: World) -> None:
    upt = opd(world.pemkab, "UPT Mekarsari", "", "")
    upt.save()
    world.officer("Budi", upt)
    here, there = at_office(world, place=world.sukasari), at_office(world, place=world.cibuni)
    Share.objects.create(agency=world.dinas_pu, region=world.mekarsari, heir=upt)
    Share.objects.create(agency=world.dinas_pu, bidang="kesehatan", heir=world.dinas_kesehatan)
    ends(world.dinas_pu, world.dinas_kesehatan)
    sweep(at(3))
    assert (fresh(here).handler, fresh(there).handler) == (upt, world.dinas_kesehatan)
    assert "pekerjaan_umum" in again(upt).bidang
    named = filed(world, addressed_to=again(world.dinas_pu), place=world.sukasari)
    assert destination.find(named, DAY).office == upt


def test_not_for_follows_the_heir_by_date_too(world: World) -> None:
    case = at_office(world, not_for=world.dinas_pu, addressed_to=None)
    ends(world.dinas_pu, world.dinas_kesehatan)
    sweep(at(3))
    assert fresh(case).not_for == world.dinas_kesehatan
    assert fresh(case).handler == world.inspektorat
    assert not Complaint.objects.visible_to(world.dewi, on_request=True).filter(pk=case.pk).exists()


def test_a_pemda_that_takes_over_has_no_field_and_its_site_goes_to_a_pemda_alone(world: World) -> None:
    SubSite.objects.create(agency=world.pemkab_tetangga, slug="tetangga", name="Lapor Tetangga", active=True)
    ends(world.dinas_pu_tetangga, world.pemkab_tetangga)
    sweep(at(3))
    assert again(world.pemkab_tetangga).bidang == []
    ends(world.pemkab_tetangga, world.pemkab)
    sweep(at(3))
    assert SubSite.objects.get(slug="tetangga").agency == world.pemkab


# --- Hanging an office elsewhere ---


def test_an_office_moves_with_all_below_it_and_its_cases_stay(world: World) -> None:
    case = at_office(world)
    offices.move(world.bidang_jalan, world.dinas_kesehatan, by=world.wati)
    unit = again(world.bidang_jalan)
    assert (unit.parent, unit.path) == (world.dinas_kesehatan, f"{world.dinas_kesehatan.path}{unit.pk}/")
    offices.move(world.dinas_kesehatan, again(world.dinas_pu), by=world.wati)
    unit = again(world.bidang_jalan)
    assert unit.is_under(again(world.dinas_kesehatan))
    assert unit.is_under(world.dinas_pu)
    assert unit.path_length == unit.path.count("/") - 1
    assert fresh(case).handler == world.dinas_pu
    with pytest.raises(Refused):
        offices.move(again(world.dinas_pu), again(world.bidang_jalan), by=world.wati)
    with pytest.raises(Refused):
        offices.move(again(world.dinas_sosial), world.pemkab_tetangga, by=world.tono)


def test_below_an_office_a_case_is_kept_from_it_does_not_stay_readable(world: World) -> None:
    world.officer("Budi", world.bidang_jalan, Role.LIAISON)
    case = at_office(world, addressed_to=world.bidang_jalan)
    dispatch.exclude(case, world.dinas_kesehatan, by=world.wati)
    assert fresh(case).handler == world.bidang_jalan
    offices.move(world.bidang_jalan, world.dinas_kesehatan, by=world.wati)
    case = fresh(case)
    assert not case.handler.is_under(world.dinas_kesehatan)
    assert events(case, "move")[-1].particulars["cause"] == "NOT_FOR"
    agency_moved.send(sender=Agency, agency=again(world.bidang_jalan), by=SYSTEM)
    assert len(events(case, "move")) == 1
