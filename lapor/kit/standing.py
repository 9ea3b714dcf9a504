"""Rows that others point at for good, and a cheaper way to hold them to it than a foreign key (ADR 0062).

A foreign key looks up and locks the row it points at once for each row that is written. Where that row is never deleted
it is enough to look when the pointer is written, and for as many rows as a statement writes at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import pgtrigger

_GONE = "RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"
_LOST = "RAISE EXCEPTION '% points at nothing: %', TG_TABLE_NAME, lost USING ERRCODE = 'foreign_key_violation';"
_MOVED = "RAISE EXCEPTION '%.% is written once', TG_TABLE_NAME, '{}' USING ERRCODE = 'restrict_violation';"


def never_deleted(name: str) -> list[pgtrigger.Trigger]:
    """For `Meta.triggers` of what is pointed at: DELETE, TRUNCATE and a new key are refused, whoever asks. `name`
    prefixes the triggers' names."""
    operations = {"delete": pgtrigger.Delete, "truncate": pgtrigger.Truncate, "new_key": pgtrigger.UpdateOf("id")}  # type: ignore[no-untyped-call]
    return [
        pgtrigger.Trigger(
            name=f"{name}_no_{what}",
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            operation=operation,
            func=_GONE,
        )
        for what, operation in operations.items()
    ]


def pointing(name: str, *pointers: Sequence[str]) -> pgtrigger.Trigger:
    """For `Meta.triggers` of what points: an INSERT whose pointer leads to nothing is refused (IntegrityError).

    A pointer is (table, column): an id of that table, or nothing. Columns after that stand in both and must be the
    same there: ("complaints_clock", "clock_id", "complaint_id") is a clock, of this very case. The table must be
    append-only or `never_deleted`, the pointer never changed (append-only, or `written_once`) and its field without
    constraint (`db_constraint=False`)."""
    tests, looked = [], dict[str, str]()
    for table, column, *same in pointers:
        # Most often the offices of one row are one office.
        but = f" AND w.{column} IS DISTINCT FROM w.{looked[table]}" if table in looked else ""
        looked.setdefault(table, column)
        where = " AND ".join([f"x.id = w.{column}", *(f"x.{field} = w.{field}" for field in same)])
        # OFFSET 0: by its key, row for row, whatever the plan was first made for.
        tests.append(f"w.{column} IS NOT NULL{but} AND NOT EXISTS (SELECT FROM {table} x WHERE {where} OFFSET 0)")
    said = ", ".join(f"'{column}', w.{column}" for _table, *columns in pointers for column in columns)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        level=pgtrigger.Statement,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="written"),  # type: ignore[no-untyped-call]
        declare=[("lost", "text")],
        func=f"""
            SELECT json_build_object({said}) INTO lost FROM written w WHERE {" OR ".join(tests)} LIMIT 1;
            IF FOUND THEN
                {_LOST}
            END IF;
            RETURN NULL;
        """,  # noqa: S608 (our own names)
    )


def written_once(name: str, column: str) -> pgtrigger.Trigger:
    """For `Meta.triggers` of a table that is updated: what this column points at stays."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(column),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Condition(f"OLD.{column} IS DISTINCT FROM NEW.{column}"),
        func=_MOVED.format(column),
    )
