"""A kept SMS becomes one Reading: from the gateway's bytes to words, from words to what is said, and from that and
what is known of the sender's reports to what shall become of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agencies import prefixes
from agencies.models import Agency
from agencies.prefix_book import Match
from complaints.channels.contract import Act, Add, Hold, Hush, Open, Reading, Refuse, Tell, Wait
from complaints.channels.sms import CODE, MEDIUM, codec, gateways, grammar, parts, replies
from complaints.channels.sms.gateways.base import Piece
from complaints.channels.sms.grammar import Said, Verb
from complaints.intake import Submission
from complaints.models import AddressedBy, Arrival, Complaint
from complaints.number import read_number
from complaints.transitions import TERMINAL, Status
from lapor.kit.sealing import fingerprint

# Who writes again so soon may mean the report of just now.
AGAIN = datetime.timedelta(days=1)
# How long the question which report a text is for can be answered by BALAS or BARU.
ASKED = datetime.timedelta(days=2)
# Questions of one phone answered in an hour: two machines that answer each other stop here.
ANSWERS_AN_HOUR = 20
# Fewer letters tell nothing: "P", "tes".
FEWEST_LETTERS = 4
Held = Arrival.Hold


@dataclass(frozen=True)
class Sender:
    """What is known of whoever wrote. `cases` newest first; `pending`: texts asked about, and not yet answered for."""

    number: str
    cases: Sequence[Complaint] = ()
    pending: Sequence[Arrival] = ()
    wrote_lately: bool = False
    answered_lately: int = 0

    @property
    def open(self) -> list[Complaint]:
        return [case for case in self.cases if case.is_open]

    @property
    def waited_for(self) -> list[Complaint]:
        """Reports in which it is the sender's turn."""
        return [case for case in self.open if case.status in (Status.WAITING, Status.ANSWERED)]

    def own(self, number: str) -> Complaint | None:
        return next((case for case in self.cases if case.number == number), None)

    @property
    def only(self) -> Complaint | None:
        """The one open report, where no other could be meant and none is guarded."""
        found = self.open
        return found[0] if len(found) == 1 and not replies.is_guarded(found[0]) else None


@dataclass(frozen=True)
class Heard:
    """The whole message. `missing`: parts of it never came; `others`: the arrivals it came in beside this one."""

    text: str
    missing: bool = False
    others: Sequence[Arrival] = field(default_factory=tuple)


def read(arrival: Arrival) -> Reading:
    try:
        gateway, payload = gateways.of_raw(arrival.raw())
        piece = gateway.read(payload)
    except ValueError:
        return Hold(Held.UNREADABLE, "")
    if not codec.is_phone(piece.sender):
        # A short code or a business's name: advertisements, and machines that would answer an answer.
        return Refuse(_("pengirimnya bukan nomor telepon"))
    heard = _heard(arrival, piece)
    if not isinstance(heard, Heard):
        return heard
    today = timezone.localdate(arrival.received_at)
    said = grammar.parse(heard.text, lambda text: find_prefix(text, today))
    sender = sender_of(arrival, piece.sender)
    with translation.override(said.language):
        return decide(said, sender, heard)


def find_prefix(text: str, day: datetime.date) -> Match | None:
    return prefixes.book(text, day).find(text)


def sender_of(arrival: Arrival, number: str) -> Sender:
    """Four statements."""
    cases = (
        Complaint.objects.filter(
            reporter__door=MEDIUM, reporter__door_fingerprint=fingerprint(number), reporter__erased_at__isnull=True
        )
        .select_related("handler", "place", "reporter")
        .order_by("-received_at", "-pk")[:50]
    )
    mine = Arrival.objects.filter(channel=CODE, sender_fingerprint=arrival.sender_fingerprint).exclude(pk=arrival.pk)
    before = mine.filter(received_at__lte=arrival.received_at)
    pending = mine.held().filter(hold=Held.WHOSE, received_at__gt=arrival.received_at - ASKED).order_by("pk")
    hour = arrival.received_at - datetime.timedelta(hours=1)
    return Sender(
        number,
        list(cases),
        list(pending[:20]),
        before.filter(complaint__isnull=False, received_at__gt=arrival.received_at - AGAIN).exists(),
        before.filter(outcome=Arrival.Outcome.ANSWERED, received_at__gt=hour).count(),
    )


# --- Parts ---


def _heard(arrival: Arrival, piece: Piece) -> Heard | Reading:
    """The whole message, or what is to be done with a piece of one."""
    if piece.part is None:
        return Heard(codec.mend(piece.text))
    message = parts.message_of(arrival, piece)
    earlier = message.concluded
    if earlier is not None:
        return _too_late(piece, message, earlier, arrival)
    others = parts.others(message, arrival)
    if message.is_whole:
        return Heard(codec.mend(message.text()), others=others)
    if timezone.now() < message.since + parts.PATIENCE:
        return Wait(message.since + parts.PATIENCE)
    return Heard(codec.mend(message.text()), missing=True, others=others)


