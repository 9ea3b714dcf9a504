"""What a reader says of an answer, handing it on, and drawing a sample."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from lapor.kit.widgets import LongSelect, Radios
from routing import sampling
from routing.readings import RUBRIC
from routing.sampled import period_name


class ReadingForm(forms.Form):
    """A question of the rubric each, then what nobody asked."""

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        for question in RUBRIC:
            self.fields[question.code] = forms.TypedChoiceField(
                label=question.name,
                choices=question.sentences,
                coerce=int,
                widget=Radios,
                error_messages={
                    "required": _("Pilih satu kalimat untuk “%(question)s”") % {"question": question.name},
                    "invalid_choice": _("Pilih satu kalimat untuk “%(question)s”") % {"question": question.name},
                },
            )
        self.fields["note"] = forms.CharField(
            label=_("Catatan"),
            help_text=_("Untuk pembaca ketiga dan halaman contoh. Jangan sebut nama orang."),
            required=False,
            max_length=500,
            widget=forms.Textarea({"rows": 2}),
            error_messages={"max_length": _("Catatannya terlalu panjang: paling banyak 500 huruf")},
        )

    @property
    def marks(self) -> list[int]:
        return [self.cleaned_data[question.code] for question in RUBRIC]


class GiveBackForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Mengapa orang lain sebaiknya membacanya?"),
        help_text=gettext_lazy("Misalnya: saya kenal perkaranya."),
        max_length=300,
        error_messages={
            "required": gettext_lazy("Tulis mengapa orang lain sebaiknya membacanya"),
            "max_length": gettext_lazy("Alasannya paling panjang 300 huruf"),
        },
    )


class DrawForm(forms.Form):
    period = forms.ChoiceField(
        label=gettext_lazy("Masa"),
        help_text=gettext_lazy("Hanya yang sudah berakhir."),
        error_messages={
            "required": gettext_lazy("Pilih masanya"),
            "invalid_choice": gettext_lazy("Pilih masa dari daftar ini"),
        },
    )
    agency = forms.ModelChoiceField(
        label=gettext_lazy("Instansi"),
        queryset=Agency.objects.none(),
        empty_label=gettext_lazy("Pilih instansi"),
        widget=LongSelect,
        error_messages={
            "required": gettext_lazy("Pilih instansinya"),
            "invalid_choice": gettext_lazy("Pilih instansi dari daftar ini"),
        },
    )
    size = forms.IntegerField(
        label=gettext_lazy("Berapa jawaban"),
        help_text=gettext_lazy("Makin banyak makin pasti; setiap jawaban dibaca dua orang."),
        min_value=sampling.SMALLEST,
        max_value=sampling.LARGEST,
        initial=sampling.SIZE,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": 4}),
        error_messages={
            "required": gettext_lazy("Tulis berapa jawaban"),
            "invalid": gettext_lazy("Tulis bilangan bulat, misalnya 60"),
            "min_value": gettext_lazy("Paling sedikit %(limit_value)s"),
            "max_value": gettext_lazy("Paling banyak %(limit_value)s"),
        },
    )

    def __init__(self, data: Any = None, *, today: datetime.date, **more: Any) -> None:
        super().__init__(data, **more)
        periods = sampling.periods(today)
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (f"{first}_{last}", period_name(first, last)) for first, last in periods
        ]
        self.fields["agency"].queryset = (  # type: ignore[attr-defined]
            Agency.objects.filter(path_length=2).order_by("name").only("pk", "name", "path_length", "path")
        )

    def clean_period(self) -> tuple[datetime.date, datetime.date]:
        first, _sep, last = str(self.cleaned_data["period"]).partition("_")
        return datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
