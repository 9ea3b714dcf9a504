"""/statistik/: the country, a province, a district, an office, for everybody; nothing secret and nothing of few."""

from __future__ import annotations

import datetime
import json
import random
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import brotli
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.models import Agency, Boundary, Level, Region
from complaints.models import Category
from routing import public
from routing.measures import counting, crosstab, ledger, splits, sums
from routing.measures.secrecy import LEAST
from routing.models import CaseFigure, Headline, Split, TurnFigure
from tests.filing import SARI, answered, days, filed, missed, published, resolved
from tests.scenes import once
from tests.world import World

pytestmark = pytest.mark.django_db
NOW = datetime.date(2026, 6, 18)
MAY, JUNE, MARCH = datetime.date(2026, 5, 4), datetime.date(2026, 6, 2), datetime.date(2026, 3, 3)


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


# --- The ledger without cases: what figures are made of, in the numbers a test needs ---


def figures(
    office: Agency, n: int, day: datetime.date = MAY, *, took: int = 2, category: Category | None = None, **more: Any
) -> None:
    """`n` cases of an office that were answered in time after so many working days, each in one turn."""
    first = CaseFigure.objects.count() + TurnFigure.objects.count() + 1_000_000
    steps = [int(step) for step in office.path.strip("/").split("/")]
    common = {
        "agency": office,
        "top_id": steps[min(1, len(steps) - 1)],
        "day": day,
        "kind": "PENGADUAN",
        "channel": more.pop("channel", "web"),
        "category": category,
        "secret": more.pop("secret", False),
        "withheld": more.pop("withheld", False),
    }
    case = {
        "told": False, "merged": False, "forwarded": True, "followed": True, "verify": 1, "verify_days": 0, "answer": 1,
        "answer_days": took, "settle": 1, "settle_days": took + 3, "ended": "accept", "ground": "", "contested": False,
        "reopened": False, "bounced": False, "past_due": False, **more,
    }  # fmt: skip
    CaseFigure.objects.bulk_create(CaseFigure(complaint_id=first + k, **common, **case) for k in range(n))
    TurnFigure.objects.bulk_create(
        TurnFigure(complaint_id=first + k, number=1, kept=case["answer"], days=case["answer_days"], gone="", **common)
        for k in range(n)
    )


def summed() -> None:
    """The sums of what the ledger has, as a remake leaves them."""
    for table in (*ledger.SUMS,):
        connection.cursor().execute(f"DELETE FROM {table}")
    for fill in sums.filling(str):
        fill()
    for fill in sums.months_filling(str):
        fill()


