"""Who may do what to which office's things (case.md section 6), as one table.

Ask `may(user, Capability.MOVE, agency)` and never the role. A right comes only through a current membership, looked at
when it is asked; with one acting membership chosen (`User.acting`, set by the middleware) only through that one.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, AgencyQuerySet, Kind, Membership, Role, User
from agencies.ombudsman import examines, reads_country


class Capability(StrEnum):
    # At the office's own desk
    WORK = "work"  # see the queue; start, ask, answer, resolve, hand back, pass on
    APPROVE = "approve"  # approve and return answers that wait
    SEE_OFFICERS = "see_officers"  # who works here, and how much each did
    TYPE_IN = "type_in"  # file a report for a citizen who came, phoned or wrote
    # Over a subtree
    PLACE = "place"
    FORWARD = "forward"
    MOVE = "move"
    ARCHIVE = "archive"
    REOPEN = "reopen"
    OVERSEE = "oversee"  # queues of the offices, drill down, nudge
    MANAGE_OFFICERS = "manage_officers"  # LIAISON and HEAD, their decrees
    MANAGE_COORDINATORS = "manage_coordinators"
    MANAGE_OFFICES = "manage_offices"  # starter set, names, aliases, fields of work, ending an office
    MANAGE_RULES = "manage_rules"
    TIGHTEN_STANDARDS = "tighten_standards"  # fewer working days than the country promises, in one's own pemda
    MANAGE_CLIENTS = "manage_clients"  # machines that sign in for an office, their keys and webhooks
    # Reading without acting
    SEE_NUMBERS = "see_numbers"
    SEE_TERRITORY = "see_territory"  # a province's districts as totals, and what climbed there; never their files
    OBSERVE = "observe"  # masked reading; an observer of a programme: only its cases
    RECOMMEND = "recommend"
    READ_EVALUATION = "read_evaluation"  # the district's year before it is published
    ANSWER_EVALUATION = "answer_evaluation"  # the district's word in its yearly evaluation
    SIGN_EVALUATION = "sign_evaluation"  # its regent or mayor puts their name to that word
    # Of the centre
    MANAGE_TEAMS = "manage_teams"  # who reads disclosures (WBS); an inspectorate's head manages its own beside it
    MANAGE_NATIONALS = "manage_nationals"  # NATIONAL and OBSERVER memberships
    ADD_AGENCIES = "add_agencies"
    MANAGE_STANDARDS = "manage_standards"
    MANAGE_HOLIDAYS = "manage_holidays"
    MANAGE_CATEGORIES = "manage_categories"
    MANAGE_PROGRAMMES = "manage_programmes"
    REVEAL = "reveal"
    PLACE_MESSAGES = "place_messages"  # the holding pen: what a message of any channel becomes
    MANAGE_MODEL = "manage_model"  # how well words are read, and going back to the weights before
    SEE_CHANNELS = "see_channels"  # whether each way in and out works
    PUBLISH_EVALUATIONS = "publish_evaluations"
    REVIEW = "review"  # read drawn answers for their quality, and what may be gaming; at the root alone


class Scope(StrEnum):
    OWN = "own"  # the office of the membership and no other
    SUBTREE = "subtree"  # it and everything below
    BELOW = "below"  # everything strictly below
    TERRITORY = "territory"  # the subtree; for a province also the districts of its region code


_C, _S = Capability, Scope
_NATIONAL = {Role.NATIONAL: _S.SUBTREE}
_COORDINATE = {Role.COORDINATOR: _S.SUBTREE, Role.NATIONAL: _S.SUBTREE}

TABLE: Mapping[Capability, Mapping[Role, Scope]] = {
    _C.WORK: {Role.LIAISON: _S.OWN, Role.HEAD: _S.OWN, Role.COORDINATOR: _S.OWN, Role.NATIONAL: _S.OWN},
    _C.TYPE_IN: {Role.LIAISON: _S.OWN, Role.HEAD: _S.OWN, Role.COORDINATOR: _S.OWN, Role.NATIONAL: _S.OWN},
    _C.APPROVE: {Role.HEAD: _S.OWN, **_COORDINATE},
    _C.SEE_OFFICERS: {Role.HEAD: _S.SUBTREE, **_COORDINATE},
    _C.PLACE: _COORDINATE,
    _C.FORWARD: _COORDINATE,
    _C.MOVE: _COORDINATE,
    _C.ARCHIVE: _COORDINATE,
    _C.REOPEN: _COORDINATE,
    _C.OVERSEE: _COORDINATE,
    _C.MANAGE_OFFICERS: _COORDINATE,
    _C.MANAGE_COORDINATORS: {Role.COORDINATOR: _S.BELOW, Role.NATIONAL: _S.SUBTREE},
    _C.MANAGE_OFFICES: _COORDINATE,
    _C.MANAGE_RULES: _COORDINATE,
    _C.TIGHTEN_STANDARDS: _COORDINATE,
    _C.MANAGE_CLIENTS: _COORDINATE,
    _C.SEE_NUMBERS: {Role.HEAD: _S.SUBTREE, Role.OBSERVER: _S.TERRITORY, **_COORDINATE},
    _C.READ_EVALUATION: {Role.HEAD: _S.OWN, Role.COORDINATOR: _S.SUBTREE},
    _C.ANSWER_EVALUATION: {Role.COORDINATOR: _S.SUBTREE},
    _C.SIGN_EVALUATION: {Role.HEAD: _S.OWN},
    _C.SEE_TERRITORY: {
        Role.HEAD: _S.TERRITORY,
        Role.COORDINATOR: _S.TERRITORY,
        Role.OBSERVER: _S.TERRITORY,
        Role.NATIONAL: _S.SUBTREE,
    },
    _C.OBSERVE: {Role.OBSERVER: _S.SUBTREE},
    _C.RECOMMEND: {Role.OBSERVER: _S.SUBTREE},
    _C.MANAGE_TEAMS: _NATIONAL,
    _C.MANAGE_NATIONALS: _NATIONAL,
    _C.ADD_AGENCIES: _NATIONAL,
    _C.MANAGE_STANDARDS: _NATIONAL,
    _C.MANAGE_HOLIDAYS: _NATIONAL,
    _C.MANAGE_CATEGORIES: _NATIONAL,
    _C.MANAGE_PROGRAMMES: _NATIONAL,
    _C.REVEAL: _NATIONAL,
    _C.PLACE_MESSAGES: _NATIONAL,
    _C.MANAGE_MODEL: _NATIONAL,
    _C.SEE_CHANNELS: _NATIONAL,
    _C.PUBLISH_EVALUATIONS: _NATIONAL,
    _C.REVIEW: {Role.OBSERVER: _S.OWN, Role.NATIONAL: _S.OWN},
}


# What the Ombudsman's observers may everywhere; of whatever else their seat gives them, only at the Ombudsman itself.
OF_THE_COUNTRY = frozenset({_C.SEE_NUMBERS, _C.SEE_TERRITORY, _C.OBSERVE})


def rights_of(user: User | AnonymousUser, day: datetime.date | None = None) -> list[Membership]:
    """The memberships that count for this user now: the acting one if one is chosen, else every current one."""
    if not isinstance(user, User) or user.pk is None or not user.is_active:
        return []
    day = day or timezone.localdate()
    if user.acting is not None:
        return [user.acting] if user.acting.is_current_on(day) else []
    return list(Membership.objects.current(day).filter(user=user).select_related("agency"))


def start_of(membership: Membership) -> str:
    """The address where somebody begins who acts through this membership: the own desk, or what there is
    to read."""
    works = membership_may(membership, Capability.WORK, membership.agency)
    if works:
        return str(settings.OFFICERS_START)
    if examines(membership):
        return str(settings.OMBUDSMAN_START)
    return str(settings.OBSERVERS_START if membership.programme_id is None else settings.PROGRAMME_OBSERVERS_START)


def reaches(membership: Membership, scope: Scope, agency: Agency) -> bool:
    """The agency lies in the scope, seen from the membership's office."""
    office = membership.agency
    if scope is Scope.OWN:
        return office.pk == agency.pk
    if scope is Scope.BELOW:
        return agency.is_strictly_under(office)
    if agency.is_under(office):
        return True
    return (
        scope is Scope.TERRITORY
        and office.kind == Kind.PROVINSI
        and agency.region_id is not None
        and agency.kind in (Kind.KABUPATEN, Kind.KOTA)
        and agency.region_id.startswith(f"{office.region_id}.")
    )


