"""Following a case with number and key, and what a stranger can learn."""

from __future__ import annotations

import datetime
import logging
import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from complaints.intake import Submission, receive
from complaints.models import Complaint
from complaints.number import new_key, new_number, shown_key
from tests.complaints.cases import NOW, WORKER, later, report
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def filed(world: World) -> tuple[Complaint, str]:
    """An open case and its key."""
    receipt = receive(Submission("web", "satu", "Lampu jalan mati sejak Rabu.", place=world.pasar_lama))
    return receipt.complaint, receipt.key


def asked(browser: Client, number: str, key: str) -> Any:
    return browser.post("/lacak/", {"number": number, "key": key})


def test_number_and_key_open_the_case_and_leave_the_address(filed: tuple[Complaint, str]) -> None:
    case, key = filed
    browser = Client()
    response = asked(browser, case.shown_number.lower().replace("-", " "), shown_key(key))
    assert response.headers["Location"] == f"/laporan/{case.number}/"
    assert key not in str(response.headers)
    page = browser.get(f"/laporan/{case.number}/")
    assert "Lampu jalan mati" in page.content.decode()
    assert key not in page.content.decode()
    assert browser.cookies["laporan"]["httponly"]


def test_without_the_key_an_unpublished_case_is_not_found(filed: tuple[Complaint, str]) -> None:
    assert Client().get(f"/laporan/{filed[0].number}/").status_code == 404


def test_a_stranger_signed_in_is_a_stranger(world: World, filed: tuple[Complaint, str]) -> None:
    assert client_of(world.rudi).get(f"/laporan/{filed[0].number}/").status_code == 404


def answers(world: World) -> dict[str, tuple[str, str]]:
    """Wrong number, wrong key, a secret case with a wrong key."""
    open_case = receive(Submission("web", "a", "Lampu jalan mati.", place=world.pasar_lama)).complaint
    secret = receive(Submission("web", "b", "Pungutan liar di loket.", place=world.pasar_lama, secret=True)).complaint
    return {
        "wrong number": (new_number(), new_key()),
        "wrong key": (open_case.number, new_key()),
        "secret": (secret.number, new_key()),
    }


def test_wrong_number_wrong_key_and_a_secret_case_answer_alike(world: World, django_assert_num_queries: Any) -> None:
    pages = set()
    for number, key in answers(world).values():
        browser = Client()
        with django_assert_num_queries(1):
            response = asked(browser, number, key)
        page = response.content.decode()
        pages.add((response.status_code, page.replace(number, "N").replace(key, "K")[page.find("<main") :]))
        with django_assert_num_queries(1):
            public = Client().get(f"/laporan/{number}/")
        assert public.status_code == 404
    assert len({(status, strip(page)) for status, page in pages}) == 1


