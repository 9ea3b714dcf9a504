"""One report, the whole of it, for whoever sends its key; and what the reporter does with it.

The key travels in a header and never in an address. A wrong number, a wrong key and a report that is secret get the
same answer after the same work.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actor import Actor
from agencies.machines import MachineView
from complaints import limits, serving
from complaints.channels.api import describing, inbound, outbound, shapes
from complaints.channels.api.describing import described
from complaints.channels.api.once import Answer, key_of, once
from complaints.channels.api.versions import etag, refusing, version_of
from complaints.models import Attachment, Complaint, Message
from complaints.models.event import Audience
from complaints.number import hash_key, read_number
from lapor.kit.problems import INVALID, TOO_MANY, FieldError, Problem
from lapor.kit.ratelimit import address

KEY_HEADER = "X-Lapor-Key"
_NO_HASH = "0" * 64
_RELATED = ("handler", "place", "category", "reporter", "addressed_to", "not_for")


class ReporterView(MachineView):
    """Of one report, for whoever holds its key."""

    def own(self, number: str) -> Complaint:
        """The report this key opens. Raises Http404 for anything else, alike; Problem after too many guesses."""
        key = self.request.headers.get(KEY_HEADER, "").strip()[:100]
        if not key:
            sentence = _("Kirim kunci laporan di kepala ini.")
            raise Problem(INVALID, sentence, errors=[FieldError("", str(sentence), "required", header=KEY_HEADER)])
        read = read_number(number[:40]) or ""
        who = f"client {self.client.pk}" if self.client is not None else address(self.request._request)
        if not limits.may_guess(who, read, 0):
            wait = {"Retry-After": "600"}
            raise Problem(TOO_MANY, _("Terlalu banyak kunci yang salah. Tunggu sepuluh menit."), headers=wait)
        found = Complaint.objects.select_related(*_RELATED).filter(number=read).first()
        matches = hmac.compare_digest(hash_key(key), found.key_hash if found else _NO_HASH)
        if found is None or not matches:
            limits.may_guess(who, read)
            raise Http404
        return found


class Case(ReporterView):
    @described(
        "laporan_baca",
        "Laporan",
        answers={200: shapes.CaseOut, 304: None},
        problems=(400, 404),
        parameters=(describing.NUMBER, describing.MUST_KEY, describing.IF_NONE_MATCH),
    )
    def get(self, request: Request, number: str) -> Response:
        """Laporan bagi pelapornya

        Seluruh laporan: status, janji, percakapan, berkas, siapa yang membukanya, dan apa yang bisa dilakukan.
        """
        complaint = self.own(number)
        tag = etag(complaint)
        if tag in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers={"ETag": tag})
        return Response(outbound.case(complaint), headers={"ETag": tag, "Cache-Control": "private, no-store"})


class File(ReporterView):
    @described(
        "laporan_berkas",
        "Laporan",
        answers={(200, "application/octet-stream"): bytes},
        problems=(400, 404),
        parameters=(describing.NUMBER, describing.MUST_KEY),
    )
    def get(self, request: Request, number: str, pk: int) -> HttpResponseBase:
        """Satu berkas laporan"""
        row = Attachment.objects.filter(complaint=self.own(number), pk=pk, state=Attachment.State.CLEAN)
        file = row.select_related("message").first()
        if file is None or (file.message is not None and not _is_for_reporter(file.message)):
            raise Http404
        return serving.file_of(file)


def _is_for_reporter(message: Message) -> bool:
    return message.state == Message.State.SENT and message.audience in (Audience.PUBLIC, Audience.PARTIES)


# --- Acts ---


class ReporterAct(ReporterView):
    """One act: `shape` checks what came, `do` calls the verb."""

    shape: ClassVar[type[shapes.ActIn]] = shapes.ActIn

    def post(self, request: Request, number: str) -> Response:
        complaint = self.own(number)
        key = key_of(request, required=False)

        def run() -> Answer:
            checked = self.shape(data=request.data)
            checked.is_valid(raise_exception=True)
            said = checked.validated_data
            version = version_of(request, said)
            with refusing(complaint, outbound.state):
                self.do(complaint, said, by=Actor.reporter(client=self.client), version=version)
            return 200, outbound.case(Complaint.objects.select_related(*_RELATED).get(pk=complaint.pk))

        return once(request, self.client, f"{type(self).__name__} {complaint.pk}", run, key)

    def do(self, complaint: Complaint, said: dict[str, Any], *, by: Actor, version: int) -> None:
        raise NotImplementedError


def _act(
    operation: str, shape: type[serializers.Serializer[Any]], **example: Any
) -> Callable[[describing.View], describing.View]:
    return described(
        operation,
        "Tindakan pelapor",
        request=shape,
        answers={200: shapes.CaseOut},
        problems=(400, 403, 404, 409, 413, 415, 422, 428),
        parameters=(describing.NUMBER, describing.MUST_KEY, describing.ONCE, describing.IF_MATCH),
        example={"version": 3, **example},
    )


class Messages(ReporterAct):
    shape = shapes.MessageIn

    @_act("laporan_pesan", shapes.MessageIn, body="Lampunya masih mati tadi malam.")
    def post(self, request: Request, number: str) -> Response:
        """Tulis pesan, atau jawab pertanyaan kantor

        Selama kantor menunggu keterangan, pesan ini adalah jawabannya.
        """
        return super().post(request, number)

    def do(self, complaint: Complaint, said: dict[str, Any], *, by: Actor, version: int) -> None:
        complaint.reply(said["body"], by=by, version=version, files=inbound.files_of(said.get("files", ())))


class Acceptance(ReporterAct):
    shape = shapes.AcceptIn

    @_act("laporan_penilaian", shapes.AcceptIn, rating_answer=4, rating_result=5)
    def post(self, request: Request, number: str) -> Response:
        """Terima jawaban akhir, dengan atau tanpa nilai"""
        return super().post(request, number)

    def do(self, complaint: Complaint, said: dict[str, Any], *, by: Actor, version: int) -> None:
        complaint.accept(
            by=by,
            rating_answer=said.get("rating_answer"),
            rating_result=said.get("rating_result"),
            reason=said.get("reason", ""),
            version=version,
        )


class Contest(ReporterAct):
    shape = shapes.MessageIn

    @_act("laporan_sanggahan", shapes.MessageIn, body="Baru dua dari lima lampu yang menyala.")
    def post(self, request: Request, number: str) -> Response:
        """Belum beres: kantor mengerjakannya lagi"""
        return super().post(request, number)

    def do(self, complaint: Complaint, said: dict[str, Any], *, by: Actor, version: int) -> None:
        complaint.contest(said["body"], by=by, version=version, files=inbound.files_of(said.get("files", ())))


class Withdrawal(ReporterAct):
    shape = shapes.WithdrawIn

    @_act("laporan_pencabutan", shapes.WithdrawIn, reason="Sudah menyala sendiri.")
    def post(self, request: Request, number: str) -> Response:
        """Cabut laporan"""
        return super().post(request, number)

    def do(self, complaint: Complaint, said: dict[str, Any], *, by: Actor, version: int) -> None:
        complaint.withdraw(by=by, reason=said.get("reason", ""), version=version)


class Reopening(ReporterAct):
    shape = shapes.ReopenIn

    @_act("laporan_pembukaan", shapes.ReopenIn, reason="Mati lagi sejak kemarin.")
    def post(self, request: Request, number: str) -> Response:
        """Buka lagi laporan yang ditutup

        Satu kali, dalam 30 hari kerja sesudah ditutup.
        """
        return super().post(request, number)

    def do(self, complaint: Complaint, said: dict[str, Any], *, by: Actor, version: int) -> None:
        complaint.reopen(by=by, reason=said["reason"], version=version)


class Secrecy(ReporterAct):
    shape = shapes.TightenIn

    @_act("laporan_kerahasiaan", shapes.TightenIn, anonymous=True)
    def post(self, request: Request, number: str) -> Response:
        """Sembunyikan nama, isi, atau keduanya

        Hanya bisa lebih menutup. Membukanya lagi lewat halaman laporan.
        """
        return super().post(request, number)

    def do(self, complaint: Complaint, said: dict[str, Any], *, by: Actor, version: int) -> None:
        if not (said.get("anonymous") or said.get("secret")):
            raise serializers.ValidationError({"anonymous": [_("Pilih apa yang ingin disembunyikan.")]})
        complaint.tighten(
            by=by, anonymous=said.get("anonymous", False), secret=said.get("secret", False), version=version
        )
