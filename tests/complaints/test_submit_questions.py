"""Writing a report of a category that asks further: one page more, between the story and the check."""

from __future__ import annotations

import datetime
from typing import Any

import brotli
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from complaints import publishing
from complaints.loaders import load_questions
from complaints.models import Answer, Category, CategoryQuestion, Complaint
from complaints.models.lifecycle.acting import PublicText
from routing import dispatch
from tests.complaints.test_submit import CHECK, STORY
from tests.complaints.test_submit_bytes import size
from tests.world import World, client_of

pytestmark = pytest.mark.django_db

SIZES = [{"key": "k", "name": "Sebesar telapak tangan"}, {"key": "b", "name": "Lebih besar"}]
PLACES = [{"key": "tepi", "name": "Tepi jalan"}, {"key": "tengah", "name": "Tengah jalur"}]


@pytest.fixture
def browser(world: World) -> Client:
    return Client(headers={"accept-encoding": "br"})


@pytest.fixture
def asked(world: World) -> dict[str, CategoryQuestion]:
    """One of each type, about Jalan Berlubang."""
    return {
        code: CategoryQuestion.objects.create(
            category=world.cat_road, code=code, datatype=datatype, order=order, description=text, values=values
        )
        for order, (code, datatype, text, values) in enumerate(
            [
                ("besar", "singlevaluelist", "Seberapa besar lubangnya?", SIZES),
                ("letak", "multivaluelist", "Di bagian mana?", PLACES),
                ("nama", "string", "Nama jalannya apa?", []),
                ("dalam", "number", "Berapa sentimeter dalamnya?", []),
                ("sejak", "datetime", "Sejak kapan?", []),
                ("cerita", "text", "Apa yang sudah dicoba?", []),
            ],
            1,
        )
    }


def text_of(answer: Any) -> str:
    content: bytes = answer.content
    return (brotli.decompress(content) if answer.headers.get("Content-Encoding") == "br" else content).decode()


def told(browser: Client, world: World, **story: Any) -> str:
    """Where the story leads."""
    browser.post("/lapor/", {"place": world.pasar_lama.pk})
    said = STORY | {"category": str(world.cat_road.pk)} | story
    return str(browser.post("/lapor/masalah/", said).headers["Location"])


def test_a_category_that_asks_nothing_goes_straight_on(browser: Client, world: World, asked: object) -> None:
    assert told(browser, world, category=str(world.cat_health.pk)) == "/lapor/periksa/"
    assert told(browser, world, category="") == "/lapor/periksa/"
    assert browser.get("/lapor/rincian/").headers["Location"] == "/lapor/periksa/"


def test_the_questions_come_after_the_story_and_their_answers_with_the_case(
    browser: Client, world: World, asked: dict[str, CategoryQuestion]
) -> None:
    assert told(browser, world) == "/lapor/rincian/"
    page = text_of(browser.get("/lapor/rincian/"))
    assert all(question.description in page for question in asked.values())
    q = {code: f"q{question.pk}" for code, question in asked.items()}
    answer = browser.post(
        "/lapor/rincian/",
        {
            q["besar"]: "b",
            q["letak"]: ["tepi", "tengah"],
            q["nama"]: "Jalan Lintas Timur",
            q["dalam"]: "12,5",
            f"{q['sejak']}_day": "20",
            f"{q['sejak']}_month": "5",
            f"{q['sejak']}_year": "2026",
            q["cerita"]: "Ditimbun batu.\nLepas lagi.",
        },
    )
    assert answer.headers["Location"] == "/lapor/periksa/"
    check = text_of(browser.get("/lapor/periksa/"))
    for shown in (
        "Lebih besar",
        "Tepi jalan, Tengah jalur",
        "Jalan Lintas Timur",
        "12,5",
        "20 Mei 2026",
        "Lepas lagi.",
    ):
        assert shown in check
    browser.post("/lapor/periksa/", CHECK)
    case = Complaint.objects.get()
    kept = {row.question.code: row.values for row in Answer.objects.filter(complaint=case).select_related("question")}
    assert kept == {
        "besar": ["b"],
        "letak": ["tepi", "tengah"],
        "nama": ["Jalan Lintas Timur"],
        "dalam": ["12.5"],
        "sejak": ["2026-05-20"],
        "cerita": ["Ditimbun batu.\nLepas lagi."],
    }
    own = text_of(browser.get(f"/laporan/{case.number}/"))
    assert "Tepi jalan, Tengah jalur" in own


def test_an_answer_that_does_not_fit_is_told_beside_it_and_what_was_typed_stays(
    browser: Client, world: World, asked: dict[str, CategoryQuestion]
) -> None:
    told(browser, world)
    q = {code: f"q{question.pk}" for code, question in asked.items()}
    bad = {
        q["besar"]: "raksasa",
        q["letak"]: ["tepi", "langit"],
        q["nama"]: "x" * 201,
        q["dalam"]: "dua puluh",
        f"{q['sejak']}_day": "31",
        f"{q['sejak']}_month": "2",
        f"{q['sejak']}_year": "2026",
        q["cerita"]: "y" * 4001,
    }
    page = text_of(browser.post("/lapor/rincian/", bad))
    assert "dijawab dengan angka" in page
    assert "paling banyak 200 huruf" in page
    assert "Tanggal ini tidak ada di kalender" in page
    assert "dua puluh" in page
    assert "Select a valid" not in page
    # Nothing of it becomes part of the case; the report itself is not held up.
    browser.post("/lapor/periksa/", CHECK)
    assert Answer.objects.count() == 0


