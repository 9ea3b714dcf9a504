"""The weekly meeting: one page an office, never who reported, and agreements that are there next week."""

from __future__ import annotations

import datetime
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Role
from complaints.poster import press
from routing import handout, meeting
from routing.models import Agreement, AgreementEnd
from tests.filing import days, filed, resolved
from tests.scenes import once
from tests.world import World, client_of, opd

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


def of(world: World, office: Any = None) -> str:
    return f"/pengawasan/{world.pemkab.pk}/rapat/" + (f"{office.pk}/" if office is not None else "")


def typed(body: str, day: int) -> dict[str, str]:
    return {"body": body, "due_on_day": str(day), "due_on_month": "6", "due_on_year": "2026"}


@once(at=days(20))
def busy(world: World) -> World:
    """Dinas PU: three late, one of them held by Joko, one secret; one scheduled. Dinkes: one new."""
    filed(world, title="Jembatan goyang").start(by=world.joko, now=days(4))
    filed(world, "Nama saya Sari Lestari.", title="Aduan Sari Lestari", name="Sari Lestari", at=1)
    filed(world, "Uang pungutan diminta.", title="Pungutan di loket", secret=True)
    scheduled = filed(world, title="Lampu jalan mati", at=2)
    scheduled.resolve(
        "Dipasang minggu depan.", by=world.joko, outcome="SCHEDULED", promised_on=days(25).date(), now=days(15)
    )
    filed(world, addressed_to=world.dinas_kesehatan, at=19)
    return world


def test_the_agenda_has_the_late_offices_first_and_leads_to_each(busy: World) -> None:
    page = client_of(busy.wati).get(of(busy))
    assert next(line["row"].agency for line in page.context["lines"]) == busy.dinas_pu
    assert of(busy, busy.dinas_pu) in page.content.decode()
    assert "Rapat mingguan" in client_of(busy.wati).get("/pengawasan/").content.decode()


def test_one_office_on_one_page(busy: World) -> None:
    answer = client_of(busy.wati).get(of(busy, busy.dinas_pu))
    found, page = answer.context["found"], answer.content.decode()
    assert (found.came, found.came_before, found.answered) == (0, 0, 1)
    assert [(one.name, one.count) for one in found.late_with] == [("", 2), ("Joko Prasetyo", 1)]
    assert next(one.title for one in found.oldest) == "Jembatan goyang"
    assert [(one.day, one.asked) for one in found.promises] == [(days(25).date(), False)]
    assert 'rel="next"' in page
    assert "meeting.js" in page


def test_neither_a_name_nor_a_secret_case_stands_on_the_wall(busy: World) -> None:
    for who in (busy.wati, busy.hana):
        node = busy.pemkab if who is busy.wati else busy.dinas_pu
        page = client_of(who).get(f"/pengawasan/{node.pk}/rapat/{busy.dinas_pu.pk}/").content.decode()
        assert "Sari Lestari" not in page
        assert "Pungutan" not in page
        assert "Jembatan goyang" in page
        assert "tidak disebut di sini" in page, "three are open, two are named"


def test_an_agreement_is_there_next_week_and_its_end_is_said_once(busy: World) -> None:
    client, here = client_of(busy.wati), of(busy, busy.dinas_pu)
    answer = client.post(here, typed("  PU menambal jalan   pasar. ", 25))
    assert answer.status_code == HTTPStatus.FOUND
    made = Agreement.objects.get()
    assert (made.body, made.due_on, made.by) == ("PU menambal jalan pasar.", datetime.date(2026, 6, 25), busy.wati.user)
    with time_machine.travel(days(27), tick=False):
        client = client_of(busy.wati)
        assert "PU menambal jalan pasar." in client.get(here).content.decode()
        client.post(f"{here}{made.pk}/", {"ditepati": "ya"})
        client.post(f"{here}{made.pk}/", {"ditepati": "tidak"})
        assert AgreementEnd.objects.get().kept
        assert "ditepati" in client.get(here).content.decode()
    with time_machine.travel(days(40), tick=False):
        assert "PU menambal" not in client_of(busy.wati).get(here).content.decode()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (typed("", 25), "Tulis apa yang disepakati."),
        (typed("Ditambal.", 17), "Tanggalnya hari ini atau sesudahnya."),
        ({"body": "Ditambal."}, "Isi tanggalnya"),
    ],
)
def test_what_lacks_is_said_and_what_was_typed_is_kept(busy: World, form: dict[str, str], said: str) -> None:
    answer = client_of(busy.wati).post(of(busy, busy.dinas_pu), form)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert said in answer.content.decode()
    assert form["body"] in answer.content.decode()
    assert not Agreement.objects.exists()


