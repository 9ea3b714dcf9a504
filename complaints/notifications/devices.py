"""Calls to devices: who wants to be called about what, and what a call carries.

A call holds nothing of the case, not even that there is one: a tag, and a sealed way back to the letter. Whoever
presses on it comes through the same guard as by any link (views.devices.answer).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Device, Event, Notification
from lapor.kit.sealing import InvalidToken, seal, unseal

# How long a call leads anywhere.
CALL_LASTS = datetime.timedelta(days=30)
MEDIUM = Notification.Medium.PUSH
COOKIE, SALT = "gawai", "lapor.device"
COOKIE_LASTS = 400 * 24 * 3600

# Every letter belongs to one topic; people choose topics. (words, letters)
OF_REPORTERS: dict[str, tuple[str | Promise, frozenset[str]]] = {
    "turn": (
        _("Giliran saya: ada pertanyaan, jawaban akhir, atau pengingat"),
        frozenset({"asked", "unasked", "resolved", "reminder", "lapsed", "expired"}),
    ),
    "answers": (_("Kantor mulai mengerjakan atau menjawab"), frozenset({"started", "answered"})),
    "way": (
        _("Laporan diteruskan, dipindahkan, ditutup, atau dibuka lagi"),
        frozenset({"submitted", "forwarded", "moved", "handed_back", "archived", "reopened"}),
    ),
    "dates": (
        _("Batas waktu lewat atau berubah"),
        frozenset({"late", "corrected", "redated", "ombudsman", "referral"}),
    ),
    "name": (_("Nama saya dibuka petugas"), frozenset({"revealed"})),
}
OF_OFFICERS: dict[str, tuple[str | Promise, frozenset[str]]] = {
    "new": (
        _("Laporan baru di meja saya"),
        frozenset(
            {
                "officer_new",
                "officer_moved",
                "officer_decide",
                "officer_help_asked",
                "officer_help_files",
                "officer_help_ended",
            }
        ),
    ),
    "reporter": (_("Pelapor menjawab atau menolak jawaban akhir"), frozenset({"officer_replied", "officer_contested"})),
    "dates": (
        _("Tenggat hampir lewat atau terlambat"),
        frozenset({"officer_due_soon", "officer_late", "officer_help_due", "officer_account_due"}),
    ),
    "above": (
        _("Koordinator mengingatkan, atau persetujuan saya diminta"),
        frozenset(
            {
                "officer_nudged",
                "officer_summoned",
                "officer_reveal",
                "officer_help_came",
                "officer_referred",
                "officer_proposed",
                "officer_returned",
            }
        ),
    ),
}
_TOPICS = {
    letter: topic for groups in (OF_REPORTERS, OF_OFFICERS) for topic, (_w, all_) in groups.items() for letter in all_
}


def topic_of(letter: str) -> str:
    """The topic of a letter; "" for one nobody is called about (a confirmation of an email address)."""
    return _TOPICS.get(letter, "")


def reporters_wanting(letter: str, reporters: Iterable[int]) -> set[int]:
    """Those of these reporters who have a device to be called about this letter. A report that comes in has none."""
    if letter == "submitted" or not topic_of(letter):
        return set()
    devices = Device.objects.wanting(topic_of(letter)).filter(reporter__in=list(reporters))
    return set(devices.values_list("reporter_id", flat=True))


def officers_wanting(letter: str, users: Iterable[int]) -> set[int]:
    devices = Device.objects.wanting(topic_of(letter)).filter(user__in=list(users), user__is_active=True)
    return set(devices.values_list("user_id", flat=True))


def address_of(row: Notification, event: Event) -> str:
    """The devices a row of this medium calls, for the door; "" when none is left."""
    devices = Device.objects.wanting(topic_of(row.letter))
    if row.user_id is not None:
        devices = devices.filter(user=row.user_id)
    elif row.reporter_id is not None:
        devices = devices.filter(reporter=row.reporter_id)
    else:
        devices = devices.filter(reporter__complaint=event.complaint_id)
    return ",".join(str(pk) for pk in devices.order_by("pk").values_list("pk", flat=True))


def call_of(row: Notification) -> str:
    """What goes out, the same for every case. The tag is the row's own reference: a call that is repeated takes its
    predecessor's place."""
    return json.dumps({"tag": row.message_id.strip("<>").partition("@")[0], "at": token_of(row)})


def token_of(row: Notification) -> str:
    return seal(f"call {row.pk}")


def row_of(token: str, now: datetime.datetime | None = None) -> Notification | None:
    """The letter a call was about; None when it is forged or too old."""
    try:
        said, _space, pk = unseal(token).partition(" ")
    except (InvalidToken, ValueError):
        return None
    if said != "call" or not pk.isdigit():
        return None
    since = (now or timezone.now()) - CALL_LASTS
    rows = Notification.objects.filter(pk=int(pk), medium=MEDIUM, created_at__gt=since, event__isnull=False)
    return rows.select_related("event__complaint__reporter", "reporter__complaint__reporter").first()


# --- Which device is this browser? ---

# A push service may give a browser another address while none of our pages is open; what this browser is called about
# is in a sealed cookie that goes nowhere but there (views.devices.address).
MOVES = "/gawai/alamat/"
MOVES_COOKIE, MOST = "alamat-gawai", 40


def remember_here(request: HttpRequest, response: HttpResponse, device: Device) -> None:
    """This browser is called by this row too; of many the oldest is forgotten."""
    known = [pk for pk in called_here(request) if pk != device.pk]
    response.set_cookie(
        MOVES_COOKIE,
        seal(json.dumps([*known, device.pk][-MOST:])),
        max_age=COOKIE_LASTS,
        path=MOVES,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def called_here(request: HttpRequest) -> list[int]:
    """Rows of this browser; none when the cookie is not ours."""
    try:
        found = json.loads(unseal(request.COOKIES.get(MOVES_COOKIE, "")) or "[]")
    except (InvalidToken, ValueError):
        return []
    return [pk for pk in found if isinstance(pk, int)] if isinstance(found, list) else []


def remember(response: HttpResponse, device: Device) -> None:
    """This browser is called for an officer: signing out here ends that."""
    signed = signing.Signer(salt=SALT).sign(str(device.pk))
    response.set_cookie(
        COOKIE,
        signed,
        max_age=COOKIE_LASTS,
        path="/akun/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def of_browser(request: HttpRequest) -> Device | None:
    """The officer's device this browser was remembered as, while it is called."""
    try:
        pk = signing.Signer(salt=SALT).unsign(request.COOKIES.get(COOKIE, ""))
    except signing.BadSignature:
        return None
    return Device.objects.awake().filter(pk=pk, user__isnull=False).first()
