"""Forms of the yearly evaluation: the centre's dates and method, the district's evidence and word, points, "
"decisions."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Decree
from complaints.uploads import ACCEPT
from routing.evaluation.cycle import Dates
from routing.evaluation.indicators import DIMENSIONS, INDICATORS
from routing.evaluation.method import OF_OFFICES, Body
from routing.models import Evidence, Objection

_TEXT = 4_000
# Rows of the table of days that are offered empty.
SPARE = 2


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        input_formats=["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%d-%m-%Y", attrs={"autocomplete": "off", "maxlength": 10}),
        error_messages={
            "invalid": gettext_lazy("Tulis tanggal seperti 31-12-2026."),
            "required": gettext_lazy("Tulis tanggalnya."),
        },
    )


def _words(label: Any, required: Any, *, rows: int = 3, help_text: Any = "", limit: int = _TEXT) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=limit,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required} if required else {},
    )


class DatesForm(forms.Form):
    """A new year, or another edition of a published one."""

    year = forms.TypedChoiceField(label=gettext_lazy("Tahun"), coerce=int)
    reason = _words(gettext_lazy("Apa yang keliru"), gettext_lazy("Tulis apa yang keliru: alasannya dibaca umum."))
    cut_on = _day(
        gettext_lazy("Angka ditutup"),
        gettext_lazy("Yang terjadi sampai akhir hari ini (WIB) ikut dihitung."),
    )
    opens_by = _day(gettext_lazy("Dibuka paling lambat"))
    check_by = _day(gettext_lazy("Daerah memeriksa sampai"))
    score_by = _day(gettext_lazy("Evaluator menilai sampai"))
    object_by = _day(gettext_lazy("Keberatan sampai"))
    publish_by = _day(gettext_lazy("Terbit paling lambat"))

    def __init__(self, *args: Any, years: list[int], corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if corrects:
            del self.fields["year"]
        else:
            del self.fields["reason"]
            self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]

    def dates(self) -> Dates:
        names = ("cut_on", "opens_by", "check_by", "score_by", "object_by", "publish_by")
        return Dates(*(self.cleaned_data[name] for name in names))


class ReasonForm(forms.Form):
    reason = _words(
        gettext_lazy("Mengapa angkanya dikumpulkan lagi"),
        gettext_lazy("Tulis mengapa angkanya dikumpulkan lagi: daerah membacanya."),
        limit=500,
    )


class CheckForm(forms.Form):
    comment = _words(
        gettext_lazy("Komentar daerah"),
        "",
        rows=4,
        help_text=gettext_lazy("Misalnya apa yang membuat angka tahun ini berbeda. Ikut terbit bersama hasilnya."),
    )


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Macam bukti"), choices=Evidence.Kind.choices)
    title = forms.CharField(
        label=gettext_lazy("Nama bukti"),
        max_length=200,
        help_text=gettext_lazy("Contoh: Siaran radio tentang LAPOR!, atau SK tim pengelola."),
        error_messages={"required": gettext_lazy("Tulis nama buktinya.")},
    )
    day = _day(gettext_lazy("Tanggal ditandatangani atau diadakan"))
    count = forms.IntegerField(
        label=gettext_lazy("Berapa yang menandatangani atau dijangkau"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=gettext_lazy("Kepala perangkat daerah, sekolah, atau desa."),
        error_messages={"invalid": gettext_lazy("Tulis angka saja.")},
    )
    decree = forms.ModelChoiceField(
        label=gettext_lazy("Keputusan yang sudah tercatat"),
        queryset=Decree.objects.none(),
        required=False,
        empty_label=gettext_lazy("Bukan keputusan yang sudah tercatat"),
    )
    about = _words(gettext_lazy("Keterangan"), "")
    file = forms.FileField(
        label=gettext_lazy("Berkas"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy("Foto atau PDF, paling besar 10 MB."),
        error_messages={
            "empty": gettext_lazy("Berkas itu kosong."),
            "invalid": gettext_lazy("Berkas itu tidak terkirim utuh."),
        },
    )

    open = forms.BooleanField(
        label=gettext_lazy("Berkasnya boleh dibuka umum sesudah hasilnya terbit"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Hapus centangnya kalau berkas itu memuat nomor telepon, NIK, atau alamat rumah."),
    )

    def __init__(self, *args: Any, district: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decree = self.fields["decree"]
        assert isinstance(decree, forms.ModelChoiceField)
        decree.queryset = Decree.objects.filter(agency__path__startswith=district.path).order_by("-decided_on", "pk")


class ObjectForm(forms.Form):
    about = forms.ChoiceField(label=gettext_lazy("Tentang"), required=False)
    reason = _words(
        gettext_lazy("Apa yang keliru, dan mengapa"), gettext_lazy("Tulis apa yang keliru dan mengapa."), rows=4
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            ("", _("Hal lain")),
            *((one.code, one.name) for one in INDICATORS.values() if one.dimension),
            *Evidence.Kind.choices,
        ]


class PointsForm(forms.Form):
    """Of one kind of evidence."""

    points = forms.TypedChoiceField(
        label=gettext_lazy("Nilai menurut rubrik"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih nilainya dari rubrik.")},
    )
    why = _words(gettext_lazy("Alasan"), gettext_lazy("Tulis alasannya: daerah membacanya."))

    def __init__(self, *args: Any, rubric: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"].choices = [(n, f"{n}: {sentence}") for n, sentence in rubric]  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_lazy("Keputusan"),
        choices=Objection.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih keputusannya.")},
    )
    why = _words(gettext_lazy("Alasan"), gettext_lazy("Tulis alasannya: daerah membacanya, dan ikut terbit."))


class MethodForm(forms.Form):
    """Another version: every weight, bound and date of the one before, to be changed."""

    from_year = forms.IntegerField(label=gettext_lazy("Berlaku mulai evaluasi tahun"), min_value=2011, max_value=2200)
    legal_basis = _words(gettext_lazy("Dasar hukum"), gettext_lazy("Tulis dasarnya: dibaca umum."), limit=500)
    reason = _words(
        gettext_lazy("Apa yang berubah, dan mengapa"), gettext_lazy("Tulis alasannya: dibaca umum."), limit=500
    )

    def __init__(self, body: Body, *args: Any, **kwargs: Any) -> None:
        self.body = body
        super().__init__(*args, **kwargs)
        for name, label in DIMENSIONS.items():
            self._number(f"d_{name}", _("Bobot %(name)s") % {"name": _(label).lower()}, body.dimensions[name])
        for code, one in INDICATORS.items():
            if one.dimension:
                self._number(f"i_{code}", one.name, body.indicators.get(code, 0))
        for code, least in body.sizes:
            label = _("Kelompok %(code)s mulai sekian laporan") % {"code": code}
            self._number(f"s_{code}", label, least, 1_000_000)
        for n, (name, begins) in enumerate(body.bands[:-1]):
            self._number(f"b_{n}", _("Predikat %(name)s mulai indeks") % {"name": _(name)}, begins)
        for code in OF_OFFICES:
            self._number(f"o_{code}", INDICATORS[code].name, body.office.get(code, 0))
        for n in range(len(body.days) + SPARE):
            days, points = body.days[n] if n < len(body.days) else (None, None)
            words = {"n": n + 1}
            self._number(f"t_{n}_days", _("Baris %(n)s: hari kerja") % words, days, 365, needed=False)
            self._number(f"t_{n}_points", _("Baris %(n)s: nilai") % words, points, needed=False)
        self.fields["t_0_days"].help_text = _(
            "Lama sampai jawaban pertama diubah menjadi nilai menurut tabel ini; di antara dua baris nilainya turun "
            "rata. Baris yang dikosongkan tidak dipakai."
        )
        month, day = body.opens_by
        self._number("opens_day", _("Dibuka paling lambat tanggal"), day, 31)
        self._number("opens_month", _("Bulan"), month, 12)

    def _number(self, name: str, label: str, initial: float | None, most: int = 100, *, needed: bool = True) -> None:
        field = forms.IntegerField(
            label=label,
            min_value=0,
            max_value=most,
            initial=int(initial) if initial is not None else None,
            required=needed,
            error_messages={"invalid": _("Tulis angka saja."), "required": _("Tulis angkanya.")},
        )
        self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for n in range(len(self.body.days) + SPARE):
            days, points = f"t_{n}_days", f"t_{n}_points"
            if self.errors.keys() & {days, points}:
                continue
            if (data.get(days) is None) != (data.get(points) is None):
                lacks = days if data.get(days) is None else points
                self.add_error(lacks, _("Isi hari dan nilainya, atau kosongkan keduanya."))
        if not self.errors.keys() & {"opens_day", "opens_month"}:
            try:
                datetime.date(2001, data["opens_month"], data["opens_day"])
            except ValueError:
                self.add_error("opens_day", _("Tanggal itu tidak ada dalam bulan itu."))
        return data

    def groups(self) -> list[tuple[str, bool, list[list[forms.BoundField]]]]:
        """Heading, whether its fields stand side by side, and rows of one or two of them; in the order of the form."""
        found: list[tuple[str, list[str], int]] = [
            (_("Dasarnya"), ["from_year", "legal_basis", "reason"], 1),
            (_("Bobot dimensi"), [f"d_{name}" for name in DIMENSIONS], 2),
        ]
        for name, label in DIMENSIONS.items():
            codes = [f"i_{code}" for code, one in INDICATORS.items() if one.dimension == name]
            found.append((_(label), codes, 2))
        found += [
            (_("Kelompok"), [name for name in self.fields if name.startswith("s_")], 2),
            (_("Predikat"), [name for name in self.fields if name.startswith("b_")], 2),
            (_("Ukuran kantor"), [f"o_{code}" for code in OF_OFFICES], 2),
            (_("Tabel hari"), [name for name in self.fields if name.startswith("t_")], 2),
            (_("Dibuka pusat"), ["opens_day", "opens_month"], 2),
        ]
        return [
            (label, wide > 1, [[self[name] for name in names[n : n + wide]] for n in range(0, len(names), wide)])
            for label, names, wide in found
        ]

    def field_of(self, fault: str) -> str:
        """The field beside which a fault of the whole is told (`method.faults`)."""
        first = next((code for code, one in INDICATORS.items() if one.dimension == fault), "")
        return {
            "dimensions": f"d_{next(iter(DIMENSIONS))}",
            "sizes": f"s_{self.body.sizes[0][0]}",
            "least": f"s_{self.body.sizes[-1][0]}",
            "bands": "b_0",
            "days": "t_0_days",
            "office": f"o_{OF_OFFICES[0]}",
        }.get(fault, f"i_{first}")

    def said(self) -> dict[str, Any]:
        """The body of the new version."""
        data, old = self.cleaned_data, self.body
        return {
            "dimensions": {name: data[f"d_{name}"] for name in DIMENSIONS},
            "indicators": {code: data[f"i_{code}"] for code, one in INDICATORS.items() if one.dimension},
            "sizes": [[code, data[f"s_{code}"]] for code, _least in old.sizes],
            "least": data[f"s_{old.sizes[-1][0]}"],
            "bands": [
                *([name, data[f"b_{n}"]] for n, (name, _begins) in enumerate(old.bands[:-1])),
                [old.bands[-1][0], 0],
            ],
            "days": [
                [data[f"t_{n}_days"], data[f"t_{n}_points"]]
                for n in range(len(old.days) + SPARE)
                if data[f"t_{n}_days"] is not None
            ],
            "office": {code: data[f"o_{code}"] for code in OF_OFFICES if data[f"o_{code}"]},
            "opens_by": [data["opens_month"], data["opens_day"]],
        }
