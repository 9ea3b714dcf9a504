"""Letters brought by others: a mail server that signs what it sends, and a mail provider with its own webhook."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from complaints import arrivals
from complaints.channels.email import mime
from complaints.models import Arrival
from lapor.kit.ratelimit import Bucket
from tests.complaints.channels.email.post import KEY, SAMPLES
from tests.complaints.files import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heard", "nudges")]

LETTER = (SAMPLES / "polos.eml").read_bytes()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket of forgeries of each test's own."""
    monkeypatch.setattr("complaints.channels.called.TURNED_AWAY", Bucket(uuid.uuid4().hex, burst=60, hourly=240))


RAW, PROVIDER = "/kanal/email/mentah/", "/kanal/email/penyedia/"


def post(body: bytes, *, key: str = KEY, at: float | str | None = None, mark: str | None = None) -> Any:
    moment = str(int(time.time())) if at is None else str(at)
    signed = hmac.new(key.encode(), moment.encode("utf-8", "replace") + b"." + body, hashlib.sha256).hexdigest()
    headers = {"X-Lapor-Waktu": moment, "X-Lapor-Tanda": signed if mark is None else mark}
    return Client(enforce_csrf_checks=True).post(RAW, body, content_type="message/rfc822", headers=headers)


def test_the_addresses_are_what_the_papers_say() -> None:
    assert (reverse("complaints:email:raw"), reverse("complaints:email:provider")) == (RAW, PROVIDER)


# --- Raw letters, signed ---


def test_a_signed_letter_is_kept_as_it_came_and_answered_at_once(nudges: Any) -> None:
    assert post(LETTER).status_code == 202
    arrival = Arrival.objects.get()
    assert arrival.raw() == LETTER
    assert arrival.external_id == "<surat-001@mail.contoh.test>"
    assert nudges.named("receive_arrival") == [(arrival.pk,)]


def test_sent_again_it_is_known(nudges: Any) -> None:
    assert [post(LETTER).status_code for _n in range(3)] == [202, 200, 200]
    assert Arrival.objects.count() == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"key": "kunci lain " * 5},
        {"mark": ""},
        {"mark": "00" * 32},
        {"mark": "é"},
        {"at": int(time.time()) - 3600},
        {"at": int(time.time()) + 3600},
        {"at": ""},
        {"at": "١٢٣٤٥٦٧٨٩٠"},
        {"at": "-1"},
        {"at": "9" * 400},
    ],
)
def test_an_unproved_letter_is_refused_and_kept_as_that(forged: Any) -> None:
    answer = post(LETTER, **forged)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert turned_away() == [("tanda tangan tidak cocok", LETTER[:4000])]


def turned_away() -> list[tuple[str, bytes]]:
    """All that was kept, each with its reason; none of it was understood or answered."""
    kept = list(Arrival.objects.order_by("pk"))
    assert {one.outcome for one in kept} == {"REFUSED"}
    assert not any(one.sender_fingerprint or one.complaint_id for one in kept)
    return [(one.reason, one.raw()) for one in kept]


def test_a_flood_of_forgeries_fills_no_disk() -> None:
    for _n in range(70):
        assert post(LETTER, key="kunci lain " * 5).status_code == 401
    assert 60 <= Arrival.objects.count() < 64


def test_the_mark_covers_every_byte() -> None:
    moment = str(int(time.time()))
    mark = hmac.new(KEY.encode(), f"{moment}.".encode() + LETTER, hashlib.sha256).hexdigest()
    assert post(LETTER + b" ", at=moment, mark=mark).status_code == 401


@pytest.mark.parametrize(
    "body", [b"\x00" * 50, b"\xff\xfe\xed\xa0\x80", b"x" * 2_000_000, b"From: a\r\n", b"\r\n" * 10 + b"hai"]
)
def test_whatever_the_bytes_a_proved_letter_is_kept(body: bytes) -> None:
    assert post(body).status_code == 202
    assert Arrival.objects.get().raw() == body


def test_nothing_is_said_to_be_nothing() -> None:
    assert post(b"").status_code == 400
    assert post(b" \r\n").status_code == 400
    assert not Arrival.objects.exists()


def test_what_is_larger_than_any_letter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.channels.email.views.SIZE_LIMIT", 1000)
    assert post(b"x" * 1001).status_code == 413
    assert turned_away() == [("lebih dari 45 MB", b"x" * 1001)]


@pytest.mark.parametrize("name", ["LAPOR_EMAIL_KEY", "LAPOR_EMAIL_INBOX"])
def test_switched_off_the_address_does_not_exist(heard: Any, name: str) -> None:
    setattr(heard, name, "")
    assert post(LETTER).status_code == 404
    assert Client().get(RAW).status_code in (404, 405)


# --- The provider's webhook ---


@pytest.fixture
def provider(heard: Any) -> Any:
    heard.LAPOR_EMAIL_ESP = "postmark"
    heard.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "x", "WEBHOOK_SECRET": "pos:sandi-panjang"}
    return heard