def _too_late(piece: Piece, message: parts.Message, earlier: Arrival, arrival: Arrival) -> Reading:
    """The message was read without it: what it says goes to the same report."""
    assert piece.part is not None
    if arrival in message.again:
        return Refuse(_("bagian yang sama sudah datang"))
    said = {"number": piece.part.number, "total": piece.part.total, "text": codec.mend(piece.text)}
    text = _("(bagian %(number)s dari %(total)s, datang terlambat) %(text)s") % said
    if earlier.complaint is None:
        return Hold(Held.WHOSE, text)
    return Add(earlier.complaint, text, reply=replies.added(earlier.complaint, ""))


# --- What becomes of it ---


def decide(said: Said, sender: Sender, heard: Heard) -> Reading:
    """Exactly one Reading of whatever is said; nothing that holds words is dropped."""
    reading = _decide(said, sender, heard)
    if isinstance(reading, Tell) and reading.reply and sender.answered_lately >= ANSWERS_AN_HOUR:
        return Refuse(_("terlalu banyak pertanyaan dalam satu jam"))
    if heard.missing and isinstance(reading, Add | Hold):
        reading = replace(reading, reply=replies.and_incomplete(reading.reply))
    if isinstance(reading, Open | Add | Hold | Tell) and heard.others:
        return replace(reading, settles=[*reading.settles, *heard.others])
    return reading


def _decide(said: Said, sender: Sender, heard: Heard) -> Reading:
    match said.verb:
        case Verb.EMPTY | Verb.HELP:
            return Tell(replies.help_())
        case Verb.STOP:
            return Hush(replies.stopped())
        case Verb.START:
            return Hush(replies.started(), resume=True)
        case Verb.STATUS:
            return _status(said, sender)
        case Verb.REPLY:
            return _reply(said, sender, heard)
        case Verb.DONE | Verb.NOT_DONE:
            return _verdict(said, sender, heard)
        case Verb.NEW:
            return _new(said, sender, heard)
        case Verb.THANKS:
            return _thanks(said, sender)
        case _:
            return _report(said, sender, heard)


def _status(said: Said, sender: Sender) -> Reading:
    named = bool(said.number) or said.misread
    case = sender.own(said.number) if named else sender.only
    if case is not None:
        hushed = case.reporter.door_closed_at is not None
        return Tell(replies.status(case, hushed=hushed), case)
    if named:
        return Tell(replies.unknown())
    return Tell(replies.which_number("STATUS") if sender.cases else replies.help_())


def _reply(said: Said, sender: Sender, heard: Heard) -> Reading:
    alert = replies.alert_for(said.body, said.language)
    if said.number or said.misread:
        case = sender.own(said.number)
        if case is None:
            return _not_theirs(said, alert)
        return _add(case, said, sender, alert)
    if not sender.cases:
        # "Balas surat kami, pak": there is nothing to answer yet.
        return _open(replace(said, verb=Verb.REPORT, body=said.text), sender, heard)
    if sender.only is not None and (said.body or sender.pending):
        return _add(sender.only, said, sender, alert)
    if not said.body:
        return Tell(replies.which_number("BALAS"))
    return _ask(said.body, sender, alert)


def _add(case: Complaint, said: Said, sender: Sender, alert: str) -> Reading:
    """To this report; an empty one takes along what its sender was asked about."""
    if said.body:
        same = [one for one in sender.pending if _same(one.text, said.body)]
        reply = replies.added if case.is_open else replies.added_to_ended
        return Add(case, said.body, reply=reply(case, alert), settles=same)
    if not sender.pending:
        return Tell(replies.write_something(case), case)
    body = "\n".join(one.text for one in sender.pending)
    reply = replies.added if case.is_open else replies.added_to_ended
    return Add(case, body, reply=reply(case, ""), settles=list(sender.pending))


def _not_theirs(said: Said, alert: str) -> Reading:
    """Whether the number exists or not, the answer is the same, and a person reads what was written."""
    if not said.body:
        return Tell(replies.unknown())
    number = read_number(said.number)
    meant = Complaint.objects.filter(number=number).first() if number else None
    return Hold(Held.NOT_THEIRS, said.body, complaint=meant, reply=replies.unknown_but_read(alert))


