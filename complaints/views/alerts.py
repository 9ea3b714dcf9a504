"""Kabar lewat email: to wish for letters of what becomes public, to show that the mailbox is one's own, to see, change
and end what a mailbox has."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from agencies import subsites
from agencies.models import User
from complaints import alerts as verbs
from complaints import privacy, search
from complaints.forms import AlertChoiceForm, AlertForm, AlertPageForm, CitizenForm
from complaints.models import Alert, Subscriber
from complaints.notifications.letters import alert_of, alerts_token, subscriber_of
from complaints.views.links import unseen
from lapor.kit import wording
from lapor.kit.ratelimit import address, is_this_machine
from lapor.kit.text import masked_email, row_id

GET_OR_POST = ["GET", "HEAD", "POST"]
WEEK = datetime.timedelta(days=7)


@never_cache
@require_http_methods(GET_OR_POST)
def alerts(request: HttpRequest) -> HttpResponse:
    """Of the public list as the address filters it, without its order and the state of cases."""
    site = subsites.of(request)
    asked = search.read(request.GET, site.agency if site else None)
    if asked.is_unclear:
        # Which of several is chosen there.
        return redirect(reverse("complaints:list") + asked.address())
    wanted = verbs.plain(asked)
    proved = _proved(request)
    form: AlertChoiceForm = (AlertChoiceForm if proved else AlertForm)(
        request.POST if request.method == "POST" else None
    )
    if request.method != "POST" or not verbs.is_readable(wanted) or not form.is_valid():
        return _page(request, wanted, form, proved)
    wish = verbs.Wish(wanted, **form.choice)
    if proved is not None:
        alert = verbs.add(wish, proved, now=timezone.now())
        if alert is None or alert.subscriber is None:
            form.add_error(None, _("Anda sudah punya kabar sebanyak yang bisa. Hentikan satu dulu."))
            return _page(request, wanted, form, proved)
        messages.success(request, _("Tersimpan. Kabarnya kami kirim ke alamat akun Anda."))
        return redirect("complaints:alerts_kept", alerts_token(alert.subscriber))
    if (busy := _busy(request, form)) is not None:
        return _page(request, wanted, busy, None, status=429)
    email = form.cleaned_data["email"]
    verbs.ask(wish, email, language=get_language() or "id", now=timezone.now())
    # The same whoever's address it is, and whatever it has already.
    said = _("Tinggal satu langkah: buka surat kami di %(address)s, lalu tekan tombolnya. Sesudah itu Anda dikabari.")
    messages.success(request, said % {"address": masked_email(email)})
    return redirect(reverse("complaints:list") + wanted.address().removesuffix("?"))


@never_cache
@require_http_methods(GET_OR_POST)
def link(request: HttpRequest) -> HttpResponse:
    """The way to one's alerts, sent to the mailbox they go to."""
    if (user := _proved(request)) is not None and request.method != "POST":
        mine = Subscriber.objects.of_mailbox(user.email)
        if mine is not None and Alert.objects.confirmed().filter(subscriber=mine).exists():
            return redirect("complaints:alerts_kept", alerts_token(mine))
    form = AlertPageForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "complaints/alerts_link.html", {"form": form})
    if (busy := _busy(request, form)) is not None:
        response = render(request, "complaints/alerts_link.html", {"form": busy}, status=429)
        response["Retry-After"] = "600"
        return response
    email = form.cleaned_data["email"]
    verbs.ask_for_page(email, timezone.now())
    said = _("Kalau %(address)s punya kabar di sini, tautannya sudah kami kirim ke sana.")
    messages.success(request, said % {"address": masked_email(email)})
    return redirect("complaints:list")


def _proved(request: HttpRequest) -> User | None:
    user = request.user if request.user.is_authenticated else None
    return user if user is not None and privacy.has_proved(user, user.email) else None


def _busy(request: HttpRequest, form: CitizenForm) -> CitizenForm | None:
    """The form with the error, where this network asks too often."""
    who = address(request)
    if not (settings.PRODUCTION or not is_this_machine(who)) or verbs.ASKING.take(who):
        return None
    form.add_error(None, _("Dari jaringan ini baru saja banyak yang meminta. Tunggu beberapa menit, lalu coba lagi."))
    return form


def _page(
    request: HttpRequest, wanted: search.Wanted, form: CitizenForm, proved: User | None, *, status: int = 200
) -> HttpResponse:
    readable = verbs.is_readable(wanted)
    lately = search.published(wanted).filter(published_at__gte=timezone.now() - WEEK) if readable else None
    count = search.count(lately) if lately is not None else 0
    context = {
        "form": form,
        "facts": search.facts_of(wanted),
        "readable": readable,
        "list": reverse("complaints:list") + wanted.address().removesuffix("?"),
        "lately": _lately(count),
        "address": masked_email(proved.email) if proved is not None else "",
    }
    response = render(request, "complaints/alerts.html", context, status=status)
    if status == 429:
        response["Retry-After"] = "600"
    return response