def strip(page: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', "", page)


def test_without_a_key_nothing_unpublished_can_be_told_apart(world: World) -> None:
    pages = {
        strip(Client().post("/lacak/", {"number": number}).content.decode().replace(number, "N"))
        for number, _key in answers(world).values()
    }
    assert len(pages) == 1


@pytest.mark.slow
def test_the_three_answers_take_the_same_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lapor.kit.ratelimit.Bucket.take", lambda *a: True)
    browser, cases = Client(), answers(world)
    ratios = []
    # What leaks, leaks every time; what a busy machine does, it does once.
    for _attempt in range(4):
        took: dict[str, list[float]] = {}
        for _ in range(40):
            for name, (number, key) in cases.items():
                start = time.perf_counter()
                asked(browser, number, key)
                took.setdefault(name, []).append(time.perf_counter() - start)
        medians = [statistics.median(times[5:]) for times in took.values()]
        ratios.append(max(medians) / min(medians))
        if ratios[-1] < 1.25:
            return
    pytest.fail(f"the slowest answer took {ratios} times the quickest")


def test_the_key_is_in_no_log(filed: tuple[Complaint, str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    case, key = filed
    browser = Client()
    asked(browser, case.number, key)
    asked(browser, case.number, "SALAHSALAHSALAH1")
    assert key not in caplog.text


def test_guessing_is_stopped_with_clear_words(filed: tuple[Complaint, str]) -> None:
    case, key = filed
    browser = Client(REMOTE_ADDR="203.0.113.5")
    for _ in range(10):
        assert asked(browser, case.number, new_key()).status_code == 200
    response = asked(browser, case.number, key)
    assert response.status_code == 429
    assert "Terlalu banyak percobaan" in response.content.decode()
    assert asked(Client(REMOTE_ADDR="203.0.113.6"), case.number, key).status_code == 302


def test_guessing_is_counted_when_redis_is_silent(
    filed: tuple[Complaint, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from redis.exceptions import ConnectionError as Silent

    def silent() -> Any:
        raise Silent

    monkeypatch.setattr("lapor.kit.ratelimit._redis", silent)
    case, key = filed
    browser = Client(REMOTE_ADDR="203.0.113.77")
    for _ in range(10):
        asked(browser, case.number, new_key())
    assert asked(browser, case.number, key).status_code == 429


@pytest.mark.parametrize("forged", ["", "x", "eyI0IjoiYSJ9:1:2", '{"1":"x"}'])
def test_a_forged_cookie_opens_nothing(filed: tuple[Complaint, str], forged: str) -> None:
    browser = Client()
    browser.cookies["laporan"] = forged
    assert browser.get(f"/laporan/{filed[0].number}/").status_code == 404


@pytest.mark.parametrize("number", ["x", "0" * 11, "7K4M9QXD2TB", "%00", "é" * 11, "1" * 300])
def test_numbers_that_are_none_are_not_found(world: World, number: str) -> None:
    assert Client().get(f"/laporan/{number}/").status_code == 404


@pytest.mark.parametrize("typed", ["", "x", "\x00", "7K4M-9QXD-2TB", "9" * 41])
def test_a_number_that_is_none_is_said_beside_the_field(world: World, typed: str) -> None:
    page = Client().post("/lacak/", {"number": typed, "key": "x"}).content.decode()
    assert "hal yang perlu diperbaiki" in page


def test_a_browser_can_forget_a_case(filed: tuple[Complaint, str]) -> None:
    case, key = filed
    browser = Client()
    asked(browser, case.number, key)
    browser.post(f"/laporan/{case.number}/kepergian/")
    assert browser.get(f"/laporan/{case.number}/").status_code == 404


@time_machine.travel(later(days=1), tick=False)
def test_the_promise_says_its_date_and_how_it_was_computed(world: World) -> None:
    case = report(world, now=NOW)
    case.forward(world.dinas_pu, by=WORKER, reason="Jalan kabupaten di Sukasari.", now=NOW)
    page = client_of(world.sari).get(f"/laporan/{case.number}/").content.decode()
    assert "Dinas PU menjawab paling lambat Kamis, 4 Juni 2026" in page
    assert "5 hari kerja sejak Senin, 25 Mei, tanpa Sabtu, Minggu, 27 Mei, 28 Mei dan 1 Juni." in page
    assert "Jalan kabupaten di Sukasari." in page
    assert "Ada di Dinas PU sejak Senin, 25 Mei." in page
    assert 'class="cal"' in page


@time_machine.travel(datetime.datetime(2026, 6, 8, 3, tzinfo=datetime.UTC), tick=False)
def test_lateness_is_said_first_and_whole(world: World) -> None:
    case = report(world, now=NOW)
    case.forward(world.dinas_pu, by=WORKER, reason="aturan", now=NOW)
    page = client_of(world.sari).get(f"/laporan/{case.number}/").content.decode()
    assert "Terlambat 2 hari kerja" in page
    assert "Dinas PU belum menjawab" in page
    assert "Anda tidak perlu melapor lagi." in page


def test_what_officers_say_among_themselves_is_not_shown(world: World) -> None:
    case = report(world)
    case.forward(world.dinas_pu, by=WORKER, reason="aturan")
    case.note("Pelapor sudah tiga kali menelepon kantor.", by=world.joko)
    assert "tiga kali menelepon" not in client_of(world.sari).get(f"/laporan/{case.number}/").content.decode()


def test_the_page_costs_a_fixed_number_of_statements(world: World, django_assert_max_num_queries: Any) -> None:
    case = report(world)
    case.forward(world.dinas_pu, by=WORKER, reason="aturan")
    for n in range(5):
        case.answer(f"Jawaban nomor {n}.", by=world.joko)
    sari = client_of(world.sari)
    with django_assert_max_num_queries(20):
        sari.get(f"/laporan/{case.number}/")


@time_machine.travel(datetime.datetime(2026, 6, 7, 3, tzinfo=datetime.UTC), tick=False)
def test_the_ladder_says_who_knows_and_who_is_next(world: World) -> None:
    """Due Thursday 4 June, read on Sunday 7 June: nobody was told yet, the next working day is Monday."""
    case = report(world, now=NOW)
    case.forward(world.dinas_pu, by=WORKER, reason="aturan", now=NOW)
    page = client_of(world.sari).get(f"/laporan/{case.number}/").content.decode()
    assert "Siapa yang diberi tahu" in page
    assert "Kalau belum juga, Senin, 8 Juni" in page
    assert "Kalau belum juga, Kamis, 11 Juni" in page
    clock = case.clocks.get(kind="RESPOND")
    case.note_escalation(clock, by=WORKER, level=2)
    page = client_of(world.sari).get(f"/laporan/{case.number}/").content.decode()
    assert page.count("Diberi tahu 7 Juni") == 2


def test_a_browser_that_forgets_a_case_forgets_how_it_was_written(world: World) -> None:
    """A shared computer: after "Lupakan" the page after sending shows neither title nor number any more."""
    browser = Client()
    browser.post("/lapor/", {"place": world.sukasari.pk, "landmark": ""})
    told = {"kind": "PENGADUAN", "title": "Pungutan di loket", "story": "Diminta uang di loket.", "office_text": ""}
    browser.post("/lapor/masalah/", {**told, "happened_on_pick": "today"})
    browser.post("/lapor/periksa/", {"who": "hidden", "read": "secret", "tell": "keep"})
    case = Complaint.objects.get(title="Pungutan di loket")
    assert "Pungutan" in browser.get("/lapor/selesai/").content.decode()
    browser.post(f"/laporan/{case.number}/kepergian/")
    assert browser.get("/lapor/selesai/").status_code == 302
    assert browser.get(f"/laporan/{case.number}/").status_code == 404


def test_who_signs_out_leaves_no_report_open_to_the_next(world: World, filed: tuple[Complaint, str]) -> None:
    """A shared computer: neither what was filed signed in nor what was opened with its key."""
    browser = client_of(world.sari)
    asked(browser, filed[0].number, filed[1])
    assert browser.get(f"/laporan/{filed[0].number}/").status_code == 200
    browser.post("/akun/keluar/")
    assert browser.get(f"/laporan/{filed[0].number}/").status_code == 404


@pytest.mark.slow
def test_guessing_at_one_report_shuts_nobody_else_out(world: World, filed: tuple[Complaint, str]) -> None:
    """Behind one address of a carrier sit the guesser and everybody else; too many guesses at all shut it."""
    case, key = filed
    there = Client(REMOTE_ADDR="203.0.113.88")
    other = new_number()
    for _ in range(10):
        assert asked(there, other, new_key()).status_code == 200
    assert asked(there, other, new_key()).status_code == 429
    assert asked(there, case.number, key).status_code == 302
    for _ in range(90):
        asked(there, new_number(), new_key())
    assert asked(there, case.number, key).status_code == 429
