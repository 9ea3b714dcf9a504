"""The home page, the installed app, the health pages, and what is shown when the database is away."""

import sys
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import InterfaceError, OperationalError, connection
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt, requires_csrf_token
from django.views.decorators.http import condition, require_POST, require_safe

from agencies import subsites
from agencies.models import Prefix, SubSite
from complaints import cards, search
from complaints.models import Kind
from complaints.views.browse import keep_briefly
from lapor import installed
from lapor.kit import bars, problems
from routing import figures
from routing.views.register import age_rows

RETRY_AFTER = 30
# A page that gives back what was typed stays in nobody's browser.
NOT_KEPT = {"Cache-Control": "private, no-store"}
NEWEST = 5
# What no crawler needs: own pages, desks, and lists in every order.
PRIVATE = (
    "/akun/", "/berkas/", "/kabar/", "/lacak/", "/langganan/", "/lapor/", "/laporan-saya/", "/luring/", "/meja/",
    "/panggilan/", "/pengawasan/", "/laporan/?",
)  # fmt: skip


def home(request: HttpRequest) -> HttpResponse:
    """What this is, and how the country stands. Eight statements; none counts more than a row a page."""
    if site := subsites.of(request):
        return door(request, site)
    now = timezone.now()
    today = timezone.localdate(now)
    week = figures.home()
    newest = search.published(search.Wanted()).select_related("complaint__handler").only(*search.SHOWN)
    context = {
        **figures.days_in_force(today),
        "week": week,
        "shares": bars.stack(
            [
                (str(label), value, tone)
                for label, value, tone in (
                    (_("Dijawab"), week.answered, "t1"),
                    (_("Masih dalam batas waktu"), week.in_time, "t2"),
                    (_("Ditutup tanpa jawaban"), week.ended, "t3"),
                    (_("Digabung dengan laporan lain"), week.merged, "t4"),
                    (_("Terlambat"), week.late, "t5"),
                )
                if value or tone in ("t1", "t5")
            ]
        ),
        "ages": age_rows(week.unanswered),
        "ages_top": max(week.unanswered.ages),
        "cases": cards.cards(list(newest.order_by("-published_at", "-pk")[:NEWEST]), now),
    }
    return keep_briefly(request, render(request, "home.html", context))


def door(request: HttpRequest, site: SubSite) -> HttpResponse:
    """The front of a district's own site: the same promise, with its own name, days and figures."""
    now = timezone.now()
    today = timezone.localdate(now)
    wanted = search.Wanted(within=site.agency)
    newest = search.published(wanted).select_related("complaint__handler").only(*search.SHOWN)
    days, national = figures.days_of(site.agency, today), figures.days_in_force(today)
    prefix = Prefix.objects.active_on(today).filter(agency=site.agency).first()
    context = {
        "site": site,
        "place": site.agency.region.name if site.agency.region else site.agency.shown_name,
        **days,
        "tighter": any(days.get(name, limit) < limit for name, limit in national.items()),
        "sms_number": settings.SMS_NUMBER,
        "sms_prefix": prefix.text if prefix else "",
        "summary": figures.unanswered(today, site.agency),
        "all": figures.year(site.agency, today).all,
        "cases": cards.cards(list(newest.order_by("-published_at", "-pk")[:NEWEST]), now),
    }
    return keep_briefly(request, render(request, "door.html", context))


def how_it_works(request: HttpRequest) -> HttpResponse:
    """The way of a report, with the working days in force for each kind."""
    today, site = timezone.localdate(), subsites.of(request)
    rows = figures.standards_of(site.agency, today) if site else figures.standards_in_force(today)
    kinds = {code: {"label": label, **rows[code]} for code, label in Kind.choices if rows.get(code)}
    context = {"standards": list(kinds.values()), "basis": rows.get("basis")}
    return keep_briefly(request, render(request, "pages/how.html", context))


def personal_data(request: HttpRequest) -> HttpResponse:
    """Who sees what of a reporter, told to reporters (case.md section 6)."""
    return keep_briefly(request, render(request, "pages/privacy.html"))


def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read what everybody may read; not the pages of one person, nor every search."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


# --- The installed app ---


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    return _kept_a_day(installed.manifest())


@require_safe
def desk_manifest(request: HttpRequest) -> HttpResponse:
    return _kept_a_day(installed.desk_manifest())


