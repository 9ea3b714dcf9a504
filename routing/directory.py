"""What the public directory of offices says of each: how it kept its promises in the last twelve months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from routing import figures

KEPT_FOR = 300
# Fewer promises than this are not told of one office.
TOLD_FROM = 5

# Of each node asked for: the months of every office at or below it, without secret cases.
_SQL = """
    SELECT node.id::bigint, sum(m.in_time)::int, sum(m.late)::int, sum(m.overdue)::int
    FROM routing_officemonth m
    JOIN agencies_agency a ON a.id = m.agency_id
    CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM a.path), '/')) AS node(id)
    WHERE m.month >= %(since)s AND NOT m.secret AND node.id = ANY(%(nodes)s)
    GROUP BY 1
"""


def counts_of(agencies: Sequence[Agency]) -> list[tuple[int, int, int, int]]:
    """Of each of these with all below it, for the last twelve months and without secret cases: its id, and first
    answers in time, given late, and overdue now. One statement in five minutes for the same offices."""
    since = figures.first_of(timezone.localdate(), figures.MONTHS - 1)
    nodes = sorted(agency.pk for agency in agencies)
    key = f"directory:{since}:{hash(tuple(nodes))}"
    counts: list[tuple[int, int, int, int]] | None = cache.get(key)
    if counts is None:
        with connection.cursor() as cursor:
            cursor.execute(_SQL, {"since": since, "nodes": [str(node) for node in nodes]})
            counts = list(cursor.fetchall())
        cache.set(key, counts, KEPT_FOR)
    return counts


def figures_of(agencies: Sequence[Agency]) -> Mapping[int, Sequence[tuple[str, str]]]:
    """First answers promised, kept and missed; nothing of an office that promised few."""
    found: dict[int, list[tuple[str, str]]] = {}
    for node, in_time, late, overdue in counts_of(agencies):
        promised = in_time + late + overdue
        if promised >= TOLD_FROM:
            kept = _("%(kept)d dari %(all)d") % {"kept": in_time, "all": promised}
            found[node] = [(_("Dijawab tepat waktu, 12 bulan terakhir"), kept)]
            if overdue:
                found[node].append((_("Sedang terlambat"), str(overdue)))
    return found
