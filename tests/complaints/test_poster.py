"""The poster and the sticker: tagged paper with a QR that leads to a form already addressed to the office."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
import zxingcpp
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image

from agencies import subsites
from complaints.models import Complaint
from complaints.poster import code, press, sheet
from complaints.poster.sheet import Size
from routing import dispatch
from tests.agencies.test_subsites import png
from tests.complaints.test_submit import CHECK, STORY
from tests.permissions import cast
from tests.permissions.test_every_url import browser, is_officer
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


# --- the code ---


def test_a_code_leads_back_to_its_office_and_never_changes() -> None:
    assert code.of(1) == "00011"
    assert all(code.read(code.of(pk)) == pk for pk in (1, 28, 29, 31, 32, 1023, 1024, 98_765, 1_048_575, 1_048_576))
    assert len({code.of(pk) for pk in range(3000)}) == 3000


def test_a_slip_in_typing_leads_nowhere() -> None:
    written = code.of(98_765)
    for place, letter in enumerate(written[:-1]):
        wrong = "Z" if letter != "Z" else "Y"
        assert code.read(written[:place] + wrong + written[place + 1 :]) != 98_765
    swapped = [written[:n] + b + a + written[n + 2 :] for n, (a, b) in enumerate(pairwise(written)) if a != b]
    assert all(code.read(one) is None for one in swapped)


@pytest.mark.parametrize("typed", ["", "1", "U!!!!", "0" * 40, "ÄÖÜ12", "0001\x00"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert code.read(typed) is None


def test_letters_that_look_like_digits_are_read_as_meant() -> None:
    assert code.read("ooo11") == 1
    assert code.read("OOOIL") == 1


# --- scanning ---


def test_scanning_opens_a_form_addressed_to_the_office(world: World) -> None:
    phone = Client()
    answer = phone.get(f"/k/{code.of(world.dinas_pu.pk)}/")
    assert answer.headers["Location"] == f"/lapor/?kantor={world.dinas_pu.pk}"
    page = phone.get(answer.headers["Location"]).content.decode()
    assert f"Untuk {world.dinas_pu.name}, {world.pemkab.short_name}." in page
    assert f'name="kantor" value="{world.dinas_pu.pk}"' in page
    assert f'value="{world.sukamaju.pk}" checked' in page


def test_what_is_filed_from_it_lies_with_the_office(world: World) -> None:
    phone = Client()
    phone.post("/lapor/", {"place": world.pasar_lama.pk, "kantor": world.dinas_kesehatan.pk})
    story = phone.get("/lapor/masalah/").content.decode()
    assert f'name="office" value="{world.dinas_kesehatan.pk}" checked' in story
    phone.post("/lapor/masalah/", STORY | {"office": world.dinas_kesehatan.pk})
    phone.post("/lapor/periksa/", CHECK)
    case = Complaint.objects.get()
    dispatch.forward_by_itself(case.pk)
    assert Complaint.objects.get().handler == world.dinas_kesehatan


def test_in_a_district_with_a_door_one_enters_by_it(world: World) -> None:
    subsites.set_subsite(world.pemkab, by=world.wati, slug="sukamaju", name="Lapor Sukamaju", active=True)
    short = code.of(world.dinas_pu.pk)
    wanted = f"/d/sukamaju/lapor/?kantor={world.dinas_pu.pk}"
    assert Client().get(f"/k/{short}/").headers["Location"] == wanted
    assert Client().get(f"/d/sukamaju/k/{short}/").headers["Location"] == wanted


def test_an_old_poster_leads_to_what_came_after_its_office(world: World) -> None:
    world.dinas_sosial.ends_on = timezone.localdate()
    world.dinas_sosial.succeeded_by = world.dinas_kesehatan
    world.dinas_sosial.save()
    answer = Client().get(f"/k/{code.of(world.dinas_sosial.pk)}/")
    assert answer.headers["Location"] == f"/lapor/?kantor={world.dinas_kesehatan.pk}"


@pytest.mark.parametrize("short", ["zzzzz", "00000", "x", "0000000000000000", "%00", "..", "😀"])
def test_a_torn_code_still_leads_to_the_form(world: World, short: str) -> None:
    answer = Client().get(f"/k/{short}/", follow=True)
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        assert "Kode itu tidak kami kenal" in answer.content.decode()


@pytest.mark.parametrize("kantor", ["x", "999999", "²", "1" * 40, "\x00"])
def test_an_office_that_is_none_is_left_out(world: World, kantor: str) -> None:
    answer = Client().get("/lapor/", {"kantor": kantor})
    assert answer.status_code == 200
    assert 'name="kantor"' not in answer.content.decode()
    assert Client().post("/lapor/", {"kantor": kantor, "place": world.pasar_lama.pk}).status_code == 302


def test_the_centre_is_nobodys_address(world: World) -> None:
    assert 'name="kantor"' not in Client().get(f"/lapor/?kantor={world.root.pk}").content.decode()


# --- the paper ---


def test_the_paper_says_whose_it_is_and_how_else_one_reports(world: World) -> None:
    subsites.set_subsite(
        world.pemkab, by=world.wati, slug="s", name="Lapor Sukamaju", phones=[["Loket", "0769 1"]], active=True
    )
    made = sheet.of(world.dinas_pu, Size.POSTER, "id", timezone.localdate())
    assert (made.site, made.office) == ("Lapor Sukamaju", world.dinas_pu.name)
    assert ("Loket", "0769 1") in made.pairs
    assert "5 hari kerja" in made.promise
    assert "112" in made.emergency
    assert made.address.endswith(f"/k/{code.of(world.dinas_pu.pk)}")


def _structure(kids: Any) -> Iterator[Any]:
    """Every element of a tagged PDF's tree, in order."""
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            if "/K" in kid:
                yield from _structure(kid.K)


