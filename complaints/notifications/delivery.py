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
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Membership, Role, User
from complaints import privacy, short_links
from complaints.channels.contract import LINK, NUMBER, Door, DoorRefused, DoorSilent, NobodyThere, Parcel
from complaints.channels.registry import channel_of, is_public, narrow_media, open_door, units_of
from complaints.models import Alert, Arrival, Complaint, DeliveryAttempt, Event, Notification, Reporter
from complaints.models.lifecycle.acting import clean_text
from complaints.notifications import devices, peers, phones, to_officers, to_reporter, to_subscriber, to_supporter
from complaints.notifications.letters import Letter, answerable, parcel_of
from complaints.notifications.send import SUPPORT, would_show
from complaints.transitions import TABLE, standing
from lapor.kit.sealing import unseal
from lapor.kit.text import without_contacts

log = logging.getLogger(__name__)

# Longer than a task may run (CELERY task_time_limit).
LEASE = datetime.timedelta(minutes=5)
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=1)
GIVE_UP_AFTER = datetime.timedelta(hours=72)
CONFIRMATIONS_A_DAY = 3
# So many letters in a row that did not arrive, and nobody is there any more.
FAILURES = 3
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
        if error.lasting:
            _forget_mailbox(row, now)
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
        return _write_reply(row, row.arrival, now)
    if row.membership is not None:
        return _write_of_the_map(row, row.membership)
    if row.supporter_id is not None:
        return _write_to_supporter(row)
    if row.alert_id is not None:
        return _write_to_subscriber(row)
    event = _event_of(row)
    if row.medium == Notification.Medium.PUSH:
        return _write_call(row, event, now)
    if row.user is not None:
        return _write_to_officer(row, row.user, event, now)
    # Its own case's, or of one merged into it.
    whose = {"pk": row.reporter_id} if row.reporter_id else {"complaint_id": event.complaint_id}
    reporter = Reporter.objects.select_related("complaint").filter(**whose).first()
    if reporter is None or not _may_write_to(reporter, event, row, now):
        return None
    asks = row.letter == CONFIRM
    by_phone = asks and row.medium != Notification.Medium.EMAIL
    address = privacy.phone_of(reporter) if by_phone else privacy.address_of(reporter, row.medium)
    with translation.override(reporter.language):
        if asks:
            letter: Letter | None = to_reporter.code(reporter) if by_phone else to_reporter.confirmation(reporter)
        else:
            letter = to_reporter.write(row.letter, event, reporter, aloud=is_public(row.medium))
        if letter is None or not address:
            return None
        case = reporter.complaint
        guarded = case.anonymous or case.secret
        if asks:
            # It may be somebody else's address: nothing ties it to a report.
            return Written(parcel_of(letter, row, address, guarded=guarded), [row], reporter)
        parcel = parcel_of(answerable(letter, _reply_to(row.medium, reporter)), row, address, guarded=guarded)
        threaded = replace(
            parcel, thread=_thread(f"reporter:{reporter.pk}"), answers=_first_message_of(case, row.medium)
        )
        return Written(_with_link(threaded, row, reporter, now), [row], reporter)


def _first_message_of(case: Complaint, medium: str) -> str:
    """The peer's own id of the message the case was opened by, where it came the way this letter goes: a post is
    replied to where it stands, a letter hangs below the first."""
    channel = channel_of(medium)
    if channel is None or channel.code != case.channel:
        return ""
    first = Arrival.objects.filter(complaint=case, outcome=Arrival.Outcome.OPENED).order_by("pk").first()
    return first.external_id if first is not None else ""


def _write_to_officer(row: Notification, officer: User, event: Event, now: datetime.datetime) -> Written | None:
    if not officer.is_active or not officer.email or not _open_to(officer, [event.complaint_id], now):
        return None
    rows = [row]
    with translation.override(officer.language):
        thread = ""
        kinds = to_officers.ALWAYS_GATHERED if officer.tells_at_once else to_officers.GATHERED
        if row.letter in kinds and row.medium == Notification.Medium.EMAIL:
            rows = [row, *_still_told(_gather(row, kinds, now), officer, now)]
        if len(rows) > 1:
            letter: Letter | None = to_officers.gathered([(one.letter, _event_of(one)) for one in rows], officer)
        else:
            letter = to_officers.write(row.letter, event, officer)
            thread = _thread(f"officer:{officer.pk}:{event.complaint_id}")
            if letter is not None:
                letter = answerable(letter, _officer_reply_to(row.medium, officer, event.complaint, now))
        if letter is None:
            return None
        return Written(replace(parcel_of(letter, row, officer.email), thread=thread), rows)


