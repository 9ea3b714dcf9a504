"""Each page of the sign-in library opens in our frame and in Indonesian (tests/met.py keeps them for the browser)."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from agencies.models import User
from tests.world import World, client_of

pytestmark = pytest.mark.django_db

PASSWORD = "sandi-panjang-untuk-tes"
GUEST = ("account_login", "account_request_login_code", "account_reset_password", "account_reset_password_done")
SIGNED_IN = ("account_email", "account_change_password", "account_logout", "account_reauthenticate", "mfa_index")
WITH_TWO_STEPS = ("mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes")


def fresh(client: Client) -> Client:
    """Gave the password a moment ago: no page asks for it again."""
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.status_code == 302
    return client


def opens(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 200, f"{name}: {answer.status_code} {answer.get('Location', '')}"
    page = answer.content.decode()
    assert '<html lang="id"' in page, name
    assert "<h1" in page, name


@pytest.fixture
def user(world: World) -> User:
    user = world.joko.user
    assert user is not None
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def test_who_is_not_signed_in_is_asked_to_or_helped(world: World) -> None:
    for name in (*GUEST, "account_inactive"):
        opens(Client(), name)
    answer = Client().post(reverse("account_reset_password"), {"email": "bukan surel"})
    assert answer.status_code == 200
    assert b"aria-invalid" in answer.content


def test_who_is_signed_in_finds_each_page_of_the_account(user: User) -> None:
    client = fresh(client_of(user))
    for name in SIGNED_IN:
        opens(client, name)
    answer = client.post(reverse("account_change_password"), {"oldpassword": "x", "password1": "a", "password2": "b"})
    assert answer.status_code == 200
    assert b"aria-invalid" in answer.content


def test_the_second_step_and_its_spare_codes_have_pages(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    assert Authenticator.objects.filter(user=user).count() == 2
    client = fresh(client_of(user))
    for name in WITH_TWO_STEPS:
        opens(client, name)