def may(
    user: User | AnonymousUser, capability: Capability, agency: Agency, *, day: datetime.date | None = None
) -> bool:
    """The user may, at this office, on this day (None: today). For what is the whole country's, ask at the root."""
    return any(membership_may(membership, capability, agency) for membership in rights_of(user, day))


def membership_may(membership: Membership, capability: Capability, agency: Agency) -> bool:
    """The same for one membership known to be current."""
    scope = TABLE[capability].get(Role(membership.role))
    if scope is not None and capability in OF_THE_COUNTRY and reads_country(membership):
        return True
    return scope is not None and reaches(membership, scope, agency)


def require(user: User | AnonymousUser, capability: Capability, agency: Agency) -> None:
    """Raises PermissionDenied (403) unless the user may."""
    if not may(user, capability, agency):
        raise PermissionDenied


def agencies_for(user: User | AnonymousUser, capability: Capability) -> AgencyQuerySet:
    """Every agency at which the user may; ended ones included."""
    found = Q(pk__in=[])
    for membership in rights_of(user):
        scope, office = TABLE[capability].get(Role(membership.role)), membership.agency
        if scope is None:
            continue
        if capability in OF_THE_COUNTRY and reads_country(membership):
            return Agency.objects.all()
        if scope is Scope.OWN:
            found |= Q(pk=office.pk)
            continue
        below = Q(path__startswith=office.path)
        found |= below & ~Q(pk=office.pk) if scope is Scope.BELOW else below
        if scope is Scope.TERRITORY and office.kind == Kind.PROVINSI:
            found |= Q(kind__in=(Kind.KABUPATEN, Kind.KOTA), region__code__startswith=f"{office.region_id}.")
    return Agency.objects.filter(found)


def capability_to_manage(role: Role) -> Capability:
    """What one needs at an office to appoint or end somebody with this role there."""
    if role in (Role.LIAISON, Role.HEAD):
        return Capability.MANAGE_OFFICERS
    if role == Role.COORDINATOR:
        return Capability.MANAGE_COORDINATORS
    return Capability.MANAGE_NATIONALS
