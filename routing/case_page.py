"""What the officer's page of one case shows beside the text: promises, talk, facts, why it is here."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import calendar
from agencies.models import Agency, Holiday
from complaints import because, publishing, support
from complaints.channels.counter import filing
from complaints.masking import mask
from complaints.models import Attachment, Clock, ClockKind, Complaint, Contribution, Event, Message, Supporter, Tag
from complaints.models.lifecycle.answers import DONE, SCHEDULED
from complaints.point import shown_point
from complaints.privacy import CaseView, names_to_hide
from complaints.serving import SHOWN_INSIDE
from complaints.transitions import Status
from lapor.kit import wording
from lapor.kit.compiled import Among, Blank, Compiled
from lapor.kit.weeks import Weeks, weeks
from routing import helping
from routing.models import CallUp, Disposition, Suggestion
from routing.queue import place_line

# So many offices are suggested at most; what has a higher rank only says why it was left to a desk.
OFFERED = 3
# Up to so many days a promise is shown as a calendar, beyond as a sentence (look.md section 4).
CALENDAR_DAYS = 15

PROMISED: Mapping[str, str | Promise] = {
    ClockKind.VERIFY: gettext_lazy("Diperiksa dan diteruskan paling lambat"),
    ClockKind.RESPOND: gettext_lazy("Jawaban pertama paling lambat"),
    ClockKind.RESOLVE: gettext_lazy("Jawaban akhir paling lambat"),
    ClockKind.REPORTER: gettext_lazy("Pelapor menjawab paling lambat"),
    ClockKind.DECIDE: gettext_lazy("Diputuskan paling lambat"),
}
CHANNELS: Mapping[str, str | Promise] = {
    "web": gettext_lazy("lewat situs"),
    "sms": gettext_lazy("lewat SMS"),
    "email": gettext_lazy("lewat email"),
    "x": gettext_lazy("lewat X"),
    "whatsapp": gettext_lazy("lewat WhatsApp"),
    "api": gettext_lazy("lewat aplikasi lain"),
    "open311": gettext_lazy("lewat aplikasi lain"),
    "counter": gettext_lazy("lewat loket"),
    "import": gettext_lazy("dari data lama"),
}


_CASE = Blank("case", models.BigIntegerField())
_CLOCKS: Compiled[Clock] = Compiled(
    lambda: (
        Clock.objects.unstopped()
        .filter(complaint_id=_CASE)
        .select_related("calendar_region", "programme_promise__programme")
    )
)
# As `Holiday.objects.kept_in(region)`.
_HOLIDAYS: Compiled[tuple[datetime.date, str]] = Compiled(
    lambda: (
        Holiday.objects.filter(
            Q(region__isnull=True) | Q(Among("region_id", "regions")), date__gte=Blank("first", models.DateField())
        )
        .order_by("date")
        .values_list("date", "name")
    )
)
_FILES: Compiled[Attachment] = Compiled(lambda: Attachment.objects.filter(complaint_id=_CASE).order_by("pk"))
_MESSAGES: Compiled[Message] = Compiled(
    lambda: (
        Message.objects.filter(Among("audience", "audiences"), complaint_id=_CASE)
        .exclude(state=Message.State.WITHDRAWN)
        .select_related("author", "agency")
        .order_by("pk")
    )
)
_HELPERS: Compiled[Contribution] = Compiled(
    lambda: Contribution.objects.filter(complaint_id=_CASE).select_related("agency").order_by("-pk")
)
_SUGGESTIONS: Compiled[Suggestion] = Compiled(
    lambda: (
        Suggestion.objects.filter(complaint_id=_CASE, rank__lte=OFFERED)
        .select_related("agency")
        .order_by("-made_at", "rank")[:OFFERED]
    )
)


@dataclass(frozen=True)
class PromiseLine:
    """One running or paused clock. `state` and `days` are those of parts/promise.html."""

    label: str
    due_on: datetime.date | None
    state: str
    days: int
    sentence: str
    weeks: Weeks | None
    provisional: bool
    kind: str = ""


def promises(case: Complaint, today: datetime.date) -> list[PromiseLine]:
    """The unstopped clocks, the one that ends first on top. Two statements."""
    clocks = _CLOCKS(case=case.pk)
    if not clocks:
        return []
    first = min(clock.started_on for clock in clocks)
    region = clocks[0].calendar_region
    names = dict(_HOLIDAYS(regions=region.codes_above if region else [], first=first))
    far = datetime.date.max
    clocks.sort(key=lambda clock: (clock.paused_on is not None, clock.due_on or far))
    return [_promise(clock, today, names) for clock in clocks]


def _promise(clock: Clock, today: datetime.date, holidays: dict[datetime.date, str]) -> PromiseLine:
    label = str(PROMISED[clock.kind])
    if clock.due_on is None:
        left = clock.days_left or 0
        return PromiseLine(
            label,
            None,
            "paused",
            left,
            _("Berhenti selama menunggu pelapor, sisa %(days)s hari kerja.") % {"days": left},
            None,
            False,
            clock.kind,
        )
    days = calendar.working_days_left(today, clock.due_on, frozenset(holidays))
    state = "late" if days < 0 else "near" if days <= 1 else "on_time"
    if clock.kind == ClockKind.REPORTER and days < 0:
        state = "none"
    skipped = [name for day, name in holidays.items() if clock.started_on < day <= clock.due_on and day.weekday() < 5]
    sentence = _("%(budget)s hari kerja sejak %(start)s, tanpa Sabtu dan Minggu.") % {
        "budget": clock.budget,
        "start": wording.plain_day(clock.started_on),
    }
    if skipped:
        sentence += " " + _("Tidak dihitung juga: %(days)s.") % {"days": ", ".join(dict.fromkeys(skipped))}
    if clock.programme_promise is not None:
        own = clock.programme_promise
        sentence += " " + _("Janji program %(programme)s (%(basis)s).") % {
            "programme": own.programme.name,
            "basis": own.legal_basis,
        }
    grid = weeks(clock.started_on, clock.due_on, holidays) if clock.budget <= CALENDAR_DAYS else None
    return PromiseLine(label, clock.due_on, state, abs(days), sentence, grid, clock.provisional, clock.kind)


@dataclass(frozen=True)
class Said:
    """One piece of the talk, for parts/bubble.html or parts/note.html."""

    note: bool
    own: bool
    final: bool
    name: str
    office: str
    at: str
    public: bool
    pending: bool
    question: bool
    body: str
    files: list[dict[str, str]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    # Of a note: what it is, where it is not simply one.
    title: str = ""


def talk(view: CaseView, reporter_name: str) -> list[Said]:
    """The story, then everything said, oldest first, as far as this viewer may read; to whoever reads the text masked
    what was said to all, masked as in the public copy. Two statements."""
    case = view.complaint
    files: dict[int | None, list[dict[str, str]]] = {}
    if view.files:
        for attachment in _FILES(case=case.pk):
            files.setdefault(attachment.message_id, []).append(_file(attachment))
    who = reporter_name or _("Pelapor")
    hidden = "" if reporter_name else (_("nama disembunyikan") if case.anonymous else "")
    said = [
        Said(
            note=False,
            own=False,
            final=False,
            name=who,
            office=hidden,
            at=wording.short_moment(case.received_at, case.zone),
            public=False,
            pending=False,
            question=False,
            body=view.body,
            files=files.get(None, []),
            facts=view.answers,
        )
    ]
    for message in _MESSAGES(case=case.pk, audiences=list(view.audiences)):
        if not view.is_full and message.state != Message.State.SENT:
            continue
        own = message.side != Message.Side.REPORTER
        said.append(
            Said(
                note=message.audience == "OFFICERS",
                own=own,
                final=message.verb == "resolve",
                name=message.author.name if own and message.author else who,
                office=message.agency.shown_name if message.agency else hidden,
                at=wording.short_moment(message.written_at, case.zone),
                public=own and message.audience == "PUBLIC" and message.state == "SENT" and not case.secret,
                pending=message.state == Message.State.PENDING,
                question=message.verb == "ask",
                body=message.body if view.is_full else publishing.masked_answer(message.body, hide=names_to_hide(case)),
                files=files.get(message.pk, []),
                facts=answer_facts(message.facts),
                title=_("Hasil bantuan") if message.verb == "contribute" else "",
            )
        )
    return said


def shared_files(task: Contribution) -> list[dict[str, str]]:
    """Of the files that came with the report those an office may see that helps; not what they were called, which may
    say who sent them. One statement."""
    return [
        {**_file(one), "name": _("Berkas %(n)s") % {"n": n}}
        for n, one in enumerate(task.files.exclude(state=Attachment.State.REFUSED).order_by("pk"), start=1)
    ]


def _file(attachment: Attachment) -> dict[str, str]:
    """A file that is not (yet) CLEAN has words instead of an address."""
    name = attachment.name
    if attachment.state == Attachment.State.RECEIVED:
        return {"name": _("%(name)s (sedang diperiksa)") % {"name": name}, "url": ""}
    if attachment.state == Attachment.State.REFUSED:
        return {"name": _("%(name)s (ditolak: %(why)s)") % {"name": name, "why": attachment.reason}, "url": ""}
    try:
        return {"name": name, "url": reverse("complaints:media", args=[attachment.pk])}
    except NoReverseMatch:
        return {"name": name, "url": ""}


def files_of(message: Message) -> list[dict[str, str]]:
    """What goes with it. One statement."""
    return [_file(attachment) for attachment in message.attachments.order_by("pk")]


def answer_facts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """What a final answer states beside its words: done on, by whom; or by when; or that it can't be done."""
    if not facts:
        return []
    found: list[tuple[str, str]] = []
    outcome = facts.get("outcome")
    if outcome == DONE and facts.get("done_on"):
        found.append((_("Selesai"), wording.plain_day(datetime.date.fromisoformat(facts["done_on"]))))
    elif outcome == SCHEDULED and facts.get("promised_on"):
        found.append((_("Dijadwalkan"), wording.plain_day(datetime.date.fromisoformat(facts["promised_on"]))))
    elif outcome:
        found.append((_("Hasil"), _("Tidak bisa dikerjakan")))
    if facts.get("unit"):
        found.append((_("Oleh"), facts["unit"]))
    return found


