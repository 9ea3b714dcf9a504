"""Every act of the desk under its noun: GET shows the form, POST acts (see `routing.desk_acts`)."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from complaints import privacy, uploads
from complaints.models import Complaint, Event, Message
from complaints.notifications.send import hears_numbers_only
from complaints.transitions import TABLE, Incomplete, Refusal, Stale, Status, Who, WrongStatus
from complaints.uploads import FileRefused
from lapor.kit.text import row_id, shorten
from lapor.kit.urls import safe_next
from routing import accepting, case_page, desk_acts, dispatch, forms, helping, history, queue, requirements
from routing.desk_acts import Act
from routing.models import Suggestion
from routing.views.desk import act_form, left
from routing.views.frame import find_case, for_officers, lost_right, page, typed, unsent

# Letters shown of what somebody else wrote meanwhile.
WORDS_OF_OTHERS = 600
# The verbs name some fields otherwise than the forms.
_FIELDS = {"files": "shared", "proposed": "agency", "duplicate_of": "lead", "public_body": "public_body"}


@require_http_methods(["GET", "POST"])
@for_officers
def act(request: OfficerRequest, number: str, noun: str) -> HttpResponseBase:
    """One act on one case: scoped getter, form, one verb, message, redirect."""
    chosen = desk_acts.BY_NOUN.get(noun)
    if chosen is None:
        raise Http404
    by = Actor.officer(request.acting)
    case = find_case(number, by) or _helped(chosen, number, by)
    if case is None:
        return left(request, number, by)
    if request.method == "POST":
        return _post(request, chosen, case, by)
    if not desk_acts.allowed(chosen, case, by):
        return _refused(request, chosen, case, by)
    seen = case.events.order_by("-pk").values_list("pk", flat=True).first()
    form = act_form(chosen, case, by, seen, **_initial(request, chosen, case, by))
    return _show(request, chosen, case, by, form)


def _helped(chosen: Act, number: str, by: Actor) -> Complaint | None:
    """The case of another office that asked this one for help, for the acts of whoever helps."""
    if Who.CONTRIBUTOR not in TABLE[chosen.verb].who:
        return None
    asked = helping.find(number, by)
    return asked.complaint if asked is not None and asked.reads else None


def _post(request: OfficerRequest, chosen: Act, case: Complaint, by: Actor) -> HttpResponseBase:
    if not desk_acts.stands(chosen, case, by):
        return lost_right(request, why=_("Anda tidak berwenang melakukan ini pada laporan ini."))
    form = chosen.form(case, by, request.POST)
    form.files = request.FILES
    if forms.SEARCH in request.POST:
        form.forget_errors()
        return _show(request, chosen, case, by, form)
    accepts = accepting.ACCEPTS in request.POST and chosen.verb in accepting.VERBS
    if accepts:
        if accepting.is_done(case, chosen.verb, by, request.POST):
            return _onward(request, chosen, case, by)
        if not desk_acts.allowed(chosen, case, by):
            return _conflict(request, chosen, case, by)
        if form.publishes and "public_body" not in request.POST:
            return _look_first(request, chosen, case, by)
    if not form.is_valid():
        return _show(request, chosen, case, by, form, status=422 if request.htmx else 200)  # type: ignore[attr-defined]
    try:
        _take_files(request, form)
        chosen.run(case, by, form)
    except FileRefused as refused:
        form.add_error(None, str(refused))
        return _show(request, chosen, case, by, form)
    except Refusal as error:
        _drop_files(form)
        if (
            accepts
            and (fresh := find_case(case.number, by))
            and accepting.is_done(fresh, chosen.verb, by, request.POST)
        ):
            return _onward(request, chosen, fresh, by)
        return _not_done(request, chosen, case, by, form, error)
    case = Complaint.objects.select_related("handler", "not_for").get(pk=case.pk)
    if accepts:
        return _onward(request, chosen, case, by)
    messages.success(request, _done(chosen, case))
    if find_case(case.number, by) is None:
        return redirect("routing:helping" if Who.CONTRIBUTOR in TABLE[chosen.verb].who else "routing:desk")
    page_of_case = reverse("routing:case", args=[case.number])
    return redirect(f"{page_of_case}?pelapor=tampil" if chosen.verb == "reveal" else safe_next(request, page_of_case))


def _look_first(request: OfficerRequest, chosen: Act, case: Complaint, by: Actor) -> HttpResponseBase:
    """What is accepted will be read by everybody: the masked text first, office and reason as they were accepted, and
    one press more. Whoever pressed on a page that is old by now reads what the others did."""
    changed = None
    if request.POST.get("version", "") != str(case.version):
        changed = _changes(case, by, _since(request, case))
    seen = case.events.order_by("-pk").values_list("pk", flat=True).first()
    said = {name: request.POST.get(name, "")[:2000].replace("\x00", "") for name in ("agency", "reason")}
    form = act_form(chosen, case, by, seen, **said)
    return _show(request, chosen, case, by, form, status=200 if changed is None else 409, changed=changed)


def _onward(request: OfficerRequest, chosen: Act, case: Complaint, by: Actor) -> HttpResponseBase:
    """To the next case of the list, with what was done and the way back."""
    messages.success(request, _accepted(chosen, case, by))
    listed = {accepting.FROM: request.POST.get(accepting.FROM, "")[:200]}
    number = accepting.next_after(request.acting, chosen.verb, request.POST)
    if number and number != case.number:
        query = f"?{urlencode(listed)}" if listed[accepting.FROM] else ""
        return redirect(reverse("routing:case", args=[number]) + query)
    messages.info(request, _("Di daftar ini tidak ada lagi yang berikutnya."))
    query = f"?{urlencode({'q': listed[accepting.FROM]})}" if listed[accepting.FROM] else ""
    return redirect(reverse("routing:desk") + query)


def _accepted(chosen: Act, case: Complaint, by: Actor) -> SafeString | str:
    """What was done, and where it is taken back: by a move, as far as the table has one."""
    done = _done(chosen, case)
    if find_case(case.number, by) is None:
        return done
    links = format_html('<a href="{}">{}</a>', reverse("routing:case", args=[case.number]), case.shown_number)
    back = desk_acts.BY_VERB["move"]
    if desk_acts.allowed(back, case, by):
        where = reverse(back.url_name, args=[case.number])
        links = format_html('{}. {} <a href="{}">{}</a>', links, _("Keliru?"), where, _("Pindahkan"))
    return format_html("{} {}", done, links)


def _not_done(
    request: OfficerRequest, chosen: Act, case: Complaint, by: Actor, form: forms.ActForm, error: Refusal
) -> HttpResponseBase:
    """Something lacks (said at its field), somebody was faster, or it is not this officer's to do."""
    if isinstance(error, Incomplete):
        field = _FIELDS.get(error.field, error.field)
        form.add_error(field if field in form.fields else None, str(error.message))
        return _show(request, chosen, case, by, form)
    if isinstance(error, Stale | WrongStatus):
        return _conflict(request, chosen, case, by)
    return lost_right(request, title=_("Ini tidak bisa Anda lakukan"), why=str(error.message))