def _kept_a_day(said: dict[str, object]) -> HttpResponse:
    response = JsonResponse(said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, max-age=86400"
    return response


@require_safe
@condition(etag_func=lambda request: f'"{installed.version()}"')
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker of the whole site. Asked for again at every visit: 304 as long as nothing has changed."""
    response = HttpResponse(installed.worker(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest, name: str) -> HttpResponse:
    """A page that needs no connection once it was seen. The worker asks for it without a cookie, so it says in the
    address in which language."""
    said = request.GET.get("bahasa", "")
    with override(said if said in dict(settings.LANGUAGES) else request.LANGUAGE_CODE):
        response = HttpResponse(installed.page(name))
        response["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    response["Cache-Control"] = "private, no-cache"
    return response


@csrf_exempt  # sent by the phone's share sheet; nothing is taken here
@require_POST
def share(request: HttpRequest) -> HttpResponse:
    """A photo shared to the app is taken by its worker. Where that is missing (its data were cleared) the photo has
    to be chosen once more."""
    return redirect("offline-draft")


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Says nothing about what lies behind it."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when a page could be served now, 503 when the database is silent.

    Redis is not asked: without it the portal still takes reports.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("basis data tidak menjawab\n", status=503, content_type="text/plain")
    return HttpResponse("siap\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400, wherever it was raised; to machines as a problem, like the three below."""
    if problems.is_machine(request):
        return _problem(exception, problems.MALFORMED)
    return defaults.bad_request(request, exception)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if problems.is_machine(request):
        return _problem(exception, problems.FORBIDDEN)
    return defaults.permission_denied(request, exception)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if problems.is_machine(request):
        return _problem(exception, problems.NOT_FOUND)
    return defaults.page_not_found(request, exception)


def _problem(exception: Exception, otherwise: problems.Kind) -> HttpResponse:
    known = problems.describe(exception) or problems.Problem(otherwise, otherwise.title)
    return problems.response(known)


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """Nothing answers under /api/ but what its apps name; a machine gets no page and is sent nowhere else."""
    end = "" if request.path.endswith("/") else _("Setiap alamat berakhir dengan garis miring.")
    return problems.of(problems.NOT_FOUND, end or _("Alamat ini tidak ada. Daftarnya di /api/v1/."))


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Django's last resort for any exception, wherever it was raised; needs neither database nor session.

    The database away: 503 with Retry-After, and the page holds what was typed, ready to be sent again. Otherwise 500.
    """
    if problems.is_machine(request):
        return problems.broken()
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        context = {"kept": kept(request), "address": request.get_full_path(), "files": bool(request.FILES)}
        with override(getattr(request, "LANGUAGE_CODE", "id")):
            page = render_to_string("503.html", context | {"csrf_token": request.META.get("CSRF_COOKIE", "")})
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER), **NOT_KEPT})
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form open so long that its token is no longer ours: what was typed comes back, to be sent with a new one.

    Only to a form of our own pages (Origin, else Referer). A foreign one gets nothing that could be sent again.
    """
    if problems.is_machine(request):
        return problems.of(problems.FORBIDDEN, _("Alamat ini tidak menerima formulir."))
    response = render(request, "403_csrf.html", _typed_here(request), status=403)
    response["Cache-Control"] = NOT_KEPT["Cache-Control"]
    return response


def session_over(request: HttpRequest) -> HttpResponse:
    """An officer who stayed away too long signs in again and comes back; what was typed is on the page meanwhile."""
    again = redirect_to_login(request.get_full_path())
    if request.method in ("GET", "HEAD"):
        messages.info(request, _("Anda sudah lama tidak di sini, jadi kami keluarkan. Masuk lagi untuk melanjutkan."))
        return again
    response = render(request, "session_over.html", _typed_here(request) | {"login": login_url()}, status=403)
    response["Cache-Control"] = NOT_KEPT["Cache-Control"]
    # A fragment of a page would hide in its corner.
    response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    return response


def login_url() -> str:
    """Back to the account's page, which says that one is in again."""
    return f"{reverse('account_login')}?{urlencode({'next': reverse('agencies:account')})}"


def _typed_here(request: HttpRequest) -> dict[str, Any]:
    """What came with a form of our own pages; nothing of one that came from elsewhere."""
    ours = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin") or "/".join(request.headers.get("Referer", "").split("/")[:3])
    typed = [pair for pair in kept(request) if pair[0] != "csrfmiddlewaretoken"] if origin == ours else []
    return {"kept": typed, "address": request.get_full_path(), "files": bool(request.FILES)}


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Each posted name and value in order; passwords, codes and the key of a report left out."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "key" and not any(word in name for word in ("password", "sandi", "code", "otp"))
    ]
