"""The catalogue of open data for other catalogues: only terms of DCAT 3, what DCAT-AP asks of each, and no dead end."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.filing import published
from tests.world import World

pytestmark = pytest.mark.django_db

# https://www.w3.org/TR/vocab-dcat-3/: the classes used here, with those of their properties that are used, which of
# them are classes of their own (None: a literal or an address). `must`: mandatory in DCAT-AP 3.
Terms = dict[str, str | None]
OF_ALL: Terms = {"dct:title": None, "dct:description": None, "dct:publisher": "foaf:Organization", "dct:license": None}
OF_A_SET: Terms = OF_ALL | {
    "dct:issued": None,
    "dct:modified": None,
    "dct:language": None,
    "dct:spatial": None,
    "dct:temporal": "dct:PeriodOfTime",
    "dct:accrualPeriodicity": None,
    "dcat:keyword": None,
    "dcat:landingPage": None,
    "dcat:inSeries": None,
    "dcat:distribution": "dcat:Distribution",
}
VOCABULARY: dict[str, tuple[Terms, set[str]]] = {
    "dcat:Catalog": (
        OF_A_SET | {"dcat:dataset": "dcat:Dataset", "dcat:service": "dcat:DataService", "foaf:homepage": None},
        {"dct:title", "dct:description", "dct:publisher", "dcat:dataset"},
    ),
    "dcat:DatasetSeries": (OF_A_SET, {"dct:title", "dct:description"}),
    "dcat:Dataset": (OF_A_SET, {"dct:title", "dct:description", "dcat:distribution"}),
    "dcat:Distribution": (
        {
            "dcat:accessURL": None,
            "dcat:downloadURL": None,
            "dcat:mediaType": None,
            "dct:format": None,
            "dct:license": None,
        },
        {"dcat:accessURL", "dct:license"},
    ),
    "dcat:DataService": (
        OF_ALL | {"dcat:endpointURL": None, "dcat:endpointDescription": None},
        {"dct:title", "dcat:endpointURL"},
    ),
    "foaf:Organization": ({"foaf:name": None, "foaf:homepage": None}, {"foaf:name"}),
    "dct:PeriodOfTime": ({"dcat:startDate": None, "dcat:endDate": None}, {"dcat:startDate", "dcat:endDate"}),
}
# A series is a data set too (DCAT 3, section 6.7).
IS_A = {"dcat:DatasetSeries": "dcat:Dataset"}


def catalogue(client: Client, asked: str = "") -> dict[str, Any]:
    answer = client.get(f"/statistik/data/katalog.jsonld{asked}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    found: dict[str, Any] = json.loads(answer.content)
    return found


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and "@type" in one:
            yield one
            for name, inside in one.items():
                if name != "@context":
                    yield from nodes(inside)


def test_every_word_is_one_of_dcat_and_nothing_mandatory_is_missing(client: Client, world: World) -> None:
    published(world)
    made = catalogue(client)
    prefixes = {name for name, address in made["@context"].items() if isinstance(address, str)}
    seen = set()
    for node in nodes(made):
        terms, must = VOCABULARY[node["@type"]]
        seen.add(node["@type"])
        said = {name for name in node if not name.startswith("@")}
        assert said <= set(terms), f"{node['@type']}: {said - set(terms)}"
        assert must <= said, f"{node['@type']}: {must - said}"
        assert {name.partition(":")[0] for name in said} <= prefixes
        for name in said:
            for value in node[name] if isinstance(node[name], list) else [node[name]]:
                kind = terms[name]
                if kind is not None:
                    assert IS_A.get(value["@type"], value["@type"]) == kind, f"{name} {value['@type']}"
                elif isinstance(value, dict):
                    assert set(value) in ({"@id"}, {"@value", "@language"}), f"{name} {value}"
                elif name.endswith(("Date", "issued", "modified")):
                    assert datetime.date.fromisoformat(value)
    assert seen == set(VOCABULARY)


def test_each_month_is_a_set_of_its_series_and_no_address_is_a_dead_end(client: Client, world: World) -> None:
    published(world)
    made = catalogue(client)
    series, month, *_more = made["dcat:dataset"]
    assert month["dcat:inSeries"] == {"@id": series["@id"]}
    assert month["dct:temporal"]["dcat:startDate"].endswith("-01")
    assert {one["dcat:mediaType"]["@id"].rpartition("/")[2] for one in month["dcat:distribution"]} == {"csv", "json"}
    ours = {one for one in _addresses(made) if one.startswith(made["foaf:homepage"]["@id"].partition("/statistik")[0])}
    assert len(ours) >= 8
    for address in ours:
        parts = urlsplit(address)
        assert client.get(f"{parts.path}?{parts.query}").status_code == 200, address


def _addresses(made: dict[str, Any]) -> Iterator[str]:
    names = ("dcat:downloadURL", "dcat:accessURL", "dcat:landingPage", "dcat:endpointURL", "dcat:endpointDescription")
    for node in nodes(made):
        yield from (node[name]["@id"] for name in (*names, "foaf:homepage") if name in node)


def test_an_office_has_its_own_and_the_page_leads_to_it(client: Client, world: World) -> None:
    asked = f"?instansi={world.dinas_pu.pk}"
    made = catalogue(client, asked)
    assert world.dinas_pu.name in made["dct:title"]["@value"]
    assert made["foaf:homepage"]["@id"].endswith(f"/statistik/data/{asked}")
    assert f'href="/statistik/data/katalog.jsonld{asked}"' in client.get(f"/statistik/data/{asked}").content.decode()
    assert client.get("/statistik/data/katalog.jsonld?instansi=antah").status_code == 400
    with CaptureQueriesContext(connection) as queries:
        catalogue(client, asked)
    assert len(queries) <= 6