def _take_files(request: OfficerRequest, form: forms.ActForm) -> None:
    """Keep what was sent along. Raises FileRefused when one is not taken; then none is."""
    if not form.takes_files:
        return
    for upload in request.FILES.getlist("file"):
        if isinstance(upload, UploadedFile) and upload.size:
            try:
                form.attachments.append(uploads.take(upload, len(form.attachments)))
            except FileRefused:
                _drop_files(form)
                raise


def _drop_files(form: forms.ActForm) -> None:
    for attachment in form.attachments:
        attachment.file.delete(save=False)
        attachment.delete()
    form.attachments.clear()


def _done(chosen: Act, case: Complaint) -> str:
    pending = chosen.verb in ("answer", "resolve") and Message.objects.filter(complaint=case, state="PENDING").exists()
    if pending:
        return _("Jawaban menunggu persetujuan pimpinan. Pelapor belum melihatnya.")
    return str(chosen.done) % {"office": case.handler.shown_name}


def _initial(request: OfficerRequest, chosen: Act, case: Complaint, by: Actor) -> dict[str, Any]:
    """What a link may pre-fill: an office suggested, what the checklist found missing, a search."""
    initial: dict[str, Any] = {}
    if office := row_id(request.GET.get("kantor", "") or request.GET.get("agency", "")):
        initial["agency"] = str(office)
        if chosen.verb in accepting.VERBS and (reason := _reason_for(case, office, by)):
            initial["reason"] = reason
    if words := request.GET.get("cari", ""):
        initial["cari"] = words[:100]
    if chosen.verb in ("answer", "resolve") and (returned := case_page.returned(case)) and returned.verb == chosen.verb:
        initial |= returned.initial
    if chosen.verb in ("answer", "resolve") and (quote := row_id(request.GET.get("kutip", ""))):
        initial["body"] = case_page.quoted(case, quote)
    if chosen.verb == "ask" and (missing := request.GET.getlist("kurang")):
        initial["question"] = requirements.question_for(case, missing)
    return initial


def _reason_for(case: Complaint, office: int, by: Actor) -> str:
    """Why the worker suggested it, in words that are for the reporter too; "": it did not, or the story, which it may
    quote, asks for a reason first."""
    if privacy.text_for(case, by) is not privacy.Text.FULL:
        return ""
    rows = Suggestion.objects.filter(complaint=case, agency=office, rank__lte=case_page.OFFERED)
    guess = rows.order_by("-made_at", "rank").only("reason", "because").first()
    return guess.plain if guess is not None else ""


def _since(request: OfficerRequest, case: Complaint) -> list[Event]:
    """What happened after the officer read it."""
    since = Event.objects.filter(complaint=case, pk__gt=row_id(request.POST.get("seen", "")))
    found = since.select_related("actor", "client", "acting_agency", "handler_from", "handler_to")
    return list(found.order_by("pk"))


class Change(NamedTuple):
    """What somebody else did meanwhile, and the words they wrote: enough not to say the same twice."""

    line: history.Line
    words: str


