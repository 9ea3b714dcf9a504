"""What everybody may read: the list, its search and filters, one case. A stranger learns nothing of what is secret."""

from __future__ import annotations

from http import HTTPStatus

import brotli
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Level, Region
from complaints import search
from complaints.models import Attachment, Publication
from complaints.models.reference import Kind
from lapor.kit import paging
from tests.filing import answered, days, filed, missed, published, resolved
from tests.scenes import once
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


ALL = ["Antrean puskesmas terlalu lama", "Lampu jalan mati sejak Minggu", "Jalan berlubang di depan pasar"]


def titles(response: object) -> list[str]:
    return [case["title"] for case in response.context["cases"]]  # type: ignore[attr-defined]


def address(case: object) -> str:
    return f"/laporan/{case.shown_number}/"  # type: ignore[attr-defined]


@once()
def three(world: World) -> World:
    published(world, "Jalan berlubang di depan pasar", at=0)
    published(world, "Lampu jalan mati sejak Minggu", at=0.01, body="Lampu di tikungan padam.", place=world.cibuni)
    published(
        world,
        "Antrean puskesmas terlalu lama",
        at=0.02,
        body="Loket hanya satu, pasien menunggu.",
        addressed_to=world.dinas_kesehatan,
        category=world.cat_health,
        by=world.dewi,
        place=world.pasar_lama,
    )
    return world


def test_an_empty_portal_says_what_is_so_and_the_next_act(client: Client, world: World) -> None:
    page = client.get("/laporan/").content.decode()
    assert "Belum ada laporan yang diterbitkan" in page
    assert 'href="/lapor/"' in page


def test_the_newest_stands_first(client: Client, three: World) -> None:
    assert titles(client.get("/laporan/")) == [
        "Antrean puskesmas terlalu lama",
        "Lampu jalan mati sejak Minggu",
        "Jalan berlubang di depan pasar",
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=lubang", ["Jalan berlubang di depan pasar"]),
        ("q=jln+berlubang", ["Jalan berlubang di depan pasar"]),
        ("q=menunggu+pasien", ["Antrean puskesmas terlalu lama"]),
        ("q=gajah", []),
        ("wilayah=99.01.02", ["Lampu jalan mati sejak Minggu"]),
        ("wilayah=cibuni", None),
        ("wilayah=kec.+cibuni", ["Lampu jalan mati sejak Minggu"]),
        ("wilayah=sukamaju", ALL),
        ("wilayah=atlantis", []),
        ("instansi=dinkes", ["Antrean puskesmas terlalu lama"]),
        ("jenis=ASPIRASI", []),
        ("status=proses", ALL),
        ("status=selesai", []),
        ("q=lampu&instansi=dinkes", []),
        ("q=%00&wilayah=%00&instansi=999999999999999&kategori=x&jenis=%F0&urut=acak&setelah=%FF", None),
    ],
)  # fmt: skip
def test_search_and_filters(client: Client, three: World, asked: str, found: list[str] | None) -> None:
    response = client.get(f"/laporan/?{asked}")
    assert response.status_code == HTTPStatus.OK
    if found is not None:
        assert titles(response) == found


def test_a_category_holds_what_lies_below_it(client: Client, three: World) -> None:
    assert len(titles(client.get(f"/laporan/?kategori={three.cat_works.pk}"))) == 2
    assert len(titles(client.get(f"/laporan/?kategori={three.cat_road.pk}"))) == 2
    assert len(titles(client.get(f"/laporan/?kategori={three.cat_power.pk}"))) == 0


def test_a_name_that_several_places_have_is_asked_back(client: Client, three: World) -> None:
    Region.objects.create(
        code="99.02.02", name="Mekarsari", search_name="mekarsari", level=Level.KECAMATAN, parent_id="99.02"
    )
    page = client.get("/laporan/?wilayah=mekarsari").content.decode()
    assert "Tempat mana yang Anda maksud?" in page
    assert "?wilayah=99.02.02" in page
    assert 'class="empty"' not in page, "choosing is the next act"


def test_late_ones_can_come_first(client: Client, three: World) -> None:
    with time_machine.travel(days(30), tick=False):
        answered(Publication.objects.get(title__startswith="Jalan").complaint, three.joko, at=1)
        assert titles(client.get("/laporan/?urut=terlambat")) == [ALL[1], ALL[0], ALL[2]]


