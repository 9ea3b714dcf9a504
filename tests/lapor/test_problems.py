"""Errors for machines are problem details (RFC 9457), whoever raised them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.machines import MachineView
from lapor.kit import problems

pytestmark = pytest.mark.django_db


class Thing(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=5)
    inner = serializers.ListField(child=serializers.IntegerField(), required=False)


class Things(MachineView):
    def get(self, request: Request) -> Response:
        raise Http404

    def post(self, request: Request) -> Response:
        thing = Thing(data=request.data)
        thing.is_valid(raise_exception=True)
        return Response(thing.validated_data)


class Broken(MachineView):
    def get(self, request: Request) -> Response:
        raise ZeroDivisionError


def page(request: HttpRequest) -> HttpResponse:
    raise OperationalError


urlpatterns = [path("api/things/", Things.as_view()), path("api/broken/", Broken.as_view()), path("api/away/", page)]
handler500 = "lapor.views.server_error"
handler404 = "lapor.views.not_found"
handler400 = "lapor.views.bad_request"


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.content)
    assert (body["status"], body["type"].rpartition("#galat-")[2]) == (status, code)
    assert body["title"]
    assert body["detail"]
    return body


@pytest.fixture
def things(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_an_address_that_is_none_of_ours() -> None:
    client = Client()
    problem(client.get("/api/v1/tidak-ada/"), 404, "tidak-ada")
    problem(client.post("/api/"), 404, "tidak-ada")
    without_slash = client.post("/api/v1/laporan-lain")
    assert "garis miring" in problem(without_slash, 404, "tidak-ada")["detail"]
    assert client.get("/tidak-ada/")["Content-Type"].startswith("text/html")


def test_each_error_of_a_view_has_its_kind(things: Client) -> None:
    problem(things.get("/api/things/"), 404, "tidak-ada")
    wrong = things.delete("/api/things/")
    problem(wrong, 405, "metode-salah")
    assert wrong["Allow"] == "GET, HEAD, POST"
    problem(things.get("/api/things/", headers={"Accept": "text/csv"}), 406, "bentuk-tidak-ada")
    problem(
        things.post("/api/things/", b"x=1", content_type="application/x-www-form-urlencoded"), 415, "jenis-isi-salah"
    )
    problem(things.get("/api/nothing/"), 404, "tidak-ada")
    problem(things.get("/api/broken/"), 500, "galat-server")
    away = things.get("/api/away/")
    problem(away, 503, "sedang-tidak-bisa")
    assert away["Retry-After"] == "30"


@pytest.mark.parametrize(
    "body",
    [b"{", b"", b"\xff\xfe", b'{"name": NaN}', b"[" * 100_000, b'{"name": "\xed\xa0\x80"}', b"1" * 5000, b'"'],
)
def test_json_that_is_none_is_refused_in_words(things: Client, body: bytes) -> None:
    code = "isian-salah" if not body else "tidak-terbaca"
    problem(things.post("/api/things/", body, content_type="application/json"), 400, code)


def test_too_much_json_is_refused_unread(things: Client) -> None:
    body = b'{"name": "' + b"a" * 1_100_000 + b'"}'
    problem(things.post("/api/things/", body, content_type="application/json"), 413, "terlalu-besar")


def test_wrong_fields_are_named_by_pointers(things: Client) -> None:
    answer = things.post("/api/things/", {"name": "terlalu panjang", "inner": [1, "x"]}, "application/json")
    errors = problem(answer, 400, "isian-salah")["errors"]
    assert {error["pointer"] for error in errors} == {"#/name", "#/inner/1"}
    answer = things.post("/api/things/", "[1]", "application/json")
    assert problem(answer, 400, "isian-salah")["errors"][0]["pointer"] == "#"


def test_a_key_that_opens_nothing_is_refused(things: Client) -> None:
    for header in ("Bearer lapor_abcdefgh_x", "Bearer", "Basic QQ==", "Bearer \u00e9\u00e9"):
        answer = things.get("/api/things/", headers={"Authorization": header.encode().decode("latin-1")})
        problem(answer, 401, "kunci-tidak-dikenal")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_slash_in_a_field_name_is_escaped_as_pointers_are() -> None:
    error = serializers.ValidationError({"a/b~c": ["salah"]})
    (found,) = problems.field_errors(error.detail)
    assert found.pointer == "/a~1b~0c"


def test_an_unpaired_surrogate_in_a_sentence_breaks_no_answer() -> None:
    answer = problems.of(problems.INVALID, "isi \ud800")
    assert json.loads(answer.content)["detail"].startswith("isi ")


def test_only_addresses_of_machines_are_answered_so() -> None:
    requests = RequestFactory()
    assert problems.is_machine(requests.get("/api/v1/"))
    assert not problems.is_machine(requests.get("/laporan/api/"))
