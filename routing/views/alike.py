"""The same trouble twice, for officers: which open cases are like this one, two side by side, and a lead's group."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.permissions import Capability, membership_may
from complaints import likeness, privacy
from complaints.models import Complaint
from complaints.number import read_number
from complaints.seats import Seated
from complaints.transitions import Incomplete, Refusal, Stale, WrongStatus, standing
from lapor.kit import paging, wording
from lapor.kit.compiled import Blank
from routing import case_page, desk_acts, groups, queue
from routing.forms.groups import PairForm
from routing.views.desk import left
from routing.views.frame import for_officers, lost_right, page

# On the case's own page, on the page of its own, and in one page of a group.
FIRST, MOST, PAGE = 3, 10, 50


def _find(number: str, by: Actor) -> Complaint | None:
    """A case of the officer's lists: one that asks for a reason first is compared with nothing."""
    stored = read_number(number)
    return next(iter(_CASE(by, number=stored)), None) if stored else None


_CASE: Seated[Complaint] = Seated(
    lambda by: (
        Complaint.objects.visible_to(by)
        .select_related("handler", "place__parent", "found_place__parent", "category", "not_for", "addressed_to")
        .filter(number=Blank("number", models.CharField()))
    )
)


def _works_on(case: Complaint, by: Actor) -> bool:
    return not standing(case, by).isdisjoint(groups.WORKS)


# --- Which are like it ---


@require_GET
@for_officers
def alike(request: OfficerRequest, number: str) -> HttpResponseBase:
    """Open cases that may be the same matter, ranked, each with why; a number typed goes to the comparison. The case's
    own page asks for the first three."""
    by = Actor.officer(request.acting)
    case = _find(number, by)
    if case is None:
        return left(request, number, by)
    if not _works_on(case, by):
        raise PermissionDenied
    brief = "ringkas" in request.GET
    typed = request.GET.get("dengan", "")[:40]
    if typed and not brief:
        named = _find(typed, by)
        if named is not None and named.pk != case.pk:
            return redirect("routing:compare", case.number, named.number)
    found = likeness.candidates_for(case, by, limit=FIRST if brief else MOST) if case.is_open else []
    # What lies around the place, for all of them at once.
    prefetch_related_objects([one.complaint for one in found], "place__parent")
    same = privacy.by_same_reporter(case, [one.complaint for one in found], by)
    rows = [_row(case, one, by, one.complaint.pk in same) for one in found]
    context = {
        "case": case,
        "rows": rows,
        "same": [row for row in rows if row["same"]],
        "typed": typed,
        "merges": membership_may(request.acting, Capability.ARCHIVE, request.acting.agency),
        "title": privacy.row_title(case, by),
    }
    if brief:
        return render(request, "routing/_alike.html", context)
    return page(request, "routing/alike.html", context)


def _row(case: Complaint, one: likeness.Candidate, by: Actor, same: bool) -> dict[str, Any]:
    other = one.complaint
    return {
        "case": other,
        "title": privacy.row_title(other, by),
        "url": reverse("routing:compare", args=[case.number, other.number]),
        "status": other.get_status_display(),
        "place": "" if other.secret else queue.place_line(other.place),
        "received": wording.short_day(other.received_at, other.zone),
        "score": round(100 * one.score),
        "why": one.why,
        "supporters": one.supporters,
        "same": same,
    }


# --- Two side by side ---


@require_http_methods(["GET", "POST"])
@for_officers
def compare(request: OfficerRequest, number: str, other: str) -> HttpResponseBase:
    """Both texts as this officer may read them, and the act: merge, or propose it to the desk above."""
    by = Actor.officer(request.acting)
    first = _find(number, by)
    if first is None:
        return left(request, number, by)
    second = _find(other, by)
    if second is None or second.pk == first.pk:
        if request.method == "POST":
            why = _("Nomornya keliru, atau laporan ini tidak lagi bisa Anda buka.")
            return lost_right(request, status=404, title=_("Laporan ini tidak ada di meja Anda"), why=why)
        raise Http404
    if not _works_on(first, by):
        if request.method == "POST":
            return lost_right(request, why=_("Anda tidak berwenang melakukan ini pada laporan ini."))
        raise PermissionDenied
    form, why = _form(request, (first, second), by)
    if request.method != "POST":
        return _compared(request, (first, second), by, form, why)
    if form is None:
        return lost_right(request, status=409, title=_("Ini tidak bisa Anda lakukan"), why=why)
    if not form.is_valid():
        return _compared(request, (first, second), by, form, why, status=422)
    return _act(request, form, by)


def _form(request: OfficerRequest, pair: tuple[Complaint, Complaint], by: Actor) -> tuple[PairForm | None, str]:
    """The form this officer has for the two, or why there is none."""
    first, second = pair
    data = request.POST if request.method == "POST" else None
    leads = [
        lead
        for gone, lead in ((first, second), (second, first))
        if not standing(gone, by).isdisjoint(groups.MERGES) and _works_on(lead, by) and not groups.why_not(gone, lead)
    ]
    if leads:
        return PairForm(pair, leads, by, data), ""
    why = groups.why_not(first, second)
    if why:
        return None, why
    if any(act.verb == "hand_back" for act in desk_acts.offered(first, by)):
        return PairForm(pair, [second], by, data, proposes=True), ""
    return None, _("Anda tidak berwenang melakukan ini pada laporan ini.")


