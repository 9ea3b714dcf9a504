"""/meja/bantuan/: what the own office is asked to help with; and a case as an office sees it that helps."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.permissions import Capability, membership_may
from complaints import privacy
from complaints.models import Contribution
from complaints.transitions import Status
from lapor.kit import paging, wording
from routing import case_page, desk_acts, helping, queue
from routing.views.frame import for_officers, page

# Open tasks a page shows, and of those that are over.
SHOWN, ENDED = 100, 20


@dataclass(frozen=True)
class Line:
    """One task of the list. `title` is masked, as this office reads it."""

    number: str
    shown_number: str
    title: str
    place: str
    task: str
    lead: str
    due: str
    state: str
    days: int
    standing: str
    helper: str = ""


@require_GET
@for_officers
def listing(request: OfficerRequest) -> HttpResponseBase:
    """Nearest date first; below it what is over. Four statements, however many there are. `?daftar=bawah`: for whoever
    oversees, what is asked of the offices below, or by them."""
    membership = request.acting
    if not membership_may(membership, Capability.WORK, membership.agency):
        raise PermissionDenied
    desk = queue.Desk.of(membership, oversees=False)
    oversees = membership_may(membership, Capability.OVERSEE, membership.agency)
    if request.GET.get("daftar") == "bawah":
        if not oversees:
            raise PermissionDenied
        return _below(request, desk)
    tasks = [_line(task, desk) for task in helping.asked_of(membership.agency)[:SHOWN]]
    ended = [_line(task, desk) for task in helping.ended_of(membership.agency)[:ENDED]]
    late = sum(line.state == "late" for line in tasks)
    return page(request, "routing/helping.html", {"tasks": tasks, "ended": ended, "late": late, "oversees": oversees})


def _below(request: OfficerRequest, desk: queue.Desk) -> HttpResponseBase:
    """What is late first, being the nearest date. No title: the story is read by who has it and by who helps."""
    after = paging.read(request.GET.get("setelah", ""), datetime.date.fromisoformat, paging.key)
    rows = helping.below(Actor.officer(request.acting))
    late = rows.filter(due_on__lt=desk.today).count()
    if after is not None:
        rows = rows.filter(due_on__gte=after[0]).exclude(due_on=after[0], pk__lte=after[1])
    found = list(rows[: SHOWN + 1])
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    context = {
        "tasks": [
            replace(_line(task, desk), title="", place="", helper=task.agency.shown_name) for task in found[:SHOWN]
        ],
        "late": late,
        "oversees": True,
        "below": True,
        "office": request.acting.agency,
        "next": f"?daftar=bawah&setelah={paging.write(last.due_on.isoformat(), last.pk)}" if last is not None else "",
        "first": "?daftar=bawah" if after is not None else "",
    }
    return page(request, "routing/helping.html", context)


def _line(task: Contribution, desk: queue.Desk) -> Line:
    case = task.complaint
    state, days = helping.days_left(task, desk.today, desk.holidays)
    return Line(
        number=case.number,
        shown_number=case.shown_number,
        title=privacy.helpers_title(case) if task.is_open else "",
        place=queue.place_line(case.place) if task.is_open else "",
        task=task.task,
        lead=case.handler.shown_name,
        due=wording.short_day(task.due_on),
        state=state,
        days=days,
        standing=str(task.get_state_display()),
    )


def case(request: OfficerRequest, found: helping.Help, by: Actor) -> HttpResponseBase:
    """A case as an office sees it that helps: its task and its date, and while that is open the masked story."""
    task, complaint = found.task, found.complaint
    desk = queue.Desk.of(request.acting, oversees=False)
    state, days = helping.days_left(task, desk.today, desk.holidays)
    context: dict[str, Any] = {
        "case": complaint,
        "task": task,
        "standing": task.get_state_display(),
        "state": state,
        "days": days,
        "own": task.agency_id == request.acting.agency_id,
        "reads": found.reads,
        "zone": complaint.zone,
    }
    if found.reads:
        try:
            view = privacy.view_of(complaint, by)
        except privacy.NotVisible as error:
            raise Http404 from error
        acts = {act.verb: act for act in desk_acts.offered(complaint, by)}
        context |= {
            "view": view,
            "status": Status(complaint.status).label,
            "place": queue.place_line(complaint.place),
            "files": case_page.shared_files(task),
            "facts": case_page.facts_for_helpers(complaint),
            "contribute": acts.get("contribute"),
            "form": acts["contribute"].form(complaint, by, noun="hasil") if "contribute" in acts else None,
            "decline": acts.get("decline"),
        }
    return page(request, "routing/helped.html", context)


def back() -> dict[str, str]:
    return {"url": reverse("routing:helping"), "label": _("Diminta membantu")}
