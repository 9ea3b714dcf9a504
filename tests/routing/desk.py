"""For tests of the desk: a case at Pak Joko's desk, a browser, and an act posted as the page would."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpResponse

from agencies.actor import Actor
from agencies.models import Agency
from complaints.models import Complaint, Event
from tests.complaints.cases import at, public, report
from tests.world import World, client_of

LONG = "Tim kami sudah memeriksa lubang itu pagi ini dan memasang rambu peringatan."


def submitted(world: World, now: datetime.datetime, **fields: Any) -> Complaint:
    return report(world, now=now, **fields)


def forwarded(world: World, now: datetime.datetime, office: Agency | None = None, **fields: Any) -> Complaint:
    """Lies at the Dinas PU, or at `office`."""
    return at(report(world, now=now, **fields), office or world.dinas_pu, now=now)


def started(world: World, now: datetime.datetime, by: Actor | None = None, **fields: Any) -> Complaint:
    case = forwarded(world, now, **fields)
    case.start(by=by or world.joko, public=public(case) if not case.secret else None, now=now)
    return case


def fields_of(case: Complaint, by: Actor, **more: Any) -> dict[str, Any]:
    """What the page's hidden fields carry, and more."""
    last = Event.objects.filter(complaint=case).order_by("-pk").values_list("pk", flat=True).first()
    case.refresh_from_db()
    return {"version": case.version, "seen": last, "acting": by.membership.pk if by.membership else "", **more}


def post(by: Actor, case: Complaint, noun: str, **more: Any) -> HttpResponse:
    return client_of(by).post(f"/meja/{case.number}/{noun}/", fields_of(case, by, **more))  # type: ignore[return-value]
