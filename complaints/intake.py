"""Intake: the single door of every channel. Whatever arrives is kept first (`keep`), understood after by a worker, and
becomes a Submission; `receive` makes it a case. A channel that understands at once, as the web does, only receives.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, ApiClient, Region, SubSite, User
from complaints import privacy
from complaints.models import (
    AddressedBy,
    Answer,
    Arrival,
    Attachment,
    Category,
    Complaint,
    Draft,
    Kind,
    Message,
    RemoteFile,
    Reporter,
)
from complaints.models.event import Audience
from complaints.models.lifecycle.acting import BODY_LIMIT, clean_text
from complaints.number import hash_key, new_key, new_number
from complaints.signals import arrival_kept
from complaints.transitions import Incomplete
from lapor.kit.sealing import fingerprint, seal
from lapor.kit.text import first_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TITLE_LIMIT = 160
FILE_LIMIT = 5
# Without an id of its own, the same text from the same sender within this time is one message that came twice.
SAME_WITHIN = datetime.timedelta(minutes=10)


@dataclass(frozen=True)
class Submission:
    """One report as a channel understood it. Only `channel`, `external_id` and `body` are required.

    `external_id` is the sender's own id of it (a draft's token, a Message-ID, "file.csv#17"): the same one twice is
    the same case. `received_at` is when it came in, not when it was read; None: now. `silent` imports history, and
    `came_by` is how a report of the past came ("": by this channel). `addressed_by` says that `addressed_to` is no
    guess of the reporter: what stood for the office (AddressedBy). `client` is the agency's system that carried it,
    `door` the medium and account at which the channel can answer, `arrival` the kept message it was read from.
    `typed_by` is the officer who typed it in for the reporter, `brought` what the channel adds to the first event:
    never a name, a contact or a word of the reporter. `subsite` is the district's own site it was filed on.
    """

    channel: str
    external_id: str
    body: str
    title: str = ""
    kind: str = Kind.PENGADUAN
    happened_on: datetime.date | None = None
    place: Region | None = None
    landmark: str = ""
    latitude: float | None = None
    longitude: float | None = None
    category: Category | None = None
    addressed_to: Agency | None = None
    addressed_text: str = ""
    addressed_by: str = ""
    about_conduct: bool = False
    not_for: Agency | None = None
    anonymous: bool = False
    secret: bool = False
    name: str = ""
    email: str = ""
    phone: str = ""
    door: tuple[str, str] = ("", "")
    user: User | None = None
    client: ApiClient | None = None
    language: str = "id"
    attachments: Sequence[Attachment] = field(default_factory=tuple)
    # Unsaved, one a question of the category.
    answers: Sequence[Answer] = field(default_factory=tuple)
    # Where files of it lie on the net; a worker fetches them.
    media: Sequence[str] = field(default_factory=tuple)
    draft: Draft | None = None
    raw: str = ""
    received_at: datetime.datetime | None = None
    silent: bool = False
    came_by: str = ""
    # Of a report of the past: what it was called there, whether it was supervised, and its text as edited there.
    former_number: str = ""
    supervised: bool = False
    edited_body: str = ""
    arrival: Arrival | None = None
    typed_by: Actor | None = None
    subsite: SubSite | None = None
    brought: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """What the sender is told. `key` is shown this once; empty on a repeat, when it is known no more."""

    complaint: Complaint
    key: str
    created: bool


def keep(
    channel: str,
    raw: bytes,
    *,
    external_id: str = "",
    sender: str = "",
    received_at: datetime.datetime | None = None,
    now: datetime.datetime | None = None,
) -> tuple[Arrival, bool]:
    """Keep a message as it came, sealed, and announce it; the same one twice is one arrival. Returns it and whether it
    is new.

    `external_id` is the sender's own id of it, at most 200 characters (longer ones are hashed). Without one the same
    bytes from the same sender within ten minutes are taken as the same message, marked by `repeats`. `sender` is the
    address it can be answered at. Never looks into `raw`: what it is, is understood after the answer went out.
    """
    now = now or timezone.now()
    name = _name_of(channel, raw, external_id, sender)
    if not external_id:
        repeated = (
            Arrival.objects.filter(channel=channel, external_id__startswith=name, received_at__gt=now - SAME_WITHIN)
            .order_by("-pk")
            .first()
        )
        if repeated is not None:
            Arrival.objects.filter(pk=repeated.pk).update(repeats=F("repeats") + 1)
            return repeated, False
        # Two at the very same moment share the second, and the unique key lets one in.
        name = f"{name}:{now:%Y%m%d%H%M%S}"
    arrival = Arrival(channel=channel, external_id=name, received_at=received_at or now)
    arrival.keep_sender(sender)
    arrival.keep_raw(raw)
    try:
        with transaction.atomic():
            arrival.save(force_insert=True)
            arrival_kept.send(sender=Arrival, arrival=arrival)
    except IntegrityError:
        arrival.raw_file.delete(save=False)
        return Arrival.objects.get(channel=channel, external_id=name), False
    return arrival, True


def keep_refused(channel: str, raw: bytes, reason: str, *, now: datetime.datetime | None = None) -> Arrival:
    """What a door turned away at once (a forged signature, a replay) is kept with the reason; nobody is answered."""
    now = now or timezone.now()
    arrival = Arrival(
        channel=channel,
        external_id=f"ditolak:{uuid.uuid4().hex}",
        received_at=now,
        outcome=Arrival.Outcome.REFUSED,
        reason=reason[:300],
        understood_at=now,
    )
    arrival.keep_raw(raw)
    arrival.save(force_insert=True)
    return arrival


def _name_of(channel: str, raw: bytes, external_id: str, sender: str) -> str:
    """What tells this message from every other of its channel."""
    if external_id:
        # As it is where a column can hold it; with signs left out, two names could become one.
        if len(external_id) <= 200 and clean_text(external_id) == external_id:
            return external_id
        return "#" + hashlib.sha256(external_id.encode("utf-8", "surrogatepass")).hexdigest()
    return "tanpa-id:" + fingerprint(f"{channel}\n{sender}\n{hashlib.sha256(raw).hexdigest()}")


def receive(submission: Submission, *, now: datetime.datetime | None = None) -> Receipt:
    """Make one case of a submission, or find the one it already made (I8).

    Case, reporter, event, first clock, first stint and outbox rows commit together. Raises Incomplete(field, message)
    for a body or title that can't be kept; then nothing was written.
    """
    now = now or timezone.now()
    body, title = check(submission)
    try:
        with transaction.atomic():
            # The unique key decides who was first; whoever comes second reads what the first one made.
            arrival = submission.arrival or Arrival(
                channel=submission.channel,
                external_id=submission.external_id,
                raw_sealed=seal(submission.raw),
                received_at=submission.received_at or now,
                outcome=Arrival.Outcome.OPENED,
            )
            return _open(submission, arrival, title, body, now)
    except IntegrityError:
        first = (
            Arrival.objects.select_related("complaint__handler", "complaint__place")
            .filter(channel=submission.channel, external_id=submission.external_id)
            .first()
        )
        if first is None or first.complaint is None:
            raise
        return Receipt(first.complaint, "", created=False)


def _open(submission: Submission, arrival: Arrival, title: str, body: str, now: datetime.datetime) -> Receipt:
    if submission.subsite is not None and submission.addressed_to is None:
        # Whose site it was filed on, theirs it is, unless the reporter named another office (case.md section 5).
        submission = replace(submission, addressed_to=submission.subsite.agency, addressed_by=AddressedBy.SUBSITE)
    key = new_key()
    complaint = Complaint(
        number=new_number(),
        key_hash=hash_key(key),
        kind=submission.kind,
        title=title,
        body=body,
        happened_on=submission.happened_on if submission.kind == Kind.PENGADUAN else None,
        place=submission.place,
        landmark=clean_text(submission.landmark)[:200],
        latitude=submission.latitude,
        longitude=submission.longitude,
        category=submission.category,
        addressed_to=submission.addressed_to,
        addressed_text=clean_text(submission.addressed_text)[:200],
        addressed_by=submission.addressed_by,
        subsite=submission.subsite,
        channel=submission.came_by or submission.channel,
        anonymous=submission.anonymous,
        secret=submission.secret,
        about_conduct=submission.about_conduct or submission.not_for is not None,
        not_for=submission.not_for,
        silent=submission.silent,
        former_number=submission.former_number[:40],
        supervised=submission.supervised,
        received_at=arrival.received_at,
        changed_at=now,
    )
    by = Actor.reporter(submission.user, submission.client)
    reporter = Reporter(account_fingerprint=by.account, language=submission.language)
    reporter.keep(name=submission.name, email=submission.email, phone=submission.phone, door=submission.door)
    if submission.user is not None and privacy.has_proved(submission.user, submission.email):
        reporter.email_confirmed_at = now
    complaint.submit(reporter, arrival, by=submission.typed_by or by, now=now, more=submission.brought)
    if submission.attachments:
        Attachment.objects.filter(pk__in=[a.pk for a in submission.attachments]).update(complaint=complaint)
    if submission.edited_body:
        Message.objects.create(
            complaint=complaint,
            side=Message.Side.DESK,
            verb="edited",
            body=submission.edited_body,
            audience=Audience.OFFICERS,
            written_at=now,
        )
    if submission.answers:
        for answer in submission.answers:
            answer.complaint = complaint
        Answer.objects.bulk_create(submission.answers)
    for url in submission.media:
        RemoteFile.objects.create(complaint=complaint, url_sealed=seal(url), next_try=now)
    if submission.draft is not None:
        submission.draft.become(complaint, key)
    return Receipt(complaint, key, created=True)


def check(submission: Submission) -> tuple[str, str]:
    """Body and title as they will be kept. Raises Incomplete(field, message) for what `receive` would refuse."""
    body, title = clean_text(submission.body), clean_text(submission.title).replace("\n", " ")
    if not body:
        raise Incomplete("body", _("Ceritakan masalahnya."))
    if len(body) > BODY_LIMIT:
        raise Incomplete("body", _("Ceritanya terlalu panjang. Paling banyak 10.000 huruf."))
    if len(title) > TITLE_LIMIT:
        raise Incomplete("title", _("Judulnya terlalu panjang. Paling banyak 160 huruf."))
    if submission.kind not in Kind.values:
        raise Incomplete("kind", _("Pilih jenis laporan."))
    if submission.not_for is not None and submission.not_for.parent_id is None:
        raise Incomplete("not_for", _("Pilih kantor yang dilaporkan, bukan pusat."))
    if len(submission.attachments) > FILE_LIMIT:
        raise Incomplete("attachments", _("Paling banyak 5 berkas."))
    # A channel without a title: the first eight words (case.md section 3, Kinds).
    return body, title or first_words(body, 8, TITLE_LIMIT)
