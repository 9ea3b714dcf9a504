"""What programs read without any key: published reports from their masked copy, and reference data with ETags."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from drf_spectacular.drainage import GENERATOR_STATS
from pytest_django import DjangoAssertNumQueries

from complaints.channels.api import words
from complaints.channels.api.schema import make, schema
from complaints.channels.api.views.about import groups
from complaints.models import Kind
from complaints.transitions import Status
from lapor.kit import problems
from tests.complaints.api import Program, pointers, problem
from tests.filing import filed, published
from tests.permissions import rules
from tests.world import World

pytestmark = pytest.mark.django_db


def items(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


# --- Published reports ---


def test_only_the_masked_copy_is_told(world: World) -> None:
    case = published(world, "Lubang di depan pasar", body="Lubang besar. Hubungi saya Sari, HP 0812-3456-7890.")
    (row,) = items(Program().get("terbitan/"))
    assert (row["number"], row["title"], row["handler"]["id"]) == (
        case.shown_number,
        "Lubang di depan pasar",
        world.dinas_pu.pk,
    )
    said = Program().get(f"terbitan/{case.shown_number}/").json()
    assert said["category"] == {"id": world.cat_road.pk, "name": world.cat_road.name}
    assert said["body"].startswith("Lubang besar.")
    assert "key" not in said


def test_a_secret_an_unpublished_and_an_invented_report_are_the_same_nothing(world: World) -> None:
    secret, unpublished = filed(world, secret=True), filed(world)
    assert items(Program().get("terbitan/")) == []
    answers = [
        Program().get(f"terbitan/{number}/") for number in (secret.number, unpublished.number, "7K4M9QXD2TB", "x")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_search_and_filters_narrow_the_list(world: World) -> None:
    road = published(world, "Jalan berlubang di pasar", at=1)
    other = published(
        world,
        "Saluran air mampet",
        body="Got di depan balai desa penuh lumpur.",
        at=2,
        place=world.cibuni,
        kind=Kind.ASPIRASI,
        category=world.cat_works,
    )

    def numbers(query: str) -> list[str]:
        return [row["number"] for row in items(Program().get(f"terbitan/?{query}"))]

    assert numbers("") == [other.shown_number, road.shown_number]
    assert numbers("q=jln+bolong") == [road.shown_number]
    assert numbers(f"wilayah={world.cibuni.pk}") == [other.shown_number]
    assert numbers("jenis=ASPIRASI") == [other.shown_number]
    assert numbers(f"kategori={world.cat_road.pk}") == [road.shown_number]
    assert numbers(f"instansi={world.dinas_pu.pk}&status=proses") == [other.shown_number, road.shown_number]
    assert numbers("status=selesai") == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("warna=biru", "warna"),
        ("wilayah=99.77", "wilayah"),
        ("instansi=999999999", "instansi"),
        ("jenis=KELUHAN", "jenis"),
        ("kategori=abc", "kategori"),
        ("status=macet", "status"),
        ("urut=acak", "urut"),
        ("kursor=palsu", "kursor"),
        ("q=jalan&kursor=%00", "kursor"),
    ],
)
@pytest.mark.sampled
def test_a_parameter_that_means_nothing_is_named(world: World, query: str, name: str) -> None:
    published(world)
    assert pointers(problem(Program().get(f"terbitan/?{query}"), 400, "isian-salah")) == {name}


def test_every_report_comes_once_however_the_pages_are_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.search.PAGE", 2)
    made = [published(world, f"Lubang nomor {n}", at=n).shown_number for n in range(5)]
    seen: list[str] = []
    cursor = ""
    for _page in range(3):
        answer = Program().get(f"terbitan/?kursor={cursor}").json()
        seen += [row["number"] for row in answer["items"]]
        cursor = answer["next"] or ""
        if not cursor:
            break
        published(world, "Datang di tengah-tengah", at=99)
    assert seen == list(reversed(made))
    assert answer["next"] is None


def test_a_list_takes_no_more_statements_for_more_rows(world: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            Program().get("terbitan/")
        return len(queries)

    published(world, at=1)
    few = statements()
    for n in range(6):
        published(world, at=2 + n)
    assert statements() == few <= 5


def test_nothing_of_a_session_matters(world: World) -> None:
    case = filed(world)
    officer = Client()
    assert world.joko.user is not None
    officer.force_login(world.joko.user, backend="django.contrib.auth.backends.ModelBackend")
    assert officer.get(f"/api/v1/terbitan/{case.number}/").status_code == 404


# --- Reference data ---


@pytest.mark.parametrize(
    "path",
    ["wilayah/", "wilayah/?induk=99.01", "wilayah/99.01/", "instansi/", "kategori/", "status/", "wilayah/?q=sukasari"],
)
def test_reference_data_is_sent_once_and_then_only_confirmed(world: World, path: str) -> None:
    first = Program().get(path)
    assert first.status_code == 200
    assert "max-age" in first["Cache-Control"]
    again = Program().get(path, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert Program().get(path, if_none_match='"lain"').status_code == 200


def test_an_etag_changes_with_what_it_stands_for(world: World) -> None:
    before = Program().get(f"instansi/?wilayah={world.sukamaju.pk}")["ETag"]
    world.dinas_pu.short_name = "PUPR"
    world.dinas_pu.save()
    assert Program().get(f"instansi/?wilayah={world.sukamaju.pk}")["ETag"] != before


def test_places_lie_in_each_other(world: World) -> None:
    assert {row["code"] for row in items(Program().get("wilayah/"))} == {"98", "99"}
    (inside, *_rest) = items(Program().get("wilayah/?induk=99.01.01"))
    assert inside["parent_code"] == "99.01.01"
    (found,) = items(Program().get("wilayah/?q=sukasari"))
    assert (found["code"], found["path"]) == (world.sukasari.pk, "Desa Sukasari, Kec. Mekarsari, Kab. Sukamaju")
    assert Program().get("wilayah/99.77/").status_code == 404
    assert pointers(problem(Program().get("wilayah/?induk=x"), 400, "isian-salah")) == {"induk"}
    assert pointers(problem(Program().get("wilayah/?q=a&induk=99"), 400, "isian-salah")) == {"q"}


def test_offices_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [row["id"] for row in items(Program().get("instansi/"))]
    assert world.dinas_pu.pk in whole
    assert world.root.pk not in whole
    monkeypatch.setattr("complaints.channels.api.views.reference.PAGE", 4)
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = Program().get(f"instansi/?kursor={cursor}").json()
        seen += [row["id"] for row in answer["items"]]
        cursor = answer["next"]
    assert seen == whole
    assert [row["id"] for row in items(Program().get(f"instansi/?induk={world.dinas_pu.pk}"))] == [
        world.bidang_jalan.pk
    ]
    assert [row["id"] for row in items(Program().get("instansi/?jenis=BUMN"))] == [world.bumn.pk]
    assert pointers(problem(Program().get("instansi/?jenis=RT"), 400, "isian-salah")) == {"jenis"}
    assert Program().get(f"instansi/{world.root.pk}/").status_code == 404
    assert Program().get(f"instansi/{10**25}/").status_code == 404


def test_every_status_has_lapors_own_word() -> None:
    rows = items(Program().get("status/"))
    assert {row["code"] for row in rows} == set(Status.values)
    said = {(row["code"], row["ground"]): row["lapor"] for row in rows}
    assert said["submitted", None] == "Belum Terverifikasi"
    assert said["forwarded", None] == "Terverifikasi"
    assert said["archived", None] == "Diarsipkan"
    assert said["archived", "ABUSE"] == "Ditolak"
    assert words.lapor_word("archived", "DUPLICATE") == "Diarsipkan"


def test_categories_are_told_in_one_statement(world: World, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        rows = items(Program().get("kategori/"))
    assert {"id": world.cat_road.pk, "parent_id": world.cat_road.parent_id}.items() <= next(
        row for row in rows if row["id"] == world.cat_road.pk
    ).items()


# --- The page about it, and the schema ---


@pytest.mark.slow
def test_the_schema_is_whole() -> None:
    GENERATOR_STATS.reset()
    make()
    told = Program().get("schema/").json()
    assert told["openapi"].startswith("3.1")
    assert not GENERATOR_STATS, "the schema library warned; run spectacular --fail-on-warn to read it"
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            named = f"{method} {path}"
            assert operation["summary"], named
            assert any(code.startswith("2") for code in operation["responses"]), named
            assert {"429", "500"} <= set(operation["responses"]), named
            for code, answer in operation["responses"].items():
                if code.startswith(("4", "5")):
                    assert set(answer["content"]) == {"application/problem+json"}, f"{named} {code}"


@pytest.mark.slow
def test_a_view_that_describes_nothing_is_no_secret_address() -> None:
    """Every address of machines is in the schema, but for the page and the schema themselves."""
    told = {re.sub(r"{(\w+)}", "x", path) for path in schema()["paths"]}
    names = rules.MACHINES | rules.MACHINES_MAY_FILE | rules.BY_KEY | {n for n in rules.OPEN if n.startswith("api:")}
    patterns = {name: _addresses(name) for name in names - {"api:about", "api:schema"}}
    assert {name for name, address in patterns.items() if address not in told} == set()
    assert len(told) == len(set(patterns.values()))


def _addresses(name: str) -> str:
    """The address of a url name with every parameter written as x."""
    for arguments in ([], ["x"], [1], ["x", 1]):
        with suppress(NoReverseMatch):
            return reverse(name, args=arguments).replace("/1/", "/x/")
    raise AssertionError(name)


def test_the_page_tells_every_address_and_every_kind_of_problem() -> None:
    answer = Client().get("/api/v1/")
    page = answer.content.decode()
    assert answer.status_code == 200
    for group in groups():
        for operation in group.operations:
            assert f'id="{operation.id}"' in page
    for kind in problems.KINDS.values():
        assert f'id="galat-{kind.code}"' in page
    posted = Client(enforce_csrf_checks=True).post("/api/v1/")
    assert problem(posted, 405, "metode-salah")["detail"]
    assert "<script>" not in page
    assert "<script " not in page.replace('<script src="/static/', "")


def test_the_page_speaks_the_readers_language_and_its_links_stay() -> None:
    reader = Client()
    reader.cookies["bahasa"] = "en"
    page = reader.get("/api/v1/").content.decode()
    assert '<html lang="en"' in page
    assert "<h2>Before you start</h2>" in page
    assert "<h3>One published report</h3>" in page
    assert 'id="data-rujukan"' in page
    assert "Reference data" in page
    assert "Satu laporan yang terbit" not in page


def test_the_schema_is_the_same_whoever_made_it(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a process of its own, or here where that can't be had."""
    outside = schema()
    assert outside == {**json.loads(json.dumps(make())), "servers": [{"url": settings.SITE_URL}]}
    monkeypatch.setattr("complaints.channels.api.schema._made", {})
    monkeypatch.setattr("subprocess.run", lambda *args, **kwargs: _refuses())
    assert json.loads(json.dumps(schema())) == outside


def _refuses() -> None:
    raise OSError("no more processes")


def test_every_example_on_the_page_is_json_that_the_schema_takes() -> None:
    told = json.loads(json.dumps(schema()))
    sent = [
        (operation["operationId"], body)
        for methods in told["paths"].values()
        for operation in methods.values()
        for body in operation.get("requestBody", {}).get("content", {}).values()
    ]
    assert len(sent) > 10
    files = {"berkas_unggah", "antrean_unggah", "bantuan_unggah"}
    without = [name for name, body in sent if not body.get("examples") and name not in files]
    assert without == [], "operations without an example"
    for name, body in sent:
        named = body["schema"]["$ref"].rpartition("/")[2]
        for example in body.get("examples", {}).values():
            whole = {"$ref": f"#/components/schemas/{named}", "components": told["components"]}
            jsonschema.Draft202012Validator(whole).validate(example["value"])
            assert example["value"], name
