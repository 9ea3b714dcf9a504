"""Every number of a table of oversight is a link, for who may see what it counts, and leads to exactly as many."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from agencies.models import Role
from routing import standing
from routing.measures import ledger
from routing.models import DeskVisit
from tests.filing import SARI, answered, days, filed, missed, resolved
from tests.scenes import once
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
# A number alone, then the words for who does not see the table.
_LINK = re.compile(r'<a (?:class="late" )?href="(/[^"]*)">([0-9.,]+)(?: dari [0-9.]+)?<span class="vh">')
_TABLES = re.compile(r"<tbody>.*?</tbody>", re.DOTALL)


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


@once(at=days(20))
def busy(world: World) -> World:
    """Dinas PU with a unit: two late, one nearly, one accepted and rated; the ministry: one. Joko came yesterday."""
    world.officer("Bu Jalan", world.bidang_jalan)
    missed(filed(world), at=14)
    missed(filed(world, addressed_to=world.bidang_jalan), at=14)
    filed(world, at=13.2)
    done = resolved(answered(filed(world), world.joko, at=3), world.joko, at=4)
    done.accept(by=SARI, rating_answer=4, rating_result=2, now=days(5))
    filed(world, addressed_to=world.ministry, at=12)
    assert world.joko.membership is not None
    DeskVisit.objects.create(membership=world.joko.membership, last_at=days(19))
    ledger.keep_up()
    standing.refresh()
    return world


def listed(client: Client, url: str, label: str) -> int:
    """How many the page behind the link tells of."""
    page = client.get(html.unescape(url))
    assert page.status_code == 200, url
    if url.startswith("/petugas/"):
        return int(page.context["shown"].paginator.count)
    if "/laporan/" in url:
        return len(page.context["rows"])
    if "view" in page.context:
        return sum(one["row"].silent + one["row"].silent_below for group in page.context["groups"] for one in group[2])
    code = "silent" if "diam" in url else "late" if "terlambat" in url else "open"
    return sum(getattr(row.load, code) for row in page.context["rows"])


def followed(client: Client, path: str) -> dict[str, int]:
    """By kind of target, how many links of the page's tables lead to as many as they say."""
    page = client.get(path).content.decode()
    found: dict[str, int] = {}
    for table in _TABLES.findall(page):
        for url, said in _LINK.findall(table):
            if "apa=" in url and "apa=turns_not_ours" not in url:
                # Of a median and of a rating: the number is not how many.
                assert client.get(html.unescape(url)).context["rows"], url
            else:
                assert listed(client, url, said) == int(said.replace(".", "")), url
            kind = re.sub(r"\d+|[?&](?:dari|sampai|kantor)=[^&]*|#.*", "", html.unescape(url))
            found[kind] = found.get(kind, 0) + 1
    return found


@pytest.mark.slow
def test_a_districts_numbers_lead_to_as_many(busy: World) -> None:
    found = followed(client_of(busy.wati), "/pengawasan/")
    wanted = ("?unit=ya&lewat=ya", "?unit=ya", "?unit=ya&hampir=ya", "?apa=turn_days", "?apa=rated", "aktif")
    for word in wanted:
        assert [kind for kind in found if kind.endswith(word)], (word, found)


@pytest.mark.slow
def test_the_countrys_numbers_lead_to_as_many(busy: World) -> None:
    client = client_of(busy.ratna)
    groups = followed(client, "/pengawasan/")
    assert any("hanya=terlambat" in kind for kind in groups)
    assert any("hanya=diam" in kind for kind in groups)
    agencies = followed(client, "/pengawasan/?semua=ya")
    assert any(kind.endswith("?unit=ya&lewat=ya") for kind in agencies)
    assert any(kind.endswith("?hanya=diam") for kind in agencies)


def test_a_province_has_totals_and_opens_what_climbed_alone(busy: World) -> None:
    client = client_of(busy.officer("Pak Provinsi", busy.pemprov, Role.OBSERVER))
    path = f"/pengawasan/{busy.pemprov.pk}/daerah/"
    assert followed(client, path) == {}
    assert "karena itu hanya laporan yang naik yang bisa dibuka" in client.get(path).content.decode()
    with_units = client.get(f"/pengawasan/{busy.pemkab.pk}/laporan/?unit=ya")
    assert with_units.context["rows"] == [], "an address made up by hand opens nothing more"
