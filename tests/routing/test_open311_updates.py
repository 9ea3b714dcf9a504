"""servicerequestupdates: what happened goes out in everybody's words, what machines add comes in by the verbs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import ApiClient, Permission
from complaints import arrivals
from complaints.models import Arrival, Complaint, Event, Message, Publication, RemoteFile
from complaints.models.lifecycle.acting import PublicText
from complaints.transitions import Status
from routing import dispatch
from tests.complaints.georeport import check
from tests.complaints.test_open311_filing import FORM, key_of
from tests.complaints.test_open311_filing import filed as filed_by
from tests.complaints.test_open311_filing import form as report
from tests.filing import SARI, answered, days, filed, resolved
from tests.world import World

pytestmark = pytest.mark.django_db

URL = "/open311/v2/servicerequestupdates"


@pytest.fixture(autouse=True)
def _at_noon(time_machine: Any) -> None:
    time_machine.move_to(days(10), tick=False)


def published(world: World, *, at: float = 0, **more: Any) -> Complaint:
    """Filed an hour before it was let out, as cases are."""
    case = filed(world, at=at - 1 / 24, **more)
    case.start(by=world.joko, public=PublicText("Jalan berlubang di depan pasar", case.body), now=days(at))
    return case


def told(**query: Any) -> list[dict[str, Any]]:
    """The updates, once XML and JSON are known to say the same."""
    said = []
    for format in ("xml", "json"):
        answer = Client().get(f"{URL}.{format}", query)
        assert answer.status_code == 200, answer.content
        said.append(check(answer, "service_request_updates"))
    assert said[0] == said[1]
    return list(said[1])


def post(key: str, case: Complaint | str, status: str = "OPEN", format: str = "xml", **more: Any) -> Any:
    number = case if isinstance(case, str) else case.number
    said = {
        "api_key": key,
        "service_request_id": number,
        "status": status,
        "updated_datetime": "2026-06-08T12:00:00+07:00",
        "description": "Sudah kami lihat.",
        **more,
    }
    body = urlencode({name: value for name, value in said.items() if value is not None}, doseq=True)
    return Client().post(f"{URL}.{format}", body, content_type=FORM)


def taken(key: str, case: Complaint, status: str = "OPEN", **more: Any) -> str:
    """The update_id; the case is read anew."""
    for format in ("xml", "json"):
        answer = post(key, case, status, format, **more)
        assert answer.status_code == 200, answer.content.decode()
        (row,) = check(answer, "updated")
    case.refresh_from_db()
    return str(row["update_id"])


def refused(key: str, case: Complaint | str, code: int, status: str = "OPEN", **more: Any) -> str:
    events = Event.objects.count()
    for format in ("json", "xml"):
        answer = post(key, case, status, format, **more)
        assert answer.status_code == code, answer.content.decode()
        (error, *_more) = check(answer, "errors")
    assert Event.objects.count() == events
    return str(error["description"])


@pytest.fixture
def office(world: World) -> str:
    """The key of the Dinas PU's own system."""
    return key_of(world, world.dinas_pu, Permission.QUEUE, Permission.ACT)


# --- out ---


def test_what_happened_since_publication_is_told_in_order(world: World) -> None:
    case = published(world)
    answered(case, world.joko, at=2)
    case.note("Hanya untuk petugas.", by=world.joko, now=days(3))
    resolved(case, world.joko, at=4)
    case.contest("Lubangnya belum rata.", by=SARI, now=days(5))
    case.resolve("Tidak ada anggaran tahun ini.", by=world.joko, outcome="REFUSED", now=days(6))
    case.accept(by=SARI, now=days(7))
    rows = told()
    assert [(row["status"], row["description"]) for row in rows] == [
        ("in_progress", "Dinas PU mulai mengerjakan"),
        ("in_progress", "Tim kami memeriksa tempatnya hari ini."),
        ("fixed", "Lubangnya sudah kami tambal."),
        ("in_progress", "Belum beres, kata pelapor"),
        ("no_further_action", "Tidak ada anggaran tahun ini."),
        ("no_further_action", "Diterima pelapor"),
    ]
    assert {row["service_request_id"] for row in rows} == {case.number}
    assert len({row["update_id"] for row in rows}) == 6
    assert rows[1]["updated_datetime"] == "2026-05-31T12:00:00+07:00"
    assert told() == rows, "an update keeps its id"


