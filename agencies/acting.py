"""For views: as whom does this request act?"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from agencies.actor import Actor
from agencies.models import Agency, Membership, User

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request that passed `login_required`; for annotations only."""

    user: User
    acting: Membership | None


class OfficerRequest(SignedInRequest):
    """A request that passed `officers_only`; for annotations only."""

    acting: Membership


def acting_membership(request: HttpRequest) -> Membership | None:
    """The membership chosen for this session, current at this request; None: a citizen or a guest."""
    acting: Membership | None = getattr(request, "acting", None)
    return acting


def acting_office(request: HttpRequest) -> Agency | None:
    acting = acting_membership(request)
    return acting.agency if acting else None


def actor_of(request: HttpRequest) -> Actor:
    """The `by` of a verb: the officer through the acting membership, else the citizen who is signed in or not."""
    acting = acting_membership(request)
    if acting is not None:
        return Actor.officer(acting)
    return Actor.reporter(request.user if isinstance(request.user, User) else None)


def officers_only(
    view: Callable[Concatenate[OfficerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Guests are asked to sign in and come back; who has no current membership gets 403."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if acting_membership(request) is None:
            raise PermissionDenied
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return login_required(inner)
