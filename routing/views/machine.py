"""The API for agencies' own systems (JAKI, Sapawarga, Lapor Semar): take my queue, start, ask, answer, hand back.

A system stands to a case as a liaison of its agency does: it sees what lies there, and every look at a name or a
secret text is written down under its own name. Nothing it does publishes anything (case.md section 5).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actor import Actor
from agencies.machines import MachineView
from agencies.models import ApiClient, Permission
from complaints import privacy, serving
from complaints.channels.api import describing, inbound, outbound, shapes
from complaints.channels.api.describing import described
from complaints.channels.api.once import Answer, key_of, once
from complaints.channels.api.problems import OLD_CURSOR
from complaints.channels.api.versions import etag, refusing, version_of
from complaints.channels.api.views.filing import taken
from complaints.models import Attachment, Complaint, Contribution, Message, Publication
from complaints.models.event import Audience
from complaints.number import read_number
from complaints.transitions import TABLE, Incomplete
from lapor.kit.problems import AWAY, INVALID, FieldError, Problem
from routing import desk_acts, dispatch, helping
from routing.delivery import feed
from routing.views import machine_shapes
from routing.views.frame import find_case

TAG = "Antrean instansi"
HELP_TAG = "Bantuan antarinstansi"
# What a system may do here, by verb: the noun of its address, the same as at the desk.
ACTS = {
    "start": "penanganan",
    "ask": "pertanyaan",
    "unask": "pembatalan",
    "answer": "tanggapan",
    "resolve": "jawaban-akhir",
    "hand_back": "pengembalian",
    "note": "catatan",
    "invite": "bantuan",
    "uninvite": "pembatalan-bantuan",
}
YES = "ya"


class AgencyView(MachineView):
    """For a client of an agency."""

    needs: tuple[Permission, ...] | None = (Permission.QUEUE,)

    @property
    def machine(self) -> ApiClient:
        client = self.client
        assert client is not None
        return client

    @property
    def by(self) -> Actor:
        return Actor.machine(self.machine)

    def case(self, number: str) -> Complaint:
        """A case at this office. Raises Http404 for every other, alike."""
        found = find_case(number[:40], self.by)
        if found is None:
            raise Http404
        return found


# --- The queue ---


class Queue(AgencyView):
    @described(
        "antrean_daftar",
        TAG,
        answers={200: machine_shapes.QueueOut},
        problems=(400, 403, 410),
        parameters=(
            OpenApiParameter(
                "sejak",
                str,
                OpenApiParameter.QUERY,
                description="“cursor” dari jawaban sebelumnya; tanpa ini: dari awal.",
            ),
        ),
        key="needed",
    )
    def get(self, request: Request) -> Response:
        """Antrean sejak sebuah kursor

        Tanpa kursor: semua laporan terbuka di instansi ini, lalu setiap perubahan sesudahnya. Kursor tidak pernah
        melompati kejadian, juga yang tercatat belakangan. Satu laporan bisa muncul lebih dari sekali: pakai `version`.
        """
        for name in request.query_params:
            if name != "sejak":
                raise _wrong_parameter(name, _("Parameter ini tidak dikenal."))
        try:
            page = feed.read(self.machine, request.query_params.get("sejak", ""))
        except feed.TooOld:
            raise Problem(OLD_CURSOR, _("Sesudah kursor ini ada yang sudah dilupakan.")) from None
        except feed.NotOne:
            raise _wrong_parameter("sejak", _("Kursor ini bukan dari antrean ini.")) from None
        except OperationalError as error:
            if "lock timeout" not in str(error):
                raise
            wait = {"Retry-After": "2"}
            raise Problem(AWAY, _("Antrean sedang disiapkan. Ulangi sebentar lagi."), headers=wait) from error
        said = {"items": [_item(entry, self.by) for entry in page.entries], "cursor": page.cursor, "more": page.more}
        return Response(said, headers={"Cache-Control": "private, no-store"})


def _wrong_parameter(name: str, sentence: Any) -> Problem:
    return Problem(
        INVALID, _("Perbaiki parameter yang disebut."), errors=[FieldError("", str(sentence), parameter=name)]
    )


def _item(entry: feed.Entry, by: Actor) -> dict[str, Any]:
    event = entry.delivery.event if entry.delivery is not None else None
    return {
        "number": entry.number,
        "held": entry.held,
        "event": event.pk if event else None,
        "verb": event.verb if event else None,
        "at": outbound.at(event.at) if event else None,
        "status": event.status_to if event and not entry.helps else None,
        "help": {
            "due_on": event.particulars.get("due_on"),
            "api_url": outbound.url("machine:help", entry.number),
        }
        if event and entry.helps
        else None,
        "case": _row(entry.complaint, by) if entry.complaint is not None else None,
    }


def _row(case: Complaint, by: Actor) -> dict[str, Any]:
    return {
        "version": case.version,
        "status": outbound.status(case),
        "kind": case.kind,
        "title": str(privacy.row_title(case, by)),
        "secret": case.secret,
        "received_at": outbound.at(case.received_at),
        "due_on": outbound.day(case.due_on),
        "api_url": outbound.url("machine:case", case.shown_number),
    }


# --- One case ---


class DeskCase(AgencyView):
    @described(
        "antrean_baca",
        TAG,
        answers={200: machine_shapes.DeskCaseOut, 304: None},
        problems=(400, 403, 404),
        parameters=(
            describing.NUMBER,
            OpenApiParameter(
                "identitas",
                str,
                OpenApiParameter.QUERY,
                enum=[YES],
                description="“ya”: dengan nama dan kontak pelapor, bila sistem ini berizin. Setiap pembukaan tercatat.",
            ),
            describing.IF_NONE_MATCH,
        ),
        key="needed",
    )
    def get(self, request: Request, number: str) -> Response:
        """Satu laporan di instansi ini

        Membaca laporan rahasia, nama, atau kontak tercatat atas nama sistem ini dan terlihat oleh pelapor.
        """
        wanted = request.query_params.get("identitas", "")
        if wanted not in ("", YES):
            raise _wrong_parameter("identitas", _("Tulis “ya”, atau hilangkan."))
        if wanted and not self.machine.may(Permission.IDENTITY):
            self.permission_denied(request)
        case = self.case(number)
        tag = etag(case)
        if tag in request.headers.get("If-None-Match", "") and not wanted:
            return Response(status=304, headers={"ETag": tag})
        said = told(case, self.by, identity=bool(wanted))
        return Response(said, headers={"ETag": tag, "Cache-Control": "private, no-store"})


def told(case: Complaint, by: Actor, *, identity: bool = False) -> dict[str, Any]:
    """DeskCaseOut; the look is logged, and the office's first one noted. Raises privacy.NotVisible."""
    view = privacy.view_of(case, by, identity=identity)
    stint = dispatch.look_at(case, by)
    files = list(case.attachments.all())
    return {
        **outbound.state(case),
        "url": outbound.url("routing:case", case.number),
        "kind": case.kind,
        "title": view.title,
        "body": view.body,
        "supervised": case.supervised,
        "happened_on": outbound.day(case.happened_on),
        "place": outbound.place(case.place),
        "landmark": case.landmark,
        "latitude": case.latitude,
        "longitude": case.longitude,
        "category": outbound.topic(case.category),
        "channel": case.channel,
        "received_at": outbound.at(case.received_at),
        "due_on": outbound.day(case.due_on),
        "promises": outbound.promises(case),
        "stint": {
            "received_on": outbound.day(stint.received_on),
            "due_on": outbound.day(stint.due_on),
            "reason": stint.reason,
            "bound": stint.bound,
        }
        if stint
        else None,
        "anonymous": case.anonymous,
        "secret": case.secret,
        "published": Publication.objects.filter(complaint=case).exists(),
        "reporter": {"name": view.identity.name, "email": view.identity.email, "phone": view.identity.phone}
        if view.identity is not None
        else None,
        "acts": acts(case, by),
        "messages": outbound.messages(case, view.audiences, files, _file_url),
        "files": [outbound.file(one, _file_url) for one in files if one.message_id is None],
        "events": outbound.events(case, view.audiences),
        "helpers": [_helper(task, case) for task in case.contributions.select_related("agency").order_by("pk")],
    }


