"""A report by chat: five short questions, every one can be skipped but the story, and nothing that is said is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.channels.chat import Finished, Said, Turn, answer
from tests.complaints.cases import report
from tests.world import World

pytestmark = pytest.mark.django_db
STORY = "Lampu jalan di depan balai desa padam sejak Senin."


class Phone:
    """Somebody chatting: `say` gives the words that come back and remembers the state."""

    def __init__(self, **given: Any) -> None:
        self.state: Mapping[str, Any] | None = None
        self.given = given
        self.turn = Turn()

    def say(self, text: str = "", **said: Any) -> str:
        self.turn = answer(self.state, Said(text=text, **said), **self.given)
        self.state = self.turn.state
        return self.turn.words

    @property
    def buttons(self) -> list[str]:
        return [code for code, _label in self.turn.buttons]


def finished(phone: Phone) -> Finished:
    assert phone.turn.finished is not None
    assert phone.state is None
    return phone.turn.finished


@pytest.mark.parametrize("typed", ["0019", "01", "²", "000", "99999999999"])
def test_a_number_that_was_not_offered_is_a_place_like_any_words(world: World, typed: str) -> None:
    """ "0019" begins like 1, and is no first of what was listed."""
    sari = Phone()
    sari.say(STORY)
    sari.state = {**(sari.state or {}), "choices": [world.sukasari.pk, world.cibuni.pk]}
    assert "Ada foto?" in sari.say(typed)


def test_from_a_story_to_a_report(world: World) -> None:
    sari = Phone()
    assert "Di kelurahan, desa, atau kecamatan mana?" in sari.say(STORY)
    assert "Ada foto?" in sari.say("Sukasari, Mekarsari")
    assert "Foto diterima" in sari.say(photos=["media-1"])
    check = sari.say(pressed="done")
    assert STORY in check
    assert "Sukasari" in check
    assert sari.buttons == ["send", "cancel"]
    sari.say(pressed="send")

    done = finished(sari)
    assert (done.story, done.place, list(done.photos)) == (STORY, world.sukasari, ["media-1"])
    assert not done.anonymous
    assert not done.secret


def test_everything_but_the_story_can_be_skipped(world: World) -> None:
    sari = Phone()
    sari.say(STORY)
    sari.say(pressed="skip")
    sari.say("tidak ada")
    sari.say("ya")
    assert finished(sari).place is None


def test_a_greeting_is_asked_for_the_story_once_and_then_taken_as_it_is(world: World) -> None:
    sari = Phone()
    assert "Ceritakan masalahnya" in sari.say("halo")
    assert "Di kelurahan" in sari.say("lampu mati")
    assert sari.state is not None
    assert sari.state["story"] == "halo\nlampu mati"


def test_a_location_by_the_phone_needs_no_name(world: World) -> None:
    sari = Phone()
    sari.say(STORY)
    sari.say(point=(-0.5, 102.4))
    sari.say(pressed="done")
    sari.say("kirim")
    assert finished(sari).point == (-0.5, 102.4)


def test_a_name_of_several_places_is_asked_back_and_chosen_by_number(world: World) -> None:
    sari = Phone()
    sari.say(STORY)
    words = sari.say("Karang")
    if "Yang mana?" in words:
        sari.say("1")
    assert "Ada foto?" in sari.turn.words


def test_a_place_nobody_knows_goes_along_in_their_words(world: World) -> None:
    sari = Phone()
    sari.say(STORY)
    sari.say("Gang Kelinci dekat masjid xyzzy")
    sari.say(pressed="done")
    assert "Gang Kelinci" in sari.turn.words
    sari.say("kirim")
    assert finished(sari).landmark == "Gang Kelinci dekat masjid xyzzy"


@pytest.mark.parametrize(
    ("words", "anonymous", "secret"),
    [(["anonim"], True, False), (["RAHASIA"], False, True), (["anonim", "dan rahasia ya"], True, True)],
)
def test_anonym_and_secret_are_words_at_the_check(
    world: World, words: list[str], anonymous: bool, secret: bool
) -> None:
    sari = Phone()
    for said in (STORY, "lewati", "tidak ada", *words, "kirim"):
        sari.say(said)
    done = finished(sari)
    assert (done.anonymous, done.secret) == (anonymous, secret)


def test_what_is_told_late_is_not_lost(world: World) -> None:
    sari = Phone()
    for said in (STORY, "lewati", "Oh ya, tiangnya juga miring.", "tidak ada", "Dan kabelnya putus.", "kirim"):
        sari.say(said)
    assert finished(sari).story == f"{STORY}\nOh ya, tiangnya juga miring.\nDan kabelnya putus."


def test_cancelling_forgets_and_help_helps_in_the_middle(world: World) -> None:
    sari = Phone()
    sari.say(STORY)
    assert "112" in sari.say("bantu")
    assert sari.state is not None
    assert "Dibatalkan" in sari.say("BATAL")
    assert sari.state is None


def test_danger_is_answered_with_whom_to_call_and_taken_all_the_same(world: World) -> None:
    sari = Phone()
    words = sari.say("Tolong, rumah tetangga saya sekarang terbakar, apinya besar!")
    assert "112" in words
    assert "Di kelurahan" in words


def test_who_has_an_open_report_is_asked_whether_this_belongs_to_it(world: World) -> None:
    case = report(world)
    sari = Phone(cases=[case])
    assert "tambahan untuk laporan Anda" in sari.say("Sekarang lubangnya dua.")
    sari.say(pressed=case.number)
    assert (sari.turn.adds_to, sari.turn.addition) == (case, "Sekarang lubangnya dua.")

    other = Phone(cases=[case])
    other.say(STORY)
    other.say(pressed="new")
    assert "Di kelurahan" in other.turn.words


def test_the_standing_of_ones_own_report_and_of_no_other(world: World) -> None:
    own, other = report(world), report(world)
    sari = Phone(cases=[own])
    assert "belum terverifikasi" in sari.say(f"STATUS {own.shown_number}")
    unknown = sari.say("status 0000-0000-000")
    assert sari.say(f"status {other.shown_number}") == unknown


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.tuples(
            st.text(max_size=60) | st.sampled_from(["ya", "kirim", "lewati", "1", "2", "anonim", "status x", "batal"]),
            st.sampled_from(["", "send", "cancel", "skip", "done", "new", "99.01", "'; --"]),
            st.booleans(),
        ),
        max_size=9,
    )
)
def test_whatever_is_said_something_comes_back(world: World, said: list[tuple[str, str, bool]]) -> None:
    sari = Phone()
    for text, pressed, photo in said:
        sari.say(text, pressed=pressed, photos=["m"] if photo else [])
        assert sari.turn.words or sari.turn.finished
        assert len(sari.turn.buttons) <= 3
        assert all(len(label) <= 20 for _code, label in sari.turn.buttons)


def test_a_turn_costs_few_statements(world: World) -> None:
    sari = Phone()
    sari.say(STORY)
    with CaptureQueriesContext(connection) as asked:
        sari.say("Sukasari, Mekarsari")
    assert len(asked) <= 12
