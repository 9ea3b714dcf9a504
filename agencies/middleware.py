"""As which office am I here? And: who decides for many must sign in with two steps."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY as USER_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Membership, Role, User
from agencies.permissions import start_of

SESSION_KEY = "membership"

# What shows nothing of anybody, and where the second step is set up.
REACHED_BEFORE = ("/akun/", settings.STATIC_URL, "/healthz", "/readyz", "/sw.js", "/luring/", "/api/")

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
        memberships = Membership.objects.current(timezone.localdate()).filter(user=user)
        return list(memberships.select_related("agency__region").order_by("pk"))

    def choose(self, current: list[Membership], wanted: int | None) -> Membership | None:
        return next((one for one in current if one.pk == wanted), current[0] if current else None)


class TwoStepsMiddleware:
    """In production coordinators and national admins reach nothing before they have set up their second step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        acting: Membership | None = getattr(request, "acting", None)
        if (
            settings.MFA_REQUIRED_OF_OFFICERS
            and acting is not None
            and acting.role in TWO_STEPS
            and not request.path.startswith(REACHED_BEFORE)
            and not Authenticator.objects.filter(user=acting.user, type=Authenticator.Type.TOTP).exists()
        ):
            messages.warning(request, _("Untuk peran Anda, masuk harus dengan dua langkah. Pasang dulu di sini."))
            return redirect("mfa_activate_totp")
        return self.get_response(request)
