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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from agencies import calendar
from agencies.models import Holiday
from complaints.models import ClockKind, Complaint, ServiceStandard
from complaints.transitions import REPORTERS_TURN, TERMINAL
from routing.measures import beside, counting, piles, sums
from routing.models.measures import Counted, Kept, TurnFigure

log = logging.getLogger(__name__)

# Cases told in one transaction, and events looked at in one run of the cursor.
BATCH = 5_000
# Who makes, counts or checks the figures is alone at it.
ALONE = "routing.measures"
_DAY = datetime.timedelta(days=1)
# Who make all figures anew at once: more would leave pages no processor. Each takes up to so many batches before it is
# noted how far they are.
WORKERS, ROUND = 2, 5
SOURCES = ("routing_casefigure", "routing_turnfigure")
SUMS = (
    "routing_tally",
    "routing_spread",
    "routing_monthtally",
    "routing_monthspread",
    *(f"routing_{pile.table}" for pile in piles.PILES),
)
TABLES = (*SOURCES, *SUMS)
# What opens an office's turn, what ends it, what answers.
OPENS = ("submit", "place", "forward", "pass_on", "hand_back", "move", "contest", "reopen", "unmerge")
ENDS = ("accept", "lapse", "expire", "archive", "withdraw")
ANSWERS = ("answer", "resolve")
# Of these the date may lie before that of the event before: they are no steps of the case.
_NOTED = ("overdue", "overdue_withdrawn", "recompute", "tag")
VERBS = (*OPENS, *ENDS, *ANSWERS, "start", "ask", "unask", "complete", "reclassify", *_NOTED)


# --- From events to the ledger ---

# Working days are counted by number: n of a day is how many lie up to it, w is 1 on a working day; both are looked up
# by the row of the calendar of the place and the day since it begins, NULL outside of it. `paused`: working days before
# the event on which the reporter was waited for, or the case was merged with another (ADR 0029); of a pause
# that began on the first day itself that day is taken off again, for no promise counts its first day. What an event
# carries in its particulars is read once, here, and only where somebody asks for it. OFFSET 0 keeps `read` apart: else
# its day would be reckoned again wherever it is named.
_TOLD = """
WITH standards AS MATERIALIZED (
    SELECT * FROM unnest(%(standards)s::text[], %(supervised)s::bool[], %(paths)s::text[], %(budgets)s::int[],
                         %(since)s::date[], %(replaced)s::date[]) s(kind, supervised, path, days, since, replaced)),
cases AS MATERIALIZED (
    SELECT c.id, c.kind, c.channel, c.category_id, c.supervised, c.secret, c.silent, c.place_id,
           {withheld} AS withheld, COALESCE(r.zone, 'Asia/Jakarta') AS zone,
           COALESCE((SELECT k.place + 1 FROM unnest(%(regions)s::text[]) WITH ORDINALITY AS k(key, place)
                     WHERE c.place_id = k.key OR c.place_id LIKE k.key || '.%%'
                     ORDER BY length(k.key) DESC LIMIT 1), 1)::int AS calendar
    FROM complaints_complaint c LEFT JOIN agencies_region r ON r.code = c.place_id
    WHERE {which} AND {also}),
read AS (
    SELECT e.id, e.complaint_id AS c, e.verb, e.round, e.status_from, e.status_to, e.handler_to_id AS agency,
           x.calendar, (e.at AT TIME ZONE x.zone)::date AS day, e.verb = ANY(%(noted)s) AS noted,
           e.status_to = ANY(%(terminal)s) AS is_over, e.particulars ? 'told_as' AS told, e.particulars AS said,
           e.particulars -> 'clocks' AS clocks, e.particulars -> 'moved' AS moved
    FROM cases x JOIN complaints_event e ON e.complaint_id = x.id AND {which_event}
    WHERE e.verb = ANY(%(verbs)s){until}
    OFFSET 0),
told AS (
    SELECT d.id, d.c, d.day, d.round, NOT d.noted AS step, d.verb = ANY(%(opens)s) AS opens, d.told,
           d.verb = ANY(%(answers)s) AND NOT d.told AS answers,
           d.is_over AND d.status_from <> ALL(%(terminal)s) AS ends,
           (%(numbers)s::int[])[d.calendar][d.day - %(begin)s::date + 1] AS n,
           (%(works)s::int[])[d.calendar][d.day - %(begin)s::date + 1] AS w,
           d.agency, d.verb, d.status_to,
           CASE WHEN d.is_over OR d.noted OR d.verb IN ('archive', 'hand_back', 'reopen') THEN d.said END AS said,
           {dates}
    FROM read d),
waited AS (
    SELECT t.*, t.step AND (t.status_to = ANY(%(waiting)s)
                            OR t.verb = 'archive' AND t.said ->> 'ground' = 'DUPLICATE') AS waits,
           lead(t.n - t.w) OVER w AS until, count(*) FILTER (WHERE t.opens) OVER w AS turn
    FROM told t WINDOW w AS (PARTITION BY t.c, t.step ORDER BY t.id ROWS UNBOUNDED PRECEDING)),
paced AS MATERIALIZED (
    SELECT s.id, s.c, s.day, s.round, s.step, s.opens, s.told, s.answers, s.ends, s.turn, s.n, s.w, s.agency, s.verb,
           s.status_to, s.said, s.verify_due, s.respond_due, s.resolve_due,
           s.waits AND s.w = 1 AND s.until >= s.n AS waits_on,
           COALESCE(sum(GREATEST(0, s.until - s.n + s.w)) FILTER (WHERE s.waits) OVER (
               PARTITION BY s.c, s.step ORDER BY s.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS paused
    FROM waited s)"""

