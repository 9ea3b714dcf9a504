"""/kelola/program/: the priority programmes cases are gathered under. Of the centre."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import programmes
from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.members import Refused
from agencies.models import AuditEntry, Membership, Programme
from agencies.permissions import Capability, may
from agencies.programme_forms import AddForm, ChangeForm, EndForm
from agencies.views.members import page
from lapor.kit import wording

P = ParamSpec("P")


def _only_centre(
    view: Callable[Concatenate[OfficerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    @wraps(view)
    def inner(request: OfficerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        office = request.acting.agency
        if office.parent_id is not None or not may(request.user, Capability.MANAGE_PROGRAMMES, office):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return officers_only(inner)


@_only_centre
def listing(request: OfficerRequest) -> HttpResponse:
    """Those in force, those that ended, and the form for one more."""
    form = AddForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            added = programmes.add(by=actor_of(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Program %(name)s dicatat.") % {"name": added.name})
            return redirect("agencies:programme", pk=added.pk)
    today = timezone.localdate()
    lines = [_line(row, today) for row in Programme.objects.all()]
    context = {
        "form": form,
        "living": [line for line in lines if not line["over"]],
        "ended": [line for line in lines if line["over"]],
    }
    return page(request, "agencies/programmes.html", context)


def _line(row: Programme, today: datetime.date) -> dict[str, Any]:
    over = row.ends_on is not None and row.ends_on <= today
    if over:
        when = _("berakhir %(day)s") % {"day": wording.plain_day(row.ends_on)}
    elif row.starts_on > today:
        when = _("mulai %(day)s") % {"day": wording.plain_day(row.starts_on)}
    elif row.ends_on is not None:
        when = _("sampai %(day)s") % {"day": wording.plain_day(row.ends_on)}
    else:
        when = _("sejak %(day)s") % {"day": wording.plain_day(row.starts_on)}
    return {"row": row, "when": when, "over": over}


@_only_centre
def change(request: OfficerRequest, pk: int) -> HttpResponse:
    """One programme: its words, its end, who observes it, and what was changed before."""
    programme = get_object_or_404(Programme, pk=pk)
    ends, posted = "akhiri" in request.POST, request.method == "POST"
    given = {field: getattr(programme, field) for field in ("name", "description", "legal_basis", "starts_on")}
    form = ChangeForm(request.POST if posted and not ends else None, initial=given)
    end = EndForm(request.POST if ends else None, initial={"ends_on": programme.ends_on, "closing": programme.closing})
    chosen: forms.Form = end if ends else form
    if posted and chosen.is_valid():
        try:
            said = _save(request, programme, chosen)
        except Refused as refused:
            chosen.add_error(refused.field if refused.field in chosen.fields else None, str(refused))
        else:
            messages.success(request, said)
            return redirect("agencies:programmes")
    context = {
        "programme": programme,
        "line": _line(programme, timezone.localdate()),
        "form": form,
        "end": end,
        "failed": chosen,
        "observers": Membership.objects.current().filter(programme=programme).select_related("user", "agency"),
        "entries": AuditEntry.objects.filter(subject_kind="programme", subject_id=programme.pk).select_related("who")[
            :20
        ],
    }
    return page(request, "agencies/programme.html", context)


def _save(request: OfficerRequest, programme: Programme, form: forms.Form) -> str:
    by, said = actor_of(request), form.cleaned_data
    if isinstance(form, EndForm):
        programmes.end(programme, by=by, day=said["ends_on"], closing=said["closing"])
        return _("Program berakhir pada tanggal itu. Laporan yang sudah ditandai tetap terbaca.")
    programmes.change(programme, by=by, **said)
    return _("Perubahan disimpan.")
