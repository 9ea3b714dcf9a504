"""Axe finds nothing on any page or error state that a test has met, none scrolls sideways on a phone, and no url that
answers with a page was met by none. Opened as a browser without scripts shows them; what scripts add is seen where it
is tested (tests/flows, tests/e2e).

Runs after all other tests, which leave the pages behind (tests/met.py): `bin/test --all` begins it.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests.browser import faults_of, width_of
from tests.met import apart, load_clean, names
from tests.permissions import rules

PARTS = 8
HOST = "http://halaman.test"


def part(n: int) -> list[tuple[str, Path]]:
    return list(apart().items())[n::PARTS]


def stylesheet(path: str) -> bytes:
    content: bytes = Client().get(path).content
    return content


# What axe does not ask, and who listens to a page needs: its headings, what its tables are called, and of a mistake the
# sentence above, the way to the field, and the tab's title.
UNTOLD = r"""() => {
  const all = (what) => [...document.querySelectorAll(what)].filter((one) => one.checkVisibility());
  const wrong = [];
  const levels = all("h1, h2, h3, h4, h5, h6").map(({localName}) => Number(localName[1]));
  if (levels.filter((level) => level === 1).length !== 1) wrong.push("not one h1");
  if (levels.some((level, n) => n && level > levels[n - 1] + 1)) wrong.push(`headings ${levels.join("")}`);
  for (const one of all("table")) {
    if (!one.caption && !one.ariaLabel) wrong.push(`a table without a name: ${one.innerText.slice(0, 40)}`);
  }
  // What lies in a fold is no part of its name.
  const named = ({ariaLabel, childNodes}) =>
    ariaLabel || [...childNodes].some((part) => part.localName !== "details" && part.textContent.trim());
  if (!all("th[scope=row]").every(named)) wrong.push("a row whose head has no name");
  if (all("[aria-invalid=true]").length) {
    if (!all("#galat").length) wrong.push("a mistake and no summary");
    if (!/(perlu diperbaiki|need correcting):/.test(document.title)) wrong.push("a title that tells no mistake");
  }
  for (const {hash} of document.querySelectorAll("#galat a[href^='#']")) {
    if (!document.getElementById(hash.slice(1))) wrong.push(`nothing at ${hash}`);
  }
  for (const one of all("input[type=radio]")) {
    if (!one.closest("fieldset, [role=radiogroup]")) wrong.push(`${one.name} in no group`);
  }
  return [...new Set(wrong)];
}"""
# Every part of the look once, one below another.
MADE_UP = ("components", "desk-components")


def serve(page: Page) -> None:
    """Style sheets and pictures of the portal, and nothing else."""
    styles: dict[str, bytes] = {}

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(body="", content_type="text/html; charset=utf-8")
        elif path.startswith("/gaya/"):
            if path not in styles:
                styles[path] = stylesheet(path)
            route.fulfill(body=styles[path], content_type="text/css; charset=utf-8")
        elif path.startswith("/static/") and not path.endswith(".js") and (found := finders.find(path[8:])):
            route.fulfill(path=str(found), content_type=mimetypes.guess_type(path)[0] or "application/octet-stream")
        else:
            route.abort()

    page.route("**/*", answer)
    page.goto(f"{HOST}/")


@pytest.mark.e2e
@pytest.mark.django_db
@pytest.mark.parametrize("n", [pytest.param(n, marks=pytest.mark.xdist_group(f"part {n}")) for n in range(PARTS)])
def test_axe_finds_nothing_on_any_page(browser: Browser, n: int) -> None:
    pages = dict(part(n))
    assert pages, "no pages: this runs after all other tests (bin/test --all)"
    load_clean()
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale="id-ID", service_workers="block")
    page = context.new_page()
    serve(page)
    wrong = []
    widths = [360, 1280]
    for key, path in pages.items():
        # Written into the window that is open: going to each would cost as much as looking at it.
        page.set_content(path.read_text(encoding="utf-8"))
        if not key.startswith(MADE_UP):
            wrong += [f"{key} ({_test_of(path)}): {fault}" for fault in page.evaluate(UNTOLD)]
        for width in widths:
            if width != widths[0]:
                page.set_viewport_size({"width": width, "height": 800})
            faults = [f"{fault} at {width}" for fault in faults_of(page, anew=width == widths[0])]
            if (wide := width_of(page)) > width:
                faults.append(f"{wide} px wide at {width}")
            wrong += [f"{key} ({_test_of(path)}): {fault}" for fault in faults]
        # The next page begins where this one ended.
        widths.reverse()
    context.close()
    assert wrong == [], "\n".join(wrong)


def _test_of(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline().strip(" <>!-\n")


# Of what everybody and officers may open, these answer with a file, a feed, a part of a page, or send on.
NO_PAGES = {
    "agencies:borders",
    "agencies:mark",
    "complaints:alike",
    "complaints:feed",
    "complaints:scan",
    "desk-manifest",
    "healthz",
    "manifest",
    "readyz",
    "robots",
    "routing:download",
    "routing:embed_badge",
    "routing:embed_figure",
    "routing:evaluated_file",
    "routing:guide_paper",
    "routing:measure_file",
    "routing:open311_updates",
    "routing:open_data_catalogue",
    "routing:open_data_file",
    "routing:oversight_nudge",
    "routing:register_feed",
    "routing:register_file",
    "routing:statistics_file",
    "service-worker",
    "set_language",
    "share",
    "stylesheet",
}
FOR_MACHINES = ("api:", "api-", "open311:")


def test_every_url_that_is_a_page_was_met() -> None:
    pages = rules.OPEN | set(rules.OFFICERS) | set(rules.OFFICE_FOR_OFFICERS)
    unmet = {name for name in pages - NO_PAGES - names() if not name.startswith(FOR_MACHINES)}
    assert sorted(unmet) == [], "no test opens these as a page, so that no browser looks at them"