def _lately(count: int) -> str:
    """How many letters would have told of, so that one can choose how often."""
    if not count:
        return _("Seminggu terakhir belum ada yang terbit.")
    shown = f"{wording.number(search.CAP)}+" if count > search.CAP else wording.number(count)
    return ngettext(
        "Seminggu terakhir terbit %(n)s laporan seperti ini.",
        "Seminggu terakhir terbit %(n)s laporan seperti ini.",
        count,
    ) % {"n": shown}


# --- Where the links of letters lead ---


@never_cache
@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailbox says that it is theirs. A mail program that looks changes nothing."""
    alert = alert_of("alert", token)
    if alert is None or alert.subscriber is None:
        return gone(request)
    shown = masked_email(privacy.address_of_subscriber(alert.subscriber))
    if request.method != "POST":
        return unseen(render(request, "complaints/alert_confirm.html", _of(alert) | {"address": shown}))
    if not verbs.confirm(alert, timezone.now()):
        return gone(request)
    messages.success(request, _("Tersimpan. Kabarnya kami kirim ke %(address)s.") % {"address": shown})
    return unseen(redirect("complaints:alerts_kept", alerts_token(alert.subscriber)))


@never_cache
@require_http_methods(GET_OR_POST)
def kept(request: HttpRequest, token: str) -> HttpResponse:
    """Everything a mailbox has, to change and to end."""
    subscriber = subscriber_of(token)
    if subscriber is None:
        return gone(request)
    if request.method == "POST":
        return _change(request, subscriber, token)
    return _kept(request, subscriber)


def _change(request: HttpRequest, subscriber: Subscriber, token: str) -> HttpResponse:
    if request.POST.get("act") == "semua":
        privacy.forget_subscriber(subscriber, timezone.now())
        messages.success(request, _("Semua kabar dihentikan, dan alamat Anda sudah kami hapus."))
        return unseen(redirect("complaints:alerts_link"))
    alert = _confirmed(subscriber).filter(pk=row_id(request.POST.get("kabar", ""))).first()
    if alert is None:
        messages.info(request, _("Kabar itu sudah berhenti."))
        return unseen(redirect("complaints:alerts_kept", token))
    if request.POST.get("act") == "henti":
        privacy.end_alert(alert, timezone.now())
        if not Subscriber.objects.filter(pk=subscriber.pk).exists():
            messages.success(request, _("Kabar dihentikan, dan alamat Anda sudah kami hapus."))
            return unseen(redirect("complaints:alerts_link"))
        messages.success(request, _("Kabar dihentikan."))
        return unseen(redirect("complaints:alerts_kept", token))
    form = AlertChoiceForm(request.POST, prefix=f"kabar{alert.pk}")
    if not form.is_valid():
        return _kept(request, subscriber, form)
    verbs.change(alert, now=timezone.now(), **form.choice)
    messages.success(request, _("Perubahan disimpan."))
    return unseen(redirect("complaints:alerts_kept", token))


def _kept(request: HttpRequest, subscriber: Subscriber, failing: AlertChoiceForm | None = None) -> HttpResponse:
    """At most one statement more for each of them."""
    rows = []
    for alert in _confirmed(subscriber):
        form = AlertChoiceForm(prefix=f"kabar{alert.pk}", initial=_choice(alert))
        if failing is not None and failing.prefix == form.prefix:
            form = failing
        rows.append(_of(alert) | {"alert": alert, "form": form})
    context = {
        "rows": rows,
        "failed": failing,
        "address": masked_email(privacy.address_of_subscriber(subscriber)),
    }
    return unseen(render(request, "complaints/alerts_kept.html", context))


def _choice(alert: Alert) -> dict[str, Any]:
    what = "BOTH" if alert.reports and alert.answers else "REPORTS" if alert.reports else "ANSWERS"
    return {"what": what, "rhythm": alert.rhythm}


def _confirmed(subscriber: Subscriber) -> Any:
    rows = Alert.objects.confirmed().filter(subscriber=subscriber)
    return rows.select_related("subscriber", "place", "office__parent", "category").order_by("pk")


def _of(alert: Alert) -> dict[str, Any]:
    wanted = search.of_alert(alert)
    return {
        "facts": search.facts_of(wanted),
        "name": search.name_of(wanted),
        "list": reverse("complaints:list") + wanted.address().removesuffix("?"),
    }


@csrf_exempt  # mail programs post here for their "unsubscribe" button (RFC 8058); the token is the proof
@never_cache
@require_http_methods(GET_OR_POST)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters of this one; where it was the last, the address is deleted."""
    alert = alert_of("alert-stop", token)
    if alert is None or alert.subscriber is None:
        return gone(request)
    context = _of(alert) | {"address": masked_email(privacy.address_of_subscriber(alert.subscriber)), "others": ""}
    if request.method == "POST":
        subscriber = alert.subscriber
        privacy.end_alert(alert, timezone.now())
        context["done"] = True
        if Subscriber.objects.filter(pk=subscriber.pk).exists():
            context["others"] = reverse("complaints:alerts_kept", args=[alerts_token(subscriber)])
    return unseen(render(request, "complaints/alert_stop.html", context))


def gone(request: HttpRequest) -> HttpResponse:
    return unseen(render(request, "complaints/alerts_gone.html", status=404))
