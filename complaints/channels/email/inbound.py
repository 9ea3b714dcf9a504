"""From a kept letter to what it means: a report, an answer about one, an officer's answer, a letter come back, or
something for a person to look at.

Only what the letter's own reader could know moves a case: the address made for them in our letters, or the id of a
letter of ours or theirs, and From must agree. From alone is never proof: it can add, it never makes us tell anything.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from agencies import prefixes
from agencies.models import Agency
from complaints import emergency
from complaints.channels.contract import (
    Act,
    Add,
    FromOfficer,
    Hold,
    Incoming,
    Open,
    Reading,
    Refuse,
    Returned,
    Tell,
    not_sent,
)
from complaints.channels.email import CODE, MEDIUM, addresses, machines, mime
from complaints.channels.email.addresses import Ticket
from complaints.channels.email.machines import Sign
from complaints.channels.email.mime import Mail
from complaints.channels.email.quoting import own_words
from complaints.intake import TITLE_LIMIT, Submission
from complaints.models import AddressedBy, Arrival, Complaint, Notification, Reporter
from complaints.transitions import Status
from lapor.kit.text import shorten

Held = Arrival.Hold

# Letters from one sender in an hour before a person looks.
HOURLY = 20
HOUR = datetime.timedelta(hours=1)
# The letter that asks whether an address is right; an answer to it says nothing about a report.
CONFIRM = "confirm"


def read(arrival: Arrival) -> Reading:
    """What becomes of this letter. Reads only; may run twice."""
    mail = mime.read(arrival.raw())
    if not mail.readable:
        return Hold(Held.UNREADABLE, mail.subject)
    if (back := _come_back(mail)) is not None:
        return back
    before = _found_before(mail)
    tokens = addresses.tokens_of(mail.recipients)
    answers_us = bool(tokens) or isinstance(before, Notification)
    said = own_words(mail.text, history=answers_us, or_all=not answers_us)
    complaint = _case_of(before)
    match machines.sign_of(mail, said, answers_us=answers_us):
        case (Sign.SURE, reason):
            return Refuse(reason)
        case (Sign.LIKELY, _reason):
            return Hold(Held.SUSPECT, _whole(mail, said), complaint=complaint)
    if _is_flood(arrival):
        return Hold(Held.FLOOD, _whole(mail, said), complaint=complaint)
    if tokens:
        return _by_token(arrival, mail, tokens, said)
    if before is not None:
        return _by_reference(mail, before, said)
    if addresses.is_of_our_domain(mail.sender) or not mail.sender:
        return Hold(Held.SUSPECT, _whole(mail, said))
    return _new(arrival, mail, said)


def files(arrival: Arrival) -> list[Incoming]:
    """The files of a held letter, for whoever decides about it."""
    return list(mime.read(arrival.raw()).files)


def as_submission(arrival: Arrival, submission: Submission) -> Submission:
    """A report that a person opens from a held letter: title, wishes and address as the letter has them."""
    mail = mime.read(arrival.raw())
    wishes = wishes_of(mail.subject)
    hidden = submission.anonymous or wishes.anonymous
    return replace(
        submission,
        body=submission.body.removeprefix(mail.subject).strip() or submission.body,
        title=submission.title or wishes.title,
        anonymous=hidden,
        secret=submission.secret or wishes.secret,
        name="" if hidden else mail.sender_name,
        email=arrival.sender,
        door=("", ""),
    )


# --- Letters that came back ---


def _come_back(mail: Mail) -> Reading | None:
    """A delivery report about a letter of ours. One that names none is a stranger's."""
    bounce = mail.bounce
    if bounce is not None:
        ours = _notification(list(bounce.references))
        if ours is None:
            return Refuse(_("laporan kiriman tentang surat yang bukan dari kami"))
        if not bounce.failed:
            return Refuse(_("laporan kiriman: %(answer)s") % {"answer": bounce.answer or "-"})
        return Returned(ours.message_id, bounce.answer or "550", bounce.lasting)
    if machines.is_no_reply(mail.sender) and (ours := _notification(mime.message_ids(mail.text))) is not None:
        # Older servers write it for people only; ours is the letter whose id they quote.
        answer = next(iter(_REFUSALS.findall(mail.text)), "")
        return Returned(ours.message_id, answer or "550", bool(answer)) if answer else None
    return None


