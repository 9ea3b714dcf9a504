"""The forms of signing in, with labels and sentences of our own."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from django.utils.translation import gettext_lazy as _

NO_EMAIL = _("Tulis alamat email Anda.")
BAD_EMAIL = _("Alamat email itu belum lengkap. Contoh: nama@contoh.id.")
NO_CODE = _("Tulis kode dari surat yang kami kirim.")


def _is_email(field: Any) -> None:
    field.label = _("Alamat email")
    field.error_messages |= {"required": NO_EMAIL, "invalid": BAD_EMAIL}
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"autocomplete": "email", "inputmode": "email"}


def _is_code(field: Any) -> None:
    field.label = _("Kode")
    field.error_messages |= {"required": NO_CODE}
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["class"] = "short"


class LoginForm(account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _is_email(self.fields["login"])
        password = self.fields["password"]
        password.label = _("Kata sandi")
        password.help_text = ""
        password.error_messages |= {"required": _("Tulis kata sandi Anda.")}
        password.widget.attrs.pop("placeholder", None)
        self.fields.pop("remember", None)

    def _setup_password_field(self) -> None:
        """allauth drops it because signing up asks for none; officers still have one."""


class RequestLoginCodeForm(account.RequestLoginCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _is_email(self.fields["email"])


class ConfirmLoginCodeForm(account.ConfirmLoginCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _is_code(self.fields["code"])


class ConfirmEmailForm(account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _is_code(self.fields["code"])


class SignupForm(account.SignupForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _is_email(self.fields["email"])


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _is_email(self.fields["email"])
