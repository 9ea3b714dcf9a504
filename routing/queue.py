"""The desk's list: which cases, in which order, how many. Nearest promise first (case.md section 4).

A view is a saved query and a query is words typed into one box, so that a list can be sent as an address:
`status:proses kecamatan:seberida lewat:ya "pipa bocor"`. Every list is bounded by one office, or by the subtree of a
coordinator and each of its offices read by itself (`complaint_desk`); the centre's goes by date (`complaint_open_due`).
"""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, FilteredRelation, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import AgencyQuerySet, Level, Region, Role
from complaints.models import Clock, Complaint, Kind, Message, Supporter, Tag
from complaints.models.complaint import ComplaintQuerySet
from complaints.models.visibility import not_kept_from
from complaints.number import shown_number
from complaints.transitions import OFFICES_TURN, OPEN, REPORTERS_TURN, Status
from lapor.kit import wording
from lapor.kit.compiled import Compiled
from routing.desks import Desk as Desk
from routing.desks import Shape, filling
from routing.models import CallUp, Disposition

PAGE = 50
# Of all that was ever closed in the country a page reads at most so many cases for words; older ones when it is asked.
SPAN = 100_000

STATUSES: Mapping[str, tuple[str, ...]] = {
    "terbuka": OPEN,
    "verifikasi": (Status.SUBMITTED,),
    "ditunda": (Status.WAITING,),
    "belum": (Status.FORWARDED,),
    "proses": (Status.IN_PROGRESS,),
    "dijawab": (Status.ANSWERED,),
    "selesai": (Status.CLOSED,),
    "arsip": (Status.ARCHIVED,),
    "semua": tuple(Status),
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
    "bantuan": ("diminta",),
    "penjelasan": ("diminta", "lewat"),
    "pendukung": None,
    "urut": ("tenggat", "terbaru", "pendukung"),
    "kecamatan": None,
    "kategori": None,
    "kantor": None,
    "program": None,
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


# Every programme at once; no programme may be called so (agencies.programmes).
ANY_PROGRAMME = "semua"
# What belongs to a priority programme: first of all views, shown while there is something.
PROGRAMME = View(
    "program",
    gettext_lazy("Program prioritas"),
    f"program:{ANY_PROGRAMME}",
    gettext_lazy("Tidak ada laporan program prioritas yang terbuka."),
)
# What a coordinator asked an account of; shown while there is something.
CALLED = View(
    "penjelasan",
    gettext_lazy("Diminta menjelaskan"),
    "penjelasan:diminta",
    gettext_lazy("Tidak ada penjelasan yang diminta."),
)
# What the own office helps with: a page of its own, counted with the views.
HELPING = View("bantuan", gettext_lazy("Diminta membantu"), "bantuan:diminta", "")


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
    def is_by_supporters(self) -> bool:
        """Of what others follow, most followed first; what nobody follows is not in it."""
        return self.keys.get("urut") == "pendukung"

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


def cases(desk: Desk, query: Query, *, dated: bool = False) -> ComplaintQuerySet:
    """The cases of this desk that the query asks for, unordered. Nobody sees a case that is kept from them. `dated`:
    only those a promise still runs for."""
    found = Complaint.objects.filter(desk.reaches("handler_id", query))
    if desk.looks_below and desk.membership.role == Role.NATIONAL:
        # What is secret elsewhere asks for a reason first; no list shows it.
        found = found.filter(Q(secret=False) | Q(handler_id=desk.office.pk))
    # Nearly every case is about no officer: those cost no look at who is kept from it.
    plain = Q(about_conduct=False, not_for__isnull=True)
    found = found.filter(plain | not_kept_from(Actor.officer(desk.membership)))
    if desk.within is not None:
        found = found.filter(desk.within)
    statuses = _statuses(query)
    if dated:
        # What is closed has no date any more; said so, a list by date is read in its order (`complaint_open_due`).
        found = found.filter(due_on__isnull=False)
        statuses = tuple(status for status in statuses if status in OPEN)
    found = found.filter(status__in=statuses)
    for key, value in query.keys.items():
        if key in BESIDE:
            found = found.filter(Exists(BESIDE[key](desk, value).filter(complaint_id=OuterRef("pk"))))
        elif key in _FILTERS:
            found = _FILTERS[key](found, desk, value)
    for word in query.words:
        # What a secret case says is read on its own page, where it is logged, and is not found by its words.
        found = found.filter(Q(title__icontains=word) | Q(body__icontains=word), secret=False)
    return found


def _unopened(desk: Desk, value: str) -> QuerySet[Any, Any]:
    return Disposition.objects.open().filter(desk.reaches("agency_id"), opened_at__isnull=True)


def _held(desk: Desk, value: str) -> QuerySet[Any, Any]:
    stints = Disposition.objects.open().filter(desk.reaches("agency_id"))
    if value == "saya":
        return stints.filter(officer_id=desk.membership.user_id)
    return stints.filter(officer__isnull=True)


def _pending(desk: Desk, value: str) -> QuerySet[Any, Any]:
    # It goes with the stint: the office that wrote it still has the case.
    return Message.objects.filter(desk.reaches("agency_id"), state=Message.State.PENDING)


def _called(desk: Desk, value: str) -> QuerySet[Any, Any]:
    found = CallUp.objects.open().filter(desk.reaches("agency_id"))
    return found.filter(due_on__lt=desk.today) if value == "lewat" else found


# What a key asks of a row beside the case, its open stint, a message or a call-up: at most one such row a case.
BESIDE: Mapping[str, Callable[[Desk, str], QuerySet[Any, Any]]] = {
    "dibuka": _unopened,
    "pemegang": _held,
    "setuju": _pending,
    "penjelasan": _called,
}


# Keys that ask whose turn it is.
_TURNS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("lewat", "ya"): OFFICES_TURN,
    ("tenggat", "hampir"): OFFICES_TURN,
    ("giliran", "kantor"): OFFICES_TURN,
    ("giliran", "pelapor"): REPORTERS_TURN,
}


