"""What the reporter is told, letter by letter. Bad news first and whole: who, how late, what now (look.md 6)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agencies.models import Agency
from complaints import because, emergency, journey, ombudsman_law, privacy
from complaints.channels.registry import shows_key
from complaints.models import Clock, ClockKind, Complaint, Event, Message, Referral, Reporter
from complaints.models.lifecycle.endings import ArchiveGround
from complaints.notifications import phones, short
from complaints.notifications.letters import (
    Bold,
    Button,
    Letter,
    Line,
    Quote,
    confirm_url,
    line,
    stop_url,
    track_url,
)
from lapor.kit import gsm, wording


@dataclass
class Told:
    """One letter in the making: the event, the case as it is now, and whoever reads.

    `merged`: the reader's own case was merged into this one; they hear what happens and read nobody else's words.
    """

    event: Event
    complaint: Complaint
    reporter: Reporter

    @property
    def merged(self) -> bool:
        return self.reporter.complaint_id != self.complaint.pk

    @property
    def own(self) -> Complaint:
        return self.reporter.complaint if self.merged else self.complaint

    @property
    def office(self) -> str:
        """The office that acted, else the one that has the case."""
        return office_name(self.event.acting_agency or self.complaint.handler)

    @property
    def handler(self) -> str:
        return office_name(self.event.handler_to or self.complaint.handler)

    def promise(self, kind: str) -> tuple[Bold, str] | None:
        """Date and budget of a promise that runs: ("Kamis, 4 Juni 2026", "5 hari kerja")."""
        clock = self.complaint.clocks.unstopped().filter(kind=kind, due_on__isnull=False).first()
        return None if clock is None else (Bold(wording.long_day(clock.due_on)), working_days(clock.budget))

    def promises(self) -> list[Line]:
        """First and last answer, as far as they are still to come."""
        found: list[Line] = []
        if respond := self.promise(ClockKind.RESPOND):
            found.append(
                line(_("Jawaban pertama paling lambat %(date)s (%(days)s)."), date=respond[0], days=respond[1])
            )
        if resolve := self.promise(ClockKind.RESOLVE):
            found.append(line(_("Jawaban akhir paling lambat %(date)s (%(days)s)."), date=resolve[0], days=resolve[1]))
        return found

    def quote(self) -> Quote | None:
        """What the office wrote; of a secret case it is read on its page only."""
        message = Message.objects.filter(pk=self.event.particulars.get("message") or 0, state="SENT").first()
        if self.complaint.secret or self.merged or message is None:
            return None
        by = _("%(office)s. %(moment)s.") % {
            "office": office_name(message.agency, whole=True) if message.agency else self.office,
            "moment": wording.moment(message.written_at, self.complaint.zone),
        }
        return Quote(message.body, by)

    def reason(self) -> list[Line]:
        text = because.told(self.event.particulars, plainly=True)
        if not text or self.complaint.secret or self.merged:
            return []
        return [line(_("Alasannya: %(reason)s"), reason=text)]

    def named(self) -> list[Line]:
        """The office that a refusal named; of a secret case it is read on its page only."""
        office = self.event.particulars.get("proposed_name")
        if not office or self.complaint.secret or self.merged:
            return []
        return [line(_("Menurutnya ini wewenang %(office)s."), office=Bold(office))]

    @cached_property
    def may_reopen(self) -> bool:
        return not self.own.was_reopened_by_reporter()

    def once_more(self, offer: str) -> Line:
        """`offer`, to whoever can still open the report again."""
        used = _("Laporan ini sudah pernah Anda buka lagi. Masih ada masalah? Silakan buat laporan baru.")
        return line(offer if self.may_reopen else used)

    def reopen(self) -> list[Button]:
        return self.open(_("Buka lagi laporan"), "buka-lagi") if self.may_reopen else self.open()

    def open(self, label: str = "", towards: str = "") -> list[Button]:
        return [Button(label or _("Buka laporan"), track_url(self.reporter, towards))]

    def letter(
        self,
        heading: str,
        lines: list[Line],
        *,
        buttons: list[Button] | None = None,
        quote: Quote | None = None,
        after: list[Line] | None = None,
    ) -> Letter:
        """With number, title and greeting, as far as the reporter's own wishes allow."""
        name = privacy.greeting_of(self.reporter, self.own)
        if self.merged:
            lines = [*lines, line(_("Laporan Anda digabung dengan laporan lain tentang masalah yang sama."))]
            buttons = None
        return Letter(
            heading=heading,
            over=_("Laporan %(number)s") % {"number": self.own.shown_number},
            greeting=_("Halo %(name)s,") % {"name": name} if name else _("Halo,"),
            lines=lines,
            quote=quote,
            buttons=self.open() if buttons is None else buttons,
            after=after or [],
            stop_url=stop_url(self.reporter),
        )

    def about(self, sentence: str = "") -> list[Line]:
        """Names the report by its title, unless that is secret. Goes on after the greeting, so it begins small."""
        if self.own.secret:
            return [line(_("ini kabar tentang laporan rahasia Anda. Isinya hanya ada di halaman laporan."))]
        return [line(sentence or _("ini kabar tentang laporan %(title)s."), title=Bold(self.own.title))]


