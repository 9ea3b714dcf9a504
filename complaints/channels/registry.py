"""Every channel by its code: what Complaint.channel and Arrival.channel hold, how people call it, how it answers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from complaints.channels.api.channel import CHANNEL as API
from complaints.channels.contract import Channel, Door, Parcel
from complaints.channels.counter.channel import CHANNEL as COUNTER
from complaints.channels.email.channel import CHANNEL as EMAIL
from complaints.channels.open311.channel import CHANNEL as OPEN311
from complaints.channels.push.channel import CHANNEL as PUSH
from complaints.channels.sms.channel import CHANNEL as SMS
from complaints.channels.telegram.channel import CHANNEL as TELEGRAM
from complaints.channels.web.channel import CHANNEL as WEB
from complaints.channels.whatsapp.channel import CHANNEL as WHATSAPP
from complaints.channels.x.channel import CHANNEL as X
from complaints.models import Notification

CHANNELS: dict[str, Channel] = {
    channel.code: channel
    for channel in (
        WEB,
        COUNTER,
        EMAIL,
        SMS,
        OPEN311,
        API,
        PUSH,
        X,
        WHATSAPP,
        TELEGRAM,
        Channel("import", _("berkas impor")),
    )
}

# How SP4N-LAPOR! and its users call them, where that is neither code nor name.
_ALSO = {"website": "web", "situs": "web", "surel": "email", "e-mail": "email", "twitter": "x"}


def name(code: str) -> str:
    """How people call the channel; an unknown code is shown as it is."""
    return str(CHANNELS[code].name) if code in CHANNELS else code


def code_of(written: str) -> str:
    """The code of the channel somebody names in a table, by code or name; what is no channel of ours stays as it is
    written, shortened to what is kept."""
    word = " ".join(written.split())
    with override("id"):
        known = {str(one.name).lower(): one.code for one in CHANNELS.values()} | {code: code for code in CHANNELS}
    meant = _ALSO.get(word.lower(), word.lower())
    return known.get(meant, word[:40])


def medium_name(medium: str) -> str:
    """How people call the way a letter goes."""
    labels: dict[str, str | Promise] = {str(value): label for value, label in Notification.Medium.choices}
    labels |= {channel.medium: channel.name for channel in CHANNELS.values() if channel.medium}
    return str(labels.get(medium, medium))


def rings(medium: str) -> bool:
    """A letter by this medium makes a noise in somebody's room."""
    return any(channel.rings for channel in CHANNELS.values() if channel.medium == medium)


def is_public(medium: str) -> bool:
    """Everybody may read a letter by this medium."""
    return any(channel.is_public for channel in CHANNELS.values() if channel.medium == medium)


def shows_key(code: str) -> bool:
    """Whoever filed by this channel has seen the key of their report."""
    return code in CHANNELS and CHANNELS[code].shows_key


def units_of(medium: str, parcel: Parcel) -> int:
    """How many units of its tariff a letter costs."""
    for channel in CHANNELS.values():
        if channel.medium == medium and channel.units is not None:
            return channel.units(parcel)
    return 1


def narrow_media() -> frozenset[str]:
    """The media whose doors carry short messages that cost money each."""
    return frozenset(channel.medium for channel in CHANNELS.values() if channel.narrow and channel.medium)


def ringing_media() -> frozenset[str]:
    """Those by which a letter rings (`rings`)."""
    return frozenset(channel.medium for channel in CHANNELS.values() if channel.rings and channel.medium)


def public_media() -> frozenset[str]:
    """Those of which everybody may read the letters (`is_public`)."""
    return frozenset(channel.medium for channel in CHANNELS.values() if channel.is_public and channel.medium)


def dialling() -> str:
    """The medium by which a telephone is told, and asked whether it is theirs; "" while none is on."""
    return next((channel.medium for channel in CHANNELS.values() if channel.dials and channel.is_on), "")


def channel_of(medium: str) -> Channel | None:
    """The channel whose door carries this medium."""
    found = (channel for channel in CHANNELS.values() if channel.medium == medium and channel.door is not None)
    return next(found, None)


def open_door(medium: str) -> Door | None:
    """The way out of this medium; None when no channel has it, or it is switched off."""
    channel = channel_of(medium)
    return channel.door() if channel is not None and channel.door is not None and channel.is_on else None
