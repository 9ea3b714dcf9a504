"""Many cases at once: the rows ticked on the desk or below an office, one page that says what will happen to each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.permissions import Capability, membership_may
from lapor.kit.urls import safe_next
from routing import bulk, dispatch, forms
from routing.bulk import BulkAct
from routing.views.frame import for_officers, lost_right, page

# The ticked rows of a list, and of the page that asks whether it shall be so.
TICKED = "laporan"


@require_http_methods(["GET", "POST"])
@for_officers
def many(request: OfficerRequest) -> HttpResponseBase:
    """GET shows what would happen to the ticked cases, POST does it."""
    if not membership_may(request.acting, Capability.WORK, request.acting.agency):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    act = bulk.BY_CODE.get(data.get("tindakan", ""))
    if act is not None and act not in bulk.offered(request.acting):
        if request.method == "POST":
            return lost_right(request, why=_("Anda tidak berwenang melakukan ini."))
        raise PermissionDenied
    by = Actor.officer(request.acting)
    versions = bulk.chosen(data.getlist(TICKED))
    if act is None or not versions:
        return _nothing(request)
    lines = bulk.plan(act, list(versions), by)
    form = _form(request, act, by)
    form.consider(lines)
    if "cari" in request.GET and request.htmx:  # type: ignore[attr-defined]
        return render(request, "routing/_offices.html", {"form": form, "act": act})
    if request.method != "POST" or forms.SEARCH in request.POST:
        form.forget_errors()
        return _ask(request, act, form, lines)
    if not form.is_valid():
        return _ask(request, act, form, lines)
    done, left = bulk.run(act, lines, versions, by, form.cleaned_data)
    return _told(request, act, done, left)


def _form(request: OfficerRequest, act: BulkAct, by: Actor) -> forms.BulkForm:
    today = dispatch.today_at(request.acting.agency, timezone.now())
    if request.method == "POST":
        return act.form(by, today, request.POST)
    return act.form(by, today, initial={"cari": request.GET.get("cari", "")[:100]})


def _ask(request: OfficerRequest, act: BulkAct, form: forms.BulkForm, lines: list[bulk.Line]) -> HttpResponseBase:
    possible = [line for line in lines if not line.why]
    context = _context(request, act) | {
        "form": form,
        "possible": possible,
        "impossible": [line for line in lines if line.why],
        "submit": ngettext("%(button)s: %(n)s laporan", "%(button)s: %(n)s laporan", len(possible))
        % {"button": act.button, "n": len(possible)},
    }
    return page(request, "routing/many.html", context, status=400 if form.errors else 200)


def _told(request: OfficerRequest, act: BulkAct, done: list[bulk.Line], left: list[bulk.Line]) -> HttpResponseBase:
    """All done: back to the list. Else the page names each that is left, with the reason and the way to try again."""
    said = ngettext("%(n)s laporan sudah: %(act)s.", "%(n)s laporan sudah: %(act)s.", len(done))
    if done:
        messages.success(request, said % {"n": len(done), "act": str(act.button).lower()})
    if not left:
        return redirect(safe_next(request, "routing:desk"))
    context = _context(request, act) | {"done": done, "left": left, "again": [one for one in left if one.case]}
    return page(request, "routing/many_done.html", context, status=200 if done else 409)


def _nothing(request: OfficerRequest) -> HttpResponseBase:
    return page(request, "routing/many.html", _context(request, None), status=200)


def _context(request: OfficerRequest, act: BulkAct | None) -> dict[str, Any]:
    return {
        "act": act,
        "ticked": TICKED,
        "next": safe_next(request, reverse("routing:desk")),
    }
