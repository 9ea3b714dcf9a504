"""A sudden rise: counted right, told once, to the coordinator of the district, and never from what is secret."""

from __future__ import annotations

import datetime
import html
import math
import re
from fractions import Fraction
from typing import Any

import pytest
from django.core import mail
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.intake import Submission, receive
from complaints.models import Complaint, Notification
from complaints.notifications import delivery
from routing import rises
from routing.models import Rise
from tests.world import World, client_of

# Wednesday 20 May 2026, 09.00 in Jakarta.
NOW = datetime.datetime(2026, 5, 20, 2, 0, tzinfo=datetime.UTC)


def reported(world: World, count: int = 1, *, days_ago: float = 0, **more: Any) -> list[Complaint]:
    at = NOW - datetime.timedelta(days=days_ago, minutes=30)
    values: dict[str, Any] = {"place": world.sukasari, "category": world.cat_road, "body": "Jalan di sini rusak parah."}
    return [
        receive(
            Submission(channel="web", external_id=f"naik-{Complaint.objects.count()}", **{**values, **more}), now=at
        ).complaint
        for _ in range(count)
    ]


@pytest.fixture
def settled(world: World) -> World:
    """A district that has been here for long: with one report of something else, nine weeks ago."""
    reported(world, days_ago=64, category=world.cat_health)
    return world


# --- The law ---


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 40), st.integers(1, 60))
def test_the_tail_is_the_exact_one(count: int, halves: int) -> None:
    """Against sums of fractions, with e to thirty digits."""
    mean = Fraction(halves, 2)
    e = sum((Fraction(1, math.factorial(n)) for n in range(40)), Fraction(0))
    below = sum((mean**k / math.factorial(k) for k in range(count)), Fraction(0))
    exact = 1.0 - float(below) / float(e) ** float(mean) if count <= mean else None
    got = rises.tail(count, float(mean))
    if exact is not None:
        assert got == pytest.approx(exact, rel=1e-9, abs=1e-12)
    else:
        upper = sum((mean**k / math.factorial(k) for k in range(count, count + 200)), Fraction(0))
        assert got == pytest.approx(
            float(upper / e ** int(mean) if mean.denominator == 1 else float(upper) * math.exp(-float(mean))), rel=1e-9
        )


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 60), st.floats(0.01, 40))
def test_more_reports_are_never_likelier_and_a_higher_past_never_rarer(count: int, mean: float) -> None:
    assert rises.tail(count + 1, mean) <= rises.tail(count, mean) <= 1
    assert rises.tail(count, mean * 1.5) >= rises.tail(count, mean)


@pytest.mark.parametrize(
    ("count", "past", "wanted"),
    [
        (4, [0] * 8, False),  # too few to be anything
        (5, [0] * 8, True),  # a median of nought is read as a half
        (5, [1] * 8, False),
        (6, [1] * 8, True),
        (9, [2] * 8, True),
        (8, [2] * 8, False),
        (9, [2, 2, 2, 2, 2, 2, 2, 90], True),  # one flood does not make the next look usual
        (20, [10] * 8, False),
        (22, [10] * 8, True),
        (50, [0] * 3, False),  # nobody knows yet what is usual here
        (50, [0] * 4, True),
        (50, [], False),
    ],
)
def test_what_is_a_rise(count: int, past: list[int], wanted: bool) -> None:
    assert rises.is_rise(count, past) == wanted


# --- Looking ---


@pytest.mark.django_db
def test_five_where_there_were_none_tell_the_coordinator_once(settled: World) -> None:
    reported(settled, 4)
    assert rises.look(NOW) == []
    reported(settled, 1, place=settled.mekarsari)
    [rise] = rises.look(NOW)
    assert (rise.place, rise.topic, rise.agency) == (settled.mekarsari, settled.cat_road.parent, settled.pemkab)
    assert (rise.count, rise.usual, rise.weeks) == (5, 0, 8)
    assert rises.look(NOW) == [], "a second run finds nothing new"
    told = Notification.objects.filter(letter=f"officer_rise:{rise.pk}")
    assert [row.user for row in told] == [settled.wati.user]
    delivery.send_due()
    [letter] = [one for one in mail.outbox if one.to == ["wati@contoh.test"]]
    assert f"/pengawasan/lonjakan/{rise.pk}/" in letter.body
    assert "rusak" not in letter.body


@pytest.mark.django_db
def test_one_alarm_in_seven_days_and_another_after(settled: World) -> None:
    reported(settled, 6, days_ago=7)
    reported(settled, 6, days_ago=1)
    reported(settled, 30)
    assert len(rises.look(NOW - datetime.timedelta(days=7))) == 1
    assert [one.day for one in rises.look(NOW - datetime.timedelta(days=1))] == []
    assert [one.day.isoformat() for one in rises.look(NOW)] == ["2026-05-20"]


