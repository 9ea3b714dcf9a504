"""What is typed in training: a name, and the trainer's code."""

from __future__ import annotations

import hmac
import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lapor.training import travel


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nama Anda"),
        help_text=gettext_lazy("Tampil di judul laporan latihan Anda dan di daftar pelatih."),
        max_length=80,
        error_messages={
            "required": gettext_lazy("Tulis nama Anda"),
            "max_length": gettext_lazy("Namanya terlalu panjang. Paling banyak 80 huruf"),
        },
    )


def _printable(typed: str) -> str:
    """In one line, of letters the paper's type has."""
    said = " ".join(typed.split())
    if lacking := re.sub("[ -~\u00a1-\u017f\u2010-\u2019\u201c\u201d]", "", said):
        raise forms.ValidationError(
            _("“%(letter)s” tidak bisa dicetak. Tulis dengan huruf Latin") % {"letter": lacking[0]}
        )
    if not any(letter.isalpha() for letter in said):
        raise forms.ValidationError(_("Tulis dengan huruf, seperti yang akan tercetak"))
    return said


class CertificateForm(NameForm):
    office = forms.CharField(
        label=gettext_lazy("Kantor Anda"),
        help_text=gettext_lazy("Seperti di surat keputusan. Contoh: Dinas Sosial Kabupaten Buton."),
        max_length=120,
        error_messages={
            "required": gettext_lazy("Tulis kantor Anda"),
            "max_length": gettext_lazy("Nama kantornya terlalu panjang. Paling banyak 120 huruf"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("Dengan gelar, seperti yang akan tercetak.")

    def clean_name(self) -> str:
        return _printable(self.cleaned_data["name"])

    def clean_office(self) -> str:
        return _printable(self.cleaned_data["office"])


class CheckForm(forms.Form):
    nomor = forms.CharField(
        label=gettext_lazy("Nomor sertifikat"),
        help_text=gettext_lazy("Dua belas huruf dan angka, seperti 7K4M-9QXD-2TBH."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Tulis nomor yang tercetak di sertifikat"),
            "max_length": gettext_lazy("Nomornya dua belas huruf dan angka"),
        },
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Kode pelatih"),
        help_text=gettext_lazy("Tertulis di layar tempat portal latihan dijalankan."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Tulis kode pelatih")},
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not hmac.compare_digest(code.encode(), str(settings.TRAINER_CODE).encode()):
            raise forms.ValidationError(_("Kode ini tidak cocok. Tanyakan kepada yang menjalankan portal latihan"))
        return code


class LeapForm(forms.Form):
    leap = forms.ChoiceField(choices=[(leap.code, leap.name) for leap in travel.LEAPS])
