"""Forms about offices and the calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies import areas, bidang
from agencies.members import Refused
from agencies.models import Agency, AgencyQuerySet, Holiday, Kind, Region
from agencies.models.agency import PEMDA
from lapor.kit.widgets import DayField, RadioInline

MOST_TABLE = 500_000


class LinesField(forms.CharField):
    """A list, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        for line in value:
            if len(line) > 120:
                raise forms.ValidationError(_("Nama lain paling panjang 120 huruf."))

    def run_validators(self, value: Any) -> None:
        """A list has no length to check here."""


class OfficeForm(forms.Form):
    name = forms.CharField(
        label=_("Nama kantor"),
        max_length=200,
        error_messages={"required": _("Tulis nama kantor."), "max_length": _("Nama paling panjang 200 huruf.")},
    )
    short_name = forms.CharField(
        label=_("Nama pendek"), max_length=80, required=False, help_text=_("Contoh: Dinas PUPR.")
    )
    aliases = LinesField(
        label=_("Nama lain"), required=False, help_text=_("Satu per baris. Laporan yang menyebutnya dikenali.")
    )
    bidang = forms.MultipleChoiceField(
        label=_("Bidang yang dijawab kantor ini"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Satu bidang cukup satu kantor di setiap daerah; laporan lalu sampai sendiri."),
    )
    areas = LinesField(
        label=_("Wilayah kerja"),
        required=False,
        help_text=_("Untuk cabang atau unit yang melayani beberapa daerah. Satu per baris: kode atau nama lengkapnya."),
    )
    verify_first = forms.BooleanField(
        label=_("Semua laporan diperiksa admin instansi dulu, tidak diteruskan otomatis"), required=False
    )
    approves_answers = forms.BooleanField(label=_("Jawaban menunggu persetujuan pimpinan"), required=False)

    def __init__(self, *args: Any, agency: Agency | None = None, parent: Agency | None = None, **kwargs: Any) -> None:
        """`agency` is changed, or one is founded below `parent`."""
        if agency is not None:
            names = ("name", "short_name", "aliases", "bidang", "verify_first", "approves_answers")
            known = {name: getattr(agency, name) for name in names}
            known["areas"] = [f"{one.pk} {one.name}" for one in areas.of(agency, timezone.localdate())]
            kwargs.setdefault("initial", known)
        super().__init__(*args, **kwargs)
        near = agency or parent
        self._bound = areas.bound_of(near) if near is not None else None
        if agency is not None and (agency.parent_id is None or agency.kind in PEMDA):
            # A pemda serves its own place, the centre the country.
            del self.fields["areas"]
        field = self.fields["bidang"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, name) for name, code in sorted((name, code) for code, name in bidang.names().items())]

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_short_name(self) -> str:
        return " ".join(str(self.cleaned_data["short_name"]).split())

    def clean_areas(self) -> list[Region]:
        try:
            return areas.read(self.cleaned_data["areas"], self._bound)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused


class NewOfficeForm(OfficeForm):
    kind = forms.ChoiceField(
        label=_("Jenis"), widget=RadioInline, error_messages={"required": _("Pilih jenis kantor.")}
    )
    field_order = ("kind", "name")

    def __init__(self, *args: Any, kinds: tuple[Kind, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in kinds]
        field.initial = kinds[0].value

    def clean_kind(self) -> Kind:
        return Kind(self.cleaned_data["kind"])


class EndOfficeForm(forms.Form):
    successor = forms.ModelChoiceField(
        label=_("Diteruskan oleh"),
        queryset=Agency.objects.none(),
        empty_label=_("Pilih kantor penerus"),
        help_text=_("Semua laporan yang masih terbuka pindah ke sana."),
        error_messages={"required": _("Pilih kantor penerusnya."), "invalid_choice": _("Pilih dari daftar.")},
    )
    reason = forms.CharField(
        label=_("Mengapa"),
        max_length=300,
        help_text=_("Contoh: digabung menurut Perda 3/2026."),
        error_messages={"required": _("Tulis alasannya dengan singkat.")},
    )

    def __init__(self, *args: Any, successors: AgencyQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = successors


class TableField(forms.FileField):
    """A small CSV; cleans to its text."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {"empty": _("Berkas itu kosong."), "invalid": _("Berkas itu tidak terkirim utuh.")}
        super().__init__(error_messages={"required": _("Pilih berkas CSV."), **errors}, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return ""
        if file.size > MOST_TABLE:
            raise forms.ValidationError(_("Berkas paling besar 500 kB."))
        try:
            return file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("Berkas itu bukan teks UTF-8. Simpan ulang sebagai CSV UTF-8.")) from error


class ImportForm(forms.Form):
    table = TableField(label=_("Berkas CSV"), help_text=_("Kolom kind dan name wajib ada."))


class HolidayForm(forms.Form):
    date = DayField(
        today=timezone.localdate,
        past_only=False,
        quick=False,
        label=_("Tanggal"),
        error_messages={"required": _("Tulis tanggalnya.")},
    )
    name = forms.CharField(label=_("Nama hari libur"), max_length=120, error_messages={"required": _("Tulis namanya.")})
    kind = forms.ChoiceField(
        label=_("Jenis"), choices=Holiday.Kind.choices, initial=Holiday.Kind.LIBUR, widget=RadioInline
    )
    region = forms.CharField(
        label=_("Kode wilayah"),
        max_length=13,
        required=False,
        help_text=_("Kosongkan untuk seluruh Indonesia. Contoh: 14.02."),
    )
    estimated = forms.BooleanField(label=_("Masih perkiraan, belum ditetapkan SKB"), required=False)

    def clean_region(self) -> Region | None:
        code = self.cleaned_data["region"]
        if not code:
            return None
        region = Region.objects.filter(pk=code, ended_on__isnull=True).first()
        if region is None:
            raise forms.ValidationError(_("Tidak ada wilayah dengan kode itu."))
        return region


class HolidayTableForm(forms.Form):
    table = TableField(
        label=_("Berkas CSV"),
        help_text=_("Kolom date, name, kind. Untuk tahun yang disebut, isinya menggantikan seluruh daftar nasional."),
    )
