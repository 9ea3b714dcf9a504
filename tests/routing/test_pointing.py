"""What is written for good points at nothing that is not there, and what it points at is never deleted: the database
sees to it without a foreign key, however the row is written (ADR 0062)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, models, transaction

from agencies.models import Agency
from complaints.models import Clock, Complaint, Event, Notification
from routing.models import Missed
from tests.filing import filed, missed
from tests.world import World

pytestmark = pytest.mark.django_db

# What makes a copy of a row another one.
ANOTHER = {
    Event: {},
    Missed: {"due_on": "due_on + 1"},
    Notification: {"letter": "letter || '_2'"},
}
POINTERS = [
    (Event, "complaint_id"),
    (Event, "handler_from_id"),
    (Event, "handler_to_id"),
    (Event, "acting_agency_id"),
    (Missed, "complaint_id"),
    (Missed, "clock_id"),
    (Missed, "missed_by_id"),
    (Notification, "event_id"),
]


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def copied(model: type[models.Model], **changed: str) -> str:
    """INSERT of every row of the table once more, each column with what is said of it."""
    columns = {str(field.column): str(field.column) for field in model._meta.fields if not field.primary_key}
    columns |= ANOTHER[model] | changed
    table = model._meta.db_table
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {table} ORDER BY id"


@pytest.mark.parametrize(("model", "column"), POINTERS)
def test_one_pointer_at_nothing_among_many_is_refused(world: World, model: type[models.Model], column: str) -> None:
    for _n in range(3):
        missed(filed(world, email="sari@contoh.test"), at=20)
    assert model._meta.get_field(column.removesuffix("_id")).db_constraint is False  # type: ignore[union-attr]
    with transaction.atomic():
        run(copied(model))
        transaction.set_rollback(True)
    last = model._default_manager.latest("pk").pk
    with pytest.raises(IntegrityError, match=f'{model._meta.db_table} points at nothing: .*"{column}" : -1'):
        run(copied(model, **{column: f"CASE WHEN id = {last} THEN -1 ELSE {column} END"}))


def test_a_letter_stays_with_its_event(world: World) -> None:
    case = missed(filed(world, email="sari@contoh.test"), at=20)
    with pytest.raises(IntegrityError, match="event_id is written once"):
        Notification.objects.filter(event__complaint=case).update(event=-1)


def test_the_register_names_a_clock_of_the_same_case(world: World) -> None:
    missed(filed(world), at=20)
    other = filed(world)
    with pytest.raises(IntegrityError, match="routing_missed points at nothing"):
        run(copied(Missed, complaint_id=str(other.pk)))


@pytest.mark.parametrize("model", [Agency, Complaint, Clock])
@pytest.mark.parametrize("act", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET id = id + 1000000"])
def test_what_is_pointed_at_is_never_deleted(world: World, model: type[models.Model], act: str) -> None:
    """Nor one to which nothing points yet."""
    filed(world)
    if act.startswith("DELETE"):
        act += " WHERE id = -1"
    with pytest.raises(IntegrityError, match=f"{model._meta.db_table} is never deleted"):
        run(f"SET CONSTRAINTS ALL IMMEDIATE; {act.format(model._meta.db_table)}")


def test_whatever_a_trigger_looks_for_stays(world: World) -> None:
    """Else looking once, when the pointer is written, would not be enough."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT found[1], EXISTS (
                SELECT FROM pg_trigger t WHERE t.tgrelid = found[1]::regclass AND NOT t.tgisinternal
                    AND t.tgenabled = 'O' AND t.tgtype & 8 = 8 AND t.tgtype & 2 = 2)
            FROM pg_proc, regexp_matches(prosrc, 'EXISTS .SELECT FROM (\\w+) x', 'g') found
            WHERE prosrc LIKE '%points at nothing%'
            """
        )
        assert dict(cursor.fetchall()) == dict.fromkeys(
            ["agencies_agency", "complaints_clock", "complaints_complaint", "complaints_event"], True
        )
