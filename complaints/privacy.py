"""What this viewer sees of this case; the only door to a name or a contact (case.md section 6).

Nothing else opens what Reporter seals. Every reading of a secret text or of an identity by an officer writes an
AuditEntry in the same transaction, one a page view, and the reporter reads the list.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor, Side
from agencies.models import Agency, AuditEntry, Membership, Role, User
from agencies.ombudsman import reads_country
from complaints import publishing
from complaints.masking import mask
from complaints.models import (
    Alert,
    Attachment,
    Complaint,
    Draft,
    Message,
    Notification,
    Publication,
    Referral,
    Reporter,
    Reveal,
    Subscriber,
    Supporter,
    Tag,
    answers_of,
)
from complaints.models.event import Audience
from complaints.models.supporter import mailbox_of, mark_of
from complaints.transitions import HELPERS, Incomplete, NotAllowed
from lapor.kit.sealing import InvalidToken, unseal
from lapor.kit.text import masked_contact

APPROVED_WITHIN = datetime.timedelta(hours=24)
# How long an approved look lasts.
LOOK_LASTS = datetime.timedelta(hours=24)

EMAIL = Notification.Medium.EMAIL.value


class Text(StrEnum):
    FULL = "full"
    MASKED = "masked"  # by the machine, for this viewer
    PUBLISHED = "published"  # the public copy
    REASON = "reason"  # full, once a reason is given
    NOTHING = "nothing"


class Sight(StrEnum):
    """What of the identity: SHOWN by a click that is logged, after a REASON, after a second person's word, or never."""

    OWN = "own"
    SHOWN = "shown"
    REASON = "reason"
    TWO = "two"
    NEVER = "never"


@dataclass(frozen=True)
class Identity:
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class CaseView:
    """The case as one viewer may see it. Empty where `text` is REASON: the page asks for the reason first.

    `answers` are to the category's questions, with FULL text alone; elsewhere they stand below the masked body.
    `identity` is None unless it was asked for and allowed; `sight` says what the page may offer. `audiences`: whose
    messages and events are read; `files`: whether attachments may be opened; `place` as far as it may be told is for
    the page: with FULL text the landmark and the point too.
    """

    complaint: Complaint
    text: Text
    title: str
    body: str
    sight: Sight
    identity: Identity | None
    audiences: frozenset[str]
    files: bool
    answers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return self.text is Text.FULL


@dataclass(frozen=True)
class Look:
    """One line of "siapa yang membuka"."""

    at: datetime.datetime
    who: str
    office: str
    what: Promise
    reason: str


class NotVisible(Exception):
    """To this viewer the case does not exist (404)."""


# --- The table ---


def text_for(complaint: Complaint, viewer: Actor | None) -> Text:
    """The two text columns of the table. None: the public."""
    if viewer is None:
        return Text.PUBLISHED if not complaint.secret else Text.NOTHING
    if viewer.is_system or viewer.side is Side.REPORTER:
        return Text.FULL
    if viewer.agency is None or _is_kept_from(complaint, viewer):
        return Text.NOTHING
    found = _text_of_role(complaint, viewer, viewer.agency)
    if found is Text.NOTHING and viewer.role in HELPERS and complaint.is_helped_by(viewer.agency):
        # An office that was asked to help reads what it must to do that, as long as it is asked.
        return Text.MASKED
    return found


def _text_of_role(complaint: Complaint, viewer: Actor, office: Agency) -> Text:
    handler = complaint.handler
    here, over = office.pk == handler.pk, handler.is_under(office)
    match viewer.role:
        case Role.LIAISON:
            return Text.FULL if here else Text.NOTHING
        case Role.HEAD:
            return Text.FULL if here or (over and not complaint.secret) else Text.NOTHING
        case Role.COORDINATOR:
            return Text.FULL if over else Text.NOTHING
        case Role.NATIONAL:
            return Text.FULL if here or not complaint.secret else Text.REASON
        case Role.OBSERVER if over and _is_observed(complaint, viewer):
            return Text.REASON if complaint.secret else Text.MASKED
        case Role.OBSERVER if _is_elsewhere(complaint, viewer):
            return Text.NOTHING if complaint.secret else Text.MASKED
    return Text.NOTHING


