"""Every page the tests meet, kept for the browser: what was answered, once for each url, method, status and emptiness
(of refusals once for each app).

`bin/test --all` opens them afterwards (tests/e2e/every_page.py): so axe sees each page and each error state that any
test reaches, and a url that no test reaches as a page is named. Kept is the page of the test whose name comes first,
so that every run keeps the same; of pages made alike, down to each element, class and label, one is opened. What a
browser test found clean before is noted too (tests/browser.py): of pages it showed alike one is looked at.
"""

from __future__ import annotations

import functools
import itertools
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "test" / "pages"
# Where whatever may stand in a form is tried: pages of 3,000 letters without a space are not what people see.
NOT_HERE = ("tests/permissions/test_nasty_values.py", "tests/permissions/test_canary.py")

REFUSALS = (403, 404, 405)
# What browsers send; other methods are tried elsewhere, and answered with the same pages.
METHODS = ("GET", "POST")

_kept: dict[str, str] = {}
# Makes of pages as a browser showed them, and looks of words, on which axe found nothing (tests/browser.py).
_clean: set[str] = set()
_keeper = ""


def keep_pages(worker: str) -> None:
    """From now on Django's test client leaves each page it gets in FOLDER."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for left in (*FOLDER.glob(f"*.{worker}.html"), *FOLDER.glob(f"{worker}.clean")):
        left.unlink()
    global _keeper
    _keeper = worker
    asked: Callable[..., Any] = Client.request

    @functools.wraps(asked)
    def request(self: Client, **environ: Any) -> Any:
        answer = asked(self, **environ)
        _keep(answer, environ, worker)
        return answer

    Client.request = request  # type: ignore[method-assign]


def _keep(answer: HttpResponse, environ: dict[str, Any], worker: str) -> None:
    test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
    if not test or test.startswith(NOT_HERE) or getattr(answer, "streaming", False):
        return
    if not answer.get("Content-Type", "").startswith("text/html"):
        return
    content = answer.content
    if answer.get("Content-Encoding") == "br":
        content = brotli.decompress(content)
    if b"<html" not in content[:2000]:
        return
    name, method = _name(environ.get("PATH_INFO", "/")), environ.get("REQUEST_METHOD", "GET")
    if method not in METHODS:
        return
    if answer.status_code in REFUSALS:
        # The same page wherever it is said, but for who says it.
        name, method = name.partition("~")[0], "ANY"
    rows = "empty" if b'class="empty"' in content else "full"
    key = f"{name}.{method}.{answer.status_code}.{rows}"
    if _kept.get(key, "\uffff") <= test:
        return
    _kept[key] = test
    (FOLDER / f"{key}.{worker}.html").write_bytes(f"<!-- {test} -->\n".encode() + content)


def _name(path: str) -> str:
    try:
        return resolve(path).view_name.replace(":", "~")
    except (Resolver404, UnicodeError):
        return "nowhere"


def met() -> dict[str, Path]:
    """The kept pages by their key (url name with "~" for ":", method, status, empty or full)."""
    first: dict[str, tuple[str, Path]] = {}
    for path in sorted(FOLDER.glob("*.html")):
        key = path.name.rsplit(".", 2)[0]
        with path.open(encoding="utf-8") as file:
            test = re.sub(r"^<!-- | -->\n$", "", file.readline())
        if key not in first or test < first[key][0]:
            first[key] = (test, path)
    return {key: path for key, (_, path) in sorted(first.items())}


def apart() -> dict[str, Path]:
    """Of the kept pages those that are made differently, by the key of the first of each make."""
    makes: dict[str, tuple[str, Path]] = {}
    for key, path in met().items():
        makes.setdefault(_make(path.read_text(encoding="utf-8")), (key, path))
    return dict(makes.values())


def _make(page: str) -> str:
    """Its elements with all that axe and the style sheets go by, without the words; each with what it follows, once."""
    body = SCRIPT.sub("", page.partition("<body")[2])
    parts = [tag + "".join(GOES_BY.findall(attributes)) for tag, attributes in TAG.findall(body)]
    return "\n".join(dict.fromkeys(map(" ".join, itertools.pairwise(parts))))


SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
TAG = re.compile(r"<(/?[a-z0-9]+)([^>]*)>")
GOES_BY = re.compile(
    r'\b(?:class|type|role|scope|style)="[^"]*"|\b(?:aria-[a-z]+|for|open|hidden|checked|disabled|alt)\b'
)


def is_clean(make: str) -> bool:
    """Whether axe found nothing on a page or words made like this: in this process, or where `load_clean` took it
    from."""
    return make in _clean


def found_clean(*makes: str) -> None:
    _clean.update(makes)
    if _keeper:
        with (FOLDER / f"{_keeper}.clean").open("a") as file:
            file.writelines(f"{make}\n" for make in makes)


def load_clean() -> None:
    """What the browser tests before found clean need not be looked at again."""
    for path in FOLDER.glob("*.clean"):
        _clean.update(path.read_text().split())


def names() -> set[str]:
    """Of the urls that answered with a page of their own."""
    return {key.partition(".")[0].replace("~", ":") for key in met()}
