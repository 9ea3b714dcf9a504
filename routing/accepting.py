"""Accepting an office the worker suggested by one press, and going on to the next case of the list one came from."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, Membership, Role
from agencies.permissions import Capability, membership_may
from complaints.models import Complaint, Event
from complaints.transitions import Status
from lapor.kit.text import row_id
from routing import queue
from routing.case_page import Guess

# Acts that accepting may be.
VERBS = ("forward", "move")
# In the form of whoever accepts; whatever its value.
ACCEPTS = "saran"
# The list one came from, and where in it the case stood.
FROM, AFTER = "dari", "sesudah"
# No more than a hand finds without looking.
KEYS = ("1", "2", "3")


@dataclass(frozen=True)
class Choice:
    """An office to be accepted by pressing `key`, with what its reporter will read as the reason and what the officer
    reads, who is told how sure the portal is; "": not by pressing, because it is not this officer's to choose or nobody
    works there, as `why_not` says."""

    key: str
    office: int
    name: str
    reason: str
    why: str
    why_not: str = ""


def verb_for(case: Complaint, by: Actor, verbs: Collection[str]) -> str:
    """The act that accepting is: forward what was never forwarded, or move what came back to the own desk. "": none;
    what another office works on is not taken from it by one press."""
    if "forward" in verbs:
        return "forward"
    mine = by.agency is not None and case.handler_id == by.agency.pk
    return "move" if mine and "move" in verbs and case.status in (Status.FORWARDED, Status.IN_PROGRESS) else ""


def choices(case: Complaint, guesses: Sequence[Guess], by: Actor, today: datetime.date) -> list[Choice]:
    """What was guessed, best first, each with its key where it can be pressed. One statement."""
    if not guesses or by.agency is None:
        return []
    ids = [guess.office.pk for guess in guesses]
    able = set(Agency.objects.filter(pk__in=ids).active_on(today).staffed_on(today).values_list("pk", flat=True))
    keys = iter(KEYS)
    found = []
    for guess in guesses:
        office = guess.office
        if case.not_for is not None and office.is_under(case.not_for):
            continue
        why_not = ""
        if by.role != Role.NATIONAL and not office.is_under(by.agency):
            why_not = _("Di luar %(office)s.") % {"office": by.agency.shown_name}
        elif office.pk not in able:
            why_not = _("Belum ada petugas.")
        reason = guess.plain or _("Menurut saran portal.")
        key = "" if why_not else next(keys)
        found.append(Choice(key, office.pk, office.shown_name, reason, guess.reason or reason, why_not))
    return found


def place_in(case: Complaint, listed: str) -> str:
    """Where the case stands in that list: what comes after it is read from here, whatever becomes of the case."""
    return queue.cursor_of(case, queue.read(listed))


def next_after(acting: Membership, verb: str, said: Mapping[str, str]) -> str:
    """The number of the case that comes after it in the list the officer came from; of what is yet to be forwarded,
    where that is what they do. "": it was the last. Five statements at most."""
    listed = queue.read(said.get(FROM, ""))
    if verb == "forward" and "status" not in listed.keys:
        listed = queue.read(f"status:verifikasi {listed.text}")
    oversees = membership_may(acting, Capability.OVERSEE, acting.agency)
    desk = queue.Desk.of(acting, oversees=oversees, below=listed.spans_offices)
    found = queue.page(desk, listed, said.get(AFTER, ""), most=1).rows
    return found[0].number if found else ""


def is_done(case: Complaint, verb: str, by: Actor, said: Mapping[str, str]) -> bool:
    """This officer has just sent it there: a key pressed twice, or a press sent again, accepts once."""
    last = Event.objects.filter(complaint=case, verb=verb, pk__gt=row_id(said.get("seen", ""))).order_by("-pk").first()
    return (
        last is not None
        and by.user is not None
        and last.actor_id == by.user.pk
        and last.handler_to_id == row_id(said.get("agency", ""))
        and case.handler_id == last.handler_to_id
    )