# Keys that say of which rows alone a list is, however many cases there are.
_KNOWN = frozenset(("program", "pendukung", *BESIDE))
# Keys that ask of a case what no index of closed ones knows.
_READ = frozenset(("jenis", "kecamatan", "kategori"))


def _is_read_through(query: Query) -> bool:
    """One case after another is looked at until the page is full: rare words stand in none for long."""
    asked = query.keys.keys()
    return bool(query.words or asked & _READ) and not asked & _KNOWN and bool(_statuses(query))


def _statuses(query: Query) -> tuple[str, ...]:
    """One condition for all that is asked of the status: of two PostgreSQL would expect too few rows."""
    wanted = STATUSES[query.keys.get("status", "terbuka")]
    for asked in query.keys.items():
        wanted = tuple(status for status in wanted if status in _TURNS.get(asked, wanted))
    return wanted


def _late(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    if value == "ya":
        return found.filter(due_on__lt=desk.today)
    return found.filter(Q(due_on__gte=desk.today) | Q(due_on__isnull=True) | Q(status__in=REPORTERS_TURN))


def _near(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    return found.filter(due_on__gte=desk.today, due_on__lte=desk.tomorrow)


def _kind(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    return found.filter(kind=KINDS[value])


def _kecamatan(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    places = Region.objects.filter(level=Level.KECAMATAN, search_name__icontains=value)
    if desk.office.region_id:
        places = places.filter(pk__startswith=desk.office.region_id)
    codes = list(places.values_list("pk", flat=True)[:20])
    inside = Q(pk__in=[])
    for code in codes:
        # No other code is so long: what begins with it is the kecamatan or lies in it.
        inside |= Q(place__code__startswith=code) | Q(found_place__code__startswith=code)
    return found.filter(inside)


def _category(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    return found.filter(Q(category__name__icontains=value) | Q(category__parent__name__icontains=value))


def _programme(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    # Which programme a secret case belongs to is read on its own page.
    tags = Tag.objects.current().filter(complaint_id=OuterRef("pk"))
    if value != ANY_PROGRAMME:
        tags = tags.filter(programme__code=value)
    return found.filter(Exists(tags), secret=False)


def _supported(found: ComplaintQuerySet, desk: Desk, value: str) -> ComplaintQuerySet:
    # What is public alone has a number; anything but a number asks for one at least.
    least = int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 7 else 1
    return found.filter(pk__in=Supporter.objects.leads(max(least, 1)))


_FILTERS: Mapping[str, Callable[[ComplaintQuerySet, Desk, str], ComplaintQuerySet]] = {
    "lewat": _late,
    "tenggat": _near,
    "jenis": _kind,
    "kecamatan": _kecamatan,
    "kategori": _category,
    "program": _programme,
    "pendukung": _supported,
}


@dataclass(frozen=True)
class Row:
    """One line of the list, ready to show. `days` are working days."""

    number: str
    shown_number: str
    title: str
    secret: bool
    # Its place; its number where that is unknown or not to be told.
    where: str
    status: str
    programmes: tuple[str, ...]
    office: str
    officer: str
    received: str
    group: str
    state: str
    days: int
    is_new: bool
    # Until when its office was asked to account for it; "" where nobody asked.
    account: str = ""
    account_late: bool = False
    # How many more follow it, where the list asks for that; else 0.
    supporters: int = 0


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    next_cursor: str
    is_first: bool
    # The page is not full, and what is older was not looked at.
    is_partial: bool = False


class _Read(NamedTuple):
    """What the list reads of a case, in the order of `_COLUMNS`. `stint`: the open one, None once it is closed."""

    pk: int
    number: str
    title: str
    secret: bool
    status: str
    due_on: datetime.date | None
    received_at: datetime.datetime
    changed_at: datetime.datetime
    office: str
    office_short: str
    place: str | None
    level: str
    zone: str | None
    around: str | None
    around_level: str
    stint: int | None
    opened_at: datetime.datetime | None
    officer: str | None
    site: str | None
    programmes: list[str]
    called_up: datetime.date | None


_COLUMNS = (
    "pk", "number", "title", "secret", "status", "due_on", "received_at", "changed_at", "handler__name",
    "handler__short_name", "place__name", "place__level", "place__zone", "place__parent__name",
    "place__parent__level", "stint__pk", "stint__opened_at", "stint__officer__name",
    "subsite__name", "programmes", "called_up",
)  # fmt: skip


def page(desk: Desk, query: Query, cursor: str = "", most: int = PAGE) -> Page:
    """Up to `most` rows after the cursor; one that is forged or old shows the first page. Four statements at most."""
    if query.is_by_supporters:
        return _most_supported(desk, query, cursor, most)
    at, low = _read_cursor(cursor, query), 0
    if at is None and desk.within is None and not desk.everywhere and query.text in _SAVED:
        taken = _first_page(desk, query.text, most)
    else:
        found = cases(desk, query)
        offices = desk.offices(query) if desk.looks_below else None
        everywhere = desk.looks_below and offices is None
        if query.is_newest_first and everywhere:
            if not desk.everywhere and _is_read_through(query):
                low = _lowest(at)
                found = found.filter(pk__gte=low)
            taken = _received(found, at, most)
        elif query.is_newest_first:
            taken = _newest(found, at, offices, most)
        else:
            taken = _nearest(cases(desk, query, dated=True), found, at, offices, most)
    more = len(taken) > most
    rows = _rows(desk, taken[:most])
    if "pendukung" in query.keys:
        counts = Supporter.objects.count_by_case([case.pk for case in taken[:most]])
        rows = [replace(row, supporters=counts.get(case.pk, 0)) for row, case in zip(rows, taken, strict=False)]
    if not query.is_newest_first:
        rows.sort(key=lambda row: (GROUP_ORDER.index(row.group), -row.supporters))
    last = _write_cursor(taken[most - 1], query) if more else f"~{low}" if low else ""
    return Page(rows, last, at is None, is_partial=bool(low) and not more)


def _rows(desk: Desk, taken: list[_Read]) -> list[Row]:
    clocks = _clocks([case.pk for case in taken if case.status in REPORTERS_TURN])
    words = {status.value: str(status.label) for status in Status}
    return [_row(desk, case, clocks.get(case.pk, []), words[case.status]) for case in taken]


_SUPPORTED = re.compile(r"([0-9]{1,9})~([0-9]{1,18})")


def _most_supported(desk: Desk, query: Query, cursor: str, most: int) -> Page:
    """Three statements at most."""
    found = Supporter.objects.followed(1).filter(lead__in=cases(desk, query).values("pk"))
    at = _SUPPORTED.fullmatch(cursor)
    if at is not None:
        n, pk = int(at[1]), int(at[2])
        found = found.filter(Q(n__lt=n) | Q(n=n, lead__gt=pk))
    counted = list(found.order_by("-n", "lead").values_list("lead", "n")[: most + 1])
    counts = dict(counted[:most])
    read = {case.pk: case for case in _first(Complaint.objects.filter(pk__in=counts).order_by("pk"), None, most)}
    taken = [read[pk] for pk in counts if pk in read]
    rows = [replace(row, supporters=counts[case.pk]) for row, case in zip(_rows(desk, taken), taken, strict=True)]
    last = "{1}~{0}".format(*counted[most - 1]) if len(counted) > most else ""
    return Page(rows, last, at is None)


Promised = tuple[datetime.date | None, datetime.date | None, int | None]


def _clocks(ids: list[int]) -> dict[int, list[Promised]]:
    """Due date, first day of the pause and days left of what the state promised in these cases."""
    found: dict[int, list[Promised]] = {}
    if ids:
        promises = Clock.objects.unstopped().exclude(kind="REPORTER").filter(complaint_id__in=ids)
        for pk, due, paused, left in promises.values_list("complaint_id", "due_on", "paused_on", "days_left"):
            found.setdefault(pk, []).append((due, paused, left))
    return found


GROUPS: Mapping[str, str | Promise] = {
    "late": gettext_lazy("Terlambat"),
    "near": gettext_lazy("Hampir lewat tenggat"),
    "time": gettext_lazy("Masih ada waktu"),
    "reporter": gettext_lazy("Menunggu pelapor"),
    "ended": gettext_lazy("Sudah ditutup"),
}
GROUP_ORDER = list(GROUPS)


def _row(desk: Desk, case: _Read, clocks: list[Promised], status: str) -> Row:
    group, state, days = _standing(desk, case, clocks)
    number, where = shown_number(case.number), ""
    if not case.secret:
        where = _place_line((case.place, case.level), (case.around, case.around_level), get_language())
        if case.site:
            where = _("%(place)s, lewat %(site)s") % {"place": where or number, "site": case.site}
    return Row(
        number=case.number,
        shown_number=number,
        title=_("Laporan rahasia") if case.secret else case.title,
        secret=case.secret,
        where=where or number,
        status=status,
        programmes=() if case.secret else tuple(case.programmes),
        office=case.office_short or case.office,
        officer=case.officer or "",
        received=wording.short_day(case.received_at, case.zone),
        group=group,
        state=state,
        days=days,
        is_new=case.stint is not None and case.opened_at is None,
        account=wording.plain_day(case.called_up) if case.called_up else "",
        account_late=case.called_up is not None and case.called_up < desk.today,
    )


def _standing(desk: Desk, case: _Read, clocks: list[Promised]) -> tuple[str, str, int]:
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
    around = place.parent
    above = (around.name, around.level) if around else (None, "")
    return _place_line((place.name, place.level), above, get_language())


@lru_cache(maxsize=4096)
def _place_line(place: tuple[str | None, str], around: tuple[str | None, str], language: str | None) -> str:
    """The places of an office's cases repeat themselves: each is put into words once."""
    narrow = place[1] in (Level.KECAMATAN, Level.KELURAHAN, Level.DESA)
    return ", ".join(_place_words(*one) for one in ((place, around) if narrow else (place,)) if one[0])


def _place_words(name: str | None, level: str) -> str:
    match level:
        case Level.KECAMATAN:
            return _("Kec. %(name)s") % {"name": name}
        case Level.KELURAHAN:
            return _("Kel. %(name)s") % {"name": name}
        case Level.DESA:
            return _("Desa %(name)s") % {"name": name}
    return name or ""


Cursor = tuple[datetime.date | datetime.datetime | None, int]


def _nearest(
    dated: ComplaintQuerySet, found: ComplaintQuerySet, at: Cursor | None, offices: AgencyQuerySet | None, most: int
) -> list[_Read]:
    """By date, those without one last. Two statements only where the dated ones do not fill the page."""
    dated = dated.order_by("due_on", "pk")
    undated = found.filter(due_on__isnull=True).order_by("pk")
    if at is not None and at[0] is None:
        return _first(undated.filter(pk__gt=at[1]), offices, most)
    if at is not None:
        dated = dated.filter(due_on__gte=at[0]).filter(Q(due_on__gt=at[0]) | Q(pk__gt=at[1]))
    taken = _first(dated, offices, most)
    return taken if len(taken) > most else [*taken, *_first(undated, offices, most)][: most + 1]


# What the saved views ask for, at the own office and below it.
_SAVED = frozenset(f"{view.query}{below}".strip() for view in VIEWS for below in ("", " kantor:semua"))


def _first_page(desk: Desk, text: str, most: int) -> list[_Read]:
    """The first page of a saved view, as `_nearest` would read it, its statements spelt once."""
    taken: list[_Read] = []
    given = filling(desk)
    for one in _spelt(text, Shape.of(desk), most):
        taken += [_Read(*row) for row in one.standing_for(given)]
        if len(taken) > most:
            break
    return taken[: most + 1]


@lru_cache(maxsize=128)
def _spelt(text: str, shape: Shape, most: int) -> tuple[Compiled[Any], ...]:
    """The statements of the dated cases and of those without a date."""
    query, desk = read(text), shape.stand_in()
    offices = desk.offices(query) if desk.looks_below else None
    dated = cases(desk, query, dated=True).order_by("due_on", "pk")
    undated = cases(desk, query).filter(due_on__isnull=True).order_by("pk")
    return tuple(Compiled(partial(_listed, one, offices, most)) for one in (dated, undated))


def _received(found: ComplaintQuerySet, at: Cursor | None, most: int) -> list[_Read]:
    """Received last first: where no office narrows, that costs as much as is shown. What changed last of all that was
    ever closed no index knows."""
    return _first(found.order_by("-pk").filter(pk__lt=at[1] if at else sys.maxsize), None, most)


def _lowest(at: Cursor | None) -> int:
    """The last id that a page looks at, SPAN of them before the cursor; 0: all of them."""
    ends = Complaint.objects.aggregate(oldest=Min("pk"), newest=Max("pk"))
    low = min(at[1] if at else sys.maxsize, (ends["newest"] or 0) + 1) - SPAN
    return low if low > (ends["oldest"] or 0) else 0


def _newest(found: ComplaintQuerySet, at: Cursor | None, offices: AgencyQuerySet | None, most: int) -> list[_Read]:
    """Changed last first."""
    ordered = found.order_by("-changed_at", "-pk")
    if at is not None and at[0] is not None:
        ordered = ordered.filter(changed_at__lte=at[0]).filter(Q(changed_at__lt=at[0]) | Q(pk__lt=at[1]))
    return _first(ordered, offices, most)


def _first(ordered: ComplaintQuerySet, offices: AgencyQuerySet | None, most: int) -> list[_Read]:
    return [_Read(*row) for row in _listed(ordered, offices, most)]


def _listed(ordered: ComplaintQuerySet, offices: AgencyQuerySet | None, most: int) -> QuerySet[Any, Any]:
    """One page and one row more. Of several offices the first of each is looked up, in the order of its own index, and
    the page taken from those: sorting all that a province has open would cost more the more there is."""
    if offices is not None:
        ordered = Complaint.objects.filter(pk__in=_first_of_each(ordered, offices, most)).order_by(
            *ordered.query.order_by
        )
    stint = FilteredRelation("dispositions", condition=Q(dispositions__ended_at__isnull=True))
    tags = Tag.objects.current().filter(complaint_id=OuterRef("pk")).values("programme__name")
    called = CallUp.objects.open().filter(complaint_id=OuterRef("pk")).values("due_on")[:1]
    found = ordered.alias(stint=stint).annotate(programmes=ArraySubquery(tags), called_up=Subquery(called))
    return found.values_list(*_COLUMNS)[: most + 1]


def _first_of_each(ordered: ComplaintQuerySet, offices: AgencyQuerySet, most: int) -> RawSQL:
    by = [str(name) for name in ordered.query.order_by]
    here = ordered.filter(handler_id=RawSQL("office.id", ())).values(*(name.lstrip("-") for name in by))
    rows, given = here[: most + 1].query.sql_with_params()
    lanes, wanted = offices.values("pk").query.sql_with_params()
    order = ", ".join(f"{name.lstrip('-')} DESC" if name.startswith("-") else name for name in by)
    return RawSQL(  # noqa: S611 (compiled by the ORM)
        f"SELECT pk FROM ({lanes}) office (id) CROSS JOIN LATERAL ({rows}) found ORDER BY {order} LIMIT {most + 1}",  # noqa: S608
        (*wanted, *given),
    )


def _write_cursor(case: _Read, query: Query) -> str:
    at = case.changed_at if query.is_newest_first else case.due_on
    return f"{at.isoformat() if at else ''}~{case.pk}"


def cursor_of(case: Complaint, query: Query) -> str:
    """Where this case stands in the order of the list, whether or not the list has it: what comes after it begins
    there. A list by followers has no such place and begins at its beginning."""
    at = case.changed_at if query.is_newest_first else case.due_on
    return "" if query.is_by_supporters else f"{at.isoformat() if at else ''}~{case.pk}"


def _read_cursor(text: str, query: Query) -> Cursor | None:
    """None for anything that is no cursor of this order: the list then begins at its beginning."""
    at, _sep, pk = text.partition("~")
    if not re.fullmatch(r"[0-9]{1,18}", pk):
        return None
    try:
        if query.is_newest_first:
            moment = datetime.datetime.fromisoformat(at) if at else None
            return (moment, int(pk)) if moment is None or timezone.is_aware(moment) else None
        return (datetime.date.fromisoformat(at) if at else None, int(pk))
    except ValueError:
        return None
