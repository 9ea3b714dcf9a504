"""Letters brought by others. Each proves itself before a byte of it is kept; none is read here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from complaints.channels.called import SHOWN, note_refused
from complaints.channels.email import CODE, addresses, from_provider
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
        note_refused(request, CODE, body, "lebih dari 45 MB")
        return problems.of(problems.TOO_LARGE, _("Satu surat paling besar 45 MB."))
    if not _is_signed(request, body):
        note_refused(request, CODE, body, "tanda tangan tidak cocok")
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
    if not settings.LAPOR_EMAIL_INBOX:
        raise Http404
    found, body = _proved(request, "inbound")
    return body if isinstance(body, HttpResponseBase) else _brought(request, found, body)


@csrf_exempt  # as above
@never_cache
@require_http_methods(["HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponseBase:
    """What became of letters the provider took from us: they arrived, came back, or were called unwanted. Whatever it
    tells of letters that are not ours, or of what we don't ask, is answered with 200 and changes nothing."""
    from anymail.exceptions import AnymailError

    found, body = _proved(request, "tracking")
    if isinstance(body, HttpResponseBase):
        return body
    if body is not None:
        request._body = body
    try:
        answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    except SuspiciousOperation:
        return _unproved(request, body)
    except (AnymailError, ImproperlyConfigured, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return problems.of(problems.MALFORMED, _("Panggilan ini tidak berbentuk kabar surat dari penyedia."))
    return answer


def _proved(request: HttpRequest, kind: str) -> tuple[ResolverMatch, bytes | HttpResponseBase | None]:
    """The provider's own view for calls of this kind, and the body, None: a form that the view itself reads; or the
    refusal. Raises Http404 where no provider is set, or it has no such calls."""
    if not addresses.provider_hears():
        raise Http404
    from_provider.listen()
    found = _view_of(kind)
    if not _knows_the_secret(request):
        return found, _unproved(request, _beginning(request))
    if (request.content_type or "").startswith("multipart/"):
        return found, None
    # A provider's JSON holds whole photos; the portal's own limit for forms is far below that.
    try:
        body = request.read(2 * SIZE_LIMIT + 1)
    except UnreadablePostError:
        return found, problems.of(problems.MALFORMED, _("Suratnya terputus di jalan. Kirim sekali lagi."))
    if len(body) > 2 * SIZE_LIMIT:
        note_refused(request, CODE, body, "lebih dari 45 MB")
        return found, problems.of(problems.TOO_LARGE, _("Satu surat paling besar 45 MB."))
    return found, body


def _view_of(kind: str) -> ResolverMatch:
    """Most providers have one address for each kind of call, Mandrill one for all. Raises Http404."""
    for path in (f"/{settings.LAPOR_EMAIL_ESP}/{kind}/", f"/{settings.LAPOR_EMAIL_ESP}/"):
        try:
            return resolve(path, urlconf="anymail.urls")
        except Resolver404:
            continue
    raise Http404


def _beginning(request: HttpRequest) -> bytes:
    try:
        return bytes(request.read(SHOWN))
    except UnreadablePostError:
        return b""


def _unproved(request: HttpRequest, body: bytes | None) -> HttpResponse:
    """Said, and kept with the reason, as at every door."""
    note_refused(request, CODE, body or b"", "bukan dari penyedia surat")
    return problems.of(problems.UNKNOWN_KEY, _("Panggilan ini tidak terbukti dari penyedia surat."))


def _brought(request: HttpRequest, found: ResolverMatch, body: bytes | None) -> HttpResponseBase:
    """Let the provider's own view read it; what that can't read is read without its odd signs, and what can't be read
    at all is kept for a person."""
    from anymail.exceptions import AnymailError

    for content in dict.fromkeys([body, from_provider.cleaned(body) if body else body]):
        if content is not None:
            request._body = content  # what request.body would hold once it was read
        try:
            answer: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        except SuspiciousOperation:
            return _unproved(request, body)
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
