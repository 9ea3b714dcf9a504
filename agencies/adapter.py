"""django-allauth in our words: where to go after signing in, and how its letters name us."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies import codes
from agencies.models import Membership, User
from agencies.permissions import start_of


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Alamat email atau kata sandi keliru. Periksa lagi keduanya."),
        "incorrect_code": _("Kode itu keliru. Salin seluruhnya dari surat yang terakhir kami kirim."),
        "too_many_login_attempts": _("Terlalu sering mencoba. Tunggu beberapa menit, lalu coba lagi."),
        "incorrect_password": _("Kata sandi keliru."),
        "email_taken": _("Sudah ada akun dengan alamat email ini. Masuk saja dengan kode."),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Officers start at their desk, observers at the overview, citizens at their own reports."""
        user = request.user
        mine = Membership.objects.current().filter(user=user) if isinstance(user, User) else Membership.objects.none()
        first = mine.select_related("agency").order_by("pk").first()
        return start_of(first) if first else str(settings.CITIZENS_START)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is silent fails no page: the letter is tried again while it is worth anything."""
        request = allauth_context.request
        said = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        said["site_url"] = settings.SITE_URL
        codes.send(self.render_mail(template_prefix, email, said))