_REFUSALS = re.compile(r"\b5\d\d[ -]5\.\d{1,3}\.\d{1,3}[^\n]{0,200}|\b55[0-4] [^\n]{0,200}")


def _notification(ids: list[str]) -> Notification | None:
    if not ids:
        return None
    # Whoever follows somebody else's case answers for nobody: what they write there is a letter like any other.
    rows = Notification.objects.filter(message_id__in=ids[:50], supporter__isnull=True)
    rows = rows.select_related("event__complaint", "arrival")
    return rows.order_by("pk").first()


def _found_before(mail: Mail) -> Notification | Arrival | None:
    """The letter of ours, or the earlier letter to us, that this one answers."""
    ids = mail.answers
    if not ids:
        return None
    ours = _notification(ids)
    if ours is not None and ours.alert_id is None:
        return ours
    # News of what others said is nobody's case: an answer to it is a letter like any other, too.
    return (
        Arrival.objects.filter(channel=CODE, external_id__in=ids, complaint__isnull=False)
        .select_related("complaint")
        .order_by("pk")
        .first()
    )


def _case_of(before: Notification | Arrival | None) -> Complaint | None:
    if isinstance(before, Notification):
        return before.event.complaint if before.event else before.arrival.complaint if before.arrival else None
    return before.complaint if before is not None else None


# --- About a case ---


def _by_token(arrival: Arrival, mail: Mail, tokens: list[str], said: str) -> Reading:
    now = arrival.received_at
    tickets = [addresses.ticket_of(token, now) for token in tokens]
    ticket = tickets[0]
    if ticket is None or any(other != ticket for other in tickets):
        return Hold(Held.WHOSE, _whole(mail, said))
    if ticket.membership is not None:
        return _from_officer(mail, ticket, said)
    assert ticket.reporter is not None
    if ticket.is_old or not addresses.is_from(mail.sender, ticket.reporter):
        return Hold(Held.WHOSE if ticket.is_old else Held.NOT_THEIRS, _whole(mail, said), complaint=ticket.complaint)
    return _from_reporter(mail, ticket.reporter, said)


def _by_reference(mail: Mail, before: Notification | Arrival, said: str) -> Reading:
    """An answer that did not go to the address made for it, or a second letter to one's own first."""
    complaint = _case_of(before)
    about_address = isinstance(before, Notification) and before.letter == CONFIRM
    to_officer = isinstance(before, Notification) and before.user_id is not None
    if complaint is None or about_address or to_officer:
        return Hold(Held.WHOSE, _whole(mail, said), complaint=complaint)
    merged = isinstance(before, Notification) and before.reporter_id
    whose = {"pk": before.reporter_id} if merged else {"complaint": complaint}  # type: ignore[union-attr]
    reporter = Reporter.objects.select_related("complaint").filter(erased_at__isnull=True, **whose).first()
    if reporter is None or not addresses.is_from(mail.sender, reporter):
        return Hold(Held.NOT_THEIRS, _whole(mail, said), complaint=complaint)
    return _from_reporter(mail, reporter, said)


