"""What machines are told of a case, each through the same door as a page: privacy for whole cases, Publication for the
public."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from agencies import finding
from agencies.actor import Actor
from agencies.models import Agency, Region
from complaints import cards, privacy, transitions
from complaints.channels.api.words import lapor_word
from complaints.models import Attachment, Category, Complaint, Event, Message, Publication, Supporter
from complaints.models.event import Audience
from complaints.transitions import TERMINAL, Status

# What a reporter can do here, by verb: the noun of its address.
REPORTER_ACTS = {
    "complete": "pesan",
    "reply": "pesan",
    "accept": "penilaian",
    "contest": "sanggahan",
    "withdraw": "pencabutan",
    "tighten": "kerahasiaan",
    "reopen": "pembukaan",
}
_SEEN = (Audience.PUBLIC, Audience.PARTIES)


def url(name: str, *args: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[str(arg) for arg in args])}"


def status(complaint: Complaint) -> dict[str, str]:
    return status_of(complaint.status, complaint.archive_ground)


def status_of(code: str, ground: str = "") -> dict[str, str]:
    return {"code": code, "name": str(Status(code).label), "lapor": lapor_word(code, ground)}


def office(agency: Agency) -> dict[str, Any]:
    return {"id": agency.pk, "name": agency.name}


def place(region: Region | None) -> dict[str, str] | None:
    return {"code": region.pk, "name": finding.path(region)} if region else None


def topic(category: Category | None) -> dict[str, Any] | None:
    return {"id": category.pk, "name": category.name} if category else None


def at(moment: datetime.datetime) -> str:
    return timezone.localtime(moment).isoformat()


def day(date: datetime.date | None) -> str | None:
    return date.isoformat() if date else None


# --- The reporter's own case ---


def state(complaint: Complaint) -> dict[str, Any]:
    """What an act needs to know of the case as it is now: also what a stale one is answered with."""
    return {"number": complaint.shown_number, "version": complaint.version, "status": status(complaint)}


def case(complaint: Complaint) -> dict[str, Any]:
    """CaseOut. At most fourteen statements, however much was said."""
    me = Actor.reporter()
    view = privacy.view_of(complaint, me)
    files = list(complaint.attachments.all())
    return {
        **state(complaint),
        "url": url("complaints:case", complaint.shown_number),
        "kind": complaint.kind,
        "title": view.title,
        "body": view.body,
        "handler": office(complaint.handler),
        "place": place(complaint.place),
        "landmark": complaint.landmark,
        "category": topic(complaint.category),
        "happened_on": day(complaint.happened_on),
        "received_at": at(complaint.received_at),
        "due_on": day(complaint.due_on),
        "promises": promises(complaint),
        "anonymous": complaint.anonymous,
        "secret": complaint.secret,
        "published": Publication.objects.filter(complaint=complaint).exists(),
        "acts": reporter_acts(complaint),
        "messages": messages(complaint, _SEEN, files, _own_file),
        "files": [file(one, _own_file) for one in files if one.message_id is None],
        "events": events(complaint, _SEEN),
        "looks": [
            {"at": at(look.at), "who": look.who, "office": look.office, "what": str(look.what), "reason": look.reason}
            for look in privacy.who_looked(complaint)
        ],
    }


def reporter_acts(complaint: Complaint) -> list[dict[str, Any]]:
    """What the table gives the reporter now and this API has an address for."""
    found = []
    for row in transitions.allowed(complaint, Actor.reporter()):
        noun = REPORTER_ACTS.get(row.verb)
        if noun is None or (row.verb == "reply" and complaint.status == Status.WAITING):
            continue
        if row.verb == "reopen" and not (complaint.status in TERMINAL and complaint.can_be_reopened_by_reporter()):
            continue
        if row.verb == "tighten" and complaint.anonymous and complaint.secret:
            continue
        found.append(act(row, url(f"api:{noun}", complaint.shown_number)))
    return found


def act(row: transitions.Transition, address: str) -> dict[str, Any]:
    needs = ["body" if need in ("message", "question") else need for need in row.needs]
    return {"verb": row.verb, "name": str(row.label), "method": "POST", "url": address, "needs": needs}


def promises(complaint: Complaint) -> list[dict[str, Any]]:
    today = complaint.today()
    return [
        {
            "kind": clock.kind,
            "name": str(clock.get_kind_display()),
            "due_on": day(clock.due_on),
            "paused": clock.paused_on is not None,
            "late": clock.due_on is not None and clock.due_on < today,
            "provisional": clock.provisional,
        }
        for clock in complaint.clocks.unstopped().order_by("pk")
    ]


def messages(
    complaint: Complaint, audiences: Iterable[str], files: list[Attachment], address: Callable[[Attachment], str]
) -> list[dict[str, Any]]:
    """What was said and sent, in order; what waits for approval or was withdrawn is not among it."""
    said = complaint.messages.filter(state=Message.State.SENT, audience__in=audiences)
    return [
        {
            "id": message.pk,
            "side": message.side,
            "verb": message.verb,
            "at": at(message.written_at),
            "office": message.agency.name if message.agency else "",
            "officer": message.author.name if message.author and message.side != Message.Side.REPORTER else "",
            "body": message.body,
            "facts": message.facts,
            "files": [file(one, address) for one in files if one.message_id == message.pk],
        }
        for message in said.select_related("agency", "author").order_by("pk")
    ]


def file(row: Attachment, address: Callable[[Attachment], str]) -> dict[str, Any]:
    """One that is not clean yet, or was refused, is named and leads nowhere."""
    return {
        "id": row.pk,
        "name": row.name,
        "type": row.sniffed_type,
        "size": row.size,
        "state": row.state,
        "url": address(row) if row.state == Attachment.State.CLEAN else None,
    }


def _own_file(row: Attachment) -> str:
    assert row.complaint is not None
    return url("api:file", row.complaint.shown_number, row.pk)


def events(complaint: Complaint, audiences: Iterable[str]) -> list[dict[str, Any]]:
    rows = complaint.events.filter(audience__in=audiences).select_related("acting_agency", "handler_to")
    return [event(row) for row in rows.order_by("pk")]


def event(row: Event) -> dict[str, Any]:
    known = transitions.TABLE.get(row.verb, transitions.SUBMIT)
    return {
        "id": row.pk,
        "verb": row.verb,
        "name": str(known.label),
        "at": at(row.at),
        "status": row.status_to,
        "office": row.acting_agency.name if row.acting_agency else "",
        "to": row.handler_to.name if row.handler_to else "",
    }


# --- The public copy ---


def public_rows(rows: list[Publication]) -> list[dict[str, Any]]:
    """PublicRowOut of each. One statement for all their places (cases and handlers are joined), one for who follows."""
    places = cards.places_of(row.place_id for row in rows)
    supporters = Supporter.objects.count_by_case([row.complaint_id for row in rows])
    return [_public_row(row, places) | {"supporters": supporters.get(row.complaint_id, 0)} for row in rows]


def _public_row(row: Publication, places: dict[str, Region]) -> dict[str, Any]:
    complaint = row.complaint
    name = cards.place_line(row.place_id, places)
    return {
        "number": complaint.shown_number,
        "url": url("complaints:case", complaint.shown_number),
        "api_url": url("api:case", complaint.shown_number),
        "kind": row.kind,
        "title": row.title,
        "status": status_of(complaint.status, complaint.archive_ground),
        "handler": office(complaint.handler),
        "place": {"code": row.place_id, "name": name} if row.place_id else None,
        "published_at": at(row.published_at),
        "due_on": day(complaint.due_on),
    }


def public_case(row: Publication) -> dict[str, Any]:
    return {
        **public_rows([row])[0],
        "body": row.body,
        "category": topic(row.category),
        "conversation": _conversation(row),
    }


def _conversation(row: Publication) -> list[dict[str, Any]]:
    """What was said for everybody, with the pictures an office sent along; a reporter's are nobody's but theirs."""
    offices = [said["message"] for said in row.conversation if said["side"] == Message.Side.AGENCY]
    images: dict[int, list[str]] = {}
    if offices:
        for file in Attachment.objects.filter(
            message_id__in=offices, state=Attachment.State.CLEAN, sniffed_type__startswith="image/"
        ):
            assert file.message_id is not None
            images.setdefault(file.message_id, []).append(url("complaints:media", file.pk))
    return [
        {
            "side": said["side"],
            "verb": said["verb"],
            "at": said["at"],
            "office": said["agency"],
            "body": said["body"],
            "facts": said.get("facts") or {},
            "images": images.get(said["message"], []),
        }
        for said in row.conversation
    ]
