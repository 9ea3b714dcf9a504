"""The API for systems of offices that help: what is asked of mine, one of it, what we give.

The office that has the case answers its reporter alone; whoever helps reads the masked story, as long as it is asked.
"""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actor import Actor
from agencies.models import Permission
from complaints import privacy, serving
from complaints.channels.api import describing, inbound, outbound, shapes
from complaints.channels.api.describing import described
from complaints.masking import mask
from complaints.models import Attachment, Complaint, Contribution
from complaints.transitions import allowed
from lapor.kit import paging
from lapor.kit.problems import INVALID, FieldError, Problem
from routing import case_page, helping
from routing.views import machine_shapes
from routing.views.machine import HELP_TAG, AgencyView, DeskAct, DeskUpload, act_described

# What a system of an office that helps may do here, by verb: the noun of its address, the same as at the desk.
ACTS = {"contribute": "hasil-bantuan", "decline": "penolakan-bantuan"}
PAGE = 100


class HelpView(AgencyView):
    def asked(self, number: str) -> helping.Help:
        """What this very office is, or was, asked for. Raises Http404 for every other case, alike."""
        found = helping.find(number[:40], self.by)
        if found is None or found.task.agency_id != self.machine.agency_id:
            raise Http404
        return found


class Helps(HelpView):
    @described(
        "bantuan_daftar",
        HELP_TAG,
        answers={200: machine_shapes.HelpListOut},
        problems=(400, 403),
        parameters=(
            OpenApiParameter("kursor", str, OpenApiParameter.QUERY, description="“next” dari halaman sebelumnya."),
        ),
        key="needed",
    )
    def get(self, request: Request) -> Response:
        """Yang sekarang diminta dari instansi ini

        Yang paling dekat tanggalnya dulu. Yang baru, dibatalkan, atau terlambat juga datang lewat antrean dan webhook.
        """
        cursor = request.query_params.get("kursor", "")
        after = paging.read(cursor, datetime.date.fromisoformat, paging.key)
        if set(request.query_params) - {"kursor"} or (cursor and after is None):
            name = next(iter(set(request.query_params) - {"kursor"}), "kursor")
            sentence = _("Parameter ini tidak dikenal, atau bukan dari daftar ini.")
            raise Problem(INVALID, sentence, errors=[FieldError("", str(sentence), parameter=name)])
        rows = helping.asked_of(self.machine.agency)
        if after is not None:
            rows = rows.filter(due_on__gte=after[0]).exclude(due_on=after[0], pk__lte=after[1])
        tasks = list(rows[: PAGE + 1])
        last = tasks[PAGE - 1] if len(tasks) > PAGE else None
        said = {
            "items": [_row(task) for task in tasks[:PAGE]],
            "next": paging.write(last.due_on.isoformat(), last.pk) if last is not None else None,
        }
        return Response(said, headers={"Cache-Control": "private, no-store"})


def _row(task: Contribution) -> dict[str, Any]:
    case = task.complaint
    return {
        "number": case.shown_number,
        "title": privacy.helpers_title(case),
        "lead": outbound.office(case.handler),
        "asked_at": outbound.at(task.asked_at),
        "task": task.task,
        "due_on": task.due_on.isoformat(),
        "late": _is_late(task),
        "api_url": outbound.url("machine:help", case.shown_number),
    }


def _is_late(task: Contribution) -> bool:
    return task.is_open and task.complaint.today() > task.due_on


class HelpedCase(HelpView):
    @described(
        "bantuan_baca",
        HELP_TAG,
        answers={200: machine_shapes.HelpOut},
        problems=(403, 404),
        parameters=(describing.NUMBER,),
        key="needed",
    )
    def get(self, request: Request, number: str) -> Response:
        """Satu laporan yang instansi ini diminta membantu

        Selama tugasnya terbuka: cerita yang disamarkan, tempat, dan berkas yang dipilih pemegang. Sesudah itu hanya
        tugasnya. Nama, kontak, dan percakapan pelapor tidak pernah.
        """
        return Response(_told(self.asked(number), self.by), headers={"Cache-Control": "private, no-store"})


def _told(found: helping.Help, by: Actor) -> dict[str, Any]:
    """HelpOut."""
    case, task = found.complaint, found.task
    said: dict[str, Any] = {**_state(task, by), "lead": outbound.office(case.handler), "story": None, "files": []}
    if not found.reads:
        return said
    try:
        view = privacy.view_of(case, by)
    except privacy.NotVisible as error:
        raise Http404 from error
    point = (None, None) if case.anonymous else (case.latitude, case.longitude)
    said["story"] = {
        "title": view.title,
        "body": view.body,
        "status": outbound.status(case),
        "category": outbound.topic(case.category),
        "happened_on": outbound.day(case.happened_on),
        "place": outbound.place(case.place),
        "landmark": mask(case.landmark, hide=privacy.names_to_hide(case)),
        "latitude": point[0],
        "longitude": point[1],
    }
    # Not what they were called: that may say who sent them.
    names = [one["name"] for one in case_page.shared_files(task)]
    rows = task.files.exclude(state=Attachment.State.REFUSED).order_by("pk")
    said["files"] = [outbound.file(row, _file_url) | {"name": name} for row, name in zip(rows, names, strict=True)]
    return said


