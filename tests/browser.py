"""A real Chromium: the one on the PATH. Without one browser tests are skipped, or fail when CI=true.

Where there is `chromium-headless-shell` it is taken: the same engine of the same release, without the windows, menus
and profiles that nobody sees here, which cost more processor than the pages. What it lacks is asked of `whole_browser`.
"""

from __future__ import annotations

import contextvars
import hashlib
import os
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, Route, expect, sync_playwright

from tests import met
from tests.missing import missing

if TYPE_CHECKING:
    from django.test import Client

    from agencies.actor import Actor
    from agencies.models import User
    from tests.portal import RunningPortal

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
    # Each page's scripts run for an instant: they end before a faster machine code of them is made.
    "--js-flags=--no-opt --no-maglev",
)


# Milliseconds. What comes sooner is not waited for; a machine with much else to do takes its time.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

# Where its reader is: "yesterday" is theirs, not the machine's.
IN_JAKARTA: dict[str, Any] = {"locale": "id-ID", "timezone_id": "Asia/Jakarta"}


WHOLE = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
SHELL = "chromium-headless-shell"


def chromium(*, whole: bool = False) -> str | None:
    names = WHOLE if whole else (SHELL, *WHOLE)
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # Playwright's loop runs in this thread; Django's queries in a test wait for nobody.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright


def _started(playwright: Playwright, path: str | None) -> Browser:
    if path is None:
        missing("Chromium", f"chromium {SHELL}")
    # Chromium's sandbox refuses to run as root; the pages are our own.
    return playwright.chromium.launch(executable_path=path, args=list(QUIET), chromium_sandbox=os.geteuid() != 0)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = _started(playwright, chromium())
    yield started
    started.close()


@pytest.fixture(scope="session")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """With what wakes a worker by itself and calls its user: background sync, notifications, installing."""
    started = _started(playwright, chromium(whole=True))
    yield started
    started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop window, 1280 px wide, with nothing remembered and no worker (tests/flows/test_installed.py has one)."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block", **IN_JAKARTA)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A small phone, 360 px wide."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, service_workers="block", **IN_JAKARTA
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


AXE = Axe().axe_script
# Only what is wrong comes back, and no style sheet is fetched anew for it. Which colours can be read is asked, as the
# dearest rule of all, of what is shown in `colours` alone.
FAULTS = """async ([parts, colours]) => {
  const asked = [...window.coloured].filter(([, look]) => colours.includes(look)).map(([one]) => one);
  asked.forEach((one) => one.toggleAttribute("data-asked", true));
  axe.configure({rules: [{id: "color-contrast", selector: "[data-asked]"}]});
  const {violations} = await axe.run(parts ? {include: window.unseen} : document, {
    resultTypes: ["violations"], preload: false, rules: {"color-contrast": {enabled: asked.length > 0}}});
  asked.forEach((one) => one.removeAttribute("data-asked"));
  return violations.map(({id, nodes}) => `${id}: ${JSON.stringify(nodes.map((node) => node.target))}`);
}"""
# How the page is made now, as tests/met.py tells pages apart: each element that is shown, with what axe goes by and the
# colours it has, after the one before it, once. `unseen` are the parts that were not shown so when it was last asked.
# And each look of the words in those parts: what they are, and all the colours they have behind them.
MAKE = r"""(anew) => {
  const kept = (name) => /^(class|type|role|scope|style)$/.test(name);
  const named = (name) => /^(aria-.*|for|open|hidden|disabled|alt|tabindex|title)$/.test(name);
  const now = new Map(), behind = new Map(), coloured = new Map();
  for (const one of document.querySelectorAll("html, body, body :not(script, style, template)")) {
    const look = getComputedStyle(one), size = parseFloat(look.fontSize), bold = look.fontWeight >= 700;
    const parent = one.parentElement;
    const layer = `${look.backgroundColor} ${look.backgroundImage} ${look.opacity}`;
    const clear = layer === "rgba(0, 0, 0, 0) none 1";
    const layers = (behind.get(parent) ?? "") + (clear ? "" : ` / ${layer}`);
    behind.set(one, layers);
    if (one === document.documentElement || one === document.body) continue;
    if (!one.checkVisibility({visibilityProperty: true})) continue;
    const said = [...one.attributes].map(({name, value}) => kept(name) ? `${name}=${value}`
      : named(name) ? name + (value ? "+" : "-") : "");
    const letters = size >= 24 || (bold && size >= 18.66) ? "large" : "";
    const what = [parent.localName, parent.getAttribute("class"), one.localName, ...said];
    now.set(one, [...what, one.checked ? "checked" : "", one.textContent.trim() ? "" : "mute", look.color,
      look.backgroundColor, look.backgroundImage, look.opacity, letters].join(" "));
    const words = [...one.childNodes].some(({nodeType, data}) => nodeType === Node.TEXT_NODE && data.trim());
    if (words || one.matches("input, select, textarea")) {
      coloured.set(one, [...what, look.color, letters, layers].join(" "));
    }
  }
  const before = anew ? undefined : window.shown;
  const shown = new Map([...now].map(([one, look]) => [one, look + behind.get(one)]));
  const fresh = new Set([...shown].filter(([one, look]) => before?.get(one) !== look).map(([one]) => one));
  window.unseen = [...fresh].filter((one) => !fresh.has(one.parentElement));
  window.shown = shown;
  window.coloured = new Map([...coloured].filter(([one]) => fresh.has(one)));
  const looks = [...now.values()];
  const pairs = new Set(looks.map((look, n) => `${looks[n - 1]}\n${look}`));
  const make = [document.documentElement.lang, Boolean(document.title), ...pairs].join("\n");
  return [make, window.unseen.length, [...new Set(window.coloured.values())]];
}"""