def _verdict(said: Said, sender: Sender, heard: Heard) -> Reading:
    case, alert = sender.own(said.number), replies.alert_for(said.body, said.language)
    if not said.number and not said.misread:
        case = sender.only
        if case is None or case.status != Status.ANSWERED:
            word = "SELESAI" if said.verb is Verb.DONE else "BELUM"
            return Tell(replies.which_number(word) if sender.cases else replies.help_())
    if case is None:
        return _not_theirs(said, alert)
    if case.status == Status.ANSWERED:
        if said.verb is Verb.DONE:
            return Add(case, said.body, Act.ACCEPT, reply=replies.accepted(case))
        return Add(case, said.body or _("Belum beres."), Act.CONTEST, reply=replies.contested(case, alert))
    if said.verb is Verb.NOT_DONE and case.status in TERMINAL and case.can_be_reopened_by_reporter():
        return Add(case, said.body or _("Belum beres."), Act.REOPEN, reply=replies.contested(case, alert))
    if said.body:
        return _add(case, said, sender, alert)
    if case.status in TERMINAL:
        words = replies.already_accepted if said.verb is Verb.DONE else replies.ended_for_good
        return Tell(words(case), case)
    return Tell(replies.not_answered_yet(case), case)


def _new(said: Said, sender: Sender, heard: Heard) -> Reading:
    if said.body:
        inner = grammar.parse(said.body, lambda text: find_prefix(text, timezone.localdate()))
        if not inner.is_explicit:
            # "Baru kemarin diaspal …": the word belongs to the story.
            inner = replace(inner, verb=Verb.REPORT, body=said.text, prefix=None)
        return _open(replace(inner, text=said.text), sender, heard)
    if not sender.pending:
        return Tell(replies.nothing_asked())
    body = "\n".join(one.text for one in sender.pending)
    opened = _open(Said(Verb.REPORT, body, body, language=said.language), sender, heard)
    return replace(opened, settles=list(sender.pending)) if isinstance(opened, Open) else opened


def _thanks(said: Said, sender: Sender) -> Reading:
    """Nothing to answer, unless an office waits for just such a word."""
    case = sender.only
    if case is not None and case.status == Status.WAITING:
        return Add(case, said.body, reply=replies.added(case, ""))
    return Tell("", case)


def _report(said: Said, sender: Sender, heard: Heard) -> Reading:
    if said.is_explicit:
        if not any(ch.isalpha() for ch in said.body):
            return Tell(replies.write_a_report(said.prefix.entry.text if said.prefix else ""))
        return _open(said, sender, heard)
    case = sender.only
    if case is not None and case.status == Status.WAITING:
        alert = replies.alert_for(said.body, said.language)
        return Add(case, said.body, reply=replies.added(case, alert))
    if sum(ch.isalpha() for ch in said.body) < FEWEST_LETTERS:
        return Tell(replies.help_())
    if sender.open and (sender.wrote_lately or sender.waited_for or sender.pending):
        return _ask(said.body, sender, replies.alert_for(said.body, said.language))
    return _open(said, sender, heard)


def _ask(text: str, sender: Sender, alert: str) -> Reading:
    """Kept for a person, who may be quicker than the sender's answer; asked once for all that is pending."""
    cases = sender.waited_for or sender.open or list(sender.cases)
    one = cases[0] if len(cases) == 1 and len(sender.open) <= 1 else None
    reply = replies.which([one] if one else cases, alert) if not sender.pending or alert else ""
    return Hold(Held.WHOSE, text, complaint=one, reply=reply)


def _open(said: Said, sender: Sender, heard: Heard) -> Reading:
    return Open(
        replace(_submission(said), phone=sender.number, door=(MEDIUM, sender.number)),
        text=said.text,
        reply=replies.incomplete() if heard.missing else "",
    )


def _submission(said: Said) -> Submission:
    """The report a text tells; whose it is adds the caller."""
    agency = Agency.objects.filter(pk=said.prefix.entry.agency_id).first() if said.prefix else None
    return Submission(
        channel=CODE,
        external_id="",
        body=said.body or said.text,
        addressed_to=agency,
        addressed_by=AddressedBy.PREFIX if agency else "",
        addressed_text=said.prefix.typed if said.prefix and agency else "",
        anonymous=said.anonymous,
        secret=said.secret,
        language=said.language,
    )


def as_submission(held: Arrival, submission: Submission) -> Submission:
    """A held message that a person opens: what stood before the story counts as if it had never been held."""
    day = timezone.localdate(held.received_at)
    said = grammar.parse(submission.body, lambda text: find_prefix(text, day))
    found = _submission(said)
    chosen = submission.addressed_to is not None and submission.addressed_to != found.addressed_to
    return replace(
        submission,
        body=found.body,
        addressed_to=submission.addressed_to or found.addressed_to,
        addressed_by="" if chosen else found.addressed_by,
        addressed_text="" if chosen else found.addressed_text,
        anonymous=found.anonymous,
        secret=found.secret,
        language=found.language,
        phone=held.sender,
        door=(MEDIUM, held.sender) if codec.is_phone(held.sender) else ("", ""),
    )


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
