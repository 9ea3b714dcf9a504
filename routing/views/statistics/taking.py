"""Each table of a page, to take away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
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
from routing.views.statistics.contents import split
from routing.views.statistics.months import trend
from routing.views.statistics.places import published
from routing.views.statistics.whole import lines_of

LICENCE = f"CC BY 4.0, {LICENCE_URL}"


@require_safe
def file(request: HttpRequest, what: str) -> HttpResponseBase:
    """One table of a page as CSV, or as JSON (`bentuk`), with place, months, time and author in it. The address names
    place or office; one nobody has is 404."""
    asked = asked_of(request, here(request, _named(request)))
    table = TABLES.get(what)
    lines = table(asked) if table else None
    if lines is None:
        raise Http404
    title, rows = lines
    form = "json" if request.GET.get("bentuk") == "json" else "csv"
    name = f"{what}-{slugify(name_of(asked.body))[:60]}-{asked.scope.first:%Y%m}-{asked.scope.last:%Y%m}.{form}"
    head = [
        [f"{title}: {name_of(asked.body)}"],
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
