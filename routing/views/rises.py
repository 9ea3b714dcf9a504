"""/pengawasan/lonjakan/: sudden rises in the reach of a coordinator, one of them with its reports, and what it was."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from agencies import finding
from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.permissions import Capability, membership_may
from complaints import privacy
from complaints.models import Complaint
from complaints.transitions import TABLE, Refusal
from lapor.kit.text import row_id
from routing import bulk, rises
from routing.models import Rise
from routing.views.frame import for_officers, page

PAGE = 50
# How many reports of one rise are listed.
LISTED = 200


class JudgeForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("Apa yang Anda lakukan?"),
        choices=[
            (Rise.State.TAKEN.value, gettext_lazy("Saya tangani")),
            (Rise.State.DISMISSED.value, gettext_lazy("Bukan lonjakan")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih apa yang Anda lakukan"),
            "invalid_choice": gettext_lazy("Pilih apa yang Anda lakukan"),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("Catatan"),
        help_text=gettext_lazy("Siapa yang mengerjakan apa, atau mengapa ini bukan lonjakan. Dibaca koordinator lain."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Tulis apa yang dilakukan, atau mengapa ini bukan lonjakan"),
            "max_length": gettext_lazy("Catatannya terlalu panjang: paling banyak 500 huruf"),
        },
    )


def _overseer(request: OfficerRequest) -> Actor:
    if not membership_may(request.acting, Capability.OVERSEE, request.acting.agency):
        raise PermissionDenied
    return Actor.officer(request.acting)


@require_GET
@for_officers
def listing(request: OfficerRequest) -> HttpResponseBase:
    """Newest first; those nobody has judged are marked."""
    by = _overseer(request)
    assert by.agency is not None
    found = Rise.objects.at_or_under(by.agency).select_related("topic", "place__parent", "agency").order_by("-pk")
    before = row_id(request.GET.get("setelah", ""))
    rows = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    return page(
        request,
        "routing/rises.html",
        {
            "rows": rows[:PAGE],
            "next": f"?setelah={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
            "first": reverse("routing:rises") if before else "",
            "office": by.agency,
            "everywhere": by.agency.parent_id is None,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def rise(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One rise with the reports this reader may open. Elsewhere it does not exist."""
    by = _overseer(request)
    assert by.agency is not None
    found = (
        Rise.objects.at_or_under(by.agency)
        .select_related("topic", "place__parent", "agency", "judged_by")
        .filter(pk=row_id(str(pk)))
        .first()
    )
    if found is None:
        raise Http404
    form = JudgeForm(request.POST) if request.method == "POST" else JudgeForm()
    if request.method == "POST" and form.is_valid():
        try:
            rises.judge(found, by=by, now=timezone.now(), **form.cleaned_data)
        except Refusal as refused:
            form.add_error(getattr(refused, "field", None) or None, str(refused))
        else:
            messages.success(request, _("Tercatat. Terima kasih."))
            return redirect("routing:rise", found.pk)
    return _rise_page(request, by, found, form)


def _merging(request: OfficerRequest, found: Rise, cases: list[Complaint]) -> str:
    """Where they are merged at once, as far as their status lets them; "" for whoever may not, or of one alone."""
    if not membership_may(request.acting, Capability.ARCHIVE, request.acting.agency):
        return ""
    could = [case.number for case in cases if case.status in TABLE["merge"].sources][: bulk.MOST]
    if len(could) < 2:
        return ""
    back = reverse("routing:rise", args=[found.pk])
    asked = [("tindakan", "gabungan"), *(("laporan", number) for number in could), ("next", back)]
    return f"{reverse('routing:many')}?{urlencode(asked)}"


def _rise_page(request: OfficerRequest, by: Actor, found: Rise, form: JudgeForm) -> HttpResponseBase:
    reports = Complaint.objects.filter(rises.of(found))
    seen = reports.visible_to(by).select_related("handler").order_by("received_at", "pk")
    listed = list(seen[:LISTED])
    rows: list[dict[str, Any]] = [
        {
            "title": privacy.row_title(case, by),
            "url": reverse("routing:case", args=[case.number]),
            "number": case.shown_number,
            "office": case.handler.name,
            "status": case.get_status_display(),
            "at": case.received_at,
        }
        for case in listed
    ]
    count = reports.count()
    context = {
        "rise": found,
        "place": finding.path(found.place),
        "rows": rows,
        "count": count,
        "elsewhere": count - len(rows) if len(rows) < LISTED else 0,
        "usual": f"{found.usual:g}".replace(".", ","),
        "merge": _merging(request, found, listed),
        "form": form,
        "open": found.state == Rise.State.NEW,
    }
    return page(request, "routing/rise.html", context, status=400 if form.errors else 200)