def _open_to(officer: User, cases: Iterable[int], now: datetime.datetime) -> set[int]:
    """Those of these cases that the officer may open now, through whichever task. A letter may have waited a night: who
    has left the office, or is kept from the case since, is told nothing of it (case.md section 6)."""
    seats = Membership.objects.current(timezone.localdate(now)).filter(user=officer).select_related("user", "agency")
    wanted, found = set(cases), set[int]()
    for seat in seats:
        seen = Complaint.objects.visible_to(Actor.officer(seat), on_request=True)
        found |= set(seen.filter(pk__in=wanted - found).values_list("pk", flat=True))
    return found


def _still_told(rows: Sequence[Notification], officer: User, now: datetime.datetime) -> list[Notification]:
    """Of letters to be gathered those whose case is still the officer's to read; the others are never sent."""
    case_of = dict(Event.objects.filter(pk__in=[row.event_id for row in rows]).values_list("pk", "complaint_id"))
    theirs = _open_to(officer, case_of.values(), now) if rows else set[int]()
    told = [row for row in rows if case_of.get(row.event_id or 0) in theirs]
    for row in rows:
        if row not in told:
            _silence(row)
    return told


def _write_of_the_map(row: Notification, membership: Membership) -> Written | None:
    """An appointment, or what else an officer is told of the map. None when the membership has ended meanwhile: nobody
    is told of what they do not hold; or when there is nothing to tell any more."""
    officer = membership.user
    over = membership.ends_on is not None and membership.ends_on <= timezone.localdate()
    if over or not officer.is_active or not officer.email:
        return None
    with translation.override(officer.language):
        letter = to_officers.by_seat(row.letter, membership)
        return Written(parcel_of(letter, row, officer.email), [row]) if letter is not None else None


def _write_to_supporter(row: Notification) -> Written | None:
    """Asked anew as it goes out: whether they still want it, and whether the case is public at all."""
    supporter = row.supporter
    if supporter is None or supporter.ended_at is not None:
        return None
    if supporter.confirmed_at is None:
        if row.letter != SUPPORT:
            return None
    elif row.letter == SUPPORT or supporter.stopped_at is not None:
        return None
    address = privacy.address_of_supporter(supporter)
    with translation.override(supporter.language):
        if row.letter == SUPPORT:
            letter: Letter | None = to_supporter.confirmation(supporter)
        else:
            letter = to_supporter.write(_event_of(row), supporter)
        if letter is None or not address:
            return None
        # As of a guarded case: neither a preview nor a name of a sender ties the reader to it.
        parcel = parcel_of(letter, row, address, guarded=True)
        return Written(replace(parcel, thread=_thread(f"supporter:{supporter.pk}")), [row])


def _write_to_subscriber(row: Notification) -> Written | None:
    """Asked anew as it goes out: whether they still want it, and what of it everybody may read now."""
    alert = Alert.objects.standing().select_related("subscriber", "place", "office__parent", "category")
    found = alert.filter(pk=row.alert_id or 0).first()
    if found is None or found.subscriber is None:
        return None
    address = privacy.address_of_subscriber(found.subscriber)
    with translation.override(found.subscriber.language):
        letter = to_subscriber.write(row.letter, found, found.subscriber)
        return Written(parcel_of(letter, row, address), [row]) if letter is not None and address else None


def _write_call(row: Notification, event: Event, now: datetime.datetime) -> Written | None:
    """Tells that there is news and nothing more, whatever the case and whoever hears of it."""
    if row.user is not None and not _open_to(row.user, [event.complaint_id], now):
        return None
    address = devices.address_of(row, event)
    if not address:
        return None
    return Written(Parcel(address, subject="", text=devices.call_of(row), letter=row.letter, guarded=True), [row])