def _state(task: Contribution, by: Actor) -> dict[str, Any]:
    """What is asked, how it stands, and what may be done about it now."""
    case = task.complaint
    standing = [row for row in allowed(case, by) if row.verb in ACTS] if task.is_open else []
    return {
        "number": case.shown_number,
        "task": task.task,
        "asked_at": outbound.at(task.asked_at),
        "due_on": task.due_on.isoformat(),
        "late": _is_late(task),
        "state": task.state,
        "reason": task.reason,
        "acts": [outbound.act(row, outbound.url(f"machine:{row.verb}", case.shown_number)) for row in standing],
    }


def _file_url(row: Attachment) -> str:
    assert row.complaint is not None
    return outbound.url("machine:help_file", row.complaint.shown_number, row.pk)


class HelpFile(HelpView):
    @described(
        "bantuan_berkas",
        HELP_TAG,
        answers={(200, "application/octet-stream"): bytes},
        problems=(403, 404),
        parameters=(describing.NUMBER,),
        key="needed",
    )
    def get(self, request: Request, number: str, pk: int) -> HttpResponseBase:
        """Satu berkas yang dipilih pemegang untuk instansi ini"""
        found = self.asked(number)
        file = found.task.files.filter(pk=pk, state=Attachment.State.CLEAN).first() if pk < 2**63 else None
        if file is None or not found.reads:
            raise Http404
        return serving.file_of(file)


class HelpUpload(DeskUpload):
    def case(self, number: str) -> Complaint:
        return _open_task(self, number)

    @described(
        "bantuan_unggah",
        HELP_TAG,
        request={"multipart/form-data": shapes.UploadIn},
        answers={201: shapes.UploadOut},
        problems=(400, 403, 404, 413, 415),
        parameters=(describing.NUMBER,),
        key="needed",
    )
    def post(self, request: Request, number: str) -> Response:
        """Unggah satu berkas untuk hasilnya

        Sebut nomornya di `files` hasil bantuan.
        """
        return super().post(request, number)


def _open_task(view: AgencyView, number: str) -> Complaint:
    found = helping.find(number[:40], view.by)
    if found is None or not found.reads:
        raise Http404
    return found.complaint


class HelpAct(DeskAct):
    """What a helper does makes nobody's form stale and asks for no version."""

    needs = (Permission.QUEUE, Permission.ACT)

    def case(self, number: str) -> Complaint:
        return _open_task(self, number)

    def version(self, request: Request, said: dict[str, Any]) -> int | None:
        return None

    def _state(self, case: Complaint) -> dict[str, Any]:
        task = Contribution.objects.filter(complaint=case, agency=self.machine.agency).select_related(
            "complaint__handler", "complaint__place", "complaint__not_for"
        )
        return _state(task.latest("pk"), self.by)


class Contribute(HelpAct):
    shape: ClassVar[type[serializers.Serializer[Any]]] = machine_shapes.ContributeIn

    @act_described(
        "bantuan_hasil",
        machine_shapes.ContributeIn,
        tag=HELP_TAG,
        answer=machine_shapes.HelpStateOut,
        versioned=False,
        body="Tiang sudah dipindahkan 28 Mei.",
    )
    def post(self, request: Request, number: str) -> Response:
        """Kirim hasilnya ke kantor yang menjawab; pelapor tidak membacanya"""
        return super().post(request, number)

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        case.contribute(said["body"], by=by, files=inbound.files_of(said.get("files", ())))


class Decline(HelpAct):
    shape: ClassVar[type[serializers.Serializer[Any]]] = machine_shapes.DeclineIn

    @act_described(
        "bantuan_tolak",
        machine_shapes.DeclineIn,
        tag=HELP_TAG,
        answer=machine_shapes.HelpStateOut,
        versioned=False,
        reason="Tiang itu milik penyedia telekomunikasi.",
    )
    def post(self, request: Request, number: str) -> Response:
        """Katakan bahwa instansi ini tidak bisa membantu"""
        return super().post(request, number)

    def do(self, case: Complaint, said: dict[str, Any], *, by: Actor, version: int | None) -> None:
        case.decline(said["reason"], by=by)
