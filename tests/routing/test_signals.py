"""What may be gaming: counted with its base, compared with peers, listed for evaluators, never more than likely."""

from __future__ import annotations

import datetime
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import AuditEntry, Role
from complaints.models import Complaint
from complaints.transitions import Incomplete, NotAllowed
from routing import dispatch, signals
from routing.measures import ledger
from routing.models import SignalCount, SignalNote
from tests.filing import SARI, days, filed, resolved
from tests.permissions import cast
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
NOW = days(20)


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def counted(world: World, office: str = "pemkab") -> dict[str, tuple[int, int]]:
    ledger.keep_up()
    return {row.code: (row.count, row.base) for row in signals.count(getattr(world, office), 2026)}


def rated(world: World, count: int, *, at: float = 5, **more: Any) -> list[Complaint]:
    made = []
    for n in range(count):
        case = resolved(filed(world, external_id=f"nilai-{at}-{n}-{more}", **more), world.joko, at=4)
        case.accept(
            by=SARI, rating_answer=5, rating_result=5, now=days(at) + datetime.timedelta(hours=0 if at > 6 else 2 * n)
        )
        made.append(case)
    return made


@pytest.mark.slow
def test_what_left_just_before_its_day_is_seen_and_what_left_early_or_answered_is_not(world: World) -> None:
    # Due on Monday 8 June: the Friday before and the day itself are just before; Wednesday is not.
    for n, day in enumerate((7, 10, 5)):
        dispatch.move(
            filed(world, external_id=f"p{n}"), world.dinas_kesehatan, by=world.wati, reason="x", now=days(day)
        )
    answered = filed(world, external_id="dijawab")
    answered.answer("Kami periksa.", by=world.joko, now=days(6))
    dispatch.move(answered, world.dinas_kesehatan, by=world.wati, reason="x", now=days(10))
    secret = filed(world, external_id="rahasia", secret=True)
    dispatch.move(secret, world.dinas_kesehatan, by=world.wati, reason="x", now=days(10))
    assert counted(world)["left_before_due"] == (2, 3)
    assert counted(world, "pemkab_tetangga")["left_before_due"] == (0, 0)


def test_what_was_answered_within_half_an_hour(world: World) -> None:
    resolved(filed(world, external_id="cepat"), world.joko, at=0.01)
    resolved(filed(world, external_id="biasa"), world.joko, at=2)
    assert counted(world)["answered_fast"] == (1, 2)


@pytest.mark.slow
def test_what_officers_may_have_filed_at_their_own_office_is_told_from_a_few_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert signals.LEAST == 5
    monkeypatch.setattr(signals, "LEAST", 3)
    filed(world, user=world.joko.user)
    filed(world, user=world.wati.user, external_id="b")
    filed(world, user=world.dewi.user, external_id="kantor lain")
    filed(world, user=world.joko.user, external_id="anonim", anonymous=True)
    filed(world, user=world.joko.user, external_id="rahasia", secret=True)
    filed(world, user=world.sari, external_id="warga")
    assert counted(world)["own_report"] == (2, 5)
    [told] = [one for one in signals.of_agency(world.pemkab, 2026) if one.signal.code == "own_report"]
    assert told.hidden
    assert signals.cases(told, world.ratna) == []
    filed(world, user=world.joko.user, external_id="c")
    assert counted(world)["own_report"] == (3, 6)
    [told] = [one for one in signals.of_agency(world.pemkab, 2026) if one.signal.code == "own_report"]
    assert len(signals.cases(told, world.ratna)) == 3
    assert signals.cases(told, world.bayu) == [], "who may not ask for a name learns nothing of who it was"


@pytest.mark.slow
def test_ratings_from_one_place_or_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "FROM_ONE", 2)
    rated(world, 2, user=world.sari)
    rated(world, 1, at=5.04, user=world.rudi)
    rated(world, 2, at=5.3, user=world.joko.user, anonymous=True)
    found = counted(world)
    assert found["rated_by_one"] == (2, 5)
    assert found["rated_at_once"] == (2, 5), "those of 12.00 and 12.57"
    rated(world, 2, at=8)
    assert counted(world)["rated_at_once"] == (4, 7)


def test_what_a_counter_typed_for_its_own_office_and_what_was_merged_late(world: World) -> None:
    lead = filed(world)
    for n in range(2):
        case = filed(world, external_id=f"g{n}")
        case.archive(by=world.wati, ground="DUPLICATE", text="Sama.", duplicate_of=lead, now=days(1))
    assert counted(world)["merged_at_end"] == (0, 2)
    assert counted(world)["own_counter"][0] == 0


