"""Which cases an actor may open, as one SQL condition (case.md section 6, the table of viewers).

Rows are decided here, columns (name, contact, masked or full text) in `complaints.privacy`. The last row of the table
beats all others but the reporter's: nobody in the subtree of `not_for`, and no officer the case names, sees it.
"""

from __future__ import annotations

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from agencies.actor import Actor, Side
from agencies.models import Membership, Role

NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY


def seen_by(actor: Actor, *, on_request: bool = False) -> Q:
    """What this actor may open. Cases whose text asks for a reason first (secret ones, for NATIONAL and OBSERVER) are
    among them only `on_request`: no list shows them."""
    if actor.is_system:
        return EVERYBODY
    if actor.side is Side.REPORTER:
        return Q(reporter__user=actor.user) if actor.user is not None else NOBODY
    if actor.membership is None:
        return NOBODY
    return _seen_from(actor.membership, on_request) & not_kept_from(actor)


def _seen_from(membership: Membership, on_request: bool) -> Q:
    office = membership.agency
    here, below = Q(handler=office), Q(handler__path__startswith=office.path)
    openly = EVERYBODY if on_request else Q(secret=False)
    match membership.role:
        case Role.LIAISON:
            return here
        case Role.HEAD:
            return here | below & Q(secret=False)
        case Role.COORDINATOR:
            return below
        case Role.NATIONAL:
            return here | openly
        case Role.OBSERVER:
            return below & openly
    return NOBODY


def not_kept_from(actor: Actor) -> Q:
    """Neither of the user's current offices lies under `not_for`, whichever they act for now; and no case names them.

    A path holds the ids of every agency above ("/1/30/512/"), so that it contains "/30/" says "under 30".
    """
    if actor.membership is None or actor.user is None:
        return NOBODY
    office = actor.membership.agency
    inside = Concat(Value("/"), Cast(OuterRef("not_for_id"), CharField()), Value("/"))
    held = Membership.objects.current().filter(user=actor.user, agency__path__contains=inside)
    elsewhere = ~Q(not_for_id__in=[*office.ids_above, office.pk]) & ~Q(Exists(held))
    return (Q(not_for__isnull=True) | elsewhere) & ~Q(not_seen_by=actor.user)
