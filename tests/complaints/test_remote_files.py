"""Files of a report that came as an address: fetched later, checked like every upload, told when they can't be had."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from complaints import remote, tasks
from complaints.models import Attachment, Complaint, RemoteFile
from lapor.kit.outside import Unreachable
from lapor.kit.sealing import seal, unseal
from tests.complaints.files import photo
from tests.conftest import Nudges
from tests.filing import NOON, filed
from tests.world import World

pytestmark = pytest.mark.django_db


def waiting(case: Complaint, url: str = "https://contoh.test/foto%20jalan.jpg?kunci=1") -> RemoteFile:
    return RemoteFile.objects.create(complaint=case, url_sealed=seal(url), next_try=NOON)


def net(monkeypatch: pytest.MonkeyPatch, *answers: bytes | Exception) -> list[str]:
    """What the net says, one after another; the addresses that were asked."""
    asked: list[str] = []
    left = list(answers)

    def fetch(url: str, **limits: Any) -> bytes:
        asked.append(url)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(remote, "fetch", fetch)
    return asked


def test_a_picture_comes_and_is_checked_by_a_worker(
    world: World, monkeypatch: pytest.MonkeyPatch, nudges: Nudges
) -> None:
    case = filed(world)
    row = waiting(case)
    asked = net(monkeypatch, photo())
    assert remote.bring(row.pk, now=NOON)
    assert asked == ["https://contoh.test/foto%20jalan.jpg?kunci=1"]
    file = case.attachments.get()
    assert (file.name, file.state) == ("foto jalan.jpg", Attachment.State.RECEIVED)
    tasks.check_attachment(file.pk)
    file.refresh_from_db()
    assert file.state == Attachment.State.CLEAN
    row.refresh_from_db()
    assert (row.next_try, row.url_sealed, row.attachment) == (None, "", file)
    # Run again, it does nothing.
    assert remote.bring(row.pk, now=NOON)
    assert len(asked) == 1


@pytest.mark.parametrize("content", [b"<html>bukan gambar</html>", b"", b"MZ\x90", b"\xff\xd8\xff terpotong"])
def test_what_is_no_picture_is_told_and_not_kept(world: World, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    case = filed(world)
    net(monkeypatch, content)
    assert remote.bring(waiting(case).pk, now=NOON)
    file = case.attachments.get()
    assert file.state == Attachment.State.REFUSED
    assert file.reason
    assert not file.file


def test_a_silent_server_is_asked_again_and_given_up_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = filed(world)
    row = waiting(case)
    tries = len(remote.WAITS) + 1
    asked = net(monkeypatch, *[Unreachable("timeout", lasting=False)] * tries)
    now = NOON
    for wait in (*remote.WAITS, datetime.timedelta()):
        assert case.attachments.count() == 0
        remote.bring(row.pk, now=now)
        assert remote.bring_waiting(now=now) == 0
        now += wait
    assert len(asked) == tries
    assert case.attachments.get().reason == "Berkasnya tidak bisa kami ambil dari alamat yang dikirim."
    assert RemoteFile.objects.waiting().count() == 0


def test_an_address_inside_is_given_up_at_once(world: World) -> None:
    case = filed(world)
    assert remote.bring(waiting(case, "http://127.0.0.1/rahasia.jpg").pk, now=NOON)
    file = case.attachments.get()
    assert file.state == Attachment.State.REFUSED
    assert "127.0.0.1" not in file.reason + file.name


def test_a_lost_nudge_is_found_by_the_sweep(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = filed(world)
    waiting(case)
    net(monkeypatch, photo())
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    tasks.receive_files()
    assert case.attachments.count() == 1


def test_two_workers_fetch_it_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = filed(world)
    row = waiting(case)

    def fetch(url: str, **limits: Any) -> bytes:
        # Meanwhile another worker tries.
        assert remote.bring(row.pk, now=NOON)
        return photo()

    monkeypatch.setattr(remote, "fetch", fetch)
    assert remote.bring(row.pk, now=NOON)
    assert case.attachments.count() == 1


def test_a_sixth_file_is_refused_like_any_upload(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = filed(world)
    net(monkeypatch, *[photo()] * 6)
    for _ in range(6):
        remote.bring(waiting(case).pk, now=NOON)
    states = [file.state for file in case.attachments.order_by("pk")]
    assert states == ["RECEIVED"] * 5 + ["REFUSED"]


def test_its_address_is_sealed_and_its_file_guarded_like_the_case(world: World) -> None:
    row = waiting(filed(world))
    assert "contoh" not in row.url_sealed
    assert unseal(row.url_sealed).startswith("https://contoh.test/")
