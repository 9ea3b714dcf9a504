"""The door: a letter's short form over the gateway in use, and whom to call in danger behind it."""

from __future__ import annotations

from complaints.channels.contract import DoorSilent, Parcel
from complaints.channels.sms import gateways
from complaints.channels.sms.gateways.base import Gateway
from lapor.kit import gsm

# What a person wrote, a refusal with its reason, may take three messages; what we write ourselves takes one.
LONGEST = 3 * gsm.EACH


class Mouthpiece:
    """The gateway, opened once for the letters of one run. Raises DoorSilent while there is none."""

    def __init__(self) -> None:
        gateway = gateways.current()
        if gateway is None or gateway.missing():
            raise DoorSilent("the gateway is not set")
        self._gateway: Gateway = gateway

    def send(self, parcel: Parcel) -> str:
        *before, last = messages(parcel)
        for text in before:
            self._gateway.send(parcel.address, text, "")
        return self._gateway.send(parcel.address, last, parcel.reference)

    def close(self) -> None:
        self._gateway.close()


def messages(parcel: Parcel) -> list[str]:
    """What goes out for a letter; the last one carries its reference. Never empty."""
    limit = LONGEST if parcel.letter == "decision" else gsm.ONE
    said = (gsm.plain(words).strip() for words in (parcel.short, parcel.words, parcel.subject))
    text = gsm.cut(next((words for words in said if words), ""), limit)
    if not parcel.alert:
        return [text]
    alert = gsm.cut(gsm.plain(parcel.alert))
    both = f"{text} {alert}"
    return [both] if gsm.septets(both) <= gsm.ONE else [alert, text]


def units(parcel: Parcel) -> int:
    """How many messages the network counts."""
    return sum(gsm.parts(text) for text in messages(parcel))
