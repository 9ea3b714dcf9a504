"""The phone in the browser: what is typed takes the real road, what comes back lies on its screen; gone in produksi."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from agencies import prefixes
from complaints.channels.sms.gateways import trial
from complaints.models import Arrival, Complaint, Notification
from complaints.notifications import delivery
from lapor.embedded.greeting import greeting, phone_words
from lapor.embedded.portal import HELP
from lapor.embedded.state import State
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE, MINE, OTHER = "/coba/sms/", "+6281200007700", "+6281300008800"


@pytest.fixture(autouse=True)
def on_the_table(settings: Any, tmp_path: Path) -> None:
    settings.SMS_GATEWAY, settings.STATE_DIR = "coba", tmp_path


def send(client: Client, text: str, number: str = MINE) -> Any:
    return client.post(PAGE, {"nomor": number, "isi": text})


def screen(client: Client, number: str = MINE, **more: str) -> str:
    return client.get(PAGE, {"nomor": number, **more}).content.decode()


def work(nudges: Nudges) -> None:
    nudges.run()
    delivery.send_due()
    nudges.run()


def test_from_the_first_press_to_the_case(world: World, nudges: Nudges, client: Client) -> None:
    prefixes.add(world.pemkab, "MAJU", by=world.wati)
    assert "Nomor telepon Anda" in client.get(PAGE).content.decode()
    answer = send(client, "MAJU Lampu jalan di depan pasar mati", "0812 0000 7700")
    assert answer.status_code == 302
    assert answer["Location"] == "/coba/sms/?nomor=%2B6281200007700#ponsel"
    work(nudges)
    case = Complaint.objects.get()
    assert case.addressed_to == world.pemkab
    page = screen(client)
    assert case.shown_number in page
    link = page.partition('href="http://127.0.0.1:8000/s/')[2].partition('"')[0]
    opened = client.get(f"/s/{link}")
    assert opened["Location"] == f"/laporan/{case.number}/"
    # The phone had it: the gateway's receipt says so.
    assert Notification.objects.get(medium="SMS").delivered_at is not None


def test_a_long_text_goes_in_parts_and_comes_out_whole(world: World, nudges: Nudges, client: Client) -> None:
    story = "Jalan berlubang – dalam sekali di depan sekolah kami. " * 6
    send(client, story)
    assert Arrival.objects.count() == 5, "67 letters each beyond the alphabet"
    work(nudges)
    assert Complaint.objects.get().body == story.strip()
    # On the screen it is one.
    assert trial.bubbles(MINE)[1] == 2


def test_two_phones_see_nothing_of_each_other(world: World, nudges: Nudges, client: Client) -> None:
    send(client, "Lampu jalan di depan pasar mati")
    work(nudges)
    assert "Lampu jalan di depan pasar mati" in screen(client)
    assert "Lampu jalan di depan pasar mati</p>" not in screen(client, OTHER)
    send(client, f"STATUS {Complaint.objects.get().shown_number}", OTHER)
    work(nudges)
    assert "tidak kami temukan" in screen(client, OTHER)


def test_a_look_brings_only_what_is_new(world: World, nudges: Nudges, client: Client) -> None:
    send(client, "BANTU")
    looked = client.get(PAGE, {"nomor": MINE, "ada": "1"}, headers={"HX-Request": "true"})
    assert looked.status_code == 204
    work(nudges)
    looked = client.get(PAGE, {"nomor": MINE, "ada": "1"}, headers={"HX-Request": "true"})
    page = looked.content.decode()
    assert "ketik awalan" in page
    assert "BANTU" not in page
    assert "ada=2" in page
    assert "<html" not in page


def test_examples_are_a_press_away_without_a_script(client: Client) -> None:
    page = screen(client, isi="INHU Lampu jalan mati <b>")
    assert "INHU Lampu jalan mati &lt;b&gt;</textarea>" in page
    assert "isi=STATUS#ponsel" in page


@pytest.mark.parametrize("number", ["", "abc", "1708", "\x00", "9" * 99, "+62812<script>"])
def test_what_is_no_number_is_said_beside_the_field(client: Client, number: str) -> None:
    answer = client.get(PAGE, {"nomor": number})
    assert answer.status_code == 400
    assert 'id="galat"' in answer.content.decode() or "Ini bukan nomor telepon" in answer.content.decode()
    assert client.post(PAGE, {"nomor": number, "isi": "x"}).status_code == 400
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("text", ["", "x" * 2000])
def test_what_is_no_message_is_said_and_kept(client: Client, text: str) -> None:
    answer = send(client, text)
    assert answer.status_code == 400
    assert not Arrival.objects.exists()
    assert text in answer.content.decode()


def test_it_is_gone_in_produksi_and_beside_a_real_gateway(client: Client, settings: Any) -> None:
    settings.SMS_GATEWAY = "kannel"
    assert client.get(PAGE).status_code == 404
    settings.SMS_GATEWAY, settings.PRODUCTION, settings.SECURE_SSL_REDIRECT = "coba", True, False
    assert client.get(PAGE).status_code == 404
    assert send(client, "MAJU x").status_code == 404


def test_bin_run_names_its_address_when_asked(tmp_path: Path) -> None:
    words = phone_words("http://127.0.0.1:8000/", {})
    assert words == "Ponsel untuk mencoba SMS: http://127.0.0.1:8000/coba/sms/"
    said = greeting("http://127.0.0.1:8000/", State.open(tmp_path), [words]).splitlines()
    assert said[:2] == ["Siap: http://127.0.0.1:8000/", words]
    for environment in ({"LAPOR_MODE": "produksi"}, {"LAPOR_SMS_GATEWAY": "kannel"}):
        assert "hanya ada di coba" in phone_words("http://127.0.0.1:8000/", environment)
    assert "--sms" in HELP
