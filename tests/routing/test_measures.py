"""/pengawasan/<pk>/angka/: measures of a subtree, two periods side by side, their cases, the table to take away."""

from __future__ import annotations

import datetime
import html
import re
from collections import Counter
from http import HTTPStatus
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Role
from complaints.models import Kind
from routing import queue
from routing.measures import catalogue, counting, ledger, people, secrecy
from routing.measures.catalogue import Count, Days, Rating, Score, Staff
from routing.measures.reading import Filter, Reader, Scope
from routing.models import CaseFigure, Cell, Counted, DeskVisit, MonthCell, OfficeSum, TopSum, TurnFigure
from tests.filing import SARI, answered, days, filed, missed, resolved
from tests.scenes import once
from tests.taken import missing_from
from tests.world import World, client_of, programme

pytestmark = pytest.mark.django_db
YEAR = (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


@once(at=days(20))
def some(world: World) -> World:
    """Dinas PU: one accepted, one late, one secret. Dinkes: one question in time. Next door: one."""
    case = resolved(answered(filed(world), world.joko, at=3), world.joko, at=4)
    case.accept(by=SARI, rating_answer=4, rating_result=2, now=days(5))
    answered(missed(filed(world, anonymous=True), at=14), world.joko, at=14)
    filed(world, "Mandor menahan upah.", title="Upah ditahan mandor", secret=True)
    filed(world, addressed_to=world.dinas_kesehatan, category=world.cat_health, kind=Kind.PERMINTAAN_INFORMASI, at=18)
    filed(world, addressed_to=world.dinas_pu_tetangga, place=world.batu_belah, channel="sms")
    ledger.keep_up()
    return world


def scope(world: World, office: str = "pemkab", **more: Any) -> Scope:
    return Scope(getattr(world, office), *YEAR, **{"reader": Reader(all_secrets=True), **more})


def here(world: World, office: str = "pemkab", path: str = "") -> str:
    return f"/pengawasan/{getattr(world, office).pk}/angka/{path}"


# --- measures ---


def test_every_measure_has_a_formula_and_is_a_function_of_a_scope(some: World) -> None:
    for one in catalogue.MEASURES.values():
        assert one.take.__doc__ == one.formula, "the docstring is what the page says, in the language it is written in"
        assert len(one.formula) > 40
        assert " Dasar: " in one.formula, f"{one.code}: on which law, or on which rule of the portal, does it rest?"
        assert isinstance(one.take(scope(some)), Count | Days | Rating | Score | Staff)


def test_the_numbers_of_a_district(some: World) -> None:
    of = {code: one.take(scope(some)) for code, one in catalogue.MEASURES.items()}
    assert of["received"] == Count("received", 4)
    assert of["answered_in_time"] == Count(
        "answered_in_time", 1, ("answered_in_time", "answered_late", "answered_missed"), 2
    )
    assert of["followed"] == Count("followed", 2, ("forwarded",), 4)
    assert of["accepted"].n == 1
    assert of["closed"] == Count("closed", 1, ("forwarded",), 4, ("accepted", "lapsed"))
    assert of["officers"] == Staff(5)
    assert of["officers_decree"] == Staff(0, 5)
    assert isinstance(of["offices_never"], Staff)
    assert of["offices_never"].n == 2
    assert of["rating_answer"] == Rating(1, 4.0)
    assert of["answer_days"] == Days(2, 4.5, 4.5, 9)
    assert of["turns"].n == 4


def test_a_share_of_nothing_is_none() -> None:
    assert Count("followed", 0, ("forwarded",), 0).share is None


@pytest.mark.slow
def test_the_country_read_from_sums_is_the_ledger_counted(some: World) -> None:
    """Whatever the filter and the reader, the sums of the districts are the country's."""
    for reader in (Reader(), Reader(all_secrets=True)):
        for narrowed in (Filter(), Filter(kind="PENGADUAN"), Filter(channel="sms"), Filter("PENGADUAN", "web")):
            whole = scope(some, "root", reader=reader, narrowed=narrowed)
            parts = [
                scope(some, name, reader=reader, narrowed=narrowed)
                for name in ("pemkab", "pemkab_tetangga", "pemprov", "pemkab_timur", "ministry", "bumn")
            ]
            for code in counting.CODES:
                assert whole.sums[code] == sum(part.sums[code] for part in parts), code
            for name in counting.SPREADS:
                counted = sum(sum(part.spreads[name].values()) for part in parts)
                assert sum(whole.spreads[name].values()) == counted, name


@pytest.mark.parametrize("office", ["root", "pemkab", "dinas_pu"])
def test_sums_over_offices_kinds_channels_categories_and_days_are_the_whole(some: World, office: str) -> None:
    whole = scope(some, office)
    for code in counting.CODES:
        assert sum(sums[code] for sums in whole.below.values()) == whole.sums[code], code
    for dimension in ("kind", "channel", "category_id"):
        assert sum(count for _value, count in whole.by(dimension)) == whole.sums["received"]
    first = datetime.date(2026, 5, 25)
    each = [whole.over(day, day).sums for day in (first + datetime.timedelta(days=n) for n in range(30))]
    assert {code: sum(one[code] for one in each) for code in counting.CODES} == dict(whole.sums)


@pytest.mark.parametrize("office", ["root", "pemkab", "dinas_pu"])
def test_each_number_is_that_of_the_rows_behind_it(some: World, office: str) -> None:
    """Whole months as they are kept, days left of others, each reader and each filter: as the ledger is counted."""
    spans = [
        YEAR,
        *((datetime.date(2026, 5, first), datetime.date(2026, 6, last)) for first, last in ((1, 30), (29, 9))),
    ]
    spans += [(datetime.date(2026, 6, first), datetime.date(2026, 6, last)) for first, last in ((1, 30), (2, 18))]
    readers = (Reader(), Reader(all_secrets=True), Reader(secrets_of=some.dinas_pu.pk))
    filters = (Filter(), Filter(category=some.cat_road.pk), Filter("PENGADUAN", "web", some.cat_road.pk))
    for (first, last), reader, narrowed in product(spans, readers, filters):
        if office == "root" and reader.secrets_of:
            continue
        asked = Scope(getattr(some, office), first, last, narrowed, reader)
        rows = CaseFigure.objects.filter(asked.cases(""))
        assert asked.sums["received"] == rows.count()
        assert asked.sums["answered_late"] == rows.filter(counting.lookups(counting.CASES["answered_late"])).count()
        assert asked.sums["turns"] == TurnFigure.objects.filter(asked.cases("")).count()
        spread = Counter(rows.filter(answer_days__isnull=False).values_list("answer_days", flat=True))
        assert dict(asked.spreads["answer_days"]) == spread
        assert dict(asked.by("category_id")) == Counter(rows.values_list("category", flat=True))
        if asked.below:
            assert sum(one["received"] for one in asked.below.values()) == rows.count()
        # A few numbers alone are read another way.
        few, codes = asked.over(first, last), ("received", "rated", "rating_answer", "turns", "turns_not_ours")
        told = {pk: {code: sums[code] for code in codes} for pk, sums in asked.below.items()}
        assert few.some_below(*codes) == told
        assert few.days_below == asked.days_below


@pytest.mark.parametrize("office", ["root", "pemkab", "dinas_pu"])
def test_until_sums_are_there_the_rows_are_counted(some: World, office: str) -> None:
    narrowed = Filter(category=some.cat_road.pk) if office == "root" else Filter()
    kept = scope(some, office, narrowed=narrowed)
    assert (kept.sums["received"], kept.sums["turns"]) != (0, 0)
    few = kept.some_below("received", "turns"), kept.days_below
    for model in (OfficeSum, TopSum, Cell, MonthCell):
        model.objects.all().delete()
    Counted.objects.update(words="others")
    again = scope(some, office, narrowed=narrowed)
    assert (dict(again.sums), again.spreads) == (dict(kept.sums), kept.spreads)
    assert (again.some_below("received", "turns"), again.days_below) == few
    assert again.by("channel") == kept.by("channel")


def test_secret_cases_count_where_they_may_be_counted(some: World) -> None:
    assert scope(some).sums["received"] == 4
    assert scope(some, reader=Reader()).sums["received"] == 3
    regent = some.officer("Bupati Sukamaju", some.pemkab, Role.HEAD).membership
    assert regent is not None
    assert scope(some, reader=Reader.of(regent)).sums["received"] == 3, "of the own office alone"
    assert scope(some, reader=Reader(secrets_of=some.dinas_pu.pk)).sums["received"] == 4
    assert scope(some, "root", reader=Reader()).sums["received"] == 4


def test_who_works_here(some: World) -> None:
    found = people.of(some.pemkab, datetime.date(2026, 6, 18))
    assert (found.officers, found.active, found.valid) == (5, 0, 0)
    assert found.never == 2, "Dinas PU and Dinkes have an open case and never came"


def test_officers_have_no_kind_and_no_channel(some: World) -> None:
    narrowed = scope(some, narrowed=Filter(kind="PENGADUAN"))
    assert [one.take(narrowed) for one in catalogue.of_group("petugas")] == [Staff(None)] * 5


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"a": 9, "b": 7}, {"a": 9, "b": 7}),
        ({"a": 9, "b": 7, "c": 2}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 0, "c": 6}, {"a": 9, "b": 0, "c": 6}),
        ({"a": 1, "b": 1, "c": 30}, {"a": None, "b": None, "c": None}),
        ({"a": 4, "b": 4, "c": 30}, {"a": None, "b": None, "c": 30}),
        ({"a": 3}, {"a": None}),
    ],
)
def test_few_are_not_told_nor_found_by_subtraction(counts: dict[str, int], told: dict[str, int | None]) -> None:
    assert secrecy.told(counts) == told


