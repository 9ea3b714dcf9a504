"""Back to the start: every row as it was laid, what forbids changes still in force, the clock where it began."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import Error as DatabaseError
from django.utils import timezone

from agencies.models import Agency, AuditEntry
from lapor.training import clock, restart
from lapor.training.models import Certificate, Done, Letter, Participant, State
from tests.training import MODELS

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.mark.slow
def test_everything_but_the_participants_returns_to_what_was_laid(
    django_db_blocker: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", clock.now)
    settings.STATE_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "berkas"
    with django_db_blocker.unblock():
        with connection.schema_editor() as schema:
            for model in MODELS:
                schema.create_model(model)
        root, offices = Agency.objects.root(), Agency.objects.count()
        kept = AuditEntry.objects.create(what="tetap", subject_kind="agency")
        restart.lay()
        laid_at = State.read().laid_at
        one = Participant.objects.create(name="Bu Sri")
        Done.objects.create(participant=one, lesson="warga", step="lapor")
        Certificate.objects.create(
            participant=one, lesson="warga", number="7K4M9QXD2TBH", steps=[], issued_at=timezone.now()
        )
        AuditEntry.objects.create(what="hilang", subject_kind="agency")
        Agency.objects.create(parent=root, name="Kantor peserta", kind="LEMBAGA")
        Letter.objects.create(to="a@contoh.id")
        (tmp_path / "berkas" / "foto.jpg").write_bytes(b"x")
        State.objects.update(shift=datetime.timedelta(days=40))
        State.read()
        restart.back()
        assert list(AuditEntry.objects.values_list("what", flat=True)) == ["tetap"]
        assert Agency.objects.count() == offices
        assert not Letter.objects.exists()
        assert not (tmp_path / "berkas" / "foto.jpg").exists()
        assert Done.objects.filter(participant__name="Bu Sri").exists()
        assert Certificate.objects.filter(participant__name="Bu Sri").exists()
        state = State.read()
        assert laid_at is not None
        assert datetime.timedelta() <= timezone.now() - laid_at < datetime.timedelta(minutes=1)
        assert state.heading_for is None
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.filter(pk=kept.pk).update(what="lain")
        # Numbers go on where they were.
        assert AuditEntry.objects.create(what="baru", subject_kind="agency").pk > kept.pk + 1
    clock.turn(datetime.timedelta())
