"""A file is opened by nobody before a worker made it harmless; what can't be is refused in words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from PIL import Image

from complaints import attachments
from complaints.attachments import Unsafe, clean_file
from complaints.models import Attachment, Complaint
from tests.complaints.cases import NOW, later, report
from tests.complaints.files import PLACE_OF_A_HOME, bomb, document, photo
from tests.conftest import Nudges
from tests.world import World


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def sent(complaint: Complaint | None, content: bytes, name: str = "foto.jpg") -> Attachment:
    return Attachment.objects.create(
        complaint=complaint, file=ContentFile(content, name=name), name=name, size=len(content), received_at=NOW
    )


def on_disk(row: Attachment) -> bytes:
    with row.file.open("rb") as file:
        content: bytes = file.read()
    return content


# --- What comes out of a file ---


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_everything_but_its_pixels(format: str) -> None:
    content = photo(format=format)
    assert PLACE_OF_A_HOME in content
    clean = clean_file(content)
    assert PLACE_OF_A_HOME not in clean.content
    with Image.open(io.BytesIO(clean.content)) as picture:
        assert picture.format == format
        assert not dict(picture.getexif())
        assert "xmp" not in picture.info
        assert picture.size == (640, 480)


def test_a_photo_held_upright_stays_upright() -> None:
    """Orientation 6: the camera was turned; red, on its left, is on top for the eye."""
    with Image.open(io.BytesIO(clean_file(photo(orientation=6)).content)) as picture:
        assert picture.size == (480, 640)
        red, _green, blue = picture.convert("RGB").getpixel((240, 20))  # type: ignore[misc]
        assert red > blue


def test_a_large_photo_becomes_2400_pixels_long() -> None:
    with Image.open(io.BytesIO(clean_file(photo(5000, 1000)).content)) as picture:
        assert picture.size == (2400, 480)


def test_a_transparent_drawing_stays_transparent() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(clean_file(out.getvalue()).content)) as picture:
        assert picture.mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "I;16"])
def test_every_kind_of_picture_can_be_read(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (10, 10)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert clean_file(out.getvalue()).particulars == {"width": 10, "height": 10}


def test_a_pixel_bomb_is_refused_by_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(*_args: object) -> None:
        pytest.fail("its pixels were decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decoded)
    with pytest.raises(Unsafe, match="40 megapiksel"):
        clean_file(bomb())


def test_a_pdf_loses_author_scripts_and_what_was_folded_in() -> None:
    content = document()
    assert PLACE_OF_A_HOME in content
    clean = clean_file(content)
    assert clean.particulars == {"pages": 1}
    with pikepdf.open(io.BytesIO(clean.content)) as pdf:
        assert "/Info" not in pdf.trailer or not dict(pdf.docinfo)
        for key in ("/OpenAction", "/Metadata", "/AA"):
            assert key not in pdf.Root
        assert not pdf.attachments
        assert "/A" not in pdf.pages[0].obj["/Annots"][0]
        streams = [bytes(thing.read_bytes()) for thing in pdf.objects if isinstance(thing, pikepdf.Stream)]
        assert all(PLACE_OF_A_HOME not in content for content in streams)
        plain = io.BytesIO()
        pdf.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    for word in (PLACE_OF_A_HOME, b"JavaScript", b"cmd.exe", b"app.alert", b"rahasia.txt"):
        assert word not in plain.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (b"MZ\x90\x00" + b"\0" * 100, "bukan foto"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "bukan foto"),
        (b"GIF89a" + b"\0" * 50, "bukan foto"),
        (photo()[:2000], "rusak atau terpotong"),
        (b"\xff\xd8\xff" + b"\0" * 100, "rusak atau terpotong"),
        (b"RIFF\x10\0\0\0WEBPVP8 \0\0\0\0", "rusak atau terpotong"),
        (document(locked="kunci"), "dikunci"),
        (b"%PDF-1.7\nini bukan pdf", "rusak"),
        (document()[:300], "rusak"),
        (b"\xff\xd8\xff" + b"\0" * 10_000_000, "lebih dari 10 MB"),
    ],
    # What the documents hold differs from run to run; their tests must be called the same everywhere.
    ids=["empty", "program", "svg", "gif", "half", "no-jpeg", "no-webp", "locked", "no-pdf", "half-pdf", "huge"],
)
def test_what_can_t_be_made_safe_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Unsafe, match=words):
        clean_file(content)


# --- The worker ---


@pytest.mark.django_db
def test_a_file_is_checked_by_its_content_whatever_its_name(world: World, nudges: Nudges) -> None:
    row = sent(report(world), photo(), name="surat.pdf")
    assert nudges.named("complaints.tasks.check_attachment") == [(row.pk,)]
    assert attachments.check(row.pk)
    row.refresh_from_db()
    assert (row.state, row.sniffed_type) == ("CLEAN", "image/jpeg")
    assert row.size == len(on_disk(row))
    assert PLACE_OF_A_HOME not in on_disk(row)


@pytest.mark.django_db
def test_the_file_as_it_was_sent_is_gone(world: World, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    row = sent(report(world), photo())
    with django_capture_on_commit_callbacks(execute=True):
        attachments.check(row.pk)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert PLACE_OF_A_HOME not in files[0].read_bytes()


@pytest.mark.django_db
def test_a_refused_file_goes_and_its_reason_stays(
    world: World, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    row = sent(report(world), b"MZ program")
    with django_capture_on_commit_callbacks(execute=True):
        assert not attachments.check(row.pk)
    row.refresh_from_db()
    assert row.state == "REFUSED"
    assert row.reason == "Berkas ini bukan foto JPG, PNG, WebP, atau dokumen PDF."
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_checking_twice_changes_nothing_more(world: World) -> None:
    row = sent(report(world), photo())
    assert attachments.check(row.pk, now=NOW)
    before = Attachment.objects.values().get()
    assert not attachments.check(row.pk, now=later(hours=1))
    assert Attachment.objects.values().get() == before


@pytest.mark.django_db
def test_a_file_in_another_worker_s_hands_is_left_alone_for_a_while(world: World) -> None:
    row = sent(report(world), photo())
    assert attachments._claim(Attachment.objects.get(), NOW)
    assert not attachments.check(row.pk, now=later(minutes=1))
    assert attachments.check(row.pk, now=later(minutes=6))


@pytest.mark.django_db
def test_a_file_that_kills_its_worker_is_given_up(world: World) -> None:
    row = sent(report(world), photo())
    for hour in range(attachments.TRIES):
        assert attachments._claim(Attachment.objects.get(), later(hours=hour))  # and then it dies
    assert not attachments.check(row.pk, now=later(hours=9))
    assert Attachment.objects.get().state == "REFUSED"


@pytest.mark.django_db
def test_the_sweep_finds_what_a_lost_nudge_left(world: World) -> None:
    case = report(world)
    for _n in range(3):
        sent(case, photo())
    assert attachments.check_waiting(now=later(seconds=10)) == 0
    assert attachments.check_waiting(now=later(minutes=1)) == 3


@pytest.mark.django_db
def test_the_sixth_file_is_refused(world: World) -> None:
    case = report(world)
    rows = [sent(case, photo()) for _n in range(6)]
    assert [attachments.check(row.pk) for row in rows] == [True] * 5 + [False]
    rows[5].refresh_from_db()
    assert rows[5].reason == "Paling banyak 5 berkas untuk satu laporan."


@pytest.mark.django_db
def test_a_full_disk_leaves_the_file_for_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = sent(report(world), photo())

    def full(*args: object, **more: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(FileSystemStorage, "save", full)
        assert not attachments.check(row.pk, now=NOW)
    row.refresh_from_db()
    assert row.state == "RECEIVED"
    assert attachments.check(row.pk, now=later(minutes=6))


@pytest.mark.django_db
def test_a_report_sent_while_its_photo_is_checked_keeps_the_photo(world: World, monkeypatch: Any) -> None:
    case = report(world)
    row = sent(None, photo())
    whole = attachments.clean_file

    def submit_meanwhile(content: bytes) -> attachments.Clean:
        Attachment.objects.filter(pk=row.pk).update(complaint=case)
        return whole(content)

    monkeypatch.setattr(attachments, "clean_file", submit_meanwhile)
    assert attachments.check(row.pk)
    row.refresh_from_db()
    assert (row.complaint_id, row.state) == (case.pk, "CLEAN")


@pytest.mark.django_db
def test_a_file_that_vanished_is_said_to_be_incomplete(world: World) -> None:
    row = sent(report(world), photo())
    row.file.storage.delete(str(row.file.name))
    attachments.check(row.pk)
    row.refresh_from_db()
    assert row.reason == "Berkasnya tidak sampai utuh. Kirim sekali lagi."
