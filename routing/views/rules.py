"""The coordinator's rules: the ordered list in sentences, adding, changing, ordering, ending, and a dry look."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.models import Agency
from agencies.permissions import Capability, membership_may
from lapor.kit.text import row_id
from routing import foresight, rulebook
from routing.forms import SEARCH, RuleForm, TrialForm
from routing.models import Rule
from routing.views.frame import for_officers, page


def owner_of(request: OfficerRequest) -> Agency:
    """The node whose rules these are: the one acted for."""
    if not membership_may(request.acting, Capability.MANAGE_RULES, request.acting.agency):
        raise PermissionDenied
    return request.acting.agency


@require_GET
@for_officers
def rules(request: OfficerRequest) -> HttpResponseBase:
    """The list, and which rule a text would meet (`?text=`)."""
    owner, today = owner_of(request), timezone.localdate()
    living, ended = rulebook.book(owner, today)
    tried = "text" in request.GET
    trial = TrialForm(owner, today, request.GET if tried else None, prefix=None)
    match, tags = None, []
    if tried and trial.is_valid():
        data = trial.cleaned_data
        imagined = (owner, data["text"], data["category"], data["region"], today)
        match, tags = rulebook.dry_look(*imagined), rulebook.dry_tags(*imagined)
    used = foresight.uses(living, timezone.now())
    remarks = foresight.remarks(living, used, today)
    context = {
        "owner": owner,
        "rules": [_line(rule) | {"used": used.get(rule.pk, 0), "remarks": remarks.get(rule.pk, [])} for rule in living],
        "ended": [_line(rule) for rule in ended],
        "trial": trial,
        "tried": tried,
        "match": match,
        "tags": tags,
        "today": today,
    }
    return page(request, "routing/rules.html", context)


def _line(rule: Rule) -> dict[str, Any]:
    return {"rule": rule, "sentence": rulebook.sentence(rule)}


@require_http_methods(["GET", "POST"])
@for_officers
def add(request: OfficerRequest) -> HttpResponseBase:
    owner, today = owner_of(request), timezone.localdate()
    if request.method != "POST":
        return _form(request, RuleForm(owner, today, initial=_searching(request)), None)
    form = RuleForm(owner, today, request.POST)
    if SEARCH in request.POST:
        return _searched(request, form, None)
    if not form.is_valid():
        return _form(request, form, None)
    if "lihat" in request.POST:
        return _foreseen(request, form, None)
    rulebook.add(owner, by=Actor.officer(request.acting), **form.fields_of_rule())
    messages.success(request, _("Aturan ditambahkan di urutan terakhir."))
    return redirect("routing:rules")


@require_http_methods(["GET", "POST"])
@for_officers
def change(request: OfficerRequest, pk: int) -> HttpResponseBase:
    owner, today = owner_of(request), timezone.localdate()
    rule = get_object_or_404(Rule.objects.select_related("target", "category", "region", "named"), pk=pk, owner=owner)
    if request.method != "POST":
        return _form(request, RuleForm(owner, today, initial=RuleForm.initial_of(rule) | _searching(request)), rule)
    form = RuleForm(owner, today, request.POST)
    if SEARCH in request.POST:
        return _searched(request, form, rule)
    if not form.is_valid():
        return _form(request, form, rule)
    if "lihat" in request.POST:
        return _foreseen(request, form, rule)
    rulebook.change(rule, by=Actor.officer(request.acting), **form.fields_of_rule())
    messages.success(request, _("Aturan diubah. Laporan yang sudah diteruskan tidak ikut berubah."))
    return redirect("routing:rules")


@require_http_methods(["GET", "POST"])
@for_officers
def order(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One place up or down (`arah`): GET shows what would have gone elsewhere last month, POST does it, past the rule
    that was shown."""
    owner, today = owner_of(request), timezone.localdate()
    rule = get_object_or_404(Rule, pk=pk, owner=owner)
    said = request.POST if request.method == "POST" else request.GET
    step = -1 if said.get("arah") == "naik" else 1
    living = rulebook.book(owner, today)[0]
    past = rulebook.neighbour(rule, step, living)
    if request.method == "POST":
        shown = row_id(request.POST.get("melewati", "")) or None
        if shown and (past is None or past.pk != shown):
            messages.warning(request, _("Urutan aturan berubah sementara Anda membaca. Lihat lagi akibatnya."))
        else:
            rulebook.shift(rule, step, by=Actor.officer(request.acting), day=today)
        return redirect("routing:rules")
    if past is None:
        messages.info(request, _("Aturan itu sudah di ujung daftar."))
        return redirect("routing:rules")
    rules_of = {one.pk: one for one in living}
    rule = rules_of[rule.pk]
    sends = rule.target is not None and past.target is not None
    context = {
        "way": "naik" if step < 0 else "turun",
        "sentence": rulebook.sentence(rule),
        "past": past,
        "past_sentence": rulebook.sentence(past),
        "seen": foresight.foresee_order(rule, past, by=Actor.officer(request.acting)) if sends else None,
        "warnings": foresight.warnings_of_order(rule, step, living, today) if sends else [],
    }
    return page(request, "routing/rule_turn.html", context)


@require_http_methods(["GET", "POST"])
@for_officers
def end(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """From today on: GET shows where its reports of last month would have gone, POST ends it."""
    owner, today = owner_of(request), timezone.localdate()
    rule = get_object_or_404(Rule.objects.select_related("target", "programme", "owner"), pk=pk, owner=owner)
    if request.method == "POST":
        rulebook.end(rule, today, by=Actor.officer(request.acting))
        messages.success(request, _("Aturan diakhiri mulai hari ini."))
        return redirect("routing:rules")
    context = {
        "way": "akhir",
        "sentence": rulebook.sentence(rule),
        "programme": rule.programme,
        "seen": foresight.foresee_end(rule, by=Actor.officer(request.acting)) if rule.target is not None else None,
    }
    return page(request, "routing/rule_turn.html", context)


def _searched(request: OfficerRequest, form: RuleForm, rule: Rule | None) -> HttpResponse:
    form.forget_errors()
    return _form(request, form, rule)


def _searching(request: OfficerRequest) -> dict[str, str]:
    """What was typed into the search for an office, and the office chosen meanwhile."""
    found = {"cari": request.GET.get("cari", "")[:100]}
    return found | ({"agency": request.GET["agency"]} if request.GET.get("agency", "").isdigit() else {})


def _foreseen(request: OfficerRequest, form: RuleForm, rule: Rule | None) -> HttpResponse:
    """The form as typed, and what the rule would have done last month; nothing is saved."""
    owner = request.acting.agency
    tried = rulebook.imagined(owner, rule, **form.fields_of_rule())
    by, today = Actor.officer(request.acting), timezone.localdate()
    foreseen = {
        "seen": foresight.foresee(tried, by=by) if tried.target is not None or (rule and rule.target_id) else None,
        "gathers": foresight.foresee_tags(tried, by=by) if tried.programme is not None else None,
        "programme": tried.programme,
        "warnings": foresight.warnings(tried, rulebook.book(owner, today)[0], today),
    }
    return _form(request, form, rule, foreseen)


def _form(
    request: OfficerRequest, form: RuleForm, rule: Rule | None, foreseen: dict[str, Any] | None = None
) -> HttpResponse:
    if "cari" in request.GET and request.htmx:  # type: ignore[attr-defined]
        return render(request, "routing/_offices.html", {"form": form})
    context = {"form": form, "rule": rule, "owner": request.acting.agency, "foreseen": foreseen}
    return page(request, "routing/rule.html", context)
