"""Our own addresses, and the ones made for one reader: what follows the "+" finds the case an answer belongs to.

    balas+<32 signs>@…    a reporter: their case, the version of their address, the day it was made
    balas+<48 signs>@…    an officer: their membership, the case, its version as they read it, the hour it was made

The signs are base 32 in small letters, because mail servers do not keep capitals apart. They hold the numbers masked
and a keyed hash (HMAC-SHA-256, 96 bits) over numbers and address, so that they tell nothing, not even how many cases
there are, always have the same length, and can be made by nobody else. Each stands in letters to its one reader only.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone

from agencies.models import Membership
from complaints.models import Complaint, Reporter
from lapor.kit.sealing import fingerprint

# An answer may come as late as a scheduled repair.
REPORTER_LASTS = datetime.timedelta(days=400)
OFFICER_LASTS = datetime.timedelta(days=7)

_BEGINNING = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
_HASH = 12
_REPORTER = (6, 2)  # bytes of: reporter, day
_OFFICER = (5, 6, 4, 3)  # bytes of: membership, case, version, hour


# --- Ours ---


def unheard() -> list[str]:
    """The settings that lack for mail to come in; [] when it does."""
    lacking = [] if settings.LAPOR_EMAIL_INBOX else ["LAPOR_EMAIL_INBOX"]
    if not (settings.LAPOR_IMAP_URL or settings.LAPOR_EMAIL_KEY or provider_hears()):
        lacking.append("LAPOR_IMAP_URL")
    return lacking


def provider_hears() -> bool:
    """The mail provider calls us, and proves that it is the one."""
    return bool(settings.LAPOR_EMAIL_ESP and settings.ANYMAIL.get("WEBHOOK_SECRET"))


def reply_address() -> str:
    """What reply addresses are made of: balas@ the domain of the inbox, unless it is said."""
    if settings.LAPOR_EMAIL_REPLY:
        return str(settings.LAPOR_EMAIL_REPLY).lower()
    return "balas@" + str(settings.LAPOR_EMAIL_INBOX).lower().partition("@")[2]


def are_ours(address: str) -> bool:
    """We ourselves would have written from there."""
    local, _at, host = address.lower().partition("@")
    plain = f"{local.partition('+')[0]}@{host}"
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    return bool(plain) and plain in {sender, str(settings.LAPOR_EMAIL_INBOX).lower(), reply_address()}


def is_of_our_domain(address: str) -> bool:
    host = address.lower().partition("@")[2]
    return bool(host) and host in {
        reply_address().partition("@")[2],
        settings.LAPOR_EMAIL_INBOX.lower().partition("@")[2],
    }


def plus_words(recipients: Iterable[str]) -> list[str]:
    """What stands after the "+" of the inbox: "inhu" of lapor+inhu@…"""
    local, _at, host = str(settings.LAPOR_EMAIL_INBOX).lower().partition("@")
    pattern = re.compile(rf"{re.escape(local)}\+([^@\s]{{1,40}})@{re.escape(host)}")
    return [found[1] for address in recipients if (found := pattern.fullmatch(address.lower()))]


# --- Made for one reader ---


@dataclass(frozen=True)
class Ticket:
    """What a reply address was found to be. `is_old`: right, and made too long ago."""

    reporter: Reporter | None = None
    membership: Membership | None = None
    complaint: Complaint | None = None
    version: int = 0
    is_old: bool = False


def for_reporter(reporter: Reporter, now: datetime.datetime | None = None) -> str:
    """Where this reporter answers letters about their case; "" while no mail is heard."""
    if unheard() or not reporter.email_fingerprint:
        return ""
    day = ((now or timezone.now()) - _BEGINNING).days
    return _address(_token("reporter", _REPORTER, (reporter.pk, day), _mark_of(reporter)))


def for_officer(membership: Membership, complaint: Complaint, now: datetime.datetime | None = None) -> str:
    """Where this officer answers a letter about this case as it is now; "" while no mail is heard."""
    if unheard():
        return ""
    hour = int(((now or timezone.now()) - _BEGINNING) / datetime.timedelta(hours=1))
    numbers = (membership.pk, complaint.pk, complaint.version, hour)
    return _address(_token("officer", _OFFICER, numbers, membership.user.email))


def tokens_of(recipients: Iterable[str]) -> list[str]:
    """Whatever stands after the "+" of our reply address, right or wrong."""
    local, _at, host = reply_address().partition("@")
    pattern = re.compile(rf"{re.escape(local)}\+([^@\s]{{1,64}})@{re.escape(host)}")
    found = (pattern.fullmatch(address.lower()) for address in recipients)
    return list(dict.fromkeys(one[1] for one in found if one))


def ticket_of(token: str, now: datetime.datetime) -> Ticket | None:
    """Whose token it is; None when we never made it, or it was made for an address the reporter has left."""
    if (numbers := _numbers("reporter", _REPORTER, token)) is not None:
        reporter = Reporter.objects.select_related("complaint").filter(pk=numbers[0], erased_at__isnull=True).first()
        if reporter is None or not _is("reporter", _REPORTER, token, numbers, _mark_of(reporter)):
            return None
        made = _BEGINNING + datetime.timedelta(days=numbers[1])
        return Ticket(reporter=reporter, complaint=reporter.complaint, is_old=now - made > REPORTER_LASTS)
    if (numbers := _numbers("officer", _OFFICER, token)) is not None:
        membership = Membership.objects.select_related("user", "agency").filter(pk=numbers[0]).first()
        complaint = Complaint.objects.select_related("handler", "not_for").filter(pk=numbers[1]).first()
        if membership is None or complaint is None:
            return None
        if not _is("officer", _OFFICER, token, numbers, membership.user.email):
            return None
        made = _BEGINNING + datetime.timedelta(hours=numbers[3])
        old = now - made > OFFICER_LASTS
        return Ticket(membership=membership, complaint=complaint, version=numbers[2], is_old=old)
    return None


def is_from(address: str, reporter: Reporter) -> bool:
    """The letter says it comes from where this reporter is written to. No proof of anything: it may add, never see."""
    return bool(address) and fingerprint(address.lower()) == reporter.email_fingerprint


def _mark_of(reporter: Reporter) -> str:
    """Changes with the address: what was made for an old one opens nothing."""
    return reporter.email_fingerprint


def _address(token: str) -> str:
    local, _at, host = reply_address().partition("@")
    return f"{local}+{token}@{host}"


def _token(purpose: str, sizes: tuple[int, ...], numbers: tuple[int, ...], mark: str) -> str:
    plain = b"".join(number.to_bytes(size, "big") for number, size in zip(numbers, sizes, strict=True))
    seal = _keyed(f"{purpose} seal", plain + mark.encode())[:_HASH]
    return base64.b32encode(seal + _masked(purpose, seal, plain)).decode().lower()


def _numbers(purpose: str, sizes: tuple[int, ...], token: str) -> tuple[int, ...] | None:
    """What the token holds if it is one of these; not yet known to be true."""
    if len(token) != (_HASH + sum(sizes)) * 8 // 5:
        return None
    try:
        whole = base64.b32decode(token.upper())
    except (binascii.Error, ValueError):
        return None
    plain = _masked(purpose, whole[:_HASH], whole[_HASH:])
    found, place = [], 0
    for size in sizes:
        found.append(int.from_bytes(plain[place : place + size], "big"))
        place += size
    return tuple(found)


def _is(purpose: str, sizes: tuple[int, ...], token: str, numbers: tuple[int, ...], mark: str) -> bool:
    return hmac.compare_digest(_token(purpose, sizes, numbers, mark).encode(), token.encode())


def _masked(purpose: str, seal: bytes, content: bytes) -> bytes:
    """There and back: a pad that depends on the seal, so that equal numbers never look alike."""
    pad = _keyed(f"{purpose} mask", seal)
    return bytes(one ^ other for one, other in zip(content, pad, strict=False))


def _keyed(purpose: str, content: bytes) -> bytes:
    return hmac.new(
        settings.SECRET_KEY.encode(), b"email " + purpose.encode() + b":" + content, hashlib.sha256
    ).digest()
