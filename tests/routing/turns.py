"""Cases for the tests of the turn: filed at a known instant, weighed by the worker, clocks as they come out.

Friday 29 May 2026 noon in Jakarta; 1 June is a holiday: VERIFY 4 June, RESPOND 8 June, RESOLVE 22 June.
"""

from __future__ import annotations

import datetime
from typing import Any

from agencies.actor import Actor
from complaints.intake import Submission, receive
from complaints.models import Clock, Complaint, Event, Notification
from routing import dispatch, tasks
from tests.world import World

JAKARTA = datetime.timezone(datetime.timedelta(hours=7))
NOON = datetime.datetime(2026, 5, 29, 12, 0, tzinfo=JAKARTA)
SARI = Actor.reporter()


def at(day: int, month: int = 6, hour: int = 9, minute: int = 3) -> datetime.datetime:
    """An instant in Jakarta in 2026."""
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=JAKARTA)


def filed(world: World, *, now: datetime.datetime = NOON, **more: Any) -> Complaint:
    """At the national desk, unweighed, as intake leaves it."""
    values = {
        "channel": "web",
        "external_id": f"draf-{Complaint.objects.count()}",
        "body": "Jembatan di desa kami putus sejak kemarin pagi.",
        "place": world.sukasari,
        "email": "sari@contoh.test",
        **more,
    }
    return receive(Submission(**values), now=now).complaint


def at_office(world: World, *, now: datetime.datetime = NOON, **more: Any) -> Complaint:
    """Forwarded by the worker to the Dinas PU, unless something else is named."""
    case = filed(world, now=now, **{"addressed_to": world.dinas_pu, **more})
    dispatch.forward_by_itself(case.pk, now=now)
    return Complaint.objects.get(pk=case.pk)


def confirmed(case: Complaint) -> Complaint:
    """Its reporter can be reached: 10 working days instead of 30."""
    case.reporter.email_confirmed_at = NOON
    case.reporter.save()
    return Complaint.objects.get(pk=case.pk)


def sweep(now: datetime.datetime) -> dict[str, int]:
    return tasks.what_the_date_brings(now)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def clock(case: Complaint, kind: str) -> Clock:
    return Clock.objects.unstopped().get(complaint=case, kind=kind)


def events(case: Complaint, verb: str) -> list[Event]:
    return list(case.events.filter(verb=verb))


def letters(case: Complaint, letter: str) -> list[Notification]:
    return list(Notification.objects.filter(event__complaint=case, letter=letter).order_by("user__email"))