def _is_elsewhere(complaint: Complaint, viewer: Actor) -> bool:
    """To an observer of the Ombudsman: a case of any other office, which they read masked, and are seen to."""
    held = viewer.membership
    return held is not None and reads_country(held) and not complaint.handler.is_under(held.agency)


def sight_of(complaint: Complaint, viewer: Actor | None) -> Sight:
    """The two identity columns of the table."""
    if viewer is None or viewer.is_system:
        return Sight.NEVER
    if viewer.side is Side.REPORTER:
        return Sight.OWN
    office, handler = viewer.agency, complaint.handler
    if office is None or _is_kept_from(complaint, viewer):
        return Sight.NEVER
    match viewer.role:
        case Role.LIAISON | Role.HEAD if office.pk == handler.pk:
            return Sight.NEVER if complaint.anonymous else Sight.SHOWN
        case Role.COORDINATOR if handler.is_under(office):
            return Sight.NEVER if complaint.anonymous else Sight.SHOWN
        case Role.NATIONAL:
            if complaint.anonymous:
                return Sight.TWO
            return Sight.SHOWN if office.pk == handler.pk else Sight.REASON
    return Sight.NEVER


def _is_observed(complaint: Complaint, viewer: Actor) -> bool:
    """An observer of one programme reads what it gathers, and nothing else."""
    programme = viewer.programme_id
    return programme is None or Tag.objects.current().filter(complaint=complaint, programme_id=programme).exists()


def _is_kept_from(complaint: Complaint, viewer: Actor) -> bool:
    """The last row: in the subtree of `not_for` through any current membership, or named in the case. A machine is
    nobody a case could name."""
    if viewer.agency is None:
        return True
    if complaint.not_for is not None and viewer.agency.is_under(complaint.not_for):
        return True
    if viewer.user is None:
        return False
    if complaint.not_for is not None:
        held = Membership.objects.current().filter(user=viewer.user, agency__path__startswith=complaint.not_for.path)
        if held.exists():
            return True
    return complaint.about_conduct and complaint.not_seen_by.filter(pk=viewer.user.pk).exists()


def view_of(
    complaint: Complaint,
    viewer: Actor | None,
    *,
    identity: bool = False,
    reason: str = "",
    now: datetime.datetime | None = None,
) -> CaseView:
    """The case for one page view, with the look logged. Call it once a request.

    `identity`: the viewer asked for name and contact; `reason`: why, where the table wants one (else REASON and no
    text). Raises NotVisible.
    """
    now = now or timezone.now()
    text, sight, reason = text_for(complaint, viewer), sight_of(complaint, viewer), reason.strip()
    if text is Text.NOTHING:
        raise NotVisible
    if text is Text.PUBLISHED:
        return _public_view(complaint)
    if text is Text.REASON and reason:
        text = Text.FULL
    officer = viewer is not None and viewer.side is Side.OFFICER
    if sight in (Sight.REASON, Sight.TWO) and (allowed := _allowed_look(complaint, viewer, now)):
        # Reason given, and of an anonymous reporter the second person's word: from now on like any handler.
        sight, reason = Sight.SHOWN, reason or allowed.reason
    opened = sight is Sight.OWN or (identity and (sight is Sight.SHOWN or (sight is Sight.REASON and bool(reason))))
    with transaction.atomic():
        if viewer is not None and officer:
            looks = [
                *(["identity"] if opened else []),
                *(["secret"] if complaint.secret and text is Text.FULL else []),
                *(["masked"] if text is Text.MASKED and _is_elsewhere(complaint, viewer) else []),
            ]
            if looks:
                _log(complaint, viewer, "look", reason, {"looks": looks}, now)
        shown = _identity(complaint) if opened else None
    title, body = complaint.title, complaint.body
    if text is Text.MASKED:
        title, body = publishing.preview(complaint, title, body, hide=names_to_hide(complaint))
    elif text is Text.REASON:
        title, body = "", ""
    return CaseView(
        complaint=complaint,
        text=text,
        title=title,
        body=body,
        sight=sight,
        identity=shown,
        audiences=_audiences(viewer, text),
        files=text is Text.FULL,
        answers=answers_of(complaint) if text is Text.FULL else [],
    )


