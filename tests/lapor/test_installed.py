"""The installed app as the server tells it: manifests, the worker and its headers, the pages it keeps."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from lapor import installed
from tests.lapor.markup import Page
from tests.world import World, client_of

pytestmark = pytest.mark.django_db

KEPT_PAGES = ("/luring/", "/luring/tulis/", "/luring/meja/", "/luring/tertahan/")


@pytest.fixture(autouse=True)
def counted_anew() -> None:
    installed._versions.clear()


def picture(src: str) -> Image.Image:
    found = finders.find(src.removeprefix("/static/"))
    assert isinstance(found, str), src
    return Image.open(found)


@pytest.mark.parametrize("address", ["/manifest.webmanifest", "/meja.webmanifest"])
def test_a_manifest_says_what_a_phone_asks_before_it_installs(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    said = json.loads(answer.content)
    assert said["lang"] == "id"
    assert said["display"] == "standalone"
    assert said["scope"] == "/"
    assert len(said["short_name"]) <= 12
    for icon in said["icons"]:
        assert "x".join(map(str, picture(icon["src"]).size)) == icon["sizes"]
    assert {(icon["sizes"], icon["purpose"]) for icon in said["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }


def test_both_apps_may_be_installed_beside_each_other(client: Client) -> None:
    ids = [json.loads(client.get(address).content)["id"] for address in ("/manifest.webmanifest", "/meja.webmanifest")]
    assert ids == ["/", "/meja/"]


def test_the_citizens_app_has_shortcuts_screenshots_and_takes_photos(client: Client) -> None:
    said = json.loads(client.get("/manifest.webmanifest").content)
    assert [s["url"] for s in said["shortcuts"]] == ["/lapor/", "/lacak/", "/laporan-saya/", "/luring/"]
    assert {s["form_factor"] for s in said["screenshots"]} == {"narrow", "wide"}
    for screen in said["screenshots"]:
        assert "x".join(map(str, picture(screen["src"]).size)) == screen["sizes"]
    target = said["share_target"]
    assert (target["action"], target["method"]) == ("/luring/bagikan/", "POST")
    assert target["params"]["files"][0]["name"] == "photo"


def test_a_maskable_icon_keeps_its_mark_inside_the_circle_no_launcher_cuts() -> None:
    icon = picture("/static/icons/maskable-512.png").convert("RGB")
    ground = icon.getpixel((0, 0))
    outside = [
        (x, y)
        for x in range(0, 512, 4)
        for y in range(0, 512, 4)
        if (x - 256) ** 2 + (y - 256) ** 2 > (0.4 * 512) ** 2 and icon.getpixel((x, y)) != ground
    ]
    assert outside == []


def test_pages_name_their_own_manifest(world: World) -> None:
    assert '<link rel="manifest" href="/manifest.webmanifest">' in Client().get("/").content.decode()
    assert '<link rel="manifest" href="/meja.webmanifest">' in client_of(world.joko).get("/meja/").content.decode()


def test_the_worker_is_served_for_the_whole_site_and_never_from_a_cache(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    again = client.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def constants(client: Client) -> dict[str, Any]:
    text = client.get("/sw.js").content.decode()
    return {name: json.loads(value) for name, value in re.findall(r"^const ([A-Z]+) = (.+);$", text, re.MULTILINE)[:6]}


def test_the_worker_holds_no_password_and_no_key(client: Client) -> None:
    """Of a form that can't be sent it keeps what was typed, for the page it shows instead."""
    found = re.search(r"UNHELD = /(.+)/;", client.get("/sw.js").content.decode())
    assert found is not None
    for path in ("/lacak/", "/d/inhu/lacak/", "/akun/masuk/", "/bahasa/", "/d/inhu/bahasa/"):
        assert re.search(found[1], path), path
    for path in ("/lapor/masalah/", "/d/inhu/lapor/masalah/", "/laporan/7K4M9QXD2TB/tanggapan/", "/meja/loket/"):
        assert not re.search(found[1], path), path


def test_everything_the_worker_keeps_is_really_there(client: Client, world: World) -> None:
    told = constants(client)
    assert set(told) == {"VERSION", "LANGUAGE", "FILES", "PAGES", "DRAFTS", "SHARE"}
    for address in told["FILES"]:
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/")), address
        else:
            assert client.get(address).status_code == 200, address
    assert tuple(told["PAGES"]) == KEPT_PAGES
    assert told["DRAFTS"] in told["FILES"]


@pytest.mark.parametrize("address", KEPT_PAGES)
def test_a_kept_page_needs_nothing_the_worker_does_not_keep(client: Client, world: World, address: str) -> None:
    kept = set(constants(client)["FILES"])
    needed = {
        element.attributes.get("src") or element.attributes.get("href", "")
        for element in Page(client.get(address).content.decode()).elements
        if element.tag in ("script", "img") or element.attributes.get("rel") in ("stylesheet", "icon")
    }
    assert {one for one in needed if one} <= kept


@pytest.mark.parametrize("address", KEPT_PAGES)
def test_a_kept_page_is_the_same_for_everybody(world: World, address: str) -> None:
    assert client_of(world.sari).get(address).content == Client().get(address).content
    page = Client().get(address).content.decode()
    assert "csrfmiddlewaretoken" not in page
    assert "nonce" not in page


def test_a_kept_page_comes_in_the_language_the_worker_asks_for(client: Client) -> None:
    assert 'lang="en"' in client.get("/luring/?bahasa=en").content.decode()
    assert 'lang="id"' in client.get("/luring/?bahasa=xx").content.decode()
    client.cookies["bahasa"] = "en"
    assert constants(client)["PAGES"]["/luring/"] == "/luring/?bahasa=en"


def test_the_version_changes_with_the_language_and_with_what_is_kept(client: Client, world: World) -> None:
    first = constants(client)["VERSION"]
    assert constants(client)["VERSION"] == first
    client.cookies["bahasa"] = "en"
    assert constants(client)["VERSION"] != first
    del client.cookies["bahasa"]
    installed._versions.clear()
    world.sukamaju.name = "Kabupaten Sukamakmur"
    world.sukamaju.save()
    assert constants(client)["VERSION"] != first


def test_the_offline_page_says_what_helps_without_a_connection(client: Client) -> None:
    page = client.get("/luring/").content.decode()
    for help_ in ('href="tel:112"', 'href="sms:1708"', 'id="plain"'):
        assert help_ in page


def test_a_photo_shared_without_the_worker_leads_to_a_new_draft(client: Client) -> None:
    answer = client.post("/luring/bagikan/", {"title": "x"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/luring/tulis/")


def test_what_a_first_visit_fetches_for_later_weighs_little(client: Client, world: World) -> None:
    """Scripts, style and pages that the worker keeps, as brotli brings them: once, late, and apart from the page."""
    import brotli

    told = constants(client)
    weight = sum(len(brotli.compress(client.get(page).content, quality=5)) for page in told["PAGES"].values())
    for address in told["FILES"]:
        found = finders.find(address.removeprefix("/static/")) if address.startswith("/static/") else None
        content = Path(str(found)).read_bytes() if found else client.get(address).content
        weight += len(brotli.compress(content))
    weight += len(brotli.compress(client.get("/sw.js").content, quality=5))
    print(f"worker and what it keeps: {weight} bytes")
    assert weight <= 40_000
