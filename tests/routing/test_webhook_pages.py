"""The coordinator registers a webhook, sees what was given up there, and sends it again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.models import AuditEntry
from agencies.permissions import Capability, membership_may
from lapor.kit import outside
from routing import dispatch, endpoints
from routing.delivery.webhook import secrets_of
from routing.models import Delivery, Endpoint
from tests.permissions import cast, rules
from tests.permissions.test_map_urls import acting, browser
from tests.routing.machines import case_at, connected
from tests.world import World, client_of

pytestmark = pytest.mark.django_db

URL = "https://sistem.contoh.test/lapor"


def registered(world: World) -> Endpoint:
    return endpoints.register(connected(world)[0], by=world.wati, url=URL)[0]


def given_up(world: World, count: int = 1) -> Endpoint:
    endpoint = registered(world)
    for _ in range(count):
        case_at(world)
    Delivery.objects.update(state=Delivery.State.FAILED, tries=30)
    return endpoint


def test_the_secret_is_shown_once_and_signs(world: World) -> None:
    client, _program = connected(world)
    wati = client_of(world.wati)
    answer = wati.post(reverse("routing:webhook_add", args=[client.pk]), {"url": URL})
    assert "no-store" in answer["Cache-Control"]
    found = re.search(r"whsec_[\w+/=]+", answer.content.decode())
    assert found is not None
    endpoint = Endpoint.objects.get()
    assert secrets_of(endpoint, timezone.now()) == [found.group()]
    assert found.group() not in endpoint.secret_sealed
    for name, args in (("webhooks", []), ("webhook", [endpoint.pk])):
        page = wati.get(reverse(f"routing:{name}", args=args)).content.decode()
        assert URL in page
        assert "whsec_" not in page
    assert URL in str(AuditEntry.objects.get(what="register_webhook").after)


def test_what_became_secret_after_it_left_is_not_among_the_dead_letters(world: World) -> None:
    endpoint = registered(world)
    open_case, secret_case = case_at(world), case_at(world)
    for case in (open_case, secret_case):
        dispatch.move(case, world.pemkab_tetangga, by=world.ratna, reason="Di sana.")
    secret_case.tighten(by=world.ratna, secret=True)
    Delivery.objects.update(state=Delivery.State.FAILED, tries=30)
    page = client_of(world.wati).get(reverse("routing:webhook", args=[endpoint.pk])).content.decode()
    assert open_case.shown_number in page
    assert secret_case.shown_number not in page


def test_the_page_of_the_system_leads_there(world: World) -> None:
    client, _program = connected(world)
    page = client_of(world.wati).get(reverse("agencies:client", args=[client.pk])).content.decode()
    assert reverse("routing:webhook_add", args=[client.pk]) in page


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "Tulis alamatnya."),
        ("sistem", "Tulis alamat lengkap"),
        ("ftp://sistem.contoh.test/", "Tulis alamat lengkap"),
        ("https://a b.test/", "huruf yang tidak bisa dipakai"),
        ("https://" + "a" * 500, "terlalu panjang"),
    ],
)
def test_an_address_that_is_none_is_told_beside_its_field(world: World, url: str, sentence: str) -> None:
    client, _program = connected(world)
    answer = client_of(world.wati).post(reverse("routing:webhook_add", args=[client.pk]), {"url": url})
    assert sentence in answer.content.decode()
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("http://sistem.contoh.test/", ["93.184.216.34"]),
        ("https://sistem.contoh.test:8443/", ["93.184.216.34"]),
        ("https://sistem.contoh.test/", ["10.1.2.3"]),
        ("https://sistem.contoh.test/", ["93.184.216.34", "127.0.0.1"]),
        ("https://169.254.169.254/", ["169.254.169.254"]),
    ],
)
def test_in_produksi_only_https_to_the_open_internet(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch, url: str, addresses: list[str]
) -> None:
    client, _program = connected(world)
    settings.PRODUCTION = True
    monkeypatch.setattr(outside, "resolve", lambda host, port: addresses)
    with pytest.raises(endpoints.Refused):
        endpoints.register(client, by=world.wati, url=url)
    monkeypatch.setattr(outside, "resolve", lambda host, port: ["93.184.216.34"])
    assert endpoints.register(client, by=world.wati, url=URL)


def test_dead_letters_are_shown_first_and_sent_again_one_by_one_or_all(world: World) -> None:
    endpoint = given_up(world, 3)
    wati = client_of(world.wati)
    assert "Kirim ulang semua (3)" in wati.get(reverse("routing:webhook", args=[endpoint.pk])).content.decode()
    where = reverse("routing:webhook_again", args=[endpoint.pk])
    one = Delivery.objects.order_by("pk").first()
    assert one is not None
    wati.post(where, {"kiriman": one.pk})
    one.refresh_from_db()
    assert (one.state, one.tries) == (Delivery.State.PENDING, 0)
    assert Delivery.objects.filter(state=Delivery.State.FAILED).count() == 2
    wati.post(where)
    assert not Delivery.objects.filter(state=Delivery.State.FAILED).exists()
    assert AuditEntry.objects.filter(what="replay_webhook").count() == 2


def test_the_list_takes_no_more_statements_for_more_rows(world: World) -> None:
    wati = client_of(world.wati)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            wati.get(reverse("routing:webhooks"))
        return len(queries)

    registered(world)
    few = statements()
    for _ in range(4):
        registered(world)
    assert statements() == few


@pytest.mark.slow
def test_a_webhook_exists_only_for_whoever_keeps_its_system(world: World) -> None:
    endpoint = given_up(world)
    for role, viewer in cast.viewers(world).items():
        browsing, membership = browser(viewer), acting(viewer)
        agency = endpoint.client.agency
        if membership is not None and membership_may(membership, Capability.MANAGE_CLIENTS, agency):
            assert browsing.get(reverse("routing:webhook", args=[endpoint.pk])).status_code == 200, role
            continue
        for name in sorted(rules.WEBHOOKS):
            where = reverse(name, args=[endpoint.client_id if name == "routing:webhook_add" else endpoint.pk])
            for answer in (browsing.get(where), browsing.post(where, {"url": "https://lain.contoh.test/"})):
                assert answer.status_code in (302, 403, 404, 405), f"{role} × {name}: {answer.status_code}"
                assert URL not in answer.content.decode()
    endpoint.refresh_from_db()
    assert (endpoint.ended_at, endpoint.old_secret_sealed) == (None, "")
    assert Delivery.objects.get().state == Delivery.State.FAILED


def test_what_is_ended_is_told_nothing_and_changed_no_more(world: World) -> None:
    endpoint = registered(world)
    wati = client_of(world.wati)
    wati.post(reverse("routing:webhook_end", args=[endpoint.pk]))
    case_at(world)
    assert not Delivery.objects.exists()
    answer = wati.post(reverse("routing:webhook_secret", args=[endpoint.pk]), follow=True)
    assert "sudah diakhiri" in answer.content.decode()
    assert URL not in wati.get(reverse("routing:webhooks")).content.decode()