def write(letter: str, event: Event, reporter: Reporter, *, aloud: bool = False) -> Letter | None:
    """The letter of this name, or None when what it would tell is over: a reminder of a question already answered.
    `aloud`: everybody reads its short form."""
    complaint = event.complaint
    if reporter.complaint_id == complaint.pk:
        complaint.reporter = reporter
    told = Told(event, complaint, reporter)
    written = LETTERS[letter](told)
    return written and replace(written, short=short.write(letter, told, aloud=aloud), alert=_alert(letter, told))


def _alert(letter: str, told: Told) -> str:
    """Whom to call, beside the first word to somebody who wrote of danger now."""
    if letter != "submitted" or not emergency.read(told.own.title, told.own.body).urgent:
        return ""
    return emergency.short(get_language() or "id")


def confirmation(reporter: Reporter) -> Letter:
    """The one letter an unconfirmed address gets. Not a word of the report: it may be somebody else's address."""
    return Letter(
        heading=_("Benarkah ini alamat Anda?"),
        greeting=_("Halo,"),
        lines=[
            line(_("seseorang menulis alamat email ini di LAPOR! untuk menerima kabar. Mungkin Anda sendiri.")),
            line(_("Tekan tombol di bawah kalau benar. Sebelum itu kami tidak mengirim apa-apa lagi.")),
        ],
        buttons=[Button(_("Ya, ini alamat saya"), confirm_url(reporter))],
        after=[
            line(_("Bukan Anda? Abaikan surat ini. Tautan ini berlaku 14 hari.")),
            # Said to everybody, so it tells nothing of what was written.
            line(_("Ada bahaya sekarang? Telepon 112, gratis.")),
        ],
    )


def code(reporter: Reporter) -> Letter:
    """The one message an unconfirmed phone gets. Not a word of the report, no number and no link: it may be somebody
    else's."""
    said = {"code": phones.code_of(reporter)}
    words = (
        _("Kode Lapor: %(code)s. Tulis di halaman laporan Anda supaya kabarnya dikirim ke sini. Bukan Anda? Abaikan."),
        _("Kode Lapor: %(code)s. Bukan Anda? Abaikan."),
    )
    text = gsm.first_fitting([one % said for one in words])
    return Letter(heading=_("Benarkah ini telepon Anda?"), lines=[line(text)], buttons=[], short=text)


def office_name(agency: Agency | None, *, whole: bool = False) -> str:
    """As people call it; `whole` adds the pemda it belongs to: "Dinas PU, Pemkab Sukamaju"."""
    if agency is None:
        return _("Kantor pusat LAPOR!")
    if agency.parent_id is None:
        return _("Admin nasional LAPOR!")
    parent = agency.parent
    if whole and parent is not None and parent.parent_id is not None:
        return f"{agency.shown_name}, {parent.shown_name}"
    return agency.shown_name


