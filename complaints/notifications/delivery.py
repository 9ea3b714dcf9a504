"""How letters get there: take one from the outbox, send it, and either it is gone or it waits longer.

A sender takes a row by moving its `next_try` ahead (a lease), so two senders never hold the same one and a dead one's
row comes back by itself. A second try carries the same Message-ID. One refusal by one address stops nobody else's
letter; a server that does not answer stops the run, not the letters: they stay where they are.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
import logging
import random
import re
import time
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import User
from complaints import privacy
from complaints.channels.contract import Door, DoorRefused, DoorSilent, NobodyThere, Parcel
from complaints.channels.registry import open_door, units_of
from complaints.models import Arrival, Complaint, DeliveryAttempt, Event, Notification, Reporter
from complaints.notifications import devices, peers, to_officers, to_reporter
from complaints.notifications.letters import Letter, parcel_of
from lapor.kit.sealing import unseal

log = logging.getLogger(__name__)

# Longer than a task may run (CELERY task_time_limit).
LEASE = datetime.timedelta(minutes=5)
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=1)
GIVE_UP_AFTER = datetime.timedelta(hours=72)
# Letters that are worth nothing later.
GIVE_UP_SOONER = {"code": datetime.timedelta(minutes=5)}
CONFIRMATIONS_A_DAY = 3
# The name under which the one letter to an unconfirmed address is counted.
CONFIRM = "confirm"
SYSTEM = Actor.system("letters")

State = Notification.State


@dataclass
class Doors:
    """The ways out opened in one run, each once."""

    opened: dict[str, Door] = field(default_factory=dict)

    def of(self, medium: str) -> Door:
        """Raises DoorSilent while the medium has no way out: its channel is switched off."""
        if medium not in self.opened:
            door = open_door(medium)
            if door is None:
                raise DoorSilent("the channel is switched off")
            self.opened[medium] = door
        return self.opened[medium]

    def close(self) -> None:
        for door in self.opened.values():
            door.close()
        self.opened.clear()


def send_one(pk: int, *, now: datetime.datetime | None = None) -> bool:
    """Send this letter if it is due, its peer is not resting, and nobody else has it. True when it went out. May run
    twice."""
    now = now or timezone.now()
    doors = Doors()
    try:
        row = take(now, pk=pk, but=peers.resting(now))
        return row is not None and deliver(row, doors, now)
    except DoorSilent:
        return False
    finally:
        doors.close()


def send_due(*, medium: str = "", now: datetime.datetime | None = None, seconds: float = 45) -> int:
    """Send what is due, oldest first, by this medium ("": by all), for at most about `seconds`; how many went out. A
    peer that falls silent is left for a later run, the others go on."""
    began = timezone.now()
    sent = 0
    resting = peers.resting(now or began)
    doors = Doors()
    try:
        while (timezone.now() - began).total_seconds() < seconds:
            at = now or timezone.now()
            row = take(at, medium=medium, but=resting)
            if row is None:
                break
            try:
                sent += deliver(row, doors, at)
            except DoorSilent:
                resting = peers.resting(at)
    finally:
        doors.close()
    return sent


def media_due(now: datetime.datetime) -> list[str]:
    """The media by which something is due."""
    due = Notification.objects.filter(state=State.PENDING, next_try__lte=now)
    return sorted(due.order_by().values_list("medium", flat=True).distinct())


@transaction.atomic
def take(
    now: datetime.datetime, *, pk: int | None = None, medium: str = "", but: Sequence[str] = ()
) -> Notification | None:
    """Claim one due letter for the length of a lease; None when there is none, or another sender has it. `but`: media
    that are left alone."""
    due = Notification.objects.filter(state=State.PENDING, next_try__lte=now)
    if but:
        due = due.exclude(medium__in=but)
    if medium:
        due = due.filter(medium=medium)
    if pk is not None:
        due = due.filter(pk=pk)
    row = due.order_by("next_try", "pk").select_for_update(skip_locked=True).first()
    if row is None:
        return None
    row.tries += 1
    row.next_try = now + LEASE
    row.message_id = row.message_id or _message_id(row)
    row.save(update_fields=["tries", "next_try", "message_id"])
    return row


@dataclass(frozen=True)
class Written:
    """A letter ready to go, and the rows that go out with it."""

    parcel: Parcel
    rows: Sequence[Notification]
    reporter: Reporter | None = None


def deliver(row: Notification, doors: Doors, now: datetime.datetime) -> bool:
    """Send a claimed letter and write down what came of it. Raises DoorSilent after writing that down."""
    try:
        written = _write(row, now)
    except Exception as error:
        # A letter that can't be written is our fault: it waits like any other, and the log says why.
        log.exception("letter %s %s could not be written", row.pk, row.letter)
        _wait(row, f"{type(error).__name__}", now)
        return False
    if written is None:
        return _silence(row)
    began = time.monotonic()
    try:
        peer_id = doors.of(row.medium).send(written.parcel)
    except NobodyThere:
        peers.has_answered(row.medium, time.monotonic() - began, now)
        return _silence(row)
    except DoorRefused as error:
        peers.has_answered(row.medium, time.monotonic() - began, now)
        answer = _without(str(error), written.parcel.address)
        for one in written.rows:
            if error.lasting:
                _fail(one, answer, now)
            else:
                _wait(one, answer, now)
        if error.lasting and written.reporter is not None:
            privacy.mark_unreachable(written.reporter, now, medium=row.medium)
        return False
    except DoorSilent as error:
        answer = _without(str(error), written.parcel.address)
        peers.was_silent(row.medium, answer, now, error.after)
        for one in written.rows:
            _wait(one, answer, now, after=error.after)
        raise
    peers.has_answered(row.medium, time.monotonic() - began, now)
    units = units_of(row.medium, written.parcel)
    for one in written.rows:
        # Gathered letters went out as one and are paid for once.
        _sent(one, now, peer_id, units if one is row else 0)
    return True


def _write(row: Notification, now: datetime.datetime) -> Written | None:
    """The letter of this row; None when there is nothing to say any more, or nobody to say it to."""
    if row.arrival is not None:
        return _write_reply(row, row.arrival)
    event = _event_of(row)
    if row.medium == Notification.Medium.PUSH:
        return _write_call(row, event)
    if row.user is not None:
        return _write_to_officer(row, row.user, event, now)
    # Its own case's, or of one merged into it.
    whose = {"pk": row.reporter_id} if row.reporter_id else {"complaint_id": event.complaint_id}
    reporter = Reporter.objects.select_related("complaint").filter(**whose).first()
    if reporter is None or not _may_write_to(reporter, event, row, now):
        return None
    address = privacy.address_of(reporter, row.medium)
    with translation.override(reporter.language):
        if row.letter == CONFIRM:
            letter: Letter | None = to_reporter.confirmation(reporter)
        else:
            letter = to_reporter.write(row.letter, event, reporter)
        if letter is None or not address:
            return None
        case = reporter.complaint
        return Written(parcel_of(letter, row, address, guarded=case.anonymous or case.secret), [row], reporter)


def _write_to_officer(row: Notification, officer: User, event: Event, now: datetime.datetime) -> Written | None:
    if not officer.is_active or not officer.email:
        return None
    rows = [row]
    with translation.override(officer.language):
        kinds = to_officers.ALWAYS_GATHERED if officer.tells_at_once else to_officers.GATHERED
        if row.letter in kinds and row.medium == Notification.Medium.EMAIL:
            rows = [row, *_gather(row, kinds, now)]
        if len(rows) > 1:
            letter: Letter | None = to_officers.gathered([(one.letter, _event_of(one)) for one in rows], officer)
        else:
            letter = to_officers.write(row.letter, event, officer)
        return Written(parcel_of(letter, row, officer.email), rows) if letter is not None else None


def _write_call(row: Notification, event: Event) -> Written | None:
    """Tells that there is news and nothing more, whatever the case and whoever hears of it."""
    address = devices.address_of(row, event)
    if not address:
        return None
    return Written(Parcel(address, subject="", text=devices.call_of(row), letter=row.letter, guarded=True), [row])


def _write_reply(row: Notification, arrival: Arrival) -> Written | None:
    """What a channel answered to a message; already in its reader's words."""
    address = arrival.sender
    if not row.words_sealed or not address:
        return None
    said = json.loads(unseal(row.words_sealed))
    words = str(said["words"])
    parcel = Parcel(
        address=address,
        subject=_("Jawaban LAPOR!"),
        text=words,
        short=words,
        words=words,
        reference=row.message_id,
        answers=arrival.external_id,
        choices=[(str(code), str(label)) for code, label in said["choices"]],
        letter=row.letter,
    )
    return Written(parcel, [row])


