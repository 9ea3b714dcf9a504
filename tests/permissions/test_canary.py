"""Canaries: words found nowhere else are put into every field of a report, the case is walked through its acts, and
then everything the portal keeps or shows is read: every table, key of Redis, session, file, log line and page.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, TestCase, override_settings
from PIL import Image

from complaints import attachments
from complaints.models import Attachment, Complaint
from complaints.models.lifecycle.acting import PublicText
from complaints.notifications import delivery
from lapor.kit.logs import Discreet
from lapor.kit.sessions import SessionStore
from routing import dispatch
from routing.forms.base import masked
from tests.world import World, build, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("canary")]


@dataclass
class Planted:
    """One report and the words only it has."""

    word: str
    case: Complaint
    key: str
    client: Client

    @property
    def name(self) -> str:
        return f"Nama{self.word} Wulandari"

    @property
    def email(self) -> str:
        return f"surat{self.word.lower()}@contoh.test"

    @property
    def phone(self) -> str:
        return PHONES[self.word]


PHONES = {"Zqterang": "081200007711", "Zqanonim": "081200007722", "Zqrahasia": "081200007733"}
FORMATS = ("xml", "json")
FLAVOURS = {"Zqterang": ("officers", "open"), "Zqanonim": ("hidden", "open"), "Zqrahasia": ("hidden", "secret")}


@pytest.fixture(scope="module")
def logs() -> Iterator[io.StringIO]:
    """Everything said at DEBUG, as the portal's own handler writes it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Discreet())
    root, before = logging.getLogger(), logging.getLogger().level
    # The statements themselves are not logged by any setting of ours; Django would with DEBUG alone.
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(before)


