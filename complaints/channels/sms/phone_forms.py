"""The forms of the phone in the browser."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.channels.sms import codec

LONGEST = 1530  # ten parts


class NumberForm(forms.Form):
    nomor = forms.CharField(
        label=_("Nomor telepon Anda"),
        max_length=30,
        help_text=_("Karangan saja, misalnya 0812 0000 7700. Tidak ada SMS sungguhan yang dikirim."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Tulis sebuah nomor, karangan pun boleh.")},
    )

    def clean_nomor(self) -> str:
        number = codec.phone(str(self.cleaned_data["nomor"]))
        if not codec.is_phone(number):
            raise forms.ValidationError(_("Ini bukan nomor telepon. Contoh: 0812 0000 7700."))
        return number


class TextForm(NumberForm):
    isi = forms.CharField(
        label=_("Pesan"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Tulis pesannya dulu."),
            "max_length": _("Pesannya terlalu panjang: paling banyak sepuluh bagian."),
        },
    )
