"""A secret case, an unpublished one and a number that never was: to whoever may not know, one and the same answer."""

from __future__ import annotations

import re
import statistics
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.models import Complaint
from complaints.number import hash_key, new_key, new_number
from tests import filing
from tests.permissions import rules
from tests.permissions.conftest import Some
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


def with_a_digit() -> str:
    """As nearly all numbers are. Words of nothing but letters are not looked up among the numbers of other portals
    (`find_by_former_number`): that one statement tells how it is spelt, not whether it exists."""
    return next(number for number in iter(new_number, "") if any(map(str.isdigit, number)))


# Well formed, unlike a slip of the pen, which is refused before anything is looked up.
NEVER = with_a_digit()


@pytest.fixture
def numbers(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What may not be told apart: all three lie at the Dinas PU, none is public."""
    monkeypatch.setattr("complaints.intake.new_number", with_a_digit)
    secret = filing.filed(world, secret=True)
    return {"secret": secret.number, "unpublished": filing.filed(world).number, "never": NEVER}


def shape(answer: Any, number: str) -> tuple[int, str, str]:
    """Status, headers and body without what differs each time."""
    headers = {
        name: value for name, value in answer.headers.items() if name not in ("Content-Security-Policy", "Expires")
    }
    text = answer.content.decode() + str(sorted(headers.items()))
    if len(number) == 11:
        text = text.replace(number, "N").replace(f"{number[:4]}-{number[4:8]}-{number[8:]}", "N")
    text = re.sub(r'(nonce|value)="[^"]*"', r"\1", text.replace(f"/{number}/", "/N/"))
    return answer.status_code, text, str(sorted(answer.cookies.keys()))


def strangers(world: World) -> dict[str, Client]:
    """Nobody, a citizen, and somebody who holds a case of their own."""
    holder, own = Client(), filing.filed(world)
    key = new_key()
    Complaint.objects.filter(pk=own.pk).update(key_hash=hash_key(key))
    assert holder.post("/lacak/", {"number": own.number, "key": key}).status_code == 302
    return {"guest": Client(), "citizen": client_of(world.rudi), "holder of another case": holder}


PUBLIC = (
    "/laporan/{}/",
    "/laporan/{}/dukungan/",
    "/laporan/?q={}",
    "/langganan/?q={}",
    "/lacak/?nomor={}",
    "/instansi/?q={}",
)


def ask(client: Client, path: str, number: str, data: dict[str, str] | None = None) -> tuple[Any, int]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(path.format(number)) if data is None else client.post(path.format(number), data)
    return shape(answer, number), len(queries)


def test_the_public_pages_tell_them_apart_by_nothing(world: World, numbers: dict[str, str]) -> None:
    for who, client in strangers(world).items():
        for path in PUBLIC:
            client.get(path.format(NEVER))
            wanted = ask(client, path, NEVER)
            for what, number in numbers.items():
                assert ask(client, path, number) == wanted, f"{who} × {path} × {what}"


def test_the_reporters_pages_tell_them_apart_by_nothing(world: World, some: Some, numbers: dict[str, str]) -> None:
    names = [name.partition(":")[2] for name in rules.CASE_FOR_REPORTER]
    nouns = ["tanggapan", "penilaian", "pembukaan", "pencabutan", "kerahasiaan", "kepergian", "kabar", "gawai"]
    nouns += ["telepon", "ombudsman"]
    assert len(names) == len(nouns)
    for who, client in strangers(world).items():
        for noun in some(nouns, who, of=3):
            for data in (None, {"body": "x", "version": "1"}):
                wanted = ask(client, f"/laporan/{{}}/{noun}/", NEVER, data)
                assert wanted[0][0] in (302, 404, 405)
                for what, number in numbers.items():
                    assert ask(client, f"/laporan/{{}}/{noun}/", number, data) == wanted, f"{who} × {noun} × {what}"


def test_a_wrong_key_tells_nothing_of_the_number(world: World, numbers: dict[str, str], settings: Any) -> None:
    for key in ("", "0000-0000-0000-0000"):
        told: dict[str, Any] = {}
        for what, number in numbers.items():
            client = Client(REMOTE_ADDR=f"10.0.{len(told)}.{len(key)}")
            told[what] = ask(client, "/lacak/", number, {"number": number, "key": key})
        assert told["secret"] == told["unpublished"] == told["never"]


def test_the_desks_of_strangers_tell_them_apart_by_nothing(
    world: World, some: Some, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The visit is noted on the first page and, however slow the machine, on none after.
    monkeypatch.setattr("routing.views.frame.VISIT_EVERY", 3600)
    numbers = {what: number for what, number in numbers.items() if what != "unpublished"}
    for officer in (world.dewi, world.yanto, world.tono, world.lina):
        client = client_of(officer)
        client.get("/meja/")
        nouns = ("", "kehadiran/", "teruskan/", "tanggapan/", "serupa/", f"serupa/{NEVER}/", "kelompok/")
        for path in some((*(f"/meja/{{}}/{noun}" for noun in nouns), "/meja/?q={}"), str(officer), of=3):
            for data in (None, {"version": "1", "body": "Kata-kata yang panjang"}):
                if data and "?" in path:
                    continue
                wanted = ask(client, path, NEVER, data)
                for what, number in numbers.items():
                    got = ask(client, path, number, data)
                    assert got[0] == wanted[0], f"{officer} × {path} × {what}"
                    assert abs(got[1] - wanted[1]) <= 0, (
                        f"{officer} × {path} × {what}: {got[1]} and {wanted[1]} queries"
                    )


def test_a_published_case_is_told_apart(world: World) -> None:
    """The control: where there is a difference, `ask` sees it."""
    case = filing.published(world)
    assert ask(Client(), "/laporan/{}/", case.number) != ask(Client(), "/laporan/{}/", NEVER)


def test_files_of_a_secret_case_look_like_files_that_never_were(world: World, made: dict[str, Complaint]) -> None:
    from django.core.files.base import ContentFile

    from complaints.models import Attachment

    file = Attachment(complaint=made["secret"], name="a.jpg", size=4, state="CLEAN", sniffed_type="image/jpeg")
    file.file.save("bukti", ContentFile(b"KNRI"))
    for client in strangers(world).values():
        client.get("/berkas/99999999/")
        assert ask(client, "/berkas/{}/", str(file.pk))[0] == ask(client, "/berkas/{}/", "99999999")[0]


@pytest.mark.slow
def test_the_time_tells_nothing_either(world: World, numbers: dict[str, str]) -> None:
    """Medians of 50 answers each, taken in turn so that the machine's moods hit both."""
    for client in (Client(), client_of(world.dewi)):
        path = "/laporan/{}/" if not client.session.get("_auth_user_id") else "/meja/{}/"
        # What leaks, leaks every time; what a busy machine does, it does once.
        apart = []
        for _attempt in range(8):
            took: dict[str, list[float]] = {"secret": [], "never": []}
            for _turn in range(50):
                for what, times in took.items():
                    began = time.perf_counter()
                    client.get(path.format(numbers[what]))
                    times.append(time.perf_counter() - began)
            secret, never = (statistics.median(took[what]) for what in ("secret", "never"))
            apart.append(abs(secret - never) / never)
            if apart[-1] < 0.15:
                break
        assert min(apart) < 0.15, f"{path}: {apart}"
