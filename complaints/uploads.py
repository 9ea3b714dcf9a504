"""Files sent with a report or a message: what is refused at the door, in words. The worker checks the rest."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from complaints.attachments import COUNT_LIMIT, SIZE_LIMIT, sniff
from complaints.models import Attachment, Draft
from lapor.kit.ratelimit import Bucket, address, is_this_machine
from lapor.kit.text import row_id

log = logging.getLogger(__name__)

ACCEPT = "image/jpeg,image/png,image/webp,application/pdf"


# Files one address may bring: at once those of some reports, then a village's worth an hour. Kept until the draft is
# forgotten, so that a full disk is nobody's weapon.
BROUGHT = Bucket("files", burst=60, hourly=120)


class FileRefused(Exception):
    """The file was not taken; the sentence says why."""


class NotNow(FileRefused):
    """Nothing is wrong with the file: we cannot take it at this moment. A report never waits for that."""


def is_whole(kind: str, head: bytes, tail: bytes, size: int) -> bool:
    """The end that every file of this type has is there; a connection that broke leaves it out."""
    if kind == "image/jpeg":
        return b"\xff\xd9" in tail
    if kind == "image/png":
        return b"IEND" in tail
    if kind == "image/webp":
        return size >= int.from_bytes(head[4:8], "little") + 8
    return b"%%EOF" in tail


def take(upload: UploadedFile[Any], already: int, **owner: Any) -> Attachment:
    """Keep one file for its `draft` (or complaint and message). Raises FileRefused.

    `already` is how many there are. A full disk refuses the file, never the report.
    """
    name = shown_name(upload.name or "")
    size = upload.size or 0
    if already >= COUNT_LIMIT:
        raise FileRefused(_("%(name)s tidak ikut: paling banyak 5 berkas. Hapus satu dulu") % {"name": name})
    if size == 0:
        raise FileRefused(_("%(name)s kosong. Pilih berkas lain") % {"name": name})
    if size > SIZE_LIMIT:
        raise FileRefused(_("%(name)s lebih dari 10 MB. Kecilkan dulu, atau foto lagi") % {"name": name})
    upload.seek(0)
    head = upload.read(1024)
    kind = sniff(head)
    if not kind:
        raise FileRefused(_("%(name)s bukan JPG, PNG, WebP, atau PDF. Pilih berkas lain") % {"name": name})
    upload.seek(max(0, size - 2048))
    tail = upload.read()
    if not is_whole(kind, head, tail, size):
        raise FileRefused(_("%(name)s terpotong di jalan. Unggah lagi") % {"name": name})
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    try:
        with transaction.atomic():
            return Attachment.objects.create(
                file=upload, name=name, size=size, digest=digest.hexdigest(), sniffed_type=kind, **owner
            )
    except OSError:
        log.exception("a file could not be stored")
        raise NotNow(
            _("%(name)s belum bisa kami simpan. Laporan tetap bisa dikirim; unggah berkasnya nanti") % {"name": name}
        ) from None


def take_all(request: HttpRequest) -> list[Attachment]:
    """Files of a message, not yet anybody's. Raises FileRefused when one is not taken; then none is."""
    taken: list[Attachment] = []
    for upload in request.FILES.getlist("file"):
        if isinstance(upload, UploadedFile):
            try:
                may_bring(request)
                taken.append(take(upload, len(taken)))
            except FileRefused:
                drop(taken)
                raise
    return taken


def drop(files: list[Attachment]) -> None:
    """What they came with was refused: they go."""
    for file in files:
        file.file.delete(save=False)
        file.delete()


def may_bring(request: HttpRequest) -> None:
    """Counts one file of this address. Raises FileRefused when it has brought too many."""
    who = address(request)
    if (settings.PRODUCTION or not is_this_machine(who)) and not BROUGHT.take(who):
        raise NotNow(_("Dari jaringan ini baru saja datang banyak berkas. Tunggu beberapa menit, lalu unggah lagi"))


def shown_name(name: str) -> str:
    """What the sender called it, without folders and control signs, at most 120 letters with its ending."""
    plain = "".join(ch for ch in name.replace("\\", "/").rpartition("/")[2] if ch.isprintable()).strip()
    stem, dot, ending = plain.rpartition(".")
    if not plain:
        return _("berkas tanpa nama")
    return plain if len(plain) <= 120 else f"{(stem or plain)[:110]}…{dot}{ending[:8]}"


def remove(draft: Draft, pk: str) -> None:
    """Take a file out of a draft; an id that is not among its files does nothing."""
    found = draft.attachments.filter(pk=row_id(pk), complaint=None).first()
    if found is not None:
        found.file.delete(save=False)
        found.delete()
