"""/meja/loket/: an officer types in what a citizen tells, and hands over the receipt.

One page, sent once: the form carries a token from the moment it is opened, so that a second press and a second page
of the same form make the same case. What was typed and scanned is kept in a Draft until nothing is missing. The key is
shown on the receipt, one time; afterwards this page knows no more of the report than its number.
"""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from agencies import finding
from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.models import Agency, Kind, Level, Region, SubSite
from agencies.models.agency import PEMDA
from agencies.permissions import Capability, membership_may
from complaints import emergency, uploads
from complaints.attachments import COUNT_LIMIT
from complaints.channels.counter import filing
from complaints.channels.registry import dialling
from complaints.forms import PhoneForm
from complaints.models import Category, Complaint, Draft
from complaints.notifications import phones
from complaints.number import shown_key
from complaints.transitions import Incomplete, Status
from complaints.views import receipt, telling
from complaints.views.submit import office_of
from lapor.kit.wording import zone_of
from routing import destination, dispatch
from routing.forms.counter import CounterForm
from routing.models import Disposition
from routing.views.frame import find_case, for_officers, page

log = logging.getLogger(__name__)

# Which report this browser's officer typed last: the way to its receipt.
LAST = "loket"
NATIONAL_OFFICES = (Kind.KEMENTERIAN, Kind.LEMBAGA, Kind.BUMN)


def _office(request: OfficerRequest) -> Agency:
    """Where the counter stands: the office acted for."""
    if not membership_may(request.acting, Capability.TYPE_IN, request.acting.agency):
        raise PermissionDenied
    return request.acting.agency


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def counter(request: OfficerRequest) -> HttpResponseBase:
    office = _office(request)
    if request.method != "POST":
        return _page(request, CounterForm(near=office.region), uuid.uuid4())
    form = CounterForm(request.POST, near=office.region, today=_today(office))
    if request.POST.get("act") == "bahaya":
        return render(request, "complaints/_emergency.html", {"alarm": _alarm(form), "aloud": True})
    return _posted(request, form, _token(request))


def _token(request: OfficerRequest) -> uuid.UUID:
    """The form's own; one that was tampered with is a new form."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


def _today(office: Agency) -> Any:
    return timezone.localdate(timezone=zone_of(office.region.zone if office.region else None))


def _alarm(form: CounterForm) -> emergency.Alarm:
    return emergency.read(*form.alarm_texts)


def _posted(request: OfficerRequest, form: CounterForm, token: uuid.UUID) -> HttpResponseBase:
    form.is_valid()
    draft = _draft(request, token)
    if draft is None:
        form.add_error(None, _("Formulir ini milik petugas lain. Periksa isinya, lalu simpan sekali lagi"))
        return _page(request, form, uuid.uuid4())
    if draft.complaint_id:
        return _to_receipt(request, draft)
    offices, chosen = office_of(form, "", form.cleaned_data.get("place"))
    refused = _take_scans(request, draft)
    if pk := request.POST.get("hapus", ""):
        uploads.remove(draft, pk)
    if pk or refused or request.POST.get("act") == "unggah":
        form.errors.clear()
        return _page(request, form, token, draft, offices=offices, refused=refused)
    if form.errors:
        return _page(request, form, token, draft, offices=offices)
    try:
        made = filing.file(draft, _typed(form, chosen), by=Actor.officer(request.acting))
    except Incomplete as missing:
        form.add_error(missing.field if missing.field in form.fields else "story", str(missing))
        return _page(request, form, token, draft, offices=offices)
    _bring_on(made.complaint)
    return _to_receipt(request, draft)


def _draft(request: OfficerRequest, token: uuid.UUID) -> Draft | None:
    """This officer's draft of this form. Whoever comes second with the same token gets the same row; None: it is
    somebody else's."""
    draft, _is_new = Draft.objects.get_or_create(
        token=token,
        defaults={
            "account_fingerprint": request.user.fingerprint,
            "step": filing.STEP,
            "expires_at": Draft.begin().expires_at,
        },
    )
    return draft if draft.account_fingerprint == request.user.fingerprint and draft.step == filing.STEP else None


