"""Whose a report is: as far down the tree as the worker is sure, with its reason, and no further."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import prefixes
from agencies.models import Agency, Prefix, Role
from complaints.intake import Submission, receive
from complaints.models import Complaint, Event
from complaints.transitions import Status
from routing import case_page, destination, dispatch
from routing.models import Disposition, Rule, Suggestion
from tests.world import LONG_AGO, World, opd

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 5, 29, 5, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 5, 29)


def filed(**more: Any) -> Complaint:
    values = {
        "channel": "web",
        "external_id": f"draf-{Complaint.objects.count()}",
        "body": "Sudah seminggu begini dan belum ada yang datang.",
        **more,
    }
    return receive(Submission(**values), now=NOON).complaint


def weighed(**more: Any) -> tuple[Complaint, Event | None]:
    case = filed(**more)
    event = dispatch.forward_by_itself(case.pk, now=NOON)
    return Complaint.objects.get(pk=case.pk), event


def reason_of(case: Complaint) -> str:
    return Disposition.objects.open().get(complaint=case).reason


# --- sure of an office ---


def test_the_office_the_reporter_named(world: World) -> None:
    case, event = weighed(addressed_to=world.dinas_pu)
    assert (case.status, case.handler) == (Status.FORWARDED, world.dinas_pu)
    assert reason_of(case) == "Pelapor menyebut Dinas Pekerjaan Umum dan Penataan Ruang."
    assert event is not None
    assert event.particulars["source"] == "ADDRESS"
    assert Suggestion.objects.get(complaint=case).verdict == Suggestion.Verdict.DONE


def test_a_prefix_stands_for_its_office(world: World) -> None:
    case, event = weighed(addressed_to=world.bumn, addressed_by="PREFIX", addressed_text="listrik")
    assert (case.status, case.handler) == (Status.FORWARDED, world.bumn)
    assert reason_of(case) == "Awalan SMS “listrik” berarti PT Listrik Sukaraya (Persero)."
    assert event is not None
    assert event.particulars["source"] == "PREFIX"


def test_a_districts_prefix_is_sure_of_the_district_and_no_further(world: World) -> None:
    case, event = weighed(addressed_to=world.pemkab, addressed_by="PREFIX", addressed_text="MAJU")
    assert event is not None
    assert (event.verb, case.status, case.handler) == ("place", Status.SUBMITTED, world.pemkab)
    assert reason_of(case).startswith("Awalan SMS “MAJU” berarti Pemerintah Kabupaten Sukamaju;")


def test_without_a_prefix_the_national_desk_gets_what_the_text_comes_near_to(world: World) -> None:
    prefixes.add(world.pemkab, "KAB. SUKAMAJU", by=world.wati)
    prefixes.add(world.pemkab_tetangga, "SIAK", by=world.tono)
    prefixes.add(world.pemkab_timur, "SIAP", by=world.ratna)
    Prefix.objects.update(starts_on=TODAY)
    case, event = weighed(body="Sial jalan desa kami di kabupaten sukamaju putus sejak Senin.")
    assert event is None
    assert case.handler == world.root
    offered = {row.agency_id: row.reason for row in Suggestion.objects.filter(complaint=case, rank__lte=3)}
    assert offered == {
        world.pemkab.pk: "Laporan menyebut “KAB. SUKAMAJU”.",
        world.pemkab_tetangga.pk: "Kata pertamanya mirip awalan “SIAK”.",
        world.pemkab_timur.pk: "Kata pertamanya mirip awalan “SIAP”.",
    }


def test_an_ended_office_was_succeeded(world: World) -> None:
    Agency.objects.filter(pk=world.dinas_kesehatan.pk).update(ends_on=TODAY, succeeded_by=world.dinas_pu)
    case, _ = weighed(addressed_to=Agency.objects.get(pk=world.dinas_kesehatan.pk))
    assert case.handler == world.dinas_pu


def test_category_and_place_point_to_one_office(world: World) -> None:
    case, _ = weighed(place=world.sukasari, category=world.cat_road)
    assert (case.status, case.handler) == (Status.FORWARDED, world.dinas_pu)
    assert reason_of(case) == (
        "Kategori “Jalan Berlubang” di Pemerintah Kabupaten Sukamaju ditangani Dinas Pekerjaan Umum dan Penataan Ruang."
    )


def test_the_same_category_elsewhere_is_another_office(world: World) -> None:
    case, _ = weighed(place=world.batu_belah, category=world.cat_road)
    assert case.handler == world.dinas_pu_tetangga


def test_a_category_of_a_state_company_needs_no_place(world: World) -> None:
    case, _ = weighed(category=world.cat_power)
    assert (case.status, case.handler) == (Status.FORWARDED, world.bumn)


def test_a_named_pemda_is_looked_into_by_category(world: World) -> None:
    case, _ = weighed(addressed_to=world.pemkab, category=world.cat_health)
    assert case.handler == world.dinas_kesehatan


def test_of_kecamatan_offices_that_of_the_place(world: World) -> None:
    other = opd(world.pemkab, "Kecamatan Cibuni", "", "kecamatan_kelurahan", urusan="kecamatan")
    other.region = world.cibuni
    Agency.objects.plant([other])
    world.officer("Camat Mekarsari", world.kecamatan)
    world.cat_other.bidang = "kecamatan_kelurahan"
    world.cat_other.save()
    case, _ = weighed(place=world.pasar_lama, category=world.cat_other)
    assert case.handler == world.kecamatan


def test_a_unit_below_the_office_does_not_make_it_two(world: World) -> None:
    Agency.objects.filter(pk=world.bidang_jalan.pk).update(bidang=["pekerjaan_umum"])
    assert weighed(place=world.sukasari, category=world.cat_road)[0].handler == world.dinas_pu


# --- sure of the district only ---


def test_topik_lainnya_lies_at_the_coordinators_desk(world: World) -> None:
    case, event = weighed(place=world.sukasari, category=world.cat_other)
    assert event is not None
    assert (event.verb, case.status, case.handler) == ("place", Status.SUBMITTED, world.pemkab)
    assert "Pemerintah Kabupaten Sukamaju yang menentukan" in reason_of(case)


def test_two_offices_of_the_field_are_both_suggested(world: World) -> None:
    second = opd(world.pemkab, "Dinas Cipta Karya", "DCK", "pekerjaan_umum")
    Agency.objects.plant([second])
    case, _ = weighed(place=world.sukasari, category=world.cat_works)
    assert case.handler == world.pemkab
    assert "Ada 2 kantor" in reason_of(case)
    offered = Suggestion.objects.filter(complaint=case, rank__lte=3)
    assert {row.agency for row in offered} == {world.dinas_pu, second}
    assert {row.verdict for row in offered} == {Suggestion.Verdict.OFFERED}


def test_a_name_in_the_text_is_only_a_suggestion(world: World) -> None:
    case, _ = weighed(place=world.sukasari, body="Petugas Dinkes bilang kartu saya tidak berlaku di puskesmas.")
    assert (case.status, case.handler) == (Status.SUBMITTED, world.pemkab)
    best = Suggestion.objects.get(complaint=case, rank=1)
    assert (best.agency, best.words, best.reason) == (world.dinas_kesehatan, ["Dinkes"], "Laporan menyebut “Dinkes”.")


def test_the_words_of_a_category_are_a_suggestion(world: World) -> None:
    case, _ = weighed(place=world.sukasari, body="Jalan berlubang di depan sekolah belum ditambal.")
    assert case.handler == world.pemkab
    assert Suggestion.objects.get(complaint=case, rank=1).agency == world.dinas_pu


def test_never_more_than_three_suggestions(world: World) -> None:
    Agency.objects.plant([opd(world.pemkab, f"Dinas Jalan {n}", f"Jalan{n}", "pekerjaan_umum") for n in range(5)])
    case, _ = weighed(place=world.sukasari, category=world.cat_works)
    assert Suggestion.objects.filter(complaint=case, rank__lte=3).count() == 3


# --- sure of nothing ---


def test_nothing_known_stays_at_the_national_desk_with_its_reason(world: World) -> None:
    case, event = weighed()
    assert event is None
    assert case.handler == world.root
    assert Disposition.objects.open().get(complaint=case).weighed_at == NOON
    assert Suggestion.objects.get(complaint=case, rank=dispatch.LEFT).reason == (
        "Tempat dan kategorinya belum diketahui, jadi meja nasional yang memeriksa."
    )


def test_a_province_cannot_stand_for_its_district(world: World) -> None:
    case, _ = weighed(place=world.province, category=world.cat_road)
    assert case.handler == world.root


def test_a_pemda_without_officers_leaves_it_to_the_national_desk_and_says_so(world: World) -> None:
    case, _ = weighed(place=world.karang_pagi)
    assert case.handler == world.root
    assert "Belum ada petugas: Pemerintah Kabupaten Ujung Timur." in Suggestion.objects.get(complaint=case).reason


def test_an_unstaffed_office_leaves_it_to_the_desk_above(world: World) -> None:
    case, event = weighed(place=world.sukasari, category=world.cat_social)
    assert (case.status, case.handler) == (Status.SUBMITTED, world.pemkab)
    assert event is not None
    assert event.particulars["unstaffed"] == world.dinas_sosial.pk
    assert reason_of(case).startswith("Belum ada petugas: Dinas Sosial.")


# --- rules ---


def rule(owner: Agency, target: Agency, **more: Any) -> Rule:
    return Rule.objects.create(owner=owner, target=target, starts_on=LONG_AGO, **more)


def test_a_rule_of_the_district_by_words(world: World) -> None:
    rule(world.pemkab, world.dinas_kesehatan, words=["demam berdarah"])
    case, event = weighed(place=world.sukasari, body="Ada DEMAM-berdarah di RT kami.", category=world.cat_road)
    assert case.handler == world.dinas_kesehatan
    assert event is not None
    assert event.particulars["source"] == "RULE"
    assert reason_of(case) == (
        "Aturan Pemkab Sukamaju: laporan dengan kata “demam berdarah” ditangani Dinas Kesehatan."
    )


def test_a_word_inside_another_word_is_not_the_word(world: World) -> None:
    rule(world.pemkab, world.dinas_kesehatan, words=["lampu"])
    assert weighed(place=world.sukasari, body="Dari Lampung ke sini jauh sekali.")[0].handler == world.pemkab


def test_the_first_of_the_list_decides_and_the_district_before_the_centre(world: World) -> None:
    rule(world.root, world.ministry, order=0, words=["jembatan"])
    rule(world.pemkab, world.dinas_kesehatan, order=2, words=["jembatan"])
    rule(world.pemkab, world.dinas_pu, order=1, words=["jembatan"])
    assert weighed(place=world.sukasari, body="Jembatan putus.")[0].handler == world.dinas_pu


@pytest.mark.parametrize("place", ["batu_belah", "none"])
def test_a_rule_of_one_district_says_nothing_elsewhere(world: World, place: str) -> None:
    rule(world.pemkab, world.dinas_pu, words=["jembatan"])
    where = None if place == "none" else world.batu_belah
    assert weighed(place=where, body="Jembatan putus.")[0].handler != world.dinas_pu


def test_a_rule_for_one_region_and_category(world: World) -> None:
    rule(world.pemkab, world.dinas_kesehatan, category=world.cat_works, region=world.cibuni)
    assert weighed(place=world.sukasari, category=world.cat_road)[0].handler == world.dinas_pu
    assert weighed(place=world.cibuni, category=world.cat_road)[0].handler == world.dinas_kesehatan


def test_a_rule_out_of_force_or_out_of_its_subtree_is_none(world: World) -> None:
    rule(world.pemkab, world.dinas_pu, words=["jembatan"], ends_on=TODAY)
    rule(world.pemkab, world.dinas_pu_tetangga, words=["jembatan"])
    assert weighed(place=world.sukasari, body="Jembatan putus.")[0].handler == world.pemkab


# --- verify first, conduct ---


def test_a_verify_first_district_sees_everything_first(world: World) -> None:
    Agency.objects.filter(pk=world.pemkab.pk).update(verify_first=True)
    case, event = weighed(place=world.sukasari, category=world.cat_road)
    assert event is not None
    assert (event.verb, case.handler) == ("place", world.pemkab)
    assert Suggestion.objects.get(complaint=case, rank=1).agency == world.dinas_pu


def test_conduct_goes_to_the_inspectorate_or_stays_at_the_centre(world: World) -> None:
    assert weighed(place=world.sukasari, not_for=world.dinas_pu, addressed_to=world.dinas_pu)[0].handler == (
        world.inspektorat
    )
    case, event = weighed(place=world.sukasari, not_for=world.pemkab)
    assert (event, case.handler) == (None, world.root)
    left = Suggestion.objects.get(complaint=case)
    assert (left.rank, left.source) == (dispatch.LEFT, Suggestion.Source.CONDUCT)
    assert "perilaku" in left.reason


def test_conduct_leaves_its_reason_and_no_other_guess(world: World) -> None:
    """Nor does a district that looks at everything first see it before the inspectorate."""
    Agency.objects.filter(pk=world.pemkab.pk).update(verify_first=True)
    case, event = weighed(
        place=world.sukasari, category=world.cat_road, not_for=world.dinas_pu, body="Kepala Dinas PU minta uang."
    )
    done = Suggestion.objects.get(complaint=case)
    assert (done.agency, done.source, done.score) == (world.inspektorat, Suggestion.Source.CONDUCT, 1.0)
    assert (done.verdict, done.reason) == (Suggestion.Verdict.DONE, reason_of(case))
    assert event is not None
    assert event.particulars["source"] == "CONDUCT"
    why = case_page.why_here(case, Disposition.objects.open().get(complaint=case))
    assert why.reason == done.reason
    assert "keyakinan" not in why.sentence
    assert why.guesses == []


# --- cost ---


def test_finding_takes_few_statements_however_many_offices_there_are(world: World) -> None:
    Agency.objects.plant([opd(world.pemkab, f"Dinas Nomor {n}", f"DN{n}", "umum") for n in range(40)])
    for n in range(30):
        rule(world.pemkab, world.dinas_pu, order=n, words=["kata yang tidak ada"])
    case = Complaint.objects.select_related("place", "category", "addressed_to", "not_for").get(
        pk=filed(place=world.sukasari, category=world.cat_other).pk
    )
    with CaptureQueriesContext(connection) as queries:
        destination.find(case, TODAY)
    assert len(queries) <= 7


def test_weighing_twice_is_weighing_once(world: World) -> None:
    case, _ = weighed(place=world.sukasari, category=world.cat_road)
    assert dispatch.forward_by_itself(case.pk, now=NOON) is None
    assert case.events.filter(verb="forward").count() == 1


def test_what_an_officer_chose_is_the_verdict(world: World) -> None:
    case, _ = weighed(place=world.sukasari, body="Petugas Dinkes tidak datang.")
    dispatch.forward(case, world.dinas_pu, by=world.wati, reason="Ini jalan.", now=NOON)
    assert Suggestion.objects.get(complaint=case, agency=world.dinas_kesehatan).verdict == Suggestion.Verdict.OFFERED
    done, _ = weighed(place=world.sukasari, category=world.cat_road)
    dispatch.move(done, world.dinas_kesehatan, by=world.wati, reason="Ini puskesmas.", now=NOON)
    assert Suggestion.objects.get(complaint=done, rank=1).verdict == Suggestion.Verdict.CORRECTED
    assert world.wati.role == Role.COORDINATOR
