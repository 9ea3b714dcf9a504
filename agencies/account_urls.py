"""Signing in and out (django-allauth's views) under Indonesian addresses; allauth finds them by name."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

urlpatterns = [
    path("masuk/", account.login, name="account_login"),
    path("masuk/kode/", account.request_login_code, name="account_request_login_code"),
    path("masuk/kode/isi/", account.confirm_login_code, name="account_confirm_login_code"),
    path("masuk/ulang/", account.reauthenticate, name="account_reauthenticate"),
    path("keluar/", account.logout, name="account_logout"),
    path("daftar/", account.signup, name="account_signup"),
    path("ditutup/", account.account_inactive, name="account_inactive"),
    path("surel/", account.email, name="account_email"),
    path("surel/kode/", account.email_verification_sent, name="account_email_verification_sent"),
    path("sandi/", account.password_change, name="account_change_password"),
    path("sandi/baru/", account.password_set, name="account_set_password"),
    path("sandi/lupa/", account.password_reset, name="account_reset_password"),
    path("sandi/lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^sandi/lupa/kunci/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("sandi/lupa/selesai/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("dua-langkah/", mfa.index, name="mfa_index"),
    path("dua-langkah/masuk/", mfa.authenticate, name="mfa_authenticate"),
    path("dua-langkah/ulang/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("dua-langkah/pasang/", totp.activate_totp, name="mfa_activate_totp"),
    path("dua-langkah/lepas/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("dua-langkah/cadangan/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("dua-langkah/cadangan/baru/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("dua-langkah/cadangan/unduh/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
