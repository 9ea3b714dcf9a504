"""Published cases as a table for everybody: one line a case, month by month, of what is on public pages anyway.

Rows begin at Publication; of the case itself only where it stands and whose it is, of its events only the days of the
first answer and of the end, which its public page shows too. What was closed to everybody is in no later file.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, Q
from django.utils import timezone

from agencies.models import Agency
from complaints import cards
from complaints.models import Event, Publication, Supporter
from complaints.transitions import Status

# Creative Commons Attribution 4.0: whoever uses it names the source. Perpres 39/2019 (Satu Data Indonesia) asks that
# open data may be used without asking.
LICENCE: Final = "CC-BY-4.0"
LICENCE_URL: Final = "https://creativecommons.org/licenses/by/4.0/deed.id"
COLUMNS: Final = (
    "nomor",
    "diterima",
    "diterbitkan",
    "jenis",
    "kategori",
    "judul",
    "kode_wilayah",
    "wilayah",
    "id_instansi",
    "instansi",
    "status",
    "jawaban_pertama",
    "berakhir",
    "ikut_mengalami",
)
# Cases read at once; the answer is streamed, so that a month of a whole country takes no more memory than this.
PAGE: Final = 1_000
JAKARTA = ZoneInfo("Asia/Jakarta")
_ANSWERS = ("answer", "resolve")
_ENDS = ("accept", "lapse", "archive")

Row = Mapping[str, Any]


def months(now: datetime.datetime) -> list[datetime.date]:
    """First days of the months in which something was published and still is, the newest first. One statement."""
    first = Publication.objects.aggregate(first=Min("published_at"))["first"]
    if first is None:
        return []
    start, day = _day(first).replace(day=1), _day(now).replace(day=1)
    found = []
    while day >= start:
        found.append(day)
        day = (day - datetime.timedelta(days=1)).replace(day=1)
    return found


def rows(month: datetime.date, within: Agency | None = None) -> Iterator[Row]:
    """Every case published in this month (Western Indonesia Time), oldest first; values as `COLUMNS`, days as dates.
    `within`: of this agency and all below it. Four statements a thousand cases."""
    began = datetime.datetime.combine(month, datetime.time(), JAKARTA)
    until = datetime.datetime.combine((month + datetime.timedelta(days=32)).replace(day=1), datetime.time(), JAKARTA)
    asked = Publication.objects.filter(published_at__gte=began, published_at__lt=until, complaint__secret=False)
    if within is not None:
        asked = asked.filter(complaint__handler__path__startswith=within.path)
    asked = asked.select_related("complaint__handler", "category").defer(
        "body", "conversation", "search", "complaint__title", "complaint__body", "complaint__landmark"
    )
    last: tuple[datetime.datetime, int] | None = None
    while True:
        here = asked
        if last is not None:
            here = asked.filter(published_at__gte=last[0]).filter(Q(published_at__gt=last[0]) | Q(pk__gt=last[1]))
        page = list(here.order_by("published_at", "pk")[:PAGE])
        yield from _told(page)
        if len(page) < PAGE:
            return
        last = page[-1].published_at, page[-1].pk


def _told(page: list[Publication]) -> Iterator[Row]:
    ids = [row.complaint_id for row in page]
    places = cards.places_of(row.place_id for row in page)
    days = {
        pk: (answered, ended)
        for pk, answered, ended in Event.objects.filter(complaint_id__in=ids, verb__in=[*_ANSWERS, *_ENDS])
        .order_by()
        .values_list("complaint_id")
        .annotate(answered=Min("at", filter=Q(verb__in=_ANSWERS)), ended=Max("at", filter=Q(verb__in=_ENDS)))
    }
    supporters = Supporter.objects.count_by_case(ids)
    for row in page:
        case = row.complaint
        answered, ended = days.get(case.pk, (None, None))
        yield {
            "nomor": case.shown_number,
            "diterima": _day(case.received_at),
            "diterbitkan": _day(row.published_at),
            "jenis": row.kind,
            "kategori": row.category.name if row.category else "",
            "judul": row.title,
            "kode_wilayah": row.place_id or "",
            "wilayah": cards.place_line(row.place_id, places, down_from=1),
            "id_instansi": case.handler_id,
            "instansi": case.handler.name,
            "status": str(Status(case.status).label),
            "jawaban_pertama": _day(answered) if answered else None,
            "berakhir": _day(ended) if ended and not case.is_open else None,
            "ikut_mengalami": supporters.get(case.pk, 0),
        }


def as_cells(found: Iterator[Row]) -> Iterator[list[str]]:
    """The head and a line of text for each row."""
    yield list(COLUMNS)
    for row in found:
        yield ["" if row[name] is None else str(row[name]) for name in COLUMNS]


def as_json(found: Iterator[Row], about: Mapping[str, str]) -> Iterator[bytes]:
    """One object: what it is, and the rows as a list, written as they are read."""
    head = json.dumps(dict(about), ensure_ascii=False)
    yield f'{head[:-1]}, "laporan": ['.encode()
    for n, row in enumerate(found):
        yield (",\n" if n else "\n").encode() + json.dumps(row, ensure_ascii=False, default=str).encode()
    yield b"\n]}\n"


def _day(at: datetime.datetime) -> datetime.date:
    return timezone.localtime(at, JAKARTA).date()
