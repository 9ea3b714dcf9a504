"""How the views describe themselves to the schema: headers, parameters and the problems each may answer with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from complaints.channels.api import shapes

View = TypeVar("View", bound=Callable[..., Any])
PROBLEM = "application/problem+json"
# Every address of machines answers with these when it must; each view names what else it may.
EVERYWHERE = (401, 406, 429, 500, 503)
_WORDS = {
    400: "Permintaan tidak terbaca, atau ada isian yang salah.",
    401: "Kunci API tidak dikenal.",
    403: "Tidak berwenang, atau izin kurang.",
    404: "Tidak ada, atau bukan untuk Anda.",
    406: "Bentuk jawaban yang diminta tidak ada.",
    409: "Laporan sudah berubah, atau statusnya tidak cocok.",
    410: "Kursor terlalu lama.",
    413: "Terlalu besar.",
    415: "Jenis isi tidak dikenal.",
    422: "Idempotency-Key sudah dipakai untuk isi lain.",
    428: "Versi laporan tidak disebut.",
    429: "Terlalu banyak permintaan; lihat kepala Retry-After.",
    500: "Ada yang rusak di pihak kami.",
    503: "Sedang tidak bisa melayani; lihat kepala Retry-After.",
}

NUMBER = OpenApiParameter(
    "number", str, OpenApiParameter.PATH, description="Nomor laporan, dengan atau tanpa tanda hubung."
)
KEY = OpenApiParameter(
    "X-Lapor-Key",
    str,
    OpenApiParameter.HEADER,
    description="Kunci laporan, seperti ABCD-EFGH-JKMN-PQRS. Tidak pernah di alamat.",
)
MUST_KEY = OpenApiParameter(
    "X-Lapor-Key", str, OpenApiParameter.HEADER, required=True, description=str(KEY.description)
)
_ONCE = {"type": "string", "minLength": 16, "maxLength": 128, "pattern": "^[!-~]+$"}
ONCE = OpenApiParameter(
    "Idempotency-Key",
    _ONCE,
    OpenApiParameter.HEADER,
    description="Satu UUID per tindakan. Yang sama dengan isi yang sama dijawab sama, tanpa dikerjakan dua kali.",
)
MUST_ONCE = OpenApiParameter(
    "Idempotency-Key", _ONCE, OpenApiParameter.HEADER, required=True, description=str(ONCE.description)
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="ETag laporan, pengganti `version` di isi permintaan."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="ETag yang terakhir diterima; bila masih sama: 304."
)


@dataclass(frozen=True)
class Description:
    """What `extend_schema` will be told, when somebody first asks for the schema: making it takes libraries that a web
    process which only serves would carry about in vain."""

    operation: str
    tag: str
    request: Any
    answers: Mapping[Any, Any]
    problems: tuple[int, ...]
    parameters: tuple[OpenApiParameter, ...]
    key: str
    example: Any

    def told(self) -> dict[str, Any]:
        said: dict[Any, Any] = dict(self.answers)
        for status in sorted({*EVERYWHERE, *self.problems}):
            said[(status, PROBLEM)] = OpenApiResponse(shapes.PROBLEM_OUT, description=_WORDS[status])
        ways: dict[str, list[Any]] = {"optional": [{}, {"kunci": []}], "needed": [{"kunci": []}], "none": [{}]}
        examples = [OpenApiExample("contoh", value=self.example, request_only=True)]
        return {
            "operation_id": self.operation,
            "tags": [self.tag],
            "request": self.request,
            "responses": said,
            "parameters": list(self.parameters),
            "auth": ways[self.key],
            "examples": examples if self.example is not None else [],
        }


def described(
    operation: str,
    tag: str,
    *,
    request: Any = None,
    answers: Mapping[Any, Any],
    problems: tuple[int, ...] = (),
    parameters: tuple[OpenApiParameter, ...] = (),
    key: str = "optional",
    example: Any = None,
) -> Callable[[View], View]:
    """What the schema says of one method of a view. `key`: "optional", "needed", "none": an agency's API key.
    `example`: what might be sent."""
    description = Description(operation, tag, request, answers, problems, parameters, key, example)

    def remember(view: View) -> View:
        view.described = description  # type: ignore[attr-defined]
        return view

    return remember
