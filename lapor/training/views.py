"""/latihan/: choose a part, read the letters, move the clock."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.poster.press import NotPrinted
from lapor import installed
from lapor.training import certificates, lessons, people, restart, travel
from lapor.training.forms import CertificateForm, CheckForm, CodeForm, LeapForm, NameForm
from lapor.training.models import Exercise, Letter, Participant
from lapor.training.throttle import may_try

log = logging.getLogger(__name__)

PAGE = 30


@never_cache
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    participant = people.find(request)
    return render(
        request,
        "latihan/front.html",
        {
            "participant": participant,
            "parts": people.PARTS,
            "playing": people.part_of(request.user),
            "letters": _letters(participant).filter(opened_at__isnull=True).count() if participant else 0,
        },
    )


@never_cache
@require_POST
def play(request: HttpRequest, slug: str) -> HttpResponse:
    """One press: signed in as one's own account in this part."""
    part = people.BY_SLUG.get(slug)
    if part is None:
        raise Http404
    participant = people.find(request) or Participant.objects.create()
    user = people.account(participant, part)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    messages.success(request, _("Anda sekarang bermain sebagai %(part)s.") % {"part": part.name})
    response = redirect(part.start)
    people.remember(response, participant)
    return response


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Stop playing; what was done stays with the participant."""
    logout(request)
    return redirect("latihan:front")


# --- Letters ---


def _letters(participant: Participant) -> Any:
    return Letter.objects.filter(
        door="email", to__in=[people.address_of(participant, part) for part in people.PARTS]
    ).order_by("-pk")


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """What came for this participant, in whatever part; a trainer may look for any address."""
    participant, training = people.find(request), people.is_trainer(request)
    asked = request.GET.get("alamat", "").strip().lower()[:200]
    if training and asked:
        found = Letter.objects.filter(to__contains=asked).order_by("-pk")
    else:
        found = _letters(participant) if participant else Letter.objects.none()
    shown = Paginator(found, PAGE).get_page(request.GET.get("hal"))
    addresses = [(part, people.address_of(participant, part)) for part in people.PARTS] if participant else []
    context = {"shown": shown, "addresses": addresses, "training": training, "asked": asked if training else ""}
    return render(request, "latihan/mailbox.html", context)


@never_cache
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    participant = people.find(request)
    own = _letters(participant).filter(pk=pk).first() if participant else None
    if own is None and not people.is_trainer(request):
        raise Http404
    found = own or get_object_or_404(Letter, pk=pk)
    if own is not None and own.opened_at is None:
        own.opened_at = timezone.now()
        own.save(update_fields=["opened_at"])
    # Its links lead to this very site, by whatever address one came to it.
    text = re.sub(rf"{re.escape(settings.SITE_URL)}(?=/)", f"{request.scheme}://{request.get_host()}", found.text)
    return render(request, "latihan/letter.html", {"letter": found, "text": text})


# --- Lessons ---


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def all_lessons(request: HttpRequest) -> HttpResponseBase:
    """What there is to learn, how far one is, and by what name."""
    participant = people.find(request)
    form = NameForm(request.POST or None, initial={"name": participant.name if participant else ""})
    if request.method == "POST" and form.is_valid():
        participant = participant or Participant.objects.create()
        participant.name = form.cleaned_data["name"].strip()
        participant.save(update_fields=["name"])
        messages.success(request, _("Nama tersimpan."))
        response = redirect("latihan:lessons")
        people.remember(response, participant)
        return response
    done = lessons.done_of(participant) if participant else {}
    rows = [(lesson, len(done.get(slug, ()))) for slug, lesson in lessons.LESSONS.items()]
    status = 400 if form.errors else 200
    return render(request, "latihan/lessons.html", {"rows": rows, "form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = lessons.LESSONS.get(slug)
    if found is None:
        raise Http404
    act = request.POST.get("act", "") if request.method == "POST" else ""
    participant = people.find(request)
    if act == "mulai":
        participant = participant or Participant.objects.create()
        starting = lessons.Learner(participant, found.part)
        login(request, starting.user, backend="django.contrib.auth.backends.ModelBackend")
        lessons.lay(starting, found)
        response = redirect("latihan:lesson", slug)
        people.remember(response, participant)
        return response
    playing = participant is not None and people.part_of(request.user) == found.part
    done: set[str] = set()
    learner = lessons.Learner(participant, found.part) if participant else None
    if learner is not None and playing:
        if act == "baru" and found.laid:
            lessons.lay_anew(learner, found)
            messages.success(request, _("Laporan yang baru sudah siap. Langkah yang sudah selesai tetap."))
            return redirect("latihan:lesson", slug)
        # Signed in by the part's own button, after everybody returned to the start, or a turn went to somebody else.
        if len(lessons.done_of(learner.participant)[slug]) < len(found.steps):
            lessons.lay(learner, found)
        if act == "bantu" and found is lessons.WARGA:
            if lessons.answer_citizen(learner):
                messages.success(request, _("Kantornya sudah menjawab. Buka laporan Anda."))
            else:
                messages.info(request, _("Belum ada laporan Anda yang menunggu jawaban."))
            return redirect("latihan:lesson", slug)
        done = lessons.look(learner, found)
    elif participant is not None:
        done = lessons.done_of(participant)[slug]
    rows = [
        {"step": step, "done": step.code in done, "url": step.where(learner) if learner and playing else ""}
        for step in found.steps
    ]
    context = {
        "lesson": found,
        "rows": rows,
        "done": done,
        "playing": playing,
        "whole": len(done) == len(found.steps),
        "checked": act == "periksa",
    }
    return render(request, "latihan/lesson.html", context)


# --- Certificates ---


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The participant's own, once the lesson is finished; before, what is missing."""
    found = lessons.LESSONS.get(slug)
    if found is None:
        raise Http404
    participant = people.find(request)
    left = certificates.missing(participant, found) if participant else [step.title for step in found.steps]
    made = certificates.of(participant, found) if participant else None
    form = None
    if participant is not None and not left:
        last = made or certificates.last_of(participant)
        initial = {"name": last.name if last else participant.name, "office": last.office if last else ""}
        form = CertificateForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            certificates.issue(participant, found, **form.cleaned_data)
            messages.success(request, _("Sertifikat Anda sudah jadi."))
            return redirect("latihan:certificate", slug)
    context = {
        "lesson": found,
        "left": left,
        "form": form,
        "made": made,
        "number": certificates.shown(made.number) if made else "",
    }
    refused = request.method == "POST" and (form is None or bool(form.errors))
    return render(request, "latihan/certificate.html", context, status=400 if refused else 200)