def _public_view(complaint: Complaint) -> CaseView:
    copy = Publication.objects.filter(complaint=complaint).first()
    if copy is None:
        raise NotVisible
    return CaseView(
        complaint=complaint,
        text=Text.PUBLISHED,
        title=copy.title,
        body=copy.body,
        sight=Sight.NEVER,
        identity=None,
        audiences=frozenset({Audience.PUBLIC.value}),
        files=False,
    )


def _audiences(viewer: Actor | None, text: Text) -> frozenset[str]:
    if viewer is not None and text is Text.FULL:
        own = {Audience.PUBLIC.value, Audience.PARTIES.value}
        return frozenset(own if viewer.side is Side.REPORTER else own | {Audience.OFFICERS.value})
    return frozenset({Audience.PUBLIC.value}) if text is Text.MASKED else frozenset()


@dataclass(frozen=True)
class ForReview:
    """A case and one answer of it as a reader of answers sees them: masked, with no number, no name and no contact.
    `files`: how many pictures and documents went with the answer; `earlier`: what the office had said before."""

    title: str
    body: str
    answer: str
    facts: dict[str, Any]
    files: int
    earlier: list[tuple[datetime.datetime, str]]


def for_review(message: Message) -> ForReview:
    """What everybody may read of it, published or not. Raises NotVisible once the case is guarded or the answer is not
    everybody's. Four statements."""
    complaint = message.complaint
    if complaint.is_guarded or message.state != Message.State.SENT or message.audience != Audience.PUBLIC:
        raise NotVisible
    hide = names_to_hide(complaint)
    copy = Publication.objects.filter(complaint=complaint).first()
    # A person may have hidden more than the machine does.
    title, body = (
        (copy.title, copy.body)
        if copy is not None
        else publishing.preview(complaint, complaint.title, complaint.body, hide=hide)
    )
    before = complaint.messages.filter(
        side=Message.Side.AGENCY,
        state=Message.State.SENT,
        audience=Audience.PUBLIC,
        verb__in=("answer", "resolve"),
        pk__lt=message.pk,
    )
    return ForReview(
        title=title,
        body=body,
        answer=publishing.masked_answer(message.body, hide=hide),
        facts=message.facts,
        files=message.attachments.filter(state=Attachment.State.CLEAN).count(),
        earlier=[(one.written_at, publishing.masked_answer(one.body, hide=hide)) for one in before.order_by("pk")],
    )


def helpers_title(complaint: Complaint) -> str:
    """A case's title as an office reads it that helps: masked."""
    return publishing.preview(complaint, complaint.title, "", hide=names_to_hide(complaint))[0]


def row_title(complaint: Complaint, viewer: Actor | None) -> str | Promise:
    """A case's title in a list: a secret one shows its text only on its own page, where the look is logged."""
    if complaint.secret and not (viewer is not None and viewer.side is Side.REPORTER):
        return _("Laporan rahasia")
    return complaint.title


# --- Before the Ombudsman ---


@dataclass(frozen=True)
class BundleWord:
    """One piece of the talk between the reporter and an office."""

    own: bool
    office: str
    at: datetime.datetime
    verb: str
    body: str
    facts: dict[str, object]


@dataclass(frozen=True)
class Bundle:
    """What an examiner of the Ombudsman may read of a case put before it, as far as the reporter agreed: without the
    name everything is masked as it is for the public, and neither the point nor a contact goes along. Notes among
    officers never do."""

    referral: Referral
    complaint: Complaint
    title: str
    body: str
    landmark: str
    answers: list[tuple[str, str]]
    identity: Identity | None
    words: list[BundleWord]
    files: list[str]