def _helper(task: Contribution, case: Complaint) -> dict[str, Any]:
    """TaskOut: an office that helps, or helped, as the lead knows it."""
    return {
        "office": outbound.office(task.agency),
        "task": task.task,
        "shown": task.shown,
        "asked_at": outbound.at(task.asked_at),
        "due_on": task.due_on.isoformat(),
        "late": task.is_open and case.today() > task.due_on,
        "state": task.state,
        "reason": task.reason,
        "message": task.message_id,
    }


def acts(case: Complaint, by: Actor) -> list[dict[str, Any]]:
    """What the tables give this system now, of what it can do here."""
    return [
        outbound.act(TABLE[act.verb], outbound.url(f"machine:{act.verb}", case.shown_number))
        for act in desk_acts.offered(case, by)
        if act.verb in ACTS
    ]


def _file_url(row: Attachment) -> str:
    assert row.complaint is not None
    return outbound.url("machine:file", row.complaint.shown_number, row.pk)


class DeskFile(AgencyView):
    @described(
        "antrean_berkas",
        TAG,
        answers={(200, "application/octet-stream"): bytes},
        problems=(403, 404),
        parameters=(describing.NUMBER,),
        key="needed",
    )
    def get(self, request: Request, number: str, pk: int) -> HttpResponseBase:
        """Satu berkas laporan"""
        case = self.case(number)
        row = Attachment.objects.filter(complaint=case, pk=pk, state=Attachment.State.CLEAN).select_related("message")
        file = row.first() if pk < 2**63 else None
        if file is None or (file.message is not None and file.message.state == Message.State.WITHDRAWN):
            raise Http404
        privacy.view_of(case, self.by)
        return serving.file_of(file)


