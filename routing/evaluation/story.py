"""A district's evaluation in words and rows, for the district's page, the evaluator's, the public one and the pack."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lapor.kit import wording
from routing.evaluation import index, standing
from routing.evaluation.cycle import year_of
from routing.evaluation.estimates import Estimate
from routing.evaluation.indicators import DIMENSIONS, INDICATORS
from routing.evaluation.method import MOST, RUBRIC, Body, band_name
from routing.evaluation.numbers import Counted
from routing.evaluation.recount import Office
from routing.measures import catalogue, secrecy
from routing.models import Cycle, Evaluation, Evidence, Points

Stage = Cycle.Stage


@dataclass(frozen=True)
class Line:
    """One indicator, dimension, or the index. `value` None: there is nothing to judge."""

    code: str
    name: str
    formula: str
    weight: float
    value: float | None
    low: float = 0
    high: float = 0
    n: int = 0
    before: float | None = None
    peers: float | None = None

    @property
    def is_range(self) -> bool:
        return self.value is not None and self.high > self.low

    @property
    def range(self) -> str:
        """69 sampai 84."""
        return (
            _("%(low)s sampai %(high)s") % {"low": shown(self.low), "high": shown(self.high)} if self.is_range else ""
        )


@dataclass(frozen=True)
class Block:
    line: Line
    lines: list[Line]


def shown(value: float | None) -> str:
    return wording.number(round(value, 1), 1) if value is not None else "–"


def result_of(row: Evaluation, body: Body) -> Mapping[str, Any]:
    """As it was judged; before that: of the figures alone."""
    if row.result:
        found: Mapping[str, Any] = row.result
        return found
    return index.judge(year_of(row, body, {}, standing.quality_of(row.cycle)), body).kept()


def blocks(
    result: Mapping[str, Any],
    body: Body,
    *,
    before: Mapping[str, Any] | None = None,
    peers: Mapping[str, float | None] | None = None,
) -> list[Block]:
    """Each dimension with its indicators; the same a year before, and the middle of the size group beside it."""
    made = []
    for name, label in DIMENSIONS.items():
        lines = [
            _line(
                code,
                one.name,
                one.formula,
                body.indicators[code],
                result["indicators"].get(code),
                before,
                peers={key: (peers or {}).get(f"{INDICATOR}{key}") for key in INDICATORS},
            )
            for code, one in INDICATORS.items()
            if body.indicators.get(code) and one.dimension == name
        ]
        whole = _line(
            name, _(label), "", body.dimensions[name], result["dimensions"].get(name), before, "dimensions", peers
        )
        made.append(Block(whole, lines))
    return made


def _line(
    code: str,
    name: str,
    formula: str,
    weight: float,
    kept: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None = None,
    where: str = "indicators",
    peers: Mapping[str, float | None] | None = None,
) -> Line:
    past = (before or {}).get(where, {}).get(code)
    was, others = past["value"] if past else None, (peers or {}).get(code)
    if kept is None:
        return Line(code, name, formula, weight, None, before=was, peers=others)
    one = Estimate.read(kept)
    return Line(code, name, formula, weight, one.value, one.low, one.high, one.n, was, others)


def index_line(result: Mapping[str, Any], before: Mapping[str, Any] | None, peers: float | None) -> Line:
    kept, past = result.get("index"), (before or {}).get("index")
    line = _line("index", _("Indeks"), "", 100, kept)
    return Line(**{**line.__dict__, "before": past["value"] if past else None, "peers": peers})


def figures(counted: Counted, *, answered_by: str = "") -> list[tuple[str, str, str, str]]:
    """(label, value, what it rests on, code of oversight's page) of what newspapers and offices quote."""
    sums, days = counted.sums, catalogue.days_of(counted.spreads["answer_days"])

    def part(n: int, whole: int) -> str:
        if not whole:
            return ""
        return _("%(percent)s %% dari %(whole)s") % {
            "percent": wording.number(round(100 * n / whole)),
            "whole": wording.number(whole),
        }

    rows = [
        (_("Diterima"), wording.number(sums["received"]), "", "received"),
        (_("Ditindaklanjuti"), wording.number(sums["followed"]), part(sums["followed"], sums["forwarded"]), "followed"),
        (
            _("Selesai, diterima pelapor"),
            wording.number(sums["accepted"]),
            part(sums["accepted"], counted.closed),
            "accepted",
        ),
        (_("Selesai, ditutup sistem"), wording.number(sums["lapsed"]), part(sums["lapsed"], counted.closed), "lapsed"),
        (_("Masih terbuka"), wording.number(sums["open"]), "", "open"),
        (
            _("Hari kerja sampai jawaban pertama, rata-rata"),
            wording.number(days.mean, 1) if days.mean is not None else "–",
            _("median %(median)s, dari %(n)s yang dijawab")
            % {"median": wording.number(days.median), "n": wording.number(days.n)}
            if days.n
            else "",
            "",
        ),
        (_("Lewat batas dan tidak dijawab"), wording.number(sums["answered_missed"]), "", "answered_missed"),
    ]
    if sums["told"]:
        rows.insert(1, (_("Dibawa dari riwayat, tidak dinilai"), wording.number(sums["told"]), "", "told"))
    return rows


@dataclass(frozen=True)
class OfficeLine:
    """An office by its own turns. None: not told, because it is of few."""

    name: str
    received: int | None
    turns: int | None
    in_time: int | None
    median: float | None
    score: Estimate | None
    own: bool


def offices(row: Evaluation, body: Body, *, public: bool = False) -> list[OfficeLine]:
    """In public: without secret cases, nothing of fewer than five, and nothing that subtracting would tell."""
    listed = list(map(Office.read, row.offices))
    received = {one.pk: (one.open if public else one.all).sums["received"] for one in listed}
    turns = {one.pk: (one.open if public else one.all).sums["turns"] for one in listed}
    if public:
        # The district's total stands beside them, secret cases and its own desk in it.
        rest = {-1: Counted.read(row.numbers).sums["received"] - sum(received.values())}
        told_received: Mapping[int, int | None] = secrecy.told(received | rest)
        told_turns: Mapping[int, int | None] = secrecy.told(turns)
    else:
        told_received, told_turns = received, turns
    found = []
    for one in listed:
        counted = one.open if public else one.all
        if not counted.sums["received"] and not counted.sums["turns"]:
            continue
        n = counted.sums["turns_in_time"] + counted.sums["turns_late"]
        days = catalogue.days_of(counted.spreads["days"])
        hidden = told_turns[one.pk] is None
        score = None
        if counted.sums["turns"] >= body.least:
            score = index.score_of(counted, body)
        found.append(
            OfficeLine(
                one.name,
                told_received[one.pk],
                told_turns[one.pk],
                round(100 * counted.sums["turns_in_time"] / n) if n and not hidden else None,
                days.median if not hidden else None,
                score,
                one.pk == row.agency_id,
            )
        )
    found.sort(key=lambda line: (-(line.score.value if line.score else -1), line.own, line.name))
    return found


# --- Compared with others, and with itself ---


def before(row: Evaluation) -> Evaluation | None:
    """The same district in the year before, as that was published last."""
    return (
        Evaluation.objects.filter(
            agency_id=row.agency_id, cycle__year=row.cycle.year - 1, cycle__in=Cycle.objects.standing()
        )
        .select_related("cycle__method")
        .first()
    )


def past(row: Evaluation) -> list[tuple[int, float | None, int]]:
    """(year, index, cases) of every standing edition of this district, oldest first."""
    return list(
        Evaluation.objects.filter(agency_id=row.agency_id, cycle__in=Cycle.objects.standing())
        .order_by("cycle__year")
        .values_list("cycle__year", "index", "cases")
    )


# Before an indicator's code in `peers`, where a dimension may be called the same.
INDICATOR = "indicator "


def peers(row: Evaluation) -> dict[str, float | None]:
    """The middle of its size group: of the index ("index"), of each dimension by its name, and of each indicator by its
    code behind INDICATOR. One statement."""
    if not row.size:
        return {}
    rows = Evaluation.objects.filter(cycle=row.cycle_id, size=row.size, index__isnull=False)
    results = list(rows.values_list("result", flat=True))
    if len(results) < 2:
        return {}
    found: dict[str, float | None] = {
        name: index.middle_of([one["dimensions"][name]["value"] for one in results if one["dimensions"].get(name)])
        for name in DIMENSIONS
    }
    found["index"] = index.middle_of([one["index"]["value"] for one in results])
    for code in INDICATORS:
        values = [one["indicators"][code]["value"] for one in results if one["indicators"].get(code)]
        found[f"{INDICATOR}{code}"] = index.middle_of(values)
    return found


def conclusion(row: Evaluation, body: Body) -> str:
    """What it comes to, in a sentence or two."""
    result = row.result
    if not result or not result.get("index"):
        if row.cases < body.least:
            return ngettext(
                "Data belum cukup: %(n)s laporan dalam setahun, paling sedikit %(least)s untuk dibandingkan. Sedikit "
                "laporan tidak berarti tidak ada masalah.",
                "Data belum cukup: %(n)s laporan dalam setahun, paling sedikit %(least)s untuk dibandingkan. Sedikit "
                "laporan tidak berarti tidak ada masalah.",
                row.cases,
            ) % {"n": wording.number(row.cases), "least": body.least}
        return ""
    one, place = Estimate.read(result["index"]), result["place"]
    said = _("%(band)s: indeks %(value)s, dengan kepastian 95 persen antara %(low)s dan %(high)s.") % {
        "band": band_name(result["band"]),
        "value": shown(one.value),
        "low": shown(one.low),
        "high": shown(one.high),
    }
    return f"{said} {place_words(place)}"


def place_words(place: Mapping[str, int]) -> str:
    if place["of"] == 1:
        return _("Satu-satunya daerah dalam kelompoknya.")
    if place["best"] == place["worst"]:
        return _("Peringkat %(place)s dari %(of)s dalam kelompoknya.") % place
    return _(
        "Peringkat %(best)s sampai %(worst)s dari %(of)s dalam kelompoknya: dengan daerah-daerah di antaranya bedanya "
        "tidak bisa dipastikan."
    ) % {"best": place["best"], "worst": place["worst"], "of": place["of"]}


def size_words(body: Body, code: str) -> str:
    least, most = body.range_of(code)
    if not code:
        return _("kurang dari %(n)s laporan") % {"n": wording.number(body.least)}
    if most is None:
        return _("%(n)s laporan ke atas") % {"n": wording.number(least)}
    return _("%(least)s sampai %(most)s laporan") % {"least": wording.number(least), "most": wording.number(most)}


# --- The turns and their dates ---


@dataclass(frozen=True)
class Step:
    name: str
    whose: str
    by: datetime.date
    state: str  # done, now, next
    late: bool


def steps(cycle: Cycle, today: datetime.date) -> list[Step]:
    rows: Sequence[tuple[Iterable[str], str, str, datetime.date]] = (
        ((Stage.COLLECT, Stage.READY), _("Angka dikumpulkan, tahun dibuka"), _("pusat"), cycle.opens_by),
        ((Stage.CHECK,), _("Angka diperiksa, bukti disampaikan"), _("daerah"), cycle.check_by),
        ((Stage.SCORE,), _("Bukti dinilai"), _("evaluator"), cycle.score_by),
        ((Stage.OBJECT,), _("Keberatan"), _("daerah"), cycle.object_by),
        ((Stage.DECIDE, Stage.FREEZE), _("Keberatan diputus, hasil diterbitkan"), _("pusat"), cycle.publish_by),
    )
    found, passed = [], cycle.stage == Stage.PUBLISHED
    reached = False
    for stages, name, whose, by in rows:
        now = cycle.stage in stages
        reached = reached or now
        state = "now" if now else "done" if passed or not reached else "next"
        found.append(Step(name, whose, by, state, now and today > by))
    return found


# --- Evidence ---


@dataclass(frozen=True)
class Criterion:
    kind: str
    name: str
    rubric: list[tuple[int, str]]
    given: list[Evidence]
    points: Points | None

    @property
    def most(self) -> int:
        return MOST


def criteria(row: Evaluation) -> list[Criterion]:
    """Each kind of evidence: the rubric, what was given, the newest points. Two statements."""
    given: QuerySet[Evidence] = row.evidence.filter(withdrawn_at=None).select_related("decree", "file", "added_by")
    by_kind: dict[str, list[Evidence]] = {kind: [] for kind in Evidence.Kind.values}
    for one in given:
        by_kind[one.kind].append(one)
    newest = {one.kind: one for one in row.points.select_related("by").order_by("pk")}
    return [
        Criterion(
            kind,
            str(Evidence.Kind(kind).label),
            [(n, _(sentence)) for n, sentence in enumerate(RUBRIC[kind])],
            by_kind[kind],
            newest.get(kind),
        )
        for kind in Evidence.Kind.values
    ]
