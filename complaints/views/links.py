"""Where the links of letters lead: into the case, to the confirmation of an address, out of the mailing.

A link is exchanged at once for the signed cookie of `holding`, and nothing changes by a GET: mail programs open links
to look at them.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from complaints import privacy, short_links
from complaints.models import Complaint, Reporter
from complaints.notifications.letters import reporter_of
from complaints.views.holding import hold
from lapor.kit.text import masked_email

# Places on the reporter's page a button of a letter may point to; whose turn it is stands at the top anyway.
PLACES = {"balas": "tulis", "ombudsman": "ombudsman"}


@never_cache
@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A letter's link: this browser now acts for the reporter, at the case's own address."""
    reporter = reporter_of("track", token)
    if reporter is None:
        return gone(request)
    response = redirect(case_url(reporter.complaint) + _place(request.GET.get("ke", "")))
    hold(request, response, reporter.complaint)
    return unseen(response)


@never_cache
@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """The link of an SMS: the same, with a code that is looked up."""
    reporter = short_links.reporter_of(code, timezone.now())
    if reporter is None:
        return gone(request)
    response = redirect(case_url(reporter.complaint))
    hold(request, response, reporter.complaint)
    return unseen(response)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The address says that it is theirs; from now on letters with content go there, and the case opens."""
    reporter = reporter_of("confirm", token)
    if reporter is None:
        return gone(request)
    if request.method != "POST":
        return unseen(render(request, "complaints/link_confirm.html", {"address": _shown(reporter)}))
    privacy.confirm_email(reporter, timezone.now())
    if request.user.is_authenticated:
        # Confirmed by its own link: from now on it is among this account's reports (case.md section 6).
        unclaimed = Reporter.objects.filter(pk=reporter.pk, account_fingerprint="")
        unclaimed.update(account_fingerprint=request.user.fingerprint)
    messages.success(request, _("Alamat Anda sudah dipastikan. Kabar berikutnya kami kirim ke sana."))
    response = redirect(case_url(reporter.complaint))
    hold(request, response, reporter.complaint)
    return unseen(response)


@csrf_exempt  # mail programs post here for their "unsubscribe" button (RFC 8058); the token is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    reporter = reporter_of("stop", token)
    if reporter is None:
        return gone(request)
    if request.method == "POST":
        privacy.stop_letters(reporter)
    context = {"address": _shown(reporter), "done": request.method == "POST"}
    return unseen(render(request, "complaints/link_stop.html", context))


def case_url(complaint: Complaint) -> str:
    return reverse("complaints:case", args=[complaint.number])


def _shown(reporter: Reporter) -> str:
    """Enough of the address to recognise one's own."""
    return masked_email(privacy.address_of(reporter, privacy.EMAIL))


def _place(wanted: str) -> str:
    return f"#{PLACES[wanted]}" if wanted in PLACES else ""


def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "complaints/link_gone.html", status=404)


def unseen(response: HttpResponse) -> HttpResponse:
    """The address of this page is a key: no list of pages learns it. Other sites don't either: the site-wide
    referrer policy is same-origin ("no-referrer" would blank the Origin that a form's post is checked by)."""
    response["X-Robots-Tag"] = "noindex"
    return response