# --- the page ---


def test_the_page_shows_two_periods_and_where_each_number_comes_from(some: World) -> None:
    page = client_of(some.wati).get(here(some)).content.decode()
    assert "<b>4 laporan</b> diterima, 1 Januari 2026 sampai 18 Juni 2026." in page
    assert "Dibandingkan dengan 1 Januari 2025 sampai 18 Juni 2025." in page
    assert "Rumus Jawaban pertama tepat waktu" in page
    assert "1 dari 2" in page
    assert "apa=answered_in_time" in page
    assert "Dinas Kesehatan" in page


def test_a_number_of_an_office_says_alone_what_it_is_and_a_name_stays_a_name(some: World) -> None:
    some.dinas_pu.name = "Dinas <script>"
    some.dinas_pu.save()
    client = client_of(some.wati)
    page = client.get(here(some)).content.decode()
    assert "Dinas <script>" not in page
    assert '<span class="vh"> Diterima Dinas &lt;script&gt;</span></a></td>' in page
    assert page.count('data-l="9 dari 10"') == page.count('data-l="SK berlaku"') > 1
    client.cookies["bahasa"] = "en"
    assert '<span class="vh"> Received Dinas &lt;script&gt;</span></a></td>' in client.get(here(some)).content.decode()


def test_any_period_and_any_filter(some: World) -> None:
    client = client_of(some.wati)
    page = client.get(here(some), {"dari": "01-06-2026", "sampai": "30-06-2026"}).content.decode()
    assert "<b>1 laporan</b> diterima, 1 Juni 2026 sampai 30 Juni 2026." in page
    page = client.get(here(some), {"jenis": "PENGADUAN", "kategori": str(some.cat_road.pk)}).content.decode()
    assert "<b>3 laporan</b> diterima" in page
    assert "Hanya Pengaduan · Jalan Berlubang." in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"dari": "31-02-2026"}, "Tulis tanggal seperti 31-12-2026."),
        ({"dari": "01-06-2026", "sampai": "01-05-2026"}, "Tanggal akhirnya sebelum tanggal awalnya."),
        ({"dari": "01-01-1990"}, "Paling awal 01-01-2000."),
        ({"dari": "01-01-2001"}, "Paling lama sepuluh tahun."),
    ],
)
def test_a_period_that_is_none_says_what_to_do(some: World, asked: dict[str, str], says: str) -> None:
    answer = client_of(some.wati).get(here(some), asked)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert says in answer.content.decode()