def pictures(case: Complaint, most: int = 8) -> list[dict[str, Any]]:
    """What the reporter sent with the story; a clean picture is shown, not only named. One statement."""
    return [
        {**_file(one), "shown": one.sniffed_type in SHOWN_INSIDE}
        for one in _FILES(case=case.pk)
        if one.message_id is None
    ][:most]


class Guess(NamedTuple):
    """An office the worker thought of and left to a person, and why: for the officer, and for all who read what
    becomes of accepting it."""

    office: Agency
    reason: str
    plain: str = ""


@dataclass(frozen=True)
class Why:
    """Why the case is at this office: the sentence, what the worker guessed, and what it was."""

    sentence: str
    reason: str
    guesses: list[Guess]


def why_here(case: Complaint, stint: Disposition | None, events: Sequence[Event] = (), *, whole: bool = True) -> Why:
    """From the open stint, what happened when it began and the suggestions. One statement. `whole`: with the reasons;
    what an officer wrote may name somebody, and what the portal guessed quotes the story."""
    rows = _SUGGESTIONS(case=case.pk)
    guesses = [
        Guess(row.agency, row.why, row.plain)
        for row in rows
        if row.verdict == Suggestion.Verdict.OFFERED and row.agency_id != case.handler_id
    ]
    if stint is None:
        return Why("", "", [])
    day = wording.short_day(stint.received_at, case.zone)
    by = stint.by.name if stint.by else ""
    if stint.verb == "submit":
        sentence = _("Masuk %(day)s, belum diteruskan ke kantor mana pun.") % {"day": day}
    elif stint.verb == "contest":
        sentence = _("Belum beres menurut pelapor, %(day)s. Kantor ini mengerjakannya lagi.") % {"day": day}
    elif stint.verb == "unmerge":
        sentence = _("Dipisahkan dari laporan lain %(day)s. Sisa harinya berjalan lagi.") % {"day": day}
    elif stint.verb == "hand_back" and stint.from_agency is not None:
        sentence = _("Dikembalikan %(office)s, %(day)s.") % {"day": day, "office": stint.from_agency.shown_name}
    elif stint.verb == "reopen" and not by:
        sentence = _("Dibuka lagi %(day)s.") % {"day": day}
    elif by:
        sentence = _("Diterima %(day)s dari %(name)s, %(office)s.") % {
            "day": day,
            "name": by,
            "office": stint.from_agency.shown_name if stint.from_agency else "",
        }
    elif stint.verb == "place":
        sentence = _("Dititipkan otomatis %(day)s: daerahnya jelas, kantornya belum.") % {"day": day}
    else:
        sentence = _("Diteruskan otomatis %(day)s.") % {"day": day}
        done = next((row for row in rows if row.verdict == Suggestion.Verdict.DONE), None)
        if done is not None and done.source != Suggestion.Source.CONDUCT:
            sentence = _("Diteruskan otomatis %(day)s, keyakinan %(score)s dari 100.") % {
                "day": day,
                "score": round(done.score * 100),
            }
    if not whole:
        return Why(sentence, "", [])
    came = next((one for one in events if (one.verb, one.at) == (stint.verb, stint.received_at)), None)
    return Why(sentence, because.told(came.particulars, plainly=False) if came else stint.reason, guesses)


