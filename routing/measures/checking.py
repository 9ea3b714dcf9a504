"""Each night: a sample of cases, and the sums of the days they stand in, told again from the events and compared with
what is kept. What differs is kept as an alarm, and the figures are left as they are for whoever looks into it."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import Error, connection, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from routing.measures import counting, ledger, sums
from routing.models import Counted

# Cases looked at in a night: some of all times, and the newest, of which events were just counted.
SAMPLE, NEWEST = 1_000, 1_000
# Days whose sums are counted again.
DAYS = 14
# Agencies directly below the root whose offices' sums are counted again.
TOPS = 5
_TABLES = ("casefigure", "turnfigure")


class _Undone(Exception):
    """Everything that was tried is taken back."""


def check(now: datetime.datetime | None = None) -> dict[str, Any]:
    """What differs, empty if nothing does; kept as the alarm either way. For whoever is alone at it."""
    now = now or timezone.now()
    row = Counted.objects.first()
    if row is None or row.upto is None or row.remaking is not None or row.words != counting.WORDS:
        return {}
    differs: dict[str, Any] = {}
    try:
        with transaction.atomic():
            cases = _sample(row.upto)
            before = _ledger(cases)
            days = sorted({datetime.date.fromisoformat(day) for day in _days_of(before)}, reverse=True)[:DAYS]
            tops = sorted({json.loads(line)["top_id"] for _table, _pk, line in before})
            told = sums.differing(days, random.sample(tops, min(len(tops), TOPS)))
            if told:
                differs["days"] = sorted(map(str, told))
            ledger.tell("c.id = ANY(%(cases)s)", ledger.Law.read(timezone.localdate(now)), cases=cases)
            wrong = sorted({line[1] for line in before ^ _ledger(cases)})
            if wrong:
                differs["cases"] = wrong[:50]
            missing = _missing(row.upto)
            if missing:
                differs["missing"] = missing
            raise _Undone
    except _Undone:
        pass
    Counted.objects.filter(pk=row.pk).update(checked_at=now, differs=differs)
    return differs


def _sample(upto: int) -> list[int]:
    """Without cases of which something happened since: these are not counted yet, and nothing is wrong."""
    quiet = (
        "SELECT f.complaint_id FROM routing_casefigure f WHERE NOT EXISTS (SELECT FROM complaints_event e "
        "WHERE e.complaint_id = f.complaint_id AND e.xact >= %(upto)s::text::xid8 "
        "AND e.xact IS DISTINCT FROM pg_current_xact_id_if_assigned())"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"({quiet} AND f.complaint_id >= (SELECT (random() * max(id))::bigint FROM complaints_complaint) "
            f"ORDER BY f.complaint_id LIMIT {SAMPLE}) UNION "
            f"({quiet} ORDER BY f.complaint_id DESC LIMIT {NEWEST})",
            {"upto": upto},
        )
        return sorted(pk for (pk,) in cursor.fetchall())


def _ledger(cases: Sequence[int]) -> set[tuple[str, int, str]]:
    found: set[tuple[str, int, str]] = set()
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(
                f"SELECT f.complaint_id, (to_jsonb(f) - 'id')::text FROM routing_{table} f "
                "WHERE f.complaint_id = ANY(%s)",
                [list(cases)],
            )
            found |= {(table, pk, line) for pk, line in cursor.fetchall()}
    return found


def _days_of(lines: set[tuple[str, int, str]]) -> set[str]:
    return {json.loads(line)["day"] for _table, _pk, line in lines}


def _missing(upto: int) -> int:
    """Cases that should be in the ledger and are not: all, but for those filed since the cursor."""
    no_figure = "NOT EXISTS (SELECT FROM routing_casefigure f WHERE f.complaint_id ="
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM complaints_complaint c WHERE {no_figure} c.id)) - "
            "(SELECT count(*) FROM complaints_event e WHERE e.verb = 'submit' AND e.xact >= %(upto)s::text::xid8 "
            f"AND {no_figure} e.complaint_id))",
            {"upto": upto},
        )
        return int(cursor.fetchone()[0])


def words(row: Counted | None) -> str:
    """The alarm as a sentence; empty while there is none."""
    if row is None or not row.differs:
        return ""
    return _(
        "Angka pengawasan tidak sama dengan kejadiannya. Hitung ulang dengan bin/manage rebuild_figures, lalu cari "
        "sebabnya di catatan pekerja."
    )


@register(Tags.database)
def check_figures(app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """`check --database default`, and after each migrate; silent where the table is not there yet."""
    if not databases or "default" not in databases:
        return []
    try:
        if Counted._meta.db_table not in connections["default"].introspection.table_names():
            return []
        said = words(Counted.objects.first())
    except Error:
        return []
    return [Warning(said, id="routing.W001")] if said else []
