"""/kelola/penataan/: plans of reorganisation of the node acted for; what each would do, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import bidang
from agencies import reorganising as plans
from agencies.acting import OfficerRequest, officers_only
from agencies.actor import Actor
from agencies.members import Refused
from agencies.models import Agency, Region, Reorganisation, Step
from agencies.permissions import Capability, membership_may
from agencies.reorganisation_forms import FORMS, NOUNS, PlanForm
from routing import reorganising
from routing.views.frame import page


@officers_only
def listing(request: OfficerRequest) -> HttpResponse:
    """The node's plans, and a form for a new one."""
    node = _node(request)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = plans.add(by=Actor.officer(request.acting), node=node, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Rencana dibuat. Sekarang tambahkan langkahnya."))
            return redirect("routing:plan", pk=plan.pk)
    rows = Reorganisation.objects.filter(node=node).prefetch_related("steps")
    context = {"rows": rows, "form": form, "node": node, "failed": Step.State.FAILED}
    return page(request, "routing/plans.html", context, status=400 if form.errors else 200)


@officers_only
def plan(request: OfficerRequest, pk: int) -> HttpResponse:
    """Before its day: the steps, what they would do, what stands in their way. Afterwards: the report."""
    found = _plan(request, pk)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "plan": found,
        "planned": found.state == Reorganisation.State.PLANNED,
        "today": today,
        "nouns": [(noun, kind.label) for noun, kind in NOUNS.items()],
    }
    if context["planned"]:
        seen = reorganising.foresee(found, by=Actor.officer(request.acting), today=today)
        context |= {"seen": seen, "lines": _lines(seen.steps, seen.faults)}
    else:
        context |= {"lines": _lines(plans.steps_of(found), {}), "cases_left": reorganising.cases_left(found)}
    return page(request, "routing/plan.html", context)


@officers_only
def change(request: OfficerRequest, pk: int) -> HttpResponse:
    found = _plan(request, pk)
    initial = {"name": found.name, "day": found.day, "legal_basis": found.legal_basis}
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            plans.change(found, by=Actor.officer(request.acting), **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Perubahan disimpan."))
            return redirect("routing:plan", pk=pk)
    context = {"plan": found, "form": form, "title": _("Ubah rencana")}
    return page(request, "routing/plan_form.html", context, status=400 if form.errors else 200)


@officers_only
@require_POST
def cancel(request: OfficerRequest, pk: int) -> HttpResponseBase:
    found = _plan(request, pk)
    try:
        plans.cancel(found, by=Actor.officer(request.acting))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Rencana dibatalkan. Tidak ada yang pindah."))
    return redirect("routing:plan", pk=pk)


@officers_only
def step(request: OfficerRequest, pk: int, noun: str) -> HttpResponse:
    """One more step of this kind."""
    found, kind = _plan(request, pk), NOUNS.get(noun)
    if kind is None:
        raise Http404
    form = FORMS[kind](found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plans.add_step(found, by=Actor.officer(request.acting), kind=kind, **form.said())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Langkah ditambahkan. Akibatnya ada di bawah."))
            return redirect("routing:plan", pk=pk)
    context = {"plan": found, "form": form, "title": _TITLES[kind]()}
    return page(request, "routing/plan_form.html", context, status=400 if form.errors else 200)


@officers_only
@require_POST
def remove(request: OfficerRequest, pk: int, step: int) -> HttpResponseBase:
    found = _plan(request, pk)
    row = get_object_or_404(Step.objects.select_related("plan__node"), pk=step, plan=found)
    try:
        plans.remove_step(row, by=Actor.officer(request.acting))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Langkah itu dihapus dari rencana."))
    return redirect("routing:plan", pk=pk)


_TITLES = {
    Step.Kind.FOUND: lambda: _("Tambah kantor baru"),
    Step.Kind.RENAME: lambda: _("Ganti nama kantor"),
    Step.Kind.MOVE: lambda: _("Pindahkan kantor ke induk lain"),
    Step.Kind.GIVE: lambda: _("Serahkan sebagian pekerjaan"),
    Step.Kind.END: lambda: _("Akhiri kantor"),
}


def _node(request: OfficerRequest) -> Agency:
    if not membership_may(request.acting, Capability.MANAGE_OFFICES, request.acting.agency):
        raise PermissionDenied
    return request.acting.agency


def _plan(request: OfficerRequest, pk: int) -> Reorganisation:
    """A plan of the own node; the centre's of any node. Every other does not exist."""
    node = _node(request)
    rows = Reorganisation.objects.select_related("node__region", "node__parent")
    return get_object_or_404(rows.filter(node__path__startswith=node.path), pk=pk)


def _lines(steps: list[Step], faults: dict[int, str]) -> list[dict[str, Any]]:
    """Each step as a sentence, with what stands in its way or what became of it."""
    names = bidang.names()
    places = dict(
        Region.objects.filter(pk__in={code for one in steps for code in one.places}).values_list("pk", "name")
    )
    return [{"step": one, "sentence": _sentence(one, names, places), "fault": faults.get(one.pk, "")} for one in steps]


def _sentence(one: Step, names: dict[str, str], places: dict[str, str]) -> str:
    said = {
        "office": one.office.name if one.office is not None else "",
        "to": plans.receiver(one),
        "name": one.name,
        "bidang": ", ".join(names.get(code, code) for code in one.bidang),
        "places": ", ".join(places.get(code, code) for code in one.places),
    }
    if one.kind == Step.Kind.FOUND:
        return _("Kantor baru: %(name)s, di bawah %(to)s.") % said
    if one.kind == Step.Kind.RENAME:
        return _("%(office)s berganti nama menjadi %(name)s.") % said
    if one.kind == Step.Kind.MOVE:
        return _("%(office)s pindah ke bawah %(to)s.") % said
    if one.kind == Step.Kind.END:
        return _("%(office)s berakhir; penerusnya %(to)s.") % said
    if not one.places:
        return _("%(office)s menyerahkan bidang %(bidang)s ke %(to)s.") % said
    if not one.bidang:
        return _("%(office)s menyerahkan %(places)s ke %(to)s.") % said
    return _("%(office)s menyerahkan bidang %(bidang)s di %(places)s ke %(to)s.") % said
