"""What every call has in common: its parameters, its errors, its address.

Errors follow the spec: 403 for a key that is missing or wrong, 404 for what is not there, 400 for the rest, each with a
body in the format asked for. Beyond it stand what HTTP itself knows: 405 with Allow, 429 with Retry-After, and 503
where the fault is ours and passes.
"""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, QueryDict, UnreadablePostError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, MethodNotAllowed, Throttled
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies import subsites
from agencies.clients import sign_in
from agencies.machines import BAD_KEYS, ByClient
from agencies.models import Agency, ApiClient, Permission
from complaints.channels.open311 import jurisdictions
from complaints.channels.open311.formats import FORMATS, XML, BySuffix, Document, SparkJSON, legible
from complaints.channels.open311.refusals import Missing, NoKey, Wrong
from lapor.kit.ratelimit import address
from lapor.kit.wording import JAKARTA

log = logging.getLogger(__name__)


class Asked:
    """Parameters as the spec reads them: an empty one is none at all."""

    def __init__(self, given: QueryDict) -> None:
        self._given = given

    def one(self, name: str) -> str:
        """The value, "" for none; of one that was sent several times the last that says something."""
        return next((value for value in reversed(self.lines(name)) if value), "")

    def names(self) -> list[str]:
        return list(self._given)

    def lines(self, name: str) -> list[str]:
        """Every value that says something, whole."""
        found = [legible(value).strip() for value in self._given.getlist(name) if isinstance(value, str)]
        return [value for value in found if value]

    def many(self, name: str) -> list[str]:
        """A list: commas between its values, or sent several times, or both. Each value once."""
        parts = [part.strip() for line in self.lines(name) for part in line.split(",")]
        return list(dict.fromkeys(part for part in parts if part))

    def moment(self, name: str, *, end: bool = False) -> datetime.datetime | None:
        """A W3C date and time with its zone, or a whole date (of Jakarta: its first instant, or its last if `end`).

        Raises Wrong. A "+" that nobody escaped arrives as a blank, and is meant all the same.
        """
        text = self.one(name).replace(" ", "+")
        if not text:
            return None
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                clock = datetime.time.max if end else datetime.time.min
                return datetime.datetime.combine(datetime.date.fromisoformat(text), clock, tzinfo=JAKARTA)
            at = datetime.datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
            # A zone may carry the instant out of the years there are.
            if at is not None and at.tzinfo is not None:
                return at.astimezone(datetime.UTC)
        except (ValueError, OverflowError):
            pass
        raise Wrong(
            _("%(name)s: tulis tanggal dan jam dengan zonanya, misalnya 2026-05-29T08:15:30+07:00.") % {"name": name}
        )

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1. Raises Wrong."""
        text = self.one(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
            raise Wrong(_("%(name)s: angka dari 1 sampai %(most)d.") % {"name": name, "most": most})
        return int(text)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class KeyAmongParameters(BaseAuthentication):
    """`api_key` in the body or the address. None sent, no client; one that opens nothing is refused wherever it is
    sent, so that a mistake is found before the first report."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiClient] | None:
        key = parameters(request).one("api_key")
        if not key:
            return None
        client = sign_in(key)
        if client is None:
            if not BAD_KEYS.take(address(request._request)):
                raise Throttled(wait=3600 / BAD_KEYS.hourly)
            raise NoKey(_("api_key tidak dikenal atau sudah berakhir."))
        return AnonymousUser(), client


def parameters(request: Request) -> Asked:
    """Of a POST those of its body, before those of the address."""
    query: QueryDict = request.query_params
    if request.method != "POST":
        return Asked(query)
    both = query.copy()
    body: Any = request.data
    # Without a body, and without a word of what it would be, there is a dictionary that holds nothing.
    for name, values in body.lists() if isinstance(body, QueryDict) else ():
        if any(values):
            both.setlist(name, values)
    return Asked(both)


