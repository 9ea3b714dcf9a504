"""The working days promised, from when, and by which law: the country's (/kelola/standar/, of the centre), and the
tighter ones of a district (/instansi/<id>/janji/, of its coordinator)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.members import NotAllowed, Refused
from agencies.models import Agency
from agencies.models.agency import PEMDA
from agencies.permissions import Capability, may
from agencies.views.members import page
from complaints.models import Kind, ServiceStandard
from complaints.models.clock import ClockKind
from complaints.models.reference import PROMISED
from complaints.standards import set_standard
from lapor.kit.widgets import DayField, RadioInline

CLOCKS = [*ClockKind.choices, ("UNREACHED", gettext_lazy("tanggapan pelapor yang tak terjangkau surat"))]


class StandardForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis laporan"),
        choices=Kind.choices,
        widget=RadioInline,
        error_messages={"required": gettext_lazy("Pilih jenis laporan.")},
    )
    supervised = forms.BooleanField(label=gettext_lazy("Berkadar pengawasan"), required=False)
    clock = forms.ChoiceField(
        label=gettext_lazy("Untuk apa"),
        choices=CLOCKS,
        error_messages={"required": gettext_lazy("Pilih satu janji.")},
    )
    working_days = forms.IntegerField(
        label=gettext_lazy("Hari kerja"),
        min_value=1,
        max_value=120,
        error_messages={
            "required": gettext_lazy("Tulis jumlah hari kerja."),
            "invalid": gettext_lazy("Tulis angka, misalnya 5."),
            "min_value": gettext_lazy("Sedikitnya satu hari kerja."),
            "max_value": gettext_lazy("Paling lama 120 hari kerja."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    region = forms.CharField(
        label=gettext_lazy("Kode wilayah"),
        required=False,
        max_length=13,
        help_text=gettext_lazy("Kosongkan untuk seluruh Indonesia. Daerah boleh lebih ketat, tidak lebih longgar."),
    )
    starts_on = DayField(
        today=timezone.localdate,
        past_only=False,
        quick=False,
        label=gettext_lazy("Mulai berlaku"),
        error_messages={"required": gettext_lazy("Tulis tanggal mulainya.")},
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Dasar hukum"),
        max_length=300,
        error_messages={"required": gettext_lazy("Tulis dasar hukumnya.")},
    )

    def clean_region(self) -> Agency | None:
        code = self.cleaned_data["region"]
        if not code:
            return None
        agency = Agency.objects.filter(region=code, kind__in=PEMDA, ends_on__isnull=True).first()
        if agency is None:
            raise forms.ValidationError(_("Tidak ada pemda dengan kode wilayah itu."))
        return agency

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("supervised") and said.get("kind") != Kind.PENGADUAN:
            self.add_error("supervised", _("Hanya pengaduan yang bisa berkadar pengawasan."))
        return said


class PromiseForm(StandardForm):
    """The same of one district, whose it is and whose alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["region"]
        cast(forms.ChoiceField, self.fields["clock"]).choices = [(one, says) for one, says in CLOCKS if one in PROMISED]
        self.fields["working_days"].help_text = _("Lebih sedikit daripada janji nasional di tabel.")
        self.fields["legal_basis"].help_text = _("Contoh: Perbup Indragiri Hulu 12/2026, pasal 4.")


@officers_only
def promises(request: OfficerRequest, pk: int) -> HttpResponse:
    """What one pemda promises beside what the country does, and a new promise of its own."""
    agency = get_object_or_404(Agency.objects.select_related("region"), pk=pk)
    if not may(request.user, Capability.TIGHTEN_STANDARDS, agency):
        raise PermissionDenied
    if agency.kind not in PEMDA:
        raise Http404
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_standard(by=actor_of(request), agency=agency, **form.cleaned_data)
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Janji dicatat. Yang sudah berjalan tidak berubah."))
            return redirect("complaints:promises", pk=pk)
    context = {"form": form, "office": agency, "rows": _beside_the_country(agency)}
    return page(request, "complaints/promises.html", context)


def _beside_the_country(agency: Agency) -> list[dict[str, Any]]:
    """One row for each promise: the country's days today, and the district's, those to come too. One statement."""
    today, clocks = timezone.localdate(), dict(CLOCKS)
    found: dict[tuple[str, bool, str], dict[str, Any]] = {}
    rows = ServiceStandard.objects.filter(Q(agency=None) | Q(agency=agency), clock__in=PROMISED).order_by("starts_on")
    for row in rows:
        named = found.setdefault(
            (row.kind, row.supervised, row.clock),
            {"kind": Kind(row.kind).label, "supervised": row.supervised, "clock": clocks[row.clock], "own": []},
        )
        if row.agency_id is not None:
            named["own"].append(row)
        elif row.starts_on <= today:
            named["national"] = row.working_days
    order = list(Kind.values)
    return [found[key] for key in sorted(found, key=lambda one: (order.index(one[0]), one[1], PROMISED.index(one[2])))]


@officers_only
def standards(request: OfficerRequest) -> HttpResponse:
    office = request.acting.agency
    if office.parent_id is not None or not may(request.user, Capability.MANAGE_STANDARDS, office):
        raise PermissionDenied
    form = StandardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            set_standard(by=actor_of(request), agency=said.pop("region"), **said)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Standar dicatat. Janji yang sudah berjalan tidak berubah."))
            return redirect("complaints:standards")
    clocks, kinds = dict(CLOCKS), dict(Kind.choices)
    rows = [
        {"row": row, "clock": clocks.get(row.clock, row.clock), "kind": kinds.get(row.kind, row.kind)}
        for row in ServiceStandard.objects.select_related("agency").order_by(
            "kind", "supervised", "clock", "agency__name", "-starts_on"
        )
    ]
    return page(request, "complaints/standards.html", {"form": form, "rows": rows})
