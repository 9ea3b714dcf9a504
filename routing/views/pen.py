"""The holding pen: messages of every channel that no machine could place, and a person's word on each.

The list shows no more than a masked beginning; reading one is a look behind the mask and written down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.models import AuditEntry
from agencies.permissions import Capability, membership_may
from complaints import arrivals, masking
from complaints.arrivals import Decided
from complaints.channels.registry import CHANNELS, name
from complaints.models import Arrival, Complaint
from complaints.transitions import Incomplete, Refusal
from lapor.kit import paging
from lapor.kit.sealing import InvalidToken
from lapor.kit.text import masked_contact, shorten, without_contacts
from routing.forms.base import SEARCH
from routing.forms.pen import AddForm, OpenForm, RefuseForm
from routing.views.frame import for_officers, page

SHOWN = 50
# How much of a message that no machine could read is shown as it came.
RAW_SHOWN = 4000


def _allowed(request: OfficerRequest) -> None:
    if not membership_may(request.acting, Capability.PLACE_MESSAGES, request.acting.agency):
        raise PermissionDenied


def _held(request: OfficerRequest, pk: int) -> Arrival:
    arrival = Arrival.objects.held().filter(pk=pk).first()
    if arrival is None or (_case_of(arrival) and not _open_cases(request, [arrival])):
        raise Http404
    return arrival


def _case_of(arrival: Arrival) -> int:
    """The case it may be about, 0 for none."""
    return int(arrival.suggestion.get("complaint") or 0)


def _open_cases(request: OfficerRequest, rows: Sequence[Arrival]) -> dict[int, bool]:
    """Of the cases these messages may be about those this officer may open, and whether each is secret. What is about
    any other is not found here either (case.md section 6)."""
    seen = Complaint.objects.visible_to(Actor.officer(request.acting), on_request=True)
    return dict(seen.filter(pk__in=[_case_of(row) for row in rows]).values_list("pk", "secret"))


@require_GET
@for_officers
def pen(request: OfficerRequest) -> HttpResponseBase:
    """Oldest first: whoever waits longest is read first."""
    _allowed(request)
    rows = Arrival.objects.held().order_by("received_at", "pk")
    after = paging.read(request.GET.get("mulai", ""), paging.key)
    if after is not None:
        last = Arrival.objects.filter(pk=after[0]).values("received_at").first()
        if last is not None:
            rows = rows.filter(received_at__gte=last["received_at"]).exclude(
                received_at=last["received_at"], pk__lte=after[0]
            )
    found = list(rows[: SHOWN + 1])
    more = paging.write(found[SHOWN - 1].pk) if len(found) > SHOWN else ""
    cases = _open_cases(request, found[:SHOWN])
    lines = [
        {
            "arrival": arrival,
            "channel": name(arrival.channel),
            "begins": "" if cases.get(_case_of(arrival)) else _beginning(arrival),
        }
        for arrival in found[:SHOWN]
        if not _case_of(arrival) or _case_of(arrival) in cases
    ]
    return page(request, "routing/pen.html", {"lines": lines, "more": more, "later": after is not None})


# What its sender wants nobody to read in passing: the word may follow the subject of a letter or ANONIM.
_SECRET = re.compile(r"\W*(?:anonim\W+)?rahasia\b", re.IGNORECASE)


def _beginning(arrival: Arrival) -> str:
    """Masked. Of what is to be secret nothing: it is read on its own page, where that is written down."""
    try:
        text = " ".join(arrival.text.split())
    except InvalidToken:
        return ""
    return "" if _SECRET.match(text) else shorten(masking.mask(text), 140)


@require_GET
@for_officers
def held(request: OfficerRequest, pk: int) -> HttpResponseBase:
    _allowed(request)
    arrival = _held(request, pk)
    AuditEntry.objects.create(
        who=request.acting.user,
        acting_as=request.acting.agency,
        what="arrival_read",
        subject_kind="arrival",
        subject_id=arrival.pk,
    )
    return _page(request, arrival)


@require_POST
@for_officers
def open_case(request: OfficerRequest, pk: int) -> HttpResponseBase:
    _allowed(request)
    arrival = _held(request, pk)
    form = OpenForm(arrival, timezone.localdate(), request.POST)
    if SEARCH in request.POST:
        form.forget_errors()
        return _page(request, arrival, opening=form)
    if not form.is_valid():
        return _page(request, arrival, opening=form)
    try:
        case = arrivals.decide_open(
            arrival,
            by=request.acting,
            agency=form.cleaned_data["agency"],
            body=form.cleaned_data.get("body", ""),
        )
    except Decided:
        return _too_late(request)
    except Incomplete as missing:
        form.add_error("body" if "body" in form.fields else None, str(missing))
        return _page(request, arrival, opening=form)
    return _done(request, _("Laporan %(number)s dibuka dari pesan itu."), case)


@require_POST
@for_officers
def add_to_case(request: OfficerRequest, pk: int) -> HttpResponseBase:
    _allowed(request)
    arrival = _held(request, pk)
    form = AddForm(arrival, Actor.officer(request.acting), request.POST)
    if not form.is_valid():
        return _page(request, arrival, adding=form)
    case = form.cleaned_data["number"]
    try:
        arrivals.decide_add(arrival, case, by=request.acting)
    except Decided:
        return _too_late(request)
    except Refusal as refusal:
        form.add_error("number", str(refusal))
        return _page(request, arrival, adding=form)
    return _done(request, _("Pesan itu ditambahkan ke laporan %(number)s."), case)


@require_POST
@for_officers
def refuse(request: OfficerRequest, pk: int) -> HttpResponseBase:
    _allowed(request)
    arrival = _held(request, pk)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, arrival, refusing=form)
    try:
        arrivals.decide_refuse(
            arrival, by=request.acting, reason=form.cleaned_data["reason"], reply=form.cleaned_data["reply"]
        )
    except Decided:
        return _too_late(request)
    except Incomplete as missing:
        form.add_error("reason", str(missing))
        return _page(request, arrival, refusing=form)
    messages.success(request, _("Pesan itu ditolak, dengan alasan Anda."))
    return redirect("routing:pen")


def _page(
    request: OfficerRequest,
    arrival: Arrival,
    *,
    opening: OpenForm | None = None,
    adding: AddForm | None = None,
    refusing: RefuseForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    forms: dict[str, BaseForm] = {
        "opening": opening or OpenForm(arrival, today),
        "adding": adding or AddForm(arrival, Actor.officer(request.acting)),
        "refusing": refusing or RefuseForm(),
    }
    wrong = next((key for key, form in forms.items() if form.errors), "")
    suggested = Complaint.objects.filter(pk=arrival.suggestion.get("complaint") or 0).first()
    channel = CHANNELS.get(arrival.channel)
    context: dict[str, Any] = {
        "arrival": arrival,
        "channel": name(arrival.channel),
        "text": _read(lambda: arrival.text),
        "raw": _raw(arrival),
        "sender": masked_contact(_read(lambda: arrival.sender)),
        "answers": bool(channel and channel.medium and arrival.sender_fingerprint),
        "files": [file.name for file in channel.files(arrival)] if channel and channel.files else [],
        "suggested": suggested,
        "wrong": wrong,
        "failed": forms.get(wrong),
        **forms,
    }
    return page(request, "routing/held.html", context)


def _read(part: Any) -> str:
    """What a key of ours opens; a message sealed with a lost key can still be refused."""
    try:
        return str(part())
    except InvalidToken:
        return ""


def _raw(arrival: Arrival) -> str:
    """As it came, for what no machine could read: somebody types it again. Of all else the words are enough, for the
    message as it came names its sender, whose name asks for a reason, or for two."""
    if _read(lambda: arrival.text):
        return ""
    try:
        raw = arrival.raw()[:RAW_SHOWN].decode("utf-8", "replace").replace("\x00", "�")
    except (InvalidToken, OSError):
        return ""
    return without_contacts(raw)


def _too_late(request: OfficerRequest) -> HttpResponse:
    messages.warning(request, _("Pesan itu sudah diputuskan petugas lain. Tidak ada yang berubah."))
    return redirect("routing:pen")


def _done(request: OfficerRequest, words: str, case: Complaint) -> HttpResponse:
    messages.success(request, words % {"number": case.shown_number})
    return redirect("routing:pen")
