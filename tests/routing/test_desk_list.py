"""The list: which cases, how many, in which order, in how many statements."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from complaints.models import Complaint, Supporter
from routing import queue
from routing.models import DeskVisit
from tests.complaints.cases import NOW, later
from tests.filing import SARI, days, filed, resolved
from tests.routing.desk import forwarded, started, submitted
from tests.world import World, client_of

pytestmark = pytest.mark.usefixtures("nudges")


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def titles(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>(?:<svg.*?</svg> )?([^<]*)</a>', html, flags=re.DOTALL)


def test_the_nearest_promise_comes_first(world: World) -> None:
    forwarded(world, NOW, title="Kedua")
    forwarded(world, later(days=-20), title="Pertama")
    page = client_of(world.joko).get("/meja/").content.decode()
    assert titles(page) == ["Pertama", "Kedua"]
    assert page.index("Terlambat</th>") < page.index("Masih ada waktu</th>")


@pytest.mark.slow
def test_the_page_asks_the_database_equally_often_for_one_case_and_for_many(world: World) -> None:
    browser = client_of(world.joko)
    forwarded(world, NOW)
    browser.get("/meja/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/meja/")
    for _ in range(12):
        started(world, NOW)
    with CaptureQueriesContext(connection) as many:
        browser.get("/meja/")
    assert len(many) == len(few) <= 9, [query["sql"][:90] for query in many.captured_queries]


def test_a_case_elsewhere_is_not_on_this_desk(world: World) -> None:
    forwarded(world, NOW, world.dinas_kesehatan, title="Antre puskesmas")
    assert "Antre puskesmas" not in client_of(world.joko).get("/meja/?q=kantor:semua").content.decode()


def test_a_coordinator_sees_the_own_desk_and_may_look_at_the_subtree(world: World) -> None:
    forwarded(world, NOW, title="Di Dinas PU")
    forwarded(world, NOW, world.pemkab_tetangga, title="Di tetangga")
    browser = client_of(world.wati)
    assert titles(browser.get("/meja/").content.decode()) == []
    assert titles(browser.get("/meja/?q=kantor:semua").content.decode()) == ["Di Dinas PU"]
    assert titles(browser.get("/meja/?q=kantor:pekerjaan").content.decode()) == ["Di Dinas PU"]
    assert titles(browser.get("/meja/?q=kantor:kesehatan").content.decode()) == []


def test_the_centre_sees_the_national_desk(world: World) -> None:
    submitted(world, NOW, title="Belum tahu milik siapa")
    assert titles(client_of(world.ratna).get("/meja/").content.decode()) == ["Belum tahu milik siapa"]


def test_a_secret_case_shows_its_number_and_is_not_found_by_its_words(world: World) -> None:
    case = forwarded(world, NOW, title="Pungutan di loket", secret=True)
    browser = client_of(world.joko)
    page = browser.get("/meja/").content.decode()
    assert "Pungutan di loket" not in page
    assert "Laporan rahasia" in page
    assert case.shown_number in page
    assert titles(browser.get("/meja/?q=pungutan").content.decode()) == []


def test_the_centre_finds_no_secret_case_of_an_office_in_its_list(world: World) -> None:
    forwarded(world, NOW, secret=True)
    assert titles(client_of(world.ratna).get("/meja/?q=kantor:semua").content.decode()) == []


def test_an_officer_the_case_names_does_not_see_it(world: World) -> None:
    case = forwarded(world, NOW, title="Tentang seseorang")
    assert world.joko.user is not None
    case.exclude(officers=[world.joko.user], by=world.wati, now=NOW)
    assert titles(client_of(world.joko).get("/meja/").content.decode()) == []


def test_a_filter_typed_into_the_box(world: World) -> None:
    started(world, later(days=-20), title="Trotoar retak", place=world.cibuni)
    forwarded(world, NOW, title="Lubang di jembatan", category=world.cat_road)
    client = client_of(world.joko)
    for typed, found in (
        ("status:proses", ["Trotoar retak"]),
        ("status:belum", ["Lubang di jembatan"]),
        ("kecamatan:mekarsari", ["Lubang di jembatan"]),
        ("kecamatan:cibuni", ["Trotoar retak"]),
        ("lewat:ya", ["Trotoar retak"]),
        ("lewat:tidak", ["Lubang di jembatan"]),
        ("pemegang:saya", ["Trotoar retak"]),
        ("pemegang:belum", ["Lubang di jembatan"]),
        ('"di jembatan"', ["Lubang di jembatan"]),
        ("jembatan retak", []),
        ("jenis:aspirasi", []),
        ("kategori:berlubang", ["Lubang di jembatan"]),
        ("giliran:pelapor", []),
        ("urut:terbaru", ["Lubang di jembatan", "Trotoar retak"]),
        ("status:selesai", []),
    ):
        assert titles(client.get("/meja/", {"q": typed}).content.decode()) == found, typed


def test_what_is_not_understood_is_explained_and_left_out(world: World) -> None:
    forwarded(world, NOW, title="Lubang")
    client = client_of(world.joko)
    for typed in ("stats:proses", "status:entah", "lewat:mungkin"):
        page = client.get("/meja/", {"q": typed}).content.decode()
        assert "tidak dikenal dan diabaikan" in page, typed
        assert titles(page) == ["Lubang"], typed


def test_no_query_breaks_the_page(world: World) -> None:
    client = client_of(world.joko)
    for typed in ("\x00", ":", '"', "status:", "a" * 5000, "kecamatan:%", "'; drop", "q:q:q"):
        assert client.get("/meja/", {"q": typed}).status_code == 200, typed


def test_a_number_typed_into_the_box_opens_the_case(world: World) -> None:
    case = forwarded(world, NOW)
    found = client_of(world.joko).get("/meja/", {"q": case.shown_number.lower()})
    assert found.status_code == 302
    assert found["Location"] == f"/meja/{case.number}/"


def test_pages_follow_each_other_without_gap_or_repetition(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    for n in range(5):
        forwarded(world, later(days=-n // 2), title=f"Laporan {n}")
    browser, address, seen = client_of(world.joko), "/meja/", []
    while address:
        page = browser.get(address).content.decode()
        seen += titles(page)
        following = re.search(r'href="([^"]*)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert sorted(seen) == [f"Laporan {n}" for n in range(5)]


@pytest.mark.parametrize("centre", [True, False])
def test_what_is_closed_comes_newest_first(world: World, centre: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the centre received last first, for a district changed last first."""
    monkeypatch.setattr(queue.page, "__defaults__", ("", 1))
    made = [resolved(filed(world, at=n), world.joko, at=5) for n in range(3)]
    for n, case in enumerate(reversed(made)):
        case.accept(by=SARI, now=days(6 + n))
    membership = (world.ratna if centre else world.wati).membership
    assert membership is not None
    desk, cursor = queue.Desk.of(membership, oversees=True, below=True), ""
    seen: list[str] = []
    while cursor or not seen:
        page = queue.page(desk, queue.read("status:selesai kantor:semua"), cursor)
        seen += [row.number for row in page.rows]
        cursor = page.next_cursor
    assert seen == [case.number for case in (made[::-1] if centre else made)]


