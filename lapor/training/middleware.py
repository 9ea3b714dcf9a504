"""What every page of training carries: the moved clock, the band that can't be closed, and no way into a search engine.

Written into the finished page, so that none is left out: an error's, one without the frame, or one yet to be built.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.html import format_html

from lapor.training import people
from lapor.training.models import Look, State

Respond = Callable[[HttpRequest], HttpResponseBase]

_ICON = re.compile(r'<link rel="icon"[^>]*>')
# Behind the way past the header, which stays first for the keyboard.
_BODY = re.compile(r'<body[^>]*>(?:\s*<a class="skip"[^>]*>[^<]*</a>)?')


class Training:
    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.training = State.read()  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        if isinstance(response, HttpResponse):
            _follow(request, response)
            if response.get("Content-Type", "").startswith("text/html") and not response.has_header("Content-Encoding"):
                _mark(request, response)
        return response


def _mark(request: HttpRequest, response: HttpResponse) -> None:
    page = response.content.decode(response.charset)
    if "<body" not in page:
        return
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    with translation.override(language):
        band = render_to_string(
            "latihan/_band.html",
            {
                "state": request.training,  # type: ignore[attr-defined]
                "part": people.part_of(getattr(request, "user", None)),
                "now": timezone.now(),
            },
        )
        word = translation.gettext("LATIHAN")
    page = _ICON.sub(
        format_html('<link rel="icon" href="{}" type="image/svg+xml">', static("icons/latihan.svg")), page, count=1
    )
    page = page.replace("<title>", f"<title>{word}: ", 1)
    page = page.replace(
        "</head>", format_html('<link rel="stylesheet" href="{}">\n</head>', static("css/latihan.css")), 1
    )
    page = _BODY.sub(lambda found: found[0] + band, page, count=1)
    response.content = page.encode(response.charset)
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))


def _follow(request: HttpRequest, response: HttpResponse) -> None:
    """Keep what a participant opened, and what they sent that was taken, with when it last was."""
    posted = request.method == "POST"
    if response.status_code != (302 if posted else 200) or people.COOKIE not in request.COOKIES:
        return
    match = request.resolver_match
    if match is None or not match.view_name or match.view_name.startswith("latihan:"):
        return
    if "HX-Request" in request.headers or not (participant := people.find(request)):
        return
    about = str(match.kwargs.get("number") or match.kwargs.get("pk") or "")
    if posted and not about:
        # Number and key lead to the case's own page.
        about = response.get("Location", "").rstrip("/").rpartition("/")[2]
    part = people.part_of(getattr(request, "user", None))
    slug = part.slug if part else ""
    Look.objects.bulk_create(
        [Look(participant=participant, part=slug, page=match.view_name[:80], about=about[:40], posted=posted)],
        update_conflicts=True,
        unique_fields=["participant", "part", "page", "about", "posted"],
        update_fields=["at"],
    )
