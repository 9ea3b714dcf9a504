"""What the reporter does with a case on the web: answer, judge, withdraw, close or open to others, reopen."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.actor import Actor
from complaints.models import Attachment, Complaint
from complaints.models.lifecycle.answers import DONE
from complaints.transitions import Status
from tests.complaints.cases import WORKER, report
from tests.complaints.test_submit import PNG
from tests.scenes import once
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
ACTS = ["tanggapan", "penilaian", "pembukaan", "pencabutan", "kerahasiaan", "kepergian"]


@once()
def case(world: World) -> Complaint:
    found = report(world)
    found.forward(world.dinas_pu, by=WORKER, reason="aturan")
    return found


@pytest.fixture
def sari(world: World) -> Client:
    return client_of(world.sari)


def url(case: Complaint, act: str = "") -> str:
    return f"/laporan/{case.number}/{act + '/' if act else ''}"


def fresh(case: Complaint) -> Complaint:
    case.refresh_from_db()
    return case


def resolved(case: Complaint, world: World) -> Complaint:
    case.resolve("Lubang sudah ditambal.", by=world.joko, outcome=DONE, done_on=case.today(), unit="Bina Marga")
    return case


def test_a_message_is_kept_and_shown(sari: Client, case: Complaint) -> None:
    page = sari.post(url(case, "tanggapan"), {"version": case.version, "body": "Ada lubang baru."}, follow=True)
    assert "Pesan Anda sudah terkirim" in page.content.decode()
    assert "Ada lubang baru." in page.content.decode()


def test_an_answer_to_the_office_gives_the_turn_back(sari: Client, world: World, case: Complaint) -> None:
    case.ask("Di sebelah mana pasar?", by=world.joko)
    page = sari.get(url(case)).content.decode()
    assert "Giliran Anda" in page
    assert "Dinas PU bertanya kepada Anda" in page
    panel = page[page.index("Giliran Anda") : page.index("Percakapan")]
    assert "Di sebelah mana pasar?" in panel, "what is asked stands where it is answered"
    assert "Anda menjawab pertanyaannya" in page, "still to come: in English another tense"
    sari.post(url(case, "tanggapan"), {"version": case.version, "body": "Sebelah utara."})
    assert "Anda menjawab pertanyaannya" not in sari.get(url(case)).content.decode()
    assert fresh(case).status == Status.FORWARDED


def test_a_file_goes_with_a_message(sari: Client, case: Complaint) -> None:
    body = {"version": case.version, "body": "Ini fotonya.", "file": SimpleUploadedFile("a.png", PNG)}
    sari.post(url(case, "tanggapan"), body)
    file = case.attachments.get()
    assert file.message is not None
    file.file.delete()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("a.exe", b"MZ", "a.exe bukan JPG, PNG, WebP, atau PDF"), ("a.pdf", b"", "a.pdf kosong. Pilih berkas lain")],
)
def test_a_bad_file_keeps_the_message_unsent(
    sari: Client, case: Complaint, name: str, content: bytes, sentence: str
) -> None:
    body = {"version": case.version, "body": "Ini fotonya.", "file": SimpleUploadedFile(name, content)}
    page = sari.post(url(case, "tanggapan"), body).content.decode()
    assert sentence in page
    assert "Ini fotonya." in page
    assert "Belum ada berkas yang terkirim. Pilih sekali lagi." in page, "a browser lets go of all of them"
    assert not case.messages.exists()


def test_done_closes_with_two_ratings(sari: Client, world: World, case: Complaint) -> None:
    resolved(case, world)
    page = sari.get(url(case)).content.decode()
    assert "Lubang sudah ditambal." in page[page.index("Giliran Anda") : page.index("Percakapan")]
    assert page.count("<textarea") == 1, "one place to write: the verdict"
    data = {"version": case.version, "verdict": "done", "rating_answer": "5", "rating_result": "4"}
    assert "Apakah masalahnya sudah beres?" in sari.get(url(case)).content.decode()
    page = sari.post(url(case, "penilaian"), data, follow=True).content.decode()
    assert "Laporan ini selesai" in page
    assert (fresh(case).status, case.rating_answer, case.rating_result) == (Status.CLOSED, 5, 4)


def test_proof_goes_with_not_done_and_is_dropped_with_done(sari: Client, world: World, case: Complaint) -> None:
    resolved(case, world)
    data = {"version": case.version, "verdict": "open", "body": "Lihat.", "file": SimpleUploadedFile("a.png", PNG)}
    sari.post(url(case, "penilaian"), data)
    file = case.attachments.get()
    assert file.message is not None
    file.file.delete()
    resolved(fresh(case), world)
    data = {"version": case.version, "verdict": "done", "file": SimpleUploadedFile("b.png", PNG)}
    sari.post(url(case, "penilaian"), data)
    assert fresh(case).status == Status.CLOSED
    assert not Attachment.objects.filter(name="b.png").exists()


def test_not_done_begins_a_new_round(sari: Client, world: World, case: Complaint) -> None:
    resolved(case, world)
    sari.post(url(case, "penilaian"), {"version": case.version, "verdict": "open", "body": "Sudah lepas lagi."})
    assert (fresh(case).status, case.round) == (Status.IN_PROGRESS, 2)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Pilih sudah beres atau belum beres"),
        ({"verdict": "open"}, "Tulis apa yang belum beres"),
        ({"verdict": "done", "rating_answer": "9"}, "Pilih nilai 1 sampai 5"),
        ({"verdict": "open", "body": "x" * 10_001}, "terlalu panjang"),
    ],
)
def test_a_verdict_that_lacks_something_says_so(
    sari: Client, world: World, case: Complaint, typed: dict[str, str], sentence: str
) -> None:
    resolved(case, world)
    page = sari.post(url(case, "penilaian"), {"version": case.version, **typed}).content.decode()
    assert sentence in page
    assert fresh(case).status == Status.ANSWERED


def test_somebody_was_faster(sari: Client, world: World, case: Complaint) -> None:
    """The page comes back with what they did on top and what was typed kept; nothing has changed."""
    old = case.version
    case.answer("Tim kami berangkat besok.", by=world.joko)
    response = sari.post(url(case, "tanggapan"), {"version": old, "body": "Kapan Anda datang?"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "baru saja berubah" in page
    assert "Kapan Anda datang?" in page
    assert page.index("Yang baru") < page.index("Jawaban dari Dinas PU")
    assert f'value="{case.version}"' in page
    assert case.messages.filter(side="REPORTER").count() == 0


def test_a_verdict_on_an_answer_that_is_gone_keeps_its_words(sari: Client, world: World, case: Complaint) -> None:
    resolved(case, world)
    old = case.version
    case.contest("Belum.", by=Actor.reporter())
    response = sari.post(url(case, "penilaian"), {"version": old, "verdict": "open", "body": "Masih berlubang."})
    assert response.status_code == 409
    assert "Masih berlubang." in response.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "\x00"])
@pytest.mark.sampled
def test_a_broken_version_changes_nothing(sari: Client, case: Complaint, version: str) -> None:
    response = sari.post(url(case, "tanggapan"), {"version": version, "body": "Halo."})
    assert response.status_code == 409
    assert not case.messages.exists()


def test_withdrawing_ends_it_and_can_be_taken_back_once(sari: Client, case: Complaint) -> None:
    page = sari.get(url(case, "pencabutan")).content.decode()
    assert "Cabut laporan ini?" in page
    assert "bisa membukanya lagi satu kali" in page
    sari.post(url(case, "pencabutan"), {"version": case.version, "reason": "Sudah selesai sendiri."})
    assert fresh(case).status == Status.ARCHIVED
    assert "Buka lagi laporan ini" in sari.get(url(case)).content.decode()
    sari.post(url(case, "pembukaan"), {"version": case.version, "reason": "Ternyata belum."})
    assert fresh(case).is_open
    assert "sesudah dicabut tidak bisa dibuka lagi" in sari.get(url(case, "pencabutan")).content.decode()
    sari.post(url(case, "pencabutan"), {"version": case.version})
    page = sari.get(url(case)).content.decode()
    assert "Laporan ini tidak bisa dibuka lagi" in page
    assert "Lapor masalah lain" in page, "the way on"
    page = sari.post(url(case, "pembukaan"), {"version": fresh(case).version, "reason": "Lagi."}).content.decode()
    assert "satu kali" in page
    assert not fresh(case).is_open


def test_closing_and_opening_to_others(sari: Client, case: Complaint) -> None:
    sari.post(url(case, "kerahasiaan"), {"version": case.version, "who": "hidden", "read": "secret"})
    assert (fresh(case).anonymous, case.secret) == (True, True)
    sari.post(url(case, "kerahasiaan"), {"version": case.version, "who": "officers", "read": "secret"})
    assert (fresh(case).anonymous, case.secret) == (False, True)


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_finds_no_case_to_act_on(world: World, case: Complaint, act: str) -> None:
    for browser in (Client(), client_of(world.rudi), client_of(world.joko)):
        response = browser.post(url(case, act), {"version": case.version, "body": "x", "reason": "x"})
        assert response.status_code == 404
    assert fresh(case).status == Status.FORWARDED


def test_coming_by_an_acts_address_shows_the_case(sari: Client, case: Complaint) -> None:
    assert sari.get(url(case, "tanggapan")).headers["Location"] == url(case)


def test_mine_lists_what_was_filed_signed_in_and_nothing_by_an_equal_address(sari: Client, world: World) -> None:
    report(world, title="Milik akun Sari")
    report(world, title="Alamatnya saja sama", user=None)
    page = sari.get("/laporan-saya/").content.decode()
    assert "Milik akun Sari" in page
    assert "Alamatnya saja sama" not in page


def test_mine_is_empty_with_a_next_step_and_asks_to_sign_in(world: World) -> None:
    assert "Lapor masalah" in client_of(world.rudi).get("/laporan-saya/").content.decode()
    assert Client().get("/laporan-saya/").status_code == 302
