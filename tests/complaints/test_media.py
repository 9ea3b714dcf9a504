"""Files are guarded like the case they belong to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from agencies.actor import Actor
from agencies.models import AuditEntry
from complaints import attachments, publishing
from complaints.models import Attachment, Complaint
from tests.complaints.cases import NOW, at, report
from tests.complaints.files import document, photo
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def attached(case: Complaint, content: bytes | None = None, **fields: Any) -> Attachment:
    content = content or photo()
    row = Attachment.objects.create(
        complaint=case, file=ContentFile(content, name="x"), name="<foto>.jpg", size=len(content), **fields
    )
    attachments.check(row.pk)
    return row


def main_of(response: Any) -> str:
    """The page without its nonce and token."""
    return str(response.content.decode().partition("<main")[2].partition("</main>")[0])


def url(row: Attachment) -> str:
    return f"/berkas/{row.pk}/"


@pytest.mark.parametrize(
    ("who", "status"), [("joko", 200), ("wati", 200), ("ratna", 200), ("dewi", 404), ("bayu", 404)]
)
def test_officers_who_read_the_case_open_its_files(world: World, who: str, status: int) -> None:
    row = attached(at(report(world), world.dinas_pu))
    assert client_of(getattr(world, who)).get(url(row)).status_code == status


def test_the_reporter_opens_their_own_and_a_stranger_gets_the_same_404_as_for_nothing(world: World) -> None:
    row = attached(at(report(world), world.dinas_pu))
    assert client_of(world.sari).get(url(row)).status_code == 200
    stranger = client_of(world.rudi).get(url(row))
    nothing = client_of(world.rudi).get("/berkas/987654/")
    assert stranger.status_code == nothing.status_code == 404
    assert main_of(stranger) == main_of(nothing)
    assert Client().get(url(row)).status_code == 404


def test_a_file_no_worker_has_seen_and_a_refused_one_are_not_served(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    row = Attachment.objects.create(complaint=case, file=ContentFile(photo(), name="x"), name="x.jpg", size=1)
    assert client_of(world.joko).get(url(row)).status_code == 404
    refused = attached(case, b"MZ")
    assert client_of(world.joko).get(url(refused)).status_code == 404


def test_it_is_served_as_what_it_is_and_kept_by_nobody(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    picture = client_of(world.joko).get(url(attached(case)))
    assert picture["Content-Type"] == "image/jpeg"
    assert picture["Content-Disposition"].startswith("inline")
    paper = client_of(world.joko).get(url(attached(case, document())))
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"].startswith("attachment")
    for response in (picture, paper):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
        assert "sandbox" in response["Content-Security-Policy"]
        assert "foto" not in response["Content-Disposition"]


def test_a_secret_case_s_file_is_a_look_that_is_written_down(world: World) -> None:
    row = attached(at(report(world, secret=True), world.dinas_pu))
    assert client_of(world.ratna).get(url(row)).status_code == 404
    assert not AuditEntry.objects.filter(what="look").exists()
    assert client_of(world.joko).get(url(row)).status_code == 200
    assert AuditEntry.objects.filter(what="look", who=world.joko.user).count() == 1


def test_nobody_under_not_for_opens_a_file(world: World) -> None:
    row = attached(at(report(world, not_for=world.pemkab), world.root))
    assert client_of(world.wati).get(url(row)).status_code == 404
    assert client_of(world.ratna).get(url(row)).status_code == 200


def test_the_public_sees_the_pictures_of_a_public_answer_and_nothing_else(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    own = attached(case)
    case.answer("Sudah kami ukur.", by=world.joko, now=NOW)
    message = case.messages.get(verb="answer")
    shown, paper = attached(case, message=message), attached(case, document(), message=message)
    assert Client().get(url(shown)).status_code == 404  # not public yet
    publishing.publish(case, now=NOW)
    assert [Client().get(url(row)).status_code for row in (shown, paper, own)] == [200, 404, 404]
    case.tighten(by=Actor.reporter(world.sari), secret=True, now=NOW)
    assert Client().get(url(shown)).status_code == 404


def test_the_reporter_does_not_open_the_file_of_an_internal_note(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    case.note("Lihat peta.", by=world.joko, now=NOW)
    row = attached(case, message=case.messages.get(verb="note"))
    assert client_of(world.sari).get(url(row)).status_code == 404
    assert client_of(world.joko).get(url(row)).status_code == 200


def test_a_file_gone_from_the_disk_is_a_404_and_not_an_error(world: World) -> None:
    row = attached(at(report(world), world.dinas_pu))
    row.refresh_from_db()
    row.file.storage.delete(str(row.file.name))
    assert client_of(world.joko).get(url(row)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_file_is_only_read(world: World, method: str) -> None:
    row = attached(at(report(world), world.dinas_pu))
    assert getattr(client_of(world.joko), method)(url(row)).status_code == 405
