"""Forms about machines that sign in for an office, and their keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.clients import MOST_HOURLY, OVERLAPS
from agencies.models import Agency, AgencyQuerySet, ApiClient, Permission
from lapor.kit.widgets import LongSelect, RadioCards

OVERLAP_WORDS = {
    0: _("Tidak sama sekali: kunci lama bocor"),
    1: _("Sehari lagi"),
    14: _("14 hari lagi"),
    30: _("30 hari lagi"),
}
OVERLAP_HINTS = {
    "0": _("Sistem berhenti sampai kunci baru dipasang."),
    "14": _("Cukup waktu untuk memasang kunci baru tanpa terputus."),
}


class ClientForm(forms.Form):
    """What a client may and how often; registering adds its office and name."""

    permissions = forms.MultipleChoiceField(
        label=_("Yang boleh dilakukannya"),
        choices=Permission.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Beri hanya yang diperlukan. Nama dan kontak pelapor anonim tidak pernah terbuka lewat sini."),
        error_messages={"required": _("Pilih apa yang boleh dilakukan sistem ini.")},
    )
    hourly_limit = forms.IntegerField(
        label=_("Paling banyak permintaan per jam"),
        min_value=1,
        max_value=MOST_HOURLY,
        initial=3600,
        error_messages={
            "required": _("Tulis sebuah angka."),
            "invalid": _("Tulis sebuah angka."),
            "min_value": _("Sedikitnya 1."),
            "max_value": _("Paling banyak 100.000."),
        },
    )
    contact = forms.CharField(
        label=_("Tim yang dihubungi bila ada gangguan"),
        max_length=120,
        required=False,
        help_text=_("Alamat email atau nomor telepon tim, bukan milik pelapor."),
    )

    @classmethod
    def of(cls, client: ApiClient, data: Any = None) -> ClientForm:
        names = ("permissions", "hourly_limit", "contact")
        return cls(data, initial={name: getattr(client, name) for name in names})


class NewClientForm(ClientForm):
    agency = forms.ModelChoiceField(
        label=_("Kantor"),
        queryset=Agency.objects.none(),
        empty_label=_("Pilih kantor"),
        widget=LongSelect,
        help_text=_("Laporan yang dikirim sistem ini ditujukan ke kantor ini, dan hanya laporan kantor ini dibacanya."),
        error_messages={"required": _("Pilih kantornya."), "invalid_choice": _("Kantor itu bukan wewenang Anda.")},
    )
    name = forms.CharField(
        label=_("Nama sistem"),
        max_length=80,
        help_text=_("Seperti yang dikenal orang. Nama ini tampil di riwayat laporan."),
        error_messages={"required": _("Tulis nama sistemnya."), "max_length": _("Paling panjang 80 huruf.")},
    )
    field_order = ("agency", "name")

    def __init__(self, *args: Any, offices: AgencyQuerySet, agency: Agency | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = offices
        if agency is not None:
            field.queryset = offices.filter(pk=agency.pk)
            field.initial = agency.pk
            field.widget = forms.HiddenInput()

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class RotateForm(forms.Form):
    """`newest` is the prefix of the key the page showed: a page sent twice makes one key."""

    overlap = forms.TypedChoiceField(
        label=_("Kunci lama masih berlaku"),
        choices=[(str(days), OVERLAP_WORDS[days]) for days in OVERLAPS],
        coerce=int,
        initial="14",
        widget=RadioCards(hints=OVERLAP_HINTS),
        error_messages={"required": _("Pilih berapa lama kunci lama masih berlaku.")},
    )
    newest = forms.CharField(widget=forms.HiddenInput, required=False)


class EndClientForm(forms.Form):
    reason = forms.CharField(
        label=_("Mengapa"),
        max_length=300,
        help_text=_("Contoh: sistem diganti. Dicatat, tidak tampil untuk umum."),
        error_messages={"required": _("Tulis alasannya dengan singkat.")},
    )
