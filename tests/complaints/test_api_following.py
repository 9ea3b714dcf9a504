"""Number and key in a header open a report to a program; every act stands on the version that was read."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import clients
from complaints.models import Attachment, Complaint, Event, Message
from complaints.models.lifecycle.acting import PublicText
from complaints.transitions import Status
from routing import dispatch
from tests.complaints.api import STORY, Program, case_of, pointers, problem, stranger
from tests.complaints.files import photo
from tests.world import World

pytestmark = pytest.mark.django_db

ACTS: dict[str, dict[str, Any]] = {
    "pesan": {"body": "Masih mati."},
    "penilaian": {},
    "sanggahan": {"body": "Belum menyala."},
    "pencabutan": {},
    "pembukaan": {"reason": "Mati lagi."},
    "kerahasiaan": {"secret": True},
}
NEVER = "7K4M-9QXD-2TB"
WRONG = "ABCD-EFGH-JKMN-PQRS"


class Mine:
    """A report filed by a program, forwarded to the Dinas PU, and its key."""

    def __init__(self, world: World, **more: Any) -> None:
        answer = Program().file(agency=world.dinas_pu.pk, place=world.sukasari.pk, **more)
        case = case_of(answer)
        dispatch.forward_by_itself(case.pk)
        self.pk, self.number, self.key = case.pk, case.shown_number, answer.json()["key"]

    @property
    def case(self) -> Complaint:
        return Complaint.objects.get(pk=self.pk)

    def read(self) -> Any:
        return Program().get(f"laporan/{self.number}/", x_lapor_key=self.key).json()

    def act(self, noun: str, body: dict[str, Any] | None = None, *, version: int | None = None, **headers: str) -> Any:
        said = {"version": self.case.version if version is None else version, **(body or {})}
        return Program().post(f"laporan/{self.number}/{noun}/", said, x_lapor_key=self.key, **headers)


def answered(world: World, mine: Mine) -> None:
    mine.case.answer("Kami periksa malam ini.", by=world.joko)
    case = mine.case
    case.resolve("Lampunya sudah menyala.", by=world.joko, outcome="DONE", done_on=case.today(), unit="Bidang Jalan")


# --- Reading ---


def test_the_whole_report_is_told_its_reporter(world: World) -> None:
    mine = Mine(world, category=world.cat_road.pk)
    mine.case.answer("Kami periksa malam ini.", by=world.joko)
    said = mine.read()
    assert (said["body"], said["number"], said["version"]) == (STORY, mine.number, mine.case.version)
    assert said["status"]["lapor"] == "Dalam Proses"
    assert said["handler"] == {"id": world.dinas_pu.pk, "name": world.dinas_pu.name}
    (message,) = said["messages"]
    assert (message["body"], message["side"], message["officer"]) == (
        "Kami periksa malam ini.",
        "AGENCY",
        "Joko Prasetyo",
    )
    assert [event["verb"] for event in said["events"]] == ["submit", "forward", "answer"]
    assert {act["verb"] for act in said["acts"]} == {"reply", "withdraw", "tighten"}
    assert {promise["kind"] for promise in said["promises"]} == {"RESOLVE"}


def test_officers_words_among_themselves_are_not_told(world: World) -> None:
    mine = Mine(world)
    mine.case.note("Hubungi pemborong lama.", by=world.joko)
    assert "pemborong" not in str(mine.read())


def test_who_looked_is_told(world: World) -> None:
    mine = Mine(world, secret=True, reporter={"name": "Sari Wulandari"})
    from complaints import privacy

    privacy.view_of(mine.case, world.joko)
    (look,) = mine.read()["looks"]
    assert (look["who"], look["office"]) == ("Joko Prasetyo", "Dinas PU")


def test_an_unchanged_report_is_not_sent_again(world: World) -> None:
    mine = Mine(world)
    first = Program().get(f"laporan/{mine.number}/", x_lapor_key=mine.key)
    again = Program().get(f"laporan/{mine.number}/", x_lapor_key=mine.key, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.slow
def test_reading_takes_no_more_statements_however_much_was_said(world: World) -> None:
    mine = Mine(world)
    for _ in range(6):
        mine.act("pesan", {"body": "Masih mati."})
    with CaptureQueriesContext(connection) as queries:
        mine.read()
    assert len(queries) <= 18, [query["sql"][:100] for query in queries]


# --- Who else ---


def attempts(number: str, key: str) -> list[Any]:
    """Every address of one report, read and acted on."""
    program = stranger()
    found = [
        program.get(f"laporan/{number}/", x_lapor_key=key),
        program.get(f"laporan/{number}/berkas/1/", x_lapor_key=key),
    ]
    return found + [
        program.post(f"laporan/{number}/{noun}/", {"version": 2, **said}, x_lapor_key=key)
        for noun, said in ACTS.items()
    ]


@pytest.mark.parametrize("secret", [False, True])
def test_a_wrong_key_and_a_number_that_never_was_look_alike(world: World, secret: bool) -> None:
    mine, other = Mine(world, secret=secret), Mine(world)
    before = Event.objects.count()
    real, never = attempts(mine.number, WRONG), attempts(NEVER, WRONG)
    swapped = attempts(mine.number, other.key)
    for one, two, three in zip(real, never, swapped, strict=True):
        assert one.status_code == two.status_code == three.status_code == 404
        assert one.content == two.content == three.content
        assert one.headers == two.headers
    assert Event.objects.count() == before


@pytest.mark.parametrize("number", ["x", "7K4M9QXD2TA", "%00", "0" * 300, "é" * 11, "..", "7K4M-9QXD-2T²"])
def test_what_is_no_number_is_not_found_either(world: World, number: str) -> None:
    assert stranger().get(f"laporan/{number}/", x_lapor_key=WRONG).status_code == 404


def test_wrong_key_and_wrong_number_cost_the_same_statements(world: World) -> None:
    mine = Mine(world, secret=True)
    counts = []
    for number in (mine.number, NEVER):
        with CaptureQueriesContext(connection) as queries:
            stranger().get(f"laporan/{number}/", x_lapor_key=WRONG)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_key_is_asked_for_where_none_was_sent_whatever_the_number(world: World) -> None:
    mine = Mine(world)
    for number in (mine.number, NEVER):
        answer = Program().get(f"laporan/{number}/")
        assert pointers(problem(answer, 400, "isian-salah")) == {"X-Lapor-Key"}


@pytest.mark.slow
def test_guessing_ends_soon_and_keeps_nobody_else_out(world: World) -> None:
    mine, other = Mine(world), Mine(world)
    thief = stranger()
    answers = [thief.get(f"laporan/{mine.number}/", x_lapor_key=WRONG).status_code for _ in range(12)]
    assert answers[-1] == 429
    assert thief.get(f"laporan/{other.number}/", x_lapor_key=other.key).status_code == 200
    assert mine.read()["number"] == mine.number


def test_the_key_stands_in_no_address_and_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    mine = Mine(world)
    Program().get(f"laporan/{mine.number}/", x_lapor_key=mine.key)
    stranger().get(f"laporan/{NEVER}/", x_lapor_key=mine.key)
    assert mine.key not in caplog.text
    assert mine.key not in str(mine.read())


def test_a_machine_of_the_handler_needs_the_key_too(world: World) -> None:
    mine = Mine(world)
    _client, key = clients.register(by=world.ratna, agency=world.dinas_pu, name="Sistem", permissions=["queue", "act"])
    assert Program(key).get(f"laporan/{mine.number}/", x_lapor_key=WRONG).status_code == 404


# --- Acts ---


def test_a_message_and_its_file_reach_the_office(world: World) -> None:
    mine = Mine(world)
    file = Program().upload(SimpleUploadedFile("lampu.jpg", photo(), "image/jpeg")).json()
    answer = mine.act("pesan", {"body": "Ini fotonya.", "files": [file["id"]]})
    assert answer.status_code == 200
    (message,) = answer.json()["messages"]
    assert message["files"][0]["name"] == "lampu.jpg"
    assert message["files"][0]["url"] is None
    assert Message.objects.get(complaint=mine.case).attachments.count() == 1


def test_an_answer_to_the_offices_question_completes(world: World) -> None:
    mine = Mine(world)
    mine.case.ask("Tiang nomor berapa?", by=world.joko)
    assert {act["verb"] for act in mine.read()["acts"]} >= {"complete"}
    assert "reply" not in {act["verb"] for act in mine.read()["acts"]}
    assert mine.act("pesan", {"body": "Tiang nomor 12."}).status_code == 200
    assert mine.case.status == Status.FORWARDED
    assert mine.case.events.filter(verb="complete").exists()


def test_the_final_answer_is_accepted_with_ratings(world: World) -> None:
    mine = Mine(world)
    answered(world, mine)
    answer = mine.act("penilaian", {"rating_answer": 4, "rating_result": 5, "reason": "Cepat."})
    assert answer.status_code == 200
    case = mine.case
    assert (case.status, case.rating_answer, case.rating_result, case.rating_reason) == (Status.CLOSED, 4, 5, "Cepat.")


def test_or_contested_and_a_new_round_begins(world: World) -> None:
    mine = Mine(world)
    answered(world, mine)
    assert mine.act("sanggahan", {"body": "Malam ini mati lagi."}).status_code == 200
    assert (mine.case.status, mine.case.round) == (Status.IN_PROGRESS, 2)


def test_it_is_withdrawn_and_opened_again(world: World) -> None:
    mine = Mine(world)
    assert mine.act("pencabutan", {"reason": "Sudah menyala sendiri."}).json()["status"]["lapor"] == "Diarsipkan"
    assert "reopen" in {act["verb"] for act in mine.read()["acts"]}
    assert mine.act("pembukaan", {"reason": "Mati lagi."}).status_code == 200
    assert mine.case.status == Status.FORWARDED


def test_it_is_made_secret_and_its_public_copy_goes(world: World) -> None:
    mine = Mine(world)
    mine.case.start(by=world.joko, public=PublicText("Lampu mati", "Lampu mati."))
    assert Program().get(f"terbitan/{mine.number}/").status_code == 200
    answer = mine.act("kerahasiaan", {"secret": True, "anonymous": True})
    assert (answer.json()["secret"], answer.json()["anonymous"], answer.json()["published"]) == (True, True, False)
    assert Program().get(f"terbitan/{mine.number}/").status_code == 404
    assert pointers(problem(mine.act("kerahasiaan", {"secret": False}), 400, "isian-salah")) == {"#/anonymous"}


# --- Versions ---


@pytest.mark.parametrize("noun", sorted(ACTS))
@pytest.mark.sampled
def test_a_stale_version_changes_nothing_and_gets_the_present_one(world: World, noun: str) -> None:
    mine = Mine(world)
    if noun in ("penilaian", "sanggahan"):
        answered(world, mine)
    if noun == "pembukaan":
        mine.act("pencabutan")
    before = mine.case
    body = problem(mine.act(noun, ACTS[noun], version=before.version - 1), 409, "sudah-berubah")
    assert body["current"]["version"] == before.version
    assert body["current"]["status"]["code"] == before.status
    assert mine.case.version == before.version
    assert STORY not in str(body)


@pytest.mark.parametrize("noun", sorted(ACTS))
@pytest.mark.sampled
def test_no_version_no_act(world: World, noun: str) -> None:
    mine = Mine(world)
    answer = Program().post(f"laporan/{mine.number}/{noun}/", ACTS[noun], x_lapor_key=mine.key)
    problem(answer, 428, "versi-wajib")


def test_the_etag_that_was_read_may_stand_for_the_version(world: World) -> None:
    mine = Mine(world)
    tag = Program().get(f"laporan/{mine.number}/", x_lapor_key=mine.key)["ETag"]
    path, said = f"laporan/{mine.number}/pesan/", {"body": "Masih mati."}
    assert Program().post(path, said, x_lapor_key=mine.key, if_match=tag).status_code == 200
    problem(Program().post(path, said, x_lapor_key=mine.key, if_match=tag), 409, "sudah-berubah")
    for wrong in ("*", '"satu"', '"' + "9" * 40 + '"'):
        answer = Program().post(path, said, x_lapor_key=mine.key, if_match=wrong)
        problem(answer, 400, "isian-salah")
    both = Program().post(path, {**said, "version": 1}, x_lapor_key=mine.key, if_match='"2"')
    problem(both, 400, "isian-salah")


def test_an_act_that_does_not_fit_the_status_says_so(world: World) -> None:
    mine = Mine(world)
    body = problem(mine.act("penilaian", {"rating_answer": 5}), 409, "status-tidak-cocok")
    assert body["current"]["status"]["code"] == mine.case.status


def test_the_same_act_sent_twice_with_a_key_is_done_once(world: World) -> None:
    mine, once = Mine(world), str(uuid.uuid4())
    version = mine.case.version
    first = mine.act("pesan", {"body": "Masih mati."}, version=version, idempotency_key=once)
    again = mine.act("pesan", {"body": "Masih mati."}, version=version, idempotency_key=once)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotent-Replayed"] == "true"
    assert mine.case.messages.count() == 1


@pytest.mark.parametrize(
    ("noun", "said", "where"),
    [
        ("pesan", {}, "#/body"),
        ("pesan", {"body": "\x00 "}, "#/body"),
        ("pesan", {"body": "a" * 10_001}, "#/body"),
        ("pesan", {"body": "a", "files": [str(uuid.UUID(int=3))]}, "#/files/0"),
        ("penilaian", {"rating_answer": 6}, "#/rating_answer"),
        ("penilaian", {"rating_result": "5"}, "#/rating_result"),
        ("pembukaan", {}, "#/reason"),
        ("kerahasiaan", {"rahasia": True}, "#/rahasia"),
        ("pencabutan", {"version": "2"}, "#/version"),
    ],
)
@pytest.mark.sampled
def test_wrong_members_of_an_act_are_pointed_at(world: World, noun: str, said: dict[str, Any], where: str) -> None:
    mine = Mine(world)
    if noun == "penilaian":
        answered(world, mine)
    version = mine.case.version
    answer = Program().post(f"laporan/{mine.number}/{noun}/", {"version": version, **said}, x_lapor_key=mine.key)
    assert pointers(problem(answer, 400, "isian-salah")) == {where}
    assert mine.case.version == version


# --- Files ---


def test_a_checked_file_is_the_reporters_to_fetch_and_nobody_elses(world: World) -> None:
    mine = Mine(world)
    file = Attachment(
        complaint=mine.case, name="lampu.jpg", size=4, state=Attachment.State.CLEAN, sniffed_type="image/jpeg"
    )
    file.file.save("lampu", ContentFile(b"JPEG"))
    (told,) = mine.read()["files"]
    path = re.sub(r"^.*/api/v1/", "", told["url"])
    answer = Program().get(path, x_lapor_key=mine.key)
    assert b"".join(answer.streaming_content) == b"JPEG"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Program().get(path, x_lapor_key=WRONG).status_code == 404
    other = Mine(world)
    assert Program().get(f"laporan/{other.number}/berkas/{file.pk}/", x_lapor_key=other.key).status_code == 404


def test_a_file_of_officers_among_themselves_is_not_the_reporters(world: World) -> None:
    mine = Mine(world)
    note = mine.case.note("Lihat lampiran.", by=world.joko)
    assert note is not None
    file = Attachment(
        complaint=mine.case,
        message_id=note.particulars["message"],
        name="x.jpg",
        size=4,
        state=Attachment.State.CLEAN,
        sniffed_type="image/jpeg",
    )
    file.file.save("x", ContentFile(b"JPEG"))
    assert "x.jpg" not in str(mine.read())
    answer = Program().get(f"laporan/{mine.number}/berkas/{file.pk}/", x_lapor_key=mine.key)
    assert answer.status_code == 404
