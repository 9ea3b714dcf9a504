"""Kannel (https://kannel.org, 1.4): messages in by its get-url, out by its sendsms, receipts by the dlr-url.

The get-url carries everything in its query: from=%p to=%P text=%b coding=%c charset=%C udh=%u smsc=%i id=%I, and our
shared secret as `token`. docs/sms.md has the whole configuration.
"""

from __future__ import annotations

import datetime
import hmac
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from complaints.channels.contract import DoorRefused, DoorSilent
from complaints.channels.sms import codec
from complaints.channels.sms.gateways.base import (
    TIMEOUT,
    Envelope,
    Piece,
    Receipt,
    Turned,
    from_an_allowed_address,
)
from complaints.models import Arrival

if TYPE_CHECKING:
    import httpx

# What Kannel reports (its user guide, "Delivery reports"): the values of %d. Of 4 (buffered) and 8 (handed to the
# network) nothing is known yet.
DELIVERED, FAILED, REJECTED = 1, 2, 16
_SECRET_NAMES: Final = ("token", "password")


class Kannel:
    code = "kannel"

    def __init__(self) -> None:
        self._client: httpx.Client | None = None

    def missing(self) -> list[str]:
        wanted = {
            "LAPOR_SMS_SECRET": settings.SMS_SECRET,
            "LAPOR_SMS_SEND_URL": settings.SMS_SEND_URL,
            "LAPOR_SMS_USER": settings.SMS_USER,
            "LAPOR_SMS_PASSWORD": settings.SMS_PASSWORD,
        }
        return [name for name, value in wanted.items() if not value]

    # --- in ---

    def admit(self, request: HttpRequest, now: datetime.datetime) -> None:
        token = fields(_query(request)).get("token", b"")
        if not hmac.compare_digest(token, settings.SMS_SECRET.encode()):
            raise Turned(403, "sandi gerbang tidak cocok")
        if not from_an_allowed_address(request):
            raise Turned(403, "alamat gerbang tidak dikenal")

    def envelope(self, request: HttpRequest) -> Envelope:
        query = b"&".join(
            field for field in _query(request).split(b"&") if not field.lower().startswith((b"token=", b"password="))
        )
        given = fields(query)
        return Envelope(query, codec.decode(given.get("id", b"")), codec.phone(codec.decode(given.get("from", b""))))

    def read(self, raw: bytes) -> Piece:
        given = fields(raw)
        if not given:
            raise ValueError("no parameters")
        text = codec.decode(given.get("text", b""), _ascii(given, "charset"), _ascii(given, "coding"))
        sender = codec.phone(codec.decode(given.get("from", b"")))
        return Piece(sender, text, codec.concatenation(given.get("udh", b"")))

    def accepted(self, arrival: Arrival) -> HttpResponse:
        """An empty answer: with max-messages = 0 Kannel sends none of its own."""
        return HttpResponse("", content_type="text/plain; charset=utf-8")

    def receipt(self, request: HttpRequest) -> Receipt:
        given = fields(_query(request))
        status, reference = _ascii(given, "status"), codec.mend(codec.decode(given.get("ref", b"")))
        if not reference or not status.isdigit():
            raise ValueError("no receipt")
        delivered = {DELIVERED: True, FAILED: False, REJECTED: False}.get(int(status[:3]))
        answer = codec.mend(codec.decode(given.get("answer", b"")))
        return Receipt(reference, delivered, f"{status} {answer}".strip()[:200])

    # --- out ---

    def send(self, number: str, text: str, reference: str) -> str:
        import httpx

        back = {"token": settings.SMS_SECRET, "ref": reference}
        url = f"{settings.SITE_URL}{reverse('complaints:sms_receipt', args=[self.code])}?{urlencode(back)}"
        asked = {
            "username": settings.SMS_USER,
            "password": settings.SMS_PASSWORD,
            "from": settings.SMS_NUMBER,
            "to": number,
            "text": text,
            "charset": "UTF-8",
            "coding": "0",
            "dlr-mask": str(DELIVERED | FAILED | REJECTED),
            "dlr-url": f"{url}&status=%d&answer=%A",
        }
        try:
            answer = self._open().get(settings.SMS_SEND_URL, params=asked)
        except httpx.HTTPError as error:
            self.close()
            # The address of the call holds a password and the number.
            raise DoorSilent(type(error).__name__) from None
        said = f"{answer.status_code} {answer.text[:100]}"
        if answer.status_code == 400 and "receiver" in answer.text.lower():
            raise DoorRefused(said, lasting=True)
        if not answer.is_success:
            raise DoorSilent(said)
        return ""

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _open(self) -> httpx.Client:
        # Inside: a web worker never calls a gateway.
        import httpx

        self._client = self._client or httpx.Client(timeout=TIMEOUT)
        return self._client


def _query(request: HttpRequest) -> bytes:
    return str(request.META.get("QUERY_STRING", "")).encode("latin-1", "replace")


def fields(query: bytes) -> dict[str, bytes]:
    """The parameters as bytes: which charset they are in stands among them. Of one sent twice the first counts."""
    found: dict[str, bytes] = {}
    for field in query.split(b"&"):
        name, _equals, value = field.partition(b"=")
        if name:
            key = name.decode("ascii", "replace").lower()
            found.setdefault(key, unquote_to_bytes(value.replace(b"+", b" ")))
    return found


def _ascii(given: dict[str, bytes], name: str) -> str:
    return given.get(name, b"").decode("ascii", "replace").strip()[:40]
