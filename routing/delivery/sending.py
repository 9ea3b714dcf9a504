"""How webhooks get there: take one by a lease, send it, and either it is gone or it waits longer, up to 72 hours.

A silent endpoint rests by itself, longer each time, and then one delivery is tried: it holds up nobody else. 2xx is
taken, 410 stops the endpoint until a person lets it go on, everything else is tried again.
"""

from __future__ import annotations

import datetime
import logging
import random
import time

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lapor.kit import outside
from lapor.kit.sealing import InvalidToken
from routing.delivery import outbox, webhook
from routing.models import Delivery, DeliveryTry, Endpoint

log = logging.getLogger(__name__)

# Longer than a task may run (CELERY task_time_limit).
LEASE = datetime.timedelta(minutes=5)
FIRST_WAIT = datetime.timedelta(seconds=30)
LONGEST_WAIT = datetime.timedelta(hours=2)
GIVE_UP_AFTER = datetime.timedelta(hours=72)
# One answer may take so long, from the first byte to the last.
SECONDS = 10.0
SLOW = 2.0
# Silences in a row after which an endpoint rests.
SILENCES = 3
FIRST_REST = datetime.timedelta(minutes=1)
LONGEST_REST = datetime.timedelta(hours=1)
KEPT_FOR = datetime.timedelta(days=30)
GONE = 410

State = Delivery.State


def send_one(pk: int, *, now: datetime.datetime | None = None) -> bool:
    """Send this delivery if it is due, its endpoint is awake and nobody else has it. May run twice."""
    now = now or timezone.now()
    row = take(now, pk=pk)
    return row is not None and deliver(row, now)


def send_due(*, now: datetime.datetime | None = None, seconds: float = 45) -> int:
    """Send what is due, oldest first, for at most about `seconds`; how many arrived."""
    began, sent = timezone.now(), 0
    while (timezone.now() - began).total_seconds() < seconds:
        at = now or timezone.now()
        row = take(at)
        if row is None:
            break
        sent += deliver(row, at)
    return sent


@transaction.atomic
def take(now: datetime.datetime, *, pk: int | None = None) -> Delivery | None:
    """Claim one due delivery for the length of a lease; None when there is none for an endpoint that is awake."""
    awake = Q(endpoint__rests_until__isnull=True) | Q(endpoint__rests_until__lte=now)
    today = timezone.localdate(now)
    kept = Q(endpoint__client__ends_on__isnull=True) | Q(endpoint__client__ends_on__gt=today)
    due = Delivery.objects.filter(
        awake,
        kept,
        state=State.PENDING,
        next_try__lte=now,
        endpoint__ended_at__isnull=True,
        endpoint__stopped_at__isnull=True,
    )
    if pk is not None:
        due = due.filter(pk=pk)
    row = due.order_by("next_try", "pk").select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return None
    row.tries += 1
    row.next_try = now + LEASE
    row.save(update_fields=["tries", "next_try"])
    # After a rest one delivery is tried alone: whoever comes next finds the endpoint resting still.
    resting = Endpoint.objects.filter(pk=row.endpoint_id, silences__gte=SILENCES)
    resting.update(rests_until=now + datetime.timedelta(seconds=2 * SECONDS))
    return row


def deliver(row: Delivery, now: datetime.datetime) -> bool:
    """Send a claimed delivery and write down what came of it. One that waited until its office may not know of the
    case any more is never sent, and leaves nothing behind."""
    related = ("endpoint__client__agency", "event", "complaint__not_for")
    row = Delivery.objects.select_related(*related).get(pk=row.pk)
    if not outbox.may_still_know(row):
        row.delete()
        return False
    began = time.monotonic()
    try:
        body = webhook.payload(row)
        said = outside.post(
            row.endpoint.url,
            body,
            webhook.headers(row, row.endpoint, body, now),
            seconds=SECONDS,
            guarded=settings.PRODUCTION,
        )
    except outside.Unreachable as error:
        return _silent(row, None, str(error), now)
    except InvalidToken:
        log.error("the secret of endpoint %s opens with no key of ours", row.endpoint_id)
        return _silent(row, None, "InvalidToken", now)
    if 200 <= said.status < 300:
        return _taken(row, said.status, now, time.monotonic() - began)
    if said.status == GONE:
        Endpoint.objects.filter(pk=row.endpoint_id).update(stopped_at=now, answer=said.words)
    return _silent(row, said.status, said.words, now)


