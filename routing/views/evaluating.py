"""/evaluasi/kelola/: the evaluators' own pages: years and their turns, districts, points, objections, the method."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.models import Agency
from agencies.permissions import Capability, membership_may
from complaints.transitions import Incomplete, Refusal
from lapor.kit import wording
from routing import signals
from routing.evaluation import cycle as cycles
from routing.evaluation import hearing, method, pack, standing, story
from routing.evaluation.cycle import JAKARTA, Dates
from routing.evaluation.indicators import INDICATORS
from routing.evaluation.method import Body
from routing.forms.evaluation import DatesForm, DecideForm, MethodForm, PointsForm, ReasonForm
from routing.models import Cycle, Evaluation, Evidence, Method, Objection, Points
from routing.views.evaluation import cases_address, give, told_of
from routing.views.frame import for_officers, page

PER_PAGE = 60
Stage = Cycle.Stage


def _must(request: OfficerRequest) -> Actor:
    if not membership_may(request.acting, Capability.PUBLISH_EVALUATIONS, Agency.objects.root()):
        raise PermissionDenied
    return Actor.officer(request.acting)


def _today() -> datetime.date:
    return timezone.localdate(timezone.now(), JAKARTA)


def _cycle(pk: int) -> Cycle:
    return get_object_or_404(Cycle.objects.select_related("method", "corrects", "published_by"), pk=pk)


def _row(pk: int, agency: int) -> Evaluation:
    rows = Evaluation.objects.select_related("cycle__method", "cycle__corrects", "agency", "checked_by", "signed_by")
    return get_object_or_404(rows, cycle=pk, agency=agency)


@require_http_methods(["GET", "POST"])
@for_officers
def years(request: OfficerRequest) -> HttpResponseBase:
    """Every edition of every year; what is late; a new year."""
    by, today = _must(request), _today()
    taken = set(Cycle.objects.values_list("year", flat=True))
    offered = [year for year in range(today.year - 1, today.year - 7, -1) if year not in taken]
    form = None
    if offered:
        newest = Method.objects.of_year(offered[0])
        usual = Dates.usual(offered[0], Body.of(newest.body), today)
        form = DatesForm(request.POST or None, years=offered, initial=usual.__dict__)
        if request.method == "POST" and form.is_valid():
            made = _try(form, lambda: cycles.prepare(form.cleaned_data["year"], form.dates(), by=by))
            if made is not None:
                messages.success(request, _("Tahunnya disiapkan. Angkanya dikumpulkan sesudah penutupan."))
                return redirect("routing:evaluating_cycle", pk=made.pk)
    rows = [
        {"cycle": one, "late": one.is_late(today)}
        for one in Cycle.objects.select_related("method", "corrects").annotate(districts=Count("evaluations"))
    ]
    context = {"rows": rows, "form": form, "missing": cycles.missing_year(today), "today": today}
    return page(request, "routing/evaluating.html", context, status=400 if form is not None and form.errors else 200)


def _try(form: Any, act: Callable[[], Any]) -> Any:
    """What the act returns; None where it was refused, and the form says why beside the field."""
    try:
        return act()
    except Incomplete as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    except Refusal as refused:
        form.add_error(None, str(refused))
    return None


# Word in the address → (label, condition).
def _filters(cycle: Cycle) -> dict[str, tuple[str, Q]]:
    scored = Points.objects.filter(evaluation=OuterRef("evaluation"), kind=OuterRef("kind"))
    waiting = Evidence.objects.filter(~Exists(scored), evaluation=OuterRef("pk"), withdrawn_at=None)
    return {
        "": (_("Semua"), Q()),
        "belum": (_("Belum memeriksa"), Q(checked_at=None)),
        "nilai": (_("Bukti belum dinilai"), Q(Exists(waiting))),
        "keberatan": (_("Keberatan"), Q(Exists(Objection.objects.filter(evaluation=OuterRef("pk"), decision="")))),
        "kurang": (_("Data belum cukup"), Q(size="")),
    }


@require_GET
@for_officers
def cycle(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One edition: its turns, what waits, its districts. At most 16 statements."""
    _must(request)
    found, today = _cycle(pk), _today()
    only, words = request.GET.get("hanya", ""), request.GET.get("q", "").replace("\x00", "").strip()[:80]
    filters = _filters(found)
    rows = found.evaluations.filter(filters.get(only, filters[""])[1]).annotate(
        given=Count("evidence", filter=Q(evidence__withdrawn_at=None), distinct=True),
        objected=Count("objections", distinct=True),
    )
    if words:
        rows = rows.filter(name__icontains=words)
    # What was counted of each district's offices is long, and told on its own page.
    rows = rows.defer("numbers", "offices", "people", "result").order_by("-cases", "name", "pk")
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("hal"))
    waiting = cycles.unscored(found) if found.stage == Stage.SCORE else 0
    context = {
        "cycle": found,
        "steps": story.steps(found, today),
        "late": found.is_late(today),
        "progress": cycles.progress(found),
        "read": standing.readings_of(found),
        "waiting": waiting,
        "acts": _acts(found, today),
        "shown": shown,
        "q": words,
        "only": only if only in filters else "",
        "filters": [
            {"label": label, "url": f"?hanya={word}", "current": word == (only if only in filters else "")}
            for word, (label, _q) in filters.items()
        ],
        "differs": [line | {"what": _what(line["what"])} for line in found.differs],
        "counting": getattr(found, "recount", None),
    }
    return page(request, "routing/evaluating_cycle.html", context)


