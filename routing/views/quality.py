"""/evaluasi/mutu/: answers read for their quality by two readers each. For the centre's reviewers alone; to everybody
else these pages are forbidden, and a turn that is not one's own does not exist."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from complaints import privacy
from complaints.transitions import NotAllowed, Refusal
from lapor.kit import tables
from lapor.kit.text import row_id
from routing import readings, sampled, sampling
from routing.almanac import JAKARTA, date_in
from routing.forms.reading import DrawForm, GiveBackForm, ReadingForm
from routing.measures import quality
from routing.models import Method, ReadingTurn, Sample
from routing.views.frame import for_officers, lost_right, page

P = ParamSpec("P")
View = Callable[Concatenate[OfficerRequest, P], HttpResponseBase]
# Samples on one page, and own turns that are listed.
PAGE, LISTED = 30, 50
# Sizes whose uncertainty is told beside the form.
SIZES = (30, 60, 100, 200)
# Answers of a frame up to which a page draws again.
AGAIN = 5_000


def for_reviewers(view: View[P]) -> View[P]:
    @wraps(view)
    def inner(request: OfficerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not readings.may_review(request.acting):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner


@require_GET
@for_officers
@for_reviewers
def reviews(request: OfficerRequest) -> HttpResponseBase:
    """My readings, and how far each sample is."""
    by = Actor.officer(request.acting)
    assert by.user is not None
    before = row_id(request.GET.get("setelah", ""))
    samples = Sample.objects.select_related("agency").defer("frame").order_by("-pk")
    listed = list((samples.filter(pk__lt=before) if before else samples)[: PAGE + 1])
    turns = list(readings.mine(by.user)[: LISTED + 1])
    today = date_in(JAKARTA, timezone.now())
    context = {
        "turns": [
            {
                "url": reverse("routing:reading", args=[turn.pk]),
                "sample": turn.answer.sample.agency.shown_name,
                "number": turn.answer.number,
                "period": sampled.period_name(turn.answer.sample.first, turn.answer.sample.last),
                "due_on": turn.due_on,
                "late": turn.due_on < today,
                "third": turn.seat == readings.THIRD,
            }
            for turn in turns[:LISTED]
        ],
        "more_turns": len(turns) > LISTED,
        "progress": sampled.progress(listed[:PAGE]),
        "next": f"?setelah={listed[PAGE - 1].pk}" if len(listed) > PAGE else "",
        "first": reverse("routing:reviews") if before else "",
        "may_draw": sampling.may_draw(by),
        "days": readings.DAYS,
        "method": Method.objects.number_of(listed[0].last.year if listed else today.year),
    }
    return page(request, "routing/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
@for_reviewers
def reading(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One answer to be read, as everybody may read it. Somebody else's turn does not exist; what was typed for one that
    passed on meanwhile is handed back."""
    by = Actor.officer(request.acting)
    turn = (
        ReadingTurn.objects.filter(pk=row_id(str(pk)), reader=by.user)
        .select_related("answer__sample__agency", "answer__office", "answer__message__complaint__reporter")
        .defer("answer__sample__frame")
        .first()
    )
    if turn is None:
        raise Http404
    if turn.ended_at is not None:
        return _over(request, turn)
    hands_back = "serahkan" in request.POST
    posted = request.method == "POST"
    form = ReadingForm(request.POST if posted and not hands_back else None)
    back = GiveBackForm(request.POST if hands_back else None, prefix="lain")
    try:
        shown = privacy.for_review(turn.answer.message)
        if posted and not hands_back and form.is_valid():
            readings.read(turn, form.marks, by=by, note=form.cleaned_data["note"])
            messages.success(request, _("Tercatat. Terima kasih."))
            return _next(by)
        if hands_back and back.is_valid():
            readings.give_back(turn, back.cleaned_data["reason"], by=by)
            messages.success(request, _("Jawaban ini dibaca orang lain."))
            return _next(by)
    except privacy.NotVisible:
        return lost_right(
            request,
            status=410,
            title=_("Jawaban ini tidak boleh dibaca lagi"),
            why=_("Laporannya dirahasiakan atau jawabannya ditarik sesudah contoh diambil. Tidak ada yang dinilai."),
        )
    except NotAllowed as refused:
        return lost_right(request, status=409, title=_("Giliran ini sudah berakhir"), why=str(refused))
    except Refusal as refused:
        field = getattr(refused, "field", None)
        form.add_error(field if field in form.fields else None, str(refused))
    context = {
        "turn": turn,
        "sample": turn.answer.sample,
        "period": sampled.period_name(turn.answer.sample.first, turn.answer.sample.last),
        "office": turn.answer.office.name,
        "shown": shown,
        "outcome": sampled.outcome_name(turn.answer.outcome),
        "day": _day(shown.facts),
        "seen": sampled.seen_words(turn.answer.seen),
        "form": form,
        "back_form": back,
        "failed": back if hands_back else form,
        "third": turn.seat == readings.THIRD,
        "method": Method.objects.number_of(turn.answer.sample.last.year),
    }
    return page(request, "routing/reading.html", context, status=400 if form.errors or back.errors else 200)


