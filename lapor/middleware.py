"""What every request passes through: compression, headers, language."""

from collections.abc import Callable
from http import HTTPStatus

import brotli
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from agencies import sessions
from complaints.views.holding import let_all_go
from lapor import views

Respond = Callable[[HttpRequest], HttpResponseBase]


SQUEEZED = ("text/", "application/json", "application/manifest+json", "image/svg")


# Where officers and citizens sign out (agencies.account_urls).
LEAVING = "/akun/keluar/"


class Compress:
    """Brotli for pages, whose size a citizen pays for. Static files were compressed when they were collected.

    Quality 5: within a few percent of the best for a page of some 10 kB, in under a millisecond.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or len(response.content) < 500:
            return response
        if not response.get("Content-Type", "").startswith(SQUEEZED):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if "br" in request.headers.get("Accept-Encoding", "") and not response.has_header("Content-Encoding"):
            response.content = brotli.compress(response.content, mode=brotli.MODE_TEXT, quality=5)
            response["Content-Encoding"] = "br"
            response["Content-Length"] = str(len(response.content))
        return response


class Language:
    """Indonesian, unless somebody chose otherwise here. The browser is not asked: many are set to English unawares."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class OfficersLeave:
    """Signs an officer out whose session is over (agencies.sessions). What they had typed stays on their screen.

    What a page asks for by itself neither keeps a session alive nor disturbs somebody who is writing on that page.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if getattr(request, "acting", None) is None:
            return self.get_response(request)
        by_itself = "HX-Request" in request.headers and request.method == "GET"
        if not sessions.is_over(request):
            if not by_itself:
                sessions.note_use(request)
            return self.get_response(request)
        if by_itself:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        logout(request)
        request.acting, request.start = None, ""  # type: ignore[attr-defined]
        return views.session_over(request)


class Headers:
    """What Django's own middleware leaves out. A page that says nothing about caching is for this person only, and one
    made for a session is not kept by a shared computer's browser either."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=()")
        held = settings.SESSION_COOKIE_NAME in request.COOKIES
        response.headers.setdefault("Cache-Control", "private, no-store" if held else "private, no-cache")
        if request.method == "POST" and request.path == LEAVING and response.status_code == HTTPStatus.FOUND:
            # Signed out: what this browser still had of the desk goes, and the reports it was let into. Drafts on a
            # phone are not the desk's.
            response.headers["Clear-Site-Data"] = '"cache"'
            let_all_go(response)
        return response