def _act(request: OfficerRequest, form: PairForm, by: Actor) -> HttpResponseBase:
    gone, lead, version = form.chosen()
    text = form.cleaned_data["text"]
    try:
        if form.proposes:
            groups.propose(gone, lead, by=by, reason=text, version=version)
        else:
            groups.merge(gone, lead, by=by, text=text, version=version)
    except Incomplete as error:
        field = {"duplicate_of": "lead", "reason": "text"}.get(error.field, error.field)
        form.add_error(field if field in form.fields else None, str(error.message))
        return _compared(request, form.pair, by, form, "", status=422)
    except (Stale, WrongStatus):
        return _overtaken(request, form, by)
    except Refusal as error:
        return lost_right(request, title=_("Ini tidak bisa Anda lakukan"), why=str(error.message))
    if form.proposes:
        gone.refresh_from_db()
        said = _("Diusulkan. Sekarang %(office)s yang memutuskan.") % {"office": gone.handler.shown_name}
    else:
        said = _("%(number)s digabung. Pelapornya mengikuti kabar laporan utama.") % {"number": gone.shown_number}
    messages.success(request, said)
    return redirect("routing:case", lead.number) if _find(lead.number, by) else redirect("routing:desk")


def _overtaken(request: OfficerRequest, form: PairForm, by: Actor) -> HttpResponseBase:
    """Somebody was faster: the page as it is now, the words kept."""
    first, second = form.pair
    fresh = _find(first.number, by), _find(second.number, by)
    if fresh[0] is None or fresh[1] is None:
        return left(request, first.number, by)
    pair = fresh[0], fresh[1]
    again, why = _form(request, pair, by)
    if again is None:
        return lost_right(request, status=409, title=_("Ini tidak bisa Anda lakukan"), why=why)
    again.renew(pair)
    again.forget_errors()
    messages.warning(request, _("Baru saja diubah orang lain; belum ada yang dilakukan. Tulisan Anda masih ada."))
    return _compared(request, pair, by, again, "", status=409)


def _compared(
    request: OfficerRequest,
    pair: tuple[Complaint, Complaint],
    by: Actor,
    form: PairForm | None,
    why: str,
    *,
    status: int = 200,
) -> HttpResponseBase:
    found = next((one for one in likeness.candidates_for(pair[0], by, limit=MOST) if one.complaint == pair[1]), None)
    same = privacy.by_same_reporter(pair[0], [pair[1]], by)
    context = {
        "case": pair[0],
        "other": pair[1],
        "sides": [_side(one, by) for one in pair],
        "form": form,
        "why_not": why,
        "why": found.why if found else (),
        "score": round(100 * found.score) if found else None,
        "same": bool(same),
    }
    return page(request, "routing/compare.html", context, status=status)


def _side(case: Complaint, by: Actor) -> dict[str, Any]:
    """One column. A secret text read here is a look like any other, and logged."""
    try:
        view = privacy.view_of(case, by)
    except privacy.NotVisible as error:
        raise Http404 from error
    due = [(_("Batas waktu"), wording.plain_day(case.due_on))] if case.due_on else []
    return {
        "case": case,
        "title": view.title,
        "body": view.body,
        "status": case.get_status_display(),
        "facts": [
            (_("Diterima"), wording.plain_day(case.received_at, case.zone)),
            *case_page.facts(case, None, whole=view.is_full),
            *due,
        ],
        "files": case_page.pictures(case) if view.files else [],
    }


# --- A lead's group ---


@require_GET
@for_officers
def group(request: OfficerRequest, number: str) -> HttpResponseBase:
    """What was merged into it, as far as this officer may list it, oldest first."""
    by = Actor.officer(request.acting)
    lead = _find(number, by)
    if lead is None:
        return left(request, number, by)
    if not _works_on(lead, by):
        raise PermissionDenied
    cursor = request.GET.get("sesudah", "")
    at = paging.read(cursor, _moment, paging.key)
    rows = groups.gathered(lead, by).select_related("handler", "place__parent", "not_for")
    if at is not None:
        rows = rows.filter(received_at__gte=at[0]).exclude(received_at=at[0], pk__lte=at[1])
    found = list(rows.order_by("received_at", "pk")[: PAGE + 1])
    shown = found[:PAGE]
    unmerge = desk_acts.BY_VERB["unmerge"]
    last = shown[-1] if len(found) > PAGE else None
    context = {
        "case": lead,
        "title": privacy.row_title(lead, by),
        "rows": [
            {
                "case": one,
                "title": privacy.row_title(one, by),
                "place": "" if one.secret else queue.place_line(one.place),
                "received": wording.short_day(one.received_at, one.zone),
                "may_part": desk_acts.allowed(unmerge, one, by),
            }
            for one in shown
        ],
        "next": paging.write(last.received_at.isoformat(), last.pk) if last else "",
        "is_first": at is None,
    }
    return page(request, "routing/group.html", context)


def _moment(text: str) -> Any:
    found = parse_datetime(text)
    if found is None or found.tzinfo is None:
        raise ValueError(text)
    return found
