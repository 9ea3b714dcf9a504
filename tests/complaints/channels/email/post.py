"""A post office for tests: the settings under which mail is heard, letters by name, and the people who write them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from agencies.models import Prefix
from agencies.prefix_book import normal
from complaints import arrivals
from complaints.channels.email import addresses
from complaints.channels.email.collect import keep_letter
from complaints.models import Arrival, Complaint, Notification
from complaints.notifications import delivery
from tests.complaints.cases import NOW, at, later, report
from tests.scenes import once
from tests.world import World

SAMPLES = Path(__file__).parent / "samples"
INBOX = "lapor@kanal.test"
SOON, SOON_AFTER = later(minutes=10), later(minutes=20)
KEY = "kunci-uji-" * 5


# Mail is heard, and letters go to Django's outbox of the tests.
HEARD = {
    "LAPOR_EMAIL_INBOX": INBOX,
    "LAPOR_EMAIL_KEY": KEY,
    "LAPOR_EMAIL_REPLY": "",
    "LAPOR_IMAP_URL": "",
    "LAPOR_EMAIL_ESP": "",
    "DEFAULT_FROM_EMAIL": "LAPOR! <kabar@kanal.test>",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
}


@pytest.fixture
def heard(settings: Any) -> Any:
    for name, value in HEARD.items():
        setattr(settings, name, value)
    return settings


@dataclass
class Post:
    """Sari's report about a hole lies at the Dinas PU, her address is right, and one letter about it has reached her
    and one Pak Joko. Budi's address is not confirmed. Rudi wrote once, by mail."""

    world: World
    case: Complaint
    others: Complaint
    letter: str
    officers_letter: str
    confirmation: str

    def fill(self, raw: bytes) -> bytes:
        """Put this case's addresses and ids where a sample leaves room for them."""
        joko, reporter = self.world.joko.membership, self.case.reporter
        assert joko is not None
        self.case.refresh_from_db()
        stale = Complaint.objects.get(pk=self.case.pk)
        stale.version -= 1
        mine = addresses.for_reporter(reporter, NOW)
        known = {
            "BALAS": mine,
            "BALAS-BESAR": mine.upper(),
            "BALAS-LAMA": addresses.for_reporter(reporter, NOW - datetime.timedelta(days=500)),
            "BALAS-LAIN": addresses.for_reporter(self.others.reporter, NOW),
            "SURAT": self.letter,
            "SURAT-PETUGAS": self.officers_letter,
            "SURAT-RUDI": "<surat-001@mail.contoh.test>",
            "PEMASTIAN": self.confirmation,
            "JAWAB": addresses.for_officer(joko, self.case, NOW),
            "JAWAB-LAMA": addresses.for_officer(joko, self.case, NOW - datetime.timedelta(days=8)),
            "JAWAB-BASI": addresses.for_officer(joko, stale, NOW),
        }
        for name, value in known.items():
            raw = raw.replace(b"{{" + name.encode() + b"}}", value.encode())
        assert b"{{" not in raw or b"}}" not in raw
        return raw

    def sample(self, name: str) -> bytes:
        return self.fill((SAMPLES / f"{name}.eml").read_bytes())

    def take(self, name: str | bytes, *, now: datetime.datetime = SOON) -> Arrival:
        """Keep a letter, have it understood, and return what became of it."""
        arrival, _new = keep_letter(self.sample(name) if isinstance(name, str) else name, now=now)
        arrivals.understand(arrival.pk, now=now + datetime.timedelta(seconds=1))
        arrival.refresh_from_db()
        return arrival

    def deliver(self, now: datetime.datetime = SOON_AFTER) -> list[Any]:
        """Send what waits; the letters, as the mail program gets them."""
        mail.outbox.clear()
        delivery.send_due(now=now)
        return list(mail.outbox)


def begin(world: World) -> Post:
    """What has happened before the first letter of a test."""
    case = at(report(world), world.dinas_pu)
    case.nudge(by=world.wati, reason="Sudah lama.", now=NOW)
    others = report(world, email="rudi@contoh.test", user=world.rudi)
    budi = report(world, confirmed=False, email="budi@contoh.test", user=None)
    Prefix.objects.create(agency=world.pemkab, text="SUKAMAJU", normal=normal("SUKAMAJU"), starts_on=NOW.date())
    delivery.send_due(now=NOW)

    def sent(**which: Any) -> str:
        return Notification.objects.filter(state="SENT", **which).order_by("pk").values_list("message_id", flat=True)[0]

    return Post(
        world,
        case,
        others,
        letter=sent(event__complaint=case, user=None),
        officers_letter=sent(event__complaint=case, user=world.joko.user),
        confirmation=sent(event__complaint=budi, letter="confirm"),
    )


@once(under=HEARD)
def begun(world: World) -> Post:
    return begin(world)


@pytest.fixture
def post(begun: Post, nudges: Any, heard: Any) -> Post:
    return begun
