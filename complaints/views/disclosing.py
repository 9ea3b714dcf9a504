"""The reporter's pages of the lane of disclosures (WBS): what it gives, the last step of filing, the talk by key.

No address carries a number, no letter leads here, no account is written down. The browser holds the disclosure in a
cookie that ends with the window, and after two hours in any case.
"""

from __future__ import annotations

import datetime
import hmac
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from agencies import finding
from agencies.models import Agency, Region
from complaints import disclosures, serving, uploads
from complaints.disclosure_forms import DiscloseForm, OpenForm, WordForm
from complaints.forms import offices_by_id
from complaints.limits import FILING, may_guess
from complaints.models import Attachment, Disclosure, Draft
from complaints.number import shown_key, shown_number
from complaints.transitions import Incomplete, Refusal
from complaints.views.holding import draft_of, sign_draft
from lapor.kit.ratelimit import address, is_this_machine
from lapor.kit.text import row_id

COOKIE, SALT, LASTS = "pengungkapan", "lapor.disclosure", 2 * 3600
# Of the draft it came from, until its key was shown: long enough for a line that broke.
RECEIPT_LASTS = datetime.timedelta(hours=6)
STEP = "pengungkapan"


@never_cache
@require_safe
def info(request: HttpRequest) -> HttpResponse:
    """How the lane protects, what it does not do, and the law."""
    return _shut(render(request, "complaints/disclosure_info.html", {}))


# --- The last step of filing ---


def may_disclose(draft: Draft) -> bool:
    """This draft is about somebody's conduct, whole, and a team could read it."""
    story, place = draft.step_fields("masalah"), draft.step_fields("lokasi")
    if not (story.get("conduct") and story.get("whole")):
        return False
    return disclosures.is_offered(_office(story.get("office")), _place(place.get("place")))


def _office(pk: Any) -> Agency | None:
    return next(iter(offices_by_id([str(pk or "")]).values()), None)


def _place(code: Any) -> Region | None:
    return Region.objects.filter(pk=str(code)).first() if code else None


@never_cache
@sensitive_post_parameters("name", "contact")
@require_http_methods(["GET", "HEAD", "POST"])
def filing(request: HttpRequest) -> HttpResponse:
    """Instead of sending it as a report. Afterwards the same address shows number and key, once."""
    draft = draft_of(request)
    if draft is None or draft.complaint_id:
        return redirect("complaints:place")
    if draft.step_fields(STEP):
        return _receipt(request, draft)
    if not may_disclose(draft):
        return redirect("complaints:check")
    form = DiscloseForm(request.POST) if request.method == "POST" else DiscloseForm()
    if request.method == "POST" and form.is_valid():
        who = address(request)
        if (settings.PRODUCTION or not is_this_machine(who)) and not FILING.take(who):
            form.add_error(
                None, _("Dari jaringan ini baru saja masuk banyak laporan. Tunggu beberapa menit, lalu kirim lagi.")
            )
        else:
            try:
                _take(draft, form.cleaned_data)
            except Incomplete as missing:
                messages.error(request, str(missing))
                return redirect("complaints:story")
            return redirect("complaints:disclose")
    story = draft.step_fields("masalah")
    office = _office(story.get("office"))
    context = {
        "form": form,
        "title": story.get("title", ""),
        "office": finding.office_line(office) if office else "",
        "signed": sign_draft(draft),
    }
    return _shut(render(request, "complaints/disclose.html", context))


@transaction.atomic
def _take(draft: Draft, typed: dict[str, Any]) -> None:
    """The draft becomes a disclosure; of what was typed nothing stays but number and key, sealed, until they are
    shown."""
    story, place = draft.step_fields("masalah"), draft.step_fields("lokasi")
    office = _office(story.get("office"))
    if office is None:
        raise Incomplete("office", _("Pilih kantornya dulu."))
    day = story.get("happened_on")
    # Whoever presses twice waits here, and finds it sent.
    if not Draft.objects.select_for_update().filter(pk=draft.pk, token=draft.token).exists():
        return
    made, key = disclosures.receive(
        disclosures.Told(
            title=story.get("title", ""),
            body=story.get("story", ""),
            landmark=place.get("landmark", ""),
            happened_on=datetime.date.fromisoformat(day) if day else None,
        ),
        accused=office,
        place=_place(place.get("place")),
        who=disclosures.Who(typed["name"], typed["contact"]),
        files=list(draft.attachments.filter(complaint=None)),
        token=draft.token,
    )
    if key:
        draft.replace_all(STEP, {"number": made.number, "key": key}, timezone.now() + RECEIPT_LASTS)


