"""The register of the unanswered, for everybody: a page, a feed, a table to take away.

A row leaves the open part by an answer, never because the case was moved, merged, archived or closed. Secret cases,
cases kept from an office and those of anonymous reporters are counted and not listed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import finding, subsites
from agencies.models import Agency, Region
from complaints import cards, search
from complaints.models.clock import ClockKind
from complaints.notifications.letters import absolute
from complaints.transitions import TERMINAL, Status
from complaints.views.browse import keep_briefly
from lapor.kit import paging, tables, wording
from routing import unanswered
from routing.models import Missed
from routing.models.missed import KINDS, MissedQuerySet
from routing.unanswered import State, Wanted, WorkingDays

PAGE = 25
FEED = 50
LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
ATOM = "application/atom+xml; charset=utf-8"
# XML has no place for these (XML 1.0, section 2.2).
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `offices`: those that fit a typed name, `typed` what fits none."""

    wanted: Wanted
    offices: tuple[Agency, ...]
    typed: str

    def query(self, **more: str) -> str:
        """The same part of the register, as an address; "?" for all of it."""
        wanted = self.wanted
        asked = {
            "instansi": str(wanted.office.pk) if wanted.office else "",
            "provinsi": wanted.province,
            "janji": wanted.kind,
            "keadaan": "" if wanted.state == State.OPEN else wanted.state,
            **more,
        }
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def words(self) -> str:
        """The filter in words; "" where nothing was narrowed."""
        wanted = self.wanted
        parts = [
            wanted.office.name if wanted.office else "",
            _name_of(wanted.province) if wanted.province else "",
            broken_promise(wanted.kind) if wanted.kind else "",
        ]
        return ", ".join(part for part in parts if part)


def _asked(request: HttpRequest) -> Asked:
    """What it can't read it takes as not said."""
    office, offices, typed = search.find_office(search.clean(request.GET.get("instansi", "")))
    office = subsites.within(request, office)
    province, kind = request.GET.get("provinsi", ""), request.GET.get("janji", "")
    state = request.GET.get("keadaan", "")
    wanted = Wanted(
        state if state in (State.ANSWERED, State.CORRECTED) else State.OPEN,
        office,
        province if re.fullmatch("[0-9]{2}", province, re.ASCII) else "",
        kind if kind in KINDS else "",
    )
    return Asked(wanted, offices, typed)


