"""Every operation of the schema is tried with what it allows and what it forbids, and answers as it says it will.

The control is a view that is weak on purpose in three ways; if one of them went unseen, the trial would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import path
from drf_spectacular.settings import patched_settings
from hypothesis import HealthCheck
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    missing_required_header,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.core.result import Ok

from agencies import clients, machines
from agencies.machines import MachineView
from agencies.models import Permission
from complaints import limits, uploads
from complaints.channels.api import fields
from complaints.channels.api.describing import described
from complaints.channels.api.schema import SETTINGS, make
from complaints.channels.api.views import filing
from complaints.models import Complaint
from lapor import urls
from tests.complaints.api import Program, case_of
from tests.routing.machines import case_at
from tests.scenes import once
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    missing_required_header,
    unsupported_method,
]
EXAMPLES = 5
# What the trial reads it reads as it stands.
PLAIN = {"Accept-Encoding": "identity"}


def operations(told: dict[str, Any]) -> dict[str, Any]:
    """Every operation by its name, ready to be called in this process."""
    whole = schemathesis.openapi.from_dict({**told, "servers": [{"url": "http://testserver"}]})
    whole.app = get_wsgi_application()
    # Words from our source are drawn by Hypothesis already.
    whole.config.analysis.constants.enabled = False
    found = [result.ok() for result in whole.get_all_operations() if isinstance(result, Ok)]
    return {operation.definition.raw["operationId"]: operation for operation in found}


def tried(operation: Any, mode: GenerationMode, prepare: Callable[[Case[Any]], dict[str, str]], examples: int) -> int:
    """Call it with generated requests; how many. Raises what the checks find."""
    count = 0

    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy(mode))
    def call(case: Case[Any]) -> None:
        nonlocal count
        count += 1
        headers = prepare(case)
        answer = case.call(headers=headers)
        assert answer.status_code != 429, "a trial that is told to wait tries nothing"
        case.validate_response(answer, checks=CHECKS, headers=headers)

    with one_connection():
        call()
    return count


@contextmanager
def one_connection() -> Iterator[None]:
    """The requests run in this test's transaction, as those of Django's own test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried here is answers: whoever is told to wait learns nothing."""
    monkeypatch.setattr(limits, "may_guess", lambda *_guess: True)
    for module in (machines, filing, uploads):
        monkeypatch.setattr(module, "is_this_machine", lambda _who: True)


@dataclass
class Known:
    """A machine's key; a case with its key; a case at the desk of that machine."""

    api_key: str
    own: Complaint
    case_key: str
    held: Complaint


@once()
def known(world: World) -> Known:
    _client, api_key = clients.register(
        by=world.ratna,
        agency=world.dinas_pu,
        name="Penguji",
        permissions=list(Permission.values),
        hourly_limit=clients.MOST_HOURLY,
    )
    answer = Program().file(place=world.sukasari.pk)
    return Known(api_key, case_of(answer), answer.json()["key"], case_at(world))


class Prepare:
    """Half of the requests are about a case there is, with its key and its version; the other half as generated."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.turn = 0

    def __call__(self, case: Case[Any]) -> dict[str, str]:
        self.turn += 1
        headers = dict(PLAIN)
        at_desk = "/antrean/" in case.path
        if at_desk or self.turn % 5 == 0:
            headers["Authorization"] = f"Bearer {self.known.api_key}"
        if "number" in case.path_parameters and self.turn % 2:
            mine = self.known.held if at_desk else self.known.own
            case.path_parameters["number"] = mine.shown_number
            if "X-Lapor-Key" in case.headers:
                headers["X-Lapor-Key"] = self.known.case_key
            if isinstance(case.body, dict) and "version" in case.body and self.turn % 4 == 1:
                case.body["version"] = Complaint.objects.values_list("version", flat=True).get(pk=mine.pk)
        return headers


@pytest.fixture(scope="module")
def ours() -> dict[str, Any]:
    return operations(make())


NAMES = sorted(operation["operationId"] for methods in make()["paths"].values() for operation in methods.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_answers_as_the_schema_says(known: Known, ours: dict[str, Any], name: str) -> None:
    operation, prepare = ours[name], Prepare(known)
    count = tried(operation, GenerationMode.POSITIVE, prepare, EXAMPLES)
    # Where nothing is asked for, nothing can be wrong.
    with suppress(hypothesis.errors.Unsatisfiable):
        count += tried(operation, GenerationMode.NEGATIVE, prepare, EXAMPLES)
    assert count > 0


# --- The control ---


class Weakness(serializers.Serializer[Any]):
    half = serializers.IntegerField()


class Numbered(fields.Strict):
    number = serializers.IntegerField()


class Breaks(MachineView):
    """Falls over a number it did not expect."""

    @described("retak", "Laporan", request=Numbered, answers={200: Weakness}, problems=(400, 413, 415))
    def post(self, request: Request) -> Response:
        """Retak"""
        told = Numbered(data=request.data)
        told.is_valid(raise_exception=True)
        return Response({"half": 10 // (told.validated_data["number"] % 2)})


class Lies(MachineView):
    """Answers otherwise than it says."""

    @described("bohong", "Laporan", answers={200: Weakness})
    def get(self, request: Request) -> Response:
        """Bohong"""
        return Response({"half": "separuh"})


class Surprises(MachineView):
    """Answers with a status nobody was told of."""

    @described("kejutan", "Laporan", answers={200: Weakness})
    def get(self, request: Request) -> Response:
        """Kejutan"""
        return Response({"half": 1}, status=202)


WEAK = [
    path("api/v1/retak/", Breaks.as_view()),
    path("api/v1/bohong/", Lies.as_view()),
    path("api/v1/kejutan/", Surprises.as_view()),
]
urlpatterns = [*WEAK, *urls.urlpatterns]
handler500 = "lapor.views.server_error"


@pytest.fixture
def weak(settings: Any) -> Iterator[dict[str, Any]]:
    from drf_spectacular.generators import SchemaGenerator

    settings.ROOT_URLCONF = __name__
    with patched_settings(SETTINGS):
        yield operations(SchemaGenerator(patterns=WEAK).get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("name", "found"), [("retak", "ServerError"), ("bohong", "JsonSchemaError"), ("kejutan", "UndefinedStatusCode")]
)
def test_a_view_that_is_weak_on_purpose_is_caught(weak: dict[str, Any], name: str, found: str) -> None:
    with pytest.raises(BaseException) as raised:  # noqa: PT011  its kind is read below
        tried(weak[name], GenerationMode.POSITIVE, lambda _case: dict(PLAIN), 40)
    assert found in str([type(one).__name__ for one in _leaves(raised.value)]), raised.value


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """What lies inside groups of failures."""
    inner = getattr(error, "exceptions", None)
    if inner is None:
        yield error
        return
    for one in inner:
        yield from _leaves(one)
