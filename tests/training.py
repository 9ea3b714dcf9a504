"""The training mode inside a test: as its settings have it, with its tables, in the district of the cast."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from lapor.training import clock, people
from lapor.training.models import Certificate, Done, Exercise, Letter, Look, Participant, State
from tests.world import World

CODE = "kode-pelatih"
MODELS = (State, Participant, Letter, Look, Exercise, Done, Certificate)


@pytest.fixture
def latihan(world: World, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The portal as *latihan* sets it, with its tables, in the cast's district."""
    with connection.schema_editor() as schema:
        for model in MODELS:
            schema.create_model(model)
    settings.TRAINING, settings.TRAINER_CODE, settings.ROOT_URLCONF = True, CODE, "lapor.training.urls"
    middleware = list(settings.MIDDLEWARE)
    middleware.insert(middleware.index("lapor.middleware.Compress") + 1, "lapor.training.middleware.Training")
    settings.MIDDLEWARE, settings.EMAIL_BACKEND = middleware, "lapor.training.post.Caught"
    monkeypatch.setattr(people, "INHU", "99.01")
    monkeypatch.setattr(timezone, "now", clock.now)
    yield world
    clock.turn(datetime.timedelta())


def play(client: Client, slug: str = "admin-opd") -> Participant:
    assert client.post(f"/latihan/peran/{slug}/").status_code == 302
    participant = Participant.objects.last()
    assert participant is not None
    return participant
