"""POST Service Request: what was sent → what was said → a Submission.

`read_form` checks a form and says in plain values what it means, `submission` makes a Submission of that. Between them
lies JSON, so that a report which could not become a case at once is kept as an Arrival and read again by a worker.
"""

from __future__ import annotations

import datetime
import json
import logging
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db import DatabaseError
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.models import Agency, ApiClient, Region
from complaints import emergency, privacy
from complaints.channels.contract import Hold, Open, Reading
from complaints.channels.open311 import CODE, addresses, services
from complaints.channels.open311.asking import Asked
from complaints.channels.open311.formats import has_html
from complaints.channels.open311.refusals import Missing, NoKey, Wrong
from complaints.intake import FILE_LIMIT, Receipt, Submission, keep, receive
from complaints.models import AddressedBy, Answer, Arrival, Category, CategoryQuestion, Complaint, Unfit
from complaints.number import shown_key
from complaints.transitions import Incomplete
from lapor.kit.sealing import InvalidToken, fingerprint, seal, unseal
from lapor.kit.text import row_id

log = logging.getLogger(__name__)

DESCRIPTION_LIMIT = 4000
ADDRESS_LIMIT = 200
NAME_LIMIT = 120
PHONE_LIMIT = 40
URL_LIMIT = 2000
KEY_LIMIT = 128
# The very same report of the same client within this time is the same one, sent again after a broken line.
SAME_WITHIN = datetime.timedelta(hours=24)
# attribute[code] and attribute[code][]
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[\d*\])?")
_YES = {"true": True, "1": True, "false": False, "0": False, "": False}

Said = dict[str, Any]


@dataclass(frozen=True)
class Filed:
    """What became of a POST: a case, or an arrival that a worker will make one of. `key` is shown this once."""

    number: str = ""
    token: str = ""
    key: str = ""


# --- What was sent ---


def read_form(asked: Asked, jurisdiction: Agency | None, today: datetime.date) -> Said:
    """Everything a report says, by the words of the specification. Raises Missing, Wrong with all that is wrong."""
    code = asked.one("service_code")
    if not code:
        raise Wrong(_("service_code wajib dikirim."))
    category = services.find(code, today)
    wrong: list[str] = []
    said: Said = {
        "category": category.pk,
        "jurisdiction": jurisdiction.pk if jurisdiction else None,
        "description": _description(asked, wrong),
        **_where(asked, wrong),
        "answers": _answers(asked, category, wrong),
        **read_contact(asked, wrong),
        "media": read_media(asked, wrong),
        "anonymous": _yes(asked, "anonymous", wrong),
        "secret": _yes(asked, "secret", wrong),
    }
    if wrong:
        raise Wrong(*wrong)
    return said


def _description(asked: Asked, wrong: list[str]) -> str:
    text = asked.one("description")
    if len(text) > DESCRIPTION_LIMIT:
        wrong.append(_("description: paling banyak 4.000 huruf."))
    if has_html(text):
        wrong.append(_("description: kirim teks biasa, tanpa HTML."))
    return text


def _where(asked: Asked, wrong: list[str]) -> Said:
    latitude, longitude = _degrees(asked, "lat", 90, wrong), _degrees(asked, "long", 180, wrong)
    if (latitude is None) != (longitude is None):
        wrong.append(_("lat dan long dikirim berdua."))
    address, code = asked.one("address_string"), asked.one("address_id")
    region = Region.objects.current().filter(pk=code).first() if code else None
    if code and region is None:
        wrong.append(_("address_id “%(code)s” bukan kode wilayah.") % {"code": code[:40]})
    if latitude is None and not address and not code and not asked.one("lat") and not asked.one("long"):
        wrong.append(_("Tempatnya wajib dikirim: lat dan long, address_string, atau address_id."))
    return {
        "lat": latitude,
        "long": longitude,
        "address": address,
        "region": region.pk if region else None,
    }


def _degrees(asked: Asked, name: str, most: int, wrong: list[str]) -> float | None:
    text = asked.one(name)
    if not text:
        return None
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        wrong.append(_("%(name)s: derajat dari -%(most)d sampai %(most)d.") % {"name": name, "most": most})
        return None
    return round(value, 6)


def _answers(asked: Asked, category: Category, wrong: list[str]) -> dict[str, list[str]]:
    """By the id of the question. Codes nobody asked for stay in what was kept raw."""
    given = attributes(asked)
    found: dict[str, list[str]] = {}
    for question in CategoryQuestion.objects.current().filter(category=category):
        try:
            values = question.read(given.get(question.code, []))
        except Unfit as unfit:
            wrong.append(f"attribute[{question.code}]: {unfit}.")
            continue
        if any(has_html(value) for value in values):
            wrong.append(_("attribute[%(code)s]: kirim teks biasa, tanpa HTML.") % {"code": question.code})
        if values:
            found[str(question.pk)] = values
    return found


