"""A real Chromium: the one on the PATH. Without one browser tests are skipped, or fail when CI=true."""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
)


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing, and CI=true makes that an error.", pytrace=False)
        pytest.skip("no Chromium on this machine: browser tests are skipped (apt install chromium)")
    # Playwright's loop runs in this thread; Django's queries in a test wait for nobody.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        # Chromium's sandbox refuses to run as root; the pages are our own.
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET), chromium_sandbox=os.geteuid() != 0)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop window, 1280 px wide, with nothing remembered and no worker (tests/flows/test_installed.py has one)."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="id-ID", service_workers="block")
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A small phone, 360 px wide."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="id-ID", has_touch=True, service_workers="block"
    )
    yield context.new_page()
    context.close()


def faults_of(page: Page) -> list[str]:
    """What axe finds on the page as it stands: one line a rule, with the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {[node['target'] for node in fault['nodes']]}" for fault in found]
