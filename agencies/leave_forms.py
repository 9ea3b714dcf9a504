"""Forms about leave."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import leaves
from agencies.models import Membership, User
from lapor.kit.widgets import DayField, RadioCards

NOBODY, OTHER = "-", "lain"


class DeputyForm(forms.Form):
    """Who stands in: a colleague, or an officer of another office of the same pemda or ministry by address."""

    deputy = forms.ChoiceField(
        label=gettext_lazy("Pengganti"),
        widget=RadioCards,
        error_messages={
            "required": gettext_lazy("Pilih penggantinya."),
            "invalid_choice": gettext_lazy("Orang itu tidak ada di daftar. Pilih yang lain."),
        },
    )
    email = forms.EmailField(
        label=gettext_lazy("Alamat email petugas kantor lain"),
        required=False,
        help_text=gettext_lazy("Hanya kalau Anda memilih petugas kantor lain."),
        error_messages={"invalid": gettext_lazy("Alamat email itu belum lengkap. Contoh: nama@contoh.id.")},
    )
    nobody = False

    def __init__(self, membership: Membership, *args: Any, approves: bool = False, **kwargs: Any) -> None:
        """`approves`: whoever fills it in may appoint there, so nobody else has to agree."""
        super().__init__(*args, **kwargs)
        self.membership = membership
        self._today = timezone.localdate()
        self._colleagues = {str(user.pk): user for user in leaves.colleagues(membership, self._today)}
        hints: dict[str, str] = dict.fromkeys(self._colleagues, _("Rekan di kantor yang sama; langsung berlaku."))
        hints[OTHER] = (
            _("Langsung berlaku, karena Anda yang mengatur petugasnya.")
            if approves
            else _("Berlaku sesudah disetujui admin instansi, atau admin nasional untuk admin instansi.")
        )
        hints[NOBODY] = _("Laporan tetap di kantor dan batas waktunya tetap berjalan.")
        field = self.fields["deputy"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = RadioCards(hints=hints)
        nobody = [(NOBODY, _("Belum ada"))] if self.nobody else []
        field.choices = [
            *((pk, str(user)) for pk, user in self._colleagues.items()),
            (OTHER, _("Petugas kantor lain")),
            *nobody,
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("deputy")
        cleaned["deputy"] = self._colleagues.get(chosen or "")
        if chosen == OTHER:
            cleaned["deputy"] = self._other(cleaned.get("email", ""))
        return cleaned

    def _other(self, email: str) -> User | None:
        if not email:
            if "email" not in self.errors:
                self.add_error("email", _("Tulis alamat email petugas itu."))
            return None
        found = leaves.officer_by_email(self.membership, email, self._today)
        if found is None:
            self.add_error("email", _("Tidak ada petugas dengan alamat itu di instansi yang sama."))
        return found


class LeaveForm(DeputyForm):
    nobody = True
    starts_on = DayField(
        today=timezone.localdate,
        past_only=False,
        quick=False,
        label=gettext_lazy("Hari pertama cuti"),
        error_messages={"required": gettext_lazy("Tulis hari pertamanya.")},
    )
    last_day = DayField(
        today=timezone.localdate,
        past_only=False,
        quick=False,
        label=gettext_lazy("Hari terakhir cuti"),
        help_text=gettext_lazy("Sesudah hari ini semuanya kembali sendiri."),
        error_messages={"required": gettext_lazy("Tulis hari terakhirnya.")},
    )
    field_order = ("starts_on", "last_day", "deputy", "email")

    def __init__(self, membership: Membership, *args: Any, **kwargs: Any) -> None:
        super().__init__(membership, *args, **kwargs)
        self.fields["deputy"].initial = NOBODY

    def days(self) -> tuple[datetime.date, datetime.date]:
        return self.cleaned_data["starts_on"], self.cleaned_data["last_day"]