def test_an_empty_period_says_so(some: World) -> None:
    page = client_of(some.wati).get(here(some), {"dari": "01-01-2024", "sampai": "31-01-2024"}).content.decode()
    assert "Tidak ada laporan dalam periode ini" in page


@pytest.mark.slow
def test_the_number_of_statements_is_bounded(some: World) -> None:
    for who, office in ((some.wati, "pemkab"), (some.ratna, "root"), (some.hana, "dinas_pu")):
        client = client_of(who)
        client.get(here(some, office))
        for path in ("", "laporan/", "unduhan/"):
            with CaptureQueriesContext(connection) as statements:
                assert client.get(here(some, office, path)).status_code == HTTPStatus.OK
            assert len(statements) <= 20, [one["sql"][:90] for one in statements]


# --- the cases behind a number ---

_LINK = re.compile(r'<a href="(/(?:pengawasan|petugas)/[^"#]*)">([0-9.]+)(?: dari [0-9.]+)?<span class="vh">')


@pytest.mark.slow
def test_every_count_leads_to_as_many(some: World) -> None:
    """In the measures, the table of offices and the splits: the link is followed, and what it lists counted."""
    client = client_of(some.wati)
    assert some.joko.membership is not None
    DeskVisit.objects.create(membership=some.joko.membership, last_at=days(19))
    page = client.get(here(some)).content.decode()
    followed = 0
    for url, said in sorted(set(_LINK.findall(page))):
        if "apa=turn_days" in url or "apa=rated&" in url:
            # Of days and of a rating, not of how many.
            continue
        found = client.get(html.unescape(url))
        listed = found.context["shown"].paginator.count if url.startswith("/petugas/") else len(found.context["rows"])
        assert listed == int(said.replace(".", "")), url
        followed += 1
    assert followed > 12


