"""Bukan wewenang, as everybody reads it: the form, the desk that decides, the bound office, the timelines."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from complaints.models import ClockKind, Complaint
from complaints.models.lifecycle.acting import PublicText
from complaints.notifications import to_officers, to_reporter
from complaints.transitions import Incomplete
from routing import dispatch
from tests.routing.desk import fields_of, post
from tests.routing.turns import at, at_office, clock, events, fresh, letters
from tests.world import World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]


@pytest.fixture(autouse=True)
def _thursday(db: None) -> object:
    cache.clear()
    with time_machine.travel(at(4), tick=False):
        yield


def published(world: World, **more: Any) -> Complaint:
    case = at_office(world, **more)
    case.start(by=world.joko, public=PublicText("Jembatan putus", "Jembatan desa putus."), now=at(2))
    return fresh(case)


def once(world: World, **more: Any) -> Complaint:
    case = published(world, **more)
    dispatch.hand_back(
        case, by=world.joko, ground="NOT_OURS", reason="Ini air minum.", proposed=world.dinas_kesehatan, now=at(2)
    )
    return fresh(case)


def twice(world: World, **more: Any) -> Complaint:
    case = once(world, **more)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Menurut Dinas PU.", now=at(3))
    dispatch.hand_back(case, by=world.dewi, ground="NOT_OURS", reason="Bukan kami.", now=at(4))
    return fresh(case)


def page(who: object, case: Complaint, noun: str = "") -> str:
    return client_of(who).get(f"/meja/{case.number}/{noun}").content.decode()  # type: ignore[arg-type]


def test_the_form_asks_which_office_or_none_and_says_where_it_goes(world: World) -> None:
    form = page(world.joko, published(world), "pengembalian/")
    assert "Saya tidak tahu" in form
    assert "Cari kantor lain" in form
    assert "Laporan ini akan ke <b>Pemerintah Kabupaten Sukamaju</b>" in form
    assert "penolakan kedua" not in form


def test_an_office_that_can_not_be_the_answer_is_refused_at_its_field(world: World) -> None:
    case = published(world)
    for named in (world.dinas_pu, world.bidang_jalan):
        with pytest.raises(Incomplete) as error:
            dispatch.hand_back(case, by=world.joko, ground="NOT_OURS", reason="Bukan.", proposed=named, now=at(4))
        assert error.value.field == "proposed"
    answer = post(
        world.joko, case, "pengembalian", ground="NOT_OURS", agency=world.bidang_jalan.pk, reason="Punya bidang."
    )
    assert "Teruskan ke unit" in answer.content.decode()
    assert fresh(case).handler == world.dinas_pu


def test_the_desk_reads_who_refused_why_and_whom_they_named_and_presses_once(world: World) -> None:
    case = once(world)
    read = page(world.wati, case)
    for words in (
        "Pemkab Sukamaju yang memutuskan",
        "Dinas PU: bukan wewenang kami.",
        "Ini air minum.",
        "Menurutnya wewenang <b>Dinkes</b>",
        "Setuju, pindahkan ke Dinkes",
    ):
        assert words in read, words
    pressed = client_of(world.wati).post(
        f"/meja/{case.number}/pindahan/",
        fields_of(case, world.wati, agency=world.dinas_kesehatan.pk, reason="Dinkes, menurut Dinas PU."),
    )
    assert pressed.status_code == 302
    assert fresh(case).handler == world.dinas_kesehatan


def test_who_names_nobody_or_somebody_out_of_reach_leaves_no_press(world: World) -> None:
    case = published(world)
    dispatch.hand_back(case, by=world.joko, ground="NOT_OURS", reason="Bukan.", proposed=world.bumn, now=at(4))
    read = page(world.wati, fresh(case))
    assert "di luar wilayah Anda" in read
    assert "Setuju, pindahkan" not in read
    other = published(world)
    dispatch.hand_back(other, by=world.joko, ground="NOT_OURS", reason="Bukan.", now=at(4))
    assert "tidak menyebut kantor lain" in page(world.wati, fresh(other))


def test_the_second_refusal_is_said_before_and_binds_after(world: World) -> None:
    case = once(world)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Menurut Dinas PU.", now=at(3))
    assert "Ini penolakan kedua." in page(world.dewi, fresh(case), "pengembalian/")
    dispatch.hand_back(case, by=world.dewi, ground="NOT_OURS", reason="Bukan kami.", now=at(4))
    assert clock(case, ClockKind.DECIDE).due_on == at(5).date()
    read = page(world.wati, fresh(case))
    assert "Paling lambat <b>Jumat, 5 Juni 2026</b>" in read
    assert "kantor yang ditunjuk tidak bisa menolak lagi" in read
    assert read.index("Dinas PU: bukan wewenang kami.") < read.index("Dinkes: bukan wewenang kami.")
    assert [row.user for row in letters(case, "officer_decide")] == [world.wati.user], "it can't wait for the morning"
    assert world.wati.user is not None
    letter = to_officers.write("officer_decide", events(case, "hand_back")[1], world.wati.user)
    assert letter is not None
    assert "Jumat, 5 Juni 2026" in " ".join(line.text for line in letter.lines)
    dispatch.move(case, world.inspektorat, by=world.wati, reason="Diputuskan.", now=at(4, hour=11))
    read = page(world.agus, fresh(case))
    assert "Tidak bisa dikembalikan lagi" in read
    assert "Inspektorat wajib menanganinya" in read
    assert f"/meja/{case.number}/pengembalian/" not in read
    assert events(case, "move")[-1].particulars["decided"] is True


def test_the_chain_in_plain_words_for_everybody_and_no_person(world: World) -> None:
    case = twice(world)
    dispatch.move(case, world.inspektorat, by=world.wati, reason="Diputuskan.", now=at(4, hour=11))
    public = client_of(world.rudi).get(f"/laporan/{case.number}/").content.decode()
    for words in (
        "Dinas PU mengembalikan laporan: bukan wewenangnya",
        "Menurutnya ini wewenang Dinkes. Sekarang Pemkab Sukamaju yang memutuskan.",
        "Dinkes mengembalikan laporan: bukan wewenangnya",
        "Ini penolakan kedua: Pemkab Sukamaju wajib memutuskan.",
        "Pemkab Sukamaju memutuskan: wewenang Inspektorat",
    ):
        assert words in public, words
    for person in ("Joko", "Dewi", "Wati", "Ini air minum"):
        assert person not in public, "what an officer wrote as a reason may name somebody"
    officer = page(world.agus, fresh(case))
    assert "Menurutnya wewenang Dinkes." in officer
    assert "Penolakan kedua" in officer


def test_the_reporter_hears_who_refused_whom_they_named_and_by_when(world: World) -> None:
    case = twice(world)
    first, second = (
        "\n".join(line.text for line in letter.lines)
        for event in events(case, "hand_back")
        if (letter := to_reporter.write("handed_back", event, case.reporter)) is not None
    )
    assert "Menurutnya ini wewenang Dinkes." in first
    assert "Jumat, 5 Juni 2026" in second


def test_of_a_secret_case_a_stranger_learns_nothing_of_its_chain(world: World) -> None:
    case = at_office(world, secret=True)
    dispatch.hand_back(
        case, by=world.joko, ground="NOT_OURS", reason="Ini air minum.", proposed=world.dinas_kesehatan, now=at(2)
    )
    assert client_of(world.rudi).get(f"/laporan/{case.number}/").status_code == 404
    assert client_of(world.joko).get(f"/meja/{case.number}/").status_code == 404
    assert world.wati.user is not None
    letter = to_officers.write("officer_moved", events(case, "hand_back")[0], world.wati.user)
    assert letter is not None
    assert "Dinkes" not in str(letter), "a letter lies in a mailbox"
    assert "Dinkes" in page(world.wati, fresh(case))
