"""Take in one raw letter, whichever way it came: the same one twice is one arrival, two that share an id are two."""

from __future__ import annotations

import datetime
import hashlib

from django.utils import timezone

from complaints.channels.email import CODE, addresses, machines, mime
from complaints.channels.email.mime import Mail
from complaints.intake import keep
from complaints.models import Arrival
from lapor.kit.sealing import InvalidToken

# Larger than what any mail server forwards: three photos of 10 MB in base 64.
SIZE_LIMIT = 45_000_000
# Of a letter larger than that so much is kept: its words stand in front.
KEPT_OF_LARGER = 5_000_000
# When it reached the mailbox counts, if we were away; not what a mailbox says that was moved here with years of mail.
AWAY_AT_MOST = datetime.timedelta(days=7)


def keep_letter(
    raw: bytes, *, arrived_at: datetime.datetime | None = None, now: datetime.datetime | None = None
) -> tuple[Arrival, bool]:
    """Keep it as it came; whether it is new. Raises nothing for whatever the bytes are."""
    now = now or timezone.now()
    mail = Mail(mime.headers_of(raw))
    received = arrived_at if arrived_at is not None and now - AWAY_AT_MOST < arrived_at < now else now
    return keep(
        CODE,
        raw[:SIZE_LIMIT],
        external_id=_name(raw, mail),
        sender=_answerable(mail.sender),
        received_at=received,
        now=now,
    )


def _name(raw: bytes, mail: Mail) -> str:
    """Its Message-ID, or a hash of it all. Some programs give every letter the same id: when somebody else wrote it,
    or at another time, it is another letter."""
    name = mail.message_id or "#" + hashlib.sha256(raw).hexdigest()
    if len(name) > 200:
        name = "#" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    before = Arrival.objects.filter(channel=CODE, external_id=name).first()
    if before is None or before.purged_at is not None or not mail.message_id:
        return name
    try:
        other = Mail(mime.headers_of(before.raw()))
    except (InvalidToken, OSError):
        return name
    if _who_and_when(other) == _who_and_when(mail):
        return name
    mark = hashlib.sha256(repr(_who_and_when(mail)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name[:160]} {mark[:32]}"


def _who_and_when(mail: Mail) -> tuple[str, str]:
    return mail.sender, mail.header("date")


def _answerable(address: str) -> str:
    """Where its sender can be answered; "" for machines, addresses nobody reads, and our own."""
    return "" if machines.is_no_reply(address) or addresses.are_ours(address) else address
