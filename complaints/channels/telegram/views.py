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

from complaints.channels.telegram import CODE
from complaints.channels.telegram.channel import CHANNEL
from complaints.intake import keep, keep_refused
from complaints.limits import TURNED_AWAY
from lapor.kit.ratelimit import address

# As much as is kept of a call that was turned away.
SHOWN = 4000


@csrf_exempt  # the secret is the proof
@never_cache
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    if not CHANNEL.is_on:
        raise Http404
    said = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not hmac.compare_digest(said.encode("utf-8", "replace"), settings.TELEGRAM_SECRET.encode()):
        if TURNED_AWAY.take(address(request)):
            keep_refused(CODE, request.body[:SHOWN], "rahasia tidak cocok")
        return HttpResponse("rahasia tidak cocok", status=403, content_type="text/plain; charset=utf-8")
    name, sender = _whose(request.body)
    keep(CODE, request.body, external_id=name, sender=sender)
    return HttpResponse("ok", content_type="text/plain")


def _whose(body: bytes) -> tuple[str, str]:
    """The update's id and the chat it came from; what has no such shape is known by its bytes and has no sender."""
    try:
        update = json.loads(body)
        part = update.get("message") or update.get("callback_query") or {}
        chat = (part.get("message") or part)["chat"]["id"]
        return str(int(update["update_id"])), str(int(chat))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return f"#{hashlib.sha256(body).hexdigest()}", ""
