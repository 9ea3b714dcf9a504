"""How well words are read: which weights are in force, how they fare, what a threshold would do, and the way back."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies import bidang
from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.members import Refused
from agencies.permissions import Capability, membership_may
from complaints.masking import mask
from routing import learning, standing_alone, thresholds
from routing.certainty import FEWEST, RIGHT
from routing.forms.model import BackForm, ThresholdForm
from routing.models import TrainedModel
from routing.models.threshold import LEVELS
from routing.views.frame import for_officers, page

LATELY = datetime.timedelta(days=30)
NIGHTS = 10
# Bidang shown at once, the most reported first.
FIELDS = 8
# Thresholds the page shows of each level, and those that the page of one level shows.
SHOWN = (50, 60, 70, 80, 85, 90, 95)
STEPS = (*range(50, 80, 5), *range(80, 100))


def _must_manage(request: OfficerRequest) -> None:
    if not membership_may(request.acting, Capability.MANAGE_MODEL, request.acting.agency):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
@for_officers
def model(request: OfficerRequest) -> HttpResponseBase:
    """POST: back to the weights before, with a reason."""
    _must_manage(request)
    form = BackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            learning.go_back(by=Actor.officer(request.acting), reason=form.cleaned_data["reason"])
        except TrainedModel.DoesNotExist:
            messages.info(request, _("Bobot bawaan sudah dipakai."))
        else:
            messages.success(request, _("Bobot sebelumnya dipakai lagi."))
        return redirect("routing:model")
    now = timezone.now()
    source = request.GET.get("sumber", "")
    if source not in standing_alone.SOURCES:
        source = ""
    told = learning.told()
    fields = _fields(told)
    context = {
        "form": form,
        "row": learning.in_force(),
        "whole": {name: round(told[name] * 100) for name in ("top1", "top3", "level")},
        "levels": [(level, _some(level, SHOWN)) for level in thresholds.levels()],
        "history": thresholds.history(),
        "fields": fields[:FIELDS],
        "more_fields": fields[FIELDS:],
        "few": FEWEST,
        "confusions": [
            {"right": _name(right), "said": _name(said), "count": count} for right, said, count in told["confusions"]
        ],
        "mistakes": [
            {"guess": guess, "title": mask(guess.complaint.title), "number": guess.complaint.shown_number}
            for guess in learning.mistakes(source=source)
        ],
        "sources": [("", _("semua"))] + [(one.value, one.label) for one in standing_alone.SOURCES],
        "source": source,
        "alone": standing_alone.lines(now),
        "days": standing_alone.DAYS,
        "promised": round(100 * RIGHT),
        "lately": learning.lately(now - LATELY),
        "nights": TrainedModel.objects.defer("weights").select_related("retired_by")[:NIGHTS],
    }
    return page(request, "routing/model.html", context)


def _name(code: str) -> str:
    return bidang.names().get(code, code)


def _some(level: thresholds.Level, percents: tuple[int, ...]) -> list[thresholds.Outlook]:
    return [one for one in level.outlooks if one.percent in percents]


@require_http_methods(["GET", "POST"])
@for_officers
def threshold(request: OfficerRequest, level: str) -> HttpResponseBase:
    """One level: what another threshold would do, before it is saved; and back to the one before (`kembali`)."""
    _must_manage(request)
    if level not in LEVELS:
        raise Http404
    here, by = thresholds.level(level), Actor.officer(request.acting)
    back = BackForm(request.POST if "kembali" in request.POST else None, prefix="kembali")
    given = None if "kembali" in request.POST else request.POST or None
    seen = _outlook(here, given if given is not None else request.GET, "percent" if given is not None else "persen")
    thin = seen is not None and seen.verdict is thresholds.Verdict.THIN
    form = ThresholdForm(given, thin=thin, initial={"percent": seen.percent if seen else here.now.percent})
    failed: Form = back if given is None else form
    try:
        if given is None and request.method == "POST" and back.is_valid():
            thresholds.go_back(level, by=by, reason=back.cleaned_data["reason"])
            messages.success(request, _("Ambang sebelumnya dipakai lagi, mulai laporan berikutnya."))
            return redirect("routing:model")
        if given is not None and "lihat" in given:
            form.keep_errors_of("percent")
        elif given is not None and form.is_valid():
            said = form.cleaned_data
            aware = said.get("aware", False)
            thresholds.choose(level, said["percent"], by=by, reason=said["reason"], aware=aware)
            messages.success(request, _("Ambang dipakai mulai laporan berikutnya, oleh setiap pekerja."))
            return redirect("routing:model")
    except Refused as refused:
        failed.add_error(refused.field if refused.field in failed.fields else None, str(refused))
    context = {
        "level": here,
        "form": form,
        "back": back,
        "failed": failed,
        "seen": seen,
        "refused": thresholds.why_refused(here, seen) if seen is not None and seen.is_refused else "",
        "more": seen.count - here.now.count if seen is not None else 0,
        "fewer": here.now.count - seen.count if seen is not None else 0,
        "worse": (seen.count - seen.right) - (here.now.count - here.now.right) if seen is not None else 0,
        "steps": _some(here, STEPS),
    }
    return page(request, "routing/threshold.html", context)


def _outlook(here: thresholds.Level, said: QueryDict, name: str) -> thresholds.Outlook | None:
    """What the chosen threshold would do; None: none was chosen, or it is no hundredth of the table."""
    if said.get("never"):
        return here.never
    typed = said.get(name, "").strip()
    return next((one for one in here.outlooks if str(one.percent) == typed), None)


def _fields(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Every bidang, the one with most reports first."""
    rows = [
        {"name": _name(code), "right": right, "total": total, "share": _share(right, total)}
        for code, (right, total) in told["by_bidang"].items()
    ]
    return sorted(rows, key=lambda row: -row["total"])


def _share(part: int, whole: int) -> int | None:
    """In hundredths; None: of nothing."""
    return round(part / whole * 100) if whole else None