def working_days(count: int) -> str:
    return ngettext("%(count)s hari kerja", "%(count)s hari kerja", count) % {"count": wording.number(count)}


# --- The letters ---


def submitted(told: Told) -> Letter:
    lines = told.about()
    if alert := _alert("submitted", told):
        lines.append(line("%(alert)s", alert=Bold(alert)))
    lines.append(line(_("Nomornya %(number)s."), number=Bold(told.complaint.shown_number)))
    if verify := told.promise(ClockKind.VERIFY):
        lines.append(
            line(
                _("Kami periksa dan teruskan ke kantor yang berwenang paling lambat %(date)s (%(days)s)."),
                date=verify[0],
                days=verify[1],
            )
        )
    way_in = (
        _("Simpan kunci yang Anda lihat waktu mengirim. Kami tidak bisa mengirimnya lewat email.")
        if shows_key(told.own.channel)
        else _("Simpan surat ini: tombolnya membuka laporan Anda.")
    )
    return told.letter(_("Laporan Anda sudah kami terima"), lines, after=[line(way_in)])


def forwarded(told: Told) -> Letter:
    return told.letter(
        _("Laporan Anda diteruskan ke %(office)s") % {"office": told.handler},
        [*told.about(), *told.promises()],
        after=[line(_("Kalau lewat dari tanggal itu, atasannya kami beri tahu. Anda tidak perlu melapor lagi."))],
    )


def moved(told: Told) -> Letter:
    lines = [
        *told.about(),
        line(
            _("Laporan ini tadinya di %(before)s, sekarang di %(now)s."),
            before=office_name(told.event.handler_from),
            now=Bold(told.handler),
        ),
        *told.reason(),
        line(_("Janji kepada Anda tetap, tidak dihitung ulang.")),
        *told.promises(),
    ]
    return told.letter(_("Laporan Anda sekarang di %(office)s") % {"office": told.handler}, lines)


def handed_back(told: Told) -> Letter:
    not_ours = told.event.particulars.get("ground") != "PROPOSE_ARCHIVE"
    why = (
        _("Menurut kantor itu, laporan ini bukan wewenangnya.")
        if not_ours
        else _("Kantor itu mengusulkan laporan ini diarsipkan.")
    )
    return told.letter(
        _("%(office)s mengembalikan laporan Anda") % {"office": told.office},
        [
            *told.about(),
            line(why),
            *told.named(),
            *told.reason(),
            line(_("Sekarang %(office)s yang memutuskan. Janji kepada Anda tetap."), office=Bold(told.handler)),
            *_decided_by(told),
            *told.promises(),
        ],
    )


def _decided_by(told: Told) -> list[Line]:
    """After the second refusal: by when, and that it is the last."""
    deadline = told.promise(ClockKind.DECIDE)
    if deadline is None or not told.event.particulars.get("bound"):
        return []
    return [
        line(
            _("Putusannya paling lambat %(date)s. Sesudah itu tidak ada kantor yang bisa mengembalikannya lagi."),
            date=deadline[0],
        )
    ]


def started(told: Told) -> Letter:
    return told.letter(
        _("%(office)s mulai menangani laporan Anda") % {"office": told.office}, [*told.about(), *told.promises()]
    )


def asked(told: Told) -> Letter | None:
    deadline = told.promise(ClockKind.REPORTER)
    if deadline is None:
        return None
    return told.letter(
        _("%(office)s bertanya kepada Anda") % {"office": told.office},
        told.about(_("ini pertanyaan tentang laporan %(title)s.")),
        quote=told.quote(),
        buttons=told.open(_("Jawab pertanyaan"), "balas"),
        after=[
            line(
                _("Jawab sampai %(date)s (%(days)s). Setelah itu laporan diarsipkan."),
                date=deadline[0],
                days=deadline[1],
            )
        ],
    )


