"""A rule that tags, applied to what is open already: looked at first, with a reason, in pages, never a secret one."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.utils import timezone

from agencies.models import AuditEntry, Programme, Role
from complaints.models import Complaint, Event, Tag
from complaints.transitions import Incomplete
from routing import gathering
from routing.models import Gathering, Rule
from routing.overdue import Deadline
from tests.filing import days, filed
from tests.scenes import once
from tests.world import LONG_AGO, World, client_of, programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_later() -> Any:
    with time_machine.travel(days(3), tick=False):
        yield


@once(at=days(3))
def roads(world: World) -> Rule:
    """Sukamaju's rule about the word jalan, written after the reports came."""
    cases = [
        filed(world),
        filed(world, "Jalan desa putus dan tidak bisa dilewati mobil."),
        filed(world, "Jalan rahasia.", secret=True),
        filed(world, "Jalan di Tetangga.", addressed_to=world.dinas_pu_tetangga, place=world.batu_belah),
        filed(world, "Lampu mati."),
        filed(world, "Jalannya saja, bukan katanya.", title="Jalannya"),
    ]
    assert all(case.status == "forwarded" for case in cases)
    return Rule.objects.create(
        owner=world.pemkab, words=["jalan"], programme=programme("jalan-daerah"), starts_on=LONG_AGO, order=1
    )


def tagged() -> set[str]:
    return set(Tag.objects.current().values_list("complaint__body", flat=True))


def address(rule: Rule) -> str:
    return f"/meja/aturan/{rule.pk}/penerapan/"


def test_it_shows_what_it_would_take_before_anything_is_done(world: World, roads: Rule) -> None:
    page = client_of(world.wati).get(address(roads))
    assert page.context["seen"].count == 2
    assert "<b>2 laporan</b> terbuka akan ditandai." in page.content.decode()
    assert "rahasia.</a>" not in page.content.decode()
    assert not Tag.objects.exists()
    assert address(roads) in client_of(world.wati).get("/meja/aturan/").content.decode()


def test_with_a_reason_it_is_done_in_pages_each_with_its_event(
    world: World, roads: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "BATCH", 1)
    client = client_of(world.wati)
    answer = client.post(address(roads), {"reason": "Program dimulai hari ini."}, follow=True)
    assert "Sedang diterapkan" in answer.content.decode()
    row = Gathering.objects.get()
    assert gathering.go_on(row.pk, Deadline(60)) == 2
    assert gathering.go_on(row.pk, Deadline(60)) == 0, "a second run finds nothing"
    row.refresh_from_db()
    assert (row.tagged, row.stopped) == (2, "DONE")
    assert {body.split()[0] for body in tagged()} == {"Jalan"}
    assert len(tagged()) == 2
    events = Event.objects.filter(verb="tag")
    assert {event.particulars["reason"] for event in events} == {"Program dimulai hari ini."}
    assert {event.actor for event in events} == {world.wati.user}
    assert AuditEntry.objects.get(what="rule_applied").reason == "Program dimulai hari ini."
    page = client.get(address(roads)).content.decode()
    assert "Tidak ada laporan terbuka yang cocok" in page
    assert "2 laporan ditandai, selesai." in page


def test_without_a_reason_nothing_begins(world: World, roads: Rule) -> None:
    answer = client_of(world.wati).post(address(roads), {"reason": "  "})
    assert answer.status_code == 400
    assert "Tulis alasannya" in answer.content.decode()
    assert not Gathering.objects.exists()


def test_the_same_rule_is_applied_once_at_a_time(world: World, roads: Rule) -> None:
    gathering.start(roads, by=world.wati, reason="Sekali.")
    with pytest.raises(Incomplete, match="sedang diterapkan"):
        gathering.start(roads, by=world.wati, reason="Dua kali.")


def test_what_changed_meanwhile_is_asked_again(world: World, roads: Rule) -> None:
    row = gathering.start(roads, by=world.wati, reason="Mulai.")
    Complaint.objects.filter(body__startswith="Jalan desa").update(secret=True)
    assert gathering.go_on(row.pk, Deadline(60)) == 1
    assert not any(body.startswith("Jalan desa") for body in tagged())


@pytest.mark.parametrize("gone", ["programme", "officer", "rule"])
def test_it_stops_when_its_ground_is_gone(world: World, roads: Rule, gone: str) -> None:
    row = gathering.start(roads, by=world.wati, reason="Mulai.")
    today = timezone.localdate()
    if gone == "programme":
        Programme.objects.update(ends_on=today)
    elif gone == "officer":
        row.membership.ends_on = today
        row.membership.save()
    else:
        Rule.objects.update(ends_on=today)
    assert gathering.go_on(row.pk, Deadline(60)) == 0
    row.refresh_from_db()
    assert row.stopped == ("OFFICER" if gone == "officer" else "RULE")
    assert tagged() == set()


def test_only_who_keeps_the_rule_finds_it_and_only_a_rule_that_tags(world: World, roads: Rule) -> None:
    for who in (world.tono, world.ratna, world.joko, world.bayu):
        assert client_of(who).get(address(roads)).status_code in (403, 404)
    sends = Rule.objects.create(owner=world.pemkab, words=["pipa"], target=world.dinas_pu, starts_on=LONG_AGO, order=2)
    assert client_of(world.wati).get(address(sends)).status_code == 404
    head = world.officer("Kepala", world.pemkab, Role.HEAD)
    assert client_of(head).post(address(roads), {"reason": "x"}).status_code == 403
    assert not Gathering.objects.exists()
