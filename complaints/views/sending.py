"""Kiriman: a whole report at once, from a phone that wrote it without a connection.

A POST carries everything, the photos too, under the draft's own key, a uuid that only the phone knows. The same key
twice is the same case, however often the line broke in between, and the key of the report is given again until the
phone says by DELETE that it has it. What is stored of the uuid is its keyed hash: who reads our tables can't ask with
it.

No cookie counts here, so a request forged from another site could do no more than its forger alone; it is refused all
the same (`is_ours`). And a draft may be sent while somebody else is signed in on a shared phone: it belongs to no
account, whoever's cookie comes along.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from agencies import finding, subsites
from agencies.models import Agency
from complaints import emergency, uploads
from complaints.attachments import COUNT_LIMIT
from complaints.channels import web
from complaints.channels.web.submission import STEP, questions_about, send
from complaints.forms import CheckForm, OfflinePlaceForm, QuestionsForm, StoryForm
from complaints.intake import Receipt
from complaints.limits import FILING
from complaints.models import Arrival, CategoryQuestion, Complaint, Draft
from complaints.number import shown_key
from complaints.transitions import Incomplete
from complaints.views import telling
from complaints.views.submit import office_of, story_as_typed
from lapor.kit.ratelimit import address, is_this_machine
from lapor.kit.wording import zone_of

HEADER = "X-Lapor-Draf"
# Fields by the name they have in the forms, so that a sentence finds its place beside one.
Errors = dict[str, list[str]]
# What the sender may choose from, by field: (value, words).
Choices = dict[str, list[tuple[str, str]]]


class Refused(Exception):
    """Nothing was kept; the sentences say what is missing."""

    def __init__(self, errors: Errors, choices: Choices | None = None) -> None:
        super().__init__(errors)
        self.errors, self.choices = errors, choices or {}


@csrf_exempt  # no cookie counts here; see the module and `is_ours`
@never_cache
@require_http_methods(["POST", "DELETE"])
def sending(request: HttpRequest) -> HttpResponse:
    """201 and the new case, 200 and the case this key made before, 422 and sentences by field, 429 when it is too
    much at once. DELETE: the phone has the key of the report, nobody else needs it; 204, whatever the key."""
    draft_key = _key_of(request)
    if not is_ours(request) or draft_key is None:
        return JsonResponse({"say": _("Kiriman ini tidak datang dari halaman LAPOR!")}, status=403)
    token = _token_of(draft_key)
    if request.method == "DELETE":
        Draft.objects.filter(token=token, complaint__isnull=False).update(fields_sealed="")
        return HttpResponse(status=204)
    said = request.POST.get("language", "")
    with translation.override(said if said in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        return _taken(request, token)


def _taken(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    if (before := _made_before(token)) is not None:
        return _answer(before, [])
    who = address(request)
    if (settings.PRODUCTION or not is_this_machine(who)) and not FILING.take(who):
        say = _("Dari jaringan ini baru saja masuk banyak laporan. Tunggu beberapa menit, lalu kirim lagi.")
        return JsonResponse({"say": say}, status=429, headers={"Retry-After": "300"})
    try:
        receipt, left_out = _receive(request, token)
    except Refused as refused:
        return JsonResponse({"errors": refused.errors, "choices": refused.choices}, status=422)
    return _answer(receipt, left_out)


def _receive(request: HttpRequest, token: uuid.UUID) -> tuple[Receipt, list[str]]:
    """The case, and the sentences of files that could not be kept. Whoever comes second with the same key waits here
    for the first and gets the same case. Raises Refused, and then nothing was kept."""
    kept: list[Any] = []
    try:
        with transaction.atomic():
            Draft.objects.get_or_create(token=token, defaults={"expires_at": Draft.begin().expires_at})
            draft = Draft.objects.select_for_update(of=("self",)).get(token=token)
            if draft.complaint_id:
                before = _made_before(token)
                assert before is not None
                return before, []
            contact = _written(request, draft)
            left_out = _take_photos(request, draft, kept)
            files = [file.pk for file in kept]
            draft.keep("masalah", {**draft.step_fields("masalah"), "files": files})
            try:
                receipt = send(
                    draft,
                    contact=contact,
                    language=translation.get_language() or "id",
                    subsite=subsites.of(request),
                )
            except Incomplete as missing:
                raise Refused({"story": [str(missing)]}) from missing
            return receipt, left_out
    except BaseException:
        for file in kept:
            file.file.delete(save=False)
        raise


def _written(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What was typed goes into the draft; gives who and how to tell, as CheckForm cleans it. Raises Refused."""
    place = OfflinePlaceForm(request.POST)
    place.is_valid()
    region = place.cleaned_data.get("place") if not place.errors else None
    story = StoryForm(request.POST, today=timezone.localdate(timezone=zone_of(region.zone if region else None)))
    story.is_valid()
    offices, office = office_of(story, "", region or None)
    check = CheckForm(request.POST)
    check.is_valid()
    details = QuestionsForm(_asked(request), request.POST)
    details.is_valid()
    errors = _sentences(place, story, check, details)
    if errors:
        raise Refused(errors, {"office": [_choice(one) for one in offices]} if "office_text" in errors else None)
    assert region is not None
    where = {name: place.cleaned_data[name] for name in ("query", "landmark", "latitude", "longitude")}
    draft.keep("lokasi", {**where, "place": region.pk})
    draft.keep("masalah", {**story_as_typed(story, office), "asks": bool(details.questions)})
    if details.questions:
        draft.keep(STEP, {"seen": details.questions[0].category_id, "answers": details.answers})
    return check.cleaned_data


