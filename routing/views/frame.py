"""What every desk page shares: who may enter, the case by its number, the header's links, what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import OfficerRequest, acting_membership
from agencies.actor import Actor
from agencies.models import Membership
from agencies.ombudsman import examines
from agencies.permissions import Capability, membership_may
from complaints.models import Complaint
from complaints.number import read_number
from complaints.seats import Seated
from lapor.kit.compiled import Blank
from routing.models import DeskVisit

P = ParamSpec("P")

# Seconds between two rows of DeskVisit for one officer.
VISIT_EVERY = 60
# Names of a form that are no words somebody wrote.
_NOT_TYPED = (
    *("csrfmiddlewaretoken", "version", "seen", "acting", "next", "saran", "dari", "sesudah"),
    *("cari", "cari_kantor", "agency", "kind", "pick"),
)


def for_officers(
    view: Callable[Concatenate[OfficerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Guests sign in and come back; who neither works nor observes (any more) gets 403. What was typed is handed
    back."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        membership = acting_membership(request)
        if membership is None:
            if request.method == "POST":
                return lost_right(request)
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied
        opened_as = request.POST.get("acting", "")
        if request.method == "POST" and opened_as and opened_as != str(membership.pk):
            # The membership the form was opened with has ended, or another one was chosen in another tab.
            return lost_right(request)
        if membership_may(membership, Capability.WORK, membership.agency):
            _note_visit(membership)
        elif not membership_may(membership, Capability.OBSERVE, membership.agency):
            raise PermissionDenied
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return inner


def _note_visit(membership: Membership) -> None:
    """The office was here. At most once a minute; without Redis at every page."""
    if not cache.add(f"desk-visit:{membership.pk}", 1, VISIT_EVERY):
        return
    DeskVisit.objects.bulk_create(
        [DeskVisit(membership=membership, last_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["membership"],
        update_fields=["last_at"],
    )


def lost_right(
    request: HttpRequest, *, status: int = 403, title: str = "", why: str = "", detail: str = ""
) -> HttpResponse:
    """Not allowed (any more): the words are given back to be copied, nothing has changed."""
    context = {
        "title": title or _("Anda tidak berwenang lagi di sini"),
        "why": why or _("Keanggotaan Anda di kantor itu sudah berakhir, atau Anda sekarang masuk sebagai kantor lain."),
        "detail": detail,
        "typed": typed(request),
        "unsent": unsent(request),
        "login": reverse("account_login") if not request.user.is_authenticated else "",
        "acting": acting_membership(request),
        "nav": nav(acting_membership(request)),
    }
    return render(request, "routing/kept.html", context, status=status)


def typed(request: HttpRequest) -> list[str]:
    """The words somebody wrote into the form, longest first; ticks and choices are quickly made again."""
    found = [
        value.strip()
        for name, values in request.POST.lists()
        if name.rpartition("-")[2] not in _NOT_TYPED
        for value in values
        if len(value.strip()) > 12
    ]
    return sorted(found, key=len, reverse=True)


def unsent(request: HttpRequest) -> str:
    """Names of the files that came along and were not kept: no browser keeps them in a form that comes back."""
    return ", ".join(str(file.name) for _name, files in request.FILES.lists() for file in files if file.size)


def find_case(number: str, by: Actor) -> Complaint | None:
    """The case if this officer may open it; None: to them it does not exist."""
    stored = read_number(number)
    return next(iter(_CASE(by, number=stored)), None) if stored is not None else None


_CASE: Seated[Complaint] = Seated(
    lambda by: (
        Complaint.objects.visible_to(by, on_request=True)
        .select_related("handler", "place__parent", "found_place__parent", "category")
        .filter(number=Blank("number", models.CharField()))
    )
)


# What other portals call a report; a word of a search has no digit in it.
_LIKE_A_NUMBER = re.compile(r"(?=.*\d)[A-Za-z0-9./-]{4,40}")


def find_by_former_number(number: str, by: Actor) -> Complaint | None:
    """The one case that was called so where it came from, if this officer may open it."""
    said = number.strip()
    if not _LIKE_A_NUMBER.fullmatch(said):
        return None
    found = list(Complaint.objects.visible_to(by, on_request=True).filter(former_number=said)[:2])
    return found[0] if len(found) == 1 else None


def nav(membership: Membership | None) -> list[tuple[str, str, int | None]]:
    """The header's links, those this officer may follow."""
    if membership is None:
        return []
    links = [(_("Meja"), "routing:desk", Capability.WORK)]
    links += [(_("Loket"), "routing:counter", Capability.TYPE_IN)]
    links += [(_("Pengawasan"), "routing:oversight", Capability.SEE_NUMBERS)]
    if examines(membership):
        links += [(_("Ombudsman"), "routing:referrals", Capability.SEE_NUMBERS)]
    if membership.programme_id is not None:
        links += [(_("Program"), "routing:programmes", Capability.SEE_NUMBERS)]
    if membership.agency.path_length == 2:
        links += [(_("Evaluasi"), "routing:evaluation_years", Capability.READ_EVALUATION)]
    links += [(_("Evaluasi"), "routing:evaluating", Capability.PUBLISH_EVALUATIONS)]
    publishes = membership_may(membership, Capability.PUBLISH_EVALUATIONS, membership.agency)
    if membership.agency.parent_id is None and membership.programme_id is None and not publishes:
        # Whoever publishes finds it on the evaluation's page: their header is long enough.
        links += [(_("Mutu jawaban"), "routing:reviews", Capability.REVIEW)]
    links += [(_("Aturan"), "routing:rules", Capability.MANAGE_RULES)]
    links += [(_("Petugas"), "agencies:members", Capability.SEE_OFFICERS)]
    links += [(_("Kelola"), "agencies:manage", Capability.MANAGE_OFFICES)]
    links += [(_("Tertahan"), "routing:pen", Capability.PLACE_MESSAGES)]
    links += [(_("Saluran"), "routing:channels", Capability.SEE_CHANNELS)]
    links += [(_("Pengenal bidang"), "routing:model", Capability.MANAGE_MODEL)]
    links += [(_("Surat"), "routing:letters", Capability.SEE_CHANNELS)]
    found: list[tuple[str, str, int | None]] = []
    for label, name, capability in links:
        if membership_may(membership, capability, membership.agency):
            try:
                found.append((label, reverse(name), None))
            except NoReverseMatch:
                continue
    if getattr(membership, "sits_in_team", False):
        # By agencies.middleware, for members of that team alone, and always: it does not tell whether there is
        # anything.
        found.append((_("Pengungkapan"), reverse("routing:disclosures"), None))
    return found


def page(request: OfficerRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a desk page with the header's context."""
    frame = {"acting": request.acting, "nav": nav(request.acting)}
    return render(request, template, frame | context, status=status)