@pytest.mark.parametrize(("size", "width", "height"), [(Size.POSTER, 210, 297), (Size.STICKER, 105, 148.5)])
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_pdf_is_tagged_titled_and_of_one_page(
    world: World, size: Size, width: float, height: float, language: str
) -> None:
    answer = client_of(world.wati).get(f"/instansi/{world.dinas_pu.pk}/poster/{size}-{language}.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
        box = [float(value) for value in pdf.pages[0].MediaBox]
        assert box[2:] == pytest.approx([width / 25.4 * 72, height / 25.4 * 72], abs=1)
        root = pdf.Root
        assert bool(root.MarkInfo.Marked)
        assert "/StructTreeRoot" in root
        assert str(root.Lang) == language
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert world.dinas_pu.name in str(meta["dc:title"])
        tags = Counter(str(one.S) for one in _structure(root.StructTreeRoot.K))
        assert (tags["/H1"], tags["/H2"], tags["/Figure"], tags["/LI"]) == (1, 1, 2, 3 if size == Size.POSTER else 0)
        said = [str(one.Alt) for one in _structure(root.StructTreeRoot.K) if "/Alt" in one]
        assert any(f"/k/{code.of(world.dinas_pu.pk)}" in words for words in said), "the QR says where it leads"
        fonts = pdf.pages[0].Resources.Font
        assert fonts
        for font in fonts.values():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert {"/FontFile2", "/FontFile3"} & set(inner.FontDescriptor.keys()), "a font is not inside"
    assert len(answer.content) < 400_000


def test_a_mark_of_any_kind_is_drawn(world: World) -> None:
    from agencies.marks import read

    subsites.set_subsite(world.pemkab, by=world.wati, slug="s", name="Lapor Sukamaju", active=True)
    initials = press.draw(sheet.of(world.pemkab, Size.STICKER, "id", timezone.localdate()))
    subsites.set_subsite(world.pemkab, by=world.wati, mark=read(png()))
    marked = press.draw(sheet.of(world.pemkab, Size.STICKER, "id", timezone.localdate()))
    national = press.draw(sheet.of(world.root, Size.POSTER, "id", timezone.localdate()))
    assert all(content.startswith(b"%PDF") for content in (initials, marked, national))


def test_long_names_and_odd_letters_still_print(world: World) -> None:
    world.dinas_pu.name = "Dinas Pekerjaan Umum, Penataan Ruang, Perumahan & Permukiman #1 “Sukamaju” <b> $x$ @y *z*"
    world.dinas_pu.save()
    for size in Size:
        assert press.draw(sheet.of(world.dinas_pu, size, "id", timezone.localdate())).startswith(b"%PDF")


@pytest.mark.parametrize("size", list(Size))
def test_a_camera_reads_the_offices_address_from_the_paper(world: World, size: Size) -> None:
    made = sheet.of(world.dinas_pu, size, "id", timezone.localdate())
    picture = Image.open(io.BytesIO(press.draw(made, press.Kind.PNG))).convert("L")
    # As a phone sees it: small, a little turned, in poor light.
    seen = picture.resize((picture.width * 2 // 3, picture.height * 2 // 3)).rotate(7, expand=True, fillcolor=120)
    (found,) = zxingcpp.read_barcodes(seen.point(lambda light: 60 + light // 2))
    assert found.text == f"{settings.SITE_URL}/k/{code.of(world.dinas_pu.pk)}/"


# --- who prints ---


@pytest.mark.slow
def test_the_papers_are_printed_by_who_manages_the_office_alone(world: World) -> None:
    for role, viewer in cast.viewers(world).items():
        for office in (world.dinas_pu, world.dinas_pu_tetangga):
            answer = browser(viewer).get(f"/instansi/{office.pk}/poster/a6-id.pdf")
            may = is_officer(viewer) and subsites.may_change(viewer.who, office)  # type: ignore[arg-type]
            assert answer.status_code in ((200,) if may else (302, 403)), f"{role} × {office}: {answer.status_code}"


@pytest.mark.parametrize("name", ["a5-id", "a4-jv", "a4", "x-x"])
def test_other_papers_are_not_found(world: World, name: str) -> None:
    assert client_of(world.wati).get(f"/instansi/{world.dinas_pu.pk}/poster/{name}.pdf").status_code == 404


def test_the_office_page_offers_it_to_whoever_may(world: World) -> None:
    page = f"/instansi/{world.dinas_pu.pk}/"
    assert "Cetak poster" in client_of(world.wati).get(page).content.decode()
    assert "Cetak poster" not in Client().get(page).content.decode()


def test_a_typesetter_that_fails_is_told_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "_DRAW", "raise SystemExit(1)")
    answer = client_of(world.wati).get(f"/instansi/{world.dinas_pu.pk}/poster/a4-id.pdf", follow=True)
    assert "Posternya belum bisa dibuat" in answer.content.decode()
