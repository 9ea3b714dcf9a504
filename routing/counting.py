"""How many cases each saved view of the desk holds, all in one statement.

Shown is at most "99+", so no count reads further than that. Each walks an index that holds little else than what it
counts (`complaint_desk` and its two halves, `disposition_unopened`, `disposition_held`, `message_pending`), in the
order of that index, and stops: what it costs grows with the answer and not with the office's cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from routing import helping
from routing.desks import Desk, Shape, filling
from routing.queue import BESIDE, Query, View, cases, read

CAP = 99


def counts(desk: Desk, views: Iterable[View]) -> dict[str, int]:
    """Cases by the view's code, at most CAP + 1 counted."""
    listed = tuple(views)
    sql, params = _compiled(tuple(view.query for view in listed), Shape.of(desk), CAP)
    given = filling(desk)
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(value, value) for value in params])
        found = cursor.fetchone()
    return dict(zip((view.code for view in listed), found or (), strict=True))


def capped(count: int) -> str:
    return f"{CAP}+" if count > CAP else str(count)


@lru_cache(maxsize=64)
def _compiled(queries: tuple[str, ...], shape: Shape, cap: int) -> tuple[str, tuple[Any, ...]]:
    """The statement for one shape of desk, compiled once: writing seven queries anew at every page would cost more
    than running them."""
    desk = shape.stand_in()
    parts: list[str] = []
    params: list[Any] = []
    for text in queries:
        sql, values = walk(desk, read(text))[: cap + 1].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608 (compiled by the ORM)
        params += values
    return f"SELECT {', '.join(parts)}", tuple(params)


def walk(desk: Desk, query: Query) -> QuerySet[Any, Any]:
    """The rows of a view in the order of its index. Where the view asks for a stint or a message those are walked, and
    their cases looked up one by one."""
    if "bantuan" in query.keys:
        return helping.asked_of(desk.office).select_related(None).order_by("agency_id", "due_on", "pk").values("pk")
    key = next((key for key in query.keys if key in BESIDE), None)
    if key is None:
        return cases(desk, query).order_by("handler_id", "due_on", "pk").values("pk")
    others = replace(query, keys={name: value for name, value in query.keys.items() if name != key})
    seen = cases(desk, others).filter(pk=OuterRef("complaint_id")).values("pk")[:1]
    beside = BESIDE[key](desk, query.keys[key]).order_by("agency_id", "complaint_id")
    found: QuerySet[Any, Any] = beside.alias(seen=Subquery(seen)).filter(seen__isnull=False)
    return found.values("pk")