def test_for_rare_words_the_centre_reads_so_many_closed_cases_and_the_older_ones_when_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "SPAN", 2)
    made = [
        resolved(filed(world, title=f"Lampu {n}" if n in (0, 3) else "Jalan", at=n), world.joko, at=6) for n in range(6)
    ]
    for case in made:
        case.accept(by=SARI, now=days(7))
    browser, address, seen = client_of(world.ratna), "/meja/?q=lampu status:selesai kantor:semua", []
    while address:
        page = browser.get(address).content.decode()
        following = re.search(r'href="([^"]*)" rel="next">([^<]*)', page)
        seen.append((titles(page), following[2] if following else ""))
        address = following[1].replace("&amp;", "&") if following else ""
    older = "Cari di yang lebih lama"
    assert seen == [([], older), (["Lampu 3"], older), (["Lampu 0"], "")]
    whole = browser.get("/meja/?q=status:selesai kantor:semua").content.decode()
    assert len(titles(whole)) == 6, "what is found at once needs no bound"
    away = browser.get("/meja/?q=jenis:aspirasi status:selesai kantor:semua").content.decode()
    assert "Belum ada yang cocok; laporan yang lebih lama belum dicari." in away
    for text in ("lampu status:selesai kantor:semua program:semua", "lampu lewat:ya status:selesai kantor:semua"):
        assert "lebih lama" not in browser.get("/meja/", {"q": text}).content.decode()
    drawn = browser.get("/meja/peta/?q=lampu status:selesai kantor:semua").content.decode()
    assert "Belum ada yang cocok; laporan yang lebih lama belum dicari." in drawn
    forged = browser.get("/meja/", {"q": "lampu status:selesai kantor:semua", "sesudah": f"~{10**17}"})
    assert f"~{made[4].pk}" in forged.content.decode()


@pytest.mark.parametrize(
    "cursor", ["x", "~", "2026-05-25~x", "9999-99-99~1", "~99999999999999999999", "2026-05-25T00:00~1", "'\x00~1"]
)
@pytest.mark.sampled
def test_a_forged_or_old_cursor_shows_the_first_page(world: World, cursor: str) -> None:
    forwarded(world, NOW, title="Lubang")
    for typed in ("", "urut:terbaru"):
        found = client_of(world.joko).get("/meja/", {"sesudah": cursor, "q": typed})
        assert found.status_code == 200
        assert titles(found.content.decode()) == ["Lubang"]