def _day(facts: dict[str, Any]) -> datetime.date | None:
    """The day it was done, or is to be."""
    said = facts.get("done_on") or facts.get("promised_on")
    try:
        return datetime.date.fromisoformat(str(said)) if said else None
    except ValueError:
        return None


def _over(request: OfficerRequest, turn: ReadingTurn) -> HttpResponseBase:
    if turn.ended == ReadingTurn.Ended.READ and request.method != "POST":
        messages.info(request, _("Jawaban itu sudah Anda baca."))
        return redirect("routing:reviews")
    return lost_right(
        request,
        status=409,
        title=_("Giliran ini sudah berakhir"),
        why=_("Anda sudah menilainya, atau waktunya lewat dan jawaban ini diteruskan ke pembaca lain."),
    )


def _next(by: Actor) -> HttpResponseBase:
    """The next own turn; the list where there is none."""
    assert by.user is not None
    turn = readings.mine(by.user).first()
    return redirect("routing:reading", turn.pk) if turn is not None else redirect("routing:reviews")


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
@for_reviewers
def draw(request: OfficerRequest) -> HttpResponseBase:
    """A new sample; first how many answers there are and how sure a size would be (`lihat`)."""
    by = Actor.officer(request.acting)
    if not sampling.may_draw(by):
        raise PermissionDenied
    form = DrawForm(request.POST if request.method == "POST" else None, today=date_in(JAKARTA, timezone.now()))
    count = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        first, last = said["period"]
        if "lihat" in request.POST:
            count = len(sampling.frame_of(said["agency"], first, last))
        else:
            try:
                sample = sampling.take(said["agency"], first, last, said["size"], by=by)
            except Refusal as refused:
                field = getattr(refused, "field", None)
                form.add_error(field if field in form.fields else None, str(refused))
            else:
                readings.hand_out(of=sample)
                messages.success(request, _("Contoh ditarik, dan jawabannya dibagi kepada pembaca."))
                return redirect("routing:sample", sample.pk)
    asked = form.cleaned_data.get("size") if count is not None else None
    context = {
        "form": form,
        "count": count,
        "margins": [
            (size, round(quality.margin(size, count if count is not None else 10**9)))
            for size in sorted({*SIZES, *([asked] if asked else [])})
        ],
        "fewest": sampling.FEWEST,
        "method": Method.objects.number_of(date_in(JAKARTA, timezone.now()).year),
    }
    return page(request, "routing/sample_draw.html", context, status=400 if form.errors else 200)


def _sample(pk: int) -> Sample:
    found = Sample.objects.select_related("agency", "drawn_by").filter(pk=row_id(str(pk))).first()
    if found is None:
        raise Http404
    return found


@require_GET
@for_officers
@for_reviewers
def sample(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """One sample: how it was drawn, how its readers agree, what comes out."""
    found = _sample(pk)
    [told] = sampled.progress([found])
    context = {
        "sample": found,
        "told": told,
        "margin": round(quality.margin(told.drawn, found.frame_count)),
        "agreements": readings.agreements(found),
        "offices": sampled.by_office(found),
        "rows": sampled.rows(found),
        "again": sampling.is_drawn_again(found) if found.frame_count <= AGAIN else None,
        "rubric": readings.RUBRIC,
        "enough": quality.ENOUGH,
        "method": Method.objects.number_of(found.last.year),
    }
    return page(request, "routing/sample.html", context)


@require_GET
@for_officers
@for_reviewers
def proof(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The whole frame in its order, with the seed: whoever has it draws the same answers."""
    found = _sample(pk)
    answer = StreamingHttpResponse(tables.csv_lines(sampling.proof(found)), content_type=tables.CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="contoh-{found.pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
