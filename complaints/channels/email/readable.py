"""Bytes and markup of a letter as text a person can read. Nothing is loaded, nothing runs, nothing raises."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Beyond this a letter is markup around markup; what comes later is left out.
HTML_LIMIT = 1_000_000

# Charsets in which ASCII bytes mean something else: only their name can tell.
_WIDE = ("utf-16", "utf-32", "utf-7", "iso-2022", "hz", "utf16", "utf32", "utf7")
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"})
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(content: bytes, charset: str = "") -> str:
    """The text of these bytes. What is valid UTF-8 is taken as that, whatever it says it is; then the charset it
    names, if anybody knows it; then Windows-1252, which has a letter for almost everything."""
    said = charset.strip().lower()
    if said in _LATIN:
        # Who says so means Windows-1252, as every browser knows.
        said = "cp1252"
    names = [name for mark, name in _MARKS if content.startswith(mark)]
    names += [said, "utf-8"] if said.startswith(_WIDE) else ["utf-8", said]
    for name in names:
        try:
            return content.decode(name)
        except (LookupError, ValueError):  # unknown, not a charset at all, or the wrong one
            continue
    return content.decode("cp1252", "replace")


def unflow(text: str, *, delsp: bool = False) -> str:
    """Put lines together again that were broken for the way: format=flowed (RFC 3676)."""
    lines: list[str] = []
    joined = False
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:]
        body = body[1:] if body.startswith(" ") else body
        flowed = body.endswith(" ") and body != "-- "
        piece = body[:-1] if flowed and delsp else body
        if joined and lines and _depth(lines[-1]) == depth and body != "-- ":
            lines[-1] += piece
        else:
            lines.append(">" * depth + (" " if depth else "") + piece)
        joined = flowed
    return "\n".join(line.rstrip() if line != "-- " else line for line in lines)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(">"))


def text_of_html(html: str) -> str:
    """What a reader would see, as plain text: paragraphs, lists, quotes marked with ">", links as text."""
    # Loaded by the worker that reads letters; the web worker that takes them in never does.
    from lxml import etree

    reader = _Reader()
    parser = etree.HTMLParser(target=reader, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        parser.feed(html[:HTML_LIMIT].replace("\x00", "").encode("utf-8", "replace").decode())
        parser.close()
    except etree.LxmlError:
        # What was read until then is shown.
        return reader.text()
    return reader.text()


_UNSEEN = frozenset(
    {"head", "style", "script", "title", "template", "svg", "math", "object", "iframe", "xml", "select"}
)
_BLOCKS = frozenset(
    {
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figure",
            "footer",
        ),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"),
        *("table", "tbody", "tfoot", "thead", "tr", "ul"),
    }
)
_APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_SPACES = re.compile(r"[ \t\r\n\f\u200b\u00ad\u034f\u2007\u200c\u200d\ufeff]+")


class _Reader:
    """What the parser tells (lxml's target interface), gathered line by line."""

    def __init__(self) -> None:
        # (how deep it is quoted, the line); None: an empty line is wanted here.
        self._lines: list[tuple[int, str] | None] = []
        self._line: list[str] = []
        self._quoted = 0
        self._literal = 0
        # How many elements are open since one that hides what is in it.
        self._hidden = 0
        self._links: list[tuple[str, int]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._hidden or tag in _UNSEEN or _HIDDEN.search(attributes.get("style", "")) or "hidden" in attributes:
            self._hidden += 1
            return
        if tag in _BLOCKS:
            self._break(tag in _APART)
        if tag == "br":
            self._break(False, kept=True)
        elif tag == "blockquote":
            self._quoted += 1
        elif tag == "pre":
            self._literal += 1
        elif tag == "li":
            self._line.append("- ")
        elif tag in ("td", "th") and "".join(self._line).strip():
            self._line.append("  ")
        elif tag == "a":
            self._links.append((attributes.get("href", ""), len(self._line)))

    def end(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
            return
        if tag == "a" and self._links:
            self._end_link(*self._links.pop())
        if tag in _BLOCKS:
            self._break(tag in _APART)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        elif tag == "pre":
            self._literal = max(0, self._literal - 1)

    def data(self, data: str) -> None:
        if self._hidden:
            return
        if self._literal:
            first, *rest = data.split("\n")
            self._line.append(first)
            for line in rest:
                self._break(False, kept=True)
                self._line.append(line)
        else:
            self._line.append(_SPACES.sub(" ", data.replace("\u00a0", " ")))

    def close(self) -> None:
        return

    def _end_link(self, href: str, since: int) -> None:
        """Where it leads is said, unless its own words say so."""
        address = re.sub(r"\s+", "", href)
        words = "".join(self._line[since:]).strip()
        if not address.lower().startswith(("http://", "https://")) or not words:
            return
        if (
            words.rstrip("/").removeprefix("https://").removeprefix("http://")
            != address.rstrip("/").partition("://")[2]
        ):
            self._line.append(f" ({address[:300]})")

    def _break(self, apart: bool, *, kept: bool = False) -> None:
        line = "".join(self._line)
        line = line.rstrip() if self._literal else re.sub(r" {3,}", "  ", line).strip()
        self._line.clear()
        if self._links:
            self._links = [(href, 0) for href, _since in self._links]
        if line or kept:
            self._lines.append((self._quoted, line))
        if apart:
            self._lines.append(None)

    def text(self) -> str:
        self._break(False)
        out: list[str] = []
        for entry in self._lines:
            if entry is None or not entry[1]:
                mark = "" if entry is None else ">" * entry[0]
                if out and out[-1].strip("> "):
                    out.append(mark)
                continue
            depth, line = entry
            out.append(f"{'>' * depth} {line}" if depth else line)
        return "\n".join(out).strip()