_WITHHELD = """(c.not_for_id IS NOT NULL OR c.about_conduct AND EXISTS (
    SELECT FROM complaints_complaint_not_seen_by s WHERE s.complaint_id = c.id))"""

# The date a promise had when it was kept or missed: the last one an event told before. Days since 2000, beneath the id
# of the event that told it.
_DATES = ", ".join(
    f"COALESCE(d.clocks ->> '{kind}', d.moved -> '{kind}' ->> 1)::date - date '2000-01-01' AS {kind.lower()}_due"
    for kind in ("VERIFY", "RESPOND", "RESOLVE")
)
_DUE = """(max(t.id * 1048576 + t.{name})
        FILTER (WHERE t.round = 1 AND t.id <= COALESCE(k.{until}, t.id)) & 1048575)::int"""
_NOTED_LAST = """COALESCE(max(t.id) FILTER (WHERE t.verb = '{verb}' AND t.promise = '{kind}'{only}), 0)"""


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
        max(t.id) FILTER (WHERE t.ends) AS over,
        max(t.id) AS last
    FROM paced t GROUP BY t.c)"""
# Few cases have any.
_NOTED_CASES = f""",
noted AS (
    SELECT t.c,
        {", ".join(_noted(kind, first_round=one) for kind in ("VERIFY", "RESPOND", "RESOLVE") for one in (True, False))}
    FROM (SELECT c, id, round, verb, said ->> 'kind' AS promise FROM paced WHERE NOT step) t
    GROUP BY t.c)"""
_FACTS = f""",
facts AS (
    SELECT t.c,
        min(t.day) FILTER (WHERE t.verb = 'submit') AS day,
        bool_or(t.verb = 'forward') AS forwarded, bool_or(t.answers) AS followed, bool_or(t.told) AS told,
        bool_or(t.verb = 'contest') AS contested,
        bool_or(t.verb = 'reopen' AND t.said ->> 'cause' IS DISTINCT FROM 'LEAD_GONE') AS reopened,
        bool_or(t.verb = 'hand_back' AND t.said ->> 'ground' = 'NOT_OURS') AS bounced,
        min(t.status_to) FILTER (WHERE t.id = k.last) AS status,
        min(t.agency) FILTER (WHERE t.id = k.last) AS agency,
        min(CASE WHEN t.told THEN 'told' ELSE t.verb END) FILTER (WHERE t.id = k.over) AS over,
        min(t.said ->> 'ground') FILTER (WHERE t.id = k.over) AS ground,
        min((t.said ->> 'rating_answer')::int) FILTER (WHERE t.id = k.over) AS rating_answer,
        min((t.said ->> 'rating_result')::int) FILTER (WHERE t.id = k.over) AS rating_result,
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
        {_DUE.format(name="verify_due", until="sent")} AS verify_due,
        {_DUE.format(name="respond_due", until="answered")} AS respond_due,
        {_DUE.format(name="resolve_due", until="settled")} AS resolve_due
    FROM paced t JOIN keyed k ON k.c = t.c
    GROUP BY t.c)"""


def _promise(when: str, done: str, due: str, missed: str) -> str:
    """IN_TIME or LATE where it was given; MISSED where a miss was noted and it never was."""
    return f"""CASE WHEN x.silent OR NOT ({when}) THEN {Kept.OPEN}
        WHEN f.{done} IS NOT NULL AND f.{done} <= COALESCE(f.{due}, f.{done}) THEN {Kept.IN_TIME}
        WHEN f.{done} IS NOT NULL THEN {Kept.LATE}
        WHEN o.missed_{missed}_1 > o.undone_{missed}_1 THEN {Kept.MISSED} ELSE {Kept.OPEN} END"""


_MERGED = "f.status = 'archived' AND f.over = 'archive' AND f.ground = 'DUPLICATE'"
_COLUMNS = {
    "casefigure": """complaint_id, agency_id, top_id, day, kind, channel, category_id, secret, withheld,
    told, merged, forwarded, followed, verify, verify_days, answer, answer_days, settle, settle_days, ended, ground,
    contested, reopened, bounced, rating_answer, rating_result, past_due""",
    "turnfigure": """complaint_id, number, agency_id, top_id, day, kind, channel, category_id, secret,
    withheld, kept, days, gone""",
}
_TOP = "COALESCE(NULLIF(split_part(a.path, '/', 3), ''), split_part(a.path, '/', 2))::bigint"
_TELL_CASES = f""",
told_cases AS (
INSERT INTO {{into}}_casefigure ({{casefigure}}) SELECT {{casefigure}} FROM (
SELECT f.c AS complaint_id, f.agency AS agency_id, {_TOP} AS top_id,
    f.day, x.kind, x.channel, x.category_id, x.secret, x.withheld,
    f.told, m.merged, f.forwarded, f.followed AND NOT m.merged AS followed,
    {_promise("TRUE", "sent_on", "verify_due", "verify")} AS verify,
    CASE WHEN k.sent IS NOT NULL AND NOT x.silent
         THEN GREATEST(0, k.sent_n - k.came_n - f.sent_paused + f.came_waiting) END AS verify_days,
    {_promise("k.sent IS NOT NULL AND NOT m.merged", "answered_on", "respond_due", "respond")} AS answer,
    CASE WHEN k.answered IS NOT NULL AND NOT x.silent AND NOT m.merged
         THEN GREATEST(0, f.answered_n - k.sent_n - f.answered_paused + f.sent_paused + f.sent_waiting) END
        AS answer_days,
    {_promise("k.sent IS NOT NULL AND NOT m.merged", "settled_on", "resolve_due", "resolve")} AS settle,
    CASE WHEN k.settled IS NOT NULL AND NOT x.silent AND NOT m.merged
         THEN GREATEST(0, f.settled_n - k.sent_n - f.settled_paused + f.sent_paused + f.sent_waiting_long) END
        AS settle_days,
    CASE WHEN f.status = ANY(%(terminal)s) THEN f.over ELSE '' END AS ended,
    CASE WHEN f.status = ANY(%(terminal)s) THEN COALESCE(f.ground, '') ELSE '' END AS ground,
    f.contested, f.reopened, f.bounced,
    CASE WHEN f.status = 'closed' THEN f.rating_answer END AS rating_answer,
    CASE WHEN f.status = 'closed' THEN f.rating_result END AS rating_result,
    COALESCE(f.status = 'submitted' AND o.missed_verify > GREATEST(k.again, o.undone_verify)
        OR f.status IN ('forwarded', 'in_progress') AND (
            o.missed_respond > GREATEST(k.again, o.undone_respond, k.spoke)
            OR o.missed_resolve > GREATEST(k.again, o.undone_resolve)), false) AS past_due
FROM facts f JOIN keyed k ON k.c = f.c JOIN cases x ON x.id = f.c JOIN agencies_agency a ON a.id = f.agency
LEFT JOIN noted o ON o.c = f.c
CROSS JOIN LATERAL (SELECT COALESCE({_MERGED}, false) AS merged) m
WHERE f.day IS NOT NULL) figures WHERE {{only}})"""

# A turn ends with the next step that opens or ends one. It is in time when fewer working days than the office has for
# a first answer had passed before the day of it: then that day is no later than the date due.
_TELL_TURNS = f""",
spans AS (
    SELECT t.c, t.turn, min(t.id) AS id,
        min(t.agency) FILTER (WHERE t.opens) AS agency, min(t.day) FILTER (WHERE t.opens) AS day,
        min(t.n) FILTER (WHERE t.opens) AS n, min(t.paused) FILTER (WHERE t.opens) AS paused,
        min(t.status_to) FILTER (WHERE t.opens) AS status,
        min(t.verb) FILTER (WHERE t.opens) AS verb,
        min(t.said ->> 'ground') FILTER (WHERE t.opens AND t.verb = 'hand_back') AS ground,
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
    FROM spans s WINDOW w AS (PARTITION BY s.c ORDER BY s.turn)),
