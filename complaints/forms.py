"""The citizen's forms. Every field has its own sentences for empty and malformed; none falls back to Django's.

Text is kept as typed. Signs that Postgres refuses (NUL, half of a surrogate pair) are taken out and said beside the
field; what comes back to the screen can be sent again.
"""

from __future__ import annotations

import base64
import datetime
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies import finding
from agencies.models import Agency, Level, Region
from complaints import privacy
from complaints.channels.push.outbound import Unwelcome, check_endpoint
from complaints.models import Category, CategoryQuestion, Datatype, News, Rhythm, Unfit
from complaints.models.lifecycle.acting import BODY_LIMIT
from complaints.models.question import TEXT_LIMIT
from complaints.models.reference import Kind
from complaints.number import read_number
from complaints.point import read_point
from lapor.kit.text import row_id
from lapor.kit.widgets import DayField, LongSelect, RadioCards, Radios, Rating, Story

TITLE_LIMIT = 120
KEY_LETTERS = 16
# NUL, what a decoder puts where it could not read, and halves of a surrogate pair.
_FOREIGN = re.compile("[\x00\ufffd\ud800-\udfff]")


def readable(text: str) -> str:
    """Without NUL and unpaired surrogates, lines ended as Postgres keeps and the counter counts them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _FOREIGN.sub("", text)


# What is kept, the sentence to choose it by, and the grey one under it that says what follows; "" for none.
Card = tuple[str, Any, Any]


def cards(
    label: Any, *choices: Card, required: Any, invalid: Any, help_text: Any = "", initial: str | None = None
) -> forms.ChoiceField:
    """One of a few sentences. `required` and `invalid` are said to whoever chose none, or one that is not there."""
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=[(value, words) for value, words, _hint in choices],
        initial=initial,
        widget=RadioCards(hints={value: hint for value, _words, hint in choices}),
        error_messages={"required": required, "invalid_choice": invalid},
    )


class CitizenForm(forms.Form):
    """A form that takes out what cannot be kept and says so at the field."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        self._unreadable: set[str] = set()
        if data is not None:
            data = self._readable(data)
        kwargs.setdefault("label_suffix", "")
        super().__init__(data, *args, **kwargs)

    def _readable(self, data: Any) -> Any:
        lists = dict(data.lists()) if hasattr(data, "lists") else {key: [value] for key, value in data.items()}
        clean = QueryDict(mutable=True)
        for key, values in lists.items():
            kept = [readable(value) if isinstance(value, str) else value for value in values]
            if any(
                isinstance(v, str) and v.replace("\r\n", "\n").replace("\r", "\n") != k
                for v, k in zip(values, kept, strict=True)
            ):
                self._unreadable.add(key)
            clean.setlist(key, kept)
        return clean

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name in self.fields:
            typed = self.add_prefix(name)
            hidden = self.fields[name].widget.is_hidden
            if (
                not hidden
                and name not in self.errors
                and any(k == typed or k.startswith(f"{typed}_") for k in self._unreadable)
            ):
                self.add_error(
                    name, _("Ada huruf yang tidak bisa kami simpan dan sudah kami buang. Baca lagi, lalu kirim ulang")
                )


