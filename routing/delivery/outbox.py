"""Which machines hear of which event: rows of Delivery in the event's own transaction. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, models
from django.utils import timezone

from agencies.models import Agency
from complaints.models import Complaint, Event
from lapor.kit.compiled import Among, Blank, Compiled
from lapor.kit.rows import spelt
from routing.models import Delivery, Endpoint

# What is no change of the case for the office that has it.
UNTOLD = frozenset({"reveal", "exclude", "regroup", "undeliverable", "tag", "untag", "locate"}) | frozenset(
    {"refer", "unrefer", "examine", "recommend", "heed", "weigh"}
)
# What an office hears too that helps, or helped: its own tasks and nobody else's.
HELP = frozenset({"invite", "share", "contribute", "decline", "uninvite", "reinvite", "help_due"})
# Ends of a task of which its office is not told why, or has the case itself now.
QUIET = frozenset({"GUARDED", "HANDLER"})


def fill(event: Event, complaint: Complaint) -> list[int]:
    """Rows for every endpoint of the office that has the case, and of the one it left. Ids of those to be sent."""
    if complaint.silent or event.verb in UNTOLD:
        return []
    offices = {pk for pk in (event.handler_to_id, event.handler_from_id) if pk is not None} | helpers_of(event)
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
        and not (helps(event, endpoint.client.agency_id) and complaint.is_guarded)
    ]
    Delivery.objects.bulk_create(rows)
    return [row.pk for row in rows if row.state == Delivery.State.PENDING]


_TOGETHER = """
    INSERT INTO routing_delivery (endpoint_id, event_id, complaint_id, held, message_id, state, tries, next_try,
        created_at)
    SELECT p.id, e.id, c.id, TRUE, gen_random_uuid(), CASE WHEN p.kind = %(feed)s THEN %(listed)s ELSE %(pending)s END,
        0, e.recorded_at, e.recorded_at
    FROM routing_endpoint p
    JOIN agencies_apiclient m ON m.id = p.client_id
    JOIN agencies_agency a ON a.id = m.agency_id
    JOIN complaints_event e ON e.handler_to_id = a.id AND e.id = ANY(%(events)s::bigint[])
    JOIN complaints_complaint c ON c.id = e.complaint_id
    LEFT JOIN agencies_agency kept ON kept.id = c.not_for_id
    WHERE p.id = ANY(%(endpoints)s) AND NOT c.silent AND (kept.id IS NULL OR NOT starts_with(a.path, kept.path))
    ORDER BY e.id, p.id
"""


def fill_together(events: Sequence[int]) -> int:
    """Rows for many events that left their case where it was: of the offices that have them. How many; two statements,
    three where a system listens."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT handler_to_id FROM complaints_event WHERE id = ANY(%s::bigint[])", [spelt(events)]
        )
        offices = [pk for (pk,) in cursor.fetchall()]
        endpoints = _LISTENING(offices=offices, day=timezone.localdate())
        if not endpoints:
            return 0
        cursor.execute(
            _TOGETHER,
            {
                "events": spelt(events),
                "endpoints": [endpoint.pk for endpoint in endpoints],
                "feed": Endpoint.Kind.FEED.value,
                "listed": Delivery.State.LISTED.value,
                "pending": Delivery.State.PENDING.value,
            },
        )
        return int(cursor.rowcount)


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


def helpers_of(event: Event) -> set[int]:
    """Offices this event is about because they help, or did."""
    if event.verb not in HELP or event.particulars.get("cause") in QUIET:
        return set()
    return {pk for name in ("helper", "helped_before") if (pk := event.particulars.get(name)) is not None}


def helps(event: Event, office: int) -> bool:
    """This office hears of the event because it helps, not because it has the case."""
    return event.verb in HELP and office != event.handler_to_id


def may_still_know(delivery: Delivery) -> bool:
    """The same of what was written down for an office earlier, by the case as it is now."""
    complaint, office = delivery.complaint, delivery.endpoint.client.agency
    if helps(delivery.event, office.pk) and complaint.is_guarded:
        return False
    return may_know(complaint, office, held=complaint.handler_id == office.pk)
