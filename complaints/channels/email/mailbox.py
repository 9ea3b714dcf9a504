"""Letters fetched from a mailbox by IMAP (RFC 3501), once a minute and, with `pull_email`, as they come (IDLE).

A letter leaves the inbox only after it was kept, so a line that breaks anywhere loses nothing: what is still there is
fetched again and known by its Message-ID. One letter that can't be fetched or kept stays where it is and stops no
other. Where a mailbox lets nothing be moved or marked, what was kept is remembered by UIDVALIDITY and UID, so that it
is not fetched anew each minute; that memory may be lost, and a new UIDVALIDITY makes it void.
"""

from __future__ import annotations

import datetime
import imaplib
import logging
import re
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from complaints.channels.email.collect import KEPT_OF_LARGER, SIZE_LIMIT, keep_letter
from lapor.kit.alone import alone

log = logging.getLogger(__name__)

TIMEOUT = 30.0
# A run ends after so long; what is left is the next one's (CELERY task_time_limit is longer).
RUN_SECONDS = 150.0
# So many are moved out of the inbox at once.
CHUNK = 25
# How long the memory of what could not be moved lasts.
REMEMBERED = 24 * 3600

MAIL_ERRORS = (ImapToolsError, imaplib.IMAP4.error, OSError, EOFError)


@dataclass(frozen=True)
class Place:
    """LAPOR_IMAP_URL taken apart: imaps://name:password@host:993/INBOX. `secure`: "tls", "starttls" or "" (none)."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    secure: str

    @classmethod
    def of(cls, url: str) -> Place:
        """Raises ValueError for what is no such address."""
        parts = urlsplit(url)
        secure = {"imaps": "tls", "imap+tls": "starttls", "imap": ""}.get(parts.scheme)
        if secure is None or not parts.hostname or not parts.username:
            raise ValueError("imaps://nama:sandi@host:993/INBOX")
        return cls(
            host=parts.hostname,
            port=parts.port or (993 if secure == "tls" else 143),
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
            secure=secure,
        )


def pull() -> int:
    """Fetch what is new; how many letters. A mailbox that does not answer is logged and asked again next time."""
    if not settings.LAPOR_IMAP_URL:
        return 0
    try:
        with opened() as box:
            return collect(box)
    except MAIL_ERRORS as error:
        log.warning("the mailbox could not be read: %s", _plainly(error))
        return 0


@contextmanager
def opened() -> Iterator[BaseMailBox]:
    """Signed in, with the inbox open. Raises MAIL_ERRORS."""
    place = Place.of(settings.LAPOR_IMAP_URL)
    box: BaseMailBox
    if place.secure == "tls":
        box = MailBox(place.host, place.port, TIMEOUT, ssl_context=ssl.create_default_context())
    elif place.secure == "starttls":
        box = MailBoxStartTls(place.host, place.port, TIMEOUT, ssl_context=ssl.create_default_context())
    else:
        box = MailBoxUnencrypted(place.host, place.port, TIMEOUT)
    try:
        box.login(place.user, place.password, initial_folder=None)
        box.folder.set(place.folder)
        yield box
    finally:
        try:
            box.logout()
        except MAIL_ERRORS:
            box.client.shutdown()


def collect(box: BaseMailBox, *, goes_on: Callable[[], bool] | None = None) -> int:
    """Keep every letter of the open folder, oldest first, as long as it `goes_on` (for RUN_SECONDS); how many were new.

    One process at a time: the puller and the minute's task share the mailbox. Raises MAIL_ERRORS when the line breaks;
    what was kept until then is kept.
    """
    until = time.monotonic() + RUN_SECONDS
    with alone("pull_email") as mine:
        return _collect(box, goes_on or (lambda: time.monotonic() < until)) if mine else 0


def has_news(box: BaseMailBox) -> bool:
    """Whether letters came since this was last asked. Asked right before listening: what the server says in the same
    breath as "idling" stays in a buffer, where nobody hears it."""
    box.client.noop()
    return bool(box.client.untagged_responses.pop("EXISTS", None))


def _collect(box: BaseMailBox, goes_on: Callable[[], bool]) -> int:
    validity = _validity(box)
    new = 0
    waiting = [uid for uid in _waiting(box) if uid]
    for start in range(0, len(waiting), CHUNK):
        chunk = waiting[start : start + CHUNK]
        # Kept in an earlier run, and still here because they could not be put away.
        kept = _remembered(validity, chunk)
        try:
            for uid in [uid for uid in chunk if uid not in kept]:
                if not goes_on():
                    return new
                fetched = _fetch_and_keep(box, uid)
                if fetched is not None:
                    kept.append(uid)
                    new += fetched
        finally:
            # Also when the line broke: then this fails too, and they are fetched again and known.
            _put_away(box, validity, kept)
    return new


def _waiting(box: BaseMailBox) -> list[str]:
    """By UID, oldest first: everything in the inbox, or what is unseen where letters stay in it."""
    return sorted(box.uids("ALL" if settings.LAPOR_IMAP_DONE else "UNSEEN"), key=int)


def _validity(box: BaseMailBox) -> str:
    """The number under which the UIDs of this folder hold."""
    kind, found = box.client.response("UIDVALIDITY")
    return (found[0] or b"").decode("ascii", "replace") if kind == "UIDVALIDITY" and found else ""


def _fetch_and_keep(box: BaseMailBox, uid: str) -> bool | None:
    """True: kept and new; False: known already; None: it stays in the mailbox, for a reason that is this letter's."""
    try:
        found = _fetch(box, uid)
        if found is None:
            return None
        raw, arrived_at = found
        return keep_letter(raw, arrived_at=arrived_at)[1]
    except (imaplib.IMAP4.abort, OSError, InterfaceError, OperationalError):
        # The line, the disk or the database: nothing more can be done in this run.
        raise
    except (ImapToolsError, imaplib.IMAP4.error, ValueError) as error:
        log.warning("letter %s stays in the mailbox: %s", uid, _plainly(error))
        return None


