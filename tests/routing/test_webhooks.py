"""Webhooks: signed as the standard says, tried until they arrive, given up after 72 hours, and of nobody's story."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from agencies import clients
from complaints.models import Complaint
from lapor.kit import outside
from routing import dispatch, endpoints
from routing.delivery import sending
from routing.models import Delivery, DeliveryTry, Endpoint
from tests.conftest import Nudges
from tests.peers import Peer, listening
from tests.routing.machines import case_at, connected
from tests.world import World

pytestmark = pytest.mark.django_db

State = Delivery.State


@pytest.fixture
def peer() -> Iterator[Peer]:
    with listening() as found:
        yield found


def registered(world: World, peer: Peer, **more: Any) -> tuple[Endpoint, str]:
    client, _program = connected(world, **more)
    return endpoints.register(client, by=world.wati, url=f"{peer.url}/lapor")


def later(now: datetime.datetime, **step: float) -> datetime.datetime:
    return now + datetime.timedelta(**step)


# --- What is told ---


def test_an_event_is_told_signed_and_once(world: World, peer: Peer, nudges: Nudges) -> None:
    endpoint, secret = registered(world, peer)
    case = case_at(world, title="Jalan rusak", name="Sari Wulandari")
    nudges.run()
    (heard,) = peer.heard
    said = Webhook(secret).verify(heard.body, heard.headers)
    assert said == json.loads(heard.body)
    assert (said["type"], said["data"]["number"], said["data"]["held"]) == ("laporan.forward", case.shown_number, True)
    row = Delivery.objects.get()
    assert (row.state, str(row.message_id)) == (State.SENT, heard.headers["webhook-id"])
    assert sending.send_due() == 0
    endpoint.refresh_from_db()
    assert endpoint.heard_at is not None


def test_a_changed_body_or_another_secret_does_not_verify(world: World, peer: Peer, nudges: Nudges) -> None:
    _endpoint, secret = registered(world, peer)
    case_at(world)
    nudges.run()
    (heard,) = peer.heard
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(heard.body + b" ", heard.headers)
    _other, wrong = registered(world, peer)
    with pytest.raises(WebhookVerificationError):
        Webhook(wrong).verify(heard.body, heard.headers)


def test_no_word_of_the_story_and_no_name_is_told(world: World, peer: Peer, nudges: Nudges) -> None:
    registered(world, peer)
    case = case_at(world, title="Pungli di loket", body="Petugas meminta uang.", name="Sari Wulandari", secret=True)
    case.answer("Kami periksa.", by=world.joko)
    nudges.run()
    told = b" ".join(heard.body for heard in peer.heard).decode()
    assert len(peer.heard) == 2
    for word in ("Pungli", "meminta", "Sari", "periksa", "contoh.test", "joko", "Joko"):
        assert word not in told
    assert set(json.loads(peer.heard[0].body)["data"]) == {
        "event",
        "number",
        "verb",
        "status",
        "held",
        "help",
        "api_url",
    }


def test_what_an_endpoint_may_not_know_is_never_written_for_it(world: World, peer: Peer, nudges: Nudges) -> None:
    registered(world, peer)
    elsewhere = case_at(world, addressed_to=world.dinas_kesehatan)
    about_them = case_at(world, about_conduct=True, not_for=world.dinas_pu)
    secret = case_at(world, secret=True)
    dispatch.move(secret, world.dinas_kesehatan, by=world.wati, reason="salah kantor")
    known = Delivery.objects.values_list("complaint", "event__verb", "held")
    assert list(known) == [(secret.pk, "forward", True)]
    assert {elsewhere.pk, about_them.pk}.isdisjoint(row[0] for row in known)


def test_only_a_client_that_may_read_the_queue_hears_anything(world: World, peer: Peer, nudges: Nudges) -> None:
    client, _program = connected(world, None, "file")
    with pytest.raises(endpoints.Refused):
        endpoints.register(client, by=world.wati, url=f"{peer.url}/lapor")
    registered(world, peer)
    clients.end(Endpoint.objects.get().client, by=world.ratna, reason="selesai")
    case_at(world)
    assert not Delivery.objects.exists()


def test_what_waits_for_a_system_that_was_cut_off_is_not_sent(world: World, peer: Peer, nudges: Nudges) -> None:
    endpoint, _secret = registered(world, peer)
    case_at(world)
    clients.end(endpoint.client, by=world.ratna, reason="bocor")
    nudges.run()
    assert peer.heard == []


def test_row_and_event_are_one_transaction(world: World, peer: Peer) -> None:
    registered(world, peer)
    case = case_at(world)
    before = Delivery.objects.count()
    with transaction.atomic():
        Complaint.objects.get(pk=case.pk).start(by=world.joko)
        assert Delivery.objects.count() == before + 1
        transaction.set_rollback(True)
    assert Delivery.objects.count() == before


# --- What goes wrong ---


@pytest.mark.parametrize("answer", [500, 503, 404, 301, "redirect", "cut"])
def test_what_is_not_taken_is_tried_again_with_the_same_id(
    world: World, peer: Peer, nudges: Nudges, answer: int | str
) -> None:
    registered(world, peer)
    peer.answers = [answer, 204]
    case_at(world)
    nudges.run()
    row = Delivery.objects.get()
    assert (row.state, row.tries) == (State.PENDING, 1)
    assert DeliveryTry.objects.get().answer != "" or answer == "cut"
    assert sending.send_due() == 0, "not before its time"
    assert sending.send_due(now=later(timezone.now(), minutes=2)) == 1
    first, second = peer.heard
    assert first.path == second.path == "/lapor", "a redirect is not followed"
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


@pytest.mark.slow
def test_a_peer_that_drips_is_cut_off(world: World, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS", 0.5)
    registered(world, peer)
    peer.answers = ["slow"]
    case_at(world)
    began = datetime.datetime.now(datetime.UTC)
    assert sending.send_due() == 0
    assert (datetime.datetime.now(datetime.UTC) - began).total_seconds() < 5
    assert "Timeout" in DeliveryTry.objects.get().answer


@pytest.mark.slow
def test_a_silent_endpoint_rests_and_holds_up_nobody_else(world: World, peer: Peer) -> None:
    with listening() as other:
        dead, _secret = registered(world, peer)
        alive, _secret = registered(world, other)
        peer.answers = [500]
        for _ in range(6):
            case_at(world)
        assert sending.send_due() == 6
        assert len(other.heard) == 6
        assert len(peer.heard) == sending.SILENCES, "then it rests"
        dead.refresh_from_db()
        assert dead.rests_until is not None
        assert dead.answer.startswith("500")
        # Awake again: one is tried, and its answer decides.
        at = later(dead.rests_until, minutes=1)
        sending.send_due(now=at)
        assert len(peer.heard) == sending.SILENCES + 1
        peer.answers = [200]
        dead.refresh_from_db()
        at = later(dead.rests_until, minutes=10)
        assert sending.send_due(now=at) == 6
        assert not Delivery.objects.exclude(state=State.SENT).exists()
        alive.refresh_from_db()
        assert alive.silences == 0


@pytest.mark.slow
def test_after_72_hours_it_is_a_dead_letter_and_a_person_sends_it_again(world: World, peer: Peer) -> None:
    endpoint, _secret = registered(world, peer)
    peer.answers = [500]
    case_at(world)
    began, now, tries = timezone.now(), timezone.now(), 0
    while Delivery.objects.filter(state=State.PENDING).exists() and tries < 200:
        sending.send_due(now=now)
        now, tries = later(now, hours=1), tries + 1
    row = Delivery.objects.get()
    assert row.state == State.FAILED
    assert later(began, hours=72) <= now <= later(began, hours=77)
    assert 20 < row.attempts.count() < 100
    peer.answers = [200]
    assert endpoints.send_again(endpoint, by=world.wati, now=now) == 1
    Endpoint.objects.update(rests_until=None)
    assert sending.send_due(now=now) == 1
    assert peer.heard[0].headers["webhook-id"] == peer.heard[-1].headers["webhook-id"]


def test_gone_stops_the_endpoint_until_a_person_lets_it_go_on(world: World, peer: Peer) -> None:
    endpoint, _secret = registered(world, peer)
    peer.answers = [410, 200]
    case_at(world)
    sending.send_due()
    case_at(world)
    assert sending.send_due(now=later(timezone.now(), hours=5)) == 0
    assert len(peer.heard) == 1
    endpoints.resume(endpoint, by=world.wati)
    assert sending.send_due(now=later(timezone.now(), hours=5)) == 2


def test_two_senders_never_hold_the_same_one(world: World, peer: Peer) -> None:
    registered(world, peer)
    case_at(world)
    now = timezone.now()
    assert sending.take(now) is not None
    assert sending.take(now) is None
    # Its sender died: the lease runs out by itself.
    assert sending.take(later(now, minutes=6)) is not None


def test_waits_grow_and_are_spread() -> None:
    waits = [sending.wait_after(tries) for tries in (1, 2, 3, 20)]
    for wait, seconds in zip(waits, (30, 60, 120, 7200), strict=True):
        assert 0.8 * seconds <= wait.total_seconds() <= 1.2 * seconds
    assert len({sending.wait_after(3) for _ in range(10)}) > 1
    assert sending.rest_after(2) == datetime.timedelta(0)
    assert sending.rest_after(50) <= 1.2 * sending.LONGEST_REST


def test_a_slow_one_has_a_third_of_a_worker(world: World, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint, _secret = registered(world, peer)
    case_at(world)
    case_at(world)
    monkeypatch.setattr(sending, "SLOW", -1.0)
    # It answers in milliseconds and rests twice as many: by a clock that goes on, a busy machine would miss the rest.
    now = timezone.now()
    assert sending.send_due(now=now) == 1
    endpoint.refresh_from_db()
    assert endpoint.rests_until is not None
    assert sending.send_due(now=later(now, seconds=30)) == 1


def test_what_arrived_is_forgotten_and_what_was_given_up_is_not(world: World, peer: Peer) -> None:
    registered(world, peer)
    peer.answers = [200, 500]
    case_at(world)
    case_at(world)
    sending.send_due()
    Delivery.objects.filter(state=State.PENDING).update(state=State.FAILED)
    assert sending.forget(later(timezone.now(), days=31)) > 0
    assert [row.state for row in Delivery.objects.all()] == [State.FAILED]


# --- What waited too long ---


def test_what_became_secret_while_it_waited_is_not_told_to_a_former_office(world: World, peer: Peer) -> None:
    registered(world, peer)
    case = case_at(world)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Bukan jalan.")
    case.tighten(by=world.wati, secret=True)
    assert Delivery.objects.count() == 2
    sending.send_due()
    assert peer.heard == []
    assert not Delivery.objects.exists()


def test_nor_is_a_dead_letter_about_a_case_kept_from_the_office_since(world: World, peer: Peer) -> None:
    endpoint, _secret = registered(world, peer)
    case = case_at(world)
    Delivery.objects.update(state=State.FAILED)
    case.exclude(world.dinas_pu, by=world.wati)
    assert endpoints.send_again(endpoint, by=world.wati) == 1
    sending.send_due()
    assert peer.heard == []
    assert not Delivery.objects.exists()


def test_what_the_office_still_has_is_told_though_it_became_secret(world: World, peer: Peer) -> None:
    registered(world, peer)
    case_at(world).tighten(by=world.wati, secret=True)
    sending.send_due()
    assert [json.loads(heard.body)["data"]["verb"] for heard in peer.heard] == ["forward", "tighten"]


# --- Secrets ---


def test_after_a_change_both_secrets_sign_for_three_days(world: World, peer: Peer) -> None:
    endpoint, old = registered(world, peer)
    new = endpoints.change_secret(endpoint, by=world.wati)
    assert old not in str(list(Endpoint.objects.values()))
    case_at(world)
    sending.send_due()
    (heard,) = peer.heard
    for secret in (old, new):
        assert Webhook(secret).verify(heard.body, heard.headers)
    with time_machine.travel(later(timezone.now(), days=4), tick=False):
        case_at(world, now=timezone.now())
        sending.send_due()
        heard = peer.heard[-1]
        assert Webhook(new).verify(heard.body, heard.headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(old).verify(heard.body, heard.headers)


# --- Where to ---


@pytest.mark.parametrize(
    "url",
    [
        "http://contoh.test/lapor",
        "https://127.0.0.1/lapor",
        "https://[::1]/lapor",
        "https://10.0.0.8/lapor",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.8]/",
        "https://contoh.test:8080/lapor",
        "https://nama:sandi@contoh.test/",
        "file:///etc/passwd",
        "gopher://contoh.test/",
        "https://",
        "bukan alamat",
    ],
)
def test_in_produksi_only_https_to_the_open_internet(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "resolve", lambda host, port: [host.strip("[]")])
    with pytest.raises(outside.Unreachable):
        outside.post(url, b"{}", {}, seconds=2)


def test_a_name_that_leads_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "resolve", lambda host, port: ["203.0.113.1", "192.168.1.9"])
    with pytest.raises(outside.Unreachable, match="open internet"):
        outside.post("https://dalam.contoh.test/", b"{}", {}, seconds=2)


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpcore

    asked: list[str] = []

    def connect(self: Any, host: str, *args: Any, **more: Any) -> Any:
        asked.append(host)
        raise httpcore.ConnectError("not in a test")

    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    monkeypatch.setattr(outside, "resolve", lambda host, port: next(answers))
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(outside.Unreachable):
        outside.post("https://ganti.contoh.test/", b"{}", {}, seconds=2)
    assert asked == ["93.184.216.34"]


def test_in_produksi_an_endpoint_inside_is_never_reached(
    world: World, peer: Peer, settings: Any, nudges: Nudges
) -> None:
    registered(world, peer)
    settings.PRODUCTION = True
    case_at(world)
    nudges.run()
    assert peer.heard == []
    assert Delivery.objects.get().state == State.PENDING
