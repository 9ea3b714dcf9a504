"""What the table of sessions tells, how long officers stay signed in, and how passwords are kept."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from agencies.models import User
from agencies.tasks import forget_sessions
from complaints.models import Complaint
from lapor.kit.sessions import SessionStore, stored_name
from tests import filing
from tests.complaints.cases import NOW, later, report
from tests.routing.desk import LONG, fields_of, forwarded
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
HASHERS = ["agencies.passwords.Argon2id", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
HERE = {"HTTP_ORIGIN": "http://testserver"}


def table() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, chr(10)) FROM django_session t")
        return str(cursor.fetchone()[0])


# --- what the table tells ---


def test_a_code_that_was_sent_is_not_in_the_table_nor_whose_it_is(world: World) -> None:
    client = Client()
    client.post("/akun/masuk/kode/", {"email": world.sari.email})
    found = re.search(r": ([A-Z0-9-]{6,9})", str(mail.outbox[0].body))
    assert found is not None
    code, rows = found[1], table()
    kept = SessionStore(client.session.session_key).load()
    assert code.replace("-", "") in str(kept).replace("-", ""), "the control: it is there for who has the key"
    for word in (code, code.replace("-", ""), world.sari.email):
        assert word not in rows
    decoded = [decode(row) for row in Session.objects.values_list("session_data", flat=True)]
    assert not any(code in text or world.sari.email in text for text in decoded)


def decode(data: str) -> str:
    """As Django's own store would read it, and as plain base64."""
    import base64

    readings = [data]
    for part in data.split(":"):
        try:
            readings.append(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("latin-1"))
        except ValueError:
            continue
    return " ".join(readings)


def test_a_copy_of_the_table_opens_no_session(world: World) -> None:
    client = client_of(world.joko)
    assert client.get("/meja/").status_code == 200
    cookie = client.cookies["sessionid"].value
    names = set(Session.objects.values_list("session_key", flat=True))
    assert cookie not in names
    assert stored_name(cookie) in names
    thief = Client()
    for name in names:
        thief.cookies["sessionid"] = name
        assert thief.get("/meja/").status_code == 302


def test_what_no_key_opens_signs_out_and_breaks_nothing(world: World) -> None:
    client = client_of(world.joko)
    Session.objects.update(session_data="bukan milik kami")
    assert client.get("/meja/").status_code == 302
    assert client.get("/").status_code == 200


def test_sessions_that_ran_out_are_forgotten(world: World) -> None:
    client_of(world.joko)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=15)):
        client_of(world.dewi)
        forget_sessions()
        assert Session.objects.count() == 1


# --- how long an officer stays ---


@pytest.fixture
def produksi(settings: Any) -> None:
    cache.clear()
    settings.OFFICER_SESSION_IDLE = 30 * 60


def test_half_an_hour_away_and_an_officer_signs_in_again(world: World, produksi: None) -> None:
    with time_machine.travel(NOW, tick=False):
        client = client_of(world.joko)
        assert client.get("/meja/").status_code == 200
    with time_machine.travel(later(minutes=29), tick=False):
        assert client.get("/meja/").status_code == 200
    with time_machine.travel(later(minutes=58), tick=False):
        assert client.get("/meja/").status_code == 200, "used meanwhile"
    with time_machine.travel(later(minutes=89), tick=False):
        answer = client.get("/meja/?q=lewat:ya")
        assert answer.headers["Location"] == "/akun/masuk/?next=/meja/%3Fq%3Dlewat%3Aya"
        assert "sudah lama tidak di sini" in client.get(answer.headers["Location"]).content.decode()
        assert client.get("/meja/").status_code == 302


@pytest.mark.slow
def test_twelve_hours_are_enough_however_busy(world: World, produksi: None) -> None:
    with time_machine.travel(NOW, tick=False):
        client = client_of(world.joko)
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(later(minutes=minutes), tick=False):
            assert client.get("/meja/").status_code == 200
    with time_machine.travel(later(hours=12, minutes=1), tick=False):
        assert client.get("/meja/").status_code == 302


def test_what_was_being_written_comes_back_and_is_sent_after_signing_in(world: World, produksi: None) -> None:
    with time_machine.travel(NOW, tick=False):
        case = forwarded(world, NOW)
        client = client_of(world.joko)
        client.get(f"/meja/{case.number}/")
        said = fields_of(case, world.joko, body=LONG)
    with time_machine.travel(later(minutes=45), tick=False):
        answer = client.post(f"/meja/{case.number}/catatan/", said, **HERE)  # type: ignore[arg-type]
        page = answer.content.decode()
        assert answer.status_code == 403
        assert LONG in page
        assert f'action="/meja/{case.number}/catatan/"' in page
        assert "no-store" in answer.headers["Cache-Control"]
        assert not case.messages.exists()
        again = client_of(world.joko)
        again.post(f"/meja/{case.number}/catatan/", said)
        assert case.messages.get().body == LONG


