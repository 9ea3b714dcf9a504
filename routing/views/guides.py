"""/panduan/: the guides, one for each role. Everybody may read them: nothing in them is about a report."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.models import Kind
from complaints.views.browse import keep_briefly
from routing import figures

log = logging.getLogger(__name__)


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    from routing.guide.guides import GUIDES

    rows = [{"code": one.code, "title": _(one.title), "audience": _(one.audience)} for one in GUIDES]
    return keep_briefly(request, render(request, "routing/guides.html", {"guides": rows}))


@require_safe
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The steps with their pictures, the days in force, then every page of the role."""
    from routing.guide import topics
    from routing.guide.guides import BY_CODE
    from routing.guide.pictures import picture

    found = BY_CODE.get(code)
    if found is None:
        raise Http404
    standards = figures.standards_in_force(timezone.localdate())
    context = {
        "code": found.code,
        "title": _(found.title),
        "audience": _(found.audience),
        "intro": _(found.intro),
        "chapters": [
            {"title": _(one.title), "steps": one.said(), "picture": picture(one.picture), "alt": _(one.alt)}
            for one in found.chapters
        ],
        "topics": [{"code": one.code, "title": _(one.title), "lines": topics.lines_of(one)} for one in found.pages()],
        "standards": [{"label": label, **standards[kind]} for kind, label in Kind.choices if standards.get(kind)],
        "basis": standards.get("basis"),
    }
    return keep_briefly(request, render(request, "routing/guide.html", context))


@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The guide to print, drawn once. Where the typesetter fails or is at it, back to the page with a sentence."""
    from complaints.poster import press
    from routing.guide import paper as papers
    from routing.guide.guides import BY_CODE

    found = BY_CODE.get(code)
    if found is None:
        raise Http404
    try:
        content = papers.kept(found)
    except press.NotPrinted:
        log.exception("a guide was not printed")
        content = None
    if content is None:
        messages.warning(request, _("Panduan untuk dicetak sedang dibuat. Coba lagi sebentar lagi."))
        return redirect("routing:guide", code=code)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="panduan-{code}.pdf"'
    return keep_briefly(request, response)
