"""What a worker does for a file that only has an address: fetch it and put it through the door every upload passes."""

from __future__ import annotations

import datetime
import logging
from urllib.parse import unquote, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from complaints.attachments import SIZE_LIMIT
from complaints.models import Attachment, RemoteFile
from complaints.uploads import FileRefused, NotNow, shown_name, take
from lapor.kit.outside import Unreachable, fetch
from lapor.kit.sealing import InvalidToken, unseal

log = logging.getLogger(__name__)

# How long one worker has a file; longer than a task may run (CELERY task_time_limit).
LEASE = datetime.timedelta(minutes=5)
# Waits between the tries; after the last one it is given up, in words.
WAITS = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 10, 60, 360))
SECONDS = 30.0
BATCH = 20


def bring(pk: int, *, now: datetime.datetime | None = None) -> bool:
    """Fetch one file; True when there is nothing left to do about it. May run twice: a lease lets one worker at it."""
    now = now or timezone.now()
    row = RemoteFile.objects.waiting().filter(pk=pk, next_try__lte=now).select_related("complaint").first()
    if row is None:
        return True
    claimed = RemoteFile.objects.filter(pk=pk, tries=row.tries, next_try=row.next_try)
    if not claimed.update(tries=row.tries + 1, next_try=now + LEASE):
        return True
    row.tries += 1
    with translation.override("id"):
        try:
            url = unseal(row.url_sealed)
            content = fetch(url, limit=SIZE_LIMIT, seconds=SECONDS)
        except (Unreachable, InvalidToken) as error:
            if isinstance(error, Unreachable) and not error.lasting and _again(row, now):
                return False
            log.info("remote file %s given up: %s", pk, error)
            return _refused(row, _("Berkasnya tidak bisa kami ambil dari alamat yang dikirim."))
        return _taken(row, _name(url), content, now)


def _again(row: RemoteFile, now: datetime.datetime) -> bool:
    """Later; False: it was tried often enough."""
    if row.tries > len(WAITS):
        return False
    RemoteFile.objects.filter(pk=row.pk).update(next_try=now + WAITS[row.tries - 1])
    return True


def bring_waiting(*, now: datetime.datetime | None = None) -> int:
    """What a lost nudge left, or a later try, oldest first; how many are done now."""
    now = now or timezone.now()
    due = RemoteFile.objects.waiting().filter(next_try__lte=now).order_by("next_try").values_list("pk", flat=True)
    return sum(bring(pk, now=now) for pk in list(due[:BATCH]))


def _name(url: str) -> str:
    return shown_name(unquote(urlsplit(url).path))


def _taken(row: RemoteFile, name: str, content: bytes, now: datetime.datetime) -> bool:
    already = Attachment.objects.filter(complaint=row.complaint, message=row.message_id)
    already = already.exclude(state=Attachment.State.REFUSED)
    upload = SimpleUploadedFile(name, content)
    try:
        with transaction.atomic():
            file = take(upload, already.count(), complaint=row.complaint, message_id=row.message_id)
            _done(row, file)
    except FileRefused as refusal:
        # A full disk is no fault of the file.
        if isinstance(refusal, NotNow) and _again(row, now):
            return False
        return _refused(row, f"{refusal}.", name)
    return True


def _refused(row: RemoteFile, reason: str, name: str = "") -> bool:
    """Nothing is left out in silence: reporter and officer read that a file was meant to be here, and why it is not."""
    with transaction.atomic():
        file = Attachment.objects.create(
            complaint=row.complaint,
            message_id=row.message_id,
            name=name or _("berkas dari alamat lain"),
            size=0,
            state=Attachment.State.REFUSED,
            reason=reason[:200],
        )
        _done(row, file)
    return True


def _done(row: RemoteFile, file: Attachment) -> None:
    RemoteFile.objects.filter(pk=row.pk).update(next_try=None, url_sealed="", attachment=file)
