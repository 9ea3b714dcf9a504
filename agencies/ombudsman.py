"""The Ombudsman on the map: the one body before which reporters put what nobody answered, and who examines there."""

from __future__ import annotations

import datetime

from agencies.actor import Actor
from agencies.models import Agency, Kind, Membership, Role

# Of the LKPP list, as `agencies/data/agencies/lembaga.csv` has it.
CODE = "L43"
# Who examines; its liaisons answer for what is said of the Ombudsman itself.
EXAMINERS = (Role.OBSERVER, Role.HEAD)


def office(day: datetime.date) -> Agency | None:
    """The body itself, if the map has it on this day."""
    return Agency.objects.active_on(day).filter(code=CODE, kind=Kind.LEMBAGA, parent__parent__isnull=True).first()


def is_examiner(by: Actor) -> bool:
    """An officer who acts for the Ombudsman itself."""
    return by.membership is not None and examines(by.membership)


def examines(membership: Membership) -> bool:
    """The seat is one of the Ombudsman's examiners. Only the centre lays a lembaga, so no other office is taken for it.
    No query."""
    at = membership.agency
    if membership.role not in EXAMINERS or membership.programme_id is not None:
        return False
    return (at.code, at.kind, at.path_length) == (CODE, Kind.LEMBAGA, 2)


def reads_country(membership: Membership) -> bool:
    """An observer there reads every case as an observer at the centre does: masked, of secret ones nothing (ADR 0050).
    No query."""
    return membership.role == Role.OBSERVER and examines(membership)


def examiners(day: datetime.date, at: Agency) -> list[Membership]:
    found = Membership.objects.current(day).filter(agency=at, role__in=EXAMINERS, programme__isnull=True)
    return list(found.select_related("user"))