@transaction.atomic
def bundle_of(
    referral: Referral, viewer: Actor, *, to_take_away: bool = False, now: datetime.datetime | None = None
) -> Bundle:
    """Composed anew at each reading, which is logged: the reporter reads the list. Raises NotVisible."""
    now = now or timezone.now()
    related = ("complaint__handler", "complaint__place", "complaint__category", "complaint__reporter")
    row = Referral.objects.readable_by(viewer).select_related(*related).filter(pk=referral.pk).first()
    if row is None or _is_kept_from(row.complaint, viewer):
        raise NotVisible
    case, named = row.complaint, row.with_identity
    looks = ["referral_file" if to_take_away else "referral", *(["identity"] if named else [])]
    _log(case, viewer, "look", "", {"looks": looks, "referral": row.pk}, now)
    hide = names_to_hide(case)
    title, body = (case.title, case.body) if named else publishing.preview(case, case.title, case.body, hide=hide)
    said = case.messages.filter(state=Message.State.SENT, audience__in=[Audience.PUBLIC, Audience.PARTIES])
    return Bundle(
        referral=row,
        complaint=case,
        title=title,
        body=body,
        landmark=case.landmark if named else mask(case.landmark, hide=hide),
        # Below a masked story they stand already.
        answers=answers_of(case) if named else [],
        identity=_identity(case) if named else None,
        words=[
            BundleWord(
                own=word.side == Message.Side.REPORTER,
                office=word.agency.name if word.agency else "",
                at=word.written_at,
                verb=word.verb,
                body=word.body if named else mask(word.body, hide=hide),
                facts=word.facts,
            )
            for word in said.select_related("agency").order_by("pk")
        ],
        files=[file.name if named else mask(file.name, hide=hide) for file in case.attachments.order_by("pk")],
    )


def note_of(referral: Referral, viewer: Actor) -> str:
    """What the reporter wrote to the Ombudsman; their name in it is hidden where they did not agree to give it."""
    if not Referral.objects.readable_by(viewer).filter(pk=referral.pk).exists():
        raise NotVisible
    return referral.note if referral.with_identity else mask(referral.note, hide=names_to_hide(referral.complaint))


# --- Looking behind the mask ---


@transaction.atomic
def reveal(complaint: Complaint, *, by: Actor, reason: str, now: datetime.datetime | None = None) -> Identity | None:
    """NATIONAL opens an identity, with a reason. Of an anonymous reporter this asks for a second NATIONAL's word:
    None, until `approve_reveal`. Raises NotAllowed, Incomplete."""
    now = now or timezone.now()
    sight = sight_of(complaint, by)
    if sight not in (Sight.REASON, Sight.TWO, Sight.SHOWN) or by.role is not Role.NATIONAL or by.user is None:
        raise NotAllowed(_("Anda tidak berwenang membuka identitas pelapor ini."))
    if not reason.strip():
        raise Incomplete("reason", _("Tulis alasan membuka identitas. Pelapor akan membacanya."))
    assert by.agency is not None
    alone = sight is not Sight.TWO
    with complaint.acting("reveal", by=by, now=now, audience=Audience.OFFICERS, bumps=False) as change:
        asked = Reveal.objects.create(
            complaint=complaint,
            asked_by=by.user,
            acting_as=by.agency,
            reason=reason.strip(),
            asked_at=now,
            approved_at=now if alone else None,
        )
        change.particulars["step"] = "opened" if alone else "asked"
        if alone:
            _log(complaint, by, "look", asked.reason, {"looks": ["identity"]}, now)
        else:
            _log(complaint, by, "reveal_asked", asked.reason, {"reveal": asked.pk}, now)
    return _identity(complaint) if alone else None


@transaction.atomic
def approve_reveal(asked: Reveal, *, by: Actor, now: datetime.datetime | None = None) -> Reveal:
    """The second NATIONAL's word, within 24 hours and never the asker's own. Raises NotAllowed."""
    now = now or timezone.now()
    row = Reveal.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if by.role is not Role.NATIONAL or by.user is None or sight_of(row.complaint, by) is not Sight.TWO:
        raise NotAllowed(_("Hanya admin nasional lain yang bisa menyetujui."))
    if by.user.pk == row.asked_by_id:
        raise NotAllowed(_("Permintaan Anda sendiri harus disetujui admin nasional lain."))
    if row.approved_at is not None or now > row.asked_at + APPROVED_WITHIN:
        raise NotAllowed(_("Permintaan ini sudah lewat 24 jam atau sudah disetujui."))
    row.approved_by, row.approved_at = by.user, now
    row.save(update_fields=["approved_by", "approved_at"])
    with row.complaint.acting("reveal", by=by, now=now, audience=Audience.OFFICERS, bumps=False) as change:
        change.particulars["step"] = "approved"
        _log(row.complaint, by, "reveal_approved", row.reason, {"reveal": row.pk}, now)
    return row


