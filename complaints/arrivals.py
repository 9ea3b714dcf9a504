"""From a kept message to what becomes of it: a case, an addition to one, a person's decision, or a refusal with reason.

A worker takes an arrival by a lease, lets its channel read it, and settles it in one transaction with the reply that
goes out by the same door. What can't be understood after a few tries is held for a person; nothing is dropped.
"""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Membership
from complaints import privacy
from complaints.channels.contract import (
    LINK,
    NUMBER,
    Act,
    Add,
    Converse,
    FromOfficer,
    Hold,
    Hush,
    Incoming,
    Open,
    Reading,
    Refuse,
    Returned,
    Tell,
    Wait,
    not_sent,
)
from complaints.channels.registry import CHANNELS
from complaints.intake import Submission, receive
from complaints.models import Arrival, Attachment, Complaint, Notification, Talk
from complaints.models.lifecycle.acting import BODY_LIMIT, clean_text
from complaints.notifications import delivery
from complaints.signals import officer_wrote
from complaints.transitions import Incomplete, Refusal, Status
from complaints.uploads import FileRefused, shown_name, take
from lapor.kit.alone import alone
from lapor.kit.nudge import nudge
from lapor.kit.sealing import seal
from lapor.kit.text import shorten, without_contacts

log = logging.getLogger(__name__)

# Longer than a task may run (CELERY task_time_limit).
LEASE = datetime.timedelta(minutes=5)
# Waits between the tries; after the last one a person looks.
WAITS = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 20, 60))
# The sweep leaves a fresh message to the worker that was nudged for it.
PATIENCE = datetime.timedelta(seconds=20)
BATCH = 200
# Reports one sender opens in an hour before a person looks; a flood is held, not dropped.
HOURLY = 20
# How often a message is read anew because others it belongs to were settled at the same moment.
READINGS = 3
# A message longer than a case takes at once is taken in so many parts.
PIECES = 10
SYSTEM = Actor.system("arrivals")
Outcome, Held = Arrival.Outcome, Arrival.Hold


class Overtaken(Exception):
    """Somebody else settled one of the messages that were to be settled together."""


def understand(pk: int, *, now: datetime.datetime | None = None) -> bool:
    """Read one kept message and settle it; True when that is done. May run twice."""
    now = now or timezone.now()
    arrival = Arrival.objects.waiting().filter(pk=pk).first()
    if arrival is None:
        return False
    if CHANNELS[arrival.channel].converses and arrival.sender_fingerprint:
        return _understand_in_order(arrival, now)
    return _understand(pk, now)


def _understand_in_order(arrival: Arrival, now: datetime.datetime) -> bool:
    """All that waits from this account, oldest first, by one worker. Whoever finds another at it may go: that one looks
    again after it has let go, so that nothing falls between."""
    settled = False
    waiting = (
        Arrival.objects.waiting()
        .filter(channel=arrival.channel, sender_fingerprint=arrival.sender_fingerprint)
        .filter(Q(next_try__isnull=True) | Q(next_try__lte=now))
        .order_by("received_at", "pk")
        .values_list("pk", flat=True)
    )
    while pks := list(waiting[:BATCH]):
        with alone(f"talk-{arrival.sender_fingerprint}") as mine:
            if not mine:
                return settled
            for pk in pks:
                done = _understand(pk, now)
                settled |= done and pk == arrival.pk
    return settled


def _understand(pk: int, now: datetime.datetime) -> bool:
    arrival = _take(pk, now)
    if arrival is None:
        return False
    try:
        with translation.override("id"):
            for _try in range(READINGS):
                try:
                    reading = _read(arrival)
                    if isinstance(reading, Wait):
                        return _put_off(arrival, reading, now)
                    with transaction.atomic():
                        return _settle(arrival, reading, now)
                except Overtaken:
                    # What was to be settled with it was settled meanwhile: it reads differently now.
                    continue
        raise Overtaken
    except Exception:
        log.exception("arrival %s could not be understood (try %s)", arrival.pk, arrival.tries)
        return _again(arrival, now)


def understand_waiting(*, now: datetime.datetime | None = None, seconds: float = 45) -> int:
    """What a lost nudge left, oldest first, for at most about `seconds`; how many are settled now."""
    now = now or timezone.now()
    began = timezone.now()
    waiting = (
        Arrival.objects.waiting()
        .filter(received_at__lte=now - PATIENCE)
        .filter(Q(next_try__isnull=True) | Q(next_try__lte=now))
        .order_by("received_at")
    )
    settled = 0
    for pk in list(waiting.values_list("pk", flat=True)[:BATCH]):
        if (timezone.now() - began).total_seconds() > seconds:
            break
        settled += understand(pk, now=now)
    return settled


