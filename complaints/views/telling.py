"""How a case is told to its reporter: whose turn it is, the journey, the promise and how its date was computed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import calendar
from agencies.actor import Side
from agencies.models import Agency, Holiday, Region
from complaints import because
from complaints import journey as journey_for_all
from complaints.models import Clock, Complaint, Event, ServiceStandard
from complaints.models.clock import ClockKind
from complaints.models.lifecycle.endings import ArchiveGround
from complaints.transitions import Status
from lapor.kit import wording
from lapor.kit.weeks import Weeks, weeks

CALENDAR_LIMIT = 15
Pauses = Sequence[tuple[datetime.date, datetime.date | None]]


def short(agency: Agency | None) -> str:
    return agency.shown_name if agency else ""


@dataclass(frozen=True)
class Days:
    """The holidays that matter to one case, read once."""

    named: dict[datetime.date, str]

    @classmethod
    def of(cls, region: Region | None, since: datetime.date) -> Days:
        rows = Holiday.objects.kept_in(region).filter(date__gte=since)
        return cls(dict(rows.order_by("date").values_list("date", "name")))

    @property
    def dates(self) -> frozenset[datetime.date]:
        return frozenset(self.named)


def badge(clock: Clock, today: datetime.date, days: Days) -> dict[str, Any]:
    """State and working days for parts/promise.html."""
    if clock.stopped_at is not None:
        return {}
    if clock.due_on is None:
        return {"state": "paused", "days": clock.days_left or 0}
    left = calendar.working_days_left(today, clock.due_on, days.dates)
    if today > clock.due_on:
        return {"state": "late", "days": -left}
    return {"state": "near" if left <= 1 else "on_time", "days": left}


def counted(clock: Clock, days: Days, pauses: Pauses = ()) -> str:
    """The sentence that explains a date: "5 hari kerja sejak Senin, 25 Mei, tanpa Sabtu, Minggu dan 1 Juni"."""
    skipped: list[str] = [_("Sabtu"), _("Minggu")]
    paused = False
    if clock.due_on is not None:
        listed = calendar.counted_days(clock.started_on, clock.budget, days.dates, pauses)
        off = [day.date for day in listed if day.why is calendar.Why.HOLIDAY]
        paused = any(day.why is calendar.Why.PAUSE for day in listed)
        if not any(day.why is calendar.Why.WEEKEND for day in listed):
            skipped = []
        if len(off) > 6:
            skipped.append(ngettext("%(n)s hari libur", "%(n)s hari libur", len(off)) % {"n": len(off)})
        else:
            skipped += [wording.short_day(day) for day in off]
    values = {"n": clock.budget, "day": wording.week_day(clock.started_on), "skipped": _listed(skipped)}
    many = clock.budget
    if paused:
        if skipped:
            return (
                ngettext(
                    "%(n)s hari kerja sejak %(day)s, tanpa %(skipped)s. Hari-hari menunggu Anda juga tidak dihitung.",
                    "%(n)s hari kerja sejak %(day)s, tanpa %(skipped)s. Hari-hari menunggu Anda juga tidak dihitung.",
                    many,
                )
                % values
            )
        return (
            ngettext(
                "%(n)s hari kerja sejak %(day)s. Hari-hari menunggu Anda tidak dihitung.",
                "%(n)s hari kerja sejak %(day)s. Hari-hari menunggu Anda tidak dihitung.",
                many,
            )
            % values
        )
    if skipped:
        return (
            ngettext(
                "%(n)s hari kerja sejak %(day)s, tanpa %(skipped)s.",
                "%(n)s hari kerja sejak %(day)s, tanpa %(skipped)s.",
                many,
            )
            % values
        )
    return ngettext("%(n)s hari kerja sejak %(day)s.", "%(n)s hari kerja sejak %(day)s.", many) % values


def _listed(names: Sequence[str]) -> str:
    """Sabtu, Minggu dan 1 Juni."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s dan %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def promise_weeks(clock: Clock, days: Days, pauses: Pauses = ()) -> Weeks | None:
    """The calendar of a promise; None above 15 working days, when paused, or where a pause lies inside."""
    if clock.due_on is None or clock.budget > CALENDAR_LIMIT:
        return None
    if any(resumed is None or resumed > clock.started_on for _first, resumed in pauses):
        return None
    span = {day: name for day, name in days.named.items() if clock.started_on < day <= clock.due_on}
    return weeks(clock.started_on, clock.due_on, span)


