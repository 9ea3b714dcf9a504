"""The invented history: told through the verbs, with everything that pages of oversight count."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from complaints.masking import spans
from complaints.models import Clock, Complaint, Contribution, Notification
from routing import demo_history
from routing.demo_matters import DONE, HOLLOW, MATTERS, ON_THE_WAY, REASONS
from routing.measures import ledger
from routing.models import CaseFigure, Disposition
from tests.complaints.cases import NOW
from tests.world import World

pytestmark = pytest.mark.usefixtures("nudges")


@pytest.mark.slow
def test_months_are_told_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.pemkab.region_id or ""
    names = {demo_history.PU: world.dinas_pu.name, demo_history.HEALTH: world.dinas_kesehatan.name}
    monkeypatch.setattr(
        demo_history, "OFFICES", ((here, names[demo_history.PU], 5, demo_history.Pace(5, 9, 0.5, 0.2)),)
    )
    monkeypatch.setattr(demo_history, "MATTERS", tuple(replace(one, office=world.dinas_pu.name) for one in MATTERS[:3]))
    told = demo_history.seed(NOW)
    assert told == 6, "one of them twice"
    assert demo_history.seed(NOW) == 0
    ledger.keep_up()
    kept = set(CaseFigure.objects.values_list("answer", flat=True))
    assert len(kept) > 1, "promises are judged"
    assert Complaint.objects.filter(title__endswith="(lagi)").count() == 1
    for case in Complaint.objects.open():
        assert Clock.objects.running().filter(complaint=case).exists()
        assert Disposition.objects.open().get(complaint=case).agency_id == case.handler_id
    assert not Notification.objects.filter(state=Notification.State.PENDING).exists(), "nobody gets a letter of it"
    assert Contribution.objects.count() <= 1


@pytest.mark.slow
def test_no_matter_names_a_person() -> None:
    words = [*ON_THE_WAY, *DONE, *HOLLOW, *(said for some in REASONS.values() for said in some)]
    for one in MATTERS:
        words += [one.title, one.body, one.answer, one.done, one.again, one.question, *one.help]
    for said in words:
        assert spans(re.sub(r"\{place\}", "Rengat", said)) == [], said
