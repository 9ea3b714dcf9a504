"""/pengawasan/ombudsman/: what reporters put before the Ombudsman, for its examiners; /meja/rekomendasi/: what it asks
of an office; /statistik/rekomendasi/: who heeds. To every other officer the first two are not there."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from agencies import calendar
from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.models import Holiday, Role
from agencies.ombudsman import is_examiner, reads_country
from complaints import ombudsman_law, privacy
from complaints.models import Complaint, Recommendation, Referral
from complaints.models.lifecycle.acting import BODY_LIMIT
from complaints.models.lifecycle.referring import steps_after
from complaints.transitions import Incomplete, Refusal
from complaints.views.browse import keep_briefly
from lapor.kit import paging, wording
from lapor.kit.text import row_id
from lapor.kit.widgets import Story
from routing import before_ombudsman
from routing.views.frame import find_case, for_officers, page

PAGE = 50


class StepForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("Langkah"),
        error_messages={
            "required": gettext_lazy("Pilih langkahnya."),
            "invalid_choice": gettext_lazy("Langkah itu tidak bisa diambil sekarang. Pilih lagi."),
        },
    )
    text = forms.CharField(
        label=gettext_lazy("Penjelasan untuk pelapor"),
        help_text=gettext_lazy("Hanya pelapor yang membacanya. Wajib kalau selesai atau tidak bisa diperiksa."),
        required=False,
        max_length=BODY_LIMIT,
        widget=Story({"rows": 4}, limit=BODY_LIMIT),
        error_messages={"max_length": gettext_lazy("Terlalu panjang. Paling banyak 10.000 huruf.")},
    )

    def __init__(self, *args: Any, states: tuple[str, ...], **kwargs: Any) -> None:
        kwargs["auto_id"] = "langkah-%s"
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(one, Referral.State(one).label) for one in states]  # type: ignore[attr-defined]
        self.fields["text"].silent = True  # type: ignore[attr-defined]


class RecommendForm(forms.Form):
    agency = forms.ChoiceField(
        label=gettext_lazy("Kepada"),
        error_messages={
            "required": gettext_lazy("Pilih kantornya."),
            "invalid_choice": gettext_lazy("Pilih kantor dari daftar."),
        },
    )
    body = forms.CharField(
        label=gettext_lazy("Rekomendasi"),
        help_text=gettext_lazy(
            "Dibaca pimpinan dan koordinator kantor itu, dan pelapor. Jangan menyebut nama pelapor."
        ),
        max_length=BODY_LIMIT,
        widget=Story({"rows": 6}, limit=BODY_LIMIT),
        error_messages={
            "required": gettext_lazy("Tulis rekomendasinya."),
            "max_length": gettext_lazy("Terlalu panjang. Paling banyak 10.000 huruf."),
        },
    )
    days = forms.IntegerField(
        label=gettext_lazy("Dijawab dalam (hari kerja)"),
        min_value=1,
        max_value=240,
        error_messages={
            "required": gettext_lazy("Tulis berapa hari kerja."),
            "invalid": gettext_lazy("Tulis angka, misalnya 60."),
            "min_value": gettext_lazy("Paling sedikit 1 hari kerja."),
            "max_value": gettext_lazy("Paling banyak 240 hari kerja."),
        },
    )

    def __init__(self, *args: Any, case: Complaint, **kwargs: Any) -> None:
        kwargs["auto_id"] = "rekomendasi-%s"
        super().__init__(*args, **kwargs)
        self.offices = {str(one.pk): one for one in case.may_be_recommended_to()}
        self.fields["days"].initial = ombudsman_law.days(ombudsman_law.HEED, case.today())
        choices = [(pk, one.name) for pk, one in self.offices.items()]
        self.fields["agency"].choices = choices  # type: ignore[attr-defined]


class HeedForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Yang sudah dilakukan"),
        help_text=gettext_lazy("Dibaca Ombudsman dan pelapor."),
        max_length=BODY_LIMIT,
        widget=Story({"rows": 4}, limit=BODY_LIMIT),
        error_messages={
            "required": gettext_lazy("Tulis apa yang sudah dilakukan."),
            "max_length": gettext_lazy("Terlalu panjang. Paling banyak 10.000 huruf."),
        },
    )


def _examiner(request: OfficerRequest) -> Actor:
    by = Actor.officer(request.acting)
    if not is_examiner(by):
        raise Http404
    return by


def _shut(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


# --- For the Ombudsman's examiners ---


@require_GET
@for_officers
def listing(request: OfficerRequest) -> HttpResponseBase:
    """Nearest date first; what has ended, newest first. No title: the text is opened on its own page, and logged."""
    by = _examiner(request)
    number, reads = request.GET.get("nomor", "").strip()[:40], reads_country(request.acting)
    if number and reads and (case := find_case(number, by)) is not None:
        return redirect("routing:case", case.number)
    today = timezone.localdate()
    ended = request.GET.get("daftar") == "selesai"
    found = Referral.objects.readable_by(by).select_related("complaint__handler__parent")
    found = found.filter(ended_at__isnull=False) if ended else found.current()
    at = paging.read(request.GET.get("setelah", ""), datetime.date.fromisoformat, paging.key)
    if at is not None and not ended:
        found = found.filter(due_on__gte=at[0]).filter(Q(due_on__gt=at[0]) | Q(pk__gt=at[1]))
    rows = list(found.order_by("-ended_at", "-pk")[:PAGE] if ended else found.order_by("due_on", "pk")[: PAGE + 1])
    more = paging.write(rows[PAGE - 1].due_on, rows[PAGE - 1].pk) if len(rows) > PAGE else ""
    heeding, whole = before_ombudsman.who_heeds(today)
    context = {
        "office": request.acting.agency,
        "reads": reads,
        "number": number,
        "ended": ended,
        "lines": [{"row": row, **before_ombudsman.waits_for(today, row)} for row in rows[:PAGE]],
        "older": f"?setelah={more}" if more else "",
        "first": "?" if at is not None else "",
        "heeding": heeding[:PAGE],
        "whole": whole,
    }
    return _shut(page(request, "routing/ombudsman.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def referral(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One case put before the Ombudsman; opening it is logged, and the reporter reads that."""
    by = _examiner(request)
    row = Referral.objects.readable_by(by).select_related("complaint__handler").filter(pk=row_id(str(pk))).first()
    if row is None:
        raise Http404
    case = Complaint.objects.select_related("handler", "place", "not_for", "category").get(pk=row.complaint_id)
    step = StepForm(states=steps_after(row.state))
    recommend = RecommendForm(case=case)
    if request.method == "POST":
        act = request.POST.get("act", "")
        form: forms.Form | None = None
        try:
            if act == "langkah":
                form = step = StepForm(request.POST, states=steps_after(row.state))
                if step.is_valid():
                    case.examine(row, step.cleaned_data["state"], step.cleaned_data["text"], by=by)
                    return _done(request, row, _("Tersimpan. Pelapor membacanya."))
            elif act == "rekomendasi":
                form = recommend = RecommendForm(request.POST, case=case)
                if recommend.is_valid():
                    said = recommend.cleaned_data
                    office = recommend.offices[said["agency"]]
                    case.recommend(row, office, said["body"], by=by, due_on=_after(case, said["days"]))
                    return _done(request, row, _("Rekomendasi dikirim ke kantor itu, dan pelapor dikabari."))
            elif act == "nilai":
                asked = row.recommendations.filter(pk=row_id(request.POST.get("rekomendasi", ""))).first()
                if asked is None:
                    raise Http404
                case.weigh(asked, request.POST.get("hasil", ""), by=by)
                return _done(request, row, _("Penilaian tersimpan."))
        except Incomplete as missing:
            if form is None:
                messages.warning(request, str(missing))
            else:
                form.add_error(missing.field if missing.field in form.fields else None, str(missing))
        except Refusal as refusal:
            messages.warning(request, str(refusal))
    return _page(request, by, row, step, recommend)


