"""What a mail provider says later of the letters it took from us: they arrived, came back, or nobody wanted them."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from complaints import privacy
from complaints.models import Arrival, Complaint, Notification
from complaints.notifications import delivery
from lapor.kit.ratelimit import Bucket
from tests.complaints.cases import SARI, at, later, report
from tests.complaints.channels.email.post import HEARD
from tests.scenes import once
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heard", "nudges")]

ADDRESS, SECRET = "/kanal/email/penyedia/kabar/", "pos:sandi-panjang"


BY_POSTMARK = {"LAPOR_EMAIL_ESP": "postmark", "ANYMAIL": {"POSTMARK_SERVER_TOKEN": "x", "WEBHOOK_SECRET": SECRET}}


@pytest.fixture(autouse=True)
def provider(heard: Any) -> Any:
    for name, value in BY_POSTMARK.items():
        setattr(heard, name, value)
    return heard


@once(under=HEARD | BY_POSTMARK)
def case(world: World) -> Complaint:
    """Sari's report at the Dinas PU; its letters went out by the provider, which gave each a name."""
    found = at(report(world), world.dinas_pu)
    delivery.send_due(now=later(hours=1))
    for row in Notification.objects.filter(state="SENT"):
        Notification.objects.filter(pk=row.pk).update(peer_id=f"pos-{row.pk}")
    return found


def letter_of(case: Complaint, name: str = "forwarded") -> Notification:
    return Notification.objects.get(event__complaint=case, letter=name, user=None)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.channels.called.TURNED_AWAY", Bucket(uuid.uuid4().hex, burst=60, hourly=240))


def call(body: Any, *, secret: str = SECRET) -> HttpResponseBase:
    proof = "Basic " + base64.b64encode(secret.encode()).decode()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(enforce_csrf_checks=True).post(
        ADDRESS, content, content_type="application/json", headers={"Authorization": proof}
    )


def delivered(row: Notification) -> dict[str, Any]:
    """As Postmark writes it."""
    when = "2026-05-25T03:00:00Z"
    return {"RecordType": "Delivery", "MessageID": row.peer_id, "Recipient": SARI, "DeliveredAt": when}


def bounced(row: Notification, kind: str = "HardBounce", **more: Any) -> dict[str, Any]:
    return {
        "RecordType": "SpamComplaint" if kind == "SpamComplaint" else "Bounce",
        "Type": kind,
        "ID": 42,
        "MessageID": row.peer_id,
        "Email": SARI,
        "BouncedAt": "2026-05-25T03:00:00Z",
        "Details": f"smtp;550 5.1.1 <{SARI}>: no such user",
        "Description": "The server was unable to deliver your message.",
        **more,
    }


def test_the_address_is_what_the_papers_say() -> None:
    assert reverse("complaints:email:receipt") == ADDRESS


def test_a_letter_that_arrived_is_marked_in_the_log(case: Complaint) -> None:
    row = letter_of(case)
    assert call(delivered(row)).status_code == 200
    row.refresh_from_db()
    assert row.state == "SENT"
    assert row.delivered_at is not None


def test_one_that_came_back_is_given_up_and_its_address_written_to_no_more(world: World, case: Complaint) -> None:
    other = report(world, title="Jembatan Kali Bening retak", now=later(minutes=5))
    row = letter_of(case)
    for _n in range(2):
        assert call(bounced(row)).status_code == 200

    row.refresh_from_db()
    assert row.state == "FAILED"
    said = row.attempts.get(succeeded=False).answer
    assert "550 5.1.1" in said
    assert SARI not in said, "an address stands in one table only"
    assert case.events.filter(verb="undeliverable").count() == 1
    for reported in (case, other):
        reported.reporter.refresh_from_db()
        assert reported.reporter.unreachable_since is not None, "the same address in another report"

    before = Notification.objects.filter(medium="EMAIL", user=None).count()
    case.start(by=world.joko, now=later(hours=3))
    assert Notification.objects.filter(medium="EMAIL", user=None).count() == before


@pytest.mark.parametrize("kind", ["SpamComplaint", "ManualSuppression"])
def test_who_calls_our_letters_unwanted_gets_none_any_more(case: Complaint, kind: str) -> None:
    row = letter_of(case)
    call(delivered(row))
    said = bounced(row, kind)
    if kind == "ManualSuppression":
        said |= {"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": kind}
    assert call(said).status_code == 200

    row.refresh_from_db()
    assert row.state == "SENT", "it did arrive"
    case.reporter.refresh_from_db()
    assert case.reporter.unreachable_since is not None


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "SoftBounce"},
        {"kind": "VirusNotification"},
        {"kind": "HardBounce", "Details": "smtp;452 4.2.2 mailbox full"},
    ],
)
def test_a_full_mailbox_loses_the_letter_and_not_the_address(case: Complaint, more: dict[str, Any]) -> None:
    row = letter_of(case)
    call(bounced(row, **more))
    row.refresh_from_db()
    assert row.state == "FAILED"
    case.reporter.refresh_from_db()
    assert case.reporter.unreachable_since is None