def _take(pk: int, now: datetime.datetime) -> Arrival | None:
    """Claim it by a conditional UPDATE: of two workers one goes on, and a dead one's claim runs out."""
    free = Arrival.objects.waiting().filter(pk=pk).filter(Q(next_try__isnull=True) | Q(next_try__lte=now))
    arrival = free.first()
    if arrival is None:
        return None
    claimed = free.filter(tries=arrival.tries).update(tries=arrival.tries + 1, next_try=now + LEASE)
    if not claimed:
        return None
    arrival.tries += 1
    return arrival


def _read(arrival: Arrival) -> Reading:
    read = CHANNELS[arrival.channel].read
    if read is None:
        raise RuntimeError(f"the channel {arrival.channel} reads no arrivals")
    return read(arrival)


def _put_off(arrival: Arrival, reading: Wait, now: datetime.datetime) -> bool:
    """Waiting is no failure: the tries are counted from the beginning again."""
    until = max(reading.until, now + datetime.timedelta(seconds=1))
    Arrival.objects.filter(pk=arrival.pk, outcome="").update(next_try=until, tries=0)
    return False


def _again(arrival: Arrival, now: datetime.datetime) -> bool:
    """Later; after the last try the pen has it."""
    if arrival.tries <= len(WAITS):
        Arrival.objects.filter(pk=arrival.pk, outcome="").update(next_try=now + WAITS[arrival.tries - 1])
        return False
    with transaction.atomic():
        return _settle(arrival, Hold(Held.UNREADABLE, ""), now)


# --- Settling ---


def _settle(arrival: Arrival, reading: Reading, now: datetime.datetime) -> bool:
    """Write down what became of it and the reply, in one transaction. False when another worker was faster. Raises
    Overtaken."""
    others = list(reading.settles) if isinstance(reading, Open | Add | Hold | Tell) else []
    # In one order, so that two workers with parts of the same message wait for each other and not for ever.
    rows = Arrival.objects.select_for_update().filter(pk__in=[arrival.pk, *(other.pk for other in others)])
    by_id = {row.pk: row for row in rows.order_by("pk")}
    locked = by_id.pop(arrival.pk, None)
    if locked is None or locked.outcome:
        return False
    if len(by_id) != len(others) or not all(_is_unsettled(other) for other in by_id.values()):
        raise Overtaken
    _come_to(locked, reading, now)
    for other in by_id.values():
        _follow(other, locked, now)
    if CHANNELS[locked.channel].converses and locked.sender_fingerprint:
        state = reading.state if isinstance(reading, Converse) else None
        Talk.objects.keep(locked.channel, locked.sender_fingerprint, state, now)
    return True


def _is_unsettled(arrival: Arrival) -> bool:
    return arrival.outcome == "" or (arrival.outcome == Outcome.HELD and arrival.decided_at is None)


def _follow(other: Arrival, whole: Arrival, now: datetime.datetime) -> None:
    """It was part of another message and came to the same; out of the pen, if it lay there."""
    other.outcome = Outcome.APPENDED if whole.outcome == Outcome.OPENED else whole.outcome
    other.complaint, other.understood_at = whole.complaint, now
    other.reason = _("bagian dari pesan lain")
    if other.outcome == Outcome.HELD or other.hold:
        other.decided_at = now
    other.save(update_fields=["outcome", "complaint", "understood_at", "reason", "decided_at"])


def _come_to(locked: Arrival, reading: Reading, now: datetime.datetime) -> None:
    match reading:
        case Open():
            _open(locked, reading, now)
        case Add():
            _add(locked, reading, now)
        case Hold():
            _hold(locked, reading, now)
        case Refuse(reason=reason, reply=reply):
            _note(locked, Outcome.REFUSED, reason=reason, now=now)
            _reply(locked, reply, now)
        case Tell(reply=reply, complaint=complaint):
            locked.complaint = complaint
            _note(locked, Outcome.ANSWERED, now=now)
            _reply(locked, reply, now)
        case Converse(reply=reply, buttons=buttons):
            _note(locked, Outcome.ANSWERED, now=now)
            _reply(locked, reply, now, buttons=buttons)
        case Hush(reply=reply, resume=resume):
            medium = CHANNELS[locked.channel].medium
            privacy.hush(medium, locked.sender_fingerprint, now, resume=resume)
            _note(locked, Outcome.ANSWERED, now=now)
            _reply(locked, reply, now)
        case Wait():
            raise TypeError("what waits is not settled")
        case FromOfficer():
            _take_answer(locked, reading, now)
        case Returned(reference=reference, answer=answer, lasting=lasting):
            delivery.came_back(reference, answer, lasting=lasting, now=now)
            _note(locked, Outcome.REFUSED, reason=_("surat kembali: %(answer)s") % {"answer": answer}, now=now)
        case _ as impossible:
            assert_never(impossible)


