"""How long an officer may stay signed in, and whether this session has passed the second step.

Both are facts of the session, not of the account: somebody whose second step was set up elsewhere has not passed it
here.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from agencies.models import User

BEGAN, SEEN = "signed_in_at", "seen_at"
# The session is written at most this often for being used: the idle limit is exact to a minute.
_WRITE_EVERY = 60


@receiver(user_logged_in, dispatch_uid="agencies.session_began")
def begin(sender: object, request: HttpRequest | None, **more: Any) -> None:
    if request is not None:
        request.session[BEGAN] = request.session[SEEN] = int(time.time())


def is_over(request: HttpRequest) -> bool:
    """An officer's session that nobody used for the idle limit, or that began longer ago than any may last."""
    if not settings.OFFICER_SESSION_IDLE:
        return False
    now = int(time.time())
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if began is None or seen is None:
        # Signed in before this was asked: it begins now.
        request.session[BEGAN] = request.session[SEEN] = now
        return False
    return bool(now - seen > settings.OFFICER_SESSION_IDLE or now - began > settings.OFFICER_SESSION_LONGEST)


def note_use(request: HttpRequest) -> None:
    """Somebody did something here; what a page asks for by itself is not that."""
    now = int(time.time())
    if settings.OFFICER_SESSION_IDLE and now - request.session.get(SEEN, 0) >= _WRITE_EVERY:
        request.session[SEEN] = now


def has_two_steps(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def passed_two_steps(request: HttpRequest, user: User) -> bool:
    """A code of the second step, or a recovery code, was given in this very session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


@receiver(authenticator_added, dispatch_uid="agencies.second_step")
def set_up_is_passed(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **more: Any
) -> None:
    """Whoever sets the second step up has just given its code."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