def unasked(told: Told) -> Letter:
    return told.letter(
        _("%(office)s tidak perlu jawaban Anda lagi") % {"office": told.office},
        [*told.about(), line(_("Pertanyaannya sudah terjawab. Laporan berjalan lagi.")), *told.promises()],
    )


def answered(told: Told) -> Letter:
    return told.letter(
        _("%(office)s menjawab laporan Anda") % {"office": told.office},
        told.about(_("ini jawaban untuk laporan %(title)s.")),
        quote=told.quote(),
        buttons=told.open(_("Baca dan balas"), "balas"),
        after=told.promises(),
    )


def resolved(told: Told) -> Letter | None:
    deadline = told.promise(ClockKind.REPORTER)
    if deadline is None:
        return None  # contested or accepted meanwhile
    if told.merged:
        return told.letter(_("%(office)s memberi jawaban akhir") % {"office": told.office}, told.about())
    message = Message.objects.filter(pk=told.event.particulars.get("message") or 0).first()
    facts = message.facts if message is not None else {}
    lines = told.about(_("ini jawaban akhir untuk laporan %(title)s."))
    match facts.get("outcome"):
        case "SCHEDULED":
            heading = _("%(office)s menjanjikan tanggal penyelesaian") % {"office": told.office}
            promised = datetime.date.fromisoformat(facts["promised_on"])
            lines.append(line(_("Dijanjikan selesai paling lambat %(date)s."), date=Bold(wording.long_day(promised))))
        case "REFUSED":
            heading = _("%(office)s tidak bisa menyelesaikan laporan Anda") % {"office": told.office}
        case _:
            heading = _("%(office)s sudah menjawab. Apakah masalahnya sudah beres?") % {"office": told.office}
            if facts.get("done_on") and not told.complaint.secret:
                lines.append(
                    line(
                        _("Dikerjakan %(date)s oleh %(unit)s."),
                        date=Bold(wording.long_day(datetime.date.fromisoformat(facts["done_on"]))),
                        unit=facts.get("unit", ""),
                    )
                )
    return told.letter(
        heading,
        lines,
        quote=told.quote(),
        buttons=[
            Button(_("Sudah beres"), track_url(told.reporter, "terima")),
            Button(_("Belum beres"), track_url(told.reporter, "belum")),
        ],
        after=[
            line(
                _("Jawab sampai %(date)s. Setelah itu laporan ditutup sistem, dan tidak dihitung sebagai diterima."),
                date=deadline[0],
            )
        ],
    )


def lapsed(told: Told) -> Letter:
    return told.letter(
        _("Laporan Anda ditutup sistem"),
        [
            *told.about(),
            line(_("Sampai batas waktunya kami tidak menerima kabar tentang jawaban kantor.")),
            line(_("Laporan ini tidak dihitung sebagai diterima.")),
            told.once_more(_("Belum beres? Anda bisa membukanya lagi satu kali, dalam 30 hari kerja.")),
        ],
        buttons=told.reopen(),
    )


def expired(told: Told) -> Letter:
    return told.letter(
        _("Laporan Anda diarsipkan"),
        [
            *told.about(),
            line(_("Pertanyaan %(office)s tidak terjawab sampai batas waktunya."), office=told.handler),
            told.once_more(_("Anda bisa membukanya lagi satu kali, dalam 30 hari kerja.")),
        ],
        buttons=told.reopen(),
    )


def archived(told: Told) -> Letter:
    ground = str(told.event.particulars.get("ground", ""))
    label = str(dict(ArchiveGround.choices).get(ground, ""))
    lines = told.about()
    if label:
        lines.append(line(_("Alasannya: %(reason)s."), reason=label))
    if ground == ArchiveGround.DUPLICATE:
        lines.append(line(_("Masalah yang sama sudah dilaporkan. Kabarnya tetap kami kirim kepada Anda.")))
    return told.letter(
        _("Laporan Anda diarsipkan"),
        lines,
        quote=told.quote(),
        after=[told.once_more(_("Tidak setuju? Anda bisa membukanya lagi satu kali, dalam 30 hari kerja."))],
    )


