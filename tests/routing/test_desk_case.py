"""The page of one case: who may read it, what stands on it, what the first look leaves behind."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agencies.models import AuditEntry, Role
from complaints.models import Message
from routing import dispatch, requirements
from routing.forms import groups
from routing.models import Disposition, Suggestion
from tests.complaints.cases import NOW, later
from tests.routing.desk import LONG, forwarded, started, submitted
from tests.world import World, client_of

pytestmark = pytest.mark.usefixtures("nudges")


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def read(world: World, by: object, case: object, query: str = "") -> str:
    return client_of(by).get(f"/meja/{case.number}/{query}").content.decode()  # type: ignore[arg-type, attr-defined]


def test_everything_needed_stands_on_one_page(world: World) -> None:
    case = started(world, NOW, category=world.cat_road)
    case.note("Warga sudah saya telepon.", by=world.joko, now=NOW)
    page = read(world, world.joko, case)
    for text in (
        case.shown_number,
        "Lubang besar di depan Pasar Lama",
        "Sudah tiga minggu ada lubang besar",
        "Catatan internal",
        "Warga sudah saya telepon.",
        "Jawaban pertama paling lambat",
        "Jawaban akhir paling lambat",
        "Jalan Berlubang",
        "Sampai di sini karena",
        "Riwayat lengkap",
        "Minta keterangan pelapor",
        "Bukan wewenang kami",
    ):
        assert text in page, text


def test_the_first_look_of_the_office_is_noted_once(world: World) -> None:
    case = forwarded(world, NOW)
    read(world, world.wati, case)
    stint = Disposition.objects.open().get(complaint=case)
    assert stint.opened_at is None
    read(world, world.joko, case)
    stint.refresh_from_db()
    assert stint.opened_at == NOW
    with time_machine.travel(later(hours=2), tick=False):
        read(world, world.hana, case)
    stint.refresh_from_db()
    assert stint.opened_at == NOW


def test_a_name_is_shown_by_a_click_that_is_logged(world: World) -> None:
    case = forwarded(world, NOW)
    assert "Sari Wulandari</dd>" not in read(world, world.joko, case)
    assert not AuditEntry.objects.filter(subject_kind="complaint").exists()
    assert "Sari Wulandari</dd>" in read(world, world.joko, case, "?pelapor=tampil")
    assert AuditEntry.objects.get(subject_kind="complaint").after == {"looks": ["identity"]}


def test_the_office_never_sees_who_is_behind_an_anonymous_case(world: World) -> None:
    case = forwarded(world, NOW, anonymous=True, body="Ada pungutan di loket pelayanan itu setiap hari Senin.")
    for by in (world.joko, world.hana, world.wati):
        page = read(world, by, case, "?pelapor=tampil")
        assert "Sari" not in page
        assert "0812" not in page


def test_reading_a_secret_case_is_logged(world: World) -> None:
    case = forwarded(world, NOW, secret=True)
    assert "Sudah tiga minggu" in read(world, world.joko, case)
    entry = AuditEntry.objects.get(subject_kind="complaint", subject_id=case.pk)
    assert (entry.who, entry.after) == (world.joko.user, {"looks": ["secret"]})


def test_the_centre_gives_a_reason_before_it_reads_a_secret_case(world: World) -> None:
    case = forwarded(world, NOW, secret=True)
    browser = client_of(world.ratna)
    first = browser.get(f"/meja/{case.number}/").content.decode()
    assert "Sudah tiga minggu" not in first
    assert case.title not in first
    assert "Tulis alasannya" in browser.post(f"/meja/{case.number}/", {"alasan": " "}).content.decode()
    assert "Sudah tiga minggu" in browser.post(f"/meja/{case.number}/", {"alasan": "Aduan ke menteri"}).content.decode()
    assert AuditEntry.objects.get(subject_kind="complaint").reason == "Aduan ke menteri"


@pytest.mark.parametrize("who", ["dewi", "yanto", "tono", "sari", "rudi"])
def test_to_a_stranger_the_case_does_not_exist(world: World, who: str) -> None:
    case = forwarded(world, NOW)
    by = getattr(world, who)
    expected = 403 if who in ("sari", "rudi") else 404
    assert client_of(by).get(f"/meja/{case.number}/").status_code == expected
    assert client_of(by).get("/meja/00000000000/").status_code == expected


def test_the_office_it_left_reads_only_that_it_left(world: World) -> None:
    case = forwarded(world, NOW)
    case.move(world.dinas_kesehatan, by=world.wati, reason="Ini soal puskesmas.", now=NOW)
    page = read(world, world.joko, case)
    assert "sudah tidak di kantor Anda" in page
    assert "Dipindahkan ke Dinkes" in page
    assert "Sudah tiga minggu" not in page


def test_a_secret_case_that_left_does_not_exist_there_any_more(world: World) -> None:
    case = forwarded(world, NOW, secret=True)
    case.move(world.dinas_kesehatan, by=world.wati, reason="Ini soal puskesmas.", now=NOW)
    assert client_of(world.joko).get(f"/meja/{case.number}/").status_code == 404


def test_only_acts_of_the_table_have_a_button(world: World) -> None:
    case = started(world, NOW)
    page = read(world, world.joko, case)
    assert f"/meja/{case.number}/pengembalian/" in page
    for noun in ("pindahan", "arsip", "disposisi", "titipan", "penanganan", "identitas"):
        assert f"/meja/{case.number}/{noun}/" not in page, noun
    over = read(world, world.wati, case)
    for noun in ("pindahan", "arsip", "gabungan", "pengingat"):
        assert f"/meja/{case.number}/{noun}/" in over, noun
    assert f"/meja/{case.number}/jawaban-akhir/" not in over


def test_a_head_above_reads_and_has_no_act(world: World) -> None:
    unit = world.officer("Pak Unit", world.bidang_jalan)
    case = forwarded(world, NOW, world.bidang_jalan)
    page = read(world, world.hana, case)
    assert "Yang bertindak adalah kantor pemegangnya." in page
    assert 'method="post" action="/meja/' not in page
    assert "Tulis" not in page or unit is not None


def test_a_colleague_who_looks_at_the_same_time_is_told(world: World) -> None:
    case = forwarded(world, NOW)
    read(world, world.hana, case)
    assert "Hana Permata, Dinas PU, sedang melihat laporan ini sejak 08.12 WIB." in read(world, world.joko, case)
    with time_machine.travel(later(minutes=5), tick=False):
        assert "sedang melihat" not in read(world, world.joko, case)


def test_who_else_is_there_is_told_again_only_when_it_changes(world: World) -> None:
    """What is put into a page again, a screen reader reads out again."""
    case = forwarded(world, NOW)
    read(world, world.hana, case)
    joko = client_of(world.joko)
    asked = re.findall(r'hx-get="([^"]*/kehadiran/[^"]*)"', joko.get(f"/meja/{case.number}/").content.decode())[0]
    assert joko.get(asked).status_code == 204
    with time_machine.travel(later(minutes=5), tick=False):
        answer = joko.get(asked)
        assert (answer.status_code, b"sedang melihat" in answer.content) == (200, False)


def test_what_is_missing_is_ticked_and_asked_for(world: World) -> None:
    case = submitted(world, NOW, place=world.sukamaju, body="Jalan rusak.")
    page = read(world, world.ratna, case)
    assert "Persyaratan" in page
    assert 'value="when" checked' in page
    asked = client_of(world.ratna).get(f"/meja/{case.number}/pertanyaan/?kurang=when&kurang=where").content.decode()
    assert "1. Di kelurahan atau desa mana" in asked
    assert "2. Kapan itu terjadi" in asked


def test_what_the_reporter_will_read_is_not_written_in_the_officers_language(world: World) -> None:
    case = submitted(world, NOW, place=world.sukamaju, body="Jalan rusak.")
    with translation.override("en"):
        assert requirements.question_for(case, ["when"]).endswith(
            "1. Kapan itu terjadi, atau sejak kapan? Perkiraan boleh."
        )
        assert groups.told().startswith("Masalah yang sama")


def test_a_long_case_costs_no_more_statements(world: World) -> None:
    browser = client_of(world.joko)
    case = started(world, NOW)
    browser.get(f"/meja/{case.number}/")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"/meja/{case.number}/")
    for _ in range(6):
        case.answer(LONG, by=world.joko, now=NOW)
        case.note("Sudah dilihat lagi.", by=world.joko, now=NOW)
    with CaptureQueriesContext(connection) as many:
        browser.get(f"/meja/{case.number}/")
    assert len(many) == len(few) <= 18, [query["sql"][:100] for query in many.captured_queries]


def test_an_observer_reads_the_masked_text(world: World) -> None:
    case = forwarded(world, NOW)
    page = read(world, world.bayu, case)
    assert "Sari Wulandari" not in page
    assert "0812" not in page
    assert "teks yang disamarkan" in page
    assert world.bayu.role == Role.OBSERVER
    assert 'href="/meja/"' not in page, "the way back leads where an observer may go"
    assert 'href="/pengawasan/"' in page


def test_an_observer_reads_what_was_said_masked_and_no_officers_reason(world: World) -> None:
    """As everybody reads it, and not before it was said."""
    case = forwarded(world, NOW)
    dispatch.move(
        case, world.dinas_kesehatan, by=world.wati, reason="Diminta Bu Sari Wulandari, 0812-3456-7890.", now=NOW
    )
    case.start(by=world.dewi, now=NOW)
    case.answer("Ibu Sari Wulandari, kami periksa Senin.", by=world.dewi, now=NOW)
    waiting = {"state": Message.State.PENDING, "audience": "PUBLIC", "side": Message.Side.AGENCY}
    Message.objects.create(complaint=case, body="Draf yang menunggu.", verb="answer", written_at=NOW, **waiting)
    assert "Diminta Bu Sari" in read(world, world.dewi, case)
    page = read(world, world.bayu, case)
    assert "kami periksa Senin" in page
    for told in ("Wulandari", "0812", "Draf yang menunggu", "Diminta"):
        assert told not in page, told


def test_an_observer_reads_no_words_of_the_story_among_the_guesses(world: World) -> None:
    case = forwarded(world, NOW)
    Suggestion.objects.create(
        complaint=case,
        agency=world.dinas_kesehatan,
        rank=1,
        score=0.4,
        source=Suggestion.Source.MODEL,
        verdict=Suggestion.Verdict.OFFERED,
        reason="Laporan menyebut “Wulandari”.",
        made_at=NOW,
    )
    assert "Laporan menyebut" in read(world, world.joko, case)
    assert "Laporan menyebut" not in read(world, world.bayu, case)


def test_before_it_is_forwarded_a_case_is_placed_never_moved(world: World) -> None:
    page = read(world, world.ratna, submitted(world, NOW))
    assert "Titipkan di meja lain" in page
    assert "Pindahkan ke kantor lain" not in page


def test_nobody_is_sent_to_look_for_another_desk_where_there_is_none(world: World) -> None:
    case = submitted(world, NOW)
    case.place_at(world.pemkab, by=world.ratna, reason="Sukamaju", now=NOW)
    assert "Titipkan di meja lain" not in read(world, world.wati, case)
    world.officer("Koordinator Dinas", world.dinas_pu, Role.COORDINATOR)
    assert "Titipkan di meja lain" in read(world, world.wati, case)
