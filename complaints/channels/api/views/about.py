"""The page about the API for people, and its schema for machines. Both come from the same views."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
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
    name: str
    text: str
    operations: list[Operation] = field(default_factory=list)


@csrf_exempt
def page(request: HttpRequest) -> HttpResponse:
    """For people, in Indonesian alone: whoever reads it writes programs for this country's offices."""
    if request.method not in ("GET", "HEAD"):
        sentence = _("Halaman ini hanya dibaca.")
        return problems.of(problems.WRONG_METHOD, sentence, headers={"Allow": "GET, HEAD"})
    with translation.override(settings.LANGUAGE_CODE):
        response = render(
            request,
            "complaints/api.html",
            {
                "groups": groups(),
                "statuses": words.table(),
                "kinds": list(problems.KINDS.values()),
                "site": settings.SITE_URL,
            },
        )
    response["Content-Language"] = settings.LANGUAGE_CODE
    return response


@cache
def groups() -> list[Group]:
    """Every operation by its tag, in the order of the schema."""
    whole = schema()
    found = {tag["name"]: Group(tag["name"], tag["description"]) for tag in whole["tags"]}
    for path, methods in whole["paths"].items():
        for method, told in methods.items():
            found[told["tags"][0]].operations.append(_operation(path, method.upper(), told, whole))
    return [group for group in found.values() if group.operations]


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
        summary=told["summary"],
        text=_rich("" if told["description"] == told["summary"] else told["description"]),
        parameters=parameters,
        fields=_fields(shape, whole),
        answers=[(code, _answer(one)) for code, one in told["responses"].items() if code not in SAID_ONCE],
        example=_curl(method, path, kind, example, told),
        needs_key={} not in told.get("security", [{}]),
    )


_QUOTED = re.compile(r"`([^`]+)`")


def _rich(text: str) -> SafeString:
    """What stands between backticks is code."""
    return mark_safe(_QUOTED.sub(r"<code>\1</code>", escape(text)))


def _parameter(told: dict[str, Any]) -> Field:
    where = {"header": "kepala", "query": "alamat", "path": "alamat"}[told["in"]]
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


_KINDS = {"string": "teks", "integer": "bilangan", "number": "bilangan", "boolean": "true/false", "object": "objek"}


def _kind(shape: dict[str, Any], whole: dict[str, Any]) -> str:
    """What goes there, in a word or two."""
    choices = shape.get("oneOf") or shape.get("allOf") or []
    inner = _resolved(shape if "$ref" in shape or not choices else choices[0], whole) if whole else shape
    if "enum" in inner:
        return " | ".join(str(value) for value in inner["enum"])
    kind = inner.get("type", "objek")
    if kind == "array":
        return f"daftar {_kind(inner.get('items', {}), whole)}"
    plain = {"date": "tanggal", "uuid": "UUID", "email": "surel", "binary": "berkas"}.get(inner.get("format", ""))
    return plain or _KINDS.get(kind, str(kind))


def _answer(told: dict[str, Any]) -> str:
    """The name of its shape, or what it means."""
    for body in told.get("content", {}).values():
        named = str(body.get("schema", {}).get("$ref", "")).rpartition("/")[2]
        if named and named != "Problem":
            return named
    return str(told.get("description", ""))


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
