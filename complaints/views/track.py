"""Following a case by number and key, which are exchanged at once for a signed cookie.

The key is never in an address or a log. A wrong number, a wrong key and a secret case get the same answer after the
same query.
"""

from __future__ import annotations

import hmac

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from complaints.forms import TrackForm
from complaints.limits import may_guess
from complaints.models import Complaint, Publication
from complaints.number import hash_key
from complaints.views.case import own
from complaints.views.holding import hold, let_go
from lapor.kit.ratelimit import address

_NO_HASH = "0" * 64


@never_cache
@sensitive_post_parameters("key")
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _track_page(request, TrackForm(initial={"number": request.GET.get("nomor", "")[:40]}))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _track_page(request, form)
    who, number = address(request), form.cleaned_data["number"]
    if not may_guess(who, number, 0):
        form.add_error(None, _("Terlalu banyak percobaan dari jaringan ini. Tunggu sepuluh menit, lalu coba lagi."))
        response = _track_page(request, form)
        response.status_code = 429
        response["Retry-After"] = "600"
        return response
    key = form.cleaned_data["key"]
    if not key:
        if Publication.objects.filter(complaint__number=number, complaint__secret=False).exists():
            return redirect("complaints:case", number)
        may_guess(who, number)
        form.add_error("key", _("Belum ada halaman umum dengan nomor ini. Kalau ini laporan Anda, tulis kuncinya"))
        return _track_page(request, form)
    found = Complaint.objects.filter(number=number).only("pk", "number", "key_hash").first()
    matches = hmac.compare_digest(hash_key(key), found.key_hash if found else _NO_HASH)
    if found is None or not matches:
        may_guess(who, number)
        form.add_error(None, _("Nomor dan kunci ini tidak cocok. Periksa keduanya, huruf demi huruf."))
        return _track_page(request, form)
    response = redirect("complaints:case", found.number)
    hold(request, response, found)
    return response


def _track_page(request: HttpRequest, form: TrackForm) -> HttpResponse:
    """What was typed stays, but for the key: it is not written into a page that may be kept."""
    return render(request, "complaints/track.html", {"form": form})


@require_POST
def leaving(request: HttpRequest, number: str) -> HttpResponse:
    """Forget this case in this browser."""
    complaint = own(request, number)
    messages.success(
        request, _("Peramban ini sudah melupakan laporan itu. Untuk membukanya lagi, pakai nomor dan kunci.")
    )
    response = redirect("complaints:track")
    let_go(request, response, complaint)
    return response
