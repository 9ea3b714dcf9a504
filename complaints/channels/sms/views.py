"""What a gateway calls: a message came in, or something is known of one that went out. Checked, kept, answered."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from complaints import intake
from complaints.channels.sms import CODE, MEDIUM, gateways
from complaints.channels.sms.gateways.base import Gateway, Turned
from complaints.limits import TURNED_AWAY
from complaints.models import Notification
from complaints.signals import letter_receipt
from lapor.kit.ratelimit import address


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def arrive(request: HttpRequest, gateway: str) -> HttpResponse:
    """A message of a citizen. It is kept before anything else is known of it; understood, it is later."""
    found = _gateway(gateway)
    try:
        found.admit(request, timezone.now())
    except Turned as turned:
        return _turn_away(request, found, turned)
    envelope = found.envelope(request)
    raw = gateway.encode() + b"\n" + envelope.raw
    external_id = f"{gateway}:{envelope.external_id}" if envelope.external_id else ""
    arrival, _new = intake.keep(CODE, raw, external_id=external_id, sender=envelope.sender)
    return found.accepted(arrival)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, gateway: str) -> HttpResponse:
    """What became of a message we sent."""
    found = _gateway(gateway)
    try:
        found.admit(request, timezone.now())
        told = found.receipt(request)
    except Turned as turned:
        return HttpResponse(str(turned), status=turned.code, content_type="text/plain; charset=utf-8")
    except ValueError:
        return HttpResponse("kabar tidak terbaca", status=400, content_type="text/plain; charset=utf-8")
    if told.delivered is not None:
        letter_receipt.send(
            sender=Notification,
            medium=MEDIUM,
            reference=told.reference,
            delivered=told.delivered,
            answer=told.answer,
            at=timezone.now(),
        )
    return HttpResponse(status=204)


def _gateway(code: str) -> Gateway:
    """The one in use; every other does not exist."""
    found = gateways.find(code)
    if found is None:
        raise Http404
    return found


def _turn_away(request: HttpRequest, gateway: Gateway, turned: Turned) -> HttpResponse:
    """Kept too, with the reason, as far as nobody fills the disk with it."""
    if turned.code != 405 and TURNED_AWAY.take(address(request)):
        raw = gateway.code.encode() + b"\n" + gateway.envelope(request).raw
        intake.keep_refused(CODE, raw, str(turned))
    return HttpResponse(str(turned), status=turned.code, content_type="text/plain; charset=utf-8")