def facts(
    case: Complaint, stint: Disposition | None, *, whole: bool = True, supported: bool = True
) -> list[tuple[str, str]]:
    """Label and value of what is known, empty ones left out. `whole`: also the reporter's own words and point, which
    may tell a home; not for whoever reads the text masked. `supported`: False where nobody follows it, as is known."""
    landmark, addressed = (case.landmark, case.addressed_text) if whole else ("", "")
    point = shown_point(case.latitude, case.longitude) if whole else ""
    category = case.category.name if case.category else ""
    privacy = [
        *([_("nama disembunyikan")] if case.anonymous else []),
        *([_("rahasia")] if case.secret else []),
        *([_("tentang perilaku petugas")] if case.about_conduct else []),
    ]
    supporters = support.count_of(case) if supported else 0
    rows = [
        (_("Jenis"), case.get_kind_display() + (_(", berkadar pengawasan") if case.supervised else "")),
        (_("Kategori"), category),
        (_("Tempat"), place_line(case.place)),
        *([found_place(case)] if whole else []),
        (_("Patokan"), landmark),
        (_("Titik"), point),
        (_("Kejadian"), wording.plain_day(case.happened_on)),
        (_("Kantor"), case.handler.name),
        (_("Pemegang"), stint.officer.name if stint and stint.officer else ""),
        (_("Tenggat kantor"), wording.plain_day(stint.due_on) if stint and case.status != Status.SUBMITTED else ""),
        (_("Ditujukan ke"), case.addressed_to.name if case.addressed_to else addressed),
        (_("Kerahasiaan"), ", ".join(privacy)),
        (_("Dijauhkan dari"), case.not_for.name if case.not_for else ""),
        (_("Putaran"), str(case.round) if case.round > 1 else ""),
        (_("Juga mengalami"), _("%(count)s orang") % {"count": wording.number(supporters)} if supporters else ""),
    ]
    return [(label, value) for label, value in rows if value]


