"""Forms about priority programmes, and the choice of the one an observer reads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Programme
from agencies.models.programme import CODE
from lapor.kit.widgets import DayField, Story

MOST_TEXT = 2000


class ChangeForm(forms.Form):
    """What may be corrected later: everything but the code."""

    name = forms.CharField(
        label=_("Nama"),
        max_length=120,
        help_text=_("Seperti dikenal petugas, misalnya “Inpres Jalan Daerah”."),
        error_messages={
            "required": _("Tulis nama program."),
            "max_length": _("Nama paling panjang 120 huruf."),
        },
    )
    description = forms.CharField(
        label=_("Keterangan"),
        max_length=MOST_TEXT,
        required=False,
        widget=Story({"rows": 3}),
        help_text=_("Laporan seperti apa yang masuk program ini. Dibaca petugas yang menandai."),
        error_messages={"max_length": _("Keterangan paling panjang 2.000 huruf.")},
    )
    legal_basis = forms.CharField(
        label=_("Dasar hukum"),
        max_length=300,
        required=False,
        help_text=_("Misalnya Inpres 3/2023."),
        error_messages={"max_length": _("Dasar hukum paling panjang 300 huruf.")},
    )
    starts_on = DayField(
        today=timezone.localdate,
        past_only=False,
        quick=False,
        label=_("Berlaku mulai"),
        error_messages={"required": _("Tulis tanggal mulainya.")},
    )

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class AddForm(ChangeForm):
    code = forms.RegexField(
        rf"^{CODE}\Z",
        label=_("Kode"),
        max_length=40,
        strip=True,
        help_text=_("Tidak bisa diubah lagi. Dipakai di kotak pencarian meja: program:jalan-daerah."),
        error_messages={
            "required": _("Tulis kodenya."),
            "invalid": _("Kode hanya huruf kecil, angka, dan tanda hubung di antaranya. Contoh: jalan-daerah."),
            "max_length": _("Kode paling panjang 40 huruf."),
        },
    )
    field_order = ["name", "code", "description", "legal_basis", "starts_on"]


class EndForm(forms.Form):
    ends_on = DayField(
        today=timezone.localdate,
        past_only=False,
        quick=False,
        label=_("Berakhir mulai"),
        error_messages={"required": _("Tulis tanggalnya.")},
    )
    closing = forms.CharField(
        label=_("Penutup"),
        max_length=MOST_TEXT,
        required=False,
        widget=Story({"rows": 3}),
        help_text=_("Apa yang tercapai, dan di mana kelanjutannya."),
        error_messages={"max_length": _("Penutup paling panjang 2.000 huruf.")},
    )


def programme_choice(**said: Any) -> forms.ModelChoiceField[Programme]:
    """One of the programmes in force today, or none."""
    return forms.ModelChoiceField(
        queryset=Programme.objects.active_on(timezone.localdate()),
        required=False,
        error_messages={"invalid_choice": _("Pilih program yang masih berlaku.")},
        **said,
    )
