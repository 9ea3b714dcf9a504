"""GeoReport v2 held against clients that are not ours, and against parameters nobody would think of."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.models import CategoryQuestion, Complaint
from tests.complaints.georeport import check
from tests.complaints.test_open311_filing import FORM, form, key_of
from tests.filing import SARI, days, published, resolved
from tests.world import World

pytestmark = pytest.mark.django_db

BASE = "/open311/v2"


@pytest.fixture(autouse=True)
def _at_noon(time_machine: Any) -> None:
    time_machine.move_to(days(10), tick=False)


# --- the client on PyPI, as it is ---


@pytest.fixture
def georeport(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The package georeport 0.3.1, untouched; the library below it is led to this portal instead of over the net."""
    import georeport
    import requests
    from urllib3 import HTTPResponse

    class Here(requests.adapters.HTTPAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            answer = Client().generic(request.method, request.path_url, headers=dict(request.headers))
            headers, body = dict(answer.items()), io.BytesIO(answer.content)
            raw = HTTPResponse(body, headers=headers, status=answer.status_code, preload_content=False)
            return self.build_response(request, raw)

    monkeypatch.setattr(requests.Session, "get_adapter", lambda session, url: Here())
    return georeport


@pytest.mark.parametrize("format", ["xml", "json"])
def test_somebody_elses_client_reads_everything(world: World, georeport: Any, format: str) -> None:
    CategoryQuestion.objects.create(
        category=world.cat_road, code="dalam", datatype="number", order=1, description="Berapa dalamnya?"
    )
    case, other = published(world, title="Lubang “dalam” & licin 🙂"), published(world, at=1)
    done = resolved(published(world, at=2), world.joko, at=3)
    done.accept(by=SARI, now=days(4))
    client = georeport.GeoReport("http://testserver/open311/v2", output_format=format)
    services = client.get_service_list()
    road = next(one for one in services if one["service_code"] == str(world.cat_road.pk))
    assert road["service_name"] == "Jalan Berlubang"
    assert road["metadata"] in (True, "true")
    definition = client.get_service_definition(road["service_code"])
    attributes = definition["attributes"] if format == "json" else [definition["attributes"]["attribute"]]
    assert [one["code"] for one in attributes] == ["dalam"]
    assert [one["service_request_id"] for one in client.get_service_requests()] == [
        done.number,
        other.number,
        case.number,
    ]
    assert [one["service_request_id"] for one in client.get_service_requests(status="open")] == [
        other.number,
        case.number,
    ]
    both = client.get_service_requests(service_request_id=f"{case.number},{other.number}")
    assert len(both) == 2
    (found,) = [client.get_service_request(case.number)]
    assert found["description"].startswith("Lubang “dalam” & licin 🙂")
    assert found["expected_datetime"] == "2026-06-22T23:59:59+07:00"


@pytest.mark.parametrize("format", ["xml", "json"])
def test_somebody_elses_client_hears_of_what_is_not_there(world: World, georeport: Any, format: str) -> None:
    import requests

    client = georeport.GeoReport("http://testserver/open311/v2", output_format=format)
    elsewhere = georeport.GeoReport("http://testserver/open311/v2", jurisdiction="city.gov", output_format=format)
    for call in (
        lambda: client.get_service_definition("4711"),
        lambda: client.get_service_request("7K4M9QXD2TB"),
        elsewhere.get_service_list,
        elsewhere.get_service_requests,
    ):
        with pytest.raises(requests.HTTPError) as refused:
            call()
        assert refused.value.response is not None
        assert refused.value.response.status_code == 404


# --- whatever is asked ---

WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", " ", ",", "open", "closed", "open,closed", "1", "0", "-1", "999999999999999999999", "1e9", "NaN", "\x00",
         "2026-05-29T00:00:00Z", "2026-05-29", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "99.01", "'; --",
         "%", "_", "\ud800", "\u202e", "true", "{{7*7}}", "../../etc/passwd", "attribute[x]"]
    ),
)  # fmt: skip
READ = ("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status", "page",
        "page_size", "api_key", "callback", "format")  # fmt: skip
WRITTEN = ("service_code", "lat", "long", "address_string", "address_id", "email", "phone", "first_name", "last_name",
           "description", "media_url", "attribute[dalam]", "attribute[dalam][]", "attribute[", "jurisdiction_id",
           "device_id", "account_id", "anonymous", "secret", "status", "service_request_id", "update_id",
           "updated_datetime")  # fmt: skip
PATHS = ("requests", "services", "services/1", "requests/7K4M9QXD2TB", "tokens/x", "servicerequestupdates", "discovery")
NAMES = {"requests": "service_requests", "services": "services", "services/1": "service_definition",
         "servicerequestupdates": "service_request_updates", "discovery": "discovery"}  # fmt: skip
ANYTHING = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


def sent(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, encoding="utf-8", errors="surrogatepass")


@ANYTHING
@given(
    path=st.sampled_from(PATHS),
    format=st.sampled_from(["xml", "json"]),
    pairs=st.lists(st.tuples(st.sampled_from(READ), WORDS), max_size=6),
)
@pytest.mark.slow
def test_whatever_is_asked_is_answered_or_refused_in_the_format(
    world: World, path: str, format: str, pairs: list[tuple[str, str]]
) -> None:
    answer = Client().get(f"{BASE}/{path}.{format}?{sent(pairs)}")
    assert answer.status_code in (200, 400, 403, 404, 429), pairs
    check(answer, NAMES.get(path, "errors") if answer.status_code == 200 else "errors")


@ANYTHING
@given(
    call=st.sampled_from(["requests", "servicerequestupdates"]),
    format=st.sampled_from(["xml", "json"]),
    pairs=st.lists(st.tuples(st.sampled_from(WRITTEN), WORDS), max_size=10),
    good=st.booleans(),
)
@pytest.mark.slow
def test_whatever_is_sent_is_taken_or_refused_in_the_format(
    world: World, call: str, format: str, pairs: list[tuple[str, str]], good: bool
) -> None:
    if not CategoryQuestion.objects.exists():
        CategoryQuestion.objects.create(
            category=world.cat_road, code="dalam", datatype="number", order=1, description="Berapa dalamnya?"
        )
    key = _key(world)
    whole = list(form(world, key).items()) if good else [("api_key", key)]
    body = sent([*((name, str(value)) for name, value in whole), *pairs])
    answer = Client().post(f"{BASE}/{call}.{format}", body, content_type=FORM)
    assert answer.status_code in (200, 400, 403, 404, 429), pairs
    name = {"requests": "created", "servicerequestupdates": "updated"}[call]
    said = check(answer, name if answer.status_code == 200 else "errors")
    if answer.status_code == 200 and call == "requests":
        assert Complaint.objects.filter(number=said[0]["service_request_id"]).exists()


def _key(world: World) -> str:
    """One a test, as it may do without a limit."""
    if not hasattr(world, "_open311_key"):
        from agencies.models import ApiClient

        world._open311_key = key_of(world, world.root)  # type: ignore[attr-defined]
        ApiClient.objects.update(hourly_limit=100_000)
    return str(world._open311_key)  # type: ignore[attr-defined]


@ANYTHING
@given(rest=st.text(max_size=60), method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"]))
def test_no_address_under_open311_is_ever_a_page(world: World, rest: str, method: str) -> None:
    from urllib.parse import quote

    answer = Client().generic(method, f"/open311/{quote(rest, errors='replace')}")
    assert answer.status_code in (200, 204, 400, 403, 404, 405, 429)
    assert "text/html" not in answer.get("Content-Type", "")
