"""The masked copy: when there is one, what stands in it, and the words that find it."""

from __future__ import annotations

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from complaints import publishing
from complaints.models import Complaint, Publication
from tests.complaints.cases import NOW, at, later, public, report
from tests.world import World


def found(text: str) -> bool:
    query = SearchQuery(publishing.normalise_query(text), config="indonesian")
    return Publication.objects.filter(search=query).exists()


@pytest.mark.django_db
def test_the_copy_names_nobody_and_the_case_keeps_its_words(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    copy = publishing.publish(case, now=NOW)
    assert copy is not None
    assert "Sari" not in copy.body
    assert "0812" not in copy.body
    assert "Sari Wulandari" in Complaint.objects.get(pk=case.pk).body


@pytest.mark.django_db
def test_the_reporter_s_name_is_hidden_even_where_nothing_announces_it(world: World) -> None:
    case = at(report(world, body="Kemarin sari wulandari jatuh di lubang itu."), world.dinas_pu)
    copy = publishing.publish(case, hide=["Sari Wulandari"], now=NOW)
    assert copy is not None
    assert copy.body == "Kemarin [nama disamarkan] jatuh di lubang itu."


@pytest.mark.django_db
def test_what_an_officer_corrected_is_kept_through_every_refresh(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    publishing.publish(case, title="Lubang di pasar", body="Ada lubang.", now=NOW)
    case.answer("Kami periksa besok.", by=world.joko, now=later(hours=1))
    copy = publishing.publish(case, now=later(hours=2))
    assert copy is not None
    assert (copy.title, copy.body) == ("Lubang di pasar", "Ada lubang.")
    assert copy.published_at == NOW
    assert [said["body"] for said in copy.conversation] == ["Kami periksa besok."]
    assert copy.conversation[0]["agency"] == "Dinas PU"


@pytest.mark.django_db
def test_notes_questions_and_waiting_answers_stay_inside(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.note("Hubungi Pak RT.", by=world.joko, now=NOW)
    case.ask("Di sebelah mana persisnya?", by=world.joko, now=NOW)
    copy = publishing.publish(case, now=NOW)
    assert copy is not None
    assert copy.conversation == []


@pytest.mark.django_db
def test_an_answer_keeps_the_office_s_telephone_and_loses_a_person_s(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.answer("Hubungi kantor kami (0769) 123456 atau 0812-0000-1111.", by=world.joko, now=NOW)
    copy = publishing.publish(case, now=NOW)
    assert copy is not None
    assert copy.conversation[0]["body"] == "Hubungi kantor kami (0769) 123456 atau [nomor HP disamarkan]."


@pytest.mark.django_db
def test_the_place_is_the_desa_and_for_an_anonymous_reporter_the_kecamatan(world: World) -> None:
    open_ = publishing.publish(at(report(world), world.dinas_pu), now=NOW)
    hidden = publishing.publish(at(report(world, anonymous=True), world.dinas_pu), now=NOW)
    home = publishing.publish(at(report(world, landmark="Jalan Melati No. 5"), world.dinas_pu), now=NOW)
    nowhere = publishing.publish(at(report(world, place=None), world.dinas_pu), now=NOW)
    assert [copy and copy.place_id for copy in (open_, hidden, home, nowhere)] == [
        "99.01.01.2001",
        "99.01.01",
        "99.01.01",
        None,
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("secret", [True, False])
def test_a_secret_case_and_one_kept_from_an_office_have_no_copy(world: World, secret: bool) -> None:
    kept_from = None if secret else world.dinas_kesehatan
    case = at(report(world, secret=secret, not_for=kept_from), world.dinas_pu)
    assert publishing.publish(case, now=NOW) is None
    assert not Publication.objects.exists()


@pytest.mark.django_db
def test_a_case_that_was_never_forwarded_has_no_copy(world: World) -> None:
    case = report(world)
    assert publishing.publish(case, now=NOW) is None
    case.ask("Di mana?", by=world.ratna, now=NOW)
    assert case.status == "waiting"
    assert publishing.publish(case, now=NOW) is None


@pytest.mark.django_db
def test_forwarding_by_a_person_publishes_and_by_the_worker_does_not(world: World) -> None:
    at(report(world), world.dinas_pu)
    assert not Publication.objects.exists()
    case = report(world)
    case.forward(world.dinas_pu, by=world.ratna, reason="Jalan kabupaten.", public=public(case), now=NOW)
    assert Publication.objects.get().complaint == case


@pytest.mark.django_db
def test_hold_keeps_it_inside_until_the_next_act(world: World) -> None:
    case = report(world)
    case.forward(world.dinas_pu, by=world.ratna, reason="Jalan.", public=public(case), hold="Ada nama.", now=NOW)
    assert not Publication.objects.exists()
    case.start(by=world.joko, public=public(case), now=NOW)
    assert Publication.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["tighten", "withdraw", "exclude", "abuse"])
def test_the_copy_goes_in_the_transaction_that_closes_the_case(world: World, act: str) -> None:
    case = report(world)
    case.forward(world.dinas_pu, by=world.ratna, reason="Jalan.", public=public(case), now=NOW)
    reporter = Actor.reporter(world.sari)
    match act:
        case "tighten":
            case.tighten(by=reporter, secret=True, now=NOW)
        case "withdraw":
            case.withdraw(by=reporter, now=NOW)
        case "exclude":
            case.exclude(world.dinas_kesehatan, by=world.wati, now=NOW)
        case _:
            case.archive(by=world.wati, ground="ABUSE", text="Ini iklan.", now=NOW)
    assert not Publication.objects.exists()


@pytest.mark.django_db
def test_a_case_archived_for_another_reason_stays_readable(world: World) -> None:
    case = report(world)
    case.forward(world.dinas_pu, by=world.ratna, reason="Jalan.", public=public(case), now=NOW)
    case.archive(by=world.wati, ground="IN_COURT", text="Sedang diperiksa pengadilan.", now=NOW)
    assert Publication.objects.exists()


@pytest.mark.django_db
def test_becoming_anonymous_coarsens_the_place_at_once(world: World) -> None:
    case = report(world)
    case.forward(world.dinas_pu, by=world.ratna, reason="Jalan.", public=public(case), now=NOW)
    case.tighten(by=Actor.reporter(world.sari), anonymous=True, now=NOW)
    assert Publication.objects.get().place_id == "99.01.01"


@pytest.mark.django_db
def test_a_redaction_changes_the_copy_and_makes_none(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.redact(public(case), by=world.joko, now=NOW)
    assert not Publication.objects.exists()
    publishing.publish(case, now=NOW)
    corrected = type(public(case))("Lubang di pasar", "Ada lubang besar.")
    case.redact(corrected, by=world.joko, now=NOW)
    assert Publication.objects.get().title == "Lubang di pasar"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["lubang pasar", "jln lobang", "LUBANGNYA", "lubang yg besarrrr", "minggu", "berlubang"],
)
def test_abbreviations_misspellings_and_endings_find_it(world: World, query: str) -> None:
    body = "Jl. di depan pasar lobang besar, sdh 3 minggu."
    publishing.publish(
        at(report(world, title="Jalan brlubang di pasar, ada lubang", body=body), world.dinas_pu), now=NOW
    )
    assert found(query)


@pytest.mark.django_db
def test_what_was_masked_is_not_found(world: World) -> None:
    publishing.publish(at(report(world), world.dinas_pu), now=NOW)
    assert found("lubang besar")
    assert not found("Wulandari")
    assert not found("disamarkan")


@pytest.mark.django_db
def test_publishing_costs_few_statements(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    with CaptureQueriesContext(connection) as statements:
        publishing.publish(case, now=NOW)
    assert len(statements) <= 4


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Jln yg bolong di dpn rmh", "jalan lubang dpn rumah"),
        ("BANGETTTTT jeleknya!!!", "banget jeleknya"),
        ("yang di dan", ""),
        ("lampu PJU mati", "lampu penerangan jalan umum mati"),
        ("e-KTP", "e ktp"),
        ("[nama disamarkan] marah", "marah"),
        ("", ""),
        ("\x00'; DROP TABLE", "drop table"),
    ],
)
def test_both_sides_speak_the_same_standard_words(typed: str, words: str) -> None:
    assert publishing.normalise_query(typed) == words


def test_a_long_masked_title_is_cut_at_a_word() -> None:
    case = Complaint(title="x", body="y")
    title, _body = publishing.preview(case, "NIK 3174015203850000 " * 8, "")
    assert len(title) <= 160
    assert title.endswith("…")
    assert "[" not in title.rpartition("]")[2]