def why(clock: Clock | None, days: Days, pauses: Pauses = ()) -> dict[str, Any] | None:
    """Everything the "Mengapa 4 Juni?" of one promise shows."""
    if clock is None or clock.due_on is None:
        return None
    return {
        "title": _("Mengapa %(day)s?") % {"day": wording.short_day(clock.due_on)},
        "sentence": counted(clock, days, pauses),
        "calendar": promise_weeks(clock, days, pauses),
        "caption": ngettext(
            "%(n)s hari kerja, dihitung mulai besoknya.", "%(n)s hari kerja, dihitung mulai besoknya.", clock.budget
        )
        % {"n": clock.budget},
        "provisional": clock.provisional,
        "basis": basis(clock),
    }


def basis(clock: Clock) -> str:
    """The law behind a promise; of a programme's own, which programme it is of."""
    own = clock.programme_promise
    if own is not None:
        said = {"programme": own.programme.name, "basis": own.legal_basis}
        return _("%(basis)s (janji program %(programme)s)") % said
    return clock.standard.legal_basis if clock.standard else ""


def nearest(clocks: Iterable[Clock]) -> Clock | None:
    """The promise whose day comes first: what the turn panel speaks of. The reporter's own counts when it runs."""
    running = [c for c in clocks if c.stopped_at is None and c.due_on is not None and c.paused_on is None]
    return min(running, key=lambda c: (c.due_on, c.pk), default=None)


# --- The journey ---


def journey(complaint: Complaint, events: Sequence[Event], clocks: Sequence[Clock], days: Days) -> list[dict[str, Any]]:
    """Done, now and next, for parts/timeline.html."""
    zone, today = complaint.zone, complaint.today()
    steps = [
        {
            "state": "done",
            "title": title,
            "when": wording.short_moment(event.at, zone),
            "detail": detail(event),
            "promise": kept(event, clocks, days, complaint),
        }
        for event in events
        if (title := heading(event, complaint))
    ]
    running = {clock.kind: clock for clock in clocks if clock.stopped_at is None}
    for number, (title, kind) in enumerate(_ahead(complaint, running)):
        clock = running.get(kind)
        step: dict[str, Any] = {"state": "next" if number else "now", "title": title}
        if clock is not None and clock.due_on is not None:
            step["when"] = until(clock.due_on)
            step["promise"] = badge(clock, today, days) if not number else None
        elif budget := _budget_ahead(complaint, kind):
            step["when"] = budget
        steps.append(step)
    return steps


def kept(event: Event, clocks: Sequence[Clock], days: Days, complaint: Complaint) -> dict[str, Any] | None:
    """Whether the promise that an answer fulfilled was kept: the first answer stops RESPOND, the last one RESOLVE."""
    if event.verb not in ("answer", "resolve"):
        return None
    ended = [c for c in clocks if c.kind == ClockKind.RESPOND and c.stopped_at == event.at and c.due_on]
    if not ended or ended[0].due_on is None:
        return None
    left = calendar.working_days_left(complaint.today(event.at), ended[0].due_on, days.dates)
    return {"state": "answered_late", "days": -left} if left < 0 else {"state": "kept", "days": left}


def until(day: datetime.date) -> SafeString:
    return format_html(_("Paling lambat {}"), format_html("<b>{}</b>", wording.long_day(day)))


def _budget_ahead(complaint: Complaint, kind: str) -> str:
    """A promise that has not begun has no date yet, but its length is known."""
    if complaint.status != Status.SUBMITTED or kind not in (ClockKind.RESPOND, ClockKind.RESOLVE):
        return ""
    try:
        district = complaint.subsite.agency if complaint.subsite else None
        standard = ServiceStandard.objects.in_force(
            complaint.kind, complaint.supervised, kind, district, complaint.today()
        )
    except ServiceStandard.DoesNotExist:
        return ""
    days = standard.working_days
    return ngettext("%(n)s hari kerja sesudah diteruskan", "%(n)s hari kerja sesudah diteruskan", days) % {"n": days}