def _with_link(parcel: Parcel, row: Notification, reporter: Reporter, now: datetime.datetime) -> Parcel:
    """Its link is made now, for a door that has no room for the long one; never of a guarded case, and never for a door
    that shows it to everybody."""
    if LINK not in parcel.short:
        return parcel
    opens = row.medium in narrow_media() and not parcel.guarded
    link = short_links.make(reporter, now) if opens else ""
    return replace(parcel, short=" ".join(parcel.short.replace(LINK, link).split()))


def _write_reply(row: Notification, arrival: Arrival, now: datetime.datetime) -> Written | None:
    """What a channel answered to a message; already in its reader's words."""
    address = arrival.sender
    if not row.words_sealed or not address:
        return None
    said = json.loads(unseal(row.words_sealed))
    words, case = str(said["words"]), arrival.complaint
    guarded = case is not None and (case.anonymous or case.secret)
    if case is not None and LINK in words:
        words = words.replace(LINK, "" if guarded else short_links.make(case.reporter, now)).strip()
    if case is not None:
        words = words.replace(NUMBER, case.shown_number)
    parcel = Parcel(
        address=address,
        subject=_("Jawaban LAPOR!"),
        text=words,
        short=words,
        words=words,
        reference=row.message_id,
        answers=arrival.external_id,
        choices=[(str(code), str(label)) for code, label in said["choices"]],
        reply_to=_reply_to_adder(arrival, row.medium),
        letter=row.letter,
        guarded=guarded,
    )
    return Written(parcel, [row])


def _reply_to_adder(arrival: Arrival, medium: str) -> str:
    """A reporter who added to their case may go on doing so; to anybody else it stays what it was, a letter."""
    if arrival.outcome != Arrival.Outcome.APPENDED or arrival.complaint is None:
        return ""
    reporter = Reporter.objects.filter(complaint=arrival.complaint, email_confirmed_at__isnull=False).first()
    if reporter is None or reporter.email_fingerprint != arrival.sender_fingerprint:
        return ""
    return _reply_to(medium, reporter)


# Who may answer by letter: whoever handles cases, without the second step that coordinators sign in by.
ANSWERING = (Role.LIAISON, Role.HEAD)


def _reply_to(medium: str, reporter: Reporter) -> str:
    """Where their answer finds the case; "" where letters of this medium can't be answered."""
    channel = channel_of(medium)
    return channel.reply_to(reporter) if channel is not None and channel.reply_to is not None else ""


def _officer_reply_to(medium: str, officer: User, complaint: Complaint, now: datetime.datetime) -> str:
    """Where this officer's answer becomes the office's; "" of a secret case, and for whoever may not answer it now."""
    channel = channel_of(medium)
    if channel is None or channel.officer_reply_to is None or complaint.secret:
        return ""
    memberships = Membership.objects.current(timezone.localdate(now)).select_related("user", "agency")
    held = memberships.filter(user=officer, agency=complaint.handler, role__in=ANSWERING).first()
    if held is None or complaint.status not in TABLE["answer"].sources:
        return ""
    return channel.officer_reply_to(held, complaint) if standing(complaint, Actor.officer(held)) else ""


def _event_of(row: Notification) -> Event:
    assert row.event_id is not None  # a reply to an arrival is written without one
    return Event.objects.select_related(
        "complaint__handler__parent", "complaint__place", "acting_agency__parent", "handler_from", "handler_to"
    ).get(pk=row.event_id)


def _may_write_to(reporter: Reporter, event: Event, row: Notification, now: datetime.datetime) -> bool:
    """A confirmed address gets every letter; an unconfirmed one the confirmation at the beginning and nothing else,
    three a day at most over all its reports. Of a case theirs was parted from while the letter waited they hear nothing
    any more."""
    if row.reporter_id is not None and reporter.complaint.duplicate_of_id is None:
        return False
    if row.medium != Notification.Medium.EMAIL:
        if reporter.door == row.medium:
            # The door they came by: they wrote to us from there, or showed that they read what goes there. Where
            # everybody reads it the case may have been closed to all while the letter waited.
            stands = reporter.erased_at is None and reporter.door_closed_at is None and not would_show(reporter)
            return stands and row.letter != CONFIRM
        return event.verb == "submit" and phones.is_to_be_asked(reporter) and _may_ask(reporter, row, now)
    if reporter.erased_at is not None or reporter.unreachable_since is not None or not reporter.email_fingerprint:
        return False
    if reporter.email_confirmed_at is not None:
        # It answered between the first try and this one: the letter with words may go now.
        if row.letter == CONFIRM:
            _rename(row, "submitted")
        return True
    return event.verb == "submit" and _may_ask(reporter, row, now)


