"""What every office has open, counted by the worker every few minutes and read by the pages of the country, of a
province and of a ministry: they cost the same with a thousand open cases and with a million.

Where counting takes no time, a page counts anew by itself; so a small portal never shows yesterday.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from agencies import calendar
from agencies.models import Agency, Holiday
from complaints.transitions import OFFICES_TURN, OPEN
from lapor.kit.alone import alone
from routing.measures import people
from routing.measures.people import People
from routing.measures.reading import Reader
from routing.models import Escalation, Headline
from routing.oversight import AGES, SILENT_AFTER, today_at

NAME = "terbuka"
# A page counts anew what is older than this, and older than a hundred times what counting took; where that takes longer
# than QUICK seconds it waits for the worker, and says how old its numbers are.
PATIENCE, TIMES, QUICK = datetime.timedelta(seconds=3), 100, 1.0

_REFRESH = """
WITH withheld AS (
    SELECT id FROM complaints_complaint WHERE not_for_id IS NOT NULL
    UNION SELECT complaint_id FROM complaints_complaint_not_seen_by),
climbed AS MATERIALIZED (
    SELECT DISTINCT k.complaint_id FROM routing_escalation e JOIN complaints_clock k ON k.id = e.clock_id
    WHERE e.level >= %(coordinator)s AND k.stopped_at IS NULL),
stood AS (
    SELECT c.handler_id AS agency_id, c.secret, count(*) AS open,
        count(*) FILTER (WHERE c.status = ANY(%(turn)s) AND c.due_on < %(today)s) AS late,
        count(*) FILTER (WHERE c.status = ANY(%(turn)s) AND c.due_on BETWEEN %(today)s AND %(tomorrow)s) AS near,
        count(u.complaint_id) AS climbed, min(d.received_on) AS oldest_on, {ages} AS ages
    FROM complaints_complaint c
    JOIN routing_disposition d ON d.complaint_id = c.id AND d.ended_at IS NULL
    LEFT JOIN climbed u ON u.complaint_id = c.id
    WHERE c.status = ANY(%(open)s) AND NOT EXISTS (SELECT FROM withheld w WHERE w.id = c.id)
    GROUP BY 1, 2),
missed AS (
    SELECT COALESCE(k.missed_by_id, c.handler_id) AS agency_id, c.secret, count(*) AS unanswered
    FROM complaints_clock k CROSS JOIN LATERAL (
        SELECT id, secret, handler_id FROM complaints_complaint WHERE id = k.complaint_id OFFSET 0) c
    WHERE k.stopped_at IS NULL AND k.kind IN ('VERIFY', 'RESPOND', 'RESOLVE', 'DECIDE') AND k.due_on < %(today)s
        AND NOT EXISTS (SELECT FROM withheld w WHERE w.id = c.id)
    GROUP BY 1, 2),
visited AS (
    SELECT m.agency_id, max((v.last_at AT TIME ZONE 'Asia/Jakarta')::date) AS day
    FROM routing_deskvisit v JOIN agencies_membership m ON m.id = v.membership_id GROUP BY 1)
INSERT INTO routing_standing (agency_id, top_id, secret, open, late, near, climbed, unanswered, ages, oldest_on, silent)
SELECT a.id, COALESCE(NULLIF(split_part(a.path, '/', 3), ''), split_part(a.path, '/', 2))::bigint, secret,
    COALESCE(s.open, 0), COALESCE(s.late, 0), COALESCE(s.near, 0), COALESCE(s.climbed, 0), COALESCE(n.unanswered, 0),
    COALESCE(s.ages, %(none)s::int[]), s.oldest_on,
    COALESCE(GREATEST(s.oldest_on, v.day) < %(silent)s, false)
