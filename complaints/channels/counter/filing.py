"""A report typed in at an office, for somebody who came, phoned or wrote.

It is theirs and not the officer's: the officer stands in its first event as the one who typed it, and sees of it
afterwards what the table gives their role and no more.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actor import Actor
from agencies.models import Agency, Region
from complaints.channels.counter import CODE
from complaints.intake import Receipt, Submission, receive
from complaints.models import Category, Complaint, Draft
from complaints.models.reference import Kind
from lapor.kit.wording import plain_day

# The step of a Draft that is typed at the counter.
STEP = "loket"


class Came(models.TextChoices):
    """How the citizen reached the office."""

    IN_PERSON = "DATANG", gettext_lazy("Datang ke kantor")
    BY_PHONE = "TELEPON", gettext_lazy("Menelepon")
    BY_LETTER = "SURAT", gettext_lazy("Mengirim surat")


@dataclass(frozen=True)
class Typed:
    """One page of the counter, checked. A letter's number and date only where it came by letter.

    `read_out`: the citizen was told who will read it and what becomes of the data; a letter's writer is not there.
    """

    came: Came
    kind: str
    title: str
    story: str
    happened_on: datetime.date | None
    place: Region
    landmark: str = ""
    category: Category | None = None
    office: Agency | None = None
    office_text: str = ""
    conduct: bool = False
    anonymous: bool = False
    secret: bool = False
    name: str = ""
    email: str = ""
    phone: str = ""
    letter_number: str = ""
    letter_on: datetime.date | None = None
    read_out: bool = False


def file(draft: Draft, typed: Typed, *, by: Actor, now: datetime.datetime | None = None) -> Receipt:
    """Make the case; the same draft twice is the same case. Raises Incomplete(field, message)."""
    return receive(read(draft, typed, by=by), now=now)


def read(draft: Draft, typed: Typed, *, by: Actor) -> Submission:
    letter = {}
    if typed.came == Came.BY_LETTER:
        letter = {"number": typed.letter_number, "on": typed.letter_on.isoformat() if typed.letter_on else ""}
    return Submission(
        channel=CODE,
        external_id=str(draft.token),
        kind=typed.kind,
        title=typed.title,
        body=typed.story,
        happened_on=typed.happened_on if typed.kind == Kind.PENGADUAN else None,
        place=typed.place,
        landmark=typed.landmark,
        category=typed.category,
        addressed_to=typed.office,
        addressed_text="" if typed.office else typed.office_text,
        about_conduct=typed.conduct,
        not_for=typed.office if typed.conduct else None,
        anonymous=typed.anonymous,
        secret=typed.secret,
        name=typed.name,
        email=typed.email,
        phone=typed.phone,
        attachments=list(draft.attachments.filter(complaint=None)),
        draft=draft,
        raw=json.dumps({"came": typed.came, **letter}, ensure_ascii=False),
        typed_by=by,
        brought={"came": typed.came, "read_out": typed.read_out, **_letter_to_show(typed, letter)},
    )


def _letter_to_show(typed: Typed, letter: dict[str, str]) -> dict[str, str]:
    """The number of a letter may name its writer ("12/RT.03/V/2026"): of an anonymous one it stays sealed."""
    sealed = {"number"} if typed.anonymous else set()
    return {f"letter_{name}": value for name, value in letter.items() if value and name not in sealed}


def how(complaint: Complaint) -> str:
    """In words for officers: "surat 3 Mei 2026, nomor 12/RT.03/V/2026"; "" for what came by another channel."""
    event = complaint.events.filter(verb="submit").first() if complaint.channel == CODE else None
    said = event.particulars if event else {}
    if said.get("came") not in Came.values:
        return ""
    if said["came"] != Came.BY_LETTER:
        return str(Came(said["came"]).label).lower()
    day = plain_day(datetime.date.fromisoformat(said["letter_on"])) if said.get("letter_on") else ""
    number = said.get("letter_number", "")
    if day and number:
        return _("surat %(day)s, nomor %(number)s") % {"day": day, "number": number}
    return _("surat %(day)s") % {"day": day} if day else _("surat")