def attributes(asked: Asked) -> dict[str, list[str]]:
    """What was sent as attribute[code]=v and attribute[code][]=v, by code."""
    found: dict[str, list[str]] = {}
    for name in asked.names():
        if match := _ATTRIBUTE.fullmatch(name):
            found.setdefault(match[1], []).extend(asked.lines(name))
    return found


def read_contact(asked: Asked, wrong: list[str]) -> Said:
    name = " ".join(part for part in (asked.one("first_name"), asked.one("last_name")) if part not in ("", "-"))
    email, phone = asked.one("email"), asked.one("phone")
    if len(name) > NAME_LIMIT:
        wrong.append(_("first_name dan last_name: bersama paling banyak 120 huruf."))
    if email:
        try:
            _IS_EMAIL(email)
        except ValidationError:
            wrong.append(_("email: alamat ini belum lengkap. Contoh: sari@contoh.id."))
    if phone and (len(phone) > PHONE_LIMIT or not any(ch.isdigit() for ch in phone)):
        wrong.append(_("phone: tulis nomornya dengan angka."))
    return {
        "name": name,
        "email": email,
        "phone": phone,
        # Of use to nobody but the client; kept sealed with what was sent.
        "device_id": asked.one("device_id"),
        "account_id": asked.one("account_id"),
    }


_IS_EMAIL = EmailValidator()
_IS_URL = URLValidator(schemes=["http", "https"])


def read_media(asked: Asked, wrong: list[str]) -> list[str]:
    urls = list(dict.fromkeys(asked.lines("media_url")))
    if len(urls) > FILE_LIMIT:
        wrong.append(_("media_url: paling banyak 5."))
    for url in urls:
        try:
            _IS_URL(url[: URL_LIMIT + 1])
        except ValidationError:
            wrong.append(_("media_url: alamat http atau https yang lengkap."))
    return urls


def _yes(asked: Asked, name: str, wrong: list[str]) -> bool:
    """Ours: `anonymous` hides who, `secret` hides what (case.md section 6)."""
    text = asked.one(name).lower()
    if text not in _YES:
        wrong.append(_("%(name)s: true atau false.") % {"name": name})
    return _YES.get(text, False)


# --- What it means ---


def submission(said: Mapping[str, Any], client: ApiClient) -> Submission:
    """At most eight statements. A category, place or question that ended meanwhile stays what was chosen."""
    category = Category.objects.select_related("parent").filter(pk=said["category"]).first()
    district = Agency.objects.select_related("region").filter(pk=said["jurisdiction"]).first()
    office = district or (client.agency if client.agency.parent_id is not None else None)
    place = _place(said, office)
    questions = CategoryQuestion.objects.in_bulk([int(pk) for pk in said["answers"]])
    answers = [Answer(question=questions[int(pk)], values=values) for pk, values in said["answers"].items()]
    return Submission(
        channel=CODE,
        external_id="",
        body=_body(said, category, answers),
        place=place,
        landmark=said["address"][:ADDRESS_LIMIT],
        latitude=said["lat"],
        longitude=said["long"],
        category=category,
        addressed_to=office,
        addressed_by=AddressedBy.KEY if office is not None and district is None else "",
        anonymous=said["anonymous"],
        secret=said["secret"],
        name=said["name"],
        email=said["email"],
        phone=privacy.plain_phone(said["phone"]),
        client=client,
        answers=answers,
        media=said["media"],
    )


def _place(said: Mapping[str, Any], office: Agency | None) -> Region | None:
    """The region named by its code; else what the point surely lies in, or narrower what the address says there; else
    the territory of the office it is for."""
    if said["region"]:
        return Region.objects.filter(pk=said["region"]).first()
    around = Region.objects.at(said["lat"], said["long"]) if said["lat"] is not None else None
    around = around or (office.region if office is not None else None)
    return (addresses.place_of(said["address"], around) if said["address"] else None) or around


def _body(said: Mapping[str, Any], category: Category | None, answers: list[Answer]) -> str:
    """The description. One is not needed: then the service and what was answered speak for it, and an address too long
    for its field is told whole."""
    parts = [said["description"]]
    if not said["description"]:
        name = category.name if category else _("Laporan")
        parts = [f"{name}.", *(f"{a.question.description} {a.question.shown(a.values)}" for a in answers)]
    if len(said["address"]) > ADDRESS_LIMIT:
        parts.append(_("Tempatnya: %(address)s") % {"address": said["address"]})
    return "\n\n".join(part for part in parts if part)


# --- Filing ---


