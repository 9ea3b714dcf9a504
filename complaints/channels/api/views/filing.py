"""Filing a report, and the files that go with one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.machines import MachineView
from agencies.models import ApiClient, Permission
from complaints import emergency
from complaints.channels.api import describing, inbound, outbound, shapes
from complaints.channels.api.describing import described
from complaints.channels.api.once import Answer, key_of, once
from complaints.intake import Receipt
from complaints.limits import FILING
from complaints.models import Draft
from complaints.number import shown_key
from complaints.uploads import FileRefused, NotNow, may_bring
from lapor.kit.problems import AWAY, TOO_MANY, Problem
from lapor.kit.ratelimit import address, is_this_machine


def _may_file(client: ApiClient | None) -> None:
    """Without a key everybody may; with one its agency must have allowed it."""
    if client is not None and not client.may(Permission.FILE):
        raise PermissionDenied


class Reports(MachineView):
    @described(
        "laporan_kirim",
        "Laporan",
        request=shapes.Filing,
        answers={201: shapes.FiledOut},
        problems=(400, 403, 413, 415, 422),
        parameters=(describing.MUST_ONCE,),
        example={
            "body": "Lampu jalan di depan pasar mati sejak tiga malam.",
            "title": "Lampu jalan mati",
            "place": "14.02.05.1001",
            "reporter": {"name": "Sari", "email": "sari@contoh.id"},
        },
    )
    def post(self, request: Request) -> Response:
        """Kirim laporan

        Tanpa akun. Jawabannya memuat nomor dan kunci; kunci hanya ada di jawaban ini (dan di ulangannya, selama
        sepekan). Ulangi dengan Idempotency-Key yang sama sampai dijawab: laporannya tetap satu.
        """
        client = self.client
        _may_file(client)
        key = key_of(request)

        def run() -> Answer:
            self._count(request)
            checked = shapes.Filing(data=request.data, context={"client": client})
            checked.is_valid(raise_exception=True)
            receipt = inbound.file_report(checked.validated_data, request.data, client=client, key=key)
            return 201, _told(receipt)

        answer = once(request, client, "laporan", run, key)
        answer["Location"] = answer.data["api_url"]
        answer["Cache-Control"] = "private, no-store"
        return answer

    def _count(self, request: Request) -> None:
        who = address(request._request)
        exempt = self.client is not None or (not settings.PRODUCTION and is_this_machine(who))
        if not exempt and not FILING.take(who):
            sentence = _("Dari jaringan ini baru saja masuk banyak laporan. Tunggu beberapa menit, lalu kirim lagi.")
            raise Problem(TOO_MANY, sentence, headers={"Retry-After": "300"})


def _told(receipt: Receipt) -> dict[str, object]:
    complaint = receipt.complaint
    today = complaint.today(complaint.received_at)
    alarm = emergency.read(complaint.title, complaint.body).dated(complaint.happened_on, today)
    return {
        **outbound.state(complaint),
        "key": shown_key(receipt.key) if receipt.key else None,
        "received_at": outbound.at(complaint.received_at),
        "url": outbound.url("complaints:case", complaint.shown_number),
        "api_url": outbound.url("api:case", complaint.shown_number),
        "emergency": emergency.notice(alarm, "id"),
    }


class Uploads(MachineView):
    parser_classes = (MultiPartParser,)

    @described(
        "berkas_unggah",
        "Laporan",
        request={"multipart/form-data": shapes.UploadIn},
        answers={201: shapes.UploadOut},
        problems=(400, 403, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Unggah satu berkas

        JPG, PNG, WebP, atau PDF, paling besar 10 MB. Sebut nomornya di `files` laporan atau pesan. Berkas baru bisa
        dibuka sesudah diperiksa.
        """
        _may_file(self.client)
        given = request.FILES.getlist("file")
        if len(given) != 1 or not isinstance(given[0], UploadedFile):
            raise ValidationError({"file": [_("Kirim tepat satu berkas di isian “file”.")]})
        draft = taken(request, self.client, given[0])
        file = draft.attachments.get()
        said = {
            "id": str(draft.token),
            "name": file.name,
            "type": file.sniffed_type,
            "size": file.size,
            "expires_at": outbound.at(draft.expires_at),
        }
        return Response(said, status=201)


def taken(request: Request, client: ApiClient | None, upload: UploadedFile[Any]) -> Draft:
    """Keep an upload. Raises ValidationError, Problem."""
    try:
        if client is None:
            may_bring(request._request)
        return inbound.keep_file(upload)
    except NotNow as error:
        raise Problem(AWAY, str(error), headers={"Retry-After": "300"}) from error
    except FileRefused as error:
        raise ValidationError({"file": [str(error)]}) from error
