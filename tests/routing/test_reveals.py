"""An anonymous reporter's name: one admin asks, another agrees, on a page that shows nothing of the case."""

from __future__ import annotations

from typing import Any

import pytest

from complaints import privacy
from complaints.models import Complaint, Reveal
from tests.complaints.cases import NOW, at, later, report
from tests.scenes import once
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
PAGE = "/meja/pembukaan/"


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@once(at=NOW)
def asked(world: World) -> Complaint:
    case = at(report(world, anonymous=True, secret=True), world.dinas_pu)
    privacy.reveal(case, by=world.ratna, reason="Pelapor diancam.", now=NOW)
    return case


def test_the_second_admin_reads_the_reason_and_nothing_of_the_case(world: World, asked: Complaint) -> None:
    page = client_of(world.seno).get(PAGE).content.decode()
    assert "Pelapor diancam." in page
    assert "Ratna Dewanti" in page
    assert asked.shown_number in page
    for word in ("Sari", "Lubang", "sari@"):
        assert word not in page


def test_one_asks_another_agrees_and_then_the_name_is_shown_to_who_asked(world: World, asked: Complaint) -> None:
    own = client_of(world.ratna).get(PAGE).content.decode()
    assert "Permintaan Anda sendiri" in own
    url = f"{PAGE}{Reveal.objects.get().pk}/"
    client_of(world.ratna).post(url)
    assert Reveal.objects.get().approved_at is None
    answer = client_of(world.seno).post(url, follow=True)
    assert "Disetujui" in answer.content.decode()
    assert "Tidak ada permintaan yang menunggu" in answer.content.decode()
    view = privacy.view_of(asked, world.ratna, identity=True, reason="Pelapor diancam.", now=later(hours=1))
    assert view.identity is not None
    assert view.identity.name == "Sari Wulandari"


def test_after_a_day_it_is_too_late(world: World, asked: Complaint, time_machine: Any) -> None:
    time_machine.move_to(later(hours=25), tick=False)
    assert "Tidak ada permintaan" in client_of(world.seno).get(PAGE).content.decode()
    client_of(world.seno).post(f"{PAGE}{Reveal.objects.get().pk}/")
    assert Reveal.objects.get().approved_at is None


@pytest.mark.parametrize("who", ["joko", "hana", "wati", "bayu"])
def test_nobody_else_may_look_or_agree(world: World, asked: Complaint, who: str) -> None:
    client = client_of(getattr(world, who))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{Reveal.objects.get().pk}/").status_code == 403
    assert Reveal.objects.get().approved_at is None


def test_a_guest_signs_in_first(world: World, asked: Complaint, client: Any) -> None:
    assert client.get(PAGE).status_code == 302
    assert client_of(world.sari).get(PAGE).status_code == 403


def test_to_an_admin_the_case_is_kept_from_there_is_no_request(world: World, asked: Complaint) -> None:
    assert world.seno.user is not None
    asked.exclude(officers=[world.seno.user], by=world.wati, now=NOW)
    seno = client_of(world.seno)
    assert asked.shown_number not in seno.get(PAGE).content.decode()
    assert seno.post(f"{PAGE}{Reveal.objects.get().pk}/").status_code == 404


def test_a_request_that_does_not_exist_is_a_404(world: World) -> None:
    assert client_of(world.seno).post(f"{PAGE}987654/").status_code == 404


@pytest.mark.slow
def test_ten_requests_are_listed_in_as_many_statements_as_one(
    world: World, asked: Complaint, django_assert_max_num_queries: Any
) -> None:
    for _n in range(9):
        case = at(report(world, anonymous=True), world.dinas_pu)
        privacy.reveal(case, by=world.ratna, reason="Pelapor diancam.", now=NOW)
    client = client_of(world.seno)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