def _from_reporter(mail: Mail, reporter: Reporter, said: str) -> Reading:
    complaint = reporter.complaint
    # Only where a letter with content may go at all.
    known = reporter.email_confirmed_at is not None and reporter.unreachable_since is None
    # Quotes and nothing else, without a file: whatever that means, it is not dropped.
    words = said or mail.invitation or (_("Berkas terlampir.") if mail.files else own_words(mail.text))
    if not words:
        return Hold(Held.UNREADABLE if mail.locked else Held.INCOMPLETE, mail.subject, complaint=complaint)
    act = _act(words) if complaint.status == Status.ANSWERED else Act.REPLY
    if act is None:
        return Tell(_ask_which(), complaint) if known else Hold(Held.WHOSE, words, complaint=complaint)
    reply = _confirmation(complaint, act, words) if known else ""
    return Add(complaint, words, act, mail.files, reply)


def _confirmation(complaint: Complaint, act: Act, words: str) -> str:
    """That it arrived; of the case not a word, since this letter lies in a mailbox like any other."""
    if act is Act.ACCEPT:
        parts = [_("Terima kasih. Laporan Anda kami tutup sebagai selesai.")]
    elif complaint.is_open:
        parts = [_("Pesan Anda sudah kami tambahkan ke laporan Anda.")]
    else:
        parts = [
            _("Pesan Anda sudah kami simpan, dan petugas membacanya. Laporan Anda sudah ditutup."),
            _("Belum beres? Buka lagi laporannya dari tautan di surat kami yang terakhir."),
        ]
    alarm = emergency.read(words)
    if alarm.urgent:
        parts.append(emergency.notice(alarm, "id"))
    return "\n\n".join(parts)


def _ask_which() -> str:
    return _(
        "Terima kasih. Apakah masalahnya sudah beres? Balas surat kami dengan satu kata: SELESAI. "
        "Kalau belum, tulis apa yang belum beres."
    )


_DONE = re.compile(r"(?:ya[,. ]+)?(?:sudah |telah )?(?:selesai|beres|tuntas|diperbaiki|saya terima|puas)\b", re.I)
_NOT = re.compile(r"\b(?:belum|tapi|tetapi|namun|tidak|tak|nggak|ngga|gak|masih|kecuali|not|but)\b", re.I)
_THANKS = re.compile(
    r"\W*(?:(?:ok(?:e|ay)?|ya|baik(?:lah)?|siap|sip|terima ?kasih|makasih|trims|thanks?|thank you|alhamdulillah|banyak"
    r"|atas|bantuannya|infonya|informasinya|jawabannya|responsnya|pak|bu|bapak|ibu|kak|min|salam|hormat saya)\b\W*)*",
    re.I,
)


def _act(words: str) -> Act | None:
    """What an answer to "is it done?" means: a few plain words accept, thanks alone say neither (None), all else says
    that it is not done (case.md section 3)."""
    if len(words) > 300:
        return Act.REPLY
    thanks = _THANKS.match(words)
    rest = words[thanks.end() :] if thanks else words
    if not rest.strip():
        return None
    done = len(rest.split()) <= 10 and _DONE.match(rest) and not _NOT.search(rest)
    return Act.ACCEPT if done else Act.REPLY


def _from_officer(mail: Mail, ticket: Ticket, said: str) -> Reading:
    """An officer's answer to their own letter. What can't be taken goes back to them with their text."""
    membership, complaint = ticket.membership, ticket.complaint
    assert membership is not None
    assert complaint is not None
    if mail.sender != membership.user.email.lower():
        return Hold(Held.NOT_THEIRS, _whole(mail, said), complaint=complaint)
    if ticket.is_old:
        why = _("Surat yang Anda balas sudah lewat tujuh hari. Jawab laporannya di meja: %(url)s")
        return Refuse(
            _("balasan petugas lewat tujuh hari"), not_sent(why % {"url": f"{settings.SITE_URL}/meja/"}, said)
        )
    if not said:
        why = _(
            "Kami tidak menemukan tulisan Anda di atas kutipan. Tulis jawabannya di baris paling atas, lalu kirim lagi."
        )
        return Refuse(_("balasan petugas tanpa kata-kata"), not_sent(why, ""))
    return FromOfficer(complaint, membership, ticket.version, said, mail.files)