def found_place(case: Complaint) -> tuple[str, str]:
    """Where it lies by another's word than the reporter's, and whose."""
    place, certainty = place_line(case.found_place), case.found_certainty
    if certainty is None:
        return _("Tempat menurut petugas"), place
    said = {"place": place, "percent": int(100 * certainty), "words": case.found_words}
    if case.found_words:
        return _("Terbaca dari teks"), _("%(place)s (“%(words)s”, kemungkinan benar %(percent)d%%)") % said
    return _("Terbaca dari titik"), place


def facts_for_helpers(case: Complaint) -> list[tuple[str, str]]:
    """What an office needs that helps: what it is about and where it is, nothing that tells somebody's home; of whoever
    hides their name not the point either."""
    rows = [
        (_("Kategori"), case.category.name if case.category else ""),
        (_("Tempat"), place_line(case.place)),
        (_("Patokan"), mask(case.landmark, hide=names_to_hide(case))),
        (_("Titik"), "" if case.anonymous else shown_point(case.latitude, case.longitude)),
        (_("Kejadian"), wording.plain_day(case.happened_on)),
        (_("Yang menjawab"), case.handler.name),
    ]
    return [(label, value) for label, value in rows if value]


@dataclass(frozen=True)
class Helper:
    """One office that helps, or helped. `quote`: the id of what it gave, to be quoted; 0: nothing yet."""

    office: str
    task: str
    shown: str
    state: str
    days: int
    standing: str
    due: str
    reason: str
    quote: int


def helpers(case: Complaint, today: datetime.date) -> list[Helper]:
    """Every office that was asked to help, the newest first. One statement, one more while one is open."""
    rows = _HELPERS(case=case.pk)
    running = [row for row in rows if row.is_open]
    days: frozenset[datetime.date] = frozenset()
    if running:
        first = min(today, *(row.due_on for row in running))
        days = Holiday.objects.kept_in(case.place).filter(date__gte=first).days()
    found = []
    for row in rows:
        state, left = helping.days_left(row, today, days)
        found.append(
            Helper(
                office=row.agency.shown_name,
                task=row.task,
                shown=row.shown,
                state=state,
                days=left,
                standing=str(row.get_state_display()),
                due=wording.plain_day(row.due_on) if row.is_open else "",
                reason=row.reason,
                quote=row.pk if row.message_id else 0,
            )
        )
    return found


