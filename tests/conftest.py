"""How tests meet the database, the broker and running processes. The cast lives in world.py."""

import copy
import datetime
import functools
import gc
import os
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import django.test.client
import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.core.signals import setting_changed
from django.db import connection, connections
from django.test.client import ClientHandler
from django.test.utils import ContextList
from xdist.scheduler import LoadGroupScheduling

from lapor.celery import app as celery
from tests import databases, met
from tests.browser import browser, page, phone, playwright, whole_browser  # noqa: F401 (fixtures)
from tests.portal import RunningPortal, running
from tests.scenes import Scene, Stage, makes_of, meets_the_cast
from tests.world import build, world  # noqa: F401 (a fixture)

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")

# Before Hypothesis reads which profile is asked for. Where CI is set it has its own: the same examples each time. Here
# others each time; that a machine is busy is no fault of what is tested.
hypothesis.settings.register_profile("long", max_examples=500, stateful_step_count=80, deadline=None)
hypothesis.settings.register_profile("here", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
if "CI" not in os.environ:
    hypothesis.settings.load_profile("here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep-pages", action="store_true", help="keep each page the tests meet (tests/met.py)")


def pytest_configure(config: pytest.Config) -> None:
    if "LAPOR_DATABASE_URL" not in os.environ:
        raise pytest.UsageError("Tests need their own PostgreSQL and Valkey: run them with bin/test.")
    # Each worker has its own database number: what one flushes another does not miss.
    url = os.environ["LAPOR_REDIS_URL"].rpartition("/")[0] + f"/{int(WORKER.removeprefix('gw')) + 1}"
    os.environ["LAPOR_REDIS_URL"] = settings.REDIS_URL = settings.CELERY_BROKER_URL = url
    settings.CACHES["default"]["LOCATION"] = url
    # A connection belongs to its thread alone. Django would also tell apart what runs below an event loop, and once a
    # browser is started all of this process does: open transactions of the cast would be out of reach.
    connections._connections = threading.local()  # type: ignore[attr-defined]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The middlewares are made again for whoever changes a setting: none lists all static files for that.
    settings.WHITENOISE_AUTOREFRESH = True
    ClientHandler.load_middleware = lay_the_middlewares  # type: ignore[assignment, method-assign]
    setting_changed.connect(lambda **_setting: _middlewares.clear(), weak=False)
    if config.getoption("keep_pages"):
        met.keep_pages(WORKER)
    django.test.client.store_rendered_templates = store_the_page  # type: ignore[attr-defined]  # not in the stubs


_middlewares: dict[str, Any] = {}


def lay_the_middlewares(handler: BaseHandler, is_async: bool = False) -> None:
    """Those of all Clients are the same until a setting changes. Django makes each Client its own, at the price of a
    page."""
    if not _middlewares:
        BaseHandler.load_middleware(handler, is_async)
        _middlewares.update({name: kept for name, kept in vars(handler).items() if "_middleware" in name})
    vars(handler).update(_middlewares)


def store_the_page(store: dict[str, Any], sender: Any, template: Any, context: Any, **kwargs: Any) -> None:
    """What `answer.context` shows. Django keeps a copy of it for every part and field of a page too, and nobody asks
    for those."""
    if not store:
        store["templates"], store["context"] = [template], ContextList([copy.copy(context)])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    cases: Counter[str] = Counter()
    for item in items:
        if item.get_closest_marker("sampled"):
            test = item.nodeid.partition("[")[0]
            if cases[test] % 3:
                item.add_marker(pytest.mark.slow)
            cases[test] += 1
        fixtures = getattr(item, "fixturenames", ())
        if "portal" in fixtures:
            # Two portals a run, each with its own worker: the flows, and all else (with the installed app, so that
            # both take about as long). The largest groups begin first; what is quick runs on the third worker beside
            # them (lapor/embedded/testing.py).
            flows = "/flows/" in item.nodeid and "test_installed" not in item.nodeid
            _keep_together(item, "portal" if flows else "other portal")
            item.add_marker(pytest.mark.slow)
        elif "own_database" in fixtures:
            # One database a module, made once.
            _keep_together(item, item.nodeid.partition("::")[0])
        elif isinstance(item, pytest.Function) and meets_the_cast(item):
            # Before pytest-django begins the test's transaction.
            names = item.fixturenames
            if "with_the_cast" in names:
                names.remove("with_the_cast")
            names.insert(names.index("_django_db_marker"), "with_the_cast")
        if "playwright" in fixtures:
            item.add_marker(pytest.mark.e2e)
            if item.get_closest_marker("timeout") is None:
                # None takes a minute, its portal's start another, and a busy machine as much again; a browser that does
                # not close would take the rest.
                item.add_marker(pytest.mark.timeout(300))
        if os.environ.get("CI") == "true" and ("portal" in fixtures or item.get_closest_marker("e2e")):
            # Browser, worker and sweep of a whole portal run beside it: what fails once and not again is named as
            # RERUN at the end, and is somebody's to mend, but holds up no other work.
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=2))
        mark = item.get_closest_marker("django_db")
        if mark is not None and mark.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: django_db(transaction=True) would TRUNCATE. "
                "Put pytestmark = pytest.mark.usefixtures('own_database') in the module instead."
            )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadGroupScheduling:
    """Who runs what, among several workers: a group, or else a file, by one of them."""
    return ByFile(config, log)


class ByFile(LoadGroupScheduling):  # type: ignore[misc]  # it ships no types
    """As `--dist loadgroup`, but what is in no group goes file by file: what a file lays before its tests is made once,
    not once in each worker."""

    def _split_scope(self, nodeid: str) -> str:
        return str(super()._split_scope(nodeid)).partition("::")[0]


def _keep_together(item: pytest.Item, name: str) -> None:
    """Its group, unless its module names another; two names on one test would make a third group."""
    if item.get_closest_marker("xdist_group") is None:
        item.add_marker(pytest.mark.xdist_group(name))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was loaded and collected stays to the end: the collector need not look through it in each test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    if session.config.getoption("loadgroup", False):
        alone = [item for item in session.items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
        if alone:
            raise pytest.UsageError(f"pytest-xdist leaves {alone[0].nodeid} out of its group: which pytest is this?")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Why something failed that was tried once more, in its last lines: pytest names it only."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.write_sep("_", f"the first time: {report.nodeid}")
        terminalreporter.write_line("\n".join(report.longreprtext.splitlines()[-25:]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """This worker's copy of the template, for tests that roll back."""
    with django_db_blocker.unblock(), databases.copy(f"uji_{WORKER}") as name, databases.pointed_at(name):
        yield


@pytest.fixture(scope="session")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """This worker's other copy, in which the cast lives."""
    name = f"uji_{WORKER}_pemeran"
    with django_db_blocker.unblock(), databases.copy(name):
        with databases.pointed_at(name):
            people = build()
        _stages.append(Stage(name, people))
        yield _stages[0]
        _stages.pop().clear_unless({})
        databases.forget(name)


_stages: list[Stage] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    try:
        return (yield)
    finally:
        for stage in _stages:
            stage.clear_unless(makes_of(nextitem))


@pytest.fixture
def with_the_cast(request: pytest.FixtureRequest, stage: Stage, django_db_blocker: Any) -> Iterator[Scene | None]:
    """Every test with `world` runs where the cast lives already, and gets objects of its own: building it anew would
    take longer than most tests. None inside a module's own transaction, which knows another database."""
    # The same people come back under the same ids: nothing is remembered of them.
    cache.clear()
    makes = makes_of(request.node)
    if makes:
        with django_db_blocker.unblock():
            scene = stage.lay(makes)
        yield scene
    elif connection.in_atomic_block:
        yield None
    else:
        with databases.turned_to(stage.name):
            yield stage.plain()


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
    """Real web, worker, beat, broker, database and mail server, started once a worker when first asked for.

    `portal.world` is its cast; the test reads and writes the same database (no django_db mark), and what it commits
    stays for the next test. Its tests run one after another in one worker and count as slow.
    """
    with django_db_blocker.unblock(), portal_of_the_run.seen_from_here():
        yield portal_of_the_run


@pytest.fixture
def at_noon(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock stands at noon, in Jakarta, of the module's own TODAY."""
    noon = datetime.datetime.combine(request.module.TODAY, datetime.time(12), ZoneInfo("Asia/Jakarta"))
    with time_machine.travel(noon, tick=False):
        yield


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
        while self._waiting:
            task, args = self._waiting.pop(0)
            _tasks()[task](*args)


@functools.cache
def _tasks() -> Any:
    """All tasks by name. Celery would check every model of Django's each time it is asked to import them."""
    celery.loader.import_default_modules()
    return celery.tasks


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> Nudges:
    """Records every nudge instead of sending it; `nudges.run()` does the work. Nothing runs by itself."""
    recorded = Nudges()
    monkeypatch.setattr("lapor.kit.nudge.after_commit", recorded.record)
    return recorded