def test_a_date_promised_and_a_duplicate_have_states_of_their_own(world: World) -> None:
    first, second, third = published(world), published(world, at=1), published(world, at=1)
    first.resolve("Dijadwalkan.", by=world.joko, outcome="SCHEDULED", promised_on=days(60).date(), now=days(2))
    third.archive(by=world.wati, ground="NOT_PUBLIC_SERVICE", text="Bukan layanan publik.", now=days(3))
    second.ask("Yang mana?", by=world.joko, now=days(4))
    assert [row["status"] for row in told()][-3:] == [
        "action_scheduled",
        "not_councils_responsibility",
        "investigating",
    ]


def test_what_was_said_is_masked_and_what_is_not_for_all_is_not_said(world: World) -> None:
    case = published(world)
    case.answer("Silakan telepon Pak Budi, 0812-0000-7700.", by=world.joko, now=days(2))
    case.ask("Rumahnya yang cat biru milik Bu Sari Wulandari?", by=world.joko, now=days(3))
    words = [row["description"] for row in told()]
    assert "0812" not in " ".join(words)
    assert words[-1] == "Dinas PU bertanya kepada pelapor"


def test_secret_and_unpublished_cases_have_no_updates(world: World) -> None:
    filed(world)
    secret = published(world)
    answered(secret, world.joko, at=1)
    secret.tighten(by=SARI, secret=True, now=days(2))
    assert told() == []
    assert told(service_request_id=secret.number) == []


def test_updates_may_be_narrowed_by_time_report_and_district(world: World) -> None:
    here, there = published(world), published(world, place=world.batu_belah, at=1)
    answered(here, world.joko, at=4)
    assert len(told()) == 3
    assert len(told(service_request_id=here.number)) == 2
    assert len(told(service_request_id=f"{here.number},{there.number}")) == 3
    assert told(service_request_id="x") == []
    assert len(told(jurisdiction_id="99.02")) == 1
    assert len(told(start_date="2026-06-01T00:00:00Z")) == 1
    assert len(told(start_date="2026-05-01T00:00:00Z", end_date="2026-05-29T23:00:00Z")) == 1
    assert len(told(page_size=2)) == 2
    assert told(page_size=2) + told(page_size=2, page=2) == told()
    for wrong in ({"start_date": "x"}, {"page": "0"}, {"start_date": "2020-01-01", "end_date": "2026-01-01"}):
        assert Client().get(f"{URL}.json", wrong).status_code == 400
    assert Client().get(f"{URL}.json", {"jurisdiction_id": "city.gov"}).status_code == 404


def test_a_page_of_updates_costs_the_same_statements_whatever_its_length(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 4):
        for _ in range(count):
            answered(published(world), world.joko, at=1)
        with django_assert_num_queries(4):
            assert len(Client().get(f"{URL}.json").json()) >= count * 2


# --- in: the office's own system ---


def test_an_answer_by_machine_is_the_offices_answer_and_publishes_nothing(world: World, office: str) -> None:
    case = filed(world)
    taken(office, case)
    assert case.status == Status.IN_PROGRESS
    message = Message.objects.get(complaint=case)
    assert (message.body, message.agency, message.audience) == ("Sudah kami lihat.", world.dinas_pu, "PUBLIC")
    event = Event.objects.filter(complaint=case).latest("pk")
    assert (event.verb, event.client, event.side) == ("answer", ApiClient.objects.get(), "OFFICER")
    assert not Publication.objects.exists()


