"""A phone that a guest typed in: one message with a code, and nothing else until the code comes back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints import privacy
from complaints.models import Complaint, Notification
from complaints.notifications import phones
from lapor.kit import gsm
from tests.complaints.cases import at, report
from tests.complaints.channels.sms.phones import ME, OTHER, Network, network
from tests.complaints.test_submit import CHECK, at_check
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
__all__ = ["network"]
BY_SMS = CHECK | {"tell": "sms", "phone": "0812-0000 7700"}


@pytest.fixture(autouse=True)
def in_the_morning(network: Network) -> None:
    network.wait(hours=2)


def filed(network: Network, **more: Any) -> tuple[Client, Complaint]:
    """A guest's report by the web form, told by SMS; the worker has done its part."""
    browser = at_check(Client(), network.world)
    assert browser.post("/lapor/periksa/", BY_SMS | more).headers["Location"] == "/lapor/selesai/"
    browser.get("/lapor/selesai/")
    network.work()
    return browser, Complaint.objects.latest("pk")


def code_in(text: str) -> str:
    found = re.search(r"\b\d{6}\b", text)
    assert found, text
    return found[0]


def page_of(case: Complaint) -> str:
    return reverse("complaints:phone", args=[case.number])


def other_code(case: Complaint) -> str:
    return f"{(int(phones.code_of(case.reporter)) + 1) % 10**6:06}"


def test_from_the_form_to_news_on_the_phone(network: Network) -> None:
    browser, case = filed(network)
    [asked] = network.told()
    assert "Tulis kodenya" in browser.get(reverse("complaints:case", args=[case.number])).content.decode()
    at(Complaint.objects.get(pk=case.pk), network.world.dinas_pu, now=network.now)
    network.work()
    assert network.told() == [asked], "nothing more until the code comes back"

    assert "+62•••7700" in browser.get(page_of(case)).content.decode()
    answer = browser.post(page_of(case), {"code": f" {code_in(asked)[:3]} {code_in(asked)[3:]} "})
    assert answer.headers["Location"] == reverse("complaints:case", args=[case.number])
    page = browser.get(reverse("complaints:case", args=[case.number])).content.decode()
    assert "Setiap kabar kami kirim dengan SMS ke +62•••7700." in page

    Complaint.objects.get(pk=case.pk).start(by=network.world.joko, now=network.now)
    network.work()
    assert case.shown_number in network.told()[-1]
    network.text(f"STATUS {case.shown_number}")
    assert "sedang dikerjakan" in network.told()[-1]
    network.text("STOP")
    Complaint.objects.get(pk=case.pk).answer("Sudah kami lihat.", by=network.world.joko, now=network.now)
    before = network.told()
    network.work()
    assert network.told() == before


def test_the_one_message_says_nothing_of_the_report(network: Network) -> None:
    _browser, case = filed(network)
    [asked] = network.told()
    assert gsm.is_plain(asked)
    assert gsm.parts(asked) == 1
    assert case.number not in asked.replace("-", "")
    assert "http" not in asked
    assert not any(word in asked.lower() for word in case.title.lower().split() if len(word) > 4)
    row = Notification.objects.get(medium="SMS")
    assert (row.letter, row.state) == ("confirm", "SENT")


@pytest.mark.slow
def test_a_wrong_code_changes_nothing_and_guessing_ends(network: Network) -> None:
    browser, case = filed(network)
    said = browser.post(page_of(case), {"code": other_code(case)}).content.decode()
    assert "Kode ini tidak cocok" in said
    for typed in ("", "x" * 30, "\x00", "١٢٣٤٥٦"):
        assert browser.post(page_of(case), {"code": typed}).status_code == 200
    answers = [browser.post(page_of(case), {"code": other_code(case)}).content.decode() for _n in range(6)]
    assert "Sudah terlalu banyak dicoba" in answers[-1]
    assert (
        "Sudah terlalu banyak dicoba"
        in browser.post(page_of(case), {"code": phones.code_of(case.reporter)}).content.decode()
    ), "the right one is not looked at either"
    case.reporter.refresh_from_db()
    assert (case.reporter.phone_confirmed_at, case.reporter.door) == (None, "")


@pytest.mark.slow
def test_three_messages_a_day_at_most_go_to_one_phone(network: Network) -> None:
    for _n in range(5):
        filed(network)
    assert len(network.told()) == 3
    assert Notification.objects.filter(medium="SMS", state="SILENCED").count() == 2
    network.wait(days=1, minutes=1)
    filed(network)
    assert len(network.told()) == 4


