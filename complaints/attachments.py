"""What a worker does to a file before anybody may open it.

The type is read from the content, never from the name. Pictures are encoded anew, so that nothing but pixels is left
(no EXIF with the place of a home, no XMP, no hidden thumbnail); their size is read from the header before a single
pixel is decoded. PDFs lose author, XMP, scripts and embedded files. What can't be made safe is refused in words.

The heavy libraries are imported inside: a web worker never needs them.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import logging
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from complaints.models import Attachment

if TYPE_CHECKING:
    import pikepdf
    from PIL import Image

log = logging.getLogger(__name__)

SIZE_LIMIT = 10_000_000
COUNT_LIMIT = 5
PIXEL_LIMIT = 40_000_000
LONGEST_SIDE = 2400
JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
# A file whose worker died is tried again; after this many tries it is refused.
TRIES = 3
BATCH = 50
# How long one worker has a file; longer than a task may run (CELERY task_time_limit).
LEASE = datetime.timedelta(minutes=5)
# The sweep leaves a fresh file to the worker that was nudged for it.
PATIENCE = datetime.timedelta(seconds=30)
State = Attachment.State


class Unsafe(Exception):
    """The file is refused; the sentence is for the person who sent it."""


@dataclass(frozen=True)
class Clean:
    content: bytes
    type: str
    particulars: dict[str, Any]


def sniff(content: bytes) -> str:
    """The type by its first bytes; "" for everything we do not take."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    return PDF if b"%PDF-" in content[:1024] else ""


def check(pk: int, *, now: datetime.datetime | None = None) -> bool:
    """Check one file that nobody has looked at; True when it may be opened now.

    May run twice: a claim by conditional UPDATE lets one worker have it, and no lock is held while it works, so that
    sending the report never waits for a photo.
    """
    now = now or timezone.now()
    row = Attachment.objects.filter(pk=pk, state=State.RECEIVED).first()
    if row is None or not _claim(row, now):
        return False
    with translation.override("id"):
        try:
            if row.particulars["tries"] > TRIES:
                raise Unsafe(_("Berkas ini tidak bisa diperiksa. Kirim dalam bentuk lain."))
            if _is_one_too_many(row):
                raise Unsafe(_("Paling banyak 5 berkas untuk satu laporan."))
            clean = clean_file(_read(row))
        except FileNotFoundError:
            return _refuse(row, _("Berkasnya tidak sampai utuh. Kirim sekali lagi."))
        except Unsafe as error:
            return _refuse(row, str(error))
    return _keep(row, clean)


def check_waiting(*, now: datetime.datetime | None = None) -> int:
    """Files a lost nudge left unchecked, oldest first; how many are clean now."""
    now = now or timezone.now()
    waiting = Attachment.objects.filter(state=State.RECEIVED, received_at__lte=now - PATIENCE).order_by("received_at")
    return sum(check(pk, now=now) for pk in list(waiting.values_list("pk", flat=True)[:BATCH]))


def _claim(row: Attachment, now: datetime.datetime) -> bool:
    """Written before the work: a file that kills its worker is not tried for ever."""
    before: dict[str, Any] = row.particulars
    since = before.get("claimed_at")
    if since is not None and now < datetime.datetime.fromisoformat(since) + LEASE:
        return False
    row.particulars = {**before, "tries": int(before.get("tries", 0)) + 1, "claimed_at": now.isoformat()}
    mine = Attachment.objects.filter(pk=row.pk, state=State.RECEIVED, particulars=before)
    return bool(mine.update(particulars=row.particulars))


def _keep(row: Attachment, clean: Clean) -> bool:
    """Put the clean file in the place of the one that was sent."""
    storage, before = row.file.storage, row.file.name
    try:
        name = storage.save(row.file.field.generate_filename(row, row.name), ContentFile(clean.content))
    except OSError:
        # A full disk: the sweep tries again when there is room, and it does not count as a try.
        log.exception("attachment %s could not be written", row.pk)
        Attachment.objects.filter(pk=row.pk).update(particulars={**row.particulars, "tries": 0})
        return False
    with transaction.atomic():
        done = Attachment.objects.filter(pk=row.pk, state=State.RECEIVED).update(
            state=State.CLEAN,
            reason="",
            file=name,
            size=len(clean.content),
            sniffed_type=clean.type,
            digest=hashlib.sha256(clean.content).hexdigest(),
            particulars=clean.particulars,
        )
        transaction.on_commit(lambda: _forget(storage, before if done else name), robust=True)
    return bool(done)


def _is_one_too_many(row: Attachment) -> bool:
    """Counts what came before it for the same message, or with the report itself."""
    if row.complaint_id is None:
        return False
    earlier = Attachment.objects.filter(complaint=row.complaint_id, message=row.message_id, pk__lt=row.pk)
    return earlier.exclude(state=State.REFUSED).count() >= COUNT_LIMIT


def _read(row: Attachment) -> bytes:
    with row.file.open("rb") as file:
        content: bytes = file.read(SIZE_LIMIT + 1)
    return content


def _refuse(row: Attachment, reason: str) -> bool:
    """The row stays, so that the reporter reads why; the file goes."""
    storage, name = row.file.storage, row.file.name
    with transaction.atomic():
        if Attachment.objects.filter(pk=row.pk, state=State.RECEIVED).update(state=State.REFUSED, reason=reason[:200]):
            transaction.on_commit(lambda: _forget(storage, name), robust=True)
    return False


