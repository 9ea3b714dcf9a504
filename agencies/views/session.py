"""My account: who I am, as which office I am here, how I sign in."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from agencies import hooks
from agencies.acting import acting_membership
from agencies.middleware import SESSION_KEY
from agencies.models import Membership, Role, User
from agencies.models.agency import OFFICERS
from lapor.kit.text import row_id
from lapor.kit.urls import safe_next
from lapor.kit.widgets import RadioCards


class AccountForm(forms.Form):
    """What somebody says about themselves; an officer also when letters come that can wait."""

    name = forms.CharField(
        label=gettext_lazy("Nama"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Petugas: nama ini tampil di bawah jawaban Anda."),
        error_messages={"max_length": gettext_lazy("Nama paling panjang 120 huruf.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    letters = forms.ChoiceField(
        label=gettext_lazy("Kabar yang tidak mendesak"),
        choices=[
            ("morning", gettext_lazy("Satu surat setiap pagi hari kerja")),
            ("at_once", gettext_lazy("Langsung, satu surat setiap kejadian")),
        ],
        widget=RadioCards(hints={"morning": gettext_lazy("Yang mendesak tetap kami kirim langsung.")}),
        error_messages={
            "required": gettext_lazy("Pilih kapan kabar dikirim"),
            "invalid_choice": gettext_lazy("Pilih salah satu: setiap pagi, atau langsung"),
        },
    )

    weekly = forms.BooleanField(
        label=gettext_lazy("Surat setiap Senin pagi: minggu yang lalu dan yang menunggu Anda"), required=False
    )

    def __init__(self, *args: Any, officer: bool, weekly: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not officer:
            del self.fields["letters"]
        if not weekly:
            del self.fields["weekly"]

    @staticmethod
    def initial_of(user: User) -> dict[str, Any]:
        letters = "at_once" if user.tells_at_once else "morning"
        return {"name": user.name, "letters": letters, "weekly": user.weekly_letters}

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def write(self, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.tells_at_once = self.cleaned_data.get("letters") == "at_once"
        if "weekly" in self.fields:
            user.weekly_letters = self.cleaned_data["weekly"]
        user.save(update_fields=["name", "tells_at_once", "weekly_letters"])


@login_required
def account(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    memberships = list(Membership.objects.current().filter(user=user).select_related("agency", "agency__parent"))
    form = AccountForm(
        request.POST or None,
        officer=bool(memberships),
        # Whose seats have one coming: heads, *sekretaris*, observers, the centre.
        weekly=any(one.role in (Role.HEAD, Role.OBSERVER, Role.NATIONAL) for one in memberships),
        initial=AccountForm.initial_of(user),
    )
    if request.method == "POST" and form.is_valid():
        form.write(user)
        messages.success(request, _("Perubahan disimpan."))
        return redirect("agencies:account")
    return render(
        request,
        "agencies/account.html",
        {
            "form": form,
            "memberships": memberships,
            "acting": acting_membership(request),
            "two_steps": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
            "takes_leave": any(one.role in OFFICERS and one.acting_for_id is None for one in memberships),
            "links": [link for function in hooks.account_links for link in function(request)],
        },
    )


@login_required
@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Choose the one membership this session acts through."""
    current = Membership.objects.current().filter(user=cast(User, request.user))
    membership = get_object_or_404(current.select_related("agency"), pk=row_id(request.POST.get("membership", "")))
    request.session[SESSION_KEY] = membership.pk
    messages.success(
        request,
        _("Anda sekarang bertindak sebagai %(role)s, %(office)s.")
        % {"role": membership.shown_role, "office": membership.agency.name},
    )
    return redirect(safe_next(request, "agencies:account"))
