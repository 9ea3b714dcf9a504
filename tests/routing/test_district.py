"""Kominfo's table: every column of an office, sorting and sifting by the address, what a row leads to, the map."""

from __future__ import annotations

import html
import re
from http import HTTPStatus
from typing import Any

import pytest
import time_machine

from agencies.models import Boundary, Decree, Role
from agencies.outline import draw
from complaints.models import Complaint
from routing import dispatch
from routing.measures import ledger
from tests.filing import SARI, answered, days, filed, resolved
from tests.routing.test_oversight import HERE, rows, visit
from tests.scenes import once
from tests.world import World, client_of, programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_weeks_later() -> Any:
    with time_machine.travel(days(28), tick=False):  # Friday 26 June 2026
        yield


@once(at=days(28))
def busy(world: World) -> World:
    """Dinas PU: two late ones since the first day, one answered and rated meanwhile, one handed back. Dinkes: one new
    case, somebody at the desk, a decree."""
    filed(world)
    filed(world, place=world.cibuni)
    rated = resolved(answered(filed(world), world.joko, at=3), world.joko, at=4)
    rated.accept(by=SARI, rating_answer=4, now=days(5))
    dispatch.hand_back(filed(world, at=1), by=world.joko, ground="NOT_OURS", reason="Jalan provinsi.", now=days(2))
    filed(world, addressed_to=world.dinas_kesehatan, at=27)
    visit(world.joko, 5)
    visit(world.dewi, 28)
    assert world.dewi.membership is not None
    world.dewi.membership.decree = Decree.objects.create(
        agency=world.pemkab, number="1/2026", decided_on=days(0), about="petugas"
    )
    world.dewi.membership.save()
    while ledger.keep_up():
        pass
    return world


def names(page: str) -> list[str]:
    table = page.partition('id="peta"')[0]
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]+)</a>', table)


@pytest.mark.slow
def test_every_column_of_an_office(busy: World) -> None:
    found = rows(client_of(busy.wati))
    pu, dinkes = found["Dinas PU"], found["Dinkes"]
    assert (pu.open, pu.late, pu.near, pu.oldest) == (2, 2, 0, 18)
    assert (pu.before, pu.trend) == (3, -1), "four weeks ago the one that is closed now lay there too"
    assert (pu.median, pu.answered) == (0, 1)
    assert (pu.turns, pu.bounced, pu.share_bounced) == (4, 1, 25)
    assert (pu.rating, pu.rated) == (4, 1)
    assert (pu.officers, pu.active, pu.valid) == (2, 1, 0)
    assert (dinkes.trend, dinkes.active, dinkes.valid, dinkes.lacks_decree) == (1, 1, 1, False)
    assert pu.ages == [0, 0, 0, 0, 2, 0]


def test_units_are_counted_with_their_office_which_leads_to_them(busy: World) -> None:
    busy.officer("Tuti", busy.bidang_jalan)
    filed(busy, addressed_to=busy.bidang_jalan, at=27)
    client = client_of(busy.wati)
    assert (rows(client)["Dinas PU"].open, rows(client)["Dinas PU"].units) == (3, 1)
    page = client.get(HERE).content.decode()
    assert f'href="{HERE}{busy.dinas_pu.pk}/"' in page
    below = rows(client, f"{HERE}{busy.dinas_pu.pk}/")
    assert {name: row.open for name, row in below.items()} == {"Dinas PU": 2, "Bidang Jalan dan Jembatan": 1}


def test_the_address_sorts_and_sifts(busy: World) -> None:
    client = client_of(busy.wati)

    def shown(query: str) -> list[str]:
        return names(client.get(f"{HERE}?{query}").content.decode())

    assert shown("")[0] == "Dinas Pekerjaan Umum dan Penataan Ruang"
    assert shown("urut=nama") == sorted(shown("urut=nama"))
    assert shown("urut=tren")[0] in ("Dinas Kesehatan", "Pemerintah Kabupaten Sukamaju")
    assert shown("urut=nilai")[0] == "Dinas Pekerjaan Umum dan Penataan Ruang"
    assert shown("hanya=terlambat&urut=nama")[0] == "Dinas Pekerjaan Umum dan Penataan Ruang"
    assert "Dinas Kesehatan" not in shown("hanya=terlambat")
    assert "Dinas Kesehatan" not in shown("hanya=sk")
    assert shown("cari=dinkes") == ["Dinas Kesehatan"]
    assert shown("jenis=kecamatan") == ["Kecamatan Mekarsari"]
    assert shown("urut=apa&hanya=saja&jenis=lain") == shown("")
    # And says which way: names from A, late ones from the most.
    for code, way in (("nama", "ascending"), ("terlambat", "descending")):
        page = client.get(f"{HERE}?urut={code}").content.decode()
        assert re.findall(r'aria-sort="(\w+)"><a href="\?urut=(\w+)"', page) == [(way, code)]


def test_what_nothing_matches_says_so_and_keeps_what_was_asked(busy: World) -> None:
    page = client_of(busy.wati).get(f"{HERE}?cari=<b>zzz").content.decode()
    assert "Tidak ada kantor seperti itu" in page
    assert 'value="&lt;b&gt;zzz"' in page