def _receipt(request: HttpRequest, draft: Draft) -> HttpResponse:
    held = draft.step_fields(STEP)
    found = disclosures.by_key(str(held.get("number", "")), str(held.get("key", "")))
    if found is None:
        return redirect("complaints:disclosure_open")
    response = _shut(
        render(
            request,
            "complaints/disclosed.html",
            {
                "number": shown_number(found.number),
                "key": shown_key(str(held["key"])),
                "first_due_on": found.first_due_on,
                "end_due_on": found.end_due_on,
                "team": found.team.name,
            },
        )
    )
    if request.method == "GET":
        draft.delete()
        response.delete_cookie("draf", path=reverse("complaints:place"))
        _hold(response, found)
    return response


# --- The talk, by number and key ---


@never_cache
@sensitive_post_parameters("key")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    form = OpenForm(request.POST) if request.method == "POST" else OpenForm()
    if request.method == "POST" and form.is_valid():
        who, number = address(request), form.cleaned_data["number"]
        if not may_guess(who, number, 0):
            form.add_error(None, _("Terlalu banyak percobaan dari jaringan ini. Tunggu sepuluh menit, lalu coba lagi."))
        else:
            found = disclosures.by_key(number, form.cleaned_data["key"])
            if found is not None:
                response = redirect("complaints:disclosure")
                _hold(response, found)
                return response
            may_guess(who, number)
            form.add_error(None, _("Nomor dan kunci ini tidak cocok. Periksa keduanya, huruf demi huruf."))
    return _shut(render(request, "complaints/disclosure_open.html", {"form": form}))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest) -> HttpResponse:
    """What the reporter and the team wrote, and who opened what."""
    found = _held(request)
    if found is None:
        return redirect("complaints:disclosure_open")
    if request.method != "POST":
        return _talk_page(request, found, WordForm())
    act = request.POST.get("act", "")
    try:
        if act == "tutup":
            response = redirect("complaints:disclosure_open")
            response.delete_cookie(COOKIE, path=_path())
            messages.success(request, _("Peramban ini sudah melupakan pengungkapan itu."))
            return response
        if act == "cabut":
            disclosures.withdraw(found)
            messages.success(request, _("Sudah dicabut. Nama Anda sudah kami hapus."))
        elif act == "lupakan":
            disclosures.forget_identity(found)
            messages.success(request, _("Nama dan kontak Anda sudah kami hapus."))
        else:
            form = WordForm(request.POST)
            if not form.is_valid():
                return _talk_page(request, found, form)
            try:
                files = uploads.take_all(request)
            except uploads.FileRefused as refused:
                form.add_error("body", str(refused))
                return _talk_page(request, found, form)
            try:
                disclosures.reply(found, form.cleaned_data["body"], files=files)
            except Refusal:
                uploads.drop(files)
                raise
            messages.success(request, _("Pesan Anda sudah sampai ke tim."))
    except Refusal as refused:
        messages.error(request, str(refused))
    return redirect("complaints:disclosure")


def _talk_page(request: HttpRequest, found: Disclosure, form: WordForm) -> HttpResponse:
    told = disclosures.open_words(found)
    context = {
        "disclosure": found,
        "told": told,
        "office": found.not_for.name,
        "place": finding.path(found.place) if found.place else "",
        "talks": [(one, _shown(one.files)) for one in disclosures.talk(found, reporter=True)],
        "files": _shown(disclosures.files_of(found)),
        "accept": uploads.ACCEPT,
        "looks": disclosures.who_looked(found),
        "named": disclosures.has_identity(found),
        "form": form,
        "waits": found.asked_on is not None,
    }
    response = render(request, "complaints/disclosure.html", context, status=400 if form.errors else 200)
    return _shut(response)


def _shown(files: list[Attachment]) -> list[dict[str, str]]:
    return [
        {
            "name": file.name,
            "url": reverse("complaints:disclosure_file", args=[file.pk])
            if file.state == Attachment.State.CLEAN
            else "",
        }
        for file in files
    ]


@never_cache
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of the disclosure this browser holds; any other does not exist."""
    found = _held(request)
    if found is None:
        raise Http404
    row = Attachment.objects.filter(pk=pk, disclosure=found, state=Attachment.State.CLEAN).first()
    if row is None:
        raise Http404
    return serving.file_of(row)


# --- What the browser holds ---


def _path() -> str:
    return reverse("complaints:disclosure_info")


def _hold(response: HttpResponse, found: Disclosure) -> None:
    value = signing.dumps({"pk": found.pk, "mark": found.key_hash[:16]}, salt=SALT, compress=True)
    response.set_cookie(
        COOKIE, value, path=_path(), httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE
    )


def _held(request: HttpRequest) -> Disclosure | None:
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    if not isinstance(said, dict):
        return None
    found = (
        Disclosure.objects.filter(pk=row_id(str(said.get("pk", "")))).select_related("team", "place", "not_for").first()
    )
    if found is None or not hmac.compare_digest(str(said.get("mark", "")), found.key_hash[:16]):
        return None
    return found


def _shut(response: HttpResponse) -> HttpResponse:
    """Kept nowhere on the way, and told to no other site (our own must know: without an origin a form is refused)."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
