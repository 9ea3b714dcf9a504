"""What WhatsApp calls: once to see that we are we, then with every message and receipt. Keeps and answers 200.

Cloud API, Webhooks: a GET carries hub.verify_token and hub.challenge; a POST is signed with the app secret in
X-Hub-Signature-256.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from complaints.channels.called import TooLong, body_of, turn_away
from complaints.channels.whatsapp import CODE, MEDIUM
from complaints.channels.whatsapp.channel import CHANNEL
from complaints.intake import keep
from complaints.signals import letter_receipt


@csrf_exempt  # the signature is the proof
@never_cache
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest) -> HttpResponse:
    if not CHANNEL.is_on:
        raise Http404
    if request.method == "GET":
        return _verify(request)
    try:
        body = body_of(request)
    except TooLong as long:
        return turn_away(request, CODE, long.beginning, "terlalu panjang", 413)
    if not _is_signed(body, request.headers.get("X-Hub-Signature-256", "")):
        return turn_away(request, CODE, body, "tanda tangan tidak cocok", 403)
    messages, receipts = _parts(body)
    for name, sender, raw in messages:
        keep(CODE, raw, external_id=name, sender=sender)
    for letter, state, answer in receipts:
        if state in ("delivered", "read", "failed"):
            letter_receipt.send(
                sender=None,
                medium=MEDIUM,
                reference=letter,
                delivered=state != "failed",
                answer=answer,
                at=timezone.now(),
            )
    return HttpResponse("ok", content_type="text/plain")


def _verify(request: HttpRequest) -> HttpResponse:
    token = request.GET.get("hub.verify_token", "")
    if request.GET.get("hub.mode") != "subscribe" or not hmac.compare_digest(
        token.encode(), settings.WHATSAPP_VERIFY_TOKEN.encode()
    ):
        return HttpResponse("token tidak cocok", status=403, content_type="text/plain; charset=utf-8")
    return HttpResponse(request.GET.get("hub.challenge", "")[:200], content_type="text/plain")


def _is_signed(body: bytes, signature: str) -> bool:
    wanted = hmac.new(settings.WHATSAPP_APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode("utf-8", "replace"), f"sha256={wanted}".encode())


Message = tuple[str, str, bytes]
Receipt = tuple[str, str, str]


def _parts(body: bytes) -> tuple[list[Message], list[Receipt]]:
    """The messages of one call, each by itself (its id, its sender, its bytes), and the receipts (the letter's id, its
    state, what went wrong). What has no such shape is kept whole, for a person to look at."""
    messages: list[Message] = []
    receipts: list[Receipt] = []
    try:
        values = [change["value"] for entry in json.loads(body)["entry"] for change in entry["changes"]]
        for value in values:
            for message in value.get("messages", ()):
                raw = json.dumps(message).encode("utf-8", "surrogatepass")
                messages.append((str(message["id"]), f"+{message['from']}", raw))
            for status in value.get("statuses", ()):
                errors = [str(error.get("code", "")) for error in status.get("errors", ())]
                receipts.append((str(status["id"]), str(status["status"]), ", ".join(errors)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [(f"#{hashlib.sha256(body).hexdigest()}", "", body)], []
    return messages, receipts
