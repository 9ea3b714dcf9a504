"""servicerequestupdates: what happened to published cases, and what a client has to add (mySociety's extension).

https://github.com/mysociety/fixmystreet/wiki/Open311-FMS---Proposed-differences-to-Open311, with its further states. So
a FixMyStreet that filed a report learns what became of it, and an agency's own system tells what it did.

What is told comes from Publication alone: the client may show it to everybody. What happened before a case was
published is no update.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import gettext as _

from agencies.models import Agency
from complaints import cards, journey
from complaints.channels.open311.asking import Asked
from complaints.channels.open311.formats import has_html, said, without_html
from complaints.channels.open311.inbound import DESCRIPTION_LIMIT, read_contact, read_media
from complaints.channels.open311.records import FURTHEST_PAGE, MOST, address_of, inside, span, w3c
from complaints.channels.open311.refusals import Wrong
from complaints.models import Attachment, Event
from complaints.models.event import Audience
from complaints.models.lifecycle.answers import DONE, REFUSED, SCHEDULED
from complaints.number import read_number
from complaints.transitions import Status
from lapor.kit.sealing import fingerprint
from lapor.kit.text import shorten

# The state after an update: ours → theirs; what is answered or closed says how.
STATES: dict[str, str] = {
    Status.SUBMITTED: "open",
    Status.FORWARDED: "open",
    Status.WAITING: "investigating",
    Status.IN_PROGRESS: "in_progress",
}
ENDS = {DONE: "fixed", SCHEDULED: "action_scheduled", REFUSED: "no_further_action"}
ARCHIVED = {"DUPLICATE": "duplicate", "NOT_PUBLIC_SERVICE": "not_councils_responsibility"}
# What a client may say in turn, and the few it is read as.
KNOWN = {
    "OPEN": "OPEN",
    "CONFIRMED": "OPEN",
    "INVESTIGATING": "WORKING",
    "IN_PROGRESS": "WORKING",
    "PLANNED": "WORKING",
    "ACTION_SCHEDULED": "WORKING",
    "INTERNAL_REFERRAL": "WORKING",
    "FIXED": "FIXED",
    "CLOSED": "FIXED",
    "NO_FURTHER_ACTION": "UNABLE",
    "UNABLE_TO_FIX": "UNABLE",
    "NOT_COUNCILS_RESPONSIBILITY": "NOT_OURS",
    "NOT_RESPONSIBLE": "NOT_OURS",
    "DUPLICATE": "DUPLICATE",
    "REOPEN": "REOPEN",
}


# --- What is told ---


@dataclass(frozen=True)
class Wanted:
    start: datetime.datetime
    end: datetime.datetime
    page: int
    size: int
    numbers: list[str]
    jurisdiction: Agency | None


def read(asked: Asked, jurisdiction: Agency | None, now: datetime.datetime) -> Wanted:
    """Raises Wrong."""
    page, size = asked.number("page", 1, FURTHEST_PAGE), asked.number("page_size", MOST, MOST)
    start, end = span(asked, now)
    numbers = [number for one in asked.many("service_request_id") if (number := read_number(one))]
    if asked.many("service_request_id") and not numbers:
        # Ids that can't be ours: of nothing, and not of everything.
        numbers = [""]
    return Wanted(start, end, page, size, numbers, jurisdiction)


def page(wanted: Wanted) -> tuple[list[Event], bool]:
    """The updates of the page asked for, oldest first, and whether there are more. One statement."""
    rows = Event.objects.filter(
        verb__in=journey.TOLD,
        recorded_at__gte=wanted.start,
        recorded_at__lte=wanted.end,
        complaint__publication__published_at__lte=F("recorded_at"),
    ).exclude(audience=Audience.OFFICERS)
    if wanted.numbers:
        rows = rows.filter(complaint__number__in=wanted.numbers)
    if wanted.jurisdiction is not None:
        rows = rows.filter(inside(wanted.jurisdiction, "complaint__publication__"))
    rows = rows.select_related("complaint__publication", "handler_to", "handler_from", "acting_agency").only(
        "verb", "recorded_at", "status_to", "particulars", "handler_to__name", "handler_to__short_name",
        "handler_from__name", "handler_from__short_name", "acting_agency__name", "acting_agency__short_name",
        "complaint__number", "complaint__archive_ground", "complaint__publication__conversation",
        "complaint__publication__place_id",
    )  # fmt: skip
    first = (wanted.page - 1) * wanted.size
    found = list(rows.order_by("recorded_at", "pk")[first : first + wanted.size + 1])
    return found[: wanted.size], len(found) > wanted.size


def updates(events: list[Event]) -> list[dict[str, Any]]:
    """Three statements, whatever their number; none where there are none."""
    if not events:
        return []
    places = cards.places_of(event.complaint.publication.place_id for event in events)
    outcomes = _outcomes({event.complaint_id for event in events})
    messages = [event.particulars["message"] for event in events if "message" in event.particulars]
    pictures = _pictures(messages)
    rows = []
    for event in events:
        copy = event.complaint.publication
        place = places.get(copy.place_id or "")
        message = event.particulars.get("message")
        rows.append(
            {
                "update_id": update_id(event.pk),
                "service_request_id": event.complaint.number,
                "status": _state(event, outcomes.get(event.complaint_id, [])),
                "updated_datetime": w3c(event.recorded_at, ZoneInfo(place.zone if place else "Asia/Jakarta")),
                "description": _words(event, message, copy.conversation),
                "media_url": pictures.get(message or 0),
            }
        )
    return rows


def update_id(event: int) -> str:
    """The same for ever, and no number that could be counted up."""
    return fingerprint(str(event), "open311 update")[:24]


def _outcomes(cases: set[int]) -> dict[int, list[tuple[int, str]]]:
    """By case: (event, outcome) of each final answer, oldest first. One statement."""
    found: dict[int, list[tuple[int, str]]] = {}
    answers = Event.objects.filter(complaint_id__in=cases, verb="resolve").order_by("pk")
    for case, pk, particulars in answers.values_list("complaint_id", "pk", "particulars"):
        found.setdefault(case, []).append((pk, particulars.get("outcome", "")))
    return found


def _state(event: Event, outcomes: list[tuple[int, str]]) -> str:
    """Where the case stood after it."""
    if event.status_to == Status.ARCHIVED:
        ground = "DUPLICATE" if event.verb == "merge" else event.particulars.get("ground", "")
        return ARCHIVED.get(ground, "no_further_action")
    if event.status_to in (Status.ANSWERED, Status.CLOSED):
        last = [outcome for pk, outcome in outcomes if pk <= event.pk]
        return ENDS.get(last[-1], "closed") if last else "closed"
    return STATES.get(event.status_to, "open")


def _words(event: Event, message: int | None, conversation: list[dict[str, Any]]) -> str | None:
    """What was said, masked, where it was said for everybody; else what happened."""
    body = next((one["body"] for one in conversation if one["message"] == message), "") if message else ""
    return said(shorten(without_html(body), DESCRIPTION_LIMIT) or journey.heading(event))


def _pictures(messages: list[int]) -> dict[int, str]:
    """By message: the address of the first picture shown to everybody with it. One statement."""
    rows = Attachment.objects.filter(
        message_id__in=messages,
        message__side="AGENCY",
        message__audience="PUBLIC",
        message__state="SENT",
        state=Attachment.State.CLEAN,
        sniffed_type__startswith="image/",
    )
    shown: dict[int, str] = {}
    for message, pk in rows.order_by("pk").values_list("message_id", "pk"):
        shown.setdefault(message or 0, address_of(pk))
    return shown


# --- What a client adds ---


@dataclass(frozen=True)
class Update:
    """One POST, checked. `state` is a value of KNOWN; `name` the client's own id of it, "" for none."""

    number: str
    state: str
    said_state: str
    at: datetime.datetime
    description: str
    name: str
    email: str
    phone: str
    media: list[str]