def test_who_may_come_and_who_may_write(busy: World) -> None:
    regent = busy.officer("Bupati Sukamaju", busy.pemkab, Role.HEAD)
    here = of(busy, busy.dinas_pu)
    made = meeting.agree(
        busy.pemkab, busy.dinas_pu, by=busy.wati, body="Ditambal.", due_on=days(22).date(), now=days(20)
    )
    for who, seen, written in (
        (regent, 200, 403), (busy.ratna, 200, 302), (busy.bayu, 403, 403), (busy.joko, 404, 404),
        (busy.tono, 404, 404), (busy.hana, 404, 404),
    ):  # fmt: skip
        client = client_of(who)
        assert (client.get(of(busy)).status_code, client.get(here).status_code) == (seen, seen), who
        assert client.post(here, typed("Ditambal.", 25)).status_code == written, who
        assert client.post(f"{here}{made.pk}/", {"ditepati": "ya"}).status_code == written, who
    assert Client().get(here).status_code == HTTPStatus.FOUND
    assert client_of(busy.wati).get(of(busy, busy.dinas_pu_tetangga)).status_code == HTTPStatus.NOT_FOUND
    elsewhere = f"{of(busy, busy.dinas_kesehatan)}{made.pk}/"
    assert client_of(busy.wati).post(elsewhere, {"ditepati": "ya"}).status_code == HTTPStatus.NOT_FOUND


def test_what_was_agreed_is_never_changed(busy: World) -> None:
    made = meeting.agree(
        busy.pemkab, busy.dinas_pu, by=busy.wati, body="Ditambal.", due_on=days(22).date(), now=days(20)
    )
    meeting.end(made, by=busy.wati, kept=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        AgreementEnd.objects.all().delete()
    for rows in (Agreement.objects.filter(pk=made.pk), AgreementEnd.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(by=busy.ratna.user)


def test_the_paper_has_a_page_for_each_office_with_open_cases(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def words(*args: Any) -> dict[str, Any]:
        asked.append(handout_words(*args))
        return asked[-1]

    handout_words = handout.words
    monkeypatch.setattr(handout, "words", words)
    monkeypatch.setattr(press, "typeset", lambda folder: (folder / "words.json").read_bytes())
    answer = client_of(busy.wati).get(of(busy), {"bentuk": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    assert [page["name"] for page in asked[0]["pages"]] == [busy.dinas_pu.name, busy.dinas_kesehatan.name]
    assert "Pungutan" not in str(asked)
    assert "Sari" not in str(asked)


@pytest.mark.slow
def test_the_typesetter_takes_the_paper(busy: World) -> None:
    made = client_of(busy.wati).get(of(busy), {"bentuk": "pdf"}).content
    assert made.startswith(b"%PDF")


@pytest.mark.slow
def test_the_number_of_statements_does_not_grow_with_the_offices(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, here = client_of(busy.wati), of(busy, busy.dinas_pu)
    client.get(here)
    with CaptureQueriesContext(connection) as few:
        client.get(here)
    for n in range(5):
        opd(busy.pemkab, f"Dinas {n}", "", "", urusan="dinas").save()
        resolved(filed(busy, at=15), busy.joko, at=16)
    with CaptureQueriesContext(connection) as many:
        client.get(here)
    assert len(many) == len(few) <= 20
    monkeypatch.setattr(press, "typeset", lambda folder: b"%PDF")
    with CaptureQueriesContext(connection) as paper:
        assert client.get(of(busy), {"bentuk": "pdf"}).status_code == HTTPStatus.OK
    assert len(paper) <= len(many), "two offices with open cases, and as many statements as one"
