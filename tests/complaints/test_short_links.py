"""The link of an SMS: long enough not to be guessed, kept as a hash, exchanged at once, dead after its time."""

from __future__ import annotations

import datetime
import io
import logging
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from complaints import privacy, short_links
from complaints.models import Complaint, ShortLink
from complaints.number import ALPHABET, CODE_LENGTH
from lapor.kit.logs import Discreet, discreet
from tests.complaints.cases import NOW, report
from tests.complaints.test_arrivals import ME
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def by_phone(world: World) -> Complaint:
    return report(world, email="", user=None, door=("SMS", ME), confirmed=False)


def made(case: Complaint) -> str:
    return urlsplit(short_links.make(case.reporter, NOW)).path


def test_it_has_65_random_bits_and_is_nowhere_kept(world: World) -> None:
    case = by_phone(world)
    codes = {made(case).rpartition("/")[2] for _n in range(50)}
    assert len(codes) == 50
    assert all(len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert CODE_LENGTH * 5 >= 60
    kept = " ".join(str(row) for row in ShortLink.objects.values_list())
    assert not any(code in kept for code in codes)


@pytest.mark.parametrize("typed", ["{}", "{}/", "{lower}", "{spoken}"])
def test_it_is_exchanged_for_a_cookie_and_stays_in_no_address(world: World, client: Client, typed: str) -> None:
    case = by_phone(world)
    path = made(case)
    code = path.rpartition("/")[2]
    spoken = code.replace("0", "O").replace("1", "l")
    response = client.get("/s/" + typed.format(code, lower=code.lower(), spoken=spoken))
    assert response.status_code == 302
    assert response["Location"] == f"/laporan/{case.number}/"
    assert response["X-Robots-Tag"] == "noindex"
    assert case.title in client.get(f"/laporan/{case.number}/").content.decode()
    assert Client().get(f"/laporan/{case.number}/").status_code == 404


def test_it_ends_after_thirty_days(world: World, client: Client, time_machine: Any) -> None:
    path = made(by_phone(world))
    time_machine.move_to(NOW + short_links.LASTS - datetime.timedelta(minutes=1))
    assert client.get(path).status_code == 302
    time_machine.move_to(NOW + short_links.LASTS)
    assert client.get(path).status_code == 404
    assert short_links.forget(NOW + short_links.LASTS) == 1
    assert not ShortLink.objects.exists()


def test_it_ends_with_the_number_it_was_sent_to(world: World, client: Client) -> None:
    case = by_phone(world)
    path = made(case)
    case.reporter.keep(door=("SMS", "+6281299998888"))
    case.reporter.save()
    assert client.get(path).status_code == 404


def test_it_ends_when_the_reporter_is_erased(world: World, client: Client) -> None:
    case = by_phone(world)
    path = made(case)
    privacy.erase(case.reporter, NOW)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("code", ["x", "0" * 13, "%00", "é" * 13, "../../etc", "%F0%9F%95%B3"])
def test_a_code_that_was_never_made_opens_nothing_and_says_so(world: World, client: Client, code: str) -> None:
    by_phone(world)
    assert client.get(f"/s/{code}/").status_code == 404


def test_no_log_holds_it(world: World, client: Client) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Discreet())
    logging.getLogger().addHandler(handler)
    try:
        client.get("/s/4K7QXJ9T2MB3A/")
        client.put("/s/4K7QXJ9T2MB3A")
    finally:
        logging.getLogger().removeHandler(handler)
    assert "/s/…" in out.getvalue()
    assert "4K7QXJ9T2MB3A" not in out.getvalue()
    assert discreet("GET https://lapor.go.id/s/4K7QXJ9T2MB3A 404") == "GET https://lapor.go.id/s/… 404"