@pytest.mark.parametrize(
    ("code", "cases"),
    [("verify_days", 4), ("answer_days", 2), ("settle_days", 1), ("turn_days", 2), ("rated", 1), ("rated_result", 1)],
)
def test_days_and_ratings_lead_to_the_cases_they_are_told_of(some: World, code: str, cases: int) -> None:
    client = client_of(some.wati)
    assert len(client.get(here(some, path="laporan/"), {"apa": code}).context["rows"]) == cases
    assert f"apa={code}" in client.get(here(some)).content.decode()


def test_a_number_leads_to_its_cases(some: World) -> None:
    client = client_of(some.wati)
    page = client.get(here(some, path="laporan/"), {"apa": "answered_late"}).content.decode()
    assert page.count('<td class="when">') == 1
    whole = client.get(here(some, path="laporan/"), {"apa": "answered_in_time,answered_late"}).content.decode()
    assert whole.count('<td class="when">') == 2
    turns = client.get(here(some, path="laporan/"), {"apa": "turns"}).content.decode()
    assert turns.count('<td class="when">') == 4


@pytest.mark.parametrize("apa", ["", "semua", "received,turns", "\x00", "received' OR 1=1"])
def test_a_number_that_is_none_has_no_cases(some: World, apa: str) -> None:
    assert client_of(some.wati).get(here(some, path="laporan/"), {"apa": apa}).status_code == HTTPStatus.NOT_FOUND


def test_the_cases_come_in_pages(some: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 3)
    client = client_of(some.wati)
    page = client.get(here(some, path="laporan/"))
    assert page.content.decode().count('<td class="when">') == 3
    rest = client.get(here(some, path="laporan/") + page.context["next"]).content.decode()
    assert rest.count('<td class="when">') == 1