def width_of(page: Page) -> int:
    """In px, of all it shows: more than its window and it scrolls sideways. Waits for a page that is still coming."""
    page.wait_for_load_state()
    return int(page.evaluate("document.documentElement.scrollWidth"))


def faults_of(page: Page, *, anew: bool = True) -> list[str]:
    """What axe finds on the page once it is there: one line a rule, with the elements. Not `anew`: in what was not
    shown so when it was last looked at. A page made as one it found nothing on is not looked at again, nor are the
    colours of words that look as some it found nothing on."""
    page.wait_for_load_state()
    make, unseen, colours = page.evaluate(MAKE, anew)
    make = _known_as(make)
    if not unseen or met.is_clean(make):
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    new = [look for look in colours if not met.is_clean(_known_as(look))]
    found: list[str] = page.evaluate(FAULTS, [not anew, new])
    if not found:
        met.found_clean(make, *map(_known_as, new))
    return found


def _known_as(make: str) -> str:
    return hashlib.sha256(make.encode()).hexdigest()


def clean(page: Page, what: str = "", widths: tuple[int, ...] = (360, 1280)) -> None:
    """Nothing for axe at the first width nor in what only another one shows, nothing that scrolls sideways."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        assert faults_of(page, anew=width == widths[0]) == [], f"{what or page.url} at {width}"
        assert width_of(page) <= width, f"{what or page.url} at {width}"


def signed_in(page: Page, portal: RunningPortal, who: User | Actor | None, path: str) -> None:
    """Opens a page of the portal as this person, whoever it was before. How one signs in is seen where that is tested
    (tests/flows/test_desk.py, test_installed.py)."""
    from agencies.actor import Actor
    from tests.world import client_of

    user = who.user if isinstance(who, Actor) else who
    assert who is not None
    assert user is not None
    # A session knows the password it was begun with, and the cast of the portal got one later.
    user.refresh_from_db(fields=["password"])
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": name, "value": cookie.value, "url": portal.url} for name, cookie in client_of(who).cookies.items()]
    )
    page.goto(portal.url + path)


HERE = "http://testserver"
STATIC = Path(__file__).resolve().parents[1] / "static"
# A browser told to go elsewhere would look for that server in the network; a page that goes on by itself is asked here.
GO_ON = '<!doctype html><html lang="id"><title>…</title><meta http-equiv="refresh" content="0; url={}">'


def answered_here(page: Page, client: Client) -> None:
    """What the page asks of HERE is answered in this process, by whoever the client is and in the test's own
    transaction: no portal is started for it. For pages whose looks matter and not the processes behind them."""
    # Playwright calls back where none of this test's connections is known.
    known = contextvars.copy_context()

    def answer(route: Route) -> None:
        asked = route.request
        file = STATIC / asked.url.removeprefix(f"{HERE}/static/")
        if asked.url.startswith(f"{HERE}/static/") and file.is_file():
            route.fulfill(path=file)
            return
        said: Any = known.run(
            client.generic,
            asked.method,
            asked.url.removeprefix(HERE),
            asked.post_data_buffer or b"",
            asked.headers.get("content-type", ""),
            headers={"accept": asked.headers.get("accept", "*/*")},
        )
        body = b"".join(said.streaming_content) if said.streaming else said.content
        if said.status_code in (301, 302, 303):
            route.fulfill(content_type="text/html", body=GO_ON.format(escape(said["Location"])))
        else:
            route.fulfill(status=said.status_code, headers=dict(said.items()), body=body)

    page.route(f"{HERE}/**", answer)
