"""Printing an office's poster and sticker, and what happens when somebody scans them."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.acting import OfficerRequest, officers_only
from agencies.models import Agency
from agencies.permissions import Capability, may
from agencies.views.members import page
from complaints.poster import code, press, sheet

log = logging.getLogger(__name__)

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}


def _mine(request: OfficerRequest, pk: int) -> Agency:
    """An office whose papers I may print; every office is public, so others are told 403."""
    office = get_object_or_404(Agency, pk=pk)
    if not may(request.user, Capability.MANAGE_OFFICES, office):
        raise PermissionDenied
    return office


@require_safe
@officers_only
def poster(request: OfficerRequest, pk: int) -> HttpResponse:
    """What can be printed: two sizes in two languages, and the address they carry."""
    office = _mine(request, pk)
    sizes = [
        (sheet.Size.POSTER, _("Poster A4"), _("Untuk dinding ruang tunggu dan papan pengumuman.")),
        (sheet.Size.STICKER, _("Stiker A6"), _("Untuk kaca loket, pintu, dan kendaraan layanan.")),
    ]
    rows = [
        {
            "label": label,
            "hint": hint,
            "picture": reverse("complaints:poster_file", args=[pk, size.value, "id", "png"]),
            "files": [
                (name, lang, reverse("complaints:poster_file", args=[pk, size.value, lang, "pdf"]))
                for lang, name in LANGUAGES.items()
            ],
        }
        for size, label, hint in sizes
    ]
    context = {"office": office, "rows": rows, "link": sheet.link_of(office), "site": sheet.site_of(office)}
    return page(request, "complaints/poster.html", context)


@require_safe
@officers_only
def poster_file(request: OfficerRequest, pk: int, size: str, language: str, kind: str) -> HttpResponse:
    """The PDF, or a picture of it. Where the typesetter fails, back to the page with a sentence."""
    office = _mine(request, pk)
    if size not in list(sheet.Size) or language not in LANGUAGES or kind not in list(press.Kind):
        raise Http404
    made = sheet.of(office, sheet.Size(size), language, timezone.localdate())
    try:
        content = press.draw(made, press.Kind(kind))
    except press.NotPrinted:
        log.exception("a poster was not printed")
        messages.error(request, _("Posternya belum bisa dibuat. Coba lagi sebentar lagi."))
        return redirect("complaints:poster", pk=pk)
    name = f"lapor-{slugify(office.shown_name)[:60]}-{size}-{language}.{kind}"
    return HttpResponse(
        content,
        content_type="application/pdf" if kind == press.Kind.PDF else "image/png",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )


@never_cache
@require_safe
def scan(request: HttpRequest, short: str) -> HttpResponse:
    """From the paper to the form, addressed to the office, or to what succeeded it; behind the door of its district
    where that has one. A code that is none still leads to the form: somebody stands before it."""
    office = _office_of(short)
    if office is None:
        messages.warning(request, _("Kode itu tidak kami kenal. Anda tetap bisa melapor di sini."))
        return redirect("complaints:place")
    site = sheet.site_of(office)
    behind_a_door = get_script_prefix() != "/"
    form = reverse("complaints:place")
    door = f"{site.path.rstrip('/')}{form}" if site and not behind_a_door else form
    return redirect(f"{door}?kantor={office.pk}")


def _office_of(typed: str) -> Agency | None:
    pk, today = code.read(typed), timezone.localdate()
    office = Agency.objects.select_related("succeeded_by").filter(pk=pk, parent__isnull=False).first() if pk else None
    seen: set[int] = set()
    while office is not None and not office.is_active_on(today) and office.pk not in seen:
        seen.add(office.pk)
        office = office.succeeded_by
    return office if office is not None and office.is_active_on(today) and office.parent_id else None
