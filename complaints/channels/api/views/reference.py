"""Reference data: places, offices, categories, statuses. They change seldom, so each answer carries an ETag."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import finding
from agencies.machines import MachineView
from agencies.models import Agency, Kind, Region
from complaints import search
from complaints.channels.api import describing, shapes, words
from complaints.channels.api.describing import described
from complaints.models import Category
from lapor.kit import paging
from lapor.kit.problems import INVALID, FieldError, Problem
from lapor.kit.text import row_id

PAGE = 200


def _parameter(name: str, description: str, *, enum: tuple[str, ...] = ()) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, description=description, enum=enum or None)


class Reference(MachineView):
    """What is asked is checked by name; what is said is told apart by its own hash."""

    known: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        unknown = [name for name in request.query_params if name not in self.known]
        if unknown:
            _wrong(unknown[0], _("Parameter ini tidak dikenal."))

    def said(self, request: Request, body: dict[str, Any]) -> Response:
        """The answer, or 304 where the sender has it."""
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]
        # Weak: compression changes the bytes and not what they say.
        headers = {"ETag": f'W/"{digest}"', "Cache-Control": "public, max-age=3600"}
        if digest in request.headers.get("If-None-Match", ""):
            return Response(status=304, headers=headers)
        return Response(body, headers=headers)


def _wrong(name: str, sentence: Any) -> NoReturn:
    raise Problem(
        INVALID, _("Perbaiki parameter yang disebut."), errors=[FieldError("", str(sentence), parameter=name)]
    )


# --- Places ---


def _regions(rows: list[Region]) -> list[dict[str, Any]]:
    paths = finding.paths(rows)
    return [
        {
            "code": row.pk,
            "name": row.name,
            "level": row.level,
            "parent_code": row.parent_id,
            "path": paths[row.pk],
            "zone": row.zone,
        }
        for row in rows
    ]


class Regions(Reference):
    known = ("induk", "q")

    @described(
        "wilayah_daftar",
        "Data rujukan",
        answers={200: shapes.RegionListOut, 304: None},
        problems=(400,),
        parameters=(
            _parameter("induk", "Kode wilayah yang isinya diminta. Tanpa ini: semua provinsi."),
            _parameter("q", "Nama seperti ditulis orang; paling banyak 12 yang cocok."),
            describing.IF_NONE_MATCH,
        ),
    )
    def get(self, request: Request) -> Response:
        """Wilayah di dalam sebuah wilayah, atau menurut nama"""
        typed, parent = search.clean(request.query_params.get("q", "")), request.query_params.get("induk", "")
        if typed and parent:
            _wrong("q", _("Pilih salah satu: “q” atau “induk”."))
        if typed:
            return self.said(request, {"items": _regions(finding.find_places(typed))})
        region = None
        if parent:
            region = Region.objects.current().filter(pk=search.clean(parent)).first()
            if region is None:
                _wrong("induk", _("Kode wilayah ini tidak ada."))
        return self.said(request, {"items": _regions(finding.children(region))})


class OneRegion(Reference):
    @described(
        "wilayah_baca",
        "Data rujukan",
        answers={200: shapes.RegionOut, 304: None},
        problems=(404,),
        parameters=(
            OpenApiParameter("code", str, OpenApiParameter.PATH, description="Kode wilayah."),
            describing.IF_NONE_MATCH,
        ),
    )
    def get(self, request: Request, code: str) -> Response:
        """Satu wilayah"""
        region = Region.objects.current().filter(pk=search.clean(code)).first()
        if region is None:
            raise Http404
        return self.said(request, _regions([region])[0])


# --- Offices ---


def _agency(row: Agency) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "short_name": row.short_name,
        "kind": row.kind,
        "parent_id": row.parent_id,
        "region": row.region_id,
        "code": row.code,
    }


class Agencies(Reference):
    known = ("q", "wilayah", "jenis", "induk", "kursor")

    @described(
        "instansi_daftar",
        "Data rujukan",
        answers={200: shapes.AgencyListOut, 304: None},
        problems=(400,),
        parameters=(
            _parameter("q", "Nama, singkatan, atau sebagian namanya."),
            _parameter("wilayah", "Kode wilayah yang dilayani."),
            _parameter("jenis", "Jenis instansi.", enum=tuple(Kind.values)),
            _parameter("induk", "Nomor instansi di atasnya."),
            _parameter("kursor", "“next” dari halaman sebelumnya."),
            describing.IF_NONE_MATCH,
        ),
    )
    def get(self, request: Request) -> Response:
        """Instansi yang bisa dituju"""
        found, asked = self._found(request), request.query_params
        after = paging.read(asked.get("kursor", ""), paging.key)
        if asked.get("kursor") and after is None:
            _wrong("kursor", _("Kursor ini bukan dari daftar ini."))
        if after is not None:
            found = found.filter(pk__gt=after[0])
        rows = list(found.order_by("pk")[: PAGE + 1])
        more = paging.write(rows[PAGE - 1].pk) if len(rows) > PAGE else None
        return self.said(request, {"next": more, "items": [_agency(row) for row in rows[:PAGE]]})

    def _found(self, request: Request) -> QuerySet[Agency]:
        asked = request.query_params
        found: QuerySet[Agency] = Agency.objects.active_on(timezone.localdate()).filter(parent__isnull=False)
        if typed := search.clean(asked.get("q", "")):
            words = Q(name__icontains=typed) | Q(short_name__icontains=typed) | Q(aliases__contains=[typed])
            found = found.filter(words)
        if code := search.clean(asked.get("wilayah", "")):
            found = found.filter(region_id=code)
        if kind := asked.get("jenis", ""):
            if kind not in Kind.values:
                _wrong("jenis", _("Pilih salah satu yang disebut di skema."))
            found = found.filter(kind=kind)
        if parent := asked.get("induk", ""):
            found = found.filter(parent_id=row_id(parent))
        return found


class OneAgency(Reference):
    @described(
        "instansi_baca",
        "Data rujukan",
        answers={200: shapes.AgencyOut, 304: None},
        problems=(404,),
        parameters=(describing.IF_NONE_MATCH,),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Satu instansi"""
        row = Agency.objects.filter(pk=pk, parent__isnull=False).first() if pk < 2**63 else None
        if row is None:
            raise Http404
        return self.said(request, _agency(row))


# --- Categories and statuses ---


class Categories(Reference):
    @described(
        "kategori_daftar",
        "Data rujukan",
        answers={200: shapes.CategoryListOut, 304: None},
        problems=(400,),
        parameters=(describing.IF_NONE_MATCH,),
    )
    def get(self, request: Request) -> Response:
        """Semua kategori yang berlaku, dua tingkat"""
        rows = Category.objects.on(timezone.localdate()).order_by("order", "name", "pk")
        return self.said(request, {"items": list(rows.values("id", "parent_id", "name", "bidang", "notice"))})


class Statuses(Reference):
    @described(
        "status_daftar",
        "Data rujukan",
        answers={200: shapes.StatusListOut, 304: None},
        problems=(400,),
        parameters=(describing.IF_NONE_MATCH,),
    )
    def get(self, request: Request) -> Response:
        """Status kami dan kata baku LAPOR!"""
        items = [
            {"code": row.code, "name": row.name, "lapor": row.lapor, "ground": row.ground or None, "open": row.open}
            for row in words.table()
        ]
        return self.said(request, {"items": items})
