"""What is taken away beside what is seen: each number of a page's tables is in its file, in the line of its name."""

from __future__ import annotations

import csv
import html
import re
from typing import Any

from lapor.kit import tables

_ROW, _CELL = re.compile(r"<tr[ >].*?</tr>", re.DOTALL), re.compile(r"<t[hd][ >].*?</t[hd]>", re.DOTALL)
_UNSEEN = re.compile(r"<span class=.(?:vh|place).*?</span>|<svg.*?</svg>|<details.*?</details>", re.DOTALL)
# A list of cases is no number, and what a chart draws stands in a table, too.
_CASES = re.compile(r'<table class="grid cases".*?</table>|<div class="pile".*?</figure>', re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*")


def lines_of(answer: Any) -> list[list[str]]:
    """The rows of a CSV that was answered."""
    whole = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(whole.splitlines()))


def missing_from(answer: Any, page: str) -> list[tuple[str, str]]:
    """(name of the line, number) of each number that stands in a table of this page, and not in the file."""
    lines: dict[str, set[str]] = {}
    for row in lines_of(answer):
        if row:
            lines.setdefault(tables.unguarded(row[0]), set()).update(_NUMBER.findall(" ".join(row[1:])))
    found = []
    for row in _ROW.findall(_CASES.sub("", page)):
        cells = [html.unescape(re.sub(r"<[^>]+>", " ", _UNSEEN.sub(" ", cell))) for cell in _CELL.findall(row)]
        name = " ".join(cells[0].split()) if cells else ""
        found += [(name, one) for one in _NUMBER.findall(" ".join(cells[1:])) if one not in lines.get(name, set())]
    return found
