"""A district's outreach kit: its own name, prefix, address and numbers on every paper, and honest where none is."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from django.utils import timezone
from django.utils.translation import override

from agencies import subsites
from agencies.models import Prefix
from complaints.outreach import facts, kit
from complaints.outreach.kit import Item
from complaints.poster import press
from tests.permissions import cast
from tests.permissions.test_every_url import browser, is_officer
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


def with_a_door(world: World) -> None:
    subsites.set_subsite(
        world.pemkab, by=world.wati, slug="s", name="Lapor Sukamaju", phones=[["Loket", "0769 1"]], active=True
    )


def sentences(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        yield from sentences(list(said.values()))
    elif isinstance(said, list | tuple):
        for one in said:
            yield from sentences(one)


def told(world: World, item: Item, today: datetime.date) -> str:
    return " | ".join(sentences(kit.words(facts.of(world.pemkab, today), item, "id", today)))


def test_every_paper_says_whose_it_is_and_how_one_reports(world: World, today: datetime.date) -> None:
    with_a_door(world)
    Prefix.objects.filter(agency=world.pemkab).delete()
    for text in ("SUKAMAJU", "SKM"):
        Prefix.objects.create(agency=world.pemkab, text=text, normal=text.lower())
    for item in Item:
        said = told(world, item, today)
        assert "Lapor Sukamaju" in said, item
        assert "/d/s" in said, item
        assert "SKM, spasi" in said, item
        assert "112" in said, item
        if item in (Item.LEAFLET, Item.WALL, Item.SLIDES):
            assert "0769 1" in said, item


def test_what_is_not_set_is_not_made_up(world: World, today: datetime.date) -> None:
    Prefix.objects.filter(agency=world.pemkab).delete()
    for item in Item:
        said = told(world, item, today)
        assert "LAPOR!" in said, item
        assert "spasi" not in said, item
        assert world.sukamaju.name in said, item
    known = facts.of(world.pemkab, today)
    assert "/k/" in known.address
    assert "/k/" not in " ".join(kit.long_text(known)), "nobody writes down a code from the radio"
    page = client_of(world.wati).get(f"/instansi/{world.pemkab.pk}/sosialisasi/").content.decode()
    assert "Tambah awalan SMS" in page
    assert "Buat situs daerah" in page
    assert "Yang tercetak hanya 112." in page
    with_a_door(world)
    page = client_of(world.wati).get(f"/instansi/{world.pemkab.pk}/sosialisasi/").content.decode()
    assert "Buat situs daerah" not in page
    assert "Loket: 0769 1" in page


def test_the_radio_texts_fit_their_time_as_they_are_spoken(world: World, today: datetime.date) -> None:
    with_a_door(world)
    known = facts.of(world.pemkab, today)
    assert kit.aloud("1708") == "satu, tujuh, nol, delapan"
    with override("en"):
        assert kit.aloud("1708") == "one, seven, zero, eight"
        assert kit.aloud("lapor.go.id/d/inhu") == "lapor dot go dot id slash d slash inhu"
    assert kit.aloud("lapor.go.id/d/inhu") == "lapor titik go titik id garis miring d garis miring inhu"
    for seconds, text in ((30, kit.short_text(known)), (60, kit.long_text(known))):
        assert kit.spoken(" ".join(text), known) / kit.PACE <= seconds + 2


@pytest.mark.parametrize(("item", "pages"), [("selebaran", 2), ("salindia", 9), ("radio", 1)])
def test_the_pdf_is_tagged_and_as_long_as_it_should_be(world: World, item: str, pages: int) -> None:
    with_a_door(world)
    answer = client_of(world.wati).get(f"/instansi/{world.pemkab.pk}/sosialisasi/{item}.id.pdf")
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as read:
        assert len(read.pages) == pages
        assert bool(read.Root.MarkInfo.Marked)
        assert "Lapor Sukamaju" in str(read.docinfo["/Title"])


def test_where_the_typesetter_fails_the_page_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(folder: Any) -> bytes:
        raise press.NotPrinted("no")

    monkeypatch.setattr(press, "typeset", fails)
    client, base = client_of(world.wati), f"/instansi/{world.pemkab.pk}/sosialisasi/"
    assert "Bahannya belum bisa dibuat" in client.get(f"{base}radio.id.pdf", follow=True).content.decode()
    assert client.get(f"{base}radio.xx.pdf").status_code == 404
    assert client.get(f"{base}bendera.id.pdf").status_code == 404


@pytest.mark.slow
def test_it_is_for_whoever_manages_the_district(world: World) -> None:
    for role, viewer in cast.viewers(world).items():
        for office in (world.pemkab, world.pemkab_tetangga):
            may = is_officer(viewer) and subsites.may_change(viewer.who, office)  # type: ignore[arg-type]
            for file in ("", "radio.xx.pdf"):
                status = browser(viewer).get(f"/instansi/{office.pk}/sosialisasi/{file}").status_code
                wanted = (404 if file else 200,) if may else (302, 403)
                assert status in wanted, f"{role} × {office} × {file}: {status}"
    assert client_of(world.wati).get(f"/instansi/{world.dinas_pu.pk}/sosialisasi/").status_code == 404