def _take_scans(request: OfficerRequest, draft: Draft) -> list[str]:
    """Keep what was scanned; the sentences of what was refused."""
    refused: list[str] = []
    for upload in request.FILES.getlist("file"):
        try:
            uploads.take(upload, draft.attachments.count(), draft=draft)
        except uploads.FileRefused as error:
            refused.append(str(error))
    return refused


def _typed(form: CounterForm, office: Agency | None) -> filing.Typed:
    said = form.cleaned_data
    return filing.Typed(
        came=filing.Came(said["came"]),
        kind=said["kind"],
        title=said["title"],
        story=said["story"],
        happened_on=said["happened_on"],
        place=said["place"],
        landmark=said["landmark"],
        category=Category.objects.filter(pk=said["category"]).first() if said["category"] else None,
        office=office,
        office_text=said["office_text"],
        conduct=said["conduct"],
        anonymous=said["who"] == "hidden",
        secret=said["read"] == "secret",
        name=said["name"],
        email=said["email"],
        phone=said["phone"],
        letter_number=said["letter_number"],
        letter_on=said["letter_on"],
        read_out=said["read_out"],
    )


def _bring_on(complaint: Complaint) -> None:
    """Weigh it at once, so that the receipt says where it went. Should that fail, the worker does it in a moment, as it
    does where the place must be read from the words: what that takes is not loaded here."""
    if destination.must_read(complaint):
        return
    try:
        dispatch.forward_by_itself(complaint.pk)
    except Exception:
        log.exception("a report of the counter was not weighed at once")


def _to_receipt(request: OfficerRequest, draft: Draft) -> HttpResponse:
    request.session[LAST] = draft.pk
    return redirect("routing:counter_receipt")


def _page(
    request: OfficerRequest,
    form: CounterForm,
    token: uuid.UUID,
    draft: Draft | None = None,
    *,
    offices: list[Agency] | None = None,
    refused: list[str] | None = None,
) -> HttpResponse:
    office = request.acting.agency
    files = list(draft.attachments.filter(complaint=None)) if draft else []
    chosen = str(form.cleaned_data["place"].pk) if form.is_bound and form.cleaned_data.get("place") else ""
    paths = finding.paths(form.found)
    context = {
        "form": form,
        "token": token,
        "places": _places_of(office),
        "near_offices": _offices_of(office),
        "found": [(region.pk, paths[region.pk], region.pk == chosen) for region in form.found]
        if len(form.found) > 1
        else [],
        "offices": [(str(one.pk), finding.office_line(one)) for one in offices or []],
        "office": str(form.data.get("office", "")),
        "searched": form.data.get("office_text", ""),
        "files": [{"name": file.name, "size": file.size, "key": file.pk} for file in files],
        "room": COUNT_LIMIT - len(files),
        "refused": refused or [],
        "accept": uploads.ACCEPT,
        "alarm": _alarm(form) if form.is_bound else emergency.Alarm(),
        "more_open": (form.is_bound and form.more_is_needed) or bool(files or refused),
    }
    return page(request, "routing/counter.html", context)


def _site_of(office: Agency) -> SubSite | None:
    """The own site of the district this counter stands in."""
    return SubSite.objects.active().filter(agency__in=[*office.ids_above, office.pk]).first()


def _places_of(office: Agency) -> list[str]:
    """What the browser offers while a place is typed: a district's villages as one says them."""
    region = office.region
    if region is None or region.level == Level.PROVINSI:
        return []
    district = region.codes_above[:2][-1]
    rows = Region.objects.current().filter(pk__startswith=f"{district}.").order_by("name")
    return [
        f"{name}, {around}" if level in (Level.DESA, Level.KELURAHAN) else name
        for name, level, around in rows.values_list("name", "level", "parent__name")
    ]


def _offices_of(office: Agency) -> list[str]:
    """The same for offices: those of one's own pemda; at the centre the ministries and the like."""
    today = timezone.localdate()
    ids = [*office.ids_above, office.pk]
    pemda = Agency.objects.filter(pk__in=ids, kind__in=PEMDA).first()
    if pemda is not None:
        rows = Agency.objects.under(pemda).active_on(today)
    else:
        rows = Agency.objects.active_on(today).filter(parent__parent__isnull=True, kind__in=NATIONAL_OFFICES)
    return list(rows.order_by("name").values_list("name", flat=True))


