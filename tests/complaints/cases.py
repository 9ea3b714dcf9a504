"""Cases in every state, made through the real door and the real verbs."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction

from agencies.actor import Actor
from agencies.models import Agency
from complaints import intake, privacy
from complaints.intake import Submission
from complaints.models import Complaint
from complaints.models.lifecycle.acting import PublicText
from tests.world import World

NOW = datetime.datetime(2026, 5, 25, 8, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))
WORKER = Actor.system("worker")
SWEEP = Actor.system("sweep")
SARI = "sari@contoh.test"


def later(**step: float) -> datetime.datetime:
    return NOW + datetime.timedelta(**step)


def report(world: World, *, confirmed: bool = True, now: datetime.datetime = NOW, **fields: Any) -> Complaint:
    """A report by Sari about a hole in the road, at the national desk as intake leaves it."""
    fields = {
        "channel": "web",
        "external_id": str(uuid.uuid4()),
        "title": "Lubang besar di depan Pasar Lama",
        "body": "Sudah tiga minggu ada lubang besar di depan pasar. Nama saya Sari Wulandari, HP 0812-0000-7700.",
        "name": "Sari Wulandari",
        "email": SARI,
        "phone": "0812-0000-7700",
        "user": world.sari,
        "place": world.sukasari,
        **fields,
    }
    complaint = intake.receive(Submission(**fields), now=now).complaint
    if confirmed:
        privacy.confirm_email(complaint.reporter, now)
    return complaint


def at(complaint: Complaint, office: Agency, *, now: datetime.datetime = NOW, **extra: Any) -> Complaint:
    """Forwarded by the worker to this office."""
    complaint.forward(office, by=WORKER, reason="aturan", now=now, **extra)
    return complaint


def landed(world: World, office: Agency, *, now: datetime.datetime = NOW, **fields: Any) -> Complaint:
    """Reported and forwarded to this office at once: beside a running portal its own worker would forward it first."""
    with transaction.atomic():
        return at(report(world, now=now, **fields), office, now=now)


def public(complaint: Complaint) -> PublicText:
    from complaints import publishing

    return PublicText(*publishing.preview(complaint, complaint.title, complaint.body))