def _taken(row: Delivery, status: int, now: datetime.datetime, seconds: float) -> bool:
    """One that is slow rests twice as long as it took, so that it has a third of a worker and no more."""
    rest = now + datetime.timedelta(seconds=2 * seconds) if seconds > SLOW else None
    with transaction.atomic():
        DeliveryTry.objects.create(delivery=row, at=now, status=status)
        Delivery.objects.filter(pk=row.pk, state=State.PENDING).update(state=State.SENT, sent_at=now)
        Endpoint.objects.filter(pk=row.endpoint_id).update(silences=0, rests_until=rest, heard_at=now, answer="")
    return True


def _silent(row: Delivery, status: int | None, answer: str, now: datetime.datetime) -> bool:
    """Later, longer each time; after 72 hours it is given up and waits for a person."""
    with transaction.atomic():
        DeliveryTry.objects.create(delivery=row, at=now, status=status, answer=answer[:300])
        pending = Delivery.objects.filter(pk=row.pk, state=State.PENDING)
        if now - row.created_at >= GIVE_UP_AFTER:
            if pending.update(state=State.FAILED):
                log.error("delivery %s to endpoint %s was given up", row.pk, row.endpoint_id)
        else:
            pending.update(next_try=now + wait_after(row.tries))
        endpoint = Endpoint.objects.select_for_update().get(pk=row.endpoint_id)
        endpoint.silences += 1
        rest = rest_after(endpoint.silences)
        endpoint.rests_until = now + rest if rest else None
        endpoint.answer = f"{status or ''} {answer}".strip()[:300]
        endpoint.save(update_fields=["silences", "rests_until", "answer"])
    return False


def wait_after(tries: int) -> datetime.timedelta:
    """30 s, 1 min, 2, 4 … 2 h, each up to a fifth more or less, so that a thousand do not come back at once."""
    return _spread(min(LONGEST_WAIT, FIRST_WAIT * (1 << min(max(tries - 1, 0), 12))))


def rest_after(silences: int) -> datetime.timedelta:
    """None before the third silence in a row; then 1 min, 2, 4 … 1 h."""
    if silences < SILENCES:
        return datetime.timedelta(0)
    return _spread(min(LONGEST_REST, FIRST_REST * (1 << min(silences - SILENCES, 10))))


def _spread(wait: datetime.timedelta) -> datetime.timedelta:
    return wait * random.uniform(0.8, 1.2)  # noqa: S311  spreading, not a secret


def send_again(rows: list[Delivery], now: datetime.datetime) -> int:
    """Dead letters from the beginning, with the id they had: whoever got one already knows it again."""
    again = Delivery.objects.filter(pk__in=[row.pk for row in rows], state=State.FAILED)
    return again.update(state=State.PENDING, tries=0, next_try=now, created_at=now)


def forget(now: datetime.datetime, limit: int = 5_000) -> int:
    """Delete what arrived more than thirty days ago, and what nobody is to be told any more, with its tries. What was
    given up stays until somebody decides."""
    ended = Q(endpoint__ended_at__isnull=False) | Q(endpoint__client__ends_on__lte=timezone.localdate(now))
    done = Q(state=State.SENT, sent_at__lt=now - KEPT_FOR) | ended & Q(created_at__lt=now - KEPT_FOR)
    old = Delivery.objects.filter(done).order_by("pk").values_list("pk", flat=True)
    return Delivery.objects.filter(pk__in=list(old[:limit])).delete()[0]