@pytest.mark.slow
def test_pages_follow_one_another_without_a_gap(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.search.PAGE", 2)
    for n in range(5):
        published(world, f"Laporan ke-{n}", at=n / 100)
    for order, expected in (
        ("terbaru", ["Laporan ke-4", "Laporan ke-3", "Laporan ke-2", "Laporan ke-1", "Laporan ke-0"]),
        ("terlambat", ["Laporan ke-0", "Laporan ke-1", "Laporan ke-2", "Laporan ke-3", "Laporan ke-4"]),
        ("cocok", None),
    ):
        with time_machine.travel(days(30), tick=False):
            seen: list[str] = []
            url = f"/laporan/?q=jalan&urut={order}"
            while url:
                response = client.get(url)
                seen += titles(response)
                url = response.context["older"] and f"/laporan/{response.context['older']}"
        assert sorted(seen) == sorted(f"Laporan ke-{n}" for n in range(5))
        if expected:
            assert seen == expected


def test_the_best_match_is_looked_for_among_the_newest_alone_and_counts_stop(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a common word costs does not grow with the years: 2,000 are ranked and 1,000 counted; here 2 and 3."""
    assert (search.RANKED, search.CAP) == (2_000, 1_000)
    monkeypatch.setattr(search, "RANKED", 2)
    monkeypatch.setattr(search, "CAP", 3)
    published(world, "Jembatan jembatan jembatan", at=0)
    for n in range(1, 5):
        published(world, f"Laporan ke-{n}", at=n / 100, body="Ada jembatan yang rusak.")
    response = client.get("/laporan/?q=jembatan&urut=cocok")
    assert titles(response) == ["Laporan ke-4", "Laporan ke-3"]
    assert response.context["total_shown"] == "3+"
    monkeypatch.setattr(search, "RANKED", 5)
    assert titles(client.get("/laporan/?q=jembatan&urut=cocok"))[0] == "Jembatan jembatan jembatan"


@pytest.mark.parametrize(
    "cursor", ["x", "!!!!", "a" * 500, paging.write("besok", 1), paging.write("t", "2026-01-01", -4)]
)
@pytest.mark.sampled
def test_a_forged_cursor_shows_the_first_page(client: Client, three: World, cursor: str) -> None:
    for order in ("terbaru", "terlambat", "cocok"):
        response = client.get("/laporan/", {"q": "jalan", "urut": order, "setelah": cursor})
        assert response.status_code == HTTPStatus.OK
        assert len(titles(response)) == 2


@pytest.mark.slow
def test_the_list_costs_the_same_with_three_rows_and_with_twenty(client: Client, three: World) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/laporan/?q=jalan")
    for n in range(17):
        published(three, f"Jalan rusak nomor {n}", at=1 + n / 100)
    with CaptureQueriesContext(connection) as many:
        client.get("/laporan/?q=jalan")
    assert len(many) == len(few) <= 12


def test_a_published_case_is_read_masked_by_everybody(client: Client, world: World) -> None:
    case = resolved(answered(published(world), world.joko, at=3), world.joko, at=5)
    page = client.get(address(case)).content.decode()
    assert "Jalan berlubang di depan pasar" in page
    assert "Jawaban akhir" in page
    assert "Bidang Jalan" in page
    assert "Joko" not in page
    assert "Menunggu tanggapan pelapor" in page


def test_a_late_case_says_who_is_late_and_since_when(client: Client, world: World) -> None:
    case = missed(published(world), at=20)
    with time_machine.travel(days(20), tick=False):
        page = client.get(address(case)).content.decode()
    assert "Dinas PU belum menjawab" in page
    assert "Senin, 8 Juni 2026" in page
    assert "Terlambat 7 hari kerja" in page


def test_secret_unpublished_and_invented_numbers_are_the_same_404(client: Client, world: World) -> None:
    hidden, secret, unpublished = published(world), filed(world, secret=True), filed(world)
    hidden.tighten(by=world.wati, secret=True)
    answers = []
    for number in (hidden.shown_number, secret.shown_number, unpublished.shown_number, "7K4M-9QXD-2TB", "bukan-nomor"):
        with CaptureQueriesContext(connection) as statements:
            response = client.get(f"/laporan/{number}/")
        assert response.status_code == HTTPStatus.NOT_FOUND
        answers.append((len(statements), response.content.decode().replace(number, "")))
    assert len({count for count, _page in answers}) == 1
    assert titles(client.get("/laporan/")) == []


def test_only_checked_pictures_that_came_with_a_public_answer_are_shown(client: Client, world: World) -> None:
    case = answered(published(world), world.joko, at=1)
    answer = case.messages.get()
    for name, state, kind, message in (
        ("sesudah.jpg", "CLEAN", "image/jpeg", answer),
        ("belum.jpg", "RECEIVED", "image/jpeg", answer),
        ("surat.pdf", "CLEAN", "application/pdf", answer),
        ("rumah.jpg", "CLEAN", "image/jpeg", None),
    ):
        Attachment.objects.create(
            complaint=case, name=name, state=state, sniffed_type=kind, size=1, file=name, message=message
        )
    page = client.get(address(case)).content.decode()
    assert "sesudah.jpg" in page
    assert not any(name in page for name in ("belum.jpg", "surat.pdf", "rumah.jpg"))


def test_a_page_made_for_a_session_is_kept_by_nobody(three: World) -> None:
    guest, signed_in = Client(), client_of(three.rudi)
    assert guest.get("/laporan/")["Cache-Control"] == "private, max-age=30"
    assert signed_in.get("/laporan/")["Cache-Control"] == "private, no-store"
    case = Publication.objects.select_related("complaint").latest("pk").complaint
    assert "max-age=30" not in guest.get(address(case))["Cache-Control"]


@pytest.mark.slow
def test_the_public_pages_weigh_little(client: Client, world: World) -> None:
    for n in range(20):
        published(world, f"Jalan berlubang di depan pasar kecamatan nomor {n}", at=n / 100)
    case = answered(published(world), world.joko, at=2)
    for path in ("/laporan/", "/laporan/?q=jalan", "/laporan/?q=tidakada", address(case)):
        assert len(brotli.compress(client.get(path).content, quality=5)) <= 15_360, path


def test_aspirations_are_told_as_such(client: Client, world: World) -> None:
    case = published(world, "Usul jam buka lebih pagi", kind=Kind.ASPIRASI, body="Mohon loket buka pukul tujuh.")
    assert "Aspirasi" in client.get(address(case)).content.decode()
