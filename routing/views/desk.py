"""The desk: the list, and the page of one case with everything on it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.models import Membership, Role
from agencies.permissions import Capability, membership_may
from complaints import privacy
from complaints.models import ClockKind, Complaint, Event
from complaints.number import read_number
from complaints.seats import Seated
from complaints.transitions import Status
from lapor.kit import wording
from lapor.kit.compiled import Among, Blank, Compiled
from routing import (
    accepting,
    before_ombudsman,
    bulk,
    case_page,
    counting,
    desk_acts,
    dispatch,
    groups,
    helping,
    history,
    presence,
    queue,
    refusals,
    requirements,
)
from routing.forms import ActForm
from routing.forms import groups as forms_groups
from routing.models import Disposition
from routing.views import desk_rows
from routing.views import helping as help_page
from routing.views.frame import find_by_former_number, find_case, for_officers, lost_right, page

COMPOSERS = ("note", "answer", "resolve")


@require_GET
@for_officers
def desk(request: OfficerRequest) -> HttpResponseBase:
    """The list of cases, nearest promise first. A number typed into the box opens that case."""
    if not membership_may(request.acting, Capability.WORK, request.acting.agency):
        raise PermissionDenied
    typed = request.GET.get("q", "")
    by = Actor.officer(request.acting)
    if (case := find_case(typed, by) or find_by_former_number(typed, by)) is not None:
        return redirect("routing:case", case.number)
    office = request.acting.agency
    query = queue.read(typed)
    if "bantuan" in query.keys:
        return redirect("routing:helping")
    oversees = membership_may(request.acting, Capability.OVERSEE, office)
    here = queue.Desk.of(request.acting, oversees=oversees, below=query.spans_offices)
    below = here.looks_below
    views = [
        view
        for view in queue.VIEWS
        if view.code != "setuju" or below or (office.approves_answers and request.acting.role != Role.NATIONAL)
    ]
    found = queue.page(here, query, request.GET.get("sesudah", ""))
    acts = bulk.offered(request.acting)
    beside = [queue.HELPING, queue.CALLED, *([] if below else [queue.PROGRAMME])]
    numbers = counting.counts(here, [*views, *beside])
    if numbers.get(queue.PROGRAMME.code):
        views.insert(0, queue.PROGRAMME)
    if numbers[queue.CALLED.code] or query.keys.get("penjelasan") == "diminta":
        views.append(queue.CALLED)
    rail = [_rail_item(view, query, numbers[view.code], below) for view in views]
    if helped := numbers[queue.HELPING.code]:
        rail.append(_helping_item(helped))
    asked = before_ombudsman.asked_of(by, here.today)
    if asked.all:
        rail.append(_asked_item(asked))
    current = next((item for item in rail if item["current"]), None)
    context = {
        "query": query,
        "rail": [(item["label"], item["url"], item["count"], item["late"], item["current"]) for item in rail],
        "rail_brief": next(
            _("%(count)s terlambat") % {"count": item["count"]} for item in rail if item["code"] == "terlambat"
        ),
        "title": current["label"] if current else _("Hasil pencarian"),
        "groups": [
            (label, desk_rows.draw(lines, below=below, picks=bool(acts))) for label, lines in _groups(query, found.rows)
        ],
        "below": below,
        "can_go_below": oversees,
        "map": f"{reverse('routing:map')}?{urlencode({'q': query.text})}" if query.text else reverse("routing:map"),
        "next": _list_url(query.text, found.next_cursor) if found.next_cursor else "",
        "first": "" if found.is_first else _list_url(query.text),
        "partial": found.is_partial,
        "acts": acts,
        "here": request.get_full_path(),
        "empty": None if found.rows or found.is_partial else _empty(query, current, below, request.acting),
    }
    return page(request, "routing/desk.html", context)


def _groups(query: queue.Query, rows: list[queue.Row]) -> list[tuple[str, list[desk_rows.Shown]]]:
    """Rows under headings, each with its badge and address, empty groups left out; newest first needs none but its
    own."""
    language, desk_url = get_language() or "", reverse("routing:desk")
    back = f"?{urlencode({'dari': query.text})}" if query.text else ""
    shown = [(row, _badge(row.state, row.days, language), f"{desk_url}{row.number}/{back}") for row in rows]
    if query.is_newest_first:
        return [(_("Terbaru dulu"), shown)] if shown else []
    if query.is_by_supporters:
        return [(_("Paling banyak juga mengalami"), shown)] if shown else []
    found = [(str(label), [one for one in shown if one[0].group == code]) for code, label in queue.GROUPS.items()]
    return [group for group in found if group[1]]


def badge(row: queue.Row) -> SafeString:
    """When a case of the list is due, as its rows show it."""
    return _badge(row.state, row.days, get_language() or "")


@lru_cache(maxsize=512)
def _badge(state: str, days: int, language: str) -> SafeString:
    """A page shows fifty, few of them different: each is drawn once."""
    return render_to_string("parts/promise.html", {"state": state, "days": days, "short": True})


def _list_url(query: str, cursor: str = "") -> str:
    values = {key: value for key, value in (("q", query), ("sesudah", cursor)) if value}
    return f"{reverse('routing:desk')}?{urlencode(values)}" if values else reverse("routing:desk")


def _rail_item(view: queue.View, query: queue.Query, count: int, below: bool) -> dict[str, Any]:
    text = f"{view.query} kantor:semua".strip() if below else view.query
    return {
        "code": view.code,
        "label": view.label,
        "url": _list_url(text),
        "count": counting.capped(count),
        "late": view.code == "terlambat" and count > 0,
        "current": sorted(query.text.split()) == sorted(text.split()),
        "empty": view.empty,
    }


def _helping_item(count: int) -> dict[str, Any]:
    """What the office helps others with is a list of its own; it is shown while there is something."""
    return {
        "code": queue.HELPING.code,
        "label": queue.HELPING.label,
        "url": reverse("routing:helping"),
        "count": counting.capped(count),
        "late": False,
        "current": False,
        "empty": "",
    }


def _asked_item(asked: before_ombudsman.Asked) -> dict[str, Any]:
    """What the Ombudsman recommended to the office; there while there is anything, also what is answered."""
    return {
        "code": "rekomendasi",
        "label": _("Rekomendasi Ombudsman"),
        "url": reverse("routing:recommendations"),
        "count": counting.capped(asked.waiting),
        "late": asked.late > 0,
        "current": False,
        "empty": "",
    }


def _empty(query: queue.Query, current: dict[str, Any] | None, below: bool, acting: Membership) -> dict[str, str]:
    """What is so, and the one next step. A desk that never had a case says how to begin."""
    if current is not None and current["url"] in (_list_url(""), _list_url("kantor:semua")):
        if not Disposition.objects.filter(agency=acting.agency).exists():
            return {"title": str(current["empty"]), **_beginning(acting)}
        return {
            "title": str(current["empty"]),
            "body": _("Laporan baru muncul di sini begitu diteruskan ke kantor Anda."),
            "url": _list_url("status:selesai"),
            "action": _("Lihat yang sudah selesai"),
        }
    if current is not None:
        return {
            "title": str(current["empty"]),
            "body": "",
            "url": _list_url("kantor:semua" if below else ""),
            "action": _("Lihat semua yang terbuka"),
        }
    return {
        "title": _("Tidak ada laporan yang cocok."),
        "body": _("Kurangi kata kuncinya, atau cari nomornya. Isi laporan rahasia tidak ikut dicari."),
        "url": _list_url(""),
        "action": _("Lihat semua yang terbuka"),
    }


def _beginning(acting: Membership) -> dict[str, str]:
    """What whoever holds a new desk does first: a coordinator looks for offices without officers, an officer reads."""
    office = acting.agency
    if membership_may(acting, Capability.MANAGE_OFFICERS, office):
        if office.is_bare_pemda():
            return {
                "body": _("Mulai dari kantornya: dinas, badan, dan kecamatan bisa ditaruh sekaligus. Lalu petugasnya."),
                "url": reverse("agencies:office", args=[office.pk]) + "#kelola",
                "action": _("Taruh kantor yang lazim"),
            }
        return {
            "body": _("Mulai dari petugas: laporan untuk kantor tanpa petugas datang ke meja ini."),
            "url": reverse("agencies:members"),
            "action": _("Lihat kantor dan petugasnya"),
        }
    return {
        "body": _(
            "Laporan untuk kantor Anda muncul di sini, dan kami kabari lewat surat. Tiap laporan punya batas waktu."
        ),
        "url": reverse("routing:guide", args=["pimpinan" if acting.role == Role.HEAD else "opd"]),
        "action": _("Baca panduannya"),
    }


@require_http_methods(["GET", "POST"])
@for_officers
def case(request: OfficerRequest, number: str) -> HttpResponseBase:
    """Everything about one case. POST gives the reason the table asks for before a secret text is read."""
    by = Actor.officer(request.acting)
    found = find_case(number, by)
    if found is None:
        asked = helping.find(number, by) if request.method == "GET" else None
        return help_page.case(request, asked, by) if asked is not None else left(request, number, by)
    try:
        view = privacy.view_of(
            found,
            by,
            identity=request.GET.get("pelapor") == "tampil",
            reason=request.POST.get("alasan", "")[:500],
        )
    except privacy.NotVisible as error:
        raise Http404 from error
    if membership_may(request.acting, Capability.WORK, request.acting.agency):
        back = {"url": _list_url(request.GET.get("dari", "")), "label": _("Meja")}
    else:
        back = {"url": reverse("routing:oversight"), "label": _("Pengawasan")}
    if view.text is privacy.Text.REASON:
        context = {"case": found, "back": back, "asked": request.method == "POST"}
        return page(request, "routing/secret.html", context)
    return page(request, "routing/case.html", case_context(request, found, by, view) | {"back": back})


def case_context(request: OfficerRequest, found: Complaint, by: Actor, view: privacy.CaseView) -> dict[str, Any]:
    """What the case page shows, the first look of its office noted. Ten statements, however long the case is, two for
    offices that help, and one where a suggestion may be accepted."""
    today = found.today()
    stint = dispatch.look_at(found, by)
    acts = desk_acts.offered(found, by) if view.is_full else []
    events = events_for(found, view)
    promises = case_page.promises(found, today)
    identity = view.identity
    writes = sorted((act for act in acts if act.verb in COMPOSERS), key=lambda act: COMPOSERS.index(act.verb))
    seen = events[-1].pk if events else None
    verbs = {act.verb for act in acts}
    returned = case_page.returned(found, events) if not verbs.isdisjoint({"answer", "resolve"}) else None
    anew = {returned.verb: returned.initial} if returned else {}
    composers = [
        {"act": act, "form": act_form(act, found, by, seen, noun=act.noun, **anew.get(act.verb, {}))} for act in writes
    ]
    why = case_page.why_here(found, stint, events, whole=view.is_full)
    accepts = accepting.verb_for(found, by, verbs)
    lead = groups.lead_of(found, by)
    hung = case_page.beside(found)
    decide = refusals.decision(found, stint, by, verbs, today) if view.is_full else None
    return {
        "case": found,
        "view": view,
        "identity": identity,
        "status": Status(found.status).label,
        "place": queue.place_line(found.place),
        "channel": case_page.channel_words(found),
        "programmes": hung.programmes,
        "promises": promises,
        "nearest": promises[0] if promises else None,
        "said": case_page.talk(view, identity.name if identity else ""),
        "main_acts": [act for act in acts if act.level == 0],
        "acts": [act for act in acts if act.level == 1],
        "other_acts": [act for act in acts if act.level == 2],
        "composers": composers,
        "returned": returned,
        "open_composer": _open_composer(found, verbs, returned),
        "facts": case_page.facts(found, stint, whole=view.is_full, supported=hung.supported),
        "why": why,
        "accepts": accepting.choices(found, why.guesses, by, today) if accepts else [],
        "accept_act": accepts and f"routing:{accepts}",
        "looks_first": accepts == "forward" and not found.secret and found.not_for_id is None,
        "listed": (listed := request.GET.get("dari", "")[:200]),
        "stands_at": accepting.place_in(found, listed) if accepts else "",
        "suggest_act": next((f"routing:{verb}" for verb in ("forward", "move") if verb in verbs), ""),
        "history": history.lines(found, events),
        "checklist": requirements.checklist(found)
        if found.status == Status.SUBMITTED and view.is_full and "ask" in verbs
        else [],
        **_beside(found, by),
        "decide": decide,
        "decide_by": next((line.due_on for line in promises if line.kind == ClockKind.DECIDE), None),
        "seen": seen,
        "account": case_page.account(events, today) if hung.called_up and view.is_full else None,
        "helpers": case_page.helpers(found, today) if hung.helped and view.is_full else [],
        "may_share": "share" in verbs,
        # What an officer said needs no other officer's yes.
        "may_locate": "locate" in verbs and found.found_certainty is not None,
        "quote_to": next((f"routing:{verb}" for verb in ("answer", "resolve") if verb in verbs), ""),
        "zone": found.zone,
        "lead": lead,
        "lead_title": privacy.row_title(lead, by) if lead else "",
        "gathered": groups.gathered(found, by).count() if acts and hung.leads else 0,
        "may_compare": found.is_open and not verbs.isdisjoint({"merge", "hand_back"}),
        **_proposal(request, found, events, by),
    }


def _open_composer(found: Complaint, verbs: set[str], returned: case_page.Returned | None) -> str:
    """What most likely comes next: the answer that was sent back, else the final one of a case in progress."""
    if returned is not None and returned.verb in verbs:
        return returned.verb
    return "resolve" if "resolve" in verbs and found.status == Status.IN_PROGRESS else ""


def _proposal(request: OfficerRequest, found: Complaint, events: list[Event], by: Actor) -> dict[str, Any]:
    """What the office below proposed to merge it into, ready to be accepted by one press."""
    lead = groups.proposed(found, events, by)
    if lead is None:
        return {}
    return {"proposed": lead, "proposed_title": privacy.row_title(lead, by), "proposed_text": forms_groups.told()}


def events_for(found: Complaint, view: privacy.CaseView) -> list[Event]:
    return _EVENTS(case=found.pk, audiences=list(view.audiences))


_EVENTS: Compiled[Event] = Compiled(
    lambda: (
        Event.objects.filter(Among("audience", "audiences"), complaint_id=Blank("case", models.BigIntegerField()))
        .select_related("actor", "client", "acting_agency", "handler_from", "handler_to")
        .order_by("pk")
    )
)


def act_form(
    act: desk_acts.Act, found: Complaint, by: Actor, seen: int | None, *, noun: str = "", **initial: Any
) -> ActForm:
    """`seen`: the last event the officer has before them."""
    return act.form(found, by, noun=noun, initial={"seen": seen, **initial})


def colleagues(found: Complaint, by: Actor) -> list[str]:
    """One sentence for each colleague who looks at the case now."""
    import datetime

    if by.membership is None:
        return []
    return [
        _("%(name)s, %(office)s, sedang melihat laporan ini sejak %(hour)s.")
        % {
            "name": one.name,
            "office": one.office,
            "hour": wording.hour(datetime.datetime.fromtimestamp(one.since, datetime.UTC), found.zone),
        }
        for one in presence.arrive(found.pk, by.membership)
    ]


@require_GET
@for_officers
def beside(request: OfficerRequest, number: str) -> HttpResponseBase:
    """The line about colleagues, asked for each half minute while the page is open. 204 while nothing is new: what is
    put there again, a screen reader reads out again."""
    by = Actor.officer(request.acting)
    found = find_case(number, by)
    if found is None:
        raise Http404
    context = _beside(found, by)
    if request.GET.get("tahu") == context["told"]:
        return HttpResponse(status=204)
    return render(request, "routing/_beside.html", {"case": found, **context})


def _beside(found: Complaint, by: Actor) -> dict[str, Any]:
    """Who else is there, and in `told` a mark of these sentences."""
    lines = colleagues(found, by)
    return {"beside": lines, "told": format(crc32("".join(lines).encode()), "x")}


def left(request: HttpRequest, number: str, by: Actor) -> HttpResponseBase:
    """The case went from this office, or from the programme one observes: the event that it left, and nothing else.
    To anybody else it does not exist.

    What was typed into a form meanwhile is given back either way.
    """
    stored = read_number(number)
    found = _LEFT(by, number=stored) if stored else []
    gone = Complaint.objects.select_related("handler").get(pk=found[0][0]) if found else None
    event = None
    if gone is not None:
        events = Event.objects.filter(complaint=gone)
        if by.programme_id is not None:
            events = events.filter(verb="untag", particulars__programme=by.programme_id)
        else:
            events = events.filter(handler_from=by.agency).exclude(handler_to=by.agency)
        event = (
            events.select_related("actor", "client", "acting_agency", "handler_from", "handler_to")
            .order_by("-pk")
            .first()
        )
    if gone is None or event is None:
        if request.method == "POST":
            return lost_right(
                request,
                status=404,
                title=_("Laporan ini tidak ada di meja Anda"),
                why=_("Nomornya keliru, atau laporan ini tidak lagi bisa Anda buka."),
            )
        raise Http404
    why = _("%(what)s, %(when)s.") % {
        "what": history.heading(event),
        "when": wording.moment(event.at, gone.zone),
    }
    # What officers gave as their reason may name somebody: an observer reads nothing of it.
    detail = "" if by.role is Role.OBSERVER else history.lines(gone, [event])[0].detail
    if request.method == "POST":
        title = _("Laporan ini sudah tidak di kantor Anda")
        return lost_right(request, status=409, title=title, why=why, detail=detail)
    assert by.membership is not None
    context = {"case": gone, "detail": detail, "why": why, "observes": by.programme_id is not None}
    return page(request, "routing/left.html", context)  # type: ignore[arg-type]


# Nearly always there is none.
_LEFT: Seated[Any] = Seated(
    lambda by: (
        Complaint.objects.left_by(by).filter(number=Blank("number", models.CharField())).values_list("pk").order_by()
    )
)
