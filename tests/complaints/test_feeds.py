"""The public list for feed readers: the same cases, masked, with the same silence about what is not public."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints import search
from complaints.models import Publication
from tests.filing import filed, published
from tests.world import World

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: Client, address: str = "/laporan/umpan.atom") -> ElementTree.Element:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml"
    return ElementTree.fromstring(answer.content)


def titles(feed: ElementTree.Element) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def links(feed: ElementTree.Element, rel: str) -> list[str | None]:
    return [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == rel]


def test_it_tells_what_the_list_shows_newest_first(client: Client, world: World) -> None:
    first = published(world, "Jalan berlubang di depan pasar", at=0)
    published(world, "Lampu jalan mati", at=0.01, place=world.cibuni)
    filed(world, title="Hanya untuk petugas", secret=True)
    feed = read(client)
    assert titles(feed) == ["Lampu jalan mati", "Jalan berlubang di depan pasar"]
    entry = feed.findall(f"{ATOM}entry")[1]
    assert (entry.findtext(f"{ATOM}id") or "").endswith(f"/laporan/{first.shown_number}/")
    assert "Dinas" in (entry.findtext(f"{ATOM}summary") or "")
    assert links(feed, "self") == [feed.findtext(f"{ATOM}id")]
    assert not links(feed, "next")


def test_the_list_leads_to_the_feed_of_what_is_asked(client: Client, world: World) -> None:
    published(world, "Lampu jalan mati", place=world.cibuni)
    published(world, "Antrean puskesmas", addressed_to=world.dinas_kesehatan, by=world.dewi)
    asked = f"?instansi={world.dinas_kesehatan.pk}"
    assert f'href="/laporan/umpan.atom{asked}"' in client.get(f"/laporan/{asked}&urut=terlambat").content.decode()
    assert titles(read(client, f"/laporan/umpan.atom{asked}")) == ["Antrean puskesmas"]
    assert titles(read(client, "/laporan/umpan.atom?q=lampu")) == ["Lampu jalan mati"]


def test_a_place_nobody_knows_is_said_and_no_feed_of_everything(client: Client, world: World) -> None:
    answer = client.get("/laporan/umpan.atom?wilayah=antah+berantah")
    assert answer.status_code == 400
    assert "tidak kami kenal" in answer.content.decode()
    assert "umpan.atom" not in client.get("/laporan/?wilayah=antah+berantah").content.decode()


def test_pages_go_on_and_nothing_new_costs_no_body(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PAGE", 2)
    for n in range(3):
        published(world, f"Pipa bocor {n}", at=n / 100)
    feed = read(client)
    assert titles(feed) == ["Pipa bocor 2", "Pipa bocor 1"]
    (older,) = links(feed, "next")
    assert older is not None
    assert titles(read(client, older[older.index("/laporan/") :])) == ["Pipa bocor 0"]
    again = client.get("/laporan/umpan.atom")
    same = client.get("/laporan/umpan.atom", headers={"If-None-Match": again["ETag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_what_xml_can_not_hold_is_left_out(client: Client, world: World) -> None:
    case = published(world, "Got mampet")
    Publication.objects.filter(complaint=case).update(title="Got\x0b mampet", body="air\x01 naik")
    assert titles(read(client)) == ["Got mampet"]


def test_it_costs_the_same_for_one_and_for_many(client: Client, world: World) -> None:
    published(world, "Pipa bocor")
    read(client)
    with CaptureQueriesContext(
        connection,
    ) as one:
        read(client)
    for n in range(3):
        published(world, f"Pipa bocor {n}", at=n / 100)
    with CaptureQueriesContext(connection) as many:
        read(client)
    assert len(many) == len(one) <= 17
