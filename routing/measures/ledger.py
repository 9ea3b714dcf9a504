"""The ledger: each case, and each office's turn, as the events tell it; and the sums of a day kept ready of it.

Figures read events and what the law and the calendar say, never the state of a case, so that they can be made again
from the events. A run takes the events of all transactions that were over when it began: each event carries its
transaction (`complaints_event.xact`), and the cursor stops below the oldest one that still runs, so that a late commit
is never skipped. Whatever case had an event is told anew as a whole, and the days it stood and stands in are summed
anew; a run that is made twice changes nothing.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from agencies import calendar
from agencies.models import Agency, Holiday
from complaints.models import ClockKind, Complaint, ServiceStandard
from complaints.transitions import REPORTERS_TURN, TERMINAL
from routing.almanac import Almanac
from routing.measures import counting
from routing.models.measures import Counted, Kept

log = logging.getLogger(__name__)

# Cases told in one transaction, and events looked at in one run of the cursor.
BATCH = 5_000
# Who makes, counts or checks the figures is alone at it.
ALONE = "routing.measures"
_DAY = datetime.timedelta(days=1)
# Days summed in one transaction where all are.
_MONTH = 31
# What opens an office's turn, what ends it, what answers.
OPENS = ("submit", "place", "forward", "pass_on", "hand_back", "move", "contest", "reopen", "unmerge")
ENDS = ("accept", "lapse", "expire", "archive", "withdraw")
ANSWERS = ("answer", "resolve")
# Of these the date may lie before that of the event before: they are no steps of the case.
_NOTED = ("overdue", "overdue_withdrawn", "recompute")
VERBS = (*OPENS, *ENDS, *ANSWERS, "start", "ask", "unask", "complete", "reclassify", *_NOTED)


# --- From events to the ledger ---

# Working days are counted by number: n of a day is how many lie up to it, w is 1 on a working day. `paused`: working
# days before the event on which the reporter was waited for, or the case was merged with another (ADR 0029); of a pause
# that began on the first day itself that day is taken off again, for no promise counts its first day.
_TOLD = """
WITH numbered AS MATERIALIZED (
    SELECT * FROM unnest(%(keys)s::text[], %(days)s::date[], %(numbers)s::int[], %(works)s::int[]) t(key, day, n, w)),
cases AS MATERIALIZED (
    SELECT c.id, c.kind, c.channel, c.category_id, c.supervised, c.secret, c.silent, c.place_id,
           {withheld} AS withheld, COALESCE(r.zone, 'Asia/Jakarta') AS zone,
           COALESCE((SELECT k.key FROM unnest(%(regions)s::text[]) AS k(key)
                     WHERE c.place_id = k.key OR c.place_id LIKE k.key || '.%%'
                     ORDER BY length(k.key) DESC LIMIT 1), '') AS key
    FROM complaints_complaint c LEFT JOIN agencies_region r ON r.code = c.place_id
    WHERE {which}),
told AS (
    SELECT e.id, e.complaint_id AS c, e.verb, e.round, e.status_from, e.status_to, e.handler_to_id AS agency,
           e.particulars AS p, d.day, num.n, num.w, e.particulars ? 'told_as' AS told,
           e.verb <> ALL(%(noted)s) AS step, e.verb = ANY(%(opens)s) AS opens,
           e.verb = ANY(%(answers)s) AND NOT e.particulars ? 'told_as' AS answers
    FROM cases x JOIN complaints_event e ON e.complaint_id = x.id
    CROSS JOIN LATERAL (SELECT (e.at AT TIME ZONE x.zone)::date AS day) d
    LEFT JOIN numbered num ON num.key = x.key AND num.day = d.day
    WHERE e.verb = ANY(%(verbs)s)),
waited AS (
    SELECT t.*, t.step AND (t.status_to = ANY(%(waiting)s)
               OR t.verb = 'archive' AND t.p ->> 'ground' = 'DUPLICATE') AS waits,
           lead(t.n - t.w) OVER (PARTITION BY t.c, t.step ORDER BY t.id) AS until,
           count(*) FILTER (WHERE t.opens) OVER (PARTITION BY t.c, t.step ORDER BY t.id) AS turn
    FROM told t),
