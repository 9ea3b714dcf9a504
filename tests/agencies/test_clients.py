"""A machine signs in for an agency: made, changed, given a new key, ended."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from agencies import clients
from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import ApiClient, ApiKey, AuditEntry, Permission
from tests.world import World

pytestmark = pytest.mark.django_db

EVERYTHING = list(Permission.values)


def register(world: World, *, by: Actor | None = None, name: str = "Sistem uji") -> tuple[ApiClient, str]:
    return clients.register(by=by or world.wati, agency=world.dinas_pu, name=name, permissions=EVERYTHING)


def test_the_key_signs_in_and_is_kept_nowhere(world: World) -> None:
    client, key = register(world)
    assert clients.sign_in(key) == client
    row = client.keys.get()
    assert row.prefix in key
    kept = " ".join(str(value) for value in ApiKey.objects.values_list().get())
    assert key not in kept
    assert key.split("_", 2)[2] not in kept
    entry = AuditEntry.objects.get(what="register_client")
    assert (entry.who, entry.subject_id) == (world.wati.user, client.pk)
    assert key not in str(entry.after)


@pytest.mark.parametrize("who", ["joko", "hana", "tono", "bayu", "dewi"])
def test_only_the_coordinator_above_or_the_centre_registers(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        register(world, by=getattr(world, who))
    assert not ApiClient.objects.exists()


def test_the_centre_registers_anywhere(world: World) -> None:
    assert register(world, by=world.ratna)[0].created_by == world.ratna.user


def test_a_machine_registers_no_machine(world: World) -> None:
    client, _key = register(world)
    with pytest.raises(NotAllowed):
        register(world, by=Actor.machine(client), name="Anak sistem")


@pytest.mark.parametrize(
    "key",
    ["", "lapor", "lapor__", "lapor_abcdefgh_", "lapor_abcdefgh_rahasia", "kunci", "lapor_\u00e9bcdefgh_x", "a" * 5000],
)
def test_what_is_no_key_signs_nobody_in(world: World, key: str) -> None:
    register(world)
    assert clients.sign_in(key) is None


def test_the_prefix_with_another_secret_signs_nobody_in(world: World) -> None:
    _client, key = register(world)
    assert clients.sign_in(key[:-1] + ("A" if key[-1] != "A" else "B")) is None


def test_two_keys_live_side_by_side_and_the_older_one_ends_by_its_date(world: World) -> None:
    client, old = register(world)
    new = clients.rotate(client, by=world.wati, overlap=14)
    assert clients.sign_in(old) == client
    assert clients.sign_in(new) == client
    later = timezone.now() + datetime.timedelta(days=14, minutes=1)
    assert clients.sign_in(old, now=later) is None
    assert clients.sign_in(new, now=later) == client


def test_never_more_than_two_keys_are_alive(world: World) -> None:
    client, first = register(world)
    second = clients.rotate(client, by=world.wati, overlap=30)
    third = clients.rotate(client, by=world.wati, overlap=30)
    assert clients.sign_in(first) is None
    assert {clients.sign_in(second), clients.sign_in(third)} == {client}
    assert client.keys.alive_at(timezone.now()).count() == 2


def test_a_leaked_key_is_replaced_without_a_moments_overlap(world: World) -> None:
    client, old = register(world)
    clients.rotate(client, by=world.wati, overlap=0)
    assert clients.sign_in(old) is None


def test_an_ended_key_and_an_ended_client_sign_in_no_more(world: World) -> None:
    client, old = register(world)
    new = clients.rotate(client, by=world.wati, overlap=30)
    clients.end_key(client.keys.get(prefix=old.split("_")[1]), by=world.wati, reason="bocor di catatan")
    assert clients.sign_in(old) is None
    assert clients.sign_in(new) == client
    clients.end(client, by=world.wati, reason="sistem diganti")
    assert clients.sign_in(new) is None
    with pytest.raises(Refused):
        clients.rotate(client, by=world.wati, overlap=0)


def test_the_machine_of_an_office_that_ended_signs_in_no_more(world: World) -> None:
    _client, key = register(world)
    world.dinas_pu.ends_on, world.dinas_pu.succeeded_by = timezone.localdate(), world.dinas_sosial
    world.dinas_pu.save()
    assert clients.sign_in(key) is None


def test_using_a_key_is_noted_to_the_hour(world: World) -> None:
    client, key = register(world)
    now = timezone.now()
    clients.sign_in(key, now=now)
    clients.sign_in(key, now=now + datetime.timedelta(minutes=50))
    assert client.keys.get().last_used_at == now
    clients.sign_in(key, now=now + datetime.timedelta(minutes=70))
    assert client.keys.get().last_used_at == now + datetime.timedelta(minutes=70)


def test_changes_are_checked_and_leave_a_trace(world: World) -> None:
    client, _key = register(world)
    clients.change(client, by=world.wati, permissions=["file"], hourly_limit=50)
    client.refresh_from_db()
    assert (client.permissions, client.hourly_limit) == (["file"], 50)
    entry = AuditEntry.objects.get(what="change_client")
    assert entry.before is not None
    assert entry.before["hourly_limit"] == 3600
    for wrong in ({"permissions": [], "hourly_limit": 5}, {"permissions": ["semua"], "hourly_limit": 5}):
        with pytest.raises(Refused):
            clients.change(client, by=world.wati, **wrong)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        clients.change(client, by=world.wati, permissions=["file"], hourly_limit=0)


def test_one_office_has_no_two_systems_of_one_name(world: World) -> None:
    register(world)
    with pytest.raises(Refused) as refused:
        register(world, name="SISTEM UJI")
    assert refused.value.field == "name"
