"""A gateway played by the test: it hands payloads to the view as a real one does, and hears what goes out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from agencies import prefixes
from agencies.models import Prefix
from complaints import arrivals
from complaints.channels.sms.gateways.kannel import Kannel
from complaints.channels.sms.gateways.signed import Signed, headers_for
from complaints.models import Arrival, Complaint
from complaints.notifications import delivery
from tests.complaints.cases import NOW, at, report
from tests.conftest import Nudges
from tests.world import LONG_AGO, World

ME, OTHER = "+6281200007700", "+6281299998888"
FIRST, SECOND = "7K4M9QXD2TT", "0000000000" + "0"
SECRET = "rahasia-gerbang-untuk-uji-saja"
IN = {"kannel": "/kanal/sms/kannel/", "json": "/kanal/sms/json/", "coba": "/kanal/sms/coba/"}


@dataclass
class Network:
    """`out`: what went out, (number, text, reference) in order. `fault` is raised instead of sending."""

    settings: Any
    clock: Any
    world: World
    nudges: Nudges
    out: list[tuple[str, str, str]] = field(default_factory=list)
    fault: Exception | None = None
    now: datetime.datetime = NOW
    _count: int = 0
    _headers: dict[str, str] = field(default_factory=dict)

    def use(self, gateway: str) -> None:
        self.settings.SMS_GATEWAY = gateway

    def wait(self, **step: float) -> None:
        self.now += datetime.timedelta(**step)
        self.clock.move_to(self.now, tick=False)

    def hand_in(self, payload: bytes, gateway: str, sign: str = "") -> HttpResponse:
        """One call of the gateway; `sign` as in samples/outcomes.toml."""
        self.use(gateway)
        if gateway == "kannel":
            token = {"forged": "salah", "none": ""}.get(sign, SECRET)
            query = payload.decode("latin-1") + f"&token={quote(token)}"
            return self._answer(Client().get(IN[gateway], QUERY_STRING=query))
        moment = self.now + {"stale": -1, "early": 1}.get(sign, 0) * datetime.timedelta(minutes=6)
        headers = headers_for("salah" * 6 if sign == "forged" else SECRET, "POST", IN[gateway], payload, moment)
        if sign == "replayed":
            headers = self._headers
        self._headers = headers
        if sign == "none":
            headers = {"Content-Type": "application/json"}
        content_type = headers["Content-Type"]
        return self._answer(Client().post(IN[gateway], payload, content_type=content_type, headers=headers))

    def _answer(self, answer: Any) -> HttpResponse:
        assert isinstance(answer, HttpResponse)
        return answer

    def text(self, words: str, sender: str = ME, **more: Any) -> Arrival:
        """A message by Kannel, understood, and everything that follows from it done."""
        self._count += 1
        query = f"from={quote(sender)}&to=1708&text={quote(words)}&coding=0&charset=UTF-8&id=uji-{self._count}"
        assert self.hand_in(query.encode(), "kannel").status_code == 200
        self.work()
        return Arrival.objects.filter(channel="sms").latest("pk")

    def work(self) -> None:
        """Worker and sweep, until nothing is left to do now."""
        self.nudges.run()
        arrivals.understand_waiting(now=self.now)
        self.nudges.run()
        delivery.send_due(now=self.now)
        self.nudges.run()

    def told(self, number: str = ME) -> list[str]:
        return [text for to, text, _reference in self.out if to == number]


@pytest.fixture
def network(world: World, nudges: Nudges, settings: Any, time_machine: Any, monkeypatch: pytest.MonkeyPatch) -> Network:
    """Kannel's token and the signing secret set; MAJU, KAB. TETANGGA and Kemenjembatan are prefixes."""
    time_machine.move_to(NOW, tick=False)
    # Nonces of other tests are not remembered.
    cache.clear()
    settings.SMS_SECRET, settings.SMS_SEND_URL = SECRET, "http://127.0.0.1:1/cgi-bin/sendsms"
    settings.SMS_USER, settings.SMS_PASSWORD = "lapor", "sandi"
    settings.SMS_GATEWAY = "kannel"
    found = Network(settings, time_machine, world, nudges)

    def send(self: object, number: str, text: str, reference: str) -> str:
        if found.fault is not None:
            raise found.fault
        found.out.append((number, text, reference))
        return ""

    monkeypatch.setattr(Kannel, "send", send)
    monkeypatch.setattr(Signed, "send", send)
    for office, word in (
        (world.pemkab, "MAJU"),
        (world.pemkab_tetangga, "KAB. TETANGGA"),
        (world.ministry, "Kemenjembatan"),
    ):
        prefixes.add(office, word, by=world.ratna)
    Prefix.objects.update(starts_on=LONG_AGO)
    return found


def by_phone(world: World, number: str = FIRST, sender: str = ME, **fields: Any) -> Complaint:
    """A report of this phone, forwarded to the Dinas PU."""
    fields = {"email": "", "user": None, "channel": "sms", "door": ("SMS", sender), "phone": sender, **fields}
    case = at(report(world, confirmed=False, **fields), world.dinas_pu)
    Complaint.objects.filter(pk=case.pk).update(number=number)
    case.number = number
    return case
