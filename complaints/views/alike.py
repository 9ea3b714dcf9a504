"""What others have reported already, beside what somebody is writing: so that they may follow it instead.

A help and never a hindrance: it may be slow, empty or gone, and the report goes on. What is typed comes by POST, is
compared and forgotten. Whoever wants nobody but officers to read their report is shown nothing, and it is not compared.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from agencies.models import Region
from complaints import cards, likeness
from complaints.likeness import Likeness
from complaints.models import Attachment, Category, Draft, Message
from complaints.models.event import Audience
from complaints.views.holding import draft_of
from lapor.kit import wording
from lapor.kit.ratelimit import Bucket, address, is_this_machine
from lapor.kit.text import row_id

SHOWN = 3
# A phone asks when its owner pauses; a village may stand behind one address.
ASKING = Bucket("alike", burst=60, hourly=900)
# Nobody waits longer than this for a help they did not ask for.
PATIENCE_MS = 400
# Fewer letters say nothing yet.
LEAST = 12


@never_cache
@sensitive_post_parameters()
@require_POST
def alike(request: HttpRequest) -> HttpResponse:
    """A piece of a page for what stands in the form now; 204 where there is nothing to show."""
    draft, who = draft_of(request), address(request)
    if draft is None or draft.complaint_id or request.POST.get("conduct"):
        return HttpResponse(status=204)
    typed = {name: request.POST.get(name, "")[: likeness.READ] for name in ("title", "story", "category")}
    if len(typed["title"] + typed["story"]) < LEAST or not (is_this_machine(who) or ASKING.take(who)):
        return HttpResponse(status=204)
    found = found_for(draft, {**draft.step_fields("masalah"), **typed, "conduct": False})
    if not found:
        return HttpResponse(status=204)
    return render(request, "complaints/_alike.html", {"alike": found})


def found_for(draft: Draft, typed: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Cards of at most three public cases like this draft; none for one that is secret or about somebody's conduct."""
    typed = draft.step_fields("masalah") if typed is None else typed
    if typed.get("conduct") or draft.step_fields("periksa").get("read") == "secret":
        return []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE_MS)])
            return shown(_like(draft, typed))
    except OperationalError:
        return []


def _like(draft: Draft, typed: dict[str, Any]) -> list[Likeness]:
    place = Region.objects.filter(pk=draft.step_fields("lokasi").get("place") or "").first()
    category = row_id(str(typed.get("category") or ""))
    day = typed.get("happened_on")
    return likeness.similar_published(
        f"{typed.get('title', '')}\n{typed.get('story', '')}",
        place,
        category=Category.objects.filter(pk=category).first() if category else None,
        happened_on=datetime.date.fromisoformat(day) if day else None,
        limit=SHOWN,
    )


def shown(found: list[Likeness]) -> list[dict[str, Any]]:
    """As parts/case_row.html shows a case, with a picture, its day and what is alike."""
    rows = [one.publication for one in found]
    pictures = _pictures([row.complaint_id for row in rows])
    told = cards.cards(rows)
    for card, one in zip(told, found, strict=True):
        case = one.publication.complaint
        card |= {
            "support": reverse("complaints:support", args=[case.shown_number]),
            "image": pictures.get(case.pk, ""),
            "day": wording.plain_day(one.publication.published_at, "Asia/Jakarta"),
            "why": ", ".join(one.why),
        }
    return told


def _pictures(cases: list[int]) -> dict[int, str]:
    """The first checked picture an office showed everybody, by case. A reporter's own picture is never public."""
    files = Attachment.objects.filter(
        complaint__in=cases,
        state=Attachment.State.CLEAN,
        sniffed_type__startswith="image/",
        message__side__in=[Message.Side.AGENCY, Message.Side.DESK],
        message__state=Message.State.SENT,
        message__audience=Audience.PUBLIC,
    )
    found: dict[int, str] = {}
    for case, pk in files.order_by("pk").values_list("complaint_id", "pk"):
        if case is not None:
            found.setdefault(case, reverse("complaints:media", args=[pk]))
    return found