def test_a_form_from_elsewhere_gets_nothing_back(world: World, produksi: None) -> None:
    with time_machine.travel(NOW, tick=False):
        client = client_of(world.joko)
        client.get("/meja/")
    with time_machine.travel(later(minutes=45), tick=False):
        page = client.post("/meja/X/catatan/", {"body": LONG}, HTTP_ORIGIN="https://jahat.test")
        assert page.status_code == 403
        assert LONG not in page.content.decode()


def test_what_a_page_asks_for_by_itself_neither_keeps_it_nor_disturbs(world: World, produksi: None) -> None:
    with time_machine.travel(NOW, tick=False):
        case = forwarded(world, NOW)
        client = client_of(world.joko)
        client.get("/meja/")
    beside = f"/meja/{case.number}/kehadiran/"
    with time_machine.travel(later(minutes=20), tick=False):
        assert client.get(beside, headers={"HX-Request": "true"}).status_code == 200
    with time_machine.travel(later(minutes=40), tick=False):
        answer = client.get(beside, headers={"HX-Request": "true"})
        assert (answer.status_code, answer.content) == (204, b""), "whoever writes on that page keeps their words"
        assert client.get("/meja/").status_code == 302


def test_a_citizen_stays_as_long_as_the_cookie(world: World, produksi: None) -> None:
    with time_machine.travel(NOW, tick=False):
        report(world)
        client = client_of(world.sari)
        client.get("/laporan-saya/")
    with time_machine.travel(later(days=13), tick=False):
        assert client.get("/laporan-saya/").status_code == 200
    with time_machine.travel(later(days=15), tick=False):
        assert client.get("/laporan-saya/").status_code == 302


def test_outside_produksi_nobody_is_signed_out(world: World) -> None:
    with time_machine.travel(NOW, tick=False):
        client = client_of(world.joko)
    with time_machine.travel(later(hours=20), tick=False):
        assert client.get("/meja/").status_code == 200
    assert Complaint.objects.count() == 0


def test_being_used_writes_the_session_once_a_minute_at_most(world: World, produksi: None) -> None:
    with time_machine.travel(NOW, tick=False):
        client = client_of(world.joko)
        client.get("/meja/")
    with time_machine.travel(later(seconds=30), tick=False):
        before = table()
        client.get("/meja/")
        assert table() == before
    with time_machine.travel(later(seconds=90), tick=False):
        client.get("/meja/")
        assert table() != before


# --- passwords ---


@pytest.mark.slow
def test_passwords_are_kept_by_argon2id_and_older_ones_move_there_at_the_next_sign_in(
    world: World, settings: Any
) -> None:
    from lapor.settings import PASSWORD_HASHERS

    assert PASSWORD_HASHERS == HASHERS
    settings.PASSWORD_HASHERS = HASHERS
    user = world.joko.user
    assert user is not None
    user.password = make_password("sandi-panjang-untuk-tes", hasher=PBKDF2PasswordHasher())
    user.save()
    world.membership(user, world.dinas_kesehatan, "LIAISON")  # type: ignore[arg-type]
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.post("/akun/masuk/", {"login": user.email, "password": "keliru-sama-sekali"})
    user.refresh_from_db()
    assert user.password.startswith("pbkdf2_")
    answer = client.post("/akun/masuk/", {"login": user.email, "password": "sandi-panjang-untuk-tes"})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$")
    assert "m=19456,t=2,p=1" in user.password
    assert check_password("sandi-panjang-untuk-tes", user.password)


def test_a_user_is_found_by_the_primary_key_alone_or_with_more(world: World) -> None:
    assert User.objects.get(pk=world.sari.pk) == world.sari
    assert User.objects.get(pk=world.sari.pk, email=world.sari.email) == world.sari
    for wrong in ({"pk": 0}, {"pk": world.sari.pk, "email": world.rudi.email}):
        with pytest.raises(User.DoesNotExist):
            User.objects.get(**wrong)


def test_of_a_relation_only_its_users_are_found(world: World) -> None:
    case = filing.filed(world)
    case.not_seen_by.add(world.rudi)
    assert case.not_seen_by.get(pk=world.rudi.pk) == world.rudi
    with pytest.raises(User.DoesNotExist):
        case.not_seen_by.get(pk=world.sari.pk)
