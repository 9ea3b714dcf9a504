"""Errors for machines: problem details as RFC 9457 writes them, for every address that only machines ask for.

Each kind has a word of its own, which a client may branch on; title and detail are Indonesian sentences for the person
who reads its log. `errors` names each wrong field by a JSON Pointer into what was sent (RFC 6901).
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.views import set_rollback

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
# Where machines ask, and the page that explains each kind of problem under its anchor.
ROOT = "/api/"
DOCS = "/api/v1/"
RETRY_AFTER = 30

Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """One kind of problem. `code` ends its type's address; `title` never varies from one occurrence to the next."""

    code: str
    status: int
    title: Words
    advice: Words = ""

    @property
    def type(self) -> str:
        return f"{DOCS}#galat-{self.code}"


KINDS: dict[str, Kind] = {}


def kind(code: str, status: int, title: Words, advice: Words = "") -> Kind:
    """A kind that the page of the API lists."""
    assert code not in KINDS, code
    KINDS[code] = Kind(code, status, title, advice)
    return KINDS[code]


MALFORMED = kind(
    "tidak-terbaca", 400, gettext_lazy("Permintaan tidak terbaca"), gettext_lazy("Kirim JSON yang sah, dalam UTF-8.")
)
INVALID = kind(
    "isian-salah",
    400,
    gettext_lazy("Ada isian yang perlu diperbaiki"),
    gettext_lazy("Setiap galat di “errors” menunjuk isian yang salah dan cara memperbaikinya."),
)
UNKNOWN_KEY = kind(
    "kunci-tidak-dikenal",
    401,
    gettext_lazy("Kunci API tidak dikenal"),
    gettext_lazy("Kirim kunci yang masih berlaku di kepala “Authorization: Bearer …”."),
)
FORBIDDEN = kind(
    "tidak-berwenang",
    403,
    gettext_lazy("Tidak berwenang"),
    gettext_lazy("Minta izin yang kurang kepada koordinator instansi Anda."),
)
NOT_FOUND = kind(
    "tidak-ada",
    404,
    gettext_lazy("Tidak ada"),
    gettext_lazy("Alamat, nomor, atau kuncinya keliru. Yang tidak boleh Anda lihat juga dijawab begini."),
)
WRONG_METHOD = kind("metode-salah", 405, gettext_lazy("Metode ini tidak ada di alamat ini"))
NOT_ACCEPTABLE = kind(
    "bentuk-tidak-ada",
    406,
    gettext_lazy("Bentuk jawaban yang diminta tidak ada"),
    gettext_lazy("Terima “application/json”."),
)
TOO_LARGE = kind("terlalu-besar", 413, gettext_lazy("Yang dikirim terlalu besar"))
WRONG_TYPE = kind("jenis-isi-salah", 415, gettext_lazy("Jenis isi tidak dikenal di alamat ini"))
TOO_MANY = kind(
    "terlalu-sering",
    429,
    gettext_lazy("Terlalu banyak permintaan"),
    gettext_lazy("Tunggu sebanyak detik yang disebut “Retry-After”, lalu ulangi."),
)
BROKEN = kind(
    "galat-server",
    500,
    gettext_lazy("Ada yang rusak di pihak kami"),
    gettext_lazy("Ulangi nanti, dengan Idempotency-Key yang sama bila mengirim laporan."),
)
AWAY = kind("sedang-tidak-bisa", 503, gettext_lazy("Portal sedang tidak bisa melayani"))


@dataclass(frozen=True)
class FieldError:
    """`pointer` as RFC 6901 writes it ("/body"; "" is the whole); or the name of a header, or of a parameter of the
    address, instead."""

    pointer: str
    detail: str
    code: str = "invalid"
    header: str = ""
    parameter: str = ""

    def said(self) -> dict[str, str]:
        where = {"pointer": f"#{self.pointer}"}
        if self.header or self.parameter:
            where = {"header": self.header} if self.header else {"parameter": self.parameter}
        return {**where, "detail": self.detail, "code": self.code}