def quoted(case: Complaint, pk: int) -> str:
    """What an office that helped gave, as the beginning of the lead's answer, which its reporter reads;
    "" for anything else."""
    row = case.contributions.filter(pk=pk, message__isnull=False).select_related("agency", "message").first()
    if row is None or row.message is None:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Dari %(office)s: “%(words)s”") % {"office": row.agency.shown_name, "words": row.message.body} + "\n\n"


# The last of these says what became of an answer that asked for approval.
_OF_ANSWERS = ("propose", "return", "answer", "resolve")


class Returned(NamedTuple):
    """An answer that went back to its writer: by whom, when and why, and what it said. `files`: some went with it."""

    name: str
    at: str
    reason: str
    verb: str
    files: bool
    initial: dict[str, Any]


def returned(case: Complaint, events: Sequence[Event] | None = None) -> Returned | None:
    """The answer of the office that has the case which is to be written anew, if nobody has answered since. `events`:
    those of the case where they are read already. Two statements, three without them."""
    if events is None:
        found = case.events.filter(verb__in=_OF_ANSWERS).select_related("actor", "acting_agency")
        last = found.order_by("-pk").first()
    else:
        last = next((event for event in reversed(events) if event.verb in _OF_ANSWERS), None)
    if last is None or last.verb != "return":
        return None
    message = case.messages.filter(pk=last.particulars["message"], agency=case.handler_id).first()
    if message is None:
        return None
    days = {
        name: datetime.date.fromisoformat(message.facts[name])
        for name in ("done_on", "promised_on")
        if message.facts.get(name)
    }
    said = {name: message.facts.get(name, "") for name in ("outcome", "unit")}
    return Returned(
        name=last.actor.name if last.actor is not None else "",
        at=wording.short_moment(last.at, case.zone),
        reason=last.particulars.get("reason", ""),
        verb=message.verb,
        files=message.attachments.exists(),
        initial={"body": message.body, "parties_only": message.audience == "PARTIES", **said, **days},
    )


class Beside(NamedTuple):
    """What hangs on a case. `programmes`: names of those it is gathered under; `helped`: another office was ever asked
    to help; `leads`: others are merged into it; `supported`: somebody follows it, or one of those; `called_up`: its
    office was asked to account for it and has not."""

    programmes: list[str]
    helped: bool
    leads: bool
    supported: bool
    called_up: bool


def beside(case: Complaint) -> Beside:
    """One statement."""
    ((programmes, helped, leads, supported, called_up),) = _BESIDE(case=case.pk)
    return Beside(programmes, helped, leads, supported or leads, called_up)


class Account(NamedTuple):
    """What the office is asked to say about the case, by whom, until when."""

    office: str
    reason: str
    day: datetime.date
    passed: bool


def account(events: Sequence[Event], today: datetime.date) -> Account | None:
    """Of the case's events the last that asked for it."""
    asked = next((event for event in reversed(events) if event.verb == "summon"), None)
    if asked is None:
        return None
    day = datetime.date.fromisoformat(asked.particulars["due_on"])
    office = asked.acting_agency.shown_name if asked.acting_agency else ""
    return Account(office, asked.particulars.get("reason", ""), day, day < today)


_BESIDE: Compiled[Any] = Compiled(
    lambda: Complaint.objects.filter(pk=Blank("case", models.BigIntegerField())).values_list(
        ArraySubquery(Tag.objects.current().filter(complaint_id=OuterRef("pk")).values("programme__name")),
        Exists(Contribution.objects.filter(complaint_id=OuterRef("pk"))),
        Exists(Complaint.objects.filter(duplicate_of_id=OuterRef("pk"))),
        Exists(Supporter.objects.filter(complaint_id=OuterRef("pk"))),
        Exists(CallUp.objects.open().filter(complaint_id=OuterRef("pk"))),
    )
)


def channel_words(case: Complaint) -> str:
    """ "lewat SMS", "lewat loket (surat 3 Mei 2026)"; what no channel of ours is called, as a table called it."""
    known = CHANNELS.get(case.channel)
    way = str(known) if known else _("lewat %(channel)s") % {"channel": case.channel}
    if case.subsite is not None:
        way = _("lewat %(channel)s") % {"channel": case.subsite.name}
    how = filing.how(case)
    return _("%(way)s (%(how)s)") % {"way": way, "how": how} if how else way
