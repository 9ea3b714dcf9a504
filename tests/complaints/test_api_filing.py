"""A program files a report: once for its key, addressed by the API key, refused in words where something is wrong."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies import clients
from agencies.actor import Actor
from agencies.models import ApiClient
from complaints import privacy
from complaints.models import Arrival, Attachment, Complaint, Draft, Replay, Reporter
from complaints.transitions import Status
from routing import dispatch
from tests.complaints.api import STORY, Program, case_of, pointers, problem
from tests.complaints.files import photo
from tests.world import World

pytestmark = pytest.mark.django_db

ONCE = "5f0b6a6e-3c0e-4f0e-9d3e-2a1a7d6c1f00"


def connected(world: World, *permissions: str, agency: Any = None) -> tuple[ApiClient, Program]:
    client, key = clients.register(
        by=world.ratna,
        agency=agency or world.dinas_pu,
        name="Aplikasi daerah",
        permissions=list(permissions or ["file"]),
    )
    return client, Program(key)


# --- One report ---


def test_a_story_is_enough(world: World) -> None:
    answer = Program().file()
    case = case_of(answer)
    said = answer.json()
    assert (case.body, case.channel, case.status, case.kind) == (STORY, "api", Status.SUBMITTED, "PENGADUAN")
    assert case.title.startswith("Lampu jalan di depan")
    assert said["number"] == case.shown_number
    assert said["status"] == {"code": "submitted", "name": "Belum terverifikasi", "lapor": "Belum Terverifikasi"}
    assert answer["Location"] == said["api_url"]
    assert "no-store" in answer["Cache-Control"]
    assert Program().get(f"laporan/{said['number']}/", x_lapor_key=said["key"]).status_code == 200
    arrival = Arrival.objects.get(channel="api")
    assert (arrival.complaint, arrival.outcome) == (case, Arrival.Outcome.OPENED)


def test_everything_that_can_be_said_is_kept(world: World) -> None:
    answer = Program().file(
        title="Lampu jalan mati",
        kind="PENGADUAN",
        happened_on=timezone.localdate().isoformat(),
        place=world.sukasari.pk,
        landmark="depan Pasar Lama",
        latitude=-6.9,
        longitude=107.6,
        category=world.cat_road.pk,
        agency=world.dinas_pu.pk,
        anonymous=True,
        reporter={"name": "Sari Wulandari", "email": "Sari@Contoh.test", "phone": "0812-0000-7700", "language": "en"},
    )
    case = case_of(answer)
    assert (case.title, case.place, case.landmark, case.category) == (
        "Lampu jalan mati",
        world.sukasari,
        "depan Pasar Lama",
        world.cat_road,
    )
    assert (case.latitude, case.longitude, case.anonymous, case.addressed_to) == (-6.9, 107.6, True, world.dinas_pu)
    identity = privacy.view_of(case, Actor.reporter()).identity
    assert identity is not None
    assert (identity.name, identity.email, identity.phone) == ("Sari Wulandari", "sari@contoh.test", "+6281200007700")
    assert Reporter.objects.get(complaint=case).language == "en"
    raw = Arrival.objects.values_list("raw_sealed", flat=True).get(channel="api")
    assert raw
    assert "Sari" not in raw


def test_an_api_key_stands_for_its_office(world: World) -> None:
    client, program = connected(world)
    case = case_of(program.file(place=world.batu_belah.pk))
    assert case.addressed_to == world.dinas_pu
    assert case.events.get(verb="submit").client == client
    dispatch.forward_by_itself(case.pk)
    case.refresh_from_db()
    assert (case.handler, case.status) == (world.dinas_pu, Status.FORWARDED)
    assert case.events.get(verb="forward").particulars["reason"].startswith("Dikirim lewat “Aplikasi daerah”")


def test_another_office_cannot_be_named_with_a_key_but_for_its_conduct(world: World) -> None:
    _client, program = connected(world)
    body = problem(program.file(agency=world.dinas_kesehatan.pk), 400, "isian-salah")
    assert pointers(body) == {"#/agency"}
    case = case_of(program.file(agency=world.dinas_kesehatan.pk, about_conduct=True))
    assert case.not_for == world.dinas_kesehatan
    dispatch.forward_by_itself(case.pk)
    case.refresh_from_db()
    assert case.handler == world.inspektorat


def test_a_machine_that_may_only_read_files_nothing(world: World) -> None:
    _client, program = connected(world, "queue")
    problem(program.file(), 403, "tidak-berwenang")
    assert not Complaint.objects.exists()


def test_a_key_that_has_ended_files_nothing(world: World) -> None:
    client, program = connected(world)
    clients.end(client, by=world.ratna, reason="selesai")
    problem(program.file(), 401, "kunci-tidak-dikenal")
    assert not Complaint.objects.exists()


def test_words_of_danger_are_answered_with_whom_to_call(world: World) -> None:
    answer = Program().file("Tolong, rumah tetangga saya sedang kebakaran dan masih ada orang di dalam!")
    assert "112" in answer.json()["emergency"]
    assert case_of(answer)
    assert Program().file().json()["emergency"] == ""


# --- Once ---


def test_without_an_idempotency_key_nothing_is_taken_and_what_to_do_is_said(world: World) -> None:
    body = problem(Program().post("laporan/", {"body": STORY}), 400, "kunci-idempotensi-wajib")
    assert "UUID" in body["detail"]
    assert not Complaint.objects.exists()


def test_the_same_key_and_body_get_the_same_answer(world: World) -> None:
    first = Program().file(once=ONCE, title="Lampu mati")
    again = Program().post(
        "laporan/", json.dumps({"title": "Lampu mati", "body": STORY}, indent=3).encode(), idempotency_key=ONCE
    )
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert again["Location"] == first["Location"]
    assert Complaint.objects.count() == 1


def test_the_same_key_and_another_body_are_refused(world: World) -> None:
    Program().file(once=ONCE)
    problem(Program().file("Cerita yang lain.", once=ONCE), 422, "kunci-idempotensi-terpakai")
    assert Complaint.objects.count() == 1


def test_a_key_counts_for_one_sender_alone(world: World) -> None:
    _client, program = connected(world)
    mine = Program().file(once=ONCE).json()
    theirs = program.file(once=ONCE).json()
    assert mine["number"] != theirs["number"]
    assert Complaint.objects.count() == 2


def test_what_was_refused_may_be_put_right_under_the_same_key(world: World) -> None:
    problem(Program().file("", once=ONCE), 400, "isian-salah")
    assert case_of(Program().file(once=ONCE))


def test_a_replay_does_not_count_nor_need_its_files_again(world: World) -> None:
    file = Program().upload(SimpleUploadedFile("lubang.jpg", photo(), "image/jpeg")).json()
    first = Program().file(once=ONCE, files=[file["id"]])
    assert Program().file(once=ONCE, files=[file["id"]]).json() == first.json()


def test_an_answer_is_sealed_and_forgotten_but_its_report_stays_one(world: World) -> None:
    first = Program().file(once=ONCE).json()
    row = Replay.objects.get()
    assert first["key"] not in row.answer_sealed
    assert first["number"] not in row.answer_sealed
    assert ONCE not in f"{row.key_digest} {row.body_digest}"
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8)):
        assert Replay.objects.forget(timezone.now()) == 1
        late = Program().file(once=ONCE)
    assert late.status_code == 201
    assert (late.json()["number"], late.json()["key"]) == (first["number"], None)
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("key", ["pendek", "a" * 129, "kunci dengan é di dalamnya"])
def test_a_key_that_could_be_guessed_or_is_none_is_refused(world: World, key: str) -> None:
    answer = Program().file(once=key.encode().decode("latin-1"))
    assert pointers(problem(answer, 400, "isian-salah")) == {"Idempotency-Key"}


# --- What is wrong ---


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"body": ""}, "#/body"),
        ({"body": "   \n "}, "#/body"),
        ({"body": "\x00"}, "#/body"),
        ({"body": None}, "#/body"),
        ({"body": 7}, "#/body"),
        ({"body": ["a"]}, "#/body"),
        ({"body": "kata " * 4000}, "#/body"),
        ({"title": "x" * 161}, "#/title"),
        ({"kind": "KELUHAN"}, "#/kind"),
        ({"kind": True}, "#/kind"),
        ({"happened_on": "kemarin"}, "#/happened_on"),
        ({"happened_on": "2026-02-31"}, "#/happened_on"),
        ({"happened_on": 20260501}, "#/happened_on"),
        ({"kind": "ASPIRASI", "happened_on": "2026-01-02"}, "#/happened_on"),
        ({"happened_on": "9999-01-01"}, "#/happened_on"),
        ({"place": "99.77"}, "#/place"),
        ({"place": "' OR 1=1"}, "#/place"),
        ({"latitude": -6.9}, "#/longitude"),
        ({"latitude": "selatan", "longitude": 107}, "#/latitude"),
        ({"latitude": 52.5, "longitude": 107}, "#/latitude"),
        ({"latitude": True, "longitude": 107}, "#/latitude"),
        ({"category": 999_999_999}, "#/category"),
        ({"category": 10**30}, "#/category"),
        ({"category": True}, "#/category"),
        ({"agency": -1}, "#/agency"),
        ({"agency": "1"}, "#/agency"),
        ({"anonymous": "ya"}, "#/anonymous"),
        ({"anonimous": True}, "#/anonimous"),
        ({"about_conduct": True}, "#/agency"),
        ({"reporter": "Sari"}, "#/reporter"),
        ({"reporter": {"email": "bukan alamat"}}, "#/reporter/email"),
        ({"reporter": {"phone": "satu dua"}}, "#/reporter/phone"),
        ({"reporter": {"nik": "3171"}}, "#/reporter/nik"),
        ({"files": "a"}, "#/files"),
        ({"files": ["bukan-uuid"]}, "#/files/0"),
        ({"files": [str(uuid.UUID(int=n)) for n in range(6)]}, "#/files"),
        ({"files": [str(uuid.UUID(int=1))]}, "#/files/0"),
    ],
)
@pytest.mark.sampled
def test_each_wrong_member_is_pointed_at_and_nothing_is_kept(world: World, said: dict[str, Any], where: str) -> None:
    answer = Program().post("laporan/", {"body": STORY, **said}, idempotency_key=ONCE)
    body = problem(answer, 400, "isian-salah")
    assert pointers(body) == {where}
    assert all(error["detail"] for error in body["errors"])
    assert not Complaint.objects.exists()
    assert not Replay.objects.exists()


def test_signs_no_database_keeps_are_left_out_like_on_the_web(world: World) -> None:
    answer = Program().post(
        "laporan/",
        b'{"body": "Jalan \\u0000rusak \\ud800parah", "title": "Jalan\\ud83d rusak"}',
        idempotency_key=ONCE,
    )
    case = case_of(answer)
    assert (case.body, case.title) == ("Jalan rusak parah", "Jalan rusak")


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"teks"', b"{", b'{"body": NaN}', b"[" * 50_000])
def test_what_is_no_object_is_refused(world: World, body: bytes) -> None:
    answer = Program().post("laporan/", body, idempotency_key=ONCE)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not Complaint.objects.exists()


def test_a_form_is_no_json(world: World) -> None:
    answer = Program().client.post("/api/v1/laporan/", {"body": STORY}, headers={"Idempotency-Key": ONCE})
    problem(answer, 415, "jenis-isi-salah")


@pytest.mark.slow
def test_one_address_files_a_villages_worth_and_is_then_asked_to_wait(world: World) -> None:
    program = Program(address="203.0.113.41")
    for _ in range(30):
        assert program.file().status_code == 201
    answer = program.file()
    problem(answer, 429, "terlalu-sering")
    assert int(answer["Retry-After"]) > 0
    _client, theirs = connected(world)
    theirs.address = "203.0.113.41"
    assert theirs.file().status_code == 201, "an agency's server has its own limit"


def test_a_machine_is_limited_as_its_coordinator_said(world: World) -> None:
    _client, key = clients.register(
        by=world.ratna, agency=world.dinas_pu, name="Kecil", permissions=["file"], hourly_limit=20
    )
    program = Program(key)
    answers = [program.get("status/").status_code for _ in range(4)]
    assert answers == [200, 200, 429, 429]


# --- Files ---


def test_a_file_is_uploaded_then_named_once(world: World) -> None:
    answer = Program().upload(SimpleUploadedFile("lubang.jpg", photo(), "image/jpeg"))
    assert answer.status_code == 201
    said = answer.json()
    assert (said["name"], said["type"]) == ("lubang.jpg", "image/jpeg")
    case = case_of(Program().file(files=[said["id"]]))
    (file,) = case.attachments.all()
    assert file.state == Attachment.State.RECEIVED
    again = problem(Program().file(files=[said["id"]]), 400, "isian-salah")
    assert pointers(again) == {"#/files/0"}


@pytest.mark.parametrize(
    ("name", "content"), [("skrip.jpg", b"<script>"), ("kosong.jpg", b""), ("potong.jpg", photo()[:200])]
)
def test_a_file_is_refused_for_the_same_reasons_as_on_the_web(world: World, name: str, content: bytes) -> None:
    answer = Program().upload(SimpleUploadedFile(name, content, "image/jpeg"))
    assert pointers(problem(answer, 400, "isian-salah")) == {"#/file"}
    assert not Attachment.objects.exists()
    assert not Draft.objects.exists()


def test_an_upload_is_a_form_with_one_file(world: World) -> None:
    problem(Program().post("berkas/", {"file": "x"}), 415, "jenis-isi-salah")
    answer = Program().client.post("/api/v1/berkas/", {"berkas": "x"})
    assert pointers(problem(answer, 400, "isian-salah")) == {"#/file"}
    broken = Program().client.generic("POST", "/api/v1/berkas/", b"x", content_type="multipart/form-data; boundary=a")
    problem(broken, 400, "isian-salah")


def test_an_upload_nobody_named_is_forgotten_with_its_file(world: World) -> None:
    said = Program().upload(SimpleUploadedFile("lubang.jpg", photo(), "image/jpeg")).json()
    file = Attachment.objects.get()
    path, name = file.file.storage, str(file.file.name)
    assert Draft.objects.forget(timezone.now() + datetime.timedelta(days=15)) == 1
    assert not Attachment.objects.exists()
    assert not path.exists(name)
    problem(Program().file(files=[said["id"]]), 400, "isian-salah")


def test_the_file_of_a_web_draft_cannot_be_taken_by_its_id(world: World) -> None:
    """Only the token of an upload names a file; a draft that became a case gives none away."""
    said = Program().upload(SimpleUploadedFile("lubang.jpg", photo(), "image/jpeg")).json()
    draft = Draft.objects.get(token=said["id"])
    case = case_of(Program().file())
    Draft.objects.filter(pk=draft.pk).update(complaint=case)
    assert pointers(problem(Program().file(files=[said["id"]]), 400, "isian-salah")) == {"#/files/0"}