def _fetch(box: BaseMailBox, uid: str) -> tuple[bytes, datetime.datetime | None] | None:
    """The bytes as they came, and when; None when it is gone. Does not mark it as seen."""
    status, answer = box.client.uid("FETCH", uid, "(RFC822.SIZE INTERNALDATE)")
    about = b" ".join(part if isinstance(part, bytes) else part[0] for part in answer or () if part)
    size = re.search(rb"RFC822\.SIZE (\d+)", about)
    if status != "OK" or size is None:
        return None
    whole = int(size[1]) <= SIZE_LIMIT
    status, answer = box.client.uid("FETCH", uid, "(BODY.PEEK[])" if whole else f"(BODY.PEEK[]<0.{KEPT_OF_LARGER}>)")
    body = next((part[1] for part in answer or () if isinstance(part, tuple) and len(part) > 1), None)
    if status != "OK" or body is None:
        return None
    return bytes(body), _date(about)


def _date(about: bytes) -> datetime.datetime | None:
    try:
        found = imaplib.Internaldate2tuple(about)
        return datetime.datetime.fromtimestamp(time.mktime(found), datetime.UTC) if found else None
    except (ValueError, OverflowError):
        return None


def _put_away(box: BaseMailBox, validity: str, kept: Sequence[str]) -> None:
    if not kept:
        return
    try:
        if settings.LAPOR_IMAP_DONE:
            if not box.folder.exists(settings.LAPOR_IMAP_DONE):
                box.folder.create(settings.LAPOR_IMAP_DONE)
            box.move(kept, settings.LAPOR_IMAP_DONE)
        else:
            box.flag(kept, "\\Seen", True)
    except MAIL_ERRORS as error:
        log.warning("%s letters were kept and stay in the mailbox: %s", len(kept), _plainly(error))
        cache.set_many({_memory(validity, uid): 1 for uid in kept}, REMEMBERED)


def _remembered(validity: str, uids: Sequence[str]) -> list[str]:
    known = cache.get_many([_memory(validity, uid) for uid in uids])
    return [uid for uid in uids if _memory(validity, uid) in known]


def _memory(validity: str, uid: str) -> str:
    return f"email:kept:{validity}:{uid}"


def _plainly(error: Exception) -> str:
    """For the log: what happened, without an address that a server repeats."""
    return f"{type(error).__name__}: {_ADDRESS.sub('…', str(error))[:200]}"


_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
