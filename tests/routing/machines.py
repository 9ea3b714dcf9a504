"""An agency's own system, as tests drive it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from agencies import clients
from agencies.models import Agency, ApiClient, Permission
from complaints.models import Complaint
from tests.complaints.api import Program
from tests.routing.turns import at_office
from tests.world import World

EVERYTHING = list(Permission.values)


def connected(world: World, office: Agency | None = None, *permissions: str) -> tuple[ApiClient, Program]:
    """A client of this office (the Dinas PU) with these permissions (all)."""
    office = office or world.dinas_pu
    name = f"Sistem {ApiClient.objects.count()}"
    client, key = clients.register(
        by=world.ratna, agency=office, name=name, permissions=list(permissions or EVERYTHING)
    )
    return client, Program(key)


def act(program: Program, case: Complaint, noun: str, *, version: int | None = None, **said: Any) -> Any:
    """An act on the version that stands now, unless another is named."""
    now = Complaint.objects.values_list("version", flat=True).get(pk=case.pk)
    body = said if noun == "catatan" else {"version": now if version is None else version, **said}
    return program.post(f"antrean/{case.shown_number}/{noun}/", body)


def case_at(world: World, **more: Any) -> Complaint:
    """Forwarded to the Dinas PU by the worker, unless something else is named."""
    return at_office(world, **{"now": timezone.now(), **more})
