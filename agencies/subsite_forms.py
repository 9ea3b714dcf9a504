"""The form of a district's own site."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import colours, marks
from agencies.models import SubSite
from agencies.office_forms import LinesField

MOST_PHONES = 6
# Labels of letters, digits and hyphens, at least two of them (RFC 1123 section 2.1).
_HOST = re.compile(r"(?=.{4,120}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
_IS_ADDRESS = re.compile(r"[0-9.]+")


class ColourField(forms.CharField):
    widget = forms.TextInput(attrs={"type": "color"})

    def to_python(self, value: Any) -> str:
        found = colours.read(str(value or ""))
        if found is None:
            raise forms.ValidationError(_("Tulis warna sebagai #rrggbb, misalnya #0b5a61"), code="invalid")
        return found


class SubSiteForm(forms.Form):
    """`site` is the one that is changed, saved or not; `names_host`: its host may be written."""

    name = forms.CharField(
        label=gettext_lazy("Nama situs"),
        help_text=gettext_lazy("Seperti disebut orang. Contoh: Lapor Inhu."),
        max_length=40,
        error_messages={
            "required": gettext_lazy("Tulis nama situsnya"),
            "max_length": gettext_lazy("Namanya terlalu panjang. Paling banyak 40 huruf"),
        },
    )
    slug = forms.SlugField(
        label=gettext_lazy("Alamat"),
        help_text=gettext_lazy("Huruf kecil dan angka. Contoh: inhu, menjadi /d/inhu/."),
        max_length=40,
        error_messages={
            "required": gettext_lazy("Tulis alamatnya, misalnya inhu"),
            "invalid": gettext_lazy("Alamat hanya boleh huruf, angka, dan tanda hubung"),
            "max_length": gettext_lazy("Alamatnya terlalu panjang. Paling banyak 40 huruf"),
        },
    )
    greeting = forms.CharField(
        label=gettext_lazy("Salam"),
        help_text=gettext_lazy("Satu kalimat di bawah judul halaman depan."),
        required=False,
        max_length=160,
        error_messages={"max_length": gettext_lazy("Salamnya terlalu panjang. Paling banyak 160 huruf")},
    )
    colour = ColourField(label=gettext_lazy("Warna utama"), help_text=gettext_lazy("Tombol, tautan, dan pita atas."))
    accent = ColourField(label=gettext_lazy("Warna aksen"), help_text=gettext_lazy("Garis dan sorotan."))
    mark = forms.FileField(
        label=gettext_lazy("Lambang daerah"),
        help_text=gettext_lazy("PNG, JPG, WebP, atau SVG sampai 2 MB. Kosong: inisial daerah."),
        required=False,
        widget=forms.FileInput(attrs={"accept": marks.ACCEPT}),
    )
    phones = LinesField(
        label=gettext_lazy("Nomor telepon"),
        help_text=gettext_lazy("Satu per baris, namanya dulu. Contoh: Loket Diskominfo: 0769 123456."),
        required=False,
    )
    host = forms.CharField(
        label=gettext_lazy("Nama host sendiri"),
        help_text=gettext_lazy("Contoh: lapor.inhukab.go.id. Arahkan dulu ke server portal, dengan sertifikatnya."),
        required=False,
        max_length=120,
        error_messages={"max_length": gettext_lazy("Nama hostnya terlalu panjang")},
    )
    active = forms.BooleanField(label=gettext_lazy("Situs ini boleh dikunjungi warga"), required=False)

    def __init__(self, *args: Any, site: SubSite, names_host: bool, **kwargs: Any) -> None:
        self.site = site
        self.read_mark: marks.Mark | None = None
        fields = ("name", "slug", "greeting", "colour", "accent", "host", "active")
        initial = {name: getattr(site, name) for name in fields}
        initial["phones"] = [f"{label}: {number}" for label, number in site.phones]
        super().__init__(*args, **{"initial": initial, **kwargs})
        if not names_host:
            del self.fields["host"]

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()

    def clean_colour(self) -> str:
        colour = str(self.cleaned_data["colour"])
        ratio = colours.worst_on_light(colour)
        if ratio < colours.WANTED:
            raise forms.ValidationError(
                _("Tulisan dengan warna ini sulit dibaca: %(ratio)s banding 1, perlu 4,5. Coba %(better)s")
                % {"ratio": _shown(ratio), "better": colours.darkened(colour)},
                code="faint",
            )
        return colour

    def clean_accent(self) -> str:
        accent = str(self.cleaned_data["accent"])
        ratio = colours.contrast(accent, colours.ON_ACCENT)
        if ratio < colours.WANTED:
            raise forms.ValidationError(
                _("Tulisan gelap di atas warna ini sulit dibaca: %(ratio)s banding 1, perlu 4,5. Coba %(better)s")
                % {"ratio": _shown(ratio), "better": colours.lightened(accent)},
                code="dark",
            )
        return accent

    def clean_mark(self) -> UploadedFile[Any] | None:
        upload = self.cleaned_data.get("mark")
        if upload:
            try:
                self.read_mark = marks.read(upload.read(marks.SIZE_LIMIT + 1))
            except marks.MarkRefused as refused:
                raise forms.ValidationError(str(refused), code="invalid") from refused
        return upload if isinstance(upload, UploadedFile) else None

    def clean_phones(self) -> list[list[str]]:
        found: list[list[str]] = []
        for line in self.cleaned_data["phones"]:
            label, _colon, number = str(line).rpartition(":")
            digits = sum(letter.isdigit() for letter in number)
            if not label.strip() or not 3 <= digits <= 15 or set(number) - set("0123456789 +-()"):
                raise forms.ValidationError(
                    _("Baris “%(line)s” belum benar. Contoh: Loket Diskominfo: 0769 123456") % {"line": line[:60]},
                    code="invalid",
                )
            found.append([" ".join(label.split())[:40], " ".join(number.split())])
        if len(found) > MOST_PHONES:
            raise forms.ValidationError(_("Paling banyak 6 nomor telepon"), code="many")
        return found

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).strip().lower().rstrip(".")
        if host and (not _HOST.fullmatch(host) or _IS_ADDRESS.fullmatch(host)):
            raise forms.ValidationError(
                _("Tulis nama host saja, tanpa https dan tanpa garis miring. Contoh: lapor.inhukab.go.id"),
                code="invalid",
            )
        return host

    def said(self) -> dict[str, Any]:
        """What `set_subsite` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "mark"}

    def preview(self) -> SubSite:
        """The site as it would be, unsaved; what is wrong is left as it was."""
        shown = SubSite(agency=self.site.agency, mark_version=self.site.mark_version)
        for name in ("name", "greeting", "colour", "accent", "phones"):
            setattr(shown, name, self.cleaned_data.get(name, getattr(self.site, name)))
        return shown


def _shown(ratio: float) -> str:
    return f"{int(ratio * 10) / 10}".replace(".", ",")
