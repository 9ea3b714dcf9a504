"""A mailbox that misbehaves in every way a mailbox can: nothing is lost, nothing is doubled, nobody waits for one bad
letter. The same against a real one: test_real_mailbox.py."""

from __future__ import annotations

import imaplib
import itertools
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError
from imap_tools.errors import MailboxMoveError

from complaints import tasks
from complaints.channels.email import collect, mailbox
from complaints.channels.email.collect import KEPT_OF_LARGER, SIZE_LIMIT
from complaints.channels.email.mailbox import Place
from complaints.models import Arrival
from tests.conftest import Nudges

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heard", "nudges")]


class Folders:
    def __init__(self) -> None:
        self.known = {"INBOX"}

    def exists(self, name: str) -> bool:
        return name in self.known

    def create(self, name: str) -> None:
        self.known.add(name)


class Box:
    """A mailbox as far as ours is used; `breaks` maps a UID to what fetching it raises, `sizes` to what it claims."""

    def __init__(self, letters: dict[int, bytes], validity: str = "7") -> None:
        self.letters, self.validity = letters, validity
        self.seen: set[int] = set()
        self.away: list[int] = []
        self.breaks: dict[int, Exception] = {}
        self.sizes: dict[int, int] = {}
        self.fetched: list[str] = []
        self.locked = False
        self.folder = Folders()
        self.client = self

    def uids(self, criteria: str) -> list[str]:
        found = self.letters if criteria == "ALL" else [uid for uid in self.letters if uid not in self.seen]
        return [str(uid) for uid in reversed(list(found))]

    def response(self, code: str) -> tuple[str, list[bytes]]:
        return code, [self.validity.encode()]

    def uid(self, command: str, uid: str, what: str) -> tuple[str, list[Any]]:
        number = int(uid)
        if number in self.breaks:
            raise self.breaks[number]
        raw = self.letters[number]
        if "SIZE" in what:
            size = self.sizes.get(number, len(raw))
            return "OK", [f'1 (UID {uid} RFC822.SIZE {size} INTERNALDATE "25-May-2026 08:00:00 +0700")'.encode()]
        self.fetched.append(what)
        return "OK", [(f"1 (UID {uid} BODY[] {{{len(raw)}}}".encode(), raw), b")"]

    def move(self, uids: list[str], folder: str) -> None:
        if self.locked:
            raise MailboxMoveError(("NO", [b"permission denied"]), "OK")
        for uid in uids:
            self.away.append(int(uid))
            del self.letters[int(uid)]

    def flag(self, uids: list[str], flag: str, on: bool) -> None:
        self.seen |= {int(uid) for uid in uids}


def letter(number: int) -> bytes:
    return (
        f"From: rudi@contoh.test\r\nMessage-ID: <m{number}@contoh.test>\r\nSubject: S{number}\r\n\r\nIsi.\r\n".encode()
    )


def box(count: int, **more: Any) -> Any:
    return Box({number: letter(number) for number in range(1, count + 1)}, **more)


@pytest.fixture(autouse=True)
def clean(heard: Any) -> None:
    cache.clear()
    heard.LAPOR_IMAP_DONE = "Diterima"


def names() -> list[str]:
    return list(Arrival.objects.order_by("pk").values_list("external_id", flat=True))


def test_everything_is_kept_oldest_first_and_put_away() -> None:
    post = box(60)
    assert mailbox.collect(post) == 60
    assert names() == [f"<m{number}@contoh.test>" for number in range(1, 61)]
    assert post.letters == {}
    assert post.folder.exists("Diterima")
    assert mailbox.collect(post) == 0


@pytest.mark.parametrize("fault", [imaplib.IMAP4.error("UID FETCH command error: NO"), ValueError("could not parse")])
def test_one_letter_that_cannot_be_fetched_stays_and_stops_no_other(fault: Exception) -> None:
    post = box(5)
    post.breaks[2] = fault
    assert mailbox.collect(post) == 4
    assert list(post.letters) == [2]
    del post.breaks[2]
    assert mailbox.collect(post) == 1


def test_a_line_that_breaks_keeps_what_was_kept_and_puts_it_away() -> None:
    post = box(5)
    post.breaks[4] = imaplib.IMAP4.abort("socket error: EOF")
    with pytest.raises(imaplib.IMAP4.abort):
        mailbox.collect(post)
    assert sorted(post.away) == [1, 2, 3]
    post.breaks.clear()
    assert mailbox.collect(post) == 2
    assert len(names()) == 5


def test_a_letter_leaves_the_inbox_only_after_it_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    post, real = box(3), collect.keep_letter

    def fails(raw: bytes, **more: Any) -> Any:
        if b"<m2@" in raw:
            raise OSError("No space left on device")
        return real(raw, **more)

    monkeypatch.setattr(mailbox, "keep_letter", fails)
    with pytest.raises(OSError, match="No space"):
        mailbox.collect(post)
    assert (post.away, list(post.letters)) == ([1], [2, 3])