@pytest.mark.django_db
def test_what_came_before_midnight_is_found_after_it(settled: World) -> None:
    reported(settled, 5, days_ago=0.9)
    [rise] = rises.look(NOW)
    assert rise.day == datetime.date(2026, 5, 19)


@pytest.mark.django_db
def test_the_day_is_that_of_the_place(world: World) -> None:
    """In Jayapura it is two hours later: 23.30 there on the 19th is no report of the 20th."""
    reported(world, place=world.karang_pagi, days_ago=64)
    late = NOW.replace(hour=14, minute=0) - datetime.timedelta(days=1)
    for n in range(5):
        values: dict[str, Any] = {"place": world.karang_pagi, "category": world.cat_road, "body": "Lampu padam."}
        receive(Submission(channel="web", external_id=f"timur-{n}", **values), now=late)
    [rise] = rises.look(late + datetime.timedelta(hours=2))
    assert rise.day == datetime.date(2026, 5, 19)
    assert rise.agency == world.pemkab_timur


@pytest.mark.django_db
def test_a_busy_weekday_is_measured_by_its_own_past(settled: World) -> None:
    for week in range(1, 9):
        reported(settled, 4, days_ago=7 * week)
    reported(settled, 8)
    assert rises.look(NOW) == []


@pytest.mark.django_db
def test_a_district_that_has_just_begun_raises_nothing(world: World) -> None:
    reported(world, days_ago=20)
    reported(world, 12)
    assert rises.look(NOW) == []


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", [{"secret": True}, {"about_conduct": True}, {"silent": True}])
def test_what_is_secret_about_conduct_or_brought_as_history_is_not_counted(
    settled: World, hidden: dict[str, Any]
) -> None:
    if "about_conduct" in hidden:
        hidden = {**hidden, "not_for": settled.dinas_pu, "addressed_to": settled.dinas_pu}
    reported(settled, 4)
    reported(settled, 4, **hidden)
    assert rises.look(NOW) == []
    reported(settled, 1)
    [rise] = rises.look(NOW)
    assert rise.count == 5
    page = client_of(settled.ratna).get(f"/pengawasan/lonjakan/{rise.pk}/").content.decode()
    assert page.count("/meja/") >= 5
    assert "rahasia</a>" not in page


# --- Pages ---


@pytest.fixture
def raised(settled: World) -> Rise:
    reported(settled, 6)
    [rise] = rises.look(NOW)
    return rise


@pytest.mark.django_db
def test_the_coordinator_sees_it_and_says_what_it_was(raised: Rise, world: World) -> None:
    client = client_of(world.wati)
    assert f"/pengawasan/lonjakan/{raised.pk}/" in client.get("/pengawasan/lonjakan/").content.decode()
    assert "/pengawasan/lonjakan/" in client.get("/pengawasan/").content.decode()
    address = f"/pengawasan/lonjakan/{raised.pk}/"
    centre = client_of(world.ratna)
    [merge] = re.findall(r'href="(/meja/sekaligus/[^"]*)"', centre.get(address).content.decode())
    assert "Gabungkan laporan terpilih" in centre.get(html.unescape(merge)).content.decode()
    assert "/meja/sekaligus/" not in client.get(address).content.decode(), "none of them lies in this reach"
    refused = client.post(address, {"state": "TAKEN", "note": ""})
    assert refused.status_code == 400
    assert client.post(address, {"state": "TAKEN", "note": "Tim jalan ke sana siang ini."}).status_code == 302
    raised.refresh_from_db()
    assert (raised.state, raised.judged_by) == (Rise.State.TAKEN, world.wati.user)
    again = client_of(world.ratna).post(address, {"state": "DISMISSED", "note": "Saya juga."})
    assert again.status_code == 400
    raised.refresh_from_db()
    assert raised.state == Rise.State.TAKEN


@pytest.mark.django_db
def test_elsewhere_and_below_it_does_not_exist(raised: Rise, world: World) -> None:
    address = f"/pengawasan/lonjakan/{raised.pk}/"
    assert client_of(world.tono).get(address).status_code == 404
    assert client_of(world.tono).post(address, {"state": "TAKEN", "note": "x"}).status_code == 404
    for officer in (world.joko, world.hana, world.bayu):
        assert client_of(officer).get(address).status_code == 403
        assert client_of(officer).get("/pengawasan/lonjakan/").status_code == 403
    assert client_of(world.ratna).get(address).status_code == 200