class PlaceForm(CitizenForm):
    """Step 1. `query` searches, `down` picks down; `place` is the one that counts."""

    query = forms.CharField(
        label=_("Di mana?"),
        help_text=_("Tulis kelurahan, desa, atau kecamatan. Contoh: Pangkalan Kasai, Seberida"),
        required=False,
        max_length=120,
        error_messages={"max_length": _("Nama tempatnya terlalu panjang. Cukup satu nama, paling banyak 120 huruf")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "search", "class": "box"}),
    )
    place = forms.CharField(
        required=False,
        max_length=13,
        error_messages={"max_length": _("Tempat ini tidak ada di daftar. Cari lagi namanya")},
    )
    down = forms.CharField(
        label=_("Pilih dari daftar"),
        required=False,
        max_length=13,
        error_messages={"max_length": _("Tempat ini tidak ada di daftar. Pilih lagi")},
        widget=forms.Select,
    )
    landmark = forms.CharField(
        label=_("Patokan"),
        help_text=_("Yang mudah dikenali orang. Contoh: depan Pasar Belilas, dekat jembatan."),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Patokannya terlalu panjang. Paling banyak 200 huruf")},
    )
    point = forms.CharField(
        label=_("Koordinat"),
        help_text=_("Lintang, lalu bujur. Contoh: -0.3713, 102.5439. Tautan dari aplikasi peta juga boleh."),
        required=False,
        max_length=300,
        error_messages={"max_length": _("Terlalu panjang untuk sebuah koordinat. Cukup dua angka")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "box"}),
    )
    latitude = forms.CharField(required=False, widget=forms.HiddenInput)
    longitude = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A position that is none, or lies outside the country's frame, is left out: it is only a help. What somebody
        typed themselves counts instead, and is asked about where it can't be read."""
        cleaned = self.cleaned_data
        if "point" in self.data:
            cleaned["latitude"], cleaned["longitude"] = self._typed_point(cleaned.get("point", ""))
            return cleaned
        position = (_degrees(cleaned.get("latitude"), -12, 8), _degrees(cleaned.get("longitude"), 94, 142))
        cleaned["latitude"], cleaned["longitude"] = position if None not in position else (None, None)
        return cleaned

    def _typed_point(self, typed: str) -> tuple[float | None, float | None]:
        if not typed.strip():
            return None, None
        found = read_point(typed)
        if found is None:
            self.add_error("point", _("Koordinat ini tidak terbaca. Tulis dua angka, misalnya -0.3713, 102.5439"))
            return None, None
        if _degrees(str(found[0]), -12, 8) is None or _degrees(str(found[1]), 94, 142) is None:
            self.add_error("point", _("Titik ini di luar Indonesia. Periksa lagi angkanya, atau kosongkan"))
            return None, None
        return found


