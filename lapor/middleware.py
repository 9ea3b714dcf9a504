"""What every request passes through: language, compression, headers, and as which office somebody is here."""

from collections.abc import Callable

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from agencies.models import Membership

Respond = Callable[[HttpRequest], HttpResponseBase]

ACTING = "membership"
"""Session key: the id of the membership somebody chose to act through."""


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
        if not response.get("Content-Type", "").startswith(("text/", "application/json", "image/svg")):
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


class Headers:
    """What Django's own middleware leaves out. A page that says nothing about caching is for this person only."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=()")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class ActingMembership:
    """`request.membership`: the membership through which this officer acts now, None for everybody else.

    The one chosen in the session while it is in force, else the first current one.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.membership = acting_membership(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def acting_membership(request: HttpRequest) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    current = list(Membership.objects.current().filter(user=request.user).select_related("agency", "user"))
    chosen = request.session.get(ACTING)
    return next((membership for membership in current if membership.pk == chosen), current[0] if current else None)
