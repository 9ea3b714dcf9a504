"""A district's own site is written by its coordinator: name, address, colours that can be read, a mark, telephones."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from agencies import colours, marks, subsites
from agencies.members import NotAllowed, Refused
from agencies.models import AuditEntry, SubSite
from tests.permissions import cast
from tests.permissions.test_every_url import browser, is_officer
from tests.world import World, client_of

SAID = {
    "name": "Lapor Sukamaju",
    "slug": "sukamaju",
    "greeting": "Sukamaju mendengar.",
    "colour": "#7a1f1f",
    "accent": "#f0b323",
    "phones": "Loket Diskominfo: 0769 123456\nPSC: 119",
    "active": "on",
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4" fill="#070"/></svg>'

pytestmark = pytest.mark.django_db


def png(size: tuple[int, int] = (300, 200), *, noise: bool = False) -> bytes:
    picture = Image.effect_noise(size, 90).convert("RGB") if noise else Image.new("RGB", size, "#0a7a2f")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def page_of(world: World) -> str:
    return f"/instansi/{world.pemkab.pk}/situs/"


def saved(world: World, **more: Any) -> Any:
    return client_of(world.wati).post(page_of(world), {**SAID, **more})


# --- writing it ---


def test_a_coordinator_lays_the_site_and_it_is_written_down(world: World) -> None:
    assert saved(world).headers["Location"] == page_of(world)
    site = SubSite.objects.get()
    assert (site.agency, site.slug, site.name, site.active) == (world.pemkab, "sukamaju", "Lapor Sukamaju", True)
    assert site.phones == [["Loket Diskominfo", "0769 123456"], ["PSC", "119"]]
    entry = AuditEntry.objects.get(what="add_subsite")
    assert (entry.who, entry.subject_id, entry.before) == (world.wati.user, world.pemkab.pk, None)
    assert entry.after is not None
    assert entry.after["slug"] == "sukamaju"


def test_a_change_keeps_what_was_before_and_no_change_writes_nothing(world: World) -> None:
    saved(world)
    saved(world)
    assert not AuditEntry.objects.filter(what="change_subsite").exists()
    saved(world, name="Sukamaju Melapor")
    entry = AuditEntry.objects.get(what="change_subsite")
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["name"], entry.after["name"]) == ("Lapor Sukamaju", "Sukamaju Melapor")


def test_looking_first_keeps_nothing(world: World) -> None:
    page = saved(world, act="lihat", name="Nama Coba").content.decode()
    assert "Pratinjau, belum disimpan" in page
    assert "Nama Coba" in page
    assert "--teal:#7a1f1f" in page
    assert not SubSite.objects.exists()


@pytest.mark.slow
def test_only_who_manages_the_pemda_opens_the_page_and_only_a_pemda_has_one(world: World) -> None:
    for role, viewer in cast.viewers(world).items():
        for office in (world.pemkab, world.pemkab_tetangga, world.dinas_pu):
            answer = browser(viewer).get(f"/instansi/{office.pk}/situs/")
            may = is_officer(viewer) and subsites.may_change(viewer.who, office)  # type: ignore[arg-type]
            wanted = ((200,) if office is not world.dinas_pu else (404,)) if may else (302, 403)
            assert answer.status_code in wanted, f"{role} × {office}: {answer.status_code}"


def test_a_neighbour_cannot_write_it(world: World) -> None:
    assert client_of(world.tono).post(page_of(world), SAID).status_code == 403
    with pytest.raises(NotAllowed):
        subsites.set_subsite(world.pemkab, by=world.tono, slug="x", name="X")
    assert not SubSite.objects.exists()


def test_an_address_belongs_to_one(world: World) -> None:
    saved(world)
    page = client_of(world.tono).post(f"/instansi/{world.pemkab_tetangga.pk}/situs/", SAID).content.decode()
    assert "Alamat ini sudah dipakai daerah lain" in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Tulis nama situsnya"),
        ("slug", "suka maju!", "Alamat hanya boleh huruf"),
        ("colour", "merah", "Tulis warna sebagai #rrggbb"),
        ("colour", "#ffcc00", "sulit dibaca: 1,3 banding 1, perlu 4,5. Coba #"),
        ("accent", "#301010", "Tulisan gelap di atas warna ini sulit dibaca"),
        ("phones", "0769 123456", "belum benar"),
        ("phones", "Loket: javascript:alert(1)", "belum benar"),
        ("phones", "\n".join(f"Loket {n}: 0769 12345{n}" for n in range(7)), "Paling banyak 6"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(world: World, field: str, value: str, sentence: str) -> None:
    assert sentence in saved(world, **{field: value}).content.decode()
    assert not SubSite.objects.exists()


# --- its host ---


def test_a_host_is_named_by_the_centre_alone(world: World) -> None:
    saved(world, host="lapor.sukamaju.go.id")
    assert SubSite.objects.get().host == ""
    client_of(world.ratna).post(page_of(world), {**SAID, "host": "Lapor.Sukamaju.go.id."})
    assert SubSite.objects.get().host == "lapor.sukamaju.go.id"
    saved(world, name="Lapor Kita")
    assert SubSite.objects.get().host == "lapor.sukamaju.go.id"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "https://lapor.go.id", "a b.go.id", "10.0.0.1", "-x.go.id"])
def test_no_host_is_taken_that_is_none_or_ours(world: World, host: str) -> None:
    client_of(world.ratna).post(page_of(world), {**SAID, "host": host})
    assert not SubSite.objects.exclude(host="").exists()


def test_two_districts_cannot_share_a_host(world: World) -> None:
    subsites.set_subsite(world.pemkab, by=world.ratna, slug="a", name="A", host="lapor.contoh.go.id")
    with pytest.raises(Refused):
        subsites.set_subsite(world.pemkab_tetangga, by=world.ratna, slug="b", name="B", host="lapor.contoh.go.id")


# --- its colours ---


@pytest.mark.parametrize(
    "colour", ["#0b5a61", "#7a1f1f", "#004aad", "#1b6e1b", "#ff6600", "#ffcc00", "#00ffff", "#000000"]
)
def test_every_shade_made_of_a_readable_colour_is_readable(colour: str) -> None:
    shade = colours.darkened(colour)
    assert colours.worst_on_light(shade) >= 4.5
    made = colours.shades(shade, colours.lightened("#2040ff"))
    for ink, ground in (
        (made["--teal"], made["--teal-wash"]),
        (colours.WHITE, made["--teal"]),
        (colours.WHITE, made["--teal-2"]),
        ("#f7f4ea", made["--band"]),
        (made["--on-band-2"], made["--band"]),
        (colours.ON_ACCENT, made["--turmeric"]),
    ):
        assert colours.contrast(ink, ground) >= 4.5, (ink, ground)


def test_contrast_is_counted_as_wcag_counts_it() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


# --- its mark ---


def test_a_mark_is_drawn_anew_small_enough_for_a_first_visit(world: World) -> None:
    saved(world, mark=SimpleUploadedFile("lambang.png", png()))
    site = SubSite.objects.get()
    for size, side, limit in (("kecil", 64, marks.PAGE_BYTES), ("besar", 512, 400_000)):
        answer = Client().get(f"/lambang/{site.pk}/{site.mark_version}/{size}.png")
        assert answer.headers["Content-Type"] == "image/png"
        assert "immutable" in answer.headers["Cache-Control"]
        assert len(answer.content) <= limit
        assert max(Image.open(io.BytesIO(answer.content)).size) == side


@pytest.mark.slow
def test_a_noisy_picture_still_fits() -> None:
    assert len(marks.read(png((900, 900), noise=True)).page) <= marks.PAGE_BYTES


def test_an_svg_becomes_pixels_and_loses_its_script() -> None:
    mark = marks.read(SVG.replace(b"</svg>", b"<script>alert(1)</script></svg>"))
    picture = Image.open(io.BytesIO(mark.paper)).convert("RGBA")
    assert picture.size == (512, 512)
    assert picture.getpixel((256, 256)) == (0, 119, 0, 255)
    assert b"script" not in mark.paper


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90 not a picture",
        b"<svg",
        png()[:60],
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        SVG.replace(b"<circle", b'<image href="file:///etc/passwd"/><circle'),
        SVG.replace(b"<circle", b'<image href="http://127.0.0.1/x.png"/><circle'),
        b"x" * (marks.SIZE_LIMIT + 1),
    ],
)
def test_what_is_no_mark_is_refused_in_words(world: World, content: bytes) -> None:
    with pytest.raises(marks.MarkRefused):
        marks.read(content)


def test_a_refused_mark_keeps_the_rest_of_the_form(world: World) -> None:
    page = saved(world, mark=SimpleUploadedFile("x.png", b"MZ")).content.decode()
    assert "Lambang harus PNG, JPG, WebP, atau SVG yang utuh" in page
    assert "Sukamaju mendengar." in page


def test_a_mark_that_is_not_there_is_not_found(world: World) -> None:
    saved(world)
    assert Client().get(f"/lambang/{SubSite.objects.get().pk}/0/kecil.png").status_code == 404
    assert Client().get("/lambang/999/0/kecil.png").status_code == 404