def _ahead(complaint: Complaint, running: dict[str, Clock]) -> list[tuple[str, str]]:
    """What comes now and after, with the kind of promise that dates it."""
    office = short(complaint.handler)
    judge = (_("Anda menilai hasilnya"), "")
    end = (_("Masalahnya diselesaikan"), ClockKind.RESOLVE.value)
    match complaint.status:
        case Status.SUBMITTED:
            return [
                (_("Diperiksa dan diteruskan ke kantor yang berwenang"), ClockKind.VERIFY),
                (_("Kantor itu menjawab"), ClockKind.RESPOND),
                end,
                judge,
            ]
        case Status.WAITING:
            return [(_("Anda menjawab pertanyaannya"), ClockKind.REPORTER), end, judge]
        case Status.FORWARDED | Status.IN_PROGRESS:
            answer = [(_("%(office)s menjawab") % {"office": office}, ClockKind.RESPOND.value)]
            answer = answer if ClockKind.RESPOND in running else []
            if ClockKind.DECIDE in running:
                decided = _("%(office)s memutuskan kantor yang menjawab") % {"office": office}
                named = (_("Kantor itu menjawab"), ClockKind.RESPOND.value)
                return [(decided, ClockKind.DECIDE.value), *([named] if answer else []), end, judge]
            return [*answer, end, judge]
        case Status.ANSWERED:
            return [(_("Anda menilai"), ClockKind.REPORTER), (_("Selesai"), "")]
    return []


def heading(event: Event, complaint: Complaint) -> str:
    """What an event is called on the journey; "" leaves it out."""
    to, here = short(event.handler_to), short(event.handler_from)
    office = {"to": to, "office": short(event.acting_agency) or here}
    mine = event.side == Side.REPORTER.value
    match event.verb:
        case "submit":
            return _("Diterima")
        case "place":
            return _("Sampai di meja %(to)s") % office
        case "forward":
            return _("Diteruskan ke %(to)s") % office
        case "pass_on":
            return _("Diteruskan ke unit %(to)s") % office
        case "start":
            return _("%(office)s mulai mengerjakan") % office
        case "ask":
            return _("%(office)s bertanya kepada Anda") % office
        case "unask":
            return _("%(office)s tidak jadi bertanya") % office
        case "complete":
            return _("Anda menjawab pertanyaan")
        case "reply":
            return _("Anda menulis pesan")
        case "answer":
            return _("Jawaban dari %(office)s") % office
        case "resolve":
            return _("Jawaban akhir dari %(office)s") % office
        case "contest":
            return _("Belum beres, kata Anda")
        case "accept":
            return _("Anda menerima hasilnya")
        case "lapse":
            return _("Ditutup sistem karena tidak ada penilaian")
        case "expire":
            return _("Ditutup sistem karena pertanyaan tidak dijawab")
        case "hand_back":
            return journey_for_all.handed_back(event) % office
        case "move":
            return (journey_for_all.decided(event) or _("Dipindahkan ke %(to)s")) % office
        case "invite" | "contribute":
            return journey_for_all.heading(event)
        case "archive":
            return _("Diarsipkan oleh %(office)s") % office
        case "merge":
            return _("Digabung dengan laporan yang sama")
        case "unmerge":
            return _("Dipisahkan dari laporan lain, ditangani tersendiri lagi")
        case "withdraw":
            return _("Anda mencabut laporan")
        case "reopen":
            return _("Anda membuka lagi laporan") if mine else _("Laporan dibuka lagi")
        case "tighten":
            return _("Anda menutup sebagian laporan") if mine else _("Petugas menutup sebagian laporan")
        case "loosen":
            return _("Anda membuka lagi yang tertutup")
        case "publish":
            return _("Salinan tersamar tampil untuk umum")
        case "overdue":
            return _("Batas waktu lewat tanpa jawaban dari %(to)s") % office
        case "overdue_withdrawn":
            return _("Keterlambatan dikoreksi")
        case "recompute":
            return _("Batas waktu dihitung ulang")
        case "escalate":
            return _told(event.particulars.get("level"))
        case "reclassify":
            return _("Jenis atau kategori diperbaiki")
        case "refer":
            return _("Anda meneruskannya ke Ombudsman")
        case "unrefer":
            return _("Anda menarik persetujuan untuk Ombudsman")
        case "examine" | "recommend" | "heed" | "weigh":
            return journey_for_all.before_the_ombudsman(event).replace("%(office)s", office["office"])
    return ""