def _may_ask(reporter: Reporter, row: Notification, now: datetime.datetime) -> bool:
    """Whether it is theirs: three times a day at most at one address, over all the reports it stands in."""
    if row.letter == CONFIRM:
        return True
    by = "email_fingerprint" if row.medium == Notification.Medium.EMAIL else "phone_fingerprint"
    address = getattr(reporter, by)
    with transaction.atomic(), connection.cursor() as cursor:
        # One at a time for one address, or two senders would both count two.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [address])
        had = Notification.objects.filter(
            letter=CONFIRM,
            medium=row.medium,
            state__in=[State.PENDING, State.SENT],
            created_at__gt=now - datetime.timedelta(days=1),
            **{f"event__complaint__reporter__{by}": address},
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
    if now - row.created_at >= GIVE_UP_AFTER:
        _fail(row, answer, now)
        return
    DeliveryAttempt.objects.create(notification=row, at=now, succeeded=False, answer=_discreet(answer))
    Notification.objects.filter(pk=row.pk, state=State.PENDING).update(
        next_try=now + max(wait_after(row.tries), after or datetime.timedelta(0))
    )


def wait_after(tries: int) -> datetime.timedelta:
    """1 min, 2, 4 … 1 h, each up to a fifth more or less, so that a thousand letters do not come back at once."""
    plain = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(max(tries - 1, 0), 10)))
    return plain * random.uniform(0.8, 1.2)  # noqa: S311  spreading, not a secret


def _fail(row: Notification, answer: str, now: datetime.datetime, *, was: str = State.PENDING) -> None:
    """Give up, loudly: the case's desk reads it, the log says it, the national desk counts it."""
    answer = _discreet(answer)
    with transaction.atomic():
        DeliveryAttempt.objects.create(notification=row, at=now, succeeded=False, answer=answer)
        ended = Notification.objects.filter(pk=row.pk, state=was).update(state=State.FAILED)
        if ended and row.alert_id is not None:
            # Nobody's desk hears of it either; a mailbox that is not there any more is forgotten (`_is_gone`).
            pass
        elif ended and row.supporter is not None:
            # Their address is nobody's business at the desk: it is not written to any more, and that is all.
            privacy.stop_support_letters(row.supporter, now)
        elif ended and row.user_id is None and row.event_id is not None:
            told = row.reporter.complaint if row.reporter else Complaint.objects.get(events=row.event_id)
            told.note_undeliverable(row.letter, by=SYSTEM, now=now)
    log.error("letter %s (%s) was given up after %s tries: %s", row.pk, row.letter, row.tries, answer)


# --- What the peer says later ---


def take_receipt(
    medium: str, reference: str, *, delivered: bool, answer: str, now: datetime.datetime, lasting: bool = False
) -> bool:
    """A peer's last word on a letter it had taken, which names it by our id or its own. False: no such letter.

    A letter that did not arrive is given up like one that was refused. An address at which the last three failed is
    not written to any more, nor one of which the peer says that it takes no more letters (`lasting`), in whichever
    report it stands.
    """
    # As a peer sends it: it may hold what no column keeps.
    reference, answer = clean_text(reference), clean_text(answer)
    if not reference:
        return False
    named = Q(peer_id=reference) | Q(message_id=reference)
    row = Notification.objects.filter(named, medium=medium).order_by("-pk").first()
    if row is None:
        return False
    if delivered:
        Notification.objects.filter(pk=row.pk, delivered_at__isnull=True).update(
            delivered_at=now, state=State.SENT, sent_at=row.sent_at or now
        )
        return True
    reporter = _reporter_of(row)
    if lasting and reporter is not None:
        # Also of a letter that had arrived: whoever reads it may call it unwanted.
        privacy.mark_unreachable(reporter, now, medium=medium, everywhere=True)
    if lasting:
        _forget_mailbox(row, now)
    if row.delivered_at is not None or row.state == State.FAILED:
        return True
    _fail(row, answer, now, was=State.SENT)
    if reporter is not None and _keeps_failing(reporter, medium):
        privacy.hush(medium, reporter.door_fingerprint, now)
    return True


