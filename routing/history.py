"""What happened to a case, in sentences for officers: one line an event, oldest first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, User
from complaints import because, journey
from complaints.models import Category, ClockKind, Complaint, Contribution, Event, Kind
from complaints.models.lifecycle.endings import ArchiveGround
from lapor.kit import wording
from routing.models import Escalation, Ground

# Verb → the heading of its line. %(to)s, %(from)s and %(helper)s are offices.
HEADINGS: Mapping[str, str | Promise] = {
    "submit": gettext_lazy("Laporan masuk"),
    "place": gettext_lazy("Dititipkan di meja %(to)s"),
    "forward": gettext_lazy("Diteruskan ke %(to)s"),
    "pass_on": gettext_lazy("Diteruskan ke unit %(to)s"),
    "start": gettext_lazy("Mulai dikerjakan"),
    "ask": gettext_lazy("Pelapor dimintai keterangan"),
    "unask": gettext_lazy("Permintaan keterangan dibatalkan"),
    "complete": gettext_lazy("Pelapor melengkapi"),
    "answer": gettext_lazy("Ditanggapi"),
    "resolve": gettext_lazy("Jawaban akhir dikirim"),
    "contest": gettext_lazy("Belum beres menurut pelapor"),
    "accept": gettext_lazy("Diterima pelapor"),
    "lapse": gettext_lazy("Ditutup sistem, pelapor tidak menjawab"),
    "expire": gettext_lazy("Gugur, keterangan tidak datang"),
    "hand_back": gettext_lazy("Dikembalikan ke %(to)s"),
    "move": gettext_lazy("Dipindahkan ke %(to)s"),
    "archive": gettext_lazy("Diarsipkan"),
    "withdraw": gettext_lazy("Dicabut pelapor"),
    "reopen": gettext_lazy("Dibuka kembali"),
    "note": gettext_lazy("Catatan internal ditulis"),
    "reply": gettext_lazy("Pelapor menulis pesan"),
    "nudge": gettext_lazy("Kantor diingatkan"),
    "summon": gettext_lazy("Kantor diminta menjelaskan"),
    "account_due": gettext_lazy("Penjelasan tidak datang, kantor diingatkan"),
    "reclassify": gettext_lazy("Jenis atau kategori diubah"),
    "locate": gettext_lazy("Tempatnya ditetapkan"),
    "propose": gettext_lazy("Jawaban diajukan untuk disetujui"),
    "return": gettext_lazy("Jawaban dikembalikan kepada penulisnya"),
    "redact": gettext_lazy("Salinan untuk umum diperbaiki"),
    "publish": gettext_lazy("Diterbitkan"),
    "tighten": gettext_lazy("Lebih dirahasiakan"),
    "loosen": gettext_lazy("Kerahasiaan dibuka pelapor"),
    "exclude": gettext_lazy("Dijauhkan dari sebuah kantor atau petugas"),
    "tag": gettext_lazy("Ditandai program"),
    "untag": gettext_lazy("Dilepas dari program"),
    "invite": gettext_lazy("%(helper)s diminta membantu"),
    "share": gettext_lazy("Berkas dibagi dengan %(helper)s"),
    "contribute": gettext_lazy("Hasil bantuan dari %(helper)s"),
    "decline": gettext_lazy("%(helper)s tidak bisa membantu"),
    "uninvite": gettext_lazy("Permintaan bantuan %(helper)s dibatalkan"),
    "reinvite": gettext_lazy("Permintaan bantuan beralih ke %(helper)s"),
    "help_due": gettext_lazy("Tenggat bantuan %(helper)s"),
    "unmerge": gettext_lazy("Dipisahkan dari laporan utama"),
    "regroup": gettext_lazy("Mengikuti laporan utama yang baru"),
    "offer_lane": gettext_lazy("Jalur pengungkapan (WBS) ditawarkan kepada pelapor"),
    "reveal": gettext_lazy("Identitas pelapor dibuka"),
    "remind": gettext_lazy("Pengingat dikirim"),
    "overdue": gettext_lazy("Lewat batas waktu"),
    "overdue_withdrawn": gettext_lazy("Keterlambatan dikoreksi"),
    "recompute": gettext_lazy("Batas waktu dihitung ulang"),
    "escalate": gettext_lazy("Dinaikkan ke atasan"),
    "undeliverable": gettext_lazy("Surat kepada pelapor tidak sampai"),
    "refer": gettext_lazy("Diteruskan pelapor ke Ombudsman"),
    "unrefer": gettext_lazy("Ditarik pelapor dari Ombudsman"),
}


@dataclass(frozen=True)
class Line:
    """One event, ready for parts/timeline.html."""

    title: str
    when: str
    detail: str
    state: str
    event: Event


def lines(complaint: Complaint, events: Iterable[Event]) -> list[Line]:
    """Every event as a line; the last one of an open case is where it stands now. Two statements at most for names
    beyond those the events were selected with, one more where a deputy acted."""
    known = list(events)
    names = _names(known)
    last = len(known) - 1
    return [
        Line(
            title=heading(event),
            when=_when(event, complaint.zone, names),
            detail=" ".join(_details(event, names)),
            state="now" if n == last and complaint.is_open else "done",
            event=event,
        )
        for n, event in enumerate(known)
    ]


def heading(event: Event) -> str:
    to = event.handler_to.shown_name if event.handler_to else ""
    came_from = event.handler_from.shown_name if event.handler_from else ""
    if event.verb == "forward" and event.handler_to_id == event.acting_agency_id:
        return _("Dikelola sendiri oleh %(to)s") % {"to": to}
    if event.verb in ("examine", "recommend", "heed", "weigh"):
        office = event.acting_agency.shown_name if event.acting_agency else ""
        return journey.before_the_ombudsman(event).replace("%(office)s", office)
    if late := _late(event):
        return late
    words = HEADINGS.get(event.verb)
    helper = event.particulars.get("helper_name", "")
    return str(words) % {"to": to, "from": came_from, "helper": helper} if words is not None else event.verb


# Who is told at each rung of the ladder (case.md section 4).
TOLD: Mapping[int, str | Promise] = {
    Escalation.Level.HANDLER: gettext_lazy("petugas dan pimpinan kantor diberi tahu"),
    Escalation.Level.COORDINATOR: gettext_lazy("koordinator di atasnya diberi tahu"),
    Escalation.Level.NATIONAL: gettext_lazy("admin nasional diberi tahu, dan pelapor diingatkan pada Ombudsman"),
}


def _late(event: Event) -> str:
    """Which promise was missed, and of a rung who was told; "": another verb, or it is not said there."""
    kind, level = event.particulars.get("kind"), event.particulars.get("level")
    if event.verb not in ("overdue", "escalate") or kind not in ClockKind.values:
        return ""
    promise = ClockKind(kind).label
    if event.verb == "overdue":
        return _("Lewat batas waktu %(promise)s") % {"promise": promise}
    if level not in TOLD:
        return ""
    return _("Lewat batas waktu %(promise)s: %(told)s") % {"promise": promise, "told": TOLD[level]}


def actor_name(event: Event, absent: str = "") -> str:
    """Who did it: an officer or a machine with the office, the reporter, or the system. `absent`: in whose place."""
    if event.side == "OFFICER" and (event.actor or event.client) is not None:
        office = event.acting_agency.shown_name if event.acting_agency else ""
        name = event.actor.name if event.actor is not None else str(event.client)
        if absent:
            name = _("%(name)s menggantikan %(absent)s") % {"name": name, "absent": absent}
        return f"{name}, {office}" if office else name
    return _("pelapor") if event.side == "REPORTER" else _("sistem")


def _when(event: Event, zone: str, names: _Names) -> str:
    absent = names.absent.get(event.particulars.get("acting_for", 0), "")
    return f"{wording.plain_day(event.at, zone)}, {wording.hour(event.at, zone)} · {actor_name(event, absent)}"


@dataclass(frozen=True)
class _Names:
    agencies: Mapping[int, str]
    categories: Mapping[int, str]
    # Officers in whose place somebody acted.
    absent: Mapping[int, str]


def _names(events: list[Event]) -> _Names:
    agencies: set[int] = set()
    categories: set[int] = set()
    absent: set[int] = set()
    for event in events:
        p = event.particulars
        absent |= {pk for pk in (p.get("acting_for"),) if pk}
        agencies |= {pk for pk in (p.get("proposed"), p.get("not_for"), p.get("missed_by"), p.get("unstaffed")) if pk}
        categories |= {pk for pk in p.get("category", []) if pk}
    return _Names(
        {a.pk: a.shown_name for a in Agency.objects.filter(pk__in=agencies)} if agencies else {},
        dict(Category.objects.filter(pk__in=categories).values_list("pk", "name")) if categories else {},
        {user.pk: str(user) for user in User.objects.filter(pk__in=absent)} if absent else {},
    )


def _details(event: Event, names: _Names) -> list[str]:
    p: dict[str, Any] = event.particulars
    found: list[str] = []
    if p.get("told_as"):
        found.append(_("Menurut data lama: “%(words)s”. Tanggalnya tidak disebut di sana.") % {"words": p["told_as"]})
    if event.verb == "hand_back" and p.get("ground") in Ground.values:
        found.append(f"{Ground(p['ground']).label.capitalize()}.")
    if p.get("proposed") in names.agencies:
        found.append(_("Menurutnya wewenang %(office)s.") % {"office": names.agencies[p["proposed"]]})
    if event.verb == "hand_back" and p.get("bound"):
        found.append(_("Penolakan kedua: sejak ini laporan tidak bisa dikembalikan lagi."))
    if p.get("decided"):
        found.append(_("Wewenangnya sudah diputuskan."))
    if event.verb in ("invite", "reinvite", "summon") and p.get("due_on"):
        found.append(_("Paling lambat %(day)s.") % {"day": _day(p["due_on"])})
    if event.verb == "help_due" and p.get("step") in Contribution.Told.values:
        found.append(_("Diberi tahu: %(who)s.") % {"who": Contribution.Told(p["step"]).label})
    if event.verb == "archive" and p.get("ground") in ArchiveGround.values:
        found.append(f"{ArchiveGround(p['ground']).label.capitalize()}.")
    if p.get("unstaffed") in names.agencies:
        found.append(_("Belum ada petugas: %(office)s.") % {"office": names.agencies[p["unstaffed"]]})
    if p.get("not_for") in names.agencies:
        found.append(_("Tidak boleh dibaca %(office)s.") % {"office": names.agencies[p["not_for"]]})
    if "kind" in p and isinstance(p["kind"], list):
        found.append(_("Jenis: %(new)s, tadinya %(old)s.") % {"new": _kind(p["kind"][1]), "old": _kind(p["kind"][0])})
    if "category" in p:
        old, new = (names.categories.get(pk, _("belum ada")) for pk in p["category"])
        found.append(_("Kategori: %(new)s, tadinya %(old)s.") % {"new": new, "old": old})
    if "supervised" in p:
        found.append(_("Berkadar pengawasan.") if p["supervised"][1] else _("Tidak lagi berkadar pengawasan."))
    if event.verb in ("remind", "overdue_withdrawn") and p.get("kind") in ClockKind.values:
        found.append(f"{ClockKind(p['kind']).label.capitalize()}.")
    if p.get("missed_by") in names.agencies:
        found.append(_("Waktu itu di %(office)s.") % {"office": names.agencies[p["missed_by"]]})
    for pair in p.get("moved", {}).values():
        found.append(_("Dari %(old)s menjadi %(new)s.") % {"old": _day(pair[0]), "new": _day(pair[1])})
    if p.get("place_name"):
        found.append(f"{p['place_name']}.")
    if p.get("programme_name"):
        found.append(f"{p['programme_name']}.")
    if p.get("hold"):
        found.append(_("Ditahan, belum terbit: %(reason)s") % {"reason": p["hold"]})
    elif p.get("publish"):
        found.append(_("Terbit untuk umum."))
    if reason := because.told(p, plainly=False):
        found.append(_("Alasan: %(reason)s") % {"reason": reason})
    return found


def _kind(code: str) -> str:
    return str(Kind(code).label) if code in Kind.values else code


def _day(iso: str) -> str:
    return wording.plain_day(datetime.date.fromisoformat(iso))
