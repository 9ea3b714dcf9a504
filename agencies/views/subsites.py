"""A district's own site: the page on which its coordinator writes it, with a preview, and its mark for everybody."""

from __future__ import annotations

import base64

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from agencies import subsites
from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, SubSite
from agencies.models.agency import PEMDA
from agencies.permissions import Capability, may
from agencies.subsite_forms import SubSiteForm
from agencies.views.members import page


@require_http_methods(["GET", "POST"])
@officers_only
def change(request: OfficerRequest, pk: int) -> HttpResponse:
    """What is written is shown first (`act=lihat`) and kept only when it is saved; a new mark is chosen again then."""
    agency = get_object_or_404(Agency.objects.select_related("region"), pk=pk)
    if not may(request.user, Capability.MANAGE_OFFICES, agency):
        raise PermissionDenied
    if agency.kind not in PEMDA:
        raise Http404
    by = actor_of(request)
    site = SubSite.objects.filter(agency=agency).first() or _new(agency)
    names_host = subsites.may_name_host(by)
    form = SubSiteForm(request.POST or None, request.FILES or None, site=site, names_host=names_host)
    shown, mark = site, ""
    if request.method == "POST":
        valid = form.is_valid()
        shown = form.preview()
        if form.read_mark is not None:
            mark = "data:image/png;base64," + base64.b64encode(form.read_mark.page).decode()
        if valid and request.POST.get("act") != "lihat":
            try:
                saved = subsites.set_subsite(agency, by=by, mark=form.read_mark, **form.said())
            except NotAllowed as refused:
                raise PermissionDenied from refused
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            else:
                messages.success(request, _("Situs %(name)s disimpan.") % {"name": saved.name})
                return redirect("agencies:subsite", pk=pk)
    context = {
        "form": form,
        "office": agency,
        "site": site,
        "shown": shown,
        "mark": mark,
        "names_host": names_host,
        "previewed": request.method == "POST",
    }
    return page(request, "agencies/subsite.html", context)


def _new(agency: Agency) -> SubSite:
    """What a district begins with: its name and an address made of it."""
    name = agency.region.search_name if agency.region else agency.shown_name
    words = "".join(letter if letter.isalnum() else "-" for letter in name.lower())
    return SubSite(agency=agency, name=f"Lapor {name.title()}"[:40], slug="-".join(words.split("-"))[:40])


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def mark(request: HttpRequest, pk: int, version: str, size: str) -> HttpResponse:
    """A mark is pixels we drew; its address changes with it."""
    site = get_object_or_404(SubSite, pk=pk)
    content = bytes(site.small_mark if size == "kecil" else site.mark)
    if not content:
        raise Http404
    return HttpResponse(content, content_type="image/png", headers={"X-Content-Type-Options": "nosniff"})
