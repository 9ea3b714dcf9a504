"""Querysets compiled once. What a busy act asks a hundred times a second costs Django three times more to spell than to
read: here the words are spelt once a process, and only the values change.

    _BY_TOKEN = Compiled(lambda: Draft.objects.filter(token=Blank("token", models.UUIDField())))
    found = _BY_TOKEN(token=token)

For acts that many wait for, and only there: everywhere else a queryset says the same in fewer lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import query
from django.db.models.query import ValuesListIterable

Row = TypeVar("Row")


class Blank(models.Expression):
    """The place of a value that is given at each call, by its name."""

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


class Among(models.Func):
    """The condition that a field is one of a list given at each call: `filter(Among("agency_id", "offices"))`."""

    arg_joiner = " = ANY("
    template = "%(expressions)s)"

    def __init__(self, field: str, name: str) -> None:
        super().__init__(models.F(field), Blank(name, models.Field()), output_field=models.BooleanField())


class Compiled(Generic[Row]):
    """Rows of a queryset (instances, with what it selects beside them; tuples of a `values_list`) as a list.

    `spell` is called once, when first asked. Its filters may hold Blanks wherever a value may stand.
    """

    def __init__(self, spell: Callable[[], models.QuerySet[Any, Row]]) -> None:
        self._spell = spell

    def __call__(self, **values: Any) -> list[Row]:
        sql, params, read = self._spelt
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[one.name] if isinstance(one, Blank) else one for one in params])
            return read(cursor.fetchall())

    def standing_for(self, given: Mapping[Any, Any], **values: Any) -> list[Row]:
        """The rows with each value that `given` knows replaced by what it stands for, and each Blank by the value of
        its name; for querysets that something else has spelt, where not every value can be a Blank."""
        sql, params, read = self._spelt
        filled = [values[one.name] if isinstance(one, Blank) else given.get(one, one) for one in params]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            return read(cursor.fetchall())

    @cached_property
    def _spelt(self) -> tuple[str, tuple[Any, ...], Callable[[list[Any]], list[Row]]]:
        """The statement, what fills it, and who makes rows of what it answers."""
        queryset = self._spell()
        compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        make = _tuples if issubclass(queryset._iterable_class, ValuesListIterable) else _instances_of(compiler)

        def read(found: list[Any]) -> list[Row]:
            rows = compiler.apply_converters(found, converters) if converters else found
            return [make(row) for row in rows]

        return sql, params, read


def _tuples(row: Any) -> Any:
    return tuple(row)


def _instances_of(compiler: Any) -> Callable[[Any], Any]:
    """As django.db.models.query.ModelIterable makes them."""
    info, select = compiler.klass_info, compiler.select
    model, first, end = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, *_ in select[first:end]]
    populators: Any = query.get_related_populators
    beside = populators(info, select, DEFAULT_DB_ALIAS)
    annotated = list((compiler.annotation_col_map or {}).items())

    def make(row: Any) -> Any:
        made = model.from_db(DEFAULT_DB_ALIAS, names, row[first:end])
        for name, column in annotated:
            setattr(made, name, row[column])
        for one in beside:
            one.populate(row, made)
        return made

    return make
