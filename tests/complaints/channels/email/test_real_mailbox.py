"""Against a real dovecot and a real SMTP server: a letter comes by LMTP, is fetched by IMAP, becomes a case; the letter
about it goes out; the answer to its address is added."""

from __future__ import annotations

import email
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import cache
from django.test import override_settings

from complaints import arrivals, privacy
from complaints.channels.email import mailbox
from complaints.models import Arrival, Complaint
from complaints.notifications import delivery
from lapor.embedded.process import free_port, own_port
from tests.complaints.channels.email.dovecot import ROOT, Dovecot, running
from tests.complaints.channels.email.post import HEARD, SAMPLES
from tests.conftest import WORKER
from tests.portal import eventually
from tests.world import World, build

pytestmark = [pytest.mark.peers, pytest.mark.usefixtures("own_database")]


class Office:
    """The SMTP server of the world: keeps every letter we send."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(email.message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    behaviour = Office()
    controller = Controller(behaviour, hostname="127.0.0.1", port=free_port(own_port(26000, ROOT / WORKER)))
    controller.start()
    behaviour.port = controller.port
    yield behaviour
    controller.stop()


@pytest.fixture(scope="module")
def world(own_database: str) -> Iterator[World]:
    with patch("lapor.kit.nudge.after_commit"):
        yield build()


@pytest.fixture(autouse=True)
def pulled(dovecot: Dovecot, office: Office, world: World) -> Iterator[None]:
    cache.clear()
    heard = HEARD | {
        "LAPOR_IMAP_URL": dovecot.url(),
        "LAPOR_IMAP_DONE": "Diterima",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": office.port,
    }
    with override_settings(**heard):
        yield


SARI = "Sari Wulandari <sari@contoh.test>"


def letter(words: str, *, sender: str = SARI, to: str = "lapor@kanal.test", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = headers.pop("subject", "Lampu jalan mati")
    mail["Message-ID"] = headers.pop("name", f"<{abs(hash(words))}@contoh.test>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail.as_bytes()


def understand() -> None:
    for arrival in Arrival.objects.waiting().order_by("pk"):
        arrivals.understand(arrival.pk)


def test_from_the_letter_to_the_answer_of_the_answer(dovecot: Dovecot, office: Office, world: World) -> None:
    dovecot.deliver(letter("Sudah dua minggu lampu di Gang Mawar mati."))
    assert mailbox.pull() == 1
    understand()
    case = Complaint.objects.get(title="Lampu jalan mati")
    assert case.channel == "email"
    assert (dovecot.count(), dovecot.count(".Diterima")) == (0, 1)
    assert mailbox.pull() == 0

    delivery.send_due()
    (asked,) = office.got
    assert "lampu" not in asked.as_string().lower()
    privacy.confirm_email(case.reporter, case.received_at)
    case.forward(world.dinas_pu, by=world.ratna, reason="Ini urusan PU.")
    delivery.send_due()
    told = [one for one in office.got if parseaddr(one["To"])[1] == "sari@contoh.test"][-1]
    assert told["Reply-To"].startswith("balas+")

    # What a mail server does with it: deliver to the mailbox before the "+".
    answer = letter(
        "Tepatnya di depan nomor 7.\n\nPada Sen, 25 Mei 2026 08.12, LAPOR! <x@kanal.test> menulis:\n> Halo",
        to=told["Reply-To"],
        subject=f"Re: {told['Subject']}",
        In_Reply_To=told["Message-ID"],
        name="<jawaban@contoh.test>",
    )
    dovecot.deliver(answer, to="lapor@kanal.test")
    assert mailbox.pull() == 1
    understand()
    assert case.messages.get().body == "Tepatnya di depan nomor 7."
    delivery.send_due()
    last = office.got[-1]
    assert last["In-Reply-To"] == "<jawaban@contoh.test>"
    assert "kami tambahkan" in str(last.get_payload(decode=True))


def test_every_sample_is_kept_as_the_server_has_it(dovecot: Dovecot) -> None:
    before = Arrival.objects.count()
    paths = sorted(SAMPLES.glob("*.eml"))
    taken = 0
    for path in paths:
        try:
            dovecot.deliver(path.read_bytes())
        except Exception:
            continue
        taken += 1
    assert taken > 100
    assert mailbox.pull() == taken
    assert Arrival.objects.count() == before + taken
    assert dovecot.count() == 0
    understand()
    assert not Arrival.objects.filter(tries__gt=1).exists(), "each was understood at the first try"


def test_a_line_that_breaks_in_the_middle_loses_and_doubles_nothing(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        dovecot.deliver(letter(f"Lubang nomor {n}.", name=f"<lubang-{n}@contoh.test>"))
    fetch, calls = mailbox._fetch, []

    def breaks(box: Any, uid: str) -> Any:
        calls.append(uid)
        if len(calls) == 4:
            box.client.shutdown()
        return fetch(box, uid)

    monkeypatch.setattr(mailbox, "_fetch", breaks)
    before = Arrival.objects.count()
    mailbox.pull()
    assert Arrival.objects.count() == before + 3
    monkeypatch.undo()
    assert mailbox.pull() == 2
    assert Arrival.objects.count() == before + 5
    assert dovecot.count() == 0


def test_where_letters_stay_they_are_marked_and_not_fetched_again(dovecot: Dovecot) -> None:
    with override_settings(LAPOR_IMAP_DONE=""):
        dovecot.deliver(letter("Tetap di tempat.", name="<tetap@contoh.test>"))
        assert mailbox.pull() == 1
        assert dovecot.count() == 1
        with mailbox.opened() as box:
            assert mailbox._waiting(box) == []
            validity = mailbox._validity(box)
        assert validity.isdigit()
        dovecot.validity(int(validity) + 7)
        before = Arrival.objects.count()
        with mailbox.opened() as box:
            assert mailbox._validity(box) != validity
            for uid in box.uids("ALL"):
                mailbox._fetch_and_keep(box, uid)
        assert Arrival.objects.count() == before, "another UIDVALIDITY, the same letters"
        with mailbox.opened() as box:
            box.delete(box.uids("ALL"))


def test_a_mailbox_that_is_away_is_asked_again_later(dovecot: Dovecot) -> None:
    with override_settings(LAPOR_IMAP_URL=f"imap://lapor:x@127.0.0.1:{free_port(dovecot.imap + 2)}/INBOX"):
        assert mailbox.pull() == 0
    with override_settings(LAPOR_IMAP_URL=dovecot.url().replace("lapor:", "lapor:salah")):
        assert mailbox.pull() == 0


def test_the_listener_takes_a_letter_as_it_comes_and_leaves_when_asked(
    dovecot: Dovecot, own_database: str, tmp_path: Path
) -> None:
    base = os.environ["LAPOR_DATABASE_URL"].rpartition("/")[0]
    environment = os.environ | {
        "LAPOR_DATABASE_URL": f"{base}/{own_database}",
        "LAPOR_EMAIL_INBOX": "lapor@kanal.test",
        "LAPOR_IMAP_URL": dovecot.url(),
    }
    command, said = [sys.executable, "-u", "manage.py", "pull_email"], tmp_path / "said"
    with said.open("w") as out:
        listener = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out)
    try:
        eventually(lambda: "Mendengarkan" in said.read_text(), 30)
        dovecot.deliver(letter("Datang selagi didengarkan.", name="<idle@contoh.test>"))
        eventually(lambda: Arrival.objects.filter(external_id="<idle@contoh.test>").exists(), 20)
        listener.send_signal(signal.SIGTERM)
        assert listener.wait(15) == 0
    finally:
        listener.kill()
        listener.wait(10)