def _what(code: str) -> str:
    if code == "district":
        return _("daerahnya")
    if code == "days":
        return _("sebaran hari kerja")
    from routing.measures import catalogue

    return catalogue.MEASURES[code].name if code in catalogue.MEASURES else code


def _acts(cycle: Cycle, today: datetime.date) -> list[tuple[str, str, str]]:
    """(noun, button, what it does) that the stage allows."""
    return {
        Stage.READY.value: [("buka", _("Buka untuk daerah"), _("Daerah mendapat surat dan mulai memeriksa."))],
        Stage.CHECK.value: [
            ("tutup", _("Tutup pemeriksaan"), _("Bisa sebelum tanggalnya kalau semua daerah sudah memeriksa."))
        ],
        Stage.SCORE.value: [("umumkan", _("Umumkan nilai"), _("Daerah melihat hasilnya dan bisa berkeberatan."))],
        Stage.DECIDE.value: [
            ("terbit", _("Hitung ulang dan terbitkan"), _("Dihitung lagi dari kejadian. Sama: terbit dan beku."))
        ],
    }.get(cycle.stage, [])


ACTS: dict[str, Callable[..., Cycle]] = {
    "buka": cycles.open_for_districts,
    "tutup": cycles.close_checking,
    "umumkan": cycles.announce,
    "terbit": cycles.publish,
}


@require_POST
@for_officers
def act(request: OfficerRequest, pk: int, noun: str) -> HttpResponseBase:
    by, found = _must(request), _cycle(pk)
    if noun not in ACTS:
        raise Http404
    try:
        ACTS[noun](found, by=by)
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Tercatat."))
    return redirect("routing:evaluating_cycle", pk=pk)