def test_a_row_leads_to_the_cases_and_the_acts(busy: World) -> None:
    page = client_of(busy.wati).get(HERE).content.decode()
    cases = f"{HERE}{busy.dinas_pu.pk}/laporan/"
    for address in (f"{cases}#ingatkan", f"{cases}#laporan", f"{cases}?lewat=ya", "/petugas/?q=Dinas+PU"):
        assert f'href="{address}"' in page
    reading = client_of(busy.bayu).get(f"{HERE}{busy.pemkab.pk}/").content.decode()
    assert "#ingatkan" not in reading
    assert "/petugas/" not in reading


def links(page: str) -> dict[str, str]:
    """What each number of Dinas PU's row leads to, by what its link says to who hears it alone."""
    row = next(row for row in page.split("<tr>") if "Jalan &lt;b&gt;" in row)
    found = re.findall(r'<a(?: class="late")? href="([^"]*)">([^<]*)<span class="vh">([^<]*)</span></a>', row)
    return {html.unescape(shown + words): html.unescape(url) for url, shown, words in found}


def test_a_link_says_alone_what_it_counts_and_where_in_both_languages(busy: World) -> None:
    name = busy.dinas_pu.name = 'Dinas "Jalan <b>'
    busy.dinas_pu.save()
    client = client_of(busy.wati)
    cases, behind = f"{HERE}{busy.dinas_pu.pk}/laporan/", f"{HERE}{busy.dinas_pu.pk}/angka/laporan/"
    page = client.get(HERE).content.decode()
    assert "<b>&quot;" not in page
    assert "Jalan <b>" not in page
    wanted = {
        f"2 laporan terbuka di {name}": cases,
        f"2 laporan terlambat di {name}": f"{cases}?lewat=ya",
        f"0 hari kerja, angka {name}": f"{behind}?apa=turn_days&dari=2026-04-03&sampai=2026-06-26",
        f"25 % yang dikembalikan {name}": f"{behind}?apa=turns_not_ours&dari=2026-04-03&sampai=2026-06-26",
        f"4,0 yang dinilai di {name}": f"{behind}?apa=rated&dari=2026-04-03&sampai=2026-06-26",
        f"1 dari 2 petugas aktif di {name}": f"/petugas/?kantor={busy.dinas_pu.pk}&hanya=aktif",
    }
    assert links(page) == wanted
    for label in ("Terbuka", "Hampir", "Terlambat", "Tertua", "Tren", "Median", "Dikembalikan", "Nilai", "SK berlaku"):
        assert f'data-l="{label}"' in page
    client.cookies["bahasa"] = "en"
    page = client.get(HERE).content.decode()
    assert list(links(page))[:2] == [f"2 open reports at {name}", f"2 late reports at {name}"]
    assert 'data-l="Open"' in page
    assert "2 of 11–30 working days" in page, "the bar in words"


def test_who_may_not_count_a_secret_case_sees_it_in_no_column(busy: World) -> None:
    filed(busy, secret=True)
    regent = busy.officer("Bupati Sukamaju", busy.pemkab, Role.HEAD)
    assert rows(client_of(busy.wati))["Dinas PU"].before == 4
    for who, address in ((regent, HERE), (busy.bayu, f"{HERE}{busy.pemkab.pk}/")):
        row = rows(client_of(who), address)["Dinas PU"]
        assert (row.open, row.before, sum(row.ages)) == (2, 3, 2)


def test_an_observer_of_a_programme_gets_no_figures_of_turns_and_people(busy: World) -> None:
    of_one = busy.officer("Pak KSP", busy.pemkab, Role.OBSERVER, programme=programme("jalan"))
    page = client_of(of_one).get(HERE)
    assert page.status_code == HTTPStatus.OK
    assert "SK berlaku" not in page.content.decode()


def square(world: World, code: str, x: int) -> None:
    ring = f"(({x},0),({x + 1},0),({x + 1},1),({x},1))"
    Boundary.objects.create(region_id=code, ring=ring, hole=False)


def test_the_map_says_where_most_lies_and_leads_there(busy: World) -> None:
    square(busy, "99.01.01", 101)
    square(busy, "99.01.02", 102)
    client = client_of(busy.wati)
    page = client.get(HERE).content.decode()
    assert "Paling banyak terbuka di Kecamatan Mekarsari: 3 dari 4." in page
    assert page.count("<path class=") >= 2
    assert "kecamatan%3A%22Cibuni%22" in page
    late = client.get(f"{HERE}?peta=terlambat").content.decode()
    assert "Paling banyak terlambat di Kecamatan" in late
    reading = client_of(busy.bayu).get(f"{HERE}{busy.pemkab.pk}/").content.decode()
    assert "Paling banyak terbuka" in reading
    assert "/meja/?q=" not in reading


def test_without_borders_the_table_is_there(busy: World) -> None:
    page = client_of(busy.wati).get(HERE).content.decode()
    assert "Laporan menurut kecamatan" in page
    assert 'class="choro"' not in page
    assert Complaint.objects.open().count() == 4


def test_a_drawing_keeps_its_shape_and_its_holes() -> None:
    ring = [[100.0, 0.0], [102.0, 0.0], [102.0, 1.0], [100.0, 0.0]]
    about = {"code": "1", "name": "Satu", "point": [101.0, 0.5]}
    one = {"properties": about, "geometry": {"coordinates": [[ring, ring]]}}
    width, height, [(code, _name, path, x, y)] = draw([one])
    assert (width, height, code) == (600, 300, "1") or (width, height) == (600, 301)
    assert path.count("M") == 2
    assert x == pytest.approx(300, abs=1)
    assert y == pytest.approx(150, abs=1)
    assert draw([]) == (0, 0, [])
