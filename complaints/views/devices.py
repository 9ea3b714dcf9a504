"""Kabar di gawai: a browser asks to be called about one report or an officer's desk, and what a call leads to."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from agencies.acting import officers_only
from agencies.models import User
from complaints.channels.push.outbound import public_key
from complaints.forms import DeviceForm, read_subscription
from complaints.models import Device, Reporter
from complaints.notifications import devices
from complaints.notifications.letters import DESK
from complaints.views.case import own
from complaints.views.holding import is_reporter
from complaints.views.sending import is_ours

PAGE = "complaints/devices.html"
# Bytes of a subscription; a browser's has some four hundred.
LONGEST = 2000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """Calls about one report, without an account: this browser holds the case already."""
    complaint = own(request, number)
    here = reverse("complaints:devices", args=[complaint.number])
    back = (reverse("complaints:case", args=[complaint.number]), _("Laporan"))
    return _devices(request, here, back, devices.OF_REPORTERS, reporter=complaint.reporter)


@never_cache
@login_required
@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def of_officer(request: HttpRequest) -> HttpResponse:
    """Calls to an officer's own devices."""
    assert isinstance(request.user, User)
    here, back = reverse("complaints:officer-devices"), ("/akun/", _("Akun"))
    return _devices(request, here, back, devices.OF_OFFICERS, user=request.user)


def _devices(
    request: HttpRequest,
    here: str,
    back: tuple[str, str],
    topics: dict[str, Any],
    *,
    reporter: Reporter | None = None,
    user: User | None = None,
) -> HttpResponse:
    choices = [(topic, words) for topic, (words, _letters) in topics.items()]
    mine = Device.objects.awake().filter(reporter=reporter, user=user)
    if request.method == "POST" and request.POST.get("act") == "henti":
        return _stop(request, here, mine)
    form = DeviceForm(request.POST if request.method == "POST" else None, topics=choices)
    if request.method == "POST" and form.is_valid():
        device = Device.take(
            form.cleaned_data["subscription"],
            topics=form.cleaned_data["topics"],
            language=get_language() or "id",
            reporter=reporter,
            user=user,
        )
        messages.success(request, _("Gawai ini akan berbunyi kalau ada kabar. Isinya hanya terbuka di halaman ini."))
        response = redirect(here)
        devices.remember_here(request, response, device)
        if user is not None:
            devices.remember(response, device)
        return response
    # So that the page can tell whether it is among them: the address itself stays sealed.
    known = {mark_here(device): ",".join(device.topics) for device in mine}
    context = {
        "form": form,
        "here": here,
        "back": back,
        "key": public_key(),
        "known": json.dumps(known),
        "count": len(known),
        "officer": user is not None,
    }
    return render(request, PAGE, context)


def _stop(request: HttpRequest, here: str, mine: Any) -> HttpResponse:
    """This one, named by its mark; without one, all of them."""
    wanted = request.POST.get("mark", "")
    for device in mine:
        if wanted in ("", mark_here(device)):
            device.end()
    messages.success(request, _("Tidak ada kabar lagi ke gawai itu."))
    return redirect(here)


@csrf_exempt  # no session counts here; see `is_ours`
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """A browser's push service gave it another address (static/js/sw.js, pushsubscriptionchange).

    GET: the key it subscribes with. POST: its new subscription, for what its sealed cookie names; 204 however many that
    are, 400 when it is no subscription, 403 when another site sent it.
    """
    if request.method != "POST":
        return JsonResponse({"key": public_key()})
    if not is_ours(request) or request.content_type != "application/json":
        return HttpResponse(status=403)
    try:
        subscription = read_subscription(request.body[:LONGEST].decode())
    except ValueError:
        return HttpResponse(status=400)
    Device.move(devices.called_here(request), subscription)
    return HttpResponse(status=204)


def mark_here(device: Device) -> str:
    """What the page's script computes of its own subscription too: SHA-256 of the address, 16 hexadecimal digits."""
    return hashlib.sha256(str(device.subscription()["endpoint"]).encode()).hexdigest()[:16]


@never_cache
@require_safe
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody pressed on a call. Their own report or desk opens to them; to anybody else nothing is told, not even
    whether there is a report."""
    row = devices.row_of(token)
    if row is not None and row.user_id is not None:
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?next={request.path}")
        if request.user.pk == row.user_id and row.event is not None:
            return redirect(f"{DESK}{row.event.complaint.number}/")
    elif row is not None and row.event is not None:
        case = row.reporter.complaint if row.reporter else row.event.complaint
        if is_reporter(request, case):
            return redirect("complaints:case", case.number)
    messages.info(request, _("Ada kabar. Buka laporan Anda dengan nomor dan kuncinya."))
    return redirect("complaints:track")
