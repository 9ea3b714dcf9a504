"""XML and JSON of one document: no namespace and no attribute there, the "Spark" mapping without a wrapper here.

A view answers with a Document. In XML its name is the root element; in JSON only its content is written, so that a
list is a bare array. What is empty is an empty element, or null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

# What the elements of a list are called.
ITEMS = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_request_updates": "request_update",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
# All that XML 1.0 can't hold (section 2.2), and the carriage return, which every parser would change.
_ILLEGAL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# HTML by its well-known elements, so that "tinggi < 2 m" and <https://…> stay what they are.
_HTML = re.compile(
    r"</?(?:a|abbr|address|article|audio|b|big|blockquote|body|br|button|canvas|center|code|dd|del|div|dl|dt|em|embed"
    r"|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|main|map|math|meta"
    r"|nav|noscript|object|ol|option|p|picture|pre|q|s|script|section|select|small|source|span|strike|strong|style|sub"
    r"|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|title|tr|tt|u|ul|video)(?:\s[^<>]*)?/?>|<!--.*?-->|<!doctype[^>]*>",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Document:
    name: str
    content: Mapping[str, Any] | Sequence[Any]


def legible(text: str) -> str:
    """Without what XML can't carry, the same in both formats."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n"))


def has_html(text: str) -> bool:
    return "<" in text and _HTML.search(text) is not None


def without_html(text: str) -> str:
    return _HTML.sub("", text) if "<" in text else text


def said(text: str | None) -> str | None:
    """A text as it is answered; None for none."""
    return legible(text) or None if text else None


def to_xml(document: Document) -> str:
    parts = ['<?xml version="1.0" encoding="utf-8"?>\n']
    _write(parts, document.name, document.content)
    return "".join(parts)


def _write(parts: list[str], name: str, value: Any) -> None:
    if value is None or value == "" or value == [] or value == {}:
        parts.append(f"<{name}/>")
        return
    parts.append(f"<{name}>")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _write(parts, key, inner)
    elif isinstance(value, list | tuple):
        item = ITEMS[name]
        for inner in value:
            _write(parts, item, inner)
    elif isinstance(value, str):
        parts.append(escape(legible(value)))
    elif isinstance(value, bool):
        parts.append("true" if value else "false")
    elif isinstance(value, float):
        # Never with an exponent; six decimals are 11 cm.
        parts.append(f"{value:.6f}".rstrip("0").rstrip("."))
    else:
        parts.append(str(value))
    parts.append(f"</{name}>")


class XML(BaseRenderer):
    media_type = "text/xml"
    format = "xml"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return to_xml(data).encode() if isinstance(data, Document) else b""


class SparkJSON(JSONRenderer):
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        content = data.content if isinstance(data, Document) else data
        written: bytes = super().render(content, accepted_media_type, renderer_context)
        return written


class BySuffix(BaseContentNegotiation):
    """The ending of the address decides and not the Accept header; of an ending nobody knows, Accept is asked how the
    refusal shall be written."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        content_type = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content_type), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[Any, str]:
        found = next((renderer for renderer in renderers if renderer.format == format_suffix), None)
        if found is None:
            accepts_json = "application/json" in request.headers.get("Accept", "")
            found = renderers[1 if accepts_json else 0]
        return found, found.media_type


FORMATS = (XML.format, SparkJSON.format)
