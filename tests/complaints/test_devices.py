"""Calls to browsers: who is called about what, that a call tells nothing, and what a press on one leads to."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.actor import Actor
from complaints import privacy
from complaints.channels.push.outbound import public_key
from complaints.models import Complaint, DeliveryAttempt, Device, Notification
from complaints.notifications import delivery, devices, peers, send
from complaints.notifications.quiet import after_quiet
from complaints.notifications.to_officers import LETTERS as TO_OFFICERS
from complaints.notifications.to_reporter import LETTERS as TO_REPORTERS
from complaints.number import hash_key
from lapor.embedded.services import vapid_key
from lapor.kit.sealing import seal, unseal
from routing import dispatch
from tests.complaints.cases import NOW, at, later, report
from tests.push_service import Browser, PushService, push_service
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
State = Notification.State
EVERYTHING = list(devices.OF_REPORTERS)
DESK = list(devices.OF_OFFICERS)


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with push_service() as service:
        yield service


@pytest.fixture(autouse=True)
def calling(settings: LazySettings, service: PushService) -> None:
    settings.LAPOR_VAPID_KEY = vapid_key("rahasia uji")
    settings.LAPOR_PUSH_HOSTS = ["127.0.0.1"]
    service.says, service.wait = 0, ""
    service.refused.clear()


def browser_of(service: PushService, case: Complaint, topics: list[str] | None = None) -> Browser:
    browser = service.subscribe(public_key())
    Device.take(browser.subscription(), topics=topics or EVERYTHING, language="id", reporter=case.reporter)
    return browser


def desk_of(service: PushService, officer: Actor, topics: list[str] | None = None) -> Browser:
    browser = service.subscribe(public_key())
    Device.take(browser.subscription(), topics=topics or DESK, language="id", user=officer.user)
    return browser


def calls(case: Complaint) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(event__complaint=case, medium="PUSH").order_by("pk")
    return list(rows.values_list("letter", "state"))


def holder(case: Complaint, key: str = "KUNCIUJI00000000") -> Client:
    """A browser that has proved to hold this case, without an account."""
    Complaint.objects.filter(pk=case.pk).update(key_hash=hash_key(key))
    client = Client()
    assert client.post("/lacak/", {"number": case.number, "key": key}).status_code == 302
    return client


# --- Who is called ---


def test_every_letter_belongs_to_one_topic() -> None:
    for groups, letters in ((devices.OF_REPORTERS, TO_REPORTERS), (devices.OF_OFFICERS, TO_OFFICERS)):
        told = [letter for _words, letters_ in groups.values() for letter in letters_]
        assert sorted(told) == sorted(letters)


def test_a_call_says_that_there_is_news_and_nothing_else(world: World, service: PushService) -> None:
    case = at(report(world, anonymous=True, secret=True, title="Judul yang rahasia"), world.dinas_pu)
    browser = browser_of(service, case)
    case.ask("Di mana tepatnya?", by=world.joko, now=NOW)
    assert calls(case) == [("asked", State.PENDING)]
    delivery.send_due(now=later(minutes=1))
    assert service.refused == []
    [said] = browser.read()
    assert set(said) == {"tag", "at"}
    for secret in (case.number, case.shown_number, "Judul", "Dinas", "rahasia"):
        assert secret not in json.dumps(said)
    assert calls(case) == [("asked", State.SENT)]
    row = devices.row_of(said["at"], later(minutes=2))
    assert row is not None
    assert row.event is not None
    assert row.event.complaint == case


def test_a_call_of_a_secret_case_is_as_long_as_any_other(world: World, service: PushService) -> None:
    lengths = set()
    for secret in (False, True):
        title = "Pendek" if secret else "Judul yang jauh lebih panjang"
        case = at(report(world, secret=secret, title=title), world.dinas_pu)
        browser = browser_of(service, case)
        case.ask("Di mana?", by=world.joko, now=NOW)
        delivery.send_due(now=later(minutes=1))
        lengths |= {len(closed) for closed in browser.closed}
    assert len(lengths) == 1


def test_a_device_hears_of_what_it_chose(world: World, service: PushService) -> None:
    case = report(world)
    browser_of(service, case, ["turn"])
    at(case, world.dinas_pu)
    case.start(by=world.joko, now=NOW)
    assert calls(case) == []
    case.ask("Di mana?", by=world.joko, now=NOW)
    assert calls(case) == [("asked", State.PENDING)]


def test_two_devices_of_one_reporter_are_one_row_and_two_calls(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    browsers = [browser_of(service, case) for _ in range(2)]
    case.ask("Di mana?", by=world.joko, now=NOW)
    assert len(calls(case)) == 1
    delivery.send_due(now=later(minutes=1))
    assert [len(browser.closed) for browser in browsers] == [1, 1]


def test_a_reporter_whose_case_was_merged_hears_of_the_lead(world: World, service: PushService) -> None:
    lead, mine = at(report(world), world.dinas_pu), at(report(world), world.dinas_pu)
    browser = browser_of(service, mine)
    mine.archive(by=world.wati, ground="DUPLICATE", text="Sama.", duplicate_of=lead, now=NOW)
    Notification.objects.all().update(state=State.SILENCED)
    lead.refresh_from_db()
    lead.start(by=world.joko, now=NOW)
    [row] = Notification.objects.filter(event__complaint=lead, medium="PUSH")
    assert row.reporter == mine.reporter
    delivery.send_due(now=later(minutes=1))
    assert len(browser.closed) == 1


def test_an_officer_is_called_when_a_new_case_comes_to_their_desk(world: World, service: PushService) -> None:
    joko, dewi = desk_of(service, world.joko), desk_of(service, world.dewi)
    case = report(world, addressed_to=world.dinas_pu, place=world.sukasari, now=NOW)
    dispatch.forward_by_itself(case.pk, now=NOW)
    case.refresh_from_db()
    assert case.handler == world.dinas_pu
    delivery.send_due(now=later(minutes=1))
    assert (len(joko.closed), len(dewi.closed)) == (1, 0)
    row = Notification.objects.get(medium="PUSH")
    assert (row.letter, row.user) == ("officer_new", world.joko.user)


def test_an_officer_is_called_about_what_they_chose_and_never_about_their_own_act(
    world: World, service: PushService
) -> None:
    case = at(report(world), world.dinas_pu)
    desk_of(service, world.joko, ["reporter"])
    hana = desk_of(service, world.hana, ["above"])
    case.ask("Di mana?", by=world.joko, now=NOW)
    case.reply("Di tikungan.", by=Actor.reporter(), now=NOW)
    assert calls(case) == [("officer_replied", State.PENDING)]
    assert hana.closed == []
    # The same event once more adds nothing.
    event = case.events.latest("pk")
    send.notify_officers(event, send.officers_of(case), "officer_replied")
    assert len(calls(case)) == 1


def test_no_telephone_rings_at_night(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    browser_of(service, case)
    night = NOW.replace(hour=23)
    case.ask("Di mana?", by=world.joko, now=night)
    row = Notification.objects.get(medium="PUSH")
    assert row.next_try == after_quiet(night, "Asia/Jakarta") > night


# --- How it gets there ---


def test_a_phone_that_was_given_away_is_not_called_again_and_nobody_is_alarmed(
    world: World, service: PushService
) -> None:
    case = at(report(world), world.dinas_pu)
    here, gone = browser_of(service, case), browser_of(service, case)
    service.give_up(gone)
    case.ask("Di mana?", by=world.joko, now=NOW)
    delivery.send_due(now=later(minutes=1))
    assert calls(case) == [("asked", State.SENT)]
    assert len(here.closed) == 1
    ended = Device.objects.exclude(ended_at=None).get()
    assert ended.subscription_sealed == ""
    assert Device.objects.awake().count() == 1


def test_when_every_device_is_gone_the_row_falls_silent(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    service.give_up(browser_of(service, case))
    case.ask("Di mana?", by=world.joko, now=NOW)
    delivery.send_due(now=later(minutes=1))
    assert calls(case) == [("asked", State.SILENCED)]
    assert not case.events.filter(verb="undeliverable").exists()
    assert case.reporter_is_reachable == Complaint.objects.get(pk=case.pk).reporter_is_reachable


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_push_service_in_trouble_delays_and_loses_nothing(world: World, service: PushService, status: int) -> None:
    case = at(report(world), world.dinas_pu)
    browser = browser_of(service, case)
    case.ask("Di mana?", by=world.joko, now=NOW)
    service.says, service.wait = status, "600"
    delivery.send_due(medium="PUSH", now=later(minutes=1))
    row = Notification.objects.get(medium="PUSH")
    assert row.state == State.PENDING
    assert row.next_try >= later(minutes=11)
    assert str(status) in DeliveryAttempt.objects.get(notification=row).answer
    service.says, service.wait = 0, ""
    delivery.send_due(medium="PUSH", now=later(hours=3))
    assert calls(case) == [("asked", State.SENT)]
    assert len(browser.closed) == 1


def test_a_second_call_about_the_same_thing_takes_the_place_of_the_first(world: World, service: PushService) -> None:
    """One device was called, the other's service was down: both are called again, with the same tag."""
    case = at(report(world), world.dinas_pu)
    browser = browser_of(service, case)
    case.ask("Di mana?", by=world.joko, now=NOW)
    for minutes in (1, 2):
        delivery.send_due(medium="PUSH", now=later(minutes=minutes))
        Notification.objects.filter(medium="PUSH").update(state=State.PENDING, next_try=NOW)
    first, second = browser.read()
    assert first["tag"] == second["tag"]


