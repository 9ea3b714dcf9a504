"""Letters out and answers in: one thread for a case and its reader, an acknowledgement without a word of the case, and
what a short "done" or "thanks" means."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from agencies.actor import Actor
from complaints import arrivals, privacy
from complaints.channels.email import addresses
from complaints.channels.email.inbound import HOURLY
from complaints.models import Complaint, Notification
from complaints.transitions import Status
from tests.complaints.cases import NOW, at, later, report
from tests.complaints.channels.email.post import Post

pytestmark = pytest.mark.django_db


def answer(post: Post, words: str, *, now: datetime.datetime = later(minutes=10)) -> Any:  # noqa: B008
    """Sari answers a letter about her case."""
    post.case.refresh_from_db()
    raw = post.sample("balas-huruf-besar").replace(b"Nomor 7.", words.encode())
    return post.take(raw.replace(b"Message-ID: <", f"Message-ID: <{now:%H%M%S}-".encode()), now=now)


def test_all_letters_about_a_case_hang_together_and_answer_to_it(post: Post) -> None:
    post.case.answer("Kami tambal Kamis.", by=post.world.joko, now=NOW)
    post.case.ask("Di depan nomor berapa?", by=post.world.joko, now=NOW)
    first, second = (letter for letter in post.deliver() if letter.to == ["sari@contoh.test"])

    assert first.extra_headers["References"] == second.extra_headers["References"]
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]
    (reply_to,) = second.reply_to
    (token,) = addresses.tokens_of([reply_to])
    ticket = addresses.ticket_of(token, NOW)
    assert ticket is not None
    assert ticket.complaint == post.case
    assert "Balas saja surat ini" in second.body
    for header in ("References", "Message-ID"):
        assert re.fullmatch(r"<[0-9a-f]{32}@[a-z0-9.]+>", first.extra_headers[header]), "it tells nothing"
    # Another case of the same reporter is another thread.
    at(report(post.world, now=later(minutes=1)), post.world.dinas_pu)
    third = [letter for letter in post.deliver(later(minutes=2)) if letter.to == ["sari@contoh.test"]]
    assert third[0].extra_headers["References"] != first.extra_headers["References"]


def test_a_report_by_mail_is_asked_for_its_address_and_then_answered_in_its_thread(post: Post) -> None:
    arrival = post.take("polos")
    case = arrival.complaint
    assert case is not None
    (asked,) = (letter for letter in post.deliver() if letter.to == ["rudi@contoh.test"])
    assert "Benarkah" in asked.subject
    assert asked.reply_to == []
    assert "References" not in asked.extra_headers
    whole = str(asked.message())
    for word in ("lampu", "Kampung", case.number, case.shown_number):
        assert word not in whole

    at(case, post.world.dinas_pu, now=later(minutes=11))
    assert not [letter for letter in post.deliver(later(minutes=12)) if letter.to == ["rudi@contoh.test"]]
    privacy.confirm_email(case.reporter, later(minutes=15))
    case.answer("Kami ganti lampunya.", by=post.world.joko, now=later(minutes=16))
    (told,) = (letter for letter in post.deliver(later(minutes=30)) if letter.to == ["rudi@contoh.test"])
    assert told.extra_headers["References"].startswith("<surat-001@mail.contoh.test> <")


def test_an_answer_is_acknowledged_without_a_word_of_the_case(post: Post) -> None:
    answer(post, "Nomor 7, rumah bercat hijau.")
    (told,) = (letter for letter in post.deliver() if letter.to == ["sari@contoh.test"])

    assert "kami tambahkan" in told.body
    whole = str(told.message())
    for word in ("hijau", "Lubang", "Dinas", post.case.number, post.case.shown_number):
        assert word not in whole
    assert told.extra_headers["Auto-Submitted"] == "auto-generated"
    assert addresses.tokens_of(told.reply_to), "she may go on writing"


def test_danger_in_an_answer_names_the_number_at_once(post: Post) -> None:
    answer(post, "Tolong, sekarang rumah di sebelah kebakaran!")
    assert "112" in post.deliver()[-1].body


def test_an_unsubscribed_address_may_add_and_hears_nothing(post: Post) -> None:
    privacy.stop_letters(post.case.reporter)
    arrival = answer(post, "Nomor 7.")
    assert arrival.outcome == "APPENDED"
    assert not post.deliver()


def test_an_answer_to_the_question_of_the_office_completes(post: Post) -> None:
    post.case.ask("Di depan nomor berapa?", by=post.world.joko, now=NOW)
    answer(post, "Nomor 7.")
    post.case.refresh_from_db()
    assert post.case.status == Status.FORWARDED


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("SELESAI", Status.CLOSED),
        ("Sudah beres, terima kasih.", Status.CLOSED),
        ("Terima kasih, sudah diperbaiki.", Status.CLOSED),
        ("Belum beres.", Status.IN_PROGRESS),
        ("Sudah diperbaiki tapi berlubang lagi.", Status.IN_PROGRESS),
        ("Masih sama saja, truknya lewat terus.", Status.IN_PROGRESS),
        ("Terima kasih banyak, Pak.", Status.ANSWERED),
    ],
)
def test_what_a_few_words_mean_after_the_final_answer(post: Post, words: str, status: str) -> None:
    case = post.case
    case.resolve("Ditambal.", outcome="DONE", done_on=NOW.date(), unit="UPT", by=post.world.joko, now=NOW)
    arrival = answer(post, words)
    case.refresh_from_db()
    assert case.status == status
    if status == Status.ANSWERED:
        assert arrival.outcome == "ANSWERED"
        assert "SELESAI" in post.deliver()[-1].body, "thanks alone are asked what they mean"


def test_an_answer_to_a_closed_case_is_kept_and_told_how_to_go_on(post: Post) -> None:
    post.case.withdraw(by=Actor.reporter(), now=NOW)
    arrival = answer(post, "Lubangnya muncul lagi.")
    assert arrival.outcome == "APPENDED"
    assert "Buka lagi" in post.deliver()[-1].body


@pytest.mark.slow
def test_more_letters_in_an_hour_than_anybody_writes_are_held(post: Post) -> None:
    taken = [answer(post, f"Pesan {n}.", now=later(minutes=10, seconds=n)) for n in range(HOURLY + 1)]
    assert {arrival.outcome for arrival in taken[:-1]} == {"APPENDED"}
    assert (taken[-1].outcome, taken[-1].hold) == ("HELD", "FLOOD")
    later_on = answer(post, "Besoknya.", now=later(hours=2))
    assert later_on.outcome == "APPENDED"


def test_two_robots_that_answer_each_other_stop_at_once(post: Post) -> None:
    answer(post, "Nomor 7.")
    (ours,) = post.deliver()
    # Her mail program answers ours, and would answer again.
    echo = (
        f"From: sari@contoh.test\r\nTo: {ours.reply_to[0]}\r\nSubject: Automatic reply: {ours.subject}\r\n"
        f"In-Reply-To: {ours.extra_headers['Message-ID']}\r\nMessage-ID: <robot@contoh.test>\r\n\r\nSaya cuti.\r\n"
    )
    arrival = post.take(echo.encode())
    assert arrival.outcome == "REFUSED"
    assert not post.deliver(later(hours=1))


def test_what_a_person_decides_opens_the_letter_as_it_was_meant(post: Post) -> None:
    raw = post.sample("rahasia").replace(b"rudi@contoh.test", b"staf@kanal.test")
    arrival = post.take(raw)
    assert (arrival.outcome, arrival.hold) == ("HELD", "SUSPECT")
    assert post.world.ratna.membership is not None
    case = arrivals.decide_open(arrival, by=post.world.ratna.membership, now=later(hours=1))
    assert (case.title, case.secret, case.reporter.door) == ("Pungli di loket tiga", True, "")
    assert addresses.is_from("staf@kanal.test", case.reporter)
    assert Notification.objects.filter(event__complaint=case).count() == 1
    assert Client().get(f"/laporan/{case.number}/").status_code == 404
    assert Complaint.objects.get(pk=case.pk).body == "Petugas loket tiga meminta uang."