def _forget_mailbox(row: Notification, now: datetime.datetime) -> None:
    """It takes no more letters: whoever's alerts went there has none."""
    subscriber = row.alert.subscriber if row.alert is not None else None
    if subscriber is not None:
        privacy.forget_subscriber(subscriber, now)


def _reporter_of(row: Notification) -> Reporter | None:
    """Whose letter it was; None for an officer's, or a reply about no report."""
    if row.reporter is not None:
        return row.reporter
    if row.supporter_id is not None or row.alert_id is not None:
        return None
    case = row.arrival.complaint_id if row.arrival else row.event.complaint_id if row.event else None
    return Reporter.objects.filter(complaint_id=case).first() if case and row.user_id is None else None


def _keeps_failing(reporter: Reporter, medium: str) -> bool:
    """The last letters to this address by this medium all came to nothing."""
    if reporter.door != medium:
        return False
    to_them = Q(event__complaint__reporter__door_fingerprint=reporter.door_fingerprint)
    to_them &= Q(user__isnull=True, reporter__isnull=True, supporter__isnull=True)
    ended = Notification.objects.filter(to_them, medium=medium, state__in=[State.SENT, State.FAILED])
    last = list(ended.order_by("-created_at", "-pk").values_list("state", flat=True)[:FAILURES])
    return len(last) == FAILURES and set(last) == {State.FAILED}


@transaction.atomic
def send_again(rows: Sequence[Notification], *, now: datetime.datetime | None = None) -> int:
    """Letters that were given up, from the beginning; an address that had refused may be tried once more. How many."""
    now = now or timezone.now()
    again = 0
    for row in Notification.objects.select_for_update().filter(pk__in=[row.pk for row in rows], state=State.FAILED):
        if row.user_id is None and row.event_id is not None and row.supporter_id is None:
            whose = {"pk": row.reporter_id} if row.reporter_id else {"complaint__events": row.event_id}
            for reporter in Reporter.objects.filter(**whose):
                privacy.try_again(reporter, row.medium)
        row.state, row.tries, row.next_try, row.created_at = State.PENDING, 0, now, now
        row.save(update_fields=["state", "tries", "next_try", "created_at"])
        again += 1
    return again


def came_back(reference: str, answer: str, *, lasting: bool, now: datetime.datetime) -> int:
    """A letter of ours was returned: like a refusal at the door, only later. How many rows went out under that id."""
    rows = list(Notification.objects.filter(message_id=reference, state=State.SENT).select_related("event", "arrival"))
    said = _discreet(answer)
    for row in rows:
        if not lasting:
            DeliveryAttempt.objects.create(notification=row, at=now, succeeded=False, answer=said)
            continue
        _fail(row, said, now, was=State.SENT)
        _forget_mailbox(row, now)
        if (reporter := _reporter_of(row)) is not None:
            privacy.mark_unreachable(reporter, now, medium=row.medium)
    return len(rows)


def _message_id(row: Notification) -> str:
    """The same at every try, and telling nothing: not even how many letters there are."""
    return _thread(f"{row.pk}")


def _thread(about: str) -> str:
    """A Message-ID made from what nobody can guess back."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"letter:{about}".encode(), hashlib.sha256).hexdigest()[:32]
    host = re.sub(r"[^A-Za-z0-9.-]", "", settings.SITE_URL.partition("//")[2].partition(":")[0]) or "lapor"
    return f"<{mark}@{host}>"


def _discreet(answer: str) -> str:
    """A peer's words as they may be kept, shown and logged: whom a letter was for is known to one table only."""
    return without_contacts(answer)[:300]


def _without(answer: str, address: str) -> str:
    """The same without this very address, whatever it looks like."""
    # An address of a few digits is an id of ours and stands in every number.
    return _discreet(answer.replace(address, "…") if len(address) > 5 else answer)
