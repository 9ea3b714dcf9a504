"""What the lessons find besides the demo districts: an office whose head approves, a yearly evaluation whose evidence
waits for its points, and drawn answers that wait for readers."""

from __future__ import annotations

import datetime
import logging
from typing import Final

from django.utils import timezone

from agencies.actor import Actor
from agencies.demo import INHU
from agencies.models import Agency, Membership, Role
from agencies.models.agency import PEMDA
from complaints.models import Complaint
from complaints.transitions import Refusal
from lapor.training import people
from routing import readings, sampling, signals
from routing.evaluation import cycle, hearing
from routing.evaluation.method import Body
from routing.models import Cycle, Evidence, Method, Sample

log = logging.getLogger(__name__)

EVIDENCE: Final = {
    Evidence.Kind.values[0]: "Keputusan Bupati tentang tim pengelola pengaduan",
    Evidence.Kind.values[1]: "Komitmen bersama para kepala dinas",
    Evidence.Kind.values[-1]: "Siaran radio dan sosialisasi di enam kecamatan",
}
SAMPLE: Final = 20
# Longer than districts have for checking.
AGO: Final = datetime.timedelta(days=21)


def set_up() -> None:
    """Running it again changes nothing."""
    Agency.objects.filter(
        name=people.HEALTH, parent__region_id=INHU, parent__kind__in=PEMDA, ends_on__isnull=True
    ).update(approves_answers=True)
    centre = _officer(Role.NATIONAL, Agency.objects.root())
    if centre is None:
        return
    try:
        _evaluation(centre)
        _sample(centre)
        _signals()
    except Refusal as refused:
        log.warning("stage %s", refused.message)


def _officer(role: Role, agency: Agency) -> Actor | None:
    held = Membership.objects.current().filter(agency=agency, role=role).select_related("user", "agency").first()
    return Actor.officer(held) if held else None


def _evaluation(centre: Actor) -> None:
    """Of the year before: opened and checked three weeks ago, and now to be scored."""
    now = timezone.now()
    then = now - AGO
    today = timezone.localdate(then, cycle.JAKARTA)
    year = today.year - 1
    if Cycle.objects.filter(year=year).exists():
        return
    body = Body.of(Method.objects.of_year(year).body)
    made = cycle.prepare(year, cycle.Dates.usual(year, body, today), by=centre, now=then)
    # It closed at midnight, and that may have been a minute ago.
    cycle.go_on(then + cycle.SETTLES)
    made = cycle.open_for_districts(made, by=centre, now=then)
    # Of the 552 most have nobody yet.
    desks = Membership.objects.current().filter(role=Role.COORDINATOR, agency__in=made.evaluations.values("agency"))
    held = {one.agency_id: Actor.officer(one) for one in desks.select_related("user", "agency").order_by("-pk")}
    for row in made.evaluations.filter(agency__in=held).select_related("agency"):
        by = held[row.agency_id]
        for kind, title in EVIDENCE.items():
            hearing.add_evidence(
                row, by=by, kind=kind, title=title, day=today, about="Salinannya ada di dinas.", now=then
            )
        hearing.check(row, by=by, comment="Angkanya sudah kami cocokkan.", now=then)
    cycle.close_checking(made, by=centre, now=now)


def _signals() -> None:
    """What stands out, of the districts that have cases: the rest of the country is counted at night."""
    year = timezone.localdate(timezone.now(), cycle.JAKARTA).year
    for pemda in Agency.objects.filter(kind__in=PEMDA, pk__in=Complaint.objects.values("handler__parent")):
        signals.count(pemda, year)


def _sample(centre: Actor) -> None:
    now = timezone.now()
    pemda = Agency.objects.filter(region_id=INHU, kind__in=PEMDA).first()
    if pemda is None or Sample.objects.exists():
        return
    for first, last in sampling.periods(timezone.localdate(now)):
        try:
            drawn = sampling.take(pemda, first, last, SAMPLE, by=centre, now=now)
        except Refusal:
            continue
        readings.hand_out(now, of=drawn)
        return
