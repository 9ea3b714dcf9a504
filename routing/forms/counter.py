"""The one page of the counter: what a citizen tells, as fast as an officer types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import finding
from agencies.models import Region
from complaints import privacy
from complaints.channels.counter.filing import Came
from complaints.forms import StoryForm
from complaints.models import Kind
from lapor.kit.widgets import DayField, RadioCards, RadioInline

PHONE_DIGITS = range(8, 16)


class CounterForm(StoryForm):
    """Story, place, office, contact and the two questions, all at once; only the officer's words differ from the web.

    `near`: the region of the officer's office. A name that means one place there is that place, however many others
    bear it elsewhere. After `is_valid`, `place` is a Region, and `found` holds what one may choose from.
    """

    came = forms.ChoiceField(
        label=gettext_lazy("Bagaimana warga menyampaikannya?"),
        choices=Came.choices,
        initial=Came.IN_PERSON,
        widget=RadioInline,
        error_messages={
            "required": gettext_lazy("Pilih datang, menelepon, atau mengirim surat"),
            "invalid_choice": gettext_lazy("Pilih datang, menelepon, atau mengirim surat"),
        },
    )
    letter_number = forms.CharField(
        label=gettext_lazy("Nomor surat"),
        required=False,
        max_length=80,
        error_messages={"max_length": gettext_lazy("Nomor suratnya terlalu panjang. Paling banyak 80 huruf")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    letter_on = DayField(
        label=gettext_lazy("Tanggal surat"),
        required=False,
        quick=False,
        today=lambda: timezone.localdate(),
    )
    title = forms.CharField(
        label=gettext_lazy("Judul singkat"),
        help_text=gettext_lazy("Kosong: delapan kata pertama ceritanya."),
        required=False,
        max_length=StoryForm.base_fields["title"].max_length,  # type: ignore[attr-defined]
        error_messages={
            "max_length": gettext_lazy("Judulnya terlalu panjang. Paling banyak 120 huruf; sisanya tulis di cerita")
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    where = forms.CharField(
        label=gettext_lazy("Di mana?"),
        help_text=gettext_lazy("Desa, kelurahan, atau kecamatan."),
        max_length=120,
        error_messages={
            "required": gettext_lazy("Tulis tempatnya. Nama kecamatan saja juga boleh"),
            "max_length": gettext_lazy("Nama tempatnya terlalu panjang. Paling banyak 120 huruf"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "tempat"}),
    )
    place = forms.CharField(
        required=False,
        max_length=13,
        error_messages={"max_length": gettext_lazy("Tempat ini tidak ada di daftar. Cari lagi namanya")},
    )
    landmark = forms.CharField(
        label=gettext_lazy("Patokan"),
        required=False,
        max_length=200,
        error_messages={"max_length": gettext_lazy("Patokannya terlalu panjang. Paling banyak 200 huruf")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Nama"),
        required=False,
        max_length=120,
        error_messages={"max_length": gettext_lazy("Namanya terlalu panjang. Paling banyak 120 huruf")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Nomor telepon"),
        required=False,
        max_length=30,
        error_messages={"max_length": gettext_lazy("Nomor teleponnya terlalu panjang. Periksa lagi")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Alamat email"),
        required=False,
        max_length=254,
        error_messages={
            "invalid": gettext_lazy("Alamat email ini belum lengkap. Contoh: sari@contoh.id"),
            "max_length": gettext_lazy("Alamat email ini terlalu panjang"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    who = forms.ChoiceField(
        label=gettext_lazy("“Siapa yang boleh tahu nama Bapak/Ibu?”"),
        choices=[
            ("officers", gettext_lazy("Petugas yang menangani boleh tahu.")),
            ("hidden", gettext_lazy("Sembunyikan, juga dari kantor yang dilaporkan.")),
        ],
        initial="officers",
        widget=RadioCards(
            hints={
                "officers": gettext_lazy("“Nama Bapak/Ibu tidak pernah tampil untuk umum.”"),
                "hidden": gettext_lazy("“Petugas tetap bisa bertanya lewat nomor laporan tanpa tahu siapa Bapak/Ibu.”"),
            }
        ),
        error_messages={
            "required": gettext_lazy("Tanyakan siapa yang boleh tahu namanya"),
            "invalid_choice": gettext_lazy("Pilih salah satu: petugas boleh tahu, atau nama disembunyikan"),
        },
    )
    read = forms.ChoiceField(
        label=gettext_lazy("“Siapa yang boleh membaca laporan ini?”"),
        choices=[
            ("open", gettext_lazy("Semua orang boleh membaca isinya.")),
            ("secret", gettext_lazy("Hanya pelapor dan petugas yang menangani.")),
        ],
        initial="open",
        widget=RadioCards(
            hints={
                "open": gettext_lazy("“Sesudah petugas memeriksanya. Nama dan nomor di dalam cerita disamarkan.”"),
                "secret": gettext_lazy("“Laporan ini tidak muncul di daftar dan pencarian.”"),
            }
        ),
        error_messages={
            "required": gettext_lazy("Tanyakan siapa yang boleh membaca laporan ini"),
            "invalid_choice": gettext_lazy("Pilih salah satu: semua orang, atau hanya pelapor dan petugas"),
        },
    )
    read_out = forms.BooleanField(
        label=gettext_lazy("Sudah saya bacakan, dan pelapor setuju laporannya dikirim"),
        required=False,
    )

    field_order = (
        "came", "kind", "letter_number", "letter_on", "story", "where", "place", "category", "happened_on", "landmark",
        "title", "office_text", "office", "conduct", "name", "phone", "email", "who", "read", "read_out",
    )  # fmt: skip

    def __init__(self, data: Any = None, *args: Any, near: Region | None, **kwargs: Any) -> None:
        self.near = near
        self.found: list[Region] = []
        initial = {"kind": Kind.PENGADUAN, **kwargs.pop("initial", {})}
        super().__init__(data, *args, initial=initial, **kwargs)
        self.fields["story"].help_text = _("Dengan kata-kata pelapor. Jangan tulis NIK atau nomor telepon di sini.")
        self.fields["kind"].label = _("Apa yang disampaikan?")
        self.fields["office_text"].label = _("Kantor yang disebut pelapor")
        self.fields["category"].help_text = _("Kalau diisi, lebih cepat sampai. Ketik huruf awalnya.")
        self.fields["office_text"].widget.attrs["list"] = "kantor-di-sini"
        self.fields["kind"].widget = RadioInline(choices=list(self.fields["kind"].choices))  # type: ignore[attr-defined]

    # Fields that are folded away until somebody needs them.
    MORE = ("landmark", "title", "office_text", "office", "conduct")

    @property
    def more_is_needed(self) -> bool:
        """One of the folded fields holds something, or something is wrong with it; or a letter waits for its scan."""
        filled = any(str(self.data.get(name, "")).strip() for name in self.MORE)
        wrong = any(name in self.errors for name in self.MORE)
        return filled or wrong or self.data.get("came") == Came.BY_LETTER

    @property
    def alarm_texts(self) -> tuple[str, str]:
        """What was typed of the story so far, checked or not."""
        return str(self.data.get("title", "")), str(self.data.get("story", ""))

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"])
        digits = sum(ch.isdigit() for ch in typed)
        if typed.strip() and digits not in PHONE_DIGITS:
            raise forms.ValidationError(_("Nomor telepon ini belum lengkap. Contoh: 0812 3456 7890"), code="invalid")
        return privacy.plain_phone(typed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._find_place(cleaned)
        if cleaned.get("came") != Came.BY_LETTER:
            cleaned["letter_number"], cleaned["letter_on"] = "", None
            self.errors.pop("letter_on", None)
            if "came" in cleaned and not cleaned.get("read_out"):
                self.add_error("read_out", _("Bacakan dulu isi kotak ini, lalu centang"))
        return cleaned

    def _find_place(self, cleaned: dict[str, Any]) -> None:
        typed, chosen = cleaned.get("where", ""), cleaned.pop("place", "")
        if not typed or "where" in self.errors:
            return
        self.found = _places(typed, self.near)
        place = next((region for region in self.found if region.pk == chosen), None)
        if place is None and len(self.found) == 1:
            place = self.found[0]
        if place is not None:
            cleaned["place"] = place
        elif self.found:
            self.add_error("where", _("Ada beberapa tempat bernama itu. Pilih salah satu di bawah"))
        else:
            self.add_error("where", _("“%(query)s” belum kami temukan. Coba nama kecamatannya") % {"query": typed[:60]})


def _places(typed: str, near: Region | None) -> list[Region]:
    """What the name may mean; one that the officer's own region has alone is meant."""
    found = finding.find_places(typed)
    name = finding.read(typed)[:1]
    here = [
        region
        for region in found
        if near is not None and region.pk.startswith(f"{near.pk}.") and name and region.search_name == name[0].name
    ]
    return here if len(here) == 1 else found
