"""The weekly meeting: its agenda, one page an office to show and to print, and what was agreed with each."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from agencies.acting import OfficerRequest, actor_of, officers_only
from agencies.models import Agency
from agencies.permissions import Capability, agencies_for, membership_may
from complaints.transitions import Incomplete, NotAllowed
from lapor.kit.cells import cell
from lapor.kit.widgets import DayField
from lapor.kit.wording import number
from routing import district, handout, meeting, oversight
from routing.district import District, Office
from routing.models import Agreement
from routing.views.offices import office_of, oversight_page, visited


class AgreementForm(forms.Form):
    body = forms.CharField(
        label=gettext_lazy("Disepakati"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Satu kalimat: siapa mengerjakan apa. Jangan menulis nama pelapor."),
        error_messages={
            "required": gettext_lazy("Tulis apa yang disepakati."),
            "max_length": gettext_lazy("Terlalu panjang. Paling banyak 300 huruf."),
        },
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"due_on": today + datetime.timedelta(days=7)})
        super().__init__(*args, **kwargs)
        self.fields["due_on"] = DayField(
            label=_("Paling lambat"),
            today=today,
            past_only=False,
            quick=False,
            error_messages={"required": _("Isi tanggalnya")},
        )


def _node(request: OfficerRequest, pk: int) -> Agency:
    """Whose meeting it is; where the reader sees the officers by name, for the page says with whom a case is late."""
    node = office_of(request, pk)
    if not membership_may(request.acting, Capability.SEE_OFFICERS, node):
        raise PermissionDenied
    return node


def _view(request: OfficerRequest, node: Agency, now: datetime.datetime) -> District:
    reach = agencies_for(request.user, Capability.SEE_NUMBERS)
    return district.look(request.acting, node, reach, now, figures=False, trend=False)


@officers_only
def agenda(request: OfficerRequest, pk: int) -> HttpResponse:
    """Every office in the order of the meeting; as a paper, one page each."""
    node = _node(request, pk)
    if oversight.is_grouped(request.acting, node):
        return redirect("routing:oversight")
    now = timezone.now()
    view = _view(request, node, now)
    offices = meeting.agenda(view)
    if request.GET.get("bentuk") == "pdf":
        return _paper(request, node, view, offices, now)
    standing: dict[int, int] = {}
    for office in Agreement.objects.standing().filter(node=node).values_list("office", flat=True):
        standing[office] = standing.get(office, 0) + 1
    context = {
        "node": node,
        "title": _("Rapat mingguan"),
        "now": now,
        "zone": node.region.zone if node.region else None,
        "view": view,
        "lines": [
            {
                "row": one,
                "url": reverse("routing:meeting_office", args=[node.pk, one.agency.pk]),
                "cells": _cells(one, standing.get(one.agency.pk, 0), view.today),
            }
            for one in offices
        ],
        "back": reverse("routing:oversight")
        if node.pk == request.acting.agency_id
        else reverse("routing:oversight_of", args=[node.pk]),
        "paper": f"{reverse('routing:meeting', args=[node.pk])}?bentuk=pdf",
    }
    return oversight_page(request, "routing/meeting.html", context)


def _cells(one: Office, standing: int, today: datetime.date) -> SafeString:
    """`standing`: agreements that still run."""
    cells = (
        cell(_("Terbuka"), number(one.open)),
        cell(_("Terlambat"), number(one.late), "n late" if one.late else "n"),
        cell(_("Meja dibuka"), visited(one.visited_on, today), "late" if one.silent else ""),
        cell(_("Kesepakatan berjalan"), number(standing)),
    )
    return mark_safe("".join(cells))


def _paper(
    request: OfficerRequest, node: Agency, view: District, offices: list[Office], now: datetime.datetime
) -> HttpResponse:
    pages = meeting.of_offices(request.acting, view, [one for one in offices if one.open or one.late], now)
    made = handout.pdf(node, pages, now)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="rapat-{view.today:%Y%m%d}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@officers_only
def office(request: OfficerRequest, pk: int, office: int) -> HttpResponse:
    """One office on one screen; POST writes down what was agreed."""
    node = _node(request, pk)
    if oversight.is_grouped(request.acting, node):
        raise Http404
    now = timezone.now()
    may_agree = membership_may(request.acting, Capability.OVERSEE, node)
    view = _view(request, node, now)
    ordered = meeting.agenda(view)
    at = next((n for n, one in enumerate(ordered) if one.agency.pk == office), None)
    if at is None:
        raise Http404
    here = reverse("routing:meeting_office", args=[node.pk, office])
    form = AgreementForm(request.POST if request.method == "POST" else None, today=view.today)
    if request.method == "POST":
        if not may_agree:
            raise PermissionDenied
        if form.is_valid() and _agreed(request, node, ordered[at].agency, form):
            return redirect(f"{here}#sepakat")
    found = meeting.of_office(request.acting, view, ordered[at], now)

    def link(n: int) -> dict[str, str] | None:
        if not 0 <= n < len(ordered):
            return None
        agency = ordered[n].agency
        return {"url": reverse("routing:meeting_office", args=[node.pk, agency.pk]), "name": agency.shown_name}

    context = {
        "node": node,
        "title": ordered[at].agency.name,
        "found": found,
        "row": ordered[at],
        "unsaid": len(found.oldest) < min(meeting.CASES, ordered[at].open),
        "place": at + 1,
        "whole": len(ordered),
        "previous": link(at - 1),
        "next": link(at + 1),
        "agenda": reverse("routing:meeting", args=[node.pk]),
        "cases": reverse("routing:oversight_cases", args=[office]),
        "visited": visited(ordered[at].visited_on, view.today),
        "form": form if may_agree else None,
        "may_agree": may_agree,
        "today": view.today,
    }
    return oversight_page(request, "routing/meeting_office.html", context, status=400 if form.errors else 200)


def _agreed(request: OfficerRequest, node: Agency, agency: Agency, form: AgreementForm) -> bool:
    try:
        meeting.agree(node, agency, by=actor_of(request), **form.cleaned_data)
    except Incomplete as lacks:
        form.add_error(lacks.field, str(lacks.message))
        return False
    except NotAllowed as refused:
        raise PermissionDenied from refused
    messages.success(request, _("Kesepakatan dengan %(office)s dicatat.") % {"office": agency.shown_name})
    return True


@officers_only
@require_POST
def end(request: OfficerRequest, pk: int, office: int, agreement: int) -> HttpResponse:
    """What became of an agreement."""
    node = _node(request, pk)
    found = get_object_or_404(
        Agreement.objects.select_related("node", "office"), pk=agreement, node=node, office=office
    )
    try:
        meeting.end(found, by=actor_of(request), kept=request.POST.get("ditepati") == "ya")
    except NotAllowed as refused:
        raise PermissionDenied from refused
    return redirect(f"{reverse('routing:meeting_office', args=[node.pk, office])}#sepakat")
