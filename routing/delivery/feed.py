"""A feed: the queue of an office since a cursor, for a system that asks. It never skips what committed late.

Ids are drawn before a transaction commits, so a reader who remembers the last id may pass over one that was still on
its way. Here an entry gets its position when the feed is read, from what is committed by then: whatever comes later
gets a later position. Positions survive a restored database; transaction numbers would not.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import ApiClient
from complaints.models import Complaint
from lapor.kit import paging
from routing.delivery import outbox
from routing.models import Delivery, Endpoint

PAGE = 100
KEPT_FOR = datetime.timedelta(days=60)
# How long whoever opens a feed may hold up everybody's events, at the very most.
PATIENCE = "2s"
_SNAPSHOT, _EVENTS = "s", "e"


class TooOld(Exception):
    """What stood behind this cursor has been forgotten, or it is from another feed: begin anew."""


class NotOne(Exception):
    """No cursor of ours."""


@dataclass(frozen=True)
class Entry:
    """One case at the office, or one event. `complaint` is None where the reader may not open it (any more); `helps`:
    it is told because the office helps, or helped."""

    number: str
    held: bool
    complaint: Complaint | None
    delivery: Delivery | None = None
    helps: bool = False


@dataclass(frozen=True)
class Page:
    """`more`: ask again at once; else there is nothing newer now."""

    entries: list[Entry]
    cursor: str
    more: bool


def read(client: ApiClient, cursor: str) -> Page:
    """Without a cursor first every open case of the office, then whatever happens. Raises TooOld, NotOne."""
    endpoint = open_feed(client)
    numbered = _number(endpoint)
    if not cursor:
        return _snapshot(client, numbered, 0, numbered)
    if (found := paging.read(cursor, _word(_SNAPSHOT), _count, _count)) is not None:
        _check(endpoint, found[1], numbered)
        return _snapshot(client, found[1], found[2], numbered)
    if (found := paging.read(cursor, _word(_EVENTS), _count)) is not None:
        _check(endpoint, found[1], numbered)
        return _events(client, endpoint, found[1])
    raise NotOne


def open_feed(client: ApiClient) -> Endpoint:
    """The client's feed. The first time it waits until every event that did not know of it has committed: from then on
    the list of open cases and the events after it leave nothing out between them."""
    endpoint, _new = Endpoint.objects.get_or_create(client=client, kind=Endpoint.Kind.FEED, defaults={"ended_at": None})
    if endpoint.opened_at is None:
        with transaction.atomic(), connection.cursor() as cursor:
            # Every event reads this table (outbox.fill), and holds it until it commits.
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute(f"LOCK TABLE {Endpoint._meta.db_table} IN ACCESS EXCLUSIVE MODE")
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
            endpoint.opened_at = timezone.now()
            endpoint.save(update_fields=["opened_at"])
    return endpoint


_NUMBER = """
    WITH new AS (
        SELECT id, row_number() OVER (ORDER BY event_id) AS place
        FROM routing_delivery WHERE endpoint_id = %(endpoint)s AND state = 'LISTED' AND position IS NULL
    )
    UPDATE routing_delivery SET position = %(last)s + new.place FROM new WHERE routing_delivery.id = new.id
"""


@transaction.atomic
def _number(endpoint: Endpoint) -> int:
    """Give a position to every entry that is committed by now; the last one given. One reader of a feed at a time."""
    endpoint.numbered = (
        Endpoint.objects.select_for_update(no_key=True).values_list("numbered", flat=True).get(pk=endpoint.pk)
    )
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, {"endpoint": endpoint.pk, "last": endpoint.numbered})
        new = cursor.rowcount
    if new:
        endpoint.numbered += new
        endpoint.save(update_fields=["numbered"])
    return endpoint.numbered


def _snapshot(client: ApiClient, base: int, after: int, numbered: int) -> Page:
    """Open cases of the office by id; then the events since the list was begun."""
    mine = Complaint.objects.open().visible_to(Actor.machine(client)).filter(pk__gt=after)
    rows = list(mine.select_related("handler", "not_for").order_by("pk")[: PAGE + 1])
    entries = [Entry(row.shown_number, True, row) for row in rows[:PAGE]]
    if len(rows) > PAGE:
        return Page(entries, paging.write(_SNAPSHOT, base, rows[PAGE - 1].pk), more=True)
    return Page(entries, paging.write(_EVENTS, base), more=numbered > base)


def _events(client: ApiClient, endpoint: Endpoint, after: int) -> Page:
    rows = list(
        Delivery.objects.filter(endpoint=endpoint, position__gt=after)
        .select_related("event", "complaint")
        .order_by("position")[: PAGE + 1]
    )
    shown = rows[:PAGE]
    seen = Complaint.objects.visible_to(Actor.machine(client)).select_related("handler", "not_for")
    open_to_me = seen.in_bulk({row.complaint_id for row in shown})
    entries = []
    for row in shown:
        complaint = open_to_me.get(row.complaint_id)
        helps = outbox.helps(row.event, client.agency_id)
        if helps and row.complaint.is_guarded:
            continue
        if complaint is None and (row.complaint.secret or row.complaint.not_for_id is not None):
            # It became secret, or is kept from the office, after it left: it does not exist there any more.
            continue
        entries.append(Entry(row.complaint.shown_number, row.held and complaint is not None, complaint, row, helps))
    last = shown[-1].position if shown else after
    return Page(entries, paging.write(_EVENTS, last), more=len(rows) > PAGE)


def _check(endpoint: Endpoint, position: int, numbered: int) -> None:
    if position < endpoint.forgotten or position > numbered:
        raise TooOld


def forget(now: datetime.datetime, limit: int = 5_000) -> int:
    """Delete entries older than sixty days; a reader who stayed away longer begins anew. How many."""
    gone = 0
    for endpoint in Endpoint.objects.filter(kind=Endpoint.Kind.FEED):
        # What nobody has asked for has no position yet, and must not be missed without a word.
        _number(endpoint)
        old = Delivery.objects.filter(endpoint=endpoint, created_at__lt=now - KEPT_FOR, position__isnull=False)
        rows = list(old.order_by("position").values_list("pk", "position")[:limit])
        if rows:
            with transaction.atomic():
                Endpoint.objects.filter(pk=endpoint.pk).update(forgotten=rows[-1][1])
                gone += Delivery.objects.filter(pk__in=[pk for pk, _position in rows]).delete()[0]
    return gone


def _word(wanted: str) -> Callable[[str], str]:
    def read_word(text: str) -> str:
        if text != wanted:
            raise ValueError(text)
        return text

    return read_word


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**63:
        raise ValueError(text)
    return number