def reopened(told: Told) -> Letter:
    if told.event.verb == "unmerge":
        return told.letter(
            _("Laporan Anda ditangani tersendiri lagi"),
            [
                *told.about(),
                line(
                    _("Laporan ini dipisahkan dari laporan lain, dan sekarang di %(office)s."),
                    office=Bold(told.handler),
                ),
                *told.reason(),
                line(_("Batas waktunya berjalan lagi dengan sisa harinya.")),
                *told.promises(),
            ],
        )
    return told.letter(
        _("Laporan Anda dibuka lagi"),
        [
            *told.about(),
            line(_("Sekarang laporan ini di %(office)s."), office=Bold(told.handler)),
            *told.reason(),
            *told.promises(),
        ],
    )


def redated(told: Told) -> Letter | None:
    lines = told.promises()
    if not lines:
        return None
    because = (
        _("Hari libur yang baru ditetapkan ikut dihitung.")
        if told.event.verb == "recompute"
        else _("Jenis laporan Anda diperbaiki oleh kantor.")
    )
    return told.letter(_("Batas waktu laporan Anda berubah"), [*told.about(), line(because), *lines])


def late(told: Told) -> Letter | None:
    particulars = told.event.particulars
    missed = Clock.objects.filter(pk=particulars["clock"]).select_related("missed_by").first()
    if missed is None or missed.overdue_noted_at is None:
        return None  # corrected before the letter went out
    office = office_name(missed.missed_by or told.complaint.handler)
    kind = particulars.get("kind")
    headings = {
        ClockKind.VERIFY: _("Laporan Anda terlambat diteruskan"),
        ClockKind.RESPOND: _("%(office)s terlambat menjawab laporan Anda") % {"office": office},
        ClockKind.RESOLVE: _("%(office)s terlambat memberi jawaban akhir") % {"office": office},
        ClockKind.DECIDE: _("%(office)s terlambat memutuskan siapa yang berwenang") % {"office": office},
    }
    due = datetime.date.fromisoformat(str(particulars["due_on"]))
    return told.letter(
        headings.get(ClockKind(str(kind)), _("Ada janji yang terlambat")),
        [
            *told.about(),
            line(_("Janjinya paling lambat %(date)s. Sampai sekarang belum ada."), date=Bold(wording.long_day(due))),
            line(_("Atasan kantor itu kami beri tahu. Anda tidak perlu melapor lagi.")),
            *_on_record(told),
            *_further(told, str(kind)),
        ],
    )


def _on_record(told: Told) -> list[Line]:
    """Where the office's silence stands from now on. By number only what may be listed (the register, ADR 0041)."""
    case = told.complaint
    if told.merged or case.secret or case.anonymous or case.not_for_id is not None:
        return [line(_("Keterlambatan ini tercatat dan ikut dihitung dalam statistik kantor itu."))]
    return [
        line(
            _(
                "Keterlambatan ini sekarang terbaca umum di daftar “Siapa yang belum menjawab?”, tanpa nama Anda, dan "
                "ikut dihitung dalam statistik kantor itu."
            )
        )
    ]


def _further(told: Told, kind: str) -> list[Line]:
    """At the legal limit of an answer: what the reporter may do now. The ladder's last step says it again, in full."""
    if kind == ClockKind.VERIFY or told.merged or told.complaint.may_be_referred() is None:
        return []
    return [
        line(
            _("Anda berhak mengadu ke Ombudsman RI, gratis. Dari halaman laporan ini Anda bisa meneruskannya sekarang.")
        )
    ]


def corrected(told: Told) -> Letter:
    return told.letter(
        _("Kabar keterlambatan kami koreksi"),
        [
            *told.about(),
            line(_("Kami pernah mengabarkan sebuah keterlambatan. Itu keliru: ada hari libur yang baru ditetapkan.")),
            *told.promises(),
        ],
    )