@require_http_methods(["GET", "POST"])
@for_officers
def again(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Collect the figures anew."""
    by, found = _must(request), _cycle(pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _try(form, lambda: cycles.collect_again(found, by=by, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("Angkanya dikumpulkan lagi."))
            return redirect("routing:evaluating_cycle", pk=pk)
    return _form(request, found, form, _("Kumpulkan angka lagi"))


@require_http_methods(["GET", "POST"])
@for_officers
def edition(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A correction of what is published: another edition that names it."""
    by, found = _must(request), _cycle(pk)
    if found.published_at is None:
        raise Http404
    usual = Dates.usual(found.year, Body.of(found.method.body), _today())
    initial = usual.__dict__ | {"cut_on": (found.cut_at - datetime.timedelta(seconds=1)).astimezone(JAKARTA).date()}
    form = DatesForm(request.POST or None, years=[], corrects=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        made = _try(form, lambda: cycles.prepare(found.year, form.dates(), by=by, corrects=found, reason=reason))
        if made is not None:
            messages.success(request, _("Edisi baru disiapkan. Yang lama tetap berlaku sampai yang baru terbit."))
            return redirect("routing:evaluating_cycle", pk=made.pk)
    return _form(request, found, form, _("Perbaiki dengan edisi baru"))


def _form(request: OfficerRequest, found: Cycle, form: Any, title: str) -> HttpResponse:
    back = reverse("routing:evaluating_cycle", args=[found.pk])
    context = {"cycle": found, "form": form, "title": title, "back": back}
    return page(request, "routing/evaluation_form.html", context, status=400 if form.errors else 200)


def against(row: Evaluation, by: Actor) -> list[dict[str, Any]]:
    """Signs noted as counting against its evidence, for the evaluator to weigh; none for whoever sits there too. A sign
    of who somebody is stays untold below the least. One statement."""
    if row.agency_id in signals.seats_in(by):
        return []
    here = f"{reverse('routing:signals_of', args=[row.agency_id])}?tahun={row.cycle.year}"
    return [
        {
            "name": signals.SIGNALS[one.code].name,
            "shown": ""
            if signals.SIGNALS[one.code].of_whom and one.count < signals.LEAST
            else _("%(n)s dari %(of)s") % {"n": wording.number(one.count), "of": wording.number(one.base)},
            "note": one,
            "url": f"{here}#{one.code}",
        }
        for one in signals.counting_against(row.agency, row.cycle.year)
        if one.code in signals.SIGNALS
    ]


@require_GET
@for_officers
def district(request: OfficerRequest, pk: int, agency: int) -> HttpResponseBase:
    """One district for the evaluator. At most 17 statements."""
    by = _must(request)
    row = _row(pk, agency)
    body = Body.of(row.cycle.method.body)
    here = reverse("routing:evaluating_pack", args=[pk, agency])
    context = told_of(row, body, points=bool(row.result)) | {
        "row": row,
        "cycle": row.cycle,
        "objections": list(row.objections.select_related("by", "decided_by").order_by("pk")),
        "scoring": row.cycle.stage in (Stage.SCORE, Stage.OBJECT, Stage.DECIDE),
        "deciding": row.cycle.stage in (Stage.OBJECT, Stage.DECIDE),
        "packs": [(kind, f"{here}?bentuk={kind.lower()}") for kind in pack.KINDS],
        "cases": cases_address(row),
        "against": against(row, by),
        "names": {code: one.name for code, one in INDICATORS.items()},
    }
    return page(request, "routing/evaluating_district.html", context)


@require_http_methods(["GET", "POST"])
@for_officers
def score(request: OfficerRequest, pk: int, agency: int, kind: str) -> HttpResponseBase:
    """Points for the evidence of one kind."""
    by, row = _must(request), _row(pk, agency)
    criterion = next((one for one in story.criteria(row) if one.kind == kind.upper()), None)
    if criterion is None:
        raise Http404
    initial = {"points": criterion.points.points, "why": criterion.points.why} if criterion.points else {}
    form = PointsForm(request.POST or None, rubric=criterion.rubric, initial=initial)
    back = reverse("routing:evaluating_district", args=[pk, agency])
    if request.method == "POST" and form.is_valid():
        made = _try(form, lambda: hearing.score(row, by=by, kind=criterion.kind, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("Nilai dicatat."))
            return redirect(f"{back}#bukti")
    context = {
        "row": row,
        "cycle": row.cycle,
        "form": form,
        "title": _("Nilai bukti: %(kind)s") % {"kind": criterion.name},
        "criterion": criterion,
        "against": against(row, by),
        "back": back,
    }
    return page(request, "routing/evaluation_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_officers
def decide(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One objection."""
    by = _must(request)
    rows = Objection.objects.select_related("evaluation__cycle__method", "evaluation__agency", "by")
    found = get_object_or_404(rows, pk=pk)
    row, form = found.evaluation, DecideForm(request.POST or None)
    back = reverse("routing:evaluating_district", args=[row.cycle_id, row.agency_id])
    if request.method == "POST" and form.is_valid():
        decided = _try(form, lambda: hearing.decide(found, by=by, **form.cleaned_data))
        if decided is not None:
            messages.success(request, _("Keputusan dicatat."))
            return redirect(f"{back}#keberatan")
    context = {
        "row": row,
        "cycle": row.cycle,
        "form": form,
        "title": _("Putuskan keberatan"),
        "objection": found,
        "about": about_words(found.about),
        "back": back,
    }
    return page(request, "routing/evaluation_form.html", context, status=400 if form.errors else 200)


def about_words(code: str) -> str:
    if code in INDICATORS:
        return INDICATORS[code].name
    return str(Evidence.Kind(code).label) if code in Evidence.Kind.values else _("Hal lain")


@require_GET
@for_officers
def packed(request: OfficerRequest, pk: int, agency: int) -> HttpResponseBase:
    _must(request)
    return give(_row(pk, agency), request.GET.get("bentuk", "pdf"), request.acting.user)


@require_http_methods(["GET", "POST"])
@for_officers
def versions(request: OfficerRequest) -> HttpResponseBase:
    """Every version of the method, and the form for another one, filled with the newest."""
    by = _must(request)
    listed = list(Method.objects.select_related("made_by"))
    newest = listed[0]
    body = Body.of(newest.body)
    initial = {"from_year": _today().year, "legal_basis": newest.legal_basis}
    form = MethodForm(body, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _try_method(form, by)
        if made is not None:
            messages.success(
                request,
                _("Versi %(n)s disimpan. Tahun yang sudah dihitung tetap memakai versinya.") % {"n": made.number},
            )
            return redirect("routing:evaluating_method")
    context = {"rows": listed, "form": form, "newest": newest}
    return page(request, "routing/evaluating_method.html", context, status=400 if form.errors else 200)


def _try_method(form: MethodForm, by: Actor) -> Method | None:
    said = form.said()
    faults = method.faults(said)
    for fault, sentence in faults:
        form.add_error(form.field_of(fault), sentence)
    if faults:
        return None
    data = form.cleaned_data
    found: Method | None = _try(
        form,
        lambda: method.another(
            by=by,
            from_year=data["from_year"],
            legal_basis=data["legal_basis"],
            reason=data["reason"],
            body=said,
            now=timezone.now(),
        ),
    )
    return found
