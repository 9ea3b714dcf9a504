"""The desk's list: which cases, in which order, how many. Nearest promise first (case.md section 4).

A view is a saved query and a query is words typed into one box, so that a list can be sent as an address:
`status:proses kecamatan:seberida lewat:ya "pipa bocor"`. Every list is bounded by one office, or by the subtree of a
coordinator, and read by `complaint_desk (handler, due_on, id)` or `complaint_open_due (due_on, id)`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import calendar
from agencies.actor import Actor
from agencies.models import Agency, Holiday, Level, Membership, Region, Role, User
from complaints.models import Clock, Complaint, Kind, Message
from complaints.models.complaint import ComplaintQuerySet
from complaints.models.visibility import not_kept_from
from complaints.transitions import OPEN, Status
from routing.models import Disposition
from routing.models.disposition import DispositionQuerySet

PAGE = 50
CAP = 99
# Whose turn it is while the case is open: nobody at an office can be late with these.
REPORTERS_TURN = (Status.WAITING, Status.ANSWERED)
OFFICES_TURN = (Status.SUBMITTED, Status.FORWARDED, Status.IN_PROGRESS)

STATUSES: Mapping[str, tuple[str, ...]] = {
    "terbuka": OPEN,
    "verifikasi": (Status.SUBMITTED,),
    "ditunda": (Status.WAITING,),
    "belum": (Status.FORWARDED,),
    "proses": (Status.IN_PROGRESS,),
    "dijawab": (Status.ANSWERED,),
    "selesai": (Status.CLOSED,),
    "arsip": (Status.ARCHIVED,),
}
KINDS: Mapping[str, str] = {
    "pengaduan": Kind.PENGADUAN,
    "aspirasi": Kind.ASPIRASI,
    "informasi": Kind.PERMINTAAN_INFORMASI,
}
# Key → the values it knows; None: any word. Shown to whoever types another.
KEYS: Mapping[str, tuple[str, ...] | None] = {
    "status": tuple(STATUSES),
    "jenis": tuple(KINDS),
    "lewat": ("ya", "tidak"),
    "tenggat": ("hampir",),
    "dibuka": ("belum",),
    "pemegang": ("saya", "belum"),
    "giliran": ("pelapor", "kantor"),
    "setuju": ("menunggu",),
    "urut": ("tenggat", "terbaru"),
    "kecamatan": None,
    "kategori": None,
    "kantor": None,
}
_TOKEN = re.compile(r'(?:(?P<key>[^\W\d_]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>\S+))')


@dataclass(frozen=True)
class View:
    code: str
    label: str | Promise
    query: str
    empty: str | Promise


VIEWS = (
    View("semua", gettext_lazy("Semua yang terbuka"), "", gettext_lazy("Tidak ada laporan terbuka di meja ini.")),
    View(
        "baru",
        gettext_lazy("Baru, belum dibuka"),
        "dibuka:belum",
        gettext_lazy("Semua laporan sudah dibuka oleh seseorang di kantor ini."),
    ),
    View("saya", gettext_lazy("Tugas saya"), "pemegang:saya", gettext_lazy("Belum ada laporan yang Anda pegang.")),
    View(
        "hampir",
        gettext_lazy("Hampir lewat tenggat"),
        "tenggat:hampir",
        gettext_lazy("Tidak ada yang habis waktunya hari ini atau besok."),
    ),
    View("terlambat", gettext_lazy("Terlambat"), "lewat:ya", gettext_lazy("Tidak ada yang terlambat.")),
    View(
        "pelapor",
        gettext_lazy("Menunggu pelapor"),
        "giliran:pelapor",
        gettext_lazy("Tidak ada laporan yang menunggu jawaban pelapor."),
    ),
    View(
        "setuju",
        gettext_lazy("Menunggu persetujuan"),
        "setuju:menunggu",
        gettext_lazy("Tidak ada jawaban yang menunggu persetujuan."),
    ),
)


@dataclass(frozen=True)
class Query:
    """What was typed, understood: keys with their values, words and phrases, and sentences about the rest."""

    text: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_newest_first(self) -> bool:
        return self.keys.get("urut") == "terbaru" or self.keys.get("status") in ("selesai", "arsip")

    @property
    def spans_offices(self) -> bool:
        return "kantor" in self.keys

    def with_key(self, key: str, value: str) -> str:
        """The same query as typed, with one key more."""
        return f"{self.text} {key}:{value}".strip()


def read(text: str) -> Query:
    """Understand a query as typed. Never fails: what is not understood is explained and left out."""
    keys: dict[str, str] = {}
    words: list[str] = []
    problems: list[str] = []
    text = text.replace("\x00", "")[:200].strip()
    for token in _TOKEN.finditer(text):
        key = (token["key"] or "").lower()
        value = (token["phrase"] if token["phrase"] is not None else token["word"] or "").strip()
        if not key:
            words += [value] if value else []
        elif key not in KEYS:
            problems.append(
                _("“%(key)s:” tidak dikenal dan diabaikan. Yang dikenal: %(known)s.")
                % {"key": key, "known": ", ".join(f"{name}:" for name in KEYS)}
            )
        elif (known := KEYS[key]) is not None and value.lower() not in known:
            problems.append(
                _("“%(key)s:%(value)s” tidak dikenal dan diabaikan. Setelah %(key)s: tulis %(known)s.")
                % {"key": key, "value": value, "known": ", ".join(known)}
            )
        elif value:
            keys[key] = value.lower()
    return Query(text, keys, tuple(words), tuple(problems))


@dataclass(frozen=True)
class Desk:
    """Where somebody sits now, and which days are near. `tomorrow` is the next working day."""

    membership: Membership
    office: Agency
    oversees: bool
    looks_below: bool
    today: datetime.date
    tomorrow: datetime.date
    holidays: frozenset[datetime.date]
    # What else narrows every list: of somebody who reads here and is no handler. None: nothing.
    within: Q | None = None

    @classmethod
    def of(
        cls, membership: Membership, *, oversees: bool, below: bool = False, now: datetime.datetime | None = None
    ) -> Desk:
        """Days are those of the office's own region. `below`: the subtree is looked at, by who may."""
        from zoneinfo import ZoneInfo

        office = membership.agency
        zone = office.region.zone if office.region else "Asia/Jakarta"
        today = timezone.localtime(now or timezone.now(), ZoneInfo(zone)).date()
        holidays = (
            Holiday.objects.kept_in(office.region)
            .filter(date__gte=today - datetime.timedelta(days=370), date__lte=today + datetime.timedelta(days=120))
            .days()
        )
        tomorrow = calendar.add_working_days(today, 1, holidays)
        return cls(membership, office, oversees, below and oversees, today, tomorrow, holidays)

    def days_to(self, due: datetime.date) -> int:
        return calendar.working_days_left(self.today, due, self.holidays)


