"""What a head is told on Monday: late, due, to be approved, who is silent, who is away; of secret cases no word."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import leaves
from agencies.models import Role
from complaints.notifications import delivery
from routing import briefs, weekly
from tests.filing import answered, days, filed
from tests.routing.test_oversight import visit
from tests.world import World, opd

pytestmark = pytest.mark.django_db
# Monday 15 June 2026: what was received on 29 May is late since 8 June.
MONDAY = datetime.date(2026, 6, 15)
SEVEN = datetime.datetime(2026, 6, 15, 7, 5, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.fixture(autouse=True)
def _on_monday() -> Any:
    with time_machine.travel(SEVEN, tick=False):
        yield


def said(to: str) -> tuple[str, str, str]:
    """Subject, text and HTML of this reader's letter."""
    mail.outbox.clear()
    weekly.put_out(SEVEN)
    delivery.send_due(now=SEVEN + datetime.timedelta(hours=1))
    letter = next(one for one in mail.outbox if one.to == [to])
    html = letter.alternatives[0][0]  # type: ignore[attr-defined]
    return str(letter.subject), str(letter.body), str(html)


def test_late_due_silent_and_away_with_the_way_to_the_page(world: World) -> None:
    late = filed(world, "Atap sekolah bocor.", title="Atap bocor di SD 3")
    filed(world, at=12)
    assert world.joko.membership is not None
    leaves.enter(
        world.joko.membership,
        by=world.joko,
        starts_on=MONDAY + datetime.timedelta(days=1),
        last_day=MONDAY + datetime.timedelta(days=3),
        today=MONDAY,
    )
    world.officer("Pak Lama", world.dinas_pu)
    visit(world.joko, 16)
    subject, text, html = said(world.hana.user.email)  # type: ignore[union-attr]
    assert subject == "Minggu ini di Dinas PU: 1 terlambat, 1 jatuh tempo"
    for told in (text, html):
        assert late.shown_number in told
        assert "Atap bocor di SD 3" in told
        assert "Pak Lama" in told
        assert "/pengawasan/" in told
        assert "/akun/" in told
    assert "Joko Prasetyo cuti 16 Juni sampai 18 Juni 2026, tanpa pengganti." in text
    assert "Seminggu tidak membuka meja: Pak Lama." in text


def test_an_answer_that_waits_for_the_head(world: World) -> None:
    world.dinas_pu.approves_answers = True
    world.dinas_pu.save()
    answered(filed(world, at=16), world.joko, at=16.5)
    delivery.send_due(now=SEVEN + datetime.timedelta(hours=1))  # what she was written at once
    assert "1 jawaban menunggu persetujuan Anda." in said(world.hana.user.email)[1]  # type: ignore[union-attr]


def test_a_secret_case_is_counted_where_the_reader_may_and_named_nowhere(world: World) -> None:
    """At the own office it is counted; the regent above learns nothing of it."""
    secret = filed(world, "Uang pungutan diminta.", title="Pungutan di loket", secret=True)
    regent = world.officer("Bupati Sukamaju", world.pemkab, Role.HEAD)
    assert regent.membership is not None
    assert world.hana.membership is not None
    assert briefs.look(world.hana.membership, MONDAY).late == 1
    assert briefs.look(regent.membership, MONDAY).late == 0
    subject, text, html = said(world.hana.user.email)  # type: ignore[union-attr]
    assert subject == "Minggu ini di Dinas PU: 1 terlambat"
    for told in (text, html):
        assert "Pungutan" not in told
        assert secret.shown_number not in told


def test_a_regent_hears_of_the_silent_offices_below(world: World) -> None:
    regent = world.officer("Bupati Sukamaju", world.pemkab, Role.HEAD)
    filed(world)
    assert regent.membership is not None
    found = briefs.look(regent.membership, MONDAY)
    assert list(found.silent_offices) == ["Dinas PU"]
    assert (found.open, found.late) == (1, 1)
    assert "Kantor yang belum membuka mejanya: Dinas PU." in said(regent.user.email)[1]  # type: ignore[union-attr]


def test_the_number_of_statements_does_not_grow(world: World) -> None:
    regent = world.officer("Bupati Sukamaju", world.pemkab, Role.HEAD).membership
    assert regent is not None
    filed(world)
    with CaptureQueriesContext(connection) as few:
        briefs.look(regent, MONDAY)
    for n in range(8):
        opd(world.pemkab, f"Dinas {n}", "", "", urusan="dinas").save()
        filed(world, at=n)
    with CaptureQueriesContext(connection) as many:
        briefs.look(regent, MONDAY)
    assert len(many) == len(few) <= 13
    assert days(0).date() < MONDAY
