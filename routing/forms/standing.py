"""What the case is and who may see it; how it ends and begins again."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import finding
from agencies.models import Agency, Level, Region
from agencies.models.agency import AgencyQuerySet
from complaints import privacy
from complaints.models import Complaint, Publication
from complaints.models.lifecycle.acting import PublicText
from complaints.models.lifecycle.endings import ArchiveGround
from complaints.number import read_number
from lapor.kit.widgets import RadioCards
from routing import offices

from .base import ActForm, OfficeForm, masked, reason_field, story_field
from .turns import ClassifiedForm

# --- What it is, who may see it ---


class ReclassifyForm(ClassifiedForm):
    reason = reason_field(gettext_lazy("Mengapa diubah?"))


class LocateForm(ActForm):
    """Cleans to `place`, a Region narrower than a provinsi. What was read, or chosen, stands there already."""

    place = forms.CharField(
        label=gettext_lazy("Di mana kejadiannya?"),
        help_text=gettext_lazy(
            "Desa, kelurahan, atau kecamatan, lalu kabupaten atau kotanya. Contoh: Kec. Seberida, Kab. Indragiri Hulu"
        ),
        max_length=160,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Tulis tempatnya"),
            "max_length": gettext_lazy("Nama tempatnya terlalu panjang. Paling banyak 160 huruf"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the words of the story say of its place is read with the story.
        reads = privacy.text_for(self.complaint, self.by) is privacy.Text.FULL
        known = (self.complaint.found_place if reads else None) or self.complaint.place
        self.initial["place"] = finding.path(known) if known is not None else ""

    def clean_place(self) -> Region:
        typed = str(self.cleaned_data["place"])
        found = [place for place in finding.find_places(typed) if place.level != Level.PROVINSI]
        places = [place for place in found if place.search_name == finding.read(typed)[0].name] or found
        if not places:
            raise ValidationError(
                _("Tempat ini tidak ada di daftar. Tulis nama kecamatannya, lalu kabupaten atau kotanya")
            )
        if len(places) > 1:
            one, other = (finding.path(place) for place in places[:2])
            raise ValidationError(_("%(one)s atau %(other)s? Tulis yang lengkap") % {"one": one, "other": other})
        return places[0]


class RedactForm(ActForm):
    public_title = forms.CharField(
        label=gettext_lazy("Judul untuk umum"),
        max_length=160,
        error_messages={"required": gettext_lazy("Judul untuk umum tidak boleh kosong")},
    )
    public_body = forms.CharField(
        label=gettext_lazy("Cerita untuk umum"),
        help_text=gettext_lazy("Ganti yang menyebut orang. Cerita asli pelapor tidak berubah."),
        widget=forms.Textarea({"rows": 10}),
        error_messages={"required": gettext_lazy("Cerita untuk umum tidak boleh kosong")},
    )
    public_fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        copy = Publication.objects.filter(complaint=self.complaint).first()
        title, body = (copy.title, copy.body) if copy is not None else masked(self.complaint)
        self.initial = {**self.initial, "public_title": title, "public_body": body}

    def text(self) -> PublicText:
        return PublicText(self.cleaned_data["public_title"], self.cleaned_data["public_body"])


class TightenForm(ActForm):
    anonymous = forms.BooleanField(
        label=gettext_lazy("Sembunyikan nama pelapor, juga dari kantor ini"),
        required=False,
    )
    secret = forms.BooleanField(
        label=gettext_lazy("Rahasiakan isinya: hanya pelapor dan petugas yang menangani"),
        help_text=gettext_lazy("Salinan untuk umum hilang seketika. Hanya pelapor yang bisa membukanya lagi."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("anonymous", "secret"):
            if getattr(self.complaint, name):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("anonymous") or cleaned.get("secret")):
            raise forms.ValidationError(_("Pilih apa yang disembunyikan"))
        return cleaned


class ExcludeForm(OfficeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].label = _("Kantor yang tidak boleh membacanya")

    def among(self) -> AgencyQuerySet:
        return Agency.objects.filter(parent__isnull=False)

    def offers(self, among: AgencyQuerySet, today: datetime.date) -> list[offices.Offer]:
        handler = self.complaint.handler
        return offices.describe([handler], today) if handler.parent_id is not None else []

    field_order = ["agency", "cari"]


# --- How it ends ---


class MergeForm(ActForm):
    lead = forms.CharField(
        label=gettext_lazy("Nomor laporan utama"),
        help_text=gettext_lazy("Yang masih terbuka dan sama masalahnya, misalnya 7K4M-9QXD-2TB."),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Tulis nomor laporan utamanya")},
    )
    text = story_field(
        gettext_lazy("Penjelasan untuk pelapor"),
        gettext_lazy("Tulis penjelasan untuk pelapor"),
        help_text=gettext_lazy("Pelapor mendapat kabar laporan utama, tetapi tidak membaca isinya."),
    )

    def clean_lead(self) -> Complaint:
        number = read_number(self.cleaned_data["lead"])
        found = (
            Complaint.objects.visible_to(self.by).select_related("handler", "not_for").filter(number=number).first()
            if number
            else None
        )
        if found is None:
            raise forms.ValidationError(_("Nomor laporan utama tidak ditemukan. Periksa lagi hurufnya."))
        return found


class UnmergeForm(ActForm):
    reason = reason_field(
        gettext_lazy("Mengapa dipisahkan?"), help_text=gettext_lazy("Dibaca pelapor. Jangan sebut isi laporan lain.")
    )


class ArchiveForm(ActForm):
    ground = forms.ChoiceField(
        label=gettext_lazy("Alasan"),
        choices=lambda: [
            (ground.value, str(ground.label).capitalize())
            for ground in ArchiveGround
            if ground != ArchiveGround.DUPLICATE
        ],
        widget=RadioCards,
        error_messages={"required": gettext_lazy("Pilih alasan mengarsipkan")},
    )
    text = story_field(
        gettext_lazy("Penjelasan untuk pelapor"),
        gettext_lazy("Tulis penjelasan untuk pelapor"),
        help_text=gettext_lazy("Mengapa tidak dijawab di sini, dan ke mana pelapor bisa pergi."),
    )


class ReopenForm(ActForm):
    reason = reason_field(
        gettext_lazy("Mengapa dibuka kembali?"), help_text=gettext_lazy("Dibaca pelapor. Putaran baru dimulai.")
    )


class RevealForm(ActForm):
    reason = reason_field(
        gettext_lazy("Mengapa identitas pelapor perlu dibuka?"),
        help_text=gettext_lazy("Tercatat, dan dibaca pelapor di halaman laporannya."),
    )
