"""Writing a report: Lokasi, Masalah, Periksa. Each step is kept in a Draft and works without script.

A form carries its draft's signed token, so several tabs may write several reports; the cookie remembers the last one.
Nothing is in the address. A draft becomes one case, however often it is sent.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies import finding, subsites
from agencies.models import Agency, Level, Region
from complaints import again, emergency, uploads
from complaints.attachments import COUNT_LIMIT
from complaints.channels.registry import dialling
from complaints.channels.web.submission import answers_in, questions_about, questions_for, send, still_asks
from complaints.forms import CheckForm, PlaceForm, StoryForm, offices_by_id
from complaints.limits import FILING
from complaints.models import Attachment, Category, CategoryQuestion, Datatype, Draft
from complaints.models.reference import Kind
from complaints.point import shown_point
from complaints.transitions import Incomplete
from complaints.views.alike import found_for
from complaints.views.disclosing import may_disclose
from complaints.views.holding import DRAFT_COOKIE, draft_of, hold, remember_draft, sign_draft
from lapor.kit.ratelimit import address, is_this_machine
from lapor.kit.wording import long_day, zone_of

GET_OR_POST = ["GET", "HEAD", "POST"]
# Of a step kept with mistakes in it, which its page says again until it is sent anew.
WRONG = "wrong"
# The form of Lokasi that found no place yet, or several: its page searches again with it.
SENT = "sent"
# In the address: the list of provinces is wanted, whatever was picked before.
AGAIN = "awal"


def _open_draft(request: HttpRequest) -> Draft | None:
    """The draft being written; one that became a case is none any more."""
    draft = draft_of(request)
    return None if draft is None or draft.complaint_id else draft


def _begin(request: HttpRequest) -> Draft:
    return Draft.begin(request.user if request.user.is_authenticated else None)


def _sent_already(request: HttpRequest) -> bool:
    """This very form belongs to a report that was sent: somebody came back to it. A form without a draft is new."""
    draft = draft_of(request) if request.POST.get("draft") else None
    return draft is not None and draft.complaint_id is not None


def _page(request: HttpRequest, template: str, draft: Draft | None, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, {**context, "signed": sign_draft(draft) if draft and draft.pk else ""})
    if draft is not None and draft.pk:
        remember_draft(response, draft)
    return response


def _go(name: str, draft: Draft) -> HttpResponse:
    response = redirect(name)
    remember_draft(response, draft)
    return response


def _may_come_back(request: HttpRequest, sent: BaseForm, kept: BaseForm) -> bool:
    """Of what was typed wrong the page is asked for anew, so that a browser that goes back from Selesai does not offer
    to send the form again. Not where the browser keeps no cookie: it would come back with nothing; nor where what could
    be kept of it says less of what is wrong. The first form brings no draft yet, but the cookie of every form."""
    keeps_cookies = bool({DRAFT_COOKIE, settings.CSRF_COOKIE_NAME} & request.COOKIES.keys())
    return keeps_cookies and kept.errors == sent.errors


# --- 1. Lokasi ---


@never_cache
@require_http_methods(GET_OR_POST)
def place(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        if _sent_already(request):
            return redirect("complaints:done")
        return _place_posted(request)
    draft = _open_draft(request)
    kept = draft.step_fields("lokasi") if draft else {}
    office = _addressed(request.GET.get("kantor", ""))
    if kept.get(SENT) and AGAIN not in request.GET:
        return _place_page(request, draft, _read_place(request, kept[SENT]), office)
    if office is not None and not kept.get("place"):
        kept = {"place": office.region_id or ""}
    chosen = Region.objects.filter(pk=kept.get("place", "")).first() if kept.get("place") else _district(request)
    form = PlaceForm(initial={**kept, "point": shown_point(kept.get("latitude"), kept.get("longitude"))})
    return _place_page(request, draft, _Sought(form, [chosen] if chosen else [], chosen), office)


@dataclass(frozen=True)
class _Sought:
    """What a form of Lokasi comes to. `question`: what only the reporter can say, and no mistake; "": nothing."""

    form: PlaceForm
    found: list[Region] = field(default_factory=list)
    chosen: Region | None = None
    question: str = ""
    act: str = ""
    # The office of a poster's code, as the form carries it along.
    office: str = ""

    @property
    def is_settled(self) -> bool:
        return self.chosen is not None and not (self.act or self.question or self.form.errors)


def _addressed(pk: str) -> Agency | None:
    """The office a poster's code or a link named; the centre and what has ended are nobody's address."""
    office = next(iter(offices_by_id([pk]).values()), None)
    return office if office and office.parent_id and office.is_active_on(timezone.localdate()) else None


def _place_posted(request: HttpRequest) -> HttpResponse:
    draft = _open_draft(request) or _begin(request)
    sought = _read_place(request, request.POST)
    typed, before, sent = sought.form.cleaned_data, draft.step_fields("lokasi"), _place_as_sent(sought)
    draft.keep(
        "lokasi",
        {
            "query": typed.get("query", ""),
            "landmark": typed.get("landmark", before.get("landmark", "")),
            "latitude": typed.get("latitude"),
            "longitude": typed.get("longitude"),
            "place": sought.chosen.pk if sought.chosen else "",
            **({} if sought.is_settled else {SENT: sent}),
        },
    )
    office = _addressed(sought.office)
    if office is not None:
        story = draft.step_fields("masalah")
        draft.keep("masalah", {**story, "office": str(office.pk), "office_text": office.name})
    if not sought.is_settled:
        if _may_come_back(request, PlaceForm(request.POST), PlaceForm(sent)):
            return _go("complaints:place", draft)
        return _place_page(request, draft, sought, office)
    after = "complaints:check" if draft.step_fields("masalah").get("whole") else "complaints:story"
    return _go(after, draft)


def _place_as_sent(sought: _Sought) -> dict[str, str]:
    """What the form held, to be kept: `_read_place` makes the same of it."""
    names = (*sought.form.fields, "searched")
    held = {name: sought.form.data[name] for name in names if name in sought.form.data}
    return {**held, "act": sought.act, "kantor": sought.office}


def _read_place(request: HttpRequest, data: Mapping[str, Any]) -> _Sought:
    """From the form as it was sent, just now or before."""
    form = PlaceForm(data)
    form.is_valid()
    typed = form.cleaned_data
    act, query, searched = form.data.get("act", ""), typed.get("query", ""), form.data.get("searched", "")
    act = act if act in ("cari", "turun") else ""
    chosen, question = _place_of(typed.get("place", "")), ""
    found: list[Region] = []
    if act == "turun":
        chosen = _place_of(typed.get("down", ""))
        found = [chosen] if chosen else []
        if chosen is None and typed.get("down") not in ("", "0") and not form.errors:
            form.add_error("down", _("Tempat ini tidak ada di daftar. Pilih lagi"))
    elif query and not form.errors and (act == "cari" or chosen is None or query != searched):
        found = _found(request, query)
        if len(found) == 1:
            chosen = found[0]
        elif chosen not in found:
            chosen = None
            if not found:
                form.add_error("query", _unknown_place(query))
            elif act != "cari" and query == searched:
                form.add_error("query", _("Ada beberapa tempat bernama itu. Pilih salah satu di bawah"))
            elif act != "cari":
                # Nobody can know of the others before they are shown.
                question = _("Ada beberapa tempat bernama itu. Pilih salah satu, lalu simpan.")
    elif chosen is None and not query and not form.errors and (around := _around_point(typed)) is not None:
        # A point says where, but it is the reporter who says that this is the place.
        found, chosen = [around], around
        question = _("Menurut titiknya di sini. Kalau benar, simpan dan lanjut.")
    elif chosen is None and act != "cari" and not form.errors:
        form.add_error("query", _("Pilih tempatnya dulu. Nama kabupaten atau kota saja juga boleh"))
    elif act == "cari" and not form.errors:
        form.add_error("query", _("Tulis nama tempatnya, lalu cari"))
    shown = found or ([chosen] if chosen else [])
    return _Sought(form, shown, chosen, question, act, form.data.get("kantor", ""))


def _around_point(typed: dict[str, Any]) -> Region | None:
    """The kecamatan of a point, or the kabupaten/kota where it lies near a border; None: no point, or not known."""
    if typed.get("latitude") is None:
        return None
    found = Region.objects.at(typed["latitude"], typed["longitude"])
    return found if found is not None and found.level != Level.PROVINSI else None


def _district(request: HttpRequest) -> Region | None:
    """Whose own site it is; None on the national portal."""
    site = subsites.of(request)
    return site.agency.region if site else None


def _found(request: HttpRequest, query: str) -> list[Region]:
    """On a district's own site its own places are meant, where it has any of that name."""
    found, district = finding.find_places(query), _district(request)
    here = [one for one in found if district and one.pk.startswith(f"{district.pk}.")]
    return here or found