def test_questions_may_be_left_open(browser: Client, world: World, asked: object) -> None:
    told(browser, world)
    assert browser.post("/lapor/rincian/", {}).headers["Location"] == "/lapor/periksa/"
    assert "tidak dijawab" in text_of(browser.get("/lapor/periksa/"))
    assert browser.post("/lapor/periksa/", CHECK).headers["Location"] == "/lapor/selesai/"


def test_one_that_must_be_answered_is(browser: Client, world: World, asked: dict[str, CategoryQuestion]) -> None:
    CategoryQuestion.objects.filter(code="nama").update(required=True)
    told(browser, world)
    page = text_of(browser.post("/lapor/rincian/", {}))
    assert "perlu dijawab" in page
    assert browser.get("/lapor/periksa/").headers["Location"] == "/lapor/rincian/"
    assert browser.post("/lapor/periksa/", CHECK).headers["Location"] == "/lapor/rincian/"
    browser.post("/lapor/rincian/", {f"q{asked['nama'].pk}": "Jalan Melati"})
    assert browser.post("/lapor/periksa/", CHECK).headers["Location"] == "/lapor/selesai/"


def test_another_category_asks_its_own_and_drops_the_answers_to_the_first(
    browser: Client, world: World, asked: dict[str, CategoryQuestion]
) -> None:
    other = CategoryQuestion.objects.create(
        category=world.cat_health, code="poli", datatype="string", order=1, description="Poli apa?"
    )
    told(browser, world)
    browser.post("/lapor/rincian/", {f"q{asked['nama'].pk}": "Jalan Melati"})
    assert told(browser, world, category=str(world.cat_health.pk)) == "/lapor/rincian/"
    assert "Poli apa?" in text_of(browser.get("/lapor/rincian/"))
    browser.post("/lapor/rincian/", {f"q{other.pk}": "Gigi"})
    # Back to the first: what was answered there is still there.
    assert told(browser, world) == "/lapor/rincian/"
    assert "Jalan Melati" in text_of(browser.get("/lapor/rincian/"))
    told(browser, world, category=str(world.cat_health.pk))
    browser.post("/lapor/rincian/", {f"q{other.pk}": "Gigi"})
    browser.post("/lapor/periksa/", CHECK)
    assert [row.values for row in Answer.objects.all()] == [["Gigi"]]


def test_the_officer_reads_them_and_the_public_masked_once_he_let_them_out(
    browser: Client, world: World, asked: dict[str, CategoryQuestion]
) -> None:
    told(browser, world)
    said = {f"q{asked['besar'].pk}": "k", f"q{asked['nama'].pk}": "Depan rumah, HP 0812-0000-7700"}
    browser.post("/lapor/rincian/", said)
    browser.post("/lapor/periksa/", CHECK)
    case = Complaint.objects.get()
    dispatch.forward_by_itself(case.pk)
    page = client_of(world.joko).get(f"/meja/{case.number}/").content.decode()
    assert "Sebesar telapak tangan" in page
    assert "0812-0000-7700" in page
    act = client_of(world.joko).get(f"/meja/{case.number}/penanganan/").content.decode()
    assert "Seberapa besar lubangnya: Sebesar telapak tangan" in act
    assert "0812" not in act
    case.refresh_from_db()
    case.start(by=world.joko, public=PublicText(*publishing.preview(case, case.title, case.body)))
    public = Client().get(f"/laporan/{case.number}/").content.decode()
    assert "Sebesar telapak tangan" in public
    assert "0812" not in public


def test_a_stranger_and_a_sent_draft_see_no_questions(browser: Client, world: World, asked: object) -> None:
    assert Client().get("/lapor/rincian/").headers["Location"] == "/lapor/"
    told(browser, world)
    browser.post("/lapor/rincian/", {})
    browser.post("/lapor/periksa/", CHECK)
    assert browser.get("/lapor/rincian/").headers["Location"] == "/lapor/selesai/"


def test_the_page_is_light_and_costs_few_statements(
    browser: Client,
    world: World,
    asked: dict[str, CategoryQuestion],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    told(browser, world)
    with django_assert_max_num_queries(4):
        size(browser.get("/lapor/rincian/"), "rincian")
    CategoryQuestion.objects.update(required=True)
    size(browser.post("/lapor/rincian/", {f"q{asked['dalam'].pk}": "x"}), "rincian, galat")


def test_the_shipped_questions_load_once_and_a_changed_one_is_asked_anew(world: World) -> None:
    now = datetime.datetime(2026, 5, 29, tzinfo=datetime.UTC)
    first = load_questions(now)
    assert len(first.added) == CategoryQuestion.objects.current().count() > 200
    assert not load_questions(now).added
    one = CategoryQuestion.objects.current().filter(code="ukuran").first()
    assert one is not None
    CategoryQuestion.objects.filter(pk=one.pk).update(description="Dulu berbunyi lain?")
    again = load_questions(now)
    assert (len(again.changed), again.added, again.ended) == (1, [], [])
    assert CategoryQuestion.objects.get(pk=one.pk).ended_at == now
    assert Category.objects.filter(questions__ended_at__isnull=True).distinct().count() >= 90
