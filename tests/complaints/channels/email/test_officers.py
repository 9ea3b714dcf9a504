"""An officer answers a letter instead of opening the desk: only with what that letter carried, never of a secret case,
never published; and whatever stands in the way comes back with their own words."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from agencies.actor import Actor
from agencies.models import Membership, Role
from complaints.models import Complaint, Message, Publication
from complaints.transitions import Status
from tests.complaints.cases import NOW, later, public
from tests.complaints.channels.email.post import Post

pytestmark = pytest.mark.django_db


def reply_to(post: Post, whom: str) -> list[str]:
    """Where the letters to this officer want their answer."""
    return [one for letter in post.deliver() if letter.to == [whom] for one in letter.reply_to]


def told(post: Post) -> str:
    """What Pak Joko is told back."""
    (letter,) = (
        letter for letter in post.deliver() if letter.to == ["joko@contoh.test"] and "Yang Anda tulis" in letter.body
    )
    return str(letter.body)


def test_his_letter_becomes_the_offices_answer(post: Post) -> None:
    arrival = post.take("jawab-petugas")
    case = Complaint.objects.get(pk=post.case.pk)

    assert arrival.outcome == "APPENDED"
    assert case.status == Status.IN_PROGRESS
    event = case.events.get(verb="answer")
    assert (event.actor, event.acting_agency) == (post.world.joko.user, post.world.dinas_pu)
    letters = [letter for letter in post.deliver() if letter.to == ["sari@contoh.test"]]
    assert "Lubang kami tambal hari Kamis" in letters[-1].body
    assert "Yth. Joko" not in letters[-1].body, "what he answered is not sent to the reporter"


def test_it_publishes_nothing(post: Post) -> None:
    case = post.case
    case.publish(public(case), by=post.world.joko, now=NOW)
    before = Publication.objects.get(complaint=case).body
    post.take("jawab-petugas")
    message = Message.objects.get(complaint=case, verb="answer")
    assert message.audience == "PARTIES"
    assert Publication.objects.get(complaint=case).body == before


def test_where_the_head_sees_answers_first_it_waits_for_that(post: Post) -> None:
    post.world.dinas_pu.approves_answers = True
    post.world.dinas_pu.save()
    post.take("jawab-petugas")
    assert Message.objects.get(complaint=post.case).state == "PENDING"
    assert not [letter for letter in post.deliver() if letter.to == ["sari@contoh.test"]]


def test_sent_twice_it_is_one_answer(post: Post) -> None:
    raw = post.sample("jawab-petugas")
    post.take(raw)
    post.take(raw)
    assert Message.objects.filter(complaint=post.case).count() == 1


def test_once_used_it_is_stale_and_nothing_is_said_twice(post: Post) -> None:
    raw = post.sample("jawab-petugas")
    post.take(raw)
    again = post.take(raw.replace(b"<surat-", b"<ulang-"))
    assert again.outcome == "REFUSED"
    assert Message.objects.filter(complaint=post.case).count() == 1
    assert "Ditanggapi" in told(post)


def test_somebody_was_faster_and_he_reads_what_happened_with_his_own_words(post: Post) -> None:
    raw = post.sample("jawab-petugas")
    post.case.reply("Sekarang dua lubang.", by=Actor.reporter(), now=later(minutes=5))
    arrival = post.take(raw)

    assert arrival.outcome == "REFUSED"
    letter = told(post)
    assert "Pelapor menulis pesan" in letter
    assert "> Lubang kami tambal hari Kamis oleh UPT Jalan." in letter
    assert not Message.objects.filter(complaint=post.case, side="AGENCY").exists()


def test_of_a_case_that_left_his_office_he_learns_nothing(post: Post) -> None:
    raw = post.sample("jawab-petugas")
    post.case.move(
        post.world.dinas_kesehatan, by=post.world.wati, reason="Ternyata soal sampah medis.", now=later(minutes=5)
    )
    post.take(raw)
    letter = told(post)
    assert "tidak lagi di kantor Anda" in letter
    assert "medis" not in letter
    assert "Kesehatan" not in letter


def test_a_case_made_secret_meanwhile_is_answered_at_the_desk_only(post: Post) -> None:
    raw = post.sample("jawab-petugas")
    post.case.tighten(secret=True, by=Actor.reporter(), now=later(minutes=5))
    post.take(raw)
    assert "hanya bisa dijawab di meja" in told(post)
    assert not Message.objects.filter(complaint=post.case, side="AGENCY").exists()


def test_whose_office_it_was_yesterday_answers_nothing_today(post: Post) -> None:
    raw = post.sample("jawab-petugas")
    Membership.objects.filter(user=post.world.joko.user).update(ends_on=NOW.date())
    post.take(raw)
    assert "Tugas Anda di kantor itu sudah berakhir" in told(post)


def test_what_a_reply_fills_in_for_its_reader_is_not_his(post: Post) -> None:
    raw = post.sample("jawab-basi").replace(b"Kami tambal besok.", b"Buka {tautan} nomor {nomor}.")
    post.take(raw)
    letter = told(post)
    assert "/k/" not in letter
    assert post.case.shown_number not in letter


def test_letters_of_a_case_carry_the_address_for_whoever_may_answer_it(post: Post) -> None:
    post.case.nudge(by=post.world.wati, reason="Masih menunggu.", now=later(minutes=1))
    letters = {letter.to[0]: letter for letter in post.deliver() if "Masih menunggu" in letter.body}
    assert set(letters) == {"joko@contoh.test", "hana@contoh.test"}
    for letter in letters.values():
        assert letter.reply_to
        assert "menjawab pelapor atas nama kantor Anda" in letter.body
    assert letters["joko@contoh.test"].reply_to != letters["hana@contoh.test"].reply_to


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.NATIONAL])
def test_whoever_signs_in_by_two_steps_answers_at_the_desk(post: Post, role: str) -> None:
    office = post.world.pemkab if role == Role.COORDINATOR else post.world.root
    whom = "wati@contoh.test" if role == Role.COORDINATOR else "ratna@contoh.test"
    by = post.world.ratna if role == Role.COORDINATOR else post.world.seno
    post.case.move(office, by=by, reason="Kelola di sini.", now=later(minutes=1))
    assert reply_to(post, whom) == []


def test_a_secret_case_offers_no_address(post: Post) -> None:
    post.case.tighten(secret=True, by=Actor.reporter(), now=later(minutes=1))
    post.case.nudge(by=post.world.wati, reason="Masih menunggu.", now=later(minutes=2))
    assert reply_to(post, "joko@contoh.test") == []


def test_a_case_nobody_can_answer_now_offers_no_address(post: Post) -> None:
    post.case.ask("Di mana?", by=post.world.joko, now=later(minutes=1))
    post.case.nudge(by=post.world.wati, reason="Masih menunggu.", now=later(minutes=2))
    assert reply_to(post, "joko@contoh.test") == []


def test_while_no_mail_is_heard_letters_are_as_ever(post: Post, settings: Any) -> None:
    settings.LAPOR_EMAIL_INBOX = ""
    post.case.nudge(by=post.world.wati, reason="Masih menunggu.", now=later(minutes=1))
    letters = post.deliver(now=NOW + datetime.timedelta(minutes=20))
    assert letters
    assert all(not letter.reply_to and "Membalas surat ini" not in letter.body for letter in letters)
