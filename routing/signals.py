"""Signs that numbers may have been helped: what an evaluator should look at, never what anybody is punished for.

Each is a share: so many of so many, in one year of one agency below the root. It stands out where it is at least twice
the share of all its peers together, LEAST or more, and would come about by chance less than once in ten thousand
(Poisson); with ten signals and 552 pemda that cries wolf about once in two years. Secret cases, those about conduct
and what was brought along from elsewhere are never among them.

Who filed or rated is only compared by the fingerprints that stand beside a report (ADR 0009), never of an anonymous
one, never shown, and told from LEAST cases on: it is likely, not known.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agencies import calendar
from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Holiday, Membership
from agencies.models.agency import Kind
from complaints.channels.counter import CODE as COUNTER
from complaints.models import Complaint
from complaints.transitions import Incomplete, NotAllowed
from lapor.kit.sealing import fingerprint
from routing import readings
from routing.almanac import zone_of
from routing.models import SignalCount, SignalNote
from routing.rises import tail

LEAST: Final = 5
RARE: Final = 0.0001
TWICE: Final = 2.0
# Fewer cases of all peers together are no comparison.
PEERS: Final = 50
# What is expected where no peer ever did it.
FLOOR: Final = 0.5
# Cases kept with a count.
KEPT: Final = 100
# Minutes from the case's coming to its final answer.
FAST: Final = 30
# Ratings of one office from one place, and how many of all its ratings within an hour.
FROM_ONE: Final = 5
# The last days of a year in which cases are merged.
LAST_DAYS: Final = 21


@dataclass(frozen=True)
class Signal:
    """`of_whom`: it rests on who somebody may be, so its cases are shown to nobody who may not ask for a name."""

    code: str
    label: str
    formula: str
    of_whom: bool = False

    @property
    def name(self) -> str:
        return _(self.label)

    @property
    def words(self) -> str:
        return _(self.formula)


SIGNALS: Final[Mapping[str, Signal]] = {
    one.code: one
    for one in (
        Signal(
            "left_before_due",
            gettext_noop("Dilepas tepat sebelum batas"),
            gettext_noop(
                "Giliran kantor yang berakhir tanpa jawaban karena dipindahkan, dikembalikan, atau diarsipkan pada "
                "hari batasnya atau satu hari kerja sebelumnya; dibagi semua giliran yang berakhir begitu."
            ),
        ),
        Signal(
            "answered_fast",
            gettext_noop("Dijawab tuntas dalam 30 menit"),
            gettext_noop(
                "Jawaban akhir kurang dari 30 menit sesudah laporannya sampai di kantor itu; dibagi semua jawaban "
                "akhir."
            ),
        ),
        Signal(
            "own_report",
            gettext_noop("Kemungkinan dilaporkan petugasnya sendiri"),
            gettext_noop(
                "Laporan yang sidik akun atau emailnya sama dengan milik petugas kantor yang menanganinya atau kantor "
                "di atasnya; dibagi semua laporan. Hanya kemungkinan: akun bisa dipinjam. Yang anonim tidak pernah "
                "ikut."
            ),
            of_whom=True,
        ),
        Signal(
            "own_counter",
            gettext_noop("Diketik di loket kantor yang menjawabnya"),
            gettext_noop(
                "Laporan yang diketik petugas di loket kantor yang kemudian menanganinya sendiri; dibagi semua "
                "laporan. Loket memang ada untuk itu: bandingkan dengan yang lain."
            ),
        ),
        Signal(
            "rated_by_one",
            gettext_noop("Banyak nilai dari satu tempat"),
            gettext_noop(
                "Nilai untuk satu kantor dari sidik akun, email, atau telepon yang sama, lima kali atau lebih; dibagi "
                "semua nilai. Hanya kemungkinan: satu telepon bisa dipakai satu keluarga. Yang anonim tidak pernah "
                "ikut."
            ),
            of_whom=True,
        ),
        Signal(
            "rated_at_once",
            gettext_noop("Banyak nilai dalam satu jam"),
            gettext_noop("Nilai untuk satu kantor, lima atau lebih dalam jam yang sama; dibagi semua nilai."),
        ),
        Signal(
            "merged_at_end",
            gettext_noop("Digabung menjelang akhir tahun"),
            gettext_noop(
                "Laporan yang digabung dengan laporan lain pada 21 hari terakhir tahun itu; dibagi semua yang digabung "
                "selama tahun itu."
            ),
        ),
    )
}

# --- Counting ---

_OPENLY = "NOT c.secret AND NOT c.about_conduct AND c.not_for_id IS NULL AND NOT c.silent"
_NEWEST = f"(array_agg(case_id ORDER BY case_id DESC) FILTER (WHERE hit))[1:{KEPT}]"
_SUM = f"SELECT count(*) FILTER (WHERE hit), count(*), {_NEWEST} FROM ("
_REPORTED = f"""FROM routing_casefigure f JOIN complaints_complaint c ON c.id = f.complaint_id
    WHERE f.top_id = %(top)s AND f.day BETWEEN %(first)s AND %(last)s AND NOT f.told AND {_OPENLY}"""

_STATEMENTS: Final[Mapping[str, str]] = {
    "left_before_due": f"""{_SUM}
        SELECT d.complaint_id AS case_id,
            (d.ended_at AT TIME ZONE %(zone)s)::date BETWEEN n.before AND d.due_on AS hit
        FROM routing_disposition d JOIN complaints_complaint c ON c.id = d.complaint_id AND {_OPENLY}
        LEFT JOIN unnest(%(days)s::date[], %(before)s::date[]) AS n(day, before) ON n.day = d.due_on
        WHERE d.agency_id = ANY(%(offices)s) AND d.ended_at >= %(begins)s AND d.ended_at < %(ends)s
            AND d.outcome IN ('MOVED', 'HANDED_BACK', 'ARCHIVED') AND d.first_answer_at IS NULL
            AND d.due_on IS NOT NULL) one""",
    "answered_fast": f"""{_SUM}
        SELECT m.complaint_id AS case_id, m.written_at < stint.received_at + %(fast)s * interval '1 minute' AS hit
        FROM complaints_message m JOIN complaints_complaint c ON c.id = m.complaint_id AND {_OPENLY}
        LEFT JOIN LATERAL (
            SELECT d.received_at FROM routing_disposition d
            WHERE d.complaint_id = m.complaint_id AND d.agency_id = m.agency_id AND d.received_at <= m.written_at
            ORDER BY d.id DESC LIMIT 1) stint ON TRUE
        WHERE m.verb = 'resolve' AND m.state = 'SENT' AND m.agency_id = ANY(%(offices)s)
            AND m.written_at >= %(begins)s AND m.written_at < %(ends)s) one""",
    "own_report": f"""{_SUM}
        SELECT f.complaint_id AS case_id, NOT c.anonymous AND EXISTS (
            SELECT FROM complaints_reporter r JOIN unnest(%(marks)s::text[], %(paths)s::text[]) AS o(mark, path)
                ON o.mark = r.account_fingerprint OR o.mark = r.email_fingerprint AND r.email_confirmed_at IS NOT NULL
            JOIN agencies_agency a ON a.id = f.agency_id AND a.path LIKE o.path || '%%'
            WHERE r.complaint_id = f.complaint_id AND r.erased_at IS NULL) AS hit
        {_REPORTED}) one""",
    "own_counter": f"""{_SUM}
        SELECT f.complaint_id AS case_id, f.channel = %(counter)s AND EXISTS (
            SELECT FROM complaints_event e WHERE e.complaint_id = f.complaint_id AND e.verb = 'submit'
                AND e.acting_agency_id = f.agency_id) AS hit
        {_REPORTED}) one""",
    "rated_by_one": f"""{_SUM}
        SELECT rated.case_id, rated.place <> '' AND count(*) OVER (PARTITION BY rated.agency_id, rated.place) >= %(one)s
            AS hit
        FROM (SELECT f.complaint_id AS case_id, f.agency_id, CASE WHEN c.anonymous OR r.erased_at IS NOT NULL THEN ''
                ELSE COALESCE(NULLIF(r.account_fingerprint, ''), NULLIF(r.door_fingerprint, ''),
                    NULLIF(r.email_fingerprint, ''), '') END AS place
            FROM routing_casefigure f JOIN complaints_complaint c ON c.id = f.complaint_id
            LEFT JOIN complaints_reporter r ON r.complaint_id = f.complaint_id
            WHERE f.top_id = %(top)s AND f.day BETWEEN %(first)s AND %(last)s AND f.rating_answer IS NOT NULL
                AND {_OPENLY}) rated) one""",
    "rated_at_once": f"""{_SUM}
        SELECT f.complaint_id AS case_id,
            count(*) OVER (PARTITION BY f.agency_id, date_trunc('hour', e.at)) >= %(one)s AS hit
        FROM routing_casefigure f JOIN complaints_complaint c ON c.id = f.complaint_id
        JOIN LATERAL (SELECT e.at FROM complaints_event e WHERE e.complaint_id = f.complaint_id AND e.verb = 'accept'
            ORDER BY e.id DESC LIMIT 1) e ON TRUE
        WHERE f.top_id = %(top)s AND f.day BETWEEN %(first)s AND %(last)s AND f.rating_answer IS NOT NULL
            AND {_OPENLY}) one""",
    "merged_at_end": f"""{_SUM}
        SELECT f.complaint_id AS case_id, (e.at AT TIME ZONE %(zone)s)::date > %(late)s AS hit
        FROM routing_casefigure f JOIN complaints_complaint c ON c.id = f.complaint_id
        JOIN LATERAL (SELECT e.at FROM complaints_event e WHERE e.complaint_id = f.complaint_id AND e.verb = 'archive'
            ORDER BY e.id DESC LIMIT 1) e ON e.at >= %(begins)s AND e.at < %(ends)s
        WHERE f.top_id = %(top)s AND f.day <= %(last)s AND f.day >= %(first)s AND f.merged AND {_OPENLY}) one""",
}


def count(agency: Agency, year: int, now: datetime.datetime | None = None) -> list[SignalCount]:
    """Count every signal of one agency and year, and keep it. Twelve statements."""
    now = now or timezone.now()
    params = _params(agency, year)
    rows = []
    with transaction.atomic(), connection.cursor() as cursor:
        for code, sql in _STATEMENTS.items():
            cursor.execute(sql, params)
            hits, base, cases = cursor.fetchone()
            rows.append(
                SignalCount(
                    agency=agency,
                    year=year,
                    code=code,
                    peers=peers_of(agency),
                    count=hits,
                    base=base,
                    cases=cases or [],
                    counted_at=now,
                )
            )
        SignalCount.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["year", "agency", "code"],
            update_fields=["peers", "count", "base", "cases", "counted_at"],
        )
    return rows


def _params(agency: Agency, year: int) -> dict[str, Any]:
    zone = ZoneInfo(zone_of(agency))
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    span = [first + datetime.timedelta(days=n) for n in range(-40, 440)]
    holidays = Holiday.objects.kept_in(agency.region).filter(date__range=(span[0], span[-1])).days()
    marks = officers(agency, first, last)
    return {
        "top": agency.pk,
        "offices": list(Agency.objects.under(agency).order_by().values_list("pk", flat=True)),
        "first": first,
        "last": last,
        "late": last - datetime.timedelta(days=LAST_DAYS),
        "begins": datetime.datetime.combine(first, datetime.time.min, zone),
        "ends": datetime.datetime.combine(datetime.date(year + 1, 1, 1), datetime.time.min, zone),
        "zone": str(zone),
        "days": span,
        "before": [calendar.add_working_days(day, -1, holidays) for day in span],
        "fast": FAST,
        "one": FROM_ONE,
        "counter": COUNTER,
        "marks": [mark for mark, _path in marks],
        "paths": [path for _mark, path in marks],
    }


def officers(agency: Agency, first: datetime.date, last: datetime.date) -> list[tuple[str, str]]:
    """What stands for the officers who sat there in these days, and the path of their office: fingerprints, no name.
    One statement."""
    seats = (
        Membership.objects.filter(agency__path__startswith=agency.path, starts_on__lte=last)
        .exclude(ends_on__lte=first)
        .exclude(role="OBSERVER")
        .select_related("user", "agency")
    )
    found = {(seat.user.fingerprint, seat.agency.path) for seat in seats}
    return sorted(found | {(fingerprint(seat.user.email.strip().lower()), seat.agency.path) for seat in seats})


def count_all(year: int, now: datetime.datetime | None = None, *, is_over: Any = None) -> int:
    """Of every agency that had anything that year; the longest ago first, so that a run cut off goes on where it was.
    How many were counted."""
    now = now or timezone.now()
    known = dict(SignalCount.objects.filter(year=year).values_list("agency").annotate(at=Max("counted_at")).order_by())
    ever = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    tops = list(Agency.objects.filter(path_length=2).select_related("region"))
    done = 0
    for agency in sorted(tops, key=lambda one: (known.get(one.pk, ever), one.pk)):
        if is_over is not None and is_over():
            break
        count(agency, year, now)
        done += 1
    return done


def peers_of(agency: Agency) -> str:
    match agency.kind:
        case Kind.KABUPATEN | Kind.KOTA:
            return "kabkota"
        case Kind.PROVINSI:
            return "provinsi"
        case Kind.BUMN:
            return "bumn"
    return "pusat"


# --- Comparing ---


@dataclass(frozen=True)
class Compared:
    """`usual`: the share of all peers together, None where they have too little; `chance`: how likely so many are
    where this agency is like them; `hidden`: it rests on who somebody is and is too few to be told."""

    signal: Signal
    count: int
    base: int
    usual: float | None
    peers: int
    chance: float | None
    cases: list[int]
    counted_at: datetime.datetime
    note: SignalNote | None = None

    @property
    def hidden(self) -> bool:
        return self.signal.of_whom and 0 < self.count < LEAST

    @property
    def percent(self) -> float | None:
        return round(100 * self.count / self.base, 1) if self.base else None

    @property
    def usual_percent(self) -> float | None:
        return round(100 * self.usual, 1) if self.usual is not None else None

    @property
    def stands_out(self) -> bool:
        return (
            self.chance is not None
            and self.usual is not None
            and self.count >= LEAST
            and self.chance < RARE
            and self.count >= TWICE * self.usual * self.base
        )


def compare(own: SignalCount, whole: tuple[int, int, int] | None, note: SignalNote | None = None) -> Compared:
    """`whole`: count, base and number of all agencies like it, its own included."""
    count_of, base, peers = whole or (own.count, own.base, 1)
    count_of, base, peers = count_of - own.count, base - own.base, peers - 1
    usual = count_of / base if base >= PEERS else None
    chance = tail(own.count, max(usual * own.base, FLOOR)) if usual is not None else None
    return Compared(SIGNALS[own.code], own.count, own.base, usual, peers, chance, list(own.cases), own.counted_at, note)


_WHOLES = """SELECT code, peers, sum(count)::int, sum(base)::int, count(*) FILTER (WHERE base > 0)::int
    FROM routing_signalcount WHERE year = %s GROUP BY code, peers"""


def _wholes(year: int) -> dict[tuple[str, str], tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_WHOLES, [year])
        return {(code, peers): (hits, base, n) for code, peers, hits, base, n in cursor.fetchall()}


def of_agency(agency: Agency, year: int) -> list[Compared]:
    """Every signal of one agency, in the order of SIGNALS. Three statements."""
    wholes, notes = _wholes(year), newest_notes(year, [agency.pk])
    rows = {one.code: one for one in SignalCount.objects.filter(agency=agency, year=year)}
    return [
        compare(rows[code], wholes.get((code, rows[code].peers)), notes.get((agency.pk, code)))
        for code in SIGNALS
        if code in rows
    ]


@dataclass(frozen=True)
class Found:
    agency: Agency
    told: Compared


def outstanding(year: int, kept: Iterable[int] = ()) -> list[Found]:
    """What stands out anywhere in the year, without these agencies: first what nobody has judged, then the least
    likely. Four statements, over the few counts that are high enough."""
    wholes = _wholes(year)
    rows = [
        (row, compare(row, wholes.get((row.code, row.peers))))
        for row in SignalCount.objects.filter(year=year, count__gte=LEAST).exclude(agency__in=list(kept))
        if row.code in SIGNALS
    ]
    rows = [(row, told) for row, told in rows if told.stands_out]
    offices = Agency.objects.in_bulk([row.agency_id for row, _told in rows])
    notes = newest_notes(year, offices)
    found = [
        Found(
            offices[row.agency_id],
            compare(row, wholes.get((row.code, row.peers)), notes.get((row.agency_id, row.code))),
        )
        for row, _told in rows
        if row.agency_id in offices
    ]
    return sorted(found, key=lambda one: (one.told.note is not None, one.told.chance, one.agency.name))


# --- Judging ---


def newest_notes(year: int, agencies: Iterable[int]) -> dict[tuple[int, str], SignalNote]:
    """The last word on each signal. One statement."""
    rows = SignalNote.objects.filter(year=year, agency__in=list(agencies)).select_related("by").order_by("pk")
    return {(row.agency_id, row.code): row for row in rows}


def seats_in(by: Actor) -> set[int]:
    """Agencies below the root in which this user sits too: there they are no evaluator."""
    if by.user is None:
        return set()
    paths = [seat.agency.path.strip("/").split("/") for seat in by.user.seats()]
    return {int(steps[1]) for steps in paths if len(steps) > 1}


def judge(
    agency: Agency, year: int, code: str, verdict: str, note: str, *, by: Actor, now: datetime.datetime | None = None
) -> SignalNote:
    """An evaluator says what it is. Raises NotAllowed, Incomplete."""
    now = now or timezone.now()
    if by.membership is None or by.user is None or not readings.may_review(by.membership):
        raise NotAllowed(_("Anda tidak berwenang menilai tanda ini."))
    if agency.pk in seats_in(by):
        raise NotAllowed(_("Anda bertugas di instansi ini. Biarkan evaluator lain yang menilainya."))
    row = SignalCount.objects.filter(agency=agency, year=year, code=code).first()
    if row is None:
        raise Incomplete("code", _("Tanda ini belum dihitung untuk tahun itu."))
    if verdict not in SignalNote.Verdict.values:
        raise Incomplete("verdict", _("Pilih apa hasilnya"))
    if not note.strip():
        raise Incomplete("note", _("Tulis apa yang diperiksa dan apa hasilnya"))
    with transaction.atomic():
        made = SignalNote.objects.create(
            agency=agency,
            year=year,
            code=code,
            verdict=verdict,
            note=note.strip(),
            count=row.count,
            base=row.base,
            by=by.user,
            at=now,
        )
        AuditEntry.objects.create(
            at=now,
            who=by.user,
            acting_as=by.agency,
            what="judge_signal",
            subject_kind="agency",
            subject_id=agency.pk,
            reason=made.note,
            after={"year": year, "code": code, "verdict": verdict},
        )
    return made


def may_list(told: Compared, by: Actor) -> bool:
    """Cases behind a signal of who somebody may be: for whoever may ask for a name, and from LEAST on."""
    if not told.count:
        return False
    return not told.signal.of_whom or (told.count >= LEAST and by.role == "NATIONAL")


def cases(told: Compared, by: Actor) -> list[Complaint]:
    """Those this reader may open now, newest first. One statement."""
    if not may_list(told, by):
        return []
    found = Complaint.objects.visible_to(by).filter(pk__in=told.cases, secret=False, about_conduct=False)
    if told.signal.of_whom:
        found = found.filter(anonymous=False)
    return list(found.filter(not_for__isnull=True).select_related("handler", "reporter").order_by("-pk")[:KEPT])


def counting_against(agency: Agency, year: int) -> list[SignalNote]:
    """The signals whose last word is that they count against the evidence score, for the evaluation of the year. One
    statement."""
    notes = newest_notes(year, [agency.pk])
    return [one for one in notes.values() if one.verdict == SignalNote.Verdict.COUNTS]