def waiting_reveals(now: datetime.datetime | None = None) -> QuerySet[Reveal]:
    """Requests a second NATIONAL may still approve, oldest first."""
    since = (now or timezone.now()) - APPROVED_WITHIN
    found = Reveal.objects.filter(approved_at__isnull=True, asked_at__gte=since, complaint__anonymous=True)
    return found.select_related("complaint__handler", "complaint__not_for", "asked_by").order_by("asked_at")


def _allowed_look(complaint: Complaint, viewer: Actor | None, now: datetime.datetime) -> Reveal | None:
    """This officer's own request that still holds; of an anonymous reporter only with a second person's word."""
    if viewer is None or viewer.user is None:
        return None
    given = complaint.reveals.filter(asked_by=viewer.user, approved_at__gt=now - LOOK_LASTS)
    return (given.filter(approved_by__isnull=False) if complaint.anonymous else given).first()


_LOOKS: dict[str, Promise] = {
    "referral": _("membaca laporan yang Anda teruskan"),
    "referral_file": _("mengunduh laporan yang Anda teruskan"),
    "identity": _("melihat nama dan kontak Anda"),
    "secret": _("membaca laporan rahasia Anda"),
    "masked": _("membaca laporan Anda dengan nama dan nomor tersamar"),
    "reveal_asked": _("meminta membuka nama Anda"),
    "reveal_approved": _("menyetujui pembukaan nama Anda"),
}


@transaction.atomic
def names_of(
    complaints: Sequence[Complaint], viewer: Actor, reason: str, now: datetime.datetime | None = None
) -> dict[int, str]:
    """The names this viewer may see by a click, of many cases at once, each look logged beside its case. Cases whose
    name asks for more than a click, or that have none, are left out."""
    now = now or timezone.now()
    seen = [case for case in complaints if sight_of(case, viewer) is Sight.SHOWN]
    names = {
        reporter.complaint_id: name
        for reporter in Reporter.objects.filter(complaint__in=seen)
        if (name := _open(reporter.name_sealed))
    }
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            who=viewer.user,
            acting_as=viewer.agency,
            what="look",
            subject_kind="complaint",
            subject_id=pk,
            reason=reason,
            after={"looks": ["identity"]},
        )
        for pk in names
    )
    return names


def by_same_reporter(complaint: Complaint, others: Sequence[Complaint], viewer: Actor) -> set[int]:
    """Ids of those of these cases that somebody filed who may have filed this one too: the same account, an address
    both proved, or the same door. Only among cases whose names this viewer may see by a click; of an anonymous or a
    secret one nothing is said in either direction, or the named one would say whose it is. Two statements at most."""

    def named(case: Complaint) -> bool:
        return not case.anonymous and not case.secret and sight_of(case, viewer) is Sight.SHOWN

    known = [other.pk for other in others if other.pk != complaint.pk and named(other)]
    if not known or not named(complaint):
        return set()
    own = Reporter.objects.filter(complaint=complaint, erased_at__isnull=True).first()
    if own is None:
        return set()
    same = Q(pk__in=[])
    if own.account_fingerprint:
        same |= Q(account_fingerprint=own.account_fingerprint)
    if own.email_fingerprint and own.email_confirmed_at is not None:
        same |= Q(email_fingerprint=own.email_fingerprint, email_confirmed_at__isnull=False)
    if own.door_fingerprint:
        same |= Q(door=own.door, door_fingerprint=own.door_fingerprint)
    found = Reporter.objects.filter(same, complaint__in=known, erased_at__isnull=True)
    return set(found.values_list("complaint_id", flat=True))


