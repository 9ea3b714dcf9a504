"""Which cases are like this one: by words, place, time and category.

Two readers, two doors. The public one reads Publication alone and never a point: how far off a report lies, told for
any point one likes, would soon give away where it was made. The officers' one compares whole cases, but only such as
the officer may open anyway, and of a secret case no word.

Candidates come from two indexes, each asked for a bounded number of rows: the newest at the place and its neighbours,
and those that share the rarest words (what is rare the planner's own statistics of the search column know). What is
found, some two hundred rows, is scored here.
"""

from __future__ import annotations

import datetime
import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.actor import Actor
from agencies.models import Region
from complaints.models import Category, Complaint, Publication, Supporter
from complaints.models.complaint import LIES_AT
from complaints.publishing import CONFIG, normalise_query
from complaints.search import SHOWN
from complaints.transitions import OPEN, Who, standing

# Read of each place, kept of all places, and read of what shares words.
OF_A_PLACE, NEAR, BY_WORDS = 40, 120, 120
# Older ones are another time's trouble.
WITHIN = datetime.timedelta(days=365)
# Rows the rarest words may stand in together before the rest is left out: the index lists them all.
AS_RARE_AS = 4_000
MOST_WORDS = 8
# What a story is compared by: its beginning says what it is about.
READ = 4_000
# Below these a public case is not called alike: as a whole, and by its words. Two long stories of different troubles
# share some by chance (bench/duplicates.py --quality).
ALIKE, WORDS_ALIKE = 0.3, 0.18
# After so many days a case counts half as near in time.
HALF_LIFE = 45
WORDS_AGAIN = 600.0  # seconds
EARTH = 6_371_000
# Where the planner's statistics name no frequency at all.
UNKNOWN = 0.0005

WEIGHTS = {"words": 0.6, "place": 0.2, "time": 0.1, "category": 0.1}


@dataclass(frozen=True)
class Likeness:
    publication: Publication
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A case that could lead: `distance` in metres where both have a point."""

    complaint: Complaint
    score: float
    why: tuple[str, ...]
    distance: int | None
    supporters: int


@dataclass(frozen=True)
class Asked:
    """What is compared with: stems, what each weighs and how each is spelt; place, category with its parent, day."""

    weights: Mapping[str, float]
    words: Mapping[str, str]
    place: str
    category: tuple[int | None, int | None]
    on: datetime.date


# --- For everybody ---


def similar_published(
    text: str,
    place: Region | None,
    *,
    category: Category | None = None,
    happened_on: datetime.date | None = None,
    limit: int = 5,
    now: datetime.datetime | None = None,
) -> list[Likeness]:
    """Open published cases like this, the likest first; nothing without a place within a kabupaten or kota. At most
    five statements."""
    now = now or timezone.now()
    if place is None or len(place.pk.split(".")) < 2:
        return []
    asked = asked_of(text, place.pk, category, happened_on or timezone.localdate(now))
    rows = _read(asked, now)
    scored = sorted(((_score(asked, row), row) for row in rows), key=lambda pair: (-pair[0].total, -pair[1].key))
    best = [(score, row) for score, row in scored if _is_alike(score, asked)][:limit]
    found = {
        one.pk: one
        for one in Publication.objects.select_related("complaint__handler")
        .only(*SHOWN)
        .filter(pk__in=[row.key for _score, row in best])
    }
    return [Likeness(found[row.key], score.total, tuple(_why(score, ()))) for score, row in best if row.key in found]


@dataclass(frozen=True)
class _Row:
    key: int
    place: str
    category: int | None
    parent: int | None
    at: datetime.datetime
    stems: Sequence[str]


# What is open among the newest of each place, and what shares the rarest words in the same kabupaten or kota. The first
# part stops at its limits, so that a busy town costs no more than a quiet one; the second asks the index of words alone
# and of few rows: the planner would walk through all that is new in search of a word that nobody wrote, or list a town.
NEAR_SQL = """
SELECT p.id FROM unnest(%(codes)s::text[]) WITH ORDINALITY AS c(code, rank)
CROSS JOIN LATERAL (
    SELECT id, complaint_id, published_at FROM complaints_publication
    WHERE place_id = c.code AND published_at > %(since)s
    ORDER BY published_at DESC, id DESC LIMIT CASE WHEN c.rank = 1 THEN 3 * %(each)s ELSE %(each)s END) p
