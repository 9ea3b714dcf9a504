"""What Telegram calls with every update (Bot API, setWebhook): its secret stands in a header. Keeps and answers 200."""

from __future__ import annotations

import hashlib
import hmac
import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from complaints.channels.called import TooLong, body_of, turn_away
from complaints.channels.telegram import CODE
from complaints.channels.telegram.channel import CHANNEL
from complaints.intake import keep


@csrf_exempt  # the secret is the proof
@never_cache
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    if not CHANNEL.is_on:
        raise Http404
    try:
        body = body_of(request)
    except TooLong as long:
        return turn_away(request, CODE, long.beginning, "terlalu panjang", 413)
    said = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not hmac.compare_digest(said.encode("utf-8", "replace"), settings.TELEGRAM_SECRET.encode()):
        return turn_away(request, CODE, body, "rahasia tidak cocok", 403)
    name, sender = _whose(body)
    keep(CODE, body, external_id=name, sender=sender)
    return HttpResponse("ok", content_type="text/plain")


def _whose(body: bytes) -> tuple[str, str]:
    """The update's id and the chat it came from; what has no such shape is known by its bytes and has no sender."""
    try:
        update = json.loads(body)
        part = update.get("message") or update.get("callback_query") or {}
        chat = (part.get("message") or part)["chat"]["id"]
        return str(int(update["update_id"])), str(int(chat))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        # OverflowError: 1e999 is a number to JSON and none to anybody else.
        return f"#{hashlib.sha256(body).hexdigest()}", ""
