"""Somebody signed in is reminded of what they reported themselves; nobody learns of another's report by an address."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.complaints.cases import SARI, report
from tests.complaints.test_submit import at_check
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
SAID = "Anda sudah melapor hal serupa"
SAME = {
    "title": "Lubang besar depan Pasar Lama",
    "story": "Lubang besar di depan pasar masih ada, sudah tiga minggu.",
}


def checked(browser: Client, world: World, **story: Any) -> str:
    at_check(browser, world, **{**SAME, **story})
    return browser.get("/lapor/periksa/").content.decode()


def test_the_own_report_is_named_with_a_way_to_add_to_it(world: World) -> None:
    case = report(world, now=timezone.now())
    page = checked(client_of(world.sari), world)
    assert SAID in page
    assert case.shown_number in page
    assert f"/laporan/{case.number}/#tulis" in page
    assert "Kirim laporan" in page, "and it may be sent all the same"


def test_a_secret_or_anonymous_one_is_still_the_own(world: World) -> None:
    case = report(world, now=timezone.now(), anonymous=True, secret=True)
    assert case.shown_number in checked(client_of(world.sari), world)


def test_another_matter_another_place_and_what_is_over_are_not_named(world: World) -> None:
    case = report(world, now=timezone.now())
    other = {"title": "Obat habis di puskesmas", "story": "Sejak Senin obat tekanan darah tidak tersedia di puskesmas."}
    assert SAID not in checked(client_of(world.sari), world, **other)
    far = client_of(world.sari)
    far.post("/lapor/", {"place": world.batu_belah.pk})
    far.post("/lapor/masalah/", {"kind": "PENGADUAN", "happened_on_pick": "today", **SAME})
    assert SAID not in far.get("/lapor/periksa/").content.decode()
    case.withdraw(by=_reporter())
    assert SAID not in checked(client_of(world.sari), world)


def _reporter() -> Any:
    from agencies.actor import Actor

    return Actor.reporter()


def test_whoever_types_the_same_address_learns_nothing(world: World) -> None:
    report(world, now=timezone.now())
    for browser in (Client(), client_of(world.rudi)):
        at_check(browser, world, **SAME)
        sent = {"who": "officers", "read": "open", "tell": "email", "email": SARI, "act": "simpan"}
        browser.post("/lapor/periksa/", sent)
        assert SAID not in browser.get("/lapor/periksa/").content.decode()


def test_one_statement_more_however_many_there_are(world: World) -> None:
    browser = client_of(world.sari)
    at_check(browser, world, **SAME)
    for wanted in (1, 5):
        for _ in range(wanted):
            report(world, now=timezone.now())
        with CaptureQueriesContext(connection) as statements:
            browser.get("/lapor/periksa/")
        asked = [
            one["sql"] for one in statements if "account_fingerprint" in one["sql"] and "duplicate_of" in one["sql"]
        ]
        assert len(asked) == 1
