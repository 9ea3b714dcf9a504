"""A code to sign in with, while the mail server is away: the page stands, and the letter is tried for five minutes."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from celery.exceptions import Retry
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from agencies import codes, tasks
from lapor.kit.sealing import unseal
from tests.complaints.cases import NOW
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db
ADDRESS = "joko@contoh.test"


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    cache.clear()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception | None], None]:
    """What the mail server answers to every letter; None: it takes them."""
    taken = EmailBackend.send_messages

    def answers(error: Exception | None) -> None:
        def send(self: EmailBackend, messages: Any) -> int:
            if error is not None:
                raise error
            return int(taken(self, messages))

        monkeypatch.setattr(EmailBackend, "send_messages", send)

    return answers


def asked(world: World) -> Any:
    assert world.joko.user is not None
    return Client().post("/akun/masuk/kode/", {"email": world.joko.user.email}, follow=True)


def waiting(nudges: Nudges) -> str:
    ((sealed, tries),) = nudges.named("agencies.tasks.send_code")
    assert tries == 1
    return str(sealed)


@pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), smtplib.SMTPServerDisconnected()])
def test_a_silent_server_fails_no_page_and_the_code_comes_when_it_is_back(
    world: World, nudges: Nudges, server: Any, error: Exception
) -> None:
    server(error)
    answer = asked(world)
    assert answer.status_code == 200
    assert "kode" in answer.content.decode()
    sealed = waiting(nudges)
    assert world.joko.user is not None
    assert world.joko.user.email not in sealed
    server(None)
    assert codes.send_again(sealed, 1) == 0
    (letter,) = mail.outbox
    assert letter.to == [world.joko.user.email]
    assert re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", str(letter.subject))


def test_a_server_that_takes_it_leaves_nothing_behind(world: World, nudges: Nudges) -> None:
    asked(world)
    assert len(mail.outbox) == 1
    assert nudges.named("agencies.tasks.send_code") == []


def test_while_it_is_silent_the_worker_comes_back_later_each_time(world: World, nudges: Nudges, server: Any) -> None:
    server(ConnectionRefusedError())
    asked(world)
    assert codes.send_again(waiting(nudges), 1) in (4, 5, 6)
    with pytest.raises(Retry):
        tasks.send_code(waiting(nudges), 1)
    assert [codes.wait_after(tries) <= 1.2 * plain for tries, plain in enumerate((5, 10, 20, 40, 60, 60), 1)] == [
        True
    ] * 6


def test_after_five_minutes_it_is_dropped_loudly_and_names_nobody(
    world: World, nudges: Nudges, server: Any, time_machine: Any, caplog: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    server(ConnectionRefusedError())
    asked(world)
    sealed = waiting(nudges)
    time_machine.shift(codes.LASTS + 1)
    server(None)
    assert codes.send_again(sealed, 6) == 0
    assert mail.outbox == []
    assert "given up after 6 tries" in caplog.text
    assert "@" not in caplog.text


@pytest.mark.parametrize(("code", "waits"), [(550, False), (450, True)])
def test_an_address_that_is_refused_for_good_is_not_tried_again(
    world: World, nudges: Nudges, server: Any, code: int, waits: bool
) -> None:
    server(smtplib.SMTPRecipientsRefused({ADDRESS: (code, b"no")}))
    assert asked(world).status_code == 200
    assert bool(nudges.named("agencies.tasks.send_code")) == waits


def test_html_and_headers_come_along(nudges: Nudges, server: Any) -> None:
    server(OSError())
    letter = mail.EmailMultiAlternatives("Perihal", "Isi", "a@contoh.test", [ADDRESS], headers={"X-A": "1"})
    letter.attach_alternative("<p>Isi</p>", "text/html")
    codes.send(letter)
    server(None)
    sealed = waiting(nudges)
    assert "Perihal" in unseal(sealed)
    codes.send_again(sealed, 1)
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMessage)
    assert (sent.subject, sent.body, sent.extra_headers) == ("Perihal", "Isi", {"X-A": "1"})
    assert sent.alternatives[0][:2] == ("<p>Isi</p>", "text/html")  # type: ignore[attr-defined]
