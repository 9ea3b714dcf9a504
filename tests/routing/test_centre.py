"""The country's page: provinces and kinds of agency in sums, one page of agencies, what waits at the centre; a ministry
with a deep tree. Nobody reads of a secret case who may not."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency, Kind, Level, Region, Role
from complaints.models import Arrival, Complaint
from routing import standing
from routing.measures import ledger
from routing.measures.reading import Reader
from routing.models import Delivery, DeskVisit, Endpoint, Headline, Standing
from routing.views.centre import nation
from tests.filing import answered, days, filed, missed, published
from tests.routing.machines import connected
from tests.scenes import once
from tests.world import World, client_of, opd

pytestmark = pytest.mark.django_db
HERE = "/pengawasan/"


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        yield


@once(at=days(20))
def busy(world: World) -> World:
    """Sukamaju: one late and one answered at the silent Dinas PU, one in time at the Dinkes. Tetangga: one late. The
    BUMN: one secret, late. The national desk: one. Nothing elsewhere."""
    published(world)
    answered(filed(world, at=2), world.joko, at=4)
    filed(world, addressed_to=world.dinas_kesehatan, at=19)
    filed(world, addressed_to=world.dinas_pu_tetangga, place=world.batu_belah)
    filed(world, "Uang pungutan diminta.", secret=True, addressed_to=world.bumn, place=None)
    filed(world, "Tidak tahu ke mana.", addressed_to=None, place=None, category=None, at=19)
    for who, day in ((world.joko, 4), (world.dewi, 20)):
        assert who.membership is not None
        DeskVisit.objects.create(membership=who.membership, last_at=days(day))
    ledger.keep_up()
    standing.refresh()
    return world


def rows(client: Client, address: str = HERE) -> dict[str, tuple[int, int, int]]:
    """Name → open, late, silent offices."""
    shown = client.get(address).context["rows"]
    return {row.name: (row.load.open, row.load.late, row.load.silent) for row in shown}


def waiting(client: Client) -> dict[str, int]:
    return {one["what"]: one["n"] for one in client.get(HERE).context["waiting"]}


# --- The country ---


def test_the_country_folds_into_provinces_and_kinds_of_agency(busy: World) -> None:
    found = rows(client_of(busy.ratna))
    assert found["Sukaraya"] == (4, 2, 2), "Sukamaju and Tetangga, and the provincial government"
    assert found["Fajar Timur"] == (0, 0, 0), "with none shown as none"
    assert found["BUMN"] == (1, 1, 1)
    assert found["Kementerian"] == (0, 0, 0)
    page = client_of(busy.ratna).get(HERE).content.decode()
    assert "Ada <b>6 laporan</b> terbuka." in page, "the national desk's among them"
    assert "tidak ada</span>" in page
    assert "<svg viewBox" not in page.split('id="instansi"')[1].split("legend")[0], "of these nobody knows the lines"


def test_the_provinces_of_the_country_are_drawn(busy: World) -> None:
    place = Region.objects.create(code="74.01", name="Kabupaten Kolaka", search_name="kolaka", level=Level.KABUPATEN)
    Agency.objects.plant([Agency(name="Pemkab Kolaka", kind=Kind.KABUPATEN, parent=busy.root, region=place)])
    page = client_of(busy.ratna).get(HERE).content.decode()
    assert page.count('class="fill m0" href="#d74"') == 1
    assert "1 dari 3 daerah punya laporan terlambat, paling banyak Sukaraya (2)." in page


def test_a_group_opens_into_its_agencies_and_each_into_its_offices(busy: World) -> None:
    client = client_of(busy.ratna)
    found = rows(client, f"{HERE}?kelompok=99")
    assert found == {
        "Pemerintah Kabupaten Sukamaju": (3, 1, 1),
        "Pemerintah Kabupaten Tetangga": (1, 1, 1),
        "Pemerintah Provinsi Sukaraya": (0, 0, 0),
    }
    page = client.get(f"{HERE}?kelompok=99").content.decode()
    assert f'href="{HERE}{busy.pemkab.pk}/"' in page
    assert "Dinas Pekerjaan Umum dan Penataan Ruang" in client.get(f"{HERE}{busy.pemkab.pk}/").content.decode()


def test_a_number_says_alone_what_it_counts_and_a_name_stays_a_name(busy: World) -> None:
    busy.pemkab.name = "Pemkab <script>"
    busy.pemkab.save()
    client = client_of(busy.ratna)
    page = client.get(f"{HERE}?kelompok=99").content.decode()
    assert "Pemkab <script>" not in page
    late = f'href="{HERE}{busy.pemkab.pk}/laporan/?unit=ya&amp;lewat=ya"'
    assert f'<a class="late" {late}>1<span class="vh"> Terlambat Pemkab &lt;script&gt;</span></a>' in page
    assert page.count('data-l="Tepat waktu"') == 3
    client.cookies["bahasa"] = "en"
    page = client.get(f"{HERE}?kelompok=99").content.decode()
    assert f'<a class="late" {late}>1<span class="vh"> Late Pemkab &lt;script&gt;</span></a>' in page


def test_who_may_not_know_of_secret_cases_finds_them_in_no_sum(busy: World) -> None:
    found = rows(client_of(busy.bayu))
    assert found["BUMN"] == (0, 0, 0), "neither open, nor late, nor silent"
    assert rows(client_of(busy.bayu), f"{HERE}?kelompok=BUMN") == {busy.bumn.name: (0, 0, 0)}
    assert rows(client_of(busy.bayu), f"{HERE}?hanya=diam&cari=Listrik") == {}
    told = client_of(busy.bayu).get(f"{HERE}?kelompok=BUMN").context["rows"][0]
    assert (told.received, told.months[-1]) == (0, 0)


def test_what_is_kept_from_an_office_is_in_nobodys_sum(busy: World) -> None:
    before = rows(client_of(busy.ratna))["Sukaraya"]
    Complaint.objects.filter(handler=busy.dinas_kesehatan).update(not_for=busy.dinas_pu)
    standing.refresh()
    assert rows(client_of(busy.ratna))["Sukaraya"][0] == before[0] - 1


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (
            "hanya=terlambat",
            ["Pemerintah Kabupaten Sukamaju", "PT Listrik Sukaraya (Persero)", "Pemerintah Kabupaten Tetangga"],
        ),
        ("cari=sukamaju", ["Pemerintah Kabupaten Sukamaju"]),
        ("hanya=tanpa-koordinator&urut=nama", ["Pemerintah Kabupaten Ujung Timur", "Pemerintah Provinsi Sukaraya"]),
        ("cari=%00&kelompok=%00&urut=x&hanya=y&setelah=z&semua=ya&kelompok=zz", None),
    ],
)
def test_agencies_are_found_filtered_and_sorted_by_the_address(
    busy: World, asked: str, names: list[str] | None
) -> None:
    found = list(rows(client_of(busy.ratna), f"{HERE}?{asked}"))
    assert found[0] == "Pemerintah Kabupaten Sukamaju" if names is None else set(found) == set(names)


def test_pages_of_agencies_go_on_where_the_last_one_ended(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nation, "PAGE", 2)
    client, seen, address = client_of(busy.ratna), [], f"{HERE}?semua=ya&urut=nama"
    while address:
        context = client.get(address).context
        seen += [row.name for row in context["rows"]]
        address = context["next"]
    assert seen == sorted(seen, key=str.casefold)
    assert len(seen) == 6


def test_what_was_received_and_kept_stands_beside_the_agencies_of_the_page(busy: World) -> None:
    told = client_of(busy.ratna).get(f"{HERE}?cari=sukamaju").context["rows"][0]
    assert told.months == [0, 0, 0, 0, 2, 1]
    assert told.received == 3
    assert told.in_time is None, "of fewer than five nothing is said"


def test_nothing_open_anywhere_says_so_and_lists_everybody(world: World) -> None:
    client = client_of(world.ratna)
    page = client.get(HERE).content.decode()
    assert "Tidak ada laporan terbuka." in page
    assert rows(client)["Sukaraya"] == (0, 0, 0)


# --- What waits at the centre ---


def test_what_waits_at_the_centre_is_counted_and_leads_there(busy: World) -> None:
    Arrival.objects.create(channel="sms", external_id="a", received_at=days(19), outcome="HELD")
    Arrival.objects.create(channel="sms", external_id="b", received_at=days(19))
    client = client_of(busy.ratna)
    found = waiting(client)
    assert found["Meja verifikasi nasional"] == 1
    assert found["Pesan yang menunggu diputuskan orang"] == 1
    assert found["Pesan masuk yang belum terbaca lebih dari 10 menit"] == 1
    assert found["Surat yang gagal terkirim, 30 hari terakhir"] == 0
    undelivered = "Kiriman ke sistem instansi yang gagal atau tertahan lebih dari sejam"
    assert found[undelivered] == 0
    machine, _program = connected(busy, busy.pemkab)
    webhook = Endpoint.objects.create(client=machine, kind=Endpoint.Kind.WEBHOOK, url="https://sistem.example.go.id/")
    case = Complaint.objects.exclude(handler=busy.root).earliest("pk")
    for event, state in zip(case.events.order_by("pk"), ("FAILED", "PENDING"), strict=False):
        Delivery.objects.create(endpoint=webhook, complaint=case, event=event, state=state, next_try=days(19))
    assert waiting(client)[undelivered] == 2
    page = client.get(HERE).content.decode()
    assert "1 menunggu diputuskan orang" in page
    for address in ("/meja/tertahan/", "/meja/surat/", "/meja/saluran/", "/pengawasan/lonjakan/", "/kelola/webhook/"):
        assert f'href="{address}"' in page


def test_alarms_say_what_is_missing_and_where_to_see_to_it(busy: World) -> None:
    page = client_of(busy.ratna).get(HERE).content.decode()
    assert "2 pemda belum punya koordinator." in page
    assert "keanggotaan petugas tidak bersandar pada keputusan" in page


def test_who_only_observes_sees_neither_the_desk_nor_the_alarms(busy: World) -> None:
    answer = client_of(busy.bayu).get(HERE)
    assert "waiting" not in answer.context
    assert "alarms" not in answer.context
    assert "belum punya koordinator." not in answer.content.decode()


# --- What is kept ready ---


def test_a_second_count_changes_nothing_and_the_sums_are_those_of_the_offices(busy: World) -> None:
    before = list(Standing.objects.order_by("agency_id", "secret").values_list("agency_id", "open", "late", "ages"))
    standing.refresh()
    assert (
        list(Standing.objects.order_by("agency_id", "secret").values_list("agency_id", "open", "late", "ages"))
        == before
    )
    assert [sum(ages) for _pk, _open, _late, ages in before] == [count for _pk, count, _late, _ages in before]
    whole = sum(load.open for load in standing.by_top(Reader(all_secrets=True)).values())
    assert whole == Complaint.objects.open().count()


def test_a_promise_that_was_missed_counts_where_it_was_missed(busy: World) -> None:
    missed(Complaint.objects.get(handler=busy.dinas_pu_tetangga), at=20)
    standing.refresh()
    load = standing.by_top(Reader())[busy.pemkab_tetangga.pk]
    assert (load.unanswered, load.climbed) == (1, 0)


def test_a_page_counts_anew_where_that_is_quick_and_waits_for_the_worker_where_it_is_not(busy: World) -> None:
    client = client_of(busy.ratna)
    filed(busy, addressed_to=busy.bumn, place=None)
    assert rows(client)["BUMN"][0] == 1, "counted this very second"
    Headline.objects.filter(name=standing.NAME).update(made_at=days(19.99), figures={"took": 60.0})
    assert rows(client)["BUMN"][0] == 1
    Headline.objects.filter(name=standing.NAME).update(figures={"took": 0.01})
    assert rows(client)["BUMN"][0] == 2


def test_the_number_of_statements_is_the_same_for_few_and_for_many(busy: World) -> None:
    client = client_of(busy.ratna)
    for address in (HERE, f"{HERE}?semua=ya"):
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        extra = [Agency(name=f"Pemkab {n} {address[-2:]}", kind=Kind.KABUPATEN, parent=busy.root) for n in range(20)]
        Agency.objects.plant(extra)
        Agency.objects.plant([opd(one, "Dinas", "", "") for one in extra])
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(few) == len(many) <= 20, "\n".join(one["sql"][:90] for one in many.captured_queries)


# --- A ministry ---


def deep(world: World) -> Agency:
    branch = Agency(name="Balai Jembatan Timur", kind=Kind.UNIT, parent=world.ministry)
    idle = Agency(name="Balai Jembatan Barat", kind=Kind.UNIT, parent=world.ministry)
    Agency.objects.plant([branch, idle])
    post = Agency(name="Satuan Kerja Karang Pagi", kind=Kind.UNIT, parent=branch)
    Agency.objects.plant([post])
    world.officer("Petugas satker", post)
    filed(world, addressed_to=post, place=None)
    filed(world, addressed_to=post, place=None, secret=True)
    standing.refresh()
    return post


def test_a_ministry_folds_into_its_offices_with_all_below_and_those_with_none(world: World) -> None:
    deep(world)
    minister = client_of(world.officer("Menteri", world.ministry, Role.HEAD))
    assert rows(minister) == {
        "Balai Jembatan Timur": (1, 1, 1),
        "Kementerian Jembatan Nasional": (0, 0, 0),
        "Balai Jembatan Barat": (0, 0, 0),
    }, "what is secret below is no head's"
    keeper = client_of(world.officer("Admin kementerian", world.ministry, Role.COORDINATOR))
    assert rows(keeper)["Balai Jembatan Timur"] == (2, 2, 1)
    assert list(rows(keeper, f"{HERE}?hanya=terlambat&urut=nama")) == ["Balai Jembatan Timur"]
    branch = Agency.objects.get(name="Balai Jembatan Timur")
    assert "Satuan Kerja Karang Pagi" in keeper.get(f"{HERE}{branch.pk}/").content.decode()
    assert minister.get(f"{HERE}{world.pemkab.pk}/").status_code == 404