def _name_of(province: str) -> str:
    region = Region.objects.filter(pk=province).first()
    return region.name if region else province


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Oldest first; what was answered or corrected, newest first. At most 16 statements."""
    now = timezone.now()
    today = timezone.localdate(now)
    asked = _asked(request)
    wanted = asked.wanted
    rows, cursor, is_first = _page(unanswered.with_all(wanted.rows()), wanted.state, request.GET.get("setelah", ""))
    total = unanswered.summed(wanted.office)
    summary = unanswered.sentence(total, today)
    whole = not wanted.province and not wanted.kind
    spread = unanswered.late_offices(wanted.office) if is_first and whole and wanted.state == State.OPEN else []
    office = wanted.office
    context = {
        "office": office,
        "office_typed": asked.typed,
        "offices": [(f"?instansi={one.pk}", finding.office_line(one)) for one in asked.offices],
        "state": wanted.state,
        "states": [
            (Asked(Wanted(state, office, wanted.province, wanted.kind), (), "").query(), label, state == wanted.state)
            for state, label in (
                (State.OPEN, _("Belum dijawab")),
                (State.ANSWERED, _("Dijawab terlambat")),
                (State.CORRECTED, _("Dikoreksi")),
            )
        ],
        "whole": whole,
        "province": wanted.province,
        "provinces": finding.children(None),
        "kind": wanted.kind,
        "kinds": [(kind.value, broken_promise(kind)) for kind in KINDS],
        "summary": summary,
        "made_at": total.made_at,
        "ages": age_rows(summary),
        "ages_top": max(summary.ages),
        "spread": [
            {"label": one.shown_name, "value": count, "tone": "t5", "url": f"?instansi={one.pk}"}
            for one, count in spread
            if office is None or one.pk != office.pk or len(spread) > 1
        ],
        "spread_top": max((count for _one, count in spread), default=0),
        "rows": _shown(rows, now),
        "older": asked.query(setelah=cursor) if cursor else "",
        "first": "" if is_first else asked.query(),
        "feed": reverse("routing:register_feed") + asked.query(),
        "file": reverse("routing:register_file") + asked.query(),
        "file_json": reverse("routing:register_file") + asked.query(bentuk="json"),
        "now": now,
    }
    return keep_briefly(request, render(request, "routing/register.html", context))


def age_rows(summary: unanswered.Unanswered) -> list[dict[str, Any]]:
    """For routing/_ages.html."""
    young, middle, old = summary.ages
    return [
        {"label": _("1–5 hari kerja"), "value": young},
        {"label": _("6–30 hari kerja"), "value": middle},
        {"label": _("Lebih lama"), "value": old},
    ]


def _page(rows: MissedQuerySet, state: str, cursor: str) -> tuple[list[Missed], str, bool]:
    if state == State.OPEN:
        at = paging.read(cursor, datetime.date.fromisoformat, paging.key)
        rows = rows.order_by("due_on", "pk")
        if at is not None:
            rows = rows.filter(due_on__gte=at[0]).filter(Q(due_on__gt=at[0]) | Q(pk__gt=at[1]))
    else:
        name = "answered_at" if state == State.ANSWERED else "corrected_at"
        at = paging.read(cursor, _moment, paging.key)
        rows = rows.order_by(f"-{name}", "-pk")
        if at is not None:
            rows = rows.filter(**{f"{name}__lte": at[0]}).filter(Q(**{f"{name}__lt": at[0]}) | Q(pk__lt=at[1]))
    taken = list(rows[: PAGE + 1])
    more = ""
    if len(taken) > PAGE:
        last = taken[PAGE - 1]
        ends = last.due_on if state == State.OPEN else last.answered_at or last.corrected_at
        if state == State.CORRECTED:
            ends = last.corrected_at
        assert ends is not None
        more = paging.write(ends.isoformat(), last.pk)
    return taken[:PAGE], more, at is None


def _moment(text: str) -> datetime.datetime:
    at = datetime.datetime.fromisoformat(text)
    if at.tzinfo is None or not 2000 <= at.year < 2200:
        raise ValueError(text)
    return at


def broken_promise(kind: str) -> str:
    """Which promise it was."""
    if kind == ClockKind.VERIFY:
        return _("Penerusan ke kantor yang berwenang")
    if kind == ClockKind.RESPOND:
        return _("Jawaban pertama")
    if kind == ClockKind.RESOLVE:
        return _("Jawaban akhir")
    return _("Keputusan tentang kantor yang berwenang")


def _shown(rows: list[Missed], now: datetime.datetime) -> list[dict[str, Any]]:
    """Four statements: places, holidays, reminders."""
    if not rows:
        return []
    places = cards.places_of([_place(row) for row in rows])
    days = WorkingDays(min(row.due_on for row in rows), timezone.localdate(now) + datetime.timedelta(days=1))
    reminded = unanswered.reminders_of(rows)
    shown = []
    for row in rows:
        case, copy = row.complaint, getattr(row.complaint, "publication", None)
        place = places.get(_place(row) or "")
        zone = place.zone if place else "Asia/Jakarta"
        until = timezone.localtime(row.answered_at or now, ZoneInfo(zone)).date()
        shown.append(
            {
                "title": copy.title if copy else "",
                "url": reverse("complaints:case", args=[case.shown_number]) if copy else "",
                "number": case.shown_number,
                "place": cards.place_line(copy.place_id, places) if copy else "",
                "office": finding.office_line(row.missed_by),
                "now_at": case.handler.shown_name
                if case.handler_id != row.missed_by_id and case.status not in TERMINAL
                else "",
                "broken": _("%(promise)s seharusnya paling lambat %(day)s")
                % {"promise": broken_promise(row.kind), "day": wording.long_day(row.due_on)},
                "ended": row.is_open and case.status in TERMINAL,
                "status": Status(case.status).label,
                "days": days.late(row.due_on, until, row.clock.calendar_region_id),
                "promise": ("kept_late" if row.kind == ClockKind.VERIFY else "answered_late")
                if row.answered_at
                else "late",
                "passing_on": row.kind == ClockKind.VERIFY,
                "reminded": reminded[row.pk],
                "answered": wording.plain_day(row.answered_at, zone) if row.answered_at else "",
                "corrected": wording.plain_day(row.corrected_at) if row.corrected_at else "",
                "was": wording.plain_day(row.due_on),
                "due": wording.plain_day(row.clock.due_on) if row.clock.due_on else "",
            }
        )
    return shown


def _place(row: Missed) -> str | None:
    copy = getattr(row.complaint, "publication", None)
    return copy.place_id if copy else None


# --- The feed ---


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest misses of the country, of an office or of a province (RFC 4287). At most 10 statements."""
    asked = _asked(request)
    where = asked.words or _("seluruh Indonesia")
    page = request.build_absolute_uri(reverse("routing:register") + asked.query())
    made = Atom1Feed(
        title=_("Yang belum dijawab: %(where)s") % {"where": where},
        link=page,
        description=_("Janji kepada warga yang lewat batas waktunya, terbaru dulu. Tanpa data pribadi."),
        language="id",
        feed_url=request.build_absolute_uri(),
        feed_copyright=LICENCE,
    )
    for row in unanswered.with_all(asked.wanted.rows()).order_by("-pk")[:FEED]:
        case, copy = row.complaint, getattr(row.complaint, "publication", None)
        office = finding.office_line(row.missed_by)
        said = [
            _("%(promise)s seharusnya paling lambat %(day)s.")
            % {"promise": broken_promise(row.kind), "day": wording.long_day(row.due_on)},
            *([copy.title] if copy else []),
            *([_kept(row)] if row.answered_at else []),
            *([_("Dikoreksi: ternyata tidak terlambat.")] if row.corrected_at else []),
        ]
        made.add_item(
            title=_in_xml(
                _("%(office)s belum menepati janjinya untuk laporan %(number)s")
                % {
                    "office": office,
                    "number": case.shown_number,
                }
            ),
            link=request.build_absolute_uri(reverse("complaints:case", args=[case.shown_number])) if copy else page,
            description=_in_xml(" ".join(said)),
            # The same wherever it is read from.
            unique_id=f"urn:lapor:tidak-ditanggapi:{row.pk}",
            pubdate=row.noted_at,
            updateddate=max(filter(None, (row.noted_at, row.answered_at, row.corrected_at))),
        )
    response = HttpResponse(made.writeString("utf-8"), content_type=ATOM)
    return keep_briefly(request, response)