JOIN complaints_complaint o ON o.id = p.complaint_id AND o.status = ANY(%(open)s)
ORDER BY c.rank > 1, p.published_at DESC LIMIT %(near)s
"""
WORDS_SQL = """
WITH hits AS MATERIALIZED (
    SELECT id, complaint_id, place_id, published_at FROM complaints_publication WHERE search @@ %(query)s::tsquery)
SELECT p.id, p.complaint_id FROM (
    SELECT * FROM hits WHERE published_at > %(since)s AND (place_id = %(town)s OR place_id LIKE %(inside)s)
    ORDER BY published_at DESC LIMIT 3 * %(words)s) p
JOIN complaints_complaint o ON o.id = p.complaint_id AND o.status = ANY(%(open)s)
ORDER BY p.published_at DESC LIMIT %(words)s
"""
_ROWS = """
SELECT p.id, p.place_id, p.category_id, g.parent_id, p.published_at, tsvector_to_array(p.search)
FROM complaints_publication p LEFT JOIN complaints_category g ON g.id = p.category_id
WHERE p.id = ANY(%(keys)s)
"""


def said_of(asked: Asked, now: datetime.datetime) -> dict[str, Any]:
    """What both statements are told. One statement."""
    town = ".".join(asked.place.split(".")[:2])
    return {
        "codes": neighbours(asked.place),
        "since": now - WITHIN,
        "each": OF_A_PLACE,
        "near": NEAR,
        "words": BY_WORDS,
        "open": [str(status) for status in OPEN],
        "town": town,
        "inside": f"{town}.%",
        "query": rarest(asked.weights),
    }


def _read(asked: Asked, now: datetime.datetime) -> list[_Row]:
    said = said_of(asked, now)
    with connection.cursor() as cursor:
        cursor.execute(NEAR_SQL, said)
        keys = {key for (key,) in cursor.fetchall()}
        if said["query"]:
            cursor.execute(WORDS_SQL, said)
            keys |= {key for key, _case in cursor.fetchall()}
        if not keys:
            return []
        cursor.execute(_ROWS, {"keys": list(keys)})
        return [_Row(key, place or "", *more) for key, place, *more in cursor.fetchall()]


def neighbours(code: str) -> list[str]:
    """The place itself first, then the kecamatan around it and its kelurahan and desa; of a kabupaten or kota it and
    its kecamatan."""
    parts = code.split(".")
    around = ".".join(parts[:3])
    inside = Region.objects.filter(Q(pk=around) | Q(parent_id=around)).exclude(pk=code).order_by("pk")
    return [code, *inside.values_list("pk", flat=True)]


# --- For officers ---


def candidates_for(
    complaint: Complaint, actor: Actor, *, limit: int = 10, now: datetime.datetime | None = None
) -> list[Candidate]:
    """Cases this one could be merged into by this officer: open, no duplicate, equally secret, kept from no other
    office, and the officer's to act on. The likest first.

    Of a secret case no text is read, neither its own nor another's: place, time and category alone, and the place only
    as it was chosen.
    """
    now = now or timezone.now()
    lies_at = complaint.lies_at_id
    if lies_at is None:
        return []
    text = "" if complaint.secret else f"{complaint.title}\n{complaint.body}"
    on = complaint.happened_on or timezone.localdate(complaint.received_at)
    asked = asked_of(text, lies_at, complaint.category, on)
    kept = Q(not_for__isnull=True)
    if complaint.not_for_id is not None:
        kept |= Q(not_for=complaint.not_for_id)
    seen = (
        Complaint.objects.visible_to(actor)
        .open()
        .filter(kept, secret=complaint.secret, duplicate_of__isnull=True, received_at__gt=now - WITHIN)
        .exclude(pk=complaint.pk)
    )
    said = said_of(asked, now)
    # Each part bounded and by its own index.
    near, *others = (
        seen.filter(**{f"{where}__in": said["codes"]}).order_by("-received_at").values_list("pk", flat=True)[:NEAR]
        for where in (("place",) if complaint.secret else ("place", "found_place"))
    )
    keys = set(near.union(*others) if others else near)
    if said["query"]:
        with connection.cursor() as cursor:
            cursor.execute(WORDS_SQL, said)
            shared = [case for _key, case in cursor.fetchall()]
        keys |= set(seen.filter(pk__in=shared).values_list("pk", flat=True))
    # Only what is scored; the few that are shown are read whole.
    rows = Complaint.objects.filter(pk__in=keys).values_list(
        "pk",
        F("place_id") if complaint.secret else LIES_AT,
        "category_id",
        "category__parent_id",
        "received_at",
        "latitude",
        "longitude",
    )
    stems = {} if complaint.secret or not keys else _stems_of_cases(keys)
    here = (complaint.latitude, complaint.longitude)
    found: list[tuple[_Score, int | None, int]] = []
    for key, place, category, parent, at, *there in rows:
        distance = metres(here, (there[0], there[1]))
        row = _Row(key, place or "", category, parent, at, stems.get(key, ()))
        found.append((_score(asked, row, distance), distance, key))
    found.sort(key=lambda one: (-one[0].total, one[2]))
    likest = found[: 3 * limit]
    related = Complaint.objects.select_related("handler", "category", "place", "not_for")
    whole = related.prefetch_related("contributions").in_bulk([key for _score, _distance, key in likest])
    acting = {Who.HANDLER, Who.COORDINATOR, Who.NATIONAL}
    best = [
        (score, distance, whole[key])
        for score, distance, key in likest
        if key in whole and standing(whole[key], actor) & acting
    ][:limit]
    supporters = Supporter.objects.count_by_case([case.pk for _score, _distance, case in best])
    return [
        Candidate(
            case,
            round(score.total, 3),
            tuple(_why(score, [asked.words[stem] for stem in score.shared], distance)),
            distance,
            supporters.get(case.pk, 0),
        )
        for score, distance, case in best
    ]


Point = tuple[float | None, float | None]


def metres(one: Point, other: Point) -> int | None:
    """Between two points, latitude first; None where one is not known."""
    if one[0] is None or one[1] is None or other[0] is None or other[1] is None:
        return None
    north, south = math.radians(one[0]), math.radians(other[0])
    high = math.sin((north - south) / 2) ** 2
    wide = math.sin(math.radians(one[1] - other[1]) / 2) ** 2
    return round(2 * EARTH * math.asin(math.sqrt(high + math.cos(north) * math.cos(south) * wide)))


# --- Likeness ---


@dataclass(frozen=True)
class _Score:
    total: float
    words: float
    depth: int
    days: int
    category: bool
    shared: tuple[str, ...]


def asked_of(text: str, place: str, category: Category | None, on: datetime.date) -> Asked:
    words = _words_of(text) if text.strip() else {}
    return Asked(weigh(words), words, place, (category.pk, category.parent_id) if category else (None, None), on)


def _score(asked: Asked, row: _Row, distance: int | None = None) -> _Score:
    words, shared = 0.0, tuple[str, ...]()
    if asked.weights and row.stems:
        theirs = weigh(row.stems)
        common = asked.weights.keys() & theirs.keys()
        both = sum(asked.weights[stem] ** 2 for stem in common)
        own, other = (sum(weight**2 for weight in one.values()) for one in (asked.weights, theirs))
        words = both / math.sqrt(own * other) if own and other else 0.0
        shared = tuple(sorted(common, key=lambda stem: -asked.weights[stem])[:4])
    depth = _depth(asked.place, row.place)
    place = {4: 1.0, 3: 0.7, 2: 0.35}.get(depth, 0.0)
    if distance is not None:
        place = max(place * 0.6, 1 / (1 + distance / 300))
    days = abs((timezone.localdate(row.at) - asked.on).days)
    near = 0.5 ** (days / HALF_LIFE)
    own_category, own_parent = asked.category
    if own_category is None or row.category is None:
        category = 0.3
    elif own_category == row.category:
        category = 1.0
    else:
        category = 0.5 if {own_category, own_parent} & {row.parent, row.category} - {None} else 0.0
    parts = {"words": words, "place": place, "time": near, "category": category}
    # Without words on either side the other three say it all.
    weights = WEIGHTS if asked.weights else {name: weight for name, weight in WEIGHTS.items() if name != "words"}
    total = sum(weights[name] * parts[name] for name in weights) / sum(weights.values())
    return _Score(total, words, depth, days, category == 1.0, shared)


def _is_alike(score: _Score, asked: Asked) -> bool:
    """Near and recent is not alike yet: some of the words must be the same, or, before there are any, the category."""
    if asked.weights:
        return score.total >= ALIKE and score.words >= WORDS_ALIKE
    return score.category if asked.category[0] is not None else score.depth >= 3


def _depth(one: str, other: str) -> int:
    """How many parts of their codes are the same: 4 the kelurahan, 3 the kecamatan, 2 the kabupaten or kota."""
    depth = 0
    for mine, theirs in zip(one.split("."), other.split("."), strict=False):
        if mine != theirs:
            break
        depth += 1
    return depth


def _why(score: _Score, shared: Iterable[str], distance: int | None = None) -> list[str]:
    found = []
    if distance is not None and distance < 1_000:
        found.append(_("%(metres)s m dari sana") % {"metres": max(10, round(distance, -1))})
    elif score.depth == 4:
        found.append(_("kelurahan yang sama"))
    elif score.depth == 3:
        found.append(_("kecamatan yang sama"))
    if score.category:
        found.append(_("kategori yang sama"))
    if score.days <= 30:
        found.append(
            ngettext("selisih %(n)s hari", "selisih %(n)s hari", score.days) % {"n": score.days}
            if score.days
            else _("hari yang sama")
        )
    if words := ", ".join(shared):
        found.append(_("kata yang sama: %(words)s") % {"words": words})
    return found


# --- Words ---


def _stems_of(texts: Sequence[tuple[int, str]]) -> dict[int, list[str]]:
    """The stems of each text, as the search column keeps them. One statement."""
    if not texts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, tsvector_to_array(to_tsvector(%s, said)) FROM unnest(%s::bigint[], %s::text[]) AS t(id, said)",
            [CONFIG, [key for key, _text in texts], [normalise_query(text[:READ]) for _key, text in texts]],
        )
        return dict(cursor.fetchall())


def _words_of(text: str) -> dict[str, str]:
    """The stems of a text as the search column would keep them, each with the first word it stands in, in standard
    spelling: "berlubang", where what is compared is "lubang". One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stem, word FROM unnest(%s::text[]) WITH ORDINALITY AS t(word, at), "
            "unnest(tsvector_to_array(to_tsvector(%s, word))) AS stem ORDER BY at DESC",
            [list(dict.fromkeys(normalise_query(text[:READ]).split())), CONFIG],
        )
        return dict(cursor.fetchall())


