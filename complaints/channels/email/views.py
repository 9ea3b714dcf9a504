"""Letters brought by others. Each proves itself before a byte of it is kept; none is read here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from complaints.channels.email import addresses, from_provider
from complaints.channels.email.collect import SIZE_LIMIT, keep_letter
from lapor.kit import problems

# How far the sender's clock may be off, in seconds; an older one is somebody who says it again.
SKEW = 300


@csrf_exempt  # the signature is the proof
@never_cache
@require_POST
def raw(request: HttpRequest) -> HttpResponseBase:
    """One letter as it came (message/rfc822), signed: X-Lapor-Waktu is the second it was sent, X-Lapor-Tanda the
    HMAC-SHA-256, in hex, of that number, a full stop and the body, by LAPOR_EMAIL_KEY."""
    if not settings.LAPOR_EMAIL_KEY or not settings.LAPOR_EMAIL_INBOX:
        raise Http404
    try:
        body = request.read(SIZE_LIMIT + 1)
    except UnreadablePostError:
        return problems.of(problems.MALFORMED, _("Suratnya terputus di jalan. Kirim sekali lagi."))
    if len(body) > SIZE_LIMIT:
        return problems.of(problems.TOO_LARGE, _("Satu surat paling besar 45 MB."))
    if not _is_signed(request, body):
        return problems.of(
            problems.UNKNOWN_KEY, _("Tanda tangannya tidak cocok, atau waktunya terpaut lebih dari 5 menit.")
        )
    if not body.strip():
        return problems.of(problems.MALFORMED, _("Suratnya kosong."))
    _arrival, new = keep_letter(body)
    return HttpResponse(status=202 if new else 200)


def _is_signed(request: HttpRequest, body: bytes) -> bool:
    at = request.headers.get("X-Lapor-Waktu", "")
    given = request.headers.get("X-Lapor-Tanda", "")
    if not re.fullmatch(r"\d{9,12}", at, re.ASCII) or abs(time.time() - int(at)) > SKEW:
        return False
    mark = hmac.new(str(settings.LAPOR_EMAIL_KEY).encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(mark.encode(), given.strip().lower().encode("utf-8", "replace"))


@csrf_exempt  # the provider's own proof is asked for: WEBHOOK_SECRET, and its signature where it has one
@never_cache
@require_http_methods(["HEAD", "POST"])
def provider(request: HttpRequest) -> HttpResponseBase:
    """Inbound letters of the one mail provider that is set, in its own format (django-anymail)."""
    if not addresses.provider_hears() or not settings.LAPOR_EMAIL_INBOX:
        raise Http404
    from_provider.listen()
    try:
        found = resolve(f"/{settings.LAPOR_EMAIL_ESP}/inbound/", urlconf="anymail.urls")
    except Resolver404:
        raise Http404 from None
    if not _knows_the_secret(request):
        return problems.of(problems.UNKNOWN_KEY, _("Panggilan ini tidak terbukti dari penyedia surat."))
    body: bytes | None = None
    if not (request.content_type or "").startswith("multipart/"):
        # A provider's JSON holds whole photos; the portal's own limit for forms is far below that.
        try:
            body = request.read(2 * SIZE_LIMIT + 1)
        except UnreadablePostError:
            return problems.of(problems.MALFORMED, _("Suratnya terputus di jalan. Kirim sekali lagi."))
        if len(body) > 2 * SIZE_LIMIT:
            return problems.of(problems.TOO_LARGE, _("Satu surat paling besar 45 MB."))
    return _brought(request, found, body)


def _brought(request: HttpRequest, found: ResolverMatch, body: bytes | None) -> HttpResponseBase:
    """Let the provider's own view read it; what that can't read is read without its odd signs, and what can't be read
    at all is kept for a person."""
    for content in dict.fromkeys([body, from_provider.cleaned(body) if body else body]):
        if content is not None:
            request._body = content  # what request.body would hold once it was read
        try:
            answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        except SuspiciousOperation:
            return problems.of(problems.UNKNOWN_KEY, _("Panggilan ini tidak terbukti dari penyedia surat."))
        except (AnymailError, ImproperlyConfigured):
            # A call of another kind: a bounce, a test.
            break
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
        return answer
    else:
        if body and body.strip():
            keep_letter(body)
            return HttpResponse(status=202)
    return problems.of(problems.MALFORMED, _("Panggilan ini tidak berbentuk surat masuk dari penyedia."))


def _knows_the_secret(request: HttpRequest) -> bool:
    """Basic authentication by WEBHOOK_SECRET, before anything is read; the provider's view asks again, and for its own
    signature where it has one."""
    given = request.headers.get("Authorization", "")
    wanted = "Basic " + base64.b64encode(str(settings.ANYMAIL["WEBHOOK_SECRET"]).encode()).decode()
    return request.method == "HEAD" or hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