def _event_of(row: Notification) -> Event:
    assert row.event_id is not None  # a reply to an arrival is written without one
    return Event.objects.select_related(
        "complaint__handler__parent", "complaint__place", "acting_agency__parent", "handler_from", "handler_to"
    ).get(pk=row.event_id)


def _may_write_to(reporter: Reporter, event: Event, row: Notification, now: datetime.datetime) -> bool:
    """A confirmed address gets every letter; an unconfirmed one the confirmation at the beginning and nothing else,
    three a day at most over all its reports."""
    if row.medium != Notification.Medium.EMAIL:
        # The door they came by: they wrote to us from there.
        return reporter.erased_at is None and reporter.door == row.medium and reporter.door_closed_at is None
    if reporter.erased_at is not None or reporter.unreachable_since is not None or not reporter.email_fingerprint:
        return False
    if reporter.email_confirmed_at is not None:
        # It answered between the first try and this one: the letter with words may go now.
        if row.letter == CONFIRM:
            _rename(row, "submitted")
        return True
    if event.verb != "submit":
        return False
    if row.letter == CONFIRM:
        return True
    with transaction.atomic(), connection.cursor() as cursor:
        # One at a time for one address, or two senders would both count two.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [reporter.email_fingerprint])
        had = Notification.objects.filter(
            letter=CONFIRM,
            state__in=[State.PENDING, State.SENT],
            created_at__gt=now - datetime.timedelta(days=1),
            event__complaint__reporter__email_fingerprint=reporter.email_fingerprint,
        ).count()
        if had >= CONFIRMATIONS_A_DAY:
            return False
        _rename(row, CONFIRM)
    return True


