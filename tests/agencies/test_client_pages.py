"""The coordinator connects a machine: a page with its key, shown once; a new key; the end."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from agencies import clients
from agencies.models import ApiClient
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


def shown_key(page: bytes) -> str:
    found = re.search(r"lapor_[a-z0-9]{8}_[\w-]+", page.decode())
    assert found is not None
    return found.group()


def said(world: World, **more: Any) -> dict[str, Any]:
    usual = {"agency": world.dinas_pu.pk, "name": "Sistem uji", "permissions": ["file"], "hourly_limit": "100"}
    return usual | more


def test_the_key_is_shown_once(world: World) -> None:
    wati = client_of(world.wati)
    answer = wati.post(reverse("agencies:client_add"), said(world))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    key = shown_key(answer.content)
    client = clients.sign_in(key)
    assert client is not None
    assert (client.agency, client.permissions, client.hourly_limit) == (world.dinas_pu, ["file"], 100)
    for where in (reverse("agencies:clients"), reverse("agencies:client", args=[client.pk])):
        page = wati.get(where).content.decode()
        assert client.name in page
        assert key not in page


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"name": ""}, "Tulis nama sistemnya."),
        ({"permissions": []}, "Pilih apa yang boleh dilakukan sistem ini."),
        ({"hourly_limit": "banyak"}, "Tulis sebuah angka."),
        ({"hourly_limit": "0"}, "Sedikitnya 1."),
        ({"agency": ""}, "Pilih kantornya."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(world: World, more: dict[str, Any], sentence: str) -> None:
    answer = client_of(world.wati).post(reverse("agencies:client_add"), said(world, **more))
    assert sentence in answer.content.decode()
    assert not ApiClient.objects.exists()


def test_an_office_of_somebody_else_is_not_among_the_choices(world: World) -> None:
    answer = client_of(world.wati).post(reverse("agencies:client_add"), said(world, agency=world.pemprov.pk))
    assert "Kantor itu bukan wewenang Anda." in answer.content.decode()
    where = f"{reverse('agencies:client_add')}?kantor={world.pemprov.pk}"
    assert client_of(world.wati).get(where).status_code == 404


def test_a_page_sent_twice_makes_one_new_key(world: World) -> None:
    client, old = clients.register(by=world.wati, agency=world.dinas_pu, name="Sistem uji", permissions=["file"])
    wati, where = client_of(world.wati), reverse("agencies:client_rotate", args=[client.pk])
    sent = {"overlap": "14", "newest": client.keys.get().prefix}
    new = shown_key(wati.post(where, sent).content)
    again = wati.post(where, sent)
    assert again.status_code == 400
    assert "Kuncinya sudah diganti sebelum ini." in again.content.decode()
    assert client.keys.count() == 2
    assert clients.sign_in(old) == clients.sign_in(new) == client


def test_the_end_needs_a_reason_and_is_one(world: World) -> None:
    client, key = clients.register(by=world.wati, agency=world.dinas_pu, name="Sistem uji", permissions=["file"])
    wati, where = client_of(world.wati), reverse("agencies:client_end", args=[client.pk])
    assert wati.post(where, {"reason": ""}).status_code == 400
    assert clients.sign_in(key) == client
    assert wati.post(where, {"reason": "sistem diganti"}).status_code == 302
    assert clients.sign_in(key) is None
    row = reverse("agencies:client", args=[client.pk])
    assert row not in wati.get(reverse("agencies:clients")).content.decode()
    assert row in wati.get(reverse("agencies:clients") + "?berakhir").content.decode()
    assert "sistem diganti" in wati.get(reverse("agencies:client", args=[client.pk])).content.decode()


def test_the_centre_comes_from_the_offices_page(world: World) -> None:
    ratna = client_of(world.ratna)
    assert "Pilih kantornya dulu" in ratna.get(reverse("agencies:client_add")).content.decode()
    office = ratna.get(reverse("agencies:office", args=[world.ministry.pk])).content.decode()
    link = f"{reverse('agencies:client_add')}?kantor={world.ministry.pk}"
    assert link in office
    answer = ratna.post(link, said(world, agency=world.ministry.pk))
    assert clients.sign_in(shown_key(answer.content)) is not None
