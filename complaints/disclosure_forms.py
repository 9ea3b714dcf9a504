"""The citizen's forms of the lane of disclosures (WBS)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms import CitizenForm, TrackForm
from complaints.models.lifecycle.acting import BODY_LIMIT
from lapor.kit.widgets import Story


class DiscloseForm(CitizenForm):
    """The last step: who it was, if they like, and that they read what the lane does and does not."""

    name = forms.CharField(
        label=_("Nama Anda"),
        help_text=_("Kalau diisi, hanya dua anggota tim bersama-sama yang bisa membukanya."),
        required=False,
        max_length=120,
        error_messages={"max_length": _("Nama ini terlalu panjang: paling banyak 120 huruf")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.CharField(
        label=_("Cara menghubungi Anda"),
        help_text=_("Dijaga seperti nama. Kami tidak mengirim surat atau SMS apa pun."),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Tulis paling banyak 200 huruf")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    understood = forms.BooleanField(
        label=_("Saya mengerti: kabarnya hanya ada di halaman pengungkapan, dan kuncinya hanya tampil sekali."),
        error_messages={"required": _("Centang dulu, supaya kami tahu Anda akan menyimpan kuncinya")},
    )


class OpenForm(TrackForm):
    """Number and key of a disclosure; both are needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = True
        self.fields["key"].error_messages["required"] = _("Tulis kuncinya")


class WordForm(CitizenForm):
    body = forms.CharField(
        label=_("Pesan Anda"),
        max_length=BODY_LIMIT,
        widget=Story({"rows": 4}, limit=BODY_LIMIT),
        error_messages={
            "required": _("Tulis pesannya dulu"),
            "max_length": _("Pesannya terlalu panjang: paling banyak 10.000 huruf. Tidak ada yang kami potong"),
        },
    )