def _rename(row: Notification, letter: str) -> None:
    row.letter = letter
    row.save(update_fields=["letter"])


@transaction.atomic
def _gather(row: Notification, kinds: Set[str], now: datetime.datetime) -> list[Notification]:
    """The same officer's other waiting letters of these kinds, claimed along with the first."""
    others = list(
        Notification.objects.filter(
            state=State.PENDING, next_try__lte=now, user=row.user, medium=row.medium, letter__in=kinds
        )
        .exclude(pk=row.pk)
        .order_by("pk")
        .select_for_update(skip_locked=True)[:99]
    )
    for other in others:
        other.tries += 1
        other.next_try = now + LEASE
        other.message_id = row.message_id
        other.save(update_fields=["tries", "next_try", "message_id"])
    return others


# --- What came of it ---


def _sent(row: Notification, now: datetime.datetime, peer_id: str, units: int) -> None:
    DeliveryAttempt.objects.create(notification=row, at=now, succeeded=True)
    Notification.objects.filter(pk=row.pk, state=State.PENDING).update(
        state=State.SENT, sent_at=now, peer_id=peer_id[:120], units=units
    )


def _silence(row: Notification) -> bool:
    Notification.objects.filter(pk=row.pk, state=State.PENDING).update(state=State.SILENCED)
    return False


def _wait(row: Notification, answer: str, now: datetime.datetime, *, after: datetime.timedelta | None = None) -> None:
    """Try later, longer each time, and not before the peer wants us back; after 72 hours give up."""
    if now - row.created_at >= GIVE_UP_SOONER.get(row.letter, GIVE_UP_AFTER):
        _fail(row, answer, now)
        return
    DeliveryAttempt.objects.create(notification=row, at=now, succeeded=False, answer=answer[:300])
    Notification.objects.filter(pk=row.pk, state=State.PENDING).update(
        next_try=now + max(wait_after(row.tries), after or datetime.timedelta(0))
    )


def wait_after(tries: int) -> datetime.timedelta:
    """1 min, 2, 4 … 1 h, each up to a fifth more or less, so that a thousand letters do not come back at once."""
    plain = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(max(tries - 1, 0), 10)))
    return plain * random.uniform(0.8, 1.2)  # noqa: S311  spreading, not a secret


def _fail(row: Notification, answer: str, now: datetime.datetime) -> None:
    """Give up, loudly: the case's desk reads it, the log says it, the national desk counts it."""
    with transaction.atomic():
        DeliveryAttempt.objects.create(notification=row, at=now, succeeded=False, answer=answer[:300])
        ended = Notification.objects.filter(pk=row.pk, state=State.PENDING).update(state=State.FAILED)
        if ended and row.user_id is None and row.event_id is not None:
            told = row.reporter.complaint if row.reporter else Complaint.objects.get(events=row.event_id)
            told.note_undeliverable(row.letter, by=SYSTEM, now=now)
    log.error("letter %s (%s) was given up after %s tries: %s", row.pk, row.letter, row.tries, answer[:300])


@transaction.atomic
def send_again(rows: Sequence[Notification], *, now: datetime.datetime | None = None) -> int:
    """Letters that were given up, from the beginning; an address that had refused may be tried once more. How many."""
    now = now or timezone.now()
    again = 0
    for row in Notification.objects.select_for_update().filter(pk__in=[row.pk for row in rows], state=State.FAILED):
        if row.user_id is None and row.event_id is not None:
            whose = {"pk": row.reporter_id} if row.reporter_id else {"complaint__events": row.event_id}
            for reporter in Reporter.objects.filter(**whose):
                privacy.try_again(reporter, row.medium)
        row.state, row.tries, row.next_try, row.created_at = State.PENDING, 0, now, now
        row.save(update_fields=["state", "tries", "next_try", "created_at"])
        again += 1
    return again


def _message_id(row: Notification) -> str:
    """The same at every try, and telling nothing: not even how many letters there are."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"letter:{row.pk}".encode(), hashlib.sha256).hexdigest()[:32]
    host = re.sub(r"[^A-Za-z0-9.-]", "", settings.SITE_URL.partition("//")[2].partition(":")[0]) or "lapor"
    return f"<{mark}@{host}>"


_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")


def _without(answer: str, address: str) -> str:
    """A peer's answer often repeats the address: it is kept in one table only."""
    return _ADDRESS.sub("…", answer.replace(address, "…"))[:300]
