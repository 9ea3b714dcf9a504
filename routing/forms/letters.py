"""A tariff: what one unit of a medium costs from a day on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.channels.registry import CHANNELS
from lapor.kit.widgets import DayField


class TariffForm(forms.Form):
    medium = forms.ChoiceField(
        label=gettext_lazy("Cara kirim"),
        error_messages={"required": gettext_lazy("Pilih cara kirimnya")},
    )
    rupiah = forms.DecimalField(
        label=gettext_lazy("Rupiah per satuan"),
        help_text=gettext_lazy("SMS dihitung per 160 huruf."),
        min_value=0,
        max_digits=8,
        decimal_places=2,
        localize=True,
        error_messages={
            "required": gettext_lazy("Tulis tarifnya"),
            "invalid": gettext_lazy("Tulis angka, misalnya 250"),
            "min_value": gettext_lazy("Tarif tidak bisa kurang dari nol"),
            "max_digits": gettext_lazy("Tarifnya terlalu besar"),
            "max_decimal_places": gettext_lazy("Paling banyak dua angka di belakang koma"),
            "max_whole_digits": gettext_lazy("Tarifnya terlalu besar"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        medium = self.fields["medium"]
        assert isinstance(medium, forms.ChoiceField)
        medium.choices = [
            ("", _("Pilih")),
            *((channel.medium, channel.name) for channel in CHANNELS.values() if channel.medium),
        ]
        self.fields["starts_on"] = DayField(
            label=_("Berlaku mulai"),
            today=timezone.localdate(),
            past_only=False,
            quick=False,
            error_messages={"required": _("Pilih tanggal mulai berlakunya")},
        )
