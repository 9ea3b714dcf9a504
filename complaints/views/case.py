"""The page of one case for its reporter: whose turn it is, the journey, the talk, who looked.

Whoever is not its reporter gets the public page, if there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import finding
from agencies.actor import Actor, Side
from complaints import ombudsman_law, privacy, uploads
from complaints.channels.registry import dialling
from complaints.forms import ActForm, MessageForm, ReopenForm, VerdictForm
from complaints.models import Attachment, Clock, Complaint, Event, Message
from complaints.models.clock import ClockKind
from complaints.models.event import Audience
from complaints.models.lifecycle.promises import STATE
from complaints.models.reference import Kind
from complaints.notifications import phones
from complaints.number import read_number
from complaints.transitions import TERMINAL, Status
from complaints.views import browse, telling
from complaints.views.holding import held, is_reporter
from complaints.working import working
from lapor.kit import wording
from lapor.kit.text import masked_contact, masked_email

SHOWN = (Audience.PUBLIC, Audience.PARTIES)


@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    # Whoever proved nothing is not looked up here: an unknown and a secret number cost the same.
    complaint = _find(number) if held(request) or request.user.is_authenticated else None
    if complaint is not None and is_reporter(request, complaint):
        return case_page(request, complaint)
    return _public(request, number)


def _public(request: HttpRequest, number: str) -> HttpResponse:
    return browse.case(request, number)


def _find(number: str) -> Complaint | None:
    read = read_number(number[:40])
    if read is None:
        return None
    related = ("handler", "place", "category", "reporter", "addressed_to", "not_for")
    return Complaint.objects.select_related(*related).filter(number=read).first()


def own(request: HttpRequest, number: str) -> Complaint:
    """The reporter's own case; to everybody else it does not exist."""
    complaint = _find(number)
    if complaint is None or not is_reporter(request, complaint):
        raise Http404
    return complaint


def case_page(
    request: HttpRequest, complaint: Complaint, forms: dict[str, ActForm] | None = None, since: int | None = None
) -> HttpResponse:
    """`forms`: what failed, by name; `since`: the version the form was written on, to show what came on top."""
    forms = forms or {}
    view = privacy.view_of(complaint, actor_of(request))
    clocks = list(complaint.clocks.select_related("standard", "programme_promise__programme"))
    events = list(
        complaint.events.filter(audience__in=SHOWN).select_related("handler_to", "handler_from", "acting_agency")
    )
    pauses = list(complaint.pauses.values_list("started_on", "ended_on"))
    days = telling.Days.of(complaint.place, complaint.today(complaint.received_at))
    reopenable = complaint.status in TERMINAL and complaint.can_be_reopened_by_reporter()
    turn = telling.turn(complaint, clocks, days)
    promise = telling.nearest(clocks)
    ladder = telling.ladder(complaint, promise, events, days)
    talks = _talks(complaint, view)
    failing = next(iter(forms.values()), None)
    version = {"version": complaint.version}
    email = view.identity.email if view.identity else ""
    return render(
        request,
        "complaints/case.html",
        {
            "complaint": complaint,
            "status": status_words(complaint),
            "title": view.title,
            "where": ", ".join(
                part for part in (complaint.landmark, finding.path(complaint.place) if complaint.place else "") if part
            ),
            "seen": _seen_by(complaint),
            "turn": turn,
            "since": telling.since(complaint, events) if turn and turn.whose != "you" else "",
            "ending": telling.ending(complaint, events),
            "lead_url": _lead_url(complaint),
            "reopenable": reopenable,
            "reopened": any(event.verb == "reopen" and event.side == Side.REPORTER for event in events),
            "ladder": ladder,
            "listed": bool(ladder)
            and not complaint.secret
            and not complaint.anonymous
            and complaint.not_for_id is None
            and promise is not None
            and promise.kind != ClockKind.VERIFY,
            "why": telling.why(promise, days, pauses),
            "steps": telling.journey(
                complaint, [e for e in events if not (ladder and e.verb == "escalate")], clocks, days
            ),
            "working": working(complaint, complaint.today(), days.dates),
            "lead": telling.short(complaint.handler),
            "talks": talks,
            "quoted": _quoted(talks, turn),
            "looks": privacy.who_looked(complaint),
            "email": masked_email(email) if email else "",
            "phone": phone_of(complaint),
            "confirmed": complaint.reporter.is_reachable if hasattr(complaint, "reporter") else False,
            "form": failing,
            "message_form": forms.get("message") or MessageForm(initial=version),
            "verdict_form": forms.get("verdict") or VerdictForm(initial=version),
            "reopen_form": forms.get("reopen") or ReopenForm(initial=version),
            "once_more": complaint.kind != Kind.PENGADUAN,
            "open": complaint.is_open,
            "news": _news(events, complaint, since) if since is not None else [],
            "accept": uploads.ACCEPT,
            "ombudsman": _before_the_ombudsman(complaint, clocks, events),
        },
        status=409 if since is not None else 200,
    )


def actor_of(request: HttpRequest) -> Actor:
    return Actor.reporter(request.user if request.user.is_authenticated else None)


def status_words(complaint: Complaint) -> str:
    """The words of the table, spoken to the reporter."""
    if complaint.status == Status.WAITING:
        return _("Ditunda, menunggu Anda")
    if complaint.status == Status.ANSWERED:
        return _("Menunggu tanggapan Anda")
    return str(Status(complaint.status).label)