def cases(desk: Desk, query: Query) -> ComplaintQuerySet:
    """The cases of this desk that the query asks for, unordered. Nobody sees a case that is kept from them."""
    found = Complaint.objects.all()
    if desk.looks_below:
        found = _of_offices(found, desk, query.keys.get("kantor", "semua"))
    else:
        found = found.filter(handler_id=desk.office.pk)
    # Nearly every case is about no officer: those cost no look at who is kept from it.
    plain = Q(about_conduct=False, not_for__isnull=True)
    found = found.filter(plain | not_kept_from(Actor.officer(desk.membership)))
    if desk.within is not None:
        found = found.filter(desk.within)
    found = found.filter(status__in=STATUSES[query.keys.get("status", "terbuka")])
    for key, value in query.keys.items():
        if key in _FILTERS:
            found = _FILTERS[key](found, desk, value)
    for word in query.words:
        # What a secret case says is read on its own page, where it is logged, and is not found by its words.
        found = found.filter(Q(title__icontains=word) | Q(body__icontains=word), secret=False)
    return found


def _of_offices(found: ComplaintQuerySet, desk: Desk, wanted: str) -> ComplaintQuerySet:
    if desk.membership.role == Role.NATIONAL:
        # What is secret elsewhere asks for a reason first; no list shows it.
        found = found.filter(Q(secret=False) | Q(handler_id=desk.office.pk))
        if wanted == "semua":
            return found
    offices = Agency.objects.under(desk.office)
    if wanted != "semua":
        offices = offices.filter(Q(name__icontains=wanted) | Q(short_name__icontains=wanted))
    return found.filter(handler__in=offices.values("pk"))


