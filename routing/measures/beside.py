"""Tables made anew beside those that are read, and put in their place at the end.

Rows are written without indexes, by several connections at once; then the indexes are made as the old tables have them,
and the new ones take their names in one short transaction. Nobody waits for longer than that, and nothing is left to be
cleaned up. Inside a transaction of somebody else (a test's) all of it happens on that connection.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from typing import Protocol

from django.db import OperationalError, connection, transaction

# How long putting them in place may wait for readers, and how often it is tried.
PATIENCE, TRIES = "2s", 5
PREFIX = "anew"
Work = Callable[[], object]


class AtOnce(Protocol):
    """Does these, each as soon as somebody is free; False: the time was over before all were begun."""

    def __call__(self, works: Sequence[Work], is_over: Callable[[], bool] = ...) -> bool: ...


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


def _never() -> bool:
    return False


@contextmanager
def hands(count: int) -> Iterator[AtOnce]:
    """Do several things at once, each on a connection of its own; what fails is raised, and nothing more is begun."""
    alone = connection.in_atomic_block or count == 1

    def some(todo: Iterator[Work], is_over: Callable[[], bool]) -> None:
        try:
            while not is_over() and (work := next(todo, None)):
                work()
        except BaseException:
            deque(todo, maxlen=0)
            raise
        finally:
            if not alone:
                connection.close()

    with ThreadPoolExecutor(count) as pool:

        def at_once(works: Sequence[Work], is_over: Callable[[], bool] = _never) -> bool:
            todo = iter(works)
            if alone:
                some(todo, is_over)
            else:
                for done in [pool.submit(some, todo, is_over) for _hand in range(count)]:
                    done.result()
            return next(todo, None) is None

        yield at_once


_INDEXES = """
    SELECT c.relname, pg_get_indexdef(i.indexrelid), k.contype FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u')
    WHERE i.indrelid = %s::regclass ORDER BY 1"""


def indexing(tables: Sequence[str]) -> list[Work]:
    """The indexes the tables that are read have, largest table first; each in a transaction of its own, so that a run
    that is cut off goes on behind the last one. What of them is unique is said by `settle` afterwards: that waits for
    whoever still makes an index of the same table."""
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT pg_relation_size(%s::regclass)", [name(table)])
            size = cursor.fetchone()[0]
            cursor.execute(_INDEXES, [table])
            found += [(size, partial(_index_made, table, index, sql)) for index, sql, _kind in cursor.fetchall()]
    return [work for _size, work in sorted(found, key=itemgetter(0), reverse=True)]


def _index_made(table: str, index: str, sql: str) -> None:
    made = re.sub(r" INDEX \S+ ON \S+ ", f" INDEX IF NOT EXISTS {_index(index)} ON {name(table)} ", sql, count=1)
    with transaction.atomic(), connection.cursor() as cursor:
        with_room()
        cursor.execute(made)


def settle(table: str) -> None:
    """Of a table with all its indexes: what is unique, and what the planner must know."""
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES, [table])
        for index, _sql, kind in cursor.fetchall():
            cursor.execute("SELECT EXISTS (SELECT FROM pg_constraint WHERE conname = %s)", [_index(index)])
            if kind and not cursor.fetchone()[0]:
                what = "PRIMARY KEY" if kind == "p" else "UNIQUE"
                cursor.execute(
                    f"ALTER TABLE {name(table)} ADD CONSTRAINT {_index(index)} {what} USING INDEX {_index(index)}"
                )
        cursor.execute(f"ANALYZE {name(table)}")


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