def test_a_share_stands_out_beside_its_peers_and_not_by_chance(world: World) -> None:
    def row(office: Any, count: int, base: int) -> SignalCount:
        return SignalCount.objects.create(
            agency=office, year=2026, code="answered_fast", peers="kabkota", count=count, base=base
        )

    mine, _other = row(world.pemkab, 40, 100), row(world.pemkab_tetangga, 100, 1_000)
    [found] = signals.outstanding(2026)
    assert found.agency == world.pemkab
    assert (found.told.percent, found.told.usual_percent) == (40, 10)
    SignalCount.objects.filter(pk=mine.pk).update(count=15)
    assert signals.outstanding(2026) == [], "half as much again is no sign"
    SignalCount.objects.filter(pk=mine.pk).update(count=4, base=4)
    assert signals.outstanding(2026) == [], "four are too few"
    SignalCount.objects.filter(agency=world.pemkab_tetangga).update(base=40, count=1)
    SignalCount.objects.filter(pk=mine.pk).update(count=40, base=100)
    assert signals.outstanding(2026) == [], "forty cases are no comparison"


def test_an_evaluator_says_what_it_is_and_what_was_said_stays(world: World) -> None:
    resolved(filed(world), world.joko, at=0.01)
    counted(world)
    for by in (world.wati, world.hana):
        with pytest.raises(NotAllowed):
            signals.judge(world.pemkab, 2026, "answered_fast", "COUNTS", "x", by=by)
    for wrong in ({"verdict": "X"}, {"note": " "}, {"code": "x"}):
        asked = {"code": "answered_fast", "verdict": "COUNTS", "note": "Lima laporan dibuka.", **wrong}
        with pytest.raises(Incomplete):
            signals.judge(world.pemkab, 2026, asked["code"], asked["verdict"], asked["note"], by=world.bayu)
    signals.judge(world.pemkab, 2026, "answered_fast", "COUNTS", "Kalimat baku.", by=world.bayu)
    assert [one.code for one in signals.counting_against(world.pemkab, 2026)] == ["answered_fast"]
    signals.judge(world.pemkab, 2026, "answered_fast", "EXPLAINED", "Jawaban sudah disiapkan.", by=world.ratna)
    assert signals.counting_against(world.pemkab, 2026) == []
    assert SignalNote.objects.count() == 2
    refused = pytest.raises(DatabaseError, match=r"append-only|Cannot")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE routing_signalnote SET note = ''")
    assert world.seno.user is not None
    world.membership(world.seno.user, world.kominfo, Role.LIAISON)
    with pytest.raises(NotAllowed, match="bertugas di instansi ini"):
        signals.judge(world.pemkab, 2026, "answered_fast", "CLEAR", "x", by=world.seno)


def test_pages_are_the_evaluators_alone(world: World) -> None:
    pages = [reverse("routing:signals"), reverse("routing:signals_of", args=[world.pemkab.pk])]
    for role, viewer in cast.viewers(world).items():
        client = Client() if viewer.who is None else client_of(viewer.who)
        for page in pages:
            status = client.get(page).status_code
            if role in ("national", "observer at the centre"):
                assert status == HTTPStatus.OK, f"{role} × {page}"
            else:
                assert status in (302, 403), f"{role} × {page}: {status}"
    assert world.seno.user is not None
    world.membership(world.seno.user, world.dinas_pu, Role.LIAISON)
    assert client_of(world.seno).get(pages[1]).status_code == HTTPStatus.NOT_FOUND
    assert client_of(world.ratna).get(reverse("routing:signals_of", args=[world.dinas_pu.pk])).status_code == 404


def test_the_page_of_an_agency_lists_cases_masked_takes_a_note_and_keeps_what_was_typed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "LEAST", 3)
    for n in range(3):
        filed(
            world,
            user=world.joko.user,
            external_id=f"c{n}",
            title="Lubang dekat rumah Joko Prasetyo",
            name="Joko Prasetyo",
        )
    ledger.keep_up()
    client, here = client_of(world.ratna), reverse("routing:signals_of", args=[world.pemkab.pk])
    assert client.post(here, {"hitung": "1"}).status_code == HTTPStatus.FOUND
    with CaptureQueriesContext(connection) as said:
        page = client.get(here).content.decode()
    assert len(said) <= 20
    assert "3 laporannya" in page
    assert "Joko" not in page
    assert AuditEntry.objects.filter(what="look_signal").exists()
    watched = client_of(world.bayu).get(here).content.decode()
    assert "Laporannya hanya tampil bagi admin nasional" in watched
    answer = client.post(here, {"code": "own_report", "own_report-note": "Kami bertanya ke Kominfo."})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "Kami bertanya ke Kominfo." in answer.content.decode()
    sent = {"code": "own_report", "own_report-note": "Uji coba petugas.", "own_report-verdict": "EXPLAINED"}
    assert client.post(here, sent).status_code == HTTPStatus.FOUND
    assert "Uji coba petugas." in client.get(here).content.decode()
    assert client.get(reverse("routing:signals"), {"q": "sukamaju", "tahun": "2026"}).status_code == HTTPStatus.OK


def test_all_agencies_are_counted_the_longest_ago_first(world: World) -> None:
    resolved(filed(world), world.joko, at=0.01)
    ledger.keep_up()
    assert signals.count_all(2026) == 6
    assert SignalCount.objects.count() == 6 * len(signals.SIGNALS)
    assert signals.count_all(2026, is_over=lambda: True) == 0