class DeskUpload(AgencyView):
    needs = (Permission.QUEUE, Permission.ACT)
    parser_classes = (MultiPartParser,)

    @described(
        "antrean_unggah",
        TAG,
        request={"multipart/form-data": shapes.UploadIn},
        answers={201: shapes.UploadOut},
        problems=(400, 403, 404, 413, 415),
        parameters=(describing.NUMBER,),
        key="needed",
    )
    def post(self, request: Request, number: str) -> Response:
        """Unggah satu berkas untuk pertanyaan atau jawaban

        Sebut nomornya di `files` tindakan berikutnya. Bukti pekerjaan selesai, misalnya, ikut dengan jawaban akhir.
        """
        self.case(number)
        given = request.FILES.getlist("file")
        if len(given) != 1 or not isinstance(given[0], UploadedFile):
            raise serializers.ValidationError({"file": [_("Kirim tepat satu berkas di isian “file”.")]})
        draft = taken(request, self.machine, given[0])
        file = draft.attachments.get()
        said = {
            "id": str(draft.token),
            "name": file.name,
            "type": file.sniffed_type,
            "size": file.size,
            "expires_at": outbound.at(draft.expires_at),
        }
        return Response(said, status=201)


# --- Acts ---


class DeskAct(AgencyView):
    """One act: `shape` checks what came, `do` calls the verb, the table decides."""

    needs = (Permission.QUEUE, Permission.ACT)
    shape: ClassVar[type[serializers.Serializer[Any]]] = shapes.ActIn

    def post(self, request: Request, number: str) -> Response:
        key = key_of(request, required=False)

        def run() -> Answer:
            case = self.case(number)
            checked = self.shape(data=request.data)
            checked.is_valid(raise_exception=True)
            said = checked.validated_data
            with refusing(case, self._state):
                self.do(case, said, by=self.by, version=self.version(request, said))
            return 200, self._state(case)

        # Asked by number: what was handed back is no longer here when its answer is asked for again.
        return once(request, self.machine, f"{type(self).__name__} {read_number(number[:40])}", run, key)

    def version(self, request: Request, said: dict[str, Any]) -> int | None:
        return version_of(request, said)

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        raise NotImplementedError

    def _state(self, case: Complaint) -> dict[str, Any]:
        """ActedOut: the case as this system may know it now."""
        fresh = Complaint.objects.select_related("handler", "not_for", "place").get(pk=case.pk)
        held = Complaint.objects.visible_to(self.by).filter(pk=case.pk).exists()
        return {
            **outbound.state(fresh),
            "held": held,
            "pending": held and fresh.messages.filter(state=Message.State.PENDING).exists(),
            "acts": acts(fresh, self.by) if held else [],
        }


def act_described(
    operation: str,
    shape: type[serializers.Serializer[Any]],
    *,
    versioned: bool = True,
    tag: str = TAG,
    answer: type[serializers.Serializer[Any]] = machine_shapes.ActedOut,
    **example: Any,
) -> Callable[[describing.View], describing.View]:
    return described(
        operation,
        tag,
        request=shape,
        answers={200: answer},
        problems=(400, 403, 404, 409, 413, 415, 422, *((428,) if versioned else ())),
        parameters=(describing.NUMBER, describing.ONCE, *((describing.IF_MATCH,) if versioned else ())),
        key="needed",
        example={"version": 3, **example} if versioned else example,
    )


class Start(DeskAct):
    @act_described("antrean_mulai", shapes.ActIn)
    def post(self, request: Request, number: str) -> Response:
        """Mulai kerjakan; pelapor diberi tahu"""
        return super().post(request, number)

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        case.start(by=by, version=version)


class Ask(DeskAct):
    shape = machine_shapes.AskIn

    @act_described("antrean_tanya", machine_shapes.AskIn, question="Lampu nomor berapa yang mati?")
    def post(self, request: Request, number: str) -> Response:
        """Minta keterangan pelapor; batas waktu kantor berhenti selama menunggu"""
        return super().post(request, number)

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        case.ask(said["question"], by=by, files=inbound.files_of(said.get("files", ())), version=version)