told_turns AS (
INSERT INTO {{into}}_turnfigure ({{turnfigure}}) SELECT {{turnfigure}} FROM (
SELECT t.c AS complaint_id, t.turn AS number, t.agency AS agency_id, {_TOP} AS top_id,
    t.day, x.kind, x.channel, x.category_id, x.secret, x.withheld,
    CASE WHEN x.silent OR budget.days IS NULL THEN {Kept.OPEN}
         WHEN t.answered_m IS NOT NULL
         THEN CASE WHEN t.answered_m - t.n - t.answered_paused + t.paused + t.waits_first::int < budget.days
                   THEN {Kept.IN_TIME} ELSE {Kept.LATE} END
         WHEN t.end_m - t.n - t.end_paused + t.paused + t.waits_first::int >= budget.days THEN {Kept.LATE}
         ELSE {Kept.OPEN} END AS kept,
    CASE WHEN t.answered_n IS NOT NULL AND NOT x.silent
         THEN GREATEST(0, t.answered_n - t.n - t.answered_paused + t.paused + t.waits_first::int) END AS days,
    CASE WHEN t.left_by = 'hand_back' AND t.left_for = 'NOT_OURS' THEN 'NOT_OURS'
         WHEN t.left_by = 'move' THEN 'MOVED' ELSE '' END AS gone
FROM turns t JOIN cases x ON x.id = t.c JOIN agencies_agency a ON a.id = t.agency
LEFT JOIN LATERAL (
    SELECT min(s.days) AS days FROM standards s
    WHERE s.kind = x.kind AND s.supervised = x.supervised AND s.since <= t.day AND t.day < s.replaced
        AND a.path LIKE s.path || '%%') budget ON TRUE
WHERE t.status <> 'submitted') figures WHERE {{only}})"""
_TELL = f"{_TOLD}{_KEYED}{_NOTED_CASES}{_FACTS}{_TELL_CASES}{_TELL_TURNS} SELECT 1"


@dataclass(frozen=True)
class Law:
    """What does not stand in the events: the calendar, and how many working days a first answer may take."""

    params: dict[str, Any]

    @classmethod
    def read(cls, today: datetime.date) -> Law:
        """Three statements."""
        return Given.read(today).law()


@dataclass(frozen=True)
class Given:
    """The same as data, so that a year can be counted again by the law it was closed with. `holidays`: by region,
    "" the whole country's; `standards`: kind, supervised, path of the agency, working days, since when."""

    begin: datetime.date
    end: datetime.date
    holidays: Mapping[str, Sequence[datetime.date]]
    standards: Sequence[tuple[str, bool, str, int, datetime.date]]

    @classmethod
    def read(cls, today: datetime.date) -> Given:
        """Three statements."""
        first = Complaint.objects.order_by("received_at").values_list("received_at", flat=True).first()
        begin = (first.date() if first else today) - 3 * _DAY
        holidays: dict[str, list[datetime.date]] = {}
        for region, day in (
            Holiday.objects.filter(date__gte=begin).order_by("date", "pk").values_list("region_id", "date")
        ):
            holidays.setdefault(region or "", []).append(day)
        standards = [
            (kind, supervised, path or "", days, since)
            for kind, supervised, path, days, since in ServiceStandard.objects.filter(clock=ClockKind.RESPOND)
            .order_by("pk")
            .values_list("kind", "supervised", "agency__path", "working_days", "starts_on")
        ]
        return cls(begin, today + 400 * _DAY, holidays, standards)

    def kept(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "begin": self.begin.isoformat(),
            "end": self.end.isoformat(),
            "holidays": {code: [day.isoformat() for day in days] for code, days in sorted(self.holidays.items())},
            "standards": [[*line, since.isoformat()] for *line, since in self.standards],
        }

    @classmethod
    def kept_as(cls, said: Mapping[str, Any]) -> Given:
        day = datetime.date.fromisoformat
        return cls(
            day(said["begin"]),
            day(said["end"]),
            {code: [day(one) for one in days] for code, days in said["holidays"].items()},
            [(kind, supervised, path, days, day(since)) for kind, supervised, path, days, since in said["standards"]],
        )

    def _days_of(self, region: str) -> frozenset[datetime.date]:
        """With those of the places around it."""
        around = [days for code, days in self.holidays.items() if not code or f"{region}.".startswith(f"{code}.")]
        return frozenset().union(*around)

    def law(self) -> Law:
        regions = sorted(code for code in self.holidays if code)
        days = [self.begin + _DAY * offset for offset in range((self.end - self.begin).days)]
        works = []
        for key in ("", *regions):
            holidays = self._days_of(key)
            works.append([int(calendar.is_working_day(day, holidays)) for day in days])
        # Each until the next of the same kind and path; found from behind.
        replaced, next_of = [], dict[tuple[str, bool, str], datetime.date]()
        for kind, supervised, path, _days, since in reversed(standards := sorted(self.standards, key=itemgetter(4))):
            replaced.append(next_of.get((kind, supervised, path), datetime.date.max))
            next_of[kind, supervised, path] = since
        return Law(
            {
                "begin": self.begin,
                "numbers": [list(accumulate(row)) for row in works],
                "works": works,
                "regions": regions,
                "standards": [row[0] for row in standards],
                "supervised": [row[1] for row in standards],
                "paths": [row[2] for row in standards],
                "budgets": [row[3] for row in standards],
                "since": [row[4] for row in standards],
                "replaced": replaced[::-1],
                "verbs": list(VERBS),
                "noted": list(_NOTED),
                "opens": list(OPENS),
                "ends": list(ENDS),
                "answers": list(ANSWERS),
                "waiting": list(REPORTERS_TURN),
                "terminal": list(TERMINAL),
            }
        )


