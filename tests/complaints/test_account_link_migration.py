"""Reports from before the account was sealed keep their reporter: what 0010 does to rows as they used to be."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from agencies.models import AuditEntry
from complaints.models import Complaint, Draft, Event, Message, Reporter
from tests.complaints.cases import NOW, at, report
from tests.world import World, build, client_of

pytestmark = pytest.mark.usefixtures("own_database")

SEAL = importlib.import_module("complaints.migrations.0010_seal_who_filed_it")
AS_IT_WAS = """
    ALTER TABLE complaints_reporter ADD COLUMN user_id bigint REFERENCES agencies_user;
    ALTER TABLE complaints_draft ADD COLUMN user_id bigint REFERENCES agencies_user;
    ALTER TABLE complaints_event DROP CONSTRAINT event_reporter_is_not_named;
    ALTER TABLE complaints_message DROP CONSTRAINT message_reporter_is_not_named;
"""
NAMED = """
    UPDATE complaints_reporter SET user_id = {0}, account_fingerprint = '' WHERE account_fingerprint <> '';
    UPDATE complaints_draft SET user_id = {0}, account_fingerprint = '' WHERE account_fingerprint <> '';
    UPDATE complaints_message SET author_id = {0} WHERE side = 'REPORTER';
    SELECT set_config('pgtrigger.ignore', '{1}', true);
    UPDATE complaints_event SET actor_id = {0} WHERE side = 'REPORTER' AND complaint_id = {2};
"""
AS_IT_IS = """
    ALTER TABLE complaints_reporter DROP COLUMN user_id;
    ALTER TABLE complaints_draft DROP COLUMN user_id;
    ALTER TABLE complaints_event ADD CONSTRAINT event_reporter_is_not_named
        CHECK (side <> 'REPORTER' OR actor_id IS NULL);
    ALTER TABLE complaints_message ADD CONSTRAINT message_reporter_is_not_named
        CHECK (side <> 'REPORTER' OR author_id IS NULL);
"""


@pytest.fixture(scope="module")
def cast(own_database: str, django_db_blocker: Any) -> World:
    with django_db_blocker.unblock():
        return build()


@pytest.fixture
def unblocked(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def run(statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements)


@pytest.mark.slow
def test_old_reports_change_to_fingerprints_and_nothing_else_of_them_changes(cast: World, unblocked: None) -> None:
    case = at(report(cast, anonymous=True), cast.dinas_pu)
    reply = {"version": case.version, "body": "Lubangnya makin dalam."}
    client_of(cast.sari).post(f"/laporan/{case.number}/tanggapan/", reply)
    Complaint.objects.get(pk=case.pk).answer("Kami periksa besok.", by=cast.joko, now=NOW)
    nobodys = report(cast, user=None)
    draft = Draft.begin(cast.sari)
    draft.keep("masalah", {"story": "belum selesai"})
    before = list(Event.objects.order_by("pk").values())
    run(AS_IT_WAS)
    run(NAMED.format(cast.sari.pk, SEAL.APPEND_ONLY, case.pk))
    named = Event.objects.filter(actor=cast.sari).count()
    assert named == Event.objects.filter(complaint=case, side="REPORTER").count() >= 2

    apps = (
        MigrationLoader(connection, replace_migrations=False)
        .project_state(("complaints", "0010_seal_who_filed_it"))
        .apps
    )
    SEAL.seal(apps, None)
    SEAL.seal(apps, None)  # cut off in the middle, it is run again
    run(AS_IT_IS)

    assert list(Event.objects.order_by("pk").values()) == before
    assert Event.objects.filter(complaint=case, actor=cast.joko.user).exists()
    assert not Message.objects.filter(side="REPORTER", author__isnull=False).exists()
    assert Message.objects.get(verb="answer").author == cast.joko.user
    assert Reporter.objects.get(complaint=case).account_fingerprint == cast.sari.fingerprint
    assert Reporter.objects.get(complaint=nobodys).account_fingerprint == ""
    assert Draft.objects.get(pk=draft.pk).account_fingerprint == cast.sari.fingerprint
    assert case.title in client_of(cast.sari).get("/laporan-saya/").content.decode()
    entry = AuditEntry.objects.get(what="events_unnamed")
    assert entry.after == {"events": named}

    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        Event.objects.update(verb="x")