class Unask(DeskAct):
    @act_described("antrean_batal_tanya", shapes.ActIn)
    def post(self, request: Request, number: str) -> Response:
        """Batalkan pertanyaan"""
        return super().post(request, number)

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        case.unask(by=by, version=version)


class AnswerCase(DeskAct):
    shape = machine_shapes.AnswerIn

    @act_described("antrean_jawab", machine_shapes.AnswerIn, body="Petugas kami memeriksa lampunya besok pagi.")
    def post(self, request: Request, number: str) -> Response:
        """Beri tanggapan

        Di instansi yang memintanya, jawaban menunggu persetujuan pimpinan (`pending`).
        """
        return super().post(request, number)

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        case.answer(
            said["body"],
            by=by,
            files=inbound.files_of(said.get("files", ())),
            audience=_audience(said),
            version=version,
        )


class Resolve(DeskAct):
    shape = machine_shapes.ResolveIn

    @act_described(
        "antrean_jawab_akhir",
        machine_shapes.ResolveIn,
        body="Lima lampu sudah diganti.",
        outcome="DONE",
        done_on="2026-05-29",
        unit="UPT Penerangan Jalan",
    )
    def post(self, request: Request, number: str) -> Response:
        """Beri jawaban akhir

        Selesai (DONE), dijadwalkan (SCHEDULED), atau dengan jujur tidak bisa (REFUSED). Lalu giliran pelapor menilai.
        """
        return super().post(request, number)

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        case.resolve(
            said["body"],
            by=by,
            outcome=said["outcome"],
            done_on=said.get("done_on"),
            unit=said.get("unit", ""),
            promised_on=said.get("promised_on"),
            files=inbound.files_of(said.get("files", ())),
            audience=_audience(said),
            version=version,
        )


class HandBack(DeskAct):
    shape = machine_shapes.HandBackIn

    @act_described("antrean_kembalikan", machine_shapes.HandBackIn, ground="NOT_OURS", reason="Ini jalan nasional.")
    def post(self, request: Request, number: str) -> Response:
        """Kembalikan: bukan wewenang, atau usul diarsipkan"""
        return super().post(request, number)

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        dispatch.hand_back(
            case,
            by=by,
            ground=said["ground"],
            reason=said["reason"],
            proposed=said.get("agency"),
            version=version,
        )


class Note(DeskAct):
    shape = machine_shapes.NoteIn

    @act_described("antrean_catat", machine_shapes.NoteIn, versioned=False, body="Nomor tiket kami: 2026/05/118.")
    def post(self, request: Request, number: str) -> Response:
        """Catatan internal, hanya dibaca petugas"""
        return super().post(request, number)

    def version(self, request: Request, said: dict[str, Any]) -> int | None:
        """A note makes nobody's form stale and needs none."""
        return None

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        case.note(said["body"], by=by)


class Invite(DeskAct):
    shape = machine_shapes.InviteIn

    @act_described(
        "antrean_minta_bantuan",
        machine_shapes.InviteIn,
        versioned=False,
        agency=512,
        task="Pindahkan tiang di depan pasar.",
        days=5,
        shown="memindahkan tiang listrik",
    )
    def post(self, request: Request, number: str) -> Response:
        """Minta bantuan kantor lain

        Satu tugas dengan tanggalnya sendiri; yang menjawab pelapor tetap instansi ini. Kantor itu membaca cerita yang
        disamarkan, dan dari berkas laporan hanya yang disebut di `files`.
        """
        return super().post(request, number)

    def version(self, request: Request, said: dict[str, Any]) -> int | None:
        return None

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        wanted = said.get("files", ())
        files = list(Attachment.objects.filter(complaint=case, message=None, pk__in=wanted))
        if len(files) != len(set(wanted)):
            raise Incomplete("files", _("Pilih dari berkas yang dikirim bersama laporan ini."))
        helping.invite(
            case,
            said["agency"],
            said["task"],
            by=by,
            days=said["days"],
            shown=said.get("shown", ""),
            files=files,
        )


class Uninvite(DeskAct):
    shape = machine_shapes.UninviteIn

    @act_described(
        "antrean_batal_bantuan", machine_shapes.UninviteIn, versioned=False, agency=512, reason="Sudah beres."
    )
    def post(self, request: Request, number: str) -> Response:
        """Batalkan permintaan bantuan"""
        return super().post(request, number)

    def version(self, request: Request, said: dict[str, Any]) -> int | None:
        return None

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        case.uninvite(said["agency"], by=by, reason=said["reason"])


def _audience(said: dict[str, Any]) -> str:
    return Audience.PARTIES if said.get("parties_only") else Audience.PUBLIC