def test_where_nothing_can_be_put_away_nothing_is_fetched_twice() -> None:
    post = box(30)
    post.locked = True
    assert mailbox.collect(post) == 30
    post.fetched.clear()
    assert mailbox.collect(post) == 0
    assert post.fetched == []
    post.locked = False
    mailbox.collect(post)
    assert post.letters == {}, "put away as soon as that is possible"


def test_another_uidvalidity_makes_that_memory_void_and_doubles_nothing() -> None:
    post = box(3)
    post.locked = True
    mailbox.collect(post)
    restored: Any = Box({uid + 40: raw for uid, raw in post.letters.items()}, validity="8")
    assert mailbox.collect(restored) == 0
    assert len(restored.fetched) == 3
    assert len(names()) == 3


def test_the_same_numbers_under_another_uidvalidity_are_other_letters() -> None:
    post = box(3)
    post.locked = True
    mailbox.collect(post)
    fresh: Any = Box({uid: letter(uid + 100) for uid in range(1, 4)}, validity="9")
    assert mailbox.collect(fresh) == 3


@pytest.mark.slow
def test_ten_thousand_letters_are_taken_a_run_at_a_time() -> None:
    post = box(10_000)
    turns = itertools.count()
    assert mailbox.collect(post, goes_on=lambda: next(turns) < 120) == 120
    assert len(post.letters) == 10_000 - 120
    assert mailbox.collect(post, goes_on=lambda: next(turns) < 300) > 100


def test_where_letters_stay_only_the_unseen_are_taken(heard: Any) -> None:
    heard.LAPOR_IMAP_DONE = ""
    post = box(3)
    post.seen = {1}
    assert mailbox.collect(post) == 2
    assert (post.seen, len(post.letters)) == ({1, 2, 3}, 3)


def test_of_a_letter_too_large_its_beginning_is_kept() -> None:
    post = box(1)
    post.sizes[1] = SIZE_LIMIT + 1
    assert mailbox.collect(post) == 1
    assert post.fetched == [f"(BODY.PEEK[]<0.{KEPT_OF_LARGER}>)"]


def test_a_letter_that_vanished_meanwhile_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    post = box(2)
    monkeypatch.setattr(post, "uid", lambda command, uid, what: ("OK", [None]))
    assert mailbox.collect(post) == 0


def test_a_database_that_is_away_stops_the_run_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    post = box(2)

    def away(raw: bytes, **more: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(mailbox, "keep_letter", away)
    with pytest.raises(DatabaseError):
        mailbox.collect(post)
    assert len(post.letters) == 2


# --- The address, and whether it is asked at all ---


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("imaps://lapor:rahasia@surat.test", Place("surat.test", 993, "lapor", "rahasia", "INBOX", "tls")),
        (
            "imap+tls://a%40b.test:p%2Fq@surat.test:1143/Masuk",
            Place("surat.test", 1143, "a@b.test", "p/q", "Masuk", "starttls"),
        ),
        ("imap://x:y@127.0.0.1/Kotak%20Masuk/Lapor", Place("127.0.0.1", 143, "x", "y", "Kotak Masuk/Lapor", "")),
    ],
)
def test_the_address_of_a_mailbox(url: str, place: Place) -> None:
    assert Place.of(url) == place


@pytest.mark.parametrize("url", ["", "https://surat.test", "imaps://surat.test", "imaps://:x@surat.test"])
def test_what_is_no_address_of_a_mailbox(url: str) -> None:
    with pytest.raises(ValueError, match="imaps://"):
        Place.of(url)


def test_without_a_mailbox_nobody_asks(heard: Any, nudges: Nudges) -> None:
    assert mailbox.pull() == 0
    tasks.receive_pulls()
    assert ("email",) in nudges.named("receive_pull"), "letters may come by webhook alone"
    heard.LAPOR_EMAIL_INBOX = ""
    nudges.sent.clear()
    tasks.receive_pulls()
    assert ("email",) not in nudges.named("receive_pull")


def test_the_listener_says_what_is_missing(heard: Any) -> None:
    with pytest.raises(CommandError, match="LAPOR_IMAP_URL"):
        call_command("pull_email")
    heard.LAPOR_EMAIL_INBOX = ""
    with pytest.raises(CommandError, match="LAPOR_EMAIL_INBOX, LAPOR_IMAP_URL"):
        call_command("pull_email")


def test_a_mailbox_that_is_away_is_logged_without_its_secrets(heard: Any, caplog: pytest.LogCaptureFixture) -> None:
    heard.LAPOR_IMAP_URL = "imap://lapor:sangat-rahasia@127.0.0.1:1/INBOX"
    assert mailbox.pull() == 0
    assert "could not be read" in caplog.text
    assert "sangat-rahasia" not in caplog.text
