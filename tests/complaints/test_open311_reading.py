"""GeoReport v2: what everybody may read. Every answer is held against the specification in both formats."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Prefix, Region, SubSite
from complaints import publishing
from complaints.models import Category, CategoryQuestion, Complaint, Publication
from complaints.models.lifecycle.acting import PublicText
from tests.complaints.georeport import check
from tests.filing import NOON, SARI, answered, days, filed, published, resolved
from tests.world import World

pytestmark = pytest.mark.django_db

BASE = "/open311/v2"


@pytest.fixture(autouse=True)
def _at_noon(time_machine: Any) -> None:
    time_machine.move_to(days(10), tick=False)


def get(path: str, name: str, client: Client | None = None, **query: Any) -> Any:
    """The answer in JSON, once it is known that the XML says the same."""
    client = client or Client()
    said = []
    for format in ("xml", "json"):
        answer = client.get(f"{BASE}/{path}.{format}", query)
        assert answer.status_code == 200, answer.content
        said.append(check(answer, name))
    assert said[0] == said[1], "XML and JSON differ"
    return said[1]


def refused(path: str, code: int, **query: Any) -> list[str]:
    """The sentences of a refusal, the same in both formats."""
    said = []
    for format in ("xml", "json"):
        answer = Client().get(f"{BASE}/{path}.{format}", query)
        assert answer.status_code == code, answer.content
        errors = check(answer, "errors")
        assert {error["code"] for error in errors} == {code}
        said.append([error["description"] for error in errors])
    assert said[0] == said[1]
    return said[1]


def requests(**query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get("requests", "service_requests", **query)
    return found


def ids(**query: Any) -> list[str]:
    return [one["service_request_id"] for one in requests(**query)]


# --- discovery, services, definitions ---


def test_discovery_names_this_endpoint_and_both_formats(world: World) -> None:
    for base in ("/open311/v2", "/open311"):
        found = check(Client().get(f"{base}/discovery.json"), "discovery")
        assert found == check(Client().get(f"{base}/discovery.xml"), "discovery")
        assert found["endpoints"][0]["url"] == "http://testserver/open311/v2"
        assert found["endpoints"][0]["formats"] == ["text/xml", "application/json"]
        assert found["endpoints"][0]["type"] == "test"


def test_the_root_of_the_endpoint_is_its_discovery(world: World) -> None:
    for address in ("/open311/v2/", "/open311/v2"):
        check(Client().get(address), "discovery")


def test_a_changed_question_moves_the_changeset(world: World, time_machine: Any) -> None:
    before = get("discovery", "discovery")["changeset"]
    time_machine.move_to(datetime.datetime(2030, 1, 2, 3, 4, tzinfo=datetime.UTC), tick=False)
    ask(world.cat_road, "lebar", "number")
    assert get("discovery", "discovery")["changeset"] == "2030-01-02 10:04"
    assert get("discovery", "discovery")["changeset"] > before


def test_every_category_in_force_is_a_service_below_its_group(world: World) -> None:
    today = days(10).date()
    ended = Category.objects.exclude(pk__in=[world.cat_road.pk, world.cat_other.pk]).filter(parent__isnull=False)[0]
    Category.objects.filter(pk=ended.pk).update(ends_on=today)
    found = get("services", "services")
    codes = [one["service_code"] for one in found]
    assert len(codes) == len(set(codes)) == Category.objects.on(today).count()
    assert str(ended.pk) not in codes
    road = next(one for one in found if one["service_code"] == str(world.cat_road.pk))
    assert (road["service_name"], road["group"]) == ("Jalan Berlubang", world.cat_works.name)
    assert (road["type"], road["metadata"]) == ("realtime", False)
    assert "pothole" in road["keywords"]
    # A group begins with itself and is not broken up.
    groups = [one["group"] for one in found]
    assert len(set(groups)) == sum(a != b for a, b in zip(groups, ["", *groups], strict=False))


def ask(category: Category, code: str, datatype: str, order: int = 1, **more: Any) -> CategoryQuestion:
    return CategoryQuestion.objects.create(
        category=category, code=code, datatype=datatype, order=order, description=f"Berapa {code}nya?", **more
    )


def test_only_a_service_with_questions_has_metadata_and_defines_them(world: World) -> None:
    sizes = [{"key": "k", "name": "Kecil & dangkal"}, {"key": "b", "name": "Besar"}]
    ask(world.cat_road, "dalam", "number", 2, hint="Dalam sentimeter.")
    ask(world.cat_road, "besar", "singlevaluelist", 1, values=sizes, required=True)
    gone = ask(world.cat_health, "lama", "string")
    CategoryQuestion.objects.filter(pk=gone.pk).update(ended_at=NOON)
    found = {one["service_code"]: one["metadata"] for one in get("services", "services")}
    assert [code for code, metadata in found.items() if metadata] == [str(world.cat_road.pk)]
    definition = get(f"services/{world.cat_road.pk}", "service_definition")
    assert definition["service_code"] == str(world.cat_road.pk)
    assert [(one["code"], one["order"], one["required"]) for one in definition["attributes"]] == [
        ("besar", 1, True),
        ("dalam", 2, False),
    ]
    assert definition["attributes"][0]["values"] == sizes
    assert definition["attributes"][1]["datatype_description"] == "Dalam sentimeter."
    assert definition["attributes"][1]["values"] == []
    assert get(f"services/{world.cat_health.pk}", "service_definition")["attributes"] == []


@pytest.mark.parametrize("code", ["0", "99999999", "jalan", "²", "-1", "1" * 40, "%00", "1.2"])
def test_an_unknown_service_is_404(world: World, code: str) -> None:
    assert "service_code" in refused(f"services/{code}", 404)[0]


def test_lists_of_services_cost_a_fixed_number_of_statements(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask(world.cat_road, "dalam", "number")
    for path, statements in (("services", 1), (f"services/{world.cat_road.pk}", 2), ("discovery", 2)):
        with django_assert_num_queries(statements):
            Client().get(f"{BASE}/{path}.json")


# --- requests ---


def test_a_published_case_is_a_record_in_the_public_words(world: World) -> None:
    body = "Jalan berlubang. Nama saya Sari Wulandari, HP 0812-0000-7700.\n\nTolong <b>segera</b> & cepat."
    case = filed(world, body=body, title="Jalan berlubang di depan pasar")
    case.start(by=world.joko, public=PublicText(*publishing.preview(case, case.title, body)), now=NOON)
    (record,) = requests()
    assert record["service_request_id"] == case.number
    assert record["status"] == "open"
    assert record["status_notes"] == "Dalam proses"
    assert record["service_code"] == str(world.cat_road.pk)
    assert record["service_name"] == "Jalan Berlubang"
    assert record["agency_responsible"] == world.dinas_pu.name
    assert record["address"] == "Desa Sukasari, Kec. Mekarsari, Kab. Sukamaju, Prov. Sukaraya"
    assert record["address_id"] == world.sukasari.pk
    assert record["requested_datetime"] == "2026-05-29T12:00:00+07:00"
    assert record["updated_datetime"] == "2026-05-29T12:00:00+07:00"
    # Pengaduan: 14 working days from Friday 29 May, without 1 June and the others of the calendar (case.md section 4).
    assert record["expected_datetime"] == "2026-06-22T23:59:59+07:00"
    assert record["zipcode"] is None
    text = record["description"]
    assert text.startswith("Jalan berlubang di depan pasar\n\nJalan berlubang. ")
    assert "0812" not in text
    assert "Tolong segera & cepat." in text


def test_it_lies_on_the_map_inside_its_published_place_and_no_nearer(world: World) -> None:
    published(world, latitude=-0.371234, longitude=102.543912)
    assert (requests()[0]["lat"], requests()[0]["long"]) == (None, None)
    Region.objects.filter(pk=world.sukamaju.pk).update(latitude=-0.35, longitude=102.5)
    assert (requests()[0]["lat"], requests()[0]["long"]) == (-0.35, 102.5)
    Region.objects.filter(pk=world.mekarsari.pk).update(latitude=-0.00004, longitude=102.6)
    assert (requests()[0]["lat"], requests()[0]["long"]) == (-0.00004, 102.6)


def test_a_title_that_only_begins_the_story_is_not_said_twice(world: World) -> None:
    body = "Lampu jalan di gang kami mati sejak hari Senin malam yang lalu."
    case = filed(world, body=body)
    case.start(by=world.joko, public=PublicText(case.title, case.body), now=days(0))
    (record,) = requests()
    assert record["description"] == body


def test_one_request_is_still_a_list(world: World) -> None:
    case = published(world)
    assert get(f"requests/{case.number}", "service_requests") == requests()
    shown = case.shown_number.lower()
    assert get(f"requests/{shown}", "service_requests") == requests()


@pytest.mark.parametrize("number", ["7K4M9QXD2TB", "x", "1", "%00", "7K4M-9QXD", "🙂"])
def test_an_unknown_request_is_404(world: World, number: str) -> None:
    assert "service_request_id" in refused(f"requests/{number}", 404)[0]


def test_what_is_secret_kept_from_an_office_or_not_published_is_nowhere(world: World) -> None:
    seen = published(world)
    hidden = [filed(world), published(world, secret=True), published(world, not_for=world.dinas_pu, by=world.agus)]
    tightened = published(world)
    tightened.tighten(by=SARI, secret=True, now=days(1))
    hidden.append(tightened)
    assert ids() == [seen.number]
    assert ids(service_request_id=",".join(case.number for case in [*hidden, seen])) == [seen.number]
    never = refused("requests/7K4M9QXD2TB", 404)[0].replace("7K4M9QXD2TB", "N")
    for case in hidden:
        assert refused(f"requests/{case.number}", 404)[0].replace(case.number, "N") == never


def test_closed_says_when_and_why(world: World) -> None:
    case = resolved(published(world), world.joko, at=4)
    assert requests()[0]["status"] == "open"
    assert requests()[0]["status_notes"] == "Menunggu tanggapan pelapor"
    case.accept(by=SARI, now=days(6))
    case.note("Dicatat sesudahnya.", by=world.joko, now=days(7))
    (record,) = requests()
    assert (record["status"], record["status_notes"]) == ("closed", "Selesai")
    assert record["updated_datetime"] == "2026-06-04T12:00:00+07:00"
    # The promise that was kept stays readable beside it.
    assert record["expected_datetime"] == "2026-06-22T23:59:59+07:00"
    archived = published(world, at=1)
    archived.archive(by=world.wati, ground="IN_COURT", text="Sedang diperiksa pengadilan.", now=days(8))
    assert requests(status="closed")[0]["status_notes"] == "Diarsipkan: sedang diperiksa pengadilan"


def test_an_officers_note_moves_no_public_date(world: World) -> None:
    case = published(world)
    before = requests()
    case.note("Hanya untuk petugas.", by=world.joko, now=days(3))
    assert requests() == before
    answered(case, world.joko, at=4)
    assert requests()[0]["updated_datetime"] == "2026-06-02T12:00:00+07:00"


def test_while_the_reporter_is_waited_for_nothing_is_expected(world: World) -> None:
    case = published(world)
    case.ask("Di depan rumah nomor berapa?", by=world.joko, now=days(3))
    assert requests()[0]["expected_datetime"] is None
    case.complete("Di depan pasar.", by=SARI, now=days(5))
    assert requests()[0]["expected_datetime"] > "2026-06-22"


def test_an_answer_with_a_date_is_expected_on_that_date(world: World) -> None:
    case = published(world)
    case.resolve("Dijadwalkan.", by=world.joko, outcome="SCHEDULED", promised_on=datetime.date(2026, 8, 3), now=days(3))
    assert requests()[0]["expected_datetime"] == "2026-08-03T23:59:59+07:00"


def test_dates_are_told_in_the_zone_of_the_place(world: World) -> None:
    """Filed on 29 May 23.30 in Jakarta: in Ujung Timur it was the 30th already."""
    at = datetime.datetime(2026, 5, 29, 16, 30, tzinfo=datetime.UTC)
    case = filed(world, place=world.karang_pagi, addressed_to=world.bumn, at=(at - NOON) / datetime.timedelta(days=1))
    case.start(by=world.lina, public=PublicText("Listrik padam", case.body), now=at)
    (record,) = requests()
    assert record["requested_datetime"] == "2026-05-30T01:30:00+09:00"
    assert record["expected_datetime"].endswith("T23:59:59+09:00")


def test_a_report_without_a_category_counts_as_anything_else(world: World) -> None:
    bare = published(world, category=None)
    road = published(world, at=1)
    assert [one["service_code"] for one in requests()] == [str(world.cat_road.pk), str(world.cat_other.pk)]
    assert ids(service_code=str(world.cat_other.pk)) == [bare.number]
    assert ids(service_code=f"{world.cat_road.pk},{world.cat_other.pk}") == [road.number, bare.number]


def test_lists_may_be_filtered_by_service_and_status(world: World) -> None:
    road = published(world)
    done = resolved(published(world, at=1, category=world.cat_works), world.joko, at=2)
    done.accept(by=SARI, now=days(3))
    assert ids() == [done.number, road.number]
    assert ids(service_code=str(world.cat_works.pk)) == [done.number]
    assert ids(service_code=[str(world.cat_works.pk), str(world.cat_road.pk)]) == [done.number, road.number]
    assert ids(status="open") == [road.number]
    assert ids(status="closed") == [done.number]
    assert ids(status="Open, closed") == [done.number, road.number]
    assert ids(status="closed", service_code=str(world.cat_road.pk)) == []
    assert "status" in refused("requests", 400, status="opened")[0]
    assert "service_code" in refused("requests", 404, service_code=f"{world.cat_road.pk},4711000")[0]


def test_a_list_of_ids_overrides_all_the_rest(world: World) -> None:
    case = published(world, at=-200)
    assert ids() == []
    assert ids(service_request_id=f"{case.number},7K4M9QXD2TB,x", status="closed", start_date="gestern") == [
        case.number
    ]


def test_an_empty_parameter_is_none_at_all(world: World) -> None:
    published(world)
    names = (
        "jurisdiction_id",
        "service_request_id",
        "service_code",
        "status",
        "start_date",
        "end_date",
        "page",
        "page_size",
        "api_key",
    )
    assert requests(**dict.fromkeys(names, "")) == requests(**dict.fromkeys(names, " ")) == requests()
    assert ids(status=",,", service_code=" , ") == ids()


# --- dates and pages ---


def test_the_window_is_ninety_days_and_may_be_moved(world: World) -> None:
    old, edge, new = (published(world, at=at) for at in (-81, -79, 0))
    assert ids() == [new.number, edge.number]
    assert ids(end_date="2026-03-15T00:00:00Z") == [edge.number, old.number]
    assert ids(start_date="2026-03-01T00:00:00Z") == [new.number, edge.number, old.number]
    assert ids(start_date="2026-03-01T00:00:00Z", end_date="2026-05-30T00:00:00Z") == [
        new.number,
        edge.number,
        old.number,
    ]
    assert "90" in refused("requests", 400, start_date="2026-03-01T00:00:00Z", end_date="2026-05-30T00:00:01Z")[0]
    assert (
        "start_date" in refused("requests", 400, start_date="2026-06-01T00:00:00Z", end_date="2026-05-30T00:00:00Z")[0]
    )


def test_the_edges_of_the_window_count_as_inside(world: World) -> None:
    case = published(world)
    noon = "2026-05-29T05:00:00Z"
    assert ids(start_date=noon, end_date=noon) == [case.number]
    assert ids(start_date="2026-05-29T12:00:00+07:00", end_date="2026-05-29T12:00:00+07:00") == [case.number]
    # An unescaped plus arrives as a blank.
    assert ids(start_date="2026-05-29T12:00:00 07:00") == [case.number]
    assert ids(start_date="2026-05-29", end_date="2026-05-29") == [case.number]
    assert ids(start_date="2026-05-29T05:00:01Z") == []


@pytest.mark.parametrize(
    "text",
    ["kemarin", "2026-13-01", "2026-05-29T12:00:00", "2026-05-29 12:00", "29/05/2026", "0001-01-01T00:00:00+23:00",
     "9999-12-31T23:59:59-23:00", "2026-W22", "1e5", "2026-05-29T12:00:00+0700x", "٢٠٢٦-05-29"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["start_date", "end_date"])
def test_a_date_without_its_zone_or_none_at_all_is_400(world: World, name: str, text: str) -> None:
    assert name in refused("requests", 400, **{name: text})[0]


def test_the_ends_of_time_are_no_fault_of_ours(world: World) -> None:
    assert ids(start_date="0001-01-01T00:00:00Z") == []
    assert "date" in refused("requests", 400, start_date="9999-12-31T00:00:00Z")[0]
    assert "date" in refused("requests", 400, end_date="0001-01-02T00:00:00Z")[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [("page", "0"), ("page", "-1"), ("page", "x"), ("page", "²"), ("page", "100001"), ("page", "9" * 30),
     ("page_size", "0"), ("page_size", "1001"), ("page_size", "1.5")],
)  # fmt: skip
def test_a_page_that_can_not_be_is_400(world: World, name: str, value: str) -> None:
    assert name in refused("requests", 400, **{name: value})[0]


def copies(case: Complaint, count: int) -> None:
    """Many more like it, each a minute older."""
    fields = [f for f in Complaint._meta.concrete_fields if not f.primary_key]
    rows = Complaint.objects.bulk_create(
        Complaint(
            **{f.attname: getattr(case, f.attname) for f in fields}
            | {"number": f"X{n:010}", "received_at": case.received_at - datetime.timedelta(minutes=n)}
        )
        for n in range(1, count + 1)
    )
    Publication.objects.bulk_create(
        Publication(complaint=row, title="Jalan", body="Berlubang.", kind=row.kind, category_id=row.category_id)
        for row in rows
    )


@pytest.mark.slow
def test_never_more_than_a_thousand_and_pages_go_on_without_a_gap(world: World) -> None:
    copies(published(world), 1002)
    first = Client().get(f"{BASE}/requests.json")
    assert len(check(first, "service_requests")) == 1000
    assert first["Link"] == '<http://testserver/open311/v2/requests.json?page=2>; rel="next"'
    assert len(requests(page=2)) == 3
    assert requests(page=3) == []
    one, two = ids(page_size=2), ids(page_size=2, page=2)
    assert len({*one, *two}) == 4
    assert [*one, *two] == ids(page_size=4)
    last = Client().get(f"{BASE}/requests.json?page=2&api_key=")
    assert "Link" not in last


def test_a_page_costs_the_same_statements_whatever_its_length(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = published(world)
    with django_assert_num_queries(7):
        assert len(Client().get(f"{BASE}/requests.json").json()) == 1
    copies(case, 300)
    with django_assert_num_queries(7):
        assert len(Client().get(f"{BASE}/requests.json").json()) == 301


# --- jurisdictions ---


def test_a_district_has_the_requests_of_its_places(world: World) -> None:
    here = published(world)
    there = published(world, place=world.batu_belah, at=1)
    assert ids() == [there.number, here.number]
    for code in ("99.01", "Pemkab Sukamaju", "pemkab sukamaju"):
        assert ids(jurisdiction_id=code) == [here.number]
    assert ids(jurisdiction_id="99.02") == [there.number]
    refused(f"requests/{there.number}", 404, jurisdiction_id="99.01")
    get(f"requests/{here.number}", "service_requests", jurisdiction_id="99.01")
    assert len(get("services", "services", jurisdiction_id="99.01")) == len(get("services", "services"))


def test_a_district_goes_by_its_site_its_host_and_its_sms_prefix(world: World) -> None:
    here = published(world)
    published(world, place=world.batu_belah, at=1)
    SubSite.objects.create(
        agency=world.pemkab, slug="sukamaju", name="Sukamaju", host="lapor.sukamaju.test", active=True
    )
    Prefix.objects.create(agency=world.pemkab, text="SKM", normal="skm")
    for code in ("sukamaju", "Sukamaju", "lapor.sukamaju.test", "SKM", "skm"):
        assert ids(jurisdiction_id=code) == [here.number]
    # At the district's own door nothing need be said.
    at_the_door = Client().get("/d/sukamaju/open311/v2/requests.json")
    assert [one["service_request_id"] for one in check(at_the_door, "service_requests")] == [here.number]
    endpoint = check(Client().get("/d/sukamaju/open311/discovery.json"), "discovery")["endpoints"][0]["url"]
    assert endpoint == "http://testserver/d/sukamaju/open311/v2"
    SubSite.objects.update(active=False)
    refused("requests", 404, jurisdiction_id="sukamaju")


@pytest.mark.parametrize("path", ["services", "services/{road}", "requests", "requests/{number}"])
def test_an_unknown_jurisdiction_is_404_everywhere(world: World, path: str) -> None:
    case = published(world)
    path = path.format(road=world.cat_road.pk, number=case.number)
    for code in ("city.gov", "99.99", "Dinas PU", "\x00", "'"):
        if code.strip("\x00"):
            assert "jurisdiction_id" in refused(path, 404, jurisdiction_id=code)[0]


# --- formats and methods ---


def test_what_people_wrote_arrives_whole_in_both_formats(world: World) -> None:
    odd = 'Jalan “licin” & <gelap> di dépan ☃ 🙂 — ]]> \x01\x1b ﷺ 日本\r\nbaris dua\t"tab"'
    published(world, title="Licin & gelap 🙂", body=odd)
    (record,) = requests()
    assert 'Jalan “licin” & <gelap> di dépan ☃ 🙂 — ]]>  ﷺ 日本\nbaris dua\t"tab"' in record["description"]
    raw = Client().get(f"{BASE}/requests.xml").content.decode("utf-8")
    assert "&lt;gelap&gt;" in raw
    assert "\x01" not in raw


@pytest.mark.parametrize(
    "path",
    [
        "services.csv",
        "services.html",
        "services",
        "services.XML",
        "services/",
        "requests.json/",
        "x/y",
    ],
)
def test_an_address_that_is_none_is_refused_in_a_machines_words(world: World, path: str) -> None:
    answer = Client().get(f"{BASE}/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    check(answer, "errors")
    answer = Client(headers={"accept": "application/json"}).get(f"{BASE}/{path}")
    assert answer.status_code == 404
    assert check(answer, "errors")[0]["code"] == 404


@pytest.mark.parametrize("path", ["nothing", "requests/1/2", "v3/services", "../v3/services", "x.y"])
def test_what_there_is_not_is_refused_in_the_format_asked_for(world: World, path: str) -> None:
    for accept in ("application/json", "text/xml"):
        client = Client(headers={"accept": accept})
        for ending, content_type in (("json", "application/json; charset=utf-8"), ("xml", "text/xml; charset=utf-8")):
            answer = client.get(f"{BASE}/{path}.{ending}")
            assert (answer.status_code, answer["Content-Type"]) == (404, content_type)
            assert check(answer, "errors")


def test_the_ending_decides_and_not_the_accept_header(world: World) -> None:
    for accept in ("text/html", "application/json", "application/xml", "image/png", "nonsense"):
        assert check(Client(headers={"accept": accept}).get(f"{BASE}/services.xml"), "services")


@pytest.mark.parametrize("path", ["discovery", "services", "services/1", "requests/7K4M9QXD2TB"])
@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_a_method_that_is_not_there_is_405_with_those_that_are(world: World, path: str, method: str) -> None:
    answer = getattr(Client(), method)(f"{BASE}/{path}.json")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert check(answer, "errors")[0]["code"] == 405


def test_head_is_get_without_a_body_and_options_tells_what_there_is(world: World) -> None:
    published(world)
    whole, head = Client().get(f"{BASE}/requests.xml"), Client().head(f"{BASE}/requests.xml")
    assert head.status_code == 200
    assert head.content == b""
    assert head["Content-Type"] == whole["Content-Type"]
    options = Client().options(f"{BASE}/services.json")
    assert options.status_code == 204
    assert options["Allow"] == "GET, HEAD, OPTIONS"
    assert options.content == b""
    assert options["Access-Control-Allow-Origin"] == whole["Access-Control-Allow-Origin"] == "*"


def test_nothing_of_a_request_is_kept_by_anybody_between(world: World) -> None:
    published(world)
    assert "max-age" not in Client().get(f"{BASE}/requests.json")["Cache-Control"]
    assert "max-age" in Client().get(f"{BASE}/services.json")["Cache-Control"]


def test_a_fault_of_ours_is_told_in_the_format_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("rusak")

    monkeypatch.setattr("complaints.channels.open311.records.read", broken)
    answer = Client(raise_request_exception=False).get(f"{BASE}/requests.xml")
    assert answer.status_code == 500
    assert "rusak" not in check(answer, "errors")[0]["description"]


def test_too_many_parameters_are_400(world: World) -> None:
    answer = Client().get(f"{BASE}/requests.json?" + "&".join(f"a{n}=1" for n in range(600)))
    assert answer.status_code == 400
    check(answer, "errors")
