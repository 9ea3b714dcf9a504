"""What everybody may read: the list of published cases with its search, and one case. From Publication alone.

Nothing here knows a reporter: whoever made the case sees their own page at the same address (`track`). A case that is
secret, unpublished or invented is not found, by the same single statement.
"""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import calendar, finding, subsites
from complaints import cards, journey, search, support
from complaints.models import Attachment, Category, Clock, Complaint, Event, Kind, Message, Publication
from complaints.models.clock import ClockKind
from complaints.number import read_number
from complaints.transitions import Status
from complaints.working import working
from lapor.kit import wording

# Seconds a guest's own browser may keep a public page; nobody else may keep it at all.
KEPT_FOR = 30


def keep_briefly(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A guest's page may be shown again for a moment; one made for a session never."""
    held = settings.SESSION_COOKIE_NAME in request.COOKIES
    response["Cache-Control"] = "private, no-store" if held else f"private, max-age={KEPT_FOR}"
    return response


# --- The list ---


def listing(request: HttpRequest) -> HttpResponse:
    """Search, filters, twenty rows. At most 18 statements, whatever is asked."""
    site = subsites.of(request)
    wanted = search.read(request.GET, site.agency if site else None)
    now = timezone.now()
    among, total = search.narrowed(wanted)
    page = search.page(wanted, among, request.GET.get("setelah", ""), timezone.localdate(now))
    paths = finding.paths(wanted.places) if wanted.places else {}
    context = {
        "wanted": wanted,
        "cases": cards.cards(page.rows, now),
        "title": title_of(wanted),
        "total": total if page.is_first else 0,
        "total_shown": f"{wording.number(search.CAP)}+" if total > search.CAP else wording.number(total),
        "older": f"{wanted.address()}&setelah={page.next_cursor}" if page.next_cursor else "",
        "first": "" if page.is_first else wanted.address(),
        "without_order": wanted.address(order=search.NEWEST),
        "late_first": wanted.address(order=search.LATE),
        "best_first": wanted.address(order=search.MATCH) if wanted.words else "",
        "groups": [(code, label, code in wanted.groups) for code, (label, _statuses) in search.GROUPS.items()],
        "kinds": [(code, label, code == wanted.kind) for code, label in Kind.choices],
        "categories": Category.objects.on(timezone.localdate(now)).top(),
        "places": [(wanted.address(place=one, place_typed=""), paths[one.pk]) for one in wanted.places],
        "offices": [(wanted.address(office=one, office_typed=""), finding.office_line(one)) for one in wanted.offices],
        "many": search.OFFERED in (len(wanted.places), len(wanted.offices)),
        "empty": empty_state(wanted) if not (page.rows or wanted.places or wanted.offices) else None,
        "feed": "" if wanted.is_unclear else feed_address(wanted),
        "alerts": reverse("complaints:alerts") + wanted.address(order=search.NEWEST, groups=()).removesuffix("?"),
    }
    return keep_briefly(request, render(request, "complaints/list.html", context))


def feed_address(wanted: search.Wanted) -> str:
    """Of the feed of what is asked for, newest first whatever the list's order."""
    asked = wanted.address(order=search.NEWEST)
    return reverse("complaints:feed") + asked.removesuffix("?")


def title_of(wanted: search.Wanted) -> str:
    if wanted.place and wanted.office:
        return _("Laporan di %(place)s untuk %(office)s") % {
            "place": finding.path(wanted.place),
            "office": wanted.office.shown_name,
        }
    if wanted.place:
        return _("Laporan di %(place)s") % {"place": finding.path(wanted.place)}
    if wanted.office:
        return _("Laporan untuk %(office)s") % {"office": wanted.office.shown_name}
    return _("Laporan warga")


def empty_state(wanted: search.Wanted) -> dict[str, str]:
    """What is so, what it does not mean, and the one next act."""
    if wanted.is_unclear:
        return {
            "title": _("“%(typed)s” tidak kami temukan") % {"typed": wanted.place_typed or wanted.office_typed},
            "body": _("Tulis nama kabupaten, kota, kecamatan, desa, atau kantor seperti di papan namanya."),
            "url": wanted.address(place_typed="", office_typed="", place=None, office=None),
            "action": _("Lihat tanpa saringan itu"),
        }
    if wanted.words and (wanted.place or wanted.office or wanted.kind or wanted.category or wanted.groups):
        return {
            "title": _("Tidak ada laporan yang cocok"),
            "body": _("Tidak ada yang memuat “%(words)s” dengan saringan ini.") % {"words": wanted.words},
            "url": search.Wanted(words=wanted.words, within=wanted.within).address(),
            "action": _("Cari tanpa saringan"),
        }
    if wanted.words:
        return {
            "title": _("Tidak ada laporan tentang “%(words)s”") % {"words": wanted.words},
            "body": _("Itu belum tentu berarti tidak ada masalah. Belum semua laporan diterbitkan."),
            "url": reverse("complaints:place"),
            "action": _("Lapor masalah"),
        }
    if wanted.is_anything:
        return {
            "title": _("Belum ada laporan di sini"),
            "body": _("Itu belum tentu berarti tidak ada masalah. Tahu sesuatu yang perlu diperbaiki?"),
            "url": reverse("complaints:place"),
            "action": _("Lapor masalah"),
        }
    return {
        "title": _("Belum ada laporan yang diterbitkan"),
        "body": _("Laporan tampil di sini sesudah petugas memeriksa bahwa nama orang tidak ikut terbaca."),
        "url": reverse("complaints:place"),
        "action": _("Lapor masalah"),
    }


# --- One case ---


def published(number: str) -> Publication:
    """The published case with this number. Raises Http404, alike for secret, unpublished and invented ones."""
    row = (
        Publication.objects.select_related("complaint__handler__parent", "category")
        .filter(complaint__number=read_number(number) or "")
        .defer("search", "complaint__body", "complaint__title", "complaint__landmark")
        .first()
    )
    if row is None:
        raise Http404
    return row


def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case as everybody reads it. Nine statements."""
    row = published(number)
    complaint, now = row.complaint, timezone.now()
    places = cards.places_of([row.place_id])
    place = places.get(row.place_id or "")
    zone = place.zone if place else "Asia/Jakarta"
    clocks = list(Clock.objects.filter(complaint=complaint).order_by("pk"))
    days = cards.Calendar.since(min([complaint.received_at.date(), *(c.started_on for c in clocks)])).of(row.place_id)
    today = timezone.localtime(now, ZoneInfo(zone)).date()
    promise = cards.promise_of(complaint.status, complaint.due_on, clocks, today, days, zone)
    files = _files(row)
    context = {
        "row": row,
        "case": complaint,
        "zone": zone,
        "place": cards.place_line(row.place_id, places, down_from=1),
        "status": Status(complaint.status).label,
        "promise": promise,
        "turn": _turn(complaint, clocks, promise),
        "steps": _journey(complaint, clocks, days, zone),
        "talk": _talk(row, files, zone),
        "working": working(complaint, today, days),
        "same": Complaint.objects.filter(duplicate_of=complaint, secret=False, not_for__isnull=True).count(),
        "supporters": support.count_of(complaint),
        "supportable": support.is_open_to_support(complaint),
        "received": wording.short_moment(complaint.received_at, zone),
        "facts": [
            (_("Jenis"), Kind(row.kind).label),
            *([(_("Tentang"), row.category.name)] if row.category else []),
            (_("Diterbitkan"), wording.plain_day(row.published_at, zone)),
        ],
    }
    return render(request, "complaints/public_case.html", context)


def _files(row: Publication) -> dict[int, list[dict[str, str]]]:
    """Checked pictures by the public message of an office they came with. What a reporter sent is never shown to all:
    a photo of a hole may show a face or a house (`media.may_open`)."""
    public = [said["message"] for said in row.conversation if said["side"] == Message.Side.AGENCY]
    found: dict[int, list[dict[str, str]]] = {}
    if not public:
        return found
    for file in Attachment.objects.filter(
        message_id__in=public, state=Attachment.State.CLEAN, sniffed_type__startswith="image/"
    ):
        assert file.message_id is not None
        found.setdefault(file.message_id, []).append(
            {"name": file.name, "url": reverse("complaints:media", args=[file.pk])}
        )
    return found


def _turn(complaint: Complaint, clocks: list[Clock], promise: dict[str, Any] | None) -> dict[str, Any] | None:
    """Whose turn it is and until when, for the panel; None for a closed case."""
    words = {"office": complaint.handler.shown_name}
    if complaint.status == Status.WAITING:
        return {
            "whose": "you",
            "head": _("Giliran pelapor"),
            "title": _("%(office)s menunggu keterangan dari pelapor") % words,
        }
    if complaint.status == Status.ANSWERED:
        return {
            "whose": "you",
            "head": _("Giliran pelapor"),
            "title": _("%(office)s sudah memberi jawaban akhir. Pelapor yang menilai.") % words,
        }
    if complaint.status not in search.DUE or complaint.due_on is None or promise is None:
        return None
    words["day"] = wording.long_day(complaint.due_on)
    running = [c for c in clocks if c.stopped_at is None and c.due_on == complaint.due_on]
    final = bool(running) and running[0].kind == ClockKind.RESOLVE
    head = _("Giliran %(office)s") % words
    if promise["state"] == "late":
        title = _("%(office)s belum menyelesaikannya") if final else _("%(office)s belum menjawab")
        return {
            "whose": "late",
            "head": head,
            "late": ngettext("Terlambat %(n)s hari kerja", "Terlambat %(n)s hari kerja", promise["days"])
            % {"n": promise["days"]},
            "title": title % words,
            "body": _("Batas waktunya %(day)s.") % words,
        }
    title = (
        _("%(office)s menyelesaikannya paling lambat %(day)s")
        if final
        else _("%(office)s menjawab paling lambat %(day)s")
    )
    return {"whose": "office", "head": head, "title": title % words}


def _journey(
    complaint: Complaint, clocks: list[Clock], days: frozenset[datetime.date], zone: str
) -> list[dict[str, Any]]:
    events = (
        Event.objects.filter(complaint=complaint)
        .select_related("handler_to", "handler_from", "acting_agency")
        .order_by("pk")
    )
    steps: list[dict[str, Any]] = []
    for event in events:
        title = journey.heading(event)
        if not title:
            continue
        step: dict[str, Any] = {"state": "done", "title": title, "when": wording.short_moment(event.at, zone)}
        if event.verb == "overdue" and event.particulars.get("due_on"):
            # The day it became true, not the midnight after it.
            step["when"] = wording.short_day(datetime.date.fromisoformat(event.particulars["due_on"]))
        if said := journey.detail(event):
            step["detail"] = said
        if event.verb in ("answer", "resolve"):
            step["promise"] = _kept(event, clocks, days, zone)
        steps.append(step)
    if complaint.status in search.DUE and complaint.due_on is not None:
        late = complaint.due_on < timezone.localtime(timezone.now(), ZoneInfo(zone)).date()
        due = wording.week_day(complaint.due_on)
        steps.append(
            {
                "state": "now",
                "title": _("Menunggu %(office)s") % {"office": complaint.handler.shown_name},
                "when": (_("Seharusnya paling lambat %(day)s") if late else _("Paling lambat %(day)s")) % {"day": due},
            }
        )
    elif complaint.status in (Status.WAITING, Status.ANSWERED):
        steps.append({"state": "now", "title": _("Menunggu pelapor")})
    if complaint.is_open:
        steps.append({"state": "next", "title": _("Selesai")})
    return steps


def _kept(event: Event, clocks: list[Clock], days: frozenset[datetime.date], zone: str) -> dict[str, Any] | None:
    """Whether the promise that this answer stopped was kept."""
    stopped = [c for c in clocks if c.kind == ClockKind.RESPOND and c.stopped_at == event.at and c.due_on]
    if not stopped:
        return None
    due = stopped[0].due_on
    assert due is not None
    left = calendar.working_days_left(timezone.localtime(event.at, ZoneInfo(zone)).date(), due, days)
    return {"state": "answered_late", "days": -left} if left < 0 else {"state": "kept", "days": left}


def _talk(row: Publication, files: dict[int, list[dict[str, str]]], zone: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    for one in row.conversation:
        by_reporter = one["side"] == "REPORTER"
        said.append(
            {
                "own": by_reporter,
                "name": _("Pelapor") if by_reporter else one["agency"] or _("Petugas"),
                "at": wording.short_moment(datetime.datetime.fromisoformat(one["at"]), zone),
                "body": one["body"],
                "final": one["verb"] == "resolve",
                "facts": _facts(one.get("facts") or {}),
                "files": files.get(one["message"], []),
            }
        )
    return said


def _facts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    labels = {"done_on": _("Dikerjakan"), "promised_on": _("Dijadwalkan"), "unit": _("Oleh")}
    for name, label in labels.items():
        value = facts.get(name)
        if not value:
            continue
        if name.endswith("_on"):
            value = wording.plain_day(datetime.date.fromisoformat(value))
        found.append((label, str(value)))
    return found
