"""A district's outreach kit: what is set, what is missing, and each paper to download."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.acting import OfficerRequest, officers_only
from agencies.models import Agency
from agencies.models.agency import PEMDA
from agencies.permissions import Capability, may
from agencies.views.members import page
from complaints.poster import press
from complaints.views.poster import LANGUAGES

log = logging.getLogger(__name__)


def _mine(request: OfficerRequest, pk: int) -> Agency:
    """A pemda whose papers I may print; every office is public, so others are told 403."""
    office = get_object_or_404(Agency.objects.select_related("region"), pk=pk)
    if not may(request.user, Capability.MANAGE_OFFICES, office):
        raise PermissionDenied
    if office.kind not in PEMDA:
        raise Http404
    return office


@require_safe
@officers_only
def outreach(request: OfficerRequest, pk: int) -> HttpResponse:
    """What the papers will say, with the way to what is not set yet."""
    from complaints.outreach import facts, kit

    office = _mine(request, pk)
    known = facts.of(office, timezone.localdate())
    rows = [
        {
            "label": label,
            "hint": hint,
            "files": [
                (name, lang, reverse("complaints:outreach_file", args=[pk, item.value, lang]))
                for lang, name in LANGUAGES.items()
            ],
        }
        for item, label, hint in kit.shown()
    ]
    context = {
        "office": office,
        "known": known,
        "phones": [f"{label}: {number}" for label, number in known.phones],
        "rows": rows,
        "subsite": reverse("agencies:subsite", args=[pk]),
        "prefixes": reverse("agencies:prefixes", args=[pk]),
        "promises": reverse("complaints:promises", args=[pk]),
        "poster": reverse("complaints:poster", args=[pk]),
    }
    return page(request, "complaints/outreach.html", context)


@require_safe
@officers_only
def outreach_file(request: OfficerRequest, pk: int, item: str, language: str) -> HttpResponse:
    """One paper as PDF. Where the typesetter fails, back to the page with a sentence."""
    from complaints.outreach import kit

    office = _mine(request, pk)
    if item not in list(kit.Item) or language not in LANGUAGES:
        raise Http404
    try:
        content = kit.pdf(office, kit.Item(item), language, timezone.localdate())
    except press.NotPrinted:
        log.exception("an outreach paper was not printed")
        messages.error(request, _("Bahannya belum bisa dibuat. Coba lagi sebentar lagi."))
        return redirect("complaints:outreach", pk=pk)
    name = f"lapor-{slugify(office.shown_name)[:60]}-{item}-{language}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )
