"""What many tests begin with, made once: the cast, and the cases a module lays before it.

    @once(at=NOON)
    def case(world: World) -> Complaint: …          as a fixture, but made for the first test of a row that asks for it

Every test gets objects of its own, and what it does to the database is undone behind it, as ever; only the making is
not repeated. So a `once` may write to the database and read the clock (`at`, else as it runs) and the settings
(`under`), and leaves nothing else behind: no letters, files or keys of Redis. It asks for no fixture but `world` and
other `once`s, and its tests have the django_db mark.
"""

from __future__ import annotations

import datetime
import inspect
import pickle
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import override_settings

from tests import databases
from tests.world import World

Makes = dict[str, Callable[..., Any]]


@dataclass
class Scene:
    """What one test finds."""

    world: World
    made: dict[str, Any] = field(default_factory=dict)


def once(
    at: datetime.datetime | None = None, under: Mapping[str, Any] | None = None
) -> Callable[[Callable[..., Any]], Any]:
    def settle(make: Callable[..., Any]) -> Any:
        def read(with_the_cast: Scene, request: pytest.FixtureRequest) -> Any:
            return with_the_cast.made[str(request.fixturename)]

        def made(scene: Scene) -> Any:
            wanted = {name: scene.world if name == "world" else scene.made[name] for name in asked}
            with ExitStack() as stack, override_settings(**(under or {})):
                if at is not None:
                    stack.enter_context(time_machine.travel(at, tick=False))
                return make(**wanted)

        asked = list(inspect.signature(make).parameters)
        read.asked, read.made = asked, made  # type: ignore[attr-defined]
        return pytest.fixture(read, name=make.__name__)

    return settle


def makes_of(item: pytest.Item | None) -> Makes:
    """The `once`s of a test and those they ask for, by name."""
    found: Makes = {}
    if isinstance(item, pytest.Function):
        wanted, known = list(item.fixturenames), item._fixtureinfo.name2fixturedefs
        for name in wanted:
            makes = known.get(name) or (item.session._fixturemanager.getfixturedefs(name, item) if found else None)
            if makes and name not in found and hasattr(makes[-1].func, "asked"):
                found[name] = makes[-1].func
                wanted += makes[-1].func.asked
    return found


def meets_the_cast(item: pytest.Item) -> bool:
    """Whether its `world` is that of tests/world.py; some modules have their own."""
    worlds = item._fixtureinfo.name2fixturedefs.get("world", ()) if isinstance(item, pytest.Function) else ()
    return bool(makes_of(item)) or (bool(worlds) and worlds[-1].func.__module__ == "tests.world")


class Stage:
    """This worker's database in which the cast lives, and what is laid before it at the moment: in a transaction that
    is open for as long as tests in a row ask for the same."""

    def __init__(self, name: str, world: World) -> None:
        self.name = name
        self._plain = pickle.dumps(Scene(world))
        self._laid: Makes = {}
        self._scene = b""
        self._open = ExitStack()

    @property
    def is_laid(self) -> bool:
        return bool(self._laid)

    def plain(self) -> Scene:
        return self._read(self._plain)

    def lay(self, makes: Makes) -> Scene:
        if self._laid != makes:
            self.clear_unless({})
            self._open.enter_context(databases.turned_to(self.name))
            try:
                undone = transaction.atomic()
                undone._from_testcase = True  # type: ignore[attr-defined]  # as those of Django's TestCase
                self._open.enter_context(undone)
                self._open.callback(transaction.set_rollback, True)
                self._scene = pickle.dumps(self._make(makes))
                self._laid = makes
            except BaseException:
                self._open.close()
                raise
            mail.outbox = []
        return self._read(self._scene)

    def clear_unless(self, makes: Makes) -> None:
        """Undo what is laid, unless the next test asks for the same."""
        if self._laid and self._laid != makes:
            self._laid = {}
            self._open.close()

    def _make(self, makes: Makes) -> Scene:
        scene, left = self.plain(), dict(makes)
        while left:
            # Those that ask for none that is still to be made.
            name = next(name for name, one in left.items() if not set(one.asked) & set(left))  # type: ignore[attr-defined]
            scene.made[name] = left.pop(name).made(scene)  # type: ignore[attr-defined]
        return scene

    def _read(self, pickled: bytes) -> Scene:
        scene = pickle.loads(pickled)
        assert isinstance(scene, Scene)
        return scene
