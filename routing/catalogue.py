"""What open data there is, in words that other catalogues of data understand: DCAT 3 as JSON-LD.

W3C Data Catalog Vocabulary, version 3 (Recommendation of 22 August 2024); which of its terms a catalogue, a data set
and a file must have, the application profile DCAT-AP 3 says. Addresses of media types, formats and languages are those
of IANA and of the authority tables DCAT-AP names.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.models import Agency
from routing import open_data

TYPE: Final = "application/ld+json"
CONTEXT: Final[dict[str, Any]] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dct:issued": {"@type": "xsd:date"},
    "dct:modified": {"@type": "xsd:date"},
    "dcat:startDate": {"@type": "xsd:date"},
    "dcat:endDate": {"@type": "xsd:date"},
}
INDONESIA: Final = "http://publications.europa.eu/resource/authority/country/IDN"
MONTHLY: Final = "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
CONTINUOUS: Final = "http://publications.europa.eu/resource/authority/frequency/UPDATE_CONT"
LANGUAGE: Final = "http://publications.europa.eu/resource/authority/language/IND"
FILE_TYPE: Final = "http://publications.europa.eu/resource/authority/file-type/"
MEDIA: Final = "https://www.iana.org/assignments/media-types/"
# The form of a file → its media type and its name in the authority's table.
FORMS: Final = {
    "csv": ("text/csv", "CSV"),
    "json": ("application/json", "JSON"),
    "atom": ("application/atom+xml", "ATOM"),
}

Node = dict[str, Any]


@dataclass(frozen=True)
class Addresses:
    """Where things are found, as whole addresses; `file` by month ("2026-05") and form."""

    page: str
    file: Callable[[str, str], str]
    # The page of figures, and its tables as CSV.
    statistics: str
    tables: Sequence[str]
    register: str
    register_file: str
    register_feed: str
    api: str
    api_schema: str


def catalogue(months: Sequence[datetime.date], office: Agency | None, to: Addresses, *, today: datetime.date) -> Node:
    """Of the country, or of one office with all below it. `months`: first days, the newest first."""
    where = office.name if office is not None else _("Seluruh Indonesia")
    series = {
        "@id": f"{to.page}#laporan",
        "@type": "dcat:DatasetSeries",
        "dct:accrualPeriodicity": _is(MONTHLY),
        "dct:title": _said(_("Laporan yang diterbitkan LAPOR!: %(where)s") % {"where": where}),
        "dct:description": _said(
            _("Laporan warga yang sudah terbit, satu baris satu laporan, menurut bulan terbit. Tanpa nama, tanpa isi.")
        ),
        "dct:publisher": _publisher(to),
        "dct:license": _is(open_data.LICENCE_URL),
        "dct:spatial": _is(INDONESIA),
    }
    if months:
        series |= {"dct:issued": months[-1].isoformat(), "dct:temporal": _period(months[-1], months[0])}
    sets = [_month(day, where, f"{to.page}#laporan", to, today) for day in months]
    register = {
        "@id": f"{to.register}#daftar",
        "@type": "dcat:Dataset",
        "dct:title": _said(_("Laporan yang tidak ditanggapi: %(where)s") % {"where": where}),
        "dct:description": _said(
            _("Janji menjawab yang lewat batas waktunya, menurut kantor, dengan lama terlambatnya. Tanpa data pribadi.")
        ),
        "dct:accrualPeriodicity": _is(CONTINUOUS),
        "dct:publisher": _publisher(to),
        "dct:license": _is(open_data.LICENCE_URL),
        "dct:language": _is(LANGUAGE),
        "dct:spatial": _is(INDONESIA),
        "dcat:landingPage": _is(to.register),
        "dcat:keyword": [_said(word) for word in (_("pengaduan"), _("pelayanan publik"), _("belum dijawab"))],
        "dcat:distribution": [
            _file(to.register_file, "csv", to.register),
            _file(_as_json(to.register_file), "json", to.register),
            _file(to.register_feed, "atom", to.register),
        ],
    }
    figures = {
        "@id": f"{to.statistics}#angka",
        "@type": "dcat:Dataset",
        "dct:title": _said(_("Statistik LAPOR!, dua belas bulan terakhir: %(where)s") % {"where": where}),
        "dct:description": _said(
            _("Berapa yang diterima, dijawab tepat waktu, terlambat, dan selesai. Laporan rahasia tidak dihitung.")
        ),
        "dct:accrualPeriodicity": _is(CONTINUOUS),
        "dct:publisher": _publisher(to),
        "dct:license": _is(open_data.LICENCE_URL),
        "dct:language": _is(LANGUAGE),
        "dct:spatial": _is(INDONESIA),
        "dcat:landingPage": _is(to.statistics),
        "dcat:keyword": [_said(word) for word in (_("pengaduan"), _("pelayanan publik"), _("statistik"))],
        "dcat:distribution": [
            _file(url, form, to.statistics)
            for table in to.tables
            for url, form in ((table, "csv"), (_as_json(table), "json"))
        ],
    }
    service = {
        "@id": f"{to.api}#layanan",
        "@type": "dcat:DataService",
        "dct:title": _said(_("API LAPOR! untuk aplikasi lain")),
        "dcat:endpointURL": _is(to.api),
        "dcat:endpointDescription": _is(to.api_schema),
        "dct:publisher": _publisher(to),
    }
    return {
        "@context": CONTEXT,
        "@id": f"{to.page}#katalog",
        "@type": "dcat:Catalog",
        "dct:title": _said(_("Data terbuka LAPOR!: %(where)s") % {"where": where}),
        "dct:description": _said(_("Yang dilaporkan warga di kanal pengaduan nasional, dan yang dijawab kantornya.")),
        "dct:publisher": _publisher(to),
        "dct:license": _is(open_data.LICENCE_URL),
        "dct:language": _is(LANGUAGE),
        "dct:spatial": _is(INDONESIA),
        "dct:modified": today.isoformat(),
        "foaf:homepage": _is(to.page),
        "dcat:dataset": [series, *sets, figures, register],
        "dcat:service": [service],
    }


def _month(day: datetime.date, where: str, series: str, to: Addresses, today: datetime.date) -> Node:
    name = {"where": where, "month": date_format(day, "F Y")}
    return {
        "@id": f"{to.page}#laporan-{day:%Y-%m}",
        "@type": "dcat:Dataset",
        "dcat:inSeries": _is(series),
        "dct:title": _said(_("Laporan yang terbit pada %(month)s: %(where)s") % name),
        "dct:description": _said(_("Satu baris satu laporan yang terbit bulan itu. Arti kolomnya di halaman data.")),
        "dct:issued": day.isoformat(),
        # Made when it is taken away: what was closed to everybody since is in it no more.
        "dct:modified": today.isoformat(),
        "dct:temporal": _period(day, day),
        "dct:publisher": _publisher(to),
        "dct:license": _is(open_data.LICENCE_URL),
        "dct:language": _is(LANGUAGE),
        "dct:spatial": _is(INDONESIA),
        "dcat:landingPage": _is(to.page),
        "dcat:keyword": [_said(_("pengaduan")), _said(_("pelayanan publik"))],
        "dcat:distribution": [_file(to.file(f"{day:%Y-%m}", form), form, to.page) for form in ("csv", "json")],
    }


def _as_json(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}bentuk=json"


def _file(url: str, form: str, page: str) -> Node:
    media, name = FORMS[form]
    return {
        "@id": url,
        "@type": "dcat:Distribution",
        "dcat:accessURL": _is(page),
        "dcat:downloadURL": _is(url),
        "dcat:mediaType": _is(MEDIA + media),
        "dct:format": _is(FILE_TYPE + name),
        "dct:license": _is(open_data.LICENCE_URL),
    }


def _publisher(to: Addresses) -> Node:
    return {
        "@id": f"{to.page}#penerbit",
        "@type": "foaf:Organization",
        "foaf:name": _("LAPOR!, kanal pengaduan nasional"),
        "foaf:homepage": _is(to.page),
    }


def _period(first: datetime.date, last: datetime.date) -> Node:
    end = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return {"@type": "dct:PeriodOfTime", "dcat:startDate": first.isoformat(), "dcat:endDate": end.isoformat()}


def _is(address: str) -> Node:
    return {"@id": address}


def _said(words: str) -> Node:
    return {"@value": words, "@language": get_language() or "id"}
