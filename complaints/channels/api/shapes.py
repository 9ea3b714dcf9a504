"""What goes in and out of REST v1, as serializers: those that come in check, those that go out tell the schema."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from agencies.models import ApiClient, Level
from agencies.models import Kind as AgencyKind
from complaints import search
from complaints.channels.api import fields
from complaints.intake import FILE_LIMIT, TITLE_LIMIT
from complaints.models import ClockKind, Kind
from complaints.models.lifecycle.acting import BODY_LIMIT
from complaints.transitions import Status
from lapor.kit.wording import zone_of

# The frame of the country, in degrees.
SOUTH, NORTH, WEST, EAST = -12, 8, 94, 142
Out = serializers.Serializer[Any]


# --- In: filing ---


class ReporterIn(fields.Strict):
    """Siapa yang melapor; semuanya boleh dihilangkan. Tersegel, tidak pernah tampil untuk umum."""

    name = fields.Text(max_length=120, required=False, allow_blank=True)
    email = fields.Email(max_length=254, required=False, allow_blank=True)
    phone = fields.Text(max_length=20, required=False, allow_blank=True)
    language = fields.OneOf(choices=["id", "en"], required=False)

    def validate_phone(self, typed: str) -> str:
        digits = [ch for ch in typed if ch.isdigit()]
        if typed and not (8 <= len(digits) <= 15 and all(ch.isascii() for ch in digits)):
            raise serializers.ValidationError(_("Tulis nomor telepon seperti 081234567890."))
        return typed


class Filing(fields.Strict):
    """Sebuah laporan. Hanya `body` yang wajib; semakin banyak yang diisi, semakin cepat sampai di kantornya."""

    body = fields.Text(max_length=BODY_LIMIT, help_text="Ceritanya.")
    title = fields.Text(
        max_length=TITLE_LIMIT, required=False, allow_blank=True, help_text="Tanpa judul: delapan kata pertama cerita."
    )
    kind = fields.OneOf(choices=Kind.choices, required=False, help_text="Bawaan: PENGADUAN.")
    happened_on = fields.Day(required=False, help_text="Hari kejadian, hanya untuk PENGADUAN.")
    place = extend_schema_field(str)(fields.Place)(
        required=False, help_text="Kode wilayah, sampai kelurahan atau desa."
    )
    landmark = fields.Text(max_length=200, required=False, allow_blank=True, help_text="Patokan tempatnya.")
    latitude = fields.Degrees(min_value=SOUTH, max_value=NORTH, required=False)
    longitude = fields.Degrees(min_value=WEST, max_value=EAST, required=False)
    category = fields.Topic(required=False, help_text="Nomor dari /api/v1/kategori/.")
    agency = fields.Office(
        required=False, help_text="Nomor instansi yang dituju. Dengan kunci API selalu instansi pemilik kunci."
    )
    agency_text = fields.Text(
        max_length=200, required=False, allow_blank=True, help_text="Nama kantor seperti ditulis pelapor."
    )
    about_conduct = fields.Yes(
        required=False,
        help_text="Tentang perilaku petugas atau pimpinan `agency`: kantor itu tidak pernah membacanya.",
    )
    anonymous = fields.Yes(required=False, help_text="Nama disembunyikan, juga dari petugas.")
    secret = fields.Yes(required=False, help_text="Isinya hanya untuk pelapor dan petugas yang menangani.")
    reporter = ReporterIn(required=False)
    files = fields.Many(
        child=fields.FileId(),
        max_length=FILE_LIMIT,
        required=False,
        help_text="Nomor berkas dari /api/v1/berkas/, paling banyak 5.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What depends on more than one member."""
        errors: dict[str, str] = {}
        client: ApiClient | None = self.context.get("client")
        kind, day, place = attrs.get("kind", Kind.PENGADUAN), attrs.get("happened_on"), attrs.get("place")
        if day is not None and kind != Kind.PENGADUAN:
            errors["happened_on"] = _("Hanya pengaduan yang punya hari kejadian.")
        elif day is not None and day > timezone.localdate(timezone=zone_of(place.zone if place else None)):
            errors["happened_on"] = _("Hari kejadian tidak bisa di masa depan.")
        if ("latitude" in attrs) != ("longitude" in attrs):
            errors["latitude" if "longitude" in attrs else "longitude"] = _("Lintang dan bujur diisi berdua.")
        agency = attrs.get("agency")
        if attrs.get("about_conduct") and agency is None:
            errors["agency"] = _("Sebut kantornya, supaya laporan ini tidak dibaca di sana.")
        elif client is not None and agency is not None and agency != client.agency and not attrs.get("about_conduct"):
            errors["agency"] = _(
                "Kunci ini milik %(office)s, dan laporannya ditujukan ke sana. Hilangkan isian ini."
            ) % {"office": client.agency.name}
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