def _told(level: Any) -> str:
    """The rungs of the ladder (case.md section 4)."""
    return {
        1: _("Petugas dan pimpinan kantor diingatkan"),
        2: _("Koordinator di atasnya diberi tahu"),
        3: _("Pengelola nasional diberi tahu"),
    }.get(level if isinstance(level, int) else 0, _("Atasan kantor diberi tahu"))


def detail(event: Event) -> str:
    """Why, in the words of whoever did it; of the portal itself in one plain sentence."""
    if told := event.particulars.get("told_as"):
        return _("Menurut data lama: “%(words)s”.") % {"words": told}
    said = because.told(event.particulars, plainly=True)
    if event.verb == "hand_back":
        why = _("Alasannya: %(reason)s") % {"reason": said} if said else ""
        return " ".join(part for part in (why, journey_for_all.detail(event)) if part)
    if said:
        return said
    if event.verb == "submit" and event.acting_agency is not None:
        return _("Dicatat petugas %(office)s untuk Anda.") % {"office": event.acting_agency.name}
    if event.verb == "archive" and (ground := event.particulars.get("ground")) in ArchiveGround.values:
        return str(ArchiveGround(ground).label).capitalize()
    if event.verb == "escalate" and (kind := event.particulars.get("kind")) in ClockKind.values:
        return _("Karena lewat batas waktu %(promise)s.") % {"promise": ClockKind(kind).label}
    return ""


# Working days after a missed date on which those above are told (case.md section 4).
RUNGS = (1, 2, 5)


def ladder(complaint: Complaint, clock: Clock | None, events: Sequence[Event], days: Days) -> list[dict[str, Any]]:
    """Who has been told of a missed promise, and when the next one will be; empty while nothing is late."""
    today = complaint.today()
    if clock is None or clock.due_on is None or clock.kind == ClockKind.REPORTER or today <= clock.due_on:
        return []
    climbed = {
        int(event.particulars.get("level") or 0): event.at
        for event in events
        if event.verb == "escalate" and event.particulars.get("clock") == clock.pk
    }
    steps: list[dict[str, Any]] = []
    titles = (
        _("Petugas dan pimpinan %(office)s") % {"office": short(complaint.handler)},
        _("Koordinator di atasnya"),
        _("Pengelola nasional"),
    )
    for level, (after, title) in enumerate(zip(RUNGS, titles, strict=True), start=1):
        # After an outage only the highest step is sent: whoever stands below it knows by then.
        at = climbed.get(level) or min((at for reached, at in climbed.items() if reached > level), default=None)
        due = calendar.add_working_days(clock.due_on, after, days.dates)
        if due < today or not calendar.is_working_day(due, days.dates):
            # Only in office hours of a working day is anybody told.
            due = calendar.add_working_days(today - datetime.timedelta(days=1), 1, days.dates)
        waiting = any(step["state"] != "done" for step in steps)
        steps.append(
            {
                "state": "done",
                "title": title,
                "when": _("Diberi tahu %(at)s") % {"at": wording.short_moment(at, complaint.zone)},
            }
            if at
            else {
                "state": "next" if waiting else "now",
                "title": title,
                "when": _("Kalau belum juga, %(day)s") % {"day": wording.week_day(due)},
            }
        )
    told = all(step["state"] == "done" for step in steps)
    steps.append(
        {
            "state": "now" if told else "next",
            "title": _("Ombudsman, kalau Anda mau"),
            "when": _("Lembaga pengawas pelayanan publik, telepon 137. Sebut nomor laporan ini."),
        }
    )
    return steps


# --- The turn ---


@dataclass(frozen=True)
class Turn:
    """The turn panel. `whose`: you, office, late; `act`: which form it holds."""

    whose: str
    head: str
    title: str
    late: str = ""
    body: tuple[str, ...] = ()
    act: str = ""


def since(complaint: Complaint, events: Sequence[Event]) -> str:
    """Who has it, and since when; "" before anybody's desk got it."""
    here = complaint.handler_id
    came = next((e for e in reversed(events) if e.handler_to_id == here and e.handler_from_id != here), None)
    if came is None:
        return ""
    words = {"office": short(complaint.handler), "day": wording.week_day(came.at, complaint.zone)}
    return _("Ada di %(office)s sejak %(day)s.") % words