@never_cache
@require_safe
def certificate_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """To print: the participant's own. Where there is none, to the page that says what is missing."""
    found = lessons.LESSONS.get(slug)
    if found is None:
        raise Http404
    participant = people.find(request)
    made = certificates.of(participant, found) if participant else None
    if made is None:
        return redirect("latihan:certificate", slug)
    try:
        content = certificates.pdf(made)
    except NotPrinted:
        log.exception("a certificate was not printed")
        messages.error(request, _("Sertifikatnya belum bisa dicetak. Coba lagi sebentar lagi."))
        return redirect("latihan:certificate", slug)
    name = f"sertifikat-latihan-{slug}-{certificates.shown(made.number)}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@never_cache
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Whether a paper is genuine, for whoever reads its number off it."""
    form = CheckForm(request.GET if "nomor" in request.GET else None)
    found, asked = None, form.is_valid()
    if asked:
        found = certificates.find(form.cleaned_data["nomor"])
    context = {
        "form": form,
        "asked": asked,
        "found": found,
        "number": certificates.shown(found.number) if found else "",
        "part": lessons.LESSONS[found.lesson].part if found else None,
    }
    return render(request, "latihan/check.html", context)


# --- The trainer ---


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def trainer(request: HttpRequest) -> HttpResponseBase:
    if people.is_trainer(request):
        return _the_trainers(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        if not may_try(request):
            form.add_error(None, _("Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi."))
        elif form.is_valid():
            response = redirect("latihan:trainer")
            people.let_train(response)
            return response
    return render(request, "latihan/trainer_code.html", {"form": form}, status=400 if form.errors else 200)


def _the_trainers(request: HttpRequest, refused: bool = False) -> HttpResponse:
    state = request.training  # type: ignore[attr-defined]
    by_itself = "HX-Request" in request.headers
    if by_itself and state.heading_for is not None:
        # Nothing new: what is put there again loses the focus and is read out again.
        return HttpResponse(status=204)
    context = {
        "state": state,
        "leaps": travel.LEAPS,
        "refused": refused,
        "participants": lessons.progress(Participant.objects.order_by("-pk")[:200]),
        "caught": Letter.objects.exclude(door="email").order_by("-pk")[:20],
    }
    response = render(request, "latihan/trainer.html", context, status=400 if refused else 200)
    if by_itself:
        # Arrived: the band tells the hour too.
        response["HX-Refresh"] = "true"
    return response


def for_trainers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Others are asked for the code."""

    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not people.is_trainer(request):
            return redirect("latihan:trainer")
        return view(request, *args, **kwargs)

    return inner


@never_cache
@require_POST
@for_trainers
def clock(request: HttpRequest) -> HttpResponseBase:
    form = LeapForm(request.POST)
    if not form.is_valid():
        return _the_trainers(request, refused=True)
    if travel.depart(form.cleaned_data["leap"]):
        messages.success(
            request, _("Jam latihan sedang dimajukan. Pengingat dan batas waktu di antaranya ikut terjadi.")
        )
    else:
        messages.info(request, _("Jam latihan masih berjalan ke tujuan sebelumnya. Tunggu sebentar."))
    return redirect("latihan:trainer")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_trainers
def again(request: HttpRequest) -> HttpResponseBase:
    """Everybody back to the start, once it was said what that takes away."""
    if request.method != "POST":
        counted = {
            "participants": Participant.objects.count(),
            "letters": Letter.objects.count(),
            "cases": Exercise.objects.count(),
        }
        return render(request, "latihan/again.html", {"state": request.training, **counted})  # type: ignore[attr-defined]
    begun = time.monotonic()
    try:
        restart.back()
    except (restart.Busy, OperationalError):
        messages.error(
            request, _("Jam masih berjalan, atau ada yang sedang bekerja. Tunggu sebentar, lalu tekan lagi.")
        )
        return redirect("latihan:trainer")
    log.info("restart %.1f s", time.monotonic() - begun)
    # In a cookie: the sessions were laid anew with all else.
    messages.success(request, _("Semua kembali ke hari pertama. Peserta memilih perannya lagi."))
    return redirect("latihan:trainer")


# --- In place of the portal's own ---


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    return _renamed(installed.manifest())


@require_safe
def desk_manifest(request: HttpRequest) -> HttpResponse:
    return _renamed(installed.desk_manifest())


def _renamed(said: dict[str, Any]) -> HttpResponse:
    """On a phone's screen it stands beside the real one."""
    said["name"], said["short_name"] = f"LATIHAN {said['name']}", "LATIHAN"
    return JsonResponse(said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