def _before_the_ombudsman(complaint: Complaint, clocks: list[Clock], events: list[Event]) -> dict[str, Any] | None:
    """What can be done once a promise of the state was missed; None before that. Five statements at most, and none
    where nothing was ever late."""
    put_there = any(event.verb == "refer" for event in events)
    if not put_there and not any(clock.overdue_noted_at and clock.kind in STATE for clock in clocks):
        return None
    referral = complaint.current_referral() if put_there else None
    if referral is None and complaint.may_be_referred() is None:
        return None
    return {"referral": referral, "basis": ombudsman_law.basis("may"), "free": ombudsman_law.basis("free")}


def _seen_by(complaint: Complaint) -> str:
    name = _("Nama Anda disembunyikan.") if complaint.anonymous else _("Nama Anda hanya untuk petugas.")
    if complaint.secret or complaint.not_for_id is not None:
        text = _("Hanya Anda dan petugas yang membaca isinya.")
    elif hasattr(complaint, "publication"):
        text = _("Isinya bisa dibaca semua orang.")
    elif not complaint.is_open:
        text = _("Isinya tidak tampil untuk umum.")
    else:
        text = _("Isinya tampil untuk umum sesudah diperiksa petugas.")
    return f"{text} {name}"


def _news(events: list[Event], complaint: Complaint, since: int) -> list[str]:
    """What others did since the form was opened, newest first."""
    behind = max(1, min(complaint.version - since, 5)) if since >= 0 else 1
    titled = [telling.heading(event, complaint) for event in reversed(events)]
    return [title for title in titled if title][:behind]


def _talks(complaint: Complaint, view: privacy.CaseView) -> list[dict[str, Any]]:
    """Everything said, for parts/bubble.html: the report itself first."""
    zone, own_files = complaint.zone, [f for f in complaint.attachments.all() if f.message_id is None]
    talks: list[dict[str, Any]] = [
        {
            "own": True,
            "name": _("Anda"),
            "at": wording.short_moment(complaint.received_at, zone),
            "body": view.body,
            "files": _files(own_files),
            "facts": view.answers,
        }
    ]
    said = complaint.messages.filter(state=Message.State.SENT, audience__in=SHOWN)
    for message in said.select_related("agency", "author").prefetch_related("attachments"):
        own = message.side == Message.Side.REPORTER
        talks.append(
            {
                "own": own,
                "final": message.verb == "resolve",
                "question": message.verb == "ask",
                "name": _("Anda")
                if own
                else (message.author.name if message.author else telling.short(message.agency)),
                "office": "" if own else telling.short(message.agency),
                "at": wording.short_moment(message.written_at, zone),
                "body": message.body,
                "files": _files(list(message.attachments.all())),
                "facts": _facts(message.facts),
            }
        )
    return talks


def _lead_url(complaint: Complaint) -> str:
    """The public page of the report this one was merged into; "" where there is none."""
    if complaint.duplicate_of_id is None:
        return ""
    lead = Complaint.objects.filter(pk=complaint.duplicate_of_id, publication__isnull=False).first()
    return reverse("complaints:case", args=[lead.shown_number]) if lead else ""


def _quoted(talks: list[dict[str, Any]], turn: telling.Turn | None) -> str:
    """What the reporter is to react to, repeated where they do it: the question, or the final answer."""
    wanted = {"complete": "question", "verdict": "final"}.get(turn.act if turn else "", "")
    return next((str(talk["body"]) for talk in reversed(talks) if talk.get(wanted)), "") if wanted else ""


def _files(attachments: list[Attachment]) -> list[dict[str, str]]:
    """A file not yet checked, or refused, is named with that word and leads nowhere."""
    shown = []
    for file in attachments:
        if file.state == Attachment.State.CLEAN:
            shown.append({"name": file.name, "url": _media(file)})
        else:
            state = _("sedang diperiksa") if file.state == Attachment.State.RECEIVED else (file.reason or _("ditolak"))
            shown.append({"name": _("%(name)s (%(state)s)") % {"name": file.name, "state": state}, "url": ""})
    return shown


def _media(file: Attachment) -> str:
    return reverse("complaints:media", args=[file.pk])


def _facts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    rows = []
    if facts.get("done_on"):
        rows.append((_("Dikerjakan"), wording.plain_day(date.fromisoformat(facts["done_on"]))))
    if facts.get("promised_on"):
        rows.append((_("Dijadwalkan"), wording.plain_day(date.fromisoformat(facts["promised_on"]))))
    if facts.get("unit"):
        rows.append((_("Oleh"), str(facts["unit"])))
    return rows


@dataclass(frozen=True)
class Phone:
    """The phone news goes to, or will go to once its code was typed; enough of it to recognise one's own."""

    shown: str
    waits: bool


def phone_of(complaint: Complaint) -> Phone | None:
    """None where no news goes to a phone."""
    reporter, medium = getattr(complaint, "reporter", None), dialling()
    if reporter is None or not medium:
        return None
    if reporter.door == medium and reporter.door_closed_at is None:
        return Phone(masked_contact(privacy.address_of(reporter, medium)), waits=False)
    if phones.waits_for_a_code(reporter, timezone.now()):
        return Phone(masked_contact(privacy.phone_of(reporter)), waits=True)
    return None