def test_a_phone_that_said_stop_is_not_even_asked(network: Network) -> None:
    network.text("Lampu jalan di depan pasar mati")
    network.text("STOP")
    before = network.told()
    filed(network)
    assert network.told() == before


def test_a_code_is_good_for_its_report_and_its_phone_for_two_weeks(network: Network) -> None:
    (_first, one), (_second, two) = filed(network), filed(network)
    assert phones.code_of(one.reporter) != phones.code_of(two.reporter)
    old = phones.code_of(two.reporter)
    privacy.set_contacts(two.reporter, phone=OTHER)
    assert phones.code_of(two.reporter) != old
    network.wait(days=15)
    assert not phones.confirm(two.reporter, phones.code_of(two.reporter), "SMS", network.now)
    two.reporter.refresh_from_db()
    assert two.reporter.phone_confirmed_at is None


def test_nobody_else_may_type_it(network: Network, world: World) -> None:
    _browser, case = filed(network)
    code = phones.code_of(case.reporter)
    for client in (Client(), client_of(world.sari), client_of(world.joko)):
        assert client.get(page_of(case)).status_code == 404
        assert client.post(page_of(case), {"code": code}).status_code == 404
    case.reporter.refresh_from_db()
    assert case.reporter.phone_confirmed_at is None


def test_a_confirmed_phone_shows_no_report_in_an_account(network: Network, world: World) -> None:
    browser, case = filed(network)
    browser.post(page_of(case), {"code": phones.code_of(case.reporter)})
    assert case.title not in client_of(world.sari).get("/akun/laporan/").content.decode()


def test_a_guarded_report_stays_silent_on_the_phone(network: Network) -> None:
    browser, case = filed(network, read="secret")
    browser.post(page_of(case), {"code": phones.code_of(case.reporter)})
    at(Complaint.objects.get(pk=case.pk), network.world.dinas_pu, now=network.now)
    network.work()
    said = network.told()[-1]
    assert case.shown_number in said
    assert "http" not in said
    assert "Dinas" not in said


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"phone": ""}, "Tulis nomor HP, atau pilih simpan sendiri nomor dan kuncinya"),
        ({"phone": "abc"}, "Nomor HP ini belum benar"),
        ({"phone": "0812"}, "Nomor HP ini belum benar"),
        ({"phone": "0" * 29}, "Nomor HP ini belum benar"),
        ({"phone": "0" * 40}, "Nomor HP ini terlalu panjang"),
        ({"phone": "0812\x00\x1b"}, "Nomor HP ini belum benar"),
    ],
)
@pytest.mark.sampled
def test_what_is_no_number_is_said_beside_its_field(network: Network, said: dict[str, str], sentence: str) -> None:
    browser = at_check(Client(), network.world)
    page = browser.post("/lapor/periksa/", BY_SMS | said, follow=True)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not Complaint.objects.exists()


def test_only_the_way_that_was_chosen_counts(network: Network) -> None:
    _browser, case = filed(network, tell="keep", email="sari@")
    assert (case.reporter.phone_sealed, case.reporter.email_sealed) == ("", "")
    _browser, case = filed(network, tell="email", email="sari@contoh.test", phone="abc")
    assert (case.reporter.phone_sealed, bool(case.reporter.email_sealed)) == ("", True)
    assert network.told() == []


def test_while_no_gateway_is_on_nobody_is_offered_an_sms(network: Network) -> None:
    network.settings.SMS_GATEWAY = ""
    browser = at_check(Client(), network.world)
    assert "Kirimi saya SMS" not in browser.get("/lapor/periksa/").content.decode()
    assert "Pilih salah satu" in browser.post("/lapor/periksa/", BY_SMS, follow=True).content.decode()
    case = report(network.world, email="", user=None, confirmed=False, now=network.now)
    assert not Notification.objects.filter(event__complaint=case, medium="SMS").exists()


def test_a_phone_given_by_another_application_is_asked_too(network: Network) -> None:
    case = report(network.world, channel="api", email="", phone=ME, user=None, confirmed=False, now=network.now)
    network.work()
    assert code_in(network.told(ME)[0]) == phones.code_of(case.reporter)


def test_where_there_is_an_address_for_letters_the_phone_is_left_alone(network: Network) -> None:
    report(network.world, now=network.now)
    network.work()
    assert network.told() == []
