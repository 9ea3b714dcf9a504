"""The form about an office's SMS prefixes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.prefix_book import LONGEST


class PrefixForm(forms.Form):
    text = forms.CharField(
        label=_("Awalan baru"),
        max_length=LONGEST,
        help_text=_("Contoh: INHU. Huruf besar, titik, dan spasi tidak membedakan."),
        error_messages={"required": _("Tulis awalannya."), "max_length": _("Awalan paling panjang 40 huruf.")},
    )