@pytest.mark.parametrize("status", ["IN_PROGRESS", "investigating", "action scheduled", "Planned"])
def test_work_without_a_word_starts_the_case(world: World, office: str, status: str) -> None:
    case = filed(world)
    taken(office, case, status, description=None)
    assert case.status == Status.IN_PROGRESS
    assert Event.objects.filter(complaint=case).latest("pk").verb == "start"


@pytest.mark.parametrize(
    ("status", "outcome"), [("FIXED", "DONE"), ("CLOSED", "DONE"), ("NO_FURTHER_ACTION", "REFUSED")]
)
def test_a_final_state_is_a_final_answer(world: World, office: str, status: str, outcome: str) -> None:
    case = filed(world)
    taken(office, case, status, description="Sudah ditambal.")
    assert case.status == Status.ANSWERED
    facts = Message.objects.get(complaint=case).facts
    assert facts["outcome"] == outcome
    if outcome == "DONE":
        assert (facts["done_on"], facts["unit"]) == ("2026-06-08", world.dinas_pu.name)


def test_not_ours_goes_back_to_the_coordinator(world: World, office: str) -> None:
    case = filed(world)
    taken(office, case, "NOT_COUNCILS_RESPONSIBILITY", description="Ini jalan provinsi.")
    assert case.handler == world.pemkab


def test_a_duplicate_is_proposed_for_the_archive(world: World, office: str) -> None:
    case = filed(world)
    taken(office, case, "DUPLICATE", description="Sama dengan laporan kemarin.")
    event = Event.objects.filter(complaint=case).latest("pk")
    assert (event.verb, event.particulars["ground"]) == ("hand_back", "PROPOSE_ARCHIVE")


def test_what_the_table_does_not_give_is_400_in_its_words(world: World, office: str) -> None:
    case = filed(world)
    assert "description" in refused(office, case, 400, description=None)
    assert "REOPEN" in refused(office, case, 400, "REOPEN")
    assert refused(office, case, 400, "FIXED", description=None)
    resolved(case, world.joko, at=1)
    assert "status laporan" in refused(office, case, 400)


def test_another_offices_case_and_a_secret_elsewhere_are_not_there(world: World, office: str) -> None:
    never = refused(office, "7K4M9QXD2TB", 404).replace("7K4M9QXD2TB", "N")
    for case in (
        filed(world, addressed_to=world.dinas_kesehatan),
        filed(world, addressed_to=world.dinas_kesehatan, secret=True),
        filed(world, not_for=world.dinas_pu),
    ):
        assert refused(office, case, 404).replace(case.number, "N") == never


@pytest.mark.parametrize(
    "more",
    [
        {"service_request_id": ""},
        {"status": "SELESAI"},
        {"status": ""},
        {"updated_datetime": "kemarin"},
        {"description": "x" * 4001},
        {"description": "<b>tebal</b>"},
        {"email": "sari@"},
        {"media_url": "ftp://contoh.test/a"},
    ],
)
@pytest.mark.sampled
def test_an_update_that_says_too_little_or_nonsense_is_400(world: World, office: str, more: dict[str, str]) -> None:
    case = filed(world)
    refused(office, more.pop("service_request_id", case.number), 400, more.pop("status", "OPEN"), **more)


def test_a_missing_or_wrong_key_or_right_is_403(world: World, office: str) -> None:
    case = filed(world)
    refused("", case, 403)
    refused("lapor_abcdefgh_salah", case, 403)
    refused(key_of(world, world.dinas_pu, Permission.QUEUE), case, 403)


def test_a_picture_of_the_work_comes_with_its_answer(world: World, office: str) -> None:
    case = filed(world)
    taken(office, case, "FIXED", description="Sudah ditambal.", media_url="https://contoh.test/sesudah.jpg")
    file = RemoteFile.objects.get()
    assert file.message == Message.objects.get(complaint=case)


# --- in: the program that brought the report ---


