"""GeoReport v2: a report filed by a machine is the same case as any other, and never two."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies import clients
from agencies.models import Agency, ApiClient, Boundary, Permission
from complaints import arrivals, intake, privacy
from complaints.channels.open311 import inbound
from complaints.models import Arrival, CategoryQuestion, Complaint, Event, RemoteFile
from complaints.models.lifecycle.acting import clean_text
from lapor.kit.sealing import fingerprint, seal
from routing import dispatch
from tests.complaints.georeport import check
from tests.conftest import Nudges
from tests.filing import days
from tests.world import World

pytestmark = pytest.mark.django_db

BASE = "/open311/v2"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


@pytest.fixture(autouse=True)
def nobody_has_guessed() -> None:
    """Wrong keys are counted by address; what other tests tried is not ours."""
    cache.clear()


@pytest.fixture(autouse=True)
def _at_noon(time_machine: Any) -> None:
    time_machine.move_to(days(10), tick=False)


@pytest.fixture
def key(world: World) -> str:
    """Of a national application."""
    return key_of(world, world.root)


def key_of(world: World, agency: Agency, *permissions: Permission) -> str:
    wanted = [str(one) for one in permissions or (Permission.FILE,)]
    count = ApiClient.objects.count()
    client, key = clients.register(by=world.ratna, agency=agency, name=f"Aplikasi {count}", permissions=wanted)
    assert client.pk
    return key


def form(world: World, key: str, **more: Any) -> dict[str, Any]:
    said = {
        "api_key": key,
        "service_code": str(world.cat_road.pk),
        "address_string": "Depan Pasar Lama, Sukasari, Mekarsari, Kabupaten Sukamaju",
        "description": "Lubang selebar satu meter di tengah jalan.\n\nDua motor jatuh.",
        "email": "sari@contoh.test",
        "first_name": "Sari",
        "last_name": "Wulandari",
        "phone": "0812-0000-7700",
    }
    return {name: value for name, value in {**said, **more}.items() if value is not None}


def post(said: dict[str, Any], format: str = "json", **headers: str) -> Any:
    body = urlencode(said, doseq=True, encoding="utf-8", errors="surrogatepass")
    return Client(headers=headers or None).post(f"{BASE}/requests.{format}", body, content_type=FORM)


def filed(said: dict[str, Any], **more: Any) -> Complaint:
    answer = post(said, **more)
    assert answer.status_code == 200, answer.content.decode()
    (row,) = check(answer, "created")
    return Complaint.objects.get(number=row["service_request_id"])


def refused(said: dict[str, Any], status: int) -> list[str]:
    """The sentences, the same in both formats; nothing was made."""
    before = (Complaint.objects.count(), Arrival.objects.count())
    found = []
    for format in ("xml", "json"):
        answer = post(said, format)
        assert answer.status_code == status, answer.content.decode()
        found.append([error["description"] for error in check(answer, "errors")])
    assert found[0] == found[1]
    assert (Complaint.objects.count(), Arrival.objects.count()) == before
    return found[0]


# --- what is made of it ---


@pytest.mark.parametrize("format", ["xml", "json"])
def test_a_report_becomes_a_case_and_its_number_the_answer(world: World, key: str, format: str) -> None:
    case = filed(form(world, key), format=format)
    assert case.channel == "open311"
    assert case.kind == "PENGADUAN"
    assert case.category == world.cat_road
    assert case.place == world.sukasari
    assert case.landmark.startswith("Depan Pasar Lama")
    assert case.body == "Lubang selebar satu meter di tengah jalan.\n\nDua motor jatuh."
    assert case.title == "Lubang selebar satu meter di tengah jalan. Dua…"
    assert case.reporter.email_fingerprint == fingerprint("sari@contoh.test")
    assert case.reporter.phone_fingerprint == fingerprint("+6281200007700")
    submitted = Event.objects.get(complaint=case, verb="submit")
    assert submitted.client == ApiClient.objects.get()
    assert submitted.side == "REPORTER"


def test_it_goes_where_its_category_and_place_point(world: World, key: str) -> None:
    case = filed(form(world, key))
    dispatch.forward_by_itself(case.pk)
    case.refresh_from_db()
    assert case.handler == world.dinas_pu


def test_the_answer_says_once_how_to_follow_it(world: World, key: str) -> None:
    (row,) = check(post(form(world, key)), "created")
    case = Complaint.objects.get()
    assert row["account_id"] is None
    assert case.shown_number in row["service_notice"]
    words = row["service_notice"].split()
    own_key = words[words.index("kunci") + 1]
    page = Client().post("/lacak/", {"number": case.shown_number, "key": own_key})
    assert page.status_code == 302
    (again,) = check(post(form(world, key)), "created")
    assert again["service_request_id"] == row["service_request_id"]
    assert own_key not in again["service_notice"]


def test_words_of_danger_are_answered_with_whom_to_call(world: World, key: str) -> None:
    (row,) = check(post(form(world, key, description="Tolong cepat, rumah terbakar sekarang!")), "created")
    assert "112" in row["service_notice"]


@pytest.mark.parametrize(
    "where",
    [
        {"lat": "-0.371300", "long": "102.5439"},
        {"lat": "-0.3713", "long": "102.5439", "address_string": ""},
        {"address_id": "99.01.01.2001"},
        {"address_string": "Pasar Lama"},
        {"lat": "0", "long": "0"},
    ],
)
def test_one_of_three_ways_to_say_where_is_enough(world: World, key: str, where: dict[str, str]) -> None:
    case = filed(form(world, key, **{"address_string": None, **where}))
    if "lat" in where:
        assert (case.latitude, case.longitude) == (float(where["lat"]), float(where["long"]))
    if "address_id" in where:
        assert case.place == world.sukasari


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ({}, "Tempatnya"),
        ({"lat": "-0.37"}, "lat dan long"),
        ({"long": "102.5"}, "lat dan long"),
        ({"lat": "91", "long": "102.5"}, "lat"),
        ({"lat": "-0.37", "long": "181"}, "long"),
        ({"lat": "nan", "long": "inf"}, "lat"),
        ({"lat": "selatan", "long": "٣"}, "lat"),
        ({"lat": "1_0", "long": "1"}, "lat"),
        ({"address_id": "99.99"}, "address_id"),
        ({"address_id": "#NOTPINPOINTED#"}, "address_id"),
        ({"address_string": " ", "lat": "", "long": ""}, "Tempatnya"),
    ],
)
@pytest.mark.sampled
def test_a_place_that_is_missing_or_wrong_is_400(world: World, key: str, where: dict[str, str], told: str) -> None:
    assert told in " ".join(refused(form(world, key, **{"address_string": None, **where}), 400))


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("Jl. Melati 5, Sukasari, Mekarsari, Kabupaten Sukamaju, 35111", "99.01.01.2001"),
        ("Kec. Mekarsari, Kab. Sukamaju", "99.01.01"),
        ("Kabupaten Ujung Timur", "98.01"),
        # A street is no village, and a village name alone may be anywhere.
        ("Jalan Sukasari", None),
        ("Sukasari", None),
        ("Simpang Lima", None),
        ("🙂", None),
    ],
)
def test_an_address_names_a_place_only_where_it_surely_does(
    world: World, key: str, address: str, place: str | None
) -> None:
    assert filed(form(world, key, address_string=address)).place_id == place


def test_a_point_is_enough_to_find_the_office(world: World, key: str) -> None:
    ring = "((102,-1),(103,-1),(103,0),(102,0))"
    Boundary.objects.create(region=world.mekarsari, ring=ring)
    case = filed(form(world, key, address_string=None, lat="-0.37", long="102.54"))
    assert case.place == world.mekarsari
    dispatch.forward_by_itself(case.pk)
    case.refresh_from_db()
    assert case.handler == world.dinas_pu
    # An address says it nearer; one that lies elsewhere does not count against the point.
    near = filed(form(world, key, address_string="Sukasari", lat="-0.37", long="102.54"))
    assert near.place == world.sukasari
    far = filed(form(world, key, address_string="Batu Belah, Kabupaten Tetangga", lat="-0.37", long="102.54"))
    assert far.place == world.mekarsari


def test_a_long_address_is_told_whole(world: World, key: str) -> None:
    address = "Rumah panjang " * 30 + "ujung"
    case = filed(form(world, key, address_string=address))
    assert len(case.landmark) <= 200
    assert clean_text(address) in case.body


def test_a_report_without_a_description_speaks_by_its_service_and_answers(world: World, key: str) -> None:
    ask(world, "lebar", "number", 1)
    case = filed(form(world, key, description=None, **{"attribute[lebar]": "2.5"}))
    assert case.body == "Jalan Berlubang.\n\nBerapa lebarnya? 2,5"


def test_the_name_may_be_hidden_and_the_text_kept_secret(world: World, key: str) -> None:
    case = filed(form(world, key, anonymous="true", secret="true"))
    assert case.anonymous
    assert case.secret
    assert Client().get(f"{BASE}/requests/{case.number}.json").status_code == 404
    assert "anonymous" in refused(form(world, key, anonymous="ya"), 400)[0]


def test_whoever_filed_it_may_follow_it_before_everybody_can(world: World, key: str) -> None:
    case = filed(form(world, key, description="Lubang. HP saya 0812-0000-7700."))
    url = f"{BASE}/requests/{case.number}.json"
    (record,) = check(Client().get(url, {"api_key": key}), "service_requests")
    assert (record["status"], record["status_notes"]) == ("open", "Belum terverifikasi")
    assert "0812" not in record["description"]
    lists = Client().get(f"{BASE}/requests.json", {"api_key": key, "service_request_id": case.number})
    assert check(lists, "service_requests") == [record]
    assert check(Client().get(f"{BASE}/requests.json", {"api_key": key}), "service_requests") == []
    other = key_of(world, world.pemkab)
    for query in ({}, {"api_key": other}):
        assert Client().get(url, query).status_code == 404
    secret = filed(form(world, key, description="Rahasia.", secret="true"))
    about = filed(form(world, key, description="Tentang petugas."))
    dispatch.exclude(about, world.dinas_pu, by=world.ratna)
    for hidden in (secret, about):
        assert Client().get(f"{BASE}/requests/{hidden.number}.json", {"api_key": key}).status_code == 404


# --- questions ---


def ask(world: World, code: str, datatype: str, order: int, **more: Any) -> CategoryQuestion:
    said = {"description": f"Berapa {code}nya?", **more}
    return CategoryQuestion.objects.create(category=world.cat_road, code=code, datatype=datatype, order=order, **said)


SIZES = [{"key": "k", "name": "Kecil"}, {"key": "b", "name": "Besar"}]


def test_answers_are_kept_with_the_case_and_shown_to_whoever_may_read_it(world: World, key: str) -> None:
    ask(world, "besar", "singlevaluelist", 1, values=SIZES, required=True)
    ask(world, "letak", "multivaluelist", 2, values=[{"key": str(n), "name": f"Lajur {n}"} for n in range(3)])
    ask(world, "sejak", "datetime", 3)
    ask(world, "ciri", "text", 4)
    case = filed(
        form(
            world,
            key,
            **{
                "attribute[besar]": "b",
                "attribute[letak][]": ["0", "2"],
                "attribute[sejak]": "2026-05-20T08:00:00+07:00",
                "attribute[ciri]": "Dekat rumah.\nTelepon saya 0812-0000-7700.",
                "attribute[lain]": "diabaikan",
            },
        )
    )
    dispatch.forward_by_itself(case.pk)
    case.refresh_from_db()
    answers = privacy.view_of(case, world.joko).answers
    assert answers == [
        ("Berapa besarnya?", "Besar"),
        ("Berapa letaknya?", "Lajur 0, Lajur 2"),
        ("Berapa sejaknya?", "20 Mei 2026, 08.00 WIB"),
        ("Berapa cirinya?", "Dekat rumah.\nTelepon saya 0812-0000-7700."),
    ]
    masked = privacy.view_of(case, world.bayu)
    assert masked.answers == []
    assert "Berapa besarnya: Besar" in masked.body
    assert "0812" not in masked.body
    # What nobody asked is still in what was kept raw.
    assert "diabaikan" not in case.body


@pytest.mark.parametrize(
    ("datatype", "given", "ok"),
    [
        ("string", ["satu baris"], True),
        ("string", ["dua\nbaris"], False),
        ("string", ["x" * 201], False),
        ("text", ["dua\nbaris"], True),
        ("text", ["x" * 4001], False),
        ("text", ["<script>alert(1)</script>"], False),
        ("number", ["3"], True),
        ("number", ["-2.5"], True),
        ("number", ["2,5"], False),
        ("number", ["nan"], False),
        ("number", ["1e999"], False),
        ("number", ["٣"], False),
        ("datetime", ["2026-05-20"], True),
        ("datetime", ["2026-05-20T08:00:00Z"], True),
        ("datetime", ["20 Mei"], False),
        ("datetime", ["2026-02-30"], False),
        ("singlevaluelist", ["b"], True),
        ("singlevaluelist", ["Besar"], False),
        ("singlevaluelist", ["k", "b"], False),
        ("multivaluelist", ["k", "b"], True),
        ("multivaluelist", ["k", "x"], False),
    ],
)
@pytest.mark.sampled
def test_an_answer_fits_its_question_or_the_report_is_400(
    world: World, key: str, datatype: str, given: list[str], ok: bool
) -> None:
    values = SIZES if datatype.endswith("list") else []
    ask(world, "ukur", datatype, 1, values=values)
    said = form(world, key, **{"attribute[ukur][]" if len(given) > 1 else "attribute[ukur]": given})
    if ok:
        assert list(filed(said).answers.values_list("values", flat=True)) == [given]
    else:
        assert "attribute[ukur]" in refused(said, 400)[0]


def test_an_answer_that_is_required_is_asked_for_by_its_code(world: World, key: str) -> None:
    ask(world, "besar", "singlevaluelist", 1, values=SIZES, required=True)
    for more in ({}, {"attribute[besar]": ""}, {"attribute[Besar]": "b"}):
        assert "attribute[besar]" in refused(form(world, key, **more), 400)[0]


# --- refusals ---


def test_everything_that_is_wrong_is_said_at_once(world: World, key: str) -> None:
    said = form(world, key, description="<b>x</b>" + "a" * 4001, email="sari@", lat="x", media_url="file:///etc/passwd")
    sentences = refused(said, 400)
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "description",
        "description",
        "lat",
        "email",
        "media_url",
    ]


def test_a_description_of_exactly_four_thousand_is_taken_and_comparisons_are_no_html(world: World, key: str) -> None:
    text = "Tinggi air < 2 m & > 1 m, lihat <https://contoh.test/foto>. "
    text += "a" * (4000 - len(text))
    assert filed(form(world, key, description=text)).body == text


@pytest.mark.parametrize("name", ["service_code"])
def test_what_must_be_there_is_named(world: World, key: str, name: str) -> None:
    assert name in refused(form(world, key, **{name: ""}), 400)[0]


def test_an_unknown_or_ended_service_is_404(world: World, key: str) -> None:
    assert "service_code" in refused(form(world, key, service_code="jalan"), 404)[0]
    world.cat_road.ends_on = days(10).date()
    world.cat_road.save()
    assert "service_code" in refused(form(world, key), 404)[0]


@pytest.mark.parametrize("bad", ["", "lapor_abcdefgh_salah", "x" * 5000, "\x00", "lapor_äbcdefgh_x"])
def test_a_missing_or_wrong_key_is_403(world: World, bad: str) -> None:
    assert "api_key" in refused(form(world, bad), 403)[0]


def test_a_key_that_may_not_file_or_is_ended_is_403(world: World, key: str) -> None:
    reader = key_of(world, world.dinas_pu, Permission.QUEUE)
    refused(form(world, reader), 403)
    clients.end(ApiClient.objects.exclude(agency=world.dinas_pu).get(), by=world.ratna, reason="bocor")
    refused(form(world, key), 403)


def test_a_wrong_key_is_refused_for_reading_too_and_none_is_needed(world: World) -> None:
    assert Client().get(f"{BASE}/requests.json", {"api_key": "salah"}).status_code == 403
    assert Client().get(f"{BASE}/requests.json").status_code == 200


def test_the_key_may_stand_in_the_address(world: World, key: str) -> None:
    answer = Client().post(f"{BASE}/requests.json?api_key={key}", urlencode(form(world, "")), content_type=FORM)
    check(answer, "created")


def test_a_form_with_files_is_a_form_too(world: World, key: str) -> None:
    check(Client().post(f"{BASE}/requests.xml", form(world, key)), "created")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("text/xml", b"<x/>"),
        ("", b"x=1"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\n"),
        ("application/x-www-form-urlencoded; charset=latin-1", b"api_key=%E9"),
        ("application/x-www-form-urlencoded", b"a=1&" * 600),
        ("application/x-www-form-urlencoded", b"description=" + b"x" * 1_100_000),
    ],
)
def test_a_body_that_is_no_form_is_refused_in_the_format_asked_for(
    world: World, content_type: str, body: bytes
) -> None:
    answer = Client().post(f"{BASE}/requests.xml", body, content_type=content_type)
    assert answer.status_code in (400, 403)
    check(answer, "errors")


def test_what_no_database_keeps_is_left_out_and_the_rest_arrives(world: World, key: str) -> None:
    case = filed(form(world, key, description="Lubang\x00 besar \udcff🙂 di Désa “Ñ”\x1b"))
    assert case.body == "Lubang besar 🙂 di Désa “Ñ”"


def test_a_flood_from_one_client_is_429(world: World, key: str) -> None:
    ApiClient.objects.update(hourly_limit=10)
    answers = [post(form(world, key, description=f"Lubang nomor {n}.")) for n in range(3)]
    assert [answer.status_code for answer in answers[:2]] == [200, 429]
    assert int(answers[1]["Retry-After"]) > 0
    check(answers[1], "errors")


# --- districts ---


def test_a_districts_key_files_for_that_district(world: World) -> None:
    key = key_of(world, world.pemkab)
    case = filed(form(world, key, address_string="depan pasar", jurisdiction_id="99.01"))
    assert case.place == world.sukamaju
    assert case.addressed_to == world.pemkab
    dispatch.forward_by_itself(case.pk)
    case.refresh_from_db()
    assert case.handler == world.dinas_pu
    assert "Kunci" in refused(form(world, key, jurisdiction_id="99.02"), 403)[0]
    assert "jurisdiction_id" in refused(form(world, key, jurisdiction_id="city.gov"), 404)[0]


def test_an_offices_own_key_stands_for_that_office(world: World) -> None:
    case = filed(form(world, key_of(world, world.dinas_kesehatan)))
    assert case.addressed_to == world.dinas_kesehatan


def test_the_centres_key_files_for_the_district_it_names(world: World, key: str) -> None:
    case = filed(form(world, key, address_string="Batu Belah", jurisdiction_id="Pemkab Tetangga"))
    assert case.addressed_to == world.pemkab_tetangga
    assert case.place == world.batu_belah


# --- twice ---


def test_the_same_report_again_is_the_same_case(world: World, key: str, time_machine: Any) -> None:
    first = filed(form(world, key))
    time_machine.move_to(days(10.6), tick=False)
    assert filed(form(world, key), format="xml") == first
    assert Complaint.objects.count() == Arrival.objects.count() == 1
    assert filed(form(world, key, description="Lubang yang lain.")) != first
    other = key_of(world, world.pemkab)
    assert filed(form(world, other)) != first


def test_the_same_words_another_day_are_another_case(world: World, key: str, time_machine: Any) -> None:
    first = filed(form(world, key))
    time_machine.move_to(days(11.1), tick=False)
    assert filed(form(world, key)) != first


def test_a_key_for_once_makes_one_case_for_ever(world: World, key: str, time_machine: Any) -> None:
    first = filed(form(world, key), **{"Idempotency-Key": "kirim-17"})
    time_machine.move_to(days(20), tick=False)
    assert filed(form(world, key), **{"Idempotency-Key": "kirim-17"}) == first
    assert filed(form(world, key), **{"Idempotency-Key": "kirim-18"}) != first
    answer = post(form(world, key, description="Yang lain."), **{"Idempotency-Key": "kirim-17"})
    assert answer.status_code == 400
    assert "Idempotency-Key" in check(answer, "errors")[0]["description"]


# --- tokens ---


def test_what_can_not_become_a_case_at_once_is_kept_and_a_token_leads_to_it(
    world: World, key: str, nudges: Nudges, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("rusak")

    with monkeypatch.context() as now:
        now.setattr(inbound, "receive", broken)
        (row,) = check(post(form(world, key, media_url="https://contoh.test/a.jpg"), "xml"), "created")
    token = row["token"]
    assert "service_request_id" not in row
    assert Complaint.objects.count() == 0
    assert check(Client().get(f"{BASE}/tokens/{token}.json"), "token") == [{"service_request_id": None, "token": token}]
    # Sent again meanwhile it is the same token's report.
    (again,) = check(post(form(world, key, media_url="https://contoh.test/a.jpg")), "created")
    assert set(again) >= {"token"}
    (arrival_pk,) = nudges.named("receive_arrival")[0]
    arrivals.understand(arrival_pk)
    case = Complaint.objects.get()
    for format in ("xml", "json"):
        found = check(Client().get(f"{BASE}/tokens/{token}.{format}"), "token")
        assert found == [{"service_request_id": case.number, "token": token}]
    assert case.category == world.cat_road
    assert RemoteFile.objects.get().complaint == case
    (after,) = check(post(form(world, key, media_url="https://contoh.test/a.jpg")), "created")
    assert after["service_request_id"] == case.number


@pytest.mark.parametrize("token", ["x", "12345", "gAAAAA", "%00", "🙂", "a" * 4000])
def test_an_unknown_token_is_404(world: World, token: str) -> None:
    for format in ("xml", "json"):
        answer = Client().get(f"{BASE}/tokens/{token}.{format}")
        assert answer.status_code == 404
        check(answer, "errors")


def test_a_seal_of_something_else_is_no_token(world: World) -> None:
    arrival, _new = intake.keep("email", b"halo", external_id="1")
    for text in (str(arrival.pk), f"email:{arrival.pk}", f"open311:{arrival.pk}", "open311:²"):
        answer = Client().get(f"{BASE}/tokens/{seal(text).rstrip('=')}.json")
        assert answer.status_code == 404


# --- files, statements ---


def test_files_that_only_have_an_address_are_fetched_later(world: World, key: str, nudges: Nudges) -> None:
    urls = ["https://contoh.test/a.jpg", "http://contoh.test/b.png"]
    case = filed(form(world, key, media_url=urls))
    files = list(RemoteFile.objects.filter(complaint=case))
    assert len(files) == 2
    assert len(nudges.named("receive_file")) == 2
    assert "contoh.test" not in files[0].url_sealed
    assert case.attachments.count() == 0
    too_many = [f"https://contoh.test/{n}.jpg" for n in range(6)]
    assert "media_url" in refused(form(world, key, media_url=too_many), 400)[0]


@pytest.mark.parametrize(
    "url", ["ftp://contoh.test/a", "javascript:alert(1)", "//contoh.test/a", "gambar.jpg", "http://"]
)
def test_an_address_of_a_file_that_is_none_is_400(world: World, key: str, url: str) -> None:
    assert "media_url" in refused(form(world, key, media_url=url), 400)[0]


def test_filing_costs_a_bounded_number_of_statements(
    world: World, key: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ask(world, "besar", "singlevaluelist", 1, values=SIZES)
    with django_assert_max_num_queries(38):
        filed(form(world, key, **{"attribute[besar]": "b"}))


def test_what_was_sent_is_kept_sealed(world: World, key: str) -> None:
    filed(form(world, key, device_id="tt222111", account_id="123456"))
    arrival = Arrival.objects.get()
    assert "0812" not in arrival.raw_sealed
    said = json.loads(arrival.raw())
    assert (said["device_id"], said["account_id"]) == ("tt222111", "123456")
    assert key not in arrival.raw().decode()
