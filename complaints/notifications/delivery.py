"""How letters get there: take one from the outbox, send it, and either it is gone or it waits longer.

A sender takes a row by moving its `next_try` ahead (a lease), so two senders never hold the same one and a dead one's
row comes back by itself. A second try carries the same Message-ID. One refusal by one address stops nobody else's
letter; a server that does not answer stops the run, not the letters: they stay where they are.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import logging
import random
import re
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import timezone, translation

from agencies.actor import Actor
from complaints import privacy
from complaints.models import Complaint, DeliveryAttempt, Event, Notification, Reporter
from complaints.notifications import to_officers, to_reporter
from complaints.notifications.letters import Letter, as_email

log = logging.getLogger(__name__)

# Longer than a task may run (CELERY task_time_limit).
LEASE = datetime.timedelta(minutes=5)
FIRST_WAIT = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=1)
GIVE_UP_AFTER = datetime.timedelta(hours=72)
# A run ends early after this many tries in a row at a server that does not answer.
SILENCES = 3
CONFIRMATIONS_A_DAY = 3
# The name under which the one letter to an unconfirmed address is counted.
CONFIRM = "confirm"
SYSTEM = Actor.system("letters")

State = Notification.State


class ServerSilent(Exception):
    """Nobody answered, or it said that it is at fault itself; no address is to blame."""


class Refused(Exception):
    """This address, or this letter, was refused; `lasting` if for good (5xx)."""

    def __init__(self, answer: str, *, lasting: bool) -> None:
        super().__init__(answer)
        self.lasting = lasting


@dataclass
class Post:
    """An open connection, kept over the letters of one run and opened anew after a fault."""

    backend: BaseEmailBackend | None = None

    def send(self, letter: Letter, row: Notification, address: str) -> None:
        """Raises ServerSilent or Refused."""
        mail = as_email(letter, row, address)
        try:
            if self.backend is None:
                self.backend = get_connection(timeout=settings.EMAIL_TIMEOUT)
                self.backend.open()
            self.backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            self.close()
            code, said = next(iter(error.recipients.values()), (450, b""))
            raise Refused(_words(code, said), lasting=500 <= code < 600) from error
        except smtplib.SMTPDataError as error:
            self.close()
            raise Refused(_words(error.smtp_code, error.smtp_error), lasting=500 <= error.smtp_code < 600) from error
        except (ValueError, smtplib.SMTPNotSupportedError) as error:
            # An address no mail can be written to: a line break in it, letters the server has no words for.
            raise Refused(type(error).__name__, lasting=True) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise ServerSilent(f"{type(error).__name__}: {error}") from error

    def close(self) -> None:
        backend, self.backend = self.backend, None
        if backend is not None:
            try:
                backend.close()
            except (smtplib.SMTPException, OSError):
                log.info("a broken mail connection could not be closed in order")


def send_one(pk: int, *, now: datetime.datetime | None = None) -> bool:
    """Send this letter if it is due and nobody else has it. True when it went out. May run twice."""
    now = now or timezone.now()
    post = Post()
    try:
        row = take(now, pk=pk)
        return row is not None and deliver(row, post, now)
    except ServerSilent:
        return False
    finally:
        post.close()


def send_due(*, now: datetime.datetime | None = None, seconds: float = 45) -> int:
    """Send what is due, oldest first, for at most about `seconds`; how many went out."""
    began = timezone.now()
    sent = silences = 0
    post = Post()
    try:
        while silences < SILENCES and (timezone.now() - began).total_seconds() < seconds:
            at = now or timezone.now()
            row = take(at)
            if row is None:
                break
            try:
                sent += deliver(row, post, at)
                silences = 0
            except ServerSilent:
                silences += 1
    finally:
        post.close()
    return sent


@transaction.atomic
def take(now: datetime.datetime, *, pk: int | None = None) -> Notification | None:
    """Claim one due letter for the length of a lease; None when there is none, or another sender has it."""
    due = Notification.objects.filter(state=State.PENDING, next_try__lte=now)
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


def deliver(row: Notification, post: Post, now: datetime.datetime) -> bool:
    """Send a claimed letter and write down what came of it. Raises ServerSilent after writing that down."""
    event = _event_of(row)
    together = [row]
    reporter: Reporter | None = None
    letter: Letter | None
    try:
        if row.user is not None:
            address, language = row.user.email, row.user.language
            if not row.user.is_active:
                return _silence(row)
            with translation.override(language):
                if row.letter in to_officers.GATHERED:
                    together = [row, *_gather(row, now)]
                    letter = to_officers.gathered([_event_of(one) for one in together], row.user)
                else:
                    letter = to_officers.write(row.letter, event, row.user)
        else:
            # Its own case's, or of one merged into it.
            whose = {"pk": row.reporter_id} if row.reporter_id else {"complaint_id": event.complaint_id}
            reporter = Reporter.objects.select_related("complaint").filter(**whose).first()
            if reporter is None or not _may_write_to(reporter, event, row, now):
                return _silence(row)
            address, language = privacy.email_of(reporter), reporter.language
            with translation.override(language):
                if row.letter == CONFIRM:
                    letter = to_reporter.confirmation(reporter)
                else:
                    letter = to_reporter.write(row.letter, event, reporter)
    except Exception as error:
        # A letter that can't be written is our fault: it waits like any other, and the log says why.
        log.exception("letter %s %s could not be written", row.pk, row.letter)
        _wait(row, f"{type(error).__name__}", now)
        return False
    if letter is None or not address:
        return _silence(row)
    try:
        with translation.override(language):
            post.send(letter, row, address)
    except Refused as error:
        answer = _without(str(error), address)
        for one in together:
            if error.lasting:
                _fail(one, answer, now)
            else:
                _wait(one, answer, now)
        if error.lasting and reporter is not None:
            privacy.mark_unreachable(reporter, now)
        return False
    except ServerSilent as error:
        for one in together:
            _wait(one, _without(str(error), address), now)
        raise
    for one in together:
        _sent(one, now)
    return True


def _event_of(row: Notification) -> Event:
    return Event.objects.select_related(
        "complaint__handler__parent", "complaint__place", "acting_agency__parent", "handler_from", "handler_to"
    ).get(pk=row.event_id)


def _may_write_to(reporter: Reporter, event: Event, row: Notification, now: datetime.datetime) -> bool:
    """A confirmed address gets every letter; an unconfirmed one the confirmation at the beginning and nothing else,
    three a day at most over all its reports."""
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
def _gather(row: Notification, now: datetime.datetime) -> list[Notification]:
    """The same officer's other waiting letters of this kind, claimed along with the first."""
    others = list(
        Notification.objects.filter(state=State.PENDING, next_try__lte=now, user=row.user, letter=row.letter)
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


def _sent(row: Notification, now: datetime.datetime) -> None:
    DeliveryAttempt.objects.create(notification=row, at=now, succeeded=True)
    Notification.objects.filter(pk=row.pk, state=State.PENDING).update(state=State.SENT, sent_at=now)


def _silence(row: Notification) -> bool:
    Notification.objects.filter(pk=row.pk, state=State.PENDING).update(state=State.SILENCED)
    return False


def _wait(row: Notification, answer: str, now: datetime.datetime) -> None:
    """Try later, longer each time; after 72 hours give up."""
    if now - row.created_at >= GIVE_UP_AFTER:
        _fail(row, answer, now)
        return
    DeliveryAttempt.objects.create(notification=row, at=now, succeeded=False, answer=answer[:300])
    Notification.objects.filter(pk=row.pk, state=State.PENDING).update(next_try=now + wait_after(row.tries))


def wait_after(tries: int) -> datetime.timedelta:
    """1 min, 2, 4 … 1 h, each up to a fifth more or less, so that a thousand letters do not come back at once."""
    plain = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(max(tries - 1, 0), 10)))
    return plain * random.uniform(0.8, 1.2)  # noqa: S311  spreading, not a secret


