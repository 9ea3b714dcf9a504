"""JSON over HTTP, signed both ways: for an aggregator, or a modem behind a few lines of code (docs/sms.md).

A call carries X-Lapor-Timestamp (Unix seconds), X-Lapor-Nonce and X-Lapor-Signature: the HMAC-SHA-256 (hex) of

    timestamp \\n nonce \\n method \\n path \\n body

under the shared secret. A clock may differ by five minutes; a nonce counts once.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import hmac
import json
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.request import RawPostDataException
from django.utils import timezone

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
from lapor.kit.sealing import fingerprint

if TYPE_CHECKING:
    import httpx

# Of a body too large to be one, so much is kept.
KEPT = 64_000
_BEGINNING = "lapor.beginning"
TOLERANCE = datetime.timedelta(minutes=5)


class Signed:
    code = "json"

    def __init__(self) -> None:
        self._client: httpx.Client | None = None

    def missing(self) -> list[str]:
        wanted = {"LAPOR_SMS_SECRET": settings.SMS_SECRET, "LAPOR_SMS_SEND_URL": settings.SMS_SEND_URL}
        return [name for name, value in wanted.items() if not value]

    @property
    def secret(self) -> str:
        return str(settings.SMS_SECRET)

    # --- in ---

    def admit(self, request: HttpRequest, now: datetime.datetime) -> None:
        if request.method != "POST":
            raise Turned(405, "bukan POST")
        stamp, nonce = request.headers.get("X-Lapor-Timestamp", ""), request.headers.get("X-Lapor-Nonce", "")
        body = body_of(request)
        if _BEGINNING in request.META:
            raise Turned(413, "pesannya terlalu panjang")
        signature = signature_of(self.secret, stamp, nonce, "POST", request.path, body)
        if not hmac.compare_digest(signature.encode(), _latin(request.headers.get("X-Lapor-Signature", ""))):
            raise Turned(401, "tanda tangan tidak cocok")
        if not from_an_allowed_address(request):
            raise Turned(403, "alamat gerbang tidak dikenal")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
            raise Turned(401, "jam gerbang tidak terbaca")
        if abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
            raise Turned(401, "jam gerbang berbeda lebih dari lima menit")
        if not 8 <= len(nonce) <= 100:
            raise Turned(401, "nonce terlalu pendek atau terlalu panjang")
        # Twice the tolerance: a stamp may lie as far ahead as behind.
        if not cache.add(f"sms-nonce:{fingerprint(nonce)}", 1, 2 * TOLERANCE.total_seconds() + 60):
            raise Turned(409, "pesan yang sama diputar ulang")

    def envelope(self, request: HttpRequest) -> Envelope:
        body = body_of(request)
        given = fields(body)
        return Envelope(body, _text(given, "id"), codec.phone(_text(given, "from")))

    def read(self, raw: bytes) -> Piece:
        given = fields(raw)
        if not given:
            raise ValueError("no JSON object")
        return Piece(codec.phone(_text(given, "from")), _words(given), _part(given))

    def accepted(self, arrival: Arrival) -> HttpResponse:
        return JsonResponse({"id": str(arrival.pk)}, status=202)

    def receipt(self, request: HttpRequest) -> Receipt:
        given = fields(body_of(request))
        reference = codec.mend(_text(given, "reference") or _text(given, "id"))
        status = _text(given, "status").lower()
        if not reference or status not in ("sent", "delivered", "failed"):
            raise ValueError("no receipt")
        delivered = {"delivered": True, "failed": False}.get(status)
        return Receipt(reference, delivered, codec.mend(_text(given, "answer"))[:200])

    # --- out ---

    def send(self, number: str, text: str, reference: str) -> str:
        import httpx

        body = json.dumps({"to": number, "from": settings.SMS_NUMBER, "text": text, "reference": reference}).encode()
        headers = headers_for(self.secret, "POST", urlsplit(settings.SMS_SEND_URL).path, body)
        try:
            answer = self._open().post(settings.SMS_SEND_URL, content=body, headers=headers)
        except httpx.HTTPError as error:
            self.close()
            raise DoorSilent(type(error).__name__) from None
        said = f"{answer.status_code} {answer.text[:100]}"
        if answer.status_code in (400, 404, 410, 422):
            raise DoorRefused(said, lasting=True)
        if not answer.is_success:
            wait = answer.headers.get("Retry-After", "")
            raise DoorSilent(said, after=datetime.timedelta(seconds=int(wait)) if wait.isdecimal() else None)
        return _text(fields(answer.content), "id")[:120]

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _open(self) -> httpx.Client:
        # Inside: a web worker never calls a gateway.
        import httpx

        self._client = self._client or httpx.Client(timeout=TIMEOUT)
        return self._client


# --- Signatures ---


def signature_of(secret: str, stamp: str, nonce: str, method: str, path: str, body: bytes) -> str:
    head = f"{stamp}\n{nonce}\n{method}\n{path}\n".encode("utf-8", "replace")
    return hmac.new(secret.encode(), head + body, hashlib.sha256).hexdigest()


def headers_for(
    secret: str, method: str, path: str, body: bytes, now: datetime.datetime | None = None
) -> dict[str, str]:
    """What whoever calls sends along."""
    stamp, nonce = str(int((now or timezone.now()).timestamp())), secrets.token_hex(12)
    return {
        "Content-Type": "application/json",
        "X-Lapor-Timestamp": stamp,
        "X-Lapor-Nonce": nonce,
        "X-Lapor-Signature": signature_of(secret, stamp, nonce, method, path, body),
    }


def body_of(request: HttpRequest) -> bytes:
    """The body; of one that is too large its beginning, of one that broke off nothing."""
    try:
        return request.body
    except RequestDataTooBig:
        request.META[_BEGINNING] = request.read(KEPT)
    except (UnreadablePostError, RawPostDataException):
        pass
    return bytes(request.META.get(_BEGINNING, b""))


# --- What stands in it ---


def fields(body: bytes) -> dict[str, Any]:
    """The object in a body; {} where there is none."""
    try:
        found = json.loads(body)
    except UnicodeDecodeError:
        try:
            found = json.loads(body.decode("cp1252", "replace"))
        except ValueError:
            return {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, str | int) else ""


def _words(given: dict[str, Any]) -> str:
    """`text`, or `data` (base64) in `charset` where a gateway hands on what it does not understand."""
    data = given.get("data")
    if isinstance(data, str):
        try:
            return codec.decode(base64.b64decode(data, validate=True), _text(given, "charset"))
        except (binascii.Error, ValueError):
            return _text(given, "text") or data
    return _text(given, "text")


def _part(given: dict[str, Any]) -> codec.Part | None:
    part = given.get("part")
    if not isinstance(part, dict):
        return None
    numbers = [part.get(name) for name in ("reference", "number", "total")]
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        return None
    reference, number, total = (int(str(one)[:9]) for one in numbers)
    return codec.part(reference, number, total)


def _latin(text: str) -> bytes:
    return text.encode("latin-1", "replace")
