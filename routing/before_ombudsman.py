"""What was put before the Ombudsman: lists for its examiners and for the offices it recommends to, the bundle as a
file, and who heeds. Who may read one is said by `Referral.objects.readable_by`, what of it by `privacy.bundle_of`."""

from __future__ import annotations

import datetime
import json
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies import finding
from agencies.actor import Actor
from agencies.models import Agency, Role
from complaints.models import Clock, ClockKind, Complaint, Recommendation, Referral
from complaints.models.event import Audience
from complaints.models.visibility import offices_over
from complaints.poster import press
from complaints.privacy import Bundle
from complaints.transitions import Status
from lapor.kit import wording
from routing import history

# As few recommendations of one body are told to nobody in public.
ENOUGH = 5
_TYP: Final = Path(__file__).parent / "before_ombudsman.typ"
_TALK = (Audience.PUBLIC, Audience.PARTIES)


def addressed_to(actor: Actor) -> QuerySet[Recommendation]:
    """Recommendations that this head or coordinator answers: for their own office, or one below a coordinator's. A
    secret case that went on to somebody else, or one kept from them, is not among them."""
    office = actor.agency
    if office is None or actor.role not in (Role.HEAD, Role.COORDINATOR):
        return Recommendation.objects.none()
    there = Q(agency=office)
    if actor.role == Role.COORDINATOR:
        there |= Q(agency__path__startswith=office.path)
    seen = Q(referral__complaint__in=Complaint.objects.visible_to(actor).values("pk"))
    return (
        Recommendation.objects.filter(there, Q(referral__complaint__secret=False) | seen)
        .filter(referral__withdrawn_at__isnull=True)
        .exclude(referral__complaint__not_for_id__in=sorted(offices_over(actor)))
        .exclude(referral__complaint__not_seen_by=actor.user)
        .select_related("agency", "referral__complaint")
    )


@dataclass(frozen=True)
class Asked:
    """What the Ombudsman asked of an office: in all, not answered yet, of those past their date."""

    all: int = 0
    waiting: int = 0
    late: int = 0


def asked_of(actor: Actor, today: datetime.date) -> Asked:
    """One statement; none for whoever answers no recommendation."""
    if actor.role not in (Role.HEAD, Role.COORDINATOR):
        return Asked()
    waits = Q(answered_at__isnull=True, verdict="")
    found = addressed_to(actor).aggregate(
        all=Count("pk"), waiting=Count("pk", filter=waits), late=Count("pk", filter=waits & Q(due_on__lt=today))
    )
    return Asked(**found)


# --- The bundle ---


def composed(bundle: Bundle) -> dict[str, Any]:
    """The bundle as plain values: case, promises, timeline, talk. Offices by name, officers never."""
    case, referral = bundle.complaint, bundle.referral
    who = bundle.identity
    return {
        "number": case.shown_number,
        "referred_on": _day(referral.made_at, case),
        "identity_agreed": referral.with_identity,
        "reporter": {"name": who.name, "email": who.email, "phone": who.phone} if who is not None else None,
        "title": bundle.title,
        "story": bundle.body,
        "kind": str(case.get_kind_display()),
        "category": case.category.name if case.category else "",
        "place": finding.path(case.place) if case.place else "",
        "landmark": bundle.landmark,
        "received_on": _day(case.received_at, case),
        "status": str(Status(case.status).label),
        "office": case.handler.name,
        "answers": [{"question": question, "answer": answer} for question, answer in bundle.answers],
        "files": bundle.files,
        "promises": [
            {
                "promise": str(ClockKind(clock.kind).label),
                "round": clock.round,
                "due_on": clock.due_on.isoformat() if clock.due_on else None,
                "missed": clock.overdue_noted_at is not None,
                "missed_by": clock.missed_by.name if clock.missed_by else None,
                "ended_on": _day(clock.stopped_at, case) if clock.stopped_at else None,
            }
            for clock in Clock.objects.filter(complaint=case)
            .exclude(kind=ClockKind.REPORTER)
            .select_related("missed_by")
            .order_by("pk")
        ],
        "timeline": [
            {
                "on": _day(event.at, case),
                "what": history.heading(event),
                "office": event.acting_agency.name if event.acting_agency else None,
            }
            for event in case.events.filter(audience__in=_TALK).select_related(
                "acting_agency", "handler_to", "handler_from"
            )
        ],
        "talk": [
            {
                "on": _day(word.at, case),
                "from": word.office if not word.own else _("Pelapor"),
                "text": word.body,
            }
            for word in bundle.words
        ],
    }


def _day(at: datetime.datetime, case: Complaint) -> str:
    day = wording.day(at, case.zone)
    assert day is not None
    return day.isoformat()


def as_json(bundle: Bundle, taken: dict[str, str]) -> bytes:
    """`taken`: when, by whom."""
    return json.dumps(composed(bundle) | {"taken": taken}, ensure_ascii=False, indent=1).encode()


