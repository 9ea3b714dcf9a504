"""Which machines hear of which event: rows of Delivery in the event's own transaction. Nothing is sent here."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from agencies.models import Agency
from complaints.models import Complaint, Event
from lapor.kit.compiled import Among, Blank, Compiled
from routing.models import Delivery, Endpoint

# What is no change of the case for the office that has it.
UNTOLD = frozenset(
    {
        "reveal", "exclude", "regroup", "undeliverable", "tag", "untag", "invite", "contribute", "decline", "uninvite",
        "reinvite", "help_due",
    }
)  # fmt: skip


def fill(event: Event, complaint: Complaint) -> list[int]:
    """Rows for every endpoint of the office that has the case, and of the one it left. Ids of those to be sent."""
    if complaint.silent or event.verb in UNTOLD:
        return []
    offices = {pk for pk in (event.handler_to_id, event.handler_from_id) if pk is not None}
    endpoints = _LISTENING(offices=list(offices), day=timezone.localdate())
    rows = [
        Delivery(
            endpoint=endpoint,
            event=event,
            complaint=complaint,
            held=endpoint.client.agency_id == event.handler_to_id,
            state=Delivery.State.LISTED if endpoint.kind == Endpoint.Kind.FEED else Delivery.State.PENDING,
            next_try=event.recorded_at,
            created_at=event.recorded_at,
        )
        for endpoint in endpoints
        if may_know(complaint, endpoint.client.agency, held=endpoint.client.agency_id == event.handler_to_id)
    ]
    Delivery.objects.bulk_create(rows)
    return [row.pk for row in rows if row.state == Delivery.State.PENDING]


_LISTENING: Compiled[Endpoint] = Compiled(
    lambda: (
        Endpoint.objects.listening(Blank("day", models.DateField()))
        .filter(Among("client__agency_id", "offices"))
        .select_related("client__agency")
        .only("kind", "client__agency__path")
    )
)


def may_know(complaint: Complaint, office: Agency, *, held: bool) -> bool:
    """Of an open case that left, its former office reads that it left; of a secret one nothing (case.md section 6).
    One kept from the office does not exist there, and nobody tells it that it is."""
    if complaint.not_for is not None and office.is_under(complaint.not_for):
        return False
    return held or not complaint.secret


def may_still_know(complaint: Complaint, office: Agency) -> bool:
    """The same of what was written down for this office earlier, by the case as it is now."""
    return may_know(complaint, office, held=complaint.handler_id == office.pk)
