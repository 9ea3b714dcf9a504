"""/coba/sms/: a phone in the browser, for trying the whole road of an SMS without a gateway. Not in *produksi*.

What is typed goes to the gateway's own view as a signed call, in parts where it is long; what the door sends out lies
where the phone finds it. Without a script the page is refreshed by a link; with htmx it looks by itself.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from complaints.channels.sms import gateways, grammar, views
from complaints.channels.sms.gateways import trial
from complaints.channels.sms.phone_forms import NumberForm, TextForm
from lapor.kit.text import row_id

# What to try first, each a press away.
TRIES = (
    "INHU Lampu jalan di depan pasar mati sejak Senin",
    "INHO Got di depan sekolah mampet",
    "RAHASIA INHU Petugas loket meminta uang",
    "Jembatan kampung kami patah satu sisi",
    "STATUS",
    "BANTU",
)
NUMBERS = ("0812 0000 7700", "0813 0000 8800", "0857 0000 9900")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    _on()
    if request.method == "POST":
        return _send(request)
    if "nomor" not in request.GET:
        return _choose(request, NumberForm())
    chosen = NumberForm(request.GET)
    if not chosen.is_valid():
        return _choose(request, chosen)
    number = chosen.cleaned_data["nomor"]
    if request.headers.get("HX-Request") == "true":
        return _look(request, number)
    return _screen(request, number, TextForm(initial={"nomor": number, "isi": request.GET.get("isi", "")[:400]}))


def _send(request: HttpRequest) -> HttpResponse:
    form = TextForm(request.POST)
    number = NumberForm(request.POST)
    if not number.is_valid():
        return _choose(request, number)
    if not form.is_valid():
        return _screen(request, number.cleaned_data["nomor"], form)
    for call in trial.calls_of(form.cleaned_data["nomor"], form.cleaned_data["isi"]):
        answer = views.arrive(call, trial.Trial.code)
        if answer.status_code >= 400:
            form.add_error("isi", answer.content.decode(errors="replace"))
            return _screen(request, number.cleaned_data["nomor"], form)
    return redirect(f"{_address(form.cleaned_data['nomor'])}#ponsel")


def _look(request: HttpRequest, number: str) -> HttpResponse:
    """What is new beside so many messages that the page shows already; nothing at all if nothing is."""
    context = _thread(number, since=row_id(request.GET.get("ada", "")))
    if not context["bubbles"]:
        return HttpResponse(status=204)
    return render(request, "complaints/_trial_news.html", context)


def _choose(request: HttpRequest, form: NumberForm) -> HttpResponse:
    numbers = [(number, _address(number.replace(" ", ""))) for number in NUMBERS]
    context = {"form": form, "numbers": numbers, "sms_number": settings.SMS_NUMBER}
    return render(request, "complaints/trial_number.html", context, status=400 if form.errors else 200)


def _screen(request: HttpRequest, number: str, form: TextForm) -> HttpResponse:
    tries = [(words, f"{_address(number)}&{urlencode({'isi': words})}#ponsel") for words in TRIES]
    context = {"form": form, "sms_number": settings.SMS_NUMBER, "tries": tries, "commands": grammar.COMMANDS}
    return render(request, "complaints/trial_phone.html", context | _thread(number), status=400 if form.errors else 200)


def _thread(number: str, since: int = 0) -> dict[str, object]:
    found, count = trial.bubbles(number, since)
    for reference in trial.just_arrived(number):
        views.receipt(trial.receipt_of(reference), trial.Trial.code)
    rows = [{"mine": one.mine, "text": one.text, "at": parse_datetime(one.at)} for one in found]
    return {"number": number, "bubbles": rows, "count": count, "address": _address(number)}


def _address(number: str) -> str:
    return f"{reverse('complaints:trial_phone')}?{urlencode({'nomor': number})}"


def _on() -> None:
    if settings.PRODUCTION or gateways.find(trial.Trial.code) is None:
        raise Http404