FROM stood s FULL JOIN missed n USING (agency_id, secret)
JOIN agencies_agency a ON a.id = agency_id LEFT JOIN visited v USING (agency_id)"""


@transaction.atomic
def refresh(now: datetime.datetime | None = None) -> Headline:
    """Count all that is open anew, replacing what stood there. May run twice; a second at once waits for the first."""
    now = now or timezone.now()
    began = time.monotonic()
    root = Agency.objects.root()
    today = today_at(root, now)
    holidays = Holiday.objects.kept_in(None).filter(date__gte=today - datetime.timedelta(days=1200)).days()
    since = [calendar.add_working_days(today, -days, holidays) for days in AGES]
    bounds = ["d.received_on >= %(since0)s"]
    bounds += [f"d.received_on < %(since{n - 1})s AND d.received_on >= %(since{n})s" for n in range(1, len(AGES))]
    bounds.append(f"d.received_on < %(since{len(AGES) - 1})s")
    ages = ", ".join(f"count(*) FILTER (WHERE {bound})" for bound in bounds)
    params: dict[str, Any] = {f"since{n}": day for n, day in enumerate(since)} | {
        "today": today,
        "tomorrow": calendar.add_working_days(today, 1, holidays),
        # Who was there on this day or later was there within SILENT_AFTER working days.
        "silent": calendar.add_working_days(today, 1 - SILENT_AFTER, holidays),
        "open": list(OPEN),
        "turn": list(OFFICES_TURN),
        "coordinator": int(Escalation.Level.COORDINATOR),
        "none": [0] * (len(AGES) + 1),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('routing.standing'))")
        cursor.execute("DELETE FROM routing_standing")
        cursor.execute(_REFRESH.format(ages=f"ARRAY[{ages}]::int[]"), params)
    who = people.of(root, today)
    unstaffed = Agency.objects.active_on(today).exclude(pk__in=Agency.objects.staffed_on(today).values("pk")).count()
    figures = {
        "offices": who.offices,
        "unstaffed": unstaffed,
        "officers": who.officers,
        "no_decree": who.officers - who.valid,
        "people": asdict(who),
        "took": time.monotonic() - began,
    }
    return Headline.objects.update_or_create(name=NAME, defaults={"made_at": now, "figures": figures})[0]


def counted(now: datetime.datetime | None = None) -> Headline:
    """When it was counted, and what of the whole country; counted here where that is quick, or was never done."""
    now = now or timezone.now()
    row = Headline.objects.filter(name=NAME).first()
    if row is None:
        return refresh(now)
    took = float(row.figures.get("took", 0))
    if took < QUICK and abs(now - row.made_at) > max(PATIENCE, datetime.timedelta(seconds=TIMES * took)):
        with alone("routing.standing") as free:
            if free:
                return refresh(now)
    return row


def people_of_country(now: datetime.datetime | None = None) -> People:
    """Who works in all offices, as it was counted last: looking at each office would be for nobody to wait for."""
    kept = counted(now).figures.get("people")
    return People(**kept) if kept else people.of(Agency.objects.root(), timezone.localdate(now))


# --- Reading ---


@dataclass
class Load:
    """Sums over offices. `silent`: how many of them are. Days are dates."""

    open: int = 0
    late: int = 0
    near: int = 0
    climbed: int = 0
    unanswered: int = 0
    silent: int = 0
    oldest_on: datetime.date | None = None
    ages: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))

    def add(self, other: Load) -> None:
        for name in ("open", "late", "near", "climbed", "unanswered", "silent"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.ages = [mine + more for mine, more in zip(self.ages, other.ages, strict=True)]
        self.oldest_on = min((day for day in (self.oldest_on, other.oldest_on) if day), default=None)

    @property
    def late_share(self) -> int | None:
        """Of what is open, per cent."""
        return round(100 * self.late / self.open) if self.open else None


_SUMS = (
    "sum(open)::int, sum(late)::int, sum(near)::int, sum(climbed)::int, sum(unanswered)::int, "
    "count(DISTINCT agency_id) FILTER (WHERE silent)::int, min(oldest_on), ARRAY["
    + ", ".join(f"sum(ages[{n}])" for n in range(1, len(AGES) + 2))
    + "]::int[]"
)


def by_top(reader: Reader) -> dict[int, Load]:
    """Each agency directly below the root with all that lies under it, and the root's own desk. One statement."""
    return _read(f"SELECT top_id, {_SUMS} FROM routing_standing s WHERE {_seen(reader)} GROUP BY 1", reader, {})


def by_child(node: Agency, reader: Reader) -> dict[int, Load]:
    """Each office directly below with all that lies under it; the own desk under its own id. One statement."""
    child = f"COALESCE(NULLIF(split_part(a.path, '/', {node.path_length + 2}), '')::bigint, %(node)s)"
    sql = (
        f"SELECT {child}, {_SUMS} FROM routing_standing s JOIN agencies_agency a ON a.id = s.agency_id "
        f"WHERE s.top_id = %(top)s AND a.path LIKE %(path)s AND {_seen(reader)} GROUP BY 1"
    )
    top = [*node.ids_above, node.pk][1]
    return _read(sql, reader, {"node": node.pk, "top": top, "path": f"{node.path}%"})


def _seen(reader: Reader) -> str:
    if reader.all_secrets:
        return "TRUE"
    return "(NOT s.secret OR s.agency_id = %(own)s)" if reader.secrets_of else "NOT s.secret"


def _read(sql: str, reader: Reader, params: Mapping[str, Any]) -> dict[int, Load]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "own": reader.secrets_of})
        return {key: Load(*sums) for key, *sums in cursor.fetchall()}