def ending(complaint: Complaint, events: Sequence[Event]) -> str:
    """How and when a closed case ended; "" for an open one."""
    last = next((event for event in reversed(events) if event.status_to != event.status_from), None)
    if complaint.is_open or last is None:
        return ""
    words = {"how": heading(last, complaint), "day": wording.long_day(last.at, complaint.zone)}
    if complaint.rating_answer and complaint.rating_result and last.verb == "accept":
        rated = {**words, "answer": complaint.rating_answer, "result": complaint.rating_result}
        return _("%(how)s pada %(day)s. Nilai Anda: jawaban %(answer)s, hasil %(result)s.") % rated
    return _("%(how)s pada %(day)s.") % words


def turn(complaint: Complaint, clocks: Sequence[Clock], days: Days) -> Turn | None:
    """Whose turn it is and until when; None where nothing is left to do."""
    running = {clock.kind: clock for clock in clocks if clock.stopped_at is None}
    today, office = complaint.today(), short(complaint.handler)
    own = running.get(ClockKind.REPORTER)
    if complaint.status == Status.WAITING:
        return Turn(
            "you",
            _("Giliran Anda"),
            _("%(office)s bertanya kepada Anda") % {"office": office},
            body=_answer_until(own),
            act="complete",
        )
    if complaint.status == Status.ANSWERED:
        return Turn(
            "you", _("Giliran Anda"), _("Apakah masalahnya sudah beres?"), body=_answer_until(own), act="verdict"
        )
    if complaint.status in (Status.CLOSED, Status.ARCHIVED):
        return None
    clock = nearest(running.values())
    if clock is None or clock.due_on is None:
        return Turn(
            "office",
            _("Giliran %(office)s") % {"office": office},
            _("Laporan Anda ada di %(office)s") % {"office": office},
        )
    words = {"office": office, "day": wording.long_day(clock.due_on)}
    if today > clock.due_on:
        over = -calendar.working_days_left(today, clock.due_on, days.dates)
        return Turn(
            "late",
            _("Giliran %(office)s") % words,
            _late_title(clock, words),
            late=ngettext("Terlambat %(n)s hari kerja", "Terlambat %(n)s hari kerja", over) % {"n": over},
            body=(
                _("Batas waktunya %(day)s. Hari ini %(today)s.") % {**words, "today": wording.week_day(today)},
                _("Anda tidak perlu melapor lagi. Batas waktu tidak mulai dari awal, walaupun laporan dipindahkan."),
            ),
        )
    return Turn("office", _("Giliran %(office)s") % words, _due_title(clock, words))


def _answer_until(own: Clock | None) -> tuple[str, ...]:
    if own is None or own.due_on is None:
        return ()
    return (_("Jawab paling lambat %(day)s.") % {"day": wording.long_day(own.due_on)},)


def _late_title(clock: Clock, words: dict[str, str]) -> str:
    if clock.kind == ClockKind.VERIFY:
        return _("%(office)s belum meneruskan laporan Anda") % words
    if clock.kind == ClockKind.DECIDE:
        return _("%(office)s belum memutuskan kantor yang menjawab") % words
    if clock.kind == ClockKind.RESOLVE:
        return _("%(office)s belum menyelesaikan laporan Anda") % words
    return _("%(office)s belum menjawab") % words


def _due_title(clock: Clock, words: dict[str, str]) -> str:
    if clock.kind == ClockKind.DECIDE:
        return _("%(office)s memutuskan kantor yang menjawab, paling lambat %(day)s") % words
    if clock.kind == ClockKind.VERIFY:
        return _("%(office)s meneruskannya paling lambat %(day)s") % words
    if clock.kind == ClockKind.RESOLVE:
        return _("%(office)s memberi jawaban akhir paling lambat %(day)s") % words
    return _("%(office)s menjawab paling lambat %(day)s") % words


def where_now(complaint: Complaint) -> str:
    """Where it lies, for Selesai: before the worker has looked, nobody's desk is named."""
    if complaint.status == Status.SUBMITTED and complaint.handler.parent_id is None:
        return _("Kami sedang mencarikan kantornya, biasanya dalam hitungan detik.")
    return _("Sekarang ada di meja %(office)s.") % {"office": complaint.handler.name}


def now_at(complaint: Complaint) -> str:
    """Senin, 25 Mei 2026, 08.12 WIB."""
    return wording.moment(complaint.received_at or timezone.now(), complaint.zone)
