"""The pages of the map, by every viewer and at every scope: own office, subtree, sibling, stranger."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from agencies import clients, prefixes
from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Decree, Holiday, Membership, Prefix
from agencies.permissions import Capability, membership_may
from tests.permissions import cast, rules
from tests.permissions.cast import Viewer
from tests.permissions.conftest import Some, in_turn
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


def browser(viewer: Viewer) -> Client:
    return Client() if viewer.who is None else client_of(viewer.who)


def acting(viewer: Viewer) -> Membership | None:
    return viewer.who.membership if isinstance(viewer.who, Actor) else None


@pytest.mark.parametrize("name", sorted(set(rules.OFFICE_ACTS) - {"agencies:starter_set"}))
def test_an_office_is_changed_where_the_right_reaches_alone(
    world: World, some: Some, name: str, viewers: dict[str, cast.Viewer]
) -> None:
    """All who may not are refused at each; who may opens one of theirs, another on each page."""
    offices = [world.root, world.pemkab, world.dinas_pu, world.bidang_jalan, world.dinas_pu_tetangga, world.ministry]
    for role, viewer in viewers.items():
        client, membership, opened = browser(viewer), acting(viewer), False
        for office in in_turn(some(offices, role + name), role + name):
            # An office is ended from above it.
            asked = office.parent if name == "agencies:end_office" else office
            may = membership is not None and asked and membership_may(membership, rules.OFFICE_ACTS[name], asked)
            if may and opened:
                continue
            answer = client.get(reverse(name, args=[office.pk]))
            told = f"{role} × {office} × {name}: {answer.status_code}"
            if membership is None:
                assert answer.status_code in (302, 403), told
            elif may:
                opened = True
                assert answer.status_code == 200, told
            else:
                assert answer.status_code == 403, told


def test_the_starter_set_is_laid_where_the_right_reaches_alone(world: World, viewers: dict[str, cast.Viewer]) -> None:
    for role, viewer in viewers.items():
        membership = acting(viewer)
        before = Agency.objects.count()
        for pemda in (world.pemkab_tetangga, world.pemprov):
            allowed = membership is not None and membership_may(membership, Capability.MANAGE_OFFICES, pemda)
            if not allowed:
                answer = browser(viewer).post(reverse("agencies:starter_set", args=[pemda.pk]))
                assert answer.status_code in (302, 403), role
        assert Agency.objects.count() == before, role


def test_a_membership_is_found_where_officers_may_be_seen_and_ended_where_they_may_be_managed(
    world: World, some: Some, viewers: dict[str, cast.Viewer]
) -> None:
    seen = [actor.membership for actor in (world.joko, world.wati, world.yanto, world.lina, world.seno)]
    for role, viewer in viewers.items():
        client, membership = browser(viewer), acting(viewer)
        before = AuditEntry.objects.filter(subject_kind="membership").count()
        for other in some(seen, role):
            assert other is not None
            visible = membership is not None and membership_may(membership, Capability.SEE_OFFICERS, other.agency)
            page = client.get(reverse("agencies:member", args=[other.pk]))
            told = f"{role} × {other}: {page.status_code}"
            assert (page.status_code == 200) == visible, told
            managed = membership is not None and membership_may(membership, Capability.MANAGE_OFFICERS, other.agency)
            if managed:
                continue
            for name in ("agencies:confirm", "agencies:end"):
                answer = client.post(reverse(name, args=[other.pk]), {"reason": "x"})
                assert answer.status_code in (302, 403, 404), told
        assert AuditEntry.objects.filter(subject_kind="membership").count() == before, role


def test_a_machine_and_its_keys_exist_only_for_whoever_keeps_them(
    world: World, some: Some, viewers: dict[str, cast.Viewer]
) -> None:
    kept = [
        clients.register(by=world.ratna, agency=agency, name="Sistem", permissions=["file"])[0]
        for agency in (world.dinas_pu, world.dinas_pu_tetangga, world.pemprov)
    ]
    for role, viewer in viewers.items():
        client, membership = browser(viewer), acting(viewer)
        for machine in kept:
            mine = membership is not None and membership_may(membership, Capability.MANAGE_CLIENTS, machine.agency)
            answer = client.get(reverse("agencies:client", args=[machine.pk]))
            assert answer.status_code == 200 if mine else answer.status_code in (302, 403, 404), role
            if mine:
                continue
            key = machine.keys.get()
            for name in some(sorted(rules.API_CLIENTS), role):
                where = [machine.pk, key.pk] if name == "agencies:client_key_end" else [machine.pk]
                said = {"reason": "x", "overlap": "0", "newest": key.prefix, "permissions": "act", "hourly_limit": "9"}
                answer = client.post(reverse(name, args=where), said)
                assert answer.status_code in (302, 403, 404), f"{role} × {name}"
    for machine in kept:
        machine.refresh_from_db()
        assert (machine.permissions, machine.ends_on, machine.keys.count()) == (["file"], None, 1)
        assert machine.keys.get().ends_at is None


def test_a_key_of_another_machine_is_not_ended_through_ones_own(world: World) -> None:
    mine, _key = clients.register(by=world.wati, agency=world.dinas_pu, name="Sistem", permissions=["file"])
    other, _key = clients.register(by=world.ratna, agency=world.pemprov, name="Sistem", permissions=["file"])
    where = reverse("agencies:client_key_end", args=[mine.pk, other.keys.get().pk])
    assert client_of(world.wati).post(where).status_code == 404
    assert other.keys.get().ends_at is None


def test_a_decree_is_read_where_officers_are_managed_alone(
    world: World, settings: Any, tmp_path: Path, viewers: dict[str, cast.Viewer]
) -> None:
    settings.MEDIA_ROOT = tmp_path
    decree = Decree(agency=world.pemkab, number="KPTS 1", decided_on=datetime.date(2025, 1, 1), about="Tim")
    decree.file.save("sk.pdf", ContentFile(b"%PDF-1.7"))
    for role, viewer in viewers.items():
        membership = acting(viewer)
        allowed = membership is not None and membership_may(membership, Capability.MANAGE_OFFICERS, world.pemkab)
        answer = browser(viewer).get(reverse("agencies:decree_file", args=[decree.pk]))
        assert (answer.status_code == 200) == allowed, f"{role}: {answer.status_code}"


def test_a_prefix_is_ended_where_the_office_may_be_changed_alone(world: World, viewers: dict[str, cast.Viewer]) -> None:
    kept = [
        prefixes.add(office, f"UJI {n}", by=world.ratna) for n, office in enumerate([world.dinas_pu, world.pemprov])
    ]
    for role, viewer in viewers.items():
        membership = acting(viewer)
        for prefix in kept:
            if membership is not None and membership_may(membership, Capability.MANAGE_OFFICES, prefix.agency):
                continue
            answer = browser(viewer).post(reverse("agencies:prefix_end", args=[prefix.agency_id, prefix.pk]))
            assert answer.status_code in (302, 403), role
            # Nor through an office of one's own.
            answer = browser(viewer).post(reverse("agencies:prefix_end", args=[world.kominfo.pk, prefix.pk]))
            assert answer.status_code in (302, 403, 404), role
    assert not Prefix.objects.filter(ends_on__isnull=False).exists()


def test_a_day_of_the_calendar_is_taken_out_by_the_centre_alone(world: World, viewers: dict[str, cast.Viewer]) -> None:
    day = Holiday.objects.filter(date__year=2027).first()
    assert day is not None
    for role, viewer in viewers.items():
        membership = acting(viewer)
        if membership is None or not membership_may(membership, Capability.MANAGE_HOLIDAYS, world.root):
            answer = browser(viewer).post(reverse("agencies:remove_holiday", args=[day.pk]))
            assert answer.status_code in (302, 403), role
    assert Holiday.objects.filter(pk=day.pk).exists()


@pytest.mark.parametrize(
    "number", ["KPTS\r\nSet-Cookie: x=y", 'A"; filename="b.exe', "../../etc/passwd", "KPTS 324/VII/2021 é"]
)
def test_a_decrees_number_is_no_header_and_no_path(world: World, settings: Any, tmp_path: Path, number: str) -> None:
    settings.MEDIA_ROOT = tmp_path
    decree = Decree(agency=world.pemkab, number=number, decided_on=datetime.date(2025, 1, 1), about="Tim")
    decree.file.save("sk.pdf", ContentFile(b"%PDF-1.7"))
    answer = client_of(world.wati).get(reverse("agencies:decree_file", args=[decree.pk]))
    assert answer.status_code == 200
    assert not answer.cookies.get("x")
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment;")
    assert "/" not in said.replace("utf-8''", "")
    assert said.count('filename="') <= 1 or '\\"' in said
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