# Whoever writes beside those who are alone at it (`ALONE`) waits for the other's commit, and finds its rows.
_ONE_WRITER = "SELECT pg_advisory_xact_lock(hashtext('routing.measures'))"


def tell(which: str, law: Law, **more: Any) -> None:
    """Tell these cases anew, `which` being a condition on c.id, and move every sum by the difference."""
    params = law.params | more
    with connection.cursor() as cursor:
        cursor.execute(_ONE_WRITER)
        for table in sums.SOURCES:
            mine = which.replace("c.id", "c.complaint_id")
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS was_{table} (LIKE routing_{table}) ON COMMIT DELETE ROWS")
            cursor.execute(f"DELETE FROM was_{table}")
            cursor.execute(
                f"WITH gone AS (DELETE FROM routing_{table} c WHERE {mine} RETURNING c.*) "
                f"INSERT INTO was_{table} SELECT * FROM gone",
                params,
            )
        _tell_into("routing", which, _WITHHELD, params)
        sums.move({table: which.replace("c.id", "f.complaint_id") for table in sums.SOURCES}, params)


# What was kept from an office only since then was in its count.
_WITHHELD_BY = f"""({_WITHHELD} AND (
    NOT EXISTS (SELECT FROM complaints_event e WHERE e.complaint_id = c.id AND e.verb = 'exclude'
                AND e.recorded_at >= %(until)s)
    OR EXISTS (SELECT FROM complaints_event e WHERE e.complaint_id = c.id AND e.verb = 'exclude'
               AND e.recorded_at < %(until)s)))"""