def reminder(told: Told) -> Letter | None:
    deadline = told.promise(ClockKind.REPORTER)
    if deadline is None:
        return None
    left = working_days(int(told.event.particulars.get("days", 1)))
    waiting = told.complaint.status == "waiting"
    heading = (
        _("%(office)s masih menunggu jawaban Anda, tinggal %(left)s")
        if waiting
        else _("Apakah masalahnya sudah beres? Tinggal %(left)s")
    ) % {"office": told.handler, "left": left}
    what = (
        _("Jawab sampai %(date)s. Setelah itu laporan diarsipkan.")
        if waiting
        else _("Jawab sampai %(date)s. Setelah itu laporan ditutup sistem, dan tidak dihitung sebagai diterima.")
    )
    buttons = (
        told.open(_("Jawab pertanyaan"), "balas")
        if waiting
        else [
            Button(_("Sudah beres"), track_url(told.reporter, "terima")),
            Button(_("Belum beres"), track_url(told.reporter, "belum")),
        ]
    )
    return told.letter(heading, told.about(), buttons=buttons, after=[line(what, date=deadline[0])])


def ombudsman(told: Told) -> Letter:
    return told.letter(
        _("Anda bisa mengadu ke Ombudsman"),
        [
            *told.about(),
            line(_("%(office)s belum menepati janjinya. Admin nasional sudah kami beri tahu."), office=told.handler),
            line(
                _("Anda berhak mengadu ke Ombudsman RI, gratis: ombudsman.go.id atau telepon 137 (%(basis)s)."),
                basis=ombudsman_law.basis("may"),
            ),
            line(_("Dari halaman laporan Anda bisa meneruskannya sekali tekan. Anda yang memilih apa yang ikut.")),
            line(_("Laporan Anda di sini tetap berjalan.")),
        ],
        buttons=told.open(_("Teruskan ke Ombudsman"), "ombudsman"),
    )


def referral(told: Told) -> Letter | None:
    """A step of the Ombudsman, or the office's answer to what was recommended."""
    facts = told.event.particulars
    row = Referral.objects.filter(pk=facts.get("referral") or 0, withdrawn_at__isnull=True).first()
    if row is None:
        return None  # taken back before the letter went out
    lines = told.about()
    quote = None
    if told.event.verb == "examine":
        step = row.steps.filter(event=told.event).first()
        heading = journey.before_the_ombudsman(told.event)
        if step is not None and step.text and not told.own.secret:
            quote = Quote(step.text, _("Ombudsman"))
    else:
        heading = journey.before_the_ombudsman(told.event).replace("%(office)s", told.office)
        if told.event.verb == "recommend":
            due = datetime.date.fromisoformat(str(facts["due"]))
            lines.append(line(_("Dijawab paling lambat %(date)s."), date=Bold(wording.long_day(due))))
    return told.letter(heading, lines, quote=quote, buttons=told.open(_("Baca selengkapnya"), "ombudsman"))


def revealed(told: Told) -> Letter:
    return told.letter(
        _("Nama Anda dibuka oleh admin nasional"),
        [
            *told.about(),
            line(_("Siapa yang membuka dan alasannya bisa Anda baca di halaman laporan.")),
        ],
        buttons=told.open(_("Lihat siapa yang membuka"), "siapa"),
    )


LETTERS: dict[str, Callable[[Told], Letter | None]] = {
    "submitted": submitted,
    "forwarded": forwarded,
    "moved": moved,
    "handed_back": handed_back,
    "started": started,
    "asked": asked,
    "unasked": unasked,
    "answered": answered,
    "resolved": resolved,
    "lapsed": lapsed,
    "expired": expired,
    "archived": archived,
    "reopened": reopened,
    "redated": redated,
    "late": late,
    "corrected": corrected,
    "reminder": reminder,
    "ombudsman": ombudsman,
    "referral": referral,
    "revealed": revealed,
}
