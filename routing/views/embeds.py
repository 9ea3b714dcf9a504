"""/sematan/<pemda>/: what a district may show of itself on its own site, as a badge or a figure, and how it gets there.

The same numbers as on its public page. They carry no cookie and no script, so whoever reads that site is told to
nobody; and a district that promised too little to be judged says so, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from agencies.models import Agency
from agencies.models.agency import PEMDA
from complaints.notifications.letters import absolute
from lapor.kit import wording
from routing.directory import counts_of

# Fewer promises than this say nothing about a district (as in the yearly evaluation).
LEAST: Final = 30
# Seconds anybody on the way may keep it.
KEPT_FOR: Final = 3600
# Width of a sign in the badge, in px: the widest common ones at this size, so that no font runs over.
SIGN: Final = 7.2
BOLD: Final = 8.8
LANGUAGES: Final = ("id", "en")


@dataclass(frozen=True)
class Figure:
    """First answers of the last twelve months. `share`: in time, in whole percent; None: too few to say."""

    kept: int
    promised: int
    overdue: int

    @property
    def share(self) -> int | None:
        return self.kept * 100 // self.promised if self.promised >= LEAST else None


def figure_of(agency: Agency) -> Figure:
    for _node, in_time, late, overdue in counts_of([agency]):
        return Figure(in_time, in_time + late + overdue, overdue)
    return Figure(0, 0, 0)


@require_safe
def snippets(request: HttpRequest, pk: int) -> HttpResponse:
    """What to copy into one's own pages."""
    agency = _pemda(pk)
    context = {
        "agency": agency,
        "figure": figure_of(agency),
        "least": LEAST,
        "badge": reverse("routing:embed_badge", args=[pk]),
        "frame": reverse("routing:embed_figure", args=[pk]),
        # Text to be copied, so each is a plain string that the page escapes as a whole.
        "badge_code": _plain(
            format_html(
                '<a href="{}"><img src="{}" height="24" alt="LAPOR! {}"></a>',
                absolute(reverse("agencies:office", args=[pk])),
                absolute(reverse("routing:embed_badge", args=[pk])),
                agency.shown_name,
            )
        ),
        "frame_code": _plain(
            format_html(
                '<iframe src="{}" title="LAPOR! {}" width="320" height="280" loading="lazy"></iframe>',
                absolute(reverse("routing:embed_figure", args=[pk])),
                agency.shown_name,
            )
        ),
    }
    return render(request, "routing/embeds.html", context)


@require_safe
def badge(request: HttpRequest, pk: int) -> HttpResponse:
    agency = _pemda(pk)
    with translation.override(_language(request)):
        figure = figure_of(agency)
        if figure.share is None:
            said = _("data belum cukup")
        else:
            said = _("%(share)s%% dijawab tepat waktu") % {"share": wording.number(figure.share)}
        left, right = round(len("LAPOR!") * BOLD + 16), round(len(said) * SIGN + 16)
        context = {
            "name": agency.shown_name,
            "said": said,
            "left": left,
            "right": right,
            "width": left + right,
            "left_at": left / 2,
            "right_at": left + right / 2,
        }
        answer = render(request, "routing/embed_badge.svg", context, content_type="image/svg+xml")
    return _kept_by_all(answer)


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # its types know no view with an argument
@require_safe
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """A page for a frame of another site; no other page of the portal stands in one."""
    agency = _pemda(pk)
    with translation.override(_language(request)):
        context = {
            "agency": agency,
            "figure": figure_of(agency),
            "least": LEAST,
            "url": absolute(reverse("agencies:office", args=[pk])),
        }
        answer = render(request, "routing/embed_figure.html", context)
    return _kept_by_all(answer)


def _plain(html: str) -> str:
    """Without the mark that says it is escaped: `str()` of such a string keeps it."""
    return "".join(html)


def _pemda(pk: int) -> Agency:
    """Governments of districts and provinces, while they last."""
    agency = get_object_or_404(Agency, pk=pk, kind__in=PEMDA)
    if not agency.is_active_on(timezone.localdate()):
        raise Http404
    return agency


def _language(request: HttpRequest) -> str:
    """By the address alone: what is shown on another site depends on nobody's cookie."""
    asked = request.GET.get("bahasa", "")
    return asked if asked in LANGUAGES else "id"


def _kept_by_all(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    answer["X-Robots-Tag"] = "noindex"
    return answer
