"""A first visit to each of the four screens, in each error state, costs at most 15,360 bytes with brotli."""

from __future__ import annotations

import datetime
from pathlib import Path

import brotli
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from agencies.models import Level, Region
from complaints.loaders import load_categories
from tests.complaints.test_submit import CHECK, STORY
from tests.filing import NOON, published
from tests.world import World

LIMIT = 15_360
ICON = len(brotli.compress((Path(__file__).parents[2] / "static/icons/mark.svg").read_bytes()))
LONG = "Jembatan di depan pasar putus satu sisi sejak hujan Senin lalu, warga memutar dua kilometer. " * 12

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]


@pytest.fixture
def browser(world: World) -> Client:
    """With lists as long as the real ones: 38 provinces, 267 categories."""
    load_categories(datetime.date(2026, 5, 25))
    Region.objects.bulk_create(
        Region(code=str(n), name=f"Provinsi Nomor {n}", search_name=f"provinsi nomor {n}", level=Level.PROVINSI)
        for n in range(11, 47)
    )
    return Client(headers={"accept-encoding": "gzip, br"})


def size(response: object, what: str) -> None:
    found = len(response.content) + ICON  # type: ignore[attr-defined]
    print(f"{what}: {found} bytes")
    assert response.headers["Content-Encoding"] == "br"  # type: ignore[attr-defined]
    assert found <= LIMIT, f"{what}: {found} bytes"


@pytest.mark.slow
def test_every_step_and_error_state_is_light(browser: Client, world: World) -> None:
    size(browser.get("/lapor/"), "lokasi")
    size(browser.post("/lapor/", {}, follow=True), "lokasi, kosong")
    size(browser.post("/lapor/", {"query": "zzz"}, follow=True), "lokasi, tak ditemukan")
    size(browser.post("/lapor/", {"query": "s", "act": "cari"}, follow=True), "lokasi, banyak hasil")
    size(browser.post("/lapor/", {"down": "99.01", "act": "turun"}, follow=True), "lokasi, daftar")
    browser.post("/lapor/", {"place": world.pasar_lama.pk, "landmark": "depan pasar"})
    size(browser.get("/lapor/masalah/"), "masalah")
    size(
        browser.post("/lapor/masalah/", {"conduct": "on", "category": "x", "happened_on_pick": "other"}, follow=True),
        "masalah, galat",
    )
    size(browser.post("/lapor/masalah/", STORY | {"act": "kantor", "office_text": "dinas"}), "masalah, kantor")
    bad = [SimpleUploadedFile(f"berkas-{n}.exe", b"MZ") for n in range(6)]
    size(browser.post("/lapor/masalah/", STORY | {"file": bad}), "masalah, berkas ditolak")
    browser.post("/lapor/masalah/", STORY | {"story": LONG})
    size(browser.get("/lapor/periksa/"), "periksa")
    for _three in range(3):
        published(world, STORY["title"], body=LONG, place=world.pasar_lama, at=(timezone.now() - NOON).days)
    like = browser.get("/lapor/periksa/")
    assert "Ada 3 laporan serupa" in brotli.decompress(like.content).decode()
    size(like, "periksa, dengan laporan serupa")
    size(browser.post("/lapor/periksa/", {"email": "sari@", "tell": "email"}, follow=True), "periksa, galat")
    browser.post("/lapor/periksa/", CHECK)
    size(browser.get("/lapor/selesai/"), "selesai")
    size(browser.get("/lapor/selesai/"), "selesai, lagi")
    size(browser.get("/lacak/"), "lacak")
    size(browser.post("/lacak/", {"number": "x"}), "lacak, galat")
