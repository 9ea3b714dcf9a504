"""Signing in: by emailed code, by password, and as which office."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agencies.models import Role, User
from lapor.kit.sessions import SessionStore
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def confirmed(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def code_in(letter: mail.EmailMessage) -> str:
    found = re.search(r": ([A-Z0-9-]{6,9})", str(letter.body))
    assert found, letter.body
    return found[1]


def test_a_citizen_signs_in_with_the_code_from_the_letter(world: World) -> None:
    confirmed(world.sari)
    client = Client()
    answer = client.post("/akun/masuk/kode/", {"email": world.sari.email}, follow=True)
    assert answer.status_code == 200
    assert b"Isi kode" in answer.content
    assert answer.content.decode().count(world.sari.email) == 1, "where it went is said once"
    (letter,) = mail.outbox
    assert letter.to == [world.sari.email]
    assert "kode masuk" in letter.subject
    answer = client.post("/akun/masuk/kode/isi/", {"code": code_in(letter), "action": "verify"})
    assert answer.status_code == 302
    page = client.get("/akun/")
    assert page.context["user"] == world.sari
    assert "Anda masuk sebagai" in page.content.decode()


def test_a_wrong_code_says_so_and_lets_nobody_in(world: World) -> None:
    confirmed(world.sari)
    client = Client()
    client.post("/akun/masuk/kode/", {"email": world.sari.email})
    answer = client.post("/akun/masuk/kode/isi/", {"code": "XXXXXX", "action": "verify"})
    assert "Kode itu keliru" in answer.content.decode()
    assert client.get("/akun/").status_code == 302


def test_an_address_without_an_account_gets_the_same_page_and_another_letter(world: World) -> None:
    answer = Client().post("/akun/masuk/kode/", {"email": "tidak.ada@contoh.test"}, follow=True)
    assert b"Isi kode" in answer.content
    assert "Belum ada akun" in mail.outbox[0].subject
    assert "Hello" not in str(mail.outbox[0].body)


def test_somebody_new_makes_an_account_with_an_address_alone() -> None:
    client = Client()
    answer = client.post("/akun/daftar/", {"email": "warga.baru@contoh.test"}, follow=True)
    assert "Pastikan alamat email Anda" in answer.content.decode()
    client.post("/akun/surel/kode/", {"code": code_in(mail.outbox[0]), "action": "verify"})
    user = User.objects.get(email="warga.baru@contoh.test")
    assert client.get("/akun/").context["user"] == user
    assert not user.has_usable_password()


def test_an_officer_signs_in_by_password_and_starts_at_the_desk(world: World) -> None:
    user = world.joko.user
    assert user is not None
    user.set_password("sebuah-sandi-panjang")
    user.save()
    confirmed(user)
    answer = Client().post("/akun/masuk/", {"login": user.email, "password": "sebuah-sandi-panjang"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/meja/")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"login": "", "password": ""}, "Tulis alamat email Anda."),
        ({"login": "bukan email", "password": "x"}, "belum lengkap"),
        ({"login": "joko@contoh.test", "password": ""}, "Tulis kata sandi Anda."),
        ({"login": "joko@contoh.test", "password": "salah"}, "email atau kata sandi keliru"),
    ],
)
def test_each_mistake_has_its_own_sentence(world: World, form: dict[str, str], sentence: str) -> None:
    page = Client().post("/akun/masuk/", form).content.decode()
    assert sentence in page
    assert "This field is required" not in page
    assert "Bidang ini tidak boleh kosong" not in page


def test_who_forgot_the_password_gets_a_link_that_works(world: World) -> None:
    user = world.joko.user
    assert user is not None
    user.set_password("sandi-lama-yang-panjang")
    user.save()
    confirmed(user)
    client = Client()
    assert "Periksa email Anda" in client.post("/akun/sandi/lupa/", {"email": user.email}, follow=True).content.decode()
    (letter,) = mail.outbox
    link = re.search(r"http://[^/]+(/akun/sandi/lupa/kunci/\S+)", str(letter.body))
    assert link, letter.body
    page = client.get(link[1], follow=True)
    new = {"password1": "sandi-baru-yang-panjang", "password2": "sandi-baru-yang-panjang"}
    client.post(page.request["PATH_INFO"], new)
    user.refresh_from_db()
    assert user.check_password("sandi-baru-yang-panjang")


def test_with_two_offices_one_is_chosen_and_kept(world: World) -> None:
    user = world.joko.user
    assert user is not None
    second = world.membership(user, world.dinas_kesehatan, Role.LIAISON)
    client = client_of(user)
    assert client.get("/akun/").context["acting"].agency == world.dinas_pu
    client.post("/akun/peran/", {"membership": second.pk})
    assert client.get("/akun/").context["acting"].agency == world.dinas_kesehatan


def test_nobody_acts_through_a_membership_that_is_not_theirs_or_has_ended(world: World) -> None:
    assert world.wati.membership is not None
    assert world.joko.membership is not None
    client = client_of(world.joko)
    for wanted in (world.wati.membership.pk, 0, "x", ""):
        assert client.post("/akun/peran/", {"membership": wanted}).status_code == 404
    world.joko.membership.ends_on = timezone.localdate()
    world.joko.membership.save()
    assert client.post("/akun/peran/", {"membership": world.joko.membership.pk}).status_code == 404
    assert client.get("/akun/").context["acting"] is None


def test_choosing_leads_nowhere_outside(world: World) -> None:
    assert world.joko.membership is not None
    form = {"membership": world.joko.membership.pk, "next": "https://jahat.test/"}
    assert client_of(world.joko).post("/akun/peran/", form).headers["Location"] == "/akun/"


def test_a_guest_costs_no_query_for_the_acting_office(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        Client().get("/healthz")


def test_in_produksi_a_coordinator_sets_up_two_steps_first(world: World, settings: Any) -> None:
    settings.MFA_REQUIRED_OF_OFFICERS = True
    client = client_of(world.wati)
    assert client.get("/").headers["Location"] == reverse("mfa_activate_totp")
    assert client.get("/akun/").status_code == 200
    assert client_of(world.joko).get("/").status_code == 200
    assert client_of(world.sari).get("/").status_code == 200
    TOTP.activate(world.wati.user, generate_totp_secret())
    assert client.get("/").headers["Location"].startswith(reverse("mfa_reauthenticate")), "set up, not passed here"


def test_the_account_page_changes_the_name(world: World) -> None:
    client = client_of(world.sari)
    client.post("/akun/", {"name": "  Sari   W. "})
    world.sari.refresh_from_db()
    assert world.sari.name == "Sari W."
    assert "paling panjang 120" in client.post("/akun/", {"name": "x" * 121}).content.decode()


def test_the_session_of_the_test_browser_holds_what_the_middleware_reads(world: World) -> None:
    client = client_of(world.joko)
    assert world.joko.membership is not None
    assert SessionStore(client.session.session_key)["membership"] == world.joko.membership.pk


def test_an_observer_starts_at_the_overview_and_no_link_leads_to_a_desk_that_is_closed(world: World) -> None:
    user = confirmed(world.bayu.user)  # type: ignore[arg-type]
    user.set_password("pengawas-2026-sandi")
    user.save()
    client = Client()
    answer = client.post("/akun/masuk/", {"login": user.email, "password": "pengawas-2026-sandi"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/pengawasan/"
    for path in ("/", "/akun/", "/meja/"):
        assert 'href="/meja/"' not in client.get(path).content.decode()
