"""Behind a district's door stand the citizens' pages with its name; what is filed there is the district's."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from agencies import subsites
from agencies.models import SubSite
from complaints.models import AddressedBy, Clock, Complaint, ServiceStandard
from complaints.models.clock import ClockKind
from lapor.hosts import Hosts, lent
from routing import dispatch
from routing.models import Rule
from tests.complaints.test_submit import CHECK, STORY
from tests.complaints.test_submit_bytes import size
from tests.filing import published
from tests.world import LONG_AGO, World, client_of

HOST = "lapor.sukamaju.go.id"

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(world: World) -> SubSite:
    return subsites.set_subsite(
        world.pemkab,
        by=world.ratna,
        slug="sukamaju",
        name="Lapor Sukamaju",
        colour="#7a1f1f",
        phones=[["Loket", "0769 123456"]],
        host=HOST,
        active=True,
    )


def get(url: str, **more: Any) -> str:
    answer = Client().get(url, **more)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    return answer.content.decode()


def file_at(door: str, world: World, browser: Client | None = None, **story: Any) -> Complaint:
    browser = browser or Client()
    browser.post(f"{door}/lapor/", {"place": world.pasar_lama.pk})
    assert browser.post(f"{door}/lapor/masalah/", STORY | story).headers["Location"].endswith("/lapor/periksa/")
    assert browser.post(f"{door}/lapor/periksa/", CHECK).headers["Location"] == f"{door}/lapor/selesai/"
    case = Complaint.objects.latest("pk")
    dispatch.forward_by_itself(case.pk)
    return Complaint.objects.get(pk=case.pk)


# --- what one sees ---


def test_the_door_bears_the_districts_name_colours_and_numbers(site: SubSite) -> None:
    page = get("/d/sukamaju/")
    for words in ("Lapor Sukamaju", "Ada masalah di Kabupaten Sukamaju?", "0769 123456", "--teal:#7a1f1f"):
        assert words in page


def test_every_link_of_its_pages_stays_behind_the_door(site: SubSite) -> None:
    for url in ("/d/sukamaju/", "/d/sukamaju/lapor/", "/d/sukamaju/laporan/", "/d/sukamaju/lacak/"):
        page = get(url)
        assert 'href="/d/sukamaju/lapor/"' in page, url
        assert 'href="/lapor/"' not in page, url
        assert 'href="/laporan/"' not in page, url


@pytest.mark.parametrize(
    "path",
    ["", "lapor/", "lacak/", "laporan/", "statistik/", "statistik/tidak-ditanggapi/", "cara-kerja/", "data-pribadi/"],
)
def test_citizens_pages_open_behind_it(site: SubSite, path: str) -> None:
    assert "Lapor Sukamaju" in get(f"/d/sukamaju/{path}")


def test_the_list_of_offices_is_its_own(site: SubSite, world: World) -> None:
    answer = Client().get("/d/sukamaju/instansi/")
    assert answer.headers["Location"] == f"/d/sukamaju/instansi/{world.pemkab.pk}/"


def test_officers_pages_stand_on_the_national_address(site: SubSite, world: World) -> None:
    for path in ("meja/", "akun/", "kelola/", "pengawasan/?x=1", "laporan-saya/"):
        assert Client().get(f"/d/sukamaju/{path}").headers["Location"] == f"/{path}"
    assert client_of(world.joko).post("/d/sukamaju/meja/loket/", {}).status_code == 404


def test_a_door_that_is_closed_or_unknown_is_not_found(site: SubSite, world: World) -> None:
    assert Client().get("/d/entah/").status_code == 404
    subsites.set_subsite(world.pemkab, by=world.wati, active=False)
    assert Client().get("/d/sukamaju/").status_code == 404


def test_without_the_slash_one_is_led_to_it(site: SubSite) -> None:
    assert Client().get("/d/sukamaju").headers["Location"] == "/d/sukamaju/"


@pytest.mark.parametrize(
    "path", ["/d/", "/d//", "/d/../", "/d/%00/", "/d/SUKAMAJU/", "/d/sukamaju//", "/d/sukamaju/\x00"]
)
def test_odd_addresses_are_answered_without_a_fault(site: SubSite, path: str) -> None:
    assert Client().get(path).status_code in (200, 301, 302, 404)


def test_the_national_portal_asks_nothing_more_than_before(site: SubSite, django_assert_num_queries: Any) -> None:
    Client().get("/cara-kerja/")
    with django_assert_num_queries(1):
        Client().get("/cara-kerja/")


def test_the_prefix_ends_with_the_request(site: SubSite) -> None:
    get("/d/sukamaju/lapor/")
    assert reverse("complaints:place") == "/lapor/"
    assert 'href="/lapor/"' in get("/")


def test_only_the_districts_reports_are_listed_and_counted(site: SubSite, world: World) -> None:
    published(world, "Lubang di depan pasar Sukamaju")
    published(
        world, "Lubang di jalan tetangga", by=world.yanto, addressed_to=world.dinas_pu_tetangga, place=world.batu_belah
    )
    national, own = get("/laporan/"), get("/d/sukamaju/laporan/")
    assert "Lubang di jalan tetangga" in national
    assert "Lubang di jalan tetangga" not in own
    assert "Lubang di depan pasar Sukamaju" in own
    foreign = get(f"/d/sukamaju/laporan/?instansi={world.pemkab_tetangga.pk}")
    assert "Lubang di jalan tetangga" not in foreign
    assert world.pemkab_tetangga.name not in get(f"/d/sukamaju/statistik/?instansi={world.pemkab_tetangga.pk}")


# --- what is filed there ---


def test_four_screens_behind_the_door_make_a_case_of_the_district(site: SubSite, world: World) -> None:
    case = file_at("/d/sukamaju", world)
    assert (case.subsite, case.channel) == (site, "web")
    assert (case.addressed_to, case.addressed_by) == (world.pemkab, AddressedBy.SUBSITE)
    assert case.handler == world.pemkab
    assert "Lapor Sukamaju" in case.events.get(verb="place").particulars["reason"]
    assert "lewat Lapor Sukamaju" in client_of(world.wati).get(f"/meja/{case.number}/").content.decode()


def test_the_draft_of_a_door_is_not_that_of_the_portal(site: SubSite, world: World) -> None:
    browser = Client()
    browser.post("/d/sukamaju/lapor/", {"place": world.pasar_lama.pk, "landmark": "depan pos"})
    assert "depan pos" in browser.get("/d/sukamaju/lapor/").content.decode()
    assert browser.cookies["draf"]["path"] == "/d/sukamaju/lapor/"


def test_with_a_category_it_goes_to_the_office_of_the_district(site: SubSite, world: World) -> None:
    assert file_at("/d/sukamaju", world, category=str(world.cat_road.pk)).handler == world.dinas_pu


def test_no_rule_of_the_centre_carries_it_out_of_the_district(site: SubSite, world: World) -> None:
    Rule.objects.create(owner=world.root, target=world.bumn, words=["jembatan"], starts_on=LONG_AGO)
    assert file_at("/d/sukamaju", world).handler == world.pemkab
    assert file_at("", world).handler == world.bumn


def test_an_office_the_reporter_names_is_where_it_goes(site: SubSite, world: World) -> None:
    case = file_at("/d/sukamaju", world, office=str(world.bumn.pk), office_text=world.bumn.name)
    assert case.handler == world.bumn
    assert (case.subsite, case.addressed_by) == (site, "")


def test_a_place_elsewhere_leaves_it_with_the_district_it_was_told_to(site: SubSite, world: World) -> None:
    browser = Client()
    browser.post("/d/sukamaju/lapor/", {"place": world.batu_belah.pk})
    browser.post("/d/sukamaju/lapor/masalah/", STORY)
    browser.post("/d/sukamaju/lapor/periksa/", CHECK)
    case = Complaint.objects.get()
    dispatch.forward_by_itself(case.pk)
    assert Complaint.objects.get().handler == world.pemkab


def test_the_district_is_the_place_unless_another_is_chosen(site: SubSite, world: World) -> None:
    page = get("/d/sukamaju/lapor/")
    assert f'value="{world.sukamaju.pk}" checked' in page
    assert "Mekarsari" in page


def test_tighter_promises_hold_from_the_first_day(site: SubSite, world: World) -> None:
    for clock, days in (("VERIFY", 1), ("RESPOND", 2)):
        ServiceStandard.objects.create(
            kind="PENGADUAN",
            clock=clock,
            agency=world.pemkab,
            working_days=days,
            starts_on=LONG_AGO,
            legal_basis="Perbup",
        )
    case = file_at("/d/sukamaju", world)
    assert Clock.objects.get(complaint=case, kind=ClockKind.VERIFY).budget == 1
    assert "berjanji lebih cepat daripada aturan nasional" in get("/d/sukamaju/")
    assert Clock.objects.get(complaint=file_at("", world), kind=ClockKind.VERIFY).budget == 3


def test_a_site_once_filed_on_cannot_vanish(site: SubSite, world: World) -> None:
    from django.db.models import ProtectedError

    file_at("/d/sukamaju", world)
    with pytest.raises(ProtectedError):
        site.delete()


# --- its own host ---


@pytest.fixture
def by_name(settings: LazySettings) -> None:
    """As in production: the list of the settings, to which a name is lent."""
    settings.ALLOWED_HOSTS = Hosts([*list(settings.ALLOWED_HOSTS), ".lapor.test"])


@pytest.mark.usefixtures("by_name")
def test_its_own_host_opens_the_district(site: SubSite, world: World) -> None:
    page = get("/", headers={"host": HOST})
    assert "Ada masalah di Kabupaten Sukamaju?" in page
    assert 'href="/lapor/"' in page
    browser = Client(headers={"host": HOST})
    assert file_at("", world, browser).subsite == site
    assert browser.get("/meja/").headers["Location"].startswith("http://127.0.0.1:8000/meja/")


@pytest.mark.usefixtures("by_name")
def test_a_host_nobody_gave_is_refused_and_a_known_one_without_site_is_the_portal(site: SubSite) -> None:
    assert Client().get("/", headers={"host": "jahat.contoh"}).status_code == 400
    assert "Ada masalah dengan layanan pemerintah?" in get("/", headers={"host": "entah.lapor.test"})


@pytest.mark.usefixtures("by_name")
def test_a_closed_site_leads_its_host_to_the_portal(site: SubSite, world: World) -> None:
    subsites.set_subsite(world.pemkab, by=world.wati, active=False)
    answer = Client().get("/laporan/", headers={"host": HOST})
    assert answer.headers["Location"] == "http://127.0.0.1:8000/"


@pytest.mark.parametrize("host", ["", "[::1", "a" * 300, "lapor.sukamaju.go.id\x00", "LAPOR.SUKAMAJU.GO.ID:99999999"])
@pytest.mark.usefixtures("by_name")
def test_odd_hosts_are_answered_without_a_fault(site: SubSite, host: str) -> None:
    assert Client().get("/healthz", headers={"host": host}).status_code in (200, 400, 302)


def test_a_lent_name_is_given_back() -> None:
    hosts = Hosts(["a.test"])
    with lent("b.test"):
        assert list(hosts) == ["a.test", "b.test"]
    assert list(hosts) == ["a.test"]


# --- weight ---


@pytest.mark.slow
def test_a_first_visit_of_every_page_is_light(site: SubSite, world: World) -> None:
    from agencies.marks import PAGE_BYTES, read
    from tests.agencies.test_subsites import png

    subsites.set_subsite(world.pemkab, by=world.wati, mark=read(png((700, 700), noise=True)), greeting="x" * 160)
    for n in range(6):
        published(world, f"Lubang nomor {n} di depan pasar", at=n / 24)
    light = Client(headers={"accept-encoding": "gzip, br"})
    mark = bytes(SubSite.objects.get().small_mark)
    assert len(mark) <= PAGE_BYTES
    for path in ("", "lapor/", "laporan/", "lacak/", "statistik/", "statistik/tidak-ditanggapi/"):
        answer = light.get(f"/d/sukamaju/{path}")
        answer.content = answer.content + mark
        size(answer, f"/d/sukamaju/{path}")
    light.post("/d/sukamaju/lapor/", {"place": world.pasar_lama.pk})
    answer = light.post("/d/sukamaju/lapor/masalah/", {"conduct": "on"}, follow=True)
    answer.content = answer.content + mark
    size(answer, "masalah, galat")
