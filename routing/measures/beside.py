"""Tables made anew beside those that are read, and put in their place at the end.

Rows are written without indexes, by several connections at once; then the indexes are made as the old tables have them,
and the new ones take their names in one short transaction. Nobody waits for longer than that, and nothing is left to be
cleaned up. Inside a transaction of somebody else (a test's) all of it happens on that connection.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

# How long putting them in place may wait for readers, and how often it is tried.
PATIENCE, TRIES = "2s", 5
PREFIX = "anew"
Work = Callable[[], object]


def name(table: str) -> str:
    return f"{PREFIX}_{table.removeprefix('routing_')}"


def _index(index: str) -> str:
    return f"{index}_{PREFIX}"


def are_there(tables: Sequence[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT bool_and(to_regclass(t) IS NOT NULL) FROM unnest(%s::text[]) t", [[*map(name, tables)]])
        return bool(cursor.fetchone()[0])


def lay(tables: Sequence[str]) -> None:
    """Empty ones of the same columns."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE IF EXISTS {name(table)}")
            cursor.execute(
                f"CREATE TABLE {name(table)} (LIKE {table} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS)"
            )


def forget_after(tables: Sequence[str], column: str, last: int) -> None:
    """What a run wrote and did not live to note; -1: everything was noted."""
    with connection.cursor() as cursor:
        for table in tables if last >= 0 else ():
            cursor.execute(f"DELETE FROM {name(table)} WHERE {column} > %s", [last])


def with_room() -> None:
    """Sorting and hashing of this transaction stay in memory, and its long statements are not compiled first: that
    would take longer than a batch."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("SET LOCAL work_mem = '96MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '192MB'")


@contextmanager
def hands(count: int) -> Iterator[Callable[[Sequence[Work]], None]]:
    """Do several things at once, each on a connection of its own; the first that fails is raised."""
    if connection.in_atomic_block or count == 1:

        def one_by_one(works: Sequence[Work]) -> None:
            for work in works:
                work()

        yield one_by_one
        return

    def on_its_own(work: Work) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:

        def at_once(works: Sequence[Work]) -> None:
            for done in [pool.submit(on_its_own, work) for work in works]:
                done.result()

        yield at_once


_INDEXES = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid), k.contype FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u')
    WHERE i.indrelid = %s::regclass ORDER BY 1"""


def finish(table: str) -> None:
    """The indexes and what is unique, as the table that is read has it; each in a transaction of its own, so that a run
    that is cut off goes on behind the last one."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [table])
        for index, sql, kind in cursor.fetchall():
            with transaction.atomic():
                with_room()
                _finish(cursor, table, index, sql, kind)
        cursor.execute(f"ANALYZE {name(table)}")


def _finish(cursor: Any, table: str, index: str, sql: str, kind: str | None) -> None:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [_index(index)])
    if cursor.fetchone()[0]:
        return
    cursor.execute(re.sub(r" INDEX \S+ ON \S+ ", f" INDEX {_index(index)} ON {name(table)} ", sql, count=1))
    if kind:
        what = "PRIMARY KEY" if kind == "p" else "UNIQUE"
        cursor.execute(f"ALTER TABLE {name(table)} ADD CONSTRAINT {_index(index)} {what} USING INDEX {_index(index)}")


def swap(tables: Sequence[str]) -> bool:
    """Put them in the place of the old ones, which go; False: somebody reads these for too long."""
    for _n in range(TRIES):
        try:
            with transaction.atomic():
                _swap(tables)
        except OperationalError as error:
            if "lock timeout" not in str(error):
                raise
        else:
            return True
    return False


def _swap(tables: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        for table in tables:
            cursor.execute(_INDEXES, [table])
            indexes = [row[0] for row in cursor.fetchall()]
            cursor.execute(f"DROP TABLE {table}")
            cursor.execute(f"ALTER TABLE {name(table)} RENAME TO {table}")
            for index in indexes:
                cursor.execute(f"ALTER INDEX {_index(index)} RENAME TO {index}")
            cursor.execute(
                "SELECT pg_get_serial_sequence(%s, 'id') WHERE EXISTS (SELECT FROM pg_attribute "
                "WHERE attrelid = %s::regclass AND attname = 'id')",
                [table, table],
            )
            row = cursor.fetchone()
            if row and row[0]:
                cursor.execute(f"ALTER SEQUENCE {row[0]} RENAME TO {table}_id_seq")
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")
