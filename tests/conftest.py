"""How tests meet the database, the broker and running processes. The cast lives in world.py."""

import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings

from lapor.celery import app as celery
from tests import databases
from tests.browser import browser, page, phone  # noqa: F401 (fixtures)
from tests.portal import RunningPortal, running
from tests.world import world  # noqa: F401 (a fixture)

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


def pytest_configure(config: pytest.Config) -> None:
    if "LAPOR_DATABASE_URL" not in os.environ:
        raise pytest.UsageError("Tests need their own PostgreSQL and Valkey: run them with bin/test.")
    # Each worker has its own database number: what one flushes another does not miss.
    url = os.environ["LAPOR_REDIS_URL"].rpartition("/")[0] + f"/{int(WORKER.removeprefix('gw')) + 1}"
    os.environ["LAPOR_REDIS_URL"] = settings.REDIS_URL = settings.CELERY_BROKER_URL = url
    settings.CACHES["default"]["LOCATION"] = url
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Each test's Client makes the middlewares anew: none lists all static files for that.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "portal" in fixtures:
            # One portal a run: all its tests go to the same worker.
            _keep_together(item, "portal")
            item.add_marker(pytest.mark.slow)
        elif "own_database" in fixtures:
            # One database a module, made once.
            _keep_together(item, item.nodeid.partition("::")[0])
        if {"page", "phone", "browser"} & set(fixtures):
            item.add_marker(pytest.mark.e2e)
        mark = item.get_closest_marker("django_db")
        if mark is not None and mark.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: django_db(transaction=True) would TRUNCATE. "
                "Put pytestmark = pytest.mark.usefixtures('own_database') in the module instead."
            )


def _keep_together(item: pytest.Item, name: str) -> None:
    """Its group, unless its module names another; two names on one test would make a third group."""
    if item.get_closest_marker("xdist_group") is None:
        item.add_marker(pytest.mark.xdist_group(name))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded and collected stays to the end: the collector need not look through it in each test."""
    gc.collect()
    gc.freeze()
    if session.config.getoption("loadgroup", False):
        alone = [item for item in session.items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
        if alone:
            raise pytest.UsageError(f"pytest-xdist leaves {alone[0].nodeid} out of its group: which pytest is this?")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """This worker's copy of the template, for tests that roll back."""
    with django_db_blocker.unblock(), databases.copy(f"uji_{WORKER}") as name, databases.pointed_at(name):
        yield


@pytest.fixture(scope="module")
def own_database(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database this module may really commit to; dropped with everything in it. Yields its name.

    For a module that commits: `pytestmark = pytest.mark.usefixtures("own_database")`, without the django_db mark.
    """
    name = f"uji_{WORKER}_{request.module.__name__.rpartition('.')[2]}"[:60]
    with django_db_blocker.unblock(), databases.copy(name), databases.pointed_at(name):
        yield name


@pytest.fixture(scope="session")
def portal_of_the_run(django_db_setup: None, django_db_blocker: Any) -> Iterator[RunningPortal]:
    with django_db_blocker.unblock(), running(WORKER) as portal:
        yield portal


@pytest.fixture
def portal(portal_of_the_run: RunningPortal, django_db_blocker: Any) -> Iterator[RunningPortal]:
    """Real web, worker, beat, broker, database and mail server, started once a run when first asked for.

    `portal.world` is its cast; the test reads and writes the same database (no django_db mark), and what it commits
    stays for the next test. Its tests run one after another in one worker and count as slow.
    """
    with django_db_blocker.unblock(), portal_of_the_run.seen_from_here():
        yield portal_of_the_run


@dataclass
class Nudges:
    """What would have been sent to the worker, in order: (task name, arguments)."""

    sent: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    _waiting: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def record(self, task: str, *args: Any) -> None:
        self.sent.append((task, args))
        self._waiting.append((task, args))

    def named(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of each nudge whose task name ends in `name`."""
        return [args for task, args in self.sent if task.endswith(name)]

    def run(self) -> None:
        """Be the worker: run what was sent, and what that sends, until nothing is left."""
        celery.loader.import_default_modules()
        while self._waiting:
            task, args = self._waiting.pop(0)
            celery.tasks[task](*args)


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> Nudges:
    """Records every nudge instead of sending it; `nudges.run()` does the work. Nothing runs by itself."""
    recorded = Nudges()
    monkeypatch.setattr("lapor.kit.nudge.after_commit", recorded.record)
    return recorded
