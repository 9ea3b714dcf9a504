"""What everybody may read: published reports, from Publication alone. Search and filters are those of the web."""

from __future__ import annotations

from typing import Any

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import finding
from agencies.machines import MachineView
from complaints import search
from complaints.channels.api import describing, outbound, shapes
from complaints.channels.api.describing import described
from complaints.models import Kind, Publication
from complaints.number import read_number
from lapor.kit.problems import INVALID, FieldError, Problem

KEPT_FOR = "public, max-age=30"


def _asked(name: str, description: str, *, enum: tuple[str, ...] = (), many: bool = False) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, OpenApiParameter.QUERY, description=description, enum=enum or None, many=many, explode=many or None
    )


PARAMETERS = (
    _asked("q", "Kata-kata yang dicari."),
    _asked("wilayah", "Kode wilayah; termasuk semua yang di dalamnya."),
    _asked("instansi", "Nomor instansi pemegang; termasuk kantor di bawahnya."),
    _asked("jenis", "Jenis laporan.", enum=tuple(Kind.values)),
    _asked("kategori", "Nomor kategori; termasuk anaknya."),
    _asked("status", "Kelompok status; boleh beberapa.", enum=tuple(search.GROUPS), many=True),
    _asked("urut", "Urutan.", enum=(search.NEWEST, search.LATE, search.MATCH)),
    _asked("kursor", "“next” dari halaman sebelumnya."),
)
KNOWN = {parameter.name for parameter in PARAMETERS}


def wanted_by(query: QueryDict) -> search.Wanted:
    """As the web reads it; but what the web forgives a person is told a machine. Raises Problem."""
    wanted = search.read(query)
    errors = [
        *(("", name, _("Parameter ini tidak dikenal.")) for name in query if name not in KNOWN),
        *_unclear(query, wanted),
    ]
    if errors:
        found = [FieldError("", str(sentence), parameter=name) for _pointer, name, sentence in errors]
        raise Problem(INVALID, _("Perbaiki parameter yang disebut."), errors=found)
    return wanted


def _unclear(query: QueryDict, wanted: search.Wanted) -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []
    if query.get("wilayah") and wanted.place is None:
        fitting = ", ".join(f"{one.pk} ({finding.short_name(one)})" for one in wanted.places)
        sentence = _("Cocok dengan beberapa wilayah: %(codes)s.") % {"codes": fitting} if fitting else _("Tidak ada.")
        found.append(("", "wilayah", sentence))
    if query.get("instansi") and wanted.office is None:
        fitting = ", ".join(f"{one.pk} ({one.name})" for one in wanted.offices)
        sentence = _("Cocok dengan beberapa instansi: %(ids)s.") % {"ids": fitting} if fitting else _("Tidak ada.")
        found.append(("", "instansi", sentence))
    if query.get("jenis") and not wanted.kind:
        found.append(("", "jenis", _("Pilih salah satu yang disebut di skema.")))
    if query.get("kategori") and wanted.category is None:
        found.append(("", "kategori", _("Tidak ada.")))
    if len(set(query.getlist("status"))) != len(wanted.groups):
        found.append(("", "status", _("Pilih dari yang disebut di skema.")))
    if query.get("urut") and query["urut"] != wanted.order:
        found.append(("", "urut", _("Pilih salah satu yang disebut di skema; “cocok” hanya bersama q.")))
    return found


class Publications(MachineView):
    @described(
        "terbitan_daftar",
        "Terbitan",
        answers={200: shapes.PublicListOut},
        problems=(400,),
        parameters=PARAMETERS,
    )
    def get(self, request: Request) -> Response:
        """Laporan yang terbit

        Dua puluh sehalaman, terbaru dulu, teks tersamar. Laporan rahasia dan yang belum terbit tidak ada di sini.
        """
        query = request.query_params
        wanted = wanted_by(query)
        among, count = search.narrowed(wanted)
        page = search.page(wanted, among, query.get("kursor", ""), timezone.localdate())
        if query.get("kursor") and page.is_first:
            broken = FieldError("", str(_("Kursor ini bukan dari daftar ini.")), parameter="kursor")
            raise Problem(INVALID, _("Perbaiki parameter yang disebut."), errors=[broken])
        said = {"count": count, "next": page.next_cursor or None, "items": outbound.public_rows(page.rows)}
        return Response(said, headers={"Cache-Control": KEPT_FOR})


class PublicCase(MachineView):
    @described(
        "terbitan_baca",
        "Terbitan",
        answers={200: shapes.PublicCaseOut},
        problems=(404,),
        parameters=(describing.NUMBER,),
    )
    def get(self, request: Request, number: str) -> Response:
        """Satu laporan yang terbit"""
        row = (
            Publication.objects.select_related("complaint__handler", "category")
            .filter(complaint__number=read_number(number[:40]) or "")
            .first()
        )
        if row is None:
            raise Http404
        return Response(outbound.public_case(row), headers={"Cache-Control": KEPT_FOR})
