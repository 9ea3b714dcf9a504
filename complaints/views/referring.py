"""/laporan/<number>/ombudsman/: its reporter puts the case before the Ombudsman, reads what it does, takes it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from complaints import journey, ombudsman_law
from complaints.forms import ActForm, ReferForm
from complaints.models import Clock, Complaint, Referral
from complaints.models.lifecycle.promises import STATE
from complaints.transitions import Refusal, Stale
from complaints.views.case import actor_of, own
from lapor.kit import wording


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ombudsman(request: HttpRequest, number: str) -> HttpResponse:
    complaint = own(request, number)
    if request.method != "POST":
        return _page(request, complaint, ReferForm(initial={"version": complaint.version}))
    if request.POST.get("act") == "tarik":
        return _take_back(request, complaint)
    form = ReferForm(request.POST)
    if not form.is_valid():
        return _page(request, complaint, form)
    said = form.cleaned_data
    try:
        complaint.refer(
            by=actor_of(request),
            consent=said["consent"],
            with_identity=said["identity"],
            note=said["note"],
            version=said["version"],
        )
    except Refusal as refusal:
        return _refused(request, number, form, refusal)
    messages.success(request, _("Sudah diteruskan ke Ombudsman. Setiap langkahnya kami kabarkan."))
    return redirect("complaints:ombudsman", complaint.number)


def _take_back(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    form = ActForm(request.POST)
    try:
        form.is_valid()
        complaint.unrefer(by=actor_of(request), version=form.cleaned_data.get("version", -1))
    except Refusal as refusal:
        return _refused(request, complaint.number, ReferForm(initial={"version": complaint.version}), refusal)
    messages.success(request, _("Persetujuan sudah ditarik. Ombudsman tidak bisa lagi membaca laporan ini di sini."))
    return redirect("complaints:case", complaint.number)


def _refused(request: HttpRequest, number: str, form: ReferForm, refusal: Refusal) -> HttpResponse:
    """The page as it is now, with what was typed and the version that stands."""
    fresh = own(request, number)
    if form.is_bound:
        data = {name: form.data.get(name, "") for name in form.fields} | {"version": str(fresh.version)}
        form = ReferForm(data)
        form.is_valid()
        form.add_error(
            None,
            _("Laporan ini baru saja berubah. Periksa lagi, lalu kirim.")
            if isinstance(refusal, Stale)
            else str(refusal),
        )
    else:
        form = ReferForm(initial={"version": fresh.version})
        messages.warning(request, str(refusal))
    return _page(request, fresh, form, status=409 if isinstance(refusal, Stale) else 200)


def _page(request: HttpRequest, complaint: Complaint, form: ReferForm, status: int = 200) -> HttpResponse:
    """At most eight statements beyond the frame."""
    referral = Referral.objects.filter(complaint=complaint).select_related("agency").order_by("-pk").first()
    context: dict[str, Any] = {
        "complaint": complaint,
        "form": form,
        "office": complaint.may_be_referred(),
        "referral": referral,
        "readable": referral is not None and referral.withdrawn_at is None,
        "steps": steps_of(referral, complaint) if referral is not None else [],
        "missed": [
            (clock.get_kind_display(), clock.due_on)
            for clock in Clock.objects.filter(
                complaint=complaint, kind__in=STATE, overdue_noted_at__isnull=False, due_on__isnull=False
            ).order_by("due_on")
        ],
        "first_word": ombudsman_law.days(ombudsman_law.FIRST_WORD, complaint.today()),
        "law": {name: ombudsman_law.basis(name) for name in ("may", "free", "nameless", "first_word")},
    }
    return render(request, "complaints/ombudsman.html", context, status=status)


def steps_of(referral: Referral, complaint: Complaint) -> list[dict[str, Any]]:
    """What the Ombudsman and the office did since, for parts/timeline.html, with their words."""
    said = {step.event_id: step.text for step in referral.steps.all()}
    asked = {row.pk: row for row in referral.recommendations.select_related("agency")}
    verbs = ("refer", "examine", "recommend", "heed", "weigh", "unrefer")
    events = complaint.events.filter(verb__in=verbs, particulars__referral=referral.pk).select_related("acting_agency")
    lines = []
    for event in events:
        row = asked.get(event.particulars.get("recommendation", 0))
        detail = said.get(event.pk, "")
        if event.verb == "recommend" and row is not None:
            due = _("Dijawab paling lambat %(day)s.") % {"day": wording.long_day(row.due_on)}
            detail = f"{row.body} {due}"
        elif event.verb == "heed" and row is not None:
            detail = row.answer
        office = event.acting_agency.shown_name if event.acting_agency else ""
        lines.append(
            {
                "state": "done",
                "title": _("Anda meneruskannya ke Ombudsman")
                if event.verb == "refer"
                else _("Anda menarik persetujuan untuk Ombudsman")
                if event.verb == "unrefer"
                else journey.before_the_ombudsman(event).replace("%(office)s", office),
                "when": wording.short_moment(event.at, complaint.zone),
                "detail": detail,
            }
        )
    if referral.first_word_at is None and referral.is_current:
        due = _("Paling lambat %(day)s") % {"day": wording.long_day(referral.due_on)}
        lines.append({"state": "now", "title": _("Ombudsman memberi kabar pertama"), "when": due})
    return lines
