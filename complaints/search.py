"""The public list: which published cases are asked for, in which order, page by page (keyset, never an offset).

Publication is the only text read. Status and handler come from the case by its key, for they move more often than
the copy. Words are sought as the copy keeps them (`publishing.normalise_query`). Newest first; ranking looks at the
newest RANKED hits alone, and counts stop at CAP, so that a common word costs no more than a rare one.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies import finding
from agencies.models import Agency, Region
from complaints.models import Alert, Category, Kind, Publication
from complaints.publishing import CONFIG, normalise_query
from complaints.transitions import Status
from lapor.kit import paging

PAGE = 20
CAP = 1_000
RANKED = 2_000
# Newest rows from which it is read whether a word stands everywhere.
SAMPLE = 500
# How many places or offices are offered when a typed name fits several.
OFFERED = 8
WORDS_LIMIT = 100

# What the public ticks → statuses.
GROUPS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "belum": (_("Belum dijawab"), (Status.FORWARDED, Status.SUBMITTED)),
    "proses": (_("Sedang dikerjakan"), (Status.IN_PROGRESS, Status.WAITING)),
    "dinilai": (_("Menunggu penilaian"), (Status.ANSWERED,)),
    "selesai": (_("Sudah ditutup"), (Status.CLOSED, Status.ARCHIVED)),
}
NEWEST, LATE, MATCH = "terbaru", "terlambat", "cocok"
# Statuses in which an office can be late with the public watching.
DUE = (Status.SUBMITTED, Status.FORWARDED, Status.IN_PROGRESS)


@dataclass(frozen=True)
class Wanted:
    """What somebody asked for. `place_typed`, `office_typed`: names that fitted none, or several (`places`, …)."""

    words: str = ""
    place: Region | None = None
    place_typed: str = ""
    places: tuple[Region, ...] = ()
    office: Agency | None = None
    office_typed: str = ""
    offices: tuple[Agency, ...] = ()
    kind: str = ""
    category: Category | None = None
    groups: tuple[str, ...] = ()
    order: str = NEWEST
    # Only what lies with this agency and below it, whatever else is asked: a district's own site. Not in the address.
    within: Agency | None = None

    @property
    def is_anything(self) -> bool:
        """Something narrows the list."""
        return bool(self.words or self.place or self.office or self.kind or self.category or self.groups)

    @property
    def is_unclear(self) -> bool:
        return bool(self.place_typed or self.office_typed)

    def address(self, **changes: Any) -> str:
        """The query string that asks for this again, with some of it changed; begins with "?" or is "?"."""
        wanted = replace(self, **changes)
        pairs: list[tuple[str, str]] = []
        if wanted.words:
            pairs.append(("q", wanted.words))
        if wanted.place:
            pairs.append(("wilayah", wanted.place.pk))
        if wanted.office:
            pairs.append(("instansi", str(wanted.office.pk)))
        if wanted.kind:
            pairs.append(("jenis", wanted.kind))
        if wanted.category:
            pairs.append(("kategori", str(wanted.category.pk)))
        pairs += [("status", group) for group in wanted.groups]
        if wanted.order != NEWEST:
            pairs.append(("urut", wanted.order))
        return f"?{urlencode(pairs)}"


def read(query: QueryDict, within: Agency | None = None) -> Wanted:
    """Understand an address; whatever is not known is left out. Three statements at most."""
    words = clean(query.get("q", ""))
    place, places, place_typed = find_place(clean(query.get("wilayah", "")))
    office, offices, office_typed = find_office(clean(query.get("instansi", "")))
    kind = query.get("jenis", "")
    category = clean(query.get("kategori", ""))
    order = query.get("urut", NEWEST)
    if order not in (NEWEST, LATE, MATCH) or (order == MATCH and not words):
        order = NEWEST
    return Wanted(
        words=words,
        place=place,
        places=places,
        place_typed=place_typed,
        office=office,
        offices=offices,
        office_typed=office_typed,
        kind=kind if kind in Kind.values else "",
        category=Category.objects.filter(pk=int(category)).first()
        if category.isascii() and category.isdigit() and len(category) < 10
        else None,
        groups=tuple(group for group in GROUPS if group in query.getlist("status")),
        order=order,
        within=within,
    )


def clean(text: str) -> str:
    return " ".join(text.replace("\x00", " ").encode("utf-8", "replace").decode().split())[:WORDS_LIMIT]


def find_place(typed: str) -> tuple[Region | None, tuple[Region, ...], str]:
    """A code or a name as people write it: the place, or those that fit."""
    if not typed:
        return None, (), ""
    if typed[:2].isdigit():
        found = Region.objects.filter(pk=typed).first()
        return found, (), "" if found else typed
    fitting = finding.find_places(typed, OFFERED)
    wanted = finding.read(typed)
    exact = [one for one in fitting if wanted and one.search_name == wanted[0].name]
    if len(fitting) == 1 or len(exact) == 1:
        return fitting[0], (), ""
    return None, tuple(fitting), typed


def find_office(typed: str) -> tuple[Agency | None, tuple[Agency, ...], str]:
    """An id or a name as people write it: the office, or those that fit."""
    if not typed:
        return None, (), ""
    if typed.isascii() and typed.isdigit() and len(typed) < 10:
        found = Agency.objects.filter(pk=int(typed)).first()
        return found, (), "" if found else typed
    fitting = finding.find_offices(typed, None, timezone.localdate(), OFFERED)
    exact = [one for one in fitting if typed.lower() in (one.name.lower(), one.short_name.lower())]
    if len(fitting) == 1:
        return fitting[0], (), ""
    if len(exact) == 1:
        return exact[0], (), ""
    return None, tuple(fitting), typed


def published(wanted: Wanted) -> QuerySet[Publication]:
    """Every published case asked for, unordered; nothing where a typed name is unclear or no word is left."""
    found = Publication.objects.all()
    if wanted.is_unclear:
        return found.none()
    if wanted.words:
        query = normalise_query(wanted.words)
        if not query:
            return found.none()
        found = found.filter(search=SearchQuery(query, config=CONFIG))
    if wanted.place:
        # Each part of a code has its own fixed length: a prefix holds the place and all inside it, and no neighbour.
        found = found.filter(place__code__startswith=wanted.place.pk)
    if wanted.within:
        found = found.filter(complaint__handler__path__startswith=wanted.within.path)
    if wanted.office and wanted.office.parent_id:
        offices = list(Agency.objects.under(wanted.office).values_list("pk", flat=True))
        found = found.filter(complaint__handler_id__in=offices)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.category:
        children = list(Category.objects.filter(parent=wanted.category).values_list("pk", flat=True))
        found = found.filter(category_id__in=[wanted.category.pk, *children])
    if wanted.groups:
        found = found.filter(complaint__status__in=[s for group in wanted.groups for s in GROUPS[group][1]])
    return found


def narrowed(wanted: Wanted) -> tuple[QuerySet[Publication], int]:
    """What `published` gives, in the form that is read fastest, and how many there are (CAP + 1: more than CAP).

    The planner can't know how often a word stands in a text, and walks through a million newest rows for one that
    nobody wrote. So the index of words is asked first, for CAP + 1 rows in any order: with few hits the rest of the
    work is done on those; with many, walking the newest soon fills a page. What stands in one of ten of the newest is
    not even asked of the index, which would list half the table.
    """
    found = published(wanted)
    if not wanted.words:
        return found, count(found)
    if wanted == Wanted(words=wanted.words, order=wanted.order):
        newest = Publication.objects.order_by("-published_at", "-pk").values("pk")[:SAMPLE]
        if found.filter(pk__in=newest).count() * 10 > SAMPLE:
            walked = found.order_by("-published_at", "-pk").values("pk")[: CAP + 1]
            return found, walked.count()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        keys = list(found.order_by().values_list("pk", flat=True)[: CAP + 1])
    if len(keys) > CAP:
        return found, CAP + 1
    return Publication.objects.filter(pk__in=keys), len(keys)


def count(found: QuerySet[Publication]) -> int:
    """How many, CAP + 1 for more than CAP."""
    return found.order_by().values("pk")[: CAP + 1].count()


@dataclass(frozen=True)
class Page:
    rows: list[Publication]
    next_cursor: str
    is_first: bool


# What a row of a list shows; the case's own words are not among it.
SHOWN = (
    "title", "place_id", "published_at", "kind", "complaint__number", "complaint__status",
    "complaint__archive_ground", "complaint__due_on", "complaint__handler__name", "complaint__handler__short_name",
)  # fmt: skip


def page(wanted: Wanted, among: QuerySet[Publication], cursor: str, today: datetime.date) -> Page:
    """Up to PAGE of these rows (`narrowed`) after the cursor; one that is forged, old or of another order shows the
    first page."""
    found = among.select_related("complaint__handler").only(*SHOWN)
    if wanted.order == MATCH:
        return _matching(wanted, among, found, cursor)
    if wanted.order == LATE:
        return _late_first(found, cursor, today)
    at = paging.read(cursor, _moment, paging.key)
    rows = list(_after(found, at).order_by("-published_at", "-pk")[: PAGE + 1])
    return Page(rows[:PAGE], _next(rows), at is None)


def _moment(text: str) -> datetime.datetime:
    at = datetime.datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def _after(found: QuerySet[Publication], at: tuple[Any, ...] | None) -> QuerySet[Publication]:
    if at is None:
        return found
    return found.filter(published_at__lte=at[0]).filter(Q(published_at__lt=at[0]) | Q(pk__lt=at[1]))


def _next(rows: list[Publication]) -> str:
    if len(rows) <= PAGE:
        return ""
    return paging.write(rows[PAGE - 1].published_at.isoformat(), rows[PAGE - 1].pk)


def _late_first(found: QuerySet[Publication], cursor: str, today: datetime.date) -> Page:
    """Those late now, the longest first; then all others, newest first."""
    late = Q(complaint__status__in=DUE, complaint__due_on__lt=today)
    after_late = paging.read(cursor, _late_word, datetime.date.fromisoformat, paging.key)
    after = paging.read(cursor, _moment, paging.key)
    rows: list[Publication] = []
    if after is None:
        first = found.filter(late)
        if after_late is not None:
            _word, due, key = after_late
            first = first.filter(complaint__due_on__gte=due)
            first = first.filter(Q(complaint__due_on__gt=due) | Q(complaint_id__gt=key))
        # The order of the index complaint_open_due.
        rows = list(first.order_by("complaint__due_on", "complaint_id")[: PAGE + 1])
        if len(rows) > PAGE:
            last = rows[PAGE - 1]
            return Page(rows[:PAGE], paging.write("t", last.complaint.due_on, last.complaint_id), after_late is None)
    # NULL due_on must count as "not late": a plain NOT would drop it.
    rest = found.filter(
        Q(complaint__due_on__isnull=True) | Q(complaint__due_on__gte=today) | ~Q(complaint__status__in=DUE)
    )
    room = PAGE + 1 - len(rows)
    rows += _after(rest, after).order_by("-published_at", "-pk")[:room]
    if len(rows) > PAGE and rows[PAGE - 1].complaint.due_on and room == 1:
        last = rows[PAGE - 1]
        return Page(rows[:PAGE], paging.write("t", last.complaint.due_on, last.complaint_id), after_late is None)
    return Page(rows[:PAGE], _next(rows), after is None and after_late is None)


def _late_word(text: str) -> str:
    if text != "t":
        raise ValueError(text)
    return text


def _matching(wanted: Wanted, among: QuerySet[Publication], found: QuerySet[Publication], cursor: str) -> Page:
    """The newest RANKED hits by how well they match; the page's place among them is the cursor."""
    at = paging.read(cursor, _place_among)
    start = at[0] if at else 0
    newest = among.order_by("-published_at", "-pk").values("pk")[:RANKED]
    rank = SearchRank(F("search"), SearchQuery(normalise_query(wanted.words), config=CONFIG))
    ranked = (
        Publication.objects.filter(pk__in=newest)
        .order_by(rank.desc(), "-published_at", "-pk")
        .values_list("pk", flat=True)
    )
    keys = list(ranked[start : start + PAGE + 1])
    rows = {row.pk: row for row in found.filter(pk__in=keys[:PAGE])}
    more = paging.write(start + PAGE) if len(keys) > PAGE else ""
    return Page([rows[key] for key in keys[:PAGE] if key in rows], more, start == 0)


def _place_among(text: str) -> int:
    place = int(text)
    if not 0 < place < RANKED:
        raise ValueError(text)
    return place


# --- What an alert asks for ---


def of_alert(alert: Alert) -> Wanted:
    """As the list would be asked for it. Place, office and category should be joined."""
    return Wanted(words=alert.words, place=alert.place, office=alert.office, kind=alert.kind, category=alert.category)


def facts_of(wanted: Wanted) -> list[tuple[str, str]]:
    """What narrows the list to whatever stays the same of a case, as pairs of what and which."""
    facts = []
    if wanted.place:
        facts.append((gettext("Tempat"), finding.path(wanted.place)))
    if wanted.office:
        facts.append((gettext("Kantor"), finding.office_line(wanted.office)))
    if wanted.category:
        facts.append((gettext("Tentang"), wanted.category.name))
    if wanted.kind:
        facts.append((gettext("Jenis"), str(Kind(wanted.kind).label)))
    if wanted.words:
        facts.append((gettext("Memuat"), f"“{wanted.words}”"))
    return facts


def name_of(wanted: Wanted) -> str:
    """The same on one line, for a heading; all reports where nothing narrows."""
    return " · ".join(value for _what, value in facts_of(wanted)) or gettext("Semua laporan")
