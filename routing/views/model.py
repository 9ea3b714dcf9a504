"""How well words are read: which weights are in force, how they fare, what a threshold would do, and the way back."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from agencies import bidang
from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.permissions import Capability, membership_may
from complaints.masking import mask
from routing import learning
from routing.forms.model import BackForm
from routing.models import TrainedModel
from routing.views.frame import for_officers, page

LATELY = datetime.timedelta(days=30)
NIGHTS = 10
LEVELS: dict[str, str | Promise] = {
    "pusat": gettext_lazy("kementerian dan lembaga"),
    "provinsi": gettext_lazy("provinsi"),
    "kabkota": gettext_lazy("kabupaten dan kota"),
    "bumn": gettext_lazy("BUMN"),
}


@require_http_methods(["GET", "POST"])
@for_officers
def model(request: OfficerRequest) -> HttpResponseBase:
    """POST: back to the weights before, with a reason."""
    if not membership_may(request.acting, Capability.MANAGE_MODEL, request.acting.agency):
        raise PermissionDenied
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
    told = learning.told()
    context = {
        "form": form,
        "row": learning.in_force(),
        "whole": {name: round(told[name] * 100) for name in ("top1", "top3", "level")},
        "levels": _levels(told),
        "fields": _fields(told),
        "confusions": [
            {"right": _name(right), "said": _name(said), "count": count} for right, said, count in told["confusions"]
        ],
        "mistakes": [
            {"guess": guess, "title": mask(guess.complaint.title), "number": guess.complaint.shown_number}
            for guess in learning.mistakes()
        ],
        "lately": learning.lately(now - LATELY),
        "nights": TrainedModel.objects.defer("weights").select_related("retired_by")[:NIGHTS],
    }
    return page(request, "routing/model.html", context)


def _name(code: str) -> str:
    return bidang.names().get(code, code)


def _levels(told: dict[str, Any]) -> list[dict[str, Any]]:
    """For each level its threshold, and how many of its held-back reports other thresholds would have forwarded, and
    how many of those rightly."""
    return [
        {
            "name": LEVELS[level],
            "right": round(threshold["precision"] * 100),
            "share": round(threshold["coverage"] * 100),
            "percent": round(threshold["score"] * 100) if threshold["score"] is not None else None,
            "moves": [
                {"limit": round(limit * 100), "count": count, "right": right, "share": _share(right, count)}
                for limit, count, _total, right in told["moves"][level]
            ],
            "total": told["moves"][level][0][2],
        }
        for level, threshold in sorted(told["thresholds"].items(), key=lambda one: list(LEVELS).index(one[0]))
    ]


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