class OfflinePlaceForm(PlaceForm):
    """Where, written without a connection: nothing could be looked up, so the regency is chosen from a list that the
    phone has with it, and whatever is nearer is words. Cleans to `place` (a Region), `landmark` and a position.

    Words that name one place inside the regency become that place; words that name none or several stay words. Nobody
    is there to be asked when a draft is sent.
    """

    regency = forms.CharField(
        label=_("Kabupaten atau kota"),
        help_text=_("Ketik beberapa huruf, lalu pilih dari daftar. Contoh: Kabupaten Indragiri Hulu"),
        max_length=120,
        error_messages={
            "required": _("Pilih kabupaten atau kotanya"),
            "max_length": _("Nama tempatnya terlalu panjang. Cukup satu nama, paling banyak 120 huruf"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "box", "list": "kabupaten"}),
    )
    query = forms.CharField(
        label=_("Kelurahan, desa, atau kecamatan"),
        help_text=_("Kami cocokkan dengan daftar waktu dikirim."),
        required=False,
        max_length=120,
        error_messages={"max_length": _("Nama tempatnya terlalu panjang. Cukup satu nama, paling banyak 120 huruf")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "box"}),
    )
    field_order = ["regency", "query", "landmark"]

    def clean_regency(self) -> Region:
        typed = str(self.cleaned_data["regency"])
        near = Region.objects.current().filter(level__in=(Level.KABUPATEN, Level.KOTA))
        exact = list(near.filter(name__iexact=" ".join(typed.split()))[:2])
        found = exact or [place for place in finding.find_places(typed) if place.level in (Level.KABUPATEN, Level.KOTA)]
        if not found:
            raise ValidationError(_("Kabupaten atau kota ini tidak ada di daftar. Ketik lagi, lalu pilih"))
        if len(found) > 1:
            names = _("%(one)s atau %(other)s? Pilih salah satu dari daftar")
            raise ValidationError(names % {"one": found[0].name, "other": found[1].name})
        return found[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        regency, words, landmark = cleaned.get("regency"), cleaned.get("query", ""), cleaned.get("landmark", "")
        if regency is None or "query" in self.errors:
            return cleaned
        inside = [
            place
            for place in (finding.find_places(f"{words}, {regency.name}") if words else [])
            if place.pk.startswith(f"{regency.pk}.")
        ]
        exact = [place for place in inside if place.search_name == finding.plain(words)] or inside
        cleaned["place"] = exact[0] if len(exact) == 1 else regency
        if cleaned["place"] == regency and words:
            landmark = f"{words}. {landmark}" if landmark else words
            if len(landmark) > 200 and "landmark" not in self.errors:
                self.add_error("landmark", _("Patokannya terlalu panjang. Paling banyak 200 huruf"))
        cleaned["landmark"] = landmark
        return cleaned


def _degrees(typed: str | None, low: float, high: float) -> float | None:
    try:
        value = float(typed or "")
    except ValueError:
        return None
    return round(value, 6) if math.isfinite(value) and low <= value <= high else None


class StoryForm(CitizenForm):
    """Step 2. `today` is the calendar date at the place."""

    kind = cards(
        _("Apa yang ingin Anda sampaikan?"),
        (Kind.PENGADUAN.value, _("Ada masalah"), _("Sesuatu rusak, lambat, atau tidak benar.")),
        (Kind.ASPIRASI.value, _("Saya punya usul"), _("Ide supaya layanan jadi lebih baik.")),
        (Kind.PERMINTAAN_INFORMASI.value, _("Saya mau bertanya"), _("Syarat, biaya, jadwal, atau hal lain.")),
        required=_("Pilih apa yang ingin Anda sampaikan"),
        invalid=_("Pilih salah satu: masalah, usul, atau pertanyaan"),
    )
    title = forms.CharField(
        label=_("Judul singkat"),
        help_text=_("Satu kalimat. Contoh: Lampu jalan mati di depan pasar."),
        max_length=TITLE_LIMIT,
        error_messages={
            "required": _("Tulis judul singkat"),
            "max_length": _("Judulnya terlalu panjang. Paling banyak 120 huruf; sisanya tulis di cerita"),
        },
    )
    story = forms.CharField(
        label=_("Ceritanya"),
        help_text=_("Apa yang terjadi, sejak kapan, dan apa akibatnya. Jangan tulis NIK atau nomor telepon."),
        max_length=BODY_LIMIT,
        widget=Story(limit=BODY_LIMIT),
        error_messages={
            "required": _("Tulis ceritanya, walau hanya beberapa kalimat"),
            "max_length": _("Ceritanya terlalu panjang: paling banyak 10.000 huruf. Tidak ada yang kami potong"),
        },
    )
    happened_on = DayField(
        label=_("Kapan kejadiannya?"),
        help_text=_("Perkiraan boleh."),
        required=False,
        today=lambda: timezone.localdate(),
    )
    category = forms.ChoiceField(
        label=_("Tentang apa?"),
        help_text=_("Kalau diisi, laporan lebih cepat sampai di kantornya. Tidak yakin? Lewati saja."),
        required=False,
        error_messages={"invalid_choice": _("Kategori ini tidak ada di daftar. Pilih lagi, atau kosongkan")},
        widget=LongSelect,
    )
    office_text = forms.CharField(
        label=_("Kantor mana?"),
        help_text=_("Nama, singkatan, atau sebagian namanya. Contoh: Dinas PUPR."),
        required=False,
        max_length=200,
        error_messages={"max_length": _("Nama kantornya terlalu panjang. Paling banyak 200 huruf")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "box"}),
    )
    office = forms.CharField(
        required=False,
        max_length=20,
        error_messages={"max_length": _("Kantor ini tidak ada di daftar. Cari lagi namanya")},
    )
    conduct = forms.BooleanField(
        label=_("Ini tentang perilaku petugas atau pimpinan kantor itu"),
        help_text=_(
            "Kantor itu tidak akan menerima atau membaca laporan ini. Inspektorat atau pusat yang menanganinya."
        ),
        required=False,
    )

    def __init__(self, data: Any = None, *args: Any, today: datetime.date | None = None, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        # Needed of what happened; of an idea the question is not asked.
        self.fields["happened_on"].silent = True  # type: ignore[attr-defined]
        if today is not None:
            cast(DayField, self.fields["happened_on"])._today = today
        cast(forms.ChoiceField, self.fields["category"]).choices = category_choices(timezone.localdate())

    def clean(self) -> dict[str, Any]:
        """Only what went wrong has a day; a day in the future of an aspirasi is nobody's mistake."""
        cleaned = self.cleaned_data
        if cleaned.get("kind") == Kind.PENGADUAN:
            if cleaned.get("happened_on") is None and "happened_on" not in self.errors:
                self.add_error("happened_on", _("Pilih tanggal kejadian. Perkiraan boleh"))
        elif "kind" in cleaned:
            cleaned["happened_on"] = None
            self.errors.pop("happened_on", None)
        return cleaned


def category_choices(today: datetime.date) -> list[tuple[str, Any]]:
    """Top categories that have children as groups with themselves first; the others alone. One query."""
    tops: dict[int | None, list[tuple[str, str]]] = {}
    for pk, parent, name in Category.objects.on(today).values_list("pk", "parent_id", "name"):
        tops.setdefault(parent, []).append((str(pk), name))
    choices: list[tuple[str, Any]] = [("", gettext("Tidak tahu"))]
    for top in tops.get(None, []):
        inside = tops.get(int(top[0]))
        choices.append((top[1], [top, *inside]) if inside else top)
    return choices


class QuestionsForm(CitizenForm):
    """What else is asked about a category: a field for each question, which says itself what fits it.

    `answers` holds what was typed, by the question's id, whether it fits or not.
    """

    def __init__(self, questions: list[CategoryQuestion], data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.questions = questions
        self.answers: dict[str, list[str]] = {}
        for question in questions:
            self.fields[f"q{question.pk}"] = _field_of(question)

    @staticmethod
    def initial_of(questions: list[CategoryQuestion], kept: dict[str, Any]) -> dict[str, Any]:
        """What was kept of these questions, as their fields show it."""
        shown: dict[str, Any] = {}
        for question in questions:
            values = kept.get("answers", {}).get(str(question.pk), [])
            if values and question.datatype == Datatype.DATETIME:
                shown[f"q{question.pk}"] = datetime.date.fromisoformat(values[0])
            elif values:
                shown[f"q{question.pk}"] = values if question.datatype == Datatype.MULTIVALUELIST else values[0]
        return shown

    def clean(self) -> dict[str, Any]:
        for question in self.questions:
            name = f"q{question.pk}"
            if name in self.errors:
                continue
            value = self.cleaned_data.get(name)
            if isinstance(value, datetime.date):
                value = value.isoformat()
            if question.datatype == Datatype.NUMBER and value:
                # As Indonesians write it.
                value = value.replace(",", ".")
            given = list(value) if isinstance(value, list) else [value] if value else []
            self.answers[str(question.pk)] = given
            try:
                question.read(given)
            except Unfit as unfit:
                self.add_error(name, str(unfit))
        return self.cleaned_data


# So many options are shown at once; more become a select.
_CARDS = 7


def _field_of(question: CategoryQuestion) -> forms.Field:
    """Whether an answer fits is asked of the question itself, so that every client is told the same."""
    said: dict[str, Any] = {"label": question.description, "help_text": question.hint, "required": False}
    choices = [(value["key"], value["name"]) for value in question.values]
    not_listed = {"invalid_choice": _("Pilih salah satu dari daftarnya"), "invalid_list": _("Pilih dari daftarnya")}
    field: forms.Field
    match question.datatype:
        case Datatype.SINGLEVALUELIST if len(choices) <= _CARDS:
            field = forms.ChoiceField(choices=choices, widget=RadioCards(), error_messages=not_listed, **said)
        case Datatype.SINGLEVALUELIST:
            empty = ("", _("Tidak tahu"))
            field = forms.ChoiceField(choices=[empty, *choices], widget=LongSelect, error_messages=not_listed, **said)
        case Datatype.MULTIVALUELIST:
            field = forms.MultipleChoiceField(
                choices=choices, widget=forms.CheckboxSelectMultiple, error_messages=not_listed, **said
            )
        case Datatype.DATETIME:
            # Its boxes say themselves how a date is written.
            field = DayField(today=timezone.localdate, past_only=False, quick=False, **{**said, "help_text": ""})
        case Datatype.TEXT:
            field = forms.CharField(widget=Story({"rows": 3}, limit=TEXT_LIMIT), **said)
        case Datatype.NUMBER:
            field = forms.CharField(widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}), **said)
        case _:
            field = forms.CharField(widget=forms.TextInput({"autocomplete": "off"}), **said)
    # One that must be answered is not marked "boleh kosong"; the question refuses the empty one in its own words.
    field.silent = question.required  # type: ignore[union-attr]
    return field


