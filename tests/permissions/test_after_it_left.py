"""Who had a case and has it no more: the event that it left; of a secret one, or one kept from them, nothing at all."""

from __future__ import annotations

import zlib

import pytest
from django.urls import reverse

from agencies.actor import Actor
from agencies.models import Role
from complaints.models import Complaint, Event
from routing import dispatch
from tests import filing
from tests.permissions import rules
from tests.permissions.conftest import Some
from tests.world import World, client_of

pytestmark = pytest.mark.django_db

STORY = "Kanarikisah tentang kepala dinas."


def known_to(officer: Actor, case: Complaint, some: Some) -> int:
    """The answer of the case's page; no act and no list may tell more: each act is opened or sent, in turn."""
    client = client_of(officer)
    status = client.get(reverse("routing:case", args=[case.number])).status_code
    first = zlib.crc32(f"{officer} {case.secret}".encode())
    for n, name in some(enumerate(sorted(rules.CASE_ACTS), first), str(officer)):
        address = reverse(name, args=[case.number])
        sent = {"version": case.version, "body": "Kata panjang sekali"}
        answer = client.post(address, sent) if n % 2 else client.get(address)
        assert answer.status_code in (status, 403, 404, 409), f"{officer} × {name}: {answer.status_code}"
        assert "Kanarikisah" not in answer.content.decode(), f"{officer} × {name}"
        if status == 404:
            assert answer.status_code == 404, f"{officer} × {name}: {answer.status_code}"
    for address in (f"/meja/?q={case.number}", "/meja/?q=status:terbuka", "/meja/?q=status:arsip", "/pengawasan/"):
        page = client.get(address, follow=True).content.decode()
        assert "Kanarikisah" not in page
        assert case.shown_number not in page.replace(f'value="{case.number}"', ""), f"{officer} × {address}"
    return status


def test_a_former_handler_reads_that_it_left_and_no_more(world: World) -> None:
    case = filing.filed(world, STORY)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Soal kesehatan.")
    client = client_of(world.joko)
    page = client.get(f"/meja/{case.number}/").content.decode()
    assert "sudah tidak di kantor Anda" in page
    assert "Kanarikisah" not in page
    events = Event.objects.count()
    assert client.post(f"/meja/{case.number}/tanggapan/", {"version": case.version, "body": "x"}).status_code == 409
    assert Event.objects.count() == events


def test_an_observer_of_a_former_handler_reads_no_officers_reason(world: World) -> None:
    watching = world.officer("Pengawas", world.dinas_pu, Role.OBSERVER)
    case = filing.filed(world, STORY)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Diminta Bu Sari.")
    pages = [client_of(one).get(f"/meja/{case.number}/").content.decode() for one in (world.joko, watching)]
    assert all("sudah tidak di kantor Anda" in page for page in pages)
    assert ["Diminta Bu Sari" in page for page in pages] == [True, False]


def test_of_a_secret_case_a_former_handler_finds_nothing(world: World, some: Some) -> None:
    case = filing.filed(world, STORY, secret=True)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Soal kesehatan.")
    assert known_to(world.joko, Complaint.objects.get(pk=case.pk), some) == 404


@pytest.mark.slow
def test_made_secret_after_it_left_it_is_gone_too(world: World, some: Some) -> None:
    case = filing.filed(world, STORY)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Soal kesehatan.")
    Complaint.objects.get(pk=case.pk).tighten(secret=True, by=Actor.reporter())
    assert known_to(world.joko, Complaint.objects.get(pk=case.pk), some) == 404


def test_an_office_kept_from_a_case_it_had_finds_nothing(world: World, some: Some) -> None:
    case = filing.published(world, STORY)
    dispatch.exclude(case, world.dinas_pu, by=world.wati)
    case = Complaint.objects.get(pk=case.pk)
    assert case.handler != world.dinas_pu
    for officer in (world.joko, world.hana):
        assert known_to(officer, case, some) == 404
    assert client_of(world.joko).get(f"/laporan/{case.number}/").status_code == 404


@pytest.mark.slow
def test_an_officer_named_in_a_case_finds_nothing_by_any_membership(world: World, some: Some) -> None:
    case = filing.filed(world, STORY)
    assert world.joko.user is not None
    dispatch.exclude(case, by=world.wati, officers=[world.joko.user])
    case = Complaint.objects.get(pk=case.pk)
    assert known_to(world.joko, case, some) == 404
    # The same person with more power elsewhere is the same person.
    higher = Actor.officer(world.membership(world.joko.user, world.pemkab, Role.COORDINATOR))
    assert known_to(higher, case, some) == 404
    highest = Actor.officer(world.membership(world.joko.user, world.root, Role.NATIONAL))
    assert known_to(highest, case, some) == 404


def test_who_also_works_at_the_office_complained_of_finds_nothing_from_elsewhere(world: World, some: Some) -> None:
    case = filing.filed(world, STORY, about_conduct=True, not_for=world.dinas_pu)
    assert world.agus.user is not None
    assert client_of(world.agus).get(f"/meja/{case.number}/").status_code == 200
    world.membership(world.agus.user, world.bidang_jalan, Role.LIAISON)
    assert known_to(world.agus, case, some) == 404