def who_looked(complaint: Complaint) -> list[Look]:
    """For the reporter's page: who opened name or secret text, newest first; one line a person, office, day and
    thing, dated by its first time."""
    entries = (
        AuditEntry.objects.filter(
            subject_kind="complaint", subject_id=complaint.pk, what__in=["look", "reveal_asked", "reveal_approved"]
        )
        .select_related("who", "client", "acting_as")
        .order_by("at", "pk")
    )
    lines: dict[tuple[int | None, int | None, int | None, datetime.date, str], Look] = {}
    for entry in entries:
        day = complaint.today(entry.at)
        for what in (entry.after or {}).get("looks", [entry.what]):
            lines.setdefault(
                (entry.who_id, entry.client_id, entry.acting_as_id, day, what),
                Look(
                    at=entry.at,
                    who=str(entry.who.name) if entry.who else str(entry.client or ""),
                    office=entry.acting_as.shown_name if entry.acting_as else "",
                    what=_LOOKS[what],
                    reason=entry.reason,
                ),
            )
    return list(reversed(lines.values()))


def _log(
    complaint: Complaint, by: Actor, what: str, reason: str, after: dict[str, object], now: datetime.datetime
) -> None:
    AuditEntry.objects.create(
        at=now,
        who=by.user,
        client=by.client,
        acting_as=by.agency,
        what=what,
        subject_kind="complaint",
        subject_id=complaint.pk,
        reason=reason,
        after=after,
    )


# --- Name and contacts ---


def set_contacts(
    reporter: Reporter,
    name: str = "",
    email: str = "",
    phone: str = "",
    *,
    confirmed_at: datetime.datetime | None = None,
) -> Reporter:
    """Seal and save. An address that changed is unconfirmed again, unless `confirmed_at` says it is known to be theirs
    (the verified address of an account)."""
    before = (reporter.email_fingerprint, reporter.phone_fingerprint)
    reporter.keep(name=name, email=email, phone=plain_phone(phone))
    if before[0] != reporter.email_fingerprint:
        reporter.email_confirmed_at, reporter.unreachable_since = None, None
    if before[1] != reporter.phone_fingerprint:
        reporter.phone_confirmed_at = None
    if confirmed_at is not None and reporter.email_sealed:
        reporter.email_confirmed_at = confirmed_at
    reporter.save()
    return reporter


def confirm_email(reporter: Reporter, now: datetime.datetime) -> bool:
    """The address answered: letters with content may go there. True the first time."""
    changed = Reporter.objects.filter(pk=reporter.pk, email_confirmed_at__isnull=True, erased_at__isnull=True).update(
        email_confirmed_at=now, unreachable_since=None
    )
    reporter.refresh_from_db()
    return bool(changed)


def confirm_phone(reporter: Reporter, medium: str, now: datetime.datetime) -> bool:
    """Its code came back: the phone is a door now, as if they had written from there. True the first time."""
    changed = Reporter.objects.filter(
        pk=reporter.pk, door="", phone_confirmed_at__isnull=True, erased_at__isnull=True
    ).update(
        phone_confirmed_at=now,
        door=medium,
        door_sealed=reporter.phone_sealed,
        door_fingerprint=reporter.phone_fingerprint,
        door_closed_at=None,
    )
    reporter.refresh_from_db()
    return bool(changed)


def phone_of(reporter: Reporter) -> str:
    """The number they left, for the one message that asks for it; "" when there is none. For notifications alone."""
    return "" if reporter.erased_at is not None else _open(reporter.phone_sealed)


def has_proved(user: User, email: str) -> bool:
    """The account has proved that this address is its own: a report filed with it needs no second proof."""
    return (
        bool(email.strip())
        and EmailAddress.objects.filter(user=user, email__iexact=email.strip(), verified=True).exists()
    )


def mark_unreachable(
    reporter: Reporter, now: datetime.datetime, *, medium: str = EMAIL, everywhere: bool = False
) -> None:
    """The address refused for good: no more letters there, `everywhere`: about none of its reports. With no other left
    the reporter has 30 working days instead of 10."""
    column, by = ("unreachable_since", "email") if medium == EMAIL else ("door_closed_at", "door")
    address = getattr(reporter, f"{by}_fingerprint")
    same = Q(pk=reporter.pk)
    if everywhere and address:
        same |= Q(**{f"{by}_fingerprint": address, **({"door": medium} if by == "door" else {})})
    Reporter.objects.filter(same, **{f"{column}__isnull": True}).update(**{column: now})


def set_news(reporter: Reporter, news: str) -> None:
    """What they want to hear of; letters already waiting go by the new wish when their turn comes."""
    Reporter.objects.filter(pk=reporter.pk).update(news=news)
    reporter.news = news


