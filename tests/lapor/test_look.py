"""The frame: weight, strict CSP, and pages that show every part."""

import gzip
import re
from http import HTTPStatus

import brotli
import pytest
from django.test import Client
from django.test.utils import override_settings

from lapor import stylesheets
from tests.lapor.markup import Page

pytestmark = pytest.mark.django_db

SHOWN = ["/komponen/", "/komponen/meja/", "/akun/masuk/"]
FAULTS = ["400", "403", "403_csrf", "404", "500", "503"]


@pytest.mark.parametrize("address", [*SHOWN, *(f"/komponen/galat/{status}/" for status in FAULTS)])
def test_no_page_carries_a_style_attribute_a_handler_or_a_foreign_address(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK
    page = Page(response.content.decode())
    for element in page.elements:
        assert "style" not in element.attributes, element
        assert not any(name.startswith("on") for name in element.attributes), element
        for name in ("src", "href", "action"):
            assert not element.attributes.get(name, "").startswith(("http:", "https:", "//")), element
    for script in page.all("script"):
        assert script.attributes["src"].startswith("/static/")


def test_the_inlined_style_carries_the_nonce_the_policy_names(client: Client) -> None:
    response = client.get("/komponen/")
    styles = Page(response.content.decode()).all("style")
    nonces = {style.attributes["nonce"] for style in styles}
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    "parts",
    [
        ("core", "form"),
        ("core", "form", "promise"),
        ("core", "form", "promise", "case"),
        ("core", "form", "case", "ticket"),
        ("core", "form", "promise", "list"),
        ("core", "promise", "case", "home", "figure"),
        ("core", "figure", "promise"),
    ],
)
def test_the_css_of_a_citizens_page_stays_under_six_kilobytes(parts: tuple[str, ...]) -> None:
    assert len(gzip.compress(stylesheets.text(*parts).encode(), 9)) <= 6_000


def test_the_officers_css_stays_under_twenty_kilobytes(client: Client) -> None:
    page = Page(client.get("/komponen/meja/").content.decode())
    href = next(e.attributes["href"] for e in page.all("link") if e.attributes["rel"] == "stylesheet")
    response = client.get(href)
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    assert len(gzip.compress(response.content, 9)) <= 20_000


def test_every_empty_list_has_its_one_next_act() -> None:
    without = []
    for path in sorted((stylesheets.FOLDER.parent.parent / "templates").rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        for said in re.findall(r'\{% include "parts/empty.html"(.*?)%\}', page):
            if not all(f" {name}=" in said or f" as {name} %}}" in page for name in ("title", "url", "action")):
                without.append(f"{path.name}: {said}")
            if (anchor := re.search(r'url="#([\w-]+)"', said)) and not anchor[1].startswith("id_"):
                assert f'id="{anchor[1]}"' in page, f"{path.name} leads nowhere"
    assert without == []


def test_every_stylesheet_that_a_page_links_is_there(client: Client) -> None:
    linked = {
        name
        for path in (stylesheets.FOLDER.parent.parent / "templates").rglob("*.html")
        for tag in re.findall(r"\{% stylesheet ([^%]+) %\}", path.read_text(encoding="utf-8"))
        for name in re.findall(r'"(\w+)"', tag)
    }
    assert "area" in linked
    for name in sorted(linked):
        assert client.get(f"/gaya/{name}.0.css").status_code == HTTPStatus.OK, name
    assert client.get("/gaya/nirwana.0.css").status_code == HTTPStatus.NOT_FOUND


def test_frame_and_css_leave_the_page_half_of_its_budget(client: Client) -> None:
    frame = client.get("/komponen/galat/404/").content
    assert len(brotli.compress(frame, mode=brotli.MODE_TEXT, quality=5)) <= 7_000


def test_a_missing_page_is_told_in_our_words(client: Client) -> None:
    response = client.get("/tidak/ada/")
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "Halaman ini tidak ada" in response.content.decode()


@pytest.mark.parametrize("address", ["/gaya/core-rahasia.0.css", "/gaya/settings.0.css"])
def test_an_unknown_part_of_the_css_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


@override_settings(PRODUCTION=True)
@pytest.mark.parametrize("address", ["/komponen/", "/komponen/meja/", "/komponen/galat/404/"])
def test_the_component_pages_do_not_exist_in_produksi(client: Client, address: str) -> None:
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_the_component_form_shows_its_errors_and_says_so_in_the_title(client: Client) -> None:
    html = client.post("/komponen/", {}).content.decode()
    assert "<title>Ada yang perlu diperbaiki: Komponen" in html
    assert "Ada 5 hal yang perlu diperbaiki" in html
