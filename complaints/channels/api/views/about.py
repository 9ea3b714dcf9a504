"""The page about the API for people, and its schema for machines. Both come from the same views.

The schema says everything in Indonesian; the page says it in the reader's language (`sentences` for the catalogue).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.machines import MachineView
from complaints.channels.api import words
from complaints.channels.api.schema import PREFIX, schema
from lapor.kit import problems

KEPT_FOR = "public, max-age=300"
# Said of every operation alike: told once, in the page's own words.
SAID_ONCE = {"401", "406", "429", "500", "503"}


class Schema(MachineView):
    def get(self, request: Request) -> Response:
        return Response(schema(), headers={"Cache-Control": KEPT_FOR})


@dataclass(frozen=True)
class Field:
    """One parameter, or one member of what is sent."""

    name: str
    kind: str
    required: bool
    text: SafeString


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    text: SafeString
    parameters: list[Field]
    fields: list[Field]
    answers: list[tuple[str, str]]
    example: str
    needs_key: bool


@dataclass(frozen=True)
class Group:
    """`anchor` is the same in every language: a link goes on working."""

    anchor: str
    name: str
    text: str
    operations: list[Operation] = field(default_factory=list)


@csrf_exempt
def page(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        sentence = _("Halaman ini hanya dibaca.")
        return problems.of(problems.WRONG_METHOD, sentence, headers={"Allow": "GET, HEAD"})
    said = {
        "groups": groups(),
        "statuses": words.table(),
        "kinds": list(problems.KINDS.values()),
        "site": settings.SITE_URL,
    }
    return render(request, "complaints/api.html", said)


def groups() -> list[Group]:
    """Every operation by its tag, in the order of the schema, in the language of whoever reads."""
    return _groups(get_language() or settings.LANGUAGE_CODE)


@cache
def _groups(language: str) -> list[Group]:
    whole = schema()
    found = {tag["name"]: _group(tag["name"], tag["description"]) for tag in whole["tags"]}
    for path, methods in whole["paths"].items():
        for method, told in methods.items():
            found[told["tags"][0]].operations.append(_operation(path, method.upper(), told, whole))
    return [group for group in found.values() if group.operations]


def _group(name: str, text: str) -> Group:
    return Group(slugify(name), _said(name), _said(text))


def sentences() -> set[str]:
    """What the page takes from the schema, as the schema says it: English has each of them."""
    whole = schema()
    sent = {name: shape for name, shape in whole["components"]["schemas"].items() if name.endswith("Request")}
    tags = {tag[part] for tag in whole["tags"] for part in ("name", "description")}
    return tags | set(_told(whole["paths"])) | set(_told({name: shape["properties"] for name, shape in sent.items()}))


def _told(node: Any) -> Iterator[str]:
    """Every summary and description in a part of the schema, examples left out."""
    if isinstance(node, list):
        for one in node:
            yield from _told(one)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("summary", "description") and isinstance(value, str):
                yield value
            elif key != "examples":
                yield from _told(value)


def _said(text: str) -> str:
    return _(text) if text else ""


def _operation(path: str, method: str, told: dict[str, Any], whole: dict[str, Any]) -> Operation:
    content: dict[str, Any] = told.get("requestBody", {}).get("content", {})
    kind = next(iter(content), "")
    body: dict[str, Any] = content.get(kind, {})
    shape = _resolved(body.get("schema", {}), whole)
    parameters = [_parameter(one) for one in told.get("parameters", [])]
    examples = list(body.get("examples", {}).values())
    example = examples[0]["value"] if examples else None
    return Operation(
        id=told["operationId"],
        method=method,
        path=path,
        summary=_said(told["summary"]),
        text=_rich("" if told["description"] == told["summary"] else told["description"]),
        parameters=parameters,
        fields=_fields(shape, whole),
        answers=[(code, _answer(one)) for code, one in told["responses"].items() if code not in SAID_ONCE],
        example=_curl(method, path, kind, example, told),
        needs_key={} not in told.get("security", [{}]),
    )


_QUOTED = re.compile(r"`([^`]+)`")


def _rich(text: str) -> SafeString:
    """In the reader's language; what stands between backticks is code."""
    return mark_safe(_QUOTED.sub(r"<code>\1</code>", escape(_said(text))))


def _parameter(told: dict[str, Any]) -> Field:
    where = _("kepala") if told["in"] == "header" else _("alamat")
    kind = f"{where}, {_kind(told.get('schema', {}), {})}"
    return Field(told["name"], kind, bool(told.get("required")), _rich(told.get("description", "")))


def _fields(shape: dict[str, Any], whole: dict[str, Any]) -> list[Field]:
    required = shape.get("required", [])
    return [
        Field(name, _kind(one, whole), name in required, _rich(one.get("description", "")))
        for name, one in shape.get("properties", {}).items()
    ]


def _resolved(shape: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    named = shape.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = whole["components"]["schemas"][named] if named else shape
    return found


_KINDS = {
    "string": gettext_lazy("teks"),
    "integer": gettext_lazy("bilangan"),
    "number": gettext_lazy("bilangan"),
    "boolean": "true/false",
    "object": gettext_lazy("objek"),
}
_FORMATS = {
    "date": gettext_lazy("tanggal"),
    "uuid": "UUID",
    "email": gettext_lazy("alamat email"),
    "binary": gettext_lazy("berkas"),
}


def _kind(shape: dict[str, Any], whole: dict[str, Any]) -> str:
    """What goes there, in a word or two."""
    choices = shape.get("oneOf") or shape.get("allOf") or []
    inner = _resolved(shape if "$ref" in shape or not choices else choices[0], whole) if whole else shape
    if "enum" in inner:
        return " | ".join(str(value) for value in inner["enum"])
    kind = inner.get("type", "object")
    if kind == "array":
        return _("daftar %(what)s") % {"what": _kind(inner.get("items", {}), whole)}
    return str(_FORMATS.get(inner.get("format", "")) or _KINDS.get(kind, kind))


def _answer(told: dict[str, Any]) -> str:
    """The name of its shape, or what it means."""
    for body in told.get("content", {}).values():
        named = str(body.get("schema", {}).get("$ref", "")).rpartition("/")[2]
        if named and named != "Problem":
            return named
    return _said(told.get("description", ""))


def _curl(method: str, path: str, kind: str, example: Any, told: dict[str, Any]) -> str:
    address = f"{settings.SITE_URL}{path}".replace("{number}", "7K4M-9QXD-2TB").replace("{code}", "14.02")
    lines = [f"curl {'-X POST ' if method == 'POST' else ''}{address}".replace("{id}", "1").replace("{pk}", "1")]
    if {} not in told.get("security", [{}]):
        lines.append("-H 'Authorization: Bearer lapor_…'")
    for one in told.get("parameters", []):
        if one["in"] == "header" and one.get("required"):
            value = "$(uuidgen)" if one["name"] == "Idempotency-Key" else "ABCD-EFGH-JKMN-PQRS"
            lines.append(f'-H "{one["name"]}: {value}"')
    if kind.startswith("multipart"):
        lines.append("-F file=@foto.jpg")
    elif example is not None:
        lines.append("-H 'Content-Type: application/json'")
        lines.append(f"-d '{json.dumps(example, ensure_ascii=False)}'")
    return " \\\n  ".join(lines)


assert PREFIX == problems.DOCS