def _forget(storage: Any, name: str | None) -> None:
    try:
        if name:
            storage.delete(name)
    except OSError:
        log.exception("a file that is not needed any more could not be removed")


# --- Making safe ---


def clean_file(content: bytes) -> Clean:
    """The same picture or document without what does not show. Raises Unsafe."""
    if not content:
        raise Unsafe(_("Berkasnya kosong."))
    if len(content) > SIZE_LIMIT:
        raise Unsafe(_("Berkasnya lebih dari 10 MB."))
    kind = sniff(content)
    if kind in FORMATS:
        return _clean_picture(content, kind)
    if kind == PDF:
        return _clean_pdf(content)
    raise Unsafe(_("Berkas ini bukan foto JPG, PNG, WebP, atau dokumen PDF."))


def _clean_picture(content: bytes, kind: str) -> Clean:
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        # Pillow warns above a limit of its own; ours is asked below, before any pixel is decoded.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
                width, height = picture.size
                if width * height > PIXEL_LIMIT:
                    raise Unsafe(_("Fotonya terlalu besar: paling banyak 40 megapiksel."))
                picture.load()
                upright = ImageOps.exif_transpose(picture) or picture
                return _encode(upright, kind)
        except Unsafe:
            raise
        except Image.DecompressionBombError:
            raise Unsafe(_("Fotonya terlalu besar: paling banyak 40 megapiksel.")) from None
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError, ArithmeticError):
            # What Pillow raises for a broken file depends on where it is broken.
            raise Unsafe(_("Fotonya rusak atau terpotong. Kirim sekali lagi.")) from None


def _encode(picture: Image.Image, kind: str) -> Clean:
    """A new picture of the same pixels; photos as JPEG, drawings with transparency in their own format."""
    from PIL import Image

    transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if picture.mode not in ("RGB", "L") or transparent:
        picture = picture.convert("RGBA" if transparent and kind != JPEG else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    if kind == PNG:
        bare.save(out, "PNG", optimize=True)
    elif kind == WEBP:
        bare.save(out, "WEBP", quality=82)
    else:
        bare.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return Clean(out.getvalue(), kind, {"width": bare.width, "height": bare.height})


# Where a PDF keeps what runs, and what is folded into it.
_ROOT_KEYS = ("/OpenAction", "/AA", "/Metadata", "/JavaScript", "/Collection", "/AF", "/PieceInfo", "/Perms")
_NAME_TREES = ("/JavaScript", "/EmbeddedFiles", "/XFAResources", "/Renditions")
_PAGE_KEYS = ("/AA", "/Metadata", "/PieceInfo", "/AF", "/B")
_RUNNING = re.compile(
    r"^/(?:JavaScript|Launch|SubmitForm|ImportData|GoToE|GoToR|Rendition|Movie|Sound|RichMediaExecute)$"
)
_EMBEDDING = ("/FileAttachment", "/RichMedia", "/3D", "/Movie", "/Sound", "/Screen")


def _clean_pdf(content: bytes) -> Clean:
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise Unsafe(_("PDF ini dikunci. Kirim yang tanpa kata sandi."))
            pages = len(pdf.pages)
            if pages == 0:
                raise Unsafe(_("PDF ini tidak punya halaman."))
            _strip_pdf(pdf)
            out = io.BytesIO()
            pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    except pikepdf.PasswordError:
        raise Unsafe(_("PDF ini dikunci. Kirim yang tanpa kata sandi.")) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError, KeyError, TypeError, AttributeError):
        raise Unsafe(_("PDF ini rusak. Simpan lagi sebagai PDF, lalu kirim.")) from None
    cleaned = out.getvalue()
    if len(cleaned) > SIZE_LIMIT:
        raise Unsafe(_("Berkasnya lebih dari 10 MB."))
    return Clean(cleaned, PDF, {"pages": pages})


def _strip_pdf(pdf: pikepdf.Pdf) -> None:
    import pikepdf

    root = pdf.Root
    _drop(root, _ROOT_KEYS)
    if "/Names" in root:
        _drop(root["/Names"], _NAME_TREES)
    if "/AcroForm" in root:
        _drop(root["/AcroForm"], ("/XFA",))
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for page in pdf.pages:
        _drop(page.obj, _PAGE_KEYS)
        if "/Annots" in page.obj:
            page.obj["/Annots"] = pikepdf.Array(
                [note for note in page.obj["/Annots"] if str(note.get("/Subtype", "")) not in _EMBEDDING]
            )
    # Actions and metadata may hang on any object: fields, notes, bookmarks, pictures.
    for thing in pdf.objects:
        _disarm(thing)


def _disarm(thing: Any) -> None:
    import pikepdf

    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return
    _drop(thing, ("/AA", "/Metadata", "/PieceInfo", "/JS", "/EF"))
    for key in ("/A", "/Next", "/PA"):
        action = thing.get(key)
        if isinstance(action, pikepdf.Dictionary) and _RUNNING.match(str(action.get("/S", ""))):
            del thing[key]
    if _RUNNING.match(str(thing.get("/S", ""))):
        del thing["/S"]


def _drop(thing: Any, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in thing:
            del thing[key]
