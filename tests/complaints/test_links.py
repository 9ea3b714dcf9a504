"""The links of letters: they open one thing, end, and change nothing by being looked at."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from complaints import privacy
from complaints.models import Reporter
from complaints.notifications import letters
from tests.complaints.cases import NOW, report
from tests.world import World

pytestmark = pytest.mark.django_db


def path_of(url: str) -> str:
    return urlsplit(url)._replace(scheme="", netloc="").geturl()


def test_looking_at_the_confirmation_confirms_nothing(world: World, client: Client) -> None:
    reporter = report(world, confirmed=False).reporter
    response = client.get(path_of(letters.confirm_url(reporter)))
    assert response.status_code == 200
    assert "s•••@contoh.test" in response.content.decode()
    assert "Lubang" not in response.content.decode()
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert not Reporter.objects.get().is_reachable


def test_pressing_the_button_confirms_and_twice_is_the_same(world: World, client: Client) -> None:
    reporter = report(world, confirmed=False).reporter
    for _n in range(2):
        assert client.post(path_of(letters.confirm_url(reporter))).status_code == 302
        assert Reporter.objects.get().is_reachable
    case = reporter.complaint
    assert "Alamat Anda sudah dipastikan." in client.get(f"/laporan/{case.number}/").content.decode()


def test_a_browser_s_own_post_passes_the_origin_check(world: World) -> None:
    url = path_of(letters.confirm_url(report(world, confirmed=False).reporter))
    browser = Client(enforce_csrf_checks=True)
    browser.get(url)
    token = browser.cookies["csrftoken"].value
    sent = browser.post(url, {"csrfmiddlewaretoken": token}, headers={"origin": "http://testserver"})
    assert sent.status_code == 302


def test_a_link_is_exchanged_for_a_cookie_and_stays_in_no_address(world: World, client: Client) -> None:
    case = report(world)
    response = client.get(path_of(letters.track_url(case.reporter, "balas")))
    assert response.status_code == 302
    assert response["Location"] == f"/laporan/{case.number}/#tulis"
    page = client.get(f"/laporan/{case.number}/")
    assert page.status_code == 200
    assert case.title in page.content.decode()
    assert Client().get(f"/laporan/{case.number}/").status_code == 404


def test_a_link_sent_to_an_old_address_opens_nothing(world: World, client: Client) -> None:
    reporter = report(world).reporter
    old = [letters.track_url(reporter), letters.confirm_url(reporter), letters.stop_url(reporter)]
    privacy.set_contacts(reporter, "Sari", "baru@contoh.test", "")
    assert [client.get(path_of(url)).status_code for url in old] == [404, 404, 404]


def test_an_erased_reporter_s_links_open_nothing(world: World, client: Client) -> None:
    reporter = report(world).reporter
    url = letters.track_url(reporter)
    privacy.erase(reporter, NOW)
    assert client.get(path_of(url)).status_code == 404


@pytest.mark.parametrize("token", ["x", "7:ab~zz", "7:ab:cd~1~2", "%00", "~"])
def test_a_forged_link_says_that_it_does_not_work(world: World, client: Client, token: str) -> None:
    report(world)
    for end in ("", "alamat/", "henti/"):
        response = client.get(f"/kabar/{token}/{end}")
        assert response.status_code == 404
        assert "tidak berlaku lagi" in response.content.decode()


def test_a_link_for_reading_does_not_confirm(world: World, client: Client) -> None:
    reporter = report(world, confirmed=False).reporter
    url = path_of(letters.track_url(reporter))
    assert client.post(f"{url}alamat/").status_code == 404
    assert not Reporter.objects.get().is_reachable


def test_a_link_ends_after_sixty_days(world: World, client: Client, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    url = letters.track_url(report(world).reporter)
    time_machine.move_to(NOW + letters.TRACK_LASTS, tick=False)
    assert letters.reporter_of("track", url.rstrip("/").rpartition("/")[2]) is not None
    time_machine.move_to(NOW + letters.TRACK_LASTS * 1.01, tick=False)
    assert client.get(path_of(url)).status_code == 404


def test_stopping_asks_once_and_then_stops(world: World, client: Client) -> None:
    reporter = report(world).reporter
    url = path_of(letters.stop_url(reporter))
    assert "Berhenti dikabari?" in client.get(url).content.decode()
    assert Reporter.objects.get().is_reachable
    assert "tidak kami kabari lagi" in client.post(url).content.decode()
    assert not Reporter.objects.get().is_reachable
