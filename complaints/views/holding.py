"""Which cases this browser may act on as their reporter, and which draft it is writing.

A key or a signed link is exchanged at once for a signed cookie; neither stays in an address. The cookie holds case ids
with a piece of their key's hash, so a new key ends the old cookies.
"""

from __future__ import annotations

import hmac
import uuid
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from complaints.models import Complaint, Draft
from complaints.models.draft import LIFETIME
from lapor.kit.compiled import Blank, Compiled

DRAFT_COOKIE, CASES_COOKIE = "draf", "laporan"
DRAFT_SALT, CASES_SALT = "lapor.draft", "lapor.cases"
CASES_LIFETIME = 14 * 24 * 3600
MOST_CASES = 20


def account_of(request: HttpRequest) -> str:
    """The fingerprint of the account that is signed in; "" for a guest."""
    return request.user.fingerprint if request.user.is_authenticated else ""


def _cookie(response: HttpResponse, name: str, value: str, age: int, path: str) -> None:
    response.set_cookie(
        name, value, max_age=age, path=path, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def sign_draft(draft: Draft) -> str:
    return signing.Signer(salt=DRAFT_SALT).sign(draft.token.hex)


def remember_draft(response: HttpResponse, draft: Draft) -> None:
    # Behind a district's door the pages lie one step deeper.
    _cookie(response, DRAFT_COOKIE, sign_draft(draft), int(LIFETIME.total_seconds()), reverse("complaints:place"))


def read_draft(signed: str) -> Draft | None:
    """The draft of a token we signed; None when it is forged, expired or gone."""
    try:
        token = uuid.UUID(signing.Signer(salt=DRAFT_SALT).unsign(signed))
    except (signing.BadSignature, ValueError):
        return None
    return next(iter(_BY_TOKEN(token=token, now=timezone.now())), None)


_BY_TOKEN = Compiled(
    lambda: Draft.objects.filter(
        token=Blank("token", models.UUIDField()), expires_at__gt=Blank("now", models.DateTimeField())
    )
)


def draft_of(request: HttpRequest) -> Draft | None:
    """The draft this form belongs to (several tabs may hold several), else the one this browser wrote last."""
    for signed in (request.POST.get("draft", ""), request.COOKIES.get(DRAFT_COOKIE, "")):
        draft = read_draft(signed) if signed else None
        # A draft begun signed in is that person's alone.
        if draft is not None and draft.account_fingerprint in ("", account_of(request)):
            return draft
    return None


def _mark(complaint: Complaint) -> str:
    return complaint.key_hash[:12]


def held(request: HttpRequest) -> dict[str, str]:
    """Case ids with the mark of their key, as this browser proved them; empty when none or forged."""
    try:
        found = signing.loads(request.COOKIES.get(CASES_COOKIE, ""), salt=CASES_SALT, max_age=CASES_LIFETIME)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def hold(request: HttpRequest, response: HttpResponse, complaint: Complaint) -> None:
    """From now on this browser acts for the reporter of this case; the oldest of many is forgotten."""
    cases: dict[str, Any] = held(request)
    cases.pop(str(complaint.pk), None)
    cases[str(complaint.pk)] = _mark(complaint)
    newest = dict(list(cases.items())[-MOST_CASES:])
    _cookie(response, CASES_COOKIE, signing.dumps(newest, salt=CASES_SALT, compress=True), CASES_LIFETIME, "/")


def let_go(request: HttpRequest, response: HttpResponse, complaint: Complaint) -> None:
    """Forget one case in this browser: a shared phone."""
    cases = {pk: mark for pk, mark in held(request).items() if pk != str(complaint.pk)}
    _cookie(response, CASES_COOKIE, signing.dumps(cases, salt=CASES_SALT, compress=True), CASES_LIFETIME, "/")


def let_all_go(response: HttpResponseBase) -> None:
    """Forget every case in this browser: somebody signed out, and what they filed or opened is not the next one's."""
    response.delete_cookie(CASES_COOKIE, path="/", samesite="Lax")


def is_reporter(request: HttpRequest, complaint: Complaint) -> bool:
    """By what this browser proved, or by the account the case was filed with."""
    mark = held(request).get(str(complaint.pk), "")
    if mark and hmac.compare_digest(mark, _mark(complaint)):
        return True
    account = account_of(request)
    return bool(account) and getattr(getattr(complaint, "reporter", None), "account_fingerprint", "") == account
