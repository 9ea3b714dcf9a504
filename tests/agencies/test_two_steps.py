"""In produksi nobody who decides for many gets to a desk without the second step, by whichever road they try."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from agencies.actor import Actor
from agencies.models import Role, User
from lapor.kit.sessions import SessionStore
from tests.complaints.cases import NOW, at, report
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
PASSWORD = "sandi-panjang-untuk-tes"
DESKS = ("/meja/", "/pengawasan/", "/kelola/", "/petugas/", "/meja/aturan/", "/akun/gawai/", "/")


@pytest.fixture(autouse=True)
def _produksi(settings: Any) -> None:
    cache.clear()
    settings.MFA_REQUIRED_OF_OFFICERS = True


def who_signs_in(actor: Actor) -> User:
    user = actor.user
    assert user is not None
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def code_of(secret: str) -> str:
    value = hotp_value(secret, int(time.time()) // 30)
    return f"{value:06d}"


def by_password(user: User) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/akun/masuk/", {"login": user.email, "password": PASSWORD})


def kept_out(client: Client) -> None:
    for path in DESKS:
        answer = client.get(path)
        if path == "/" and "_auth_user_id" not in client.session:
            continue  # the home page is everybody's
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/akun/"), path


def let_in(client: Client) -> None:
    assert client.get("/meja/").status_code == 200


@pytest.mark.parametrize("who", ["wati", "ratna"])
def test_straight_to_the_page_without_a_second_step(world: World, who: str) -> None:
    case = at(report(world), world.dinas_pu)
    client = client_of(getattr(world, who))
    kept_out(client)
    for path in (f"/meja/{case.number}/", f"/meja/{case.number}/pindahan/", "/meja/sekaligus/"):
        assert client.get(path).headers["Location"] == reverse("mfa_activate_totp")
        answer = client.post(path, {"version": case.version, "reason": "x", "agency": world.dinas_kesehatan.pk})
        assert answer.headers["Location"] == reverse("mfa_activate_totp")
    for method in ("head", "options", "put", "delete", "patch"):
        assert getattr(client, method)("/meja/").status_code == 302
    case.refresh_from_db()
    assert case.handler == world.dinas_pu


def test_by_an_address_that_begins_like_an_open_one(world: World) -> None:
    client = client_of(world.wati)
    for path in ("/akun/../meja/", "/akun//meja/", "/akun/%2e%2e/meja/", "/static/../meja/", "/healthz/../meja/"):
        answer = client.get(path)
        assert answer.status_code in (302, 404), path
        assert b"Semua yang terbuka" not in answer.content


def test_liaisons_and_citizens_are_asked_for_nothing_more(world: World) -> None:
    assert client_of(world.joko).get("/meja/").status_code == 200
    assert client_of(world.sari).get("/laporan-saya/").status_code == 200


def test_the_password_alone_is_half_the_way_in(world: World) -> None:
    user = who_signs_in(world.wati)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client, answer = by_password(user)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    kept_out(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    kept_out(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    let_in(client)


def test_the_emailed_code_alone_is_half_the_way_in(world: World) -> None:
    user = who_signs_in(world.wati)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    client.post("/akun/masuk/kode/", {"email": user.email})
    found = re.search(r": ([A-Z0-9-]{6,9})", str(mail.outbox[0].body))
    assert found is not None
    answer = client.post("/akun/masuk/kode/isi/", {"code": found[1], "action": "verify"})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    kept_out(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    let_in(client)


def test_a_session_that_was_open_when_the_step_was_set_up_elsewhere_has_not_passed_it(world: World) -> None:
    """Somebody with the password came first; the owner sets up the second step; the first session must not profit."""
    user = who_signs_in(world.wati)
    early, _answer = by_password(user)
    kept_out(early)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    kept_out(early)
    answer = early.get("/meja/?q=lewat:ya")
    assert answer.headers["Location"].startswith(f"{reverse('mfa_reauthenticate')}?next=%2Fmeja")
    early.post(reverse("mfa_reauthenticate"), {"code": "000000"})
    kept_out(early)
    early.post(reverse("mfa_reauthenticate"), {"code": code_of(secret)})
    let_in(early)


def test_setting_it_up_opens_the_session_it_was_set_up_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    user = who_signs_in(world.wati)
    client, _answer = by_password(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    # As in a real request, which no test's transaction is around.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda run, **_more: run())
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    let_in(client)
    other, _answer = by_password(user)
    kept_out(other)


def test_a_recovery_code_is_a_second_step_once(world: World) -> None:
    user = who_signs_in(world.wati)
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    client, _answer = by_password(user)
    client.post(reverse("mfa_authenticate"), {"code": code})
    let_in(client)
    again, _answer = by_password(user)
    again.post(reverse("mfa_authenticate"), {"code": code})
    kept_out(again)


def test_recovery_codes_without_a_second_step_open_nothing(world: World) -> None:
    user = who_signs_in(world.wati)
    client, _answer = by_password(user)
    assert client.post(reverse("mfa_generate_recovery_codes")).status_code in (302, 403, 404)
    RecoveryCodes.activate(user)
    kept_out(client)


def test_a_forgotten_password_leads_around_nothing(world: World) -> None:
    user = who_signs_in(world.wati)
    TOTP.activate(user, generate_totp_secret())
    client = Client()
    client.post("/akun/sandi/lupa/", {"email": user.email})
    link = re.search(r"http://[^/]+(/akun/sandi/lupa/kunci/\S+)", str(mail.outbox[0].body))
    assert link is not None
    page = client.get(link[1], follow=True)
    new = {"password1": "sandi-baru-yang-panjang", "password2": "sandi-baru-yang-panjang"}
    client.post(page.request["PATH_INFO"], new, follow=True)
    kept_out(client)


def test_taking_the_step_off_closes_the_desk_again(world: World) -> None:
    user = who_signs_in(world.wati)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client, _answer = by_password(user)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    let_in(client)
    Authenticator.objects.filter(user=user).delete()
    kept_out(client)


def test_switching_to_the_office_that_decides_asks_for_the_step(world: World) -> None:
    """A liaison without the second step, who is a coordinator too: the one role never lends the other its rights."""
    user = who_signs_in(world.joko)
    higher = world.membership(user, world.pemkab, Role.COORDINATOR)
    assert world.joko.membership is not None
    client, _answer = by_password(user)
    client.post("/akun/peran/", {"membership": world.joko.membership.pk})
    let_in(client)
    assert client.get(f"/pengawasan/{world.pemkab.pk}/unduhan/").status_code in (403, 404)
    assert client.get("/kelola/").status_code == 403
    client.post("/akun/peran/", {"membership": higher.pk})
    kept_out(client)
    client.post("/akun/peran/", {"membership": world.joko.membership.pk, "next": "/kelola/"})
    assert client.get("/kelola/").status_code == 403


def test_the_desks_session_is_not_the_one_from_before_signing_in(world: World) -> None:
    """Session fixation: whoever planted a cookie has nothing once its bearer signs in."""
    user = who_signs_in(world.joko)
    laid_out = SessionStore()
    laid_out["menunggu"] = "korban"
    laid_out.save()
    client, planted = Client(), str(laid_out.session_key)
    client.cookies["sessionid"] = planted
    client.post("/akun/masuk/", {"login": user.email, "password": PASSWORD})
    let_in(client)
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/meja/").status_code == 302
    signed_in = client.cookies["sessionid"].value
    client.post("/akun/keluar/")
    thief.cookies["sessionid"] = signed_in
    assert thief.get("/meja/").status_code == 302, "signing out ends it on the server"


def test_the_cookie_of_somebody_elses_second_step_does_not_count(world: World) -> None:
    """The record of the second step names its user."""
    first, second = who_signs_in(world.wati), who_signs_in(world.ratna)
    secret = generate_totp_secret()
    TOTP.activate(first, secret)
    TOTP.activate(second, generate_totp_secret())
    client, _answer = by_password(first)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    let_in(client)
    client.force_login(second, backend="django.contrib.auth.backends.ModelBackend")
    kept_out(client)


def test_a_machine_of_an_office_is_asked_for_a_key_not_for_a_step(world: World) -> None:
    assert client_of(world.wati).get("/healthz").status_code == 200
    assert NOW.year == 2026
