"""/petugas/: the officers of my subtree, the decrees they rest on, and the acts on them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import alarms, hooks, leaves, members
from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.member_forms import AppointForm, DecreeForm, EndForm
from agencies.models import Agency, AgencyQuerySet, AuditEntry, Decree, Membership, Role
from agencies.models.agency import OFFICERS
from agencies.permissions import Capability, agencies_for, may
from lapor.kit.text import row_id

PER_PAGE = 60
# More than any district has with its kecamatan and the parts of its secretariat.
MOST_OFFICES = 300


def page(request: OfficerRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render an officers' page with the header's context and what coordinators must know of the calendar."""
    decides = may(request.user, Capability.MANAGE_OFFICES, request.acting.agency)
    frame = {
        "acting": request.acting,
        "nav": hooks.nav_of(request.acting),
        "alarm": alarms.missing_holidays(timezone.localdate()) if decides else None,
    }
    return render(request, template, frame | context, status=status)


def visible(request: OfficerRequest) -> AgencyQuerySet:
    """Offices whose officers I may see; raises PermissionDenied where that is none."""
    offices = agencies_for(request.user, Capability.SEE_OFFICERS)
    if not may(request.user, Capability.SEE_OFFICERS, request.acting.agency):
        raise PermissionDenied
    return offices


def _current(request: OfficerRequest) -> QuerySet[Membership]:
    return Membership.objects.current().filter(agency__in=visible(request))


@officers_only
def members_list(request: OfficerRequest) -> HttpResponse:
    today = timezone.localdate()
    current = Membership.objects.current().filter(agency__in=visible(request))
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    only = request.GET.get("hanya", "")
    found = current
    if words:
        found = found.filter(
            Q(user__name__icontains=words) | Q(agency__name__icontains=words) | Q(agency__short_name__icontains=words)
        )
    office, own = None, request.GET.get("saja") == "ya"
    if "kantor" in request.GET:
        # As the numbers of that office count them.
        office = get_object_or_404(visible(request), pk=row_id(request.GET["kantor"]))
        found = found.exclude(role=Role.OBSERVER)
        found = found.filter(agency=office) if own else found.filter(agency__path__startswith=office.path)
    match only:
        case "konfirmasi":
            found = members.to_confirm(found)
        case "aktif":
            found = found.filter(hooks.at_desk_lately())
        case "sk":
            found = found.filter(members.on_valid_decree())
    rows = found.select_related("user", "agency", "agency__parent", "decree", "programme").order_by(
        "agency__path_length", "agency__name", "role", "user__name", "pk"
    )
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    context: dict[str, Any] = {"shown": shown, "q": words, "only": only, "office": office, "own": own}
    manages = may(request.user, Capability.MANAGE_OFFICERS, request.acting.agency)
    if manages:
        context["empty_soon"] = len(leaves.unmanned(leaves.below(visible(request), today), today))
        context["to_confirm"] = members.to_confirm(current).count()
        # The centre looks at 714 offices without officers elsewhere: in the directory.
        if request.acting.agency.parent_id is not None:
            offices = agencies_for(request.user, Capability.MANAGE_OFFICERS).active_on(today)
            unstaffed = offices.exclude(pk__in=offices.staffed_on(today)).order_by("name")
            context["unstaffed"] = list(unstaffed[:MOST_OFFICES])
            context["bare"] = not context["unstaffed"] and request.acting.agency.is_bare_pemda()
    context["manages"] = manages
    return page(request, "agencies/members.html", context)


