"""My account: who I am, as which office I am here, how I sign in."""

from __future__ import annotations

from typing import cast

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
from agencies.models import Membership, User
from lapor.kit.text import row_id
from lapor.kit.urls import safe_next


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nama"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Petugas: nama ini tampil di bawah jawaban Anda."),
        error_messages={"max_length": gettext_lazy("Nama paling panjang 120 huruf.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


@login_required
def account(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        user.name = form.cleaned_data["name"]
        user.save(update_fields=["name"])
        messages.success(request, _("Nama disimpan."))
        return redirect("agencies:account")
    memberships = list(Membership.objects.current().filter(user=user).select_related("agency", "agency__parent"))
    return render(
        request,
        "agencies/account.html",
        {
            "form": form,
            "memberships": memberships,
            "acting": acting_membership(request),
            "two_steps": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
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
