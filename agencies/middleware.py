"""As which office am I here? And: who decides for many must sign in with two steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import sessions
from agencies.models import Membership, Role, TeamMember, User
from agencies.permissions import start_of
from lapor.kit.compiled import Blank, Compiled

SESSION_KEY = "membership"

# What shows nothing of anybody, and where the second step is set up.
REACHED_BEFORE = ("/akun/", settings.STATIC_URL, "/healthz", "/readyz", "/sw.js", "/luring/", "/api/")

# Whether they sit in the team of that very office that reads disclosures: its members have a link to it.
_SEAT = (
    TeamMember.objects.exclude(asked_for=TeamMember.Asked.SEAT)
    .filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=Blank("day", models.DateField())))
    .filter(starts_on__lte=Blank("day", models.DateField()))
    .filter(user=models.OuterRef("user_id"), agency=models.OuterRef("agency_id"))
)

# Asked at every request of an officer.
_CURRENT: Compiled[Membership] = Compiled(
    lambda: (
        Membership.objects.current(Blank("day", models.DateField()))
        .filter(user_id=Blank("user", models.BigIntegerField()))
        .select_related("agency__region", "programme")
        .annotate(sits_in_team=models.Exists(_SEAT))
        .order_by("pk")
    )
)

TWO_STEPS = (Role.COORDINATOR, Role.NATIONAL)


class ActingMembershipMiddleware:
    """Sets `request.acting` (and `request.user.acting`): the one membership through which this request acts;
    `request.user.held`, all that are current; and `request.start`, where the holder begins ("" for citizens).

    The one chosen and kept in the session, if it is still current; else the user's first. None for citizens and
    guests. Read anew at every request: a right ends when its membership does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        acting: Membership | None = None
        # Guests without a session cost no query.
        if USER_KEY in request.session and isinstance(request.user, User):
            request.user.held = self.current(request.user)
            acting = self.choose(request.user.held, request.session.get(SESSION_KEY))
            request.user.acting = acting
            if acting is not None:
                acting.user = request.user
        request.acting = acting  # type: ignore[attr-defined]
        request.start = start_of(acting) if acting else ""  # type: ignore[attr-defined]
        return self.get_response(request)

    def current(self, user: User) -> list[Membership]:
        return _CURRENT(user=user.pk, day=timezone.localdate())

    def choose(self, current: list[Membership], wanted: int | None) -> Membership | None:
        return next((one for one in current if one.pk == wanted), current[0] if current else None)


class TwoStepsMiddleware:
    """In production coordinators and national admins reach nothing before they have set up their second step, and
    nothing in a session that has not passed it: one that was open when the step was set up elsewhere has not.

    Open are the pages that lead there by name, not by the beginning of an address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        acting: Membership | None = getattr(request, "acting", None)
        if not settings.MFA_REQUIRED_OF_OFFICERS or acting is None or acting.role not in TWO_STEPS:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in _ON_THE_WAY or name.startswith(_LIBRARIES):
            return None
        if not sessions.has_two_steps(acting.user):
            messages.warning(request, _("Untuk peran Anda, masuk harus dengan dua langkah. Pasang dulu di sini."))
            return redirect("mfa_activate_totp")
        if not sessions.passed_two_steps(request, acting.user):
            messages.warning(request, _("Untuk peran Anda, masuk harus dengan dua langkah. Isi kodenya di sini."))
            onward = request.get_full_path() if request.method in ("GET", "HEAD") else request.start  # type: ignore[attr-defined]
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': onward})}")
        return None


# The library's own pages guard themselves.
_LIBRARIES = ("account_", "mfa_")
# What a page needs to be shown, and the choice of another office; none of it knows a report.
_ON_THE_WAY = frozenset(
    {
        "agencies:account", "agencies:act_as", "healthz", "readyz", "stylesheet", "set_language", "manifest",
        "desk-manifest", "service-worker", "offline", "offline-desk", "offline-draft", "offline-held", "robots",
    }
)  # fmt: skip
