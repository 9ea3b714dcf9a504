"""/meja/wbs/: the lane of disclosures for the members of a team, and the teams for those who appoint them.

To everybody else the lane is not there, whatever their role: the right comes from the seat in the team alone.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from agencies import finding, members, teams
from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.models import Agency, Decree, Membership, TeamMember, User
from complaints import disclosures, serving, uploads
from complaints.models import Attachment, Disclosure
from complaints.models.lifecycle.acting import BODY_LIMIT
from complaints.number import read_number
from complaints.transitions import Incomplete, Refusal
from lapor.kit.text import row_id
from lapor.kit.widgets import Story
from routing.views.frame import for_officers, page

PAGE = 50


def _member(request: OfficerRequest) -> Actor:
    by = Actor.officer(request.acting)
    if teams.seat_of(by) is None:
        raise Http404
    return by


def _find(by: Actor, number: str) -> Disclosure:
    found = (
        Disclosure.objects.readable_by(by)
        .select_related("team", "place", "not_for")
        .filter(number=read_number(number) or "")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _shut(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


# --- The lane ---


@require_GET
@for_officers
def lane(request: OfficerRequest) -> HttpResponseBase:
    """What this member may read, nearest date first. No title: the text is opened on its own page, and written down."""
    by = _member(request)
    found = Disclosure.objects.readable_by(by).select_related("not_for", "place")
    ended = request.GET.get("daftar") == "selesai"
    rows = (
        found.exclude(state__in=Disclosure.OPEN).order_by("-changed_at")
        if ended
        else found.open().order_by("due_on", "pk")
    )
    today = timezone.localdate()
    lines = [
        {
            "disclosure": row,
            "url": reverse("routing:disclosure", args=[row.number]),
            "late": row.due_on is not None and row.due_on < today,
            "waits": row.asked_on is not None,
        }
        for row in rows[:PAGE]
    ]
    context = {
        "lines": lines,
        "ended": ended,
        "office": request.acting.agency,
        "most": PAGE,
        "full": len(lines) == PAGE,
    }
    return _shut(page(request, "routing/disclosures.html", context))


class WordsForm(forms.Form):
    """A message, a question, or what was found."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    body = forms.CharField(
        label=gettext_lazy("Pesan untuk pelapor"),
        max_length=BODY_LIMIT,
        widget=Story({"rows": 4}, limit=BODY_LIMIT),
        error_messages={
            "required": gettext_lazy("Tulis pesannya dulu"),
            "max_length": gettext_lazy("Pesannya terlalu panjang: paling banyak 10.000 huruf"),
        },
    )
    finding = forms.ChoiceField(
        label=gettext_lazy("Hasil pemeriksaan"),
        help_text=gettext_lazy("Pilih hanya kalau pemeriksaannya selesai."),
        choices=[("", gettext_lazy("Belum selesai")), *Disclosure.Finding.choices],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Pilih hasil pemeriksaannya")},
    )


class IdentityForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Alasan membuka nama"),
        help_text=gettext_lazy("Pelapor membacanya, juga siapa yang meminta dan siapa yang menyetujui."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Tulis alasannya. Pelapor akan membacanya"),
            "max_length": gettext_lazy("Alasannya terlalu panjang: paling banyak 500 huruf"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def disclosure(request: OfficerRequest, number: str) -> HttpResponseBase:
    """One disclosure and its talk; every act of a member is a POST here."""
    by = _member(request)
    found = _find(by, number)
    if request.method != "POST":
        return _page(request, by, found)
    act = request.POST.get("act", "")
    if act == "nama":
        return _shown_identity(request, by, found)
    words = WordsForm(request.POST) if act in ("pesan", "tanya", "selesai") else None
    asks = IdentityForm(request.POST) if act == "minta" else None
    for form in (words, asks):
        if form is not None and not form.is_valid():
            return _page(request, by, found, words=words, asks=asks)
    try:
        files = uploads.take_all(request) if words is not None else []
    except uploads.FileRefused as refused:
        assert words is not None
        words.add_error("body", str(refused))
        return _page(request, by, found, words=words)
    try:
        said = _do(act, request, by, found, words, asks, files)
    except Incomplete as missing:
        uploads.drop(files)
        form = words or asks
        if form is None or missing.field not in form.fields:
            messages.error(request, str(missing))
            return redirect("routing:disclosure", found.number)
        form.add_error(missing.field, str(missing))
        return _page(request, by, found, words=words, asks=asks)
    except Refusal as refused:
        uploads.drop(files)
        form = words or asks
        if form is None:
            messages.error(request, str(refused))
            return redirect("routing:disclosure", found.number)
        form.add_error(None, str(refused))
        return _page(request, by, _find(by, number), words=words, asks=asks)
    messages.success(request, said)
    still = Disclosure.objects.readable_by(by).filter(pk=found.pk).exists()
    return redirect("routing:disclosure", found.number) if still else redirect("routing:disclosures")


def _do(
    act: str,
    request: OfficerRequest,
    by: Actor,
    found: Disclosure,
    words: WordsForm | None,
    asks: IdentityForm | None,
    files: list[Attachment],
) -> str:
    if words is not None:
        body, version = words.cleaned_data["body"], words.cleaned_data["version"] or 0
        if act == "selesai":
            finding = words.cleaned_data["finding"]
            disclosures.finish(found, body, finding=finding, by=by, files=files, version=version)
            return _("Hasilnya tercatat, dan pelapor membacanya.")
        disclosures.write(found, body, by=by, asks=act == "tanya", files=files, version=version)
        return _("Terkirim. Pelapor membacanya waktu membuka halaman pengungkapan.")
    if asks is not None:
        disclosures.ask_identity(found, by=by, reason=asks.cleaned_data["reason"])
        return _("Permintaan tercatat. Anggota tim lain yang menyetujui, dalam 24 jam.")
    if act == "setuju":
        disclosures.approve_identity(found, by=by, look=row_id(request.POST.get("look", "")))
        return _("Disetujui. Yang meminta bisa melihat nama pelapor selama 24 jam.")
    if act == "jauhkan":
        member = (
            TeamMember.objects.current()
            .filter(agency=found.team, user=row_id(request.POST.get("member", "")))
            .select_related("user")
            .first()
        )
        if member is None:
            raise Incomplete("member", _("Pilih anggota tim ini."))
        disclosures.keep_from(found, member.user, by=by)
        return _("Anggota itu tidak bisa membukanya lagi.")
    if act == "pusat":
        disclosures.hand_up(found, by=by)
        return _("Sekarang di tim pusat.")
    raise Incomplete("act", _("Pilih tindakan."))


def _page(
    request: OfficerRequest,
    by: Actor,
    found: Disclosure,
    *,
    words: WordsForm | None = None,
    asks: IdentityForm | None = None,
    who: disclosures.Who | None = None,
) -> HttpResponseBase:
    told = disclosures.read(found, by=by)
    waiting = disclosures.waiting_look(found)
    sitting = TeamMember.objects.current().filter(agency=found.team).exclude(user=by.user).select_related("user")
    kept = set(found.kept_from.values_list("user_id", flat=True))
    shown = words or asks
    context = {
        "disclosure": found,
        "told": told,
        "place": finding.path(found.place) if found.place else "",
        "talks": [(one, _shown(found, one.files)) for one in disclosures.talk(found, reporter=False)],
        "files": _shown(found, disclosures.files_of(found)),
        "accept": uploads.ACCEPT,
        "late": found.due_on is not None and found.due_on < timezone.localdate(),
        "waits": found.asked_on is not None,
        "words": words or WordsForm(initial={"version": found.version}),
        "asks": asks or IdentityForm(),
        "form": shown if shown is not None and shown.errors else None,
        "named": disclosures.has_identity(found),
        "waiting": waiting,
        "waiting_reason": disclosures.reason_of(waiting) if waiting else "",
        "own_request": waiting is not None and by.user is not None and waiting.asked_by_id == by.user.pk,
        "granted": disclosures.granted_look(found, by) is not None,
        "who": who,
        "others": [one for one in sitting if one.user_id not in kept],
        "at_centre": found.team.parent_id is None,
    }
    response = page(request, "routing/disclosure.html", context, status=400 if context["form"] else 200)
    return _shut(response)


def _shown(found: Disclosure, files: list[Attachment]) -> list[dict[str, str]]:
    return [
        {
            "name": file.name,
            "url": reverse("routing:disclosure_file", args=[found.number, file.pk])
            if file.state == Attachment.State.CLEAN
            else "",
        }
        for file in files
    ]


def _shown_identity(request: OfficerRequest, by: Actor, found: Disclosure) -> HttpResponseBase:
    try:
        who = disclosures.identity(found, by=by)
    except Refusal as refused:
        messages.error(request, str(refused))
        return redirect("routing:disclosure", found.number)
    return _page(request, by, found, who=who)


@require_GET
@for_officers
def file(request: OfficerRequest, number: str, pk: int) -> HttpResponseBase:
    by = _member(request)
    found = _find(by, number)
    row = Attachment.objects.filter(pk=pk, disclosure=found, state=Attachment.State.CLEAN).first()
    if row is None:
        raise Http404
    disclosures.read(found, by=by)
    return serving.file_of(row)


# --- The teams ---


class SeatForm(forms.Form):
    user = forms.ModelChoiceField(
        label=gettext_lazy("Petugas"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Pilih petugas kantor ini"),
        error_messages={
            "required": gettext_lazy("Pilih petugasnya"),
            "invalid_choice": gettext_lazy("Pilih petugas kantor ini"),
        },
    )
    decree = forms.ModelChoiceField(
        label=gettext_lazy("Berdasarkan keputusan"),
        queryset=Decree.objects.none(),
        empty_label=gettext_lazy("Pilih keputusannya"),
        error_messages={
            "required": gettext_lazy("Pilih keputusan yang menunjuknya. Catat dulu di halaman keputusan"),
            "invalid_choice": gettext_lazy("Pilih keputusan kantor ini"),
        },
    )

    def __init__(self, *args: Any, agency: Agency, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seated = TeamMember.objects.filter(agency=agency, ends_on=None).values("user")
        officers = Membership.objects.current().filter(agency=agency).exclude(user__in=seated)
        officers = officers.exclude(user=by.user) if by.user is not None else officers
        self.fields["user"].queryset = User.objects.filter(pk__in=officers.values("user")).order_by("name")  # type: ignore[attr-defined]
        above = Decree.objects.filter(agency__in=[*agency.ids_above, agency.pk])
        self.fields["decree"].queryset = above  # type: ignore[attr-defined]


def _office(request: OfficerRequest) -> Agency:
    """Whose team: the one asked for, where this officer may appoint to it; to others the page is not there."""
    asked = request.GET.get("kantor") or request.POST.get("kantor") or ""
    office = Agency.objects.filter(pk=row_id(asked)).first() if asked else request.acting.agency
    if office is None or not teams.may_manage(request.acting, office):
        raise Http404
    return office


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def team(request: OfficerRequest) -> HttpResponseBase:
    """Who sits in the team of one office; the centre also sees where teams are, and totals that tell of nobody."""
    office, by = _office(request), Actor.officer(request.acting)
    form = SeatForm(request.POST if request.POST.get("act") == "angkat" else None, agency=office, by=by)
    if request.method == "POST":
        try:
            if request.POST.get("act") in ("akhiri", "setuju", "batal"):
                messages.success(request, _change(request, office, by))
                return redirect(_team_url(office))
            if form.is_valid():
                made = teams.appoint(by=by, agency=office, **form.cleaned_data)
                disclosures.tell_of_member(made)
                said = (
                    _("Usul menunjuk %(name)s tercatat. Orang kedua menyetujui; anggota tim diberi tahu.")
                    if made.asked_for
                    else _("%(name)s sekarang anggota tim.")
                )
                messages.success(request, said % {"name": made.user})
                return redirect(_team_url(office))
        except members.Refused as refused:
            if refused.field in form.fields and form.is_bound:
                form.add_error(refused.field, str(refused))
            else:
                messages.error(request, str(refused))
    today = timezone.localdate()
    rows = TeamMember.objects.filter(agency=office).select_related("user", "decree", "appointed_by")
    root = office.parent_id is None
    context = {
        "office": office,
        "rows": [row for row in rows if row.ends_on is None or row.ends_on > today],
        "past": [row for row in rows if row.ends_on is not None and row.ends_on <= today][:20],
        "today": today,
        "own": by.user,
        "form": form,
        "enough": TeamMember.objects.current(today).filter(agency=office).count() >= teams.FEWEST,
        "root": root,
        "totals": disclosures.totals() if root else None,
        "lacks": root and disclosures.lacks_readers(),
        "offices": _offices() if root else [],
        "whose": "" if office.pk == request.acting.agency_id else office.pk,
    }
    return _shut(page(request, "routing/disclosure_team.html", context, status=400 if form.errors else 200))


def _change(request: OfficerRequest, office: Agency, by: Actor) -> str:
    """An end that is asked for, the second person's word, or neither; the team is told of each. Raises Refused."""
    member = TeamMember.objects.filter(agency=office, pk=row_id(request.POST.get("member", "")))
    found = member.select_related("user", "agency").first()
    if found is None:
        raise Http404
    name = {"name": found.user}
    match request.POST.get("act"):
        case "akhiri":
            teams.end(found, by=by, reason=request.POST.get("reason", ""))
            found.refresh_from_db()
            disclosures.tell_of_member(found)
            return _("Usul mengakhiri %(name)s tercatat. Orang kedua menyetujui; anggota tim diberi tahu.") % name
        case "setuju":
            done = teams.approve(found, by=by)
            disclosures.tell_of_member(done)
            if done.ends_on is not None:
                return _("Keanggotaan tim %(name)s berakhir hari ini.") % name
            return _("%(name)s anggota tim mulai besok.") % name
    teams.call_off(found, by=by)
    return _("Usul tentang %(name)s dibatalkan.") % name


def _team_url(office: Agency) -> str:
    return f"{reverse('routing:disclosure_team')}?kantor={office.pk}"


def _offices() -> list[tuple[Agency, int]]:
    """Inspectorates with a member, and how many."""
    counts: dict[int, int] = {}
    for pk in TeamMember.objects.current().exclude(agency__parent=None).order_by().values_list("agency", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    return [(one, counts[one.pk]) for one in Agency.objects.filter(pk__in=counts).select_related("parent")]
