"""How what the worker forwarded alone fared, by what decided and at which level: how much of it people left where it
was sent."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models.agency import Kind
from routing.certainty import RIGHT
from routing.evaluation.estimates import Estimate, share
from routing.learning import LEVEL_OF_KIND
from routing.models import Suggestion

Source = Suggestion.Source
# Days looked back: the shorter and the longer.
DAYS = (30, 90)
# What decided, the surest first. About conduct a law decides, and nobody's guess.
SOURCES = (Source.ADDRESS, Source.PREFIX, Source.RULE, Source.PLACE, Source.MODEL)
LEVELS: Mapping[str, str | Promise] = {
    "kabkota": _("kabupaten/kota"),
    "provinsi": _("provinsi"),
    "pusat": _("kementerian dan lembaga"),
    "bumn": _("BUMN"),
    "": _("lainnya"),
}


@dataclass(frozen=True)
class Tally:
    """Of `done` forwards so many were corrected within their round."""

    done: int
    corrected: int

    @property
    def right(self) -> Estimate | None:
        """The share that stood, in per cent, with the range it may lie in; None: there was none."""
        return share(self.done - self.corrected, self.done)

    @property
    def is_below(self) -> bool:
        """Fewer stood than an automatic forward promises."""
        return self.right is not None and self.right.value < 100 * RIGHT


@dataclass(frozen=True)
class Line:
    """One thing that decides at one level. `tallies`: as DAYS."""

    source: str
    name: str
    level: str
    tallies: list[Tally]


def lines(now: datetime.datetime) -> list[Line]:
    """Every source at every level that forwarded anything, and all levels together where there are several. One
    statement, over an index of what was forwarded alone."""
    found: dict[str, dict[str, list[Tally]]] = {}
    for source, kind, *counts in _count(now):
        level = LEVEL_OF_KIND.get(Kind(kind), "") if kind else ""
        levels = found.setdefault(source, {})
        new = [Tally(*counts[:2]), Tally(*counts[2:])]
        levels[level] = (
            [_sum(old, one) for old, one in zip(levels[level], new, strict=True)] if level in levels else new
        )
    made = []
    for source in SOURCES:
        levels = found.get(source, {})
        name = str(source.label)
        made += [Line(source, name, str(LEVELS[level]), levels[level]) for level in LEVELS if level in levels]
        if len(levels) > 1:
            whole = [_sum(*several) for several in zip(*levels.values(), strict=True)]
            made.append(Line(source, name, "", whole))
    return made


def _sum(*tallies: Tally) -> Tally:
    return Tally(sum(one.done for one in tallies), sum(one.corrected for one in tallies))


def _count(now: datetime.datetime) -> list[tuple[Any, ...]]:
    """(source, kind of the office's topmost, forwarded and corrected within the shorter and the longer time). What only
    was placed at the desk of a pemda was not forwarded to it. Corrected: the stint the worker opened ended there, moved
    or handed back, and a person sent it elsewhere."""
    given: dict[str, Any] = {
        "since": now - datetime.timedelta(days=DAYS[1]),
        "lately": now - datetime.timedelta(days=DAYS[0]),
        "sources": [source.value for source in SOURCES],
        "pemda": [Kind.PROVINSI.value, Kind.KABUPATEN.value, Kind.KOTA.value],
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH alone AS (
                SELECT s.source, s.agency_id, s.made_at >= %(lately)s AS lately, s.verdict = 'CORRECTED' AND (
                    SELECT d.id FROM routing_disposition d WHERE d.complaint_id = s.complaint_id
                    AND d.agency_id = s.agency_id AND d.verb = 'forward' AND d.by_id IS NULL
                    AND d.outcome IN ('MOVED', 'HANDED_BACK') LIMIT 1
                ) IS NOT NULL AS wrong
                FROM routing_suggestion s JOIN agencies_agency a ON a.id = s.agency_id
                WHERE s.verdict IN ('DONE', 'CORRECTED') AND s.made_at >= %(since)s AND s.source = ANY (%(sources)s)
                AND (a.kind <> ALL (%(pemda)s) OR (
                    -- As a value: EXISTS would be hashed, which reads every stint there ever was.
                    SELECT d.id FROM routing_disposition d WHERE d.complaint_id = s.complaint_id
                    AND d.agency_id = s.agency_id AND d.verb = 'forward' AND d.by_id IS NULL LIMIT 1
                ) IS NOT NULL)
            )
            SELECT source, top.kind, count(*) FILTER (WHERE lately), count(*) FILTER (WHERE lately AND wrong),
                count(*), count(*) FILTER (WHERE wrong)
            FROM alone JOIN agencies_agency a ON a.id = agency_id
            LEFT JOIN agencies_agency top ON top.id = NULLIF(split_part(a.path, '/', 3), '')::bigint
            GROUP BY source, top.kind
            """,
            given,
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
