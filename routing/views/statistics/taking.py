"""Each table of a page, to take away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.channels import registry
from complaints.models import Category
from complaints.notifications.letters import absolute
from lapor.kit import tables, wording
from routing import public
from routing.measures import splits
from routing.open_data import LICENCE_URL
from routing.public import Body
from routing.views.statistics.asked import (
    Asked,
    asked_of,
    body_of_office,
    body_of_region,
    here,
    name_of,
    period_words,
)
from routing.views.statistics.category import quarters_of, rows_of, told_of
from routing.views.statistics.contents import quarters_words, split
from routing.views.statistics.months import trend
from routing.views.statistics.places import published
from routing.views.statistics.whole import CODES_OF_CATEGORY, lines, lines_of

LICENCE = f"CC BY 4.0, {LICENCE_URL}"


@require_safe
def file(request: HttpRequest, what: str) -> HttpResponseBase:
    """One table of a page as CSV, or as JSON (`bentuk`), with place, months, time and author in it. The address names
    place, office or category; one nobody has is 404."""
    asked = asked_of(request, here(request, _named(request)), _about(request))
    table = (TABLES_OF_CATEGORY if asked.about else TABLES).get(what)
    found = table(asked) if table else None
    if found is None:
        raise Http404
    title, rows = found
    form = "json" if request.GET.get("bentuk") == "json" else "csv"
    name = f"{what}-{slugify(_name(asked))[:60]}-{asked.scope.first:%Y%m}-{asked.scope.last:%Y%m}.{form}"
    head = [
        [f"{title}: {_name(asked)}"],
        [_("Masa"), period_words(asked.scope)],
        [_("Diunduh"), wording.moment(timezone.now())],
        [_("Oleh"), _("LAPOR!, %(address)s") % {"address": absolute(asked.page(asked.whose))}],
        [_("Lisensi"), LICENCE],
        [_("Tidak termuat"), _("laporan rahasia dan yang dijauhkan dari sebuah kantor")],
        [],
    ]
    if form == "json":
        names = ("judul", "masa", "diunduh", "oleh", "lisensi", "tidak_termuat")
        about = {name: line[-1] for name, line in zip(names, head, strict=False)}
        answer = StreamingHttpResponse(tables.json_lines(about, rows), content_type=tables.JSON_TYPE)
    else:
        answer = StreamingHttpResponse(tables.csv_lines([*head, *rows]), content_type=tables.CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _named(request: HttpRequest) -> Body:
    code, pk = request.GET.get("daerah", ""), request.GET.get("instansi", "")
    if code:
        if not re.fullmatch(r"[0-9]{2}(\.[0-9]{2})?", code, re.ASCII):
            raise Http404
        return body_of_region(code)
    if pk:
        if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
            raise Http404
        return body_of_office(int(pk))
    return public.country()


def _about(request: HttpRequest) -> Category | None:
    """The category, of the first level, that is named."""
    pk = request.GET.get("kategori", "")
    if not pk:
        return None
    if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
        raise Http404
    return get_object_or_404(Category.objects.top(), pk=int(pk))


def _name(asked: Asked) -> str:
    body = name_of(asked.body)
    if asked.about is None:
        return body
    return asked.about.name if asked.body.is_country else f"{asked.about.name}, {body}"


Lines = tuple[str, Iterator[list[str]]]


def _numbers_file(asked: Asked) -> Lines:
    def rows() -> Iterator[list[str]]:
        yield [_("Ukuran"), _("Nilai"), _("Dari"), _("Rumus")]
        for line in lines_of(asked.body, asked.scope):
            yield [line["label"], line["value"], line["of"], line["formula"]]

    return _("Angka"), rows()


def _months_file(asked: Asked) -> Lines:
    def rows() -> Iterator[list[str]]:
        yield [_("Bulan"), _("Diterima"), *(label for _tone, label in trend(months)["legend"])]
        for month in months:
            counts = (month.received, month.in_time, month.late, month.missed, month.other)
            yield [f"{month.first:%Y-%m}", *(str(count) for count in counts)]

    months = public.trend(asked.scope, asked.today)
    return _("24 bulan"), rows()


def _parts_file(asked: Asked) -> Lines | None:
    found = public.parts(asked.body, asked.scope, asked.today)
    if not found:
        return None

    def rows() -> Iterator[list[str]]:
        yield [
            _("Kode"), _("Nama"), _("Diterima"), _("Masih terbuka"), _("Terbuka dan lewat batas"),
            _("Dijawab tepat waktu"), _("Dijawab terlambat"), _("Lewat batas, tidak dijawab"),
            _("Jawaban akhir tepat waktu"), _("Diterima pelapor"), _("Ditutup sistem"), _("Median hari kerja"),
        ]  # fmt: skip
        for row in found:
            counts = [row.sums[code] for code in (
                "received", "open", "past_due", *public.JUDGED, "settled_in_time", "accepted", "lapsed",
            )]  # fmt: skip
            yield [row.code, row.name, *map(str, counts), "" if row.median is None else str(row.median)]

    return _("Bagian-bagiannya"), rows()


def _split_file(asked: Asked) -> Lines | None:
    found = split(asked)
    if found is None:
        return None
    told: splits.Told = found["told"]
    names = dict(Category.objects.filter(pk__in=told.categories).values_list("pk", "name"))

    def rows() -> Iterator[list[str]]:
        yield [_("Triwulan yang sudah lengkap"), found["words"] or "–"]
        yield [_("Kosong: kurang dari lima, atau tidak boleh dirinci")]
        yield [_("Kategori"), _("Diterima"), *(registry.name(code) for code in told.channels)]
        for category, count in told.categories.items():
            cells = (told.cells.get((category, code)) for code in told.channels)
            name = names.get(category, "") or _("Tanpa kategori")
            yield [name, str(count), *("" if cell is None else str(cell) for cell in cells)]
        yield [_("Tidak dirinci"), str(told.rest_of_categories)]
        yield [_("Semua"), str(told.whole), *(str(count) for count in told.channels.values())]

    return _("Kategori dan saluran"), rows()


def _places_file(asked: Asked) -> Lines | None:
    if asked.body.is_country or asked.body.is_province or asked.body.region is None:
        return None

    def rows() -> Iterator[list[str]]:
        yield [_("Kode"), _("Kecamatan"), _("Laporan yang terbit")]
        for one in published(asked):
            yield [one.code, one.name, str(one.count)]

    return _("Menurut kecamatan"), rows()


TABLES = {
    "angka": _numbers_file,
    "bulan": _months_file,
    "bagian": _parts_file,
    "kategori": _split_file,
    "kecamatan": _places_file,
}


# --- Of a category ---


def _category_file(asked: Asked) -> Lines:
    def rows() -> Iterator[list[str]]:
        told = told_of(asked)
        yield [_("Triwulan yang sudah lengkap"), quarters_words(told.wanted) or "–"]
        yield [_("Ukuran"), _("Nilai"), _("Dari"), _("Rumus")]
        for line in lines(told.scope, CODES_OF_CATEGORY):
            yield [line["label"], line["value"], line["of"], line["formula"]]

    return _("Angka"), rows()


def _quarters_file(asked: Asked) -> Lines:
    def rows() -> Iterator[list[str]]:
        quarters = quarters_of(told_of(asked))
        yield [_("Triwulan"), _("Diterima"), _("Tepat waktu"), _("Terlambat"), _("Tidak dijawab"), _("Belum dinilai")]
        for one in quarters:
            counts = (one.received, one.in_time, one.late, one.missed, one.other)
            yield [
                f"{one.first:%Y}-{(one.first.month + 2) // 3}",
                *(str(count) if one.received else "" for count in counts),
            ]

    return _("Menurut triwulan"), rows()


def _agencies_file(asked: Asked) -> Lines:
    def rows() -> Iterator[list[str]]:
        told = told_of(asked)
        yield [_("Triwulan yang sudah lengkap"), quarters_words(told.wanted) or "–"]
        yield [_("Nama"), _("Diterima"), _("Jawaban pertama tepat waktu")]
        for row in rows_of(told):
            yield [row.name, str(row.received), "" if row.in_time is None else f"{row.in_time} %"]

    return _("Menurut instansi"), rows()


TABLES_OF_CATEGORY = {"angka": _category_file, "triwulan": _quarters_file, "bagian": _agencies_file}
