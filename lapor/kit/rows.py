"""Rows of which only the id is known, many ids at once, and rows that are written as they are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

M = TypeVar("M", bound=models.Model)


def unread(model: type[M], pk: int) -> M:
    """The row with this id, which must be there. Whoever asks for more of it than the id reads it then."""
    return model.from_db(DEFAULT_DB_ALIAS, [model._meta.pk.attname], [pk])


def spelt(ids: Iterable[int]) -> str:
    """As PostgreSQL spells an array, for `%s::bigint[]`. A list psycopg dumps number by number: for thousands of them
    that costs ten times as much."""
    return f"{{{','.join(map(str, ids))}}}"


def write(row: models.Model) -> None:
    """INSERT of a new row, as `save(force_insert=True)` does it, at half of what that costs: the statement is spelt
    once a model, and nobody is signalled. For the rows of an act that many wait for."""
    sql, fields = _insert(type(row))
    row._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]
    line = connections[DEFAULT_DB_ALIAS]
    values = [field.get_db_prep_save(field.pre_save(row, True), line) for field in fields]
    with line.cursor() as cursor:
        cursor.execute(sql, values)
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _insert(model: type[models.Model]) -> tuple[str, list[models.Field[Any, Any]]]:
    """The statement that writes every column but the id, which the database gives."""
    meta, quote = model._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table, key = quote(meta.db_table), quote(str(meta.pk.column))
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {key}", fields  # noqa: S608 (the models' own names)