def test_a_service_that_refuses_our_signature_is_our_fault_and_is_tried_again(
    world: World, service: PushService, settings: LazySettings
) -> None:
    case = at(report(world), world.dinas_pu)
    browser = browser_of(service, case)
    case.ask("Di mana?", by=world.joko, now=NOW)
    settings.LAPOR_VAPID_KEY = vapid_key("kunci lain")
    delivery.send_due(medium="PUSH", now=later(minutes=1))
    assert service.refused == ["another key than the browser agreed to"]
    assert calls(case) == [("asked", State.PENDING)]
    assert Device.objects.awake().count() == 1
    assert browser.closed == []


def test_a_redirect_is_not_followed(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    browser_of(service, case)
    case.ask("Di mana?", by=world.joko, now=NOW)
    service.says, asked = 307, service.asked
    delivery.send_due(medium="PUSH", now=later(minutes=1))
    assert service.asked == asked + 1
    assert calls(case) == [("asked", State.SILENCED)]


def test_without_a_key_calls_wait_and_the_page_says_so(
    world: World, service: PushService, settings: LazySettings
) -> None:
    case = at(report(world), world.dinas_pu)
    client = holder(case)
    assert "data-key" in client.get(f"/laporan/{case.number}/gawai/").content.decode()
    settings.LAPOR_VAPID_KEY = ""
    page = client.get(f"/laporan/{case.number}/gawai/").content.decode()
    assert "sedang tidak dinyalakan" in page
    assert "<form method" not in page.partition("<main")[2].partition("</main>")[0]
    peers.resting(timezone.now())


# --- Asking to be called ---


def asked(client: Client, url: str, browser: Browser, **changed: Any) -> Any:
    form = {"topics": EVERYTHING[:2], "subscription": json.dumps(browser.subscription())}
    return client.post(url, form | changed)


def test_a_reporter_without_an_account_asks_and_stops(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    client, browser, url = holder(case), service.subscribe(public_key()), f"/laporan/{case.number}/gawai/"
    assert asked(client, url, browser).headers["Location"] == url
    device = Device.objects.get()
    assert (device.reporter, device.user, device.topics) == (case.reporter, None, EVERYTHING[:2])
    assert browser.endpoint not in device.subscription_sealed + device.fingerprint
    # Once more, with other wishes: the same device.
    asked(client, url, browser, topics=["turn"])
    assert Device.objects.get().topics == ["turn"]
    page = client.get(url).content.decode()
    assert "1 gawai" in page
    assert browser.endpoint not in page
    client.post(url, {"act": "henti"})
    assert not Device.objects.awake().exists()


def test_only_who_holds_the_case_may_ask(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    url = f"/laporan/{case.number}/gawai/"
    for client in (Client(), client_of(world.rudi), client_of(world.joko)):
        assert client.get(url).status_code == 404
        assert asked(client, url, service.subscribe(public_key())).status_code == 404
    assert not Device.objects.exists()


def test_only_officers_have_a_page_for_their_desk(world: World, service: PushService) -> None:
    assert Client().get("/akun/gawai/").status_code == 302
    assert client_of(world.sari).get("/akun/gawai/").status_code == 403
    joko = client_of(world.joko)
    assert "Laporan baru di meja saya" in joko.get("/akun/gawai/").content.decode()
    browser = service.subscribe(public_key())
    asked(joko, "/akun/gawai/", browser, topics=["new"])
    assert (Device.objects.get().user, Device.objects.get().topics) == (world.joko.user, ["new"])


def test_signing_out_ends_the_calls_to_that_computer_and_empties_its_cache(world: World, service: PushService) -> None:
    home, office = client_of(world.joko), client_of(world.joko)
    for client in (home, office):
        asked(client, "/akun/gawai/", service.subscribe(public_key()), topics=["new"])
    answer = office.post("/akun/keluar/")
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert Device.objects.awake().count() == 1
    assert Device.objects.exclude(ended_at=None).get().fingerprint != Device.objects.awake().get().fingerprint
    assert "Clear-Site-Data" not in home.get("/akun/").headers


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "https://jahat.test/push/x"},
        {"endpoint": "https://127.0.0.1.jahat.test/x"},
        {"endpoint": "https://fcm.googleapis.com@jahat.test/x"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "http://169.254.169.254/latest"},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "bukan base64 !!", "auth": ""}},
        {"keys": []},
        {"endpoint": 7, "keys": None},
    ],
)
@pytest.mark.sampled
def test_what_is_no_push_service_is_not_called(
    world: World, service: PushService, settings: LazySettings, changed: dict[str, Any]
) -> None:
    settings.LAPOR_PUSH_HOSTS = ["127.0.0.1", "fcm.googleapis.com"]
    case = at(report(world), world.dinas_pu)
    subscription = service.subscribe(public_key()).subscription() | changed
    answer = holder(case).post(
        f"/laporan/{case.number}/gawai/", {"topics": ["turn"], "subscription": json.dumps(subscription)}
    )
    assert "tidak memberi alamat yang bisa dikabari" in answer.content.decode()
    assert not Device.objects.exists()