def page(path: str = "") -> str:
    answer = Client().get(f"/statistik/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def seen(path: str) -> Any:
    return Client().get(f"/statistik/{path}").context


@once(at=days(20))
def busy(world: World) -> World:
    """Dinas PU answers 40 in 2 working days and Dinkes 40 in 6; next door 4 in 1, of May."""
    figures(world.dinas_pu, 40, category=world.cat_road)
    figures(world.dinas_kesehatan, 40, took=6, category=world.cat_health, channel="sms", answer=2)
    figures(world.dinas_pu_tetangga, 4, took=1, category=world.cat_road)
    figures(world.dinas_pu, 3, secret=True)
    figures(world.dinas_pu, 2, withheld=True)
    summed()
    return world


# --- The pages ---


def test_on_a_phone_many_without_reports_are_one_line_that_opens_and_names_each(busy: World) -> None:
    assert "dengan 0 laporan" not in page(), "one of two: a line of its own"
    for code in ("94", "95", "96"):
        Region.objects.create(code=code, name=f"Provinsi {code}", search_name=code, level=Level.PROVINSI)
    told = page("?lagi=1")
    assert "<summary>4 dengan 0 laporan</summary>" in told
    folded = told.partition("4 dengan 0 laporan")[2].partition("</details>")[0]
    for name in ("Fajar Timur", "Provinsi 94", "Provinsi 95", "Provinsi 96"):
        assert f">{name}</a>" in folded
    assert "Sukaraya" not in folded
    assert told.count('<tr class="quiet">') == 4, "the wide table goes on naming each in its row"


def test_the_country_says_how_fast_and_shows_every_province(busy: World) -> None:
    told = page()
    assert "Menjawab dalam median <b>2 hari kerja</b>." in told
    assert "<b>52 dari 100</b> tepat waktu." in told, "44 of 84"
    assert 'href="/statistik/daerah/99/"' in told
    assert "1 tidak menerima laporan." in told, "Fajar Timur, said and not left out"
    rows = {row.name: row.received for row, _url in seen("")["parts"]["rows"]}
    assert rows == {"Fajar Timur": 0, "Sukaraya": 84}
    assert "rahasia dalam tahun" not in told, "the year is not over"


def test_a_province_shows_those_with_none_as_none(busy: World) -> None:
    Region.objects.create(code="99.71", name="Kota Baru", search_name="baru", level=Level.KOTA, parent_id="99")
    rows = {row.name: row for row, _url in seen("daerah/99/")["parts"]["rows"]}
    assert {name: row.received for name, row in rows.items()} == {
        "Kabupaten Sukamaju": 80,
        "Kabupaten Tetangga": 4,
        "Kota Baru": 0,
        "Pemerintah Provinsi Sukaraya": 0,
    }
    assert rows["Kabupaten Tetangga"].in_time is None, "four are too few for a share"
    assert not rows["Kota Baru"].connected
    told = page("daerah/99/")
    assert "belum tersambung" in told
    assert "1 tidak menerima laporan." in told, "the province itself is no district"
    assert "Daerah ini belum tersambung" in page("daerah/99.71/")


def test_a_district_shows_its_offices_and_an_office_its_kind(busy: World) -> None:
    told = page("daerah/99.01/")
    assert "Seberapa cepat Pemkab Sukamaju menjawab?" in told
    parts = seen("daerah/99.01/")["parts"]
    assert {row.name: row.median for row, _url in parts["rows"]}["Dinas Kesehatan"] == 6
    quiet = {row.name: row.median for row, _url in parts["more"]}
    assert quiet["Dinas Sosial"] is None, "said as well, behind those that have something to tell"
    office = f"instansi/{busy.dinas_pu.pk}/"
    assert "terlalu sedikit, atau jawabannya belum cukup" in page(office), "one other office alone is told of nobody"
    for n in range(5):
        other = Agency.objects.create(name=f"Badan {n}", parent=busy.pemkab, kind=busy.dinas_pu.kind)
        figures(other, 6, took=3 + n)
    summed()
    told = page(f"{office}?lagi=1")
    assert "Median 6 kantor sejenis di daerah ini: 5,5 hari kerja." in told
    assert "Kantor ini lebih cepat." in told
    assert f'href="/instansi/{busy.dinas_pu.pk}/"' in told
    assert (
        f'href="/statistik/instansi/{busy.dinas_pu.pk}/"'
        in Client().get(f"/instansi/{busy.dinas_pu.pk}/").content.decode()
    )


def test_few_answers_are_no_median_and_no_share(busy: World) -> None:
    told = page("daerah/99.02/")
    assert "Baru <b>4 laporan</b> dijawab." in told
    assert "<b>4 dari 4</b> tepat waktu." in told


def test_nothing_at_all_says_what_that_does_not_mean(world: World) -> None:
    for path in ("", "daerah/98/", "daerah/98.01/", f"instansi/{world.ministry.pk}/", "?dari=2020-01&sampai=2020-03"):
        assert "Tidak ada laporan tidak berarti tidak ada masalah." in page(path)


def test_what_is_not_there_is_not_found_and_nonsense_is_as_not_said(busy: World) -> None:
    for path in ("daerah/77/", "daerah/99.99/", "instansi/999999999/", "unduhan/entah/", "unduhan/angka/?daerah=x"):
        assert Client().get(f"/statistik/{path}").status_code == 404, path
    for query in ("dari=\x00&sampai=2026-13", "dari=9999-01", "sampai=2001-01", "dari=2026-06&sampai=2026-01"):
        assert Client().get(f"/statistik/?{query}").status_code == 200, query
    assert "tidak kami temukan" in page("?instansi=antah")
    assert "Kantor mana yang Anda maksud?" in page("?instansi=dinas")


def test_the_months_asked_for_stay_in_every_link(busy: World) -> None:
    told = page("daerah/99/?dari=2026-04&sampai=2026-05")
    assert "April 2026 sampai Mei 2026." in told
    assert 'href="/statistik/daerah/99.01/?dari=2026-04&amp;sampai=2026-05"' in told
    assert seen("daerah/99.01/?dari=2026-06&sampai=2026-06")["received"] == 0
    assert seen("daerah/99.01/?dari=2026-06&sampai=2026-04")["received"] == 80, "either way round"


def test_the_kecamatan_of_a_district_count_what_is_published(world: World) -> None:
    published(world)
    filed(world, "Tidak terbit.")
    for code, x in (("99.01.01", 120.0), ("99.01.02", 120.5)):
        Boundary.objects.create(region_id=code, ring=f"(({x},-4.0),({x + 0.5},-4.0),({x + 0.5},-3.5),({x},-3.5))")
    ledger.keep_up()
    told = page("daerah/99.01/")
    assert "Paling banyak di Kecamatan Mekarsari: 1 dari 1 laporan yang terbit." in told
    assert 'href="/laporan/?wilayah=99.01.01"' in told
    assert told.count('<path class="fill') == 2


@pytest.mark.slow
def test_real_cases_are_counted_as_everywhere(world: World) -> None:
    case = resolved(answered(filed(world), world.joko, at=3), world.joko, at=4)
    case.accept(by=SARI, rating_answer=4, rating_result=2, now=days(5))
    answered(missed(filed(world, anonymous=True), at=14), world.joko, at=14)
    filed(world, "Mandor menahan upah.", title="Upah ditahan mandor", secret=True)
    ledger.keep_up()
    for path in ("", "daerah/99/", "daerah/99.01/", f"instansi/{world.dinas_pu.pk}/"):
        shown = seen(path)
        assert (shown["received"], shown["ended"]["accepted"], shown["ended"]["lapsed"]) == (2, 1, 0), path
        assert "Upah" not in str(shown)


def test_a_page_reads_sums_and_is_light(busy: World) -> None:
    splits.tell_what_is_over()
    for path in ("", "daerah/99/", "daerah/99.01/", f"instansi/{busy.dinas_pu.pk}/", "?dari=2025-01&sampai=2026-04"):
        with CaptureQueriesContext(connection) as statements:
            body = Client().get(f"/statistik/{path}").content
        assert len(statements) <= 20, path
        assert not any("complaints_complaint" in one["sql"] for one in statements), path
        assert len(brotli.compress(body, quality=5)) <= 60_000


def test_the_map_of_the_country_is_drawn_beforehand(busy: World) -> None:
    Region.objects.create(code="74", name="Sulawesi Tenggara", search_name="sulawesi tenggara", level=Level.PROVINSI)
    Region.objects.create(
        code="74.01", name="Kabupaten Kolaka", search_name="kolaka", level=Level.KABUPATEN, parent_id="74"
    )
    for path in ("", "daerah/74/"):
        with CaptureQueriesContext(connection) as statements:
            told = page(path)
        assert told.count('<path class="fill m0"') == 1
        assert not any("agencies_boundary" in one["sql"] for one in statements)


# --- One category ---


@once(at=days(20))
def by_category(world: World) -> World:
    """Of March: 40 about roads at Dinas PU, answered in 2 working days, next door 6 late ones; 3 about social matters,
    too few for everybody."""
    figures(world.dinas_pu, 40, MARCH, category=world.cat_road)
    figures(world.dinas_pu_tetangga, 6, MARCH, category=world.cat_road, took=9, answer=2, ended="lapse")
    figures(world.dinas_kesehatan, 12, MARCH, category=world.cat_health)
    figures(world.dinas_kesehatan, 3, MARCH, category=world.cat_social)
    figures(world.dinas_pu, 5, MAY, category=world.cat_road)
    summed()
    splits.tell_what_is_over()
    return world


def test_a_category_says_how_fast_and_who_has_most_of_it(by_category: World) -> None:
    here = f"kategori/{by_category.cat_works.pk}/"
    told = page(here)
    assert "Seberapa cepat laporan tentang Pekerjaan Umum dan Penataan Ruang dijawab?" in told
    assert "Menjawab dalam median <b>2 hari kerja</b>." in told
    assert "<b>87 dari 100</b> tepat waktu." in told, "40 of 46; what came in May is not told before July"
    assert "Paling banyak ditangani Pemerintah Kabupaten Sukamaju: 40 dari 46 laporan." in told
    rows = seen(f"{here}?lagi=1")["answering"]["rows"]
    assert [(row.received, row.in_time) for row in rows] == [(40, 100), (6, None)], "six are too few for a share"
    assert "Triwulan 1 2026" in told
    asked = f"?kategori={by_category.cat_works.pk}"
    for target in ("/laporan/umpan.atom", "/langganan/", "/laporan/"):
        assert f'href="{target}{asked}"' in told


def test_what_is_told_of_no_agency_is_not_told_of_its_category(by_category: World) -> None:
    social = page(f"kategori/{by_category.cat_social.pk}/")
    assert "Belum ada yang bisa diceritakan dalam masa ini" in social
    assert seen(f"kategori/{by_category.cat_social.pk}/")["received"] == 0
    assert "Belum ada yang bisa" in page(f"kategori/{by_category.cat_works.pk}/?dari=2026-05&sampai=2026-06")


def test_a_category_is_found_from_where_one_reads_of_it(by_category: World) -> None:
    here = f"/statistik/kategori/{by_category.cat_works.pk}/"
    assert f'href="{here}"' in page()
    asked = "?dari=2026-01&sampai=2026-03"
    assert f'href="{here}{asked.replace("&", "&amp;")}"' in page(asked)
    case = published(by_category, "Jalan amblas", category=by_category.cat_road)
    below = f"/statistik/kategori/{by_category.cat_road.pk}/"
    for address in (f"/laporan/{case.number}/", f"/laporan/?kategori={by_category.cat_road.pk}"):
        assert f'href="{below}"' in Client().get(address).content.decode()
    assert Client().get(f"{below}{asked}")["Location"] == f"{here}{asked}", "finer than the first level is not told"
    assert "Jalan amblas" in page(f"kategori/{by_category.cat_works.pk}/")
    assert Client().get("/statistik/kategori/999999/").status_code == 404


def test_the_page_of_a_category_reads_sums_and_few_of_them(by_category: World) -> None:
    published(by_category, category=by_category.cat_road)
    with CaptureQueriesContext(connection) as statements:
        page(f"kategori/{by_category.cat_works.pk}/?dari=2025-01&sampai=2026-04")
    assert len(statements) <= 20
    assert not any("routing_casefigure" in one["sql"] for one in statements)


def test_the_tables_of_a_category_are_taken_away(by_category: World) -> None:
    asked = f"?kategori={by_category.cat_works.pk}&dari=2026-01&sampai=2026-03"
    lines = table("bagian", asked)
    assert lines[0] == "Menurut instansi: Pekerjaan Umum dan Penataan Ruang"
    assert f"/statistik/kategori/{by_category.cat_works.pk}/" in lines[3]
    assert "Pemerintah Kabupaten Sukamaju,40,100 %" in lines
    assert any(line.startswith("2026-1,46,40,6,0,0") for line in table("triwulan", asked))
    assert any(line.startswith("Diterima,46,") for line in table("angka", asked))
    for wrong in (f"unduhan/bulan/{asked}", "unduhan/triwulan/", "unduhan/angka/?kategori=x"):
        assert Client().get(f"/statistik/{wrong}").status_code == 404, wrong
    assert Client().get(f"/statistik/unduhan/angka/?kategori={by_category.cat_road.pk}").status_code == 404


# --- To take away ---


def table(what: str, query: str = "") -> list[str]:
    answer = Client().get(f"/statistik/unduhan/{what}/{query}")
    assert answer.status_code == 200
    return answer.getvalue().decode("utf-8-sig").splitlines()


def test_each_table_names_its_place_months_and_author(busy: World) -> None:
    lines = table("bagian", "?daerah=99&dari=2026-05&sampai=2026-05")
    assert lines[:2] == ["Bagian-bagiannya: Sukaraya", "Masa,Mei 2026"]
    assert lines[2].startswith("Diunduh,")
    assert "/statistik/daerah/99/?dari=2026-05&sampai=2026-05" in lines[3]
    assert "CC BY 4.0" in lines[4]
    assert "99.01,Kabupaten Sukamaju,80,0,0,40,40,0,80,80,0," in lines
    assert any(line.startswith("2026-05,84,44,40,0,0") for line in table("bulan"))
    assert any(line.startswith("Diterima,84,") for line in table("angka"))
    assert len(table("kecamatan", "?daerah=99.01")) == 7 + 3
    told = json.loads(Client().get("/statistik/unduhan/bulan/?bentuk=json").getvalue())
    assert (told["judul"].partition(":")[0], told["baris"][0][0], len(told["baris"])) == ("24 bulan", "Bulan", 25)
    assert "CC BY 4.0" in told["lisensi"]
    assert Client().get("/statistik/unduhan/kecamatan/").status_code == 404
    assert Client().get(f"/statistik/unduhan/kategori/?instansi={busy.dinas_pu.pk}").status_code == 404


# --- What may not be found out ---


def everything(world: World) -> list[Any]:
    """All that anybody can read."""
    found: list[Any] = []
    for query in ("", "?dari=2026-03&sampai=2026-05", "?dari=2026-01&sampai=2026-03"):
        subject = f"kategori/{world.cat_works.pk}/"
        for path in ("", "daerah/99/", "daerah/99.01/", "daerah/99.02/", f"instansi/{world.dinas_pu.pk}/", subject):
            # What is another at every request.
            found.append(re.sub('nonce="[^"]*"|value="[A-Za-z0-9]{64}"', "", page(path + query)))
        where = query.replace("?", "?daerah=99&") if query else "?daerah=99"
        found += [table(what, where) for what in ("angka", "bulan", "bagian", "kategori")]
    return found


def test_no_secret_case_changes_anything_anybody_reads(busy: World) -> None:
    figures(busy.dinas_pu, 30, MARCH, category=busy.cat_road)
    summed()
    splits.tell_what_is_over()
    before = everything(busy)
    kinds: tuple[dict[str, Any], ...] = ({"secret": True}, {"withheld": True})
    for more in kinds:
        figures(busy.dinas_pu, 7, MARCH, category=busy.cat_road, **more)
        figures(busy.dinas_kesehatan, 1, JUNE, took=9, **more)
    summed()
    Headline.objects.filter(name__startswith=splits.MARK).delete()
    splits.tell_what_is_over()
    assert everything(busy) == before


def test_secret_cases_are_told_of_the_country_in_a_year_that_is_over(busy: World) -> None:
    figures(busy.dinas_pu, 40, datetime.date(2025, 5, 5))
    figures(busy.dinas_pu, 4, datetime.date(2025, 6, 5), secret=True)
    summed()
    asked = "?dari=2025-01&sampai=2025-12"
    assert "laporan rahasia dalam tahun" not in page(asked), "four are too few"
    figures(busy.dinas_kesehatan, 1, datetime.date(2025, 9, 5), secret=True)
    summed()
    assert "masih ada 5 laporan rahasia dalam tahun 2025" in page(f"{asked}&x=1")
    assert "laporan rahasia dalam tahun" not in page(f"daerah/99/{asked}")


def test_a_quarter_is_told_by_category_and_channel_once_it_is_over(busy: World) -> None:
    figures(busy.dinas_pu, 12, MARCH, category=busy.cat_road)
    figures(busy.dinas_pu, 9, MARCH, category=busy.cat_road, channel="sms")
    figures(busy.dinas_pu, 8, MARCH, category=busy.cat_health)
    figures(busy.dinas_pu, 2, MARCH, category=busy.cat_social, channel="sms")
    summed()
    assert splits.tell_what_is_over() == 1
    assert splits.tell_what_is_over() == 0, "told already"
    told = seen("daerah/99.01/")["split"]["told"]
    assert told.quarters[-1] == datetime.date(2026, 1, 1)
    assert (told.whole, told.categories[busy.cat_works.pk]) == (31, 21)
    assert busy.cat_social.pk not in told.categories
    assert told.rest_of_categories >= LEAST
    assert "Paling banyak tentang Pekerjaan Umum dan Penataan Ruang: 21 dari 31 laporan." in page("daerah/99.01/")
    assert seen("?dari=2026-04&sampai=2026-06")["split"]["told"].whole == 0, "not over yet"
    figures(busy.dinas_pu, 1, MARCH, category=busy.cat_health)
    summed()
    assert splits.tell_what_is_over() == 1, "reports that came later are told with it"


def test_a_telling_that_is_stopped_goes_on_where_it_stood_and_is_read_when_it_is_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices = (world.dinas_pu, world.dinas_pu_tetangga, world.ministry)
    for office in offices:
        figures(office, 10, MARCH, category=world.cat_road)
    summed()
    quarter = datetime.date(2026, 1, 1)
    judged, really = list[Any](), crosstab.told_table

    def judge(*given: Any) -> Any:
        judged.append(given)
        return really(*given)

    monkeypatch.setattr(splits, "told_table", judge)
    answers = iter([False, False, True])
    assert splits.tell_what_is_over(is_over=lambda: next(answers)) == 0
    assert (len(judged), splits.of(None, [quarter]).whole) == (1, 0), "a part is no table of the country"
    assert splits.tell_what_is_over() == 1
    assert (len(judged), splits.of(None, [quarter]).whole) == (3, 30), "the first was not judged again"
    assert splits.tell_what_is_over() == 0

    # Told anew: what was told before is read until an agency's turn has come, and what has nothing left goes.
    CaseFigure.objects.filter(agency=world.ministry).delete()
    figures(world.dinas_pu, 5, MARCH, category=world.cat_road)
    summed()
    answers = iter([False, False, True])
    assert splits.tell_what_is_over(is_over=lambda: next(answers)) == 0
    assert splits.of(None, [quarter]).whole in (20, 30, 35)
    assert splits.tell_what_is_over() == 1
    assert splits.of(None, [quarter]).whole == 25


spans = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 11), st.integers(0, 4), st.integers(0, 2), st.integers(1, 9)),
    min_size=1,
    max_size=14,
)