class Problem(exceptions.APIException):
    """Raised in a view: this kind, with this sentence. `more` is added to the body, `headers` to the answer."""

    def __init__(
        self,
        kind: Kind,
        detail: Words,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(str(detail), kind.code)
        self.status_code = kind.status
        self.kind, self.said = kind, str(detail)
        self.errors, self.headers, self.more = list(errors), dict(headers or {}), dict(more or {})


def response(problem: Problem) -> HttpResponse:
    body: dict[str, Any] = {
        "type": problem.kind.type,
        "title": str(problem.kind.title),
        "status": problem.kind.status,
        "detail": problem.said,
        **problem.more,
    }
    if problem.errors:
        body["errors"] = [error.said() for error in problem.errors]
    # Unpaired surrogates of what was sent may stand in a message; no answer breaks over them.
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(content, status=problem.kind.status, content_type=CONTENT_TYPE, headers=problem.headers)


def of(kind: Kind, detail: Words, **said: Any) -> HttpResponse:
    return response(Problem(kind, detail, **said))


def is_machine(request: HttpRequest) -> bool:
    """Asked for by a machine: every error there is a problem, whoever raised it."""
    return request.path.startswith(ROOT)


# --- What was raised, as a problem ---


@singledispatch
def describe(error: Exception) -> Problem | None:
    """Apps register their own exceptions: `@describe.register`. None: nobody knows it, it is a fault of ours."""
    return None


@describe.register
def _(error: Problem) -> Problem:
    return error


@describe.register
def _(error: Http404) -> Problem:
    return Problem(NOT_FOUND, gettext_lazy("Di alamat ini tidak ada apa-apa untuk Anda."))


@describe.register
def _(error: PermissionDenied) -> Problem:
    return Problem(FORBIDDEN, gettext_lazy("Anda tidak berwenang melakukan ini."))


@describe.register
def _(error: RequestDataTooBig) -> Problem:
    return Problem(TOO_LARGE, gettext_lazy("Isi permintaan paling besar 1 MB. Berkas dikirim di alamatnya sendiri."))


@describe.register
def _(error: SuspiciousOperation) -> Problem:
    return Problem(MALFORMED, gettext_lazy("Permintaan ini tidak bisa dibaca."))


@describe.register
def _(error: exceptions.ParseError) -> Problem:
    return Problem(MALFORMED, gettext_lazy("Isi permintaan tidak bisa dibaca. Periksa tanda kutip, koma, dan UTF-8."))


@describe.register
def _(error: exceptions.ValidationError) -> Problem:
    found = list(field_errors(error.detail))
    return Problem(INVALID, gettext_lazy("Perbaiki isian yang disebut, lalu kirim lagi."), errors=found)


@describe.register
def _(error: exceptions.NotAuthenticated) -> Problem:
    return Problem(
        UNKNOWN_KEY, gettext_lazy("Alamat ini memerlukan kunci API instansi."), headers={"WWW-Authenticate": "Bearer"}
    )


@describe.register
def _(error: exceptions.AuthenticationFailed) -> Problem:
    challenge = 'Bearer error="invalid_token"'
    return Problem(
        UNKNOWN_KEY,
        gettext_lazy("Kunci itu tidak dikenal, sudah berakhir, atau tertulis tidak utuh."),
        headers={"WWW-Authenticate": challenge},
    )


@describe.register
def _(error: exceptions.PermissionDenied) -> Problem:
    return Problem(FORBIDDEN, gettext_lazy("Sistem Anda tidak diberi izin untuk ini."))


@describe.register
def _(error: exceptions.MethodNotAllowed) -> Problem:
    return Problem(WRONG_METHOD, gettext_lazy("Metode yang bisa dipakai disebut di kepala “Allow”."))


@describe.register
def _(error: exceptions.NotAcceptable) -> Problem:
    return Problem(NOT_ACCEPTABLE, gettext_lazy("Alamat ini menjawab dengan application/json."))


@describe.register
def _(error: exceptions.UnsupportedMediaType) -> Problem:
    return Problem(WRONG_TYPE, gettext_lazy("Periksa kepala “Content-Type”: JSON, atau multipart untuk berkas."))


@describe.register
def _(error: exceptions.Throttled) -> Problem:
    wait = max(1, round(getattr(error, "wait", None) or RETRY_AFTER))
    sentence = gettext_lazy("Tunggu sebentar, lalu ulangi.")
    return Problem(TOO_MANY, sentence, headers={"Retry-After": str(wait)})


@describe.register(OperationalError)
@describe.register(InterfaceError)
def _(error: Exception) -> Problem:
    return Problem(
        AWAY,
        gettext_lazy("Ulangi sebentar lagi, dengan Idempotency-Key yang sama bila mengirim laporan."),
        headers={"Retry-After": str(RETRY_AFTER)},
    )


def field_errors(detail: Any, pointer: str = "") -> Iterator[FieldError]:
    """Every leaf of what a serializer complains about, by its place in what was sent."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            whole = name in ("non_field_errors", "detail")
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield from field_errors(inner, pointer if whole else f"{pointer}/{step}")
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from field_errors(inner, f"{pointer}/{place}" if nested else pointer)
    elif detail:
        yield FieldError(pointer, str(detail), str(getattr(detail, "code", "") or "invalid"))


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Rest framework's exception handler. None raises it again: `lapor.views` answers what nobody foresaw."""
    problem = describe(error)
    if problem is None:
        return None
    set_rollback()
    answer = response(problem)
    view = context.get("view")
    if problem.kind is WRONG_METHOD and view is not None:
        answer["Allow"] = ", ".join(view.allowed_methods)
    return answer


# --- Errors raised before or beside a view ---


def broken() -> HttpResponse:
    """The answer to whatever was raised and not foreseen, in Django's last resort; it has been logged already."""
    error = sys.exc_info()[1]
    known = describe(error) if isinstance(error, OperationalError | InterfaceError) else None
    sentence = gettext_lazy("Kesalahannya sudah tercatat. Tidak ada yang berubah.")
    return response(known or Problem(BROKEN, sentence))