@pytest.mark.parametrize("typed", ["", "x", "[]", "null", "{}", "\x00", "[" * 1999, '{"endpoint": "' + "a" * 3000])
@pytest.mark.sampled
def test_what_is_no_subscription_is_refused_in_words(world: World, typed: str) -> None:
    case = at(report(world), world.dinas_pu)
    client, url = holder(case), f"/laporan/{case.number}/gawai/"
    answer = client.post(url, {"topics": ["turn"], "subscription": typed})
    assert "tidak memberi alamat yang bisa dikabari" in answer.content.decode()
    assert "Pilih sedikitnya satu" in client.post(url, {"subscription": typed}).content.decode()
    assert "Pilih dari daftar ini saja" in client.post(url, {"topics": ["lain"]}).content.decode()


def test_two_rows_of_one_browser_look_unlike_each_other(world: World, service: PushService) -> None:
    """An officer's telephone must not lead from the officer to the report they filed as a citizen."""
    case = at(report(world), world.dinas_pu)
    subscription = service.subscribe(public_key()).subscription()
    Device.take(subscription, topics=EVERYTHING, language="id", reporter=case.reporter)
    Device.take(subscription, topics=DESK, language="id", user=world.joko.user)
    one, other = Device.objects.order_by("pk")
    assert one.fingerprint != other.fingerprint
    assert one.subscription_sealed != other.subscription_sealed