def _fail(row: Notification, answer: str, now: datetime.datetime) -> None:
    """Give up, loudly: the case's desk reads it, the log says it, the national desk counts it."""
    with transaction.atomic():
        DeliveryAttempt.objects.create(notification=row, at=now, succeeded=False, answer=answer[:300])
        ended = Notification.objects.filter(pk=row.pk, state=State.PENDING).update(state=State.FAILED)
        if ended and row.user_id is None:
            told = row.reporter.complaint if row.reporter else Complaint.objects.get(events=row.event_id)
            told.note_undeliverable(row.letter, by=SYSTEM, now=now)
    log.error("letter %s (%s) was given up after %s tries: %s", row.pk, row.letter, row.tries, answer[:300])


def _message_id(row: Notification) -> str:
    """The same at every try, and telling nothing: not even how many letters there are."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"letter:{row.pk}".encode(), hashlib.sha256).hexdigest()[:32]
    host = re.sub(r"[^A-Za-z0-9.-]", "", settings.SITE_URL.partition("//")[2].partition(":")[0]) or "lapor"
    return f"<{mark}@{host}>"


def _words(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"


_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}")


def _without(answer: str, address: str) -> str:
    """A peer's answer often repeats the address: it is kept in one table only."""
    return _ADDRESS.sub("…", answer.replace(address, "…"))[:300]