def _place_of(code: str) -> Region | None:
    return Region.objects.current().filter(pk=code).first() if code and code != "0" else None


def _unknown_place(query: str) -> str:
    return _("“%(query)s” belum kami temukan. Coba nama kecamatan, atau pilih dari daftar") % {"query": query[:60]}


def _place_page(
    request: HttpRequest, draft: Draft | None, sought: _Sought, office: Agency | None = None
) -> HttpResponse:
    form, found, chosen = sought.form, sought.found, sought.chosen
    office, down = office or _addressed(sought.office), sought.act == "turun"
    if sought.question:
        messages.info(request, sought.question)
    paths = finding.paths(found)
    district = _district(request)
    inside = chosen if down and chosen else district
    below = finding.children(inside) if inside else []
    return _page(
        request,
        "complaints/submit_place.html",
        draft,
        {
            "form": form,
            "found": [(region.pk, paths[region.pk], region == chosen) for region in found],
            "more": len(found) == finding.LIMIT,
            "searched": form["query"].value() or "",
            "below": below or finding.children(None),
            "inside": finding.short_name(inside) if below and inside else "",
            "own": district is not None,
            "office": office,
            "office_line": finding.office_line(office) if office else "",
            "again": AGAIN,
            "down": down or AGAIN in request.GET or bool(form.errors and not found),
        },
    )


