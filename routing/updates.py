"""An update of a case by a machine: its office tells what it did, or the program that filed it what its reporter says.

Which of the two it is says the case: at the client's own office it is an answer of that office, of a case that came by
this client a word of its reporter. To everybody else the case does not exist. One update is taken once.
"""

from __future__ import annotations

import datetime
import json

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import ApiClient, Permission
from complaints import arrivals
from complaints.channels.contract import Act
from complaints.channels.open311 import CODE, inbound
from complaints.channels.open311.refusals import Missing, Wrong
from complaints.channels.open311.updates import Update, update_id
from complaints.intake import keep
from complaints.models import Arrival, Complaint, Event, RemoteFile
from complaints.models.lifecycle.answers import DONE, REFUSED
from complaints.number import read_number
from complaints.transitions import Refusal, Status
from lapor.kit.sealing import fingerprint, seal
from routing import dispatch
from routing.models import Ground


def take(update: Update, client: ApiClient, now: datetime.datetime) -> str:
    """The update_id of what it became. Raises Missing, Wrong; then nothing was done."""
    name = _name(update, client, now)
    if (before := Arrival.objects.filter(channel=CODE, external_id=name).first()) is not None:
        return _id_of(before)
    case, office = _case(update, client)
    if not office and not inbound.is_theirs(case, update.email, update.phone):
        return _id_of(_held(update, client, case, name, now))
    try:
        with transaction.atomic():
            arrival = Arrival.objects.create(
                channel=CODE, external_id=name, received_at=now, complaint=case, outcome=Arrival.Outcome.APPENDED
            )
            _act(case, update, client, office, now)
            event = Event.objects.filter(complaint=case, recorded_at=now, client=client).latest("pk")
            _fetch(event, update, now)
            arrival.suggestion = {"event": event.pk}
            arrival.save(update_fields=["suggestion"])
            return update_id(event.pk)
    except IntegrityError:
        # The same update at the same moment: whoever was first has done it.
        return _id_of(Arrival.objects.get(channel=CODE, external_id=name))
    except Refusal as refusal:
        raise Wrong(refusal.message) from refusal


def _name(update: Update, client: ApiClient, now: datetime.datetime) -> str:
    """What tells this update from every other: the client's own id of it, else what it says, for a day."""
    if update.name:
        return f"kabar:{client.pk}:{fingerprint(f'{update.number}:{update.name}')}"
    said = f"{update.number}:{update.said_state}:{update.description}:{update.email}:{now:%Y%m%d}"
    return f"kabar:{client.pk}:{fingerprint(said)}"


def _id_of(arrival: Arrival) -> str:
    event = arrival.suggestion.get("event")
    return update_id(event) if event else fingerprint(str(arrival.pk), "open311 held")[:24]


def _case(update: Update, client: ApiClient) -> tuple[Complaint, bool]:
    """The case, and whether the client acts for its office. Raises Missing, alike for all it may not touch."""
    number = read_number(update.number)
    cases = Complaint.objects.select_related("handler", "place", "not_for", "reporter").filter(number=number or "")
    if client.may(Permission.ACT):
        at_its_office = cases.visible_to(Actor.machine(client)).first()
        if at_its_office is not None:
            return at_its_office, True
    if client.may(Permission.FILE):
        case = cases.first()
        if case is not None and Event.objects.filter(complaint=case, verb="submit", client=client).exists():
            return case, False
    raise Missing(_("service_request_id “%(number)s” tidak ada.") % {"number": update.number[:40]})


# --- Acts ---


def _act(case: Complaint, update: Update, client: ApiClient, office: bool, now: datetime.datetime) -> None:
    """Raises Refusal, Wrong."""
    if office:
        _of_the_office(case, update, Actor.machine(client), now)
    else:
        _of_the_reporter(case, update, Actor.reporter(client=client), now)


def _of_the_office(case: Complaint, update: Update, by: Actor, now: datetime.datetime) -> None:
    """By the verbs of the desk. An act without a page publishes nothing (case.md section 5)."""
    text = update.description
    match update.state:
        case "OPEN" | "WORKING" if text:
            case.answer(text, by=by, now=now)
        case "WORKING" if case.status == Status.FORWARDED:
            case.start(by=by, now=now)
        case "FIXED":
            done = min(update.at, now)
            unit = by.agency.name if by.agency else ""
            case.resolve(text, by=by, outcome=DONE, done_on=case.today(done), unit=unit, now=now)
        case "UNABLE":
            case.resolve(text, by=by, outcome=REFUSED, now=now)
        case "NOT_OURS":
            dispatch.hand_back(case, by=by, ground=Ground.NOT_OURS, reason=text, now=now)
        case "DUPLICATE":
            dispatch.hand_back(case, by=by, ground=Ground.PROPOSE_ARCHIVE, reason=text, now=now)
        case "REOPEN":
            raise Wrong(_("status REOPEN: hanya pelapor atau koordinator yang membuka lagi."))
        case _:
            raise Wrong(_("description: tulis apa yang baru."))


def _of_the_reporter(case: Complaint, update: Update, by: Actor, now: datetime.datetime) -> None:
    """While the office asks whether all is well, "fixed" accepts and anything else does not."""
    if update.state == "FIXED" and case.status == Status.ANSWERED:
        arrivals.say(case, update.description, Act.ACCEPT, by=by, now=now)
    elif update.state == "REOPEN" and not case.is_open:
        case.reopen(by=by, reason=update.description, now=now)
    else:
        words = update.description
        if not words and update.state == "FIXED":
            words = _("Menurut pelapor masalahnya sudah beres.")
        arrivals.say(case, words, Act.REPLY, by=by, now=now)


def _held(update: Update, client: ApiClient, case: Complaint, name: str, now: datetime.datetime) -> Arrival:
    """Somebody else's word about the case: a person decides whether it belongs to it."""
    said = {"client": client.pk, "update": {"case": case.pk, "text": update.description, "state": update.said_state}}
    arrival, _new = keep(CODE, json.dumps(said, ensure_ascii=False).encode(), external_id=name, now=now)
    return arrival


def _fetch(event: Event, update: Update, now: datetime.datetime) -> None:
    for url in update.media:
        RemoteFile.objects.create(
            complaint=event.complaint,
            message_id=event.particulars.get("message"),
            url_sealed=seal(url),
            next_try=now,
        )