@never_cache
@require_GET
@for_officers
def counter_receipt(request: OfficerRequest) -> HttpResponseBase:
    """The receipt of the report typed last: whole the first time, afterwards its number alone."""
    _office(request)
    draft = _last(request)
    complaint = draft.complaint if draft else None
    key = draft.show_key() if draft and complaint else ""
    context: dict[str, Any] = {"number": complaint.shown_number if complaint else "", "key": ""}
    context["phone"] = complaint is not None and _phone_waits(complaint)
    if complaint is not None and key:
        context |= _receipt(request, complaint, shown_key(key))
    elif complaint is not None:
        context["case"] = find_case(complaint.number, Actor.officer(request.acting))
    return page(request, "routing/counter_receipt.html", context)


def _last(request: OfficerRequest) -> Draft | None:
    """What this officer typed last in this browser."""
    return (
        Draft.objects.filter(
            pk=request.session.get(LAST) or 0, account_fingerprint=request.user.fingerprint, step=filing.STEP
        )
        .select_related("complaint__handler", "complaint__place", "complaint__reporter")
        .first()
    )


def _phone_waits(complaint: Complaint) -> bool:
    return bool(dialling()) and phones.waits_for_a_code(complaint.reporter, timezone.now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def counter_phone(request: OfficerRequest) -> HttpResponseBase:
    """The code that came to the citizen's phone while they stand here: who has no internet types it nowhere else."""
    _office(request)
    draft = _last(request)
    complaint = draft.complaint if draft else None
    if complaint is None or not _phone_waits(complaint):
        messages.info(request, _("Tidak ada nomor HP yang menunggu dipastikan."))
        return redirect("routing:counter_receipt")
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if phones.confirm(complaint.reporter, form.cleaned_data["code"], dialling(), timezone.now()):
                messages.success(request, _("Nomor HP warga sudah dipastikan. Kabar berikutnya dikirim ke sana."))
                return redirect("routing:counter_receipt")
            form.add_error("code", _("Kode ini tidak cocok. Periksa SMS-nya, angka demi angka"))
        except phones.TooManyGuesses:
            form.add_error("code", _("Sudah terlalu banyak dicoba. Tunggu satu jam, lalu coba lagi"))
    return page(request, "routing/counter_phone.html", {"form": form, "number": complaint.shown_number})


def _where(complaint: Complaint) -> str:
    """Weighed already and still with the centre: a person there looks for the office, which takes more than seconds."""
    office = complaint.handler
    weighed = Disposition.objects.filter(complaint=complaint, ended_at=None, weighed_at__isnull=False)
    if complaint.status == Status.SUBMITTED and office.parent_id is None and weighed.exists():
        return _("Sekarang ada di meja %(office)s, yang mencarikan kantornya.") % {"office": office.name}
    return telling.where_now(complaint)


def _receipt(request: OfficerRequest, complaint: Complaint, key: str) -> dict[str, Any]:
    clocks = list(complaint.clocks.select_related("standard", "programme_promise__programme"))
    rows = receipt.rows(complaint, receipt.promise_of(clocks))
    closed = complaint.secret or complaint.not_for_id is not None
    if closed:
        # Paper lies about on a kitchen table: of a closed report it says neither what it is about nor where it lies.
        rows = [row for row in rows if row[0] not in (_("Judul"), _("Ada di"))]
    site = _site_of(request.acting.agency)
    rows += [(label, number) for label, number in site.phones] if site else []
    rows.append((_("Darurat"), "112"))
    rows.append((_("Dicatat oleh"), f"{request.user.name}, {request.acting.agency.name}"))
    return {
        "key": key,
        "qr": receipt.qr(complaint),
        "hidden": closed,
        "receipt": rows,
        "place": request.acting.agency.name,
        "site": settings.SITE_URL.partition("//")[2],
        "where": _where(complaint),
        "alarm": emergency.read(complaint.title, complaint.body).dated(
            complaint.happened_on, complaint.today(complaint.received_at)
        ),
    }