# --- 2. Masalah ---


@never_cache
@require_http_methods(GET_OR_POST)
def story(request: HttpRequest) -> HttpResponse:
    if _sent_already(request):
        return redirect("complaints:done")
    draft = _open_draft(request)
    if request.method == "POST":
        return _story_posted(request, draft or _begin(request))
    if draft is None or not draft.step_fields("lokasi").get("place"):
        messages.warning(request, _("Pilih tempatnya dulu."))
        return redirect("complaints:place")
    today = _today_at(draft)
    kept = draft.step_fields("masalah")
    if kept.get(WRONG):
        wrong, offices = _wrong_story(draft)
        return _story_page(request, draft, wrong, offices, kept)
    form = StoryForm(initial={**kept, "happened_on": _day_boxes(kept, today)}, today=today)
    return _story_page(request, draft, form, _chosen_office(kept.get("office")), kept)


def _wrong_story(draft: Draft) -> tuple[StoryForm, list[Agency]]:
    """The form as it was sent with mistakes in it, and the offices to choose from."""
    form = StoryForm(_as_sent(draft.step_fields("masalah")), today=_today_at(draft))
    form.is_valid()
    return form, office_of(form, "", _place_of(draft.step_fields("lokasi").get("place", "")))[0]


def _as_sent(kept: dict[str, Any]) -> dict[str, str]:
    """What the form held, from what is kept of it."""
    names = ("kind", "title", "story", "category", "office_text", "searched")
    boxes = zip(("pick", "day", "month", "year"), kept.get("boxes", ()), strict=False)
    return {
        **{name: kept.get(name, "") for name in names},
        **{f"happened_on_{part}": value for part, value in boxes},
        "conduct": "on" if kept.get("conduct") else "",
        "office": kept.get("office_sent", ""),
    }