paced AS MATERIALIZED (
    SELECT s.*, s.waits AND s.w = 1 AND s.until >= s.n AS waits_on,
           COALESCE(sum(GREATEST(0, s.until - s.n + s.w)) FILTER (WHERE s.waits) OVER (
               PARTITION BY s.c, s.step ORDER BY s.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS paused
    FROM waited s)"""

_WITHHELD = """(c.not_for_id IS NOT NULL OR c.about_conduct AND EXISTS (
    SELECT FROM complaints_complaint_not_seen_by s WHERE s.complaint_id = c.id))"""

# The date a promise had when it was kept or missed: the last one an event told before.
_DATE = "COALESCE(t.p -> 'clocks' ->> '{kind}', t.p -> 'moved' -> '{kind}' ->> 1)"
_DUE = f"""(max(ARRAY[t.id, {_DATE}::date - date '2000-01-01'])
        FILTER (WHERE t.round = 1 AND t.id <= COALESCE(k.{{until}}, t.id) AND {_DATE} IS NOT NULL))[2]::int"""
_NOTED_LAST = """COALESCE(max(t.id) FILTER (WHERE t.verb = '{verb}' AND t.p ->> 'kind' = '{kind}'{only}), 0)"""


def _noted(kind: str, *, first_round: bool) -> str:
    """A miss of this promise that was noted and not taken back: as a pair of ids."""
    only = " AND t.round = 1" if first_round else ""
    return ", ".join(
        f"{_NOTED_LAST.format(verb=verb, kind=kind, only=only)} AS {name}_{kind.lower()}{'_1' if first_round else ''}"
        for verb, name in (("overdue", "missed"), ("overdue_withdrawn", "undone"))
    )


_KEYED = """,
keyed AS (
    SELECT t.c,
        min(t.n) FILTER (WHERE t.verb = 'submit') AS came_n,
        min(t.id) FILTER (WHERE t.verb = 'forward' AND t.round = 1) AS sent,
        min(t.n) FILTER (WHERE t.verb = 'forward' AND t.round = 1) AS sent_n,
        min(t.id) FILTER (WHERE t.answers AND t.round = 1) AS answered,
        min(t.id) FILTER (WHERE t.answers AND t.round = 1 AND t.verb = 'resolve') AS settled,
        COALESCE(max(t.id) FILTER (WHERE t.verb = 'reopen'), 0) AS again,
        COALESCE(max(t.id) FILTER (WHERE t.answers), 0) AS spoke,
        max(t.id) FILTER (WHERE t.status_to = ANY(%(terminal)s) AND t.status_from <> ALL(%(terminal)s)) AS over,
        max(t.id) AS last
    FROM paced t GROUP BY t.c)"""
_FACTS = f""",
facts AS (
    SELECT t.c, k.sent IS NOT NULL AS sent, k.answered IS NOT NULL AS answered, k.settled IS NOT NULL AS settled,
        k.again, k.spoke, k.came_n, k.sent_n,
        min(t.day) FILTER (WHERE t.verb = 'submit') AS day,
        bool_or(t.verb = 'forward') AS forwarded, bool_or(t.answers) AS followed, bool_or(t.told) AS told,
        bool_or(t.verb = 'contest') AS contested,
        bool_or(t.verb = 'reopen' AND t.p ->> 'cause' IS DISTINCT FROM 'LEAD_GONE') AS reopened,
        bool_or(t.verb = 'hand_back' AND t.p ->> 'ground' = 'NOT_OURS') AS bounced,
        min(t.status_to) FILTER (WHERE t.id = k.last) AS status,
        min(t.agency) FILTER (WHERE t.id = k.last) AS agency,
        min(CASE WHEN t.told THEN 'told' ELSE t.verb END) FILTER (WHERE t.id = k.over) AS over,
        min(t.p ->> 'ground') FILTER (WHERE t.id = k.over) AS ground,
        min((t.p ->> 'rating_answer')::int) FILTER (WHERE t.id = k.over) AS rating_answer,
        min((t.p ->> 'rating_result')::int) FILTER (WHERE t.id = k.over) AS rating_result,
        min(t.day) FILTER (WHERE t.id = k.sent) - date '2000-01-01' AS sent_on,
        min(t.day) FILTER (WHERE t.id = k.answered) - date '2000-01-01' AS answered_on,
        min(t.day) FILTER (WHERE t.id = k.settled) - date '2000-01-01' AS settled_on,
        min(t.paused) FILTER (WHERE t.id = k.sent) AS sent_paused,
        min(t.n) FILTER (WHERE t.id = k.answered) AS answered_n,
        min(t.paused) FILTER (WHERE t.id = k.answered) AS answered_paused,
        min(t.n) FILTER (WHERE t.id = k.settled) AS settled_n,
        min(t.paused) FILTER (WHERE t.id = k.settled) AS settled_paused,
        COALESCE(bool_or(t.waits_on AND t.n = k.came_n AND t.id < k.sent), false)::int AS came_waiting,
        COALESCE(bool_or(t.waits_on AND t.n = k.sent_n AND t.id > k.sent AND t.id < k.answered), false)::int
            AS sent_waiting,
        COALESCE(bool_or(t.waits_on AND t.n = k.sent_n AND t.id > k.sent AND t.id < k.settled), false)::int
            AS sent_waiting_long,
        {_DUE.format(kind="VERIFY", until="sent")} AS verify_due,
        {_DUE.format(kind="RESPOND", until="answered")} AS respond_due,
        {_DUE.format(kind="RESOLVE", until="settled")} AS resolve_due,
        {", ".join(_noted(kind, first_round=one) for kind in ("VERIFY", "RESPOND", "RESOLVE") for one in (True, False))}
    FROM paced t JOIN keyed k ON k.c = t.c
    GROUP BY t.c, k.sent, k.answered, k.settled, k.again, k.spoke, k.came_n, k.sent_n)"""


def _promise(when: str, done: str, due: str, missed: str) -> str:
    """IN_TIME or LATE where it was given; MISSED where a miss was noted and it never was."""
    return f"""CASE WHEN x.silent OR NOT ({when}) THEN {Kept.OPEN}
        WHEN f.{done} IS NOT NULL AND f.{done} <= COALESCE(f.{due}, f.{done}) THEN {Kept.IN_TIME}
        WHEN f.{done} IS NOT NULL THEN {Kept.LATE}
        WHEN f.missed_{missed}_1 > f.undone_{missed}_1 THEN {Kept.MISSED} ELSE {Kept.OPEN} END"""


_MERGED = "f.status = 'archived' AND f.over = 'archive' AND f.ground = 'DUPLICATE'"
_TELL_CASES = (
    _TOLD
    + _KEYED
    + _FACTS
    + f"""
INSERT INTO routing_casefigure (complaint_id, agency_id, top_id, day, kind, channel, category_id, secret, withheld,
    told, merged, forwarded, followed, verify, verify_days, answer, answer_days, settle, settle_days, ended, ground,
    contested, reopened, bounced, rating_answer, rating_result, past_due)
SELECT f.c, f.agency, COALESCE(NULLIF(split_part(a.path, '/', 3), ''), split_part(a.path, '/', 2))::bigint,
    f.day, x.kind, x.channel, x.category_id, x.secret, x.withheld,
    f.told, m.merged, f.forwarded, f.followed AND NOT m.merged,
    {_promise("TRUE", "sent_on", "verify_due", "verify")},
    CASE WHEN f.sent AND NOT x.silent THEN GREATEST(0, f.sent_n - f.came_n - f.sent_paused + f.came_waiting) END,
    {_promise("f.sent AND NOT m.merged", "answered_on", "respond_due", "respond")},
    CASE WHEN f.answered AND NOT x.silent AND NOT m.merged
         THEN GREATEST(0, f.answered_n - f.sent_n - f.answered_paused + f.sent_paused + f.sent_waiting) END,
    {_promise("f.sent AND NOT m.merged", "settled_on", "resolve_due", "resolve")},
    CASE WHEN f.settled AND NOT x.silent AND NOT m.merged
         THEN GREATEST(0, f.settled_n - f.sent_n - f.settled_paused + f.sent_paused + f.sent_waiting_long) END,
    CASE WHEN f.status = ANY(%(terminal)s) THEN f.over ELSE '' END,
    CASE WHEN f.status = ANY(%(terminal)s) THEN COALESCE(f.ground, '') ELSE '' END,
    f.contested, f.reopened, f.bounced,
    CASE WHEN f.status = 'closed' THEN f.rating_answer END, CASE WHEN f.status = 'closed' THEN f.rating_result END,
    f.status = 'submitted' AND f.missed_verify > GREATEST(f.again, f.undone_verify)
        OR f.status IN ('forwarded', 'in_progress') AND (
            f.missed_respond > GREATEST(f.again, f.undone_respond, f.spoke)
            OR f.missed_resolve > GREATEST(f.again, f.undone_resolve))
FROM facts f JOIN cases x ON x.id = f.c JOIN agencies_agency a ON a.id = f.agency
CROSS JOIN LATERAL (SELECT COALESCE({_MERGED}, false) AS merged) m
WHERE f.day IS NOT NULL"""
)

# A turn ends with the next step that opens or ends one. It is in time when fewer working days than the office has for
# a first answer had passed before the day of it: then that day is no later than the date due.
_TELL_TURNS = (
    _TOLD
    + f""",
spans AS (
    SELECT t.c, t.turn, min(t.id) AS id,
        min(t.agency) FILTER (WHERE t.opens) AS agency, min(t.day) FILTER (WHERE t.opens) AS day,
        min(t.n) FILTER (WHERE t.opens) AS n, min(t.paused) FILTER (WHERE t.opens) AS paused,
        min(t.status_to) FILTER (WHERE t.opens) AS status,
        min(t.verb) FILTER (WHERE t.opens) AS verb,
        min(t.p ->> 'ground') FILTER (WHERE t.opens) AS ground,
        min(t.n) FILTER (WHERE t.answers) AS answered_n, min(t.n - t.w) FILTER (WHERE t.answers) AS answered_m,
        min(t.paused) FILTER (WHERE t.answers) AS answered_paused,
        min(t.n - t.w) FILTER (WHERE t.verb = ANY(%(ends)s)) AS over_m,
        min(t.paused) FILTER (WHERE t.verb = ANY(%(ends)s)) AS over_paused,
        array_agg(t.n) FILTER (WHERE t.waits_on) AS waits,
        min(t.n - t.w) FILTER (WHERE t.opens) AS m
    FROM paced t WHERE t.step AND t.turn > 0 GROUP BY t.c, t.turn),
turns AS (
    SELECT s.*, s.n = ANY(s.waits) IS TRUE AS waits_first,
        COALESCE(s.over_m, lead(s.m) OVER w) AS end_m, COALESCE(s.over_paused, lead(s.paused) OVER w) AS end_paused,
        CASE WHEN s.over_m IS NULL THEN lead(s.verb) OVER w END AS left_by,
        CASE WHEN s.over_m IS NULL THEN lead(s.ground) OVER w END AS left_for
    FROM spans s WINDOW w AS (PARTITION BY s.c ORDER BY s.turn))
INSERT INTO routing_turnfigure (complaint_id, number, agency_id, top_id, day, kind, channel, category_id, secret,
    withheld, kept, days, gone)
SELECT t.c, t.turn, t.agency, COALESCE(NULLIF(split_part(a.path, '/', 3), ''), split_part(a.path, '/', 2))::bigint,
    t.day, x.kind, x.channel, x.category_id, x.secret, x.withheld,
    CASE WHEN x.silent OR budget.days IS NULL THEN {Kept.OPEN}
         WHEN t.answered_m IS NOT NULL
         THEN CASE WHEN t.answered_m - t.n - t.answered_paused + t.paused + t.waits_first::int < budget.days
                   THEN {Kept.IN_TIME} ELSE {Kept.LATE} END
         WHEN t.end_m - t.n - t.end_paused + t.paused + t.waits_first::int >= budget.days THEN {Kept.LATE}
         ELSE {Kept.OPEN} END,
    CASE WHEN t.answered_n IS NOT NULL AND NOT x.silent
         THEN GREATEST(0, t.answered_n - t.n - t.answered_paused + t.paused + t.waits_first::int) END,
    CASE WHEN t.left_by = 'hand_back' AND t.left_for = 'NOT_OURS' THEN 'NOT_OURS'
         WHEN t.left_by = 'move' THEN 'MOVED' ELSE '' END
FROM turns t JOIN cases x ON x.id = t.c JOIN agencies_agency a ON a.id = t.agency
LEFT JOIN LATERAL (
    SELECT min(one.days) AS days FROM (
        SELECT DISTINCT ON (s.path) s.days
        FROM unnest(%(standards)s::text[], %(supervised)s::bool[], %(paths)s::text[], %(budgets)s::int[],
                    %(since)s::date[]) AS s(kind, supervised, path, days, since)
        WHERE s.kind = x.kind AND s.supervised = x.supervised AND s.since <= t.day AND a.path LIKE s.path || '%%'
        ORDER BY s.path, s.since DESC) one) budget ON TRUE
WHERE t.status <> 'submitted'"""
)


@dataclass(frozen=True)
class Law:
    """What does not stand in the events: the calendar, and how many working days a first answer may take."""

    params: dict[str, Any]

    @classmethod
    def read(cls, today: datetime.date) -> Law:
        """Three statements."""
        first = Complaint.objects.order_by("received_at").values_list("received_at", flat=True).first()
        begin = (first.date() if first else today) - 3 * _DAY
        almanac = Almanac(begin)
        regions = sorted(
            {code for code in Holiday.objects.values_list("region_id", flat=True).distinct() if code is not None}
        )
        rows: list[tuple[str, datetime.date, int, int]] = []
        for key in ("", *regions):
            holidays, number = almanac.days_of_code(key), 0
            for offset in range((today - begin).days + 400):
                day = begin + _DAY * offset
                works = calendar.is_working_day(day, holidays)
                number += works
                rows.append((key, day, number, int(works)))
        standards = list(
            ServiceStandard.objects.filter(clock=ClockKind.RESPOND).values_list(
                "kind", "supervised", "agency__path", "working_days", "starts_on"
            )
        )
        return cls(
            {
                "keys": [row[0] for row in rows],
                "days": [row[1] for row in rows],
                "numbers": [row[2] for row in rows],
                "works": [row[3] for row in rows],
                "regions": regions,
                "standards": [row[0] for row in standards],
                "supervised": [row[1] for row in standards],
                "paths": [row[2] or "" for row in standards],
                "budgets": [row[3] for row in standards],
                "since": [row[4] for row in standards],
                "verbs": list(VERBS),
                "noted": list(_NOTED),
                "opens": list(OPENS),
                "ends": list(ENDS),
                "answers": list(ANSWERS),
                "waiting": list(REPORTERS_TURN),
                "terminal": list(TERMINAL),
            }
        )


Days = set[tuple[int, datetime.date]]
# Whoever writes beside those who are alone at it (`ALONE`) waits for the other's commit, and finds its rows.
_ONE_WRITER = "SELECT pg_advisory_xact_lock(hashtext('routing.measures'))"


def tell(which: str, law: Law, **more: Any) -> Days:
    """Tell these cases anew, `which` being a condition on c. Returns the (top, day) pairs that this changes."""
    params = law.params | more
    changed: Days = set()
    with connection.cursor() as cursor:
        cursor.execute(_ONE_WRITER)
        for table in ("casefigure", "turnfigure"):
            cursor.execute(
                f"DELETE FROM routing_{table} c WHERE {which.replace('c.id', 'c.complaint_id')} "
                "RETURNING c.top_id, c.day",
                params,
            )
            changed |= set(cursor.fetchall())
        for sql in (_TELL_CASES, _TELL_TURNS):
            cursor.execute(f"{sql.format(which=which, withheld=_WITHHELD)} RETURNING top_id, day", params)
            changed |= set(cursor.fetchall())
    return changed


# --- From the ledger to sums ---

KIND, CHANNEL, CATEGORY = 1, 2, 4
ALL = 0
# Which sums are kept of the country; of what lies directly below it the first alone.
CUBES = (ALL, KIND, CHANNEL, KIND | CHANNEL, CATEGORY)
SPREAD_CUBES = (ALL, KIND, CHANNEL, KIND | CHANNEL)


def _grouping(cubes: Iterable[int], *always: str) -> str:
    columns = {KIND: "kind", CHANNEL: "channel", CATEGORY: "category_id"}
    sets = [", ".join([*always, *(name for bit, name in columns.items() if cube & bit)]) for cube in cubes]
    return "GROUPING SETS (" + ", ".join(f"({one})" for one in sets) + ")"


# GROUPING gives 1 for what is summed over, first column highest.
_CUBE = "(7 - (GROUPING(kind) + 2 * GROUPING(channel) + 4 * GROUPING(category_id)))"
_NO_CASES = ", ".join("0" for _ in (*counting.CASES, *counting.SUMS))
_NO_TURNS = ", ".join("0" for _ in counting.TURNS)
_NUMBERS = {
    "casefigure": f"ARRAY[{', '.join(counting.case_numbers())}, {_NO_TURNS}]::int[]",
    "turnfigure": f"ARRAY[{_NO_CASES}, {', '.join(counting.turn_numbers())}]::int[]",
}
_SUM_COUNTRY = """
    INSERT INTO routing_tally (node_id, cube, day, secret, kind, channel, category_id, counts)
    SELECT %(root)s, {cube}, day, secret, COALESCE(kind, ''), COALESCE(channel, ''), category_id, {numbers}
    FROM routing_{table} WHERE NOT withheld AND day = ANY(%(when)s)
    GROUP BY {grouping}"""
_SUM_TOPS = """
    INSERT INTO routing_tally (node_id, cube, day, secret, kind, channel, category_id, counts)
    SELECT top_id, 0, day, secret, '', '', NULL, {numbers}
    FROM routing_{table} f
    WHERE NOT withheld AND (top_id, day) IN (SELECT * FROM unnest(%(tops)s::bigint[], %(on)s::date[]))
        AND top_id <> %(root)s
    GROUP BY top_id, day, secret"""
_SUM_SPREAD = """
    INSERT INTO routing_spread (cube, day, secret, kind, channel, what, days, count)
    SELECT (3 - (GROUPING(kind) + 2 * GROUPING(channel))), day, secret, COALESCE(kind, ''), COALESCE(channel, ''),
        {what}, {column}, count(*)
    FROM routing_{table} WHERE NOT withheld AND day = ANY(%(when)s) AND {column} IS NOT NULL
    GROUP BY {grouping}"""


def sum_days(changed: Days) -> None:
    """Sum these days of the country and of the agencies directly below it anew."""
    if not changed:
        return
    pairs = sorted(changed)
    params: dict[str, Any] = {
        "root": Agency.objects.root().pk,
        "cubes": list(CUBES),
        "when": sorted({day for _top, day in pairs}),
        "tops": [top for top, _day in pairs],
        "on": [day for _top, day in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ONE_WRITER)
        cursor.execute(
            "DELETE FROM routing_tally WHERE node_id = %(root)s AND cube = ANY(%(cubes)s) AND day = ANY(%(when)s)",
            params,
        )
        cursor.execute(
            "DELETE FROM routing_tally t USING unnest(%(tops)s::bigint[], %(on)s::date[]) AS gone(top, day) "
            "WHERE t.node_id = gone.top AND t.cube = 0 AND t.day = gone.day",
            params,
        )
        cursor.execute("DELETE FROM routing_spread WHERE cube = ANY(%(cubes)s) AND day = ANY(%(when)s)", params)
        for table, numbers in _NUMBERS.items():
            grouping = _grouping(CUBES, "day", "secret")
            cursor.execute(_SUM_COUNTRY.format(cube=_CUBE, numbers=numbers, table=table, grouping=grouping), params)
            cursor.execute(_SUM_TOPS.format(numbers=numbers, table=table), params)
        for what, column in enumerate(counting.SPREADS):
            table = "casefigure" if column in counting.CASE_SPREADS else "turnfigure"
            grouping = _grouping(SPREAD_CUBES, "day", "secret", column)
            cursor.execute(_SUM_SPREAD.format(what=what, column=column, table=table, grouping=grouping), params)


# --- Running ---

# Own rows count as well: inside a test's transaction the events are not committed, and are seen.
_OVER = "(e.xact < %(upto)s::text::xid8 OR e.xact = pg_current_xact_id_if_assigned())"


def _never() -> bool:
    return False


def _oldest_running() -> int:
    """Every transaction below this number is over: what it wrote is seen by each statement from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


@transaction.atomic
def advance(now: datetime.datetime | None = None, *, most: int = BATCH) -> bool:
    """Count the events since the last run, as far as they are certain; True: there are more. The figures and the cursor
    move together. Does nothing before the figures were made for the first time."""
    now = now or timezone.now()
    row = Counted.objects.select_for_update().first()
    if row is None or row.upto is None:
        return False
    upto = _oldest_running()
    given = {"since": row.upto, "upto": upto, "most": most}
    with connection.cursor() as cursor:
        # As many whole transactions as hold about `most` events.
        cursor.execute(
            "SELECT e.xact::text::bigint + 1 FROM complaints_event e "
            f"WHERE e.xact >= %(since)s::text::xid8 AND {_OVER} ORDER BY e.xact OFFSET %(most)s LIMIT 1",
            given,
        )
        full = cursor.fetchone()
        if full is not None and full[0] < upto:
            given["upto"] = full[0]
        cursor.execute(
            f"SELECT DISTINCT e.complaint_id FROM complaints_event e WHERE e.xact >= %(since)s::text::xid8 AND {_OVER}",
            given,
        )
        cases = sorted(pk for (pk,) in cursor.fetchall())
    if cases:
        law = Law.read(timezone.localdate(now))
        changed: Days = set()
        for start in range(0, len(cases), BATCH):
            changed |= tell("c.id = ANY(%(cases)s)", law, cases=cases[start : start + BATCH])
        sum_days(changed)
    Counted.objects.filter(pk=row.pk).update(upto=given["upto"], counted_at=now)
    return full is not None


def remake(now: datetime.datetime | None = None, *, batch: int = 20_000, is_over: Callable[[], bool] = _never) -> bool:
    """Make all figures anew from the events, as far as the time goes; True: it is done. A run that is cut off goes on
    where it was. Pages go on reading what stands there meanwhile. For whoever is alone at it (`lapor.kit.alone`)."""
    now = now or timezone.now()
    with transaction.atomic():
        row = Counted.objects.select_for_update().first() or Counted()
        if row.remaking is None:
            row.remaking = 0
            # What happens from now on is told by `advance` afterwards, of cases told already too.
            row.upto = _oldest_running()
            row.save()
    law = Law.read(timezone.localdate(now))
    while row.remaking >= 0:
        if is_over():
            return False
        with transaction.atomic():
            end = _end_of_batch(row.remaking, batch)
            if end is not None:
                tell("c.id > %(after)s AND c.id <= %(end)s", law, after=row.remaking, end=end)
            row.remaking = -1 if end is None else end
            row.save(update_fields=["remaking"])
    pairs = _pairs()
    days = sorted({day for _top, day in pairs})
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("tally", "spread"):
            cursor.execute(f"DELETE FROM routing_{table} WHERE day <> ALL(%s)", [days])
    for start in range(0, len(days), _MONTH):
        if is_over():
            return False
        some = set(days[start : start + _MONTH])
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM routing_tally WHERE day = ANY(%s)", [sorted(some)])
            sum_days({pair for pair in pairs if pair[1] in some})
    row.remaking, row.words, row.counted_at, row.differs = None, counting.WORDS, now, {}
    row.save()
    return True


def _pairs() -> Days:
    """Every day and district the ledger has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT top_id, day FROM routing_casefigure UNION SELECT top_id, day FROM routing_turnfigure")
        return set(cursor.fetchall())


def _end_of_batch(after: int, batch: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id) FROM (SELECT id FROM complaints_complaint WHERE id > %s ORDER BY id LIMIT %s) c",
            [after, batch],
        )
        found: int | None = cursor.fetchone()[0]
        return found


def make_anew() -> None:
    """The calendar or the law changed, and with them days long past: the next run makes all figures anew."""
    Counted.objects.filter(remaking__isnull=True).update(words="")


def keep_up(now: datetime.datetime | None = None, is_over: Callable[[], bool] = _never) -> bool:
    """Whatever is to be done: make the figures where they never were or no longer fit, else count what happened.
    True: there is more to do."""
    row = Counted.objects.first()
    # A cursor ahead of PostgreSQL: the database was brought to another one, where transactions are numbered anew.
    moved = row is not None and row.upto is not None and row.upto > _oldest_running()
    if row is None or row.upto is None or row.words != counting.WORDS or row.remaking is not None or moved:
        return not remake(now, is_over=is_over) or keep_up(now, is_over)
    while advance(now):
        if is_over():
            return True
    return False