def _open(arrival: Arrival, reading: Open, now: datetime.datetime) -> None:
    submission = reading.submission
    if _is_flood(arrival, now):
        text = reading.text or "\n\n".join(part for part in (submission.title, submission.body) if part)
        return _hold(arrival, Hold(Held.FLOOD, text, agency=submission.addressed_to), now)
    files, refused = _keep_files(reading.files)
    body, *more = pieces(submission.body)
    try:
        with transaction.atomic():
            receipt = receive(
                replace(
                    submission,
                    body=body,
                    channel=arrival.channel,
                    external_id=arrival.external_id,
                    arrival=arrival,
                    attachments=[*submission.attachments, *files],
                    received_at=arrival.received_at,
                ),
                now=now,
            )
            _say_more(receipt.complaint, more, now)
    except Incomplete as missing:
        _drop(files)
        held = Hold(Held.INCOMPLETE, reading.text or submission.body, agency=submission.addressed_to)
        return _hold(arrival, held, now, str(missing))
    arrival.complaint = receipt.complaint
    _show_refused(receipt.complaint, reading.files, refused)
    _note(arrival, Outcome.OPENED, reason="; ".join(refused.values()), now=now)
    _reply(arrival, reading.reply, now)
    return None


def _add(arrival: Arrival, reading: Add, now: datetime.datetime) -> None:
    complaint = reading.complaint
    arrival.complaint = complaint
    files, refused = _keep_files(reading.files)
    body, *more = pieces(reading.body)
    try:
        with transaction.atomic():
            _undo_late_end(complaint, arrival, now)
            say(complaint, body, reading.act, files=files, now=now)
            _say_more(complaint, more, now)
    except Refusal as refusal:
        _drop(files)
        return _hold(arrival, Hold(Held.REFUSED_ACT, reading.body, complaint=complaint), now, str(refusal))
    _show_refused(complaint, reading.files, refused)
    _note(arrival, Outcome.APPENDED, reason="; ".join(refused.values()), now=now)
    _reply(arrival, "\n\n".join([reading.reply, *refused.values()]) if reading.reply else "", now)
    return None


def _take_answer(arrival: Arrival, reading: FromOfficer, now: datetime.datetime) -> None:
    """Whose turn it is, is known above: it does what the officer wrote, or its words go back to them with their own."""
    arrival.complaint = reading.complaint
    files, refused = _keep_files(reading.files)
    try:
        with transaction.atomic():
            heard = officer_wrote.send(
                sender=Arrival,
                complaint=reading.complaint,
                membership=reading.membership,
                version=reading.version,
                body=reading.body,
                files=files,
                now=now,
            )
            assert heard, "nobody listens to officers' letters"
    except Refusal as refusal:
        _drop(files)
        _note(arrival, Outcome.REFUSED, reason=str(refusal), now=now)
        _reply(arrival, not_sent(str(refusal), reading.body), now)
        return
    _note(arrival, Outcome.APPENDED, reason="; ".join(refused.values()), now=now)
    if refused:
        told = _("Jawaban Anda sudah dikirim kepada pelapor, tanpa berkas ini:")
        _reply(arrival, "\n\n".join([told, *refused.values()]), now)


