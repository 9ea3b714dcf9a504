"""Forms about who does what in a district."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.division import Row
from agencies.models import Agency, Kind
from lapor.kit.widgets import RadioCards

NOBODY = "-"


class CarrierForm(forms.Form):
    """Which office carries the field."""

    office = forms.ChoiceField(
        label=gettext_lazy("Kantor"),
        widget=RadioCards,
        error_messages={
            "required": gettext_lazy("Pilih satu kantor, atau “tidak satu pun”."),
            "invalid_choice": gettext_lazy("Kantor itu tidak ada di daftar. Pilih yang lain."),
        },
    )

    def __init__(self, offered: list[Agency], row: Row, data: Any = None) -> None:
        super().__init__(data)
        self._offered = {str(office.pk): office for office in offered}
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.label = row.name
        field.widget = RadioCards(
            hints={pk: office.parent.shown_name for pk, office in self._offered.items() if office.parent}
            | {NOBODY: _("Petugas admin instansi yang memilih kantornya, laporan demi laporan.")}
        )
        carrying = {office.pk for office in row.offices}
        ranked = sorted(self._offered.values(), key=lambda office: office.pk not in carrying)
        field.choices = [*((str(office.pk), office.name) for office in ranked), (NOBODY, _("Tidak satu pun"))]
        if len(row.offices) == 1:
            field.initial = str(row.offices[0].pk)
        elif not row.offices:
            field.initial = NOBODY

    def clean_office(self) -> Agency | None:
        return self._offered.get(self.cleaned_data["office"])


class SourceForm(forms.Form):
    """The district to copy from: any other with offices of its own."""

    dari = forms.ModelChoiceField(
        label=gettext_lazy("Salin dari"),
        queryset=Agency.objects.none(),
        empty_label=gettext_lazy("Pilih daerah"),
        error_messages={
            "required": gettext_lazy("Pilih daerahnya."),
            "invalid_choice": gettext_lazy("Daerah itu belum punya kantor di sini. Pilih yang lain."),
        },
    )

    def __init__(self, office: Agency, today: datetime.date, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["dari"]
        assert isinstance(field, forms.ModelChoiceField)
        kinds = (Kind.PROVINSI, Kind.KABUPATEN, Kind.KOTA)
        field.queryset = (
            Agency.objects.active_on(today)
            .filter(kind__in=kinds, pk__in=Agency.objects.filter(kind=Kind.OPD, ends_on=None).values("parent"))
            .exclude(pk=office.pk)
            .order_by("name")
        )
