"""/kelola/: what whoever keeps the map does with it as a whole: import offices, keep the calendar."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import bidang, holidays, hooks
from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.loading import Outcome
from agencies.loading.offices import KINDS, BadTable, load_agencies, read_table
from agencies.members import Refused
from agencies.models import Holiday, Kind
from agencies.office_forms import MOST_TABLE, HolidayForm, HolidayTableForm, ImportForm
from agencies.permissions import Capability, may
from agencies.views.members import page
from lapor.kit.text import row_id


@officers_only
def manage(request: OfficerRequest) -> HttpResponse:
    acting = request.acting
    if not may(request.user, Capability.MANAGE_OFFICES, acting.agency):
        raise PermissionDenied
    links: list[tuple[str, str, str]] = []
    office = reverse("agencies:office", args=[acting.agency.pk])
    if _at_root(request, Capability.ADD_AGENCIES):
        new = reverse("agencies:add", args=[acting.agency.pk])
        links += [(_("Tambah instansi"), new, _("Satu kementerian, lembaga, BUMN, atau perguruan tinggi."))]
        links += [(_("Impor instansi"), reverse("agencies:import"), _("Banyak sekaligus dari CSV, diperiksa dulu."))]
    else:
        links += [
            (_("Kantor"), office, _("Tambah, ubah, dan akhiri kantor di bawah Anda. Awalan SMS, poster, situs daerah."))
        ]
    table = reverse("agencies:division", args=[acting.agency.pk])
    links += [(_("Pembagian bidang"), table, _("Siapa mengerjakan apa; laporan sampai sendiri."))]
    links += [(_("Petugas"), reverse("agencies:members"), _("Angkat, konfirmasi, dan akhiri petugas."))]
    links += [(_("Keputusan"), reverse("agencies:decrees"), _("Surat keputusan dasar pengangkatan petugas."))]
    if may(request.user, Capability.MANAGE_CLIENTS, acting.agency):
        links += [
            (_("Sistem terhubung"), reverse("agencies:clients"), _("Sistem instansi yang masuk dengan kunci API."))
        ]
    if _at_root(request, Capability.MANAGE_HOLIDAYS):
        links += [(_("Hari libur"), reverse("agencies:holidays"), _("Menggeser batas waktu semua laporan."))]
    if _at_root(request, Capability.MANAGE_PROGRAMMES):
        links += [
            (_("Program prioritas"), reverse("agencies:programmes"), _("Laporan yang dikumpulkan lintas kantor."))
        ]
    links += [link for function in hooks.manage_links for link in function(acting)]
    return page(request, "agencies/manage.html", {"links": links})


def _at_root(request: OfficerRequest, capability: Capability) -> bool:
    office = request.acting.agency
    return office.parent_id is None and may(request.user, capability, office)


def _only_centre(request: OfficerRequest, capability: Capability) -> None:
    if not _at_root(request, capability):
        raise PermissionDenied


@officers_only
def import_offices(request: OfficerRequest) -> HttpResponse:
    """First the dry run with every row that would be refused; the second click stores what was shown."""
    _only_centre(request, Capability.ADD_AGENCIES)
    kinds = [(kind, Kind(kind).label) for kind in KINDS]
    context: dict[str, Any] = {"form": ImportForm(), "kinds": kinds, "fields": bidang.names().items()}
    text = ""
    if request.method == "POST" and "text" in request.POST:
        text = request.POST["text"][:MOST_TABLE]
    elif request.method == "POST":
        context["form"] = form = ImportForm(request.POST, request.FILES)
        text = form.cleaned_data["table"] if form.is_valid() else ""
    if text:
        dry_run = "text" not in request.POST
        try:
            outcome = _load(request, text, dry_run=dry_run)
        except BadTable as bad:
            context["form"] = form = ImportForm(request.POST, request.FILES)
            form.add_error("table" if not form.errors else None, str(bad))
        else:
            if not dry_run:
                said = {"added": len(outcome.added), "changed": len(outcome.changed), "ended": len(outcome.ended)}
                messages.success(
                    request, _("Disimpan: %(added)d baru, %(changed)d berubah, %(ended)d berakhir.") % said
                )
                return redirect("agencies:directory")
            context |= {"outcome": outcome, "text": text, "any": outcome.added or outcome.changed or outcome.ended}
    return page(request, "agencies/import.html", context)


def _load(request: OfficerRequest, text: str, *, dry_run: bool) -> Outcome:
    rows, refused = read_table(text)
    outcome = load_agencies(rows, actor_of(request), dry_run=dry_run)
    outcome.refused = sorted([*refused, *outcome.refused], key=lambda one: one.line)
    return outcome


@officers_only
def holiday_list(request: OfficerRequest) -> HttpResponse:
    """The calendar of one year; one day added by hand, or whole years from a table."""
    _only_centre(request, Capability.MANAGE_HOLIDAYS)
    by = actor_of(request)
    many = "banyak" in request.POST
    form = HolidayForm(request.POST if request.method == "POST" and not many else None)
    table = HolidayTableForm(request.POST if many else None, request.FILES if many else None)
    try:
        if many and table.is_valid():
            outcome = holidays.load(table.cleaned_data["table"].splitlines(), by=by)
            said = {"added": len(outcome.added), "changed": len(outcome.changed), "ended": len(outcome.ended)}
            messages.success(request, _("%(added)d baru, %(changed)d berubah, %(ended)d dihapus.") % said)
            for one in outcome.refused:
                row = {"line": one.line, "column": one.column, "reason": one.reason}
                messages.error(request, _("Baris %(line)d, kolom %(column)s: %(reason)s") % row)
            return redirect("agencies:holidays")
        if request.method == "POST" and not many and form.is_valid():
            holiday = holidays.add(by=by, **form.cleaned_data)
            messages.success(request, _("%(name)s dicatat.") % {"name": holiday.name})
            return redirect(f"{reverse('agencies:holidays')}?tahun={holiday.date.year}")
    except Refused as refused:
        form.add_error(refused.field, str(refused))
    years = sorted({day.year for day in Holiday.objects.dates("date", "year")} | {timezone.localdate().year})
    asked = row_id(request.GET.get("tahun", ""))
    year = asked if asked in years else timezone.localdate().year
    rows = Holiday.objects.filter(date__year=year).select_related("region").order_by("date", "region")
    context = {"rows": rows, "year": year, "years": years, "table": table, "form": table if many else form}
    return page(request, "agencies/holidays.html", context | {"day_form": form})


@officers_only
@require_POST
def remove_holiday(request: OfficerRequest, pk: int) -> HttpResponse:
    _only_centre(request, Capability.MANAGE_HOLIDAYS)
    holiday = get_object_or_404(Holiday.objects.select_related("region"), pk=pk)
    year = holiday.date.year
    holidays.remove(holiday, by=actor_of(request))
    messages.success(request, _("Hari itu kembali menjadi hari kerja. Batas waktu yang sudah disebut tidak maju."))
    return redirect(f"{reverse('agencies:holidays')}?tahun={year}")
