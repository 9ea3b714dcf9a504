"""A reorganisation planned before its day: what it would do, what stands in its way, and what the day makes of it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail

from agencies import offices
from agencies import reorganising as plans
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, Area, AuditEntry, Kind, Prefix, Reorganisation, Role, Share, Step
from complaints.models import Complaint
from complaints.notifications import delivery
from routing import reorganising
from routing.models import Rule
from tests.routing.turns import JAKARTA, at, at_office, fresh, sweep
from tests.world import LONG_AGO, World, client_of

pytestmark = pytest.mark.django_db
BEFORE = datetime.datetime(2026, 6, 1, 9, 0, tzinfo=JAKARTA)
DAY = datetime.date(2026, 6, 3)
TODAY = BEFORE.date()
K = Step.Kind


@pytest.fixture(autouse=True)
def before_the_day() -> Any:
    with time_machine.travel(BEFORE, tick=False) as clock:
        yield clock


@pytest.fixture
def plan(world: World) -> Reorganisation:
    return plans.add(by=world.wati, node=world.pemkab, name="Penataan 2026", day=DAY, legal_basis="Perda 3/2026")


def add(plan: Reorganisation, world: World, kind: str, **said: Any) -> Step:
    return plans.add_step(plan, by=world.wati, kind=kind, **said)


def found(plan: Reorganisation, world: World, name: str = "Dinas Gabungan") -> Step:
    return add(plan, world, K.FOUND, to=world.pemkab, name=name, short_name="", office_kind=Kind.OPD)


def day_comes(clock: Any) -> dict[str, int]:
    clock.move_to(at(3))
    return sweep(at(3))


def again(agency: Agency) -> Agency:
    return Agency.objects.get(pk=agency.pk)


# --- merging, splitting, renaming, moving ---


def test_before_its_day_nothing_moves_and_on_it_all_does_once(
    world: World, plan: Reorganisation, before_the_day: Any
) -> None:
    case = at_office(world)
    new = found(plan, world)
    for office in (world.dinas_pu, world.dinas_kesehatan, world.bidang_jalan):
        add(plan, world, K.END, office=office, to_new=new)
    assert sweep(BEFORE)["planned"] == 0
    assert (fresh(case).handler, again(world.dinas_pu).ends_on) == (world.dinas_pu, None)
    assert day_comes(before_the_day)["planned"] == 4
    assert not any(sweep(at(3))[name] for name in ("planned", "succeeded", "moved"))
    heir = Agency.objects.get(name="Dinas Gabungan")
    assert set(heir.bidang) == {"pekerjaan_umum", "kesehatan"}
    assert again(world.dinas_pu).succeeded_by == heir
    assert fresh(case).handler == world.pemkab, "nobody was appointed there yet (I11)"
    plan.refresh_from_db()
    assert plan.state == Reorganisation.State.DONE
    assert AuditEntry.objects.get(what="carry_out_plan").after == {"steps": 4, "failed": 0}
    delivery.send_due()
    assert "Penataan “Penataan 2026” sudah dijalankan" in {letter.subject for letter in mail.outbox}


def test_a_split_shares_out_cases_fields_and_rules(world: World, plan: Reorganisation, before_the_day: Any) -> None:
    upt = offices.add(by=world.wati, parent=world.pemkab, kind=Kind.OPD, name="UPT Mekarsari")
    world.officer("Budi", upt)
    here, there = at_office(world, place=world.sukasari), at_office(world, place=world.cibuni)
    rule = Rule.objects.create(
        owner=world.pemkab, target=world.dinas_pu, region=world.mekarsari, starts_on=LONG_AGO, order=1
    )
    add(plan, world, K.GIVE, office=world.dinas_pu, to=upt, places=["99.01.01"])
    add(plan, world, K.END, office=world.dinas_pu, to=world.dinas_kesehatan)
    add(plan, world, K.MOVE, office=world.bidang_jalan, to=world.dinas_kesehatan)
    seen = reorganising.foresee(plan, by=world.wati, today=TODAY)
    assert {(one.heir, one.total) for one in seen.endings[0].going} == {("UPT Mekarsari", 1), ("Dinas Kesehatan", 1)}
    assert day_comes(before_the_day)["planned"] == 3
    assert (fresh(here).handler, fresh(there).handler) == (upt, world.dinas_kesehatan)
    assert Share.objects.get().heir == upt
    rule.refresh_from_db()
    assert rule.target == upt


def test_a_field_is_given_away_by_an_office_that_goes_on(
    world: World, plan: Reorganisation, before_the_day: Any
) -> None:
    case = at_office(world)
    add(plan, world, K.GIVE, office=world.dinas_pu, to=world.dinas_sosial, bidang=["pekerjaan_umum"])
    day_comes(before_the_day)
    assert again(world.dinas_pu).bidang == []
    assert "pekerjaan_umum" in again(world.dinas_sosial).bidang
    assert fresh(case).handler == world.dinas_pu, "what it has it finishes"


def test_a_kecamatan_is_given_from_one_branch_to_another(
    world: World, plan: Reorganisation, before_the_day: Any
) -> None:
    Area.objects.create(agency=world.dinas_sosial, region=world.mekarsari, starts_on=LONG_AGO)
    Area.objects.create(agency=world.dinas_sosial, region=world.cibuni, starts_on=LONG_AGO)
    Area.objects.create(agency=world.kecamatan, region=world.mekarsari, starts_on=LONG_AGO)
    add(plan, world, K.GIVE, office=world.dinas_sosial, to=world.kecamatan, places=["99.01.02"])
    day_comes(before_the_day)
    serving = Area.objects.active_on(DAY)
    assert set(serving.filter(agency=world.dinas_sosial).values_list("region", flat=True)) == {"99.01.01"}
    assert set(serving.filter(agency=world.kecamatan).values_list("region", flat=True)) == {"99.01.01", "99.01.02"}


def test_renamed_and_moved(world: World, plan: Reorganisation, before_the_day: Any) -> None:
    add(plan, world, K.RENAME, office=world.dinas_pu, name="Dinas Bina Marga", short_name="")
    add(plan, world, K.MOVE, office=world.bidang_jalan, to=world.dinas_kesehatan)
    day_comes(before_the_day)
    renamed = again(world.dinas_pu)
    assert renamed.name == "Dinas Bina Marga"
    assert world.dinas_pu.name in renamed.aliases
    assert again(world.bidang_jalan).parent == world.dinas_kesehatan


# --- what stands in the way ---


@pytest.mark.parametrize(
    ("kind", "office", "to", "more", "words"),
    [
        (K.END, "dinas_pu", "dinas_pu", {}, "kantor lain"),
        (K.END, "dinas_pu", "bidang_jalan", {}, "di bawah kantor yang berakhir"),
        (K.END, "dinas_pu_tetangga", "dinas_pu", {}, "bukan di bawah"),
        (K.END, "dinas_pu", "dinas_pu_tetangga", {}, "bukan di bawah"),
        (K.END, "pemkab", "dinas_pu", {}, "bukan di bawah"),
        (K.GIVE, "dinas_pu", "dinas_sosial", {}, "Pilih bidang atau tempat"),
        (K.GIVE, "dinas_pu", "dinas_sosial", {"bidang": ["kesehatan"]}, "tidak memegang bidang"),
        (K.MOVE, "dinas_pu", "bidang_jalan", {}, "ada di bawah"),
        (K.RENAME, "dinas_pu", None, {"name": "Dinas Kesehatan"}, "Sudah ada kantor"),
        (K.FOUND, None, "pemkab", {"name": "dinas sosial", "office_kind": "OPD"}, "Sudah ada kantor"),
        (K.FOUND, None, "pemkab", {"name": "Baru", "office_kind": "KEMENTERIAN"}, "tidak bisa ditaruh"),
    ],
)
def test_a_step_that_cannot_be_is_refused_when_written(
    world: World, plan: Reorganisation, kind: str, office: str | None, to: str | None, more: Any, words: str
) -> None:
    said = more | ({"office": getattr(world, office)} if office else {}) | ({"to": getattr(world, to)} if to else {})
    with pytest.raises(Refused, match=words):
        add(plan, world, kind, **said)
    assert not plan.steps.exists()


def test_two_steps_that_contradict_each_other(world: World, plan: Reorganisation) -> None:
    add(plan, world, K.END, office=world.dinas_pu, to=world.dinas_sosial)
    contradicting: tuple[dict[str, Any], ...] = (
        {"kind": K.END, "office": world.dinas_pu, "to": world.dinas_kesehatan},
        {"kind": K.END, "office": world.dinas_kesehatan, "to": world.dinas_pu},
        {"kind": K.RENAME, "office": world.dinas_pu, "name": "Dinas Lain"},
    )
    for said in contradicting:
        with pytest.raises(Refused):
            plans.add_step(plan, by=world.wati, **said)
    add(plan, world, K.GIVE, office=world.dinas_pu, to=world.kecamatan, bidang=["pekerjaan_umum"])
    with pytest.raises(Refused, match="Sebagian sudah diserahkan"):
        add(plan, world, K.GIVE, office=world.dinas_pu, to=world.kominfo, bidang=["pekerjaan_umum"])


def test_what_the_tree_no_longer_allows_is_said_and_the_rest_is_done(
    world: World, plan: Reorganisation, before_the_day: Any
) -> None:
    new = found(plan, world)
    add(plan, world, K.END, office=world.dinas_kesehatan, to_new=new)
    add(plan, world, K.RENAME, office=world.dinas_sosial, name="Dinas Sosial Baru", short_name="")
    # Somebody was faster: the name is taken, and the office below it has to go on.
    offices.add(by=world.wati, parent=world.pemkab, kind=Kind.OPD, name="Dinas Gabungan")
    seen = reorganising.foresee(plan, by=world.wati, today=TODAY)
    assert seen.faults == {new.pk: "Sudah ada kantor dengan nama itu di sini."}
    day_comes(before_the_day)
    states = dict(plan.steps.values_list("kind", "state"))
    assert states == {K.FOUND: "FAILED", K.END: "FAILED", K.RENAME: "DONE"}
    assert plan.steps.get(kind=K.END).said == "Dinas Gabungan tidak jadi dibuat."
    assert again(world.dinas_kesehatan).ends_on is None
    assert again(world.dinas_sosial).name == "Dinas Sosial Baru"
    page = client_of(world.wati).get(f"/kelola/penataan/{plan.pk}/").content.decode()
    assert "Tidak dijalankan: Dinas Gabungan tidak jadi dibuat." in page
    delivery.send_due()
    assert any("2 langkah tidak bisa dijalankan" in str(letter.body) for letter in mail.outbox)


def test_children_end_before_their_office(world: World, plan: Reorganisation, before_the_day: Any) -> None:
    add(plan, world, K.END, office=world.dinas_pu, to=world.dinas_sosial)
    seen = reorganising.foresee(plan, by=world.wati, today=TODAY)
    assert seen.endings[0].left_below == ["Bidang Jalan dan Jembatan"]
    assert list(seen.faults.values()) == ["Akhiri atau pindahkan dulu yang di bawahnya: Bidang Jalan dan Jembatan."]
    add(plan, world, K.END, office=world.bidang_jalan, to=world.dinas_sosial)
    assert day_comes(before_the_day)["planned"] == 2
    assert again(world.dinas_pu).ends_on == again(world.bidang_jalan).ends_on == DAY


def test_a_step_nobody_can_take_does_not_hold_up_the_sweep(
    world: World, plan: Reorganisation, before_the_day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(plan, world, K.RENAME, office=world.dinas_sosial, name="Dinsos Baru", short_name="")
    add(plan, world, K.END, office=world.dinas_kesehatan, to=world.dinas_sosial)
    monkeypatch.setattr(offices, "change", lambda *_said, **_more: 1 / 0)
    assert day_comes(before_the_day)["planned"] == 1
    plan.refresh_from_db()
    assert plan.state == Reorganisation.State.PLANNED, "one step waits for the next run"
    monkeypatch.undo()
    assert sweep(at(3, hour=10))["planned"] == 1


# --- the preview ---


def test_the_preview_counts_only_what_its_reader_may_open(
    world: World, plan: Reorganisation, django_assert_max_num_queries: Any
) -> None:
    at_office(world)
    at_office(world, secret=True)
    kept = at_office(world)
    Complaint.objects.filter(pk=kept.pk).update(not_for=world.pemkab)
    Prefix.objects.create(agency=world.dinas_pu, text="PUSUKA", normal="pusuka", starts_on=LONG_AGO)
    add(plan, world, K.END, office=world.dinas_pu, to=world.dinas_sosial)
    with django_assert_max_num_queries(40):
        seen = reorganising.foresee(plan, by=world.wati, today=TODAY)
    [ending] = seen.endings
    assert (seen.total, ending.prefixes) == (2, ["PUSUKA"])
    assert sorted(ending.officers) == ["Hana Permata", "Joko Prasetyo"]
    assert seen.unmanned == ["Dinas Sosial"]
    assert reorganising.foresee(plan, by=world.ratna, today=TODAY).total == 2, "no list of hers shows a secret one"


def test_gaps_and_quarrels_of_fields_are_shown(world: World, plan: Reorganisation) -> None:
    add(plan, world, K.END, office=world.dinas_pu, to=world.pemkab)
    seen = reorganising.foresee(plan, by=world.wati, today=TODAY)
    assert seen.nobodys == ["Pekerjaan umum dan penataan ruang"]
    other = plans.add(by=world.wati, node=world.pemkab, name="Lain", day=DAY, legal_basis="Perda 4/2026")
    add(other, world, K.END, office=world.dinas_pu, to=world.dinas_sosial)
    assert reorganising.foresee(plan, by=world.wati, today=TODAY).other_plans == [other]


# --- who, and the pages ---


def test_only_whoever_manages_the_node_plans_it(world: World, plan: Reorganisation) -> None:
    for stranger in (world.joko, world.hana, world.tono, world.bayu):
        with pytest.raises(NotAllowed):
            plans.change(plan, by=stranger, name="x", day=DAY, legal_basis="x")
        with pytest.raises(NotAllowed):
            plans.add_step(plan, by=stranger, kind=K.END, office=world.dinas_pu, to=world.dinas_sosial)
    assert client_of(world.tono).get(f"/kelola/penataan/{plan.pk}/").status_code == 404
    assert client_of(world.hana).get(f"/kelola/penataan/{plan.pk}/").status_code == 403
    assert client_of(world.ratna).get(f"/kelola/penataan/{plan.pk}/").status_code == 200
    with pytest.raises(Refused):
        plans.change(plan, by=world.wati, name="x", day=TODAY, legal_basis="x")


def test_a_plan_from_the_first_page_to_its_cancelling(world: World) -> None:
    client = client_of(world.wati)
    assert "Tulis nama rencana" in client.post("/kelola/penataan/", {"name": ""}).content.decode()
    form = {"name": "Penataan", "legal_basis": "Perda 1/2026", "day_day": "3", "day_month": "6", "day_year": "2026"}
    client.post("/kelola/penataan/", form)
    plan = Reorganisation.objects.get()
    path = f"/kelola/penataan/{plan.pk}/"
    steps = f"{path}langkah/"
    client.post(
        f"{steps}kantor-baru/",
        {"name": "Dinas Gabungan", "office_kind": "OPD", "to": str(world.pemkab.pk), "short_name": ""},
    )
    new = plan.steps.get()
    bad = client.post(f"{steps}akhir/", {"office": str(world.dinas_pu.pk), "to": str(world.dinas_pu.pk)})
    assert (bad.status_code, "Pilih kantor lain" in bad.content.decode()) == (400, True)
    client.post(f"{steps}akhir/", {"office": str(world.dinas_pu.pk), "to": f"baru-{new.pk}"})
    client.post(
        f"{steps}penyerahan/",
        {"office": str(world.dinas_pu.pk), "to": f"baru-{new.pk}", "bidang": "pekerjaan_umum", "places": "99.01.01"},
    )
    page = client.get(path).content.decode()
    assert "Dinas Pekerjaan Umum dan Penataan Ruang berakhir; penerusnya Dinas Gabungan." in page
    assert "menyerahkan bidang Pekerjaan umum dan penataan ruang di Mekarsari ke Dinas Gabungan." in page
    assert "Dinas Gabungan belum punya petugas" in page
    assert client.get(f"{steps}tidak-ada/").status_code == 404
    client.post(f"{path}langkah/{new.pk}/hapus/")
    assert not plan.steps.exists(), "what waited for the new office goes with it"
    client.post(f"{path}ubah/", form | {"name": "Nama lain"})
    assert "Nama lain" in client.get("/kelola/penataan/").content.decode()
    client.post(f"{path}batal/")
    assert "Tidak ada yang pindah" in client.get(path).content.decode()
    assert client.get(f"{steps}induk/").status_code == 200
    assert (
        "sudah dijalankan atau dibatalkan"
        in client.post(
            f"{steps}nama/", {"office": str(world.dinas_pu.pk), "name": "X", "short_name": ""}
        ).content.decode()
    )


def test_the_centre_plans_a_cabinet(world: World, before_the_day: Any) -> None:
    plan = plans.add(by=world.ratna, node=world.root, name="Kabinet", day=DAY, legal_basis="Perpres 1/2026")
    new = plans.add_step(
        plan,
        by=world.ratna,
        kind=K.FOUND,
        to=world.root,
        name="Kementerian Jalan",
        short_name="",
        office_kind=Kind.KEMENTERIAN,
    )
    plans.add_step(plan, by=world.ratna, kind=K.END, office=world.ministry, to_new=new)
    day_comes(before_the_day)
    heir = Agency.objects.get(name="Kementerian Jalan")
    assert heir.bidang == ["perhubungan"]
    world.officer("Budi", heir, Role.LIAISON)
    assert heir.is_staffed(DAY)
