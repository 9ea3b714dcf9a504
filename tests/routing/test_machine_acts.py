"""An agency's own system reads and answers what lies at its office, as a liaison may; nothing else exists for it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies import clients
from agencies.models import Agency, AuditEntry
from complaints import privacy
from complaints.models import Attachment, Complaint, Event, Message, Publication
from complaints.transitions import Status
from routing import dispatch
from routing.models import Disposition
from routing.views.machine import ACTS
from tests.complaints.api import Program, pointers, problem
from tests.complaints.files import photo
from tests.routing.machines import act, case_at, connected
from tests.world import World

pytestmark = pytest.mark.django_db

ANSWER = "Regu kami memeriksanya besok pagi."
NEVER = "7K4M-9QXD-2TB"
SAID: dict[str, dict[str, Any]] = {
    "penanganan": {},
    "pertanyaan": {"question": "Tiang nomor berapa?"},
    "pembatalan": {},
    "tanggapan": {"body": ANSWER},
    "jawaban-akhir": {"body": "Tidak bisa.", "outcome": "REFUSED"},
    "pengembalian": {"ground": "NOT_OURS", "reason": "Jalan nasional."},
    "catatan": {"body": "Tiket 118."},
}


def read(program: Program, case: Complaint, query: str = "") -> Any:
    return program.get(f"antrean/{case.shown_number}/{query}")


# --- Reading ---


def test_the_case_is_told_with_what_may_be_done(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world, category=world.cat_road, name="Sari Wulandari")
    case.note("Hubungi pemborong.", by=world.hana)
    answer = read(program, case)
    said = answer.json()
    assert (said["body"], said["status"]["lapor"], answer["ETag"]) == (case.body, "Terverifikasi", f'"{case.version}"')
    assert said["reporter"] is None
    assert "Sari" not in str(said)
    assert said["stint"]["reason"].startswith("Pelapor menyebut")
    abroad = program.get(f"antrean/{case.shown_number}/", accept_language="en")
    assert (abroad.json(), abroad["Content-Language"]) == (said, "id"), "one version is one answer, in one language"
    assert {one["verb"] for one in said["acts"]} == {"start", "ask", "answer", "resolve", "hand_back", "note", "invite"}
    assert said["messages"][0]["body"] == "Hubungi pemborong."
    assert Disposition.objects.open().get(complaint=case).opened_at is not None
    assert read(program, case).status_code == 200
    assert program.get(f"antrean/{case.number}/", if_none_match=answer["ETag"]).status_code == 304


def test_a_name_is_told_only_when_asked_for_and_every_look_is_written_down(world: World) -> None:
    client, program = connected(world)
    case = case_at(world, name="Sari Wulandari", phone="0812-0000-7700")
    assert not AuditEntry.objects.filter(what="look").exists()
    said = read(program, case, "?identitas=ya").json()
    assert said["reporter"]["name"] == "Sari Wulandari"
    entry = AuditEntry.objects.get(what="look")
    assert (entry.client, entry.who, entry.acting_as) == (client, None, world.dinas_pu)
    (look,) = privacy.who_looked(case)
    assert (look.who, look.office) == (client.name, "Dinas PU")


def test_an_anonymous_name_is_never_told(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world, name="Sari Wulandari", anonymous=True)
    said = read(program, case, "?identitas=ya").json()
    assert (said["reporter"], said["anonymous"]) == (None, True)
    assert "Sari" not in str(said)


def test_a_name_needs_its_own_permission(world: World) -> None:
    _client, program = connected(world, None, "queue", "act")
    case = case_at(world, name="Sari Wulandari")
    problem(read(program, case, "?identitas=ya"), 403, "tidak-berwenang")
    assert read(program, case).json()["reporter"] is None


def test_reading_a_secret_case_is_written_down(world: World) -> None:
    client, program = connected(world)
    case = case_at(world, secret=True)
    assert read(program, case).json()["body"] == case.body
    entry = AuditEntry.objects.get(what="look")
    assert (entry.client, entry.after) == (client, {"looks": ["secret"]})


def test_reading_takes_no_more_statements_for_more_words(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world)
    for _ in range(5):
        act(program, case, "catatan", body="Lagi.")
    with CaptureQueriesContext(connection) as queries:
        read(program, case)
    assert len(queries) <= 26, [query["sql"][:90] for query in queries]


# --- Acting ---


def test_a_system_starts_answers_and_resolves(world: World) -> None:
    client, program = connected(world)
    case = case_at(world)
    assert act(program, case, "penanganan").json()["status"]["code"] == Status.IN_PROGRESS
    assert act(program, case, "tanggapan", body=ANSWER).status_code == 200
    answer = act(
        program,
        case,
        "jawaban-akhir",
        body="Lima lampu diganti.",
        outcome="DONE",
        done_on=case.today().isoformat(),
        unit="UPT Penerangan",
    )
    assert answer.json()["status"]["code"] == Status.ANSWERED
    told = list(case.events.exclude(verb__in=("submit", "forward")).select_related("client", "acting_agency"))
    assert [event.verb for event in told] == ["start", "answer", "resolve"]
    assert {(event.client, event.acting_agency, event.actor) for event in told} == {(client, world.dinas_pu, None)}


def test_nothing_a_system_does_publishes(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world)
    act(program, case, "penanganan")
    act(program, case, "tanggapan", body=ANSWER)
    assert not Publication.objects.filter(complaint=case).exists()
    assert program.get(f"terbitan/{case.number}/").status_code == 404


def test_questions_stop_the_clock_and_may_be_taken_back(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world)
    answer = act(program, case, "pertanyaan", question="Tiang nomor berapa?").json()
    assert (answer["status"]["lapor"], {one["verb"] for one in answer["acts"]}) == ("Tertunda", {"unask", "note"})
    assert act(program, case, "pembatalan").json()["status"]["code"] == Status.FORWARDED


def test_handed_back_it_is_no_longer_there(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world)
    once = str(uuid.uuid4())
    body = {"version": case.version, "ground": "NOT_OURS", "reason": "Jalan nasional.", "agency": world.ministry.pk}
    path = f"antrean/{case.shown_number}/pengembalian/"
    answer = program.post(path, body, idempotency_key=once)
    assert answer.status_code == 200
    said = answer.json()
    assert (said["held"], said["acts"]) == (False, [])
    stint = Disposition.objects.get(complaint=case, outcome="HANDED_BACK")
    assert stint.proposed == world.ministry
    assert read(program, case).status_code == 404
    again = program.post(path, body, idempotency_key=once)
    assert (again.status_code, again.json(), again["Idempotent-Replayed"]) == (200, said, "true")


def test_where_the_head_approves_an_answer_waits(world: World) -> None:
    _client, program = connected(world)
    Agency.objects.filter(pk=world.dinas_pu.pk).update(approves_answers=True)
    case = case_at(world)
    answer = act(program, case, "tanggapan", body=ANSWER).json()
    assert (answer["pending"], answer["status"]["code"]) == (True, Status.FORWARDED)
    assert Message.objects.get(complaint=case, verb="answer").state == Message.State.PENDING


def test_proof_is_attached_to_an_answer(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world)
    upload = program.client.post(
        f"/api/v1/antrean/{case.number}/berkas/",
        {"file": SimpleUploadedFile("bukti.jpg", photo(), "image/jpeg")},
        headers=program.headers,
    )
    assert upload.status_code == 201, upload.content
    assert act(program, case, "tanggapan", body=ANSWER, files=[upload.json()["id"]]).status_code == 200
    (message,) = case.messages.filter(verb="answer")
    assert [file.name for file in message.attachments.all()] == ["bukti.jpg"]


@pytest.mark.parametrize(
    ("noun", "said", "where"),
    [
        ("tanggapan", {}, "#/body"),
        ("tanggapan", {"body": "kata " * 4000}, "#/body"),
        ("tanggapan", {"body": "\x00"}, "#/body"),
        ("tanggapan", {"body": "a", "public": True}, "#/public"),
        ("jawaban-akhir", {"body": "a"}, "#/outcome"),
        ("jawaban-akhir", {"body": "a", "outcome": "SELESAI"}, "#/outcome"),
        ("jawaban-akhir", {"body": "a", "outcome": "DONE"}, "#/done_on"),
        ("jawaban-akhir", {"body": "a", "outcome": "DONE", "done_on": "2999-01-01", "unit": "x"}, "#/done_on"),
        ("jawaban-akhir", {"body": "a", "outcome": "SCHEDULED", "promised_on": "2020-01-01"}, "#/promised_on"),
        ("pertanyaan", {"question": ""}, "#/question"),
        ("pengembalian", {"ground": "MALAS", "reason": "x"}, "#/ground"),
        ("pengembalian", {"ground": "NOT_OURS"}, "#/reason"),
        ("pengembalian", {"ground": "NOT_OURS", "reason": "x", "agency": 999_999_999}, "#/agency"),
        ("catatan", {"body": " "}, "#/body"),
        ("penanganan", {"by": "Joko"}, "#/by"),
    ],
)
@pytest.mark.sampled
def test_wrong_members_are_pointed_at_and_nothing_happens(
    world: World, noun: str, said: dict[str, Any], where: str
) -> None:
    _client, program = connected(world)
    case = case_at(world)
    before = Event.objects.count()
    assert pointers(problem(act(program, case, noun, **said), 400, "isian-salah")) == {where}
    assert Event.objects.count() == before


def test_the_last_rounds_answer_is_the_coordinators(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world)
    Complaint.objects.filter(pk=case.pk).update(round=3)
    assert "resolve" not in {one["verb"] for one in read(program, case).json()["acts"]}
    body = problem(act(program, case, "jawaban-akhir", body="a", outcome="REFUSED"), 403, "tidak-berwenang")
    assert "koordinator" in body["detail"]


# --- Versions ---


@pytest.mark.parametrize("noun", sorted(set(SAID) - {"catatan", "pembatalan"}))
@pytest.mark.sampled
def test_a_stale_version_changes_nothing(world: World, noun: str) -> None:
    _client, program = connected(world)
    case = case_at(world)
    case.reclassify(by=world.joko, reason="salah jenis", category=world.cat_works)
    before = Event.objects.count()
    body = problem(act(program, case, noun, version=case.version - 1, **SAID[noun]), 409, "sudah-berubah")
    assert body["current"]["version"] == case.version
    assert {one["verb"] for one in body["current"]["acts"]} >= {"start", "answer"}
    assert Event.objects.count() == before


def test_a_version_is_needed_and_if_match_is_one(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world)
    path = f"antrean/{case.number}/penanganan/"
    problem(program.post(path, {}), 428, "versi-wajib")
    assert program.post(path, {}, if_match=read(program, case)["ETag"]).status_code == 200


def test_what_does_not_fit_the_status_is_a_conflict(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world)
    act(program, case, "penanganan")
    body = problem(act(program, case, "penanganan"), 409, "status-tidak-cocok")
    assert body["current"]["status"]["code"] == Status.IN_PROGRESS


# --- Who else ---


def everything(program: Program, number: str, version: int = 2) -> list[Any]:
    """Every address of one case."""
    found = [program.get(f"antrean/{number}/"), program.get(f"antrean/{number}/berkas/1/")]
    found.append(
        program.client.post(
            f"/api/v1/antrean/{number}/berkas/",
            {"file": SimpleUploadedFile("bukti.jpg", photo(60, 40), "image/jpeg")},
            headers=program.headers,
        )
    )
    for noun, said in SAID.items():
        body = said if noun == "catatan" else {"version": version, **said}
        found.append(program.post(f"antrean/{number}/{noun}/", body))
    return found


def test_every_act_of_the_api_is_tried_here() -> None:
    elsewhere = {"bantuan", "pembatalan-bantuan"}  # test_machine_helping.py
    assert set(SAID) | elsewhere == set(ACTS.values())


@pytest.mark.parametrize("secret", [False, True])
def test_a_case_elsewhere_and_one_that_never_was_look_alike(world: World, secret: bool) -> None:
    case = case_at(world, secret=secret)
    before = Event.objects.count()
    offices = (
        world.bidang_jalan,
        world.dinas_kesehatan,
        world.pemkab,
        world.pemkab_tetangga,
        world.pemprov,
        world.bumn,
    )
    for office in offices:
        _client, program = connected(world, office)
        for real, never in zip(everything(program, case.shown_number), everything(program, NEVER), strict=True):
            assert real.status_code == never.status_code == 404, (office, real.content)
            assert real.content == never.content, office
    assert Event.objects.count() == before
    assert not AuditEntry.objects.filter(what="look").exists()


def test_a_case_about_the_office_does_not_exist_for_its_system(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world, about_conduct=True, not_for=world.dinas_pu)
    assert case.handler == world.inspektorat
    assert {answer.status_code for answer in everything(program, case.shown_number)} == {404}
    _client, theirs = connected(world, world.inspektorat)
    assert read(theirs, case).status_code == 200


def test_a_former_handlers_system_reads_nothing_more(world: World) -> None:
    _client, program = connected(world)
    case = case_at(world)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="salah kantor")
    assert {answer.status_code for answer in everything(program, case.shown_number)} == {404}


def test_the_system_of_the_root_holds_what_lies_there(world: World) -> None:
    _client, program = connected(world, world.root)
    case = case_at(world, addressed_to=None, place=None)
    assert case.handler == world.root
    assert read(program, case).status_code == 200
    problem(act(program, case, "pengembalian", ground="NOT_OURS", reason="x"), 403, "tidak-berwenang")


@pytest.mark.parametrize(
    ("permissions", "may_read", "may_act"),
    [(("queue",), True, False), (("act",), False, False), (("file", "identity"), False, False)],
)
def test_each_permission_gives_what_it_says(
    world: World, permissions: tuple[str, ...], may_read: bool, may_act: bool
) -> None:
    _client, program = connected(world, None, *permissions)
    case = case_at(world)
    assert (program.get("antrean/").status_code == 200) == may_read
    assert (read(program, case).status_code == 200) == may_read
    before = Event.objects.count()
    for noun, said in SAID.items():
        assert act(program, case, noun, **said).status_code == (200 if may_act else 403), noun
    assert (Event.objects.count() > before) == may_act


def test_without_a_key_or_with_one_that_ended_nothing_opens(world: World) -> None:
    client, program = connected(world)
    case = case_at(world)
    for answer in everything(Program(), case.shown_number):
        problem(answer, 401, "kunci-tidak-dikenal")
    clients.end(client, by=world.ratna, reason="selesai")
    for answer in everything(program, case.shown_number):
        problem(answer, 401, "kunci-tidak-dikenal")


def test_an_officers_session_is_no_key(world: World) -> None:
    case = case_at(world)
    assert world.joko.user is not None
    program = Program()
    program.client.force_login(world.joko.user, backend="django.contrib.auth.backends.ModelBackend")
    for answer in everything(program, case.shown_number, case.version):
        assert answer.status_code == 401
    assert not case.events.exclude(verb__in=("submit", "forward")).exists()


def test_a_file_is_guarded_like_its_case(world: World) -> None:
    _client, program = connected(world)
    _other, stranger = connected(world, world.dinas_kesehatan)
    case = case_at(world, secret=True)
    file = Attachment(complaint=case, name="lampu.jpg", size=4, state=Attachment.State.CLEAN, sniffed_type="image/jpeg")
    file.file.save("lampu", ContentFile(b"JPEG"))
    path = f"antrean/{case.number}/berkas/{file.pk}/"
    answer = program.get(path)
    assert b"".join(answer.streaming_content) == b"JPEG"
    assert AuditEntry.objects.filter(what="look").count() == 1, "a secret file is a look"
    assert stranger.get(path).status_code == 404
    assert program.get(f"antrean/{case.number}/berkas/{10**25}/").status_code == 404


def test_a_machine_staffs_no_office(world: World) -> None:
    connected(world, world.bidang_jalan)
    assert not world.bidang_jalan.is_staffed(timezone.localdate())
