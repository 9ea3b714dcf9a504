"""Which cases an actor may open, as one SQL condition (case.md section 6, the table of viewers).

Rows are decided here, columns (name, contact, masked or full text) in `complaints.privacy`. The last row of the table
beats all others but the reporter's: nobody in the subtree of `not_for`, and no officer the case names, sees it.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from agencies.actor import Actor, Side
from agencies.models import Role
from agencies.ombudsman import reads_country

from .tag import Tag

NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY


def seen_by(actor: Actor, *, on_request: bool = False) -> Q:
    """What this actor may open. Cases whose text asks for a reason first (secret ones, for NATIONAL and OBSERVER) are
    among them only `on_request`: no list shows them."""
    if actor.is_system:
        return EVERYBODY
    if actor.side is Side.REPORTER:
        return Q(reporter__account_fingerprint=actor.account) if actor.account else NOBODY
    if actor.agency is None or actor.role is None:
        return NOBODY
    return _seen_from(actor, on_request) & not_kept_from(actor)


def _seen_from(actor: Actor, on_request: bool) -> Q:
    role, office = actor.role, actor.agency
    assert role is not None
    assert office is not None
    here, below = Q(handler=office), Q(handler__path__startswith=office.path)
    openly = EVERYBODY if on_request else Q(secret=False)
    match role:
        case Role.LIAISON:
            return here
        case Role.HEAD:
            return here | below & Q(secret=False)
        case Role.COORDINATOR:
            return below
        case Role.NATIONAL:
            return here | openly
        case Role.OBSERVER if actor.programme_id is not None:
            return below & openly & tagged_with(actor.programme_id)
        case Role.OBSERVER if actor.membership is not None and reads_country(actor.membership):
            return below & openly | Q(secret=False)
        case Role.OBSERVER:
            return below & openly


def tagged_with(programme_id: int) -> Q:
    """Cases that carry this programme now."""
    return Q(Exists(Tag.objects.current().filter(programme_id=programme_id, complaint_id=OuterRef("pk"))))


def untagged_from(programme_id: int) -> Q:
    """Cases that carried it and do so no more."""
    once = Tag.objects.filter(programme_id=programme_id, complaint_id=OuterRef("pk"))
    return Q(Exists(once)) & ~tagged_with(programme_id)


def not_kept_from(actor: Actor) -> Q:
    """None of the user's current offices lies under `not_for`, whichever they act for now; and no case names them. A
    machine has the one office, and is nobody a case could name."""
    if actor.agency is None:
        return NOBODY
    elsewhere = ~Q(not_for_id__in=sorted(offices_over(actor)))
    return elsewhere if actor.user is None else elsewhere & ~Q(not_seen_by=actor.user)


def offices_over(actor: Actor) -> set[int]:
    """Ids of the offices the actor sits in, acting or not, and of all above them: whatever is kept from one of these
    is kept from the actor."""
    seats = [actor.agency] if actor.agency is not None else []
    if actor.user is not None:
        seats += [membership.agency for membership in actor.user.seats()]
    return {pk for office in seats for pk in (*office.ids_above, office.pk)}