def _late(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    if value == "ya":
        return found.filter(status__in=OFFICES_TURN, due_on__lt=desk.today)
    return found.filter(Q(due_on__gte=desk.today) | Q(due_on__isnull=True) | Q(status__in=REPORTERS_TURN))


def _near(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    return found.filter(status__in=OFFICES_TURN, due_on__gte=desk.today, due_on__lte=desk.tomorrow)


def _stints(desk: Desk) -> DispositionQuerySet:
    """The open stint of each case: at this office, or anywhere below for who looks there."""
    stints = Disposition.objects.open().filter(complaint_id=OuterRef("pk"))
    return stints if desk.looks_below else stints.filter(agency_id=desk.office.pk)


def _unopened(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    return found.filter(Exists(_stints(desk).filter(opened_at__isnull=True)))


def _held(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    stints = _stints(desk)
    if value == "saya":
        return found.filter(Exists(stints.filter(officer_id=desk.membership.user_id)))
    return found.filter(Exists(stints.filter(officer__isnull=True)))


def _turn(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    return found.filter(status__in=REPORTERS_TURN if value == "pelapor" else OFFICES_TURN)


def _pending(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    waiting = Message.objects.filter(complaint_id=OuterRef("pk"), state=Message.State.PENDING)
    return found.filter(Exists(waiting))


def _kind(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    return found.filter(kind=KINDS[value])


def _kecamatan(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    places = Region.objects.filter(level=Level.KECAMATAN, search_name__icontains=value)
    if desk.office.region_id:
        places = places.filter(pk__startswith=desk.office.region_id)
    codes = list(places.values_list("pk", flat=True)[:20])
    inside = Q(pk__in=[])
    for code in codes:
        inside |= Q(place_id=code) | Q(place__code__startswith=f"{code}.")
    return found.filter(inside)


def _category(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    return found.filter(Q(category__name__icontains=value) | Q(category__parent__name__icontains=value))


_FILTERS = {
    "lewat": _late,
    "tenggat": _near,
    "dibuka": _unopened,
    "pemegang": _held,
    "giliran": _turn,
    "setuju": _pending,
    "jenis": _kind,
    "kecamatan": _kecamatan,
    "kategori": _category,
}


def counts(desk: Desk, views: Iterable[View]) -> dict[str, int]:
    """How many cases each view holds, at most CAP + 1 counted, in one statement."""
    listed = tuple(views)
    office = desk.office
    sql, params = _counting(
        tuple(view.query for view in listed),
        Role(desk.membership.role),
        office.path_length,
        desk.looks_below,
        timezone.localdate(),
        CAP,
    )
    given: dict[Any, Any] = {
        _OFFICE: office.pk,
        _USER: desk.membership.user_id,
        _TODAY: desk.today,
        _TOMORROW: desk.tomorrow,
        f"{_path(office.path_length)}%": f"{office.path}%",
    } | {_ABOVE + n: pk for n, pk in enumerate(office.ids_above)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(value, value) for value in params])
        found = cursor.fetchone()
    return dict(zip((view.code for view in listed), found or (), strict=True))


# What stands in a compiled count for the officer's own values. No real row has such an id or such a date.
_OFFICE, _USER, _ABOVE = 10**15, 2 * 10**15, 3 * 10**15
_TODAY, _TOMORROW = datetime.date(1, 1, 2), datetime.date(1, 1, 3)


def _path(depth: int) -> str:
    return "/" + "".join(f"{_ABOVE + n}/" for n in range(depth - 1)) + f"{_OFFICE}/"


@lru_cache(maxsize=64)
def _counting(
    queries: tuple[str, ...], role: Role, depth: int, below: bool, day: datetime.date, cap: int
) -> tuple[str, tuple[Any, ...]]:
    """The statement for one shape of desk, compiled once: writing seven queries anew at every page would cost more
    than running them. `day` is part of the shape because the memberships in force on it are."""
    office = Agency(pk=_OFFICE, path=_path(depth), path_length=depth)
    membership = Membership(user=User(pk=_USER), agency=office, role=role)
    desk = Desk(membership, office, below, below, _TODAY, _TOMORROW, frozenset())
    parts: list[str] = []
    params: list[Any] = []
    for text in queries:
        rows = cases(desk, read(text))
        sql, values = rows.order_by().values_list("pk")[: cap + 1].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608 (compiled by the ORM)
        params += values
    return f"SELECT {', '.join(parts)}", tuple(params)


def capped(count: int) -> str:
    return f"{CAP}+" if count > CAP else str(count)


@dataclass(frozen=True)
class Row:
    """One line of the list, ready to show. `days` are working days."""

    number: str
    shown_number: str
    title: str
    secret: bool
    place: str
    status: str
    office: str
    officer: str
    received_at: datetime.datetime
    zone: str
    group: str
    state: str
    days: int
    is_new: bool


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    next_cursor: str
    is_first: bool


def page(desk: Desk, query: Query, cursor: str = "") -> Page:
    """Up to PAGE rows after the cursor; one that is forged or old shows the first page. Five statements at most."""
    at = _read_cursor(cursor, query)
    found = cases(desk, query).select_related("place__parent", "handler")
    found = found.only(
        "number", "title", "secret", "status", "due_on", "received_at", "changed_at", "handler__name",
        "handler__short_name", "place__name", "place__level", "place__zone", "place__parent__name",
        "place__parent__level",
    )  # fmt: skip
    taken = list(_newest(found, at) if query.is_newest_first else _nearest(found, at))
    more = len(taken) > PAGE
    taken = taken[:PAGE]
    ids = [case.pk for case in taken]
    clocks: dict[int, list[tuple[datetime.date | None, datetime.date | None, int | None]]] = {}
    stints: dict[int, tuple[str, bool]] = {}
    if ids:
        for pk, due, paused, left in (
            Clock.objects.unstopped()
            .exclude(kind="REPORTER")
            .filter(complaint_id__in=ids)
            .values_list("complaint_id", "due_on", "paused_on", "days_left")
        ):
            clocks.setdefault(pk, []).append((due, paused, left))
        for pk, name, opened in (
            Disposition.objects.open()
            .filter(complaint_id__in=ids)
            .values_list("complaint_id", "officer__name", "opened_at")
        ):
            stints[pk] = (name or "", opened is None)
    rows = [_row(desk, case, clocks.get(case.pk, []), stints.get(case.pk, ("", False))) for case in taken]
    if not query.is_newest_first:
        rows.sort(key=lambda row: GROUP_ORDER.index(row.group))
    last = _write_cursor(taken[-1], query) if more else ""
    return Page(rows, last, at is None)


GROUPS: Mapping[str, str | Promise] = {
    "late": gettext_lazy("Terlambat"),
    "near": gettext_lazy("Hampir lewat tenggat"),
    "time": gettext_lazy("Masih ada waktu"),
    "reporter": gettext_lazy("Menunggu pelapor"),
    "ended": gettext_lazy("Sudah ditutup"),
}
GROUP_ORDER = list(GROUPS)


def _row(
    desk: Desk,
    case: Complaint,
    clocks: list[tuple[datetime.date | None, datetime.date | None, int | None]],
    stint: tuple[str, bool],
) -> Row:
    group, state, days = _standing(desk, case, clocks)
    return Row(
        number=case.number,
        shown_number=case.shown_number,
        title=_("Laporan rahasia") if case.secret else case.title,
        secret=case.secret,
        place=place_line(case.place) if not case.secret else "",
        status=str(Status(case.status).label),
        office=case.handler.shown_name,
        officer=stint[0],
        received_at=case.received_at,
        zone=case.zone,
        group=group,
        state=state,
        days=days,
        is_new=stint[1] and case.status in OPEN,
    )


def _standing(
    desk: Desk, case: Complaint, clocks: list[tuple[datetime.date | None, datetime.date | None, int | None]]
) -> tuple[str, str, int]:
    """Group of the list, state of the badge, working days of the badge."""
    if case.status not in OPEN:
        return "ended", "none", 0
    if case.status in REPORTERS_TURN:
        # What was late before the citizen was waited for stays late.
        passed = [due for due, _paused, _left in clocks if due is not None and due < desk.today]
        if passed:
            return "reporter", "late", -desk.days_to(min(passed))
        left = [days for _due, paused, days in clocks if paused is not None and days is not None]
        return ("reporter", "paused", min(left)) if left else ("reporter", "none", 0)
    if case.due_on is None:
        return "time", "none", 0
    days = desk.days_to(case.due_on)
    if days < 0:
        return "late", "late", -days
    return ("near", "near", days) if case.due_on <= desk.tomorrow else ("time", "on_time", days)


def place_line(place: Region | None) -> str:
    """ "Desa Kelesa, Kec. Seberida": as narrow as is known, with what is around it."""
    if place is None:
        return ""
    words = {Level.KECAMATAN: _("Kec. %(name)s"), Level.KELURAHAN: _("Kel. %(name)s"), Level.DESA: _("Desa %(name)s")}
    shown = [
        words[Level(one.level)] % {"name": one.name} if Level(one.level) in words else one.name
        for one in (place, place.parent)
        if one is not None
    ]
    return ", ".join(shown if Level(place.level) in words else shown[:1])


Cursor = tuple[datetime.date | datetime.datetime | None, int]


def _nearest(found: ComplaintQuerySet, at: Cursor | None) -> list[Complaint]:
    """By date, those without one last. Two statements only where the dated ones do not fill the page."""
    dated = found.filter(due_on__isnull=False).order_by("due_on", "pk")
    undated = found.filter(due_on__isnull=True).order_by("pk")
    if at is not None and at[0] is None:
        return list(undated.filter(pk__gt=at[1])[: PAGE + 1])
    if at is not None:
        dated = dated.filter(due_on__gte=at[0]).filter(Q(due_on__gt=at[0]) | Q(pk__gt=at[1]))
    taken = list(dated[: PAGE + 1])
    return taken if len(taken) > PAGE else [*taken, *undated[: PAGE + 1 - len(taken)]]


def _newest(found: ComplaintQuerySet, at: Cursor | None) -> list[Complaint]:
    ordered = found.order_by("-changed_at", "-pk")
    if at is not None and at[0] is not None:
        ordered = ordered.filter(changed_at__lte=at[0]).filter(Q(changed_at__lt=at[0]) | Q(pk__lt=at[1]))
    return list(ordered[: PAGE + 1])


def _write_cursor(case: Complaint, query: Query) -> str:
    at = case.changed_at if query.is_newest_first else case.due_on
    return f"{at.isoformat() if at else ''}~{case.pk}"


def _read_cursor(text: str, query: Query) -> Cursor | None:
    """None for anything that is no cursor of this order: the list then begins at its beginning."""
    at, _sep, pk = text.partition("~")
    if not re.fullmatch(r"[0-9]{1,18}", pk):
        return None
    try:
        if query.is_newest_first:
            moment = datetime.datetime.fromisoformat(at)
            return (moment, int(pk)) if timezone.is_aware(moment) else None
        return (datetime.date.fromisoformat(at) if at else None, int(pk))
    except ValueError:
        return None
