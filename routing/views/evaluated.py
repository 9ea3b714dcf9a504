"""/statistik/evaluasi/: what was published, for everybody: districts in their size groups, one of them, the method.

Nothing here is counted: it reads what is frozen."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from complaints import serving
from complaints.models import Attachment
from complaints.views.browse import keep_briefly
from lapor.kit.text import row_id
from lapor.kit.wording import number
from lapor.templatetags.look import percent_of
from routing.evaluation import cycle as cycles
from routing.evaluation import story
from routing.evaluation.cycle import JAKARTA
from routing.evaluation.estimates import Estimate
from routing.evaluation.indicators import DIMENSIONS, INDICATORS
from routing.evaluation.method import RUBRIC, Body, band_name
from routing.models import Cycle, Evaluation, Evidence, Method
from routing.views.evaluation import told_of


def _published(request: HttpRequest, year: int) -> Cycle:
    """The edition that stands, or the one asked for."""
    rows = Cycle.objects.published().filter(year=year).select_related("method", "corrects")
    edition = row_id(request.GET.get("edisi", ""))
    found = rows.filter(edition=edition).first() if edition else rows.order_by("-edition").first()
    if found is None:
        raise Http404
    return found


@require_GET
def years(request: HttpRequest) -> HttpResponse:
    """Every published year, and where one that runs is. At most 4 statements."""
    today = timezone.localdate(timezone.now(), JAKARTA)
    context = {
        "rows": list(Cycle.objects.standing().select_related("method").order_by("-year")),
        "running": [
            (one, story.steps(one, today), one.is_late(today))
            for one in Cycle.objects.running().filter(opened_at__isnull=False)
        ],
        "missing": cycles.missing_year(today),
    }
    return keep_briefly(request, render(request, "routing/evaluated_years.html", context))


@require_GET
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Districts by size group. At most 6 statements."""
    cycle = _published(request, year)
    body = Body.of(cycle.method.body)
    rows = list(cycle.evaluations.order_by("name").only("cycle", "agency", "name", "cases", "size", "index", "result"))
    groups = []
    for code, _least in body.sizes:
        members = sorted(
            (row for row in rows if row.size == code and row.index is not None),
            key=lambda row: row.result["place"]["place"],
        )
        groups.append({"code": code, "words": story.size_words(body, code), "rows": _ranked(members, cycle)})
    few = [row for row in rows if not row.size]
    context = {
        "cycle": cycle,
        "editions": list(Cycle.objects.published().filter(year=year).order_by("edition")),
        "newest": not Cycle.objects.published().filter(corrects=cycle).exists(),
        "groups": [one for one in groups if one["rows"]],
        "few": _received(few, cycle),
        "none": sum(row.cases == 0 for row in few),
        "least": body.least,
        "districts": len(rows),
        "compared": sum(row.index is not None for row in rows),
    }
    return keep_briefly(request, render(request, "routing/evaluated.html", context))


def _ranked(rows: Iterable[Evaluation], cycle: Cycle) -> list[SafeString]:
    """Drawn in Python: there are five hundred (lapor.kit.cells)."""
    address, cases = _address(cycle), _("%(n)s laporan")
    drawn = []
    for row in rows:
        result = row.result
        place, index = result["place"], Estimate.read(result["index"])
        sure = place["best"] == place["worst"]
        drawn.append(
            format_html(
                '<tr><th scope="row">{}. <a href="{}">{}</a><br><small class="mute">{} · {}–{} · {}</small></th>'
                '<td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
                '<rect class="t2" width="{}" height="10"/><line class="span" x1="{}" x2="{}" y1="5" y2="5"/></svg></td>'
                "<td>{}</td></tr>",
                str(place["place"]) if sure else f"{place['best']}–{place['worst']}",
                address.replace("/0/", f"/{row.agency_id}/"),
                row.name,
                band_name(result["band"]),
                story.shown(index.low),
                story.shown(index.high),
                cases % {"n": number(row.cases)},
                percent_of(index.value, 100),
                percent_of(index.low, 100),
                percent_of(index.high, 100),
                story.shown(index.value),
            )
        )
    return drawn


def _received(rows: Iterable[Evaluation], cycle: Cycle) -> list[SafeString]:
    """The others: what each received."""
    address = _address(cycle)
    return [
        format_html(
            '<tr><th scope="row"><a href="{}">{}</a></th><td>{}</td></tr>',
            address.replace("/0/", f"/{row.agency_id}/"),
            row.name,
            number(row.cases),
        )
        for row in rows
    ]


def _address(cycle: Cycle) -> str:
    """Of the district 0 in this edition."""
    return f"{reverse('routing:evaluated_district', args=[cycle.year, 0])}?edisi={cycle.edition}"


@require_GET
def district(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """One district's year. At most 10 statements."""
    cycle = _published(request, year)
    row = get_object_or_404(cycle.evaluations.select_related("agency"), agency=pk)
    row.cycle = cycle
    body = Body.of(cycle.method.body)
    context = told_of(row, body, points=True, public=True) | {
        "row": row,
        "cycle": cycle,
        "objections": list(row.objections.exclude(decision="")),
        "public": True,
        "standing": Cycle.objects.standing().filter(pk=cycle.pk).exists(),
        "back": f"{reverse('routing:evaluated_year', args=[year])}?edisi={cycle.edition}",
    }
    return keep_briefly(request, render(request, "routing/evaluated_district.html", context))


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of some evidence that its district opened, of an edition that stands; to everybody any other does not
    exist."""
    rows = Evidence.objects.filter(pk=pk, open=True, withdrawn_at=None, file__state=Attachment.State.CLEAN)
    found = get_object_or_404(rows.filter(evaluation__cycle__in=Cycle.objects.standing()).select_related("file"))
    if found.file is None:
        raise Http404
    return serving.file_of(found.file)


@require_GET
def method(request: HttpRequest) -> HttpResponse:
    """How it is calculated, in the version asked for or the newest."""
    number = row_id(request.GET.get("versi", ""))
    rows = Method.objects.filter(number=number) if number else Method.objects.all()
    found = rows.order_by("-number").first()
    if found is None:
        raise Http404
    body = Body.of(found.body)
    context = {
        "method": found,
        "versions": list(Method.objects.order_by("-number").values_list("number", "from_year")),
        "dimensions": [
            (
                _(label),
                body.dimensions[name],
                [
                    (one.name, body.indicators[one.code], one.formula)
                    for one in INDICATORS.values()
                    if one.dimension == name and body.indicators.get(one.code)
                ],
            )
            for name, label in DIMENSIONS.items()
        ],
        "office": [(INDICATORS[code].name, weight, INDICATORS[code].formula) for code, weight in body.office.items()],
        "sizes": [(code, story.size_words(body, code)) for code, _least in body.sizes],
        "least": body.least,
        "bands": [(band_name(name), begins) for name, begins in body.bands],
        "days": body.days,
        "rubric": [(Evidence.Kind(kind).label, [_(one) for one in sentences]) for kind, sentences in RUBRIC.items()],
    }
    return keep_briefly(request, render(request, "routing/evaluated_method.html", context))