def tell_into(
    into: str,
    which: str,
    law: Law,
    *,
    also: str,
    only: str,
    columns: Mapping[str, Sequence[str]],
    until: datetime.datetime,
    **more: Any,
) -> None:
    """Tell these cases by the events recorded before `until` alone, into other tables (<into>_casefigure,
    <into>_turnfigure) that have some of the columns of ours: `columns`, by table. `which`, as in `tell`, is a condition
    on c.id alone; `also`: on more of c; `only`: on what is told of a case or a turn. Nothing that is kept is
    changed."""
    params = law.params | more | {"until": until}
    into_columns = {table: ", ".join(names) for table, names in columns.items()}
    until_then = " AND e.recorded_at < %(until)s"
    _tell_into(into, which, _WITHHELD_BY, params, also=also, only=only, until=until_then, columns=into_columns)


def _tell_into(
    into: str,
    which: str,
    withheld: str,
    params: dict[str, Any],
    *,
    also: str = "TRUE",
    only: str = "TRUE",
    until: str = "",
    columns: Mapping[str, str] = _COLUMNS,
) -> None:
    """The same condition is put to the events: else PostgreSQL reads all there are to find those of a few cases."""
    mine = which.replace("c.id", "e.complaint_id")
    told = {"which": which, "which_event": mine, "also": also, "withheld": withheld, "until": until, "into": into,
        "only": only, **columns}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TELL.format(dates=_DATES, **told), params)


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
        for start in range(0, len(cases), BATCH):
            tell("c.id = ANY(%(cases)s)", law, cases=cases[start : start + BATCH])
    Counted.objects.filter(pk=row.pk).update(upto=given["upto"], counted_at=now)
    return full is not None