# --- A new report ---


def _new(arrival: Arrival, mail: Mail, said: str) -> Reading:
    wishes = wishes_of(mail.subject)
    title, agency, typed = wishes.title, None, ""
    day = arrival.received_at.date()
    if (named := _office(title, day)) is not None:
        agency, typed, title = named
    else:
        for word in addresses.plus_words(mail.recipients):
            if (named := _office(word, day)) is not None:
                agency, typed, _rest = named
    if mail.locked and not said:
        return Hold(Held.UNREADABLE, mail.subject)
    return Open(
        Submission(
            channel=CODE,
            external_id=arrival.external_id,
            body=said or mail.invitation or title,
            title=title,
            addressed_to=agency,
            addressed_by=AddressedBy.PREFIX if agency else "",
            addressed_text=typed,
            anonymous=wishes.anonymous,
            secret=wishes.secret,
            # Who hides their name has none kept that they did not type for us.
            name="" if wishes.anonymous else mail.sender_name,
            email=mail.sender,
        ),
        mail.files,
    )


def _office(text: str, day: datetime.date) -> tuple[Agency, str, str] | None:
    """The office its first words stand for, those words, and the rest; a misspelt one would have to be asked back."""
    match = prefixes.book(text, day).find(text) if text else None
    if match is None or match.typo:
        return None
    agency = Agency.objects.filter(pk=match.entry.agency_id).first()
    return (agency, match.typed, match.rest) if agency is not None else None


@dataclass(frozen=True)
class Wishes:
    """What a subject says: the title, and how much is to be hidden."""

    title: str
    anonymous: bool = False
    secret: bool = False


_BEFORE = re.compile(
    r"^\s*(?:(?:re|fwd?|fw|bls|trs|balas|terusan|diteruskan|aw|wg|antw|sv|vs)\s*(?:\[\d+\]|\(\d+\))?\s*:"
    r"|\[(?:external|eksternal|ext|spam)\]|\*{2,}spam\*{2,})\s*",
    re.I,
)
_WISH = re.compile(r"^\W*(?P<word>rahasia|anonim)\b(?P<sign>\s*[\])}:,;/|+&.-]*\s*|\s*$)", re.I)


def wishes_of(subject: str) -> Wishes:
    """The subject without "Re:" and "Fwd:", and without RAHASIA or ANONIM as its first word.

    "Rahasia negara bocor" is kept secret too, but keeps its title: closing too much can be undone by its reporter.
    """
    title = subject.strip()
    while (before := _BEFORE.match(title)) is not None:
        title = title[before.end() :]
    anonymous = secret = False
    while (wish := _WISH.match(title)) is not None:
        anonymous |= wish["word"].lower() == "anonim"
        secret |= wish["word"].lower() == "rahasia"
        if not (wish["word"].isupper() or wish["sign"].strip()):
            break
        title = title[wish.end() :]
    return Wishes(shorten(title.strip(), TITLE_LIMIT), anonymous, secret)


# --- Small questions ---


def _is_flood(arrival: Arrival) -> bool:
    """More letters of one sender in the hour before than anybody writes."""
    if not arrival.sender_fingerprint:
        return False
    lately = Arrival.objects.filter(
        channel=CODE,
        sender_fingerprint=arrival.sender_fingerprint,
        received_at__gt=arrival.received_at - HOUR,
        received_at__lte=arrival.received_at,
        pk__lt=arrival.pk,
    )
    return lately.count() >= HOURLY


def _whole(mail: Mail, said: str) -> str:
    """What the pen shows: subject and words; of an answer the words alone, its subject is our own."""
    subject = mail.subject if machines.plain_subject(mail.subject) == mail.subject else ""
    return "\n\n".join(part for part in (subject, said or mail.invitation or own_words(mail.text)) if part)


__all__ = ["MEDIUM", "as_submission", "files", "read", "wishes_of"]
