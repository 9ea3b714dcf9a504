"""/statistik/data/: published cases to take away, by month, as CSV and JSON; what may be done with them."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import finding, subsites
from agencies.models import Agency
from complaints import search
from complaints.notifications.letters import absolute
from complaints.views.browse import keep_briefly
from lapor.kit import tables
from routing import open_data

# Months shown before the older ones fold away.
SHOWN = 12
JSON_TYPE = "application/json"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The months there are, of the country or of one office. At most 6 statements."""
    office, offices, typed = search.find_office(search.clean(request.GET.get("instansi", "")))
    office = subsites.within(request, office)
    months = [_month(day, office) for day in open_data.months(timezone.now())]
    context = {
        "office": office,
        "office_typed": typed,
        "offices": [(f"?instansi={one.pk}", finding.office_line(one)) for one in offices],
        "months": months[:SHOWN],
        "older": months[SHOWN:],
        "columns": _columns(),
        "catalogue": reverse("routing:open_data_catalogue") + _asked(office),
        "licence_url": open_data.LICENCE_URL,
    }
    return keep_briefly(request, render(request, "routing/open_data.html", context))


@require_safe
def file(request: HttpRequest, month: str, form: str) -> HttpResponseBase:
    """One month. 404 for one that is none or lies ahead; an office nobody has is 400 in plain words."""
    day = _read(month)
    office, _offices, typed = search.find_office(search.clean(request.GET.get("instansi", "")))
    if typed:
        return _unknown(typed)
    office = subsites.within(request, office)
    found = open_data.rows(day, office)
    whose = f"-{slugify(office.shown_name)}" if office else ""
    if form == "json":
        lines, kind = open_data.as_json(found, _about(day, office)), JSON_TYPE
    else:
        lines, kind = tables.csv_lines(open_data.as_cells(found)), tables.CSV_TYPE
    answer = StreamingHttpResponse(lines, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="laporan-terbit{whose}-{month}.{form}"'
    # A whole month is dear to make and changes little: the reader's own program may keep it for an hour.
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Link"] = f'<{open_data.LICENCE_URL}>; rel="license"'
    return answer


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All of it for other catalogues of data, of the country or of one office. At most 6 statements."""
    from routing import catalogue as dcat

    office, _offices, typed = search.find_office(search.clean(request.GET.get("instansi", "")))
    if typed:
        return _unknown(typed)
    office = subsites.within(request, office)
    asked = _asked(office)
    now = timezone.now()
    to = dcat.Addresses(
        page=absolute(reverse("routing:open_data") + asked),
        file=lambda month, form: absolute(reverse("routing:open_data_file", args=[month, form]) + asked),
        statistics=absolute(
            reverse("routing:statistics_office", args=[office.pk]) if office else reverse("routing:statistics")
        ),
        tables=[absolute(reverse("routing:statistics_file", args=[name]) + asked) for name in ("angka", "bulan")],
        register=absolute(reverse("routing:register") + asked),
        register_file=absolute(reverse("routing:register_file") + asked),
        register_feed=absolute(reverse("routing:register_feed") + asked),
        api=absolute(reverse("api:about")),
        api_schema=absolute(reverse("api:schema")),
    )
    made = dcat.catalogue(open_data.months(now), office, to, today=timezone.localdate(now))
    answer = JsonResponse(made, content_type=dcat.TYPE, json_dumps_params={"ensure_ascii": False, "indent": 1})
    # Other catalogues gather it from pages of their own.
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Link"] = f'<{open_data.LICENCE_URL}>; rel="license"'
    return keep_briefly(request, answer)


def _asked(office: Agency | None) -> str:
    return f"?{urlencode({'instansi': office.pk})}" if office else ""


def _unknown(typed: str) -> HttpResponse:
    said = _("Kantor “%(office)s” tidak kami kenal. Ambil alamat unduhan dari halaman data.") % {"office": typed}
    return HttpResponse(said, status=400, content_type="text/plain; charset=utf-8")


def _about(day: datetime.date, office: Agency | None) -> dict[str, str]:
    return {
        "judul": _("Laporan yang diterbitkan LAPOR!"),
        "bulan": f"{day:%Y-%m}",
        "instansi": office.name if office else _("Seluruh Indonesia"),
        "sumber": absolute(reverse("routing:open_data")),
        "lisensi": open_data.LICENCE,
        "dibuat": timezone.localtime().isoformat(timespec="seconds"),
    }


def _read(month: str) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
    if not day.year >= 2000 or day > timezone.localdate():
        raise Http404
    return day


def _month(day: datetime.date, office: Agency | None) -> dict[str, Any]:
    asked = _asked(office)
    return {
        "name": date_format(day, "F Y"),
        "files": [
            (form.upper(), reverse("routing:open_data_file", args=[f"{day:%Y-%m}", form]) + asked)
            for form in ("csv", "json")
        ],
    }


def _columns() -> list[tuple[str, str]]:
    says = {
        "nomor": _("nomor laporan, seperti di halamannya"),
        "diterima": _("hari laporan diterima"),
        "diterbitkan": _("hari salinannya terbit"),
        "jenis": _("pengaduan, aspirasi, atau permintaan informasi"),
        "kategori": _("kategori; kosong kalau belum ada"),
        "judul": _("judul yang sudah disamarkan"),
        "kode_wilayah": _("kode Kemendagri, sehalus yang diizinkan pelapor"),
        "wilayah": _("namanya"),
        "id_instansi": _("nomor kantor di sini"),
        "instansi": _("kantor yang memegang sekarang atau terakhir"),
        "status": _("keadaannya waktu berkas dibuat"),
        "jawaban_pertama": _("hari jawaban pertama; kosong kalau belum dijawab"),
        "berakhir": _("hari laporan berakhir; kosong kalau masih terbuka"),
        "ikut_mengalami": _("berapa orang lain ikut mengalami"),
    }
    return [(name, says[name]) for name in open_data.COLUMNS]
