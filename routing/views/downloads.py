"""Unduh data: the cases of an office and all below it as a table, in the columns of an SP4N-LAPOR! export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import OfficerRequest, officers_only
from agencies.actor import Actor
from agencies.models import Agency
from agencies.permissions import Capability, agencies_for, membership_may
from complaints.channels.counter import sp4n
from complaints.channels.counter.export import Export
from complaints.models import Complaint
from lapor.kit import tables
from lapor.kit.widgets import RadioCards
from routing.views import frame


class DownloadForm(forms.Form):
    year = forms.ChoiceField(
        label=gettext_lazy("Yang diterima"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Pilih tahun yang ada di daftar.")},
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Bentuk berkas"),
        choices=[("xlsx", gettext_lazy("XLSX")), ("csv", gettext_lazy("CSV"))],
        initial="xlsx",
        widget=RadioCards(
            hints={
                "xlsx": gettext_lazy("Dibuka langsung di Excel atau LibreOffice."),
                "csv": gettext_lazy("Untuk dimasukkan ke sistem lain, atau ke LAPOR! daerah lain."),
            }
        ),
        error_messages={
            "required": gettext_lazy("Pilih XLSX atau CSV."),
            "invalid_choice": gettext_lazy("Pilih XLSX atau CSV."),
        },
    )
    names = forms.BooleanField(
        label=gettext_lazy("Dengan nama pelapor"),
        help_text=gettext_lazy("Setiap pelapor membaca bahwa namanya Anda buka, dan alasannya."),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Alasan membuka nama"),
        help_text=gettext_lazy("Diisi kalau nama pelapor disertakan."),
        max_length=300,
        required=False,
        error_messages={"max_length": gettext_lazy("Alasan paling panjang 300 huruf.")},
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Semua tahun")), *((str(year), str(year)) for year in years)]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]
        for name in ("year", "reason"):
            self.fields[name].silent = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("names") and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Tulis mengapa nama pelapor diperlukan."))
        return cleaned


@officers_only
def download(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The choice of what to take; by POST the file itself, with its entry in the audit trail."""
    office = get_object_or_404(agencies_for(request.user, Capability.SEE_NUMBERS), pk=pk)
    if not membership_may(request.acting, Capability.OVERSEE, office):
        raise PermissionDenied
    by = Actor.officer(request.acting)
    form = DownloadForm(request.POST if request.method == "POST" else None, years=_years())
    if request.method == "POST" and form.is_valid():
        return _file(by, office, form.cleaned_data)
    context = {"office": office, "form": form, "columns": sp4n.COLUMNS}
    return frame.page(request, "routing/download.html", context, status=400 if form.errors else 200)


def _years() -> list[int]:
    """From this year back to the first report that ever came in: one look at an index, whatever is chosen."""
    first = Complaint.objects.order_by("received_at").values_list("received_at", flat=True).first()
    today = timezone.localdate()
    return list(range(today.year, (timezone.localtime(first).year if first else today.year) - 1, -1))


def _file(by: Actor, office: Agency, said: dict[str, Any]) -> HttpResponseBase:
    year = int(said["year"]) if said["year"] else None
    export = Export(by, office, year, said["names"], said["reason"].strip() if said["names"] else "")
    export.log(said["form"])
    until = said["year"] or timezone.localdate().isoformat()
    name = f"laporan-{slugify(office.shown_name)}-{until}.{said['form']}"
    if said["form"] == "xlsx":
        made = tables.xlsx_file(export.rows(), _("Laporan"))
        return _fresh(FileResponse(made, as_attachment=True, filename=name, content_type=tables.XLSX_TYPE))
    response = StreamingHttpResponse(tables.csv_lines(export.rows()), content_type=tables.CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _fresh(response)


def _fresh(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    return response