def call(body: Any, *, secret: str = "pos:sandi-panjang") -> HttpResponseBase:
    proof = "Basic " + base64.b64encode(secret.encode()).decode()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(enforce_csrf_checks=True).post(
        PROVIDER, content, content_type="application/json", headers={"Authorization": proof}
    )


def postmark(**more: Any) -> dict[str, Any]:
    """As Postmark writes an inbound letter."""
    return {
        "FromFull": {"Email": "rudi@contoh.test", "Name": "Rudi Hartono", "MailboxHash": ""},
        "From": "rudi@contoh.test",
        "ToFull": [{"Email": "lapor@kanal.test", "Name": "", "MailboxHash": ""}],
        "To": "lapor@kanal.test",
        "OriginalRecipient": "lapor@kanal.test",
        "Subject": "Jembatan – retak",
        "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b",
        "Date": "Mon, 25 May 2026 08:00:00 +0700",
        "TextBody": "Jembatan Kali Bening retak.",
        "HtmlBody": "",
        "Headers": [{"Name": "Message-ID", "Value": "<dari-pos@contoh.test>"}],
        "Attachments": [],
        **more,
    }


@pytest.mark.slow
def test_the_providers_letter_is_put_together_again_with_its_files(provider: Any) -> None:
    picture = base64.b64encode(photo(400, 300)).decode()
    large = base64.b64encode(b"x" * 3_000_000).decode()
    attached = [
        {"Name": "retak.jpg", "Content": picture, "ContentType": "image/jpeg", "ContentLength": 9},
        {"Name": "besar.bin", "Content": large, "ContentType": "application/octet-stream", "ContentLength": 9},
    ]
    assert call(postmark(Attachments=attached)).status_code == 200

    arrival = Arrival.objects.get()
    mail = mime.read(arrival.raw())
    assert (mail.subject, mail.sender) == ("Jembatan – retak", "rudi@contoh.test")
    assert mail.text == "Jembatan Kali Bening retak."
    assert (mail.message_id, arrival.external_id) == ("<dari-pos@contoh.test>", "<dari-pos@contoh.test>")
    assert [file.name for file in mail.files] == ["retak.jpg", "besar.bin"]
    assert mail.files[0].content == photo(400, 300)


def test_the_envelopes_recipient_is_among_those_it_went_to(provider: Any) -> None:
    call(postmark(OriginalRecipient="balas+abc@kanal.test"))
    assert "balas+abc@kanal.test" in mime.read(Arrival.objects.get().raw()).recipients


def test_called_twice_it_is_one_letter(provider: Any) -> None:
    for _n in range(2):
        assert call(postmark()).status_code == 200
    assert Arrival.objects.count() == 1


@pytest.mark.parametrize("secret", ["", "pos:salah", "sandi-panjang"])
def test_without_its_secret_a_call_is_refused(provider: Any, secret: str) -> None:
    assert call(postmark(), secret=secret).status_code == 401
    assert turned_away() == [("bukan dari penyedia surat", json.dumps(postmark()).encode()[:4000])]


@pytest.mark.parametrize("body", [b"", b" ", b'{"RecordType": "Bounce"}'])
def test_a_call_that_is_no_letter_is_refused_in_words(provider: Any, body: bytes) -> None:
    answer = call(body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff\xfe", b'"\\ud800"', b"1", b"[" * 5000])
def test_a_proved_call_that_nobody_understands_is_kept_for_a_person(provider: Any, body: bytes) -> None:
    assert call(body).status_code == 202
    arrival = Arrival.objects.get()
    assert arrival.raw() == body
    assert arrivals.understand(arrival.pk)
    arrival.refresh_from_db()
    assert arrival.outcome == "HELD"


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "é\r\nBcc: x@y.test", "x" * 50_000])
def test_odd_signs_in_a_letter_lose_nothing(provider: Any, odd: str) -> None:
    assert call(postmark(Subject=f"Judul {odd}", TextBody=f"Isi {odd}")).status_code == 200
    assert Arrival.objects.count() == 1


def test_a_fault_of_ours_makes_the_provider_call_again(provider: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **more: Any) -> None:
        raise ValueError("the disk is full of surprises")

    monkeypatch.setattr("complaints.channels.email.from_provider.keep_letter", fails)
    client = Client(raise_request_exception=False)
    proof = "Basic " + base64.b64encode(b"pos:sandi-panjang").decode()
    answer = client.post(PROVIDER, postmark(), content_type="application/json", headers={"Authorization": proof})
    assert answer.status_code == 500


@pytest.mark.parametrize(
    "lacking",
    [
        {"LAPOR_EMAIL_ESP": ""},
        {"ANYMAIL": {"POSTMARK_SERVER_TOKEN": "x"}},
        {"LAPOR_EMAIL_INBOX": ""},
        {"LAPOR_EMAIL_ESP": "unisender_go"},
    ],
)
def test_without_what_it_needs_the_providers_address_does_not_exist(provider: Any, lacking: dict[str, Any]) -> None:
    for name, value in lacking.items():
        setattr(provider, name, value)
    assert call(postmark()).status_code == 404
