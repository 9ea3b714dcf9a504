"""One template database with migrations and reference data; every worker and every committing module gets a copy.

The template is kept between runs under a name made from what went into it, so a second run starts with a copy (0.1 s).
"""

import hashlib
import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import environ
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
INGREDIENTS = (
    "*/migrations/*.py", "lapor/kit/migrating.py", "*/data/**/*", "*/management/commands/*.py", "tests/world.py",
    "requirements.txt",
)  # fmt: skip
TEMPLATE = "lapor_cetakan"


def server() -> psycopg.Connection:
    """The server's own database, outside any transaction."""
    base, _, _ = os.environ["LAPOR_DATABASE_URL"].rpartition("/")
    return psycopg.connect(f"{base}/postgres", autocommit=True)


def url_of(database: str) -> str:
    base, _, _ = os.environ["LAPOR_DATABASE_URL"].rpartition("/")
    return f"{base}/{database}"


def fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in INGREDIENTS:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def template() -> str:
    """The name of the template for the code as it stands; made by the first process that asks."""
    name = f"{TEMPLATE}_{fingerprint()}"
    with server() as admin:
        # However long another process takes to make it.
        admin.execute("SET lock_timeout = 0")
        admin.execute("SELECT pg_advisory_lock(hashtext('lapor template'))")
        if name not in databases(admin):
            for stale in databases(admin):
                if stale.startswith((TEMPLATE, "uji_")):
                    drop(admin, stale)
            make(admin, name)
    return name


def make(admin: psycopg.Connection, name: str) -> None:
    making = f"{name}_dibuat"
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(making)))
    with pointed_at(making):
        call_command("migrate", verbosity=0, interactive=False)
        try:
            world = importlib.import_module("tests.world")
        except ModuleNotFoundError:
            world = None
        load = getattr(world, "load_reference_for_tests", None)
        if load is not None:
            load()
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name)))


def databases(admin: psycopg.Connection) -> list[str]:
    return [row[0] for row in admin.execute("SELECT datname FROM pg_database")]


def drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def copy(name: str) -> Iterator[str]:
    """A database of its own, gone afterwards. FILE_COPY because the template is larger than its log would be fast."""
    source = template()
    with server() as admin:
        drop(admin, name)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(source)
            )
        )
    try:
        yield name
    finally:
        with server() as admin:
            drop(admin, name)


@contextmanager
def elsewhere(url: str) -> Iterator[None]:
    """Django's connection of this process speaks to a database of another server for a while. Where it does already,
    it stays open: whoever waits for something asks many times."""
    before = dict(connection.settings_dict)
    there = {key: environ.Env.db_url_config(url)[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    if before.items() >= there.items():
        yield
        return
    connection.close()
    connection.settings_dict.update(there)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Django's connection of this process speaks to another database for a while."""
    connection.close()
    before = connection.settings_dict["NAME"]
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = before


# Connections that wait for their turn, by the name of their database.
_waiting: dict[str, Any] = {}


@contextmanager
def turned_to(name: str) -> Iterator[None]:
    """As `pointed_at`, but the connections to both databases stay open: for turning to and fro before every test.
    Not from inside a transaction. Whoever drops the database says `forget` before."""
    before = connection.settings_dict["NAME"]
    _turn(before, name)
    try:
        yield
    finally:
        _turn(name, before)


def _turn(here: str, there: str) -> None:
    assert not connection.in_atomic_block
    _waiting[here], connection.connection = connection.connection, _waiting.pop(there, None)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = there


def forget(name: str) -> None:
    waiting = _waiting.pop(name, None)
    if waiting is not None:
        waiting.close()
