"""Two readers of an answer, a third between them; what comes out, and who may see which page."""

from __future__ import annotations

import datetime
import math
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.actor import Actor
from agencies.models import Role
from complaints.models import Complaint, Notification
from complaints.transitions import NotAllowed
from routing import readings, sampled, sampling
from routing.evaluation import standing
from routing.measures import catalogue, quality
from routing.measures.quality import Part
from routing.measures.reading import Scope
from routing.models import AnswerScore, Cycle, Reading, ReadingTurn, Sample
from tests.permissions import cast
from tests.routing.test_sampling import AUTUMN, QUARTER, answers, small_numbers, taken  # noqa: F401 (an autouse fixture)
from tests.scenes import once
from tests.world import World, client_of, programme

pytestmark = pytest.mark.django_db
GOOD, POOR = (2, 2, 1, 2), (2, 0, 1, 2)
FILLED = {"answers": "2", "done": "2", "proof": "1", "plain": "2"}


@pytest.fixture(autouse=True)
def _in_autumn() -> Any:
    with time_machine.travel(AUTUMN, tick=False):
        yield


@once(at=AUTUMN)
def drawn(world: World) -> Sample:
    """Four answers of the Dinas PU, all of them drawn and handed out: Ratna, Seno and Bayu read."""
    answers(world, title="Lubang di depan pasar", name="Sari Wulandari", email="sari@contoh.test")
    sample = taken(world, 4)
    readings.hand_out()
    return sample


def open_turns(who: Actor) -> list[ReadingTurn]:
    assert who.user is not None
    return list(readings.mine(who.user))


def read_all(world: World, marks: tuple[int, ...] = GOOD) -> None:
    for who in (world.ratna, world.seno, world.bayu):
        for turn in open_turns(who):
            readings.read(turn, marks, by=who)


# --- turns ---


def test_each_answer_has_two_readers_of_the_centre_and_the_load_is_even(world: World, drawn: Sample) -> None:
    pairs: dict[int, set[int]] = {}
    for turn in ReadingTurn.objects.all():
        pairs.setdefault(turn.answer_id, set()).add(turn.reader_id)
    assert len(pairs) == 4
    assert all(len(readers) == 2 for readers in pairs.values())
    assert sorted(len(open_turns(who)) for who in (world.ratna, world.seno, world.bayu)) == [2, 3, 3]
    assert readings.hand_out() == 0
    told = Notification.objects.filter(letter="officer_read:20261005")
    assert {row.user_id for row in told} == {turn.reader_id for turn in ReadingTurn.objects.all()}, "one letter each"
    assert open_turns(world.bayu)[0].due_on == datetime.date(2026, 10, 12), "five working days"


def test_a_turn_that_lapses_goes_to_somebody_else(world: World, drawn: Sample) -> None:
    silent = {turn.answer_id for turn in open_turns(world.bayu)}
    with time_machine.travel(AUTUMN + datetime.timedelta(days=8), tick=False):
        for who in (world.ratna, world.seno):
            ReadingTurn.objects.open().filter(reader=who.user).update(due_on=datetime.date(2026, 10, 30))
        assert readings.hand_out() == len(silent)
        assert {turn.answer_id for turn in open_turns(world.bayu)} == set()
        assert ReadingTurn.objects.filter(ended="SILENT").count() == len(silent)
        for pk in silent:
            assert ReadingTurn.objects.open().filter(answer=pk).values("reader").distinct().count() == 2
        with pytest.raises(readings.Gone):
            readings.read(ReadingTurn.objects.filter(ended="SILENT")[0], GOOD, by=world.bayu)


def test_a_third_reads_where_two_are_two_steps_apart(world: World, drawn: Sample) -> None:
    answer = drawn.answers.get(number=1)
    first, second = answer.turns.order_by("seat")
    by = {who.user.pk: who for who in (world.ratna, world.seno, world.bayu) if who.user}
    readings.read(first, GOOD, by=by.pop(first.reader_id))
    readings.read(second, POOR, by=by.pop(second.reader_id))
    assert not AnswerScore.objects.filter(answer=answer).exists()
    assert readings.hand_out() == 1
    third = answer.turns.get(seat=3)
    [left] = by.values()
    assert third.reader_id == left.user.pk  # type: ignore[union-attr]
    readings.read(third, (1, 0, 0, 2), by=left)
    assert answer.score.points == 100 * (2 + 0 + 1 + 2) / 8, "the middle of three"
    told = readings.agreements(drawn)
    assert (told.n, told.apart) == (1, 1)


def test_one_turn_is_read_once_and_by_its_reader_alone(world: World, drawn: Sample) -> None:
    turn = open_turns(world.bayu)[0]
    for who in (world.ratna, world.wati):
        with pytest.raises(NotAllowed):
            readings.read(turn, GOOD, by=who)
    readings.read(turn, GOOD, by=world.bayu)
    with pytest.raises(readings.Gone):
        readings.read(turn, GOOD, by=world.bayu)
    assert Reading.objects.count() == 1


# --- what comes out ---