@officers_only
def appoint(request: OfficerRequest) -> HttpResponse:
    by = actor_of(request)
    offices = agencies_for(request.user, Capability.MANAGE_OFFICERS).active_on(timezone.localdate())
    if not may(request.user, Capability.MANAGE_OFFICERS, request.acting.agency):
        raise PermissionDenied
    wanted = request.POST.get("agency") or request.GET.get("kantor") or ""
    agency = offices.filter(pk=row_id(wanted)).first()
    if agency is None and request.GET.get("kantor"):
        raise Http404
    if agency is None and request.acting.agency.parent_id is None:
        # The centre chooses the office in the directory first: a list of thousands helps nobody.
        return page(request, "agencies/appoint.html", {"choose": True})
    form = AppointForm(
        request.POST or None,
        by=by,
        offices=offices.order_by("path_length", "name"),
        agency=_chosen(request, agency),
        initial=_for_programme(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            membership = members.appoint(by=by, **form.cleaned_data)
        except members.NotAllowed as refused:
            raise PermissionDenied from refused
        except members.Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(
                request,
                _("%(name)s sekarang %(role)s di %(office)s. Kami menyuratinya: perannya, dasarnya, dan cara masuk.")
                % {"name": membership.user, "role": membership.shown_role, "office": membership.agency.name},
            )
            return redirect("agencies:members")
    return page(request, "agencies/appoint.html", {"form": form, "office": _chosen(request, agency)})


def _for_programme(request: HttpRequest) -> dict[str, Any]:
    """Whoever comes from a programme's page appoints its observer."""
    programme = row_id(request.GET.get("program", ""))
    return {"programme": programme, "role": Role.OBSERVER} if programme else {}


def _chosen(request: HttpRequest, agency: Agency | None) -> Agency | None:
    """The office is fixed when the address names it; chosen in the form it can still be changed."""
    return agency if request.GET.get("kantor") else None


def _member(request: OfficerRequest, pk: int) -> Membership:
    """A membership I may see; everything else does not exist."""
    known = Membership.objects.filter(agency__in=visible(request))
    return get_object_or_404(known.select_related("user", "agency", "agency__parent", "decree", "programme"), pk=pk)


@officers_only
def member(request: OfficerRequest, pk: int, form: EndForm | None = None) -> HttpResponse:
    membership = _member(request, pk)
    by = actor_of(request)
    today = timezone.localdate()
    newest = members.newest_of(membership.decree)
    manages = members.may_manage(by, membership.agency, Role(membership.role)) and membership.user != request.user
    return page(
        request,
        "agencies/member.html",
        {
            "membership": membership,
            "current": membership.is_current_on(today),
            "manages": manages,
            "form": form or EndForm(),
            "takes_leave": membership.role in OFFICERS and membership.acting_for_id is None,
            "stale": members.to_confirm(Membership.objects.filter(pk=membership.pk)).exists(),
            "newest": newest if newest != membership.decree else None,
            "history": AuditEntry.objects.filter(subject_kind="membership", subject_id=membership.pk).select_related(
                "who"
            )[:20],
        },
        status=400 if form is not None else 200,
    )


@officers_only
@require_POST
def confirm(request: OfficerRequest, pk: int) -> HttpResponse:
    membership = _member(request, pk)
    try:
        members.confirm(membership, by=actor_of(request))
    except members.NotAllowed as refused:
        raise PermissionDenied from refused
    except members.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s dikonfirmasi.") % {"name": membership.user})
    if request.POST.get("daftar"):
        return redirect("agencies:members")
    return redirect("agencies:member", pk=pk)


@officers_only
@require_POST
def end(request: OfficerRequest, pk: int) -> HttpResponseBase:
    membership = _member(request, pk)
    form = EndForm(request.POST)
    by = actor_of(request)
    if not members.may_manage(by, membership.agency, Role(membership.role)):
        raise PermissionDenied
    if not form.is_valid():
        return member(request, pk, form)
    try:
        members.end(membership, by=by, reason=form.cleaned_data["reason"])
    except members.Refused as refused:
        form.add_error(None, str(refused))
        return member(request, pk, form)
    messages.success(
        request,
        _("%(name)s tidak lagi %(role)s di %(office)s.")
        % {"name": membership.user, "role": membership.shown_role, "office": membership.agency.name},
    )
    return redirect("agencies:members")


def _decree_office(request: OfficerRequest) -> Agency:
    """Decrees belong to the node I coordinate."""
    office = request.acting.agency
    if not may(request.user, Capability.MANAGE_OFFICERS, office):
        raise PermissionDenied
    return office


@officers_only
def decrees(request: OfficerRequest) -> HttpResponse:
    office = _decree_office(request)
    form = DecreeForm(request.POST or None, request.FILES or None, agency=office)
    if request.method == "POST" and form.is_valid():
        try:
            decree = members.record_decree(by=actor_of(request), agency=office, **form.cleaned_data)
        except members.Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Keputusan %(number)s dicatat.") % {"number": decree.number})
            return redirect("agencies:decrees")
    rows = Decree.objects.filter(agency=office).select_related("amends").order_by("-decided_on", "-pk")
    counts = dict.fromkeys(rows.values_list("pk", flat=True), 0)
    for pk in Membership.objects.current().filter(decree__in=rows).values_list("decree", flat=True):
        counts[pk or 0] += 1
    listed = [(decree, counts[decree.pk]) for decree in rows]
    return page(request, "agencies/decrees.html", {"form": form, "rows": listed, "office": office})


@officers_only
def decree_file(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The decree as it was uploaded, to whoever coordinates here or above."""
    decree = get_object_or_404(Decree.objects.select_related("agency"), pk=pk)
    if not decree.file or not may(request.user, Capability.MANAGE_OFFICERS, decree.agency):
        raise Http404
    # A number may hold anything somebody posted; a header holds one line.
    name = f"{' '.join(decree.number.replace('/', '-').split())}.pdf"
    return FileResponse(decree.file.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