def _changes(case: Complaint, by: Actor, events: list[Event], *, aloud: bool = True) -> list[Change]:
    """For whoever reads all of the case; to others it only says that something did. Not `aloud`: on a page where
    reading a secret text is not logged."""
    if privacy.text_for(case, by) is not privacy.Text.FULL:
        return []
    told = [event for event in events if event.verb != "remind"]
    named = [event.particulars["message"] for event in told if "message" in event.particulars]
    words: dict[int, str] = {}
    if named and (aloud or not case.secret):
        rows = Message.objects.filter(complaint=case, pk__in=named).exclude(state=Message.State.WITHDRAWN)
        words = dict(rows.values_list("pk", "body"))
    return [
        Change(line, shorten(words.get(line.event.particulars.get("message", 0), ""), WORDS_OF_OTHERS))
        for line in history.lines(case, told)
    ]


def _show(
    request: OfficerRequest,
    chosen: Act,
    case: Complaint,
    by: Actor,
    form: forms.ActForm,
    *,
    status: int = 200,
    changed: list[Change] | None = None,
) -> HttpResponse:
    if "cari" in request.GET and request.htmx:  # type: ignore[attr-defined]
        return render(request, "routing/_offices.html", {"form": form, "act": chosen, "case": case})
    try:
        view = privacy.view_of(case, by)
    except privacy.NotVisible as error:
        raise Http404 from error
    pending = None
    # An answer to a secret report tells what it says: it is read where the report may be read.
    if view.is_full and chosen.verb in ("approve", "return"):
        pending = Message.objects.filter(complaint=case, state="PENDING").select_related("author").first()
    context = {
        "act": chosen,
        "case": case,
        "view": view,
        "form": form,
        "status": Status(case.status).label,
        "place": queue.place_line(case.place),
        "overtaken": changed is not None,
        "changed": changed or [],
        "unsent": unsent(request),
        "pending": pending,
        "pending_facts": case_page.answer_facts(pending.facts) if pending else [],
        "pending_files": case_page.files_of(pending) if pending else [],
        "checklist": requirements.checklist(case)
        if case.status == Status.SUBMITTED and chosen.verb in ("forward", "place", "ask") and view.is_full
        else [],
        **_target(chosen, case),
        "unread": chosen.verb == "ask" and hears_numbers_only(case, "asked"),
        # Where somebody came from who did not come from the case's page: the cases of an office they oversee.
        "next": safe_next(request, reverse("routing:case", args=[case.number])),
        **_accepting(request, form),
    }
    return page(request, "routing/act.html", context, status=status)


def _accepting(request: OfficerRequest, form: forms.ActForm) -> dict[str, Any]:
    """Of a form that a suggestion opened: the list to go on with; and the office, if only the button is left to
    press."""
    if accepting.ACCEPTS not in request.POST or not isinstance(form, forms.OfficeForm):
        return {}
    listed = {name: request.POST.get(name, "")[:200] for name in (accepting.FROM, accepting.AFTER)}
    whole = form.publishes and not form.is_bound and str(form.initial.get("reason", "")).strip()
    return {"accepting": listed, "ready": form.offered_name(form.initial.get("agency", "")) if whole else ""}


def _target(chosen: Act, case: Complaint) -> dict[str, Any]:
    """Where a case handed back goes, and whether that is the second refusal of its round, after which nobody may hand
    it back."""
    if chosen.verb != "hand_back" or case.handler.parent_id is None or case.status not in TABLE["hand_back"].sources:
        return {}
    refused, second = dispatch.refusal_target(case)
    proposed = dispatch.hand_back_target(case)
    return {"target": refused.name, "second": second, "archive_target": proposed.name if proposed != refused else ""}


def _conflict(request: OfficerRequest, chosen: Act, case: Complaint, by: Actor) -> HttpResponseBase:
    """Somebody was faster: the same page again, the words kept, what the other did on top. 409 says so to machines."""
    fresh = find_case(case.number, by) or _helped(chosen, case.number, by)
    if fresh is None:
        return left(request, case.number, by)
    events = _since(request, fresh)
    if not desk_acts.allowed(chosen, fresh, by):
        return _refused(request, chosen, fresh, by, changed=_changes(fresh, by, events, aloud=False))
    form = chosen.form(fresh, by, request.POST)
    form.files = request.FILES
    form.renew(fresh.version, events[-1].pk if events else None)
    form.forget_errors()
    return _show(request, chosen, fresh, by, form, status=409, changed=_changes(fresh, by, events))


def _refused(
    request: OfficerRequest, chosen: Act, case: Complaint, by: Actor, *, changed: list[Change] | None = None
) -> HttpResponseBase:
    """The table has no such act here now: by this actor (403), or from this status (409), with what was typed."""
    if not desk_acts.stands(chosen, case, by):
        if request.method == "POST":
            return lost_right(request)
        raise PermissionDenied
    context = {
        "act": chosen,
        "case": case,
        "status": Status(case.status).label,
        "changed": changed or [],
        "typed": typed(request),
        "unsent": unsent(request),
    }
    return page(request, "routing/refused.html", context, status=409)