@pytest.fixture
def city(world: World) -> str:
    """The key of a FixMyStreet that files for citizens."""
    return key_of(world, world.root)


def brought(world: World, city: str, **more: Any) -> Complaint:
    case = filed_by(report(world, city, **more))
    dispatch.forward_by_itself(case.pk)
    case.refresh_from_db()
    assert case.handler == world.dinas_pu
    return case


def test_the_reporters_word_is_a_message_and_comes_back_under_its_own_id(world: World, city: str) -> None:
    case = brought(world, city)
    case.start(by=world.joko, public=PublicText("Lubang", case.body))
    given = taken(city, case, description="Makin lebar sejak hujan.", email="Sari@contoh.test")
    message = Message.objects.get(complaint=case)
    assert (message.side, message.verb, message.body) == ("REPORTER", "reply", "Makin lebar sejak hujan.")
    case.ask("Berapa lebarnya?", by=world.joko)
    taken(city, case, description="Satu meter.", phone="+62 812 0000 7700", update_id="18")
    assert case.status == Status.IN_PROGRESS
    assert given


def test_the_reporter_judges_a_final_answer(world: World, city: str) -> None:
    done, not_done = brought(world, city), brought(world, city, description="Lubang yang kedua.")
    for case in (done, not_done):
        resolved(case, world.joko, at=10)
    taken(city, done, "FIXED", description="Terima kasih.", email="sari@contoh.test")
    assert done.status == Status.CLOSED
    taken(city, not_done, "OPEN", description="Belum rata.", email="sari@contoh.test")
    assert (not_done.status, not_done.round) == (Status.IN_PROGRESS, 2)
    taken(city, done, "REOPEN", description="Berlubang lagi.", email="sari@contoh.test", update_id="r")
    assert done.status == Status.FORWARDED


def test_somebody_elses_word_is_held_for_a_person(world: World, city: str) -> None:
    case = brought(world, city)
    resolved(case, world.joko, at=10)
    events = Event.objects.count()
    given = taken(city, case, "FIXED", description="Saya lewat, sudah rata.", email="rudi@contoh.test", update_id="5")
    assert taken(city, case, "FIXED", description="lain", email="rudi@contoh.test", update_id="5") == given
    assert Event.objects.count() == events
    arrival = Arrival.objects.get(outcome="")
    assert arrivals.understand(arrival.pk)
    arrival.refresh_from_db()
    assert (arrival.outcome, arrival.hold) == ("HELD", "NOT_THEIRS")
    assert arrival.suggestion == {"complaint": case.pk}
    assert arrival.text == "Saya lewat, sudah rata.\n\nstatus: FIXED"


def test_another_clients_case_is_not_there(world: World, city: str) -> None:
    case = brought(world, city)
    other = key_of(world, world.pemkab_tetangga)
    refused(other, case, 404, email="sari@contoh.test")
    refused(city, filed(world), 404, email="sari@contoh.test")


# --- twice ---


def test_an_update_is_taken_once(world: World, office: str) -> None:
    case = filed(world)
    first = taken(office, case, update_id="17")
    again = taken(office, case, "FIXED", update_id="17", description="lain")
    assert first == again
    assert Message.objects.count() == 1
    assert taken(office, case, update_id="18") != first
    # Without an id of its own: by what it says, for a day.
    bare = taken(office, case, description="Tanpa nomor.")
    assert taken(office, case, description="Tanpa nomor.") == bare
    assert Message.objects.count() == 3


def test_what_a_client_told_comes_back_under_the_id_it_was_given(world: World, office: str) -> None:
    case = published(world)
    given = taken(office, case, "FIXED", description="Sudah ditambal.")
    assert told()[-1]["update_id"] == given
    assert told()[-1]["status"] == "fixed"


def test_methods(world: World) -> None:
    answer = Client().delete(f"{URL}.json")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert Client().get(f"{URL}.csv").status_code == 404