@pytest.mark.parametrize("kind", ["Transient", "AutoResponder", "Open", "Click", "Kabar baru"])
def test_what_is_not_the_last_word_changes_nothing(case: Complaint, kind: str) -> None:
    row = letter_of(case)
    said = bounced(row, kind) | ({"RecordType": kind} if kind in ("Open", "Click", "Kabar baru") else {})
    assert call(said).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.delivered_at) == ("SENT", None)


@pytest.mark.parametrize("name", ["", "bukan-kami", "\x00", "\ud800", "x" * 5000, 7, None])
def test_a_letter_nobody_knows_is_no_fault(case: Complaint, name: Any) -> None:
    assert call(bounced(letter_of(case)) | {"MessageID": name}).status_code == 200
    assert letter_of(case).state == "SENT"


@pytest.mark.parametrize("secret", ["", "pos:salah"])
def test_without_its_secret_a_call_changes_nothing(case: Complaint, secret: str) -> None:
    assert call(bounced(letter_of(case)), secret=secret).status_code == 401
    assert letter_of(case).state == "SENT"
    assert Arrival.objects.get(outcome="REFUSED").reason == "bukan dari penyedia surat"


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"1", b"\xff\xfe", b"[" * 5000, b'{"RecordType": []}'])
def test_what_makes_no_sense_is_refused_in_words(case: Complaint, body: bytes) -> None:
    answer = call(body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("lacking", [{"LAPOR_EMAIL_ESP": ""}, {"ANYMAIL": {"POSTMARK_SERVER_TOKEN": "x"}}])
def test_without_a_provider_the_address_does_not_exist(case: Complaint, provider: Any, lacking: dict[str, Any]) -> None:
    for name, value in lacking.items():
        setattr(provider, name, value)
    assert call(bounced(letter_of(case))).status_code == 404


def test_a_provider_with_one_address_for_all_is_heard(case: Complaint, provider: Any) -> None:
    """Mandrill: a form with a list of events, and a signature of its own."""
    provider.LAPOR_EMAIL_ESP = "mandrill"
    provider.ANYMAIL = {"MANDRILL_API_KEY": "x", "WEBHOOK_SECRET": SECRET, "MANDRILL_WEBHOOK_KEY": "k"}
    answer = call(b"{}")
    assert answer.status_code == 401, "it asks for the signature"


def test_a_fault_of_ours_makes_the_provider_say_it_again(case: Complaint, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **more: Any) -> None:
        raise ValueError("away")

    monkeypatch.setattr("complaints.receivers.delivery.take_receipt", fails)
    proof = "Basic " + base64.b64encode(SECRET.encode()).decode()
    client = Client(raise_request_exception=False)
    body = json.dumps(delivered(letter_of(case)))
    answer = client.post(ADDRESS, body, content_type="application/json", headers={"Authorization": proof})
    assert answer.status_code == 500


def test_an_officers_letter_that_came_back_stands_in_the_log(world: World, case: Complaint) -> None:
    row = Notification.objects.filter(user__isnull=False, state="SENT").first()
    if row is None:
        row = letter_of(case)
        Notification.objects.filter(pk=row.pk).update(user=world.joko.user)
        row.refresh_from_db()
    call(bounced(row))
    row.refresh_from_db()
    assert row.state == "FAILED"
    case.reporter.refresh_from_db()
    assert case.reporter.unreachable_since is None


def test_who_wrote_by_mail_is_not_told_to_keep_a_key_they_never_saw(world: World) -> None:
    from django.core import mail

    for channel, told in (("web", "Simpan kunci"), ("email", "tombolnya membuka laporan Anda")):
        mail.outbox.clear()
        written = report(world, channel=channel, email=f"{channel}@contoh.test", now=later(days=1))
        privacy.confirm_email(written.reporter, later(days=1))
        delivery.send_due(now=later(days=1, minutes=2))
        letter = next(str(one.body) for one in mail.outbox if one.to == [f"{channel}@contoh.test"])
        assert told in " ".join(letter.split())
        assert ("Simpan kunci" in letter) == (channel == "web")
