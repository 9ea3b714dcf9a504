"""What goes in and out of the API for agencies' own systems."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.channels.api import fields, shapes
from complaints.intake import FILE_LIMIT
from complaints.models import Contribution, Kind
from complaints.models.lifecycle.acting import BODY_LIMIT
from complaints.models.lifecycle.answers import DONE, REFUSED, SCHEDULED
from complaints.models.lifecycle.helping import LONGEST, SHOWN_LIMIT, TASK_LIMIT
from complaints.transitions import Status
from routing.models import Ground

Out = serializers.Serializer[Any]


# --- In ---


class AskIn(shapes.FilesIn):
    question = fields.Text(max_length=BODY_LIMIT)


class AnswerIn(shapes.FilesIn):
    """Lewat API tidak ada yang langsung terbit: salinan umum dibuat petugas di halaman laporan."""

    body = fields.Text(max_length=BODY_LIMIT)
    parties_only = fields.Yes(required=False, help_text="Hanya untuk pelapor, juga sesudah laporan terbit.")


class ResolveIn(AnswerIn):
    outcome = fields.OneOf(choices=[DONE, SCHEDULED, REFUSED])
    done_on = fields.Day(required=False, help_text="Wajib untuk DONE.")
    unit = fields.Text(max_length=120, required=False, help_text="Wajib untuk DONE: unit, bukan nama orang.")
    promised_on = fields.Day(required=False, help_text="Wajib untuk SCHEDULED, paling lama 12 bulan lagi.")


class HandBackIn(shapes.ActIn):
    ground = fields.OneOf(choices=Ground.choices)
    reason = fields.Text(max_length=BODY_LIMIT, help_text="Dibaca pelapor dan meja yang memutuskan.")
    agency = fields.Office(required=False, help_text="Nomor kantor yang tepat, bila tahu.")


class NoteIn(fields.Strict):
    body = fields.Text(max_length=BODY_LIMIT)


class InviteIn(fields.Strict):
    """Satu tugas untuk kantor lain. Laporan rahasia atau tentang perilaku petugas tidak dibagi."""

    agency = fields.Office(help_text="Nomor kantor yang diminta.")
    task = fields.Text(max_length=TASK_LIMIT, help_text="Dibaca kantor itu, bukan pelapor.")
    days = fields.Whole(min_value=1, max_value=LONGEST, help_text="Hari kerja.")
    shown = fields.Text(
        max_length=SHOWN_LIMIT, required=False, allow_blank=True, help_text="Tugasnya dalam beberapa kata untuk umum."
    )
    files = fields.Many(
        child=fields.Whole(min_value=1, max_value=2**63 - 1),
        max_length=FILE_LIMIT,
        required=False,
        help_text="Nomor berkas laporan (`files` di laporan) yang boleh dilihat kantor itu. Tanpa ini: tidak satu pun.",
    )


class UninviteIn(fields.Strict):
    agency = fields.Office(help_text="Nomor kantor yang tidak diperlukan lagi bantuannya.")
    reason = fields.Text(max_length=BODY_LIMIT, help_text="Dibaca kantor itu.")


class ContributeIn(fields.Strict):
    body = fields.Text(max_length=BODY_LIMIT, help_text="Apa yang dikerjakan, kapan, oleh unit mana.")
    files = fields.Many(child=fields.FileId(), max_length=FILE_LIMIT, required=False)


class DeclineIn(fields.Strict):
    reason = fields.Text(max_length=BODY_LIMIT, help_text="Dibaca kantor yang meminta, bukan pelapor.")


# --- Out ---


class HelpLinkOut(Out):
    due_on = serializers.DateField()
    api_url = serializers.URLField()


class QueueCaseOut(Out):
    version = serializers.IntegerField()
    status = shapes.StatusOut()
    kind = serializers.ChoiceField(choices=Kind.choices)
    title = serializers.CharField(help_text="Laporan rahasia tampil tanpa judulnya.")
    secret = serializers.BooleanField()
    received_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    api_url = serializers.URLField()


class QueueItemOut(Out):
    number = serializers.CharField()
    held = serializers.BooleanField(help_text="false: sudah tidak di instansi ini.")
    event = serializers.IntegerField(allow_null=True, help_text="null: isi antrean saat mulai dibaca.")
    verb = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices, allow_null=True)
    help = HelpLinkOut(
        allow_null=True, help_text="Bukan null: kejadian ini tentang bantuan yang diminta dari instansi ini."
    )
    case = QueueCaseOut(allow_null=True, help_text="Seperti keadaannya sekarang.")


class QueueOut(Out):
    items = QueueItemOut(many=True)
    cursor = serializers.CharField(help_text="Simpan, dan kirim kembali sebagai `sejak`.")
    more = serializers.BooleanField(help_text="true: tanya lagi sekarang juga.")


class ReporterOut(Out):
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)


class StintOut(Out):
    """Giliran instansi ini."""

    received_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(
        allow_blank=True, help_text="Mengapa di sini, dalam bahasa Indonesia, seperti ditulis waktu itu."
    )
    bound = serializers.BooleanField(help_text="true: tidak bisa dikembalikan lagi.")


class TaskOut(Out):
    """Satu kantor yang membantu, atau pernah."""

    office = shapes.OfficeOut()
    task = serializers.CharField()
    shown = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    late = serializers.BooleanField()
    state = serializers.ChoiceField(choices=Contribution.State.choices)
    reason = serializers.CharField(allow_blank=True)
    message = serializers.IntegerField(allow_null=True, help_text="Hasilnya, di `messages`.")


class DeskCaseOut(Out):
    """Laporan bagi instansi yang memegangnya. Nama dan kontak hanya bila diminta, berizin, dan tidak anonim."""

    number = serializers.CharField()
    url = serializers.URLField(help_text="Halaman laporan untuk petugas.")
    version = serializers.IntegerField()
    status = shapes.StatusOut()
    kind = serializers.ChoiceField(choices=Kind.choices)
    title = serializers.CharField()
    body = serializers.CharField()
    supervised = serializers.BooleanField()
    happened_on = serializers.DateField(allow_null=True)
    place = shapes.PlaceOut(allow_null=True)
    landmark = serializers.CharField(allow_blank=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    category = shapes.TopicOut(allow_null=True)
    channel = serializers.CharField()
    received_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    promises = shapes.PromiseOut(many=True)
    stint = StintOut(allow_null=True)
    anonymous = serializers.BooleanField()
    secret = serializers.BooleanField()
    published = serializers.BooleanField()
    reporter = ReporterOut(allow_null=True)
    acts = shapes.ActOut(many=True)
    messages = shapes.MessageOut(many=True)
    files = shapes.FileOut(many=True)
    events = shapes.EventOut(many=True)
    helpers = TaskOut(many=True, help_text="Kantor lain yang diminta membantu.")


class HelpRowOut(Out):
    number = serializers.CharField()
    title = serializers.CharField(help_text="Disamarkan.")
    lead = shapes.OfficeOut(help_text="Yang menjawab pelapor.")
    asked_at = serializers.DateTimeField()
    task = serializers.CharField()
    due_on = serializers.DateField()
    late = serializers.BooleanField()
    api_url = serializers.URLField()


class HelpListOut(Out):
    items = HelpRowOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="Kirim kembali sebagai `kursor`; null: sudah habis.")


class HelpStateOut(Out):
    """Tugas instansi ini, seperti keadaannya sekarang."""

    number = serializers.CharField()
    task = serializers.CharField()
    asked_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    late = serializers.BooleanField()
    state = serializers.ChoiceField(choices=Contribution.State.choices)
    reason = serializers.CharField(allow_blank=True)
    acts = shapes.ActOut(many=True)


class HelpStoryOut(Out):
    """Teks yang disamarkan: nama, nomor, dan alamat rumah tidak tampil."""

    title = serializers.CharField()
    body = serializers.CharField()
    status = shapes.StatusOut()
    category = shapes.TopicOut(allow_null=True)
    happened_on = serializers.DateField(allow_null=True)
    place = shapes.PlaceOut(allow_null=True)
    landmark = serializers.CharField(allow_blank=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class HelpOut(HelpStateOut):
    lead = shapes.OfficeOut(help_text="Yang menjawab pelapor.")
    story = HelpStoryOut(allow_null=True, help_text="null sesudah tugasnya lewat.")
    files = shapes.FileOut(many=True)


class ActedOut(Out):
    """Sesudah sebuah tindakan."""

    number = serializers.CharField()
    version = serializers.IntegerField()
    status = shapes.StatusOut()
    held = serializers.BooleanField(help_text="Laporan masih di instansi ini.")
    pending = serializers.BooleanField(help_text="Jawaban menunggu persetujuan pimpinan.")
    acts = shapes.ActOut(many=True)
