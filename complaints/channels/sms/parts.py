"""The pieces of a long SMS put together: in any order, some twice, one that never comes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints.channels.sms import CODE, codec
from complaints.channels.sms.gateways import of_raw
from complaints.channels.sms.gateways.base import Piece
from complaints.models import Arrival
from lapor.kit.sealing import InvalidToken

# How long the first piece waits for the others; then it is read as it is.
PATIENCE = datetime.timedelta(minutes=5)
# A reference is one byte: after this time the same one means another message.
SAME_MESSAGE = datetime.timedelta(hours=2)


@dataclass
class Message:
    """Pieces of one message. `pieces`: by their number; `again`: those that came once more."""

    total: int
    pieces: dict[int, tuple[Arrival, Piece]] = field(default_factory=dict)
    again: list[Arrival] = field(default_factory=list)

    @property
    def arrivals(self) -> list[Arrival]:
        return [*(arrival for arrival, _piece in self.pieces.values()), *self.again]

    @property
    def is_whole(self) -> bool:
        return len(self.pieces) == self.total

    @property
    def since(self) -> datetime.datetime:
        return min(arrival.received_at for arrival in self.arrivals)

    @property
    def concluded(self) -> Arrival | None:
        """One of them that was settled already, with its case if it has one."""
        settled = [arrival for arrival in self.arrivals if arrival.outcome]
        return next((one for one in settled if one.complaint_id), settled[0] if settled else None)

    def text(self) -> str:
        """In order, with a word in place of what is missing."""
        found: list[str] = []
        for number in range(1, self.total + 1):
            if number in self.pieces:
                found.append(self.pieces[number][1].text)
            elif not found or found[-1] != _MISSING:
                found.append(_MISSING)
        return "".join(f" {_('[bagian hilang]')} " if part == _MISSING else part for part in found)


_MISSING = "\x00"


def message_of(arrival: Arrival, piece: Piece) -> Message:
    """What this piece belongs to, as far as it has come. The piece must be a part."""
    assert piece.part is not None
    rows = sorted([(arrival, piece), *_siblings(arrival, piece.part)], key=lambda row: row[0].pk)
    messages: list[Message] = []
    mine: Message | None = None
    for row, part in rows:
        message = _place(messages, row, part, piece.part.total)
        if row.pk == arrival.pk:
            mine = message
    assert mine is not None
    return mine


def _place(messages: list[Message], arrival: Arrival, piece: Piece, total: int) -> Message:
    """Into the first message that lacks it; the same text under the same number is a piece that came twice."""
    assert piece.part is not None
    number = piece.part.number
    for message in messages:
        known = message.pieces.get(number)
        if known is None:
            message.pieces[number] = arrival, piece
            return message
        if known[1].text == piece.text:
            message.again.append(arrival)
            return message
    messages.append(Message(total, {number: (arrival, piece)}))
    return messages[-1]


def _siblings(arrival: Arrival, part: codec.Part) -> list[tuple[Arrival, Piece]]:
    """The other pieces of the same sender, reference and total, near in time."""
    near: QuerySet[Arrival] = Arrival.objects.filter(
        channel=CODE,
        sender_fingerprint=arrival.sender_fingerprint,
        received_at__gt=arrival.received_at - SAME_MESSAGE,
        received_at__lt=arrival.received_at + SAME_MESSAGE,
        purged_at__isnull=True,
    ).exclude(pk=arrival.pk)
    found = []
    for other in near.select_related("complaint").order_by("pk") if arrival.sender_fingerprint else ():
        piece = _piece(other)
        if piece and piece.part and (piece.part.reference, piece.part.total) == (part.reference, part.total):
            found.append((other, piece))
    return found


def _piece(arrival: Arrival) -> Piece | None:
    try:
        gateway, payload = of_raw(arrival.raw())
        return gateway.read(payload)
    except (ValueError, InvalidToken, OSError):
        return None


def others(message: Message, arrival: Arrival) -> Sequence[Arrival]:
    return [one for one in message.arrivals if one.pk != arrival.pk]