def test_an_erased_reporter_is_called_no_more(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    browser_of(service, case)
    privacy.erase(case.reporter, NOW)
    assert not Device.objects.exists()


# --- A browser whose push service gives it another address ---


def moved(client: Client, browser: Browser, **more: Any) -> int:
    body = json.dumps(browser.subscription())
    headers = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"} | more.pop("headers", {})
    given = {"data": body, "content_type": "application/json"} | more
    return client.post(devices.MOVES, headers=headers, **given).status_code


def test_the_way_there_is_where_its_cookie_goes() -> None:
    assert reverse("complaints:device-address") == devices.MOVES


def test_a_new_address_is_called_without_a_session(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    client, old, new = holder(case), service.subscribe(public_key()), service.subscribe(public_key())
    asked(client, f"/laporan/{case.number}/gawai/", old, topics=["turn"])
    service.give_up(old)
    # Weeks later: neither session nor the cookie that holds the case is left, only the one of its calls.
    later_on = Client(enforce_csrf_checks=True)
    later_on.cookies[devices.MOVES_COOKIE] = client.cookies[devices.MOVES_COOKIE].value
    assert later_on.get(devices.MOVES).json() == {"key": public_key()}
    assert moved(later_on, new) == 204
    case.ask("Di mana?", by=world.joko, now=NOW)
    delivery.send_due(now=later(minutes=1))
    assert (len(old.closed), len(new.closed)) == (0, 1)
    assert Device.objects.get().topics == ["turn"]


def test_its_cookie_goes_nowhere_else_and_tells_nothing(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    client = holder(case)
    asked(client, f"/laporan/{case.number}/gawai/", service.subscribe(public_key()))
    cookie = client.cookies[devices.MOVES_COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (devices.MOVES, True, "Lax")
    assert str(Device.objects.get().pk) not in unquote(cookie.value).strip("=")[:9]
    assert unseal(cookie.value) == f"[{Device.objects.get().pk}]"


def test_everything_of_this_browser_moves_and_nothing_of_another(world: World, service: PushService) -> None:
    """An officer who filed a report at home: both rows of that browser, not those of their office's computer."""
    case = at(report(world), world.dinas_pu)
    home, office = holder(case), client_of(world.joko)
    asked(home, f"/laporan/{case.number}/gawai/", (old := service.subscribe(public_key())))
    officer = client_of(world.joko)
    officer.cookies[devices.MOVES_COOKIE] = home.cookies[devices.MOVES_COOKIE].value
    asked(officer, "/akun/gawai/", old, topics=["new"])
    asked(office, "/akun/gawai/", (there := service.subscribe(public_key())), topics=["new"])
    new = service.subscribe(public_key())
    assert moved(officer, new) == 204
    addresses = [one.subscription()["endpoint"] for one in Device.objects.order_by("pk")]
    assert addresses == [new.endpoint, new.endpoint, there.endpoint]


def test_one_the_service_called_gone_comes_back_and_one_that_was_stopped_does_not(
    world: World, service: PushService
) -> None:
    case = at(report(world), world.dinas_pu)
    client, old, url = holder(case), service.subscribe(public_key()), f"/laporan/{case.number}/gawai/"
    asked(client, url, old)
    service.give_up(old)
    case.ask("Di mana?", by=world.joko, now=NOW)
    delivery.send_due(now=later(minutes=1))
    assert not Device.objects.awake().exists()
    assert moved(client, service.subscribe(public_key())) == 204
    assert Device.objects.awake().count() == 1
    client.post(url, {"act": "henti"})
    assert moved(client, service.subscribe(public_key())) == 204
    assert not Device.objects.awake().exists()


def test_a_page_that_was_quicker_leaves_one_row(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    client, url, new = holder(case), f"/laporan/{case.number}/gawai/", service.subscribe(public_key())
    asked(client, url, service.subscribe(public_key()))
    asked(client, url, new)
    assert moved(client, new) == 204
    assert Device.objects.awake().get().subscription()["endpoint"] == new.endpoint


@pytest.mark.parametrize("said", ["", "7", "[]", '["x", null]', "{}", "x"])
@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.sampled
def test_a_forged_cookie_moves_nothing(world: World, service: PushService, said: str, sealed: bool) -> None:
    case = at(report(world), world.dinas_pu)
    browser = browser_of(service, case)
    stranger = Client()
    stranger.cookies[devices.MOVES_COOKIE] = seal(said) if sealed else said
    assert moved(stranger, service.subscribe(public_key())) == 204
    assert Device.objects.get().subscription()["endpoint"] == browser.endpoint


@pytest.mark.parametrize(
    "sent",
    [
        {"data": b" "},
        {"data": b"\xff\xfe"},
        {"data": b"[" * 1999},
        {"data": b'{"endpoint": "' + b"a" * 9000},
        {"data": json.dumps({"endpoint": "https://jahat.test/x", "keys": {"p256dh": "A", "auth": "A"}})},
    ],
)
def test_what_is_no_subscription_moves_nothing(world: World, service: PushService, sent: dict[str, Any]) -> None:
    case = at(report(world), world.dinas_pu)
    client, browser = holder(case), service.subscribe(public_key())
    asked(client, f"/laporan/{case.number}/gawai/", browser)
    assert moved(client, browser, **sent) == 400
    assert Device.objects.get().subscription()["endpoint"] == browser.endpoint


@pytest.mark.parametrize(
    "more",
    [
        {"content_type": "text/plain"},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
        {"headers": {"Origin": "https://jahat.test"}},
    ],
)
def test_another_site_moves_nothing(world: World, service: PushService, more: dict[str, Any]) -> None:
    case = at(report(world), world.dinas_pu)
    client, browser = holder(case), service.subscribe(public_key())
    asked(client, f"/laporan/{case.number}/gawai/", browser)
    assert moved(client, service.subscribe(public_key()), **more) == 403
    assert Device.objects.get().subscription()["endpoint"] == browser.endpoint


# --- Pressing on a call ---


def token_of(case: Complaint) -> str:
    return devices.token_of(Notification.objects.filter(event__complaint=case, medium="PUSH").latest("pk"))


def test_a_call_opens_the_report_to_who_holds_it_and_tells_nobody_else_anything(
    world: World, service: PushService
) -> None:
    case = at(report(world, secret=True), world.dinas_pu)
    browser_of(service, case)
    case.ask("Di mana?", by=world.joko, now=timezone.now())
    url = f"/panggilan/{token_of(case)}/"
    assert holder(case).get(url).headers["Location"] == f"/laporan/{case.number}/"
    for client in (Client(), client_of(world.rudi), client_of(world.joko)):
        answer = client.get(url, follow=True)
        assert answer.redirect_chain == [("/lacak/", 302)]
        assert "nomor dan kuncinya" in answer.content.decode()
        assert case.shown_number not in answer.content.decode()
        assert case.number not in answer.content.decode()


def test_an_officers_call_asks_to_sign_in_and_opens_the_desk_to_them_alone(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    desk_of(service, world.joko)
    case.ask("Di mana?", by=world.joko, now=NOW)
    case.reply("Di tikungan.", by=Actor.reporter(), now=timezone.now())
    url = f"/panggilan/{token_of(case)}/"
    guest = Client().get(url)
    assert guest.headers["Location"] == f"/akun/masuk/?next={url}"
    assert client_of(world.joko).get(url).headers["Location"] == f"/meja/{case.number}/"
    assert client_of(world.hana).get(url).headers["Location"] == "/lacak/"


def test_an_old_or_forged_call_leads_nowhere(world: World, service: PushService) -> None:
    case = at(report(world), world.dinas_pu)
    browser_of(service, case)
    case.ask("Di mana?", by=world.joko, now=NOW)
    client, token = holder(case), token_of(case)
    Notification.objects.update(created_at=timezone.now() - datetime.timedelta(days=31))
    for forged in (token, token[:-4] + "AAAA", "x", "7K4M9QXD2TB"):
        assert client.get(f"/panggilan/{forged}/").headers["Location"] == "/lacak/"