def pieces(text: str) -> list[str]:
    """A text in parts that a case can take, cut between paragraphs or words; nearly always one. Nothing is lost up to
    a hundred thousand characters, longer than any letter was."""
    found: list[str] = []
    rest = clean_text(text)
    while len(rest) > BODY_LIMIT and len(found) < PIECES - 1:
        cut = max(rest.rfind("\n\n", BODY_LIMIT // 2, BODY_LIMIT), rest.rfind(" ", BODY_LIMIT // 2, BODY_LIMIT))
        cut = cut if cut > 0 else BODY_LIMIT
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*found, shorten(rest, BODY_LIMIT)]


def _say_more(complaint: Complaint, more: Sequence[str], now: datetime.datetime) -> None:
    for piece in more:
        complaint.reply(piece, by=Actor.reporter(), now=now)


def say(
    complaint: Complaint,
    body: str,
    act: Act,
    *,
    files: Sequence[Attachment] = (),
    by: Actor | None = None,
    now: datetime.datetime | None = None,
) -> None:
    """What its reporter says about a case, as the table of case.md section 3 takes it: a message while the office asks
    the reporter whether all is well, and that is no acceptance, is a contest. Raises Refusal."""
    by = by or Actor.reporter()
    complaint.refresh_from_db(fields=["status"])
    if act is Act.ACCEPT:
        complaint.accept(by=by, reason=body, now=now)
    elif act is Act.REOPEN:
        complaint.reopen(by=by, reason=body, now=now)
    elif act is Act.CONTEST or complaint.status == Status.ANSWERED:
        complaint.contest(body, by=by, files=list(files), now=now)
    else:
        complaint.reply(body, by=by, files=list(files), now=now)


def _undo_late_end(complaint: Complaint, arrival: Arrival, now: datetime.datetime) -> None:
    """Received before lapse or expire though read after it: the system opens the case again (case.md section 3)."""
    complaint.refresh_from_db()
    if complaint.is_open or complaint.closed_at is None or arrival.received_at >= complaint.closed_at:
        return
    ends = ("lapse", "expire", "accept", "archive", "withdraw")
    last = complaint.events.filter(verb__in=ends).order_by("-pk").first()
    if last is not None and last.verb in ("lapse", "expire"):
        why = _("Pesan pelapor sudah masuk sebelum laporan ditutup.")
        complaint.reopen(by=SYSTEM, reason=why, cause="late", now=now)


def _hold(arrival: Arrival, reading: Hold, now: datetime.datetime, reason: str = "") -> None:
    arrival.hold = reading.why
    arrival.text_sealed = seal(clean_text(reading.text))
    arrival.suggestion = {
        name: found.pk
        for name, found in (("complaint", reading.complaint), ("agency", reading.agency))
        if found is not None
    }
    _note(arrival, Outcome.HELD, reason=reason, now=now)
    _reply(arrival, reading.reply, now)


def _note(arrival: Arrival, outcome: str, *, now: datetime.datetime, reason: str = "") -> None:
    # The reason is not sealed, and stays when the message is purged: it names nobody.
    arrival.outcome, arrival.reason, arrival.understood_at = outcome, without_contacts(reason)[:300], now
    arrival.save(
        update_fields=[
            "outcome", "reason", "understood_at", "hold", "text_sealed", "suggestion", "complaint",
        ]
    )  # fmt: skip


def _reply(
    arrival: Arrival,
    words: str,
    now: datetime.datetime,
    letter: str = "reply",
    buttons: Sequence[tuple[str, str]] = (),
) -> None:
    """An outbox row for what the sender is told, if there is anything to say and somewhere to say it."""
    medium = CHANNELS[arrival.channel].medium
    if not words or not medium or not arrival.sender_fingerprint:
        return
    said = json.dumps({"words": words, "choices": [list(button) for button in buttons]})
    row = Notification.objects.create(
        arrival=arrival, letter=letter, medium=medium, words_sealed=seal(said), next_try=now, created_at=now
    )
    nudge("complaints.tasks.send_notification", row.pk, medium)


def _is_flood(arrival: Arrival, now: datetime.datetime) -> bool:
    if not arrival.sender_fingerprint:
        return False
    lately = Arrival.objects.filter(
        sender_fingerprint=arrival.sender_fingerprint,
        received_at__gt=now - datetime.timedelta(hours=1),
        outcome=Outcome.OPENED,
    )
    return lately.count() >= HOURLY


def _keep_files(files: Sequence[Incoming]) -> tuple[list[Attachment], dict[int, str]]:
    """What of the files is taken, and by its place a sentence for each that is not."""
    kept: list[Attachment] = []
    refused: dict[int, str] = {}
    for place, file in enumerate(files):
        try:
            kept.append(take(SimpleUploadedFile(file.name or "berkas", file.content), len(kept)))
        except FileRefused as refusal:
            refused[place] = str(refusal).replace(LINK, "").replace(NUMBER, "")
    return kept, refused


def _show_refused(complaint: Complaint, files: Sequence[Incoming], refused: Mapping[int, str]) -> None:
    """On the case's page, where its reporter reads why: the first letter to them may hold not a word of the report."""
    Attachment.objects.bulk_create(
        Attachment(
            complaint=complaint,
            name=shown_name(files[place].name),
            size=len(files[place].content),
            state=Attachment.State.REFUSED,
            reason=why[:200],
        )
        for place, why in list(refused.items())[:10]
    )


def _drop(files: Sequence[Attachment]) -> None:
    for file in files:
        file.file.delete(save=False)
        file.delete()


# --- The pen: what a person decides ---


class Decided(Exception):
    """Somebody else decided about this message first."""


@transaction.atomic
def decide_open(
    arrival: Arrival,
    *,
    by: Membership,
    agency: Agency | None = None,
    body: str = "",
    now: datetime.datetime | None = None,
) -> Complaint:
    """It is a new report after all, for `agency` if one is named. `body` only where the machine could not read it.

    Raises Decided, Incomplete.
    """
    now = now or timezone.now()
    held = _undecided(arrival)
    channel = CHANNELS[held.channel]
    files, _refused = _keep_files(channel.files(held) if channel.files else ())
    body, *more = pieces(body or held.text)
    submission = Submission(
        channel=held.channel,
        external_id=held.external_id,
        body=body,
        door=(channel.medium, held.sender) if channel.medium and held.sender_sealed else ("", ""),
        addressed_to=agency,
    )
    if channel.as_submission is not None:
        submission = channel.as_submission(held, submission)
    receipt = receive(replace(submission, arrival=held, attachments=files, received_at=held.received_at), now=now)
    _say_more(receipt.complaint, more, now)
    held.complaint = receipt.complaint
    _decide(held, Outcome.OPENED, by, now)
    return receipt.complaint


@transaction.atomic
def decide_add(arrival: Arrival, complaint: Complaint, *, by: Membership, now: datetime.datetime | None = None) -> None:
    """It belongs to this case and is from its reporter. Raises Decided, Refusal."""
    now = now or timezone.now()
    held = _undecided(arrival)
    channel = CHANNELS[held.channel]
    files, _refused = _keep_files(channel.files(held) if channel.files else ())
    _undo_late_end(complaint, held, now)
    body, *more = pieces(held.text)
    say(complaint, body, Act.REPLY, files=files, now=now)
    _say_more(complaint, more, now)
    held.complaint = complaint
    _decide(held, Outcome.APPENDED, by, now)


@transaction.atomic
def decide_refuse(
    arrival: Arrival, *, by: Membership, reason: str, reply: str = "", now: datetime.datetime | None = None
) -> None:
    """Not a report and not about one; `reply` is told to its sender. Raises Decided, Incomplete without a reason."""
    now = now or timezone.now()
    held = _undecided(arrival)
    if not clean_text(reason):
        raise Incomplete("reason", _("Tulis mengapa pesan ini ditolak."))
    held.reason = clean_text(reason)[:300]
    _decide(held, Outcome.REFUSED, by, now)
    _reply(held, clean_text(reply), now, "decision")


def _undecided(arrival: Arrival) -> Arrival:
    held = Arrival.objects.held().select_for_update().filter(pk=arrival.pk).first()
    if held is None:
        raise Decided
    return held


def _decide(held: Arrival, outcome: str, by: Membership, now: datetime.datetime) -> None:
    held.outcome, held.decided_by, held.decided_at = outcome, by.user, now
    held.save(update_fields=["outcome", "reason", "complaint", "decided_by", "decided_at"])
    AuditEntry.objects.create(
        at=now,
        who=by.user,
        acting_as=by.agency,
        what=f"arrival_{outcome.lower()}",
        subject_kind="arrival",
        subject_id=held.pk,
        reason=held.reason,
    )


# --- The purge ---


def purge(*, now: datetime.datetime | None = None, limit: int = 500) -> int:
    """Forget raw, text and sender of what was understood long enough ago; how many. The row stays: a message that
    comes again is still known."""
    now = now or timezone.now()
    purged = 0
    for channel in CHANNELS.values():
        old = (
            Arrival.objects.filter(channel=channel.code, purged_at__isnull=True, received_at__lt=now - channel.keeps)
            .exclude(outcome="")
            .exclude(outcome=Outcome.HELD, decided_at__isnull=True)
            .order_by("received_at")
        )
        for arrival in old[:limit]:
            if arrival.raw_file:
                arrival.raw_file.delete(save=False)
            arrival.raw_sealed = arrival.text_sealed = arrival.sender_sealed = arrival.sender_fingerprint = ""
            arrival.purged_at = now
            arrival.save()
            purged += 1
    return purged
