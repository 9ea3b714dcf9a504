"""Saya juga mengalami: to follow a public case, to show that the contact is one's own, and to take it back."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from complaints import privacy, support
from complaints.forms import SupportForm
from complaints.models import Publication, Supporter
from complaints.notifications.letters import supporter_of
from complaints.views import browse
from complaints.views.holding import is_reporter
from complaints.views.links import gone, unseen
from lapor.kit.ratelimit import address, is_this_machine
from lapor.kit.text import masked_email

GET_OR_POST = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(GET_OR_POST)
def support_case(request: HttpRequest, number: str) -> HttpResponse:
    """Of a published case, by an account that has proved its address or by a letter. 404 for every other case."""
    row = browse.published(number)
    case = row.complaint
    back = reverse("complaints:case", args=[case.shown_number])
    if is_reporter(request, case):
        messages.info(request, _("Ini laporan Anda sendiri: Anda sudah dihitung dan dikabari."))
        return redirect(back)
    user = request.user if request.user.is_authenticated else None
    mine = support.of_account(case, user) if user is not None else None
    if request.method == "POST" and request.POST.get("act") == "cabut" and mine is not None:
        privacy.end_support(mine, timezone.now())
        messages.success(request, _("Dukungan Anda sudah dicabut. Tidak ada kabar lagi tentang laporan ini."))
        return redirect(back)
    if not support.is_open_to_support(case):
        if request.method == "POST":
            messages.info(request, _("Laporan ini sudah ditutup, jadi tidak bisa diikuti lagi."))
            return redirect(back)
        return _page(request, row, SupportForm(), mine, closed=True)
    proved = user is not None and privacy.has_proved(user, user.email)
    if request.method != "POST":
        return _page(request, row, SupportForm(), mine, proved=proved)
    if user is not None and proved:
        support.add(case, user, now=timezone.now())
        messages.success(request, _("Anda sudah dihitung. Kabarnya kami kirim ke alamat akun Anda."))
        return redirect(back)
    return _asked(request, row, back)


def _asked(request: HttpRequest, row: Publication, back: str) -> HttpResponse:
    form = SupportForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, None)
    who = address(request)
    if (settings.PRODUCTION or not is_this_machine(who)) and not support.ASKING.take(who):
        form.add_error(None, _("Dari jaringan ini baru saja banyak yang ikut. Tunggu beberapa menit, lalu coba lagi."))
        response = _page(request, row, form, None)
        response.status_code = 429
        response["Retry-After"] = "600"
        return response
    email = form.cleaned_data["email"]
    support.ask(row.complaint, email, language=get_language() or "id", now=timezone.now())
    # The same whoever's address it is, and whatever it follows already.
    messages.success(
        request,
        _("Tinggal satu langkah: buka surat kami di %(address)s, lalu tekan tombolnya. Sesudah itu Anda dihitung.")
        % {"address": masked_email(email)},
    )
    return redirect(back)


def _page(
    request: HttpRequest,
    row: Publication,
    form: SupportForm,
    mine: Supporter | None,
    *,
    proved: bool = False,
    closed: bool = False,
) -> HttpResponse:
    context = {
        "row": row,
        "case": row.complaint,
        "form": form,
        "mine": mine,
        "proved": proved,
        "closed": closed,
        "address": masked_email(request.user.email) if proved and request.user.is_authenticated else "",
        "count": support.count_of(row.complaint),
    }
    return render(request, "complaints/support.html", context)


# --- Where the links of letters lead ---


@never_cache
@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The address says that it is theirs: from now on they count. A mail program that looks changes nothing."""
    supporter = supporter_of("support", token)
    if supporter is None:
        return gone(request)
    shown = masked_email(privacy.address_of_supporter(supporter))
    if request.method != "POST":
        return unseen(render(request, "complaints/support_confirm.html", {"address": shown}))
    public = Publication.objects.filter(complaint=supporter.complaint_id, complaint__secret=False).first()
    if public is None:
        # Closed to everybody meanwhile: there is nothing to follow, and nothing is told of it.
        privacy.end_support(supporter, timezone.now())
        return gone(request)
    row = privacy.confirm_support(supporter, timezone.now())
    if row.is_counted:
        said = _("Terima kasih, Anda sudah dihitung. Kabarnya kami kirim ke %(to)s.")
        messages.success(request, said % {"to": shown})
    else:
        messages.info(request, _("Ini laporan Anda sendiri: Anda sudah dihitung dan dikabari."))
    return unseen(redirect("complaints:case", supporter.complaint.shown_number))


@csrf_exempt  # mail programs post here for their "unsubscribe" button (RFC 8058); the token is the proof
@never_cache
@require_http_methods(GET_OR_POST)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters; or, by the other button, the support taken back. Says nothing of the case."""
    supporter = supporter_of("support-stop", token)
    if supporter is None:
        return gone(request)
    shown, taken_back = masked_email(privacy.address_of_supporter(supporter)), False
    if request.method == "POST":
        taken_back = request.POST.get("act") == "cabut"
        if taken_back:
            privacy.end_support(supporter, timezone.now())
        else:
            privacy.stop_support_letters(supporter, timezone.now())
    context = {"address": shown, "done": request.method == "POST", "taken_back": taken_back}
    return unseen(render(request, "complaints/support_stop.html", context))
