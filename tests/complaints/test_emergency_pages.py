"""Whom to call stands on every page a report of danger passes, and nothing of it holds the report up."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints.models import Complaint
from tests.complaints.test_submit import CHECK, STORY, at_check, at_story
from tests.complaints.test_submit_bytes import size
from tests.world import World

DANGER = {"title": "Kebakaran di pasar lama", "story": "Api makin besar, ibu saya pingsan di dalam kios."}
FEARED = {"title": "Kabel terkelupas", "story": "Kami takut kebakaran, kabelnya menyentuh atap."}

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(world: World) -> Client:
    return Client()


def page(browser: Client, url: str) -> str:
    return browser.get(url).content.decode()


def numbers(html: str) -> list[str]:
    alarm = html.partition('class="alarm"')[2].partition("</section>")[0]
    return [number for number in ("112", "113", "119", "110") if f'href="tel:{number}"' in alarm]


def test_a_report_of_danger_shows_the_numbers_on_every_page_and_is_taken(browser: Client, world: World) -> None:
    at_check(browser, world, **DANGER)
    assert numbers(page(browser, "/lapor/periksa/")) == ["112", "113", "119"]
    assert numbers(page(browser, "/lapor/masalah/")) == ["112", "113", "119"]
    browser.post("/lapor/periksa/", CHECK)
    assert Complaint.objects.get().title == DANGER["title"]
    assert numbers(page(browser, "/lapor/selesai/")) == ["112", "113", "119"]


def test_the_first_answer_to_what_was_typed_shows_them_though_the_form_has_errors(
    browser: Client, world: World
) -> None:
    answer = at_story(browser, world).post("/lapor/masalah/", STORY | DANGER | {"kind": ""}).content.decode()
    assert "Pilih apa yang ingin Anda sampaikan" in answer
    assert numbers(answer) == ["112", "113", "119"]


def test_what_is_feared_is_said_softly_and_not_repeated_at_the_end(browser: Client, world: World) -> None:
    at_check(browser, world, **FEARED)
    check = page(browser, "/lapor/periksa/")
    assert numbers(check) == []
    assert "Kalau ini sedang terjadi" in check
    browser.post("/lapor/periksa/", CHECK)
    assert "Kalau ini sedang terjadi" not in page(browser, "/lapor/selesai/")


def test_what_happened_last_week_does_not_alarm(browser: Client, world: World) -> None:
    day = timezone.localdate() - datetime.timedelta(days=7)
    boxes: dict[str, Any] = {
        "happened_on_pick": "other",
        "happened_on_day": day.day,
        "happened_on_month": day.month,
        "happened_on_year": day.year,
    }
    at_check(browser, world, **DANGER, **boxes)
    assert numbers(page(browser, "/lapor/periksa/")) == []


def test_a_report_without_danger_says_nothing(browser: Client, world: World) -> None:
    at_check(browser, world)
    for url in ("/lapor/periksa/", "/lapor/masalah/"):
        html = page(browser, url)
        assert 'class="alarm"' not in html
        assert "Kalau ini sedang terjadi" not in html


def test_words_of_the_reporter_cannot_break_the_page(browser: Client, world: World) -> None:
    at_check(
        browser,
        world,
        title="<b>Api</b> membesar",
        story='Kebakaran "></section><script>alert(1)</script> api <i>membesar</i>',
    )
    assert "<script>alert" not in page(browser, "/lapor/periksa/")


def test_a_message_of_danger_to_an_open_report_is_answered_with_the_numbers(browser: Client, world: World) -> None:
    at_check(browser, world).post("/lapor/periksa/", CHECK)
    case = Complaint.objects.get()
    answer = browser.post(
        f"/laporan/{case.number}/tanggapan/",
        {"body": "Sekarang anak saya jatuh dan pingsan di jembatan itu!", "version": case.version},
        follow=True,
    ).content.decode()
    assert "Ambulans 119" in answer
    assert case.messages.filter(body__startswith="Sekarang anak saya").exists()


def test_the_alarm_keeps_the_pages_light(world: World) -> None:
    light = Client(headers={"accept-encoding": "gzip, br"})
    at_check(light, world, **DANGER)
    size(light.get("/lapor/masalah/"), "masalah, bahaya")
    size(light.get("/lapor/periksa/"), "periksa, bahaya")
    light.post("/lapor/periksa/", CHECK)
    size(light.get("/lapor/selesai/"), "selesai, bahaya")
