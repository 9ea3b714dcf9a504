"""/evaluasi/: a district's own year: its figures, its evidence and word, what it was given, its objections, the "
"pack."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.models import Agency
from agencies.permissions import Capability, membership_may
from complaints import serving, uploads
from complaints.models import Attachment
from complaints.transitions import Incomplete, Refusal
from lapor.kit import tables
from lapor.kit.nudge import nudge
from lapor.kit.text import row_id
from routing.evaluation import cycle as cycles
from routing.evaluation import hearing, pack, story
from routing.evaluation.cycle import JAKARTA
from routing.evaluation.method import Body
from routing.evaluation.numbers import Counted
from routing.forms.evaluation import CheckForm, EvidenceForm, ObjectForm
from routing.models import Cycle, Evaluation, Evidence
from routing.views.frame import for_officers, page

Stage = Cycle.Stage


def _district(request: OfficerRequest, capability: Capability = Capability.READ_EVALUATION) -> Agency:
    """The district whose year this officer reads, answers for, or signs."""
    office = request.acting.agency
    if office.path_length != 2 or not membership_may(request.acting, capability, office):
        raise PermissionDenied
    return office


def _mine(request: OfficerRequest, year: int, capability: Capability = Capability.READ_EVALUATION) -> Evaluation:
    """The own year, in the edition asked for or the newest; before the centre opened it it is not there."""
    rows = Evaluation.objects.filter(agency=_district(request, capability), cycle__year=year).exclude(
        cycle__opened_at=None, cycle__published_at=None
    )
    edition = row_id(request.GET.get("edisi", ""))
    if edition:
        rows = rows.filter(cycle__edition=edition)
    rows = rows.select_related("cycle__method", "cycle__corrects", "agency", "signed_by")
    found = rows.order_by("-cycle__edition").first()
    if found is None:
        raise Http404
    return found


def address(row: Evaluation) -> str:
    return reverse("routing:evaluation_year", args=[row.cycle.year])


@require_GET
@for_officers
def years(request: OfficerRequest) -> HttpResponseBase:
    """Every year of the district."""
    district = _district(request)
    rows = (
        Evaluation.objects.filter(agency=district)
        .exclude(cycle__opened_at=None, cycle__published_at=None)
        .select_related("cycle__method")
        .order_by("-cycle__year", "-cycle__edition")
    )
    today = timezone.localdate(timezone.now(), JAKARTA)
    context = {"rows": rows, "district": district, "missing": cycles.missing_year(today)}
    return page(request, "routing/evaluation_years.html", context)


@require_GET
@for_officers
def year(request: OfficerRequest, year: int) -> HttpResponseBase:
    return _shown(request, _mine(request, year))


def _shown(request: OfficerRequest, row: Evaluation, form: CheckForm | None = None) -> HttpResponse:
    cycle, body = row.cycle, Body.of(row.cycle.method.body)
    today = timezone.localdate(timezone.now(), JAKARTA)
    checking = cycle.stage == Stage.CHECK and today <= cycle.check_by
    answers = membership_may(request.acting, Capability.ANSWER_EVALUATION, row.agency)
    signs = membership_may(request.acting, Capability.SIGN_EVALUATION, row.agency)
    told = cycle.stage in (Stage.OBJECT, Stage.DECIDE, Stage.FREEZE, Stage.PUBLISHED)
    context = told_of(row, body, points=told) | {
        "row": row,
        "cycle": cycle,
        "district": row.agency,
        "steps": story.steps(cycle, today),
        "in_check": checking,
        "checking": checking and answers,
        "signing": checking and signs,
        "in_objection": cycle.stage == Stage.OBJECT and today <= cycle.object_by,
        "objecting": answers and cycle.stage == Stage.OBJECT and today <= cycle.object_by,
        "told": told,
        "objections": list(row.objections.select_related("by").order_by("pk")),
        "form": form or CheckForm(initial={"comment": row.comment}),
        "packs": [
            (kind, f"{reverse('routing:evaluation_pack', args=[cycle.year])}?bentuk={kind.lower()}")
            for kind in pack.KINDS
        ],
        "cases": cases_address(row),
    }
    return page(request, "routing/evaluation.html", context, status=400 if form is not None else 200)


def cases_address(row: Evaluation) -> str:
    """The cases behind the figures, as they are today."""
    return f"{reverse('routing:measures', args=[row.agency_id])}?dari={row.cycle.first}&sampai={row.cycle.last}"


def told_of(row: Evaluation, body: Body, *, points: bool, public: bool = False) -> dict[str, Any]:
    """What each page of a district shows. `points`: given and told."""
    result = story.result_of(row, body)
    before = story.before(row)
    peers = story.peers(row) if points else {}
    was = before.result if before is not None else None
    return {
        "figures": story.figures(Counted.read(row.numbers)),
        "blocks": story.blocks(result, body, before=was, peers=peers),
        "index": story.index_line(result, was, peers.get("index")) if points and result.get("index") else None,
        "conclusion": story.conclusion(row, body) if points else "",
        "offices": story.offices(row, body, public=public),
        "criteria": story.criteria(row),
        "past": [] if not points else story.past(row),
        "before": before,
        "size": story.size_words(body, row.size),
        "least": body.least,
        "enough": bool(row.size),
    }


@require_POST
@for_officers
def check(request: OfficerRequest, year: int) -> HttpResponseBase:
    row, form = _mine(request, year, Capability.ANSWER_EVALUATION), CheckForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, form)
    try:
        hearing.check(row, by=Actor.officer(request.acting), comment=form.cleaned_data["comment"])
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Tercatat: daerah Anda sudah memeriksa angkanya."))
    return redirect(address(row))


@require_POST
@for_officers
def sign(request: OfficerRequest, year: int) -> HttpResponseBase:
    """Its head puts their name to what the district says."""
    row = _mine(request, year, Capability.SIGN_EVALUATION)
    try:
        hearing.sign(row, by=Actor.officer(request.acting))
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Ditandatangani. Terima kasih."))
    return redirect(address(row))


@require_http_methods(["GET", "POST"])
@for_officers
def evidence(request: OfficerRequest, year: int) -> HttpResponseBase:
    """One more piece of evidence."""
    row = _mine(request, year, Capability.ANSWER_EVALUATION)
    form = EvidenceForm(request.POST or None, request.FILES or None, district=row.agency)
    if request.method == "POST" and form.is_valid():
        said, file = dict(form.cleaned_data), None
        upload = said.pop("file")
        try:
            file = _kept(upload)
            hearing.add_evidence(row, by=Actor.officer(request.acting), file=file, **said)
        except uploads.FileRefused as refused:
            form.add_error("file", str(refused))
        except Incomplete as refused:
            _drop(file)
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        except Refusal as refused:
            _drop(file)
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Bukti disimpan."))
            return redirect(address(row))
    context = {"row": row, "cycle": row.cycle, "form": form, "back": address(row), "title": _("Sampaikan bukti")}
    return page(request, "routing/evaluation_form.html", context, status=400 if form.errors else 200)


def _kept(upload: UploadedFile[Any] | None) -> Attachment | None:
    if upload is None:
        return None
    kept = uploads.take(upload, 0)
    nudge("complaints.tasks.check_attachment", kept.pk)
    return kept


def _drop(file: Attachment | None) -> None:
    if file is not None:
        file.file.delete(save=False)
        file.delete()


@require_POST
@for_officers
def withdraw(request: OfficerRequest, year: int, pk: int) -> HttpResponseBase:
    row = _mine(request, year, Capability.ANSWER_EVALUATION)
    found = get_object_or_404(row.evidence.select_related("evaluation__agency"), pk=pk, withdrawn_at=None)
    try:
        hearing.withdraw(found, by=Actor.officer(request.acting))
    except Refusal as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Bukti ditarik."))
    return redirect(address(row))


@require_http_methods(["GET", "POST"])
@for_officers
def objection(request: OfficerRequest, year: int) -> HttpResponseBase:
    row, form = _mine(request, year, Capability.ANSWER_EVALUATION), ObjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hearing.object_to(row, by=Actor.officer(request.acting), **form.cleaned_data)
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Keberatan disampaikan. Keputusannya tampil di sini."))
            return redirect(address(row))
    context = {"row": row, "cycle": row.cycle, "form": form, "back": address(row), "title": _("Sampaikan keberatan")}
    return page(request, "routing/evaluation_form.html", context, status=400 if form.errors else 200)


@require_GET
@for_officers
def file(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """A file of some evidence: for the district that gave it and for evaluators; to all others it does not exist."""
    rows = Evidence.objects.filter(pk=pk, withdrawn_at=None, file__state=Attachment.State.CLEAN)
    found = get_object_or_404(rows.select_related("evaluation__agency", "file"))
    district, office = found.evaluation.agency, request.acting.agency
    own = office.pk == district.pk and membership_may(request.acting, Capability.READ_EVALUATION, district)
    if found.file is None or not (own or membership_may(request.acting, Capability.PUBLISH_EVALUATIONS, district)):
        raise Http404
    return serving.file_of(found.file)


@require_GET
@for_officers
def packed(request: OfficerRequest, year: int) -> HttpResponseBase:
    return give(_mine(request, year), request.GET.get("bentuk", "pdf"), request.acting.user)


def give(row: Evaluation, kind: str, user: Any) -> HttpResponseBase:
    """The pack of one district: a tagged PDF or a workbook."""
    if kind.upper() not in pack.KINDS:
        raise Http404
    name = f"evaluasi-{row.cycle.year}-{slugify(row.name)}-edisi-{row.cycle.edition}.{kind}"
    made = pack.of(row, by=user.name or user.email)
    response: HttpResponseBase
    if kind == "xlsx":
        response = FileResponse(
            tables.xlsx_book(made.sheets()), as_attachment=True, filename=name, content_type=tables.XLSX_TYPE
        )
    else:
        response = HttpResponse(made.pdf(), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
