"""What the reporter may do with a case, each act its own noun: one form, one verb, one message, back to the case.

Every form carries the version that was read. Was somebody faster, nothing happens: the page comes back with what they
did on top and what was typed kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from complaints import emergency, privacy, uploads
from complaints.channels.registry import dialling
from complaints.forms import (
    ActForm,
    MessageForm,
    NewsForm,
    PhoneForm,
    PrivacyForm,
    ReopenForm,
    VerdictForm,
    WithdrawForm,
)
from complaints.models import Attachment, Complaint
from complaints.notifications import phones
from complaints.notifications.log import sent_about
from complaints.transitions import Incomplete, Refusal, Stale, Status, WrongStatus
from complaints.views.case import actor_of, case_page, own
from lapor.kit.text import masked_contact

View = Callable[[HttpRequest, str], HttpResponse]


def _act(
    request: HttpRequest,
    complaint: Complaint,
    name: str,
    form: ActForm,
    do: Callable[[ActForm, dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """Run one verb; whatever it refuses comes back on the page with what was typed."""
    if not form.is_valid():
        return case_page(request, complaint, {name: form})
    files: list[Attachment] = []
    try:
        files = uploads.take_all(request)
        do(
            form,
            {"by": actor_of(request), "version": form.cleaned_data["version"], **({"files": files} if files else {})},
        )
    except uploads.FileRefused as refused:
        form.add_error("body", str(refused))
        return case_page(request, complaint, {name: form})
    except Incomplete as missing:
        uploads.drop(files)
        form.add_error(missing.field if missing.field in form.fields else None, str(missing))
        return case_page(request, complaint, {name: form})
    except (Stale, WrongStatus) as late:
        uploads.drop(files)
        return _too_late(request, complaint, name, form, late)
    except Refusal as refusal:
        uploads.drop(files)
        form.add_error(None, str(refusal))
        return case_page(request, complaint, {name: form})
    messages.success(request, done)
    alarm = emergency.read(*(form.cleaned_data.get(field) or "" for field in ("body", "reason")))
    if alarm.urgent:
        messages.warning(request, emergency.notice(alarm, get_language() or "id"))
    return redirect("complaints:case", complaint.number)


def _too_late(request: HttpRequest, complaint: Complaint, name: str, form: ActForm, late: Refusal) -> HttpResponse:
    """Somebody was faster: the page as it is now, what they did on top, what was typed kept. The form carries the new
    version; a form whose act is gone gives its text to the message form."""
    since = form.cleaned_data["version"]
    fresh = own(request, complaint.number)
    data = _again(form, fresh)
    gone = (name == "verdict" and fresh.status != Status.ANSWERED) or (name == "reopen" and fresh.is_open)
    if gone:
        data["body"] = data.get("body") or data.get("reason", "")
        name = "message"
        again: ActForm = MessageForm(data, form.files)
    else:
        again = type(form)(data, form.files)
    again.is_valid()
    for field in list(again.errors):
        del again.errors[field]
    again.add_error(
        None,
        str(late)
        if isinstance(late, WrongStatus)
        else _("Laporan ini baru saja berubah. Belum ada yang terkirim; baca dulu yang baru, lalu kirim lagi."),
    )
    return case_page(request, fresh, {name: again}, since=since)


def _again(form: ActForm, fresh: Complaint) -> QueryDict:
    """What was typed, on the version that stands now."""
    data = QueryDict(mutable=True)
    for name in form.fields:
        data[name] = form.data.get(name, "")
    data["version"] = str(fresh.version)
    return data


def _posted(view: View) -> View:
    """Only POST acts; whoever comes by an address is shown the case."""

    @never_cache
    @wraps(view)
    def inner(request: HttpRequest, number: str) -> HttpResponse:
        return view(request, number) if request.method == "POST" else redirect("complaints:case", number)

    return inner


@_posted
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """A message; while the office waits for it, it is the answer."""
    complaint = own(request, number)
    return _act(
        request,
        complaint,
        "message",
        MessageForm(request.POST, request.FILES),
        lambda form, how: complaint.reply(form.cleaned_data["body"], **how),
        _("Pesan Anda sudah terkirim."),
    )


@_posted
def verdict(request: HttpRequest, number: str) -> HttpResponse:
    """The final answer accepted with two ratings, or contested with a message."""
    complaint = own(request, number)
    form = VerdictForm(request.POST, request.FILES)
    accepted = request.POST.get("verdict") == "done"

    def judge(form: ActForm, how: dict[str, Any]) -> None:
        assert isinstance(form, VerdictForm)
        if not accepted:
            complaint.contest(form.cleaned_data["body"], **how)
        else:
            # A file belongs to a message, and being content is none.
            uploads.drop(how.pop("files", []))
            answer, result = form.ratings()
            complaint.accept(
                reason=form.cleaned_data["body"],
                rating_answer=answer,
                rating_result=result,
                by=how["by"],
                version=how["version"],
            )

    thanks = _("Penilaian Anda sudah tersimpan. Laporan ini selesai.")
    again = _("Sudah kami teruskan. Kantor itu mengerjakannya lagi.")
    return _act(request, complaint, "verdict", form, judge, thanks if accepted else again)


@_posted
def reopening(request: HttpRequest, number: str) -> HttpResponse:
    complaint = own(request, number)
    return _act(
        request,
        complaint,
        "reopen",
        ReopenForm(request.POST),
        lambda form, how: complaint.reopen(reason=form.cleaned_data["reason"], by=how["by"], version=how["version"]),
        _("Laporan dibuka lagi."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest, number: str) -> HttpResponse:
    complaint = own(request, number)
    if request.method != "POST":
        return _side_page(
            request, complaint, "complaints/withdraw.html", WithdrawForm(initial={"version": complaint.version})
        )
    return _side_act(
        request,
        complaint,
        "complaints/withdraw.html",
        WithdrawForm(request.POST),
        lambda form, how: complaint.withdraw(reason=form.cleaned_data["reason"], **how),
        _("Laporan sudah Anda cabut."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def secrecy(request: HttpRequest, number: str) -> HttpResponse:
    """The two privacy questions again: what closes is tightened, what opens is loosened."""
    complaint = own(request, number)
    now = {
        "who": "hidden" if complaint.anonymous else "officers",
        "read": "secret" if complaint.secret else "open",
        "version": complaint.version,
    }
    if request.method != "POST":
        return _side_page(request, complaint, "complaints/secrecy.html", PrivacyForm(initial=now))

    def change(form: ActForm, how: dict[str, Any]) -> None:
        hidden, secret = form.cleaned_data["who"] == "hidden", form.cleaned_data["read"] == "secret"
        closing = {"anonymous": hidden and not complaint.anonymous, "secret": secret and not complaint.secret}
        opening = {"anonymous": complaint.anonymous and not hidden, "secret": complaint.secret and not secret}
        by, version = how["by"], how["version"]
        with transaction.atomic():
            if any(closing.values()):
                complaint.tighten(anonymous=closing["anonymous"], secret=closing["secret"], by=by, version=version)
                version = complaint.version
            if any(opening.values()):
                complaint.loosen(anonymous=opening["anonymous"], secret=opening["secret"], by=by, version=version)

    return _side_act(
        request,
        complaint,
        "complaints/secrecy.html",
        PrivacyForm(request.POST),
        change,
        _("Pilihan Anda sudah berlaku."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest, number: str) -> HttpResponse:
    """What they are told, and what was sent so far. A wish about letters changes nothing of the case: no event."""
    complaint = own(request, number)
    reporter = complaint.reporter
    form = NewsForm(request.POST or None, initial={"news": reporter.news, "version": complaint.version})
    if request.method == "POST" and form.is_valid():
        privacy.set_news(reporter, form.cleaned_data["news"])
        messages.success(request, _("Pilihan Anda sudah berlaku."))
        return redirect("complaints:case", complaint.number)
    context = {"complaint": complaint, "form": form, "sent": sent_about(complaint)}
    return render(request, "complaints/news.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest, number: str) -> HttpResponse:
    """The code of the SMS: from now on news goes to that phone. Nothing of the case changes: no event."""
    complaint = own(request, number)
    reporter, medium, now = complaint.reporter, dialling(), timezone.now()
    if not medium or not phones.waits_for_a_code(reporter, now):
        messages.info(request, _("Tidak ada nomor HP yang menunggu dipastikan."))
        return redirect("complaints:case", complaint.number)
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if phones.confirm(reporter, form.cleaned_data["code"], medium, now):
                messages.success(request, _("Nomor HP Anda sudah dipastikan. Kabar berikutnya kami kirim ke sana."))
                return redirect("complaints:case", complaint.number)
            form.add_error("code", _("Kode ini tidak cocok. Periksa SMS-nya, angka demi angka"))
        except phones.TooManyGuesses:
            form.add_error("code", _("Sudah terlalu banyak dicoba. Tunggu satu jam, lalu coba lagi"))
    context = {"complaint": complaint, "form": form, "phone": masked_contact(privacy.phone_of(reporter))}
    return render(request, "complaints/phone.html", context)


def _side_page(
    request: HttpRequest, complaint: Complaint, template: str, form: ActForm, status: int = 200
) -> HttpResponse:
    context = {
        "complaint": complaint,
        "form": form,
        "open": complaint.is_open,
        "reopened": complaint.was_reopened_by_reporter(),
    }
    return render(request, template, context, status=status)


def _side_act(
    request: HttpRequest,
    complaint: Complaint,
    template: str,
    form: ActForm,
    do: Callable[[ActForm, dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    if not form.is_valid():
        return _side_page(request, complaint, template, form)
    try:
        do(form, {"by": actor_of(request), "version": form.cleaned_data["version"]})
    except Refusal as refusal:
        fresh = own(request, complaint.number)
        data = _again(form, fresh)
        again = type(form)(data, form.files)
        again.is_valid()
        stale = isinstance(refusal, Stale)
        again.add_error(None, _("Laporan ini baru saja berubah. Periksa lagi, lalu kirim.") if stale else str(refusal))
        return _side_page(
            request, fresh, template, again, status=409 if stale or isinstance(refusal, WrongStatus) else 200
        )
    messages.success(request, done)
    return redirect("complaints:case", complaint.number)