# --- In: acts of the reporter ---


class ActIn(fields.Strict):
    """Setiap tindakan menyebut versi laporan yang terakhir dibaca, di sini atau di kepala `If-Match`."""

    version = fields.Whole(min_value=0, max_value=2**31 - 1, required=False)


class FilesIn(ActIn):
    files = fields.Many(
        child=fields.FileId(),
        max_length=FILE_LIMIT,
        required=False,
    )


class MessageIn(FilesIn):
    body = fields.Text(max_length=BODY_LIMIT)


class AcceptIn(ActIn):
    """Nilai 1 sampai 5; keduanya boleh dihilangkan."""

    rating_answer = fields.Whole(min_value=1, max_value=5, required=False)
    rating_result = fields.Whole(min_value=1, max_value=5, required=False)
    reason = fields.Text(max_length=BODY_LIMIT, required=False, allow_blank=True)


class WithdrawIn(ActIn):
    reason = fields.Text(max_length=BODY_LIMIT, required=False, allow_blank=True)


class ReopenIn(ActIn):
    reason = fields.Text(max_length=BODY_LIMIT)


class TightenIn(ActIn):
    anonymous = fields.Yes(required=False)
    secret = fields.Yes(required=False)


class UploadIn(Out):
    """Satu berkas: JPG, PNG, WebP, atau PDF, paling besar 10 MB."""

    file = serializers.FileField()


# --- Out ---


class OfficeOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PlaceOut(Out):
    code = serializers.CharField()
    name = serializers.CharField(help_text="Sampai kabupaten atau kotanya.")


class TopicOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()


class StatusOut(Out):
    code = serializers.ChoiceField(choices=Status.choices)
    name = serializers.CharField(help_text="Kata layar kami.")
    lapor = serializers.CharField(help_text="Kata baku LAPOR!, lihat /api/v1/status/.")


class FileOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField(help_text="bita")
    state = serializers.ChoiceField(choices=["RECEIVED", "CLEAN", "REFUSED"])
    url = serializers.URLField(allow_null=True, help_text="null sampai selesai diperiksa.")


class MessageOut(Out):
    id = serializers.IntegerField()
    side = serializers.ChoiceField(choices=["REPORTER", "AGENCY", "DESK"])
    verb = serializers.CharField()
    at = serializers.DateTimeField()
    office = serializers.CharField(allow_blank=True)
    officer = serializers.CharField(allow_blank=True)
    body = serializers.CharField()
    facts = serializers.DictField(help_text="Jawaban akhir: outcome, done_on, unit, promised_on.")
    files = FileOut(many=True)


class EventOut(Out):
    id = serializers.IntegerField()
    verb = serializers.CharField()
    name = serializers.CharField()
    at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=Status.choices)
    office = serializers.CharField(allow_blank=True, help_text="Yang melakukan, bila sebuah kantor.")
    to = serializers.CharField(allow_blank=True, help_text="Pemegang sesudahnya.")


class PromiseOut(Out):
    kind = serializers.ChoiceField(choices=ClockKind.choices)
    name = serializers.CharField()
    due_on = serializers.DateField(allow_null=True, help_text="null selama dijeda.")
    paused = serializers.BooleanField()
    late = serializers.BooleanField()
    provisional = serializers.BooleanField(help_text="Kalender tahun itu belum lengkap.")


class ActOut(Out):
    verb = serializers.CharField()
    name = serializers.CharField()
    method = serializers.CharField()
    url = serializers.URLField()
    needs = serializers.ListField(child=serializers.CharField())


class LookOut(Out):
    at = serializers.DateTimeField()
    who = serializers.CharField(allow_blank=True)
    office = serializers.CharField(allow_blank=True)
    what = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class FiledOut(Out):
    """Nomor untuk dibagikan, kunci untuk disimpan."""

    number = serializers.CharField()
    key = serializers.CharField(allow_null=True, help_text="Hanya di jawaban ini. Serahkan kepada pelapor.")
    version = serializers.IntegerField()
    status = StatusOut()
    received_at = serializers.DateTimeField()
    url = serializers.URLField(help_text="Halaman laporan untuk orang.")
    api_url = serializers.URLField()
    emergency = serializers.CharField(
        allow_blank=True, help_text="Bila ceritanya menyebut bahaya: kalimat yang harus segera diperlihatkan."
    )


