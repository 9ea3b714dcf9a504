"""The masked copy of a case that everybody reads and searches, and the words it is searched by.

The verbs announce and the receivers call; this writes only Publication. A case that is secret, is kept from an office
(`not_for`), was never forwarded, was withdrawn or archived as abuse has none (case.md section 5, "Published is not
forwarded").
"""

from __future__ import annotations

import csv
import datetime
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.db.models.expressions import CombinedExpression

from complaints import appearances
from complaints.masking import DATA, mask
from complaints.models import Complaint, Message, Publication, answers_of
from complaints.transitions import Status

__all__ = ["has_copy", "is_publishable", "normalise_query", "preview", "publish", "withdraw"]

TITLE_LIMIT = 160
CONFIG = "indonesian"
# Depth of a region code: provinsi 1, kabupaten/kota 2, kecamatan 3, kelurahan/desa 4.
KECAMATAN, KELURAHAN = 3, 4
# A district office's own telephone number is for everybody.
OF_AN_OFFICE = frozenset({"TEL"})


def preview(complaint: Complaint, title: str, body: str, *, hide: Iterable[str] = ()) -> tuple[str, str]:
    """Title and body as the public would read them, what was answered to the category's questions below the story;
    `hide` are names known to be the reporter's."""
    if body:
        body = "\n".join([body, *_answered(complaint)])
    return _title(mask(title, hide=hide)), mask(body, hide=hide)


def masked_answer(body: str, *, hide: Iterable[str] = ()) -> str:
    """What an office said, as the public would read it."""
    return mask(body, hide=hide, keep=OF_AN_OFFICE)


def _answered(complaint: Complaint) -> list[str]:
    """A line for each answer, an empty one before the first. The officer reads and corrects them with the rest."""
    lines = [f"{question.rstrip('?:')}: {answer}" for question, answer in answers_of(complaint)]
    return ["", *lines] if lines else []


def is_publishable(complaint: Complaint) -> bool:
    """Whether this case may have a masked copy at all, as it stands now."""
    if complaint.secret or complaint.not_for_id is not None:
        return False
    if complaint.status == Status.SUBMITTED or complaint.returns_to == Status.SUBMITTED:
        return False
    if complaint.status == Status.ARCHIVED:
        last = complaint.events.filter(status_to=Status.ARCHIVED).values_list("verb", flat=True).last()
        return complaint.archive_ground != "ABUSE" and last != "withdraw"
    return True


def publish(
    complaint: Complaint,
    *,
    title: str | None = None,
    body: str | None = None,
    hide: Iterable[str] = (),
    now: datetime.datetime,
) -> Publication | None:
    """Create the masked copy, or bring it up to date.

    Title and body as an officer corrected them are kept word for word; without them an existing copy keeps its own
    and a new one is masked. None, and no copy is left, when the case may not be public. Inside the act's transaction.
    """
    if not is_publishable(complaint):
        withdraw(complaint)
        return None
    hidden = tuple(hide)
    row = Publication.objects.filter(complaint=complaint).first()
    before = None if row is None else {one["message"] for one in row.conversation}
    if row is None:
        row = Publication(complaint=complaint, published_at=now)
        row.title, row.body = preview(complaint, complaint.title, complaint.body, hide=hidden)
    row.title = _title(row.title if title is None else title)
    row.body = row.body if body is None else body
    row.conversation = _conversation(complaint, hidden)
    row.place_id = _place(complaint)
    row.kind = complaint.kind
    row.category_id = complaint.category_id
    row.search = _vector(row.title, row.body)
    row.save()
    appearances.note(complaint, row.conversation, before, now)
    return row


def draft_of(complaint: Complaint) -> Publication:
    """The masked copy as it would be, not saved."""
    title, body = preview(complaint, complaint.title, complaint.body)
    return Publication(
        complaint=complaint,
        title=title,
        body=body,
        place_id=_place(complaint),
        kind=complaint.kind,
        category=complaint.category,
    )


def has_copy(complaint: Complaint) -> bool:
    return Publication.objects.filter(complaint=complaint).exists()


def withdraw(complaint: Complaint) -> bool:
    """Take the masked copy away; True if there was one."""
    return bool(Publication.objects.filter(complaint=complaint).delete()[0])


def _title(text: str) -> str:
    """On one line. A label may be longer than what it hides: cut at a word, and never inside a label."""
    text = " ".join(text.split())
    if len(text) <= TITLE_LIMIT:
        return text
    cut = text[: TITLE_LIMIT - 1].rpartition(" ")[0]
    if cut.rfind("[") > cut.rfind("]"):
        cut = cut[: cut.rfind("[")]
    return cut.rstrip(" ,.;:") + "…"


def _conversation(complaint: Complaint, hide: tuple[str, ...]) -> list[dict[str, Any]]:
    """What was said for everybody: shape in Publication's docstring. Who wrote it for an office is not named."""
    messages = (
        complaint.messages.filter(state=Message.State.SENT, audience="PUBLIC").select_related("agency").order_by("pk")
    )
    return [
        {
            "message": message.pk,
            "side": message.side,
            "at": message.written_at.isoformat(),
            "agency": message.agency.shown_name if message.agency else "",
            "verb": message.verb,
            "body": mask(message.body, hide=hide)
            if message.side == Message.Side.REPORTER
            else masked_answer(message.body, hide=hide),
            "facts": message.facts,
        }
        for message in messages
    ]


def _place(complaint: Complaint) -> str | None:
    """At most the kelurahan or desa; the kecamatan where the reporter is anonymous or the landmark names a home."""
    code = complaint.place_id
    if code is None:
        return None
    parts = code.split(".")
    coarse = complaint.anonymous or mask(f"rumah saya {complaint.landmark}") != f"rumah saya {complaint.landmark}"
    return ".".join(parts[: KECAMATAN if coarse else KELURAHAN])


def _vector(title: str, body: str) -> CombinedExpression:
    return SearchVector(Value(normalise_query(title)), config=CONFIG, weight="A") + SearchVector(
        Value(normalise_query(body)), config=CONFIG, weight="B"
    )


# --- Words ---

_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_LABEL = re.compile(r"\[[^\]\n]{1,30} disamarkan\]")


def normalise_query(text: str) -> str:
    """The words of a text or a query in standard spelling, lower case, without stop words; "" when none is left.

    Used on both sides, so "jln bolong yg parah bangettt" finds "Jalan berlubang …".
    """
    words = _words()
    stops = _stop_words()
    kept: list[str] = []
    plain = unicodedata.normalize("NFKC", _LABEL.sub(" ", text)).lower().replace("\x00", "")
    for token in _TOKEN.findall(plain):
        token = _STRETCHED.sub(r"\1", token)
        for half in token.split("-") if token not in words else [token]:
            standard = words.get(half, half).split()
            for word in standard:
                # "jalan-jalan" and "terus terus" are one word to a search.
                if word not in stops and (not kept or kept[-1] != word):
                    kept.append(word)
    return " ".join(kept)


@cache
def _words() -> dict[str, str]:
    """Abbreviations, misspellings and slang → standard spelling; ours win over the borrowed list."""
    found: dict[str, str] = {}
    for name in ("slang_id.csv", "ejaan.csv"):
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            found |= {row["ragam"]: row["baku"] for row in csv.DictReader(file)}
    return found


@cache
def _stop_words() -> frozenset[str]:
    return frozenset((DATA / "kata_henti.txt").read_text(encoding="utf-8").split())