def test_an_empty_desk_says_so_and_names_one_next_act(world: World) -> None:
    page = client_of(world.joko).get("/meja/").content.decode()
    assert "Tidak ada laporan terbuka di meja ini." in page
    assert page.partition("<dialog")[0].count('class="btn"') == 1
    assert 'href="/panduan/opd/"' in page, "a desk that never had a case says how to begin"
    assert "Lihat kantor dan petugasnya" in client_of(world.wati).get("/meja/").content.decode()


def test_a_visit_is_noted_at_most_once_a_minute(world: World) -> None:
    browser = client_of(world.joko)
    browser.get("/meja/")
    with time_machine.travel(NOW + datetime.timedelta(seconds=30), tick=False):
        browser.get("/meja/")
    assert DeskVisit.objects.get().last_at == NOW


def test_guests_sign_in_and_come_back(client: object, db: None) -> None:
    from django.test import Client

    found = Client().get("/meja/?q=lewat:ya")
    assert found.status_code == 302
    assert "next=/meja/%3Fq%3Dlewat%3Aya" in found["Location"]


def test_citizens_and_observers_have_no_desk(world: World) -> None:
    assert client_of(world.sari).get("/meja/").status_code == 403
    assert client_of(world.bayu).get("/meja/").status_code == 403


def test_the_list_reads_its_index(world: World) -> None:
    """With sequential scans forbidden the planner must find the index made for it."""
    assert world.joko.membership is not None
    assert world.ratna.membership is not None
    forwarded(world, NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        # On a table of one row either index costs the same: without the other, the desk's own must do.
        cursor.execute("SAVEPOINT whole")
        cursor.execute("DROP INDEX complaint_open_due")
        own = queue.cases(queue.Desk.of(world.joko.membership, oversees=False), queue.read(""))
        assert "complaint_desk" in own.filter(due_on__isnull=False).order_by("due_on", "pk")[:51].explain()
        cursor.execute("ROLLBACK TO SAVEPOINT whole")
    centre = queue.Desk.of(world.ratna.membership, oversees=True, below=True)
    # What is closed has no date: also of all that ever was the dated ones are read by that index.
    for text in ("kantor:semua", "status:semua kantor:semua"):
        below = queue.cases(centre, queue.read(text), dated=True)
        assert "complaint_open_due" in below.order_by("due_on", "pk")[:51].explain(), text


def test_everything_that_ever_was_is_listed_in_few_statements(world: World) -> None:
    closed = resolved(filed(world, title="Selesai"), world.joko, at=1)
    closed.accept(by=SARI, now=days(2))
    filed(world, title="Terbuka")
    browser = client_of(world.ratna)
    browser.get("/meja/?q=status:semua kantor:semua")
    with CaptureQueriesContext(connection) as seen:
        page = browser.get("/meja/?q=status:semua kantor:semua").content.decode()
    assert titles(page) == ["Terbuka", "Selesai"]
    assert len(seen) <= 10


def test_the_desk_can_ask_for_what_many_follow(world: World) -> None:
    many, few, hidden = (started(world, NOW, title=title) for title in ("Banyak", "Sedikit", "Tertutup"))
    merged = started(world, NOW, title="Digabung")
    Complaint.objects.filter(pk=merged.pk).update(duplicate_of=many, status="archived")
    for case, who in ((many, "ab"), (merged, "bc"), (few, "a"), (hidden, "abcd")):
        for one in who:
            Supporter.objects.create(complaint=case, fingerprint=one, confirmed_at=NOW)
    Supporter.objects.create(complaint=few, fingerprint="x")  # nobody showed that it is theirs
    hidden.tighten(secret=True, by=Actor.reporter(), now=NOW)
    browser = client_of(world.joko)
    page = browser.get("/meja/?q=pendukung:ya").content.decode()
    assert titles(page) == ["Banyak", "Sedikit"]
    assert "3 orang juga mengalami" in page
    assert titles(browser.get("/meja/?q=pendukung:2").content.decode()) == ["Banyak"]
    assert titles(browser.get("/meja/?q=pendukung:4").content.decode()) == []
    sorted_page = browser.get("/meja/?q=urut:pendukung").content.decode()
    assert titles(sorted_page) == ["Banyak", "Sedikit"]
    assert "Paling banyak juga mengalami" in sorted_page
    assert titles(browser.get("/meja/?q=urut:pendukung&sesudah=3~" + str(many.pk)).content.decode()) == ["Sedikit"]
    assert titles(browser.get("/meja/?q=urut:pendukung&sesudah=x~1").content.decode()) == ["Banyak", "Sedikit"]
    assert "3 orang juga mengalami" not in browser.get("/meja/").content.decode()
