"""/meja/aturan/<pk>/penerapan/: a rule that tags, applied to what is open already; first, what it would take."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from complaints import privacy
from complaints.transitions import Refusal
from routing import gathering, rulebook
from routing.models import Gathering, Rule
from routing.views.frame import for_officers, page
from routing.views.rules import owner_of

SHOWN = 10


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        help_text=gettext_lazy("Tercatat pada setiap laporan yang ditandai."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Tulis alasannya"),
            "max_length": gettext_lazy("Alasannya terlalu panjang: paling banyak 500 huruf"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def apply(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A rule of the own node that tags; any other does not exist here."""
    rule = get_object_or_404(
        Rule.objects.select_related("owner", "programme", "category", "region", "named", "target"),
        pk=pk,
        owner=owner_of(request),
        programme__isnull=False,
    )
    by = Actor.officer(request.acting)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            gathering.start(rule, by=by, reason=form.cleaned_data["reason"])
        except Refusal as refused:
            field = getattr(refused, "field", "")
            form.add_error("reason" if field == "reason" else None, str(refused))
        else:
            messages.success(
                request, _("Penerapan dimulai. Laporannya ditandai satu per satu; halaman ini menghitungnya.")
            )
            return redirect("routing:rule_apply", pk=pk)
    rows = list(Gathering.objects.filter(rule=rule).select_related("membership__user")[:SHOWN])
    running = next((row for row in rows if row.ended_at is None), None)
    seen = gathering.preview(rule, by=by) if running is None else None
    context = {
        "rule": rule,
        "sentence": rulebook.sentence(rule),
        "seen": seen,
        "examples": [
            {"title": privacy.row_title(case, by), "number": case.number, "office": case.handler.shown_name}
            for case in (seen.examples if seen else [])
        ],
        "form": form,
        "running": running,
        "rows": [row for row in rows if row.ended_at is not None],
    }
    return page(request, "routing/rule_apply.html", context, status=400 if form.errors else 200)