@pytest.mark.slow
@given(spans)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_told_of_categories_is_a_sum_of_quarters_told_alone(
    world: World, history: Iterable[tuple[int, int, int, int, int]]
) -> None:
    """Of a country, a province and a district over any months: no number is made of anything but cells of five or more
    of one agency's quarter, so no two of them differ by less."""
    for model in (CaseFigure, TurnFigure, Split):
        model.objects.all().delete()
    Headline.objects.all().delete()
    offices = (world.dinas_pu, world.dinas_kesehatan, world.dinas_pu_tetangga, world.ministry)
    categories = (world.cat_road, world.cat_works, world.cat_health, world.cat_social, None)
    counts: Counter[tuple[int, datetime.date, int, str]] = Counter()
    for office, month, category, channel, n in history:
        day, chosen, by = datetime.date(2025, month, 9), categories[category], ("web", "sms", "email")[channel]
        figures(offices[office], n, day, category=chosen, channel=by)
        top = int(offices[office].path.strip("/").split("/")[1])
        key = (chosen.parent_id or chosen.pk) if chosen else 0
        counts[top, splits.quarter_of(day), key, by] += n
    summed()
    splits.tell_what_is_over()
    for row in Split.objects.all():
        same = sum(
            n
            for (top, quarter, category, channel), n in counts.items()
            if (top, quarter) == (row.node_id, row.quarter)
            and (not row.by & sums.CATEGORY or category == row.category)
            and (not row.by & sums.CHANNEL or channel == row.channel)
        )
        assert row.count == same >= LEAST
    first, last = datetime.date(2025, random.randint(1, 6), 1), datetime.date(2025, random.randint(6, 12), 28)
    wanted = splits.quarters(first, last, NOW)
    parts = [splits.of([office], wanted) for office in {top for top, *_rest in counts}]
    whole = splits.of(None, wanted)
    for category, count in whole.categories.items():
        assert count == sum(part.categories.get(category, 0) for part in parts)
    assert whole.whole == sum(part.whole for part in parts)
    for category in {cat.parent_id or cat.pk for cat in categories if cat}:
        told = splits.of_category(category, None, wanted, wanted)
        assert told.whole.sums["received"] == whole.categories.get(category, 0), "what became is told of these alone"
        assert sum(one["received"] for one in told.quarters.values()) == told.whole.sums["received"]
        assert all(one["received"] >= LEAST for one in told.agencies.values())
    assert whole.rest_of_categories >= 0


def test_the_sums_of_the_parts_are_the_whole(busy: World) -> None:
    figures(busy.root, 2)
    figures(busy.ministry, 7, JUNE, ended="")
    figures(busy.pemprov, 5, ended="lapse")
    figures(busy.pemkab, 3)
    summed()
    span = (datetime.date(2026, 1, 1), datetime.date(2026, 6, 30))
    province = public.of_region(Region.objects.get(pk="99"))
    district = public.of_region(busy.sukamaju)
    for body in (public.country(), province, district, public.of_agency(busy.dinas_pu)):
        scope = body.scope(*span)
        rows = public.parts(body, scope, NOW)
        for code in public.COLUMNS:
            assert not rows or public.summed(rows, code) == scope.sums[code], (body.agency.name, code)
        months = public.trend(scope, NOW)
        assert sum(month.received for month in months) == scope.sums["received"]
        assert sum(month.in_time for month in months) == scope.sums["answered_in_time"]
    here = next(row for row in public.parts(province, province.scope(*span), NOW) if row.code == "99.01")
    assert here.received == district.scope(*span).sums["received"] == 83
    assert set(public.COLUMNS) <= set(counting.CASES)