def test_the_result_of_a_district_an_office_and_the_country(world: World, drawn: Sample) -> None:
    assert quality.of(world.pemkab, *QUARTER) is None
    read_all(world)
    year = (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    for node in (world.root, world.pemkab, world.dinas_pu):
        told = quality.of(node, *year)
        assert told is not None, node
        assert (told.n, told.score, told.whole) == (4, 87.5, 4)
    assert quality.of(world.dinas_kesehatan, *year) is None
    assert quality.of(world.pemkab_tetangga, *year) is None
    assert quality.of(world.pemkab, datetime.date(2026, 5, 1), year[1]) is None, "a sample counts as a whole"
    assert set(quality.by_agency(*year)) == {world.pemkab.pk}
    assert quality.by_agency(*year, until=AUTUMN) == {}, "a year that was closed before has nothing of it"
    closed = standing.readings_of(Cycle(year=2026, cut_at=AUTUMN))
    assert (closed.by_closing, closed.after, closed.unread) == (0, 4, 0), (
        "the page of the edition says what was too late"
    )
    measure = catalogue.MEASURES["answer_quality"].take(Scope(world.pemkab, *year))
    assert isinstance(measure, catalogue.Score)
    assert (measure.n, measure.score) == (4, 87.5)


# --- pages ---


@pytest.mark.slow
def test_pages_are_the_centres_reviewers_alone(world: World, drawn: Sample) -> None:
    ksp = world.officer("Laksmi", world.root, Role.OBSERVER, programme=programme("bersama"))
    turn = open_turns(world.bayu)[0]
    pages = [
        reverse("routing:reviews"),
        reverse("routing:sample", args=[drawn.pk]),
        reverse("routing:sample_proof", args=[drawn.pk]),
        reverse("routing:reading", args=[turn.pk]),
        reverse("routing:sample_draw"),
    ]
    for role, viewer in cast.viewers(world).items():
        client = Client() if viewer.who is None else client_of(viewer.who)
        allowed = role in ("national", "observer at the centre")
        for page in pages:
            status = client.get(page).status_code
            own = page != pages[3] or role == "observer at the centre"
            draws = page != pages[4] or role == "national"
            if allowed and draws:
                assert status == (200 if own else 404), f"{role} × {page}: {status}"
            else:
                assert status in (302, 403), f"{role} × {page}: {status}"
    assert {client_of(ksp).get(page).status_code for page in pages} == {403}


def test_a_reader_reads_masked_words_and_no_more(world: World, drawn: Sample) -> None:
    turn = open_turns(world.bayu)[0]
    case = turn.answer.message.complaint
    here = reverse("routing:reading", args=[turn.pk])
    page = client_of(world.bayu).get(here).content.decode()
    assert "Lubangnya sudah kami tambal." in page
    assert "Jalan di depan pasar berlubang" in page
    for hidden in (case.number, case.shown_number, "Sari", "sari@contoh.test", "Joko"):
        assert hidden not in page, hidden
    Complaint.objects.filter(pk=case.pk).update(secret=True)
    answer = client_of(world.bayu).get(here)
    assert answer.status_code == HTTPStatus.GONE
    assert turn not in open_turns(world.bayu), "and does not stand in the way of the next"
    assert "Jalan di depan pasar" not in answer.content.decode()


def test_reading_on_the_page_keeps_what_was_typed_and_goes_on(world: World, drawn: Sample) -> None:
    client, [turn, then, *_rest] = client_of(world.bayu), open_turns(world.bayu)
    here = reverse("routing:reading", args=[turn.pk])
    answer = client.post(here, {**FILLED, "done": "", "note": "Tidak menyebut unitnya."})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    page = answer.content.decode()
    assert "Pilih satu kalimat untuk “Menyebut apa yang dilakukan?”" in page
    assert "Tidak menyebut unitnya." in page
    assert page.count(" checked") == 3
    answer = client.post(here, FILLED)
    assert answer.headers["Location"] == reverse("routing:reading", args=[then.pk])
    assert Reading.objects.get(answer=turn.answer).marks == GOOD
    again = client.post(here, {**FILLED, "note": "Sekali lagi, panjang."})
    assert again.status_code == HTTPStatus.CONFLICT
    assert "Sekali lagi, panjang." in again.content.decode()
    back = client.post(
        reverse("routing:reading", args=[then.pk]), {"serahkan": "1", "lain-reason": "Kenal perkaranya."}
    )
    assert back.status_code == HTTPStatus.FOUND
    then.refresh_from_db()
    assert then.ended == "GIVEN_BACK"
    readings.hand_out()
    assert world.bayu.user is not None
    assert not ReadingTurn.objects.open().filter(answer=then.answer, reader=world.bayu.user).exists()


def test_a_second_reader_learns_nothing_of_the_first(world: World, drawn: Sample) -> None:
    answer = drawn.answers.get(number=1)
    first, second = answer.turns.order_by("seat")
    by = {who.user.pk: who for who in (world.ratna, world.seno, world.bayu) if who.user}
    readings.read(first, POOR, by=by[first.reader_id], note="Tidak ada tindakan sama sekali.")
    client = client_of(by[second.reader_id])
    for page in (reverse("routing:sample", args=[drawn.pk]), reverse("routing:reading", args=[second.pk])):
        text = client.get(page).content.decode()
        assert "Tidak ada tindakan sama sekali" not in text
        assert "2 0 1 2" not in text


def test_a_sample_page_says_all_of_it_in_few_statements(world: World, drawn: Sample) -> None:
    read_all(world)
    client = client_of(world.bayu)
    client.get(reverse("routing:sample", args=[drawn.pk]))
    with CaptureQueriesContext(connection) as said:
        page = client.get(reverse("routing:sample", args=[drawn.pk])).content.decode()
    assert len(said) <= 20
    assert drawn.seed in page
    assert "100 %" in page
    assert "Nilai <b>88</b> dari 100" in page
    with CaptureQueriesContext(connection) as said:
        assert client.get(reverse("routing:reviews")).status_code == HTTPStatus.OK
    assert len(said) <= 15


def test_drawing_on_the_page(world: World) -> None:
    answers(world)
    client, here = client_of(world.ratna), reverse("routing:sample_draw")
    asked = {"period": f"{QUARTER[0]}_{QUARTER[1]}", "agency": str(world.pemkab.pk), "size": "10"}
    look = client.post(here, {**asked, "lihat": "1"})
    assert "4 jawaban akhir" in look.content.decode()
    assert not Sample.objects.exists()
    for wrong in (
        {"size": "2"},
        {"period": "2026-01-01_2026-12-31"},
        {"agency": "0"},
        {"agency": str(world.dinas_pu.pk)},
    ):
        assert client.post(here, {**asked, **wrong}).status_code == HTTPStatus.BAD_REQUEST, wrong
    assert client.post(here, asked).headers["Location"] == reverse("routing:sample", args=[Sample.objects.get().pk])
    assert client.post(here, asked).status_code == HTTPStatus.BAD_REQUEST, "once"
    assert ReadingTurn.objects.open().count() == 8


def test_periods_have_names() -> None:
    names = [sampled.period_name(*span) for span in sampling.periods(datetime.date(2026, 8, 1), 2)]
    assert names[:3] == ["Triwulan 2 2026", "Triwulan 1 2026", "Tahun 2025"]


def test_nobody_reads_what_they_wrote_or_where_they_sat(world: World) -> None:
    answers(world)
    assert world.seno.user is not None
    world.membership(world.seno.user, world.kominfo, Role.HEAD, ends_on=datetime.date(2026, 5, 1))
    for case in Complaint.objects.all():
        case.note("Dari pusat.", by=world.ratna)
    sampling.take(world.pemkab, *QUARTER, 4, by=world.ratna)
    assert readings.hand_out() == 4, "one reader each: the second is waited for"
    assert {turn.reader_id for turn in ReadingTurn.objects.all()} == {world.bayu.user.pk}  # type: ignore[union-attr]
    world.officer("Mega", world.root, Role.OBSERVER)
    assert readings.hand_out() == 4


def test_kappa_as_cohen_has_it() -> None:
    """Of a table in the books: 2 observers, 3 steps, linear weights."""
    pairs = [(0, 0)] * 20 + [(0, 1)] * 5 + [(1, 0)] * 10 + [(1, 1)] * 15
    told = readings.agreement(pairs)
    assert told is not None
    assert told.n == 50
    assert math.isclose(told.same, 0.7)
    assert told.kappa is not None
    assert math.isclose(told.kappa, 0.4)
    weighted = readings.agreement([(0, 0), (1, 1), (2, 2), (0, 2)])
    assert weighted is not None
    assert weighted.kappa is not None
    assert math.isclose(weighted.kappa, 0.5)
    same = readings.agreement([(2, 2)] * 9)
    assert same is not None
    assert (same.same, same.kappa) == (1.0, None)
    assert readings.agreement([]) is None


def test_a_score_says_how_sure_it_is() -> None:
    def part(whole: int, marks: list[float]) -> Part:
        return Part(whole, len(marks), sum(marks), sum(one * one for one in marks))

    assert quality.estimate([part(500, [50.0] * 2)]) is None, "too few"
    few, many = (quality.estimate([part(2_000, [25.0, 75.0] * n)]) for n in (10, 100))
    assert few is not None
    assert many is not None
    assert few.score == many.score == 50
    assert few.high - few.low > 2 * (many.high - many.low) > 0
    every = quality.estimate([part(20, [25.0, 75.0] * 10)])
    assert every is not None
    assert (every.low, every.score, every.high) == (50, 50, 50), "nothing is left to chance"
    best = quality.estimate([part(1_000, [100.0] * 30)])
    assert best is not None
    assert best.high == 100
    assert 85 < best.low < 95, "thirty good ones do not prove that all are"
    heavy = quality.estimate([part(900, [90.0] * 10), part(100, [10.0] * 10)])
    assert heavy is not None
    assert math.isclose(heavy.score, 82), "each sample weighs what it stands for"
    assert round(quality.margin(60, 10**9)) == 6
    assert quality.margin(60, 60) == 0