def remake(
    now: datetime.datetime | None = None,
    *,
    batch: int = 20_000,
    workers: int = WORKERS,
    is_over: Callable[[], bool] = _never,
) -> bool:
    """Make all figures anew from the events, as far as the time goes; True: it is done. Told beside what stands there,
    by several at once, and put in its place at the end: pages go on reading meanwhile. A run that is cut off goes on
    where it was. For whoever is alone at it (`lapor.kit.alone`)."""
    now = now or timezone.now()
    with transaction.atomic():
        row = Counted.objects.select_for_update().first() or Counted()
        if row.remaking is None or not beside.are_there(TABLES):
            row.remaking = 0
            # What happens from now on is told by `advance` afterwards, of cases told already too.
            row.upto = _oldest_running()
            row.save()
            beside.lay(TABLES)
        else:
            beside.forget_after(SOURCES, "complaint_id", row.remaking)
    law = Law.read(timezone.localdate(now))
    with beside.hands(workers) as at_once:
        while row.remaking >= 0:
            if is_over():
                return False
            ranges, after = list[tuple[int, int]](), row.remaking
            while len(ranges) < workers * ROUND and (end := _end_of_batch(after, batch)) is not None:
                ranges.append((after, end))
                after = end
            at_once([partial(_tell_range, law, first, last) for first, last in ranges])
            row.remaking = after if len(ranges) == workers * ROUND else -1
            row.save(update_fields=["remaking"])
        # What each has to do is asked when the one before is done; what a run that was cut off did is not done again.
        steps: Sequence[Callable[[], Sequence[beside.Work]]] = (
            lambda: beside.indexing(SOURCES),
            lambda: [partial(beside.settle, table) for table in SOURCES],
            lambda: sums.filling(beside.name),
            lambda: sums.months_filling(beside.name),
            lambda: beside.indexing(SUMS),
            lambda: [partial(beside.settle, table) for table in SUMS],
        )
        for step in steps:
            if not at_once(step(), is_over):
                return False
    if not beside.swap(TABLES):
        # Somebody reads for very long (a backup): the next run puts it in place.
        return False
    row.remaking, row.words, row.counted_at, row.differs = None, counting.WORDS, now, {}
    row.save()
    return True


def _tell_range(law: Law, after: int, end: int) -> None:
    with transaction.atomic():
        beside.with_room()
        which, given = "c.id > %(after)s AND c.id <= %(end)s", {"after": after, "end": end}
        _tell_into(beside.PREFIX, which, _WITHHELD, law.params | given)


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


def judge_anew(standard: ServiceStandard, today: datetime.date) -> None:
    """A standard was set that offices are judged by. One of a district that begins today touches few cases, which are
    told at once; what reaches back, or is the whole country's, makes all figures anew."""
    if standard.clock != ClockKind.RESPOND or standard.starts_on > today:
        return
    if standard.agency is None or standard.starts_on < today:
        make_anew()
        return
    turns = TurnFigure.objects.filter(top=standard.agency, kind=standard.kind, day__gte=standard.starts_on)
    cases = sorted(set(turns.values_list("complaint_id", flat=True)))
    if cases:
        tell("c.id = ANY(%(cases)s)", Law.read(today), cases=cases)


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
