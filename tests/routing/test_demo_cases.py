"""The invented reports: every script can be told through the verbs, and telling twice adds nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from complaints.models import Clock, Complaint
from routing import demo
from routing.models import Disposition
from tests.complaints.cases import NOW
from tests.world import World

pytestmark = pytest.mark.usefixtures("nudges")


@pytest.mark.slow
def test_forty_reports_are_told_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.pemkab.region_id or ""
    monkeypatch.setattr(demo, "TALES", tuple(replace(tale, where=here if tale.where else "") for tale in demo.TALES))
    assert demo.seed(NOW) == 40
    assert demo.seed(NOW) == 0
    statuses = set(Complaint.objects.values_list("status", flat=True))
    assert statuses == {"submitted", "waiting", "forwarded", "in_progress", "answered", "closed", "archived"}
    for case in Complaint.objects.open():
        assert Clock.objects.running().filter(complaint=case).exists()
        assert Disposition.objects.open().get(complaint=case).agency_id == case.handler_id


@pytest.mark.slow
def test_no_report_names_a_person() -> None:
    from complaints.masking import spans

    for tale in demo.TALES:
        assert spans(f"{tale.title}\n{tale.body}") == [], tale.title
