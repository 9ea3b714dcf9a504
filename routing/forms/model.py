"""Back to the weights that were in force before."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class BackForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        help_text=gettext_lazy("Tercatat di jejak audit."),
        max_length=500,
        error_messages={
            "required": gettext_lazy("Tulis alasannya"),
            "max_length": gettext_lazy("Alasannya paling panjang 500 huruf"),
        },
    )
