"""What a letter says: one act, its date, a link that ends; never a secret text, never the name of an anonymous."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from agencies.actor import Actor
from agencies.models import Agency, User
from agencies.models.agency import Kind as AgencyKind
from complaints import privacy
from complaints.models import Complaint, Notification
from complaints.notifications import delivery, send
from tests.complaints.cases import NOW, SARI, SWEEP, at, later, report
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office_hours(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def post(now: Any = NOW) -> list[EmailMultiAlternatives]:
    """Everything that is due, sent; what came out of it."""
    mail.outbox.clear()
    delivery.send_due(now=now)
    return [one for one in mail.outbox if isinstance(one, EmailMultiAlternatives)]


def to_sari(letters: list[EmailMultiAlternatives]) -> EmailMultiAlternatives:
    return next(one for one in reversed(letters) if one.to == [SARI])


def words_of(letter: EmailMultiAlternatives) -> str:
    return f"{letter.subject}\n{letter.body}\n{html_of(letter)}"


def html_of(letter: EmailMultiAlternatives) -> str:
    return str(letter.alternatives[0][0])


def resolved(world: World, **fields: Any) -> Complaint:
    case = at(report(world, **fields), world.dinas_pu)
    post()
    case.resolve(
        "Lubang sudah ditambal aspal panas, panjang 3 meter.",
        by=world.joko,
        outcome="DONE",
        done_on=NOW.date(),
        unit="Bina Marga",
        now=NOW,
    )
    return case


def test_the_first_letter_gives_the_number_and_the_date_and_no_key(world: World) -> None:
    case = report(world)
    letter = to_sari(post())
    assert letter.subject == "Laporan Anda sudah kami terima"
    assert case.shown_number in letter.body
    # Monday 25 May, then 26 and 29 May; 27 and 28 May and 1 June are holidays.
    assert "paling lambat Selasa, 2 Juni 2026 (3 hari kerja)" in letter.body
    assert "Halo Sari," in letter.body
    assert "Lubang besar di depan Pasar Lama" in letter.body


def test_the_first_letter_to_who_wrote_of_danger_says_whom_to_call(world: World) -> None:
    report(world, title="Kebakaran di pasar lama", body="Api makin besar, ibu saya pingsan.", secret=True)
    letter = to_sari(post())
    assert "Telepon 112 (polisi 110, api 113, medis 119)" in letter.body
    assert "kebakaran" not in letter.body.lower()


def test_forwarding_names_the_office_and_both_dates(world: World) -> None:
    at(report(world), world.dinas_pu)
    letter = to_sari(post())
    assert letter.subject == "Laporan Anda diteruskan ke Dinas PU"
    assert "Jawaban pertama paling lambat Kamis, 4 Juni 2026 (5 hari kerja)." in letter.body
    assert "Jawaban akhir paling lambat" in letter.body


def test_the_final_answer_asks_one_thing_with_two_buttons(world: World) -> None:
    resolved(world)
    letter = to_sari(post())
    assert letter.subject == "Dinas PU sudah menjawab. Apakah masalahnya sudah beres?"
    assert "> Lubang sudah ditambal aspal panas, panjang 3 meter." in letter.body
    assert "Dinas PU, Pemkab Sukamaju. Senin, 25 Mei 2026, 08.12 WIB." in letter.body
    assert re.findall(r"^(Sudah beres|Belum beres):$", str(letter.body), re.M) == ["Sudah beres", "Belum beres"]
    assert "Jawab sampai Kamis, 11 Juni 2026" in letter.body
    assert html_of(letter).count('<p class="acts">') == 1


def test_text_and_html_say_the_same(world: World) -> None:
    resolved(world)
    letter = to_sari(post())
    html = re.sub(r"<style>.*?</style>", "", html_of(letter), flags=re.S)
    words = " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?strong>", "", html)).split())
    for sentence in re.findall(r"^[A-Z][^:>\n]{20,}$", str(letter.body), re.M):
        assert sentence.replace("'", "&#x27;") in words
    assert "style=" not in html
    assert "<img" not in html


def test_what_an_office_writes_is_shown_and_not_run(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.answer("<script>alert(1)</script> %(office)s & Co.", by=world.joko, now=NOW)
    letter = to_sari(post())
    assert "<script>" not in html_of(letter)
    assert "&lt;script&gt;" in html_of(letter)
    assert "%(office)s & Co." in letter.body


def test_a_title_with_a_line_break_or_percent_sign_breaks_no_letter(world: World) -> None:
    at(report(world, title="Diskon 50% di pasar %s %(x)s\r\nBcc: rudi@contoh.test"), world.dinas_pu)
    letter = to_sari(post())
    assert "50% di pasar %s %(x)s" in letter.body
    assert letter.to == [SARI]
    assert not letter.bcc


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_secret_case_s_letter_holds_no_word_of_it(world: World, anonymous: bool) -> None:
    resolved(world, secret=True, anonymous=anonymous)
    letter = to_sari(post())
    for word in ("Lubang", "aspal", "Bina Marga", "pasar"):
        assert word.lower() not in words_of(letter).lower()
    assert "laporan rahasia" in letter.body


def test_an_anonymous_reporter_is_not_named_even_to_themselves(world: World) -> None:
    resolved(world, anonymous=True)
    letter = to_sari(post())
    assert "Sari" not in words_of(letter)
    assert "Halo," in letter.body


def test_an_officer_s_letter_names_no_reporter(world: World) -> None:
    case = resolved(world, title="Lubang di depan rumah Sari Wulandari", anonymous=False)
    case.contest("Saya Sari Wulandari, masih berlubang.", by=Actor.reporter(world.sari), now=NOW)
    for letter in post():
        if letter.to != [SARI]:
            assert "Sari" not in words_of(letter)
            assert "masih berlubang" not in letter.body
            assert letter.subject == f"Belum beres, kata pelapor: laporan {case.shown_number}"
            assert f"/meja/{case.number}/" in letter.body


def test_the_link_of_a_letter_opens_the_case_and_carries_no_key(world: World) -> None:
    case = resolved(world)
    letter = to_sari(post())
    link = re.search(r"http://[^/]+(/kabar/\S+)\?ke=terima", str(letter.body))
    assert link is not None
    assert case.key_hash not in letter.body
    assert case.number not in link[1]
    assert Client().get(link[1])["Location"] == f"/laporan/{case.number}/"


def test_a_letter_can_be_stopped_by_the_mail_program(world: World) -> None:
    report(world)
    letter = to_sari(post())
    headers: EmailMessage = letter.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    path = str(headers["List-Unsubscribe"]).strip("<>").partition("127.0.0.1:8000")[2]
    assert Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Complaint.objects.get().reporter.is_reachable


def test_a_reminder_of_a_question_already_answered_is_not_sent(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.ask("Di mana?", by=world.joko, now=NOW)
    case.remind(case.clocks.get(kind="REPORTER"), by=SWEEP, days=5, now=NOW)
    case.complete("Di depan pasar.", by=Actor.reporter(world.sari), now=NOW)
    assert not [one for one in post() if "masih menunggu" in one.subject]
    assert Notification.objects.get(letter="reminder").state == "SILENCED"


def test_a_late_office_is_named_with_the_date_it_missed(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.note_overdue(case.clocks.get(kind="RESPOND"), by=SWEEP, missed_by=world.dinas_pu, now=later(days=12))
    letter = to_sari(post(later(days=12)))
    assert letter.subject == "Dinas PU terlambat menjawab laporan Anda"
    assert "Janjinya paling lambat Kamis, 4 Juni 2026. Sampai sekarang belum ada." in letter.body
    assert "di daftar “Siapa yang belum menjawab?”" in letter.body
    assert "Ombudsman" not in letter.body, "there is none in this country"


@pytest.mark.parametrize(
    ("kind", "more", "listed", "further"),
    [
        ("RESPOND", {}, True, True),
        ("RESOLVE", {"anonymous": True}, False, True),
        ("RESPOND", {"secret": True}, False, True),
        ("VERIFY", {}, True, False),
    ],
)
def test_at_the_legal_limit_the_citizen_reads_what_can_be_done(
    world: World, kind: str, more: dict[str, Any], listed: bool, further: bool
) -> None:
    """A secret report stands in no public list, and its letter says of none."""
    Agency.objects.create(
        name="Ombudsman Republik Indonesia", short_name="ORI", code="L43", kind=AgencyKind.LEMBAGA, parent=world.root
    )
    case = report(world, **more)
    if kind != "VERIFY":
        case = at(case, world.dinas_pu)
    case.note_overdue(case.clocks.get(kind=kind), by=SWEEP, missed_by=world.dinas_pu, now=later(days=30))
    letter = to_sari(post(later(days=30)))
    text = " ".join(letter.body.split())
    assert ("Siapa yang belum menjawab?" in text) is listed
    assert ("Anda berhak mengadu ke Ombudsman RI, gratis." in text) is further
    assert "ikut dihitung dalam statistik kantor itu" in text


@pytest.mark.parametrize(
    ("outcome", "fields", "subject", "words"),
    [
        (
            "SCHEDULED",
            {"promised_on": later(days=90).date()},
            "Dinas PU menjanjikan tanggal penyelesaian",
            "Dijanjikan selesai paling lambat Minggu, 23 Agustus 2026.",
        ),
        ("REFUSED", {}, "Dinas PU tidak bisa menyelesaikan laporan Anda", "> Anggarannya belum ada."),
    ],
)
def test_a_promise_and_a_refusal_are_called_so(
    world: World, outcome: str, fields: dict[str, Any], subject: str, words: str
) -> None:
    case = at(report(world), world.dinas_pu)
    case.resolve("Anggarannya belum ada.", by=world.joko, outcome=outcome, now=NOW, **fields)
    letter = to_sari(post())
    assert letter.subject == subject
    assert words in letter.body


def test_the_morning_letter_gathers_an_office_s_new_cases(world: World) -> None:
    members = [world.hana.membership]
    for _n in range(3):
        case = at(report(world), world.dinas_pu)
        event = case.events.get(verb="forward")
        send.notify_officers(event, [m for m in members if m], "officer_new", not_before=later(hours=12))
    assert not [one for one in post(later(hours=11)) if one.to != [SARI]]
    letters = [one for one in post(later(hours=13)) if one.to != [SARI]]
    assert [one.subject for one in letters] == ["3 laporan baru untuk kantor Anda"]
    assert Notification.objects.filter(letter="officer_new", state="SENT").count() == 3


def test_every_letter_can_be_written_in_every_mood(world: World) -> None:
    """Each verb that has a letter, once: no template error, no English, no placeholder left."""
    User.objects.update(tells_at_once=True)
    sari = Actor.reporter(world.sari)
    case = at(report(world), world.dinas_kesehatan)
    case.move(world.dinas_pu, by=world.wati, reason="Ini soal jalan.", now=NOW)
    case.hand_back(world.pemkab, by=world.joko, ground="NOT_OURS", reason="Jalan provinsi.", now=NOW)
    case.move(world.dinas_pu, by=world.wati, reason="Tetap di sini.", now=NOW)
    case.start(by=world.joko, now=NOW)
    case.ask("Di mana?", by=world.joko, now=NOW)
    post()
    case.unask(by=world.joko, now=NOW)
    case.answer("Kami periksa besok.", by=world.joko, now=NOW)
    case.pass_on(world.bidang_jalan, by=world.joko, now=NOW)
    case.move(world.dinas_pu, by=world.wati, reason="Kembali ke dinas.", now=NOW)
    case.nudge(by=world.wati, reason="Tolong dipercepat.", now=NOW)
    case.archive(by=world.wati, ground="IN_COURT", text="Sedang diperiksa pengadilan.", now=NOW)
    case.reopen(by=world.wati, reason="Sudah selesai di pengadilan.", now=NOW)
    case.reply("Terima kasih.", by=sari, now=NOW)
    privacy.reveal(case, by=world.ratna, reason="Ditanya kantor.", now=NOW)
    letters = post()
    subjects = {one.subject for one in letters}
    assert len(subjects) >= 8
    for one in letters:
        assert "%(" not in words_of(one)
        assert "None" not in words_of(one)
        assert len(one.subject) <= 90
    assert not Notification.objects.filter(state="PENDING").exists()


def test_an_office_is_told_that_its_report_was_opened_again(world: World) -> None:
    User.objects.update(tells_at_once=True)
    case = at(report(world), world.dinas_pu)
    case.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas tempatnya.", now=NOW)
    post()
    case.reopen(by=Actor.reporter(), reason="Di depan pasar.", now=NOW)
    told = [words_of(one) for one in post() if "sekarang di meja Anda" in one.subject]
    assert told
    assert all("Pelapor membukanya lagi." in words for words in told)
    assert not any("Sebelumnya di" in words for words in told)


def test_what_may_be_done_once_is_not_offered_twice(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas tempatnya.", now=NOW)
    assert "Anda bisa membukanya lagi satu kali" in to_sari(post()).body
    case.reopen(by=Actor.reporter(), reason="Di depan pasar.", now=NOW)
    case.archive(by=world.wati, ground="UNCLEAR", text="Pasar yang mana?", now=NOW)
    words = to_sari(post()).body
    assert "sudah pernah Anda buka lagi" in words
    assert "bisa membukanya lagi" not in words


def test_who_was_merged_gets_the_lead_s_letters_without_a_word_of_it(world: World) -> None:
    lead = at(report(world), world.dinas_pu)
    other = at(
        report(world, title="Aspal rusak dekat toko", email="rudi@contoh.test", name="Rudi Hartono", user=world.rudi),
        world.dinas_pu,
    )
    other.archive(by=world.wati, ground="DUPLICATE", text="Sama dengan yang lain.", duplicate_of=lead, now=NOW)
    post()
    lead.resolve(
        "Lubang sudah ditambal.", by=world.joko, outcome="DONE", done_on=NOW.date(), unit="Bina Marga", now=NOW
    )
    (letter,) = [one for one in post() if one.to == ["rudi@contoh.test"]]
    assert letter.subject == "Dinas PU memberi jawaban akhir"
    assert other.shown_number in letter.body
    assert "Aspal rusak dekat toko" in letter.body
    assert "Halo Rudi," in letter.body
    for word in (lead.shown_number, "Pasar Lama", "Sari", "ditambal", "Belum beres"):
        assert word not in words_of(letter)


def test_a_name_of_two_lines_breaks_no_letter_and_no_reporter(world: World) -> None:
    """Somebody called an office so: its letters go all the same, and nobody counts as unreachable for it."""
    world.dinas_pu.short_name = "Dinas\r\nBcc: rudi@contoh.test"
    world.dinas_pu.save()
    case = at(report(world), world.dinas_pu)
    letter = to_sari(post())
    assert letter.subject == "Laporan Anda diteruskan ke Dinas Bcc: rudi@contoh.test"
    assert letter.recipients() == [SARI]
    assert not Notification.objects.filter(state="FAILED").exists()
    case.reporter.refresh_from_db()
    assert case.reporter.unreachable_since is None