def read_form(asked: Asked, now: datetime.datetime) -> Update:
    """Raises Wrong with all that is wrong. What did not happen yet happens now."""
    wrong: list[str] = []
    number = asked.one("service_request_id")
    if not number:
        wrong.append(_("service_request_id wajib dikirim."))
    said_state = asked.one("status").upper().replace(" ", "_").replace("-", "_")
    if said_state not in KNOWN:
        wrong.append(
            _("status “%(status)s” tidak dikenal. Yang ada: %(known)s.")
            % {"status": asked.one("status")[:40], "known": ", ".join(KNOWN)}
        )
    at = now
    try:
        at = min(asked.moment("updated_datetime") or now, now)
    except Wrong as error:
        wrong += error.sentences
    description = asked.one("description")
    if len(description) > DESCRIPTION_LIMIT:
        wrong.append(_("description: paling banyak 4.000 huruf."))
    if has_html(description):
        wrong.append(_("description: kirim teks biasa, tanpa HTML."))
    contact = read_contact(asked, wrong)
    media = read_media(asked, wrong)
    if wrong:
        raise Wrong(*wrong)
    return Update(
        number=number,
        state=KNOWN[said_state],
        said_state=said_state,
        at=at,
        description=description,
        name=asked.one("update_id") or asked.one("update_id_ext"),
        email=contact["email"],
        phone=contact["phone"],
        media=media,
    )