def _story_posted(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = StoryForm(request.POST, today=_today_at(draft))
    form.is_valid()
    act = request.POST.get("act", "")
    offices, office = office_of(form, act, _place_of(draft.step_fields("lokasi").get("place", "")))
    _keep_story(form, draft, office)
    refused = _take_files(request, draft)
    if pk := request.POST.get("hapus", ""):
        uploads.remove(draft, pk)
    if request.FILES or pk:
        draft.keep(
            "masalah", {**draft.step_fields("masalah"), "files": list(draft.attachments.values_list("pk", flat=True))}
        )
    if act == "kantor" or refused or act == "unggah" or pk:
        # Not sent yet: of all that is missing only what was asked for is said.
        _only_about(form, "office_text" if act == "kantor" else "")
        kept = draft.step_fields("masalah")
        shown = form if form.errors else _unbound(kept, _today_at(draft))
        return _story_page(request, draft, shown, offices, kept, refused=refused, office_open=act == "kantor")
    if form.errors:
        sent = {"searched": form.data.get("searched", ""), "office_sent": form.data.get("office", "")}
        draft.keep("masalah", {**draft.step_fields("masalah"), **sent, WRONG: True})
        # Where somebody is in danger the numbers to call are in the first answer.
        if not _alarm(draft) and _may_come_back(request, form, _wrong_story(draft)[0]):
            return _go("complaints:story", draft)
        return _story_page(request, draft, form, offices, draft.step_fields("masalah"))
    if not draft.step_fields("lokasi").get("place"):
        messages.warning(request, _("Tulisan Anda sudah kami simpan. Sekarang pilih tempatnya."))
        return _go("complaints:place", draft)
    return _go("complaints:details" if still_asks(draft) else "complaints:check", draft)


def _unbound(kept: dict[str, Any], today: datetime.date) -> StoryForm:
    return StoryForm(initial={**kept, "happened_on": _day_boxes(kept, today)}, today=today)


def _only_about(form: StoryForm, field: str) -> None:
    for name in list(form.errors):
        if name != field:
            del form.errors[name]


def office_of(form: StoryForm, act: str, near: Region | None) -> tuple[list[Agency], Agency | None]:
    """Offices to choose from, and the one chosen. One that fits alone is chosen; words that fit none stay words, but
    a report about somebody's conduct must know whom to keep out."""
    typed = form.cleaned_data
    said = typed.get("office_text", "")
    chosen = next(iter(offices_by_id([typed.get("office", "")]).values()), None)
    if typed.get("office") and chosen is None and "office" not in form.errors:
        form.add_error("office_text", _("Kantor ini tidak ada di daftar. Cari lagi namanya"))
    searched = form.data.get("searched", "")
    offices = [chosen] if chosen else []
    if said and (act == "kantor" or (said != searched and chosen is None) or (said != searched and searched)):
        offices = finding.find_offices(said, near, timezone.localdate())
        exact = [o for o in offices if finding.plain(said) in (finding.plain(o.name), finding.plain(o.short_name))]
        chosen = exact[0] if exact else offices[0] if len(offices) == 1 else None
        if act == "kantor" and not offices:
            form.add_error(
                "office_text",
                _("“%(name)s” belum kami temukan. Tulisan Anda tetap ikut terkirim, petugas yang mencarikan")
                % {"name": said[:60]},
            )
    elif act == "kantor" and not said:
        form.add_error("office_text", _("Tulis nama kantornya, lalu cari"))
    if typed.get("conduct") and chosen is None and act == "":
        offices = offices or _pemda_of(near)
        form.add_error(
            "office_text",
            _("Pilih kantornya, supaya laporan ini tidak dibaca di sana. Tidak yakin? Pilih pemerintah daerahnya"),
        )
    return offices, chosen


def _pemda_of(near: Region | None) -> list[Agency]:
    return list(Agency.objects.serving(near).active_on(timezone.localdate()).select_related("parent")) if near else []


def _keep_story(form: StoryForm, draft: Draft, office: Agency | None) -> None:
    files = draft.step_fields("masalah").get("files", [])
    typed = story_as_typed(form, office)
    # Looked up here, once: the last step must not ask.
    asks = bool(form.cleaned_data.get("category")) and bool(questions_about(typed["category"]))
    draft.keep("masalah", {**typed, "files": files, "asks": asks})


def story_as_typed(form: StoryForm, office: Agency | None) -> dict[str, Any]:
    """Whether it is right or not; `whole` says that nothing is missing."""
    day = form.cleaned_data.get("happened_on")
    return {
        **{name: form.data.get(name, "") for name in ("kind", "title", "story", "category", "office_text")},
        "conduct": bool(form.data.get("conduct")),
        "boxes": [form.data.get(f"happened_on_{part}", "")[:20] for part in ("pick", "day", "month", "year")],
        "happened_on": day.isoformat() if day else None,
        "office": str(office.pk) if office else "",
        "whole": not form.errors,
    }


def _take_files(request: HttpRequest, draft: Draft) -> list[str]:
    """Keep what was sent along; the sentences of what was refused."""
    refused: list[str] = []
    for upload in request.FILES.getlist("file"):
        try:
            uploads.may_bring(request)
            uploads.take(upload, draft.attachments.exclude(state=Attachment.State.REFUSED).count(), draft=draft)
        except uploads.FileRefused as error:
            refused.append(str(error))
    return refused


def _chosen_office(pk: str | None) -> list[Agency]:
    return list(offices_by_id([pk]).values()) if pk else []


def _today_at(draft: Draft) -> datetime.date:
    """The calendar date at the place; unknown: Jakarta."""
    region = _place_of(draft.step_fields("lokasi").get("place", ""))
    return timezone.localdate(timezone=zone_of(region.zone if region else None))


def _day_boxes(kept: dict[str, Any], today: datetime.date) -> list[str] | None:
    """What was typed; a day that was "today" when it was typed is told by its date tomorrow."""
    if kept.get("happened_on"):
        day = datetime.date.fromisoformat(kept["happened_on"])
        pick = {today: "today", today - datetime.timedelta(days=1): "yesterday"}.get(day, "other")
        return [pick, str(day.day), str(day.month), str(day.year)]
    return kept.get("boxes")


def _story_page(
    request: HttpRequest,
    draft: Draft,
    form: StoryForm,
    offices: list[Agency],
    kept: dict[str, Any],
    refused: list[str] | None = None,
    office_open: bool = False,
) -> HttpResponse:
    region = _place_of(draft.step_fields("lokasi").get("place", ""))
    chosen = kept.get("office", "")
    files, unfit = _files(draft) if draft.pk else ([], [])
    return _page(
        request,
        "complaints/submit_story.html",
        draft,
        {
            "form": form,
            "where": _where(draft, region),
            "offices": [(str(o.pk), finding.office_line(o), str(o.pk) == chosen) for o in offices],
            "searched": kept.get("office_text", ""),
            "office_open": office_open or bool(chosen or kept.get("office_text") or kept.get("conduct")),
            "files": [
                {"name": f.name, "size": f.size, "key": f.pk, "wrong": f.reason if f in unfit else ""}
                for f in sorted([*files, *unfit], key=lambda f: f.pk)
            ],
            "room": COUNT_LIMIT - len(files),
            "refused": refused or [],
            "accept": uploads.ACCEPT,
            "alarm": _alarm(draft),
        },
    )


def _files(draft: Draft) -> tuple[list[Attachment], list[Attachment]]:
    """What goes along, and what a worker refused while the report was still being written."""
    brought = list(draft.attachments.filter(complaint=None))
    unfit = [file for file in brought if file.state == Attachment.State.REFUSED]
    return [file for file in brought if file not in unfit], unfit


def _alarm(draft: Draft) -> emergency.Alarm:
    """What the story kept so far says of danger now."""
    kept = draft.step_fields("masalah")
    told = emergency.read(kept.get("title", ""), kept.get("story", ""))
    day = kept.get("happened_on")
    return told.dated(datetime.date.fromisoformat(day) if day else None, _today_at(draft)) if told else told


def _where(draft: Draft, region: Region | None) -> str:
    parts = [draft.step_fields("lokasi").get("landmark", ""), finding.path(region) if region else ""]
    return ", ".join(part for part in parts if part)


# --- 3. Periksa ---


@never_cache
@require_http_methods(GET_OR_POST)
def check(request: HttpRequest) -> HttpResponse:
    draft = draft_of(request)
    if draft is None:
        messages.warning(
            request, _("Tulisan ini sudah tidak kami simpan, atau bukan dari peramban ini. Silakan mulai lagi.")
        )
        return redirect("complaints:place")
    if draft.complaint_id:
        return redirect("complaints:done")
    if not draft.step_fields("masalah").get("whole"):
        messages.warning(request, _("Lengkapi dulu ceritanya."))
        return _go("complaints:story", draft)
    if not draft.step_fields("lokasi").get("place"):
        messages.warning(request, _("Pilih tempatnya dulu."))
        return _go("complaints:place", draft)
    if still_asks(draft):
        messages.warning(request, _("Tinggal beberapa pertanyaan."))
        return _go("complaints:details", draft)
    if request.method == "POST":
        return _check_posted(request, draft)
    kept, texts = draft.step_fields("periksa"), bool(dialling())
    form = CheckForm(kept, texts=texts) if kept.get(WRONG) else CheckForm(initial=kept or _known(request), texts=texts)
    return _check_page(request, draft, form)


def _known(request: HttpRequest) -> dict[str, Any]:
    """What the account of somebody signed in knows already."""
    if not request.user.is_authenticated:
        return {}
    return {"name": request.user.name, "email": request.user.email}


def _check_posted(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = CheckForm(request.POST, texts=bool(dialling()))
    if not form.is_valid():
        draft.keep("periksa", {**_typed(form), WRONG: True})
        if not _alarm(draft) and _may_come_back(request, form, CheckForm(_typed(form), texts=bool(dialling()))):
            return _go("complaints:check", draft)
        return _check_page(request, draft, form)
    if request.POST.get("act") == "simpan":
        draft.keep("periksa", _typed(form))
        messages.success(
            request, _("Sudah kami simpan di peramban ini sampai %(day)s.") % {"day": long_day(draft.expires_at)}
        )
        return _go("complaints:check", draft)
    who = address(request)
    if (settings.PRODUCTION or not is_this_machine(who)) and not FILING.take(who):
        draft.keep("periksa", _typed(form))
        form.add_error(
            None, _("Dari jaringan ini baru saja masuk banyak laporan. Tunggu beberapa menit, lalu kirim lagi.")
        )
        response = _check_page(request, draft, form)
        response.status_code = 429
        response["Retry-After"] = "300"
        return response
    try:
        receipt = send(
            draft,
            contact=form.cleaned_data,
            user=request.user if request.user.is_authenticated else None,
            language=get_language() or "id",
            subsite=subsites.of(request),
        )
    except Incomplete as missing:
        draft.keep("periksa", _typed(form))
        messages.error(request, str(missing))
        return _go("complaints:story", draft)
    response = _go("complaints:done", draft)
    hold(request, response, receipt.complaint)
    return response


def _typed(form: CheckForm) -> dict[str, Any]:
    return {name: form.data.get(name, "") for name in form.fields}


def _check_page(request: HttpRequest, draft: Draft, form: CheckForm) -> HttpResponse:
    return _page(
        request,
        "complaints/submit_check.html",
        draft,
        {
            "form": form,
            "rows": _rows(draft),
            "wide": draft.step_fields("masalah").get("kind") == Kind.PERMINTAAN_INFORMASI,
            # About somebody's conduct: never published, whatever is chosen (case.md section 5).
            "conduct": bool(draft.step_fields("masalah").get("conduct")),
            "disclosable": may_disclose(draft),
            "alike": found_for(draft),
            "alarm": _alarm(draft),
            "before": _told_before(request, draft),
        },
    )


def _told_before(request: HttpRequest, draft: Draft) -> list[dict[str, str]]:
    """What the account itself reported that may be the same; of a guest nothing is known, whatever they type."""
    if not request.user.is_authenticated:
        return []
    return [
        {
            "url": f"{reverse('complaints:case', args=[case.number])}#tulis",
            "title": case.title,
            "said": _("%(number)s, %(day)s, di %(office)s")
            % {
                "number": case.shown_number,
                "day": long_day(timezone.localtime(case.received_at, zone_of(case.zone)).date()),
                "office": case.handler.shown_name,
            },
        }
        for case in again.told_before(request.user, draft)
    ]


def _rows(draft: Draft) -> list[dict[str, Any]]:
    place_url, story_url = reverse("complaints:place"), reverse("complaints:story")
    typed, where = draft.step_fields("masalah"), draft.step_fields("lokasi")
    region = _place_of(where.get("place", ""))
    office = next(iter(_chosen_office(typed.get("office"))), None)
    rows: list[dict[str, Any]] = [{"url": f"{story_url}#kantor", "label": _("Dikirim ke"), **_sent_to(typed, office)}]
    rows.append({"label": _("Lokasi"), "value": _where(draft, region), "url": place_url})
    kinds = dict(StoryForm.base_fields["kind"].choices)  # type: ignore[attr-defined]
    rows.append({"label": _("Jenis"), "value": kinds.get(typed["kind"], ""), "url": f"{story_url}#id_kind_0"})
    rows.append({"label": _("Judul"), "value": typed["title"], "url": f"{story_url}#id_title"})
    rows.append({"label": _("Ceritanya"), "value": typed["story"], "url": f"{story_url}#id_story"})
    if typed.get("happened_on") and typed["kind"] == Kind.PENGADUAN:
        day = datetime.date.fromisoformat(typed["happened_on"])
        rows.append({"label": _("Kejadian"), "value": long_day(day), "url": f"{story_url}#id_happened_on_0_0"})
    if typed.get("category") and (category := Category.objects.filter(pk=typed["category"]).first()):
        rows.append(
            {
                "label": _("Tentang apa?"),
                "value": category.name,
                "note": category.notice,
                "url": f"{story_url}#id_category",
            }
        )
    rows += _asked(draft)
    files, unfit = _files(draft)
    if files or unfit:
        rows.append(
            {
                "label": _("Berkas"),
                "value": "\n".join(f.name for f in files) or _("tidak ada"),
                "wrong": [_("%(name)s tidak ikut. %(why)s") % {"name": f.name, "why": f.reason} for f in unfit],
                "url": f"{story_url}#berkas",
            }
        )
    return rows


def _asked(draft: Draft) -> list[dict[str, Any]]:
    """The category's questions and what was answered."""
    url = reverse("complaints:details")
    said = {answer.question.pk: answer.question.shown(answer.values) for answer in answers_in(draft)}
    return [
        {"label": one.description, "value": said.get(one.pk, _("tidak dijawab")), "url": f"{url}#{_first(one)}"}
        for one in questions_for(draft)
    ]


def _first(question: CategoryQuestion) -> str:
    """The id of the field's first input."""
    name = f"id_q{question.pk}"
    return f"{name}_1" if question.datatype == Datatype.DATETIME else f"{name}_0" if question.is_list else name


def _sent_to(typed: dict[str, Any], office: Agency | None) -> dict[str, str]:
    if typed.get("conduct") and office is not None:
        return {
            "value": _("Inspektorat, atau pusat kalau tidak ada"),
            "note": _("Karena ini tentang perilaku petugas atau pimpinan %(office)s. Kantor itu tidak membacanya.")
            % {"office": finding.office_line(office)},
        }
    if office is not None:
        return {
            "value": finding.office_line(office),
            "note": _(
                "Karena Anda memilihnya. Kalau keliru, petugas memindahkannya. Batas waktunya tidak mulai dari awal."
            ),
        }
    if typed.get("category"):
        note = _("Kami mencarikannya dari isi dan tempat laporan Anda, dalam hitungan detik.")
    else:
        note = _("Petugas daerah itu yang mencarikannya. Lebih cepat kalau Anda memilih tentang apa laporan ini.")
    return {"value": _("Kantor yang berwenang di tempat itu"), "note": note}
