"""Cases in every state, made by the verbs, for tests of what others read. Days are counted from `NOON`."""

from __future__ import annotations

import datetime
from typing import Any

from agencies.actor import Actor
from complaints.intake import Submission, receive
from complaints.models import Clock, Complaint
from complaints.models.lifecycle.acting import PublicText
from complaints.transitions import Status
from routing import dispatch
from tests.world import World

NOON = datetime.datetime(2026, 5, 29, 5, 0, tzinfo=datetime.UTC)  # Friday 29 May 2026, noon in Jakarta
SARI = Actor.reporter()
ON_THE_ROAD = "Jalan di depan pasar berlubang dalam, dua motor jatuh minggu ini."


def days(count: float) -> datetime.datetime:
    return NOON + datetime.timedelta(days=count)


def filed(world: World, body: str = ON_THE_ROAD, *, at: float = 0, **more: Any) -> Complaint:
    """Received and forwarded by the worker: to the Dinas PU unless another office is named."""
    values: dict[str, Any] = {
        "channel": "web",
        "external_id": f"uji-{Complaint.objects.count()}",
        "body": body,
        "place": world.sukasari,
        "addressed_to": world.dinas_pu,
        "category": world.cat_road,
    }
    case = receive(Submission(**{**values, **more}), now=days(at)).complaint
    dispatch.forward_by_itself(case.pk, now=days(at))
    return Complaint.objects.get(pk=case.pk)


def published(world: World, title: str = "Jalan berlubang di depan pasar", *, at: float = 0, **more: Any) -> Complaint:
    """Forwarded, then started by an officer who let the masked copy out."""
    by = more.pop("by", world.joko)
    case = filed(world, at=at, title=title, **more)
    case.start(by=by, public=PublicText(title, case.body), now=days(at))
    return case


def answered(case: Complaint, by: Actor, *, at: float) -> Complaint:
    case.answer("Tim kami memeriksa tempatnya hari ini.", by=by, now=days(at))
    return case


def resolved(case: Complaint, by: Actor, *, at: float) -> Complaint:
    case.resolve(
        "Lubangnya sudah kami tambal.",
        by=by,
        outcome="DONE",
        done_on=days(at).date(),
        unit="Bidang Jalan",
        now=days(at),
    )
    return case


def missed(case: Complaint, *, at: float) -> Complaint:
    """The sweep notes every promise that has passed by then."""
    for clock in Clock.objects.past_due(days(at).date()).filter(complaint=case, overdue_noted_at__isnull=True):
        case.note_overdue(clock, by=Actor.system("sweep"), missed_by=case.handler, now=days(at))
    assert case.status in Status.values
    return case
