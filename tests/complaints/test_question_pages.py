"""What the centre asks about a category: written by hand, typed as in Open311, each change audited."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import AuditEntry
from complaints import questions
from complaints.loaders import load_categories, load_questions
from complaints.models import Answer, Category, CategoryQuestion
from tests.complaints.cases import report
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
SIZES = "Sebesar telapak tangan\r\n  Sebesar  ban motor \r\n\r\nLebih besar"


def page_of(world: World) -> str:
    return f"/kelola/kategori/{world.cat_road.pk}/"


def current(world: World) -> list[CategoryQuestion]:
    return list(CategoryQuestion.objects.current().filter(category=world.cat_road).order_by("order"))


def centre(world: World) -> Actor:
    assert world.ratna.membership is not None
    return Actor.officer(world.ratna.membership)


def asked(world: World, description: str = "Seberapa besar lubangnya?", **said: Any) -> CategoryQuestion:
    said = {"datatype": "singlevaluelist", "choices": ["Kecil", "Besar"], **said}
    return questions.add(world.cat_road, by=centre(world), description=description, **said)


def definition(world: World) -> Any:
    return json.loads(Client().get(f"/open311/v2/services/{world.cat_road.pk}.json").content)["attributes"]


def test_a_question_added_is_asked_by_every_door(world: World) -> None:
    ratna = client_of(world.ratna)
    assert f"{page_of(world)}pertanyaan/" in ratna.get(page_of(world)).content.decode()
    said = {"description": " Seberapa  besar lubangnya? ", "datatype": "singlevaluelist", "choices": SIZES}
    answer = ratna.post(f"{page_of(world)}pertanyaan/", said | {"hint": "Kira-kira saja.", "required": "on"})
    assert answer.headers["Location"] == page_of(world)
    [question] = current(world)
    assert (question.code, question.order, question.required) == ("seberapa_besar_lubangnya", 1, True)
    assert [value["name"] for value in question.values] == [
        "Sebesar telapak tangan", "Sebesar ban motor", "Lebih besar",
    ]  # fmt: skip
    [attribute] = definition(world)
    assert (attribute["datatype"], attribute["required"], attribute["datatype_description"]) == (
        "singlevaluelist", True, "Kira-kira saja.",
    )  # fmt: skip
    assert attribute["values"][1] == {"key": "sebesar_ban_motor", "name": "Sebesar ban motor"}
    services = json.loads(Client().get("/open311/v2/services.json").content)
    assert next(one for one in services if one["service_code"] == str(world.cat_road.pk))["metadata"] is True
    [entry] = AuditEntry.objects.filter(what="add_question")
    assert (entry.who, entry.subject_id) == (world.ratna.user, world.cat_road.pk)
    assert "Pertanyaan ditambahkan" in ratna.get(page_of(world)).content.decode()


@pytest.mark.parametrize("datatype", ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"])
def test_every_type_of_open311_can_be_asked(world: World, datatype: str) -> None:
    said = {"description": "Berapa?", "datatype": datatype, "choices": SIZES}
    assert client_of(world.ratna).post(f"{page_of(world)}pertanyaan/", said).status_code == 302
    [attribute] = definition(world)
    assert attribute["datatype"] == datatype
    assert bool(attribute["values"]) == datatype.endswith("list"), "what is no list has no choices"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"description": " "}, "Tulis pertanyaannya."),
        ({"description": "x" * 201}, "Pertanyaan paling panjang 200 huruf."),
        ({"datatype": "sihir"}, "Pilih cara menjawab dari daftar."),
        ({"datatype": ""}, "Pilih cara menjawabnya."),
        ({"choices": ""}, "Tulis sedikitnya dua pilihan, satu di setiap baris."),
        ({"choices": "Satu saja"}, "Tulis sedikitnya dua pilihan, satu di setiap baris."),
        ({"choices": "Besar\nbesar"}, "Ada pilihan yang sama dua kali."),
        ({"choices": "x" * 121 + "\ny"}, "Satu pilihan paling panjang 120 huruf."),
        ({"choices": "\n".join(str(n) for n in range(41))}, "Paling banyak 40 pilihan."),
        ({"hint": "x" * 201}, "Petunjuk paling panjang 200 huruf."),
    ],
)
@pytest.mark.sampled
def test_what_does_not_fit_is_said_and_what_was_typed_kept(world: World, said: dict[str, str], sentence: str) -> None:
    given = {"description": "Seberapa besar?", "datatype": "singlevaluelist", "choices": "Kecil\nBesar", **said}
    page = client_of(world.ratna).post(f"{page_of(world)}pertanyaan/", given).content.decode()
    assert sentence in page
    assert current(world) == []
    assert not AuditEntry.objects.filter(what="add_question").exists()


def test_a_changed_question_is_a_new_one_and_answers_keep_theirs(world: World) -> None:
    old = asked(world)
    answer = Answer.objects.create(complaint=report(world, category=world.cat_road), question=old, values=["besar"])
    ratna = client_of(world.ratna)
    address = f"{page_of(world)}pertanyaan/{old.pk}/"
    assert "Besar" in ratna.get(address).content.decode()
    said = {"description": "Sebesar apa lubangnya?", "datatype": "singlevaluelist", "choices": "Besar\nSedang"}
    assert ratna.post(address, said).status_code == 302
    [new] = current(world)
    assert (new.code, new.order, new.values[0]) == (old.code, 1, {"key": "besar", "name": "Besar"})
    answer.refresh_from_db()
    assert (answer.question_id, answer.question.shown(answer.values)) == (old.pk, "Besar")
    assert len(AuditEntry.objects.filter(what="change_question")) == 1
    assert ratna.get(address).status_code == 404, "that one is asked no more"
    ratna.post(f"{page_of(world)}pertanyaan/{new.pk}/", said)
    assert current(world) == [new], "the same again is no change"


def test_they_are_put_in_another_order(world: World) -> None:
    first, second, third = (asked(world, words) for words in ("Satu?", "Dua?", "Tiga?"))
    said = {"description": "Tiga?", "datatype": "singlevaluelist", "choices": "Kecil\nBesar", "place": "1"}
    assert client_of(world.ratna).post(f"{page_of(world)}pertanyaan/{third.pk}/", said).status_code == 302
    assert [one.pk for one in current(world)] == [third.pk, first.pk, second.pk]
    assert [one["order"] for one in definition(world)] == [1, 2, 3]
    assert CategoryQuestion.objects.filter(category=world.cat_road).count() == 3, "moved, not asked anew"


def test_an_ended_one_is_not_asked_and_its_code_never_means_another(world: World) -> None:
    old = asked(world)
    ratna = client_of(world.ratna)
    assert ratna.post(f"{page_of(world)}pertanyaan/{old.pk}/", {"akhiri": "1"}).status_code == 302
    assert definition(world) == []
    assert asked(world).code == "seberapa_besar_lubangnya_2"
    with pytest.raises(Refused):
        questions.end(old, by=centre(world))


def test_no_more_than_anybody_answers(world: World) -> None:
    for n in range(questions.MOST_QUESTIONS):
        asked(world, f"Nomor {n}?")
    with pytest.raises(Refused, match="Paling banyak 12"):
        asked(world, "Satu lagi?")


def test_the_shipped_table_leaves_alone_what_was_written_here(world: World) -> None:
    load_categories(timezone.localdate())
    load_questions(timezone.now())
    shipped = Category.objects.get(shipped_as="Pekerjaan Umum dan Penataan Ruang|Jalan Berlubang")
    first = CategoryQuestion.objects.current().filter(category=shipped).order_by("order").first()
    assert first is not None
    questions.end(first, by=centre(world))
    left = list(CategoryQuestion.objects.current().filter(category=shipped).values_list("code", flat=True))
    outcome = load_questions(timezone.now())
    assert not outcome.added
    assert not outcome.ended
    assert list(CategoryQuestion.objects.current().filter(category=shipped).values_list("code", flat=True)) == left


@pytest.mark.parametrize("who", ["joko", "wati", "sari"])
def test_nobody_below_the_centre_comes_near(world: World, who: str) -> None:
    somebody = getattr(world, who)
    question = asked(world)
    client = client_of(somebody)
    for address in (f"{page_of(world)}pertanyaan/", f"{page_of(world)}pertanyaan/{question.pk}/"):
        assert client.get(address).status_code in (302, 403)
        assert client.post(address, {"akhiri": "1"}).status_code in (302, 403)
    assert current(world) == [question]
    membership = getattr(somebody, "membership", None)
    if membership is not None:
        with pytest.raises(NotAllowed):
            questions.end(question, by=Actor.officer(membership))


def test_a_question_of_another_category_or_none_is_not_found(world: World) -> None:
    question = asked(world)
    ratna = client_of(world.ratna)
    for address in (
        f"/kelola/kategori/{world.cat_works.pk}/pertanyaan/{question.pk}/",
        f"{page_of(world)}pertanyaan/999999/",
        "/kelola/kategori/999999/pertanyaan/",
    ):
        assert ratna.get(address).status_code == 404
        assert ratna.post(address, {"akhiri": "1"}).status_code == 404


@pytest.mark.parametrize("words", ["\x00\x1b?", "?", "漢字", "x" * 200, "<script>?"])
@pytest.mark.sampled
def test_no_words_break_it(world: World, words: str) -> None:
    said = {"description": words, "datatype": "multivaluelist", "choices": f"{words[:50]}\n{words[:50]}1"}
    answer = client_of(world.ratna).post(f"{page_of(world)}pertanyaan/", said)
    assert answer.status_code in (200, 302)
    assert client_of(world.ratna).get(page_of(world)).status_code == 200
    definition(world)
