"""What a person decides about a held message: a new report, an addition to one, or no report at all."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actor import Actor
from agencies.models import Agency
from agencies.models.agency import AgencyQuerySet
from complaints.models import Arrival, Complaint
from complaints.number import read_number
from routing import offices

from .base import PicksOffice, reason_field, story_field

# The choice that leaves the office to the worker and the desks.
UNKNOWN = "0"


class OpenForm(PicksOffice):
    """It is a report: for which office, if that is plain. The words are the sender's; only what no machine could read
    is typed again."""

    def __init__(self, arrival: Arrival, today: datetime.date, data: MultiValueDict[str, Any] | None = None) -> None:
        self.arrival = arrival
        super().__init__(data, auto_id="open-%s")
        if not arrival.text:
            self.fields["body"] = story_field(
                _("Isi laporan"),
                _("Ketik ulang isi pesannya"),
                help_text=_("Mesin tidak bisa membacanya. Ketik ulang dari pesan mentah, tanpa mengubah kata-katanya."),
            )
            self.order_fields(["body"])
        self.initial = {"agency": str(arrival.suggestion.get("agency", UNKNOWN)), **self.initial}
        self.offer_offices(today)

    def among(self) -> AgencyQuerySet:
        return Agency.objects.all()

    def offers(self, among: AgencyQuerySet, today: datetime.date) -> list[offices.Offer]:
        suggested = self.arrival.suggestion.get("agency")
        return offices.describe(list(among.filter(pk=suggested).select_related("parent")), today) if suggested else []

    def extra_choice(self) -> tuple[str, str, str]:
        return (UNKNOWN, _("Belum tahu"), _("Diteruskan menurut isinya; yang tidak pasti ke meja nasional."))


class AddForm(forms.Form):
    """It is about a report that exists: which one."""

    number = forms.CharField(
        label=gettext_lazy("Nomor laporan"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Tulis nomor laporannya")},
    )

    def __init__(self, arrival: Arrival, by: Actor, data: MultiValueDict[str, Any] | None = None) -> None:
        self.by = by
        super().__init__(data, auto_id="add-%s")
        suggested = Complaint.objects.filter(pk=arrival.suggestion.get("complaint") or 0).first()
        self.initial = {"number": suggested.shown_number if suggested else ""}

    def clean_number(self) -> Complaint:
        stored = read_number(self.cleaned_data["number"])
        # One kept from this officer does not exist, here as everywhere.
        seen = Complaint.objects.visible_to(self.by, on_request=True)
        found = seen.filter(number=stored).first() if stored else None
        if found is None:
            raise forms.ValidationError(_("Laporan dengan nomor ini tidak ada. Periksa lagi nomornya."))
        return found


class RefuseForm(forms.Form):
    """It is neither: why, and what its sender is told."""

    reason = reason_field(gettext_lazy("Mengapa ini bukan laporan?"), help_text=gettext_lazy("Tercatat untuk petugas."))
    reply = forms.CharField(
        label=gettext_lazy("Balasan untuk pengirim"),
        help_text=gettext_lazy("Boleh kosong. SMS paling banyak 160 huruf."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"max_length": gettext_lazy("Balasannya terlalu panjang. Paling banyak 1.000 huruf.")},
    )

    def __init__(self, data: MultiValueDict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="refuse-%s")
