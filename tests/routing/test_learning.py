"""The portal learns from where cases stayed; the better of two is used, and one act brings the old one back."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine

from agencies.actor import Actor
from agencies.models import AuditEntry
from complaints.intake import Submission, receive
from complaints.models import Complaint
from routing import dispatch, learning, standing_alone, subject
from routing.classifier import weights
from routing.models import Disposition, Suggestion, TrainedModel
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 5, 29, 5, 0, tzinfo=datetime.UTC)
PAGE = "/kelola/model/"


def answered(world: World, body: str, **more: Any) -> Complaint:
    """A case the Dinas PU (else `to`) took and answered."""
    to = more.pop("to", world.dinas_pu)
    case = receive(
        Submission(channel="web", external_id=f"d-{Complaint.objects.count()}", body=body, **more), now=NOON
    ).complaint
    Disposition.objects.filter(complaint=case).update(weighed_at=NOON)
    Complaint.objects.filter(pk=case.pk).update(handler=to)
    Disposition.objects.filter(complaint=case).update(agency=to, first_answer_at=NOON)
    return case


def row(state: str = "CURRENT", **more: Any) -> TrainedModel:
    told = subject.shipped_figures()
    figures = {"challenger": {"right": 60}, "champion": {"right": 50}, "about": told, "thresholds": told["thresholds"]}
    values = {"examples": 200, "held_back": 80, "learnt_until": NOON, "figures": figures, **more}
    data = weights.SHIPPED.read_bytes() if state != "REFUSED" else b""
    return TrainedModel.objects.create(state=state, weights=data, **values)


# --- examples ---


def test_a_case_that_stayed_is_an_example_with_its_offices_field_and_level(world: World) -> None:
    answered(world, "Jalan berlubang. Hubungi Pak Budi Santoso di 081234567890.")
    (one,) = learning.decided()
    assert (one.example.bidang, one.example.level) == ("pekerjaan_umum", "kabkota")
    assert "081234567890" not in one.example.body
    assert "Santoso" not in one.example.body


def test_a_central_office_is_of_the_centre_and_a_company_a_company(world: World) -> None:
    answered(world, "Listrik padam.", to=world.bumn)
    (one,) = learning.decided()
    assert (one.example.bidang, one.example.level) == ("energi_listrik", "bumn")


@pytest.mark.parametrize("hidden", [{"secret": True}, {"anonymous": True}, {"about_conduct": True}])
def test_nothing_is_learnt_from_secret_and_anonymous_cases(world: World, hidden: dict[str, bool]) -> None:
    case = answered(world, "Jalan berlubang.")
    Complaint.objects.filter(pk=case.pk).update(**hidden)
    assert learning.decided() == []


def test_nothing_is_learnt_from_cases_kept_from_an_office(world: World) -> None:
    case = answered(world, "Jalan berlubang.")
    Complaint.objects.filter(pk=case.pk).update(not_for=world.dinas_kesehatan)
    assert learning.decided() == []


@pytest.mark.parametrize("outcome", ["MOVED", "HANDED_BACK", "ARCHIVED", "WITHDRAWN"])
def test_a_stint_that_did_not_stay_teaches_nothing(world: World, outcome: str) -> None:
    case = answered(world, "Jalan berlubang.")
    Disposition.objects.filter(complaint=case).update(outcome=outcome, ended_at=NOON)
    assert learning.decided() == []


def test_what_lies_at_a_coordinators_desk_teaches_nothing(world: World) -> None:
    answered(world, "Jalan berlubang.", to=world.pemkab)
    assert learning.decided() == []


# --- a night ---


def test_too_few_examples_change_nothing(world: World) -> None:
    answered(world, "Jalan berlubang.")
    night = learning.learn(NOON)
    assert night.made is None
    assert "Belum cukup" in night.sentence
    assert subject.weights_in_force() is weights.shipped()


@pytest.mark.slow
def test_a_challenger_is_promoted_only_when_it_is_right_more_often(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(learning, "FEWEST", 40)
    monkeypatch.setattr(learning, "FEWEST_HELD", 20)
    # This district's word for its own thing, which the shipped weights can't know.
    for n in range(45):
        answered(world, f"Ngokbot nomor {n} di blok {n * 7} masih kurang sejak {n + 3} hari", to=world.dinas_kesehatan)
        answered(world, f"Grebekan nomor {n} di gang {n * 5} masih kurang sejak {n + 2} hari", to=world.bumn)
    night = learning.learn(NOON)
    assert night.made is not None, night.sentence
    assert night.made.state == TrainedModel.State.CURRENT, night.sentence
    assert learning.in_force() == night.made
    assert subject.of("", "Ngokbot masih kurang").first.bidang == "kesehatan"
    assert subject.by(weights.shipped(), "", "paspor dan imigrasi").first.bidang == "imigrasi_hukum"
    assert subject.of("", "antrean paspor di kantor imigrasi").first.bidang == "imigrasi_hukum", "what it knew it knows"
    again = learning.learn(NOON)
    assert again.made is None, "nothing new was decided since"


@pytest.mark.parametrize(
    ("won", "lost", "better"), [(0, 0, False), (1, 0, False), (2, 0, True), (10, 8, False), (20, 8, True)]
)
def test_better_is_more_than_chance(won: int, lost: int, better: bool) -> None:
    new = [True] * won + [False] * lost + [True] * 50
    old = [False] * won + [True] * lost + [True] * 50
    assert learning.is_better(new, old) is better


# --- the page ---


def test_the_centre_sees_how_it_fares_and_what_a_threshold_would_do(world: World) -> None:
    page = client_of(world.ratna).get(PAGE).content.decode()
    assert "Bobot bawaan dipakai" in page
    assert "selalu dilihat petugas" in page
    assert "Penanggulangan bencana" in page
    assert "Yang paling sering tertukar" in page


def test_a_coordinator_is_not_shown_it(world: World) -> None:
    assert client_of(world.wati).get(PAGE).status_code == 403


def test_mistakes_are_shown_but_never_of_hidden_cases(world: World) -> None:
    for number, hidden in enumerate(({}, {"secret": True}, {"anonymous": True})):
        case = answered(world, f"Cerita nomor {number} yang panjang")
        Complaint.objects.filter(pk=case.pk).update(title=f"Judul{number}", **hidden)
        Suggestion.objects.create(
            complaint=case, agency=world.bumn, source="MODEL", score=0.9, verdict="CORRECTED", words=["jalan"]
        )
    page = client_of(world.ratna).get(PAGE).content.decode()
    assert "Judul0" in page
    assert "Judul1" not in page
    assert "Judul2" not in page


def sent_alone(world: World, name: str, **fields: Any) -> Complaint:
    """Forwarded by the worker to the office its reporter named, or as else is given."""
    said = {"channel": "web", "external_id": name, "body": f"Cerita {name} yang panjang.", "place": world.sukasari}
    case = receive(Submission(**{**said, "addressed_to": world.dinas_pu, **fields}), now=NOON).complaint
    dispatch.forward_by_itself(case.pk, now=NOON)
    return Complaint.objects.get(pk=case.pk)


def test_what_was_forwarded_alone_is_told_by_what_decided_and_level(world: World) -> None:
    cases = [sent_alone(world, f"s{n}") for n in range(3)]
    sent_alone(world, "bumn", addressed_to=world.bumn)
    dispatch.move(cases[0], world.dinas_kesehatan, by=world.wati, reason="Salah kantor", now=NOON)
    # Left where it was sent, whatever became of it in a later round.
    cases[1].start(by=world.joko, now=NOON)
    cases[1].resolve("Sudah kami tambal.", by=world.joko, outcome="DONE", done_on=NOON.date(), unit="Jalan", now=NOON)
    cases[1].contest("Masih berlubang.", by=Actor.reporter(), now=NOON)
    dispatch.move(Complaint.objects.get(pk=cases[1].pk), world.dinas_kesehatan, by=world.wati, reason="x", now=NOON)
    # Only placed at a pemda's desk, named by its reporter: not forwarded to it.
    placed = sent_alone(world, "pemda", addressed_to=world.pemkab)
    assert placed.status == "submitted"
    later = NOON + datetime.timedelta(days=40)
    found = {(line.source, line.level): line.tallies for line in standing_alone.lines(later)}
    empty = standing_alone.Tally(0, 0)
    assert found == {
        ("ADDRESS", "kabupaten/kota"): [empty, standing_alone.Tally(3, 1)],
        ("ADDRESS", "BUMN"): [empty, standing_alone.Tally(1, 0)],
        ("ADDRESS", ""): [empty, standing_alone.Tally(4, 1)],
    }
    tally = found["ADDRESS", "kabupaten/kota"][1]
    assert tally.right is not None
    assert (round(tally.right.value), round(tally.right.low), tally.is_below) == (67, 21, True)
    assert standing_alone.lines(NOON + datetime.timedelta(days=91)) == []


def test_the_page_marks_what_is_below_the_promise(world: World, django_assert_max_num_queries: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        moved = sent_alone(world, "s1")
        sent_alone(world, "s2")
        dispatch.move(moved, world.dinas_kesehatan, by=world.wati, reason="Salah kantor", now=NOON)
        browser = client_of(world.ratna)
        browser.get(PAGE)
        with django_assert_max_num_queries(22):
            page = browser.get(PAGE).content.decode()
        assert "di bawah 95%" in page
        assert "50,0%" in page
        assert moved.shown_number in page
        assert moved.shown_number in browser.get(PAGE, {"sumber": "ADDRESS"}).content.decode()
        assert moved.shown_number not in browser.get(PAGE, {"sumber": "MODEL"}).content.decode()
        assert moved.shown_number in browser.get(PAGE, {"sumber": "\x00²"}).content.decode()


def test_one_act_brings_the_weights_before_back(world: World) -> None:
    first = row("RETIRED")
    second = row(before=first)
    browser = client_of(world.ratna)
    assert "Bobot dari" in browser.get(PAGE).content.decode()
    page = browser.post(PAGE, {"reason": ""}).content.decode()
    assert "Tulis alasannya" in page
    browser.post(PAGE, {"reason": "Banyak koreksi di Inhu"})
    assert learning.in_force() == first
    second.refresh_from_db()
    assert (second.state, second.retired_by) == ("RETIRED", world.ratna.user)
    entry = AuditEntry.objects.get(what="model_back")
    assert (entry.reason, entry.who) == ("Banyak koreksi di Inhu", world.ratna.user)
    browser.post(PAGE, {"reason": "Lagi"})
    assert learning.in_force() is None
    assert subject.weights_in_force() is weights.shipped()
    assert "Bobot bawaan sudah dipakai" in browser.post(PAGE, {"reason": "Lagi"}, follow=True).content.decode()


def test_a_coordinator_cannot_bring_it_back(world: World) -> None:
    made = row()
    assert client_of(world.wati).post(PAGE, {"reason": "x"}).status_code == 403
    assert learning.in_force() == made


def test_a_correction_is_the_verdict_of_what_was_forwarded_by_words(world: World, monkeypatch: Any) -> None:
    field = subject.Field("pekerjaan_umum", "kabkota", 0.97)
    sure = subject.Subject((field,), ("pekerjaan_umum",), 0.97, 0.9, ("jalan berlubang",), "PENGADUAN", 0.0, 0.0)
    monkeypatch.setattr(subject, "of", lambda title, body: sure)
    case = receive(
        Submission(channel="web", external_id="d-1", body="Jalan berlubang.", place=world.sukasari), now=NOON
    ).complaint
    dispatch.forward_by_itself(case.pk, now=NOON)
    case = Complaint.objects.get(pk=case.pk)
    assert case.handler == world.dinas_pu
    done = Suggestion.objects.get(complaint=case, rank=1)
    assert (done.source, done.words, done.verdict) == ("MODEL", ["jalan berlubang"], "DONE")
    assert "kata yang berbicara: jalan berlubang" in done.reason
    assert "97%" in done.reason
    by: Actor = world.wati
    dispatch.move(case, world.dinas_kesehatan, by=by, reason="Salah kantor", now=NOON)
    done.refresh_from_db()
    assert done.verdict == "CORRECTED"
    assert learning.mistakes() == [done]


def test_words_do_not_choose_between_ministries_that_share_a_field(world: World, monkeypatch: Any) -> None:
    world.ministry.bidang = ["pendidikan"]
    world.ministry.save()
    field = subject.Field("pendidikan", "pusat", 0.97)
    sure = subject.Subject((field,), ("pendidikan",), 0.97, 0.9, ("kampus",), "PENGADUAN", 0.0, 0.98)
    monkeypatch.setattr(subject, "of", lambda title, body: sure)
    case = receive(
        Submission(channel="web", external_id="d-1", body="Dana kampus.", place=world.sukasari), now=NOON
    ).complaint
    dispatch.forward_by_itself(case.pk, now=NOON)
    case = Complaint.objects.get(pk=case.pk)
    assert case.handler == world.root, "a matter of the centre waits at no district's desk"
    assert Suggestion.objects.get(complaint=case, rank=1).agency == world.ministry