class CheckForm(CitizenForm):
    """Step 3: who may know the name, who may read, how to be told."""

    who = cards(
        _("Siapa yang boleh tahu nama Anda?"),
        (
            "officers",
            _("Petugas yang menangani boleh tahu nama saya."),
            _("Mereka bisa menghubungi Anda kalau perlu melihat tempatnya bersama."),
        ),
        (
            "hidden",
            _("Sembunyikan nama saya, juga dari kantor yang saya laporkan."),
            _("Petugas tetap bisa bertanya lewat halaman ini tanpa tahu siapa Anda."),
        ),
        help_text=_("Orang lain tidak pernah melihat nama Anda, apa pun pilihannya."),
        initial="officers",
        required=_("Pilih siapa yang boleh tahu nama Anda"),
        invalid=_("Pilih salah satu: petugas boleh tahu, atau nama disembunyikan"),
    )
    read = cards(
        _("Siapa yang boleh membaca laporan ini?"),
        (
            "open",
            _("Semua orang boleh membaca isinya."),
            _("Sesudah petugas memeriksanya. Nama dan nomor di dalam cerita disamarkan."),
        ),
        (
            "secret",
            _("Hanya saya dan petugas yang menangani."),
            _("Laporan ini tidak muncul di daftar dan pencarian."),
        ),
        initial="open",
        required=_("Pilih siapa yang boleh membaca laporan ini"),
        invalid=_("Pilih salah satu: semua orang, atau hanya Anda dan petugas"),
    )
    name = forms.CharField(
        label=_("Nama Anda"),
        required=False,
        max_length=120,
        error_messages={"max_length": _("Namanya terlalu panjang. Paling banyak 120 huruf")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    tell = cards(
        _("Bagaimana Anda ingin tahu kabarnya?"),
        (
            "email",
            _("Kirimi saya email."),
            _("Satu surat setiap ada kabar. Surat pertama meminta Anda memastikan alamatnya."),
        ),
        (
            "keep",
            _("Saya simpan sendiri nomor dan kuncinya."),
            _("Tidak ada surat. Anda memeriksa sendiri di halaman Lacak."),
        ),
        initial="email",
        required=_("Pilih bagaimana Anda ingin tahu kabarnya"),
        invalid=_("Pilih salah satu: email, atau simpan sendiri nomor dan kuncinya"),
    )
    email = forms.EmailField(
        label=_("Alamat email"),
        required=False,
        max_length=254,
        error_messages={
            "invalid": _("Alamat email ini belum lengkap. Contoh: sari@contoh.id"),
            "max_length": _("Alamat email ini terlalu panjang"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, texts: bool = False, **kwargs: Any) -> None:
        """`texts`: news may come by SMS, too."""
        super().__init__(*args, **kwargs)
        self.fields["email"].silent = True  # type: ignore[attr-defined]
        if texts:
            self._offer_texts()

    def _offer_texts(self) -> None:
        tell = self.fields["tell"]
        assert isinstance(tell, forms.ChoiceField)
        email, *others = cast("list[tuple[str, Any]]", tell.choices)
        tell.choices = [email, ("sms", _("Kirimi saya SMS.")), *others]
        assert isinstance(tell.widget, RadioCards)
        hint = _("Pesan pertama berisi kode. Tulis kode itu di halaman laporan Anda.")
        tell.widget.hints = {**tell.widget.hints, "sms": hint}
        self.fields["phone"] = forms.CharField(
            label=_("Nomor HP"),
            required=False,
            max_length=30,
            error_messages={"max_length": _("Nomor HP ini terlalu panjang")},
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        )
        self.fields["phone"].silent = True  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"])
        number = privacy.plain_phone(typed)
        if typed.strip() and not 10 <= len(number) <= 16:
            raise ValidationError(_("Nomor HP ini belum benar. Contoh: 0812 3456 7890"), code="invalid")
        return number

    def clean(self) -> dict[str, Any]:
        """Of the ways to be told only the one chosen counts."""
        cleaned = self.cleaned_data
        missing = {
            "email": _("Tulis alamat email, atau pilih simpan sendiri nomor dan kuncinya"),
            "phone": _("Tulis nomor HP, atau pilih simpan sendiri nomor dan kuncinya"),
        }
        chosen = {"email": "email", "sms": "phone"}.get(cleaned.get("tell", ""))
        for name in missing:
            if cleaned.get("tell") and name != chosen:
                self.errors.pop(name, None)
                cleaned[name] = ""
        if chosen and not cleaned.get(chosen) and chosen not in self.errors:
            self.add_error(chosen, missing[chosen])
        return cleaned


class TrackForm(CitizenForm):
    """Number and key. Whether they belong together is asked of the database, in one way for every answer."""

    number = forms.CharField(
        label=_("Nomor laporan"),
        help_text=_("Sebelas huruf dan angka, seperti 7K4M-9QXD-2TB."),
        max_length=40,
        error_messages={
            "required": _("Tulis nomor laporan"),
            "max_length": _("Nomor ini terlalu panjang. Nomor laporan sebelas huruf dan angka"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    key = forms.CharField(
        label=_("Kunci"),
        help_text=_("Enam belas huruf dan angka, tampil sekali waktu Anda mengirim laporan."),
        required=False,
        max_length=60,
        error_messages={"max_length": _("Kunci ini terlalu panjang. Kunci enam belas huruf dan angka")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        number = read_number(self.cleaned_data["number"])
        if number is None:
            raise ValidationError(_("Nomor ini salah ketik. Periksa huruf dan angkanya satu per satu"), code="invalid")
        return number


def own_email() -> forms.EmailField:
    """An address that counts once it has answered."""
    return forms.EmailField(
        label=_("Alamat email"),
        help_text=_("Kami kirim satu surat untuk memastikan. Alamat ini tidak tampil, juga tidak untuk petugas."),
        max_length=254,
        error_messages={
            "required": _("Tulis alamat email Anda"),
            "invalid": _("Alamat email ini belum lengkap. Contoh: sari@contoh.id"),
            "max_length": _("Alamat email ini terlalu panjang"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class SupportForm(CitizenForm):
    """Where news of a case somebody follows goes."""

    email = own_email()


class AlertChoiceForm(CitizenForm):
    """What is told of what becomes public, and how often."""

    what = forms.ChoiceField(
        label=_("Kabari saya tentang"),
        choices=[
            ("BOTH", _("Laporan baru dan jawaban kantor")),
            ("REPORTS", _("Laporan baru saja")),
            ("ANSWERS", _("Jawaban kantor saja")),
        ],
        initial="BOTH",
        widget=Radios(),
        error_messages={
            "required": _("Pilih yang ingin Anda ketahui"),
            "invalid_choice": _("Pilih salah satu dari tiga pilihan"),
        },
    )
    rhythm = forms.ChoiceField(
        label=_("Seberapa sering?"),
        help_text=_("Kalau tidak ada yang baru, tidak ada surat."),
        choices=[(Rhythm.WEEKLY.value, Rhythm.WEEKLY.label), (Rhythm.DAILY.value, Rhythm.DAILY.label)],
        initial=Rhythm.WEEKLY.value,
        widget=Radios(),
        error_messages={
            "required": _("Pilih seberapa sering"),
            "invalid_choice": _("Pilih salah satu dari dua pilihan"),
        },
    )

    @property
    def choice(self) -> dict[str, Any]:
        """As the verbs of `complaints.alerts` take it."""
        what = self.cleaned_data["what"]
        return {
            "reports": what != "ANSWERS",
            "answers": what != "REPORTS",
            "rhythm": self.cleaned_data["rhythm"],
        }


class AlertForm(AlertChoiceForm):
    """The same, for a mailbox that has to answer first."""

    field_order = ("email", "what", "rhythm")
    email = own_email()


class AlertPageForm(CitizenForm):
    """Where the way to one's alerts is sent."""

    email = own_email()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = ""


class ActForm(CitizenForm):
    """Carries the version the reporter read; a missing or broken one counts as stale."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_version(self) -> int:
        typed = self.cleaned_data.get("version") or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


class MessageForm(ActForm):
    """A message of the reporter: completes, contests or simply adds."""

    body = forms.CharField(
        label=_("Pesan Anda"),
        max_length=BODY_LIMIT,
        widget=Story({"rows": 4}, limit=BODY_LIMIT),
        error_messages={
            "required": _("Tulis pesannya dulu"),
            "max_length": _("Pesannya terlalu panjang: paling banyak 10.000 huruf. Tidak ada yang kami potong"),
        },
    )


class VerdictForm(ActForm):
    """The reporter judges a final answer: done, with two ratings, or not done, with a message."""

    STARS = [(str(n), str(n)) for n in range(1, 6)]

    verdict = cards(
        _("Apakah masalahnya sudah beres?"),
        ("done", _("Sudah beres"), _("Laporan ditutup sebagai diterima pelapor.")),
        ("open", _("Belum beres"), _("Kantor mengerjakannya lagi. Batas waktunya jalan lagi.")),
        required=_("Pilih sudah beres atau belum beres"),
        invalid=_("Pilih salah satu: sudah beres atau belum beres"),
    )
    rating_answer = forms.ChoiceField(
        label=_("Jawabannya jelas?"),
        help_text=_("1 buruk, 5 baik sekali. Boleh kosong."),
        required=False,
        choices=STARS,
        widget=Rating,
        error_messages={"invalid_choice": _("Pilih nilai 1 sampai 5 untuk jawabannya, atau kosongkan")},
    )
    rating_result = forms.ChoiceField(
        label=_("Hasilnya baik?"),
        help_text=_("1 buruk, 5 baik sekali. Boleh kosong."),
        required=False,
        choices=STARS,
        widget=Rating,
        error_messages={"invalid_choice": _("Pilih nilai 1 sampai 5 untuk hasilnya, atau kosongkan")},
    )
    body = forms.CharField(
        label=_("Pesan Anda"),
        help_text=_("Kalau belum beres: apa yang belum. Kalau sudah: alasan nilainya, kalau mau."),
        required=False,
        max_length=BODY_LIMIT,
        widget=Story({"rows": 4}, limit=BODY_LIMIT),
        error_messages={
            "max_length": _("Pesannya terlalu panjang: paling banyak 10.000 huruf. Tidak ada yang kami potong")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("body", "rating_answer", "rating_result"):
            self.fields[name].silent = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("verdict") == "open" and not cleaned.get("body") and "body" not in self.errors:
            self.add_error("body", _("Tulis apa yang belum beres"))
        return cleaned

    def ratings(self) -> tuple[int | None, int | None]:
        """Of the answer and of the result; None: not given."""
        answer, result = self.cleaned_data["rating_answer"], self.cleaned_data["rating_result"]
        return int(answer) if answer else None, int(result) if result else None


class WithdrawForm(ActForm):
    reason = forms.CharField(
        label=_("Mengapa dicabut?"),
        help_text=_("Petugas membacanya."),
        required=False,
        max_length=BODY_LIMIT,
        widget=Story({"rows": 3}, limit=BODY_LIMIT),
        error_messages={
            "max_length": _("Alasannya terlalu panjang: paling banyak 10.000 huruf. Tidak ada yang kami potong")
        },
    )


class ReopenForm(ActForm):
    reason = forms.CharField(
        label=_("Mengapa perlu dibuka lagi?"),
        max_length=BODY_LIMIT,
        widget=Story({"rows": 4}, limit=BODY_LIMIT),
        error_messages={
            "required": _("Tulis mengapa laporan ini perlu dibuka lagi"),
            "max_length": _("Alasannya terlalu panjang: paling banyak 10.000 huruf. Tidak ada yang kami potong"),
        },
    )


class PrivacyForm(ActForm):
    """The same two questions as in Periksa, about a case that exists: what changed is tightened or loosened."""

    who = cards(
        _("Siapa yang boleh tahu nama Anda?"),
        ("officers", _("Petugas yang menangani boleh tahu nama saya."), ""),
        (
            "hidden",
            _("Sembunyikan nama saya, juga dari kantor yang saya laporkan."),
            _("Nama yang sudah dibaca petugas tidak bisa ditarik lagi."),
        ),
        help_text=_("Orang lain tidak pernah melihat nama Anda, apa pun pilihannya."),
        required=_("Pilih siapa yang boleh tahu nama Anda"),
        invalid=_("Pilih salah satu: petugas boleh tahu, atau nama disembunyikan"),
    )
    read = cards(
        _("Siapa yang boleh membaca laporan ini?"),
        (
            "open",
            _("Semua orang boleh membaca isinya."),
            _("Baru tampil untuk umum sesudah petugas memeriksanya."),
        ),
        (
            "secret",
            _("Hanya saya dan petugas yang menangani."),
            _("Laporan hilang dari daftar dan pencarian saat itu juga."),
        ),
        required=_("Pilih siapa yang boleh membaca laporan ini"),
        invalid=_("Pilih salah satu: semua orang, atau hanya Anda dan petugas"),
    )


class PhoneForm(CitizenForm):
    """The code that was sent to the phone they left."""

    code = forms.CharField(
        label=_("Kode dari SMS"),
        help_text=_("Enam angka."),
        max_length=20,
        error_messages={
            "required": _("Tulis kodenya"),
            "max_length": _("Kode ini terlalu panjang. Kodenya enam angka"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class NewsForm(ActForm):
    """What the reporter wants to be told of this case."""

    news = cards(
        _("Kabar apa yang ingin Anda terima?"),
        (News.ALL.value, News.ALL.label, _("Juga waktu diteruskan, pindah kantor, atau mulai ditangani.")),
        (News.IMPORTANT.value, News.IMPORTANT.label, _("Pertanyaan, jawaban, pengingat, dan akhir laporan.")),
        (
            News.NONE.value,
            News.NONE.label,
            _("Anda membuka halaman ini sendiri. Waktu Anda menjawab menjadi 30 hari kerja."),
        ),
        required=_("Pilih kabar yang ingin Anda terima"),
        invalid=_("Pilih salah satu dari tiga pilihan"),
    )


class DeviceForm(CitizenForm):
    """A browser that wants to be called: its subscription (W3C Push API) as JSON, and about what."""

    topics = forms.MultipleChoiceField(
        label=_("Kabari saya tentang"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Pilih sedikitnya satu"),
            "invalid_choice": _("Pilih dari daftar ini saja"),
            "invalid_list": _("Pilih dari daftar ini saja"),
        },
    )
    subscription = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.HiddenInput,
        error_messages={
            "max_length": _("Peramban ini tidak memberi alamat yang bisa dikabari. Coba lagi, atau pakai email")
        },
    )

    def __init__(self, data: Any = None, *args: Any, topics: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["topics"])
        field.choices = topics
        field.initial = [topic for topic, _words in topics]

    def clean(self) -> dict[str, Any]:
        """Only a push service's address is kept, with keys that a browser could have made."""
        cleaned = self.cleaned_data
        try:
            return {**cleaned, "subscription": read_subscription(cleaned.get("subscription") or "")}
        except ValueError:
            self.errors.pop("subscription", None)
            self.add_error(None, _("Peramban ini tidak memberi alamat yang bisa dikabari. Coba lagi, atau pakai email"))
        return cleaned


def read_subscription(text: str) -> dict[str, Any]:
    """A PushSubscription as its toJSON() gives it: "endpoint" and "keys". Raises ValueError when it is none, or of no
    push service we call."""
    try:
        said = json.loads(text)
        endpoint, keys = str(said["endpoint"]), said["keys"]
        check_endpoint(endpoint)
        point, auth = _bytes(keys["p256dh"]), _bytes(keys["auth"])
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except (Unwelcome, KeyError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if len(auth) != 16:
        raise ValueError("auth")
    return {"endpoint": endpoint, "keys": {"p256dh": keys["p256dh"], "auth": keys["auth"]}}


def _bytes(text: str) -> bytes:
    """base64url without its padding, as browsers write keys. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def offices_by_id(ids: Iterable[str]) -> Mapping[int, Agency]:
    """Offices among what came back from a form; anything that is no number is nobody's id."""
    return Agency.objects.select_related("parent").in_bulk([row_id(pk) for pk in ids if row_id(pk)])


class ReferForm(ActForm):
    """One act and consent: the case goes before the Ombudsman, the name only where it is ticked."""

    consent = forms.BooleanField(
        label=_("Saya setuju Ombudsman membaca laporan ini, seperti yang ditulis di atas."),
        help_text=_("Persetujuan bisa Anda tarik kapan saja. Yang sudah diunduh Ombudsman tidak bisa ditarik lagi."),
        error_messages={"required": _("Centang dulu bahwa Anda setuju. Tanpa itu tidak ada yang dikirim")},
    )
    identity = forms.BooleanField(
        label=_("Sertakan juga nama dan kontak saya, dan cerita tanpa penyamaran."),
        help_text=_("Ombudsman lebih mudah menghubungi Anda. Kantor yang Anda laporkan tetap tidak mengetahuinya."),
        required=False,
    )
    note = forms.CharField(
        label=_("Pesan untuk Ombudsman"),
        help_text=_("Hanya Ombudsman yang membacanya."),
        required=False,
        max_length=2_000,
        widget=Story({"rows": 4}, limit=2_000),
        error_messages={
            "max_length": _("Pesannya terlalu panjang: paling banyak 2.000 huruf. Tidak ada yang kami potong")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("identity",):
            self.fields[name].silent = True  # type: ignore[attr-defined]