def file(said: Said, client: ApiClient, once: str, now: datetime.datetime) -> Filed:
    """Make one case of it. The same report again, or another under the same Idempotency-Key, is the same case.

    Whatever goes wrong on our side, the report is kept: then a worker makes the case, and a token leads to it.
    Raises Wrong; DatabaseError where not even keeping it was possible.
    """
    raw = json.dumps({"client": client.pk, **said}, ensure_ascii=False, sort_keys=True)
    names = _names(raw, client, once, now)
    known = Arrival.objects.filter(channel=CODE, external_id__in=names).select_related("complaint").first()
    if known is not None and (once or known.received_at > now - SAME_WITHIN):
        _must_be_the_same(known, raw, once)
        return _filed(known)
    try:
        receipt = _receive(said, client, names[0], raw, now)
    except Incomplete as missing:
        raise Wrong(missing.message) from missing
    except DatabaseError:
        raise
    except Exception:
        log.exception("open311: a report could not become a case and is kept")
        arrival, _new = keep(CODE, raw.encode(), external_id=names[0], now=now)
        return _filed(arrival)
    return Filed(number=receipt.complaint.number, key=receipt.key)


def _receive(said: Said, client: ApiClient, name: str, raw: str, now: datetime.datetime) -> Receipt:
    return receive(replace(submission(said, client), external_id=name, raw=raw), now=now)


def _names(raw: str, client: ApiClient, once: str, now: datetime.datetime) -> list[str]:
    """What tells this report from every other; without a key of its own by its content and the day, first the name it
    gets, then the one it may have had a day ago."""
    if once:
        return [f"kunci:{client.pk}:{fingerprint(once)}"]
    whole, day = fingerprint(raw), int(now.timestamp() // SAME_WITHIN.total_seconds())
    return [f"isi:{client.pk}:{whole}:{day}", f"isi:{client.pk}:{whole}:{day - 1}"]


def _must_be_the_same(known: Arrival, raw: str, once: str) -> None:
    """Raises Wrong for another report under the same key. What was purged can't be compared any more."""
    try:
        before = known.raw().decode()
    except InvalidToken:
        before = ""
    if once and before and before != raw:
        raise Wrong(_("Idempotency-Key ini sudah dipakai untuk laporan lain."))


def _filed(arrival: Arrival) -> Filed:
    return Filed(number=arrival.complaint.number) if arrival.complaint else Filed(token=token_of(arrival))


def token_of(arrival: Arrival) -> str:
    """A word that leads to what became of an arrival: sealed, so that nobody guesses a neighbour's."""
    return seal(f"{CODE}:{arrival.pk}").rstrip("=")


def by_token(token: str) -> Arrival:
    """Raises Missing for one that is not ours. One statement."""
    try:
        code, _colon, pk = unseal(token[:300] + "=" * (-len(token) % 4)).partition(":")
    except (InvalidToken, ValueError):
        code, pk = "", ""
    found = Arrival.objects.select_related("complaint").filter(pk=row_id(pk), channel=CODE).first()
    if code != CODE or found is None:
        raise Missing(_("token “%(token)s” tidak dikenal.") % {"token": token[:40]})
    return found


def may_file(client: ApiClient, jurisdiction: Agency | None) -> None:
    """A district's key files for that district; the centre's for all of them. Raises NoKey."""
    if jurisdiction is not None and client.agency.parent_id is not None and not client.agency.is_under(jurisdiction):
        raise NoKey(_("Kunci ini bukan untuk %(district)s.") % {"district": jurisdiction.name})


def notice(said: Mapping[str, Any], filed: Filed) -> str:
    """What whoever reported is told: whom to call first, where to look, and that the public reads it later."""
    words = [emergency.notice(emergency.read(said["description"]), "id")]
    category = Category.objects.filter(pk=said["category"]).first()
    if category is not None and category.notice:
        words.append(category.notice)
    if filed.key:
        words.append(
            _("Simpan nomor %(number)s dan kunci %(key)s untuk melihat kabarnya di %(url)s.")
            % {
                "number": f"{filed.number[:4]}-{filed.number[4:8]}-{filed.number[8:]}",
                "key": shown_key(filed.key),
                "url": f"{settings.SITE_URL}{reverse('complaints:track')}",
            }
        )
    if not said["secret"]:
        words.append(_("Laporan tampil untuk umum sesudah petugas memeriksanya."))
    return " ".join(word for word in words if word)


def read(arrival: Arrival) -> Reading:
    """A report that could not become a case when it came, read again; or somebody's word about a case of others."""
    said = json.loads(arrival.raw())
    if update := said.get("update"):
        case = Complaint.objects.get(pk=update["case"])
        text = "\n\n".join(part for part in (update["text"], f"status: {update['state']}") if part)
        return Hold(Arrival.Hold.NOT_THEIRS, text, complaint=case)
    client = ApiClient.objects.select_related("agency__region").get(pk=said["client"])
    return Open(submission(said, client))


def is_theirs(case: Complaint, email: str, phone: str) -> bool:
    """Said from the address or number the reporter left. From is no proof, but it was this client that brought the
    report, too; it can add and judge, and reads nothing."""
    reporter = case.reporter
    address, number = fingerprint(email.strip().lower()), fingerprint(privacy.plain_phone(phone))
    return bool(
        (address and address == reporter.email_fingerprint) or (number and number == reporter.phone_fingerprint)
    )
