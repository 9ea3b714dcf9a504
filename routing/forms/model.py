"""Back to the weights that were in force before, and another threshold for a level."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from routing.thresholds import HIGHEST, LOWEST


def _reason() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Alasan"),
        help_text=gettext_lazy("Tercatat di jejak audit."),
        max_length=500,
        error_messages={
            "required": gettext_lazy("Tulis alasannya"),
            "max_length": gettext_lazy("Alasannya paling panjang 500 huruf"),
        },
    )


class BackForm(forms.Form):
    reason = _reason()


class ThresholdForm(forms.Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Diteruskan sendiri mulai (persen)"),
        help_text=gettext_lazy("Bilangan bulat. Makin tinggi makin hati-hati."),
        required=False,
        min_value=LOWEST,
        max_value=HIGHEST,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy("Tulis bilangan bulat, misalnya 90"),
            "min_value": gettext_lazy("Paling rendah %(limit_value)s persen"),
            "max_value": gettext_lazy("Paling tinggi %(limit_value)s persen"),
        },
    )
    never = forms.BooleanField(label=gettext_lazy("Selalu dilihat petugas"), required=False)
    aware = forms.BooleanField(
        label=gettext_lazy("Saya tahu cadangannya habis"),
        help_text=gettext_lazy("Yang benar tepat di janji 95%; laporan berikutnya bisa sedikit kurang."),
        required=False,
    )
    reason = _reason()

    def __init__(self, data: Any = None, *, thin: bool = False, **more: Any) -> None:
        """`thin`: what is chosen leaves nothing to spare."""
        super().__init__(data, **more)
        if not thin:
            del self.fields["aware"]

    def keep_errors_of(self, *names: str) -> None:
        """Judge only these fields: the others may still be empty where somebody only looks."""
        for name in [name for name in self.errors if name not in names]:
            del self.errors[name]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "percent" in self.errors:
            return said
        if said.get("percent") is None and not said.get("never"):
            self.add_error("percent", _("Tulis persennya, atau centang yang di bawahnya"))
        elif said.get("percent") is not None and said.get("never"):
            self.add_error("percent", _("Pilih salah satu: kosongkan persennya, atau lepas centangnya"))
        return said
