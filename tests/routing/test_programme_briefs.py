"""What a programme's observer and the centre are told on Monday: last week against the one before, by province; of
secret cases no figure, by name only what everybody can read."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import Membership, Programme, Role
from complaints.models import Complaint
from complaints.notifications import delivery
from routing import programme_briefs, standing, weekly
from tests.filing import answered, days, filed, published
from tests.scenes import once
from tests.world import World, client_of, programme

pytestmark = pytest.mark.django_db
# Monday 15 June 2026: last week began on the eighth, `filing.days(10)`.
MONDAY = datetime.date(2026, 6, 15)
SEVEN = datetime.datetime(2026, 6, 15, 7, 5, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.fixture(autouse=True)
def _on_monday() -> Any:
    with time_machine.travel(SEVEN, tick=False):
        yield


def tagged(case: Complaint, of: Programme, at: float) -> Complaint:
    case.tag(of, by=Actor.system("worker"), reason="Soal jalan.", now=days(at))
    return case


@once(at=days(17))
def roads() -> Programme:
    return programme("jalan-daerah", name="Jalan Daerah")


@once(at=days(17))
def laksmi(world: World, roads: Programme) -> Actor:
    return world.officer("Bu Laksmi", world.root, Role.OBSERVER, programme=roads)


@once(at=days(17))
def week(world: World, roads: Programme) -> World:
    """Sukaraya: a public one and one that is not, both late since Tuesday; one answered that came last week. Fajar
    Timur: one that nobody passed on, of the week before."""
    tagged(published(world, "Aspal terkelupas"), roads, 10)
    tagged(filed(world, "Uang diminta di jembatan.", title="Pungutan di jembatan"), roads, 11)
    tagged(answered(filed(world, at=11), world.joko, at=12), roads, 12)
    tagged(filed(world, place=world.karang_pagi, addressed_to=world.ministry, at=4), roads, 5)
    tagged(filed(world, secret=True, title="Rahasia benar"), roads, 10)
    return world


def seat(actor: Actor) -> Membership:
    assert actor.membership is not None
    return actor.membership


def said(to: Actor) -> tuple[str, str, str] | None:
    """Subject, text and HTML of this reader's letter; None: no letter."""
    mail.outbox.clear()
    weekly.put_out(SEVEN)
    delivery.send_due(now=SEVEN + datetime.timedelta(hours=1))
    assert to.user is not None
    letter = next((one for one in mail.outbox if one.to == [to.user.email]), None)
    if letter is None:
        return None
    return str(letter.subject), str(letter.body), str(letter.alternatives[0][0])  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_week_against_the_one_before_by_province(week: World, laksmi: Actor) -> None:
    told = said(laksmi)
    assert told is not None
    subject, text, html = told
    assert subject == "Minggu lalu di program Jalan Daerah: 3 masuk, 1 dijawab, 2 lewat"
    assert (
        "Jalan Daerah: 3 masuk (minggu sebelumnya 1), 1 dijawab (0), 2 lewat batas waktu (1). Sekarang terbuka 4, "
        "terlambat 3." in " ".join(text.split())
    )
    assert "3 masuk, 1 dijawab, 2 lewat batas waktu. Terbuka 3, terlambat 2." in " ".join(text.split())
    assert "Minggu 8 Juni sampai 14 Juni 2026" in text
    for one in (text, html):
        assert "Sukaraya" in one
        assert "Fajar Timur" in one
        assert "/pengawasan/program/jalan-daerah/" in one
        assert "/akun/" in one
        assert "Aspal terkelupas" in one, "everybody can read it"
        assert "Pungutan" not in one
        assert "Rahasia benar" not in one


def test_the_centre_hears_of_all_programmes_and_an_observer_of_the_own(week: World, laksmi: Actor) -> None:
    programme("gizi", name="Makan Bergizi")
    text = said(week.ratna)
    assert text is not None
    assert text[0] == "Minggu lalu di 2 program prioritas"
    assert "Makan Bergizi: tidak ada laporan baru, dan tidak ada yang terbuka." in text[1]
    assert "Jalan Daerah: 3 masuk" in text[1]
    (own,) = programme_briefs.look(seat(laksmi), MONDAY).progress
    assert own.programme.code == "jalan-daerah"


def test_offices_whose_desk_nobody_opens(week: World, laksmi: Actor) -> None:
    standing.refresh()
    assert "Dinas PU" in programme_briefs.look(seat(laksmi), MONDAY).silent
    told = said(laksmi)
    assert told is not None
    assert "Kantor yang belum membuka mejanya:" in told[1]


def test_a_quiet_week_is_said_once_a_month_and_a_programme_that_is_over_is_silent(
    world: World, roads: Programme, laksmi: Actor
) -> None:
    told = said(laksmi)
    assert told is not None
    assert told[0] == "Minggu lalu di program Jalan Daerah tidak ada yang baru"
    assert "tidak ada laporan baru, dan tidak ada yang terbuka" in told[1]
    after = weekly._written(programme_briefs.KIND, seat(laksmi), 20260622)
    assert after is None, "nothing new: not again next week"
    Programme.objects.filter(pk=roads.pk).update(ends_on=days(1).date())
    assert programme_briefs.write(seat(laksmi), MONDAY) is None


def test_who_gets_it_and_who_wants_none(world: World, roads: Programme, laksmi: Actor) -> None:
    everybody = Membership.objects.current(MONDAY)
    assert set(programme_briefs.of_programmes(everybody)) == {seat(laksmi), seat(world.ratna), seat(world.seno)}
    for actor in (laksmi, world.ratna):
        assert "Surat setiap Senin pagi" in client_of(actor).get("/akun/").content.decode()
    client_of(laksmi).post("/akun/", {"name": "Laksmi", "letters": "morning"})
    assert said(laksmi) is None


@pytest.mark.slow
def test_the_number_of_statements_does_not_grow(week: World, roads: Programme) -> None:
    standing.refresh()
    with CaptureQueriesContext(connection) as few:
        programme_briefs.look(seat(week.ratna), MONDAY)
    for n in range(3):
        tagged(filed(week, at=n), programme(f"lain-{n}", name=f"Lain {n}"), 11)
    with CaptureQueriesContext(connection) as many:
        programme_briefs.look(seat(week.ratna), MONDAY)
    assert len(many) == len(few) <= 12
