"""Two periods and a filter, as the address of a page of numbers says them."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.channels import registry
from complaints.models import Kind
from lapor.kit.widgets import LongSelect

from .turns import grouped_categories

LONGEST = datetime.timedelta(days=3_700)
EARLIEST = datetime.date(2000, 1, 1)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%d-%m-%Y", attrs={"autocomplete": "off", "maxlength": 10}),
        error_messages={"invalid": gettext_lazy("Tulis tanggal seperti 31-12-2026.")},
    )


class PeriodForm(forms.Form):
    """Names stand in the address, so they are Indonesian. What is left out is taken from `of`."""

    dari = _day(gettext_lazy("Dari"))
    sampai = _day(gettext_lazy("Sampai"))
    banding_dari = _day(gettext_lazy("Bandingkan dengan, dari"))
    banding_sampai = _day(gettext_lazy("Sampai"))
    jenis = forms.ChoiceField(label=gettext_lazy("Jenis"), required=False)
    saluran = forms.ChoiceField(label=gettext_lazy("Saluran"), required=False)
    kategori = forms.ChoiceField(label=gettext_lazy("Kategori"), required=False, widget=LongSelect)

    def __init__(self, today: datetime.date, *args: Any, filters: bool = True, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.silent = True  # type: ignore[attr-defined]
        if not filters:
            for name in ("jenis", "saluran", "kategori"):
                del self.fields[name]
            return
        choices: dict[str, list[Any]] = {
            "jenis": [("", _("Semua jenis")), *Kind.choices],
            "saluran": [("", _("Semua saluran")), *((code, one.name) for code, one in registry.CHANNELS.items())],
            "kategori": [("", _("Semua kategori")), *grouped_categories(today)[1:]],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for first, last in (("dari", "sampai"), ("banding_dari", "banding_sampai")):
            begin, end = cleaned.get(first), cleaned.get(last)
            if begin and begin < EARLIEST:
                self.add_error(first, _("Paling awal 01-01-2000."))
            elif begin and end and end < begin:
                self.add_error(last, _("Tanggal akhirnya sebelum tanggal awalnya."))
            elif begin and (end or self.today) - begin > LONGEST:
                self.add_error(last, _("Paling lama sepuluh tahun."))
        return cleaned

    def filled(self, now: tuple[datetime.date, datetime.date], before: tuple[datetime.date, datetime.date]) -> None:
        """Show the days that were taken where none were written."""
        if self.errors:
            return
        said = dict(zip(("dari", "sampai", "banding_dari", "banding_sampai"), (*now, *before), strict=True))
        self.data = {name: self.data.get(name, "") for name in self.fields} | {
            name: f"{day:%d-%m-%Y}" for name, day in said.items()
        }

    def periods(self) -> tuple[tuple[datetime.date, datetime.date], tuple[datetime.date, datetime.date]]:
        """The period asked for, by default this year up to today, and the one beside it, by default the same days a
        year before."""
        said = self.cleaned_data if self.is_valid() else {}
        last = said.get("sampai") or self.today
        first = said.get("dari") or last.replace(month=1, day=1)
        other = said.get("banding_dari") or _year_before(first)
        until = said.get("banding_sampai") or (
            _year_before(last) if not said.get("banding_dari") else max(other, other + (last - first))
        )
        return (first, max(first, last)), (other, max(other, until))


def _year_before(day: datetime.date) -> datetime.date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
