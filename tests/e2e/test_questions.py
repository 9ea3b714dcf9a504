"""What a category wants to know, asked on a phone and by a program: one report each, over the real portal."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from agencies import clients
from agencies.models import Permission
from complaints.models import Answer, CategoryQuestion, Complaint, Event
from tests.browser import faults_of, width_of
from tests.complaints.georeport import SCHEMAS
from tests.portal import RunningPortal


@pytest.fixture
def asked(portal: RunningPortal) -> Iterator[RunningPortal]:
    world = portal.world
    assert world is not None
    for order, (code, datatype, text, values) in enumerate(
        [
            ("ukuran", "singlevaluelist", "Seberapa besar lubangnya?", ("kecil", "besar")),
            ("letak", "multivaluelist", "Di bagian jalan yang mana?", ("tepi", "tengah")),
            ("sejak", "datetime", "Sejak kapan?", ()),
            ("ruas", "string", "Nama jalannya apa?", ()),
        ],
        1,
    ):
        CategoryQuestion.objects.get_or_create(
            category=world.cat_road,
            code=code,
            defaults={
                "datatype": datatype,
                "order": order,
                "description": text,
                "values": [{"key": value, "name": value.capitalize()} for value in values],
            },
        )
    yield portal
    # Other tests of the run choose this category and expect no question.
    Answer.objects.filter(question__category=world.cat_road).delete()
    CategoryQuestion.objects.filter(category=world.cat_road).delete()


def test_the_questions_can_be_answered_on_a_phone(asked: RunningPortal, phone: Page) -> None:
    world = asked.world
    assert world is not None
    phone.goto(f"{asked.url}/lapor/")
    phone.locator("[name=query]").fill("Sukasari, Mekarsari")
    phone.get_by_role("button", name="Simpan dan lanjut").last.click()
    if phone.url.endswith("/lapor/"):
        phone.get_by_role("button", name="Simpan dan lanjut").last.click()
    phone.get_by_text("Ada masalah").first.click()
    phone.locator("[name=title]").fill("Jalan berlubang di depan pasar")
    phone.locator("[name=story]").fill("Lubang selebar satu meter sejak hujan pekan lalu.")
    phone.get_by_text("Hari ini").click()
    phone.locator("[name=category]").select_option(str(world.cat_road.pk))
    phone.get_by_role("button", name="Simpan dan lanjut").last.click()
    expect(phone).to_have_url(f"{asked.url}/lapor/rincian/")
    assert faults_of(phone) == []
    assert width_of(phone) <= 360
    phone.get_by_text("Besar", exact=True).click()
    phone.get_by_text("Tengah", exact=True).click()
    phone.locator("input[type=text]").last.fill("x" * 201)
    phone.get_by_role("button", name="Simpan dan lanjut").last.click()
    expect(phone.get_by_text("paling banyak 200 huruf").first).to_be_visible()
    assert faults_of(phone) == []
    phone.locator("input[type=text]").last.fill("Jalan Lintas Timur")
    phone.get_by_role("button", name="Simpan dan lanjut").last.click()
    expect(phone).to_have_url(f"{asked.url}/lapor/periksa/")
    expect(phone.get_by_text("Jalan Lintas Timur")).to_be_visible()


def test_a_program_files_over_the_wire_and_a_worker_brings_it_to_the_office(asked: RunningPortal) -> None:
    world = asked.world
    assert world is not None
    _client, key = clients.register(
        by=world.ratna, agency=world.pemkab, name="FixMyStreet uji", permissions=[str(Permission.FILE)]
    )
    form = {
        "api_key": key,
        "service_code": world.cat_road.pk,
        "address_id": world.sukasari.pk,
        "description": "Lubang besar di tikungan 🙂",
        "attribute[ukuran]": "besar",
        "attribute[letak][]": ["tepi", "tengah"],
    }
    url = f"{asked.url}/open311/v2/requests.json"
    with urllib.request.urlopen(url, urlencode(form, doseq=True).encode(), timeout=30) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        (row,) = json.loads(answer.read())
    assert set(row) <= set(SCHEMAS["created"]["items"]["oneOf"][0]["properties"])
    case = Complaint.objects.get(number=row["service_request_id"])
    assert case.answers.count() == 2
    until = time.monotonic() + 30
    while not Event.objects.filter(complaint=case, verb="forward").exists() and time.monotonic() < until:
        time.sleep(0.1)
    case.refresh_from_db()
    assert case.handler == world.dinas_pu