def _after(case: Complaint, days: int) -> datetime.date:
    today = case.today()
    return calendar.due_on(today, days, Holiday.objects.kept_in(None).filter(date__gte=today).days())


def _done(request: OfficerRequest, row: Referral, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("routing:referral", row.pk)


def _page(
    request: OfficerRequest, by: Actor, row: Referral, step: StepForm, recommend: RecommendForm
) -> HttpResponseBase:
    try:
        bundle = privacy.bundle_of(row, by)
    except privacy.NotVisible as error:
        raise Http404 from error
    today = bundle.complaint.today()
    said = before_ombudsman.composed(bundle)
    asked = [
        {
            "row": one,
            "late": one.answered_at is None and not one.verdict and today > one.due_on,
            "may_weigh": not one.verdict and (one.answered_at is not None or today > one.due_on),
        }
        for one in row.recommendations.select_related("agency")
    ]
    context = {
        "referral": bundle.referral,
        "case": bundle.complaint,
        "bundle": bundle,
        "said": said,
        "timeline": [
            {"state": "done", "title": one["what"], "when": wording.plain_day(datetime.date.fromisoformat(one["on"]))}
            for one in said["timeline"]
        ],
        "promises": [
            (
                one["promise"].capitalize(),
                one["due_on"] and datetime.date.fromisoformat(one["due_on"]),
                one["missed_by"],
            )
            for one in said["promises"]
        ],
        "note": privacy.note_of(row, by),
        "steps": list(row.steps.all()),
        "asked": asked,
        "verdicts": Recommendation.Verdict.choices,
        "step": step if steps_after(bundle.referral.state) and bundle.referral.is_current else None,
        "recommend": recommend
        if bundle.referral.is_current and bundle.referral.state in (Referral.State.EXAMINED, Referral.State.RECOMMENDED)
        else None,
        "heed_basis": ombudsman_law.basis("heed"),
        "heed_days": ombudsman_law.days(ombudsman_law.HEED, today),
        **before_ombudsman.waits_for(today, bundle.referral),
    }
    context["failed"] = next((form for form in (step, recommend) if form.errors), None)
    return _shut(page(request, "routing/referral.html", context, status=400 if context["failed"] else 200))


@require_GET
@for_officers
def file(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The bundle to take away, as PDF or JSON; composed now, and logged."""
    by = _examiner(request)
    row = Referral.objects.readable_by(by).filter(pk=row_id(str(pk))).first()
    kind = request.GET.get("bentuk", "pdf")
    if row is None or kind not in ("pdf", "json"):
        raise Http404
    try:
        bundle = privacy.bundle_of(row, by, to_take_away=True)
    except privacy.NotVisible as error:
        raise Http404 from error
    user = request.acting.user
    taken = {"at": wording.moment(timezone.now()), "by": f"{user.name or user.email}, {request.acting.agency.name}"}
    if kind == "json":
        made, content = before_ombudsman.as_json(bundle, taken), "application/json"
    else:
        made, content = before_ombudsman.as_pdf(bundle, taken), "application/pdf"
    response = HttpResponse(made, content_type=content)
    response["Content-Disposition"] = f'attachment; filename="rujukan-{bundle.complaint.shown_number}.{kind}"'
    return _shut(response)


# --- For the offices ---


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def recommendations(request: OfficerRequest) -> HttpResponseBase:
    """What the Ombudsman asks of the own office (a coordinator: of those below, too), nearest date first."""
    by = Actor.officer(request.acting)
    if by.role not in (Role.HEAD, Role.COORDINATOR):
        raise Http404
    found = before_ombudsman.addressed_to(by)
    failing: tuple[int, HeedForm] | None = None
    if request.method == "POST":
        row = found.filter(pk=row_id(request.POST.get("rekomendasi", ""))).first()
        if row is None:
            raise Http404
        form = HeedForm(request.POST, auto_id=f"jawab-{row.pk}-%s")
        try:
            if form.is_valid():
                row.referral.complaint.heed(row, form.cleaned_data["answer"], by=by)
                messages.success(request, _("Jawaban terkirim ke Ombudsman dan pelapor."))
                return redirect("routing:recommendations")
        except Incomplete as missing:
            form.add_error("answer", str(missing))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        failing = (row.pk, form)
    today = timezone.localdate()
    lines = [
        {
            "row": row,
            "number": row.referral.complaint.shown_number,
            "late": row.answered_at is None and not row.verdict and today > row.due_on,
            "form": None
            if row.verdict
            else failing[1]
            if failing and failing[0] == row.pk
            else HeedForm(auto_id=f"jawab-{row.pk}-%s", initial={"answer": row.answer}),
        }
        for row in found.order_by("weighed_at", "due_on", "pk")[:PAGE]
    ]
    context = {"lines": lines, "office": request.acting.agency, "failed": failing and failing[1]}
    return _shut(page(request, "routing/recommendations.html", context, status=400 if failing else 200))


# --- For everybody ---


@require_safe
def heeding(request: HttpRequest) -> HttpResponse:
    """Which bodies do what the Ombudsman recommends. Two statements."""
    lines, whole = before_ombudsman.in_public(timezone.localdate())
    context = {"lines": lines, "whole": whole, "enough": before_ombudsman.ENOUGH}
    return keep_briefly(request, render(request, "routing/heeding.html", context))