def _stems_of_cases(keys: Collection[int]) -> dict[int, list[str]]:
    """Of a published case those of its copy, which are there already. Three statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT complaint_id, tsvector_to_array(search) FROM complaints_publication WHERE complaint_id = ANY(%s)",
            [list(keys)],
        )
        kept = dict(cursor.fetchall())
    others = Complaint.objects.filter(pk__in=set(keys) - kept.keys()).values_list("pk", "title", "body")
    return kept | _stems_of([(key, f"{title}\n{body}") for key, title, body in others])


def weigh(stems: Collection[str]) -> dict[str, float]:
    """The rarer a stem, the more it says."""
    known, rest, _rows = _frequencies()
    return {stem: -math.log(min(known.get(stem, rest), 0.9)) for stem in stems}


def rarest(stems: Collection[str]) -> str:
    """A text search query for any of the rarest of these, "" where all are common."""
    known, rest, rows = _frequencies()
    chosen: list[str] = []
    expected = 0.0
    for stem in sorted(stems, key=lambda stem: (known.get(stem, rest), -len(stem))):
        expected += known.get(stem, rest) * rows
        if len(chosen) == MOST_WORDS or expected > AS_RARE_AS:
            break
        chosen.append(stem)
    return " | ".join("'{}'".format(stem.replace("\\", "\\\\").replace("'", "''")) for stem in chosen)


_kept: tuple[float, dict[str, float], float, float] = (0.0, {}, UNKNOWN, 0.0)


def forget_frequencies() -> None:
    """Read them anew at the next question."""
    global _kept
    _kept = (0.0, {}, UNKNOWN, 0.0)


def _frequencies() -> tuple[Mapping[str, float], float, float]:
    """In which share of the published cases a stem stands, what to think of one that is not listed, and how many cases
    there are: from the statistics ANALYZE keeps of the search column. Read anew every ten minutes."""
    global _kept
    if time.monotonic() - _kept[0] > WORDS_AGAIN or not _kept[0]:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT s.most_common_elems::text::text[], s.most_common_elem_freqs, c.reltuples
                FROM pg_class c LEFT JOIN pg_stats s
                    ON s.tablename = c.relname AND s.attname = 'search' AND s.schemaname = current_schema()
                WHERE c.oid = 'complaints_publication'::regclass
                """
            )
            stems, shares, rows = cursor.fetchone()
        # Beyond the list stand the least and the greatest share, and that of NULL.
        known = dict(zip(stems or [], shares or [], strict=False))
        _kept = (time.monotonic(), known, min(known.values(), default=UNKNOWN) / 4, max(rows, 0.0))
    return _kept[1], _kept[2], _kept[3]