def _asked(request: HttpRequest) -> list[CategoryQuestion]:
    """Of the category's questions those the phone had with it. Nobody is there to be asked a newer one, and it holds
    no report up."""
    seen = set(request.POST.get("asked", "").split(",")) - {""}
    about = questions_about(request.POST.get("category", "")) if seen else []
    return [one for one in about if str(one.pk) in seen]


def _sentences(*written: forms.Form) -> Errors:
    """By field, as the pages say them; "" holds what is about no single field."""
    found: Errors = {}
    for form in written:
        for name, sentences in form.errors.items():
            found["" if name == "__all__" else name] = [str(sentence) for sentence in sentences]
    return found


def _choice(office: Agency) -> tuple[str, str]:
    return str(office.pk), finding.office_line(office)


def _take_photos(request: HttpRequest, draft: Draft, kept: list[Any]) -> list[str]:
    """A photo that is none is refused with the report, so that its sender may choose another; one that we cannot take
    just now holds no report up: it stays behind, with the sentence that says so."""
    left_out: list[str] = []
    for upload in request.FILES.getlist("photo"):
        try:
            if len(kept) < COUNT_LIMIT:
                uploads.may_bring(request)
            kept.append(uploads.take(upload, len(kept), draft=draft))
        except uploads.NotNow as error:
            left_out.append(str(error))
        except uploads.FileRefused as error:
            raise Refused({"photo": [str(error)]}) from error
    return left_out


def _made_before(token: uuid.UUID) -> Receipt | None:
    """The case this key made, with the report's key for as long as the phone has not said that it has it."""
    arrival = (
        Arrival.objects.filter(channel=web.CODE, external_id=str(token), complaint__isnull=False)
        .select_related("complaint__handler", "complaint__place")
        .first()
    )
    if arrival is None or arrival.complaint is None:
        return None
    draft = Draft.objects.filter(token=token).first()
    key = str(draft.fields().get("case", {}).get("key", "")) if draft else ""
    return Receipt(arrival.complaint, key, created=False)


def _answer(receipt: Receipt, left_out: list[str]) -> HttpResponse:
    case = receipt.complaint
    return JsonResponse(
        {
            "created": receipt.created,
            "number": case.shown_number,
            "key": shown_key(receipt.key) if receipt.key else "",
            "url": reverse("complaints:case", args=[case.number]),
            "where": telling.where_now(case),
            "emergency": _danger(case),
            "left_out": left_out,
        },
        status=201 if receipt.created else 200,
    )


def _danger(case: Complaint) -> str:
    """Whom to call, where it tells of danger now; of a closed report in words for any danger: phones are shared."""
    alarm = emergency.read(case.title, case.body).dated(case.happened_on, case.today(case.received_at))
    language = translation.get_language() or "id"
    if alarm.urgent and (case.secret or case.anonymous):
        return emergency.short(language)
    return emergency.notice(alarm, language)


def _key_of(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.headers.get(HEADER, ""))
    except ValueError:
        return None


def _token_of(draft_key: uuid.UUID) -> uuid.UUID:
    """The draft's token: a keyed hash of the phone's uuid."""
    digest = hmac.new(settings.LAPOR_PEPPER.encode(), b"sending:" + draft_key.bytes, hashlib.sha256).digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def is_ours(request: HttpRequest) -> bool:
    """From a page or the worker of this very site. The header alone already keeps forms of other sites out (it takes
    a permission we give nobody); browsers that say where they come from are believed when they say: elsewhere."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    ours = f"{request.scheme}://{request.get_host()}"
    return (origin is None or origin == ours) and site in (None, "same-origin")