def photo(word: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = f"rumah{word}"
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def plant(world: World, word: str) -> Planted:
    """Filed on the web by somebody without an account, with everything a form takes."""
    client = Client()
    who, read = FLAVOURS[word]
    client.post("/lapor/", {"place": world.sukasari.pk, "landmark": f"rumah saya patok{word}"})
    story = (
        f"Kisah{word} terjadi di loket. Saya Nama{word} Wulandari, HP {PHONES[word]}, surat{word.lower()}@contoh.test."
    )
    client.post(
        "/lapor/masalah/",
        {
            "kind": "PENGADUAN",
            "title": f"Judul{word} soal loket",
            "story": story,
            "happened_on_pick": "today",
            "office": str(world.dinas_pu.pk),
            "category": str(world.cat_road.pk),
            "file": SimpleUploadedFile(f"foto{word}.jpg", photo(word), "image/jpeg"),
        },
    )
    answer = client.post(
        "/lapor/periksa/",
        {
            "who": who,
            "read": read,
            "tell": "email",
            "name": f"Nama{word} Wulandari",
            "email": f"surat{word.lower()}@contoh.test",
        },
    )
    assert answer.headers["Location"] == "/lapor/selesai/", answer.content.decode()[:3000]
    case = Complaint.objects.get(title__startswith=f"Judul{word}")
    shown = client.get("/lapor/selesai/").content.decode()
    [key] = set(re.findall(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", re.sub(r"<[^>]+>", " ", shown)))
    return Planted(word, case, key, client)


def walk(world: World, one: Planted) -> None:
    """Forwarded, begun, answered, asked back, replied to, resolved: what happens to most cases, by the real pages."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert [attachments.check(file.pk) for file in Attachment.objects.filter(complaint=one.case)] == [True]
    dispatch.forward_by_itself(one.case.pk)
    case = Complaint.objects.get(pk=one.case.pk)
    assert case.handler == world.dinas_pu
    case.start(by=world.joko, public=None if case.secret else PublicText(*masked(case)))
    case.answer(f"Yth. Nama{one.word} Wulandari, kami periksa.", by=world.joko)
    one.client.post(
        f"/laporan/{case.number}/tanggapan/",
        {"body": f"Balas{one.word}: hubungi {one.phone}.", "version": Complaint.objects.get(pk=case.pk).version},
    )
    case.refresh_from_db()
    case.resolve("Loketnya sudah kami benahi.", by=world.joko, outcome="DONE", done_on=case.today(), unit="Loket")
    one.case = Complaint.objects.get(pk=case.pk)
    delivery.send_due()


@dataclass
class Garden:
    """What the tests of this module read: planted once, in a transaction around theirs."""

    world: World
    planted: list[Planted]
    letters: list[mail.EmailMessage]
    files: Path


@pytest.fixture(scope="module")
def garden(
    django_db_setup: None, django_db_blocker: Any, logs: io.StringIO, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Garden]:
    files = tmp_path_factory.mktemp("berkas")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), transaction.atomic():
        mail.outbox = []
        world = build()
        yield Garden(world, planted_in(world), list(mail.outbox), files)
        transaction.set_rollback(True)


@pytest.fixture
def planted(garden: Garden, db: None) -> list[Planted]:
    return garden.planted


@pytest.fixture
def world(garden: Garden, db: None) -> World:
    return garden.world


def planted_in(world: World) -> list[Planted]:
    caches["default"].clear()
    made = [plant(world, word) for word in FLAVOURS]
    for one in made:
        walk(world, one)
        # Somebody guesses, and somebody reads what they may not.
        one.client.post("/lacak/", {"number": one.case.number, "key": one.key})
        Client().post("/lacak/", {"number": one.case.number, "key": "0" * 16})
        for client in (Client(), client_of(world.dewi), client_of(world.joko), client_of(world.wati)):
            client.get(f"/laporan/{one.case.number}/")
            client.get(f"/meja/{one.case.number}/?pelapor=tampil")
    return made


def tables() -> dict[str, str]:
    """Every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [row[0] for row in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t')
            found[name] = cursor.fetchone()[0] or ""
    opened = [SessionStore().decode(one.session_data) for one in Session.objects.all()]
    assert any(opened), "they are really opened"
    found["django_session, opened"] = str(opened)
    return found


def where(word: str, places: dict[str, str]) -> set[str]:
    return {place for place, text in places.items() if word.lower() in text.lower()}


# Where the words of a report may stand. A public copy holds none of those below.
TEXTS = {
    "Judul": {"complaints_complaint"},
    "Kisah": {"complaints_complaint"},
    "patok": {"complaints_complaint"},
    "foto": {"complaints_attachment"},
    "Balas": {"complaints_message"},
    "rumah": set[str](),
}
COPY = {"Judul": {"complaints_publication"}, "Kisah": {"complaints_publication"}}


@pytest.mark.slow
def test_the_database_holds_names_sealed_and_texts_where_they_belong(planted: list[Planted]) -> None:
    dump = tables()
    assert len(dump) > 40
    for one in planted:
        for what, allowed in TEXTS.items():
            more = set() if one.case.secret else COPY.get(what, set())
            assert where(f"{what}{one.word}", dump) <= allowed | more, f"{what}{one.word}"
        # The words the reporter wrote about themselves stay in their own text, the officer's "Yth. …" in the talk.
        own = {"complaints_complaint", "complaints_message"}
        for word in (one.name, one.email, one.phone):
            assert where(word, dump) <= own, word
        for key in (one.key, one.key.replace("-", "")):
            assert where(key, dump) == set()


def test_the_search_for_canaries_finds_them(planted: list[Planted]) -> None:
    """The control: what is there is found, in a table, and would be in an opened session."""
    dump = tables()
    assert where(f"Kisah{planted[0].word}", dump) == {"complaints_complaint", "complaints_publication"}
    assert where(f"Kisah{planted[2].word}", dump) == {"complaints_complaint"}
    assert where(f"foto{planted[2].word}", dump) == {"complaints_attachment"}


def test_redis_files_and_logs_hold_none(garden: Garden, planted: list[Planted], logs: io.StringIO) -> None:
    cache: Any = caches["default"]
    redis = cache._cache.get_client(None, write=True)
    kept = {"redis": " ".join(f"{key!r} {redis.dump(key)!r}" for key in redis.scan_iter("*"))}
    files = {str(file): file.read_bytes().decode("latin-1") for file in garden.files.rglob("*") if file.is_file()}
    assert len(files) == len(planted), "only what was cleaned is left"
    for one in planted:
        words = [f"{what}{one.word}" for what in TEXTS] + [one.name, one.email, one.phone, one.key]
        for word in [*words, one.key.replace("-", "")]:
            assert where(word, kept) == set(), word
            assert where(word, files) == set(), word
            assert word not in " ".join(files), word
            assert where(word, {"log": logs.getvalue()}) == set(), word
        assert where(one.word, kept) == set()
    assert "Not Found: /laporan/" in logs.getvalue()


def test_no_page_for_everybody_shows_a_canary(planted: list[Planted], world: World) -> None:
    client = Client()
    addresses = ["/", "/laporan/", "/laporan/?q=loket", "/laporan/?urut=terlambat", "/statistik/", "/instansi/"]
    addresses += [
        "/statistik/tidak-ditanggapi/",
        f"/statistik/instansi/{world.dinas_pu.pk}/",
        "/statistik/daerah/99.01/",
        f"/instansi/{world.dinas_pu.pk}/",
        f"/laporan/?wilayah={world.sukamaju.pk}",
    ]
    addresses += [f"/laporan/{one.case.number}/" for one in planted]
    addresses += [f"/open311/v2/{call}.{form}" for call in ("requests", "servicerequestupdates") for form in FORMATS]
    addresses += [f"/open311/v2/requests/{one.case.number}.{form}" for one in planted for form in FORMATS]
    pages = {}
    for address in addresses:
        answer = client.get(address)
        pages[address] = answer.content.decode() + str(dict(answer.headers)) + str(answer.cookies)
    for one in planted:
        for word in (
            one.name,
            one.name.split()[0],
            one.email,
            one.phone,
            one.key,
            f"patok{one.word}",
            f"foto{one.word}",
        ):
            assert where(word, pages) == set(), word
        assert where(f"Balas{one.word}", pages) == set()
        told = where(f"Judul{one.word}", pages)
        assert bool(told) != one.case.secret, "an open case is shown, a secret one nowhere"
        if one.case.secret:
            assert where(one.word, pages) == set()
            assert where(one.case.number, {a: p for a, p in pages.items() if one.case.number not in a}) == set()


@pytest.mark.slow
def test_a_search_for_a_secret_word_is_a_search_for_nothing(planted: list[Planted]) -> None:
    def asked(word: str) -> tuple[int, str]:
        answer = Client().get("/laporan/", {"q": word})
        return answer.status_code, re.sub(r'(nonce|value)="[^"]*"', "", answer.content.decode()).replace(word, "W")

    secret = next(one for one in planted if one.case.secret)
    for word in (f"Judul{secret.word}", f"Kisah{secret.word}", secret.case.number):
        assert asked(word) == asked("Zqtakpernahada" if word != secret.case.number else "7K4M9QXD2TB")


def whole(letter: mail.EmailMessage) -> str:
    """Subject, text and HTML of a letter, decoded."""
    parts = [part for part in letter.message().walk() if not part.is_multipart()]
    return " ".join([str(letter.subject), *(bytes(part.get_payload(decode=True)).decode() for part in parts)])


@pytest.mark.slow
def test_letters_to_officers_name_nobody_and_tell_nothing_secret(garden: Garden, planted: list[Planted]) -> None:
    letters = [(letter.to, whole(letter)) for letter in garden.letters]
    assert letters
    for one in planted:
        for to, text in letters:
            if to == [one.email]:
                # Not confirmed: one letter, without a word of the report.
                assert f"Kisah{one.word}" not in text
                assert f"Judul{one.word}" not in text
                assert one.key not in text
                continue
            for word in (one.name, one.name.split()[0], one.email, one.phone, one.key, f"Kisah{one.word}"):
                assert word not in text, (to, word)
            if one.case.secret:
                assert one.word not in text, to


@pytest.mark.slow
def test_an_anonymous_name_is_on_no_officers_page(planted: list[Planted], world: World) -> None:
    for one in planted:
        if not one.case.anonymous:
            continue
        for officer in (world.joko, world.hana, world.wati, world.ratna, world.bayu):
            client = client_of(officer)
            for address in ("", "?pelapor=tampil", "catatan/", "tanggapan/", "identitas/"):
                page = client.get(f"/meja/{one.case.number}/{address}").content.decode()
                assert one.email not in page.replace(one.case.body, ""), (officer, address)
