"""/akun/cuti/: my own leave; /petugas/cuti/: that of the officers below me. Who stands in, and until when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import leaves
from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.leave_forms import DeputyForm, LeaveForm
from agencies.members import NotAllowed, Refused, may_manage
from agencies.models import Leave, Membership, Role
from agencies.models.agency import OFFICERS
from agencies.permissions import Capability, may
from agencies.views.members import page, visible
from lapor.kit import wording


@officers_only
def mine(request: OfficerRequest) -> HttpResponse:
    """My leaves, and a form for one more of the task I act through."""
    own = request.acting
    form = None
    if own.role in OFFICERS and own.acting_for_id is None:
        form = LeaveForm(own, request.POST or None)
        if request.method == "POST" and form.is_valid() and _entered(request, own, form):
            return redirect("agencies:my_leave")
    context = {
        "rows": _rows(request, leaves.of_user(request.user, timezone.localdate())),
        "form": form,
        "own": own,
    }
    return page(request, "agencies/my_leave.html", context, status=400 if form is not None and form.errors else 200)


@officers_only
def of_others(request: OfficerRequest) -> HttpResponse:
    """Who below me is away or will be, who stands in, and where nobody will be."""
    found = list(leaves.below(visible(request), timezone.localdate()))
    rows = _rows(request, found)
    context = {
        "alarms": [row for row in rows if row["alarm"]],
        "waiting": [row for row in rows if row["leave"].waits and row["manages"]],
        "rows": rows,
    }
    return page(request, "agencies/leaves.html", context)


@officers_only
def enter(request: OfficerRequest, pk: int) -> HttpResponse:
    """For an officer who can't do it: fallen ill, say."""
    known = Membership.objects.current().filter(agency__in=visible(request))
    membership = get_object_or_404(known.select_related("user", "agency", "programme"), pk=pk)
    if not may_manage(actor_of(request), membership.agency, Role(membership.role)):
        raise PermissionDenied
    form = LeaveForm(membership, request.POST or None, approves=True)
    if request.method == "POST" and form.is_valid() and _entered(request, membership, form):
        return redirect("agencies:leaves")
    context = {"form": form, "membership": membership}
    return page(request, "agencies/leave_enter.html", context, status=400 if form.errors else 200)


@officers_only
def leave(request: OfficerRequest, pk: int) -> HttpResponse:
    """One leave: name another deputy, agree, come back earlier."""
    found = _leave(request, pk)
    manages = _manages(request, found)
    form = DeputyForm(found.membership, request.POST or None, approves=manages)
    if request.method == "POST" and form.is_valid():
        try:
            leaves.name_deputy(found, form.cleaned_data["deputy"], by=actor_of(request))
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Penggantinya dicatat."))
            return redirect("agencies:leave", pk=pk)
    row = _rows(request, [found])[0]
    context = row | {"form": form, "up": _up(request, found)}
    return page(request, "agencies/leave.html", context, status=400 if form.errors else 200)


@officers_only
@require_POST
def approve(request: OfficerRequest, pk: int) -> HttpResponseBase:
    found = _leave(request, pk)
    if not _manages(request, found):
        raise PermissionDenied
    try:
        leaves.approve(found, by=actor_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s disetujui sebagai pengganti.") % {"name": found.deputy})
    return redirect("agencies:leave", pk=pk)


@officers_only
@require_POST
def cut(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Back today, or not going at all."""
    found = _leave(request, pk)
    try:
        leaves.cut_short(found, by=actor_of(request))
    except NotAllowed as refused:
        raise PermissionDenied from refused
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Cuti itu diakhiri; penggantinya juga."))
    return redirect(_up(request, found))


def _entered(request: OfficerRequest, membership: Membership, form: LeaveForm) -> bool:
    starts_on, last_day = form.days()
    try:
        made = leaves.enter(
            membership,
            by=actor_of(request),
            starts_on=starts_on,
            last_day=last_day,
            deputy=form.cleaned_data["deputy"],
        )
    except NotAllowed as refused:
        raise PermissionDenied from refused
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    messages.success(
        request,
        _("Cuti %(first)s sampai %(last)s dicatat.")
        % {"first": wording.plain_day(starts_on), "last": wording.plain_day(last_day)},
    )
    if leaves.unmanned([made], timezone.localdate()):
        messages.warning(
            request,
            _("Pada hari-hari itu tidak ada orang lain di %(office)s. Tunjuk pengganti.")
            % {"office": membership.agency.name},
        )
    return True


def _leave(request: OfficerRequest, pk: int) -> Leave:
    """My own, or one of an office whose officers I may see; any other does not exist."""
    rows = Leave.objects.select_related("membership__user", "membership__agency__parent", "deputy", "lent")
    found = get_object_or_404(rows, pk=pk)
    if found.membership.user_id == request.user.pk:
        return found
    if not may(request.user, Capability.SEE_OFFICERS, found.membership.agency):
        return get_object_or_404(rows.none())
    return found


def _manages(request: OfficerRequest, found: Leave) -> bool:
    return may_manage(actor_of(request), found.membership.agency, Role(found.membership.role))


def _rows(request: OfficerRequest, found: Any) -> list[dict[str, Any]]:
    today = timezone.localdate()
    every = list(found)
    alarms = {one.pk for one in leaves.unmanned([one for one in every if not one.is_over(today)], today)}
    return [
        {
            "leave": one,
            "own": one.membership.user_id == request.user.pk,
            "manages": _manages(request, one),
            "approves": one.waits
            and _manages(request, one)
            and request.user.pk not in (one.deputy_id, one.membership.user_id),
            "alarm": one.pk in alarms,
            "begun": one.starts_on <= today,
            "over": one.is_over(today),
        }
        for one in every
    ]


def _up(request: OfficerRequest, found: Leave) -> str:
    own = found.membership.user_id == request.user.pk
    return reverse("agencies:my_leave" if own else "agencies:leaves")
