"""Pages about the look itself: the joined stylesheet and, outside produksi, every component in every state."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lapor import specimens, stylesheets

PARTS = {path.stem for path in stylesheets.FOLDER.glob("*.css")}


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def stylesheet(request: HttpRequest, parts: str, version: str) -> HttpResponse:
    """The named parts of static/css as one file; an old version gets today's text, an unknown part 404."""
    names = parts.split("-")
    if not set(names) <= PARTS:
        raise Http404
    return HttpResponse(stylesheets.text(*names), content_type="text/css; charset=utf-8")


def components(request: HttpRequest) -> HttpResponse:
    """Every part in every state, with invented content; not in produksi. A POST shows the form's error state."""
    if settings.PRODUCTION:
        raise Http404
    form = specimens.SpecimenForm(request.POST if request.method == "POST" else None)
    return render(request, "look/components.html", {"form": form, **specimens.context()})


def desk_components(request: HttpRequest) -> HttpResponse:
    """The officers' parts, on their own frame."""
    if settings.PRODUCTION:
        raise Http404
    return render(request, "look/desk_components.html", specimens.context())


def faults(request: HttpRequest, status: str) -> HttpResponse:
    """An error page as people meet it, with something typed where it may be; not in produksi."""
    if settings.PRODUCTION or status not in {"400", "403", "403_csrf", "404", "500", "503"}:
        raise Http404
    typed = [("Judul singkat", "Lampu jalan mati"), ("Ceritanya", "Gelap sejak Senin. " * 9)]
    contexts: dict[str, dict[str, Any]] = {
        "403_csrf": {"kept": typed, "address": request.path},
        "503": {"kept": typed, "address": request.path},
    }
    return render(request, f"{status}.html", contexts.get(status, {}))
