"""/instansi/: the public list of offices, one page for each; and the acts of whoever may change them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Func, IntegerField, Q, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import areas, bidang, hooks, offices, prefixes, subsites
from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.loading.starter_set import lay_starter_set
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, Kind, Membership, Role
from agencies.models.agency import PEMDA
from agencies.office_forms import EndOfficeForm, NewOfficeForm, OfficeForm
from agencies.permissions import Capability, may
from agencies.views.members import page

PER_PAGE = 50
# What the address says → kinds.
GROUPS: dict[str, tuple[Kind, ...]] = {
    "kementerian": (Kind.KEMENTERIAN,),
    "lembaga": (Kind.LEMBAGA, Kind.PTN),
    "provinsi": (Kind.PROVINSI,),
    "kabupaten": (Kind.KABUPATEN, Kind.KOTA),
    "bumn": (Kind.BUMN,),
}


def group_names() -> dict[str, str]:
    return {
        "kementerian": _("Kementerian"),
        "lembaga": _("Lembaga"),
        "provinsi": _("Provinsi"),
        "kabupaten": _("Kabupaten dan kota"),
        "bumn": _("BUMN"),
    }


def connected_ids() -> set[int]:
    """Ids of the nodes right below the root in which somebody answers, at the node or below it. One query."""
    third = Func(F("agency__path"), Value("/"), Value(3), function="split_part")
    found = (
        Membership.objects.current()
        .filter(role__in=(Role.LIAISON, Role.HEAD, Role.COORDINATOR), agency__parent__isnull=False)
        .annotate(node=Cast(third, IntegerField()))
        .order_by()
        .values_list("node", flat=True)
        .distinct()
    )
    return set(found)


def directory(request: HttpRequest) -> HttpResponse:
    if site := subsites.of(request):
        return redirect("agencies:office", pk=site.agency_id)
    today = timezone.localdate()
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    group = request.GET.get("jenis", "")
    connected = connected_ids()
    active = Agency.objects.active_on(today).filter(parent__isnull=False)
    nodes = active.filter(parent__parent__isnull=True)
    counts = dict(nodes.order_by().values_list("kind").annotate(n=Count("pk")))
    with_officers = dict(nodes.filter(pk__in=connected).order_by().values_list("kind").annotate(n=Count("pk")))
    groups = [
        {
            "code": code,
            "name": name,
            "all": sum(counts.get(kind, 0) for kind in GROUPS[code]),
            "connected": sum(with_officers.get(kind, 0) for kind in GROUPS[code]),
        }
        for code, name in group_names().items()
    ]
    if words:
        found = active.filter(
            Q(name__icontains=words) | Q(short_name__icontains=words) | Q(aliases__contains=[words])
        ).order_by("path_length", "name")
    else:
        found = nodes.order_by("name")
    if group in GROUPS and not words:
        found = found.filter(kind__in=GROUPS[group])
    elif not words:
        # Without a question: those one can already reach.
        found = found.filter(pk__in=connected)
    shown = Paginator(found.select_related("parent"), PER_PAGE).get_page(request.GET.get("hal"))
    listed = list(shown.object_list)
    staffed = set(
        Agency.objects.filter(pk__in=[office.pk for office in listed]).staffed_on(today).values_list("pk", flat=True)
    )
    figures = hooks.figures_of(listed)
    rows = [
        {"office": office, "figures": figures[office.pk], "connected": office.pk in staffed or office.pk in connected}
        for office in listed
    ]
    return render(
        request,
        "agencies/directory.html",
        {
            "rows": rows,
            "shown": shown,
            "q": words,
            "group": group if group in GROUPS else "",
            "groups": groups,
            "group_name": group_names().get(group, ""),
            "connected": len(connected),
        },
    )


def office(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    agency = get_object_or_404(Agency.objects.select_related("parent", "region", "succeeded_by"), pk=pk)
    below = list(Agency.objects.filter(parent=agency).active_on(today).order_by("name")) if agency.parent_id else []
    everyone = [agency, *below]
    staffed = set(
        Agency.objects.filter(pk__in=[one.pk for one in everyone]).staffed_on(today).values_list("pk", flat=True)
    )
    figures = hooks.figures_of(everyone)
    above = [one for one in Agency.objects.above(agency) if one.parent_id is not None]
    stand_in = None
    if agency.pk not in staffed and agency.ends_on is None and agency.parent is not None:
        stand_in = Agency.objects.staffed_above(agency, today)
    changes = may(request.user, Capability.MANAGE_OFFICES, agency)
    return render(
        request,
        "agencies/office.html",
        {
            "agency": agency,
            "above": above,
            "staffed": agency.pk in staffed,
            "stand_in": stand_in,
            "ended": not agency.is_active_on(today),
            "figures": figures[agency.pk],
            "links": [link for function in hooks.office_links for link in function(agency)],
            "feeds": [feed for function in hooks.office_feeds for feed in function(agency)],
            "fields": [bidang.names().get(code, code) for code in agency.bidang],
            # A pemda serves its own place, the centre the country.
            "areas": [] if agency.parent_id is None or agency.kind in PEMDA else areas.of(agency, today),
            "below": [{"office": one, "figures": figures[one.pk], "staffed": one.pk in staffed} for one in below],
            "changes": changes,
            "appoints": may(request.user, Capability.MANAGE_OFFICERS, agency),
            "prefixes": prefixes.of(agency, today) if agency.is_active_on(today) else [],
            "sms_number": settings.SMS_NUMBER,
            "connects": may(request.user, Capability.MANAGE_CLIENTS, agency),
            "manage_links": hooks.links_to_manage(agency) if changes else [],
            "lays": changes and agency.kind in PEMDA,
            "ends": changes
            and agency.parent is not None
            and may(request.user, Capability.MANAGE_OFFICES, agency.parent),
        },
    )


def _mine(request: OfficerRequest, pk: int) -> Agency:
    """An office I may change; every office is public, so others are told 403 and not 404."""
    agency = get_object_or_404(Agency.objects.select_related("parent", "region"), pk=pk)
    if not may(request.user, Capability.MANAGE_OFFICES, agency):
        raise PermissionDenied
    return agency


@officers_only
def change(request: OfficerRequest, pk: int) -> HttpResponse:
    agency = _mine(request, pk)
    form = OfficeForm(request.POST or None, agency=agency)
    if request.method == "POST" and form.is_valid():
        try:
            offices.change(agency, by=actor_of(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Perubahan disimpan."))
            _warn_of_shared_areas(request, agency)
            return redirect("agencies:office", pk=pk)
    title = _("Ubah %(office)s") % {"office": agency.name}
    return page(request, "agencies/office_form.html", {"form": form, "office": agency, "title": title})


@officers_only
def add(request: OfficerRequest, pk: int) -> HttpResponse:
    parent = _mine(request, pk)
    form = NewOfficeForm(request.POST or None, kinds=offices.kinds_below(parent), parent=parent)
    if request.method == "POST" and form.is_valid():
        try:
            agency = offices.add(by=actor_of(request), parent=parent, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("%(office)s ditambahkan.") % {"office": agency.name})
            _warn_of_shared_areas(request, agency)
            return redirect("agencies:office", pk=agency.pk)
    title = _("Tambah kantor di bawah %(office)s") % {"office": parent.name}
    return page(request, "agencies/office_form.html", {"form": form, "office": parent, "title": title})


def _warn_of_shared_areas(request: OfficerRequest, agency: Agency) -> None:
    others = areas.shared_with(agency, timezone.localdate())
    if others:
        said = {"offices": ", ".join(office.name for office in others)}
        messages.warning(
            request,
            _("Sebagian wilayah kerjanya juga milik %(offices)s. Laporan dari sana dibagi petugas, bukan otomatis.")
            % said,
        )


@officers_only
def end(request: OfficerRequest, pk: int) -> HttpResponse:
    agency = _mine(request, pk)
    if agency.parent is None or not may(request.user, Capability.MANAGE_OFFICES, agency.parent):
        raise PermissionDenied
    today = timezone.localdate()
    family = Q(parent=agency.parent) | Q(pk=agency.parent.pk)
    successors = Agency.objects.filter(family).exclude(pk=agency.pk).active_on(today).order_by("path_length", "name")
    form = EndOfficeForm(request.POST or None, successors=successors)
    if request.method == "POST" and form.is_valid():
        try:
            offices.end(agency, by=actor_of(request), **form.cleaned_data)
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            said = {"office": agency.name, "heir": form.cleaned_data["successor"].name}
            messages.success(
                request,
                _("%(office)s berakhir hari ini. Laporannya pindah ke %(heir)s; kalau banyak, perlu beberapa menit.")
                % said,
            )
            return redirect("agencies:office", pk=pk)
    title = _("Akhiri %(office)s") % {"office": agency.name}
    return page(request, "agencies/office_form.html", {"form": form, "office": agency, "title": title, "ending": True})


@login_required
@require_POST
def starter_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay the usual offices below a pemda; laying them again adds only what is missing."""
    agency = get_object_or_404(Agency.objects.select_related("region"), pk=pk, kind__in=PEMDA)
    if not may(request.user, Capability.MANAGE_OFFICES, agency):
        raise PermissionDenied
    planted = lay_starter_set(agency, actor_of(request))
    if planted:
        said: dict[str, Any] = {"count": len(planted), "office": agency.name}
        messages.success(request, _("%(count)d kantor ditaruh di bawah %(office)s. Sekarang angkat petugasnya.") % said)
    else:
        messages.info(request, _("Semua kantor yang lazim sudah ada."))
    return redirect("agencies:office", pk=pk)
