"""/kelola/program/<pk>/janji/: the tighter days of a priority programme, from when, and by which law. Of the centre."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.members import Refused
from agencies.models import Programme
from agencies.permissions import Capability, may
from agencies.views.members import page
from complaints.models import Kind, ProgrammePromise, ServiceStandard
from complaints.models.programme_promise import CLOCKS
from complaints.programme_promises import set_promise
from lapor.kit.widgets import DayField, RadioInline


class PromiseForm(forms.Form):
    clock = forms.ChoiceField(
        label=gettext_lazy("Untuk apa"),
        choices=CLOCKS,
        widget=RadioInline,
        error_messages={"required": gettext_lazy("Pilih satu janji.")},
    )
    working_days = forms.IntegerField(
        label=gettext_lazy("Hari kerja"),
        min_value=0,
        max_value=120,
        help_text=gettext_lazy("Lebih sedikit daripada janji nasional. 0: program ini tidak berjanji sendiri lagi."),
        error_messages={
            "required": gettext_lazy("Tulis jumlah hari kerja."),
            "invalid": gettext_lazy("Tulis angka, misalnya 2."),
            "min_value": gettext_lazy("Tulis 0 atau lebih."),
            "max_value": gettext_lazy("Paling lama 120 hari kerja."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
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
        help_text=gettext_lazy("Dibaca pelapor di samping tanggalnya. Contoh: Inpres 3/2023, diktum kedua."),
        error_messages={
            "required": gettext_lazy("Tulis dasar hukumnya."),
            "max_length": gettext_lazy("Dasar hukum paling panjang 300 huruf."),
        },
    )


@officers_only
def promises(request: OfficerRequest, pk: int) -> HttpResponse:
    office = request.acting.agency
    if office.parent_id is not None or not may(request.user, Capability.MANAGE_STANDARDS, office):
        raise PermissionDenied
    programme = get_object_or_404(Programme, pk=pk)
    form = PromiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_promise(programme, by=actor_of(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Janji program dicatat. Yang sudah berjalan tidak berubah."))
            return redirect("complaints:programme_promises", pk=pk)
    today = timezone.localdate()
    national = ServiceStandard.objects.all_in_force(Kind.PENGADUAN, False, None, today)
    rows = list(ProgrammePromise.objects.filter(programme=programme))
    context = {
        "programme": programme,
        "form": form,
        "lines": [
            {
                "label": label,
                "national": national[clock].working_days if clock in national else None,
                "rows": [row for row in rows if row.clock == clock],
            }
            for clock, label in CLOCKS
        ],
    }
    return page(request, "complaints/programme_promises.html", context, status=400 if form.errors else 200)