def _kept(row: Missed) -> str:
    said = _("Diteruskan %(day)s.") if row.kind == ClockKind.VERIFY else _("Dijawab %(day)s.")
    return said % {"day": wording.plain_day(row.answered_at)}


def _in_xml(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


# --- To take away ---


@require_safe
def file(request: HttpRequest) -> HttpResponseBase:
    """The same part of the register as CSV, or as JSON (`bentuk`), row by row, with filter, time and licence in it."""
    asked, now = _asked(request), timezone.now()
    form = "json" if request.GET.get("bentuk") == "json" else "csv"
    name = slugify(asked.words)[:60] or "indonesia"
    name = f"tidak-ditanggapi-{name}-{timezone.localdate():%Y%m%d}.{form}"
    if form == "json":
        lines, kind = tables.json_lines(_about(asked, now), _objects(asked, now)), tables.JSON_TYPE
    else:
        lines, kind = tables.csv_lines(_lines(asked, now)), tables.CSV_TYPE
    response = StreamingHttpResponse(lines, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _filter_words(asked: Asked) -> str:
    states = {
        State.OPEN: _("belum dijawab"),
        State.ANSWERED: _("dijawab terlambat"),
        State.CORRECTED: _("dikoreksi"),
    }
    return ", ".join(part for part in (states[asked.wanted.state], asked.words) if part)


def _about(asked: Asked, now: datetime.datetime) -> dict[str, str]:
    return {
        "judul": _("Daftar laporan yang tidak ditanggapi"),
        "saringan": _filter_words(asked),
        "sumber": absolute(reverse("routing:register") + asked.query()),
        "dibuat": timezone.localtime(now).isoformat(timespec="seconds"),
        "lisensi": LICENCE,
        "tidak_termuat": _("laporan rahasia dan laporan tanpa nama"),
    }


def _objects(asked: Asked, now: datetime.datetime) -> Iterator[dict[str, Any]]:
    """A row by the names of its columns; days as dates, None where there is nothing."""
    for row, days, reminded, province in _rows(asked, now):
        office, case = row.missed_by, row.complaint
        yield {
            "nomor": case.shown_number,
            "kantor": office.name,
            "pemda_atau_lembaga": _above(office),
            "kode_provinsi": province or None,
            "kode_janji": row.kind,
            "janji": broken_promise(row.kind),
            "putaran": row.round,
            "batas": row.due_on,
            "terlambat_hari_kerja": days,
            "diingatkan": reminded,
            "keadaan": str(Status(case.status).label),
            "sekarang_di": case.handler.name,
            "dijawab": timezone.localdate(row.answered_at) if row.answered_at else None,
            "dikoreksi": timezone.localdate(row.corrected_at) if row.corrected_at else None,
        }


def _above(office: Agency) -> str:
    return office.parent.name if office.parent and office.parent.parent_id else office.name


def _rows(asked: Asked, now: datetime.datetime) -> Iterator[tuple[Missed, int, int, str]]:
    """Each row, by how many working days it is late, how often it was reminded of, and its province's code."""
    days: WorkingDays | None = None
    for page in unanswered.in_pages(asked.wanted):
        days = days or WorkingDays(page[0].due_on, timezone.localdate(now) + datetime.timedelta(days=1))
        reminded, provinces = unanswered.reminders_of(page), unanswered.provinces(page)
        for row in page:
            until = timezone.localdate(row.answered_at or now)
            late = days.late(row.due_on, until, row.clock.calendar_region_id)
            yield row, late, reminded[row.pk], provinces.get(row.missed_by_id, "")


def _lines(asked: Asked, now: datetime.datetime) -> Iterator[list[str]]:
    yield [_("Daftar laporan yang tidak ditanggapi")]
    yield [_("Saringan"), _filter_words(asked)]
    yield [_("Diunduh"), wording.moment(now)]
    yield [_("Lisensi"), LICENCE]
    yield [_("Tidak termuat"), _("laporan rahasia dan laporan tanpa nama")]
    yield []
    yield [
        _("Nomor laporan"), _("Kantor yang lewat batas waktu"), _("Pemda atau lembaga"), _("Kode provinsi"),
        _("Janji"), _("Putaran"), _("Batas waktu"), _("Terlambat (hari kerja)"), _("Diingatkan"),
        _("Keadaan laporan"), _("Sekarang di"), _("Dijawab pada"), _("Dikoreksi pada"),
    ]  # fmt: skip
    for row, late, reminded, province in _rows(asked, now):
        office, case = row.missed_by, row.complaint
        yield [
            case.shown_number,
            office.name,
            _above(office),
            province,
            broken_promise(row.kind),
            str(row.round),
            row.due_on.isoformat(),
            str(late),
            str(reminded),
            str(Status(case.status).label),
            case.handler.name,
            timezone.localdate(row.answered_at).isoformat() if row.answered_at else "",
            timezone.localdate(row.corrected_at).isoformat() if row.corrected_at else "",
        ]