def try_again(reporter: Reporter, medium: str) -> None:
    """Somebody repaired what was wrong: the address that refused may be written to again."""
    column = "unreachable_since" if medium == EMAIL else "door_closed_at"
    Reporter.objects.filter(pk=reporter.pk, erased_at__isnull=True).update(**{column: None})


def hush(medium: str, fingerprint_of_address: str, now: datetime.datetime, *, resume: bool = False) -> int:
    """No more letters by this door to this account, or letters again, for all its reports; how many it was."""
    if not medium or not fingerprint_of_address:
        return 0
    doors = Reporter.objects.filter(door=medium, door_fingerprint=fingerprint_of_address, erased_at__isnull=True)
    if resume:
        return doors.filter(door_closed_at__isnull=False).update(door_closed_at=None)
    return doors.filter(door_closed_at__isnull=True).update(door_closed_at=now)


def stop_letters(reporter: Reporter) -> None:
    """No more letters, by the reporter's own wish; the address counts as unconfirmed again."""
    Reporter.objects.filter(pk=reporter.pk).update(email_confirmed_at=None)


def address_of(reporter: Reporter, medium: str) -> str:
    """Where a letter by this medium goes; "" when there is none or the reporter was erased. For notifications alone."""
    if reporter.erased_at is not None:
        return ""
    if medium == EMAIL:
        return _open(reporter.email_sealed)
    return _open(reporter.door_sealed) if reporter.door == medium else ""


def masked_address(row: Notification) -> str:
    """Where a letter was to go, enough to recognise one's own number; "" for an officer's and for whoever is not to be
    found out: the reporter of an anonymous or secret case, and everybody who follows one or has alerts."""
    if row.user_id is not None or row.supporter_id is not None or row.alert_id is not None:
        return ""
    if row.arrival is not None:
        case, address = row.arrival.complaint, _open(row.arrival.sender_sealed)
    else:
        reporter = row.reporter or (row.event.complaint.reporter if row.event else None)
        if reporter is None:
            return ""
        case, address = reporter.complaint, address_of(reporter, row.medium)
    return "" if case is not None and (case.anonymous or case.secret) else masked_contact(address)


def greeting_of(reporter: Reporter, complaint: Complaint) -> str:
    """The reporter's first name for a letter to them; "" for an anonymous case (I6)."""
    if complaint.anonymous or reporter.erased_at is not None:
        return ""
    return _open(reporter.name_sealed).partition(" ")[0]


def names_to_hide(complaint: Complaint) -> tuple[str, ...]:
    """The reporter's name, to be masked wherever it stands in a text for others; never shown, so not logged."""
    reporter = getattr(complaint, "reporter", None)
    name = _open(reporter.name_sealed) if reporter is not None else ""
    return (name,) if len(name) >= 3 else ()


def erase(reporter: Reporter, now: datetime.datetime) -> None:
    """Forget who it was (UU 27/2022, article 8); the case stays whole."""
    reporter.keep(door=("", ""))
    reporter.account_fingerprint = ""
    reporter.email_confirmed_at = reporter.phone_confirmed_at = None
    reporter.erased_at = now
    reporter.save()
    reporter.devices.all().delete()


@transaction.atomic
def erase_account(user: User, now: datetime.datetime) -> int:
    """Forget a citizen: the account, who filed every report that was filed with it, and what its addresses follow. The
    reports stay, their keys open them. Returns how many.

    Raises ProtectedError for somebody who acted as an officer: what they did keeps its name.
    """
    reports = list(Reporter.objects.select_for_update().filter(account_fingerprint=user.fingerprint))
    for reporter in reports:
        erase(reporter, now)
    for address in EmailAddress.objects.filter(user=user, verified=True):
        end_all_support(address.email, now)
        if (subscriber := Subscriber.objects.of_mailbox(address.email)) is not None:
            forget_subscriber(subscriber, now)
    user.delete()
    return len(reports)


def let_go_of(account: str, now: datetime.datetime) -> None:
    """The account with this fingerprint is gone: its reports are nobody's, what it was writing is forgotten."""
    Reporter.objects.filter(account_fingerprint=account).update(account_fingerprint="")
    Draft.objects.filter(account_fingerprint=account).update(expires_at=now)


