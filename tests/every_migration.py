"""What an empty database is made of at once is what the steps of the years made of one, to the last comma of the dump;
and whoever took some of those steps may take the rest (ADR 0061).

Takes half a minute, so no other run has it: `bin/test tests/every_migration.py`, for whoever touches a migration that
replaces others, or one of those it replaces.
"""

from __future__ import annotations

import difflib
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from lapor.embedded.postgres import binaries_for
from tests.databases import drop, pointed_at, server, url_of

# No app has taken all of its steps.
MIDDLE = [
    ("agencies", "0009_observers_of_one_programme"),
    ("complaints", "0021_count_the_desk"),
    ("routing", "0004_count_the_desk"),
]


@pytest.fixture(autouse=True)
def unblocked(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@contextmanager
def empty(name: str) -> Iterator[str]:
    """An empty database for a while; Django speaks to it."""
    with server() as admin:
        drop(admin, name)
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with pointed_at(name):
                yield name
        finally:
            drop(admin, name)


def step_by_step(targets: list[tuple[str, str]]) -> None:
    """As before there was anything that replaces these steps."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    executor.migrate(targets)


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def applied() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


def whole() -> set[tuple[str, str]]:
    """The steps that replace others."""
    return set(MigrationLoader(None).replacements)


def dump(name: str) -> list[str]:
    """Everything in it, but when it was made and in which order steps were noted."""
    command = [str(binaries_for(None) / "pg_dump"), "--inserts", "--restrict-key=x", url_of(name)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    now = re.compile(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*\+00'")
    return [
        now.sub("'now'", line)
        for line in text.splitlines()
        if not line.startswith(
            ("INSERT INTO public.django_migrations ", "SELECT pg_catalog.setval('public.django_migr")
        )
    ]


@pytest.fixture(scope="module")
def at_once(django_db_setup: None, django_db_blocker: Any) -> tuple[list[str], set[tuple[str, str]]]:
    """The dump of a database made today, and what is noted as done in it."""
    with django_db_blocker.unblock(), empty("sekaligus") as name:
        migrate()
        return dump(name), applied()


def test_every_step_leads_to_the_same_database(at_once: tuple[list[str], set[tuple[str, str]]]) -> None:
    with empty("bertahap") as name:
        step_by_step(MIDDLE)
        assert not applied() & whole()
        migrate()
        assert list(difflib.unified_diff(dump(name), at_once[0], lineterm="", n=1)) == []
        assert applied() == at_once[1]
        # Whoever took every step before there was another way goes on as if nothing had happened.
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM django_migrations WHERE app = %s AND name = %s", list(whole()))
        executor = MigrationExecutor(connection)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
        migrate()
        assert dump(name) == at_once[0]
        assert applied() == at_once[1]


def test_there_is_a_way_back() -> None:
    with empty("sekaligus"):
        migrate()
        for app in ("routing", "complaints"):
            call_command("migrate", app, "zero", verbosity=0, interactive=False)
        assert {app for app, _name in applied()} & {"routing", "complaints"} == set()
        migrate()
