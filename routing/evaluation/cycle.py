"""A year's evaluation from collecting to publishing. Every turn has a date, the centre's too: what is late is shown on
each page and chased by letters (`tend`), and no date of a district shrinks because the centre was late.

Counting takes minutes and happens in the worker, in pieces; whoever asks for it goes on meanwhile.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Membership, Role
from agencies.permissions import Capability, membership_may
from complaints.notifications import send
from complaints.transitions import Incomplete, NotAllowed
from lapor.kit.nudge import nudge
from routing.evaluation import index, recount, standing
from routing.evaluation.estimates import Estimate
from routing.evaluation.method import Body
from routing.evaluation.numbers import Counted, Year
from routing.evaluation.recount import Office, Offices
from routing.measures import ledger
from routing.models import Cycle, Evaluation, Evidence, Method, Objection, Points, Recount

JAKARTA: Final = ZoneInfo("Asia/Jakarta")
# An act is written down by its own clock, and seen a moment later.
SETTLES: Final = datetime.timedelta(hours=1)
# However late the centre is, a district has so many days to object, and the centre so many to decide.
TO_OBJECT, TO_DECIDE = datetime.timedelta(days=7), datetime.timedelta(days=14)
# Days before the date on which a district is reminded, and between two letters to the centre.
SOON, AGAIN = 3, 7
# Lines of a difference that are kept.
KEPT: Final = 200
# Who hears that a year is opened and that its score is there; that time runs out is the coordinator's alone.
TOLD: Final = (Role.COORDINATOR, Role.HEAD)
Stage = Cycle.Stage


# --- Beginning ---


@dataclass(frozen=True)
class Dates:
    """Last days of the turns, and of what is counted."""

    cut_on: datetime.date
    opens_by: datetime.date
    check_by: datetime.date
    score_by: datetime.date
    object_by: datetime.date
    publish_by: datetime.date

    @classmethod
    def usual(cls, year: int, body: Body, today: datetime.date) -> Dates:
        """What the form offers: two weeks to check, three to score, one to object, two to decide."""
        opens = max(body.opening_of(year), today)
        steps = [opens + datetime.timedelta(days=days) for days in (0, 14, 35, 45, 59)]
        return cls(min(opens, today - datetime.timedelta(days=1)), *steps)

    def faults(self, year: int, today: datetime.date) -> Iterable[tuple[str, str]]:
        if self.cut_on < datetime.date(year, 12, 31):
            yield "cut_on", _("Tahunnya belum habis pada hari itu.")
        if self.cut_on > self.opens_by:
            yield "opens_by", _("Dibuka paling cepat sesudah angka ditutup.")
        names = ("opens_by", "check_by", "score_by", "object_by", "publish_by")
        days = [getattr(self, name) for name in names]
        for name, before, day in zip(names[1:], days, days[1:], strict=False):
            if day <= before:
                yield name, _("Tanggal ini harus sesudah tanggal sebelumnya.")
        if self.check_by <= today:
            yield "check_by", _("Beri daerah waktu: tanggal ini sudah lewat.")


def _must(by: Actor) -> None:
    root = Agency.objects.root()
    if by.membership is None or not membership_may(by.membership, Capability.PUBLISH_EVALUATIONS, root):
        raise NotAllowed(_("Anda tidak berwenang dalam evaluasi tahunan."))


@transaction.atomic
def prepare(
    year: int,
    dates: Dates,
    *,
    by: Actor,
    corrects: Cycle | None = None,
    reason: str = "",
    now: datetime.datetime | None = None,
) -> Cycle:
    """Begin a year, or another edition of a published one. Its figures are collected as soon as its closing is over.
    Raises NotAllowed, Incomplete(field)."""
    now = now or timezone.now()
    _must(by)
    Agency.objects.select_for_update().get(pk=Agency.objects.root().pk)
    today = timezone.localdate(now, JAKARTA)
    if not 2011 <= year < today.year:
        raise Incomplete("year", _("Pilih tahun yang sudah lewat."))
    if Cycle.objects.running().filter(year=year).exists():
        raise Incomplete("year", _("Evaluasi tahun ini sedang berjalan."))
    newest = Cycle.objects.published().filter(year=year).order_by("-edition").first()
    if newest != corrects:
        raise Incomplete("year", _("Tahun ini sudah terbit. Yang keliru diperbaiki dengan edisi baru dari halamannya."))
    if corrects is not None and not reason.strip():
        raise Incomplete("reason", _("Tulis apa yang keliru: alasannya dibaca umum."))
    for field, sentence in dates.faults(year, today):
        raise Incomplete(field, sentence)
    cut = datetime.datetime.combine(dates.cut_on + datetime.timedelta(days=1), datetime.time.min, JAKARTA)
    made = Cycle.objects.create(
        year=year,
        edition=newest.edition + 1 if newest else 1,
        corrects=corrects,
        reason=reason.strip(),
        method=Method.objects.of_year(year),
        cut_at=cut,
        opens_by=dates.opens_by,
        check_by=dates.check_by,
        score_by=dates.score_by,
        object_by=dates.object_by,
        publish_by=dates.publish_by,
        made_by=by.user,
        made_at=now,
    )
    Recount.objects.create(cycle=made, purpose=Recount.Purpose.COLLECT, asked_by=by.user, asked_at=now)
    _audit("prepare", made, by, now)
    nudge("routing.tasks.tend_evaluations")
    return made


# --- Counting, in the worker ---


def go_on(now: datetime.datetime | None = None, is_over: Callable[[], bool] = lambda: False) -> bool:
    """Count what is asked for, as far as the time goes; True: there is more. For whoever is alone at it."""
    now = now or timezone.now()
    for asked in Recount.objects.filter(cycle__cut_at__lte=now - SETTLES).select_related("cycle__method", "asked_by"):
        cycle = asked.cycle
        if not cycle.law:
            cycle.law = ledger.Given.read(timezone.localdate(now)).kept()
            cycle.save(update_fields=["law"])
        offices = Offices.read(asked.counted)
        after = count(cycle, offices, after=asked.after, is_over=is_over)
        if after is not None:
            Recount.objects.filter(pk=asked.pk).update(after=after, counted=offices.kept())
            return True
        if asked.purpose == Recount.Purpose.COLLECT:
            _collected(asked, offices, now)
        else:
            _counted_again(asked, offices, now)
    return False


def count(cycle: Cycle, offices: Offices, *, after: int = 0, is_over: Callable[[], bool] = lambda: False) -> int | None:
    """The year of this cycle by its own closing and law. None: it is done."""
    law = ledger.Given.kept_as(cycle.law).law()
    return recount.run(
        offices, first=cycle.first, last=cycle.last, until=cycle.cut_at, law=law, after=after, is_over=is_over
    )


@transaction.atomic
def _collected(asked: Recount, offices: Offices, now: datetime.datetime) -> None:
    """Each district's figures. The first time they wait for the centre to open them; taken anew, districts check again,
    and what evidence and points there were stays."""
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("method", "corrects").get(pk=asked.cycle_id)
    body, people = Body.of(cycle.method.body), standing.people_of(timezone.localdate(now))
    before = {one.agency_id: one for one in cycle.corrects.evaluations.all()} if cycle.corrects else {}
    there = {one.agency_id: one for one in cycle.evaluations.all()}
    rows = []
    for one in recount.districts(offices, cycle.first, cycle.last):
        row, old = there.get(one.agency.pk), before.get(one.agency.pk)
        if row is None:
            row = Evaluation(cycle=cycle, agency=one.agency, comment=old.comment if old else "")
            row.people = old.people if old else people.get(one.agency.pk, {})
        row.name, row.numbers, row.offices = one.agency.name, one.whole.kept(), [part.kept() for part in one.offices]
        row.cases, row.size = one.whole.cases, body.size_of(one.whole.cases)
        row.checked_at = row.checked_by = row.signed_at = row.signed_by = row.index = None
        row.result = {}
        rows.append(row)
    made = Evaluation.objects.bulk_create([row for row in rows if not row.pk], batch_size=100)
    fields = ["name", "numbers", "offices", "cases", "size", "checked_at", "checked_by", "index", "result"]
    fields += ["signed_at", "signed_by"]
    Evaluation.objects.bulk_update([row for row in rows if row.agency_id in there], fields, batch_size=100)
    if not there:
        _bring_along({row.agency_id: row for row in made}, cycle.corrects)
    cycle.stage, cycle.collected_at = Stage.READY, now
    if cycle.opened_at is not None:
        cycle.stage = Stage.CHECK
        _leave_time(cycle, "check_by", timezone.localdate(now, JAKARTA) + TO_OBJECT)
    cycle.save()
    asked.delete()


def _bring_along(rows: Mapping[int, Evaluation], old: Cycle | None) -> None:
    """A correction begins with the evidence and the points there were."""
    if old is None:
        return
    kept = {"evaluation__cycle": old, "evaluation__agency__in": list(rows)}
    for evidence in Evidence.objects.filter(**kept, withdrawn_at=None).select_related("evaluation"):
        evidence.evaluation, evidence.pk = rows[evidence.evaluation.agency_id], None
        evidence.save(force_insert=True)
    for points in Points.objects.filter(**kept).select_related("evaluation").order_by("pk"):
        points.evaluation, points.pk = rows[points.evaluation.agency_id], None
        points.save(force_insert=True)


def differences(cycle: Cycle, offices: Offices) -> list[dict[str, Any]]:
    """What is counted otherwise than it stands there: district, number, as it stands, as it is counted."""
    found: list[dict[str, Any]] = []
    kept = {one.agency_id: one for one in cycle.evaluations.all()}
    counted = {one.agency.pk: one for one in recount.districts(offices, cycle.first, cycle.last)}
    for pk, row in kept.items():
        again = counted.pop(pk, None)
        if again is None:
            if row.cases:
                found.append({"name": row.name, "what": "district", "was": row.cases, "is": 0})
            continue
        found += _differ(row.name, Counted.read(row.numbers), again.whole)
        standing_offices = {one.pk: one for one in map(Office.read, row.offices)}
        for office in again.offices:
            there = standing_offices.get(office.pk)
            found += _differ(f"{row.name}: {office.name}", there.all if there else Counted(), office.all)
    for one in counted.values():
        found.append({"name": one.agency.name, "what": "district", "was": 0, "is": one.whole.cases})
    return found


def _differ(name: str, was: Counted, now: Counted) -> list[dict[str, Any]]:
    lines = [
        {"name": name, "what": code, "was": was.sums[code], "is": n}
        for code, n in now.sums.items()
        if n != was.sums[code]
    ]
    if not lines and was.kept() != now.kept():
        lines.append({"name": name, "what": "days", "was": 0, "is": 0})
    return lines


@transaction.atomic
def _counted_again(asked: Recount, offices: Offices, now: datetime.datetime) -> None:
    """Equal: freeze. Else nothing is published, and what differs is told."""
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("method", "corrects").get(pk=asked.cycle_id)
    differs = differences(cycle, offices)
    if differs:
        Cycle.objects.filter(pk=cycle.pk).update(stage=Stage.DECIDE, differs=differs[:KEPT])
        asked.delete()
        return
    names = {
        one.agency.pk: [office.kept() for office in one.offices]
        for one in recount.districts(offices, cycle.first, cycle.last)
    }
    rows = list(cycle.evaluations.select_related("agency"))
    for row in rows:
        # The sums are the same; what may be told without secret cases is as it is today.
        row.offices = names.get(row.agency_id, row.offices)
    judge(cycle, rows)
    by = asked.asked_by
    asked.delete()
    cycle.stage, cycle.published_at, cycle.published_by, cycle.differs = Stage.PUBLISHED, now, by, []
    cycle.digest = digest(cycle, rows)
    AuditEntry.objects.create(
        at=now,
        who=by,
        acting_as=Agency.objects.root(),
        what="publish",
        subject_kind="cycle",
        subject_id=cycle.pk,
        after={"year": cycle.year, "edition": cycle.edition, "digest": cycle.digest},
    )
    cycle.save()


def digest(cycle: Cycle, rows: Iterable[Evaluation]) -> str:
    """Of everything that is published: whoever has the numbers can make it again."""
    said = {
        "year": cycle.year,
        "edition": cycle.edition,
        "corrects": cycle.corrects.digest if cycle.corrects else "",
        "reason": cycle.reason,
        "cut_at": cycle.cut_at.astimezone(datetime.UTC).isoformat(),
        "method": cycle.method.number,
        "body": cycle.method.body,
        "law": cycle.law,
        "districts": [
            {
                "agency": row.agency_id,
                "name": row.name,
                "numbers": row.numbers,
                "offices": row.offices,
                "people": row.people,
                "size": row.size,
                "result": row.result,
            }
            for row in sorted(rows, key=lambda row: row.agency_id)
        ],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


# --- Judging ---


def points_of(rows: Iterable[Evaluation]) -> dict[int, dict[str, int | None]]:
    """The newest points of each kind of evidence, by evaluation; None: none were given. One statement."""
    found: dict[int, dict[str, int | None]] = {row.pk: dict.fromkeys(Evidence.Kind.values) for row in rows}
    for evaluation, kind, points in (
        Points.objects.filter(evaluation__in=list(found)).order_by("pk").values_list("evaluation_id", "kind", "points")
    ):
        found[evaluation][kind] = points
    return found


def year_of(row: Evaluation, body: Body, points: Mapping[str, int | None], quality: Mapping[int, Estimate]) -> Year:
    return Year(Counted.read(row.numbers), row.people, points, quality.get(row.agency_id), tuple(body.days))


def judge(cycle: Cycle, rows: list[Evaluation]) -> None:
    """Write the result of every district. Three statements and one for each hundred districts."""
    body, points, quality = Body.of(cycle.method.body), points_of(rows), standing.quality_of(cycle)
    judged = {row.pk: index.judge(year_of(row, body, points[row.pk], quality), body) for row in rows}
    places: dict[int, index.Place] = {}
    indices = [(row.pk, row.size, one.index) for row in rows if (one := judged[row.pk]).index is not None]
    names = {row.pk: row.name for row in rows}
    groups = index.by_size((pk, size, one) for pk, size, one in indices if one is not None)
    for members in groups.values():
        places |= index.places(members, names)
    for row in rows:
        one = judged[row.pk]
        result = one.kept()
        if one.index is not None:
            place = places[row.pk]
            result |= {
                "band": body.band_of(one.index.value),
                "bands": [body.band_of(one.index.low), body.band_of(one.index.high)],
                "place": {"place": place.place, "best": place.best, "worst": place.worst, "of": place.of},
            }
        result["offices"] = {
            str(office.pk): found.kept()
            for office in map(Office.read, row.offices)
            if (found := index.judge_office(office, body)) is not None
        }
        row.result, row.index = result, round(one.index.value, 2) if one.index else None
    Evaluation.objects.bulk_update(rows, ["result", "index", "offices"], batch_size=100)


# --- Acts of the centre ---


def _running(cycle: Cycle, *stages: str) -> Cycle:
    found = Cycle.objects.select_for_update(of=("self",)).select_related("method").get(pk=cycle.pk)
    if found.stage not in stages:
        raise NotAllowed(_("Evaluasi ini sudah melewati tahap itu. Muat ulang halamannya."))
    return found


@transaction.atomic
def open_for_districts(cycle: Cycle, *, by: Actor, now: datetime.datetime | None = None) -> Cycle:
    """The centre opens the year: districts see their figures and have until `check_by`. Where that would be less than
    a week, the dates move on together. Raises NotAllowed."""
    now = now or timezone.now()
    _must(by)
    found = _running(cycle, Stage.READY)
    _leave_time(found, "check_by", timezone.localdate(now, JAKARTA) + TO_OBJECT)
    found.stage, found.opened_at = Stage.CHECK, now
    found.save()
    _audit("open", found, by, now)
    nudge("routing.tasks.tend_evaluations")
    return found


@transaction.atomic
def close_checking(cycle: Cycle, *, by: Actor, now: datetime.datetime | None = None) -> Cycle:
    """Before its date only where every district has checked. Raises NotAllowed."""
    now = now or timezone.now()
    _must(by)
    found = _running(cycle, Stage.CHECK)
    waiting = found.evaluations.filter(checked_at=None).count()
    if waiting and timezone.localdate(now, JAKARTA) <= found.check_by:
        raise NotAllowed(_("Masih ada daerah yang punya waktu memeriksa angkanya."))
    found.stage = Stage.SCORE
    found.save(update_fields=["stage"])
    _audit("close_checking", found, by, now)
    return found


def unscored(cycle: Cycle) -> int:
    """Kinds of evidence that a district gave and nobody scored. One statement."""
    scored = Points.objects.filter(evaluation=OuterRef("evaluation"), kind=OuterRef("kind"))
    rows = Evidence.objects.filter(~Exists(scored), evaluation__cycle=cycle, withdrawn_at=None)
    return rows.order_by().values("evaluation", "kind").distinct().count()


@transaction.atomic
def announce(cycle: Cycle, *, by: Actor, now: datetime.datetime | None = None) -> Cycle:
    """Tell every district its result so far; from now on it may object. Raises NotAllowed."""
    now = now or timezone.now()
    _must(by)
    found = _running(cycle, Stage.SCORE)
    left = unscored(found)
    if left:
        raise NotAllowed(_("Masih ada %(n)s macam bukti yang belum dinilai.") % {"n": left})
    today = timezone.localdate(now, JAKARTA)
    _leave_time(found, "object_by", today + TO_OBJECT)
    _leave_time(found, "publish_by", found.object_by + TO_DECIDE)
    judge(found, list(found.evaluations.all()))
    found.stage = Stage.OBJECT
    found.save()
    _audit("announce", found, by, now)
    nudge("routing.tasks.tend_evaluations")
    return found


_TURNS: Final = ("check_by", "score_by", "object_by", "publish_by")


def _leave_time(cycle: Cycle, turn: str, least: datetime.date) -> None:
    """This date and those behind it move on together, so that it is not before `least`."""
    late = least - getattr(cycle, turn)
    if late > datetime.timedelta(0):
        for name in _TURNS[_TURNS.index(turn) :]:
            setattr(cycle, name, getattr(cycle, name) + late)


@transaction.atomic
def publish(cycle: Cycle, *, by: Actor, now: datetime.datetime | None = None) -> Cycle:
    """Ask for it: the worker counts the year again from the events and freezes it where it is the same. Raises
    NotAllowed."""
    now = now or timezone.now()
    _must(by)
    found = _running(cycle, Stage.DECIDE)
    left = Objection.objects.filter(evaluation__cycle=found, decision="").count()
    if left:
        raise NotAllowed(_("Masih ada %(n)s keberatan yang belum diputus.") % {"n": left})
    found.stage, found.differs = Stage.FREEZE, []
    found.save(update_fields=["stage", "differs"])
    Recount.objects.create(cycle=found, purpose=Recount.Purpose.PUBLISH, asked_by=by.user, asked_at=now)
    _audit("ask_to_publish", found, by, now)
    nudge("routing.tasks.tend_evaluations")
    return found


@transaction.atomic
def collect_again(cycle: Cycle, *, by: Actor, reason: str, now: datetime.datetime | None = None) -> Cycle:
    """Let the figures be taken anew, by the calendar as it is now: after a difference, or a holiday that was missing.
    Raises NotAllowed, Incomplete("reason")."""
    now = now or timezone.now()
    _must(by)
    found = _running(cycle, Stage.READY, Stage.CHECK, Stage.SCORE, Stage.DECIDE)
    if not reason.strip():
        raise Incomplete("reason", _("Tulis mengapa angkanya dikumpulkan lagi: daerah membacanya."))
    found.law, found.differs, found.stage = {}, [], Stage.COLLECT
    found.save(update_fields=["law", "differs", "stage"])
    Recount.objects.create(cycle=found, purpose=Recount.Purpose.COLLECT, asked_by=by.user, asked_at=now)
    _audit("collect_again", found, by, now, reason.strip())
    nudge("routing.tasks.tend_evaluations")
    return found


def _audit(what: str, cycle: Cycle, by: Actor, now: datetime.datetime, reason: str = "") -> None:
    AuditEntry.objects.create(
        at=now,
        who=by.user,
        acting_as=by.agency,
        what=what,
        subject_kind="cycle",
        subject_id=cycle.pk,
        reason=reason,
        after={"year": cycle.year, "edition": cycle.edition, "stage": cycle.stage},
    )


# --- What the dates bring ---


def tend(now: datetime.datetime | None = None) -> dict[str, int]:
    """Turns that ended, and letters: to districts that something begins or ends soon, to the centre that it is late. A
    second run finds nothing."""
    now = now or timezone.now()
    today = timezone.localdate(now, JAKARTA)
    counts: dict[str, int] = defaultdict(int)
    for stage, date, then in ((Stage.CHECK, "check_by", Stage.SCORE), (Stage.OBJECT, "object_by", Stage.DECIDE)):
        ended = Cycle.objects.filter(stage=stage, **{f"{date}__lt": today})
        counts["ended"] += ended.update(stage=then)
    for cycle in Cycle.objects.running():
        about = f"{cycle.year}/" if cycle.edition == 1 else f"{cycle.year}/?edisi={cycle.edition}"
        if cycle.stage == Stage.CHECK:
            counts["told"] += _tell_districts(cycle, f"officer_eval_open:{about}", now, roles=TOLD)
            if today >= cycle.check_by - datetime.timedelta(days=SOON):
                counts["told"] += _tell_districts(cycle, f"officer_eval_soon:{about}", now, Q(checked_at=None))
        elif cycle.stage == Stage.OBJECT:
            counts["told"] += _tell_districts(cycle, f"officer_eval_score:{about}", now, roles=TOLD)
        if cycle.due is not None and cycle.is_late(today) and cycle.stage != Stage.CHECK:
            again = (today - cycle.due).days // AGAIN
            counts["late"] += _tell_centre(f"officer_eval_late:{cycle.pk}/?{cycle.stage.lower()}={again}", now)
    year = missing_year(today)
    if year is not None:
        counts["late"] += _tell_centre(f"officer_eval_late:?tahun={year}", now)
    return dict(counts)


def missing_year(today: datetime.date) -> int | None:
    """The last year, where the centre should have begun it by now and did not."""
    year = today.year - 1
    method = Method.objects.filter(from_year__lte=year).order_by("-number").first()
    if method is None or today <= Body.of(method.body).opening_of(year):
        return None
    # Where nothing was ever evaluated nobody has begun; that is late all the same.
    return None if Cycle.objects.filter(year=year).exists() else year


def _tell_districts(
    cycle: Cycle,
    letter: str,
    now: datetime.datetime,
    which: Q | None = None,
    *,
    roles: Iterable[str] = (Role.COORDINATOR,),
) -> int:
    rows = cycle.evaluations.filter(which or Q()).values("agency")
    members = Membership.objects.current(timezone.localdate(now)).filter(agency__in=rows, role__in=roles)
    return sum(
        send.tell_member(member, letter, now) is not None
        for member in send.without_absent(members.select_related("user"))
    )


def _tell_centre(letter: str, now: datetime.datetime) -> int:
    members = Membership.objects.current(timezone.localdate(now)).filter(
        agency=Agency.objects.root(), role=Role.NATIONAL
    )
    return sum(send.tell_member(member, letter, now) is not None for member in members.select_related("user"))


def progress(cycle: Cycle) -> dict[str, int]:
    """What the page of a cycle counts. Three statements."""
    counted = cycle.evaluations.aggregate(
        districts=Count("pk"), checked=Count("pk", filter=Q(checked_at__isnull=False))
    )
    evidence = Evidence.objects.filter(evaluation__cycle=cycle, withdrawn_at=None).aggregate(
        evidence=Count("pk"), giving=Count("evaluation", distinct=True)
    )
    objections = Objection.objects.filter(evaluation__cycle=cycle).aggregate(
        objections=Count("pk"), undecided=Count("pk", filter=Q(decision=""))
    )
    return {**counted, **evidence, **objections}