# --- Whoever follows a case ("saya juga mengalami") ---


def address_of_supporter(supporter: Supporter) -> str:
    """Where their letters go; "" when it was taken back. For notifications and their own page alone."""
    return "" if supporter.ended_at is not None else _open(supporter.email_sealed)


@transaction.atomic
def confirm_support(supporter: Supporter, now: datetime.datetime) -> Supporter:
    """The contact is theirs: from now on they count and are told. The reporter of the case is told anyway and is no
    second person: their row ends. A second time changes nothing but that letters are wanted again."""
    row = Supporter.objects.select_for_update().get(pk=supporter.pk)
    if row.ended_at is not None:
        return row
    reporter = Reporter.objects.filter(complaint=row.complaint_id, erased_at__isnull=True).first()
    own = _open(reporter.email_sealed) if reporter is not None and reporter.email_confirmed_at is not None else ""
    if own and mailbox_of(own) == mailbox_of(_open(row.email_sealed)):
        return end_support(row, now)
    row.confirmed_at, row.stopped_at = row.confirmed_at or now, None
    row.save(update_fields=["confirmed_at", "stopped_at"])
    return row


def stop_support_letters(supporter: Supporter, now: datetime.datetime) -> None:
    """They stay counted and hear no more."""
    Supporter.objects.filter(pk=supporter.pk, stopped_at__isnull=True).update(stopped_at=now)


def end_support(supporter: Supporter, now: datetime.datetime) -> Supporter:
    """Taken back: no longer counted, and nothing of the contact is kept."""
    supporter.fingerprint = supporter.email_sealed = ""
    supporter.ended_at = now
    supporter.save(update_fields=["fingerprint", "email_sealed", "ended_at"])
    return supporter


def end_all_support(email: str, now: datetime.datetime) -> int:
    """Whatever this mailbox follows is taken back; how many it was."""
    mark = mark_of(email)
    if not mark:
        return 0
    return Supporter.objects.filter(fingerprint=mark).update(fingerprint="", email_sealed="", ended_at=now)


# --- Whoever has letters of what becomes public ("kabar lewat surel") ---


def address_of_subscriber(subscriber: Subscriber) -> str:
    """Where their alerts go. For notifications and their own page alone."""
    return _open(subscriber.email_sealed)


@transaction.atomic
def end_alert(alert: Alert, now: datetime.datetime) -> None:
    """No more letters of it; with the last one the address is deleted at once."""
    subscriber = alert.subscriber_id and Subscriber.objects.select_for_update().filter(pk=alert.subscriber_id).first()
    _end_alerts(Q(pk=alert.pk), now)
    if subscriber and not Alert.objects.standing().filter(subscriber=subscriber).exists():
        subscriber.delete()


@transaction.atomic
def forget_subscriber(subscriber: Subscriber, now: datetime.datetime) -> None:
    """All its alerts end, and the address is deleted."""
    row = Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
    if row is not None:
        _end_alerts(Q(subscriber=row), now)
        row.delete()


def _end_alerts(which: Q, now: datetime.datetime) -> None:
    """What was wished for goes too; the empty row goes with its letters once none of them is on its way."""
    nothing = {"place": None, "office": None, "category": None, "kind": "", "words": "", "code": ""}
    Alert.objects.standing().filter(which).update(ended_at=now, next_at=None, subscriber=None, **nothing)


# --- As it is written ---


def plain_phone(typed: str) -> str:
    """+62…: "0812-0000 7700" and "62812…" are the same number."""
    digits = "".join(ch for ch in typed if ch.isdigit())
    if not digits:
        return ""
    return "+62" + digits.removeprefix("62").removeprefix("0")


def _identity(complaint: Complaint) -> Identity:
    reporter = Reporter.objects.filter(complaint=complaint).first()
    if reporter is None:
        return Identity()
    return Identity(_open(reporter.name_sealed), _open(reporter.email_sealed), _open(reporter.phone_sealed))


def _open(token: str) -> str:
    """A token whose key is gone reads as empty: the page still works, the loss is for the operator's log."""
    try:
        return unseal(token)
    except InvalidToken:
        return ""
