"""Many cases at once: ticked on the desk, asked once, each done or named with the reason why not."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from complaints.models import Complaint, Event
from complaints.transitions import Status
from routing import bulk
from tests.complaints.cases import NOW, later
from tests.routing.desk import forwarded, started, submitted
from tests.world import World, client_of

pytestmark = pytest.mark.usefixtures("nudges")
PAGE = "/meja/sekaligus/"


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    cache.clear()
    with time_machine.travel(later(hours=3), tick=False):
        yield


def ask(by: Actor, act: str, *cases: Complaint, **more: Any) -> Any:
    return client_of(by).get(PAGE, {"tindakan": act, "laporan": [case.number for case in cases], **more})


def shown(page: str) -> list[str]:
    """The rows as the page asks about them, number and version."""
    return re.findall(r'name="laporan" value="([0-9A-Z]{11}~\d+)"', page)


def do(by: Actor, act: str, *cases: Complaint, rows: list[str] | None = None, **said: Any) -> Any:
    rows = rows if rows is not None else shown(ask(by, act, *cases).content.decode())
    return client_of(by).post(PAGE, {"tindakan": act, "laporan": rows, **said})


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


# --- choosing ---


def test_every_row_of_the_desk_can_be_ticked_without_a_script(world: World) -> None:
    case = forwarded(world, NOW)
    page = client_of(world.joko).get("/meja/").content.decode()
    assert f'form="sekaligus" name="laporan" value="{case.number}"' in page
    assert 'id="sekaligus"' in page
    assert 'value="penanganan"' in page
    assert 'value="arsip"' not in page, "what a liaison may not do is not offered"
    page = client_of(world.wati).get("/meja/?q=kantor:semua").content.decode()
    assert all(
        f'value="{act}"' in page
        for act in ("penanganan", "tanggapan", "jawaban-akhir", "pindahan", "pengingat", "gabungan", "arsip")
    )


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"tindakan": "arsip"},
        {"tindakan": "arsip", "laporan": ["bukan nomor", "\x00", "~", "7K4M9QXD2TB"]},
        {"tindakan": "meledakkan", "laporan": ["7K4M9QXD2TB"]},
    ],
)
def test_nothing_chosen_says_how_to_choose(world: World, query: dict[str, Any]) -> None:
    page = client_of(world.wati).get(PAGE, query)
    assert page.status_code == 200
    assert "Centang laporannya di daftar" in page.content.decode() or "tidak ada lagi" in page.content.decode()


def test_the_page_says_what_will_happen_and_what_cannot_with_the_reason(world: World) -> None:
    open_one, begun, ended = forwarded(world, NOW, title="Bisa"), started(world, NOW), started(world, NOW)
    ended.resolve("Tidak bisa.", by=world.joko, outcome="REFUSED")
    elsewhere = forwarded(world, NOW, world.dinas_kesehatan, title="Punya dinas lain")
    page = ask(world.joko, "penanganan", open_one, begun, ended, elsewhere).content.decode()
    assert shown(page) == [f"{open_one.number}~{open_one.version}"]
    assert "Statusnya “Dalam proses”." in page
    assert "Statusnya “Menunggu tanggapan pelapor”." in page
    assert "tidak ada lagi di meja Anda" in page
    assert "Punya dinas lain" not in page
    assert "1 laporan yang bisa" in page
    assert "3 laporan yang tidak bisa" in page


def test_a_secret_report_is_named_without_its_words(world: World) -> None:
    case = forwarded(world, NOW, title="Pungli di loket", secret=True)
    for page in (ask(world.joko, "penanganan", case), do(world.joko, "penanganan", case, rows=[f"{case.number}~99"])):
        assert "Pungli" not in page.content.decode()
        assert "Laporan rahasia" in page.content.decode()


def test_fifty_at_most_and_as_many_statements_as_for_one(world: World) -> None:
    cases = [forwarded(world, NOW) for _ in range(12)]
    browser = client_of(world.wati)
    browser.get(PAGE, {"tindakan": "arsip", "laporan": [cases[0].number]})
    with CaptureQueriesContext(connection) as few:
        browser.get(PAGE, {"tindakan": "arsip", "laporan": [cases[0].number]})
    with CaptureQueriesContext(connection) as many:
        browser.get(PAGE, {"tindakan": "arsip", "laporan": [case.number for case in cases]})
    assert len(many) == len(few)
    assert len(bulk.chosen(f"{case.number}" for case in cases * 10)) == 12


# --- doing ---


def test_mark_as_mine(world: World) -> None:
    cases = [forwarded(world, NOW) for _ in range(3)]
    answer = do(world.joko, "penanganan", *cases)
    assert answer.headers["Location"] == "/meja/"
    for case in cases:
        event = case.events.latest("pk")
        assert (fresh(case).status, event.verb, event.actor) == (Status.IN_PROGRESS, "start", world.joko.user)
        assert not event.particulars["publish"], "nobody read the masked text, so nothing is published"


def test_one_office_for_many_forwards_the_new_and_moves_the_rest(world: World) -> None:
    new = submitted(world, NOW)
    new.place_at(world.pemkab, by=Actor.system("worker"), reason="uji", now=NOW)
    moved, there = forwarded(world, NOW), forwarded(world, NOW, world.dinas_kesehatan)
    page = ask(world.wati, "pindahan", new, moved, there).content.decode()
    assert "Cari kantornya" in page
    said: dict[str, Any] = {"agency": str(world.dinas_kesehatan.pk), "reason": "Urusan kesehatan."}
    answer = do(world.wati, "pindahan", new, moved, there, **said)
    assert answer.status_code == 200
    assert "Sudah ada di kantor itu." in answer.content.decode()
    assert fresh(new).handler == fresh(moved).handler == world.dinas_kesehatan
    assert (new.events.latest("pk").verb, moved.events.latest("pk").verb) == ("forward", "move")
    assert fresh(moved).events.latest("pk").particulars["reason"] == "Urusan kesehatan."


def test_an_office_is_found_by_typing_and_nothing_is_sent_meanwhile(world: World) -> None:
    case = forwarded(world, NOW)
    rows = shown(ask(world.wati, "pindahan", case).content.decode())
    said: dict[str, Any] = {"cari": "kesehatan", "cari_kantor": "1", "reason": "Urusan kesehatan."}
    page = do(world.wati, "pindahan", rows=rows, **said).content.decode()
    assert "Dinas Kesehatan" in page
    assert "Urusan kesehatan." in page
    assert shown(page) == rows
    assert fresh(case).handler == world.dinas_pu


def test_an_office_that_cannot_read_one_of_them_gets_the_others(world: World) -> None:
    kept = forwarded(world, NOW, world.inspektorat, not_for=world.dinas_kesehatan)
    plain = forwarded(world, NOW)
    said: dict[str, Any] = {"agency": str(world.dinas_kesehatan.pk), "reason": "Urusan kesehatan."}
    answer = do(world.wati, "pindahan", kept, plain, **said)
    assert "tidak boleh membaca" in answer.content.decode()
    assert fresh(plain).handler == world.dinas_kesehatan
    assert fresh(kept).handler == world.inspektorat


def test_archive_with_one_ground_and_one_text(world: World) -> None:
    cases = [forwarded(world, NOW) for _ in range(2)]
    do(world.wati, "arsip", *cases, ground="NOT_PUBLIC_SERVICE", text="Sengketa antar tetangga, silakan ke desa.")
    for case in cases:
        assert (fresh(case).status, fresh(case).archive_ground) == (Status.ARCHIVED, "NOT_PUBLIC_SERVICE")
        assert case.messages.get(verb="archive").body == "Sengketa antar tetangga, silakan ke desa."


def test_nudge_many_each_with_its_logged_reason(world: World) -> None:
    cases = [forwarded(world, NOW), started(world, NOW)]
    do(world.wati, "pengingat", *cases, reason="Tolong dijawab minggu ini.")
    for case in cases:
        event = case.events.latest("pk")
        assert (event.verb, event.actor, event.particulars["reason"]) == (
            "nudge",
            world.wati.user,
            "Tolong dijawab minggu ini.",
        )


def test_one_that_was_overtaken_is_named_and_the_others_are_done(world: World) -> None:
    first, second = forwarded(world, NOW, title="Didahului"), forwarded(world, NOW)
    rows = shown(ask(world.wati, "arsip", first, second).content.decode())
    first.start(by=world.joko)
    answer = do(world.wati, "arsip", rows=rows, ground="UNCLEAR", text="Tempatnya tidak disebut sama sekali.")
    page = answer.content.decode()
    assert "Baru saja diubah orang lain" in page
    assert "Didahului" in page
    assert "Periksa lagi yang belum" in page
    assert (fresh(first).status, fresh(second).status) == (Status.IN_PROGRESS, Status.ARCHIVED)
    assert Event.objects.filter(complaint=first, verb="archive").count() == 0


def test_the_same_page_sent_twice_does_nothing_twice(world: World) -> None:
    case = forwarded(world, NOW)
    rows = shown(ask(world.wati, "arsip", case).content.decode())
    said: dict[str, Any] = {"ground": "UNCLEAR", "text": "Tempatnya tidak disebut sama sekali."}
    do(world.wati, "arsip", rows=rows, **said)
    again = do(world.wati, "arsip", rows=rows, **said)
    assert again.status_code == 409
    assert case.events.filter(verb="archive").count() == 1


@pytest.mark.parametrize(
    ("act", "sentences"),
    [
        ("arsip", ["Pilih alasan mengarsipkan", "Tulis penjelasan untuk pelapor"]),
        ("pindahan", ["Pilih kantornya", "Tulis alasannya"]),
        ("pengingat", ["Tulis alasannya"]),
    ],
)
def test_what_is_missing_is_said_and_the_rows_stay_ticked(world: World, act: str, sentences: list[str]) -> None:
    case = forwarded(world, NOW)
    answer = do(world.wati, act, case)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert all(sentence in page for sentence in sentences)
    assert shown(page) == [f"{case.number}~{case.version}"]


def test_one_answer_for_several_publishes_none_of_them(world: World) -> None:
    cases = [forwarded(world, NOW), started(world, NOW)]
    page = ask(world.joko, "tanggapan", *cases).content.decode()
    assert "Setiap pelapor membaca tanggapan yang sama" in page
    answer = do(world.joko, "tanggapan", *cases, body="Tim kami menambal semuanya pekan ini.", parties_only="on")
    assert answer.headers["Location"] == "/meja/"
    for case in cases:
        message = case.messages.get(verb="answer")
        assert (message.body, message.audience) == ("Tim kami menambal semuanya pekan ini.", "PARTIES")
        assert fresh(case).status == Status.IN_PROGRESS
    assert not fresh(cases[0]).is_published


def test_a_final_answer_for_several_each_to_be_judged_by_its_own_reporter(world: World) -> None:
    cases, third = [forwarded(world, NOW), started(world, NOW)], started(world, NOW)
    Complaint.objects.filter(pk=third.pk).update(round=3)
    said: dict[str, Any] = {"body": "Semua lubang di ruas itu sudah ditambal.", "outcome": "DONE", "unit": "Bina Marga"}
    lacking = do(world.joko, "jawaban-akhir", *cases, **{**said, "unit": ""})
    assert lacking.status_code == 400
    assert "Isi tanggal pekerjaan selesai." in lacking.content.decode()
    assert "Sebut unit yang mengerjakan." in lacking.content.decode()
    assert said["body"] in lacking.content.decode()
    late = do(world.joko, "jawaban-akhir", *cases, body="Nanti.", outcome="SCHEDULED", **_day("promised_on", 2031))
    assert "paling lama 12 bulan" in late.content.decode()
    assert "Jawaban akhir berikutnya dari koordinator" in ask(world.joko, "jawaban-akhir", third).content.decode()
    do(world.joko, "jawaban-akhir", *cases, **said, **_day("done_on", 2026))
    for case in cases:
        assert fresh(case).status == Status.ANSWERED
        assert case.messages.get(verb="resolve").facts["unit"] == "Bina Marga"


def _day(name: str, year: int) -> dict[str, Any]:
    return {f"{name}_pick": "other", f"{name}_day": "24", f"{name}_month": "5", f"{name}_year": str(year)}


def test_where_the_head_approves_each_answer_waits(world: World) -> None:
    world.dinas_pu.approves_answers = True
    world.dinas_pu.save()
    cases = [forwarded(world, NOW), forwarded(world, NOW)]
    do(world.joko, "tanggapan", *cases, body="Kami periksa pekan ini.")
    assert [case.messages.get(verb="answer").state for case in cases] == ["PENDING", "PENDING"]


def test_several_are_merged_into_the_oldest_unless_another_is_chosen(world: World) -> None:
    old, new = forwarded(world, NOW, title="Lubang lama"), forwarded(world, later(hours=1))
    answered = started(world, later(hours=1))
    answered.resolve("Tidak bisa.", by=world.joko, outcome="REFUSED")
    secret = forwarded(world, later(hours=1), secret=True)
    page = ask(world.wati, "gabungan", new, old, answered, secret).content.decode()
    assert re.search(rf'name="lead" value="{old.number}"[^>]*checked', page)
    answer = do(world.wati, "gabungan", new, old, answered, secret, lead=old.number, text="Lubang yang sama.")
    left = answer.content.decode()
    assert fresh(new).duplicate_of == old
    assert fresh(old).status == Status.FORWARDED
    assert "Statusnya “Menunggu tanggapan pelapor”." in left
    assert "sama rahasianya" in left
    assert (fresh(answered).status, fresh(secret).status) == (Status.ANSWERED, Status.FORWARDED)
    # One that waits for its reporter may still lead.
    do(world.wati, "gabungan", old, answered, lead=answered.number, text="Lubang yang sama.")
    assert fresh(old).duplicate_of == fresh(new).duplicate_of == answered


def test_one_alone_is_merged_with_nothing_and_a_stale_one_is_named(world: World) -> None:
    old, new = forwarded(world, NOW), forwarded(world, later(hours=1), title="Didahului")
    alone = do(world.wati, "gabungan", old, lead=old.number, text="Lubang yang sama.")
    assert "Pilih paling sedikit dua laporan" in alone.content.decode()
    rows = shown(ask(world.wati, "gabungan", old, new).content.decode())
    new.start(by=world.joko)
    answer = do(world.wati, "gabungan", rows=rows, lead=old.number, text="Lubang yang sama.")
    assert answer.status_code == 409
    assert "Baru saja diubah orang lain" in answer.content.decode()
    assert fresh(new).status == Status.IN_PROGRESS
    forged = do(world.wati, "gabungan", rows=rows, lead="7K4M9QXD2TB", text="Lubang yang sama.")
    assert "tidak bisa menjadi laporan utama" in forged.content.decode()


# --- who may not ---


@pytest.mark.parametrize("act", ["arsip", "pindahan", "pengingat", "gabungan"])
def test_a_liaison_does_at_once_what_a_liaison_may(world: World, act: str) -> None:
    case = forwarded(world, NOW)
    assert ask(world.joko, act, case).status_code == 403
    answer = do(world.joko, act, rows=[f"{case.number}~{case.version}"], text="Tulisan yang jangan sampai hilang.")
    assert answer.status_code == 403
    assert "Tulisan yang jangan sampai hilang." in answer.content.decode()
    assert fresh(case).status == Status.FORWARDED


def test_a_coordinator_reaches_nothing_of_the_next_district(world: World) -> None:
    case = forwarded(world, NOW)
    answer = do(
        world.tono,
        "arsip",
        rows=[f"{case.number}~{case.version}"],
        ground="UNCLEAR",
        text="Tempatnya tidak disebut sama sekali.",
    )
    assert "tidak ada lagi di meja Anda" in answer.content.decode()
    assert fresh(case).status == Status.FORWARDED


def test_observers_citizens_and_guests_are_kept_out(world: World) -> None:
    case = forwarded(world, NOW)
    rows = {"tindakan": "penanganan", "laporan": [f"{case.number}~{case.version}"]}
    for client in (client_of(world.bayu), client_of(world.sari), Client()):
        assert client.get(PAGE).status_code in (302, 403)
        assert client.post(PAGE, rows).status_code == 403
    assert fresh(case).status == Status.FORWARDED


# --- one case, from the overview ---


def test_a_single_case_is_nudged_from_the_drill_down_and_one_is_back_there(world: World) -> None:
    case = forwarded(world, NOW)
    wati, here = client_of(world.wati), f"/pengawasan/{world.dinas_pu.pk}/laporan/"
    page = wati.get(here).content.decode()
    assert f"/meja/{case.number}/pengingat/?next={here}" in page
    assert f'name="laporan" value="{case.number}"' in page
    asked = wati.get(f"/meja/{case.number}/pengingat/", {"next": here}).content.decode()
    assert f'name="next" value="{here}"' in asked
    answer = wati.post(f"/meja/{case.number}/pengingat/", {"version": case.version, "reason": "Segera.", "next": here})
    assert answer.headers["Location"] == here
    event = case.events.latest("pk")
    assert (event.verb, event.particulars["reason"], event.actor) == ("nudge", "Segera.", world.wati.user)
    assert "pengingat" not in client_of(world.hana).get(here).content.decode(), "a head does not nudge"


@pytest.mark.parametrize("wanted", ["//jahat.test/", "https://jahat.test/", "javascript:alert(1)"])
def test_one_is_sent_nowhere_else(world: World, wanted: str) -> None:
    case = forwarded(world, NOW)
    wati = client_of(world.wati)
    said = {"version": case.version, "reason": "Segera.", "next": wanted}
    assert wati.post(f"/meja/{case.number}/pengingat/", said).headers["Location"] == f"/meja/{case.number}/"
    answer = do(world.wati, "pengingat", case, reason="Segera.", next=wanted)
    assert answer.headers["Location"] == "/meja/"
