"""Answers drawn by lot: anybody draws the same ones, each stratum has its share, what is guarded is not among them."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as some

from agencies.actor import Actor
from complaints.models import Complaint, Message
from complaints.transitions import Incomplete, NotAllowed
from routing import answer_flags, sampling
from routing.measures import quality
from routing.models import Sample, SampledAnswer
from routing.sampling import Unit
from tests.filing import days, filed, resolved
from tests.scenes import once
from tests.world import World

QUARTER = (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30))
AUTUMN = datetime.datetime(2026, 10, 5, 3, 0, tzinfo=datetime.UTC)
WORDS = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas", "belas"]


def answers(world: World, count: int = 4, *, by: Actor | None = None, **more: Any) -> list[Complaint]:
    """So many cases answered in June 2026."""
    by = by or world.joko
    return [resolved(filed(world, external_id=f"contoh-{by.agency}-{n}", **more), by, at=4) for n in range(count)]


@pytest.fixture(autouse=True)
def small_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is true of ten answers is true of three, and sooner told."""
    monkeypatch.setattr(sampling, "FEWEST", 3)
    monkeypatch.setattr(sampling, "SMALLEST", 3)
    monkeypatch.setattr(quality, "ENOUGH", 3)


def taken(world: World, size: int) -> Sample:
    """A sample of so many, before a fixture could make the numbers small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "FEWEST", 3)
        patch.setattr(sampling, "SMALLEST", 3)
        return sampling.take(world.pemkab, *QUARTER, size, by=world.ratna, now=AUTUMN)


@once(at=AUTUMN)
def drawn(world: World) -> Sample:
    answers(world, 5)
    return taken(world, 4)


# --- the draw ---


@settings(max_examples=40, deadline=None)
@given(
    frame=some.lists(some.tuples(some.integers(1, 4), some.sampled_from(["A", "B"])), min_size=1, max_size=80),
    size=some.integers(1, 60),
)
def test_each_stratum_has_its_share_and_the_draw_is_the_same_whoever_makes_it(
    frame: list[tuple[int, str]], size: int
) -> None:
    units = [Unit(pk, office, kind, "DONE") for pk, (office, kind) in enumerate(frame, start=1)]
    one = sampling.draw(7, *QUARTER, units, size)
    other = sampling.draw(7, *QUARTER, list(reversed(units)), size)
    assert one == other
    chosen = [one.ordered[place].pk for place in one.places]
    assert len(set(chosen)) == len(chosen) == min(size, len(units))
    whole, taken = Counter(unit.stratum for unit in units), Counter(one.ordered[p].stratum for p in one.places)
    for stratum, count in whole.items():
        assert abs(taken[stratum] - count * len(chosen) / len(units)) < 1


def test_every_answer_has_the_same_chance() -> None:
    counted = Counter(place for n in range(4_000) for place in sampling.places(10, 3, str(n)))
    assert all(abs(counted[place] / 4_000 - 0.3) < 0.04 for place in range(10))


@pytest.mark.django_db
def test_a_sample_is_kept_with_all_it_takes_to_draw_it_again(world: World, drawn: Sample) -> None:
    assert (drawn.frame_count, drawn.answers.count(), drawn.left_out) == (5, 4, 0)
    assert drawn.strata == [[world.dinas_pu.pk, "PENGADUAN", "DONE", 5]]
    assert sampling.is_drawn_again(drawn)
    lines = list(sampling.proof(drawn))
    assert [line[1] for line in lines if line[0].isdigit()] == [str(pk) for pk in drawn.frame]
    assert sum(line[6] == "ya" for line in lines) == 4
    text = str(lines)
    assert not [case for case in Complaint.objects.all() if case.number in text or case.title in text]


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["sample", "sampledanswer"])
def test_a_sample_is_never_changed(world: World, drawn: Sample, table: str) -> None:
    for sql in (
        f"UPDATE routing_{table} SET id = id",
        f"DELETE FROM routing_{table}",
        f"TRUNCATE routing_{table} CASCADE",
    ):
        refused = pytest.raises(DatabaseError, match=r"append-only|Cannot update or delete")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql)


@pytest.mark.django_db
def test_what_is_guarded_or_for_the_reporter_alone_is_not_drawn(world: World) -> None:
    plain = answers(world)
    resolved(filed(world, external_id="r", secret=True), world.joko, at=4)
    resolved(filed(world, external_id="s", about_conduct=True), world.agus, at=4)
    resolved(filed(world, external_id="t", silent=True), world.joko, at=4)
    alone = filed(world, external_id="u")
    alone.resolve("Hanya untuk Anda.", by=world.joko, outcome="REFUSED", audience="PARTIES", now=days(4))
    resolved(filed(world, external_id="v"), world.joko, at=40)
    sample = sampling.take(world.pemkab, *QUARTER, 20, by=world.ratna, now=AUTUMN)
    got = set(Message.objects.filter(pk__in=sample.frame).values_list("complaint", flat=True))
    assert got == {case.pk for case in plain}
    assert sample.left_out == 1


@pytest.mark.django_db
def test_who_draws_what_and_when(world: World) -> None:
    answers(world)
    for by in (world.bayu, world.wati, world.hana):
        with pytest.raises(NotAllowed):
            sampling.take(world.pemkab, *QUARTER, 10, by=by, now=AUTUMN)
    for field, asked in {
        "size": (world.pemkab, *QUARTER, 2),
        "period": (world.pemkab, QUARTER[0], datetime.date(2026, 12, 31), 10),
        "agency": (world.dinas_pu, *QUARTER, 10),
    }.items():
        with pytest.raises(Incomplete) as refused:
            sampling.take(*asked, by=world.ratna, now=AUTUMN)
        assert refused.value.field == field
    with pytest.raises(Incomplete, match="Baru ada 0"):
        sampling.take(world.pemkab_tetangga, *QUARTER, 10, by=world.ratna, now=AUTUMN)
    sampling.take(world.pemkab, *QUARTER, 10, by=world.ratna, now=AUTUMN)
    with pytest.raises(Incomplete, match="sudah punya contoh"):
        sampling.take(world.pemkab, datetime.date(2026, 6, 1), QUARTER[1], 10, by=world.ratna, now=AUTUMN)
    assert Sample.objects.count() == 1


# --- what a machine notices ---


@pytest.mark.parametrize(
    ("body", "facts", "found"),
    [
        ("Laporan Anda akan segera kami tindaklanjuti.", {}, True),
        ("Terima kasih, akan ditindak lanjuti oleh dinas terkait.", {}, True),
        ("Sedang kami koordinasikan dengan bidang jalan.", {}, True),
        ("Mohon bersabar, masih dalam proses.", {}, True),
        ("Akan diperbaiki paling lambat 12 Juli 2026.", {}, False),
        ("Akan diperbaiki minggu depan.", {}, False),
        ("Akan ditindaklanjuti.", {"promised_on": "2026-07-01"}, False),
        ("Lubangnya sudah kami tambal.", {}, False),
    ],
)
def test_a_promise_without_a_date(body: str, facts: dict[str, str], found: bool) -> None:
    assert answer_flags.promises_without_a_date(body, facts) is found


def test_a_form_letter_is_alike_whatever_its_numbers() -> None:
    letter = "Terima kasih atas laporan Anda nomor {}. Kami sudah meneruskannya kepada bidang yang menangani jalan."
    one, other = (answer_flags.shingles(letter.format(n)) for n in (12, 977))
    assert answer_flags.likeness(one, other) == 1
    assert (
        answer_flags.likeness(one, answer_flags.shingles("Lubang di depan pasar sudah kami tambal kemarin pagi ya."))
        == 0
    )
    assert answer_flags.shingles("Sudah selesai.") == frozenset()


@pytest.mark.django_db
def test_what_is_noticed_stands_beside_the_drawn_answer(world: World) -> None:
    form = "Terima kasih atas laporannya, keluhan Bapak Ibu akan segera kami tindaklanjuti bersama dinas terkait."
    for n in range(5):
        case = filed(world, external_id=f"f{n}")
        case.start(by=world.joko, now=days(1))
        said = form if n < 3 else f"Kami menambal lubang {' '.join(WORDS[n:] + WORDS[:n])} {WORDS[n]} pada 4 Juni 2026."
        case.resolve(
            said, by=world.joko, outcome="REFUSED", now=days(1) + datetime.timedelta(minutes=2 if n < 3 else 90)
        )
    sampling.take(world.pemkab, *QUARTER, 20, by=world.ratna, now=AUTUMN)
    seen = [one.seen for one in SampledAnswer.objects.all() if one.seen]
    assert seen == [{"copies": 2, "no_date": True, "minutes": 2}] * 3