def as_pdf(bundle: Bundle, taken: dict[str, str]) -> bytes:
    """A tagged PDF (PDF/UA-1). Raises press.NotPrinted."""
    said = composed(bundle)
    who = said["reporter"]
    about = [
        (_("Nomor laporan"), said["number"]),
        (_("Diteruskan pelapor"), _long(said["referred_on"])),
        (_("Pelapor"), ", ".join(filter(None, who.values())) if who else _("tanpa nama, sesuai persetujuannya")),
        (_("Jenis"), said["kind"]),
        (_("Kategori"), said["category"]),
        (_("Tempat"), ", ".join(filter(None, (said["landmark"], said["place"])))),
        (_("Diterima"), _long(said["received_on"])),
        (_("Keadaan"), said["status"]),
        (_("Kantor"), said["office"]),
        (_("Berkas terlampir"), ", ".join(said["files"])),
        (_("Diunduh"), taken["at"]),
        (_("Oleh"), taken["by"]),
    ]
    promises = [
        [
            one["promise"].capitalize(),
            _long(one["due_on"]) if one["due_on"] else "–",
            _("Lewat di %(office)s") % {"office": one["missed_by"]} if one["missed_by"] else _("tidak lewat"),
        ]
        for one in said["promises"]
    ]
    words = {
        "language": (get_language() or "id")[:2],
        "title": said["title"],
        "about": [[name, value] for name, value in about if value],
        "story_head": _("Cerita pelapor"),
        "story": said["story"],
        "answers": [[one["question"], one["answer"]] for one in said["answers"]],
        "promises_title": _("Batas waktu"),
        "promises_head": [_("Janji"), _("Paling lambat"), _("Ditepati?")],
        "promises": promises,
        "timeline_title": _("Perjalanan laporan"),
        "timeline": [[_long(one["on"]), one["what"]] for one in said["timeline"]],
        "talk_title": _("Percakapan"),
        "talk": [[f"{one['from']}, {_long(one['on'])}", one["text"]] for one in said["talk"]],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sheet.typ").write_bytes(_TYP.read_bytes())
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        return press.typeset(folder)


def _long(iso: str) -> str:
    return wording.plain_day(datetime.date.fromisoformat(iso))


# --- Who heeds ---


@dataclass
class Heeding:
    """Recommendations to a body and all below it. `late`: past their date, neither answered nor weighed."""

    given: int = 0
    heeded: int = 0
    partly: int = 0
    refused: int = 0
    waiting: int = 0
    late: int = 0

    def add(self, other: Heeding) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def who_heeds(
    today: datetime.date, rows: QuerySet[Recommendation] | None = None
) -> tuple[list[tuple[Agency, Heeding]], Heeding]:
    """By body directly under the centre, most given first, and the whole. Two statements."""
    rows = Recommendation.objects.all() if rows is None else rows
    verdict = Recommendation.Verdict
    open_ = Q(verdict="", answered_at__isnull=True)
    counted = (
        rows.order_by()
        .values("agency__path")
        .annotate(
            given=Count("pk"),
            heeded=Count("pk", filter=Q(verdict=verdict.HEEDED)),
            partly=Count("pk", filter=Q(verdict=verdict.PARTLY)),
            refused=Count("pk", filter=Q(verdict=verdict.NOT)),
            waiting=Count("pk", filter=Q(verdict="")),
            late=Count("pk", filter=open_ & Q(due_on__lt=today)),
        )
    )
    found: dict[int, Heeding] = {}
    whole = Heeding()
    for row in counted:
        ids = [int(part) for part in row["agency__path"].strip("/").split("/")]
        one = Heeding(*(row[name] for name in ("given", "heeded", "partly", "refused", "waiting", "late")))
        found.setdefault(ids[1] if len(ids) > 1 else ids[0], Heeding()).add(one)
        whole.add(one)
    names = Agency.objects.in_bulk(list(found))
    lines = sorted(found.items(), key=lambda item: (-item[1].given, names[item[0]].name))
    return [(names[pk], one) for pk, one in lines], whole


def in_public(today: datetime.date) -> tuple[list[tuple[Agency, Heeding]], Heeding | None]:
    """The same for everybody: without cases that are secret or kept from an office, and no body with fewer than
    `ENOUGH`; the whole is left out where it would tell of those few by subtraction."""
    rows = Recommendation.objects.filter(
        referral__complaint__secret=False,
        referral__complaint__not_for__isnull=True,
        referral__withdrawn_at__isnull=True,
    )
    lines, whole = who_heeds(today, rows)
    told = [(office, one) for office, one in lines if one.given >= ENOUGH]
    rest = whole.given - sum(one.given for _office, one in told)
    return told, whole if whole.given >= ENOUGH and (rest == 0 or rest >= ENOUGH) else None


def waits_for(today: datetime.date, referral: Referral) -> dict[str, Any]:
    """When the Ombudsman's first word is due, for a line."""
    late = referral.first_word_at is None and referral.is_current and today > referral.due_on
    return {"due": referral.due_on if referral.first_word_at is None and referral.is_current else None, "late": late}