class Call(APIView):
    """One address. A subclass answers `get` (and `post`) with a Document's Response.

    `jurisdiction` is the district asked for, None: the whole country.
    """

    renderer_classes = (XML, SparkJSON)
    parser_classes = (FormParser, MultiPartParser)
    content_negotiation_class = BySuffix
    authentication_classes = (KeyAmongParameters,)
    permission_classes = ()
    throttle_classes = (ByClient,)
    http_method_names = ("get", "head", "post", "options")

    jurisdiction: Agency | None = None

    @cached_property
    def asked(self) -> Asked:
        return parameters(self.request)

    @property
    def client(self) -> ApiClient | None:
        client = self.request.auth
        return client if isinstance(client, ApiClient) else None

    def client_with(self, permission: Permission) -> ApiClient:
        """The client that signed in and may. Raises NoKey."""
        client = self.client
        if client is None:
            raise NoKey(_("api_key wajib dikirim."))
        if not client.may(permission):
            raise NoKey(_("Kunci ini tidak diberi izin untuk ini."))
        return client

    def again(self, **changes: Any) -> str:
        """The address of this call with some parameters changed; a key is not said again."""
        query = {name: value for name, value in self.request.query_params.lists() if name != "api_key"}
        return self.request.build_absolute_uri(f"?{urlencode({**query, **changes}, doseq=True)}")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.format_kwarg not in FORMATS:
            raise Missing(_("Alamat ini tidak ada. Akhiri dengan .xml atau .json."))
        if request.method in ("GET", "HEAD", "POST"):
            self.jurisdiction = jurisdictions.find(self.asked.one("jurisdiction_id"))
            if self.jurisdiction is None and (site := subsites.of(request._request)) is not None:
                # At a district's own door its reports are meant.
                self.jurisdiction = site.agency

    def handle_exception(self, exc: Exception) -> Response:
        status, sentences, headers = _told(exc, self.allowed_methods)
        response = errors(status, sentences)
        for name, value in headers.items():
            response[name] = value
        response.exception = True
        return response

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """What may be done here; also for browsers of other sites, which may read what everybody may."""
        response = Response(status=204)
        response["Allow"] = ", ".join(self.allowed_methods)
        response["Access-Control-Allow-Methods"] = response["Allow"]
        response["Access-Control-Allow-Headers"] = "Content-Type, Idempotency-Key"
        return response

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        # The address alone decides the format.
        response.headers.pop("Vary", None)
        return response


def errors(status: int, sentences: Iterable[str]) -> Response:
    rows = [{"code": status, "description": legible(sentence)} for sentence in sentences]
    return Response(Document("errors", rows), status=status)


def _told(exc: Exception, allowed: list[str]) -> tuple[int, list[str], dict[str, str]]:
    """Status, sentences and headers of what was raised."""
    match exc:
        case Wrong():
            return exc.status_code, exc.sentences, {}
        case Http404():
            return 404, [_("Tidak ada di sini.")], {}
        case MethodNotAllowed():
            words = {"allowed": ", ".join(allowed)}
            return (
                405,
                [_("Cara ini tidak ada di alamat ini. Yang ada: %(allowed)s.") % words],
                {"Allow": words["allowed"]},
            )
        case Throttled():
            wait = str(int(getattr(exc, "wait", None) or 60))
            return 429, [_("Terlalu banyak permintaan. Coba lagi sebentar lagi.")], {"Retry-After": wait}
        case APIException() | SuspiciousOperation() | BadRequest() | UnreadablePostError():
            return (
                400,
                [_("Permintaan ini tidak bisa dibaca. Kirim sebagai application/x-www-form-urlencoded, UTF-8.")],
                {},
            )
        case DatabaseError():
            log.exception("open311: the database did not answer")
            return 503, [_("Layanan sedang tidak bisa dipakai. Coba lagi sebentar lagi.")], {"Retry-After": "30"}
    log.exception("open311: a call failed")
    return 500, [_("Ada yang salah di pihak kami. Coba lagi nanti.")], {}