@pytest.mark.parametrize(("who", "office", "rows"), [("wati", "pemkab", 4), ("ratna", "root", 4), ("bayu", "root", 4)])
def test_a_secret_case_is_in_no_list_of_who_may_not_see_it(some: World, who: str, office: str, rows: int) -> None:
    page = client_of(getattr(some, who)).get(here(some, office, "laporan/")).content.decode()
    assert page.count('<td class="when">') == rows
    assert "Upah" not in page


def test_a_case_that_has_gone_on_is_counted_and_not_listed(some: World) -> None:
    from routing import dispatch

    case = filed(some)
    dispatch.move(case, some.dinas_kesehatan, by=some.wati, reason="Salah kantor.", now=days(19))
    ledger.keep_up()
    client = client_of(some.hana)
    answer = client.get(here(some, "dinas_pu", "laporan/"), {"apa": "turns_moved"})
    assert "Tidak ada laporan yang bisa Anda lihat di sini" in answer.content.decode()


# --- who may ---


@pytest.mark.parametrize("path", ["", "laporan/", "unduhan/"])
def test_an_office_elsewhere_does_not_exist(some: World, path: str) -> None:
    assert client_of(some.tono).get(here(some, path=path)).status_code == HTTPStatus.NOT_FOUND
    assert client_of(some.joko).get(here(some, "dinas_pu", path)).status_code == HTTPStatus.NOT_FOUND
    assert Client().get(here(some, path=path)).status_code == HTTPStatus.FOUND


def test_who_looks_from_beside_reads_sums_of_whole_months_without_filter_or_list(some: World) -> None:
    client = client_of(some.officer("Pak Provinsi", some.pemprov, Role.OBSERVER))
    answer = client.get(here(some), {"dari": "29-05-2026", "sampai": "29-05-2026", "jenis": "PERMINTAAN_INFORMASI"})
    page = answer.content.decode()
    assert "<b>2 laporan</b> diterima, 1 Mei 2026 sampai 31 Mei 2026." in page, "without the secret one"
    assert "apa=" not in page
    assert "kurang dari 5" in page
    assert 'name="jenis"' not in page


def test_the_observer_of_a_programme_reads_that_programmes_numbers(some: World) -> None:
    ksp = some.officer("Bu KSP", some.root, Role.OBSERVER, programme=programme("bersama"))
    assert client_of(ksp).get(here(some, "root")).url == "/pengawasan/program/"  # type: ignore[attr-defined]


# --- to take away ---


def test_every_number_of_the_page_is_in_the_file(some: World) -> None:
    client = client_of(some.wati)
    page = client.get(here(some)).content.decode()
    answer = client.get(here(some, path="unduhan/"), {"bentuk": "csv"})
    assert missing_from(answer, page) == []


def test_the_table_carries_filter_time_and_author(some: World) -> None:
    answer = client_of(some.wati).get(here(some, path="unduhan/"), {"bentuk": "csv", "jenis": "PENGADUAN"})
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Saringan,Pengaduan" in text
    assert "Wati Lestari" in text
    assert "18 Juni 2026" in text
    assert "Jawaban pertama tepat waktu,50 %,1 dari 2" in text
    assert answer["Content-Disposition"].endswith('.csv"')


@pytest.mark.slow
def test_xlsx_and_a_tagged_pdf(some: World) -> None:
    client = client_of(some.wati)
    xlsx = client.get(here(some, path="unduhan/"), {"bentuk": "xlsx"})
    assert b"".join(xlsx.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    made = client.get(here(some, path="unduhan/"), {"bentuk": "pdf"}).content
    assert made[:5] == b"%PDF-"
    assert b"/StructTreeRoot" in made
    assert client.get(here(some, path="unduhan/"), {"bentuk": "doc"}).status_code == HTTPStatus.NOT_FOUND