class CaseOut(Out):
    """Laporan bagi pelapornya."""

    number = serializers.CharField()
    url = serializers.URLField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    title = serializers.CharField()
    body = serializers.CharField()
    status = StatusOut()
    version = serializers.IntegerField()
    handler = OfficeOut()
    place = PlaceOut(allow_null=True)
    landmark = serializers.CharField(allow_blank=True)
    category = TopicOut(allow_null=True)
    happened_on = serializers.DateField(allow_null=True)
    received_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True, help_text="Janji kantor yang terdekat.")
    promises = PromiseOut(many=True)
    anonymous = serializers.BooleanField()
    secret = serializers.BooleanField()
    published = serializers.BooleanField()
    acts = ActOut(many=True, help_text="Yang bisa dilakukan pelapor sekarang.")
    messages = MessageOut(many=True)
    files = FileOut(many=True, help_text="Yang dikirim bersama laporan.")
    events = EventOut(many=True)
    looks = LookOut(many=True, help_text="Siapa yang membuka nama atau isi rahasia.")


class SaidOut(Out):
    side = serializers.ChoiceField(choices=["REPORTER", "AGENCY", "DESK"])
    verb = serializers.CharField()
    at = serializers.DateTimeField()
    office = serializers.CharField(allow_blank=True)
    body = serializers.CharField()
    facts = serializers.DictField()
    images = serializers.ListField(child=serializers.URLField())


class PublicRowOut(Out):
    """Satu laporan terbit: teks tersamar, tanpa nama siapa pun."""

    number = serializers.CharField()
    url = serializers.URLField()
    api_url = serializers.URLField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    title = serializers.CharField()
    status = StatusOut()
    handler = OfficeOut()
    place = PlaceOut(allow_null=True)
    published_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    supporters = serializers.IntegerField(
        help_text="“Saya juga mengalami”: berapa orang mengikuti laporan ini, satu orang sekali."
    )


class PublicCaseOut(PublicRowOut):
    body = serializers.CharField()
    category = TopicOut(allow_null=True)
    conversation = SaidOut(many=True)


class PublicListOut(Out):
    count = serializers.IntegerField(help_text=f"Paling banyak dihitung sampai {search.CAP + 1}.")
    next = serializers.CharField(allow_null=True, help_text="Kirim kembali sebagai `kursor`; null: sudah habis.")
    items = PublicRowOut(many=True)


class UploadOut(Out):
    id = serializers.UUIDField(help_text="Sebut di `files` laporan atau pesan, sekali, dalam 14 hari.")
    name = serializers.CharField()
    type = serializers.CharField()
    size = serializers.IntegerField()
    expires_at = serializers.DateTimeField()


class RegionOut(Out):
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(choices=Level.choices)
    parent_code = serializers.CharField(allow_null=True)
    path = serializers.CharField()
    zone = serializers.CharField()


class RegionListOut(Out):
    items = RegionOut(many=True)


class AgencyOut(Out):
    id = serializers.IntegerField()
    name = serializers.CharField()
    short_name = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=AgencyKind.choices)
    parent_id = serializers.IntegerField(allow_null=True)
    region = serializers.CharField(allow_null=True)
    code = serializers.CharField(allow_blank=True, help_text="Kode LKPP bila ada.")


class AgencyListOut(Out):
    next = serializers.CharField(allow_null=True)
    items = AgencyOut(many=True)


class CategoryOut(Out):
    id = serializers.IntegerField()
    parent_id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    bidang = serializers.CharField(allow_blank=True)
    notice = serializers.CharField(allow_blank=True)


class CategoryListOut(Out):
    items = CategoryOut(many=True)


class StatusRowOut(Out):
    code = serializers.ChoiceField(choices=Status.choices)
    name = serializers.CharField()
    lapor = serializers.CharField()
    ground = serializers.CharField(allow_null=True, help_text="Hanya untuk alasan arsip ini.")
    open = serializers.BooleanField()


class StatusListOut(Out):
    items = StatusRowOut(many=True)


# --- Errors ---


class FieldErrorOut(Out):
    pointer = serializers.CharField(required=False, help_text="JSON Pointer ke isian yang salah, sesudah “#”.")
    header = serializers.CharField(required=False)
    parameter = serializers.CharField(required=False)
    detail = serializers.CharField()
    code = serializers.CharField()


PROBLEM_OUT = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(),
        "errors": FieldErrorOut(many=True, required=False),
        "current": serializers.DictField(required=False, help_text="409: laporan seperti keadaannya sekarang."),
    },
)
"""RFC 9457."""
