"""The small pages: how it works with the days in force, what happens with one's own data, what crawlers may read."""

from __future__ import annotations

from http import HTTPStatus

import brotli
import pytest
from django.test import Client

from complaints.models import ServiceStandard
from tests.lapor.markup import Page
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


def test_the_days_told_are_those_in_force(client: Client, world: World) -> None:
    ServiceStandard.objects.filter(kind="ASPIRASI", clock="RESOLVE").update(working_days=8)
    page = client.get("/cara-kerja/").content.decode()
    assert '<th scope="row">Aspirasi</th><td>3</td><td>5</td><td>8</td>' in page
    assert "Permen PANRB 62/2018" in page


def test_it_can_be_read_before_anything_is_loaded(client: Client, world: World) -> None:
    ServiceStandard.objects.all().delete()
    assert client.get("/cara-kerja/").status_code == HTTPStatus.OK


def test_who_sees_what_is_told_to_everybody(client: Client) -> None:
    assert "siapa yang membukanya" in client.get("/data-pribadi/").content.decode()


@pytest.mark.parametrize("path", ["/cara-kerja/", "/data-pribadi/"])
def test_they_weigh_little(client: Client, world: World, path: str) -> None:
    assert len(brotli.compress(client.get(path).content, quality=5)) <= 15_360


def test_crawlers_stay_away_from_what_is_one_persons(client: Client) -> None:
    said = client.get("/robots.txt").content.decode()
    assert "Disallow: /meja/" in said
    assert "Disallow: /laporan/\n" not in said


@pytest.mark.parametrize(
    "path", ["/", "/laporan/", "/statistik/", "/statistik/tidak-ditanggapi/", "/cara-kerja/", "/data-pribadi/"]
)
def test_no_public_page_carries_a_style_attribute_a_handler_or_a_foreign_address(
    client: Client, world: World, path: str
) -> None:
    for element in Page(client.get(path).content.decode()).elements:
        assert "style" not in element.attributes, element
        assert not any(name.startswith("on") for name in element.attributes), element
        for name in ("src", "href", "action"):
            assert not element.attributes.get(name, "").startswith(("http:", "https:", "//")), element


def test_a_page_made_for_a_session_is_kept_by_no_browser(world: World) -> None:
    """A shared computer's back button shows nothing after leaving; guests' pages may be asked for again."""
    officer = client_of(world.wati)
    for address in ("/meja/", "/pengawasan/", "/petugas/", "/meja/aturan/", "/akun/", "/instansi/", "/meja/X/"):
        assert "no-store" in officer.get(address).headers["Cache-Control"], address
    for address in ("/instansi/", "/lapor/", "/"):
        assert "private" in Client().get(address).headers["Cache-Control"], address
