"""/pengawasan/tanda/: what may be gaming, for the evaluators of the centre alone; what one of them says of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.models import Agency, AuditEntry
from complaints import privacy
from complaints.transitions import Refusal
from lapor.kit import wording
from lapor.kit.text import row_id
from routing import signals
from routing.almanac import JAKARTA, date_in
from routing.measures import paper
from routing.models import Method, SignalCount, SignalNote
from routing.signals import SIGNALS, Compared
from routing.views import sheets
from routing.views.frame import for_officers, page
from routing.views.quality import for_reviewers

FIRST_YEAR = 2015
# Lines of what stands out, and agencies found by name.
LISTED, NAMES = 100, 20


class JudgeForm(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("Apa hasilnya?"),
        choices=SignalNote.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih apa hasilnya"),
            "invalid_choice": gettext_lazy("Pilih apa hasilnya"),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("Catatan"),
        help_text=gettext_lazy("Apa yang diperiksa, kata instansinya, dan kesimpulan Anda. Tanpa nama orang."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Tulis apa yang diperiksa dan apa hasilnya"),
            "max_length": gettext_lazy("Catatannya terlalu panjang: paling banyak 500 huruf"),
        },
    )


def _year(request: OfficerRequest) -> tuple[int, list[int]]:
    """The year asked for, and those that may be: this one and four before."""
    this = date_in(JAKARTA, timezone.now()).year
    years = [this - n for n in range(5)]
    asked = row_id(request.GET.get("tahun", ""))
    return (asked if FIRST_YEAR <= asked <= this else this), years


@require_GET
@for_officers
@for_reviewers
def listing(request: OfficerRequest) -> HttpResponseBase:
    """What stands out anywhere in the year; any agency by its name."""
    by = Actor.officer(request.acting)
    year, years = _year(request)
    found = signals.outstanding(year, signals.seats_in(by))
    if kind := sheets.kind_of(request):
        rows = [_cells(one.told, one.agency.name) for one in found]
        table = paper.Table(_("Yang menonjol"), [_("Instansi"), *_head()], rows)
        title = _("Tanda yang perlu dilihat, %(year)s") % {"year": year}
        about = sheets.about(request, (_("Tahun"), str(year)))
        return sheets.answer(kind, paper.Sheet(title, about, (), [table]), f"tanda-{year}")
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    named = Agency.objects.filter(path_length=2, name__icontains=asked).order_by("name") if asked else None
    context = {
        "year": year,
        "years": [(one, f"?tahun={one}") for one in years],
        "rows": [
            {
                "agency": one.agency,
                "url": f"{reverse('routing:signals_of', args=[one.agency.pk])}?tahun={year}#{one.told.signal.code}",
                "told": one.told,
            }
            for one in found[:LISTED]
        ],
        "more": max(0, len(found) - LISTED),
        "counted": SignalCount.objects.filter(year=year).exists(),
        "method": Method.objects.number_of(year),
        "files": sheets.links(request, "tahun"),
        "q": asked,
        "named": [(one, f"{reverse('routing:signals_of', args=[one.pk])}?tahun={year}") for one in named[:NAMES]]
        if named is not None
        else [],
    }
    return page(request, "routing/signals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
@for_reviewers
def of_agency(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Every signal of one agency with its cases; POST: what the evaluator says of one (`code`), or count again
    (`hitung`). Where the reader sits too, it does not exist."""
    by = Actor.officer(request.acting)
    agency = Agency.objects.select_related("region").filter(pk=row_id(str(pk)), path_length=2).first()
    if agency is None or agency.pk in signals.seats_in(by):
        raise Http404
    year, years = _year(request)
    here = f"{reverse('routing:signals_of', args=[agency.pk])}?tahun={year}"
    if "hitung" in request.POST:
        signals.count(agency, year)
        messages.success(request, _("Dihitung ulang."))
        return redirect(here)
    code = request.POST.get("code", "") if request.method == "POST" else ""
    form = JudgeForm(request.POST if code in SIGNALS else None, prefix=code or None)
    if form.is_bound and form.is_valid():
        try:
            signals.judge(agency, year, code, **form.cleaned_data, by=by)
        except Refusal as refused:
            field = getattr(refused, "field", None)
            form.add_error(field if field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Tercatat. Terima kasih."))
            return redirect(f"{here}#{code}")
    told = signals.of_agency(agency, year)
    kind = sheets.kind_of(request) if request.method != "POST" else ""
    if kind and told:
        table = paper.Table(agency.name, _head(), [_cells(one, "")[1:] for one in told])
        about = sheets.about(
            request,
            (_("Instansi"), agency.name),
            (_("Tahun"), str(year)),
            (_("Dihitung"), wording.moment(told[0].counted_at)),
        )
        title = _("Tanda %(office)s, %(year)s") % {"office": agency.shown_name, "year": year}
        return sheets.answer(kind, paper.Sheet(title, about, (), [table]), f"tanda-{agency.shown_name}-{year}")
    context = {
        "agency": agency,
        "year": year,
        "years": [(one, f"?tahun={one}") for one in years],
        "rows": [_row(one, by, form if one.signal.code == code else None) for one in told],
        "counted_at": told[0].counted_at if told else None,
        "least": signals.LEAST,
        "files": sheets.links(request, "tahun"),
        "failed": form,
        "method": Method.objects.number_of(year),
    }
    _log(agency, year, told, by)
    return page(request, "routing/signals_of.html", context, status=400 if form.errors else 200)


def _head() -> list[str]:
    return [_("Tanda"), _("Bagian"), _("Berapa"), _("Dari"), _("Sejenis"), _("Instansi sejenis"), _("Keadaan")]


def _cells(told: Compared, name: str) -> list[str]:
    """One signal as a line of a file, without its cases; too few of somebody are told nowhere."""
    state = str(told.note.get_verdict_display()) if told.note else _("Belum dilihat")
    if told.hidden:
        less = _("kurang dari %(least)s") % {"least": signals.LEAST}
        return [name, told.signal.name, "–", less, "–", "–", "–", state]
    return [
        name,
        told.signal.name,
        sheets.percent(told.percent),
        sheets.number(told.count),
        sheets.number(told.base),
        sheets.percent(told.usual_percent),
        sheets.number(told.peers),
        state,
    ]


def _row(told: Compared, by: Actor, form: JudgeForm | None) -> dict[str, Any]:
    listed = [
        {
            "title": privacy.helpers_title(case),
            "number": case.shown_number,
            "url": reverse("routing:case", args=[case.number]),
            "office": case.handler.shown_name,
            "status": case.get_status_display(),
        }
        for case in signals.cases(told, by)
    ]
    return {
        "told": told,
        "cases": listed,
        "may_list": signals.may_list(told, by),
        "form": form or JudgeForm(prefix=told.signal.code),
        "open": bool(form and form.errors),
    }


def _log(agency: Agency, year: int, told: list[Compared], by: Actor) -> None:
    """Cases are shown together of which somebody may be behind several: who looked stands in the trail."""
    shown = {one.signal.code: one.cases for one in told if one.signal.of_whom and signals.may_list(one, by)}
    if not shown:
        return
    with transaction.atomic():
        AuditEntry.objects.create(
            at=timezone.now(),
            who=by.user,
            acting_as=by.agency,
            what="look_signal",
            subject_kind="agency",
            subject_id=agency.pk,
            after={"year": year, "cases": shown},
        )
